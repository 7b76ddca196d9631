// views_index: where the keys of the newest volume are, in memory.
//
// The file keeps the keys of the volume that still grows in the order in which they came, so that
// writing never jumps; this table finds them. When the volume is full the file gets them sorted and
// the table begins anew. A key may be there more than once; the last added is found first.
#ifndef TW_STORE_VIEWS_INDEX_H
#define TW_STORE_VIEWS_INDEX_H

#include "base/error.h"

struct index {
    uint64_t *keys;          // owned, in the order of adding, as is
    uint32_t *values;
    uint32_t *heads, *next;  // owned; one more than a place among the keys; 0: the end
    uint32_t count, count_max, heads_mask;
};

// Room for `count_max` keys; memory is touched as it fills. index_close also takes a zeroed one.
MUST_CHECK bool index_open(struct index *index, uint32_t count_max, struct error *err);
void index_close(struct index *index);

// There must be room.
void index_add(struct index *index, uint64_t key, uint32_t value);

// So many will be added soon.
void index_expect(struct index *index, uint32_t count);

// Adds `count` that the caller has put behind those in `keys` and `values` already; quicker.
void index_take(struct index *index, uint32_t count);

// Up to `values_max` values of that key, the last added first, but the first `skipped`; returns how
// many.
uint32_t index_find(const struct index *index, uint64_t key, uint32_t skipped, uint32_t *values,
                    uint32_t values_max);

#endif
