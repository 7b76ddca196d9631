// verb: what a mapping does with a column's text before it goes into a field.
//
//   pad N                     zeros in front, until it is N bytes long
//   cut N                     its first N bytes, never a part of a character
//   plain                     a number without exponent and without a fraction of zeros, as
//                             spreadsheets leave them: 1.2E+3 is 1200, 30520.0 is 30520
//   round N                   a number of at most N digits behind the point; halves away from zero
//   comma                     a number with a comma for its point: 1.234,50 is 1234.50
//   A is B, C is D, else E    another text for it; without an else other texts are errors
#ifndef TW_GATES_FILES_VERB_H
#define TW_GATES_FILES_VERB_H

#include "base/text.h"

enum verb_kind { VERB_PAD, VERB_CUT, VERB_PLAIN, VERB_ROUND, VERB_COMMA, VERB_REPLACE };

struct verb {
    enum verb_kind kind;
    uint32_t amount;        // N
    struct span table;      // of VERB_REPLACE
};

// ERROR_SYNTAX without a place when the text is no verb.
MUST_CHECK bool verb_read(struct span text, struct verb *verb, struct error *err);

// `done` is a view of the value or the table, or stands in the arena.
MUST_CHECK bool verb_do(const struct verb *verb, struct span value, struct arena *arena,
                        struct span *done, struct error *err);

#endif
