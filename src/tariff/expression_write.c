// Formulas as canonical text, and lines and questions in words for people.
#include <assert.h>

#include "tariff/expression_inside.h"

static const char *const parameters[PARAMETERS] = {
    [PARAMETER_NONE] = "",       [PARAMETER_EA] = "EA",       [PARAMETER_EAR] = "EAR",
    [PARAMETER_ADSZ] = "ADSZ",   [PARAMETER_ADSZR] = "ADSZR", [PARAMETER_ADFM] = "ADFM",
    [PARAMETER_ADFMR] = "ADFMR", [PARAMETER_EP] = "EP",
};

struct span parameter_name(uint8_t parameter)
{
    assert(parameter < PARAMETERS);
    return span_of(parameters[parameter]);
}

static void add(struct text *text, const char *words)
{
    text_add(text, span_of(words));
}

static const char *subject_sign(uint8_t subject)
{
    const struct subject *row = subject_row(subject);
    assert(row != NULL);
    return row->sign;
}

static void write_unit(struct text *text, uint32_t per, uint8_t unit, uint8_t subject)
{
    const struct unit *row = unit_row(unit);
    assert(row != NULL);
    if (per != 1) text_add_u64(text, per);
    if (per != 1) text_add_char(text, ' ');
    add(text, row->sign == NULL ? row->code : row->sign);
    if (subject == SUBJECT_NONE) return;
    text_add_char(text, ' ');
    add(text, subject_sign(subject));
}

static void write_strength(struct text *text, const struct expression_strength *strength)
{
    if (strength->unit == UNIT_NONE) return;
    add(text, " for each ");
    write_unit(text, 1, strength->unit, strength->subject);
    if (strength->bound == BOUND_NONE) return;
    add(text, strength->bound == BOUND_OVER ? " over " : " under ");
    number_write(text, strength->at);
}

static void write_parts(struct text *text, const uint8_t *parts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        add(text, i == 0 ? " on the " : " and ");
        add(text, subject_sign(parts[i]));
    }
}

static void write_term(struct text *text, const struct formula_term *term)
{
    switch (term->term) {
    case TERM_FREE:
        add(text, "Free");
        break;
    case TERM_LINE:
        add(text, "LINE");
        break;
    case TERM_PARAMETER:
        text_add(text, parameter_name(term->parameter));
        break;
    case TERM_PERCENT:
        number_write(text, term->rate);
        add(text, " %");
        write_parts(text, term->parts, term->parts_count);
        break;
    case TERM_SPECIFIC:
        number_write(text, term->rate);
        text_add_char(text, ' ');
        text_add(text, (struct span){ term->currency, 3 });
        text_add_char(text, '/');
        write_unit(text, term->per, term->unit, term->subject);
        write_strength(text, &term->strength);
        break;
    }
}

static void write_day(struct text *text, unsigned month, unsigned day)
{
    static const char *const months[] = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC" };
    text_add_u64(text, day);
    text_add_char(text, ' ');
    add(text, months[month - 1]);
}

static void write_periods(struct text *text, const struct formula_alternative *alternative)
{
    for (unsigned i = 0; i < alternative->periods_count; i++) {
        const struct formula_period *period = &alternative->periods[i];
        add(text, i == 0 ? " (" : ", ");
        write_day(text, period->month, period->day);
        text_add_char(text, '-');
        write_day(text, period->last_month, period->last_day);
    }
    if (alternative->periods_count > 0) text_add_char(text, ')');
}

void expression_write(struct text *text, struct span bytes)
{
    struct formula formula;
    bool good = formula_decode(bytes, &formula);
    assert(good);
    if (!good) return;
    for (unsigned i = 0; i < formula.alternatives_count; i++) {
        const struct formula_alternative *alternative = &formula.alternatives[i];
        if (i > 0) add(text, ", ");
        for (unsigned j = 0; j < alternative->sums_count; j++) {
            const struct formula_sum *sum = &alternative->sums[j];
            if (j > 0) add(text, sum->clamp == CLAMP_MIN ? " MIN " : " MAX ");
            for (unsigned k = 0; k < sum->count; k++) {
                const struct formula_term *term = &formula.terms[sum->first + k];
                if (k > 0) add(text, term->taken_off ? " - " : " + ");
                write_term(text, term);
            }
        }
        write_periods(text, alternative);
    }
}

// --- Words for people ---

static void write_quantity(struct text *text, struct decimal amount, uint8_t unit)
{
    const struct unit *row = unit_row(unit);
    assert(row != NULL);
    decimal_write(text, amount);
    text_add_char(text, ' ');
    add(text, row->sign == NULL || row->dimension == DIMENSION_COUNT ? row->many : row->sign);
}

static void write_specific(struct text *text, const struct expression_line *line)
{
    number_write(text, line->rate);
    text_add_char(text, ' ');
    text_add(text, span_of(line->currency));
    add(text, " per ");
    write_unit(text, line->per, line->unit, line->subject);
    write_strength(text, &line->strength);
    add(text, " of ");
    write_quantity(text, line->quantity, line->quantity_unit);
    if (!line->strength_quantity.given) return;
    add(text, " at ");
    write_quantity(text, line->strength_quantity, line->strength.unit);
}

void expression_line_write(struct text *text, const struct expression_line *line)
{
    switch (line->term) {
    case TERM_FREE:
        add(text, "free");
        break;
    case TERM_LINE:
        add(text, "the duty of the other line");
        break;
    case TERM_PARAMETER:
        text_add(text, line->parameter);
        if (line->unit == UNIT_NONE) break;
        add(text, ", ");
        write_specific(text, line);
        break;
    case TERM_PERCENT:
        number_write(text, line->rate);
        add(text, " % of ");
        money_write(text, line->base);
        write_parts(text, line->parts, line->parts_count);
        break;
    case TERM_SPECIFIC:
        write_specific(text, line);
        break;
    }
    if (line->exchange == NULL) return;
    add(text, ", at ");
    decimal_write(text, line->exchange->value);
    text_add_char(text, ' ');
    add(text, line->amount.currency);
    add(text, " for 1 ");
    text_add(text, span_of(line->currency));
}

void expression_missing_write(struct text *text, const struct expression_missing *missing)
{
    const struct unit *unit = unit_row(missing->unit);
    const struct subject *subject = subject_row(missing->subject);
    switch (missing->kind) {
    case MISSING_VALUE:
        add(text, "the customs value");
        break;
    case MISSING_LINE:
        add(text, "the duty of the line that this one goes by");
        break;
    case MISSING_PARAMETER:
        add(text, "the amount of ");
        text_add(text, missing->parameter);
        break;
    case MISSING_RATE:
        add(text, "an exchange rate for ");
        add(text, missing->currency);
        break;
    case MISSING_PART:
        assert(subject != NULL);
        add(text, "the value of ");
        add(text, subject == NULL ? "" : subject->words);
        break;
    case MISSING_QUANTITY:
        assert(unit != NULL);
        add(text, unit == NULL ? "" : unit->many);
        if (subject == NULL) break;
        add(text, " of ");
        add(text, subject->words);
        break;
    }
}
