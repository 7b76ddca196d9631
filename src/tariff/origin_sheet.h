// origin_sheet: what a maker says of a product and of what it was made from: a bill of materials.
//
// Read from JSON (docs/origin.md describes each member):
//
//   { "format": "origin-worksheet-1", "scheme": "...", "country": "XM", "currency": "EUR",
//     "product": { "code": "852872", "ex_works": "240.00" },
//     "materials": [ { "code": "8529", "value": "24.00", "origin": "CN", "originating": "no" } ] }
//
// Amounts are of one unit of the product, or of one lot: all of the same. They are below 10^12 of
// the currency with at most six decimals, masses below 10^12 kilograms. What is not said is
// unknown, and never taken for zero or for a yes.
#ifndef TW_TARIFF_ORIGIN_SHEET_H
#define TW_TARIFF_ORIGIN_SHEET_H

#include "tariff/form.h"
#include "tariff/origin.h"

#define ORIGIN_SHEET_FORMAT "origin-worksheet-1"

enum { ORIGIN_AMOUNT_SCALE = 6 };

// Originating under the scheme's own rules, in its country of origin.
enum origin_status { ORIGIN_UNKNOWN, ORIGIN_NO, ORIGIN_YES, ORIGIN_WHOLLY };

struct origin_material {
    struct origin_range code;    // of as many digits as are known; all codes when none is
    struct span code_text, name, country, proof;
    struct decimal value, weight; // not given: unknown
    enum origin_status status;
    struct form_list is;       // spans: the words of scopes that describe this material
    bool is_given;               // true: those words describe it, and no others
};

// What the maker says of an operation or a fact that only words describe: it was done, or not.
struct origin_claim {
    struct span words;
    enum form_answer done;
    struct span evidence;
};

struct origin_sheet {
    struct span scheme, country, destination, remark;
    struct date day;             // of which the scheme must be in force; not given: nobody asks
    char currency[4];
    struct origin_range code;    // of the product
    struct span code_text, name, part;
    struct decimal ex_works, fob, net_cost, own_costs, weight;
    enum form_answer wholly_obtained;
    enum form_answer more_than_minimal; // working beyond what is never enough
    enum form_answer direct;   // carried direct, or unaltered under customs' eyes
    struct decimal consignment;  // value of the originating goods in one, in the sheet's currency
    enum form_answer authorised; // the exporter is authorised, approved or registered
    const struct origin_material *materials;
    const struct origin_claim *claims;
    uint32_t materials_count, claims_count;
};

// `text` (at most ORIGIN_SHEET_TEXT_MAX bytes) must be kept as long as the sheet. Errors carry
// line, column and the member.
MUST_CHECK bool origin_sheet_read(struct span text, struct arena *arena,
                                  struct origin_sheet *sheet, struct error *err);

#endif
