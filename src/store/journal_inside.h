// journal_inside: what tests ask of the journal and nobody else does.
#ifndef TW_STORE_JOURNAL_INSIDE_H
#define TW_STORE_JOURNAL_INSIDE_H

#include "store/disk.h"
#include "store/store.h"

// A journal of small segments, so that a test has many.
MUST_CHECK bool journal_open_sized(struct store *store, const struct disk *disk,
                                   const char *directory, uint32_t segment_size,
                                   struct error *err);

struct journal;
// Follows all batches from the first on; the chain must end where the newest seal is.
MUST_CHECK bool journal_check_chain(struct journal *journal, struct error *err);

#endif
