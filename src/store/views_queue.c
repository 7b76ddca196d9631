#include <assert.h>
#include <stdlib.h>

#include "store/views_state.h"

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

static void take_sheaf(const struct tail *tail, uint32_t at, struct tail_queue *queue)
{
    const struct sheaf *sheaf = tail->sheaves[at];
    for (uint32_t i = 0; i < sheaf->count; i++) {
        const struct told *told = &sheaf->told[i];
        if (!told->row.waits && !told->waited) continue;
        queue->numbers[queue->numbers_count++] = told->number;
        if (!told->row.waits || !tail_is_newest(tail, at, told)) continue;
        queue->places[queue->places_count++] = (struct place){
            .worth = told->row.worth.minor, .lodged_ms = told->row.lodged_ms,
            .number = told->number, .row = &told->row,
        };
    }
}

// The best `limit` of the tail, copied into the arena; false when that is full.
static bool queue_of_tail(const struct tail *tail, uint32_t limit, struct arena *arena,
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

// The next of the file's queue that the tail does not know better; its number is 0 behind the last.
static bool queue_next(struct reader *reader, const struct tail_queue *tail, struct place *place,
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

// The best `limit` of both; `first` is the first of the file's.
static bool queue_merge(struct reader *reader, const struct tail_queue *tail, struct place first,
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

static bool read_queue(struct views *views, struct reader *reader, uint32_t limit,
                       struct arena *arena, struct view_row **rows, uint32_t *count,
                       uint64_t *waiting, struct error *err)
{
    // The first step fixes the moment of the file that is read: under the lock, it is the tail's.
    struct tail tail;
    struct tail_queue queue;
    struct place first = { 0 };
    pthread_mutex_lock(&views->lock);
    *waiting = views->totals.waiting;
    views_tail(views, &tail);
    for (uint32_t i = 0; i < tail.count; i++) *waiting += (uint64_t)tail.sheaves[i]->waiting;
    bool fits = queue_of_tail(&tail, limit, arena, &queue);
    bool done = fits && queue_next(reader, &queue, &first, err);
    pthread_mutex_unlock(&views->lock);
    if (!fits) return error_set(err, ERROR_TOO_LARGE, "no room for the queue");
    if (!done) return false;

    void *memory;
    if (limit > *waiting) limit = (uint32_t)*waiting;
    if (!arena_need(arena, (size_t)limit + 1, sizeof(**rows), &memory, "the queue", err))
        return false;
    *rows = memory;
    return queue_merge(reader, &queue, first, limit, arena, *rows, count, err);
}

bool views_queue(struct views *views, uint32_t limit, struct arena *arena, struct view_row **rows,
                 uint32_t *count, uint64_t *waiting, struct error *err)
{
    struct reader *reader;
    *count = 0;
    if (!views_lend(views, NULL, &reader, err)) return false;
    struct error why = { 0 };
    bool done = reader_begin(reader, &why);
    if (done) {
        done = read_queue(views, reader, limit, arena, rows, count, waiting, &why);
        reader_end(reader);
    }
    return views_return(views, reader, done, &why) || views_say(&why, err);
}
