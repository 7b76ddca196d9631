#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "store/store.h"

// Everything is copied into one arena that only grows; a position is an index into `kept`.
enum { MEMORY_APPENDS_MAX = 1 << 16 };

struct memory {
    pthread_mutex_t lock;
    struct arena arena;
    struct store_append *kept;
    uint64_t count;
    struct store_seal seal;
};

static bool copy_append(struct memory *memory, const struct store_append *from,
                        struct store_append *into)
{
    *into = *from;
    struct store_fact *facts = arena_take(&memory->arena, from->facts_count, sizeof(*facts));
    if (facts == NULL || !arena_copy(&memory->arena, from->file, &into->file)) return false;
    for (uint32_t i = 0; i < from->facts_count; i++) {
        facts[i] = from->facts[i];
        if (!arena_copy(&memory->arena, from->facts[i].json, &facts[i].json)) return false;
    }
    into->facts = facts;
    into->packed = (struct span){ 0 };
    return true;
}

static bool memory_commit(void *state, struct store_append *appends, uint32_t count,
                          const struct store_seal *seal, bool *before_anything, struct error *err)
{
    struct memory *memory = state;
    pthread_mutex_lock(&memory->lock);
    size_t mark = memory->arena.used;
    struct store_seal kept = *seal;
    bool fits = memory->count + count <= MEMORY_APPENDS_MAX &&
                arena_copy(&memory->arena, seal->edge, &kept.edge) &&
                arena_copy(&memory->arena, seal->checkpoint, &kept.checkpoint);
    for (uint32_t i = 0; i < count && fits; i++) {
        appends[i].position = memory->count + i;
        fits = copy_append(memory, &appends[i], &memory->kept[memory->count + i]);
    }
    *before_anything = true;
    if (fits) {
        memory->count += count;
        kept.batch = memory->seal.batch + 1;
        kept.end = memory->count;
        memory->seal = kept;
    } else {
        arena_reset(&memory->arena, mark);
    }
    pthread_mutex_unlock(&memory->lock);
    return fits || error_set(err, ERROR_TOO_LARGE, "the store in memory is full");
}

static bool memory_read(void *state, uint64_t position, struct arena *arena,
                        struct store_append *append, struct error *err)
{
    struct memory *memory = state;
    (void)arena; // what is kept stands where it is
    pthread_mutex_lock(&memory->lock);
    bool found = position < memory->count;
    if (found) *append = memory->kept[position];
    pthread_mutex_unlock(&memory->lock);
    return found || error_set(err, ERROR_NOT_FOUND, "nothing is kept at position %llu",
                              (unsigned long long)position);
}

static void memory_seal(void *state, struct store_seal *seal)
{
    struct memory *memory = state;
    pthread_mutex_lock(&memory->lock);
    *seal = memory->seal;
    pthread_mutex_unlock(&memory->lock);
}

static bool only_commitments(struct store_append *append, struct arena *arena, struct error *err)
{
    void *memory;
    if (!arena_need(arena, append->facts_count, sizeof(struct store_fact), &memory, "the append",
                    err))
        return false;
    struct store_fact *facts = memory;
    for (uint32_t i = 0; i < append->facts_count; i++)
        facts[i].commitment = append->facts[i].commitment;
    append->facts = facts;
    return true;
}

static bool memory_scan(void *state, uint64_t from, int wanted, struct arena *scratch,
                        bool (*each)(void *context, const struct store_append *append,
                                     uint64_t next, struct error *err),
                        void *context, struct error *err)
{
    struct store_seal seal;
    memory_seal(state, &seal);
    for (uint64_t position = from; position < seal.end; position++) {
        struct store_append append = { 0 };
        arena_reset(scratch, 0);
        if (!memory_read(state, position, scratch, &append, err)) return false;
        if (wanted == STORE_COMMITMENTS && !only_commitments(&append, scratch, err)) return false;
        if (!each(context, &append, position + 1, err)) return false;
    }
    return true;
}

static bool check_append(void *context, const struct store_append *append, uint64_t next,
                         struct error *err)
{
    (void)context, (void)next;
    for (uint32_t i = 0; i < append->facts_count; i++) {
        struct span salt = { (const char *)append->facts[i].salt, STORE_SALT_SIZE };
        struct sha256 commitment = sha256_of_two(salt, append->facts[i].json);
        if (!sha256_equal(commitment, append->facts[i].commitment))
            return error_set(err, ERROR_DAMAGED, "a fact that is not what was committed to");
    }
    return true;
}

static bool memory_check(void *state, struct arena *scratch, struct error *err)
{
    return memory_scan(state, 0, STORE_ALL, scratch, check_append, NULL, err);
}

static void memory_close(void *state)
{
    struct memory *memory = state;
    arena_close(&memory->arena);
    pthread_mutex_destroy(&memory->lock);
    free(memory);
}

bool store_open_memory(struct store *store, struct error *err)
{
    static const struct store_keeper keeper = {
        .name = "memory", .commit = memory_commit, .read = memory_read, .scan = memory_scan,
        .seal = memory_seal, .check = memory_check, .close = memory_close,
    };
    struct memory *memory = calloc(1, sizeof(*memory));
    if (memory == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the store");
    pthread_mutex_init(&memory->lock, NULL);
    void *kept;
    if (!arena_open(&memory->arena, (size_t)1024 * MIB, err) ||
        !arena_need(&memory->arena, MEMORY_APPENDS_MAX, sizeof(struct store_append), &kept,
                    "the store", err)) {
        memory_close(memory);
        return false;
    }
    memory->kept = kept;
    *store = (struct store){ &keeper, memory };
    return true;
}
