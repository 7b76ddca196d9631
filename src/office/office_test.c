#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "office/scene.h"

// Stories of the office: what traders and officers send, and what they and an outsider then see.

static int begin(void **state)
{
    static struct scene scene;
    scene_begin(&scene);
    scene_open(&scene);
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    scene_end(*state);
    return 0;
}

static void assert_kinds(struct scene *scene, uint32_t number, const char *kinds)
{
    struct span found = scene_kinds(scene, number);
    assert_string_equal(found.at, kinds);
}

static void assert_says(const struct answer *answer, const char *words)
{
    if (strstr(answer->err.text, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, answer->err.text);
}

#define CLEARED_BY_THE_DESK "declared checked valued assessed scored decided"

// --- One message -------------------------------------------------------------------------------

static void a_declaration_is_lodged_cleared_and_released(void **state)
{
    struct scene *scene = *state;
    struct answer answer = scene_send(scene, (struct told){ .number = 1 });
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_int_equal(answer.state, FILE_RELEASED);
    assert_int_equal(answer.decision, DECISION_RELEASE);
    assert_int_equal(answer.facts_count, 6);
    assert_true(span_equal(answer.file, scene_name(1, &scene->arena)));
    assert_kinds(scene, 1, CLEARED_BY_THE_DESK);
    assert_int_equal(scene_check(scene), 6);
}

static void the_facts_say_who_sent_and_by_which_books(void **state)
{
    struct scene *scene = *state;
    struct file file;
    struct error err;
    struct valued valued;
    struct assessed assessed;
    struct scored scored;
    scene_send(scene, (struct told){ .number = 1 });
    assert_true(scene_file(scene, 1, &file));
    assert_true(span_equal(file.facts[0].who, SPAN("trader:test")));
    assert_true(span_equal(file.facts[1].who, SPAN("step:check")));
    assert_true(body_read_valued(file.facts[2].body, &scene->arena, &valued, &err));
    assert_true(body_read_assessed(file.facts[3].body, &scene->arena, &assessed, &err));
    assert_true(body_read_scored(file.facts[4].body, &scene->arena, &scored, &err));
    assert_true(span_equal(valued.rates, version_span(&scene->books.rates->version)));
    assert_true(span_equal(assessed.schedule, version_span(&scene->books.schedule->version)));
    assert_int_equal(scored.rules.len, 16);
    assert_int_equal(assessed.total.minor, 24800); // 4 % of 1000, and 20 % of 1040
}

static void the_same_message_again_has_no_second_effect_and_the_first_answer(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1 });
    struct answer again = scene_send(scene, (struct told){ .number = 1 });
    assert_int_equal(again.kind, ANSWER_REPEATED);
    assert_int_equal(again.state, FILE_RELEASED);
    assert_int_equal(again.decision, DECISION_RELEASE);
    assert_int_equal(again.facts_count, 6);
    assert_true(span_equal(again.file, scene_name(1, &scene->arena)));
    assert_int_equal(scene_check(scene), 6);
}

static void the_same_content_in_another_order_is_the_same_message(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1 });
    struct answer again = scene_send(scene, (struct told){ .number = 1, .turned = true });
    assert_int_equal(again.kind, ANSWER_REPEATED);
    assert_int_equal(scene_check(scene), 6);
}

static void a_file_without_a_ucr_is_named_by_declarant_and_reference(void **state)
{
    struct scene *scene = *state;
    struct answer answer = scene_send(scene, (struct told){ .number = 4, .lone = true });
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_true(span_equal(answer.file, SPAN("LRN/XM13135924/REF4")));
    answer = scene_send(scene, (struct told){ .number = 4, .lone = true });
    assert_int_equal(answer.kind, ANSWER_REPEATED);
}

static void what_breaks_a_rule_is_refused_with_findings_and_kept(void **state)
{
    struct scene *scene = *state;
    struct answer answer = scene_send(scene, (struct told){ .number = 1, .broken = true });
    assert_int_equal(answer.kind, ANSWER_REFUSED);
    assert_int_equal(answer.state, FILE_REFUSED);
    assert_non_null(strstr(answer.findings.at, "R-401"));
    assert_kinds(scene, 1, "declared checked decided");

    answer = scene_send(scene, (struct told){ .number = 1, .broken = true });
    assert_int_equal(answer.kind, ANSWER_REPEATED);
    assert_int_equal(answer.state, FILE_REFUSED);
    answer = scene_send(scene, (struct told){ .number = 1 }); // corrected, lodged again
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_kinds(scene, 1, "declared checked decided " CLEARED_BY_THE_DESK);
    scene_check(scene);
}

static void what_cannot_be_read_is_not_kept_and_the_answer_says_where(void **state)
{
    struct scene *scene = *state;
    struct answer answer = scene_send_text(scene, SPAN("{\"functionCode\":\"9\",\n \"ucr\": 7}"));
    assert_int_equal(answer.kind, ANSWER_UNREADABLE);
    assert_int_equal(answer.err.kind, ERROR_SYNTAX);
    assert_int_equal(answer.err.line, 2);
    assert_string_equal(answer.err.field, "ucr");
    answer = scene_send_text(scene, SPAN("{\"functionCode\":\"9\"}"));
    assert_int_equal(answer.kind, ANSWER_UNREADABLE);
    assert_says(&answer, "nothing names the consignment");
    assert_true(answer.err.hint[0] != '\0');
    assert_int_equal(scene_check(scene), 0);
}

static void a_reference_names_one_consignment(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1 });
    struct answer answer = scene_send(scene, (struct told){ .number = 2, .reference = 1 });
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    assert_says(&answer, "REF1");
    assert_says(&answer, "6XM13135924-T000001");
    assert_non_null(strstr(answer.err.hint, "R-701"));
    struct file file;
    assert_false(scene_file(scene, 2, &file));
    assert_int_equal(scene_check(scene), 6);
}

static void an_amendment_cannot_take_the_reference_of_another_consignment(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1 });
    scene_send(scene, (struct told){ .number = 2, .silver = true });
    struct answer answer = scene_send(
        scene, (struct told){ .number = 2, .reference = 1, .silver = true, .function = "13" });
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    answer = scene_send(
        scene, (struct told){ .number = 2, .reference = 9, .silver = true, .function = "13" });
    assert_int_equal(answer.kind, ANSWER_LODGED);
    scene_check(scene);
}

// --- A file's life -----------------------------------------------------------------------------

static void an_amendment_makes_a_new_version_and_is_cleared_again(void **state)
{
    struct scene *scene = *state;
    struct file file;
    struct told told = { .number = 1, .silver = true };
    assert_int_equal(scene_send(scene, told).state, FILE_AWAITING_DOCUMENTS);
    told = (struct told){ .number = 1, .silver = true, .function = "13", .euros = 2000 };
    struct answer answer = scene_send(scene, told);
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_int_equal(answer.facts_count, 12);
    assert_true(scene_file(scene, 1, &file));
    assert_int_equal(file.version, 2);
    assert_int_equal(file.customs_value.minor, 200000);
    assert_kinds(scene, 1, CLEARED_BY_THE_DESK " amended checked valued assessed scored decided");

    // Neither version is taken a second time.
    assert_int_equal(scene_send(scene, told).kind, ANSWER_REPEATED);
    told = (struct told){ .number = 1, .silver = true };
    assert_int_equal(scene_send(scene, told).kind, ANSWER_REPEATED);
    assert_int_equal(scene_check(scene), 12);
}

static void a_withdrawn_declaration_takes_nothing_more(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1, .silver = true });
    struct told withdrawal = { .number = 1, .silver = true, .function = "1" };
    struct answer answer = scene_send(scene, withdrawal);
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_int_equal(answer.state, FILE_WITHDRAWN);
    assert_int_equal(scene_send(scene, withdrawal).kind, ANSWER_REPEATED);
    answer = scene_send(scene, (struct told){ .number = 1, .silver = true, .function = "13" });
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    assert_says(&answer, "withdrawn");
    assert_int_equal(scene_decide(scene, 1, DECISION_RELEASE).kind, ANSWER_CONFLICT);
    assert_int_equal(scene_check(scene), 7);
}

static void an_officer_decides_and_the_owed_is_settled(void **state)
{
    struct scene *scene = *state;
    struct file file;
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    struct answer answer = scene_decide(scene, 1, DECISION_HOLD);
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_int_equal(answer.state, FILE_HELD);
    assert_int_equal(scene_decide(scene, 1, DECISION_HOLD).kind, ANSWER_REPEATED);
    assert_int_equal(scene_decide(scene, 1, DECISION_RELEASE).state, FILE_RELEASED);
    answer = scene_settle(scene, 1);
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_int_equal(answer.state, FILE_CLEARED);
    assert_int_equal(scene_settle(scene, 1).kind, ANSWER_REPEATED);
    assert_kinds(scene, 1, CLEARED_BY_THE_DESK " decided decided settled");
    assert_true(scene_file(scene, 1, &file));
    assert_true(file.by_officer);
    assert_true(span_equal(file.decided_by, SPAN("officer:test")));
    assert_int_equal(scene_check(scene), 9);
}

static void what_speaks_of_an_unknown_consignment_conflicts(void **state)
{
    struct scene *scene = *state;
    struct answer answer = scene_decide(scene, 7, DECISION_RELEASE);
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    assert_int_equal(answer.err.kind, ERROR_NOT_FOUND);
    assert_says(&answer, "6XM13135924-T000007");
    assert_true(answer.err.hint[0] != '\0');
    assert_int_equal(scene_settle(scene, 7).kind, ANSWER_CONFLICT);
    answer = scene_send(scene, (struct told){ .number = 7, .function = "13" });
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    answer = scene_send(scene, (struct told){ .number = 7, .function = "1" });
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    assert_int_equal(scene_check(scene), 0);
}

// Sent by somebody who may speak for one trader alone, as `declarant` says.
static struct answer send_for(struct scene *scene, struct span text, struct message message)
{
    struct error err;
    struct answer answer;
    message.text = text;
    message.who = "user:test";
    if (!office_send(scene->office, &message, scene_read, NULL, &scene->arena, &answer, &err))
        fail_msg("%s", err.text);
    return answer;
}

static void nobody_lodges_in_the_name_of_another_trader(void **state)
{
    struct scene *scene = *state;
    struct span text = scene_text((struct told){ .number = 1 }, &scene->arena);
    struct answer answer = send_for(scene, text, (struct message){ .declarant = SPAN("XM2") });
    assert_int_equal(answer.kind, ANSWER_UNREADABLE);
    assert_string_equal(answer.err.field, "declarant.id");
    answer = send_for(scene, text, (struct message){ .declarant = SPAN("XM13135924") });
    assert_int_equal(answer.kind, ANSWER_LODGED);
}

static void nobody_changes_the_file_of_another_trader_or_learns_of_it(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(scene_send(scene, (struct told){ .number = 1 }).kind, ANSWER_LODGED);
    static const char *const functions[] = { "9", "13", "1" };
    static const enum error_kind kinds[] = { ERROR_CONFLICT, ERROR_NOT_FOUND, ERROR_NOT_FOUND };
    for (int i = 0; i < 3; i++) {
        struct told told = { .number = 1, .function = functions[i], .euros = 7 };
        struct span text = scene_text(told, &scene->arena), another;
        assert_true(arena_copy(&scene->arena, text, &another));
        char *id = strstr((char *)another.at, "\"id\":\"XM13135924\"");
        assert_non_null(id);
        id[6] = 'Z';
        struct answer answer =
            send_for(scene, another, (struct message){ .declarant = SPAN("ZM13135924") });
        assert_int_equal(answer.kind, ANSWER_CONFLICT);
        assert_int_equal(answer.err.kind, kinds[i]);
    }
    assert_kinds(scene, 1, CLEARED_BY_THE_DESK);
}

static struct answer lodge_simulated(struct scene *scene, uint32_t number, struct message message)
{
    struct span text = scene_text((struct told){ .number = number }, &scene->arena), simulated;
    assert_true(arena_copy(&scene->arena, text, &simulated));
    char *code = strstr((char *)simulated.at, "TST00");
    assert_non_null(code);
    code[0] = 'S', code[1] = 'I', code[2] = 'M';
    return send_for(scene, simulated, message);
}

static void what_is_simulated_gets_into_no_store_of_real_ones(void **state)
{
    struct scene *scene = *state;
    struct message at_desk = { .at_desk = true };
    assert_false(office_is_simulated(scene->office));
    assert_int_equal(lodge_simulated(scene, 1, (struct message){ 0 }).kind, ANSWER_CONFLICT);
    assert_int_equal(lodge_simulated(scene, 1, at_desk).kind, ANSWER_CONFLICT);
    assert_int_equal(scene_send(scene, (struct told){ .number = 2 }).kind, ANSWER_LODGED);
}

static void what_is_real_gets_into_no_simulated_store(void **state)
{
    struct scene *scene = *state;
    struct message at_desk = { .at_desk = true };
    scene_close(scene);
    scene_remove_folder(scene->store);
    assert_int_equal(remove(scene->apart), 0);
    scene->settings.log_name = "scene.example/simulated";
    scene_open(scene);
    assert_true(office_is_simulated(scene->office));
    struct answer answer = scene_send(scene, (struct told){ .number = 1 });
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    assert_true(answer.err.hint[0] != '\0');
    assert_int_equal(lodge_simulated(scene, 2, (struct message){ 0 }).kind, ANSWER_LODGED);
    // At its own desk people make things up that do not say so.
    struct span text = scene_text((struct told){ .number = 3 }, &scene->arena);
    assert_int_equal(send_for(scene, text, at_desk).kind, ANSWER_LODGED);
    // It stays what it is, whatever name it is opened under.
    scene_close(scene);
    scene->settings.log_name = "scene.example/log";
    scene_open(scene);
    assert_true(office_is_simulated(scene->office));
}

static void a_declaration_is_what_its_sender_says_that_it_is(void **state)
{
    struct scene *scene = *state;
    struct span first = scene_text((struct told){ .number = 1, .silver = true }, &scene->arena);
    struct message elsewhere = { .file = scene_name(2, &scene->arena) };
    assert_int_equal(send_for(scene, first, elsewhere).kind, ANSWER_UNREADABLE);
    struct message amends = { .purpose = PURPOSE_AMEND };
    struct answer answer = send_for(scene, first, amends);
    assert_int_equal(answer.kind, ANSWER_UNREADABLE);
    assert_string_equal(answer.err.field, "functionCode");
    assert_int_equal(send_for(scene, first, (struct message){ 0 }).kind, ANSWER_LODGED);

    struct told told = { .number = 1, .function = "13", .silver = true };
    amends.file = scene_name(1, &scene->arena);
    struct span second = scene_text(told, &scene->arena);
    struct message withdraws = { .purpose = PURPOSE_WITHDRAW };
    assert_int_equal(send_for(scene, second, withdraws).kind, ANSWER_UNREADABLE);
    assert_int_equal(send_for(scene, second, amends).kind, ANSWER_LODGED);
}

// --- Many messages -----------------------------------------------------------------------------

static void messages_about_one_file_in_one_batch_take_effect_in_order(void **state)
{
    struct scene *scene = *state;
    const struct told told[] = {
        { .number = 1, .silver = true },
        { .number = 1, .silver = true, .function = "13", .euros = 2000 },
        { .number = 2 },
        { .number = 1, .silver = true, .function = "13", .euros = 3000 },
        { .number = 1, .silver = true, .function = "13", .euros = 2000 }, // again
        { .number = 1, .silver = true, .function = "1" },
        { .number = 1, .silver = true, .function = "13", .euros = 4000 }, // too late
        { .number = 2, .turned = true },                                // again
    };
    static const enum answer_kind expected[] = {
        ANSWER_LODGED, ANSWER_LODGED,   ANSWER_LODGED,   ANSWER_LODGED,
        ANSWER_REPEATED, ANSWER_LODGED, ANSWER_CONFLICT, ANSWER_REPEATED,
    };
    enum answer_kind kinds[8] = { 0 };
    scene_submit(scene, told, 8, kinds);
    office_drain(scene->office);
    for (int i = 0; i < 8; i++) assert_int_equal(kinds[i], expected[i]);
    struct file file;
    assert_true(scene_file(scene, 1, &file));
    assert_int_equal(file.version, 3);
    assert_int_equal(file.state, FILE_WITHDRAWN);
    assert_int_equal(scene_check(scene), 6 + 6 + 6 + 6 + 1);
}

static void messages_about_one_file_in_many_batches_take_effect_in_order(void **state)
{
    struct scene *scene = *state;
    enum { ROUNDS = 30 };
    enum answer_kind kinds[ROUNDS][2] = { { 0 } };
    for (uint32_t i = 0; i < ROUNDS; i++) {
        const struct told told[2] = {
            { .number = 1, .silver = true, .function = i == 0 ? "9" : "13", .euros = 1000 + i },
            { .number = 100 + i },
        };
        scene_submit(scene, told, 2, kinds[i]);
    }
    office_drain(scene->office);
    for (int i = 0; i < ROUNDS; i++) {
        assert_int_equal(kinds[i][0], ANSWER_LODGED);
        assert_int_equal(kinds[i][1], ANSWER_LODGED);
    }
    struct file file;
    struct error err;
    assert_true(scene_file(scene, 1, &file));
    assert_int_equal(file.version, ROUNDS);
    int64_t euros = 1000;
    for (uint32_t i = 0; i < file.facts_count; i++) {
        struct valued valued;
        if (file.facts[i].kind != FACT_VALUED) continue;
        assert_true(body_read_valued(file.facts[i].body, &scene->arena, &valued, &err));
        assert_int_equal(valued.total.minor, 100 * euros++);
    }
    assert_int_equal(scene_check(scene), ROUNDS * 12);
}

static void of_two_that_claim_a_reference_in_one_batch_the_first_has_it(void **state)
{
    struct scene *scene = *state;
    enum { CLAIMS = 300 };
    struct told told[CLAIMS];
    enum answer_kind kinds[CLAIMS] = { 0 };
    for (uint32_t i = 0; i < CLAIMS; i++)
        told[i] = (struct told){ .number = 50 + i, .reference = 50 };
    scene_submit(scene, told, CLAIMS, kinds);
    office_drain(scene->office);
    assert_int_equal(kinds[0], ANSWER_LODGED);
    for (int i = 1; i < CLAIMS; i++) assert_int_equal(kinds[i], ANSWER_CONFLICT);
    assert_int_equal(scene_check(scene), 6);
}

static void lodge_season(struct scene *scene, uint32_t count, enum answer_kind *kinds)
{
    enum { BATCH = 100 };
    struct told told[BATCH];
    for (uint32_t first = 0; first < count; first += BATCH) {
        for (uint32_t i = 0; i < BATCH; i++)
            told[i] = (struct told){ .number = first + i + 1, .gold = i % 10 == 3,
                                     .euros = 1000 + (first + i) * 7 % 5000,
                                     .broken = i % 20 == 6 };
        scene_submit(scene, told, BATCH, kinds + first);
    }
    office_drain(scene->office);
}

enum { SEASON = 2000 };

static void the_same_season_twice_changes_nothing(void **state)
{
    struct scene *scene = *state;
    static enum answer_kind first[SEASON], second[SEASON];
    struct error err;
    struct store_seal before, after;
    lodge_season(scene, SEASON, first);
    assert_true(office_seal(scene->office, &scene->arena, &before, &err));
    struct span views = scene_views(scene, true);
    scene_set_clock(1767700800000);
    lodge_season(scene, SEASON, second);
    for (int i = 0; i < SEASON; i++) {
        assert_int_equal(first[i], i % 100 % 20 == 6 ? ANSWER_REFUSED : ANSWER_LODGED);
        assert_int_equal(second[i], ANSWER_REPEATED);
    }
    assert_true(office_seal(scene->office, &scene->arena, &after, &err));
    assert_int_equal(after.batch, before.batch);
    assert_int_equal(after.tree_size, before.tree_size);
    assert_true(sha256_equal(after.root, before.root));
    assert_true(span_equal(scene_views(scene, true), views));
    assert_int_equal(scene_check(scene), before.tree_size);
}

static void the_queue_holds_what_waits_most_worth_first(void **state)
{
    struct scene *scene = *state;
    struct views_waiting any = { 0 };
    struct views_page page;
    uint64_t waiting, counts[FILE_STATE_COUNT];
    struct error err;
    static enum answer_kind kinds[100];
    lodge_season(scene, 100, kinds);
    assert_true(views_queue(office_views(scene->office), &any, SPAN(""), 50, &scene->arena, &page,
                            &waiting, &err));
    assert_int_equal(page.count, 10);
    assert_int_equal(waiting, 10);
    for (uint32_t i = 1; i < page.count; i++)
        assert_true(page.rows[i - 1].worth.minor >= page.rows[i].worth.minor);
    for (uint32_t i = 0; i < page.count; i++)
        assert_int_equal(page.rows[i].state, FILE_UNDER_CONTROL);

    scene_decide(scene, 4, DECISION_RELEASE);
    assert_true(views_queue(office_views(scene->office), &any, SPAN(""), 50, &scene->arena, &page,
                            &waiting, &err));
    assert_int_equal(page.count, 9);
    assert_true(views_count(office_views(scene->office), counts, FILE_STATE_COUNT, &err));
    assert_int_equal(counts[FILE_RELEASED], 86);
    assert_int_equal(counts[FILE_REFUSED], 5);
    assert_int_equal(counts[FILE_UNDER_CONTROL], 9);
}

// --- Closing, opening, rebuilding --------------------------------------------------------------

static void change_some(struct scene *scene)
{
    for (uint32_t i = 0; i < 10; i++) {
        uint32_t number = 4 + i * 100;
        assert_int_equal(scene_decide(scene, number, DECISION_HOLD).kind, ANSWER_LODGED);
        if (i % 2 == 0) assert_int_equal(scene_decide(scene, number, DECISION_RELEASE).kind,
                                         ANSWER_LODGED);
        if (i % 4 == 0) assert_int_equal(scene_settle(scene, number).kind, ANSWER_LODGED);
        if (i % 2 == 1)
            assert_int_equal(scene_send(scene, (struct told){ .number = 7 + i / 2 * 20,
                                                              .function = "13", .euros = 77 }).kind,
                             ANSWER_LODGED);
    }
}

static struct views_figures *figures_of(struct scene *scene, bool rules, uint32_t *count)
{
    struct views_figures *figures;
    struct error err;
    struct views *views = office_views(scene->office);
    if (!(rules ? views_rules(views, SPAN("EUR"), &scene->arena, &figures, count, &err)
                : views_days(views, 0, 100000, SPAN("EUR"), &scene->arena, &figures, count, &err)))
        fail_msg("%s", err.text);
    return figures;
}

static void assert_same_figures(struct scene *scene, bool rules,
                                const struct views_figures *figures, uint32_t count)
{
    uint32_t count_now;
    const struct views_figures *now = figures_of(scene, rules, &count_now);
    assert_int_equal(count_now, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(span_equal(now[i].name, figures[i].name));
        assert_memory_equal(now[i].counts, figures[i].counts, sizeof(now[i].counts));
        assert_int_equal(now[i].day, figures[i].day);
        assert_int_equal(now[i].owed, figures[i].owed);
    }
}

static void a_rebuild_equals_what_was(void **state)
{
    struct scene *scene = *state;
    static enum answer_kind kinds[SEASON];
    uint64_t files, before[FILE_STATE_COUNT], after[FILE_STATE_COUNT];
    uint32_t days_count, rules_count;
    struct error err;
    lodge_season(scene, SEASON, kinds);
    change_some(scene);
    const struct views_figures *days = figures_of(scene, false, &days_count);
    const struct views_figures *rules = figures_of(scene, true, &rules_count);
    assert_true(days_count > 0 && days[0].counts[COUNT_RELEASED] > 0 && days[0].owed > 0);
    assert_int_equal(rules_count, 2); // K-1, and "check"
    assert_true(span_equal(rules[0].name, SPAN("K-1")) && rules[0].counts[COUNT_LODGED] > 0);
    struct span views = scene_views(scene, true);
    assert_true(views_count(office_views(scene->office), before, FILE_STATE_COUNT, &err));
    assert_true(office_rebuild(scene->office, NULL, NULL, &files, &err));
    assert_int_equal(files, SEASON);
    assert_true(views_count(office_views(scene->office), after, FILE_STATE_COUNT, &err));
    assert_memory_equal(before, after, sizeof(before));
    assert_true(span_equal(scene_views(scene, true), views));
    assert_same_figures(scene, false, days, days_count);
    assert_same_figures(scene, true, rules, rules_count);
}

static void an_office_that_is_opened_again_goes_on(void **state)
{
    struct scene *scene = *state;
    static enum answer_kind kinds[100];
    lodge_season(scene, 100, kinds);
    uint64_t size = scene_check(scene);
    struct span views = scene_views(scene, true);
    scene_close(scene);
    scene_open(scene);
    assert_true(span_equal(scene_views(scene, true), views));
    assert_int_equal(scene_check(scene), size);
    assert_int_equal(scene_send(scene, (struct told){ .number = 1 }).kind, ANSWER_REPEATED);
    assert_int_equal(scene_decide(scene, 4, DECISION_RELEASE).kind, ANSWER_LODGED);
    assert_int_equal(scene_check(scene), size + 1);
}

static void views_that_are_gone_are_made_anew_at_the_start(void **state)
{
    struct scene *scene = *state;
    static enum answer_kind kinds[SEASON];
    char path[256];
    lodge_season(scene, SEASON, kinds);
    change_some(scene);
    struct span views = scene_views(scene, true);
    scene_close(scene);
    snprintf(path, sizeof(path), "%s/views.sqlite", scene->store);
    assert_int_equal(remove(path), 0);
    scene_open(scene);
    assert_true(span_equal(scene_views(scene, true), views));
}

static void a_ledger_that_is_gone_is_published_anew_at_the_start(void **state)
{
    struct scene *scene = *state;
    static enum answer_kind kinds[SEASON];
    char path[256];
    lodge_season(scene, SEASON, kinds);
    uint64_t size = scene_check(scene);
    scene_close(scene);
    snprintf(path, sizeof(path), "%s/ledger", scene->store);
    scene_remove_folder(path);
    scene_open(scene);
    assert_int_equal(scene_check(scene), size);
    assert_int_equal(scene_logged("tiles-rewritten"), 2); // the published and the synced ones
}

static void closing_answers_everything_that_was_submitted(void **state)
{
    struct scene *scene = *state;
    enum { BATCHES = 40, EACH = 25 };
    static enum answer_kind kinds[BATCHES][EACH];
    memset(kinds, 0, sizeof(kinds));
    for (uint32_t b = 0; b < BATCHES; b++) {
        struct told told[EACH];
        for (uint32_t i = 0; i < EACH; i++) told[i] = (struct told){ .number = b * EACH + i + 1 };
        scene_submit(scene, told, EACH, kinds[b]);
    }
    scene_close(scene);
    for (int b = 0; b < BATCHES; b++)
        for (int i = 0; i < EACH; i++) assert_int_equal(kinds[b][i], ANSWER_LODGED);
    scene_open(scene);
    assert_int_equal(scene_check(scene), BATCHES * EACH * 6);
}

static void the_published_ledger_grows_and_each_checkpoint_extends_the_last(void **state)
{
    struct scene *scene = *state;
    uint64_t size = 0;
    for (uint32_t i = 1; i <= 90; i++) {
        scene_send(scene, (struct told){ .number = i });
        assert_int_equal(scene_check(scene), size += 6);
    }
    assert_int_equal(scene->witness.seen_count, 90);
}

// --- What must not be opened, or not be signed -------------------------------------------------

static void assert_not_opened(struct scene *scene, const char *words)
{
    struct error err = { 0 };
    assert_false(scene_try_open(scene, &err));
    assert_null(scene->office);
    if (strstr(err.text, words) == NULL) fail_msg("'%s' is not in '%s'", words, err.text);
    assert_true(err.hint[0] != '\0');
}

static void a_store_restored_from_an_old_copy_does_not_sign_and_says_so(void **state)
{
    struct scene *scene = *state;
    char copy[256];
    snprintf(copy, sizeof(copy), "%s/copy", scene->folder);
    scene_send(scene, (struct told){ .number = 1 });
    scene_check(scene);
    scene_close(scene);
    scene_copy_folder(scene->store, copy);

    scene_open(scene);
    scene_send(scene, (struct told){ .number = 2 });
    scene_check(scene);
    scene_close(scene);
    scene_copy_folder(copy, scene->store);
    assert_not_opened(scene, "behind what was signed: 12 facts were sealed, and 6 are kept");

    // Nothing was published by trying, either.
    struct error err;
    char ledger[256];
    snprintf(ledger, sizeof(ledger), "%s/ledger", scene->store);
    struct witness *fresh = calloc(1, sizeof(*fresh));
    assert_non_null(fresh);
    assert_true(witness_look(fresh, ledger, &err));
    assert_int_equal(fresh->seen[0].size, 6);
    free(fresh);
}

// The record lags and the store has another history that is longer: as long as the record's tree is
// not its beginning, it is not signed.
static void a_store_of_another_history_is_not_signed(void **state)
{
    struct scene *scene = *state;
    char copy[256], kept_apart[256];
    snprintf(copy, sizeof(copy), "%s/copy", scene->folder);
    snprintf(kept_apart, sizeof(kept_apart), "%s/kept-apart", scene->folder);
    scene_send(scene, (struct told){ .number = 1 });
    scene_close(scene);
    scene_copy_folder(scene->store, copy);
    scene_open(scene);
    scene_send(scene, (struct told){ .number = 2 });
    scene_close(scene);
    assert_int_equal(rename(scene->apart, kept_apart), 0);

    scene_copy_folder(copy, scene->store); // without a record nobody can know
    scene_open(scene);
    scene_send(scene, (struct told){ .number = 3 });
    scene_send(scene, (struct told){ .number = 4 });
    scene_close(scene);
    assert_int_equal(rename(kept_apart, scene->apart), 0);
    assert_not_opened(scene, "does not go on from what was signed");
}

static void a_record_that_lags_behind_the_store_is_brought_up(void **state)
{
    struct scene *scene = *state;
    char kept_apart[256];
    snprintf(kept_apart, sizeof(kept_apart), "%s/kept-apart", scene->folder);
    for (uint32_t i = 1; i <= 50; i++) scene_send(scene, (struct told){ .number = i });
    scene_close(scene);
    scene_copy_file(scene->apart, kept_apart);
    scene_open(scene);
    for (uint32_t i = 51; i <= 120; i++) scene_send(scene, (struct told){ .number = i });
    uint64_t size = scene_check(scene);
    scene_close(scene);
    assert_int_equal(rename(kept_apart, scene->apart), 0);
    scene_open(scene);
    assert_int_equal(scene_check(scene), size);
}

static void another_ledgers_record_is_not_signed_over(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1 });
    scene_close(scene);
    scene_remove_folder(scene->store);
    assert_not_opened(scene, "of another ledger");
}

static void a_store_without_its_key_is_not_opened(void **state)
{
    struct scene *scene = *state;
    char path[256];
    scene_send(scene, (struct told){ .number = 1 });
    scene_close(scene);
    snprintf(path, sizeof(path), "%s/log.key", scene->store);
    assert_int_equal(remove(path), 0);
    assert_not_opened(scene, "key is missing");
}

static void the_record_apart_stands_beside_the_store_however_it_is_named(void **state)
{
    struct scene *scene = *state;
    char path[256], named[256];
    scene_close(scene);
    snprintf(path, sizeof(path), "%s/store.apart", scene->folder);
    snprintf(named, sizeof(named), "%s/./", scene->store);
    scene->settings.apart = NULL;
    scene->settings.directory = named;
    scene_remove_folder(scene->store);
    scene_open(scene);
    scene_send(scene, (struct told){ .number = 1 });
    FILE *record = fopen(path, "rb");
    assert_non_null(record);
    fclose(record);
    scene_close(scene); // which names the folder as it was opened
    scene->settings.directory = scene->store;
}

static void a_store_in_use_is_not_opened_a_second_time(void **state)
{
    struct scene *scene = *state;
    struct office *second;
    struct error err;
    assert_false(office_open(&second, &scene->settings, &scene->surroundings, &err));
    assert_non_null(strstr(err.text, "in use by process"));
    assert_true(err.hint[0] != '\0');
    assert_int_equal(scene_send(scene, (struct told){ .number = 1 }).kind, ANSWER_LODGED);
}

static void a_path_that_is_too_long_is_said_to_be(void **state)
{
    struct scene *scene = *state;
    char path[1024];
    scene_close(scene);
    memset(path, 'p', sizeof(path));
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    scene->settings.directory = path;
    struct error err;
    assert_false(scene_try_open(scene, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    scene->settings.directory = scene->store;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_declaration_is_lodged_cleared_and_released),
        TEST(the_facts_say_who_sent_and_by_which_books),
        TEST(the_same_message_again_has_no_second_effect_and_the_first_answer),
        TEST(the_same_content_in_another_order_is_the_same_message),
        TEST(a_file_without_a_ucr_is_named_by_declarant_and_reference),
        TEST(what_breaks_a_rule_is_refused_with_findings_and_kept),
        TEST(what_cannot_be_read_is_not_kept_and_the_answer_says_where),
        TEST(a_reference_names_one_consignment),
        TEST(an_amendment_cannot_take_the_reference_of_another_consignment),
        TEST(an_amendment_makes_a_new_version_and_is_cleared_again),
        TEST(a_withdrawn_declaration_takes_nothing_more),
        TEST(an_officer_decides_and_the_owed_is_settled),
        TEST(what_speaks_of_an_unknown_consignment_conflicts),
        TEST(nobody_lodges_in_the_name_of_another_trader),
        TEST(nobody_changes_the_file_of_another_trader_or_learns_of_it),
        TEST(a_declaration_is_what_its_sender_says_that_it_is),
        TEST(what_is_simulated_gets_into_no_store_of_real_ones),
        TEST(what_is_real_gets_into_no_simulated_store),
        TEST(messages_about_one_file_in_one_batch_take_effect_in_order),
        TEST(messages_about_one_file_in_many_batches_take_effect_in_order),
        TEST(of_two_that_claim_a_reference_in_one_batch_the_first_has_it),
        TEST(the_same_season_twice_changes_nothing),
        TEST(the_queue_holds_what_waits_most_worth_first),
        TEST(a_rebuild_equals_what_was),
        TEST(an_office_that_is_opened_again_goes_on),
        TEST(views_that_are_gone_are_made_anew_at_the_start),
        TEST(a_ledger_that_is_gone_is_published_anew_at_the_start),
        TEST(closing_answers_everything_that_was_submitted),
        TEST(the_published_ledger_grows_and_each_checkpoint_extends_the_last),
        TEST(a_store_restored_from_an_old_copy_does_not_sign_and_says_so),
        TEST(a_store_of_another_history_is_not_signed),
        TEST(a_record_that_lags_behind_the_store_is_brought_up),
        TEST(another_ledgers_record_is_not_signed_over),
        TEST(a_store_without_its_key_is_not_opened),
        TEST(the_record_apart_stands_beside_the_store_however_it_is_named),
        TEST(a_store_in_use_is_not_opened_a_second_time),
        TEST(a_path_that_is_too_long_is_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
