// paper: the proof of a consignment's file, to be handed out and verified offline, years later.
//
// A JSON object:
//   {"checkpoint": the signed note that all proofs lead to,
//    "facts": [{"fact": {...}, "proof": "c2sp.org/tlog-proof@v1...", "salt": hex}, ...],
//    "file": name, "format": "tidewaiter.org/file-proof@v1", "key": vkey}
//
// To verify one fact without this program: the ledger's entry is SHA-256 of the salt's 32 bytes
// and the fact's canonical JSON (RFC 8785); the proof is C2SP tlog-proof text for that entry.
// Touches ledger, consignment and base only: no store, no network, no trust in who sent it.
#ifndef TW_DOCUMENT_PAPER_H
#define TW_DOCUMENT_PAPER_H

#include "consignment/fact.h"
#include "ledger/bundle.h"

struct paper_fact {
    struct span json;                 // canonical
    uint8_t salt[SALT_SIZE];
    uint64_t leaf;                    // index in the ledger
};

// Proofs come from `source`, a log of `size` leaves whose checkpoint is signed by the key. What is
// written was verified: ERROR_DAMAGED when the source does not lead to the checkpoint.
MUST_CHECK bool paper_write(struct span file, const struct paper_fact *facts, uint32_t count,
                            const struct hash_source *source, uint64_t size,
                            struct span checkpoint, struct span vkey, struct arena *arena,
                            struct span *paper, struct error *err);

struct paper_verdict {
    enum verdict verdict;
    char sentence[600];
    uint32_t facts;
    char file[80], key[NOTE_VKEY_MAX];
    char decision[24];                // the last one in the facts; "unknown": by a later version
};

// `vkey` empty: nobody said whose key to trust; then the best verdict is VERDICT_CANNOT_TELL, with
// the key that everything fits. What is VERDICT_TRUE holds nothing that was not looked at; but
// facts that were added to the file later, or left out at the end, are not missed, and the sentence
// says so: a paper says what was, not what is.
void paper_verify(struct span paper, struct span vkey, struct arena *arena,
                  struct paper_verdict *verdict);

#endif
