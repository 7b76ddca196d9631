// expression_inside: a formula taken apart, for the files that read, write and evaluate it.
//
// A formula is the byte FORMULA_VERSION, and
//   OP_MANUAL obstacle                                      and nothing else; or alternatives:
//   OP_SEASON count {first month, day, last month, day}     count 0: any other day
//   TERM.. {TERM..} {OP_MIN TERM.. | OP_MAX TERM..}
// where a term is the byte OP_TERM + kind, with OP_OFF when it is taken off, and
//   percent    number, count, subjects
//   specific   number, currency (3), per (variable), unit, subject, strength unit;
//              if there is one: its subject, bound, and the bound's number
//   parameter  its number
// A number is its digits (variable), then its scale, with DIVISOR_FOLLOWS when a divisor (variable)
// does. Variable: 7 bits a byte, low ones first, 128 added to all but the last, none in vain.
//
// These bytes are kept in books: what they mean never changes.
#ifndef TW_TARIFF_EXPRESSION_INSIDE_H
#define TW_TARIFF_EXPRESSION_INSIDE_H

#include "base/limits.h"
#include "tariff/expression.h"

enum {
    FORMULA_VERSION = 1,
    OP_MANUAL = 1, OP_SEASON = 2, OP_MIN = 3, OP_MAX = 4, OP_TERM = 16, OP_OFF = 128,
    DIVISOR_FOLLOWS = 128,
    DIVISOR_MAX = 999,
    DIVISOR_SCALE_MAX = 6, // of a number with a divisor
    PER_MAX = 1000000000,
};

enum formula_clamp { CLAMP_NONE, CLAMP_MIN, CLAMP_MAX };

enum formula_parameter {
    PARAMETER_NONE,
    PARAMETER_EA, PARAMETER_EAR, PARAMETER_ADSZ, PARAMETER_ADSZR, PARAMETER_ADFM, PARAMETER_ADFMR,
    PARAMETER_EP,
    PARAMETERS,
};

struct formula_term {
    enum expression_term term;
    bool taken_off;
    uint8_t unit, subject, parameter, parts_count;
    uint8_t parts[EXPRESSION_PARTS_MAX];
    char currency[4];
    uint32_t per;
    struct expression_number rate;
    struct expression_strength strength;
};

struct formula_sum { enum formula_clamp clamp; uint8_t first, count; }; // of the terms

struct formula_period { uint8_t month, day, last_month, last_day; };

struct formula_alternative {
    struct formula_period periods[EXPRESSION_PERIODS_MAX];
    struct formula_sum sums[EXPRESSION_SUMS_MAX];
    uint8_t periods_count, sums_count;
};

struct formula {
    struct formula_alternative alternatives[EXPRESSION_ALTERNATIVES_MAX];
    struct formula_term terms[EXPRESSION_TERMS_MAX];
    enum expression_obstacle obstacle;
    uint8_t alternatives_count, terms_count;
};

// What is said of a formula that is one: see the .c for each rule. It is in its one form when its
// numbers are; formula_decode looks at the bytes only.
MUST_CHECK bool formula_valid(const struct formula *formula);

// Do two seasons hold one day?
bool formula_seasons_overlap(const struct formula *formula);
bool formula_period_holds(const struct formula_period *period, unsigned month, unsigned day);

// False for bytes that do not parse or hold more than the arrays. What is read is in range, but not
// more: see formula_valid. Only what is counted is written.
MUST_CHECK bool formula_decode(struct span bytes, struct formula *formula);

// Returns the length, or 0 when it does not fit.
size_t formula_encode(const struct formula *formula, uint8_t bytes[EXPRESSION_FORMULA_MAX]);

// "EA", "ADSZ" ...
struct span parameter_name(uint8_t parameter);

// The one form of digits / (10^scale x divisor); false when it has none within the limits.
MUST_CHECK bool number_reduce(uint64_t digits, unsigned scale, uint64_t divisor,
                              struct expression_number *number);
bool number_is_reduced(struct expression_number number);
void number_write(struct text *text, struct expression_number number);

static inline bool subject_is_net(uint8_t subject)
{
    return subject == SUBJECT_NONE || subject == SUBJECT_NET;
}

#endif
