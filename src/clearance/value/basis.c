// The basis: a declared value, the price, or a share of the invoice.

#include <assert.h>

#include "clearance/value/valuing.h"

// The official rate counts; where the declarant wrote another one, that is said.
static struct span note_on_rate(struct valuing *v, const struct amount *amount,
                                const struct conversion *conversion)
{
    struct span rounding = rounding_of(amount, conversion);
    struct decimal declared = v->declaration->exchange_rate;
    if (!declared.given || conversion->rate == NULL ||
        !span_equal(amount->currency, v->declaration->invoice_amount.currency) ||
        decimal_compare(declared, conversion->rate->value) == 0)
        return rounding;
    struct text text = text_begin(v);
    text_add(&text, rounding);
    text_add(&text, SPAN("; the declared rate "));
    decimal_write(&text, declared);
    text_add(&text, SPAN(" does not count"));
    return text_end(v, &text);
}

static void base_on(struct valuing *v, struct part *part, enum basis basis, struct span what,
                    const struct amount *amount, struct span note)
{
    struct conversion conversion;
    if (!convert(v, part, what, amount, &conversion)) return;
    struct text text = text_begin(v);
    text_add(&text, what);
    text_add_amount(v, &text, amount->value, amount->currency, conversion.rate);
    part->basis = basis;
    part->price_minor = conversion.amount.minor;
    add_line(v, part, part->price_minor, conversion.rate, text_end(v, &text),
             note.len > 0 ? note : note_on_rate(v, amount, &conversion));
}

static bool by_price(const struct item *item)
{
    return item->valuation_method_code.len == 0 ||
           span_equal(item->valuation_method_code, SPAN("1"));
}

// False when the item says nothing: it may still take a share of the invoice.
static bool find_basis(struct valuing *v, struct part *part)
{
    const struct item *item = part->item;
    bool leaves = part->direction == DIRECTION_EXPORT;
    if (leaves && item->statistical_value.value.given)
        base_on(v, part, BASIS_DECLARED, SPAN("statistical value"), &item->statistical_value,
                SPAN("as declared: the value at the border"));
    else if (!leaves && !by_price(item) && item->customs_value.value.given)
        base_on(v, part, BASIS_DECLARED, SPAN("customs value"), &item->customs_value,
                SPAN("as declared: by another method than the price"));
    else if (item->price.value.given)
        base_on(v, part, BASIS_PRICE, SPAN("price"), &item->price,
                by_price(item) ? SPAN("") : SPAN("another method is declared, but no value by it"));
    else if (item->customs_value.value.given)
        base_on(v, part, BASIS_DECLARED, SPAN("customs value"), &item->customs_value,
                SPAN("as declared: there is no price"));
    else
        return false;
    return true;
}

// What the items with a price leave of the invoice. False when that cannot be told.
static bool invoice_rest(const struct valuing *v, struct amount *rest)
{
    *rest = v->declaration->invoice_amount;
    if (!rest->value.given) return false;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        const struct amount *price = &v->parts[i].item->price;
        if (!price->value.given && v->parts[i].waits) continue;
        if (!price->value.given) return false; // valued by another method: its part is not known
        if (!span_equal(price->currency, rest->currency)) return false;
        struct decimal taken = decimal_of(-price->value.digits, price->value.scale);
        if (!decimal_add(rest->value, taken, &rest->value)) return false;
    }
    return decimal_sign(rest->value) > 0;
}

// In milligrams; 0 when it is not given, not above zero or beyond nine million tonnes.
static int64_t mass_mg(struct decimal mass)
{
    const int64_t most = INT64_C(9000000000000000);
    if (!mass.given || mass.digits <= 0) return 0;
    int64_t mg = mass.digits;
    for (unsigned i = mass.scale; i > 6; i--) mg /= 10;
    for (unsigned i = mass.scale; i < 6; i++)
        if (__builtin_mul_overflow(mg, INT64_C(10), &mg)) return 0;
    return mg <= most ? mg : 0;
}

// The weights of the items that wait for a share. False when one of them has no such mass.
static bool weigh(struct valuing *v, bool net, int64_t *whole)
{
    bool weighed = true;
    *whole = 0;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        struct part *part = &v->parts[i];
        if (!part->waits) continue;
        part->weight = mass_mg(net ? part->item->net_mass : part->item->gross_mass);
        weighed = weighed && part->weight > 0;
        *whole += part->weight; // 999 of at most 9 * 10^15
    }
    return weighed;
}

// By net mass, else by gross mass; what is alone needs no weight. Says how, or nothing.
static struct span weigh_all(struct valuing *v, int64_t *whole)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        count += v->parts[i].waits;
        v->parts[i].weight = v->parts[i].waits;
    }
    *whole = count;
    if (count == 1) return SPAN("the item has no price: it is what the invoice leaves");
    if (weigh(v, true, whole)) return SPAN("the item has no price: shared out by net mass");
    if (weigh(v, false, whole)) return SPAN("the item has no price: shared out by gross mass");
    return SPAN("");
}

// Of the items that wait for a share in vain, as far as somebody asks for their value.
static void miss_all(struct valuing *v, struct span why)
{
    for (uint32_t i = 0; i < v->parts_count; i++)
        if (v->parts[i].waits && item_needs_value(v->declaration, v->parts[i].item))
            miss(v, &v->parts[i], SPAN("no price"), why);
}

static void share_invoice(struct valuing *v)
{
    struct amount rest;
    struct conversion conversion;
    int64_t whole, from = 0;
    if (!invoice_rest(v, &rest)) {
        miss_all(v, SPAN("the invoice leaves nothing that could be shared out"));
        return;
    }
    struct span how = weigh_all(v, &whole);
    if (how.len == 0) {
        miss_all(v, SPAN("no masses to share the invoice out by"));
        return;
    }
    if (!convert(v, NULL, SPAN("invoice"), &rest, &conversion)) return;

    for (uint32_t i = 0; i < v->parts_count; i++) {
        struct part *part = &v->parts[i];
        if (!part->waits) continue;
        struct text text = text_begin(v);
        text_add(&text, SPAN("a share of the invoice,"));
        text_add_amount(v, &text, rest.value, rest.currency, conversion.rate);
        int64_t to = from + part->weight;
        part->basis = BASIS_PRICE;
        part->price_minor = share_between(v, conversion.amount.minor, from, to, whole);
        add_line(v, part, part->price_minor, conversion.rate, text_end(v, &text), how);
        from = to;
    }
    assert(from == whole);
}

void find_bases(struct valuing *v)
{
    bool any = false;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        v->parts[i].waits = !find_basis(v, &v->parts[i]);
        any = any || v->parts[i].waits;
    }
    if (any) share_invoice(v);
}
