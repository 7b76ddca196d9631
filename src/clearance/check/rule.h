// rule: one rule of the trade as a row: number, place, severity, sentence, hint, function.
//
// The sentence says what holds when the rule is kept; it is the message when it is broken, and the
// name of the rule's test. Groups of rules stand in a file each, rows above, functions before them:
//   R-1xx presence   R-2xx lists   R-3xx numbers   R-4xx sums   R-5xx dates   R-6xx combinations
//   R-7xx amendments
// To add a rule: a row and its function, a test with the sentence as its name, docs/rules.md.
//
// Severity: an ERROR is what makes clearance impossible; then the declaration is refused. A WARNING
// is what an officer may want to see; a NOTE is for the declarant alone.
#ifndef TW_CLEARANCE_CHECK_RULE_H
#define TW_CLEARANCE_CHECK_RULE_H

#include "consignment/codes.h"
#include "consignment/declaration.h"
#include "consignment/finding.h"

// What a rule looks at.
struct view {
    const struct declaration *declaration;
    const struct item *item;       // of a rule about items; else NULL
    struct declaration_type type;  // plain when the declaration says none
    enum direction direction;      // by the type, else by procedure and procedure category
    uint32_t version;              // of the declaration in its file: 1, 2 ...
    int64_t now_ms;
};

// Where a rule is broken, when it is about one of several things.
struct spot {
    uint32_t next;    // look from here on; 0 at first
    uint32_t index;   // for the place's []
    const char *name; // for the place's *
};

enum about { ABOUT_WHOLE, ABOUT_ITEM };

struct rule {
    const char *number; // "R-104"
    const char *place;  // "items[].origins[].countryCode": see check_place
    enum severity severity;
    const char *text, *hint;
    enum about about;   // asked once for the declaration, or once for each item
    // Does it hold? A rule about several things looks from spot->next on; at the first that breaks
    // it, says which and moves `next` behind it, and is asked again. A rule about one thing leaves
    // `spot` alone. NULL: no pure step can know; the office asks.
    bool (*holds)(const struct view *view, struct spot *spot);
};

struct rule_group {
    const struct rule *rules;
    uint32_t count;
};

extern const struct rule_group presence_rules, list_rules, number_rules, sum_rules, date_rules,
    combination_rules, amendment_rules;

#endif
