// One term: a percentage, an amount, a parameter, another line's duty, nothing.
#include <assert.h>

#include "tariff/expression_reader.h"

void reader_skip_blanks(struct reader *reader)
{
    while (reader->at < reader->plain.len && reader->plain.at[reader->at] == ' ') reader->at++;
}

bool reader_take(struct reader *reader, enum phrase_kind kind, const struct phrase **phrase)
{
    size_t before = reader->at, length;
    reader_skip_blanks(reader);
    *phrase = phrase_find(reader_rest(reader), kind, &length);
    if (*phrase != NULL) reader->at += length;
    else reader->at = before;
    return *phrase != NULL;
}

bool reader_take_char(struct reader *reader, char c)
{
    size_t before = reader->at;
    reader_skip_blanks(reader);
    if (reader->at < reader->plain.len && reader->plain.at[reader->at] == c) {
        reader->at++;
        return true;
    }
    reader->at = before;
    return false;
}

bool reader_stop(struct reader *reader, enum expression_obstacle obstacle)
{
    if (reader->obstacle == OBSTACLE_NONE) reader->obstacle = obstacle;
    return false;
}

bool reader_take_number(struct reader *reader, enum plain_fraction fraction,
                        struct expression_number *number)
{
    size_t before = reader->at, length;
    reader_skip_blanks(reader);
    if (plain_number(reader_rest(reader), reader->dialect->decimal_comma, fraction, number,
                     &length)) {
        if (length > 0) reader->at += length;
        else reader->at = before;
        return length > 0;
    }
    if (!reader->too_long) reader->too_long_at = reader->at;
    reader->too_long = true;
    return false;
}

// --- Currencies ---

static bool take_code(struct reader *reader, char code[4])
{
    size_t before = reader->at;
    reader_skip_blanks(reader);
    if (plain_currency(reader_rest(reader), code)) {
        reader->at += 3;
        return true;
    }
    reader->at = before;
    return false;
}

static bool take_currency(struct reader *reader, char code[4])
{
    const struct phrase *phrase;
    if (take_code(reader, code)) return true;
    if (!reader_take(reader, PHRASE_CURRENCY, &phrase)) return false;
    bool fixed = phrase->code[0] != '\0';
    memcpy(code, fixed ? phrase->code : reader->dialect->currency, 4);
    if (!fixed && !family_has(phrase->id, code)) reader_stop(reader, OBSTACLE_CURRENCY);
    return true;
}

// "¢" behind a number: so many hundredths of the dialect's currency.
static bool take_cents(struct reader *reader, struct formula_term *term)
{
    const struct phrase *phrase;
    unsigned exponent;
    if (!reader_take(reader, PHRASE_CENTS, &phrase)) return false;
    struct span currency = span_of(reader->dialect->currency);
    if (!family_has(phrase->id, reader->dialect->currency) ||
        !currency_exponent(currency, &exponent) || exponent != 2) {
        reader_stop(reader, OBSTACLE_CURRENCY);
        return true;
    }
    memcpy(term->currency, reader->dialect->currency, 4);
    if (!number_reduce((uint64_t)term->rate.digits, term->rate.scale + 2u, term->rate.divisor,
                       &term->rate))
        reader_stop(reader, OBSTACLE_SIZE);
    return true;
}

// --- Percentages ---

static bool take_part(struct reader *reader, struct formula_term *term)
{
    size_t before = reader->at;
    reader_skip_blanks(reader);
    struct span rest = reader_rest(reader);
    if (span_starts_with(rest, SPAN("the"))) { // and perhaps no blank: thebattery
        reader->at += 3;
        reader_skip_blanks(reader);
        rest = reader_rest(reader);
    }
    size_t length;
    const struct phrase *phrase = phrase_find(rest, PHRASE_PART, &length);
    uint8_t subject = phrase_subject_sign(rest, &length);
    if (subject == SUBJECT_NONE && phrase != NULL) subject = phrase->subject;
    if (subject == SUBJECT_NONE) {
        reader->at = before;
        return false;
    }
    reader->at += length;
    if (term->parts_count == EXPRESSION_PARTS_MAX) return reader_stop(reader, OBSTACLE_SIZE);
    term->parts[term->parts_count++] = subject;
    return true;
}

// "on the case and strap": whose values the percentage is of.
static bool take_parts(struct reader *reader, struct formula_term *term)
{
    const struct phrase *phrase;
    if (!reader_take(reader, PHRASE_OF, &phrase)) return true;
    if (!take_part(reader, term)) return reader_stop(reader, OBSTACLE_BASE);
    for (;;) {
        size_t before = reader->at;
        if (reader_take(reader, PHRASE_PLUS, &phrase) && take_part(reader, term)) continue;
        reader->at = before;
        break;
    }
    while (reader_take(reader, PHRASE_NOISE, &phrase)) continue;
    return reader->obstacle == OBSTACLE_NONE;
}

static bool take_percent(struct reader *reader, struct formula_term *term)
{
    const struct phrase *phrase;
    term->term = TERM_PERCENT;
    while (reader_take(reader, PHRASE_VALUE, &phrase)) continue;
    return take_parts(reader, term);
}

// --- Terms ---

static bool take_amount(struct reader *reader, struct formula_term *term)
{
    const struct phrase *phrase;
    bool first = take_currency(reader, term->currency);
    if (!reader_take_number(reader, first ? FRACTION_NOT : FRACTION_OF_RATE, &term->rate))
        return false;
    term->term = TERM_SPECIFIC;
    if (first) return reader_take_units(reader, term);
    if (reader_take(reader, PHRASE_PERCENT, &phrase)) return take_percent(reader, term);
    if (take_cents(reader, term) || take_currency(reader, term->currency))
        return reader->obstacle == OBSTACLE_NONE && reader_take_units(reader, term);
    if (!reader->dialect->bare_percent && term->rate.digits != 0)
        return reader_stop(reader, OBSTACLE_CURRENCY);
    term->term = TERM_PERCENT;
    return true;
}

// "EA (1)": the schedule says elsewhere how the component is found.
static void skip_footnote(struct reader *reader)
{
    size_t before = reader->at;
    struct expression_number number;
    if (reader_take_char(reader, '(') && reader_take_number(reader, FRACTION_NOT, &number) &&
        reader_take_char(reader, ')'))
        return;
    reader->at = before;
}

bool reader_take_term(struct reader *reader, struct formula_term *term)
{
    const struct phrase *phrase;
    *term = (struct formula_term){ .term = TERM_FREE,
                                   .per = 1,
                                   .rate = { .divisor = 1 },
                                   .strength = { .at = { .divisor = 1 } } };
    while (reader_take(reader, PHRASE_NOISE, &phrase)) continue;
    if (reader_take(reader, PHRASE_FREE, &phrase)) return true;
    if (reader_take(reader, PHRASE_LINE, &phrase)) {
        term->term = TERM_LINE;
        return true;
    }
    if (reader_take(reader, PHRASE_PARAMETER, &phrase)) {
        term->term = TERM_PARAMETER;
        term->parameter = phrase->id;
        skip_footnote(reader);
        return true;
    }
    return take_amount(reader, term) && reader->obstacle == OBSTACLE_NONE;
}
