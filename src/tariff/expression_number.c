// Numbers of schedules: decimals, and fractions that are none.
#include <assert.h>

#include "tariff/exact.h"
#include "tariff/expression_inside.h"

// Each 2 of the divisor is 5/10, each 5 is 2/10.
static bool take_out(uint64_t factor, uint64_t *digits, unsigned *scale, uint64_t *divisor)
{
    for (; *divisor % factor == 0; ++*scale) {
        *divisor /= factor;
        if (__builtin_mul_overflow(*digits, 10 / factor, digits)) return false;
    }
    return true;
}

bool number_reduce(uint64_t digits, unsigned scale, uint64_t divisor,
                   struct expression_number *number)
{
    if (divisor == 0) return false;
    uint64_t shared = exact_common(digits, divisor);
    digits /= shared;
    divisor /= shared;
    for (; divisor % 10 == 0; scale++) divisor /= 10; // before others: the digits stay as they are
    if (!take_out(2, &digits, &scale, &divisor) || !take_out(5, &digits, &scale, &divisor))
        return false;
    if (digits == 0) scale = 0;
    for (; scale > 0 && digits % 10 == 0; scale--) digits /= 10;

    unsigned scale_max = divisor == 1 ? DECIMAL_SCALE_MAX : DIVISOR_SCALE_MAX;
    if (digits >= exact_power(DECIMAL_DIGITS_MAX) || scale > scale_max || divisor > DIVISOR_MAX)
        return false;
    *number = (struct expression_number){ (int64_t)digits, (uint8_t)scale, (uint16_t)divisor };
    return true;
}

bool number_is_reduced(struct expression_number number)
{
    struct expression_number again;
    return number.digits >= 0 &&
           number_reduce((uint64_t)number.digits, number.scale, number.divisor, &again) &&
           again.digits == number.digits && again.scale == number.scale &&
           again.divisor == number.divisor;
}

// 100/3 as 33 1/3, and 25/300 as 1/12.
static void write_fraction(struct text *text, struct expression_number number)
{
    uint64_t digits = (uint64_t)number.digits, divisor = number.divisor * exact_power(number.scale);
    uint64_t whole = digits / divisor, left = digits % divisor,
             shared = exact_common(left, divisor);
    if (whole > 0) text_add_u64(text, whole);
    if (whole > 0) text_add_char(text, ' ');
    text_add_u64(text, left / shared);
    text_add_char(text, '/');
    text_add_u64(text, divisor / shared);
}

void number_write(struct text *text, struct expression_number number)
{
    assert(number_is_reduced(number));
    if (number.divisor == 1) decimal_write(text, decimal_of(number.digits, number.scale));
    else write_fraction(text, number);
}
