#include "office/seal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "ledger/checkpoint.h"

enum { SYNC_EVERY_S = 10 };

// --- Small files: the key, and how far the tiles are ---

static void seal_path(const struct seal *seal, const char *name, char path[640])
{
    snprintf(path, 640, "%s/%s", seal->directory, name);
}

static bool write_small(const char *path, struct span text, mode_t mode, struct error *err)
{
    char fresh[700];
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    bool written = fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0) close(fd);
    if (written && rename(fresh, path) == 0) return true;
    return error_set(err, ERROR_UNAVAILABLE, "could not write '%s': %s", path,
                     strerror(written ? errno : why));
}

static bool read_small(const struct seal *seal, const char *name, struct arena *arena,
                       struct span *text, bool *found, struct error *err)
{
    *found = tile_file(seal->directory, name, 4096, arena, text, err);
    return *found || err->kind == ERROR_NOT_FOUND;
}

static bool make_key(struct seal *seal, const char *log_name, struct error *err)
{
    _Alignas(16) char memory[2048];
    struct arena arena = arena_over(memory, sizeof(memory));
    uint8_t seed[32];
    char path[640];
    seal->surroundings->random(seed, sizeof(seed));
    if (!log_key_make(&seal->key, span_of(log_name), seed, err)) return false;
    struct text text = text_in(&arena, 512);
    log_key_write(&text, &seal->key);
    seal_path(seal, "key", path);
    return write_small(path, text_span(&text), 0600, err);
}

static bool open_key(struct seal *seal, const char *log_name, bool fresh, struct error *err)
{
    _Alignas(16) char memory[8192];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct span text;
    bool found;
    char path[640];
    if (!read_small(seal, "key", &arena, &text, &found, err)) return false;
    if (found ? !log_key_read(text, &seal->key, err) : !fresh) {
        if (found) return false;
        error_set(err, ERROR_DAMAGED, "the ledger's key is missing");
        seal_path(seal, "key", path);
        return error_hint(err, "Put it back at '%s'; without it nothing can be signed.", path);
    }
    if (!found && !make_key(seal, log_name, err)) return false;
    struct text vkey = text_in(&arena, 512);
    text_add(&vkey, log_key_vkey(&seal->key));
    text_add_char(&vkey, '\n');
    seal_path(seal, "vkey", path);
    return access(path, F_OK) == 0 || write_small(path, text_span(&vkey), 0644, err);
}

// --- The store against what was signed ---

static bool behind(struct error *err, const char *what)
{
    error_set(err, ERROR_DAMAGED, "the store is behind what was signed: %s", what);
    return error_hint(err, "It was restored from an old copy, or lost its newest batch. Restore the "
                           "newest copy; a second history must not be signed.");
}

static bool check_apart(const struct seal *seal, const struct apart_record *record,
                        struct error *err)
{
    char what[120];
    if (record->batch == 0) return true;
    if (record->log_key != key_of(log_key_vkey(&seal->key)))
        return error_set(err, ERROR_DAMAGED, "the record kept apart is of another ledger");
    if (record->tree_size > seal->last.tree_size) {
        snprintf(what, sizeof(what), "%llu facts were sealed, and %llu are kept",
                 (unsigned long long)record->tree_size, (unsigned long long)seal->last.tree_size);
        return behind(err, what);
    }
    bool same = record->tree_size < seal->last.tree_size ||
                sha256_equal(record->root, seal->last.root);
    return same || behind(err, "the same number of facts, and another root");
}

static bool check_seal(struct seal *seal, struct error *err)
{
    if (seal->last.batch == 0) return true;
    struct note note;
    struct note_key key;
    struct checkpoint checkpoint;
    if (!tree_edge_read(seal->last.edge, seal->last.tree_size, &seal->tree, err)) return false;
    struct sha256 root = tree_root(&seal->tree);
    if (!sha256_equal(root, seal->last.root))
        return error_set(err, ERROR_DAMAGED, "the last seal's root is not that of its tree");
    if (!note_read(seal->last.checkpoint, &note, err) ||
        !checkpoint_read(note.text, &checkpoint, err) ||
        !note_key_read(log_key_vkey(&seal->key), &key, err))
        return false;
    if (note_verify(&note, &key, NULL) != NOTE_SIGNED || checkpoint.size != seal->last.tree_size ||
        !sha256_equal(checkpoint.root, root))
        return error_set(err, ERROR_DAMAGED, "the last seal is not signed by the ledger's key");
    return true;
}

// The record apart may lag by the batches whose answers never went out.
static bool record_apart(struct seal *seal, struct error *err)
{
    struct apart_record record = { seal->last.batch, seal->last.tree_size, seal->last.root,
                                   key_of(log_key_vkey(&seal->key)) };
    return seal->last.batch == 0 || apart_write(seal->apart, &record, err);
}

// --- Tiles: what is missing is published at the start ---

struct feeding { struct seal *seal; };

static bool feed(void *context, const struct store_append *append, uint64_t next, struct error *err)
{
    struct feeding *feeding = context;
    uint64_t have = tiles_tree(feeding->seal->tiles)->size;
    if (append->first_leaf + append->facts_count <= have) return true;
    if (append->first_leaf != have)
        return error_set(err, ERROR_DAMAGED, "the journal goes on at leaf %llu, the tiles end at %llu",
                         (unsigned long long)append->first_leaf, (unsigned long long)have);
    return seal_tell(feeding->seal, append, NULL, next, err);
}

static bool feed_from(struct seal *seal, struct store *store, const struct tree *tree,
                      uint64_t position, struct error *err)
{
    struct arena scratch;
    struct feeding feeding = { seal };
    if (!tiles_open(&seal->tiles, seal->directory, tree, err)) return false;
    if (!arena_open(&scratch, 16 * MIB, err)) return false;
    seal->told_to = position;
    bool fed = store_scan(store, position, STORE_COMMITMENTS, &scratch, feed, &feeding, err);
    arena_close(&scratch);
    if (!fed) return false;
    struct sha256 root = tree_root(tiles_tree(seal->tiles));
    if (tiles_tree(seal->tiles)->size == seal->tree.size &&
        sha256_equal(root, tree_root(&seal->tree)))
        return true;
    return error_set(err, ERROR_DAMAGED, "the published tiles do not lead to the journal's root");
}

// "<size> <position> <edge in base64> <boot>": how far the published tiles are, and under which boot
// they were written; in the file "synced" without a boot: what is durable for certain.
static bool write_progress(struct seal *seal, const char *name, struct error *err)
{
    _Alignas(16) char memory[8192];
    struct arena arena = arena_over(memory, sizeof(memory));
    char edge[TREE_EDGE_MAX * SHA256_SIZE], path[640], fresh[700];
    const struct tree *tree = tiles_tree(seal->tiles);
    struct text text = text_in(&arena, 3072);
    text_add_format(&text, "%llu %llu ", (unsigned long long)tree->size,
                    (unsigned long long)seal->told_to);
    base64_write(&text, edge, tree_edge_write(tree, edge));
    text_add_format(&text, " %s\n", seal->boot);
    seal_path(seal, name, path);
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool written = fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len;
    if (fd >= 0) close(fd);
    return (written && rename(fresh, path) == 0) ||
           error_set(err, ERROR_UNAVAILABLE, "could not write '%s': %s", path, strerror(errno));
}

static bool read_progress(const struct seal *seal, const char *name, bool any_boot, struct tree *tree,
                          uint64_t *position)
{
    _Alignas(16) char memory[8192];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct span text;
    struct error ignored;
    if (!tile_file(seal->directory, name, 4096, &arena, &text, &ignored)) return false;
    struct span_pair size = span_cut(text, ' '), at = span_cut(size.tail, ' ');
    struct span_pair edge = span_cut(at.tail, ' ');
    uint8_t bytes[TREE_EDGE_MAX * SHA256_SIZE];
    size_t len;
    uint64_t tree_size;
    if (!edge.found || !span_to_u64(size.head, &tree_size) || !span_to_u64(at.head, position) ||
        !base64_read(edge.head, bytes, sizeof(bytes), &len) ||
        !tree_edge_read((struct span){ (const char *)bytes, len }, tree_size, tree, &ignored))
        return false;
    bool same_boot = seal->boot[0] != '\0' && span_equal(span_trim(edge.tail), span_of(seal->boot));
    return (any_boot || same_boot) && tree_size <= seal->tree.size;
}

// The newest state of the tiles that can be believed; failing that, all of them again.
static bool open_tiles(struct seal *seal, struct store *store, struct error *err)
{
    static const struct { const char *name; bool any_boot; } tries[] = { { "published", false },
                                                                         { "synced", true } };
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        struct tree tree;
        uint64_t position;
        if (!read_progress(seal, tries[i].name, tries[i].any_boot, &tree, &position)) continue;
        if (feed_from(seal, store, &tree, position, err)) return true;
        tiles_close(seal->tiles);
        seal->tiles = NULL;
        seal->surroundings->log(seal->surroundings->log_context, "tiles-rewritten", "%s", err->text);
    }
    struct tree empty = { 0 };
    return feed_from(seal, store, &empty, 0, err);
}

// --- Opening ---

static bool open_parts(struct seal *seal, const struct office_settings *settings,
                       struct store *store, struct error *err)
{
    char apart[640], path[640];
    struct apart_record record;
    snprintf(seal->directory, sizeof(seal->directory), "%s/ledger", settings->directory);
    if (settings->boot != NULL) snprintf(seal->boot, sizeof(seal->boot), "%s", settings->boot);
    if (mkdir(seal->directory, 0777) != 0 && errno != EEXIST)
        return error_set(err, ERROR_UNAVAILABLE, "could not make folder '%s': %s", seal->directory,
                         strerror(errno));
    store_seal(store, &seal->last);
    if (!open_key(seal, settings->log_name, seal->last.batch == 0, err)) return false;
    snprintf(apart, sizeof(apart), "%s.apart", settings->directory);
    snprintf(path, sizeof(path), "%s", settings->apart != NULL ? settings->apart : apart);
    if (!apart_open(&seal->apart, seal->surroundings->disk, path, &record, err)) return false;
    if (!check_apart(seal, &record, err) || !check_seal(seal, err)) return false;
    seal->before = seal->tree;
    if (!record_apart(seal, err) || !open_tiles(seal, store, err)) return false;
    seal->unpublished = seal->last.batch > 0;
    return seal_publish(seal, false, err);
}

bool seal_open(struct seal *seal, const struct office_settings *settings,
               const struct office_surroundings *surroundings, struct store *store,
               struct error *err)
{
    *seal = (struct seal){ .surroundings = surroundings };
    if (open_parts(seal, settings, store, err)) return true;
    seal_close(seal);
    return false;
}

void seal_close(struct seal *seal)
{
    apart_close(seal->apart);
    tiles_close(seal->tiles);
    *seal = (struct seal){ 0 };
}

// --- Signing ---

void seal_add(struct seal *seal, const struct sha256 *leaves, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) tree_add(&seal->tree, leaves[i]);
}

bool seal_sign(struct seal *seal, struct store_seal *signed_seal, struct error *err)
{
    _Alignas(16) char memory[4096];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct checkpoint checkpoint = { span_of(seal->key.name), seal->tree.size,
                                     tree_root(&seal->tree) };
    struct text body = text_in(&arena, 512), note = text_in(&arena, 2048);
    checkpoint_write(&body, &checkpoint);
    note_sign(&note, text_span(&body), span_of(seal->key.name), seal->key.id, seal->key.secret_key);
    if (body.full || note.full || note.len > sizeof(seal->checkpoint))
        return error_set(err, ERROR_TOO_LARGE, "the checkpoint is too long");
    memcpy(seal->checkpoint, note.at, note.len);
    *signed_seal = (struct store_seal){ .tree_size = checkpoint.size, .root = checkpoint.root,
        .edge = { seal->edge, tree_edge_write(&seal->tree, seal->edge) },
        .checkpoint = { seal->checkpoint, note.len } };
    return true;
}

bool seal_kept(struct seal *seal, struct store *store, struct error *err)
{
    store_seal(store, &seal->last);
    assert(seal->last.tree_size == seal->tree.size);
    seal->before = seal->tree;
    seal->unpublished = true;
    return record_apart(seal, err);
}

void seal_undo(struct seal *seal)
{
    seal->tree = seal->before;
}

bool seal_tell(struct seal *seal, const struct store_append *append, const struct sha256 *leaves,
               uint64_t next, struct error *err)
{
    for (uint32_t i = 0; i < append->facts_count; i++) {
        struct span entry = sha256_span(&append->facts[i].commitment);
        struct sha256 leaf = leaves != NULL ? leaves[i] : tree_leaf(entry);
        if (!tiles_add(seal->tiles, entry, leaf, err)) return false;
    }
    seal->told_to = next;
    return true;
}

bool seal_publish(struct seal *seal, bool last, struct error *err)
{
    uint64_t now = seal->surroundings->ticks_ns();
    if (seal->unpublished) {
        if (tiles_tree(seal->tiles)->size != seal->last.tree_size)
            return error_set(err, ERROR_UNAVAILABLE, "the tiles are behind; the next start feeds them");
        if (!tiles_publish(seal->tiles, seal->last.checkpoint, err)) return false;
        if (!write_progress(seal, "published", err)) return false;
        seal->unpublished = false;
    } else if (!last) {
        return true;
    }
    if (!last && now - seal->synced_ns < SYNC_EVERY_S * 1000000000ull) return true;
    seal->synced_ns = now;
    return tiles_sync(seal->tiles, err) && write_progress(seal, "synced", err);
}
