#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tariff/origin_formula.h"
#include "tariff/origin_read.h"
#include "tariff/origin_write.h"

static _Alignas(64) char memory[8 << 20];
static char large[4 << 20];

static struct arena fresh(void) { return arena_over(memory, sizeof(memory)); }

// --- The formula ---

static struct span written(const char *formula, struct arena *arena)
{
    struct origin_formula read;
    struct error err = { 0 };
    if (!origin_formula_read(span_of(formula), arena, &read, &err))
        fail_msg("%s: %u: %s", formula, err.column, err.text);
    struct text text = text_in(arena, 100);
    for (uint32_t i = 0; i < read.count; i++) {
        if (i > 0) text_add(&text, SPAN(" or "));
        origin_alternative_write(&text, &read.alternatives[i]);
    }
    return text_span(&text);
}

static void test_a_formula_has_one_spelling_and_is_read_as_itself(void **state)
{
    (void)state;
    static const struct { const char *read, *written; } rows[] = {
        { "CTH", "CTH" },
        { "cth  and\tmaxnom 50% (exw)", "CTH and MAXNOM 50 % EXW" },
        { "RVC 45 (FOB)", "RVC 45 % FOB build-down" },
        { "RVC 35 FOB build-up or RVC 30 % NC", "RVC 35 % FOB build-up or RVC 30 % NC build-down" },
        { "RVC 40 FOB build-up-costs", "RVC 40 % FOB build-up-costs" },
        { "RVC 50 FOB build-down of 8529", "RVC 50 % FOB build-down of 8529" },
        { "CC except 0201-0205 , 1601", "CC except 0201-0205, 1601" },
        { "CTSH tolerance 20 % EXW", "CTSH tolerance 20 % EXW" },
        { "CTH except 8529 tolerance 12.5% WEIGHT unless { nibs }",
          "CTH except 8529 tolerance 12.5 % WEIGHT unless {nibs}" },
        { "ANY", "ANY" },
        { "ANY except 7204 {waste and scrap}", "ANY except 7204 {waste and scrap}" },
        { "WO", "WO" },
        { "WO of 01-02", "WO of 01-02" },
        { "WO of {grapes}", "WO of {grapes}" },
        { "ORIGINATING of 2009", "ORIGINATING of 2009" },
        { "FROM 5106-5110", "FROM 5106-5110" },
        { "BALANCE", "BALANCE" },
        { "MAXNOM 20 EXW of own heading", "MAXNOM 20 % EXW of own heading" },
        { "MAXNOM 20 EXW of 8501, own chapter", "MAXNOM 20 % EXW of 8501, own chapter" },
        { "MAXNOM 0 EXW of 8501.10", "MAXNOM 0 % EXW of 850110" },
        { "PROCESS {weaving} or MANUAL {see note 7}", "PROCESS {weaving} or MANUAL {see note 7}" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = fresh();
        struct span once = written(rows[i].read, &arena);
        if (!span_equal(once, span_of(rows[i].written)))
            fail_msg("%s: " SPAN_FMT, rows[i].read, SPAN_ARG(once));
        char copy[200];
        snprintf(copy, sizeof(copy), SPAN_FMT, SPAN_ARG(once));
        assert_true(span_equal(written(copy, &arena), span_of(copy)));
    }
}

static void test_a_formula_that_cannot_be_read_says_where(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned column; const char *what; } rows[] = {
        { "", 1, "condition" },
        { "CTX", 1, "condition" },
        { "CTH MAXNOM 50 EXW", 5, "'and', 'or' or the end" },
        { "CTH and", 8, "condition" },
        { "MAXNOM EXW", 8, "percentage" },
        { "MAXNOM 101 EXW", 8, "0 to 100" },
        { "MAXNOM 99999999999999999999 EXW", 8, "digits" },
        { "MAXNOM 12.34567 EXW", 8, "decimals" },
        { "MAXNOM 50 % CIF", 13, "EXW" },
        { "MAXNOM 50 (EXW", 15, "')'" },
        { "CTH except 85291", 12, "digits" },
        { "CTH except 8529-8501", 12, "lower to a higher" },
        { "CTH except own door", 16, "chapter, heading" },
        { "MAXNOM 5 EXW of own heading, own chapter", 41, "one group" },
        { "PROCESS weaving", 9, "'{'" },
        { "PROCESS {weaving", 17, "'}'" },
        { "PROCESS {}", 10, "text between" },
        { "MANUAL {a {b} c}", 11, "'}'" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = fresh();
        struct origin_formula read;
        struct error err = { 0 };
        assert_false(origin_formula_read(span_of(rows[i].text), &arena, &read, &err));
        if (err.column != rows[i].column || strstr(err.text, rows[i].what) == NULL)
            fail_msg("%s: %u: %s", rows[i].text, err.column, err.text);
        assert_true(err.hint[0] != '\0');
    }
}

static void test_a_formula_has_its_limits(void **state)
{
    (void)state;
    static const struct { const char *unit; int times; const char *last; } rows[] = {
        { "CTH or ", ORIGIN_ALTERNATIVES_MAX, "CTH" },
        { "CTH and ", ORIGIN_CONDITIONS_MAX, "CTH" },
        { "0101, ", ORIGIN_RANGES_MAX, "0102" },
        { "xxxxxxxxxx", ORIGIN_WORDS_MAX / 10, "xxxxxxxx" },
    };
    static const char *const heads[] = { "", "", "FROM ", "MANUAL {" };
    static const char *const tails[] = { "", "", "", "}" };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = fresh();
        struct text text = text_in(&arena, 20000);
        text_add(&text, span_of(heads[i]));
        for (int n = 0; n < rows[i].times; n++) text_add(&text, span_of(rows[i].unit));
        text_add(&text, span_of(rows[i].last));
        text_add(&text, span_of(tails[i]));
        struct origin_formula read;
        struct error err = { 0 };
        assert_false(origin_formula_read(text_span(&text), &arena, &read, &err));
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
    }
}

static void test_codes_are_read_as_the_ranges_that_they_begin(void **state)
{
    (void)state;
    struct origin_range range;
    assert_true(origin_code_read(SPAN("8528.72"), &range));
    assert_int_equal(range.from, 8528720000);
    assert_int_equal(range.to, 8528729999);
    assert_true(origin_code_read(SPAN("01"), &range));
    assert_int_equal(range.from, 100000000);
    static const char *const bad[] = { "", "8", "852", "85287200001", "85a8", ".8528", "8528.",
      "-1" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(origin_code_read(span_of(bad[i]), &range));
}

// --- Which rule ---

#define BEGIN "{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"a\",\"rules\":["
#define END "]}]}"

static bool try_read(struct span text, struct arena *arena, struct origin_book *book,
                     struct error *err)
{
    *err = (struct error){ 0 };
    assert_true(origin_book_open(book, arena, err));
    return origin_read(text, arena, book, err);
}

static struct origin_book read_book(const char *text, struct arena *arena)
{
    struct origin_book book;
    struct error err;
    if (!try_read(span_of(text), arena, &book, &err))
        fail_msg("%u:%u: %s: %s", err.line, err.column, err.field, err.text);
    return book;
}

static void test_the_narrowest_rule_is_asked_and_parts_come_before_the_whole(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct origin_book book = read_book(BEGIN
        "{\"codes\":\"84-85\",\"rule\":\"CC\",\"heading\":\"wide\"},"
        "{\"codes\":\"85\",\"rule\":\"CTH\",\"heading\":\"chapter\"},"
        "{\"codes\":\"8528\",\"rule\":\"CTSH\",\"heading\":\"heading\"},"
        "{\"codes\":\"8528\",\"rule\":\"WO\",\"heading\":\"part\",\"part\":\"old\","
        "\"partial\":true},"
        "{\"codes\":\"852872\",\"rule\":\"ANY\",\"heading\":\"sub\",\"part\":\"big\","
        "\"partial\":true}"
        END, &arena);
    static const struct { const char *code, *headings; } rows[] = {
        { "8528720000", "sub part heading" }, // the chapter is not asked: the heading is for all
        { "852859", "part heading" },
        { "8529", "chapter" },
        { "85", "sub part heading chapter" }, // too few digits to tell
        { "8401", "wide" },
        { "86", "" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct origin_range code;
        struct origin_candidates found;
        char names[100] = "";
        size_t len = 0;
        assert_true(origin_code_read(span_of(rows[i].code), &code));
        origin_rules_find(&book.schemes[0], code, &found);
        for (uint32_t k = 0; k < found.count; k++)
            len += (size_t)snprintf(names + len, sizeof(names) - len, "%s" SPAN_FMT,
                                    k > 0 ? " " : "", SPAN_ARG(found.rules[k]->heading));
        if (strcmp(names, rows[i].headings) != 0) fail_msg("%s: %s", rows[i].code, names);
    }
}

static void test_more_candidates_than_fit_are_told(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct text text = text_in(&arena, 10000);
    text_add(&text, span_of(BEGIN));
    for (int i = 0; i < ORIGIN_CANDIDATES_MAX + 3; i++)
        text_add_format(&text, "%s{\"codes\":\"8528\",\"rule\":\"CTH\",\"partial\":true}",
                        i > 0 ? "," : "");
    text_add(&text, span_of(END));
    struct origin_book book;
    struct error err;
    struct origin_candidates found;
    assert_true(try_read(text_span(&text), &arena, &book, &err));
    origin_rules_find(&book.schemes[0], (struct origin_range){ 8528000000, 8528999999 }, &found);
    assert_int_equal(found.count, ORIGIN_CANDIDATES_MAX);
    assert_true(found.more);
}

// --- The file ---

static void test_mistakes_in_a_file_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned line, column; const char *what; } rows[] = {
        { "[]", 1, 1, "object" },
        { "{\"format\":\"other\"}", 1, 11, "no rules of origin" },
        { "{\"schemes\":[]}", 1, 1, "no rules of origin" },
        { "{\"format\":\"origin-rules-1\",\n\"scheme\":[]}", 2, 1, "scheme" },
        { "{\"format\":\"origin-rules-1\",\"schemes\":{}}", 1, 38, "array" },
        { "{\"format\":\"origin-rules-1\",\"schemes\":[{}]}", 1, 39, "'code' is missing" },
        { BEGIN "{\"codes\":\"85\",\"rule\":\"CTH\",\"rul\":1}" END, 1, 87, "'rul'" },
        { BEGIN "{\"rule\":\"CTH\"}" END, 1, 60, "'codes' is missing" },
        { BEGIN "{\"codes\":\"85\"}" END, 1, 60, "'rule' or 'alternatives'" },
        { BEGIN "{\"codes\":\"8\",\"rule\":\"CTH\"}" END, 1, 69, "range of codes" },
        { BEGIN "{\"codes\":\"85-84\",\"rule\":\"CTH\"}" END, 1, 69, "range of codes" },
        { BEGIN "\n{\"codes\":\"85\",\"rule\":\"CTH or MAXNOM 150 EXW\"}" END, 2, 37,
          "0 to 100" },
        { BEGIN "{\"codes\":\"85\",\"rule\":7}" END, 1, 81, "text" },
        { "{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"a\",\"from\":\"2025-02-30\"}]}",
          1, 58, "day" },
        { "{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"a\",\"from\":\"2025-02-01\","
          "\"to\":\"2024-02-01\"}]}", 1, 39, "before the first" },
        { "{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"a\","
          "\"tolerances\":[{\"goods\":\"01\","
          "\"percent\":\"200\"}]}]}", 1, 89, "0 to 100" },
        { "{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"a\","
          "\"proofs\":[{\"document\":\"x\","
          "\"by\":\"me\"}]}]}", 1, 82, "anyone" },
        { "{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"a\","
          "\"proofs\":[{\"document\":\"x\","
          "\"by\":\"office\",\"value_max\":5}]}]}", 1, 60, "currency" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = fresh();
        struct origin_book book;
        struct error err;
        assert_false(try_read(span_of(rows[i].text), &arena, &book, &err));
        if (strstr(err.text, rows[i].what) == NULL || err.line != rows[i].line ||
            err.column != rows[i].column)
            fail_msg("row %zu: %u:%u: %s", i, err.line, err.column, err.text);
        assert_int_equal(book.count, 0);
    }
}

static void test_huge_tables_are_refused_by_their_size(void **state)
{
    (void)state;
    struct arena arena;
    struct error err;
    struct origin_book book;
    assert_true(arena_open(&arena, (size_t)256 << 20, &err));
    size_t len = (size_t)snprintf(large, sizeof(large), BEGIN);
    for (int i = 0; i <= ORIGIN_RULES_MAX; i++)
        len += (size_t)snprintf(large + len, sizeof(large) - len,
          "%s{\"codes\":\"85\",\"rule\":\"CC\"}",
                                i > 0 ? "," : "");
    len += (size_t)snprintf(large + len, sizeof(large) - len, END);
    assert_false(try_read((struct span){ large, len }, &arena, &book, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_string_equal(err.text, "a list of 20001; 20000 is the limit");
    arena_close(&arena);
}

static void test_two_files_make_one_scheme_and_do_not_overrule_each_other(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct error err = { 0 };
    struct origin_book book = read_book(BEGIN "{\"codes\":\"85\",\"rule\":\"CTH\"}" END, &arena);
    assert_false(book.schemes[0].tolerances_known);
    assert_true(origin_read(SPAN("{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"a\","
                                 "\"name\":\"A\",\"tolerances\":[]}]}"),
                            &arena, &book, &err));
    assert_int_equal(book.count, 1);
    assert_int_equal(book.schemes[0].rules_count, 1);
    assert_true(book.schemes[0].tolerances_known);
    assert_true(span_equal(book.schemes[0].name, SPAN("A")));
    assert_false(origin_read(SPAN(BEGIN "{\"codes\":\"86\",\"rule\":\"CTH\"}" END), &arena, &book,
                             &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(book.schemes[0].rules[0].from, 8500000000);
}

static void test_what_is_written_is_read_as_the_same_book(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct error err = { 0 };
    struct span once, twice;
    struct origin_book book = read_book(
        "{\"format\":\"origin-rules-1\",\"schemes\":[{\"code\":\"a\",\"name\":\"A \\\"x\\\"\","
        "\"preferential\":false,\"from\":\"2020-01-01\",\"countries\":[\"XM\"],"
        "\"cumulation\":[{\"kind\":\"full\",\"countries\":[\"XO\"],\"words\":\"w\"}],"
        "\"tolerances\":[{\"goods\":\"50-63\",\"words\":\"t\"},"
        "{\"goods\":\"01-97\",\"percent\":10.5,\"base\":\"FOB\"}],"
        "\"proofs\":[{\"document\":\"d\",\"by\":\"waived\",\"value_max\":\"500\","
        "\"currency\":\"EUR\"}],"
        "\"rules\":[{\"codes\":\"85\",\"part\":\"p\",\"partial\":true,\"alternatives\":["
        "{\"rule\":\"CTH or CC\",\"words\":\"one\"},{\"rule\":\"MANUAL "
        "{m}\",\"words\":\"two\"}]}]}]}",
        &arena);
    assert_int_equal(book.schemes[0].rules[0].count, 3);
    assert_true(origin_write(&book, &arena, &once, &err));
    struct origin_book again;
    assert_true(try_read(once, &arena, &again, &err));
    assert_true(origin_write(&again, &arena, &twice, &err));
    assert_true(span_equal(once, twice));
    assert_non_null(strstr(once.at, "\"percent\":\"10.5\",\"base\":\"FOB\""));
    assert_non_null(strstr(once.at, "{\"rule\":\"CC\",\"words\":\"one\"}"));
}

static void test_a_full_arena_is_reported(void **state)
{
    (void)state;
    static const struct span text =
        SPAN_INIT(BEGIN "{\"codes\":\"85\",\"rule\":\"CTH except 8529\"}" END);
    struct arena whole = fresh();
    struct error err;
    struct origin_book book;
    assert_true(try_read(text, &whole, &book, &err));
    size_t needed = whole.used;
    struct arena first = fresh();
    assert_true(origin_book_open(&book, &first, &err));
    for (size_t size = first.used; size < needed - 64; size += 64) {
        struct arena arena = arena_over(memory, size);
        assert_true(origin_book_open(&book, &arena, &err));
        err = (struct error){ 0 };
        assert_false(origin_read(text, &arena, &book, &err));
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_formula_has_one_spelling_and_is_read_as_itself),
        cmocka_unit_test(test_a_formula_that_cannot_be_read_says_where),
        cmocka_unit_test(test_a_formula_has_its_limits),
        cmocka_unit_test(test_codes_are_read_as_the_ranges_that_they_begin),
        cmocka_unit_test(test_the_narrowest_rule_is_asked_and_parts_come_before_the_whole),
        cmocka_unit_test(test_more_candidates_than_fit_are_told),
        cmocka_unit_test(test_mistakes_in_a_file_are_named_with_their_place),
        cmocka_unit_test(test_huge_tables_are_refused_by_their_size),
        cmocka_unit_test(test_two_files_make_one_scheme_and_do_not_overrule_each_other),
        cmocka_unit_test(test_what_is_written_is_read_as_the_same_book),
        cmocka_unit_test(test_a_full_arena_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
