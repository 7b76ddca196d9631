#include <stdlib.h>

#include "store/views_state.h"

// Who is told of what: a row for each audience of an append. There are few: what people do.

enum { NOTICES_AT_A_TIME = 1000 };

static int compare(const void *one, const void *other) // falling
{
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a < b) - (a > b);
}

// Under the lock: those of the tail, in any order. False when the arena is full.
static bool take_tail(struct views *views, uint64_t audience, uint64_t before, struct arena *arena,
                      uint64_t **positions, uint32_t *count)
{
    struct tail tail;
    uint32_t all = 0;
    views_tail(views, &tail);
    for (uint32_t i = 0; i < tail.count; i++) all += tail.sheaves[i]->notices_count;
    *count = 0;
    *positions = arena_take_raw(arena, (size_t)all + 1, sizeof(**positions));
    for (uint32_t i = 0; *positions != NULL && i < tail.count; i++) {
        const struct sheaf *sheaf = tail.sheaves[i];
        for (uint32_t n = 0; n < sheaf->notices_count; n++)
            if (sheaf->notices[n].audience == audience && sheaf->notices[n].position < before)
                (*positions)[(*count)++] = sheaf->notices[n].position;
    }
    return *positions != NULL;
}

// Both falling; what both have, once.
static uint32_t merge(const uint64_t *one, uint32_t ones, const uint64_t *other, uint32_t others,
                      uint32_t limit, uint64_t *into)
{
    uint32_t i = 0, j = 0, count = 0;
    while (count < limit && (i < ones || j < others)) {
        uint64_t next = j == others || (i < ones && one[i] > other[j]) ? one[i] : other[j];
        if (i < ones && one[i] == next) i++;
        if (j < others && other[j] == next) j++;
        if (count == 0 || into[count - 1] != next) into[count++] = next;
    }
    return count;
}

static bool find(struct views *views, struct reader *reader, uint64_t audience, uint64_t before,
                 uint32_t limit, struct arena *arena, uint64_t **positions, uint32_t *count,
                 struct error *err)
{
    uint64_t *told, *kept = arena_take_raw(arena, limit, sizeof(*kept));
    uint32_t told_count, kept_count;
    *positions = arena_take_raw(arena, limit, sizeof(**positions));
    pthread_mutex_lock(&views->lock);
    bool taken = take_tail(views, audience, before, arena, &told, &told_count);
    pthread_mutex_unlock(&views->lock);
    if (!taken || kept == NULL || *positions == NULL)
        return error_set(err, ERROR_TOO_LARGE, "no room for the notices");
    if (!reader_notices(reader, audience, before, limit, kept, &kept_count, err)) return false;
    qsort(told, told_count, sizeof(*told), compare);
    *count = merge(told, told_count, kept, kept_count, limit, *positions);
    return true;
}

bool views_notices(struct views *views, uint64_t audience, uint64_t before, uint32_t limit,
                   struct arena *arena, uint64_t **positions, uint32_t *count, struct error *err)
{
    struct reader *reader;
    struct error why = { 0 };
    if (limit > NOTICES_AT_A_TIME) limit = NOTICES_AT_A_TIME;
    if (!views_lend(views, NULL, &reader, err)) return false;
    bool done = find(views, reader, audience, before, limit, arena, positions, count, &why);
    return views_return(views, reader, done, &why) || views_say(&why, err);
}

uint32_t notice_sum(uint64_t audience, uint64_t position)
{
    const uint64_t both[] = { audience, position };
    return crc32c(0, both, sizeof(both));
}

bool notices_write(sqlite3 *db, sqlite3_stmt *statement, const struct sheaf *sheaf,
                   struct error *err)
{
    bool done = true;
    for (uint32_t i = 0; done && i < sheaf->notices_count; i++) {
        const struct told_notice *notice = &sheaf->notices[i];
        sqlite3_bind_int64(statement, 1, (int64_t)notice->audience);
        sqlite3_bind_int64(statement, 2, (int64_t)notice->position);
        sqlite3_bind_int64(statement, 3, notice_sum(notice->audience, notice->position));
        done = sql_do(db, statement, err);
    }
    return done;
}
