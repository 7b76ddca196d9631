#include "store/store.h"

#include <assert.h>

#include "base/limits.h"

static bool is_closed(const struct store *store, struct error *err)
{
    if (store->keeper != NULL) return false;
    error_set(err, ERROR_UNAVAILABLE, "the store is closed after a fault");
    error_hint(err, "Start the program again; what was acknowledged is kept.");
    return true;
}

bool store_commit(struct store *store, struct store_append *appends, uint32_t count,
                  const struct store_seal *seal, bool *before_anything, struct error *err)
{
    assert(count > 0);
    for (uint32_t i = 0; i < count; i++) {
        assert(appends[i].file.len > 0);
        assert(appends[i].file.len <= FILE_NAME_MAX);
        assert(appends[i].facts_count > 0);
        assert(appends[i].facts_count <= FILE_FACTS_MAX);
        assert(appends[i].first_seq > 0);
    }
    *before_anything = false;
    if (is_closed(store, err)) return false;
    return store->keeper->commit(store->state, appends, count, seal, before_anything, err);
}

bool store_read(struct store *store, uint64_t position, struct arena *arena,
                struct store_append *append, struct error *err)
{
    if (is_closed(store, err)) return false;
    if (!store->keeper->read(store->state, position, arena, append, err)) return false;
    assert(append->position == position);
    assert(append->facts_count > 0);
    return true;
}

bool store_scan(struct store *store, uint64_t from, int wanted, struct arena *scratch,
                bool (*each)(void *context, const struct store_append *append, uint64_t next,
                             struct error *err),
                void *context, struct error *err)
{
    assert(wanted == STORE_COMMITMENTS || wanted == STORE_ALL);
    if (is_closed(store, err)) return false;
    return store->keeper->scan(store->state, from, wanted, scratch, each, context, err);
}

void store_seal(struct store *store, struct store_seal *seal)
{
    *seal = (struct store_seal){ 0 };
    if (store->keeper != NULL) store->keeper->seal(store->state, seal);
}

bool store_check(struct store *store, struct arena *scratch, struct error *err)
{
    return !is_closed(store, err) && store->keeper->check(store->state, scratch, err);
}

void store_close(struct store *store)
{
    if (store->keeper != NULL) store->keeper->close(store->state);
    *store = (struct store){ 0 };
}

bool store_load(struct store *store, uint64_t last_position, struct arena *arena,
                struct store_append **appends, uint32_t *appends_count, struct error *err)
{
    // Back to the first, as a chain; then in order, as a row.
    struct link { struct store_append append; struct link *earlier; } *newest = NULL;
    uint32_t count = 0;
    for (uint64_t position = last_position; position != STORE_NOWHERE;) {
        void *memory;
        if (!arena_need(arena, 1, sizeof(struct link), &memory, "the file", err)) return false;
        struct link *link = memory;
        if (!store_read(store, position, arena, &link->append, err)) return false;
        bool earlier = link->append.previous == STORE_NOWHERE || link->append.previous < position;
        if (!earlier || ++count > FILE_FACTS_MAX)
            return error_set(err, ERROR_DAMAGED,
                             "the appends of file '" SPAN_FMT "' go in a circle",
                             SPAN_ARG(link->append.file));
        link->earlier = newest;
        newest = link;
        position = link->append.previous;
    }
    void *row;
    if (!arena_need(arena, count, sizeof(struct store_append), &row, "the file", err)) return false;
    *appends = row;
    *appends_count = count;
    // `newest` is the oldest by now: each link went in front of the one behind it.
    for (uint32_t i = 0; i < count; i++, newest = newest->earlier) (*appends)[i] = newest->append;
    return true;
}
