// Charges: which are added, which are taken off, and which the price has in it already.

#include "clearance/value/charge.h"
#include "clearance/value/valuing.h"

// What was declared: a charge, or an amount that has a field of its own.
struct cost {
    const struct charge_type *type;
    struct span code;            // as it was written; empty where a field says it
    const struct amount *amount;
};

static struct cost cost_of_charge(const struct valuing *v, const struct charge *charge)
{
    const struct charge_type *type = v->books->charges_as_declared
                                         ? charge_find_as_declared(charge->type_code)
                                         : charge_find(charge->type_code);
    return (struct cost){ type, charge->type_code, &charge->amount };
}

static void add_words(struct text *text, const struct cost *cost)
{
    text_add(text, cost->type->words);
    if (cost->code.len == 0) return;
    text_add(text, SPAN(" ("));
    text_add(text, cost->code);
    text_add_char(text, ')');
}

struct verdict {
    int sign;                    // +1 added, -1 taken off, 0 not counted
    struct span why;             // where it does not go without saying
};

static struct verdict verdict_of_export(const struct valuing *v, const struct charge_type *type)
{
    bool freight = type->kind == CHARGE_FREIGHT, insurance = type->kind == CHARGE_INSURANCE;
    if ((freight && v->terms.freight) || (insurance && v->terms.insurance))
        return (struct verdict){ -1, SPAN("") };
    return (struct verdict){ 0, SPAN("not counted: an export is valued at the border") };
}

static struct verdict verdict_of_import(const struct valuing *v, const struct charge_type *type)
{
    static const struct verdict added = { 1, { "", 0 } }, off = { -1, { "", 0 } };
    static const struct verdict inside = { 0, SPAN_INIT("not added: the price has it in it") };
    static const struct verdict outside = { 0, SPAN_INIT("not taken off: it is not in the price") };
    static const struct verdict rest = { 1, SPAN_INIT("added: the price has the freight in it, "
                                                      "but no insurance") };
    switch (type->kind) {
    case CHARGE_UNKNOWN: break;
    case CHARGE_ADDED: return added;
    case CHARGE_FREIGHT: return v->terms.freight ? inside : added;
    case CHARGE_INSURANCE: return v->terms.insurance ? inside : added;
    case CHARGE_CARRIAGE:
        if (v->terms.insurance) return inside;
        return v->terms.freight ? rest : added;
    case CHARGE_DEDUCTED: return off;
    case CHARGE_INLAND:
        return v->terms.inland || v->books->charges_as_declared ? off : outside;
    }
    return (struct verdict){ 0, SPAN("not counted: not a code for additions or deductions") };
}

static struct verdict verdict_of(const struct valuing *v, const struct part *part,
                                 const struct charge_type *type)
{
    if (part->direction == DIRECTION_EXPORT && part->basis == BASIS_PRICE)
        return verdict_of_export(v, type);
    if (part->basis == BASIS_DECLARED)
        return (struct verdict){ 0, SPAN("not counted: the declared value is whole") };
    return verdict_of_import(v, type);
}

// An amount that is known in the books' currency, or an item's share of it, becomes a line.
static void count_cost(struct valuing *v, struct part *part, const struct cost *cost,
                       const struct conversion *conversion, int64_t minor, bool shared)
{
    struct verdict verdict = verdict_of(v, part, cost->type);
    struct text text = text_begin(v);
    if (shared) text_add(&text, SPAN("a share of "));
    add_words(&text, cost);
    if (shared) text_add_char(&text, ',');
    text_add_amount(v, &text, cost->amount->value, cost->amount->currency, conversion->rate);

    struct span note = shared ? SPAN("shared out by price") : rounding_of(cost->amount, conversion);
    if (verdict.why.len > 0) note = verdict.why;
    if (cost->type->kind == CHARGE_INLAND && part->direction != DIRECTION_EXPORT)
        part->inland_minor += minor;
    add_line(v, part, verdict.sign * minor, conversion->rate, text_end(v, &text), note);
}

// False when there is nothing to count, or it cannot be told how much.
static bool cost_known(struct valuing *v, const struct part *part, const struct cost *cost,
                       struct conversion *conversion)
{
    if (!cost->amount->value.given || decimal_sign(cost->amount->value) == 0) return false;
    struct text text = text_begin(v);
    add_words(&text, cost);
    struct span words = text_end(v, &text);
    if (cost->type->kind == CHARGE_UNKNOWN)
        miss(v, part, words, SPAN("not a code for additions or deductions"));
    return convert(v, part, words, cost->amount, conversion);
}

static void count_of_item(struct valuing *v, struct part *part, struct cost cost)
{
    struct conversion conversion;
    if (part->basis == BASIS_NONE || !cost_known(v, part, &cost, &conversion)) return;
    count_cost(v, part, &cost, &conversion, conversion.amount.minor, false);
}

// In proportion to the prices; evenly when all of them are zero.
static void count_of_whole(struct valuing *v, struct cost cost)
{
    struct conversion conversion;
    int64_t prices = 0, known = 0, from = 0;
    if (!cost_known(v, NULL, &cost, &conversion)) return;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        prices += v->parts[i].price_minor; // 999 of at most VALUE_MINOR_MAX
        known += v->parts[i].basis != BASIS_NONE;
    }
    int64_t whole = prices > 0 ? prices : known;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        struct part *part = &v->parts[i];
        if (part->basis == BASIS_NONE) continue;
        int64_t to = from + (prices > 0 ? part->price_minor : 1);
        int64_t minor = share_between(v, conversion.amount.minor, from, to, whole);
        count_cost(v, part, &cost, &conversion, minor, known > 1);
        from = to;
    }
}

void count_charges(struct valuing *v)
{
    const struct declaration *d = v->declaration;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        const struct item *item = v->parts[i].item;
        count_of_item(v, &v->parts[i], (struct cost){ &charge_freight, SPAN(""), &item->freight });
        for (uint32_t c = 0; c < item->charges.count; c++)
            count_of_item(v, &v->parts[i], cost_of_charge(v, &item->charges.at[c]));
    }
    count_of_whole(v, (struct cost){ &charge_freight, SPAN(""), &d->freight });
    count_of_whole(v, (struct cost){ &charge_insurance, SPAN(""), &d->insurance });
    for (uint32_t c = 0; c < d->charges.count; c++)
        count_of_whole(v, cost_of_charge(v, &d->charges.at[c]));
}
