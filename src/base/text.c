#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum { U64_DIGITS_MAX = 20 };

// Makes `size` bytes of room in all; what was written moves only when the arena's last piece is
// not ours.
static bool text_resize(struct text *text, size_t size)
{
    assert(size > text->len);
    if (text->at != NULL && arena_grow(text->arena, text->at, text->size, size)) {
        text->size = size;
        return true;
    }
    char *at = arena_take_raw(text->arena, size, 1);
    if (at == NULL) return false;
    if (text->at != NULL) memcpy(at, text->at, text->len);
    text->at = at;
    text->size = size;
    return true;
}

struct text text_in(struct arena *arena, size_t size)
{
    assert(arena != NULL);
    struct text text = { .arena = arena };
    text.full = size >= SIZE_MAX / 4 || !text_resize(&text, size + 1); // one for the NUL
    return text;
}

char *text_room(struct text *text, size_t len)
{
    if (text->full) return NULL;
    assert(text->len < text->size); // the NUL always fits
    if (len < text->size - text->len) return text->at + text->len;

    if (len >= SIZE_MAX / 4) {
        text->full = true;
        return NULL;
    }
    size_t wanted = text->len + len + 1;
    size_t doubled = 2 * text->size > wanted ? 2 * text->size : wanted;
    if (!text_resize(text, doubled) && !text_resize(text, wanted)) {
        text->full = true;
        return NULL;
    }
    return text->at + text->len;
}

void text_add(struct text *text, struct span s)
{
    char *room = text_room(text, s.len);
    if (room == NULL || s.len == 0) return;
    memcpy(room, s.at, s.len);
    text_grew(text, s.len);
}

void text_add_char(struct text *text, char c)
{
    char *room = text_room(text, 1);
    if (room == NULL) return;
    room[0] = c;
    text_grew(text, 1);
}

static size_t u64_digits(uint64_t value)
{
    size_t digits = 1;
    for (; value >= 10000; value /= 10000) digits += 4;
    return digits + (value >= 10) + (value >= 100) + (value >= 1000);
}

void text_add_u64(struct text *text, uint64_t value)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
    size_t digits = u64_digits(value);
    assert(digits <= U64_DIGITS_MAX);
    char *room = text_room(text, digits);
    if (room == NULL) return;

    char *end = room + digits;
    for (; value >= 100; value /= 100) {
        end -= 2;
        memcpy(end, pairs + 2 * (value % 100), 2);
    }
    if (value >= 10) memcpy(end - 2, pairs + 2 * value, 2);
    else end[-1] = (char)('0' + value);
    text_grew(text, digits);
}

void text_add_i64(struct text *text, int64_t value)
{
    if (value < 0) text_add_char(text, '-');
    text_add_u64(text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void text_add_format(struct text *text, const char *format, ...)
{
    if (text->full) return;
    assert(text->len < text->size);

    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int wanted = vsnprintf(text->at + text->len, text->size - text->len, format, args);
    assert(wanted >= 0); // our own formats
    if ((size_t)wanted >= text->size - text->len) {
        char *room = text_room(text, (size_t)wanted);
        if (room != NULL) vsnprintf(room, (size_t)wanted + 1, format, again);
    }
    if (!text->full) text_grew(text, (size_t)wanted);
    va_end(again);
    va_end(args);
}

struct span text_span(const struct text *text)
{
    if (text->at == NULL) return SPAN("");
    assert(text->len < text->size);
    text->at[text->len] = '\0';
    return (struct span){ text->at, text->len };
}
