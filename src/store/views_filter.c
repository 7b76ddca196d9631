#include "store/views_filter.h"

#include <assert.h>
#include <stdlib.h>

#include "store/views_memory.h"

enum { LINE_WORDS = FILTER_LINE_SIZE / sizeof(uint64_t), BITS_SET = 7 };

_Static_assert(LINE_WORDS == 8, "nine bits choose one of a line's 512");

// Stirs a key so that its line and its bits do not depend on each other (Steele's splitmix64).
static uint64_t stir(uint64_t key)
{
    key = (key ^ (key >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    key = (key ^ (key >> 27)) * UINT64_C(0x94d049bb133111eb);
    return key ^ (key >> 31);
}

static uint64_t *line_of(const struct filter *filter, uint64_t key)
{
    assert(filter->lines != NULL);
    assert(filter->lines_count > 0);
    uint64_t line = ((key >> 32) * filter->lines_count) >> 32;
    return filter->lines + line * LINE_WORDS;
}

static bool make_lines(struct filter *filter, uint64_t lines_count, struct error *err)
{
    assert(lines_count > 0);
    assert(lines_count <= UINT32_MAX);
    *filter = (struct filter){ .lines_count = (uint32_t)lines_count };
    size_t size = (size_t)lines_count * FILTER_LINE_SIZE;
    filter->lines = aligned_alloc(FILTER_LINE_SIZE, size);
    if (filter->lines == NULL)
        return error_set(err, ERROR_UNAVAILABLE, "no memory for a filter of the views");
    memory_ready(filter->lines, size);
    return true;
}

bool filter_open(struct filter *filter, uint32_t keys_count, struct error *err)
{
    uint64_t bits = (uint64_t)keys_count * FILTER_KEY_BITS;
    if (!make_lines(filter, bits / 8 / FILTER_LINE_SIZE + 1, err)) return false;
    memset(filter->lines, 0, (size_t)filter->lines_count * FILTER_LINE_SIZE);
    return true;
}

bool filter_room(struct filter *filter, size_t size, struct error *err)
{
    if (size == 0 || size % FILTER_LINE_SIZE != 0 || size / FILTER_LINE_SIZE > UINT32_MAX)
        return error_set(err, ERROR_DAMAGED, "a filter of the views has %zu bytes", size);
    return make_lines(filter, size / FILTER_LINE_SIZE, err);
}

void filter_close(struct filter *filter)
{
    free(filter->lines);
    *filter = (struct filter){ 0 };
}

void filter_add(struct filter *filter, uint64_t key)
{
    key = stir(key);
    uint64_t *line = line_of(filter, key);
    uint64_t bits = stir(key);
    for (unsigned i = 0; i < BITS_SET; i++, bits >>= 9)
        line[(bits >> 6) & 7] |= UINT64_C(1) << (bits & 63);
}

bool filter_may_hold(const struct filter *filter, uint64_t key)
{
    key = stir(key);
    const uint64_t *line = line_of(filter, key);
    uint64_t bits = stir(key);
    for (unsigned i = 0; i < BITS_SET; i++, bits >>= 9)
        if ((line[(bits >> 6) & 7] >> (bits & 63) & 1) == 0) return false;
    return true;
}

struct span filter_bytes(const struct filter *filter)
{
    assert(filter->lines != NULL);
    size_t size = (size_t)filter->lines_count * FILTER_LINE_SIZE;
    return (struct span){ (const char *)filter->lines, size };
}
