#include "store/journal_record.h"

#include <assert.h>

#include "base/limits.h"

enum { EDGE_SIZE_MAX = 64 * SHA256_SIZE };
_Static_assert(COMMIT_LENGTH_MAX - 2 * CHECKPOINT_MAX - EDGE_SIZE_MAX >=
               (int)sizeof(struct commit_header), "an edge and two checkpoints fit");

static size_t padded(size_t size) { return (size_t)aligned(size); }

static size_t length_of(size_t name_len, size_t facts_count, size_t payload_len)
{
    return padded(sizeof(struct append_header) + padded(name_len) +
                  facts_count * (SHA256_SIZE + STORE_SALT_SIZE) + payload_len);
}

// The header, the name and the commitments: all that stays when a record is erased.
static size_t sealed_length(const struct append_header *header)
{
    return sizeof(*header) + padded(header->name_len) + (size_t)header->facts_count * SHA256_SIZE;
}

size_t append_length(const struct store_append *append)
{
    return length_of(append->file.len, append->facts_count, append->packed.len);
}

size_t commit_length(const struct store_seal *seal)
{
    return padded(sizeof(struct commit_header) + seal->edge.len + seal->checkpoint.len);
}

// --- Sums ---

// Of the header without the two sums, the name and the commitments. The payload has its own sum,
// which changes when it is erased.
static uint32_t sealed_crc(const char *record)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    header.payload_crc = header.sealed_crc = 0;
    uint32_t crc = crc32c(0, &header, sizeof(header));
    return crc32c(crc, record + sizeof(header), sealed_length(&header) - sizeof(header));
}

// Of the salts and the payload.
static uint32_t payload_crc(const char *record)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    size_t len = (size_t)header.facts_count * STORE_SALT_SIZE + header.payload_len;
    return crc32c(0, record + sealed_length(&header), len);
}

static uint32_t commit_crc(const char *record, size_t length)
{
    struct commit_header header;
    memcpy(&header, record, sizeof(header));
    header.crc = 0;
    uint32_t crc = crc32c(0, &header, sizeof(header));
    return crc32c(crc, record + sizeof(header), length - sizeof(header));
}

// As sealed_crc, and without the flags: what no erasure may change.
struct sha256 chain_next(struct sha256 chain, const char *record)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    header.flags = 0;
    header.payload_crc = header.sealed_crc = 0;
    struct span rest = { record + sizeof(header), sealed_length(&header) - sizeof(header) };
    return sha256_of_three(sha256_span(&chain),
                           (struct span){ (const char *)&header, sizeof(header) }, rest);
}

// --- To bytes ---

void append_write(char *record, const struct store_append *append, uint64_t batch)
{
    size_t length = append_length(append);
    struct append_header header = { .magic = RECORD_APPEND, .length = (uint32_t)length,
        .batch = batch, .first_leaf = append->first_leaf, .previous = append->previous,
        .first_seq = append->first_seq, .facts_count = append->facts_count,
        .name_len = (uint32_t)append->file.len, .payload_len = (uint32_t)append->packed.len };
    assert(length <= UINT32_MAX);
    memset(record, 0, length);
    char *at = record + sizeof(header);
    memcpy(at, append->file.at, append->file.len);
    at += padded(append->file.len);
    for (uint32_t i = 0; i < append->facts_count; i++, at += SHA256_SIZE)
        memcpy(at, append->facts[i].commitment.bytes, SHA256_SIZE);
    for (uint32_t i = 0; i < append->facts_count; i++, at += STORE_SALT_SIZE)
        memcpy(at, append->facts[i].salt, STORE_SALT_SIZE);
    memcpy(at, append->packed.at, append->packed.len);
    memcpy(record, &header, sizeof(header));
    header.sealed_crc = sealed_crc(record);
    header.payload_crc = payload_crc(record);
    memcpy(record, &header, sizeof(header));
}

void commit_write(char *record, const struct store_seal *seal, uint64_t batch, uint32_t appends,
                  struct sha256 chain_before, struct sha256 chain)
{
    size_t length = commit_length(seal);
    struct commit_header header = { .magic = RECORD_COMMIT, .length = (uint32_t)length,
        .batch = batch, .tree_size = seal->tree_size, .root = seal->root,
        .chain_before = chain_before, .chain = chain, .appends = appends,
        .edge_len = (uint32_t)seal->edge.len, .checkpoint_len = (uint32_t)seal->checkpoint.len };
    assert(length <= COMMIT_LENGTH_MAX);
    memset(record, 0, length);
    char *at = record + sizeof(header);
    if (seal->edge.len > 0) memcpy(at, seal->edge.at, seal->edge.len);
    at += seal->edge.len;
    if (seal->checkpoint.len > 0) memcpy(at, seal->checkpoint.at, seal->checkpoint.len);
    memcpy(record, &header, sizeof(header));
    header.crc = commit_crc(record, length);
    memcpy(record, &header, sizeof(header));
}

// --- And back ---

bool append_lengths_fit(const struct append_header *header)
{
    return header->name_len > 0 && header->name_len <= FILE_NAME_MAX && header->facts_count > 0 &&
           header->facts_count <= FILE_FACTS_MAX &&
           length_of(header->name_len, header->facts_count, header->payload_len) == header->length;
}

const char *append_fault(const char *record, size_t length)
{
    struct append_header header;
    assert(length >= sizeof(header));
    memcpy(&header, record, sizeof(header));
    if (!append_lengths_fit(&header) || header.length != length)
        return "a record whose lengths do not fit";
    if (sealed_crc(record) != header.sealed_crc) return "a record that does not add up";
    if (payload_crc(record) != header.payload_crc) return "a payload that does not add up";
    if ((header.flags & ~(uint32_t)RECORD_ERASED) != 0) return "a record with an unknown flag";
    return NULL;
}

const char *commit_fault(const char *record, size_t length)
{
    struct commit_header header;
    if (length < sizeof(header)) return "a commit that is too short";
    memcpy(&header, record, sizeof(header));
    uint64_t content = sizeof(header) + (uint64_t)header.edge_len + header.checkpoint_len;
    if (length > COMMIT_LENGTH_MAX || header.length != length || aligned(content) != length)
        return "a commit whose lengths do not fit";
    if (commit_crc(record, length) != header.crc) return "a commit that does not add up";
    return NULL;
}

bool append_is_erased(const char *record)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    return (header.flags & RECORD_ERASED) != 0;
}

bool append_parse(const char *record, uint64_t position, int wanted, struct arena *arena,
                  struct store_append *append, struct error *err)
{
    struct append_header header;
    memcpy(&header, record, sizeof(header));
    const char *name = record + sizeof(header);
    const char *commitments = name + padded(header.name_len);
    const char *salts = commitments + (size_t)header.facts_count * SHA256_SIZE;
    void *memory;
    if (!arena_need(arena, header.facts_count, sizeof(struct store_fact), &memory, "the append",
                    err))
        return false;
    struct store_fact *facts = memory;
    for (uint32_t i = 0; i < header.facts_count; i++) {
        memcpy(facts[i].commitment.bytes, commitments + (size_t)i * SHA256_SIZE, SHA256_SIZE);
        if (wanted == STORE_ALL)
            memcpy(facts[i].salt, salts + (size_t)i * STORE_SALT_SIZE, STORE_SALT_SIZE);
    }
    *append = (struct store_append){ .file = { name, header.name_len },
        .first_seq = header.first_seq, .facts_count = header.facts_count, .facts = facts,
        .previous = header.previous, .first_leaf = header.first_leaf, .position = position,
        .packed = { salts + (size_t)header.facts_count * STORE_SALT_SIZE, header.payload_len } };
    return true;
}

struct store_seal commit_seal(const char *record)
{
    struct commit_header header;
    memcpy(&header, record, sizeof(header));
    const char *edge = record + sizeof(header);
    return (struct store_seal){ .tree_size = header.tree_size, .root = header.root,
        .edge = { edge, header.edge_len }, .batch = header.batch,
        .checkpoint = { edge + header.edge_len, header.checkpoint_len } };
}
