// disk_memory: a disk in memory for tests. It keeps what was synced, and fails where it is told to.
//
// What is written can be read at once, as from an operating system's cache; it is on the disk after
// a sync. When the power goes, each write that was not synced is kept, lost or torn at any byte, in
// any order, as a seed says; a new file and a rename are kept or lost in the same way until their
// folder is synced. A sync that fails has done any part of its work, and a later one does not make
// up for it. Closing a store without losing power is what the death of its process would be.
//
// Every call but `exists` and `close` is counted, and the trouble comes at the n-th (from 0).
#ifndef TW_STORE_DISK_MEMORY_H
#define TW_STORE_DISK_MEMORY_H

#include "store/disk.h"

enum disk_trouble {
    DISK_WELL,
    DISK_POWER_LOST, // the call may have taken effect; it and all later ones fail
    DISK_FAILS,      // that one call: done, half done or not done, and it says it failed
    DISK_FULL,       // from that call on no file can grow
};

struct disk_memory;

struct disk_memory *disk_memory_open(void);
struct disk_memory *disk_memory_copy(const struct disk_memory *memory); // nothing in it is open
void disk_memory_close(struct disk_memory *memory);                     // also takes NULL
struct disk disk_memory_disk(struct disk_memory *memory);

// What happens at the n-th call from now; `seed` says how much of a failing call is done.
void disk_memory_trouble(struct disk_memory *memory, enum disk_trouble trouble, uint64_t at_call,
                         uint64_t seed);
uint64_t disk_memory_calls(const struct disk_memory *memory); // since then

// Everything not on the disk is decided by the seed, also when the power was never lost before.
// Nothing is open; the trouble is over.
void disk_memory_power_back(struct disk_memory *memory, uint64_t seed);

// The files, in the order in which they were made; NULL behind the last.
const char *disk_memory_name(const struct disk_memory *memory, uint32_t index, uint64_t *size);
// Whether both have the same bytes under the name.
bool disk_memory_same(const struct disk_memory *a, const struct disk_memory *b, const char *path);
// Changes bytes behind the back of whoever wrote them, in the cache and on the disk.
void disk_memory_alter(struct disk_memory *memory, const char *path, uint64_t at, const void *bytes,
                       size_t size);
void disk_memory_remove(struct disk_memory *memory, const char *path);

#endif
