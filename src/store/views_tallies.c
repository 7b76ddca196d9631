#include "store/views_tallies.h"

#include <assert.h>
#include <stdlib.h>

#include "store/views_inside.h"

enum { TALLY_HEADS = TALLIES_MAX, DAY_MS = 24 * 60 * 60 * 1000 };

_Static_assert((TALLY_HEADS & (TALLY_HEADS - 1)) == 0, "a hash is cut by a mask");
_Static_assert(COUNT_HELD - COUNT_REFUSED == (int)DECISION_HOLD - (int)DECISION_REFUSE &&
               COUNT_RELEASED - COUNT_REFUSED == (int)DECISION_RELEASE - (int)DECISION_REFUSE,
               "decisions are counted in their order");
// What one row counts for now and before: amounts of two currencies, and the count.
_Static_assert(2 * 3 * (1 + FILE_RULES_MAX) <= TALLIES_MAX, "a row fits an empty sheaf");

const int64_t clearance_step_ms[CLEARANCE_STEPS - 1] = {
    1000, 10000, 60000, 600000, 3600000, INT64_C(4) * 3600000, DAY_MS, INT64_C(3) * DAY_MS,
};

bool tallies_open(struct tallies *tallies, struct error *err)
{
    tallies->at = calloc(TALLIES_MAX, sizeof(*tallies->at));
    tallies->heads = calloc(TALLY_HEADS, sizeof(*tallies->heads));
    return (tallies->at != NULL && tallies->heads != NULL) ||
           error_set(err, ERROR_UNAVAILABLE, "no memory for the tail of the views");
}

void tallies_close(struct tallies *tallies)
{
    free(tallies->at);
    free(tallies->heads);
    *tallies = (struct tallies){ 0 };
}

void tallies_clear(struct tallies *tallies)
{
    memset(tallies->heads, 0, TALLY_HEADS * sizeof(*tallies->heads));
    tallies->count = 0;
}

int tally_compare(const struct tally_key *a, const struct tally_key *b)
{
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    int order = span_compare(a->name, b->name);
    return order != 0 ? order : memcmp(a->currency, b->currency, sizeof(a->currency));
}

static uint32_t *head_of(const struct tallies *tallies, const struct tally_key *key)
{
    uint32_t currency;
    memcpy(&currency, key->currency, sizeof(currency));
    uint64_t hash = key_of(key->name) ^ ((uint64_t)key->day << 1 | (uint64_t)key->kind);
    hash = (hash ^ currency) * UINT64_C(0x9e3779b97f4a7c15);
    return &tallies->heads[hash >> 32 & (TALLY_HEADS - 1)];
}

static struct tally *find(const struct tallies *tallies, const struct tally_key *key)
{
    for (uint32_t at = *head_of(tallies, key); at != 0; at = tallies->at[at - 1].next)
        if (tally_compare(&tallies->at[at - 1].key, key) == 0) return &tallies->at[at - 1];
    return NULL;
}

// --- what a row counts ---------------------------------------------------------------------------

// One of the tallies of a row, and how it is found.
struct counting {
    struct tallies *tallies;
    const struct view_row *row;
    struct arena *names;         // room is made when it is given, else it is counted
    int sign;
};

static struct tally *take(const struct counting *c, const struct tally_key *key)
{
    struct tallies *tallies = c->tallies;
    struct tally *tally = find(tallies, key);
    if (tally != NULL || c->names == NULL || tallies->count == TALLIES_MAX) return tally;
    struct span name;
    if (!arena_copy(c->names, key->name, &name)) return NULL;
    uint32_t *head = head_of(tallies, key);
    tally = &tallies->at[tallies->count++];
    *tally = (struct tally){ .key = *key, .next = *head };
    tally->key.name = name;
    *head = tallies->count;
    return tally;
}

static void count_file(const struct view_row *row, int64_t sign, int64_t *counts)
{
    counts[COUNT_LODGED] += sign;
    if (row->channel != DECISION_NONE)
        counts[COUNT_REFUSED + row->channel - DECISION_REFUSE] += sign;
    if (row->inspected) counts[COUNT_INSPECTED] += sign;
    if (row->found) counts[COUNT_FOUND] += sign;
    if (row->released_ms == 0) return;
    int step = 0;
    int64_t took_ms = row->released_ms - row->lodged_ms;
    while (step < CLEARANCE_STEPS - 1 && took_ms > clearance_step_ms[step]) step++;
    counts[COUNT_CLEARED + step] += sign;
}

static bool count_amount(const struct counting *c, struct tally_key key, struct money amount,
                         int value)
{
    if (amount.currency[0] == '\0' || amount.minor == 0) return true;
    memcpy(key.currency, amount.currency, sizeof(key.currency));
    struct tally *tally = take(c, &key);
    if (tally == NULL) return false;
    if (c->names == NULL) tally->values[value] += c->sign * amount.minor;
    return true;
}

static bool count_under(const struct counting *c, const struct tally_key *key)
{
    struct tally *tally = take(c, key);
    if (tally == NULL) return false;
    if (c->names == NULL) count_file(c->row, c->sign, tally->values);
    return count_amount(c, *key, c->row->duty_total, TALLY_OWED) &&
           count_amount(c, *key, c->row->recovered, TALLY_RECOVERED);
}

// Of a time before 1970 the day is the last before it, too.
static int64_t day_of(int64_t at_ms)
{
    return at_ms / DAY_MS - (at_ms % DAY_MS < 0);
}

static bool count_row(const struct counting *c, struct span office)
{
    if (c->row->state == FILE_EMPTY) return true; // the office's own
    struct tally_key key = { TALLY_OFFICE, day_of(c->row->lodged_ms), office, "" };
    if (!count_under(c, &key)) return false;
    struct span_pair cut = { .tail = c->row->rules };
    for (uint32_t i = 0; i < FILE_RULES_MAX && cut.tail.len > 0; i++) {
        cut = span_cut(cut.tail, ' ');
        struct tally_key rule = { TALLY_RULE, 0, cut.head, "" };
        if (!count_under(c, &rule)) return false;
    }
    return true;
}

bool tallies_need(struct tallies *tallies, const struct view_row *row, struct span office,
                  struct arena *names)
{
    struct counting c = { .tallies = tallies, .row = row, .names = names };
    return count_row(&c, office);
}

void tallies_count(struct tallies *tallies, const struct view_row *row, struct span office,
                   int sign)
{
    struct counting c = { .tallies = tallies, .row = row, .sign = sign };
    bool counted = count_row(&c, office);
    assert(counted);
}

// --- in the file ---------------------------------------------------------------------------------

#define TALLY_PLACES                                                                             \
    "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24"
enum { TALLY_KEYS = 4, TALLY_COLUMNS = TALLY_KEYS + TALLY_VALUES + 1 };
_Static_assert(TALLY_COLUMNS == 24, "a place for each");

bool tallies_prepare(sqlite3 *db, struct tally_statements *statements, struct error *err)
{
    return sql_prepare(db, &statements->find, err,
                       "SELECT * FROM figures WHERE kind = ?1 AND day = ?2 AND name = ?3"
                       " AND currency = ?4") &&
           sql_prepare(db, &statements->put, err,
                       "INSERT OR REPLACE INTO figures VALUES (" TALLY_PLACES ")");
}

void tallies_finish(struct tally_statements *statements)
{
    sqlite3_finalize(statements->find);
    sqlite3_finalize(statements->put);
}

static uint32_t tally_sum(const struct tally *tally)
{
    const int64_t numbers[] = { tally->key.kind, tally->key.day };
    uint32_t sum = crc32c(0, numbers, sizeof(numbers));
    sum = crc32c(sum, tally->key.currency, sizeof(tally->key.currency));
    sum = crc32c(sum, tally->values, sizeof(tally->values));
    return crc32c(sum, tally->key.name.at, tally->key.name.len);
}

static void bind_key(sqlite3_stmt *statement, const struct tally_key *key)
{
    struct span name = key->name.len > 0 ? key->name : SPAN("");
    sqlite3_bind_int64(statement, 1, key->kind);
    sqlite3_bind_int64(statement, 2, key->day);
    sqlite3_bind_text(statement, 3, name.at, (int)name.len, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, key->currency, -1, SQLITE_STATIC);
}

bool tally_read(sqlite3_stmt *statement, struct tally *tally)
{
    const char *name = (const char *)sqlite3_column_text(statement, 2);
    const char *currency = (const char *)sqlite3_column_text(statement, 3);
    int size = sqlite3_column_bytes(statement, 3);
    *tally = (struct tally){ .key = { .kind = sqlite3_column_int64(statement, 0),
                                      .day = sqlite3_column_int64(statement, 1) } };
    if (name == NULL || currency == NULL || size >= (int)sizeof(tally->key.currency)) return false;
    tally->key.name = (struct span){ name, (size_t)sqlite3_column_bytes(statement, 2) };
    memcpy(tally->key.currency, currency, (size_t)size);
    for (int i = 0; i < TALLY_VALUES; i++)
        tally->values[i] = sqlite3_column_int64(statement, TALLY_KEYS + i);
    return sqlite3_column_int64(statement, TALLY_COLUMNS - 1) == tally_sum(tally);
}

// Adds what the file has to the tally's difference.
static bool add_written(sqlite3 *db, sqlite3_stmt *statement, struct tally *tally,
                        struct error *err)
{
    struct tally written;
    bool found;
    bind_key(statement, &tally->key);
    bool done = sql_step(db, statement, &found, err);
    bool right = !done || !found || tally_read(statement, &written);
    sqlite3_reset(statement);
    if (!done) return false;
    for (int i = 0; found && right && i < TALLY_VALUES; i++) {
        tally->values[i] += written.values[i];
        right = i >= COUNTS || tally->values[i] >= 0;
    }
    return right || views_damaged(err, "its figures");
}

static bool write_tally(sqlite3 *db, const struct tally_statements *statements,
                        const struct tally *change, struct error *err)
{
    static const int64_t nothing[TALLY_VALUES];
    struct tally tally = *change;
    if (memcmp(change->values, nothing, sizeof(nothing)) == 0) return true;
    if (!add_written(db, statements->find, &tally, err)) return false;
    bind_key(statements->put, &tally.key);
    for (int i = 0; i < TALLY_VALUES; i++)
        sqlite3_bind_int64(statements->put, TALLY_KEYS + 1 + i, tally.values[i]);
    sqlite3_bind_int64(statements->put, TALLY_COLUMNS, tally_sum(&tally));
    return sql_do(db, statements->put, err);
}

bool tallies_write(sqlite3 *db, const struct tally_statements *statements,
                   const struct tallies *tallies, struct error *err)
{
    for (uint32_t i = 0; i < tallies->count; i++)
        if (!write_tally(db, statements, &tallies->at[i], err)) return false;
    return true;
}

static bool is_of(const struct names *offices, struct span name)
{
    return name.len == 0 || names_find(offices, name).len > 0;
}

bool tallies_check(sqlite3 *db, int64_t files, const struct names *offices, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    struct tally tally;
    bool more, right = true, done = sql_prepare(db, &statement, err, "SELECT * FROM figures");
    while (done && right && (done = sql_step(db, statement, &more, err)) && more) {
        right = tally_read(statement, &tally);
        if (!right || tally.key.kind != TALLY_OFFICE) continue;
        right = is_of(offices, tally.key.name);
        files -= tally.values[COUNT_LODGED];
    }
    sqlite3_finalize(statement);
    return done && ((right && files == 0) || views_damaged(err, "its figures"));
}
