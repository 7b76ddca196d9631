#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "gates/http/shown.h"
#include "office/scene.h"

// What of a file under control each role sees.

static int begin(void **state)
{
    static struct scene scene;
    scene_begin(&scene);
    scene_open(&scene);
    scene_send(&scene, (struct told){ .number = 1, .gold = true });
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    scene_end(*state);
    return 0;
}

static void say(struct scene *scene, const char *who, enum fact_kind kind, const char *body)
{
    struct answer answer;
    struct error err = { 0 };
    struct record record = { kind, span_of(who), span_of(body) };
    struct message message = { .kind = MESSAGE_FACT, .who = who,
        .file = scene_name(1, &scene->arena), .records = &record, .records_count = 1,
        .after = ANY_FACTS };
    assert_true(office_send(scene->office, &message, NULL, NULL, &scene->arena, &answer, &err));
    if (answer.kind != ANSWER_LODGED && answer.kind != ANSWER_REFUSED)
        fail_msg("%s", answer.err.text);
}

// The file as that role sees it: checked to be JSON.
static const char *seen_of(struct scene *scene, uint32_t number, enum role role, const char *who)
{
    struct file file;
    struct store_append *appends;
    uint32_t count;
    struct error err = { 0 };
    struct span text = { 0 };
    struct json json;
    struct json_writer w = json_writer_in(&scene->arena, (size_t)4 * KIB);
    if (!office_file(scene->office, scene_name(number, &scene->arena), &scene->arena, &file,
                     &appends, &count, &err) ||
        !shown_write(&w, &file, appends, count, (struct viewer){ role, who }, &scene->arena,
                     &err) ||
        !json_written(&w, &text, &err) || !json_read(text, &scene->arena, &json, &err))
        fail_msg("%s", err.text);
    return text.at;
}

static const char *seen_by(struct scene *scene, enum role role, const char *who)
{
    return seen_of(scene, 1, role, who);
}

static void assert_sees(const char *text, const char *words)
{
    if (strstr(text, words) == NULL) fail_msg("'%s' is not in %s", words, text);
}

static void assert_does_not_see(const char *text, const char *words)
{
    if (strstr(text, words) != NULL) fail_msg("'%s' is in %s", words, text);
}

static void an_officer_sees_everything(void **state)
{
    struct scene *scene = *state;
    say(scene, "user:anna", FACT_CLAIMED, "{}");
    const char *seen = seen_by(scene, ROLE_OFFICER, "user:anna");
    assert_sees(seen, "\"state\":\"under-control\"");
    assert_sees(seen, "\"kind\":\"scored\"");
    assert_sees(seen, "\"claimedBy\":\"user:anna\"");
    assert_sees(seen, "\"who\":\"step:decide\"");
    assert_sees(seen, "\"factsCount\":7");
    assert_sees(seen, "the risk score 400 is at or over 250");
    assert_sees(seen, "\"leaf\":6,\"seq\":7");
    assert_string_equal(seen, seen_by(scene, ROLE_OFFICER, "user:anna"));
}

static void a_trader_does_not_see_how_he_is_looked_at(void **state)
{
    struct scene *scene = *state;
    say(scene, "user:anna", FACT_CLAIMED, "{}");
    say(scene, "user:anna", FACT_INSPECTED, "{\"conforms\":true,\"minutes\":5}");
    const char *seen = seen_by(scene, ROLE_TRADER, "user:trader");
    assert_sees(seen, "\"state\":\"under-control\"");
    assert_sees(seen, "\"decision\":\"examine\"");
    assert_sees(seen, "\"kind\":\"assessed\"");
    assert_sees(seen, "\"owed\":{");
    assert_sees(seen, "\"body\":{\"conforms\":true},\"kind\":\"inspected\"");
    static const char *const hidden[] = { "score", "worth", "anna", "claimed",
                                          "risk", "random", "minutes" };
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        assert_does_not_see(seen, hidden[i]);
}

static void a_trader_sees_what_he_is_asked_and_why_he_is_refused(void **state)
{
    struct scene *scene = *state;
    say(scene, "user:anna", FACT_REQUESTED, "{\"code\":\"N380\",\"text\":\"the invoice\"}");
    const char *seen = seen_by(scene, ROLE_TRADER, "user:trader");
    assert_sees(seen, "\"requests\":[{\"code\":\"N380\",\"fact\":7,\"open\":true,"
                      "\"text\":\"the invoice\"}]");
    assert_sees(seen, "\"reasons\":[\"the invoice\"]");
    assert_sees(seen, "\"may\":[\"supply\"]"); // it was under control before
    say(scene, "user:anna", FACT_DECIDED,
        "{\"by\":\"officer\",\"decision\":\"refuse\",\"reasons\":[\"no such goods\"]}");
    seen = seen_by(scene, ROLE_TRADER, "user:trader");
    assert_sees(seen, "\"reasons\":[\"no such goods\"]");
    assert_does_not_see(seen, "anna");
}

static void what_the_desk_asks_papers_for_may_be_corrected(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 2, .silver = true });
    const char *seen = seen_of(scene, 2, ROLE_TRADER, "user:trader");
    assert_sees(seen, "\"state\":\"awaiting-documents\"");
    assert_sees(seen, "\"reasons\":[\"an officers' rule asks for documents\"]");
    assert_sees(seen, "\"may\":[\"amend\",\"withdraw\",\"supply\"]");
    assert_sees(seen_by(scene, ROLE_TRADER, "user:trader"), "\"may\":[\"supply\"]");
}

static void an_officer_may_what_the_fold_and_the_claim_allow(void **state)
{
    struct scene *scene = *state;
    assert_sees(seen_by(scene, ROLE_OFFICER, "user:ben"),
                "\"may\":[\"claim\",\"request\",\"inspect\",\"decide:refuse\","
                "\"decide:documents\",\"decide:release\",\"decide:hold\"]");
    say(scene, "user:anna", FACT_CLAIMED, "{}");
    assert_sees(seen_by(scene, ROLE_OFFICER, "user:ben"), "\"may\":[]");
    assert_sees(seen_by(scene, ROLE_OFFICER, "user:anna"), "\"may\":[\"unclaim\",\"request\",");
    assert_sees(seen_by(scene, ROLE_SUPERVISOR, "user:cy"), "\"may\":[\"claim\",\"unclaim\",");
    assert_sees(seen_by(scene, ROLE_AUDITOR, "user:dan"), "\"may\":[]");
    say(scene, "user:anna", FACT_DECIDED,
        "{\"by\":\"officer\",\"decision\":\"refuse\",\"reasons\":[\"no such goods\"]}");
    assert_sees(seen_by(scene, ROLE_OFFICER, "user:anna"), "\"may\":[]");
    assert_sees(seen_by(scene, ROLE_SUPERVISOR, "user:cy"),
                "\"may\":[\"overrule:documents\",\"overrule:examine\",\"overrule:hold\"]");
}

static void a_fact_is_handed_out_whole_or_not_at_all(void **state)
{
#define DESK(decision, reason)                                                                  \
    "{\"by\":\"desk\",\"decision\":\"" decision "\",\"reasons\":[\"" reason "\"]}"
    static const struct { const char *who, *body; enum fact_kind kind; bool whole; } rows[] = {
        { "user:tom", "{}", FACT_DECLARED, true },
        { "user:tom", "{}", FACT_SUPPLIED, true },
        { "step:duty", "{}", FACT_ASSESSED, true },
        { "step:risk", "{}", FACT_SCORED, false },
        { "step:decide", DESK("release", "nothing speaks against it"), FACT_DECIDED, true },
        { "step:decide", DESK("examine", "chosen by lot"), FACT_DECIDED, false },
        { "step:decide",
          DESK("documents", "an officers' rule asks for documents\",\"chosen by lot"),
          FACT_DECIDED, false },
        { "user:anna",
          "{\"by\":\"officer\",\"decision\":\"release\",\"reasons\":[\"seen\"]}",
          FACT_DECIDED, false },
        { "user:anna", "{\"text\":\"the invoice\"}", FACT_REQUESTED, false },
        { "user:anna", "{}", FACT_SETTLED, false },
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fact fact = { .kind = rows[i].kind, .who = span_of(rows[i].who),
                             .body = span_of(rows[i].body) };
        assert_int_equal(shown_whole(ROLE_TRADER, &fact, scene->arena), rows[i].whole);
        assert_true(shown_whole(ROLE_OFFICER, &fact, scene->arena));
        assert_false(shown_whole(ROLE_AGENCY, &fact, scene->arena));
    }
}

static void who_is_no_official_and_no_trader_sees_no_fact(void **state)
{
    (void)state;
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        assert_true(shown_fact(ROLE_AUDITOR, (enum fact_kind)kind));
        assert_false(shown_fact(ROLE_AGENCY, (enum fact_kind)kind));
        assert_false(shown_fact(ROLE_ADMINISTRATOR, (enum fact_kind)kind));
        assert_false(shown_fact(ROLE_NOBODY, (enum fact_kind)kind));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(an_officer_sees_everything),
        TEST(a_trader_does_not_see_how_he_is_looked_at),
        TEST(a_trader_sees_what_he_is_asked_and_why_he_is_refused),
        TEST(what_the_desk_asks_papers_for_may_be_corrected),
        TEST(a_fact_is_handed_out_whole_or_not_at_all),
        TEST(an_officer_may_what_the_fold_and_the_claim_allow),
        TEST(who_is_no_official_and_no_trader_sees_no_fact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
