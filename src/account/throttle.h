// throttle: how often something may be tried, and who waits when it is too often.
//
// Guessing is slowed down by buckets: each holds so many tries, and one comes back every so often
// (struct throttle_rules). An attempt to sign in by password is counted before it is checked, and
// given back if it was right, so that many at once gain nothing:
//
//   1. Of one account from one network: few. Empty, the attempt is REFUSED.
//   2. From one network, whatever the account: more, for offices behind one. Empty, REFUSED.
//   3. Of one account from everywhere: many more. Empty, the attempt is DELAYED, by ten seconds at
//      most, and then taken: whoever guesses from many networks shuts nobody out.
//
// So nobody can lock another out: 1 and 2 are the guesser's own networks (and who shares one with
// him can take a passkey), 3 makes the owner wait, and not where he has signed in before: networks
// from which an account came in within THROTTLE_KNOWN_MS are not delayed. Passkeys cannot be
// guessed: who comes with one asks for none of these, only for the rate of requests (4, 5), like
// everybody with all that he asks for. An invitation's link and a token are chance that cannot be
// guessed either.
//
// Names are counted whether there is such an account or not: a throttle tells nobody who has one.
// A network is an IPv4 address, or the first 64 bits of an IPv6 address: that is what one household
// is given. Keys are kept as a keyed hash, so that nobody can choose one that pushes out another's.
// The tables are bounded: where there is no room, the bucket that is nearest to being full again is
// forgotten. Nothing is kept over a restart. Any thread may call.
#ifndef TW_ACCOUNT_THROTTLE_H
#define TW_ACCOUNT_THROTTLE_H

#include <pthread.h>

#include "base/arena.h"

enum {
    THROTTLE_CHANCE = 16,                      // bytes: the key of the hash
    THROTTLE_DELAY_MAX_MS = 10 * 1000,
};
#define THROTTLE_KNOWN_MS ((int64_t)30 * 24 * 60 * 60 * 1000)

// `burst` tries at once, and one back every `back_us`.
struct throttle_rule { uint32_t burst; int64_t back_us; };

struct throttle_rules {
    struct throttle_rule pair;                 // 1: sign-ins of one account from one network
    struct throttle_rule network;              // 2: sign-ins from one network
    struct throttle_rule account;              // 3: sign-ins of one account
    struct throttle_rule network_requests;     // 4: all requests of one network
    struct throttle_rule account_requests;     // 5: all requests of one account
};

// 5, then one a minute; 50, then one in ten seconds; 100, then one in 36 seconds. Requests: 2,000,
// then 200 a second, of each: what a program lodges in bulk comes as one. Where more is expected (a
// load test, a gate behind a gate) other rules are handed in.
extern const struct throttle_rules throttle_usual;

struct throttle_slot { uint64_t key; int64_t due_us; };
struct throttle {
    pthread_mutex_t lock;
    struct throttle_slot *buckets, *known;     // in the arena: THROTTLE_SLOTS each (limits.h)
    uint8_t chance[THROTTLE_CHANCE];
    struct throttle_rules rules;
};

enum throttle_verdict {
    THROTTLE_UNTOLD,
    THROTTLE_GO,
    THROTTLE_DELAYED,                          // go on after wait_ms
    THROTTLE_REFUSED,                          // not before wait_ms have passed: 429, Retry-After
    THROTTLE_VERDICT_COUNT,
};

struct throttle_answer { enum throttle_verdict verdict; int64_t wait_ms; };

const char *throttle_verdict_sentence(enum throttle_verdict verdict);

// Good as long as the arena is.
MUST_CHECK bool throttle_open(struct throttle *throttle, const struct throttle_rules *rules,
                              const uint8_t chance[THROTTLE_CHANCE], struct arena *arena,
                              struct error *err);
void throttle_close(struct throttle *throttle);

// Somebody is about to try a password. `address` as text ("192.0.2.1", "2001:db8::1"); what is no
// address is a network of its own name. It is counted unless it is REFUSED.
struct throttle_answer throttle_sign_in(struct throttle *throttle, struct span account,
                                        struct span address, int64_t now_ms);

// The password was right: what throttle_sign_in counted is given back, and the network is known.
// Who came in by a passkey may be told here too: `counted` is false then.
void throttle_signed_in(struct throttle *throttle, struct span account, struct span address,
                        bool counted, int64_t now_ms);

// A request of somebody (`account` empty: not signed in). GO or REFUSED; counted unless REFUSED.
struct throttle_answer throttle_request(struct throttle *throttle, struct span account,
                                        struct span address, int64_t now_ms);

#endif
