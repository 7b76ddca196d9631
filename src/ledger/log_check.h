// log_check: hashes a log on disk again, from its entries to its root, and compares.
//
// Works on any tlog-tiles folder, whoever wrote it. Every entry is hashed to its leaf, every tile
// is worked out from the one below, the root is compared with the checkpoint, and the checkpoint's
// signature with the key. Earlier checkpoints in the folder ("checkpoint.<n>") must be of the same
// log at their size. A log that grows meanwhile is checked as far as its checkpoint goes.
#ifndef TW_LEDGER_LOG_CHECK_H
#define TW_LEDGER_LOG_CHECK_H

#include "ledger/bundle.h"

struct log_checked {
    struct checkpoint checkpoint;      // what the log says
    char origin[256];
    uint64_t entries, tiles, checkpoints;
    char sentence[1200];               // the verdict in words; names the first thing that is wrong
};

// VERDICT_NOT_SEALED: an entry, a tile, an earlier checkpoint or the root is not what the others
// make it, or a file is missing. VERDICT_FORGED and VERDICT_MALFORMED are about checkpoints. With
// a key: the log's own, or that of a witness, which vouches for whatever origin the checkpoint
// names. `key` NULL: signatures are not checked, and the best verdict is VERDICT_CANNOT_TELL; so
// is that of files that could not be read. `told` (may be NULL) hears of every full bundle. The
// arena must hold TILE_ENTRIES_MAX and a MIB.
enum verdict log_check(const char *directory, const struct note_key *key, struct arena *arena,
                       void (*told)(void *context, uint64_t entries, uint64_t whole), void *context,
                       struct log_checked *checked);

#endif
