#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <time.h>

#include "base/time.h"

enum { SIZE = 16 * 1024, DAY_SECONDS = 86400 };

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

static struct date date_of(struct arena *arena, int32_t days, char *text)
{
    arena_reset(arena, 0);
    struct text written = text_in(arena, 16);
    date_write(&written, (struct date){ days, true });
    memcpy(text, text_span(&written).at, 11);
    struct date date = { 0 };
    assert_true(date_read((struct span){ text, 10 }, &date, NULL));
    return date;
}

static void every_day_from_1900_to_2999_is_the_c_librarys_day(void **state)
{
    char text[11], expected[64];
    int32_t days = -25567;
    for (; days <= 376199; days++) {
        time_t seconds = (time_t)days * DAY_SECONDS;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        snprintf(expected, sizeof(expected), "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
                 tm.tm_mday);
        struct date date = date_of(*state, days, text);
        assert_string_equal(text, expected);
        assert_true(date.given);
        assert_int_equal(date.days, days);
    }
    assert_string_equal(text, "2999-12-31");
    date_of(*state, -25567, text);
    assert_string_equal(text, "1900-01-01");
}

static void dates_are_read_with_dashes_or_without(void **state)
{
    (void)state;
    struct date with, without;
    assert_true(date_read(SPAN("2026-11-23"), &with, NULL));
    assert_true(date_read(SPAN("20261123"), &without, NULL));
    assert_int_equal(with.days, 20780);
    assert_int_equal(without.days, 20780);
    struct date first;
    assert_true(date_read(SPAN("1970-01-01"), &first, NULL));
    assert_int_equal(first.days, 0);
}

static void a_date_nobody_gave_is_not_written(void **state)
{
    struct text text = text_in(*state, 8);
    date_write(&text, (struct date){ 0 });
    assert_int_equal(text_span(&text).len, 0);
}

static void days_the_calendar_does_not_have_are_refused_at_their_byte(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned column; } rows[] = {
        { "", 1 },           { "2026", 5 },        { "2026-13-01", 6 },  { "2026-00-01", 6 },
        { "2026-11-31", 9 }, { "2026-02-29", 9 },  { "2100-02-29", 9 },  { "20260229", 7 },
        { "2026-11-00", 9 }, { "2026-11-32", 9 },  { "1899-12-31", 1 },  { "3000-01-01", 1 },
        { "2026-1-01", 6 },  { "2026-1101", 8 },   { "202611-01", 7 },   { "2026-11-1", 9 },
        { "26-11-23", 1 },   { "2026/11/23", 5 },  { "2026-11-23 ", 11 }, { " 2026-11-23", 1 },
        { "23.11.2026", 1 }, { "2026-11-23T", 11 }, { "+026-11-23", 1 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err = { 0 };
        struct date date = { 42, true };
        if (date_read(span_of(rows[i].text), &date, &err)) fail_msg("'%s' read", rows[i].text);
        if (err.column != rows[i].column)
            fail_msg("'%s' is refused at %u: %s", rows[i].text, err.column, err.text);
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_string_equal(err.hint, "Dates are written like 2026-11-23 or 20261123.");
        assert_int_equal(date.days, 42);
    }
    struct date date;
    struct error err;
    assert_true(date_read(SPAN("2024-02-29"), &date, NULL));
    assert_true(date_read(SPAN("2000-02-29"), &date, NULL));
    assert_false(date_read((struct span){ 0 }, &date, NULL));
    assert_false(date_read(SPAN("2026-02-29"), &date, &err));
    assert_string_equal(err.text, "2026-02 has 28 days, not 29");
}

static void moments_are_read_in_any_zone_and_written_in_utc(void **state)
{
    static const struct { const char *read, *written; } rows[] = {
        { "2026-11-23T20:07:22Z", "2026-11-23T20:07:22.000Z" },
        { "2026-11-23T20:07:22.1Z", "2026-11-23T20:07:22.100Z" },
        { "2026-11-23T20:07:22.12Z", "2026-11-23T20:07:22.120Z" },
        { "2026-11-23T20:07:22.123Z", "2026-11-23T20:07:22.123Z" },
        { "2026-11-23T20:07:22.123999999999Z", "2026-11-23T20:07:22.123Z" },
        { "2026-11-23T20:07:22.0009Z", "2026-11-23T20:07:22.000Z" },
        { "2026-11-23T21:07:22+01:00", "2026-11-23T20:07:22.000Z" },
        { "2026-11-23T21:07:22+01", "2026-11-23T20:07:22.000Z" },
        { "2026-11-24T01:37:22+05:30", "2026-11-23T20:07:22.000Z" },
        { "2026-11-23T20:07:22-00:00", "2026-11-23T20:07:22.000Z" },
        { "2026-12-31T20:00:00-08:00", "2027-01-01T04:00:00.000Z" },
        { "2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00.000Z" },
        { "20260311102030Z", "2026-03-11T10:20:30.000Z" },
        { "20260311102030+01", "2026-03-11T09:20:30.000Z" },
        { "20260311102030-0500", NULL },
        { "20260311102030-05", "2026-03-11T15:20:30.000Z" },
        { "20260311102030+05:45", "2026-03-11T04:35:30.000Z" },
        { "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z" },
        { "1900-01-01T00:00:00Z", "1900-01-01T00:00:00.000Z" },
        { "2999-12-31T23:59:59.999Z", "2999-12-31T23:59:59.999Z" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t at_ms;
        bool read = moment_read(span_of(rows[i].read), &at_ms, NULL);
        if (read != (rows[i].written != NULL)) fail_msg("'%s'", rows[i].read);
        if (!read) continue;
        struct text text = text_in(*state, 8);
        moment_write(&text, at_ms);
        assert_string_equal(text_span(&text).at, rows[i].written);
        assert_int_equal(text_span(&text).len, 24);
    }
    int64_t at_ms;
    assert_true(moment_read(SPAN("1969-12-31T23:59:59.999Z"), &at_ms, NULL));
    assert_int_equal(at_ms, -1);
}

static void moments_in_another_form_are_refused_at_their_byte(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned column; } rows[] = {
        { "", 1 },                          { "2026-11-23", 11 },
        { "2026-11-23T", 12 },              { "2026-11-23 20:07:22Z", 11 },
        { "2026-11-23t20:07:22Z", 11 },     { "2026-11-23T20:07:22z", 20 },
        { "2026-11-23T24:00:00Z", 12 },     { "2026-11-23T20:60:00Z", 15 },
        { "2026-11-23T20:07:61Z", 18 },     { "2026-11-23T20:07Z", 17 },
        { "2026-11-23T20:07:22", 20 },      { "2026-11-23T20:07:22.Z", 21 },
        { "2026-11-23T20:07:22,5Z", 20 },   { "2026-11-23T20:07:22+24:00", 21 },
        { "2026-11-23T20:07:22+1", 21 },    { "2026-11-23T20:07:22+01:60", 24 },
        { "2026-11-23T20:07:22+01:", 24 },  { "2026-11-23T20:07:22Zx", 21 },
        { "2026-11-23T200722Z", 14 },       { "20261123T200722Z", 9 },
        { "202611232007Z", 13 },            { "20261123200722.5Z", 15 },
        { "1900-01-01T00:00:00+00:01", 1 }, { "2999-12-31T23:59:59-00:01", 1 },
        { "2026-02-29T00:00:00Z", 9 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err = { 0 };
        int64_t at_ms = 42;
        if (moment_read(span_of(rows[i].text), &at_ms, &err)) fail_msg("'%s'", rows[i].text);
        if (err.column != rows[i].column)
            fail_msg("'%s' is refused at %u: %s", rows[i].text, err.column, err.text);
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_true(err.hint[0] != '\0');
        assert_int_equal(at_ms, 42);
    }
}

static void a_leap_second_is_refused_with_a_way_out(void **state)
{
    (void)state;
    struct error err = { 0 };
    int64_t at_ms;
    assert_false(moment_read(SPAN("2016-12-31T23:59:60Z"), &at_ms, &err));
    assert_int_equal(err.column, 18);
    assert_string_equal(err.text, "the second is 60, a leap second");
    assert_string_equal(err.hint, "Leap seconds are not kept: write 59, or 00 of the next minute.");
    assert_false(moment_read(SPAN("20161231235960Z"), &at_ms, NULL));
}

static void random_moments_come_back_and_lie_in_the_c_librarys_day(void **state)
{
    uint64_t seed = 1;
    const int64_t lowest = -25567LL * 86400000, width = 401767LL * 86400000;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        int64_t at_ms = lowest + (int64_t)((seed >> 1) % (uint64_t)width), again;
        arena_reset(*state, 0);
        struct text text = text_in(*state, 24);
        moment_write(&text, at_ms);
        assert_true(moment_read(text_span(&text), &again, NULL));
        assert_true(again == at_ms);

        int64_t seconds = at_ms / 1000 - (at_ms % 1000 < 0);
        struct tm tm;
        char expected[64];
        time_t whole = (time_t)seconds;
        gmtime_r(&whole, &tm);
        strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", &tm);
        assert_memory_equal(text_span(&text).at, expected, 19);
        tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
        assert_int_equal(moment_date(at_ms).days, timegm(&tm) / DAY_SECONDS);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(every_day_from_1900_to_2999_is_the_c_librarys_day),
        TEST(dates_are_read_with_dashes_or_without),
        TEST(a_date_nobody_gave_is_not_written),
        TEST(days_the_calendar_does_not_have_are_refused_at_their_byte),
        TEST(moments_are_read_in_any_zone_and_written_in_utc),
        TEST(moments_in_another_form_are_refused_at_their_byte),
        TEST(a_leap_second_is_refused_with_a_way_out),
        TEST(random_moments_come_back_and_lie_in_the_c_librarys_day),
    };
    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
