#include "tariff/dues.h"

#include <assert.h>

static const char *const standing_names[] = {
    [DUE_OWED] = "owed", [DUE_HIGHER] = "higher", [DUE_UNCLAIMED] = "unclaimed",
    [DUE_UNDOCUMENTED] = "undocumented", [DUE_OTHERS] = "others",
    [DUE_SATISFIED] = "satisfied", [DUE_FORBIDS] = "forbids",
};

const char *due_standing_name(enum due_standing standing)
{
    return standing_names[standing];
}

// What is worked out so far.
struct working {
    const struct book *book;
    const struct goods *goods;
    struct dues *dues;
    struct arena *arena;
    struct money duties;         // customs duties that are owed
    struct money others;         // all other dues but value added tax
};

// --- Who may have a measure ----------------------------------------------------------------------

static bool lays_down_the_rate(enum measure_kind kind)
{
    return kind == MEASURE_DUTY || kind == MEASURE_PREFERENCE || kind == MEASURE_QUOTA ||
           kind == MEASURE_SUSPENSION;
}

static bool shows(const struct goods *goods, struct span document)
{
    for (uint32_t i = 0; i < goods->documents_count; i++)
        if (span_equal(goods->documents[i], document)) return true;
    return false;
}

static enum due_standing standing_of(const struct book *book, const struct book_measure *m,
                                     const struct goods *goods)
{
    struct span document = book_text(book, m->document), quota = book_text(book, m->quota);
    struct span additional = book_text(book, m->additional);
    struct span regime = goods->regime.len > 0 ? goods->regime : SPAN("100");
    bool shown = document.len == 0 || shows(goods, document);
    if (additional.len > 0 && !span_equal(additional, goods->additional)) return DUE_OTHERS;
    if (m->kind == MEASURE_LICENCE || m->kind == MEASURE_PROHIBITION)
        return document.len > 0 && shown ? DUE_SATISFIED : DUE_FORBIDS;
    if (!span_starts_with(regime, span_of(m->regime))) return DUE_UNCLAIMED;
    if (quota.len > 0 && !span_equal(quota, goods->quota)) return DUE_UNCLAIMED;
    return shown ? DUE_OWED : DUE_UNDOCUMENTED;
}

// --- Which of several ----------------------------------------------------------------------------

// Measures come with the longest digits and the most particular origin first. An additional code
// that is the goods' own goes before none.
static bool is_weaker(const struct book *book, const struct due *a, const struct due *b)
{
    if (a->measure->digits != b->measure->digits) return a->measure->digits < b->measure->digits;
    bool own_a = book_text(book, a->measure->additional).len > 0;
    bool own_b = book_text(book, b->measure->additional).len > 0;
    if (own_a != own_b) return own_b;
    return false;
}

static struct due *same_place(struct dues *dues, const struct due *due)
{
    for (uint32_t i = 0; i < dues->count; i++) {
        struct due *other = &dues->at[i];
        if (other->measure->type == due->measure->type &&
            other->measure->kind == due->measure->kind &&
            other->standing == due->standing &&
            (due->standing == DUE_OWED ||
             (other->measure->quota == due->measure->quota &&
              other->measure->document == due->measure->document &&
              strcmp(other->measure->regime, due->measure->regime) == 0 &&
              other->measure->additional == due->measure->additional)))
            return other;
    }
    return NULL;
}

static void take(struct working *w, const struct book_measure *m)
{
    struct due due = { .measure = m, .type = &w->book->types[m->type],
                             .standing = standing_of(w->book, m, w->goods) };
    struct due *other = same_place(w->dues, &due);
    if (other != NULL) {
        if (is_weaker(w->book, other, &due)) *other = due;
    } else if (w->dues->count < DUES_MAX) {
        w->dues->at[w->dues->count++] = due;
    }
}

// --- Amounts -------------------------------------------------------------------------------------

static bool base_of(const struct working *w, const struct due *due, struct money *base,
                    struct error *err)
{
    *base = w->goods->value;
    if (due->type->base == MEASURE_BASE_VALUE) return true;
    if (!money_add(*base, w->duties, base, err)) return false;
    return due->type->base == MEASURE_BASE_DUTIES ||
           (money_add(*base, w->others, base, err) &&
            money_add(*base, w->goods->inland, base, err));
}

static bool evaluate(const struct working *w, struct due *due, struct error *err)
{
    const struct goods *g = w->goods;
    struct span formula = book_text(w->book, due->measure->formula);
    if (formula.len == 0) return true;
    if (!base_of(w, due, &due->base, err)) return false;
    struct expression_question question = {
        .value = due->base, .value_given = true, .day = g->day,
        .quantities = g->quantities, .quantities_count = g->quantities_count,
        .parts = g->parts, .parts_count = g->parts_count,
        .parameters = g->parameters, .parameters_count = g->parameters_count,
        .rates = g->rates,
    };
    due->result = arena_take_raw(w->arena, 1, sizeof(struct expression_result));
    if (due->result == NULL)
        return error_set(err, ERROR_TOO_LARGE, "what is owed does not fit into memory");
    return expression_evaluate(formula, &question, due->result, err);
}

static bool is_known(const struct due *due)
{
    return due->result != NULL && due->result->verdict == VERDICT_OWED;
}

// Of those that lay down the rate of a type the lowest that is known stays owed; one that is not
// known is owed only where there is no other.
static void choose(struct due *dues, uint32_t count)
{
    struct due *best = NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct due *c = &dues[i];
        if (c->standing != DUE_OWED || !lays_down_the_rate(c->measure->kind)) continue;
        bool lower = best == NULL || (is_known(c) && !is_known(best)) ||
                     (is_known(c) && c->result->total.minor < best->result->total.minor);
        struct due *loser = lower ? best : c;
        if (loser != NULL) loser->standing = DUE_HIGHER;
        if (lower) best = c;
    }
}

static bool count_in(struct working *w, const struct due *due, struct error *err)
{
    struct dues *dues = w->dues;
    if (due->standing == DUE_FORBIDS) dues->forbidden = true;
    if (due->standing != DUE_OWED) return true;
    if (!is_known(due)) {
        dues->known = false;
        return true;
    }
    struct money *sum = due->type->base == MEASURE_BASE_VALUE ? &w->duties : &w->others;
    if (due->type->base != MEASURE_BASE_ALL &&
        !money_add(*sum, due->result->total, sum, err))
        return false;
    return money_add(dues->total, due->result->total, &dues->total, err);
}

// All dues of one type; they stand together.
static bool work_out_type(struct working *w, struct due *first, uint32_t count,
                          struct error *err)
{
    for (uint32_t i = 0; i < count; i++)
        if (!evaluate(w, &first[i], err)) return false;
    choose(first, count);
    for (uint32_t i = 0; i < count; i++)
        if (!count_in(w, &first[i], err)) return false;
    for (uint32_t i = 1; i < count; i++) { // what is owed stands first
        struct due moved = first[i];
        uint32_t at = i;
        for (; at > 0 && moved.standing == DUE_OWED && first[at - 1].standing != DUE_OWED;
             at--)
            first[at] = first[at - 1];
        first[at] = moved;
    }
    return true;
}

bool dues_work_out(const struct book *book, const struct goods *goods, struct arena *arena,
                      struct dues *dues, struct error *err)
{
    const struct book_measure *found[BOOK_FOUND_MAX];
    struct book_question question = { goods->code, goods->origin, goods->day };
    struct working w = { .book = book, .goods = goods, .dues = dues,
                         .arena = arena };
    void *room;
    assert(strcmp(goods->value.currency, book->head->currency) == 0);
    if (!arena_need(arena, DUES_MAX, sizeof(struct due), &room, "what is owed", err))
        return false;
    *dues = (struct dues){ .at = room, .known = true };
    memcpy(dues->total.currency, book->head->currency, sizeof(dues->total.currency));
    w.duties = w.others = dues->total;
    uint32_t count = book_measures(book, &question, found);
    for (uint32_t i = 0; i < count; i++) take(&w, found[i]);
    for (uint32_t i = 0, same; i < dues->count; i += same) {
        for (same = 1; i + same < dues->count &&
                       dues->at[i + same].type == dues->at[i].type;)
            same++;
        if (!work_out_type(&w, &dues->at[i], same, err)) return false;
    }
    for (uint32_t i = 0; i < dues->count; i++)
        if (dues->at[i].measure->kind == MEASURE_DUTY) dues->has_duty = true;
    dues->known = dues->known && dues->has_duty;
    return true;
}
