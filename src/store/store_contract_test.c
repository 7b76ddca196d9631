#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/batch_story.h"
#include "store/disk_memory.h"
#include "store/journal_inside.h"

// Each numbered promise of store.h is a test here, and each keeper is held to it. A keeper under
// test is opened, and opened again after its process died or its power went.

enum { SEGMENT_SIZE = 32 * KIB, BATCHES = 30 };

struct subject {
    const char *name;
    bool (*open)(struct subject *subject, struct error *err); // again: what the store is after that
    void (*die)(struct subject *subject);                     // its process ends
    struct store store;
    struct story story;
    struct disk_memory *memory;
    struct disk disk;
    char folder[64];
    struct store real;                                        // of a faulty one
    enum store_fault fault;
    uint32_t fails_at;
};

// --- The keepers ---

static bool open_in_memory(struct subject *subject, struct error *err)
{
    return subject->store.keeper != NULL || store_open_memory(&subject->store, err);
}

static void stay(struct subject *subject) { (void)subject; } // what is in memory dies for good

static bool open_on_real_disk(struct subject *subject, struct error *err)
{
    return journal_open_sized(&subject->store, disk_real(), subject->folder, SEGMENT_SIZE, err);
}

static void end(struct subject *subject) { store_close(&subject->store); }

static bool open_on_disk_in_memory(struct subject *subject, struct error *err)
{
    return journal_open_sized(&subject->store, &subject->disk, "store", SEGMENT_SIZE, err);
}

static void lose_power(struct subject *subject)
{
    store_close(&subject->store);
    disk_memory_power_back(subject->memory, 7);
}

static bool open_faulty(struct subject *subject, struct error *err)
{
    enum store_fault fault = subject->fault;
    subject->fault = FAULT_NONE; // a fault happens once
    if (subject->real.keeper == NULL &&
        !journal_open_sized(&subject->real, &subject->disk, "store", SEGMENT_SIZE, err))
        return false;
    return store_open_faulty(&subject->store, &subject->real, subject->fails_at, fault, err);
}

static void close_faulty(struct subject *subject) { store_close(&subject->store); }

static int begin(struct subject *subject)
{
    story_open(&subject->story);
    subject->memory = disk_memory_open();
    subject->disk = disk_memory_disk(subject->memory);
    snprintf(subject->folder, sizeof(subject->folder), "/tmp/tidewaiter-contract-XXXXXX");
    if (mkdtemp(subject->folder) == NULL) return -1;
    return subject->open(subject, NULL) ? 0 : -1;
}

static int finish(void **state)
{
    struct subject *subject = *state;
    char command[128];
    store_close(&subject->store);
    store_close(&subject->real);
    disk_memory_close(subject->memory);
    story_close(&subject->story);
    snprintf(command, sizeof(command), "rm -r %s", subject->folder);
    int removed = system(command); // NOLINT(bugprone-command-processor): its own folder
    free(subject);
    return removed;
}

static int begin_one(void **state, struct subject kind)
{
    struct subject *subject = malloc(sizeof(*subject));
    if (subject == NULL) return -1;
    *subject = kind;
    *state = subject;
    return begin(subject);
}

static int begin_memory(void **state)
{
    return begin_one(state, (struct subject){ .name = "memory", .open = open_in_memory,
                                              .die = stay });
}

static int begin_real_disk(void **state)
{
    return begin_one(state, (struct subject){ .name = "journal", .open = open_on_real_disk,
                                              .die = end });
}

static int begin_disk_in_memory(void **state)
{
    return begin_one(state, (struct subject){ .name = "journal", .open = open_on_disk_in_memory,
                                              .die = lose_power });
}

static int begin_faulty(void **state)
{
    return begin_one(state, (struct subject){ .name = "faulty", .open = open_faulty,
                                              .die = close_faulty });
}

// --- Helpers ---

static bool try_one(struct subject *subject, uint64_t number, struct error *err)
{
    bool before_anything;
    return story_commit(&subject->story, &subject->store, number, &before_anything, err);
}

static void commit_one(struct subject *subject, uint64_t number)
{
    struct error err = { 0 };
    if (!try_one(subject, number, &err))
        fail_msg("batch %llu: %s", (unsigned long long)number, err.text);
    assert_int_equal(err.kind, ERROR_NONE); // untouched
}

static void commit_many(struct subject *subject, uint64_t from, uint64_t to)
{
    for (uint64_t number = from; number <= to; number++) commit_one(subject, number);
}

static void open_again(struct subject *subject)
{
    struct error err = { 0 };
    subject->die(subject);
    if (!subject->open(subject, &err)) fail_msg("%s", err.text);
}

static void holds(struct subject *subject, uint64_t batches)
{
    struct error err = { 0 };
    struct store_seal seal;
    store_seal(&subject->store, &seal);
    assert_int_equal(seal.batch, batches);
    if (story_is_told(&subject->story, &subject->store, &err) != STORY_TOLD)
        fail_msg("%s: %s", subject->name, err.text);
}

// --- The promises ---

static void promise_1_what_was_committed_is_there_after_a_crash(void **state)
{
    struct subject *subject = *state;
    assert_string_equal(subject->store.keeper->name, subject->name);
    for (uint64_t number = 1; number <= BATCHES; number++) {
        commit_one(subject, number);
        if (number % 4 == 0) open_again(subject);
        holds(subject, number);
    }
    open_again(subject);
    holds(subject, BATCHES);
}

static void promise_2_a_batch_that_cannot_be_kept_whole_is_not_kept_at_all(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    bool before_anything = false;
    commit_many(subject, 1, 3);

    // Larger than a segment, and than what memory holds.
    uint32_t count;
    struct store_seal seal;
    struct store_append *appends = story_batch(&subject->story, 4, &count, &seal);
    size_t size = subject->store.keeper->name[0] == 'm' ? (size_t)2048 * MIB : SEGMENT_SIZE;
    struct arena large;
    assert_true(arena_open(&large, size + KIB, &err));
    struct store_fact fact = appends[0].facts[0];
    fact.json = (struct span){ arena_take_raw(&large, size, 1), size };
    struct store_append both[2] = { appends[0], appends[0] };
    both[1].facts = &fact;
    both[1].facts_count = 1;
    both[1].packed = fact.json;
    assert_false(store_commit(&subject->store, both, 2, &seal, &before_anything, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_true(before_anything);
    arena_close(&large);

    holds(subject, 3);
    commit_one(subject, 4); // and it goes on
    holds(subject, 4);
}

struct order { struct subject *subject; uint64_t batch; uint32_t index; uint64_t last, seen; };

static bool is_next(void *context, const struct store_append *append, uint64_t next,
                    struct error *err)
{
    struct order *order = context;
    (void)err;
    order->seen++;
    assert_true(order->seen == 1 || append->position >= order->last);
    assert_true(next > append->position);
    order->last = next;
    if (!story_append_is(&order->subject->story, append, order->batch, order->index, false)) {
        order->batch++;
        order->index = 0;
        assert_true(story_append_is(&order->subject->story, append, order->batch, 0, false));
    }
    order->index++;
    return true;
}

struct stop { uint64_t calls, after, next; };

static bool stops(void *context, const struct store_append *append, uint64_t next,
                  struct error *err)
{
    struct stop *stop = context;
    (void)append;
    stop->next = next;
    if (++stop->calls < stop->after) return true;
    return error_set(err, ERROR_CONFLICT, "enough");
}

static void promise_3_appends_come_back_in_the_order_in_which_they_were_committed(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    struct arena scratch;
    assert_true(arena_open(&scratch, MIB, &err));
    commit_many(subject, 1, BATCHES);
    struct order order = { .subject = subject, .batch = 1 };
    assert_true(store_scan(&subject->store, 0, STORE_COMMITMENTS, &scratch, is_next, &order, &err));
    assert_int_equal(order.batch, BATCHES);
    uint64_t all = order.seen;

    // A scan goes on where another one stopped, be it within a batch or between two.
    for (uint64_t after = 1; after < all; after++) {
        struct stop stop = { .after = after }, rest = { .after = UINT64_MAX };
        assert_false(store_scan(&subject->store, 0, STORE_ALL, &scratch, stops, &stop, &err));
        assert_int_equal(err.kind, ERROR_CONFLICT); // passed on
        assert_int_equal(stop.calls, after);
        assert_true(store_scan(&subject->store, stop.next, STORE_ALL, &scratch, stops, &rest,
                               &err));
        assert_int_equal(rest.calls, all - after);
    }
    struct store_seal seal;
    struct stop none = { .after = 1 };
    store_seal(&subject->store, &seal);
    assert_true(store_scan(&subject->store, seal.end, STORE_ALL, &scratch, stops, &none, &err));
    assert_int_equal(none.calls, 0);
    arena_close(&scratch);
}

static void promise_3_a_scan_goes_on_behind_every_seal(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    struct arena scratch;
    assert_true(arena_open(&scratch, MIB, &err));
    uint64_t ends[BATCHES + 1] = { 0 }, counts[BATCHES + 1] = { 0 };
    for (uint64_t number = 1; number <= BATCHES; number++) {
        uint32_t count;
        struct store_seal seal;
        (void)story_batch(&subject->story, number, &count, &seal);
        counts[number] = counts[number - 1] + count;
        commit_one(subject, number);
        store_seal(&subject->store, &seal);
        ends[number] = seal.end;
    }
    for (uint64_t number = 0; number <= BATCHES; number++) {
        struct stop rest = { .after = UINT64_MAX };
        assert_true(store_scan(&subject->store, ends[number], STORE_ALL, &scratch, stops, &rest,
                               &err));
        assert_int_equal(rest.calls, counts[BATCHES] - counts[number]);
    }
    arena_close(&scratch);
}

static void promise_4_after_a_commit_failed_no_more_are_taken_until_it_is_opened_again(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    bool before_anything = true;
    commit_many(subject, 1, 5);
    if (subject->die == close_faulty) {
        store_close(&subject->store);
        subject->fault = FAULT_NOT_KEPT;
        subject->fails_at = 0;
        assert_true(subject->open(subject, &err));
    } else {
        disk_memory_trouble(subject->memory, DISK_FAILS, 1, 3); // the sync
    }
    assert_false(story_commit(&subject->story, &subject->store, 6, &before_anything, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_false(before_anything);
    for (int i = 0; i < 2; i++) {
        before_anything = true;
        assert_false(story_commit(&subject->story, &subject->store, 6, &before_anything, &err));
        assert_int_equal(err.kind, ERROR_UNAVAILABLE);
        assert_false(before_anything);
        holds(subject, 5); // reading goes on
    }
    open_again(subject);
    struct store_seal seal;
    store_seal(&subject->store, &seal);
    assert_in_range(seal.batch, 5, 6);
    holds(subject, seal.batch);
    commit_many(subject, seal.batch + 1, 9);
    open_again(subject);
    holds(subject, 9);
}

static void promise_4_whichever_commit_meets_a_fault_and_however_the_end_is_the_same(void **state)
{
    struct subject *subject = *state;
    for (int fault = FAULT_NONE; fault <= FAULT_KEPT_ALL_THE_SAME; fault++) {
        for (uint32_t fails_at = 0; fails_at < 6; fails_at++) {
            struct error err = { 0 };
            struct store_seal seal = { 0 };
            store_close(&subject->store);
            store_close(&subject->real);
            disk_memory_close(subject->memory);
            subject->memory = disk_memory_open();
            subject->disk = disk_memory_disk(subject->memory);
            subject->fault = (enum store_fault)fault;
            subject->fails_at = fails_at;
            assert_true(subject->open(subject, &err));
            int failures = 0;
            while (seal.batch < 6) {
                if (!try_one(subject, seal.batch + 1, &err)) {
                    failures++;
                    open_again(subject);
                }
                store_seal(&subject->store, &seal);
            }
            assert_int_equal(failures, fault == FAULT_NONE ? 0 : 1);
            holds(subject, 6);
        }
    }
}

static void promise_4_a_full_disk_is_told_before_anything_and_the_store_goes_on(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    struct store *store = &subject->store;
    bool before_anything = false;
    uint64_t number = 1;
    disk_memory_trouble(subject->memory, DISK_FULL, 0, 1);
    while (story_commit(&subject->story, store, number, &before_anything, &err)) number++;
    assert_in_range(number, 3, BATCHES); // the first segment has its place already
    for (int i = 0; i < 3; i++) {
        assert_int_equal(err.kind, ERROR_UNAVAILABLE);
        assert_true(before_anything);
        holds(subject, number - 1);
        before_anything = false;
        assert_false(story_commit(&subject->story, store, number, &before_anything, &err));
    }
    disk_memory_trouble(subject->memory, DISK_WELL, 0, 1);
    commit_many(subject, number, BATCHES);
    holds(subject, BATCHES);
    open_again(subject);
    holds(subject, BATCHES);
}

struct reader {
    struct subject *subject;
    struct story story;
    pthread_t thread;
    _Atomic bool *done;
    enum story_told told;
    uint64_t rounds, last_batch;
    struct error err;
};

static void *read_all_the_time(void *context)
{
    struct reader *reader = context;
    do {
        struct store_seal seal;
        struct arena scratch;
        struct store *store = &reader->subject->store;
        struct stop counted = { .after = UINT64_MAX };
        store_seal(store, &seal);
        reader->told = seal.batch >= reader->last_batch ? STORY_TOLD : STORY_DIFFERS;
        reader->last_batch = seal.batch;
        if (!arena_open(&scratch, MIB, &reader->err)) return NULL;
        if (!store_scan(store, 0, STORE_ALL, &scratch, stops, &counted, &reader->err))
            reader->told = STORY_REPORTED;
        if (reader->told == STORY_TOLD && !store_check(store, &scratch, &reader->err))
            reader->told = STORY_REPORTED;
        arena_close(&scratch);
        reader->rounds++;
    } while (reader->told == STORY_TOLD && !*reader->done);
    return NULL;
}

static void promise_5_any_number_of_threads_read_while_one_commits(void **state)
{
    enum { READERS = 3 };
    struct subject *subject = *state;
    struct reader readers[READERS] = { 0 };
    _Atomic bool done = false;
    for (int i = 0; i < READERS; i++) {
        readers[i].subject = subject;
        readers[i].done = &done;
        int created = pthread_create(&readers[i].thread, NULL, read_all_the_time, &readers[i]);
        assert_int_equal(created, 0);
    }
    commit_many(subject, 1, 90);
    done = true;
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        if (readers[i].told != STORY_TOLD) fail_msg("%s", readers[i].err.text);
        assert_true(readers[i].rounds > 0);
    }
    holds(subject, 90);
}

static void promise_5_reading_changes_nothing(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    struct arena scratch;
    assert_true(arena_open(&scratch, MIB, &err));
    commit_many(subject, 1, BATCHES);
    struct disk_memory *before = disk_memory_copy(subject->memory);
    holds(subject, BATCHES);
    assert_true(store_check(&subject->store, &scratch, &err));
    holds(subject, BATCHES);

    const char *path;
    uint64_t size, size_before;
    for (uint32_t i = 0; (path = disk_memory_name(subject->memory, i, &size)) != NULL; i++) {
        const char *same = disk_memory_name(before, i, &size_before);
        assert_non_null(same);
        assert_string_equal(path, same);
        assert_int_equal(size, size_before);
        assert_true(disk_memory_same(subject->memory, before, path));
    }
    disk_memory_close(before);
    arena_close(&scratch);
}

static void promise_6_a_fact_that_changed_is_reported_as_damage(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    struct arena scratch;
    struct store_append append;
    assert_true(arena_open(&scratch, MIB, &err));
    uint64_t position;
    uint32_t count;
    struct store_seal seal;
    commit_many(subject, 1, 4);
    struct store_append *appends = story_batch(&subject->story, 5, &count, &seal);
    bool before_anything;
    assert_true(store_commit(&subject->store, appends, count, &seal, &before_anything, &err));
    position = appends[0].position;
    commit_many(subject, 6, 7);
    assert_true(store_check(&subject->store, &scratch, &err));
    assert_true(store_read(&subject->store, position, &scratch, &append, &err));

    if (subject->store.keeper->name[0] == 'm') {
        char *json = (char *)append.facts[0].json.at;
        json[2] ^= 1;
    } else if (subject->die == end) {
        char command[256];
        snprintf(command, sizeof(command),
                 "printf X | dd of=%s/journal/%08llu.seg bs=1 seek=%llu conv=notrunc status=none",
                 subject->folder, (unsigned long long)(position / SEGMENT_SIZE) + 1,
                 (unsigned long long)(position % SEGMENT_SIZE) + 130);
        assert_int_equal(system(command), 0); // NOLINT(bugprone-command-processor): no outside text
    } else {
        char path[64];
        snprintf(path, sizeof(path), "store/journal/%08llu.seg",
                 (unsigned long long)(position / SEGMENT_SIZE) + 1);
        disk_memory_alter(subject->memory, path, position % SEGMENT_SIZE + 130, "X", 1);
    }
    assert_false(store_check(&subject->store, &scratch, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    if (subject->store.keeper->name[0] != 'm') {
        char place[64];
        snprintf(place, sizeof(place), "in segment %llu at byte %llu",
                 (unsigned long long)(position / SEGMENT_SIZE) + 1,
                 (unsigned long long)(position % SEGMENT_SIZE));
        assert_non_null(strstr(err.text, place));
        assert_false(store_read(&subject->store, position, &scratch, &append, &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
        assert_non_null(strstr(err.text, place));
        struct stop stop = { .after = UINT64_MAX };
        assert_false(store_scan(&subject->store, 0, STORE_ALL, &scratch, stops, &stop, &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
        assert_non_null(strstr(err.text, place));
    }
    arena_close(&scratch);
}

// --- What all keepers do besides ---

static void an_empty_store_has_no_seal_and_nothing_to_tell(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    struct arena scratch;
    struct store_append append;
    assert_true(arena_open(&scratch, MIB, &err));
    for (int i = 0; i < 2; i++, open_again(subject)) {
        holds(subject, 0);
        assert_true(store_check(&subject->store, &scratch, &err));
        assert_false(store_read(&subject->store, 0, &scratch, &append, &err));
        assert_int_equal(err.kind, ERROR_NOT_FOUND);
    }
    arena_close(&scratch);
}

static void a_position_that_was_never_told_is_not_found(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    struct store_append append;
    struct store_seal seal;
    struct arena scratch;
    assert_true(arena_open(&scratch, MIB, &err));
    commit_many(subject, 1, 3);
    store_seal(&subject->store, &seal);
    uint64_t far[] = { seal.end, seal.end + 8, UINT64_MAX / 2, STORE_NOWHERE };
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        assert_false(store_read(&subject->store, far[i], &scratch, &append, &err));
        assert_int_equal(err.kind, ERROR_NOT_FOUND);
    }
    arena_close(&scratch);
}

static void a_file_is_loaded_from_its_last_append_back_to_its_first(void **state)
{
    struct subject *subject = *state;
    struct error err = { 0 };
    struct arena scratch;
    assert_true(arena_open(&scratch, MIB, &err));
    uint64_t previous = STORE_NOWHERE;
    for (uint64_t number = 1; number <= 5; number++) {
        uint32_t count;
        struct store_seal seal;
        bool before_anything;
        struct store_append *appends = story_batch(&subject->story, number, &count, &seal);
        appends[0].file = SPAN("the file");
        appends[0].previous = previous;
        appends[0].first_seq = (uint32_t)number;
        assert_true(store_commit(&subject->store, appends, count, &seal, &before_anything, &err));
        previous = appends[0].position;
    }
    struct store_append *appends;
    uint32_t count;
    assert_true(store_load(&subject->store, previous, &scratch, &appends, &count, &err));
    assert_int_equal(count, 5);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(span_equal(appends[i].file, SPAN("the file")));
        assert_int_equal(appends[i].first_seq, i + 1);
        assert_true(appends[i].facts[0].json.len > 0);
    }
    arena_close(&scratch);
}

static void a_store_that_is_closed_says_so(void **state)
{
    struct store closed = { 0 };
    struct error err = { 0 };
    struct store_append append = { .file = SPAN("a"), .facts_count = 1, .first_seq = 1 };
    struct store_seal seal = { 0 };
    struct arena scratch = { 0 };
    bool before_anything;
    struct stop stop = { .after = 1 };
    (void)state;
    assert_false(store_commit(&closed, &append, 1, &seal, &before_anything, &err));
    assert_false(store_read(&closed, 0, &scratch, &append, &err));
    assert_false(store_scan(&closed, 0, STORE_ALL, &scratch, stops, &stop, &err));
    assert_false(store_check(&closed, &scratch, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    store_seal(&closed, &seal);
    assert_int_equal(seal.batch, 0);
    store_close(&closed);
}

#define HELD(begin, test) { #test, test, begin, finish, NULL }
#define PROMISES_OF_ALL(begin)                                                                     \
    HELD(begin, promise_1_what_was_committed_is_there_after_a_crash),                              \
    HELD(begin, promise_2_a_batch_that_cannot_be_kept_whole_is_not_kept_at_all),                   \
    HELD(begin, promise_3_appends_come_back_in_the_order_in_which_they_were_committed),            \
    HELD(begin, promise_3_a_scan_goes_on_behind_every_seal),                                       \
    HELD(begin, promise_5_any_number_of_threads_read_while_one_commits),                           \
    HELD(begin, promise_6_a_fact_that_changed_is_reported_as_damage),                              \
    HELD(begin, an_empty_store_has_no_seal_and_nothing_to_tell),                                   \
    HELD(begin, a_position_that_was_never_told_is_not_found),                                      \
    HELD(begin, a_file_is_loaded_from_its_last_append_back_to_its_first)

int main(void)
{
    const struct CMUnitTest memory[] = {
        PROMISES_OF_ALL(begin_memory),
        cmocka_unit_test(a_store_that_is_closed_says_so),
    };
    const struct CMUnitTest real_disk[] = { PROMISES_OF_ALL(begin_real_disk) };
    const struct CMUnitTest disk_in_memory[] = {
        PROMISES_OF_ALL(begin_disk_in_memory),
        HELD(begin_disk_in_memory,
             promise_4_after_a_commit_failed_no_more_are_taken_until_it_is_opened_again),
        HELD(begin_disk_in_memory,
             promise_4_a_full_disk_is_told_before_anything_and_the_store_goes_on),
        HELD(begin_disk_in_memory, promise_5_reading_changes_nothing),
    };
    const struct CMUnitTest faulty[] = {
        PROMISES_OF_ALL(begin_faulty),
        HELD(begin_faulty,
             promise_4_after_a_commit_failed_no_more_are_taken_until_it_is_opened_again),
        HELD(begin_faulty,
             promise_4_whichever_commit_meets_a_fault_and_however_the_end_is_the_same),
    };
    return cmocka_run_group_tests_name("memory", memory, NULL, NULL) +
           cmocka_run_group_tests_name("journal", real_disk, NULL, NULL) +
           cmocka_run_group_tests_name("journal, power lost", disk_in_memory, NULL, NULL) +
           cmocka_run_group_tests_name("faulty", faulty, NULL, NULL);
}
