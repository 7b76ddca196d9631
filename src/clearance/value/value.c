#include "clearance/value/value.h"

#include <assert.h>

#include "clearance/value/valuing.h"

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

static bool does_not_fit(struct error *err)
{
    return error_set(err, ERROR_TOO_LARGE, "the value does not fit into memory");
}

static bool find_values(struct valuing *v, struct error *err)
{
    struct clearance *clearance = v->clearance;
    size_t count = v->parts_count + (size_t)1;
    struct money *values = arena_take(clearance->arena, count, sizeof(*values));
    struct money *inland = arena_take(clearance->arena, count, sizeof(*inland));
    if (v->full || values == NULL || inland == NULL) return does_not_fit(err);
    for (uint32_t i = 0; i < v->parts_count; i++) {
        bool known = value_of(v, &v->parts[i], &values[i]);
        assert(known == (values[i].currency[0] != '\0'));
        inland[i] = money_here(v, v->parts[i].inland_minor);
    }
    if (v->full) return does_not_fit(err);
    clearance->item_values = values;
    clearance->item_inland = inland;
    return true;
}

static bool work_out(struct valuing *v, struct clearance *clearance,
                     const struct declaration *declaration, struct error *err)
{
    assert(clearance->books->rates != NULL);
    *v = (struct valuing){
        .clearance = clearance,
        .declaration = declaration,
        .books = clearance->books,
        .currency = span_of(clearance->books->currency),
        .day = declaration_day(declaration, clearance->now_ms),
        .terms = terms_read(declaration->trade_terms.condition_code),
    };
    if (!open_parts(v, err)) return false;
    find_bases(v);
    count_charges(v);
    return find_values(v, err);
}

static bool add_fact(struct valuing *v, struct error *err)
{
    static const struct step this_step = { .name = "value", .run = value_step };
    struct clearance *clearance = v->clearance;
    struct valued valued = { .items_count = v->parts_count,
                             .rates = version_span(&v->books->rates->version) };
    size_t count = v->parts_count + (size_t)1;
    struct valued_item *items = arena_take(clearance->arena, count, sizeof(*items));
    if (items == NULL) return does_not_fit(err);
    for (uint32_t i = 0; i < v->parts_count; i++) {
        const struct part *part = &v->parts[i];
        struct money value = clearance->item_values[i];
        if (value.currency[0] != '\0')
            valued.total = money_here(v, valued.total.minor + value.minor);
        items[i] = (struct valued_item){
            .sequence = part->number, .value = value,
            .lines = part->lines, .lines_count = part->lines_count,
        };
    }
    valued.items = items;
    valued.missing = (struct text_list){ v->missing, v->missing_count };
    struct span body;
    return body_valued(&valued, clearance->arena, &body, err) &&
           clearance_add(clearance, &this_step, FACT_VALUED, body, err);
}

bool value_step(struct clearance *clearance, struct error *err)
{
    struct valuing v;
    return work_out(&v, clearance, &clearance->file->declaration, err) && add_fact(&v, err);
}

bool value_items(struct clearance *clearance, const struct declaration *declaration,
                 struct error *err)
{
    struct valuing v;
    return work_out(&v, clearance, declaration, err);
}
