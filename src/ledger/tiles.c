#include "ledger/tiles.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/stat.h>

#include "ledger/checkpoint.h"
#include "ledger/tiles_inside.h"

struct tiles {
    char directory[TILE_PATH_MAX];
    struct tree tree;
    struct sha256 hashes[TILE_LEVELS][TILE_WIDTH]; // of the tile that is not full yet, by level
    uint32_t widths[TILE_LEVELS];                  // how many are there, and of those
    uint32_t written[TILE_LEVELS];                 // how many the newest partial file holds
    char *bundle;                                  // entries of the bundle that is not full yet
    size_t bundle_size;
    bool broken;                                   // a full tile could not be written
};

static void tiles_invariants(const struct tiles *tiles)
{
    assert(tiles->bundle_size <= TILE_ENTRIES_MAX);
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        assert(tiles->widths[level] == (tiles->tree.size >> (8 * level)) % TILE_WIDTH);
        assert(tiles->written[level] <= tiles->widths[level]);
    }
}

// --- Files ---

static bool make_folders(char *path, struct error *err)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (!made) error_set(err, ERROR_UNAVAILABLE, "could not make folder '%s': %s", path,
                             strerror(errno));
        *slash = '/';
        if (!made) return false;
    }
    return true;
}

static bool write_all(int fd, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.at, bytes.len);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        bytes.at += put;
        bytes.len -= (size_t)put;
    }
    return true;
}

// Writes what open gave a handle for, and closes it; `errno` says why not.
static bool write_and_close(int fd, struct span bytes)
{
    bool written = write_all(fd, bytes);
    int why = errno;
    if (close(fd) != 0 && written) return false;
    errno = why;
    return written;
}

static bool holds_already(const char *path, struct span bytes)
{
    char part[16 * KIB];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = fd < 0 ? -1 : 0;
    while (got >= 0) {
        got = read(fd, part, sizeof(part));
        if (got < 0 || (size_t)got > bytes.len || memcmp(part, bytes.at, (size_t)got) != 0) break;
        if (got == 0) break;
        bytes = (struct span){ bytes.at + got, bytes.len - (size_t)got };
    }
    if (fd >= 0) close(fd);
    return got == 0 && bytes.len == 0;
}

static bool replace_file(const char *path, struct span bytes)
{
    char fresh[TILE_PATH_MAX + 8];
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return fd >= 0 && write_and_close(fd, bytes) && rename(fresh, path) == 0;
}

static bool could_not_write(struct error *err, const char *path)
{
    return error_set(err, ERROR_UNAVAILABLE, "could not write '%s': %s", path, strerror(errno));
}

// A new file is written where it belongs: nobody asks for it before a checkpoint says that it is
// there. One that is there is seen by others, and is never changed in place.
static bool write_tile_file(const struct tiles *tiles, const char *name, struct span bytes,
                            struct error *err)
{
    char path[TILE_PATH_MAX];
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    if (!tile_full_path(path, tiles->directory, name, err)) return false;
    int fd = open(path, flags, 0666);
    if (fd < 0 && errno == ENOENT) {
        if (!make_folders(path, err)) return false;
        fd = open(path, flags, 0666);
    }
    bool written = fd >= 0 ? write_and_close(fd, bytes)
                           : errno == EEXIST &&
                                 (holds_already(path, bytes) || replace_file(path, bytes));
    return written || could_not_write(err, path);
}

// The partial files of a tile that is full now.
static void drop_partials(const struct tiles *tiles, const char *full_name)
{
    char path[TILE_PATH_MAX + 8], file[TILE_PATH_MAX + 272];
    snprintf(path, sizeof(path), "%s/%s.p", tiles->directory, full_name);
    if (rmdir(path) == 0 || errno == ENOENT) return;
    DIR *folder = opendir(path);
    if (folder == NULL) return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.') unlink(file);
    }
    closedir(folder);
    rmdir(path);
}

// --- Publishing ---

static bool write_tile(struct tiles *tiles, int level, uint64_t number, uint32_t width,
                       struct span bytes, struct error *err)
{
    char name[TILE_NAME_MAX];
    tile_path(name, level, number, width);
    if (!write_tile_file(tiles, name, bytes, err)) return false;
    if (width == TILE_WIDTH) drop_partials(tiles, name);
    return true;
}

// The open tile of a level, and with the leaves' tile the bundle of their entries.
static bool write_level(struct tiles *tiles, unsigned level, uint64_t number, uint32_t width,
                        struct error *err)
{
    struct span hashes = { (const char *)tiles->hashes[level], (size_t)width * SHA256_SIZE };
    struct span bundle = { tiles->bundle, tiles->bundle_size };
    return write_tile(tiles, (int)level, number, width, hashes, err) &&
           (level > 0 || write_tile(tiles, -1, number, width, bundle, err));
}

static bool not_broken(const struct tiles *tiles, struct error *err)
{
    return !tiles->broken || error_set(err, ERROR_UNAVAILABLE, "a tile was not written before");
}

bool tiles_add(struct tiles *tiles, struct span entry, struct sha256 leaf, struct error *err)
{
    assert(entry.len <= LEDGER_ENTRY_MAX);
    if (!not_broken(tiles, err)) return false;
    unsigned char length[2] = { (unsigned char)(entry.len >> 8), (unsigned char)entry.len };
    memcpy(tiles->bundle + tiles->bundle_size, length, 2);
    if (entry.len > 0) memcpy(tiles->bundle + tiles->bundle_size + 2, entry.at, entry.len);
    tiles->bundle_size += 2 + entry.len;
    struct sha256 roots[TREE_EDGE_MAX];
    unsigned count = tree_add_tell(&tiles->tree, leaf, roots);

    // A tile fills when its root, 8 levels up, is among those that the leaf completes.
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        tiles->hashes[level][tiles->widths[level]++] = roots[(size_t)8 * level];
        if (count <= 8 * (level + 1)) return true;
        assert(tiles->widths[level] == TILE_WIDTH);
        uint64_t number = (tiles->tree.size >> (8 * (level + 1))) - 1;
        tiles->broken = !write_level(tiles, level, number, TILE_WIDTH, err);
        if (tiles->broken) return false;
        tiles->widths[level] = tiles->written[level] = 0;
        if (level == 0) tiles->bundle_size = 0;
    }
    return true;
}

const struct tree *tiles_tree(const struct tiles *tiles) { return &tiles->tree; }

static bool is_of(const struct tree *tree, struct span text, struct error *err)
{
    struct note note;
    struct checkpoint checkpoint;
    if (!note_read(text, &note, err) || !checkpoint_read(note.text, &checkpoint, err)) return false;
    return (checkpoint.size == tree->size && sha256_equal(checkpoint.root, tree_root(tree))) ||
           error_set(err, ERROR_CONFLICT, "the checkpoint is of %llu entries, the tiles of %llu",
                     (unsigned long long)checkpoint.size, (unsigned long long)tree->size);
}

bool tiles_publish(struct tiles *tiles, struct span note, struct error *err)
{
    char path[TILE_PATH_MAX];
    if (!not_broken(tiles, err) || !is_of(&tiles->tree, note, err)) return false;
    tiles_invariants(tiles);
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        uint32_t width = tiles->widths[level];
        if (width == 0 || width == tiles->written[level]) continue;
        uint64_t number = tiles->tree.size >> (8 * level) >> 8;
        if (!write_level(tiles, level, number, width, err)) return false;
        tiles->written[level] = width;
    }
    if (!tile_full_path(path, tiles->directory, "checkpoint", err)) return false;
    return replace_file(path, note) || could_not_write(err, path);
}

bool tiles_sync(struct tiles *tiles, struct error *err)
{
    int fd = open(tiles->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && syncfs(fd) == 0;
    int why = errno;
    if (fd >= 0) close(fd);
    return synced || error_set(err, ERROR_UNAVAILABLE, "could not sync '%s': %s", tiles->directory,
                               strerror(why));
}

// --- Opening ---

// The entries must be those that the leaves are of.
static bool take_bundle(struct tiles *tiles, struct span bytes, struct error *err)
{
    struct span rest = bytes, entry;
    for (uint32_t i = 0; i < tiles->widths[0]; i++)
        if (!tile_entry_next(&rest, &entry) ||
            !sha256_equal(tree_leaf(entry), tiles->hashes[0][i]))
            return error_set(err, ERROR_DAMAGED, "the newest entries are not the ledger's");
    tiles->bundle_size = (size_t)(rest.at - bytes.at);
    memcpy(tiles->bundle, bytes.at, tiles->bundle_size);
    return true;
}

static bool load_bundle(struct tiles *tiles, struct error *err)
{
    struct arena arena;
    struct span bytes;
    uint32_t count;
    if (!arena_open(&arena, TILE_ENTRIES_MAX + 4096, err)) return false;
    bool loaded = tile_entries(tiles->directory, tiles->tree.size / TILE_WIDTH, tiles->widths[0],
                               &arena, &bytes, &count, err) &&
                  take_bundle(tiles, bytes, err);
    arena_close(&arena);
    return loaded;
}

static bool load_level(struct tiles *tiles, unsigned level, struct error *err)
{
    uint64_t count = tiles->tree.size >> (8 * level);
    uint32_t width = (uint32_t)(count % TILE_WIDTH);
    tiles->widths[level] = tiles->written[level] = width;
    if (width == 0) return true;
    if (!tile_hashes(tiles->directory, level, count / TILE_WIDTH, width, tiles->hashes[level], err))
        return false;
    // The tile's own tree has the whole tree's edge at these levels.
    struct tree own = { 0 };
    for (uint32_t i = 0; i < width; i++) tree_add(&own, tiles->hashes[level][i]);
    for (unsigned bit = 0; bit < 8; bit++)
        if ((width >> bit & 1) != 0 &&
            !sha256_equal(own.edge[bit], tiles->tree.edge[8 * level + bit]))
            return error_set(err, ERROR_DAMAGED, "a tile of level %u is not the ledger's", level);
    return true;
}

static bool load(struct tiles *tiles, const char *directory, struct error *err)
{
    char path[TILE_PATH_MAX], longest[TILE_NAME_MAX];
    memset(longest, 'x', TILE_NAME_MAX - 1);
    longest[TILE_NAME_MAX - 1] = '\0';
    if (!tile_full_path(path, directory, longest, err)) return false; // so that every name fits
    snprintf(tiles->directory, sizeof(tiles->directory), "%s", directory);
    snprintf(path, sizeof(path), "%s/", directory);
    if (!make_folders(path, err)) return false;
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        if (!load_level(tiles, level, err)) return false;
    return tiles->widths[0] == 0 || load_bundle(tiles, err);
}

bool tiles_open(struct tiles **opened, const char *directory, const struct tree *tree,
                struct error *err)
{
    struct tiles *tiles = calloc(1, sizeof(*tiles));
    if (tiles == NULL || (tiles->bundle = malloc(TILE_ENTRIES_MAX)) == NULL) {
        free(tiles);
        return error_set(err, ERROR_UNAVAILABLE, "no memory for the tiles");
    }
    tiles->tree = *tree;
    if (!load(tiles, directory, err)) {
        tiles_close(tiles);
        return false;
    }
    tiles_invariants(tiles);
    *opened = tiles;
    return true;
}

void tiles_close(struct tiles *tiles)
{
    if (tiles == NULL) return;
    free(tiles->bundle);
    free(tiles);
}
