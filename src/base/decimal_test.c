#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/decimal.h"

enum { SIZE = 16 * 1024 };

static int make(void **state)
{
    static struct arena arena;
    if (!arena_open(&arena, SIZE, NULL)) return -1;
    *state = &arena;
    return 0;
}

static int end(void **state)
{
    arena_close(*state);
    return 0;
}

static struct decimal of(const char *text)
{
    struct decimal value;
    if (!decimal_read(span_of(text), &value, NULL)) fail_msg("'%s' is no number", text);
    return value;
}

static void numbers_are_kept_as_they_are_written(void **state)
{
    static const struct { const char *text; int64_t digits; uint8_t scale; } rows[] = {
        { "0", 0, 0 },        { "7", 7, 0 },          { "-7", -7, 0 },
        { "12.50", 1250, 2 }, { "-0.05", -5, 2 },     { "0.000", 0, 3 },
        { "100", 100, 0 },    { "1.000000", 1000000, 6 },
        { "999999999999999999", 999999999999999999, 0 },
        { "-999999999999999999", -999999999999999999, 0 },
        { "999999.999999999999", 999999999999999999, 12 },
        { "0.000000000001", 1, 12 },
        { "-0.999999999999", -999999999999, 12 },
        { "99999999999999999.9", 999999999999999999, 1 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct decimal value = of(rows[i].text);
        assert_true(value.given);
        assert_true(value.digits == rows[i].digits);
        assert_int_equal(value.scale, rows[i].scale);
        struct text text = text_in(*state, 1);
        decimal_write(&text, value);
        assert_string_equal(text_span(&text).at, rows[i].text);
    }
}

static void minus_zero_is_zero(void **state)
{
    struct text text = text_in(*state, 8);
    decimal_write(&text, of("-0.00"));
    assert_string_equal(text_span(&text).at, "0.00");
}

static void a_value_nobody_gave_is_not_written(void **state)
{
    struct text text = text_in(*state, 8);
    decimal_write(&text, (struct decimal){ 0 });
    assert_int_equal(text_span(&text).len, 0);
}

static void what_is_no_number_is_refused_at_its_byte(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned column; } rows[] = {
        { "", 1 },      { "-", 2 },      { "+1", 1 },   { ".5", 1 },      { "1.", 3 },
        { "-.5", 2 },   { "01", 1 },     { "-01", 2 },  { "00", 1 },      { "1e5", 2 },
        { "1.5E2", 4 }, { "1,5", 2 },    { " 1", 1 },   { "1 ", 2 },      { "1.2.3", 4 },
        { "1.-2", 3 },  { "--1", 2 },    { "NaN", 1 },  { "Infinity", 1 }, { "0x10", 2 },
        { "1000000000000000000", 19 },     // nineteen digits
        { "12345678901234567.89", 20 },    // nineteen digits again
        { "0.0000000000001", 15 },         // thirteen behind the point
        { "1.0000000000000", 15 },
        { "999999.9999999999991", 20 },    // thirteen behind the point of nineteen
        { "1\xD9\xA1", 2 },                // an Arabic digit
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err = { 0 };
        struct decimal value = { 42, 1, true };
        if (decimal_read(span_of(rows[i].text), &value, &err)) fail_msg("'%s' read", rows[i].text);
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_int_equal(err.line, 1);
        if (err.column != rows[i].column)
            fail_msg("'%s' is refused at %u", rows[i].text, err.column);
        assert_true(err.text[0] != '\0');
        assert_int_equal(value.digits, 42);
    }
    struct decimal value;
    assert_false(decimal_read(SPAN("1\0" "2"), &value, NULL));
    assert_false(decimal_read((struct span){ 0 }, &value, NULL));
}

static void comparing_is_exact_whatever_the_scales(void **state)
{
    (void)state;
    static const char *const rising[] = {
        "-999999999999999999", "-999999.999999999999", "-1.01", "-1", "-0.000000000001", "0",
        "0.000000000001", "0.1", "0.10000000001", "12.5", "12.51", "999999.999999999999",
        "99999999999999999.9", "999999999999999999",
    };
    int count = sizeof(rising) / sizeof(rising[0]);
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++)
            assert_int_equal(decimal_compare(of(rising[i]), of(rising[j])), (i > j) - (i < j));
        assert_int_equal(decimal_sign(of(rising[i])), (i > 5) - (i < 5));
    }
    assert_int_equal(decimal_compare(of("12.50"), of("12.5")), 0);
    assert_int_equal(decimal_compare(of("0.000"), of("-0")), 0);
}

static void a_sum_is_exact_or_refused(void **state)
{
    static const struct { const char *a, *b, *sum; } rows[] = {
        { "1.5", "2.25", "3.75" },
        { "1.00", "1", "2.00" },
        { "-0.1", "0.1", "0.0" },
        { "0.1", "0.2", "0.3" },
        { "999999999999999999", "-1", "999999999999999998" },
        { "999999999999999999", "0.00", "999999999999999999" }, // the zeros are not needed
        { "99999999999999999.5", "0.50", "100000000000000000" },
        { "999999999999999999", "1", NULL },
        { "-999999999999999999", "-1", NULL },
        { "999999999999999999", "0.1", NULL },
        { "999999999999999999", "0.5", NULL },
        { "-99999999999999999.9", "-0.05", NULL },
        { "100000000000000000", "0.000000000001", NULL },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct decimal sum;
        bool fits = decimal_add(of(rows[i].a), of(rows[i].b), &sum);
        assert_int_equal(fits, rows[i].sum != NULL);
        if (!fits) continue;
        struct text text = text_in(*state, 8);
        decimal_write(&text, sum);
        assert_string_equal(text_span(&text).at, rows[i].sum);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(numbers_are_kept_as_they_are_written),
        TEST(minus_zero_is_zero),
        TEST(a_value_nobody_gave_is_not_written),
        TEST(what_is_no_number_is_refused_at_its_byte),
        TEST(comparing_is_exact_whatever_the_scales),
        TEST(a_sum_is_exact_or_refused),
    };
    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
