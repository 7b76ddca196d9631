#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/disk.h"

static bool trouble(struct error *err, const char *what, const char *path)
{
    int why = errno;
    enum error_kind kind = why == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE;
    bool full = why == ENOSPC || why == EDQUOT || why == EFBIG;
    error_set(err, kind, "could not %s '%s': %s", what, path,
              full ? "the disk is full" : strerror(why));
    switch (why) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return error_hint(err, "Make room and try again; what was acknowledged is kept.");
    case EACCES:
    case EPERM:
    case EROFS: return error_hint(err, "The store needs a folder that this user may write to.");
    default: return false;
    }
}

static bool real_sync_folder(void *state, const char *path, struct error *err)
{
    (void)state;
    int handle = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return trouble(err, "open", path);
    bool synced = fsync(handle) == 0;
    if (!synced) trouble(err, "sync", path);
    close(handle);
    return synced;
}

// A folder that was there may have been made by a process that ended before it was durable, so its
// parent is synced all the same; if that is not allowed, it is not ours.
static bool make_one_folder(const char *path, const char *parent, struct error *err)
{
    struct error ignored;
    bool made = mkdir(path, 0777) == 0;
    if (!made && errno != EEXIST) return trouble(err, "make folder", path);
    return real_sync_folder(NULL, parent, made ? err : &ignored) || !made;
}

static bool real_make_folder(void *state, const char *path, struct error *err)
{
    (void)state;
    char prefix[4096], parent[4096] = ".";
    size_t len = strlen(path);
    if (len >= sizeof(prefix))
        return error_set(err, ERROR_TOO_LARGE, "a path of %zu bytes", len);
    if (path[0] == '/') snprintf(parent, sizeof(parent), "/");
    for (size_t i = 1; i <= len; i++) {
        if ((path[i] != '/' && path[i] != '\0') || path[i - 1] == '/') continue;
        memcpy(prefix, path, i);
        prefix[i] = '\0';
        if (!make_one_folder(prefix, parent, err)) return false;
        memcpy(parent, prefix, i + 1);
    }
    return true;
}

static bool real_exists(void *state, const char *path)
{
    (void)state;
    return access(path, F_OK) == 0;
}

static bool real_open(void *state, const char *path, bool create, int *handle, struct error *err)
{
    (void)state;
    *handle = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0666);
    return *handle >= 0 || trouble(err, "open", path);
}

static void real_close(void *state, int handle)
{
    (void)state;
    close(handle);
}

static bool real_read(void *state, int handle, uint64_t at, void *into, size_t size, size_t *got,
                      struct error *err)
{
    (void)state;
    for (*got = 0; *got < size;) {
        ssize_t more = pread(handle, (char *)into + *got, size - *got, (off_t)(at + *got));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return trouble(err, "read", "the store");
        if (more == 0) return true;
        *got += (size_t)more;
    }
    return true;
}

static bool real_write(void *state, int handle, uint64_t at, const void *bytes, size_t size,
                       struct error *err)
{
    (void)state;
    for (size_t put = 0; put < size;) {
        ssize_t more = pwrite(handle, (const char *)bytes + put, size - put, (off_t)(at + put));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return trouble(err, "write to", "the store");
        put += (size_t)more;
    }
    return true;
}

static bool real_allocate(void *state, int handle, uint64_t size, struct error *err)
{
    (void)state;
    struct stat before;
    if (fstat(handle, &before) != 0) return trouble(err, "make room in", "the store");
    int why;
    do why = posix_fallocate(handle, 0, (off_t)size);
    while (why == EINTR);
    if (why == 0) return true;
    // A file that is half made room for would keep the disk full.
    bool given_back = ftruncate(handle, before.st_size) == 0;
    (void)given_back;
    errno = why;
    return trouble(err, "make room in", "the store");
}

static bool real_sync(void *state, int handle, struct error *err)
{
    (void)state;
    return fdatasync(handle) == 0 || trouble(err, "sync", "the store");
}

static bool real_rename(void *state, const char *from, const char *to, struct error *err)
{
    (void)state;
    return rename(from, to) == 0 || trouble(err, "rename", from);
}

static bool real_lock(void *state, const char *path, int *handle, struct error *err)
{
    if (!real_open(state, path, true, handle, err)) return false;
    if (flock(*handle, LOCK_EX | LOCK_NB) == 0) {
        char pid[24];
        int len = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
        if (ftruncate(*handle, 0) == 0 && pwrite(*handle, pid, (size_t)len, 0) == len) return true;
        trouble(err, "write to", path);
    } else {
        char pid[24] = "";
        ssize_t got = pread(*handle, pid, sizeof(pid) - 1, 0);
        pid[got > 0 ? strcspn(pid, "\n") : 0] = '\0';
        error_set(err, ERROR_UNAVAILABLE, "the store is in use by process %s",
                  pid[0] == '\0' ? "(unknown)" : pid);
        error_hint(err, "Wait for it to end, or name another store with --store.");
    }
    close(*handle);
    return false;
}

const struct disk *disk_real(void)
{
    static const struct disk real = {
        .make_folder = real_make_folder, .exists = real_exists, .open = real_open,
        .close = real_close, .read = real_read, .write = real_write, .allocate = real_allocate,
        .sync = real_sync, .rename = real_rename, .sync_folder = real_sync_folder,
        .lock = real_lock,
    };
    return &real;
}
