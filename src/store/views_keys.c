#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/views_inside.h"

// A sheaf's keys are kept as one row of the table `growing`, as memory has them:
//
//   8 bytes each   keys of the new rows, in the order of their numbers
//   8 bytes each   reference keys, in the order of telling
//   4 bytes each   the numbers of the rows that these are of
//
// Reading them at start is then quick, and writing them never jumps.

static size_t size_of(uint32_t rows, uint32_t references)
{
    return (size_t)rows * sizeof(uint64_t) +
           (size_t)references * (sizeof(uint64_t) + sizeof(uint32_t));
}

void *keys_buffer(uint32_t sheaf_rows)
{
    return malloc(size_of(sheaf_rows, sheaf_rows));
}

bool keys_write(sqlite3 *db, sqlite3_stmt *statement, const struct sheaf *sheaf, void *buffer,
                uint32_t *rows, struct error *err)
{
    uint64_t *keys = buffer;
    *rows = 0;
    for (uint32_t i = 0; i < sheaf->count; i++)
        if (sheaf->told[i].is_new) keys[(*rows)++] = sheaf->told[i].key;
    uint32_t references = sheaf->references_count;
    if (*rows == 0 && references == 0) return true;

    uint64_t *reference_keys = keys + *rows;
    uint32_t *numbers = (uint32_t *)(reference_keys + references);
    for (uint32_t i = 0; i < references; i++) {
        reference_keys[i] = sheaf->references[i].key;
        numbers[i] = sheaf->told[sheaf->references[i].told].number;
    }
    size_t size = size_of(*rows, references);
    sqlite3_bind_int64(statement, 1, *rows);
    sqlite3_bind_int64(statement, 2, references);
    sqlite3_bind_blob64(statement, 3, buffer, size, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, crc32c(0, buffer, size));
    return sql_do(db, statement, err);
}

static bool damaged(struct error *err)
{
    return error_set(err, ERROR_DAMAGED, "the views do not add up: the newest keys");
}

static bool read_sheaf(sqlite3_stmt *statement, struct catalogue *catalogue, uint32_t volume,
                       struct error *err)
{
    struct index *index = &catalogue->keys, *references = &catalogue->references;
    int64_t new_rows = sqlite3_column_int64(statement, 0);
    int64_t new_references = sqlite3_column_int64(statement, 1);
    const char *at = sqlite3_column_blob(statement, 2);
    size_t size = (size_t)sqlite3_column_bytes(statement, 2);
    if (new_rows < 0 || new_rows > index->count_max - index->count) return damaged(err);
    if (new_references < 0 || new_references > references->count_max - references->count)
        return damaged(err);
    if (at == NULL || size != size_of((uint32_t)new_rows, (uint32_t)new_references) ||
        crc32c(0, at, size) != sqlite3_column_int64(statement, 3))
        return damaged(err);

    // The index takes keys and values from where it keeps them.
    uint32_t rows = (uint32_t)new_rows, others = (uint32_t)new_references;
    memcpy(index->keys + index->count, at, rows * sizeof(uint64_t));
    at += rows * sizeof(uint64_t);
    uint32_t number = (volume << NUMBER_BITS) + index->count;
    for (uint32_t i = 0; i < rows; i++) index->values[index->count + i] = ++number;
    index_take(index, rows);

    memcpy(references->keys + references->count, at, others * sizeof(uint64_t));
    at += others * sizeof(uint64_t);
    memcpy(references->values + references->count, at, others * sizeof(uint32_t));
    index_take(references, others);
    return true;
}

bool keys_read(sqlite3 *db, struct catalogue *catalogue, uint32_t volume, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(db, &statement, err,
                     "SELECT rows, reference_rows, keys, keys_sum FROM growing ORDER BY sheaf"))
        return false;
    bool more, done;
    while ((done = sql_step(db, statement, &more, err)) && more)
        if (!(done = read_sheaf(statement, catalogue, volume, err))) break;
    sqlite3_finalize(statement);
    return done;
}

// --- a volume is full ---------------------------------------------------------------------------

struct entry {
    int64_t key;          // as SQLite sorts it
    uint32_t place, value;
};

static int compare_entries(const void *one, const void *other)
{
    const struct entry *a = one, *b = other;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static struct entry *sort(const struct index *index)
{
    struct entry *entries = malloc(((size_t)index->count + 1) * sizeof(*entries));
    if (entries == NULL) return NULL;
    for (uint32_t i = 0; i < index->count; i++)
        entries[i] = (struct entry){ (int64_t)index->keys[i], i, index->values[i] };
    qsort(entries, index->count, sizeof(*entries), compare_entries);
    return entries;
}

static bool write_sorted(sqlite3 *db, const struct index *index, sqlite3_stmt *statement,
                         struct error *err)
{
    struct entry *entries = sort(index);
    if (entries == NULL)
        return error_set(err, ERROR_UNAVAILABLE, "no memory to sort the keys of the views");
    bool done = true;
    for (uint32_t i = 0; done && i < index->count; i++) {
        sqlite3_bind_int64(statement, 1, entries[i].key);
        sqlite3_bind_int64(statement, 2, entries[i].place + 1);
        sqlite3_bind_int64(statement, 3, entries[i].value);
        done = sql_do(db, statement, err);
    }
    free(entries);
    return done;
}

static bool write_table(sqlite3 *db, const struct index *index, uint32_t volume, const char *name,
                        struct error *err)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
             "CREATE TABLE volume_%04u_%s(key INTEGER, told INTEGER, number INTEGER,"
             "  PRIMARY KEY(key, told)) WITHOUT ROWID", volume, name);
    sqlite3_stmt *statement = NULL;
    bool done = sql_run(db, sql, err) &&
                sql_prepare(db, &statement, err, "INSERT INTO volume_%04u_%s VALUES (?1, ?2, ?3)",
                            volume, name) &&
                write_sorted(db, index, statement, err);
    sqlite3_finalize(statement);
    return done;
}

bool keys_sort(sqlite3 *db, const struct catalogue *catalogue, uint32_t volume, struct error *err)
{
    return write_table(db, &catalogue->keys, volume, "keys", err) &&
           write_table(db, &catalogue->references, volume, "references", err) &&
           sql_run(db, "DELETE FROM growing", err);
}
