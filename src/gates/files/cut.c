#include "gates/files/cut.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void cutter_pass(struct cutter *cutter, size_t len)
{
    cutter->seen -= cutter->seen < len ? cutter->seen : len;
    cutter->begin -= cutter->begin < len ? cutter->begin : len;
    cutter->doubt -= cutter->doubt < len ? cutter->doubt : len;
}

struct cut cut_more(void)
{
    return (struct cut){ .kind = CUT_MORE };
}

struct cut cut_end(void)
{
    return (struct cut){ .kind = CUT_END };
}

struct cut cut_message(struct cutter *cutter, size_t end, size_t next)
{
    assert(cutter->begun);
    assert(cutter->begin <= end);
    assert(next >= cutter->begin);
    cutter->begun = false;
    cutter->seen = next;
    return (struct cut){ .kind = CUT_MESSAGE, .begin = cutter->begin, .end = end, .next = next };
}

struct cut cut_broken(struct cutter *cutter, size_t begin, size_t end, const char *hint,
                      const char *format, ...)
{
    assert(!cutter->begun);
    char text[sizeof(cutter->err.text)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    error_set(&cutter->err, ERROR_SYNTAX, "%s", text);
    cutter->err.line = cutter->err.column = 1; // it begins right there
    error_hint(&cutter->err, "%s", hint);
    cutter->seen = end;
    return (struct cut){ .kind = CUT_BROKEN, .begin = begin, .end = end, .next = end };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct cut cut_line(struct cutter *cutter, struct span window, bool ended)
{
    while (!cutter->begun && cutter->seen < window.len) {
        cutter->begin = cutter->seen;
        if (is_blank(window.at[cutter->seen])) cutter->seen++;
        else cutter->begun = true;
    }
    if (!cutter->begun) return ended ? cut_end() : cut_more();
    const char *end = cutter->seen == window.len
                          ? NULL
                          : memchr(window.at + cutter->seen, '\n', window.len - cutter->seen);
    if (end != NULL) {
        size_t len = (size_t)(end - window.at);
        return cut_message(cutter, len, len + 1);
    }
    cutter->seen = window.len;
    return ended ? cut_message(cutter, window.len, window.len) : cut_more();
}
