#include "tariff/books_read.h"

#include <assert.h>

#include "tariff/sheet.h"

enum column { NAME, VALUE, COLUMNS };
static const char *const columns[COLUMNS] = { "name", "value" };

// --- The settings, a row each ---

static bool set_country(const struct sheet *sheet, struct books *books, struct error *err)
{
    struct span value = sheet_field(sheet, VALUE);
    bool fits = value.len == 2;
    for (size_t i = 0; i < value.len; i++) fits = fits && value.at[i] >= 'A' && value.at[i] <= 'Z';
    if (!fits) {
        sheet_error(sheet, VALUE, err, "'" SPAN_FMT "' is not a country", SPAN_ARG(value));
        return error_hint(err, "Use two capital letters of ISO 3166-1.");
    }
    memcpy(books->country, value.at, 2);
    return true;
}

static bool set_currency(const struct sheet *sheet, struct books *books, struct error *err)
{
    struct span value = sheet_field(sheet, VALUE);
    unsigned exponent;
    if (!currency_exponent(value, &exponent)) {
        sheet_error(sheet, VALUE, err, "unrecognised currency '" SPAN_FMT "'", SPAN_ARG(value));
        return error_hint(err, "Use a code of ISO 4217 in capital letters, like EUR.");
    }
    memcpy(books->currency, value.at, 3);
    return true;
}

static bool set_random(const struct sheet *sheet, struct books *books, struct error *err)
{
    uint64_t value;
    if (!span_to_u64(sheet_field(sheet, VALUE), &value) || value > 1000000) {
        sheet_error(sheet, VALUE, err, "the random share is a whole number up to 1000000");
        return error_hint(err, "Write 5000 for five of a thousand declarations.");
    }
    books->random_per_million = (uint32_t)value;
    return true;
}

static bool set_floor(const struct sheet *sheet, struct books *books, struct error *err)
{
    uint64_t value;
    if (!span_to_u64(sheet_field(sheet, VALUE), &value) || value > INT32_MAX) {
        sheet_error(sheet, VALUE, err, "the floor is a whole number of minor units (cents)");
        return error_hint(err, "Write 10000 for a hundred euros.");
    }
    books->worth_floor_minor = (int64_t)value;
    return true;
}

static bool set_examine(const struct sheet *sheet, struct books *books, struct error *err)
{
    uint64_t value;
    if (!span_to_u64(sheet_field(sheet, VALUE), &value) || value < 1 || value > 1000) {
        sheet_error(sheet, VALUE, err, "the score to examine at is a whole number, 1 to 1000");
        return error_hint(err, "Write 300 to have an officer look from that risk score on.");
    }
    books->examine_score = (uint32_t)value;
    return true;
}

// One of two words; `is_second` is set when it is the second.
static bool set_word(const struct sheet *sheet, const char *first, const char *second,
                     bool *is_second, struct error *err)
{
    struct span value = sheet_field(sheet, VALUE);
    *is_second = span_equal(value, span_of(second));
    if (*is_second || span_equal(value, span_of(first))) return true;
    sheet_error(sheet, VALUE, err, "'" SPAN_FMT "' is neither '%s' nor '%s'", SPAN_ARG(value),
                first, second);
    return error_hint(err, "Write one of the two; without the row it is '%s'.", first);
}

static bool set_rounding(const struct sheet *sheet, struct books *books, struct error *err)
{
    return set_word(sheet, "half-up", "down", &books->duty_rounded_down, err);
}

static bool set_charges(const struct sheet *sheet, struct books *books, struct error *err)
{
    return set_word(sheet, "by-terms", "as-declared", &books->charges_as_declared, err);
}

static const struct setting {
    const char *name;
    bool needed;
    bool (*set)(const struct sheet *sheet, struct books *books, struct error *err);
} settings[] = {
    { "country", true, set_country },
    { "currency", true, set_currency },
    { "random_per_million", true, set_random },
    { "worth_floor_minor", true, set_floor },
    { "examine_score", true, set_examine },
    { "duty_rounding", false, set_rounding },
    { "charges", false, set_charges },
};
enum { SETTINGS_COUNT = sizeof(settings) / sizeof(settings[0]) };

static bool read_setting(const struct sheet *sheet, bool *seen, struct books *books,
                         struct error *err)
{
    struct span name = sheet_field(sheet, NAME);
    uint32_t i = 0;
    while (i < SETTINGS_COUNT && !span_equal(name, span_of(settings[i].name))) i++;
    if (i == SETTINGS_COUNT) {
        sheet_error(sheet, NAME, err, "unrecognised setting '" SPAN_FMT "'", SPAN_ARG(name));
        return error_hint(err, "Settings are country, currency, random_per_million, "
                               "worth_floor_minor, examine_score, duty_rounding, charges.");
    }
    if (seen[i]) {
        sheet_error(sheet, NAME, err, "'" SPAN_FMT "' is set twice", SPAN_ARG(name));
        return error_hint(err, "Keep one of the two rows.");
    }
    seen[i] = true;
    return settings[i].set(sheet, books, err);
}

static bool read_settings(struct span text, struct arena *arena, struct books *books,
                          struct error *err)
{
    struct sheet sheet;
    bool found, seen[SETTINGS_COUNT] = { false };
    if (!sheet_open(&sheet, "settings.csv", text, columns, COLUMNS, arena, err)) return false;
    for (;;) {
        if (!sheet_next(&sheet, &found, err)) return false;
        if (!found) break;
        if (!read_setting(&sheet, seen, books, err)) return false;
    }
    for (uint32_t i = 0; i < SETTINGS_COUNT; i++) {
        if (seen[i] || !settings[i].needed) continue;
        error_set(err, ERROR_SYNTAX, "settings.csv: '%s' is not set", settings[i].name);
        return error_hint(err, "Add a row with its name and value.");
    }
    return true;
}

bool books_read(const struct books_texts *texts, struct arena *arena, struct books *books,
                struct error *err)
{
    *books = (struct books){ 0 };
    void *rates, *schedule;
    if (!arena_need(arena, 1, sizeof(struct rates), &rates, "the books", err) ||
        !arena_need(arena, 1, sizeof(struct schedule), &schedule, "the books", err) ||
        !read_settings(texts->settings, arena, books, err) ||
        !rates_read(texts->rates, arena, rates, err) ||
        !schedule_read(texts->schedule, texts->groups, arena, schedule, err))
        return false;
    books->rates = rates;
    books->schedule = schedule;
    assert(books->currency[0] != '\0' && books->country[0] != '\0');
    return true;
}
