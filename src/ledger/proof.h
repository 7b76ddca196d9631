// proof: that an entry is in a tree, and that a later tree holds an earlier one.
//
// Paths are those of RFC 6962 sections 2.1.1 and 2.1.2, checked by the algorithms of RFC 9162
// sections 2.1.3.2 and 2.1.4.2. Trees have less than 2^63 leaves: then 64 hashes are enough for
// any proof.
#ifndef TW_LEDGER_PROOF_H
#define TW_LEDGER_PROOF_H

#include "base/error.h"
#include "base/hash.h"

enum { PROOF_HASHES_MAX = 64 };

struct proof {
    struct sha256 hashes[PROOF_HASHES_MAX];
    uint32_t count;
};

// Does the path lead from the leaf at `index` to the root of `size` leaves?
bool proof_inclusion_holds(const struct proof *proof, uint64_t index, uint64_t size,
                           struct sha256 leaf, struct sha256 root);

// Does the tree of `new_size` begin with the tree of `old_size`? old_size 0 and equal sizes need an
// empty path; size 0 needs the root of nothing, and equal sizes need equal roots.
bool proof_consistency_holds(const struct proof *proof, uint64_t old_size, struct sha256 old_root,
                             uint64_t new_size, struct sha256 new_root);

// Where a proof's hashes come from: the root of the full subtree of 2^level leaves that begins at
// leaf index * 2^level.
struct hash_source {
    bool (*read)(void *state, unsigned level, uint64_t index, struct sha256 *hash,
                 struct error *err);
    void *state;
};

MUST_CHECK bool proof_make_inclusion(const struct hash_source *source, uint64_t index,
                                     uint64_t size, struct proof *proof, struct error *err);
MUST_CHECK bool proof_make_consistency(const struct hash_source *source, uint64_t old_size,
                                       uint64_t new_size, struct proof *proof, struct error *err);

// The root of the first `size` leaves.
MUST_CHECK bool proof_root(const struct hash_source *source, uint64_t size, struct sha256 *root,
                           struct error *err);

#endif
