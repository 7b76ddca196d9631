#include "gates/http/answers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"

struct reader {
    struct answers *answers;
    struct request *request;
    uint64_t sent;
    bool waits;
    struct reader *next;
};

struct answers {
    pthread_mutex_t lock;
    uint32_t holders;
    int file;
    char out[64 * KIB];          // on their way to it
    size_t out_len;
    uint64_t written;
    bool ended, failed;
    struct reader *readers;
};

// --- Writing ---

static int file_without_name(const char *folder)
{
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) return file;
    FILE *plain = tmpfile(); // not every file system has files without a name
    if (plain == NULL) return -1;
    file = fcntl(fileno(plain), F_DUPFD_CLOEXEC, 3);
    fclose(plain);
    return file;
}

bool answers_open(struct answers **opened, const char *store, struct error *err)
{
    struct answers *answers = calloc(1, sizeof(*answers));
    if (answers == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the answers");
    pthread_mutex_init(&answers->lock, NULL);
    answers->holders = 1;
    answers->file = file_without_name(store);
    *opened = answers;
    if (answers->file >= 0) return true;
    error_set(err, ERROR_UNAVAILABLE, "could not make a file for the answers: %s",
              strerror(errno));
    answers_release(answers);
    *opened = NULL;
    return false;
}

void answers_release(struct answers *answers)
{
    if (answers == NULL) return;
    pthread_mutex_lock(&answers->lock);
    bool last = --answers->holders == 0;
    pthread_mutex_unlock(&answers->lock);
    if (!last) return;
    if (answers->file >= 0) close(answers->file);
    pthread_mutex_destroy(&answers->lock);
    free(answers);
}

static void hold(struct answers *answers)
{
    pthread_mutex_lock(&answers->lock);
    answers->holders++;
    pthread_mutex_unlock(&answers->lock);
}

static bool flush(struct answers *answers)
{
    struct span lines = { answers->out, answers->out_len };
    answers->out_len = 0;
    while (lines.len > 0) {
        ssize_t put = pwrite(answers->file, lines.at, lines.len, (off_t)answers->written);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        answers->written += (uint64_t)put;
        lines.at += put, lines.len -= (size_t)put;
    }
    return true;
}

void answers_write(struct answers *answers, struct span lines)
{
    pthread_mutex_lock(&answers->lock);
    while (lines.len > 0 && !answers->failed) {
        size_t room = sizeof(answers->out) - answers->out_len;
        size_t len = lines.len < room ? lines.len : room;
        memcpy(answers->out + answers->out_len, lines.at, len);
        answers->out_len += len;
        lines.at += len, lines.len -= len;
        if (answers->out_len == sizeof(answers->out)) answers->failed = !flush(answers);
    }
    pthread_mutex_unlock(&answers->lock);
}

void answers_break(struct answers *answers)
{
    pthread_mutex_lock(&answers->lock);
    answers->failed = true;
    pthread_mutex_unlock(&answers->lock);
}

// With the lock held.
static void wake_readers(struct answers *answers)
{
    for (struct reader *reader = answers->readers; reader != NULL; reader = reader->next) {
        if (!reader->waits) continue;
        reader->waits = false;
        request_go_on(reader->request, NULL);
    }
}

void answers_tell(struct answers *answers)
{
    pthread_mutex_lock(&answers->lock);
    if (!answers->failed) answers->failed = !flush(answers);
    wake_readers(answers);
    pthread_mutex_unlock(&answers->lock);
}

void answers_end(struct answers *answers)
{
    pthread_mutex_lock(&answers->lock);
    answers->ended = true;
    wake_readers(answers);
    pthread_mutex_unlock(&answers->lock);
}

// --- Reading ---

// The next answers, while they are sent; waits for those that are not there yet.
static long next(struct request *request, char *into, size_t size)
{
    struct reader *reader = request->own;
    struct answers *answers = reader->answers;
    pthread_mutex_lock(&answers->lock);
    long got = answers->failed ? REPLY_BREAKS : REPLY_ENDS;
    if (reader->sent < answers->written) {
        uint64_t left = answers->written - reader->sent;
        got = pread(answers->file, into, left < size ? (size_t)left : size, (off_t)reader->sent);
        if (got > 0) reader->sent += (uint64_t)got;
        else got = REPLY_BREAKS;
    } else if (!answers->ended && !answers->failed) {
        reader->waits = true;
        request_wait(request);
        got = 0;
    }
    pthread_mutex_unlock(&answers->lock);
    return got;
}

static void leave(struct request *request)
{
    struct reader *reader = request->own;
    struct answers *answers = reader->answers;
    pthread_mutex_lock(&answers->lock);
    struct reader **at = &answers->readers;
    while (*at != reader) at = &(*at)->next;
    *at = reader->next;
    pthread_mutex_unlock(&answers->lock);
    answers_release(answers);
}

void answers_reply(struct answers *answers, struct request *request)
{
    struct error err;
    struct reader *reader = arena_take(request->arena, 1, sizeof(*reader));
    if (reader == NULL) {
        error_set(&err, ERROR_TOO_LARGE, "the request is too large");
        reply_error(request, &err);
        return;
    }
    *reader = (struct reader){ .answers = answers, .request = request };
    pthread_mutex_lock(&answers->lock);
    answers->holders++;
    reader->next = answers->readers;
    answers->readers = reader;
    pthread_mutex_unlock(&answers->lock);
    request->own = reader;
    request->end = leave;
    reply_text(request, 200, "application/x-ndjson", SPAN(""));
    request->reply.next = next;
}

// --- The shelf ---

struct place {
    struct sha256 account, key;
    struct answers *answers;     // NULL: free
    uint64_t put;                // when, as a count
};

struct shelf {
    pthread_mutex_t lock;
    struct place places[ANSWERS_KEPT];
    uint64_t puts;
};

bool shelf_open(struct shelf **shelf, struct error *err)
{
    *shelf = calloc(1, sizeof(**shelf));
    if (*shelf == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for answers");
    pthread_mutex_init(&(*shelf)->lock, NULL);
    return true;
}

void shelf_close(struct shelf *shelf)
{
    if (shelf == NULL) return;
    for (int i = 0; i < ANSWERS_KEPT; i++) answers_release(shelf->places[i].answers);
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

static struct place *place_of(struct shelf *shelf, struct sha256 key)
{
    for (int i = 0; i < ANSWERS_KEPT; i++)
        if (shelf->places[i].answers != NULL && sha256_equal(shelf->places[i].key, key))
            return &shelf->places[i];
    return NULL;
}

// The account's oldest where it has as many as it may; else a free one, or the oldest of all.
static struct place *place_for(struct shelf *shelf, struct sha256 account)
{
    struct place *own = NULL, *any = &shelf->places[0];
    int owned = 0;
    for (int i = 0; i < ANSWERS_KEPT; i++) {
        struct place *place = &shelf->places[i];
        if (place->put < any->put) any = place;
        if (place->answers == NULL || !sha256_equal(place->account, account)) continue;
        owned++;
        if (own == NULL || place->put < own->put) own = place;
    }
    return owned < ANSWERS_EACH_MAX ? any : own;
}

void shelf_put(struct shelf *shelf, struct span account, struct sha256 key,
               struct answers *answers)
{
    struct sha256 whose = sha256_of(account);
    hold(answers);
    pthread_mutex_lock(&shelf->lock);
    struct place *place = place_of(shelf, key);
    if (place == NULL) place = place_for(shelf, whose);
    struct answers *before = place->answers;
    *place = (struct place){ whose, key, answers, ++shelf->puts };
    pthread_mutex_unlock(&shelf->lock);
    answers_release(before);
}

struct answers *shelf_find(struct shelf *shelf, struct sha256 key)
{
    pthread_mutex_lock(&shelf->lock);
    struct place *place = place_of(shelf, key);
    struct answers *found = place == NULL ? NULL : place->answers;
    if (found != NULL) hold(found);
    pthread_mutex_unlock(&shelf->lock);
    return found;
}
