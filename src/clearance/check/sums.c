// R-4xx: numbers agree with each other: counts, sums, masses, signs.

#include "clearance/check/view.h"

#include <assert.h>

#include "base/limits.h"

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static bool negative(struct decimal value)
{
    return value.given && decimal_sign(value) < 0;
}

static bool zero(struct decimal value)
{
    return value.given && decimal_sign(value) == 0;
}

static bool item_count_fits(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    return !d->goods_item_count.given || d->items.count == 0 ||
           d->goods_item_count.value == d->items.count;
}

static bool package_total_fits(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (!d->total_package_count.given) return true;
    uint64_t sum = 0;
    bool counted = false;
    for (uint32_t i = 0; i < d->items.count; i++) {
        for (uint32_t k = 0; k < d->items.at[i].packages.count; k++) {
            const struct package *package = &d->items.at[i].packages.at[k];
            if (!package->quantity.given && !package_type_is_bulk(package->type_code)) return true;
            sum += package->quantity.value;
            counted = true;
        }
    }
    return !counted || sum == d->total_package_count.value;
}

static bool invoice_total_fits(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (!d->invoice_amount.value.given || d->items.count == 0) return true;
    struct decimal sum = decimal_of(0, 0);
    for (uint32_t i = 0; i < d->items.count; i++) {
        const struct amount *price = &d->items.at[i].price;
        if (!price->value.given || !span_equal(price->currency, d->invoice_amount.currency))
            return true; // not to be compared
        if (!decimal_add(sum, price->value, &sum)) return false; // beyond every invoice
    }
    return decimal_compare(sum, d->invoice_amount.value) == 0;
}

static bool gross_total_fits(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    if (!d->total_gross_mass.given || d->items.count == 0) return true;
    struct decimal sum = decimal_of(0, 0), most, least, kilogram = decimal_of(1, 0);
    for (uint32_t i = 0; i < d->items.count; i++) {
        if (!d->items.at[i].gross_mass.given) return true;
        if (!decimal_add(sum, d->items.at[i].gross_mass, &sum)) return false;
    }
    if (!decimal_add(sum, kilogram, &most)) return false;
    if (!decimal_add(d->total_gross_mass, kilogram, &least)) return false;
    return decimal_compare(d->total_gross_mass, most) <= 0 && decimal_compare(sum, least) <= 0;
}

// Each number from 1 to n once, in whatever order; all of them may be left out.
static bool items_numbered(const struct view *view, struct spot *spot)
{
    const struct declaration *d = view->declaration;
    assert(d->items.count <= DECLARATION_ITEMS_MAX);
    bool seen[DECLARATION_ITEMS_MAX + 1];
    memset(seen, 0, d->items.count + 1);
    for (uint32_t i = 0; i < d->items.count; i++) {
        struct number sequence = d->items.at[i].sequence;
        if (!sequence.given) continue;
        bool fits = sequence.value >= 1 && sequence.value <= d->items.count &&
                    !seen[sequence.value];
        if (fits) seen[sequence.value] = true;
        else if (i >= spot->next) return broken_at(spot, i);
    }
    return true;
}

static const struct named amounts[] = {
    { "freight", offsetof(struct declaration, freight.value) },
    { "insurance", offsetof(struct declaration, insurance.value) },
    { "invoiceAmount", offsetof(struct declaration, invoice_amount.value) },
};

static bool amounts_not_negative(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < COUNT(amounts); i++)
        if (negative(*(const struct decimal *)named_at(view->declaration, &amounts[i])))
            return broken_by_name(spot, i, amounts);
    return true;
}

static bool rate_above_zero(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct decimal rate = view->declaration->exchange_rate;
    return !rate.given || decimal_sign(rate) > 0;
}

static bool total_mass_not_negative(const struct view *view, struct spot *spot)
{
    (void)spot;
    return !negative(view->declaration->total_gross_mass);
}

static const struct named masses[] = {
    { "grossMass", offsetof(struct item, gross_mass) },
    { "netMass", offsetof(struct item, net_mass) },
};

static bool masses_not_negative(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < COUNT(masses); i++)
        if (negative(*(const struct decimal *)named_at(view->item, &masses[i])))
            return broken_by_name(spot, i, masses);
    return true;
}

static bool masses_not_zero(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < COUNT(masses); i++)
        if (zero(*(const struct decimal *)named_at(view->item, &masses[i])))
            return broken_by_name(spot, i, masses);
    return true;
}

static bool net_within_gross(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct item *item = view->item;
    if (!item->net_mass.given || !item->gross_mass.given) return true;
    if (zero(item->gross_mass)) return true; // packed with another item; R-423 speaks about it
    if (negative(item->gross_mass) || negative(item->net_mass)) return true;
    return decimal_compare(item->net_mass, item->gross_mass) <= 0;
}

static const struct named item_amounts[] = {
    { "price", offsetof(struct item, price.value) },
    { "statisticalValue", offsetof(struct item, statistical_value.value) },
    { "customsValue", offsetof(struct item, customs_value.value) },
    { "freight", offsetof(struct item, freight.value) },
};

static bool item_amounts_not_negative(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < COUNT(item_amounts); i++)
        if (negative(*(const struct decimal *)named_at(view->item, &item_amounts[i])))
            return broken_by_name(spot, i, item_amounts);
    return true;
}

static bool price_not_zero(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct item *item = view->item;
    if (!for_home_use(view, item) || item->customs_value.value.given) return true;
    return !zero(item->price.value);
}

static bool supplementary_above_zero(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct decimal value = view->item->supplementary_units.value;
    return !value.given || decimal_sign(value) > 0;
}

static const struct rule rules[] = {
    { "R-401", "goodsItemCount", SEVERITY_ERROR,
      "the number of items is the one declared",
      "Count the items again, or look for one that was lost.",
      ABOUT_WHOLE, item_count_fits },
    { "R-402", "totalPackageCount", SEVERITY_WARNING,
      "the packages of all items add up to the total",
      "Packages shared by items are counted with one of them, and as 0 with the others.",
      ABOUT_WHOLE, package_total_fits },
    { "R-403", "invoiceAmount", SEVERITY_ERROR,
      "the prices of all items add up to the invoice amount",
      "Share discounts and costs on the invoice out among the items, or declare them apart.",
      ABOUT_WHOLE, invoice_total_fits },
    { "R-404", "totalGrossMass", SEVERITY_ERROR,
      "the gross masses of all items add up to the total within a kilogram",
      "Weigh again, or look for an item that was lost.",
      ABOUT_WHOLE, gross_total_fits },
    { "R-405", "items[].sequence", SEVERITY_ERROR,
      "items are numbered from 1 without gap or double",
      "Number the items 1, 2, 3 and so on.",
      ABOUT_WHOLE, items_numbered },
    { "R-406", "*.value", SEVERITY_ERROR,
      "no amount of the whole is negative",
      "Declare what is deducted as a charge.",
      ABOUT_WHOLE, amounts_not_negative },
    { "R-407", "exchangeRate", SEVERITY_ERROR,
      "the exchange rate is above zero",
      "Units of the local currency for one of the invoice's; leave it out for the official one.",
      ABOUT_WHOLE, rate_above_zero },
    { "R-408", "totalGrossMass", SEVERITY_ERROR,
      "the total gross mass is not negative",
      "In kilograms, with the packing.",
      ABOUT_WHOLE, total_mass_not_negative },
    { "R-421", "items[].netMass", SEVERITY_ERROR,
      "the net mass is not above the gross mass",
      "Net is the goods alone; gross is with packing.",
      ABOUT_ITEM, net_within_gross },
    { "R-422", "items[].*", SEVERITY_ERROR,
      "no mass is negative",
      "In kilograms.",
      ABOUT_ITEM, masses_not_negative },
    { "R-423", "items[].*", SEVERITY_WARNING,
      "no mass is zero",
      "In kilograms; up to three digits behind the point for what is light.",
      ABOUT_ITEM, masses_not_zero },
    { "R-424", "items[].*.value", SEVERITY_ERROR,
      "no amount of an item is negative",
      "Declare what is deducted as a charge.",
      ABOUT_ITEM, item_amounts_not_negative },
    { "R-425", "items[].price.value", SEVERITY_WARNING,
      "goods for home use are not free of charge",
      "Customs asks for the value of gifts and samples too: declare it by another method.",
      ABOUT_ITEM, price_not_zero },
    { "R-426", "items[].supplementaryUnits.value", SEVERITY_WARNING,
      "the supplementary quantity is above zero",
      "Count or measure the goods in the unit that the tariff asks for.",
      ABOUT_ITEM, supplementary_above_zero },
};

const struct rule_group sum_rules = { rules, sizeof(rules) / sizeof(rules[0]) };
