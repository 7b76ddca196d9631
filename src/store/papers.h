// papers: documents that were handed in, kept by the SHA-256 of their bytes.
//
// Promises: what papers_put returned true for is there after a crash or a power loss; the same
// bytes are kept once; what is read back is what was put, or ERROR_DAMAGED. So a fact that names a
// paper by its hash seals it.
//
// "<folder>/ab/abcdef..." holds the bytes as they came. A paper is written beside its name and
// renamed when it is whole, so that under the name nothing is ever half. Any number of threads.
#ifndef TW_STORE_PAPERS_H
#define TW_STORE_PAPERS_H

#include "base/arena.h"
#include "base/hash.h"
#include "store/disk.h"

struct papers;

// The folder is made when missing. The disk outlives the papers.
MUST_CHECK bool papers_open(struct papers **papers, const struct disk *disk, const char *folder,
                            struct error *err);
void papers_close(struct papers *papers); // also takes NULL

// ERROR_TOO_LARGE beyond PAPER_SIZE_MAX, ERROR_UNAVAILABLE when the disk is full.
MUST_CHECK bool papers_put(struct papers *papers, struct span bytes, struct sha256 *sha256,
                           struct error *err);

// The bytes, in the arena. ERROR_NOT_FOUND when there is none of that hash.
MUST_CHECK bool papers_get(struct papers *papers, struct sha256 sha256, struct arena *arena,
                           struct span *bytes, struct error *err);

#endif
