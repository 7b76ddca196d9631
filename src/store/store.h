// store: keeps facts. A keeper appends batches whole, reads them back, and knows the last seal.
//
// Every keeper promises the same, and store_contract_test.c holds each to it:
//   1. what store_commit returned true for is still there after a crash or a power loss (the one in
//      memory: until it is closed);
//   2. a batch is kept whole or not at all;
//   3. appends come back in the order in which they were committed;
//   4. store_commit returned false: nobody knows whether the batch was kept. The keeper takes no
//      more commits until it was opened again, which finds out (store_seal tells);
//      except ERROR_TOO_LARGE and ERROR_UNAVAILABLE with `before_anything` set (disk full): then
//      nothing was written, and the keeper can go on;
//   5. reading never changes anything, and sees nothing that is not durable;
//   6. bytes that changed since they were written are reported as ERROR_DAMAGED with their place,
//      on reading and on store_check; nothing is signed over them, since a seal is only ever made
//      from a tree that was checked against the last seal at opening. One case is not the keeper's
//      to tell: a newest batch that changed looks like one that was never finished. The store is
//      then behind the record kept apart (apart.h), which is how it is found out; its bytes are
//      left as they are until the next commit.
//
// Trust: the store is NOT trusted. Whoever can write to it can lose facts but cannot alter one
// unseen: the ledger would no longer add up.
//
// One thread commits; any number read at the same time.
#ifndef TW_STORE_STORE_H
#define TW_STORE_STORE_H

#include "base/arena.h"
#include "base/hash.h"

enum { STORE_SALT_SIZE = 32 };
#define STORE_NOWHERE UINT64_MAX

// A fact as the store knows it: bytes, and what seals them.
struct store_fact {
    struct span json;               // canonical; empty when it was erased
    uint8_t salt[STORE_SALT_SIZE];  // zeros when it was erased
    struct sha256 commitment;       // the ledger's entry; kept for ever
};

// The facts that one commit adds to one file.
struct store_append {
    struct span file;               // the file's name
    uint32_t first_seq;             // of its first fact: 1 for a new file
    uint32_t facts_count;
    const struct store_fact *facts;
    uint64_t previous;              // position of the file's append before, STORE_NOWHERE for none
    uint64_t first_leaf;            // index in the ledger of its first fact
    // The payload may be packed by a worker ahead of the commit (store_pack); else the commit
    // packs.
    struct span packed;
    uint64_t position;              // out: where it is kept, good for store_read for ever
};

// What closes a batch: the ledger's state after it.
struct store_seal {
    uint64_t tree_size;
    struct sha256 root;
    struct span edge;               // the tree's right edge: ledger/tree.h
    struct span checkpoint;         // signed note
    uint64_t batch;                 // 1, 2, 3 ...; 0: nothing was ever committed
    uint64_t end;                   // position behind the batch; where a scan goes on
};

struct store_keeper {
    const char *name;
    bool (*commit)(void *state, struct store_append *appends, uint32_t count,
                   const struct store_seal *seal, bool *before_anything, struct error *err);
    bool (*read)(void *state, uint64_t position, struct arena *arena, struct store_append *append,
                 struct error *err);
    // Calls `each` for appends from `from` on (0: all), in order, up to the last seal; stops early
    // when it returns false, which is passed on. `next` is the position behind the append. wanted:
    // STORE_COMMITMENTS leaves payloads packed (json empty, salts zeros): quick.
    bool (*scan)(void *state, uint64_t from, int wanted, struct arena *scratch,
                 bool (*each)(void *context, const struct store_append *append, uint64_t next,
                              struct error *err),
                 void *context, struct error *err);
    // The last seal; its spans live until the next commit.
    void (*seal)(void *state, struct store_seal *seal);
    // Reads everything kept and compares all sums; ERROR_DAMAGED names the first place.
    bool (*check)(void *state, struct arena *scratch, struct error *err);
    void (*close)(void *state);     // also takes half-opened state
};

enum { STORE_COMMITMENTS = 0, STORE_ALL = 1 };

struct store {
    const struct store_keeper *keeper;
    void *state;
};

// Packs the facts' payload for a commit (zstd); pure, for workers. `packer` is one per thread.
struct store_packer;
MUST_CHECK bool store_packer_open(struct store_packer **packer, struct error *err);
void store_packer_close(struct store_packer *packer);
MUST_CHECK bool store_pack(struct store_packer *packer, struct store_append *append,
                           struct arena *arena, struct error *err);

// Thin doors to the keeper that hold the arguments to their promises.
MUST_CHECK bool store_commit(struct store *store, struct store_append *appends, uint32_t count,
                             const struct store_seal *seal, bool *before_anything,
                             struct error *err);
MUST_CHECK bool store_read(struct store *store, uint64_t position, struct arena *arena,
                           struct store_append *append, struct error *err);
MUST_CHECK bool store_scan(struct store *store, uint64_t from, int wanted, struct arena *scratch,
                           bool (*each)(void *context, const struct store_append *append,
                                        uint64_t next, struct error *err),
                           void *context, struct error *err);
void store_seal(struct store *store, struct store_seal *seal);
MUST_CHECK bool store_check(struct store *store, struct arena *scratch, struct error *err);
void store_close(struct store *store); // also takes a zeroed store

// All facts of one file, oldest first, by going back from its last append. `facts` in the arena.
MUST_CHECK bool store_load(struct store *store, uint64_t last_position, struct arena *arena,
                           struct store_append **appends, uint32_t *appends_count,
                           struct error *err);

// The keepers.
MUST_CHECK bool store_open_memory(struct store *store, struct error *err);

struct disk; // store/disk.h: the file layer of the journal; the real one, or one that loses power
// `directory` is made when missing. One process at a time: ERROR_UNAVAILABLE names the other one.
MUST_CHECK bool store_open_journal(struct store *store, const struct disk *disk,
                                   const char *directory, struct error *err);

// For tests: the n-th call to commit (from 0) fails, before (FAULT_NOT_KEPT) or after it took
// effect. The real store stays the caller's own; opening a faulty one over it again is opening it
// again.
enum store_fault { FAULT_NONE, FAULT_NOT_KEPT, FAULT_KEPT_ALL_THE_SAME };
MUST_CHECK bool store_open_faulty(struct store *store, struct store *real, uint32_t fails_at,
                                  enum store_fault fault, struct error *err);

#endif
