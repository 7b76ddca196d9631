#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

// A text cut by its buffer must not end in half a character.
static void fill(char *buffer, size_t size, const char *format, va_list args)
{
    int wanted = vsnprintf(buffer, size, format, args);
    if (wanted < 0) buffer[0] = '\0';
    if (wanted < (int)size) return;

    size_t end = size - 1;
    while (end > 0 && ((unsigned char)buffer[end - 1] & 0xC0) == 0x80) end--;
    if (end > 0 && (unsigned char)buffer[end - 1] >= 0xC0) end--;
    if (((unsigned char)buffer[size - 2] & 0x80) != 0) buffer[end] = '\0';
}

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    assert(kind != ERROR_NONE);
    if (err == NULL) return false;

    *err = (struct error){ .kind = kind };
    va_list args;
    va_start(args, format);
    fill(err->text, sizeof(err->text), format, args);
    va_end(args);
    return false;
}

bool error_at(struct error *err, struct span text, const char *at, const char *format, ...)
{
    assert(at >= text.at);
    assert(at <= text.at + text.len);
    if (err == NULL) return false;

    *err = (struct error){ .kind = ERROR_SYNTAX, .line = 1, .column = 1 };
    for (const char *p = text.at; p < at; p++) {
        err->column++;
        if (*p == '\n') err->line++, err->column = 1;
    }
    va_list args;
    va_start(args, format);
    fill(err->text, sizeof(err->text), format, args);
    va_end(args);
    return false;
}

bool error_hint(struct error *err, const char *format, ...)
{
    if (err == NULL) return false;
    assert(err->kind != ERROR_NONE);
    va_list args;
    va_start(args, format);
    fill(err->hint, sizeof(err->hint), format, args);
    va_end(args);
    return false;
}

bool error_field(struct error *err, const char *format, ...)
{
    if (err == NULL) return false;
    assert(err->kind != ERROR_NONE);
    va_list args;
    va_start(args, format);
    fill(err->field, sizeof(err->field), format, args);
    va_end(args);
    return false;
}

const char *error_kind_name(enum error_kind kind)
{
    static const char *const names[] = {
        [ERROR_NONE] = "none",           [ERROR_SYNTAX] = "syntax",
        [ERROR_TOO_LARGE] = "too-large", [ERROR_NOT_FOUND] = "not-found",
        [ERROR_CONFLICT] = "conflict",   [ERROR_UNAVAILABLE] = "unavailable",
        [ERROR_DAMAGED] = "damaged",
    };
    assert(kind <= ERROR_DAMAGED);
    return names[kind];
}
