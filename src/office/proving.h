// proving: the proof of a consignment's file, as of the newest checkpoint.
#ifndef TW_OFFICE_PROVING_H
#define TW_OFFICE_PROVING_H

#include "office/office.h"

// A checkpoint of everything committed is published first. The paper (document/paper.h) is in the
// arena. ERROR_NOT_FOUND when there is no such consignment.
MUST_CHECK bool office_prove(struct office *office, struct span name, struct arena *arena,
                             struct span *paper, struct error *err);

#endif
