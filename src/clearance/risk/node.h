// node: what a rule is made of once it is read: a tree in one array.
//
// What a node yields follows from its kind, and is held when the rule is read: a text is never
// added, a number never a condition. So evaluation has three functions, and no kinds of values.
#ifndef TW_CLEARANCE_RISK_NODE_H
#define TW_CLEARANCE_RISK_NODE_H

#include "base/limits.h"
#include "clearance/risk/rules.h"

enum node_kind {
    // Numbers, in millionths
    NODE_NUMBER, NODE_NUMBER_FIELD, NODE_SHORT,
    NODE_ADD, NODE_SUBTRACT, NODE_TIMES, NODE_DIVIDE,
    NODE_SUM, NODE_COUNT,             // list, inside
    // Texts
    NODE_TEXT, NODE_TEXT_FIELD,
    // Conditions
    NODE_EQUAL, NODE_BELOW, NODE_AT_MOST, NODE_NUMBER_IN, NODE_NUMBER_MISSING,
    NODE_SAME, NODE_STARTS, NODE_CONTAINS, NODE_TEXT_IN, NODE_TEXT_MISSING,
    NODE_NOT, NODE_AND, NODE_OR,
    NODE_ANY, NODE_ALL,               // list, inside
    // Neither: the values behind "in" (value, next link), the list that "any" and others go through
    NODE_LINK, NODE_LIST,
};

enum node_type { TYPE_NUMBER, TYPE_TEXT, TYPE_CONDITION, TYPE_NONE };

static inline enum node_type node_type(enum node_kind kind)
{
    return kind < NODE_TEXT ? TYPE_NUMBER : kind < NODE_EQUAL ? TYPE_TEXT
         : kind < NODE_LINK ? TYPE_CONDITION : TYPE_NONE;
}

// Names that no field of the model stands behind.
enum short_name {
    SHORT_VALUE, SHORT_DUTY, SHORT_WARNINGS, SHORT_ITEMS, SHORT_GROSS_MASS, SHORT_NET_MASS,
    SHORT_PRICE_PER_KILO, SHORT_VALUE_PER_KILO, SHORT_NOW,
};

__extension__ typedef __int128 wide;
enum { MILLIONTHS = 1000000 };

// Fields are looked for in the things at hand: the declaration is the first, then one element of
// each list that is gone through, like an item and one of its documents.
enum { RULE_SCOPES_MAX = 1 + RISK_LISTS_MAX };

// Where a name leads: from a thing at hand through lists to a place in one of their elements. It is
// a field_path with its sums done, since rules ask for little else.
struct rule_field {
    const struct shape *shape;        // of a list: that of its elements
    uint8_t scope, kind;              // the thing at hand; an enum field_kind
    uint8_t hops_count;
    uint16_t offset;                  // in the last list's element, or in the thing itself
    uint16_t otherwise;               // the field that speaks when this one says nothing; 0: none
    struct rule_hop { uint16_t list, index; uint32_t skip; } hops[3];
};

struct rule_node {
    uint8_t kind;                     // enum node_kind
    uint8_t name;                     // enum short_name
    uint16_t field;                   // among the rules' fields
    uint32_t left, right;             // children; 0: none
    union {
        wide number;
        struct span text;
    };
};

#endif
