// node: what a rule is made of once it is read: a tree in one array.
#ifndef TW_CLEARANCE_RISK_NODE_H
#define TW_CLEARANCE_RISK_NODE_H

#include "clearance/risk/rules.h"

enum node_kind {
    NODE_NUMBER, NODE_TEXT, NODE_FIELD, NODE_SHORT, NODE_LIST,
    NODE_ADD, NODE_SUBTRACT, NODE_TIMES, NODE_DIVIDE,
    NODE_EQUAL, NODE_UNEQUAL, NODE_BELOW, NODE_AT_MOST, NODE_ABOVE, NODE_AT_LEAST,
    NODE_IN, NODE_STARTS, NODE_CONTAINS, NODE_MISSING,
    NODE_AND, NODE_OR, NODE_NOT,
    NODE_ANY, NODE_ALL, NODE_SUM, NODE_COUNT,
};

// Names that are not fields of the model, or shorter than their paths.
enum short_name {
    SHORT_VALUE, SHORT_DUTY, SHORT_WARNINGS, SHORT_ITEMS, SHORT_GROSS_MASS, SHORT_PRICE_PER_KILO,
};

__extension__ typedef __int128 wide;
enum { MILLIONTHS = 1000000 };

struct rule_node {
    enum node_kind kind;
    uint32_t left, right;       // children; of a list: first and next
    wide number;                // in millionths
    struct span text;
    struct field_path path;     // of a field
    bool of_item;               // the field is in the item at hand
    enum short_name name;
};

#endif
