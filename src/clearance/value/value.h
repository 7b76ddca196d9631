// value: what are the goods worth to customs? docs/value-and-duty.md tells it for people.
//
// The value of an imported item is the price paid (WTO Valuation Agreement, article 1) with what
// must be added to it and without what must not be in it (article 8; the codes are in charge.h), at
// the place where the goods enter: freight and insurance up to there count, once (terms.h). Where
// another method than the price is declared (2 to 6), or there was no sale, the declared customs
// value is taken as it is. An exported item is valued at the border where it leaves: its declared
// statistical value, or its price without the declared freight and insurance beyond, where the
// terms have these in the price.
//
// Each amount is converted at the rate in force on the day of acceptance, or else today, and
// rounded half up once. What was declared for the whole consignment is shared out in proportion to
// the items' prices: each share is the difference of two rounded sums, so that the shares add up to
// the whole to the cent. An item without a price takes its share of what the others leave of the
// invoice, by mass.
//
// The lines of an item add up to its value and the values to the total. What cannot be worked out
// is told in `missing` and left out, as far as somebody asks for it (item_needs_value); an item
// without a basis has no value, and there is no total without any.
#ifndef TW_CLEARANCE_VALUE_VALUE_H
#define TW_CLEARANCE_VALUE_VALUE_H

#include "clearance/clearance.h"

// A line beyond this many minor units is a misplaced point, not a price: 10^12 of a currency of
// cents.
#define VALUE_MINOR_MAX INT64_C(100000000000000)

// Adds one VALUED fact; sets item_values and item_inland. False only when the arena is full.
MUST_CHECK bool value_step(struct clearance *clearance, struct error *err);

// The same of a declaration that no file holds: no fact is added. Sets item_values and item_inland;
// the clearance needs its books (currency and rates), the moment and an arena.
MUST_CHECK bool value_items(struct clearance *clearance, const struct declaration *declaration,
                            struct error *err);

#endif
