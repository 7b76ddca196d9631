#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "store/views_inside.h"

enum { DIGITS = 16 };

_Static_assert(1 + CURSOR_NUMBERS_MAX * DIGITS < VIEWS_CURSOR_SIZE, "a cursor has room");

void cursor_write(char *into, char kind, const uint64_t *numbers, uint32_t count)
{
    assert(count > 0);
    assert(count <= CURSOR_NUMBERS_MAX);
    *into++ = kind;
    for (uint32_t i = 0; i < count; i++, into += DIGITS)
        snprintf(into, DIGITS + 1, "%016" PRIx64, numbers[i]);
}

bool cursor_read(struct span cursor, char kind, uint64_t *numbers, uint32_t count,
                 struct error *err)
{
    bool fits = cursor.len == 1 + (size_t)count * DIGITS && cursor.at[0] == kind;
    for (uint32_t i = 0; fits && i < count; i++) {
        uint8_t bytes[DIGITS / 2];
        struct span digits = { cursor.at + 1 + (size_t)i * DIGITS, DIGITS };
        fits = hex_read(digits, bytes, sizeof(bytes));
        numbers[i] = 0;
        for (unsigned j = 0; fits && j < sizeof(bytes); j++)
            numbers[i] = numbers[i] << 8 | bytes[j];
    }
    if (fits) return true;
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no place to go on from",
              cursor.len < VIEWS_CURSOR_SIZE ? (int)cursor.len : VIEWS_CURSOR_SIZE, cursor.at);
    return error_hint(err, "Leave it out to begin at the first, or hand on what a page said.");
}
