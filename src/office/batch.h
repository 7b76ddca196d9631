// batch: what the office keeps of a batch beside its messages, and the line in which batches wait.
//
//   FREE --office_batch--> TAKEN --office_submit--> WAITING --a worker--> WORKING --> WORKED
//     ^                                                                                  |
//     +------ office_release -- ANSWERED <-- done() -- COMMITTING <-- the committer ------+
//
// Batches are numbered as they are submitted; workers take the lowest number that waits, the
// committer takes numbers in order, however the workers finish. There are OFFICE_BATCHES of them
// and no more: whoever finds none free waits, and so the line is bounded.
#ifndef TW_OFFICE_BATCH_H
#define TW_OFFICE_BATCH_H

#include <pthread.h>

#include "office/office.h"

enum {
    OFFICE_BATCHES = 12,
    COMMIT_BYTES_MAX = 32 * 1024 * 1024, // of batches that join one commit: half a segment of the
                                         // journal
};

enum batch_state {
    BATCH_FREE, BATCH_TAKEN, BATCH_WAITING, BATCH_WORKING, BATCH_WORKED, BATCH_COMMITTING,
    BATCH_ANSWERED,
};

// What becomes of one message between the worker and the committer.
struct work {
    bool keep;                  // there is something to keep: `append` and `row` are filled
    uint32_t expected;          // facts that the file had when the worker looked: 0 for a new file
    uint64_t name_key;          // key_of(file name)
    struct sha256 digest;       // of the declaration
    enum fact_kind first_kind;  // DECLARED, AMENDED, WITHDRAWN, DECIDED ...
    struct store_append append; // its facts' JSON is packed; only salts and commitments are kept
    struct sha256 *leaves;      // leaf hash of each fact
    struct view_row row;
};

struct batch_inside {
    enum batch_state state;
    uint64_t number;
    struct arena rows;          // of works and messages: BATCH_COUNT_MAX of each
    struct work *works;         // one for each message
    struct arena arena;         // packed facts, salts, rows, answers
};

// The line.
struct line {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct batch batches[OFFICE_BATCHES];
    uint64_t submitted;         // numbers given so far
    uint64_t taken;             // up to here the committer has taken them
    uint64_t answered;          // how many are done
    bool closing;
};

MUST_CHECK bool line_open(struct line *line, struct error *err);
void line_close(struct line *line);

struct batch *line_take_free(struct line *line);
void line_submit(struct line *line, struct batch *batch);
void line_release(struct line *line, struct batch *batch);

// For workers: the next batch to work on; waits; NULL when closing and nothing is left.
struct batch *line_next_work(struct line *line);
void line_worked(struct line *line, struct batch *batch);

// For the committer: up to `max` worked batches that come next in order and hold at most
// BATCH_COUNT_MAX messages and COMMIT_BYTES_MAX to keep together; waits at most `wait_ms` for the
// first. 0: none came.
uint32_t line_next_worked(struct line *line, struct batch **batches, uint32_t max, int wait_ms,
                          bool *closed);
void line_answered(struct line *line, struct batch *batch);

// Waits until everything that was submitted is answered.
void line_drain(struct line *line);

#endif
