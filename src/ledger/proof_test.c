#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ledger/tree_by_definition.h"

enum { PATHS_MAX = 300, PAIRS_MAX = 130, WRONG_MAX = 36, FLIPS_MAX = 20 };

// Full subtrees of the defined trees. After `fails_at` readings one fails.
struct defined_source { unsigned fails_at; };

static bool read_defined(void *state, unsigned level, uint64_t index, struct sha256 *hash,
                         struct error *err)
{
    struct defined_source *defined = state;
    if (--defined->fails_at == 0) return error_set(err, ERROR_UNAVAILABLE, "no tile today");
    uint32_t begin = (uint32_t)(index << level);
    assert_in_range(begin + (1u << level), 1, DEFINED_MAX);
    *hash = defined_root(begin, begin + (1u << level));
    return true;
}

static void assert_same(const struct proof *a, const struct proof *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->hashes, b->hashes, a->count * sizeof(a->hashes[0]));
}

static void paths_and_roots_are_those_of_the_definition_and_hold(void **state)
{
    (void)state;
    struct defined_source none = { 0 };
    struct hash_source source = { read_defined, &none };
    for (uint32_t size = 0; size <= PATHS_MAX; size++) {
        struct sha256 root;
        assert_true(proof_root(&source, size, &root, NULL));
        assert_true(sha256_equal(root, defined_root(0, size)));
        for (uint32_t index = 0; index < size; index++) {
            struct proof made, defined;
            assert_true(proof_make_inclusion(&source, index, size, &made, NULL));
            defined_path(index, 0, size, &defined, NULL);
            assert_same(&made, &defined);
            assert_true(proof_inclusion_holds(&made, index, size, defined_leaf(index), root));
        }
    }
}

static void consistency_of_all_pairs_is_that_of_the_definition_and_holds(void **state)
{
    (void)state;
    struct defined_source none = { 0 };
    struct hash_source source = { read_defined, &none };
    for (uint32_t size = 0; size <= PAIRS_MAX; size++) {
        for (uint32_t old = 0; old <= size; old++) {
            struct proof made, defined = { .count = 0 };
            assert_true(proof_make_consistency(&source, old, size, &made, NULL));
            if (old > 0) defined_subproof(old, 0, size, true, &defined, NULL);
            assert_same(&made, &defined);
            assert_true(proof_consistency_holds(&made, old, defined_root(0, old), size,
                                                defined_root(0, size)));
        }
    }
}

// What a proof is asked: the same question for paths and for consistency.
struct question {
    bool consistency;
    uint32_t first, size;              // index or old size
    struct sha256 first_hash, root;    // leaf or old root
};

static bool holds(const struct question *q, const struct proof *proof)
{
    return q->consistency
               ? proof_consistency_holds(proof, q->first, q->first_hash, q->size, q->root)
               : proof_inclusion_holds(proof, q->first, q->size, q->first_hash, q->root);
}

static void flip(struct sha256 *hash, uint32_t bit)
{
    hash->bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

static void flips_are_refused(struct question q, const struct proof *right)
{
    struct proof proof = *right;
    for (uint32_t i = 0; i < proof.count; i++)
        for (uint32_t bit = 0; bit < 8 * SHA256_SIZE; bit++) {
            flip(&proof.hashes[i], bit);
            assert_false(holds(&q, &proof));
            flip(&proof.hashes[i], bit);
        }
    for (uint32_t bit = 0; bit < 8 * SHA256_SIZE; bit++) {
        flip(&q.root, bit);
        assert_false(holds(&q, &proof));
        flip(&q.root, bit);
        flip(&q.first_hash, bit);
        assert_false(holds(&q, &proof));
        flip(&q.first_hash, bit);
    }
    assert_true(holds(&q, &proof));
}

static void dropped_added_and_swapped_hashes_are_refused(const struct question *q,
                                                         const struct proof *right)
{
    for (uint32_t at = 0; at < right->count; at++) {
        struct proof shorter = *right, swapped = *right;
        memmove(&shorter.hashes[at], &shorter.hashes[at + 1],
                (shorter.count - at - 1) * sizeof(shorter.hashes[0]));
        shorter.count--;
        assert_false(holds(q, &shorter));
        for (uint32_t other = at + 1; other < right->count; other++) {
            swapped.hashes[at] = right->hashes[other];
            swapped.hashes[other] = right->hashes[at];
            assert_false(holds(q, &swapped));
            swapped = *right;
        }
    }
    const struct sha256 added[] = { q->root, q->first_hash, { { 0 } }, sha256_of(SPAN("")) };
    for (uint32_t at = 0; at <= right->count; at++)
        for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
            struct proof longer = *right;
            memmove(&longer.hashes[at + 1], &longer.hashes[at],
                    (longer.count - at) * sizeof(longer.hashes[0]));
            longer.hashes[at] = added[i];
            longer.count++;
            assert_false(holds(q, &longer));
        }
}

static struct question path_question(uint32_t index, uint32_t size)
{
    return (struct question){ false, index, size, defined_leaf(index), defined_root(0, size) };
}

static struct question pair_question(uint32_t old, uint32_t size)
{
    return (struct question){ true, old, size, defined_root(0, old), defined_root(0, size) };
}

static void a_path_with_anything_changed_is_refused(void **state)
{
    (void)state;
    for (uint32_t size = 1; size <= FLIPS_MAX; size++)
        for (uint32_t index = 0; index < size; index++) {
            struct proof proof;
            struct question q = path_question(index, size);
            defined_path(index, 0, size, &proof, NULL);
            flips_are_refused(q, &proof);
            dropped_added_and_swapped_hashes_are_refused(&q, &proof);
        }
}

static void consistency_with_anything_changed_is_refused(void **state)
{
    (void)state;
    for (uint32_t size = 1; size <= FLIPS_MAX; size++)
        for (uint32_t old = 1; old <= size; old++) {
            struct proof proof;
            struct question q = pair_question(old, size);
            defined_subproof(old, 0, size, true, &proof, NULL);
            flips_are_refused(q, &proof);
            dropped_added_and_swapped_hashes_are_refused(&q, &proof);
        }
}

// A root does not say how many leaves it is of; the signed checkpoint does. A path taken for that
// of another index or size holds only where the definition joins the hashes on the same sides.
static void a_path_holds_elsewhere_only_where_its_sides_are_the_same(void **state)
{
    (void)state;
    uint32_t held = 0;
    for (uint32_t size = 1; size <= WRONG_MAX; size++)
        for (uint32_t index = 0; index < size; index++) {
            struct proof proof, unused = { .count = 0 };
            char sides[PROOF_HASHES_MAX], others[PROOF_HASHES_MAX] = { 0 };
            struct question q = path_question(index, size);
            defined_path(index, 0, size, &proof, sides);
            for (q.size = 0; q.size <= WRONG_MAX + 4; q.size++)
                for (q.first = 0; q.first <= q.size; q.first++) {
                    bool same = q.first < q.size;
                    if (same) defined_path(q.first, 0, q.size, &unused, others);
                    same = same && unused.count == proof.count &&
                           memcmp(sides, others, proof.count) == 0;
                    assert_int_equal(holds(&q, &proof), same);
                    held += same && (q.first != index || q.size != size);
                }
            q.size = size;
            for (q.first = 0; q.first <= size; q.first++) // of one size, an index has its own sides
                if (q.first != index) assert_false(holds(&q, &proof));
        }
    assert_true(held > 0);
}

static void consistency_holds_elsewhere_only_where_its_sides_are_the_same(void **state)
{
    (void)state;
    for (uint32_t size = 2; size <= WRONG_MAX; size++)
        for (uint32_t old = 1; old < size; old++) {
            struct proof proof, unused = { .count = 0 };
            char sides[PROOF_HASHES_MAX], others[PROOF_HASHES_MAX] = { 0 };
            struct question q = pair_question(old, size);
            defined_subproof(old, 0, size, true, &proof, sides);
            for (q.size = 0; q.size <= WRONG_MAX + 4; q.size++)
                for (q.first = 0; q.first <= q.size + 1; q.first++) {
                    bool same = q.first > 0 && q.first < q.size;
                    if (same) defined_subproof(q.first, 0, q.size, true, &unused, others);
                    same = same && unused.count == proof.count &&
                           memcmp(sides, others, proof.count) == 0;
                    assert_int_equal(holds(&q, &proof), same);
                }
        }
}

static void nothing_is_in_an_empty_tree_and_every_tree_begins_with_it(void **state)
{
    (void)state;
    struct proof none = { .count = 0 };
    struct sha256 empty = sha256_of(SPAN("")), leaf = defined_leaf(0);
    assert_false(proof_inclusion_holds(&none, 0, 0, empty, empty));
    assert_true(proof_consistency_holds(&none, 0, empty, 0, empty));
    assert_true(proof_consistency_holds(&none, 0, empty, 1, leaf));
    assert_false(proof_consistency_holds(&none, 0, leaf, 1, leaf));
    assert_false(proof_consistency_holds(&none, 0, leaf, 0, leaf));
    assert_false(proof_consistency_holds(&none, 1, leaf, 0, empty));
    assert_false(proof_consistency_holds(&none, 5, leaf, 5, empty));
    struct proof one = { .hashes = { leaf }, .count = 1 };
    assert_false(proof_consistency_holds(&one, 0, empty, 1, leaf));
    assert_false(proof_consistency_holds(&one, 1, leaf, 1, leaf));
}

static void what_the_source_says_of_its_trouble_is_passed_up(void **state)
{
    (void)state;
    for (unsigned fails_at = 1; fails_at < 100; fails_at++) {
        struct proof proof;
        struct sha256 root;
        struct defined_source defined = { fails_at };
        struct hash_source source = { read_defined, &defined };
        struct error err = { 0 };
        bool made = proof_make_inclusion(&source, 77, 300, &proof, &err) &&
                    proof_make_consistency(&source, 77, 300, &proof, &err) &&
                    proof_root(&source, 300, &root, &err);
        if (made) {
            assert_int_equal(err.kind, ERROR_NONE);
            return;
        }
        assert_int_equal(err.kind, ERROR_UNAVAILABLE);
        assert_string_equal(err.text, "no tile today");
    }
    fail();
}

// Trees of equal leaves, up to the largest size that can be said.
static bool read_equal(void *state, unsigned level, uint64_t index, struct sha256 *hash,
                       struct error *err)
{
    (void)index, (void)err;
    const struct sha256 *full = state;
    *hash = full[level];
    return true;
}

static void proofs_of_the_largest_trees_hold(void **state)
{
    (void)state;
    struct sha256 full[64] = { defined_leaf(0) };
    for (int level = 1; level < 64; level++)
        full[level] = tree_node(full[level - 1], full[level - 1]);
    struct hash_source source = { read_equal, full };
    const uint64_t half = UINT64_C(1) << 62;
    const uint64_t sizes[] = { 1, 1000000007, half - 1, half, half + 1, half + 12345, INT64_MAX };
    enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };
    for (int i = 0; i < SIZES; i++) {
        struct proof proof;
        struct sha256 root, old_root;
        assert_true(proof_root(&source, sizes[i], &root, NULL));
        for (int j = 0; j <= i; j++) {
            assert_true(proof_make_inclusion(&source, sizes[j] - 1, sizes[i], &proof, NULL));
            assert_true(proof_inclusion_holds(&proof, sizes[j] - 1, sizes[i], full[0], root));
            assert_false(proof_inclusion_holds(&proof, sizes[j] - 1, sizes[i], full[1], root));
            assert_true(proof_root(&source, sizes[j], &old_root, NULL));
            assert_true(proof_make_consistency(&source, sizes[j], sizes[i], &proof, NULL));
            assert_true(proof_consistency_holds(&proof, sizes[j], old_root, sizes[i], root));
            if (j < i)
                assert_false(proof_consistency_holds(&proof, sizes[j], root, sizes[i], root));
        }
    }
    struct proof longest;
    assert_true(proof_make_consistency(&source, half + 1, INT64_MAX, &longest, NULL));
    assert_int_equal(longest.count, PROOF_HASHES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_and_roots_are_those_of_the_definition_and_hold),
        cmocka_unit_test(consistency_of_all_pairs_is_that_of_the_definition_and_holds),
        cmocka_unit_test(a_path_with_anything_changed_is_refused),
        cmocka_unit_test(consistency_with_anything_changed_is_refused),
        cmocka_unit_test(a_path_holds_elsewhere_only_where_its_sides_are_the_same),
        cmocka_unit_test(consistency_holds_elsewhere_only_where_its_sides_are_the_same),
        cmocka_unit_test(nothing_is_in_an_empty_tree_and_every_tree_begins_with_it),
        cmocka_unit_test(what_the_source_says_of_its_trouble_is_passed_up),
        cmocka_unit_test(proofs_of_the_largest_trees_hold),
    };
    return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
