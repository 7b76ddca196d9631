// goods: what is traded in the simulated port: kinds of goods with invented prices and masses.
//
// Headings are the Harmonized System's of 2022 with two digits of Meridia's own; words, prices and
// masses are ours.
#ifndef TW_PORT_GOODS_H
#define TW_PORT_GOODS_H

#include <stdbool.h>
#include <stdint.h>

// What one trader deals in. Meridia's own products are what it exports.
enum trade {
    TRADE_FOOD, TRADE_CLOTHES, TRADE_HOUSE, TRADE_ELECTRONICS, TRADE_INDUSTRY, TRADE_HEALTH,
    TRADE_JEWELLERY, TRADE_MERIDIA, TRADE_COUNT,
};

struct goods {
    enum trade trade;
    const char *commodity;
    const char *tempting;          // another heading, less burdened, that goods are put under; ""
    const char *description;
    const char *origins;           // two letters each: "EC CO"
    uint32_t cents_kilo;           // US cents
    uint32_t grams_unit;           // net, of what is sold one by one
    uint32_t package_units;
    const char *package;           // UN/ECE Rec 21
    uint32_t tare_percent;
    const char *unit;              // UN/ECE Rec 20: supplementary units, of which one piece has
    uint32_t unit_hundredths;      // so many hundredths; "" where none are asked for
    const char *paper;             // what else must be shown, its type; ""
    bool by_air;                   // more often than not
};

extern const struct goods goods_table[]; // in order of trades
extern const uint32_t goods_count;

// The goods of a trade: the first one's place in the table, and how many there are.
uint32_t goods_of(enum trade trade, uint32_t *first);

// How goods of a trade are described by who would rather not.
const char *trade_words(enum trade trade);

#endif
