// token: what a program shows in place of a person: "tw_<id>_<secret>", shown once, kept hashed.
//
//   tw_0123456789abcdef_<64 hex digits>
//
// The id (16 hex digits of chance) finds the token and may be shown and logged; of the secret (256
// bits of chance) only the SHA-256 is kept: so much chance needs no slow hash. Where the text is
// shown, it can be known for what it is by "tw_", by people and by programs that look for leaks.
#ifndef TW_ACCOUNT_TOKEN_H
#define TW_ACCOUNT_TOKEN_H

#include "base/hash.h"

enum {
    TOKEN_CHANCE = 8 + 32,       // bytes of chance that make one
    TOKEN_ID_LEN = 16,
    TOKEN_LEN = 3 + TOKEN_ID_LEN + 1 + 64,
};

// What a token may be used for, a bit each. What its account may not do it may not either.
enum token_scope {
    SCOPE_LODGE = 1,             // lodge, amend, withdraw; send papers
    SCOPE_READ = 2,              // whatever is looked at
    SCOPE_DECIDE = 4,            // an officer's work
    SCOPE_ALL = 8,               // all that the account may, also what is thought of later
    SCOPES = 15,
};

struct token {
    char id[TOKEN_ID_LEN + 1];
    struct sha256 secret;        // hash of the secret's digits
    unsigned scope;              // of enum token_scope, at least one
    struct span label;           // "the nightly import"
    int64_t ends_ms;             // it is not good from then on
};

// What somebody shows.
struct token_shown { char id[TOKEN_ID_LEN + 1]; struct sha256 secret; };

enum token_verdict {
    TOKEN_UNTOLD,
    TOKEN_GOOD,
    TOKEN_WRONG,                 // another id, or another secret
    TOKEN_ENDED,
    TOKEN_VERDICT_COUNT,
};

const char *token_verdict_sentence(enum token_verdict verdict);

// The text to show once, NUL-ended, and what is kept of it: scope, label and end are the caller's.
void token_make(const uint8_t chance[TOKEN_CHANCE], char text[TOKEN_LEN + 1], struct token *token);

// False for a text that token_make would not have made.
MUST_CHECK bool token_read(struct span text, struct token_shown *shown);

// Takes as long for a secret that is almost right as for any other.
enum token_verdict token_check(const struct token *token, const struct token_shown *shown,
                               int64_t now_ms);

// Does a scope cover what is wanted: one bit of enum token_scope?
bool token_covers(unsigned scope, enum token_scope wanted);

const char *token_scope_name(enum token_scope scope); // "lodge"; of one bit
MUST_CHECK bool token_scope_read(struct span name, enum token_scope *scope);

#endif
