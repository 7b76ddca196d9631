#include "clearance/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "clearance/scene.h"
#include "consignment/reason.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void need(bool done, const struct error *err)
{
    if (!done) fail_msg("%s", err->text);
}

// What the steps in front of the decision found.
struct found {
    uint32_t missing, score;
    bool random;
    enum decision wants;
};

static void find(struct scene *scene, const struct found *found)
{
    static const struct span texts[] = { SPAN_INIT("item 1: no price"), SPAN_INIT("freight") };
    struct error err = { 0 };
    struct span body;
    scene_begin(scene);
    scene_accept(scene, "{}");
    struct valued valued = { .missing = { texts, found->missing } };
    need(body_valued(&valued, &scene->arena, &body, &err), &err);
    scene_add(scene, FACT_VALUED, "step:value", body);
    struct assessed assessed = { .total = { 0, "EUR" } };
    need(body_assessed(&assessed, &scene->arena, &body, &err), &err);
    scene_add(scene, FACT_ASSESSED, "step:duty", body);
    struct scored scored = { .score = found->score, .random = found->random,
                             .wants = found->wants, .worth = { 0, "EUR" } };
    need(body_scored(&scored, &scene->arena, &body, &err), &err);
    scene_add(scene, FACT_SCORED, "step:risk", body);
}

static struct decided decide(struct scene *scene)
{
    struct error err = { 0 };
    struct decided decided;
    need(decide_step(&scene->clearance, &err), &err);
    struct span body = scene_last(scene, FACT_DECIDED, "step:decide");
    need(body_read_decided(body, &scene->arena, &decided, &err), &err);
    assert_int_equal(scene->file.decision, decided.decision);
    assert_false(decided.by_officer);
    assert_true(decided.reasons.count > 0);
    return decided;
}

static void assert_reason(const struct decided *decided, uint32_t index, const char *expected)
{
    assert_true(index < decided->reasons.count);
    struct span reason = decided->reasons.at[index];
    if (span_equal(reason, span_of(expected))) return;
    fail_msg("'" SPAN_FMT "' instead of '%s'", SPAN_ARG(reason), expected);
}

static void errors_refuse(struct scene *scene, uint32_t errors, const char *reason)
{
    struct error err = { 0 };
    struct span body;
    struct finding findings[12];
    for (uint32_t i = 0; i < COUNT(findings); i++)
        findings[i] = (struct finding){ .rule = SPAN("R-101"), .severity = SEVERITY_ERROR };
    struct checked checked = { .findings = findings, .errors_count = errors,
                               .findings_count = errors };
    assert_true(errors <= COUNT(findings));
    scene_begin(scene);
    scene_declare(scene, "{}");
    need(body_checked(&checked, &scene->arena, &body, &err), &err);
    scene_add(scene, FACT_CHECKED, "step:check", body);
    struct decided decided = decide(scene);
    assert_int_equal(scene->file.state, FILE_REFUSED);
    assert_int_equal(decided.reasons.count, 1);
    assert_reason(&decided, 0, reason);
}

static void a_broken_rule_refuses(void **state)
{
    errors_refuse(*state, 1, "1 finding is an error: correct the declaration and send it again");
    errors_refuse(*state, 12, "12 findings are errors: correct the declaration and send it again");
}

static void release_when_nothing_speaks_against_it(void **state)
{
    struct scene *s = *state;
    find(s, &(struct found){ .score = 249 });
    struct decided decided = decide(s);
    assert_int_equal(s->file.state, FILE_RELEASED);
    assert_int_equal(decided.reasons.count, 1);
    assert_reason(&decided, 0, "nothing speaks against it");
}

static void each_doubt_has_its_decision_and_its_words(void **state)
{
    static const struct {
        struct found found;
        enum file_state state;
        const char *reason;
    } rows[] = {
        { { .score = 250 }, FILE_UNDER_CONTROL, "the risk score 250 is at or over 250" },
        { { .score = 1000 }, FILE_UNDER_CONTROL, "the risk score 1000 is at or over 250" },
        { { .random = true }, FILE_UNDER_CONTROL, "chosen by lot" },
        { { .missing = 1 },
          FILE_AWAITING_DOCUMENTS,
          "the customs value could not be worked out: 1 thing is missing" },
        { { .missing = 2 },
          FILE_AWAITING_DOCUMENTS,
          "the customs value could not be worked out: 2 things are missing" },
        { { .wants = DECISION_EXAMINE },
          FILE_UNDER_CONTROL,
          "an officers' rule asks for an examination" },
        { { .wants = DECISION_DOCUMENTS },
          FILE_AWAITING_DOCUMENTS,
          "an officers' rule asks for documents" },
        { { .wants = DECISION_HOLD }, FILE_HELD, "an officers' rule asks to hold the goods" },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        find(s, &rows[i].found);
        struct decided decided = decide(s);
        assert_int_equal(s->file.state, rows[i].state);
        assert_int_equal(decided.reasons.count, 1);
        assert_reason(&decided, 0, rows[i].reason);
        assert_true(file_waits_for_officer(&s->file));
    }
}

static void the_strongest_decides_and_all_reasons_are_told(void **state)
{
    struct scene *s = *state;
    find(s, &(struct found){ .score = 700, .random = true, .missing = 2, .wants = DECISION_HOLD });
    struct decided decided = decide(s);
    assert_int_equal(decided.decision, DECISION_HOLD);
    assert_int_equal(decided.reasons.count, 4);
    assert_reason(&decided, 0, "an officers' rule asks to hold the goods");
    assert_reason(&decided, 1, "the risk score 700 is at or over 250");
    assert_reason(&decided, 2, "chosen by lot");
    assert_reason(&decided, 3, "the customs value could not be worked out: 2 things are missing");
}

static void the_declarant_reads_no_reason_that_tells_how_the_desk_chooses(void **state)
{
    static const struct { const char *reason; bool open; } rows[] = {
        { "1 finding is an error: correct the declaration and send it again", true },
        { "an officers' rule asks for documents", true },
        { "the customs value could not be worked out: 1 thing is missing", true },
        { "what was asked for has come", true },
        { "nothing speaks against it", true },
        { "nothing speaks against it: the risk score 249 is below 250", false }, // as it once was
        { "an officers' rule asks for an examination", false },
        { "an officers' rule asks to hold the goods", false },
        { "the risk score 250 is at or over 250", false },
        { "chosen by lot", false },
        { "", false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(reason_is_open(span_of(rows[i].reason)), rows[i].open);
}

static void the_books_say_from_which_score_on(void **state)
{
    struct scene *s = *state;
    find(s, &(struct found){ .score = 40 });
    s->books.examine_score = 40;
    assert_int_equal(decide(s).decision, DECISION_EXAMINE);
    find(s, &(struct found){ .score = 999 });
    s->books.examine_score = 1000;
    assert_int_equal(decide(s).decision, DECISION_RELEASE);
}

static void no_doubt_ever_refuses_and_every_doubt_waits_for_an_officer(void **state)
{
    static const enum decision wants[] = { DECISION_NONE, DECISION_EXAMINE, DECISION_DOCUMENTS,
                                           DECISION_HOLD };
    struct scene *s = *state;
    for (size_t w = 0; w < COUNT(wants); w++)
        for (uint32_t score = 0; score <= 1000; score += 125)
            for (uint32_t rest = 0; rest < 6; rest++) {
                struct found found = { rest % 3, score, rest / 3 != 0, wants[w] };
                find(s, &found);
                struct decided decided = decide(s);
                bool doubt = wants[w] != DECISION_NONE || score >= 250 || rest != 0;
                assert_int_equal(s->file.state == FILE_RELEASED, !doubt);
                assert_int_equal(file_waits_for_officer(&s->file), doubt);
                assert_int_not_equal(decided.decision, DECISION_REFUSE);
            }
}

static void a_full_arena_is_an_error_at_every_size(void **state)
{
    struct scene *s = *state;
    size_t size = 0;
    for (bool done = false; !done; size += 16) {
        static _Alignas(64) char memory[16 << 10];
        struct error err = { 0 };
        find(s, &(struct found){ .score = 700, .random = true, .missing = 2 });
        struct arena small = arena_over(memory, size);
        s->clearance.arena = &small;
        done = decide_step(&s->clearance, &err);
        assert_true(done || err.kind == ERROR_TOO_LARGE || err.kind == ERROR_DAMAGED);
        assert_true(size + 16 < sizeof(memory));
    }
    assert_true(size > 256);
}

static int begin(void **state)
{
    static struct scene scene;
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    scene_end(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_rule_refuses),
        cmocka_unit_test(release_when_nothing_speaks_against_it),
        cmocka_unit_test(each_doubt_has_its_decision_and_its_words),
        cmocka_unit_test(the_strongest_decides_and_all_reasons_are_told),
        cmocka_unit_test(the_declarant_reads_no_reason_that_tells_how_the_desk_chooses),
        cmocka_unit_test(the_books_say_from_which_score_on),
        cmocka_unit_test(no_doubt_ever_refuses_and_every_doubt_waits_for_an_officer),
        cmocka_unit_test(a_full_arena_is_an_error_at_every_size),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
