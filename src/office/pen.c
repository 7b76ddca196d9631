#include "office/pen.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "ledger/checkpoint.h"
#include "office/small_file.h"

enum { SYNC_EVERY_S = 10, HEAL_EVERY_S = 10 };

// --- The key ---

static bool make_key(struct pen *pen, const char *log_name, struct error *err)
{
    _Alignas(16) char memory[2048];
    struct arena arena = arena_over(memory, sizeof(memory));
    uint8_t seed[32];
    pen->surroundings->random(seed, sizeof(seed));
    if (!log_key_make(&pen->key, span_of(log_name), seed, err)) return false;
    struct text text = text_in(&arena, 512);
    log_key_write(&text, &pen->key);
    return small_file_write(pen->store, "log.key", text_span(&text), 0600, true, err);
}

static bool key_is_missing(const struct pen *pen, struct error *err)
{
    char path[SMALL_FILE_PATH_MAX];
    small_file_path(pen->store, "log.key", path);
    error_set(err, ERROR_DAMAGED, "the ledger's key is missing");
    return error_hint(err, "Put it back at '%s'; without it nothing can be signed.", path);
}

static bool write_vkey(const struct pen *pen, struct error *err)
{
    _Alignas(16) char memory[2048];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text vkey = text_in(&arena, 512);
    text_add(&vkey, log_key_vkey(&pen->key));
    text_add_char(&vkey, '\n');
    return small_file_write(pen->directory, "vkey", text_span(&vkey), 0644, true, err);
}

// A fresh store gets a key; any other must have one.
static bool open_key(struct pen *pen, const char *log_name, bool fresh, struct error *err)
{
    char kept[SMALL_FILE_MAX], vkey[SMALL_FILE_MAX];
    size_t size;
    struct error missing;
    if (small_file_read(pen->store, "log.key", kept, &size, &missing)) {
        if (!log_key_read((struct span){ kept, size }, &pen->key, err)) return false;
    } else if (missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    } else if (!fresh) {
        return key_is_missing(pen, err);
    } else if (!make_key(pen, log_name, err)) {
        return false;
    }
    bool right = small_file_read(pen->directory, "vkey", vkey, &size, &missing) &&
                 span_equal(span_trim((struct span){ vkey, size }), log_key_vkey(&pen->key));
    return right || write_vkey(pen, err);
}

// --- The store against what was signed ---

static bool behind(struct error *err, const char *what)
{
    error_set(err, ERROR_DAMAGED, "the store is behind what was signed: %s", what);
    return error_hint(err,
                      "It was restored from an old copy, or its newest batch is damaged. "
                      "Restore the newest copy; a second history must not be signed.");
}

static bool check_apart(const struct pen *pen, const struct apart_record *record, const char *path,
                        struct error *err)
{
    char what[120];
    if (record->batch == 0) return true;
    if (record->log_key != key_of(log_key_vkey(&pen->key))) {
        error_set(err, ERROR_DAMAGED, "the record kept apart is of another ledger");
        return error_hint(err, "Was the store deleted? If that is meant, delete '%s' too.", path);
    }
    if (record->tree_size > pen->last.tree_size) {
        snprintf(what, sizeof(what), "%llu facts were sealed, and %llu are kept",
                 (unsigned long long)record->tree_size, (unsigned long long)pen->last.tree_size);
        return behind(err, what);
    }
    bool same = record->tree_size < pen->last.tree_size ||
                sha256_equal(record->root, pen->last.root);
    return same || behind(err, "the same number of facts, and another root");
}

// Reads the tree that a seal is of; its root and the signature must be what the seal says.
static bool check_seal(const struct pen *pen, const struct store_seal *seal, struct tree *tree,
                       struct error *err)
{
    *tree = (struct tree){ 0 };
    if (seal->batch == 0) return true;
    struct note note;
    struct note_key key;
    struct checkpoint checkpoint;
    if (!tree_edge_read(seal->edge, seal->tree_size, tree, err)) return false;
    struct sha256 root = tree_root(tree);
    if (!sha256_equal(root, seal->root))
        return error_set(err, ERROR_DAMAGED, "the last seal's root is not that of its tree");
    if (!note_read(seal->checkpoint, &note, err) ||
        !checkpoint_read(note.text, &checkpoint, err) ||
        !note_key_read(log_key_vkey(&pen->key), &key, err))
        return false;
    if (note_verify(&note, &key, NULL) != NOTE_SIGNED || checkpoint.size != seal->tree_size ||
        !sha256_equal(checkpoint.root, root))
        return error_set(err, ERROR_DAMAGED, "the last seal is not signed by the ledger's key");
    return true;
}

static bool record_apart(struct pen *pen, const struct store_seal *seal, struct error *err)
{
    struct apart_record record = { seal->batch, seal->tree_size, seal->root,
                                   key_of(log_key_vkey(&pen->key)) };
    return seal->batch == 0 || apart_write(pen->apart, &record, err);
}

// Takes over a seal that is recorded. Its edge is in the tree.
static void take_seal(struct pen *pen, const struct store_seal *seal)
{
    assert(seal->checkpoint.len <= sizeof(pen->last_checkpoint));
    if (seal->batch > 0)
        memcpy(pen->last_checkpoint, seal->checkpoint.at, seal->checkpoint.len);
    pen->last = *seal;
    pen->last.checkpoint.at = pen->last_checkpoint;
    pen->last.edge = SPAN("");
    pen->before = pen->tree;
    pen->unpublished = seal->batch > 0;
}

// --- Tiles: what is missing is published at the start ---

// After a fault: what they hold is not known. pen_publish opens them again.
static void close_tiles(struct pen *pen)
{
    tiles_close(pen->tiles);
    pen->tiles = NULL;
}

// A record that lags is of an earlier tree, which must be the beginning of this one: looked at
// while the tiles learn the rest.
static void meet_record(struct pen *pen)
{
    const struct tree *tree = tiles_tree(pen->tiles);
    if (pen->lags.batch == 0 || tree->size != pen->lags.tree_size) return;
    struct sha256 root = tree_root(tree);
    pen->lags_met = sha256_equal(root, pen->lags.root);
}

static bool feed(void *context, const struct store_append *append, uint64_t next, struct error *err)
{
    struct pen *pen = context;
    if (append->position >= pen->last.end) return true; // kept, and not recorded apart yet
    if (!pen_tell(pen, append, NULL, err)) return false;
    pen->told_to = next;
    meet_record(pen);
    return true;
}

// The tiles learn what the journal has behind `told_to`, and must then lead to its root.
static bool feed_tiles(struct pen *pen, struct store *store, struct error *err)
{
    struct arena scratch;
    if (!arena_open(&scratch, (size_t)16 * MIB, err)) return false;
    bool fed = store_scan(store, pen->told_to, STORE_COMMITMENTS, &scratch, feed, pen, err);
    arena_close(&scratch);
    if (!fed) return false;
    struct sha256 root = tree_root(tiles_tree(pen->tiles));
    if (tiles_tree(pen->tiles)->size == pen->before.size &&
        sha256_equal(root, tree_root(&pen->before)))
        return true;
    return error_set(err, ERROR_DAMAGED, "the published tiles do not lead to the journal's root");
}

static bool feed_from(struct pen *pen, struct store *store, const struct tree *tree,
                      uint64_t position, struct error *err)
{
    close_tiles(pen);
    pen->told_to = position;
    if (!tiles_open(&pen->tiles, pen->directory, tree, err)) return false;
    pen->told_all = tree->size == pen->last.tree_size;
    meet_record(pen);
    return feed_tiles(pen, store, err);
}

// "<size> <position> <edge in base64> <boot>": how far the published tiles are, and under which
// boot they were written; in the file "tiles.synced" without a boot: what is durable for certain.
static bool write_progress(struct pen *pen, const char *name, struct error *err)
{
    _Alignas(16) char memory[SMALL_FILE_MAX];
    struct arena arena = arena_over(memory, sizeof(memory));
    char edge[TREE_EDGE_MAX * SHA256_SIZE];
    const struct tree *tree = tiles_tree(pen->tiles);
    struct text text = text_in(&arena, SMALL_FILE_MAX - 64);
    text_add_format(&text, "%llu %llu ", (unsigned long long)tree->size,
                    (unsigned long long)pen->told_to);
    base64_write(&text, edge, tree_edge_write(tree, edge));
    text_add_format(&text, " %s\n", pen->boot);
    return small_file_write(pen->store, name, text_span(&text), 0666, false, err);
}

static bool read_progress(const struct pen *pen, const char *name, bool any_boot, struct tree *tree,
                          uint64_t *position)
{
    char kept[SMALL_FILE_MAX];
    size_t kept_size;
    struct error ignored;
    if (!small_file_read(pen->store, name, kept, &kept_size, &ignored)) return false;
    struct span_pair size = span_cut((struct span){ kept, kept_size }, ' ');
    struct span_pair at = span_cut(size.tail, ' ');
    struct span_pair edge = span_cut(at.tail, ' ');
    uint8_t bytes[TREE_EDGE_MAX * SHA256_SIZE];
    size_t len;
    uint64_t tree_size;
    if (!edge.found || !span_to_u64(size.head, &tree_size) || !span_to_u64(at.head, position) ||
        !base64_read(edge.head, bytes, sizeof(bytes), &len) ||
        !tree_edge_read((struct span){ (const char *)bytes, len }, tree_size, tree, &ignored))
        return false;
    bool same_boot = pen->boot[0] != '\0' && span_equal(span_trim(edge.tail), span_of(pen->boot));
    return (any_boot || same_boot) && tree_size <= pen->last.tree_size;
}

// The newest state of the tiles that can be believed; failing that, all of them again.
static bool open_tiles(struct pen *pen, struct store *store, struct error *err)
{
    static const struct {
        const char *name;
        bool any_boot;
    } tries[] = { { "tiles.published", false }, { "tiles.synced", true } };
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        struct tree tree;
        uint64_t position;
        if (!read_progress(pen, tries[i].name, tries[i].any_boot, &tree, &position)) continue;
        if (pen->lags.batch > 0 && tree.size > pen->lags.tree_size) continue; // it would pass by
        if (feed_from(pen, store, &tree, position, err)) return true;
        if (err->kind == ERROR_UNAVAILABLE) return false; // a full disk; what is there is right
        pen->surroundings->log(pen->surroundings->log_context, "tiles-rewritten", "%s", err->text);
    }
    struct tree empty = { 0 };
    return feed_from(pen, store, &empty, 0, err);
}

static bool extends_record(const struct pen *pen, struct error *err)
{
    if (pen->lags.batch == 0 || pen->lags_met) return true;
    error_set(err, ERROR_DAMAGED, "the store does not go on from what was signed");
    return error_hint(err, "It has another history. Restore the copy that the record kept apart is "
                           "of; a second history must not be signed.");
}

// --- Opening ---

static bool make_folder(const struct pen *pen, struct error *err)
{
    if (mkdir(pen->directory, 0777) == 0 || errno == EEXIST) return true;
    return error_set(err, ERROR_UNAVAILABLE, "could not make folder '%s': %s", pen->directory,
                     strerror(errno));
}

// Beside the store's folder, by its real name: never in it, where a copy would take it along.
static bool apart_path(const struct office_settings *settings, char path[PATH_MAX + 16],
                       struct error *err)
{
    char real[PATH_MAX];
    if (settings->apart != NULL) {
        snprintf(path, PATH_MAX + 16, "%s", settings->apart);
        return true;
    }
    if (realpath(settings->directory, real) == NULL)
        return error_set(err, ERROR_UNAVAILABLE, "could not find the folder '%s': %s",
                         settings->directory, strerror(errno));
    snprintf(path, PATH_MAX + 16, "%s.apart", real);
    return true;
}

// The newest checkpoint, unless it is there already: then there is nothing new to make durable.
static bool publish_at_start(struct pen *pen, struct store *store, struct error *err)
{
    char kept[SMALL_FILE_MAX];
    size_t size;
    struct error missing;
    if (pen->last.batch > 0 && pen->told_all &&
        small_file_read(pen->directory, "checkpoint", kept, &size, &missing) &&
        span_equal((struct span){ kept, size }, pen->last.checkpoint))
        pen->unpublished = false;
    return pen_publish(pen, store, false, err);
}

static bool open_parts(struct pen *pen, const struct office_settings *settings,
                       struct store *store, struct error *err)
{
    char path[PATH_MAX + 16];
    struct apart_record record;
    struct store_seal seal;
    pen->store = settings->directory;
    snprintf(pen->directory, sizeof(pen->directory), "%s/ledger", settings->directory);
    if (settings->boot != NULL) snprintf(pen->boot, sizeof(pen->boot), "%s", settings->boot);
    store_seal(store, &seal);
    if (!make_folder(pen, err) || !apart_path(settings, path, err)) return false;
    if (!open_key(pen, settings->log_name, seal.batch == 0, err)) return false;
    if (!apart_open(&pen->apart, pen->surroundings->disk, path, &record, err)) return false;
    if (!check_seal(pen, &seal, &pen->tree, err)) return false;
    take_seal(pen, &seal);
    // Nothing is published or recorded before the store is known to go on from the record.
    if (!check_apart(pen, &record, path, err)) return false;
    if (record.tree_size < seal.tree_size) pen->lags = record;
    if (!open_tiles(pen, store, err) || !extends_record(pen, err)) return false;
    pen->lags = (struct apart_record){ 0 };
    pen->synced_ns = pen->surroundings->ticks_ns(); // a sync is slow: not at every opening
    return record_apart(pen, &seal, err) && publish_at_start(pen, store, err);
}

bool pen_is_simulated(const struct pen *pen)
{
    return span_ends_with(span_of(pen->key.name), SPAN(LOG_NAME_SIMULATED));
}

bool pen_open(struct pen *pen, const struct office_settings *settings,
               const struct office_surroundings *surroundings, struct store *store,
               struct error *err)
{
    *pen = (struct pen){ .surroundings = surroundings };
    if (open_parts(pen, settings, store, err)) return true;
    pen_close(pen);
    return false;
}

void pen_close(struct pen *pen)
{
    apart_close(pen->apart);
    tiles_close(pen->tiles);
    *pen = (struct pen){ 0 };
}

// --- Signing ---

void pen_add(struct pen *pen, const struct sha256 *leaves, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) tree_add(&pen->tree, leaves[i]);
}

bool pen_sign(struct pen *pen, struct store_seal *signed_seal, struct error *err)
{
    _Alignas(16) char memory[4096];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct checkpoint checkpoint = { span_of(pen->key.name), pen->tree.size,
                                     tree_root(&pen->tree) };
    struct text body = text_in(&arena, 512), note = text_in(&arena, 2048);
    checkpoint_write(&body, &checkpoint);
    note_sign(&note, text_span(&body), span_of(pen->key.name), pen->key.id, pen->key.secret_key);
    if (body.full || note.full || note.len > sizeof(pen->checkpoint))
        return error_set(err, ERROR_TOO_LARGE, "the checkpoint is too long");
    memcpy(pen->checkpoint, note.at, note.len);
    *signed_seal = (struct store_seal){ .tree_size = checkpoint.size, .root = checkpoint.root,
        .edge = { pen->edge, tree_edge_write(&pen->tree, pen->edge) },
        .checkpoint = { pen->checkpoint, note.len } };
    return true;
}

bool pen_kept(struct pen *pen, struct store *store, struct error *err)
{
    struct store_seal seal;
    store_seal(store, &seal);
    assert(seal.tree_size == pen->tree.size);
    if (!record_apart(pen, &seal, err)) return false;
    take_seal(pen, &seal);
    return true;
}

void pen_undo(struct pen *pen)
{
    pen->tree = pen->before;
}

bool pen_follow(struct pen *pen, struct store *store, struct error *err)
{
    struct store_seal seal;
    struct tree tree;
    store_seal(store, &seal);
    bool same = seal.batch == pen->last.batch && sha256_equal(seal.root, pen->last.root);
    bool newer = seal.batch > pen->last.batch && seal.tree_size > pen->last.tree_size;
    if (!same && !newer) return behind(err, "it lost a batch while the office was open");
    if (!check_seal(pen, &seal, &tree, err) || !record_apart(pen, &seal, err)) return false;
    pen->tree = tree;
    take_seal(pen, &seal);
    return true;
}

// What the tiles have already is passed over: they may know half of an append.
bool pen_tell(struct pen *pen, const struct store_append *append, const struct sha256 *leaves,
              struct error *err)
{
    if (pen->tiles == NULL)
        return error_set(err, ERROR_UNAVAILABLE, "the published ledger is closed after a fault");
    for (uint32_t i = 0; i < append->facts_count; i++) {
        uint64_t have = tiles_tree(pen->tiles)->size, leaf_at = append->first_leaf + i;
        if (leaf_at < have) continue;
        if (leaf_at > have)
            return error_set(err, ERROR_DAMAGED,
                             "the journal goes on at leaf %llu, the tiles end at %llu",
                             (unsigned long long)leaf_at, (unsigned long long)have);
        struct span entry = sha256_span(&append->facts[i].commitment);
        struct sha256 leaf = leaves != NULL ? leaves[i] : tree_leaf(entry);
        if (tiles_add(pen->tiles, entry, leaf, err)) continue;
        close_tiles(pen);
        return false;
    }
    return true;
}

// Tiles that are behind are fed; after a fault they are opened as at a start.
static bool heal_tiles(struct pen *pen, struct store *store, bool last, struct error *err)
{
    if (pen->tiles != NULL && tiles_tree(pen->tiles)->size == pen->last.tree_size) return true;
    if (pen->tiles != NULL && feed_tiles(pen, store, err)) return true;
    uint64_t now = pen->surroundings->ticks_ns();
    if (!last && pen->healed_ns != 0 && now - pen->healed_ns < HEAL_EVERY_S * 1000000000ull)
        return error_set(err, ERROR_UNAVAILABLE, "the published ledger is behind; it will follow");
    pen->healed_ns = now;
    return open_tiles(pen, store, err);
}

bool pen_publish(struct pen *pen, struct store *store, bool last, struct error *err)
{
    uint64_t now = pen->surroundings->ticks_ns();
    if (pen->unpublished) {
        if (!heal_tiles(pen, store, last, err)) return false;
        if (!tiles_publish(pen->tiles, pen->last.checkpoint, err)) {
            close_tiles(pen);
            return false;
        }
        if (!write_progress(pen, "tiles.published", err)) return false;
        pen->unpublished = false;
        pen->unsynced = true;
    }
    if (!pen->unsynced) return true;
    if (!last && now - pen->synced_ns < SYNC_EVERY_S * 1000000000ull) return true;
    pen->synced_ns = now;
    if (!tiles_sync(pen->tiles, err) || !write_progress(pen, "tiles.synced", err)) return false;
    pen->unsynced = false;
    return true;
}
