// tree: an append-only Merkle tree (RFC 6962 section 2.1, SHA-256), kept by its right edge alone.
//
//   leaf = SHA-256(0x00 || entry)     node = SHA-256(0x01 || left || right)     empty = SHA-256("")
//
// A tree of n leaves is one full subtree for each bit of n, largest first; their roots are all
// that is needed to add leaves and to know the root. 64 hashes are enough for any size.
#ifndef TW_LEDGER_TREE_H
#define TW_LEDGER_TREE_H

#include "base/error.h"
#include "base/hash.h"

enum { TREE_EDGE_MAX = 64 };

struct tree {
    uint64_t size;
    // edge[level]: root of the full subtree of 2^level leaves; set for the bits of `size` only
    struct sha256 edge[TREE_EDGE_MAX];
};

struct sha256 tree_leaf(struct span entry);
struct sha256 tree_node(struct sha256 left, struct sha256 right);

void tree_add(struct tree *tree, struct sha256 leaf);

// The same, and tells the roots of all full subtrees that the leaf completes: roots[level] of
// 2^level leaves, from the leaf itself at level 0 on. Returns their number.
unsigned tree_add_tell(struct tree *tree, struct sha256 leaf, struct sha256 roots[TREE_EDGE_MAX]);

struct sha256 tree_root(const struct tree *tree);

// The edge as bytes: the set levels' hashes, largest subtree first. Returns their length.
size_t tree_edge_write(const struct tree *tree, char into[TREE_EDGE_MAX * SHA256_SIZE]);

// Back; ERROR_DAMAGED when the length is not that of the size's edge.
MUST_CHECK bool tree_edge_read(struct span bytes, uint64_t size, struct tree *tree,
                               struct error *err);

#endif
