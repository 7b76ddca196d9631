#include "base/csv.h"

#include <assert.h>

#include "base/limits.h"
#include "base/utf8.h"

static const char marks[] = { ',', ';', '\t', '|' }; // the first one wins a draw
enum { MARKS_COUNT = sizeof(marks) };

static bool is_mark(char c)
{
    return c == ',' || c == ';' || c == '\t' || c == '|';
}

static const char *find(struct span s, char c)
{
    return s.len == 0 ? NULL : memchr(s.at, c, s.len);
}

static bool holds(struct span s, char c)
{
    return find(s, c) != NULL;
}

static void pass(struct span *s, size_t len)
{
    assert(len <= s->len);
    s->at += len;
    s->len -= len;
}

// An error about the whole row.
static void place(const struct csv *csv, struct error *err)
{
    if (err != NULL) err->line = csv->line, err->column = 1;
}

// What is in front of a text: a row with its line end, or what there is of one.
struct row_seen {
    size_t len;
    bool ended, quoted;
};

// A quote opens a field only where a field can begin: one inside a word is the sender's mistake and
// must not swallow the rows behind it.
static struct row_seen row_see(struct span text)
{
    const char *end = find(text, '\n');
    size_t line = end == NULL ? text.len : (size_t)(end - text.at) + 1;
    if (!holds((struct span){ text.at, line }, '"')) // nearly always
        return (struct row_seen){ line, end != NULL, false };

    bool quoted = false, can_open = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (quoted) {
            quoted = c != '"';
            can_open = true; // again, by a doubled quote
        } else if (c == '\n') {
            return (struct row_seen){ i + 1, true, false };
        } else {
            quoted = c == '"' && can_open;
            can_open = is_mark(c);
        }
    }
    return (struct row_seen){ text.len, false, quoted };
}

size_t csv_row_length(struct span text)
{
    struct row_seen seen = row_see(text);
    return seen.ended ? seen.len : 0;
}

// The row at the start of a text that nothing follows. Where a quote is never closed that is the
// one line the row begins on, so that the rows behind it can still be read. False: it is too long.
static bool row_extent(struct span text, size_t *len)
{
    struct span near = { text.at, text.len > CSV_ROW_MAX ? CSV_ROW_MAX : text.len };
    struct row_seen seen = row_see(near);
    bool fits = seen.ended || near.len == text.len;
    *len = seen.len;
    if (fits && !seen.quoted) return true;
    const char *end = find(text, '\n');
    *len = end == NULL ? text.len : (size_t)(end - text.at) + 1;
    return fits;
}

size_t csv_row_extent(struct span text)
{
    size_t len;
    (void)row_extent(text, &len);
    return len;
}

// Passes over blank lines; false at the end of the text.
static bool row_find(struct csv *csv)
{
    struct span *rest = &csv->rest;
    for (; rest->len > 0; csv->line_next++) {
        if (rest->at[0] == '\n') pass(rest, 1);
        else if (rest->len > 1 && rest->at[0] == '\r' && rest->at[1] == '\n') pass(rest, 2);
        else return true;
    }
    return false;
}

// Takes the next row from the rest, with its line end.
static bool row_take(struct csv *csv, struct span *row, struct error *err)
{
    struct span *rest = &csv->rest;
    assert(rest->len > 0);
    row->at = rest->at;
    bool fits = row_extent(*rest, &row->len);
    pass(rest, row->len);
    csv->line = csv->line_next;
    struct span_pair lines = span_cut(*row, '\n');
    for (; lines.found; lines = span_cut(lines.tail, '\n')) csv->line_next++;
    if (fits) return true;

    error_set(err, ERROR_TOO_LARGE, "a row is longer than %d bytes", CSV_ROW_MAX);
    place(csv, err);
    return error_hint(err, "Look for a quote that is never closed.");
}

// An error at a place of a row, counted in the whole file.
static bool row_error(const struct csv *csv, struct span row, const char *at, const char *what,
                      const char *hint, struct error *err)
{
    error_at(err, row, at, "%s", what);
    if (err != NULL) err->line += csv->line - 1;
    return error_hint(err, "%s", hint);
}

// Is the row text at all? Strips its line end.
static bool row_clean(const struct csv *csv, struct span *row, struct error *err)
{
    size_t bad_at;
    if (!utf8_check(*row, &bad_at)) {
        error_at(err, *row, row->at + bad_at, "byte 0x%02X does not fit UTF-8",
                 (unsigned)(unsigned char)row->at[bad_at]);
        if (err != NULL) err->line += csv->line - 1;
        return error_hint(err, "Save the file as UTF-8; it may be Windows-1252 or UTF-16.");
    }
    if (row->len > 0 && row->at[row->len - 1] == '\n') {
        row->len--;
        if (row->len > 0 && row->at[row->len - 1] == '\r') row->len--;
    }
    return true;
}

static bool bare_return(const struct csv *csv, struct span row, struct span field,
                        struct error *err)
{
    const char *at = find(field, '\r');
    if (at == NULL) return false;
    row_error(csv, row, at, "a carriage return without a line feed",
              "Rows end in a line feed, or in a carriage return and a line feed.", err);
    return true;
}

static bool plain_field(const struct csv *csv, struct span row, const char **at,
                        struct span *field, struct error *err)
{
    struct span left = { *at, (size_t)(row.at + row.len - *at) };
    *field = span_cut(left, csv->mark).head;
    *at += field->len;
    const char *quote = find(*field, '"');
    if (quote != NULL)
        return row_error(csv, row, quote, "a quote inside a field that does not begin with one",
                         "Put the whole field in quotes, and double each quote inside it.", err);
    return !bare_return(csv, row, *field, err);
}

// Writes the field once more with single quotes.
static bool field_undouble(struct arena *arena, struct span *field, struct error *err)
{
    char *memory = arena_take_raw(arena, field->len, 1);
    if (memory == NULL)
        return error_set(err, ERROR_TOO_LARGE, "a quoted field does not fit into working memory");
    char *to = memory;
    for (size_t i = 0; i < field->len; i++) {
        *to++ = field->at[i];
        if (field->at[i] == '"') i++; // its double
    }
    *field = (struct span){ memory, (size_t)(to - memory) };
    return true;
}

static bool quoted_field(const struct csv *csv, struct span row, const char **at,
                         struct arena *arena, struct span *field, struct error *err)
{
    const char *begin = *at + 1, *end = row.at + row.len, *quote = begin;
    assert(**at == '"');
    bool doubled = false;
    for (;; quote += 2, doubled = true) {
        quote = find((struct span){ quote, (size_t)(end - quote) }, '"');
        if (quote == NULL)
            return row_error(csv, row, *at, "a quoted field is not closed",
                             "Close it by a quote, and double each quote inside it.", err);
        if (quote + 1 == end || quote[1] != '"') break;
    }
    *field = (struct span){ begin, (size_t)(quote - begin) };
    *at = quote + 1;
    if (*at < end && **at != csv->mark)
        return row_error(csv, row, *at, "a quoted field goes on behind its closing quote",
                         "Double each quote inside a quoted field.", err);
    return !doubled || field_undouble(arena, field, err);
}

// Cuts a row into fields; only the first `limit` of them are kept, all are counted.
static bool row_cut(const struct csv *csv, struct span row, struct arena *arena,
                    struct span *fields, uint32_t limit, uint32_t *count, struct error *err)
{
    bool plain = !holds(row, '"') && !holds(row, '\r');
    const char *at = row.at, *end = row.at + row.len;
    uint32_t found = 0;
    for (;; at++) {
        struct span field;
        if (plain) {
            field = span_cut((struct span){ at, (size_t)(end - at) }, csv->mark).head;
            at += field.len;
        } else if (at < end && *at == '"') {
            if (!quoted_field(csv, row, &at, arena, &field, err)) return false;
        } else if (!plain_field(csv, row, &at, &field, err)) {
            return false;
        }
        if (found < limit) fields[found] = field;
        found++;
        if (at == end) break;
        assert(*at == csv->mark);
    }
    *count = found;
    return true;
}

static bool fields_take(struct arena *arena, uint32_t count, struct span **fields,
                        struct error *err)
{
    *fields = arena_take_raw(arena, count, sizeof(**fields));
    if (*fields != NULL) return true;
    return error_set(err, ERROR_TOO_LARGE, "a row of %u fields does not fit into working memory",
                     count);
}

// The mark that is seen most often outside quotes; a comma when there is none.
static char mark_find(struct span row)
{
    uint32_t counts[MARKS_COUNT] = { 0 };
    bool quoted = false;
    for (size_t i = 0; i < row.len; i++) {
        if (row.at[i] == '"') quoted = !quoted;
        for (size_t m = 0; m < MARKS_COUNT && !quoted; m++) counts[m] += row.at[i] == marks[m];
    }
    size_t best = 0;
    for (size_t m = 1; m < MARKS_COUNT; m++) {
        if (counts[m] > counts[best]) best = m;
    }
    return marks[best];
}

static bool names_check(const struct csv *csv, struct error *err)
{
    for (uint32_t i = 0; i < csv->columns; i++) {
        struct span name = csv->names[i];
        uint32_t first = 0;
        while (!span_equal(csv->names[first], name)) first++;
        if (name.len > 0 && first == i) continue;

        if (name.len == 0) error_set(err, ERROR_SYNTAX, "column %u has no name", i + 1);
        else error_set(err, ERROR_SYNTAX, "columns %u and %u are both named '" SPAN_FMT "'",
                       first + 1, i + 1, SPAN_ARG(name));
        place(csv, err);
        return error_hint(err, "Give each column a name of its own in the first row.");
    }
    return true;
}

static bool header_read(struct csv *csv, char mark, struct arena *arena, struct error *err)
{
    struct span row;
    if (!row_find(csv)) {
        error_set(err, ERROR_SYNTAX, "the text has no header row");
        return error_hint(err, "The first row names the columns.");
    }
    if (!row_take(csv, &row, err) || !row_clean(csv, &row, err)) return false;
    csv->mark = mark == 0 ? mark_find(row) : mark;
    if (!fields_take(arena, CSV_COLUMNS_MAX, &csv->names, err)) return false;
    if (!row_cut(csv, row, arena, csv->names, CSV_COLUMNS_MAX, &csv->columns, err)) return false;
    if (csv->columns > CSV_COLUMNS_MAX) {
        error_set(err, ERROR_TOO_LARGE, "the header row names %u columns, more than %d",
                  csv->columns, CSV_COLUMNS_MAX);
        place(csv, err);
        return false;
    }
    return names_check(csv, err);
}

bool csv_open(struct csv *csv, struct span text, char mark, struct arena *arena, struct error *err)
{
    assert(mark == 0 || is_mark(mark));
    *csv = (struct csv){ .rest = text, .line_next = 1 };
    if (span_starts_with(text, SPAN("\xEF\xBB\xBF"))) pass(&csv->rest, 3);
    size_t used = arena->used;
    if (header_read(csv, mark, arena, err)) return true;
    arena_reset(arena, used);
    return false;
}

static bool row_read(struct csv *csv, struct span row, struct arena *arena, struct csv_row *result,
                     struct error *err)
{
    struct span *fields;
    uint32_t count;
    if (!row_clean(csv, &row, err)) return false;
    if (!fields_take(arena, csv->columns, &fields, err)) return false;
    if (!row_cut(csv, row, arena, fields, csv->columns, &count, err)) return false;
    if (count != csv->columns) {
        error_set(err, ERROR_SYNTAX, "the row has %u field%s, the header row %u", count,
                  count == 1 ? "" : "s", csv->columns);
        place(csv, err);
        return error_hint(err, "Put a field in quotes when it holds the mark between fields.");
    }
    *result = (struct csv_row){ fields, count };
    return true;
}

bool csv_next(struct csv *csv, struct arena *arena, struct csv_row *row, bool *found,
              struct error *err)
{
    assert(csv->columns > 0 && csv->columns <= CSV_COLUMNS_MAX);
    assert(is_mark(csv->mark));
    if (!row_find(csv)) {
        *found = false;
        return true;
    }
    struct span bytes;
    size_t used = arena->used;
    if (row_take(csv, &bytes, err) && row_read(csv, bytes, arena, row, err)) {
        *found = true;
        return true;
    }
    arena_reset(arena, used);
    return false;
}
