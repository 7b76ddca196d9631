// door: who is at the gate: sessions by cookie, programs by token, and what it takes to sign in.
//
// A cookie "tidewaiter" holds a session's value (account/session.h): HttpOnly, SameSite=Strict, and
// Secure where TLS stands in front. What changes something by a cookie carries the session's CSRF
// token as X-CSRF-Token. A program sends "Authorization: Bearer tw_..." (account/token.h) and needs
// none. Both at once are refused.
//
// A role is asked of the account each time, so that who was stopped, or given another role, is so
// with the next request.
//
// Whatever is tried at the door is in the diary: who signed in or out before the answer goes out,
// who was turned away soon after it.
#ifndef TW_GATES_HTTP_DOOR_H
#define TW_GATES_HTTP_DOOR_H

#include "account/session.h"
#include "account/throttle.h"
#include "gates/http/request.h"
#include "office/diary.h"
#include "office/people.h"

enum {
    DOOR_CHALLENGE_SIZE = 32,
    DOOR_CHALLENGES_MAX = 4096,          // asked for and not used yet
    DOOR_COUNTERS = 4096,                // of passkeys; two of one place push each other out
    DOOR_CHALLENGE_MS = 5 * 60 * 1000,   // that one is good for
    DOOR_VERIFIED_MS = 60 * 60 * 1000,   // that who verified himself may decide for
    DOOR_SLEEPERS_MAX = 2,
    DOOR_HASHES_MAX = 2,                 // passwords that are hashed at one time: 64 MiB each
};

struct door;

struct door_settings {
    struct office *office;
    bool secure;                         // cookies only over TLS
    int64_t (*now_ms)(void *clock);
    void *clock;
    void (*random)(void *bytes, size_t size);
    const struct throttle_rules *rules;  // NULL: throttle_usual
};

MUST_CHECK bool door_open(struct door **door, const struct door_settings *settings,
                          struct error *err);
void door_close(struct door *door); // also takes NULL

// A caller_finder (caller.h), its context the door.
bool door_find_caller(void *door, struct request *request, struct caller *caller,
                      struct error *err);

// What browsers call us: "http://localhost:8080"; its host is the relying party that passkeys are
// for. Said once, before anybody comes. ERROR_SYNTAX when it is no such thing.
MUST_CHECK bool door_name(struct door *door, const char *origin, struct error *err);

struct people *door_people(struct door *door);

// --- For the routes of signing in (sign_in.c, users.c) ---

int64_t door_now(const struct door *door);
void door_random(const struct door *door, void *bytes, size_t size);
struct session_table *door_sessions(struct door *door);
struct throttle *door_throttle(struct door *door);

// A challenge that was not asked for before, good once and for DOOR_CHALLENGE_MS. The oldest is
// forgotten when there are too many.
void door_challenge(struct door *door, uint8_t challenge[DOOR_CHALLENGE_SIZE]);
bool door_use_challenge(struct door *door, const uint8_t challenge[DOOR_CHALLENGE_SIZE]);

// Keeps the counter that a passkey has now; `registered`: when it was added. False, and not kept,
// when it is not above the last one that was seen, and counters are in use. Counters live in
// memory: after a restart a passkey is held to what it was registered with.
bool door_count_passkey(struct door *door, struct span credential, uint32_t registered,
                        uint32_t count);

// What a passkey is asked for here: all but the challenge.
struct passkey_asked door_asks(const struct door *door);

// Starts a session for an account and sets the cookie; `verified` by a passkey.
MUST_CHECK bool door_let_in(struct door *door, struct request *request,
                            const struct account *account, bool verified, const char *method,
                            struct session *session, struct error *err);
// Ends the request's session, if it has one, and takes the cookie back.
MUST_CHECK bool door_let_out(struct door *door, struct request *request, struct error *err);

// Ends all sessions of the caller's account but that of the request.
void door_end_others(struct door *door, const struct request *request);

// The session of the request's cookie, looked at; false when there is none.
bool door_session(struct door *door, const struct request *request, struct session *session);

// Waits, for who is to be slowed down; by a clerk's thread, and few at a time: when
// DOOR_SLEEPERS_MAX wait already it returns at once.
void door_sleep(struct door *door, int64_t ms);

// Notes in the diary that somebody (`name` empty: nobody knows who) was turned away, and why:
// `err`. An error of writing takes its place.
void door_turn_away(struct door *door, const struct request *request, struct span name,
                    const char *what, struct error *err);

// What was asked, for the diary: "GET /api/v1/queue", cut where it is too long for it. In the
// request's arena.
const char *door_what(const struct request *request);

// A look of the caller at a file that is not his own. False: it must not be shown.
MUST_CHECK bool door_look(struct door *door, const struct request *request, struct span file,
                          const char *what, struct error *err);

// Has the caller proved within DOOR_VERIFIED_MS, by a passkey, that he is there himself? Decisions
// need it, and so does who changes how he comes in. ERROR_CONFLICT says what to do.
MUST_CHECK bool door_is_verified(struct door *door, const struct request *request,
                                 struct error *err);

// Waits for one of DOOR_HASHES_MAX turns to hash a password.
void door_hash_begin(struct door *door);
void door_hash_end(struct door *door);

#endif
