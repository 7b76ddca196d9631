// proving: the proof of a consignment's file, as of the newest checkpoint.
#ifndef TW_OFFICE_PROVING_H
#define TW_OFFICE_PROVING_H

#include "office/office.h"

// May the reader of the paper see the whole of that fact?
typedef bool (*proof_shows)(const void *reader, const struct fact *fact, struct arena scratch);

// What `shows` does not show is withheld; NULL: everything is shown. A checkpoint of everything
// committed is published first. The paper (document/paper.h) is in the arena. ERROR_NOT_FOUND when
// there is no such consignment, or nothing of it may be shown.
MUST_CHECK bool office_prove(struct office *office, struct span name, proof_shows shows,
                             const void *reader, struct arena *arena, struct span *paper,
                             struct error *err);

#endif
