// check: which rules of the trade does a declaration break?
//
// All rules are asked, so that the declarant gets all findings at once, in order of the rules'
// numbers. Of one rule at most CHECK_PLACES_MAX places are told: who reads twenty has understood.
// The rules are rows of rule.h and are listed for people in docs/rules.md.
#ifndef TW_CLEARANCE_CHECK_CHECK_H
#define TW_CLEARANCE_CHECK_CHECK_H

#include "base/arena.h"
#include "clearance/check/rule.h"

struct clearance; // clearance/clearance.h

enum { CHECK_PLACES_MAX = 20 };

// Goes into each CHECKED fact; changes whenever a rule is added, dropped or means something else.
#define CHECK_RULES_VERSION "check-1"

// The step: adds one CHECKED fact with the findings about the file's latest declaration. False only
// when the arena is full.
MUST_CHECK bool check_step(struct clearance *clearance, struct error *err);

struct findings {
    struct finding *at;
    uint32_t count;
};

// The same without a file. Nothing is taken from the arena when nothing is found; fields of
// findings live in it, their other texts are static.
MUST_CHECK bool check_declaration(const struct declaration *declaration, uint32_t version,
                                  int64_t now_ms, struct arena *arena, struct findings *findings,
                                  struct error *err);

// The rules in order of their numbers, also those that only the office can ask.
uint32_t rule_count(void);
const struct rule *rule_at(uint32_t index);
const struct rule *rule_find(struct span number); // NULL when there is none

// The finding that the rule is broken, at its place (without [] and *).
struct finding rule_finding(const struct rule *rule);

#endif
