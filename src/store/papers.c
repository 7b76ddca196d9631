#include "store/papers.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"

enum { FOLDER_MAX = 600, PATH_MAX_HERE = FOLDER_MAX + 2 * SHA256_SIZE + 16, PIECE = 1 << 20 };

struct papers {
    const struct disk *disk;
    char folder[FOLDER_MAX];
    pthread_mutex_t writing; // one at a time: two who put the same bytes would share a file
};

struct paths { char folder[PATH_MAX_HERE], paper[PATH_MAX_HERE], fresh[PATH_MAX_HERE]; };

static struct paths paths_of(const struct papers *papers, struct sha256 sha256)
{
    struct paths paths;
    char hex[2 * SHA256_SIZE + 1];
    for (size_t i = 0; i < SHA256_SIZE; i++) snprintf(hex + 2 * i, 3, "%02x", sha256.bytes[i]);
    snprintf(paths.folder, sizeof(paths.folder), "%s/%.2s", papers->folder, hex);
    snprintf(paths.paper, sizeof(paths.paper), "%s/%.2s/%s", papers->folder, hex, hex);
    snprintf(paths.fresh, sizeof(paths.fresh), "%s/%.2s/%s.new", papers->folder, hex, hex);
    return paths;
}

bool papers_open(struct papers **opened, const struct disk *disk, const char *folder,
                 struct error *err)
{
    if (strlen(folder) >= FOLDER_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the path of the papers is too long");
    if (!disk->make_folder(disk->state, folder, err)) return false;
    struct papers *papers = calloc(1, sizeof(*papers));
    if (papers == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the papers");
    papers->disk = disk;
    snprintf(papers->folder, sizeof(papers->folder), "%s", folder);
    pthread_mutex_init(&papers->writing, NULL);
    *opened = papers;
    return true;
}

void papers_close(struct papers *papers)
{
    if (papers == NULL) return;
    pthread_mutex_destroy(&papers->writing);
    free(papers);
}

static bool write_whole(const struct disk *disk, const char *path, struct span bytes,
                        struct error *err)
{
    int handle;
    if (!disk->open(disk->state, path, true, &handle, err)) return false;
    bool written = disk->write(disk->state, handle, 0, bytes.at, bytes.len, err) &&
                   disk->sync(disk->state, handle, err);
    disk->close(disk->state, handle);
    return written;
}

// Also over one that is there: its bytes may have turned, and whether its name has reached the disk
// only a sync tells.
static bool put(struct papers *papers, const struct paths *paths, struct span bytes,
                struct error *err)
{
    const struct disk *disk = papers->disk;
    return disk->make_folder(disk->state, paths->folder, err) &&
           write_whole(disk, paths->fresh, bytes, err) &&
           disk->rename(disk->state, paths->fresh, paths->paper, err) &&
           disk->sync_folder(disk->state, paths->folder, err);
}

bool papers_put(struct papers *papers, struct span bytes, struct sha256 *sha256, struct error *err)
{
    if (bytes.len > PAPER_SIZE_MAX) {
        error_set(err, ERROR_TOO_LARGE, "a document of %zu bytes, and at most %d are taken",
                  bytes.len, PAPER_SIZE_MAX);
        return error_hint(err, "Send it in parts, or in another format.");
    }
    *sha256 = sha256_of(bytes);
    struct paths paths = paths_of(papers, *sha256);
    pthread_mutex_lock(&papers->writing);
    bool kept = put(papers, &paths, bytes, err);
    pthread_mutex_unlock(&papers->writing);
    return kept;
}

static bool read_whole(const struct disk *disk, int handle, struct arena *arena,
                       struct span *bytes, struct error *err)
{
    char *at = arena_take_raw(arena, PAPER_SIZE_MAX + 1, 1);
    if (at == NULL) return error_set(err, ERROR_TOO_LARGE, "the document does not fit into memory");
    size_t len = 0, got = PIECE;
    while (got == PIECE && len + PIECE <= PAPER_SIZE_MAX + 1) {
        if (!disk->read(disk->state, handle, len, at + len, PIECE, &got, err)) return false;
        len += got;
    }
    arena_reset(arena, (size_t)(at - arena->start) + len); // what it is shorter than the longest
    *bytes = (struct span){ at, len };
    return true;
}

bool papers_get(struct papers *papers, struct sha256 sha256, struct arena *arena,
                struct span *bytes, struct error *err)
{
    const struct disk *disk = papers->disk;
    struct paths paths = paths_of(papers, sha256);
    int handle;
    if (!disk->open(disk->state, paths.paper, false, &handle, err)) return false;
    bool got = read_whole(disk, handle, arena, bytes, err);
    disk->close(disk->state, handle);
    if (!got) return false;
    if (sha256_equal(sha256_of(*bytes), sha256)) return true;
    return error_set(err, ERROR_DAMAGED, "the document is not what was handed in");
}
