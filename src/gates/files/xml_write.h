// xml_write: a declaration as a WCO Data Model 3.6 message, by the same map that reads it.
//
// The message holds all that the model does, each element at its place and in the order that the
// WCO's schemas ask for. Moments are written as UN/CEFACT 304 has them; one with milliseconds, for
// which 304 has no place, as RFC 3339.
#ifndef TW_GATES_FILES_XML_WRITE_H
#define TW_GATES_FILES_XML_WRITE_H

#include "gates/files/xml_map.h"

MUST_CHECK bool xml_write_declaration(const struct xml_map *map,
                                      const struct declaration *declaration, struct arena *arena,
                                      struct span *text, struct error *err);

#endif
