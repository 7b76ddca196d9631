#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "gates/demo/cases.h"

static struct one_case list[CASES_MAX];

static struct cases no_cases(void)
{
    return (struct cases){ .seed = 1, .list = list, .hurry = 1 };
}

static struct view_row row_of(const char *claimed_by, uint32_t requests_open)
{
    return (struct view_row){ .file = SPAN("6XM10000000-S1-7"), .waits = true, .lodged_ms = 1000,
                              .facts_count = 6, .claimed_by = span_of(claimed_by),
                              .requests_open = requests_open };
}

static void whose_turn_it_is_follows_from_the_row(void **state)
{
    (void)state;
    static const struct { const char *claimed_by; uint32_t requests; enum turn turn; } told[] = {
        { "", 0, TURN_NOBODY },
        { "simulated:officer-1", 0, TURN_OFFICER },
        { "user:demo-officer", 0, TURN_PERSON },
        { "simulated:officer-1", 1, TURN_TRADER },
        { "user:demo-officer", 2, TURN_TRADER },
    };
    struct cases cases = no_cases();
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        struct view_row row = row_of(told[i].claimed_by, told[i].requests);
        cases_hear(&cases, 6, &row, 5000);
        assert_int_equal(cases.count, 1); // the same one, however often it changes
        assert_int_equal(cases.list[0].turn, told[i].turn);
        bool ever = told[i].turn == TURN_OFFICER || told[i].turn == TURN_TRADER;
        assert_true((cases_due(&cases) != NULL) == ever);
        assert_true((cases_oldest(&cases) != NULL) == (told[i].turn == TURN_NOBODY));
    }
}

static void what_does_not_wait_any_more_is_forgotten(void **state)
{
    (void)state;
    struct cases cases = no_cases();
    struct view_row row = row_of("", 0);
    cases_hear(&cases, 6, &row, 0);
    cases_hear(&cases, 7, &row, 0);
    row.waits = false;
    cases_hear(&cases, 6, &row, 0);
    cases_hear(&cases, 8, &row, 0);
    assert_int_equal(cases.count, 1);
    assert_int_equal(cases.list[0].number, 7);
}

static void what_waits_longest_is_taken_first(void **state)
{
    (void)state;
    struct cases cases = no_cases();
    for (uint64_t n = 0; n < 20; n++) {
        struct view_row row = row_of("", 0);
        row.lodged_ms = (int64_t)((n * 7 + 3) % 20);
        cases_hear(&cases, n, &row, 0);
    }
    assert_int_equal(cases_count(&cases, TURN_NOBODY), 20);
    for (int64_t i = 0; i < 20; i++) {
        struct one_case *oldest = cases_oldest(&cases);
        assert_int_equal(oldest->since_ms, i);
        cases_drop(&cases, oldest);
    }
    assert_null(cases_oldest(&cases));
}

static void in_a_hurry_everything_takes_as_many_times_less(void **state)
{
    (void)state;
    struct cases cases = no_cases();
    struct view_row row = row_of("simulated:officer-1", 0);
    cases_hear(&cases, 6, &row, 0);
    int64_t took_ms = cases.list[0].due_ms;
    assert_in_range(took_ms, 15 * 60 * 1000, 120 * 60 * 1000);
    cases_hurry(&cases, 60, 0);
    assert_int_equal(cases.list[0].due_ms, took_ms / 60);
    cases_hear(&cases, 6, &row, 1000);
    assert_int_equal(cases.list[0].due_ms, 1000 + took_ms / 60);
}

static void a_trader_whom_people_play_has_days_to_answer(void **state)
{
    (void)state;
    struct span played[] = { SPAN("XM10000000") };
    struct cases cases = no_cases();
    cases.played = played;
    cases.played_count = 1;
    struct view_row row = row_of("simulated:officer-1", 1);
    row.declarant = SPAN("XM10000000");
    cases_hear(&cases, 6, &row, 0);
    cases_hurry(&cases, 1000, 0);
    assert_true(cases.list[0].due_ms > INT64_C(24) * 60 * 60 * 1000);
}

static void more_than_there_is_room_for_are_left_to_people(void **state)
{
    (void)state;
    struct cases cases = no_cases();
    struct view_row row = row_of("", 0);
    for (uint64_t n = 0; n < CASES_MAX + 5; n++) cases_hear(&cases, n, &row, 0);
    assert_int_equal(cases.count, CASES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_turn_it_is_follows_from_the_row),
        cmocka_unit_test(what_does_not_wait_any_more_is_forgotten),
        cmocka_unit_test(what_waits_longest_is_taken_first),
        cmocka_unit_test(in_a_hurry_everything_takes_as_many_times_less),
        cmocka_unit_test(a_trader_whom_people_play_has_days_to_answer),
        cmocka_unit_test(more_than_there_is_room_for_are_left_to_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
