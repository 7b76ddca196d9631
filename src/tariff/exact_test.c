#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tariff/exact.h"

static int64_t rounded(struct exact value)
{
    int64_t whole = 0;
    assert_true(exact_round_half_up(value, &whole));
    return whole;
}

static void test_halves_go_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        int64_t digits;
        unsigned scale;
        int64_t whole;
    } rows[] = {
        { 5, 1, 1 },   { 4, 1, 0 },   { -5, 1, -1 }, { -4, 1, 0 }, { 15, 1, 2 }, { 25, 1, 3 },
        { 149, 2, 1 }, { 150, 2, 2 }, { 7, 0, 7 },   { 1, 30, 0 }, { 0, 0, 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(rounded(exact_of(rows[i].digits, rows[i].scale)), rows[i].whole);
    assert_int_equal(rounded(exact_over(exact_of(1, 0), 2)), 1);
    assert_int_equal(rounded(exact_over(exact_of(-1, 0), 2)), -1);
    assert_int_equal(rounded(exact_over(exact_of(1, 0), 3)), 0);
}

static void test_thirds_add_up_to_a_whole(void **state)
{
    (void)state;
    struct exact third = exact_over(exact_of(1, 0), 3), sum = exact_of(0, 0);
    for (int i = 0; i < 3; i++) sum = exact_sum(sum, third);
    assert_int_equal(exact_sign(exact_sum(sum, exact_of(-1, 0))), 0);
    struct exact half = exact_of(5, 1); // 1/3 + 0.5 = 5/6
    assert_int_equal(rounded(exact_times(exact_sum(third, half), 6)), 5);
}

static void test_signs_and_products(void **state)
{
    (void)state;
    struct exact difference = exact_sum(exact_of(125, 2), exact_negative(exact_of(13, 1)));
    assert_int_equal(exact_sign(difference), -1);
    assert_int_equal(exact_sign(exact_negative(difference)), 1);
    assert_int_equal(rounded(exact_shift(difference, 2)), -5);
    struct exact product = exact_product(exact_over(exact_of(7, 1), 3), exact_of(9, 0));
    assert_int_equal(rounded(exact_shift(product, 1)), 21);
    assert_int_equal(rounded(exact_shift(exact_of(12345, 0), -2)), 123);
    assert_int_equal(rounded(exact_shift(exact_of(0, 3), 60)), 0);
}

static void test_what_does_not_fit_sticks(void **state)
{
    (void)state;
    int64_t whole = 7;
    struct exact large = exact_of(INT64_MAX, 0);
    assert_true(exact_round_half_up(large, &whole));
    assert_int_equal(whole, INT64_MAX);
    struct exact larger = exact_times(large, INT64_MAX);
    assert_false(larger.full); // it fits 128 bits, and no answer
    assert_false(exact_round_half_up(larger, &whole));
    larger = exact_times(larger, 1000);
    assert_true(larger.full);
    assert_false(exact_round_half_up(larger, &whole));
    assert_true(exact_sum(larger, exact_of(1, 0)).full);
    assert_true(exact_product(larger, exact_of(0, 0)).full);
    assert_true(exact_shift(exact_of(1, 0), 60).full);
    assert_int_equal(whole, INT64_MAX);
}

static void test_common_factors_make_room(void **state)
{
    (void)state;
    struct exact value = exact_of(INT64_MAX, 18);
    value = exact_times(value, 1000000000000000000);
    value = exact_times(value, 1000000000000000000); // the zeros go against the scale
    assert_false(value.full);
    value = exact_over(exact_over(value, 1000000007), 1000000009);
    value = exact_times(exact_times(value, 1000000007), 1000000009);
    value = exact_over(value, 1000000000000000000);
    assert_false(value.full);
    assert_int_equal(rounded(value), INT64_MAX);
}

static void test_powers_and_divisors(void **state)
{
    (void)state;
    assert_int_equal(exact_power(0), 1);
    assert_int_equal(exact_power(18), 1000000000000000000);
    assert_int_equal(exact_common(144, 60), 12);
    assert_int_equal(exact_common(0, 7), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_halves_go_away_from_zero),
        cmocka_unit_test(test_thirds_add_up_to_a_whole),
        cmocka_unit_test(test_signs_and_products),
        cmocka_unit_test(test_what_does_not_fit_sticks),
        cmocka_unit_test(test_common_factors_make_room),
        cmocka_unit_test(test_powers_and_divisors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
