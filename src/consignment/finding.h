// finding: which rule a declaration breaks. There may be many; none stops the others, so that the
// declarant gets all at once.
#ifndef TW_CONSIGNMENT_FINDING_H
#define TW_CONSIGNMENT_FINDING_H

#include "base/span.h"

enum severity {
    SEVERITY_NOTE,    // worth knowing; nothing follows from it
    SEVERITY_WARNING, // an officer may want to see it; counts in the risk step
    SEVERITY_ERROR,   // the declaration is refused
};

struct finding {
    struct span rule;     // "R-104"
    enum severity severity;
    struct span field;    // "items[2].origins", in the arena or static
    struct span text;     // the rule's sentence
    struct span hint;     // what to do; a whole sentence
};

#endif
