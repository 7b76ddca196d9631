#include "clearance/value/value.h"

#include <assert.h>

#include "clearance/item.h"
#include "clearance/value/charge.h"
#include "clearance/value/terms.h"
#include "consignment/fact_body.h"

enum basis {
    BASIS_NONE,
    BASIS_PRICE,
    BASIS_DECLARED,              // a value that is whole as it was declared: nothing is added
};

// One item on its way to its value.
struct part {
    const struct item *item;
    uint32_t number;
    enum direction direction;
    enum basis basis;
    int64_t price_minor;         // the first line: what others are shared out by
    int64_t value_minor, inland_minor;
    struct value_line *lines;
    uint32_t lines_count, lines_max;
};

struct valuing {
    struct clearance *clearance;
    const struct declaration *declaration;
    const struct books *books;
    struct span currency;        // the books'
    struct date day;             // of the exchange rates
    struct terms terms;
    struct part *parts;          // one of each item
    uint32_t parts_count;
    struct span *missing;
    uint32_t missing_count, missing_max;
    bool full;                   // the arena: asked once, at the end
};

// --- Words ---

static struct text text_begin(const struct valuing *v)
{
    return text_in(v->clearance->arena, 96);
}

static struct span text_end(struct valuing *v, const struct text *text)
{
    v->full = v->full || text->full;
    return text_span(text);
}

// "1000.00 USD at 0.92 EUR (2026-01-01)"
static void add_amount(const struct valuing *v, struct text *text, struct decimal value,
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

static void add_charge(struct text *text, const struct charge_type *type, struct span code)
{
    text_add(text, type->words);
    if (code.len == 0) return;
    text_add(text, SPAN(" ("));
    text_add(text, code);
    text_add_char(text, ')');
}

// "item 2: no price"; about the whole consignment without a part.
static void miss(struct valuing *v, const struct part *part, struct span what, struct span why)
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

// --- Amounts and lines ---

static struct money money_here(const struct valuing *v, int64_t minor)
{
    struct money money = { .minor = minor };
    memcpy(money.currency, v->books->currency, sizeof(money.currency));
    return money;
}

// Into the books' currency; otherwise says why not.
static bool convert(struct valuing *v, const struct part *part, struct span what,
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

static struct span rounding_of(const struct conversion *conversion)
{
    return conversion->rate == NULL ? SPAN("") : SPAN("rounded half up");
}

static void add_line(const struct valuing *v, struct part *part, int64_t minor,
                     const struct rate *rate, struct span text, struct span note)
{
    assert(part->lines_count < part->lines_max);
    part->value_minor += minor; // a few hundred lines of at most VALUE_MINOR_MAX
    part->lines[part->lines_count++] = (struct value_line){
        .text = text, .amount = money_here(v, minor), .note = note,
        .rate = rate == NULL ? (struct decimal){ 0 } : rate->value,
    };
}

// --- The basis: a declared value, the price, or a share of the invoice ---

static void base_on(struct valuing *v, struct part *part, enum basis basis, struct span what,
                    const struct amount *amount, struct span note)
{
    struct conversion conversion;
    if (!convert(v, part, what, amount, &conversion)) return;
    struct text text = text_begin(v);
    text_add(&text, what);
    add_amount(v, &text, amount->value, amount->currency, conversion.rate);
    part->basis = basis;
    part->price_minor = conversion.amount.minor;
    add_line(v, part, part->price_minor, conversion.rate, text_end(v, &text),
             note.len > 0 ? note : rounding_of(&conversion));
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
        if (!price->value.given) continue;
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

// The weights of the items without a basis, by their masses; alone, an item needs none.
static bool weigh(const struct valuing *v, bool *waits, bool net, int64_t *weights, int64_t *whole)
{
    uint32_t count = 0;
    bool weighed = true;
    *whole = 0;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        const struct item *item = v->parts[i].item;
        weights[i] = waits[i] ? mass_mg(net ? item->net_mass : item->gross_mass) : 0;
        weighed = weighed && (!waits[i] || weights[i] > 0);
        count += waits[i];
        *whole += weights[i]; // 999 of at most 9 * 10^15
    }
    if (weighed || count > 1) return weighed;
    for (uint32_t i = 0; i < v->parts_count; i++) weights[i] = waits[i];
    *whole = 1;
    return true;
}

// The share between two points of a scale from 0 to `whole`: shares of neighbours add up.
static int64_t share_between(const struct valuing *v, int64_t minor, int64_t from, int64_t to,
                             int64_t whole)
{
    assert(0 <= from && from <= to && to <= whole);
    struct money upper, lower;
    bool fits = money_share_half_up(money_here(v, minor), to, whole, &upper, NULL) &&
                money_share_half_up(money_here(v, minor), from, whole, &lower, NULL);
    assert(fits); // at most `minor`
    return fits ? upper.minor - lower.minor : 0;
}

static void miss_all(struct valuing *v, const bool *waits, struct span why)
{
    for (uint32_t i = 0; i < v->parts_count; i++)
        if (waits[i]) miss(v, &v->parts[i], SPAN("no price"), why);
}

static void share_invoice(struct valuing *v, bool *waits, int64_t *weights)
{
    struct amount rest;
    struct conversion conversion;
    int64_t whole, from = 0;
    bool net = true;
    if (!invoice_rest(v, &rest)) {
        miss_all(v, waits, SPAN("the invoice leaves nothing that could be shared out"));
        return;
    }
    if (!weigh(v, waits, true, weights, &whole) &&
        (net = false, !weigh(v, waits, false, weights, &whole))) {
        miss_all(v, waits, SPAN("no masses to share the invoice out by"));
        return;
    }
    if (!convert(v, NULL, SPAN("invoice"), &rest, &conversion)) return;

    for (uint32_t i = 0; i < v->parts_count; i++) {
        struct part *part = &v->parts[i];
        if (!waits[i]) continue;
        struct text text = text_begin(v);
        text_add(&text, SPAN("a share of the invoice,"));
        add_amount(v, &text, rest.value, rest.currency, conversion.rate);
        part->basis = BASIS_PRICE;
        part->price_minor = share_between(v, conversion.amount.minor, from, from + weights[i],
                                          whole);
        from += weights[i];
        add_line(v, part, part->price_minor, conversion.rate, text_end(v, &text),
                 net ? SPAN("the item has no price: shared out by net mass")
                     : SPAN("the item has no price: shared out by gross mass"));
    }
    assert(from == whole);
}

static bool find_bases(struct valuing *v, struct error *err)
{
    void *waits, *weights;
    bool any = false;
    if (!arena_need(v->clearance->arena, v->parts_count + 1, sizeof(bool), &waits, "the value",
                    err) ||
        !arena_need(v->clearance->arena, v->parts_count + 1, sizeof(int64_t), &weights,
                    "the value", err))
        return false;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        bool found = find_basis(v, &v->parts[i]);
        ((bool *)waits)[i] = !found;
        any = any || !found;
    }
    if (any) share_invoice(v, waits, weights);
    return true;
}

// --- Charges ---

struct verdict {
    int sign;                    // +1 added, -1 taken off, 0 not counted
    struct span why;             // when it is not counted
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
    switch (type->kind) {
    case CHARGE_UNKNOWN: break;
    case CHARGE_ADDED: return added;
    case CHARGE_FREIGHT: return v->terms.freight ? inside : added;
    case CHARGE_INSURANCE: return v->terms.insurance ? inside : added;
    case CHARGE_CARRIAGE: return v->terms.insurance ? inside : added; // of CFR only the insurance
    case CHARGE_DEDUCTED: return off;
    case CHARGE_INLAND: return v->terms.inland ? off : outside;
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
static void count_charge(struct valuing *v, struct part *part, const struct charge_type *type,
                         struct span code, const struct amount *amount,
                         const struct conversion *conversion, int64_t minor, bool shared)
{
    struct verdict verdict = verdict_of(v, part, type);
    struct text text = text_begin(v);
    if (shared) text_add(&text, SPAN("a share of "));
    add_charge(&text, type, code);
    if (shared) text_add_char(&text, ',');
    add_amount(v, &text, amount->value, amount->currency, conversion->rate);

    struct span note = rounding_of(conversion);
    if (shared) note = SPAN("shared out by price");
    if (verdict.sign == 0) note = verdict.why;
    if (type->kind == CHARGE_INLAND && part->direction != DIRECTION_EXPORT)
        part->inland_minor += minor;
    add_line(v, part, verdict.sign * minor, conversion->rate, text_end(v, &text), note);
}

static bool counts(const struct amount *amount)
{
    return amount->value.given && decimal_sign(amount->value) != 0;
}

static struct span charge_words(struct valuing *v, const struct charge_type *type, struct span code)
{
    struct text text = text_begin(v);
    add_charge(&text, type, code);
    return text_end(v, &text);
}

static bool charge_known(struct valuing *v, const struct part *part, const struct charge_type *type,
                         struct span code, const struct amount *amount,
                         struct conversion *conversion)
{
    struct span words = charge_words(v, type, code);
    if (type->kind == CHARGE_UNKNOWN)
        miss(v, part, words, SPAN("not a code for additions or deductions"));
    return convert(v, part, words, amount, conversion);
}

static void charge_item(struct valuing *v, struct part *part, const struct charge_type *type,
                        struct span code, const struct amount *amount)
{
    struct conversion conversion;
    if (part->basis == BASIS_NONE || !counts(amount)) return;
    if (!charge_known(v, part, type, code, amount, &conversion)) return;
    count_charge(v, part, type, code, amount, &conversion, conversion.amount.minor, false);
}

// In proportion to the prices; evenly when all of them are zero.
static void charge_whole(struct valuing *v, const struct charge_type *type, struct span code,
                         const struct amount *amount)
{
    struct conversion conversion;
    int64_t prices = 0, known = 0, from = 0;
    if (!counts(amount)) return;
    if (!charge_known(v, NULL, type, code, amount, &conversion)) return;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        prices += v->parts[i].price_minor; // 999 of at most VALUE_MINOR_MAX
        known += v->parts[i].basis != BASIS_NONE;
    }
    for (uint32_t i = 0; i < v->parts_count; i++) {
        struct part *part = &v->parts[i];
        if (part->basis == BASIS_NONE) continue;
        int64_t to = from + (prices > 0 ? part->price_minor : 1);
        int64_t minor = known == 1 ? conversion.amount.minor
                                   : share_between(v, conversion.amount.minor, from, to,
                                                   prices > 0 ? prices : known);
        count_charge(v, part, type, code, amount, &conversion, minor, known > 1);
        from = to;
    }
}

static void count_charges(struct valuing *v)
{
    const struct declaration *d = v->declaration;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        const struct item *item = v->parts[i].item;
        charge_item(v, &v->parts[i], &charge_freight, SPAN(""), &item->freight);
        for (uint32_t c = 0; c < item->charges.count; c++) {
            struct span code = item->charges.at[c].type_code;
            charge_item(v, &v->parts[i], charge_find(code), code, &item->charges.at[c].amount);
        }
    }
    charge_whole(v, &charge_freight, SPAN(""), &d->freight);
    charge_whole(v, &charge_insurance, SPAN(""), &d->insurance);
    for (uint32_t c = 0; c < d->charges.count; c++) {
        struct span code = d->charges.at[c].type_code;
        charge_whole(v, charge_find(code), code, &d->charges.at[c].amount);
    }
}

// --- The step ---

enum { WHOLE_LINES = 2, ITEM_LINES = 2 }; // freight and insurance; the basis and the freight

static bool open_parts(struct valuing *v, struct error *err)
{
    struct arena *arena = v->clearance->arena;
    const struct declaration *d = v->declaration;
    void *room;
    v->parts_count = d->items.count;
    if (!arena_need(arena, v->parts_count + 1, sizeof(struct part), &room, "the value", err))
        return false;
    v->parts = room;
    v->missing_max = 2 * (WHOLE_LINES + d->charges.count) + 1;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        const struct item *item = &d->items.at[i];
        struct part *part = &v->parts[i];
        *part = (struct part){
            .item = item, .number = item_number(d, item), .direction = item_direction(d, item),
            .lines_max = ITEM_LINES + item->charges.count + WHOLE_LINES + d->charges.count,
        };
        v->missing_max += 2 * (ITEM_LINES + item->charges.count) + 1;
        if (!arena_need(arena, part->lines_max, sizeof(struct value_line), &room, "the value", err))
            return false;
        part->lines = room;
    }
    if (!arena_need(arena, v->missing_max, sizeof(struct span), &room, "the value", err))
        return false;
    v->missing = room;
    return true;
}

// A value of the item, if it has one that can be.
static bool value_of(struct valuing *v, const struct part *part, struct money *value)
{
    *value = (struct money){ 0 };
    if (part->basis == BASIS_NONE) return false;
    if (part->value_minor < 0) {
        miss(v, part, SPAN("value"), SPAN("more is taken off than there is"));
        return false;
    }
    if (part->value_minor > VALUE_MINOR_MAX) {
        miss(v, part, SPAN("value"), SPAN("it is too large"));
        return false;
    }
    *value = money_here(v, part->value_minor);
    return true;
}

static bool add_fact(struct valuing *v, struct error *err)
{
    static const struct step this_step = { .name = "value", .run = value_step };
    struct clearance *clearance = v->clearance;
    struct valued valued = { .items_count = v->parts_count,
                             .rates = version_span(&v->books->rates->version) };
    void *items, *values, *inland;
    if (!arena_need(clearance->arena, v->parts_count + 1, sizeof(struct valued_item), &items,
                    "the value", err) ||
        !arena_need(clearance->arena, v->parts_count + 1, sizeof(struct money), &values,
                    "the value", err) ||
        !arena_need(clearance->arena, v->parts_count + 1, sizeof(struct money), &inland,
                    "the value", err))
        return false;
    clearance->item_values = values;
    clearance->item_inland = inland;
    for (uint32_t i = 0; i < v->parts_count; i++) {
        const struct part *part = &v->parts[i];
        struct money *value = &clearance->item_values[i];
        if (value_of(v, part, value))
            valued.total = money_here(v, valued.total.minor + value->minor);
        clearance->item_inland[i] = money_here(v, part->inland_minor);
        ((struct valued_item *)items)[i] = (struct valued_item){
            .sequence = part->number, .value = *value,
            .lines = part->lines, .lines_count = part->lines_count,
        };
    }
    if (v->full) return error_set(err, ERROR_TOO_LARGE, "the value does not fit into memory");

    valued.items = items;
    valued.missing = (struct text_list){ v->missing, v->missing_count };
    struct span body;
    return body_valued(&valued, clearance->arena, &body, err) &&
           clearance_add(clearance, &this_step, FACT_VALUED, body, err);
}

bool value_step(struct clearance *clearance, struct error *err)
{
    const struct declaration *d = &clearance->file->declaration;
    assert(clearance->books->rates != NULL);
    struct valuing v = {
        .clearance = clearance,
        .declaration = d,
        .books = clearance->books,
        .currency = span_of(clearance->books->currency),
        .day = declaration_day(d, clearance->now_ms),
        .terms = terms_read(d->trade_terms.condition_code),
    };
    if (!open_parts(&v, err) || !find_bases(&v, err)) return false;
    count_charges(&v);
    return add_fact(&v, err);
}
