// seal: the office's pen: the ledger's tree, the key that signs it, the published tiles, and the
// record kept apart.
//
// The pen never signs what does not extend what it signed before. At opening the tree's root is worked
// out again from its edge and compared with the last seal, the seal's signature is checked, and the
// record kept apart (store/apart.h) must not be ahead of the store: a store that was restored
// from an old copy is read but not signed.
//
// Trust: whoever holds the key file can sign. The tiles are derived and public.
#ifndef TW_OFFICE_SEAL_H
#define TW_OFFICE_SEAL_H

#include "ledger/key.h"
#include "ledger/tiles.h"
#include "ledger/tree.h"
#include "office/office.h"
#include "store/apart.h"

struct seal {
    const struct office_surroundings *surroundings;
    struct tree tree, before;        // now, and as it was at the last durable commit
    struct log_key key;
    struct apart *apart;
    struct tiles *tiles;
    char directory[512];             // of the published ledger: "<store>/ledger"
    char edge[64 * SHA256_SIZE];     // what the last store_seal points to
    char checkpoint[CHECKPOINT_MAX];
    struct store_seal last;          // the newest durable seal
    uint64_t told_to;                // journal position up to which the tiles know everything
    uint64_t synced_ns;              // when the tiles were last made durable
    struct { uint64_t size, position; struct sha256 root; } synced; // and what they held then
    char boot[64];
    bool unpublished;                // something was committed since the last checkpoint
};

// Reads or makes the key, checks the store against the record apart, publishes what is missing.
MUST_CHECK bool seal_open(struct seal *seal, const struct office_settings *settings,
                          const struct office_surroundings *surroundings, struct store *store,
                          struct error *err);
void seal_close(struct seal *seal);

// Adds leaves to the tree; seal_sign makes the seal of what the tree is now; seal_kept takes
// over the store's newest seal, which is durable, and records it apart; seal_undo goes back to the last durable one.
void seal_add(struct seal *seal, const struct sha256 *leaves, uint32_t count);
MUST_CHECK bool seal_sign(struct seal *seal, struct store_seal *signed_seal, struct error *err);
MUST_CHECK bool seal_kept(struct seal *seal, struct store *store, struct error *err);
void seal_undo(struct seal *seal);

// Hands the commitments of a durable append to the tiles; `leaves` may be NULL. `next` is the journal
// position behind it.
MUST_CHECK bool seal_tell(struct seal *seal, const struct store_append *append,
                          const struct sha256 *leaves, uint64_t next, struct error *err);

// Publishes the checkpoint of the last durable seal; `last`: and waits for the disk.
MUST_CHECK bool seal_publish(struct seal *seal, bool last, struct error *err);

#endif
