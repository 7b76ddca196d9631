#include "store/views_names.h"

#include <assert.h>

#include "store/views_inside.h"

struct span names_at(const struct names *names, uint32_t number)
{
    assert(number < names->count);
    return (struct span){ names->at[number].text, names->at[number].len };
}

struct span names_find(const struct names *names, struct span name)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (span_equal(names_at(names, i), name)) return names_at(names, i);
    return SPAN("");
}

void names_add(struct names *names, struct span name)
{
    if (name.len == 0 || name.len > VIEWS_NAME_SIZE_MAX || names->count == VIEWS_NAMES_MAX ||
        names_find(names, name).len > 0)
        return;
    struct name *added = &names->at[names->count++];
    added->len = (uint8_t)name.len;
    memcpy(added->text, name.at, name.len);
}

static uint32_t name_sum(int64_t kind, int64_t place, struct span name)
{
    const int64_t numbers[] = { kind, place };
    return crc32c(crc32c(0, numbers, sizeof(numbers)), name.at, name.len);
}

bool names_write(sqlite3 *db, sqlite3_stmt *statement, enum names_kind kind,
                 const struct names *names, uint32_t first, uint32_t count, struct error *err)
{
    bool done = true;
    for (uint32_t i = first; done && i < count; i++) {
        struct span name = { names->at[i].text, names->at[i].len };
        sqlite3_bind_int64(statement, 1, kind);
        sqlite3_bind_int64(statement, 2, i);
        sqlite3_bind_text(statement, 3, name.at, (int)name.len, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 4, name_sum(kind, i, name));
        done = sql_do(db, statement, err);
    }
    return done;
}

// They stand in the order in which they were added, without a gap.
static bool read_name(sqlite3_stmt *statement, struct names names[NAMES_KINDS])
{
    int64_t kind = sqlite3_column_int64(statement, 0), place = sqlite3_column_int64(statement, 1);
    const char *text = (const char *)sqlite3_column_text(statement, 2);
    struct span name = { text, text != NULL ? (size_t)sqlite3_column_bytes(statement, 2) : 0 };
    if (kind < 0 || kind >= NAMES_KINDS || place != names[kind].count ||
        sqlite3_column_int64(statement, 3) != name_sum(kind, place, name))
        return false;
    names_add(&names[kind], name);
    return place < names[kind].count;
}

bool names_read(sqlite3 *db, struct names names[NAMES_KINDS], struct error *err)
{
    sqlite3_stmt *statement = NULL;
    bool more, done = sql_prepare(db, &statement, err,
                                  "SELECT kind, place, name, sum FROM names ORDER BY kind, place");
    for (int i = 0; i < NAMES_KINDS; i++) names[i].count = 0;
    while (done && (done = sql_step(db, statement, &more, err)) && more)
        done = read_name(statement, names) || views_damaged(err, "its names");
    sqlite3_finalize(statement);
    return done;
}
