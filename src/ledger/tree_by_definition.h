// tree_by_definition: RFC 6962's definitions as they stand there, for tests to hold the quick ones
// to.
//
// Leaf i of every tree is the hash of the four bytes of i. Subtree roots are remembered, so that
// all trees up to DEFINED_MAX leaves are quick.
#ifndef TW_LEDGER_TREE_BY_DEFINITION_H
#define TW_LEDGER_TREE_BY_DEFINITION_H

#include "ledger/proof.h"
#include "ledger/tree.h"

enum { DEFINED_MAX = 320 };

static inline struct sha256 defined_leaf(uint32_t i)
{
    unsigned char bytes[5] = { 0, (unsigned char)(i >> 24), (unsigned char)(i >> 16),
                               (unsigned char)(i >> 8), (unsigned char)i };
    return sha256_of((struct span){ (const char *)bytes, sizeof(bytes) });
}

// The largest power of two below n.
static inline uint32_t defined_split(uint32_t n)
{
    uint32_t k = 1;
    while (2 * k < n) k *= 2;
    return k;
}

// MTH(D[begin:end])
static inline struct sha256 defined_root(uint32_t begin, uint32_t end)
{
    static struct sha256 known[DEFINED_MAX][DEFINED_MAX + 1];
    static bool is_known[DEFINED_MAX][DEFINED_MAX + 1];
    if (begin == end) return sha256_of(SPAN(""));
    if (is_known[begin][end]) return known[begin][end];
    struct sha256 root = defined_leaf(begin);
    if (end - begin > 1) {
        uint32_t k = defined_split(end - begin);
        char bytes[1 + 2 * SHA256_SIZE] = { 1 };
        struct sha256 left = defined_root(begin, begin + k), right = defined_root(begin + k, end);
        memcpy(bytes + 1, left.bytes, SHA256_SIZE);
        memcpy(bytes + 1 + SHA256_SIZE, right.bytes, SHA256_SIZE);
        root = sha256_of((struct span){ bytes, sizeof(bytes) });
    }
    is_known[begin][end] = true;
    return known[begin][end] = root;
}

// PATH(m, D[begin:end]), from the leaf up. `sides` (may be NULL) gets a letter for each hash: is
// it the left or the right child?
static inline void defined_path(uint32_t m, uint32_t begin, uint32_t end, struct proof *proof,
                                char *sides)
{
    if (end - begin == 1) {
        proof->count = 0;
        return;
    }
    uint32_t k = defined_split(end - begin);
    bool left = m < k;
    defined_path(left ? m : m - k, left ? begin : begin + k, left ? begin + k : end, proof, sides);
    if (sides != NULL) sides[proof->count] = left ? 'r' : 'l';
    proof->hashes[proof->count++] = left ? defined_root(begin + k, end)
                                         : defined_root(begin, begin + k);
}

// SUBPROOF(m, D[begin:end], whole), the same way; 'o' is the old tree's own hash.
static inline void defined_subproof(uint32_t m, uint32_t begin, uint32_t end, bool whole,
                                    struct proof *proof, char *sides)
{
    if (m == end - begin) {
        proof->count = 0;
        if (whole) return;
        if (sides != NULL) sides[0] = 'o';
        proof->hashes[proof->count++] = defined_root(begin, end);
        return;
    }
    uint32_t k = defined_split(end - begin);
    bool left = m <= k;
    defined_subproof(left ? m : m - k, left ? begin : begin + k, left ? begin + k : end,
                     left && whole, proof, sides);
    if (sides != NULL) sides[proof->count] = left ? 'r' : 'l';
    proof->hashes[proof->count++] = left ? defined_root(begin + k, end)
                                         : defined_root(begin, begin + k);
}

#endif
