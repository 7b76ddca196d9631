// port: a simulated port of Meridia, an invented country: who trades what, day by day.
//
// Nothing here is real: names, numbers and goods are made up, the country code XM and its traders'
// numbers belong to nobody. Every declaration says so in a statement. The same seed gives the same
// declarations, to the byte, on every machine.
//
// Traders have habits (trader.h): a few kinds of goods, each from one country, at about the same
// price a kilo, by about the same route on the same terms, by ship, lorry or plane. A quarter of
// the declarations are small parcels for people, which five couriers declare. Out of a thousand
// declarations some twenty carry an honest mistake and some twenty a fraud; half of the frauds are
// those of a twentieth of the traders. Nothing in a declaration tells, and the honest sell cheaply
// and describe vaguely, too, if less often; port_flaw tells.
#ifndef TW_PORT_PORT_H
#define TW_PORT_PORT_H

#include "consignment/declaration.h"

struct port {
    uint64_t seed;
    struct date first_day;
    uint32_t per_day;
};

// The n-th declaration of the season (0, 1, 2 ...): day n / per_day, most of them in working hours.
// Pure: any n may be asked for in any order. Everything it needs is taken from the arena.
MUST_CHECK bool port_declaration(const struct port *port, uint64_t n, struct arena *arena,
                                 struct declaration *declaration, struct error *err);

// When the n-th is lodged: never before the one before it. And how many are by then.
int64_t port_lodged_ms(const struct port *port, uint64_t n);
uint64_t port_count_by(const struct port *port, int64_t at_ms);

// The same, lodged at another time: for a season that goes on faster, or slower, than its days.
MUST_CHECK bool port_declaration_at(const struct port *port, uint64_t n, int64_t at_ms,
                                    struct arena *arena, struct declaration *declaration,
                                    struct error *err);

// The UCR of the n-th when it is lodged at that time; and which number has that UCR: false when it
// is none of this season's.
MUST_CHECK bool port_ucr(const struct port *port, uint64_t n, int64_t at_ms, struct arena *arena,
                         struct span *ucr);
bool port_number_of(const struct port *port, struct span ucr, uint64_t *n);

// Parcels worth less are hardly looked at, in US cents.
enum { PORT_PARCEL_CENTS = 15000 };

// What is wrong with it, for those who measure how well that is found.
enum port_flaw {
    PORT_SOUND,
    // Mistakes, which the rules of the check know by their numbers
    PORT_WRONG_SUM,    // the invoice is not the sum of its items
    PORT_WRONG_COUNT,  // one item more is counted than there is
    PORT_WRONG_MASS,   // the net mass is above the gross mass
    PORT_WRONG_DIGIT,  // a check digit of a container
    PORT_NO_PROOF,     // a preference without its proof of origin
    // Frauds, which no single declaration proves
    PORT_LOW_PRICE,    // a third of what it was bought for
    PORT_LOW_HEADING,  // a heading less burdened, in vague words
    PORT_FALSE_ORIGIN, // a country with a preference, where the goods were not made
    PORT_SHORT,        // fewer than there are: what weighs as much is said to be packing
    PORT_SPLIT,        // one order in some parcels, each worth less than PORT_PARCEL_CENTS
    PORT_ANEW,         // by a trader who was stopped, under another name and number
    PORT_FLAW_COUNT,
};
enum port_flaw port_flaw(const struct port *port, uint64_t n);
const char *port_flaw_name(enum port_flaw flaw); // "low-price"

#endif
