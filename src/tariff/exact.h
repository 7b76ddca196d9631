// exact: fractions of 128 bits, for amounts that are rounded once at the end.
//
// digits / (10^scale x divisor). Nothing is rounded before exact_round_half_up. What does not fit
// even after common factors are taken out makes `full` stick, and everything that is worked out
// with it: who uses the outcome asks once.
#ifndef TW_TARIFF_EXACT_H
#define TW_TARIFF_EXACT_H

#include "base/span.h"

__extension__ typedef __int128 exact_digits;

struct exact {
    exact_digits digits;
    uint64_t divisor; // above zero
    unsigned scale;
    bool full;
};

enum { EXACT_POWER_MAX = 18 };

uint64_t exact_power(unsigned power);          // 10^power, up to EXACT_POWER_MAX
uint64_t exact_common(uint64_t a, uint64_t b); // the greatest common divisor

static inline struct exact exact_of(int64_t digits, unsigned scale)
{
    return (struct exact){ digits, 1, scale, false };
}

struct exact exact_times(struct exact value, int64_t factor);
struct exact exact_over(struct exact value, uint64_t divisor); // not by zero
struct exact exact_shift(struct exact value, int power);       // x 10^power
struct exact exact_product(struct exact a, struct exact b);
struct exact exact_sum(struct exact a, struct exact b);
static inline struct exact exact_negative(struct exact value)
{
    return exact_times(value, -1);
}
static inline int exact_sign(struct exact value)
{
    return (value.digits > 0) - (value.digits < 0);
}

// To a whole number, halves away from zero; false when full or beyond 63 bits.
MUST_CHECK bool exact_round_half_up(struct exact value, int64_t *whole);

#endif
