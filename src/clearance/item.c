#include "clearance/item.h"

#include <assert.h>

uint32_t item_number(const struct declaration *declaration, const struct item *item)
{
    assert(item >= declaration->items.at);
    assert(item < declaration->items.at + declaration->items.count);
    if (item->sequence.given) return item->sequence.value;
    return (uint32_t)(item - declaration->items.at) + 1;
}

struct span item_asked_procedure(const struct item *item)
{
    return item->procedures.count > 0 ? item->procedures.at[0].current_code : SPAN("");
}

enum direction item_direction(const struct declaration *declaration, const struct item *item)
{
    enum direction direction = procedure_direction(item_asked_procedure(item));
    if (direction != DIRECTION_UNKNOWN) return direction;
    struct declaration_type type;
    return declaration_type_read(declaration->type_code, &type) ? type.direction
                                                                : DIRECTION_UNKNOWN;
}

static bool for_home_use(struct span procedure)
{
    return procedure.len == 0 || procedure.at[0] == '4' || procedure.at[0] == '6' ||
           span_equal(procedure, SPAN("01")) || span_equal(procedure, SPAN("02")) ||
           span_equal(procedure, SPAN("07"));
}

bool item_needs_value(const struct declaration *declaration, const struct item *item)
{
    struct declaration_type type;
    bool known = declaration_type_read(declaration->type_code, &type);
    if (known && (type.data_set == DATA_SET_NOTICE || type.data_set == DATA_SET_SIMPLIFIED))
        return false;
    return item_direction(declaration, item) != DIRECTION_EXPORT &&
           for_home_use(item_asked_procedure(item));
}

static struct span classified(const struct item *item, struct span type)
{
    for (uint32_t i = 0; i < item->classifications.count; i++)
        if (span_equal(item->classifications.at[i].type_code, type))
            return item->classifications.at[i].id;
    return SPAN("");
}

struct span item_commodity(const struct item *item, char digits[ITEM_COMMODITY_SIZE])
{
    struct span code = classified(item, SPAN("TSP")), behind = classified(item, SPAN("TRC"));
    if (code.len == 0 && item->classifications.count > 0) return item->classifications.at[0].id;
    if (code.len != 8 || behind.len != 2) return code;
    memcpy(digits, code.at, code.len);
    memcpy(digits + code.len, behind.at, behind.len);
    return (struct span){ digits, code.len + behind.len };
}

struct span item_regime(const struct item *item)
{
    for (uint32_t i = 0; i < item->duty_tax_fees.count; i++)
        if (item->duty_tax_fees.at[i].regime_code.len > 0)
            return item->duty_tax_fees.at[i].regime_code;
    return SPAN("");
}

struct span item_origin(const struct item *item, struct span regime)
{
    bool claims = regime.len > 0 && regime.at[0] != '1';
    struct span wanted = claims ? SPAN("2") : SPAN("1"); // preferential, or for everybody
    for (uint32_t i = 0; i < item->origins.count; i++)
        if (span_equal(item->origins.at[i].type_code, wanted))
            return item->origins.at[i].country_code;
    return item->origins.count > 0 ? item->origins.at[0].country_code : SPAN("");
}

struct date declaration_day(const struct declaration *declaration, int64_t now_ms)
{
    return moment_date(declaration->accepted_at.given ? declaration->accepted_at.at_ms : now_ms);
}
