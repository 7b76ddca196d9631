// Words to a formula.
//
//   expression   alternative {(, | ;) alternative} [.]
//   alternative  sum {(MIN | MAX) sum | or sum, whichever is the higher} [season]
//   season       ( period {, period} ) | from period
//   sum          term {(+ | -) term}
//   period       [from] (day [month] | month day) - (day month | month day)
#include <assert.h>

#include "base/utf8.h"
#include "tariff/expression_reader.h"

static bool take_sum(struct reader *reader, struct formula_alternative *alternative,
                     enum formula_clamp clamp)
{
    const struct phrase *phrase;
    struct formula *formula = &reader->formula;
    if (alternative->sums_count == EXPRESSION_SUMS_MAX) return reader_stop(reader, OBSTACLE_SIZE);
    struct formula_sum *sum = &alternative->sums[alternative->sums_count++];
    *sum = (struct formula_sum){ clamp, formula->terms_count, 0 };
    bool minus = false, more = true;
    while (more) {
        if (formula->terms_count == EXPRESSION_TERMS_MAX) return reader_stop(reader, OBSTACLE_SIZE);
        struct formula_term *term = &formula->terms[formula->terms_count];
        if (!reader_take_term(reader, term)) return reader_stop(reader, OBSTACLE_WORDS);
        term->taken_off = minus;
        formula->terms_count++;
        sum->count++;
        minus = reader_take(reader, PHRASE_MINUS, &phrase);
        more = minus || reader_take(reader, PHRASE_PLUS, &phrase);
    }
    return true;
}

// "10 % or 50 INR/kg, whichever is higher" is at least the second.
static bool take_either(struct reader *reader, struct formula_alternative *alternative)
{
    const struct phrase *phrase;
    if (!take_sum(reader, alternative, CLAMP_MIN)) return false;
    if (reader_take(reader, PHRASE_HIGHER, &phrase)) return true;
    alternative->sums[alternative->sums_count - 1].clamp = CLAMP_MAX;
    return reader_take(reader, PHRASE_LOWER, &phrase) || reader_stop(reader, OBSTACLE_WORDS);
}

// "the higher of 10 % or 50 INR/kg", when the first words are that.
static bool take_higher_of(struct reader *reader, struct formula_alternative *alternative)
{
    const struct phrase *phrase;
    bool higher = reader_take(reader, PHRASE_HIGHER_OF, &phrase);
    bool either = higher || reader_take(reader, PHRASE_LOWER_OF, &phrase);
    if (!take_sum(reader, alternative, CLAMP_NONE)) return false;
    if (!either) return true;
    return (reader_take(reader, PHRASE_OR, &phrase) || reader_stop(reader, OBSTACLE_WORDS)) &&
           take_sum(reader, alternative, higher ? CLAMP_MIN : CLAMP_MAX);
}

static bool take_sums(struct reader *reader, struct formula_alternative *alternative)
{
    const struct phrase *phrase;
    if (!take_higher_of(reader, alternative)) return false;
    for (;;) {
        if (reader_take(reader, PHRASE_MIN, &phrase)) {
            if (!take_sum(reader, alternative, CLAMP_MIN)) return false;
        } else if (reader_take(reader, PHRASE_MAX, &phrase)) {
            if (!take_sum(reader, alternative, CLAMP_MAX)) return false;
        } else if (reader_take(reader, PHRASE_OR, &phrase)) {
            if (!take_either(reader, alternative)) return false;
        } else {
            return true;
        }
    }
}

// --- Seasons ---

static bool take_day(struct reader *reader, uint8_t *day)
{
    struct expression_number number;
    if (!reader_take_number(reader, FRACTION_NOT, &number)) return false;
    if (number.scale != 0 || number.divisor != 1 || number.digits < 1 || number.digits > 31)
        return reader_stop(reader, OBSTACLE_SEASON);
    *day = (uint8_t)number.digits;
    return true;
}

static bool take_month(struct reader *reader, uint8_t *month)
{
    const struct phrase *phrase;
    if (!reader_take(reader, PHRASE_MONTH, &phrase)) return false;
    *month = phrase->id;
    return true;
}

static bool take_until(struct reader *reader)
{
    const struct phrase *phrase;
    return reader_take_char(reader, '-') || reader_take(reader, PHRASE_UNTIL, &phrase);
}

// A schedule's 31 April is the last of April.
static void end_month(struct formula_period *period)
{
    static const uint8_t days[13] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (period->last_day > days[period->last_month]) period->last_day = days[period->last_month];
}

// "1 Jan", "Jan. 1", and the day alone: then the month is that of the other end.
static bool take_end(struct reader *reader, uint8_t *month, uint8_t *day)
{
    *month = 0;
    if (take_month(reader, month)) return take_day(reader, day);
    if (!take_day(reader, day)) return false;
    take_month(reader, month);
    return true;
}

static bool take_period(struct reader *reader, struct formula_alternative *alternative)
{
    const struct phrase *phrase;
    if (alternative->periods_count == EXPRESSION_PERIODS_MAX)
        return reader_stop(reader, OBSTACLE_SIZE);
    struct formula_period *period = &alternative->periods[alternative->periods_count];
    *period = (struct formula_period){ 0 };
    reader_take(reader, PHRASE_FROM, &phrase);
    if (!take_end(reader, &period->month, &period->day) || !take_until(reader)) return false;
    if (!take_end(reader, &period->last_month, &period->last_day) || period->last_month == 0)
        return reader_stop(reader, OBSTACLE_SEASON);
    if (period->month == 0) period->month = period->last_month;
    end_month(period);
    alternative->periods_count++;
    return true;
}

static bool take_periods(struct reader *reader, struct formula_alternative *alternative)
{
    const struct phrase *phrase;
    size_t before = reader->at;
    if (reader_take(reader, PHRASE_FROM, &phrase)) { // a season without brackets
        if (take_period(reader, alternative)) return true;
        reader->at = before;
        return reader->obstacle == OBSTACLE_NONE;
    }
    if (!reader_take_char(reader, '(')) return true;
    if (!take_period(reader, alternative)) {
        reader->at = before; // another bracket: the words go on as they do
        return reader->obstacle == OBSTACLE_NONE;
    }
    while (reader_take_char(reader, ',') || reader_take_char(reader, ';'))
        if (!take_period(reader, alternative)) return reader_stop(reader, OBSTACLE_SEASON);
    return reader_take_char(reader, ')') || reader_stop(reader, OBSTACLE_SEASON);
}

static bool at_end(struct reader *reader)
{
    reader_take_char(reader, '.');
    reader_skip_blanks(reader);
    return reader->at == reader->plain.len;
}

static bool take_expression(struct reader *reader)
{
    struct formula *formula = &reader->formula;
    do {
        if (formula->alternatives_count == EXPRESSION_ALTERNATIVES_MAX)
            return reader_stop(reader, OBSTACLE_SIZE);
        struct formula_alternative *alternative =
            &formula->alternatives[formula->alternatives_count++];
        alternative->periods_count = alternative->sums_count = 0;
        if (!take_sums(reader, alternative) || !take_periods(reader, alternative)) return false;
        if (at_end(reader)) return true;
    } while (reader_take_char(reader, ',') || reader_take_char(reader, ';'));
    return reader_stop(reader, OBSTACLE_WORDS);
}

// --- The whole ---

static bool check_words(struct span words, struct error *err)
{
    size_t bad_at;
    if (words.len > EXPRESSION_TEXT_MAX) {
        error_set(err, ERROR_TOO_LARGE, "a rate has %zu bytes, and at most %d are read", words.len,
                  EXPRESSION_TEXT_MAX);
        return error_hint(err, "Look whether a quote was left open in the schedule.");
    }
    if (utf8_check(words, &bad_at)) return true;
    error_at(err, words, words.at + bad_at, "a rate is not in UTF-8");
    return error_hint(err, "Save the schedule as UTF-8.");
}

static void judge(struct reader *reader)
{
    if (reader->plain.len == 0) {
        reader_stop(reader, OBSTACLE_EMPTY);
    } else if (!take_expression(reader)) {
        struct span plain = { reader->plain.at, reader->plain.len };
        reader->obstacle = obstacle_of(plain, reader->obstacle == OBSTACLE_NONE ? OBSTACLE_WORDS
                                                                                : reader->obstacle);
    } else if (formula_seasons_overlap(&reader->formula)) {
        reader_stop(reader, OBSTACLE_SEASON);
    } else if (!formula_valid(&reader->formula)) {
        reader_stop(reader, OBSTACLE_WORDS);
    }
}

static bool keep(const struct reader *reader, struct arena *arena, struct expression *expression,
                 struct error *err)
{
    uint8_t bytes[EXPRESSION_FORMULA_MAX];
    struct formula manual = { .obstacle = reader->obstacle };
    size_t len = 0;
    if (reader->obstacle == OBSTACLE_NONE) {
        manual.obstacle = OBSTACLE_SIZE;
        len = formula_encode(&reader->formula, bytes);
    }
    expression->kind = len > 0 ? EXPRESSION_FORMULA : EXPRESSION_MANUAL;
    expression->obstacle = len > 0 ? OBSTACLE_NONE : manual.obstacle;
    expression->stopped_at = len > 0 ? 0 : reader->plain.from[reader->at];
    if (len == 0) len = formula_encode(&manual, bytes);
    if (arena_copy(arena, (struct span){ (const char *)bytes, len }, &expression->formula))
        return true;
    return error_set(err, ERROR_TOO_LARGE, "the rates do not fit their memory");
}

bool expression_read(struct span text, const struct expression_dialect *dialect,
                     struct arena *arena, struct expression *expression, struct error *err)
{
    struct span words = span_trim(text);
    if (!check_words(words, err)) return false;
    struct arena scratch = *arena;
    struct reader reader = { .dialect = dialect };
    if (!plain_make(words, false, &scratch, &reader.plain))
        return error_set(err, ERROR_TOO_LARGE, "the rates do not fit their memory");
    judge(&reader);
    if (reader.too_long) {
        error_at(err, words, words.at + reader.plain.from[reader.too_long_at],
                 "a number has at most %d digits, %d of them behind the point", DECIMAL_DIGITS_MAX,
                 DECIMAL_SCALE_MAX);
        return error_hint(err, "Look for a misplaced mark in the rate.");
    }
    *expression = (struct expression){ .words = words };
    return keep(&reader, arena, expression, err);
}
