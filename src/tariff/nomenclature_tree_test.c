// A nomenclature of random codes and days answers as a walk through all of its rows does.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tariff/nomenclature.h"

static _Alignas(64) char memory[8 << 20];

static struct nomenclature read(const char *text)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct nomenclature nomenclature;
    struct error err = { 0 };
    if (!nomenclature_read(span_of(text), &arena, &nomenclature, &err))
        fail_msg("%u: %s", err.line, err.text);
    return nomenclature;
}

struct random_text {
    char *text;
    size_t len;
    uint64_t chance;
};

static uint32_t draw(struct random_text *random, uint32_t below)
{
    random->chance ^= random->chance << 13;
    random->chance ^= random->chance >> 7;
    random->chance ^= random->chance << 17;
    return (uint32_t)(random->chance >> 20) % below;
}

// A day of 2020 or 2021 by its number.
static void write_day(char out[11], int32_t number)
{
    static _Alignas(64) char small[64];
    struct arena arena = arena_over(small, sizeof(small));
    struct text text = text_in(&arena, 16);
    date_write(&text, (struct date){ 18262 + number, true });
    snprintf(out, 11, SPAN_FMT, SPAN_ARG(text_span(&text)));
}

enum { RANDOM_TEXT_MAX = 1 << 18, RANDOM_DAYS = 700 };

struct days { int32_t from, to; };

static struct days days_within(struct random_text *random, struct days days)
{
    struct days part = { .from = days.from };
    part.from += (int32_t)draw(random, (uint32_t)(days.to - days.from) + 1);
    part.to = part.from + (int32_t)draw(random, (uint32_t)(days.to - part.from) + 1);
    return part;
}

static void write_rows(struct random_text *random, const char *code, struct days days)
{
    struct days row = days;
    for (uint32_t pieces = 1 + draw(random, 3); pieces > 0 && row.from <= days.to; pieces--) {
        uint32_t left = (uint32_t)(days.to - row.from) + 1;
        row.to = pieces == 1 ? days.to : row.from + (int32_t)draw(random, left);
        char first[11], last[11];
        write_day(first, row.from);
        write_day(last, row.to);
        random->len += (size_t)snprintf(random->text + random->len, RANDOM_TEXT_MAX - random->len,
                                        "%s,%s,%s,,%s\n", code, first, last,
                                        draw(random, 2) == 0 ? "" : "some words");
        assert_true(random->len < RANDOM_TEXT_MAX);
        row.from = row.to + 1;
    }
}

// The rows of a code and of those that it begins; some of these live on under the code above it.
static void write_code(struct random_text *random, const char *code, struct days days,
                       struct days above)
{
    write_rows(random, code, days);
    const char *zero = draw(random, 2) == 0 ? "" : "0"; // one digit more, or two
    for (uint32_t digit = 0; digit < 10 && strlen(code) < 8; digit++) {
        if (draw(random, 10) > 2) continue;
        char longer[24];
        snprintf(longer, sizeof(longer), "%s%s%u", code, zero, digit);
        bool lives_on = draw(random, 4) == 0;
        write_code(random, longer, days_within(random, lives_on ? above : days), days);
    }
}

static bool row_in_force(const struct nomenclature_line *line, struct date on)
{
    return line->from.days <= on.days && line->to.days >= on.days;
}

// The longest code in force that begins `code` and is shorter than `below`.
static const struct nomenclature_line *slow(const struct nomenclature *n, struct span code,
                                            size_t below, struct date on)
{
    const struct nomenclature_line *best = NULL;
    for (uint32_t i = 0; i < n->lines_count; i++) {
        const struct nomenclature_line *line = &n->lines[i];
        if (line->code.len < below && span_starts_with(code, line->code) &&
            row_in_force(line, on) && (best == NULL || line->code.len > best->code.len))
            best = line;
    }
    return best;
}

static uint32_t slow_children(const struct nomenclature *n, const struct nomenclature_line *above,
                              struct date on)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n->lines_count; i++)
        count += row_in_force(&n->lines[i], on) &&
                 slow(n, n->lines[i].code, n->lines[i].code.len, on) == above;
    return count;
}

static uint32_t walk_length(struct nomenclature_walk walk)
{
    uint32_t count = 0;
    while (nomenclature_next(&walk) != NULL) count++;
    return count;
}

static void compare_with_slow(const struct nomenclature *n, struct date on)
{
    assert_int_equal(walk_length(nomenclature_children(n, NULL, on)), slow_children(n, NULL, on));
    for (uint32_t i = 0; i < n->lines_count; i++) {
        const struct nomenclature_line *line = &n->lines[i];
        assert_ptr_equal(nomenclature_nearest(n, line->code, on), slow(n, line->code, 99, on));
        assert_ptr_equal(nomenclature_find(n, line->code, on) == line ? line : NULL,
                         row_in_force(line, on) ? line : NULL);
        if (!row_in_force(line, on)) continue;
        assert_ptr_equal(nomenclature_above(n, line, on), slow(n, line->code, line->code.len, on));
        assert_int_equal(walk_length(nomenclature_children(n, line, on)),
                         slow_children(n, line, on));
    }
}

static void test_the_tree_says_what_a_walk_through_all_rows_says(void **state)
{
    (void)state;
    static char text[RANDOM_TEXT_MAX];
    uint32_t lines = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random_text random = { text, 0, seed * 88172645463325252u };
        random.len = (size_t)snprintf(text, sizeof(text), "code,from,to,unit,label\n");
        struct days all = { 0, RANDOM_DAYS }, some = { 100, RANDOM_DAYS - 100 };
        write_code(&random, "01", all, all);
        write_code(&random, "02", some, some);
        struct nomenclature n = read(text);
        lines += n.lines_count;
        for (int32_t number = 0; number <= RANDOM_DAYS; number += 50)
            compare_with_slow(&n, (struct date){ 18262 + number, true });
    }
    assert_in_range(lines, 200, 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_tree_says_what_a_walk_through_all_rows_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
