// The words of a rate, behind one byte that says the dialect.
//
// Properties: an error says what is wrong; the words are those that were given; what was read is a
// formula in its one form, has canonical text that is read to the same bytes, and can be worked
// out; a cell's rates are all of its words, and each is read as it is when it stands alone.
#include <assert.h>
#include <stdlib.h>

#include "tariff/programme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(64) char memory[1 << 20];

static void work_out(struct span formula)
{
    static struct expression_result result;
    static const struct expression_quantity told[] = {
        { UNIT_KGM, SUBJECT_NONE, { 125, 1, true } },
        { UNIT_NAR, SUBJECT_NONE, { 7, 0, true } },
    };
    struct expression_question question = {
        .value = { 123456, "USD" },
        .value_given = true,
        .day = { 20454, true },
        .quantities = told,
        .quantities_count = 2,
    };
    struct error err = { 0 };
    if (expression_evaluate(formula, &question, &result, &err)) {
        assert(result.verdict != VERDICT_NONE);
        assert(result.verdict == VERDICT_OWED || result.total.minor == 0);
        assert((result.verdict == VERDICT_MISSING) == (result.missing_count > 0));
    } else {
        assert(err.kind == ERROR_TOO_LARGE);
    }
}

static void look_at(const struct expression *expression, struct arena *arena)
{
    enum expression_obstacle obstacle;
    struct error err = { 0 };
    assert(expression_check(expression->formula, &obstacle, &err));
    assert(obstacle == expression->obstacle);
    assert((expression->kind == EXPRESSION_MANUAL) == (obstacle != OBSTACLE_NONE));
    assert(expression->stopped_at <= expression->words.len);
    work_out(expression->formula);
    if (expression->kind == EXPRESSION_MANUAL) return;

    static const struct expression_dialect none;
    struct text text = text_in(arena, 256);
    expression_write(&text, expression->formula);
    assert(!text.full);
    struct expression again;
    assert(expression_read(text_span(&text), &none, arena, &again, &err));
    assert(span_equal(again.formula, expression->formula));
}

static void look_at_cell(struct span text, const struct expression_dialect *dialect,
                         struct arena *arena)
{
    struct programme_rates rates;
    struct error err = { 0 };
    if (!programme_read(text, dialect, arena, &rates, &err)) {
        assert(err.kind != ERROR_NONE && err.text[0] != '\0');
        return;
    }
    assert(rates.count > 0 && rates.count <= PROGRAMME_RATES_MAX);
    for (uint32_t i = 0; i < rates.count; i++) {
        const struct expression *expression = &rates.at[i].expression;
        look_at(expression, arena);
        assert(rates.at[i].symbols_count <= PROGRAMME_SYMBOLS_MAX);
        struct expression alone;
        assert(expression_read(expression->words, dialect, arena, &alone, &err));
        assert(span_equal(alone.formula, expression->formula));
        if (expression->words.len == 0) continue;
        assert(expression->words.at >= text.at);
        assert(expression->words.at + expression->words.len <= text.at + text.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    struct expression_dialect dialect = { .decimal_comma = data[0] & 1,
                                          .bare_percent = data[0] & 2 };
    if (data[0] & 4) memcpy(dialect.currency, data[0] & 8 ? "JPY" : "USD", 4);
    char *copy = malloc(size); // so that reading behind it shows
    if (copy == NULL) abort();
    memcpy(copy, data + 1, size - 1);
    struct span text = { copy, size - 1 };

    struct arena arena = arena_over(memory, sizeof(memory));
    struct expression expression;
    struct error err = { 0 };
    if (expression_read(text, &dialect, &arena, &expression, &err)) {
        assert(span_equal(expression.words, span_trim(text)));
        look_at(&expression, &arena);
    } else {
        assert(err.kind != ERROR_NONE && err.text[0] != '\0');
    }
    look_at_cell(text, &dialect, &arena);
    free(copy);
    return 0;
}
