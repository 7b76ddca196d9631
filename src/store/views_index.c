#include "store/views_index.h"

#include <assert.h>
#include <stdlib.h>

#include "store/views_memory.h"

enum { AHEAD = 16 }; // keys whose heads are fetched from memory while others are added

bool index_open(struct index *index, uint32_t count_max, struct error *err)
{
    assert(count_max > 0);
    assert(count_max < UINT32_MAX / 2);
    uint32_t heads_count = 1;
    while (heads_count < count_max / 2) heads_count *= 2;

    *index = (struct index){ .count_max = count_max, .heads_mask = heads_count - 1 };
    index->keys = malloc((size_t)count_max * sizeof(*index->keys));
    index->values = malloc((size_t)count_max * sizeof(*index->values));
    index->next = malloc((size_t)count_max * sizeof(*index->next));
    index->heads = calloc(heads_count, sizeof(*index->heads));
    if (index->keys != NULL && index->values != NULL && index->next != NULL &&
        index->heads != NULL)
        return true;
    index_close(index);
    return error_set(err, ERROR_UNAVAILABLE, "no memory for an index of the views");
}

void index_close(struct index *index)
{
    free(index->keys);
    free(index->values);
    free(index->next);
    free(index->heads);
    *index = (struct index){ 0 };
}

// Keys are well mixed already, but whoever makes a reference key may not have known.
static uint32_t head_of(const struct index *index, uint64_t key)
{
    key ^= key >> 32;
    return (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & index->heads_mask;
}

void index_add(struct index *index, uint64_t key, uint32_t value)
{
    assert(index->count < index->count_max);
    uint32_t place = index->count++;
    uint32_t head = head_of(index, key);
    index->keys[place] = key;
    index->values[place] = value;
    index->next[place] = index->heads[head];
    index->heads[head] = place + 1;
}

void index_expect(struct index *index, uint32_t count)
{
    assert(count <= index->count_max);
    memory_ready(index->keys, count * sizeof(*index->keys));
    memory_ready(index->values, count * sizeof(*index->values));
    memory_ready(index->next, count * sizeof(*index->next));
    memory_ready(index->heads, (index->heads_mask + (size_t)1) * sizeof(*index->heads));
}

void index_take(struct index *index, uint32_t count)
{
    assert(count <= index->count_max - index->count);
    uint32_t begin = index->count, end = begin + count;
    for (uint32_t place = begin; place < end; place++) {
        if (place + AHEAD < end)
            __builtin_prefetch(&index->heads[head_of(index, index->keys[place + AHEAD])], 1);
        index_add(index, index->keys[place], index->values[place]);
    }
}

uint32_t index_find(const struct index *index, uint64_t key, uint32_t skipped, uint32_t *values,
                    uint32_t values_max)
{
    if (index->count == 0) return 0;
    assert(index->heads != NULL);
    uint32_t found = 0;
    uint32_t at = index->heads[head_of(index, key)];
    while (at != 0 && found < values_max) {
        assert(at <= index->count);
        if (index->keys[at - 1] == key) {
            if (skipped > 0) skipped--;
            else values[found++] = index->values[at - 1];
        }
        at = index->next[at - 1];
    }
    return found;
}
