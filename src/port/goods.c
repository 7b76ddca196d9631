#include "port/goods.h"

#include <assert.h>

// The certificate of plant health is N851; the others are codes of Meridia.
#define PLANTS "851"
#define HEALTH "H01" // leave of the health authority
#define EXCISE "E10" // of the excise warehouse

const struct goods goods_table[] = {
    // clang-format off
    { TRADE_FOOD, "08039010", "08045000", "fresh bananas in boxes", "EC CO CR",
      95, 18140, 1, "CT", 7, "", 0, PLANTS, false },
    { TRADE_FOOD, "08051020", "", "fresh sweet oranges", "ZA MA EG",
      105, 15000, 1, "CT", 6, "", 0, PLANTS, false },
    { TRADE_FOOD, "09011100", "", "green coffee beans, arabica, not roasted", "CO ET KE BR",
      520, 60000, 1, "BG", 1, "", 0, PLANTS, false },
    { TRADE_FOOD, "09024000", "", "black tea in bulk", "LK KE IN",
      380, 25000, 1, "BG", 2, "", 0, PLANTS, false },
    { TRADE_FOOD, "10063098", "10089000", "long grain rice, milled", "TH VN PK",
      70, 50000, 1, "BG", 1, "", 0, PLANTS, false },
    { TRADE_FOOD, "15091000", "15121900", "virgin olive oil in cans of five litres", "TN ES TR",
      610, 4600, 4, "CT", 11, "", 0, "", false },
    { TRADE_FOOD, "17019910", "17029000", "white cane sugar", "BR TH",
      62, 50000, 1, "BG", 1, "", 0, "", false },
    { TRADE_FOOD, "22042100", "22029900", "red wine in bottles of 0.75 litre", "CL ZA FR",
      640, 740, 12, "CT", 66, "LTR", 75, "", false },
    { TRADE_FOOD, "24022000", "24039900", "cigarettes in packets of twenty", "AE TR CH",
      3100, 220, 50, "CT", 24, "MIL", 20, EXCISE, false },

    { TRADE_CLOTHES, "42022100", "42050000", "handbags with outer surface of leather", "IT CN",
      14500, 900, 10, "CT", 21, "NAR", 100, "", true },
    { TRADE_CLOTHES, "52094200", "", "denim fabric of cotton", "TR PK",
      690, 30000, 1, "RO", 2, "", 0, "", false },
    { TRADE_CLOTHES, "61091000", "63079000", "t-shirts of cotton, knitted", "BD CN TR",
      1250, 160, 60, "CT", 8, "NAR", 100, "", false },
    { TRADE_CLOTHES, "61103000", "63079000", "pullovers of man-made fibres, knitted", "CN BD KH",
      1480, 350, 30, "CT", 9, "NAR", 100, "", false },
    { TRADE_CLOTHES, "62034200", "63090000", "men's trousers of cotton", "PK BD TN",
      1390, 550, 24, "CT", 8, "NAR", 100, "", false },
    { TRADE_CLOTHES, "64039100", "", "boots with leather uppers covering the ankle", "VN IT MA",
      2450, 1400, 10, "CT", 16, "NPR", 100, "", false },
    { TRADE_CLOTHES, "64041900", "64069000", "sports shoes with textile uppers", "VN CN ID",
      1980, 800, 12, "CT", 19, "NPR", 100, "", false },
    { TRADE_CLOTHES, "90041010", "", "sunglasses", "CN IT",
      5400, 40, 200, "CT", 38, "NAR", 100, "", true },

    { TRADE_HOUSE, "69072100", "69051000", "ceramic floor tiles, glazed, 20 kilograms a box",
      "CN ES TR", 62, 20000, 44, "PX", 4, "", 0, "", false },
    { TRADE_HOUSE, "70133700", "", "drinking glasses of soda-lime glass", "CN TR",
      145, 300, 36, "CT", 17, "NAR", 100, "", false },
    { TRADE_HOUSE, "84151010", "", "air conditioners, split system, for walls", "CN TH",
      620, 38000, 1, "CT", 9, "NAR", 100, "", false },
    { TRADE_HOUSE, "85167100", "", "electric coffee makers for the home", "CN",
      980, 3200, 4, "CT", 22, "NAR", 100, "", false },
    { TRADE_HOUSE, "87120030", "87149900", "bicycles without motor", "TW CN KH",
      1100, 14000, 1, "CT", 13, "NAR", 100, "", false },
    { TRADE_HOUSE, "94016100", "", "upholstered seats with wooden frame", "PL CN VN",
      520, 28000, 1, "PK", 11, "NAR", 100, "", false },
    { TRADE_HOUSE, "94054200", "", "lamps with light-emitting diodes", "CN",
      1150, 700, 16, "CT", 24, "NAR", 100, "", false },
    { TRADE_HOUSE, "95030049", "", "toys: building sets of plastic", "CN VN",
      1320, 900, 12, "CT", 20, "", 0, "", false },

    { TRADE_ELECTRONICS, "84713000", "", "portable computers of 1.4 kilograms", "CN TW",
      32000, 1400, 10, "CT", 27, "NAR", 100, "", true },
    { TRADE_ELECTRONICS, "85076000", "85069000", "lithium-ion batteries for telephones", "CN KR",
      4200, 45, 200, "CT", 18, "NAR", 100, "", true },
    { TRADE_ELECTRONICS, "85171300", "", "smartphones with 128 GB of memory", "CN VN",
      96000, 190, 50, "CT", 34, "NAR", 100, "", true },
    { TRADE_ELECTRONICS, "85183000", "", "wireless earphones with charging case", "VN CN",
      21000, 60, 100, "CT", 33, "NAR", 100, "", true },
    { TRADE_ELECTRONICS, "85285200", "84716000", "monitors for computers, 27 inch", "CN KR",
      2950, 5200, 1, "CT", 26, "NAR", 100, "", false },

    { TRADE_INDUSTRY, "27101981", "34039900", "lubricating oil in drums", "SA AE NL",
      210, 180000, 1, "DR", 10, "", 0, "", false },
    { TRADE_INDUSTRY, "39023000", "", "propylene copolymers in granules", "SA KR",
      125, 25000, 1, "BG", 1, "", 0, "", false },
    { TRADE_INDUSTRY, "39232990", "39269090", "plastic carrier bags, printed, by the thousand",
      "CN VN", 230, 6000, 2, "CT", 6, "", 0, "", false },
    { TRADE_INDUSTRY, "40111000", "40129000", "new tyres for passenger cars", "CN JP KR",
      410, 9000, 1, "PK", 1, "NAR", 100, "", false },
    { TRADE_INDUSTRY, "44123300", "", "plywood, birch faced, in sheets", "FI CN",
      88, 15000, 60, "PX", 3, "", 0, "", false },
    { TRADE_INDUSTRY, "48025600", "", "office paper A4, 80 grams, by the ream", "ID PT",
      98, 2500, 5, "CT", 4, "", 0, "", false },
    { TRADE_INDUSTRY, "72083900", "72254000", "flat-rolled steel in coils, hot-rolled", "CN TR",
      66, 4000000, 1, "CL", 1, "", 0, "", false },
    { TRADE_INDUSTRY, "73181500", "73269000", "screws and bolts of steel, threaded", "TW CN",
      270, 20000, 1, "CT", 3, "", 0, "", false },
    { TRADE_INDUSTRY, "84818000", "", "taps and valves of brass", "IT CN",
      1650, 700, 20, "CT", 7, "", 0, "", false },
    { TRADE_INDUSTRY, "87032319", "87089900", "passenger cars, used, petrol, 1.8 litres",
      "JP GB DE", 640, 1250000, 1, "UN", 1, "NAR", 100, "", false },
    { TRADE_INDUSTRY, "87083010", "", "brake pads, mounted, for passenger cars", "DE JP",
      940, 1800, 10, "CT", 8, "", 0, "", false },

    { TRADE_HEALTH, "30049000", "", "medicaments for retail sale, antibiotic tablets", "IN CH",
      8400, 60, 120, "CT", 42, "", 0, HEALTH, true },
    { TRADE_HEALTH, "33030010", "33049900", "perfumes in glass bottles for retail sale", "FR",
      7200, 110, 48, "CT", 95, "LTR", 10, "", true },
    { TRADE_HEALTH, "33049900", "", "skin care creams", "KR FR",
      2600, 100, 60, "CT", 48, "", 0, "", false },
    { TRADE_HEALTH, "90189084", "", "instruments for surgery", "DE PK",
      23500, 300, 20, "CT", 14, "", 0, "", true },

    { TRADE_JEWELLERY, "71131900", "", "jewellery of gold set with stones", "AE IN IT",
      5200000, 8, 200, "BX", 120, "", 0, "", true },
    { TRADE_JEWELLERY, "71171900", "", "imitation jewellery of base metal", "CN TH",
      9800, 25, 300, "CT", 22, "", 0, "", true },
    { TRADE_JEWELLERY, "91021100", "", "wrist watches, electrically operated", "CH JP",
      90000, 70, 100, "CT", 60, "NAR", 100, "", true },

    { TRADE_MERIDIA, "03048990", "", "fillets of fish, frozen", "XM",
      540, 10000, 1, "CT", 5, "", 0, "", false },
    { TRADE_MERIDIA, "04069099", "", "cheese from the milk of sheep", "XM",
      890, 12000, 1, "CT", 6, "", 0, "", false },
    { TRADE_MERIDIA, "25010091", "", "sea salt for the table", "XM",
      34, 25000, 1, "BG", 1, "", 0, "", false },
    { TRADE_MERIDIA, "51011900", "", "greasy wool, not carded or combed", "XM",
      470, 180000, 1, "BL", 1, "", 0, "", false },
    { TRADE_MERIDIA, "61101110", "", "pullovers of wool, knitted", "XM",
      5200, 600, 24, "CT", 9, "NAR", 100, "", true },
    { TRADE_MERIDIA, "84137021", "", "bilge pumps for ships", "XM",
      3400, 18000, 1, "PK", 12, "NAR", 100, "", false },
    // clang-format on
};
const uint32_t goods_count = sizeof(goods_table) / sizeof(goods_table[0]);

uint32_t goods_of(enum trade trade, uint32_t *first)
{
    uint32_t begin = 0;
    while (goods_table[begin].trade != trade) begin++;
    uint32_t end = begin;
    while (end < goods_count && goods_table[end].trade == trade) end++;
    assert(end > begin);
    *first = begin;
    return end - begin;
}

const char *trade_words(enum trade trade)
{
    static const char *const words[TRADE_COUNT] = {
        [TRADE_FOOD] = "foodstuffs, various",
        [TRADE_CLOTHES] = "articles of textile, assorted",
        [TRADE_HOUSE] = "household articles and parts",
        [TRADE_ELECTRONICS] = "parts and accessories, electronic",
        [TRADE_INDUSTRY] = "industrial supplies and spare parts",
        [TRADE_HEALTH] = "preparations, various",
        [TRADE_JEWELLERY] = "fashion accessories",
        [TRADE_MERIDIA] = "products of Meridia",
    };
    assert(trade < TRADE_COUNT);
    return words[trade];
}
