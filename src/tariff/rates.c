#include "tariff/rates.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "tariff/sheet.h"

__extension__ typedef __int128 int128;

enum column { DATE_FROM, CURRENCY, RATE, COLUMNS };
static const char *const columns[COLUMNS] = { "date_from", "currency", "rate" };

static int compare(const void *a, const void *b)
{
    const struct rate *first = a, *second = b;
    int order = memcmp(first->currency, second->currency, sizeof(first->currency));
    if (order != 0) return order;
    return (first->from.days > second->from.days) - (first->from.days < second->from.days);
}

static bool read_row(const struct sheet *sheet, struct rate *rate, struct error *err)
{
    unsigned exponent;
    struct span currency = sheet_field(sheet, CURRENCY);
    *rate = (struct rate){ 0 };
    if (!currency_exponent(currency, &exponent)) {
        sheet_error(sheet, CURRENCY, err, "unrecognised currency '" SPAN_FMT "'",
                    SPAN_ARG(currency));
        return error_hint(err, "Use a code of ISO 4217 in capital letters, like USD.");
    }
    memcpy(rate->currency, currency.at, 3);
    if (!sheet_date(sheet, DATE_FROM, &rate->from, err)) return false;
    if (!rate->from.given) {
        sheet_error(sheet, DATE_FROM, err, "the first day is missing");
        return error_hint(err, "Every rate has a day from which it is in force.");
    }
    if (!sheet_decimal(sheet, RATE, &rate->value, err)) return false;
    if (decimal_sign(rate->value) > 0) return true;
    sheet_error(sheet, RATE, err, "a rate must be above zero");
    return error_hint(err, "Give the units of the books' currency for one unit of this one.");
}

bool rates_read(struct span text, struct arena *arena, struct rates *rates, struct error *err)
{
    size_t rows = sheet_rows_max(text);
    if (rows > RATES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "rates.csv: more than %d rows", RATES_MAX);
    void *memory;
    struct sheet sheet;
    if (!arena_need(arena, rows, sizeof(struct rate), &memory, "the exchange rates", err) ||
        !sheet_open(&sheet, "rates.csv", text, columns, COLUMNS, arena, err))
        return false;
    *rates = (struct rates){ .at = memory, .version = version_of(text) };

    bool found;
    for (;;) {
        if (!sheet_next(&sheet, &found, err)) return false;
        if (!found) break;
        assert(rates->count < rows);
        if (!read_row(&sheet, &rates->at[rates->count++], err)) return false;
    }
    qsort(rates->at, rates->count, sizeof(struct rate), compare);
    for (uint32_t i = 1; i < rates->count; i++) {
        if (compare(&rates->at[i - 1], &rates->at[i]) != 0) continue;
        error_set(err, ERROR_SYNTAX, "rates.csv: two rates for %s from the same day",
                  rates->at[i].currency);
        return error_hint(err, "Keep one of the two rows.");
    }
    return true;
}

const struct rate *rates_find(const struct rates *rates, struct span currency, struct date day)
{
    assert(day.given);
    if (currency.len != 3) return NULL;
    struct rate wanted = { .from = day };
    memcpy(wanted.currency, currency.at, 3);
    uint32_t low = 0, high = rates->count; // the first row behind the wanted one
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare(&rates->at[middle], &wanted) <= 0) low = middle + 1;
        else high = middle;
    }
    if (low == 0) return NULL;
    const struct rate *rate = &rates->at[low - 1];
    return memcmp(rate->currency, wanted.currency, sizeof(rate->currency)) == 0 ? rate : NULL;
}

static bool too_large(struct error *err)
{
    error_set(err, ERROR_TOO_LARGE, "the amount does not fit 63 bits of minor units");
    return error_hint(err, "Look for a misplaced point in the amount or the rate.");
}

// value x rate x 10^exponent, halves away from zero.
static bool times_half_up(struct decimal value, struct decimal rate, unsigned exponent,
                          int64_t *minor)
{
    int128 product = (int128)value.digits * rate.digits; // 60 bits each
    int scale = value.scale + rate.scale - (int)exponent;
    for (; scale < 0; scale++)
        if (__builtin_mul_overflow(product, (int128)10, &product)) return false;
    int128 divisor = 1;
    for (; scale > 0; scale--) divisor *= 10; // at most 24 zeros
    int128 whole = product / divisor, left = product % divisor;
    if (2 * (left < 0 ? -left : left) >= divisor) whole += product < 0 ? -1 : 1;
    if (whole > INT64_MAX || whole < -INT64_MAX) return false;
    *minor = (int64_t)whole;
    return true;
}

bool rates_convert_half_up(const struct rates *rates, struct decimal value, struct span currency,
                           struct date day, struct span into, struct conversion *conversion,
                           struct error *err)
{
    assert(value.given && day.given);
    assert(into.len == 3);
    unsigned exponent, exponent_into;
    if (!currency_exponent(currency, &exponent)) {
        error_set(err, ERROR_SYNTAX, "unrecognised currency '" SPAN_FMT "'", SPAN_ARG(currency));
        return error_hint(err, "Use a code of ISO 4217 in capital letters, like EUR.");
    }
    bool known = currency_exponent(into, &exponent_into);
    assert(known); // the books were read
    if (!known) return error_set(err, ERROR_DAMAGED, "the books have no currency");

    *conversion = (struct conversion){ 0 };
    memcpy(conversion->amount.currency, into.at, 3);
    if (span_equal(currency, into))
        return times_half_up(value, decimal_of(1, 0), exponent_into, &conversion->amount.minor) ||
               too_large(err);
    conversion->rate = rates_find(rates, currency, day);
    if (conversion->rate == NULL) {
        error_set(err, ERROR_NOT_FOUND, "there is no exchange rate for " SPAN_FMT " on that day",
                  SPAN_ARG(currency));
        return error_hint(err, "Give the price in a currency that has a rate, or add the rate.");
    }
    return times_half_up(value, conversion->rate->value, exponent_into,
                         &conversion->amount.minor) ||
           too_large(err);
}
