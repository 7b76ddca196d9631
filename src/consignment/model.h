// model: the declaration's fields as one table, and everything that goes by that table.
//
// A shape is a struct of the model; its fields stand in byte order of their JSON names, so that
// writing them in turn gives the canonical form (RFC 8785).
#ifndef TW_CONSIGNMENT_MODEL_H
#define TW_CONSIGNMENT_MODEL_H

#include "base/json.h"
#include "consignment/declaration.h"

enum field_kind {
    FIELD_TEXT,     // struct span                JSON string, at most `max` bytes
    FIELD_CODE,     // struct span                the same; printable ASCII and no blanks
    FIELD_NUMBER,   // struct number              JSON integer 0 .. 4294967295
    FIELD_DECIMAL,  // struct decimal             JSON string (canonical) or number
    FIELD_MOMENT,   // struct moment              RFC 3339 string
    FIELD_AMOUNT,   // struct amount              {"currency":"EUR","value":"12.50"}
    FIELD_QUANTITY, // struct quantity            {"unit":"KGM","value":"3"}
    FIELD_OBJECT,   // the struct of `shape`
    FIELD_LIST,     // LIST_OF the struct of `shape`, at most `max` long
};

struct shape;

struct field {
    struct span name;          // JSON name: "functionalReferenceId"
    enum field_kind kind;
    uint16_t offset;           // in the shape's struct
    uint16_t max;              // bytes of a text, length of a list
    const struct shape *shape; // of objects and lists
    // Where it stands in a WCO message, below the parent's element: "GoodsShipment/UCR/
    // TraderAssignedReferenceID". Empty: the fields of the object stand in the parent's own
    // element. NULL: not in that message.
    const char *element;
    const char *title;         // for the schema and for people, in a few words
};

struct shape {
    const char *name;          // "item"
    uint32_t size;
    uint32_t fields_count;
    const struct field *fields;
};

extern const struct shape declaration_shape, item_shape, party_shape;

// What was in a message and has no field in the model: paths, in order of appearance.
struct dropped {
    struct span *paths;        // in the arena
    uint32_t count, count_max; // more than count_max are counted, not kept
};

// Reads a declaration from the JSON value at `node`. Unknown members, wrong kinds and values beyond
// the limits are errors with line, column and field path ("items[2].origins[0].countryCode").
MUST_CHECK bool declaration_read_json(const struct json *json, uint32_t node, struct arena *arena,
                                      struct declaration *declaration, struct error *err);

// The canonical JSON of a declaration: absent fields left out, members in order.
void declaration_write_json(struct json_writer *w, const struct declaration *declaration);

// One field by its path, for mappings, rules and messages: "importer.id", "items[0].price.value",
// "items.price" (of the item handed in). Returned as a place that can be read many times quickly.
struct field_path {
    const struct field *steps[8];
    uint16_t index[8];         // of list steps; FIELD_EVERY for all
    uint8_t count;
    enum { FIELD_WHOLE, FIELD_VALUE, FIELD_UNIT } part; // of amounts and quantities
};
enum { FIELD_EVERY = 0xFFFF };

MUST_CHECK bool field_path_read(struct span path, const struct shape *root,
                                struct field_path *found, struct error *err);

// Sets one field from text (CSV, XML): the text is checked like JSON's. Lists grow to the index.
MUST_CHECK bool field_set(const struct field_path *path, void *root, struct span text,
                          struct arena *arena, struct error *err);

// A scalar's place in a struct that was read: NULL when a list on the way is too short. Of a path
// that ends at a list: the list.
const void *field_get(const struct field_path *path, const void *root);

struct list { void *at; uint32_t count; };  // what every LIST_OF looks like

// In how many letters two names differ, counted no further than `most`: for "did you mean". Whoever
// mistakes a capital for a small letter has made no edit.
uint32_t name_edits(struct span a, struct span b, uint32_t most);

// The JSON schema (2020-12) of the model, as docs/declaration.schema.json holds it.
void model_write_schema(struct json_writer *w);

#endif
