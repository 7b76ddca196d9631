// decimal: a number exactly as people wrote it: 18 digits, up to 12 of them behind the point.
//
// No floating point: rates, masses and prices are decimals; amounts that are owed are money.
#ifndef TW_BASE_DECIMAL_H
#define TW_BASE_DECIMAL_H

#include "base/text.h"

enum { DECIMAL_DIGITS_MAX = 18, DECIMAL_SCALE_MAX = 12 };

struct decimal {
    int64_t digits; // the number without its point: 12.50 has digits 1250 and scale 2
    uint8_t scale;
    bool given;     // false: nobody said; digits and scale are zero
};

// Reads [-]digits[.digits]; JSON's grammar for numbers, without an exponent. The scale is kept as
// written (12.50 is not 12.5); minus zero is zero. ERROR_SYNTAX at the offending byte of `s`.
MUST_CHECK bool decimal_read(struct span s, struct decimal *value, struct error *err);

struct decimal decimal_of(int64_t digits, uint8_t scale);

// As written: 12.50. Nothing for a value that is not given.
void decimal_write(struct text *text, struct decimal value);

// Below, at or above zero; exact. Both must be given.
int decimal_compare(struct decimal a, struct decimal b);
int decimal_sign(struct decimal value);

// Exact sum; false when it needs more than 18 digits.
MUST_CHECK bool decimal_add(struct decimal a, struct decimal b, struct decimal *sum);

#endif
