#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gates/command/desk.h"
#include "office/proving.h"

// A file's name may hold marks that a path must not.
static void default_path(const char *name, char *path, size_t size)
{
    snprintf(path, size, "%.100s.proof.json", name);
    for (char *c = path; *c != '\0'; c++)
        if (*c == '/' || *c == '\\' || *c == ':') *c = '_';
}

static bool write_paper(const char *path, struct span paper, struct error *err)
{
    FILE *out = fopen(path, "w");
    bool written = out != NULL && fwrite(paper.at, 1, paper.len, out) == paper.len &&
                   fputc('\n', out) == '\n';
    int why = errno;
    if (out != NULL && fclose(out) != 0 && written) written = false, why = errno;
    return written || error_set(err, ERROR_UNAVAILABLE, "could not write '%s': %s", path,
                                strerror(why));
}

int prove_command(const struct command_line *line)
{
    struct error err;
    struct desk desk;
    struct span paper;
    char path[160];
    const char *output = option_value(line, "--output");
    default_path(line->arguments[0], path, sizeof(path));
    if (output == NULL) output = path;
    if (!desk_open(&desk, line, false, &err)) return command_failed("the desk", &err);
    if (!office_prove(desk.office, span_of(line->arguments[0]), NULL, NULL, &desk.arena,
                      &paper, &err) ||
        !write_paper(output, paper, &err))
        return desk_close(&desk, command_failed(line->arguments[0], &err));
    printf("%s: the proof of '%s', %zu bytes\n", output, line->arguments[0], paper.len);
    struct span key = office_log_key(desk.office);
    printf("verify it anywhere: tidewaiter verify %s --key '" SPAN_FMT "'\n", output,
           SPAN_ARG(key));
    if (line->json) printf("{\"bytes\":%zu}\n", paper.len);
    return desk_close(&desk, EXIT_DONE);
}
