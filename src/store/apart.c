#include "store/apart.h"

#include <assert.h>
#include <stdlib.h>

// A slot: magic, batch, size, key, root, then CRC32C of all before it. Little-endian, 512 bytes.
enum { SLOT_SIZE = 512, SLOTS = 2 };
static const char magic[8] = "TWAPART1";

struct slot {
    char magic[8];
    uint64_t batch, tree_size, log_key;
    struct sha256 root;
    uint32_t crc, unused;
};
_Static_assert(sizeof(struct slot) == 72, "slots have no gaps");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "slots are written as they are in memory");

struct apart {
    const struct disk *disk;
    int handle;
};

static bool read_slot(struct apart *apart, int number, struct slot *slot, struct error *err)
{
    size_t got;
    *slot = (struct slot){ 0 };
    if (!apart->disk->read(apart->disk->state, apart->handle, (uint64_t)number * SLOT_SIZE, slot,
                           sizeof(*slot), &got, err))
        return false;
    bool sound = got == sizeof(*slot) && memcmp(slot->magic, magic, sizeof(magic)) == 0 &&
                 slot->crc == crc32c(0, slot, offsetof(struct slot, crc));
    if (!sound) slot->batch = 0;
    return true;
}

static bool load(struct apart *apart, struct apart_record *record, struct error *err)
{
    *record = (struct apart_record){ 0 };
    for (int i = 0; i < SLOTS; i++) {
        struct slot slot;
        if (!read_slot(apart, i, &slot, err)) return false;
        if (slot.batch <= record->batch) continue;
        *record = (struct apart_record){ slot.batch, slot.tree_size, slot.root, slot.log_key };
    }
    return true;
}

bool apart_open(struct apart **opened, const struct disk *disk, const char *path,
                struct apart_record *record, struct error *err)
{
    struct apart *apart = calloc(1, sizeof(*apart));
    if (apart == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the record apart");
    apart->disk = disk;
    bool is_new = !disk->exists(disk->state, path);
    if (!disk->open(disk->state, path, true, &apart->handle, err)) {
        free(apart);
        return false;
    }
    bool done = !is_new || (disk->allocate(disk->state, apart->handle, SLOTS * SLOT_SIZE, err) &&
                            disk->sync(disk->state, apart->handle, err));
    if (done && load(apart, record, err)) {
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
