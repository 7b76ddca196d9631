#include <assert.h>
#include <stdio.h>

#include "base/limits.h"
#include "store/journal_inside.h"

enum {
    STEP_SIZE = 1 * MIB,       // zeros written at once
    SYNC_EVERY = 4 * MIB,      // so that no single sync of the work ahead takes long
    WORK_AHEAD_MAX = 8 * MIB,  // in one commit
    MISSING_LOOK = 64,         // so many numbers behind the last one are looked at
};

bool journal_damaged(struct error *err, const struct journal *journal, uint64_t position,
                     const char *what)
{
    error_set(err, ERROR_DAMAGED, "the journal is damaged: %s in segment %llu at byte %llu", what,
              (unsigned long long)(position / journal->segment_size) + 1,
              (unsigned long long)(position % journal->segment_size));
    return error_hint(err, "Restore the store from a copy; 'ledger check' says what adds up.");
}

static void folder_path(const struct journal *journal, char path[JOURNAL_PATH_MAX])
{
    snprintf(path, JOURNAL_PATH_MAX, "%s/journal", journal->directory);
}

static void segment_path(const struct journal *journal, uint32_t number, const char *suffix,
                         char path[JOURNAL_PATH_MAX])
{
    snprintf(path, JOURNAL_PATH_MAX, "%s/journal/%08u%s", journal->directory, number, suffix);
}

// --- Reading: a few segments stay open, and none is closed under somebody who reads it ---

// `reader` is NULL when the handle is the caller's own.
static bool borrow(struct journal *journal, uint32_t number, struct segment_reader **reader,
                   int *handle, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[JOURNAL_PATH_MAX];
    segment_path(journal, number, ".seg", path);
    pthread_mutex_lock(&journal->shared);
    struct segment_reader *slot = &journal->readers[number % JOURNAL_READERS];
    bool opened = true, found = slot->number == number;
    if (!found && slot->users == 0) {
        int fresh;
        opened = disk->open(disk->state, path, false, &fresh, err);
        if (opened) {
            if (slot->number != 0) disk->close(disk->state, slot->handle);
            *slot = (struct segment_reader){ number, fresh, 0 };
            found = true;
        }
    }
    if (found) {
        slot->users++;
        *handle = slot->handle;
    }
    pthread_mutex_unlock(&journal->shared);
    *reader = found ? slot : NULL;
    return found || (opened && disk->open(disk->state, path, false, handle, err));
}

static void give_back(struct journal *journal, struct segment_reader *reader, int handle)
{
    if (reader == NULL) {
        journal->disk->close(journal->disk->state, handle);
        return;
    }
    pthread_mutex_lock(&journal->shared);
    assert(reader->users > 0);
    reader->users--;
    pthread_mutex_unlock(&journal->shared);
}

bool segment_read_some(struct journal *journal, uint64_t position, void *into, size_t size,
                       size_t *got, struct error *err)
{
    struct segment_reader *reader;
    int handle;
    uint64_t offset = position % journal->segment_size;
    if (size > journal->segment_size - offset) size = (size_t)(journal->segment_size - offset);
    if (!borrow(journal, (uint32_t)(position / journal->segment_size) + 1, &reader, &handle, err))
        return err->kind == ERROR_NOT_FOUND
                   ? journal_damaged(err, journal, position, "a missing file") : false;
    bool done = journal->disk->read(journal->disk->state, handle, offset, into, size, got, err);
    give_back(journal, reader, handle);
    return done && (*got == size ||
                    journal_damaged(err, journal, position, "a file that is cut short"));
}

bool segment_read(struct journal *journal, uint64_t position, void *into, size_t size,
                  struct error *err)
{
    size_t got;
    if (position % journal->segment_size + size > journal->segment_size)
        return journal_damaged(err, journal, position, "a record that goes beyond its end");
    return segment_read_some(journal, position, into, size, &got, err);
}

// --- Headers ---

static void write_header(const struct journal *journal, uint32_t number,
                         char page[JOURNAL_HEADER_SIZE])
{
    struct segment_header header = { .version = JOURNAL_VERSION, .number = number,
        .segment_size = journal->segment_size, .dictionary_len = (uint32_t)journal_dictionary.len };
    assert(journal_dictionary.len <= JOURNAL_DICTIONARY_MAX);
    memcpy(header.magic, JOURNAL_MAGIC, sizeof(header.magic));
    memcpy(header.store_id, journal->store_id, sizeof(header.store_id));
    memset(page, 0, JOURNAL_HEADER_SIZE);
    memcpy(page, &header, sizeof(header));
    memcpy(page + sizeof(header), journal_dictionary.at, journal_dictionary.len);
    size_t len = sizeof(header) + journal_dictionary.len;
    uint32_t crc = crc32c(0, page, len);
    memcpy(page + len, &crc, sizeof(crc));
}

static bool read_header(struct journal *journal, uint32_t number, struct segment_header *header,
                        struct error *err)
{
    char page[JOURNAL_HEADER_SIZE];
    uint64_t position = (uint64_t)(number - 1) * journal->segment_size;
    uint32_t crc;
    if (!segment_read(journal, position, page, sizeof(page), err)) return false;
    memcpy(header, page, sizeof(*header));
    if (memcmp(header->magic, JOURNAL_MAGIC, sizeof(header->magic)) != 0 ||
        header->dictionary_len > JOURNAL_DICTIONARY_MAX)
        return journal_damaged(err, journal, position, "a header that is not a journal's");
    size_t len = sizeof(*header) + header->dictionary_len;
    memcpy(&crc, page + len, sizeof(crc));
    if (crc != crc32c(0, page, len))
        return journal_damaged(err, journal, position, "a header that does not add up");
    if (!journal_version_known(header->version, err)) return false;
    struct span dictionary = { page + sizeof(*header), header->dictionary_len };
    return span_equal(dictionary, journal_dictionary) ||
           journal_damaged(err, journal, position, "a header with another dictionary");
}

bool segment_check_header(struct journal *journal, uint32_t number, uint32_t *version,
                          struct error *err)
{
    struct segment_header header;
    uint64_t position = (uint64_t)(number - 1) * journal->segment_size;
    if (!read_header(journal, number, &header, err)) return false;
    if (header.number != number || header.segment_size != journal->segment_size)
        return journal_damaged(err, journal, position, "a header of another segment");
    if (memcmp(header.store_id, journal->store_id, sizeof(header.store_id)) != 0)
        return journal_damaged(err, journal, position, "a header of another store");
    *version = header.version;
    return true;
}

bool segment_take_header(struct journal *journal, struct error *err)
{
    struct segment_header header;
    if (!read_header(journal, 1, &header, err)) return false;
    if (!journal_size_possible(header.segment_size))
        return journal_damaged(err, journal, 0, "a header with an impossible size");
    journal->segment_size = (uint32_t)header.segment_size;
    memcpy(journal->store_id, header.store_id, sizeof(header.store_id));
    return header.number == 1 || journal_damaged(err, journal, 0, "a header of another segment");
}

bool segment_count(struct journal *journal, uint32_t *count, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[JOURNAL_PATH_MAX];
    uint32_t last = 0, missing = 0;
    for (uint32_t number = 1; number <= JOURNAL_SEGMENTS_MAX; number++) {
        segment_path(journal, number, ".seg", path);
        bool there = disk->exists(disk->state, path);
        if (there && missing != 0)
            return journal_damaged(err, journal, (uint64_t)(missing - 1) * journal->segment_size,
                                   "a missing file");
        if (there) last = number;
        else if (missing == 0) missing = number;
        if (missing != 0 && number - missing >= MISSING_LOOK) break;
    }
    *count = last;
    return true;
}

bool segment_open(struct journal *journal, uint32_t number, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[JOURNAL_PATH_MAX];
    assert(journal->segment < 0);
    segment_path(journal, number, ".seg", path);
    if (!disk->open(disk->state, path, false, &journal->segment, err)) {
        journal->segment = -1;
        return false;
    }
    journal->number = number;
    // A process that was killed may have renamed it and not come to the folder's sync.
    folder_path(journal, path);
    return disk->sync_folder(disk->state, path, err);
}

// --- The next segment: made whole under another name, so that a half-made one is never seen ---

static void next_forget(struct journal *journal)
{
    if (journal->next.handle >= 0)
        journal->disk->close(journal->disk->state, journal->next.handle);
    journal->next = (struct segment_next){ .handle = -1 };
}

// Zeros are written, not only room reserved: filling reserved room for the first time makes a sync
// take twice as long.
static bool next_grow(struct journal *journal, uint32_t until, struct error *err)
{
    static const char zeros[STEP_SIZE];
    const struct disk *disk = journal->disk;
    struct segment_next *next = &journal->next;
    char path[JOURNAL_PATH_MAX], page[JOURNAL_HEADER_SIZE];
    if (next->handle < 0) {
        segment_path(journal, journal->number + 1, ".new", path);
        if (!disk->open(disk->state, path, true, &next->handle, err)) {
            next->handle = -1;
            return false;
        }
        if (!disk->allocate(disk->state, next->handle, journal->segment_size, err)) return false;
        write_header(journal, journal->number + 1, page);
        if (!disk->write(disk->state, next->handle, 0, page, sizeof(page), err)) return false;
        next->ready = sizeof(page);
    }
    while (next->ready < until) {
        uint32_t left = journal->segment_size - next->ready;
        uint32_t part = STEP_SIZE - next->ready % STEP_SIZE;
        if (part > left) part = left;
        if (!disk->write(disk->state, next->handle, next->ready, zeros, part, err)) return false;
        next->ready += part;
        bool sync = next->ready % SYNC_EVERY == 0 || next->ready == journal->segment_size;
        if (sync && !disk->sync(disk->state, next->handle, err)) return false;
    }
    return true;
}

void segments_close(struct journal *journal)
{
    const struct disk *disk = journal->disk;
    for (int i = 0; i < JOURNAL_READERS; i++) {
        struct segment_reader *reader = &journal->readers[i];
        assert(reader->users == 0);
        if (reader->number != 0) disk->close(disk->state, reader->handle);
        reader->number = 0;
    }
    next_forget(journal);
    if (journal->segment >= 0) disk->close(disk->state, journal->segment);
    journal->segment = -1;
}

void segment_work_ahead(struct journal *journal)
{
    struct error ignored;
    uint32_t half = journal->segment_size / 2;
    if (journal->offset <= half || journal->next.put_off) return;
    if (journal->number == JOURNAL_SEGMENTS_MAX) return;
    uint64_t until = (uint64_t)(journal->offset - half) * 2;
    if (until > journal->next.ready + WORK_AHEAD_MAX) until = journal->next.ready + WORK_AHEAD_MAX;
    if (until > journal->segment_size) until = journal->segment_size;
    if (next_grow(journal, (uint32_t)until, &ignored)) return;
    // After a sync that failed nobody knows what of it is on the disk: from the beginning, later.
    next_forget(journal);
    journal->next.put_off = true;
}

bool segment_switch(struct journal *journal, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[JOURNAL_PATH_MAX], new_path[JOURNAL_PATH_MAX], folder[JOURNAL_PATH_MAX];
    uint32_t number = journal->number + 1;
    if (number > JOURNAL_SEGMENTS_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the journal has %d segments", JOURNAL_SEGMENTS_MAX);
    segment_path(journal, number, ".new", new_path);
    segment_path(journal, number, ".seg", path);
    folder_path(journal, folder);
    if (!next_grow(journal, journal->segment_size, err) ||
        !disk->rename(disk->state, new_path, path, err) ||
        !disk->sync_folder(disk->state, folder, err)) {
        next_forget(journal);
        return false;
    }
    if (journal->segment >= 0) disk->close(disk->state, journal->segment);
    journal->segment = journal->next.handle;
    journal->number = number;
    journal->offset = JOURNAL_HEADER_SIZE;
    journal->tail_dirty = false;
    journal->next = (struct segment_next){ .handle = -1 };
    return true;
}

bool segment_cut(struct journal *journal, struct error *err)
{
    static const char zeros[STEP_SIZE];
    const struct disk *disk = journal->disk;
    for (uint32_t offset = journal->offset; offset < journal->segment_size;) {
        uint32_t left = journal->segment_size - offset;
        uint32_t part = left < STEP_SIZE ? left : STEP_SIZE;
        if (!disk->write(disk->state, journal->segment, offset, zeros, part, err)) return false;
        offset += part;
    }
    if (!disk->sync(disk->state, journal->segment, err)) return false;
    journal->tail_dirty = false;
    return true;
}
