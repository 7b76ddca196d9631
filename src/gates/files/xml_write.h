// xml_write: a declaration as a WCO Data Model 3.6 message, by the same map that reads it.
//
// The message holds all that the model does, each element at its place; elements stand in the order of
// the model's table, not in the schema's sequence: readers of elements by name take it, a validator
// that insists on the sequence does not.
#ifndef TW_GATES_FILES_XML_WRITE_H
#define TW_GATES_FILES_XML_WRITE_H

#include "gates/files/xml_map.h"

MUST_CHECK bool xml_write_declaration(const struct xml_map *map,
                                      const struct declaration *declaration, struct arena *arena,
                                      struct span *text, struct error *err);

#endif
