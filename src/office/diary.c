#include "office/diary.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"

enum { DIARY_TOGETHER_MAX = 256, DIARY_ARENA_SIZE = 4 * MIB };

// One of those who wait. It stands on the stack of the waiting thread; a note stands on its own,
// and its record's text behind it.
struct waiting {
    struct record record;
    struct waiting *next;
    bool is_note, done, kept;
    struct error err;
};

struct diary {
    struct office *office;
    int64_t (*now_ms)(void *clock);
    void *clock;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct waiting *first, **end; // who waits, in order
    bool writing;                 // one of them is about it
    pthread_t writer;             // who sees to it that notes are written
    bool running, closing;
    uint32_t notes;
    struct arena arena;           // of who writes
    struct record together[DIARY_TOGETHER_MAX];
};

static bool day_file(struct diary *diary, struct span *file, struct error *err)
{
    struct text text = text_in(&diary->arena, 32);
    text_add(&text, SPAN("~diary/"));
    date_write(&text, moment_date(diary->now_ms(diary->clock)));
    *file = text_span(&text);
    return !text.full || error_set(err, ERROR_TOO_LARGE, "no room to write the diary");
}

static bool write_together(struct diary *diary, uint32_t count, struct error *err)
{
    struct answer answer;
    struct message message = { .kind = MESSAGE_OWN, .who = "office:diary",
                               .records = diary->together, .records_count = count,
                               .after = ANY_FACTS };
    arena_reset(&diary->arena, 0);
    if (!day_file(diary, &message.file, err)) return false;
    if (!office_send(diary->office, &message, NULL, NULL, &diary->arena, &answer, err))
        return false;
    if (answer.kind == ANSWER_LODGED) return true;
    *err = answer.err;
    return false;
}

// All in one append; where that cannot be, each on its own, so that one that cannot be kept takes
// no other with it.
static void write_each_or_all(struct diary *diary, struct waiting *first, uint32_t count)
{
    struct error err = { 0 };
    bool kept = write_together(diary, count, &err);
    for (struct waiting *w = first; w != NULL; w = w->next) {
        w->kept = kept;
        w->err = err;
        if (kept || count == 1) continue;
        diary->together[0] = w->record;
        w->kept = write_together(diary, 1, &w->err);
    }
}

// Takes those who wait along, as many as go into one append, and tells them what came of it. The
// lock is held on the way in and out.
static void write_waiting(struct diary *diary)
{
    struct waiting *first = diary->first, *last = NULL;
    uint32_t count = 0;
    for (struct waiting *w = first; w != NULL && count < DIARY_TOGETHER_MAX; w = w->next) {
        diary->together[count++] = w->record;
        last = w;
    }
    assert(last != NULL); // who calls sees that somebody waits
    diary->first = last->next;
    if (diary->first == NULL) diary->end = &diary->first;
    last->next = NULL;

    diary->writing = true;
    pthread_mutex_unlock(&diary->lock);
    write_each_or_all(diary, first, count);
    pthread_mutex_lock(&diary->lock);
    diary->writing = false;
    for (struct waiting *w = first, *next; w != NULL; w = next) {
        next = w->next;
        w->done = true; // who waits for it goes on, and takes it along
        if (!w->is_note) continue;
        diary->notes--;
        free(w);
    }
    pthread_cond_broadcast(&diary->changed);
}

static void *write_notes(void *context)
{
    struct diary *diary = context;
    pthread_mutex_lock(&diary->lock);
    while (!diary->closing || diary->first != NULL) {
        if (diary->first != NULL && !diary->writing) write_waiting(diary);
        else pthread_cond_wait(&diary->changed, &diary->lock);
    }
    pthread_mutex_unlock(&diary->lock);
    return NULL;
}

bool diary_open(struct diary **opened, struct office *office, int64_t (*now_ms)(void *clock),
                void *clock, struct error *err)
{
    struct diary *diary = calloc(1, sizeof(*diary));
    if (diary == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the diary");
    diary->office = office;
    diary->now_ms = now_ms;
    diary->clock = clock;
    diary->end = &diary->first;
    pthread_mutex_init(&diary->lock, NULL);
    pthread_cond_init(&diary->changed, NULL);
    *opened = diary;
    if (arena_open(&diary->arena, DIARY_ARENA_SIZE, err)) {
        diary->running = pthread_create(&diary->writer, NULL, write_notes, diary) == 0;
        if (diary->running) return true;
        error_set(err, ERROR_UNAVAILABLE, "could not start the diary's thread");
    }
    diary_close(diary);
    return false;
}

void diary_close(struct diary *diary)
{
    if (diary == NULL) return;
    pthread_mutex_lock(&diary->lock);
    diary->closing = true;
    pthread_cond_broadcast(&diary->changed);
    pthread_mutex_unlock(&diary->lock);
    if (diary->running) pthread_join(diary->writer, NULL);
    pthread_mutex_destroy(&diary->lock);
    pthread_cond_destroy(&diary->changed);
    arena_close(&diary->arena);
    free(diary);
}

bool diary_add(struct diary *diary, const struct record *record, struct error *err)
{
    struct waiting waiting = { .record = *record };
    pthread_mutex_lock(&diary->lock);
    // It waits here until somebody has taken it out of the row.
    *diary->end = &waiting;         // cppcheck-suppress autoVariables
    diary->end = &waiting.next;     // cppcheck-suppress autoVariables
    while (!waiting.done) {
        if (diary->writing) pthread_cond_wait(&diary->changed, &diary->lock);
        else write_waiting(diary);
    }
    pthread_mutex_unlock(&diary->lock);
    if (!waiting.kept && err != NULL) *err = waiting.err;
    return waiting.kept;
}

static struct span copy_behind(char **at, struct span text)
{
    struct span copy = { *at, text.len };
    memcpy(*at, text.at, text.len);
    *at += text.len;
    return copy;
}

bool diary_note(struct diary *diary, const struct record *record, struct error *err)
{
    struct waiting *note = malloc(sizeof(*note) + record->who.len + record->body.len + 1);
    if (note == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the diary");
    char *at = (char *)(note + 1);
    *note = (struct waiting){ .is_note = true, .record = { .kind = record->kind } };
    note->record.who = copy_behind(&at, record->who);
    note->record.body = copy_behind(&at, record->body);

    pthread_mutex_lock(&diary->lock);
    bool room = diary->notes < DIARY_NOTES_MAX;
    if (room) {
        *diary->end = note;
        diary->end = &note->next;
        diary->notes++;
        pthread_cond_broadcast(&diary->changed);
    }
    pthread_mutex_unlock(&diary->lock);
    if (room) return true; // cppcheck-suppress memleak
    free(note);
    return error_set(err, ERROR_UNAVAILABLE, "the diary cannot keep up");
}
