#include "ledger/log_check.h"

#include <dirent.h>
#include <stdio.h>

#include "base/limits.h"
#include "ledger/tiles.h"
#include "ledger/tree.h"

enum { BUNDLE_MAX = TILE_WIDTH * (2 + LEDGER_ENTRY_MAX), EARLIER_MAX = 4096 };

struct earlier { uint64_t size; struct sha256 root; char name[64]; };

struct checking {
    const char *directory;
    const struct note_key *key;
    struct arena *arena;
    struct log_checked *checked;
    struct tree tree;
    struct sha256 open[TILE_LEVELS][TILE_WIDTH];   // hashes of each level's tile so far
    uint32_t widths[TILE_LEVELS];
    struct earlier *earlier;
    uint32_t earlier_count;
};

#define SAY(checking, ...) \
    snprintf((checking)->checked->sentence, sizeof((checking)->checked->sentence), __VA_ARGS__)

static enum verdict read_checkpoint(struct checking *c, const char *name, struct note *note,
                                    struct checkpoint *checkpoint)
{
    struct error err;
    struct span text;
    if (!tile_file(c->directory, name, CHECKPOINT_MAX, c->arena, &text, &err) ||
        !note_read(text, note, &err) || !checkpoint_read(note->text, checkpoint, &err)) {
        SAY(c, "%s: %s", name, err.text);
        return VERDICT_MALFORMED;
    }
    if (c->key == NULL) return VERDICT_CANNOT_TELL;
    switch (note_verify(note, c->key, NULL)) {
    case NOTE_FORGED:
        SAY(c, "%s: the signature is not by the key that it names", name);
        return VERDICT_FORGED;
    case NOTE_SIGNED:
        if (c->key->type == NOTE_COSIGNATURE || span_equal(checkpoint->origin, c->key->name))
            return VERDICT_TRUE;
        SAY(c, "%s: it is of log '" SPAN_FMT "', and the key is of '" SPAN_FMT "'", name,
            SPAN_ARG(checkpoint->origin), SPAN_ARG(c->key->name));
        return VERDICT_CANNOT_TELL;
    default:
        SAY(c, "%s: it has no signature by '" SPAN_FMT "'", name, SPAN_ARG(c->key->name));
        return VERDICT_CANNOT_TELL;
    }
}

// Earlier checkpoints wait for the tree to reach their size.
static enum verdict find_earlier(struct checking *c)
{
    c->earlier = arena_take(c->arena, EARLIER_MAX, sizeof(struct earlier));
    DIR *folder = c->earlier == NULL ? NULL : opendir(c->directory);
    if (folder == NULL) {
        SAY(c, "the folder '%s' could not be read", c->directory);
        return VERDICT_CANNOT_TELL;
    }
    enum verdict worst = VERDICT_TRUE;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && worst == VERDICT_TRUE;) {
        uint64_t number;
        if (strncmp(entry->d_name, "checkpoint.", 11) != 0 || c->earlier_count == EARLIER_MAX ||
            strlen(entry->d_name) >= sizeof(c->earlier->name) ||
            !span_to_u64(span_of(entry->d_name + 11), &number))
            continue;
        struct note note;
        struct checkpoint checkpoint;
        enum verdict verdict = read_checkpoint(c, entry->d_name, &note, &checkpoint);
        if (verdict == VERDICT_FORGED || verdict == VERDICT_MALFORMED) worst = verdict;
        struct earlier *earlier = &c->earlier[c->earlier_count++];
        *earlier = (struct earlier){ .size = checkpoint.size, .root = checkpoint.root };
        memcpy(earlier->name, entry->d_name, strlen(entry->d_name));
    }
    closedir(folder);
    return worst;
}

static bool earlier_fit(struct checking *c)
{
    for (uint32_t i = 0; i < c->earlier_count; i++) {
        if (c->earlier[i].size != c->tree.size) continue;
        c->checked->checkpoints++;
        struct sha256 root = tree_root(&c->tree);
        if (sha256_equal(root, c->earlier[i].root)) continue;
        SAY(c, "%s: its root is not that of the first %llu entries", c->earlier[i].name,
            (unsigned long long)c->tree.size);
        return false;
    }
    return true;
}

// Compares a tile that was worked out with the one that is kept.
static bool tile_fits(struct checking *c, unsigned level, uint64_t number)
{
    struct error err;
    struct sha256 kept[TILE_WIDTH];
    char path[TILE_PATH_MAX];
    uint32_t width = c->widths[level];
    tile_path(path, sizeof(path), (int)level, number, width);
    c->checked->tiles++;
    if (!tile_hashes(c->directory, level, number, width, kept, &err)) {
        SAY(c, "%s", err.text);
        return false;
    }
    for (uint32_t i = 0; i < width; i++) {
        if (sha256_equal(kept[i], c->open[level][i])) continue;
        SAY(c, "%s: hash %u is not that of what is below it", path, i);
        return false;
    }
    return true;
}

static bool add_leaf(struct checking *c, struct sha256 hash)
{
    tree_add(&c->tree, hash);
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        c->open[level][c->widths[level]++] = hash;
        if (c->widths[level] < TILE_WIDTH) break;
        if (!tile_fits(c, level, (c->tree.size >> (8 * (level + 1))) - 1)) return false;
        struct tree own = { 0 };
        for (uint32_t i = 0; i < TILE_WIDTH; i++) tree_add(&own, c->open[level][i]);
        hash = tree_root(&own);
        c->widths[level] = 0;
    }
    return earlier_fit(c);
}

static bool check_bundle(struct checking *c, uint64_t number, uint32_t width)
{
    struct error err;
    struct span bytes;
    char path[TILE_PATH_MAX];
    size_t mark = c->arena->used;
    tile_path(path, sizeof(path), -1, number, width);
    if (!tile_file(c->directory, path, BUNDLE_MAX, c->arena, &bytes, &err) && width < TILE_WIDTH)
        tile_path(path, sizeof(path), -1, number, TILE_WIDTH);
    arena_reset(c->arena, mark);
    if (!tile_file(c->directory, path, BUNDLE_MAX, c->arena, &bytes, &err)) {
        SAY(c, "%s", err.text);
        return false;
    }
    for (uint32_t i = 0; i < width; i++) {
        size_t len = bytes.len < 2 ? SIZE_MAX - 2
                                   : (size_t)(unsigned char)bytes.at[0] << 8 |
                                         (unsigned char)bytes.at[1];
        if (bytes.len < 2 + len) {
            SAY(c, "%s: it ends within its entry %u", path, i);
            return false;
        }
        if (!add_leaf(c, tree_leaf((struct span){ bytes.at + 2, len }))) return false;
        bytes = (struct span){ bytes.at + 2 + len, bytes.len - 2 - len };
    }
    arena_reset(c->arena, mark);
    return true;
}

static enum verdict check_entries(struct checking *c, uint64_t size,
                                  void (*told)(void *, uint64_t, uint64_t), void *context)
{
    for (uint64_t number = 0; number * TILE_WIDTH < size; number++) {
        uint64_t left = size - number * TILE_WIDTH;
        if (!check_bundle(c, number, left < TILE_WIDTH ? (uint32_t)left : TILE_WIDTH))
            return VERDICT_FORGED;
        if (told != NULL) told(context, c->tree.size, size);
    }
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        if (c->widths[level] > 0 && !tile_fits(c, level, size >> (8 * (level + 1))))
            return VERDICT_FORGED;
    return VERDICT_TRUE;
}

enum verdict log_check(const char *directory, const struct note_key *key, struct arena *arena,
                       void (*told)(void *context, uint64_t entries, uint64_t whole), void *context,
                       struct log_checked *checked)
{
    *checked = (struct log_checked){ 0 };
    struct checking *c = arena_take(arena, 1, sizeof(*c));
    if (c == NULL) return VERDICT_CANNOT_TELL;
    *c = (struct checking){ .directory = directory, .key = key, .arena = arena, .checked = checked };

    struct note note;
    struct checkpoint checkpoint;
    enum verdict by_key = read_checkpoint(c, "checkpoint", &note, &checkpoint);
    if (by_key == VERDICT_FORGED || by_key == VERDICT_MALFORMED) return by_key;
    checked->checkpoint = checkpoint;
    snprintf(checked->origin, sizeof(checked->origin), SPAN_FMT, SPAN_ARG(checkpoint.origin));
    checked->checkpoint.origin = span_of(checked->origin);

    enum verdict verdict = find_earlier(c);
    if (verdict == VERDICT_TRUE) verdict = check_entries(c, checkpoint.size, told, context);
    checked->entries = c->tree.size;
    if (verdict != VERDICT_TRUE) return verdict;
    struct sha256 root = tree_root(&c->tree);
    if (!sha256_equal(root, checkpoint.root)) {
        SAY(c, "checkpoint: its root is not that of the %llu entries",
            (unsigned long long)checkpoint.size);
        return VERDICT_FORGED;
    }
    if (by_key == VERDICT_TRUE)
        SAY(c, "all %llu entries add up to the checkpoint, and the checkpoint is signed by the key",
            (unsigned long long)checkpoint.size);
    else if (checked->sentence[0] == '\0')
        SAY(c, "all %llu entries add up to the checkpoint; nobody said whose signature to look for",
            (unsigned long long)checkpoint.size);
    return by_key;
}
