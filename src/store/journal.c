#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "store/disk.h"
#include "store/journal_format.h"
#include "store/journal_inside.h"
#include "store/store.h"

enum { SEGMENTS_MAX = 1 << 16, OPEN_MAX = 64, UNPACKERS_MAX = 16, COMMIT_LENGTH_MAX = 40 * KIB };

struct journal {
    const struct disk *disk;
    char directory[3072];
    uint32_t segment_size;
    int lock;                         // handle, -1: none
    uint8_t store_id[16];

    // The committing thread's.
    int segment;                      // handle of the newest
    uint32_t number;                  // of the newest
    uint64_t offset;                  // in it, where the next batch goes
    struct sha256 chain;
    char *buffer;                     // a batch as it is written
    size_t buffer_size;
    struct store_packer *packer;      // for appends that were not packed
    struct arena packing;
    bool broken;                      // a write failed: what is on the disk is not known

    // Shared with readers.
    pthread_mutex_t lock_shared;
    struct store_seal seal;           // the newest; its spans point into seal_bytes
    char seal_bytes[COMMIT_LENGTH_MAX];
    struct { uint32_t number; int handle; } open[OPEN_MAX]; // segments open for reading
    uint32_t open_next;
    ZSTD_DCtx *unpackers[UNPACKERS_MAX];
    ZSTD_DDict *dictionary;
};

// --- Files ---

static void segment_path(const struct journal *journal, uint32_t number, const char *suffix,
                         char path[4096])
{
    snprintf(path, 4096, "%s/journal/%08u%s", journal->directory, number, suffix);
}

static bool damaged(struct error *err, const struct journal *journal, uint64_t position,
                    const char *what)
{
    error_set(err, ERROR_DAMAGED, "the journal is damaged: %s in segment %u at byte %llu", what,
              (unsigned)(position / journal->segment_size) + 1,
              (unsigned long long)(position % journal->segment_size));
    return error_hint(err, "Restore the store from a copy; 'ledger check' says what still adds up.");
}

// A segment's handle for reading; it stays open in a small table.
static bool segment_open(struct journal *journal, uint32_t number, int *handle, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[4096];
    pthread_mutex_lock(&journal->lock_shared);
    uint32_t slot = number % OPEN_MAX;
    bool found = journal->open[slot].number == number;
    if (!found) {
        segment_path(journal, number, ".seg", path);
        int opened;
        found = disk->open(disk->state, path, false, &opened, err);
        if (found) {
            if (journal->open[slot].number != 0) disk->close(disk->state, journal->open[slot].handle);
            journal->open[slot].number = number;
            journal->open[slot].handle = opened;
        }
    }
    *handle = journal->open[slot].handle;
    pthread_mutex_unlock(&journal->lock_shared);
    return found;
}

// Reads exactly `size` bytes at a position of one segment.
static bool read_at(struct journal *journal, uint64_t position, void *into, size_t size,
                    struct error *err)
{
    int handle;
    size_t got;
    uint64_t offset = position % journal->segment_size;
    if (offset + size > journal->segment_size)
        return damaged(err, journal, position, "a record that goes beyond it");
    if (!segment_open(journal, (uint32_t)(position / journal->segment_size) + 1, &handle, err))
        return false;
    if (!journal->disk->read(journal->disk->state, handle, offset, into, size, &got, err))
        return false;
    return got == size || damaged(err, journal, position, "a file that is cut short");
}

// --- Segments ---

static void write_header(const struct journal *journal, uint32_t number, char page[JOURNAL_HEADER_SIZE])
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

// The versions that can be read. A newer form adds a row, and a reader or a step that rewrites.
static bool version_is_known(uint32_t version, struct error *err)
{
    if (version == JOURNAL_VERSION) return true;
    error_set(err, ERROR_DAMAGED, "the journal is of format version %u, and this program knows 1 to %d",
              version, JOURNAL_VERSION);
    return error_hint(err, "Open it with the program that wrote it, or with a newer one.");
}

static bool read_header(struct journal *journal, uint32_t number, struct error *err)
{
    char page[JOURNAL_HEADER_SIZE];
    struct segment_header header;
    uint64_t position = (uint64_t)(number - 1) * journal->segment_size;
    uint32_t crc;
    if (!read_at(journal, position, page, sizeof(page), err)) return false;
    memcpy(&header, page, sizeof(header));
    if (memcmp(header.magic, JOURNAL_MAGIC, sizeof(header.magic)) != 0 ||
        header.dictionary_len > JOURNAL_DICTIONARY_MAX)
        return damaged(err, journal, position, "a header that is not a journal's");
    size_t len = sizeof(header) + header.dictionary_len;
    memcpy(&crc, page + len, sizeof(crc));
    if (crc != crc32c(0, page, len)) return damaged(err, journal, position, "a header that does not add up");
    if (!version_is_known(header.version, err)) return false;
    if (header.number != number || header.segment_size != journal->segment_size)
        return damaged(err, journal, position, "a header of another segment");
    if (number > 1 && memcmp(header.store_id, journal->store_id, sizeof(header.store_id)) != 0)
        return damaged(err, journal, position, "a segment of another store");
    memcpy(journal->store_id, header.store_id, sizeof(header.store_id));
    return true;
}

// A new segment is made whole under another name, so that a half-made one is never seen.
static bool make_segment(struct journal *journal, uint32_t number, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[4096], new_path[4096], folder[4096], page[JOURNAL_HEADER_SIZE];
    int handle;
    segment_path(journal, number, ".new", new_path);
    segment_path(journal, number, ".seg", path);
    snprintf(folder, sizeof(folder), "%s/journal", journal->directory);
    write_header(journal, number, page);
    if (!disk->open(disk->state, new_path, true, &handle, err)) return false;
    bool made = disk->allocate(disk->state, handle, journal->segment_size, err) &&
                disk->write(disk->state, handle, 0, page, sizeof(page), err) &&
                disk->sync(disk->state, handle, err) &&
                disk->rename(disk->state, new_path, path, err) &&
                disk->sync_folder(disk->state, folder, err);
    if (!made) {
        disk->close(disk->state, handle);
        return false;
    }
    if (journal->segment >= 0) disk->close(disk->state, journal->segment);
    journal->segment = handle;
    journal->number = number;
    journal->offset = JOURNAL_HEADER_SIZE;
    return true;
}

// --- Writing a batch ---

static size_t append_length(const struct store_append *append)
{
    return aligned(sizeof(struct append_header) + aligned(append->file.len) +
                   (size_t)append->facts_count * (SHA256_SIZE + STORE_SALT_SIZE) +
                   append->packed.len);
}

static size_t sealed_length(const struct append_header *header)
{
    return sizeof(*header) + aligned(header->name_len) + (size_t)header->facts_count * SHA256_SIZE;
}

// What the chain and the sealed CRC cover: the header without flags and sums, name, commitments.
static struct append_header sealed_header(const struct append_header *header)
{
    struct append_header sealed = *header;
    sealed.flags = 0;
    sealed.payload_crc = sealed.sealed_crc = 0;
    return sealed;
}

static struct sha256 chain_next(struct sha256 chain, const char *record)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    struct append_header sealed = sealed_header(&header);
    struct span rest = { record + sizeof(header), sealed_length(&header) - sizeof(header) };
    return sha256_of_three(sha256_span(&chain),
                           (struct span){ (const char *)&sealed, sizeof(sealed) }, rest);
}

static uint32_t sealed_crc(const char *record)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    header.payload_crc = header.sealed_crc = 0; // the payload's own sum changes when it is erased
    uint32_t crc = crc32c(0, &header, sizeof(header));
    return crc32c(crc, record + sizeof(header), sealed_length(&header) - sizeof(header));
}

static void write_append(char *record, const struct store_append *append, uint64_t batch)
{
    size_t length = append_length(append);
    struct append_header header = { .magic = RECORD_APPEND, .length = (uint32_t)length,
        .batch = batch, .first_leaf = append->first_leaf, .previous = append->previous,
        .first_seq = append->first_seq, .facts_count = append->facts_count,
        .name_len = (uint32_t)append->file.len, .payload_len = (uint32_t)append->packed.len };
    memset(record, 0, length);
    char *at = record + sizeof(header);
    memcpy(at, append->file.at, append->file.len);
    at += aligned(append->file.len);
    for (uint32_t i = 0; i < append->facts_count; i++, at += SHA256_SIZE)
        memcpy(at, append->facts[i].commitment.bytes, SHA256_SIZE);
    const char *salts = at;
    for (uint32_t i = 0; i < append->facts_count; i++, at += STORE_SALT_SIZE)
        memcpy(at, append->facts[i].salt, STORE_SALT_SIZE);
    memcpy(at, append->packed.at, append->packed.len);
    at += append->packed.len;
    memcpy(record, &header, sizeof(header));
    header.sealed_crc = sealed_crc(record);
    header.payload_crc = crc32c(0, salts, (size_t)(at - salts));
    memcpy(record, &header, sizeof(header));
}

static size_t commit_length(const struct store_seal *seal)
{
    return aligned(sizeof(struct commit_header) + seal->edge.len + seal->checkpoint.len);
}

static void write_commit(char *record, const struct store_seal *seal, uint64_t batch,
                         uint32_t appends, struct sha256 before, struct sha256 chain)
{
    size_t length = commit_length(seal);
    struct commit_header header = { .magic = RECORD_COMMIT, .length = (uint32_t)length,
        .batch = batch, .tree_size = seal->tree_size, .root = seal->root, .chain_before = before,
        .chain = chain, .appends = appends, .edge_len = (uint32_t)seal->edge.len,
        .checkpoint_len = (uint32_t)seal->checkpoint.len };
    memset(record, 0, length);
    memcpy(record, &header, sizeof(header));
    memcpy(record + sizeof(header), seal->edge.at, seal->edge.len);
    memcpy(record + sizeof(header) + seal->edge.len, seal->checkpoint.at, seal->checkpoint.len);
    header.crc = crc32c(0, record, length);
    memcpy(record, &header, sizeof(header));
}

static bool pack_all(struct journal *journal, struct store_append *appends, uint32_t count,
                     struct error *err)
{
    arena_reset(&journal->packing, 0);
    for (uint32_t i = 0; i < count; i++)
        if (appends[i].packed.len == 0 &&
            !store_pack(journal->packer, &appends[i], &journal->packing, err))
            return false;
    return true;
}

static bool make_room(struct journal *journal, size_t size, struct error *err)
{
    if (size > journal->segment_size - JOURNAL_HEADER_SIZE)
        return error_set(err, ERROR_TOO_LARGE, "a batch of %zu bytes, and a segment holds %u", size,
                         journal->segment_size - JOURNAL_HEADER_SIZE);
    if (size > journal->buffer_size) {
        char *larger = realloc(journal->buffer, size);
        if (larger == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the batch");
        journal->buffer = larger;
        journal->buffer_size = size;
    }
    if (journal->offset + size <= journal->segment_size) return true;
    if (journal->number == SEGMENTS_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the journal has %d segments", SEGMENTS_MAX);
    return make_segment(journal, journal->number + 1, err);
}

// Takes over the seal of the batch that is durable now. Readers may look at the same time.
static void keep_seal(struct journal *journal, const struct store_seal *seal)
{
    pthread_mutex_lock(&journal->lock_shared);
    assert(seal->edge.len + seal->checkpoint.len <= sizeof(journal->seal_bytes));
    memmove(journal->seal_bytes, seal->edge.at, seal->edge.len);
    memmove(journal->seal_bytes + seal->edge.len, seal->checkpoint.at, seal->checkpoint.len);
    journal->seal = *seal;
    journal->seal.edge.at = journal->seal_bytes;
    journal->seal.checkpoint.at = journal->seal_bytes + seal->edge.len;
    pthread_mutex_unlock(&journal->lock_shared);
}

static bool journal_commit(void *state, struct store_append *appends, uint32_t count,
                           const struct store_seal *given, bool *before_anything, struct error *err)
{
    struct journal *journal = state;
    *before_anything = true;
    if (journal->broken) {
        error_set(err, ERROR_UNAVAILABLE, "an earlier write failed; the store must be opened again");
        *before_anything = false;
        return false;
    }
    if (given->edge.len + given->checkpoint.len + sizeof(struct commit_header) > COMMIT_LENGTH_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a checkpoint of %zu bytes", given->checkpoint.len);
    if (!pack_all(journal, appends, count, err)) return false;
    size_t size = commit_length(given);
    for (uint32_t i = 0; i < count; i++) size += append_length(&appends[i]);
    if (!make_room(journal, size, err)) return false;

    uint64_t begin = (uint64_t)(journal->number - 1) * journal->segment_size + journal->offset;
    uint64_t batch = journal->seal.batch + 1;
    struct sha256 chain = journal->chain;
    char *at = journal->buffer;
    for (uint32_t i = 0; i < count; i++) {
        appends[i].position = begin + (uint64_t)(at - journal->buffer);
        write_append(at, &appends[i], batch);
        chain = chain_next(chain, at);
        at += append_length(&appends[i]);
    }
    write_commit(at, given, batch, count, journal->chain, chain);

    // From here on nobody knows, until the sync returns.
    *before_anything = false;
    journal->broken = true;
    const struct disk *disk = journal->disk;
    if (!disk->write(disk->state, journal->segment, journal->offset, journal->buffer, size, err) ||
        !disk->sync(disk->state, journal->segment, err))
        return false;
    journal->broken = false;
    journal->chain = chain;
    journal->offset += size;
    struct store_seal seal = *given;
    seal.batch = batch;
    seal.end = begin + size;
    keep_seal(journal, &seal);
    return true;
}

// --- Reading ---

static ZSTD_DCtx *unpacker_take(struct journal *journal)
{
    ZSTD_DCtx *taken = NULL;
    pthread_mutex_lock(&journal->lock_shared);
    for (int i = 0; i < UNPACKERS_MAX && taken == NULL; i++) {
        taken = journal->unpackers[i];
        journal->unpackers[i] = NULL;
    }
    pthread_mutex_unlock(&journal->lock_shared);
    return taken != NULL ? taken : ZSTD_createDCtx();
}

static void unpacker_give(struct journal *journal, ZSTD_DCtx *unpacker)
{
    pthread_mutex_lock(&journal->lock_shared);
    for (int i = 0; i < UNPACKERS_MAX && unpacker != NULL; i++) {
        if (journal->unpackers[i] != NULL) continue;
        journal->unpackers[i] = unpacker;
        unpacker = NULL;
    }
    pthread_mutex_unlock(&journal->lock_shared);
    ZSTD_freeDCtx(unpacker);
}

static bool unpack(struct journal *journal, uint64_t position, struct span packed,
                   struct store_fact *facts, uint32_t count, struct arena *arena, struct error *err)
{
    size_t lengths = (size_t)count * sizeof(uint32_t), whole = 0;
    if (packed.len < lengths) return damaged(err, journal, position, "a payload that is too short");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t len;
        memcpy(&len, packed.at + i * sizeof(len), sizeof(len));
        facts[i].json.len = len;
        whole += len;
        if (whole > 2 * (size_t)FACT_JSON_MAX + 64 * MIB)
            return damaged(err, journal, position, "facts of an impossible length");
    }
    char *raw = arena_take_raw(arena, whole + 1, 1);
    ZSTD_DCtx *unpacker = raw == NULL ? NULL : unpacker_take(journal);
    if (unpacker == NULL)
        return error_set(err, ERROR_TOO_LARGE, "the facts do not fit into working memory");
    size_t got = ZSTD_decompress_usingDDict(unpacker, raw, whole, packed.at + lengths,
                                            packed.len - lengths, journal->dictionary);
    unpacker_give(journal, unpacker);
    if (ZSTD_isError(got) || got != whole)
        return damaged(err, journal, position, "a payload that cannot be unpacked");
    for (uint32_t i = 0; i < count; i++) {
        facts[i].json.at = raw;
        raw += facts[i].json.len;
    }
    return true;
}

// A record's bytes are checked before anything in them is believed.
static bool check_append(struct journal *journal, uint64_t position, const char *record,
                         struct error *err)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    size_t facts = (size_t)header.facts_count * (SHA256_SIZE + STORE_SALT_SIZE);
    if (header.name_len > FILE_NAME_MAX || header.facts_count == 0 ||
        header.facts_count > FILE_FACTS_MAX ||
        aligned(sizeof(header) + aligned(header.name_len) + facts + header.payload_len) !=
            header.length)
        return damaged(err, journal, position, "a record whose lengths do not fit");
    if (sealed_crc(record) != header.sealed_crc)
        return damaged(err, journal, position, "a record that does not add up");
    const char *salts = record + sealed_length(&header);
    size_t salted = (size_t)header.facts_count * STORE_SALT_SIZE + header.payload_len;
    if (crc32c(0, salts, salted) != header.payload_crc)
        return damaged(err, journal, position, "a payload that does not add up");
    return true;
}

static bool parse_append(struct journal *journal, uint64_t position, const char *record, int wanted,
                         struct arena *arena, struct store_append *append, struct error *err)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    const char *name = record + sizeof(header);
    const char *commitments = name + aligned(header.name_len);
    const char *salts = commitments + (size_t)header.facts_count * SHA256_SIZE;
    struct store_fact *facts = arena_take(arena, header.facts_count, sizeof(*facts));
    if (facts == NULL) return error_set(err, ERROR_TOO_LARGE, "the facts do not fit into memory");
    for (uint32_t i = 0; i < header.facts_count; i++) {
        memcpy(facts[i].commitment.bytes, commitments + (size_t)i * SHA256_SIZE, SHA256_SIZE);
        memcpy(facts[i].salt, salts + (size_t)i * STORE_SALT_SIZE, STORE_SALT_SIZE);
    }
    *append = (struct store_append){ .file = { name, header.name_len },
        .first_seq = header.first_seq, .facts_count = header.facts_count, .facts = facts,
        .previous = header.previous, .first_leaf = header.first_leaf, .position = position,
        .packed = { salts + (size_t)header.facts_count * STORE_SALT_SIZE, header.payload_len } };
    if (wanted == STORE_COMMITMENTS || (header.flags & RECORD_ERASED) != 0) return true;
    return unpack(journal, position, append->packed, facts, header.facts_count, arena, err);
}

static bool journal_read(void *state, uint64_t position, struct arena *arena,
                         struct store_append *append, struct error *err)
{
    struct journal *journal = state;
    struct append_header header;
    pthread_mutex_lock(&journal->lock_shared);
    uint64_t end = journal->seal.end;
    pthread_mutex_unlock(&journal->lock_shared);
    if (position >= end || position % 8 != 0)
        return error_set(err, ERROR_NOT_FOUND, "nothing is kept at position %llu",
                         (unsigned long long)position);
    if (!read_at(journal, position, &header, sizeof(header), err)) return false;
    if (header.magic != RECORD_APPEND || header.length < sizeof(header) ||
        header.length > journal->segment_size)
        return damaged(err, journal, position, "something that is not a record");
    char *record = arena_take_raw(arena, header.length, 1);
    if (record == NULL) return error_set(err, ERROR_TOO_LARGE, "the facts do not fit into memory");
    return read_at(journal, position, record, header.length, err) &&
           check_append(journal, position, record, err) &&
           parse_append(journal, position, record, STORE_ALL, arena, append, err);
}

// --- Scanning: records through a window, batch by batch ---

struct scanner {
    struct journal *journal;
    char *window;               // a whole segment at most; grown as needed
    size_t size, begin, len;    // window[begin .. len) is at `position`
    uint64_t position;
};

// At least `wanted` bytes of this segment at the scanner's position; NULL (with err) when it ends.
static const char *scan_bytes(struct scanner *s, size_t wanted, struct error *err)
{
    if (s->len - s->begin >= wanted) return s->window + s->begin;
    uint64_t offset = s->position % s->journal->segment_size;
    if (offset + wanted > s->journal->segment_size) {
        damaged(err, s->journal, s->position, "a record that goes beyond it");
        return NULL;
    }
    size_t size = wanted > 1 * MIB ? wanted : 1 * MIB;
    if (size > s->journal->segment_size - offset) size = s->journal->segment_size - offset;
    if (size > s->size) {
        char *larger = realloc(s->window, size);
        if (larger == NULL) {
            error_set(err, ERROR_UNAVAILABLE, "no memory to read the journal");
            return NULL;
        }
        s->window = larger;
        s->size = size;
    }
    s->begin = 0;
    s->len = 0;
    if (!read_at(s->journal, s->position, s->window, size, err)) return NULL;
    s->len = size;
    return s->window;
}

static void scan_pass(struct scanner *s, size_t size)
{
    s->begin += size;
    s->position += size;
}

static void scan_jump(struct scanner *s, uint64_t position)
{
    s->position = position;
    s->begin = s->len = 0;
}

static uint64_t next_segment(const struct journal *journal, uint64_t position)
{
    uint64_t number = position / journal->segment_size + 1;
    return number * journal->segment_size + JOURNAL_HEADER_SIZE;
}

// The next record of either kind, checked by its own sum; `magic` 0 at the end of a segment's batches.
static bool scan_record(struct scanner *s, uint32_t *magic, const char **record, uint32_t *length,
                        struct error *err)
{
    struct journal *journal = s->journal;
    *magic = 0;
    if (s->position % journal->segment_size + sizeof(struct append_header) > journal->segment_size)
        return true;
    const char *at = scan_bytes(s, sizeof(struct append_header), err);
    if (at == NULL) return false;
    memcpy(magic, at, sizeof(*magic));
    memcpy(length, at + 4, sizeof(*length));
    if (*magic == 0 && *length == 0) return true;
    if ((*magic != RECORD_APPEND && *magic != RECORD_COMMIT) || *length < 64 || *length % 8 != 0 ||
        (*magic == RECORD_COMMIT && *length < sizeof(struct commit_header)))
        return damaged(err, journal, s->position, "something that is not a record");
    *record = scan_bytes(s, *length, err);
    if (*record == NULL) return false;
    if (*magic == RECORD_APPEND) return check_append(journal, s->position, *record, err);

    struct commit_header header;
    memcpy(&header, *record, sizeof(header));
    uint32_t said = header.crc;
    header.crc = 0;
    uint32_t crc = crc32c(crc32c(0, &header, sizeof(header)), *record + sizeof(header),
                          *length - sizeof(header));
    if (crc != said || header.length > COMMIT_LENGTH_MAX ||
        sizeof(header) + (uint64_t)header.edge_len + header.checkpoint_len > header.length)
        return damaged(err, journal, s->position, "a commit that does not add up");
    return true;
}

static bool journal_scan(void *state, uint64_t from, int wanted, struct arena *scratch,
                         bool (*each)(void *context, const struct store_append *append,
                                      uint64_t next, struct error *err),
                         void *context, struct error *err)
{
    struct journal *journal = state;
    struct store_seal seal;
    pthread_mutex_lock(&journal->lock_shared);
    seal = journal->seal;
    pthread_mutex_unlock(&journal->lock_shared);
    struct scanner s = { .journal = journal };
    scan_jump(&s, from < JOURNAL_HEADER_SIZE ? JOURNAL_HEADER_SIZE : from);

    bool going = true;
    while (going && s.position < seal.end) {
        uint32_t magic, length;
        const char *record;
        struct store_append append;
        going = scan_record(&s, &magic, &record, &length, err);
        if (!going) break;
        if (magic == 0) {
            scan_jump(&s, next_segment(journal, s.position));
            continue;
        }
        if (magic == RECORD_APPEND) {
            arena_reset(scratch, 0);
            going = parse_append(journal, s.position, record, wanted, scratch, &append, err) &&
                    each(context, &append, s.position + length, err);
        }
        scan_pass(&s, length);
    }
    free(s.window);
    return going;
}

static void journal_seal(void *state, struct store_seal *seal)
{
    struct journal *journal = state;
    pthread_mutex_lock(&journal->lock_shared);
    *seal = journal->seal;
    pthread_mutex_unlock(&journal->lock_shared);
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
            return damaged(err, journal, append->position, "a fact that is not what was committed to");
    }
    return true;
}

// Follows the batches from `position` on: each must close, and be the next one of the chain. Stops at
// the first place where no whole batch begins; `err` says why when that is not a row of zeros.
static bool follow(struct journal *journal, struct scanner *s, struct store_seal *seal,
                   struct sha256 *chain, bool *any, struct error *err)
{
    for (;;) {
        uint64_t begin = s->position;
        struct sha256 next = *chain;
        uint32_t magic, length, appends = 0;
        const char *record;
        for (;;) {
            if (!scan_record(s, &magic, &record, &length, err)) return false;
            if (magic != RECORD_APPEND) break;
            next = chain_next(next, record);
            appends++;
            scan_pass(s, length);
        }
        if (magic == 0 && appends == 0) return true;
        if (magic == 0) return damaged(err, journal, s->position, "a batch that does not close");

        struct commit_header header;
        memcpy(&header, record, sizeof(header));
        bool first = !*any && seal->batch == 0 && begin > JOURNAL_HEADER_SIZE;
        if (first) {
            // The scan begins in the middle of the chain, at a segment: its first commit says what
            // stands before it, and its number must be a later one.
            struct sha256 before = header.chain_before;
            struct scanner again = { .journal = journal };
            scan_jump(&again, begin);
            next = before;
            for (uint32_t i = 0; i < appends; i++) {
                uint32_t again_magic, again_length;
                const char *again_record;
                if (!scan_record(&again, &again_magic, &again_record, &again_length, err)) break;
                next = chain_next(next, again_record);
                scan_pass(&again, again_length);
            }
            free(again.window);
            *chain = before;
            seal->batch = header.batch - 1;
        }
        if (header.batch != seal->batch + 1 || header.appends != appends ||
            !sha256_equal(header.chain_before, *chain) || !sha256_equal(header.chain, next))
            return damaged(err, journal, s->position, "a batch that is not the next one");
        *chain = next;
        *any = true;
        struct store_seal kept = { .tree_size = header.tree_size, .root = header.root,
            .edge = { record + sizeof(header), header.edge_len },
            .checkpoint = { record + sizeof(header) + header.edge_len, header.checkpoint_len },
            .batch = header.batch, .end = s->position + length };
        keep_seal(journal, &kept);
        *seal = journal->seal;
        scan_pass(s, length);
    }
}

static bool journal_check(void *state, struct arena *scratch, struct error *err)
{
    struct journal *journal = state;
    for (uint32_t number = 1; number <= journal->number; number++)
        if (!read_header(journal, number, err)) return false;
    return journal_scan(journal, 0, STORE_ALL, scratch, check_commitments, journal, err) &&
           journal_check_chain(journal, err);
}

// --- Opening ---

// Is there a later commit behind the place where following stopped? Then this is damage, and no torn
// tail: a torn batch is always the last.
static bool later_commit(struct journal *journal, uint64_t position, uint64_t batch)
{
    struct error ignored;
    uint64_t end = position / journal->segment_size * journal->segment_size + journal->segment_size;
    struct scanner s = { .journal = journal };
    bool found = false;
    for (uint64_t at = position; !found && at + sizeof(struct commit_header) <= end; at += 8) {
        scan_jump(&s, at);
        // Reading in pieces of a megabyte, looking at every aligned place.
        const char *bytes = scan_bytes(&s, sizeof(struct commit_header), &ignored);
        if (bytes == NULL) break;
        size_t here = s.len;
        for (size_t i = 0; i + sizeof(struct commit_header) <= here && !found; i += 8) {
            uint32_t magic;
            memcpy(&magic, bytes + i, sizeof(magic));
            if (magic != RECORD_COMMIT) continue;
            struct scanner one = { .journal = journal };
            uint32_t record_magic, length;
            const char *record;
            scan_jump(&one, at + i);
            if (scan_record(&one, &record_magic, &record, &length, &ignored)) {
                struct commit_header header;
                memcpy(&header, record, sizeof(header));
                found = header.batch > batch + 1;
            }
            free(one.window);
        }
        at += here > sizeof(struct commit_header) ? (here - sizeof(struct commit_header)) / 8 * 8 : 0;
    }
    free(s.window);
    return found;
}

// What stands behind the last whole batch is a batch that was never acknowledged. It is overwritten
// with zeros, so that it is gone for good.
static bool cut_tail(struct journal *journal, uint64_t position, struct error *err)
{
    static const char zeros[1 << 16];
    const struct disk *disk = journal->disk;
    char kept[1 << 16];
    bool cut = false;
    for (uint64_t offset = position % journal->segment_size; offset < journal->segment_size;
         offset += sizeof(zeros)) {
        uint64_t left = journal->segment_size - offset;
        size_t part = left < sizeof(zeros) ? (size_t)left : sizeof(zeros), got;
        if (!disk->read(disk->state, journal->segment, offset, kept, part, &got, err)) return false;
        if (got == part && memcmp(kept, zeros, part) == 0) continue;
        if (!disk->write(disk->state, journal->segment, offset, zeros, part, err)) return false;
        cut = true;
    }
    return !cut || disk->sync(disk->state, journal->segment, err);
}

// Follows the newest segment that holds a whole batch; a newest one without any was made just before the
// power went.
static bool find_end(struct journal *journal, struct error *err)
{
    for (uint32_t number = journal->number;; number--) {
        struct error why = { 0 };
        struct scanner s = { .journal = journal };
        struct store_seal seal = { 0 };
        bool any = false;
        uint64_t begin = (uint64_t)(number - 1) * journal->segment_size + JOURNAL_HEADER_SIZE;
        scan_jump(&s, begin);
        bool clean = follow(journal, &s, &seal, &journal->chain, &any, &why);
        free(s.window);
        uint64_t end = any ? seal.end : begin;
        if (!clean && why.kind != ERROR_DAMAGED) {
            *err = why;
            return false;
        }
        if (!clean && (number < journal->number || later_commit(journal, end, seal.batch))) {
            *err = why;
            return false;
        }
        if (!any && number > 1) continue;
        if (number == journal->number) {
            journal->offset = end % journal->segment_size;
            return clean || cut_tail(journal, end, err);
        }
        // The newest segment holds nothing whole: it is begun anew.
        journal->offset = JOURNAL_HEADER_SIZE;
        return cut_tail(journal, (uint64_t)(journal->number - 1) * journal->segment_size +
                                     JOURNAL_HEADER_SIZE, err);
    }
}

bool journal_check_chain(struct journal *journal, struct error *err)
{
    struct store_seal before = journal->seal, seal = { 0 };
    struct sha256 chain = { 0 };
    for (uint32_t number = 1; number <= journal->number; number++) {
        struct scanner s = { .journal = journal };
        bool any = seal.batch > 0;
        scan_jump(&s, (uint64_t)(number - 1) * journal->segment_size + JOURNAL_HEADER_SIZE);
        bool whole = follow(journal, &s, &seal, &chain, &any, err);
        free(s.window);
        if (!whole) return false;
    }
    if (seal.batch == before.batch && sha256_equal(chain, journal->chain)) return true;
    return error_set(err, ERROR_DAMAGED, "the journal ends at batch %llu, and batch %llu was committed",
                     (unsigned long long)seal.batch, (unsigned long long)before.batch);
}

static bool open_segments(struct journal *journal, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[4096];
    do {
        journal->number++;
        segment_path(journal, journal->number, ".seg", path);
    } while (journal->number < SEGMENTS_MAX && disk->exists(disk->state, path));
    journal->number--;
    if (journal->number == 0) return make_segment(journal, 1, err);

    if (!read_header(journal, 1, err) || !read_header(journal, journal->number, err)) return false;
    segment_path(journal, journal->number, ".seg", path);
    return disk->open(disk->state, path, false, &journal->segment, err) && find_end(journal, err);
}

static void journal_close(void *state)
{
    struct journal *journal = state;
    const struct disk *disk = journal->disk;
    for (int i = 0; i < OPEN_MAX; i++)
        if (journal->open[i].number != 0) disk->close(disk->state, journal->open[i].handle);
    for (int i = 0; i < UNPACKERS_MAX; i++) ZSTD_freeDCtx(journal->unpackers[i]);
    ZSTD_freeDDict(journal->dictionary);
    if (journal->packer != NULL) store_packer_close(journal->packer);
    arena_close(&journal->packing);
    if (journal->segment >= 0) disk->close(disk->state, journal->segment);
    if (journal->lock >= 0) disk->close(disk->state, journal->lock);
    pthread_mutex_destroy(&journal->lock_shared);
    free(journal->buffer);
    free(journal);
}

static bool journal_prepare(struct journal *journal, struct error *err)
{
    const struct disk *disk = journal->disk;
    char path[4096];
    snprintf(path, sizeof(path), "%s/journal", journal->directory);
    if (!disk->make_folder(disk->state, path, err)) return false;
    snprintf(path, sizeof(path), "%s/lock", journal->directory);
    if (!disk->lock(disk->state, path, &journal->lock, err)) {
        journal->lock = -1;
        return false;
    }
    journal->dictionary = ZSTD_createDDict(journal_dictionary.at, journal_dictionary.len);
    if (journal->dictionary == NULL)
        return error_set(err, ERROR_UNAVAILABLE, "no memory for the journal");
    return arena_open(&journal->packing, 512 * (size_t)MIB, err) &&
           store_packer_open(&journal->packer, err) && open_segments(journal, err);
}

bool journal_open_sized(struct store *store, const struct disk *disk, const char *directory,
                        uint32_t segment_size, struct error *err)
{
    static const struct store_keeper keeper = {
        .name = "journal", .commit = journal_commit, .read = journal_read, .scan = journal_scan,
        .seal = journal_seal, .check = journal_check, .close = journal_close,
    };
    assert(segment_size % 4096 == 0);
    assert(segment_size > JOURNAL_HEADER_SIZE);
    struct journal *journal = calloc(1, sizeof(*journal));
    if (journal == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the journal");
    journal->disk = disk;
    journal->segment_size = segment_size;
    journal->lock = journal->segment = -1;
    pthread_mutex_init(&journal->lock_shared, NULL);
    snprintf(journal->directory, sizeof(journal->directory), "%s", directory);
    // The store's name for itself need not be secret or random, only its own: where and how it began.
    struct sha256 id = sha256_of_two(span_of(directory), sha256_span(&journal->chain));
    memcpy(journal->store_id, id.bytes, sizeof(journal->store_id));
    if (!journal_prepare(journal, err)) {
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
