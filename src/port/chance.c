#include "port/chance.h"

#include <assert.h>

// SplitMix64 (Steele, Lea, Flood 2014).
static uint64_t next(struct chance *chance)
{
    uint64_t z = (chance->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

// Streams of neighbours would overlap if they began beside each other: seed, kind and n are mixed
// one after the other.
struct chance chance_of(uint64_t seed, enum chance_kind kind, uint64_t n)
{
    struct chance chance = { seed };
    chance.state = next(&chance) ^ (uint64_t)kind;
    chance.state = next(&chance) ^ n;
    chance.state = next(&chance);
    return chance;
}

uint32_t chance_below(struct chance *chance, uint32_t limit)
{
    assert(limit > 0);
    return (uint32_t)((next(chance) >> 32) * limit >> 32);
}

uint32_t chance_between(struct chance *chance, uint32_t least, uint32_t most)
{
    assert(least <= most);
    return least + chance_below(chance, most - least + 1);
}

bool chance_one_in(struct chance *chance, uint32_t n)
{
    return chance_below(chance, n) == 0;
}
