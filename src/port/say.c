#include "port/say.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

bool say(struct arena *arena, struct span *into, const char *format, ...)
{
    char buffer[128];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(buffer, sizeof(buffer), format, args);
    va_end(args);
    assert(len >= 0);
    assert((size_t)len < sizeof(buffer));
    return arena_copy(arena, (struct span){ buffer, (size_t)len }, into);
}
