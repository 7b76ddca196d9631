#include "base/money.h"

#include <assert.h>

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum { EXPONENT_MAX = 4, CODE_LEN = 3 };

// The largest power that is asked for: a percentage of twelve decimals, from a currency of four.
enum { POWER_MAX = DECIMAL_SCALE_MAX + 2 + EXPONENT_MAX };

static const uint64_t powers[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
    100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000,
};
_Static_assert(sizeof(powers) / sizeof(powers[0]) == POWER_MAX + 1, "each power has its row");

static bool too_large(struct error *err)
{
    error_set(err, ERROR_TOO_LARGE, "the amount does not fit 63 bits of minor units");
    return error_hint(err, "Look for a misplaced point in the amount or the rate.");
}

static bool currency_known(struct span currency, unsigned *exponent, struct error *err)
{
    if (currency_exponent(currency, exponent)) return true;
    if (currency.len == CODE_LEN)
        error_set(err, ERROR_SYNTAX, "unrecognised currency '" SPAN_FMT "'", SPAN_ARG(currency));
    else
        error_set(err, ERROR_SYNTAX, "a currency has three letters, not %zu bytes", currency.len);
    return error_hint(err, "Use a code of ISO 4217 in capital letters, like EUR.");
}

static struct money money_of(int64_t minor, struct span currency)
{
    assert(currency.len == 0 || currency.len == CODE_LEN);
    struct money money = { .minor = minor };
    if (currency.len > 0) memcpy(money.currency, currency.at, currency.len);
    return money;
}

static struct span currency_of(const struct money *money)
{
    assert(money->currency[CODE_LEN] == '\0');
    return span_of(money->currency);
}

// dividend / divisor, halves away from zero; false when it does not fit.
static bool divide_half_up(int128 dividend, uint64_t divisor, int64_t *quotient)
{
    assert(divisor > 0 && divisor <= INT64_MAX);
    bool negative = dividend < 0;
    uint128 size = negative ? 0 - (uint128)dividend : (uint128)dividend;

    uint128 whole;
    uint64_t left;
    if (size <= UINT64_MAX) { // nearly always; a third of the time of the wide division
        whole = (uint64_t)size / divisor;
        left = (uint64_t)size % divisor;
    } else {
        whole = size / divisor;
        left = (uint64_t)(size % divisor);
    }
    if (left >= divisor - left) whole++;
    if (whole > INT64_MAX) return false;
    *quotient = negative ? -(int64_t)whole : (int64_t)whole;
    return true;
}

// product x 10^power, halves away from zero.
static bool scale_half_up(int128 product, int power, int64_t *result)
{
    assert(power >= -POWER_MAX && power <= POWER_MAX);
    if (power <= 0) return divide_half_up(product, powers[-power], result);

    if (product > INT64_MAX || product < -INT64_MAX) return false;
    return divide_half_up(product * powers[power], 1, result);
}

bool money_from_decimal_half_up(struct decimal value, struct span currency, struct money *money,
                                struct error *err)
{
    assert(value.given);
    unsigned exponent;
    int64_t minor;
    if (!currency_known(currency, &exponent, err)) return false;
    if (!scale_half_up(value.digits, (int)exponent - value.scale, &minor)) return too_large(err);
    *money = money_of(minor, currency);
    return true;
}

// amount x rate x 10^power in any currency.
static bool times_half_up(struct money amount, struct decimal rate, int power, struct span currency,
                          struct money *result, struct error *err)
{
    assert(rate.given);
    assert(rate.scale <= DECIMAL_SCALE_MAX);
    int64_t minor;
    int128 product = (int128)amount.minor * rate.digits; // 63 and 60 bits
    if (!scale_half_up(product, power - rate.scale, &minor)) return too_large(err);
    *result = money_of(minor, currency);
    return true;
}

bool money_times_half_up(struct money amount, struct decimal rate, struct money *result,
                         struct error *err)
{
    return times_half_up(amount, rate, 0, currency_of(&amount), result, err);
}

bool money_percent_half_up(struct money amount, struct decimal percent, struct money *result,
                           struct error *err)
{
    return times_half_up(amount, percent, -2, currency_of(&amount), result, err);
}

bool money_percent_down(struct money amount, struct decimal percent, struct money *result,
                        struct error *err)
{
    assert(percent.given);
    int128 product = (int128)amount.minor * percent.digits; // 63 and 60 bits
    int128 whole = product / (int128)powers[percent.scale + 2]; // C divides towards zero
    if (whole > INT64_MAX || whole < -INT64_MAX) return too_large(err);
    *result = money_of((int64_t)whole, currency_of(&amount));
    return true;
}

// quantity x rate in minor units, rounded once.
static bool of_quantity(struct decimal quantity, struct decimal rate, struct span currency,
                        bool half_up, struct money *result, struct error *err)
{
    assert(quantity.given && rate.given);
    unsigned exponent;
    if (!currency_known(currency, &exponent, err)) return false;
    int128 product = (int128)quantity.digits * rate.digits; // 60 bits each
    int power = (int)exponent - quantity.scale - rate.scale; // -24 .. 4
    int128 divisor = 1;
    if (power > 0 && (product > INT64_MAX || product < -INT64_MAX)) return too_large(err);
    for (; power > 0; power--) product *= 10;
    for (; power < 0; power++) divisor *= 10;
    int128 half = half_up ? divisor / 2 : 0;
    int128 whole = (product < 0 ? product - half : product + half) / divisor;
    if (whole > INT64_MAX || whole < -INT64_MAX) return too_large(err);
    *result = money_of((int64_t)whole, currency);
    return true;
}

bool money_of_quantity_half_up(struct decimal quantity, struct decimal rate, struct span currency,
                               struct money *result, struct error *err)
{
    return of_quantity(quantity, rate, currency, true, result, err);
}

bool money_of_quantity_down(struct decimal quantity, struct decimal rate, struct span currency,
                            struct money *result, struct error *err)
{
    return of_quantity(quantity, rate, currency, false, result, err);
}

bool money_convert_half_up(struct money amount, struct decimal rate, struct span currency,
                           struct money *result, struct error *err)
{
    unsigned from, to;
    if (!currency_known(currency_of(&amount), &from, err)) return false;
    if (!currency_known(currency, &to, err)) return false;
    return times_half_up(amount, rate, (int)to - (int)from, currency, result, err);
}

bool money_share_half_up(struct money amount, int64_t part, int64_t whole, struct money *result,
                         struct error *err)
{
    assert(whole > 0);
    int64_t minor;
    if (!divide_half_up((int128)amount.minor * part, (uint64_t)whole, &minor))
        return too_large(err);
    *result = money_of(minor, currency_of(&amount));
    return true;
}

bool money_add(struct money a, struct money b, struct money *sum, struct error *err)
{
    assert(a.currency[0] == '\0' || b.currency[0] == '\0'
           || span_equal(currency_of(&a), currency_of(&b)));
    int64_t minor;
    if (__builtin_add_overflow(a.minor, b.minor, &minor) || minor == INT64_MIN)
        return too_large(err);
    *sum = money_of(minor, currency_of(a.currency[0] == '\0' ? &b : &a));
    return true;
}

void money_write_value(struct text *text, struct money amount)
{
    unsigned exponent = 0;
    bool known = currency_exponent(currency_of(&amount), &exponent);
    assert(known || amount.currency[0] == '\0');
    if (!known || exponent == 0) {
        text_add_i64(text, amount.minor);
        return;
    }
    if (amount.minor < 0) text_add_char(text, '-');
    uint64_t minor = amount.minor < 0 ? 0 - (uint64_t)amount.minor : (uint64_t)amount.minor;
    text_add_u64(text, minor / powers[exponent]);

    char *room = text_room(text, exponent + 1);
    if (room == NULL) return;
    uint64_t behind = minor % powers[exponent];
    for (unsigned i = exponent; i > 0; i--, behind /= 10) room[i] = (char)('0' + behind % 10);
    room[0] = '.';
    text_grew(text, exponent + 1);
}

void money_write(struct text *text, struct money amount)
{
    money_write_value(text, amount);
    if (amount.currency[0] == '\0') return;
    text_add_char(text, ' ');
    text_add(text, currency_of(&amount));
}
