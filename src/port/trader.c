#include "port/trader.h"

#include <assert.h>

#include "port/say.h"

enum { AGENTS = 24, OFFICES = 6, CAME_AGAIN = 3000, PERSON = 5000 };

#define COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))
#define PICK(chance, names) span_of((names)[chance_below(chance, COUNT_OF(names))])

static struct habit habit_of(struct chance *chance, const struct goods *goods)
{
    struct habit habit = { .goods = goods };
    uint32_t origins = (uint32_t)(strlen(goods->origins) + 1) / 3;
    // The first country is where most of it comes from.
    uint32_t chosen = chance_one_in(chance, 2) ? 0 : chance_below(chance, origins);
    habit.origin = (struct span){ goods->origins + 3 * (size_t)chosen, 2 };
    habit.price_percent = chance_between(chance, 64, 148);
    return habit;
}

static enum trade trade_of(struct chance *chance)
{
    static const enum trade trades[] = { // as often as they stand here
        TRADE_FOOD, TRADE_FOOD, TRADE_CLOTHES, TRADE_CLOTHES, TRADE_CLOTHES, TRADE_HOUSE,
        TRADE_HOUSE, TRADE_ELECTRONICS, TRADE_ELECTRONICS, TRADE_INDUSTRY, TRADE_INDUSTRY,
        TRADE_INDUSTRY, TRADE_HEALTH,
    };
    // Jewellers are few.
    if (chance_one_in(chance, 50)) return TRADE_JEWELLERY;
    return trades[chance_below(chance, COUNT_OF(trades))];
}

struct trader trader_of(uint64_t seed, uint32_t number)
{
    assert(number < TRADERS);
    struct chance chance = chance_of(seed, CHANCE_TRADER, number);
    struct trader trader = { .number = number, .exports = number % 7 == 3,
                             .dishonest = number % 20 == 7 };
    uint32_t first, chosen;
    enum trade trade = trade_of(&chance);
    uint32_t count = goods_of(trader.exports ? TRADE_MERIDIA : trade, &first);
    uint32_t most = count < TRADER_GOODS_MAX ? count : TRADER_GOODS_MAX;
    trader.habits_count = chance_between(&chance, 1, most);
    chosen = chance_below(&chance, count);
    for (uint32_t i = 0; i < trader.habits_count; i++)
        trader.habits[i] = habit_of(&chance, &goods_table[first + (chosen + i) % count]);
    trader.office = chance_between(&chance, 1, OFFICES);
    trader.agent = chance_one_in(&chance, 4) ? 0 : chance_between(&chance, 1, AGENTS);
    trader.terms = chance_below(&chance, 64);
    trader.claims_preference = !chance_one_in(&chance, 6);
    return trader;
}

struct trader courier_of(uint32_t number)
{
    assert(number >= TRADERS);
    assert(number < TRADERS + COURIERS);
    return (struct trader){ .number = number, .courier = true, .office = 1 + number % OFFICES,
                            .terms = number };
}

void trader_at(struct trader *trader, uint64_t n)
{
    // Each at another time, and all of them within the first weeks of a season.
    uint64_t stopped = 400 + trader->number * UINT64_C(3);
    trader->came_again = trader->dishonest && !trader->exports && trader->number % 200 == 47 &&
                         n > stopped;
}

uint32_t trader_number(const struct trader *trader)
{
    return trader->number + (trader->came_again ? CAME_AGAIN : 0);
}

uint32_t trader_draw(struct chance *chance)
{
    uint64_t drawn = chance_below(chance, 65536);
    return (uint32_t)(drawn * drawn * TRADERS >> 32);
}

// --- Names ---

static const char *const words[] = {
    "Amber", "Brook", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Harbour", "Indigo", "Juniper",
    "Kestrel", "Lagoon", "Meadow", "North", "Orchard", "Pebble", "Quarry", "Ridge", "Saffron",
    "Tidal",
};
static const char *const trades[] = { "Trading", "Imports", "Supply", "Goods", "Wholesale" };
static const char *const makers[] = { "Works", "Mills", "Export", "Industries", "Cooperative" };
static const char *const streets[] = { "Wharf Road", "Customs Row", "Chandler Street", "Mole End" };
static const char *const streets_abroad[] = { "Mill Lane", "Station Street", "Ring Road" };
static const char *const places[] = { "Harrow Quay", "Port Ostrel", "Vell", "Tarnmouth", "Ansby",
                                      "Corrin Bay" };
static const char *const places_abroad[] = { "Farhaven", "Old Mill", "Stonegate", "Lower Fields",
                                             "Newbridge", "Riverend", "Eastwell", "Highmoor" };

bool trader_id(uint32_t number, struct arena *arena, struct span *id)
{
    return say(arena, id, "XM%08u", 10000000 + number * 7919u);
}

bool trader_party(const struct trader *trader, struct arena *arena, struct party *party)
{
    struct chance chance = chance_of(0, CHANCE_NAMES, trader->number);
    struct chance again = chance_of(0, CHANCE_NAMES, trader_number(trader));
    *party = (struct party){ .address = { .country_code = SPAN("XM") } };
    struct span word = PICK(&chance, words);
    struct span trade = trader->exports ? PICK(&chance, makers) : PICK(&chance, trades);
    struct span street = PICK(&chance, streets);
    if (trader->came_again) word = PICK(&again, words);
    if (trader->courier) trade = SPAN("Couriers");
    uint32_t house = chance_between(&chance, 1, 180);
    uint32_t postcode = chance_between(&chance, 1000, 9999);
    party->address.city_name = PICK(&chance, places);
    return trader_id(trader_number(trader), arena, &party->id) &&
           say(arena, &party->name, SPAN_FMT " " SPAN_FMT " %u (invented)", SPAN_ARG(word),
               SPAN_ARG(trade), trader_number(trader)) &&
           say(arena, &party->address.line, "%u " SPAN_FMT, house, SPAN_ARG(street)) &&
           say(arena, &party->address.postcode, "M%u", postcode);
}

bool person_party(uint32_t number, struct arena *arena, struct party *party)
{
    struct chance chance = chance_of(0, CHANCE_NAMES, (uint64_t)PERSON + number);
    *party = (struct party){ .address = { .country_code = SPAN("XM") } };
    struct span street = PICK(&chance, streets);
    uint32_t house = chance_between(&chance, 1, 180);
    uint32_t postcode = chance_between(&chance, 1000, 9999);
    party->address.city_name = PICK(&chance, places);
    return say(arena, &party->id, "XMP%u", 1000000 + number) &&
           say(arena, &party->name, "Householder %u (invented)", number) &&
           say(arena, &party->address.line, "%u " SPAN_FMT, house, SPAN_ARG(street)) &&
           say(arena, &party->address.postcode, "M%u", postcode);
}

bool foreign_party(struct chance *chance, struct span country, struct arena *arena,
                   struct party *party)
{
    *party = (struct party){ .address = { .country_code = country } };
    struct span word = PICK(chance, words);
    struct span trade = PICK(chance, makers);
    struct span street = PICK(chance, streets_abroad);
    uint32_t number = chance_below(chance, 40);
    uint32_t house = chance_between(chance, 1, 90);
    uint32_t postcode = chance_between(chance, 10000, 99999);
    party->address.city_name = PICK(chance, places_abroad);
    return say(arena, &party->name, SPAN_FMT " " SPAN_FMT " " SPAN_FMT " %u (invented)",
               SPAN_ARG(word), SPAN_ARG(trade), SPAN_ARG(country), number) &&
           say(arena, &party->address.line, "%u " SPAN_FMT, house, SPAN_ARG(street)) &&
           say(arena, &party->address.postcode, "%u", postcode);
}
