// Reads the journal for all hooks together: from the least place that one of them is at, a bounded
// number of appends at a time. An event goes into the queues of those whose it is; where a queue is
// full it is only counted, and read once more when there is room.
#include "gates/http/hooks_inside.h"

enum { WALK_APPENDS_MAX = 4096 };

struct walk {
    struct hooks *hooks;
    struct arena *arena;
    uint64_t at;                 // where the walk is: the end of the append before
    uint32_t appends;
    bool more;
};

// --- Whose is it ---------------------------------------------------------------------------------

static uint64_t end_of(const struct store_append *append)
{
    return append->first_leaf + append->facts_count;
}

// Does the hook come to this append now, either way? A place that a replay moved back meanwhile
// does not: what stands between would be passed over.
static bool comes_to(const struct hook_place *place, const struct store_append *append)
{
    return place->size < end_of(append) && place->size >= append->first_leaf;
}

static bool anybody_comes(struct hooks *hooks, const struct store_append *append)
{
    bool comes = false;
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count && !comes; i++) {
        const struct hook *hook = hooks->list[i];
        comes = !hook->stopped && !hook->ended && (comes_to(&hook->taken, append) ||
                                                   comes_to(&hook->counted, append));
    }
    pthread_mutex_unlock(&hooks->lock);
    return comes;
}

// Empty: it is nobody's that has a hook.
static bool find_declarant(struct walk *walk, struct span file, struct span *declarant)
{
    struct view_row row;
    struct error err;
    bool found;
    arena_reset(walk->arena, 0);
    *declarant = SPAN("");
    if (file.len > 0 && file.at[0] == FILE_OF_OFFICE) return true;
    if (!views_find(office_views(walk->hooks->settings.office), file, walk->arena, &row, &found,
                    &err))
        return false;
    if (found) *declarant = row.declarant;
    return true;
}

// --- One hook and one append ---------------------------------------------------------------------

static void move(struct hook_place *place, uint64_t size, uint64_t next)
{
    if (place->size < size) place->size = size;
    if (place->position < next) place->position = next;
}

// A position that was kept and is not where it was: what follows on it is not what should.
static void mend(const struct walk *walk, struct hook_place *place,
                 const struct store_append *append)
{
    bool follows = place->position >= walk->at && place->position <= append->position;
    if (follows && place->size < append->first_leaf) place->position = 0;
}

static void push(struct hook *hook, const struct store_append *append)
{
    hook->queue[(hook->first + hook->count++) % HOOK_QUEUE_MAX] =
        (struct hook_event){ append->first_leaf, end_of(append), append->position };
}

static void show(struct hook *hook, const struct store_append *append, uint64_t next, bool is_its)
{
    uint64_t end = end_of(append);
    bool takes = comes_to(&hook->taken, append);
    bool counts = comes_to(&hook->counted, append);
    if (takes && is_its && (hook->behind || hook->count == HOOK_QUEUE_MAX)) {
        hook->behind = true;
        takes = false;
    }
    if (takes && is_its) push(hook, append);
    if (takes && is_its && !counts) hook->beyond--; // it was counted before
    if (!takes && counts && is_its) hook->beyond++;
    if (takes || hook->taken.size >= end) move(&hook->taken, end, next);
    if (counts || hook->counted.size >= end) move(&hook->counted, end, next);
}

static bool each(void *context, const struct store_append *append, uint64_t next)
{
    struct walk *walk = context;
    struct hooks *hooks = walk->hooks;
    struct span declarant = SPAN("");
    if (anybody_comes(hooks, append) && !find_declarant(walk, append->file, &declarant))
        return false;
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count; i++) {
        struct hook *hook = hooks->list[i];
        if (hook->stopped || hook->ended) continue;
        mend(walk, &hook->taken, append);
        mend(walk, &hook->counted, append);
        show(hook, append, next, declarant.len > 0 && span_equal(hook->organisation, declarant));
    }
    pthread_mutex_unlock(&hooks->lock);
    walk->at = next;
    walk->more = ++walk->appends == WALK_APPENDS_MAX;
    return !walk->more && !hooks->ending;
}

// --- From where ----------------------------------------------------------------------------------

// A queue is filled again when half of it is gone, not for each event. UINT64_MAX: nobody wants
// anything.
static uint64_t least_position(struct hooks *hooks, bool news)
{
    uint64_t least = UINT64_MAX;
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count; i++) {
        struct hook *hook = hooks->list[i];
        if (hook->stopped || hook->ended) continue;
        bool refills = hook->taken.size < hook->counted.size && hook->count <= HOOK_QUEUE_MAX / 2;
        uint64_t position = refills ? hook->taken.position : hook->counted.position;
        hook->behind = false;
        if ((news || refills) && position < least) least = position;
    }
    pthread_mutex_unlock(&hooks->lock);
    return least;
}

// A position that is in the middle of something: all is read again from the beginning.
static void begin_anew(struct hooks *hooks)
{
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count; i++) {
        hooks->list[i]->taken.position = 0;
        hooks->list[i]->counted.position = 0;
    }
    pthread_mutex_unlock(&hooks->lock);
}

bool hooks_walk(struct hooks *hooks, bool news)
{
    struct error err;
    uint64_t from = least_position(hooks, news);
    struct walk walk = { .hooks = hooks, .arena = &hooks->arena, .at = from };
    if (from == UINT64_MAX) return false;
    bool walked = office_walk(hooks->settings.office, from, &hooks->scratch, each, &walk, &err);
    if (!walked && err.kind == ERROR_DAMAGED && from > 0) begin_anew(hooks);
    return walk.more;
}
