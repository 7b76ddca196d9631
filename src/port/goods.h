// goods: what is traded in the simulated port: kinds of goods with invented prices and masses.
#ifndef TW_PORT_GOODS_H
#define TW_PORT_GOODS_H

#include <stdint.h>

struct goods {
    const char *commodity;         // HS 2022 subheading and two digits
    const char *cheaper_commodity; // one that goods are wrongly put under when a lower rate tempts
    const char *description;
    const char *origin;            // ISO 3166-1
    const char *currency;          // ISO 4217
    uint32_t cents_a_kilo;         // of that currency
    uint32_t grams_unit, grams_package;
    const char *package;           // UN/ECE Rec 21
};

extern const struct goods goods_table[];
extern const uint32_t goods_count;

#endif
