#include "tariff/schedule.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "tariff/sheet.h"

// Prefixes stand in order of their digits, filled up with zeros, then of their lengths: whatever
// begins with a prefix follows it without a gap. So the longest prefix of a code is the last one in
// front of the code, or one that begins that one: a search and a few steps up.
struct schedule_node {
    uint64_t key;      // digits filled up to ten
    uint32_t first;    // line
    uint32_t count;
    uint32_t above;    // 1 + the node of the longest prefix of this one; 0: none
    uint8_t length;
};

// A group's countries as one bit for each pair of letters.
enum { PAIRS = 26 * 26 };
struct schedule_group {
    struct span name;
    uint64_t members[(PAIRS + 63) / 64];
};

// --- Countries and groups ---

static bool pair_of(struct span country, uint32_t *pair)
{
    if (country.len != 2) return false;
    for (size_t i = 0; i < 2; i++)
        if (country.at[i] < 'A' || country.at[i] > 'Z') return false;
    *pair = (uint32_t)(country.at[0] - 'A') * 26 + (uint32_t)(country.at[1] - 'A');
    return true;
}

static bool group_has(const struct schedule_group *group, struct span country)
{
    uint32_t pair;
    return pair_of(country, &pair) && (group->members[pair / 64] >> (pair % 64) & 1) != 0;
}

static uint32_t group_find(const struct schedule *schedule, struct span name)
{
    uint32_t i = 0;
    while (i < schedule->groups_count && !span_equal(schedule->groups[i].name, name)) i++;
    return i;
}

enum group_column { GROUP, COUNTRY, GROUP_COLUMNS };
static const char *const group_columns[GROUP_COLUMNS] = { "group", "country" };

static bool read_group_row(const struct sheet *sheet, struct schedule *schedule, struct error *err)
{
    struct span name = sheet_field(sheet, GROUP), country = sheet_field(sheet, COUNTRY);
    uint32_t pair;
    if (name.len < 3) {
        sheet_error(sheet, GROUP, err, "a group's name has three letters or more");
        return error_hint(err, "Two letters would be taken for a country.");
    }
    if (!pair_of(country, &pair)) {
        sheet_error(sheet, COUNTRY, err, "'" SPAN_FMT "' is not a country", SPAN_ARG(country));
        return error_hint(err, "Use two capital letters of ISO 3166-1.");
    }
    uint32_t index = group_find(schedule, name);
    if (index == SCHEDULE_GROUPS_MAX)
        return sheet_error(sheet, GROUP, err, "more than %d groups", SCHEDULE_GROUPS_MAX);
    if (index == schedule->groups_count) schedule->groups[schedule->groups_count++].name = name;
    schedule->groups[index].members[pair / 64] |= UINT64_C(1) << (pair % 64);
    return true;
}

static bool read_groups(struct span text, struct arena *arena, struct schedule *schedule,
                        struct error *err)
{
    void *memory;
    struct sheet sheet;
    bool found;
    if (!arena_need(arena, SCHEDULE_GROUPS_MAX, sizeof(struct schedule_group), &memory,
                    "the groups of countries", err))
        return false;
    schedule->groups = memory;
    if (!sheet_open(&sheet, "groups.csv", text, group_columns, GROUP_COLUMNS, arena, err))
        return false;
    for (;;) {
        if (!sheet_next(&sheet, &found, err)) return false;
        if (!found) return true;
        if (!read_group_row(&sheet, schedule, err)) return false;
    }
}

// --- Lines ---

enum column { COMMODITY, ORIGIN, REGIME, TYPE, PER_CENT, FROM, TO, LAW, TEXT, COLUMNS };
static const char *const columns[COLUMNS] = {
    "commodity", "origin", "regime", "type", "rate", "from", "to", "law", "text",
};

static bool is_digits(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9') return false;
    return true;
}

static bool read_commodity(const struct sheet *sheet, struct schedule_line *line, struct error *err)
{
    line->commodity = sheet_field(sheet, COMMODITY);
    bool fits = line->commodity.len == 0 ||
                (line->commodity.len >= 2 && line->commodity.len <= COMMODITY_DIGITS_MAX);
    if (fits && is_digits(line->commodity)) return true;
    sheet_error(sheet, COMMODITY, err, "'" SPAN_FMT "' does not begin a commodity code",
                SPAN_ARG(line->commodity));
    return error_hint(err, "Give 2 to %d digits without points, or nothing for every code.",
                      COMMODITY_DIGITS_MAX);
}

static bool read_origin(const struct sheet *sheet, const struct schedule *schedule,
                        struct schedule_line *line, struct error *err)
{
    uint32_t pair;
    line->origin = sheet_field(sheet, ORIGIN);
    if (span_equal(line->origin, SPAN("*")) || pair_of(line->origin, &pair)) return true;
    uint32_t group = group_find(schedule, line->origin);
    line->group = (uint16_t)(group + 1);
    if (group < schedule->groups_count) return true;
    sheet_error(sheet, ORIGIN, err, "there is no group '" SPAN_FMT "'", SPAN_ARG(line->origin));
    return error_hint(err,
                      "Use two capital letters, a group of groups.csv, or * for every origin.");
}

static bool read_regime(const struct sheet *sheet, struct schedule_line *line, struct error *err)
{
    line->regime = sheet_field(sheet, REGIME);
    if (span_equal(line->regime, SPAN("*"))) {
        line->regime = SPAN("");
        return true;
    }
    if (line->regime.len >= 1 && line->regime.len <= 3 && is_digits(line->regime)) return true;
    sheet_error(sheet, REGIME, err, "'" SPAN_FMT "' does not begin a preference code",
                SPAN_ARG(line->regime));
    return error_hint(err, "Give 1 to 3 digits, or * for every preference.");
}

static bool read_type(const struct sheet *sheet, struct schedule *schedule,
                      struct schedule_line *line, struct error *err)
{
    line->type = sheet_field(sheet, TYPE);
    if (line->type.len < 1 || line->type.len > 4) {
        sheet_error(sheet, TYPE, err, "a type has 1 to 4 characters");
        return error_hint(err, "A00 is customs duty, B00 is value added tax.");
    }
    char first = line->type.at[0];
    line->base = first == 'A' ? SCHEDULE_BASE_VALUE
                 : first == 'B' ? SCHEDULE_BASE_ALL : SCHEDULE_BASE_DUTIES;
    uint32_t index = 0;
    while (index < schedule->types_count && !span_equal(schedule->types[index], line->type))
        index++;
    if (index == SCHEDULE_TYPES_MAX)
        return sheet_error(sheet, TYPE, err, "more than %d types", SCHEDULE_TYPES_MAX);
    if (index == schedule->types_count) schedule->types[schedule->types_count++] = line->type;
    return true;
}

static bool read_line(const struct sheet *sheet, struct schedule *schedule,
                      struct schedule_line *line, struct error *err)
{
    *line = (struct schedule_line){ .law = sheet_field(sheet, LAW),
                                    .text = sheet_field(sheet, TEXT) };
    if (!read_commodity(sheet, line, err) || !read_origin(sheet, schedule, line, err) ||
        !read_regime(sheet, line, err) || !read_type(sheet, schedule, line, err) ||
        !sheet_decimal(sheet, PER_CENT, &line->rate, err) ||
        !sheet_date(sheet, FROM, &line->from, err) || !sheet_date(sheet, TO, &line->to, err))
        return false;
    if (decimal_sign(line->rate) < 0 || decimal_compare(line->rate, decimal_of(10000, 0)) > 0) {
        sheet_error(sheet, PER_CENT, err, "a rate stands between 0 and 10000 per cent");
        return error_hint(err, "Write 12.5 for twelve and a half per cent.");
    }
    if (line->from.given && line->to.given && line->from.days > line->to.days) {
        sheet_error(sheet, TO, err, "the last day is before the first");
        return error_hint(err, "Leave the last day empty while the line stays in force.");
    }
    if (line->law.len > 0 && line->text.len > 0) return true;
    sheet_error(sheet, line->law.len == 0 ? LAW : TEXT, err, "nothing is said");
    return error_hint(err, "Each line names its law and says in words what it is.");
}

static bool read_lines(struct span text, struct arena *arena, struct schedule *schedule,
                       struct error *err)
{
    size_t rows = sheet_rows_max(text);
    void *memory;
    struct sheet sheet;
    bool found;
    if (rows > SCHEDULE_LINES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "schedule.csv: more than %d lines",
                         SCHEDULE_LINES_MAX);
    if (!arena_need(arena, rows, sizeof(struct schedule_line), &memory, "the schedule", err) ||
        !sheet_open(&sheet, "schedule.csv", text, columns, COLUMNS, arena, err))
        return false;
    schedule->lines = memory;
    for (;;) {
        if (!sheet_next(&sheet, &found, err)) return false;
        if (!found) return true;
        assert(schedule->lines_count < rows);
        if (!read_line(&sheet, schedule, &schedule->lines[schedule->lines_count++], err))
            return false;
    }
}

// --- Order and nodes ---

// What must be worked out first comes first: bases, then names.
static int type_order(struct span type)
{
    return type.at[0] == 'A' ? 0 : type.at[0] == 'B' ? 2 : 1;
}

static void order_types(struct schedule *schedule)
{
    for (uint32_t i = 1; i < schedule->types_count; i++)
        for (uint32_t j = i; j > 0; j--) {
            struct span *here = &schedule->types[j], *before = &schedule->types[j - 1];
            int order = type_order(*here) - type_order(*before);
            if (order > 0 || (order == 0 && span_compare(*here, *before) > 0)) break;
            struct span swapped = *here;
            *here = *before;
            *before = swapped;
        }
    for (uint32_t i = 0; i < schedule->lines_count; i++) {
        uint8_t index = 0;
        while (!span_equal(schedule->types[index], schedule->lines[i].type)) index++;
        schedule->lines[i].type_index = index;
    }
}

static uint64_t key_of_digits(struct span digits)
{
    uint64_t key = 0;
    for (size_t i = 0; i < COMMODITY_DIGITS_MAX; i++)
        key = key * 10 + (i < digits.len ? (uint64_t)(digits.at[i] - '0') : 0);
    return key;
}

static int origin_rank(const struct schedule_line *line)
{
    return line->group > 0 ? 1 : line->origin.at[0] == '*' ? 0 : 2;
}

// By prefix, then the most particular first, so that the first that fits is the one.
static int line_compare(const void *a, const void *b)
{
    const struct schedule_line *first = a, *second = b;
    int order = span_compare(first->commodity, second->commodity);
    if (order != 0) return order;
    if (first->type_index != second->type_index) return first->type_index - second->type_index;
    order = origin_rank(second) - origin_rank(first);
    if (order != 0) return order;
    if (first->regime.len != second->regime.len)
        return first->regime.len > second->regime.len ? -1 : 1;
    order = span_compare(first->origin, second->origin);
    if (order == 0) order = span_compare(first->regime, second->regime);
    if (order != 0) return order;
    return (first->from.days > second->from.days) - (first->from.days < second->from.days);
}

// Two lines that differ in nothing but their days must not be in force on the same day.
static bool lines_apart(const struct schedule *schedule, struct error *err)
{
    for (uint32_t i = 1; i < schedule->lines_count; i++) {
        const struct schedule_line *a = &schedule->lines[i - 1], *b = &schedule->lines[i];
        if (!span_equal(a->commodity, b->commodity) || a->type_index != b->type_index ||
            !span_equal(a->origin, b->origin) || !span_equal(a->regime, b->regime))
            continue;
        if (a->to.given && b->from.given && a->to.days < b->from.days) continue;
        error_set(err, ERROR_SYNTAX,
                  "schedule.csv: two lines of type " SPAN_FMT " for commodity '" SPAN_FMT
                  "', origin " SPAN_FMT " are in force on the same day",
                  SPAN_ARG(b->type), SPAN_ARG(b->commodity), SPAN_ARG(b->origin));
        return error_hint(err, "End the older line on the day before the newer one begins.");
    }
    return true;
}

static bool make_nodes(struct schedule *schedule, struct arena *arena, struct error *err)
{
    void *memory;
    if (!arena_need(arena, schedule->lines_count + (size_t)1, sizeof(struct schedule_node), &memory,
                    "the schedule", err))
        return false;
    schedule->nodes = memory;
    for (uint32_t i = 0; i < schedule->lines_count; i++) {
        struct span commodity = schedule->lines[i].commodity;
        uint32_t last = schedule->nodes_count;
        if (last > 0 && span_equal(schedule->lines[schedule->nodes[last - 1].first].commodity,
                                   commodity)) {
            schedule->nodes[last - 1].count++;
            continue;
        }
        uint32_t above = last;
        while (above > 0 &&
               !span_starts_with(commodity,
                                 schedule->lines[schedule->nodes[above - 1].first].commodity))
            above = schedule->nodes[above - 1].above;
        schedule->nodes[schedule->nodes_count++] = (struct schedule_node){
            key_of_digits(commodity), i, 1, above, (uint8_t)commodity.len,
        };
    }
    return true;
}

bool schedule_read(struct span lines, struct span groups, struct arena *arena,
                   struct schedule *schedule, struct error *err)
{
    *schedule = (struct schedule){ .version = version_of_two(lines, groups) };
    if (!read_groups(groups, arena, schedule, err) || !read_lines(lines, arena, schedule, err))
        return false;
    order_types(schedule);
    if (schedule->lines_count > 0)
        qsort(schedule->lines, schedule->lines_count, sizeof(struct schedule_line), line_compare);
    return lines_apart(schedule, err) && make_nodes(schedule, arena, err);
}

// --- Looking up ---

static bool fits(const struct schedule *schedule, const struct schedule_line *line,
                 const struct schedule_question *question, struct span regime)
{
    if (line->from.given && line->from.days > question->day.days) return false;
    if (line->to.given && line->to.days < question->day.days) return false;
    if (!span_starts_with(regime, line->regime)) return false;
    if (line->group > 0) return group_has(&schedule->groups[line->group - 1], question->origin);
    return line->origin.at[0] == '*' || span_equal(line->origin, question->origin);
}

// 1 + the last node that is not behind the code; 0: none.
static uint32_t node_before(const struct schedule *schedule, uint64_t key, size_t length)
{
    uint32_t low = 0, high = schedule->nodes_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct schedule_node *node = &schedule->nodes[middle];
        if (node->key < key || (node->key == key && node->length <= length)) low = middle + 1;
        else high = middle;
    }
    return low;
}

uint32_t schedule_find(const struct schedule *schedule, const struct schedule_question *question,
                       const struct schedule_line *found[SCHEDULE_TYPES_MAX])
{
    assert(question->day.given);
    struct span code = { question->commodity.at, 0 };
    while (code.len < question->commodity.len && code.len < COMMODITY_DIGITS_MAX &&
           code.at[code.len] >= '0' && code.at[code.len] <= '9')
        code.len++;
    struct span regime = question->regime.len > 0 ? question->regime : SPAN("100");

    const struct schedule_line *best[SCHEDULE_TYPES_MAX] = { NULL };
    uint32_t at = node_before(schedule, key_of_digits(code), code.len);
    for (; at > 0; at = schedule->nodes[at - 1].above) {
        const struct schedule_node *node = &schedule->nodes[at - 1];
        const struct schedule_line *line = &schedule->lines[node->first];
        if (!span_starts_with(code, line->commodity)) continue;
        for (uint32_t i = 0; i < node->count; i++, line++)
            if (best[line->type_index] == NULL && fits(schedule, line, question, regime))
                best[line->type_index] = line;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < schedule->types_count; i++)
        if (best[i] != NULL) found[count++] = best[i];
    assert(count <= schedule->types_count);
    return count;
}
