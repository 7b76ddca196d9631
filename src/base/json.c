#include "base/json_inside.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",     [JSON_FALSE] = "false",   [JSON_TRUE] = "true",
        [JSON_NUMBER] = "number", [JSON_STRING] = "string", [JSON_ARRAY] = "array",
        [JSON_OBJECT] = "object",
    };
    assert(kind <= JSON_OBJECT);
    return names[kind];
}

// --- Escapes ---

int32_t json_hex4(const char *at)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int32_t digit;
        if (at[i] >= '0' && at[i] <= '9') digit = at[i] - '0';
        else if (at[i] >= 'a' && at[i] <= 'f') digit = at[i] - 'a' + 10;
        else if (at[i] >= 'A' && at[i] <= 'F') digit = at[i] - 'A' + 10;
        else return -1;
        value = value * 16 + digit;
    }
    return value;
}

static size_t utf8_encode(int32_t c, char utf8[4])
{
    assert(c >= 0 && c <= 0x10FFFF);
    if (c < 0x80) {
        utf8[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        utf8[0] = (char)(0xC0 | c >> 6);
        utf8[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        utf8[0] = (char)(0xE0 | c >> 12);
        utf8[1] = (char)(0x80 | (c >> 6 & 0x3F));
        utf8[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    utf8[0] = (char)(0xF0 | c >> 18);
    utf8[1] = (char)(0x80 | (c >> 12 & 0x3F));
    utf8[2] = (char)(0x80 | (c >> 6 & 0x3F));
    utf8[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t json_escape_read(const char *at, char utf8[4], size_t *len)
{
    assert(at[0] == '\\');
    if (at[1] == 'u') {
        int32_t unit = json_hex4(at + 2);
        bool pair = unit >= 0xD800 && unit <= 0xDBFF;
        if (pair) unit = 0x10000 + ((unit - 0xD800) << 10) + (json_hex4(at + 8) - 0xDC00);
        *len = utf8_encode(unit, utf8);
        return pair ? 12 : 6;
    }
    static const char letters[] = "bfnrt", bytes[] = "\b\f\n\r\t";
    const char *letter = strchr(letters, at[1]);
    utf8[0] = letter == NULL ? at[1] : bytes[letter - letters]; // or a quote, backslash, slash
    *len = 1;
    return 2;
}

bool json_string(const struct json *json, uint32_t node, struct arena *arena, struct span *s,
                 struct error *err)
{
    assert(node < json->count);
    assert(json->nodes[node].kind == JSON_STRING);

    struct span raw = json_raw(json, node);
    if (!json->nodes[node].escaped) {
        *s = raw;
        return true;
    }
    char *into = arena_take_raw(arena, raw.len, 1); // an escape is longer than what it says
    if (into == NULL)
        return error_set(err, ERROR_TOO_LARGE, "a text of %zu bytes does not fit into memory",
                         raw.len);
    size_t len = 0;
    for (const char *at = raw.at, *end = raw.at + raw.len; at < end;) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape == NULL ? end : escape) - at);
        memcpy(into + len, at, plain);
        len += plain;
        at += plain;
        if (escape == NULL) break;

        char utf8[4];
        size_t said;
        at += json_escape_read(at, utf8, &said);
        memcpy(into + len, utf8, said);
        len += said;
    }
    assert(len < raw.len);
    *s = (struct span){ into, len };
    return true;
}

// --- Keys ---

// The bytes that a key says, one by one.
struct saying {
    const char *at, *end;
    char utf8[4];
    size_t len, used;
};

static int next_byte(struct saying *s) // -1 behind the last
{
    if (s->used < s->len) return (unsigned char)s->utf8[s->used++];
    if (s->at == s->end) return -1;
    if (*s->at != '\\') return (unsigned char)*s->at++;
    s->at += json_escape_read(s->at, s->utf8, &s->len);
    s->used = 1;
    return (unsigned char)s->utf8[0];
}

// The order of bytes in UTF-8 is that of UTF-16 code units, but for one thing: surrogates (first
// byte F0 and up) come before U+E000 .. U+FFFF (first byte EE, EF).
static int byte_order(int a, int b)
{
    if (a >= 0xEE && b >= 0xEE && (a >= 0xF0) != (b >= 0xF0)) return b - a;
    return a - b;
}

int json_key_compare(const struct json *json, uint32_t a, uint32_t b)
{
    struct span left = json_raw(json, a), right = json_raw(json, b);
    if (json->nodes[a].escaped || json->nodes[b].escaped) {
        struct saying x = { .at = left.at, .end = left.at + left.len };
        struct saying y = { .at = right.at, .end = right.at + right.len };
        for (;;) {
            int p = next_byte(&x), q = next_byte(&y);
            if (p != q || p < 0) return byte_order(p, q);
        }
    }
    size_t shorter = left.len < right.len ? left.len : right.len, i = 0;
    while (i < shorter && left.at[i] == right.at[i]) i++; // keys differ early
    if (i == shorter) return (left.len > right.len) - (left.len < right.len);
    return byte_order((unsigned char)left.at[i], (unsigned char)right.at[i]);
}

static void sift_down(const struct json *json, uint32_t *keys, size_t from, size_t count)
{
    for (size_t child; (child = from * 2 + 1) < count; from = child) {
        if (child + 1 < count && json_key_compare(json, keys[child], keys[child + 1]) < 0) child++;
        if (json_key_compare(json, keys[from], keys[child]) >= 0) return;
        uint32_t swapped = keys[from];
        keys[from] = keys[child];
        keys[child] = swapped;
    }
}

void json_keys_sort(const struct json *json, uint32_t *keys, size_t count)
{
    for (size_t i = count / 2; i-- > 0;) sift_down(json, keys, i, count); // a heap
    for (size_t last = count; last-- > 1;) {
        uint32_t greatest = keys[0];
        keys[0] = keys[last];
        keys[last] = greatest;
        sift_down(json, keys, 0, last);
    }
}

static bool key_says(const struct json *json, uint32_t node, struct span key)
{
    struct span raw = json_raw(json, node);
    if (!json->nodes[node].escaped) return span_equal(raw, key);
    if (raw.len <= key.len) return false;

    struct saying saying = { .at = raw.at, .end = raw.at + raw.len };
    for (size_t i = 0; i < key.len; i++)
        if (next_byte(&saying) != (unsigned char)key.at[i]) return false;
    return next_byte(&saying) < 0;
}

uint32_t json_member(const struct json *json, uint32_t object, struct span key)
{
    assert(object < json->count);
    assert(json->nodes[object].kind == JSON_OBJECT);
    uint32_t end = json->nodes[object].next;
    for (uint32_t at = object + 1; at < end; at = json_key_next(json, at))
        if (key_says(json, at, key)) return at + 1;
    return 0;
}

// --- Errors ---

// The child of a container that is `node` or holds it; `index` is its place. A key counts as its
// value.
static uint32_t child_towards(const struct json *json, uint32_t container, uint32_t node,
                              uint32_t *index)
{
    bool object = json->nodes[container].kind == JSON_OBJECT;
    uint32_t child = container + 1;
    for (*index = 0;; ++*index) {
        uint32_t value = object ? child + 1 : child;
        if (node < json->nodes[value].next) return child;
        child = json->nodes[value].next;
        assert(child < json->nodes[container].next);
    }
}

// The way to a node, as people write it: items[2].origin
static void field_write(const struct json *json, uint32_t node, char *field, size_t size)
{
    size_t len = 0;
    field[0] = '\0';
    for (uint32_t at = 0; at < node && len < size;) {
        uint32_t index, child = child_towards(json, at, node, &index);
        int more;
        if (json->nodes[at].kind == JSON_OBJECT) {
            more = snprintf(field + len, size - len, "%s" SPAN_FMT, len > 0 ? "." : "",
                            SPAN_ARG(json_raw(json, child)));
            if (child++ == node) return;
        } else {
            more = snprintf(field + len, size - len, "[%u]", index);
        }
        len += (size_t)more;
        at = child;
    }
}

bool json_error(const struct json *json, uint32_t node, struct error *err, const char *format, ...)
{
    assert(node < json->count);
    if (err == NULL) return false;
    char text[sizeof(err->text) * 2];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);

    bool quoted = json->nodes[node].kind == JSON_STRING;
    error_at(err, json->text, json->text.at + json->nodes[node].at - quoted, "%s", text);
    char field[sizeof(err->field) * 2];
    field_write(json, node, field, sizeof(field));
    return error_field(err, "%s", field);
}
