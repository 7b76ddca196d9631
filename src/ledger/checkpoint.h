// checkpoint: what a log says of itself at one moment (C2SP tlog-checkpoint v1.0.0).
//
//   <origin> LF <size, decimal> LF <root, base64> LF [<extension line> LF ...]
#ifndef TW_LEDGER_CHECKPOINT_H
#define TW_LEDGER_CHECKPOINT_H

#include "ledger/note.h"
#include "ledger/verdict.h"

struct checkpoint {
    struct span origin;
    uint64_t size;
    struct sha256 root;
};

// From the text of a note. Sizes are below 2^63. Extension lines are passed over; they must not be
// empty.
MUST_CHECK bool checkpoint_read(struct span text, struct checkpoint *checkpoint, struct error *err);
void checkpoint_write(struct text *text, const struct checkpoint *checkpoint);

// Reads a signed checkpoint and looks for the key's signature. `key` NULL: the best verdict is
// VERDICT_CANNOT_TELL. A log's key must have the origin as its name; a cosignature key vouches for
// whatever origin the checkpoint names: who asks about one log compares the origin too.
// `err` says why whenever the verdict is not VERDICT_TRUE; `checkpoint` is filled unless it is
// VERDICT_MALFORMED.
enum verdict checkpoint_verify(struct span note, const struct note_key *key,
                               struct checkpoint *checkpoint, struct error *err);

#endif
