#include <assert.h>

#include "store/views_state.h"

struct told *views_told(struct views *views, struct span file, uint64_t key)
{
    for (uint64_t serial = views->begun; serial > views->written; serial--) {
        struct told *told = sheaf_find(sheaf_of(views, serial), file, key);
        if (told != NULL) return told;
    }
    return NULL;
}

static const struct told *told_reference(struct views *views, uint64_t reference_key)
{
    for (uint64_t serial = views->begun; serial > views->written; serial--) {
        const struct told *told = sheaf_find_reference(sheaf_of(views, serial), reference_key);
        if (told != NULL) return told;
    }
    return NULL;
}

void views_tail(struct views *views, struct tail *tail)
{
    tail->count = 0;
    for (uint64_t serial = views->begun; serial > views->written; serial--)
        tail->sheaves[tail->count++] = sheaf_of(views, serial);
}

// --- readers -------------------------------------------------------------------------------------

bool views_lend(struct views *views, const struct places *places, struct reader **reader,
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

bool views_return(struct views *views, struct reader *reader, bool done, const struct error *err)
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

bool views_find_in_file(struct views *views, struct places *places, struct span file,
                        struct arena *arena, struct view_row *row, uint32_t *number, bool *found,
                        struct error *err)
{
    struct reader *reader;
    *found = false;
    if (places_nowhere(places)) return true;
    if (!views_lend(views, places, &reader, err)) return false;
    if (reader == NULL) return true;
    struct error why = { 0 };
    bool done = reader_find(reader, places, file, arena, row, number, found, &why);
    for (uint32_t skipped = PLACES_MAX; done && !*found && places->more; skipped += PLACES_MAX) {
        pthread_mutex_lock(&views->lock);
        catalogue_find(&views->catalogue, key_of(file), skipped, places);
        pthread_mutex_unlock(&views->lock);
        done = reader_find(reader, places, file, arena, row, number, found, &why);
    }
    return views_return(views, reader, done, &why) || views_say(&why, err);
}

// --- finding -------------------------------------------------------------------------------------

bool views_find(struct views *views, struct span file, struct arena *arena, struct view_row *row,
                bool *found, struct error *err)
{
    uint64_t key = key_of(file);
    struct places places;
    pthread_mutex_lock(&views->lock);
    const struct told *told = views_told(views, file, key);
    bool copied = told == NULL || row_copy(row, &told->row, arena);
    if (told == NULL) catalogue_find(&views->catalogue, key, 0, &places);
    pthread_mutex_unlock(&views->lock);

    *found = told != NULL;
    if (!copied) return error_set(err, ERROR_TOO_LARGE, "no room for a row of the views");
    uint32_t number;
    return *found || views_find_in_file(views, &places, file, arena, row, &number, found, err);
}

bool views_find_reference(struct views *views, uint64_t reference_key, struct arena *arena,
                          struct span *file, bool *found, struct error *err)
{
    assert(reference_key != 0);
    struct places places;
    pthread_mutex_lock(&views->lock);
    const struct told *told = told_reference(views, reference_key);
    bool copied = told == NULL || arena_copy(arena, told->row.file, file);
    if (told == NULL) catalogue_find_reference(&views->catalogue, reference_key, &places);
    pthread_mutex_unlock(&views->lock);

    *found = told != NULL;
    if (!copied) return error_set(err, ERROR_TOO_LARGE, "no room for a file's name");
    if (*found || places_nowhere(&places)) return true;
    struct reader *reader;
    if (!views_lend(views, &places, &reader, err)) return false;
    if (reader == NULL) return true;
    struct error why = { 0 };
    bool done = reader_find_reference(reader, &places, reference_key, arena, file, found, &why);
    return views_return(views, reader, done, &why) || views_say(&why, err);
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

static bool copy_names(const struct names *names, struct arena *arena, struct span **copies,
                       uint32_t *count)
{
    *copies = arena_take_raw(arena, names->count + 1, sizeof(**copies));
    *count = names->count;
    for (uint32_t i = 0; *copies != NULL && i < names->count; i++)
        if (!arena_copy(arena, names_at(names, i), &(*copies)[i])) return false;
    return *copies != NULL;
}

bool views_seen(struct views *views, struct arena *arena, struct views_seen *seen,
                struct error *err)
{
    const struct names *names = views->names;
    pthread_mutex_lock(&views->lock);
    bool fit = copy_names(&names[NAMES_OFFICES], arena, &seen->offices, &seen->offices_count) &&
               copy_names(&names[NAMES_TYPES], arena, &seen->types, &seen->types_count);
    pthread_mutex_unlock(&views->lock);
    return fit || error_set(err, ERROR_TOO_LARGE, "no room for the names");
}
