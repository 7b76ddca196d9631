// xml_map: a declaration's or a notification's fields by their place in a WCO Data Model message.
//
// Made once from the model's table (consignment/model.h, `element`): for each shape a tree of
// element names, at whose ends the fields stand. Reading a message walks it down by the tags,
// writing one walks all of it. Never changed after opening; shared by threads.
#ifndef TW_GATES_FILES_XML_MAP_H
#define TW_GATES_FILES_XML_MAP_H

#include "consignment/model.h"
#include "gates/files/xml_strict.h"

struct xml_node {
    struct span name;              // of the element, without prefix
    const struct field *field;     // NULL: an element that only holds others
    uint32_t offset;               // of the field in the struct that the tree is of
    uint32_t child, sibling;       // 0: none
    uint32_t shape_root;           // of objects and lists: the root of their own tree
};

struct xml_map {
    struct arena arena;
    struct xml_node *nodes;        // nodes[0] is none, nodes[1] the root of the whole
    uint32_t nodes_count;
    struct xml_strict *strict;     // NULL: messages are not validated
};

enum { XML_ROOT = 1 };

// `schemas`: what messages are validated by (xml_strict.h); NULL: they are not.
MUST_CHECK bool xml_map_open(struct xml_map **map, const char *schemas, struct error *err);

// Of the answers of customs (consignment/notification.h); they are not validated.
MUST_CHECK bool xml_map_open_notifications(struct xml_map **map, struct error *err);

void xml_map_close(struct xml_map *map); // also takes NULL

// The child of `node` with that name; 0 when there is none. `near` is a child where to begin
// looking, or 0: elements mostly come in order.
uint32_t xml_map_child(const struct xml_map *map, uint32_t node, uint32_t near, struct span name);

#endif
