// reason: those of the desk's own reasons that the declarant may read.
//
// A decision of the desk gives its reasons in words (fact_body.h), and some of them tell how it
// chooses: the score, the lot, an officers' rule that wants a look. Which may be shown is told by
// the words alone, as facts are kept for ever; so clearance/decide takes these words from here, and
// no reason that is to be hidden has them.
#ifndef TW_CONSIGNMENT_REASON_H
#define TW_CONSIGNMENT_REASON_H

#include "base/span.h"

extern const struct span reason_papers;   // "an officers' rule asks for documents"
extern const struct span reason_no_value; // how it begins: "the customs value could not be ..."
extern const struct span reason_nothing;  // "nothing speaks against it"
extern const struct span reason_supplied; // "what was asked for has come"
extern const struct span reason_correct;  // how it ends: ": correct the declaration and ..."

bool reason_is_open(struct span reason);

#endif
