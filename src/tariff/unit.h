// unit: what duties are charged by: units of measure, and what of the goods is measured.
//
// A unit is a row of a table; its number is kept in books and never changes. Its code is UN/ECE
// Recommendation 20's common code; units of one dimension are converted exactly. A hectolitre and
// one per cent of alcohol by volume are a litre of pure alcohol; a US proof litre is half of one
// (27 CFR 30.11). A pair is two articles; a head, a stick and a piece are one each. A US barrel is
// 42 US gallons of 231 cubic inches; an inch is 25.4 mm, a pound 0.45359237 kg (1959); a metric
// carat 200 mg.
//
// A subject is what of the goods is measured or valued when it is not the goods as they are: their
// gross mass, the copper in them, the case of a watch. Without one a mass is net, so NET and NONE
// are the same measure. Subjects are rows too, and their numbers never change.
#ifndef TW_TARIFF_UNIT_H
#define TW_TARIFF_UNIT_H

#include "base/decimal.h"

enum unit_dimension {
    DIMENSION_NONE,
    DIMENSION_MASS,     // kg
    DIMENSION_VOLUME,   // litre
    DIMENSION_ALCOHOL,  // litre of pure alcohol
    DIMENSION_COUNT,    // article
    DIMENSION_PACKS,    // packs, sets: as such, whatever is in them
    DIMENSION_LENGTH,   // metre
    DIMENSION_AREA,     // square metre
    DIMENSION_ENERGY,   // kilowatt hour
    DIMENSION_STRENGTH, // per cent, degrees, lines: what a rate is multiplied by besides
};

// One unit is digits x 10^exponent of its dimension's first: a dozen is 12 x 10^0, a gram 1 x
// 10^-3.
struct unit {
    char code[4]; // Recommendation 20: "KGM"
    uint8_t dimension;
    int8_t exponent;
    int64_t digits;
    const char *sign; // in canonical text: "kg", "hl", "item"
    const char *many; // for people: "kilograms", "hectolitres", "articles"
};

enum { UNIT_NONE = 0, SUBJECT_NONE = 0 };

// The number of a unit by its common code (and those of the EU's tariff: NPR, ASV), or UNIT_NONE.
uint8_t unit_find(struct span code);

// The row of a number; NULL beyond the table and for UNIT_NONE.
const struct unit *unit_row(uint8_t unit);

struct subject {
    const char *sign;  // in canonical text: "net drained", "copper content"
    const char *words; // for people: "drained net weight"
};

// By its sign, or SUBJECT_NONE.
uint8_t subject_find(struct span sign);
const struct subject *subject_row(uint8_t subject);

#endif
