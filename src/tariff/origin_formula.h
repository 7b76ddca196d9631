// origin_formula: a rule of origin as one line of text, read and written.
//
//   rule        = alternative { "or" alternative }
//   alternative = condition { "and" condition }
//   condition   = ("CC" | "CTH" | "CTSH" | "ANY") ["except" scope] ["tolerance" share]
//                 ["unless" words]
//               | "WO" ["of" scope] | "ORIGINATING" ["of" scope] | "FROM" scope | "BALANCE"
//               | "MAXNOM" share ["of" scope] | "RVC" share [method] ["of" scope]
//               | "PROCESS" words | "MANUAL" words
//   share       = number ["%"] base, the base also in brackets: 50 % EXW, 50% (EXW)
//   base        = "EXW" | "FOB" | "NC" | "WEIGHT"
//   method      = "build-down" | "build-up" | "build-up-costs"; without one build-down
//   scope       = item { "," item } [words] | words
//   item        = code ["-" code] | "own" ("chapter" | "heading" | "subheading")
//   words       = "{" any text without braces "}"
//
// Keywords are read in capitals and small letters. ANY: materials of any heading. The words of a
// scope narrow it (origin.h). `unless` says which materials of the good's own group will do all the
// same; `tolerance` up to which share any of them do. What is written is read as the same rule.
#ifndef TW_TARIFF_ORIGIN_FORMULA_H
#define TW_TARIFF_ORIGIN_FORMULA_H

#include "tariff/origin.h"

struct origin_formula {
    struct origin_alternative *alternatives; // without words and places
    uint32_t count;
};

// Spans of words point into `s`. At most ORIGIN_ALTERNATIVES_MAX, of ORIGIN_CONDITIONS_MAX each,
// and ORIGIN_RANGES_MAX ranges in a scope. ERROR_SYNTAX at the place in `s` (a formula is one
// line: the column counts).
MUST_CHECK bool origin_formula_read(struct span s, struct arena *arena,
                                    struct origin_formula *formula, struct error *err);

void origin_condition_write(struct text *text, const struct origin_condition *condition);
void origin_alternative_write(struct text *text, const struct origin_alternative *alternative);

const char *origin_base_name(enum origin_base base);       // "EXW"
MUST_CHECK bool origin_base_read(struct span s, enum origin_base *base);

// A percentage from 0 to 100 with at most four decimals.
MUST_CHECK bool origin_percent_read(struct span s, struct decimal *percent, struct error *err);

#endif
