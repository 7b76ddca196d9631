// token: the words, numbers, texts and marks of the officers' rules, one after the other.
//
// Blanks, line ends and comments (from # to the end of the line) stand between tokens. The first
// thing that is wrong is kept as the error; after it there are no more tokens, so that a reader
// asks `failed` only where what it has read so far would mislead it.
#ifndef TW_CLEARANCE_RISK_TOKEN_H
#define TW_CLEARANCE_RISK_TOKEN_H

#include "base/error.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   // value, items[0].price.value
    TOKEN_NUMBER, // begins with a digit
    TOKEN_TEXT,   // what stands between the quotes, which cannot hold a quote
    TOKEN_MARK,   // any other character, and <= >= != and what people write for them
};

struct tokens {
    struct span text;
    const char *at;         // where the next one may begin
    enum token_kind kind;   // of the one in hand
    const char *begin;      // of the one in hand, with its quote
    const char *behind;     // the end of the one before it
    struct span token;      // without quotes
    struct error *err;
    bool failed;
};

// Takes the first token in hand.
struct tokens tokens_of(struct span text, struct error *err);
void token_next(struct tokens *t);

// Is it that word or mark? Then take it and go on.
bool token_is(const struct tokens *t, const char *what);
bool token_take(struct tokens *t, const char *what);

// The same, but nothing else may stand here.
void token_need(struct tokens *t, const char *what);

// The rest of a rule's name, which may hold hyphens that are marks elsewhere.
struct span token_take_name(struct tokens *t);

// Keeps the error unless there is one before it. They return 0, which is no node.
uint32_t token_fail(struct tokens *t, const char *at, const char *what, const char *hint);

// Is it a mark that other languages write for something of ours?
bool token_is_foreign(const struct tokens *t);

// The token in hand is not what may stand here: "`what` is expected, not 'token'". Of a foreign
// mark the hint says what we write instead.
uint32_t token_refuse(struct tokens *t, const char *what, const char *hint);

#endif
