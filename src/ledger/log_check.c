#include "ledger/log_check.h"

#include <assert.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "ledger/tiles.h"

enum { EARLIER_MAX = 4096 };

struct earlier { uint64_t size; struct sha256 root; char name[40]; };

struct checking {
    const char *directory;
    const struct note_key *key;
    struct arena *arena;
    struct log_checked *checked;
    enum verdict verdict;                          // of what is wrong
    struct tree tree;
    struct sha256 open[TILE_LEVELS][TILE_WIDTH];   // hashes of the tile so far, from level 1 on
    uint32_t widths[TILE_LEVELS];
    struct earlier *earlier;                       // by size
    uint32_t earlier_count, earlier_next;
};

// Something is wrong: returns false, so that one line both says why and leaves.
static bool wrong(struct checking *c, enum verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(struct checking *c, enum verdict verdict, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(c->checked->sentence, sizeof(c->checked->sentence), format, args);
    va_end(args);
    c->verdict = verdict;
    return false;
}

// A file that is missing or misshapen is damage; one that could not be read says nothing of the
// log.
static bool unreadable(struct checking *c, enum verdict damaged, const struct error *err)
{
    bool says_nothing = err->kind == ERROR_UNAVAILABLE;
    return wrong(c, says_nothing ? VERDICT_CANNOT_TELL : damaged, "%s", err->text);
}

// --- Checkpoints ---

// False when it cannot be relied on; c->verdict is what the key says of it.
static bool read_checkpoint(struct checking *c, const char *name, struct checkpoint *checkpoint)
{
    struct error err;
    struct span text;
    if (!tile_file(c->directory, name, NOTE_MAX, c->arena, &text, &err))
        return unreadable(c, VERDICT_MALFORMED, &err);
    c->verdict = checkpoint_verify(text, c->key, checkpoint, &err);
    if (c->verdict == VERDICT_TRUE) return true;
    wrong(c, c->verdict, "%s: %s", name, err.text);
    return c->verdict == VERDICT_CANNOT_TELL;
}

static bool read_earlier(struct checking *c, const char *name)
{
    struct checkpoint checkpoint;
    size_t mark = c->arena->used;
    if (c->earlier_count == EARLIER_MAX)
        return wrong(c, VERDICT_CANNOT_TELL, "more than %d earlier checkpoints", EARLIER_MAX);
    if (!read_checkpoint(c, name, &checkpoint)) return false;
    arena_reset(c->arena, mark);
    struct earlier *earlier = &c->earlier[c->earlier_count++];
    *earlier = (struct earlier){ .size = checkpoint.size, .root = checkpoint.root };
    snprintf(earlier->name, sizeof(earlier->name), "%.39s", name); // a number of 19 digits at most
    return true;
}

static int by_size(const void *a, const void *b)
{
    const struct earlier *left = a, *right = b;
    return (left->size > right->size) - (left->size < right->size);
}

static bool find_earlier(struct checking *c)
{
    const struct span mark = SPAN("checkpoint.");
    c->earlier = arena_take(c->arena, EARLIER_MAX, sizeof(struct earlier));
    DIR *folder = c->earlier == NULL ? NULL : opendir(c->directory);
    if (folder == NULL)
        return wrong(c, VERDICT_CANNOT_TELL, "the folder '%s' could not be read", c->directory);
    bool found = true;
    for (struct dirent *entry; found && (entry = readdir(folder)) != NULL;) {
        struct span name = span_of(entry->d_name);
        uint64_t number;
        if (span_starts_with(name, mark) &&
            span_to_u64((struct span){ name.at + mark.len, name.len - mark.len }, &number))
            found = read_earlier(c, entry->d_name);
    }
    closedir(folder);
    if (found) qsort(c->earlier, c->earlier_count, sizeof(struct earlier), by_size);
    return found;
}

// Compares the earlier checkpoints of the tree's size, now that it has it.
static bool earlier_fit(struct checking *c)
{
    for (; c->earlier_next < c->earlier_count; c->earlier_next++) {
        const struct earlier *earlier = &c->earlier[c->earlier_next];
        if (earlier->size != c->tree.size) return true;
        if (!sha256_equal(earlier->root, tree_root(&c->tree)))
            return wrong(c, VERDICT_NOT_SEALED, "%s: its root is not that of %llu entries",
                         earlier->name, (unsigned long long)c->tree.size);
        c->checked->checkpoints++;
    }
    return true;
}

// --- Tiles and entries ---

// Compares the hashes of a tile that were worked out with those that are kept.
static bool tile_fits(struct checking *c, unsigned level, uint64_t number,
                      const struct sha256 *hashes, uint32_t width)
{
    struct error err;
    struct sha256 kept[TILE_WIDTH];
    c->checked->tiles++;
    if (!tile_hashes(c->directory, level, number, width, kept, &err))
        return unreadable(c, VERDICT_NOT_SEALED, &err);
    if (memcmp(kept, hashes, width * sizeof(kept[0])) == 0) return true;
    uint32_t i = 0;
    while (sha256_equal(kept[i], hashes[i])) i++;
    assert(i < width);
    char path[TILE_NAME_MAX];
    tile_path(path, (int)level, number, width);
    return wrong(c, VERDICT_NOT_SEALED, "%s: hash %u is not that of %s", path, i,
                 level == 0 ? "its entry" : "the tile below it");
}

// A leaf completes tiles, and their roots are hashes of the levels above: `roots` of tree_add_tell.
static bool carry(struct checking *c, const struct sha256 *roots, unsigned count)
{
    for (unsigned level = 1; level < TILE_LEVELS && count > 8 * level; level++) {
        c->open[level][c->widths[level]++] = roots[(size_t)8 * level];
        if (c->widths[level] < TILE_WIDTH) break;
        uint64_t number = (c->tree.size >> (8 * level) >> 8) - 1;
        if (!tile_fits(c, level, number, c->open[level], TILE_WIDTH)) return false;
        c->widths[level] = 0;
    }
    return true;
}

static bool check_bundle(struct checking *c, uint64_t number, uint32_t width)
{
    struct error err;
    struct span bytes, entry;
    struct sha256 leaves[TILE_WIDTH];
    uint32_t count;
    char path[TILE_NAME_MAX];
    size_t mark = c->arena->used;
    if (!tile_entries(c->directory, number, width, c->arena, &bytes, &count, &err))
        return unreadable(c, VERDICT_NOT_SEALED, &err);
    tile_path(path, -1, number, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!tile_entry_next(&bytes, &entry))
            return wrong(c, VERDICT_NOT_SEALED, "%s: it ends within its entry %u", path, i);
        leaves[i] = tree_leaf(entry);
    }
    if (bytes.len > 0)
        return wrong(c, VERDICT_NOT_SEALED, "%s: it goes on behind its entry %u", path, count - 1);
    arena_reset(c->arena, mark);
    if (!tile_fits(c, 0, number, leaves, width)) return false;
    for (uint32_t i = 0; i < width; i++) {
        struct sha256 roots[TREE_EDGE_MAX];
        unsigned roots_count = tree_add_tell(&c->tree, leaves[i], roots);
        if (!carry(c, roots, roots_count) || !earlier_fit(c)) return false;
    }
    return true;
}

static bool check_entries(struct checking *c, uint64_t size,
                          void (*told)(void *, uint64_t, uint64_t), void *context)
{
    if (!earlier_fit(c)) return false; // checkpoints of nothing
    for (uint64_t number = 0; number * TILE_WIDTH < size; number++) {
        uint64_t left = size - number * TILE_WIDTH;
        if (!check_bundle(c, number, left < TILE_WIDTH ? (uint32_t)left : TILE_WIDTH)) return false;
        if (told != NULL) told(context, c->tree.size, size);
    }
    for (unsigned level = 1; level < TILE_LEVELS; level++)
        if (c->widths[level] > 0 &&
            !tile_fits(c, level, size >> (8 * level) >> 8, c->open[level], c->widths[level]))
            return false;
    return true;
}

static bool check_root(struct checking *c, const struct checkpoint *checkpoint)
{
    unsigned long long size = checkpoint->size;
    if (!sha256_equal(tree_root(&c->tree), checkpoint->root))
        return wrong(c, VERDICT_NOT_SEALED, "checkpoint: its root is not that of the %llu entries",
                     size);
    if (c->earlier_next == c->earlier_count) return true;
    const struct earlier *larger = &c->earlier[c->earlier_next];
    return wrong(c, VERDICT_NOT_SEALED, "%s: it is of %llu entries, the checkpoint of only %llu",
                 larger->name, (unsigned long long)larger->size, size);
}

// Earlier checkpoints are read first: then the newest one cannot be behind them in a log that
// grows.
static bool check(struct checking *c, void (*told)(void *, uint64_t, uint64_t), void *context)
{
    struct log_checked *checked = c->checked;
    if (!find_earlier(c)) return false;
    checked->sentence[0] = '\0';
    if (!read_checkpoint(c, "checkpoint", &checked->checkpoint)) return false;
    snprintf(checked->origin, sizeof(checked->origin), SPAN_FMT,
             SPAN_ARG(checked->checkpoint.origin));
    checked->checkpoint.origin = span_of(checked->origin);

    enum verdict by_key = c->verdict;
    if (!check_entries(c, checked->checkpoint.size, told, context)) return false;
    if (!check_root(c, &checked->checkpoint)) return false;
    c->verdict = by_key;
    return true;
}

enum verdict log_check(const char *directory, const struct note_key *key, struct arena *arena,
                       void (*told)(void *context, uint64_t entries, uint64_t whole), void *context,
                       struct log_checked *checked)
{
    *checked = (struct log_checked){ 0 };
    struct checking *c = arena_take(arena, 1, sizeof(*c));
    if (c == NULL) return VERDICT_CANNOT_TELL;
    *c = (struct checking){
        .directory = directory, .key = key, .arena = arena, .checked = checked,
    };

    bool adds_up = check(c, told, context);
    checked->entries = c->tree.size;
    if (!adds_up) return c->verdict;
    unsigned long long entries = checked->entries;
    if (c->verdict == VERDICT_TRUE) {
        snprintf(checked->sentence, sizeof(checked->sentence), "all %llu entries add up to the "
                 "checkpoint, and the checkpoint is signed by the key", entries);
    } else {
        char why[sizeof(checked->sentence)];
        snprintf(why, sizeof(why), "%s", checked->sentence);
        snprintf(checked->sentence, sizeof(checked->sentence),
                 "all %llu entries add up; %.1000s", entries, why);
    }
    return c->verdict;
}
