#include "consignment/reason.h"

const struct span reason_papers = SPAN_INIT("an officers' rule asks for documents"),
                  reason_no_value = SPAN_INIT("the customs value could not be worked out: "),
                  reason_nothing = SPAN_INIT("nothing speaks against it"),
                  reason_supplied = SPAN_INIT("what was asked for has come"),
                  reason_correct = SPAN_INIT(": correct the declaration and send it again");

bool reason_is_open(struct span reason)
{
    return span_equal(reason, reason_papers) || span_starts_with(reason, reason_no_value) ||
           span_equal(reason, reason_nothing) || span_equal(reason, reason_supplied) ||
           span_ends_with(reason, reason_correct);
}
