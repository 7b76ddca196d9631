#include "base/arena.h"

#include <assert.h>
#include <errno.h>
#include <stdalign.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif

#ifdef WATCHED
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
static void hide(const void *at, size_t size) { __asan_poison_memory_region(at, size); }
static void show(const void *at, size_t size) { __asan_unpoison_memory_region(at, size); }

// The sanitizer's notes on a block that goes back: their whole pages are dropped, which is quick
// where most were never written.
static void forget(const char *at, size_t size)
{
    enum { PAGE = 4096 };
    size_t scale, offset;
    __asan_get_shadow_mapping(&scale, &offset);
    uintptr_t begin = ((uintptr_t)at >> scale) + offset;
    uintptr_t end = (((uintptr_t)at + size) >> scale) + offset;
    uintptr_t first = (begin + PAGE - 1) / PAGE * PAGE, last = end / PAGE * PAGE;
    if (first >= last || madvise((void *)first, last - first, MADV_DONTNEED) != 0) {
        show(at, size);
        return;
    }
    size_t head = (first - begin) << scale, tail = (last - begin) << scale;
    show(at, head);
    show(at + tail, size - tail);
}
#else
enum { GAP = 0 };
static void hide(const void *at, size_t size) { (void)at, (void)size; }
static void show(const void *at, size_t size) { (void)at, (void)size; }
static void forget(const char *at, size_t size) { (void)at, (void)size; }
#endif

// What lies behind the pieces taken is hidden as far as a runaway loop would come first.
static void hide_next(const struct arena *arena)
{
    enum { AHEAD = 4096 };
    size_t left = arena->size - arena->used;
    if (arena->own) hide(arena->start + arena->used, left < AHEAD ? left : AHEAD);
}

bool arena_open(struct arena *arena, size_t size, struct error *err)
{
    assert(size > 0);
    void *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (block == MAP_FAILED)
        return error_set(err, ERROR_UNAVAILABLE, "could not reserve %zu bytes of memory: %s", size,
                         strerror(errno));
    *arena = (struct arena){ block, size, 0, true };
    hide_next(arena);
    return true;
}

void arena_close(struct arena *arena)
{
    if (arena->start == NULL) return;
    forget(arena->start, arena->size);
    munmap(arena->start, arena->size);
    *arena = (struct arena){ 0 };
}

struct arena arena_over(void *memory, size_t size)
{
    assert(memory != NULL);
    assert((uintptr_t)memory % alignof(max_align_t) == 0);
    return (struct arena){ memory, size, 0, false };
}

void *arena_take_raw(struct arena *arena, size_t count, size_t size)
{
    assert(size > 0);
    assert(arena->used <= arena->size);

    size_t align = alignof(max_align_t);
    size_t begin = (arena->used + align - 1) / align * align + GAP;
    if (begin > arena->size) return NULL;
    if (count > (arena->size - begin) / size) return NULL; // no multiplication can overflow

    arena->used = begin + count * size;
    show(arena->start + begin, count * size);
    hide_next(arena);
    return arena->start + begin;
}

void *arena_take(struct arena *arena, size_t count, size_t size)
{
    void *memory = arena_take_raw(arena, count, size);
    return memory == NULL ? NULL : memset(memory, 0, count * size);
}

bool arena_need(struct arena *arena, size_t count, size_t size, void **memory, const char *what,
                struct error *err)
{
    void *taken = arena_take(arena, count, size);
    if (taken == NULL)
        return error_set(err, ERROR_TOO_LARGE, "%s does not fit into %zu bytes of working memory",
                         what, arena->size);
    *memory = taken;
    return true;
}

bool arena_grow(struct arena *arena, void *memory, size_t size, size_t wanted)
{
    char *at = memory;
    assert(at >= arena->start);
    assert(at + size <= arena->start + arena->used);
    assert(wanted >= size);

    if (at + size != arena->start + arena->used) return false;
    if (wanted - size > arena->size - arena->used) return false;
    arena->used += wanted - size;
    show(at + size, wanted - size);
    hide_next(arena);
    return true;
}

void arena_reset(struct arena *arena, size_t mark)
{
    assert(mark <= arena->used);
    if (arena->own) hide(arena->start + mark, arena->used - mark);
    arena->used = mark;
}

bool arena_copy(struct arena *arena, struct span s, struct span *copy)
{
    char *memory = arena_take_raw(arena, s.len + 1, 1);
    if (memory == NULL) return false;
    if (s.len > 0) memcpy(memory, s.at, s.len);
    memory[s.len] = '\0';
    *copy = (struct span){ memory, s.len };
    return true;
}
