#include "ledger/tiles.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

enum { BUNDLE_MAX = TILE_WIDTH * (2 + LEDGER_ENTRY_MAX) };

struct tiles {
    char directory[TILE_PATH_MAX / 2];
    struct tree tree;
    struct sha256 hashes[TILE_LEVELS][TILE_WIDTH]; // of the tile that is not full yet, by level
    uint32_t widths[TILE_LEVELS];                  // how many are there, and of those
    uint32_t written[TILE_LEVELS];                 // how many the newest partial file holds
    char *bundle;                                  // entries of the bundle that is not full yet
    size_t bundle_size;
};

void tile_path(char *path, size_t size, int level, uint64_t number, uint32_t width)
{
    int len = level < 0 ? snprintf(path, size, "tile/entries/")
                        : snprintf(path, size, "tile/%d/", level);
    int groups = 0;
    for (uint64_t rest = number; rest >= 1000; rest /= 1000) groups++;
    for (; groups >= 0; groups--) {
        uint64_t group = number;
        for (int i = 0; i < groups; i++) group /= 1000;
        len += snprintf(path + len, size - (size_t)len, groups > 0 ? "x%03u/" : "%03u",
                        (unsigned)(group % 1000));
    }
    if (width < TILE_WIDTH) snprintf(path + len, size - (size_t)len, ".p/%u", width);
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

static bool write_file(const struct tiles *tiles, const char *name, struct span bytes,
                       struct error *err)
{
    char path[TILE_PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", tiles->directory, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 && errno == ENOENT) {
        if (!make_folders(path, err)) return false;
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    bool written = fd >= 0 && write_all(fd, bytes);
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && written) written = false, why = errno;
    return written || error_set(err, ERROR_UNAVAILABLE, "could not write '%s': %s", path,
                                strerror(why));
}

bool tile_file(const char *directory, const char *name, size_t size_max, struct arena *arena,
               struct span *bytes, struct error *err)
{
    char path[TILE_PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE,
                         "could not open '%s': %s", path, strerror(errno));
    struct stat stat;
    bool sized = fstat(fd, &stat) == 0 && stat.st_size >= 0 && (size_t)stat.st_size <= size_max;
    char *into = sized ? arena_take_raw(arena, (size_t)stat.st_size + 1, 1) : NULL;
    size_t got = 0;
    while (into != NULL && got < (size_t)stat.st_size) {
        ssize_t more = read(fd, into + got, (size_t)stat.st_size - got);
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) break;
        got += (size_t)more;
    }
    close(fd);
    if (!sized || into == NULL)
        return error_set(err, ERROR_TOO_LARGE, "'%s' is larger than %zu bytes", path, size_max);
    *bytes = (struct span){ into, got };
    return true;
}

bool tile_hashes(const char *directory, unsigned level, uint64_t number, uint32_t width,
                 struct sha256 *hashes, struct error *err)
{
    assert(width > 0);
    assert(width <= TILE_WIDTH);
    _Alignas(16) char memory[TILE_WIDTH * SHA256_SIZE + 64];
    for (uint32_t tried = width;; tried = TILE_WIDTH) { // the full tile stands in for the partial one
        char path[TILE_PATH_MAX];
        struct arena arena = arena_over(memory, sizeof(memory));
        struct span bytes;
        tile_path(path, sizeof(path), (int)level, number, tried);
        if (!tile_file(directory, path, TILE_WIDTH * SHA256_SIZE, &arena, &bytes, err)) {
            if (err->kind == ERROR_NOT_FOUND && tried < TILE_WIDTH) continue;
            return false;
        }
        if (bytes.len != (size_t)tried * SHA256_SIZE)
            return error_set(err, ERROR_DAMAGED, "'%s' has %zu bytes where %zu belong", path,
                             bytes.len, (size_t)tried * SHA256_SIZE);
        memcpy(hashes, bytes.at, (size_t)width * SHA256_SIZE);
        return true;
    }
}

// --- Publishing ---

// The partial files of a tile that is full now.
static void drop_partials(const struct tiles *tiles, const char *full_name)
{
    char path[TILE_PATH_MAX], file[TILE_PATH_MAX + 264];
    snprintf(path, sizeof(path), "%s/%s.p", tiles->directory, full_name);
    DIR *folder = opendir(path);
    if (folder == NULL) return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.') unlink(file);
    }
    closedir(folder);
    rmdir(path);
}

static bool write_tile(struct tiles *tiles, unsigned level, uint64_t number, uint32_t width,
                       struct error *err)
{
    char name[TILE_PATH_MAX / 2];
    tile_path(name, sizeof(name), (int)level, number, width);
    struct span bytes = { (const char *)tiles->hashes[level], (size_t)width * SHA256_SIZE };
    if (!write_file(tiles, name, bytes, err)) return false;
    if (width == TILE_WIDTH && tiles->written[level] > 0) drop_partials(tiles, name);
    if (level > 0) return true;

    tile_path(name, sizeof(name), -1, number, width);
    if (!write_file(tiles, name, (struct span){ tiles->bundle, tiles->bundle_size }, err))
        return false;
    if (width == TILE_WIDTH && tiles->written[0] > 0) drop_partials(tiles, name);
    return true;
}

static struct sha256 tile_root(const struct sha256 *hashes, uint32_t width)
{
    struct tree tree = { 0 };
    for (uint32_t i = 0; i < width; i++) tree_add(&tree, hashes[i]);
    return tree_root(&tree);
}

bool tiles_add(struct tiles *tiles, struct span entry, struct sha256 leaf, struct error *err)
{
    assert(entry.len <= LEDGER_ENTRY_MAX);
    unsigned char length[2] = { (unsigned char)(entry.len >> 8), (unsigned char)entry.len };
    memcpy(tiles->bundle + tiles->bundle_size, length, 2);
    memcpy(tiles->bundle + tiles->bundle_size + 2, entry.at, entry.len);
    tiles->bundle_size += 2 + entry.len;
    tree_add(&tiles->tree, leaf);

    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        tiles->hashes[level][tiles->widths[level]++] = leaf;
        if (tiles->widths[level] < TILE_WIDTH) return true;
        uint64_t number = (tiles->tree.size >> (8 * (level + 1))) - 1;
        if (!write_tile(tiles, level, number, TILE_WIDTH, err)) return false;
        leaf = tile_root(tiles->hashes[level], TILE_WIDTH);
        tiles->widths[level] = tiles->written[level] = 0;
        if (level == 0) tiles->bundle_size = 0;
    }
    return true;
}

const struct tree *tiles_tree(const struct tiles *tiles) { return &tiles->tree; }

bool tiles_publish(struct tiles *tiles, struct span note, struct error *err)
{
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        uint32_t width = tiles->widths[level];
        if (width == 0 || width == tiles->written[level]) continue;
        uint64_t number = tiles->tree.size >> (8 * (level + 1));
        if (!write_tile(tiles, level, number, width, err)) return false;
        tiles->written[level] = width;
    }
    char from[TILE_PATH_MAX], to[TILE_PATH_MAX];
    if (!write_file(tiles, "checkpoint.new", note, err)) return false;
    snprintf(from, sizeof(from), "%s/checkpoint.new", tiles->directory);
    snprintf(to, sizeof(to), "%s/checkpoint", tiles->directory);
    return rename(from, to) == 0 ||
           error_set(err, ERROR_UNAVAILABLE, "could not replace '%s': %s", to, strerror(errno));
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

// The entries must be those that the leaves are of. Their length, 0 when they are not.
static size_t bundle_fits(const struct tiles *tiles, struct span bytes, uint32_t width)
{
    size_t at = 0;
    for (uint32_t i = 0; i < width; i++) {
        if (at + 2 > bytes.len) return 0;
        size_t len = (size_t)(unsigned char)bytes.at[at] << 8 | (unsigned char)bytes.at[at + 1];
        if (at + 2 + len > bytes.len) return 0;
        struct sha256 leaf = tree_leaf((struct span){ bytes.at + at + 2, len });
        if (!sha256_equal(leaf, tiles->hashes[0][i])) return 0;
        at += 2 + len;
    }
    return at;
}

static bool load_bundle(struct tiles *tiles, uint32_t width, struct error *err)
{
    char path[TILE_PATH_MAX];
    struct arena arena;
    struct span bytes;
    if (!arena_open(&arena, BUNDLE_MAX + 4096, err)) return false;
    bool read = false;
    for (uint32_t tried = width; !read && tried <= TILE_WIDTH; tried += TILE_WIDTH - width) {
        tile_path(path, sizeof(path), -1, tiles->tree.size >> 8, tried);
        read = tile_file(tiles->directory, path, BUNDLE_MAX, &arena, &bytes, err);
    }
    if (read && (tiles->bundle_size = bundle_fits(tiles, bytes, width)) > 0)
        memcpy(tiles->bundle, bytes.at, tiles->bundle_size);
    else if (read)
        read = error_set(err, ERROR_DAMAGED, "the newest entries are not the ledger's");
    arena_close(&arena);
    return read;
}

static bool load_edge(struct tiles *tiles, struct error *err)
{
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        uint64_t count = tiles->tree.size >> (8 * level);
        uint32_t width = (uint32_t)(count % TILE_WIDTH);
        tiles->widths[level] = tiles->written[level] = width;
        if (width == 0) continue;
        if (!tile_hashes(tiles->directory, level, count >> 8, width, tiles->hashes[level], err))
            return false;
        // The tile's own tree has the whole tree's edge at these levels.
        struct tree own = { 0 };
        for (uint32_t i = 0; i < width; i++) tree_add(&own, tiles->hashes[level][i]);
        for (unsigned bit = 0; bit < 8; bit++)
            if ((width >> bit & 1) != 0 &&
                !sha256_equal(own.edge[bit], tiles->tree.edge[8 * level + bit]))
                return error_set(err, ERROR_DAMAGED, "a tile of level %u is not the ledger's", level);
    }
    return tiles->widths[0] == 0 || load_bundle(tiles, tiles->widths[0], err);
}

bool tiles_open(struct tiles **opened, const char *directory, const struct tree *tree,
                struct error *err)
{
    struct tiles *tiles = calloc(1, sizeof(*tiles));
    if (tiles == NULL || (tiles->bundle = malloc(BUNDLE_MAX)) == NULL) {
        free(tiles);
        return error_set(err, ERROR_UNAVAILABLE, "no memory for the tiles");
    }
    snprintf(tiles->directory, sizeof(tiles->directory), "%s", directory);
    tiles->tree = *tree;
    char path[TILE_PATH_MAX];
    snprintf(path, sizeof(path), "%s/", directory);
    if (make_folders(path, err) && load_edge(tiles, err)) {
        *opened = tiles;
        return true;
    }
    tiles_close(tiles);
    return false;
}

void tiles_close(struct tiles *tiles)
{
    if (tiles == NULL) return;
    free(tiles->bundle);
    free(tiles);
}

// --- Reading ---

struct tile_reader *tile_reader_open(const char *directory, uint64_t size, struct error *err)
{
    struct tile_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL) {
        error_set(err, ERROR_UNAVAILABLE, "no memory to read tiles");
        return NULL;
    }
    reader->directory = directory;
    reader->size = size;
    return reader;
}

void tile_reader_close(struct tile_reader *reader)
{
    free(reader);
}

static bool read_subtree(void *state, unsigned level, uint64_t index, struct sha256 *hash,
                         struct error *err)
{
    struct tile_reader *reader = state;
    unsigned tile_level = level / 8, within = level % 8;
    assert(tile_level < TILE_LEVELS);
    uint64_t first = index << within, number = first / TILE_WIDTH;
    uint64_t count = reader->size >> (8 * tile_level);
    assert(first + (1ull << within) <= count);
    uint32_t width = count / TILE_WIDTH > number ? TILE_WIDTH : (uint32_t)(count % TILE_WIDTH);

    if (!reader->cache[tile_level].valid || reader->cache[tile_level].number != number) {
        reader->cache[tile_level].valid = false;
        if (!tile_hashes(reader->directory, tile_level, number, width,
                         reader->cache[tile_level].hashes, err))
            return false;
        reader->cache[tile_level].number = number;
        reader->cache[tile_level].width = width;
        reader->cache[tile_level].valid = true;
    }
    *hash = tile_root(&reader->cache[tile_level].hashes[first % TILE_WIDTH], 1u << within);
    return true;
}

struct hash_source tile_source(struct tile_reader *reader)
{
    return (struct hash_source){ read_subtree, reader };
}

bool tile_entry(const struct tile_reader *reader, uint64_t index, struct arena *arena,
                struct span *entry, struct error *err)
{
    assert(index < reader->size);
    uint64_t number = index / TILE_WIDTH;
    uint32_t partial = reader->size / TILE_WIDTH > number ? TILE_WIDTH
                                                          : (uint32_t)(reader->size % TILE_WIDTH);
    char path[TILE_PATH_MAX];
    struct span bytes;
    tile_path(path, sizeof(path), -1, number, partial);
    if (!tile_file(reader->directory, path, BUNDLE_MAX, arena, &bytes, err)) {
        if (err->kind != ERROR_NOT_FOUND || partial == TILE_WIDTH) return false;
        tile_path(path, sizeof(path), -1, number, TILE_WIDTH);
        if (!tile_file(reader->directory, path, BUNDLE_MAX, arena, &bytes, err)) return false;
    }
    for (uint64_t i = number * TILE_WIDTH;; i++) {
        size_t len = bytes.len < 2 ? bytes.len
                                   : (size_t)(unsigned char)bytes.at[0] << 8 |
                                         (unsigned char)bytes.at[1];
        if (bytes.len < 2 + len)
            return error_set(err, ERROR_DAMAGED, "'%s' ends within entry %llu", path,
                             (unsigned long long)i);
        *entry = (struct span){ bytes.at + 2, len };
        if (i == index) return true;
        bytes.at += 2 + len;
        bytes.len -= 2 + len;
    }
}
