#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "base/limits.h"
#include "office/diary.h"
#include "office/hook_book.h"
#include "office/scene.h"

// Stories of the desk behind the office: officers who claim, ask and inspect, traders who answer,
// and the files that the office keeps of its own.

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

static bool never_read(const void *how, struct span text, struct arena *arena,
                       struct declaration *declaration, struct dropped *dropped, struct error *err)
{
    (void)how, (void)text, (void)arena, (void)declaration, (void)dropped;
    return error_set(err, ERROR_SYNTAX, "nothing is to be read here");
}

static struct answer send(struct scene *scene, const struct message *message)
{
    struct answer answer;
    struct error err = { 0 };
    if (!office_send(scene->office, message, never_read, NULL, &scene->arena, &answer, &err))
        fail_msg("%s", err.text);
    return answer;
}

// One fact to consignment 1, whatever it had.
static struct answer say(struct scene *scene, const char *who, enum fact_kind kind,
                         struct span body)
{
    struct record record = { kind, span_of(who), body };
    return send(scene, &(struct message){ .kind = MESSAGE_FACT, .who = who,
        .file = scene_name(1, &scene->arena), .records = &record, .records_count = 1,
        .after = ANY_FACTS });
}

static struct span asking(struct scene *scene, const char *what)
{
    struct span body;
    struct error err = { 0 };
    struct requested requested = { .code = SPAN("N380"), .text = span_of(what) };
    assert_true(body_requested(&requested, &scene->arena, &body, &err));
    return body;
}

static struct span giving(struct scene *scene, uint32_t request)
{
    struct span body;
    struct error err = { 0 };
    struct attachment paper = { .sha256 = sha256_of(SPAN("paper")), .name = SPAN("invoice.pdf"),
                                .type = SPAN("application/pdf"), .size = 5 };
    struct supplied supplied = { .request = request, .attachments = &paper,
                                 .attachments_count = 1 };
    assert_true(body_supplied(&supplied, &scene->arena, &body, &err));
    return body;
}

static void assert_kinds(struct scene *scene, const char *kinds)
{
    struct span found = scene_kinds(scene, 1);
    assert_string_equal(found.at, kinds);
}

#define LOOKED_AT "declared checked valued assessed scored decided"

// --- A file in hand ------------------------------------------------------------------------------

static void two_officers_do_not_have_the_same_file_in_hand(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    assert_int_equal(say(scene, "officer:anna", FACT_CLAIMED, SPAN("{}")).kind, ANSWER_LODGED);
    struct answer answer = say(scene, "officer:ben", FACT_CLAIMED, SPAN("{}"));
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    assert_string_equal(answer.err.text, "the file is in the hands of officer:anna");
    answer = say(scene, "officer:ben", FACT_CLAIMED, SPAN("{\"from\":\"officer:anna\"}"));
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_int_equal(say(scene, "officer:anna", FACT_UNCLAIMED, SPAN("{}")).kind, ANSWER_CONFLICT);
    assert_int_equal(say(scene, "officer:ben", FACT_UNCLAIMED, SPAN("{}")).kind, ANSWER_LODGED);
    assert_kinds(scene, LOOKED_AT " claimed claimed unclaimed");
    assert_int_equal(scene_check(scene), 9);
}

static void a_trader_answers_and_the_file_is_an_officers_again(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    struct answer answer = say(scene, "officer:anna", FACT_REQUESTED, asking(scene, "the invoice"));
    assert_int_equal(answer.state, FILE_AWAITING_DOCUMENTS);
    say(scene, "officer:anna", FACT_REQUESTED, asking(scene, "and who the seller is"));
    answer = say(scene, "trader:XM1", FACT_SUPPLIED, giving(scene, 7));
    assert_int_equal(answer.state, FILE_AWAITING_DOCUMENTS); // one is still open
    answer = say(scene, "trader:XM1", FACT_SUPPLIED, giving(scene, 7));
    assert_int_equal(answer.kind, ANSWER_CONFLICT);          // and this one is not
    answer = say(scene, "trader:XM1", FACT_SUPPLIED, giving(scene, 8));
    assert_int_equal(answer.kind, ANSWER_LODGED);
    assert_int_equal(answer.state, FILE_UNDER_CONTROL);
    assert_int_equal(answer.facts_count, 11);
    assert_kinds(scene, LOOKED_AT " requested requested supplied supplied decided");
    struct file file;
    assert_true(scene_file(scene, 1, &file));
    assert_true(span_equal(file.decided_by, SPAN("step:decide")));
    assert_int_equal(scene_check(scene), 11);
}

static void facts_that_are_sent_together_are_kept_together_or_not_at_all(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    struct record records[] = {
        { FACT_CLAIMED, SPAN("officer:anna"), SPAN("{}") },
        { FACT_INSPECTED, SPAN("officer:anna"), SPAN("{\"conforms\":true,\"minutes\":5}") },
        { FACT_SETTLED, SPAN("officer:anna"), SPAN("{}") }, // may not follow
    };
    struct message message = { .kind = MESSAGE_FACT, .who = "officer:anna",
        .file = scene_name(1, &scene->arena), .records = records, .records_count = 3,
        .after = 6 };
    assert_int_equal(send(scene, &message).kind, ANSWER_CONFLICT);
    assert_kinds(scene, LOOKED_AT);
    message.records_count = 2;
    assert_int_equal(send(scene, &message).facts_count, 8);
    assert_kinds(scene, LOOKED_AT " claimed inspected");
}

static void who_looked_before_something_happened_is_told_to_look_again(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    say(scene, "officer:anna", FACT_CLAIMED, SPAN("{}"));
    struct record record = { FACT_UNCLAIMED, SPAN("officer:anna"), SPAN("{}") };
    struct message message = { .kind = MESSAGE_FACT, .who = "officer:anna",
        .file = scene_name(1, &scene->arena), .records = &record, .records_count = 1, .after = 6 };
    struct answer answer = send(scene, &message);
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
    assert_string_equal(answer.err.text, "the file has 7 facts, and had 6 when it was looked at");
    message.after = 7;
    assert_int_equal(send(scene, &message).kind, ANSWER_LODGED);
}

static void a_body_that_does_not_fit_is_not_kept(void **state)
{
    struct scene *scene = *state;
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    struct answer answer = say(scene, "officer:anna", FACT_REQUESTED, SPAN("{}"));
    assert_int_equal(answer.kind, ANSWER_UNAVAILABLE);
    assert_kinds(scene, LOOKED_AT);
    assert_int_equal(scene_check(scene), 6);
}

// --- The office's own files ----------------------------------------------------------------------

static struct answer note(struct scene *scene, const char *file, uint32_t after, uint32_t count)
{
    struct record records[8];
    for (uint32_t i = 0; i < count; i++)
        records[i] = (struct record){ FACT_LOOKED, SPAN("officer:anna"), SPAN("{\"file\":\"A\"}") };
    return send(scene, &(struct message){ .kind = MESSAGE_OWN, .who = "gate:http",
        .file = span_of(file), .records = records, .records_count = count, .after = after });
}

static uint32_t own_count(struct scene *scene, const char *name)
{
    struct fact *facts = NULL;
    struct error err = { 0 };
    uint32_t count;
    if (!office_own(scene->office, span_of(name), &scene->arena, &facts, &count, &err))
        fail_msg("%s", err.text);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(facts[i].seq, i + 1);
        assert_int_equal(facts[i].kind, FACT_LOOKED);
        assert_true(span_equal(facts[i].file, span_of(name)));
    }
    return count;
}

static void a_diary_takes_facts_and_gives_them_back_in_order(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(own_count(scene, "~diary/2026-11-24"), 0);
    assert_int_equal(note(scene, "~diary/2026-11-24", 0, 3).facts_count, 3);
    assert_int_equal(note(scene, "~diary/2026-11-24", ANY_FACTS, 8).facts_count, 11);
    assert_int_equal(own_count(scene, "~diary/2026-11-24"), 11);
    assert_int_equal(own_count(scene, "~diary/2026-11-25"), 0);
    assert_int_equal(scene_check(scene), 11); // sealed like any other
    assert_int_equal(note(scene, "~diary/2026-11-24", 3, 1).kind, ANSWER_CONFLICT);
}

static void an_own_file_is_no_consignment(void **state)
{
    struct scene *scene = *state;
    struct error err = { 0 };
    struct file file;
    struct store_append *appends;
    uint32_t count, in_states = 0;
    uint64_t counts[FILE_STATE_COUNT];
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    note(scene, "~diary/2026-11-24", 0, 2);
    assert_false(office_file(scene->office, SPAN("~diary/2026-11-24"), &scene->arena, &file,
                             &appends, &count, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_true(views_flush(office_views(scene->office), &err));
    assert_true(views_count(office_views(scene->office), counts, FILE_STATE_COUNT, &err));
    for (int i = FILE_EMPTY + 1; i < FILE_STATE_COUNT; i++) in_states += (uint32_t)counts[i];
    assert_int_equal(in_states, 1);
    assert_int_equal(note(scene, "diary", 0, 1).kind, ANSWER_UNREADABLE);
    struct answer answer = send(scene, &(struct message){ .kind = MESSAGE_DECISION,
        .who = "officer:anna", .file = SPAN("~diary/2026-11-24"), .decision = DECISION_HOLD });
    assert_int_equal(answer.kind, ANSWER_CONFLICT);
}

static void own_files_are_there_after_a_restart_and_a_rebuild(void **state)
{
    struct scene *scene = *state;
    struct error err = { 0 };
    uint64_t files;
    note(scene, "~diary/2026-11-24", 0, 2);
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    note(scene, "~diary/2026-11-24", ANY_FACTS, 3);
    struct span before = scene_views(scene, true);
    scene_close(scene);
    scene_open(scene);
    assert_int_equal(own_count(scene, "~diary/2026-11-24"), 5);
    assert_true(office_rebuild(scene->office, NULL, NULL, &files, &err));
    assert_int_equal(files, 1);
    assert_true(span_equal(scene_views(scene, true), before));
    assert_int_equal(note(scene, "~diary/2026-11-24", 5, 1).facts_count, 6);
    assert_int_equal(own_count(scene, "~diary/2026-11-24"), 6);
    assert_int_equal(scene_check(scene), 12);
}

// --- News ----------------------------------------------------------------------------------------

struct heard { uint64_t sizes[16]; enum fact_kind kinds[16]; uint8_t states[16]; uint32_t count; };

static void hear(void *context, const struct view_row *row, uint64_t size, enum fact_kind kind)
{
    struct heard *heard = context;
    assert_true(heard->count < 16);
    heard->sizes[heard->count] = size;
    heard->kinds[heard->count] = kind;
    heard->states[heard->count++] = row->state;
}

static void who_listens_hears_of_each_change_once_it_is_kept(void **state)
{
    struct scene *scene = *state;
    struct heard heard = { 0 };
    scene_close(scene);
    scene->surroundings.news = hear;
    scene->surroundings.news_context = &heard;
    scene_open(scene);
    scene_send(scene, (struct told){ .number = 1, .gold = true });
    say(scene, "officer:anna", FACT_CLAIMED, SPAN("{}"));
    say(scene, "officer:ben", FACT_CLAIMED, SPAN("{}")); // a conflict: nothing was kept
    scene_decide(scene, 1, DECISION_RELEASE);
    scene_close(scene);
    scene->surroundings.news = NULL;
    assert_int_equal(heard.count, 3);
    static const uint64_t sizes[] = { 6, 7, 8 };
    static const enum fact_kind kinds[] = { FACT_DECLARED, FACT_CLAIMED, FACT_DECIDED };
    static const uint8_t states[] = { FILE_UNDER_CONTROL, FILE_UNDER_CONTROL, FILE_RELEASED };
    for (int i = 0; i < 3; i++) {
        assert_int_equal(heard.sizes[i], sizes[i]);
        assert_int_equal(heard.kinds[i], kinds[i]);
        assert_int_equal(heard.states[i], states[i]);
    }
}

// --- Webhooks ------------------------------------------------------------------------------------

static struct hook_entry *hooks_read(struct scene *scene, uint32_t *count)
{
    struct hook_entry *entries;
    struct error err = { 0 };
    if (!hook_book_read(scene->office, &scene->arena, &entries, count, &err))
        fail_msg("%s", err.text);
    return entries;
}

static void a_hook_is_set_up_stopped_started_and_ended(void **state)
{
    struct scene *scene = *state;
    struct error err = { 0 };
    uint32_t count;
    struct span ann = SPAN("user:ann"), one = SPAN("0123456789abcdef");
    struct hook_entry entry = { .id = one, .organisation = SPAN("XM1"), .after = 77,
                                .url = SPAN("https://example.com/\"hook\"") };
    hooks_read(scene, &count);
    assert_int_equal(count, 0);
    assert_true(hook_book_set_up(scene->office, &entry, ann, &err));
    entry.id = SPAN("fedcba9876543210");
    assert_true(hook_book_set_up(scene->office, &entry, ann, &err));
    assert_true(hook_book_stop(scene->office, one, SPAN("gone"), SPAN("office:hooks"), &err));
    struct hook_entry *read = hooks_read(scene, &count);
    assert_int_equal(count, 2);
    assert_true(span_equal(read[0].id, one) && span_equal(read[0].organisation, SPAN("XM1")));
    assert_true(span_equal(read[0].url, entry.url) && read[0].after == 77);
    assert_true(span_equal(read[0].stopped, SPAN("gone")) && read[1].stopped.len == 0);
    assert_true(hook_book_start(scene->office, one, ann, &err));
    assert_int_equal(hooks_read(scene, &count)[0].stopped.len, 0);
    assert_true(hook_book_end(scene->office, one, ann, &err));
    assert_true(hook_book_end(scene->office, one, ann, &err)); // by two at once
    scene_close(scene);
    scene_open(scene);
    read = hooks_read(scene, &count);
    assert_int_equal(count, 1);
    assert_true(span_equal(read[0].id, entry.id));
    assert_int_equal(scene_check(scene), 6);
    entry.url = SPAN("https://example.com/\xFF");
    assert_false(hook_book_set_up(scene->office, &entry, ann, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
}

struct walked { uint64_t sizes[16], nexts[16], positions[16]; uint32_t count, most; };

static bool walk_by(void *context, const struct store_append *append, uint64_t next)
{
    struct walked *walked = context;
    walked->sizes[walked->count] = append->first_leaf + append->facts_count;
    walked->positions[walked->count] = append->position;
    walked->nexts[walked->count++] = next;
    return walked->count < walked->most;
}

static void who_walks_goes_on_where_he_was(void **state)
{
    struct scene *scene = *state;
    struct error err = { 0 };
    struct walked all = { .most = 16 }, first = { .most = 2 }, rest = { .most = 16 };
    struct store_append append;
    struct arena scratch;
    assert_true(arena_open(&scratch, (size_t)16 * MIB, &err));
    assert_true(office_walk(scene->office, 0, &scratch, walk_by, &all, &err));
    assert_int_equal(all.count, 0);
    for (uint32_t i = 1; i <= 4; i++) scene_send(scene, (struct told){ .number = i, .gold = true });
    assert_true(office_walk(scene->office, 0, &scratch, walk_by, &all, &err));
    assert_int_equal(all.count, 4);
    assert_true(office_walk(scene->office, 0, &scratch, walk_by, &first, &err));
    assert_int_equal(first.count, 2);
    assert_true(office_walk(scene->office, first.nexts[1], &scratch, walk_by, &rest, &err));
    assert_int_equal(rest.count, 2);
    assert_int_equal(rest.sizes[0], all.sizes[2]);
    assert_true(office_append(scene->office, all.positions[3], &scene->arena, &append, &err));
    assert_int_equal(append.first_leaf + append.facts_count, all.sizes[3]);
    assert_true(append.facts[0].json.len > 0);
    rest.count = 0;
    assert_true(office_walk(scene->office, rest.nexts[1], &scratch, walk_by, &rest, &err));
    assert_int_equal(rest.count, 0);
    arena_close(&scratch);
}

// --- The diary -----------------------------------------------------------------------------------

enum { WRITERS = 8, NOTES_EACH = 40 };

static int64_t some_day(void *clock)
{
    (void)clock;
    return INT64_C(1795464442123); // 2026-11-23T20:07:22.123Z
}

static struct diary *opened_diary(struct scene *scene)
{
    struct diary *diary;
    struct error err = { 0 };
    if (!diary_open(&diary, scene->office, some_day, NULL, &err)) fail_msg("%s", err.text);
    return diary;
}

static void *write_diary(void *context)
{
    struct error err;
    struct record record = { FACT_LOOKED, SPAN("officer:anna"), SPAN("{\"file\":\"A\"}") };
    size_t kept = 0;
    for (int i = 0; i < NOTES_EACH; i++) kept += diary_add(context, &record, &err);
    return (void *)kept;
}

static void many_write_into_the_diary_at_once_and_nothing_is_lost(void **state)
{
    struct scene *scene = *state;
    struct diary *diary = opened_diary(scene);
    pthread_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, write_diary, diary), 0);
    for (int i = 0; i < WRITERS; i++) {
        void *kept;
        assert_int_equal(pthread_join(writers[i], &kept), 0);
        assert_int_equal((size_t)kept, NOTES_EACH);
    }
    diary_close(diary);
    assert_int_equal(own_count(scene, "~diary/2026-11-23"), WRITERS * NOTES_EACH);
    assert_int_equal(scene_check(scene), WRITERS * NOTES_EACH);
}

static void what_is_noted_is_kept_before_the_diary_closes(void **state)
{
    struct scene *scene = *state;
    struct diary *diary = opened_diary(scene);
    struct error err = { 0 };
    char who[] = "officer:anna";
    struct record record = { FACT_LOOKED, span_of(who), SPAN("{\"file\":\"A\"}") };
    uint32_t noted = 0;
    for (int i = 0; i < 1000; i++) noted += diary_note(diary, &record, &err);
    who[0] = 'x'; // it was copied
    diary_close(diary);
    assert_int_equal(noted, 1000);
    assert_int_equal(own_count(scene, "~diary/2026-11-23"), 1000);
}

static void what_the_diary_cannot_keep_is_said(void **state)
{
    struct scene *scene = *state;
    struct diary *diary = opened_diary(scene);
    struct error err = { 0 };
    struct record record = { FACT_LOOKED, SPAN("officer:\xFF"), SPAN("{}") }; // not UTF-8
    assert_false(diary_add(diary, &record, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    // One that cannot be kept takes no other with it, in whatever company it comes.
    struct record good = { FACT_LOOKED, SPAN("officer:anna"), SPAN("{\"file\":\"A\"}") };
    for (int i = 0; i < 50; i++) assert_true(diary_note(diary, i % 7 == 3 ? &record : &good, &err));
    assert_true(diary_add(diary, &good, &err));
    diary_close(diary);
    assert_int_equal(own_count(scene, "~diary/2026-11-23"), 51 - 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(two_officers_do_not_have_the_same_file_in_hand),
        TEST(a_trader_answers_and_the_file_is_an_officers_again),
        TEST(facts_that_are_sent_together_are_kept_together_or_not_at_all),
        TEST(who_looked_before_something_happened_is_told_to_look_again),
        TEST(a_body_that_does_not_fit_is_not_kept),
        TEST(a_diary_takes_facts_and_gives_them_back_in_order),
        TEST(an_own_file_is_no_consignment),
        TEST(own_files_are_there_after_a_restart_and_a_rebuild),
        TEST(who_listens_hears_of_each_change_once_it_is_kept),
        TEST(a_hook_is_set_up_stopped_started_and_ended),
        TEST(who_walks_goes_on_where_he_was),
        TEST(many_write_into_the_diary_at_once_and_nothing_is_lost),
        TEST(what_is_noted_is_kept_before_the_diary_closes),
        TEST(what_the_diary_cannot_keep_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
