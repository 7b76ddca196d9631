#include "ledger/tree.h"

#include <assert.h>

struct sha256 tree_leaf(struct span entry)
{
    return sha256_of_two(SPAN("\0"), entry);
}

struct sha256 tree_node(struct sha256 left, struct sha256 right)
{
    return sha256_of_three(SPAN("\1"), sha256_span(&left), sha256_span(&right));
}

unsigned tree_add_tell(struct tree *tree, struct sha256 leaf, struct sha256 roots[TREE_EDGE_MAX])
{
    assert(tree->size < UINT64_MAX);
    unsigned level = 0;
    // As with a carry: a full subtree on the right joins its neighbours of equal size.
    for (; (tree->size >> level & 1) != 0; level++) {
        roots[level] = leaf;
        leaf = tree_node(tree->edge[level], leaf);
    }
    roots[level] = tree->edge[level] = leaf;
    tree->size++;
    return level + 1;
}

void tree_add(struct tree *tree, struct sha256 leaf)
{
    struct sha256 roots[TREE_EDGE_MAX];
    tree_add_tell(tree, leaf, roots);
}

struct sha256 tree_root(const struct tree *tree)
{
    if (tree->size == 0) return sha256_of(SPAN(""));
    unsigned level = (unsigned)__builtin_ctzll(tree->size);
    struct sha256 root = tree->edge[level];
    for (level++; level < TREE_EDGE_MAX && tree->size >> level != 0; level++)
        if ((tree->size >> level & 1) != 0) root = tree_node(tree->edge[level], root);
    return root;
}

size_t tree_edge_write(const struct tree *tree, char into[TREE_EDGE_MAX * SHA256_SIZE])
{
    size_t len = 0;
    for (unsigned level = TREE_EDGE_MAX; level-- > 0;) {
        if ((tree->size >> level & 1) == 0) continue;
        memcpy(into + len, tree->edge[level].bytes, SHA256_SIZE);
        len += SHA256_SIZE;
    }
    return len;
}

bool tree_edge_read(struct span bytes, uint64_t size, struct tree *tree, struct error *err)
{
    size_t wanted = (size_t)__builtin_popcountll(size) * SHA256_SIZE;
    if (bytes.len != wanted)
        return error_set(err, ERROR_DAMAGED, "the tree's edge has %zu bytes where %zu belong",
                         bytes.len, wanted);
    *tree = (struct tree){ .size = size };
    for (unsigned level = TREE_EDGE_MAX; level-- > 0;) {
        if ((size >> level & 1) == 0) continue;
        memcpy(tree->edge[level].bytes, bytes.at, SHA256_SIZE);
        bytes.at += SHA256_SIZE;
    }
    return true;
}
