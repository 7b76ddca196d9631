// xml_read: a declaration, or a notification, from a WCO Data Model 3.6 message, by libxml2, as a
// stream.
//
// Elements are found by their local names; prefixes and namespaces' versions do not matter. There
// are no entities but XML's own five, no document type, no network; depth and size are bounded.
//
// What the model has no place for is listed by path, once for each path, not silently lost:
//   Declaration/GoodsShipment/Foo          an element, with all that it holds
//   Declaration/Submitter/ID               one more where the model has one place
//   Declaration/Submitter/ID@schemeID      an attribute
//   Declaration/GoodsShipment/text()       text where only elements are expected
// Not listed are the message's envelope (model, type and version in MetaData) and the attributes
// that only say how a date is written (formatCode) or where schemas are (xsi). A mass that is not
// in kilograms (unitCode other than KGM) is an error: the model's masses are.
#ifndef TW_GATES_FILES_XML_READ_H
#define TW_GATES_FILES_XML_READ_H

#include "consignment/notification.h"
#include "gates/files/xml_map.h"

// A message_reader (office.h): `how` is the xml_map. With schemas in the map the message is
// validated as well; the first breach is an ERROR_SYNTAX with its line.
bool xml_read_message(const void *how, struct span text, struct arena *arena,
                      struct declaration *declaration, struct dropped *dropped, struct error *err);

// The same of a notification; `map` is of xml_map_open_notifications. What it says besides (an
// account, errors) is dropped. ERROR_CONFLICT when the message is a declaration, ERROR_NOT_FOUND
// when it is neither.
bool xml_read_notification(const struct xml_map *map, struct span text, struct arena *arena,
                           struct notification *notification, struct dropped *dropped,
                           struct error *err);

#endif
