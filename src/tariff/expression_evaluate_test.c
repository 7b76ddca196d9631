#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tariff/expression.h"

static _Alignas(64) char memory[1 << 18];
static struct arena arena;
static struct expression_result result;

static const struct expression_quantity told[] = {
    { UNIT_KGM, SUBJECT_NONE, { 1250, 0, true } },
    { UNIT_TNE, SUBJECT_GROSS, { 13, 1, true } },
    { UNIT_DTN, SUBJECT_DRAINED, { 9, 0, true } },
    { UNIT_KGM, SUBJECT_COPPER, { 2505, 1, true } },
    { UNIT_HLT, SUBJECT_NONE, { 10, 0, true } },
    { UNIT_ASV, SUBJECT_NONE, { 125, 1, true } },
    { UNIT_DEGREE, SUBJECT_NONE, { 965, 1, true } },
    { UNIT_DZN, SUBJECT_NONE, { 25, 1, true } },
    { UNIT_JWL, SUBJECT_NONE, { 17, 0, true } },
};
static const struct expression_part parts[] = {
    { SUBJECT_CASE, { 10000, "EUR" } },
    { SUBJECT_STRAP, { 2550, "EUR" } },
};
static const struct expression_parameter parameters[] = {
    { .name = SPAN_INIT("EA"),
      .amount = { 2450, 2, true },
      .currency = "EUR",
      .unit = UNIT_KGM,
      .per = 100 },
    { .name = SPAN_INIT("ADSZ"), .amount = { 1234, 2, true }, .currency = "EUR" },
};

static struct expression_question question(void)
{
    struct expression_question question = {
        .value = { 480000, "EUR" },
        .value_given = true,
        .day = { 20454, true }, // 2026-01-01
        .quantities = told,
        .quantities_count = sizeof(told) / sizeof(told[0]),
        .parts = parts,
        .parts_count = 2,
        .parameters = parameters,
        .parameters_count = 2,
        .line_duty = { 5000, "EUR" },
        .line_duty_given = true,
    };
    return question;
}

static struct span formula(const char *words)
{
    static const struct expression_dialect dialect = { .currency = "EUR" };
    struct expression expression;
    struct error err = { 0 };
    if (!expression_read(span_of(words), &dialect, &arena, &expression, &err))
        fail_msg("%s", err.text);
    if (expression.kind != EXPRESSION_FORMULA) fail_msg("'%s' is manual", words);
    return expression.formula;
}

static void evaluate(const char *words, const struct expression_question *asked)
{
    struct error err = { 0 };
    arena = arena_over(memory, sizeof(memory));
    if (!expression_evaluate(formula(words), asked, &result, &err)) fail_msg("%s", err.text);
}

static void test_what_is_owed(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int64_t minor;
    } rows[] = {
        { "Free", 0 },
        { "12.5 %", 60000 },
        { "33 1/3 %", 160000 },
        { "35 EUR/100 kg", 43750 },
        { "35 EUR/100 kg net", 43750 },
        { "2 EUR/t gross", 260 },
        { "2 EUR/100 kg net drained", 1800 },
        { "0.07 EUR/kg copper content", 1754 }, // 17.535
        { "1 EUR/lb", 275578 },                 // 1250 / 0.45359237
        { "4 EUR/hl", 4000 },
        { "0.04 EUR/l", 4000 },
        { "1.75 EUR/% vol/hl", 21875 },
        { "1 EUR/l of pure alcohol", 12500 }, // 1000 l at 12.5 %
        { "1 EUR/proof litre", 25000 },
        { "0.1057 EUR/l for each % vol over 1.15", 119970 }, // 105.7 x 11.35 = 1199.695
        { "12 EUR/doz.", 3000 },
        { "12 EUR/pair", 18000 },
        { "100 EUR/1000 items", 300 },
        { "2 EUR/item for each jewel over 7", 60000 },
        { "2 EUR/jewel", 3400 },
        { "0.019 EUR/kg - 0.0002 EUR/kg for each degree under 100 MIN 0.013 EUR/kg", 2288 },
        { "0.019 EUR/kg - 0.02 EUR/kg for each degree under 100 MIN 0.013 EUR/kg", 1625 },
        { "3 EUR/kg for each degree under 96", 0 },
        { "6 % on the case and strap", 753 },
        { "LINE + 25 %", 125000 },
        { "9 % + EA MAX 18.7 % + ADSZ", 73825 }, // 432.00 + 306.25
        { "9 % + EA MAX 5 % + ADSZ", 25234 },
        { "1 % MIN 35 EUR/100 kg MAX 2 %", 9600 },
        { "5 % (1 JAN-30 APR, 1 NOV-31 DEC), 8 % (1 MAY-31 OCT)", 24000 },
    };
    struct expression_question asked = question();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        evaluate(rows[i].words, &asked);
        if (result.verdict != VERDICT_OWED || result.total.minor != rows[i].minor)
            fail_msg("%s: %lld", rows[i].words, (long long)result.total.minor);
        assert_string_equal(result.total.currency, "EUR");
        int64_t sum = 0;
        for (uint32_t j = 0; j < result.lines_count; j++)
            if (result.lines[j].counts) sum += result.lines[j].amount.minor;
        assert_int_equal(sum, result.total.minor);
    }
}

static void test_a_sum_is_rounded_once_and_its_lines_add_up(void **state)
{
    (void)state;
    struct expression_question asked = question();
    asked.value.minor = 1;
    evaluate("40 % + 40 % + 40 % - 10 %", &asked); // 0.4, 0.8, 1.2, 1.1
    assert_int_equal(result.total.minor, 1);
    static const int64_t amounts[] = { 0, 1, 0, 0 };
    for (uint32_t i = 0; i < 4; i++) assert_int_equal(result.lines[i].amount.minor, amounts[i]);
    assert_true(result.lines[3].taken_off);
}

static void test_the_clamp_that_won_is_named_and_the_others_do_not_count(void **state)
{
    (void)state;
    struct expression_question asked = question();
    evaluate("1 % MIN 2 EUR/100 kg", &asked); // 48.00 and 25.00
    assert_int_equal(result.sum_won, 0);
    assert_true(result.lines[0].counts);
    assert_false(result.lines[1].counts);
    evaluate("1 % MIN 35 EUR/100 kg MAX 50 %", &asked);
    assert_int_equal(result.sum_won, 1);
    assert_false(result.lines[0].counts);
    assert_true(result.lines[1].counts);
    assert_int_equal(result.lines[0].amount.minor, 4800);
    assert_int_equal(result.lines[2].amount.minor, 240000);
    evaluate("1 % MIN 1 %", &asked); // when they are equal nothing pushes the first out
    assert_int_equal(result.sum_won, 0);
}

static void test_nothing_is_owed_below_zero(void **state)
{
    (void)state;
    struct expression_question asked = question();
    evaluate("0.01 EUR/kg, less 5 %", &asked);
    assert_true(result.floored);
    assert_int_equal(result.total.minor, 0);
    evaluate("1 EUR/kg, less 5 %", &asked);
    assert_false(result.floored);
    assert_int_equal(result.total.minor, 101000);
}

static void test_seasons_go_by_the_day(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        uint8_t alternative;
    } rows[] = {
        { "2026-01-01", 0 }, { "2026-04-30", 0 }, { "2026-05-01", 1 }, { "2026-10-31", 1 },
        { "2026-11-01", 0 }, { "2026-12-31", 0 }, { "2024-02-29", 0 }, { "2000-05-31", 1 },
        { "1901-11-15", 0 }, { "2999-07-14", 1 },
    };
    struct expression_question asked = question();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err;
        assert_true(date_read(span_of(rows[i].day), &asked.day, &err));
        evaluate("5 % (1 NOV-30 APR), 8 % (1 MAY-31 OCT)", &asked);
        assert_int_equal(result.verdict, VERDICT_OWED);
        assert_int_equal(result.alternative, rows[i].alternative);
    }
    struct error err;
    assert_true(date_read(SPAN("2024-02-29"), &asked.day, &err));
    evaluate("5 % (1 FEB-28 FEB), 8 % (1 JUL-31 JUL)", &asked); // the end of the month
    assert_int_equal(result.verdict, VERDICT_OWED);
    assert_true(date_read(SPAN("2024-03-01"), &asked.day, &err));
    evaluate("5 % (1 FEB-28 FEB), 8 % (1 JUL-31 JUL)", &asked);
    assert_int_equal(result.verdict, VERDICT_MANUAL);
    assert_int_equal(result.obstacle, OBSTACLE_SEASON);
    evaluate("5 % (1 FEB-28 FEB), 8 %", &asked); // any other day
    assert_int_equal(result.alternative, 1);
}

static void test_what_is_missing_is_asked_for_and_nothing_is_owed(void **state)
{
    (void)state;
    static const struct {
        const char *words, *missing;
    } rows[] = {
        { "5 %", "the customs value" },
        { "5 % + 2 EUR/hl", "the customs value; hectolitres" },
        { "2 EUR/100 kg net drained", "kilograms of drained net weight" },
        { "2 EUR/l of pure alcohol", "litres of pure alcohol" },
        { "2 EUR/% vol/hl", "litres of pure alcohol" },
        { "2 EUR/l for each % vol over 1.15", "litres; per cent of alcohol by volume" },
        { "2 EUR/item MIN 3 EUR/item", "articles" },
        { "2 % on the case and battery", "the value of the case; the value of the battery" },
        { "EA + ADFM", "the amount of EA; the amount of ADFM" },
        { "LINE", "the duty of the line that this one goes by" },
        { "2 USD/m", "metres; an exchange rate for USD" },
    };
    struct expression_question asked = { .value = { 0, "EUR" }, .day = { 20454, true } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        evaluate(rows[i].words, &asked);
        assert_int_equal(result.verdict, VERDICT_MISSING);
        assert_int_equal(result.total.minor, 0);
        assert_int_equal(result.lines_count, 0);
        struct text text = text_in(&arena, 64);
        for (uint32_t j = 0; j < result.missing_count; j++) {
            if (j > 0) text_add(&text, SPAN("; "));
            expression_missing_write(&text, &result.missing[j]);
        }
        assert_string_equal(text_span(&text).at, rows[i].missing);
    }
}

static void test_a_volume_at_its_strength_stands_for_pure_alcohol_and_back(void **state)
{
    (void)state;
    static const struct expression_quantity pure[] = { { UNIT_HPA, 0, { 125, 2, true } } };
    struct expression_question asked = question();
    asked.quantities = pure;
    asked.quantities_count = 1;
    evaluate("1.75 EUR/% vol/hl", &asked); // 125 l of pure alcohol
    assert_int_equal(result.total.minor, 21875);
    evaluate("0.0175 EUR/l for each % vol", &asked);
    assert_int_equal(result.total.minor, 21875);
    evaluate("1 EUR/l for each % vol over 1", &asked); // the strength itself counts
    assert_int_equal(result.verdict, VERDICT_MISSING);
}

static void test_other_currencies_go_by_the_rate_of_the_day(void **state)
{
    (void)state;
    struct expression_question asked = question();
    struct rates rates;
    struct error err = { 0 };
    static _Alignas(64) char more[1 << 14];
    struct arena other = arena_over(more, sizeof(more));
    assert_true(
        rates_read(SPAN("date_from,currency,rate\n2020-01-01,USD,0.9\n2026-01-01,USD,0.8\n"),
                   &other, &rates, &err));
    asked.rates = &rates;
    evaluate("1 USD/kg + 10 %", &asked);
    assert_int_equal(result.total.minor, 100000 + 48000);
    struct text text = text_in(&arena, 64);
    expression_line_write(&text, &result.lines[0]);
    assert_string_equal(text_span(&text).at, "1 USD per kg of 1250 kg, at 0.8 EUR for 1 USD");
    evaluate("1 GBP/kg", &asked);
    assert_int_equal(result.verdict, VERDICT_MISSING);
    assert_int_equal(result.missing[0].kind, MISSING_RATE);
}

static void test_lines_are_told_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *words, *told;
    } rows[] = {
        { "35 EUR/100 kg net", "35 EUR per 100 kg net of 1250 kg" },
        { "12.5 %", "12.5 % of 4800.00 EUR" },
        { "6 % on the case and strap", "6 % of 125.50 EUR on the case and strap" },
        { "2 EUR/pair", "2 EUR per pair of 2.5 dozens" },
        { "2 EUR/% vol/hl", "2 EUR per hl for each % vol of 10 hl at 12.5 % vol" },
        { "EA", "EA, 24.5 EUR per 100 kg of 1250 kg" },
        { "ADSZ", "ADSZ" },
        { "LINE", "the duty of the other line" },
        { "Free", "free" },
    };
    struct expression_question asked = question();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        evaluate(rows[i].words, &asked);
        struct text text = text_in(&arena, 64);
        expression_line_write(&text, &result.lines[0]);
        assert_string_equal(text_span(&text).at, rows[i].told);
    }
}

static void refused(const char *words, const struct expression_question *asked,
                    enum error_kind kind)
{
    struct error err = { 0 };
    arena = arena_over(memory, sizeof(memory));
    assert_false(expression_evaluate(formula(words), asked, &result, &err));
    assert_int_equal(err.kind, kind);
    assert_true(err.hint[0] != '\0');
    assert_int_not_equal(result.verdict, VERDICT_OWED);
}

static void test_figures_that_do_not_fit_and_those_below_zero_are_refused(void **state)
{
    (void)state;
    static const struct expression_quantity large[] = {
        { UNIT_TNE, 0, { 999999999999999999, 0, true } },
        { UNIT_LTR, 0, { -1, 0, true } },
    };
    struct expression_question asked = question();
    asked.quantities = large;
    asked.quantities_count = 2;
    refused("999999999999 EUR/kg", &asked, ERROR_TOO_LARGE);
    refused("1 EUR/l", &asked, ERROR_SYNTAX);
    asked.value.minor = INT64_MAX;
    refused("200 %", &asked, ERROR_TOO_LARGE);
    evaluate("100 %", &asked);
    assert_int_equal(result.total.minor, INT64_MAX);
    refused("1 % MIN 200 %", &asked, ERROR_TOO_LARGE);
    asked.value.minor = -1;
    refused("5 %", &asked, ERROR_SYNTAX);
    asked = question();
    memcpy(asked.value.currency, "USD", 4); // and the parts are worth euros
    refused("5 % on the case", &asked, ERROR_SYNTAX);
    refused("LINE", &asked, ERROR_SYNTAX);
}

static void test_manual_formulas_are_manual(void **state)
{
    (void)state;
    struct expression_question asked = question();
    static const char bytes[] = { 1, 1, OBSTACLE_NOTE };
    struct error err = { 0 };
    assert_true(expression_evaluate((struct span){ bytes, 3 }, &asked, &result, &err));
    assert_int_equal(result.verdict, VERDICT_MANUAL);
    assert_int_equal(result.obstacle, OBSTACLE_NOTE);
    assert_false(expression_evaluate(SPAN("no formula"), &asked, &result, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_owed),
        cmocka_unit_test(test_a_sum_is_rounded_once_and_its_lines_add_up),
        cmocka_unit_test(test_the_clamp_that_won_is_named_and_the_others_do_not_count),
        cmocka_unit_test(test_nothing_is_owed_below_zero),
        cmocka_unit_test(test_seasons_go_by_the_day),
        cmocka_unit_test(test_what_is_missing_is_asked_for_and_nothing_is_owed),
        cmocka_unit_test(test_a_volume_at_its_strength_stands_for_pure_alcohol_and_back),
        cmocka_unit_test(test_other_currencies_go_by_the_rate_of_the_day),
        cmocka_unit_test(test_lines_are_told_in_words),
        cmocka_unit_test(test_figures_that_do_not_fit_and_those_below_zero_are_refused),
        cmocka_unit_test(test_manual_formulas_are_manual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
