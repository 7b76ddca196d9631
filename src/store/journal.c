#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "store/journal_inside.h"

// A segment, and how a crash may leave it:
//
//   00000002.new   | header | zeros ...                   never seen; made from the beginning again
//        |
//     renamed, folder synced
//        v
//   00000002.seg   | header | batch | batch | zeros ...   whole
//                  | header | batch | ba%h  | zeros ...   the last batch does not close: it was not
//                                                         acknowledged; the next commit cuts it off
//                  | header | ba%h  | batch | zeros ...   a batch behind it closes: this is damage
//
// A segment is made for a batch that did not fit into the one before, so only the newest can be
// empty.

struct version {
    uint32_t number;
    bool (*find_end)(struct journal *journal, struct error *err);
};

enum { SEGMENT_SIZE_STEP = 4096, SEGMENT_SIZE_MAX = 1024 * MIB, READ_AT_ONCE = 4096 };

bool journal_size_possible(uint64_t segment_size)
{
    return segment_size > JOURNAL_HEADER_SIZE && segment_size <= SEGMENT_SIZE_MAX &&
           segment_size % SEGMENT_SIZE_STEP == 0;
}

static uint64_t segment_begin(const struct journal *journal, uint32_t number)
{
    return (uint64_t)(number - 1) * journal->segment_size;
}

// --- Committing ---

static bool pack_all(struct journal *journal, struct store_append *appends, uint32_t count,
                     struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        if (appends[i].packed.len > 0) continue;
        if (journal->packer == NULL &&
            (!store_packer_open(&journal->packer, err) ||
             !arena_open(&journal->packing, 2 * (size_t)JOURNAL_SEGMENT_SIZE, err)))
            return false;
        if (!store_pack(journal->packer, &appends[i], &journal->packing, err)) return false;
    }
    return true;
}

// What was packed here is gone with this commit; the caller may try again with another store.
static void forget_packed(struct journal *journal, struct store_append *appends, uint32_t count)
{
    const struct arena *packing = &journal->packing;
    if (packing->start == NULL || packing->used == 0) return;
    for (uint32_t i = 0; i < count; i++)
        if (appends[i].packed.at >= packing->start &&
            appends[i].packed.at < packing->start + packing->used)
            appends[i].packed = (struct span){ 0 };
    arena_reset(&journal->packing, 0);
}

static bool buffer_need(struct journal *journal, size_t size, struct error *err)
{
    if (size <= journal->buffer_size) return true;
    char *larger = realloc(journal->buffer, size);
    if (larger == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the batch");
    journal->buffer = larger;
    journal->buffer_size = size;
    return true;
}

static bool make_room(struct journal *journal, size_t size, struct error *err)
{
    if (size > journal->segment_size - JOURNAL_HEADER_SIZE)
        return error_set(err, ERROR_TOO_LARGE, "a batch of %zu bytes, and a segment holds %u", size,
                         journal->segment_size - JOURNAL_HEADER_SIZE);
    if (!buffer_need(journal, size, err)) return false;
    if (journal->tail_dirty && !segment_cut(journal, err)) return false;
    return size <= journal->segment_size - journal->offset || segment_switch(journal, err);
}

// Takes over the seal of a batch that is durable. Readers may look at the same time.
static void keep_seal(struct journal *journal, const struct store_seal *seal, struct sha256 chain)
{
    pthread_mutex_lock(&journal->shared);
    assert(seal->edge.len + seal->checkpoint.len <= sizeof(journal->seal_bytes));
    char *at = journal->seal_bytes;
    if (seal->edge.len > 0) memmove(at, seal->edge.at, seal->edge.len);
    at += seal->edge.len;
    if (seal->checkpoint.len > 0) memmove(at, seal->checkpoint.at, seal->checkpoint.len);
    journal->seal = *seal;
    journal->seal.edge.at = journal->seal_bytes;
    journal->seal.checkpoint.at = at;
    journal->chain = chain;
    pthread_mutex_unlock(&journal->shared);
}

// The batch as bytes in the buffer; returns the chain after it.
static struct sha256 write_batch(struct journal *journal, struct store_append *appends,
                                 uint32_t count, const struct store_seal *seal, uint64_t begin)
{
    struct sha256 chain = journal->chain;
    uint64_t batch = journal->seal.batch + 1;
    char *at = journal->buffer;
    for (uint32_t i = 0; i < count; i++) {
        appends[i].position = begin + (uint64_t)(at - journal->buffer);
        append_write(at, &appends[i], batch);
        chain = chain_next(chain, at);
        at += append_length(&appends[i]);
    }
    commit_write(at, seal, batch, count, journal->chain, chain);
    return chain;
}

static bool commit_packed(struct journal *journal, struct store_append *appends, uint32_t count,
                          const struct store_seal *given, bool *before_anything, struct error *err)
{
    size_t size = commit_length(given);
    if (size > COMMIT_LENGTH_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a checkpoint of %zu bytes", given->checkpoint.len);
    for (uint32_t i = 0; i < count; i++) size += append_length(&appends[i]);
    if (!make_room(journal, size, err)) return false;

    struct store_seal seal = *given;
    uint64_t begin = segment_begin(journal, journal->number) + journal->offset;
    struct sha256 chain = write_batch(journal, appends, count, given, begin);
    seal.batch = journal->seal.batch + 1;
    seal.end = begin + size;

    // From here on nobody knows, until the sync returns.
    *before_anything = false;
    journal->broken = true;
    const struct disk *disk = journal->disk;
    if (!disk->write(disk->state, journal->segment, journal->offset, journal->buffer, size, err) ||
        !disk->sync(disk->state, journal->segment, err))
        return false;
    journal->broken = false;
    journal->offset += (uint32_t)size;
    keep_seal(journal, &seal, chain);
    segment_work_ahead(journal);
    return true;
}

static bool journal_commit(void *state, struct store_append *appends, uint32_t count,
                           const struct store_seal *seal, bool *before_anything, struct error *err)
{
    struct journal *journal = state;
    *before_anything = false;
    if (journal->broken) {
        error_set(err, ERROR_UNAVAILABLE, "an earlier write to the journal failed");
        return error_hint(err, "The store must be opened again, which finds out what was kept.");
    }
    *before_anything = true;
    bool kept = pack_all(journal, appends, count, err) &&
                commit_packed(journal, appends, count, seal, before_anything, err);
    forget_packed(journal, appends, count);
    if (kept) *before_anything = false;
    return kept;
}

// --- Reading ---

static void journal_seal(void *state, struct store_seal *seal)
{
    struct journal *journal = state;
    pthread_mutex_lock(&journal->shared);
    *seal = journal->seal;
    pthread_mutex_unlock(&journal->shared);
}

// A sound record as an append, unpacked when wanted.
static bool take_append(struct journal *journal, uint64_t position, const char *record, int wanted,
                        struct arena *arena, struct store_append *append, struct error *err)
{
    const char *fault;
    if (!append_parse(record, position, wanted, arena, append, err)) return false;
    if (wanted == STORE_COMMITMENTS || append_is_erased(record)) return true;
    struct store_fact *facts = (struct store_fact *)append->facts;
    if (unpack(journal->unpackers, append->packed, facts, append->facts_count, arena, &fault))
        return true;
    if (fault != NULL) return journal_damaged(err, journal, position, fault);
    return error_set(err, ERROR_TOO_LARGE, "the facts do not fit into working memory");
}

static bool journal_read(void *state, uint64_t position, struct arena *arena,
                         struct store_append *append, struct error *err)
{
    struct journal *journal = state;
    struct store_seal seal;
    struct append_header header;
    char start[READ_AT_ONCE];
    size_t got;
    journal_seal(journal, &seal);
    if (position >= seal.end || position % 8 != 0)
        return error_set(err, ERROR_NOT_FOUND, "nothing is kept at position %llu",
                         (unsigned long long)position);
    if (!segment_read_some(journal, position, start, sizeof(start), &got, err)) return false;
    memcpy(&header, start, sizeof(header));
    if (got < sizeof(header) || header.magic != RECORD_APPEND || !append_lengths_fit(&header) ||
        header.length > seal.end - position)
        return journal_damaged(err, journal, position, "something that is not a record");

    char *record = arena_take_raw(arena, header.length, 1);
    if (record == NULL) return error_set(err, ERROR_TOO_LARGE, "the facts do not fit into memory");
    size_t begun = got < header.length ? got : header.length;
    memcpy(record, start, begun);
    if (begun < header.length &&
        !segment_read(journal, position + begun, record + begun, header.length - begun, err))
        return false;
    const char *fault = append_fault(record, header.length);
    if (fault != NULL) return journal_damaged(err, journal, position, fault);
    return take_append(journal, position, record, STORE_ALL, arena, append, err);
}

// Which batch a scan is in, as far as it was seen.
struct batches_seen {
    bool known;
    uint64_t batch;        // that the next record is of
    bool begun, whole;     // some of it was seen; from its first append on
    uint32_t appends;
};

// No batch is left out, cut short or told twice. (That none was exchanged is for store_check.)
static bool record_is_next(const struct scanner *s, const struct scanned *scanned,
                           struct batches_seen *seen, struct error *err)
{
    if (scanned->magic == 0)
        return !seen->begun || journal_damaged(err, s->journal, s->position,
                                               "a batch that does not close");
    if (seen->known && scanned->batch != seen->batch)
        return journal_damaged(err, s->journal, s->position, "a batch that is not the next one");
    seen->known = seen->begun = true;
    seen->batch = scanned->batch;
    seen->appends++;
    if (scanned->magic == RECORD_APPEND) return true;

    struct commit_header commit;
    memcpy(&commit, scanned->record, sizeof(commit));
    if (seen->whole && commit.appends != seen->appends - 1)
        return journal_damaged(err, s->journal, s->position, "a batch that is not whole");
    *seen = (struct batches_seen){ .known = true, .batch = seen->batch + 1, .whole = true };
    return true;
}

static bool journal_scan(void *state, uint64_t from, int wanted, struct arena *scratch,
                         bool (*each)(void *context, const struct store_append *append,
                                      uint64_t next, struct error *err),
                         void *context, struct error *err)
{
    struct journal *journal = state;
    struct store_seal seal;
    struct batches_seen seen = { .known = from == 0, .batch = 1, .whole = from == 0 };
    journal_seal(journal, &seal);
    struct scanner s = scanner_at(journal, from);
    bool going = true;
    while (going && s.position < seal.end) {
        struct scanned scanned;
        struct store_append append;
        going = scanner_look(&s, &scanned, err) && record_is_next(&s, &scanned, &seen, err);
        if (!going) break;
        if (scanned.magic == 0) {
            scanner_jump(&s, s.end);
            continue;
        }
        if (scanned.magic == RECORD_APPEND) {
            arena_reset(scratch, 0);
            going = take_append(journal, s.position, scanned.record, wanted, scratch, &append,
                                err) &&
                    each(context, &append, s.position + scanned.length, err);
        }
        scanner_pass(&s, &scanned);
    }
    bool complete = s.position == seal.end && seen.batch == seal.batch + 1;
    if (going && from < seal.end && !complete)
        going = journal_damaged(err, journal, seal.end, "the last batch is missing");
    scanner_close(&s);
    return going;
}

// --- Checking everything ---

static bool check_commitments(void *context, const struct store_append *append, uint64_t next,
                              struct error *err)
{
    struct journal *journal = context;
    (void)next;
    for (uint32_t i = 0; i < append->facts_count; i++) {
        const struct store_fact *fact = &append->facts[i];
        if (fact->json.len == 0) continue; // erased: only the commitment is left
        struct span salt = { (const char *)fact->salt, STORE_SALT_SIZE };
        struct sha256 commitment = sha256_of_two(salt, fact->json);
        if (!sha256_equal(commitment, fact->commitment))
            return journal_damaged(err, journal, append->position,
                                   "a fact that is not what was committed to");
    }
    return true;
}

static uint32_t segments_used(const struct journal *journal, uint64_t end)
{
    return (uint32_t)((end + journal->segment_size - 1) / journal->segment_size);
}

bool journal_check_chain(struct journal *journal, struct error *err)
{
    pthread_mutex_lock(&journal->shared);
    struct store_seal seal = journal->seal;
    struct sha256 chain = journal->chain;
    pthread_mutex_unlock(&journal->shared);

    struct followed followed = { .known = true };
    for (uint32_t number = 1; number <= segments_used(journal, seal.end); number++) {
        struct scanner s = scanner_at(journal, segment_begin(journal, number));
        bool whole = scanner_follow(&s, seal.end, &followed, err);
        scanner_close(&s);
        if (!whole) return false;
    }
    if (followed.seal.batch == seal.batch && sha256_equal(followed.chain, chain)) return true;
    return error_set(err, ERROR_DAMAGED,
                     "the journal ends at batch %llu, and batch %llu was committed",
                     (unsigned long long)followed.seal.batch, (unsigned long long)seal.batch);
}

static bool journal_check(void *state, struct arena *scratch, struct error *err)
{
    struct journal *journal = state;
    struct store_seal seal;
    uint32_t version;
    journal_seal(journal, &seal);
    for (uint32_t number = 1; number <= segments_used(journal, seal.end); number++)
        if (!segment_check_header(journal, number, &version, err)) return false;
    return journal_scan(journal, 0, STORE_ALL, scratch, check_commitments, journal, err) &&
           journal_check_chain(journal, err);
}

// --- Opening ---

// What can be read of the last batch may have been written by a process that ended before its sync
// was done, or whose sync failed. It is written again, so that what is seen is also kept.
static bool settle(struct journal *journal, uint64_t begin, uint64_t end, struct error *err)
{
    const struct disk *disk = journal->disk;
    size_t size = (size_t)(end - begin);
    uint64_t offset = begin - segment_begin(journal, journal->number);
    return buffer_need(journal, size, err) &&
           segment_read(journal, begin, journal->buffer, size, err) &&
           disk->write(disk->state, journal->segment, offset, journal->buffer, size, err) &&
           disk->sync(disk->state, journal->segment, err);
}

// Where following the batches of a segment stops; when that is not at zeros, `why` says at what.
struct stop {
    struct followed followed;
    uint32_t offset;
    bool at_zeros;
    struct error why;
};

static bool follow_segment(struct journal *journal, uint32_t number, struct stop *stop,
                           struct error *err)
{
    uint64_t begin = segment_begin(journal, number);
    *stop = (struct stop){ .followed.known = number == 1, .offset = JOURNAL_HEADER_SIZE };
    struct scanner s = scanner_at(journal, begin);
    stop->at_zeros = scanner_follow(&s, s.end, &stop->followed, &stop->why);
    scanner_close(&s);
    if (stop->followed.seal.batch > 0) stop->offset = (uint32_t)(stop->followed.seal.end - begin);
    if (stop->at_zeros || stop->why.kind == ERROR_DAMAGED) return true;
    *err = stop->why;
    return false;
}

// What the newest segment's first batch goes on from.
static bool follow_before(struct journal *journal, uint32_t number, struct stop *stop,
                          struct error *err)
{
    if (!follow_segment(journal, number, stop, err)) return false;
    if (!stop->at_zeros) {
        *err = stop->why;
        return false;
    }
    return stop->followed.seal.batch > 0 ||
           journal_damaged(err, journal, segment_begin(journal, number), "no batch where one was");
}

static bool find_end(struct journal *journal, struct error *err)
{
    struct stop newest, before;
    const struct followed *last = &newest.followed;
    uint32_t number = journal->number;
    bool tail_empty, later;
    if (!follow_segment(journal, number, &newest, err)) return false;
    if (newest.followed.seal.batch == 0 && number > 1) {
        if (!follow_before(journal, number - 1, &before, err)) return false;
        last = &before.followed;
    }
    if (!scanner_tail(journal, number, newest.offset, last->seal.batch, &tail_empty, &later, err))
        return false;
    if (later && newest.at_zeros)
        return journal_damaged(err, journal, segment_begin(journal, number) + newest.offset,
                               "no batch where one was");
    if (later) {
        *err = newest.why;
        return false;
    }
    journal->offset = newest.offset;
    journal->tail_dirty = !tail_empty;
    if (newest.followed.seal.batch > 0 && !settle(journal, last->begin, last->seal.end, err))
        return false;
    keep_seal(journal, &last->seal, last->chain);
    return true;
}

// The forms of the journal that can be opened. A new form adds its row: the function reads an old
// journal as it is, or writes it anew first.
static const struct version versions[] = { { JOURNAL_VERSION, find_end } };

static const struct version *version_of(uint32_t number)
{
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
        if (versions[i].number == number) return &versions[i];
    return NULL;
}

bool journal_version_known(uint32_t version, struct error *err)
{
    if (version_of(version) != NULL) return true;
    error_set(err, ERROR_DAMAGED,
              "the journal is of format version %u, and this program knows 1 to %d",
              version, JOURNAL_VERSION);
    return error_hint(err, "Open it with the program that wrote it, or with a newer one.");
}

static bool open_segments(struct journal *journal, struct error *err)
{
    uint32_t count;
    if (!segment_count(journal, &count, err)) return false;
    if (count == 0) return segment_switch(journal, err);
    uint32_t version;
    return segment_take_header(journal, err) &&
           segment_check_header(journal, count, &version, err) &&
           segment_open(journal, count, err) && version_of(version)->find_end(journal, err);
}

static bool prepare(struct journal *journal, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[JOURNAL_PATH_MAX];
    snprintf(path, sizeof(path), "%s/journal", journal->directory);
    if (!disk->make_folder(disk->state, path, err)) return false;
    snprintf(path, sizeof(path), "%s/lock", journal->directory);
    if (!disk->lock(disk->state, path, &journal->lock, err)) {
        journal->lock = -1;
        return false;
    }
    return unpackers_open(&journal->unpackers, err) && open_segments(journal, err);
}

static void journal_close(void *state)
{
    struct journal *journal = state;
    segments_close(journal);
    unpackers_close(journal->unpackers);
    if (journal->packer != NULL) store_packer_close(journal->packer);
    arena_close(&journal->packing);
    if (journal->lock >= 0) journal->disk->close(journal->disk->state, journal->lock);
    pthread_mutex_destroy(&journal->shared);
    free(journal->buffer);
    free(journal);
}

bool journal_open_sized(struct store *store, const struct disk *disk, const char *directory,
                        uint32_t segment_size, struct error *err)
{
    static const struct store_keeper keeper = {
        .name = "journal", .commit = journal_commit, .read = journal_read, .scan = journal_scan,
        .seal = journal_seal, .check = journal_check, .close = journal_close,
    };
    assert(journal_size_possible(segment_size));
    if (strlen(directory) >= JOURNAL_DIRECTORY_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the store's path is of %zu bytes, at most %d",
                         strlen(directory), JOURNAL_DIRECTORY_MAX - 1);
    struct journal *journal = calloc(1, sizeof(*journal));
    if (journal == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the journal");
    journal->disk = disk;
    journal->segment_size = segment_size;
    journal->lock = journal->segment = journal->next.handle = -1;
    pthread_mutex_init(&journal->shared, NULL);
    snprintf(journal->directory, sizeof(journal->directory), "%s", directory);
    // A new store's name for itself, so that a segment of another store is told from its own: where
    // it began. Nothing is proved by it.
    struct sha256 id = sha256_of(span_of(directory));
    memcpy(journal->store_id, id.bytes, sizeof(journal->store_id));
    if (!prepare(journal, err)) {
        journal_close(journal);
        return false;
    }
    *store = (struct store){ &keeper, journal };
    return true;
}

bool store_open_journal(struct store *store, const struct disk *disk, const char *directory,
                        struct error *err)
{
    return journal_open_sized(store, disk, directory, JOURNAL_SEGMENT_SIZE, err);
}
