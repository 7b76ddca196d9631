#include "gates/http/joiner.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"

// What waits in one line, and how many batches of it are under way.
struct waiting_line {
    struct load *first, **last;
    uint32_t count, flying;
};

struct joiner {
    struct office *office;
    message_reader reader;
    const void *how;
    uint64_t (*ticks_ns)(void);
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct waiting_line singles, blocks;
    bool closing;
    pthread_t thread;
};

// A batch on its way, kept in the batch's own arena.
struct joined {
    struct joiner *joiner;
    struct batch *batch;
    struct waiting_line *line;
    struct load *loads;          // by `next`
    uint32_t held;               // loads that were not released; guarded by the joiner's lock
};

static void line_add(struct waiting_line *line, struct load *load)
{
    load->next = NULL;
    *line->last = load;
    line->last = &load->next;
    line->count++;
}

static struct load *line_take(struct waiting_line *line)
{
    struct load *load = line->first;
    line->first = load->next;
    if (line->first == NULL) line->last = &line->first;
    line->count--;
    load->next = NULL;
    return load;
}

bool joiner_add(struct joiner *joiner, struct load *load, struct error *err)
{
    assert(load->count > 0 && load->count <= LOAD_COUNT_MAX && load->told != NULL);
    load->since_ns = joiner->ticks_ns();
    load->messages = NULL;
    pthread_mutex_lock(&joiner->lock);
    bool room = load->many || joiner->singles.count < HTTP_JOINERS_MAX;
    if (room) {
        line_add(load->many ? &joiner->blocks : &joiner->singles, load);
        pthread_cond_signal(&joiner->changed);
    }
    pthread_mutex_unlock(&joiner->lock);
    if (room) return true;
    error_set(err, ERROR_UNAVAILABLE, "too many declarations wait");
    return error_hint(err, "Send it again in a moment.");
}

void load_release(struct joiner *joiner, struct load *load)
{
    struct joined *joined = load->joined;
    pthread_mutex_lock(&joiner->lock);
    assert(joined->held > 0);
    bool last = --joined->held == 0;
    pthread_mutex_unlock(&joiner->lock);
    if (last) office_release(joiner->office, joined->batch);
}

uint32_t joiner_waiting(struct joiner *joiner)
{
    pthread_mutex_lock(&joiner->lock);
    uint32_t waiting = joiner->singles.count + joiner->blocks.count;
    pthread_mutex_unlock(&joiner->lock);
    return waiting;
}

// --- Batches come back ---

static void answered(struct batch *batch)
{
    struct joined *joined = batch->sender;
    struct joiner *joiner = joined->joiner;
    uint32_t next = 0;
    pthread_mutex_lock(&joiner->lock);
    joined->line->flying--;
    pthread_cond_signal(&joiner->changed);
    pthread_mutex_unlock(&joiner->lock);
    // Whoever is told may release at once, and the last of them takes the batch along.
    for (struct load *load = joined->loads, *after; load != NULL; load = after) {
        after = load->next;
        load->messages = &batch->messages[next];
        next += load->count;
        load->told(load);
    }
}

// --- Batches go ---

// Which line may send a batch now; NULL: none. With the lock held.
static struct waiting_line *ready(struct joiner *joiner)
{
    struct waiting_line *singles = &joiner->singles, *blocks = &joiner->blocks;
    if (singles->count > 0 && singles->flying < JOIN_SINGLES) {
        uint64_t waited_ns = joiner->ticks_ns() - singles->first->since_ns;
        if (singles->flying == 0 || singles->count >= JOIN_COUNT ||
            waited_ns >= JOIN_WAIT_US * 1000ull)
            return singles;
    }
    return blocks->count > 0 && blocks->flying < JOIN_BLOCKS ? blocks : NULL;
}

// Waits for a line that may send. With the lock held. NULL: closing, and nothing is left.
static struct waiting_line *wait_for_line(struct joiner *joiner)
{
    for (;;) {
        struct waiting_line *line = ready(joiner);
        if (line != NULL) return line;
        if (joiner->closing && joiner->singles.count + joiner->blocks.count == 0) return NULL;
        if (joiner->singles.count == 0 || joiner->singles.flying >= JOIN_SINGLES) {
            pthread_cond_wait(&joiner->changed, &joiner->lock);
            continue;
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += JOIN_WAIT_US * 1000l / 2;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&joiner->changed, &joiner->lock, &until);
    }
}

// Moves as many loads as go into one batch. With the lock held.
static struct load *take_loads(struct waiting_line *line, uint32_t *count)
{
    struct load *loads = NULL, **end = &loads;
    uint32_t messages = 0;
    size_t bytes = 0;
    *count = 0;
    while (line->first != NULL) {
        struct load *load = line->first;
        bool fits = messages + load->count <= LOAD_COUNT_MAX &&
                    bytes + load->bytes <= BATCH_BYTES_MAX;
        if (*count > 0 && !fits) break;
        *end = line_take(line);
        end = &load->next;
        messages += load->count;
        bytes += load->bytes;
        ++*count;
    }
    return loads;
}

static void fill(struct batch *batch, const struct load *load)
{
    for (uint32_t i = 0; i < load->count; i++) {
        struct message *message = batch_add(batch);
        message->kind = MESSAGE_DECLARATION;
        message->text = load->texts[i];
        message->line = load->lines != NULL ? load->lines[i] : 0;
        message->who = load->who;
        message->file = load->file;
        message->declarant = load->declarant;
        message->purpose = load->purpose;
        message->at_desk = true;
    }
}

static void send(struct joiner *joiner, struct waiting_line *line)
{
    line->flying++;
    pthread_mutex_unlock(&joiner->lock);
    struct batch *batch = office_batch(joiner->office); // may wait; more gather meanwhile
    struct joined *joined = arena_take(&batch->arena, 1, sizeof(*joined));
    assert(joined != NULL);
    pthread_mutex_lock(&joiner->lock);
    *joined = (struct joined){ joiner, batch, line, NULL, 0 };
    joined->loads = take_loads(line, &joined->held);
    pthread_mutex_unlock(&joiner->lock);

    batch->read = joiner->reader;
    batch->how = joiner->how;
    batch->sender = joined;
    batch->done = answered;
    for (struct load *load = joined->loads; load != NULL; load = load->next) {
        load->joined = joined;
        fill(batch, load);
    }
    office_submit(joiner->office, batch);
    pthread_mutex_lock(&joiner->lock);
}

static void *join(void *context)
{
    struct joiner *joiner = context;
    struct waiting_line *line;
    pthread_mutex_lock(&joiner->lock);
    while ((line = wait_for_line(joiner)) != NULL) send(joiner, line);
    pthread_mutex_unlock(&joiner->lock);
    return NULL;
}

bool joiner_open(struct joiner **opened, struct office *office, message_reader reader,
                 const void *how, uint64_t (*ticks_ns)(void), struct error *err)
{
    struct joiner *joiner = calloc(1, sizeof(*joiner));
    pthread_condattr_t steady;
    if (joiner == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the joiner");
    *joiner = (struct joiner){ .office = office, .reader = reader, .how = how,
                               .ticks_ns = ticks_ns };
    joiner->singles.last = &joiner->singles.first;
    joiner->blocks.last = &joiner->blocks.first;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&joiner->lock, NULL);
    pthread_cond_init(&joiner->changed, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&joiner->thread, NULL, join, joiner) == 0) {
        *opened = joiner;
        return true;
    }
    free(joiner);
    return error_set(err, ERROR_UNAVAILABLE, "could not start the joiner's thread");
}

void joiner_close(struct joiner *joiner)
{
    if (joiner == NULL) return;
    pthread_mutex_lock(&joiner->lock);
    joiner->closing = true;
    pthread_cond_signal(&joiner->changed);
    pthread_mutex_unlock(&joiner->lock);
    pthread_join(joiner->thread, NULL);
    office_drain(joiner->office);
    pthread_cond_destroy(&joiner->changed);
    pthread_mutex_destroy(&joiner->lock);
    free(joiner);
}
