// keys: answers kept for their Idempotency-Key, so that what is sent again is answered alike.
//
// A caller names what he sends by a key of his own. The same key and the same body get the answer
// that was given; the same key with another body is a mistake and told so; while the first is under
// way the second is put off. Kept are answers that say what became of a message for good, at most
// KEY_ANSWER_MAX bytes each, HTTP_KEYS_MAX of all callers and HTTP_KEYS_EACH_MAX of one; the oldest
// goes first. In memory: over a restart the keys are gone, and the declaration's own digest holds
// instead: the same content is never kept twice (office.h), and is answered with 200, "repeated".
#ifndef TW_GATES_HTTP_KEYS_H
#define TW_GATES_HTTP_KEYS_H

#include "base/hash.h"

enum { KEY_ANSWER_MAX = 2048 };

enum key_found {
    KEY_NEW,                     // go on, then call keys_keep or keys_forget
    KEY_ANSWERED,                // here is the answer
    KEY_UNDER_WAY,               // 409: not yet answered
    KEY_OF_ANOTHER,              // 422: another body had this key
};

struct key_answer {
    unsigned status;
    char type[40], location[256];
    char body[KEY_ANSWER_MAX];
    uint32_t body_len;
};

struct keys;

MUST_CHECK bool keys_open(struct keys **keys, struct error *err);
void keys_close(struct keys *keys); // also takes NULL

// `id` is of caller and key (keys_id), `body` of the message and what was asked of it.
struct sha256 keys_id(struct span caller, struct span key);
enum key_found keys_find(struct keys *keys, struct span caller, struct sha256 id,
                         struct sha256 body, struct key_answer *answer);
void keys_keep(struct keys *keys, struct sha256 id, const struct key_answer *answer);
void keys_forget(struct keys *keys, struct sha256 id);

#endif
