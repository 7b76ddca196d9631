// journal_inside: the parts of the journal as they see each other, and what tests ask of it.
//
//   journal_record.c    an append, a commit: to bytes and back
//   journal_segment.c   files of one size, numbered: headers, handles, the next one
//   journal_scan.c      walking over the records, batch by batch
//   journal.c           the keeper: opening, committing, reading, checking
#ifndef TW_STORE_JOURNAL_INSIDE_H
#define TW_STORE_JOURNAL_INSIDE_H

#include <pthread.h>

#include "store/disk.h"
#include "store/journal_record.h"
#include "store/unpack.h"

enum {
    JOURNAL_SEGMENTS_MAX = 1 << 16,      // 4 TB
    JOURNAL_READERS = 64,                // segments that stay open for reading
    JOURNAL_DIRECTORY_MAX = 3072,
    JOURNAL_PATH_MAX = JOURNAL_DIRECTORY_MAX + 64,
};

// A segment that is open for reading; it is closed only when nobody reads.
struct segment_reader {
    uint32_t number;                     // 0: free
    int handle;
    uint32_t users;
};

// The next segment, which grows while the last half of this one is filled.
struct segment_next {
    int handle;                          // -1: not begun
    uint32_t ready;                      // so many bytes of it are written
    bool put_off;                        // it failed: not before it is needed
};

struct journal {
    const struct disk *disk;
    char directory[JOURNAL_DIRECTORY_MAX];
    uint32_t segment_size;
    int lock;                            // handle, -1: none
    uint8_t store_id[16];
    struct unpackers *unpackers;

    // The committing thread's.
    int segment;                         // handle of the newest, -1: none
    uint32_t number;                     // of the newest; 0: none
    uint32_t offset;                     // in it, where the next batch goes
    bool tail_dirty;                     // behind that are remains of a batch that did not close
    struct segment_next next;
    char *buffer;                        // a batch as it is written
    size_t buffer_size;
    struct store_packer *packer;         // for appends that were not packed; made when needed
    struct arena packing;
    bool broken;                         // a write failed: what is on the disk is not known

    // Shared with readers.
    pthread_mutex_t shared;
    struct store_seal seal;              // the newest; its spans point into seal_bytes
    struct sha256 chain;                 // after it
    char seal_bytes[COMMIT_LENGTH_MAX];
    struct segment_reader readers[JOURNAL_READERS];
};

// ERROR_DAMAGED that names segment and byte.
bool journal_damaged(struct error *err, const struct journal *journal, uint64_t position,
                     const char *what);

// --- journal.c ---

// ERROR_DAMAGED for a version that this program has no row for.
MUST_CHECK bool journal_version_known(uint32_t version, struct error *err);
bool journal_size_possible(uint64_t segment_size);

// --- journal_segment.c ---

// Reads exactly `size` bytes at a position, all of one segment. Any thread.
MUST_CHECK bool segment_read(struct journal *journal, uint64_t position, void *into, size_t size,
                             struct error *err);

// Reads up to `size` bytes: less only at the end of the segment.
MUST_CHECK bool segment_read_some(struct journal *journal, uint64_t position, void *into,
                                  size_t size, size_t *got, struct error *err);

// All handles but the lock's.
void segments_close(struct journal *journal);

// The header of segment `number`, held against the journal's own size and name.
MUST_CHECK bool segment_check_header(struct journal *journal, uint32_t number, uint32_t *version,
                                     struct error *err);

// Takes the size and the name of the store from its first segment.
MUST_CHECK bool segment_take_header(struct journal *journal, struct error *err);

// How many segments there are. ERROR_DAMAGED when one is missing before the last.
MUST_CHECK bool segment_count(struct journal *journal, uint32_t *count, struct error *err);

// Opens segment `number` for the committing thread.
MUST_CHECK bool segment_open(struct journal *journal, uint32_t number, struct error *err);

// Goes on to the next segment, durable when it returns. On failure the journal stays where it was.
MUST_CHECK bool segment_switch(struct journal *journal, struct error *err);

// Works ahead on the next segment, as far as this one is filled; what fails here fails again, and
// is told, in segment_switch.
void segment_work_ahead(struct journal *journal);

// Overwrites with zeros what stands behind the journal's end in the newest segment, and syncs.
MUST_CHECK bool segment_cut(struct journal *journal, struct error *err);

// --- journal_scan.c: records through a window ---

struct scanner {
    struct journal *journal;
    uint64_t position;                   // of the next record
    uint64_t end;                        // of its segment
    char *window;                        // grown as needed, up to a segment
    uint64_t begin;                      // position of its first byte
    size_t size, len;
};

struct scanned {
    uint32_t magic;                      // RECORD_APPEND or _COMMIT; 0: the segment ends here
    uint32_t length;
    uint64_t batch;
    const char *record;                  // good until the scanner goes on
};

struct scanner scanner_at(struct journal *journal, uint64_t position);
void scanner_close(struct scanner *scanner);
void scanner_jump(struct scanner *scanner, uint64_t position);
void scanner_pass(struct scanner *scanner, const struct scanned *scanned);

// The record at the scanner's position, sound by its own sums.
MUST_CHECK bool scanner_look(struct scanner *scanner, struct scanned *scanned, struct error *err);

// Where following the batches has come to.
struct followed {
    bool known;                          // else the first batch met tells what stands before it
    struct store_seal seal;              // of the last batch, spans into bytes; batch 0: none
    struct sha256 chain;
    uint64_t begin;                      // of the last batch
    char bytes[COMMIT_LENGTH_MAX];
};

// Follows whole batches from the scanner's position to the end of its segment, or to `until`: each
// must be the next one of the chain. False at the first place where none begins and it is not
// empty; the scanner stands somewhere in it then.
MUST_CHECK bool scanner_follow(struct scanner *scanner, uint64_t until, struct followed *followed,
                               struct error *err);

// What stands between an offset and the end of segment `number`: only zeros? A commit of a batch
// later than the one after `batch`?
MUST_CHECK bool scanner_tail(struct journal *journal, uint32_t number, uint32_t offset,
                             uint64_t batch, bool *empty, bool *later, struct error *err);

// --- What tests ask ---

// A journal of small segments, so that a test has many. A store that is there keeps its own size.
MUST_CHECK bool journal_open_sized(struct store *store, const struct disk *disk,
                                   const char *directory, uint32_t segment_size,
                                   struct error *err);

// Follows all batches from the first on; the chain must end where the newest seal is.
MUST_CHECK bool journal_check_chain(struct journal *journal, struct error *err);

#endif
