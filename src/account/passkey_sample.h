// passkey_sample: for tests, an authenticator and its browser, and what they may have wrong.
#ifndef TW_ACCOUNT_PASSKEY_SAMPLE_H
#define TW_ACCOUNT_PASSKEY_SAMPLE_H

#include "account/passkey.h"

// The kinds of keys, each with a pair of its own.
enum { ES256, EDDSA, KEYS };

extern const enum passkey_algorithm key_algorithms[KEYS];
extern const size_t key_sizes[KEYS];
extern char public_keys[KEYS][PASSKEY_KEY_MAX];
extern struct arena arena;

// What a test may have wrong; zeros are as it should be.
struct scene {
    int key;
    const char *client_data;     // the whole of it, instead of the following
    const char *type, *challenge, *origin, *more, *party;
    int flags;                   // instead of what is usual, when not 0
    uint32_t count;
    size_t cut;                  // bytes off the end of the authenticator's data
    size_t add;                  // bytes to it
    int id_len;                  // said, when not 0
    struct passkey_asked asked;
};

struct scene good(int key);
struct passkey kept(int key);    // as an account keeps it

struct passkey_registration registration_of(const struct scene *scene);
struct passkey_assertion assertion_of(const struct scene *scene); // signed

// What the last good one said.
extern struct passkey_seen seen;
enum passkey_verdict registered(const struct scene *scene);
enum passkey_verdict asserted(const struct scene *scene);

int open_all(void **state);      // for a group of tests
int empty_arena(void **state);   // before each
int close_all(void **state);

#endif
