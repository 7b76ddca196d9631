#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <sys/stat.h>

#include "ledger/log_check.h"
#include "ledger/log_sample.h"

enum { ARENA_SIZE = TILE_ENTRIES_MAX + 4 * MIB, ENTRIES = 600 };

static struct arena arena;
static struct log_checked checked;

static int make(void **state)
{
    *state = sample_folder_make();
    return *state == NULL || !arena_open(&arena, ARENA_SIZE, NULL);
}

static int end(void **state)
{
    arena_close(&arena);
    sample_folder_remove(*state);
    return 0;
}

static enum verdict check(const char *folder, const struct note_key *key)
{
    arena_reset(&arena, 0);
    enum verdict verdict = log_check(folder, key, &arena, NULL, NULL, &checked);
    assert_true(checked.sentence[0] != '\0');
    return verdict;
}

static void assert_damage(const char *folder, const struct note_key *key, enum verdict verdict,
                          const char *what)
{
    enum verdict found = check(folder, key);
    if (found != verdict || strstr(checked.sentence, what) == NULL)
        fail_msg("%s instead of %s with '%s': %s", verdict_name(found), verdict_name(verdict), what,
                 checked.sentence);
}

static struct tree tree_of(uint64_t size)
{
    struct tree tree = { 0 };
    for (uint64_t i = 0; i < size; i++) tree_add(&tree, sample_leaf(i));
    return tree;
}

static void keep_checkpoint(const char *folder, const char *name, const struct tree *tree,
                            const struct log_key *key)
{
    char path[1024];
    arena_reset(&arena, 0);
    struct span note = sample_note(tree, key, &arena);
    sample_write(sample_path(path, folder, name), note.at, note.len);
}

static void a_log_that_adds_up_is_true_with_its_key_at_any_size(void **state)
{
    static const struct { uint64_t size, tiles; } rows[] = {
        { 0, 0 }, { 1, 1 }, { 5, 1 }, { 255, 1 }, { 256, 2 }, { 257, 3 }, { 600, 4 },
        { 66000, 258 + 2 + 1 },
    };
    struct log_key ours = sample_key(1), others = sample_key(2);
    struct note_key key = sample_public(&ours), other = sample_public(&others);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        sample_log(*state, rows[i].size, &ours);
        assert_int_equal(check(*state, &key), VERDICT_TRUE);
        assert_int_equal(checked.entries, rows[i].size);
        assert_int_equal(checked.tiles, rows[i].tiles);
        assert_int_equal(checked.checkpoint.size, rows[i].size);
        assert_string_equal(checked.origin, SAMPLE_ORIGIN);
        assert_damage(*state, NULL, VERDICT_CANNOT_TELL, "add up; checkpoint: nobody said");
        assert_damage(*state, &other, VERDICT_CANNOT_TELL, "add up; checkpoint: it has no sign");
    }
}

static void earlier_checkpoints_of_the_same_log_are_counted(void **state)
{
    struct log_key ours = sample_key(1);
    struct note_key key = sample_public(&ours);
    sample_log(*state, 300, &ours);
    static const uint64_t sizes[] = { 0, 300, 1, 256, 257, 1 };
    for (unsigned i = 0; i < 6; i++) {
        char name[32];
        struct tree tree = tree_of(sizes[i]);
        snprintf(name, sizeof(name), "checkpoint.%u", i);
        keep_checkpoint(*state, name, &tree, &ours);
    }
    assert_int_equal(check(*state, &key), VERDICT_TRUE);
    assert_int_equal(checked.checkpoints, 6);
}

static void a_witness_vouches_for_the_log_that_it_cosigned(void **state)
{
    char path[1024];
    struct log_key ours = sample_key(1), seen = sample_key(3);
    struct note_key witness = sample_public(&seen);
    struct note note;
    struct tree tree = tree_of(5);
    witness.name = SPAN("witness.example");
    witness.type = NOTE_COSIGNATURE;
    witness.id = note_key_id(witness.name, witness.type, witness.public_key);
    sample_log(*state, 5, &ours);
    assert_damage(*state, &witness, VERDICT_CANNOT_TELL, "no signature by 'witness.example'");
    arena_reset(&arena, 0);
    struct text text = text_in(&arena, KIB);
    text_add(&text, sample_note(&tree, &ours, &arena));
    assert_true(note_read(text_span(&text), &note, NULL));
    note_cosign(&text, note.text, witness.name, witness.id, seen.secret_key, 5);
    sample_write(sample_path(path, *state, "checkpoint"), text.at, text.len);
    assert_int_equal(check(*state, &witness), VERDICT_TRUE);
}

static void a_checkpoint_of_before_the_partial_tiles_went_is_checked_by_the_full_ones(void **state)
{
    struct log_key ours = sample_key(1);
    struct note_key key = sample_public(&ours);
    struct tree tree = tree_of(100);
    sample_log(*state, 300, &ours);
    keep_checkpoint(*state, "checkpoint", &tree, &ours);
    assert_int_equal(check(*state, &key), VERDICT_TRUE);
    assert_int_equal(checked.entries, 100);
}

// --- Damage, each kind by its name ---

static void cut(const char *path, long off)
{
    size_t size;
    char *bytes = sample_read(path, &size);
    sample_write(path, bytes, size - (size_t)off);
    free(bytes);
}

static void flip(const char *path, size_t at)
{
    size_t size;
    char *bytes = sample_read(path, &size);
    if (at >= size) at = size - 1;
    sample_poke(path, at, bytes[at] ^ 1);
    free(bytes);
}

static void append(const char *path)
{
    size_t size;
    char *bytes = sample_read(path, &size);
    bytes[size] = 'x';
    sample_write(path, bytes, size + 1);
    free(bytes);
}

static void missing(const char *path, size_t at) { (void)at, unlink(path); }
static void cut_short(const char *path, size_t at) { (void)at, cut(path, 1); }
static void grown(const char *path, size_t at) { (void)at, append(path); }
static void emptied(const char *path, size_t at) { (void)at, sample_write(path, "", 0); }
static void a_pipe(const char *path, size_t at)
{
    (void)at, unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
}

static void each_kind_of_damage_is_named(void **state)
{
    static const struct {
        const char *file;
        void (*damage)(const char *path, size_t at);
        size_t at;
        enum verdict verdict;
        const char *what;
    } rows[] = {
        { "tile/0/001", flip, 0, VERDICT_NOT_SEALED, "tile/0/001: hash 0 is not that of" },
        { "tile/0/001", flip, 8191, VERDICT_NOT_SEALED, "tile/0/001: hash 255 is not that of" },
        { "tile/0/001", cut_short, 0, VERDICT_NOT_SEALED, "tile/0/001' has 8191 bytes where 8192" },
        { "tile/0/001", grown, 0, VERDICT_NOT_SEALED, "tile/0/001' is larger than 8192" },
        { "tile/0/001", missing, 0, VERDICT_NOT_SEALED, "tile/0/001': No such file" },
        { "tile/0/001", a_pipe, 0, VERDICT_CANNOT_TELL, "tile/0/001' is not a file" },
        { "tile/0/002.p/88", flip, 100, VERDICT_NOT_SEALED, "tile/0/002.p/88: hash 3 is not" },
        { "tile/0/002.p/88", emptied, 0, VERDICT_NOT_SEALED, "tile/0/002.p/88' has 0 bytes" },
        { "tile/0/002.p/88", missing, 0, VERDICT_NOT_SEALED, "tile/0/002.p/88': No such file" },
        { "tile/1/000.p/2", flip, 33, VERDICT_NOT_SEALED, "tile/1/000.p/2: hash 1 is not" },
        { "tile/1/000.p/2", missing, 0, VERDICT_NOT_SEALED, "tile/1/000.p/2': No such file" },
        { "tile/entries/000", flip, 5, VERDICT_NOT_SEALED, "tile/0/000: hash 0 is not" },
        { "tile/entries/000", flip, 0, VERDICT_NOT_SEALED, // a length: 256 bytes more
          "tile/entries/000: it ends within its entry 1" },
        { "tile/entries/000", cut_short, 0, VERDICT_NOT_SEALED,
          "tile/entries/000: it ends within its entry 255" },
        { "tile/entries/000", grown, 0, VERDICT_NOT_SEALED,
          "tile/entries/000: it goes on behind its entry 255" },
        { "tile/entries/001", missing, 0, VERDICT_NOT_SEALED, "tile/entries/001': No such file" },
        { "tile/entries/002.p/88", grown, 0, VERDICT_NOT_SEALED,
          "tile/entries/002.p/88: it goes on behind its entry 87" },
        { "tile/entries/002.p/88", emptied, 0, VERDICT_NOT_SEALED,
          "tile/entries/002.p/88: it ends within its entry 0" },
        { "tile/entries/002.p/88", missing, 0, VERDICT_NOT_SEALED, "tile/entries/002.p/88': No" },
        { "checkpoint", missing, 0, VERDICT_MALFORMED, "checkpoint': No such file" },
        { "checkpoint", emptied, 0, VERDICT_MALFORMED, "checkpoint: a note that does not end" },
        { "checkpoint", cut_short, 0, VERDICT_MALFORMED, "checkpoint: a note that does not end" },
        { "checkpoint", a_pipe, 0, VERDICT_CANNOT_TELL, "checkpoint' is not a file" },
        { "checkpoint", flip, 0, VERDICT_FORGED, "checkpoint: the signature is not by the key" },
        { "checkpoint.7", flip, 0, VERDICT_FORGED, "checkpoint.7: the signature is not" },
        { "checkpoint.7", emptied, 0, VERDICT_MALFORMED, "checkpoint.7: a note" },
        { "checkpoint.7", a_pipe, 0, VERDICT_CANNOT_TELL, "checkpoint.7' is not a file" },
    };
    struct log_key ours = sample_key(1);
    struct note_key key = sample_public(&ours);
    struct tree earlier = tree_of(7);
    sample_log(*state, ENTRIES, &ours);
    keep_checkpoint(*state, "checkpoint.7", &earlier, &ours);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char path[1024];
        size_t size;
        assert_int_equal(check(*state, &key), VERDICT_TRUE);
        char *bytes = sample_read(sample_path(path, *state, rows[i].file), &size);
        assert_non_null(bytes);
        rows[i].damage(path, rows[i].at);
        assert_damage(*state, &key, rows[i].verdict, rows[i].what);
        assert_int_not_equal(check(*state, NULL), VERDICT_TRUE);
        unlink(path);
        sample_write(path, bytes, size);
        free(bytes);
    }
}

// Checkpoints that the key signed, and that this log does not lead to.
static void a_signed_checkpoint_of_another_tree_is_found(void **state)
{
    char path[1024];
    struct log_key ours = sample_key(1);
    struct note_key key = sample_public(&ours);
    struct tree same = tree_of(ENTRIES), smaller = tree_of(599), larger = tree_of(601);
    struct tree other = tree_of(ENTRIES), earlier = tree_of(7), empty = { 0 };
    sample_log(*state, ENTRIES, &ours);
    other.edge[9].bytes[0] ^= 1;
    keep_checkpoint(*state, "checkpoint", &other, &ours);
    assert_damage(*state, &key, VERDICT_NOT_SEALED, "checkpoint: its root is not that of the 600");
    keep_checkpoint(*state, "checkpoint", &larger, &ours);
    assert_damage(*state, &key, VERDICT_NOT_SEALED, "tile/entries/002.p/89': No such file");
    keep_checkpoint(*state, "checkpoint", &same, &ours);
    assert_int_equal(check(*state, &key), VERDICT_TRUE);

    keep_checkpoint(*state, "checkpoint.1", &smaller, &ours);
    assert_int_equal(check(*state, &key), VERDICT_TRUE);
    keep_checkpoint(*state, "checkpoint.1", &larger, &ours); // the log was cut back
    assert_damage(*state, &key, VERDICT_NOT_SEALED, "checkpoint.1: it is of 601 entries");
    earlier.edge[0].bytes[0] ^= 1;
    keep_checkpoint(*state, "checkpoint.1", &earlier, &ours);
    assert_damage(*state, &key, VERDICT_NOT_SEALED, "checkpoint.1: its root is not that of 7");
    sample_write(sample_path(path, *state, "checkpoint.1"), "", 0);
    assert_int_equal(unlink(path), 0);

    arena_reset(&arena, 0);
    struct checkpoint of_nothing = { SPAN(SAMPLE_ORIGIN), 0, tree_root(&same) };
    struct text body = text_in(&arena, 512), note = text_in(&arena, 512);
    checkpoint_write(&body, &of_nothing);
    note_sign(&note, text_span(&body), key.name, key.id, ours.secret_key);
    sample_write(sample_path(path, *state, "checkpoint.0"), note.at, note.len);
    assert_damage(*state, &key, VERDICT_NOT_SEALED, "checkpoint.0: its root is not that of 0");
    keep_checkpoint(*state, "checkpoint.0", &empty, &ours);
    assert_int_equal(check(*state, &key), VERDICT_TRUE);
}

static void a_folder_that_is_none_cannot_be_told_of(void **state)
{
    char path[1024];
    assert_damage("/nowhere/at/all", NULL, VERDICT_CANNOT_TELL, "could not be read");
    sample_write(sample_path(path, *state, "file"), "x", 1);
    assert_damage(path, NULL, VERDICT_CANNOT_TELL, "could not be read");
    assert_damage(*state, NULL, VERDICT_MALFORMED, "No such file");
}

// --- Every bit ---

static void (*each_file)(const char *path, const char *name);
static size_t folder_len;

static int visit(const char *path, const struct stat *stat, int flag, struct FTW *walk)
{
    (void)stat, (void)walk;
    if (flag == FTW_F) each_file(path, path + folder_len + 1);
    return 0;
}

static void visit_files(const char *folder, void (*visitor)(const char *path, const char *name))
{
    each_file = visitor;
    folder_len = strlen(folder);
    assert_int_equal(nftw(folder, visit, 16, FTW_PHYS), 0);
}

static struct note_key bits_key;
static const char *bits_folder;
static unsigned bits_flipped, bits_harmless;
static size_t bits_step;

// In an earlier checkpoint, whose line of the signature says it is by somebody else: its root is
// compared all the same.
static bool is_harmless(const char *name, const char *bytes, size_t at)
{
    const char *line = strstr(bytes, "\n\n");
    return strncmp(name, "checkpoint.", 11) == 0 && line != NULL && bytes + at > line;
}

static void flip_each_bit(const char *path, const char *name)
{
    size_t size;
    char *bytes = sample_read(path, &size);
    bytes[size] = '\0';
    for (size_t bit = 0; bit < 8 * size; bit += bits_step) {
        sample_poke(path, bit / 8, (char)(bytes[bit / 8] ^ 1 << bit % 8));
        bool found = check(bits_folder, &bits_key) != VERDICT_TRUE;
        sample_poke(path, bit / 8, bytes[bit / 8]);
        if (!found && !is_harmless(name, bytes, bit / 8))
            fail_msg("bit %zu of %s is not missed", bit, name);
        bits_flipped++;
        bits_harmless += !found;
    }
    free(bytes);
}

static void a_flipped_bit_in_any_file_is_found_or_harmless(void **state)
{
    struct log_key ours = sample_key(1);
    struct tree earlier = tree_of(7);
    sample_log(*state, 12, &ours);
    keep_checkpoint(*state, "checkpoint.1", &earlier, &ours);
    bits_key = sample_public(&ours);
    bits_folder = *state;
    bits_flipped = bits_harmless = 0;
    bits_step = 1;
    visit_files(*state, flip_each_bit);
    assert_true(bits_flipped > 6000);
    assert_true(bits_harmless < bits_flipped / 10);
    assert_int_equal(check(*state, &bits_key), VERDICT_TRUE);
}

static void so_it_is_on_several_levels(void **state)
{
    struct log_key ours = sample_key(1);
    sample_log(*state, ENTRIES, &ours);
    bits_key = sample_public(&ours);
    bits_folder = *state;
    bits_flipped = bits_harmless = 0;
    bits_step = 1009;
    visit_files(*state, flip_each_bit);
    assert_true(bits_flipped > 200);
    assert_int_equal(bits_harmless, 0);
}

// --- A log that others wrote ---

static const char *copy_folder;

static void copy_file(const char *path, const char *name)
{
    char to[1024];
    size_t size;
    char *bytes = sample_read(path, &size);
    sample_path(to, copy_folder, name);
    for (char *slash = strchr(to + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(to, 0777);
        *slash = '/';
    }
    sample_write(to, bytes, size);
    free(bytes);
}

static unsigned unused_flipped;

// Partial tiles of earlier sizes are not looked at; all else is.
static void flip_a_bit_of_each(const char *path, const char *name)
{
    if (strcmp(name, "vkey.txt") == 0) return;
    bool unused = strstr(name, ".p/") != NULL && strstr(name, ".p/15") == NULL;
    flip(path, 40);
    assert_int_equal(check(bits_folder, &bits_key) == VERDICT_TRUE, unused);
    flip(path, 40);
    unused_flipped += unused;
}

static void a_log_that_tessera_wrote_is_true_and_its_damage_is_found(void **state)
{
    char folder[900], path[1024];
    size_t size;
    snprintf(folder, sizeof(folder), "%s/../shared/data/tlog/tessera", getenv("TIDEWAITER_ROOT"));
    char *vkey = sample_read(sample_path(path, folder, "vkey.txt"), &size);
    if (vkey == NULL) {
        print_message("tessera's log is not here\n");
        skip();
    }
    assert_true(note_key_read(span_trim((struct span){ vkey, size }), &bits_key, NULL));
    assert_int_equal(check(folder, &bits_key), VERDICT_TRUE);
    assert_int_equal(checked.entries, 15);
    assert_int_equal(checked.checkpoints, 16);
    assert_int_equal(check(folder, NULL), VERDICT_CANNOT_TELL);

    copy_folder = bits_folder = *state;
    visit_files(folder, copy_file);
    assert_int_equal(check(*state, &bits_key), VERDICT_TRUE);
    unused_flipped = 0;
    visit_files(*state, flip_a_bit_of_each);
    assert_true(unused_flipped > 0);
    free(vkey);
}

static uint64_t told_last;

static void told(void *context, uint64_t entries, uint64_t whole)
{
    assert_ptr_equal(context, &told_last);
    assert_int_equal(whole, ENTRIES);
    assert_true(entries > told_last);
    told_last = entries;
}

static void progress_is_told_to_the_end(void **state)
{
    struct log_key ours = sample_key(1);
    sample_log(*state, ENTRIES, &ours);
    told_last = 0;
    log_check(*state, NULL, &arena, told, &told_last, &checked);
    assert_int_equal(told_last, ENTRIES);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(a_log_that_adds_up_is_true_with_its_key_at_any_size),
        TEST(earlier_checkpoints_of_the_same_log_are_counted),
        TEST(a_witness_vouches_for_the_log_that_it_cosigned),
        TEST(a_checkpoint_of_before_the_partial_tiles_went_is_checked_by_the_full_ones),
        TEST(each_kind_of_damage_is_named),
        TEST(a_signed_checkpoint_of_another_tree_is_found),
        TEST(a_folder_that_is_none_cannot_be_told_of),
        TEST(a_flipped_bit_in_any_file_is_found_or_harmless),
        TEST(so_it_is_on_several_levels),
        TEST(a_log_that_tessera_wrote_is_true_and_its_damage_is_found),
        TEST(progress_is_told_to_the_end),
    };
    return cmocka_run_group_tests_name("log_check", tests, NULL, NULL);
}
