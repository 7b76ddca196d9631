// views_inside: how the views are made; for views*.c and their tests only.
//
// views.c       telling, and the projector's thread
// views_open.c  opening, closing, dropping
// views_tail.c  rows told and not yet written: sheaves, filled and written one after the other
// views_schema.c the tables of the file, and the views that analysts ask
// views_file.c  the one connection that writes: a sheaf in one transaction, full volumes
// views_keys.c  the keys in that file: of the volume that grows, and sorted when it is full
// views_read.c  the connections that read: rows by number, by key, the queue
// views_find.c  a file by its name or reference; readers are lent here
// views_search.c files by what they are: the tail's and the file's as one
// views_queue.c the officers' queue, likewise
// views_notices.c who is told of what
// views_figures.c what is counted of files, likewise
// views_cursor.c where a page ended, as text
// views_sql.c   SQLite's small change
// views_index.c, views_filter.c   which volume a key is in, from memory
// views_marks.c which rows a search has to read, from memory
// views_tallies.c what rows count by day and office, and by rule
// views_names.c the offices that there are
//
// A B-tree of random keys grows slow when it no longer fits the cache. So the rows are cut into
// volumes of VOLUME_ROWS; each is written strictly in order, a row's number being its place:
// volume << NUMBER_BITS | 1, 2, 3 ... The keys of the volume that grows are found by an index in
// memory; the file has them in the order of telling, for the next start. When the volume is full,
// the file gets them sorted, all at once, and memory keeps two filters of them.
//
// Two keys of different files may be equal: whoever finds a key compares the names.
#ifndef TW_STORE_VIEWS_INSIDE_H
#define TW_STORE_VIEWS_INSIDE_H

#include <sqlite3.h>

#include "base/limits.h"
#include "consignment/file.h"
#include "store/views.h"
#include "store/views_filter.h"
#include "store/views_index.h"
#include "store/views_marks.h"
#include "store/views_names.h"
#include "store/views_tallies.h"

enum {
    VOLUME_ROWS = 3 << 18,       // 786,432
    NUMBER_BITS = 20,            // of a row's place in its volume
    VOLUMES_MAX = 500,           // parts of one SQL view (SQLITE_MAX_COMPOUND_SELECT)
    SHEAF_ROWS = 16384,          // in one transaction
    SHEAVES_MAX = VIEWS_TAIL_MAX / SHEAF_ROWS,
    SHEAF_TEXT_SIZE = 8 * MIB,   // a row's text is some 100 bytes
    PLACES_MAX = 8,              // of equal keys, looked up at one time
};
_Static_assert(VOLUME_ROWS < 1 << NUMBER_BITS, "a row's place fits its number");
_Static_assert((int64_t)(VOLUMES_MAX + 1) << NUMBER_BITS < UINT32_MAX, "numbers have 32 bits");
_Static_assert(SHEAVES_MAX * SHEAF_ROWS == VIEWS_TAIL_MAX, "the tail is made of sheaves");
_Static_assert(SHEAF_TEXT_SIZE >= 2 * DECLARATION_TEXT_MAX, "the largest row fits a sheaf");

// For tests: everything smaller.
struct views_settings {
    uint32_t volume_rows, sheaf_rows;
    uint32_t pages_max; // of the file; 0: as many as the disk holds
    uint32_t looks_max; // of one search, and of one page of the queue; 0: the usual
};
MUST_CHECK bool views_open_with(struct views **views, const char *path,
                                struct views_settings settings, struct error *err);

// --- the tail ------------------------------------------------------------------------------------

struct told {
    struct view_row row;  // spans in the sheaf
    uint64_t key;         // key_of(row.file)
    uint32_t number;
    uint32_t next;        // of the same hash; one more than a place in `told`; 0: the end
    bool is_new;          // the file has no row of that number yet
    bool waited;          // the file's row waits for an officer
};

struct told_reference {
    uint64_t key;
    uint32_t told;        // a place in `told`
    uint32_t next;
};

struct told_notice { uint64_t audience, position; };

// Filled by the telling thread until frozen, then written by the projector, then empty again.
struct sheaf {
    struct told *told;                 // owned, as are the next four
    struct mark *marks;                // of each of them
    struct told_reference *references;
    uint32_t *heads, *reference_heads;
    struct told_notice *notices;       // owned
    uint32_t notices_count, notices_max;
    uint32_t count, references_count, rows_max, heads_mask;
    struct arena text;
    uint64_t serial;                   // 1, 2, 3 ... as they were begun
    uint64_t end;                      // journal position that is reached with this sheaf
    int64_t begun_ms;
    uint32_t volume;                   // of its new rows
    bool frozen;
    int64_t states[FILE_STATE_COUNT];  // how the numbers of files change with it
    int64_t waiting;
    struct tallies tallies;            // and what is counted of them
    uint32_t names[NAMES_KINDS];       // how many there are by then
};

// What was known of a file before it is told again.
struct before {
    bool found;
    uint32_t number;
    struct view_row row;               // when it was found
};

MUST_CHECK bool sheaf_open(struct sheaf *sheaf, uint32_t rows_max, struct error *err);
void sheaf_close(struct sheaf *sheaf); // also takes a zeroed one
void sheaf_clear(struct sheaf *sheaf);

// NULL when it is not there.
struct told *sheaf_find(const struct sheaf *sheaf, struct span file, uint64_t key);
const struct told *sheaf_find_reference(const struct sheaf *sheaf, uint64_t reference_key);

// False when it is full: nothing changed. A row of the same file is replaced where it stands.
// `offices` are those that are counted apart.
MUST_CHECK bool sheaf_put(struct sheaf *sheaf, const struct view_row *row, uint64_t key,
                          const struct before *before, const struct names *offices);

// Over all of a row in the file, which SQLite does not guard: a bit that turned is damage.
uint32_t row_sum(uint32_t number, const struct view_row *row);

// A row with its text in the arena; false when that is full.
MUST_CHECK bool row_copy(struct view_row *copy, const struct view_row *row, struct arena *arena);

// --- what memory knows of the file ---------------------------------------------------------------

struct volume_filters {
    struct filter keys, references;
};

// Changed by the projector under the views' lock.
struct catalogue {
    struct volume_filters full[VOLUMES_MAX]; // volume 1 is the first
    uint32_t full_count;                     // the volume behind them grows
    struct index keys, references;           // of the one that grows
    struct volume_marks marks[VOLUMES_MAX];  // of all; they may know a sheaf that is being written
    uint32_t of_file;                        // another after each drop
};

// Where a key may be, newest first: rows of the volume that grows, then volumes.
struct places {
    uint32_t numbers[PLACES_MAX];
    uint32_t numbers_count, volumes_count, of_file;
    bool more;                   // numbers are behind these; the volumes come with the last of them
    uint16_t volumes[VOLUMES_MAX];
};

void catalogue_close(struct catalogue *catalogue);
// The first `skipped` numbers were looked up before.
void catalogue_find(const struct catalogue *catalogue, uint64_t key, uint32_t skipped,
                    struct places *places);
void catalogue_find_reference(const struct catalogue *catalogue, uint64_t key,
                              struct places *places);

// --- the file ------------------------------------------------------------------------------------

// What the file says of itself; kept right by the projector in each transaction.
struct file_totals {
    uint64_t position, waiting;
    uint64_t serial;           // of the sheaf written last
    uint64_t states[FILE_STATE_COUNT];
    uint32_t rows, references; // of the volume that grows
};

struct views_file;

// Opens or makes it, and fills the catalogue. ERROR_DAMAGED: the file is to be dropped.
MUST_CHECK bool views_file_open(struct views_file **file, const char *path,
                                struct views_settings settings, struct catalogue *catalogue,
                                struct file_totals *totals, struct names names[NAMES_KINDS],
                                struct error *err);
void views_file_close(struct views_file *file); // also takes NULL

// The newest volume is full: gives it its index, makes its filters and the next volume.
MUST_CHECK bool views_file_fill(struct views_file *file, const struct catalogue *catalogue,
                                struct volume_filters *filters, struct error *err);

// Writes a sheaf, whose volume is the newest and whose marks are in the catalogue, in one
// transaction. False: nothing was written.
MUST_CHECK bool views_file_write(struct views_file *file, const struct sheaf *sheaf,
                                 struct catalogue *catalogue,
                                 const struct names names[NAMES_KINDS], struct error *err);

// What the queue is sorted by, rising: most worth first. And back.
static inline int64_t queue_rank(int64_t worth) { return ~worth; }

// The schema: of a new file, of one more volume, and whether the file has it.
MUST_CHECK bool schema_check(sqlite3 *db, struct error *err);
MUST_CHECK bool schema_volume(sqlite3 *db, uint32_t volume, struct error *err);
uint32_t totals_sum(const struct file_totals *totals);

// The keys in it; all within a transaction of the caller's. A buffer takes those of one sheaf.
void *keys_buffer(uint32_t sheaf_rows); // NULL: no memory; to be freed
MUST_CHECK bool keys_write(sqlite3 *db, sqlite3_stmt *statement, const struct sheaf *sheaf,
                           void *buffer, uint32_t *rows, struct error *err);
MUST_CHECK bool keys_read(sqlite3 *db, struct catalogue *catalogue, uint32_t volume,
                          struct error *err);
MUST_CHECK bool keys_sort(sqlite3 *db, const struct catalogue *catalogue, uint32_t volume,
                          struct error *err);

// Who is told of what.
uint32_t notice_sum(uint64_t audience, uint64_t position);
MUST_CHECK bool notices_write(sqlite3 *db, sqlite3_stmt *statement, const struct sheaf *sheaf,
                              struct error *err);

// --- reading -------------------------------------------------------------------------------------

struct reader; // one connection; one thread at a time

MUST_CHECK bool reader_open(struct reader **reader, const char *path, struct error *err);
void reader_close(struct reader *reader); // also takes NULL

MUST_CHECK bool reader_find(struct reader *reader, const struct places *places, struct span file,
                            struct arena *arena, struct view_row *row, uint32_t *number,
                            bool *found, struct error *err);
MUST_CHECK bool reader_find_reference(struct reader *reader, const struct places *places,
                                      uint64_t key, struct arena *arena, struct span *file,
                                      bool *found, struct error *err);

// The newest below `before`, at most `limit`.
MUST_CHECK bool reader_notices(struct reader *reader, uint64_t audience, uint64_t before,
                               uint32_t limit, uint64_t *positions, uint32_t *count,
                               struct error *err);

// The rows between begin and end are of one moment.
MUST_CHECK bool reader_begin(struct reader *reader, struct error *err);
void reader_end(struct reader *reader);
MUST_CHECK bool reader_row(struct reader *reader, uint32_t number, struct arena *arena,
                           struct view_row *row, struct error *err);

// Steps through the queue, most worth first, from the first place behind `after` (of no number:
// from the first) that was said before. `number` is 0 behind the last.
struct place;
void reader_queue_after(struct reader *reader, const struct place *after);
MUST_CHECK bool reader_queue(struct reader *reader, uint32_t *number, int64_t *worth,
                             int64_t *lodged_ms, struct error *err);

// The serial of the last sheaf that the file has at that moment: it is there a little before the
// tail is without it.
MUST_CHECK bool reader_serial(struct reader *reader, uint64_t *serial, struct error *err);

// Steps through the tallies of a kind and of days from .. to, in order; the first call after
// reader_begin begins, the others go on. `more` false: behind the last. The name is good until the
// next call.
struct tally_range { int64_t kind, from, to; };
MUST_CHECK bool reader_tally(struct reader *reader, const struct tally_range *range,
                             struct tally *tally, bool *more, struct error *err);

// --- the queue ----------------------------------------------------------------------------------

// A file's place in the queue.
struct place {
    int64_t worth, lodged_ms;
    uint32_t number;
    const struct view_row *row; // NULL: it is in the file
};

struct tail {
    const struct sheaf *sheaves[SHEAVES_MAX]; // newest first
    uint32_t count;
};

// Do the sheaves before that one, which are newer, not know the file?
bool tail_is_newest(const struct tail *tail, uint32_t sheaf, const struct told *told);

// What the tail says of the queue.
struct tail_queue {
    struct place *places;       // that wait and fit, most worth first
    uint32_t *numbers;          // ascending: rows of the file's queue that the tail knows better
    uint32_t places_count, numbers_count;
};

// --- cursors -------------------------------------------------------------------------------------

// A letter and numbers. `into` has VIEWS_CURSOR_SIZE bytes.
enum { CURSOR_NUMBERS_MAX = 3 };
void cursor_write(char *into, char kind, const uint64_t *numbers, uint32_t count);
MUST_CHECK bool cursor_read(struct span cursor, char kind, uint64_t *numbers, uint32_t count,
                            struct error *err);

// --- SQLite's small change -----------------------------------------------------------------------

// Always false, as is sql_error, which says why SQLite did not do `what`.
bool views_damaged(struct error *err, const char *what);
bool sql_error(sqlite3 *db, const char *what, struct error *err);
MUST_CHECK bool sql_open(sqlite3 **db, const char *path, struct error *err);
MUST_CHECK bool sql_run(sqlite3 *db, const char *sql, struct error *err);
MUST_CHECK bool sql_prepare(sqlite3 *db, sqlite3_stmt **statement, struct error *err,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));
// `more`: the statement stands on a row.
MUST_CHECK bool sql_step(sqlite3 *db, sqlite3_stmt *statement, bool *more, struct error *err);
// The one number that a query answers; 0 for no row.
MUST_CHECK bool sql_ask(sqlite3 *db, int64_t *value, struct error *err, const char *sql);
// The statement's one step that returns no row; it is ready for the next use.
MUST_CHECK bool sql_do(sqlite3 *db, sqlite3_stmt *statement, struct error *err);

#endif
