#include "gates/http/watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { LOOK_EVERY_MS = 400 };

struct watch {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct watched *first;
    bool closing;
    pthread_t thread;
};

static int64_t steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void watch_for(struct watched *watched, int64_t ms) { watched->until_ms = steady_ms() + ms; }

void watch_pause(struct watched *watched) { watched->until_ms = 0; }

void watch_hears(struct watched *watched, bool hears) { watched->hears = hears; }

// Has the other side ended, with nothing left to read? Seen twice in a row: what the library has
// just read it may still be about to look at.
static bool has_ended(struct watched *watched)
{
    char byte;
    bool before = watched->ended;
    watched->ended = watched->hears &&
                     recv(watched->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    return before && watched->ended;
}

struct watched *watch_add(struct watch *watch, int socket)
{
    struct watched *watched = calloc(1, sizeof(*watched));
    if (watched == NULL) return NULL;
    watched->socket = socket;
    watched->hears = true;
    watch_for(watched, WATCH_HEAD_MS);
    pthread_mutex_lock(&watch->lock);
    watched->after = watch->first;
    if (watch->first != NULL) watch->first->before = watched;
    watch->first = watched;
    pthread_mutex_unlock(&watch->lock);
    return watched;
}

void watch_remove(struct watch *watch, struct watched *watched)
{
    pthread_mutex_lock(&watch->lock);
    if (watched->before != NULL) watched->before->after = watched->after;
    else watch->first = watched->after;
    if (watched->after != NULL) watched->after->before = watched->before;
    pthread_mutex_unlock(&watch->lock);
    free(watched);
}

// Shuts down those whose moment is at or before `now_ms`. With the lock held, so that no socket is
// closed and its number given to another meanwhile.
static void end_those(struct watch *watch, int64_t now_ms)
{
    for (struct watched *w = watch->first; w != NULL; w = w->after) {
        int64_t until_ms = w->until_ms;
        if (has_ended(w) || (until_ms > 0 && until_ms <= now_ms))
            shutdown(w->socket, SHUT_RDWR);
    }
}

static void *look(void *context)
{
    struct watch *watch = context;
    pthread_mutex_lock(&watch->lock);
    while (!watch->closing) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_EVERY_MS * 1000000l;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&watch->changed, &watch->lock, &until);
        end_those(watch, steady_ms());
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

void watch_end_all(struct watch *watch)
{
    pthread_mutex_lock(&watch->lock);
    for (struct watched *w = watch->first; w != NULL; w = w->after) shutdown(w->socket, SHUT_RDWR);
    pthread_mutex_unlock(&watch->lock);
}

bool watch_open(struct watch **opened, struct error *err)
{
    struct watch *watch = calloc(1, sizeof(*watch));
    pthread_condattr_t steady;
    if (watch == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the watch");
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->changed, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&watch->thread, NULL, look, watch) == 0) {
        *opened = watch;
        return true;
    }
    free(watch);
    return error_set(err, ERROR_UNAVAILABLE, "could not start the watch's thread");
}

void watch_close(struct watch *watch)
{
    if (watch == NULL) return;
    pthread_mutex_lock(&watch->lock);
    watch->closing = true;
    pthread_cond_signal(&watch->changed);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->changed);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}
