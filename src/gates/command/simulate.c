#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "gates/command/desk.h"
#include "gates/command/progress.h"
#include "gates/files/xml_write.h"
#include "port/port.h"

#define FIRST_DAY "2026-01-01"

// Where the declarations go, and in which format: NDJSON, or WCO messages when there is a map.
struct printing { FILE *out; const struct xml_map *map; };

static bool print_declaration(const struct printing *printing, const struct port *port, uint64_t n,
                              struct arena *arena, struct error *err)
{
    struct declaration declaration;
    struct span text;
    arena_reset(arena, 0);
    if (!port_declaration(port, n, arena, &declaration, err)) return false;
    if (printing->map != NULL) {
        if (!xml_write_declaration(printing->map, &declaration, arena, &text, err)) return false;
    } else {
        struct json_writer w = json_writer_in(arena, (size_t)8 * KIB);
        declaration_write_json(&w, &declaration);
        if (!json_written(&w, &text, err)) return false;
    }
    if (fwrite(text.at, 1, text.len, printing->out) == text.len &&
        fputc('\n', printing->out) == '\n')
        return true;
    return error_set(err, ERROR_UNAVAILABLE, "could not write: %s", strerror(errno));
}

static int simulate(const struct printing *printing, const struct port *port, uint64_t count)
{
    struct error err;
    struct arena arena;
    if (!arena_open(&arena, (size_t)4 * MIB, &err)) return command_failed("simulate", &err);
    struct progress progress = progress_begin("declarations");
    bool printed = true;
    for (uint64_t n = 0; n < count && printed; n++) {
        printed = print_declaration(printing, port, n, &arena, &err);
        if (n % 256 == 0) progress_show(&progress, n, n, count);
    }
    progress_end(&progress);
    arena_close(&arena);
    if (printed && fflush(printing->out) != 0)
        printed = error_set(&err, ERROR_UNAVAILABLE, "could not write: %s", strerror(errno));
    return printed ? EXIT_DONE : command_failed("simulate", &err);
}

int simulate_command(const struct command_line *line)
{
    struct error err;
    uint64_t days, per_day, seed;
    if (!option_number(line, "--days", 1, 36500, &days)) return EXIT_USAGE;
    if (!option_number(line, "--per-day", 1000, 10000000, &per_day)) return EXIT_USAGE;
    if (!option_number(line, "--seed", 1, UINT64_MAX / 2, &seed)) return EXIT_USAGE;
    const char *from = option_value(line, "--from"), *format = option_value(line, "--format");
    bool as_xml = format != NULL && strcmp(format, "xml") == 0;
    if (format != NULL && !as_xml && strcmp(format, "ndjson") != 0) {
        fprintf(stderr, "tidewaiter simulate: there is no format '%s': ndjson or xml\n", format);
        return EXIT_USAGE;
    }
    struct port port = { .seed = seed, .per_day = per_day > 0 ? (uint32_t)per_day : 1 };
    if (!date_read(span_of(from == NULL ? FIRST_DAY : from), &port.first_day, &err)) {
        command_failed("--from", &err);
        return EXIT_USAGE;
    }
    struct xml_map *map = NULL;
    if (as_xml && !xml_map_open(&map, NULL, &err)) return command_failed("simulate", &err);
    int status =
        simulate(&(struct printing){ stdout, map }, &port, per_day > 0 ? days * per_day : 0);
    xml_map_close(map);
    return status;
}
