#include "store/unpack.h"

#include <pthread.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "store/journal_format.h"

enum { IDLE_MAX = 16 };

struct unpackers {
    pthread_mutex_t lock;
    ZSTD_DCtx *idle[IDLE_MAX]; // a context serves one thread at a time
    ZSTD_DDict *dictionary;
};

bool unpackers_open(struct unpackers **opened, struct error *err)
{
    struct unpackers *unpackers = calloc(1, sizeof(*unpackers));
    if (unpackers == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to unpack with");
    pthread_mutex_init(&unpackers->lock, NULL);
    unpackers->dictionary = ZSTD_createDDict(journal_dictionary.at, journal_dictionary.len);
    if (unpackers->dictionary != NULL) {
        *opened = unpackers;
        return true;
    }
    unpackers_close(unpackers);
    return error_set(err, ERROR_UNAVAILABLE, "no memory to unpack with");
}

void unpackers_close(struct unpackers *unpackers)
{
    if (unpackers == NULL) return;
    for (int i = 0; i < IDLE_MAX; i++) ZSTD_freeDCtx(unpackers->idle[i]);
    ZSTD_freeDDict(unpackers->dictionary);
    pthread_mutex_destroy(&unpackers->lock);
    free(unpackers);
}

static ZSTD_DCtx *take(struct unpackers *unpackers)
{
    ZSTD_DCtx *taken = NULL;
    pthread_mutex_lock(&unpackers->lock);
    for (int i = 0; i < IDLE_MAX && taken == NULL; i++) {
        taken = unpackers->idle[i];
        unpackers->idle[i] = NULL;
    }
    pthread_mutex_unlock(&unpackers->lock);
    return taken != NULL ? taken : ZSTD_createDCtx();
}

static void give_back(struct unpackers *unpackers, ZSTD_DCtx *context)
{
    pthread_mutex_lock(&unpackers->lock);
    for (int i = 0; i < IDLE_MAX && context != NULL; i++) {
        if (unpackers->idle[i] != NULL) continue;
        unpackers->idle[i] = context;
        context = NULL;
    }
    pthread_mutex_unlock(&unpackers->lock);
    ZSTD_freeDCtx(context);
}

bool unpack(struct unpackers *unpackers, struct span packed, struct store_fact *facts,
            uint32_t count, struct arena *arena, const char **fault)
{
    size_t lengths = (size_t)count * sizeof(uint32_t), whole = 0;
    *fault = "a payload that is too short";
    if (packed.len < lengths) return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t len;
        memcpy(&len, packed.at + i * sizeof(len), sizeof(len));
        facts[i].json.len = len;
        whole += len;
    }
    *fault = "facts of an impossible length";
    if (whole > PACK_RAW_MAX) return false;

    *fault = NULL;
    char *raw = arena_take_raw(arena, whole + 1, 1);
    ZSTD_DCtx *context = raw == NULL ? NULL : take(unpackers);
    if (context == NULL) return false;
    size_t got = ZSTD_decompress_usingDDict(context, raw, whole, packed.at + lengths,
                                            packed.len - lengths, unpackers->dictionary);
    give_back(unpackers, context);
    *fault = "a payload that cannot be unpacked";
    if (ZSTD_isError(got) || got != whole) return false;
    for (uint32_t i = 0; i < count; i++) {
        facts[i].json.at = raw;
        raw += facts[i].json.len;
    }
    return true;
}
