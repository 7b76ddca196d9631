#include <inttypes.h>
#include <stdio.h>

#include "gates/command/desk.h"
#include "gates/command/progress.h"

static void show(void *context, uint64_t position, uint64_t end)
{
    progress_show(context, position, position, end);
}

static int rebuild(const struct command_line *line, struct desk *desk)
{
    struct error err;
    uint64_t files;
    uint64_t begin = steady_ns();
    struct progress progress = progress_begin("bytes of facts");
    bool done = office_rebuild(desk->office, show, &progress, &files, &err);
    progress_end(&progress);
    if (!done) return command_failed("rebuilding the views", &err);

    double seconds = (double)(steady_ns() - begin) / 1e9;
    printf("rebuilt: %" PRIu64 " files in %.2f s\n", files, seconds);
    if (line->json)
        printf("{\"files\":%" PRIu64 ",\"seconds\":%.3f,\"per_second\":%.1f}\n", files, seconds,
               seconds > 0 ? (double)files / seconds : 0);
    return EXIT_DONE;
}

int rebuild_command(const struct command_line *line)
{
    struct error err;
    struct desk desk;
    if (!desk_open(&desk, line, false, &err)) return command_failed("the desk", &err);
    return desk_close(&desk, rebuild(line, &desk));
}
