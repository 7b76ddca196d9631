#include <assert.h>
#include <stdlib.h>

#include "store/views_inside.h"

enum { READ_CACHE_KIB = 8192 };

struct volume_statements {
    sqlite3_stmt *row, *key, *reference; // prepared when first used
};

struct reader {
    sqlite3 *db;
    sqlite3_stmt *queue, *serial, *tallies, *notices;
    bool in_tallies;             // stands on one
    struct volume_statements volumes[VOLUMES_MAX];
};

bool reader_open(struct reader **reader, const char *path, struct error *err)
{
    char pragmas[64];
    sqlite3_snprintf(sizeof(pragmas), pragmas, "PRAGMA query_only=ON; PRAGMA cache_size=-%d;",
                     READ_CACHE_KIB);
    *reader = calloc(1, sizeof(**reader));
    if (*reader == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to read the views");
    if (sql_open(&(*reader)->db, path, err) && sql_run((*reader)->db, pragmas, err) &&
        sql_prepare((*reader)->db, &(*reader)->queue, err,
                    "SELECT number, rank, lodged_ms FROM queue "
                    "WHERE (rank, lodged_ms, number) > (?1, ?2, ?3) "
                    "ORDER BY rank, lodged_ms, number") &&
        sql_prepare((*reader)->db, &(*reader)->serial, err, "SELECT serial FROM totals") &&
        sql_prepare((*reader)->db, &(*reader)->notices, err,
                    "SELECT position, sum FROM notices WHERE audience = ?1 AND position < ?2 "
                    "ORDER BY position DESC LIMIT ?3") &&
        sql_prepare((*reader)->db, &(*reader)->tallies, err,
                    "SELECT * FROM figures WHERE kind = ?1 AND day BETWEEN ?2 AND ?3 "
                    "ORDER BY kind, day, name, currency"))
        return true;
    reader_close(*reader);
    *reader = NULL;
    return false;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL) return;
    sqlite3_finalize(reader->queue);
    sqlite3_finalize(reader->serial);
    sqlite3_finalize(reader->tallies);
    sqlite3_finalize(reader->notices);
    for (uint32_t i = 0; i < VOLUMES_MAX; i++) {
        sqlite3_finalize(reader->volumes[i].row);
        sqlite3_finalize(reader->volumes[i].key);
        sqlite3_finalize(reader->volumes[i].reference);
    }
    sqlite3_close(reader->db);
    free(reader);
}

struct columns {
    sqlite3_stmt *statement;
    int column;
};

static int64_t next_number(struct columns *columns)
{
    return sqlite3_column_int64(columns->statement, columns->column++);
}

static struct span text_at(sqlite3_stmt *statement, int column)
{
    const char *at = (const char *)sqlite3_column_text(statement, column);
    return (struct span){ at != NULL ? at : "",
                          at != NULL ? (size_t)sqlite3_column_bytes(statement, column) : 0 };
}

static struct span next_text(struct columns *columns)
{
    return text_at(columns->statement, columns->column++);
}

static void next_money(struct columns *columns, struct money *money)
{
    *money = (struct money){ .minor = next_number(columns) };
    struct span currency = next_text(columns);
    if (currency.len < sizeof(money->currency))
        memcpy(money->currency, currency.at, currency.len);
}

// In the order of ROW_COLUMNS in views_schema.c. Spans are good until the statement's next step.
// False when it is not what was written.
static bool read_columns(sqlite3_stmt *statement, struct view_row *row)
{
    uint32_t number = (uint32_t)sqlite3_column_int64(statement, 0);
    struct columns c = { statement, 1 };
    *row = (struct view_row){ .file = next_text(&c) };
    row->state = (uint8_t)next_number(&c);
    row->waits = next_number(&c) != 0;
    row->reference_key = (uint64_t)next_number(&c);
    row->position = (uint64_t)next_number(&c);
    row->facts_count = (uint32_t)next_number(&c);
    row->lodged_ms = next_number(&c);
    row->changed_ms = next_number(&c);
    row->decision = (uint8_t)next_number(&c);
    row->random = next_number(&c) != 0;
    row->version = (uint32_t)next_number(&c);
    row->items_count = (uint32_t)next_number(&c);
    row->findings_count = (uint32_t)next_number(&c);
    row->score = (uint32_t)next_number(&c);
    const void *digest = sqlite3_column_blob(statement, c.column);
    if (digest != NULL && sqlite3_column_bytes(statement, c.column) == sizeof(row->digest))
        memcpy(row->digest, digest, sizeof(row->digest));
    c.column++;
    row->functional_reference = next_text(&c);
    row->office = next_text(&c);
    row->type_code = next_text(&c);
    row->declarant = next_text(&c);
    row->importer = next_text(&c);
    row->exporter = next_text(&c);
    row->commodity = next_text(&c);
    row->origin = next_text(&c);
    next_money(&c, &row->customs_value);
    next_money(&c, &row->duty_total);
    next_money(&c, &row->worth);
    row->claimed_by = next_text(&c);
    row->rules = next_text(&c);
    row->requests_open = (uint32_t)next_number(&c);
    row->channel = (uint8_t)next_number(&c);
    row->released_ms = next_number(&c);
    row->inspected = next_number(&c) != 0;
    row->found = next_number(&c) != 0;
    next_money(&c, &row->recovered);
    uint32_t sum = (uint32_t)next_number(&c);
    assert(c.column == sqlite3_column_count(statement));
    return row_sum(number, row) == sum;
}

static bool missing(uint32_t number, struct error *err)
{
    error_set(err, ERROR_DAMAGED, "the views do not add up: row %u is not what was written",
              number);
    return error_hint(err, "Start again: the views are then made anew from the journal.");
}

// Stands on the row; the caller resets the statement. There must be one of that number.
static bool step_row(struct reader *reader, uint32_t number, sqlite3_stmt **statement,
                     struct error *err)
{
    uint32_t volume = number >> NUMBER_BITS;
    if (volume < 1 || volume > VOLUMES_MAX) return missing(number, err);
    sqlite3_stmt **row = &reader->volumes[volume - 1].row;
    if (*row == NULL && !sql_prepare(reader->db, row, err,
                                     "SELECT * FROM volume_%04u_rows WHERE number = ?1", volume))
        return false;
    sqlite3_bind_int64(*row, 1, number);
    int code = sqlite3_step(*row);
    *statement = *row;
    if (code == SQLITE_ROW && sqlite3_column_int64(*row, 2) < FILE_STATE_COUNT) return true;
    if (code == SQLITE_ROW || code == SQLITE_DONE) missing(number, err);
    else sql_error(reader->db, "the views could not be read", err);
    sqlite3_reset(*row);
    return false;
}

static bool take_row(sqlite3_stmt *statement, struct arena *arena, struct view_row *row,
                     struct error *err)
{
    struct view_row standing;
    if (!read_columns(statement, &standing))
        return missing((uint32_t)sqlite3_column_int64(statement, 0), err);
    if (row_copy(row, &standing, arena)) return true;
    return error_set(err, ERROR_TOO_LARGE, "no room for a row of the views");
}

bool reader_row(struct reader *reader, uint32_t number, struct arena *arena, struct view_row *row,
                struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!step_row(reader, number, &statement, err)) return false;
    bool done = take_row(statement, arena, row, err);
    sqlite3_reset(statement);
    return done;
}

// `found` when the row is of that file.
static bool try_row(struct reader *reader, uint32_t number, struct span file, uint64_t key,
                    struct arena *arena, struct view_row *row, bool *found, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!step_row(reader, number, &statement, err)) return false;
    struct span name = text_at(statement, 1);
    *found = span_equal(name, file);
    bool done = *found ? take_row(statement, arena, row, err)
                       : key_of(name) == key || missing(number, err);
    sqlite3_reset(statement);
    return done;
}

static bool find_in_volume(struct reader *reader, uint32_t volume, struct span file, uint64_t key,
                           struct arena *arena, struct view_row *row, uint32_t *number,
                           bool *found, struct error *err)
{
    assert(volume >= 1);
    assert(volume <= VOLUMES_MAX);
    sqlite3_stmt **statement = &reader->volumes[volume - 1].key;
    if (*statement == NULL &&
        !sql_prepare(reader->db, statement, err,
                     "SELECT number FROM volume_%04u_keys WHERE key = ?1 ORDER BY told DESC",
                     volume))
        return false;
    sqlite3_bind_int64(*statement, 1, (int64_t)key);
    bool done = true;
    int code;
    *found = false;
    while (done && !*found && (code = sqlite3_step(*statement)) != SQLITE_DONE) {
        *number = (uint32_t)sqlite3_column_int64(*statement, 0);
        done = code == SQLITE_ROW ? try_row(reader, *number, file, key, arena, row, found, err)
                                  : sql_error(reader->db, "the views could not be read", err);
    }
    sqlite3_reset(*statement);
    return done;
}

bool reader_find(struct reader *reader, const struct places *places, struct span file,
                 struct arena *arena, struct view_row *row, uint32_t *number, bool *found,
                 struct error *err)
{
    uint64_t key = key_of(file);
    *found = false;
    for (uint32_t i = 0; i < places->numbers_count && !*found; i++) {
        *number = places->numbers[i];
        if (!try_row(reader, *number, file, key, arena, row, found, err)) return false;
    }
    for (uint32_t i = 0; i < places->volumes_count && !*found; i++)
        if (!find_in_volume(reader, places->volumes[i], file, key, arena, row, number, found, err))
            return false;
    return true;
}

static bool find_reference_in_volume(struct reader *reader, uint32_t volume, uint64_t key,
                                     uint32_t *number, struct error *err)
{
    sqlite3_stmt **statement = &reader->volumes[volume - 1].reference;
    if (*statement == NULL &&
        !sql_prepare(reader->db, statement, err,
                     "SELECT number FROM volume_%04u_references WHERE key = ?1 "
                     "ORDER BY told DESC LIMIT 1", volume))
        return false;
    sqlite3_bind_int64(*statement, 1, (int64_t)key);
    int code = sqlite3_step(*statement);
    *number = code == SQLITE_ROW ? (uint32_t)sqlite3_column_int64(*statement, 0) : 0;
    bool done = code == SQLITE_ROW || code == SQLITE_DONE;
    if (!done) sql_error(reader->db, "the views could not be read", err);
    sqlite3_reset(*statement);
    return done;
}

bool reader_find_reference(struct reader *reader, const struct places *places, uint64_t key,
                           struct arena *arena, struct span *file, bool *found,
                           struct error *err)
{
    uint32_t number = places->numbers_count > 0 ? places->numbers[0] : 0;
    for (uint32_t i = 0; i < places->volumes_count && number == 0; i++)
        if (!find_reference_in_volume(reader, places->volumes[i], key, &number, err)) return false;
    *found = number != 0;
    if (!*found) return true;

    sqlite3_stmt *statement = NULL;
    if (!step_row(reader, number, &statement, err)) return false;
    bool done = arena_copy(arena, text_at(statement, 1), file) ||
                error_set(err, ERROR_TOO_LARGE, "no room for a file's name");
    sqlite3_reset(statement);
    return done;
}

bool reader_begin(struct reader *reader, struct error *err)
{
    return sql_run(reader->db, "BEGIN", err);
}

void reader_end(struct reader *reader)
{
    sqlite3_reset(reader->queue);
    sqlite3_reset(reader->tallies);
    reader->in_tallies = false;
    sqlite3_exec(reader->db, "COMMIT", NULL, NULL, NULL);
}

void reader_queue_after(struct reader *reader, const struct place *after)
{
    bool any = after->number == 0;
    sqlite3_reset(reader->queue);
    sqlite3_bind_int64(reader->queue, 1, any ? INT64_MIN : queue_rank(after->worth));
    sqlite3_bind_int64(reader->queue, 2, any ? INT64_MIN : after->lodged_ms);
    sqlite3_bind_int64(reader->queue, 3, after->number);
}

bool reader_queue(struct reader *reader, uint32_t *number, int64_t *worth, int64_t *lodged_ms,
                  struct error *err)
{
    int code = sqlite3_step(reader->queue);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sql_error(reader->db, "the queue could not be read", err);
    bool more = code == SQLITE_ROW;
    *number = more ? (uint32_t)sqlite3_column_int64(reader->queue, 0) : 0;
    *worth = more ? queue_rank(sqlite3_column_int64(reader->queue, 1)) : 0;
    *lodged_ms = more ? sqlite3_column_int64(reader->queue, 2) : 0;
    return true;
}

bool reader_serial(struct reader *reader, uint64_t *serial, struct error *err)
{
    bool found;
    bool done = sql_step(reader->db, reader->serial, &found, err);
    *serial = done && found ? (uint64_t)sqlite3_column_int64(reader->serial, 0) : 0;
    sqlite3_reset(reader->serial);
    return done;
}

bool reader_tally(struct reader *reader, const struct tally_range *range, struct tally *tally,
                  bool *more, struct error *err)
{
    if (!reader->in_tallies) {
        sqlite3_bind_int64(reader->tallies, 1, range->kind);
        sqlite3_bind_int64(reader->tallies, 2, range->from);
        sqlite3_bind_int64(reader->tallies, 3, range->to);
        reader->in_tallies = true;
    }
    if (!sql_step(reader->db, reader->tallies, more, err)) return false;
    return !*more || tally_read(reader->tallies, tally) || views_damaged(err, "its figures");
}

bool reader_notices(struct reader *reader, uint64_t audience, uint64_t before, uint32_t limit,
                    uint64_t *positions, uint32_t *count, struct error *err)
{
    sqlite3_stmt *statement = reader->notices;
    sqlite3_bind_int64(statement, 1, (int64_t)audience);
    sqlite3_bind_int64(statement, 2, before < INT64_MAX ? (int64_t)before : INT64_MAX);
    sqlite3_bind_int64(statement, 3, limit);
    bool done, more = true;
    *count = 0;
    while ((done = sql_step(reader->db, statement, &more, err)) && more && *count < limit) {
        positions[*count] = (uint64_t)sqlite3_column_int64(statement, 0);
        done = sqlite3_column_int64(statement, 1) == notice_sum(audience, positions[*count]) ||
               views_damaged(err, "its notices");
        if (!done) break;
        (*count)++;
    }
    sqlite3_reset(statement);
    return done;
}
