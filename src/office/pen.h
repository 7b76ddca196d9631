// pen: the office's pen: the ledger's tree, the key that signs it, the published tiles, and the
// record kept apart.
//
// The pen never signs what does not extend what it signed before. At opening the tree's root is
// worked out again from its edge and compared with the last seal, the seal's signature is checked,
// and the store must hold, and extend, what the record kept apart (store/apart.h) says was signed:
// a store that was restored from an old copy, or that has another history, is not signed.
//
// A seal is taken over only when it is recorded apart. What is not recorded is neither published
// nor shown: `last` is still the one before.
//
// The private key is "<store>/log.key", readable by its owner alone: whoever holds it can sign. The
// folder "<store>/ledger" is public: tiles, checkpoint and the key to verify by ("vkey").
#ifndef TW_OFFICE_PEN_H
#define TW_OFFICE_PEN_H

#include "base/limits.h"
#include "ledger/key.h"
#include "ledger/tiles.h"
#include "ledger/tree.h"
#include "office/office.h"
#include "store/apart.h"

struct pen {
    const struct office_surroundings *surroundings;
    struct tree tree, before;        // now, and as it was at the last durable commit
    struct log_key key;
    struct apart *apart;
    struct tiles *tiles;
    const char *store;               // its folder
    char directory[512];             // of the published ledger: "<store>/ledger"
    char edge[TREE_EDGE_MAX * SHA256_SIZE]; // what the seal being made points to
    char checkpoint[CHECKPOINT_MAX];
    struct store_seal last;          // the newest durable and recorded seal; it points to the next
    char last_checkpoint[CHECKPOINT_MAX];
    uint64_t told_to;                // journal position up to which the tiles know everything
    uint64_t synced_ns;              // when the tiles were last made durable
    struct apart_record lags;        // while opening: a record behind the store; batch 0: none
    bool lags_met;                   // the tree had the record's root when it had its size
    uint64_t healed_ns;              // when tiles that were behind were last opened again
    char boot[64];
    bool told_all;                   // the tiles held everything when they were opened
    bool unpublished, unsynced;      // something was committed since the last checkpoint; something
                                     // was published since the last sync
};

// Reads or makes the key, checks the store against the record apart, publishes what is missing.
MUST_CHECK bool pen_open(struct pen *pen, const struct office_settings *settings,
                         const struct office_surroundings *surroundings, struct store *store,
                         struct error *err);
void pen_close(struct pen *pen);

// Does the ledger's origin say that nothing in it is real?
bool pen_is_simulated(const struct pen *pen);

// Adds leaves to the tree; pen_sign makes the seal of what the tree is now; pen_kept records the
// store's newest seal apart, which is durable, and takes it over; pen_undo goes back to the last
// one; pen_follow to the one that a store holds that was opened again, which may be newer: it must
// be signed by this pen, and not behind what was recorded.
void pen_add(struct pen *pen, const struct sha256 *leaves, uint32_t count);
MUST_CHECK bool pen_sign(struct pen *pen, struct store_seal *signed_seal, struct error *err);
MUST_CHECK bool pen_kept(struct pen *pen, struct store *store, struct error *err);
void pen_undo(struct pen *pen);
MUST_CHECK bool pen_follow(struct pen *pen, struct store *store, struct error *err);

// Hands the commitments of a durable append to the tiles; `leaves` may be NULL. The caller moves
// `told_to` when it has told all of a batch.
MUST_CHECK bool pen_tell(struct pen *pen, const struct store_append *append,
                         const struct sha256 *leaves, struct error *err);

// Publishes the checkpoint of the last seal; `last`: and waits for the disk. Tiles that fell behind
// (the disk was full) are opened again and fed from the store: now and then, and when it is the
// last chance.
MUST_CHECK bool pen_publish(struct pen *pen, struct store *store, bool last, struct error *err);

#endif
