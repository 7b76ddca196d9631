// xml_words: what is said of XML text that cannot be read.
#ifndef TW_GATES_FILES_XML_WORDS_H
#define TW_GATES_FILES_XML_WORDS_H

#include <libxml/xmlerror.h>

#include "base/error.h"

// UTF-8 without a NUL, and no other encoding declared.
MUST_CHECK bool xml_words_check(struct span text, struct error *err);

// libxml2's sentence, made like ours; ERROR_SYNTAX.
void xml_words_of(const xmlError *said, struct error *why);

#endif
