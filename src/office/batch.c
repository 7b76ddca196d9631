#include "office/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"

// A batch's own arenas: texts of BATCH_BYTES_MAX and its messages; and what the workers keep of
// them, which is less than the texts for anything but tiny messages. Untouched pages cost nothing.
enum { TEXT_ARENA_SIZE = BATCH_BYTES_MAX + 2 * MIB, KEEP_ARENA_SIZE = 64 * MIB };

static bool batch_open(struct batch *batch, struct error *err)
{
    if (!arena_open(&batch->arena, TEXT_ARENA_SIZE, err)) return false;
    batch->inside = calloc(1, sizeof(*batch->inside));
    if (batch->inside == NULL)
        return error_set(err, ERROR_UNAVAILABLE, "no memory for a batch");
    if (!arena_open(&batch->inside->arena, KEEP_ARENA_SIZE, err)) return false;

    size_t each = sizeof(struct work) + sizeof(struct message), gaps = 1024;
    struct arena *rows = &batch->inside->rows;
    if (!arena_open(rows, BATCH_COUNT_MAX * each + gaps, err)) return false;
    batch->inside->works = arena_take_raw(rows, BATCH_COUNT_MAX, sizeof(struct work));
    batch->messages = arena_take_raw(rows, BATCH_COUNT_MAX, sizeof(struct message));
    assert(batch->messages != NULL);
    return true;
}

static void batch_close(struct batch *batch)
{
    arena_close(&batch->arena);
    if (batch->inside == NULL) return;
    arena_close(&batch->inside->arena);
    arena_close(&batch->inside->rows);
    free(batch->inside);
}

bool line_open(struct line *line, struct error *err)
{
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&line->lock, NULL);
    pthread_cond_init(&line->changed, &steady);
    pthread_condattr_destroy(&steady);
    for (int i = 0; i < OFFICE_BATCHES; i++)
        if (!batch_open(&line->batches[i], err)) return false;
    return true;
}

void line_close(struct line *line)
{
    for (int i = 0; i < OFFICE_BATCHES; i++) batch_close(&line->batches[i]);
    pthread_cond_destroy(&line->changed);
    pthread_mutex_destroy(&line->lock);
}

// The one in that state with the lowest number; NULL when there is none. Called with the lock held.
static struct batch *lowest(struct line *line, enum batch_state state)
{
    struct batch *found = NULL;
    for (int i = 0; i < OFFICE_BATCHES; i++) {
        struct batch *batch = &line->batches[i];
        if (batch->inside->state != state) continue;
        if (found == NULL || batch->inside->number < found->inside->number) found = batch;
    }
    return found;
}

// Moves a batch on along the drawing in batch.h.
static void turn(struct line *line, struct batch *batch, enum batch_state from, enum batch_state to)
{
    pthread_mutex_lock(&line->lock);
    assert(batch->inside->state == from);
    batch->inside->state = to;
    pthread_cond_broadcast(&line->changed);
    pthread_mutex_unlock(&line->lock);
}

struct batch *line_take_free(struct line *line)
{
    pthread_mutex_lock(&line->lock);
    struct batch *batch;
    while ((batch = lowest(line, BATCH_FREE)) == NULL)
        pthread_cond_wait(&line->changed, &line->lock);
    batch->inside->state = BATCH_TAKEN;
    pthread_mutex_unlock(&line->lock);

    arena_reset(&batch->arena, 0);
    arena_reset(&batch->inside->arena, 0);
    batch->messages_count = 0;
    batch->read = NULL;
    batch->how = batch->sender = NULL;
    batch->done = NULL;
    return batch;
}

void line_submit(struct line *line, struct batch *batch)
{
    pthread_mutex_lock(&line->lock);
    assert(!line->closing);
    batch->inside->number = ++line->submitted;
    pthread_mutex_unlock(&line->lock);
    turn(line, batch, BATCH_TAKEN, BATCH_WAITING);
}

void line_release(struct line *line, struct batch *batch)
{
    bool unused = batch->inside->state == BATCH_TAKEN;
    turn(line, batch, unused ? BATCH_TAKEN : BATCH_ANSWERED, BATCH_FREE);
}

struct batch *line_next_work(struct line *line)
{
    pthread_mutex_lock(&line->lock);
    struct batch *batch;
    while ((batch = lowest(line, BATCH_WAITING)) == NULL && !line->closing)
        pthread_cond_wait(&line->changed, &line->lock);
    if (batch != NULL) batch->inside->state = BATCH_WORKING;
    pthread_mutex_unlock(&line->lock);
    return batch;
}

void line_worked(struct line *line, struct batch *batch)
{
    turn(line, batch, BATCH_WORKING, BATCH_WORKED);
}

// The worked batch with exactly that number, NULL when it is not ready yet. With the lock held.
static struct batch *worked(struct line *line, uint64_t number)
{
    struct batch *batch = lowest(line, BATCH_WORKED);
    return batch != NULL && batch->inside->number == number ? batch : NULL;
}

static struct timespec in_ms(int wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    until.tv_sec += wait_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

uint32_t line_next_worked(struct line *line, struct batch **batches, uint32_t max, int wait_ms,
                          bool *closed)
{
    struct timespec until = in_ms(wait_ms);
    pthread_mutex_lock(&line->lock);
    bool in_time = true;
    while (worked(line, line->taken + 1) == NULL && in_time &&
           !(line->closing && line->taken == line->submitted))
        in_time = pthread_cond_timedwait(&line->changed, &line->lock, &until) == 0;

    // Whatever else is ready joins the commit.
    uint32_t count = 0, messages = 0;
    size_t bytes = 0;
    for (struct batch *next; count < max && (next = worked(line, line->taken + 1)) != NULL;) {
        messages += next->messages_count;
        bytes += next->inside->arena.used;
        if (count > 0 && (messages > BATCH_COUNT_MAX || bytes > COMMIT_BYTES_MAX)) break;
        next->inside->state = BATCH_COMMITTING;
        line->taken++;
        batches[count++] = next;
    }
    *closed = count == 0 && line->closing && line->taken == line->submitted;
    pthread_mutex_unlock(&line->lock);
    return count;
}

void line_answered(struct line *line, struct batch *batch)
{
    turn(line, batch, BATCH_COMMITTING, BATCH_ANSWERED);
    batch->done(batch); // may release it, and then it is another's

    pthread_mutex_lock(&line->lock);
    line->answered++;
    pthread_cond_broadcast(&line->changed);
    pthread_mutex_unlock(&line->lock);
}

void line_drain(struct line *line)
{
    pthread_mutex_lock(&line->lock);
    while (line->answered < line->submitted) pthread_cond_wait(&line->changed, &line->lock);
    pthread_mutex_unlock(&line->lock);
}

struct message *batch_add(struct batch *batch)
{
    assert(batch->messages_count < BATCH_COUNT_MAX);
    struct message *message = &batch->messages[batch->messages_count++];
    *message = (struct message){ 0 };
    return message;
}
