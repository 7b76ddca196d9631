#include <assert.h>

#include "ledger/proof.h"
#include "ledger/tree.h"

// Root of the leaves [begin, end), where begin is a multiple of the largest power of two below the
// length: one hash for each full subtree, joined from the right.
static bool range_root(const struct hash_source *source, uint64_t begin, uint64_t end,
                       struct sha256 *root, struct error *err)
{
    assert(begin < end);
    struct sha256 parts[64];
    uint32_t count = 0;
    do {
        unsigned level = 63u - (unsigned)__builtin_clzll(end - begin);
        if (!source->read(source->state, level, begin >> level, &parts[count++], err)) return false;
        begin += 1ull << level;
    } while (begin < end);
    *root = parts[--count];
    while (count > 0) *root = tree_node(parts[--count], *root);
    return true;
}

bool proof_root(const struct hash_source *source, uint64_t size, struct sha256 *root,
                struct error *err)
{
    if (size > 0) return range_root(source, 0, size, root, err);
    *root = sha256_of(SPAN(""));
    return true;
}

static uint64_t split_of(uint64_t count)
{
    assert(count > 1);
    return 1ull << (63u - (unsigned)__builtin_clzll(count - 1)); // largest power of two below it
}

bool proof_make_inclusion(const struct hash_source *source, uint64_t index, uint64_t size,
                          struct proof *proof, struct error *err)
{
    assert(index < size);
    assert(size <= INT64_MAX);
    // From the root down, each sibling; the path wants them from the leaf up.
    struct proof down = { .count = 0 };
    for (uint64_t begin = 0, end = size; end - begin > 1;) {
        uint64_t middle = begin + split_of(end - begin);
        bool left = index < middle;
        if (!range_root(source, left ? middle : begin, left ? end : middle,
                        &down.hashes[down.count++], err))
            return false;
        if (left) end = middle;
        else begin = middle;
    }
    proof->count = down.count;
    for (uint32_t i = 0; i < down.count; i++) proof->hashes[i] = down.hashes[down.count - 1 - i];
    return true;
}

bool proof_make_consistency(const struct hash_source *source, uint64_t old_size, uint64_t new_size,
                            struct proof *proof, struct error *err)
{
    assert(old_size <= new_size);
    assert(new_size <= INT64_MAX);
    proof->count = 0;
    if (old_size == 0 || old_size == new_size) return true;

    struct proof down = { .count = 0 };
    uint64_t begin = 0, end = new_size;
    while (end != old_size) { // RFC 6962's SUBPROOF: until the old tree ends where this one does
        uint64_t middle = begin + split_of(end - begin);
        bool left = old_size <= middle;
        if (!range_root(source, left ? middle : begin, left ? end : middle,
                        &down.hashes[down.count++], err))
            return false;
        if (left) end = middle;
        else begin = middle;
    }
    // The old tree's own last part, unless it is the whole old tree.
    if (begin != 0 && !range_root(source, begin, end, &down.hashes[down.count++], err))
        return false;
    proof->count = down.count;
    for (uint32_t i = 0; i < down.count; i++) proof->hashes[i] = down.hashes[down.count - 1 - i];
    return true;
}
