// say: a formatted text in an arena.
#ifndef TW_PORT_SAY_H
#define TW_PORT_SAY_H

#include "base/arena.h"

// At most 127 bytes (asserted); false when the arena is full.
MUST_CHECK bool say(struct arena *arena, struct span *into, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
