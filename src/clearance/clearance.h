// clearance: what happens to a declaration, as a list of steps.
//
// Clearance is pure: a file, the books and the time in, facts out. It reads no clock, no disk and
// no other file. The same file with the same books and time gives the same facts, to the byte.
#ifndef TW_CLEARANCE_CLEARANCE_H
#define TW_CLEARANCE_CLEARANCE_H

#include "consignment/file.h"
#include "tariff/books.h"

// One run of the list over one file.
struct clearance {
    struct file *file;
    const struct books *books;
    int64_t now_ms;
    struct arena *arena;          // facts' bodies go here and live as long as it
    // What an earlier step worked out for a later one in the same run, one of each item, in the
    // books' currency; or NULL. A value that could not be worked out has no currency.
    struct money *item_values;    // customs value
    struct money *item_inland;    // the way inside, which a tax counts in and the customs value not
    uint64_t *took_ns;            // per step, added up when not NULL (bench)
    uint64_t (*clock_ns)(void);   // asked only when took_ns is given
};

enum step_when {
    STEP_ALWAYS,
    STEP_WHEN_SOUND,              // not when the declaration breaks a rule: it is refused as it is
};

struct step {
    const char *name;             // also the `who` of its facts: "step:check"
    enum step_when when;
    bool estimated;               // says what a declaration costs: an estimate runs it, too
    // Adds at most a few facts by clearance_add. False only when it could not work at all.
    bool (*run)(struct clearance *clearance, struct error *err);
};

extern const struct step clearance_steps[];
extern const uint32_t clearance_steps_count;

// Runs the list: the file is then refused or released, or waits for an officer. It must be LODGED
// or AMENDED.
MUST_CHECK bool clearance_run(struct clearance *clearance, struct error *err);

// Runs what an estimate is made of: is it sound, what is it worth, what is owed on it? Nothing is
// chosen and nothing decided, so the file is good for no more. It must be LODGED or AMENDED.
MUST_CHECK bool clearance_estimate(struct clearance *clearance, struct error *err);

// Goes on with a file for which a document or an answer was SUPPLIED: when nothing that was asked
// for is still open, it is an officer's turn again.
MUST_CHECK bool clearance_supplied(struct clearance *clearance, struct error *err);

// Adds a fact of this step to the file: `body` is canonical JSON.
MUST_CHECK bool clearance_add(struct clearance *clearance, const struct step *step,
                              enum fact_kind kind, struct span body, struct error *err);

#endif
