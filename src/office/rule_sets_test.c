#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "office/books_open.h"
#include "office/rule_sets.h"
#include "office/scene.h"
#include "office/trial.h"

// Stories of rules that are written at the desk: what they catch, from when on and until when, and
// what is known of it afterwards.

#define TEA "rule D-1 \"tea\" score 300 when any item (commodity starts with \"0902\")"
#define NOON INT64_C(1795435200000) // 2026-11-23T12:00:00Z
#define DAY INT64_C(86400000)

static int begin(void **state)
{
    static struct scene scene;
    scene_begin(&scene);
    scene_set_clock(NOON);
    scene_open(&scene);
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    scene_end(*state);
    return 0;
}

#define ADA SPAN("user:ada")

static bool write_rule(struct scene *scene, const char *text, struct error *err)
{
    struct rule_written written = { span_of(text), SPAN("a tip") };
    *err = (struct error){ 0 };
    return rule_sets_write(office_rules(scene->office), ADA, &written, err);
}

static bool turn_on(struct scene *scene, const char *name, const char *until, struct error *err)
{
    struct rule_switched switched = { span_of(name), SPAN("it found much"), span_of(until) };
    *err = (struct error){ 0 };
    return rule_sets_switch_on(office_rules(scene->office), ADA, &switched, err);
}

static bool turn_off(struct scene *scene, const char *name, struct error *err)
{
    struct rule_switched switched = { span_of(name), SPAN("it finds nothing"), SPAN("") };
    *err = (struct error){ 0 };
    return rule_sets_switch_off(office_rules(scene->office), ADA, &switched, err);
}

static void must_be(bool done, const struct error *err)
{
    if (!done) fail_msg("%s", err->text);
}

static void rule_in_force(struct scene *scene, const char *text, const char *name)
{
    struct error err;
    must_be(write_rule(scene, text, &err), &err);
    must_be(turn_on(scene, name, "", &err), &err);
}

static enum file_state state_of(struct scene *scene, uint32_t number)
{
    return scene_send(scene, (struct told){ .number = number }).state;
}

// The SCORED fact of a consignment.
static struct scored scored(struct scene *scene, uint32_t number)
{
    struct file file;
    struct scored scored = { 0 };
    assert_true(scene_file(scene, number, &file));
    for (uint32_t i = 0; i < file.facts_count; i++)
        if (file.facts[i].kind == FACT_SCORED)
            assert_true(body_read_scored(file.facts[i].body, &scene->arena, &scored, NULL));
    assert_true(scored.rules.len > 0);
    return scored;
}

static void facts_of_rules(struct scene *scene, struct fact **facts, uint32_t *count)
{
    struct error err;
    must_be(office_own(scene->office, RULES_FILE, &scene->arena, facts, count, &err), &err);
}

// --- In force ------------------------------------------------------------------------------------

static void what_is_switched_on_catches_the_next_and_what_is_off_does_not(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct span books = span_of(scene->books.risk_rules->version);
    assert_int_equal(state_of(scene, 1), FILE_RELEASED);
    assert_true(write_rule(scene, TEA, &err));
    assert_int_equal(state_of(scene, 2), FILE_RELEASED);
    assert_true(span_equal(scored(scene, 2).rules, books));
    assert_true(turn_on(scene, "D-1", "", &err));
    assert_int_equal(state_of(scene, 3), FILE_UNDER_CONTROL);
    struct scored found = scored(scene, 3);
    assert_int_equal(found.reasons_count, 1);
    assert_true(span_equal(found.reasons[0].rule, SPAN("D-1")));
    assert_false(span_equal(found.rules, books));
    assert_true(turn_off(scene, "D-1", &err));
    assert_int_equal(state_of(scene, 4), FILE_RELEASED);
    assert_true(span_equal(scored(scene, 4).rules, books));
    scene_check(scene);
}

static void the_same_rules_are_in_force_after_a_restart_and_a_rebuild(void **state)
{
    struct scene *scene = *state;
    struct error err;
    uint64_t files;
    rule_in_force(scene, TEA, "D-1");
    assert_int_equal(state_of(scene, 1), FILE_UNDER_CONTROL);
    scene_close(scene);
    scene_open(scene);
    assert_int_equal(state_of(scene, 2), FILE_UNDER_CONTROL);
    assert_true(span_equal(scored(scene, 1).rules, scored(scene, 2).rules));
    assert_true(office_rebuild(scene->office, NULL, NULL, &files, &err));
    scene_close(scene);
    scene_open(scene);
    assert_int_equal(state_of(scene, 3), FILE_UNDER_CONTROL);
    assert_true(turn_off(scene, "D-1", &err));
}

static void a_rule_ends_with_its_last_day_and_nobody_does_anything(void **state)
{
    struct scene *scene = *state;
    struct error err;
    assert_true(write_rule(scene, TEA, &err));
    assert_true(turn_on(scene, "D-1", "2026-11-24", &err));
    scene_set_clock(NOON + DAY);
    assert_int_equal(state_of(scene, 1), FILE_UNDER_CONTROL);
    scene_set_clock(NOON + 2 * DAY);
    assert_int_equal(state_of(scene, 2), FILE_RELEASED);
    assert_true(span_equal(scored(scene, 2).rules, span_of(scene->books.risk_rules->version)));
    scene_close(scene);
    scene_open(scene);
    assert_int_equal(state_of(scene, 3), FILE_RELEASED);
}

static void a_set_lives_until_nobody_works_with_it(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct rule_sets *sets = office_rules(scene->office);
    rule_in_force(scene, TEA, "D-1");
    struct rule_set *before = rule_sets_take(sets);
    assert_true(turn_off(scene, "D-1", &err));
    struct rule_set *after = rule_sets_take(sets);
    uint32_t books = scene->books.risk_rules->count;
    assert_int_equal(before->books.risk_rules->count, books + 1);
    assert_true(span_equal(before->books.risk_rules->rules[books].name, SPAN("D-1")));
    assert_true(rulebook_rule(before->book, SPAN("D-1"))->on);
    assert_int_equal(after->books.risk_rules->count, books);
    assert_false(rulebook_rule(after->book, SPAN("D-1"))->on);
    rule_sets_let_go(sets, before);
    rule_sets_let_go(sets, after);
}

static void what_may_not_be_is_refused_and_leaves_no_fact(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct fact *facts;
    uint32_t count;
    assert_false(write_rule(scene, "rule D-1 \"tea\" score 1 when tee = \"1\"", &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_int_equal(err.column, 29);
    assert_false(write_rule(scene, "rule K-1 \"gold\" score 1 when items > 1", &err));
    assert_int_equal(err.kind, ERROR_CONFLICT); // the books have it
    assert_false(turn_on(scene, "D-1", "", &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    facts_of_rules(scene, &facts, &count);
    assert_int_equal(count, 0);
    assert_true(write_rule(scene, TEA, &err));
    facts_of_rules(scene, &facts, &count);
    assert_int_equal(count, 2); // the books' rules, and it
    assert_int_equal(facts[0].kind, FACT_RULES_READ);
}

// --- Books ---------------------------------------------------------------------------------------

static void open_with_rules(struct scene *scene, struct span text)
{
    struct error err;
    scene_close(scene);
    must_be(risk_rules_read(text, &scene->books_arena, &scene->books.risk_rules, &err), &err);
}

static void the_limits_hold_for_the_sum(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct text many = text_in(&scene->books_arena, (size_t)64 * KIB);
    for (int i = 0; i < RISK_RULES_MAX; i++)
        text_add_format(&many, "rule B-%d \"many\" score 0 when items > 99\n", i);
    open_with_rules(scene, text_span(&many));
    scene_open(scene);
    assert_true(write_rule(scene, TEA, &err));
    assert_false(turn_on(scene, "D-1", "", &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, "too many rules"));
    assert_int_equal(err.line, 0);
    assert_int_equal(state_of(scene, 1), FILE_RELEASED);
}

static void books_that_have_the_name_of_a_rule_that_is_on_do_not_open(void **state)
{
    struct scene *scene = *state;
    struct error err = { 0 };
    rule_in_force(scene, TEA, "D-1");
    open_with_rules(scene, SPAN("rule D-1 \"coffee\" score 1 when items > 1\n"));
    assert_false(scene_try_open(scene, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, "two rules have this name"));
    open_with_rules(scene, SPAN("rule D-3 \"coffee\" score 1 when items > 1\n"));
    scene_open(scene);
}

// --- What is known afterwards --------------------------------------------------------------------

// Clears the declaration anew, by that text of rules and as of then.
static struct span scored_again(struct scene *scene, const struct file *old, struct span rules)
{
    struct error err;
    struct file file;
    struct books books = scene->books;
    must_be(risk_rules_read(rules, &scene->arena, &books.risk_rules, &err), &err);
    must_be(file_open(&file, old->name, &scene->arena, &err), &err);
    must_be(file_add(&file, &old->facts[0], NULL, &scene->arena, &err), &err);
    struct clearance clearance = { .file = &file, .books = &books, .arena = &scene->arena,
                                   .now_ms = old->facts[0].at_ms };
    must_be(clearance_run(&clearance, &err), &err);
    for (uint32_t i = 0; i < file.facts_count; i++)
        if (file.facts[i].kind == FACT_SCORED) return file.facts[i].body;
    return SPAN("");
}

static void an_old_declaration_gets_its_old_answer_by_the_rules_of_its_version(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct fact *facts;
    struct file file;
    struct span text;
    uint32_t count;
    rule_in_force(scene, TEA, "D-1");
    state_of(scene, 1);
    open_with_rules(scene, SPAN("rule K-2 \"dear\" score 20 when value > 100\n")); // other books
    scene_open(scene);
    state_of(scene, 2);
    assert_true(turn_off(scene, "D-1", &err));
    state_of(scene, 3);
    facts_of_rules(scene, &facts, &count);
    for (uint32_t number = 1; number <= 3; number++) {
        struct span version = scored(scene, number).rules;
        assert_true(scene_file(scene, number, &file));
        must_be(rulebook_find(facts, count, version, NOON, &scene->arena, &text, &err), &err);
        assert_true(span_equal(scored_again(scene, &file, text), file.facts[4].body));
    }
    assert_false(span_equal(scored(scene, 1).rules, scored(scene, 2).rules));
    assert_false(span_equal(scored(scene, 2).rules, scored(scene, 3).rules));
}

enum { SENT = 60 };

static void *send_many(void *context)
{
    struct scene *scene = context;
    for (uint32_t number = 1; number <= SENT; number++) {
        struct arena arena;
        struct answer answer;
        struct error err;
        if (!arena_open(&arena, (size_t)64 * KIB, &err)) return NULL;
        struct message message = { .text = scene_text((struct told){ .number = number }, &arena),
                                   .who = "trader:test" };
        bool sent = office_send(scene->office, &message, scene_read, NULL, &arena, &answer, &err);
        arena_close(&arena);
        if (!sent || answer.kind != ANSWER_LODGED) return NULL;
    }
    return context;
}

static void the_desk_goes_on_while_rules_are_switched_and_each_answer_names_its_rules(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct fact *facts;
    uint32_t count;
    pthread_t sender;
    void *done;
    must_be(write_rule(scene, TEA, &err), &err);
    assert_int_equal(pthread_create(&sender, NULL, send_many, scene), 0);
    for (int i = 0; i < 10; i++) {
        must_be(turn_on(scene, "D-1", "", &err), &err);
        must_be(turn_off(scene, "D-1", &err), &err);
    }
    assert_int_equal(pthread_join(sender, &done), 0);
    assert_ptr_equal(done, scene);
    facts_of_rules(scene, &facts, &count);
    assert_int_equal(count, 22);
    for (uint32_t number = 1; number <= SENT; number++) {
        struct span text;
        struct scored found = scored(scene, number);
        must_be(rulebook_find(facts, count, found.rules, NOON, &scene->arena, &text, &err), &err);
        assert_int_equal(found.score > 0, span_ends_with(text, SPAN(TEA)));
    }
    scene_check(scene);
}

// --- Trying --------------------------------------------------------------------------------------

static bool always(void *context)
{
    (void)context;
    return true;
}

static bool some_times(void *context)
{
    uint32_t *left = context;
    return (*left)-- > 0;
}

static struct trial try_rule(struct scene *scene, const char *text, uint32_t last)
{
    struct trial trial;
    struct error err;
    struct trial_asked asked = { span_of(text), last, always, NULL };
    must_be(office_try(scene->office, &asked, &scene->arena, &trial, &err), &err);
    return trial;
}

static void inspect(struct scene *scene, uint32_t number, const char *recovered)
{
    struct error err;
    struct span body, found = SPAN("undervaluation");
    struct answer answer;
    struct inspected inspected = { .conforms = recovered == NULL, .minutes = 30 };
    if (recovered != NULL) {
        struct decimal value;
        inspected.found = (struct text_list){ &found, 1 };
        assert_true(decimal_read(span_of(recovered), &value, &err));
        assert_true(money_from_decimal_half_up(value, SPAN("EUR"), &inspected.recovered, &err));
    }
    must_be(body_inspected(&inspected, &scene->arena, &body, &err), &err);
    struct record record = { FACT_INSPECTED, SPAN("officer:anna"), body };
    struct message message = { .kind = MESSAGE_FACT, .who = "officer:anna",
                               .file = scene_name(number, &scene->arena), .records = &record,
                               .records_count = 1, .after = ANY_FACTS };
    must_be(office_send(scene->office, &message, scene_read, NULL, &scene->arena, &answer, &err),
            &err);
    assert_int_equal(answer.kind, ANSWER_LODGED);
}

// Five: two of gold, which an officer looked at, two of tea, and one that was refused.
static void send_five(struct scene *scene)
{
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    scene_send(scene, (struct told){ .number = 2 });
    scene_send(scene, (struct told){ .number = 3, .broken = true });
    scene_send(scene, (struct told){ .number = 4, .gold = true, .euros = 5000 });
    scene_send(scene, (struct told){ .number = 5, .euros = 9000 });
    inspect(scene, 1, NULL);
    inspect(scene, 4, "812.50");
}

static void a_rule_is_tried_on_the_past_and_nothing_is_kept(void **state)
{
    struct scene *scene = *state;
    send_five(scene);
    uint64_t size = scene_check(scene);
    struct trial trial = try_rule(scene, "rule X-1 \"all\" score 1 when items > 0", 100);
    assert_true(span_equal(trial.name, SPAN("X-1")));
    assert_int_equal(trial.tried, 4); // the refused one was never scored
    assert_int_equal(trial.hits, 4);
    assert_int_equal(trial.stopped, 2);
    assert_int_equal(trial.inspected, 2);
    assert_int_equal(trial.found, 1);
    assert_int_equal(trial.recovered.minor, 81250);
    assert_string_equal(trial.recovered.currency, "EUR");
    assert_int_equal(trial.rows_count, 4);
    assert_true(span_equal(trial.rows[0].file, scene_name(5, &scene->arena))); // newest first
    assert_false(trial.ended_early);
    assert_int_equal(scene_check(scene), size);
}

static void a_trial_sees_what_the_rule_would_have_seen(void **state)
{
    struct scene *scene = *state;
    send_five(scene);
    assert_int_equal(try_rule(scene, "rule X \"x\" score 1 when value > 4000", 9).hits, 2);
    assert_int_equal(try_rule(scene, "rule X \"x\" score 1 when any item (value = 9000)", 9).hits,
                     1);
    assert_int_equal(try_rule(scene, "rule X \"x\" score 1 when duty > 1000", 9).hits, 2);
    assert_int_equal(try_rule(scene, "rule X \"x\" score 1 when now > date \"2026-11-23\""
                              " and now < date \"2026-11-24\"", 9).hits, 4);
    scene_set_clock(NOON + 7 * DAY); // a rule is asked as of then
    assert_int_equal(try_rule(scene, "rule X \"x\" score 1 when now > date \"2026-11-24\"", 9).hits,
                     0);
}

static void a_trial_is_of_the_last_and_ends_when_it_is_told_to(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct trial trial;
    send_five(scene);
    trial = try_rule(scene, "rule X \"x\" score 1 when items > 0", 2);
    assert_int_equal(trial.tried, 2);
    assert_false(trial.ended_early);
    assert_true(span_equal(trial.rows[1].file, scene_name(4, &scene->arena)));
    uint32_t left = 2;
    struct trial_asked asked = { SPAN("rule X \"x\" score 1 when items > 0"), 100, some_times,
                                 &left };
    must_be(office_try(scene->office, &asked, &scene->arena, &trial, &err), &err);
    assert_true(trial.ended_early);
    assert_true(trial.tried < 3);
    asked.text = SPAN("rule X \"x\" score 1 when\nitms > 0");
    err = (struct error){ 0 };
    assert_false(office_try(scene->office, &asked, &scene->arena, &trial, &err));
    assert_int_equal(err.line, 2);
}

static void only_the_first_hits_are_shown(void **state)
{
    struct scene *scene = *state;
    for (uint32_t number = 1; number <= RISK_TRIED_ROWS_MAX + 160; number++)
        scene_send(scene, (struct told){ .number = number });
    struct trial trial = try_rule(scene, "rule X \"x\" score 1 when items > 0", RISK_TRIED_MAX);
    assert_int_equal(trial.hits, RISK_TRIED_ROWS_MAX + 160); // more than a page of the views
    assert_int_equal(trial.rows_count, RISK_TRIED_ROWS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(what_is_switched_on_catches_the_next_and_what_is_off_does_not),
        TEST(the_same_rules_are_in_force_after_a_restart_and_a_rebuild),
        TEST(a_rule_ends_with_its_last_day_and_nobody_does_anything),
        TEST(a_set_lives_until_nobody_works_with_it),
        TEST(what_may_not_be_is_refused_and_leaves_no_fact),
        TEST(the_limits_hold_for_the_sum),
        TEST(books_that_have_the_name_of_a_rule_that_is_on_do_not_open),
        TEST(an_old_declaration_gets_its_old_answer_by_the_rules_of_its_version),
        TEST(the_desk_goes_on_while_rules_are_switched_and_each_answer_names_its_rules),
        TEST(a_rule_is_tried_on_the_past_and_nothing_is_kept),
        TEST(a_trial_sees_what_the_rule_would_have_seen),
        TEST(a_trial_is_of_the_last_and_ends_when_it_is_told_to),
        TEST(only_the_first_hits_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
