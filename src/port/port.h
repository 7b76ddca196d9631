// port: a simulated port of Meridia, an invented country: who trades what, day by day.
//
// Nothing here is real: names, numbers and goods are made up, the country code XM and its traders'
// numbers belong to nobody. Every declaration says so in a statement. The same seed gives the same
// declarations, to the byte, on every machine.
//
// Traders have habits: a few kinds of goods each, from a few origins, at about the same price a
// kilo, by about the same route. Out of a thousand declarations some twenty carry an honest mistake
// (a sum that does not add up, a paper left out, a wrong check digit) and some fifteen a fraud: a
// price far below the trader's own, a heading with a lower rate, another origin. What was done is
// not told.
#ifndef TW_PORT_PORT_H
#define TW_PORT_PORT_H

#include "consignment/declaration.h"

struct port {
    uint64_t seed;
    struct date first_day;
    uint32_t per_day;
};

// The n-th declaration of the season (0, 1, 2 ...): day n / per_day, hours spread over the day.
// Pure: any n may be asked for in any order. Everything it needs is taken from the arena.
MUST_CHECK bool port_declaration(const struct port *port, uint64_t n, struct arena *arena,
                                 struct declaration *declaration, struct error *err);

#endif
