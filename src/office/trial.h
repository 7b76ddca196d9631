// trial: a rule tried on the past: which of the last declarations would it have hit, and what came
// of them?
//
// Each is asked as it was when it was scored: its latest version, the customs values and the duty
// that were worked out for it, the moment. Nothing is kept. Memory is that of one file; the desk
// goes on meanwhile.
#ifndef TW_OFFICE_TRIAL_H
#define TW_OFFICE_TRIAL_H

#include "office/office.h"

struct trial_asked {
    struct span text;                    // one rule (clearance/risk/rulebook.h)
    uint32_t last;                       // 1 .. RISK_TRIED_MAX declarations, the newest first
    bool (*go_on)(void *context);        // asked before each: false ends it early
    void *context;
};

struct trial {
    struct span name;                    // the rule's
    uint32_t tried;                      // those that were scored; refused ones are passed over
    bool ended_early;                    // there are more that it was to be tried on
    uint32_t hits;
    uint32_t stopped;                    // of the hits: not released at once as it was
    uint32_t inspected, found;           // of the hits
    struct money recovered;              // from the hits, in the books' currency
    struct view_row *rows;               // the first RISK_TRIED_ROWS_MAX hits, in the arena
    uint32_t rows_count;
};

// ERROR_SYNTAX with line and column when the rule cannot be read.
MUST_CHECK bool office_try(struct office *office, const struct trial_asked *asked,
                           struct arena *arena, struct trial *trial, struct error *err);

#endif
