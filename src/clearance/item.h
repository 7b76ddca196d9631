// item: what the steps ask about an item of a declaration.
#ifndef TW_CLEARANCE_ITEM_H
#define TW_CLEARANCE_ITEM_H

#include "consignment/codes.h"
#include "consignment/declaration.h"

// The number that people know it by: its own, or its place in the list.
uint32_t item_number(const struct declaration *declaration, const struct item *item);

// What is asked for (40, 71 ...); empty when nothing is said.
struct span item_asked_procedure(const struct item *item);

// By its procedure, else by the declaration's type.
enum direction item_direction(const struct declaration *declaration, const struct item *item);

// Does anybody ask for its value? Not of exports (it is for the statistics), of goods under a
// special procedure, and where the declaration is a notice or a simplified one: that one says it
// later.
bool item_needs_value(const struct declaration *declaration, const struct item *item);

// The digits of the tariff: a subheading of eight (TSP) and the two behind it (TRC) are put
// together.
enum { ITEM_COMMODITY_SIZE = 16 };
struct span item_commodity(const struct item *item, char digits[ITEM_COMMODITY_SIZE]);

// The preference that is claimed (100, 300 ...), and the origin that goes with it: goods may be of
// one country for everybody and of another by an agreement.
struct span item_regime(const struct item *item);
struct span item_origin(const struct item *item, struct span regime);

// The day that rates and laws are asked for: of acceptance, or else today (UTC).
struct date declaration_day(const struct declaration *declaration, int64_t now_ms);

#endif
