#include "gates/http/target.h"

#include "base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool not_taken(struct error *err, const char *why)
{
    error_set(err, ERROR_SYNTAX, "the path or query %s", why);
    return error_hint(err, "Write it as RFC 3986 says; other characters as %%XX of their UTF-8.");
}

// Decodes %XX and, in queries, '+'.
static bool decode(struct span raw, bool plus, struct arena *arena, struct span *decoded,
                   struct error *err)
{
    char *out = arena_take_raw(arena, raw.len + 1, 1);
    size_t len = 0;
    if (out == NULL) return error_set(err, ERROR_TOO_LARGE, "the path or query is too long");
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == '+' && plus) c = ' ';
        if (c == '%') {
            int high = i + 2 < raw.len ? hex_digit(raw.at[i + 1]) : -1;
            int low = i + 2 < raw.len ? hex_digit(raw.at[i + 2]) : -1;
            if (high < 0 || low < 0) return not_taken(err, "has a '%' without two hex digits");
            c = (char)(high * 16 + low);
            i += 2;
        }
        if ((unsigned char)c < 0x20 || c == 0x7f) return not_taken(err, "has control characters");
        out[len++] = c;
    }
    *decoded = (struct span){ out, len };
    return utf8_check(*decoded, NULL) || not_taken(err, "is not UTF-8");
}

static bool add_segment(struct target *target, struct span raw, struct arena *arena,
                        struct error *err)
{
    struct span decoded;
    if (target->count == HTTP_SEGMENTS_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the path has more than %d segments",
                         HTTP_SEGMENTS_MAX);
    if (raw.len == 0) return not_taken(err, "has an empty segment");
    if (!decode(raw, false, arena, &decoded, err)) return false;
    if (span_equal(decoded, SPAN(".")) || span_equal(decoded, SPAN("..")))
        return not_taken(err, "has a segment '.' or '..'");
    target->segments[target->count++] = decoded;
    return true;
}

bool target_read(struct span raw, struct arena *arena, struct target *target, struct error *err)
{
    *target = (struct target){ 0 };
    if (raw.len > HTTP_TARGET_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the path and query have more than %d bytes",
                         HTTP_TARGET_MAX);
    if (raw.len == 0 || raw.at[0] != '/') return not_taken(err, "does not begin with '/'");
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] <= ' ' || raw.at[i] > '~' || raw.at[i] == '#' || raw.at[i] == '\\')
            return not_taken(err, "has characters that must be written as %XX");
    struct span_pair cut = span_cut(raw, '?');
    target->path = cut.head;
    target->query = cut.tail;

    struct span left = { cut.head.at + 1, cut.head.len - 1 };
    while (left.len > 0) {
        struct span_pair segment = span_cut(left, '/');
        if (!add_segment(target, segment.head, arena, err)) return false;
        target->ends_in_slash = segment.found && segment.tail.len == 0;
        left = segment.tail;
    }
    return true;
}

static bool is_rest(struct span name)
{
    return name.len > 5 && name.at[0] == '{' && span_ends_with(name, SPAN("...}"));
}

bool target_fits(const struct target *target, const char *pattern,
                 struct span parameters[PARAMETERS_MAX])
{
    struct span left = span_of(pattern);
    const char *at = target->path.at + 1; // of the segment that is compared next
    const char *end = target->path.at + target->path.len;
    uint32_t segment = 0, taken = 0;
    left.at++, left.len--;
    while (left.len > 0) {
        struct span_pair cut = span_cut(left, '/');
        if (segment == target->count) return false;
        if (is_rest(cut.head)) {
            parameters[taken] = (struct span){ at, (size_t)(end - at) };
            return true;
        }
        if (cut.head.at[0] == '{') parameters[taken++] = target->segments[segment];
        else if (!span_equal(cut.head, target->segments[segment])) return false;
        while (at < end && *at != '/') at++;
        if (at < end) at++;
        segment++;
        left = cut.tail;
    }
    return segment == target->count && !target->ends_in_slash;
}

bool query_find(struct span query, struct span name, struct arena *arena, struct span *value,
                bool *found, struct error *err)
{
    *found = false;
    while (query.len > 0) {
        struct span_pair member = span_cut(query, '&');
        struct span_pair cut = span_cut(member.head, '=');
        struct span key = { 0 };
        if (!decode(cut.head, true, arena, &key, err)) return false;
        if (span_equal(key, name)) {
            *found = true;
            return decode(cut.tail, true, arena, value, err);
        }
        query = member.tail;
    }
    return true;
}

void percent_write(struct text *text, struct span s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '~' || (c == '.' && s.len > 2);
        if (plain) {
            text_add_char(text, (char)c);
            continue;
        }
        text_add_char(text, '%');
        text_add_char(text, digits[c >> 4]);
        text_add_char(text, digits[c & 15]);
    }
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

bool words_equal(struct span a, struct span b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i])) return false;
    return true;
}

bool header_has(struct span value, struct span word)
{
    while (value.len > 0) {
        struct span_pair member = span_cut(value, ',');
        struct span name = span_cut(span_cut(member.head, ';').head, '=').head;
        if (words_equal(span_trim(name), word)) return true;
        value = member.tail;
    }
    return false;
}

struct span media_type(struct span value)
{
    return span_trim(span_cut(value, ';').head);
}
