// journal_record: one append and one commit, as bytes and back. Pure: no disk, no journal.
//
// The bytes are those of journal_format.h. A record is believed only after its fault was asked for.
#ifndef TW_STORE_JOURNAL_RECORD_H
#define TW_STORE_JOURNAL_RECORD_H

#include "store/journal_format.h"
#include "store/store.h"

enum { COMMIT_LENGTH_MAX = 40 * 1024 }; // 64 hashes of an edge, and a checkpoint

size_t append_length(const struct store_append *append); // its facts are packed
size_t commit_length(const struct store_seal *seal);

// `record` has room for the length, and is written whole.
void append_write(char *record, const struct store_append *append, uint64_t batch);
void commit_write(char *record, const struct store_seal *seal, uint64_t batch, uint32_t appends,
                  struct sha256 chain_before, struct sha256 chain);

// The chain after this append record.
struct sha256 chain_next(struct sha256 chain, const char *record);

// What does not add up in the `length` bytes of a record, at least its header; NULL when it is
// sound.
const char *append_fault(const char *record, size_t length);
const char *commit_fault(const char *record, size_t length);

// Whether the header's lengths make up its record's: worth knowing before room is made for it.
bool append_lengths_fit(const struct append_header *header);

// A sound record's content; its spans point into it, the facts are taken from the arena, and their
// JSON is still packed. Salts only for STORE_ALL.
MUST_CHECK bool append_parse(const char *record, uint64_t position, int wanted, struct arena *arena,
                             struct store_append *append, struct error *err);
bool append_is_erased(const char *record);

// A sound commit's seal, without its end.
struct store_seal commit_seal(const char *record);

#endif
