#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/span.h"

static void a_cut_gives_what_is_in_front_of_and_behind_the_mark(void **state)
{
    (void)state;
    struct span_pair pair = span_cut(SPAN("a=b=c"), '=');
    assert_true(pair.found);
    assert_true(span_equal(pair.head, SPAN("a")));
    assert_true(span_equal(pair.tail, SPAN("b=c")));

    pair = span_cut_last(SPAN("a=b=c"), '=');
    assert_true(pair.found);
    assert_true(span_equal(pair.head, SPAN("a=b")));
    assert_true(span_equal(pair.tail, SPAN("c")));

    pair = span_cut(SPAN("="), '=');
    assert_true(pair.found);
    assert_int_equal(pair.head.len, 0);
    assert_int_equal(pair.tail.len, 0);
}

static void a_cut_without_a_mark_leaves_all_in_the_head(void **state)
{
    (void)state;
    struct span s = SPAN("abc");
    struct span_pair pair = span_cut(s, '=');
    assert_false(pair.found);
    assert_true(span_equal(pair.head, s));
    assert_int_equal(pair.tail.len, 0);
    assert_false(span_cut_last(s, '=').found);
    assert_false(span_cut((struct span){ 0 }, '=').found);
    assert_false(span_cut_last((struct span){ 0 }, '=').found);
}

static void spans_are_ordered_by_bytes_and_a_prefix_comes_first(void **state)
{
    (void)state;
    const struct span rising[] = { SPAN_INIT(""), SPAN_INIT("A"), SPAN_INIT("AA"), SPAN_INIT("B"),
                                   SPAN_INIT("a"), SPAN_INIT("\xC3\xA4") };
    for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++) {
            int order = span_compare(rising[i], rising[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
            assert_int_equal(span_equal(rising[i], rising[j]), i == j);
        }
    }
}

static void a_span_starts_and_ends_with_its_parts_only(void **state)
{
    (void)state;
    struct span s = SPAN("MSKU6011672");
    assert_true(span_starts_with(s, SPAN("MSKU")));
    assert_true(span_starts_with(s, SPAN("")));
    assert_true(span_starts_with(s, s));
    assert_false(span_starts_with(s, SPAN("SKU")));
    assert_false(span_starts_with(SPAN("MS"), SPAN("MSKU")));
    assert_true(span_ends_with(s, SPAN("672")));
    assert_true(span_ends_with(s, s));
    assert_false(span_ends_with(s, SPAN("67")));
    assert_false(span_ends_with(SPAN("2"), SPAN("72")));
}

static void trimming_takes_blanks_at_both_ends_and_none_inside(void **state)
{
    (void)state;
    assert_true(span_equal(span_trim(SPAN(" \t\r\n a b\n ")), SPAN("a b")));
    assert_int_equal(span_trim(SPAN(" \t\r\n")).len, 0);
    assert_int_equal(span_trim((struct span){ 0 }).len, 0);
}

static void a_text_of_the_system_is_a_span_and_none_is_empty(void **state)
{
    (void)state;
    assert_true(span_equal(span_of("abc"), SPAN("abc")));
    assert_int_equal(span_of("").len, 0);
    assert_int_equal(span_of(NULL).len, 0);
}

static void whole_numbers_are_read_strictly(void **state)
{
    (void)state;
    uint64_t value = 7;
    assert_true(span_to_u64(SPAN("0"), &value));
    assert_true(value == 0);
    assert_true(span_to_u64(SPAN("9999999999999999999"), &value));
    assert_true(value == 9999999999999999999U);

    value = 7;
    const struct span refused[] = { SPAN_INIT(""), SPAN_INIT("00"), SPAN_INIT("01"),
                                    SPAN_INIT("+1"), SPAN_INIT("-1"), SPAN_INIT(" 1"),
                                    SPAN_INIT("1 "), SPAN_INIT("1."), SPAN_INIT("0x1"),
                                    SPAN_INIT("10000000000000000000") };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(span_to_u64(refused[i], &value));
    assert_true(value == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_gives_what_is_in_front_of_and_behind_the_mark),
        cmocka_unit_test(a_cut_without_a_mark_leaves_all_in_the_head),
        cmocka_unit_test(spans_are_ordered_by_bytes_and_a_prefix_comes_first),
        cmocka_unit_test(a_span_starts_and_ends_with_its_parts_only),
        cmocka_unit_test(trimming_takes_blanks_at_both_ends_and_none_inside),
        cmocka_unit_test(a_text_of_the_system_is_a_span_and_none_is_empty),
        cmocka_unit_test(whole_numbers_are_read_strictly),
    };
    return cmocka_run_group_tests_name("span", tests, NULL, NULL);
}
