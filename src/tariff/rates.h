// rates: dated exchange rates, and the one place where a price changes its currency.
//
// The text is CSV with the columns date_from, currency, rate: so many units of the books' currency
// for one unit of that currency, from that day on. In force is the newest row that does not begin
// later than the day. There are no cross rates: everything is counted in the books' currency.
//
// A look-up takes some tens of nanoseconds; rates never change after they were read.
#ifndef TW_TARIFF_RATES_H
#define TW_TARIFF_RATES_H

#include "base/money.h"
#include "base/time.h"
#include "tariff/version.h"

struct rate {
    char currency[4];
    struct date from;
    struct decimal value;
};

struct rates {
    struct rate *at;       // by currency, then date
    uint32_t count;
    struct version version;
};

// At most RATES_MAX rows; a rate is above zero; one rate for a currency and a day. The text need
// not be kept.
MUST_CHECK bool rates_read(struct span text, struct arena *arena, struct rates *rates,
                           struct error *err);

// The rate in force on the day, or NULL.
const struct rate *rates_find(const struct rates *rates, struct span currency, struct date day);

struct conversion {
    struct money amount;      // in the currency asked for
    const struct rate *rate;  // NULL when the currency was that already
};

// value (in `currency`) x rate, rounded half up once, to the minor unit of `into`, which is the
// books' currency. ERROR_NOT_FOUND when there is no rate for that day, ERROR_SYNTAX for a code that
// is no currency, ERROR_TOO_LARGE beyond 63 bits.
MUST_CHECK bool rates_convert_half_up(const struct rates *rates, struct decimal value,
                                      struct span currency, struct date day, struct span into,
                                      struct conversion *conversion, struct error *err);

#endif
