#include "store/apart.h"

#include <assert.h>
#include <stdlib.h>

// A slot: magic, batch, size, key, root, then CRC32C of all before it. Little-endian. Each has a
// page of its own, so that no disk writes both at once.
enum { SLOT_SIZE = 4096, SLOTS = 2 };
static const char magic[8] = "TWAPART1";

struct slot {
    char magic[8];
    uint64_t batch, tree_size, log_key;
    struct sha256 root;
    uint32_t crc, unused;
};
_Static_assert(sizeof(struct slot) == 72, "slots have no gaps");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "slots are written as in memory");

struct apart {
    const struct disk *disk;
    int handle;
};

enum slot_state { SLOT_BROKEN, SLOT_EMPTY, SLOT_SOUND };

static bool read_slot(struct apart *apart, int number, struct slot *slot, enum slot_state *state,
                      struct error *err)
{
    static const struct slot empty;
    size_t got;
    *slot = empty;
    if (!apart->disk->read(apart->disk->state, apart->handle, (uint64_t)number * SLOT_SIZE, slot,
                           sizeof(*slot), &got, err))
        return false;
    bool sound = got == sizeof(*slot) && memcmp(slot->magic, magic, sizeof(magic)) == 0 &&
                 slot->crc == crc32c(0, slot, offsetof(struct slot, crc)) && slot->batch > 0;
    *state = sound                                          ? SLOT_SOUND
             : memcmp(slot, &empty, sizeof(empty)) == 0 ? SLOT_EMPTY
                                                            : SLOT_BROKEN;
    return true;
}

static bool load(struct apart *apart, const char *path, struct apart_record *record,
                 struct error *err)
{
    int broken = 0;
    *record = (struct apart_record){ 0 };
    for (int i = 0; i < SLOTS; i++) {
        struct slot slot;
        enum slot_state state;
        if (!read_slot(apart, i, &slot, &state, err)) return false;
        broken += state == SLOT_BROKEN;
        if (state == SLOT_SOUND && slot.batch > record->batch)
            *record = (struct apart_record){ slot.batch, slot.tree_size, slot.root, slot.log_key };
    }
    if (broken < SLOTS) return true;
    error_set(err, ERROR_DAMAGED, "the record kept apart, '%s', does not add up", path);
    return error_hint(err, "Restore it from a copy: it tells an old copy of the store from the "
                           "newest.");
}

// The folder that the file stands in.
static bool sync_folder(const struct disk *disk, const char *path, struct error *err)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - path);
    if (len >= sizeof(folder)) return error_set(err, ERROR_TOO_LARGE, "a path of %zu bytes", len);
    if (slash == path) len = 1;
    memcpy(folder, path, len);
    folder[len] = '\0';
    return disk->sync_folder(disk->state, len == 0 ? "." : folder, err);
}

bool apart_open(struct apart **opened, const struct disk *disk, const char *path,
                struct apart_record *record, struct error *err)
{
    struct apart *apart = calloc(1, sizeof(*apart));
    if (apart == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the record apart");
    apart->disk = disk;
    if (!disk->open(disk->state, path, true, &apart->handle, err)) {
        free(apart);
        return false;
    }
    // Each time: a process that made the file may have ended before it was durable.
    if (disk->allocate(disk->state, apart->handle, (uint64_t)SLOTS * SLOT_SIZE, err) &&
        disk->sync(disk->state, apart->handle, err) && sync_folder(disk, path, err) &&
        load(apart, path, record, err)) {
        *opened = apart;
        return true;
    }
    apart_close(apart);
    return false;
}

bool apart_write(struct apart *apart, const struct apart_record *record, struct error *err)
{
    assert(record->batch > 0);
    struct slot slot = { .batch = record->batch, .tree_size = record->tree_size,
                         .log_key = record->log_key, .root = record->root };
    memcpy(slot.magic, magic, sizeof(magic));
    slot.crc = crc32c(0, &slot, offsetof(struct slot, crc));
    const struct disk *disk = apart->disk;
    return disk->write(disk->state, apart->handle, record->batch % SLOTS * SLOT_SIZE, &slot,
                       sizeof(slot), err) &&
           disk->sync(disk->state, apart->handle, err);
}

void apart_close(struct apart *apart)
{
    if (apart == NULL) return;
    apart->disk->close(apart->disk->state, apart->handle);
    free(apart);
}
