#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ledger/tree_by_definition.h"

static void assert_hash(struct sha256 hash, const char *hex)
{
    uint8_t bytes[SHA256_SIZE];
    assert_true(hex_read(span_of(hex), bytes, sizeof(bytes)));
    assert_memory_equal(hash.bytes, bytes, SHA256_SIZE);
}

// The leaves and roots that certificate transparency's own implementations test themselves with.
static void roots_are_those_of_certificate_transparency(void **state)
{
    (void)state;
    static const struct { struct span leaf; const char *root; } rows[] = {
        { SPAN_INIT(""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
        { SPAN_INIT("\0"), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
        { SPAN_INIT("\x10"), "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
        { SPAN_INIT("\x20\x21"),
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
        { SPAN_INIT("01"), "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
        { SPAN_INIT("@ABC"), "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
        { SPAN_INIT("PQRSTUVW"),
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
        { SPAN_INIT("`abcdefghijklmno"),
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
    };
    struct tree tree = { 0 };
    assert_hash(tree_root(&tree),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tree_add(&tree, tree_leaf(rows[i].leaf));
        assert_int_equal(tree.size, i + 1);
        assert_hash(tree_root(&tree), rows[i].root);
    }
}

static void the_root_at_every_size_is_that_of_the_definition(void **state)
{
    (void)state;
    struct tree tree = { 0 };
    for (uint32_t size = 0; size <= DEFINED_MAX; size++) {
        assert_true(sha256_equal(tree_root(&tree), defined_root(0, size)));
        if (size < DEFINED_MAX) tree_add(&tree, defined_leaf(size));
    }
}

static void a_leaf_tells_the_roots_of_the_subtrees_that_it_completes(void **state)
{
    (void)state;
    struct tree tree = { 0 };
    for (uint32_t size = 1; size <= DEFINED_MAX; size++) {
        struct sha256 roots[TREE_EDGE_MAX];
        unsigned count = tree_add_tell(&tree, defined_leaf(size - 1), roots);
        assert_int_equal(count, (unsigned)__builtin_ctz(size) + 1);
        for (unsigned level = 0; level < count; level++)
            assert_true(sha256_equal(roots[level], defined_root(size - (1u << level), size)));
        assert_true(sha256_equal(tree_root(&tree), defined_root(0, size)));
    }
}

static void a_leaf_is_never_a_node(void **state)
{
    (void)state;
    struct sha256 left = defined_leaf(1), right = defined_leaf(2);
    char both[2 * SHA256_SIZE];
    memcpy(both, left.bytes, SHA256_SIZE);
    memcpy(both + SHA256_SIZE, right.bytes, SHA256_SIZE);
    assert_false(sha256_equal(tree_leaf((struct span){ both, sizeof(both) }),
                              tree_node(left, right)));
    assert_false(sha256_equal(tree_node(left, right), tree_node(right, left)));
}

static void a_tree_goes_on_from_its_edge_at_every_size(void **state)
{
    (void)state;
    struct tree tree = { 0 };
    for (uint32_t size = 0; size < DEFINED_MAX; size++) {
        char bytes[TREE_EDGE_MAX * SHA256_SIZE];
        struct tree back;
        size_t len = tree_edge_write(&tree, bytes);
        assert_int_equal(len, (size_t)__builtin_popcount(size) * SHA256_SIZE);
        assert_true(tree_edge_read((struct span){ bytes, len }, size, &back, NULL));
        assert_true(sha256_equal(tree_root(&back), tree_root(&tree)));
        tree_add(&back, defined_leaf(size));
        tree_add(&tree, defined_leaf(size));
        assert_true(sha256_equal(tree_root(&back), defined_root(0, size + 1)));
    }
}

static void an_edge_begins_with_its_largest_subtree(void **state)
{
    (void)state;
    struct tree tree = { 0 };
    for (uint32_t i = 0; i < 7; i++) tree_add(&tree, defined_leaf(i));
    char bytes[TREE_EDGE_MAX * SHA256_SIZE];
    assert_int_equal(tree_edge_write(&tree, bytes), 3 * SHA256_SIZE);
    assert_memory_equal(bytes, defined_root(0, 4).bytes, SHA256_SIZE);
    assert_memory_equal(bytes + SHA256_SIZE, defined_root(4, 6).bytes, SHA256_SIZE);
    assert_memory_equal(bytes + (size_t)2 * SHA256_SIZE, defined_leaf(6).bytes, SHA256_SIZE);
}

static void an_edge_of_another_length_than_its_size_asks_for_is_damaged(void **state)
{
    (void)state;
    static const char bytes[4 * SHA256_SIZE];
    static const struct { size_t len; uint64_t size; } rows[] = {
        { 0, 1 }, { SHA256_SIZE, 0 }, { SHA256_SIZE, 3 }, { (size_t)3 * SHA256_SIZE, 3 },
        { 2 * SHA256_SIZE - 1, 3 }, { 2 * SHA256_SIZE + 1, 3 }, { SHA256_SIZE, UINT64_MAX },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tree tree;
        struct error err = { 0 };
        struct span edge = { bytes, rows[i].len };
        assert_false(tree_edge_read(edge, rows[i].size, &tree, &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
    }
}

// As large as a size can be said: each level's subtree is joined with itself.
static void the_largest_trees_have_roots_too(void **state)
{
    (void)state;
    struct sha256 full[64] = { defined_leaf(0) };
    for (int level = 1; level < 64; level++)
        full[level] = tree_node(full[level - 1], full[level - 1]);

    struct tree tree = { .size = (UINT64_C(1) << 63) - 1 };
    memcpy(tree.edge, full, 63 * sizeof(full[0]));
    tree_add(&tree, full[0]);
    assert_true(tree.size == UINT64_C(1) << 63);
    assert_true(sha256_equal(tree_root(&tree), full[63]));

    tree.size = UINT64_MAX - 1;
    memcpy(tree.edge, full, sizeof(full));
    tree_add(&tree, full[0]);
    struct sha256 root = full[0];
    for (int level = 1; level < 64; level++) root = tree_node(full[level], root);
    assert_true(sha256_equal(tree_root(&tree), root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_certificate_transparency),
        cmocka_unit_test(the_root_at_every_size_is_that_of_the_definition),
        cmocka_unit_test(a_leaf_tells_the_roots_of_the_subtrees_that_it_completes),
        cmocka_unit_test(a_leaf_is_never_a_node),
        cmocka_unit_test(a_tree_goes_on_from_its_edge_at_every_size),
        cmocka_unit_test(an_edge_begins_with_its_largest_subtree),
        cmocka_unit_test(an_edge_of_another_length_than_its_size_asks_for_is_damaged),
        cmocka_unit_test(the_largest_trees_have_roots_too),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
