#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "gates/command/desk.h"
#include "gates/command/progress.h"
#include "ledger/log_check.h"

static int show(const struct command_line *line, struct desk *desk)
{
    struct error err;
    struct store_seal seal;
    if (!office_publish(desk->office, &err) ||
        !office_seal(desk->office, &desk->arena, &seal, &err))
        return command_failed("the ledger", &err);
    struct span key = office_log_key(desk->office);
    struct text root = text_in(&desk->arena, 96);
    base64_write(&root, seal.root.bytes, SHA256_SIZE);
    if (seal.batch == 0) {
        printf("the ledger is empty\nkey   " SPAN_FMT "\n", SPAN_ARG(key));
        return EXIT_DONE;
    }
    printf("size  %" PRIu64 " facts in %" PRIu64 " batches\nroot  " SPAN_FMT "\nkey   " SPAN_FMT
           "\ntiles %s\n\n" SPAN_FMT, seal.tree_size, seal.batch, SPAN_ARG(text_span(&root)),
           SPAN_ARG(key), office_tiles(desk->office), SPAN_ARG(seal.checkpoint));
    if (line->json)
        printf("{\"size\":%" PRIu64 ",\"batches\":%" PRIu64 ",\"root\":\"" SPAN_FMT "\"}\n",
               seal.tree_size, seal.batch, SPAN_ARG(text_span(&root)));
    return EXIT_DONE;
}

static void told(void *context, uint64_t entries, uint64_t whole)
{
    progress_show(context, entries, entries, whole);
}

static int check_log(const struct command_line *line, const char *directory, struct span vkey)
{
    struct error err;
    struct arena arena;
    struct note_key key;
    static struct log_checked checked;
    if (vkey.len > 0 && !note_key_read(vkey, &key, &err)) return command_failed("--key", &err);
    if (!arena_open(&arena, (size_t)64 * MIB, &err)) return command_failed("the ledger", &err);
    struct progress progress = progress_begin("entries");
    uint64_t begin = steady_ns();
    enum verdict verdict = log_check(directory, vkey.len > 0 ? &key : NULL, &arena, told, &progress,
                                     &checked);
    double seconds = (double)(steady_ns() - begin) / 1e9;
    progress_end(&progress);
    arena_close(&arena);
    printf("%s: %s\n", verdict_name(verdict), checked.sentence);
    printf("log '%s': %" PRIu64 " entries, %" PRIu64 " tiles, %" PRIu64
           " earlier checkpoints; %.2f s\n", checked.origin, checked.entries, checked.tiles,
           checked.checkpoints, seconds);
    if (line->json)
        printf("{\"verdict\":\"%s\",\"entries\":%" PRIu64 ",\"tiles\":%" PRIu64
               ",\"checkpoints\":%" PRIu64 ",\"seconds\":%.3f}\n", verdict_name(verdict),
               checked.entries, checked.tiles, checked.checkpoints, seconds);
    return verdict == VERDICT_TRUE ? EXIT_DONE : EXIT_SOME_REFUSED;
}

// The store's own: every fact in the journal against its commitment, every batch against the chain,
// and the published tiles against the key.
static int check_own(const struct command_line *line, struct desk *desk)
{
    struct error err;
    struct store_seal seal;
    if (!office_publish(desk->office, &err)) return command_failed("the ledger", &err);
    if (!office_check(desk->office, &err) ||
        !office_seal(desk->office, &desk->arena, &seal, &err))
        return command_failed("the journal", &err);
    printf("journal: every fact is what was committed to; %" PRIu64 " batches follow each other\n",
           seal.batch);
    if (seal.batch == 0) return EXIT_DONE;
    return check_log(line, office_tiles(desk->office), office_log_key(desk->office));
}

int ledger_command(const struct command_line *line)
{
    struct error err;
    struct desk desk;
    bool checks = strcmp(line->arguments[0], "check") == 0;
    const char *directory = option_value(line, "--dir");
    if (!checks && strcmp(line->arguments[0], "show") != 0) {
        fprintf(stderr, "tidewaiter ledger: 'show' or 'check', not '%s'\n", line->arguments[0]);
        return EXIT_USAGE;
    }
    if (checks && directory != NULL) {
        _Alignas(16) char memory[8192];
        struct arena arena = arena_over(memory, sizeof(memory));
        struct span vkey;
        if (!option_key(line, &arena, &vkey, &err)) return command_failed("--key", &err);
        return check_log(line, directory, vkey);
    }
    if (!desk_open(&desk, line, false, &err)) return command_failed("the desk", &err);
    return desk_close(&desk, checks ? check_own(line, &desk) : show(line, &desk));
}
