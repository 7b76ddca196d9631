#include "clearance/duty/duty.h"

#include <assert.h>

#include "clearance/duty/suspension.h"
#include "clearance/item.h"
#include "consignment/fact_body.h"

enum { ITEM_LINES_MAX = SCHEDULE_TYPES_MAX + 1 }; // and one that says that there is no customs duty

struct owing {
    struct clearance *clearance;
    const struct declaration *declaration;
    struct date day;
    struct span rounding;
    struct duty_line *lines;
    uint32_t lines_count, lines_max;
    struct money total;
    bool full;                   // the arena: asked once, at the end
};

// One item while its lines are worked out.
struct taxed {
    uint32_t number;
    struct money value;
    struct money duties;         // customs duties so far
    struct money charges;        // they, and all else but value added tax
    struct money inland;         // the way inside
    struct span commodity;
    const struct suspension *suspension;
};

static struct text text_begin(const struct owing *o)
{
    return text_in(o->clearance->arena, 96);
}

static struct span text_end(struct owing *o, const struct text *text)
{
    o->full = o->full || text->full;
    return text_span(text);
}

static bool is_duty(struct span type)
{
    return type.at[0] == 'A';
}

static bool suspended(const struct taxed *t, struct span type)
{
    if (t->suspension == NULL) return false;
    return is_duty(type) ? t->suspension->duties : t->suspension->taxes;
}

static bool base_of(const struct taxed *t, enum schedule_base base, struct money *sum,
                    struct error *err)
{
    switch (base) {
    case SCHEDULE_BASE_VALUE: break;
    case SCHEDULE_BASE_DUTIES: return money_add(t->value, t->duties, sum, err);
    case SCHEDULE_BASE_ALL:
        return money_add(t->value, t->charges, sum, err) && money_add(*sum, t->inland, sum, err);
    }
    *sum = t->value;
    return true;
}

// "customs duty on meat: 12 % of 1000.00 EUR; suspended: a customs warehouse (71)"
static struct span words_of(struct owing *o, const struct taxed *t,
                            const struct schedule_line *line, struct money base)
{
    struct text text = text_begin(o);
    text_add(&text, line->text);
    text_add(&text, SPAN(": "));
    decimal_write(&text, line->rate);
    text_add(&text, SPAN(" % of "));
    money_write(&text, base);
    if (suspended(t, line->type)) {
        text_add(&text, SPAN("; suspended: "));
        text_add(&text, t->suspension->words);
        text_add(&text, SPAN(" ("));
        text_add(&text, t->suspension->procedure);
        text_add_char(&text, ')');
    }
    return text_end(o, &text);
}

static bool add_line(struct owing *o, struct taxed *t, const struct schedule_line *line,
                     struct error *err)
{
    assert(o->lines_count < o->lines_max);
    struct money base, amount;
    if (!base_of(t, line->base, &base, err)) return false;
    bool worked_out = o->clearance->books->duty_rounded_down
                          ? money_percent_down(base, line->rate, &amount, err)
                          : money_percent_half_up(base, line->rate, &amount, err);
    if (!worked_out) return false;
    o->lines[o->lines_count++] = (struct duty_line){
        .sequence = t->number, .type = line->type, .base = base, .amount = amount,
        .rate = line->rate, .law = line->law, .rounding = o->rounding,
        .text = words_of(o, t, line, base), .suspended = suspended(t, line->type),
    };
    if (is_duty(line->type) && !money_add(t->duties, amount, &t->duties, err)) return false;
    if (line->base != SCHEDULE_BASE_ALL && !money_add(t->charges, amount, &t->charges, err))
        return false;
    return suspended(t, line->type) || money_add(o->total, amount, &o->total, err);
}

// Nothing in the schedule is not the same as a rate of nothing: it is said.
static void add_none(struct owing *o, const struct taxed *t)
{
    assert(o->lines_count < o->lines_max);
    struct text text = text_begin(o);
    text_add(&text, SPAN("the schedule has no customs duty for commodity "));
    text_add(&text, t->commodity);
    struct money nothing = t->value;
    nothing.minor = 0;
    o->lines[o->lines_count++] = (struct duty_line){
        .sequence = t->number, .type = SPAN("A00"), .base = t->value, .amount = nothing,
        .text = text_end(o, &text),
    };
}

static bool assess_item(struct owing *o, uint32_t index, struct error *err)
{
    const struct item *item = &o->declaration->items.at[index];
    const struct schedule_line *found[SCHEDULE_TYPES_MAX];
    char digits[ITEM_COMMODITY_SIZE];
    struct taxed t = {
        .number = item_number(o->declaration, item),
        .value = o->clearance->item_values[index],
        .inland = o->clearance->item_inland[index],
        .commodity = item_commodity(item, digits),
        .suspension = suspension_find(item_asked_procedure(item)),
    };
    struct span regime = item_regime(item);
    struct schedule_question question = {
        .commodity = t.commodity, .origin = item_origin(item, regime), .regime = regime,
        .day = o->day,
    };
    uint32_t count = schedule_find(o->clearance->books->schedule, &question, found);
    if (count == 0 || !is_duty(found[0]->type)) add_none(o, &t);
    for (uint32_t i = 0; i < count; i++)
        if (!add_line(o, &t, found[i], err)) return false;
    return true;
}

// "half up to 0.01 EUR", "down to 0.01 GBP"
static struct span rounding_words(struct owing *o)
{
    struct text text = text_begin(o);
    struct money unit = o->total;
    unit.minor = 1;
    text_add(&text, o->clearance->books->duty_rounded_down ? SPAN("down to ")
                                                           : SPAN("half up to "));
    money_write(&text, unit);
    return text_end(o, &text);
}

// A total of nothing says that nothing is owed: not when the value of what comes in is unknown.
static bool assess_items(struct owing *o, struct error *err)
{
    bool known = true;
    for (uint32_t i = 0; i < o->declaration->items.count; i++) {
        const struct item *item = &o->declaration->items.at[i];
        if (item_direction(o->declaration, item) == DIRECTION_EXPORT) continue;
        if (o->clearance->item_values[i].currency[0] == '\0') known = false;
        else if (!assess_item(o, i, err)) return false;
    }
    if (!known && o->lines_count == 0) o->total = (struct money){ 0 };
    return true;
}

bool duty_step(struct clearance *clearance, struct error *err)
{
    static const struct step this_step = { .name = "duty", .run = duty_step };
    const struct declaration *d = &clearance->file->declaration;
    const struct schedule *schedule = clearance->books->schedule;
    assert(clearance->item_values != NULL && clearance->item_inland != NULL);

    struct owing o = { .clearance = clearance, .declaration = d,
                       .day = declaration_day(d, clearance->now_ms),
                       .lines_max = d->items.count * ITEM_LINES_MAX };
    void *room;
    if (!arena_need(clearance->arena, o.lines_max + 1, sizeof(struct duty_line), &room, "the duty",
                    err))
        return false;
    o.lines = room;
    memcpy(o.total.currency, clearance->books->currency, sizeof(o.total.currency));
    o.rounding = rounding_words(&o);
    if (!assess_items(&o, err)) return false;
    if (o.full) return error_set(err, ERROR_TOO_LARGE, "the duty does not fit into memory");

    struct assessed assessed = { .lines = o.lines, .lines_count = o.lines_count, .total = o.total,
                                 .schedule = version_span(&schedule->version) };
    struct span body;
    return body_assessed(&assessed, clearance->arena, &body, err) &&
           clearance_add(clearance, &this_step, FACT_ASSESSED, body, err);
}
