// money: an amount that is owed or counted, as an integer of minor units with an ISO 4217 code.
//
// Every function that divides names its rounding. Intermediate products are 128 bits wide; a result
// that does not fit 63 bits is reported, never wrapped. Minor-unit exponents are ISO 4217's, from
// the table in money_currencies.c (made from Debian's iso-codes and the standard's exponent list).
#ifndef TW_BASE_MONEY_H
#define TW_BASE_MONEY_H

#include "base/decimal.h"

struct money {
    int64_t minor;    // cents, fils, yen
    char currency[4]; // ISO 4217, NUL-ended; empty for no money at all
};

// The number of digits behind the point: EUR 2, JPY 0, KWD 3. False for a code that is not current.
MUST_CHECK bool currency_exponent(struct span currency, unsigned *exponent);

// An amount as written, rounded half up (away from zero) to the currency's minor unit.
MUST_CHECK bool money_from_decimal_half_up(struct decimal value, struct span currency,
                                           struct money *money, struct error *err);

// amount x rate, rounded half up (away from zero), in the same currency. The rate is a plain
// factor: a duty of 12.5 % is decimal 0.125.
MUST_CHECK bool money_times_half_up(struct money amount, struct decimal rate, struct money *result,
                                    struct error *err);

// amount x percent / 100, rounded half up (away from zero): 40.02 EUR x 12.50 % = 5.00 EUR.
MUST_CHECK bool money_percent_half_up(struct money amount, struct decimal percent,
                                      struct money *result, struct error *err);

// The same, rounded down (towards zero): what is left of a minor unit is disregarded. 2365.53 GBP x
// 20 % = 473.10 GBP.
MUST_CHECK bool money_percent_down(struct money amount, struct decimal percent,
                                   struct money *result, struct error *err);

// So many units at a price of `rate` units of the currency each, rounded once: 10000 l x 0.5295 GBP
// = 5295.00 GBP.
MUST_CHECK bool money_of_quantity_half_up(struct decimal quantity, struct decimal rate,
                                          struct span currency, struct money *result,
                                          struct error *err);
MUST_CHECK bool money_of_quantity_down(struct decimal quantity, struct decimal rate,
                                       struct span currency, struct money *result,
                                       struct error *err);

// The same value in another currency, rounded half up to its minor unit: amount x rate, where
// `rate` is units of `currency` for one unit of the amount's currency.
MUST_CHECK bool money_convert_half_up(struct money amount, struct decimal rate,
                                      struct span currency, struct money *result,
                                      struct error *err);

// amount x part / whole, rounded half up; parts of a total shared out by weight. whole > 0.
MUST_CHECK bool money_share_half_up(struct money amount, int64_t part, int64_t whole,
                                    struct money *result, struct error *err);

// Same currency (asserted, an empty one counts as any); false on overflow.
MUST_CHECK bool money_add(struct money a, struct money b, struct money *sum, struct error *err);

// "1234.50" (no currency) and "1234.50 EUR".
void money_write_value(struct text *text, struct money amount);
void money_write(struct text *text, struct money amount);

#endif
