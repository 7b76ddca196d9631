#include "office/lot.h"

#include <assert.h>

#include "office/small_file.h"

bool lot_key_open(const char *directory, void (*random)(void *bytes, size_t size),
                  uint8_t key[LOT_KEY_SIZE], struct error *err)
{
    assert(random != NULL);
    char kept[SMALL_FILE_MAX];
    size_t size;
    struct error missing;
    if (small_file_read(directory, "lot.key", kept, &size, &missing)) {
        if (size == LOT_KEY_SIZE) {
            memcpy(key, kept, LOT_KEY_SIZE);
            return true;
        }
    } else if (missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    }
    random(key, LOT_KEY_SIZE);
    return small_file_write(directory, "lot.key", (struct span){ (const char *)key, LOT_KEY_SIZE },
                            0600, true, err);
}
