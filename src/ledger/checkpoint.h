// checkpoint: what a log says of itself at one moment (C2SP tlog-checkpoint v1.0.0).
//
//   <origin> LF <size, decimal> LF <root, base64> LF [<extension line> LF ...]
#ifndef TW_LEDGER_CHECKPOINT_H
#define TW_LEDGER_CHECKPOINT_H

#include "ledger/note.h"

struct checkpoint {
    struct span origin;
    uint64_t size;
    struct sha256 root;
};

// From the text of a note. Extension lines are passed over; they must not be empty.
MUST_CHECK bool checkpoint_read(struct span text, struct checkpoint *checkpoint, struct error *err);
void checkpoint_write(struct text *text, const struct checkpoint *checkpoint);

#endif
