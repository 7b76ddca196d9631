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
    uint64_t index;
    struct proof proof;
    struct span checkpoint;    // the signed note, verbatim
};

void bundle_write(struct text *text, const struct bundle *bundle);
MUST_CHECK bool bundle_read(struct span text, struct bundle *bundle, struct error *err);

// What can be said of an entry that comes with a bundle. Zero is the cautious one.
enum verdict {
    VERDICT_CANNOT_TELL = 0,   // nobody said whose key to trust, or the log did not sign with it
    VERDICT_TRUE,              // sealed, and the checkpoint is signed by the key
    VERDICT_NOT_SEALED,        // well formed, but the path does not lead from this entry to the root
    VERDICT_FORGED,            // a signature that says it is by the key, and is not
    VERDICT_MALFORMED,         // not a bundle at all; `err` says where
    VERDICT_COUNT,
};
const char *verdict_name(enum verdict verdict);

// `key` NULL: the path is checked, and the best verdict is VERDICT_CANNOT_TELL. With a key, the
// checkpoint's origin must be the key's name (a cosignature key: any origin). `checkpoint` may be NULL;
// else it gets what was signed.
enum verdict bundle_verify(struct span text, struct span entry, const struct note_key *key,
                           struct checkpoint *checkpoint, struct error *err);

#endif
