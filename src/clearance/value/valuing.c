#include "clearance/value/valuing.h"

#include <assert.h>

#include "clearance/value/value.h"

struct text text_begin(const struct valuing *v)
{
    return text_in(v->clearance->arena, 96);
}

struct span text_end(struct valuing *v, const struct text *text)
{
    v->full = v->full || text->full;
    return text_span(text);
}

void text_add_amount(const struct valuing *v, struct text *text, struct decimal value,
                     struct span currency, const struct rate *rate)
{
    text_add_char(text, ' ');
    decimal_write(text, value);
    text_add_char(text, ' ');
    text_add(text, currency);
    if (rate == NULL) return;
    text_add(text, SPAN(" at "));
    decimal_write(text, rate->value);
    text_add_char(text, ' ');
    text_add(text, v->currency);
    text_add(text, SPAN(" ("));
    date_write(text, rate->from);
    text_add_char(text, ')');
}

void miss(struct valuing *v, const struct part *part, struct span what, struct span why)
{
    assert(v->missing_count < v->missing_max);
    struct text text = text_begin(v);
    if (part != NULL) {
        text_add(&text, SPAN("item "));
        text_add_u64(&text, part->number);
        text_add(&text, SPAN(": "));
    }
    text_add(&text, what);
    if (what.len > 0) text_add(&text, SPAN(": "));
    text_add(&text, why);
    v->missing[v->missing_count++] = text_end(v, &text);
}

struct money money_here(const struct valuing *v, int64_t minor)
{
    struct money money = { .minor = minor };
    memcpy(money.currency, v->books->currency, sizeof(money.currency));
    return money;
}

bool convert(struct valuing *v, const struct part *part, struct span what,
             const struct amount *amount, struct conversion *conversion)
{
    struct error why;
    if (decimal_sign(amount->value) < 0) {
        miss(v, part, what, SPAN("it is below zero"));
        return false;
    }
    if (!rates_convert_half_up(v->books->rates, amount->value, amount->currency, v->day,
                               v->currency, conversion, &why)) {
        miss(v, part, what, span_of(why.text));
        return false;
    }
    if (conversion->amount.minor <= VALUE_MINOR_MAX) return true;
    miss(v, part, what, SPAN("it is too large"));
    return false;
}

struct span rounding_of(const struct amount *amount, const struct conversion *conversion)
{
    unsigned exponent = 0;
    bool exact = conversion->rate == NULL &&
                 currency_exponent(amount->currency, &exponent) &&
                 decimal_compare(decimal_of(conversion->amount.minor, (uint8_t)exponent),
                                 amount->value) == 0;
    return exact ? SPAN("") : SPAN("rounded half up");
}

int64_t share_between(const struct valuing *v, int64_t minor, int64_t from, int64_t to,
                      int64_t whole)
{
    assert(0 <= from && from <= to && to <= whole);
    struct money upper, lower;
    bool fits = money_share_half_up(money_here(v, minor), to, whole, &upper, NULL) &&
                money_share_half_up(money_here(v, minor), from, whole, &lower, NULL);
    assert(fits); // at most `minor`
    return fits ? upper.minor - lower.minor : 0;
}

void add_line(const struct valuing *v, struct part *part, int64_t minor,
              const struct rate *rate, struct span text, struct span note)
{
    assert(part->lines_count < part->lines_max);
    struct value_line *line = &part->lines[part->lines_count++];
    *line = (struct value_line){ .text = text, .amount = money_here(v, minor), .note = note };
    if (rate != NULL) line->rate = rate->value;
    part->value_minor += minor; // a few hundred lines of at most VALUE_MINOR_MAX
}
