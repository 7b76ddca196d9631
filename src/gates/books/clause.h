// clause: the phrases of rules of origin in English, and the conditions that they mean.
//
// The table in the .c is the whole of the language. A phrase that is not in it is not understood.
#ifndef TW_GATES_BOOKS_CLAUSE_H
#define TW_GATES_BOOKS_CLAUSE_H

#include "base/limits.h"
#include "tariff/origin.h"

// A rule that leaves a choice of its base or method stands for two alternatives.
enum clause_twice { CLAUSE_ONCE, CLAUSE_ALSO_BUILD_UP, CLAUSE_ALSO_FOB };

struct clause {
    struct origin_condition conditions[ORIGIN_CONDITIONS_MAX];
    uint32_t count;
    enum clause_twice twice;
    struct arena *arena;
};

// Adds a condition; false when there is no room.
MUST_CHECK bool clause_keep(struct clause *clause, struct origin_condition condition);

// Understands the phrase at the beginning of the text: adds what it means, or changes what the
// condition before it means ("however, ... may be used"). *taken: its length. False, and nothing
// has changed, when no phrase fits; also when the arena is full.
MUST_CHECK bool clause_take(struct clause *clause, struct span text, size_t *taken);

#endif
