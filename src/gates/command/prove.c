#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "document/paper.h"
#include "gates/command/desk.h"
#include "ledger/tiles.h"

// All facts of the file, with what proves them.
static bool collect(const struct store_append *appends, uint32_t appends_count, struct arena *arena,
                    struct paper_fact **facts, uint32_t *count, struct error *err)
{
    void *room;
    *count = 0;
    for (uint32_t a = 0; a < appends_count; a++) *count += appends[a].facts_count;
    if (!arena_need(arena, *count, sizeof(struct paper_fact), &room, "the file", err)) return false;
    *facts = room;
    struct paper_fact *next = room;
    for (uint32_t a = 0; a < appends_count; a++)
        for (uint32_t f = 0; f < appends[a].facts_count; f++, next++) {
            next->json = appends[a].facts[f].json;
            next->leaf = appends[a].first_leaf + f;
            memcpy(next->salt, appends[a].facts[f].salt, SALT_SIZE);
        }
    return true;
}

static bool make_paper(struct desk *desk, struct span name, struct span *paper, struct error *err)
{
    struct file file;
    struct store_append *appends;
    struct paper_fact *facts;
    uint32_t appends_count, count;
    struct store_seal seal;
    struct arena *arena = &desk->arena;
    if (!office_file(desk->office, name, arena, &file, &appends, &appends_count, err)) return false;
    if (!collect(appends, appends_count, arena, &facts, &count, err)) return false;
    if (!office_publish(desk->office, err) || !office_seal(desk->office, arena, &seal, err))
        return false;
    struct tile_reader *reader = tile_reader_open(office_tiles(desk->office), seal.tree_size, err);
    if (reader == NULL) return false;
    struct hash_source source = tile_source(reader);
    bool written = paper_write(name, facts, count, &source, seal.tree_size, seal.checkpoint,
                               office_log_key(desk->office), arena, paper, err);
    tile_reader_close(reader);
    return written;
}

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
    if (!make_paper(&desk, span_of(line->arguments[0]), &paper, &err) ||
        !write_paper(output, paper, &err))
        return desk_close(&desk, command_failed(line->arguments[0], &err));
    printf("%s: the proof of '%s', %zu bytes\n", output, line->arguments[0], paper.len);
    struct span key = office_log_key(desk.office);
    printf("verify it anywhere: tidewaiter verify %s --key '" SPAN_FMT "'\n", output,
           SPAN_ARG(key));
    if (line->json) printf("{\"bytes\":%zu}\n", paper.len);
    return desk_close(&desk, EXIT_DONE);
}
