#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "store/apart.h"
#include "store/batch_story.h"
#include "store/disk_memory.h"
#include "store/journal_inside.h"

// One bit of the store's files is not what was written. Whatever is done with the store then, it is
// either told, with its place, or it does no harm; and no seal comes to stand over altered facts.
// The walk is longer when TIDEWAITER_LONG is "yes".

enum { SEGMENT_SIZE = 32 * KIB, BATCHES = 30, MORE = 3 };

static const char apart_path[] = "store.apart";

// What became of a bit.
enum found {
    FOUND_NO_HARM,          // all is told as it was
    FOUND_AT_OPENING,       // ERROR_DAMAGED
    FOUND_WHEN_READ,        // ERROR_DAMAGED
    FOUND_WHEN_CHECKED,     // ERROR_DAMAGED; the facts are told as they were
    FOUND_BEHIND,           // the newest batch is missing, and the record apart knows of it
    FOUND_KINDS
};

struct bench {
    struct story story;
    struct disk_memory *whole, *flipped;
    struct disk disk;
    struct error err;
    uint64_t files_size;
    uint32_t found[FOUND_KINDS];
};

static void record_apart(struct bench *bench, const struct store_seal *seal)
{
    struct apart *apart;
    struct apart_record record;
    assert_true(apart_open(&apart, &bench->disk, apart_path, &record, &bench->err));
    record = (struct apart_record){ seal->batch, seal->tree_size, seal->root, 7 };
    assert_true(apart_write(apart, &record, &bench->err));
    apart_close(apart);
}

static int begin(void **state)
{
    static struct bench bench;
    struct store store = { 0 };
    bool before_anything;
    bench = (struct bench){ 0 };
    story_open(&bench.story);
    bench.whole = disk_memory_open();
    bench.disk = disk_memory_disk(bench.whole);
    if (!journal_open_sized(&store, &bench.disk, "store", SEGMENT_SIZE, &bench.err)) return -1;
    for (uint64_t number = 1; number <= BATCHES; number++) {
        struct store_seal seal;
        if (!story_commit(&bench.story, &store, number, &before_anything, &bench.err)) return -1;
        store_seal(&store, &seal);
        record_apart(&bench, &seal);
    }
    store_close(&store);
    uint64_t size;
    for (uint32_t i = 0; disk_memory_name(bench.whole, i, &size) != NULL; i++)
        bench.files_size += size;
    *state = &bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;
    disk_memory_close(bench->whole);
    story_close(&bench->story);
    return 0;
}

// A copy of the store in which the bit is the other way. Returns the file's name.
static const char *flip(struct bench *bench, uint64_t bit)
{
    const char *path;
    uint64_t size, at = bit / 8;
    bench->flipped = disk_memory_copy(bench->whole);
    bench->disk = disk_memory_disk(bench->flipped);
    for (uint32_t i = 0; (path = disk_memory_name(bench->flipped, i, &size)) != NULL; i++) {
        if (at < size) break;
        at -= size;
    }
    assert_non_null(path);
    char byte = 0;
    int handle;
    size_t got;
    assert_true(bench->disk.open(bench->disk.state, path, false, &handle, &bench->err));
    assert_true(bench->disk.read(bench->disk.state, handle, at, &byte, 1, &got, &bench->err));
    bench->disk.close(bench->disk.state, handle);
    byte = (char)(byte ^ (1 << bit % 8));
    disk_memory_alter(bench->flipped, path, at, &byte, 1);
    return path;
}

static void damage_is_named(const struct error *err)
{
    assert_int_equal(err->kind, ERROR_DAMAGED);
    assert_non_null(strstr(err->text, "in segment "));
    assert_non_null(strstr(err->text, " at byte "));
    assert_true(err->hint[0] != '\0');
}

// Reads and checks everything; damage is named, else all is what it was.
static enum found read_all(struct bench *bench, struct store *store)
{
    struct error err = { 0 };
    switch (story_is_told(&bench->story, store, &err)) {
    case STORY_TOLD: break;
    case STORY_REPORTED: damage_is_named(&err); return FOUND_WHEN_READ;
    default: fail_msg("altered facts were read: %s", err.text);
    }
    if (store_check(store, &bench->story.scanning, &err)) return FOUND_NO_HARM;
    damage_is_named(&err);
    return FOUND_WHEN_CHECKED;
}

// What an office does at its start: open, hold the last seal against the record apart, go on.
static enum found what_becomes_of_it(struct bench *bench)
{
    struct store store = { 0 };
    struct apart *apart;
    struct apart_record record;
    struct store_seal seal;
    bool before_anything;
    if (!journal_open_sized(&store, &bench->disk, "store", SEGMENT_SIZE, &bench->err)) {
        damage_is_named(&bench->err);
        return FOUND_AT_OPENING;
    }
    assert_true(apart_open(&apart, &bench->disk, apart_path, &record, &bench->err));
    apart_close(apart);
    store_seal(&store, &seal);
    assert_in_range(record.batch, BATCHES - 1, BATCHES);
    enum found found = read_all(bench, &store);
    if (seal.batch < record.batch) {
        assert_int_equal(seal.batch, BATCHES - 1); // only the newest can look unfinished
        found = FOUND_BEHIND;
    }
    if (found == FOUND_NO_HARM) {
        // It goes on as if nothing had been; the seals stand over what was told.
        for (uint64_t i = 1; i <= MORE; i++)
            if (!story_commit(&bench->story, &store, seal.batch + i, &before_anything, &bench->err))
                fail_msg("%s", bench->err.text);
        assert_int_equal(read_all(bench, &store), FOUND_NO_HARM);
    }
    store_close(&store);
    return found;
}

static void every_flipped_bit_is_found_or_does_no_harm(void **state)
{
    struct bench *bench = *state;
    const char *word = getenv("TIDEWAITER_LONG");
    uint32_t flips = word != NULL && strcmp(word, "yes") == 0 ? 50000 : 1000;
    for (uint64_t i = 0; i < flips; i++) {
        uint64_t random = key_of((struct span){ (const char *)&i, sizeof(i) });
        (void)flip(bench, random % (bench->files_size * 8));
        bench->found[what_becomes_of_it(bench)]++;
        disk_memory_close(bench->flipped);
    }
    print_message("no harm %u, found at opening %u, when read %u, when checked %u, behind %u\n",
                  bench->found[FOUND_NO_HARM], bench->found[FOUND_AT_OPENING],
                  bench->found[FOUND_WHEN_READ], bench->found[FOUND_WHEN_CHECKED],
                  bench->found[FOUND_BEHIND]);
    for (int kind = 0; kind < FOUND_KINDS; kind++) assert_true(bench->found[kind] > 0);
}

static uint64_t first_bit_of(struct bench *bench, const char *path)
{
    const char *name;
    uint64_t size, before = 0;
    for (uint32_t i = 0; (name = disk_memory_name(bench->whole, i, &size)) != NULL; i++) {
        if (strcmp(name, path) == 0) return before * 8;
        before += size;
    }
    fail_msg("there is no %s", path);
    return 0;
}

// An append and the commit that closes its batch: but for the padding no byte is harmless.
static void each_byte_of_a_batch_counts(void **state)
{
    struct bench *bench = *state;
    uint32_t count;
    struct store_seal seal;
    (void)story_batch(&bench->story, 4, &count, &seal); // one append
    assert_int_equal(count, 1);
    size_t batches_before = 0, length = 0;
    for (uint64_t number = 1; number <= 4; number++) {
        struct store_append *appends = story_batch(&bench->story, number, &count, &seal);
        batches_before += length;
        length = commit_length(&seal);
        for (uint32_t i = 0; i < count; i++) {
            assert_true(store_pack(bench->story.packer, &appends[i], &bench->story.arena,
                                   &bench->err));
            length += append_length(&appends[i]);
        }
    }
    uint64_t first = first_bit_of(bench, "store/journal/00000001.seg") +
                     (JOURNAL_HEADER_SIZE + batches_before) * 8;
    uint32_t harmless = 0;
    for (uint64_t bit = 0; bit < length * 8; bit += 7) { // in each byte at least one, each in turn
        (void)flip(bench, first + bit);
        harmless += what_becomes_of_it(bench) == FOUND_NO_HARM;
        disk_memory_close(bench->flipped);
    }
    assert_true(harmless <= 7 * 2); // the padding behind the payload
}

static void a_bit_of_the_newest_batch_leaves_the_store_behind_the_record_apart(void **state)
{
    struct bench *bench = *state;
    struct store store = { 0 };
    struct store_seal seal;
    assert_true(journal_open_sized(&store, &bench->disk, "store", SEGMENT_SIZE, &bench->err));
    store_seal(&store, &seal);
    store_close(&store);
    char path[64];
    snprintf(path, sizeof(path), "store/journal/%08llu.seg",
             (unsigned long long)(seal.end / SEGMENT_SIZE) + 1);
    uint64_t end_bit = first_bit_of(bench, path) + seal.end % SEGMENT_SIZE * 8;
    uint64_t bit = end_bit - 800; // in the commit record
    (void)flip(bench, bit);
    assert_int_equal(what_becomes_of_it(bench), FOUND_BEHIND);
    // Its bytes were left alone: flipped back it is whole again.
    struct disk_memory *left = bench->flipped;
    bench->disk = disk_memory_disk(left);
    struct disk_memory *whole = bench->whole;
    bench->whole = left;
    (void)flip(bench, bit);
    assert_int_equal(what_becomes_of_it(bench), FOUND_NO_HARM);
    disk_memory_close(bench->flipped);
    disk_memory_close(left);
    bench->whole = whole;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_flipped_bit_is_found_or_does_no_harm, begin, end),
        cmocka_unit_test_setup_teardown(each_byte_of_a_batch_counts, begin, end),
        cmocka_unit_test_setup_teardown(
            a_bit_of_the_newest_batch_leaves_the_store_behind_the_record_apart, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
