#include "gates/command/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t steady_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

struct progress progress_begin(const char *what)
{
    return (struct progress){ what, isatty(STDERR_FILENO) == 1, steady_ns(), 0 };
}

void progress_show(struct progress *progress, uint64_t count, uint64_t done, uint64_t whole)
{
    uint64_t now = steady_ns();
    if (!progress->shown || now - progress->drawn_ns < 100000000u) return;
    progress->drawn_ns = now;

    double seconds = (double)(now - progress->begin_ns) / 1e9;
    double rate = seconds > 0 ? (double)count / seconds : 0;
    if (whole == 0) {
        fprintf(stderr, "\r\033[K%llu %s, %.0f/s", (unsigned long long)count, progress->what, rate);
        return;
    }
    double share = (double)done / (double)whole;
    if (share > 1) share = 1; // a file that grew while it was read
    unsigned left = share > 0 ? (unsigned)(seconds / share - seconds + 0.5) : 0;

    enum { WIDTH = 30 };
    char bar[WIDTH + 1];
    int full = (int)(share * WIDTH);
    memset(bar, '-', WIDTH);
    memset(bar, '#', (size_t)full);
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r\033[K[%s] %3.0f %%  %llu %s, %.0f/s, %u:%02u left", bar, share * 100,
            (unsigned long long)count, progress->what, rate, left / 60, left % 60);
}

void progress_end(struct progress *progress)
{
    if (progress->shown) fprintf(stderr, "\r\033[K");
}
