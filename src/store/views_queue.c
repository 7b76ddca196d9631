#include <assert.h>
#include <stdlib.h>

#include "store/views_state.h"

// A page of the queue goes down the file's index, from the first place or from where the page
// before ended:
//
//   tail     what it knows that fits, and the rows that it knows better than the file: taken once,
//            under the lock, as is the moment of the file
//   index    places in their order, some at a time
//   marks    in memory: which of them may fit
//   file     those rows, compared for good
//
// Between the file's places come the tail's.

enum { PLACES_AT_A_TIME = 64 };

struct queue {
    struct views *views;
    const struct views_waiting *asked;
    struct reader *reader;
    struct arena *arena;
    struct pattern pattern;
    bool all;                 // nothing is asked: what is not found is missing
    struct place after;       // places that are looked for come behind it; of no number: all
    struct tail_queue tail;
    uint32_t told_next;       // of its places
    bool ended;               // the file has no more places
    uint32_t looks, misses;   // that are left
    struct place *hits;
    uint32_t hits_count;
    uint32_t hits_max;        // one more than the page takes: is there more?
};

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

// --- what fits -----------------------------------------------------------------------------------

static bool is_wanted(struct span text, struct span wanted)
{
    return wanted.len == 0 || span_equal(text, wanted);
}

static bool is_in_hand(const struct views_waiting *asked, struct span claimed_by)
{
    switch (asked->hand) {
    case HAND_ANYBODY: return true;
    case HAND_NOBODY: return claimed_by.len == 0;
    case HAND_OF: return span_equal(claimed_by, asked->who);
    }
    assert(false);
    return false;
}

static bool fits(const struct views_waiting *asked, const struct view_row *row)
{
    return row->waits && is_wanted(row->office, asked->office) &&
           is_wanted(row->type_code, asked->type_code) && is_in_hand(asked, row->claimed_by);
}

static struct pattern make_pattern(const struct views_waiting *asked)
{
    struct pattern pattern = pattern_of_all();
    pattern_text(&pattern, offsetof(struct mark, office), asked->office);
    pattern_text(&pattern, offsetof(struct mark, type_code), asked->type_code);
    if (asked->hand == HAND_OF)
        pattern_text(&pattern, offsetof(struct mark, claimed_by), asked->who);
    if (asked->hand == HAND_NOBODY) pattern.mask.claimed_by = UINT16_MAX;
    return pattern;
}

// --- the tail ------------------------------------------------------------------------------------

static void take_sheaf(struct queue *queue, const struct tail *tail, uint32_t at)
{
    const struct sheaf *sheaf = tail->sheaves[at];
    struct tail_queue *into = &queue->tail;
    for (uint32_t i = 0; i < sheaf->count; i++) {
        const struct told *told = &sheaf->told[i];
        if (!told->row.waits && !told->waited) continue;
        into->numbers[into->numbers_count++] = told->number;
        if (!fits(queue->asked, &told->row) || !tail_is_newest(tail, at, told)) continue;
        struct place place = { .worth = told->row.worth.minor, .lodged_ms = told->row.lodged_ms,
                               .number = told->number, .row = &told->row };
        if (queue->after.number == 0 || compare_places(&queue->after, &place) < 0)
            into->places[into->places_count++] = place;
    }
}

// The best of the tail, copied into the arena; false when that is full. Under the lock.
static bool take_tail(struct queue *queue, const struct tail *tail)
{
    struct tail_queue *into = &queue->tail;
    uint32_t count = 0;
    for (uint32_t i = 0; i < tail->count; i++) count += tail->sheaves[i]->count;
    into->places = arena_take_raw(queue->arena, count + 1, sizeof(*into->places));
    into->numbers = arena_take_raw(queue->arena, count + 1, sizeof(*into->numbers));
    if (into->places == NULL || into->numbers == NULL) return false;
    for (uint32_t i = 0; i < tail->count; i++) take_sheaf(queue, tail, i);

    qsort(into->numbers, into->numbers_count, sizeof(*into->numbers), compare_numbers);
    qsort(into->places, into->places_count, sizeof(*into->places), compare_places);
    if (into->places_count > queue->hits_max) into->places_count = queue->hits_max;
    for (uint32_t i = 0; i < into->places_count; i++) {
        struct view_row *copy = arena_take_raw(queue->arena, 1, sizeof(*copy));
        if (copy == NULL || !row_copy(copy, into->places[i].row, queue->arena)) return false;
        into->places[i].row = copy;
    }
    return true;
}

// --- the file ------------------------------------------------------------------------------------

static bool is_full(const struct queue *queue)
{
    return queue->hits_count == queue->hits_max;
}

// Takes what the tail has before that place; NULL: all that it has.
static void take_told(struct queue *queue, const struct place *place)
{
    const struct tail_queue *tail = &queue->tail;
    while (!is_full(queue) && queue->told_next < tail->places_count &&
           (place == NULL || compare_places(&tail->places[queue->told_next], place) < 0))
        queue->hits[queue->hits_count++] = tail->places[queue->told_next++];
}

static bool is_known(const struct queue *queue, uint32_t number)
{
    return bsearch(&number, queue->tail.numbers, queue->tail.numbers_count,
                   sizeof(*queue->tail.numbers), compare_numbers) != NULL;
}

// The next places that the tail does not know better; none: the end.
static bool read_places(struct queue *queue, struct place *places, uint32_t *count,
                        struct error *err)
{
    uint32_t wanted = PLACES_AT_A_TIME < queue->looks ? PLACES_AT_A_TIME : queue->looks;
    for (*count = 0; *count < wanted && !queue->ended;) {
        struct place *place = &places[*count];
        *place = (struct place){ 0 };
        if (!reader_queue(queue->reader, &place->number, &place->worth, &place->lodged_ms, err))
            return false;
        queue->ended = place->number == 0;
        *count += !queue->ended && !is_known(queue, place->number);
    }
    queue->looks -= queue->all ? 0 : *count;
    return true;
}

static bool may_fit(const struct queue *queue, uint32_t number)
{
    const struct volume_marks *marks = &queue->views->catalogue.marks[(number >> NUMBER_BITS) - 1];
    uint32_t place = number & ((1u << NUMBER_BITS) - 1);
    return queue->all || (place <= marks->rows && pattern_fits(&queue->pattern, &marks->at[place]));
}

static bool try_place(struct queue *queue, const struct place *place, struct error *err)
{
    size_t mark = queue->arena->used;
    void *memory;
    if (!arena_need(queue->arena, 1, sizeof(struct view_row), &memory, "the queue", err) ||
        !reader_row(queue->reader, place->number, queue->arena, memory, err))
        return false;
    const struct view_row *row = memory;
    if (!row->waits || row->worth.minor != place->worth || row->lodged_ms != place->lodged_ms)
        return error_set(err, ERROR_DAMAGED, "the views do not add up: row %u of the queue",
                         place->number);
    if (!fits(queue->asked, row)) {
        queue->misses--;
        arena_reset(queue->arena, mark);
        return true;
    }
    queue->hits[queue->hits_count] = *place;
    queue->hits[queue->hits_count++].row = row;
    return true;
}

// Goes through some places; `after` is then the last that was looked at.
static bool try_places(struct queue *queue, const struct place *places, uint32_t count,
                       struct error *err)
{
    bool may[PLACES_AT_A_TIME];
    pthread_mutex_lock(&queue->views->lock);
    for (uint32_t i = 0; i < count; i++) may[i] = may_fit(queue, places[i].number);
    pthread_mutex_unlock(&queue->views->lock);
    for (uint32_t i = 0; i < count && queue->misses > 0; i++) {
        take_told(queue, &places[i]);
        if (is_full(queue)) return true;
        if (may[i] && !try_place(queue, &places[i], err)) return false;
        queue->after = places[i];
        if (is_full(queue)) return true;
    }
    return true;
}

// `more`: the page ended before the queue did.
static bool walk(struct queue *queue, struct place *places, uint32_t count, bool *more,
                 struct error *err)
{
    while (count > 0) {
        if (!try_places(queue, places, count, err)) return false;
        *more = is_full(queue) || queue->misses == 0 || queue->looks == 0;
        if (*more) return true;
        if (!read_places(queue, places, &count, err)) return false;
    }
    take_told(queue, NULL);
    *more = is_full(queue);
    return true;
}

// --- a page --------------------------------------------------------------------------------------

static bool make_page(struct queue *queue, bool more, struct views_page *page, struct error *err)
{
    void *rows;
    uint32_t limit = queue->hits_max - 1;
    page->count = queue->hits_count < limit ? queue->hits_count : limit;
    if (!arena_need(queue->arena, (size_t)page->count + 1, sizeof(*page->rows), &rows, "the queue",
                    err))
        return false;
    page->rows = rows;
    for (uint32_t i = 0; i < page->count; i++) page->rows[i] = *queue->hits[i].row;
    page->more = more && limit > 0;
    if (!page->more) return true;
    const struct place *last = is_full(queue) ? &queue->hits[limit - 1] : &queue->after;
    uint64_t numbers[] = { (uint64_t)last->worth, (uint64_t)last->lodged_ms, last->number };
    cursor_write(page->next, 'q', numbers, 3);
    return true;
}

static bool read_queue(struct queue *queue, struct views_page *page, uint64_t *waiting,
                       struct error *err)
{
    // The first step fixes the moment of the file that is read: under the lock, it is the tail's.
    struct views *views = queue->views;
    struct tail tail;
    struct place places[PLACES_AT_A_TIME];
    uint32_t count = 0;
    reader_queue_after(queue->reader, &queue->after);
    pthread_mutex_lock(&views->lock);
    *waiting = views->totals.waiting;
    views_tail(views, &tail);
    for (uint32_t i = 0; i < tail.count; i++) *waiting += (uint64_t)tail.sheaves[i]->waiting;
    bool fit = take_tail(queue, &tail);
    bool done = fit && read_places(queue, places, &count, err);
    pthread_mutex_unlock(&views->lock);
    if (!fit) return error_set(err, ERROR_TOO_LARGE, "no room for the queue");

    bool more = false, begins = queue->after.number == 0;
    if (!done || !walk(queue, places, count, &more, err)) return false;
    if (queue->all && begins && !more && queue->hits_count != *waiting)
        return error_set(err, ERROR_DAMAGED, "the views do not add up: %llu wait, and %u are found",
                         (unsigned long long)*waiting, queue->hits_count);
    return make_page(queue, more, page, err);
}

static bool queue_with(struct queue *queue, struct views_page *page, uint64_t *waiting,
                       struct error *err)
{
    void *hits;
    if (!arena_need(queue->arena, queue->hits_max, sizeof(*queue->hits), &hits, "the queue", err))
        return false;
    queue->hits = hits;
    if (!views_lend(queue->views, NULL, &queue->reader, err)) return false;
    struct error why = { 0 };
    bool done = reader_begin(queue->reader, &why);
    if (done) {
        done = read_queue(queue, page, waiting, &why);
        reader_end(queue->reader);
    }
    return views_return(queue->views, queue->reader, done, &why) || views_say(&why, err);
}

bool views_queue(struct views *views, const struct views_waiting *asked, struct span cursor,
                 uint32_t limit, struct arena *arena, struct views_page *page, uint64_t *waiting,
                 struct error *err)
{
    assert(asked->hand != HAND_OF || asked->who.len > 0);
    uint64_t after[3] = { 0 };
    uint32_t looks = views->settings.looks_max;
    *page = (struct views_page){ 0 };
    if (cursor.len > 0 && !cursor_read(cursor, 'q', after, 3, err)) return false;
    struct queue queue = {
        .views = views, .asked = asked, .arena = arena, .pattern = make_pattern(asked),
        .all = asked->office.len == 0 && asked->type_code.len == 0 && asked->hand == HAND_ANYBODY,
        .after = { (int64_t)after[0], (int64_t)after[1], (uint32_t)after[2], NULL },
        .looks = looks > 0 ? looks : VIEWS_QUEUE_LOOKS_MAX, .misses = VIEWS_MISSES_MAX,
        .hits_max = limit + 1,
    };
    return queue_with(&queue, page, waiting, err);
}
