// The bytes of a formula, as a broken book may hold them.
//
// Properties: any bytes are worked out or refused, and do no harm; the same bytes give the same;
// the lines that count add up to what is owed; bytes that pass have canonical text, which is read
// to the same bytes.
#include <assert.h>
#include <stdlib.h>

#include "tariff/expression.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(64) char memory[1 << 20];

static const struct expression_quantity told[] = {
    { UNIT_KGM, SUBJECT_NONE, { 12345678, 3, true } }, { UNIT_LTR, SUBJECT_NONE, { 7, 0, true } },
    { UNIT_ASV, SUBJECT_NONE, { 401, 1, true } },      { UNIT_NAR, SUBJECT_NONE, { 24, 0, true } },
    { UNIT_KGM, SUBJECT_GROSS, { 2, 0, true } },       { UNIT_MTK, SUBJECT_NONE, { 31, 2, true } },
    { UNIT_PERCENT, SUBJECT_SUCROSE, { 5, 1, true } }, { UNIT_JWL, SUBJECT_NONE, { 17, 0, true } },
};
static const struct expression_part parts[] = {
    { SUBJECT_CASE, { 999, "EUR" } },
    { SUBJECT_STRAP, { 1, "EUR" } },
};
static const struct expression_parameter parameters[] = {
    { .name = SPAN_INIT("EA"),
      .amount = { 2450, 2, true },
      .currency = "EUR",
      .unit = UNIT_KGM,
      .per = 100 },
    { .name = SPAN_INIT("EP"), .amount = { 1, 0, true }, .currency = "EUR" },
};
static struct rate dollar = { .currency = "USD", .from = { 0, true }, .value = { 85, 2, true } };

static bool work_out(struct span formula, struct expression_result *result)
{
    const struct rates rates = { .at = &dollar, .count = 1 };
    const struct expression_question question = {
        .value = { 480001, "EUR" },
        .value_given = true,
        .day = { 20454, true },
        .quantities = told,
        .quantities_count = sizeof(told) / sizeof(told[0]),
        .parts = parts,
        .parts_count = 2,
        .parameters = parameters,
        .parameters_count = 2,
        .line_duty = { 5000, "EUR" },
        .line_duty_given = true,
        .rates = &rates,
    };
    struct error err = { 0 };
    if (expression_evaluate(formula, &question, result, &err)) {
        assert(result->verdict != VERDICT_NONE);
        return true;
    }
    assert(err.kind == ERROR_TOO_LARGE || err.kind == ERROR_DAMAGED);
    return false;
}

static void add_up(const struct expression_result *result)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < result->lines_count; i++) {
        if (!result->lines[i].counts) continue;
        bool full = __builtin_add_overflow(sum, result->lines[i].amount.minor, &sum);
        assert(!full);
    }
    assert(result->floored ? sum <= 0 && result->total.minor == 0 : sum == result->total.minor);
}

static void read_again(struct span formula)
{
    static const struct expression_dialect none;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text text = text_in(&arena, 256);
    expression_write(&text, formula);
    assert(!text.full);
    struct expression again;
    struct error err = { 0 };
    assert(expression_read(text_span(&text), &none, &arena, &again, &err));
    assert(span_equal(again.formula, formula));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct expression_result first, second;
    char *copy = malloc(size + 1); // so that reading behind it shows
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);
    struct span formula = { copy, size };

    bool done = work_out(formula, &first), again = work_out(formula, &second);
    assert(done == again);
    if (done) assert(first.verdict == second.verdict && first.total.minor == second.total.minor);

    enum expression_obstacle obstacle = OBSTACLE_NONE;
    struct error err = { 0 };
    if (expression_check(formula, &obstacle, &err)) {
        if (obstacle == OBSTACLE_NONE) read_again(formula);
        if (done && first.verdict == VERDICT_OWED) add_up(&first);
    } else {
        assert(err.kind == ERROR_DAMAGED);
    }
    free(copy);
    return 0;
}
