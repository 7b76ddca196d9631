#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/limits.h"
#include "base/text.h"

enum {
    SIZE = 16 * MIB,
    TOLD_SIZE = 1 * MIB,
    FILE_SIZE = 64 * KIB,
    NEVER_CLOSED = 2 * CSV_ROW_MAX,
};

static int make(void **state)
{
    static struct arena arena;
    if (!arena_open(&arena, SIZE, NULL)) return -1;
    *state = &arena;
    return 0;
}

static int end(void **state)
{
    arena_close(*state);
    return 0;
}

// --- captures: bytes in, rows and errors as text out

static void add_row(struct text *text, unsigned line, const struct span *fields, uint32_t count)
{
    text_add_format(text, "%u:", line);
    for (uint32_t i = 0; i < count; i++) {
        text_add(text, SPAN(" ["));
        for (size_t at = 0; at < fields[i].len; at++) {
            char c = fields[i].at[at];
            if (c == '\n') text_add(text, SPAN("\\n"));
            else if (c == '\r') text_add(text, SPAN("\\r"));
            else text_add_char(text, c);
        }
        text_add(text, SPAN("]"));
    }
    text_add_char(text, '\n');
}

static void add_error(struct text *text, const struct error *err)
{
    text_add_format(text, "%u:%u %s: %s\n", err->line, err->column, error_kind_name(err->kind),
                    err->text);
}

static struct span retold(struct arena *arena, struct span bytes)
{
    struct text text = text_in(arena, TOLD_SIZE);
    struct csv csv;
    struct csv_row row;
    struct error err = { 0 };
    bool found = true;
    if (!csv_open(&csv, bytes, 0, arena, &err)) {
        add_error(&text, &err);
        return text_span(&text);
    }
    text_add_format(&text, "mark 0x%02X\n", (unsigned)csv.mark);
    add_row(&text, csv.line, csv.names, csv.columns);
    while (found) {
        if (!csv_next(&csv, arena, &row, &found, &err)) add_error(&text, &err);
        else if (found) add_row(&text, csv.line, row.fields, row.count);
    }
    assert_int_equal(csv.rest.len, 0);
    return text_span(&text);
}

static struct span file_read(struct arena *arena, const char *folder, struct span name,
                             const char *ending)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/" SPAN_FMT "%s", folder, SPAN_ARG(name), ending);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("no %s", path);
    char *bytes = arena_take(arena, 1, FILE_SIZE);
    size_t size = fread(bytes, 1, FILE_SIZE, file);
    assert_true(size < FILE_SIZE);
    fclose(file);
    return (struct span){ bytes, size };
}

static void every_capture_reads_as_expected(void **state)
{
    char folder[512];
    const char *root = getenv("TIDEWAITER_ROOT");
    assert_non_null(root);
    snprintf(folder, sizeof(folder), "%s/src/base/captures/csv", root);
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    unsigned count = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        struct span name = span_of(entry->d_name);
        if (!span_ends_with(name, SPAN(".csv"))) continue;
        name.len -= 4;
        arena_reset(*state, 0);
        struct span told = retold(*state, file_read(*state, folder, name, ".csv"));
        struct span expected = file_read(*state, folder, name, ".expect");
        if (!span_equal(told, expected))
            fail_msg(SPAN_FMT " reads as\n" SPAN_FMT, SPAN_ARG(name), SPAN_ARG(told));
        count++;
    }
    closedir(dir);
    assert_in_range(count, 17, 1000);
}

// --- properties

static void fields_are_views_unless_a_quote_was_doubled(void **state)
{
    struct span text = SPAN("a,b,c\nx,\"y,\",\"z\"\"\"\n");
    struct csv csv;
    struct csv_row row;
    bool found;
    assert_true(csv_open(&csv, text, 0, *state, NULL));
    assert_true(csv_next(&csv, *state, &row, &found, NULL));
    assert_int_equal(row.count, 3);
    assert_ptr_equal(row.fields[0].at, text.at + 6);
    assert_ptr_equal(row.fields[1].at, text.at + 9);
    assert_true(row.fields[2].at < text.at || row.fields[2].at >= text.at + text.len);
    assert_true(span_equal(row.fields[2], SPAN("z\"")));
}

static void a_told_mark_is_used_even_when_another_is_more_frequent(void **state)
{
    struct csv csv;
    assert_true(csv_open(&csv, SPAN("a,b,c|d\n"), '|', *state, NULL));
    assert_int_equal(csv.columns, 2);
    assert_true(span_equal(csv.names[0], SPAN("a,b,c")));
    assert_true(csv_open(&csv, SPAN("\"a,b,c\";d\n"), 0, *state, NULL)); // not inside quotes
    assert_int_equal(csv.mark, ';');
}

static void errors_say_what_to_do(void **state)
{
    struct error err = { 0 };
    struct csv csv;
    struct csv_row row;
    bool found;
    assert_true(csv_open(&csv, SPAN("a,b\ncaf\xE9,1\n"), 0, *state, &err));
    assert_false(csv_next(&csv, *state, &row, &found, &err));
    assert_string_equal(err.text, "byte 0xE9 does not fit UTF-8");
    assert_string_equal(err.hint, "Save the file as UTF-8; it may be Windows-1252 or UTF-16.");
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 4);
}

// `count` columns named 0, 1, 2 ... and as many numbers.
static struct span table_of(struct arena *arena, unsigned count)
{
    struct text text = text_in(arena, 64);
    for (int line = 0; line < 2; line++) {
        for (unsigned i = 0; i < count; i++) text_add_format(&text, "%s%u", i > 0 ? "," : "", i);
        text_add_char(&text, '\n');
    }
    return text_span(&text);
}

static void as_many_columns_as_allowed_are_read_and_one_more_is_refused(void **state)
{
    struct csv csv;
    struct csv_row row;
    bool found;
    struct error err = { 0 };
    assert_true(csv_open(&csv, table_of(*state, CSV_COLUMNS_MAX), 0, *state, &err));
    assert_true(csv_next(&csv, *state, &row, &found, &err));
    assert_true(found);
    assert_int_equal(row.count, CSV_COLUMNS_MAX);
    assert_true(span_equal(row.fields[CSV_COLUMNS_MAX - 1], SPAN("255")));
    assert_false(csv_open(&csv, table_of(*state, CSV_COLUMNS_MAX + 1), 0, *state, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_string_equal(err.text, "the header row names 257 columns, more than 256");
}

// A header, a row of `size` bytes with its line end, and one more row.
static struct span long_row(struct arena *arena, size_t size, char filling)
{
    struct text text = text_in(arena, size + 64);
    text_add(&text, SPAN("a\n"));
    char *room = text_room(&text, size);
    memset(room, filling, size);
    if (filling == '\n') room[0] = '"';
    room[size - 1] = '\n';
    text_grew(&text, size);
    text_add(&text, SPAN("kept\n"));
    return text_span(&text);
}

static void a_row_as_long_as_allowed_is_read_and_a_longer_one_is_passed_over(void **state)
{
    struct csv csv;
    struct csv_row row;
    bool found = false;
    struct error err = { 0 };
    assert_true(csv_open(&csv, long_row(*state, CSV_ROW_MAX, 'x'), 0, *state, &err));
    assert_true(csv_next(&csv, *state, &row, &found, &err));
    assert_int_equal(row.fields[0].len, CSV_ROW_MAX - 1);

    assert_true(csv_open(&csv, long_row(*state, CSV_ROW_MAX + 1, 'x'), 0, *state, &err));
    assert_false(csv_next(&csv, *state, &row, &found, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_int_equal(err.line, 2);
    assert_true(csv_next(&csv, *state, &row, &found, &err));
    assert_true(span_equal(row.fields[0], SPAN("kept")));
    assert_int_equal(csv.line, 3);
}

static void a_quote_that_is_never_closed_costs_one_line(void **state)
{
    struct csv csv;
    struct csv_row row;
    bool found = false;
    struct error err = { 0 };
    assert_true(csv_open(&csv, long_row(*state, NEVER_CLOSED, '\n'), 0, *state, &err));
    assert_false(csv_next(&csv, *state, &row, &found, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_string_equal(err.hint, "Look for a quote that is never closed.");
    assert_true(csv_next(&csv, *state, &row, &found, &err));
    assert_true(span_equal(row.fields[0], SPAN("kept")));
    assert_int_equal(csv.line, NEVER_CLOSED + 1);
}

static void a_full_arena_is_reported_and_left_as_it_was(void **state)
{
    static _Alignas(16) char memory[CSV_COLUMNS_MAX * sizeof(struct span) + 128];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct csv csv;
    struct csv_row row;
    bool found = true;
    struct error err = { 0 };
    struct text text = text_in(*state, 64);
    text_add_format(&text, "a,b\n\"\"\"%0300d\",1\n2,3\n", 7);
    assert_true(csv_open(&csv, text_span(&text), 0, &arena, NULL));
    size_t used = arena.used;
    assert_false(csv_next(&csv, &arena, &row, &found, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_int_equal(arena.used, used);
    assert_true(csv_next(&csv, &arena, &row, &found, &err));
    assert_true(span_equal(row.fields[1], SPAN("3")));

    arena_reset(&arena, 0);
    assert_non_null(arena_take(&arena, 1, 256));
    used = arena.used;
    assert_false(csv_open(&csv, SPAN("a,b\n"), 0, &arena, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_int_equal(arena.used, used);
}

static void a_row_has_its_length_only_when_it_is_whole(void **state)
{
    (void)state;
    static const struct { const char *text; size_t length; } rows[] = {
        { "", 0 },               { "a,b", 0 },            { "a,b\n", 4 },
        { "a,b\nc", 4 },         { "a,b\r\nc", 5 },       { "\n", 1 },
        { "\"a\nb\",c\nd", 8 },  { "\"a\nb", 0 },         { "\"a\"\"\nb\"\nc\n", 8 },
        { "a;\"\n\"\nb", 6 },    { "a\t\"\n\"\nb", 6 },   { "a|\"\n\"\nb", 6 },
        { "5\" pipe\nb\n", 8 },  { "x\"\"\n\"\n", 4 },    { "\"\"\n\"\n", 3 },
        { "\"\"\"\n\"\nb\n", 6 }, { "\"a\"b\"\nc\n", 6 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t length = csv_row_length(span_of(rows[i].text));
        if (length != rows[i].length) fail_msg("'%s': %zu", rows[i].text, length);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(every_capture_reads_as_expected),
        TEST(fields_are_views_unless_a_quote_was_doubled),
        TEST(a_told_mark_is_used_even_when_another_is_more_frequent),
        TEST(errors_say_what_to_do),
        TEST(as_many_columns_as_allowed_are_read_and_one_more_is_refused),
        TEST(a_row_as_long_as_allowed_is_read_and_a_longer_one_is_passed_over),
        TEST(a_quote_that_is_never_closed_costs_one_line),
        TEST(a_full_arena_is_reported_and_left_as_it_was),
        TEST(a_row_has_its_length_only_when_it_is_whole),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
