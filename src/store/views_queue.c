#include <assert.h>
#include <stdlib.h>

#include "store/views_inside.h"

static int compare_places(const void *one, const void *other)
{
    const struct place *a = one, *b = other;
    if (a->worth != b->worth) return a->worth > b->worth ? -1 : 1;
    if (a->lodged_ms != b->lodged_ms) return a->lodged_ms < b->lodged_ms ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static int compare_numbers(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

// Is the row the newest of its file? The sheaves before this one are newer.
static bool is_newest(const struct tail *tail, uint32_t sheaf, const struct told *told)
{
    for (uint32_t i = 0; i < sheaf; i++)
        if (sheaf_find(tail->sheaves[i], told->row.file, told->key) != NULL) return false;
    return true;
}

static void take_sheaf(const struct tail *tail, uint32_t at, struct tail_queue *queue)
{
    const struct sheaf *sheaf = tail->sheaves[at];
    for (uint32_t i = 0; i < sheaf->count; i++) {
        const struct told *told = &sheaf->told[i];
        if (!told->row.waits && !told->waited) continue;
        queue->numbers[queue->numbers_count++] = told->number;
        if (!told->row.waits || !is_newest(tail, at, told)) continue;
        queue->places[queue->places_count++] = (struct place){
            .worth = told->row.worth.minor, .lodged_ms = told->row.lodged_ms,
            .number = told->number, .row = &told->row,
        };
    }
}

bool queue_of_tail(const struct tail *tail, uint32_t limit, struct arena *arena,
                   struct tail_queue *queue)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < tail->count; i++) count += tail->sheaves[i]->count;
    *queue = (struct tail_queue){
        .places = arena_take_raw(arena, count + 1, sizeof(*queue->places)),
        .numbers = arena_take_raw(arena, count + 1, sizeof(*queue->numbers)),
    };
    if (queue->places == NULL || queue->numbers == NULL) return false;
    for (uint32_t i = 0; i < tail->count; i++) take_sheaf(tail, i, queue);

    qsort(queue->numbers, queue->numbers_count, sizeof(*queue->numbers), compare_numbers);
    qsort(queue->places, queue->places_count, sizeof(*queue->places), compare_places);
    if (queue->places_count > limit) queue->places_count = limit;
    for (uint32_t i = 0; i < queue->places_count; i++) {
        struct view_row *copy = arena_take_raw(arena, 1, sizeof(*copy));
        if (copy == NULL || !row_copy(copy, queue->places[i].row, arena)) return false;
        queue->places[i].row = copy;
    }
    return true;
}

bool queue_next(struct reader *reader, const struct tail_queue *tail, struct place *place,
                struct error *err)
{
    *place = (struct place){ 0 };
    do {
        if (!reader_queue(reader, &place->number, &place->worth, &place->lodged_ms, err))
            return false;
    } while (place->number != 0 && bsearch(&place->number, tail->numbers, tail->numbers_count,
                                           sizeof(*tail->numbers), compare_numbers) != NULL);
    return true;
}

bool queue_merge(struct reader *reader, const struct tail_queue *tail, struct place first,
                 uint32_t limit, struct arena *arena, struct view_row *rows, uint32_t *count,
                 struct error *err)
{
    uint32_t next = 0;
    for (*count = 0; *count < limit; (*count)++) {
        bool is_told = next < tail->places_count &&
            (first.number == 0 || compare_places(&tail->places[next], &first) < 0);
        if (is_told) {
            rows[*count] = *tail->places[next++].row;
            continue;
        }
        if (first.number == 0)
            return error_set(err, ERROR_DAMAGED,
                             "the views do not add up: %u wait, and %u are found", limit, *count);
        struct view_row *row = &rows[*count];
        if (!reader_row(reader, first.number, arena, row, err)) return false;
        if (!row->waits || row->worth.minor != first.worth || row->lodged_ms != first.lodged_ms)
            return error_set(err, ERROR_DAMAGED, "the views do not add up: row %u of the queue",
                             first.number);
        if (!queue_next(reader, tail, &first, err)) return false;
    }
    return true;
}
