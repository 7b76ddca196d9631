#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/tiles.h"
#include "ledger/tiles_inside.h"

void tile_path(char path[TILE_NAME_MAX], int level, uint64_t number, uint32_t width)
{
    assert(width > 0);
    assert(width <= TILE_WIDTH);
    assert(level < TILE_LEVELS);
    size_t size = TILE_NAME_MAX;
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

bool tile_full_path(char path[TILE_PATH_MAX], const char *directory, const char *name,
                    struct error *err)
{
    int len = snprintf(path, TILE_PATH_MAX, "%s/%s", directory, name);
    return (len >= 0 && len < TILE_PATH_MAX) ||
           error_set(err, ERROR_TOO_LARGE, "the ledger's path is too long: '%s'", directory);
}

// The bytes of an open file; `path` is for messages.
static bool read_open(int fd, const char *path, size_t size_max, struct arena *arena,
                      struct span *bytes, struct error *err)
{
    struct stat stat;
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
        return error_set(err, ERROR_UNAVAILABLE, "'%s' is not a file", path);
    size_t size = (size_t)stat.st_size, got = 0;
    if (size > size_max)
        return error_set(err, ERROR_TOO_LARGE, "'%s' is larger than %zu bytes", path, size_max);
    char *into = arena_take_raw(arena, size + 1, 1);
    if (into == NULL) return error_set(err, ERROR_TOO_LARGE, "no memory to read '%s'", path);
    while (got < size) {
        ssize_t more = read(fd, into + got, size - got);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0)
            return error_set(err, ERROR_UNAVAILABLE, "could not read '%s': %s", path,
                             strerror(errno));
        if (more == 0) break;
        got += (size_t)more;
    }
    *bytes = (struct span){ into, got };
    return true;
}

bool tile_file(const char *directory, const char *name, size_t size_max, struct arena *arena,
               struct span *bytes, struct error *err)
{
    char path[TILE_PATH_MAX];
    if (!tile_full_path(path, directory, name, err)) return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE,
                         "could not open '%s': %s", path, strerror(errno));
    bool read = read_open(fd, path, size_max, arena, bytes, err);
    close(fd);
    return read;
}

// The file of a tile of `width`, or of the full one that stands in for it; `count` says which.
static bool tile_or_full(const char *directory, int level, uint64_t number, uint32_t width,
                         size_t size_max, struct arena *arena, struct span *bytes, uint32_t *count,
                         struct error *err)
{
    char name[TILE_NAME_MAX];
    struct error why;
    tile_path(name, level, number, width);
    *count = width;
    if (tile_file(directory, name, size_max, arena, bytes, &why)) return true;
    if (why.kind == ERROR_NOT_FOUND && width < TILE_WIDTH) {
        struct error ignored; // the partial one is what is missed
        tile_path(name, level, number, TILE_WIDTH);
        *count = TILE_WIDTH;
        if (tile_file(directory, name, size_max, arena, bytes, &ignored)) return true;
        if (ignored.kind != ERROR_NOT_FOUND) why = ignored;
    }
    if (err != NULL) *err = why;
    return false;
}

bool tile_hashes(const char *directory, unsigned level, uint64_t number, uint32_t width,
                 struct sha256 *hashes, struct error *err)
{
    _Alignas(16) char memory[TILE_WIDTH * SHA256_SIZE + 64];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct span bytes = SPAN("");
    uint32_t count;
    if (!tile_or_full(directory, (int)level, number, width,
                      (size_t)TILE_WIDTH * SHA256_SIZE, &arena, &bytes, &count, err))
        return false;
    if (bytes.len != (size_t)count * SHA256_SIZE) {
        char name[TILE_NAME_MAX];
        tile_path(name, (int)level, number, count);
        return error_set(err, ERROR_DAMAGED, "'%s' has %zu bytes where %zu belong", name, bytes.len,
                         (size_t)count * SHA256_SIZE);
    }
    memcpy(hashes, bytes.at, (size_t)width * SHA256_SIZE);
    return true;
}

bool tile_entries(const char *directory, uint64_t number, uint32_t width, struct arena *arena,
                  struct span *bytes, uint32_t *count, struct error *err)
{
    return tile_or_full(directory, -1, number, width, TILE_ENTRIES_MAX, arena, bytes, count, err);
}

bool tile_entry_next(struct span *bytes, struct span *entry)
{
    if (bytes->len < 2) return false;
    size_t len = (size_t)(unsigned char)bytes->at[0] << 8 | (unsigned char)bytes->at[1];
    if (bytes->len - 2 < len) return false;
    *entry = (struct span){ bytes->at + 2, len };
    *bytes = (struct span){ bytes->at + 2 + len, bytes->len - 2 - len };
    return true;
}

// --- The reader ---

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

static struct sha256 root_of(const struct sha256 *hashes, uint32_t width)
{
    struct tree tree = { 0 };
    for (uint32_t i = 0; i < width; i++) tree_add(&tree, hashes[i]);
    return tree_root(&tree);
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
        reader->cache[tile_level].valid = true;
    }
    *hash = root_of(&reader->cache[tile_level].hashes[first % TILE_WIDTH], 1u << within);
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
    uint32_t width = reader->size / TILE_WIDTH > number ? TILE_WIDTH
                                                        : (uint32_t)(reader->size % TILE_WIDTH);
    struct span bytes = { 0 };
    uint32_t count;
    if (!tile_entries(reader->directory, number, width, arena, &bytes, &count, err)) return false;
    for (uint64_t i = number * TILE_WIDTH; i <= index; i++)
        if (!tile_entry_next(&bytes, entry)) {
            char name[TILE_NAME_MAX];
            tile_path(name, -1, number, count);
            return error_set(err, ERROR_DAMAGED, "'%s' ends within entry %llu", name,
                             (unsigned long long)i);
        }
    return true;
}
