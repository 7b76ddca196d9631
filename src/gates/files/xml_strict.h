// xml_strict: messages held against the WCO schemas, where somebody asks for it.
//
// The schemas are the ones that customs publish: one for the envelope (DocumentMetaData*.xsd), one
// for what is in it (WCO_DEC*.xsd), and what they include. They are read from disk, never from the
// network. A prefix that the message does not declare, because a wrapper around it did, stands for
// the namespace that the schemas have for its element.
#ifndef TW_GATES_FILES_XML_STRICT_H
#define TW_GATES_FILES_XML_STRICT_H

#include "base/error.h"

struct xml_strict; // shared by threads

// `schemas`: the folder with both schemas, or one .xsd file that has it all.
MUST_CHECK bool xml_strict_open(struct xml_strict **strict, const char *schemas, struct error *err);
void xml_strict_close(struct xml_strict *strict); // also takes NULL

// The text is well-formed XML: xml_read saw to that. The first breach is an ERROR_SYNTAX with its
// line.
MUST_CHECK bool xml_strict_check(const struct xml_strict *strict, struct span text,
                                 struct error *err);

#endif
