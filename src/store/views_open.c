#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/views_state.h"

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
                                  &views->totals, views->names, &why);
    if (!opened && why.kind == ERROR_DAMAGED) {
        if (!remove_files(views->path, err)) return false;
        opened = views_file_open(&views->file, views->path, views->settings, &views->catalogue,
                                 &views->totals, views->names, &why);
    }
    if (!opened) return views_say(&why, err);
    views->position = views->totals.position;
    if (views->begun < views->totals.serial) views->begun = views->written = views->totals.serial;
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
    views->running = pthread_create(&views->projector, NULL, views_project, views) == 0;
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
    if (!done) views_break(views, &why);
    views->dropping = false;
    views_invariants(views);
    pthread_cond_broadcast(&views->changed);
    pthread_cond_broadcast(&views->reader_free);
    pthread_mutex_unlock(&views->lock);
    return done || views_say(&why, err);
}

