#include <assert.h>
#include <stdlib.h>

#include "store/views_state.h"

// Tallies are gathered from the tail and the file, of one moment; those of the same name and day
// are then made one, whatever their currency.

struct gathered {
    struct tally tally;
    const struct gathered *next;
};

struct gathering {
    struct tally_range range;
    struct arena *arena;
    const struct gathered *first;
    uint32_t count;
};

static bool gather(struct gathering *all, const struct tally *tally)
{
    struct gathered *one = arena_take_raw(all->arena, 1, sizeof(*one));
    if (one == NULL) return false;
    one->tally = *tally;
    if (!arena_copy(all->arena, tally->key.name, &one->tally.key.name)) return false;
    one->next = all->first;
    all->first = one;
    all->count++;
    return true;
}

// Of the sheaves behind `serial`, which the file has. Under the lock.
static bool gather_tail(struct views *views, uint64_t serial, struct gathering *all)
{
    if (serial < views->written) serial = views->written;
    while (++serial <= views->begun) {
        const struct tallies *tallies = &sheaf_of(views, serial)->tallies;
        for (uint32_t i = 0; i < tallies->count; i++) {
            const struct tally_key *key = &tallies->at[i].key;
            if (key->kind == all->range.kind && key->day >= all->range.from &&
                key->day <= all->range.to && !gather(all, &tallies->at[i]))
                return false;
        }
    }
    return true;
}

static bool too_many(struct error *err)
{
    error_set(err, ERROR_TOO_LARGE, "no room for so many figures");
    return error_hint(err, "Ask for fewer days.");
}

static bool gather_all(struct views *views, struct reader *reader, struct gathering *all,
                       struct error *err)
{
    // The first step fixes the moment of the file that is read: under the lock, it is the tail's.
    struct tally tally;
    uint64_t serial;
    bool more = false;
    pthread_mutex_lock(&views->lock);
    bool done = reader_serial(reader, &serial, err);
    bool fits = !done || gather_tail(views, serial, all);
    pthread_mutex_unlock(&views->lock);
    done = done && fits && reader_tally(reader, &all->range, &tally, &more, err);
    while (done && more) {
        fits = gather(all, &tally);
        done = fits && reader_tally(reader, &all->range, &tally, &more, err);
    }
    return fits ? done : too_many(err);
}

static int compare(const void *one, const void *other)
{
    const struct gathered *const *a = one, *const *b = other;
    return tally_compare(&(*a)->tally.key, &(*b)->tally.key);
}

static void add(struct views_figures *figures, const struct tally *tally, struct span currency)
{
    for (int i = 0; i < COUNTS; i++) figures->counts[i] += tally->values[i];
    size_t len = strnlen(tally->key.currency, sizeof(tally->key.currency));
    if (!span_equal((struct span){ tally->key.currency, len }, currency)) return;
    figures->owed += tally->values[TALLY_OWED];
    figures->recovered += tally->values[TALLY_RECOVERED];
}

// Who has counted files; what is left of others was taken out again.
static bool counts_any(const struct views_figures *figures)
{
    return figures->counts[COUNT_LODGED] > 0;
}

static bool make_figures(struct gathering *all, struct span currency,
                         struct views_figures **figures, uint32_t *count, struct error *err)
{
    const struct gathered **sorted =
        arena_take_raw(all->arena, (size_t)all->count + 1, sizeof(void *));
    struct views_figures *made =
        arena_take_raw(all->arena, (size_t)all->count + 1, sizeof(*made)), *last = NULL;
    if (sorted == NULL || made == NULL) return too_many(err);
    uint32_t gathered = 0;
    for (const struct gathered *one = all->first; one != NULL; one = one->next)
        sorted[gathered++] = one;
    qsort(sorted, gathered, sizeof(void *), compare);
    *figures = last = made;
    for (uint32_t i = 0; i < gathered; i++) {
        const struct tally *tally = &sorted[i]->tally;
        bool same = i > 0 && last->day == tally->key.day && span_equal(last->name, tally->key.name);
        if (!same) {
            if (i > 0 && counts_any(last)) last++;
            *last = (struct views_figures){ .name = tally->key.name,
                                            .day = (int32_t)tally->key.day };
        }
        add(last, tally, currency);
    }
    *count = (uint32_t)(last - made) + (gathered > 0 && counts_any(last));
    return true;
}

static bool figures_of(struct views *views, struct tally_range range, struct span currency,
                       struct arena *arena, struct views_figures **figures, uint32_t *count,
                       struct error *err)
{
    struct gathering all = { .range = range, .arena = arena };
    struct reader *reader;
    if (!views_lend(views, NULL, &reader, err)) return false;
    struct error why = { 0 };
    bool done = reader_begin(reader, &why);
    if (done) {
        done = gather_all(views, reader, &all, &why) &&
               make_figures(&all, currency, figures, count, &why);
        reader_end(reader);
    }
    return views_return(views, reader, done, &why) || views_say(&why, err);
}

bool views_days(struct views *views, int32_t from, int32_t to, struct span currency,
                struct arena *arena, struct views_figures **figures, uint32_t *count,
                struct error *err)
{
    struct tally_range range = { TALLY_OFFICE, from, to };
    return figures_of(views, range, currency, arena, figures, count, err);
}

bool views_rules(struct views *views, struct span currency, struct arena *arena,
                 struct views_figures **figures, uint32_t *count, struct error *err)
{
    struct tally_range range = { TALLY_RULE, 0, 0 };
    return figures_of(views, range, currency, arena, figures, count, err);
}
