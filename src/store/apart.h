// apart: the last sealed size and root, kept in a file of its own outside the store.
//
// It is written, and synced, after each commit and before anything of that commit leaves the house.
// A store that is behind it was restored from an old copy, or lost its newest batch: it must not
// sign. Two slots are written in turn, each with its own sum, so that a torn write leaves the
// other. When neither can be read the record is ERROR_DAMAGED: a write tears one at most.
#ifndef TW_STORE_APART_H
#define TW_STORE_APART_H

#include "base/hash.h"
#include "store/disk.h"

struct apart_record {
    uint64_t batch;      // 0: nothing was ever recorded
    uint64_t tree_size;
    struct sha256 root;
    uint64_t log_key;    // key_of(the log's verifier key): whose record it is; 0: not known yet
};

struct apart;

MUST_CHECK bool apart_open(struct apart **apart, const struct disk *disk, const char *path,
                           struct apart_record *record, struct error *err);
MUST_CHECK bool apart_write(struct apart *apart, const struct apart_record *record,
                            struct error *err);
void apart_close(struct apart *apart); // also takes NULL

#endif
