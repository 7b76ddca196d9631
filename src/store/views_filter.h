// views_filter: says of a key "surely not here" or "perhaps here" from memory (a Bloom filter).
//
// Made once over all keys of a volume that is full. Twelve bits a key, seven of them set, all in
// one 64-byte line of memory: one look costs one cache miss, and about one key in 200 that is not
// there is called "perhaps". (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom
// Filters, 2007.) The bytes are kept in the views' file, so their meaning is part of its version.
#ifndef TW_STORE_VIEWS_FILTER_H
#define TW_STORE_VIEWS_FILTER_H

#include "base/error.h"

enum { FILTER_LINE_SIZE = 64, FILTER_KEY_BITS = 12 };

struct filter {
    uint64_t *lines;      // owned; aligned to FILTER_LINE_SIZE
    uint32_t lines_count; // at least 1
};

// Room for `keys_count` keys, none in it yet. filter_close gives the memory back; also when zeroed.
MUST_CHECK bool filter_open(struct filter *filter, uint32_t keys_count, struct error *err);
void filter_close(struct filter *filter);

void filter_add(struct filter *filter, uint64_t key);

// False: the key was never added.
bool filter_may_hold(const struct filter *filter, uint64_t key);

// The bytes as they are kept.
struct span filter_bytes(const struct filter *filter);

// And back: room for that many bytes, which the caller then puts at `lines`. ERROR_DAMAGED when the
// size cannot be.
MUST_CHECK bool filter_room(struct filter *filter, size_t size, struct error *err);

#endif
