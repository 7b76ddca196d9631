// bundle: the proof of one entry as text (C2SP tlog-proof), to be checked offline.
//
//   c2sp.org/tlog-proof@v1
//   [extra <base64>]
//   index <decimal>
//   <base64 hash> ...
//   <empty line>
//   <checkpoint: a signed note>
#ifndef TW_LEDGER_BUNDLE_H
#define TW_LEDGER_BUNDLE_H

#include "ledger/checkpoint.h"
#include "ledger/proof.h"

struct bundle {
    struct span extra;         // in base64; nothing vouches for it; empty when there is none
    uint64_t index;
    struct proof proof;
    struct span checkpoint;    // the signed note, verbatim
};

void bundle_write(struct text *text, const struct bundle *bundle);

// Strict: what is read is what bundle_write would write. At most PROOF_TEXT_MAX bytes.
MUST_CHECK bool bundle_read(struct span text, struct bundle *bundle, struct error *err);

// What can be said of an entry that comes with a bundle. `key` NULL: the path is checked, and the
// best verdict is VERDICT_CANNOT_TELL. The key's name must be the checkpoint's origin, also that
// of a cosignature key: a witness cosigns anybody's log, and alone says nothing of whose this one
// is. `checkpoint` (may be NULL) gets what the bundle's checkpoint says, unless it is malformed;
// `err` says why whenever the verdict is not VERDICT_TRUE.
//
// To check many entries under one checkpoint: checkpoint_verify once, then bundle_read and
// proof_inclusion_holds for each.
enum verdict bundle_verify(struct span text, struct span entry, const struct note_key *key,
                           struct checkpoint *checkpoint, struct error *err);

#endif
