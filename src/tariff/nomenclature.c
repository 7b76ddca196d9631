#include "tariff/nomenclature_inside.h"

#include <assert.h>

uint64_t nomenclature_key(struct span digits)
{
    uint64_t key = 0;
    for (size_t i = 0; i < NOMENCLATURE_DIGITS_MAX; i++)
        key = key * 10 + (i < digits.len ? (uint64_t)(digits.at[i] - '0') : 0);
    return key;
}

const struct nomenclature_line *nomenclature_in_force(const struct nomenclature *nomenclature,
                                                      const struct nomenclature_node *node,
                                                      struct date day)
{
    const struct nomenclature_line *lines = &nomenclature->lines[node->first];
    uint32_t low = 0, high = node->count; // the first line that begins later
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (!lines[middle].from.given || lines[middle].from.days <= day.days) low = middle + 1;
        else high = middle;
    }
    if (low == 0) return NULL;
    const struct nomenclature_line *line = &lines[low - 1];
    return !line->to.given || line->to.days >= day.days ? line : NULL;
}

// 1 + the last node that is or comes before the code, 0 when there is none.
static uint32_t node_before(const struct nomenclature *nomenclature, struct span code)
{
    uint64_t key = nomenclature_key(code);
    uint32_t low = 0, high = nomenclature->nodes_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct nomenclature_node *node = &nomenclature->nodes[middle];
        if (node->key < key || (node->key == key && node->length <= code.len)) low = middle + 1;
        else high = middle;
    }
    return low;
}

static struct span leading_digits(struct span code)
{
    struct span digits = { code.at, 0 };
    while (digits.len < code.len && digits.len < NOMENCLATURE_DIGITS_MAX &&
           code.at[digits.len] >= '0' && code.at[digits.len] <= '9')
        digits.len++;
    return digits;
}

const struct nomenclature_line *nomenclature_find(const struct nomenclature *nomenclature,
                                                  struct span code, struct date day)
{
    assert(day.given);
    if (code.len == 0 || leading_digits(code).len != code.len) return NULL;
    uint32_t at = node_before(nomenclature, code);
    if (at == 0) return NULL;
    const struct nomenclature_node *node = &nomenclature->nodes[at - 1];
    if (node->length != code.len || node->key != nomenclature_key(code)) return NULL;
    return nomenclature_in_force(nomenclature, node, day);
}

const struct nomenclature_line *nomenclature_nearest(const struct nomenclature *nomenclature,
                                                     struct span code, struct date day)
{
    assert(day.given);
    struct span digits = leading_digits(code);
    uint32_t at = node_before(nomenclature, digits);
    for (; at > 0; at = nomenclature->nodes[at - 1].above) {
        const struct nomenclature_node *node = &nomenclature->nodes[at - 1];
        if (!span_starts_with(digits, nomenclature->lines[node->first].code)) continue;
        const struct nomenclature_line *line = nomenclature_in_force(nomenclature, node, day);
        if (line != NULL) return line;
    }
    return NULL;
}

const struct nomenclature_line *nomenclature_above(const struct nomenclature *nomenclature,
                                                   const struct nomenclature_line *line,
                                                   struct date day)
{
    assert(day.given);
    uint32_t at = nomenclature->nodes[line->node].above;
    for (; at > 0; at = nomenclature->nodes[at - 1].above) {
        const struct nomenclature_line *above =
            nomenclature_in_force(nomenclature, &nomenclature->nodes[at - 1], day);
        if (above != NULL) return above;
    }
    return NULL;
}

const struct nomenclature_section *nomenclature_section(const struct nomenclature *nomenclature,
                                                        const struct nomenclature_line *line)
{
    uint32_t section = nomenclature->nodes[line->node].section;
    return section == 0 ? NULL : &nomenclature->sections[section - 1];
}

uint32_t nomenclature_path(const struct nomenclature *nomenclature, struct span code,
                           struct date day,
                           const struct nomenclature_line *path[NOMENCLATURE_DEPTH_MAX])
{
    uint32_t count = 0;
    const struct nomenclature_line *line = nomenclature_nearest(nomenclature, code, day);
    for (; line != NULL; line = nomenclature_above(nomenclature, line, day)) {
        assert(count < NOMENCLATURE_DEPTH_MAX);
        path[count++] = line;
    }
    for (uint32_t i = 0; i < count / 2; i++) {
        const struct nomenclature_line *lower = path[i];
        path[i] = path[count - 1 - i];
        path[count - 1 - i] = lower;
    }
    return count;
}

struct span nomenclature_unit(const struct nomenclature *nomenclature,
                              const struct nomenclature_line *line, struct date day)
{
    for (; line != NULL; line = nomenclature_above(nomenclature, line, day))
        if (line->unit.len > 0) return line->unit;
    return SPAN("");
}

struct span nomenclature_label(const struct nomenclature *nomenclature,
                               const struct nomenclature_line *line, struct date day)
{
    for (; line != NULL; line = nomenclature_above(nomenclature, line, day))
        if (line->label.len > 0) return line->label;
    return SPAN("");
}

static struct nomenclature_walk walk(const struct nomenclature *nomenclature,
                                     const struct nomenclature_line *line, struct date day,
                                     bool whole)
{
    assert(day.given);
    struct nomenclature_walk walk = { nomenclature, 0, nomenclature->nodes_count, day, whole };
    if (line != NULL) {
        walk.at = line->node + 1;
        walk.end = nomenclature->nodes[line->node].behind;
    }
    return walk;
}

struct nomenclature_walk nomenclature_children(const struct nomenclature *nomenclature,
                                               const struct nomenclature_line *line,
                                               struct date day)
{
    return walk(nomenclature, line, day, false);
}

struct nomenclature_walk nomenclature_all(const struct nomenclature *nomenclature,
                                          const struct nomenclature_line *line, struct date day)
{
    return walk(nomenclature, line, day, true);
}

// A code that is not in force is no reason to pass over those that it begins: they belong to the
// code above.
const struct nomenclature_line *nomenclature_next(struct nomenclature_walk *walk)
{
    while (walk->at < walk->end) {
        const struct nomenclature_node *node = &walk->nomenclature->nodes[walk->at];
        const struct nomenclature_line *line =
            nomenclature_in_force(walk->nomenclature, node, walk->day);
        walk->at = line == NULL || walk->whole ? walk->at + 1 : node->behind;
        if (line != NULL) return line;
    }
    return NULL;
}
