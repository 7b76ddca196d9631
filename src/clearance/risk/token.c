#include "clearance/risk/token.h"

#include <stdio.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           c == '.' || c == '[' || c == ']';
}

uint32_t token_fail(struct tokens *t, const char *at, const char *what, const char *hint)
{
    if (t->failed) return 0;
    error_at(t->err, t->text, at, "%s", what);
    error_hint(t->err, "%s", hint);
    t->failed = true;
    t->kind = TOKEN_END;
    t->begin = at;
    t->token = (struct span){ at, 0 };
    return 0;
}

// What other languages write, in the words of this one.
static const char *translation(const struct tokens *t)
{
    static const struct { const char *mark, *hint; } others[] = {
        { "==", "Equality is written with one sign: =." },
        { "<>", "Write != for unequal." },
        { "&&", "Write the word: and." },
        { "||", "Write the word: or." },
        { "!", "Write the word: not." },
        { "'", "Texts stand in double quotes." },
        { "\xE2\x80\x9C", "Texts stand in straight double quotes." },
        { "\xE2\x89\xA0", "Write != for unequal." },
        { "\xE2\x89\xA4", "Write <= for at most." },
        { "\xE2\x89\xA5", "Write >= for at least." },
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]) && t->kind == TOKEN_MARK; i++)
        if (span_equal(t->token, span_of(others[i].mark))) return others[i].hint;
    return NULL;
}

bool token_is_foreign(const struct tokens *t)
{
    return translation(t) != NULL;
}

uint32_t token_refuse(struct tokens *t, const char *what, const char *hint)
{
    enum { SHOWN = 40 };
    char text[160], found[SHOWN + 3];
    int len = t->token.len > SHOWN ? SHOWN : (int)t->token.len;
    snprintf(found, sizeof(found), "'%.*s'", len, t->token.at);
    snprintf(text, sizeof(text), "%s is expected, not %s", what,
             t->kind == TOKEN_END ? "the end" : t->kind == TOKEN_TEXT ? "a text" : found);
    return token_fail(t, t->begin, text, token_is_foreign(t) ? translation(t) : hint);
}

static void pass_blanks(struct tokens *t)
{
    const char *end = t->text.at + t->text.len;
    while (t->at < end) {
        if (*t->at == '#') while (t->at < end && *t->at != '\n') t->at++;
        else if (*t->at == ' ' || *t->at == '\t' || *t->at == '\r' || *t->at == '\n') t->at++;
        else return;
    }
}

static void next_text(struct tokens *t, const char *end)
{
    const char *open = t->at, *at = open + 1;
    while (at < end && *at != '"' && *at != '\n') {
        if ((unsigned char)*at < 0x20 || *at == 0x7F) {
            token_fail(t, at, "a control character in a text", "Texts are one line of plain text.");
            return;
        }
        at++;
    }
    if (at == end || *at == '\n') {
        token_fail(t, open, "a text that does not end on its line", "Close it with a quote.");
        return;
    }
    t->kind = TOKEN_TEXT;
    t->token = (struct span){ open + 1, (size_t)(at - open) - 1 };
    t->at = at + 1;
}

// A mark of one character, which may be several bytes of UTF-8; or of two.
static void next_mark(struct tokens *t, const char *end)
{
    static const char pairs[][2] = { "<=", ">=", "!=", "==", "<>", "&&", "||" };
    const char *begin = t->at++;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]) && t->at < end; i++) {
        if (memcmp(begin, pairs[i], 2) != 0) continue;
        t->at = begin + 2;
        break;
    }
    while (t->at < end && ((unsigned char)*t->at & 0xC0) == 0x80) t->at++;
    t->kind = TOKEN_MARK;
    t->token = (struct span){ begin, (size_t)(t->at - begin) };
}

void token_next(struct tokens *t)
{
    if (t->failed) return;
    t->behind = t->at;
    pass_blanks(t);
    const char *begin = t->begin = t->at, *end = t->text.at + t->text.len;
    if (begin == end) {
        t->kind = TOKEN_END;
        t->token = (struct span){ begin, 0 };
    } else if (*begin == '"') {
        next_text(t, end);
    } else if (is_word(*begin)) {
        while (t->at < end && is_word(*t->at)) t->at++;
        t->kind = is_digit(*begin) ? TOKEN_NUMBER : TOKEN_WORD;
        t->token = (struct span){ begin, (size_t)(t->at - begin) };
    } else {
        next_mark(t, end);
    }
}

struct tokens tokens_of(struct span text, struct error *err)
{
    struct tokens t = { .text = text, .at = text.at, .err = err };
    token_next(&t);
    return t;
}

bool token_is(const struct tokens *t, const char *what)
{
    return (t->kind == TOKEN_WORD || t->kind == TOKEN_MARK) && span_equal(t->token, span_of(what));
}

bool token_take(struct tokens *t, const char *what)
{
    if (!token_is(t, what)) return false;
    token_next(t);
    return true;
}

void token_need(struct tokens *t, const char *what)
{
    char text[40];
    snprintf(text, sizeof(text), "'%s'", what);
    if (!token_take(t, what))
        token_refuse(t, text, "docs/rule-language.md shows how rules are written.");
}

struct span token_take_name(struct tokens *t)
{
    const char *begin = t->begin, *end = t->text.at + t->text.len, *at = begin;
    if (t->kind != TOKEN_WORD && t->kind != TOKEN_NUMBER) return SPAN("");
    while (at < end && (is_word(*at) || *at == '-') && *at != '[' && *at != ']') at++;
    t->at = at;
    token_next(t);
    return (struct span){ begin, (size_t)(at - begin) };
}
