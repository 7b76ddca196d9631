#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#include "store/views_fixture.h"

// One tells, several read: what was acknowledged before somebody asks is there. Threads report what
// they saw; only the main thread asserts.

enum {
    FILES = 3000,
    ROUNDS = 2,           // each file is told so often
    ROWS = FILES * ROUNDS,
    BATCH = 10,
    READERS = 3,
    ASKS = 3000,          // of each reader
    ASKS_EACH = READERS * ASKS / (ROWS / BATCH), // between two batches
    WAIT_EACH = 10,       // one file in so many waits for an officer
    READER_ARENA_SIZE = 4 * MIB,
    DECIDED_EACH = 20,    // and one in so many no more, when it is told again
};

static const struct views_settings small = { .volume_rows = 500, .sheaf_rows = 40 };

struct shared {
    struct fixture f;
    atomic_uint told;     // rows acknowledged
    atomic_uint asked;    // by all readers: who tells keeps step with them
    atomic_bool go_on;
    atomic_uint failures; // that is what a test asserts to be none
    atomic_uint readers;
};

static struct span name_of(uint32_t file, char (*name)[24])
{
    int size = snprintf(*name, sizeof(*name), "26NL%012u", file * 7919);
    return (struct span){ *name, (size_t)size };
}

static bool waits_always(uint32_t file)
{
    return file % WAIT_EACH == 0 && file % DECIDED_EACH != 0;
}

// The n-th row that is told.
static struct view_row nth_row(uint32_t n, char (*name)[24])
{
    struct view_row row = row_of(name_of(n % FILES, name));
    row.facts_count = n / FILES + 1;
    row.reference_key = n + 1;
    row.waits = waits_always(n % FILES) || (n < FILES && n % DECIDED_EACH == 0);
    row.state = row.waits ? FILE_UNDER_CONTROL : FILE_RELEASED;
    row.worth.minor = n % FILES;
    return row;
}

static void failed(struct shared *shared, const char *what, uint32_t n)
{
    atomic_fetch_add(&shared->failures, 1);
    print_error("%s: %u\n", what, n);
}

static void *tell(void *context)
{
    struct shared *shared = context;
    for (uint32_t n = 0; n < ROWS; n += BATCH) {
        struct error err;
        struct view_row rows[BATCH];
        char names[BATCH][24];
        for (uint32_t i = 0; i < BATCH; i++) rows[i] = nth_row(n + i, &names[i]);
        while (atomic_load(&shared->asked) < n / BATCH * ASKS_EACH) sched_yield();
        if (!views_tell(shared->f.views, rows, BATCH, (n + BATCH) * UINT64_C(10), &err))
            failed(shared, err.text, n);
        atomic_store(&shared->told, n + BATCH);
    }
    return NULL;
}

// How many rows of that file are acknowledged when `told` rows are.
static uint32_t rounds_of(uint32_t file, uint32_t told)
{
    return told / FILES + (file < told % FILES);
}

static void ask_file(struct shared *shared, uint32_t file, struct arena *arena)
{
    struct error err;
    struct view_row row;
    bool found;
    char name[24];
    arena_reset(arena, 0);
    uint32_t rounds = rounds_of(file, atomic_load(&shared->told));
    if (!views_find(shared->f.views, name_of(file, &name), arena, &row, &found, &err))
        failed(shared, err.text, file);
    else if (found ? row.facts_count < rounds : rounds > 0)
        failed(shared, "a row was missed", file);
}

static void ask_reference(struct shared *shared, uint32_t n, struct arena *arena)
{
    struct error err;
    struct span file;
    bool found;
    char name[24];
    arena_reset(arena, 0);
    bool told = n < atomic_load(&shared->told);
    if (!views_find_reference(shared->f.views, n + 1, arena, &file, &found, &err))
        failed(shared, err.text, n);
    else if (told && !(found && span_equal(file, name_of(n % FILES, &name))))
        failed(shared, "a reference was missed", n);
}

static void ask_counts(struct shared *shared)
{
    struct error err;
    uint64_t counts[FILE_STATE_COUNT], sum = 0;
    uint32_t told = atomic_load(&shared->told);
    if (!views_count(shared->f.views, counts, FILE_STATE_COUNT, &err))
        failed(shared, err.text, told);
    for (int i = 0; i < FILE_STATE_COUNT; i++) sum += counts[i];
    if (sum < (told < FILES ? told : FILES)) failed(shared, "files were not counted", told);
    if (sum > FILES) failed(shared, "files were counted twice", told);
}

static void ask_queue(struct shared *shared, struct arena *arena)
{
    struct error err;
    struct views_waiting any = { 0 };
    struct views_page page;
    uint32_t told = atomic_load(&shared->told), expected = 0;
    uint64_t waiting;
    arena_reset(arena, 0);
    for (uint32_t file = 0; file < FILES && file < told; file++) expected += waits_always(file);
    if (!views_queue(shared->f.views, &any, SPAN(""), FILES, arena, &page, &waiting, &err)) {
        failed(shared, err.text, told);
        return;
    }
    if (page.count != waiting) failed(shared, "the queue is not of one moment", told);
    if (page.count < expected) failed(shared, "the queue misses some", told);
    for (uint32_t i = 1; i < page.count; i++)
        if (page.rows[i].worth.minor >= page.rows[i - 1].worth.minor)
            failed(shared, "the queue is not in order", told);
}

static void *ask(void *context)
{
    struct shared *shared = context;
    struct arena arena;
    if (!arena_open(&arena, READER_ARENA_SIZE, NULL)) failed(shared, "no memory", 0);
    uint32_t chance = 1 + atomic_fetch_add(&shared->readers, 1);
    for (uint32_t i = 0; i < ASKS; i++) {
        chance = chance * 1664525u + 1013904223u;
        uint32_t told = atomic_load(&shared->told);
        // Mostly what was told just now: it is where the tail and the file meet.
        uint32_t back = i % 2 ? (chance >> 8) % 200 : (chance >> 8) % ROWS;
        ask_file(shared, (told + FILES - back % FILES) % FILES, &arena);
        ask_reference(shared, told >= back ? told - back : 0, &arena);
        if (i % 16 == 0) ask_counts(shared);
        if (i % 8 == 0) ask_queue(shared, &arena);
        atomic_fetch_add(&shared->asked, 1);
    }
    arena_close(&arena);
    return NULL;
}

static void a_row_once_acknowledged_is_never_missed(void **state)
{
    (void)state;
    static struct shared shared;
    pthread_t teller, readers[READERS];
    fixture_begin(&shared.f, small);
    assert_int_equal(pthread_create(&teller, NULL, tell, &shared), 0);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, ask, &shared), 0);
    pthread_join(teller, NULL);
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&shared.failures), 0);
    fixture_flush(&shared.f);
    assert_int_equal(fixture_ask(&shared.f, "SELECT count(*) FROM declarations"), FILES);
    fixture_end(&shared.f);
}

// --- dropping while others read -----------------------------------------------------------------

static void *ask_until_told_not_to(void *context)
{
    struct shared *shared = context;
    struct arena arena;
    if (!arena_open(&arena, READER_ARENA_SIZE, NULL)) failed(shared, "no memory", 0);
    for (uint32_t i = 0; atomic_load(&shared->go_on); i++) {
        struct error err;
        struct view_row row;
        bool found;
        char name[24];
        arena_reset(&arena, 0);
        if (!views_find(shared->f.views, name_of(i % 100, &name), &arena, &row, &found, &err))
            failed(shared, err.text, i);
        if (found && !span_equal(row.file, name_of(i % 100, &name)))
            failed(shared, "another row", i);
        atomic_fetch_add(&shared->told, 1);
    }
    arena_close(&arena);
    return NULL;
}

static void views_can_be_dropped_while_others_read(void **state)
{
    (void)state;
    static struct shared shared;
    pthread_t readers[READERS];
    fixture_begin(&shared.f, small);
    atomic_store(&shared.go_on, true);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, ask_until_told_not_to, &shared), 0);
    for (int round = 0; round < 20; round++) {
        struct error err;
        for (uint32_t n = 0; n < 100; n++) {
            char name[24];
            struct view_row row = nth_row(n, &name);
            fixture_tell(&shared.f, &row, 1);
            if (n == 50) fixture_flush(&shared.f);
        }
        must(views_drop(shared.f.views, &err), &err);
        shared.f.position = 0;
    }
    while (atomic_load(&shared.told) < 100) sched_yield();
    atomic_store(&shared.go_on, false);
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&shared.failures), 0);
    fixture_end(&shared.f);
}

// --- a full tail --------------------------------------------------------------------------------

enum { FULL_ROWS = 100, FULL_SHEAF = 5, TAIL_ROWS = FULL_SHEAF * SHEAVES_MAX };

static void *tell_one_by_one(void *context)
{
    struct shared *shared = context;
    for (uint32_t n = 0; n < FULL_ROWS; n++) {
        struct error err;
        char name[24];
        struct view_row row = nth_row(n, &name);
        if (!views_tell(shared->f.views, &row, 1, (n + 1) * UINT64_C(10), &err))
            failed(shared, err.text, n);
        atomic_store(&shared->told, n + 1);
    }
    return NULL;
}

// Somebody else holds the file for writing, so nothing can leave the tail.
static void who_tells_waits_while_the_tail_is_full(void **state)
{
    (void)state;
    static struct shared shared;
    struct error err;
    struct view_row row;
    sqlite3 *other = NULL;
    pthread_t teller;
    char name[24];
    fixture_begin(&shared.f, (struct views_settings){ .volume_rows = 500,
                                                      .sheaf_rows = FULL_SHEAF });
    must(sql_open(&other, shared.f.path, &err), &err);
    must(sql_run(other, "BEGIN IMMEDIATE", &err), &err);
    assert_int_equal(pthread_create(&teller, NULL, tell_one_by_one, &shared), 0);
    while (atomic_load(&shared.told) < TAIL_ROWS) sched_yield();
    for (int i = 0; i < 100; i++) {
        assert_int_equal(atomic_load(&shared.told), TAIL_ROWS);
        for (uint32_t n = 0; n < TAIL_ROWS; n++)
            assert_true(fixture_find(&shared.f, name_of(n, &name), &row));
    }
    must(sql_run(other, "COMMIT", &err), &err);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    pthread_join(teller, NULL);
    assert_int_equal(atomic_load(&shared.told), FULL_ROWS);
    assert_int_equal(atomic_load(&shared.failures), 0);
    for (uint32_t n = 0; n < FULL_ROWS; n++)
        assert_true(fixture_find(&shared.f, name_of(n, &name), &row));
    fixture_end(&shared.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_once_acknowledged_is_never_missed),
        cmocka_unit_test(views_can_be_dropped_while_others_read),
        cmocka_unit_test(who_tells_waits_while_the_tail_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
