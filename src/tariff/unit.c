#include "tariff/unit.h"

// clang-format off
static const struct unit units[UNITS] = {
    [UNIT_KGM] = { "KGM", DIMENSION_MASS, 0, 1, "kg", "kilograms" },
    [UNIT_GRM] = { "GRM", DIMENSION_MASS, -3, 1, "g", "grams" },
    [UNIT_MGM] = { "MGM", DIMENSION_MASS, -6, 1, "mg", "milligrams" },
    [UNIT_TNE] = { "TNE", DIMENSION_MASS, 3, 1, "t", "tonnes" },
    [UNIT_DTN] = { "DTN", DIMENSION_MASS, 2, 1, NULL, "hundreds of kilograms" },
    [UNIT_CTM] = { "CTM", DIMENSION_MASS, -4, 2, "carat", "metric carats" },
    [UNIT_LBR] = { "LBR", DIMENSION_MASS, -8, 45359237, "lb", "pounds" },
    [UNIT_ONZ] = { "ONZ", DIMENSION_MASS, -12, 28349523125, "oz", "ounces" },
    [UNIT_APZ] = { "APZ", DIMENSION_MASS, -10, 311034768, "troy oz", "troy ounces" },
    [UNIT_STN] = { "STN", DIMENSION_MASS, -5, 90718474, "short ton", "short tons" },
    [UNIT_LTN] = { "LTN", DIMENSION_MASS, -7, 10160469088, "long ton", "long tons" },

    [UNIT_LTR] = { "LTR", DIMENSION_VOLUME, 0, 1, "l", "litres" },
    [UNIT_HLT] = { "HLT", DIMENSION_VOLUME, 2, 1, "hl", "hectolitres" },
    [UNIT_DLT] = { "DLT", DIMENSION_VOLUME, -1, 1, "dl", "decilitres" },
    [UNIT_CLT] = { "CLT", DIMENSION_VOLUME, -2, 1, "cl", "centilitres" },
    [UNIT_MLT] = { "MLT", DIMENSION_VOLUME, -3, 1, "ml", "millilitres" },
    [UNIT_CMQ] = { "CMQ", DIMENSION_VOLUME, -3, 1, "cm3", "cubic centimetres" },
    [UNIT_MTQ] = { "MTQ", DIMENSION_VOLUME, 3, 1, "m3", "cubic metres" },
    [UNIT_BLL] = { "BLL", DIMENSION_VOLUME, -9, 158987294928, "bbl", "barrels of 42 US gallons" },
    [UNIT_GLL] = { "GLL", DIMENSION_VOLUME, -9, 3785411784, "US gal", "US gallons" },
    [UNIT_GLI] = { "GLI", DIMENSION_VOLUME, -5, 454609, "UK gal", "UK gallons" },

    [UNIT_LPA] = { "LPA", DIMENSION_ALCOHOL, 0, 1, "l pure alcohol", "litres of pure alcohol" },
    [UNIT_HPA] = { "HPA", DIMENSION_ALCOHOL, 2, 1, NULL, "hectolitres of pure alcohol" },
    [UNIT_PFL] = { "PFL", DIMENSION_ALCOHOL, -1, 5, "proof litre", "proof litres" },
    [UNIT_PGL] = { "PGL", DIMENSION_ALCOHOL, -9, 1892705892, "proof gallon", "US proof gallons" },

    [UNIT_NAR] = { "NAR", DIMENSION_COUNT, 0, 1, "item", "articles" },
    [UNIT_PR]  = { "PR",  DIMENSION_COUNT, 0, 2, "pair", "pairs" },
    [UNIT_DZN] = { "DZN", DIMENSION_COUNT, 0, 12, "dozen", "dozens" },
    [UNIT_DPR] = { "DPR", DIMENSION_COUNT, 0, 24, "dozen pairs", "dozens of pairs" },
    [UNIT_GRO] = { "GRO", DIMENSION_COUNT, 0, 144, "gross", "gross (of 144)" },
    [UNIT_GGR] = { "GGR", DIMENSION_COUNT, 0, 1728, "great gross", "great gross (of 1728)" },
    [UNIT_CEN] = { "CEN", DIMENSION_COUNT, 2, 1, NULL, "hundreds" },
    [UNIT_MIL] = { "MIL", DIMENSION_COUNT, 3, 1, NULL, "thousands" },
    [UNIT_HEA] = { "HEA", DIMENSION_COUNT, 0, 1, "head", "head" },
    [UNIT_STC] = { "STC", DIMENSION_COUNT, 0, 1, "stick", "sticks" },

    [UNIT_NMP] = { "NMP", DIMENSION_PACKS, 0, 1, "pack", "packs" },
    [UNIT_DZP] = { "DZP", DIMENSION_PACKS, 0, 12, NULL, "dozens of packs" },
    [UNIT_SET] = { "SET", DIMENSION_SETS, 0, 1, "set", "sets" },
    [UNIT_JWL] = { "JWL", DIMENSION_JEWELS, 0, 1, "jewel", "jewels" },

    [UNIT_MTR] = { "MTR", DIMENSION_LENGTH, 0, 1, "m", "metres" },
    [UNIT_CMT] = { "CMT", DIMENSION_LENGTH, -2, 1, "cm", "centimetres" },
    [UNIT_MMT] = { "MMT", DIMENSION_LENGTH, -3, 1, "mm", "millimetres" },
    [UNIT_HMT] = { "HMT", DIMENSION_LENGTH, 2, 1, NULL, "hectometres" },
    [UNIT_KMT] = { "KMT", DIMENSION_LENGTH, 3, 1, "km", "kilometres" },
    [UNIT_INH] = { "INH", DIMENSION_LENGTH, -4, 254, "in", "inches" },
    [UNIT_FOT] = { "FOT", DIMENSION_LENGTH, -4, 3048, "ft", "feet" },
    [UNIT_YRD] = { "YRD", DIMENSION_LENGTH, -4, 9144, "yd", "yards" },

    [UNIT_MTK] = { "MTK", DIMENSION_AREA, 0, 1, "m2", "square metres" },
    [UNIT_CMK] = { "CMK", DIMENSION_AREA, -4, 1, "cm2", "square centimetres" },
    [UNIT_FTK] = { "FTK", DIMENSION_AREA, -8, 9290304, "ft2", "square feet" },
    [UNIT_YDK] = { "YDK", DIMENSION_AREA, -8, 83612736, "yd2", "square yards" },

    [UNIT_KWH] = { "KWH", DIMENSION_ENERGY, 5, 36, "kWh", "kilowatt hours" },
    [UNIT_MWH] = { "MWH", DIMENSION_ENERGY, 8, 36, "MWh", "megawatt hours" },
    [UNIT_GJ]  = { "GV",  DIMENSION_ENERGY, 9, 1, "GJ", "gigajoules" },
    [UNIT_TJ]  = { "D30", DIMENSION_ENERGY, 12, 1, "TJ", "terajoules" },

    [UNIT_PERCENT] = { "P1", DIMENSION_STRENGTH, 0, 1, "%", "per cent" },
    [UNIT_ASV] = { "ASV", DIMENSION_STRENGTH, 0, 1, "% vol", "per cent of alcohol by volume" },
    [UNIT_DEGREE] = { "ISD", DIMENSION_STRENGTH, 0, 1, "degree", "sugar degrees" },
    [UNIT_LINE] = { "LIN", DIMENSION_STRENGTH, 0, 1, "line", "lines across" },
};

static const struct { char code[4]; uint8_t unit; } others[] = {
    { "C62", UNIT_NAR }, { "EA", UNIT_NAR }, { "H87", UNIT_NAR }, { "NPR", UNIT_PR },
    { "DPC", UNIT_DZN }, { "T3", UNIT_MIL }, { "K6", UNIT_MTQ }, { "LM", UNIT_MTR },
    { "ASU", UNIT_ASV }, { "DMQ", UNIT_LTR },
};

static const struct subject subjects[SUBJECTS] = {
    [SUBJECT_NET] = { "net", "net weight" },
    [SUBJECT_GROSS] = { "gross", "gross weight" },
    [SUBJECT_DRAINED] = { "net drained", "drained net weight" },
    [SUBJECT_DRY] = { "net dry", "net dry matter" },
    [SUBJECT_STANDARD] = { "standard quality", "sugar of the standard quality" },
    [SUBJECT_RAW] = { "raw sugar", "raw sugar" },
    [SUBJECT_LACTIC] = { "lactic matter", "lactic matter" },
    [SUBJECT_DRY_LACTIC] = { "dry lactic matter", "dry lactic matter" },
    [SUBJECT_TOTAL_ALCOHOL] = { "total alcohol", "total alcohol" },
    [SUBJECT_SUCROSE] = { "sucrose", "sucrose by weight" },
    [SUBJECT_SUGARS] = { "total sugars", "total sugars" },
    [SUBJECT_SOLIDS] = { "soluble solids", "total soluble solids" },
    [SUBJECT_CLEAN] = { "clean", "clean content" },
    [SUBJECT_PACKED] = { "contents and container", "the contents and their container" },
    [SUBJECT_ENTIRE] = { "entire contents", "the entire contents of the container" },
    [SUBJECT_CONTAINERS] = { "immediate containers", "immediate containers" },
    [SUBJECT_RECORDING] = { "recording surface", "recording surface" },
    [SUBJECT_ENGINE] = { "engine capacity", "engine capacity" },

    [SUBJECT_LEAD] = { "lead content", "the lead content" },
    [SUBJECT_COPPER] = { "copper content", "the copper content" },
    [SUBJECT_ZINC] = { "zinc content", "the zinc content" },
    [SUBJECT_TIN] = { "tin content", "the tin content" },
    [SUBJECT_NICKEL] = { "nickel content", "the nickel content" },
    [SUBJECT_IRON] = { "iron content", "the iron content" },
    [SUBJECT_STEEL] = { "steel content", "the steel content" },
    [SUBJECT_ALUMINIUM] = { "aluminium content", "the aluminium content" },
    [SUBJECT_TUNGSTEN] = { "tungsten content", "the tungsten content" },
    [SUBJECT_MOLYBDENUM] = { "molybdenum content", "the molybdenum content" },
    [SUBJECT_MANGANESE] = { "manganese content", "the manganese content" },
    [SUBJECT_MAGNESIUM] = { "magnesium content", "the magnesium content" },
    [SUBJECT_SILICON] = { "silicon content", "the silicon content" },
    [SUBJECT_CHROMIUM] = { "chromium content", "the chromium content" },
    [SUBJECT_VANADIUM] = { "vanadium content", "the vanadium content" },
    [SUBJECT_GOLD] = { "gold content", "the gold content" },
    [SUBJECT_SILVER] = { "silver content", "the silver content" },
    [SUBJECT_PLATINUM] = { "platinum content", "the platinum content" },
    [SUBJECT_TOBACCO] = { "tobacco content", "the tobacco content" },
    [SUBJECT_NICOTINE] = { "nicotine content", "the nicotine content" },
    [SUBJECT_ALCOHOL] = { "alcohol content", "the alcohol content" },
    [SUBJECT_MORPHINE] = { "morphine content", "the anhydrous morphine content" },
    [SUBJECT_GASOLINE] = { "gasoline", "gasoline in the blend" },
    [SUBJECT_DIESEL] = { "diesel", "diesel in the blend" },
    [SUBJECT_BIODIESEL] = { "biodiesel", "biodiesel in the blend" },
    [SUBJECT_ETHANOL] = { "ethanol", "ethanol in the blend" },
    [SUBJECT_BLEND] = { "other substances", "other substances in the blend" },
    [SUBJECT_COCOA] = { "cocoa content", "the cocoa content" },
    [SUBJECT_MILK_FAT] = { "milk fat content", "the milk fat content" },
    [SUBJECT_MEAT] = { "meat content", "the meat content" },
    [SUBJECT_COTTON] = { "cotton content", "the cotton content" },
    [SUBJECT_WOOL] = { "wool content", "the wool content" },
    [SUBJECT_SILK] = { "silk content", "the silk content" },

    [SUBJECT_CASE] = { "case", "the case" },
    [SUBJECT_STRAP] = { "strap", "the strap, band or bracelet" },
    [SUBJECT_BATTERY] = { "battery", "the battery" },
    [SUBJECT_MOVEMENT] = { "movement", "the movement" },
    [SUBJECT_APPARATUS] = { "apparatus", "the apparatus" },
    [SUBJECT_RIFLE] = { "rifle", "the rifle" },
    [SUBJECT_SHOTGUN] = { "shotgun", "the shotgun" },
    [SUBJECT_SIGHT] = { "telescopic sight", "the telescopic sight, zero if there is none" },
    [SUBJECT_FOREIGN] = { "foreign content", "what is not of domestic origin" },
    [SUBJECT_RETAIL] = { "fair retail value", "the goods at fair retail" },
    [SUBJECT_REPAIRS] = { "repairs", "the repairs or alterations" },
    [SUBJECT_GOODS_OR_REPAIRS] = { "goods or repairs", "such goods or repairs, at cost" },
    [SUBJECT_SPARE_PARTS] = { "parts", "such parts, at cost" },
    [SUBJECT_SUGAR] = { "sugar content", "the sugar content" },
    [SUBJECT_FAT] = { "fat content", "the fat content" },
    [SUBJECT_MILK_SOLIDS] = { "milk solids", "milk solids" },
    [SUBJECT_COBALT] = { "cobalt content", "the cobalt content" },
    [SUBJECT_ANTIMONY] = { "antimony content", "the antimony content" },
    [SUBJECT_PARTS_OR_MATERIALS] = { "parts or materials", "such parts or materials, at cost" },
};
// clang-format on

uint8_t unit_find(struct span code)
{
    for (unsigned i = UNIT_NONE + 1; i < UNITS; i++)
        if (span_equal(code, span_of(units[i].code))) return (uint8_t)i;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (span_equal(code, span_of(others[i].code))) return others[i].unit;
    return UNIT_NONE;
}

const struct unit *unit_row(uint8_t unit)
{
    return unit > UNIT_NONE && unit < UNITS ? &units[unit] : NULL;
}

bool unit_is_strength(uint8_t unit)
{
    const struct unit *row = unit_row(unit);
    return row != NULL && (row->dimension == DIMENSION_STRENGTH || unit == UNIT_JWL);
}

uint8_t subject_find(struct span sign)
{
    for (unsigned i = SUBJECT_NONE + 1; i < SUBJECTS; i++)
        if (span_equal(sign, span_of(subjects[i].sign))) return (uint8_t)i;
    return SUBJECT_NONE;
}

const struct subject *subject_row(uint8_t subject)
{
    return subject > SUBJECT_NONE && subject < SUBJECTS ? &subjects[subject] : NULL;
}
