// expression: what a tariff says is to be paid, as a formula of a few bytes.
//
//   12 % + 35 EUR/100 kg MIN 4 EUR/hl            at least, as the EU writes it
//   0.019 USD/kg - 0.0002 USD/kg for each degree under 100 MIN 0.013 USD/kg
//   0.4 USD/item + 6 % on the case + 14 % on the strap
//   5 % (1 JAN-30 APR, 1 NOV-31 DEC), 8 % (1 MAY-31 OCT)
//   9 % + EA MAX 18.7 % + ADSZ                   named parameters
//   LINE + 25 %                                  the duty of another line, and
//   Free
//
// That is canonical text: one spelling, in English. An expression is one or more alternatives, by
// season; an alternative is a sum, clamped by others from the left: "a MIN b MAX c" is a, but at
// least b, and of that at most c. A sum has terms: a percentage of the customs value or of parts'
// values; an amount per so many units, for some also for each degree, jewel or per cent of
// something; a parameter; the duty of another line.
//
// One reader takes the spellings of all schedules (expression_phrases.c): US, UK, EU, Australian
// and other English, and Russian. What it does not understand whole is *manual*: the words stand,
// and the obstacle says why. It is never zero and never half of what was written.
//
// A formula holds no pointers: it may lie in a mapped file and be evaluated there. It has one form
// only: what is read from canonical text is the same bytes again.
#ifndef TW_TARIFF_EXPRESSION_H
#define TW_TARIFF_EXPRESSION_H

#include "tariff/rates.h"
#include "tariff/unit.h"

enum {
    EXPRESSION_TERMS_MAX = 24,        // in one expression
    EXPRESSION_SUMS_MAX = 4,          // of an alternative: one, and three clamps
    EXPRESSION_ALTERNATIVES_MAX = 12, // a season a month
    EXPRESSION_PERIODS_MAX = 4,       // of one alternative
    EXPRESSION_PARTS_MAX = 4,         // whose values one percentage is of
};

enum expression_kind { EXPRESSION_NONE, EXPRESSION_FORMULA, EXPRESSION_MANUAL };

// Why words are manual.
enum expression_obstacle {
    OBSTACLE_NONE,
    OBSTACLE_EMPTY,     // nothing is written
    OBSTACLE_REFERENCE, // the rate of another provision, which a line's duty cannot stand for
    OBSTACLE_NOTE,      // a legal note says how
    OBSTACLE_CONDITION, // it depends on what the words demand: under bond, for such time as
    OBSTACLE_BASE,      // a percentage of something that is not known here
    OBSTACLE_UNIT,      // an amount without a unit, or by one that is not known here
    OBSTACLE_CURRENCY,  // "$" or a bare number, and the dialect does not say what it is
    OBSTACLE_SEASON,    // seasons overlap with different rates, or are no dates
    OBSTACLE_SIZE,      // understood, but more than a formula holds
    OBSTACLE_WORDS,     // other words
};

// "note", "condition" ...; and a sentence for people.
const char *expression_obstacle_name(enum expression_obstacle obstacle);
const char *expression_obstacle_words(enum expression_obstacle obstacle);

struct expression {
    enum expression_kind kind;
    enum expression_obstacle obstacle; // of what is manual
    struct span formula;               // at most EXPRESSION_FORMULA_MAX bytes (limits.h)
    struct span words;                 // as they were written, without blanks at the ends
    size_t stopped_at;                 // manual: the byte of the words that was not understood
};

// What a country's schedule leaves unsaid.
struct expression_dialect {
    char currency[4];   // whose "$", "¢", "Rs.", "kr" are; a sign that is not of it is manual
    bool decimal_comma; // "1,000" is one; else a comma before three digits parts thousands
    bool bare_percent;  // a number and nothing else is per cent; otherwise manual, but for 0
};

// `text` must be kept as long as the expression; the formula is in the arena. Errors are for broken
// input: ERROR_SYNTAX for bad UTF-8 and a number of more than 18 digits, or 12 behind the point;
// ERROR_TOO_LARGE beyond EXPRESSION_TEXT_MAX and for a full arena.
MUST_CHECK bool expression_read(struct span text, const struct expression_dialect *dialect,
                                struct arena *arena, struct expression *expression,
                                struct error *err);

// Is this a formula, in its one form? ERROR_DAMAGED otherwise. What comes from a file must pass
// once before it is used. A formula that is manual passes; then *obstacle is set, else
// OBSTACLE_NONE.
MUST_CHECK bool expression_check(struct span formula, enum expression_obstacle *obstacle,
                                 struct error *err);

// Canonical text of a formula that passed. One that is manual has none: its words are its text.
void expression_write(struct text *text, struct span formula);

// --- Evaluating ---

struct expression_quantity {
    uint8_t unit, subject; // unit.h; KGM and none: kilograms, net
    struct decimal amount; // of the whole item; of a strength: of each unit (per cent, degrees)
};

// What a part is worth, in the result's currency.
struct expression_part {
    uint8_t subject;
    struct money value;
};

// EA, ADSZ, ADFM, EP (entry price) ...: an amount, or an amount per `per` units.
struct expression_parameter {
    struct span name;
    struct decimal amount;
    char currency[4];
    uint8_t unit, subject; // UNIT_NONE: `amount` is owed as it is
    uint32_t per;          // 1, 100
};

struct expression_question {
    struct money value; // customs value; its currency is the result's, and must be set
    bool value_given;
    struct date day; // for seasons and exchange rates; must be given
    const struct expression_quantity *quantities;
    const struct expression_part *parts;
    const struct expression_parameter *parameters;
    uint32_t quantities_count, parts_count, parameters_count;
    struct money line_duty; // of the line that LINE stands for, in the result's currency
    bool line_duty_given;
    const struct rates *rates; // into the result's currency, which is the books'; NULL: amounts in
                               // other currencies are missing their rate
};

enum expression_verdict {
    VERDICT_NONE,    // not evaluated
    VERDICT_OWED,    // `total` is what is owed; it may be zero
    VERDICT_MISSING, // `missing` says what must be asked; there is no total
    VERDICT_MANUAL,  // the formula is manual, or no season holds the day: an officer works it out
};

enum expression_term {
    TERM_FREE,
    TERM_PERCENT,
    TERM_SPECIFIC,
    TERM_PARAMETER,
    TERM_LINE,
};

// A number as a schedule has it: digits / (10^scale x divisor). 33 1/3 is 100 / 3.
struct expression_number {
    int64_t digits;
    uint8_t scale;
    uint16_t divisor; // 1, or what decimals cannot say
};

// "for each degree under 100": the strength itself, or how far it is above or below a bound.
enum expression_bound { BOUND_NONE, BOUND_OVER, BOUND_UNDER };
struct expression_strength {
    uint8_t unit, subject;
    enum expression_bound bound;
    struct expression_number at;
};

// One term, worked out. The lines that count add up to the total: each amount is the difference of
// two rounded sums, of the terms up to this one and of those before, so it is less than a minor
// unit from its exact part.
struct expression_line {
    enum expression_term term;
    uint8_t sum;                   // 0: the first; others are clamps, in order
    bool counts;                   // false: of a sum that another one pushed out
    bool taken_off;                // subtracted; the amount has its sign
    struct expression_number rate; // per cent, or units of `currency`
    char currency[4];
    uint32_t per; // so many units
    uint8_t unit, subject;
    struct expression_strength strength;        // unit UNIT_NONE: none
    uint8_t parts[EXPRESSION_PARTS_MAX];        // subjects a percentage is of
    uint8_t parts_count;                        // 0: of the customs value
    struct money base;                          // of a percentage
    struct decimal quantity, strength_quantity; // as they were told,
    uint8_t quantity_unit;                      // in the unit in which they were told
    struct span parameter;                      // its name
    const struct rate *exchange;                // NULL: no other currency
    struct money amount;
};

enum expression_missing_kind {
    MISSING_VALUE,     // the customs value
    MISSING_QUANTITY,  // of unit and subject
    MISSING_PART,      // the value of a part: subject
    MISSING_PARAMETER, // parameter
    MISSING_LINE,      // the duty of the other line
    MISSING_RATE,      // an exchange rate for currency
};

struct expression_missing {
    enum expression_missing_kind kind;
    uint8_t unit, subject;
    struct span parameter;
    char currency[4];
};

enum { EXPRESSION_MISSING_MAX = 32 }; // different ones; more are not told

struct expression_result {
    enum expression_verdict verdict;
    enum expression_obstacle obstacle; // of VERDICT_MANUAL
    struct money total;                // of VERDICT_OWED
    uint8_t alternative;               // which season, from 0
    uint8_t sum_won;                   // which sum it is in the end: 0, or the clamp that won
    bool floored; // more was taken off than was owed: nothing is, and the lines add up to less
    uint32_t lines_count, missing_count;
    struct expression_line lines[EXPRESSION_TERMS_MAX];
    struct expression_missing missing[EXPRESSION_MISSING_MAX];
};

// Works the formula out, exactly, and rounds once, half up (away from zero), to the minor unit of
// the result's currency. Takes no memory. Nothing is owed below zero.
// ERROR_SYNTAX for a quantity or value below zero, or a value that is not in the result's currency;
// ERROR_TOO_LARGE when a figure does not fit 128 bits or the total 63; ERROR_DAMAGED for bytes that
// are no formula: any bytes may be given, and none does harm.
MUST_CHECK bool expression_evaluate(struct span formula, const struct expression_question *question,
                                    struct expression_result *result, struct error *err);

// "35 EUR per 100 kg net of 1250 kg"; "12 % of 4800.00 EUR".
void expression_line_write(struct text *text, const struct expression_line *line);

// What to ask the declarant: "litres of pure alcohol", "the value of the case".
void expression_missing_write(struct text *text, const struct expression_missing *missing);

#endif
