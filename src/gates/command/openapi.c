#include <stdio.h>

#include "base/limits.h"
#include "gates/command/command.h"
#include "gates/http/openapi.h"

int openapi_command(const struct command_line *line)
{
    struct error err;
    struct arena arena;
    struct span text;
    (void)line;
    if (!arena_open(&arena, (size_t)16 * MIB, &err)) return command_failed("openapi", &err);
    struct json_writer w = json_writer_in(&arena, (size_t)256 * KIB);
    bool written = openapi_write(&w, &arena, &err) && json_written(&w, &text, &err);
    if (written) printf(SPAN_FMT "\n", SPAN_ARG(text));
    int status = written ? EXIT_DONE : command_failed("openapi", &err);
    arena_close(&arena);
    return status;
}
