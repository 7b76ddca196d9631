#include "account/layout.h"

#include "account/passkey.h"
#include "account/password.h"
#include "account/role.h"
#include "account/token.h"
#include "base/json.h"
#include "base/utf8.h"

// --- What fits ---

static bool is_text(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < ' ' || s.at[i] == 127) return false;
    return utf8_check(s, NULL);
}

static bool is_language(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i], small = (char)(c | 32);
        if (!(small >= 'a' && small <= 'z') && !(c >= '0' && c <= '9') && c != '-') return false;
    }
    return s.at[0] != '-' && s.at[s.len - 1] != '-';
}

static bool is_id(const char *id)
{
    uint8_t bytes[TOKEN_ID_LEN / 2];
    return id[TOKEN_ID_LEN] == '\0' &&
           hex_read((struct span){ id, TOKEN_ID_LEN }, bytes, sizeof(bytes));
}

static bool span_fits(const struct member *member, struct span s)
{
    if (s.len == 0) return member->optional;
    if (s.len > member->max) return false;
    switch (member->kind) {
    case MEMBER_TEXT: return is_text(s);
    case MEMBER_LANGUAGE: return is_language(s);
    case MEMBER_PASSWORD: return password_kept_fits(s);
    default: return true;
    }
}

static bool member_fits(const struct member *member, const void *at)
{
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_PASSWORD:
    case MEMBER_LANGUAGE:
    case MEMBER_BYTES: return span_fits(member, *(const struct span *)at);
    case MEMBER_ID: return is_id(at);
    case MEMBER_MOMENT: return *(const int64_t *)at >= 0 && *(const int64_t *)at < 1LL << 53;
    case MEMBER_ROLE: {
        enum role role = *(const enum role *)at;
        return role > ROLE_NOBODY && role < ROLE_COUNT;
    }
    case MEMBER_ALGORITHM: {
        enum passkey_algorithm algorithm = *(const enum passkey_algorithm *)at;
        return algorithm > PASSKEY_ALGORITHM_NONE && algorithm < PASSKEY_ALGORITHM_COUNT;
    }
    case MEMBER_SCOPES: {
        unsigned scope = *(const unsigned *)at;
        return scope != 0 && (scope & ~(unsigned)SCOPES) == 0;
    }
    case MEMBER_HASH:
    case MEMBER_COUNT: return true;
    }
    return false;
}

// --- Writing ---

static void write_scopes(struct json_writer *w, unsigned scopes)
{
    json_open_array(w);
    for (unsigned bit = 1; bit <= SCOPES; bit <<= 1)
        if (scopes & bit) json_write_string(w, span_of(token_scope_name((enum token_scope)bit)));
    json_close_array(w);
}

// Letters and digits of our own, written in place.
static void write_plainly(struct json_writer *w, const void *bytes, size_t size,
                          void (*write)(struct text *, const void *, size_t))
{
    json_write_raw(w, SPAN("\""));
    write(&w->text, bytes, size);
    text_add_char(&w->text, '"');
}

static void write_member(struct json_writer *w, const struct member *member, const void *at)
{
    const struct span *s = at;
    if (member->optional && s->len == 0) return;
    json_key(w, span_of(member->key));
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_PASSWORD:
    case MEMBER_LANGUAGE: json_write_string(w, *s); break;
    case MEMBER_BYTES: write_plainly(w, s->at, s->len, base64_write); break;
    case MEMBER_HASH: write_plainly(w, at, SHA256_SIZE, hex_write); break;
    case MEMBER_ID: json_write_string(w, span_of(at)); break;
    case MEMBER_MOMENT: json_write_i64(w, *(const int64_t *)at); break;
    case MEMBER_COUNT: json_write_i64(w, *(const uint32_t *)at); break;
    case MEMBER_ROLE: json_write_string(w, span_of(role_name(*(const enum role *)at))); break;
    case MEMBER_ALGORITHM:
        json_write_string(w, span_of(passkey_algorithm_name(*(const enum passkey_algorithm *)at)));
        break;
    case MEMBER_SCOPES: write_scopes(w, *(const unsigned *)at); break;
    }
}

bool layout_write(struct layout layout, const void *thing, struct arena *arena,
                   struct span *body, struct error *err)
{
    struct json_writer w = json_writer_in(arena, 256);
    json_open_object(&w);
    for (size_t i = 0; i < layout.count; i++) {
        const struct member *member = &layout.at[i];
        const void *at = (const char *)thing + member->at;
        if (!member_fits(member, at)) {
            error_set(err, ERROR_SYNTAX, "'%s' is missing, too long, or not of its kind",
                      member->key);
            return error_field(err, "%s", member->key);
        }
        write_member(&w, member, at);
    }
    json_close_object(&w);
    return json_written(&w, body, err);
}

// --- Reading ---

enum outcome { DONE, WRONG, FULL };

static enum outcome read_bytes(struct span text, size_t max, struct arena *arena,
                               struct span *bytes)
{
    if (text.len > (max + 2) / 3 * 4) return WRONG;
    char *room = arena_take(arena, max, 1);
    if (room == NULL) return FULL;
    bytes->at = room;
    return base64_read(text, room, max, &bytes->len) ? DONE : WRONG;
}

// In the order in which they are written, each once.
static enum outcome read_scopes(const struct json *json, uint32_t array, unsigned *scopes)
{
    *scopes = 0;
    uint32_t node = array + 1;
    for (uint32_t i = 0; i < json->nodes[array].count; i++, node = json->nodes[node].next) {
        enum token_scope scope;
        if (json->nodes[node].kind != JSON_STRING) return WRONG;
        if (!token_scope_read(json_raw(json, node), &scope) || scope <= *scopes) return WRONG;
        *scopes |= (unsigned)scope;
    }
    return DONE;
}

static enum outcome read_number(struct span raw, uint64_t max, uint64_t *number)
{
    return span_to_u64(raw, number) && *number <= max ? DONE : WRONG;
}

static enum json_kind json_kind_of(enum member_kind kind)
{
    if (kind == MEMBER_SCOPES) return JSON_ARRAY;
    return kind == MEMBER_MOMENT || kind == MEMBER_COUNT ? JSON_NUMBER : JSON_STRING;
}

static enum outcome read_value(const struct json *json, uint32_t node, const struct member *member,
                               struct arena *arena, void *into)
{
    struct span text = json_raw(json, node);
    uint64_t number = 0;
    enum outcome outcome = DONE;
    if (json->nodes[node].kind != json_kind_of(member->kind)) return WRONG;
    if (json->nodes[node].kind == JSON_STRING && !json_string(json, node, arena, &text, NULL))
        return FULL;
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_PASSWORD:
    case MEMBER_LANGUAGE: *(struct span *)into = text; return DONE;
    case MEMBER_BYTES: return read_bytes(text, member->max, arena, into);
    case MEMBER_HASH: return hex_read(text, into, SHA256_SIZE) ? DONE : WRONG;
    case MEMBER_ID:
        if (text.len != TOKEN_ID_LEN) return WRONG;
        memcpy(into, text.at, TOKEN_ID_LEN);
        return DONE;
    case MEMBER_MOMENT:
        outcome = read_number(text, INT64_MAX, &number);
        *(int64_t *)into = (int64_t)number;
        return outcome;
    case MEMBER_COUNT:
        outcome = read_number(text, UINT32_MAX, &number);
        *(uint32_t *)into = (uint32_t)number;
        return outcome;
    case MEMBER_ROLE: return role_read(text, into) ? DONE : WRONG;
    case MEMBER_ALGORITHM: return passkey_algorithm_read(text, into) ? DONE : WRONG;
    case MEMBER_SCOPES: return read_scopes(json, node, into);
    }
    return WRONG;
}

bool layout_wrong(const char *key, struct error *err)
{
    return error_set(err, ERROR_DAMAGED, "member '%s' of a fact's body does not fit its kind", key);
}

bool layout_read(struct layout layout, struct span body, struct arena *arena, void *thing,
                 struct error *err)
{
    struct json json;
    struct error why = { 0 };
    if (!json_read(body, arena, &json, &why) || json.nodes[0].kind != JSON_OBJECT) {
        if (why.kind == ERROR_TOO_LARGE) return error_set(err, why.kind, "%s", why.text);
        return error_set(err, ERROR_DAMAGED, "the body of a fact is not a JSON object");
    }
    for (size_t i = 0; i < layout.count; i++) {
        const struct member *member = &layout.at[i];
        void *into = (char *)thing + member->at;
        uint32_t node = json_member(&json, 0, span_of(member->key));
        enum outcome outcome = node == 0 ? DONE : read_value(&json, node, member, arena, into);
        if (outcome == FULL)
            return error_set(err, ERROR_TOO_LARGE, "the body of a fact does not fit into memory");
        bool absent = node == 0 && !member->optional;
        if (absent || outcome == WRONG || !member_fits(member, into))
            return layout_wrong(member->key, err);
    }
    return true;
}
