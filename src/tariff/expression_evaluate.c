// A formula worked out: every term exactly, then the clamps, then one rounding.
//
//   season -> terms and their lines -> sums -> clamps -> total
//
// Amounts are in minor units of the result's currency from the first step on.
#include <assert.h>

#include "tariff/exact.h"
#include "tariff/expression_inside.h"

struct work {
    const struct expression_question *question;
    struct expression_result *result;
    const struct formula *formula;
    unsigned exponent; // of the result's currency
    bool below_zero;   // a quantity or value is
    bool foreign;      // a value is in another currency than the result
    bool full;         // a figure does not fit
};

static void miss(struct work *work, struct expression_missing missing)
{
    struct expression_result *result = work->result;
    for (unsigned i = 0; i < result->missing_count; i++) {
        const struct expression_missing *told = &result->missing[i];
        if (told->kind == missing.kind && told->unit == missing.unit &&
            told->subject == missing.subject && span_equal(told->parameter, missing.parameter) &&
            memcmp(told->currency, missing.currency, sizeof(told->currency)) == 0)
            return;
    }
    if (result->missing_count < EXPRESSION_MISSING_MAX)
        result->missing[result->missing_count++] = missing;
}

static void miss_quantity(struct work *work, uint8_t unit, uint8_t subject)
{
    miss(work,
         (struct expression_missing){ .kind = MISSING_QUANTITY, .unit = unit, .subject = subject });
}

// --- Figures ---

static struct exact times_number(struct exact value, struct expression_number number)
{
    value = exact_times(value, number.digits);
    value.scale += number.scale;
    return number.divisor == 1 ? value : exact_over(value, number.divisor);
}

static struct exact exact_number(struct expression_number number)
{
    return times_number(exact_of(1, 0), number);
}

// The first that was told in any unit of the dimension. A strength is itself only.
static const struct expression_quantity *find_quantity(struct work *work, uint8_t unit,
                                                       uint8_t subject)
{
    const struct expression_question *question = work->question;
    uint8_t dimension = unit_row(unit)->dimension;
    for (uint32_t i = 0; i < question->quantities_count; i++) {
        const struct expression_quantity *told = &question->quantities[i];
        const struct unit *row = unit_row(told->unit);
        if (row == NULL || row->dimension != dimension || !told->amount.given) continue;
        if (dimension == DIMENSION_STRENGTH && told->unit != unit) continue;
        if (told->subject != subject && !(subject_is_net(told->subject) && subject_is_net(subject)))
            continue;
        if (told->amount.digits < 0) work->below_zero = true;
        return told;
    }
    return NULL;
}

// What was told, as so many of another unit of its dimension.
static struct exact quantity_in(const struct expression_quantity *told, uint8_t unit)
{
    struct exact value = exact_of(told->amount.digits, told->amount.scale);
    if (told->unit == unit) return value;
    const struct unit *from = unit_row(told->unit), *to = unit_row(unit);
    value = exact_times(exact_shift(value, from->exponent - to->exponent), from->digits);
    return to->digits == 1 ? value : exact_over(value, (uint64_t)to->digits);
}

// How far the strength is over or under the bound; not below zero.
static struct exact bounded(struct exact value, const struct expression_strength *strength)
{
    if (strength->bound == BOUND_NONE) return value;
    struct exact at = exact_number(strength->at);
    value = strength->bound == BOUND_OVER ? exact_sum(value, exact_negative(at))
                                          : exact_sum(at, exact_negative(value));
    return exact_sign(value) < 0 ? exact_of(0, 0) : value;
}

// A hectolitre at one per cent is a litre of pure alcohol.
static bool is_alcohol(const struct expression_line *line)
{
    return unit_row(line->unit)->dimension == DIMENSION_VOLUME && line->subject == SUBJECT_NONE &&
           line->strength.unit == UNIT_ASV && line->strength.subject == SUBJECT_NONE &&
           line->strength.bound == BOUND_NONE;
}

static struct exact one_of(uint8_t unit, uint8_t in)
{
    const struct expression_quantity one = { .unit = unit, .amount = decimal_of(1, 0) };
    return quantity_in(&one, in);
}

static bool by_pure_alcohol(struct work *work, struct expression_line *line, struct exact *value)
{
    const struct expression_quantity *alcohol = find_quantity(work, UNIT_LPA, SUBJECT_NONE);
    if (alcohol == NULL) return false;
    *value = exact_product(quantity_in(alcohol, UNIT_LPA), one_of(UNIT_HLT, line->unit));
    line->quantity = alcohol->amount;
    line->quantity_unit = alcohol->unit;
    return true;
}

static bool by_strength(struct work *work, struct expression_line *line, struct exact *value)
{
    const struct expression_quantity *quantity = find_quantity(work, line->unit, line->subject);
    const struct expression_quantity *strength =
        find_quantity(work, line->strength.unit, line->strength.subject);
    if (quantity != NULL && strength != NULL) {
        *value =
            exact_product(quantity_in(quantity, line->unit),
                          bounded(quantity_in(strength, line->strength.unit), &line->strength));
        line->quantity = quantity->amount;
        line->quantity_unit = quantity->unit;
        line->strength_quantity = strength->amount;
        return true;
    }
    if (is_alcohol(line) && by_pure_alcohol(work, line, value)) return true;
    if (is_alcohol(line) && quantity == NULL && strength == NULL) {
        miss_quantity(work, UNIT_LPA, SUBJECT_NONE);
        return false;
    }
    if (quantity == NULL) miss_quantity(work, line->unit, line->subject);
    if (strength == NULL) miss_quantity(work, line->strength.unit, line->strength.subject);
    return false;
}

// Litres of pure alcohol from a volume and its strength.
static bool by_volume(struct work *work, struct expression_line *line, struct exact *value)
{
    if (unit_row(line->unit)->dimension != DIMENSION_ALCOHOL || line->subject != SUBJECT_NONE)
        return false;
    const struct expression_quantity *volume = find_quantity(work, UNIT_LTR, SUBJECT_NONE);
    const struct expression_quantity *strength = find_quantity(work, UNIT_ASV, SUBJECT_NONE);
    if (volume == NULL || strength == NULL) return false;
    *value = exact_product(quantity_in(volume, UNIT_HLT), quantity_in(strength, UNIT_ASV));
    *value = exact_product(*value, one_of(UNIT_LPA, line->unit));
    line->quantity = volume->amount;
    line->quantity_unit = volume->unit;
    line->strength.unit = UNIT_ASV;
    line->strength_quantity = strength->amount;
    return true;
}

// How many of the line's unit, times its strength. False when something is missing.
static bool measured(struct work *work, struct expression_line *line, struct exact *value)
{
    if (line->strength.unit != UNIT_NONE) return by_strength(work, line, value);
    const struct expression_quantity *told = find_quantity(work, line->unit, line->subject);
    if (told != NULL) {
        *value = quantity_in(told, line->unit);
        line->quantity = told->amount;
        line->quantity_unit = told->unit;
        return true;
    }
    if (by_volume(work, line, value)) return true;
    miss_quantity(work, line->unit, line->subject);
    return false;
}

// From the line's currency to minor units of the result's.
static struct exact in_minor_units(struct work *work, struct expression_line *line,
                                   struct exact value)
{
    const struct expression_question *question = work->question;
    if (memcmp(line->currency, question->value.currency, 3) != 0) {
        if (question->rates != NULL)
            line->exchange =
                rates_find(question->rates, (struct span){ line->currency, 3 }, question->day);
        if (line->exchange == NULL) {
            struct expression_missing missing = { .kind = MISSING_RATE };
            memcpy(missing.currency, line->currency, sizeof(missing.currency));
            miss(work, missing);
            return value;
        }
        value = exact_times(value, line->exchange->value.digits);
        value.scale += line->exchange->value.scale;
    }
    return exact_shift(value, (int)work->exponent);
}

// --- Terms ---

static struct exact specific(struct work *work, struct expression_line *line)
{
    struct exact value = exact_of(0, 0);
    if (measured(work, line, &value)) {
        value = times_number(value, line->rate);
        if (line->per != 1) value = exact_over(value, line->per);
    }
    return in_minor_units(work, line, value);
}

static bool is_in_currency(const struct expression_question *question, const struct money *money)
{
    return memcmp(money->currency, question->value.currency, sizeof(money->currency)) == 0;
}

static bool find_part(struct work *work, uint8_t subject, int64_t *minor)
{
    const struct expression_question *question = work->question;
    for (uint32_t i = 0; i < question->parts_count; i++) {
        if (question->parts[i].subject != subject) continue;
        *minor = question->parts[i].value.minor;
        work->foreign |= !is_in_currency(question, &question->parts[i].value);
        if (*minor < 0) work->below_zero = true;
        return true;
    }
    miss(work, (struct expression_missing){ .kind = MISSING_PART, .subject = subject });
    return false;
}

// What a percentage is of.
static struct exact base_of(struct work *work, struct expression_line *line)
{
    const struct expression_question *question = work->question;
    int64_t minor = 0, part = 0;
    bool full = false;
    if (line->parts_count == 0) {
        if (question->value_given) minor = question->value.minor;
        else miss(work, (struct expression_missing){ .kind = MISSING_VALUE });
        if (minor < 0) work->below_zero = true;
    }
    for (unsigned i = 0; i < line->parts_count; i++) {
        if (!find_part(work, line->parts[i], &part)) continue;
        full |= __builtin_add_overflow(minor, part, &minor);
    }
    line->base = question->value;
    line->base.minor = minor;
    struct exact base = exact_of(minor, 0);
    base.full = full;
    return base;
}

static struct exact percent(struct work *work, struct expression_line *line)
{
    struct exact value = times_number(base_of(work, line), line->rate);
    value.scale += 2;
    return value;
}

static const struct expression_parameter *find_parameter(struct work *work, struct span name)
{
    const struct expression_question *question = work->question;
    for (uint32_t i = 0; i < question->parameters_count; i++)
        if (span_equal(question->parameters[i].name, name) && question->parameters[i].amount.given)
            return &question->parameters[i];
    miss(work, (struct expression_missing){ .kind = MISSING_PARAMETER, .parameter = name });
    return NULL;
}

static struct exact parameter(struct work *work, struct expression_line *line)
{
    const struct expression_parameter *told = find_parameter(work, line->parameter);
    if (told == NULL) return exact_of(0, 0);
    memcpy(line->currency, told->currency, sizeof(line->currency));
    if (told->amount.digits < 0) work->below_zero = true;
    struct exact value = exact_of(1, 0);
    if (unit_row(told->unit) != NULL) {
        line->unit = told->unit;
        line->subject = told->subject;
        line->per = told->per == 0 ? 1 : told->per;
        if (!measured(work, line, &value)) value = exact_of(0, 0);
        value = exact_over(value, line->per);
    }
    if (told->amount.digits >= 0 &&
        number_reduce((uint64_t)told->amount.digits, told->amount.scale, 1, &line->rate))
        value = times_number(value, line->rate);
    return in_minor_units(work, line, value);
}

static struct exact other_line(struct work *work)
{
    const struct expression_question *question = work->question;
    if (!question->line_duty_given) {
        miss(work, (struct expression_missing){ .kind = MISSING_LINE });
        return exact_of(0, 0);
    }
    work->foreign |= !is_in_currency(question, &question->line_duty);
    if (question->line_duty.minor < 0) work->below_zero = true;
    return exact_of(question->line_duty.minor, 0);
}

static struct exact term_amount(struct work *work, const struct formula_term *term, uint8_t sum)
{
    struct expression_line *line = &work->result->lines[work->result->lines_count++];
    *line =
        (struct expression_line){ .term = term->term, .sum = sum, .taken_off = term->taken_off };
    switch (term->term) {
    case TERM_FREE:
        break;
    case TERM_LINE:
        return other_line(work);
    case TERM_PERCENT:
        line->rate = term->rate;
        line->parts_count = term->parts_count;
        memcpy(line->parts, term->parts, term->parts_count);
        return percent(work, line);
    case TERM_PARAMETER:
        line->parameter = parameter_name(term->parameter);
        return parameter(work, line);
    case TERM_SPECIFIC:
        line->rate = term->rate;
        memcpy(line->currency, term->currency, sizeof(line->currency));
        line->per = term->per;
        line->unit = term->unit;
        line->subject = term->subject;
        line->strength = term->strength;
        return specific(work, line);
    }
    return exact_of(0, 0);
}

// --- Seasons, sums and clamps ---

// Month and day of a date in the Gregorian calendar. Years are counted from March on, so that the
// leap day is a year's last one; 719468 days lie between 0000-03-01 and 1970-01-01.
static void month_and_day(struct date date, unsigned *month, unsigned *day)
{
    unsigned days = (unsigned)(date.days + 719468) % 146097; // of 400 years
    unsigned year = (days - days / 1460 + days / 36524 - days / 146096) / 365;
    unsigned of_year = days - (365 * year + year / 4 - year / 100);
    unsigned from_march = (5 * of_year + 2) / 153;
    *day = of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
}

static bool in_season(const struct formula_alternative *alternative, struct date date)
{
    if (alternative->periods_count == 0) return true;
    unsigned month, day;
    month_and_day(date, &month, &day);
    for (unsigned i = 0; i < alternative->periods_count; i++)
        if (formula_period_holds(&alternative->periods[i], month, day)) return true;
    return false;
}

static const struct formula_alternative *find_alternative(struct work *work)
{
    for (uint8_t i = 0; i < work->formula->alternatives_count; i++) {
        work->result->alternative = i;
        if (in_season(&work->formula->alternatives[i], work->question->day))
            return &work->formula->alternatives[i];
    }
    return NULL;
}

static bool too_large(struct error *err)
{
    error_set(err, ERROR_TOO_LARGE, "the duty does not fit the figures that amounts are kept in");
    return error_hint(err, "Look for a misplaced point in the quantities, the value or the rate.");
}

// Adds a sum up; each line's amount is what it moves the rounded sum by.
static struct exact add_up(struct work *work, const struct formula_sum *sum, uint8_t index)
{
    int64_t before = 0, whole = 0;
    struct exact total = exact_of(0, 0);
    for (unsigned i = 0; i < sum->count; i++) {
        const struct formula_term *term = &work->formula->terms[sum->first + i];
        struct expression_line *line = &work->result->lines[work->result->lines_count];
        struct exact amount = term_amount(work, term, index);
        if (term->taken_off) amount = exact_negative(amount);
        total = i == 0 ? amount : exact_sum(total, amount);
        work->full |= !exact_round_half_up(total, &whole);
        line->amount = work->question->value;
        work->full |= __builtin_sub_overflow(whole, before, &line->amount.minor);
        before = whole;
    }
    return total;
}

// Is the other sum at the clamp's side of what there is?
static bool pushes_out(struct work *work, enum formula_clamp clamp, struct exact other,
                       struct exact total)
{
    struct exact over = exact_sum(other, exact_negative(total));
    work->full |= over.full;
    return exact_sign(over) == (clamp == CLAMP_MIN ? 1 : -1);
}

static bool finish(struct work *work, struct exact total, struct error *err)
{
    struct expression_result *result = work->result;
    result->total = work->question->value;
    if (work->full || !exact_round_half_up(total, &result->total.minor)) return too_large(err);
    for (unsigned i = 0; i < result->lines_count; i++)
        result->lines[i].counts = result->lines[i].sum == result->sum_won;
    result->floored = exact_sign(total) < 0;
    if (result->floored) result->total.minor = 0;
    result->verdict = VERDICT_OWED;
    return true;
}

static bool not_these(const struct work *work, struct error *err)
{
    if (work->foreign) {
        error_set(err, ERROR_SYNTAX, "a value that the duty goes by is not in %s",
                  work->question->value.currency);
        return error_hint(err, "Convert the values of parts before.");
    }
    error_set(err, ERROR_SYNTAX, "a quantity or a value that the duty goes by is below zero");
    return error_hint(err, "Give quantities and values that are zero or above.");
}

static bool work_out(struct work *work, const struct formula_alternative *alternative,
                     struct error *err)
{
    struct expression_result *result = work->result;
    struct exact total = exact_of(0, 0);
    for (uint8_t i = 0; i < alternative->sums_count; i++) {
        const struct formula_sum *sum = &alternative->sums[i];
        struct exact other = add_up(work, sum, i);
        if (i > 0 && !pushes_out(work, sum->clamp, other, total)) continue;
        total = other;
        result->sum_won = i;
    }
    if (work->below_zero || work->foreign) return not_these(work, err);
    if (result->missing_count == 0) return finish(work, total, err);
    result->lines_count = result->sum_won = 0;
    result->verdict = VERDICT_MISSING;
    return true;
}

static bool manual(struct expression_result *result, enum expression_obstacle obstacle)
{
    result->verdict = VERDICT_MANUAL;
    result->obstacle = obstacle;
    return true;
}

bool expression_evaluate(struct span bytes, const struct expression_question *question,
                         struct expression_result *result, struct error *err)
{
    assert(question->day.given);
    struct formula formula;
    struct work work;
    work.question = question;
    work.result = result;
    work.formula = &formula;
    work.below_zero = work.foreign = work.full = false;
    bool known = currency_exponent(span_of(question->value.currency), &work.exponent);
    assert(known); // promised by the caller
    result->verdict = VERDICT_NONE;
    result->obstacle = OBSTACLE_NONE;
    result->total = (struct money){ 0 };
    result->alternative = result->sum_won = 0;
    result->floored = false;
    result->lines_count = result->missing_count = 0;

    if (!known || !formula_decode(bytes, &formula))
        return error_set(err, ERROR_DAMAGED, "these bytes are no formula of a duty");
    if (formula.obstacle != OBSTACLE_NONE) return manual(result, formula.obstacle);
    const struct formula_alternative *alternative = find_alternative(&work);
    if (alternative == NULL) return manual(result, OBSTACLE_SEASON);
    return work_out(&work, alternative, err);
}
