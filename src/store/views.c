#include "store/views.h"

#include <assert.h>
#include <inttypes.h>
#include <time.h>

#include "store/views_state.h"

enum { SHEAF_AGE_MS = 200 }; // a row waits that long at most for others to be written with

// All under the lock that does not say otherwise.
void views_invariants(struct views *views)
{
    assert(views->written <= views->begun);
    assert(views->begun - views->written <= SHEAVES_MAX);
    for (uint64_t serial = views->written + 1; serial <= views->begun; serial++) {
        const struct sheaf *sheaf = sheaf_of(views, serial);
        assert(sheaf->serial == serial);
        assert(sheaf->frozen || serial == views->begun);
        assert(sheaf->volume <= views->volume);
    }
    assert(views->volume > views->catalogue.full_count);
    assert(views->readers_idle + views->readers_lent <= READERS_MAX);
}

static int64_t steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Always false. A NULL `err` is allowed, as in error_set.
bool views_say(const struct error *why, struct error *err)
{
    assert(why->kind != ERROR_NONE);
    if (err != NULL) *err = *why;
    return false;
}

// The first trouble is the one to tell.
void views_break(struct views *views, const struct error *err)
{
    if (views->broken.kind == ERROR_NONE) views->broken = *err;
    if (err->kind == ERROR_DAMAGED) views->damaged = true;
    pthread_cond_broadcast(&views->changed);
}

// --- sheaves -------------------------------------------------------------------------------------

static struct sheaf *sheaf_filling(struct views *views)
{
    if (views->begun == views->written) return NULL;
    struct sheaf *newest = sheaf_of(views, views->begun);
    return newest->frozen ? NULL : newest;
}

// A batch that is only partly in this sheaf and those before it does not count as reached.
static void freeze(struct views *views, struct sheaf *sheaf)
{
    assert(!sheaf->frozen);
    sheaf->frozen = true;
    sheaf->end = views->position;
    for (int i = 0; i < NAMES_KINDS; i++) sheaf->names[i] = views->names[i].count;
    pthread_cond_broadcast(&views->changed);
}

static bool next_volume(struct views *views, struct error *err)
{
    if (views->volume == VOLUMES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the views hold no more than %" PRIu64 " files",
                         (uint64_t)VOLUMES_MAX * views->settings.volume_rows);
    views->volume++;
    views->rows = views->references = 0;
    return true;
}

// Waits while all are in use. NULL when that is no use.
static struct sheaf *begin_sheaf(struct views *views, struct error *err)
{
    while (views->begun - views->written == SHEAVES_MAX) {
        if (views->broken.kind != ERROR_NONE) {
            views_say(&views->broken, err);
            return NULL;
        }
        pthread_cond_wait(&views->changed, &views->lock);
    }
    uint32_t rows_max = views->settings.volume_rows;
    bool full = views->rows >= rows_max || views->references >= rows_max;
    if (full && !next_volume(views, err)) return NULL;

    struct sheaf *sheaf = sheaf_of(views, ++views->begun);
    assert(sheaf->count == 0);
    sheaf->serial = views->begun;
    sheaf->volume = views->volume;
    sheaf->begun_ms = steady_ms();
    pthread_cond_broadcast(&views->changed); // the projector minds its age
    views_invariants(views);
    return sheaf;
}

// --- telling -------------------------------------------------------------------------------------

// What is known of the row's file, its texts in the scratch memory: a sheaf may be written while
// the row waits for the next. Gives the lock away while it reads the file, which changes nothing:
// only the telling thread adds rows.
static bool look_before(struct views *views, struct span file, uint64_t key,
                        struct before *before, struct error *err)
{
    *before = (struct before){ 0 };
    arena_reset(&views->scratch, 0);
    const struct told *told = views_told(views, file, key);
    if (told != NULL) {
        before->found = true;
        before->number = told->number;
        return row_copy(&before->row, &told->row, &views->scratch) ||
               error_set(err, ERROR_TOO_LARGE, "a row of the views is too large");
    }
    struct places places;
    catalogue_find(&views->catalogue, key, 0, &places);
    if (places_nowhere(&places)) return true;

    struct before found = { 0 };
    pthread_mutex_unlock(&views->lock);
    bool done = views_find_in_file(views, &places, file, &views->scratch, &found.row,
                                   &found.number, &found.found, err);
    pthread_mutex_lock(&views->lock);
    if (done && found.found) *before = found;
    return done;
}

// False when the sheaf is full.
static bool put(struct views *views, struct sheaf *sheaf, const struct view_row *row, uint64_t key,
                struct before *before)
{
    if (!before->found) {
        if (views->rows >= views->settings.volume_rows) return false;
        before->number = (sheaf->volume << NUMBER_BITS) + views->rows + 1;
    }
    uint32_t references = sheaf->references_count;
    if (row->state != FILE_EMPTY) {
        names_add(&views->names[NAMES_OFFICES], row->office);
        names_add(&views->names[NAMES_TYPES], row->type_code);
    }
    if (!sheaf_put(sheaf, row, key, before, &views->names[NAMES_OFFICES])) return false;
    views->rows += !before->found;
    views->references += sheaf->references_count - references;
    return true;
}

static bool tell_row(struct views *views, const struct view_row *row, struct error *err)
{
    assert(row->file.len > 0);
    uint64_t key = key_of(row->file);
    struct before before;
    if (!look_before(views, row->file, key, &before, err)) return false;

    struct sheaf *sheaf = sheaf_filling(views);
    if (sheaf != NULL) {
        if (put(views, sheaf, row, key, &before)) return true;
        freeze(views, sheaf);
    }
    sheaf = begin_sheaf(views, err);
    if (sheaf == NULL) return false;
    return put(views, sheaf, row, key, &before) ||
           error_set(err, ERROR_TOO_LARGE, "a row of the views is too large");
}

// The disk may have room again: the projector writes its oldest sheaf or breaks once more. What is
// damaged stays so.
static void try_again(struct views *views)
{
    if (views->broken.kind != ERROR_UNAVAILABLE) return;
    views->broken = (struct error){ 0 };
    pthread_cond_broadcast(&views->changed);
    uint64_t written = views->written;
    bool waits = written < views->begun && sheaf_of(views, written + 1)->frozen;
    while (waits && views->written == written && views->broken.kind == ERROR_NONE)
        pthread_cond_wait(&views->changed, &views->lock);
}

bool views_tell(struct views *views, const struct view_row *rows, uint32_t count, uint64_t end,
                struct error *err)
{
    pthread_mutex_lock(&views->lock);
    assert(end >= views->position);
    try_again(views);
    struct error why = { 0 };
    bool told = true;
    for (uint32_t i = 0; told && i < count; i++) told = tell_row(views, &rows[i], &why);
    // A position without rows is written too.
    if (told && end > views->position && sheaf_filling(views) == NULL)
        told = begin_sheaf(views, &why) != NULL;
    if (!told) views_break(views, &why);
    bool sound = views->broken.kind == ERROR_NONE;
    if (sound) views->position = end;
    else views_say(&views->broken, err);
    pthread_mutex_unlock(&views->lock);
    return sound;
}

uint64_t views_position(struct views *views)
{
    pthread_mutex_lock(&views->lock);
    uint64_t position = views->position;
    pthread_mutex_unlock(&views->lock);
    return position;
}

bool views_flush(struct views *views, struct error *err)
{
    pthread_mutex_lock(&views->lock);
    try_again(views);
    struct sheaf *filling = sheaf_filling(views);
    if (filling != NULL) freeze(views, filling);
    uint64_t wanted = views->begun;
    while (views->written < wanted && views->broken.kind == ERROR_NONE)
        pthread_cond_wait(&views->changed, &views->lock);
    bool done = views->broken.kind == ERROR_NONE;
    if (!done) views_say(&views->broken, err);
    pthread_mutex_unlock(&views->lock);
    return done;
}

// --- the projector -------------------------------------------------------------------------------

static void wait_until(struct views *views, int64_t until_ms)
{
    struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
    pthread_cond_timedwait(&views->changed, &views->lock, &until);
}

// Waits for the oldest sheaf to be frozen, or freezes it. NULL: the end.
static struct sheaf *next_sheaf(struct views *views)
{
    while (true) {
        bool writes = views->broken.kind == ERROR_NONE && !views->dropping;
        bool any = views->written < views->begun;
        if (views->closing && !(any && writes)) return NULL;
        if (!any || !writes) {
            pthread_cond_wait(&views->changed, &views->lock);
            continue;
        }
        struct sheaf *oldest = sheaf_of(views, views->written + 1);
        int64_t until_ms = oldest->begun_ms + SHEAF_AGE_MS;
        if (!oldest->frozen && (views->closing || steady_ms() >= until_ms)) freeze(views, oldest);
        if (oldest->frozen) return oldest;
        wait_until(views, until_ms);
    }
}

// Not under the lock.
static bool fill_volume(struct views *views, struct error *err)
{
    uint32_t rows_max = views->settings.volume_rows;
    struct catalogue *catalogue = &views->catalogue;
    struct index keys = { 0 }, references = { 0 };
    struct volume_marks marks = { 0 };
    struct volume_filters filters;
    if (!marks_open(&marks, rows_max, err) || !index_open(&keys, rows_max, err) ||
        !index_open(&references, rows_max + views->settings.sheaf_rows, err) ||
        !views_file_fill(views->file, catalogue, &filters, err)) {
        marks_close(&marks);
        index_close(&keys);
        index_close(&references);
        return false;
    }
    struct index old_keys = catalogue->keys, old_references = catalogue->references;
    pthread_mutex_lock(&views->lock);
    catalogue->full[catalogue->full_count++] = filters;
    catalogue->marks[catalogue->full_count] = marks;
    catalogue->keys = keys;
    catalogue->references = references;
    pthread_mutex_unlock(&views->lock);
    index_close(&old_keys);
    index_close(&old_references);
    return true;
}

// Before the file has the rows: while they are in the tail nobody looks at their marks here.
static void put_marks(struct views *views, const struct sheaf *sheaf)
{
    pthread_mutex_lock(&views->lock);
    for (uint32_t i = 0; i < sheaf->count; i++) {
        uint32_t number = sheaf->told[i].number;
        marks_put(&views->catalogue.marks[(number >> NUMBER_BITS) - 1],
                  number & ((1u << NUMBER_BITS) - 1), &sheaf->marks[i]);
    }
    pthread_mutex_unlock(&views->lock);
}

// Not under the lock: a frozen sheaf does not change, and the file is the projector's.
static bool write_sheaf(struct views *views, const struct sheaf *sheaf, struct error *err)
{
    uint32_t newest = views->catalogue.full_count + 1;
    assert(sheaf->volume == newest || sheaf->volume == newest + 1);
    if (sheaf->volume > newest && !fill_volume(views, err)) return false;
    put_marks(views, sheaf);
    return views_file_write(views->file, sheaf, &views->catalogue, views->names, err);
}

// The file has it: what it knew moves from the tail to the catalogue and the totals.
static void sheaf_written(struct views *views, struct sheaf *sheaf)
{
    assert(sheaf->serial == views->written + 1);
    assert(sheaf->volume == views->catalogue.full_count + 1);
    struct index *keys = &views->catalogue.keys;
    for (uint32_t i = 0; i < sheaf->count; i++) {
        const struct told *told = &sheaf->told[i];
        if (!told->is_new) continue;
        assert(told->number == (sheaf->volume << NUMBER_BITS) + keys->count + 1);
        index_add(keys, told->key, told->number);
    }
    for (uint32_t i = 0; i < sheaf->references_count; i++)
        index_add(&views->catalogue.references, sheaf->references[i].key,
                  sheaf->told[sheaf->references[i].told].number);
    for (int i = 0; i < FILE_STATE_COUNT; i++)
        views->totals.states[i] += (uint64_t)sheaf->states[i];
    views->totals.waiting += (uint64_t)sheaf->waiting;
    views->totals.position = sheaf->end;
    views->totals.serial = sheaf->serial;
    views->written++;
    sheaf_clear(sheaf);
}

void *views_project(void *context)
{
    struct views *views = context;
    pthread_mutex_lock(&views->lock);
    for (struct sheaf *sheaf; (sheaf = next_sheaf(views)) != NULL;) {
        struct error err;
        views->writing = true;
        pthread_mutex_unlock(&views->lock);
        bool written = write_sheaf(views, sheaf, &err);
        pthread_mutex_lock(&views->lock);
        views->writing = false;
        if (written) sheaf_written(views, sheaf);
        else views_break(views, &err);
        views_invariants(views);
        pthread_cond_broadcast(&views->changed);
    }
    pthread_mutex_unlock(&views->lock);
    return NULL;
}

