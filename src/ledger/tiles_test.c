#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "ledger/log_sample.h"

static int make(void **state)
{
    *state = sample_folder_make();
    return *state == NULL;
}

static int end(void **state)
{
    sample_folder_remove(*state);
    return 0;
}

static struct tree tree_of(uint64_t size)
{
    struct tree tree = { 0 };
    for (uint64_t i = 0; i < size; i++) tree_add(&tree, sample_leaf(i));
    return tree;
}

static struct tiles *open_at(const char *folder, uint64_t size)
{
    struct tiles *tiles;
    struct error err = { 0 };
    struct tree tree = tree_of(size);
    if (!tiles_open(&tiles, folder, &tree, &err)) fail_msg("%s", err.text);
    return tiles;
}

static bool is_there(const char *folder, const char *name)
{
    char path[1024];
    return access(sample_path(path, folder, name), F_OK) == 0;
}

static unsigned files_count;

static int count_file(const char *path, const struct stat *stat, int flag, struct FTW *walk)
{
    (void)path, (void)stat, (void)walk;
    files_count += flag == FTW_F;
    return 0;
}

static unsigned count_files(const char *folder)
{
    files_count = 0;
    nftw(folder, count_file, 16, FTW_PHYS);
    return files_count;
}

static void flip_bit(const char *folder, const char *name, size_t at)
{
    char path[1024];
    size_t size;
    char *bytes = sample_read(sample_path(path, folder, name), &size);
    assert_non_null(bytes);
    assert_true(at < size);
    sample_poke(path, at, bytes[at] ^ 1);
    free(bytes);
}

static void paths_are_those_of_the_specification(void **state)
{
    (void)state;
    static const struct { uint64_t number; int level; uint32_t width; const char *path; } rows[] = {
        { 0, 0, 256, "tile/0/000" },
        { 0, 0, 1, "tile/0/000.p/1" },
        { 7, 1, 255, "tile/1/007.p/255" },
        { 999, 0, 256, "tile/0/999" },
        { 1000, 0, 256, "tile/0/x001/000" },
        { 1234067, 0, 256, "tile/0/x001/x234/067" },
        { 1234067, 7, 12, "tile/7/x001/x234/067.p/12" },
        { 273, -1, 112, "tile/entries/273.p/112" },
        { 1000000, -1, 256, "tile/entries/x001/x000/000" },
        { UINT64_MAX, -1, 255,
          "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char path[TILE_NAME_MAX];
        tile_path(path, rows[i].level, rows[i].number, rows[i].width);
        assert_string_equal(path, rows[i].path);
    }
}

static void entries_are_taken_off_a_bundle_one_by_one(void **state)
{
    (void)state;
    struct span bytes = SPAN("\0\3one\0\0\0\1x"), entry;
    assert_true(tile_entry_next(&bytes, &entry));
    assert_true(span_equal(entry, SPAN("one")));
    assert_true(tile_entry_next(&bytes, &entry));
    assert_int_equal(entry.len, 0);
    assert_true(tile_entry_next(&bytes, &entry));
    assert_true(span_equal(entry, SPAN("x")));
    assert_false(tile_entry_next(&bytes, &entry));

    static const struct span cut[] = { SPAN_INIT(""), SPAN_INIT("\0"), SPAN_INIT("\0\1"),
                                       SPAN_INIT("\1\0x"), SPAN_INIT("\xFF\xFFxx") };
    for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
        bytes = cut[i];
        assert_false(tile_entry_next(&bytes, &entry));
    }
}

// What a reader of `size` sees: all roots, some paths, and all entries.
static void assert_readable(const char *folder, uint64_t size)
{
    char expected[64];
    struct sha256 root;
    struct proof proof;
    struct tree tree = tree_of(size);
    struct tile_reader *reader = tile_reader_open(folder, size, NULL);
    struct hash_source source = tile_source(reader);
    assert_true(proof_root(&source, size, &root, NULL));
    assert_true(sha256_equal(root, tree_root(&tree)));
    struct arena arena;
    assert_true(arena_open(&arena, MIB, NULL));
    for (uint64_t index = 0; index < size; index += 1 + size / 200) {
        struct span entry;
        assert_true(proof_make_inclusion(&source, index, size, &proof, NULL));
        assert_true(proof_inclusion_holds(&proof, index, size, sample_leaf(index), root));
        assert_true(tile_entry(reader, index, &arena, &entry, NULL));
        assert_true(span_equal(entry, sample_entry(index, expected)));
        arena_reset(&arena, 0);
    }
    arena_close(&arena);
    tile_reader_close(reader);
}

static void a_log_goes_on_after_it_was_opened_at_any_size(void **state)
{
    struct log_key key = sample_key(1);
    struct tree tree = { 0 };
    // All small sizes, all around a full tile, and some between.
    for (uint64_t size = 0; size <= 530; size += size % 256 < 8 || size % 256 > 250 ? 1 : 9) {
        struct tiles *tiles;
        assert_true(tiles_open(&tiles, *state, &tree, NULL));
        sample_add(tiles, size);
        sample_publish(tiles, &key);
        tree = *tiles_tree(tiles);
        assert_int_equal(tree.size, size);
        tiles_close(tiles);
        assert_readable(*state, size);
    }
}

// The specification's own example: 70,000 entries, on three levels.
static void seventy_thousand_entries_are_the_files_that_the_specification_says(void **state)
{
    struct log_key key = sample_key(1);
    sample_log(*state, 70000, &key);
    assert_true(is_there(*state, "tile/0/000"));
    assert_true(is_there(*state, "tile/0/272"));
    assert_true(is_there(*state, "tile/0/273.p/112"));
    assert_false(is_there(*state, "tile/0/273"));
    assert_true(is_there(*state, "tile/1/000"));
    assert_true(is_there(*state, "tile/1/001.p/17"));
    assert_true(is_there(*state, "tile/2/000.p/1"));
    assert_true(is_there(*state, "tile/entries/272"));
    assert_true(is_there(*state, "tile/entries/273.p/112"));
    assert_false(is_there(*state, "tile/3"));
    assert_int_equal(count_files(*state), 274 + 2 + 1 + 274 + 1);
    assert_readable(*state, 70000);
    assert_readable(*state, 65536); // full tiles stand in for the partial ones of then
    assert_readable(*state, 40000);

    struct tiles *tiles = open_at(*state, 70000);
    sample_add(tiles, 70001);
    sample_publish(tiles, &key);
    tiles_close(tiles);
    assert_readable(*state, 70001);
}

static void a_tile_of_the_second_level_holds_the_roots_of_full_tiles_alone(void **state)
{
    char path[1024];
    size_t size;
    struct log_key key = sample_key(1);
    sample_log(*state, 600, &key);
    char *bytes = sample_read(sample_path(path, *state, "tile/1/000.p/2"), &size);
    assert_non_null(bytes);
    assert_int_equal(size, 2 * SHA256_SIZE);
    struct tree first = tree_of(256), second = { 0 };
    for (uint64_t i = 256; i < 512; i++) tree_add(&second, sample_leaf(i));
    assert_memory_equal(bytes, tree_root(&first).bytes, SHA256_SIZE);
    assert_memory_equal(bytes + SHA256_SIZE, tree_root(&second).bytes, SHA256_SIZE);
    free(bytes);
}

static void partial_tiles_go_when_the_full_one_is_there(void **state)
{
    struct log_key key = sample_key(1);
    struct tiles *tiles = open_at(*state, 0);
    static const uint64_t sizes[] = { 1, 10, 200, 255 };
    for (int i = 0; i < 4; i++) {
        sample_add(tiles, sizes[i]);
        sample_publish(tiles, &key);
    }
    assert_true(is_there(*state, "tile/0/000.p/10"));
    assert_true(is_there(*state, "tile/entries/000.p/255"));
    assert_int_equal(count_files(*state), 9);
    sample_add(tiles, 256);
    assert_false(is_there(*state, "tile/0/000.p"));
    assert_false(is_there(*state, "tile/entries/000.p"));
    sample_publish(tiles, &key);
    assert_int_equal(count_files(*state), 4); // two full, one root, the checkpoint
    assert_readable(*state, 10);
    tiles_close(tiles);
}

// Nothing is written for a size that was published already.
static void publishing_twice_writes_the_checkpoint_alone(void **state)
{
    char path[1024];
    struct stat before, after;
    struct log_key key = sample_key(1);
    struct tiles *tiles = open_at(*state, 0);
    sample_add(tiles, 300);
    sample_publish(tiles, &key);
    assert_int_equal(stat(sample_path(path, *state, "tile/0/001.p/44"), &before), 0);
    assert_int_equal(unlink(path), 0);
    sample_publish(tiles, &key);
    assert_int_not_equal(stat(path, &after), 0);
    assert_true(is_there(*state, "checkpoint"));
    assert_false(is_there(*state, "checkpoint.new"));
    tiles_close(tiles);
}

static void the_longest_entries_fit(void **state)
{
    static char longest[LEDGER_ENTRY_MAX];
    struct log_key key = sample_key(1);
    struct tiles *tiles = open_at(*state, 0);
    for (int i = 0; i < TILE_WIDTH + 3; i++) {
        memset(longest, i, sizeof(longest));
        struct span entry = { longest, sizeof(longest) };
        assert_true(tiles_add(tiles, entry, tree_leaf(entry), NULL));
    }
    sample_publish(tiles, &key);
    struct tree tree = *tiles_tree(tiles);
    tiles_close(tiles);
    assert_true(tiles_open(&tiles, *state, &tree, NULL));
    tiles_close(tiles);

    struct arena arena;
    struct span entry;
    struct tile_reader *reader = tile_reader_open(*state, tree.size, NULL);
    assert_true(arena_open(&arena, TILE_ENTRIES_MAX + MIB, NULL));
    for (uint64_t index = 254; index < 259; index++) {
        arena_reset(&arena, 0);
        assert_true(tile_entry(reader, index, &arena, &entry, NULL));
        assert_int_equal(entry.len, sizeof(longest));
        assert_int_equal((unsigned char)entry.at[0], index % 256);
        assert_int_equal((unsigned char)entry.at[entry.len - 1], index % 256);
    }
    arena_close(&arena);
    tile_reader_close(reader);
}

static enum error_kind opening(const char *folder, uint64_t size)
{
    struct tiles *tiles = NULL;
    struct error err = { 0 };
    struct tree tree = tree_of(size);
    if (tiles_open(&tiles, folder, &tree, &err)) tiles_close(tiles);
    else assert_null(tiles);
    return err.kind;
}

static void a_changed_tile_on_the_right_edge_is_found_at_opening(void **state)
{
    struct log_key key = sample_key(1);
    sample_log(*state, 600, &key);
    static const char *const names[] = { "tile/0/002.p/88", "tile/1/000.p/2",
                                         "tile/entries/002.p/88" };
    for (int i = 0; i < 3; i++) {
        char path[1024];
        size_t size;
        char *bytes = sample_read(sample_path(path, *state, names[i]), &size);
        for (size_t at = 0; at < size; at += 101) {
            flip_bit(*state, names[i], at);
            assert_int_equal(opening(*state, 600), ERROR_DAMAGED);
            flip_bit(*state, names[i], at);
        }
        sample_write(path, bytes, size - 1);
        assert_int_equal(opening(*state, 600), ERROR_DAMAGED);
        sample_write(path, bytes, size + 1); // entries may stand behind those that are asked for
        assert_int_equal(opening(*state, 600), i < 2 ? ERROR_DAMAGED : ERROR_NONE);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(opening(*state, 600), ERROR_NOT_FOUND);
        sample_write(path, bytes, size);
        free(bytes);
    }
    assert_int_equal(opening(*state, 600), ERROR_NONE);
    assert_int_equal(opening(*state, 599), ERROR_NOT_FOUND);
    assert_int_equal(opening(*state, 0), ERROR_NONE);
}

// What a start after a crash does: the same entries again, over what is there.
static void writing_a_log_again_leaves_equal_files_alone_and_replaces_others(void **state)
{
    char same_path[1024], other_path[1024], short_path[1024], buffer[16];
    struct stat same, other, again;
    struct log_key key = sample_key(1);
    sample_log(*state, 600, &key);
    sample_path(same_path, *state, "tile/0/000");
    sample_path(other_path, *state, "tile/entries/001");
    sample_path(short_path, *state, "tile/entries/000");
    flip_bit(*state, "tile/entries/001", 2);
    assert_int_equal(truncate(short_path, 100), 0);
    assert_int_equal(stat(same_path, &same), 0);
    assert_int_equal(stat(other_path, &other), 0);
    int reading = open(other_path, O_RDONLY);

    sample_log(*state, 600, &key);
    assert_int_equal(stat(same_path, &again), 0);
    assert_int_equal(again.st_ino, same.st_ino);
    assert_int_equal(again.st_mtim.tv_nsec, same.st_mtim.tv_nsec);
    assert_int_equal(stat(other_path, &again), 0);
    assert_int_not_equal(again.st_ino, other.st_ino);
    assert_int_equal(pread(reading, buffer, sizeof(buffer), other.st_size - 16), sizeof(buffer));
    close(reading);
    assert_int_equal(opening(*state, 600), ERROR_NONE);
    assert_readable(*state, 600);
    assert_false(is_there(*state, "tile/entries/001.new"));
}

// Partial tiles of before, when the log is written again from the beginning.
static void stale_partial_tiles_go_too(void **state)
{
    struct log_key key = sample_key(1);
    struct tiles *tiles = open_at(*state, 0);
    sample_add(tiles, 100);
    sample_publish(tiles, &key);
    tiles_close(tiles);
    sample_log(*state, 300, &key);
    assert_false(is_there(*state, "tile/0/000.p"));
    assert_false(is_there(*state, "tile/entries/000.p"));
}

// A folder stands where a tile belongs: root may write anywhere, but not over that.
static void block(const char *folder, const char *name, bool blocked)
{
    char path[1024];
    sample_path(path, folder, name);
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(!blocked || mkdir(path, 0777) == 0 || errno == EEXIST);
        *slash = '/';
    }
    assert_int_equal(blocked ? mkdir(path, 0777) : rmdir(path), 0);
}

static void after_a_tile_that_could_not_be_written_nothing_more_is_taken(void **state)
{
    static const char *const names[] = { "tile/0/000", "tile/entries/000" };
    char bytes[64];
    struct log_key key = sample_key(1);
    for (int i = 0; i < 2; i++) {
        struct tiles *tiles = open_at(*state, 0);
        struct error err = { 0 };
        block(*state, names[i], true);
        sample_add(tiles, 255);
        struct span entry = sample_entry(255, bytes);
        for (int again = 0; again < 300; again++) {
            assert_false(tiles_add(tiles, entry, tree_leaf(entry), &err));
            assert_int_equal(err.kind, ERROR_UNAVAILABLE);
        }
        struct arena arena;
        assert_true(arena_open(&arena, (size_t)64 * KIB, NULL));
        assert_false(tiles_publish(tiles, sample_note(tiles_tree(tiles), &key, &arena), &err));
        assert_int_equal(err.kind, ERROR_UNAVAILABLE);
        arena_close(&arena);
        tiles_close(tiles);
        assert_false(is_there(*state, "checkpoint"));
        block(*state, names[i], false);
    }
    sample_log(*state, 300, &key);
    assert_readable(*state, 300);
}

static void publishing_may_be_tried_again(void **state)
{
    static const char *const names[] = { "tile/0/001.p/44", "tile/entries/001.p/44",
                                         "tile/1/000.p/1", "checkpoint" };
    struct arena arena;
    struct log_key key = sample_key(1);
    struct tiles *tiles = open_at(*state, 0);
    sample_add(tiles, 300);
    assert_true(arena_open(&arena, (size_t)64 * KIB, NULL));
    struct span note = sample_note(tiles_tree(tiles), &key, &arena);
    for (int i = 0; i < 4; i++) {
        struct error err = { 0 };
        block(*state, names[i], true);
        assert_false(tiles_publish(tiles, note, &err));
        assert_int_equal(err.kind, ERROR_UNAVAILABLE);
        assert_non_null(strstr(err.text, names[i]));
        block(*state, names[i], false);
    }
    assert_true(tiles_publish(tiles, note, NULL));
    assert_true(tiles_sync(tiles, NULL));
    tiles_close(tiles);
    arena_close(&arena);
    assert_readable(*state, 300);
}

static void only_a_note_of_the_tiles_own_tree_is_published(void **state)
{
    char path[1024];
    size_t size;
    struct arena arena;
    struct error err = { 0 };
    struct log_key key = sample_key(1);
    struct tiles *tiles = open_at(*state, 0);
    assert_true(arena_open(&arena, (size_t)64 * KIB, NULL));
    sample_add(tiles, 5);
    struct span note = sample_note(tiles_tree(tiles), &key, &arena);
    assert_true(tiles_publish(tiles, note, NULL));

    struct tree smaller = tree_of(4), other = tree_of(5);
    other.edge[0].bytes[0] ^= 1;
    assert_false(tiles_publish(tiles, sample_note(&smaller, &key, &arena), &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_false(tiles_publish(tiles, sample_note(&other, &key, &arena), &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_false(tiles_publish(tiles, SPAN("no note at all\n"), &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);

    char *kept = sample_read(sample_path(path, *state, "checkpoint"), &size);
    assert_int_equal(size, note.len);
    assert_memory_equal(kept, note.at, size);
    free(kept);
    tiles_close(tiles);
    arena_close(&arena);
}

static void a_reader_says_which_file_is_wrong(void **state)
{
    char path[1024];
    struct error err = { 0 };
    struct log_key key = sample_key(1);
    struct span entry;
    struct sha256 root;
    struct arena arena;
    sample_log(*state, 600, &key);
    assert_true(arena_open(&arena, MIB, NULL));
    struct tile_reader *reader = tile_reader_open(*state, 600, NULL);
    struct hash_source source = tile_source(reader);

    assert_int_equal(truncate(sample_path(path, *state, "tile/entries/001"), 100), 0);
    assert_false(tile_entry(reader, 500, &arena, &entry, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_non_null(strstr(err.text, "tile/entries/001"));
    assert_int_equal(truncate(sample_path(path, *state, "tile/0/002.p/88"), 88 * 32 - 1), 0);
    assert_false(proof_root(&source, 600, &root, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_non_null(strstr(err.text, "tile/0/002.p/88"));
    assert_int_equal(unlink(path), 0);
    assert_false(proof_root(&source, 600, &root, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_non_null(strstr(err.text, "tile/0/002.p/88"));
    tile_reader_close(reader);
    arena_close(&arena);
}

static void files_that_are_none_or_too_large_are_refused(void **state)
{
    char path[1024];
    struct span bytes;
    struct arena arena;
    struct error err = { 0 };
    assert_true(arena_open(&arena, (size_t)64 * KIB, NULL));
    sample_write(sample_path(path, *state, "file"), "0123456789", 10);
    assert_true(tile_file(*state, "file", 10, &arena, &bytes, NULL));
    assert_true(span_equal(bytes, SPAN("0123456789")));
    assert_false(tile_file(*state, "file", 9, &arena, &bytes, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_false(tile_file(*state, "none", 9, &arena, &bytes, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_false(tile_file(*state, ".", MIB, &arena, &bytes, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_int_equal(mkfifo(sample_path(path, *state, "pipe"), 0600), 0);
    assert_false(tile_file(*state, "pipe", MIB, &arena, &bytes, &err)); // and does not wait
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    arena_close(&arena);
}

// A path that does not fit is refused; it used to be cut, and to lead elsewhere.
static void a_path_that_is_too_long_is_refused(void **state)
{
    char path[2 * TILE_PATH_MAX];
    struct error err = { 0 };
    struct tiles *tiles;
    struct tree empty = { 0 };
    struct span bytes;
    struct arena arena;
    size_t len = (size_t)snprintf(path, sizeof(path), "%s", (const char *)*state);
    while (len < TILE_PATH_MAX - 20) len += (size_t)snprintf(path + len, 16, "/xxxxxxxxxx");
    assert_false(tiles_open(&tiles, path, &empty, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_true(arena_open(&arena, (size_t)64 * KIB, NULL));
    assert_false(tile_file(path, "tile/entries/x001/x000/000", 9, &arena, &bytes, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    arena_close(&arena);
    assert_int_equal(count_files(*state), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(paths_are_those_of_the_specification),
        TEST(entries_are_taken_off_a_bundle_one_by_one),
        TEST(a_log_goes_on_after_it_was_opened_at_any_size),
        TEST(seventy_thousand_entries_are_the_files_that_the_specification_says),
        TEST(a_tile_of_the_second_level_holds_the_roots_of_full_tiles_alone),
        TEST(partial_tiles_go_when_the_full_one_is_there),
        TEST(publishing_twice_writes_the_checkpoint_alone),
        TEST(the_longest_entries_fit),
        TEST(a_changed_tile_on_the_right_edge_is_found_at_opening),
        TEST(writing_a_log_again_leaves_equal_files_alone_and_replaces_others),
        TEST(stale_partial_tiles_go_too),
        TEST(after_a_tile_that_could_not_be_written_nothing_more_is_taken),
        TEST(publishing_may_be_tried_again),
        TEST(only_a_note_of_the_tiles_own_tree_is_published),
        TEST(a_reader_says_which_file_is_wrong),
        TEST(files_that_are_none_or_too_large_are_refused),
        TEST(a_path_that_is_too_long_is_refused),
    };
    return cmocka_run_group_tests_name("tiles", tests, NULL, NULL);
}
