// trader: who trades in the simulated port. All of a trader follows from the port's seed and the
// trader's number.
//
// A trader deals in a few kinds of goods of one trade, each from one country, at a level of prices
// of its own, mostly by the same route and on the same terms; one in seven exports Meridia's own
// products instead. One in twenty is not honest: most frauds are theirs. A few of those are stopped
// one day, and come again: at the same address and with the same habits, under another name.
//
// Couriers have no habits: they declare parcels of all that is light, for people.
#ifndef TW_PORT_TRADER_H
#define TW_PORT_TRADER_H

#include "consignment/declaration.h"
#include "port/chance.h"
#include "port/goods.h"

enum { TRADERS = 600, COURIERS = 5, TRADER_GOODS_MAX = 4 };

struct habit {                     // with one kind of goods
    const struct goods *goods;
    struct span origin;            // two letters of the table
    uint32_t price_percent;        // of the usual price
};

struct trader {
    uint32_t number;               // 0 .. TRADERS - 1: the lower, the larger
    bool exports, dishonest, courier;
    bool came_again;               // goes by another name and number than before
    struct habit habits[TRADER_GOODS_MAX];
    uint32_t habits_count;
    uint32_t office, agent;        // agent 0: speaks for itself
    uint32_t terms;                // which of the usual terms of delivery
    bool claims_preference;        // takes the trouble
};

// Below TRADERS; courier_of: of the couriers behind them.
struct trader trader_of(uint64_t seed, uint32_t number);
struct trader courier_of(uint32_t number);

// The trader as he is when the n-th declaration is lodged.
void trader_at(struct trader *trader, uint64_t n);

// The number that a trader goes by.
uint32_t trader_number(const struct trader *trader);

// Larger traders are drawn more often: the first tenth of them lodges a third of all declarations.
uint32_t trader_draw(struct chance *chance);

// The number by which a trader or courier is known: "XM10007919".
MUST_CHECK bool trader_id(uint32_t number, struct arena *arena, struct span *id);

MUST_CHECK bool trader_party(const struct trader *trader, struct arena *arena, struct party *party);

// Somebody who gets parcels.
MUST_CHECK bool person_party(uint32_t number, struct arena *arena, struct party *party);

// One of the trader's forty or so suppliers or customers there.
MUST_CHECK bool foreign_party(struct chance *chance, struct span country, struct arena *arena,
                              struct party *party);

#endif
