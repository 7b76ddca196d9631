#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "clearance/risk/risk.h"
#include "clearance/risk/rules.h"
#include "consignment/fact_body.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

// What the step adds, caught here instead of folded into a file.
static struct fact added;

bool clearance_add(struct clearance *clearance, const struct step *step, enum fact_kind kind,
                   struct span body, struct error *err)
{
    (void)clearance;
    (void)err;
    added = (struct fact){ .kind = kind, .who = span_of(step->name), .body = body };
    return true;
}

struct scene {
    struct arena arena;
    struct file file;
    struct books books;
    struct clearance clearance;
};

static struct scene *scene(void **state)
{
    struct scene *s = *state;
    arena_reset(&s->arena, 0);
    s->file = (struct file){ .name = SPAN("6XM10000001-TIDE-1"), .version = 1 };
    s->books = (struct books){ .currency = "EUR", .worth_floor_minor = 10000 };
    for (int i = 0; i < 32; i++) s->books.lot_key[i] = (uint8_t)i;
    s->clearance = (struct clearance){ .file = &s->file, .books = &s->books, .arena = &s->arena };
    added = (struct fact){ 0 };
    return s;
}

static void set_rules(struct scene *s, const char *text)
{
    struct error err = { 0 };
    if (!risk_rules_read(span_of(text), &s->arena, &s->books.risk_rules, &err))
        fail_msg("%u:%u: %s", err.line, err.column, err.text);
}

static struct scored scored_of(struct scene *s)
{
    struct scored scored;
    struct error err = { 0 };
    if (!risk_step(&s->clearance, &err)) fail_msg("%s", err.text);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_int_equal(added.kind, FACT_SCORED);
    assert_true(span_equal(added.who, SPAN("risk")));
    if (!body_read_scored(added.body, &s->arena, &scored, &err)) fail_msg("%s", err.text);
    return scored;
}

static void assert_reason(const struct risk_reason *reason, const char *rule, const char *text,
                          uint32_t points)
{
    if (!span_equal(reason->rule, span_of(rule)) || !span_equal(reason->text, span_of(text)))
        fail_msg("'%.*s: %.*s' is not '%s: %s'", SPAN_ARG(reason->rule), SPAN_ARG(reason->text),
                 rule, text);
    assert_int_equal(reason->points, points);
}

// --- The score ---

static void rules_that_hit_add_their_points_and_give_their_sentences_in_order(void **state)
{
    struct scene *s = scene(state);
    set_rules(s, "rule A \"first\" score 120 when 1 = 1\n"
                 "rule B \"not this\" score 500 when 1 = 2\n"
                 "rule C \"nor what is unknown\" score 500 when officeId = \"XM000001\"\n"
                 "rule D \"fourth, \xC3\xBC\" score 30 when 2 = 2\n"
                 "rule E \"on trial\" score 0 when 3 = 3\n");
    struct scored scored = scored_of(s);
    assert_int_equal(scored.score, 150);
    assert_int_equal(scored.reasons_count, 3);
    assert_reason(&scored.reasons[0], "A", "first", 120);
    assert_reason(&scored.reasons[1], "D", "fourth, \xC3\xBC", 30);
    assert_reason(&scored.reasons[2], "E", "on trial", 0);
    assert_int_equal(scored.wants, DECISION_NONE);
}

static void a_file_without_anything_to_say_against_it_scores_nothing(void **state)
{
    struct scene *s = scene(state);
    set_rules(s, "rule A \"no\" score 500 hold when 1 = 2");
    struct scored scored = scored_of(s);
    assert_int_equal(scored.score, 0);
    assert_int_equal(scored.reasons_count, 0);
    assert_int_equal(scored.wants, DECISION_NONE);
    assert_int_equal(scored.worth.minor, 0);
    assert_false(scored.random);
}

static void the_score_ends_at_a_thousand_and_its_reasons_do_not(void **state)
{
    struct scene *s = scene(state);
    set_rules(s, "rule A \"a\" score 1000 when 1 = 1 rule B \"b\" score 1000 when 1 = 1");
    s->file.warnings_count = s->file.findings_count = 3;
    struct scored scored = scored_of(s);
    assert_int_equal(scored.score, 1000);
    assert_int_equal(scored.reasons_count, 3);
    assert_int_equal(scored.reasons[0].points + scored.reasons[1].points, 2000);
}

static void warnings_of_the_check_count_and_notes_do_not(void **state)
{
    static const uint32_t points[] = { 0, 15, 30, 45, 60, 75, 90, 90, 90 };
    for (uint32_t warnings = 0; warnings < COUNT_OF(points); warnings++) {
        struct scene *s = scene(state);
        s->file.warnings_count = warnings;
        s->file.findings_count = warnings + 5; // notes
        struct scored scored = scored_of(s);
        assert_int_equal(scored.score, points[warnings]);
        assert_int_equal(scored.reasons_count, warnings > 0 ? 1 : 0);
        if (warnings > 0)
            assert_reason(&scored.reasons[0], "check",
                          "the rules of the trade left doubts; see the findings", points[warnings]);
    }
    struct scene *s = scene(state);
    s->file.warnings_count = s->file.findings_count = UINT32_MAX;
    assert_int_equal(scored_of(s).score, WARNINGS_POINTS_MAX);
}

static void rules_see_how_many_warnings_there_are(void **state)
{
    struct scene *s = scene(state);
    set_rules(s, "rule A \"a\" score 100 when warnings >= 2");
    s->file.warnings_count = 2;
    assert_int_equal(scored_of(s).score, 130);
}

static void the_strongest_wish_of_the_rules_that_hit_is_told(void **state)
{
    static const char *const names[] = { "examine", "documents", "hold" };
    static const enum decision wants[] = { DECISION_EXAMINE, DECISION_DOCUMENTS, DECISION_HOLD };
    char text[256];
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            struct scene *s = scene(state);
            snprintf(text, sizeof(text),
                     "rule A \"a\" %s when 1 = 1 rule B \"b\" score 1 when 1 = 1 "
                     "rule C \"c\" %s when 1 = 1 rule D \"d\" hold when 1 = 2", names[a], names[b]);
            set_rules(s, text);
            struct scored scored = scored_of(s);
            assert_int_equal(scored.wants, wants[a > b ? a : b]);
            assert_int_equal(scored.score, 1);
        }
}

static void the_fact_names_the_version_of_the_rules(void **state)
{
    struct scene *s = scene(state);
    assert_true(span_equal(scored_of(s).rules, SPAN("none")));
    set_rules(s, "rule A \"a\" score 1 when 1 = 1");
    assert_true(span_equal(scored_of(s).rules, span_of(s->books.risk_rules->version)));
}

// --- What a check is worth ---

static void a_check_is_worth_its_share_of_the_duty_or_of_the_floor(void **state)
{
    static const struct { int64_t duty, floor; uint32_t score; int64_t worth; } rows[] = {
        { 0, 10000, 500, 5000 },         // nothing to pay: the floor
        { 9999, 10000, 500, 5000 },      // less than the floor
        { 20000, 10000, 500, 10000 },
        { 20000, 10000, 1000, 20000 },
        { 20000, 10000, 0, 0 },
        { 12345, 0, 333, 4111 },         // 4110.885
        { 1001, 0, 500, 501 },           // 500.5: half up
        { 1, 0, 499, 0 },
        { 1, 0, 500, 1 },
        { 0, 0, 1000, 0 },
        // The most that a fact can say:
        { INT64_C(999999999999999999), 0, 1000, INT64_C(999999999999999999) },
        { INT64_C(999999999999999999), 0, 999, INT64_C(998999999999999999) },
    };
    char text[80];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scene *s = scene(state);
        s->books.worth_floor_minor = rows[i].floor;
        s->file.duty_total = (struct money){ rows[i].duty, "EUR" };
        snprintf(text, sizeof(text), "rule A \"a\" score %u when 1 = 1", rows[i].score);
        set_rules(s, text);
        struct scored scored = scored_of(s);
        if (scored.worth.minor != rows[i].worth)
            fail_msg("row %zu: %lld is not %lld", i, (long long)scored.worth.minor,
                     (long long)rows[i].worth);
        assert_string_equal(scored.worth.currency, "EUR");
    }
    struct scene *s = scene(state); // duty is not known
    set_rules(s, "rule A \"a\" score 100 when 1 = 1");
    assert_int_equal(scored_of(s).worth.minor, 1000);
}

// --- The lot ---

static bool chosen(struct scene *s, const char *name, uint32_t version)
{
    size_t mark = s->arena.used;
    s->file.name = span_of(name);
    s->file.version = version;
    bool is = scored_of(s).random;
    arena_reset(&s->arena, mark);
    return is;
}

static uint32_t chosen_of(struct scene *s, uint32_t names)
{
    uint32_t count = 0;
    char name[32];
    for (uint32_t i = 0; i < names; i++) {
        snprintf(name, sizeof(name), "6XM10000001-TIDE-%u", i);
        count += chosen(s, name, 1);
    }
    return count;
}

// Out of 100,000 drawn with that share, one in a million series has fewer or more (binomial).
static void the_share_of_the_lot_is_as_the_books_say(void **state)
{
    static const struct { uint32_t per_million, fewest, most; } rows[] = {
        { 10, 0, 9 },
        { 5000, 395, 613 },
        { 250000, 24332, 25672 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scene *s = scene(state);
        s->books.random_per_million = rows[i].per_million;
        uint32_t count = chosen_of(s, 100000);
        if (count < rows[i].fewest || count > rows[i].most)
            fail_msg("%u of 100,000 at %u in a million", count, rows[i].per_million);
    }
}

static void the_lot_can_choose_nobody_or_everybody(void **state)
{
    struct scene *s = scene(state);
    s->books.random_per_million = 0;
    assert_int_equal(chosen_of(s, 1000), 0);
    s->books.random_per_million = 1000000;
    assert_int_equal(chosen_of(s, 1000), 1000);
}

// sha256(00 01 .. 1f | name | 00 00 00 01) begins with the bytes of a number that ends in 211196.
static void the_lot_is_drawn_alike_on_every_machine(void **state)
{
    static const char name[] = "6XM10000001-TIDE-1";
    struct scene *s = scene(state);
    s->books.random_per_million = 211196;
    assert_false(chosen(s, name, 1));
    s->books.random_per_million = 211197;
    assert_true(chosen(s, name, 1));
    assert_true(chosen(s, name, 1));
    s->books.random_per_million = 633887;
    assert_false(chosen(s, name, 2));
    s->books.random_per_million = 633888;
    assert_true(chosen(s, name, 2));
}

static void another_key_another_version_and_another_name_draw_anew(void **state)
{
    struct scene *s = scene(state);
    char name[32];
    uint32_t by_key = 0, by_version = 0, by_name = 0;
    s->books.random_per_million = 500000;
    for (uint32_t i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "TIDE-%u", i);
        bool is = chosen(s, name, 1);
        by_version += is != chosen(s, name, 2);
        s->books.lot_key[31] ^= 1;
        by_key += is != chosen(s, name, 1);
        s->books.lot_key[31] ^= 1;
        snprintf(name, sizeof(name), "TIDE-%u", i + 1);
        by_name += is != chosen(s, name, 1);
    }
    // Fair coins: 1,000 throws are outside of 400 .. 600 once in 10^9 series.
    assert_in_range(by_key, 400, 600);
    assert_in_range(by_version, 400, 600);
    assert_in_range(by_name, 400, 600);
}

static void what_is_chosen_by_lot_scores_nothing_for_it(void **state)
{
    struct scene *s = scene(state);
    s->books.random_per_million = 1000000;
    struct scored scored = scored_of(s);
    assert_true(scored.random);
    assert_int_equal(scored.score, 0);
    assert_int_equal(scored.reasons_count, 0);
}

// --- Repeating, and no room ---

static void the_same_file_gives_the_same_fact_to_the_byte(void **state)
{
    struct scene *s = scene(state);
    set_rules(s, "rule A \"a\" score 120 hold when 1 = 1");
    s->file.duty_total = (struct money){ 123456, "EUR" };
    scored_of(s);
    struct fact first = added;
    scored_of(s);
    assert_true(span_equal(first.body, added.body));
    static const char expected[] =
        "{\"random\":false,\"reasons\":[{\"points\":120,\"rule\":\"A\",\"text\":\"a\"}],"
        "\"rules\":\"";
    assert_true(span_starts_with(first.body, span_of(expected)));
}

static void a_full_arena_is_told(void **state)
{
    struct scene *s = scene(state);
    static _Alignas(64) char memory[4096];
    bool done = false;
    set_rules(s, "rule A \"a\" score 120 hold when 1 = 1");
    for (size_t size = 64; size <= sizeof(memory); size += 64) {
        struct error err = { 0 };
        struct arena small = arena_over(memory, size);
        s->clearance.arena = &small;
        done = risk_step(&s->clearance, &err);
        assert_int_equal(err.kind, done ? ERROR_NONE : ERROR_TOO_LARGE);
        if (size == 64) assert_false(done);
    }
    assert_true(done);
}

static int scene_open(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    if (s == NULL || !arena_open(&s->arena, 16 << 20, NULL)) return -1;
    *state = s;
    return 0;
}

static int scene_close(void **state)
{
    struct scene *s = *state;
    arena_close(&s->arena);
    free(s);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_that_hit_add_their_points_and_give_their_sentences_in_order),
        cmocka_unit_test(a_file_without_anything_to_say_against_it_scores_nothing),
        cmocka_unit_test(the_score_ends_at_a_thousand_and_its_reasons_do_not),
        cmocka_unit_test(warnings_of_the_check_count_and_notes_do_not),
        cmocka_unit_test(rules_see_how_many_warnings_there_are),
        cmocka_unit_test(the_strongest_wish_of_the_rules_that_hit_is_told),
        cmocka_unit_test(the_fact_names_the_version_of_the_rules),
        cmocka_unit_test(a_check_is_worth_its_share_of_the_duty_or_of_the_floor),
        cmocka_unit_test(the_share_of_the_lot_is_as_the_books_say),
        cmocka_unit_test(the_lot_can_choose_nobody_or_everybody),
        cmocka_unit_test(the_lot_is_drawn_alike_on_every_machine),
        cmocka_unit_test(another_key_another_version_and_another_name_draw_anew),
        cmocka_unit_test(what_is_chosen_by_lot_scores_nothing_for_it),
        cmocka_unit_test(the_same_file_gives_the_same_fact_to_the_byte),
        cmocka_unit_test(a_full_arena_is_told),
    };
    return cmocka_run_group_tests(tests, scene_open, scene_close);
}
