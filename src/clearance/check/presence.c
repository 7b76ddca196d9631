// R-1xx: what a declaration has to say at all. Simplified declarations and notices owe less.

#include "clearance/check/view.h"

#define DECLARATION_AND_ITEM(field) \
    offsetof(struct declaration, field), offsetof(struct item, field)

static bool direction_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return view->direction != DIRECTION_UNKNOWN || view->type.data_set == DATA_SET_REQUEST ||
           view->type.data_set == DATA_SET_NOTICE;
}

static bool items_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return view->declaration->items.count > 0 || view->type.data_set == DATA_SET_REQUEST;
}

static bool reference_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return view->declaration->functional_reference_id.len > 0 || view->declaration->ucr.len > 0;
}

static bool declarant_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct declaration *d = view->declaration;
    return view->type.data_set == DATA_SET_REQUEST || party_given(&d->declarant) ||
           party_given(&d->agent) || party_given(&d->submitter) ||
           party_given(view->direction == DIRECTION_EXPORT ? &d->exporter : &d->importer);
}

static bool importer_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->direction != DIRECTION_IMPORT) return true;
    if (!is_full_or_plain(view) && !is_full_or_simplified(view)) return true;
    return party_given(&view->declaration->importer) ||
           party_given(&view->declaration->consignee);
}

static bool exporter_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->direction != DIRECTION_EXPORT) return true;
    if (!is_full_or_plain(view) && !is_full_or_simplified(view)) return true;
    return party_given(&view->declaration->exporter) ||
           party_given(&view->declaration->consignor);
}

static bool destination_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->direction != DIRECTION_EXPORT) return true;
    if (!is_full_or_plain(view) && !is_full_or_simplified(view)) return true;
    if (view->declaration->items.count == 0) return true;
    return said_by_whole_or_items(view->declaration, DECLARATION_AND_ITEM(destination_country));
}

static bool dispatch_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->direction != DIRECTION_IMPORT || !is_full_or_plain(view)) return true;
    if (view->declaration->items.count == 0) return true;
    return said_by_whole_or_items(view->declaration, DECLARATION_AND_ITEM(export_country));
}

static bool border_mode_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return !is_full_or_simplified(view) || view->declaration->border_means.mode_code.len > 0;
}

static bool location_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!is_full_or_simplified(view) || is_supplementary(view)) return true;
    const struct goods_location *location = &view->declaration->goods_location;
    return location->id.len > 0 || location->name.len > 0;
}

static bool exit_office_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->direction != DIRECTION_EXPORT || !is_full_or_simplified(view)) return true;
    return view->declaration->exit_office_id.len > 0;
}

static bool procedure_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return !is_full_or_simplified(view) || item_procedure(view->item).current_code.len > 0;
}

static bool commodity_code_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!is_full_or_plain(view)) return true;
    for (uint32_t i = 0; i < view->item->classifications.count; i++)
        if (view->item->classifications.at[i].id.len > 0) return true;
    return false;
}

static bool description_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return !is_full_or_simplified(view) || view->item->description.len > 0;
}

static bool origin_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!for_home_use(view, view->item)) return true;
    if (item_has_additional_procedure(view->item, "C07 C08 ")) return true; // of little value: free
    return view->item->origins.count > 0 && view->item->origins.at[0].country_code.len > 0;
}

static bool price_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    const struct item *item = view->item;
    if (!for_home_use(view, item)) return true;
    if (item_has_additional_procedure(item, "E01 E02 ")) return true; // fruit, by unit prices
    return item->price.value.given || item->customs_value.value.given ||
           item->statistical_value.value.given;
}

static bool gross_mass_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return !is_full(view) || view->item->gross_mass.given ||
           view->declaration->total_gross_mass.given;
}

static bool net_mass_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return !is_full_or_plain(view) || view->item->net_mass.given;
}

static bool packages_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    return !is_full(view) || view->item->packages.count > 0;
}

static bool statistical_value_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->direction != DIRECTION_EXPORT || !is_full(view)) return true;
    return view->item->statistical_value.value.given;
}

static bool preference_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!is_full(view) || !for_home_use(view, view->item)) return true;
    if (item_has_additional_procedure(view->item, "C07 C08 ")) return true;
    return item_preference(view->item).len > 0;
}

static bool valuation_method_given(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (!is_full(view) || !for_home_use(view, view->item)) return true;
    if (view->item->customs_value.value.given) return true;
    return view->item->valuation_method_code.len > 0;
}

static const struct rule rules[] = {
    { "R-101", "typeCode", SEVERITY_ERROR,
      "the declaration says whether the goods come in or go out",
      "Give the type IM, EX or CO, with the letter of the additional type if there is one: IMA.",
      ABOUT_WHOLE, direction_given },
    { "R-102", "items", SEVERITY_ERROR,
      "the declaration has at least one item",
      "Declare each kind of goods as an item of its own.",
      ABOUT_WHOLE, items_given },
    { "R-103", "functionalReferenceId", SEVERITY_WARNING,
      "the declaration carries a reference of the declarant",
      "Give a local reference number that you use once only, or a unique consignment reference.",
      ABOUT_WHOLE, reference_given },
    { "R-104", "declarant", SEVERITY_ERROR,
      "somebody answers for the declaration",
      "Name the declarant, by identification number or by name and address.",
      ABOUT_WHOLE, declarant_given },
    { "R-105", "importer", SEVERITY_ERROR,
      "an import names its importer",
      "Give the importer's identification number, or name and address.",
      ABOUT_WHOLE, importer_given },
    { "R-106", "exporter", SEVERITY_WARNING,
      "an export names its exporter",
      "Give the exporter's identification number, or name and address.",
      ABOUT_WHOLE, exporter_given },
    { "R-107", "destinationCountry", SEVERITY_ERROR,
      "an export names the country of destination",
      "Give it for the whole declaration, or for each item.",
      ABOUT_WHOLE, destination_given },
    { "R-108", "exportCountry", SEVERITY_WARNING,
      "an import names the country from which the goods were sent",
      "Give it for the whole declaration, or for each item.",
      ABOUT_WHOLE, dispatch_given },
    { "R-109", "borderMeans.modeCode", SEVERITY_WARNING,
      "the declaration says how the goods cross the border",
      "1 by sea, 2 by rail, 3 by road, 4 by air, 5 by mail, 7 by pipe or line, 8 by waterway.",
      ABOUT_WHOLE, border_mode_given },
    { "R-110", "goodsLocation", SEVERITY_WARNING,
      "the declaration says where the goods can be seen",
      "Give the identification or the name of the place.",
      ABOUT_WHOLE, location_given },
    { "R-111", "exitOfficeId", SEVERITY_WARNING,
      "an export names the office where the goods leave",
      "Give the reference number of the customs office of exit.",
      ABOUT_WHOLE, exit_office_given },
    { "R-121", "items[].procedures", SEVERITY_ERROR,
      "each item names the procedure that is asked for",
      "Home use of imported goods is 40, permanent export is 10.",
      ABOUT_ITEM, procedure_given },
    { "R-122", "items[].classifications", SEVERITY_ERROR,
      "each item has a commodity code",
      "Six to ten digits of the customs tariff.",
      ABOUT_ITEM, commodity_code_given },
    { "R-123", "items[].description", SEVERITY_WARNING,
      "each item is described in words",
      "Describe the goods so that somebody who has not seen them could classify them.",
      ABOUT_ITEM, description_given },
    { "R-124", "items[].origins", SEVERITY_ERROR,
      "goods for home use name their country of origin",
      "The country where the goods were made, not the one where they were bought.",
      ABOUT_ITEM, origin_given },
    { "R-125", "items[].price", SEVERITY_ERROR,
      "goods for home use have a price or a value",
      "Give the price on the invoice for this item; where there was no sale, the customs value.",
      ABOUT_ITEM, price_given },
    { "R-126", "items[].grossMass", SEVERITY_WARNING,
      "each item has a gross mass",
      "In kilograms, with the packing.",
      ABOUT_ITEM, gross_mass_given },
    { "R-127", "items[].netMass", SEVERITY_WARNING,
      "each item has a net mass",
      "In kilograms, without any packing.",
      ABOUT_ITEM, net_mass_given },
    { "R-128", "items[].packages", SEVERITY_WARNING,
      "each item says how it is packed",
      "Give the kind, the number and the marks of the packages; bulk goods have own kinds.",
      ABOUT_ITEM, packages_given },
    { "R-129", "items[].statisticalValue", SEVERITY_WARNING,
      "exported goods have a statistical value",
      "The value of the goods at the border where they leave.",
      ABOUT_ITEM, statistical_value_given },
    { "R-130", "items[].dutyTaxFees", SEVERITY_WARNING,
      "goods for home use say which preference is claimed",
      "100 when none is.",
      ABOUT_ITEM, preference_given },
    { "R-131", "items[].valuationMethodCode", SEVERITY_WARNING,
      "goods for home use say how they were valued",
      "1 by the price paid, 2 and 3 by like goods, 4 by resale, 5 by cost, 6 by reason.",
      ABOUT_ITEM, valuation_method_given },
};

const struct rule_group presence_rules = { rules, sizeof(rules) / sizeof(rules[0]) };
