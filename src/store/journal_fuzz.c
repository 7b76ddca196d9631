#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "store/batch_story.h"
#include "store/disk_memory.h"
#include "store/journal_inside.h"

// A sound journal of a few small segments, in which bytes are changed as the input says: a line
// "POSITION BYTE" for each, both decimal. After a first line "!" the headers' and the records' own
// sums are made to fit again, so that lies get behind them.

enum {
    SEGMENT_SIZE = 8 * KIB, SEGMENTS_MAX = 8, RECORDS_MAX = 64, BATCHES = 6, EDITS_MAX = 64,
};

static struct story story;
static struct disk_memory *whole;
static char original[SEGMENTS_MAX * SEGMENT_SIZE], bytes[SEGMENTS_MAX * SEGMENT_SIZE];
static uint64_t room, records[RECORDS_MAX];
static uint32_t records_count;

static bool segment_name(uint32_t index, char path[64])
{
    snprintf(path, 64, "store/journal/%08u.seg", index + 1);
    return index < SEGMENTS_MAX;
}

static void read_segments(const struct disk *disk)
{
    char path[64];
    for (uint32_t i = 0; segment_name(i, path) && disk->exists(disk->state, path); i++) {
        int handle;
        size_t got;
        bool read = disk->open(disk->state, path, false, &handle, NULL) &&
                    disk->read(disk->state, handle, 0, original + room, SEGMENT_SIZE, &got, NULL);
        assert(read);
        disk->close(disk->state, handle);
        room += SEGMENT_SIZE;
    }
    assert(room >= 3 * (uint64_t)SEGMENT_SIZE);
}

static void find_records(void)
{
    for (uint64_t at = 0; at < room;) {
        struct append_header header;
        memcpy(&header, original + at, sizeof(header));
        bool is_record = header.magic == RECORD_APPEND || header.magic == RECORD_COMMIT;
        assert(records_count < RECORDS_MAX);
        if (is_record) records[records_count++] = at;
        at += is_record ? header.length : 8;
    }
    assert(records_count > BATCHES);
}

static void begin(void)
{
    struct store store;
    struct error err;
    bool before_anything;
    story_open(&story);
    whole = disk_memory_open();
    struct disk disk = disk_memory_disk(whole);
    bool done = journal_open_sized(&store, &disk, "store", SEGMENT_SIZE, &err);
    for (uint64_t number = 1; number <= BATCHES && done; number++)
        done = story_commit(&story, &store, number, &before_anything, &err);
    assert(done);
    store_close(&store);
    read_segments(&disk);
    find_records();
}

// --- What the input asks for ---

static bool read_number(struct span *rest, char mark, uint64_t *number)
{
    struct span_pair pair = span_cut(*rest, mark);
    *rest = pair.tail;
    return pair.found && span_to_u64(pair.head, number);
}

static void change(struct span input)
{
    uint64_t position, byte;
    for (int i = 0; i < EDITS_MAX; i++) {
        if (!read_number(&input, ' ', &position) || !read_number(&input, '\n', &byte)) return;
        bytes[position % room] = (char)byte;
    }
}

static void fit_header(char *page)
{
    struct segment_header header;
    memcpy(&header, page, sizeof(header));
    size_t len = sizeof(header) + (size_t)header.dictionary_len;
    if (header.dictionary_len > JOURNAL_DICTIONARY_MAX) return;
    uint32_t crc = crc32c(0, page, len);
    memcpy(page + len, &crc, sizeof(crc));
}

// The sums of the record that stood here, whatever it says now, as long as it stays in its segment.
static void fit_record(char *record, uint64_t left)
{
    struct append_header header;
    struct commit_header commit;
    memcpy(&header, record, sizeof(header));
    if (header.magic == RECORD_COMMIT && header.length >= sizeof(commit) && header.length <= left) {
        memcpy(&commit, record, sizeof(commit));
        commit.crc = 0;
        memcpy(record, &commit, sizeof(commit));
        commit.crc = crc32c(0, record, commit.length);
        memcpy(record, &commit, sizeof(commit));
    }
    uint64_t sealed = sizeof(header) + aligned(header.name_len) + header.facts_count * 32ull;
    uint64_t salted = header.facts_count * 32ull + header.payload_len;
    if (header.magic != RECORD_APPEND || sealed > left || salted > left - sealed) return;
    header.payload_crc = header.sealed_crc = 0;
    memcpy(record, &header, sizeof(header));
    header.sealed_crc = crc32c(0, record, sealed);
    header.payload_crc = crc32c(0, record + sealed, salted);
    memcpy(record, &header, sizeof(header));
}

static void fit_sums(void)
{
    for (uint64_t at = 0; at < room; at += SEGMENT_SIZE) fit_header(bytes + at);
    for (uint32_t i = 0; i < records_count; i++)
        fit_record(bytes + records[i], SEGMENT_SIZE - records[i] % SEGMENT_SIZE);
}

// --- What must hold ---

struct told { uint64_t batch; uint32_t index; };

static bool is_committed(void *context, const struct store_append *append, uint64_t next,
                         struct error *err)
{
    struct told *told = context;
    (void)next, (void)err;
    if (!story_append_is(&story, append, told->batch, told->index, false)) {
        told->batch++;
        told->index = 0;
        assert(story_append_is(&story, append, told->batch, 0, false));
    }
    told->index++;
    return true;
}

static void reported(const struct error *err)
{
    assert(err->kind != ERROR_NONE);
    assert(err->text[0] != '\0');
}

static void read_everything(struct store *store, bool sums_fitted)
{
    struct error err = { 0 };
    struct store_append append;
    struct told told = { .batch = 1 };
    for (uint32_t i = 0; i < records_count; i++) {
        arena_reset(&story.reading, 0);
        if (!store_read(store, records[i], &story.reading, &append, &err)) reported(&err);
    }
    bool sound = store_check(store, &story.scanning, &err);
    if (!sound) reported(&err);
    enum story_told whole_story = story_is_told(&story, store, &err);
    if (!sound) return;
    // What adds up is what was committed: erasing aside, which is the one change that may be.
    assert(sums_fitted || whole_story == STORY_TOLD);
    bool scanned = store_scan(store, 0, STORE_COMMITMENTS, &story.scanning, is_committed, &told,
                              &err);
    assert(scanned);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct span input = { (const char *)data, size };
    if (whole == NULL) begin();
    bool sums = span_starts_with(input, SPAN("!\n"));
    if (sums) input = (struct span){ input.at + 2, input.len - 2 };
    memcpy(bytes, original, room);
    change(input);
    if (sums) fit_sums();

    char path[64];
    struct disk_memory *memory = disk_memory_copy(whole);
    struct disk disk = disk_memory_disk(memory);
    for (uint32_t i = 0; i < room / SEGMENT_SIZE && segment_name(i, path); i++)
        disk_memory_alter(memory, path, 0, bytes + (uint64_t)i * SEGMENT_SIZE, SEGMENT_SIZE);
    struct store store;
    struct store_seal seal;
    struct error err = { 0 };
    bool before_anything;
    if (journal_open_sized(&store, &disk, "store", SEGMENT_SIZE, &err)) {
        read_everything(&store, sums);
        store_seal(&store, &seal);
        if (!story_commit(&story, &store, seal.batch % BATCHES + 1, &before_anything, &err))
            reported(&err);
        store_close(&store);
    } else {
        reported(&err);
    }
    disk_memory_close(memory);
    return 0;
}
