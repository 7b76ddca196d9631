#include "base/decimal.h"

#include <assert.h>

__extension__ typedef __int128 int128;

static const int64_t powers[DECIMAL_DIGITS_MAX + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
    100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000,
};

static bool is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

// Adds the digits in front to *sum and returns where they end; stops in front of one too many.
static const char *digits_read(const char *at, const char *end, int64_t *sum)
{
    for (; is_digit(at, end) && *sum < powers[DECIMAL_DIGITS_MAX - 1]; at++)
        *sum = *sum * 10 + (*at - '0');
    return at;
}

static bool too_long(struct span s, const char *at, struct error *err)
{
    error_at(err, s, at, "a number has at most %d digits", DECIMAL_DIGITS_MAX);
    return error_hint(err, "Write fewer digits, or use a larger unit.");
}

bool decimal_read(struct span s, struct decimal *value, struct error *err)
{
    const char *at = s.at, *end = s.len == 0 ? s.at : s.at + s.len;
    bool negative = s.len > 0 && *at == '-';
    if (negative) at++;

    if (!is_digit(at, end)) {
        error_at(err, s, at, "a number begins with a digit");
        return error_hint(err, "Numbers are written like 12, -3 or 0.75.");
    }
    if (*at == '0' && is_digit(at + 1, end))
        return error_at(err, s, at, "a number has no zero in front");

    int64_t sum = 0;
    at = digits_read(at, end, &sum);
    if (is_digit(at, end)) return too_long(s, at, err);

    ptrdiff_t scale = 0;
    if (at < end && *at == '.') {
        const char *point = at++;
        if (!is_digit(at, end)) return error_at(err, s, at, "no digit behind the point");
        at = digits_read(at, end, &sum);
        scale = at - point - 1;
        if (scale > DECIMAL_SCALE_MAX)
            return error_at(err, s, point + 1 + DECIMAL_SCALE_MAX,
                            "a number has at most %d digits behind the point", DECIMAL_SCALE_MAX);
        if (is_digit(at, end)) return too_long(s, at, err);
    }
    if (at < end) {
        error_at(err, s, at, "a number holds only digits and one point");
        return error_hint(err, "Numbers are written like 12, -3 or 0.75: with a point, and without"
                               " thousands marks, exponent or unit.");
    }
    *value = decimal_of(negative ? -sum : sum, (uint8_t)scale);
    return true;
}

struct decimal decimal_of(int64_t digits, uint8_t scale)
{
    assert(digits < powers[DECIMAL_DIGITS_MAX] && digits > -powers[DECIMAL_DIGITS_MAX]);
    assert(scale <= DECIMAL_SCALE_MAX);
    return (struct decimal){ digits, scale, true };
}

void decimal_write(struct text *text, struct decimal value)
{
    if (!value.given) return;
    assert(value.scale <= DECIMAL_SCALE_MAX);
    if (value.scale == 0) {
        text_add_i64(text, value.digits);
        return;
    }
    if (value.digits < 0) text_add_char(text, '-');
    uint64_t digits = value.digits < 0 ? 0 - (uint64_t)value.digits : (uint64_t)value.digits;
    uint64_t unit = (uint64_t)powers[value.scale];
    text_add_u64(text, digits / unit);

    size_t size = (size_t)value.scale + 1;
    char *room = text_room(text, size);
    if (room == NULL) return;
    uint64_t behind = digits % unit;
    for (size_t i = value.scale; i > 0; i--, behind /= 10)
        room[i] = (char)('0' + behind % 10);
    room[0] = '.';
    text_grew(text, size);
}

// The digits at a larger scale; 18 digits and 12 zeros are far from 128 bits.
static int128 digits_at(struct decimal value, uint8_t scale)
{
    assert(value.scale <= scale);
    assert(scale <= DECIMAL_SCALE_MAX);
    return (int128)value.digits * powers[scale - value.scale];
}

int decimal_compare(struct decimal a, struct decimal b)
{
    assert(a.given && b.given);
    uint8_t scale = a.scale > b.scale ? a.scale : b.scale;
    int128 first = digits_at(a, scale), second = digits_at(b, scale);
    return (first > second) - (first < second);
}

int decimal_sign(struct decimal value)
{
    assert(value.given);
    return (value.digits > 0) - (value.digits < 0);
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *sum)
{
    assert(a.given && b.given);
    uint8_t scale = a.scale > b.scale ? a.scale : b.scale;
    int128 digits = digits_at(a, scale) + digits_at(b, scale);

    int128 limit = powers[DECIMAL_DIGITS_MAX];
    for (; (digits >= limit || digits <= -limit) && scale > 0 && digits % 10 == 0; scale--)
        digits /= 10;
    if (digits >= limit || digits <= -limit) return false;
    *sum = decimal_of((int64_t)digits, scale);
    return true;
}
