// origin_count: how each material counts, which a scope speaks of, and sums with their doubts.
//
// For origin_weigh only. Sums are integers of a millionth of the currency or kilogram; the sheet's
// limits keep each below 10^18, and all of them together are checked once.
#ifndef TW_TARIFF_ORIGIN_COUNT_H
#define TW_TARIFF_ORIGIN_COUNT_H

#include "tariff/origin_weigh.h"

struct weighing {
    const struct origin_scheme *scheme;
    const struct origin_sheet *sheet;
    const struct origin_count *counts;
    bool without_cumulation;  // materials that count by cumulation do not
};

enum certainty { SURELY_NOT, PERHAPS, SURELY };

// Says how each material of the sheet counts under the scheme.
void origin_count_materials(const struct origin_scheme *scheme, const struct origin_sheet *sheet,
                            struct origin_count *counts);

enum origin_counted origin_counted_now(const struct weighing *w, uint32_t material);

// Whether the material is of the product's own group of so many digits.
enum certainty origin_is_own(const struct weighing *w, uint32_t material, uint8_t digits);

// Whether the scope speaks of the material.
enum certainty origin_scope_has(const struct weighing *w, const struct origin_scope *scope,
                                uint32_t material);

// Whether it counts as not originating.
enum certainty origin_is_foreign(const struct weighing *w, uint32_t material);

enum certainty certainty_both(enum certainty a, enum certainty b);
enum certainty certainty_not(enum certainty a);

void origin_rows_add(struct origin_rows *rows, uint32_t material);

// At least `low`; at most `high`, unless `open`: then a figure is missing.
struct origin_sum {
    int64_t low, high;
    bool open;
    struct origin_rows sure, doubtful, missing;
};

// The sum of the materials of a scope that do not originate (`foreign`), or that do.
void origin_sum_of(const struct weighing *w, const struct origin_scope *scope, bool foreign,
                   bool by_weight, struct origin_sum *sum);

// The same of the materials for which `is` says so.
typedef enum certainty origin_test(const struct weighing *w, uint32_t material,
                                   const void *context);
void origin_sum_where(const struct weighing *w, origin_test *is, const void *context,
                      bool by_weight, struct origin_sum *sum);

// Values and masses as millionths; 0 for what is not given.
int64_t origin_micros(struct decimal value);
struct decimal origin_from_micros(int64_t micros); // without zeros at its end

#endif
