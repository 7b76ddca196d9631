#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/views_inside.h"

enum { CACHE_KIB = 16384, OPENING_CACHE_KIB = 1024 };

#define ROW_VALUES                                                                               \
    "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,"  \
    "?26,?27,?28,?29,?30,?31,?32,?33,?34,?35,?36,?37,?38,?39,?40"

struct views_file {
    sqlite3 *db;
    uint32_t volume;                // the newest
    struct file_totals totals;
    sqlite3_stmt *rows[VOLUMES_MAX]; // prepared when first used
    void *buffer;                   // for a sheaf's keys
    sqlite3_stmt *keys, *waits, *waits_no_more, *totals_set, *state_set, *marks, *name, *notices;
    struct tally_statements tallies;
    uint32_t names[NAMES_KINDS];    // how many it has
};

// --- opening -------------------------------------------------------------------------------------

static bool read_totals(struct views_file *file, uint32_t *sum, struct error *err)
{
    struct file_totals *totals = &file->totals;
    sqlite3_stmt *statement = NULL;
    bool found;
    if (!sql_prepare(file->db, &statement, err,
                     "SELECT position, waiting, serial, rows, reference_rows, sum FROM totals"))
        return false;
    bool done = sql_step(file->db, statement, &found, err);
    if (done && found) {
        totals->position = (uint64_t)sqlite3_column_int64(statement, 0);
        totals->waiting = (uint64_t)sqlite3_column_int64(statement, 1);
        totals->serial = (uint64_t)sqlite3_column_int64(statement, 2);
        totals->rows = (uint32_t)sqlite3_column_int64(statement, 3);
        totals->references = (uint32_t)sqlite3_column_int64(statement, 4);
        *sum = (uint32_t)sqlite3_column_int64(statement, 5);
    }
    sqlite3_finalize(statement);
    return done && (found || views_damaged(err, "no totals"));
}

static bool read_states(struct views_file *file, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(file->db, &statement, err,
                     "SELECT state, files FROM state_names ORDER BY state"))
        return false;
    bool more, done;
    int64_t states = 0;
    while ((done = sql_step(file->db, statement, &more, err)) && more) {
        if (states == FILE_STATE_COUNT || sqlite3_column_int64(statement, 0) != states) break;
        file->totals.states[states++] = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return done && ((!more && states == FILE_STATE_COUNT) || views_damaged(err, "its states"));
}

static int64_t filters_sum(const struct volume_filters *filters)
{
    struct span keys = filter_bytes(&filters->keys);
    struct span references = filter_bytes(&filters->references);
    return crc32c(crc32c(0, keys.at, keys.len), references.at, references.len);
}

// Straight from the file's pages into the filter: there are many.
static bool read_filter(sqlite3 *db, uint32_t volume, const char *column, struct filter *filter,
                        struct error *err)
{
    sqlite3_blob *blob = NULL;
    if (sqlite3_blob_open(db, "main", "volumes", column, volume, 0, &blob) != SQLITE_OK)
        return sql_error(db, "a filter could not be read", err);
    int size = sqlite3_blob_bytes(blob);
    bool done = filter_room(filter, (size_t)size, err);
    if (done && sqlite3_blob_read(blob, filter->lines, size, 0) != SQLITE_OK)
        done = sql_error(db, "a filter could not be read", err);
    sqlite3_blob_close(blob);
    return done;
}

static bool read_filters(struct views_file *file, struct volume_filters *filters, int64_t sum,
                         struct error *err)
{
    return read_filter(file->db, file->volume, "keys_filter", &filters->keys, err) &&
           read_filter(file->db, file->volume, "references_filter", &filters->references, err) &&
           (filters_sum(filters) == sum || views_damaged(err, "its filters"));
}

// A volume without filters is the newest: no other comes behind it.
static bool read_volume(struct views_file *file, sqlite3_stmt *statement,
                        struct catalogue *catalogue, struct error *err)
{
    if (file->volume != catalogue->full_count || file->volume == VOLUMES_MAX ||
        sqlite3_column_int64(statement, 0) != ++file->volume)
        return views_damaged(err, "its volumes");
    if (sqlite3_column_type(statement, 1) == SQLITE_NULL) return true;
    struct volume_filters *filters = &catalogue->full[catalogue->full_count++];
    *filters = (struct volume_filters){ 0 };
    return read_filters(file, filters, sqlite3_column_int64(statement, 1), err);
}

static bool read_volumes(struct views_file *file, struct catalogue *catalogue, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (!sql_prepare(file->db, &statement, err,
                     "SELECT volume, filters_sum FROM volumes ORDER BY volume"))
        return false;
    bool more, done;
    file->volume = 0;
    while ((done = sql_step(file->db, statement, &more, err)) && more)
        if (!(done = read_volume(file, statement, catalogue, err))) break;
    sqlite3_finalize(statement);
    return done &&
           (file->volume == catalogue->full_count + 1 || views_damaged(err, "its newest volume"));
}

static bool read_keys(struct views_file *file, struct catalogue *catalogue, struct error *err)
{
    index_expect(&catalogue->keys, file->totals.rows);
    index_expect(&catalogue->references, file->totals.references);
    if (!keys_read(file->db, catalogue, file->volume, err)) return false;
    return (catalogue->keys.count == file->totals.rows &&
            catalogue->references.count == file->totals.references) ||
           views_damaged(err, "keys are missing");
}

// How many rows the volume has, by the number of its newest.
static bool rows_of(sqlite3 *db, uint32_t volume, uint32_t *rows, struct error *err)
{
    char sql[128];
    int64_t newest, first = (int64_t)volume << NUMBER_BITS;
    snprintf(sql, sizeof(sql), "SELECT max(number) FROM volume_%04u_rows", volume);
    if (!sql_ask(db, &newest, err, sql)) return false;
    if (newest == 0) newest = first;
    if (newest < first || newest - first >= 1 << NUMBER_BITS)
        return views_damaged(err, "its rows");
    *rows = (uint32_t)(newest - first);
    return true;
}

// The newest row is there and no other is behind it.
static bool check_rows(struct views_file *file, struct error *err)
{
    uint32_t rows = 0;
    return rows_of(file->db, file->volume, &rows, err) &&
           (rows == file->totals.rows || views_damaged(err, "rows are missing"));
}

static bool read_volume_marks(struct views_file *file, sqlite3_stmt *statement, uint32_t volume,
                              uint32_t rows_max, struct volume_marks *marks, struct error *err)
{
    uint32_t rows = 0;
    return rows_of(file->db, volume, &rows, err) &&
           marks_open(marks, rows > rows_max ? rows : rows_max, err) &&
           marks_read(file->db, statement, marks, volume << (NUMBER_BITS - BLOCK_BITS), rows, err);
}

static bool read_marks(struct views_file *file, struct catalogue *catalogue, uint32_t rows_max,
                       struct error *err)
{
    sqlite3_stmt *statement = NULL;
    bool more = false, done = sql_prepare(file->db, &statement, err,
                                          "SELECT block, marks, sum FROM marks ORDER BY block");
    for (uint32_t volume = 1; done && volume <= file->volume; volume++)
        done = read_volume_marks(file, statement, volume, volume == file->volume ? rows_max : 0,
                                 &catalogue->marks[volume - 1], err);
    done = done && sql_step(file->db, statement, &more, err) &&
           (!more || views_damaged(err, "its marks"));
    sqlite3_finalize(statement);
    return done;
}

// Every file that is none of the office's own is counted under one day and office.
static bool read_counted(struct views_file *file, struct names names[NAMES_KINDS],
                         struct error *err)
{
    uint64_t files = 0;
    for (int i = FILE_EMPTY + 1; i < FILE_STATE_COUNT; i++) files += file->totals.states[i];
    if (!names_read(file->db, names, err)) return false;
    for (int i = 0; i < NAMES_KINDS; i++) file->names[i] = names[i].count;
    return tallies_check(file->db, (int64_t)files, &names[NAMES_OFFICES], err);
}

static bool prepare(struct views_file *file, struct error *err)
{
    return sql_prepare(file->db, &file->keys, err,
                       "INSERT INTO growing(rows, reference_rows, keys, keys_sum)"
                       " VALUES (?1, ?2, ?3, ?4)") &&
           sql_prepare(file->db, &file->notices, err,
                       "INSERT OR REPLACE INTO notices VALUES (?1, ?2, ?3)") &&
           sql_prepare(file->db, &file->waits, err,
                       "INSERT OR REPLACE INTO queue VALUES (?1, ?2, ?3)") &&
           sql_prepare(file->db, &file->waits_no_more, err,
                       "DELETE FROM queue WHERE number = ?1") &&
           sql_prepare(file->db, &file->marks, err,
                       "INSERT OR REPLACE INTO marks VALUES (?1, ?2, ?3)") &&
           sql_prepare(file->db, &file->name, err, "INSERT INTO names VALUES (?1, ?2, ?3, ?4)") &&
           tallies_prepare(file->db, &file->tallies, err) &&
           sql_prepare(file->db, &file->totals_set, err,
                       "UPDATE totals SET position = ?1, waiting = ?2, serial = ?3,"
                       " rows = ?4, reference_rows = ?5, sum = ?6") &&
           sql_prepare(file->db, &file->state_set, err,
                       "UPDATE state_names SET files = ?2 WHERE state = ?1");
}

static bool set_up(struct views_file *file, struct views_settings settings, struct error *err)
{
    char pragmas[256];
    snprintf(pragmas, sizeof(pragmas),
             "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
             "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-%d; PRAGMA cell_size_check=ON;"
             "PRAGMA wal_autocheckpoint=4096; PRAGMA max_page_count=%u;",
             OPENING_CACHE_KIB, settings.pages_max > 0 ? settings.pages_max : 0xfffffffe);
    return sql_run(file->db, pragmas, err) && schema_check(file->db, err);
}

static bool open_all(struct views_file *file, struct views_settings settings,
                     struct catalogue *catalogue, struct names names[NAMES_KINDS],
                     struct error *err)
{
    // What is read at opening is read once: only then is the cache of use.
    char cache[64];
    snprintf(cache, sizeof(cache), "PRAGMA cache_size=-%d", CACHE_KIB);
    if (!set_up(file, settings, err)) return false;
    uint32_t sum = 0;
    if (!read_totals(file, &sum, err) || !read_states(file, err)) return false;
    if (totals_sum(&file->totals) != sum) return views_damaged(err, "its totals");
    if (!read_volumes(file, catalogue, err)) return false;

    // One sheaf more than a volume's rows: references may come without new rows.
    uint32_t keys = file->totals.rows, references = file->totals.references;
    if (keys < settings.volume_rows) keys = settings.volume_rows;
    if (references < settings.volume_rows) references = settings.volume_rows;
    if (keys > 1u << NUMBER_BITS || references > 1u << (NUMBER_BITS + 1))
        return views_damaged(err, "its volume is too large");
    if (!index_open(&catalogue->keys, keys, err) ||
        !index_open(&catalogue->references, references + settings.sheaf_rows, err))
        return false;
    return check_rows(file, err) && read_keys(file, catalogue, err) &&
           read_marks(file, catalogue, settings.volume_rows, err) &&
           read_counted(file, names, err) &&
           sql_run(file->db, cache, err) && prepare(file, err);
}

bool views_file_open(struct views_file **file, const char *path, struct views_settings settings,
                     struct catalogue *catalogue, struct file_totals *totals,
                     struct names names[NAMES_KINDS], struct error *err)
{
    assert(settings.volume_rows > 0 && settings.volume_rows <= VOLUME_ROWS);
    assert(catalogue->full_count == 0);
    *file = calloc(1, sizeof(**file));
    if (*file == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the views");
    (*file)->buffer = keys_buffer(settings.sheaf_rows);
    if ((*file)->buffer == NULL) error_set(err, ERROR_UNAVAILABLE, "no memory for the views");
    else if (sql_open(&(*file)->db, path, err) &&
             open_all(*file, settings, catalogue, names, err)) {
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
    sqlite3_stmt *all[] = { file->notices, file->keys, file->waits, file->waits_no_more,
                            file->totals_set, file->state_set, file->marks, file->name };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) sqlite3_finalize(all[i]);
    tallies_finish(&file->tallies);
    sqlite3_close(file->db);
    free(file->buffer);
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
    sqlite3_bind_int64(statement, 3, filters_sum(filters));
    bool done = sql_do(file->db, statement, err);
    sqlite3_finalize(statement);
    return done;
}

static bool set_totals(struct views_file *file, const struct file_totals *totals,
                       struct error *err)
{
    sqlite3_bind_int64(file->totals_set, 1, (int64_t)totals->position);
    sqlite3_bind_int64(file->totals_set, 2, (int64_t)totals->waiting);
    sqlite3_bind_int64(file->totals_set, 3, (int64_t)totals->serial);
    sqlite3_bind_int64(file->totals_set, 4, totals->rows);
    sqlite3_bind_int64(file->totals_set, 5, totals->references);
    sqlite3_bind_int64(file->totals_set, 6, totals_sum(totals));
    return sql_do(file->db, file->totals_set, err);
}

static bool fill(struct views_file *file, const struct catalogue *catalogue,
                 const struct volume_filters *filters, struct error *err)
{
    struct file_totals totals = file->totals;
    totals.rows = totals.references = 0;
    return sql_run(file->db, "BEGIN IMMEDIATE", err) &&
           keys_sort(file->db, catalogue, file->volume, err) && keep_filters(file, filters, err) &&
           schema_volume(file->db, file->volume + 1, err) && set_totals(file, &totals, err) &&
           sql_run(file->db, "COMMIT", err);
}

bool views_file_fill(struct views_file *file, const struct catalogue *catalogue,
                     struct volume_filters *filters, struct error *err)
{
    assert(file->volume == catalogue->full_count + 1);
    assert(file->volume < VOLUMES_MAX);
    *filters = (struct volume_filters){ 0 };
    if (make_filter(&filters->keys, &catalogue->keys, err) &&
        make_filter(&filters->references, &catalogue->references, err) &&
        fill(file, catalogue, filters, err)) {
        file->volume++;
        file->totals.rows = file->totals.references = 0;
        return true;
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
    bind_text(&b, row->claimed_by);
    bind_text(&b, row->rules);
    bind_number(&b, row->requests_open);
    bind_number(&b, row->channel);
    bind_number(&b, row->released_ms);
    bind_number(&b, row->inspected);
    bind_number(&b, row->found);
    bind_money(&b, &row->recovered);
    bind_number(&b, row_sum(number, row));
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
        sqlite3_bind_int64(statement, 2, queue_rank(told->row.worth.minor));
        sqlite3_bind_int64(statement, 3, told->row.lodged_ms);
    }
    return sql_do(file->db, statement, err);
}

static bool write_totals(struct views_file *file, const struct sheaf *sheaf,
                         struct file_totals *totals, struct error *err)
{
    totals->position = sheaf->end;
    totals->serial = sheaf->serial;
    totals->waiting += (uint64_t)sheaf->waiting;
    for (int i = 0; i < FILE_STATE_COUNT; i++) {
        totals->states[i] += (uint64_t)sheaf->states[i];
        if (sheaf->states[i] == 0) continue;
        sqlite3_bind_int(file->state_set, 1, i);
        sqlite3_bind_int64(file->state_set, 2, (int64_t)totals->states[i]);
        if (!sql_do(file->db, file->state_set, err)) return false;
    }
    return set_totals(file, totals, err);
}

static bool write_marks(struct views_file *file, struct catalogue *catalogue, struct error *err)
{
    for (uint32_t volume = 1; volume <= file->volume; volume++)
        if (!marks_write(file->db, file->marks, &catalogue->marks[volume - 1],
                         volume << (NUMBER_BITS - BLOCK_BITS), err))
            return false;
    return true;
}

static bool write_names(struct views_file *file, const struct sheaf *sheaf,
                        const struct names names[NAMES_KINDS], struct error *err)
{
    for (int i = 0; i < NAMES_KINDS; i++)
        if (!names_write(file->db, file->name, (enum names_kind)i, &names[i], file->names[i],
                         sheaf->names[i], err))
            return false;
    return true;
}

bool views_file_write(struct views_file *file, const struct sheaf *sheaf,
                      struct catalogue *catalogue, const struct names names[NAMES_KINDS],
                      struct error *err)
{
    assert(sheaf->frozen);
    assert(sheaf->volume == file->volume);
    struct file_totals totals = file->totals;
    bool done = sql_run(file->db, "BEGIN IMMEDIATE", err);
    for (uint32_t i = 0; done && i < sheaf->count; i++)
        done = write_row(file, &sheaf->told[i], err) && write_queue(file, &sheaf->told[i], err);
    uint32_t rows;
    done = done && keys_write(file->db, file->keys, sheaf, file->buffer, &rows, err);
    if (done) {
        totals.rows += rows;
        totals.references += sheaf->references_count;
    }
    done = done && notices_write(file->db, file->notices, sheaf, err) &&
           write_marks(file, catalogue, err) && write_names(file, sheaf, names, err) &&
           tallies_write(file->db, &file->tallies, &sheaf->tallies, err) &&
           write_totals(file, sheaf, &totals, err) && sql_run(file->db, "COMMIT", err);
    if (!done) {
        sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    for (uint32_t i = 0; i < file->volume; i++) marks_written(&catalogue->marks[i]);
    file->totals = totals;
    memcpy(file->names, sheaf->names, sizeof(file->names));
    return true;
}
