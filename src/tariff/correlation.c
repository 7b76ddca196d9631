#include "tariff/correlation.h"

#include <assert.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/limits.h"
#include "tariff/sheet.h"

enum { CODE_MIN = 2, CODE_MAX = 12, YEAR_DIGITS = 4 };
enum column { FIRST, SECOND, RELATIONSHIP, COLUMNS };

struct reading {
    struct csv csv;
    struct csv_row row;
    struct span text;
    bool newer_first; // the newer edition is in the first column
    struct correlation *into;
};

static bool add_name(const struct error *why, struct error *err)
{
    if (err == NULL) return false;
    struct error kept = *why;
    error_set(err, kept.kind, "correlation table: %s", kept.text);
    error_hint(err, "%s", kept.hint);
    err->line = kept.line;
    err->column = kept.column;
    return false;
}

// --- Header ---

// "From HS2022" and "HS2022" are the same edition.
static struct span edition_name(struct span column)
{
    struct span name = span_trim(column);
    struct span_pair words = span_cut(name, ' ');
    bool preposition = span_equal(words.head, SPAN("From")) || span_equal(words.head, SPAN("To"));
    return words.found && preposition ? span_trim(words.tail) : name;
}

static bool edition_year(struct span name, uint64_t *year)
{
    if (name.len < YEAR_DIGITS) return false;
    return span_to_u64((struct span){ name.at + name.len - YEAR_DIGITS, YEAR_DIGITS }, year);
}

static bool read_header(struct reading *reading, struct error *err)
{
    const struct csv *csv = &reading->csv;
    uint64_t first_year, second_year;
    struct error why = { 0 };
    if (csv->columns < RELATIONSHIP || csv->columns > COLUMNS ||
        (csv->columns == COLUMNS &&
         !span_equal(span_trim(csv->names[RELATIONSHIP]), SPAN("Relationship")))) {
        error_set(&why, ERROR_SYNTAX, "the columns are not two editions and Relationship");
        error_hint(&why, "The header row reads like HS2022,HS2017,Relationship.");
        why.line = csv->line;
        return add_name(&why, err);
    }
    struct span first = edition_name(csv->names[FIRST]), second = edition_name(csv->names[SECOND]);
    if (!edition_year(first, &first_year) || !edition_year(second, &second_year) ||
        first_year == second_year) {
        error_set(&why, ERROR_SYNTAX, "the header does not say which edition is the newer");
        error_hint(&why, "Each of the first two columns is named by an edition that ends in its "
                         "year, like HS2022.");
        why.line = csv->line;
        return add_name(&why, err);
    }
    reading->newer_first = first_year > second_year;
    reading->into->newer = reading->newer_first ? first : second;
    reading->into->older = reading->newer_first ? second : first;
    reading->into->stated = csv->columns == COLUMNS;
    return true;
}

// Remarks, and the line "Between,,", whose columns have no names.
static struct span pass_front(struct span text, unsigned *lines)
{
    *lines = 0;
    if (span_starts_with(text, SPAN("\xEF\xBB\xBF"))) text.at += 3, text.len -= 3;
    for (; text.len > 0; (*lines)++) {
        if (text.at[0] != '#' && !span_starts_with(text, SPAN("Between"))) break;
        text = span_cut(text, '\n').tail;
    }
    return text;
}

// --- Rows ---

// The kind by the words of the column, for the editions in the order that they have there.
static bool kind_of_words(struct span words, bool newer_first, enum correlation_kind *kind)
{
    static const struct {
        struct span words;
        enum correlation_kind newer_first, older_first;
    } rows[] = {
        { SPAN_INIT("1:1"), CORRELATION_SAME, CORRELATION_SAME },
        { SPAN_INIT("1:n"), CORRELATION_MERGED, CORRELATION_SPLIT },
        { SPAN_INIT("n:1"), CORRELATION_SPLIT, CORRELATION_MERGED },
        { SPAN_INIT("n:n"), CORRELATION_MIXED, CORRELATION_MIXED },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!span_equal(words, rows[i].words)) continue;
        *kind = newer_first ? rows[i].newer_first : rows[i].older_first;
        return true;
    }
    return false;
}

static bool is_code(struct span field)
{
    if (field.len < CODE_MIN || field.len > CODE_MAX) return false;
    for (size_t i = 0; i < field.len; i++)
        if (field.at[i] < '0' || field.at[i] > '9') return false;
    return true;
}

static bool field_error(const struct reading *reading, struct span field, const char *what,
                        const char *hint, struct error *err)
{
    const struct span text = reading->text;
    bool inside = field.at >= text.at && field.at + field.len <= text.at + text.len;
    error_at(err, text, inside ? field.at : text.at, "correlation table: '" SPAN_FMT "' %s",
             SPAN_ARG(field), what);
    if (!inside && err != NULL) err->line = reading->csv.line, err->column = 0;
    return error_hint(err, "%s", hint);
}

static bool read_row(const struct reading *reading, struct correlation_pair *pair,
                     struct error *err)
{
    struct span fields[COLUMNS] = { 0 };
    for (uint32_t i = 0; i < reading->row.count; i++) fields[i] = span_trim(reading->row.fields[i]);
    for (uint32_t i = FIRST; i <= SECOND; i++)
        if (!is_code(fields[i]))
            return field_error(reading, fields[i], "is no code",
                               "Give 2 to 12 digits without points, with the zeros in front.", err);
    *pair = (struct correlation_pair){ .older = fields[reading->newer_first ? SECOND : FIRST],
                                       .newer = fields[reading->newer_first ? FIRST : SECOND],
                                       .line = reading->csv.line };
    if (!reading->into->stated ||
        kind_of_words(fields[RELATIONSHIP], reading->newer_first, &pair->kind))
        return true;
    return field_error(reading, fields[RELATIONSHIP], "is no relationship",
                       "Use 1:1, 1:n, n:1 or n:n.", err);
}

static bool read_rows(struct reading *reading, struct arena *arena, struct error *err)
{
    struct correlation *into = reading->into;
    for (;;) {
        struct error why = { 0 };
        bool found;
        size_t mark = arena->used;
        if (!csv_next(&reading->csv, arena, &reading->row, &found, &why)) {
            if (why.line == 0) why.line = reading->csv.line;
            return add_name(&why, err);
        }
        if (!found) return true;
        struct correlation_pair *pair = &into->forward[into->count++];
        if (!read_row(reading, pair, err)) return false;
        // A code has no quote in it, so the pair points into the text and nothing is kept.
        arena_reset(arena, mark);
    }
}

// --- Order ---

static int compare_forward(const void *a, const void *b)
{
    const struct correlation_pair *first = a, *second = b;
    int order = span_compare(first->older, second->older);
    if (order == 0) order = span_compare(first->newer, second->newer);
    return order != 0 ? order : (first->line > second->line) - (first->line < second->line);
}

static int compare_back(const void *a, const void *b)
{
    const struct correlation_pair *first = a, *second = b;
    int order = span_compare(first->newer, second->newer);
    return order != 0 ? order : span_compare(first->older, second->older);
}

static bool pair_error(const struct correlation_pair *pair, const char *what, const char *hint,
                       struct error *err)
{
    error_set(err, ERROR_SYNTAX, "correlation table: the pair " SPAN_FMT ", " SPAN_FMT " %s",
              SPAN_ARG(pair->newer), SPAN_ARG(pair->older), what);
    if (err != NULL) err->line = pair->line;
    return error_hint(err, "%s", hint);
}

static bool no_pair_twice(const struct correlation *correlation, struct error *err)
{
    for (uint32_t i = 1; i < correlation->count; i++) {
        const struct correlation_pair *before = &correlation->forward[i - 1];
        const struct correlation_pair *pair = &correlation->forward[i];
        if (span_equal(before->older, pair->older) && span_equal(before->newer, pair->newer))
            return pair_error(pair, "stands twice", "Keep one of the two rows.", err);
    }
    return true;
}

// Sets each pair's kind by the rows; what was stated must be the same.
static bool settle_kinds(struct correlation *correlation, struct correlation_pair *pairs,
                         struct error *err)
{
    for (uint32_t i = 0; i < correlation->count; i++) {
        struct correlation_pair *pair = &pairs[i];
        bool several = correlation_successors(correlation, pair->older).count > 1;
        bool merged = correlation_sources(correlation, pair->newer).count > 1;
        enum correlation_kind kind = several ? (merged ? CORRELATION_MIXED : CORRELATION_SPLIT)
                                             : (merged ? CORRELATION_MERGED : CORRELATION_SAME);
        if (correlation->stated && pair->kind != kind)
            return pair_error(pair, "has a relationship that the other rows do not bear out",
                              "Look for rows that are missing, or that stand there by mistake.",
                              err);
        pair->kind = kind;
    }
    return true;
}

bool correlation_read(struct span text, struct arena *arena, struct correlation *correlation,
                      struct error *err)
{
    size_t rows = sheet_rows_max(text);
    unsigned front;
    void *forward, *back;
    if (rows > CORRELATION_ROWS_MAX || text.len > BOOK_TEXT_MAX) {
        error_set(err, ERROR_TOO_LARGE, "correlation table: more than %d rows or %d bytes",
                  CORRELATION_ROWS_MAX, BOOK_TEXT_MAX);
        return error_hint(err, "One table speaks of two editions only.");
    }
    if (!arena_need(arena, rows, sizeof(struct correlation_pair), &forward, "the table", err) ||
        !arena_need(arena, rows, sizeof(struct correlation_pair), &back, "the table", err))
        return false;
    *correlation = (struct correlation){ .forward = forward, .back = back,
                                         .version = version_of(text) };
    struct reading reading = { .text = text, .into = correlation };
    struct error why = { 0 };
    if (!csv_open(&reading.csv, pass_front(text, &front), 0, arena, &why)) {
        why.line = why.line == 0 ? front + 1 : why.line + front;
        return add_name(&why, err);
    }
    reading.csv.line += front;
    reading.csv.line_next += front;
    if (!read_header(&reading, err) || !read_rows(&reading, arena, err)) return false;

    qsort(forward, correlation->count, sizeof(struct correlation_pair), compare_forward);
    if (!no_pair_twice(correlation, err)) return false;
    if (correlation->count > 0)
        memcpy(back, forward, correlation->count * sizeof(struct correlation_pair));
    qsort(back, correlation->count, sizeof(struct correlation_pair), compare_back);
    return settle_kinds(correlation, correlation->forward, err) &&
           settle_kinds(correlation, correlation->back, err);
}

// --- Questions ---

static struct span side_of(const struct correlation_pair *pair, bool forward)
{
    return forward ? pair->older : pair->newer;
}

static uint32_t first_not_before(const struct correlation *correlation, bool forward,
                                 struct span code, bool behind)
{
    const struct correlation_pair *pairs = forward ? correlation->forward : correlation->back;
    uint32_t low = 0, high = correlation->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = span_compare(side_of(&pairs[middle], forward), code);
        if (order < 0 || (behind && order == 0)) low = middle + 1;
        else high = middle;
    }
    return low;
}

struct correlation_pairs correlation_successors(const struct correlation *correlation,
                                                struct span older)
{
    uint32_t first = first_not_before(correlation, true, older, false);
    return (struct correlation_pairs){ correlation->forward + first,
                                       first_not_before(correlation, true, older, true) - first };
}

struct correlation_pairs correlation_sources(const struct correlation *correlation,
                                             struct span newer)
{
    uint32_t first = first_not_before(correlation, false, newer, false);
    return (struct correlation_pairs){ correlation->back + first,
                                       first_not_before(correlation, false, newer, true) - first };
}

const char *correlation_kind_name(enum correlation_kind kind)
{
    static const char *const names[] = { "unknown", "same", "split", "merged", "mixed" };
    assert(kind <= CORRELATION_MIXED);
    return names[kind];
}
