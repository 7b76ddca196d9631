// layout: a body as a list of members, each with its place in the struct that it fills.
//
// Writing and reading go through the same list and hold each member to the same limits, so that
// nothing is written that could not be read again. For account_body.c alone.
#ifndef TW_ACCOUNT_LAYOUT_H
#define TW_ACCOUNT_LAYOUT_H

#include "base/arena.h"

enum member_kind {
    MEMBER_TEXT,                 // struct span
    MEMBER_PASSWORD,             // struct span: an Argon2id text
    MEMBER_LANGUAGE,             // struct span: letters, digits and '-'
    MEMBER_BYTES,                // struct span, as base64
    MEMBER_HASH,                 // struct sha256, as hex
    MEMBER_ID,                   // char[TOKEN_ID_LEN + 1]: hex digits
    MEMBER_MOMENT,               // int64_t: milliseconds
    MEMBER_COUNT,                // uint32_t
    MEMBER_ROLE,                 // enum role
    MEMBER_ALGORITHM,            // enum passkey_algorithm
    MEMBER_SCOPES,               // unsigned, as an array of names
};

struct member {
    const char *key;
    size_t at;                   // in the struct
    enum member_kind kind;
    bool optional;               // left out when empty
    size_t max;                  // bytes of a text
};

struct layout { const struct member *at; size_t count; };

// The list is in byte order of its keys, as it is written (RFC 8785). ERROR_SYNTAX for a member
// that does not fit, which is named as `field`.
MUST_CHECK bool layout_write(struct layout layout, const void *thing, struct arena *arena,
                             struct span *body, struct error *err);

// ERROR_DAMAGED when a member is missing or does not fit. `thing` is zeroed by the caller.
MUST_CHECK bool layout_read(struct layout layout, struct span body, struct arena *arena,
                            void *thing, struct error *err);

// The error of a member that does not fit. Returns false.
bool layout_wrong(const char *key, struct error *err);

#endif
