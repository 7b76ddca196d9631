// intake: one message in, facts out: the part of the office's work that many threads do at once.
//
// Nothing here writes anywhere: a worker reads the message, finds the file that it speaks of, adds
// the first fact, runs the clearance, and makes everything ready that the committer will need: the
// facts' commitments and leaves, the packed payload, the row for the views.
//
// A worker looks at the file as it is now; if another message changes it before the commit, the
// committer sees that from `work.expected` and has the message done again.
#ifndef TW_OFFICE_INTAKE_H
#define TW_OFFICE_INTAKE_H

#include "office/batch.h"

// One worker's tools.
struct intake {
    const struct office_surroundings *surroundings;
    struct store *store;
    pthread_rwlock_t *store_lock; // held for reading while a file is read; the committer holds it
                                  // for writing while it opens the store again
    struct views *views;
    const struct books *books;    // with the officers' rules in force (rule_sets.h): set before
                                  // messages are given
    struct store_packer *packer;
    struct arena scratch;               // for one message, then reset
    bool simulated;                     // the store is
    bool timings;
    uint64_t took_ns[STAGE_COUNT];
    uint64_t steps_ns[8];               // of the clearance's steps, in order of the list
};

MUST_CHECK bool intake_open(struct intake *intake,
                            const struct office_surroundings *surroundings, struct store *store,
                            pthread_rwlock_t *store_lock, struct views *views, bool timings,
                            struct error *err);
void intake_close(struct intake *intake);

// Fills the answer and the work. What lives on is in `keep`. An answer that needs no commit has
// `work->keep` false.
void intake_message(struct intake *intake, const struct batch *batch, struct message *message,
                    struct work *work, struct arena *keep);

// Reads a whole file back: its facts folded, and the appends that they were kept in. Whatever its
// name, when `name` is empty.
MUST_CHECK bool intake_load(struct store *store, struct span name, uint64_t last_position,
                            struct arena *arena, struct file *file, struct store_append **appends,
                            uint32_t *appends_count, struct error *err);

// Does it say that it is a later version of a declaration?
bool intake_amends(const struct declaration *declaration);

// Copies the texts of a row.
MUST_CHECK bool intake_copy_row(struct view_row *row, struct arena *arena);

// What the views keep of a file; spans point into the file.
void intake_row(const struct file *file, uint64_t position, struct view_row *row);

// And who is told of the facts from `first_seq` on; in `keep`.
MUST_CHECK bool intake_audiences(const struct file *file, uint32_t first_seq,
                                 struct arena scratch, struct arena *keep, struct view_row *row,
                                 struct error *err);

// The same of a file of the office's own, of which they keep only where it is.
void intake_row_of_own(struct span name, uint32_t facts_count, uint64_t position,
                       struct view_row *row);

#endif
