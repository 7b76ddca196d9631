#include "office/small_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void small_file_path(const char *directory, const char *name, char path[SMALL_FILE_PATH_MAX])
{
    int len = snprintf(path, SMALL_FILE_PATH_MAX, "%s/%s", directory, name);
    assert(len > 0 && len < SMALL_FILE_PATH_MAX);
}

static bool trouble(const char *what, const char *path, int why, struct error *err)
{
    error_set(err, why == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE, "could not %s '%s': %s",
              what, path, strerror(why));
    return error_hint(err, "Look at who may write there, and whether the disk has room.");
}

static bool sync_folder(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    bool synced = fsync(fd) == 0;
    close(fd);
    return synced;
}

bool small_file_write(const char *directory, const char *name, struct span text, mode_t mode,
                      bool durable, struct error *err)
{
    assert(text.len <= SMALL_FILE_MAX);
    char path[SMALL_FILE_PATH_MAX], fresh[SMALL_FILE_PATH_MAX + 8];
    small_file_path(directory, name, path);
    snprintf(fresh, sizeof(fresh), "%s.new", path);

    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    bool written = fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len &&
                   (!durable || fsync(fd) == 0);
    int why = errno;
    if (fd >= 0) close(fd);
    if (!written) return trouble("write", fresh, why, err);
    if (rename(fresh, path) != 0) return trouble("replace", path, errno, err);
    return !durable || sync_folder(directory) || trouble("sync", directory, errno, err);
}

bool small_file_read(const char *directory, const char *name, char text[SMALL_FILE_MAX],
                     size_t *size, struct error *err)
{
    char path[SMALL_FILE_PATH_MAX];
    small_file_path(directory, name, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return trouble("open", path, errno, err);
    ssize_t got = read(fd, text, SMALL_FILE_MAX);
    int why = errno;
    close(fd);
    *size = got > 0 ? (size_t)got : 0;
    return got >= 0 || trouble("read", path, why, err);
}
