#include "gates/command/lodge.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "gates/command/progress.h"

// Small enough that two workers share a file of some thousand lines, large enough that a commit
// pays.
enum { DECLARE_BATCH = 512 };

// One file on its way. Answers come from the committing thread; `lock` guards what both touch.
struct lodging {
    pthread_mutex_t lock;
    struct office *office;
    struct input *input;
    const char *path;
    char rejected_path[4096];
    FILE *rejected;                 // "<file>.rejected.ndjson", opened at the first rejection
    bool rejected_failed;
    struct arena scratch;           // for one line of it
    struct figures figures;
    struct error trouble;           // why the office took no more; kind ERROR_NONE: it did
    uint64_t done;                  // bytes of the file
    struct progress progress;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

void lodge_stop_on_signals(void)
{
    struct sigaction action = { .sa_handler = stop };
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

bool lodge_stopped(void)
{
    return stopped != 0;
}

// --- Rejections: one line each, with reasons ---

static const char *const answer_names[] = {
    [ANSWER_NONE] = "none",             [ANSWER_LODGED] = "lodged",
    [ANSWER_REFUSED] = "refused",       [ANSWER_REPEATED] = "repeated",
    [ANSWER_UNREADABLE] = "unreadable", [ANSWER_CONFLICT] = "conflict",
    [ANSWER_UNAVAILABLE] = "unavailable",
};

static void write_error(struct json_writer *w, const struct error *err)
{
    json_open_object(w);
    if (err->line > 0) {
        json_key(w, SPAN("column"));
        json_write_i64(w, err->column);
    }
    if (err->field[0] != '\0') {
        json_key(w, SPAN("field"));
        json_write_string(w, span_of(err->field));
    }
    if (err->hint[0] != '\0') {
        json_key(w, SPAN("hint"));
        json_write_string(w, span_of(err->hint));
    }
    if (err->line > 0) {
        json_key(w, SPAN("line"));
        json_write_i64(w, err->line);
    }
    json_key(w, SPAN("text"));
    json_write_string(w, span_of(err->text));
    json_close_object(w);
}

static void write_rejection(struct json_writer *w, const struct message *message)
{
    const struct answer *answer = &message->answer;
    json_open_object(w);
    json_key(w, SPAN("answer"));
    json_write_string(w, span_of(answer_names[answer->kind]));
    if (answer->file.len > 0) {
        json_key(w, SPAN("file"));
        json_write_string(w, answer->file);
    }
    if (answer->findings.len > 0) {
        json_key(w, SPAN("findings"));
        json_write_raw(w, answer->findings);
    }
    json_key(w, SPAN("line"));
    json_write_i64(w, message->line);
    if (answer->err.kind != ERROR_NONE) {
        json_key(w, SPAN("reason"));
        struct error err = answer->err;
        input_place(message->line, message->column, &err);
        write_error(w, &err);
    }
    json_close_object(w);
}

static bool open_rejected(struct lodging *lodging)
{
    if (lodging->rejected != NULL) return true;
    if (lodging->rejected_failed) return false;
    bool piped = strcmp(lodging->path, "-") == 0;
    snprintf(lodging->rejected_path, sizeof(lodging->rejected_path), "%s.rejected.ndjson",
             piped ? "stdin" : lodging->path);
    lodging->rejected = fopen(lodging->rejected_path, "w");
    if (lodging->rejected != NULL) return true;

    lodging->rejected_failed = true;
    fprintf(stderr, "tidewaiter: could not write '%s': %s; reasons follow here\n",
            lodging->rejected_path, strerror(errno));
    return false;
}

static void reject(struct lodging *lodging, const struct message *message)
{
    struct error err;
    struct span text;
    arena_reset(&lodging->scratch, 0);
    struct json_writer w = json_writer_in(&lodging->scratch, 1024);
    write_rejection(&w, message);
    if (!json_written(&w, &text, &err)) return;
    FILE *out = open_rejected(lodging) ? lodging->rejected : stderr;
    fprintf(out, SPAN_FMT "\n", SPAN_ARG(text));
}

// --- Answers ---

static void count(struct lodging *lodging, const struct message *message)
{
    struct figures *figures = &lodging->figures;
    figures->read++;
    figures->dropped += message->answer.dropped.count;
    switch (message->answer.kind) {
    case ANSWER_LODGED: figures->accepted++; return;
    case ANSWER_REPEATED: figures->repeated++; return;
    case ANSWER_REFUSED:
    case ANSWER_CONFLICT: figures->refused++; break;
    case ANSWER_UNAVAILABLE:
        figures->unavailable++;
        if (message->answer.err.kind != ERROR_UNAVAILABLE) break; // of this one alone
        if (lodging->trouble.kind == ERROR_NONE) lodging->trouble = message->answer.err;
        return;
    default: figures->unreadable++; break;
    }
    reject(lodging, message);
}

static void answered(struct batch *batch)
{
    struct lodging *lodging = batch->sender;
    pthread_mutex_lock(&lodging->lock);
    for (uint32_t i = 0; i < batch->messages_count; i++) count(lodging, &batch->messages[i]);
    progress_show(&lodging->progress, lodging->figures.read, lodging->done,
                  input_size(lodging->input));
    pthread_mutex_unlock(&lodging->lock);
    office_release(lodging->office, batch);
}

// --- The file's way in ---

// Messages that could not even be cut out of the file never reach the office.
static void take_messages(struct lodging *lodging, struct batch *batch,
                          const struct input_message *messages, uint32_t messages_count,
                          const char *who)
{
    for (uint32_t i = 0; i < messages_count; i++) {
        if (messages[i].err.kind == ERROR_NONE) {
            struct message *message = batch_add(batch);
            message->text = messages[i].text;
            message->line = messages[i].line;
            message->column = messages[i].column;
            message->who = who;
            continue;
        }
        struct message broken = { .line = messages[i].line, .column = messages[i].column,
                                  .answer = { .kind = ANSWER_UNREADABLE, .err = messages[i].err } };
        pthread_mutex_lock(&lodging->lock);
        count(lodging, &broken);
        pthread_mutex_unlock(&lodging->lock);
    }
}

// Says how far the file is read; false when the office takes no more.
static bool goes_on(struct lodging *lodging, struct error *err)
{
    pthread_mutex_lock(&lodging->lock);
    lodging->done = input_done(lodging->input);
    bool well = lodging->trouble.kind == ERROR_NONE;
    if (!well) *err = lodging->trouble;
    pthread_mutex_unlock(&lodging->lock);
    return well;
}

static bool lodge_all(struct lodging *lodging, const char *who, struct error *err)
{
    static struct input_message messages[DECLARE_BATCH];
    for (;;) {
        struct batch *batch = office_batch(lodging->office);
        batch->read = input_reader(lodging->input, &batch->how);
        batch->sender = lodging;
        batch->done = answered;
        uint32_t messages_count = 0;
        bool read = input_next(lodging->input, &batch->arena, BATCH_BYTES_MAX, messages,
                               DECLARE_BATCH, &messages_count, err);
        take_messages(lodging, batch, messages, messages_count, who);
        if (batch->messages_count > 0) office_submit(lodging->office, batch);
        else office_release(lodging->office, batch);
        if (stopped) return true;
        if (!read || !goes_on(lodging, err)) return false;
        if (messages_count == 0) break;
    }
    office_drain(lodging->office);
    return goes_on(lodging, err);
}

bool lodge_file(struct office *office, const char *path, const struct input_options *options,
                const char *who, bool quiet, struct figures *sum, struct error *err)
{
    struct lodging lodging = { .lock = PTHREAD_MUTEX_INITIALIZER, .office = office,
                               .path = path, .progress = progress_begin("declarations") };
    if (!input_open(&lodging.input, path, options, err)) return false;
    bool lodged =
        arena_open(&lodging.scratch, (size_t)16 * MIB, err) && lodge_all(&lodging, who, err);

    office_drain(office); // its batches point at this lodging
    progress_end(&lodging.progress);
    if (lodging.rejected != NULL) {
        if (fclose(lodging.rejected) != 0)
            fprintf(stderr, "tidewaiter: could not write all of '%s': %s\n", lodging.rejected_path,
                    strerror(errno));
        if (!quiet)
            fprintf(stderr, "%s: what was rejected, and why, is in %s\n", path,
                    lodging.rejected_path);
    }
    arena_close(&lodging.scratch);
    input_close(lodging.input);

    uint64_t *from = (uint64_t *)&lodging.figures, *into = (uint64_t *)sum;
    for (size_t i = 0; i < sizeof(*sum) / sizeof(uint64_t); i++) into[i] += from[i];
    return lodged;
}
