// views_tallies: what is counted of files by day and office, and by officers' rule.
//
// A row counts in some tallies. When another takes its place, what it counted is taken out of them
// and what the new one counts is put in; so they are right at any time, and nobody ever goes
// through the rows to count them.
//
// Each sheaf has the tallies that change with it, as differences; the file has their sums. A tally
// is of one currency: counts of files stand in that of no currency, amounts in that of theirs.
#ifndef TW_STORE_VIEWS_TALLIES_H
#define TW_STORE_VIEWS_TALLIES_H

#include <sqlite3.h>

#include "store/views_names.h"

enum {
    TALLY_OFFICE,              // by day and office
    TALLY_RULE,                // by rule, of all days
    TALLY_OWED = COUNTS,       // behind the counts
    TALLY_RECOVERED,
    TALLY_VALUES,
    TALLIES_MAX = 4096,        // of one sheaf
};

struct tally_key {
    int64_t kind, day;
    struct span name;
    char currency[4];          // all zeros: none
};

struct tally {
    struct tally_key key;
    int64_t values[TALLY_VALUES];
    uint32_t next;             // of the same hash; one more than its place; 0: the end
};

struct tallies {
    struct tally *at;          // owned, as are the heads
    uint32_t *heads;
    uint32_t count;
};

MUST_CHECK bool tallies_open(struct tallies *tallies, struct error *err);
void tallies_close(struct tallies *tallies); // also takes zeroed ones
void tallies_clear(struct tallies *tallies);

// Below, at or above zero, as the file has them in order.
int tally_compare(const struct tally_key *a, const struct tally_key *b);

// Makes room for what a row counts; new names are copied into the arena. `office` is the name that
// it counts under. False when it does not fit: nothing is counted.
MUST_CHECK bool tallies_need(struct tallies *tallies, const struct view_row *row,
                             struct span office, struct arena *names);

// Puts it in (`sign` 1) or takes it out (-1). There is room.
void tallies_count(struct tallies *tallies, const struct view_row *row, struct span office,
                   int sign);

// --- in the file ---------------------------------------------------------------------------------

#define TALLIES_TABLE                                                                            \
    "CREATE TABLE figures(kind INTEGER, day INTEGER, name TEXT, currency TEXT, lodged INTEGER,"    \
    "  refused INTEGER, documents INTEGER, released INTEGER, examined INTEGER, held INTEGER,"      \
    "  inspected INTEGER, found INTEGER, cleared_1s INTEGER, cleared_10s INTEGER,"                 \
    "  cleared_1min INTEGER, cleared_10min INTEGER, cleared_1h INTEGER, cleared_4h INTEGER,"       \
    "  cleared_1d INTEGER, cleared_3d INTEGER, cleared_later INTEGER, owed INTEGER,"               \
    "  recovered INTEGER, sum INTEGER, PRIMARY KEY(kind, day, name, currency)) WITHOUT ROWID;"

struct tally_statements { sqlite3_stmt *find, *put; };

MUST_CHECK bool tallies_prepare(sqlite3 *db, struct tally_statements *statements,
                                struct error *err);
void tallies_finish(struct tally_statements *statements);

// Within a transaction of the caller's.
MUST_CHECK bool tallies_write(sqlite3 *db, const struct tally_statements *statements,
                              const struct tallies *tallies, struct error *err);

// Looks at all of them, and whether so many files are counted in them, all of these offices.
MUST_CHECK bool tallies_check(sqlite3 *db, int64_t files, const struct names *offices,
                              struct error *err);

// Of a statement that selects all of a row. The name is good until its next step. False when it is
// not what was written.
MUST_CHECK bool tally_read(sqlite3_stmt *statement, struct tally *tally);

#endif
