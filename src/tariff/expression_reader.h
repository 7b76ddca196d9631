// expression_reader: a place in plain words, and the formula that is made of those in front of it.
//
// A function that takes something returns whether it was there; when not, the place is unmoved.
// What is there but cannot be kept sets `obstacle`; a number that cannot sets `too_long`. Both
// stick, and who reads on looks at the end.
#ifndef TW_TARIFF_EXPRESSION_READER_H
#define TW_TARIFF_EXPRESSION_READER_H

#include "tariff/expression_reading.h"

struct reader {
    struct plain plain;
    size_t at;
    const struct expression_dialect *dialect;
    struct formula formula;
    enum expression_obstacle obstacle;
    bool too_long;
    size_t too_long_at;
};

static inline struct span reader_rest(const struct reader *reader)
{
    return (struct span){ reader->plain.at + reader->at, reader->plain.len - reader->at };
}

void reader_skip_blanks(struct reader *reader);
bool reader_take(struct reader *reader, enum phrase_kind kind, const struct phrase **phrase);
bool reader_take_char(struct reader *reader, char c);
bool reader_take_number(struct reader *reader, enum plain_fraction fraction,
                        struct expression_number *number);

// "an obstacle is here"; false, for its caller to return.
bool reader_stop(struct reader *reader, enum expression_obstacle obstacle);

// "35 EUR/100 kg", "12 % on the case", "EA", "Free". False when there is none, or with an obstacle.
bool reader_take_term(struct reader *reader, struct formula_term *term);

// What stands behind an amount: "/100 kg net for each % vol".
bool reader_take_units(struct reader *reader, struct formula_term *term);

#endif
