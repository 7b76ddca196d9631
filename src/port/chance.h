// chance: a stream of numbers that follows from a seed. Not for secrets.
//
// Who draws more than once in one expression gets another order from another compiler: each draw
// stands in a statement of its own.
#ifndef TW_PORT_CHANCE_H
#define TW_PORT_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

// What a stream is drawn for; two kinds of the same seed have nothing to do with each other.
enum chance_kind {
    CHANCE_TRADER, CHANCE_NAMES, CHANCE_DECLARATION, CHANCE_FLAW,
    CHANCE_SPLIT,                // an order that comes in several parcels
    CHANCE_OFFICE, CHANCE_FIND,  // what officers do with a declaration, and what they find
};

struct chance { uint64_t state; };

struct chance chance_of(uint64_t seed, enum chance_kind kind, uint64_t n);

// 0 .. limit - 1, each as likely. limit > 0.
uint32_t chance_below(struct chance *chance, uint32_t limit);

// least .. most.
uint32_t chance_between(struct chance *chance, uint32_t least, uint32_t most);

bool chance_one_in(struct chance *chance, uint32_t n);

#endif
