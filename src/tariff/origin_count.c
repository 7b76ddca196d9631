#include "tariff/origin_count.h"

#include <assert.h>

static const int64_t tens[ORIGIN_AMOUNT_SCALE + 1] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };

int64_t origin_micros(struct decimal value)
{
    if (!value.given) return 0;
    assert(value.scale <= ORIGIN_AMOUNT_SCALE);
    return value.digits * tens[ORIGIN_AMOUNT_SCALE - value.scale];
}

struct decimal origin_from_micros(int64_t micros)
{
    uint8_t scale = ORIGIN_AMOUNT_SCALE;
    while (scale > 0 && micros % 10 == 0) {
        micros /= 10;
        scale--;
    }
    return decimal_of(micros, scale);
}

// --- How a material counts ---

static struct origin_count by_country(const struct origin_sheet *sheet,
                                      const struct origin_material *material)
{
    struct origin_count count = { .ground = ORIGIN_MINE_BY_COUNTRY };
    if (material->country.len == 0) return (struct origin_count){ 0 };
    bool mine = span_equal(material->country, sheet->country);
    if (!mine) count.counted = ORIGIN_COUNTS_NOT;
    else if (material->status == ORIGIN_WHOLLY) count.counted = ORIGIN_COUNTS_WHOLLY;
    else count.counted = ORIGIN_COUNTS;
    return count;
}

// The cumulation by which materials that originate in the country count; the scheme's count when
// none.
static uint32_t find_cumulation(const struct origin_scheme *scheme, struct span country)
{
    uint32_t i = 0;
    while (i < scheme->cumulations_count &&
           !origin_countries_have(scheme->cumulations[i].countries, scheme->cumulations[i].count,
                                  country))
        i++;
    return i;
}

static struct origin_count originating(const struct origin_scheme *scheme,
                                       const struct origin_sheet *sheet,
                                       const struct origin_material *material)
{
    struct origin_count count = { .ground = ORIGIN_AS_STATED };
    bool wholly = material->status == ORIGIN_WHOLLY;
    if (material->country.len == 0) {
        count.ground = ORIGIN_COUNTRY_UNKNOWN;
        return count;
    }
    if (span_equal(material->country, sheet->country)) {
        count.counted = wholly ? ORIGIN_COUNTS_WHOLLY : ORIGIN_COUNTS;
        return count;
    }
    count.cumulation = find_cumulation(scheme, material->country);
    if (count.cumulation == scheme->cumulations_count) {
        count.counted = ORIGIN_COUNTS_NOT;
        count.ground = ORIGIN_ORIGINATES_ELSEWHERE;
        return count;
    }
    // What is wholly obtained in the partner counts so; beyond the two, it only originates.
    bool partner = scheme->cumulations[count.cumulation].kind == ORIGIN_BILATERAL;
    count.counted = wholly && partner ? ORIGIN_COUNTS_WHOLLY : ORIGIN_COUNTS;
    count.ground = ORIGIN_BY_CUMULATION;
    return count;
}

void origin_count_materials(const struct origin_scheme *scheme, const struct origin_sheet *sheet,
                            struct origin_count *counts)
{
    for (uint32_t i = 0; i < sheet->materials_count; i++) {
        const struct origin_material *material = &sheet->materials[i];
        struct origin_count count = { 0 };
        if (!scheme->preferential) count = by_country(sheet, material);
        else if (material->status == ORIGIN_NO) count.counted = ORIGIN_COUNTS_NOT;
        else if (material->status != ORIGIN_UNKNOWN) count = originating(scheme, sheet, material);
        counts[i] = count;
    }
}

enum origin_counted origin_counted_now(const struct weighing *w, uint32_t material)
{
    const struct origin_count *count = &w->counts[material];
    bool by_cumulation = count->ground == ORIGIN_BY_CUMULATION;
    return by_cumulation && w->without_cumulation ? ORIGIN_COUNTS_NOT : count->counted;
}

// --- Certainties ---

enum certainty certainty_both(enum certainty a, enum certainty b) { return a < b ? a : b; }
static enum certainty either(enum certainty a, enum certainty b) { return a > b ? a : b; }

enum certainty certainty_not(enum certainty a)
{
    if (a == PERHAPS) return PERHAPS;
    return a == SURELY ? SURELY_NOT : SURELY;
}

static enum certainty within(struct origin_range code, struct origin_range range)
{
    if (code.to < range.from || code.from > range.to) return SURELY_NOT;
    return range.from <= code.from && code.to <= range.to ? SURELY : PERHAPS;
}

static struct origin_range group_of(struct origin_range code, uint8_t digits)
{
    uint64_t unit = 1;
    for (unsigned i = digits; i < ORIGIN_CODE_DIGITS; i++) unit *= 10;
    return (struct origin_range){ code.from / unit * unit, code.to / unit * unit + unit - 1 };
}

enum certainty origin_is_own(const struct weighing *w, uint32_t material, uint8_t digits)
{
    struct origin_range product = w->sheet->code;
    struct origin_range own = group_of(product, digits);
    enum certainty in = within(w->sheet->materials[material].code, own);
    // A product whose own code is shorter than the group may be in any of several.
    bool one_group = group_of((struct origin_range){ product.from, product.from }, digits).to >=
                     product.to;
    return in == SURELY && !one_group ? PERHAPS : in;
}

static enum certainty described(const struct origin_material *material, struct span words)
{
    const struct span *is = material->is.items;
    if (words.len == 0) return SURELY;
    for (uint32_t i = 0; i < material->is.count; i++)
        if (span_equal(is[i], words)) return SURELY;
    return material->is_given ? SURELY_NOT : PERHAPS;
}

enum certainty origin_scope_has(const struct weighing *w, const struct origin_scope *scope,
                                uint32_t material)
{
    const struct origin_material *row = &w->sheet->materials[material];
    enum certainty in = scope->count == 0 && scope->own == 0 ? SURELY : SURELY_NOT;
    for (uint32_t i = 0; i < scope->count && in != SURELY; i++)
        in = either(in, within(row->code, scope->ranges[i]));
    if (scope->own != 0) in = either(in, origin_is_own(w, material, scope->own));
    return certainty_both(in, described(row, scope->words));
}

enum certainty origin_is_foreign(const struct weighing *w, uint32_t material)
{
    switch (origin_counted_now(w, material)) {
    case ORIGIN_COUNTS_UNKNOWN: return PERHAPS;
    case ORIGIN_COUNTS_NOT: return SURELY;
    case ORIGIN_COUNTS:
    case ORIGIN_COUNTS_WHOLLY: break;
    }
    return SURELY_NOT;
}

// --- Sums ---

void origin_rows_add(struct origin_rows *rows, uint32_t material)
{
    if (rows->count < ORIGIN_ROWS_MAX) rows->at[rows->count] = material;
    rows->count++;
}

void origin_sum_where(const struct weighing *w, origin_test *is, const void *context,
                      bool by_weight, struct origin_sum *sum)
{
    *sum = (struct origin_sum){ 0 };
    for (uint32_t i = 0; i < w->sheet->materials_count; i++) {
        const struct origin_material *material = &w->sheet->materials[i];
        struct decimal figure = by_weight ? material->weight : material->value;
        enum certainty certain = is(w, i, context);
        if (certain == SURELY_NOT) continue;
        int64_t micros = origin_micros(figure);
        sum->high += micros;
        if (certain == SURELY) sum->low += micros;
        origin_rows_add(certain == SURELY ? &sum->sure : &sum->doubtful, i);
        if (figure.given) continue;
        sum->open = true;
        origin_rows_add(&sum->missing, i);
    }
}

struct scope_test { const struct origin_scope *scope; bool foreign; };

static enum certainty in_scope(const struct weighing *w, uint32_t material, const void *context)
{
    const struct scope_test *test = context;
    enum certainty foreign = origin_is_foreign(w, material);
    return certainty_both(origin_scope_has(w, test->scope, material),
                          test->foreign ? foreign : certainty_not(foreign));
}

void origin_sum_of(const struct weighing *w, const struct origin_scope *scope, bool foreign,
                   bool by_weight, struct origin_sum *sum)
{
    struct scope_test test = { scope, foreign };
    origin_sum_where(w, in_scope, &test, by_weight, sum);
}
