#include "office/rule_sets.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"

// Reserved; what a few rules need of it is touched.
enum { BOOK_ARENA_SIZE = 256 * MIB, CHANGE_ARENA_SIZE = 256 * MIB };

// The book of the desk, for all sets that were made from it.
struct ruled {
    struct rulebook book;
    struct arena arena;
    uint32_t held;
};

struct rule_sets {
    struct office *office;
    const struct office_surroundings *surroundings;
    pthread_mutex_t changing;        // held while something changes
    pthread_mutex_t lock;            // of what is below, and of `held`
    struct rule_set *now;
};

static int64_t now_of(const struct rule_sets *sets)
{
    return sets->surroundings->now_ms(sets->surroundings->clock);
}

// --- Books and sets, as pieces of memory ---------------------------------------------------------

static void ruled_let_go(struct ruled *ruled)
{
    if (ruled == NULL || --ruled->held > 0) return;
    arena_close(&ruled->arena);
    free(ruled);
}

static void set_let_go(struct rule_set *set)
{
    if (set == NULL || --set->held > 0) return;
    ruled_let_go(set->ruled);
    arena_close(&set->arena);
    free(set);
}

static bool read_facts(struct rule_sets *sets, struct ruled *ruled, struct arena *scratch,
                       struct error *err)
{
    struct fact *facts = NULL;
    uint32_t count;
    if (!rulebook_open(&ruled->book, &ruled->arena, err) ||
        !office_own(sets->office, RULES_FILE, scratch, &facts, &count, err))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!rulebook_add(&ruled->book, &facts[i], &ruled->arena, err)) return false;
    rulebook_invariants(&ruled->book);
    return true;
}

// The book as the store has it.
static bool ruled_read(struct rule_sets *sets, struct arena *scratch, struct ruled **read,
                       struct error *err)
{
    struct ruled *ruled = calloc(1, sizeof(*ruled));
    if (ruled == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the rules");
    ruled->held = 1;
    *read = ruled;
    if (arena_open(&ruled->arena, BOOK_ARENA_SIZE, err) && read_facts(sets, ruled, scratch, err))
        return true;
    ruled_let_go(ruled);
    return false;
}

static struct span books_text(const struct risk_rules *rules)
{
    return rules != NULL ? rules->text : SPAN("");
}

// Places in the text of all rules together say nothing to who wrote one of them.
static bool do_not_go_together(const struct error *why, struct error *err)
{
    error_set(err, ERROR_CONFLICT, "the rules of the books and of the desk do not go together: %s",
              why->text);
    return error_hint(err, "%s", why->hint);
}

static bool read_rules(struct rule_set *set, const struct books *books, int64_t now_ms,
                       struct error *err)
{
    struct span text;
    struct error why;
    struct rulebook book = set->ruled->book;
    book.books = books->risk_rules; // those that are open, whatever the book knew
    if (!rulebook_in_force(&book, now_ms, &set->arena, &text, &set->ends_ms, err)) return false;
    if (span_equal(text, books_text(books->risk_rules))) return true; // nothing is on
    return risk_rules_read(text, &set->arena, &set->books.risk_rules, &why) ||
           do_not_go_together(&why, err);
}

// The rules in force at a moment, by that book.
static bool set_make(struct rule_sets *sets, struct ruled *ruled, int64_t now_ms,
                     struct rule_set **made, struct error *err)
{
    const struct books *books = sets->surroundings->books;
    assert(ruled != NULL);
    struct rule_set *set = calloc(1, sizeof(*set));
    if (set == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the rules");
    *set = (struct rule_set){ .books = *books, .ruled = ruled, .book = &ruled->book, .held = 1 };
    ruled->held++;
    *made = set;
    if (arena_open(&set->arena, BOOK_ARENA_SIZE, err) && read_rules(set, books, now_ms, err))
        return true;
    set_let_go(set);
    return false;
}

// --- Opening -------------------------------------------------------------------------------------

static bool read_first(struct rule_sets *sets, struct error *err)
{
    struct arena scratch;
    struct ruled *ruled = NULL;
    if (!arena_open(&scratch, CHANGE_ARENA_SIZE, err)) return false;
    bool read = ruled_read(sets, &scratch, &ruled, err);
    arena_close(&scratch);
    if (!read) return false;
    bool made = set_make(sets, ruled, now_of(sets), &sets->now, err);
    ruled_let_go(ruled);
    if (!made) sets->now = NULL;
    return made;
}

bool rule_sets_open(struct rule_sets **opened, struct office *office,
                    const struct office_surroundings *surroundings, struct error *err)
{
    struct rule_sets *sets = calloc(1, sizeof(*sets));
    if (sets == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the rules");
    sets->office = office;
    sets->surroundings = surroundings;
    pthread_mutex_init(&sets->changing, NULL);
    pthread_mutex_init(&sets->lock, NULL);
    if (read_first(sets, err)) {
        *opened = sets;
        return true;
    }
    rule_sets_close(sets);
    return false;
}

void rule_sets_close(struct rule_sets *sets)
{
    if (sets == NULL) return;
    assert(sets->now == NULL || sets->now->held == 1);
    set_let_go(sets->now);
    pthread_mutex_destroy(&sets->changing);
    pthread_mutex_destroy(&sets->lock);
    free(sets);
}

// --- Taking --------------------------------------------------------------------------------------

// The last day of a rule is over. Without memory for the other set it goes on by this one, and the
// next who takes it tries again.
static void renew(struct rule_sets *sets, int64_t now_ms)
{
    struct error err;
    struct rule_set *next = NULL;
    if (now_ms < sets->now->ends_ms) return;
    if (!set_make(sets, sets->now->ruled, now_ms, &next, &err)) {
        sets->surroundings->log(sets->surroundings->log_context, "rules-failed", "%s", err.text);
        return;
    }
    set_let_go(sets->now);
    sets->now = next;
}

struct rule_set *rule_sets_take(struct rule_sets *sets)
{
    int64_t now_ms = now_of(sets);
    pthread_mutex_lock(&sets->lock);
    renew(sets, now_ms);
    struct rule_set *set = sets->now;
    assert(set != NULL);
    set->held++;
    pthread_mutex_unlock(&sets->lock);
    return set;
}

void rule_sets_let_go(struct rule_sets *sets, struct rule_set *set)
{
    pthread_mutex_lock(&sets->lock);
    set_let_go(set);
    pthread_mutex_unlock(&sets->lock);
}

// --- Changing ------------------------------------------------------------------------------------

// What somebody wants; nothing at all, to note the books.
struct wish {
    enum fact_kind kind;
    struct span who;
    const struct rule_written *written;
    const struct rule_switched *switched;
};

struct change {
    struct record records[2];
    uint32_t count, had;
};

// In front of what is to change stand the books' rules, where they are not known.
static bool add_books(struct rule_sets *sets, const struct rulebook *book, struct arena *scratch,
                  struct change *change, struct error *err)
{
    struct span text = books_text(sets->surroundings->books->risk_rules);
    *change = (struct change){ .had = book->facts_count };
    if (book->books != NULL && span_equal(book->books->text, text)) return true;
    struct record *record = &change->records[change->count++];
    *record = (struct record){ .kind = FACT_RULES_READ, .who = SPAN("office:rules") };
    return body_rules_read(text, scratch, &record->body, err);
}

static bool add_wish(const struct wish *wish, struct arena *scratch, struct change *change,
                     struct error *err)
{
    struct record *record = &change->records[change->count++];
    *record = (struct record){ .kind = wish->kind, .who = wish->who };
    switch (wish->kind) {
    case FACT_RULE_WRITTEN: return body_rule_written(wish->written, scratch, &record->body, err);
    case FACT_RULE_ON: return body_rule_on(wish->switched, scratch, &record->body, err);
    default: break;
    }
    assert(wish->kind == FACT_RULE_OFF);
    return body_rule_off(wish->switched, scratch, &record->body, err);
}

// Would the facts follow, and the rules in force go together?
static bool try_change(struct rule_sets *sets, struct ruled *ruled, const struct change *change,
                       struct error *err)
{
    struct rule_set *set = NULL;
    int64_t now_ms = now_of(sets);
    for (uint32_t i = 0; i < change->count; i++) {
        const struct record *record = &change->records[i];
        struct fact fact = { .kind = record->kind, .seq = ruled->book.facts_count + 1,
                             .at_ms = now_ms, .file = RULES_FILE, .who = record->who,
                             .body = record->body };
        if (!rulebook_add(&ruled->book, &fact, &ruled->arena, err)) return false;
    }
    if (!set_make(sets, ruled, now_ms, &set, err)) return false;
    set_let_go(set);
    return true;
}

static bool keep(struct rule_sets *sets, const struct change *change, struct arena *scratch,
                 struct error *err)
{
    struct answer answer;
    struct message message = { .kind = MESSAGE_OWN, .who = "office:rules", .file = RULES_FILE,
                               .records = change->records, .records_count = change->count,
                               .after = change->had };
    if (!office_send(sets->office, &message, NULL, NULL, scratch, &answer, err)) return false;
    if (answer.kind == ANSWER_LODGED) return true;
    *err = answer.err;
    return false;
}

// From now on sets are made by what the store has.
static bool follow(struct rule_sets *sets, struct arena *scratch, struct error *err)
{
    struct ruled *ruled = NULL;
    struct rule_set *set = NULL;
    if (!ruled_read(sets, scratch, &ruled, err)) return false;
    bool made = set_make(sets, ruled, now_of(sets), &set, err);
    ruled_let_go(ruled);
    if (!made) return false;
    pthread_mutex_lock(&sets->lock);
    set_let_go(sets->now);
    sets->now = set;
    pthread_mutex_unlock(&sets->lock);
    return true;
}

static bool add(struct rule_sets *sets, const struct wish *wish, struct arena *scratch,
                struct error *err)
{
    struct ruled *ruled = NULL;
    struct change change;
    if (!ruled_read(sets, scratch, &ruled, err)) return false;
    assert(ruled != NULL);
    bool fits = add_books(sets, &ruled->book, scratch, &change, err) &&
                (wish == NULL || add_wish(wish, scratch, &change, err)) &&
                try_change(sets, ruled, &change, err);
    ruled_let_go(ruled);
    if (!fits) return false;
    return change.count == 0 ||
           (keep(sets, &change, scratch, err) && follow(sets, scratch, err));
}

static bool change(struct rule_sets *sets, const struct wish *wish, struct error *err)
{
    struct arena scratch;
    if (!arena_open(&scratch, CHANGE_ARENA_SIZE, err)) return false;
    pthread_mutex_lock(&sets->changing);
    bool changed = add(sets, wish, &scratch, err);
    pthread_mutex_unlock(&sets->changing);
    arena_close(&scratch);
    return changed;
}

bool rule_sets_note_books(struct rule_sets *sets, struct error *err)
{
    return sets->now->book->facts_count == 0 || change(sets, NULL, err);
}

bool rule_sets_write(struct rule_sets *sets, struct span who, const struct rule_written *written,
                     struct error *err)
{
    struct wish wish = { FACT_RULE_WRITTEN, who, written, NULL };
    return change(sets, &wish, err);
}

bool rule_sets_switch_on(struct rule_sets *sets, struct span who,
                         const struct rule_switched *switched, struct error *err)
{
    struct wish wish = { FACT_RULE_ON, who, NULL, switched };
    return change(sets, &wish, err);
}

bool rule_sets_switch_off(struct rule_sets *sets, struct span who,
                          const struct rule_switched *switched, struct error *err)
{
    struct wish wish = { FACT_RULE_OFF, who, NULL, switched };
    return change(sets, &wish, err);
}
