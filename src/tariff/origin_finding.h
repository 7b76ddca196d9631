// origin_finding: one condition held against a bill of materials. For origin_weigh only.
#ifndef TW_TARIFF_ORIGIN_FINDING_H
#define TW_TARIFF_ORIGIN_FINDING_H

#include "tariff/origin_count.h"

struct origin_finding origin_find(const struct weighing *w,
                                  const struct origin_condition *condition);

// part / whole in per cent, two decimals, rounded down. Not given when it does not fit.
struct decimal origin_percent_down(int64_t part, int64_t whole);

#endif
