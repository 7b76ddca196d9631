// What holds of every formula, besides that its bytes can be read.
#include "tariff/expression_inside.h"

static const uint8_t month_days[13] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static bool day_exists(unsigned month, unsigned day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= month_days[month];
}

// A day of any year as a number that grows, with gaps. The end of February is one day, the 28th or
// the 29th: no schedule means to leave a leap day out.
static unsigned place(unsigned month, unsigned day)
{
    return month * 32 + (month == 2 && day == 29 ? 28 : day);
}

bool formula_period_holds(const struct formula_period *period, unsigned month, unsigned day)
{
    unsigned at = place(month, day), first = place(period->month, period->day);
    unsigned last = place(period->last_month, period->last_day);
    return first <= last ? at >= first && at <= last : at >= first || at <= last; // over New Year
}

static bool periods_overlap(const struct formula_period *a, const struct formula_period *b)
{
    return formula_period_holds(a, b->month, b->day) || formula_period_holds(b, a->month, a->day);
}

bool formula_seasons_overlap(const struct formula *formula)
{
    const struct formula_period *all[EXPRESSION_ALTERNATIVES_MAX * EXPRESSION_PERIODS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; i < formula->alternatives_count; i++) {
        const struct formula_alternative *alternative = &formula->alternatives[i];
        for (unsigned j = 0; j < alternative->periods_count; j++) {
            for (unsigned k = 0; k < count; k++)
                if (periods_overlap(all[k], &alternative->periods[j])) return true;
            all[count++] = &alternative->periods[j];
        }
    }
    return false;
}

static bool specific_valid(const struct formula_term *term)
{
    unsigned exponent;
    return number_is_reduced(term->rate) && number_is_reduced(term->strength.at) &&
           currency_exponent((struct span){ term->currency, 3 }, &exponent);
}

static bool percent_valid(const struct formula_term *term)
{
    for (unsigned i = 0; i < term->parts_count; i++)
        for (unsigned j = 0; j < i; j++)
            if (term->parts[i] == term->parts[j]) return false; // its value would count twice
    return number_is_reduced(term->rate);
}

// Free stands alone, and nothing is taken off nothing.
static bool sum_valid(const struct formula *formula, const struct formula_sum *sum)
{
    for (unsigned i = 0; i < sum->count; i++) {
        const struct formula_term *term = &formula->terms[sum->first + i];
        if (term->term == TERM_FREE && sum->count > 1) return false;
        if (term->taken_off && i == 0) return false;
        if (term->term == TERM_PERCENT && !percent_valid(term)) return false;
        if (term->term == TERM_SPECIFIC && !specific_valid(term)) return false;
    }
    return sum->count > 0;
}

static bool periods_valid(const struct formula_alternative *alternative)
{
    for (unsigned i = 0; i < alternative->periods_count; i++) {
        const struct formula_period *period = &alternative->periods[i];
        if (!day_exists(period->month, period->day) ||
            !day_exists(period->last_month, period->last_day))
            return false;
    }
    return true;
}

// Only the last alternative may be for any other day.
bool formula_valid(const struct formula *formula)
{
    if (formula->obstacle != OBSTACLE_NONE) return true;
    for (unsigned i = 0; i < formula->alternatives_count; i++) {
        const struct formula_alternative *alternative = &formula->alternatives[i];
        bool last = i + 1u == formula->alternatives_count;
        if (!periods_valid(alternative) || (alternative->periods_count == 0 && !last)) return false;
        for (unsigned j = 0; j < alternative->sums_count; j++)
            if (!sum_valid(formula, &alternative->sums[j])) return false;
    }
    return formula->alternatives_count > 0 && !formula_seasons_overlap(formula);
}

bool expression_check(struct span formula, enum expression_obstacle *obstacle, struct error *err)
{
    struct formula read;
    if (!formula_decode(formula, &read) || !formula_valid(&read))
        return error_set(err, ERROR_DAMAGED, "these bytes are no formula of a duty");
    *obstacle = read.obstacle;
    return true;
}
