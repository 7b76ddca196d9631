#include <assert.h>

#include "base/limits.h"
#include "consignment/codes.h"
#include "tariff/nomenclature_inside.h"
#include "tariff/sheet.h"

enum column { CODE, LABEL, FROM, TO, UNIT, COLUMNS };
static const char *const columns[COLUMNS] = { "code", "label", "?from", "?to", "?unit" };

struct reading {
    struct sheet sheet;
    struct nomenclature *into;
    bool section_opened; // by the row before,
    unsigned section_line; // which is this one
};

// --- Sections ---

static unsigned numeral_value(struct span numeral)
{
    static const char *const tens[] = {
        "", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC",
    };
    static const char *const ones[] = {
        "", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX",
    };
    for (unsigned value = 1; value <= NOMENCLATURE_SECTIONS_MAX; value++) {
        struct span ten = span_of(tens[value / 10]), one = span_of(ones[value % 10]);
        if (numeral.len == ten.len + one.len && span_starts_with(numeral, ten) &&
            span_ends_with(numeral, one))
            return value;
    }
    return 0;
}

static bool section_may_follow(const struct reading *reading, unsigned value, struct error *err)
{
    const struct nomenclature *into = reading->into;
    if (reading->section_opened) {
        sheet_error(&reading->sheet, CODE, err, "the section in front has no chapters");
        return error_hint(err, "Put a section's row in front of its first chapter.");
    }
    if (into->sections_count > 0 &&
        numeral_value(into->sections[into->sections_count - 1].number) >= value) {
        sheet_error(&reading->sheet, CODE, err, "the sections do not count upwards");
        return error_hint(err, "Each section stands once, behind those with lower numbers.");
    }
    for (uint32_t column = FROM; column < COLUMNS; column++) {
        if (sheet_field(&reading->sheet, column).len == 0) continue;
        sheet_error(&reading->sheet, column, err, "a section has no days and no unit");
        return error_hint(err, "Leave all but its number and its label empty.");
    }
    return true;
}

static bool read_section(struct reading *reading, struct error *err)
{
    struct span number = sheet_field(&reading->sheet, CODE);
    unsigned value = numeral_value(number);
    if (value == 0) {
        sheet_error(&reading->sheet, CODE, err,
                    "'" SPAN_FMT "' is neither a code nor the number of a section",
                    SPAN_ARG(number));
        return error_hint(err, "Give %d to %d digits without points, or Roman numerals.",
                          NOMENCLATURE_DIGITS_MIN, NOMENCLATURE_DIGITS_MAX);
    }
    if (!section_may_follow(reading, value, err)) return false;
    reading->section_opened = true;
    reading->section_line = reading->sheet.csv.line;
    reading->into->sections[reading->into->sections_count++] =
        (struct nomenclature_section){ number, sheet_field(&reading->sheet, LABEL) };
    return true;
}

// --- Lines ---

static bool is_code(struct span field)
{
    if (field.len < NOMENCLATURE_DIGITS_MIN || field.len > NOMENCLATURE_DIGITS_MAX) return false;
    for (size_t i = 0; i < field.len; i++)
        if (field.at[i] < '0' || field.at[i] > '9') return false;
    return true;
}

static bool check_units(const struct sheet *sheet, struct error *err)
{
    struct span rest = sheet_field(sheet, UNIT);
    while (rest.len > 0) {
        struct span_pair pair = span_cut(rest, ' ');
        if (!unit_known(pair.head)) {
            sheet_error(sheet, UNIT, err, "'" SPAN_FMT "' is no unit", SPAN_ARG(pair.head));
            return error_hint(err, "Use codes of UN/ECE Recommendation 20 with one blank between "
                                   "them, like KGM or NAR.");
        }
        rest = pair.tail;
    }
    return true;
}

static bool read_line(const struct sheet *sheet, struct nomenclature_line *line, struct error *err)
{
    *line = (struct nomenclature_line){ .code = sheet_field(sheet, CODE),
                                        .unit = sheet_field(sheet, UNIT),
                                        .label = sheet_field(sheet, LABEL) };
    if (!check_units(sheet, err) || !sheet_date(sheet, FROM, &line->from, err) ||
        !sheet_date(sheet, TO, &line->to, err))
        return false;
    if (!line->from.given || !line->to.given || line->from.days <= line->to.days) return true;
    sheet_error(sheet, TO, err, "the last day is before the first");
    return error_hint(err, "Leave the last day empty while the code stays in force.");
}

// --- Each line's place ---

// Two rows of one code: the later one begins on the day behind the last one of the earlier.
static bool days_follow(const struct sheet *sheet, const struct nomenclature_line *before,
                        const struct nomenclature_line *line, struct error *err)
{
    if (before->to.given && line->from.given && line->from.days == before->to.days + 1) return true;
    bool gap = before->to.given && line->from.given && line->from.days > before->to.days;
    sheet_error(sheet, gap ? FROM : CODE, err,
                gap ? "nothing is said of code " SPAN_FMT " for some days before"
                    : "code " SPAN_FMT " has two rows for the same day",
                SPAN_ARG(line->code));
    return error_hint(err, "Begin a code's next row on the day behind the last one of the row "
                           "before.");
}

static bool covers(const struct nomenclature *into, const struct nomenclature_node *above,
                   const struct nomenclature_line *line)
{
    struct date from = into->lines[above->first].from;
    struct date to = into->lines[above->first + above->count - 1].to;
    return (!from.given || (line->from.given && line->from.days >= from.days)) &&
           (!to.given || (line->to.given && line->to.days <= to.days));
}

static bool has_parent(const struct reading *reading, const struct nomenclature_node *node,
                       const struct nomenclature_line *line, struct error *err)
{
    const struct nomenclature *into = reading->into;
    if (node->length == NOMENCLATURE_DIGITS_MIN) return true;
    if (node->above == 0) {
        sheet_error(&reading->sheet, CODE, err, "no code above " SPAN_FMT " is known",
                    SPAN_ARG(line->code));
        return error_hint(err, "Put the row of its heading or chapter in front.");
    }
    uint32_t at = node->above;
    while (at > 0 && !covers(into, &into->nodes[at - 1], line)) at = into->nodes[at - 1].above;
    if (at > 0) return true;
    sheet_error(&reading->sheet, CODE, err, "no code above " SPAN_FMT " is in force as long",
                SPAN_ARG(line->code));
    return error_hint(err, "The row must not begin before, or end after, the code above it.");
}

// Opens the node of a code that stands behind all others; those that do not begin it are closed.
static void open_node(struct nomenclature *into, const struct nomenclature_line *line)
{
    uint32_t above = into->nodes_count;
    while (above > 0 &&
           !span_starts_with(line->code, into->lines[into->nodes[above - 1].first].code)) {
        into->nodes[above - 1].behind = into->nodes_count;
        above = into->nodes[above - 1].above;
    }
    into->nodes[into->nodes_count++] = (struct nomenclature_node){
        .key = nomenclature_key(line->code),
        .first = into->lines_count,
        .above = above,
        .section = into->sections_count,
        .length = (uint8_t)line->code.len,
    };
}

static bool in_order(const struct reading *reading, const struct nomenclature_line *line,
                     struct error *err)
{
    const struct nomenclature *into = reading->into;
    if (reading->section_opened && line->code.len != NOMENCLATURE_DIGITS_MIN) {
        sheet_error(&reading->sheet, CODE, err, "a section cannot begin in front of " SPAN_FMT,
                    SPAN_ARG(line->code));
        return error_hint(err, "Put a section's row in front of its first chapter.");
    }
    if (into->lines_count == 0) return true;
    const struct nomenclature_line *before = &into->lines[into->lines_count - 1];
    int order = span_compare(before->code, line->code);
    if (order < 0) return true;
    if (order == 0 && !reading->section_opened)
        return days_follow(&reading->sheet, before, line, err);
    sheet_error(&reading->sheet, CODE, err, SPAN_FMT " cannot stand behind " SPAN_FMT,
                SPAN_ARG(line->code), SPAN_ARG(before->code));
    return error_hint(err, "Sort the rows by their codes as text, then by their first days; each "
                           "code stands once.");
}

static bool read_row(struct reading *reading, struct error *err)
{
    struct nomenclature *into = reading->into;
    struct nomenclature_line *line = &into->lines[into->lines_count];
    if (!is_code(sheet_field(&reading->sheet, CODE))) return read_section(reading, err);
    if (!read_line(&reading->sheet, line, err) || !in_order(reading, line, err)) return false;
    reading->section_opened = false;
    if (into->lines_count == 0 || !span_equal(line[-1].code, line->code)) open_node(into, line);
    line->node = into->nodes_count - 1;
    if (!has_parent(reading, &into->nodes[line->node], line, err)) return false;
    into->nodes[line->node].count++;
    into->lines_count++;
    return true;
}

static bool read_rows(struct reading *reading, struct error *err)
{
    bool found;
    for (;;) {
        if (!sheet_next(&reading->sheet, &found, err)) return false;
        if (!found) break;
        if (!read_row(reading, err)) return false;
    }
    if (!reading->section_opened) return true;
    error_set(err, ERROR_SYNTAX, "nomenclature.csv: the last section has no chapters");
    if (err != NULL) err->line = reading->section_line;
    return error_hint(err, "Take its row out, or add its chapters.");
}

static bool take_room(struct nomenclature *into, size_t rows, struct arena *arena,
                      struct error *err)
{
    static const char *const what = "the nomenclature";
    void *lines, *nodes, *sections;
    if (!arena_need(arena, rows, sizeof(struct nomenclature_line), &lines, what, err) ||
        !arena_need(arena, rows, sizeof(struct nomenclature_node), &nodes, what, err) ||
        !arena_need(arena, NOMENCLATURE_SECTIONS_MAX, sizeof(struct nomenclature_section),
                    &sections, what, err))
        return false;
    into->lines = lines;
    into->nodes = nodes;
    into->sections = sections;
    return true;
}

bool nomenclature_read(struct span text, struct arena *arena, struct nomenclature *nomenclature,
                       struct error *err)
{
    size_t rows = sheet_rows_max(text);
    if (rows > NOMENCLATURE_LINES_MAX) {
        error_set(err, ERROR_TOO_LARGE, "nomenclature.csv: more than %d rows",
                  NOMENCLATURE_LINES_MAX);
        return error_hint(err, "Leave out the codes that ended long ago.");
    }
    *nomenclature = (struct nomenclature){ .version = version_of(text) };
    struct reading reading = { .into = nomenclature };
    if (!take_room(nomenclature, rows, arena, err) ||
        !sheet_open(&reading.sheet, "nomenclature.csv", text, columns, COLUMNS, arena, err) ||
        !read_rows(&reading, err))
        return false;
    uint32_t at = nomenclature->nodes_count; // what is still open ends here
    for (; at > 0; at = nomenclature->nodes[at - 1].above)
        nomenclature->nodes[at - 1].behind = nomenclature->nodes_count;
    return nomenclature_index(nomenclature, arena, err);
}
