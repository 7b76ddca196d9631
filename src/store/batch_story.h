// batch_story: the batches that the store's tests commit. Each is made from its number alone, small
// and large ones in turn, so that a test can say at any time what a store must hold.
#ifndef TW_STORE_BATCH_STORY_H
#define TW_STORE_BATCH_STORY_H

#include "store/store.h"

enum { STORY_BATCHES_MAX = 1000 }; // no test commits as many

struct story {
    struct arena arena;          // of one batch, reset by the next
    struct arena scanning, reading;
    struct store_packer *packer;

    struct arena telling;        // the batch that was compared last
    struct store_append *told;
    struct store_seal told_seal;
    uint64_t told_batch;
    uint32_t told_count;
};

void story_open(struct story *story);
void story_close(struct story *story);

// Batch `number`, from 1 on; not packed.
struct store_append *story_batch(struct story *story, uint64_t number, uint32_t *count,
                                 struct store_seal *seal);
uint64_t story_facts(uint64_t batches); // in the batches 1 to `batches`

// Commits batch `number`, packed as a worker would.
MUST_CHECK bool story_commit(struct story *story, struct store *store, uint64_t number,
                             bool *before_anything, struct error *err);

// Whether the append is the `index`-th of batch `number`, with its JSON and salts or without.
bool story_append_is(struct story *story, const struct store_append *append, uint64_t number,
                     uint32_t index, bool whole);

enum story_told {
    STORY_DIFFERS,               // the store tells something else, and does not know it
    STORY_REPORTED,              // the store says that something is wrong: `err`
    STORY_TOLD,
};

// Whether the store holds the batches up to its seal, whole, in order, and no more; read by a scan,
// and each append once more by its position.
enum story_told story_is_told(struct story *story, struct store *store, struct error *err);

#endif
