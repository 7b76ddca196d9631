// duty: what is owed on each item: its value by the rates of the schedule. docs/value-and-duty.md
// tells it for people.
//
// All that is asked of a tariff is schedule_find: which lines apply to this code, origin,
// preference and day. They are worked out in its order, each on its base: the customs value; that
// and the customs duties; or that and all other charges and the way inside (value added tax). Each
// line is rounded to the minor unit, half up or down as the books say, and later bases count the
// rounded amounts.
//
// Where the procedure suspends a duty (warehouses, inward processing, temporary admission ...) its
// lines are worked out all the same, since a guarantee goes by them, and are not in the total.
// Nothing is owed on what leaves. An item without a value has no lines: value has told what is
// missing.
#ifndef TW_CLEARANCE_DUTY_DUTY_H
#define TW_CLEARANCE_DUTY_DUTY_H

#include "clearance/clearance.h"

// Adds one ASSESSED fact. False when the arena is full or an amount beyond 63 bits.
MUST_CHECK bool duty_step(struct clearance *clearance, struct error *err);

#endif
