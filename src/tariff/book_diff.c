#include "tariff/book_diff.h"

#include <stdlib.h>

// A thing of a book, by what makes it the same in another one.
struct entry {
    struct span key;
    struct span says;            // what may have changed
    int32_t from;
    uint32_t index;
};

static int entry_compare(const void *a, const void *b)
{
    const struct entry *first = a, *second = b;
    int order = span_compare(first->key, second->key);
    if (order != 0) return order;
    return (first->from > second->from) - (first->from < second->from);
}

static void add_part(struct text *text, struct span part)
{
    text_add_char(text, '\x1f');
    text_add(text, part);
}

static void add_days(struct text *text, int32_t from, int32_t to)
{
    text_add_char(text, '\x1f');
    text_add_i64(text, from);
    text_add_char(text, '\x1f');
    text_add_i64(text, to);
}

static bool line_entry(const struct book *book, uint32_t index, struct arena *arena,
                       struct entry *entry)
{
    const struct book_line *line = &book->lines[index];
    char room[BOOK_CODE_DIGITS_MAX];
    struct text key = text_in(arena, 16);
    text_add(&key, book_code(line->key, line->digits, room));
    struct text says = text_in(arena, 128);
    for (uint32_t i = 0; i < book->head->languages; i++)
        add_part(&says, book_text(book, line->label[i]));
    add_part(&says, book_text(book, line->units));
    add_days(&says, line->from, line->to);
    *entry = (struct entry){ text_span(&key), text_span(&says), line->from, index };
    return !key.full && !says.full;
}

static bool measure_entry(const struct book *book, uint32_t index, struct arena *arena,
                          struct entry *entry)
{
    const struct book_measure *m = &book->measures[index];
    char room[BOOK_CODE_DIGITS_MAX], country[2];
    struct text key = text_in(arena, 64);
    text_add(&key, book_code(m->key, m->digits, room));
    add_part(&key, book_type_code(&book->types[m->type]));
    add_part(&key, span_of(measure_kind_name((enum measure_kind)m->kind)));
    add_part(&key, book_origin(book, m->origin, country));
    add_part(&key, span_of(m->regime));
    add_part(&key, book_text(book, m->excluded));
    add_part(&key, book_text(book, m->document));
    add_part(&key, book_text(book, m->additional));
    add_part(&key, book_text(book, m->quota));
    struct text says = text_in(arena, 32);
    text_add(&says, book_text(book, m->formula));
    if (m->formula == 0) text_add(&says, book_text(book, m->rate));
    add_days(&says, m->from, m->to);
    *entry = (struct entry){ text_span(&key), text_span(&says), m->from, index };
    return !key.full && !says.full;
}

struct entries {
    struct entry *at;
    uint32_t count;
};

static bool entries_of(const struct book *book, bool measures, struct arena *arena,
                       struct entries *entries, struct error *err)
{
    void *room;
    entries->count = measures ? book->measures_count : book->lines_count;
    if (!arena_need(arena, entries->count + (size_t)1, sizeof(struct entry), &room, "the books",
                    err))
        return false;
    entries->at = room;
    for (uint32_t i = 0; i < entries->count; i++) {
        bool made = measures ? measure_entry(book, i, arena, &entries->at[i])
                             : line_entry(book, i, arena, &entries->at[i]);
        if (!made) return error_set(err, ERROR_TOO_LARGE, "the books are too large");
    }
    if (entries->count > 0)
        qsort(entries->at, entries->count, sizeof(struct entry), entry_compare);
    return true;
}

struct telling {
    const struct book *before, *after;
    bool measures;
    void (*tell)(void *context, const struct book_difference *difference);
    void *context;
};

static void tell(const struct telling *t, enum book_change change, const struct entry *before,
                 const struct entry *after)
{
    struct book_difference d = { .change = change };
    if (t->measures) {
        if (before != NULL) d.measure_before = &t->before->measures[before->index];
        if (after != NULL) d.measure_after = &t->after->measures[after->index];
    } else {
        if (before != NULL) d.line_before = &t->before->lines[before->index];
        if (after != NULL) d.line_after = &t->after->lines[after->index];
    }
    t->tell(t->context, &d);
}

static bool walk(const struct telling *t, struct arena *arena, struct error *err)
{
    struct entries before, after;
    if (!entries_of(t->before, t->measures, arena, &before, err) ||
        !entries_of(t->after, t->measures, arena, &after, err))
        return false;
    for (uint32_t i = 0, j = 0; i < before.count || j < after.count;) {
        int order = i == before.count ? 1 : j == after.count ? -1
                    : span_compare(before.at[i].key, after.at[j].key);
        if (order < 0) tell(t, BOOK_REMOVED, &before.at[i++], NULL);
        else if (order > 0) tell(t, BOOK_ADDED, NULL, &after.at[j++]);
        else {
            if (!span_equal(before.at[i].says, after.at[j].says))
                tell(t, BOOK_CHANGED, &before.at[i], &after.at[j]);
            i++, j++;
        }
    }
    return true;
}

bool book_diff(const struct book *before, const struct book *after, struct arena *arena,
               void (*tell_one)(void *context, const struct book_difference *difference),
               void *context, struct error *err)
{
    struct telling t = { before, after, false, tell_one, context };
    size_t mark = arena->used;
    bool walked = walk(&t, arena, err);
    arena_reset(arena, mark);
    t.measures = true;
    walked = walked && walk(&t, arena, err);
    arena_reset(arena, mark);
    return walked;
}
