// origin: rules of origin as data: agreements, the rules of their products, and which rule is
// asked.
//
// A *scheme* is an agreement, a unilateral preference or the non-preferential rules of a country.
// Its *rules* stand by ranges of codes. A rule is met by one of its *alternatives*, an alternative
// by all of its *conditions*. A condition is a figure or a fact that can be worked out from a bill
// of materials (origin_weigh.h), or words that only a person can weigh: those are never met by
// themselves. The formulas and their sources:
//
//   change of classification   no non-originating material of the good's own chapter, heading or
//                              subheading (CC, CTH, CTSH: WCO nomenclature of rules; TCA annex
//                              ORIG-1 note 3, RCEP article 3.2, CPTPP annex 3-D)
//   share, at most             VNM / base x 100 (MaxNOM: TCA annex ORIG-1 note 4, base ex-works)
//   content, at least          build-down (base - VNM) / base x 100; build-up VOM / base x 100;
// with
//                              costs (VOM + own costs and profit) / base x 100; focused: build-down
//                              with the VNM of some headings only; net cost: build-down on that
//                              base (CPTPP article 3.5; RCEP article 3.5; UK-Japan CEPA annex 3-A)
//   VNM, VOM                   value of the non-originating, of the originating materials
//
// Texts and arrays stand in the arena that they were read into. A book is read once, never changes
// afterwards and may be shared by threads.
#ifndef TW_TARIFF_ORIGIN_H
#define TW_TARIFF_ORIGIN_H

#include "base/decimal.h"
#include "base/time.h"

enum { ORIGIN_CODE_DIGITS = 10 };

// --- Conditions ---

enum origin_kind {
    ORIGIN_MANUAL,      // words that were not understood: a person must read them
    ORIGIN_PROCESS,     // an operation or a starting material in words: by the maker's claim only
    ORIGIN_OBTAINED,    // the good, or all materials of a scope, are wholly obtained
    ORIGIN_ORIGINATING, // all materials of a scope originate
    ORIGIN_CHANGE,      // none of the good's own group (`level`), none of the scope
    ORIGIN_ONLY_FROM,   // made from materials of the scope
    ORIGIN_SHARE_MAX,   // non-originating materials: at most so many per cent of a base
    ORIGIN_BALANCE,     // non-originating materials are worth no more than the originating ones
    ORIGIN_CONTENT_MIN, // regional value content: at least so many per cent
};

enum origin_base { ORIGIN_EX_WORKS, ORIGIN_FOB, ORIGIN_NET_COST, ORIGIN_WEIGHT };
enum origin_method { ORIGIN_BUILD_DOWN, ORIGIN_BUILD_UP, ORIGIN_BUILD_UP_COSTS };

// Both ends count, as ten digits: chapter 85 is 8500000000 to 8599999999.
struct origin_range { uint64_t from, to; };

// Which materials a condition speaks of: those of the ranges and those of the good's own group
// (`own` digits: 2, 4 or 6; 0: no such). Neither: all of them. With words only such of these as
// they describe: whether a material is one of those, no code can tell.
struct origin_scope {
    const struct origin_range *ranges;
    uint32_t count;
    uint8_t own;
    struct span words;
};

struct origin_condition {
    enum origin_kind kind;
    uint8_t level;             // CHANGE: 2, 4, 6 digits; 0: materials of any heading will do
    enum origin_base base;
    enum origin_method method; // CONTENT_MIN
    struct decimal percent;    // 0 to 100, four decimals; CHANGE: materials of the own group will
                               // do up to this share of the base (not given: none)
    struct origin_scope scope; // CHANGE: what is not to be used besides
    struct span words;         // PROCESS, MANUAL; CHANGE: which of the own group will do all the
                               // same, in words
};

struct origin_alternative {
    const struct origin_condition *conditions;
    uint32_t count;            // at least one
    struct span words;         // as laid down; empty when nobody wrote them
    unsigned line, column;     // where it stands in its file
};

struct origin_rule {
    uint64_t from, to;         // of the goods; both ends count
    struct span heading;       // as written: "ex 3921", "8501-8504"
    struct span part;          // what the goods are, in words; empty: all of the range
    bool whole;                // false: only the goods of the range that `part` describes
    const struct origin_alternative *alternatives;
    uint32_t count;            // at least one
};

// --- Schemes ---

enum origin_cumulation_kind {
    ORIGIN_BILATERAL, // materials that originate in the partner count as the maker's own
    ORIGIN_DIAGONAL,  // of a circle of countries with agreements among all of them
    ORIGIN_EXTENDED,  // of countries that the agreement names, on its conditions
    ORIGIN_FULL,      // working carried out there counts, whether its result originates or not
};

struct origin_cumulation {
    enum origin_cumulation_kind kind;
    const struct span *countries;
    uint32_t count;
    struct span words;         // conditions
};

// How much of what a change of classification or "wholly obtained" forbids may be used all the
// same. The first row that the goods stand in counts.
struct origin_tolerance {
    struct origin_range goods;
    struct decimal percent;    // not given: there is one, and only the words tell it
    enum origin_base base;
    struct span words;         // what else, and which article
};

enum origin_maker { // who may make out a proof
    ORIGIN_BY_ANYONE,     // any exporter
    ORIGIN_BY_AUTHORISED, // an authorised, approved or registered exporter
    ORIGIN_BY_IMPORTER,   // by what he knows
    ORIGIN_BY_OFFICE,     // an authority issues it
    ORIGIN_WAIVED,        // no proof is asked
};

struct origin_proof {
    struct span document;      // a code or name of a document
    enum origin_maker maker;
    struct decimal value_max;  // of originating goods in a consignment; not given: of any value
    char currency[4];
    struct span words;
};

struct origin_scheme {
    struct span code, name, source;
    bool preferential;
    struct date from, to;      // in force; not given: since ever, until further notice
    const struct span *countries; // ISO 3166-1, or codes of country groups; the partners
    const struct origin_cumulation *cumulations;
    const struct origin_tolerance *tolerances;
    const struct origin_proof *proofs;
    const struct origin_rule *rules; // in the order of their file
    uint32_t countries_count, cumulations_count, tolerances_count, proofs_count, rules_count;
    bool tolerances_known;     // false: what was read does not say; true and none: there is none
    struct span transport;     // words on direct transport or non-alteration
    struct span minimal;       // words on working that is never enough
};

struct origin_book {
    struct origin_scheme *schemes; // room for ORIGIN_SCHEMES_MAX
    uint32_t count;
};

// An empty book in the arena.
MUST_CHECK bool origin_book_open(struct origin_book *book, struct arena *arena, struct error *err);

struct origin_scheme *origin_scheme_find(const struct origin_book *book, struct span code);

// Adds what a file says of a scheme. One that is there already is filled in where it said nothing;
// ERROR_CONFLICT where both say something.
MUST_CHECK bool origin_scheme_add(struct origin_book *book, const struct origin_scheme *scheme,
                                  struct error *err);

// Whether a country stands in the list, itself or by "EU", whose members are those since 2020.
// Other codes of groups have no members here: a list that means them names them one by one.
bool origin_countries_have(const struct span *countries, uint32_t count, struct span country);

// --- Which rule? ---

enum { ORIGIN_CANDIDATES_MAX = 16 };

struct origin_candidates {
    const struct origin_rule *rules[ORIGIN_CANDIDATES_MAX];
    uint32_t count;
    bool more;                 // there were more than fit
};

// The rules that the goods of this code may stand under, the narrowest range first. A rule for the
// whole of its range ends the list: a wider one is asked only by those who stand in none of the
// parts before it. One rule, and it is whole: that is the rule. A code of fewer digits than a rule
// tells apart gives all rules that it may fall under. None: `count` 0.
void origin_rules_find(const struct origin_scheme *scheme, struct origin_range code,
                       struct origin_candidates *found);

// "85", "8528.72", "8528 72 10 00": 2, 4, 6, 8 or 10 digits as the range that they begin. Points
// and blanks between digits do not count. False for anything else.
MUST_CHECK bool origin_code_read(struct span s, struct origin_range *range);

// The shortest digits for a range: "8528", "8501-8504".
void origin_range_write(struct text *text, struct origin_range range);

#endif
