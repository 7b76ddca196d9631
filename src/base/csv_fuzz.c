#include <assert.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

// Room for the header's spans, a row written again in quotes and the copies of its growing text.
enum { ARENA_LEAST = 256 * KIB, ARENA_PER_BYTE = 64 };

static bool lies_within(struct span part, struct span whole)
{
    return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

static void fields_check(struct span text, const struct arena *arena, const struct span *fields,
                         uint32_t count)
{
    struct span taken = { arena->start, arena->used };
    for (uint32_t i = 0; i < count; i++) {
        assert(lies_within(fields[i], text) || lies_within(fields[i], taken));
        assert(utf8_check(fields[i], NULL));
    }
}

static void row_write(struct text *text, const struct span *fields, uint32_t count, char mark)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) text_add_char(text, mark);
        text_add_char(text, '"');
        for (size_t at = 0; at < fields[i].len; at++) {
            if (fields[i].at[at] == '"') text_add_char(text, '"');
            text_add_char(text, fields[i].at[at]);
        }
        text_add_char(text, '"');
    }
    text_add(text, SPAN("\r\n"));
}

// A row written again, every field in quotes, reads as the same fields.
static void row_comes_back(const struct csv *csv, struct csv_row row, struct arena scratch)
{
    struct text text = text_in(&scratch, 256);
    row_write(&text, csv->names, csv->columns, csv->mark);
    row_write(&text, row.fields, row.count, csv->mark);
    assert(!text.full);

    struct csv again;
    struct csv_row copy;
    bool found = false;
    if (text.len > CSV_ROW_MAX) return; // with its quotes it may be too long
    bool read = csv_open(&again, text_span(&text), csv->mark, &scratch, NULL)
                && csv_next(&again, &scratch, &copy, &found, NULL);
    assert(read && found);
    assert(copy.count == row.count);
    for (uint32_t i = 0; i < row.count; i++) {
        assert(span_equal(again.names[i], csv->names[i]));
        assert(span_equal(copy.fields[i], row.fields[i]));
    }
}

// The reader took what csv_row_length says is one row, after blank lines.
static void length_agrees(struct span before, struct span after)
{
    size_t length = csv_row_length(before);
    while (length > 0 && (before.at[0] == '\n' || (length == 2 && before.at[0] == '\r'))) {
        before = (struct span){ before.at + length, before.len - length };
        length = csv_row_length(before);
    }
    assert(before.at + (length == 0 ? before.len : length) == after.at);
}

static void rows_check(struct csv *csv, struct span text, struct arena *arena)
{
    size_t mark = arena->used;
    bool found = true;
    while (found) {
        struct span before = csv->rest;
        struct csv_row row;
        struct error err = { 0 };
        if (csv_next(csv, arena, &row, &found, &err)) {
            assert(err.kind == ERROR_NONE);
            if (!found) break;
            assert(row.count == csv->columns);
            fields_check(text, arena, row.fields, row.count);
            length_agrees(before, csv->rest);
            row_comes_back(csv, row, *arena);
        } else {
            assert(err.kind == ERROR_SYNTAX || err.kind == ERROR_TOO_LARGE);
            assert(err.text[0] != '\0');
            assert(err.line == csv->line || csv->line < err.line);
        }
        assert(csv->rest.len < before.len); // it always goes on
        arena_reset(arena, mark);
    }
    assert(csv->rest.len == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct span text = { (const char *)data, size };
    struct arena arena;
    if (!arena_open(&arena, ARENA_LEAST + size * ARENA_PER_BYTE, NULL)) abort();
    struct csv csv;
    struct error err = { 0 };
    if (csv_open(&csv, text, 0, &arena, &err)) {
        assert(err.kind == ERROR_NONE);
        assert(csv.columns > 0 && csv.columns <= CSV_COLUMNS_MAX);
        fields_check(text, &arena, csv.names, csv.columns);
        rows_check(&csv, text, &arena);
    } else {
        assert(err.kind == ERROR_SYNTAX || err.kind == ERROR_TOO_LARGE);
        assert(err.text[0] != '\0');
    }
    arena_close(&arena);
    return 0;
}
