#include <assert.h>

#include "gates/files/cut.h"

enum { BITS = 64 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// --- Between messages ---

// In the array around the messages: is there a comma where one must be, and none where none may be?
// False with an answer; true when a message begins at `at`.
static bool in_order(struct cutter *cutter, size_t at, char c, struct cut *cut)
{
    if (c == ']' && cutter->after_comma) {
        cutter->after_comma = false;
        *cut = cut_broken(cutter, at, at, "Take the comma in front of it out.",
                          "the array ends where a declaration is expected");
        return false;
    }
    if (c == ',') {
        *cut = cut_broken(cutter, at, at + 1, "Take it out.",
                          "a comma where a declaration is expected");
        return false;
    }
    if (!cutter->after_value) return true;
    cutter->after_value = false;
    *cut = cut_broken(cutter, at, at, "Put one in.", "a comma is expected before this declaration");
    return false;
}

static struct cut no_more(struct cutter *cutter, size_t at)
{
    if (!cutter->in_array) return cut_end();
    cutter->in_array = false;
    return cut_broken(cutter, at, at, "The file was cut short; what stands before is read.",
                      "the array of declarations has no end");
}

// Goes to where a message begins; an answer when none does.
static struct cut go_between(struct cutter *cutter, struct span window, bool ended)
{
    for (; cutter->seen < window.len; cutter->seen++) {
        char c = window.at[cutter->seen];
        if (is_blank(c)) continue;
        if (!cutter->in_array && c == '[') {
            cutter->in_array = true;
            cutter->after_value = cutter->after_comma = false;
        } else if (cutter->in_array && c == ']' && !cutter->after_comma) {
            cutter->in_array = false;
        } else if (cutter->in_array && c == ',' && cutter->after_value) {
            cutter->after_value = false;
            cutter->after_comma = true;
        } else {
            struct cut cut = cut_more();
            if (cutter->in_array && !in_order(cutter, cutter->seen, c, &cut)) return cut;
            cutter->begun = true;
            cutter->begin = cutter->seen;
            cutter->depth = cutter->deeper = 0;
            cutter->in_string = cutter->escaped = false;
            cutter->last = 0;
            return cut;
        }
    }
    return ended ? no_more(cutter, window.len) : cut_more();
}

// --- Inside one ---

static void open_bracket(struct cutter *cutter, char c)
{
    if (cutter->depth == BITS) {
        cutter->deeper++;
        return;
    }
    uint64_t bit = 1ULL << cutter->depth++;
    cutter->objects = c == '{' ? cutter->objects | bit : cutter->objects & ~bit;
}

// Closes the innermost bracket of that kind and all inside it; false when there is none.
static bool close_bracket(struct cutter *cutter, char c)
{
    if (cutter->deeper > 0) {
        cutter->deeper--;
        return true;
    }
    for (uint32_t depth = cutter->depth; depth > 0; depth--) {
        if ((cutter->objects >> (depth - 1) & 1) != (c == '}')) continue;
        cutter->depth = depth - 1;
        return true;
    }
    return false;
}

// Only a key can follow in an object: the one before was not closed.
static bool is_next_message(const struct cutter *cutter, char c)
{
    return c == '{' && cutter->depth == 1 && (cutter->objects & 1) == 1 && cutter->last != ':' &&
           cutter->last != '{';
}

// The end of the string that goes on at `at`, behind its quote; or of its line, where it has none.
static size_t string_end(struct cutter *cutter, struct span window, size_t at)
{
    cutter->in_string = true;
    for (; at < window.len; at++) {
        char c = window.at[at];
        if (cutter->escaped) cutter->escaped = false;
        else if (c == '\\') cutter->escaped = true;
        else if (c == '"' || c == '\n') {
            cutter->in_string = false;
            return at + 1;
        }
    }
    return window.len;
}

static struct cut value_ends(struct cutter *cutter, size_t end)
{
    cutter->after_value = true;
    cutter->after_comma = false;
    return cut_message(cutter, end, end);
}

// Does what stands at `at` end the message? Then `end` is where.
static bool ends_at(struct cutter *cutter, char c, size_t at, size_t *end)
{
    bool first = at == cutter->begin && cutter->last == 0;
    *end = at;
    switch (c) {
    case '{':
    case '[':
        if (is_next_message(cutter, c) || (cutter->depth == 0 && !first)) return true;
        open_bracket(cutter, c);
        return false;
    case '}':
    case ']':
        if (!close_bracket(cutter, c) && c == ']' && cutter->in_array) return true; // the array's
        *end = at + 1;
        return cutter->depth == 0;
    case ',':
        *end = first ? at + 1 : at;
        return cutter->depth == 0;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return cutter->depth == 0;
    default:
        return false;
    }
}

struct cut cut_json(struct cutter *cutter, struct span window, bool ended)
{
    if (!cutter->begun) {
        struct cut cut = go_between(cutter, window, ended);
        if (!cutter->begun) return cut;
    }
    for (size_t at = cutter->seen; at < window.len; at++) {
        char c = window.at[at];
        if (cutter->in_string || c == '"') {
            at = string_end(cutter, window, cutter->in_string ? at : at + 1) - 1;
            cutter->last = '"';
            if (!cutter->in_string && cutter->depth == 0) return value_ends(cutter, at + 1);
            continue;
        }
        size_t end;
        bool next_message = is_next_message(cutter, c);
        if (ends_at(cutter, c, at, &end)) {
            struct cut cut = value_ends(cutter, end);
            if (next_message) cutter->after_value = false;
            return cut;
        }
        if (!is_blank(c)) cutter->last = c;
    }
    cutter->seen = window.len;
    return ended ? value_ends(cutter, window.len) : cut_more();
}
