// origin_bench: how fast rules of origin are read, found and weighed.
//
// usage: origin_bench RULES.json SHEET.json [UK-RULES.json]. Time is the processor's; each figure
// is the median of nine rounds. A sheet is weighed against every alternative that its product may
// stand under, twice: with and without cumulation.
#include "base/limits.h"
#include "gates/books/uk_origin.h"
#include "tariff/origin_read.h"
#include "tariff/origin_weigh.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 9, TIMES = 2000 };

static struct arena arena;

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double *first = a, *second = b;
    return (*first > *second) - (*first < *second);
}

static struct span read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *at = arena_take_raw(&arena, ORIGIN_TEXT_MAX, 1);
    if (file == NULL || at == NULL) {
        fprintf(stderr, "origin_bench: could not read '%s'\n", path);
        exit(3);
    }
    size_t size = fread(at, 1, ORIGIN_TEXT_MAX, file);
    fclose(file);
    return (struct span){ at, size };
}

static void must(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "origin_bench: %u:%u: %s\n", err->line, err->column, err->text);
    exit(3);
}

static void bench_weighing(const struct origin_book *book, const struct origin_sheet *sheet)
{
    double rounds[ROUNDS];
    struct error err;
    struct origin_result result;
    uint32_t alternatives = 0;
    size_t mark = arena.used;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now_ns();
        for (int i = 0; i < TIMES; i++) {
            arena_reset(&arena, mark);
            must(origin_weigh(book, sheet, &arena, &result, &err), &err);
        }
        rounds[round] = (now_ns() - begin) / TIMES;
    }
    for (uint32_t i = 0; i < result.rules_count; i++) alternatives += result.rules[i].rule->count;
    qsort(rounds, ROUNDS, sizeof(double), compare);
    printf("a worksheet of %u materials against %u alternatives  %.1f us\n",
           sheet->materials_count, alternatives, rounds[ROUNDS / 2] / 1000);
}

static void bench_reading(struct span text)
{
    static struct origin_report report;
    double rounds[ROUNDS];
    struct error err;
    struct origin_book book;
    size_t mark = arena.used;
    for (int round = 0; round < ROUNDS; round++) {
        report = (struct origin_report){ 0 };
        arena_reset(&arena, mark);
        double begin = now_ns();
        must(origin_book_open(&book, &arena, &err) &&
                 uk_origin_rules(text, SPAN("s"), &arena, &book, &report, &err),
             &err);
        rounds[round] = now_ns() - begin;
    }
    qsort(rounds, ROUNDS, sizeof(double), compare);
    double ns = rounds[ROUNDS / 2];
    printf("%u alternatives in words read to conditions  %.1f ms, %.1f us each, %.0f MB/s\n",
           report.alternatives, ns / 1e6, ns / 1e3 / report.alternatives,
           (double)text.len * 1e3 / ns);
}

int main(int argc, char **argv)
{
    struct error err;
    struct origin_book book;
    struct origin_sheet sheet;
    if (argc < 3) {
        fprintf(stderr, "usage: origin_bench RULES.json SHEET.json [UK-RULES.json]\n");
        return 2;
    }
    must(arena_open(&arena, (size_t)512 * MIB, &err), &err);
    must(origin_book_open(&book, &arena, &err), &err);
    must(origin_read(read_whole(argv[1]), &arena, &book, &err) &&
             origin_sheet_read(read_whole(argv[2]), &arena, &sheet, &err),
         &err);
    bench_weighing(&book, &sheet);
    if (argc > 3) bench_reading(read_whole(argv[3]));
    arena_close(&arena);
    return 0;
}
