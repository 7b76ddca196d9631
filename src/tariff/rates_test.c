#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tariff/rates.h"

static _Alignas(64) char memory[1 << 18];

static struct date day(const char *text)
{
    struct error err;
    struct date date;
    assert_true(date_read(span_of(text), &date, &err));
    return date;
}

static struct rates read(const char *text)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct rates rates;
    struct error err = { 0 };
    if (!rates_read(span_of(text), &arena, &rates, &err)) fail_msg("%s", err.text);
    return rates;
}

static const char three[] = "# remarks for people\n# on top\n"
                            "date_from,currency,rate\n"
                            "2026-01-01,USD,0.92\n2025-01-01,USD,0.96\n2026-01-01,JPY,0.0061\n";

static void test_the_newest_rate_that_does_not_begin_later_is_in_force(void **state)
{
    (void)state;
    struct rates rates = read(three);
    static const struct { const char *day; int64_t digits; } rows[] = {
        { "2024-12-31", 0 }, { "2025-01-01", 96 }, { "2025-12-31", 96 },
        { "2026-01-01", 92 }, { "2099-01-01", 92 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct rate *rate = rates_find(&rates, SPAN("USD"), day(rows[i].day));
        assert_int_equal(rate == NULL ? 0 : rate->value.digits, rows[i].digits);
    }
    assert_null(rates_find(&rates, SPAN("GBP"), day("2026-01-01")));
    assert_null(rates_find(&rates, SPAN("US"), day("2026-01-01")));
}

static void test_a_conversion_is_rounded_once(void **state)
{
    (void)state;
    struct rates rates = read(three);
    static const struct {
        int64_t digits;
        uint8_t scale;
        const char *from;
        int64_t minor;
    } rows[] = {
        { 100000, 2, "USD", 92000 },   // 1000.00 x 0.92
        { 10005, 3, "USD", 920 },      // 10.005 is not rounded before: 9.2046
        { 5, 2, "USD", 5 },            // 0.046
        { 1, 0, "JPY", 1 },            // 0.0061
        { -25, 2, "USD", -23 },        // -0.23
        { 1005, 3, "EUR", 101 },       // 1.005
        { 82, 0, "JPY", 50 },          // 0.5002
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct conversion conversion;
        struct error err = { 0 };
        assert_true(rates_convert_half_up(&rates, decimal_of(rows[i].digits, rows[i].scale),
                                          span_of(rows[i].from), day("2026-03-01"), SPAN("EUR"),
                                          &conversion, &err));
        assert_int_equal(conversion.amount.minor, rows[i].minor);
        assert_string_equal(conversion.amount.currency, "EUR");
        assert_int_equal(conversion.rate == NULL, span_equal(span_of(rows[i].from), SPAN("EUR")));
    }
}

static void test_what_cannot_be_converted_says_why(void **state)
{
    (void)state;
    struct rates rates = read(three);
    struct conversion conversion;
    struct error err = { 0 };
    assert_false(rates_convert_half_up(&rates, decimal_of(1, 0), SPAN("GBP"), day("2026-01-01"),
                                       SPAN("EUR"), &conversion, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_false(rates_convert_half_up(&rates, decimal_of(1, 0), SPAN("EURO"), day("2026-01-01"),
                                       SPAN("EUR"), &conversion, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_false(rates_convert_half_up(&rates, decimal_of(999999999999999999, 0), SPAN("EUR"),
                                       day("2026-01-01"), SPAN("EUR"), &conversion, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

static void test_mistakes_in_the_text_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned line, column; const char *what; } rows[] = {
        { "date_from,currency,rate\n2026-01-01,USX,1\n", 2, 12, "USX" },
        { "#\ndate_from,currency,rate\n2026-02-30,USD,1\n", 3, 1, "2026-02-30" },
        { "date_from,currency,rate\n2026-01-01,USD,one\n", 2, 16, "one" },
        { "date_from,currency,rate\n2026-01-01,USD,0\n", 2, 16, "above zero" },
        { "date_from,currency,rate\n,USD,1\n", 2, 1, "first day" },
        { "date_from,currency,rate\n2026-01-01,USD\n", 2, 1, "2 fields" },
        { "#\n#\ndate_from,rate\n", 3, 0, "currency" },
        { "date_from,currency,rate,why\n", 1, 0, "4 columns" },
        { "", 1, 0, "header" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct rates rates;
        struct error err = { 0 };
        assert_false(rates_read(span_of(rows[i].text), &arena, &rates, &err));
        assert_int_equal(err.line, rows[i].line);
        if (rows[i].column > 0) assert_int_equal(err.column, rows[i].column);
        assert_non_null(strstr(err.text, "rates.csv"));
        assert_non_null(strstr(err.text, rows[i].what));
        assert_true(err.hint[0] != '\0');
    }
    struct arena arena = arena_over(memory, sizeof(memory));
    struct rates rates;
    struct error err = { 0 };
    assert_false(rates_read(SPAN("date_from,currency,rate\n2026-01-01,USD,1\n2026-01-01,USD,2\n"),
                            &arena, &rates, &err));
    assert_non_null(strstr(err.text, "two rates for USD"));
}

static void test_the_version_is_the_text_and_nothing_else(void **state)
{
    (void)state;
    struct version first = version_of(SPAN("abc")), again = version_of(SPAN("abc"));
    assert_true(span_equal(version_span(&first), SPAN("ba7816bf8f01cfea"))); // FIPS 180-4, "abc"
    assert_true(span_equal(version_span(&first), version_span(&again)));
    again = version_of_two(SPAN("a"), SPAN("bc"));
    assert_true(span_equal(version_span(&first), version_span(&again)));
    again = version_of(SPAN("abd"));
    assert_false(span_equal(version_span(&first), version_span(&again)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_newest_rate_that_does_not_begin_later_is_in_force),
        cmocka_unit_test(test_a_conversion_is_rounded_once),
        cmocka_unit_test(test_what_cannot_be_converted_says_why),
        cmocka_unit_test(test_mistakes_in_the_text_are_named_with_their_place),
        cmocka_unit_test(test_the_version_is_the_text_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
