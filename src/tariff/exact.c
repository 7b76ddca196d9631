#include "tariff/exact.h"

#include <assert.h>

__extension__ typedef unsigned __int128 uint128;

static const uint64_t powers[EXACT_POWER_MAX + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

uint64_t exact_power(unsigned power)
{
    assert(power <= EXACT_POWER_MAX);
    return powers[power];
}

uint64_t exact_common(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t left = a % b;
        a = b;
        b = left;
    }
    return a;
}

static uint128 size_of(exact_digits digits)
{
    return digits < 0 ? 0 - (uint128)digits : (uint128)digits;
}

// Takes common factors out; slow, and only called when there is no room.
static struct exact reduced(struct exact value)
{
    uint64_t shared =
        exact_common(value.divisor, (uint64_t)(size_of(value.digits) % value.divisor));
    value.digits /= (exact_digits)shared;
    value.divisor /= shared;
    for (; value.scale > 0 && value.digits % 10 == 0; value.scale--) value.digits /= 10;
    return value;
}

struct exact exact_times(struct exact value, int64_t factor)
{
    exact_digits product;
    if (__builtin_mul_overflow(value.digits, (exact_digits)factor, &product)) {
        uint64_t size = factor < 0 ? 0 - (uint64_t)factor : (uint64_t)factor;
        value = reduced(value);
        uint64_t shared = exact_common(value.divisor, size);
        size /= shared;
        value.divisor /= shared;
        for (; value.scale > 0 && size != 0 && size % 10 == 0; value.scale--) size /= 10;
        exact_digits left = factor < 0 ? -(exact_digits)size : (exact_digits)size;
        value.full |= __builtin_mul_overflow(value.digits, left, &product);
    }
    value.digits = product;
    return value;
}

struct exact exact_over(struct exact value, uint64_t divisor)
{
    assert(divisor > 0);
    uint64_t product;
    if (__builtin_mul_overflow(value.divisor, divisor, &product)) {
        value = reduced(value);
        value.full |= __builtin_mul_overflow(value.divisor, divisor, &product);
    }
    value.divisor = product == 0 ? 1 : product;
    return value;
}

struct exact exact_product(struct exact a, struct exact b)
{
    struct exact product = { .scale = a.scale + b.scale };
    bool digits_full = __builtin_mul_overflow(a.digits, b.digits, &product.digits);
    bool divisor_full = __builtin_mul_overflow(a.divisor, b.divisor, &product.divisor);
    product.full = a.full || b.full || digits_full || divisor_full;
    if (product.divisor == 0) product.divisor = 1;
    return product;
}

struct exact exact_shift(struct exact value, int power)
{
    if (power <= 0) {
        value.scale += (unsigned)-power;
        return value;
    }
    unsigned rest = (unsigned)power, held = rest < value.scale ? rest : value.scale;
    value.scale -= held;
    for (rest -= held; rest > EXACT_POWER_MAX; rest -= EXACT_POWER_MAX)
        value = exact_times(value, (int64_t)powers[EXACT_POWER_MAX]);
    return rest == 0 ? value : exact_times(value, (int64_t)powers[rest]);
}

// digits x 10^power x factor.
static exact_digits raised(struct exact *value, unsigned power, uint64_t factor)
{
    exact_digits digits = value->digits;
    if (digits == 0 || (power == 0 && factor == 1)) return digits;
    for (; power > EXACT_POWER_MAX; power -= EXACT_POWER_MAX)
        value->full |=
            __builtin_mul_overflow(digits, (exact_digits)powers[EXACT_POWER_MAX], &digits);
    value->full |= __builtin_mul_overflow(digits, (exact_digits)powers[power], &digits);
    value->full |= __builtin_mul_overflow(digits, (exact_digits)factor, &digits);
    return digits;
}

static struct exact sum_of(struct exact a, struct exact b)
{
    unsigned scale = a.scale > b.scale ? a.scale : b.scale;
    uint64_t shared = exact_common(a.divisor, b.divisor);
    struct exact sum = { .scale = scale };
    bool full = __builtin_mul_overflow(a.divisor / shared, b.divisor, &sum.divisor);
    exact_digits first = raised(&a, scale - a.scale, b.divisor / shared);
    exact_digits second = raised(&b, scale - b.scale, a.divisor / shared);
    full |= __builtin_add_overflow(first, second, &sum.digits);
    sum.full = full || a.full || b.full;
    if (sum.divisor == 0) sum.divisor = 1;
    return sum;
}

struct exact exact_sum(struct exact a, struct exact b)
{
    struct exact sum = sum_of(a, b);
    if (!sum.full || a.full || b.full) return sum;
    return sum_of(reduced(a), reduced(b));
}

// The divisor as one number; false when it does not fit.
static bool whole_divisor(const struct exact *value, uint128 *divisor)
{
    *divisor = value->divisor;
    unsigned scale = value->scale;
    for (; scale > EXACT_POWER_MAX; scale -= EXACT_POWER_MAX)
        if (__builtin_mul_overflow(*divisor, (uint128)powers[EXACT_POWER_MAX], divisor))
            return false;
    return !__builtin_mul_overflow(*divisor, (uint128)powers[scale], divisor);
}

bool exact_round_half_up(struct exact value, int64_t *whole)
{
    if (value.full) return false;
    uint128 divisor;
    if (!whole_divisor(&value, &divisor)) {
        value = reduced(value);
        if (!whole_divisor(&value, &divisor)) return false;
    }
    uint128 size = size_of(value.digits), quotient, left;
    if (size <= UINT64_MAX && divisor <= UINT64_MAX) { // nearly always, and much faster
        quotient = (uint64_t)size / (uint64_t)divisor;
        left = (uint64_t)size % (uint64_t)divisor;
    } else {
        quotient = size / divisor;
        left = size % divisor;
    }
    if (left >= divisor - left) quotient++;
    if (quotient > INT64_MAX) return false;
    *whole = value.digits < 0 ? -(int64_t)quotient : (int64_t)quotient;
    return true;
}
