#include "clearance/duty/verify.h"

#include <assert.h>

#include "clearance/duty/suspension.h"
#include "clearance/duty/verify_inside.h"
#include "clearance/item.h"

// --- What is stated, as money ---

static bool has_currency(struct money amount)
{
    return amount.currency[0] != '\0';
}

static struct money money_here(const struct verifying *v, int64_t minor)
{
    struct money money = { .minor = minor };
    memcpy(money.currency, v->currency.at, v->currency.len);
    return money;
}

// False when it is not given, in another currency, or finer than a minor unit.
static bool stated(const struct verifying *v, const struct amount *amount, struct money *money)
{
    unsigned exponent;
    return amount->value.given && span_equal(amount->currency, v->currency) &&
           currency_exponent(v->currency, &exponent) &&
           money_from_decimal_half_up(amount->value, v->currency, money, NULL) &&
           money->minor > -INT64_C(1000000000000000000) &&
           money->minor < INT64_C(1000000000000000000) &&
           decimal_compare(decimal_of(money->minor, (uint8_t)exponent), amount->value) == 0;
}

// The base that is stated; a quantity whose unit is the currency is one, too.
static bool stated_base(const struct verifying *v, const struct stated_charge *charge,
                        struct money *base)
{
    struct amount as_quantity = { charge->specific_base.value, charge->specific_base.unit };
    return stated(v, &charge->base, base) || stated(v, &as_quantity, base);
}

struct span notification_currency(const struct notification *notification)
{
    for (uint32_t i = 0; i < notification->items.count; i++) {
        const struct stated_item *item = &notification->items.at[i];
        for (uint32_t c = 0; c < item->charges.count; c++) {
            struct span currency = item->charges.at[c].assessed.currency;
            if (currency.len > 0) return currency;
        }
    }
    return SPAN("");
}

static bool percent_of(const struct verifying *v, struct money base, struct decimal rate,
                       struct money *amount, struct error *err)
{
    return v->question->round_half_up ? money_percent_half_up(base, rate, amount, err)
                                      : money_percent_down(base, rate, amount, err);
}

// --- The base ---

static bool add_to(struct base_sum *sum, const struct checking *check, struct error *err)
{
    if (!money_add(sum->amount, check->counted, &sum->amount, err)) return false;
    enum verify_source source = check->line.source;
    if (source == VERIFY_NOT_COMPUTABLE || check->line.result < VERIFY_FITS) {
        if (check->counted.minor == 0) return true; // nothing cannot be wrong in a sum
        source = VERIFY_FROM_STATED_AMOUNTS;
        if (sum->stated.len > 0) text_add(&sum->stated, SPAN(", "));
        text_add(&sum->stated, check->line.stated->type_code);
    }
    if (source < sum->source) sum->source = source;
    return true;
}

static bool is_of_union_base(const struct checking *check)
{
    return check->levy == LEVY_UNION_DUTY ||
           (check->levy == LEVY_RECORD && span_equal(check->line.stated->type_code, SPAN("CSD")));
}

// Is a suspended charge secured here? Then it counts as if it were due.
static bool secures(const struct verifying *v)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (span_equal(v->checks[i].line.stated->type_code, SPAN("T24"))) return true;
    return false;
}

static struct base_sum sum_from(const struct verifying *v, struct money amount,
                                enum verify_source source)
{
    return (struct base_sum){ amount, source, text_in(v->arena, 16) };
}

static bool union_base(const struct verifying *v, struct base_sum *sum, struct error *err)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (is_of_union_base(&v->checks[i]) && !add_to(sum, &v->checks[i], err)) return false;
    return true;
}

// All that is due or secured, and then without what B05 is on: only what is suspended and not
// secured makes a difference between the two.
static bool vat_base(const struct verifying *v, struct base_sum *sum, struct error *err)
{
    bool secured = secures(v);
    for (uint32_t i = 0; i < v->count; i++) {
        const struct checking *check = &v->checks[i];
        bool ours = check->levy == LEVY_DUTY || check->levy == LEVY_EXCISE;
        bool due = !check->suspended || secured;
        if (ours && due && !add_to(sum, check, err)) return false;
        if (!is_of_union_base(check) || due) continue; // added and taken off again
        struct checking less = *check;
        less.counted.minor = -less.counted.minor;
        if (!add_to(sum, &less, err)) return false;
    }
    return true;
}

// An excise may be on a value of its own that the declarant gives, like a retail price: as a base,
// or as a quantity whose unit is the currency.
static bool declared_base(const struct verifying *v, struct span type, struct money *base)
{
    for (uint32_t i = 0; v->item != NULL && i < v->item->duty_tax_fees.count; i++) {
        const struct duty_tax_fee *fee = &v->item->duty_tax_fees.at[i];
        struct amount as_quantity = { fee->specific_base.value, fee->specific_base.unit };
        if (span_equal(fee->type_code, type) &&
            (stated(v, &fee->tax_base, base) || stated(v, &as_quantity, base)))
            return true;
    }
    return false;
}

static bool base_of(struct verifying *v, const struct checking *check, struct base_sum *sum,
                    struct error *err)
{
    enum levy levy = check->levy;
    struct money own;
    *sum = sum_from(v, v->value, VERIFY_FROM_DECLARATION);
    if (levy == LEVY_UNION_VAT) {
        *sum = sum_from(v, money_here(v, 0), has_currency(v->value) ? VERIFY_FROM_DECLARATION
                                                                    : VERIFY_FROM_STATED_BASE);
        return union_base(v, sum, err);
    }
    if (levy == LEVY_EXCISE && declared_base(v, check->line.stated->type_code, &own)) {
        sum->amount = own;
        return true;
    }
    if (!has_currency(v->value)) return true;
    if (levy == LEVY_VAT)
        return money_add(sum->amount, v->inland, &sum->amount, err) && vat_base(v, sum, err);
    for (uint32_t i = 0; levy == LEVY_EXCISE && i < v->count; i++)
        if (v->checks[i].levy == LEVY_DUTY && !add_to(sum, &v->checks[i], err)) return false;
    return true;
}

// Where another declaration is spoken of, ours proves nothing against it.
static bool is_excused(const struct verifying *v, enum verify_reason *why)
{
    if (v->question->other_references) *why = VERIFY_OTHER_DECLARATION;
    else if (v->question->changed) *why = VERIFY_CHANGED;
    else *why = VERIFY_UNIT_PRICE;
    return *why != VERIFY_UNIT_PRICE || (v->item != NULL && levy_by_unit_price(v->item));
}

// Which base is gone on with: ours, or the stated one. False: they differ, and that is told.
static bool settle_base(struct verifying *v, struct checking *check, struct base_sum *sum)
{
    struct money said;
    enum verify_reason why;
    struct verified_line *line = &check->line;
    bool has_base = stated_base(v, line->stated, &said);
    assert(has_base);
    line->source = sum->source;
    line->base = sum->amount;
    if (!has_currency(sum->amount)) {
        verify_say(v, check, v->why, NULL);
    } else if (sum->amount.minor == said.minor) {
        if (sum->stated.len > 0)
            verify_say(v, check, VERIFY_COUNTS_STATED, "%s", text_span(&sum->stated).at);
        return true;
    } else if (is_excused(v, &why)) {
        verify_say(v, check, why, "from here the base would be %s", verify_words(v, sum->amount));
    } else {
        verify_say(v, check, VERIFY_OTHER_BASE, "%s, and %s here", verify_words(v, said),
                   verify_words(v, sum->amount));
        return false;
    }
    line->source = VERIFY_FROM_STATED_BASE;
    line->base = said;
    return true;
}

// --- The amount ---

// Would some rate that is rounded to the stated one give the stated amount? Nobody says so.
static void note_rate(struct verifying *v, struct checking *check, struct money said)
{
    struct decimal rate = check->line.stated->rate, low, high;
    struct money least, most;
    if (rate.scale >= DECIMAL_SCALE_MAX) return;
    uint8_t scale = (uint8_t)(rate.scale + 1);
    if (!decimal_add(rate, decimal_of(-5, scale), &low) ||
        !decimal_add(rate, decimal_of(5, scale), &high) ||
        !percent_of(v, check->line.base, low, &least, NULL) ||
        !percent_of(v, check->line.base, high, &most, NULL) ||
        said.minor < least.minor || said.minor > most.minor)
        return;
    verify_say(v, check, VERIFY_RATE_CUT, "rounded to it are those from %s to %s",
               verify_words(v, least), verify_words(v, most));
}

static bool relieve(struct verifying *v, struct checking *check, struct money *amount,
                    struct error *err)
{
    struct money less;
    struct verified_line *line = &check->line;
    struct relief relief = { 0 };
    if (v->item != NULL) relief = levy_relief(check->levy, v->question->declaration, v->item);
    if (relief.words.len > 0) {
        verify_say(v, check, VERIFY_RELIEVED, SPAN_FMT, SPAN_ARG(relief.words));
        if (relief.recorded) check->relieved = *amount;
        *amount = money_here(v, 0);
    } else if (stated(v, &line->stated->deducted, &less) && less.minor != 0) {
        verify_say(v, check, VERIFY_TAKES_STATED, "%s", verify_words(v, less));
        if (line->source > VERIFY_FROM_STATED_AMOUNTS) line->source = VERIFY_FROM_STATED_AMOUNTS;
        less.minor = -less.minor;
        return money_add(*amount, less, amount, err);
    }
    return true;
}

static void note_rounding(struct verifying *v, struct checking *check)
{
    struct money other;
    const struct verified_line *line = &check->line;
    if (v->question->round_half_up || line->amount.minor == 0 ||
        !money_percent_half_up(line->base, line->stated->rate, &other, NULL) ||
        other.minor != line->amount.minor + 1)
        return;
    verify_say(v, check, VERIFY_ROUNDED_DOWN, "half up it would be %s", verify_words(v, other));
}

// What of the amount is to be paid now.
static void find_payable(struct verifying *v, struct checking *check)
{
    struct verified_line *line = &check->line;
    line->payable = line->amount;
    if (v->item == NULL) return;
    const struct suspension *suspension = suspension_find(item_asked_procedure(v->item));
    if (check->suspended && suspension != NULL) {
        line->payable.minor = 0;
        if (line->amount.minor != 0)
            verify_say(v, check, VERIFY_SUSPENDED, SPAN_FMT " (" SPAN_FMT ")",
                       SPAN_ARG(suspension->words), SPAN_ARG(suspension->procedure));
    } else if (levy_postponed(check->levy, line->stated->type_code,
                                                   v->question->declaration, v->item)) {
        line->payable.minor = 0;
        if (line->amount.minor != 0) verify_say(v, check, VERIFY_POSTPONED, NULL);
    }
}

static void compare(struct verifying *v, struct checking *check)
{
    struct verified_line *line = &check->line;
    struct money said, paid;
    bool has_amount = stated(v, &line->stated->assessed, &said);
    assert(has_amount);
    line->result = VERIFY_DIFFERS;
    if (line->amount.minor != said.minor) {
        verify_say(v, check, VERIFY_OTHER_AMOUNT, "%s, and %s here", verify_words(v, said),
                   verify_words(v, line->amount));
        if (has_currency(line->base)) note_rate(v, check, said);
    } else if (line->source > VERIFY_FROM_STATED_BASE &&
               stated(v, &line->stated->payable, &paid) && paid.minor != line->payable.minor) {
        verify_say(v, check, VERIFY_OTHER_PAYABLE, "%s, and %s here", verify_words(v, paid),
                   verify_words(v, line->payable));
    } else {
        line->result = verify_found_equal(line->source);
    }
    check->counted = line->result == VERIFY_DIFFERS ? said : line->amount;
}

// --- A line ---

// A payment that the declarant worked out himself, for this type: it stands in place of a rate.
static bool declared_payment(struct verifying *v, struct checking *check)
{
    for (uint32_t i = 0; v->item != NULL && i < v->item->duty_tax_fees.count; i++) {
        const struct duty_tax_fee *fee = &v->item->duty_tax_fees.at[i];
        if (!span_equal(fee->type_code, check->line.stated->type_code) ||
            levy_secured(fee->payment_method_code) ||
            !stated(v, &fee->payment, &check->line.amount))
            continue;
        verify_say(v, check, VERIFY_DECLARED, NULL);
        check->line.source = VERIFY_FROM_DECLARATION;
        find_payable(v, check);
        compare(v, check);
        return true;
    }
    return false;
}

// A quantity that the declaration gives for that type, or the net mass.
static bool declared_quantity(const struct verifying *v, const struct stated_charge *charge,
                              struct decimal *quantity)
{
    struct span unit = charge->specific_base.unit;
    for (uint32_t i = 0; v->item != NULL && i < v->item->duty_tax_fees.count; i++) {
        const struct duty_tax_fee *fee = &v->item->duty_tax_fees.at[i];
        *quantity = fee->specific_base.value;
        if (quantity->given && span_equal(fee->type_code, charge->type_code) &&
            span_equal(fee->specific_base.unit, unit))
            return true;
    }
    if (v->item == NULL || !span_equal(unit, SPAN("KGM"))) return false;
    *quantity = v->item->net_mass;
    return quantity->given;
}

// So many units at a price each.
static bool check_specific(struct verifying *v, struct checking *check, struct error *err)
{
    struct verified_line *line = &check->line;
    struct decimal said = line->stated->specific_base.value, quantity;
    bool has = declared_quantity(v, line->stated, &quantity);
    line->source = VERIFY_FROM_DECLARATION;
    if (!has || decimal_compare(quantity, said) != 0) {
        verify_say(v, check, VERIFY_NO_QUANTITY, NULL);
        line->source = VERIFY_FROM_STATED_BASE;
    }
    bool worked_out =
        v->question->round_half_up
            ? money_of_quantity_half_up(said, line->stated->rate, v->currency, &line->amount, err)
            : money_of_quantity_down(said, line->stated->rate, v->currency, &line->amount, err);
    if (!worked_out || !relieve(v, check, &line->amount, err)) return false;
    find_payable(v, check);
    compare(v, check);
    return true;
}

// What the declarant says of quantities helps who looks the rate up.
static void say_no_rate(struct verifying *v, struct checking *check)
{
    struct text text = text_in(v->arena, 32);
    for (uint32_t i = 0; v->item != NULL && i < v->item->duty_tax_fees.count; i++) {
        const struct duty_tax_fee *fee = &v->item->duty_tax_fees.at[i];
        if (!span_equal(fee->type_code, check->line.stated->type_code) ||
            !fee->specific_base.value.given)
            continue;
        text_add(&text, text.len == 0 ? SPAN("declared for it are ") : SPAN(", "));
        decimal_write(&text, fee->specific_base.value);
        text_add_char(&text, ' ');
        text_add(&text, fee->specific_base.unit);
    }
    v->full = v->full || text.full;
    verify_say(v, check, VERIFY_NO_RATE, SPAN_FMT, SPAN_ARG(text_span(&text)));
}

static bool check_line(struct verifying *v, struct checking *check, struct error *err)
{
    struct verified_line *line = &check->line;
    struct base_sum sum;
    struct money base;
    if (line->stated->rate.given && line->stated->specific_base.value.given &&
        !stated_base(v, line->stated, &base))
        return check_specific(v, check, err);
    if (!stated_base(v, line->stated, &base) || !line->stated->rate.given) {
        if (!declared_payment(v, check)) say_no_rate(v, check);
        return true;
    }
    if (!base_of(v, check, &sum, err)) return false;
    bool agreed = settle_base(v, check, &sum);
    if (!percent_of(v, line->base, line->stated->rate, &line->amount, err)) return false;
    note_rounding(v, check);
    if (!relieve(v, check, &line->amount, err)) return false;
    find_payable(v, check);
    if (agreed) compare(v, check);
    else line->result = VERIFY_DIFFERS;
    return true;
}

static bool is_suspended(const struct verifying *v, enum levy levy)
{
    if (v->item == NULL || levy == LEVY_RECORD) return false;
    const struct suspension *suspension = suspension_find(item_asked_procedure(v->item));
    if (suspension == NULL) return false;
    bool duty = levy == LEVY_DUTY || levy == LEVY_UNION_DUTY;
    return duty ? suspension->duties : suspension->taxes;
}

// --- An item ---

static void find_item(struct verifying *v, struct number sequence)
{
    const struct declaration *d = v->question->declaration;
    v->sequence = sequence;
    v->why = d == NULL ? VERIFY_NO_DECLARATION : VERIFY_NO_ITEM;
    for (uint32_t i = 0; d != NULL && i < d->items.count; i++) {
        if (item_number(d, &d->items.at[i]) != sequence.value) continue;
        struct money value = v->question->values[i], inland = v->question->inland[i];
        v->item = &d->items.at[i];
        v->why = VERIFY_NO_VALUE;
        if (!span_equal(span_of(value.currency), v->currency)) return;
        v->value = value;
        v->inland = inland;
        return;
    }
}

static void open_lines(struct verifying *v, const struct stated_item *item)
{
    v->count = item->charges.count;
    for (uint32_t i = 0; i < v->count; i++) {
        const struct stated_charge *charge = &item->charges.at[i];
        struct checking *check = &v->checks[i];
        *check = (struct checking){ .line = { .sequence = item->sequence, .stated = charge },
                                    .levy = levy_of(charge->type_code) };
        check->suspended = is_suspended(v, check->levy);
        if (!stated(v, &charge->assessed, &check->counted)) {
            check->counted = money_here(v, 0);
            verify_say(v, check, VERIFY_NO_AMOUNT, NULL);
        }
    }
}

// In the order in which later bases count earlier lines.
static bool check_item(struct verifying *v, struct error *err)
{
    static const enum levy order[] = { LEVY_DUTY, LEVY_UNION_DUTY, LEVY_EXCISE, LEVY_UNION_VAT,
                                       LEVY_VAT };
    for (size_t o = 0; o < sizeof(order) / sizeof(order[0]); o++)
        for (uint32_t i = 0; i < v->count; i++) {
            struct checking *check = &v->checks[i];
            if (check->levy != order[o] || verify_says(check, VERIFY_NO_AMOUNT)) continue;
            if (!check_line(v, check, err)) return false;
        }
    verify_records(v);
    return true;
}

bool verify_notification(const struct verify_question *question, struct arena *arena,
                         struct verified *verified, struct error *err)
{
    const struct notification *n = question->notification;
    struct span currency = notification_currency(n);
    unsigned exponent;
    uint32_t count = 0;
    void *room;
    if (!currency_exponent(currency, &exponent)) currency = SPAN(""); // no amount can be compared
    for (uint32_t i = 0; i < n->items.count; i++) count += n->items.at[i].charges.count;
    if (!arena_need(arena, (size_t)count + 1, sizeof(struct verified_line), &room,
                    "the notification", err))
        return false;
    struct verified_line *lines = room;
    verified->lines = lines;
    verified->count = 0;
    for (uint32_t i = 0; i < n->items.count; i++) {
        const struct stated_item *item = &n->items.at[i];
        struct verifying v = { .question = question, .arena = arena,
                               .currency = currency };
        if (!arena_need(arena, (size_t)item->charges.count + 1, sizeof(struct checking), &room,
                        "the notification", err))
            return false;
        v.checks = room;
        find_item(&v, item->sequence);
        open_lines(&v, item);
        if (!check_item(&v, err)) return false;
        if (v.full)
            return error_set(err, ERROR_TOO_LARGE, "the notification does not fit into memory");
        for (uint32_t c = 0; c < v.count; c++) lines[verified->count++] = v.checks[c].line;
    }
    return true;
}
