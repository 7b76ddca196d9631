#include "clearance/value/charge.h"

static const struct charge_type types[] = {
    { SPAN_INIT("AB"), CHARGE_ADDED, SPAN_INIT("commissions and brokerage") },
    { SPAN_INIT("AD"), CHARGE_ADDED, SPAN_INIT("containers and packing") },
    { SPAN_INIT("AE"), CHARGE_ADDED, SPAN_INIT("materials and parts that the buyer supplied") },
    { SPAN_INIT("AF"), CHARGE_ADDED, SPAN_INIT("tools and moulds that the buyer supplied") },
    { SPAN_INIT("AG"), CHARGE_ADDED, SPAN_INIT("materials used up that the buyer supplied") },
    { SPAN_INIT("AH"), CHARGE_ADDED, SPAN_INIT("engineering and design that the buyer supplied") },
    { SPAN_INIT("AI"), CHARGE_ADDED, SPAN_INIT("royalties and licence fees") },
    { SPAN_INIT("AJ"), CHARGE_ADDED, SPAN_INIT("proceeds of resale that go to the seller") },
    { SPAN_INIT("AK"), CHARGE_CARRIAGE, SPAN_INIT("carriage and insurance to the place of entry") },
    { SPAN_INIT("AL"), CHARGE_ADDED, SPAN_INIT("indirect and other payments") },
    { SPAN_INIT("AN"), CHARGE_ADDED, SPAN_INIT("additions by an authorisation") },
    { SPAN_INIT("BA"), CHARGE_INLAND, SPAN_INIT("carriage behind the place of entry") },
    { SPAN_INIT("BB"), CHARGE_DEDUCTED, SPAN_INIT("assembly and the like after the import") },
    { SPAN_INIT("BC"), CHARGE_DEDUCTED, SPAN_INIT("duties and taxes of the import") },
    { SPAN_INIT("BD"), CHARGE_DEDUCTED, SPAN_INIT("interest") },
    { SPAN_INIT("BE"), CHARGE_DEDUCTED, SPAN_INIT("rights to reproduce the goods") },
    { SPAN_INIT("BF"), CHARGE_DEDUCTED, SPAN_INIT("buying commissions") },
    { SPAN_INIT("BG"), CHARGE_DEDUCTED, SPAN_INIT("deductions by an authorisation") },
};

const struct charge_type charge_freight = { { "", 0 }, CHARGE_FREIGHT, SPAN_INIT("freight") };
const struct charge_type charge_insurance = { { "", 0 }, CHARGE_INSURANCE, SPAN_INIT("insurance") };

const struct charge_type *charge_find(struct span code)
{
    static const struct charge_type unknown = { { "", 0 }, CHARGE_UNKNOWN, SPAN_INIT("a charge") };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (span_equal(types[i].code, code)) return &types[i];
    return &unknown;
}

const struct charge_type *charge_find_as_declared(struct span code)
{
    static const struct charge_type added = { { "", 0 }, CHARGE_ADDED, SPAN_INIT("an addition") };
    static const struct charge_type off = { { "", 0 }, CHARGE_DEDUCTED, SPAN_INIT("a deduction") };
    static const struct charge_type carriage = {
        { "", 0 }, CHARGE_ADDED, SPAN_INIT("carriage and insurance to the place of entry"),
    };
    const struct charge_type *found = charge_find(code);
    if (found->kind == CHARGE_CARRIAGE) return &carriage;
    if (found->kind != CHARGE_UNKNOWN || code.len != 2) return found;
    if (code.at[0] == 'A') return &added;
    return code.at[0] == 'B' ? &off : found;
}
