#include <assert.h>
#include <stdio.h>
#include <strings.h>

#include "gates/files/cut.h"

// What the place that was looked at last is inside of.
enum markup { MARKUP_TEXT, MARKUP_TAG, MARKUP_COMMENT, MARKUP_CDATA, MARKUP_INSTRUCTION };

// What the tag that we are in does.
enum tag { TAG_OTHER, TAG_OPENS, TAG_CLOSES, TAG_BEGINS_MESSAGE, TAG_ENDS_MESSAGE };

enum message { MESSAGE_NONE, MESSAGE_META_DATA, MESSAGE_DECLARATION };

enum { NAME_MAX_LEN = 256, PROLOG_MAX = 1024 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t behind_blanks(struct span s, size_t from)
{
    while (from < s.len && is_blank(s.at[from])) from++;
    return from;
}

static struct span part(struct span s, size_t from)
{
    assert(from <= s.len);
    return (struct span){ s.at + from, s.len - from };
}

static const char *find(struct span s, struct span what)
{
    return s.len < what.len ? NULL : memmem(s.at, s.len, what.at, what.len);
}

// --- Encodings ---

struct span xml_declared_encoding(struct span text)
{
    if (!span_starts_with(text, SPAN("<?xml")) || text.len < 6 || !is_blank(text.at[5]))
        return SPAN("");
    if (text.len > PROLOG_MAX) text.len = PROLOG_MAX;
    const char *end = find(text, SPAN("?>"));
    struct span prolog = { text.at, end == NULL ? text.len : (size_t)(end - text.at) };
    const char *name = find(prolog, SPAN("encoding"));
    if (name == NULL) return SPAN("");
    size_t at = behind_blanks(prolog, (size_t)(name - prolog.at) + 8);
    if (at == prolog.len || prolog.at[at] != '=') return SPAN("");
    at = behind_blanks(prolog, at + 1);
    if (at == prolog.len || (prolog.at[at] != '"' && prolog.at[at] != '\'')) return SPAN("");
    return span_cut(part(prolog, at + 1), prolog.at[at]).head;
}

bool xml_encoding_is_taken(struct span encoding)
{
    static const struct span taken[] = { SPAN_INIT(""), SPAN_INIT("UTF-8"), SPAN_INIT("UTF8"),
                                         SPAN_INIT("US-ASCII"), SPAN_INIT("ASCII") };
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (encoding.len == taken[i].len &&
            strncasecmp(encoding.at, taken[i].at, encoding.len) == 0)
            return true;
    return false;
}

// --- Tags ---

// Also at bytes that no XML has: the short way and the long way must see the same name.
static bool ends_name(char c)
{
    return (unsigned char)c <= ' ' || c == '>' || c == '/' || c == '<' || c == '"' || c == '\'';
}

// The name of the element whose tag's name begins at `at`, without its prefix. Empty when it is
// longer than any that we know.
static struct span local_name(struct span s, size_t at)
{
    size_t end = at;
    while (end < s.len && !ends_name(s.at[end])) end++;
    if (end - at > NAME_MAX_LEN) return SPAN("");
    struct span name = { s.at + at, end - at };
    struct span_pair parts = span_cut(name, ':');
    return parts.found ? parts.tail : name;
}

static enum message message_of(struct span name)
{
    if (span_equal(name, SPAN("MetaData"))) return MESSAGE_META_DATA;
    return span_equal(name, SPAN("Declaration")) ? MESSAGE_DECLARATION : MESSAGE_NONE;
}

// Nothing behind here is looked at.
static struct cut give_up(struct cut cut, struct cutter *cutter)
{
    cutter->over = true;
    cut.of_file = true;
    return cut;
}

static struct cut go_into(struct cutter *cutter, enum markup markup, size_t seen)
{
    cutter->markup = (int)markup;
    cutter->seen = seen;
    cutter->quote = 0;
    cutter->empty_tag = false;
    return cut_more();
}

// A tag outside of messages.
static struct cut go_into_tag_between(struct cutter *cutter, struct span window, size_t at,
                                      bool closes)
{
    struct span name = local_name(window, at + (closes ? 2 : 1));
    if (closes && cutter->around == 0) {
        go_into(cutter, MARKUP_TAG, at + 1);
        cutter->tag = TAG_OTHER;
        return cut_broken(cutter, at, at + 1, "Look for a start tag that was lost.",
                          "an end tag '" SPAN_FMT "' without its start", SPAN_ARG(name));
    }
    if (cutter->root[0] == '\0')
        snprintf(cutter->root, sizeof(cutter->root), SPAN_FMT, SPAN_ARG(name));
    if (!closes && span_ends_with(name, SPAN("Response")))
        return give_up(cut_broken(cutter, at, at,
                                  "Declarations are taken, and not what customs "
                                  "answers to them.",
                                  "'" SPAN_FMT "' is not a declaration", SPAN_ARG(name)),
                       cutter);

    enum message message = closes ? MESSAGE_NONE : message_of(name);
    if (message != MESSAGE_NONE) {
        cutter->begun = cutter->found = true;
        cutter->begin = at;
        cutter->message = (int)message;
    }
    cutter->tag = message != MESSAGE_NONE ? TAG_BEGINS_MESSAGE : closes ? TAG_CLOSES : TAG_OPENS;
    return go_into(cutter, MARKUP_TAG, at + 1 + closes);
}

// A tag inside of one: messages are not inside each other, so where one starts the last one ends.
static struct cut go_into_tag_inside(struct cutter *cutter, struct span window, size_t at,
                                     bool closes)
{
    enum message message = message_of(local_name(window, at + (closes ? 2 : 1)));
    if (!closes && (message == MESSAGE_META_DATA || (int)message == cutter->message) &&
        message != MESSAGE_NONE)
        return cut_message(cutter, at, at);
    cutter->tag = closes && (int)message == cutter->message ? TAG_ENDS_MESSAGE : TAG_OTHER;
    return go_into(cutter, MARKUP_TAG, at + 1 + closes);
}

// --- What begins with '<' ---

static struct cut go_into_instruction(struct cutter *cutter, struct span window, size_t at)
{
    struct span encoding = xml_declared_encoding(part(window, at));
    if (!cutter->begun && !xml_encoding_is_taken(encoding))
        return give_up(cut_broken(cutter, at, at, "Save the file as UTF-8, and say so.",
                                  "encoding '" SPAN_FMT "'", SPAN_ARG(encoding)),
                       cutter);
    return go_into(cutter, MARKUP_INSTRUCTION, at + 2);
}

// Is enough of it there to tell what it is?
static bool can_be_told(struct span here)
{
    if (here.len >= PROLOG_MAX) return true;
    if (span_starts_with(here, SPAN("<?"))) return find(here, SPAN("?>")) != NULL;
    if (here.len >= 9 && here.at[1] == '!') return true; // "<!DOCTYPE", "<![CDATA["
    if (here.len >= 2 && here.at[1] == '!') return span_starts_with(here, SPAN("<!--"));
    for (size_t i = 1; i < here.len; i++)
        if (ends_name(here.at[i]) && (here.at[i] != '/' || i > 1)) return true;
    return here.len > NAME_MAX_LEN + 2;
}

static struct cut go_into_markup(struct cutter *cutter, struct span window, size_t at, bool ended)
{
    struct span here = part(window, at);
    cutter->seen = at;
    if (!ended && !can_be_told(here)) return cut_more();
    if (span_starts_with(here, SPAN("<!--"))) return go_into(cutter, MARKUP_COMMENT, at + 4);
    if (span_starts_with(here, SPAN("<![CDATA["))) return go_into(cutter, MARKUP_CDATA, at + 9);
    if (span_starts_with(here, SPAN("<?"))) return go_into_instruction(cutter, window, at);
    if (!cutter->begun && span_starts_with(here, SPAN("<!DOCTYPE")))
        return give_up(cut_broken(cutter, at, at,
                                  "Messages are taken without DOCTYPE and "
                                  "entities; leave it out.",
                                  "a document type declaration"),
                       cutter);
    if (span_starts_with(here, SPAN("<!"))) { // no XML: its reader, or nobody, takes it
        cutter->tag = TAG_OTHER;
        return go_into(cutter, MARKUP_TAG, at + 2);
    }
    bool closes = span_starts_with(here, SPAN("</"));
    return cutter->begun ? go_into_tag_inside(cutter, window, at, closes)
                         : go_into_tag_between(cutter, window, at, closes);
}

// --- Ends of markup ---

// Goes behind `end`; when it is not there yet, as far as it cannot begin.
static bool find_end(struct cutter *cutter, struct span window, struct span end)
{
    struct span left = part(window, cutter->seen);
    const char *found = find(left, end);
    if (found != NULL) {
        cutter->seen = (size_t)(found - window.at) + end.len;
        cutter->markup = MARKUP_TEXT;
        return true;
    }
    if (left.len >= end.len) cutter->seen = window.len - (end.len - 1);
    return false;
}

// Goes behind the tag's '>'. A '<' cannot stand in a tag, not even in quotes: it ends a broken one.
static bool find_tag_end(struct cutter *cutter, struct span window)
{
    for (size_t at = cutter->seen; at < window.len; at++) {
        char c = window.at[at];
        if (c == '<' || (c == '>' && cutter->quote == 0)) {
            cutter->seen = c == '<' ? at : at + 1;
            cutter->markup = MARKUP_TEXT;
            return true;
        }
        if (cutter->quote != 0) cutter->quote = c == cutter->quote ? 0 : cutter->quote;
        else if (c == '"' || c == '\'') cutter->quote = c;
        else cutter->empty_tag = c == '/';
    }
    cutter->seen = window.len;
    return false;
}

// Behind a tag: did a message end with it?
static struct cut after_tag(struct cutter *cutter)
{
    enum tag tag = (enum tag)cutter->tag;
    if (tag == TAG_OPENS && !cutter->empty_tag) cutter->around++;
    if (tag == TAG_CLOSES) cutter->around--;
    bool ends = tag == TAG_ENDS_MESSAGE || (tag == TAG_BEGINS_MESSAGE && cutter->empty_tag);
    return ends ? cut_message(cutter, cutter->seen, cutter->seen) : cut_more();
}

// --- The short way ---

// Goes behind the tag at `at` when there is nothing about it: it is whole, it has no quotes, and it
// is not that of a message.
static bool pass_plain_tag(struct span s, size_t at, size_t *behind)
{
    size_t i = at + 1, begin;
    if (i < s.len && s.at[i] == '/') i++;
    begin = i;
    if (i == s.len || s.at[i] == '!' || s.at[i] == '?') return false;
    for (bool prefixed = false; i < s.len && !ends_name(s.at[i]); i++) {
        if (s.at[i] != ':' || prefixed) continue;
        prefixed = true;
        begin = i + 1;
    }
    if (message_of((struct span){ s.at + begin, i - begin }) != MESSAGE_NONE) return false;
    for (; i < s.len && s.at[i] != '>'; i++)
        if (s.at[i] == '<' || s.at[i] == '"' || s.at[i] == '\'') return false;
    if (i == s.len) return false;
    *behind = i + 1;
    return true;
}

// Inside a message nearly everything is text and tags like that; the others take the long way.
static void pass_plain_tags(struct cutter *cutter, struct span window)
{
    while (cutter->seen < window.len) {
        struct span left = part(window, cutter->seen);
        const char *tag = memchr(left.at, '<', left.len);
        if (tag == NULL) return;
        cutter->seen = (size_t)(tag - window.at);
        if (!pass_plain_tag(window, cutter->seen, &cutter->seen)) return;
    }
}

// --- Text ---

static struct cut go_through_text(struct cutter *cutter, struct span window, bool ended)
{
    struct span left = part(window, cutter->seen);
    const char *tag = left.len == 0 ? NULL : memchr(left.at, '<', left.len);
    size_t begin = cutter->seen, end = tag == NULL ? window.len : (size_t)(tag - window.at);
    if (!cutter->begun && cutter->around == 0 && !cutter->junk) {
        begin = behind_blanks(window, begin);
        cutter->junk = begin < end;
        if (cutter->junk)
            return cut_broken(cutter, begin, end, "Between messages there is nothing but blanks.",
                              "text that belongs to no message");
    }
    cutter->seen = end;
    if (tag == NULL) return cut_more();
    cutter->junk = false;
    return go_into_markup(cutter, window, end, ended);
}

// --- The end ---

static struct cut at_the_end(struct cutter *cutter, struct span window)
{
    size_t end = window.len;
    bool inside = cutter->markup != MARKUP_TEXT;
    cutter->markup = MARKUP_TEXT;
    if (cutter->begun) return cut_message(cutter, end, end); // its reader says what is missing
    if (inside)
        return cut_broken(cutter, end, end, "The file was cut short; what stands before is read.",
                          "the file ends inside of a tag or a comment");
    if (cutter->around > 0) {
        cutter->around = 0;
        return cut_broken(cutter, end, end, "The file was cut short; what stands before is read.",
                          "the element '%s' around the messages has no end", cutter->root);
    }
    if (cutter->found) return cut_end();
    return give_up(cut_broken(cutter, end, end,
                              "Declarations are MetaData or Declaration elements.",
                              "there is no declaration in it: it is '%s'", cutter->root),
                   cutter);
}

// One step on; CUT_MORE with `seen` moved: a further one.
static struct cut step(struct cutter *cutter, struct span window, bool ended)
{
    switch ((enum markup)cutter->markup) {
    case MARKUP_TEXT:
        return go_through_text(cutter, window, ended);
    case MARKUP_COMMENT:
        (void)find_end(cutter, window, SPAN("-->"));
        break;
    case MARKUP_CDATA:
        (void)find_end(cutter, window, SPAN("]]>"));
        break;
    case MARKUP_INSTRUCTION:
        (void)find_end(cutter, window, SPAN("?>"));
        break;
    case MARKUP_TAG:
        if (find_tag_end(cutter, window)) return after_tag(cutter);
    }
    return cut_more();
}

struct cut cut_xml(struct cutter *cutter, struct span window, bool ended)
{
    while (!cutter->over) {
        if (cutter->begun && cutter->markup == MARKUP_TEXT) pass_plain_tags(cutter, window);
        size_t seen = cutter->seen;
        int markup = cutter->markup;
        struct cut cut = step(cutter, window, ended);
        if (cut.kind != CUT_MORE) return cut;
        if (cutter->seen != seen || cutter->markup != markup) continue;
        return ended ? at_the_end(cutter, window) : cut_more();
    }
    return cut_end();
}
