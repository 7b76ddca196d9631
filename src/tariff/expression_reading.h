// expression_reading: the words of a schedule made plain, and the table of what they can mean.
//
// Plain text is lower case, with one kind of blank, dash and fraction, without soft hyphens and
// words broken at a line's end. A phrase of the table matches it with these freedoms: a blank of
// the phrase stands for any number of blanks, none too; a full stop for one or none. A phrase that
// ends in a letter is not followed by another letter, nor one that ends in a digit by a digit.
// Of the phrases that match, the longest counts.
#ifndef TW_TARIFF_EXPRESSION_READING_H
#define TW_TARIFF_EXPRESSION_READING_H

#include "tariff/expression_inside.h"

struct plain {
    char *at;
    size_t len;
    uint16_t *from; // for each byte, and the end: where in the words it came from
};

// In the arena. False when that is full. `cased`: capitals stay; every byte has the same place.
MUST_CHECK bool plain_make(struct span words, bool cased, struct arena *arena,
                           struct plain *plain);

enum phrase_kind {
    PHRASE_NONE,
    PHRASE_PLUS, PHRASE_MINUS, PHRASE_MIN, PHRASE_MAX,
    PHRASE_OR, PHRASE_HIGHER, PHRASE_LOWER, // a or b, whichever is the higher
    PHRASE_HIGHER_OF, PHRASE_LOWER_OF,      // the higher of a or b
    PHRASE_FREE, PHRASE_LINE, PHRASE_PARAMETER,
    PHRASE_PERCENT,   // and what may stand behind it without changing anything
    PHRASE_VALUE,     // a percentage of the customs value, said at length
    PHRASE_CURRENCY,  // `code`; when it has none, the dialect's, if that is of the family `id`
    PHRASE_CENTS,     // a hundredth of the dialect's, likewise
    PHRASE_MONTH,     // `id`
    PHRASE_FROM, PHRASE_UNTIL, // in front of a season, and between its days
    PHRASE_EACH,      // "for each": a strength, or a unit, follows
    PHRASE_OVER, PHRASE_UNDER,
    PHRASE_UNIT,      // `per` x unit `id`, of `subject`
    PHRASE_STRENGTH,  // unit `id` of `subject`
    PHRASE_SUBJECT,   // `subject`, behind a unit or in front of it
    PHRASE_PART,      // `subject`, whose value a percentage is of
    PHRASE_JOIN,      // between an amount and its units, and between those
    PHRASE_OF,        // in front of a part
    PHRASE_NOISE,     // says nothing that counts
    PHRASE_CONTENT_ABOVE, // the alcohol above so many per cent
};

enum currency_family {
    FAMILY_NONE,
    FAMILY_DOLLARS, FAMILY_CENTS, FAMILY_RUPEES, FAMILY_FRANCS, FAMILY_CROWNS, FAMILY_YEN,
    FAMILIES,
};

struct phrase {
    const char *words;
    uint8_t kind, id, subject;
    uint8_t strength; // of a PHRASE_UNIT: what it is multiplied by, too
    uint32_t per;
    char code[4];
};

// Is the currency one of those that a sign stands for?
bool family_has(uint8_t family, const char currency[4]);

extern const struct phrase expression_phrases[], expression_unit_phrases[];
extern const size_t expression_phrases_count, expression_unit_phrases_count;

// The longest phrase of that kind that `rest` begins with; *length is of what it matched.
// NULL: none.
const struct phrase *phrase_find(struct span rest, enum phrase_kind kind, size_t *length);

// The unit, or the subject, whose canonical sign `rest` begins with, if that is longer than
// *length; then *length is its. `strength`: those that a rate is multiplied by; otherwise the
// others.
uint8_t phrase_unit_sign(struct span rest, bool strength, size_t *length);
uint8_t phrase_subject_sign(struct span rest, size_t *length);

// Is the pattern anywhere in the text?
bool phrase_is_in(struct span text, const char *pattern);

// Does `rest` begin with a code of ISO 4217? It is given in capitals.
MUST_CHECK bool plain_currency(struct span rest, char code[4]);

enum plain_fraction {   // what a fraction without a whole number, "1/3", is
    FRACTION_NOT,       // no number: in "/1000" and "1/2" the stroke parts units
    FRACTION_OF_RATE,   // one where a currency or % follows: in "$5/100 kg" none does
    FRACTION_ANYWHERE,
};

// Takes a number apart that `rest` begins with: "1,024.50", "33 1/3", "1 000". *length 0: there is
// none. False: more digits than are kept.
MUST_CHECK bool plain_number(struct span rest, bool decimal_comma, enum plain_fraction fraction,
                             struct expression_number *number, size_t *length);

// Why words that were not understood are manual: by what they speak of, else `otherwise`.
enum expression_obstacle obstacle_of(struct span plain, enum expression_obstacle otherwise);

#endif
