#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/batch_story.h"
#include "store/disk_memory.h"
#include "store/journal_inside.h"

// What is the journal's own besides the promises of all keepers.

enum { SEGMENT_SIZE = 8 * KIB, ROOM = SEGMENT_SIZE - JOURNAL_HEADER_SIZE };

struct desk {
    struct story story;
    struct disk_memory *memory;
    struct disk disk;
    struct store store;
    struct error err;
};

static bool open_store(struct desk *desk)
{
    return journal_open_sized(&desk->store, &desk->disk, "store", SEGMENT_SIZE, &desk->err);
}

static int begin(void **state)
{
    static struct desk desk;
    desk = (struct desk){ 0 };
    story_open(&desk.story);
    desk.memory = disk_memory_open();
    desk.disk = disk_memory_disk(desk.memory);
    *state = &desk;
    return open_store(&desk) ? 0 : -1;
}

static int end(void **state)
{
    struct desk *desk = *state;
    store_close(&desk->store);
    disk_memory_close(desk->memory);
    story_close(&desk->story);
    return 0;
}

// After the power went, unless nothing is to be lost.
static void open_again(struct desk *desk, uint64_t seed)
{
    store_close(&desk->store);
    disk_memory_power_back(desk->memory, seed);
    if (!open_store(desk)) fail_msg("%s", desk->err.text);
}

// A batch of exactly `size` bytes on the disk. (Its payload cannot be unpacked.)
static bool try_sized(struct desk *desk, uint64_t number, size_t size, uint64_t *position)
{
    uint32_t count;
    struct store_seal seal;
    bool before_anything;
    struct store_append *appends = story_batch(&desk->story, number, &count, &seal);
    appends[0].facts_count = 1;
    size_t besides = commit_length(&seal) + append_length(&appends[0]);
    assert_true(size > besides);
    char *packed = arena_take_raw(&desk->story.arena, size, 1);
    assert_non_null(packed);
    memset(packed, 'p', size);
    appends[0].packed = (struct span){ packed, size - besides };
    assert_int_equal(commit_length(&seal) + append_length(&appends[0]), size);
    bool kept = store_commit(&desk->store, appends, 1, &seal, &before_anything, &desk->err);
    *position = appends[0].position;
    return kept;
}

static void commit_sized(struct desk *desk, uint64_t number, size_t size)
{
    uint64_t position;
    if (!try_sized(desk, number, size, &position)) fail_msg("%s", desk->err.text);
}

static bool count_one(void *context, const struct store_append *append, uint64_t next,
                      struct error *err)
{
    uint64_t *count = context;
    (void)append, (void)next, (void)err;
    (*count)++;
    return true;
}

static uint64_t count_from(struct desk *desk, uint64_t position)
{
    uint64_t count = 0;
    if (!store_scan(&desk->store, position, STORE_COMMITMENTS, &desk->story.scanning, count_one,
                    &count, &desk->err))
        fail_msg("%s", desk->err.text);
    return count;
}

static void a_batch_may_end_anywhere_in_the_last_bytes_of_its_segment(void **state)
{
    enum { FIRST = 1000 };
    struct desk *desk = *state;
    for (size_t left = 0; left <= 256; left += 8) {
        struct store_seal seal;
        commit_sized(desk, 1, FIRST);
        commit_sized(desk, 2, ROOM - FIRST - left);
        store_seal(&desk->store, &seal);
        assert_int_equal(seal.end, SEGMENT_SIZE - left);
        for (uint64_t number = 3; number <= 6; number++) {
            open_again(desk, left);
            assert_true(journal_check_chain(desk->store.state, &desk->err));
            assert_int_equal(count_from(desk, seal.end), number - 3);
            commit_sized(desk, number, number % 2 == 0 ? ROOM : FIRST);
            assert_int_equal(count_from(desk, 0), number);
            assert_int_equal(count_from(desk, seal.end), number - 2);
        }
        end(state);
        begin(state);
    }
}

static char byte_of(struct desk *desk, const char *path, uint64_t at)
{
    int handle;
    char byte;
    size_t got;
    assert_true(desk->disk.open(desk->disk.state, path, false, &handle, &desk->err));
    assert_true(desk->disk.read(desk->disk.state, handle, at, &byte, 1, &got, &desk->err));
    desk->disk.close(desk->disk.state, handle);
    assert_int_equal(got, 1);
    return byte;
}

// Also when the next one goes to another segment.
static void remains_of_a_batch_are_cut_off_by_the_next_commit_and_not_before(void **state)
{
    enum { REMAINS = SEGMENT_SIZE - 1000 };
    static const char path[] = "store/journal/00000001.seg";
    struct desk *desk = *state;
    for (int next_segment = 0; next_segment < 2; next_segment++) {
        commit_sized(desk, 1, 1000);
        disk_memory_alter(desk->memory, path, REMAINS, "r", 1);
        open_again(desk, 1);
        assert_int_equal(byte_of(desk, path, REMAINS), 'r');
        commit_sized(desk, 2, next_segment ? ROOM : 1200);
        assert_int_equal(byte_of(desk, path, REMAINS), 0);
        commit_sized(desk, 3, ROOM);
        assert_int_equal(count_from(desk, 0), 3);
        for (uint64_t seed = 0; seed < 8; seed++) open_again(desk, seed);
        assert_int_equal(byte_of(desk, path, REMAINS), 0);
        assert_int_equal(count_from(desk, 0), 3);
        end(state);
        begin(state);
    }
}

// A disk on which, whenever a segment is to be read, another thread reads a second one just before.
struct meddling {
    struct disk disk, real;
    struct desk *desk;
    uint64_t other;
    bool within;
    uint32_t times;
};

static bool read_with_another(void *state, int handle, uint64_t at, void *into, size_t size,
                              size_t *got, struct error *err)
{
    struct meddling *meddling = state;
    char record[ROOM];
    if (!meddling->within) {
        meddling->within = true;
        meddling->times++;
        struct journal *journal = meddling->desk->store.state;
        if (!segment_read(journal, meddling->other, record, sizeof(record), err)) return false;
        meddling->within = false;
    }
    return meddling->real.read(meddling->real.state, handle, at, into, size, got, err);
}

static bool same_open(void *state, const char *path, bool create, int *handle, struct error *err)
{
    struct meddling *meddling = state;
    return meddling->real.open(meddling->real.state, path, create, handle, err);
}

static void same_close(void *state, int handle)
{
    struct meddling *meddling = state;
    meddling->real.close(meddling->real.state, handle);
}

static void a_segment_that_somebody_reads_is_not_closed_to_open_another(void **state)
{
    enum { SEGMENTS = 2 * JOURNAL_READERS + 1 }; // three share the first place among the open ones
    struct desk *desk = *state;
    uint64_t positions[SEGMENTS];
    for (uint64_t i = 0; i < SEGMENTS; i++)
        assert_true(try_sized(desk, i + 1, ROOM, &positions[i]));
    struct journal *journal = desk->store.state;
    struct meddling meddling = { .real = desk->disk, .desk = desk,
                                 .other = positions[SEGMENTS - 1] };
    meddling.disk = (struct disk){ .state = &meddling, .read = read_with_another,
                                   .open = same_open, .close = same_close };
    journal->disk = &meddling.disk;
    for (uint64_t i = 0; i < SEGMENTS - 1; i++) {
        char record[ROOM];
        struct append_header header;
        if (!segment_read(journal, positions[i], record, sizeof(record), &desk->err))
            fail_msg("%s", desk->err.text);
        memcpy(&header, record, sizeof(header));
        assert_int_equal(header.batch, i + 1);
        assert_null(append_fault(record, header.length));
    }
    assert_int_equal(meddling.times, SEGMENTS - 1);
    journal->disk = &desk->disk;
}

static void a_second_process_is_told_which_one_has_the_store(void **state)
{
    struct desk *desk = *state;
    char folder[] = "/tmp/tidewaiter-lock-XXXXXX", mine[64];
    assert_non_null(mkdtemp(folder));
    const struct disk *disks[] = { &desk->disk, disk_real() };
    store_close(&desk->store);
    snprintf(mine, sizeof(mine), "in use by process %ld", (long)getpid());
    for (int i = 0; i < 2; i++) {
        struct store first = { 0 }, second = { 0 };
        assert_true(journal_open_sized(&first, disks[i], folder, SEGMENT_SIZE, &desk->err));
        assert_false(journal_open_sized(&second, disks[i], folder, SEGMENT_SIZE, &desk->err));
        assert_int_equal(desk->err.kind, ERROR_UNAVAILABLE);
        assert_non_null(strstr(desk->err.text, mine));
        store_close(&first);
        assert_true(journal_open_sized(&second, disks[i], folder, SEGMENT_SIZE, &desk->err));
        store_close(&second);
    }
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0); // NOLINT(bugprone-command-processor): its own folder
}

static void a_missing_segment_is_damage_and_not_an_earlier_end(void **state)
{
    struct desk *desk = *state;
    for (uint64_t number = 1; number <= 5; number++) commit_sized(desk, number, ROOM);
    store_close(&desk->store);
    disk_memory_remove(desk->memory, "store/journal/00000003.seg");
    assert_false(open_store(desk));
    assert_int_equal(desk->err.kind, ERROR_DAMAGED);
    assert_non_null(strstr(desk->err.text, "a missing file in segment 3"));
}

static void a_segment_that_is_missing_later_is_named(void **state)
{
    struct desk *desk = *state;
    uint64_t position = 0, count = 0;
    assert_true(try_sized(desk, 1, ROOM, &position));
    commit_sized(desk, 2, ROOM);
    commit_sized(desk, 3, ROOM);
    open_again(desk, 1);
    disk_memory_remove(desk->memory, "store/journal/00000001.seg");
    struct journal *journal = desk->store.state;
    journal->disk->close(journal->disk->state, journal->readers[1].handle);
    journal->readers[1].number = 0;
    assert_false(store_scan(&desk->store, 0, STORE_COMMITMENTS, &desk->story.scanning, count_one,
                            &count, &desk->err));
    assert_int_equal(desk->err.kind, ERROR_DAMAGED);
    assert_non_null(strstr(desk->err.text, "a missing file in segment 1"));
}

// --- What a disk may lose or an intruder may write although all sums fit ---

static void zero(struct desk *desk, uint64_t from, uint64_t until)
{
    static const char zeros[SEGMENT_SIZE];
    char path[64];
    snprintf(path, sizeof(path), "store/journal/%08llu.seg",
             (unsigned long long)(from / SEGMENT_SIZE) + 1);
    disk_memory_alter(desk->memory, path, from % SEGMENT_SIZE, zeros, until - from);
}

enum { FEW = 6, SMALL = 1200 }; // three batches a segment

static void commit_few(struct desk *desk, uint64_t begins[FEW + 1])
{
    for (uint64_t i = 0; i < FEW; i++) assert_true(try_sized(desk, i + 1, SMALL, &begins[i]));
}

static bool scan_is_sound(struct desk *desk)
{
    uint64_t count = 0;
    return store_scan(&desk->store, 0, STORE_COMMITMENTS, &desk->story.scanning, count_one, &count,
                      &desk->err);
}

static void a_batch_that_reads_as_zeros_is_missed_by_a_scan(void **state)
{
    struct desk *desk = *state;
    for (uint64_t lost = 0; lost < FEW; lost++) {
        uint64_t begins[FEW + 1];
        commit_few(desk, begins);
        assert_true(scan_is_sound(desk));
        zero(desk, begins[lost], begins[lost] + SMALL);
        assert_false(scan_is_sound(desk));
        assert_int_equal(desk->err.kind, ERROR_DAMAGED);
        assert_false(store_check(&desk->store, &desk->story.scanning, &desk->err));
        assert_int_equal(desk->err.kind, ERROR_DAMAGED);
        end(state);
        begin(state);
    }
}

static void a_batch_of_the_newest_segment_that_reads_as_zeros_is_missed_at_opening(void **state)
{
    struct desk *desk = *state;
    for (uint64_t lost = FEW / 2; lost < FEW - 1; lost++) {
        uint64_t begins[FEW + 1];
        commit_few(desk, begins);
        store_close(&desk->store);
        zero(desk, begins[lost], begins[lost] + SMALL);
        assert_false(open_store(desk));
        assert_int_equal(desk->err.kind, ERROR_DAMAGED);
        assert_non_null(strstr(desk->err.text, "no batch where one was in segment 2 at byte"));
        end(state);
        begin(state);
    }
}

// Another commitment, with sums that fit; and then the commit's chain as well.
static void exchange(struct desk *desk, uint64_t position, bool commit_too)
{
    struct append_header header;
    struct commit_header commit;
    char record[SMALL], path[64];
    assert_true(segment_read(desk->store.state, position, record, sizeof(record), &desk->err));
    memcpy(&header, record, sizeof(header));
    memcpy(&commit, record + header.length, sizeof(commit));
    size_t sealed = sizeof(header) + aligned(header.name_len) + header.facts_count * 32ul;
    record[sealed - 1] ^= 1;
    uint32_t payload_crc = header.payload_crc;
    header.payload_crc = header.sealed_crc = 0;
    memcpy(record, &header, sizeof(header));
    header.sealed_crc = crc32c(0, record, sealed);
    header.payload_crc = payload_crc;
    memcpy(record, &header, sizeof(header));
    assert_null(append_fault(record, header.length));
    if (commit_too) {
        commit.chain = chain_next(commit.chain_before, record);
        commit.crc = 0;
        memcpy(record + header.length, &commit, sizeof(commit));
        commit.crc = crc32c(0, record + header.length, commit.length);
        memcpy(record + header.length, &commit, sizeof(commit));
        assert_null(commit_fault(record + header.length, commit.length));
    }
    snprintf(path, sizeof(path), "store/journal/%08llu.seg",
             (unsigned long long)(position / SEGMENT_SIZE) + 1);
    disk_memory_alter(desk->memory, path, position % SEGMENT_SIZE, record, sizeof(record));
}

static void a_batch_that_was_exchanged_breaks_the_chain(void **state)
{
    struct desk *desk = *state;
    for (int commit_too = 0; commit_too < 2; commit_too++) {
        for (uint64_t which = 0; which < FEW; which++) {
            uint64_t begins[FEW + 1];
            commit_few(desk, begins);
            assert_true(journal_check_chain(desk->store.state, &desk->err));
            exchange(desk, begins[which], commit_too);
            assert_true(scan_is_sound(desk)); // a scan looks at sums and numbers only
            assert_false(journal_check_chain(desk->store.state, &desk->err));
            assert_int_equal(desk->err.kind, ERROR_DAMAGED);
            end(state);
            begin(state);
        }
    }
}

static void a_store_keeps_the_segment_size_with_which_it_began(void **state)
{
    struct desk *desk = *state;
    commit_sized(desk, 1, 1000);
    store_close(&desk->store);
    assert_true(store_open_journal(&desk->store, &desk->disk, "store", &desk->err));
    commit_sized(desk, 2, ROOM);
    open_again(desk, 1);
    assert_int_equal(count_from(desk, 0), 2);
}

static void a_path_that_is_too_long_is_refused_and_not_cut(void **state)
{
    struct desk *desk = *state;
    char path[JOURNAL_DIRECTORY_MAX + 1];
    memset(path, 'p', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    struct store store = { 0 };
    assert_false(store_open_journal(&store, &desk->disk, path, &desk->err));
    assert_int_equal(desk->err.kind, ERROR_TOO_LARGE);
}

// What the journal packed for a commit that failed is its own; another one packs again.
static void an_append_is_left_unpacked_by_a_commit_that_packed_it(void **state)
{
    struct desk *desk = *state;
    uint32_t count;
    struct store_seal seal;
    bool before_anything;
    struct store_append *appends = story_batch(&desk->story, 1, &count, &seal);
    disk_memory_trouble(desk->memory, DISK_FAILS, 0, 3);
    assert_false(store_commit(&desk->store, appends, count, &seal, &before_anything, &desk->err));
    assert_false(before_anything);
    for (uint32_t i = 0; i < count; i++) assert_int_equal(appends[i].packed.len, 0);
    open_again(desk, 2);
    store_seal(&desk->store, &seal);
    assert_int_equal(seal.batch, 0);
    appends = story_batch(&desk->story, 1, &count, &seal);
    assert_true(store_commit(&desk->store, appends, count, &seal, &before_anything, &desk->err));
    for (uint32_t i = 0; i < count; i++) assert_int_equal(appends[i].packed.len, 0);
    assert_int_equal(story_is_told(&desk->story, &desk->store, &desk->err), STORY_TOLD);
}

// The next segment grows while the last half of this one is filled; a failure there is told when
// the segment is needed, and not to a batch that is kept.
static void trouble_with_the_next_segment_is_told_when_it_is_needed(void **state)
{
    struct desk *desk = *state;
    bool kept = true;
    uint64_t position, number = 1;
    disk_memory_trouble(desk->memory, DISK_FULL, 0, 0);
    for (; kept; number++) kept = try_sized(desk, number, 904, &position);
    assert_int_equal(number - 2, ROOM / 904);
    assert_int_equal(count_from(desk, 0), ROOM / 904);
    uint64_t size;
    disk_memory_trouble(desk->memory, DISK_WELL, 0, 0);
    for (number--; number <= ROOM / 904 * 2 - 1; number++) commit_sized(desk, number, 904);
    const char *newest = NULL, *name;
    for (uint32_t i = 0; (name = disk_memory_name(desk->memory, i, &size)) != NULL; i++)
        newest = name;
    assert_string_equal(newest, "store/journal/00000003.new"); // half of the second is filled
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_batch_may_end_anywhere_in_the_last_bytes_of_its_segment, begin, end),
        cmocka_unit_test_setup_teardown(
            remains_of_a_batch_are_cut_off_by_the_next_commit_and_not_before, begin, end),
        cmocka_unit_test_setup_teardown(
            a_segment_that_somebody_reads_is_not_closed_to_open_another, begin, end),
        cmocka_unit_test_setup_teardown(
            a_second_process_is_told_which_one_has_the_store, begin, end),
        cmocka_unit_test_setup_teardown(
            a_missing_segment_is_damage_and_not_an_earlier_end, begin, end),
        cmocka_unit_test_setup_teardown(a_segment_that_is_missing_later_is_named, begin, end),
        cmocka_unit_test_setup_teardown(
            a_batch_that_reads_as_zeros_is_missed_by_a_scan, begin, end),
        cmocka_unit_test_setup_teardown(
            a_batch_of_the_newest_segment_that_reads_as_zeros_is_missed_at_opening, begin, end),
        cmocka_unit_test_setup_teardown(a_batch_that_was_exchanged_breaks_the_chain, begin, end),
        cmocka_unit_test_setup_teardown(
            a_store_keeps_the_segment_size_with_which_it_began, begin, end),
        cmocka_unit_test_setup_teardown(a_path_that_is_too_long_is_refused_and_not_cut, begin, end),
        cmocka_unit_test_setup_teardown(
            an_append_is_left_unpacked_by_a_commit_that_packed_it, begin, end),
        cmocka_unit_test_setup_teardown(
            trouble_with_the_next_segment_is_told_when_it_is_needed, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
