// views: everything for finding and counting, in one SQLite file that may be deleted.
//
// Views are projections of the facts: a row per file and the officer's queue. They are written by
// one projector in large batches, together with the journal position reached; from there on the
// journal is told again at start.
//
// A reader sees what was acknowledged: the views, and in front of them the short tail of rows that
// are acknowledged and not yet written. views_tell takes a batch's rows at once and returns
// quickly; it waits only when the tail has reached VIEWS_TAIL_MAX rows: memory stays bounded.
//
// When the file cannot be written (disk full, damaged), reading goes on, and views_tell and
// views_flush say why. Rows are still taken while the tail has room, so that what is acknowledged
// stays visible; who gets false should acknowledge nothing more. Each telling tries again: when
// there is room again, everything from views_position on is to be told once more. Damage stays
// until the views are dropped; a file that was found damaged is removed by views_close.
//
// Threads: one tells (the committing thread), one projects (the views' own), any number read.
#ifndef TW_STORE_VIEWS_H
#define TW_STORE_VIEWS_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/money.h"

// What the views keep of one file: a fold's result, handed over as plain values.
struct view_row {
    struct span file;              // name
    uint64_t position;             // of its last append in the journal
    uint32_t facts_count;
    int64_t lodged_ms, changed_ms;
    uint8_t state, decision;       // consignment/file.h, fact.h; as numbers and by name in SQL
    uint8_t channel;               // what was decided first of the latest version; a decision
    bool waits;                    // for an officer
    bool random;
    uint32_t version, items_count, findings_count, score;
    uint8_t digest[16];            // the declaration's, its first half: same message, same answer
    uint64_t reference_key;        // key_of(declarant + functional reference); 0: none
    struct span functional_reference, office, type_code, declarant, importer, exporter;
    struct span commodity, origin; // of the first item
    struct money customs_value, duty_total, worth;
    struct span claimed_by;        // who has it in hand; empty: nobody
    struct span rules;             // officers' rules that hit, by name, a space between two
    uint32_t requests_open;        // to the trader, without an answer
    int64_t released_ms;           // for the first time; 0: never
    bool inspected, found;         // by the last inspection the goods were not what was declared
    const uint64_t *audiences;     // keys of who is told of its last append (consignment/notice.h);
    uint32_t audiences_count;      // never in a row that is read
    struct money recovered;        // by it
};

// What is counted of files: each as its row is now. A file counts for the day (UTC) and office of
// its lodging, and for each officers' rule that hits it.
enum {
    COUNT_LODGED,
    COUNT_REFUSED,                 // what was decided first, as the next four
    COUNT_DOCUMENTS,
    COUNT_RELEASED,
    COUNT_EXAMINED,
    COUNT_HELD,
    COUNT_INSPECTED,
    COUNT_FOUND,
    COUNT_CLEARED,                 // released for the first time: how soon, in CLEARANCE_STEPS
    CLEARANCE_STEPS = 9,
    COUNTS = COUNT_CLEARED + CLEARANCE_STEPS,
};

// A step's end, which belongs to it; the last has none.
extern const int64_t clearance_step_ms[CLEARANCE_STEPS - 1];

struct views_figures {
    struct span name;              // of the office, or of the rule
    int32_t day;                   // since 1970-01-01; 0 of a rule
    int64_t counts[COUNTS];
    int64_t owed, recovered;       // minor units of the currency asked for
};

// What is looked for. What is empty or zero asks for nothing.
struct views_query {
    struct span file;                      // its whole name, as are the next to be whole
    struct span declarant, importer, exporter, functional_reference, origin, office;
    struct span anyone;                    // one of the first four of these
    struct span commodity;                 // of the first item: how the code begins
    uint32_t states;                       // bits: 1 << state
    int64_t lodged_from_ms, lodged_to_ms;  // the end does not belong to it
    bool random_only, waiting_only;
    bool mine_only;                        // nothing but what `mine` declared; of nobody, nothing
    struct span mine;
};

// What is looked for of what waits. What is empty asks for nothing.
struct views_waiting {
    struct span office, type_code;         // whole
    enum { HAND_ANYBODY, HAND_NOBODY, HAND_OF } hand; // in whose hands it is
    struct span who;                       // of HAND_OF
};

enum { VIEWS_CURSOR_SIZE = 64 };

// Some of what was found, and where to go on. There may be more behind a page without rows: a page
// comes in bounded time, however few rows fit.
struct views_page {
    struct view_row *rows;                 // in the arena
    uint32_t count;
    bool more;                             // perhaps
    char next[VIEWS_CURSOR_SIZE];          // the cursor of the next page; empty: this is the last
};

struct views;

// `path` of the SQLite file, made when missing; thread started. A damaged or another version's file
// is dropped and made anew: views_position is then 0.
MUST_CHECK bool views_open(struct views **views, const char *path, struct error *err);
void views_close(struct views *views); // writes the tail first

// The journal position up to which everything is in the views (tail included).
uint64_t views_position(struct views *views);

// Takes rows (copied) of a batch that ends at journal position `end`. A row replaces an earlier one
// of the same file. False when something broke, now or earlier; `end` is then not reached. A batch
// without rows asks for that.
MUST_CHECK bool views_tell(struct views *views, const struct view_row *rows, uint32_t count,
                           uint64_t end, struct error *err);

// Waits until all that was told is in the file. False when it will not be.
MUST_CHECK bool views_flush(struct views *views, struct error *err);

// The row of a file, tail first. Spans in the arena. `found` false: never lodged.
MUST_CHECK bool views_find(struct views *views, struct span file, struct arena *arena,
                           struct view_row *row, bool *found, struct error *err);

// The file that took that reference key last (a declarant's own reference), for finding duplicates;
// also when it has another one by now.
MUST_CHECK bool views_find_reference(struct views *views, uint64_t reference_key,
                                     struct arena *arena, struct span *file, bool *found,
                                     struct error *err);

// What waits for an officer and fits, most worth first, then oldest first, at most `limit`;
// `waiting` is how many wait, also those that do not fit. The cursor is as in views_search; what
// changes its place while somebody turns the pages may come twice, or not at all.
MUST_CHECK bool views_queue(struct views *views, const struct views_waiting *asked,
                            struct span cursor, uint32_t limit, struct arena *arena,
                            struct views_page *page, uint64_t *waiting, struct error *err);

// The offices and types of declaration that were ever seen, in the order of their first, at most
// VIEWS_NAMES_MAX of each.
struct views_seen { struct span *offices, *types; uint32_t offices_count, types_count; };
MUST_CHECK bool views_seen(struct views *views, struct arena *arena, struct views_seen *seen,
                           struct error *err);

// Files that fit, the newest first (as they were first acknowledged), `limit` 1 .. VIEWS_PAGE_MAX.
// `cursor` is empty, or what the page before said; it stays right while rows are added, and no file
// comes twice. ERROR_SYNTAX when it is none. A cursor from before the views were made anew may
// skip some. The office's own files are never found.
MUST_CHECK bool views_search(struct views *views, const struct views_query *query,
                             struct span cursor, uint32_t limit, struct arena *arena,
                             struct views_page *page, struct error *err);

// How many files are in each state; counts[FILE_STATE_COUNT].
MUST_CHECK bool views_count(struct views *views, uint64_t *counts, uint32_t states,
                            struct error *err);

// What is counted of each day from .. to (both belong to it) and office, in that order; `currency`
// is an ISO 4217 code, and what is owed in others is not in the sums. A day and office without
// files is left out. Offices beyond the first VIEWS_NAMES_MAX, and those with a name that is longer
// than VIEWS_NAME_SIZE_MAX, are counted as one without a name.
enum { VIEWS_NAME_SIZE_MAX = 35 };
MUST_CHECK bool views_days(struct views *views, int32_t from, int32_t to, struct span currency,
                           struct arena *arena, struct views_figures **figures, uint32_t *count,
                           struct error *err);

// What is counted of each officers' rule that ever hit a file, by name. "check" counts what the
// rules of the trade left in doubt.
MUST_CHECK bool views_rules(struct views *views, struct span currency, struct arena *arena,
                            struct views_figures **figures, uint32_t *count, struct error *err);

// Of whom that key is: positions of appends that he is told of, below `before`, the newest first,
// at most `limit` or 1,000.
MUST_CHECK bool views_notices(struct views *views, uint64_t audience, uint64_t before,
                              uint32_t limit, struct arena *arena, uint64_t **positions,
                              uint32_t *count, struct error *err);

// Drops everything; the next rows told start at position 0.
MUST_CHECK bool views_drop(struct views *views, struct error *err);

#endif
