// verify: what customs says that it charges, worked out again from the declaration.
//
// Each line of a notification is held against what the declaration's own figures and the stated
// rate give: base, amount, and what of it is payable. docs/value-and-duty.md tells the rules for
// people, and which of them have a source and which were only observed.
//
//   customs duties     the customs value
//   excises            a value that the declarant gives for that type; else the value and the
//                      customs duties
//   B05                the Union's duties, and what is secured for them (CSD)
//                      or a stated quantity at a stated price, where the declaration has it
//   B00                the value, the way inside, all duties and excises that are due or secured,
//                      without what B05 is on
//   lines that record  MDC a relieved duty, MOD a payment that the declarant worked out and only
//                      secures, T24 a suspended charge that is secured: what they repeat
//
// Amounts are rounded down (Customs and Excise Management Act 1979, section 137(4): a fraction of a
// penny is disregarded) or half up, as the question says. Later bases count earlier lines as they
// were worked out; where they could not be, or differ, as they are stated: a difference is told
// once.
//
// Pure; money in whole minor units of one currency.
#ifndef TW_CLEARANCE_DUTY_VERIFY_H
#define TW_CLEARANCE_DUTY_VERIFY_H

#include "base/money.h"
#include "consignment/notification.h"

// How far a line could be worked out, the least first.
enum verify_source {
    VERIFY_NOT_COMPUTABLE,      // it has an amount, and nothing to work it out from
    VERIFY_FROM_STATED_BASE,    // only: stated base x stated rate
    VERIFY_FROM_STATED_AMOUNTS, // its base counts amounts of other lines that are only stated
    VERIFY_FROM_DECLARATION,    // the declaration's figures and stated rates
};
enum { VERIFY_SOURCES = VERIFY_FROM_DECLARATION + 1 };
const char *verify_source_name(enum verify_source source); // "from the declaration"

enum verify_result {
    VERIFY_CANNOT_TELL,
    VERIFY_DIFFERS,
    VERIFY_FITS,                // equal, but not by the declaration's figures alone: see the source
    VERIFY_EQUAL,               // base, amount and what is payable, to the minor unit
};
enum { VERIFY_RESULTS = VERIFY_EQUAL + 1 };
const char *verify_result_name(enum verify_result result); // "equal"

// Why a line is what it is; a line may have several.
enum verify_reason {
    VERIFY_NO_DECLARATION,      // none is there
    VERIFY_OTHER_DECLARATION,   // the one there has other references, and gives another base
    VERIFY_CHANGED,             // it was amended since, by what is not here: it gives another base
    VERIFY_NO_ITEM,             // it has no such item
    VERIFY_NO_VALUE,            // its figures give no value of the item
    VERIFY_UNIT_PRICE,          // it is valued by published unit prices, and on another base
    VERIFY_NO_QUANTITY,         // the declaration does not have the quantity that is stated
    VERIFY_NO_RATE,             // an amount is stated without base or rate
    VERIFY_NO_AMOUNT,           // no amount is stated, or none in the notification's currency
    VERIFY_RECORDED,            // the line records an amount that no other line explains
    VERIFY_COUNTS_STATED,       // the base counts amounts that are only stated
    VERIFY_TAKES_STATED,        // a stated deduction was taken off
    VERIFY_OTHER_BASE,          // the stated base is another
    VERIFY_OTHER_AMOUNT,        // the stated amount is another
    VERIFY_RATE_CUT,            // and would be right by a rate that is rounded to the stated one
    VERIFY_OTHER_PAYABLE,       // the amount is ours, what of it is to be paid is not
    // Of lines that may well be equal:
    VERIFY_ROUNDED_DOWN,        // half up it would be one more
    VERIFY_RELIEVED,
    VERIFY_SUSPENDED,           // worked out, and not payable
    VERIFY_POSTPONED,           // the same: accounted for with the importer's return
    VERIFY_DECLARED,            // the declarant worked it out himself
};
enum { VERIFY_REASONS = VERIFY_DECLARED + 1 };
const char *verify_reason_name(enum verify_reason reason);         // "rate-cut"
const char *verify_reason_sentence(enum verify_reason reason);

struct verified_line {
    struct number sequence;     // of the item
    const struct stated_charge *stated;
    struct money base, amount, payable; // ours; without a currency: not worked out
    enum verify_source source;
    enum verify_result result;
    uint32_t reasons;           // a bit for each: 1 << reason
    struct span text;           // the reasons with their figures; may be empty
};

struct verified {
    const struct verified_line *lines; // in the notification's order
    uint32_t count;
};

struct verify_question {
    const struct notification *notification;
    const struct declaration *declaration; // NULL: there is none
    const struct money *values, *inland;   // of each of its items (clearance.h)
    bool other_references;      // the declaration's differ from the notification's
    bool changed;               // it is of an earlier version than the notification
    bool round_half_up;         // otherwise down
};

// Of the first amount in a notification; empty when it states none.
struct span notification_currency(const struct notification *notification);

// Everything is in the arena. False when it is full, or a sum does not fit 63 bits.
MUST_CHECK bool verify_notification(const struct verify_question *question, struct arena *arena,
                                    struct verified *verified, struct error *err);

#endif
