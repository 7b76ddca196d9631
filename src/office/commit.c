#include "office/commit.h"

#include <assert.h>
#include <stdlib.h>

// A commit is these stages in order. What a crash in each would mean:
//
//   order     which works still fit their files            nothing was kept
//   sign      the tree with their leaves, signed           nothing was kept; the tree goes back
//   keep      journal records and the seal, one sync       whole or not at all: the journal says
//   record    the seal's size and root, apart              kept; the next start records it
//   tell      the views' rows                              kept; the views catch up at start
//   publish   tiles                                        kept; published at start
//
// Then, and only then, the answers go out.

struct entry {                       // one work that is to be kept, with its message
    struct batch *batch;
    struct message *message;
    struct work *work;
};

enum { SEEN_SLOTS = 4096 };          // four times what a commit can hold
_Static_assert(SEEN_SLOTS >= 4 * BATCH_COUNT_MAX, "names of a commit rarely meet");

struct entries { struct entry at[BATCH_COUNT_MAX]; uint32_t count; };

struct commit {
    struct committer *committer;
    struct entry kept[BATCH_COUNT_MAX];
    uint32_t kept_count;
    struct entries late, later;      // to be done again; what of those has to wait once more
    uint64_t seen[SEEN_SLOTS];       // keys of files and references that this commit touches
    struct store_append appends[BATCH_COUNT_MAX];
    struct view_row rows[BATCH_COUNT_MAX];
    struct store_seal seal;
};

static uint64_t now_ns(const struct committer *committer)
{
    return committer->timings ? committer->surroundings->ticks_ns() : 0;
}

static void took(struct committer *committer, enum stage stage, uint64_t since_ns)
{
    if (committer->timings)
        committer->took_ns[stage] += committer->surroundings->ticks_ns() - since_ns;
}

static void refuse(const struct entry *entry, enum answer_kind kind, const struct error *err)
{
    entry->work->keep = false;
    entry->message->answer.kind = kind;
    entry->message->answer.err = *err;
}

static void refuse_all(struct commit *commit, const struct error *err)
{
    for (uint32_t i = 0; i < commit->kept_count; i++)
        refuse(&commit->kept[i], ANSWER_UNAVAILABLE, err);
    commit->kept_count = 0;
}

// --- order ---

// Where the key stands in the table, or would.
static uint64_t *place_of(struct commit *commit, uint64_t key)
{
    uint32_t slot = (uint32_t)key % SEEN_SLOTS;
    while (commit->seen[slot] != 0 && commit->seen[slot] != key) slot = (slot + 1) % SEEN_SLOTS;
    return &commit->seen[slot];
}

// The reference that the work would take for its file; 0: none.
static uint64_t reference_of(const struct work *work)
{
    bool declares = work->first_kind == FACT_DECLARED || work->first_kind == FACT_AMENDED;
    return work->keep && declares ? work->row.reference_key : 0;
}

// Has an earlier message of this commit to do with the file or the reference? 0 is no key.
static bool is_seen(struct commit *commit, const struct work *work)
{
    uint64_t reference = reference_of(work);
    return *place_of(commit, work->name_key) != 0 ||
           (reference != 0 && *place_of(commit, reference) != 0);
}

static void see(struct commit *commit, const struct work *work)
{
    uint64_t reference = reference_of(work);
    *place_of(commit, work->name_key) = work->name_key;
    if (reference != 0) *place_of(commit, reference) = reference;
}

static void put_off(struct commit *commit, struct entries *entries, struct entry entry)
{
    see(commit, entry.work);
    assert(entries->count < BATCH_COUNT_MAX);
    entries->at[entries->count++] = entry;
}

// A declarant's own reference names one consignment (rule R-701).
static bool reference_is_free(struct committer *committer, const struct entry *entry)
{
    struct error err;
    struct span file;
    bool found;
    const struct view_row *row = &entry->work->row;
    if (reference_of(entry->work) == 0) return true;

    arena_reset(&committer->intake.scratch, 0);
    if (!views_find_reference(committer->views, row->reference_key, &committer->intake.scratch,
                              &file, &found, &err)) {
        refuse(entry, ANSWER_UNAVAILABLE, &err);
        return false;
    }
    if (!found || span_equal(file, row->file)) return true;
    error_set(&err, ERROR_CONFLICT, "the declarant's reference '" SPAN_FMT
              "' is that of consignment '" SPAN_FMT "'", SPAN_ARG(row->functional_reference),
              SPAN_ARG(file));
    error_hint(&err, "Give each consignment a functional reference of its own (rule R-701).");
    refuse(entry, ANSWER_CONFLICT, &err);
    return false;
}

// How many facts the file has now; false when the views cannot say.
static bool facts_now(struct committer *committer, const struct entry *entry, uint32_t *facts)
{
    struct error err;
    struct view_row row;
    bool found;
    arena_reset(&committer->intake.scratch, 0);
    if (!views_find(committer->views, entry->message->answer.file, &committer->intake.scratch,
                    &row, &found, &err)) {
        refuse(entry, ANSWER_UNAVAILABLE, &err);
        return false;
    }
    *facts = found ? row.facts_count : 0;
    return true;
}

// Sorts one message: into this commit, or late, to be done again after it, when its file has
// changed since the worker looked. An answer that needs no commit may be another by now, too.
static void order_entry(struct commit *commit, struct entries *late, struct entry entry)
{
    uint32_t facts;
    if (!facts_now(commit->committer, &entry, &facts)) return;
    if (is_seen(commit, entry.work) || facts != entry.work->expected) {
        put_off(commit, late, entry);
        return;
    }
    if (!entry.work->keep || !reference_is_free(commit->committer, &entry)) return;
    see(commit, entry.work);
    commit->kept[commit->kept_count++] = entry;
}

// Is there something to order: facts to keep, or an answer that the file's state gave?
static bool has_order(const struct entry *entry)
{
    enum answer_kind kind = entry->message->answer.kind;
    bool by_state = kind == ANSWER_REPEATED || kind == ANSWER_CONFLICT;
    return entry->work->keep || (by_state && entry->work->name_key != 0);
}

// --- sign ---

static bool sign(struct commit *commit, struct error *err)
{
    struct pen *pen = commit->committer->pen;
    for (uint32_t i = 0; i < commit->kept_count; i++) {
        struct work *work = commit->kept[i].work;
        work->append.first_leaf = pen->tree.size;
        pen_add(pen, work->leaves, work->append.facts_count);
        commit->appends[i] = work->append;
    }
    return pen_sign(pen, &commit->seal, err);
}

// --- keep ---

struct finding_positions { struct commit *commit; uint32_t found; };

static bool take_position(void *context, const struct store_append *append, uint64_t next_position,
                          struct error *err)
{
    struct finding_positions *finding = context;
    (void)next_position;
    if (finding->found == finding->commit->kept_count)
        return error_set(err, ERROR_DAMAGED, "the store kept more than it was given");
    finding->commit->appends[finding->found++].position = append->position;
    return true;
}

static bool try_again(struct commit *commit, struct error *err)
{
    struct committer *committer = commit->committer;
    bool before_anything = false;
    bool kept = store_commit(committer->store, commit->appends, commit->kept_count, &commit->seal,
                             &before_anything, err);
    committer->unsure = !kept && !before_anything;
    return kept;
}

static bool read_positions(struct commit *commit, struct error *err)
{
    struct committer *committer = commit->committer;
    struct finding_positions finding = { commit, 0 };
    arena_reset(&committer->intake.scratch, 0);
    return store_scan(committer->store, committer->pen->last.end, STORE_COMMITMENTS,
                      &committer->intake.scratch, take_position, &finding, err);
}

// Nobody knows what the store kept: open it again and look. If it has the batch, its appends'
// positions are read back; if not, it is committed once more.
static bool look_again(struct commit *commit, struct error *err)
{
    struct committer *committer = commit->committer;
    struct store_seal found;
    if (!committer->reopen(committer->office, err)) return false;
    store_seal(committer->store, &found);
    if (found.batch == committer->pen->last.batch) return try_again(commit, err);
    if (!sha256_equal(found.root, commit->seal.root))
        return error_set(err, ERROR_DAMAGED, "the store kept another batch than it was given");
    committer->unsure = !read_positions(commit, err);
    return !committer->unsure;
}

static bool keep(struct commit *commit, struct error *err)
{
    struct committer *committer = commit->committer;
    bool before_anything = false;
    if (store_commit(committer->store, commit->appends, commit->kept_count, &commit->seal,
                     &before_anything, err))
        return true;
    committer->surroundings->log(committer->surroundings->log_context, "commit-failed", "%s",
                                 err->text);
    if (before_anything) return false;
    committer->unsure = true;
    return look_again(commit, err);
}

// A seal that is not recorded apart must not leave the house, and so neither may its answers. Who
// sends again is told that it was kept, once it is recorded.
static bool record(struct commit *commit, struct error *err)
{
    struct committer *committer = commit->committer;
    committer->unsure = true;
    if (!pen_kept(committer->pen, committer->store, err)) {
        committer->surroundings->log(committer->surroundings->log_context, "record-failed", "%s",
                                     err->text);
        return false;
    }
    committer->unsure = false;
    return true;
}

// --- tell ---

static bool tell(struct commit *commit, struct error *err)
{
    struct committer *committer = commit->committer;
    struct store_seal now;
    store_seal(committer->store, &now);
    for (uint32_t i = 0; i < commit->kept_count; i++) {
        commit->rows[i] = commit->kept[i].work->row;
        commit->rows[i].position = commit->appends[i].position;
    }
    return views_tell(committer->views, commit->rows, commit->kept_count, now.end, err);
}

static bool publish(struct commit *commit, struct error *err)
{
    struct pen *pen = commit->committer->pen;
    for (uint32_t i = 0; i < commit->kept_count; i++)
        if (!pen_tell(pen, &commit->appends[i], commit->kept[i].work->leaves, err)) return false;
    pen->told_to = pen->last.end;
    return true;
}

static void spread(const struct commit *commit)
{
    const struct office_surroundings *surroundings = commit->committer->surroundings;
    if (surroundings->news == NULL) return;
    for (uint32_t i = 0; i < commit->kept_count; i++) {
        const struct store_append *append = &commit->appends[i];
        surroundings->news(surroundings->news_context, &commit->rows[i],
                           append->first_leaf + append->facts_count,
                           commit->kept[i].work->first_kind);
    }
}

static void finish(struct commit *commit)
{
    struct committer *committer = commit->committer;
    const struct office_surroundings *surroundings = committer->surroundings;
    struct error err;
    uint64_t since = now_ns(committer);
    if (!tell(commit, &err)) {
        committer->unsure = true;
        surroundings->log(surroundings->log_context, "views-behind", "%s", err.text);
    }
    took(committer, STAGE_VIEWS, since);
    since = now_ns(committer);
    if (!publish(commit, &err))
        surroundings->log(surroundings->log_context, "tiles-behind", "%s", err.text);
    took(committer, STAGE_PUBLISH, since);
    spread(commit);
}

static void commit_entries(struct commit *commit)
{
    struct committer *committer = commit->committer;
    struct error err;
    if (commit->kept_count == 0) return;

    uint64_t since = now_ns(committer);
    bool done = sign(commit, &err);
    took(committer, STAGE_SEAL, since);
    since = now_ns(committer);
    done = done && keep(commit, &err) && record(commit, &err);
    took(committer, STAGE_STORE, since);
    if (done) {
        // From here on the answers stand, whatever else fails: views and tiles catch up.
        finish(commit);
    } else {
        pen_undo(committer->pen);
        refuse_all(commit, &err);
    }
}

// After a failure the store may hold a batch that was answered as not kept, and the views may not
// know what was kept. Nothing is committed before all three are at the same place again.
static bool make_sure(struct committer *committer, struct error *err)
{
    if (!committer->unsure) return true;
    if (!committer->reopen(committer->office, err)) return false;
    if (!pen_follow(committer->pen, committer->store, err)) return false;
    if (!committer->catch_up(committer->office, err)) return false;
    committer->unsure = false;
    return true;
}

static void begin_commit(struct commit *commit)
{
    memset(commit->seen, 0, sizeof(commit->seen));
    commit->kept_count = 0;
}

// From the beginning, now that nothing else changes the file.
static void do_again(struct commit *commit, struct entry entry)
{
    uint32_t late = commit->later.count;
    entry.message->answer = (struct answer){ 0 };
    intake_message(&commit->committer->intake, entry.batch, entry.message, entry.work,
                   &entry.batch->inside->arena);
    if (!has_order(&entry)) return;
    bool waits = is_seen(commit, entry.work);
    order_entry(commit, &commit->later, entry);
    if (commit->later.count == late || waits) return;

    struct error err;
    commit->later.count--;
    error_set(&err, ERROR_DAMAGED, "the views do not know all facts of '" SPAN_FMT "'",
              SPAN_ARG(entry.message->answer.file));
    error_hint(&err, "Make the views anew with 'rebuild'; the facts are kept.");
    refuse(&entry, ANSWER_UNAVAILABLE, &err);
}

// Messages whose files changed after the workers had looked, in their order: all those together
// that are about different files, then the rest.
static void commit_late(struct commit *commit)
{
    struct error err;
    begin_commit(commit);
    commit->later.count = 0;
    bool sure = make_sure(commit->committer, &err);
    for (uint32_t i = 0; i < commit->late.count; i++) {
        struct entry entry = commit->late.at[i];
        if (!sure) refuse(&entry, ANSWER_UNAVAILABLE, &err);
        else if (is_seen(commit, entry.work)) put_off(commit, &commit->later, entry);
        else do_again(commit, entry);
    }
    assert(commit->later.count < commit->late.count || commit->late.count == 0);
    commit_entries(commit);
    commit->late = commit->later;
}

static void refuse_batches(struct batch **batches, uint32_t count, const struct error *err)
{
    for (uint32_t b = 0; b < count; b++)
        for (uint32_t i = 0; i < batches[b]->messages_count; i++) {
            struct work *work = &batches[b]->inside->works[i];
            struct entry entry = { batches[b], &batches[b]->messages[i], work };
            if (work->keep) refuse(&entry, ANSWER_UNAVAILABLE, err);
        }
}

static void order(struct commit *commit, struct batch **batches, uint32_t count)
{
    uint64_t since = now_ns(commit->committer);
    begin_commit(commit);
    commit->late.count = 0;
    for (uint32_t b = 0; b < count; b++)
        for (uint32_t i = 0; i < batches[b]->messages_count; i++) {
            struct work *work = &batches[b]->inside->works[i];
            struct entry entry = { batches[b], &batches[b]->messages[i], work };
            if (has_order(&entry)) order_entry(commit, &commit->late, entry);
        }
    took(commit->committer, STAGE_VIEWS, since);
}

void commit_batches(struct committer *committer, struct batch **batches, uint32_t count)
{
    struct commit *commit = committer->commit;
    struct error err;
    commit->committer = committer;
    if (!make_sure(committer, &err)) {
        refuse_batches(batches, count, &err);
        return;
    }
    order(commit, batches, count);
    commit_entries(commit);
    while (commit->late.count > 0) commit_late(commit);
}

bool committer_open(struct committer *committer, struct error *err)
{
    committer->commit = calloc(1, sizeof(struct commit));
    return committer->commit != NULL ||
           error_set(err, ERROR_UNAVAILABLE, "no memory for the commits");
}

void committer_close(struct committer *committer)
{
    free(committer->commit);
}
