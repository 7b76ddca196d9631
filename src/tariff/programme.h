// programme: a cell of a rate column that holds several rates: whose each is, and from which day.
//
//   Free (A+,AU,BH) 3.2% (JP)                      US: symbols in brackets behind a rate
//   5% DCS4% CAFree                                Australia: symbols in front of a rate
//   5% From 1 July 2018 2.5% From 1 July 2019 Free stages
//   Free (BH,CL) See 9822.05.20 (P+)               a rate that is manual, and whose
//
// Each rate is an expression of its own; what cannot be told apart is one manual expression of the
// whole cell, so nothing is lost.
#ifndef TW_TARIFF_PROGRAMME_H
#define TW_TARIFF_PROGRAMME_H

#include "tariff/expression.h"

enum { PROGRAMME_RATES_MAX = 32, PROGRAMME_SYMBOLS_MAX = 64 };

struct programme_rate {
    struct expression expression;
    struct span *symbols; // "A+", "AU"; none: everybody's
    uint32_t symbols_count;
    struct date from; // not given: from the schedule's own first day
};

struct programme_rates {
    struct programme_rate *at;
    uint32_t count;
};

// `text` must be kept as long as what is read. Errors as expression_read.
MUST_CHECK bool programme_read(struct span text, const struct expression_dialect *dialect,
                               struct arena *arena, struct programme_rates *rates,
                               struct error *err);

#endif
