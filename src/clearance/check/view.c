#include "clearance/check/view.h"

#include <assert.h>

static enum direction direction_of(const struct declaration *declaration,
                                   const struct declaration_type *type)
{
    if (type->direction != DIRECTION_UNKNOWN) return type->direction;
    if (declaration->items.count > 0) {
        struct procedure procedure = item_procedure(&declaration->items.at[0]);
        enum direction direction = procedure_direction(procedure.current_code);
        if (direction != DIRECTION_UNKNOWN) return direction;
    }
    struct span category = declaration->procedure_category; // H1, I1 in; B1, C1 out
    if (category.len == 0) return DIRECTION_UNKNOWN;
    if (category.at[0] == 'H' || category.at[0] == 'I') return DIRECTION_IMPORT;
    if (category.at[0] == 'B' || category.at[0] == 'C') return DIRECTION_EXPORT;
    return DIRECTION_UNKNOWN;
}

struct view view_of(const struct declaration *declaration, uint32_t version, int64_t now_ms)
{
    assert(declaration != NULL);
    assert(declaration->items.count == 0 || declaration->items.at != NULL);

    struct view view = { .declaration = declaration, .version = version, .now_ms = now_ms };
    if (!declaration_type_read(declaration->type_code, &view.type))
        view.type.data_set = DATA_SET_PLAIN; // R-201 speaks about it
    if (is(declaration->function_code, "13") && view.type.data_set != DATA_SET_PLAIN &&
        declaration->items.count == 0)
        view.type.data_set = DATA_SET_REQUEST; // an amendment that names only what it changes
    if (is(declaration->function_code, "1")) view.type.data_set = DATA_SET_REQUEST;
    view.direction = direction_of(declaration, &view.type);
    return view;
}

bool broken_at(struct spot *spot, uint32_t index)
{
    assert(index >= spot->next);
    spot->index = index;
    spot->next = index + 1;
    return false;
}

bool broken_by_name(struct spot *spot, uint32_t at, const struct named *names)
{
    spot->name = names[at].name;
    return broken_at(spot, at);
}

bool is_one_of(struct span s, const char *words)
{
    while (*words != '\0') {
        size_t len = (size_t)(strchr(words, ' ') - words);
        if (s.len == len && memcmp(s.at, words, len) == 0) return true;
        words += len + 1;
    }
    return false;
}

bool said_by_whole_or_items(const struct declaration *declaration, size_t whole, size_t item)
{
    const struct span *said = (const void *)((const char *)declaration + whole);
    if (said->len > 0) return true;
    for (uint32_t i = 0; i < declaration->items.count; i++) {
        said = (const void *)((const char *)&declaration->items.at[i] + item);
        if (said->len == 0) return false;
    }
    return declaration->items.count > 0;
}

bool party_given(const struct party *party)
{
    return party->id.len > 0 || party->name.len > 0;
}

bool is_full(const struct view *view)
{
    return view->type.data_set == DATA_SET_FULL;
}

bool is_full_or_simplified(const struct view *view)
{
    return is_full(view) || view->type.data_set == DATA_SET_SIMPLIFIED;
}

bool is_full_or_plain(const struct view *view)
{
    return is_full(view) || view->type.data_set == DATA_SET_PLAIN;
}

bool is_supplementary(const struct view *view)
{
    return is_full(view) && view->type.additional >= 'U' && view->type.additional <= 'Z';
}

struct procedure item_procedure(const struct item *item)
{
    return item->procedures.count > 0 ? item->procedures.at[0] : (struct procedure){ 0 };
}

bool item_has_additional_procedure(const struct item *item, const char *codes)
{
    for (uint32_t i = 1; i < item->procedures.count; i++)
        if (is_one_of(item->procedures.at[i].current_code, codes)) return true;
    return false;
}

bool for_home_use(const struct view *view, const struct item *item)
{
    if (view->direction != DIRECTION_IMPORT || !is_full_or_plain(view)) return false;
    struct span code = item_procedure(item).current_code;
    if (code.len == 0) return true; // nothing else is asked for
    return code.at[0] == '4' || code.at[0] == '6' || is_one_of(code, "01 02 07 ");
}

struct span item_preference(const struct item *item)
{
    for (uint32_t i = 0; i < item->duty_tax_fees.count; i++)
        if (item->duty_tax_fees.at[i].regime_code.len > 0)
            return item->duty_tax_fees.at[i].regime_code;
    return SPAN("");
}
