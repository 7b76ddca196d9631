#include "office/trial.h"

#include <assert.h>

#include "base/limits.h"
#include "clearance/risk/rulebook.h"
#include "office/intake.h"
#include "office/rule_sets.h"

enum { FILE_ARENA_SIZE = 192 * MIB, PAGE_ARENA_SIZE = 16 * MIB };

struct trying {
    struct office *office;
    const struct trial_asked *asked;
    const struct risk_rules *rules;
    struct arena file, page;             // one file's; one page's of rows
    struct arena *arena;                 // of what is shown
    struct trial *trial;
};

// --- One declaration -----------------------------------------------------------------------------

// The facts that were made of the latest version; NULL where there are none.
struct scoring { const struct fact *valued, *scored; };

static struct scoring scoring_of(const struct file *file)
{
    struct scoring found = { NULL, NULL };
    for (uint32_t i = 0; i < file->facts_count; i++) {
        const struct fact *fact = &file->facts[i];
        if (fact->kind == FACT_DECLARED || fact->kind == FACT_AMENDED)
            found = (struct scoring){ NULL, NULL };
        else if (fact->kind == FACT_VALUED) found.valued = fact;
        else if (fact->kind == FACT_SCORED) found.scored = fact;
    }
    return found;
}

// Those of the items, as the value step left them to the risk step.
static bool item_values(const struct file *file, const struct fact *fact, struct arena *arena,
                        struct money **values, struct error *err)
{
    struct valued valued;
    void *room;
    *values = NULL;
    if (fact == NULL) return true;
    if (!body_read_valued(fact->body, arena, &valued, err)) return false;
    if (valued.items_count != file->declaration.items.count) return true;
    if (!arena_need(arena, valued.items_count + (size_t)1, sizeof(struct money), &room,
                    "the value", err))
        return false;
    *values = room;
    for (uint32_t i = 0; i < valued.items_count; i++) (*values)[i] = valued.items[i].value;
    return true;
}

static bool count_hit(struct trying *t, const struct view_row *row, struct error *err)
{
    struct trial *trial = t->trial;
    trial->hits++;
    trial->stopped += row->channel != DECISION_RELEASE;
    trial->inspected += row->inspected;
    trial->found += row->found;
    if (memcmp(row->recovered.currency, trial->recovered.currency, 4) == 0 &&
        !money_add(trial->recovered, row->recovered, &trial->recovered, err))
        return false;
    if (trial->rows_count == RISK_TRIED_ROWS_MAX) return true;
    struct view_row *kept = &trial->rows[trial->rows_count++];
    *kept = *row;
    return intake_copy_row(kept, t->arena) ||
           error_set(err, ERROR_TOO_LARGE, "the rows do not fit into memory");
}

static bool try_one(struct trying *t, const struct view_row *row, struct error *err)
{
    struct file file;
    struct store_append *appends;
    uint32_t appends_count;
    arena_reset(&t->file, 0);
    if (!office_file(t->office, row->file, &t->file, &file, &appends, &appends_count, err))
        return false;
    struct scoring scoring = scoring_of(&file);
    struct clearance clearance = { .file = &file };
    if (scoring.scored == NULL) return true;
    if (!item_values(&file, scoring.valued, &t->file, &clearance.item_values, err)) return false;
    clearance.now_ms = scoring.scored->at_ms;
    t->trial->tried++;
    return !risk_rule_hits(t->rules, &t->rules->rules[0], &clearance) || count_hit(t, row, err);
}

// --- All -----------------------------------------------------------------------------------------

static bool is_enough(const struct trying *t)
{
    if (t->trial->tried == t->asked->last) return true;
    t->trial->ended_early = !t->asked->go_on(t->asked->context);
    return t->trial->ended_early;
}

static bool try_all(struct trying *t, struct error *err)
{
    static const struct views_query everything = { 0 };
    struct views_page page = { .more = true };
    char cursor[VIEWS_CURSOR_SIZE] = "";
    while (page.more && !is_enough(t)) {
        arena_reset(&t->page, 0);
        if (!views_search(office_views(t->office), &everything, span_of(cursor), VIEWS_PAGE_MAX,
                          &t->page, &page, err))
            return false;
        for (uint32_t i = 0; i < page.count; i++) {
            if (is_enough(t)) return true;
            if (!try_one(t, &page.rows[i], err)) return false;
        }
        memcpy(cursor, page.next, sizeof(cursor));
    }
    return true;
}

static bool begin(struct trying *t, struct error *err)
{
    void *rows;
    if (!desk_rule_read(t->asked->text, t->arena, &t->rules, err)) return false;
    if (!arena_need(t->arena, RISK_TRIED_ROWS_MAX, sizeof(struct view_row), &rows, "the rows", err))
        return false;
    struct rule_set *now = rule_sets_take(office_rules(t->office));
    *t->trial = (struct trial){ .name = t->rules->rules[0].name, .rows = rows };
    memcpy(t->trial->recovered.currency, now->books.currency, 4);
    rule_sets_let_go(office_rules(t->office), now);
    return arena_open(&t->file, FILE_ARENA_SIZE, err) && arena_open(&t->page, PAGE_ARENA_SIZE, err);
}

bool office_try(struct office *office, const struct trial_asked *asked, struct arena *arena,
                struct trial *trial, struct error *err)
{
    assert(asked->last > 0 && asked->last <= RISK_TRIED_MAX);
    struct trying t = { .office = office, .asked = asked, .arena = arena, .trial = trial };
    bool tried = begin(&t, err) && try_all(&t, err);
    arena_close(&t.file);
    arena_close(&t.page);
    return tried;
}
