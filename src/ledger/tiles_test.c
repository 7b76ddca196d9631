#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "ledger/log_sample.h"

enum { SIZE = 20 * MIB };

struct scene {
    char *folder;
    struct arena arena;
    struct log_key key;
};

static int make(void **state)
{
    static struct scene scene;
    scene = (struct scene){ .folder = sample_folder_make(), .key = sample_key(1) };
    if (scene.folder == NULL || !arena_open(&scene.arena, SIZE, NULL)) return -1;
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    arena_close(&scene->arena);
    sample_folder_remove(scene->folder);
    return 0;
}

static bool is_there(const struct scene *scene, const char *name)
{
    char path[1024];
    struct stat stat_of;
    return stat(sample_path(path, scene->folder, name), &stat_of) == 0;
}

static ino_t inode_of(const struct scene *scene, const char *name)
{
    char path[1024];
    struct stat stat_of;
    assert_int_equal(stat(sample_path(path, scene->folder, name), &stat_of), 0);
    return stat_of.st_ino;
}

static struct tiles *open_empty(const struct scene *scene)
{
    struct tiles *tiles = NULL;
    struct tree empty = { 0 };
    assert_true(tiles_open(&tiles, scene->folder, &empty, NULL));
    return tiles;
}

// The tree of the first `size` entries, without any files.
static struct tree sample_tree(uint64_t size)
{
    struct tree tree = { 0 };
    while (tree.size < size) tree_add(&tree, sample_leaf(tree.size));
    return tree;
}

static void flip_bit(const struct scene *scene, const char *name, size_t bit)
{
    char path[1024];
    size_t size;
    char *bytes = sample_read(sample_path(path, scene->folder, name), &size);
    assert_non_null(bytes);
    assert_true(bit / 8 < size);
    bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
    sample_write(path, bytes, size);
    free(bytes);
}

// --- Names ---

static void names_are_those_of_the_specification(void **state)
{
    (void)state;
    static const struct { int level; uint64_t number; uint32_t width; const char *name; } rows[] = {
        { 0, 0, 256, "tile/0/000" },
        { 0, 0, 1, "tile/0/000.p/1" },
        { 0, 1234067, 256, "tile/0/x001/x234/067" },
        { 1, 999, 255, "tile/1/999.p/255" },
        { 2, 1000, 17, "tile/2/x001/000.p/17" },
        { 7, 1000000, 256, "tile/7/x001/x000/000" },
        { -1, 273, 112, "tile/entries/273.p/112" },
        { -1, UINT64_C(36028797018963967), 255,
          "tile/entries/x036/x028/x797/x018/x963/967.p/255" },
        { 0, UINT64_MAX, 256, "tile/0/x018/x446/x744/x073/x709/x551/615" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char path[TILE_NAME_MAX];
        tile_path(path, rows[i].level, rows[i].number, rows[i].width);
        assert_string_equal(path, rows[i].name);
    }
}

// --- Publishing ---

// What must be there for a log of `size`, and that nothing else of its last tiles is.
static void assert_tiles_of(const struct scene *scene, uint64_t size)
{
    char name[TILE_NAME_MAX];
    for (int level = -1; level < 3; level++) {
        uint64_t count = size >> (8 * (level < 0 ? 0 : level));
        for (uint64_t number = 0; number <= count / TILE_WIDTH; number++) {
            tile_path(name, level, number, TILE_WIDTH);
            assert_int_equal(is_there(scene, name), number < count / TILE_WIDTH);
            if (number < count / TILE_WIDTH) {
                strncat(name, ".p", sizeof(name) - strlen(name) - 1);
                assert_false(is_there(scene, name));
            }
        }
        if (count % TILE_WIDTH == 0) continue;
        tile_path(name, level, count / TILE_WIDTH, (uint32_t)(count % TILE_WIDTH));
        assert_true(is_there(scene, name));
    }
}

// Reads all hashes of the leaves, the root and some entries back.
static void assert_reads_back(struct scene *scene, uint64_t size)
{
    struct tree tree = sample_tree(size);
    struct sha256 root;
    struct tile_reader *reader = tile_reader_open(scene->folder, size, NULL);
    assert_non_null(reader);
    struct hash_source source = tile_source(reader);
    assert_true(proof_root(&source, size, &root, NULL));
    assert_true(sha256_equal(root, tree_root(&tree)));
    for (uint64_t i = 0; i < size; i += i < 8 || size - i < 8 ? 1 : 61) {
        char bytes[64];
        struct span entry;
        struct sha256 leaf;
        struct proof proof;
        size_t mark = scene->arena.used;
        assert_true(tile_entry(reader, i, &scene->arena, &entry, NULL));
        assert_true(span_equal(entry, sample_entry(i, bytes)));
        arena_reset(&scene->arena, mark);
        assert_true(source.read(source.state, 0, i, &leaf, NULL));
        assert_true(sha256_equal(leaf, sample_leaf(i)));
        assert_true(proof_make_inclusion(&source, i, size, &proof, NULL));
        assert_true(proof_inclusion_holds(&proof, i, size, leaf, root));
    }
    tile_reader_close(reader);
}

static void a_log_of_any_size_is_read_back(void **state)
{
    struct scene *scene = *state;
    static const uint64_t sizes[] = { 0, 1, 2, 3, 7, 100, 255, 256, 257, 511, 512, 513, 700 };
    struct tiles *tiles = open_empty(scene);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        sample_add(tiles, sizes[i]);
        sample_publish(tiles, &scene->key);
        assert_tiles_of(scene, sizes[i]);
        for (size_t earlier = 0; earlier <= i; earlier++) assert_reads_back(scene, sizes[earlier]);
    }
    tiles_close(tiles);
}

// The specification's own example: 273 full tiles and 112 hashes, a full tile and 17, one hash.
static void a_log_of_three_levels_has_the_tiles_of_the_specifications_example(void **state)
{
    struct scene *scene = *state;
    enum { EXAMPLE = 70000 };
    sample_log(scene->folder, EXAMPLE, &scene->key);
    assert_tiles_of(scene, EXAMPLE);
    assert_true(is_there(scene, "tile/0/272"));
    assert_true(is_there(scene, "tile/0/273.p/112"));
    assert_true(is_there(scene, "tile/entries/273.p/112"));
    assert_true(is_there(scene, "tile/1/000"));
    assert_true(is_there(scene, "tile/1/001.p/17"));
    assert_true(is_there(scene, "tile/2/000.p/1"));
    assert_false(is_there(scene, "tile/3"));

    struct tree tree = sample_tree(EXAMPLE);
    struct sha256 root;
    struct tile_reader *reader = tile_reader_open(scene->folder, EXAMPLE, NULL);
    struct hash_source source = tile_source(reader);
    assert_true(proof_root(&source, EXAMPLE, &root, NULL));
    assert_true(sha256_equal(root, tree_root(&tree)));
    for (uint64_t i = 0; i < EXAMPLE; i += 997) {
        struct proof proof;
        assert_true(proof_make_inclusion(&source, i, EXAMPLE, &proof, NULL));
        assert_true(proof_inclusion_holds(&proof, i, EXAMPLE, sample_leaf(i), root));
    }
    for (uint64_t old = 1; old < EXAMPLE; old += 4999) {
        struct proof proof;
        struct tree before = sample_tree(old);
        assert_true(proof_make_consistency(&source, old, EXAMPLE, &proof, NULL));
        assert_true(proof_consistency_holds(&proof, old, tree_root(&before), EXAMPLE, root));
    }
    tile_reader_close(reader);

    // And it goes on from there.
    struct tiles *tiles;
    assert_true(tiles_open(&tiles, scene->folder, &tree, NULL));
    sample_add(tiles, EXAMPLE + 300);
    struct tree more = sample_tree(EXAMPLE + 300);
    assert_true(sha256_equal(tree_root(tiles_tree(tiles)), tree_root(&more)));
    sample_publish(tiles, &scene->key);
    tiles_close(tiles);
    assert_tiles_of(scene, EXAMPLE + 300);
}

static void a_bundle_is_each_entry_behind_its_length(void **state)
{
    struct scene *scene = *state;
    struct tiles *tiles = open_empty(scene);
    char *longest = arena_take(&scene->arena, LEDGER_ENTRY_MAX, 1);
    assert_non_null(longest);
    memset(longest, 'l', LEDGER_ENTRY_MAX);
    const struct span entries[] = { SPAN("ab"), SPAN(""), { longest, LEDGER_ENTRY_MAX },
                                    SPAN("\0\xFF\n") };
    for (size_t i = 0; i < 4; i++)
        assert_true(tiles_add(tiles, entries[i], tree_leaf(entries[i]), NULL));
    sample_publish(tiles, &scene->key);
    tiles_close(tiles);

    char path[1024];
    size_t size;
    char *bytes = sample_read(sample_path(path, scene->folder, "tile/entries/000.p/4"), &size);
    assert_non_null(bytes);
    assert_int_equal(size, 4 + 2 + 2 + (2 + LEDGER_ENTRY_MAX) + 2 + 3 - 2);
    assert_memory_equal(bytes, "\0\2ab\0\0\xFF\xFF" "lll", 11);
    assert_memory_equal(bytes + size - 5, "\0\3\0\xFF\n", 5);
    free(bytes);
    struct tile_reader *reader = tile_reader_open(scene->folder, 4, NULL);
    for (uint64_t i = 0; i < 4; i++) {
        struct span entry;
        assert_true(tile_entry(reader, i, &scene->arena, &entry, NULL));
        assert_true(span_equal(entry, entries[i]));
    }
    tile_reader_close(reader);
}

static void a_full_bundle_of_the_longest_entries_fits(void **state)
{
    struct scene *scene = *state;
    struct tiles *tiles = open_empty(scene);
    char *longest = arena_take(&scene->arena, LEDGER_ENTRY_MAX, 1);
    assert_non_null(longest);
    struct span entry = { longest, LEDGER_ENTRY_MAX };
    struct sha256 leaf = tree_leaf(entry);
    for (int i = 0; i < TILE_WIDTH + 1; i++) assert_true(tiles_add(tiles, entry, leaf, NULL));
    sample_publish(tiles, &scene->key);
    struct tree tree = *tiles_tree(tiles);
    tiles_close(tiles);
    char path[1024];
    struct stat stat_of;
    assert_int_equal(stat(sample_path(path, scene->folder, "tile/entries/000"), &stat_of), 0);
    assert_int_equal(stat_of.st_size, TILE_ENTRIES_MAX);
    assert_true(tiles_open(&tiles, scene->folder, &tree, NULL));
    tiles_close(tiles);
}

static void a_checkpoint_of_another_tree_is_not_published(void **state)
{
    struct scene *scene = *state;
    struct tiles *tiles = open_empty(scene);
    struct error err;
    sample_add(tiles, 5);
    struct tree four = sample_tree(4), other = sample_tree(4);
    tree_add(&other, sample_leaf(99));
    struct tree const *const wrong[] = { &four, &other };
    for (int i = 0; i < 2; i++) {
        struct span note = sample_note(wrong[i], &scene->key, &scene->arena);
        assert_false(tiles_publish(tiles, note, &err));
        assert_int_equal(err.kind, ERROR_CONFLICT);
    }
    assert_false(tiles_publish(tiles, SPAN("no note\n"), &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_false(is_there(scene, "checkpoint"));
    sample_publish(tiles, &scene->key);
    assert_true(is_there(scene, "checkpoint"));
    assert_true(tiles_sync(tiles, &err));
    tiles_close(tiles);
}

static void what_is_there_already_is_left_alone_and_what_differs_is_replaced(void **state)
{
    struct scene *scene = *state;
    sample_log(scene->folder, 300, &scene->key);
    ino_t same = inode_of(scene, "tile/0/000"), differs = inode_of(scene, "tile/entries/000");
    flip_bit(scene, "tile/entries/000", 77);
    sample_log(scene->folder, 300, &scene->key); // all over again, as from an empty tree
    assert_int_equal(inode_of(scene, "tile/0/000"), same);
    assert_int_not_equal(inode_of(scene, "tile/entries/000"), differs);
    assert_false(is_there(scene, "tile/entries/000.new"));
    assert_reads_back(scene, 300);
}

// Whatever was published before a stop in the middle of it, in whatever order it reached the disk.
static void a_longer_log_than_ours_is_written_over(void **state)
{
    struct scene *scene = *state;
    sample_log(scene->folder, 600, &scene->key);
    struct tree tree = sample_tree(300);
    struct tiles *tiles;
    assert_true(tiles_open(&tiles, scene->folder, &tree, NULL));
    assert_true(tiles_add(tiles, SPAN("another one"), tree_leaf(SPAN("another one")), NULL));
    sample_add(tiles, 600);
    struct tree now = *tiles_tree(tiles);
    sample_publish(tiles, &scene->key);
    tiles_close(tiles);
    struct sha256 root;
    struct tile_reader *reader = tile_reader_open(scene->folder, 600, NULL);
    struct hash_source source = tile_source(reader);
    assert_true(proof_root(&source, 600, &root, NULL));
    assert_true(sha256_equal(root, tree_root(&now)));
    tile_reader_close(reader);
}

// --- Opening again ---

static void a_log_is_opened_again_at_any_size_and_goes_on(void **state)
{
    struct scene *scene = *state;
    struct tree tree = { 0 };
    for (uint64_t size = 1; size <= 600; size += size % 256 > 3 && size % 256 < 250 ? 37 : 1) {
        struct tiles *tiles = NULL;
        struct error err;
        if (!tiles_open(&tiles, scene->folder, &tree, &err)) fail_msg("%s", err.text);
        assert_int_equal(tiles_tree(tiles)->size, tree.size);
        sample_add(tiles, size);
        sample_publish(tiles, &scene->key);
        tree = *tiles_tree(tiles);
        tiles_close(tiles);
    }
    struct tree whole = sample_tree(tree.size);
    assert_true(sha256_equal(tree_root(&tree), tree_root(&whole)));
    assert_reads_back(scene, tree.size);
    // At a size that was never published, from the full tiles.
    for (uint64_t size = 1; size <= 512; size += 31) {
        struct tiles *tiles = NULL;
        struct tree part = sample_tree(size);
        bool full = size < 512;
        assert_int_equal(tiles_open(&tiles, scene->folder, &part, NULL), full || size == 512);
        tiles_close(tiles);
    }
}

static void a_log_is_opened_only_with_its_own_tree(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct tiles *tiles = NULL;
    sample_log(scene->folder, 513, &scene->key);
    struct tree tree = sample_tree(513);
    for (unsigned level = 0; level < 10; level++) {
        if ((tree.size >> level & 1) == 0) continue;
        struct tree other = tree;
        other.edge[level].bytes[31] ^= 1;
        assert_false(tiles_open(&tiles, scene->folder, &other, &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
    }
    struct tree longer = sample_tree(514);
    assert_false(tiles_open(&tiles, scene->folder, &longer, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_null(tiles);
}

// Every bit of the files that a publisher goes on from; where it goes on, it is as if nothing were.
static void a_log_is_not_opened_over_files_that_are_damaged(void **state)
{
    struct scene *scene = *state;
    static const char *const names[] = { "tile/0/001.p/44", "tile/1/000.p/1",
                                         "tile/entries/001.p/44" };
    sample_log(scene->folder, 300, &scene->key);
    struct tree tree = sample_tree(300);
    for (int i = 0; i < 3; i++) {
        char path[1024];
        size_t size;
        char *right = sample_read(sample_path(path, scene->folder, names[i]), &size);
        assert_non_null(right);
        for (size_t bit = 0; bit < 8 * size; bit += size > 32 ? 5 : 1) {
            struct error err;
            struct tiles *tiles = NULL;
            flip_bit(scene, names[i], bit);
            assert_false(tiles_open(&tiles, scene->folder, &tree, &err));
            assert_int_equal(err.kind, ERROR_DAMAGED);
            sample_write(path, right, size);
        }
        for (size_t shorter = 0; shorter < size; shorter += 7) {
            struct error err;
            struct tiles *tiles = NULL;
            sample_write(path, right, shorter);
            assert_false(tiles_open(&tiles, scene->folder, &tree, &err));
            assert_int_equal(err.kind, ERROR_DAMAGED);
        }
        sample_write(path, right, size);
        free(right);
    }
    struct tiles *tiles = NULL;
    assert_true(tiles_open(&tiles, scene->folder, &tree, NULL));
    tiles_close(tiles);
}

static void missing_files_are_not_found(void **state)
{
    struct scene *scene = *state;
    static const char *const names[] = { "tile/0/001.p/44", "tile/1/000.p/1",
                                         "tile/entries/001.p/44" };
    struct tree tree = sample_tree(300);
    for (int i = 0; i < 3; i++) {
        char path[1024];
        struct error err;
        struct tiles *tiles = NULL;
        sample_log(scene->folder, 300, &scene->key);
        assert_int_equal(unlink(sample_path(path, scene->folder, names[i])), 0);
        assert_false(tiles_open(&tiles, scene->folder, &tree, &err));
        assert_int_equal(err.kind, ERROR_NOT_FOUND);
        assert_non_null(strstr(err.text, names[i]));
    }
}

// --- Trouble ---

static void a_publisher_that_could_not_write_a_tile_takes_nothing_more(void **state)
{
    struct scene *scene = *state;
    struct tiles *tiles = open_empty(scene);
    struct error err = { 0 };
    char path[1024];
    sample_add(tiles, 255);
    sample_write(sample_path(path, scene->folder, "tile"), "x", 1); // where a folder belongs
    assert_false(tiles_add(tiles, SPAN("last"), tree_leaf(SPAN("last")), &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_int_equal(unlink(path), 0);
    assert_false(tiles_add(tiles, SPAN("more"), tree_leaf(SPAN("more")), &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    struct span note = sample_note(tiles_tree(tiles), &scene->key, &scene->arena);
    assert_false(tiles_publish(tiles, note, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    tiles_close(tiles);
    assert_false(is_there(scene, "checkpoint"));
    sample_log(scene->folder, 300, &scene->key); // opened again, it goes
    assert_reads_back(scene, 300);
}

static void a_publication_that_could_not_be_written_may_be_tried_again(void **state)
{
    struct scene *scene = *state;
    struct tiles *tiles = open_empty(scene);
    struct error err = { 0 };
    char path[1024];
    sample_add(tiles, 20);
    sample_write(sample_path(path, scene->folder, "tile"), "x", 1);
    struct span note = sample_note(tiles_tree(tiles), &scene->key, &scene->arena);
    assert_false(tiles_publish(tiles, note, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_false(is_there(scene, "checkpoint"));
    assert_int_equal(unlink(path), 0);
    assert_true(tiles_publish(tiles, note, &err));
    tiles_close(tiles);
    assert_reads_back(scene, 20);
}

static void a_folder_is_made_with_those_above_it_unless_its_path_is_too_long(void **state)
{
    struct scene *scene = *state;
    struct tree empty = { 0 };
    struct tiles *tiles = NULL;
    struct error err;
    char path[2 * TILE_PATH_MAX];
    sample_log(sample_path(path, scene->folder, "a/b/c"), 3, &scene->key);
    assert_true(is_there(scene, "a/b/c/checkpoint"));
    memset(path, 'p', sizeof(path));
    path[sizeof(path) - 1] = '\0';
    assert_false(tiles_open(&tiles, path, &empty, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    path[TILE_PATH_MAX - TILE_NAME_MAX] = '\0'; // room for it, but not for the longest name in it
    assert_false(tiles_open(&tiles, path, &empty, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    tiles_close(tiles);
}

// --- Reading ---

static void files_are_read_whole_or_not_at_all(void **state)
{
    struct scene *scene = *state;
    struct span bytes;
    struct error err;
    char path[1024];
    sample_write(sample_path(path, scene->folder, "four"), "1234", 4);
    assert_true(tile_file(scene->folder, "four", 4, &scene->arena, &bytes, &err));
    assert_true(span_equal(bytes, SPAN("1234")));
    assert_false(tile_file(scene->folder, "four", 3, &scene->arena, &bytes, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_false(tile_file(scene->folder, "five", 9, &scene->arena, &bytes, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_false(tile_file(scene->folder, ".", 9, &scene->arena, &bytes, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_int_equal(mkfifo(sample_path(path, scene->folder, "pipe"), 0600), 0);
    assert_false(tile_file(scene->folder, "pipe", 9, &scene->arena, &bytes, &err)); // nor waited for
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
}

static void a_full_tile_stands_in_for_a_partial_one_but_not_the_other_way(void **state)
{
    struct scene *scene = *state;
    struct sha256 hashes[TILE_WIDTH];
    struct span bytes;
    struct error err;
    uint32_t count;
    sample_log(scene->folder, 300, &scene->key);
    assert_true(tile_hashes(scene->folder, 0, 0, 17, hashes, &err));
    for (uint64_t i = 0; i < 17; i++) assert_true(sha256_equal(hashes[i], sample_leaf(i)));
    assert_true(tile_entries(scene->folder, 0, 17, &scene->arena, &bytes, &count, &err));
    assert_int_equal(count, TILE_WIDTH);
    assert_true(tile_entries(scene->folder, 1, 44, &scene->arena, &bytes, &count, &err));
    assert_int_equal(count, 44);
    assert_false(tile_hashes(scene->folder, 0, 1, 43, hashes, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_non_null(strstr(err.text, "tile/0/001.p/43"));
    assert_false(tile_hashes(scene->folder, 0, 1, TILE_WIDTH, hashes, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void tiles_of_another_length_are_damaged(void **state)
{
    struct scene *scene = *state;
    struct sha256 hashes[TILE_WIDTH];
    struct error err;
    char path[1024];
    size_t size;
    sample_log(scene->folder, 300, &scene->key);
    char *bytes = sample_read(sample_path(path, scene->folder, "tile/0/001.p/44"), &size);
    assert_non_null(bytes);
    static const int changes[] = { -1, 1, -32, 32 };
    for (int i = 0; i < 4; i++) {
        char longer[45 * 32] = { 0 };
        memcpy(longer, bytes, size);
        sample_write(path, longer, (size_t)((int)size + changes[i]));
        assert_false(tile_hashes(scene->folder, 0, 1, 44, hashes, &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
    }
    free(bytes);
}

static void an_entry_behind_the_end_of_its_bundle_is_damage(void **state)
{
    struct scene *scene = *state;
    struct error err;
    struct span entry;
    char path[1024];
    sample_log(scene->folder, 3, &scene->key);
    sample_write(sample_path(path, scene->folder, "tile/entries/000.p/3"), "\0\1a\0\2b", 6);
    struct tile_reader *reader = tile_reader_open(scene->folder, 3, NULL);
    assert_true(tile_entry(reader, 0, &scene->arena, &entry, &err));
    assert_true(span_equal(entry, SPAN("a")));
    assert_false(tile_entry(reader, 1, &scene->arena, &entry, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_false(tile_entry(reader, 2, &scene->arena, &entry, &err));
    tile_reader_close(reader);
}

// The reader believes what is there; the proof that is made of it does not hold.
static void a_proof_from_a_tile_that_was_tampered_with_does_not_hold(void **state)
{
    struct scene *scene = *state;
    struct proof proof;
    enum { WHOLE = 300, AT = 290, LEAF_INDEX = 270 };
    sample_log(scene->folder, WHOLE, &scene->key);
    struct tree tree = sample_tree(WHOLE);
    flip_bit(scene, "tile/0/001.p/44", (AT - 256) * 256 + 9);
    struct tile_reader *reader = tile_reader_open(scene->folder, WHOLE, NULL);
    struct hash_source source = tile_source(reader);
    assert_true(proof_make_inclusion(&source, LEAF_INDEX, WHOLE, &proof, NULL));
    assert_false(proof_inclusion_holds(&proof, LEAF_INDEX, WHOLE, sample_leaf(LEAF_INDEX),
                                       tree_root(&tree)));
    tile_reader_close(reader);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(names_are_those_of_the_specification),
        TEST(a_log_of_any_size_is_read_back),
        TEST(a_log_of_three_levels_has_the_tiles_of_the_specifications_example),
        TEST(a_bundle_is_each_entry_behind_its_length),
        TEST(a_full_bundle_of_the_longest_entries_fits),
        TEST(a_checkpoint_of_another_tree_is_not_published),
        TEST(what_is_there_already_is_left_alone_and_what_differs_is_replaced),
        TEST(a_longer_log_than_ours_is_written_over),
        TEST(a_log_is_opened_again_at_any_size_and_goes_on),
        TEST(a_log_is_opened_only_with_its_own_tree),
        TEST(a_log_is_not_opened_over_files_that_are_damaged),
        TEST(missing_files_are_not_found),
        TEST(a_publisher_that_could_not_write_a_tile_takes_nothing_more),
        TEST(a_publication_that_could_not_be_written_may_be_tried_again),
        TEST(a_folder_is_made_with_those_above_it_unless_its_path_is_too_long),
        TEST(files_are_read_whole_or_not_at_all),
        TEST(a_full_tile_stands_in_for_a_partial_one_but_not_the_other_way),
        TEST(tiles_of_another_length_are_damaged),
        TEST(an_entry_behind_the_end_of_its_bundle_is_damage),
        TEST(a_proof_from_a_tile_that_was_tampered_with_does_not_hold),
    };
    return cmocka_run_group_tests_name("tiles", tests, NULL, NULL);
}
