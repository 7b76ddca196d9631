// commit: worked messages in, durable and sealed facts out: the part that one thread does in order.
#ifndef TW_OFFICE_COMMIT_H
#define TW_OFFICE_COMMIT_H

#include "office/intake.h"
#include "office/pen.h"

// The committing thread's tools.
struct committer {
    const struct office_surroundings *surroundings;
    struct store *store;
    struct views *views;
    struct pen *pen;
    struct intake intake;                 // for messages that must be done again
    bool (*reopen)(void *office, struct error *err);   // the store
    bool (*catch_up)(void *office, struct error *err); // the views
    void *office;
    bool unsure;                          // store or views are not known to be where the pen is
    struct commit *commit;                // working memory
    bool timings;
    uint64_t took_ns[STAGE_COUNT];
};

MUST_CHECK bool committer_open(struct committer *committer, struct error *err);
void committer_close(struct committer *committer);

// Commits the messages of `batches` as one: afterwards every message has its answer.
void commit_batches(struct committer *committer, struct batch **batches, uint32_t count);

#endif
