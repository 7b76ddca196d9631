#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "consignment/container.h"

#define COUNT(row) (sizeof(row) / sizeof((row)[0]))

// The standard's own example, and numbers of other owners.
static void numbers_on_real_containers_have_a_digit_that_fits(void **state)
{
    (void)state;
    static const struct span numbers[] = {
        SPAN_INIT("CSQU3054383"), SPAN_INIT("HLXU2008419"), SPAN_INIT("TGHU7599330"),
        SPAN_INIT("CBHU3202732"), SPAN_INIT("MAEU6414710"), SPAN_INIT("TEXU3070079"),
    };
    for (size_t i = 0; i < COUNT(numbers); i++) {
        assert_true(container_shaped(numbers[i]));
        assert_true(container_digit_fits(numbers[i]));
    }
    assert_false(container_digit_fits(SPAN("CSQU3054384")));
    assert_false(container_digit_fits(SPAN("CSQU3054380")));
}

// The values of letters, written out as in the standard.
static int value_of(char c)
{
    static const int letters[26] = { 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24,
                                     25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38 };
    return c >= 'A' ? letters[c - 'A'] : c - '0';
}

static int digit_by_the_book(struct span text)
{
    int sum = 0, weight = 1;
    for (size_t i = 0; i < text.len; i++, weight *= 2) sum += value_of(text.at[i]) * weight;
    int remainder = sum - sum / 11 * 11;
    return remainder == 10 ? 0 : remainder;
}

static void the_digit_is_that_of_the_standard_for_each_character_at_each_place(void **state)
{
    (void)state;
    static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char text[CHECKED_TEXT_MAX];
    for (size_t len = 1; len <= CHECKED_TEXT_MAX; len++)
        for (size_t at = 0; at < len; at++)
            for (size_t c = 0; c < COUNT(characters) - 1; c++) {
                for (size_t i = 0; i < len; i++) text[i] = characters[(i * 7 + len) % 36];
                text[at] = characters[c];
                struct span span = { text, len };
                assert_int_equal(check_digit(span), digit_by_the_book(span));
            }
    char all_z[CHECKED_TEXT_MAX];
    memset(all_z, 'Z', sizeof(all_z));
    struct span largest = { all_z, sizeof(all_z) };
    assert_int_equal(check_digit(largest), digit_by_the_book(largest));
}

// 10 is written 0: a slip between the two is the only one of a single digit that is not seen.
static void one_wrong_digit_is_seen(void **state)
{
    (void)state;
    char number[] = "CSQU3054383";
    struct span span = { number, CONTAINER_NUMBER_SIZE };
    for (size_t at = 4; at < CONTAINER_NUMBER_SIZE - 1; at++) {
        char right = number[at];
        for (int c = '0'; c <= '9'; c++) {
            number[at] = (char)c;
            assert_int_equal(container_digit_fits(span), c == right);
        }
        number[at] = right;
    }
}

static void what_is_no_container_number_is_not_shaped_like_one(void **state)
{
    (void)state;
    static const struct span others[] = {
        SPAN_INIT(""), SPAN_INIT("CSQU305438"), SPAN_INIT("CSQU30543833"), SPAN_INIT("CSQA3054383"),
        SPAN_INIT("csqu3054383"), SPAN_INIT("CS1U3054383"), SPAN_INIT("CSQU305438A"),
        SPAN_INIT("CSQ 3054383"), SPAN_INIT("CSQU-054383"), SPAN_INIT("[SQU3054383"),
        SPAN_INIT("@SQU3054383"), SPAN_INIT("CSQU:054383"), SPAN_INIT("CSQU/054383"),
    };
    for (size_t i = 0; i < COUNT(others); i++) assert_false(container_shaped(others[i]));
    assert_true(container_shaped(SPAN("CSQJ3054383")));
    assert_true(container_shaped(SPAN("CSQZ0000000")));
}

static void what_cannot_have_a_digit_has_none(void **state)
{
    (void)state;
    static const struct span others[] = {
        SPAN_INIT("csqu305438"), SPAN_INIT("CSQ U"), SPAN_INIT("A-1"), SPAN_INIT("\xC3\x84"),
        SPAN_INIT("123456789012345678901"), SPAN_INIT("["), SPAN_INIT("@"), SPAN_INIT(":"),
    };
    for (size_t i = 0; i < COUNT(others); i++) assert_int_equal(check_digit(others[i]), -1);
    assert_int_equal(check_digit(SPAN("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_on_real_containers_have_a_digit_that_fits),
        cmocka_unit_test(the_digit_is_that_of_the_standard_for_each_character_at_each_place),
        cmocka_unit_test(one_wrong_digit_is_seen),
        cmocka_unit_test(what_is_no_container_number_is_not_shaped_like_one),
        cmocka_unit_test(what_cannot_have_a_digit_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
