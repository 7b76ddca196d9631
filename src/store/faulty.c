#include <stdlib.h>

#include "store/store.h"

struct faulty {
    struct store *real;
    uint32_t calls, fails_at;
    enum store_fault fault;
    bool broken;
};

static bool faulty_commit(void *state, struct store_append *appends, uint32_t count,
                          const struct store_seal *seal, bool *before_anything, struct error *err)
{
    struct faulty *faulty = state;
    *before_anything = false;
    if (faulty->broken) return error_set(err, ERROR_UNAVAILABLE, "an earlier commit met a fault");
    bool fails = faulty->calls++ == faulty->fails_at && faulty->fault != FAULT_NONE;
    faulty->broken = fails;
    if (fails && faulty->fault == FAULT_NOT_KEPT)
        return error_set(err, ERROR_UNAVAILABLE, "a fault: not kept");
    if (!store_commit(faulty->real, appends, count, seal, before_anything, err)) return false;
    if (!fails) return true;
    *before_anything = false;
    return error_set(err, ERROR_UNAVAILABLE, "a fault: kept all the same");
}

static bool faulty_read(void *state, uint64_t position, struct arena *arena,
                        struct store_append *append, struct error *err)
{
    struct faulty *faulty = state;
    return store_read(faulty->real, position, arena, append, err);
}

static bool faulty_scan(void *state, uint64_t from, int wanted, struct arena *scratch,
                        bool (*each)(void *context, const struct store_append *append,
                                     uint64_t next, struct error *err),
                        void *context, struct error *err)
{
    struct faulty *faulty = state;
    return store_scan(faulty->real, from, wanted, scratch, each, context, err);
}

static void faulty_seal(void *state, struct store_seal *seal)
{
    struct faulty *faulty = state;
    store_seal(faulty->real, seal);
}

static bool faulty_check(void *state, struct arena *scratch, struct error *err)
{
    struct faulty *faulty = state;
    return store_check(faulty->real, scratch, err);
}

static void faulty_close(void *state)
{
    free(state); // the real one is the test's own
}

bool store_open_faulty(struct store *store, struct store *real, uint32_t fails_at,
                       enum store_fault fault, struct error *err)
{
    static const struct store_keeper keeper = {
        .name = "faulty", .commit = faulty_commit, .read = faulty_read, .scan = faulty_scan,
        .seal = faulty_seal, .check = faulty_check, .close = faulty_close,
    };
    struct faulty *faulty = calloc(1, sizeof(*faulty));
    if (faulty == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for a faulty store");
    *faulty = (struct faulty){ .real = real, .fails_at = fails_at, .fault = fault };
    store->keeper = &keeper;
    store->state = faulty;
    return true;
}
