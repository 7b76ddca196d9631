// json: a strict, one-pass JSON reader (RFC 8259) and a writer.
//
// Reading makes a flat row of nodes in an arena: no tree of pointers, no copies; strings and
// numbers stay spans of the message. Stricter than the RFC where it leaves a choice: UTF-8 only (no
// byte order mark, no lone surrogates, no overlong forms), no duplicate keys in one object however
// they are spelled, depth and size limits, nothing behind the value but blanks. \u0000 is a NUL
// byte in its string. Numbers are kept as text, of any length (see decimal.h).
//
// Errors carry line, column, what was found and what was expected; wrong UTF-8 names the byte.
#ifndef TW_BASE_JSON_H
#define TW_BASE_JSON_H

#include "base/text.h"

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

// A container's children follow it: an array's values; an object's keys and values in turn (a key
// is a JSON_STRING node). `next` is the index behind the node and all its children.
struct json_node {
    uint32_t at, len; // bytes of the message; of a string, what stands between the quotes
    uint32_t next;
    uint32_t count : 24; // values in an array, members of an object
    uint32_t kind : 7;
    uint32_t escaped : 1; // a string with backslashes in it
};

struct json {
    struct span text;
    const struct json_node *nodes; // nodes[0] is the value itself
    uint32_t count;
};

// `text` must outlive `json`. At most JSON_TEXT_MAX bytes, JSON_DEPTH_MAX levels (limits.h).
MUST_CHECK bool json_read(struct span text, struct arena *arena, struct json *json,
                          struct error *err);

// The raw bytes of a node (numbers, strings without quotes and still escaped).
static inline struct span json_raw(const struct json *json, uint32_t node)
{
    return (struct span){ json->text.at + json->nodes[node].at, json->nodes[node].len };
}

// A string's text, without escapes: a view into the message when it has none, else in the arena.
MUST_CHECK bool json_string(const struct json *json, uint32_t node, struct arena *arena,
                            struct span *s, struct error *err);

// The value of a member, or 0 (never a member's index) when the object has no such key.
uint32_t json_member(const struct json *json, uint32_t object, struct span key);

// An error that points at a node of the message.
bool json_error(const struct json *json, uint32_t node, struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// "array", "string", ... for messages.
const char *json_kind_name(enum json_kind kind);

// --- Writing. The caller gives structure; commas and escapes are put in here. ---

// Keys are written as given: for the canonical form (RFC 8785) give them in order of their UTF-16
// code units (for ASCII keys: byte order), and only integers below 2^53, strings, booleans.
struct json_writer {
    struct text text;
    bool comma;
};

struct json_writer json_writer_in(struct arena *arena, size_t size);
void json_open_object(struct json_writer *w);
void json_close_object(struct json_writer *w);
void json_open_array(struct json_writer *w);
void json_close_array(struct json_writer *w);
void json_key(struct json_writer *w, struct span key);        // a key that needs no escapes
void json_write_string(struct json_writer *w, struct span s); // UTF-8; escaped as RFC 8785 asks
void json_write_i64(struct json_writer *w, int64_t value);
void json_write_bool(struct json_writer *w, bool value);
void json_write_raw(struct json_writer *w, struct span value); // JSON that is already written
// What was written; false when the arena was full.
MUST_CHECK bool json_written(const struct json_writer *w, struct span *s, struct error *err);

// The canonical form (RFC 8785) of what was read: members sorted, blanks gone, escapes minimal.
// Integers up to 2^53 and decimals that a double gives back to the letter are kept; a number whose
// canonical form would change its digits is refused: ERROR_SYNTAX (write it as a string). It takes
// 4 bytes a node of the arena besides.
MUST_CHECK bool json_canonical(const struct json *json, struct arena *arena, struct span *canonical,
                               struct error *err);

#endif
