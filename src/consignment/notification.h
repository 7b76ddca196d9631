// notification: what customs says that it charges on a declaration: each item's duties and taxes.
//
// It is the answer to a declaration, in the WCO Data Model's names (message RES, class Response):
// of each duty or tax the base, the rate, what is assessed and what is to be paid. Amounts are as
// they were written. Nothing here says whether they are right: clearance/duty/verify.h does.
//
// Spans point into the message or the arena that it was read with. What is absent is empty, or not
// given.
//
// Source: WCO Data Model 3.6, classes Response, Declaration, GovernmentAgencyGoodsItem, Commodity,
// DutyTaxFee and Payment.
#ifndef TW_CONSIGNMENT_NOTIFICATION_H
#define TW_CONSIGNMENT_NOTIFICATION_H

#include "consignment/model.h"

// One duty or tax of an item; or a line that only records an amount (a security, a relief).
struct stated_charge {
    struct span type_code;         // A00 customs duty, B00 VAT ...
    struct span regime_code;       // the preference that was applied: 100, 300 ...
    struct amount base;            // what the rate is on, where it is on a value
    struct quantity specific_base; // where it is on a quantity
    struct decimal rate;           // per cent
    struct amount deducted;        // taken off by a relief
    struct amount assessed;        // what it comes to
    struct amount payable;         // what of it is to be paid now
};

struct stated_item {
    struct number sequence;        // of the declaration's item
    LIST_OF(stated_charge) charges;
};

struct notification {
    struct span function_code;     // 13: duties and taxes
    struct span status_code;
    struct moment issued_at;
    struct span functional_reference_id; // of the declaration: the declarant's own (LRN)
    struct span id;                // of the declaration: given by customs (MRN)
    struct number version;         // of the declaration: 1, and one more by each amendment
    LIST_OF(stated_item) items;
};

// The same as a table (model.h), by which messages are read.
extern const struct shape notification_shape;

#endif
