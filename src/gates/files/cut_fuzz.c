#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "gates/files/mapping.h"

// The first byte says which cutter, the second in how large pieces the rest is read.

enum { CUTS_MAX = 4096, WINDOW = 3000, LONGEST = 1500, ARENA = 4 * MIB };

struct seen {
    bool broken;
    struct span text;
};
struct cuts {
    uint32_t count;
    struct seen at[CUTS_MAX];
};

static struct mapping mapping;
static struct arena arena;

static struct cut cut_rows(struct cutter *cutter, struct span window, bool ended)
{
    return mapping_cut(&mapping, cutter, arena, window, ended);
}

typedef struct cut (*cut_function)(struct cutter *cutter, struct span window, bool ended);
static const cut_function functions[] = { cut_line, cut_json, cut_xml, cut_rows };

static void keep(struct cuts *cuts, bool broken, struct span text)
{
    if (cuts->count == CUTS_MAX) return;
    cuts->at[cuts->count++] = (struct seen){ broken, text };
}

static void check_cut(const struct cut *cut, const struct cutter *cutter, struct span window)
{
    assert(cut->begin <= cut->end && cut->end <= window.len);
    assert(cut->next >= cut->begin && cut->next <= window.len);
    assert(!cutter->begun);
    if (cut->kind == CUT_MESSAGE) assert(cut->end > cut->begin);
    else assert(cutter->err.kind == ERROR_SYNTAX && cutter->err.text[0] != '\0');
}

// Everything at once, or in pieces.
static void cut_all(cut_function cut_next, struct span text, size_t piece, struct cuts *cuts)
{
    struct cutter cutter = { 0 };
    size_t begin = 0, end = piece < text.len ? piece : text.len;
    for (size_t steps = 0;; steps++) {
        assert(steps < 8 * text.len + 64); // it goes on
        struct span window = { text.at + begin, end - begin };
        struct cut cut = cut_next(&cutter, window, end == text.len);
        if (cut.kind == CUT_END) return;
        if (cut.kind == CUT_MORE) {
            assert(end < text.len);
            assert(cutter.seen <= window.len && cutter.begin <= window.len);
            end += piece < text.len - end ? piece : text.len - end;
            continue;
        }
        check_cut(&cut, &cutter, window);
        struct span found = { window.at + cut.begin, cut.end - cut.begin };
        keep(cuts, cut.kind == CUT_BROKEN, cut.kind == CUT_BROKEN ? SPAN("") : found);
        begin += cut.next;
        cutter_pass(&cutter, cut.next);
    }
}

// As input.c does with a window that does not hold every message: those that are too long are
// passed.
static void cut_bounded(cut_function cut_next, struct span text, struct cuts *cuts)
{
    struct cutter cutter = { 0 };
    size_t begin = 0, end = WINDOW < text.len ? WINDOW : text.len;
    bool too_long = false;
    for (size_t steps = 0;; steps++) {
        assert(steps < 8 * text.len + 64);
        struct span window = { text.at + begin, end - begin };
        struct cut cut = cut_next(&cutter, window, end == text.len);
        if (cut.kind == CUT_END) return;
        size_t passed = cut.next;
        if (cut.kind == CUT_MORE) {
            passed = cutter.begun ? cutter.begin : cutter.seen;
            if (cutter.begun && window.len - passed > LONGEST) too_long = true;
            if (too_long) passed = cutter.seen;
            assert(passed > 0 || window.len < WINDOW);
        } else {
            struct span found = { window.at + cut.begin, cut.end - cut.begin };
            if (cut.kind == CUT_BROKEN) keep(cuts, true, SPAN(""));
            else if (!too_long && found.len <= LONGEST) keep(cuts, false, found);
            too_long = false;
        }
        begin += passed;
        cutter_pass(&cutter, passed);
        end = begin + WINDOW < text.len ? begin + WINDOW : text.len;
    }
}

static void same(const struct cuts *a, const struct cuts *b)
{
    assert(a->count == b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        assert(a->at[i].broken == b->at[i].broken);
        assert(a->at[i].text.len == b->at[i].text.len);
        if (!a->at[i].broken) assert(a->at[i].text.at == b->at[i].text.at);
    }
}

// Messages follow each other; only of rows may one begin in another, where they are in doubt.
static void in_order(const struct cuts *cuts, bool of_rows)
{
    const char *behind = NULL;
    for (uint32_t i = 0; i < cuts->count; i++) {
        if (cuts->at[i].broken) continue;
        assert(behind == NULL || of_rows || cuts->at[i].text.at >= behind);
        behind = cuts->at[i].text.at + cuts->at[i].text.len;
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct cuts whole, pieces, bounded;
    if (size < 2) return 0;
    if (arena.start == NULL) {
        if (!arena_open(&arena, ARENA, NULL)) abort();
        if (!mapping_open(&mapping, SPAN("g,v\n"), SPAN("ucr={g}\ngroup={g}"), "m", &arena, NULL))
            abort();
    }
    bool of_rows = data[0] % 4 == 3;
    cut_function cut_next = functions[data[0] % 4];
    struct span text = { (const char *)data + 2, size - 2 };
    whole.count = pieces.count = bounded.count = 0;
    cut_all(cut_next, text, text.len, &whole);
    cut_all(cut_next, text, data[1] % 32 + 1, &pieces);
    same(&whole, &pieces);
    in_order(&whole, of_rows);
    if (of_rows || whole.count == CUTS_MAX) return 0;

    cut_bounded(cut_next, text, &bounded);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < whole.count; i++)
        if (whole.at[i].broken || whole.at[i].text.len <= LONGEST) whole.at[kept++] = whole.at[i];
    whole.count = kept;
    same(&whole, &bounded);
    return 0;
}
