#include "tariff/sheet.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"

size_t sheet_rows_max(struct span text)
{
    size_t rows = 1;
    for (const char *at = text.at, *end = text.at + text.len; at < end; at++, rows++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL) break;
    }
    return rows;
}

// An error of the CSV reader, with the book's name in front.
static bool named(const struct sheet *sheet, const struct error *why, unsigned line,
                  struct error *err)
{
    if (err == NULL) return false;
    struct error kept = *why;
    error_set(err, kept.kind, "%s: %s", sheet->name, kept.text);
    error_hint(err, "%s", kept.hint);
    err->line = kept.line == 0 ? line : kept.line;
    err->column = kept.column;
    return false;
}

static struct span pass_remarks(struct span text, unsigned *lines)
{
    *lines = 0;
    if (span_starts_with(text, SPAN("\xEF\xBB\xBF"))) text.at += 3, text.len -= 3;
    for (; text.len > 0 && text.at[0] == '#'; (*lines)++) text = span_cut(text, '\n').tail;
    return text;
}

static bool may_be_missing(const struct sheet *sheet, uint32_t column)
{
    return sheet->columns[column][0] == '?';
}

static const char *column_name(const struct sheet *sheet, uint32_t column)
{
    return sheet->columns[column] + may_be_missing(sheet, column);
}

static bool place_columns(struct sheet *sheet, struct error *err)
{
    unsigned line = sheet->csv.line;
    uint32_t placed = 0;
    struct error why = { 0 };
    for (uint32_t i = 0; i < sheet->columns_count; i++) {
        struct span wanted = span_of(column_name(sheet, i));
        uint32_t at = 0;
        while (at < sheet->csv.columns && !span_equal(span_trim(sheet->csv.names[at]), wanted))
            at++;
        bool there = at < sheet->csv.columns;
        if (!there && !may_be_missing(sheet, i)) {
            error_set(&why, ERROR_SYNTAX, "there is no column '%s'", sheet->columns[i]);
            error_hint(&why, "The header row of this book names all its columns.");
            return named(sheet, &why, line, err);
        }
        sheet->place[i] = there ? (uint8_t)at : SHEET_COLUMN_MISSING;
        placed += there;
    }
    if (sheet->csv.columns == placed) return true;
    error_set(&why, ERROR_SYNTAX, "%u columns, and %u are known", sheet->csv.columns, placed);
    error_hint(&why, "Take the other columns out; nobody would read them.");
    return named(sheet, &why, line, err);
}

bool sheet_open(struct sheet *sheet, const char *name, struct span text,
                const char *const *columns, uint32_t columns_count, struct arena *arena,
                struct error *err)
{
    assert(columns_count > 0 && columns_count <= SHEET_COLUMNS_MAX);
    *sheet = (struct sheet){ .name = name, .text = text, .columns = columns,
                             .columns_count = columns_count, .arena = arena };
    struct error why = { 0 };
    if (text.len > BOOK_TEXT_MAX) {
        error_set(&why, ERROR_TOO_LARGE, "%zu bytes, and at most %d are read", text.len,
                  BOOK_TEXT_MAX);
        return named(sheet, &why, 0, err);
    }
    struct span rows = pass_remarks(text, &sheet->remarks);
    if (!csv_open(&sheet->csv, rows, ',', arena, &why)) {
        if (why.line > 0) why.line += sheet->remarks;
        return named(sheet, &why, sheet->remarks + 1, err);
    }
    sheet->csv.line += sheet->remarks;
    sheet->csv.line_next += sheet->remarks;
    sheet->mark = arena->used;
    return place_columns(sheet, err);
}

static bool in_text(const struct sheet *sheet, struct span field)
{
    return field.at >= sheet->text.at && field.at + field.len <= sheet->text.at + sheet->text.len;
}

bool sheet_next(struct sheet *sheet, bool *found, struct error *err)
{
    bool kept = false; // a field with doubled quotes lives in the arena
    for (uint32_t i = 0; i < sheet->row.count; i++)
        kept = kept || !in_text(sheet, sheet->row.fields[i]);
    if (kept) sheet->mark = sheet->arena->used;
    else arena_reset(sheet->arena, sheet->mark);

    struct error why = { 0 };
    sheet->row.count = 0;
    if (csv_next(&sheet->csv, sheet->arena, &sheet->row, found, &why)) return true;
    return named(sheet, &why, sheet->csv.line, err);
}

struct span sheet_field(const struct sheet *sheet, uint32_t column)
{
    assert(column < sheet->columns_count);
    if (sheet->place[column] == SHEET_COLUMN_MISSING) return SPAN("");
    assert(sheet->place[column] < sheet->row.count);
    return span_trim(sheet->row.fields[sheet->place[column]]);
}

bool sheet_error(const struct sheet *sheet, uint32_t column, struct error *err, const char *format,
                 ...)
{
    if (err == NULL) return false;
    char text[sizeof(err->text)];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    struct span field = sheet_field(sheet, column);
    if (in_text(sheet, field))
        return error_at(err, sheet->text, field.at, "%s, column %s: %s", sheet->name,
                        column_name(sheet, column), text);
    error_set(err, ERROR_SYNTAX, "%s, column %s: %s", sheet->name, column_name(sheet, column),
              text);
    err->line = sheet->csv.line;
    return false;
}

bool sheet_date(const struct sheet *sheet, uint32_t column, struct date *date, struct error *err)
{
    struct span field = sheet_field(sheet, column);
    struct error why;
    *date = (struct date){ 0 };
    if (field.len == 0 || date_read(field, date, &why)) return true;
    sheet_error(sheet, column, err, "'" SPAN_FMT "' is not a day", SPAN_ARG(field));
    return error_hint(err, "Write days as 2026-11-23.");
}

bool sheet_decimal(const struct sheet *sheet, uint32_t column, struct decimal *value,
                   struct error *err)
{
    struct span field = sheet_field(sheet, column);
    struct error why;
    if (decimal_read(field, value, &why)) return true;
    sheet_error(sheet, column, err, "'" SPAN_FMT "' is not a number", SPAN_ARG(field));
    return error_hint(err, "Write numbers as 12.5: digits, and a point if need be.");
}
