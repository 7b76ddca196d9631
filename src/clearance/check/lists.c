// R-2xx: codes are in their lists. What is not given is not looked at here.

#include "clearance/check/view.h"

#include <assert.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static bool absent_or(bool (*known)(struct span), struct span code)
{
    return code.len == 0 || known(code);
}

static bool names_known(const void *base, const struct named *names, uint32_t count,
                        bool (*known)(struct span), struct spot *spot)
{
    assert(base != NULL);
    for (uint32_t i = spot->next; i < count; i++) {
        const struct span *code = named_at(base, &names[i]);
        if (!absent_or(known, *code)) return broken_by_name(spot, i, names);
    }
    return true;
}

static bool type_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct declaration_type type;
    struct span code = view->declaration->type_code;
    return code.len == 0 || declaration_type_read(code, &type);
}

static bool function_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span code = view->declaration->function_code;
    return code.len == 0 || is_one_of(code, "1 4 5 9 13 ");
}

static bool requested_procedure_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span code = item_procedure(view->item).current_code;
    if (view->type.data_set == DATA_SET_NOTICE && is(code, "00")) return true; // asks for nothing
    return absent_or(procedure_known, code);
}

static bool former_procedure_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    if (view->type.data_set == DATA_SET_NOTICE) return true; // national reasons stand there
    return absent_or(previous_procedure_known, item_procedure(view->item).previous_code);
}

static bool additional_procedures_shaped(const struct view *view, struct spot *spot)
{
    uint32_t first = spot->next > 0 ? spot->next : 1; // the one before them is the procedure
    for (uint32_t i = first; i < view->item->procedures.count; i++) {
        struct span code = view->item->procedures.at[i].current_code;
        bool shaped = code.len == 3;
        for (size_t k = 0; shaped && k < code.len; k++)
            shaped = (code.at[k] >= '0' && code.at[k] <= '9') ||
                     (code.at[k] >= 'A' && code.at[k] <= 'Z');
        if (!shaped) return broken_at(spot, i);
    }
    return true;
}

static bool origins_known(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->item->origins.count; i++)
        if (!absent_or(country_in_customs_use, view->item->origins.at[i].country_code))
            return broken_at(spot, i);
    return true;
}

static const struct named whole_countries[] = {
    { "destinationCountry", offsetof(struct declaration, destination_country) },
    { "exportCountry", offsetof(struct declaration, export_country) },
};

static bool countries_known(const struct view *view, struct spot *spot)
{
    return names_known(view->declaration, whole_countries, COUNT(whole_countries),
                       country_in_customs_use, spot);
}

static const struct named item_countries[] = {
    { "destinationCountry", offsetof(struct item, destination_country) },
    { "exportCountry", offsetof(struct item, export_country) },
};

static bool item_countries_known(const struct view *view, struct spot *spot)
{
    return names_known(view->item, item_countries, COUNT(item_countries), country_in_customs_use,
                       spot);
}

static const struct named parties[] = {
    { "agent", offsetof(struct declaration, agent.address.country_code) },
    { "buyer", offsetof(struct declaration, buyer.address.country_code) },
    { "carrier", offsetof(struct declaration, carrier.address.country_code) },
    { "consignee", offsetof(struct declaration, consignee.address.country_code) },
    { "consignor", offsetof(struct declaration, consignor.address.country_code) },
    { "declarant", offsetof(struct declaration, declarant.address.country_code) },
    { "exporter", offsetof(struct declaration, exporter.address.country_code) },
    { "importer", offsetof(struct declaration, importer.address.country_code) },
    { "payer", offsetof(struct declaration, payer.address.country_code) },
    { "seller", offsetof(struct declaration, seller.address.country_code) },
    { "submitter", offsetof(struct declaration, submitter.address.country_code) },
};

static bool addresses_known(const struct view *view, struct spot *spot)
{
    return names_known(view->declaration, parties, COUNT(parties), country_in_customs_use, spot);
}

static const struct named places[] = {
    { "arrivalMeans.nationalityCode",
      offsetof(struct declaration, arrival_means.nationality_code) },
    { "borderMeans.nationalityCode", offsetof(struct declaration, border_means.nationality_code) },
    { "departureMeans.nationalityCode",
      offsetof(struct declaration, departure_means.nationality_code) },
    { "goodsLocation.countryCode", offsetof(struct declaration, goods_location.country_code) },
    { "tradeTerms.countryCode", offsetof(struct declaration, trade_terms.country_code) },
};

static bool transport_countries_known(const struct view *view, struct spot *spot)
{
    return names_known(view->declaration, places, COUNT(places), country_in_customs_use, spot);
}

static bool route_known(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->declaration->itinerary.count; i++)
        if (!absent_or(country_in_customs_use, view->declaration->itinerary.at[i].country_code))
            return broken_at(spot, i);
    return true;
}

static const struct named whole_amounts[] = {
    { "invoiceAmount", offsetof(struct declaration, invoice_amount.currency) },
    { "freight", offsetof(struct declaration, freight.currency) },
    { "insurance", offsetof(struct declaration, insurance.currency) },
};

static bool currencies_known(const struct view *view, struct spot *spot)
{
    return names_known(view->declaration, whole_amounts, COUNT(whole_amounts), currency_known,
                       spot);
}

static const struct named item_amounts[] = {
    { "price", offsetof(struct item, price.currency) },
    { "statisticalValue", offsetof(struct item, statistical_value.currency) },
    { "customsValue", offsetof(struct item, customs_value.currency) },
    { "freight", offsetof(struct item, freight.currency) },
};

static bool item_currencies_known(const struct view *view, struct spot *spot)
{
    return names_known(view->item, item_amounts, COUNT(item_amounts), currency_known, spot);
}

static bool charges_known(const struct charge *charges, uint32_t count, struct spot *spot)
{
    for (uint32_t i = spot->next; i < count; i++)
        if (!absent_or(currency_known, charges[i].amount.currency)) return broken_at(spot, i);
    return true;
}

static bool charge_currencies_known(const struct view *view, struct spot *spot)
{
    return charges_known(view->declaration->charges.at, view->declaration->charges.count, spot);
}

static bool item_charge_currencies_known(const struct view *view, struct spot *spot)
{
    return charges_known(view->item->charges.at, view->item->charges.count, spot);
}

static bool incoterm_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span code = view->declaration->trade_terms.condition_code;
    return code.len == 0 || incoterm_read(code) != INCOTERM_UNKNOWN;
}

static bool incoterm_in_force(const struct view *view, struct spot *spot)
{
    (void)spot;
    return incoterm_read(view->declaration->trade_terms.condition_code) != INCOTERM_RETIRED;
}

static bool mode_known(struct span code)
{
    return transport_mode_read(code) != TRANSPORT_MODE_UNKNOWN;
}

static const struct named modes[] = {
    { "arrivalMeans", offsetof(struct declaration, arrival_means.mode_code) },
    { "borderMeans", offsetof(struct declaration, border_means.mode_code) },
    { "departureMeans", offsetof(struct declaration, departure_means.mode_code) },
};

static bool modes_known(const struct view *view, struct spot *spot)
{
    return names_known(view->declaration, modes, COUNT(modes), mode_known, spot);
}

static bool packages_known(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->item->packages.count; i++)
        if (!absent_or(package_type_known, view->item->packages.at[i].type_code))
            return broken_at(spot, i);
    return true;
}

static bool supplementary_unit_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    return absent_or(unit_known, view->item->supplementary_units.unit);
}

static bool unit_of_tax_known(struct span code)
{
    return unit_known(code) || currency_known(code); // a base may be a sum of money
}

static bool tax_units_known(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->item->duty_tax_fees.count; i++)
        if (!absent_or(unit_of_tax_known, view->item->duty_tax_fees.at[i].specific_base.unit))
            return broken_at(spot, i);
    return true;
}

static bool valuation_method_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span code = view->item->valuation_method_code;
    return code.len == 0 || is_one_of(code, "1 2 3 4 5 6 ");
}

static bool preferences_shaped(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->item->duty_tax_fees.count; i++) {
        struct span code = view->item->duty_tax_fees.at[i].regime_code;
        uint64_t value;
        if (code.len == 0) continue;
        if (code.len != 3 || !span_to_u64(code, &value) || value >= 500) return broken_at(spot, i);
    }
    return true;
}

static bool container_code_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span code = view->declaration->container_code;
    return code.len == 0 || is_one_of(code, "0 1 ");
}

static bool role_known(const struct view *view, struct spot *spot)
{
    (void)spot;
    struct span code = view->declaration->agent.role_code;
    return code.len == 0 || is_one_of(code, "1 2 3 ");
}

static bool previous_types_shaped(const struct view *view, struct spot *spot)
{
    for (uint32_t i = spot->next; i < view->declaration->previous_documents.count; i++)
        if (!absent_or(previous_document_type_shaped,
                       view->declaration->previous_documents.at[i].type_code))
            return broken_at(spot, i);
    return true;
}

static const struct rule rules[] = {
    { "R-201", "typeCode", SEVERITY_ERROR,
      "the type of the declaration is a known one",
      "IM, EX or CO and a letter: A, D standard; B, C, E, F simplified; X, Y, Z supplementary.",
      ABOUT_WHOLE, type_known },
    { "R-202", "functionCode", SEVERITY_ERROR,
      "the function of the message is a known one",
      "9 for an original declaration, 13 for an amendment, 1 for a cancellation.",
      ABOUT_WHOLE, function_known },
    { "R-203", "*", SEVERITY_ERROR,
      "countries of dispatch and destination are countries of ISO 3166",
      "Two capital letters, like DE or KR.",
      ABOUT_WHOLE, countries_known },
    { "R-204", "*.address.countryCode", SEVERITY_WARNING,
      "addresses are in countries of ISO 3166",
      "Two capital letters, like DE or KR.",
      ABOUT_WHOLE, addresses_known },
    { "R-205", "*", SEVERITY_WARNING,
      "means of transport and places name countries of ISO 3166",
      "Two capital letters, like DE or KR.",
      ABOUT_WHOLE, transport_countries_known },
    { "R-206", "itinerary[].countryCode", SEVERITY_WARNING,
      "countries on the route are countries of ISO 3166",
      "Two capital letters, like DE or KR.",
      ABOUT_WHOLE, route_known },
    { "R-207", "*.currency", SEVERITY_ERROR,
      "amounts of the whole are in currencies of ISO 4217",
      "Three capital letters of a currency that is in use, like EUR.",
      ABOUT_WHOLE, currencies_known },
    { "R-208", "charges[].amount.currency", SEVERITY_ERROR,
      "additions and deductions are in currencies of ISO 4217",
      "Three capital letters of a currency that is in use, like EUR.",
      ABOUT_WHOLE, charge_currencies_known },
    { "R-209", "tradeTerms.conditionCode", SEVERITY_ERROR,
      "the terms of delivery are an Incoterm",
      "One of EXW, FCA, FAS, FOB, CFR, CIF, CPT, CIP, DAP, DPU, DDP; or XXX for other terms.",
      ABOUT_WHOLE, incoterm_known },
    { "R-210", "tradeTerms.conditionCode", SEVERITY_NOTE,
      "the terms of delivery are among the Incoterms of 2020",
      "Earlier terms may be agreed, but customs reads them by the newest edition; DAT is DPU now.",
      ABOUT_WHOLE, incoterm_in_force },
    { "R-211", "*.modeCode", SEVERITY_ERROR,
      "modes of transport are those of UN ECE recommendation 19",
      "1 by sea, 2 by rail, 3 by road, 4 by air, 5 by mail, 7 by pipe or line, 8 by waterway.",
      ABOUT_WHOLE, modes_known },
    { "R-212", "containerCode", SEVERITY_WARNING,
      "the container indicator is 0 or 1",
      "1 when the goods cross the border in containers.",
      ABOUT_WHOLE, container_code_known },
    { "R-213", "agent.roleCode", SEVERITY_WARNING,
      "the status of the representative is a known one",
      "2 for direct, 3 for indirect representation.",
      ABOUT_WHOLE, role_known },
    { "R-214", "previousDocuments[].typeCode", SEVERITY_WARNING,
      "types of previous documents are up to four letters and digits",
      "Like 355, DCR or N820.",
      ABOUT_WHOLE, previous_types_shaped },
    { "R-221", "items[].procedures[0].currentCode", SEVERITY_ERROR,
      "the procedure that is asked for is a known one",
      "Two digits, like 40 for home use or 10 for permanent export.",
      ABOUT_ITEM, requested_procedure_known },
    { "R-222", "items[].procedures[0].previousCode", SEVERITY_WARNING,
      "the previous procedure is a known one",
      "Two digits, 00 when there was none.",
      ABOUT_ITEM, former_procedure_known },
    { "R-223", "items[].procedures[].currentCode", SEVERITY_WARNING,
      "additional procedures are three capital letters or digits",
      "Like C07 or F15; 000 for none.",
      ABOUT_ITEM, additional_procedures_shaped },
    { "R-224", "items[].origins[].countryCode", SEVERITY_ERROR,
      "the country of origin is a country of ISO 3166",
      "Two capital letters, like DE or KR; EU for goods of the European Union as a whole.",
      ABOUT_ITEM, origins_known },
    { "R-225", "items[].*", SEVERITY_ERROR,
      "an item is sent from and to countries of ISO 3166",
      "Two capital letters, like DE or KR.",
      ABOUT_ITEM, item_countries_known },
    { "R-226", "items[].*.currency", SEVERITY_ERROR,
      "amounts of an item are in currencies of ISO 4217",
      "Three capital letters of a currency that is in use, like EUR.",
      ABOUT_ITEM, item_currencies_known },
    { "R-227", "items[].charges[].amount.currency", SEVERITY_ERROR,
      "additions and deductions of an item are in currencies of ISO 4217",
      "Three capital letters of a currency that is in use, like EUR.",
      ABOUT_ITEM, item_charge_currencies_known },
    { "R-228", "items[].packages[].typeCode", SEVERITY_WARNING,
      "kinds of packages are those of UN ECE recommendation 21",
      "Two letters or digits, like BX for a box; NE for unpacked goods.",
      ABOUT_ITEM, packages_known },
    { "R-229", "items[].supplementaryUnits.unit", SEVERITY_WARNING,
      "the supplementary unit is a unit of UN ECE recommendation 20",
      "Like NAR for numbers, LTR for litres, MTK for square metres.",
      ABOUT_ITEM, supplementary_unit_known },
    { "R-230", "items[].dutyTaxFees[].specificBase.unit", SEVERITY_WARNING,
      "units of tax bases are those of UN ECE recommendation 20",
      "Like KGM for kilograms, LPA for litres of pure alcohol; or a currency.",
      ABOUT_ITEM, tax_units_known },
    { "R-231", "items[].valuationMethodCode", SEVERITY_WARNING,
      "the method of valuation is one of the six",
      "1 by the price paid, 2 and 3 by like goods, 4 by resale, 5 by cost, 6 by reason.",
      ABOUT_ITEM, valuation_method_known },
    { "R-232", "items[].dutyTaxFees[].regimeCode", SEVERITY_WARNING,
      "preferences are three digits up to 4xx",
      "1xx for none, 2xx for the general system, 3xx for agreements, 4xx for customs unions.",
      ABOUT_ITEM, preferences_shaped },
};

const struct rule_group list_rules = { rules, sizeof(rules) / sizeof(rules[0]) };
