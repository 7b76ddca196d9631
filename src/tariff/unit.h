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
    DIMENSION_MASS,     // kilogram
    DIMENSION_VOLUME,   // litre
    DIMENSION_ALCOHOL,  // litre of pure alcohol
    DIMENSION_COUNT,    // article
    DIMENSION_PACKS,    // pack, whatever is in it
    DIMENSION_SETS,     // set, likewise
    DIMENSION_JEWELS,
    DIMENSION_LENGTH,   // metre
    DIMENSION_AREA,     // square metre
    DIMENSION_ENERGY,   // joule
    DIMENSION_STRENGTH, // per cent, degrees, lines: what a rate is multiplied by besides
};

// Kept in books: a new unit goes to the end, and none is ever taken out.
enum unit_id {
    UNIT_NONE,
    UNIT_KGM, UNIT_GRM, UNIT_MGM, UNIT_TNE, UNIT_DTN, UNIT_CTM, UNIT_LBR, UNIT_ONZ, UNIT_APZ,
    UNIT_STN, UNIT_LTN,
    UNIT_LTR, UNIT_HLT, UNIT_DLT, UNIT_CLT, UNIT_MLT, UNIT_CMQ, UNIT_MTQ, UNIT_BLL, UNIT_GLL,
    UNIT_GLI,
    UNIT_LPA, UNIT_HPA, UNIT_PFL, UNIT_PGL,
    UNIT_NAR, UNIT_PR, UNIT_DZN, UNIT_DPR, UNIT_GRO, UNIT_GGR, UNIT_CEN, UNIT_MIL, UNIT_HEA,
    UNIT_STC,
    UNIT_NMP, UNIT_DZP, UNIT_SET, UNIT_JWL,
    UNIT_MTR, UNIT_CMT, UNIT_MMT, UNIT_HMT, UNIT_KMT, UNIT_INH, UNIT_FOT, UNIT_YRD,
    UNIT_MTK, UNIT_CMK, UNIT_FTK, UNIT_YDK,
    UNIT_KWH, UNIT_MWH, UNIT_GJ, UNIT_TJ,
    UNIT_PERCENT, UNIT_ASV, UNIT_DEGREE, UNIT_LINE,
    UNITS,
};

// One unit is digits x 10^exponent of its dimension's own: a dozen is 12 x 10^0 articles, a gram
// 1 x 10^-3 kilograms.
struct unit {
    char code[4];     // "KGM"; "LIN" for the lines (1/40 inch) of buttons, which the list lacks
    uint8_t dimension;
    int8_t exponent;
    int64_t digits;
    const char *sign; // in canonical text: "kg"; NULL: quantities are told in it, rates are not
    const char *many; // for people: "kilograms"
};

// By its common code, UNIT_NONE for one that is not known. Codes that name the same thing are one:
// C62, EA, H87 and NAR; PR and NPR; ASV (of the EU's tariff) and ASU.
uint8_t unit_find(struct span code);

// The row of a unit; NULL for UNIT_NONE and beyond the table.
const struct unit *unit_row(uint8_t unit);

// May a rate be multiplied by it besides ("for each jewel over 7")?
bool unit_is_strength(uint8_t unit);

// Kept in books, as units are.
enum subject_id {
    SUBJECT_NONE,
    // how a mass or a number is taken
    SUBJECT_NET, SUBJECT_GROSS, SUBJECT_DRAINED, SUBJECT_DRY, SUBJECT_STANDARD, SUBJECT_RAW,
    SUBJECT_LACTIC, SUBJECT_DRY_LACTIC, SUBJECT_TOTAL_ALCOHOL, SUBJECT_SUCROSE, SUBJECT_SUGARS,
    SUBJECT_SOLIDS, SUBJECT_CLEAN, SUBJECT_PACKED, SUBJECT_ENTIRE, SUBJECT_CONTAINERS,
    SUBJECT_RECORDING, SUBJECT_ENGINE,
    // what is in the goods
    SUBJECT_LEAD, SUBJECT_COPPER, SUBJECT_ZINC, SUBJECT_TIN, SUBJECT_NICKEL, SUBJECT_IRON,
    SUBJECT_STEEL, SUBJECT_ALUMINIUM, SUBJECT_TUNGSTEN, SUBJECT_MOLYBDENUM, SUBJECT_MANGANESE,
    SUBJECT_MAGNESIUM, SUBJECT_SILICON, SUBJECT_CHROMIUM, SUBJECT_VANADIUM, SUBJECT_GOLD,
    SUBJECT_SILVER, SUBJECT_PLATINUM, SUBJECT_TOBACCO, SUBJECT_NICOTINE, SUBJECT_ALCOHOL,
    SUBJECT_MORPHINE, SUBJECT_GASOLINE, SUBJECT_DIESEL, SUBJECT_BIODIESEL, SUBJECT_ETHANOL,
    SUBJECT_BLEND, SUBJECT_COCOA, SUBJECT_MILK_FAT, SUBJECT_MEAT, SUBJECT_COTTON, SUBJECT_WOOL,
    SUBJECT_SILK,
    // parts, and other values
    SUBJECT_CASE, SUBJECT_STRAP, SUBJECT_BATTERY, SUBJECT_MOVEMENT, SUBJECT_APPARATUS,
    SUBJECT_RIFLE, SUBJECT_SHOTGUN, SUBJECT_SIGHT, SUBJECT_FOREIGN, SUBJECT_RETAIL,
    SUBJECT_REPAIRS, SUBJECT_GOODS_OR_REPAIRS, SUBJECT_SPARE_PARTS,
    SUBJECT_PARTS_OR_MATERIALS,
    // more of what is in the goods
    SUBJECT_SUGAR, SUBJECT_FAT, SUBJECT_MILK_SOLIDS, SUBJECT_COBALT, SUBJECT_ANTIMONY,
    SUBJECTS,
};

struct subject {
    const char *sign;  // in canonical text: "net drained", "copper content"
    const char *words; // for people, behind "kilograms of" or "the value of": "drained net weight"
};

// By its sign, or SUBJECT_NONE.
uint8_t subject_find(struct span sign);
const struct subject *subject_row(uint8_t subject);

#endif
