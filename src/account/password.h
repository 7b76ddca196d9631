// password: Argon2id (RFC 9106) by libsodium, and which passwords are not taken at all.
//
// What is kept is libsodium's own text, "$argon2id$v=19$m=65536,t=2,p=1$salt$hash": the cost stands
// in it, so that it can be raised later, one sign-in at a time (password_is_old). One hash takes
// PASSWORD_MEMORY bytes (limits.h) and 0.1 to 0.2 s of a core: who calls bounds how many at once.
// The salt is libsodium's own chance; call sodium_init first.
//
// Passwords are bytes: they are not brought to a Unicode normal form, nor trimmed, nor cut.
#ifndef TW_ACCOUNT_PASSWORD_H
#define TW_ACCOUNT_PASSWORD_H

#include "base/error.h"

enum { PASSWORD_KEPT_SIZE = 128 };   // a kept password and its NUL

enum password_verdict {
    PASSWORD_UNTOLD,                 // what is kept is no hash
    PASSWORD_RIGHT,
    PASSWORD_WRONG,                  // or no memory to hash it: libsodium does not tell them apart
};

// May this be somebody's password? ERROR_SYNTAX with what is wrong and what would do: fewer than
// PASSWORD_CHARACTERS_MIN characters, more than PASSWORD_BYTES_MAX bytes, not UTF-8, the sign-in
// name itself, one character again and again, letters or digits in a row, or one of a handful that
// everybody tries first. No rules of the kind "one capital, one digit": they make worse passwords.
MUST_CHECK bool password_fit(struct span password, struct span name, struct error *err);

// What is kept, NUL-ended. ERROR_UNAVAILABLE when there is no memory for it.
MUST_CHECK bool password_keep(struct span password, char kept[PASSWORD_KEPT_SIZE],
                              struct error *err);

// `kept` empty (nobody of that name, or no password) takes as long as any other and is WRONG, so
// that time does not tell who has an account. Longer passwords than may be kept are WRONG.
enum password_verdict password_check(struct span kept, struct span password);

// Was it kept at another cost than is asked for now? Then keep it anew, at the next sign-in.
bool password_is_old(struct span kept);

// Is the text one that password_keep may have made, at whatever cost?
bool password_kept_fits(struct span kept);

#endif
