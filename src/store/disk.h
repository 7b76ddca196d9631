// disk: the file layer of the journal: what it asks of an operating system, as a struct of
// functions.
//
// The real one is disk_real. Tests put another in its place that keeps only what was synced and
// loses power where they say (disk_memory.h). Handles are small numbers; every function may be
// called by any thread, writes to one file by one at a time.
#ifndef TW_STORE_DISK_H
#define TW_STORE_DISK_H

#include "base/error.h"

struct disk {
    void *state;
    // Also its parents; durable.
    bool (*make_folder)(void *state, const char *path, struct error *err);
    bool (*exists)(void *state, const char *path);
    // ERROR_NOT_FOUND when it is not there and not to be created. A new one is durable after
    // sync_folder.
    bool (*open)(void *state, const char *path, bool create, int *handle, struct error *err);
    void (*close)(void *state, int handle);
    // `got` is less than `size` only at the end of the file.
    bool (*read)(void *state, int handle, uint64_t at, void *into, size_t size, size_t *got,
                 struct error *err);
    // What was written can be read at once, and is durable after sync.
    bool (*write)(void *state, int handle, uint64_t at, const void *bytes, size_t size,
                  struct error *err);
    // Makes the file `size` bytes long and gives it its place on the disk; new bytes read as zeros.
    // ERROR_UNAVAILABLE when the disk is full; the file is then as long as it was.
    bool (*allocate)(void *state, int handle, uint64_t size, struct error *err);
    // When it fails, nobody knows what is durable, and a second call says nothing of what was
    // written before the first: it must be written again.
    bool (*sync)(void *state, int handle, struct error *err);
    // `to` is replaced as a whole; durable after sync_folder.
    bool (*rename)(void *state, const char *from, const char *to, struct error *err);
    bool (*sync_folder)(void *state, const char *path, struct error *err);
    // Held until closed. ERROR_UNAVAILABLE names the process that holds it.
    bool (*lock)(void *state, const char *path, int *handle, struct error *err);
};

const struct disk *disk_real(void);

#endif
