// The text of a nomenclature.
//
// Properties: an error says what is wrong. Of what was read, on the first, middle and last day that
// any row names: every line in force is found by its code and is its own nearest; what stands above
// begins it; the walk over all codes meets each line in force once, in order, and so does the walk
// over the children of children; a search for a label's own words finds its line.
#include <assert.h>
#include <stdlib.h>

#include "tariff/nomenclature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool in_force(const struct nomenclature_line *line, struct date day)
{
    return (!line->from.given || line->from.days <= day.days) &&
           (!line->to.given || line->to.days >= day.days);
}

static bool has_words(struct span label)
{
    for (size_t i = 0; i < label.len; i++)
        if ((label.at[i] >= 'a' && label.at[i] <= 'z') || (unsigned char)label.at[i] >= 0x80)
            return true;
    return false;
}

static uint32_t walk_down(const struct nomenclature *n, const struct nomenclature_line *above,
                          struct date day)
{
    uint32_t count = 0;
    struct nomenclature_walk walk = nomenclature_children(n, above, day);
    for (const struct nomenclature_line *line; (line = nomenclature_next(&walk)) != NULL;) {
        assert(nomenclature_above(n, line, day) == above);
        assert(above == NULL || span_starts_with(line->code, above->code));
        count += 1 + walk_down(n, line, day); // at most as deep as a code has digits
    }
    return count;
}

static void ask(const struct nomenclature *n, struct date day)
{
    uint32_t current = 0, met = 0;
    for (uint32_t i = 0; i < n->lines_count; i++) {
        const struct nomenclature_line *line = &n->lines[i], *found[64];
        if (!in_force(line, day)) continue;
        current++;
        assert(nomenclature_find(n, line->code, day) == line);
        assert(nomenclature_nearest(n, line->code, day) == line);
        const struct nomenclature_line *path[NOMENCLATURE_DEPTH_MAX];
        uint32_t steps = nomenclature_path(n, line->code, day, path);
        assert(steps > 0 && path[steps - 1] == line && path[0]->code.len == 2);
        (void)nomenclature_section(n, line);
        assert(line->unit.len == 0 || span_equal(nomenclature_unit(n, line, day), line->unit));
        uint32_t count = i < 100 ? nomenclature_search(n, line->label, day, found, 64) : 0;
        bool own = i >= 100 || count == 64 || !has_words(line->label);
        for (uint32_t j = 0; j < count; j++) {
            own = own || found[j] == line;
            assert(in_force(found[j], day) && (j == 0 || found[j - 1] < found[j]));
        }
        assert(own);
    }
    const struct nomenclature_line *before = NULL;
    struct nomenclature_walk walk = nomenclature_all(n, NULL, day);
    for (const struct nomenclature_line *line; (line = nomenclature_next(&walk)) != NULL; met++) {
        assert(before == NULL || before < line);
        before = line;
    }
    assert(met == current && walk_down(n, NULL, day) == current);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(64) char memory[8 << 20];
    char *copy = malloc(size + 1); // so that reading behind it shows
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);

    struct arena arena = arena_over(memory, sizeof(memory));
    struct nomenclature n;
    struct error err = { 0 };
    if (!nomenclature_read((struct span){ copy, size }, &arena, &n, &err)) {
        assert(err.kind != ERROR_NONE && err.text[0] != '\0');
    } else {
        struct date first = { 20000, true }, last = { 20000, true };
        for (uint32_t i = 0; i < n.lines_count; i++) {
            struct date from = n.lines[i].from, to = n.lines[i].to;
            if (from.given && from.days < first.days) first = from;
            if (to.given && to.days > last.days) last = to;
        }
        ask(&n, first);
        ask(&n, (struct date){ first.days + (last.days - first.days) / 2, true });
        ask(&n, last);
    }
    free(copy);
    return 0;
}
