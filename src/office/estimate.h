// estimate: what a declaration would be told, and cost, if it were lodged now. Nothing is kept.
//
// The clearance's own steps are run (clearance_estimate), so an estimate is what lodging would work
// out with the same books in the same second; what is risky and what would be decided is not said.
// Pure but for the clock: any thread, any number at once.
#ifndef TW_OFFICE_ESTIMATE_H
#define TW_OFFICE_ESTIMATE_H

#include "office/office.h"

struct estimate {
    struct span checked;                 // bodies of the facts, canonical JSON (fact_body.h)
    struct span valued, assessed;        // empty: it breaks a rule, and was not worked out
    struct money customs_value, owed;    // without a currency while unknown
};

// What is not written yet, also the name of the consignment, is at most a finding. An amendment is
// taken for one of a declaration that is the same. Everything is in the arena.
MUST_CHECK bool office_estimate(struct office *office, const struct declaration *declaration,
                                struct arena *arena, struct estimate *estimate,
                                struct error *err);

#endif
