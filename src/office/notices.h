// notices: what concerns somebody, newest first (consignment/notice.h says who is told of what).
//
// The views know where such appends are; what happened is read from the facts themselves.
#ifndef TW_OFFICE_NOTICES_H
#define TW_OFFICE_NOTICES_H

#include "consignment/notice.h"
#include "office/office.h"

struct office_notice {
    int64_t at_ms;
    struct span file, reference;         // the trader's own reference, as it is now
    enum fact_kind kind;
    uint32_t fact;                       // its number
    enum decision decision;              // of a decision
    struct span text;                    // what was asked, the reason, the answer
    enum file_state state;               // of the file, now
};

// Of at most `limit` appends below the journal position `before` (UINT64_MAX: from the newest on);
// `next` is where to go on, 0: nowhere. Files that are another trader's by now are left out.
MUST_CHECK bool office_notices(struct office *office, struct audience audience, uint64_t before,
                               uint32_t limit, struct arena *arena,
                               struct office_notice **notices, uint32_t *count, uint64_t *next,
                               struct error *err);

#endif
