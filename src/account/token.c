#include "account/token.h"

#include <assert.h>
#include <sodium.h>

enum { ID_AT = 3, SECRET_AT = ID_AT + TOKEN_ID_LEN + 1, SECRET_LEN = TOKEN_LEN - SECRET_AT };

static const struct { enum token_scope scope; struct span name; } scopes[] = {
    { SCOPE_LODGE, SPAN_INIT("lodge") },
    { SCOPE_READ, SPAN_INIT("read") },
    { SCOPE_DECIDE, SPAN_INIT("decide") },
    { SCOPE_ALL, SPAN_INIT("all") },
};
enum { SCOPES_COUNT = sizeof(scopes) / sizeof(scopes[0]) };
_Static_assert(SCOPES == (1 << SCOPES_COUNT) - 1, "a scope has a name");

const char *token_scope_name(enum token_scope scope)
{
    const char *name = NULL;
    for (int i = 0; i < SCOPES_COUNT; i++)
        if (scopes[i].scope == scope) name = scopes[i].name.at;
    assert(name != NULL);
    return name;
}

bool token_scope_read(struct span name, enum token_scope *scope)
{
    for (int i = 0; i < SCOPES_COUNT; i++) {
        if (!span_equal(scopes[i].name, name)) continue;
        *scope = scopes[i].scope;
        return true;
    }
    return false;
}

const char *token_verdict_sentence(enum token_verdict verdict)
{
    static const char *const sentences[TOKEN_VERDICT_COUNT] = {
        [TOKEN_UNTOLD] = "nothing is known of this token",
        [TOKEN_GOOD] = "the token is good",
        [TOKEN_WRONG] = "there is no such token",
        [TOKEN_ENDED] = "the token has ended",
    };
    assert(verdict < TOKEN_VERDICT_COUNT);
    return sentences[verdict];
}

static struct sha256 hash_of_secret(const char *text)
{
    return sha256_of((struct span){ text + SECRET_AT, SECRET_LEN });
}

void token_make(const uint8_t chance[TOKEN_CHANCE], char text[TOKEN_LEN + 1], struct token *token)
{
    memcpy(text, "tw_", ID_AT);
    sodium_bin2hex(text + ID_AT, TOKEN_ID_LEN + 1, chance, TOKEN_ID_LEN / 2);
    text[SECRET_AT - 1] = '_';
    sodium_bin2hex(text + SECRET_AT, SECRET_LEN + 1, chance + TOKEN_ID_LEN / 2, SECRET_LEN / 2);

    *token = (struct token){ .secret = hash_of_secret(text) };
    memcpy(token->id, text + ID_AT, TOKEN_ID_LEN);
}

bool token_read(struct span text, struct token_shown *shown)
{
    uint8_t bytes[SECRET_LEN / 2];
    if (text.len != TOKEN_LEN || !span_starts_with(text, SPAN("tw_"))) return false;
    if (text.at[SECRET_AT - 1] != '_') return false;
    struct span id = { text.at + ID_AT, TOKEN_ID_LEN };
    struct span secret = { text.at + SECRET_AT, SECRET_LEN };
    bool digits = hex_read(id, bytes, TOKEN_ID_LEN / 2) && hex_read(secret, bytes, sizeof(bytes));
    sodium_memzero(bytes, sizeof(bytes));
    if (!digits) return false;
    *shown = (struct token_shown){ .secret = hash_of_secret(text.at) };
    memcpy(shown->id, id.at, id.len);
    return true;
}

enum token_verdict token_check(const struct token *token, const struct token_shown *shown,
                               int64_t now_ms)
{
    assert((token->scope & SCOPES) != 0);
    if (memcmp(token->id, shown->id, TOKEN_ID_LEN) != 0) return TOKEN_WRONG;
    if (sodium_memcmp(token->secret.bytes, shown->secret.bytes, SHA256_SIZE) != 0)
        return TOKEN_WRONG;
    return now_ms < token->ends_ms ? TOKEN_GOOD : TOKEN_ENDED;
}

bool token_covers(unsigned scope, enum token_scope wanted)
{
    return (scope & ((unsigned)wanted | SCOPE_ALL)) != 0;
}
