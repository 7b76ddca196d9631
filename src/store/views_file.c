#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/views_inside.h"

// Of a row in the file. Whoever changes it, or the meaning of a key or of a filter's bytes, raises
// the version: older files are then dropped and made again.
enum { SCHEMA_VERSION = 1, APPLICATION_ID = 0x54574157, BUSY_MS = 10000, CACHE_KIB = 16384 };

#define ROW_COLUMNS                                                                              \
    "number INTEGER PRIMARY KEY, file TEXT, state INTEGER, waits INTEGER, reference_key INTEGER,"  \
    "position INTEGER, facts_count INTEGER, lodged_ms INTEGER, changed_ms INTEGER,"                \
    "decision INTEGER, random INTEGER, version INTEGER, items_count INTEGER,"                      \
    "findings_count INTEGER, score INTEGER, digest BLOB, functional_reference TEXT, office TEXT,"  \
    "type_code TEXT, declarant TEXT, importer TEXT, exporter TEXT, commodity TEXT, origin TEXT,"   \
    "customs_value INTEGER, customs_value_currency TEXT, duty_total INTEGER,"                      \
    "duty_total_currency TEXT, worth INTEGER, worth_currency TEXT"

#define VIEW_COLUMNS                                                                             \
    "r.number, r.file, coalesce(s.name, r.state) AS state, coalesce(d.name, r.decision) AS "       \
    "decision, r.waits, r.random, datetime(r.lodged_ms / 1000, 'unixepoch') AS lodged,"            \
    "datetime(r.changed_ms / 1000, 'unixepoch') AS changed, r.lodged_ms, r.changed_ms, r.version," \
    "r.items_count, r.findings_count, r.score, r.functional_reference, r.office, r.type_code,"     \
    "r.declarant, r.importer, r.exporter, r.commodity, r.origin, r.customs_value,"                 \
    "r.customs_value_currency, r.duty_total, r.duty_total_currency, r.worth, r.worth_currency,"    \
    "r.facts_count, r.position, lower(hex(r.digest)) AS digest"

#define ROW_VALUES                                                                               \
    "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,"  \
    "?26,?27,?28,?29,?30"

struct views_file {
    sqlite3 *db;
    uint32_t volume;                // the newest
    struct file_totals totals;
    sqlite3_stmt *rows[VOLUMES_MAX]; // prepared when first used
    sqlite3_stmt *key, *reference;  // into the newest volume
    sqlite3_stmt *waits, *waits_no_more, *totals_set, *state_set;
};

// --- SQLite's small change -----------------------------------------------------------------------

bool sql_error(sqlite3 *db, const char *what, struct error *err)
{
    assert(db != NULL);
    assert(what != NULL);
    int code = sqlite3_errcode(db) & 0xff;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        error_set(err, ERROR_DAMAGED, "the views are damaged: %s", sqlite3_errmsg(db));
        return error_hint(err, "Start again: the views are then made anew from the journal.");
    }
    if (code == SQLITE_FULL) {
        error_set(err, ERROR_UNAVAILABLE, "no room on the disk: %s", what);
        return error_hint(err, "Make room on the disk of the views, then start again.");
    }
    return error_set(err, ERROR_UNAVAILABLE, "%s: %s", what, sqlite3_errmsg(db));
}

bool sql_open(sqlite3 **db, const char *path, struct error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, db, flags, NULL);
    if (*db == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to open the views");
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(*db, BUSY_MS);
        return true;
    }
    sql_error(*db, "the views could not be opened", err);
    sqlite3_close(*db);
    *db = NULL;
    return false;
}

bool sql_run(sqlite3 *db, const char *sql, struct error *err)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
    return sql_error(db, "the views could not be changed", err);
}

bool sql_prepare(sqlite3 *db, sqlite3_stmt **statement, struct error *err, const char *format, ...)
{
    char sql[1024];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(sql, sizeof(sql), format, arguments);
    va_end(arguments);
    assert(size > 0 && (size_t)size < sizeof(sql));
    if (sqlite3_prepare_v3(db, sql, size, SQLITE_PREPARE_PERSISTENT, statement, NULL) == SQLITE_OK)
        return true;
    return sql_error(db, "the views could not be asked", err);
}

bool sql_do(sqlite3 *db, sqlite3_stmt *statement, struct error *err)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    if (!done) sql_error(db, "the views could not be written", err);
    sqlite3_reset(statement);
    return done;
}

// The one number that a query answers; 0 for no row.
static bool ask(sqlite3 *db, int64_t *value, struct error *err, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(db, &statement, err, "%s", sql)) return false;
    int code = sqlite3_step(statement);
    *value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    bool done = code == SQLITE_ROW || code == SQLITE_DONE;
    if (!done) sql_error(db, "the views could not be read", err);
    sqlite3_finalize(statement);
    return done;
}

static bool damaged(struct error *err, const char *what)
{
    return error_set(err, ERROR_DAMAGED, "the views do not add up: %s", what);
}

// --- the schema ----------------------------------------------------------------------------------

static const char schema[] =
    "CREATE TABLE totals(only INTEGER PRIMARY KEY CHECK(only = 1), position INTEGER NOT NULL,"
    "  waiting INTEGER NOT NULL, rows INTEGER NOT NULL, reference_rows INTEGER NOT NULL);"
    "INSERT INTO totals VALUES (1, 0, 0, 0, 0);"
    "CREATE TABLE volumes(volume INTEGER PRIMARY KEY, keys_filter BLOB, references_filter BLOB,"
    "  filters_sum INTEGER);"
    "CREATE TABLE queue(number INTEGER PRIMARY KEY, worth INTEGER NOT NULL,"
    "  lodged_ms INTEGER NOT NULL);"
    "CREATE INDEX queue_order ON queue(worth DESC, lodged_ms);"
    "CREATE TABLE state_names(state INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    "  files INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE decision_names(decision INTEGER PRIMARY KEY, name TEXT NOT NULL);";

static bool name_all(sqlite3 *db, struct error *err)
{
    sqlite3_stmt *state = NULL, *decision = NULL;
    bool done =
        sql_prepare(db, &state, err, "INSERT INTO state_names(state, name) VALUES (?1, ?2)") &&
        sql_prepare(db, &decision, err, "INSERT INTO decision_names VALUES (?1, ?2)");
    for (int i = 0; done && i < FILE_STATE_COUNT; i++) {
        sqlite3_bind_int(state, 1, i);
        sqlite3_bind_text(state, 2, file_state_name((enum file_state)i), -1, SQLITE_STATIC);
        done = sql_do(db, state, err);
    }
    for (int i = 0; done && i < DECISION_COUNT; i++) {
        sqlite3_bind_int(decision, 1, i);
        sqlite3_bind_text(decision, 2, decision_name((enum decision)i), -1, SQLITE_STATIC);
        done = sql_do(db, decision, err);
    }
    sqlite3_finalize(state);
    sqlite3_finalize(decision);
    return done;
}

// What analysts ask: all volumes as one table.
static bool make_views(sqlite3 *db, uint32_t volumes, struct error *err)
{
    sqlite3_str *sql = sqlite3_str_new(db);
    for (int waiting = 0; waiting < 2; waiting++) {
        const char *view = waiting ? "waiting" : "declarations";
        sqlite3_str_appendf(sql, "DROP VIEW IF EXISTS %s; CREATE VIEW %s AS ", view, view);
        for (uint32_t i = 1; i <= volumes; i++)
            sqlite3_str_appendf(sql,
                "%sSELECT " VIEW_COLUMNS " FROM volume_%04u_rows r "
                "LEFT JOIN state_names s ON s.state = r.state "
                "LEFT JOIN decision_names d ON d.decision = r.decision%s",
                i > 1 ? " UNION ALL " : "", i,
                waiting ? " JOIN queue q ON q.number = r.number" : "");
        sqlite3_str_appendf(sql, "%s;", waiting ? " ORDER BY worth DESC, lodged_ms, number" : "");
    }
    char *text = sqlite3_str_finish(sql);
    if (text == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the views' schema");
    bool done = sql_run(db, text, err);
    sqlite3_free(text);
    return done;
}

// The volume begins empty.
static bool make_volume(sqlite3 *db, uint32_t volume, struct error *err)
{
    assert(volume >= 1);
    assert(volume <= VOLUMES_MAX);
    char sql[2048];
    int size = snprintf(sql, sizeof(sql),
        "CREATE TABLE volume_%04u_rows(" ROW_COLUMNS ");"
        "CREATE TABLE volume_%04u_keys(number INTEGER PRIMARY KEY, key INTEGER NOT NULL);"
        "CREATE TABLE volume_%04u_references(told INTEGER PRIMARY KEY, key INTEGER NOT NULL,"
        "  number INTEGER NOT NULL);"
        "INSERT INTO volumes(volume) VALUES (%u);"
        "UPDATE totals SET rows = 0, reference_rows = 0;",
        volume, volume, volume, volume);
    assert(size > 0 && (size_t)size < sizeof(sql));
    return sql_run(db, sql, err) && make_views(db, volume, err);
}

static bool make_schema(sqlite3 *db, struct error *err)
{
    char versions[128];
    snprintf(versions, sizeof(versions), "PRAGMA application_id=%d; PRAGMA user_version=%d;",
             APPLICATION_ID, SCHEMA_VERSION);
    bool done = sql_run(db, "BEGIN IMMEDIATE", err) && sql_run(db, versions, err) &&
                sql_run(db, schema, err) && name_all(db, err) && make_volume(db, 1, err);
    if (!done) {
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    return sql_run(db, "COMMIT", err);
}

static bool check_versions(sqlite3 *db, struct error *err)
{
    int64_t tables, application, version;
    if (!ask(db, &tables, err, "SELECT count(*) FROM sqlite_schema")) return false;
    if (!ask(db, &application, err, "PRAGMA application_id")) return false;
    if (!ask(db, &version, err, "PRAGMA user_version")) return false;
    if (tables == 0 && application == 0 && version == 0) return make_schema(db, err);
    if (application != APPLICATION_ID) return damaged(err, "another program's file");
    if (version != SCHEMA_VERSION) return damaged(err, "another version's file");
    return true;
}

// --- opening -------------------------------------------------------------------------------------

static bool read_totals(struct views_file *file, struct error *err)
{
    struct file_totals *totals = &file->totals;
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(file->db, &statement, err,
                     "SELECT position, waiting, rows, reference_rows FROM totals"))
        return false;
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        totals->position = (uint64_t)sqlite3_column_int64(statement, 0);
        totals->waiting = (uint64_t)sqlite3_column_int64(statement, 1);
        totals->rows = (uint32_t)sqlite3_column_int64(statement, 2);
        totals->references = (uint32_t)sqlite3_column_int64(statement, 3);
    }
    sqlite3_finalize(statement);
    if (!found) return damaged(err, "no totals");
    if (!sql_prepare(file->db, &statement, err, "SELECT state, files FROM state_names"))
        return false;
    uint32_t states = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int64_t state = sqlite3_column_int64(statement, 0);
        if (state < 0 || state >= FILE_STATE_COUNT) break;
        totals->states[state] = (uint64_t)sqlite3_column_int64(statement, 1);
        states++;
    }
    sqlite3_finalize(statement);
    return states == FILE_STATE_COUNT || damaged(err, "states are missing");
}

static int64_t filters_sum(struct span keys, struct span references)
{
    return crc32c(crc32c(0, keys.at, keys.len), references.at, references.len);
}

static struct span column_bytes(sqlite3_stmt *statement, int column)
{
    const char *at = sqlite3_column_blob(statement, column);
    return (struct span){ at, at == NULL ? 0 : (size_t)sqlite3_column_bytes(statement, column) };
}

// Reads the filters of all volumes but the last.
static bool read_filters(struct views_file *file, struct catalogue *catalogue, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(file->db, &statement, err,
                     "SELECT volume, keys_filter, references_filter, filters_sum FROM volumes "
                     "ORDER BY volume"))
        return false;
    bool good = true;
    file->volume = 0;
    while (good && sqlite3_step(statement) == SQLITE_ROW) {
        // A volume without filters is the last, so no other comes behind it.
        good = file->volume == catalogue->full_count && file->volume < VOLUMES_MAX &&
               sqlite3_column_int64(statement, 0) == ++file->volume;
        if (!good || sqlite3_column_type(statement, 1) == SQLITE_NULL) continue;
        struct span keys = column_bytes(statement, 1), references = column_bytes(statement, 2);
        struct volume_filters *filters = &catalogue->full[catalogue->full_count];
        *filters = (struct volume_filters){ 0 };
        good = filters_sum(keys, references) == sqlite3_column_int64(statement, 3) &&
               catalogue->full_count < VOLUMES_MAX - 1;
        if (!good) continue;
        catalogue->full_count++;
        good = filter_read(&filters->keys, keys, err) &&
               filter_read(&filters->references, references, err);
    }
    sqlite3_finalize(statement);
    return (good && file->volume == catalogue->full_count + 1) || damaged(err, "its volumes");
}

static bool read_keys(struct views_file *file, struct index *index, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(file->db, &statement, err,
                     "SELECT number, key FROM volume_%04u_keys ORDER BY number", file->volume))
        return false;
    int64_t number = (int64_t)file->volume << NUMBER_BITS;
    bool good = true;
    while (good && sqlite3_step(statement) == SQLITE_ROW) {
        good = sqlite3_column_int64(statement, 0) == ++number && index->count < index->count_max;
        if (good) index_add(index, (uint64_t)sqlite3_column_int64(statement, 1), (uint32_t)number);
    }
    sqlite3_finalize(statement);
    return (good && index->count == file->totals.rows) || damaged(err, "keys are missing");
}

static bool read_references(struct views_file *file, struct index *index, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(file->db, &statement, err,
                     "SELECT told, key, number FROM volume_%04u_references ORDER BY told",
                     file->volume))
        return false;
    bool good = true;
    while (good && sqlite3_step(statement) == SQLITE_ROW) {
        good = index->count < index->count_max &&
               sqlite3_column_int64(statement, 0) == (int64_t)index->count + 1;
        if (good)
            index_add(index, (uint64_t)sqlite3_column_int64(statement, 1),
                      (uint32_t)sqlite3_column_int64(statement, 2));
    }
    sqlite3_finalize(statement);
    return (good && index->count == file->totals.references) ||
           damaged(err, "references are missing");
}

// The newest row is there and no other is behind it.
static bool check_rows(struct views_file *file, struct error *err)
{
    char sql[128];
    int64_t newest;
    int64_t expected = ((int64_t)file->volume << NUMBER_BITS) + file->totals.rows;
    snprintf(sql, sizeof(sql), "SELECT max(number) FROM volume_%04u_rows", file->volume);
    if (!ask(file->db, &newest, err, sql)) return false;
    if (file->totals.rows == 0 ? newest != 0 : newest != expected)
        return damaged(err, "rows are missing");
    return true;
}

static bool prepare_newest(struct views_file *file, struct error *err)
{
    sqlite3_finalize(file->key);
    sqlite3_finalize(file->reference);
    file->key = file->reference = NULL;
    return sql_prepare(file->db, &file->key, err, "INSERT INTO volume_%04u_keys VALUES (?1, ?2)",
                       file->volume) &&
           sql_prepare(file->db, &file->reference, err,
                       "INSERT INTO volume_%04u_references VALUES (?1, ?2, ?3)", file->volume);
}

static bool prepare(struct views_file *file, struct error *err)
{
    return prepare_newest(file, err) &&
           sql_prepare(file->db, &file->waits, err,
                       "INSERT OR REPLACE INTO queue VALUES (?1, ?2, ?3)") &&
           sql_prepare(file->db, &file->waits_no_more, err,
                       "DELETE FROM queue WHERE number = ?1") &&
           sql_prepare(file->db, &file->totals_set, err,
                       "UPDATE totals SET position = ?1, waiting = ?2, rows = ?3,"
                       " reference_rows = ?4") &&
           sql_prepare(file->db, &file->state_set, err,
                       "UPDATE state_names SET files = ?2 WHERE state = ?1");
}

static bool open_all(struct views_file *file, struct views_settings settings,
                     struct catalogue *catalogue, struct error *err)
{
    char pragmas[256];
    snprintf(pragmas, sizeof(pragmas),
             "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
             "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-%d; PRAGMA cell_size_check=ON;"
             "PRAGMA wal_autocheckpoint=4096; PRAGMA max_page_count=%u;",
             CACHE_KIB, settings.pages_max > 0 ? settings.pages_max : 0xfffffffe);
    if (!sql_run(file->db, pragmas, err) || !check_versions(file->db, err)) return false;
    if (!read_totals(file, err) || !read_filters(file, catalogue, err)) return false;

    // One sheaf more than a volume's rows: references may come without new rows.
    uint32_t keys = file->totals.rows, references = file->totals.references;
    if (keys < settings.volume_rows) keys = settings.volume_rows;
    if (references < settings.volume_rows) references = settings.volume_rows;
    if (keys > 1u << NUMBER_BITS || references > 1u << (NUMBER_BITS + 1))
        return damaged(err, "its volume is too large");
    return index_open(&catalogue->keys, keys + 1, err) &&
           index_open(&catalogue->references, references + settings.sheaf_rows, err) &&
           check_rows(file, err) && read_keys(file, &catalogue->keys, err) &&
           read_references(file, &catalogue->references, err) && prepare(file, err);
}

bool views_file_open(struct views_file **file, const char *path, struct views_settings settings,
                     struct catalogue *catalogue, struct file_totals *totals, struct error *err)
{
    assert(settings.volume_rows > 0 && settings.volume_rows <= VOLUME_ROWS);
    assert(catalogue->full_count == 0);
    *file = calloc(1, sizeof(**file));
    if (*file == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the views");
    if (sql_open(&(*file)->db, path, err) && open_all(*file, settings, catalogue, err)) {
        *totals = (*file)->totals;
        return true;
    }
    catalogue_close(catalogue);
    views_file_close(*file);
    *file = NULL;
    return false;
}

void views_file_close(struct views_file *file)
{
    if (file == NULL) return;
    for (uint32_t i = 0; i < VOLUMES_MAX; i++) sqlite3_finalize(file->rows[i]);
    sqlite3_stmt *all[] = { file->key, file->reference, file->waits, file->waits_no_more,
                            file->totals_set, file->state_set };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) sqlite3_finalize(all[i]);
    sqlite3_close(file->db);
    free(file);
}

// --- a volume is full ----------------------------------------------------------------------------

static bool make_filter(struct filter *filter, const struct index *index, struct error *err)
{
    if (!filter_open(filter, index->count, err)) return false;
    for (uint32_t i = 0; i < index->count; i++) filter_add(filter, index->keys[i]);
    return true;
}

static bool keep_filters(struct views_file *file, const struct volume_filters *filters,
                         struct error *err)
{
    struct span keys = filter_bytes(&filters->keys);
    struct span references = filter_bytes(&filters->references);
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(file->db, &statement, err,
                     "UPDATE volumes SET keys_filter = ?1, references_filter = ?2,"
                     " filters_sum = ?3 WHERE volume = %u", file->volume))
        return false;
    sqlite3_bind_blob64(statement, 1, keys.at, keys.len, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 2, references.at, references.len, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, filters_sum(keys, references));
    bool done = sql_do(file->db, statement, err);
    sqlite3_finalize(statement);
    return done;
}

static bool fill(struct views_file *file, const struct volume_filters *filters, struct error *err)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "BEGIN IMMEDIATE;"
             "CREATE INDEX volume_%04u_by_key ON volume_%04u_keys(key);"
             "CREATE INDEX volume_%04u_by_reference ON volume_%04u_references(key, told, number);",
             file->volume, file->volume, file->volume, file->volume);
    return sql_run(file->db, sql, err) && keep_filters(file, filters, err) &&
           make_volume(file->db, file->volume + 1, err) && sql_run(file->db, "COMMIT", err);
}

bool views_file_fill(struct views_file *file, const struct catalogue *catalogue,
                     struct volume_filters *filters, struct error *err)
{
    assert(file->volume == catalogue->full_count + 1);
    assert(file->volume < VOLUMES_MAX);
    *filters = (struct volume_filters){ 0 };
    if (make_filter(&filters->keys, &catalogue->keys, err) &&
        make_filter(&filters->references, &catalogue->references, err) &&
        fill(file, filters, err)) {
        file->volume++;
        file->totals.rows = file->totals.references = 0;
        return prepare_newest(file, err);
    }
    sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
    filter_close(&filters->keys);
    filter_close(&filters->references);
    return false;
}

// --- a sheaf -------------------------------------------------------------------------------------

struct binder {
    sqlite3_stmt *statement;
    int column;
};

static void bind_number(struct binder *binder, int64_t value)
{
    sqlite3_bind_int64(binder->statement, ++binder->column, value);
}

static void bind_text(struct binder *binder, struct span text)
{
    assert(text.len <= INT32_MAX);
    sqlite3_bind_text(binder->statement, ++binder->column, text.at != NULL ? text.at : "",
                      (int)text.len, SQLITE_STATIC);
}

static void bind_money(struct binder *binder, const struct money *money)
{
    bind_number(binder, money->minor);
    bind_text(binder, span_of(money->currency));
}

// In the order of ROW_COLUMNS; read_columns in views_read.c reads them back.
static void bind_row(sqlite3_stmt *statement, uint32_t number, const struct view_row *row)
{
    struct binder b = { statement, 0 };
    bind_number(&b, number);
    bind_text(&b, row->file);
    bind_number(&b, row->state);
    bind_number(&b, row->waits);
    bind_number(&b, (int64_t)row->reference_key);
    bind_number(&b, (int64_t)row->position);
    bind_number(&b, row->facts_count);
    bind_number(&b, row->lodged_ms);
    bind_number(&b, row->changed_ms);
    bind_number(&b, row->decision);
    bind_number(&b, row->random);
    bind_number(&b, row->version);
    bind_number(&b, row->items_count);
    bind_number(&b, row->findings_count);
    bind_number(&b, row->score);
    sqlite3_bind_blob(statement, ++b.column, row->digest, sizeof(row->digest), SQLITE_STATIC);
    bind_text(&b, row->functional_reference);
    bind_text(&b, row->office);
    bind_text(&b, row->type_code);
    bind_text(&b, row->declarant);
    bind_text(&b, row->importer);
    bind_text(&b, row->exporter);
    bind_text(&b, row->commodity);
    bind_text(&b, row->origin);
    bind_money(&b, &row->customs_value);
    bind_money(&b, &row->duty_total);
    bind_money(&b, &row->worth);
    assert(b.column == sqlite3_bind_parameter_count(statement));
}

static bool write_row(struct views_file *file, const struct told *told, struct error *err)
{
    uint32_t volume = told->number >> NUMBER_BITS;
    assert(volume >= 1);
    assert(volume <= file->volume);
    sqlite3_stmt **statement = &file->rows[volume - 1];
    if (*statement == NULL &&
        !sql_prepare(file->db, statement, err,
                     "INSERT OR REPLACE INTO volume_%04u_rows VALUES (" ROW_VALUES ")", volume))
        return false;
    bind_row(*statement, told->number, &told->row);
    return sql_do(file->db, *statement, err);
}

static bool write_queue(struct views_file *file, const struct told *told, struct error *err)
{
    if (!told->row.waits && !told->waited) return true;
    sqlite3_stmt *statement = told->row.waits ? file->waits : file->waits_no_more;
    sqlite3_bind_int64(statement, 1, told->number);
    if (told->row.waits) {
        sqlite3_bind_int64(statement, 2, told->row.worth.minor);
        sqlite3_bind_int64(statement, 3, told->row.lodged_ms);
    }
    return sql_do(file->db, statement, err);
}

static bool write_keys(struct views_file *file, const struct sheaf *sheaf,
                       struct file_totals *totals, struct error *err)
{
    for (uint32_t i = 0; i < sheaf->count; i++) {
        const struct told *told = &sheaf->told[i];
        if (!told->is_new) continue;
        totals->rows++;
        assert(told->number == (file->volume << NUMBER_BITS) + totals->rows);
        sqlite3_bind_int64(file->key, 1, told->number);
        sqlite3_bind_int64(file->key, 2, (int64_t)told->key);
        if (!sql_do(file->db, file->key, err)) return false;
    }
    for (uint32_t i = 0; i < sheaf->references_count; i++) {
        const struct told_reference *reference = &sheaf->references[i];
        sqlite3_bind_int64(file->reference, 1, ++totals->references);
        sqlite3_bind_int64(file->reference, 2, (int64_t)reference->key);
        sqlite3_bind_int64(file->reference, 3, sheaf->told[reference->told].number);
        if (!sql_do(file->db, file->reference, err)) return false;
    }
    return true;
}

static bool write_totals(struct views_file *file, const struct sheaf *sheaf,
                         struct file_totals *totals, struct error *err)
{
    totals->position = sheaf->end;
    totals->waiting += (uint64_t)sheaf->waiting;
    for (int i = 0; i < FILE_STATE_COUNT; i++) {
        totals->states[i] += (uint64_t)sheaf->states[i];
        if (sheaf->states[i] == 0) continue;
        sqlite3_bind_int(file->state_set, 1, i);
        sqlite3_bind_int64(file->state_set, 2, (int64_t)totals->states[i]);
        if (!sql_do(file->db, file->state_set, err)) return false;
    }
    sqlite3_bind_int64(file->totals_set, 1, (int64_t)totals->position);
    sqlite3_bind_int64(file->totals_set, 2, (int64_t)totals->waiting);
    sqlite3_bind_int64(file->totals_set, 3, totals->rows);
    sqlite3_bind_int64(file->totals_set, 4, totals->references);
    return sql_do(file->db, file->totals_set, err);
}

bool views_file_write(struct views_file *file, const struct sheaf *sheaf, struct error *err)
{
    assert(sheaf->frozen);
    assert(sheaf->volume == file->volume);
    struct file_totals totals = file->totals;
    bool done = sql_run(file->db, "BEGIN IMMEDIATE", err);
    for (uint32_t i = 0; done && i < sheaf->count; i++)
        done = write_row(file, &sheaf->told[i], err) && write_queue(file, &sheaf->told[i], err);
    done = done && write_keys(file, sheaf, &totals, err) &&
           write_totals(file, sheaf, &totals, err) && sql_run(file->db, "COMMIT", err);
    if (!done) {
        sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    file->totals = totals;
    return true;
}
