// verify: a notification of customs held against the declaration that it answers. Nothing is kept,
// and no store is needed.
//
// The items are valued by the clearance's own step, in the notification's currency, additions and
// deductions as they are declared (tariff/books.h); then each line is worked out again
// (clearance/duty/verify.h).
#ifndef TW_OFFICE_VERIFY_H
#define TW_OFFICE_VERIFY_H

#include "clearance/duty/verify.h"
#include "tariff/books.h"

struct verify_asked {
    const struct notification *notification;
    const struct declaration *declaration; // NULL: there is none
    const struct books *books;             // for exchange rates, where they are in the currency of
                                           // the notification; NULL: only the declaration's own
    bool other_references, changed, round_half_up; // clearance/duty/verify.h
};

// An exchange rate that the declaration states for its invoice's currency goes before those of the
// books: it is what was gone by. Everything is in the arena.
MUST_CHECK bool office_verify(const struct verify_asked *asked, struct arena *arena,
                              struct verified *verified, struct error *err);

#endif
