// expression_bench: how many nanoseconds a duty takes to be worked out, and words to be read.
//
// Values and quantities are another each time, so that the processor cannot learn them by heart.
// Times are of the processor, since others use the machine. Prints a table; with --json one line of
// JSON.
#include "tariff/expression.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { QUESTIONS = 512, ROUNDS = 9, REPEATS = 400, READ_REPEATS = 200 };

static const struct shape {
    const char *name, *words;
} shapes[] = {
    { "ad valorem", "6.8 %" },
    { "compound", "10.2 % + 93.1 EUR/100 kg" },
    { "clamped", "18.4 % MIN 22 EUR/100 kg MAX 24 EUR/100 kg" },
    { "in seasons", "5 % (1 JAN-30 APR, 1 NOV-31 DEC), 8 % (1 MAY-31 OCT)" },
    { "by degrees",
      "0.036606 EUR/kg - 0.00020668 EUR/kg for each degree under 100 MIN 0.0314 EUR/kg" },
    { "in thirds, another unit", "33 1/3 % + 0.5 EUR/lb" },
    { "another currency", "10.2 % + 93.1 USD/100 kg" },
};
enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

static struct expression_quantity quantities[QUESTIONS][2];
static struct expression_question questions[QUESTIONS];
static struct rate dollars[] = { { "USD", { 20000, true }, { 923456, 6, true } } };
static const struct rates rates = { .at = dollars, .count = 1 };
static const struct expression_dialect dialect = { .currency = "EUR" };
static struct expression_result result;
static volatile int64_t sink;

static void make_questions(void)
{
    uint64_t seed = 7;
    for (uint32_t i = 0; i < QUESTIONS; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        quantities[i][0] =
            (struct expression_quantity){ UNIT_KGM, SUBJECT_NONE,
                                          decimal_of((int64_t)(seed >> 43), (uint8_t)(i % 4)) };
        quantities[i][1] = (struct expression_quantity){ UNIT_DEGREE, SUBJECT_NONE,
                                                         decimal_of((int64_t)(seed >> 54), 1) };
        questions[i] = (struct expression_question){ .value = { (int64_t)(seed >> 38), "EUR" },
                                                     .value_given = true,
                                                     .day = { 20454 + (int32_t)(i % 366), true },
                                                     .quantities = quantities[i],
                                                     .quantities_count = 2,
                                                     .rates = &rates };
    }
}

static double now_ns(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static void must(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "expression_bench: %s\n", err->text);
    exit(1);
}

static double evaluate_ns(struct span formula)
{
    double rounds[ROUNDS];
    struct error err = { 0 };
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_ns();
        for (int i = 0; i < REPEATS; i++) {
            for (int j = 0; j < QUESTIONS; j++) {
                must(expression_evaluate(formula, &questions[j], &result, &err), &err);
                assert(result.verdict == VERDICT_OWED);
                sink += result.total.minor;
            }
        }
        rounds[round] = (now_ns() - start) / REPEATS / QUESTIONS;
    }
    qsort(rounds, ROUNDS, sizeof(rounds[0]), compare);
    return rounds[ROUNDS / 2];
}

static double read_ns(struct span words, struct arena *arena, struct expression *expression)
{
    double rounds[ROUNDS];
    struct error err = { 0 };
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_ns();
        for (int i = 0; i < READ_REPEATS; i++) {
            arena_reset(arena, 0);
            must(expression_read(words, &dialect, arena, expression, &err), &err);
        }
        rounds[round] = (now_ns() - start) / READ_REPEATS;
    }
    assert(expression->kind == EXPRESSION_FORMULA);
    qsort(rounds, ROUNDS, sizeof(rounds[0]), compare);
    return rounds[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    static _Alignas(64) char memory[1 << 16];
    bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
    struct arena arena = arena_over(memory, sizeof(memory));
    make_questions();
    if (!json) printf("%-26s %10s %10s %7s\n", "", "worked out", "read", "bytes");
    if (json) printf("{");
    for (size_t i = 0; i < SHAPES; i++) {
        struct expression expression = { 0 };
        double read = read_ns(span_of(shapes[i].words), &arena, &expression);
        double worked = evaluate_ns(expression.formula);
        if (json)
            printf("%s\"%s\":{\"worked_out_ns\":%.0f,\"read_ns\":%.0f,\"bytes\":%zu}",
                   i > 0 ? "," : "", shapes[i].name, worked, read, expression.formula.len);
        else
            printf("%-26s %7.0f ns %7.0f ns %7zu\n", shapes[i].name, worked, read,
                   expression.formula.len);
    }
    if (json) printf("}\n");
    return 0;
}
