// progress: a bar on standard error for long work: share, rate, time left.
//
// It shows only on a terminal, and at most ten times a second; it costs nothing else. One line,
// rewritten; progress_end wipes it.
#ifndef TW_GATES_COMMAND_PROGRESS_H
#define TW_GATES_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what;            // "declarations"
    bool shown;                  // standard error is a terminal
    uint64_t begin_ns, drawn_ns;
};

uint64_t steady_ns(void);        // a clock that only goes forward

struct progress progress_begin(const char *what);

// `count` things done; `done` of `whole` bytes are through (whole 0: unknown).
void progress_show(struct progress *progress, uint64_t count, uint64_t done, uint64_t whole);
void progress_end(struct progress *progress);

#endif
