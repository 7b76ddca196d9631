#include "gates/files/cut.h"

#include <assert.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t blanks(struct span s, size_t from)
{
    while (from < s.len && is_blank(s.at[from])) from++;
    return from;
}

static struct cut message(size_t begin, size_t end)
{
    assert(begin < end);
    return (struct cut){ .kind = CUT_MESSAGE, .begin = begin, .end = end };
}

static struct cut no_message(enum cut_kind kind)
{
    return (struct cut){ .kind = kind };
}

static struct cut broken(size_t at, const char *text, const char *hint)
{
    struct cut cut = { .kind = CUT_BROKEN, .begin = at, .end = at };
    error_set(&cut.err, ERROR_SYNTAX, "%s", text);
    cut.err.line = cut.err.column = 1; // the message begins here
    error_hint(&cut.err, "%s", hint);
    return cut;
}

// --- Lines ---

struct cut cut_line(struct span window, bool ended)
{
    size_t begin = blanks(window, 0);
    if (begin == window.len) return no_message(ended ? CUT_END : CUT_MORE);
    const char *end = memchr(window.at + begin, '\n', window.len - begin);
    if (end != NULL) return message(begin, (size_t)(end - window.at));
    return ended ? message(begin, window.len) : no_message(CUT_MORE);
}

// --- JSON ---

static size_t string_end(struct span s, size_t from)
{
    for (size_t i = from + 1; i < s.len; i++) {
        if (s.at[i] == '\\') i++;
        else if (s.at[i] == '"') return i + 1;
    }
    return 0;
}

size_t cut_json_value(struct span text)
{
    size_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"') {
            i = string_end(text, i);
            if (i == 0) return 0;
            i--;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth <= 1) return i + 1;
            depth--;
        }
        if (depth == 0 && (c == ',' || is_blank(c))) return i;
    }
    return 0;
}

struct cut cut_json(struct cutter *cutter, struct span window, bool ended)
{
    size_t at = blanks(window, 0);
    if (at < window.len && !cutter->in_array && !cutter->after_value && window.at[at] == '[') {
        cutter->in_array = true;
        at = blanks(window, at + 1);
    }
    if (cutter->in_array && cutter->after_value && at < window.len && window.at[at] == ',')
        at = blanks(window, at + 1);
    if (at == window.len) {
        if (!ended) return no_message(CUT_MORE);
        return cutter->in_array ? broken(at, "the array of declarations has no end",
                                         "The file was cut short; what stands before is read.")
                                : no_message(CUT_END);
    }
    if (cutter->in_array && window.at[at] == ']') {
        cutter->in_array = false;
        cutter->after_value = true;
        at = blanks(window, at + 1);
        if (at == window.len) return no_message(ended ? CUT_END : CUT_MORE);
    }
    size_t len = cut_json_value((struct span){ window.at + at, window.len - at });
    if (len == 0 && !ended) {
        cutter->in_array = cutter->in_array && cutter->after_value; // look at the '[' again
        return no_message(CUT_MORE);
    }
    cutter->after_value = true;
    if (len == 0) len = window.len - at; // its reader says what is missing
    return message(at, at + len);
}

// --- XML ---

// The name of the element whose tag begins at `at` (behind '<' or '</'), without its prefix.
static struct span local_name(struct span s, size_t at)
{
    size_t end = at;
    while (end < s.len && !is_blank(s.at[end]) && s.at[end] != '>' && s.at[end] != '/') end++;
    struct span name = { s.at + at, end - at };
    struct span_pair parts = span_cut(name, ':');
    return parts.found ? parts.tail : name;
}

static bool is_message(struct span name)
{
    return span_equal(name, SPAN("MetaData")) || span_equal(name, SPAN("Declaration"));
}

static size_t find(struct span s, size_t from, struct span what)
{
    const char *at = from > s.len ? NULL : memmem(s.at + from, s.len - from, what.at, what.len);
    return at == NULL ? 0 : (size_t)(at - s.at) + what.len;
}

// Behind the markup that begins at `at` ('<'); 0 when it has no end yet. Quotes in tags are respected.
static size_t markup_end(struct span s, size_t at)
{
    struct span here = { s.at + at, s.len - at };
    if (span_starts_with(here, SPAN("<!--"))) return find(s, at + 4, SPAN("-->"));
    if (span_starts_with(here, SPAN("<![CDATA["))) return find(s, at + 9, SPAN("]]>"));
    if (span_starts_with(here, SPAN("<?"))) return find(s, at + 2, SPAN("?>"));
    if (here.len < 9 && span_starts_with(SPAN("<![CDATA["), here)) return 0;
    for (size_t i = at + 1; i < s.len; i++) {
        if (s.at[i] == '>') return i + 1;
        if (s.at[i] != '"' && s.at[i] != '\'') continue;
        const char *quote = memchr(s.at + i + 1, s.at[i], s.len - i - 1);
        if (quote == NULL) return 0;
        i = (size_t)(quote - s.at);
    }
    return 0;
}

// The end of the element `name` whose start tag stands before `from`; 0 when it is not there yet.
static size_t element_end(struct span s, size_t from, struct span name)
{
    size_t depth = 1;
    while (from < s.len) {
        const char *tag = memchr(s.at + from, '<', s.len - from);
        if (tag == NULL) return 0;
        size_t at = (size_t)(tag - s.at), end = markup_end(s, at);
        if (end == 0) return 0;
        bool closes = s.at[at + 1] == '/';
        if (s.at[at + 1] != '!' && s.at[at + 1] != '?' && s.at[end - 2] != '/' &&
            span_equal(local_name(s, at + (closes ? 2 : 1)), name))
            depth = closes ? depth - 1 : depth + 1;
        if (depth == 0) return end;
        from = end;
    }
    return 0;
}

// What no message was found in: a message of another kind, or not XML at all. Its reader says which.
static struct cut xml_rest(const struct cutter *cutter, struct span window, bool ended)
{
    if (!ended) return no_message(CUT_MORE);
    size_t begin = blanks(window, 0);
    return cutter->found || begin == window.len ? no_message(CUT_END) : message(begin, window.len);
}

struct cut cut_xml(struct cutter *cutter, struct span window, bool ended)
{
    for (size_t from = 0; from < window.len;) {
        const char *tag = memchr(window.at + from, '<', window.len - from);
        if (tag == NULL) break;
        size_t at = (size_t)(tag - window.at), end = markup_end(window, at);
        if (end == 0) break;
        char next = window.at[at + 1];
        if (next == '!' && window.at[at + 2] != '-')
            return broken(at, "a document type declaration",
                          "Messages are taken without DOCTYPE and entities; leave it out.");
        struct span name = local_name(window, at + 1);
        from = end;
        if (next == '/' || next == '?' || next == '!' || !is_message(name)) continue;

        end = window.at[end - 2] == '/' ? end : element_end(window, end, name);
        if (end == 0 && !ended) return no_message(CUT_MORE);
        cutter->found = true;
        return message(at, end == 0 ? window.len : end);
    }
    return xml_rest(cutter, window, ended);
}
