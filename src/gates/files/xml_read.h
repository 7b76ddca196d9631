// xml_read: a declaration from a WCO Data Model 3.6 message, by libxml2, as a stream.
//
// Elements are found by their local names; prefixes and namespaces' versions do not matter. There are
// no entities but XML's own five, no document type, no network. What the model has no place for is
// listed by path ("Declaration/GoodsShipment/Foo"), not silently lost; a second element where the
// model has one place is listed too.
#ifndef TW_GATES_FILES_XML_READ_H
#define TW_GATES_FILES_XML_READ_H

#include "gates/files/xml_map.h"

enum { XML_DEPTH_MAX = 32, XML_DROPPED_MAX = 64 };

// A message_reader (office.h): `how` is the xml_map. With schemas in the map the message is validated
// first; the first breach is an ERROR_SYNTAX with its line.
bool xml_read_message(const void *how, struct span text, struct arena *arena,
                      struct declaration *declaration, struct dropped *dropped, struct error *err);

#endif
