#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "office/scene.h"
#include "store/disk.h"
#include "store/journal_inside.h"

// The fault walk: the same messages are sent while something fails, now here, now there, before it
// took effect and after it. Senders try again until they are answered. The end is always the same:
// each message has had its effect once, and nothing was shown that does not hold.

// --- What is sent ------------------------------------------------------------------------------

enum { ROUNDS = 4, EACH = 5, TRIES_MAX = 12 };

// A round is one batch. What speaks of a file follows in a later round than what opened it.
static const struct told rounds[ROUNDS][EACH] = {
    { { .number = 1 }, { .number = 2, .silver = true }, { .number = 3, .broken = true },
      { .number = 4, .silver = true }, { .number = 5 } },
    { { .number = 6 }, { .number = 2, .silver = true, .function = "13", .euros = 2000 },
      { .number = 3 }, { .number = 4, .silver = true, .function = "1" },
      { .number = 7, .lone = true } },
    { { .number = 8 }, { .number = 2, .silver = true, .function = "13", .euros = 3000 },
      { .number = 9, .silver = true }, { .number = 10 }, { .number = 11 } },
    { { .number = 12 }, { .number = 9, .silver = true, .function = "13", .euros = 4000 },
      { .number = 13 }, { .number = 8, .turned = true }, { .number = 2, .silver = true } },
};
static const uint32_t files[] = { 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13 };
enum { FILES = sizeof(files) / sizeof(files[0]) };

// What a whole run comes to, whatever failed in it.
struct outcome {
    struct sha256 facts[FILES];
    struct sha256 views;
    uint64_t size;
};

static struct outcome clean; // of a run without any fault

static bool is_answered(enum answer_kind kind)
{
    return kind == ANSWER_LODGED || kind == ANSWER_REFUSED || kind == ANSWER_REPEATED;
}

// The checkpoint that stands published, if any, must hold at any moment.
static void look(struct scene *scene)
{
    struct error err;
    char ledger[256];
    snprintf(ledger, sizeof(ledger), "%s/ledger", scene->store);
    if (!witness_look(&scene->witness, ledger, &err) && err.kind != ERROR_NOT_FOUND)
        fail_msg("%s", err.text);
}

// Sends a round again and again, each time what is not answered yet. How many tries it took.
static uint32_t send_round(struct scene *scene, const struct told *round)
{
    struct told waiting[EACH];
    uint32_t count = EACH, tries = 0;
    memcpy(waiting, round, sizeof(waiting));
    for (; count > 0; tries++) {
        enum answer_kind kinds[EACH] = { 0 };
        if (tries == TRIES_MAX) fail_msg("not answered after %d tries: %s", tries, scene_said());
        scene_submit(scene, waiting, count, kinds);
        office_drain(scene->office);
        uint32_t left = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (kinds[i] != ANSWER_UNAVAILABLE) assert_true(is_answered(kinds[i]));
            if (!is_answered(kinds[i])) waiting[left++] = waiting[i];
        }
        count = left;
        look(scene);
    }
    return tries;
}

static struct outcome outcome_of(struct scene *scene)
{
    struct outcome outcome = { .size = scene_check(scene) };
    size_t mark = scene->arena.used;
    for (uint32_t i = 0; i < FILES; i++)
        outcome.facts[i] = scene_facts(scene, scene_name(files[i], &scene->arena));
    outcome.views = sha256_of(scene_views(scene, false));
    arena_reset(&scene->arena, mark);
    return outcome;
}

static void assert_clean(struct scene *scene)
{
    struct outcome outcome = outcome_of(scene);
    assert_int_equal(outcome.size, clean.size);
    for (uint32_t i = 0; i < FILES; i++)
        if (!sha256_equal(outcome.facts[i], clean.facts[i])) fail_msg("file %u differs", files[i]);
    assert_true(sha256_equal(outcome.views, clean.views));
}

// --- A store that fails ------------------------------------------------------------------------

struct fault { uint32_t at; enum store_fault kind; bool then_not_opened; };

// Each time the store is opened it is given the next fault of the plan, then none.
struct plan {
    struct scene scene;
    struct store real;
    const struct fault *faults;
    uint32_t faults_count, opened;
    bool refused;
};

static bool open_faulty(void *context, struct store *store, const char *directory,
                        struct error *err)
{
    struct plan *plan = context;
    store_close(&plan->real);
    bool was_fault = plan->opened > 0 && plan->opened <= plan->faults_count;
    if (was_fault && plan->faults[plan->opened - 1].then_not_opened && !plan->refused) {
        plan->refused = true; // once
        return error_set(err, ERROR_UNAVAILABLE, "a fault: not opened");
    }
    plan->refused = false;
    struct fault fault = { 0, FAULT_NONE, false };
    if (plan->opened < plan->faults_count) fault = plan->faults[plan->opened];
    plan->opened++;
    return journal_open_sized(&plan->real, disk_real(), directory, SCENE_SEGMENT_SIZE, err) &&
           store_open_faulty(store, &plan->real, fault.at, fault.kind, err);
}

static struct plan *plan_begin(const struct fault *faults, uint32_t count)
{
    static struct plan plan;
    plan = (struct plan){ .faults = faults, .faults_count = count };
    scene_begin(&plan.scene);
    plan.scene.surroundings.open_store = open_faulty;
    plan.scene.surroundings.open_store_context = &plan;
    scene_open(&plan.scene);
    return &plan;
}

static void plan_end(struct plan *plan)
{
    scene_close(&plan->scene);
    store_close(&plan->real);
    scene_end(&plan->scene);
}

// The whole run under a plan of faults; afterwards, and opened again, it is as if nothing had been.
static uint32_t run(const struct fault *faults, uint32_t count)
{
    struct plan *plan = plan_begin(faults, count);
    struct scene *scene = &plan->scene;
    uint32_t tries = 0;
    for (int i = 0; i < ROUNDS; i++) tries += send_round(scene, rounds[i]);
    if (count == 0) clean = outcome_of(scene);
    assert_clean(scene);
    scene_close(scene);
    scene_open(scene);
    assert_clean(scene);
    plan_end(plan);
    return tries;
}

// Rounds whose messages meet a file twice commit more than once.
static uint32_t commits_of_a_run(void)
{
    struct plan *plan = plan_begin(NULL, 0);
    for (int i = 0; i < ROUNDS; i++) send_round(&plan->scene, rounds[i]);
    struct store_seal seal;
    struct error err;
    assert_true(office_seal(plan->scene.office, &plan->scene.arena, &seal, &err));
    plan_end(plan);
    return (uint32_t)seal.batch;
}

static int begin(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    run(NULL, 0);
    return 0;
}

static const enum store_fault flavours[] = { FAULT_NOT_KEPT, FAULT_KEPT_ALL_THE_SAME };

static void a_commit_that_fails_is_found_out_about_and_made_up_for(void **state)
{
    (void)state;
    uint32_t commits = commits_of_a_run();
    assert_true(commits >= ROUNDS);
    for (uint32_t n = 0; n < commits; n++)
        for (int flavour = 0; flavour < 2; flavour++) {
            struct fault fault = { n, flavours[flavour], false };
            assert_int_equal(run(&fault, 1), ROUNDS); // the senders do not even notice
        }
}

static void two_faults_in_a_row_are_made_up_for(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < ROUNDS; n++)
        for (int both = 0; both < 4; both++) {
            struct fault faults[2] = { { n, flavours[both & 1], false },
                                       { 0, flavours[both >> 1], false } };
            run(faults, 2);
        }
}

static void many_faults_in_a_row_are_made_up_for(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        struct fault faults[6];
        for (int i = 0; i < 6; i++)
            faults[i] = (struct fault){ i == 0 ? 1 : 0, flavours[(first + i) % 2], i % 3 == 1 };
        run(faults, 6);
    }
}

static void a_store_that_cannot_be_opened_again_at_once_is_later(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < ROUNDS; n++)
        for (int flavour = 0; flavour < 2; flavour++) {
            struct fault fault = { n, flavours[flavour], true };
            uint32_t tries = run(&fault, 1);
            // What has to read its file finds the store closed once more than what is new.
            assert_true(tries == ROUNDS + 1 || tries == ROUNDS + 2);
        }
}

static void an_office_closed_after_a_fault_opens_with_what_was_kept(void **state)
{
    (void)state;
    for (int flavour = 0; flavour < 2; flavour++) {
        struct fault fault = { 1, flavours[flavour], true };
        struct plan *plan = plan_begin(&fault, 1);
        struct scene *scene = &plan->scene;
        enum answer_kind kinds[EACH] = { 0 };
        send_round(scene, rounds[0]);
        scene_submit(scene, rounds[1], EACH, kinds);
        office_drain(scene->office);
        for (int i = 0; i < EACH; i++) assert_int_equal(kinds[i], ANSWER_UNAVAILABLE);
        scene_close(scene);
        plan->refused = true; // it opens again from here on
        scene_open(scene);
        look(scene);
        for (int i = 1; i < ROUNDS; i++) send_round(scene, rounds[i]);
        assert_clean(scene);
        plan_end(plan);
    }
}

// --- A store whose reading fails -----------------------------------------------------------------

struct reads {
    struct scene scene;
    struct store real;
    uint32_t calls, fails_at; // read and scan together
};

static bool reading_fails(struct reads *reads, struct error *err)
{
    if (__atomic_fetch_add(&reads->calls, 1, __ATOMIC_SEQ_CST) != reads->fails_at) return false;
    error_set(err, ERROR_UNAVAILABLE, "a fault: not read");
    return true;
}

static bool reads_commit(void *state, struct store_append *appends, uint32_t count,
                         const struct store_seal *seal, bool *before_anything, struct error *err)
{
    struct reads *reads = state;
    return store_commit(&reads->real, appends, count, seal, before_anything, err);
}

static bool reads_read(void *state, uint64_t position, struct arena *arena,
                       struct store_append *append, struct error *err)
{
    struct reads *reads = state;
    return !reading_fails(reads, err) && store_read(&reads->real, position, arena, append, err);
}

static bool reads_scan(void *state, uint64_t from, int wanted, struct arena *scratch,
                       bool (*each)(void *context, const struct store_append *append,
                                    uint64_t next, struct error *err),
                       void *context, struct error *err)
{
    struct reads *reads = state;
    return !reading_fails(reads, err) &&
           store_scan(&reads->real, from, wanted, scratch, each, context, err);
}

static void reads_seal(void *state, struct store_seal *seal)
{
    struct reads *reads = state;
    store_seal(&reads->real, seal);
}

static bool reads_check(void *state, struct arena *scratch, struct error *err)
{
    struct reads *reads = state;
    return store_check(&reads->real, scratch, err);
}

static void reads_close(void *state)
{
    struct reads *reads = state;
    store_close(&reads->real);
}

static bool open_reads(void *context, struct store *store, const char *directory,
                       struct error *err)
{
    static const struct store_keeper keeper = {
        .name = "reads", .commit = reads_commit, .read = reads_read, .scan = reads_scan,
        .seal = reads_seal, .check = reads_check, .close = reads_close,
    };
    struct reads *reads = context;
    if (!journal_open_sized(&reads->real, disk_real(), directory, SCENE_SEGMENT_SIZE, err))
        return false;
    *store = (struct store){ &keeper, reads };
    return true;
}

// How many calls a run made; UINT32_MAX fails none of them.
static uint32_t run_reads(uint32_t fails_at)
{
    static struct reads reads;
    struct error err;
    reads = (struct reads){ .fails_at = fails_at };
    struct scene *scene = &reads.scene;
    scene_begin(scene);
    scene->surroundings.open_store = open_reads;
    scene->surroundings.open_store_context = &reads;
    if (!scene_try_open(scene, &err)) scene_open(scene);
    for (int i = 0; i < ROUNDS; i++) send_round(scene, rounds[i]);
    uint32_t calls = reads.calls;
    reads.fails_at = UINT32_MAX;
    assert_clean(scene);
    scene_end(scene);
    return calls;
}

static void a_reading_that_fails_harms_nothing(void **state)
{
    (void)state;
    uint32_t calls = run_reads(UINT32_MAX);
    assert_true(calls >= ROUNDS);
    for (uint32_t n = 0; n < calls; n++) run_reads(n);
}

// --- A record apart that fails -------------------------------------------------------------------

// The real disk, whose n-th write or sync fails, before or after it took effect, or which is full.
struct weak {
    struct disk disk;
    uint32_t calls, fails_from, fails_to;
    bool done_all_the_same, full;
};

static bool weak_call(struct weak *weak)
{
    uint32_t call = weak->calls++;
    return call < weak->fails_from || call >= weak->fails_to;
}

static bool weak_write(void *state, int handle, uint64_t at, const void *bytes, size_t size,
                       struct error *err)
{
    struct weak *weak = state;
    bool well = weak_call(weak);
    if (well || weak->done_all_the_same)
        if (!disk_real()->write(NULL, handle, at, bytes, size, err)) return false;
    return well || error_set(err, ERROR_UNAVAILABLE, "a fault: not recorded");
}

static bool weak_sync(void *state, int handle, struct error *err)
{
    struct weak *weak = state;
    if (!disk_real()->sync(NULL, handle, err)) return false;
    return weak_call(weak) || error_set(err, ERROR_UNAVAILABLE, "a fault: not synced");
}

static bool weak_allocate(void *state, int handle, uint64_t size, struct error *err)
{
    struct weak *weak = state;
    if (!weak->full) return disk_real()->allocate(NULL, handle, size, err);
    error_set(err, ERROR_UNAVAILABLE, "the disk is full");
    return error_hint(err, "Make room and try again.");
}

// Only the record apart is written through the weak disk.
static bool open_journal(void *context, struct store *store, const char *directory,
                         struct error *err)
{
    (void)context;
    return journal_open_sized(store, disk_real(), directory, SCENE_SEGMENT_SIZE, err);
}

static void weak_begin(struct scene *scene, struct weak *weak)
{
    weak->disk = *disk_real();
    weak->disk.state = weak;
    weak->disk.write = weak_write;
    weak->disk.sync = weak_sync;
    weak->disk.allocate = weak_allocate;
    scene_begin(scene);
    scene->disk = &weak->disk;
    scene->surroundings.open_store = open_journal;
}

static void a_record_apart_that_fails_is_made_up_for(void **state)
{
    (void)state;
    static struct scene scene;
    for (int flavour = 0; flavour < 2; flavour++)
        for (uint32_t n = 1; n < 2 * ROUNDS; n++) { // 0 is the sync of the new file
            struct weak weak = { .fails_from = n, .fails_to = n + 1,
                                 .done_all_the_same = flavour == 1 };
            weak_begin(&scene, &weak);
            scene_open(&scene);
            uint32_t tries = 0;
            for (int i = 0; i < ROUNDS; i++) tries += send_round(&scene, rounds[i]);
            assert_int_equal(tries, ROUNDS + 1);
            assert_int_equal(scene_logged("record-failed"), 1);
            assert_clean(&scene);
            scene_end(&scene);
        }
}

// While nothing can be recorded nothing leaves the house: no answer, no checkpoint, no row.
static void what_is_not_recorded_apart_does_not_leave_the_house(void **state)
{
    (void)state;
    static struct scene scene;
    struct error err;
    struct store_seal before, after;
    struct weak weak = { .fails_from = UINT32_MAX, .fails_to = UINT32_MAX };
    weak_begin(&scene, &weak);
    scene_open(&scene);
    send_round(&scene, rounds[0]);
    uint64_t size = scene_check(&scene);
    assert_true(office_seal(scene.office, &scene.arena, &before, &err));
    struct span views = scene_views(&scene, true);

    weak.fails_from = 0;
    for (int tries = 0; tries < 3; tries++) {
        enum answer_kind kinds[EACH] = { 0 };
        scene_submit(&scene, rounds[1], EACH, kinds);
        office_drain(scene.office);
        for (int i = 0; i < EACH; i++) assert_int_equal(kinds[i], ANSWER_UNAVAILABLE);
        assert_true(office_publish(scene.office, &err));
        look(&scene);
    }
    assert_int_equal(scene.witness.seen[scene.witness.seen_count - 1].size, size);
    assert_true(office_seal(scene.office, &scene.arena, &after, &err));
    assert_int_equal(after.tree_size, size);
    assert_true(span_equal(after.checkpoint, before.checkpoint));
    assert_true(span_equal(scene_views(&scene, true), views));

    weak.fails_to = 0;
    for (int i = 1; i < ROUNDS; i++) send_round(&scene, rounds[i]);
    assert_clean(&scene);
    scene_end(&scene);
}

// --- Full disks ----------------------------------------------------------------------------------

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

// Lodges files of these numbers, a batch of 50 at a time; how many were answered as lodged.
static uint32_t lodge(struct scene *scene, uint32_t from, uint32_t to, enum answer_kind *kinds)
{
    uint32_t lodged = 0;
    for (uint32_t first = from; first < to; first += 50) {
        struct told told[50];
        for (uint32_t i = 0; i < 50; i++) told[i] = (struct told){ .number = first + i };
        scene_submit(scene, told, 50, kinds + first);
        office_drain(scene->office);
    }
    for (uint32_t i = from; i < to; i++) {
        lodged += kinds[i] == ANSWER_LODGED;
        assert_true(kinds[i] == ANSWER_LODGED || kinds[i] == ANSWER_REPEATED ||
                    kinds[i] == ANSWER_UNAVAILABLE);
    }
    return lodged;
}

// The journal's next segment finds no room: what came before is kept, and it goes on when there is.
static void a_full_disk_refuses_and_goes_on_when_there_is_room(void **state)
{
    (void)state;
    static struct scene scene;
    static enum answer_kind kinds[1501];
    struct weak weak = { .fails_from = UINT32_MAX, .fails_to = UINT32_MAX };
    weak_begin(&scene, &weak);
    scene.segment_size = 256 * KIB;
    scene.surroundings.open_store = scene_open_journal; // the journal stands on the weak disk, too
    scene_open(&scene);
    weak.full = true;
    struct answer answer = { 0 };
    uint32_t number = 0;
    while (number < 500 && answer.kind != ANSWER_UNAVAILABLE) {
        arena_reset(&scene.arena, 0);
        number++;
        answer = scene_send(&scene, (struct told){ .number = number });
    }
    assert_int_equal(answer.kind, ANSWER_UNAVAILABLE);
    assert_string_equal(answer.err.text, "the disk is full");
    assert_true(answer.err.hint[0] != '\0');
    assert_int_equal(scene_check(&scene), 6 * (number - 1));

    weak.full = false;
    assert_int_equal(scene_send(&scene, (struct told){ .number = number }).kind, ANSWER_LODGED);
    assert_int_equal(lodge(&scene, 1001, 1501, kinds), 500);
    assert_int_equal(scene_check(&scene), 6 * (number + 500));
    scene_end(&scene);
}

// The views find no room: what is kept is kept, nothing more is taken, and when there is room it
// goes on: in the same office, or in the next.
static void views_without_room(bool again)
{
    static struct scene scene;
    static enum answer_kind first[301], second[301];
    struct error err;
    scene_begin(&scene);
    scene_open(&scene);
    // With a transaction each the views' files grow by pages, the journal by a record.
    limit_files((rlim_t)600 * KIB);
    uint32_t number = 0;
    do {
        assert_true(++number < 301);
        first[number] = scene_send(&scene, (struct told){ .number = number }).kind;
        arena_reset(&scene.arena, 0);
    } while (views_flush(office_views(scene.office), &err));
    assert_int_equal(first[number], ANSWER_LODGED);
    assert_true(err.hint[0] != '\0');
    scene_send(&scene, (struct told){ .number = 400 }); // after which the committer knows
    assert_int_equal(lodge(&scene, 201, 251, first), 0);
    if (again) {
        assert_false(office_close(scene.office, &err));
        scene.office = NULL;
    }
    limit_files(RLIM_INFINITY);
    if (again) scene_open(&scene);
    lodge(&scene, 1, 301, second);
    for (uint32_t i = 1; i < 301; i++) {
        if (is_answered(first[i])) assert_int_equal(second[i], ANSWER_REPEATED);
        else assert_true(is_answered(second[i]));
    }
    scene_send(&scene, (struct told){ .number = 400 });
    assert_int_equal(scene_check(&scene), 301 * 6);
    scene_end(&scene);
}

static void views_that_cannot_be_written_go_on_when_there_is_room(void **state)
{
    (void)state;
    views_without_room(false);
    views_without_room(true);
}

// The published ledger cannot be written: the answers stand, and closing makes up for it.
static void a_ledger_that_cannot_be_published_is_later(void **state)
{
    (void)state;
    static struct scene scene;
    static enum answer_kind kinds[1001];
    char tile[256], away[256];
    struct error err;
    scene_begin(&scene);
    scene.segment_size = 8 * MIB;
    scene_open(&scene);
    lodge(&scene, 1, 101, kinds);
    scene_check(&scene);
    snprintf(tile, sizeof(tile), "%s/ledger/tile", scene.store);
    snprintf(away, sizeof(away), "%s/ledger/away", scene.store);
    assert_int_equal(rename(tile, away), 0);
    FILE *in_the_way = fopen(tile, "w");
    assert_non_null(in_the_way);
    fclose(in_the_way);

    assert_int_equal(lodge(&scene, 101, 1001, kinds), 900);
    assert_false(office_publish(scene.office, &err));
    assert_int_equal(remove(tile), 0);
    assert_int_equal(rename(away, tile), 0);
    scene_close(&scene); // heals it at the latest
    scene_open(&scene);
    assert_int_equal(scene_check(&scene), 6000);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commit_that_fails_is_found_out_about_and_made_up_for),
        cmocka_unit_test(two_faults_in_a_row_are_made_up_for),
        cmocka_unit_test(many_faults_in_a_row_are_made_up_for),
        cmocka_unit_test(a_store_that_cannot_be_opened_again_at_once_is_later),
        cmocka_unit_test(an_office_closed_after_a_fault_opens_with_what_was_kept),
        cmocka_unit_test(a_reading_that_fails_harms_nothing),
        cmocka_unit_test(a_record_apart_that_fails_is_made_up_for),
        cmocka_unit_test(what_is_not_recorded_apart_does_not_leave_the_house),
        cmocka_unit_test(a_full_disk_refuses_and_goes_on_when_there_is_room),
        cmocka_unit_test(views_that_cannot_be_written_go_on_when_there_is_room),
        cmocka_unit_test(a_ledger_that_cannot_be_published_is_later),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
