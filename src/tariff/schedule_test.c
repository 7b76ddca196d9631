#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tariff/schedule.h"

static _Alignas(64) char memory[1 << 20];

#define HEADER "commodity,origin,regime,type,rate,from,to,law,text\n"
static const char groups[] = "group,country\nPARTNERS,KR\nPARTNERS,JP\nISLES,JP\n";

static bool try_read(const char *lines, struct schedule *schedule, struct error *err)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    return schedule_read(span_of(lines), span_of(groups), &arena, schedule, err);
}

static struct schedule read(const char *lines)
{
    struct schedule schedule;
    struct error err = { 0 };
    if (!try_read(lines, &schedule, &err)) fail_msg("%s", err.text);
    return schedule;
}

static uint32_t find(const struct schedule *schedule, const char *commodity, const char *origin,
                     const char *regime, const char *on,
                     const struct schedule_line *found[SCHEDULE_TYPES_MAX])
{
    struct error err;
    struct schedule_question question = { span_of(commodity), span_of(origin), span_of(regime),
                                          { 0 } };
    assert_true(date_read(span_of(on), &question.day, &err));
    return schedule_find(schedule, &question, found);
}

// The text of the line that applies; "" for none. For schedules of one type.
static struct span one(const struct schedule *schedule, const char *commodity, const char *origin,
                       const char *regime, const char *on)
{
    const struct schedule_line *found[SCHEDULE_TYPES_MAX];
    uint32_t count = find(schedule, commodity, origin, regime, on, found);
    assert_true(count <= 1);
    return count == 0 ? SPAN("") : found[0]->text;
}

static void test_the_longest_prefix_then_the_origin_then_the_regime_wins(void **state)
{
    (void)state;
    struct schedule schedule = read(HEADER
        ",*,*,A00,1,,,L,any\n"
        "85,*,*,A00,2,,,L,chapter\n"
        "85,PARTNERS,*,A00,2,,,L,chapter group\n"
        "85,KR,*,A00,2,,,L,chapter country\n"
        "85,KR,3,A00,2,,,L,chapter country regime\n"
        "85,KR,300,A00,2,,,L,chapter country whole regime\n"
        "8517,*,*,A00,3,,,L,heading\n"
        "8517,PARTNERS,3,A00,3,,,L,heading group regime\n"
        "8517130000,*,*,A00,4,,,L,code\n"
        "87,*,2,A00,5,,,L,another chapter\n");
    static const struct { const char *commodity, *origin, *regime, *text; } rows[] = {
        { "85171300", "CN", "", "heading" },
        { "8517130000", "CN", "", "code" },
        { "851713000011", "CN", "", "code" },       // more digits than are looked at
        { "85171300", "KR", "300", "heading group regime" },
        { "85171300", "KR", "", "heading" },          // nothing is claimed
        { "85171300", "CN", "300", "heading" },       // not of the group
        { "85160000", "KR", "", "chapter country" },
        { "85160000", "KR", "300", "chapter country whole regime" },
        { "85160000", "KR", "320", "chapter country regime" },
        { "85160000", "JP", "300", "chapter group" },
        { "85160000", "", "", "chapter" },
        { "8518", "CN", "", "chapter" },
        { "85", "CN", "", "chapter" },
        { "8", "CN", "", "any" },
        { "", "CN", "", "any" },
        { "86", "CN", "", "any" },
        { "87", "CN", "", "any" },
        { "87", "CN", "200", "another chapter" },
        { "8517.13", "CN", "", "heading" },
        { "abc", "CN", "", "any" },
        { "9999999999", "CN", "", "any" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span text = one(&schedule, rows[i].commodity, rows[i].origin, rows[i].regime,
                               "2026-01-01");
        if (!span_equal(text, span_of(rows[i].text)))
            fail_msg("row %zu: " SPAN_FMT, i, SPAN_ARG(text));
    }
}

static void test_a_line_applies_from_its_first_to_its_last_day(void **state)
{
    (void)state;
    struct schedule schedule = read(HEADER "85,*,*,A00,2,2020-01-01,2020-12-31,L,old\n"
                                           "85,*,*,A00,3,2021-01-01,,L,new\n"
                                           ",*,*,A00,9,,2019-12-31,L,first\n");
    static const struct { const char *on, *text; } rows[] = {
        { "2019-12-31", "first" }, { "2020-01-01", "old" }, { "2020-12-31", "old" },
        { "2021-01-01", "new" },   { "2999-01-01", "new" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_true(
            span_equal(one(&schedule, "8501", "CN", "", rows[i].on), span_of(rows[i].text)));
}

static void test_one_line_of_each_type_in_the_order_of_their_bases(void **state)
{
    (void)state;
    struct schedule schedule = read(HEADER ",*,*,B00,20,,,L,vat\n22,*,*,X10,8,,,L,excise\n"
                                           "2203,*,*,A30,5,,,L,other duty\n22,*,*,A00,9,,,L,duty\n"
                                           "2203,*,*,B00,5,,,L,low vat\n");
    const struct schedule_line *found[SCHEDULE_TYPES_MAX];
    assert_int_equal(find(&schedule, "22030001", "CN", "", "2026-01-01", found), 4);
    static const char *const order[] = { "duty", "other duty", "excise", "low vat" };
    for (size_t i = 0; i < 4; i++) assert_true(span_equal(found[i]->text, span_of(order[i])));
    assert_int_equal(found[0]->base, SCHEDULE_BASE_VALUE);
    assert_int_equal(found[2]->base, SCHEDULE_BASE_DUTIES);
    assert_int_equal(found[3]->base, SCHEDULE_BASE_ALL);
    assert_int_equal(find(&schedule, "99", "CN", "", "2026-01-01", found), 1);
}

// The answer of a search through all lines, without order or nodes.
static const struct schedule_line *slow(const struct schedule *schedule, struct span code)
{
    const struct schedule_line *best = NULL;
    for (uint32_t i = 0; i < schedule->lines_count; i++) {
        const struct schedule_line *line = &schedule->lines[i];
        if (!span_starts_with(code, line->commodity)) continue;
        if (best == NULL || line->commodity.len > best->commodity.len) best = line;
    }
    return best;
}

static void test_the_search_finds_what_a_walk_through_all_lines_finds(void **state)
{
    (void)state;
    static char text[1 << 16];
    size_t len = (size_t)snprintf(text, sizeof(text), HEADER);
    uint64_t chance = 88172645463325252u;
    static bool taken[10000];
    for (int i = 0; i < 400; i++) {
        chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
        unsigned digits = 2 + (unsigned)(chance % 3);
        unsigned code = (unsigned)(chance >> 20) % (digits == 2 ? 100 : digits == 3 ? 1000 : 10000);
        char name[8];
        snprintf(name, sizeof(name), "%0*u", (int)digits, code);
        unsigned key = digits * 10007u * 31u + code;
        if (taken[key % 10000]) continue;
        taken[key % 10000] = true;
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s,*,*,A00,1,,,L,t\n", name);
    }
    struct schedule schedule = read(text);
    assert_true(schedule.lines_count > 100);
    unsigned hits = 0;
    for (unsigned code = 0; code < 100000; code += 7) {
        char digits[8];
        snprintf(digits, sizeof(digits), "%05u", code);
        const struct schedule_line *found[SCHEDULE_TYPES_MAX];
        uint32_t count = find(&schedule, digits, "CN", "", "2026-01-01", found);
        const struct schedule_line *expected = slow(&schedule, span_of(digits));
        assert_ptr_equal(count == 0 ? NULL : found[0], expected);
        hits += count;
    }
    assert_true(hits > 1000);
}

static void test_mistakes_in_the_lines_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned line, column; const char *what; } rows[] = {
        { HEADER "8,*,*,A00,1,,,L,t\n", 2, 1, "commodity" },
        { HEADER "85.17,*,*,A00,1,,,L,t\n", 2, 1, "85.17" },
        { HEADER "85171300001,*,*,A00,1,,,L,t\n", 2, 1, "commodity" },
        { HEADER "85,NOBODY,*,A00,1,,,L,t\n", 2, 4, "NOBODY" },
        { HEADER "85,*,x,A00,1,,,L,t\n", 2, 6, "preference" },
        { HEADER "85,*,*,,1,,,L,t\n", 2, 8, "type" },
        { HEADER "85,*,*,A00,5 %,,,L,t\n", 2, 12, "5 %" },
        { HEADER "85,*,*,A00,-1,,,L,t\n", 2, 12, "per cent" },
        { HEADER "85,*,*,A00,1,2020-01-02,2020-01-01,L,t\n", 2, 25, "before" },
        { HEADER "85,*,*,A00,1,,,,t\n", 2, 16, "law" },
        { HEADER "85,*,*,A00,1,,,\"say \"\"L\"\"\",\n", 2, 28, "text" },
        { HEADER "85,*,*,A00,1,,,L,t\n85,*,*,A00,2,,,L,u\n", 0, 0, "same day" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct schedule schedule;
        struct error err = { 0 };
        assert_false(try_read(rows[i].text, &schedule, &err));
        if (err.line != rows[i].line || err.column != rows[i].column)
            fail_msg("row %zu: %u:%u %s", i, err.line, err.column, err.text);
        assert_non_null(strstr(err.text, rows[i].what));
        assert_true(err.hint[0] != '\0');
    }
}

static void test_a_full_arena_is_reported(void **state)
{
    (void)state;
    for (size_t size = 64; size < 12000; size += 500) {
        struct arena arena = arena_over(memory, size);
        struct schedule schedule;
        struct error err = { 0 };
        assert_false(schedule_read(SPAN(HEADER "85,*,*,A00,1,,,L,t\n"), span_of(groups), &arena,
                                   &schedule, &err));
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_longest_prefix_then_the_origin_then_the_regime_wins),
        cmocka_unit_test(test_a_line_applies_from_its_first_to_its_last_day),
        cmocka_unit_test(test_one_line_of_each_type_in_the_order_of_their_bases),
        cmocka_unit_test(test_the_search_finds_what_a_walk_through_all_lines_finds),
        cmocka_unit_test(test_mistakes_in_the_lines_are_named_with_their_place),
        cmocka_unit_test(test_a_full_arena_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
