// rule_sets: the officers' rules in force: those of the books, and those of the desk that are on.
//
// What was written and switched at the desk is folded from the facts of "~rules"
// (clearance/risk/rulebook.h). All rules in force at a moment are read once into a *set*. Who works
// with one takes it and lets it go: a worker for each batch, so that no batch is worked out by two
// sets; it lives until nobody has it. Another set is made when something is switched, and when the
// last day of a rule is over; nobody waits for that but whoever asks for it first.
//
// A change is a message like any other: what was changed is durable, sealed, and in every set that
// is taken from then on. While the desk has rules, the text of the books'
// rules is among the facts, too, so that they say which texts each version was made of.
//
// Any number of threads take sets; changes are made one after the other.
#ifndef TW_OFFICE_RULE_SETS_H
#define TW_OFFICE_RULE_SETS_H

#include "clearance/risk/rulebook.h"
#include "clearance/risk/rulebook_body.h"
#include "office/office.h"

struct rule_sets;

struct rule_set {
    struct books books;          // the office's, with the rules in force
    const struct rulebook *book; // what is written at the desk
    int64_t ends_ms;             // from then on it is another one
    // The rest is rule_sets' own.
    struct ruled *ruled;
    struct arena arena;
    uint32_t held;
};

// Reads what the desk has; the office's threads need not run yet. The office and its books outlive
// the sets. ERROR_CONFLICT when the rules of the books and of the desk do not go together.
MUST_CHECK bool rule_sets_open(struct rule_sets **sets, struct office *office,
                               const struct office_surroundings *surroundings, struct error *err);
void rule_sets_close(struct rule_sets *sets); // nobody has one any more; also takes NULL

// Once the office works: if the desk has rules and the books' are not those that it knows, they
// become a fact.
MUST_CHECK bool rule_sets_note_books(struct rule_sets *sets, struct error *err);

struct rule_set *rule_sets_take(struct rule_sets *sets);
void rule_sets_let_go(struct rule_sets *sets, struct rule_set *set);

// `who` writes a rule, or switches one: a fact of "~rules". As rulebook_add and rulebook_body.h
// say; and ERROR_CONFLICT when the rules in force would be more than the limits allow; otherwise
// why the office did not take it. Who may, decides the caller.
MUST_CHECK bool rule_sets_write(struct rule_sets *sets, struct span who,
                                const struct rule_written *written, struct error *err);
MUST_CHECK bool rule_sets_switch_on(struct rule_sets *sets, struct span who,
                                    const struct rule_switched *switched, struct error *err);
MUST_CHECK bool rule_sets_switch_off(struct rule_sets *sets, struct span who,
                                     const struct rule_switched *switched, struct error *err);

#endif
