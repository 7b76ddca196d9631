// origin_weigh: which rules of origin a product meets, by how much, and what would meet them.
//
// What cannot be told is never taken for met: a material of unknown status counts once as
// originating and once as not, and a condition is met, or not met, only when both counts agree.
// Words that nobody but a person can weigh are met by a claim where they name an operation, and
// that is said; manual ones never are. Nothing is rounded before it is compared: products are 128
// bits wide; figures for people are rounded against the maker (shares and excesses up, contents
// down).
//
// A product qualifies by one of three ways (TCA article ORIG.3, CPTPP article 3.2, RCEP article
// 3.2): wholly obtained; made of originating materials alone; made under a rule of the list. In the
// last case the working must be more than minimal (TCA ORIG.7, RCEP 3.6).
#ifndef TW_TARIFF_ORIGIN_WEIGH_H
#define TW_TARIFF_ORIGIN_WEIGH_H

#include "tariff/origin_sheet.h"

enum origin_verdict { ORIGIN_CANNOT_TELL, ORIGIN_NOT_MET, ORIGIN_MET };

// --- How a material counts ---

enum origin_counted {
    ORIGIN_COUNTS_UNKNOWN,
    ORIGIN_COUNTS_NOT,        // as not originating
    ORIGIN_COUNTS,            // as originating
    ORIGIN_COUNTS_WHOLLY,     // as wholly obtained
};

enum origin_ground {
    ORIGIN_AS_STATED,
    ORIGIN_BY_CUMULATION,     // `cumulation` says which
    ORIGIN_ORIGINATES_ELSEWHERE, // in a country that does not count here
    ORIGIN_COUNTRY_UNKNOWN,   // it is said to originate, and not where
    ORIGIN_MINE_BY_COUNTRY,   // non-preferential: its country is the maker's, or another
};

struct origin_count {
    enum origin_counted counted;
    enum origin_ground ground;
    uint32_t cumulation;      // of the scheme's
};

// --- Conditions ---

enum { ORIGIN_ROWS_MAX = 12 };

// Indices of materials; `count` may be more than are listed.
struct origin_rows { uint32_t at[ORIGIN_ROWS_MAX], count; };

enum origin_reason {
    ORIGIN_BECAUSE_FIGURES,       // the figures tell
    ORIGIN_BECAUSE_NONE,          // no material stands against it
    ORIGIN_BECAUSE_MATERIALS,     // `against` do
    ORIGIN_BECAUSE_TOLERANCE,     // `against` do, within the tolerance; or beyond it, when not met
    ORIGIN_BECAUSE_TOLERANCE_UNKNOWN, // `against` do, and no tolerance is known
    ORIGIN_BECAUSE_DOUBT,         // it depends on `doubtful`: status, code or description
    ORIGIN_BECAUSE_VALUE_MISSING, // a value or mass of `doubtful` is missing
    ORIGIN_BECAUSE_BASE_MISSING,  // the price, cost or mass of the product is missing, or zero
    ORIGIN_BECAUSE_NO_MATERIALS,  // no materials are listed
    ORIGIN_BECAUSE_CLAIMED,       // the maker says that it was done, or was not
    ORIGIN_BECAUSE_NO_CLAIM,      // nobody says
    ORIGIN_BECAUSE_MANUAL,        // a person must read the words
};

struct origin_finding {
    const struct origin_condition *condition;
    enum origin_verdict verdict;
    enum origin_reason reason;
    struct origin_rows against, doubtful;
    bool has_figures;
    struct decimal low, high;     // share or content, per cent, two decimals; not given: open
    struct decimal limit;         // per cent
    enum origin_base base;
    struct decimal amount, whole; // what is counted, and of what; balance: of the originating ones
    struct decimal excess;        // not met: so much is too much, or too little; six decimals
    struct decimal base_wanted;   // not met: with the same materials, a base of so much would do
    struct origin_rows replace;   // not met: originating materials in place of these would do
};

struct origin_alternative_found {
    const struct origin_alternative *alternative;
    enum origin_verdict verdict;
    enum origin_verdict alone;    // what it would be without cumulation
    bool claimed;                 // met, and a claim is part of it
    bool shared_tolerance;        // more than one condition leans on the tolerance: not told
    struct origin_finding *findings; // of its conditions
};

struct origin_rule_found {
    const struct origin_rule *rule;
    enum origin_verdict verdict;
    struct origin_alternative_found *alternatives;
};

// --- The product ---

struct origin_proof_found { const struct origin_proof *proof; enum origin_verdict usable; };

struct origin_result {
    const struct origin_sheet *sheet;
    const struct origin_scheme *scheme;
    const struct origin_count *counts; // of the sheet's materials
    struct origin_rule_found *rules;   // that the product may stand under
    uint32_t rules_count;
    bool more_rules;
    bool part_chosen;               // the sheet says which part it is, and one rule remains
    enum origin_verdict obtained, alone, by_rule; // the three ways
    enum origin_verdict origin;     // any of them
    bool minimal_asked;             // it is by a rule only
    enum origin_verdict minimal, transport;
    bool transport_asked;           // not of non-preferential origin
    enum origin_verdict qualifies;  // all of it; the proof comes besides
    struct origin_proof_found *proofs;
    uint32_t proofs_count;
    bool proof_waived;
    enum origin_verdict certificate; // met: one of an authority is required
    struct span major_country;      // non-preferential: where most of the materials' value is from,
    struct decimal major_share;     // per cent, rounded down; not given when values are missing
};

// Everything in `result` stands in the arena, the book and the sheet. ERROR_NOT_FOUND: no such
// scheme, none in force on the day, a country that is no party. ERROR_TOO_LARGE: amounts whose sum
// is 10^12 or more.
MUST_CHECK bool origin_weigh(const struct origin_book *book, const struct origin_sheet *sheet,
                             struct arena *arena, struct origin_result *result, struct error *err);

#endif
