// text: a growing piece of text in an arena.
//
// Appends never fail one by one: when the arena is full the text turns `full` and stays so, and the
// writer asks once at the end. The bytes are good until the arena is reset below them.
#ifndef TW_BASE_TEXT_H
#define TW_BASE_TEXT_H

#include "base/arena.h"

struct text {
    struct arena *arena;
    char *at;
    size_t len, size;
    bool full;
};

// An empty text with room for `size` bytes at first; it doubles when needed.
struct text text_in(struct arena *arena, size_t size);

void text_add(struct text *text, struct span s);
void text_add_char(struct text *text, char c);
void text_add_u64(struct text *text, uint64_t value);
void text_add_i64(struct text *text, int64_t value);
void text_add_format(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// What was written so far; ends in a NUL that is not counted.
struct span text_span(const struct text *text);

// Makes room for `len` more bytes and returns where they go, NULL when full; text_grew counts them.
char *text_room(struct text *text, size_t len);
static inline void text_grew(struct text *text, size_t len) { text->len += len; }

#endif
