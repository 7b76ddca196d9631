// names: what a word in a rule means: a short name, or a field of one of the things at hand.
//
// Words are looked for in the innermost thing first. What an item does not say, the declaration
// says for all its items, if it has a field of that name: the country of dispatch, the exporter,
// papers. That holds for texts and lists; amounts and masses of the whole are not an item's.
#ifndef TW_CLEARANCE_RISK_NAMES_H
#define TW_CLEARANCE_RISK_NAMES_H

#include "clearance/risk/node.h"

struct scopes {
    const struct shape *shapes[RULE_SCOPES_MAX];
    uint32_t count;
};

// Is one of the things at hand an item?
bool scopes_in_item(const struct scopes *scopes);

// What a word was found to mean.
struct meaning {
    enum node_kind kind;             // NODE_SHORT, NODE_NUMBER_FIELD, NODE_TEXT_FIELD, NODE_LIST
    enum short_name name;            // of NODE_SHORT
    struct rule_field field;         // of the others
    bool has_otherwise;
    struct rule_field otherwise;     // what speaks when `field` says nothing
};

// A field or a short name.
MUST_CHECK bool name_read(struct span word, const struct scopes *scopes, struct meaning *meaning,
                          struct error *err);

// A list to go through: "item" or "items", "document" ...
MUST_CHECK bool name_read_list(struct span word, const struct scopes *scopes,
                               struct meaning *meaning, struct error *err);

// The short names, for the page that lists them. Paths are NULL where the name is no field.
struct short_row {
    const char *word;
    enum short_name name;
    const char *item_path, *path;
};
extern const struct short_row short_rows[];
extern const uint32_t short_rows_count;

#endif
