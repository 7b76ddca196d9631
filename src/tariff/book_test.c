#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tariff/book_inside.h"
#include "tariff/book_write.h"

// --- Making books --------------------------------------------------------------------------------

static struct date on(const char *text)
{
    struct date date = { 0 };
    struct error err;
    if (text[0] != '\0') assert_true(date_read(span_of(text), &date, &err));
    return date;
}

static struct book_writer *writer_open(void)
{
    struct book_writer *writer;
    struct error err = { 0 };
    struct book_settings settings = { .country = SPAN("XM"), .currency = SPAN("EUR"),
                                      .as_of = on("2026-01-01"), .source = SPAN("a test"),
                                      .languages = { "en", "fr" } };
    if (!book_writer_open(&writer, &settings, &err)) fail_msg("%s", err.text);
    assert_true(book_add_type(writer, SPAN("B00"), MEASURE_BASE_ALL, SPAN("tax"), &err));
    assert_true(book_add_type(writer, SPAN("A00"), MEASURE_BASE_VALUE, SPAN("duty"), &err));
    assert_true(book_add_member(writer, SPAN("PARTNERS"), SPAN(""), SPAN("KR"), &err));
    assert_true(book_add_member(writer, SPAN("PARTNERS"), SPAN(""), SPAN("JP"), &err));
    return writer;
}

static struct book finish(struct book_writer *writer)
{
    struct book book = { 0 };
    struct span bytes;
    struct error err = { 0 };
    if (!book_finish(writer, &bytes, &err) || !book_open(&book, bytes, &err))
        fail_msg("%s", err.text);
    return book;
}

struct row { const char *code, *type, *origin, *rate, *from, *to, *excluded; };

static void add(struct book_writer *writer, struct row row, unsigned line)
{
    struct error err = { 0 };
    enum rate_read rate;
    enum expression_obstacle obstacle;
    struct measure_row measure = {
        .code = span_of(row.code), .type = span_of(row.type), .origin = span_of(row.origin),
        .kind = row.type[0] == 'B' ? MEASURE_VAT : MEASURE_DUTY, .rate = span_of(row.rate),
        .law = SPAN("L"), .words = SPAN("W"), .from = on(row.from), .to = on(row.to),
        .excluded = span_of(row.excluded == NULL ? "" : row.excluded), .line = line,
    };
    if (!book_add_measure(writer, &measure, &rate, &obstacle, &err)) fail_msg("%s", err.text);
}

static void add_line(struct book_writer *writer, const char *code, const char *from,
                     const char *to, unsigned line)
{
    struct error err = { 0 };
    struct line_row row = { .code = span_of(code), .label = { span_of(code), SPAN("mot") },
                            .from = on(from), .to = on(to), .line = line };
    if (!book_add_line(writer, &row, &err)) fail_msg("%s", err.text);
}

static const struct row rows[] = {
    { "", "B00", "*", "20 %", "", "", NULL },
    { "8517", "A00", "*", "3 %", "", "", NULL },
    { "8517", "A00", "PARTNERS", "2 %", "", "", "JP" },
    { "8517", "A00", "KR", "1 %", "", "2026-06-30", NULL },
    { "85171300", "A00", "*", "4 %", "2026-01-01", "2026-12-31", NULL },
    { "85171300", "A00", "*", "5 %", "2027-01-01", "", NULL },
    { "8518", "A00", "*", "6 %", "", "", NULL },
};

static void add_rows(struct book_writer *writer)
{
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) add(writer, rows[i], i + 1);
}

// --- Asking --------------------------------------------------------------------------------------

// The rates that apply, in order, with a blank between.
static const char *rates_of(const struct book *book, const char *code, const char *origin,
                            const char *day)
{
    static char said[200];
    const struct book_measure *found[BOOK_FOUND_MAX];
    struct book_question question = { span_of(code), span_of(origin), on(day) };
    uint32_t count = book_measures(book, &question, found);
    size_t len = 0;
    said[0] = '\0';
    for (uint32_t i = 0; i < count; i++)
        len += (size_t)snprintf(said + len, sizeof(said) - len, "%s" SPAN_FMT, i > 0 ? " " : "",
                                SPAN_ARG(book_text(book, found[i]->rate)));
    return said;
}

static void test_what_applies_comes_by_type_and_the_most_particular_first(void **state)
{
    (void)state;
    struct book_writer *writer = writer_open();
    add_rows(writer);
    struct book book = finish(writer);
    static const struct { const char *code, *origin, *day, *rates; } asked[] = {
        { "8517130000", "CN", "2026-03-01", "4 % 3 % 20 %" },
        { "8517.13.00 00", "CN", "2026-03-01", "3 % 20 %" }, // what is no digit ends the code
        { "8517130000", "CN", "2027-03-01", "5 % 3 % 20 %" },
        { "85171300", "KR", "2026-03-01", "4 % 1 % 2 % 3 % 20 %" },
        { "85171300", "KR", "2026-07-01", "4 % 2 % 3 % 20 %" },
        { "85171300", "JP", "2026-07-01", "4 % 3 % 20 %" },   // excluded
        { "851714", "", "2026-07-01", "3 % 20 %" },
        { "8518", "CN", "2026-07-01", "6 % 20 %" },
        { "85", "CN", "2026-07-01", "20 %" },
        { "", "CN", "2026-07-01", "20 %" },
    };
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
        assert_string_equal(rates_of(&book, asked[i].code, asked[i].origin, asked[i].day),
                            asked[i].rates);
    book_writer_close(writer);
}

static void test_a_line_is_found_by_its_longest_part_that_there_is(void **state)
{
    (void)state;
    struct book_writer *writer = writer_open();
    add_line(writer, "85", "", "", 1);
    add_line(writer, "8517.13", "2026-01-01", "2026-06-30", 2);
    add_line(writer, "8517.13", "2026-07-01", "", 3);
    struct book book = finish(writer);
    const struct book_line *line = book_line_of(&book, SPAN("8517130000"), on("2026-07-01"));
    assert_non_null(line);
    assert_int_equal(line->from, on("2026-07-01").days);
    assert_true(span_equal(book_text(&book, line->label[1]), SPAN("mot")));
    line = book_line_of(&book, SPAN("8517130000"), on("2025-07-01"));
    assert_non_null(line);
    assert_int_equal(line->digits, 2);
    assert_null(book_line_of(&book, SPAN("84"), on("2026-07-01")));
    book_writer_close(writer);
}

// --- What is refused -----------------------------------------------------------------------------

static void assert_trouble(struct book_writer *writer, unsigned line, const char *words)
{
    struct span bytes;
    struct error err = { 0 };
    assert_false(book_finish(writer, &bytes, &err));
    const struct book_troubles *troubles = book_troubles_of(writer);
    assert_int_equal(troubles->count, 1);
    assert_int_equal(troubles->at[0].line, line);
    char said[300];
    snprintf(said, sizeof(said), SPAN_FMT, SPAN_ARG(troubles->at[0].text));
    if (strstr(said, words) == NULL) fail_msg("'%s' does not say '%s'", said, words);
    book_writer_close(writer);
}

static void test_measures_that_contradict_each_other_are_told_by_line(void **state)
{
    (void)state;
    struct book_writer *writer = writer_open();
    add_rows(writer);
    add(writer, (struct row){ "8517", "A00", "*", "7 %", "2026-05-01", "", NULL }, 40);
    assert_trouble(writer, 40, "'7 %' here and '3 %' in line 2");
    writer = writer_open();
    add_rows(writer);
    add(writer, (struct row){ "8517", "A00", "*", "3 %", "2026-05-01", "", NULL }, 41);
    assert_trouble(writer, 41, "in line 2, too");
}

static void test_a_gap_in_a_duty_for_everybody_is_told(void **state)
{
    (void)state;
    struct book_writer *writer = writer_open();
    add(writer, (struct row){ "8517", "A00", "*", "7 %", "", "2026-05-01", NULL }, 1);
    add(writer, (struct row){ "8517", "A00", "*", "6 %", "2026-05-04", "", NULL }, 2);
    assert_trouble(writer, 2, "ends 2 days before");
    writer = writer_open();
    add_line(writer, "8517", "", "2026-05-01", 5);
    add_line(writer, "8517", "2026-05-03", "", 6);
    assert_trouble(writer, 6, "has a gap");
    writer = writer_open();
    add_line(writer, "8517", "", "2026-05-01", 5);
    add_line(writer, "8517", "2026-05-01", "", 6);
    assert_trouble(writer, 6, "is there already");
}

static void test_a_measure_of_goods_that_are_not_there_is_told(void **state)
{
    (void)state;
    struct book_writer *writer = writer_open();
    add_line(writer, "851713", "", "", 1);
    add(writer, (struct row){ "8517", "A00", "*", "7 %", "", "", NULL }, 2);
    add(writer, (struct row){ "8517130000", "A00", "*", "8 %", "", "", NULL }, 3);
    add(writer, (struct row){ "851714", "A00", "*", "8 %", "", "", NULL }, 4);
    assert_trouble(writer, 4, "851714 is not in the nomenclature");
}

static void test_a_row_that_cannot_be_is_refused(void **state)
{
    (void)state;
    struct book_writer *writer = writer_open();
    enum rate_read rate;
    enum expression_obstacle obstacle;
    struct error err = { 0 };
    const struct measure_row good = { .code = SPAN("8517"), .type = SPAN("A00"),
                                      .origin = SPAN("*"), .rate = SPAN("1 %") };
    struct measure_row row = good;
    row.code = SPAN("85X7");
    assert_false(book_add_measure(writer, &row, &rate, &obstacle, &err));
    row = good, row.code = SPAN("8");
    assert_false(book_add_measure(writer, &row, &rate, &obstacle, &err));
    row = good, row.code = SPAN("8517130000123");
    assert_false(book_add_measure(writer, &row, &rate, &obstacle, &err));
    row = good, row.type = SPAN("A99");
    assert_false(book_add_measure(writer, &row, &rate, &obstacle, &err));
    row = good, row.origin = SPAN("STRANGERS");
    assert_false(book_add_measure(writer, &row, &rate, &obstacle, &err));
    row = good, row.regime = SPAN("3x");
    assert_false(book_add_measure(writer, &row, &rate, &obstacle, &err));
    row = good, row.from = on("2026-02-01"), row.to = on("2026-01-01");
    assert_false(book_add_measure(writer, &row, &rate, &obstacle, &err));
    row = good, row.rate = SPAN("99999999999999999999 %");
    assert_false(book_add_measure(writer, &row, &rate, &obstacle, &err));
    row = good, row.rate = SPAN("as the Minister may determine");
    assert_true(book_add_measure(writer, &row, &rate, &obstacle, &err));
    assert_int_equal(rate, RATE_MANUAL);
    assert_int_equal(book_measures_added(writer), 1);
    book_writer_close(writer);
}

// --- Bytes ---------------------------------------------------------------------------------------

static void test_a_changed_byte_is_found(void **state)
{
    (void)state;
    struct book_writer *writer = writer_open();
    struct book book;
    struct span bytes;
    struct error err = { 0 };
    add_rows(writer);
    add_line(writer, "85", "", "", 1);
    if (!book_finish(writer, &bytes, &err)) fail_msg("%s", err.text);
    uint64_t *copy = malloc(bytes.len + 8);
    assert_non_null(copy);
    for (size_t i = 0; i < bytes.len; i++) {
        memcpy(copy, bytes.at, bytes.len);
        ((char *)copy)[i] ^= 0x10;
        assert_false(book_open(&book, (struct span){ (char *)copy, bytes.len }, &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
    }
    for (size_t len = 0; len < bytes.len; len += 7)
        assert_false(book_open(&book, (struct span){ (const char *)copy, len }, &err));
    free(copy);
    book_writer_close(writer);
}


static struct version version_of_rows(bool another)
{
    struct book_writer *writer = writer_open();
    add_rows(writer);
    if (another) add(writer, (struct row){ "0101", "A00", "*", "7 %", "", "", NULL }, 40);
    struct version version = finish(writer).version;
    book_writer_close(writer);
    return version;
}

static void test_the_version_is_that_of_the_content(void **state)
{
    (void)state;
    struct version first = version_of_rows(false), again = version_of_rows(false);
    struct version other = version_of_rows(true);
    assert_memory_equal(first.digits, again.digits, VERSION_SIZE);
    assert_memory_not_equal(first.digits, other.digits, VERSION_SIZE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_applies_comes_by_type_and_the_most_particular_first),
        cmocka_unit_test(test_a_line_is_found_by_its_longest_part_that_there_is),
        cmocka_unit_test(test_measures_that_contradict_each_other_are_told_by_line),
        cmocka_unit_test(test_a_gap_in_a_duty_for_everybody_is_told),
        cmocka_unit_test(test_a_measure_of_goods_that_are_not_there_is_told),
        cmocka_unit_test(test_a_row_that_cannot_be_is_refused),
        cmocka_unit_test(test_a_changed_byte_is_found),
        cmocka_unit_test(test_the_version_is_that_of_the_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
