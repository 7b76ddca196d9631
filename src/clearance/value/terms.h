// terms: what a price has in it already, by the terms of delivery.
//
// EXW, FCA, FAS, FOB leave out the carriage to the place of entry; CFR and CPT pay the carriage and
// not the insurance; CIF, CIP and all terms of arrival (DAP, DPU, DDP and their predecessors) pay
// both. Source: Incoterms 2020, articles A4/B4 to A9/B9 of each rule, in the way customs reads
// them.
#ifndef TW_CLEARANCE_VALUE_TERMS_H
#define TW_CLEARANCE_VALUE_TERMS_H

#include "base/span.h"

struct terms {
    struct span code;
    bool freight, insurance;  // are in the price
    bool inland;              // so may be the way inside, behind the place of entry
};

// Terms that are none of these ("XXX", or nothing said) have no freight and no insurance in the
// price, and an empty code.
struct terms terms_read(struct span code);

#endif
