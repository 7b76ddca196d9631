#include "store/views.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store/views_inside.h"

// A sheaf's way; the arrows are the functions:
//
//   EMPTY --begin_sheaf--> FILLING --freeze--> FROZEN --write_sheaf, sheaf_written--> EMPTY
//
// Sheaves are begun, frozen and written in the same order: that of serial s stands in
// sheaves[s % SHEAVES_MAX]. In use are those behind `written` up to `begun`; only the last of them
// can be filling. It is frozen when it is full, when its volume is, when someone flushes, or by the
// projector when it is SHEAF_AGE_MS old.
//
// Why a row that was told is never missed: the projector takes a sheaf out of the tail and its keys
// into the catalogue at one moment, under the lock, after the file has them. Who looks does so in
// the tail, then in the catalogue, under the lock, and reads the file only after that.

enum {
    SHEAF_AGE_MS = 200,      // a row waits that long at most for others to be written with
    READERS_MAX = 8,         // connections; each keeps up to 8 MB of the file in memory
    PATH_SIZE = 4096,
};

struct views {
    char path[PATH_SIZE];
    struct views_settings settings;
    struct views_file *file;          // the projector's alone while `writing`
    struct arena scratch;             // the telling thread's
    pthread_t projector;
    bool locks, running;

    pthread_mutex_t lock;             // of all that follows
    pthread_cond_t changed, reader_free;
    struct catalogue catalogue;
    struct file_totals totals;        // what the file says, without the tail
    struct sheaf sheaves[SHEAVES_MAX];
    uint64_t begun, written;          // serials
    uint64_t position;                // told
    uint32_t volume, rows, references; // where the next new row goes, and how many it has by then
    struct reader *readers[READERS_MAX]; // idle
    uint32_t readers_idle, readers_lent;
    bool writing, dropping, closing;
    bool damaged;                     // the file, as seen while in use: closing removes it
    struct error broken;              // why nothing is written any more; ERROR_NONE: all is well
};

static struct sheaf *sheaf_of(struct views *views, uint64_t serial)
{
    return &views->sheaves[serial % SHEAVES_MAX];
}

// Under the lock, as is everything here that does not say otherwise.
static void views_invariants(struct views *views)
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
static bool say(const struct error *why, struct error *err)
{
    assert(why->kind != ERROR_NONE);
    if (err != NULL) *err = *why;
    return false;
}

// The first trouble is the one to tell.
static void break_down(struct views *views, const struct error *err)
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
            say(&views->broken, err);
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

static struct told *find_told(struct views *views, struct span file, uint64_t key)
{
    for (uint64_t serial = views->begun; serial > views->written; serial--) {
        struct told *told = sheaf_find(sheaf_of(views, serial), file, key);
        if (told != NULL) return told;
    }
    return NULL;
}

static const struct told *find_told_reference(struct views *views, uint64_t reference_key)
{
    for (uint64_t serial = views->begun; serial > views->written; serial--) {
        const struct told *told = sheaf_find_reference(sheaf_of(views, serial), reference_key);
        if (told != NULL) return told;
    }
    return NULL;
}

// --- readers -------------------------------------------------------------------------------------

// Not under the lock. A reader that was lent sees everything that was in the catalogue before, and
// until it is returned the file is not dropped. NULL: the file that the places are of is dropped.
static bool lend_reader(struct views *views, const struct places *places, struct reader **reader,
                        struct error *err)
{
    *reader = NULL;
    pthread_mutex_lock(&views->lock);
    while (views->dropping || views->readers_lent == READERS_MAX)
        pthread_cond_wait(&views->reader_free, &views->lock);
    bool gone = places != NULL && places->of_file != views->catalogue.of_file;
    if (!gone) views->readers_lent++;
    if (!gone && views->readers_idle > 0) *reader = views->readers[--views->readers_idle];
    pthread_mutex_unlock(&views->lock);
    if (gone || *reader != NULL || reader_open(reader, views->path, err)) return true;

    pthread_mutex_lock(&views->lock);
    views->readers_lent--;
    pthread_cond_broadcast(&views->reader_free);
    pthread_mutex_unlock(&views->lock);
    return false;
}

// Not under the lock. Hands on whether the reading was `done`.
static bool return_reader(struct views *views, struct reader *reader, bool done,
                          const struct error *err)
{
    pthread_mutex_lock(&views->lock);
    assert(views->readers_lent > 0);
    views->readers_lent--;
    views->readers[views->readers_idle++] = reader;
    if (!done && err->kind == ERROR_DAMAGED) views->damaged = true;
    pthread_cond_broadcast(&views->reader_free);
    pthread_mutex_unlock(&views->lock);
    return done;
}

static bool is_nowhere(const struct places *places)
{
    return places->numbers_count == 0 && places->volumes_count == 0;
}

// Not under the lock.
static bool find_in_file(struct views *views, struct places *places, struct span file,
                         struct arena *arena, struct view_row *row, uint32_t *number, bool *found,
                         struct error *err)
{
    struct reader *reader;
    *found = false;
    if (is_nowhere(places)) return true;
    if (!lend_reader(views, places, &reader, err)) return false;
    if (reader == NULL) return true;
    struct error why = { 0 };
    bool done = reader_find(reader, places, file, arena, row, number, found, &why);
    for (uint32_t skipped = PLACES_MAX; done && !*found && places->more; skipped += PLACES_MAX) {
        pthread_mutex_lock(&views->lock);
        catalogue_find(&views->catalogue, key_of(file), skipped, places);
        pthread_mutex_unlock(&views->lock);
        done = reader_find(reader, places, file, arena, row, number, found, &why);
    }
    return return_reader(views, reader, done, &why) || say(&why, err);
}

// --- telling -------------------------------------------------------------------------------------

static void remember(struct before *before, const struct view_row *row, uint32_t number)
{
    *before = (struct before){ .found = true, .waits = row->waits, .state = row->state,
                               .number = number, .reference_key = row->reference_key };
}

// What is known of the row's file. Gives the lock away while it reads the file, which changes
// nothing: only the telling thread adds rows.
static bool look_before(struct views *views, struct span file, uint64_t key,
                        struct before *before, struct error *err)
{
    *before = (struct before){ 0 };
    const struct told *told = find_told(views, file, key);
    if (told != NULL) {
        remember(before, &told->row, told->number);
        return true;
    }
    struct places places;
    catalogue_find(&views->catalogue, key, 0, &places);
    if (is_nowhere(&places)) return true;

    struct view_row row;
    uint32_t number;
    arena_reset(&views->scratch, 0);
    pthread_mutex_unlock(&views->lock);
    bool done = find_in_file(views, &places, file, &views->scratch, &row, &number, &before->found,
                             err);
    pthread_mutex_lock(&views->lock);
    if (done && before->found) remember(before, &row, number);
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
    if (!sheaf_put(sheaf, row, key, before)) return false;
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
    if (!told) break_down(views, &why);
    bool sound = views->broken.kind == ERROR_NONE;
    if (sound) views->position = end;
    else say(&views->broken, err);
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
    if (!done) say(&views->broken, err);
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
    struct volume_filters filters;
    if (!index_open(&keys, rows_max, err) ||
        !index_open(&references, rows_max + views->settings.sheaf_rows, err) ||
        !views_file_fill(views->file, catalogue, &filters, err)) {
        index_close(&keys);
        index_close(&references);
        return false;
    }
    struct index old_keys = catalogue->keys, old_references = catalogue->references;
    pthread_mutex_lock(&views->lock);
    catalogue->full[catalogue->full_count++] = filters;
    catalogue->keys = keys;
    catalogue->references = references;
    pthread_mutex_unlock(&views->lock);
    index_close(&old_keys);
    index_close(&old_references);
    return true;
}

// Not under the lock: a frozen sheaf does not change, and the file is the projector's.
static bool write_sheaf(struct views *views, const struct sheaf *sheaf, struct error *err)
{
    uint32_t newest = views->catalogue.full_count + 1;
    assert(sheaf->volume == newest || sheaf->volume == newest + 1);
    if (sheaf->volume > newest && !fill_volume(views, err)) return false;
    return views_file_write(views->file, sheaf, err);
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
    views->written++;
    sheaf_clear(sheaf);
}

static void *project(void *context)
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
        else break_down(views, &err);
        views_invariants(views);
        pthread_cond_broadcast(&views->changed);
    }
    pthread_mutex_unlock(&views->lock);
    return NULL;
}

// --- opening -------------------------------------------------------------------------------------

static bool remove_files(const char *path, struct error *err)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char name[PATH_SIZE + 8];
        snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        if (unlink(name) != 0 && errno != ENOENT)
            return error_set(err, ERROR_UNAVAILABLE, "'%s' could not be removed: %s", name,
                             strerror(errno));
    }
    return true;
}

// Views are derived: a damaged file is made anew.
static bool open_file(struct views *views, struct error *err)
{
    struct error why;
    assert(views->file == NULL);
    bool opened = views_file_open(&views->file, views->path, views->settings, &views->catalogue,
                                  &views->totals, &why);
    if (!opened && why.kind == ERROR_DAMAGED) {
        if (!remove_files(views->path, err)) return false;
        opened = views_file_open(&views->file, views->path, views->settings, &views->catalogue,
                                 &views->totals, &why);
    }
    if (!opened) return say(&why, err);
    views->position = views->totals.position;
    views->volume = views->catalogue.full_count + 1;
    views->rows = views->totals.rows;
    views->references = views->totals.references;
    return true;
}

static void close_file(struct views *views)
{
    assert(views->readers_lent == 0);
    while (views->readers_idle > 0) reader_close(views->readers[--views->readers_idle]);
    views_file_close(views->file);
    catalogue_close(&views->catalogue);
    views->catalogue.of_file++;
    views->file = NULL;
    views->totals = (struct file_totals){ 0 };
}

static bool start(struct views *views, struct error *err)
{
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&views->lock, NULL);
    pthread_cond_init(&views->changed, &steady);
    pthread_cond_init(&views->reader_free, NULL);
    pthread_condattr_destroy(&steady);
    views->locks = true;
    views->running = pthread_create(&views->projector, NULL, project, views) == 0;
    return views->running ||
           error_set(err, ERROR_UNAVAILABLE, "could not start the projector's thread");
}

static bool open_all(struct views *views, struct error *err)
{
    for (int i = 0; i < SHEAVES_MAX; i++)
        if (!sheaf_open(&views->sheaves[i], views->settings.sheaf_rows, err)) return false;
    return arena_open(&views->scratch, SHEAF_TEXT_SIZE, err) && open_file(views, err) &&
           start(views, err);
}

bool views_open_with(struct views **opened, const char *path, struct views_settings settings,
                     struct error *err)
{
    assert(settings.sheaf_rows > 0 && settings.sheaf_rows <= SHEAF_ROWS);
    if (strlen(path) >= PATH_SIZE)
        return error_set(err, ERROR_TOO_LARGE, "the path of the views is too long");
    struct views *views = calloc(1, sizeof(*views));
    if (views == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the views");
    snprintf(views->path, sizeof(views->path), "%s", path);
    views->settings = settings;
    if (open_all(views, err)) {
        *opened = views;
        return true;
    }
    views_close(views);
    return false;
}

bool views_open(struct views **views, const char *path, struct error *err)
{
    struct views_settings settings = { .volume_rows = VOLUME_ROWS, .sheaf_rows = SHEAF_ROWS };
    return views_open_with(views, path, settings, err);
}

void views_close(struct views *views)
{
    if (views->running) {
        pthread_mutex_lock(&views->lock);
        views->closing = true;
        pthread_cond_broadcast(&views->changed);
        pthread_mutex_unlock(&views->lock);
        pthread_join(views->projector, NULL);
    }
    close_file(views);
    struct error ignored; // what cannot be removed now is found damaged once more
    bool removed = views->damaged && remove_files(views->path, &ignored);
    (void)removed;
    for (int i = 0; i < SHEAVES_MAX; i++) sheaf_close(&views->sheaves[i]);
    arena_close(&views->scratch);
    if (views->locks) {
        pthread_mutex_destroy(&views->lock);
        pthread_cond_destroy(&views->changed);
        pthread_cond_destroy(&views->reader_free);
    }
    free(views);
}

bool views_drop(struct views *views, struct error *err)
{
    pthread_mutex_lock(&views->lock);
    views->dropping = true; // no reader is lent and no sheaf is written from here on
    while (views->writing) pthread_cond_wait(&views->changed, &views->lock);
    while (views->readers_lent > 0) pthread_cond_wait(&views->reader_free, &views->lock);

    close_file(views);
    for (int i = 0; i < SHEAVES_MAX; i++) sheaf_clear(&views->sheaves[i]);
    views->written = views->begun;
    views->position = 0;
    views->volume = 1;
    views->rows = views->references = 0;
    views->damaged = false;
    views->broken = (struct error){ 0 };
    struct error why = { 0 };
    bool done = remove_files(views->path, &why) && open_file(views, &why);
    if (!done) break_down(views, &why);
    views->dropping = false;
    views_invariants(views);
    pthread_cond_broadcast(&views->changed);
    pthread_cond_broadcast(&views->reader_free);
    pthread_mutex_unlock(&views->lock);
    return done || say(&why, err);
}

// --- finding -------------------------------------------------------------------------------------

bool views_find(struct views *views, struct span file, struct arena *arena, struct view_row *row,
                bool *found, struct error *err)
{
    uint64_t key = key_of(file);
    struct places places;
    pthread_mutex_lock(&views->lock);
    const struct told *told = find_told(views, file, key);
    bool copied = told == NULL || row_copy(row, &told->row, arena);
    if (told == NULL) catalogue_find(&views->catalogue, key, 0, &places);
    pthread_mutex_unlock(&views->lock);

    *found = told != NULL;
    if (!copied) return error_set(err, ERROR_TOO_LARGE, "no room for a row of the views");
    uint32_t number;
    return *found || find_in_file(views, &places, file, arena, row, &number, found, err);
}

bool views_find_reference(struct views *views, uint64_t reference_key, struct arena *arena,
                          struct span *file, bool *found, struct error *err)
{
    assert(reference_key != 0);
    struct places places;
    pthread_mutex_lock(&views->lock);
    const struct told *told = find_told_reference(views, reference_key);
    bool copied = told == NULL || arena_copy(arena, told->row.file, file);
    if (told == NULL) catalogue_find_reference(&views->catalogue, reference_key, &places);
    pthread_mutex_unlock(&views->lock);

    *found = told != NULL;
    if (!copied) return error_set(err, ERROR_TOO_LARGE, "no room for a file's name");
    if (*found || is_nowhere(&places)) return true;
    struct reader *reader;
    if (!lend_reader(views, &places, &reader, err)) return false;
    if (reader == NULL) return true;
    struct error why = { 0 };
    bool done = reader_find_reference(reader, &places, reference_key, arena, file, found, &why);
    return return_reader(views, reader, done, &why) || say(&why, err);
}

bool views_count(struct views *views, uint64_t *counts, uint32_t states, struct error *err)
{
    (void)err; // kept in memory: nothing can go wrong
    assert(states == FILE_STATE_COUNT);
    pthread_mutex_lock(&views->lock);
    memcpy(counts, views->totals.states, sizeof(views->totals.states));
    for (uint64_t serial = views->written + 1; serial <= views->begun; serial++)
        for (int i = 0; i < FILE_STATE_COUNT; i++)
            counts[i] += (uint64_t)sheaf_of(views, serial)->states[i];
    pthread_mutex_unlock(&views->lock);
    return true;
}

// --- the queue -----------------------------------------------------------------------------------

static bool read_queue(struct views *views, struct reader *reader, uint32_t limit,
                       struct arena *arena, struct view_row **rows, uint32_t *count,
                       uint64_t *waiting, struct error *err)
{
    // The first step fixes the moment of the file that is read: under the lock, it is the tail's.
    struct tail tail = { 0 };
    struct tail_queue queue;
    struct place first = { 0 };
    pthread_mutex_lock(&views->lock);
    *waiting = views->totals.waiting;
    for (uint64_t serial = views->begun; serial > views->written; serial--) {
        tail.sheaves[tail.count] = sheaf_of(views, serial);
        *waiting += (uint64_t)tail.sheaves[tail.count++]->waiting;
    }
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
    if (!lend_reader(views, NULL, &reader, err)) return false;
    struct error why = { 0 };
    bool done = reader_begin(reader, &why);
    if (done) {
        done = read_queue(views, reader, limit, arena, rows, count, waiting, &why);
        reader_end(reader);
    }
    return return_reader(views, reader, done, &why) || say(&why, err);
}
