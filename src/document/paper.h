// paper: the proof of a consignment's file, to be handed out and verified offline, years later.
//
// A JSON object:
//   {"checkpoint": the signed note that all proofs lead to,
//    "facts": [{"fact": {...}, "proof": "c2sp.org/tlog-proof@v1...", "salt": hex}, ...],
//    "file": name, "format": "tidewaiter.org/file-proof@v1", "key": vkey}
//
// A fact that its reader may not see is *withheld*: {"commitment": hex, "proof": ...} stands in its
// place, and the format is "tidewaiter.org/file-extract@v1". An extract has at least one fact of
// each sort; a paper that withholds nothing is a file-proof.
//
// What can be concluded of an extract. Each fact shown is sealed, and its number and the order of
// the places in the ledger fix how many stand before it: none of those can be left out, added,
// moved or put twice. Of a withheld one all that is shown is that something is sealed in the ledger
// between its neighbours; not that it is of this file, nor what it says. So a decision shown is the
// last one only as far as no fact is withheld behind it, and behind the last one shown withheld
// facts can be left out, or made up of other entries. Whoever hands an extract on may withhold more
// than was withheld from him: withheld does not mean withheld by the office.
//
// To verify one fact without this program: the ledger's entry is SHA-256 of the salt's 32 bytes
// and the fact's canonical JSON (RFC 8785), and is what `commitment` is of a withheld one; the
// proof is C2SP tlog-proof text for that entry.
// Touches ledger, consignment and base only: no store, no network, no trust in who sent it.
#ifndef TW_DOCUMENT_PAPER_H
#define TW_DOCUMENT_PAPER_H

#include "consignment/fact.h"
#include "ledger/bundle.h"

struct paper_fact {
    struct span json;                 // canonical
    uint8_t salt[SALT_SIZE];
    uint64_t leaf;                    // index in the ledger
    bool withheld;                    // neither JSON nor salt are written
};

// Proofs come from `source`, a log of `size` leaves whose checkpoint is signed by the key. What is
// written was verified: ERROR_DAMAGED when the source does not lead to the checkpoint. Not all
// facts may be withheld.
MUST_CHECK bool paper_write(struct span file, const struct paper_fact *facts, uint32_t count,
                            const struct hash_source *source, uint64_t size,
                            struct span checkpoint, struct span vkey, struct arena *arena,
                            struct span *paper, struct error *err);

struct paper_verdict {
    enum verdict verdict;
    char sentence[760];
    uint32_t facts;                   // in their places, with those withheld
    uint32_t withheld;
    uint32_t withheld_after;          // the last decision shown; all of them when none is
    char file[80], key[NOTE_VKEY_MAX];
    char decision[24];                // the last one shown; empty: none; "unknown": of a later
                                      // version
};

// `vkey` empty: nobody said whose key to trust; then the best verdict is VERDICT_CANNOT_TELL, with
// the key that everything fits. What is VERDICT_TRUE holds nothing that was not looked at; but
// facts that were added to the file later, or left out at the end, are not missed, and the sentence
// says so: a paper says what was, not what is. The sentence of an extract says how many facts are
// withheld, and whether any is behind the decision that it names.
void paper_verify(struct span paper, struct span vkey, struct arena *arena,
                  struct paper_verdict *verdict);

#endif
