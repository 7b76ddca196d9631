#include "gates/http/news.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "gates/http/shown.h"

enum { NEWS_TEXT = 72 };

struct change {
    uint64_t size;
    int64_t at_ms;
    uint32_t facts_count;
    uint8_t kind, state, decision;
    bool waits;
    char file[NEWS_TEXT], declarant[NEWS_TEXT], office[NEWS_TEXT];
};

struct news {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool running, ending, fresh; // something came since the last waking
    uint64_t size_before;        // the ledger's, before the oldest that is kept
    uint64_t count;              // of all changes so far
    struct change kept[NEWS_KEPT];
    struct news_listener *listeners;
};

// --- Waking --------------------------------------------------------------------------------------

static void wake_all(struct news *news)
{
    for (struct news_listener *l = news->listeners, *next; l != NULL; l = next) {
        next = l->next;
        if (!l->waits) continue;
        l->waits = false;
        l->wake(l);
    }
}

static void *run(void *context)
{
    struct news *news = context;
    static const struct timespec together = { .tv_nsec = NEWS_TOGETHER_MS * 1000000L };
    pthread_mutex_lock(&news->lock);
    while (!news->ending) {
        if (!news->fresh) {
            pthread_cond_wait(&news->changed, &news->lock);
            continue;
        }
        news->fresh = false;
        wake_all(news);
        pthread_mutex_unlock(&news->lock);
        nanosleep(&together, NULL);
        pthread_mutex_lock(&news->lock);
    }
    wake_all(news);
    pthread_mutex_unlock(&news->lock);
    return NULL;
}

bool news_open(struct news **opened, struct error *err)
{
    struct news *news = calloc(1, sizeof(*news));
    if (news == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the news");
    pthread_mutex_init(&news->lock, NULL);
    pthread_cond_init(&news->changed, NULL);
    news->running = pthread_create(&news->thread, NULL, run, news) == 0;
    *opened = news;
    if (news->running) return true;
    news_close(news);
    return error_set(err, ERROR_UNAVAILABLE, "could not start the thread of the news");
}

void news_begin(struct news *news, uint64_t size)
{
    assert(news->count == 0);
    news->size_before = size;
}

void news_end(struct news *news)
{
    if (news == NULL) return;
    pthread_mutex_lock(&news->lock);
    news->ending = true;
    pthread_cond_broadcast(&news->changed);
    pthread_mutex_unlock(&news->lock);
}

void news_close(struct news *news)
{
    if (news == NULL) return;
    news_end(news);
    if (news->running) pthread_join(news->thread, NULL);
    assert(news->listeners == NULL);
    pthread_mutex_destroy(&news->lock);
    pthread_cond_destroy(&news->changed);
    free(news);
}

// --- Hearing -------------------------------------------------------------------------------------

static void keep_text(char into[NEWS_TEXT], struct span text)
{
    size_t len = text.len < NEWS_TEXT ? text.len : NEWS_TEXT - 1;
    memcpy(into, text.at, len);
    into[len] = '\0';
}

void news_hear(void *context, const struct view_row *row, uint64_t size, enum fact_kind kind)
{
    struct news *news = context;
    if (row->state == FILE_EMPTY) return; // the office's own
    pthread_mutex_lock(&news->lock);
    struct change *change = &news->kept[news->count % NEWS_KEPT];
    if (news->count >= NEWS_KEPT) news->size_before = change->size;
    *change = (struct change){ .size = size, .at_ms = row->changed_ms, .kind = (uint8_t)kind,
                               .facts_count = row->facts_count, .state = row->state,
                               .decision = row->decision, .waits = row->waits };
    keep_text(change->file, row->file);
    keep_text(change->declarant, row->declarant);
    keep_text(change->office, row->office);
    news->count++;
    if (!news->fresh) pthread_cond_signal(&news->changed);
    news->fresh = true;
    pthread_mutex_unlock(&news->lock);
}

// --- Listening -----------------------------------------------------------------------------------

static uint64_t oldest(const struct news *news)
{
    return news->count > NEWS_KEPT ? news->count - NEWS_KEPT : 0;
}

// The first change behind ledger size `after`, by halves: sizes grow.
static uint64_t place_behind(const struct news *news, uint64_t after)
{
    uint64_t low = oldest(news), high = news->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (news->kept[middle % NEWS_KEPT].size <= after) low = middle + 1;
        else high = middle;
    }
    return low;
}

void news_listen(struct news *news, struct news_listener *listener, uint64_t after)
{
    pthread_mutex_lock(&news->lock);
    uint64_t newest = news->count > 0 ? news->kept[(news->count - 1) % NEWS_KEPT].size
                                      : news->size_before;
    listener->place = after == 0 ? news->count : place_behind(news, after);
    listener->reset = after != 0 && (after < news->size_before || after > newest);
    listener->waits = false;
    listener->next = news->listeners;
    listener->self = &news->listeners;
    if (listener->next != NULL) listener->next->self = &listener->next;
    news->listeners = listener;
    pthread_mutex_unlock(&news->lock);
}

void news_leave(struct news *news, struct news_listener *listener)
{
    pthread_mutex_lock(&news->lock);
    *listener->self = listener->next;
    if (listener->next != NULL) listener->next->self = listener->self;
    pthread_mutex_unlock(&news->lock);
}

static bool concerns(const struct news_filter *filter, const struct change *change)
{
    if (!shown_fact(filter->role, (enum fact_kind)change->kind)) return false;
    if (filter->role == ROLE_TRADER &&
        !span_equal(span_of(change->declarant), filter->organisation))
        return false;
    if (filter->file.len > 0 && !span_equal(span_of(change->file), filter->file)) return false;
    // What is decided has left the queue a moment ago.
    return !filter->waiting_only || change->waits || change->kind == FACT_DECIDED ||
           change->kind == FACT_WITHDRAWN || change->kind == FACT_AMENDED;
}

static size_t write_event(const struct change *change, char *into, size_t size)
{
    char room[2 * NEWS_EVENT_MAX];
    struct arena arena = arena_over(room, sizeof(room));
    struct json_writer w = json_writer_in(&arena, NEWS_EVENT_MAX);
    json_open_object(&w);
    shown_moment(&w, "changedAt", change->at_ms);
    body_put_text(&w, "decision", span_of(decision_name((enum decision)change->decision)));
    json_key(&w, SPAN("factsCount"));
    json_write_i64(&w, change->facts_count);
    body_put_text(&w, "file", span_of(change->file));
    body_put_text(&w, "kind", span_of(fact_kind_name((enum fact_kind)change->kind)));
    body_put_text(&w, "office", span_of(change->office));
    body_put_text(&w, "state", span_of(file_state_name((enum file_state)change->state)));
    json_key(&w, SPAN("waits"));
    json_write_bool(&w, change->waits);
    json_close_object(&w);
    struct span text = text_span(&w.text);
    assert(!w.text.full);
    int len = snprintf(into, size, "id: %llu\nevent: file\ndata: " SPAN_FMT "\n\n",
                       (unsigned long long)change->size, SPAN_ARG(text));
    return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

// Everything that was missed cannot be told: the listener goes on from now.
static size_t write_reset(struct news *news, struct news_listener *listener, char *into,
                          size_t size)
{
    uint64_t newest = news->count > 0 ? news->kept[(news->count - 1) % NEWS_KEPT].size
                                      : news->size_before;
    listener->place = news->count;
    listener->reset = false;
    int len = snprintf(into, size, "id: %llu\nevent: reset\ndata: {}\n\n",
                       (unsigned long long)newest);
    return (size_t)len;
}

long news_read(struct news *news, struct news_listener *listener, char *into, size_t size)
{
    size_t put = 0;
    assert(size >= NEWS_EVENT_MAX);
    pthread_mutex_lock(&news->lock);
    bool ended = news->ending;
    if (listener->reset || listener->place < oldest(news))
        put = write_reset(news, listener, into, size);
    while (listener->place < news->count) {
        const struct change *change = &news->kept[listener->place % NEWS_KEPT];
        if (concerns(&listener->filter, change)) {
            size_t len = write_event(change, into + put, size - put);
            if (len == 0) break;
            put += len;
        }
        listener->place++;
    }
    listener->waits = put == 0 && !ended;
    pthread_mutex_unlock(&news->lock);
    return put > 0 ? (long)put : ended ? -1 : 0;
}
