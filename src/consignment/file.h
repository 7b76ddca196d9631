// file: a consignment's file: facts in, state out.
//
// The file is its facts in order; its state is a fold over them and is stored nowhere. file_add is
// the only way in and keeps a fact only if it may follow (the table in file.c, drawn above it).
#ifndef TW_CONSIGNMENT_FILE_H
#define TW_CONSIGNMENT_FILE_H

#include "consignment/declaration.h"
#include "consignment/fact.h"

enum file_state {
    FILE_EMPTY,
    FILE_LODGED,             // declared, not yet checked
    FILE_AMENDED,            // declared anew (version 2 and up), not yet checked
    FILE_REFUSED,            // broke a rule; may be lodged again or amended
    FILE_ACCEPTED,           // legally lodged: all rules kept (or, in passing, to be refused)
    FILE_ASSESSED,           // value and duty worked out
    FILE_AWAITING_DOCUMENTS,
    FILE_UNDER_CONTROL,      // an officer examines
    FILE_HELD,
    FILE_RELEASED,
    FILE_CLEARED,            // released, and what was owed is settled
    FILE_WITHDRAWN,
    FILE_STATE_COUNT,
};

struct file {
    struct span name;
    int64_t released_ms;           // for the first time, of whatever version; 0: never
    enum file_state state;
    uint32_t version;              // of the declaration: 1, 2 ...; 0 while empty
    uint32_t facts_count, facts_max;
    struct fact *facts;            // in the arena of the file
    // What the fold remembers of the latest version:
    struct declaration declaration;
    struct sha256 digest;          // of the declaration's canonical JSON
    uint32_t findings_count, errors_count, warnings_count; // notes are findings, too
    struct money customs_value, duty_total; // currency empty while unknown
    uint32_t missing_count;        // of the customs value: what kept it from being worked out
    uint32_t score;                // 0 .. 1000
    struct money worth;            // what a check is expected to bring
    bool random;                   // chosen by lot
    enum decision wants;           // what officers' rules ask for, whatever the score
    struct span rules;             // names of those that hit, the first FILE_RULES_MAX, a space
                                   // between two
    enum decision decision;
    struct span decided_by;
    uint32_t decided_seq;          // the fact that decided; 0: none has
    enum decision channel;         // what was decided first
    bool by_officer;
    uint32_t control_seq;          // the fact that first put this version under control, or held
                                   // it; 0: none has
    struct span claimed_by;        // who has it in hand; empty: nobody
    uint32_t *requests;            // the REQUESTED facts, in order
    uint32_t requests_count;
    uint64_t requests_answered;    // a bit for each of them
    uint32_t inspected_seq;        // the last INSPECTED fact; 0: none
    bool conforms;                 // by it
    struct money recovered;        // by it
};

const char *file_state_name(enum file_state state); // "awaiting-documents"
MUST_CHECK bool file_state_read(struct span name, enum file_state *state);

void file_invariants(const struct file *file);

// An empty file of that name; facts are kept in the arena. Names: 1 .. FILE_NAME_MAX bytes.
MUST_CHECK bool file_open(struct file *file, struct span name, struct arena *arena,
                          struct error *err);

// Folds one more fact in. `fact->seq` must be the next and `fact->file` the file's name.
// ERROR_CONFLICT when it may not follow, ERROR_DAMAGED when the body does not fit its kind: the
// file is as it was. A DECLARED or AMENDED fact whose declaration was just read may hand it in to
// spare reading it again: `declaration` may be NULL.
MUST_CHECK bool file_add(struct file *file, const struct fact *fact,
                         const struct declaration *declaration, struct arena *arena,
                         struct error *err);

// May a fact of that kind (and decision) come next? By the table, and by the law of corrections
// (file.c): who adds what is new asks this first. file_add goes by the table alone, so that what
// was kept before the law was is read for ever.
bool file_may(const struct file *file, enum fact_kind kind, enum decision decision);

// The same of a fact that corrects a declaration, AMENDED or WITHDRAWN; ERROR_CONFLICT says why not
// and what to do.
MUST_CHECK bool file_check_correction(const struct file *file, enum fact_kind kind,
                                      struct error *err);

// How many requests have no answer yet.
uint32_t file_requests_open(const struct file *file);

// Is it an officer's turn?
bool file_waits_for_officer(const struct file *file);

// The name of the file that a declaration opens: its UCR; where the trader gave none, its DUCR
// among the previous documents (type DCR); else "LRN/<declarant or submitter>/<functional
// reference>", where a '/' in the first part is written %2F, so that no two traders share a name.
// Letters are kept as they are. ERROR_SYNTAX when there is none of these, a name is too long, or
// begins like the office's own files (FILE_OF_OFFICE).
MUST_CHECK bool file_name_of(const struct declaration *declaration, struct arena *arena,
                             struct span *name, struct error *err);

#endif
