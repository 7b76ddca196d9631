// arena: memory with a lifespan, carved from one block and given back all at once.
//
// Three lifespans: the process, a request (one arena per batch or message, reset at the end), and
// scratch (an arena passed by value: what the callee takes vanishes when it returns).
// A full arena is not a fault: its size is the limit of what may be asked (ERROR_TOO_LARGE).
// Memory is reserved at once and touched only when taken. Under AddressSanitizer the 4 KB behind
// what is taken are poisoned, and each piece has a poisoned gap behind it; after a reset old pieces
// are.
#ifndef TW_BASE_ARENA_H
#define TW_BASE_ARENA_H

#include "base/error.h"
#include "base/span.h"

struct arena {
    char *start;
    size_t size, used;
    bool own;               // memory of arena_open
};

// Reserves `size` bytes of address space. Free with arena_close.
MUST_CHECK bool arena_open(struct arena *arena, size_t size, struct error *err);
void arena_close(struct arena *arena); // also takes a zeroed arena

// An arena over memory of the caller's own, aligned for any type. It is never poisoned: on a stack
// the poison would outlive the function.
struct arena arena_over(void *memory, size_t size);

// `count` things of `size` bytes, zeroed, aligned for any type. NULL when they do not fit.
void *arena_take(struct arena *arena, size_t count, size_t size) MUST_CHECK;

// The same, not zeroed: for buffers that are overwritten at once.
void *arena_take_raw(struct arena *arena, size_t count, size_t size) MUST_CHECK;

// The same, but a full arena is reported: `what` was too large.
MUST_CHECK bool arena_need(struct arena *arena, size_t count, size_t size, void **memory,
                           const char *what, struct error *err);

// Makes the piece taken last larger where it stands, from `size` to `wanted` bytes, not zeroed.
// False when another piece was taken since, or when it does not fit.
MUST_CHECK bool arena_grow(struct arena *arena, void *memory, size_t size, size_t wanted);

// Everything taken since `used` was `mark` is gone. arena_reset(a, 0) empties it.
void arena_reset(struct arena *arena, size_t mark);

// A copy of `s` in the arena; false when it does not fit.
MUST_CHECK bool arena_copy(struct arena *arena, struct span s, struct span *copy);

#endif
