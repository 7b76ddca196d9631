#include "base/json_inside.h"

#include <assert.h>

// The letter of a short escape, or 0.
static char short_escape(char c)
{
    static const char bytes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *byte = memchr(bytes, c, sizeof(bytes) - 1);
    return byte == NULL ? 0 : letters[byte - bytes];
}

void json_escape_write(struct text *text, struct span s)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = s.at, *end = s.at + s.len;
    for (;;) {
        const char *special = json_plain_end(at, end);
        text_add(text, (struct span){ at, (size_t)(special - at) });
        if (special == end) return;

        char letter = short_escape(*special);
        char escape[6] = { '\\', 'u', '0', '0', digits[*special >> 4 & 15], digits[*special & 15] };
        if (letter != 0) escape[1] = letter;
        text_add(text, (struct span){ escape, letter == 0 ? 6 : 2 });
        at = special + 1;
    }
}

struct json_writer json_writer_in(struct arena *arena, size_t size)
{
    return (struct json_writer){ .text = text_in(arena, size) };
}

// The comma in front of whatever comes next, when something came before.
static void separate(struct json_writer *w)
{
    if (w->comma) text_add_char(&w->text, ',');
    w->comma = true;
}

static void open_with(struct json_writer *w, char mark)
{
    separate(w);
    text_add_char(&w->text, mark);
    w->comma = false;
}

static void close_with(struct json_writer *w, char mark)
{
    text_add_char(&w->text, mark);
    w->comma = true;
}

void json_open_object(struct json_writer *w)
{
    open_with(w, '{');
}

void json_close_object(struct json_writer *w)
{
    close_with(w, '}');
}

void json_open_array(struct json_writer *w)
{
    open_with(w, '[');
}

void json_close_array(struct json_writer *w)
{
    close_with(w, ']');
}

void json_key(struct json_writer *w, struct span key)
{
    assert(json_plain_end(key.at, key.at + key.len) == key.at + key.len);
    char *at = text_room(&w->text, key.len + 4);
    if (at == NULL) return;
    size_t len = 0;
    if (w->comma) at[len++] = ',';
    at[len++] = '"';
    if (key.len > 0) memcpy(at + len, key.at, key.len);
    len += key.len;
    at[len++] = '"';
    at[len++] = ':';
    text_grew(&w->text, len);
    w->comma = false;
}

void json_write_string(struct json_writer *w, struct span s)
{
    bool plain = json_plain_end(s.at, s.at + s.len) == s.at + s.len;
    char *at = plain ? text_room(&w->text, s.len + 3) : NULL;
    if (at == NULL) { // escapes, or the arena is full
        separate(w);
        text_add_char(&w->text, '"');
        json_escape_write(&w->text, s);
        text_add_char(&w->text, '"');
        return;
    }
    size_t len = 0;
    if (w->comma) at[len++] = ',';
    at[len++] = '"';
    if (s.len > 0) memcpy(at + len, s.at, s.len);
    len += s.len;
    at[len++] = '"';
    text_grew(&w->text, len);
    w->comma = true;
}

void json_write_i64(struct json_writer *w, int64_t value)
{
    separate(w);
    text_add_i64(&w->text, value);
}

void json_write_bool(struct json_writer *w, bool value)
{
    json_write_raw(w, value ? SPAN("true") : SPAN("false"));
}

void json_write_raw(struct json_writer *w, struct span value)
{
    assert(value.len > 0);
    separate(w);
    text_add(&w->text, value);
}

bool json_written(const struct json_writer *w, struct span *s, struct error *err)
{
    if (w->text.full)
        return error_set(err, ERROR_TOO_LARGE, "the JSON to write does not fit into %zu bytes",
                         w->text.arena->size);
    *s = text_span(&w->text);
    return true;
}
