// journal_format: the bytes of the journal. docs/journal-format.md says the same in tables.
//
// A segment is a file of the size that its header says: a header page, then batches, then zeros. A
// batch is append records and the commit record that closes them, all in one segment. Records are
// 8-byte aligned, little-endian. A position is (segment number - 1) * segment size + offset: good
// for ever.
//
// Each commit carries a chain: SHA-256 over the chain before it and the sealed part of every append
// record of its batch (all but what may be erased). So a torn or reordered batch does not close,
// and what is left of a batch that was cut can never be taken for a later one: its chain or its
// number does not fit.
#ifndef TW_STORE_JOURNAL_FORMAT_H
#define TW_STORE_JOURNAL_FORMAT_H

#include "base/hash.h"

enum {
    JOURNAL_VERSION = 1,
    JOURNAL_SEGMENT_SIZE = 64 * 1024 * 1024,
    JOURNAL_HEADER_SIZE = 4096,
    JOURNAL_ZSTD_LEVEL = 1,
    JOURNAL_DICTIONARY_MAX = JOURNAL_HEADER_SIZE - 128,
    PACK_RAW_MAX = 72 * 1024 * 1024, // of an append's facts, unpacked
};

#define JOURNAL_MAGIC "TWJOURNL"
#define RECORD_APPEND 0x50415754u // "TWAP"
#define RECORD_COMMIT 0x4D435754u // "TWCM"
enum { RECORD_ERASED = 1 };       // flag: salts and payload are zeros

struct segment_header {
    char magic[8];
    uint32_t version, number;
    uint64_t segment_size;
    uint8_t store_id[16];         // the same in all segments of a store
    uint32_t dictionary_len, unused;
    // then the dictionary, and after it the CRC32C of all before
};

struct append_header {
    uint32_t magic, length;       // of the record with its padding
    uint64_t batch;
    uint64_t first_leaf, previous;
    uint32_t first_seq, facts_count;
    uint32_t name_len, flags;
    uint32_t payload_len;         // of the packed facts: their lengths, then a zstd frame
    uint32_t payload_crc;         // CRC32C of salts and payload
    uint32_t sealed_crc;          // CRC32C of this header (both sums zero), name, commitments
    uint32_t unused;
    // then name, padding to 8, commitments (32 each), salts (32 each), payload, padding to 8
};

struct commit_header {
    uint32_t magic, length;
    uint64_t batch;
    uint64_t tree_size;
    struct sha256 root, chain_before, chain;
    uint32_t appends, edge_len, checkpoint_len, crc; // CRC32C of the record with this field zero
    // then edge, checkpoint, padding to 8
};

_Static_assert(sizeof(struct segment_header) == 48, "no gaps");
_Static_assert(sizeof(struct append_header) == 64, "no gaps");
_Static_assert(sizeof(struct commit_header) == 136, "no gaps");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "records are written as in memory");

static inline uint64_t aligned(uint64_t size) { return (size + 7) / 8 * 8; }

// Text that facts share, so that small ones pack well. Part of format version 1: it never changes.
extern const struct span journal_dictionary;

#endif
