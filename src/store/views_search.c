#include <assert.h>
#include <stdlib.h>

#include "store/views_state.h"

// A search goes down the row numbers, from the newest file or from where the page before ended:
//
//   tail     what it knows that fits, and the numbers that it knows better than the file: taken
//            once, under the lock
//   marks    in memory: numbers of rows that may fit, some at a time under the lock
//   file     those rows, one by one, compared for good
//
// No row is given twice or out of order, because numbers only fall. What changes meanwhile is given
// as it was or as it is, and never when it does not fit.

enum {
    LOOKS_AT_A_TIME = 65536,  // marks, under the lock
    PLACES_AT_A_TIME = 64,
};

// A row of the page, or one of the tail that may come onto it.
struct hit {
    uint32_t number;
    const struct view_row *row;
};

struct search {
    struct views *views;
    const struct views_query *query;
    struct reader *reader;
    struct arena *arena;
    struct pattern pattern;
    uint32_t below;           // numbers that are looked for
    uint32_t hits_max;        // one more than the page takes: is there more?
    struct hit *told;         // of the tail, falling
    uint32_t told_count, told_next;
    uint32_t *known;          // rows that the tail knows better than the file, rising
    uint32_t known_count;
    uint32_t volume, place;   // in the file, the next to look at
    uint32_t looks, misses;   // that are left
    struct hit *hits;
    uint32_t hits_count;
};

// --- what fits -----------------------------------------------------------------------------------

static bool is_wanted(struct span text, struct span wanted)
{
    return wanted.len == 0 || span_equal(text, wanted);
}

static bool has_anyone(const struct view_row *row, struct span anyone)
{
    return anyone.len == 0 || span_equal(row->declarant, anyone) ||
           span_equal(row->importer, anyone) || span_equal(row->exporter, anyone) ||
           span_equal(row->functional_reference, anyone);
}

static bool fits(const struct views_query *query, const struct view_row *row)
{
    return has_anyone(row, query->anyone) && is_wanted(row->file, query->file) &&
           is_wanted(row->declarant, query->declarant) &&
           is_wanted(row->importer, query->importer) && is_wanted(row->exporter, query->exporter) &&
           is_wanted(row->functional_reference, query->functional_reference) &&
           is_wanted(row->origin, query->origin) && is_wanted(row->office, query->office) &&
           span_starts_with(row->commodity, query->commodity) &&
           (!query->mine_only || span_equal(row->declarant, query->mine)) &&
           (query->states == 0 || (query->states >> row->state & 1) != 0) &&
           row->lodged_ms >= query->lodged_from_ms &&
           (query->lodged_to_ms == 0 || row->lodged_ms < query->lodged_to_ms) &&
           (row->random || !query->random_only) && (row->waits || !query->waiting_only) &&
           row->state != FILE_EMPTY;
}

// False when nothing can fit.
static bool make_pattern(const struct views_query *query, struct pattern *pattern)
{
    *pattern = pattern_of_all();
    if (query->mine_only) {
        if (query->mine.len == 0 || !is_wanted(query->mine, query->declarant)) return false;
        pattern_text(pattern, offsetof(struct mark, declarant), query->mine);
    }
    pattern_text(pattern, offsetof(struct mark, declarant), query->declarant);
    pattern_text(pattern, offsetof(struct mark, importer), query->importer);
    pattern_text(pattern, offsetof(struct mark, exporter), query->exporter);
    pattern_text(pattern, offsetof(struct mark, functional_reference),
                 query->functional_reference);
    pattern_text(pattern, offsetof(struct mark, origin), query->origin);
    pattern_text(pattern, offsetof(struct mark, office), query->office);
    if (query->anyone.len > 0) pattern_anyone(pattern, query->anyone);
    pattern_commodity(pattern, query->commodity);
    if (query->random_only) pattern_flag(pattern, MARK_RANDOM);
    if (query->waiting_only) pattern_flag(pattern, MARK_WAITS);
    if (query->states != 0) pattern->states &= query->states;
    int64_t to_ms = query->lodged_to_ms != 0 ? query->lodged_to_ms : INT64_MAX;
    if (query->lodged_from_ms >= to_ms) return false;
    pattern_lodged(pattern, query->lodged_from_ms, to_ms);
    return true;
}

// --- the tail ------------------------------------------------------------------------------------

// Into its place, the highest number first; the last falls out when there is no room.
static void put_told(struct search *search, const struct told *told)
{
    uint32_t at = search->told_count;
    while (at > 0 && search->told[at - 1].number < told->number) at--;
    if (at == search->hits_max) return;
    if (search->told_count < search->hits_max) search->told_count++;
    memmove(search->told + at + 1, search->told + at,
            (search->told_count - at - 1) * sizeof(*search->told));
    search->told[at] = (struct hit){ told->number, &told->row };
}

static void take_sheaf(struct search *search, const struct tail *tail, uint32_t sheaf_at)
{
    const struct sheaf *sheaf = tail->sheaves[sheaf_at];
    for (uint32_t i = sheaf->count; i-- > 0;) {
        const struct told *told = &sheaf->told[i];
        if (!told->is_new) search->known[search->known_count++] = told->number;
        if (pattern_fits(&search->pattern, &sheaf->marks[i]) && told->number < search->below &&
            fits(search->query, &told->row) && tail_is_newest(tail, sheaf_at, told))
            put_told(search, told);
    }
}

// Under the lock.
static bool take_tail(struct search *search)
{
    struct tail tail;
    uint32_t changed = 0;
    views_tail(search->views, &tail);
    for (uint32_t i = 0; i < tail.count; i++)
        for (uint32_t j = 0; j < tail.sheaves[i]->count; j++)
            changed += !tail.sheaves[i]->told[j].is_new;
    search->known = arena_take_raw(search->arena, changed + 1, sizeof(*search->known));
    if (search->known == NULL) return false;

    for (uint32_t i = 0; i < tail.count; i++) take_sheaf(search, &tail, i);
    for (uint32_t i = 0; i < search->told_count; i++) {
        struct view_row *copy = arena_take_raw(search->arena, 1, sizeof(*copy));
        if (copy == NULL || !row_copy(copy, search->told[i].row, search->arena)) return false;
        search->told[i].row = copy;
    }
    return true;
}

// --- the file ------------------------------------------------------------------------------------

// Goes to the first row below `below`. Under the lock.
static void go_below(struct search *search)
{
    const struct catalogue *catalogue = &search->views->catalogue;
    uint32_t newest = catalogue->full_count + 1, below = search->below;
    if (below > (newest << NUMBER_BITS) + catalogue->keys.count) {
        search->volume = newest;
        search->place = catalogue->keys.count;
        return;
    }
    search->volume = below >> NUMBER_BITS;
    search->place = below & ((1u << NUMBER_BITS) - 1);
    if (search->place > 0) search->place--;
    if (search->volume > 0 && search->place > catalogue->marks[search->volume - 1].rows)
        search->place = catalogue->marks[search->volume - 1].rows;
}

// Rows that may fit, in `numbers`; false at the end of the file, or when it looked long enough.
static bool find_more(struct search *search, uint32_t *numbers, uint32_t *count)
{
    const struct catalogue *catalogue = &search->views->catalogue;
    uint32_t step = search->looks < LOOKS_AT_A_TIME ? search->looks : LOOKS_AT_A_TIME, left = step;
    *count = 0;
    pthread_mutex_lock(&search->views->lock);
    while (search->volume > 0 && left > 0 && *count == 0) {
        *count = marks_find(&catalogue->marks[search->volume - 1], &search->pattern,
                            &search->place, &left, numbers, PLACES_AT_A_TIME);
        for (uint32_t i = 0; i < *count; i++) numbers[i] |= search->volume << NUMBER_BITS;
        if (search->place > 0 || *count > 0) continue;
        search->volume--;
        if (search->volume > 0) search->place = catalogue->marks[search->volume - 1].rows;
    }
    pthread_mutex_unlock(&search->views->lock);
    search->looks -= step - left;
    return *count > 0 || (search->volume > 0 && search->looks > 0);
}

static bool is_full(const struct search *search)
{
    return search->hits_count == search->hits_max;
}

// Takes what the tail has above that number.
static void take_told(struct search *search, uint32_t number)
{
    while (!is_full(search) && search->told_next < search->told_count &&
           search->told[search->told_next].number > number)
        search->hits[search->hits_count++] = search->told[search->told_next++];
}

static int compare_numbers(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static bool is_known(const struct search *search, uint32_t number)
{
    return bsearch(&number, search->known, search->known_count, sizeof(number),
                   compare_numbers) != NULL;
}

static bool try_number(struct search *search, uint32_t number, struct error *err)
{
    struct arena *arena = search->arena;
    size_t mark = arena->used;
    void *row;
    if (!arena_need(arena, 1, sizeof(struct view_row), &row, "a page of rows", err) ||
        !reader_row(search->reader, number, arena, row, err))
        return false;
    if (fits(search->query, row)) {
        search->hits[search->hits_count++] = (struct hit){ number, row };
    } else {
        search->misses--;
        arena_reset(arena, mark);
    }
    return true;
}

// Goes on from here next time: numbers from `number` on were not looked at.
static void stop_at(struct search *search, uint32_t number)
{
    search->volume = number >> NUMBER_BITS;
    search->place = number & ((1u << NUMBER_BITS) - 1);
}

static bool walk(struct search *search, struct error *err)
{
    uint32_t numbers[PLACES_AT_A_TIME], count;
    bool goes_on = true;
    while (goes_on && !is_full(search) && search->misses > 0) {
        goes_on = find_more(search, numbers, &count);
        for (uint32_t i = 0; i < count && !is_full(search); i++) {
            take_told(search, numbers[i]);
            if (is_full(search) || is_known(search, numbers[i])) continue;
            if (search->misses == 0) {
                stop_at(search, numbers[i]);
                break;
            }
            if (!try_number(search, numbers[i], err)) return false;
        }
    }
    take_told(search, (search->volume << NUMBER_BITS) + search->place);
    return true;
}

// --- a page --------------------------------------------------------------------------------------

static bool make_page(struct search *search, uint32_t limit, struct views_page *page,
                      struct error *err)
{
    void *rows;
    uint64_t next = 0;
    page->count = search->hits_count < limit ? search->hits_count : limit;
    if (!arena_need(search->arena, page->count + 1, sizeof(*page->rows), &rows, "a page of rows",
                    err))
        return false;
    page->rows = rows;
    for (uint32_t i = 0; i < page->count; i++) page->rows[i] = *search->hits[i].row;
    if (is_full(search)) next = search->hits[limit - 1].number;
    else if (search->volume > 0) next = ((search->volume << NUMBER_BITS) + search->place) + 1;
    page->more = next != 0;
    if (page->more) cursor_write(page->next, 's', &next, 1);
    return true;
}

static bool search_all(struct search *search, struct error *err)
{
    struct views *views = search->views;
    pthread_mutex_lock(&views->lock);
    bool fit = take_tail(search);
    go_below(search);
    pthread_mutex_unlock(&views->lock);
    if (!fit) return error_set(err, ERROR_TOO_LARGE, "no room for a page of rows");
    qsort(search->known, search->known_count, sizeof(*search->known), compare_numbers);
    return walk(search, err);
}

static bool search_with(struct search *search, uint32_t limit, struct views_page *page,
                        struct error *err)
{
    void *told, *hits;
    search->hits_max = limit + 1;
    if (!arena_need(search->arena, search->hits_max + 1, sizeof(struct hit), &told,
                    "a page of rows", err) ||
        !arena_need(search->arena, search->hits_max, sizeof(struct hit), &hits,
                    "a page of rows", err))
        return false;
    search->told = told;
    search->hits = hits;
    if (!views_lend(search->views, NULL, &search->reader, err)) return false;
    struct error why = { 0 };
    bool done = reader_begin(search->reader, &why);
    if (done) {
        done = search_all(search, &why) && make_page(search, limit, page, &why);
        reader_end(search->reader);
    }
    return views_return(search->views, search->reader, done, &why) || views_say(&why, err);
}

// There is one file of that name at most.
static bool search_file(struct views *views, const struct views_query *query, struct arena *arena,
                        struct views_page *page, struct error *err)
{
    void *row;
    bool found;
    if (!arena_need(arena, 1, sizeof(*page->rows), &row, "a page of rows", err) ||
        !views_find(views, query->file, arena, row, &found, err))
        return false;
    page->rows = row;
    page->count = found && fits(query, page->rows);
    return true;
}

bool views_search(struct views *views, const struct views_query *query, struct span cursor,
                  uint32_t limit, struct arena *arena, struct views_page *page, struct error *err)
{
    assert(limit > 0);
    assert(limit <= VIEWS_PAGE_MAX);
    uint64_t below = UINT32_MAX;
    uint32_t looks = views->settings.looks_max;
    *page = (struct views_page){ 0 };
    if (cursor.len > 0 && !cursor_read(cursor, 's', &below, 1, err)) return false;
    struct search search = {
        .views = views, .query = query, .arena = arena,
        .below = below < UINT32_MAX ? (uint32_t)below : UINT32_MAX,
        .looks = looks > 0 ? looks : VIEWS_LOOKS_MAX, .misses = VIEWS_MISSES_MAX,
    };
    if (!make_pattern(query, &search.pattern)) return true;
    if (query->file.len > 0) return search_file(views, query, arena, page, err);
    return search_with(&search, limit, page, err);
}
