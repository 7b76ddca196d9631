#include "base/hash.h"
#include "base/json_inside.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>

// Up to here the keys of an object are compared one by one, and only when the little filter says
// that one may be a repetition. Beyond, they are compared when the object ends, by a table.
enum { KEYS_FEW = 32 };

// What is done seldom is kept out of the way of what is done always.
#define APART __attribute__((noinline))
#define COLD __attribute__((cold, noinline))

// An array or object that has not ended yet.
struct level {
    uint32_t node, count;
    bool object, escaped_key;
    uint64_t seen[4]; // a filter of 256 bits over the object's keys
};

struct reader {
    struct span text;
    const char *end;
    struct json_node *nodes;
    uint32_t count, max;
    uint32_t depth;
    struct error *err;
    struct level levels[JSON_DEPTH_MAX];
};

// --- Errors. Each returns NULL, as the reading functions do. ---

// What stands at `at`, as a reader would name it. Outside ASCII with its number too, since some
// characters cannot be seen.
static void name_found(const struct reader *r, const char *at, char *name, size_t size)
{
    unsigned char c = at < r->end ? (unsigned char)*at : 0;
    if (at == r->end) snprintf(name, size, "the end");
    else if (c == '\n' || c == '\r') snprintf(name, size, "a line end");
    else if (c == '\t') snprintf(name, size, "a tab");
    else if (c < 0x20 || c == 0x7F) snprintf(name, size, "byte 0x%02X", c);
    else if (c == '\'') snprintf(name, size, "\"'\"");
    else if (c < 0x80) snprintf(name, size, "'%c'", c);
    else {
        int len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        unsigned number = c & (0xFFU >> (len + 1));
        for (int i = 1; i < len; i++) number = number << 6 | (at[i] & 0x3F);
        snprintf(name, size, "'%.*s' (U+%04X)", len, at, number);
    }
}

// What to do about a byte that fits nowhere; NULL when there is nothing to say.
static const char *common_hint(const struct reader *r, const char *at)
{
    if (at == r->end) return r->count == 0 ? "The message is empty." : "The message is cut short.";
    if (*at == '/' || *at == '#') return "JSON has no comments.";
    if (*at == '\'') return "Strings and keys stand in double quotes.";
    if (r->end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        return "Save the message as UTF-8 without a byte order mark.";
    return NULL;
}

COLD static const char *expected(struct reader *r, const char *at, const char *what,
                                 const char *hint)
{
    char name[24];
    name_found(r, at, name, sizeof(name));
    error_at(r->err, r->text, at, "found %s, expected %s", name, what);
    const char *better = common_hint(r, at);
    if (better != NULL) hint = better;
    if (hint != NULL) error_hint(r->err, "%s", hint);
    return NULL;
}

COLD static const char *refused(struct reader *r, const char *at, const char *why, const char *hint)
{
    error_at(r->err, r->text, at, "%s", why);
    error_hint(r->err, "%s", hint);
    return NULL;
}

COLD static const char *no_value(struct reader *r, const char *at)
{
    char c = at < r->end ? *at : '\0';
    const char *hint = NULL;
    if ((c == ']' || c == '}' || c == ',') && r->depth > 0)
        hint = r->levels[r->depth - 1].object ? "A value stands behind each colon."
                                              : "A comma stands only between two values.";
    else if (c == '+' || c == '.') hint = "A number begins with a digit or a minus.";
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        hint = "The only words are true, false and null; strings stand in double quotes.";
    return expected(r, at, "a value", hint);
}

// --- Nodes ---

static inline bool node_add(struct reader *r, enum json_kind kind, const char *at, const char *end)
{
    if (r->count == r->max)
        return error_set(r->err, ERROR_TOO_LARGE, "the message does not fit into working memory");
    r->nodes[r->count] = (struct json_node){
        .at = (uint32_t)(at - r->text.at),
        .len = (uint32_t)(end - at),
        .next = r->count + 1,
        .kind = kind,
    };
    r->count++;
    return true;
}

// --- Strings ---

static const char *read_escape(struct reader *r, const char *at)
{
    char c = r->end - at >= 2 ? at[1] : '\0';
    if (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) return at + 2;
    if (c != 'u')
        return refused(r, at, "an unknown escape in a string",
                       "The escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX.");

    int32_t unit = r->end - at >= 6 ? json_hex4(at + 2) : -1;
    if (unit < 0)
        return refused(r, at, "an escape \\u without four hexadecimal digits",
                       "Write \\u and exactly four digits of 0-9, a-f, A-F.");
    if (unit < 0xD800 || unit > 0xDFFF) return at + 6;

    bool pair = unit <= 0xDBFF && r->end - at >= 12 && at[6] == '\\' && at[7] == 'u';
    int32_t low = pair ? json_hex4(at + 8) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return refused(r, at, "half of a surrogate pair in a string",
                       "A character above U+FFFF is written by two escapes, or as itself.");
    return at + 12;
}

// A string that has something special in it, the first of it at `at`.
APART static const char *read_string_on(struct reader *r, const char *quote, const char *at)
{
    bool escaped = false;
    while (at < r->end && *at == '\\') {
        escaped = true;
        at = read_escape(r, at);
        if (at == NULL) return NULL;
        at = json_plain_end(at, r->end);
    }
    if (at == r->end)
        return refused(r, quote, "a string without its closing quote", "The message is cut short.");
    if (*at != '"')
        return refused(r, at, "a control character in a string",
                       "Write it as an escape: \\n, \\t or \\u and four digits.");
    if (!node_add(r, JSON_STRING, quote + 1, at)) return NULL;
    r->nodes[r->count - 1].escaped = escaped;
    return at + 1;
}

// From the opening quote to behind the closing one.
static inline const char *read_string(struct reader *r, const char *quote)
{
    assert(*quote == '"');
    const char *at = json_plain_end(quote + 1, r->end);
    if (at == r->end || *at != '"') return read_string_on(r, quote, at);
    return node_add(r, JSON_STRING, quote + 1, at) ? at + 1 : NULL;
}

// --- Numbers and words ---

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *behind_digits(const char *at, const char *end)
{
    while (at < end && is_digit(*at)) at++;
    return at;
}

static const char *read_number(struct reader *r, const char *start)
{
    const char *end = r->end;
    const char *at = start + (*start == '-');
    const char *whole = at;
    at = behind_digits(at, end);
    if (at == whole) return expected(r, at, "a digit behind the minus", NULL);
    if (*whole == '0' && at - whole > 1)
        return refused(r, whole, "a number with a leading zero",
                       "Write the number without it, or as a string.");
    if (at < end && *at == '.') {
        const char *part = ++at;
        at = behind_digits(at, end);
        if (at == part) return expected(r, at, "a digit behind the point", NULL);
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        const char *part = at;
        at = behind_digits(at, end);
        if (at == part) return expected(r, at, "a digit in the exponent", NULL);
    }
    return node_add(r, JSON_NUMBER, start, at) ? at : NULL;
}

static const char *read_word(struct reader *r, const char *at, struct span word,
                             enum json_kind kind)
{
    if ((size_t)(r->end - at) < word.len || memcmp(at, word.at, word.len) != 0)
        return no_value(r, at);
    return node_add(r, kind, at, at + word.len) ? at + word.len : NULL;
}

// --- Keys, each once in an object ---

COLD static const char *repeated(struct reader *r, uint32_t key)
{
    const struct json_node *node = &r->nodes[key];
    error_at(r->err, r->text, r->text.at + node->at - 1, "key '" SPAN_FMT "' stands here again",
             (int)(node->len < 100 ? node->len : 100), r->text.at + node->at);
    error_hint(r->err, "Each key stands once in an object.");
    return NULL;
}

// A quick mark of a key, for the filter.
static unsigned key_mark(const struct reader *r, const struct json_node *key)
{
    const char *at = r->text.at + key->at;
    uint64_t first = 0;
    if (r->end - at >= 8) {
        memcpy(&first, at, 8);
        if (key->len < 8) first &= (UINT64_C(1) << 8 * key->len) - 1;
    } else {
        memcpy(&first, at, key->len); // the message ends within 8 bytes
    }
    return (unsigned)((first + key->len) * UINT64_C(0x9E3779B97F4A7C15) >> 56);
}

// The key is the last node. Keys with escapes wait for the end of the object.
static bool key_is_new(struct reader *r, struct level *level)
{
    uint32_t key = r->count - 1;
    const struct json_node *node = &r->nodes[key];
    level->escaped_key |= node->escaped;
    if (level->count > KEYS_FEW) return true;

    unsigned mark = key_mark(r, node);
    uint64_t bit = UINT64_C(1) << (mark & 63), seen = level->seen[mark >> 6];
    level->seen[mark >> 6] = seen | bit;
    if ((seen & bit) == 0) return true;

    for (uint32_t k = level->node + 1; k < key; k = r->nodes[k + 1].next)
        if (r->nodes[k].len == node->len &&
            memcmp(r->text.at + r->nodes[k].at, r->text.at + node->at, node->len) == 0)
            return repeated(r, key) != NULL;
    return true;
}

// Compares the keys by sorting them: whatever they are, n log n.
APART static bool keys_differ_sorted(struct reader *r, uint32_t object, uint32_t *keys)
{
    struct json json = { r->text, r->nodes, r->count };
    uint32_t count = 0;
    for (uint32_t k = object + 1; k < r->count; k = r->nodes[k + 1].next) keys[count++] = k;
    json_keys_sort(&json, keys, count);
    for (uint32_t i = 1; i < count; i++)
        if (json_key_compare(&json, keys[i - 1], keys[i]) == 0)
            return repeated(r, keys[i] > keys[i - 1] ? keys[i] : keys[i - 1]) != NULL;
    return true;
}

// Compares the keys by a table in the free nodes; keys made to collide are sorted instead.
APART static bool keys_differ(struct reader *r, const struct level *level)
{
    size_t size = 4;
    while (size < 2 * (size_t)level->count) size *= 2;
    if ((r->max - r->count) * sizeof(struct json_node) < size * sizeof(uint32_t))
        return error_set(r->err, ERROR_TOO_LARGE, "the message does not fit into working memory");
    uint32_t *table = (uint32_t *)(void *)(r->nodes + r->count);
    if (level->escaped_key) return keys_differ_sorted(r, level->node, table);

    memset(table, 0, size * sizeof(*table));
    size_t steps_left = 16 * (size_t)level->count;
    for (uint32_t k = level->node + 1; k < r->count; k = r->nodes[k + 1].next) {
        struct span key = { r->text.at + r->nodes[k].at, r->nodes[k].len };
        size_t slot = key_of(key) & (size - 1);
        for (; table[slot] != 0; slot = (slot + 1) & (size - 1)) {
            const struct json_node *other = &r->nodes[table[slot]];
            if (span_equal(key, (struct span){ r->text.at + other->at, other->len }))
                return repeated(r, k) != NULL;
            if (steps_left-- == 0) return keys_differ_sorted(r, level->node, table);
        }
        table[slot] = k;
    }
    return true;
}

// --- Containers ---

// A key and its colon; returns where the value may begin.
static const char *read_key(struct reader *r, const char *at, struct level *level)
{
    at = json_behind_blanks(at, r->end);
    if (at == r->end || *at != '"')
        return expected(r, at, "a key",
                        at < r->end && (*at == '}' || *at == ',')
                            ? "A comma stands only between two members."
                            : "Keys stand in double quotes.");
    at = read_string(r, at);
    if (at == NULL) return NULL;
    level->count++;
    if (!key_is_new(r, level)) return NULL;
    at = json_behind_blanks(at, r->end);
    if (at == r->end || *at != ':') return expected(r, at, "':' behind the key", NULL);
    return at + 1;
}

static const char *container_end(struct reader *r, const char *at)
{
    assert(r->depth > 0);
    struct level *level = &r->levels[--r->depth];
    if (level->object && (level->count > KEYS_FEW || level->escaped_key) && !keys_differ(r, level))
        return NULL;
    struct json_node *node = &r->nodes[level->node];
    node->len = (uint32_t)(at - r->text.at) + 1 - node->at;
    node->next = r->count;
    node->count = level->count & 0xFFFFFF;
    return at + 1;
}

// `ended` says whether the container is empty, and so has ended already.
static const char *container_begin(struct reader *r, const char *at, bool *ended)
{
    if (r->depth == JSON_DEPTH_MAX) {
        char why[64];
        snprintf(why, sizeof(why), "more than %d levels of arrays and objects", JSON_DEPTH_MAX);
        return refused(r, at, why, "Nest less deeply.");
    }
    bool object = *at == '{';
    struct level *level = &r->levels[r->depth++];
    *level = (struct level){ .node = r->count, .object = object };
    if (!node_add(r, object ? JSON_OBJECT : JSON_ARRAY, at, at)) return NULL;

    at = json_behind_blanks(at + 1, r->end);
    if (at < r->end && *at == (object ? '}' : ']')) {
        *ended = true;
        return container_end(r, at);
    }
    if (object) return read_key(r, at, level);
    level->count = 1;
    return at;
}

// `ended` says whether the value has ended too: a container has only begun.
static const char *read_value(struct reader *r, const char *at, bool *ended)
{
    at = json_behind_blanks(at, r->end);
    if (at == r->end) return no_value(r, at);
    *ended = true;
    if (*at == '"') return read_string(r, at);
    switch (*at) {
    case '{':
    case '[':
        *ended = false;
        return container_begin(r, at, ended);
    case 't':
        return read_word(r, at, SPAN("true"), JSON_TRUE);
    case 'f':
        return read_word(r, at, SPAN("false"), JSON_FALSE);
    case 'n':
        return read_word(r, at, SPAN("null"), JSON_NULL);
    default:
        return *at == '-' || is_digit(*at) ? read_number(r, at) : no_value(r, at);
    }
}

// Behind a value within a container: a comma and perhaps a key, or the container's end.
static const char *read_on(struct reader *r, const char *at, bool *ended)
{
    struct level *level = &r->levels[r->depth - 1];
    at = json_behind_blanks(at, r->end);
    if (at < r->end && *at == ',') {
        *ended = false;
        if (level->object) return read_key(r, at + 1, level);
        level->count++;
        return at + 1;
    }
    if (at < r->end && *at == (level->object ? '}' : ']')) return container_end(r, at);
    return expected(r, at, level->object ? "',' or '}'" : "',' or ']'", NULL);
}

static bool read_all(struct reader *r)
{
    const char *at = r->text.at;
    do {
        bool ended = false;
        at = read_value(r, at, &ended);
        while (at != NULL && ended && r->depth > 0) at = read_on(r, at, &ended);
        if (at == NULL) return false;
    } while (r->depth > 0);

    at = json_behind_blanks(at, r->end);
    if (at < r->end) return expected(r, at, "nothing behind the value", NULL) != NULL;
    return true;
}

static bool check_text(struct span text, struct error *err)
{
    if (text.len > JSON_TEXT_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a message of %zu bytes, at most %d are read",
                         text.len, JSON_TEXT_MAX);
    size_t wrong;
    if (utf8_check(text, &wrong)) return true;
    unsigned char byte = (unsigned char)text.at[wrong];
    error_at(err, text, text.at + wrong, "byte 0x%02X at offset %zu is not UTF-8 here", byte,
             wrong);
    return error_hint(err, wrong == 0 && byte >= 0xFE ? "This looks like UTF-16; send UTF-8."
                                                      : "Send the message as UTF-8.");
}

bool json_read(struct span text, struct arena *arena, struct json *json, struct error *err)
{
    if (!check_text(text, err)) return false;

    // A value takes at least two bytes with its comma or its brackets, but for those brackets that
    // have not closed yet; a key and its value take five. What is left over is given back, and an
    // arena that has less may do all the same.
    size_t mark = arena->used, size = sizeof(struct json_node);
    size_t most = text.len / 2 + 2 + JSON_DEPTH_MAX;
    size_t left = (arena->size - mark) / size;
    if (most + 4 > left) most = left > 4 ? left - 4 : 0; // 4 for the arena's alignment and gaps
    struct json_node *nodes = arena_take_raw(arena, most, size);
    if (nodes == NULL)
        return error_set(err, ERROR_TOO_LARGE, "the message does not fit into working memory");

    struct reader r;
    r.text = text;
    r.end = text.at + text.len;
    r.nodes = nodes;
    r.count = 0;
    r.max = (uint32_t)most;
    r.depth = 0;
    r.err = err;
    if (!read_all(&r)) {
        arena_reset(arena, mark);
        return false;
    }
    arena_reset(arena, (size_t)((char *)(nodes + r.count) - arena->start));
    *json = (struct json){ text, nodes, r.count };
    return true;
}
