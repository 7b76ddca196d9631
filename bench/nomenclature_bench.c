// nomenclature_bench: how many nanoseconds a question to a nomenclature takes.
//
// usage: nomenclature_bench FILE.csv [--json]. Codes are asked for in a shuffled order, those of
// the file as they are and with four digits more; words are those of the labels. Time is the
// processor's; each figure is the median of nine rounds. Prints a table; with --json one line of
// JSON.
#include "base/limits.h"
#include "tariff/nomenclature.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 9, QUESTIONS = 200000, SEARCHES = 2000, FOUND_MAX = 50 };

struct asked {
    const struct nomenclature *nomenclature;
    const uint32_t *order; // of lines
    char (*longer)[16];    // each line's code and four digits more, NUL-ended
    struct date day;
};

static uint64_t sink; // what is asked for is used

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static const struct nomenclature_line *line_of(const struct asked *asked, uint32_t i)
{
    return &asked->nomenclature->lines[asked->order[i % asked->nomenclature->lines_count]];
}

static void ask_find(const struct asked *asked, uint32_t i)
{
    sink += nomenclature_find(asked->nomenclature, line_of(asked, i)->code, asked->day) != NULL;
}

static void ask_nearest(const struct asked *asked, uint32_t i)
{
    uint32_t line = asked->order[i % asked->nomenclature->lines_count];
    struct span code = span_of(asked->longer[line]);
    sink += nomenclature_nearest(asked->nomenclature, code, asked->day) != NULL;
}

static void ask_path(const struct asked *asked, uint32_t i)
{
    const struct nomenclature_line *path[NOMENCLATURE_DEPTH_MAX];
    sink += nomenclature_path(asked->nomenclature, line_of(asked, i)->code, asked->day, path);
}

static void ask_label(const struct asked *asked, uint32_t i)
{
    sink += nomenclature_label(asked->nomenclature, line_of(asked, i), asked->day).len;
}

static void ask_words(const struct asked *asked, uint32_t i)
{
    const struct nomenclature_line *found[FOUND_MAX];
    struct span label = line_of(asked, i)->label;
    if (label.len == 0) label = SPAN("steel pipe");
    struct span word = { label.at, label.len < 5 ? label.len : 5 };
    sink += nomenclature_search(asked->nomenclature, word, asked->day, found, FOUND_MAX);
}

static int compare(const void *a, const void *b)
{
    const double *first = a, *second = b;
    return (*first > *second) - (*first < *second);
}

static double median_ns(void (*ask)(const struct asked *, uint32_t), const struct asked *asked,
                        uint32_t questions)
{
    double rounds[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_ns();
        for (uint32_t i = 0; i < questions; i++) ask(asked, i);
        rounds[round] = (now_ns() - start) / questions;
    }
    qsort(rounds, ROUNDS, sizeof(double), compare);
    return rounds[ROUNDS / 2];
}

static uint32_t *shuffled(uint32_t count, struct arena *arena)
{
    uint32_t *order = arena_take(arena, count, sizeof(uint32_t));
    assert(order != NULL);
    uint64_t chance = 88172645463325252u;
    for (uint32_t i = 0; i < count; i++) {
        chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
        uint32_t other = (uint32_t)(chance % (i + 1));
        order[i] = order[other];
        order[other] = i;
    }
    return order;
}

static struct span load(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    char *text = arena_take_raw(arena, 1, BOOK_TEXT_MAX);
    if (file == NULL || text == NULL) {
        fprintf(stderr, "nomenclature_bench: could not read %s\n", path);
        exit(1);
    }
    struct span read = { text, fread(text, 1, BOOK_TEXT_MAX, file) };
    fclose(file);
    return read;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*ask)(const struct asked *, uint32_t);
        uint32_t questions;
    } rows[] = {
        { "find", ask_find, QUESTIONS },     { "nearest", ask_nearest, QUESTIONS },
        { "path", ask_path, QUESTIONS },     { "label", ask_label, QUESTIONS },
        { "search", ask_words, SEARCHES },
    };
    bool json = argc == 3 && strcmp(argv[2], "--json") == 0;
    if (argc < 2) return fprintf(stderr, "usage: nomenclature_bench FILE.csv [--json]\n"), 2;
    struct arena arena;
    struct nomenclature nomenclature;
    struct error err;
    if (!arena_open(&arena, (size_t)1024 * MIB, &err)) return 1;
    struct span text = load(argv[1], &arena);
    size_t before = arena.used;
    double start = now_ns();
    if (!nomenclature_read(text, &arena, &nomenclature, &err)) {
        fprintf(stderr, "nomenclature_bench: %u: %s\n", err.line, err.text);
        return 1;
    }
    double read_ms = (now_ns() - start) / 1e6;
    size_t taken = arena.used - before;
    struct asked asked = { &nomenclature, shuffled(nomenclature.lines_count, &arena),
                           arena_take(&arena, nomenclature.lines_count, 16), { 20780, true } };
    assert(asked.longer != NULL && nomenclature.lines_count > 0);
    for (uint32_t i = 0; i < nomenclature.lines_count; i++)
        snprintf(asked.longer[i], 16, SPAN_FMT "0019", SPAN_ARG(nomenclature.lines[i].code));

    if (json) printf("{\"lines\":%u,\"read_ms\":%.2f", nomenclature.lines_count, read_ms);
    else printf("%u lines read in %.2f ms; %zu KiB beside the text\n", nomenclature.lines_count,
                read_ms, taken / KIB);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        printf(json ? ",\"%s_ns\":%.0f" : "%-8s %8.0f ns\n", rows[i].name,
               median_ns(rows[i].ask, &asked, rows[i].questions));
    if (json) printf("}\n");
    arena_close(&arena);
    return sink == 0;
}
