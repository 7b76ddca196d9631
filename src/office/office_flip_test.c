#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "ledger/log_check.h"
#include "ledger/tiles.h"
#include "ledger/tree.h"
#include "office/scene.h"

// One bit is flipped anywhere in the files of a store, a thousand times. Then the office is opened,
// one more declaration is lodged, and everything is checked and read. Either somebody says what is
// damaged, or everything equals what was. No facts are shown that are not what they were, and no
// checkpoint is signed that does not go on from the one before.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { FLIPS = 150 };
#else
enum { FLIPS = 1000 };
#endif

enum { FLIPS_LONG = 1000, ROUNDS = 10, EACH = 8, FILES = ROUNDS * EACH, KEPT_MAX = 64,
       NEW_NUMBER = 900 };

struct kept_file { char path[128]; uint64_t size; }; // path below the scene's folder

// What the store was like before anything was flipped.
struct base {
    struct scene scene;
    char copy[160];                    // where the sound files stand
    struct kept_file files[KEPT_MAX];
    uint32_t files_count;
    struct sha256 facts[FILES];
    struct span views;
    struct tree tree;
    uint64_t end;                      // of the journal
};

struct flip { const struct kept_file *file; uint64_t at; int bit; };

struct tally { uint32_t refused, answered, checked, published, read, views, unharmed; };

static struct base base;
static char now_flipped[192];          // told when the program is aborted

static void tell_and_abort(int signal_number)
{
    (void)signal_number;
    ssize_t told = write(STDERR_FILENO, now_flipped, strlen(now_flipped));
    (void)told;
}

// --- The store before ----------------------------------------------------------------------------

static int take_file(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
    (void)where;
    if (kind != FTW_F) return 0;
    assert_true(base.files_count < KEPT_MAX);
    struct kept_file *file = &base.files[base.files_count++];
    snprintf(file->path, sizeof(file->path), "%s", path + strlen(base.copy) + 1);
    file->size = (uint64_t)stat->st_size;
    return 0;
}

static int compare_files(const void *one, const void *other)
{
    return strcmp(((const struct kept_file *)one)->path, ((const struct kept_file *)other)->path);
}

static bool add_leaves(void *context, const struct store_append *append, uint64_t next,
                       struct error *err)
{
    struct tree *tree = context;
    (void)next, (void)err;
    for (uint32_t i = 0; i < append->facts_count; i++)
        tree_add(tree, tree_leaf(sha256_span(&append->facts[i].commitment)));
    return true;
}

static bool read_leaves(struct scene *scene, uint64_t from, struct tree *tree, struct error *err)
{
    struct arena scratch;
    if (!arena_open(&scratch, (size_t)8 * MIB, err)) return false;
    bool done = store_scan(office_store(scene->office), from, STORE_COMMITMENTS, &scratch,
                           add_leaves, tree, err);
    arena_close(&scratch);
    return done;
}

static void lodge_base(struct scene *scene)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct told told[EACH];
        enum answer_kind kinds[EACH] = { 0 };
        for (uint32_t i = 0; i < EACH; i++)
            told[i] = (struct told){ .number = round * EACH + i + 1, .gold = i == 3,
                                     .broken = i == 5 };
        scene_submit(scene, told, EACH, kinds);
        office_drain(scene->office);
    }
    for (uint32_t round = 0; round < ROUNDS; round += 2)
        assert_int_equal(scene_decide(scene, round * EACH + 4, DECISION_RELEASE).kind,
                         ANSWER_LODGED);
}

static int begin(void **state)
{
    struct error err;
    struct store_seal seal;
    struct scene *scene = &base.scene;
    (void)state;
    signal(SIGABRT, tell_and_abort);
    scene_begin(scene);
    scene->segment_size = 64 * KIB;
    scene_open(scene);
    lodge_base(scene);
    scene_check(scene);
    for (uint32_t i = 0; i < FILES; i++)
        base.facts[i] = scene_facts(scene, scene_name(i + 1, &scene->arena));
    assert_true(read_leaves(scene, 0, &base.tree, &err));
    store_seal(office_store(scene->office), &seal);
    base.end = seal.end;
    assert_true(arena_copy(&scene->books_arena, scene_views(scene, true), &base.views));
    scene_close(scene);

    snprintf(base.copy, sizeof(base.copy), "%s/copy", scene->folder);
    assert_int_equal(mkdir(base.copy, 0777), 0);
    char into[256];
    snprintf(into, sizeof(into), "%s/store", base.copy);
    scene_copy_folder(scene->store, into);
    snprintf(into, sizeof(into), "%s/apart", base.copy);
    scene_copy_file(scene->apart, into);
    assert_int_equal(nftw(base.copy, take_file, 16, FTW_PHYS), 0);
    qsort(base.files, base.files_count, sizeof(base.files[0]), compare_files);
    return 0;
}

static int end(void **state)
{
    (void)state;
    scene_end(&base.scene);
    return 0;
}

// --- One flip ------------------------------------------------------------------------------------

static void restore(void)
{
    char from[256];
    snprintf(from, sizeof(from), "%s/store", base.copy);
    scene_copy_folder(from, base.scene.store);
    snprintf(from, sizeof(from), "%s/apart", base.copy);
    scene_copy_file(from, base.scene.apart);
}

static void flip_bit(struct flip flip)
{
    char path[512];
    unsigned char byte;
    snprintf(path, sizeof(path), "%s/%s", base.scene.folder, flip.file->path);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, (long)flip.at, SEEK_SET), 0);
    assert_int_equal(fread(&byte, 1, 1, file), 1);
    byte ^= (unsigned char)(1 << flip.bit);
    assert_int_equal(fseek(file, (long)flip.at, SEEK_SET), 0);
    assert_int_equal(fwrite(&byte, 1, 1, file), 1);
    assert_int_equal(fclose(file), 0);
}

static struct sha256 hash_file(const char *name)
{
    struct arena arena;
    struct error err;
    struct span bytes = SPAN("");
    assert_true(arena_open(&arena, (size_t)4 * MIB, &err));
    if (!tile_file(base.scene.folder, name, (size_t)4 * MIB - 4096, &arena, &bytes, &err))
        assert_int_equal(err.kind, ERROR_NOT_FOUND);
    struct sha256 hash = sha256_of(bytes);
    arena_close(&arena);
    return hash;
}

// Who refuses to open leaves all as it was: nothing is signed, and nothing that could still be
// mended is destroyed.
static struct sha256 hash_of_all(void)
{
    struct sha256 all = { 0 };
    for (uint32_t i = 0; i < base.files_count; i++) {
        const char *path = base.files[i].path;
        if (strstr(path, "journal/") == NULL && strstr(path, "ledger/checkpoint") == NULL &&
            strstr(path, "apart") == NULL)
            continue;
        struct sha256 one = hash_file(path);
        all = sha256_of_two(sha256_span(&all), sha256_span(&one));
    }
    return all;
}

static void assert_says_something(const struct error *err)
{
    static const char *const words[] = { "journal", "seal", "key", "record", "views", "tile",
                                         "ledger", "entries", "fact", "store" };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strstr(err->text, words[i]) != NULL) return;
    fail_msg("%s: it does not say what is damaged: '%s'", now_flipped, err->text);
}

// The files that can be read are what they were. How many could not be read.
static uint32_t read_all(struct scene *scene)
{
    uint32_t unread = 0;
    for (uint32_t i = 0; i < FILES; i++) {
        struct error err;
        struct file file;
        struct store_append *appends;
        uint32_t count;
        arena_reset(&scene->arena, 0);
        struct span name = scene_name(i + 1, &scene->arena);
        if (!office_file(scene->office, name, &scene->arena, &file, &appends, &count, &err)) {
            if (err.kind == ERROR_NOT_FOUND) fail_msg("%s: file %u is gone", now_flipped, i + 1);
            assert_says_something(&err);
            unread++;
            continue;
        }
        struct sha256 hash = { 0 };
        for (uint32_t a = 0; a < count; a++)
            for (uint32_t f = 0; f < appends[a].facts_count; f++)
                hash = sha256_of_two(sha256_span(&hash), appends[a].facts[f].json);
        if (!sha256_equal(hash, base.facts[i])) fail_msg("%s: file %u differs", now_flipped, i + 1);
    }
    return unread;
}

// What was signed since is of the tree as it was, and the facts that were added.
static void assert_signed_right(struct scene *scene)
{
    struct error err;
    struct store_seal seal;
    struct tree tree = base.tree;
    assert_true(office_seal(scene->office, &scene->arena, &seal, &err));
    assert_true(seal.tree_size >= base.tree.size);
    if (!read_leaves(scene, base.end, &tree, &err)) fail_msg("%s: %s", now_flipped, err.text);
    struct sha256 root = tree_root(&tree);
    if (seal.tree_size != tree.size || !sha256_equal(seal.root, root))
        fail_msg("%s: a checkpoint that does not go on from the last", now_flipped);
}

static bool is_ledger_sound(struct scene *scene)
{
    static struct log_checked checked;
    struct note_key key;
    struct arena arena;
    struct error err;
    assert_true(note_key_read(office_log_key(scene->office), &key, &err));
    assert_true(arena_open(&arena, (size_t)16 * MIB, &err));
    enum verdict verdict = log_check(office_tiles(scene->office), &key, &arena, NULL, NULL,
                                     &checked);
    arena_close(&arena);
    if (verdict != VERDICT_TRUE) assert_true(checked.sentence[0] != '\0');
    return verdict == VERDICT_TRUE;
}

static bool are_views_right(struct scene *scene)
{
    struct error err;
    struct span views;
    arena_reset(&scene->arena, 0);
    struct span name = scene_name(NEW_NUMBER, &scene->arena);
    return scene_read_views(scene, true, name, &views, &err) && span_equal(views, base.views);
}

// The views are derived: what is wrong there is right again after a rebuild.
static void mend_views(struct scene *scene, bool lodged)
{
    struct error err;
    uint64_t files;
    if (!office_rebuild(scene->office, NULL, NULL, &files, &err))
        fail_msg("%s: no rebuild: %s", now_flipped, err.text);
    assert_int_equal(files, FILES + lodged);
    assert_int_equal(read_all(scene), 0);
    if (!are_views_right(scene)) fail_msg("%s: a rebuild does not mend the views", now_flipped);
}

static void look_at_open_office(struct scene *scene, struct tally *tally)
{
    struct error err;
    arena_reset(&scene->arena, 0);
    struct answer answer = scene_send(scene, (struct told){ .number = NEW_NUMBER });
    bool lodged = answer.kind == ANSWER_LODGED;
    if (!lodged) {
        assert_int_equal(answer.kind, ANSWER_UNAVAILABLE);
        assert_says_something(&answer.err);
    }
    bool checked = office_check(scene->office, &err);
    if (!checked) {
        assert_int_equal(err.kind, ERROR_DAMAGED);
        assert_says_something(&err);
    }
    bool published = office_publish(scene->office, &err) && is_ledger_sound(scene);
    assert_signed_right(scene);
    bool read = read_all(scene) == 0, viewed = are_views_right(scene);
    if (checked && (!read || !viewed)) mend_views(scene, lodged);
    tally->answered += !lodged;
    tally->checked += !checked;
    tally->published += !published;
    tally->read += !read;
    tally->views += read && !viewed;
    tally->unharmed += lodged && checked && published && read && viewed;
}

static void try_flip(struct flip flip, struct tally *tally)
{
    struct scene *scene = &base.scene;
    struct error err = { 0 };
    snprintf(now_flipped, sizeof(now_flipped), "%s, byte %llu, bit %d\n", flip.file->path,
             (unsigned long long)flip.at, flip.bit);
    restore();
    flip_bit(flip);
    struct sha256 before = hash_of_all();
    if (!scene_try_open(scene, &err)) {
        assert_says_something(&err);
        struct sha256 after = hash_of_all();
        if (!sha256_equal(after, before)) fail_msg("%s: refused, and changed", now_flipped);
        tally->refused++;
        return;
    }
    look_at_open_office(scene, tally);
    bool closed = office_close(scene->office, &err);
    scene->office = NULL;
    if (!closed) assert_says_something(&err);
}

static uint64_t draw(uint64_t *chance, uint64_t below)
{
    *chance = *chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*chance >> 33) % below;
}

static void a_flipped_bit_is_named_or_harmless(void **state)
{
    const char *is_long = getenv("TIDEWAITER_LONG");
    uint32_t flips = is_long != NULL && strcmp(is_long, "yes") == 0 ? FLIPS_LONG : FLIPS;
    struct tally tally = { 0 };
    uint64_t chance = 20260105;
    (void)state;
    for (uint32_t i = 0; i < flips; i++) {
        const struct kept_file *file = &base.files[i % base.files_count];
        if (file->size == 0) continue;
        try_flip((struct flip){ file, draw(&chance, file->size), (int)draw(&chance, 8) }, &tally);
    }
    print_message("%u flips in %u files: %u kept the office from opening, %u were found by the "
                  "check, %u in the published ledger, %u on reading, %u refused a message, "
                  "%u changed the views unseen and were mended by a rebuild, %u harmed "
                  "nothing\n", flips,
                  base.files_count, tally.refused, tally.checked, tally.published, tally.read,
                  tally.answered, tally.views, tally.unharmed);
    assert_true(tally.refused > 0);
    assert_true(tally.checked > 0);
    assert_true(tally.published > 0);
    assert_true(tally.unharmed > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_bit_is_named_or_harmless),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
