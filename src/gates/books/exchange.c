// Exchange rates: our own table, and monthly averages by country as units for one US dollar.
//
// A book counts in its own currency: a rate of the second kind is the quotient of two of the same
// day, rounded half up to ten places.
#include <stdlib.h>

#include "base/limits.h"
#include "gates/books/inside.h"

__extension__ typedef __int128 int128;

enum { PLACES = 10 };

// --- Our own -------------------------------------------------------------------------------------

bool books_read_rates(struct books_reading *reading, struct error *err)
{
    enum { FROM, CURRENCY, RATE, COLUMNS };
    static const char *const names[COLUMNS] = { "date_from", "currency", "rate" };
    struct table table;
    if (!table_open(&table, reading, names, COLUMNS, err)) return false;
    while (table_next(&table, reading)) {
        struct error wrong;
        struct date from;
        struct decimal value;
        if (date_read(table_field(&table, FROM), &from, &wrong) &&
            decimal_read(table_field(&table, RATE), &value, &wrong) &&
            book_add_rate(reading->writer, table_field(&table, CURRENCY), from, value,
                          table.csv.line, &wrong))
            reading->report->taken++;
        else note_flaw(reading, table.csv.line, NULL, "%s", wrong.text);
    }
    return true;
}

// --- Monthly -------------------------------------------------------------------------------------

// Currencies of before the euro, and of other names since, are not taken.
static const struct { const char *country, *currency; } currencies[] = {
    { "Australia", "AUD" },   { "Canada", "CAD" },      { "China", "CNY" },
    { "Denmark", "DKK" },     { "Euro", "EUR" },        { "Hong Kong", "HKD" },
    { "India", "INR" },       { "Japan", "JPY" },       { "Malaysia", "MYR" },
    { "Mexico", "MXN" },      { "New Zealand", "NZD" }, { "Norway", "NOK" },
    { "Singapore", "SGD" },   { "South Africa", "ZAR" }, { "South Korea", "KRW" },
    { "Sri Lanka", "LKR" },   { "Sweden", "SEK" },      { "Switzerland", "CHF" },
    { "Taiwan", "TWD" },      { "Thailand", "THB" },    { "United Kingdom", "GBP" },
    { "Brazil", "BRL" },
};

struct month {
    struct date from;
    const char *currency;
    struct decimal value;        // units for one dollar
    unsigned line;
};

static const char *currency_of(struct span country)
{
    for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++)
        if (span_equal(country, span_of(currencies[i].country))) return currencies[i].currency;
    return NULL;
}

// own / other, rounded half up to PLACES.
static bool quotient(struct decimal own, struct decimal other, struct decimal *result)
{
    int128 above = own.digits, below = other.digits;
    int shift = PLACES + other.scale - own.scale;
    for (; shift > 0; shift--)
        if (__builtin_mul_overflow(above, (int128)10, &above)) return false;
    for (; shift < 0; shift++)
        if (__builtin_mul_overflow(below, (int128)10, &below)) return false;
    int128 whole = (2 * above + below) / (2 * below);
    if (whole <= 0 || whole > INT64_C(999999999999999999)) return false;
    *result = decimal_of((int64_t)whole, PLACES);
    return true;
}

static bool read_months(struct books_reading *reading, struct month *months, uint32_t max,
                        uint32_t *count, struct error *err)
{
    enum { FROM, COUNTRY, RATE, COLUMNS };
    static const char *const names[COLUMNS] = { "Date", "Country", "Exchange rate" };
    struct table table;
    if (!table_open(&table, reading, names, COLUMNS, err)) return false;
    while (*count < max && table_next(&table, reading)) {
        struct error wrong;
        struct month month = { .currency = currency_of(table_field(&table, COUNTRY)),
                               .line = table.csv.line };
        if (month.currency == NULL) continue;
        if (date_read(table_field(&table, FROM), &month.from, &wrong) &&
            decimal_read(table_field(&table, RATE), &month.value, &wrong) &&
            month.value.digits > 0)
            months[(*count)++] = month;
        else note_flaw(reading, table.csv.line, NULL, "the row has no day, or no rate above zero");
    }
    return true;
}

static void add_rate(struct books_reading *reading, const char *currency, const struct month *day,
                     struct decimal own, struct decimal other)
{
    struct error err;
    struct decimal value;
    if (span_equal(span_of(currency), reading->currency)) return;
    if (!quotient(own, other, &value))
        note_flaw(reading, day->line, NULL, "the quotient of two rates is too large or too small");
    else if (!book_add_rate(reading->writer, span_of(currency), day->from, value, day->line, &err))
        note_flaw(reading, day->line, NULL, "%s", err.text);
    else reading->report->taken++;
}

static int by_day(const void *a, const void *b)
{
    const struct month *first = a, *second = b;
    if (first->from.days != second->from.days)
        return first->from.days < second->from.days ? -1 : 1;
    return (first->line > second->line) - (first->line < second->line);
}

bool books_read_monthly(struct books_reading *reading, struct error *err)
{
    const struct decimal one = decimal_of(1, 0);
    bool dollars = span_equal(reading->currency, SPAN("USD"));
    uint32_t count = 0, max = RATES_MAX / 2;
    struct month *months = malloc(max * sizeof(*months));
    if (months == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the rates");
    bool read = read_months(reading, months, max, &count, err);
    if (read) qsort(months, count, sizeof(*months), by_day);
    for (uint32_t i = 0, next; read && i < count; i = next) { // the rates of one day
        const struct month *own = NULL;
        for (next = i; next < count && months[next].from.days == months[i].from.days; next++)
            if (span_equal(span_of(months[next].currency), reading->currency)) own = &months[next];
        if (own == NULL && !dollars) continue;
        struct decimal units = own == NULL ? one : own->value;
        for (uint32_t j = i; j < next; j++)
            add_rate(reading, months[j].currency, &months[j], units, months[j].value);
        if (!dollars) add_rate(reading, "USD", own, units, one);
    }
    free(months);
    return read;
}
