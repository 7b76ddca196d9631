// tiles: a log as static files (C2SP tlog-tiles v0.1.0): written by a publisher, read by anybody.
//
//   checkpoint                       signed note, replaced by renaming
//   tile/<L>/<N>[.p/<W>]             256 (or W) hashes: of leaves, or of the full tiles below
//   tile/entries/<N>[.p/<W>]         256 (or W) entries, each behind its length in two bytes
//
// <N> is written in groups of three digits: 1234067 is x001/x234/067. Tiles are derived from the
// journal: they are written without waiting for the disk, and can be written again at any time. A
// file that is there already with the same bytes is left alone; with others it is replaced by
// renaming. Partial tiles are deleted when the full one is there.
//
// One publisher a folder. An entry has at most LEDGER_ENTRY_MAX bytes.
#ifndef TW_LEDGER_TILES_H
#define TW_LEDGER_TILES_H

#include "base/limits.h"
#include "ledger/proof.h"
#include "ledger/tree.h"

enum {
    TILE_WIDTH = 256,
    TILE_LEVELS = 8,
    TILE_PATH_MAX = 1024,          // of a folder and a name in it
    TILE_NAME_MAX = 64,            // "tile/entries/", seven groups of digits, ".p/255", and room
    TILE_ENTRIES_MAX = TILE_WIDTH * (2 + LEDGER_ENTRY_MAX), // bytes of a full bundle
};

struct tiles;

// A publisher for the folder (made when missing) whose next entry has index `tree->size`: the
// hashes on the right edge are read back from the files and compared with the tree. ERROR_DAMAGED
// or ERROR_NOT_FOUND when they are not all there: begin again with an empty tree.
MUST_CHECK bool tiles_open(struct tiles **tiles, const char *directory, const struct tree *tree,
                           struct error *err);
void tiles_close(struct tiles *tiles); // also takes NULL

// One more entry and its leaf's hash; full tiles are written as they fill. When one could not be
// written the publisher takes nothing more: open it again.
MUST_CHECK bool tiles_add(struct tiles *tiles, struct span entry, struct sha256 leaf,
                          struct error *err);

// The tree of all that was added.
const struct tree *tiles_tree(const struct tiles *tiles);

// Writes the partial tiles, then the checkpoint. ERROR_CONFLICT when `note` is not of tiles_tree's
// size and root. May be tried again when something could not be written.
MUST_CHECK bool tiles_publish(struct tiles *tiles, struct span note, struct error *err);

// Makes all that was written durable.
MUST_CHECK bool tiles_sync(struct tiles *tiles, struct error *err);

// --- Reading ---

// Reads the tiles of a log of `size` leaves; full tiles stand in for partial ones. What is read is
// not compared with any root: who makes a proof of it lets the proof be verified.
struct tile_reader {
    const char *directory;
    uint64_t size;
    struct {                       // the tiles read last
        bool valid;
        uint64_t number;
        struct sha256 hashes[TILE_WIDTH];
    } cache[TILE_LEVELS];
};

struct tile_reader *tile_reader_open(const char *directory, uint64_t size, struct error *err);
void tile_reader_close(struct tile_reader *reader); // also takes NULL
struct hash_source tile_source(struct tile_reader *reader);

// One entry's bytes, in the arena.
MUST_CHECK bool tile_entry(const struct tile_reader *reader, uint64_t index, struct arena *arena,
                           struct span *entry, struct error *err);

// "tile/0/x001/234.p/17"; width TILE_WIDTH is a full tile; level below 0: entries.
void tile_path(char path[TILE_NAME_MAX], int level, uint64_t number, uint32_t width);

// A file of the log whole, in the arena; ERROR_NOT_FOUND when it is not there, ERROR_TOO_LARGE
// when it has more than `size_max` bytes.
MUST_CHECK bool tile_file(const char *directory, const char *name, size_t size_max,
                          struct arena *arena, struct span *bytes, struct error *err);

// The first `width` hashes of a tile, from its partial file of that width or from the full one.
MUST_CHECK bool tile_hashes(const char *directory, unsigned level, uint64_t number, uint32_t width,
                            struct sha256 *hashes, struct error *err);

// The bundle of a tile's entries, the same way: from the full file come more than `width`.
MUST_CHECK bool tile_entries(const char *directory, uint64_t number, uint32_t width,
                             struct arena *arena, struct span *bytes, uint32_t *count,
                             struct error *err);

// Takes the next entry off a bundle's bytes; false when no whole one is left.
bool tile_entry_next(struct span *bytes, struct span *entry);

#endif
