#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/limits.h"
#include "base/time.h"
#include "clearance/risk/rulebook.h"
#include "clearance/risk/rulebook_body.h"

#define BOOKS "rule B-1 \"gold\" score 400 when any item (commodity starts with \"7113\")\n# end"
#define TEA "rule D-1 \"tea\" score 300 when any item (commodity starts with \"0902\") # all"
#define SEA "rule D-2 \"by sea\" examine when\n    mode = \"1\""
#define DAY INT64_C(86400000)

struct scene {
    struct arena arena;
    struct rulebook book;
    struct fact facts[64];
    int64_t now_ms;
};

static int begin(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    if (s == NULL || !arena_open(&s->arena, (size_t)64 * MIB, NULL) ||
        !rulebook_open(&s->book, &s->arena, NULL))
        return -1;
    s->now_ms = INT64_C(1795464442123); // 2026-11-23T20:07:22.123Z
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct scene *s = *state;
    rulebook_invariants(&s->book);
    arena_close(&s->arena);
    free(s);
    return 0;
}

static bool add(struct scene *s, enum fact_kind kind, struct span body, struct error *err)
{
    struct fact *fact = &s->facts[s->book.facts_count];
    *fact = (struct fact){ kind, s->book.facts_count + 1, s->now_ms, RULES_FILE, SPAN("user:ada"),
                           body };
    *err = (struct error){ 0 };
    bool added = rulebook_add(&s->book, fact, &s->arena, err);
    assert_int_equal(added, err->kind == ERROR_NONE);
    return added;
}

static void read_books(struct scene *s, const char *text)
{
    struct span body;
    struct error err;
    assert_true(body_rules_read(span_of(text), &s->arena, &body, NULL));
    if (!add(s, FACT_RULES_READ, body, &err)) fail_msg("%s", err.text);
}

static bool write_rule(struct scene *s, const char *text, struct error *err)
{
    struct span body;
    struct rule_written written = { span_of(text), SPAN("a tip from the post office") };
    assert_true(body_rule_written(&written, &s->arena, &body, NULL));
    return add(s, FACT_RULE_WRITTEN, body, err);
}

static bool turn_on(struct scene *s, const char *name, const char *until, struct error *err)
{
    struct span body;
    struct rule_switched switched = { span_of(name), SPAN("it found much"), span_of(until) };
    assert_true(body_rule_on(&switched, &s->arena, &body, NULL));
    return add(s, FACT_RULE_ON, body, err);
}

static bool turn_off(struct scene *s, const char *name, struct error *err)
{
    struct span body;
    struct rule_switched switched = { span_of(name), SPAN("it finds nothing"), SPAN("") };
    assert_true(body_rule_off(&switched, &s->arena, &body, NULL));
    return add(s, FACT_RULE_OFF, body, err);
}

static struct span in_force(struct scene *s, int64_t *ends_ms)
{
    struct span text;
    assert_true(rulebook_in_force(&s->book, s->now_ms, &s->arena, &text, ends_ms, NULL));
    return text;
}

static void assert_in_force(struct scene *s, const char *expected)
{
    int64_t ends_ms;
    struct span text = in_force(s, &ends_ms);
    if (!span_equal(text, span_of(expected))) fail_msg("in force: " SPAN_FMT, SPAN_ARG(text));
}

static void a_rule_is_written_switched_on_and_off(void **state)
{
    struct scene *s = *state;
    struct error err;
    read_books(s, BOOKS);
    assert_true(write_rule(s, TEA, &err));
    const struct desk_rule *rule = rulebook_rule(&s->book, SPAN("D-1"));
    assert_non_null(rule);
    assert_true(span_equal(rule->sentence, SPAN("tea")));
    assert_true(span_equal(rule->text, SPAN(TEA)));
    assert_true(span_equal(rule->owner, SPAN("user:ada")));
    assert_int_equal(rule->score, 300);
    assert_false(desk_rule_is_on(rule, s->now_ms));
    assert_in_force(s, BOOKS);
    assert_true(turn_on(s, "D-1", "", &err));
    assert_true(desk_rule_is_on(rule, s->now_ms));
    assert_true(span_equal(rule->reason, SPAN("it found much")));
    assert_in_force(s, BOOKS "\n" TEA);
    assert_true(turn_off(s, "D-1", &err));
    assert_true(span_equal(rule->reason, SPAN("it finds nothing")));
    assert_in_force(s, BOOKS);
}

static void what_is_in_force_is_read_as_one_file_in_the_order_of_writing(void **state)
{
    struct scene *s = *state;
    struct error err;
    const struct risk_rules *rules;
    int64_t ends_ms;
    read_books(s, BOOKS);
    assert_true(write_rule(s, SEA, &err));
    assert_true(write_rule(s, TEA, &err));
    assert_true(turn_on(s, "D-1", "", &err));
    assert_true(turn_on(s, "D-2", "", &err));
    assert_true(risk_rules_read(in_force(s, &ends_ms), &s->arena, &rules, NULL));
    assert_int_equal(rules->count, 3);
    static const char *const names[] = { "B-1", "D-2", "D-1" };
    for (int i = 0; i < 3; i++) assert_true(span_equal(rules->rules[i].name, span_of(names[i])));
    assert_true(span_equal(rules->rules[1].source, SPAN(SEA)));
    assert_int_equal(ends_ms, RULE_NO_END);
}

static void a_rule_ends_with_its_last_day(void **state)
{
    struct scene *s = *state;
    struct error err;
    int64_t ends_ms;
    read_books(s, BOOKS);
    assert_true(write_rule(s, TEA, &err));
    assert_true(turn_on(s, "D-1", "2026-11-24", &err));
    in_force(s, &ends_ms);
    assert_int_equal(moment_date(ends_ms - 1).days, moment_date(s->now_ms).days + 1);
    assert_int_equal(ends_ms % DAY, 0);
    s->now_ms = ends_ms - 1;
    assert_in_force(s, BOOKS "\n" TEA);
    s->now_ms = ends_ms;
    assert_in_force(s, BOOKS);
    assert_false(turn_off(s, "D-1", &err)); // it is
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_false(turn_on(s, "D-1", "2026-11-24", &err));
    assert_string_equal(err.field, "until");
    assert_true(turn_on(s, "D-1", "2026-11-25", &err));
    assert_in_force(s, BOOKS "\n" TEA);
}

static void a_name_stands_for_one_text(void **state)
{
    struct scene *s = *state;
    struct error err;
    read_books(s, BOOKS);
    assert_true(write_rule(s, TEA, &err));
    assert_false(write_rule(s, TEA, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_false(write_rule(s, "rule B-1 \"silver\" score 1 when items > 1", &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(s->book.count, 1);
    read_books(s, "rule B-2 \"silver\" score 1 when items > 1");
    assert_true(write_rule(s, "rule B-1 \"gold\" score 1 when items > 1", &err)); // free by now
}

static void a_rule_that_cannot_be_read_is_refused_with_its_place(void **state)
{
    struct scene *s = *state;
    static const struct { const char *text; unsigned line, column; } wrong[] = {
        { "rule D-1 \"tea\" score 300 when\n    any item (comodity = \"1\")", 2, 15 },
        { "rule D-1 \"tea\" when items > 1", 1, 16 },
        { "# nothing", 1, 10 },
        { TEA "\n" SEA, 2, 1 },
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct error err;
        assert_false(write_rule(s, wrong[i].text, &err));
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_int_equal(err.line, wrong[i].line);
        assert_int_equal(err.column, wrong[i].column);
        assert_true(err.hint[0] != '\0');
    }
    assert_int_equal(s->book.count, 0);
    assert_int_equal(s->book.facts_count, 0);
}

static void what_may_not_follow_changes_nothing(void **state)
{
    struct scene *s = *state;
    struct error err;
    assert_true(write_rule(s, TEA, &err));
    assert_false(turn_on(s, "D-9", "", &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_false(turn_off(s, "D-1", &err));
    assert_true(turn_on(s, "D-1", "", &err));
    assert_false(turn_on(s, "D-1", "2027-01-01", &err));
    assert_int_equal(rulebook_rule(&s->book, SPAN("D-1"))->ends_ms, RULE_NO_END);
    struct fact fact = { FACT_RULE_OFF, 7, s->now_ms, RULES_FILE, SPAN("user:ada"), SPAN("{}") };
    assert_false(rulebook_add(&s->book, &fact, &s->arena, &err)); // not the next one
    assert_int_equal(err.kind, ERROR_DAMAGED);
    fact.seq = s->book.facts_count + 1;
    assert_false(rulebook_add(&s->book, &fact, &s->arena, &err)); // without its members
    assert_int_equal(err.kind, ERROR_DAMAGED);
    fact.kind = FACT_LOOKED;
    assert_false(rulebook_add(&s->book, &fact, &s->arena, &err)); // of another file
    assert_int_equal(err.kind, ERROR_DAMAGED);
    fact.file = SPAN("~diary/2026-11-23");
    assert_false(rulebook_add(&s->book, &fact, &s->arena, &err));
    assert_int_equal(s->book.facts_count, 2);
}

static void the_facts_say_which_texts_a_version_was_made_of(void **state)
{
    struct scene *s = *state;
    struct error err;
    struct span text;
    char version[RULES_VERSION_SIZE];
    static const char *const all[] = { BOOKS, BOOKS "\n" TEA, BOOKS "\n" SEA "\n" TEA,
                                       BOOKS "\n" SEA, SEA };
    read_books(s, BOOKS);
    assert_true(write_rule(s, SEA, &err));
    assert_true(write_rule(s, TEA, &err));
    assert_true(turn_on(s, "D-1", "2026-11-25", &err));
    assert_true(turn_on(s, "D-2", "", &err)); // D-1 ends between the facts
    s->now_ms += 10 * DAY;
    read_books(s, "");
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        bool empty_books = i == 4;
        risk_rules_version(span_of(empty_books ? "\n" SEA : all[i]), version);
        if (!rulebook_find(s->facts, s->book.facts_count, span_of(version), s->now_ms, &s->arena,
                           &text, &err))
            fail_msg("%s: %s", all[i], err.text);
        assert_true(span_ends_with(text, span_of(all[i])));
    }
    risk_rules_version(SPAN("\n" SEA "\n" TEA), version); // never at once without the books
    assert_false(rulebook_find(s->facts, s->book.facts_count, span_of(version), s->now_ms,
                               &s->arena, &text, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void bodies_are_written_in_one_way_or_not_at_all(void **state)
{
    struct scene *s = *state;
    struct span body;
    struct error err;
    struct rule_switched switched = { SPAN("D-1"), SPAN("it found much"), SPAN("2026-12-31") };
    assert_true(body_rule_on(&switched, &s->arena, &body, NULL));
    assert_true(span_equal(body, SPAN("{\"name\":\"D-1\",\"reason\":\"it found much\","
                                      "\"until\":\"2026-12-31\"}")));
    static const struct rule_switched wrong[] = {
        { SPAN_INIT("D-1"), SPAN_INIT("why"), SPAN_INIT("20261231") },
        { SPAN_INIT("D-1"), SPAN_INIT("why"), SPAN_INIT("2026-02-30") },
        { SPAN_INIT("D-1"), SPAN_INIT(""), SPAN_INIT("") },
        { SPAN_INIT("D-1"), SPAN_INIT("bell \a"), SPAN_INIT("") },
        { SPAN_INIT("D-1"), SPAN_INIT("\xFF"), SPAN_INIT("") },
        { SPAN_INIT(""), SPAN_INIT("why"), SPAN_INIT("") },
    };
    static const char *const fields[] = { "until", "until", "reason", "reason", "reason", "name" };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(body_rule_on(&wrong[i], &s->arena, &body, &err));
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_string_equal(err.field, fields[i]);
    }
    struct span text;
    assert_true(body_rules_read(SPAN(""), &s->arena, &body, NULL));
    assert_true(body_read_rules_read(body, &s->arena, &text, NULL));
    assert_int_equal(text.len, 0);
    assert_false(body_read_rules_read(SPAN("{}"), &s->arena, &text, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(a_rule_is_written_switched_on_and_off),
        TEST(what_is_in_force_is_read_as_one_file_in_the_order_of_writing),
        TEST(a_rule_ends_with_its_last_day),
        TEST(a_name_stands_for_one_text),
        TEST(a_rule_that_cannot_be_read_is_refused_with_its_place),
        TEST(what_may_not_follow_changes_nothing),
        TEST(the_facts_say_which_texts_a_version_was_made_of),
        TEST(bodies_are_written_in_one_way_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
