#include "gates/http/clerks.h"

#include <pthread.h>
#include <stdlib.h>

#include "gates/http/routes.h"

struct clerks {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct request *first, **last; // bounded: each connection has one request
    bool closing;
    pthread_t threads[CLERKS];
    int count;
};

static struct request *next_request(struct clerks *clerks)
{
    pthread_mutex_lock(&clerks->lock);
    while (clerks->first == NULL && !clerks->closing)
        pthread_cond_wait(&clerks->changed, &clerks->lock);
    struct request *request = clerks->first;
    if (request != NULL) {
        clerks->first = request->next;
        if (clerks->first == NULL) clerks->last = &clerks->first;
    }
    pthread_mutex_unlock(&clerks->lock);
    return request;
}

static void *serve(void *context)
{
    struct clerks *clerks = context;
    for (struct request *request; (request = next_request(clerks)) != NULL;) {
        request->route->answer(request);
        request_go_on(request, NULL);
    }
    return NULL;
}

void clerks_give(struct clerks *clerks, struct request *request)
{
    request->next = NULL;
    pthread_mutex_lock(&clerks->lock);
    *clerks->last = request;
    clerks->last = &request->next;
    pthread_cond_signal(&clerks->changed);
    pthread_mutex_unlock(&clerks->lock);
}

bool clerks_open(struct clerks **opened, struct error *err)
{
    struct clerks *clerks = calloc(1, sizeof(*clerks));
    if (clerks == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the clerks");
    clerks->last = &clerks->first;
    pthread_mutex_init(&clerks->lock, NULL);
    pthread_cond_init(&clerks->changed, NULL);
    while (clerks->count < CLERKS &&
           pthread_create(&clerks->threads[clerks->count], NULL, serve, clerks) == 0)
        clerks->count++;
    *opened = clerks;
    if (clerks->count == CLERKS) return true;
    clerks_close(clerks);
    *opened = NULL;
    return error_set(err, ERROR_UNAVAILABLE, "could not start the clerks' threads");
}

void clerks_close(struct clerks *clerks)
{
    if (clerks == NULL) return;
    pthread_mutex_lock(&clerks->lock);
    clerks->closing = true;
    pthread_cond_broadcast(&clerks->changed);
    pthread_mutex_unlock(&clerks->lock);
    for (int i = 0; i < clerks->count; i++) pthread_join(clerks->threads[i], NULL);
    pthread_cond_destroy(&clerks->changed);
    pthread_mutex_destroy(&clerks->lock);
    free(clerks);
}
