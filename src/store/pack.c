#include <assert.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "store/journal_format.h"
#include "store/store.h"

struct store_packer {
    ZSTD_CCtx *context;
    ZSTD_CDict *dictionary;
    struct arena raw;          // the facts' JSON in one piece
};

bool store_packer_open(struct store_packer **opened, struct error *err)
{
    struct store_packer *packer = calloc(1, sizeof(*packer));
    if (packer == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to pack with");
    packer->context = ZSTD_createCCtx();
    packer->dictionary = ZSTD_createCDict(journal_dictionary.at, journal_dictionary.len,
                                          JOURNAL_ZSTD_LEVEL);
    bool made = packer->context != NULL && packer->dictionary != NULL;
    if (made ? arena_open(&packer->raw, PACK_RAW_MAX, err)
             : error_set(err, ERROR_UNAVAILABLE, "no memory to pack with")) {
        *opened = packer;
        return true;
    }
    store_packer_close(packer);
    return false;
}

void store_packer_close(struct store_packer *packer)
{
    ZSTD_freeCCtx(packer->context);
    ZSTD_freeCDict(packer->dictionary);
    arena_close(&packer->raw);
    free(packer);
}

bool store_pack(struct store_packer *packer, struct store_append *append, struct arena *arena,
                struct error *err)
{
    assert(append->packed.len == 0);
    struct text raw = text_in(&packer->raw, (size_t)16 * KIB);
    for (uint32_t i = 0; i < append->facts_count; i++) text_add(&raw, append->facts[i].json);
    size_t size_max = ZSTD_compressBound(raw.len);
    size_t lengths = (size_t)append->facts_count * sizeof(uint32_t);
    char *packed = raw.full ? NULL : arena_take_raw(arena, lengths + size_max, 1);
    size_t size = 0;
    if (packed != NULL)
        size = ZSTD_compress_usingCDict(packer->context, packed + lengths, size_max, raw.at,
                                        raw.len, packer->dictionary);
    arena_reset(&packer->raw, 0);
    if (packed == NULL)
        return error_set(err, ERROR_TOO_LARGE, "the facts do not fit into working memory");
    if (ZSTD_isError(size))
        return error_set(err, ERROR_UNAVAILABLE, "could not pack: %s", ZSTD_getErrorName(size));
    for (uint32_t i = 0; i < append->facts_count; i++) {
        uint32_t len = (uint32_t)append->facts[i].json.len;
        memcpy(packed + i * sizeof(len), &len, sizeof(len));
    }
    // Give back what was not needed.
    size_t over = size_max - size;
    arena_reset(arena, arena->used - over);
    append->packed = (struct span){ packed, lengths + size };
    return true;
}
