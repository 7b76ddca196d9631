#include "office/office.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "office/batch.h"
#include "office/commit.h"
#include "office/intake.h"
#include "office/lot.h"
#include "office/pen.h"
#include "office/rule_sets.h"
#include "office/small_file.h"

enum { WORKERS_MAX = 64, PUBLISH_EVERY_MS = 250, OFFICE_PATH_MAX = 400 };
_Static_assert(OFFICE_PATH_MAX + 64 < SMALL_FILE_PATH_MAX, "files of the store have names");

struct worker {
    struct office *office;
    struct intake intake;
    pthread_t thread;
    bool running;
};

struct office {
    struct office_settings settings;
    struct office_surroundings surroundings;
    struct books books;               // the given ones, with the key of the lot
    struct store store;
    struct views *views;
    struct papers *papers;
    struct rule_sets *rules;
    struct pen pen;
    struct line line;
    bool line_opened, committing;
    struct committer committer;
    pthread_t committer_thread;
    struct worker workers[WORKERS_MAX];
    uint32_t workers_count;
    pthread_rwlock_t store_lock;
    pthread_mutex_t publishing;       // the committer publishes, and so may others ask
};

const char *const stage_names[STAGE_COUNT] = {
    [STAGE_PARSE] = "parse",   [STAGE_CHECK] = "check", [STAGE_VALUE] = "value",
    [STAGE_DUTY] = "duty",     [STAGE_RISK] = "risk",   [STAGE_DECIDE] = "decide",
    [STAGE_FACTS] = "facts",   [STAGE_SEAL] = "seal",   [STAGE_PACK] = "pack",
    [STAGE_STORE] = "store",   [STAGE_VIEWS] = "views", [STAGE_PUBLISH] = "publish",
};

// --- Threads ---

static void *work(void *context)
{
    struct worker *worker = context;
    struct line *line = &worker->office->line;
    for (struct batch *batch; (batch = line_next_work(line)) != NULL; line_worked(line, batch)) {
        struct rule_set *rules = rule_sets_take(worker->office->rules);
        worker->intake.books = &rules->books;
        for (uint32_t i = 0; i < batch->messages_count; i++)
            intake_message(&worker->intake, batch, &batch->messages[i], &batch->inside->works[i],
                           &batch->inside->arena);
        rule_sets_let_go(worker->office->rules, rules);
    }
    return NULL;
}

static bool publish(struct office *office, bool last, struct error *err)
{
    pthread_mutex_lock(&office->publishing);
    bool published = pen_publish(&office->pen, &office->store, last, err);
    pthread_mutex_unlock(&office->publishing);
    return published;
}

static void publish_or_say(struct office *office)
{
    struct error err;
    if (!publish(office, false, &err))
        office->surroundings.log(office->surroundings.log_context, "publish-failed", "%s",
                                 err.text);
}

// Messages whose files changed meanwhile are done again, by the rules of now.
static void commit_worked(struct office *office, struct batch **batches, uint32_t count)
{
    struct rule_set *rules = rule_sets_take(office->rules);
    office->committer.intake.books = &rules->books;
    pthread_mutex_lock(&office->publishing);
    commit_batches(&office->committer, batches, count);
    pthread_mutex_unlock(&office->publishing);
    rule_sets_let_go(office->rules, rules);
}

static void *commit(void *context)
{
    struct office *office = context;
    uint64_t published_ns = office->surroundings.ticks_ns();
    for (bool closed = false; !closed;) {
        struct batch *batches[OFFICE_BATCHES];
        uint32_t count = line_next_worked(&office->line, batches, OFFICE_BATCHES,
                                          PUBLISH_EVERY_MS, &closed);
        if (count > 0) commit_worked(office, batches, count);
        for (uint32_t i = 0; i < count; i++) line_answered(&office->line, batches[i]);

        uint64_t now = office->surroundings.ticks_ns();
        if (now - published_ns < PUBLISH_EVERY_MS * 1000000ull) continue;
        publish_or_say(office);
        published_ns = now;
    }
    return NULL;
}

// --- Opening ---

static bool open_store(struct office *office, struct error *err)
{
    const struct office_surroundings *s = &office->surroundings;
    const char *directory = office->settings.directory;
    if (s->open_store != NULL)
        return s->open_store(s->open_store_context, &office->store, directory, err);
    return store_open_journal(&office->store, s->disk, directory, err);
}

static bool reopen_store(void *context, struct error *err)
{
    struct office *office = context;
    pthread_rwlock_wrlock(&office->store_lock);
    store_close(&office->store);
    bool opened = open_store(office, err);
    pthread_rwlock_unlock(&office->store_lock);
    return opened;
}

struct catching_up {
    struct office *office;
    struct arena *scratch;
    void (*told)(void *context, uint64_t position, uint64_t end);
    void *context;
    uint64_t end, appends;
};

// One append of the journal as the views see it: the whole file is folded, since a row is of all
// its facts. Files change seldom, so most appends are whole files.
static bool catch_up_append(void *context, const struct store_append *append, uint64_t next,
                            struct error *err)
{
    struct catching_up *c = context;
    struct office *office = c->office;
    size_t mark = c->scratch->used;
    struct file file;
    struct store_append *appends;
    uint32_t count;
    struct view_row row;
    if (append->file.at[0] == FILE_OF_OFFICE) {
        intake_row_of_own(append->file, append->first_seq + append->facts_count - 1,
                          append->position, &row);
    } else {
        if (!intake_load(&office->store, append->file, append->position, c->scratch, &file,
                         &appends, &count, err))
            return false;
        intake_row(&file, append->position, &row);
        if (!intake_audiences(&file, append->first_seq, *c->scratch, c->scratch, &row, err))
            return false;
    }
    if (!views_tell(office->views, &row, 1, next, err)) return false;
    arena_reset(c->scratch, mark);
    if (c->told != NULL && ++c->appends % 1024 == 0) c->told(c->context, next, c->end);
    return true;
}

static bool catch_up(struct office *office, void (*told)(void *, uint64_t, uint64_t), void *context,
                     struct error *err)
{
    struct store_seal seal;
    store_seal(&office->store, &seal);
    uint64_t from = views_position(office->views);
    if (from > seal.end) {
        // The views know what the journal does not: they are of another store.
        if (!views_drop(office->views, err)) return false;
        from = 0;
    }
    struct arena *scratch = &office->committer.intake.scratch;
    arena_reset(scratch, 0);
    struct arena reading;
    if (!arena_open(&reading, (size_t)64 * MIB, err)) return false;
    struct catching_up c = { office, scratch, told, context, seal.end, 0 };
    bool done = store_scan(&office->store, from, STORE_COMMITMENTS, &reading, catch_up_append, &c,
                           err);
    arena_close(&reading);
    return done && views_flush(office->views, err);
}

static bool catch_up_again(void *context, struct error *err)
{
    return catch_up(context, NULL, NULL, err);
}

static bool start_threads(struct office *office, struct error *err)
{
    for (uint32_t i = 0; i < office->workers_count; i++) {
        struct worker *worker = &office->workers[i];
        worker->office = office;
        if (!intake_open(&worker->intake, &office->surroundings, &office->store,
                         &office->store_lock, office->views, office->settings.timings, err))
            return false;
        worker->intake.simulated = pen_is_simulated(&office->pen);
        if (pthread_create(&worker->thread, NULL, work, worker) != 0)
            return error_set(err, ERROR_UNAVAILABLE, "could not start a worker's thread");
        worker->running = true;
    }
    if (pthread_create(&office->committer_thread, NULL, commit, office) != 0)
        return error_set(err, ERROR_UNAVAILABLE, "could not start the committing thread");
    office->committing = true;
    return true;
}

static bool open_views(struct office *office, struct error *err)
{
    char path[600];
    snprintf(path, sizeof(path), "%s/views.sqlite", office->settings.directory);
    return views_open(&office->views, path, err);
}

static bool open_papers(struct office *office, struct error *err)
{
    char path[600];
    snprintf(path, sizeof(path), "%s/papers", office->settings.directory);
    return papers_open(&office->papers, office->surroundings.disk, path, err);
}

static bool open_parts(struct office *office, struct error *err)
{
    struct office_settings *settings = &office->settings;
    const struct office_surroundings *surroundings = &office->surroundings;
    if (!open_store(office, err)) return false;
    if (!lot_key_open(settings->directory, surroundings->random, office->books.lot_key, err))
        return false;
    if (!open_views(office, err) || !open_papers(office, err)) return false;

    struct committer *committer = &office->committer;
    *committer = (struct committer){ .surroundings = surroundings, .store = &office->store,
        .views = office->views, .pen = &office->pen, .reopen = reopen_store,
        .catch_up = catch_up_again, .office = office,
        .timings = settings->timings };
    if (!intake_open(&committer->intake, surroundings, &office->store, &office->store_lock,
                     office->views, settings->timings, err))
        return false;
    if (!committer_open(committer, err)) return false;
    if (!pen_open(&office->pen, settings, surroundings, &office->store, err)) return false;
    if (!catch_up(office, NULL, NULL, err)) return false;
    committer->intake.simulated = pen_is_simulated(&office->pen);
    if (!rule_sets_open(&office->rules, office, surroundings, err)) return false;
    office->line_opened = true;
    return line_open(&office->line, err) && start_threads(office, err) &&
           rule_sets_note_books(office->rules, err);
}

bool office_open(struct office **opened, const struct office_settings *settings,
                 const struct office_surroundings *surroundings, struct error *err)
{
    assert(settings->directory != NULL);
    assert(surroundings->books != NULL);
    if (strlen(settings->directory) > OFFICE_PATH_MAX)
        return error_set(err, ERROR_TOO_LARGE, "the store's path has %zu bytes, and at most %d go",
                         strlen(settings->directory), OFFICE_PATH_MAX);

    struct office *office = calloc(1, sizeof(*office));
    if (office == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the office");
    office->settings = *settings;
    office->surroundings = *surroundings;
    office->books = *surroundings->books;
    office->surroundings.books = &office->books;
    if (office->surroundings.disk == NULL) office->surroundings.disk = disk_real();
    pthread_mutex_init(&office->publishing, NULL);
    pthread_rwlock_init(&office->store_lock, NULL);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    office->workers_count = settings->workers > 0 ? settings->workers : (uint32_t)processors;
    if (office->workers_count > WORKERS_MAX) office->workers_count = WORKERS_MAX;

    if (open_parts(office, err)) {
        *opened = office;
        return true;
    }
    struct error ignored; // the first error is the one to tell
    bool closed = office_close(office, &ignored);
    (void)closed;
    return false;
}

bool office_close(struct office *office, struct error *err)
{
    if (office == NULL) return true;
    if (office->line_opened) {
        if (office->committing) line_drain(&office->line);
        pthread_mutex_lock(&office->line.lock);
        office->line.closing = true;
        pthread_cond_broadcast(&office->line.changed);
        pthread_mutex_unlock(&office->line.lock);
    }
    for (uint32_t i = 0; i < office->workers_count; i++) {
        if (office->workers[i].running) pthread_join(office->workers[i].thread, NULL);
        intake_close(&office->workers[i].intake);
    }
    bool complete = true;
    if (office->committing) {
        pthread_join(office->committer_thread, NULL);
        complete = publish(office, true, err);
    }
    if (office->views != NULL) {
        struct error ignored; // the first error is the one to tell
        complete = views_flush(office->views, complete ? err : &ignored) && complete;
        views_close(office->views);
    }
    papers_close(office->papers);
    rule_sets_close(office->rules);
    pen_close(&office->pen);
    intake_close(&office->committer.intake);
    committer_close(&office->committer);
    if (office->line_opened) line_close(&office->line);
    store_close(&office->store);
    pthread_mutex_destroy(&office->publishing);
    pthread_rwlock_destroy(&office->store_lock);
    free(office);
    return complete;
}

// --- Sending ---

struct batch *office_batch(struct office *office)
{
    return line_take_free(&office->line);
}

void office_submit(struct office *office, struct batch *batch)
{
    assert(batch->done != NULL);
    line_submit(&office->line, batch);
}

void office_release(struct office *office, struct batch *batch)
{
    line_release(&office->line, batch);
}

void office_drain(struct office *office)
{
    line_drain(&office->line);
}

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
};

static void wake(struct batch *batch)
{
    struct waiting *waiting = batch->sender;
    pthread_mutex_lock(&waiting->lock);
    waiting->done = true;
    pthread_cond_signal(&waiting->answered);
    pthread_mutex_unlock(&waiting->lock);
}

static bool copy_answer(const struct answer *from, struct arena *arena, struct answer *answer)
{
    *answer = *from;
    if (!arena_copy(arena, from->file, &answer->file)) return false;
    if (!arena_copy(arena, from->findings, &answer->findings)) return false;
    answer->dropped.paths = arena_take(arena, from->dropped.count_max + 1, sizeof(struct span));
    if (answer->dropped.paths == NULL) return false;
    for (uint32_t i = 0; i < from->dropped.count_max; i++)
        if (!arena_copy(arena, from->dropped.paths[i], &answer->dropped.paths[i])) return false;
    return true;
}

bool office_send(struct office *office, const struct message *message, message_reader read,
                 const void *how, struct arena *arena, struct answer *answer, struct error *err)
{
    struct waiting waiting = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
    struct batch *batch = office_batch(office);
    *batch_add(batch) = *message;
    batch->read = read;
    batch->how = how;
    batch->sender = &waiting;
    batch->done = wake;
    office_submit(office, batch);

    pthread_mutex_lock(&waiting.lock);
    while (!waiting.done) pthread_cond_wait(&waiting.answered, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);

    bool copied = copy_answer(&batch->messages[0].answer, arena, answer);
    office_release(office, batch);
    return copied || error_set(err, ERROR_TOO_LARGE, "the answer does not fit into memory");
}

// --- Reading ---

bool office_file(struct office *office, struct span name, struct arena *arena, struct file *file,
                 struct store_append **appends, uint32_t *appends_count, struct error *err)
{
    struct view_row row;
    bool found;
    if (!views_find(office->views, name, arena, &row, &found, err)) return false;
    if (!found || row.state == FILE_EMPTY) {
        error_set(err, ERROR_NOT_FOUND, "there is no consignment '" SPAN_FMT "'", SPAN_ARG(name));
        return error_hint(err,
                          "Name it by the UCR that it was lodged with; 'queue' lists what waits.");
    }
    pthread_rwlock_rdlock(&office->store_lock);
    bool loaded = intake_load(&office->store, name, row.position, arena, file, appends,
                              appends_count, err);
    pthread_rwlock_unlock(&office->store_lock);
    return loaded;
}

bool office_file_at(struct office *office, uint64_t position, struct arena *arena,
                    struct file *file, struct store_append **appends, uint32_t *appends_count,
                    struct error *err)
{
    pthread_rwlock_rdlock(&office->store_lock);
    bool loaded = intake_load(&office->store, SPAN(""), position, arena, file, appends,
                              appends_count, err);
    pthread_rwlock_unlock(&office->store_lock);
    return loaded;
}

bool office_own(struct office *office, struct span name, struct arena *arena, struct fact **facts,
                uint32_t *count, struct error *err)
{
    struct view_row row;
    struct store_append *appends;
    uint32_t appends_count;
    void *room;
    bool found;
    *count = 0;
    if (!views_find(office->views, name, arena, &row, &found, err)) return false;
    if (!found) return true;
    pthread_rwlock_rdlock(&office->store_lock);
    bool loaded = store_load(&office->store, row.position, arena, &appends, &appends_count, err);
    pthread_rwlock_unlock(&office->store_lock);
    if (!loaded) return false;
    if (!arena_need(arena, row.facts_count, sizeof(struct fact), &room, "the file", err))
        return false;
    *facts = room;
    for (uint32_t a = 0; a < appends_count; a++)
        for (uint32_t f = 0; f < appends[a].facts_count && *count < row.facts_count; f++)
            if (!fact_read(appends[a].facts[f].json, arena, &(*facts)[(*count)++], err))
                return false;
    return true;
}

struct walk {
    bool (*each)(void *context, const struct store_append *append, uint64_t next);
    void *context;
    uint64_t end;
    bool ended;
};

static bool walk_on(void *context, const struct store_append *append, uint64_t next,
                    struct error *err)
{
    struct walk *walk = context;
    (void)err;
    walk->ended = next > walk->end || !walk->each(walk->context, append, next);
    return !walk->ended;
}

bool office_walk(struct office *office, uint64_t from, struct arena *scratch,
                 bool (*each)(void *context, const struct store_append *append, uint64_t next),
                 void *context, struct error *err)
{
    struct walk walk = { each, context, 0, false };
    pthread_mutex_lock(&office->publishing);
    walk.end = office->pen.last.end;
    pthread_mutex_unlock(&office->publishing);
    uint64_t seen = views_position(office->views);
    if (seen < walk.end) walk.end = seen;
    if (from >= walk.end) return true;
    pthread_rwlock_rdlock(&office->store_lock);
    bool walked = store_scan(&office->store, from, STORE_COMMITMENTS, scratch, walk_on, &walk,
                             err);
    pthread_rwlock_unlock(&office->store_lock);
    return walked || walk.ended;
}

bool office_append(struct office *office, uint64_t position, struct arena *arena,
                   struct store_append *append, struct error *err)
{
    pthread_rwlock_rdlock(&office->store_lock);
    bool read = store_read(&office->store, position, arena, append, err);
    pthread_rwlock_unlock(&office->store_lock);
    return read;
}

struct views *office_views(struct office *office) { return office->views; }
struct store *office_store(struct office *office) { return &office->store; }
struct papers *office_papers(struct office *office) { return office->papers; }
struct rule_sets *office_rules(struct office *office) { return office->rules; }
const struct books *office_books(struct office *office) { return &office->books; }

int64_t office_now(struct office *office)
{
    return office->surroundings.now_ms(office->surroundings.clock);
}

struct span office_log_key(struct office *office)
{
    return log_key_vkey(&office->pen.key);
}

bool office_is_simulated(const struct office *office)
{
    return pen_is_simulated(&office->pen);
}

const char *office_tiles(struct office *office) { return office->pen.directory; }

bool office_publish(struct office *office, struct error *err)
{
    return publish(office, false, err);
}

bool office_seal(struct office *office, struct arena *arena, struct store_seal *seal,
                 struct error *err)
{
    pthread_mutex_lock(&office->publishing);
    *seal = office->pen.last;
    bool copied = arena_copy(arena, seal->checkpoint, &seal->checkpoint);
    pthread_mutex_unlock(&office->publishing);
    return copied || error_set(err, ERROR_TOO_LARGE, "the checkpoint does not fit into memory");
}

bool office_rebuild(struct office *office, void (*told)(void *context, uint64_t, uint64_t),
                    void *context, uint64_t *files, struct error *err)
{
    line_drain(&office->line);
    if (!views_drop(office->views, err)) return false;
    if (!catch_up(office, told, context, err)) return false;

    uint64_t counts[FILE_STATE_COUNT];
    if (!views_count(office->views, counts, FILE_STATE_COUNT, err)) return false;
    *files = 0;
    for (int i = FILE_EMPTY + 1; i < FILE_STATE_COUNT; i++) *files += counts[i];
    return true;
}

struct sealed { struct tree tree; uint64_t end; };

// Each fact is one leaf of the ledger, in the order in which it is kept.
static bool add_to_tree(void *context, const struct store_append *append, uint64_t next,
                        struct error *err)
{
    struct sealed *sealed = context;
    struct tree *tree = &sealed->tree;
    if (next > sealed->end) return true; // kept, and not recorded apart yet
    if (append->first_leaf != tree->size)
        return error_set(err, ERROR_DAMAGED,
                         "the journal keeps fact %llu of the ledger as fact %llu",
                         (unsigned long long)tree->size, (unsigned long long)append->first_leaf);
    for (uint32_t i = 0; i < append->facts_count; i++)
        tree_add(tree, tree_leaf(sha256_span(&append->facts[i].commitment)));
    return true;
}

static bool check_tree(struct office *office, struct arena *scratch, struct error *err)
{
    const struct store_seal *last = &office->pen.last;
    struct sealed sealed = { .end = last->end };
    if (!store_scan(&office->store, 0, STORE_COMMITMENTS, scratch, add_to_tree, &sealed, err))
        return false;
    struct sha256 root = tree_root(&sealed.tree);
    bool same = sealed.tree.size == last->tree_size &&
                (last->batch == 0 || sha256_equal(root, last->root));
    return same || error_set(err, ERROR_DAMAGED,
                             "the journal's facts are not those that the last seal is of");
}

bool office_check(struct office *office, struct error *err)
{
    struct arena scratch;
    if (!arena_open(&scratch, (size_t)256 * MIB, err)) return false;
    pthread_mutex_lock(&office->publishing);
    bool sound = store_check(&office->store, &scratch, err) && check_tree(office, &scratch, err);
    pthread_mutex_unlock(&office->publishing);
    arena_close(&scratch);
    return sound;
}

void office_timings(struct office *office, uint64_t took_ns[STAGE_COUNT])
{
    static const enum stage of_step[] = { STAGE_CHECK, STAGE_VALUE, STAGE_DUTY, STAGE_RISK,
                                          STAGE_DECIDE };
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        took_ns[stage] = office->committer.took_ns[stage];
    for (uint32_t i = 0; i < office->workers_count; i++) {
        const struct intake *intake = &office->workers[i].intake;
        for (int stage = 0; stage < STAGE_COUNT; stage++) took_ns[stage] += intake->took_ns[stage];
        for (size_t step = 0; step < sizeof(of_step) / sizeof(of_step[0]); step++)
            took_ns[of_step[step]] += intake->steps_ns[step];
    }
}
