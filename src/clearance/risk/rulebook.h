// rulebook: the officers' rules that are written at the desk, folded from the facts of "~rules".
//
// Facts in, state out, as of a consignment (consignment/file.h): rulebook_add is the only way in
// and keeps what may follow. What stands in the bodies is in rulebook_body.h.
//
// A name stands for one text for ever: facts of consignments name the rules that hit, and must say
// tomorrow what they say today. A rule that is to say something else is written under another name.
//
// The *rules in force* at a moment are one text: the books' rules, and behind them those of the
// desk that are on, in the order in which they were written, each on a line of its own. It is read
// as if it were one file (rules.h): the limits hold for the sum, no two rules have the same name,
// and its version is that of any such file. So the version in a SCORED fact says which text it was,
// and the facts of "~rules" have that text: rulebook_find.
#ifndef TW_CLEARANCE_RISK_RULEBOOK_H
#define TW_CLEARANCE_RISK_RULEBOOK_H

#include "clearance/risk/rules.h"

#define RULES_FILE SPAN("~rules")
#define RULE_NO_END INT64_MAX

// Texts are in the arena that was given to rulebook_add.
struct desk_rule {
    struct span name, sentence;
    struct span text;            // as it was typed
    uint32_t score;
    enum decision wants;
    struct span owner;           // who wrote it: "user:ada"
    bool on;                     // was switched so; desk_rule_is_on looks at the end, too
    int64_t ends_ms;             // of what is on: from here on it is not; RULE_NO_END
    struct span until;           // the last day; empty when there is no end
    int64_t changed_ms;          // written or switched last
    struct span reason;          // of that
};

struct rulebook {
    uint32_t facts_count;
    const struct risk_rules *books; // the books' rules as they were read last; NULL: not yet
    struct desk_rule *rules;     // in the order in which they were written
    uint32_t count;
};

// Reads one rule and nothing else: `rules` has one. ERROR_SYNTAX with line and column.
MUST_CHECK bool desk_rule_read(struct span text, struct arena *arena,
                               const struct risk_rules **rules, struct error *err);

// A book without facts.
MUST_CHECK bool rulebook_open(struct rulebook *book, struct arena *arena, struct error *err);
void rulebook_invariants(const struct rulebook *book);

// Folds one more fact in. `fact->seq` must be the next, and `fact->file` RULES_FILE. ERROR_SYNTAX
// with line and column in its text when a rule cannot be read; ERROR_CONFLICT when the fact may not
// follow: the name is taken, the rule is on already, its last day is over; ERROR_DAMAGED when it
// does not fit: the book is as it was. What is in the arena by then stays there until it is reset.
MUST_CHECK bool rulebook_add(struct rulebook *book, const struct fact *fact, struct arena *arena,
                             struct error *err);

// NULL when there is none.
const struct desk_rule *rulebook_rule(const struct rulebook *book, struct span name);
bool desk_rule_is_on(const struct desk_rule *rule, int64_t now_ms);

// The text of the rules in force, in the arena, and the moment from which on it is another if
// nothing is added to the book (RULE_NO_END: it stays). Where nothing is on it is the books' own.
MUST_CHECK bool rulebook_in_force(const struct rulebook *book, int64_t now_ms,
                                  struct arena *arena, struct span *text, int64_t *ends_ms,
                                  struct error *err);

// The text of that version, which was in force at some moment between the first of the facts and
// `now_ms`. ERROR_NOT_FOUND when there was none.
MUST_CHECK bool rulebook_find(const struct fact *facts, uint32_t count, struct span version,
                              int64_t now_ms, struct arena *arena, struct span *text,
                              struct error *err);

#endif
