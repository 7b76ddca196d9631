// charge: what is added to a price or taken off it on the way to a customs value, by its code.
//
// Source of the codes: EU Delegated Regulation 2015/2446, annex B, data element 4/9 (14 04), which
// other administrations share: A. for additions (WTO Valuation Agreement, article 8; Union Customs
// Code, article 71), B. for deductions (interpretative note to article 1; Union Customs Code,
// article 72). Codes that an administration adds for itself are not among them and are not guessed.
#ifndef TW_CLEARANCE_VALUE_CHARGE_H
#define TW_CLEARANCE_VALUE_CHARGE_H

#include "base/span.h"

enum charge_kind {
    CHARGE_UNKNOWN,
    CHARGE_ADDED,      // to an import's price, whatever the terms
    CHARGE_FREIGHT,    // to the place of entry: added when it is not in the price
    CHARGE_INSURANCE,  // the same
    CHARGE_CARRIAGE,   // both in one amount
    CHARGE_DEDUCTED,
    CHARGE_INLAND,     // carriage behind the place of entry: taken off when it is in the price
};

struct charge_type {
    struct span code;  // empty for amounts that have fields of their own
    enum charge_kind kind;
    struct span words;
};

extern const struct charge_type charge_freight, charge_insurance;

// Of kind CHARGE_UNKNOWN when there is none.
const struct charge_type *charge_find(struct span code);

// Where charges count as they are declared: A. is added, whatever the terms, and B. taken off. The
// data element asks for no others than those that the price does not have in it yet.
const struct charge_type *charge_find_as_declared(struct span code);

#endif
