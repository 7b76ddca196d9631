#include <assert.h>

#include "ledger/proof.h"
#include "ledger/tree.h"

bool proof_inclusion_holds(const struct proof *proof, uint64_t index, uint64_t size,
                           struct sha256 leaf, struct sha256 root)
{
    assert(proof->count <= PROOF_HASHES_MAX);
    if (index >= size) return false;
    uint64_t node = index, last = size - 1;
    struct sha256 hash = leaf;
    for (uint32_t i = 0; i < proof->count; i++) {
        if (last == 0) return false; // longer than the tree is high
        if ((node & 1) != 0 || node == last) {
            hash = tree_node(proof->hashes[i], hash);
            while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
        } else {
            hash = tree_node(hash, proof->hashes[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && sha256_equal(hash, root);
}

bool proof_consistency_holds(const struct proof *proof, uint64_t old_size, struct sha256 old_root,
                             uint64_t new_size, struct sha256 new_root)
{
    assert(proof->count <= PROOF_HASHES_MAX);
    if (old_size > new_size) return false;
    if (old_size == new_size && !sha256_equal(old_root, new_root)) return false;
    if (old_size == 0 && !sha256_equal(old_root, sha256_of(SPAN("")))) return false;
    if (old_size == 0 || old_size == new_size) return proof->count == 0;

    uint32_t next = 0;
    uint64_t node = old_size - 1, last = new_size - 1;
    while ((node & 1) != 0) node >>= 1, last >>= 1;
    struct sha256 old_hash = old_root;
    if (node != 0) { // otherwise the old tree is a full subtree, and its root begins the path
        if (proof->count == 0) return false;
        old_hash = proof->hashes[next++];
    }
    struct sha256 new_hash = old_hash;
    for (; next < proof->count; next++) {
        if (last == 0) return false;
        if ((node & 1) != 0 || node == last) {
            old_hash = tree_node(proof->hashes[next], old_hash);
            new_hash = tree_node(proof->hashes[next], new_hash);
            while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
        } else {
            new_hash = tree_node(new_hash, proof->hashes[next]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && sha256_equal(old_hash, old_root) && sha256_equal(new_hash, new_root);
}
