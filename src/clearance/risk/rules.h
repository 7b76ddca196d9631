// rules: the officers' rules: a small language over a declaration's fields. docs/rule-language.md
// teaches it.
//
//   rule K-01 "dense electronics from a free zone" score 300 examine when
//       any item (commodity starts with "8517" and origin in ("CN", "HK")) and gross_mass < 20
//
// Rules are read once into trees of small nodes and evaluated without taking memory. What cannot be
// meant is refused when it is read: a text that is added, an order of texts, a name that does not
// exist. Numbers are exact to a millionth, 128 bits wide. What is missing, divided by zero or too
// large is *unknown*, and so is what depends on it; a rule hits only when it is true.
//
// The limits are those of base/limits.h, RISK_...
#ifndef TW_CLEARANCE_RISK_RULES_H
#define TW_CLEARANCE_RISK_RULES_H

#include "clearance/clearance.h"
#include "consignment/model.h"

enum { RULES_VERSION_SIZE = 17 };

struct risk_rule {
    struct span name;          // K-01
    struct span text;          // the sentence that a reason says
    uint32_t score;            // 0 .. 1000
    enum decision wants;       // DECISION_NONE, _EXAMINE, _HOLD or _DOCUMENTS
    uint32_t root;             // of its tree
    struct span source;        // as it is written, from "rule" to its last word
};

struct risk_rules {
    struct span text;          // that they were read from
    const struct risk_rule *rules;
    uint32_t count;
    const struct rule_node *nodes;
    const struct rule_field *fields;
    char version[RULES_VERSION_SIZE];
};

// The first 16 hex digits of the SHA-256 of the text.
void risk_rules_version(struct span text, char version[RULES_VERSION_SIZE]);

// `text` must live as long as the rules, which are in the arena. Errors carry line and column.
MUST_CHECK bool risk_rules_read(struct span text, struct arena *arena,
                                const struct risk_rules **rules, struct error *err);

// Does the rule hit this file? `clearance` gives the file, the items' values and the time.
bool risk_rule_hits(const struct risk_rules *rules, const struct risk_rule *rule,
                    const struct clearance *clearance);

#endif
