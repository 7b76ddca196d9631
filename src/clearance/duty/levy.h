// levy: what a tax type code stands for, and what a declaration says about who pays it, and when.
//
// Sources: tax types A00 to B00 are of EU Delegated Regulation 2015/2446, annex B, data element 4/3
// (14 03 039). The United Kingdom's A50 to A95 and B05 are what goes by the Union's tariff in
// Northern Ireland (Windsor Framework, article 5; article 8 and annex 3 for B05), its excises are
// three digits. Everything else only records an amount that another line explains, or none.
#ifndef TW_CLEARANCE_DUTY_LEVY_H
#define TW_CLEARANCE_DUTY_LEVY_H

#include "consignment/declaration.h"

enum levy {
    LEVY_RECORD,     // no duty and no tax
    LEVY_DUTY,       // a customs duty
    LEVY_UNION_DUTY, // a customs duty of the Union's tariff where another one is the country's own
    LEVY_EXCISE,
    LEVY_UNION_VAT,  // value added tax on the Union's duties
    LEVY_VAT,        // value added tax on everything else
};

enum levy levy_of(struct span type);

// What frees an item of a duty altogether, by additional procedures or statements. Empty words:
// nothing does.
//   C..             Regulation 1186/2009: consignments of little value, removals, samples ...
//   B02, B03        repaired or replaced under a guarantee: Union Customs Code, articles 260, 261
//   F01, F02, F03   returned goods: Union Customs Code, articles 203 and 204
//   1DP, 2DP, 1ES,  of the United Kingdom (HM Revenue & Customs' list of additional procedures):
//   1NC, 1NN, 1NO   diplomats, agencies and forces of others
//   NIDOM, NIREM    statements: from another part of the United Kingdom to Northern Ireland, and
//                   not at risk of moving on to the Union: Windsor Framework, article 5(1); only of
//                   the Union's duties
struct relief {
    struct span words;
    bool recorded;   // the duty is worked out, and taken off as a deduction
};
struct relief levy_relief(enum levy levy, const struct declaration *declaration,
                          const struct item *item);

// Is value added tax accounted for with the importer's return, and not paid now? It is where an
// importer's tax number is given (role FR1), or the tax's method of payment says so (G; data
// element 4/8). Source: Directive 2006/112/EC, article 211; in the United Kingdom S.I. 2019/60.
bool levy_postponed(enum levy levy, struct span type, const struct declaration *declaration,
                    const struct item *item);

// Is the item valued by unit prices that somebody publishes, and not by its own? Additional
// procedures E01 and E02, in the United Kingdom 1SV (Union Customs Code, article 74(2)(c);
// Implementing Regulation 2015/2447, article 142). They are not in the declaration.
bool levy_by_unit_price(const struct item *item);

// Methods of payment that only secure an amount: guarantees (data element 4/8: R to V).
bool levy_secured(struct span payment_method);

#endif
