// answers: what became of each line of a stream, in order, as it becomes durable.
//
// One writes; several read, each from the first line on and as fast as it likes: the request that
// sends the stream, once its body has ended, and whoever of the same account asks by the stream's
// key meanwhile or afterwards. Answers are in a file without a name in the store's folder; memory
// is bounded. It goes with the last who holds it.
//
// The shelf keeps the answers of streams that have a key: ANSWERS_KEPT of all accounts and
// ANSWERS_EACH_MAX of one, the oldest give way. A restart empties it.
#ifndef TW_GATES_HTTP_ANSWERS_H
#define TW_GATES_HTTP_ANSWERS_H

#include "base/hash.h"
#include "gates/http/request.h"

enum { ANSWERS_KEPT = 64, ANSWERS_EACH_MAX = 4 };

struct answers;

// --- Writing ---

MUST_CHECK bool answers_open(struct answers **answers, const char *store, struct error *err);
void answers_release(struct answers *answers); // also takes NULL

// Whole lines; answers_tell then wakes who reads. When some cannot be written, or answers_break
// says so, the connections of those who read break there: an end would say that this was all.
void answers_write(struct answers *answers, struct span lines);
void answers_break(struct answers *answers);
void answers_tell(struct answers *answers);

// There will be no more.
void answers_end(struct answers *answers);

// --- Reading ---

// Replies with the answers: 200, application/x-ndjson, until their end. Takes over `request->own`
// and `request->end`, and holds the answers until the request is over.
void answers_reply(struct answers *answers, struct request *request);

// --- The shelf ---

struct shelf;

MUST_CHECK bool shelf_open(struct shelf **shelf, struct error *err);
void shelf_close(struct shelf *shelf); // also takes NULL

// `key` is of account and key (keys_id). A key that was used before is the new stream's now.
void shelf_put(struct shelf *shelf, struct span account, struct sha256 key,
               struct answers *answers);

// Held for the caller; NULL: there is none.
struct answers *shelf_find(struct shelf *shelf, struct sha256 key);

#endif
