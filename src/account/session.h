// session: who is signed in at a browser. In memory only: a restart signs everybody out.
//
// A session is known by a cookie's value: 256 bits of chance as 64 hex digits. It is given out once
// and kept as SHA-256, so that who reads this memory cannot sign in with it. It ends when nothing
// was done for SESSION_IDLE_MS, and SESSION_WHOLE_MS after the sign-in whatever was done; the times
// are handed in, and one that goes back does no harm.
//
// A value that was known before somebody signed in, or before he became more than he was, is not
// carried on: at a sign-in make a new session; when his own role changes, or a passkey verified
// him, session_renew gives a new value and the old one ends at once. When an administrator changes
// somebody's role or stops him, session_end_all ends all of his: new values could not be handed to
// him.
//
// The table is bounded. To make room, those that have ended go first, then the one that was idle
// longest; one account has at most SESSIONS_OF_ONE_MAX, and pushes out its own before others'.
//
// Any thread may call: a mutex inside. What comes back is a copy.
#ifndef TW_ACCOUNT_SESSION_H
#define TW_ACCOUNT_SESSION_H

#include <pthread.h>

#include "base/hash.h"
#include "base/limits.h"

enum {
    SESSION_IDLE_MS = 30 * 60 * 1000,
    SESSION_WHOLE_MS = 12 * 60 * 60 * 1000,
    SESSION_CHANCE = 64,         // bytes: a cookie's value and a CSRF token
    SESSION_VALUE_LEN = 64,      // hex digits of each
};

struct session {
    char account[ACCOUNT_NAME_MAX + 1];     // who; his role is asked of his account, each time
    char csrf[SESSION_VALUE_LEN + 1];       // what his pages send with all that changes something
    int64_t began_ms, seen_ms;
    int64_t user_verified_ms;    // when a passkey last said who it is; 0: never. Decisions need it
};

struct session_row;              // in session.c
struct session_table {
    pthread_mutex_t lock;
    struct session_row *rows;    // in the arena
    uint32_t *buckets;
    uint32_t count_max, buckets_count, count, free;
};

enum session_verdict {
    SESSION_UNTOLD,
    SESSION_GOOD,
    SESSION_UNKNOWN,             // never made, ended, or made room for another
    SESSION_IDLE,                // ended now: nothing was done for too long
    SESSION_OVER,                // ended now: it is as old as a session gets
    SESSION_VERDICT_COUNT,
};

const char *session_verdict_sentence(enum session_verdict verdict);

// Looking keeps a session from ending as little as an open page does that asks by itself.
enum session_use { SESSION_LOOKS, SESSION_ACTS };

// Room for `count_max` (1 .. SESSIONS_MAX) sessions for as long as the arena lives.
MUST_CHECK bool session_table_open(struct session_table *table, uint32_t count_max,
                                   struct arena *arena, struct error *err);
void session_table_close(struct session_table *table);

// Somebody has signed in. `value` is for the cookie, NUL-ended; `session` what others will find.
void session_begin(struct session_table *table, struct span account, bool user_verified,
                   int64_t now_ms, const uint8_t chance[SESSION_CHANCE],
                   char value[SESSION_VALUE_LEN + 1], struct session *session);

// `session` is filled when the verdict is GOOD.
enum session_verdict session_find(struct session_table *table, struct span value,
                                  enum session_use use, int64_t now_ms, struct session *session);

// The same session goes on under another value and another CSRF token; it ends no later for that.
// `user_verified`: just now, by a passkey.
enum session_verdict session_renew(struct session_table *table, struct span value,
                                   bool user_verified, int64_t now_ms,
                                   const uint8_t chance[SESSION_CHANCE],
                                   char other[SESSION_VALUE_LEN + 1], struct session *session);

// True when there was one.
bool session_end(struct session_table *table, struct span value);
// How many there were of that account; session_end_others leaves the one of that value.
uint32_t session_end_all(struct session_table *table, struct span account);
uint32_t session_end_others(struct session_table *table, struct span account, struct span value);

// Those that have not ended.
uint32_t session_count(struct session_table *table, int64_t now_ms);

// Takes as long for a token that is almost right as for any other.
bool session_csrf_fits(const struct session *session, struct span token);

void session_table_invariants(struct session_table *table); // for tests: it walks the whole table

#endif
