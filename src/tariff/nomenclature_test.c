#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tariff/nomenclature.h"

static _Alignas(64) char memory[8 << 20];

static bool try_read(const char *text, struct nomenclature *nomenclature, struct error *err)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    return nomenclature_read(span_of(text), &arena, nomenclature, err);
}

static struct nomenclature read(const char *text)
{
    struct nomenclature nomenclature;
    struct error err = { 0 };
    if (!try_read(text, &nomenclature, &err)) fail_msg("%u: %s", err.line, err.text);
    return nomenclature;
}

static struct date day(const char *text)
{
    struct error err;
    struct date date;
    assert_true(date_read(span_of(text), &date, &err));
    return date;
}

static struct span code_of(const struct nomenclature_line *line)
{
    return line == NULL ? SPAN("") : line->code;
}

static void assert_span(struct span s, const char *expected)
{
    if (!span_equal(s, span_of(expected)))
        fail_msg("'" SPAN_FMT "', not '%s'", SPAN_ARG(s), expected);
}

// 2019 to 2021 the heading 8517 has a subheading that ends; its national line lives on.
static const char phones[] =
    "# invented\n"
    "code,from,to,unit,label\n"
    "XVI,,,,\"machines, electrical goods\"\n"
    "84,,,KGM,machines\n"
    "8471,,,,Computers\n"
    "85,,,KGM,electrical goods\n"
    "8517,2017-01-01,2021-12-31,,telephones and routers\n"
    "8517,2022-01-01,,NAR KGM,\"smartphones, telephones and \"\"base stations\"\"\"\n"
    "851712,2017-01-01,2021-12-31,NAR,\n"
    "85171200,2017-01-01,2021-12-31,,cell phones\n"
    "851713,2022-01-01,,,\n"
    "8517130010,2022-01-01,2024-12-31,,smartphones with a pen\n"
    "851713001001,2023-01-01,2024-12-31,,pen of one's own\n"
    "XVII,,,,vehicles\n"
    "87,,,,cars and bicycles\n";

static void test_a_code_is_found_on_the_days_of_its_rows(void **state)
{
    (void)state;
    struct nomenclature n = read(phones);
    static const struct { const char *code, *on, *label; } rows[] = {
        { "8517", "2021-12-31", "telephones and routers" },
        { "8517", "2022-01-01", "smartphones, telephones and \"base stations\"" },
        { "8517", "2016-12-31", NULL },
        { "85171200", "2021-12-31", "cell phones" },
        { "85171200", "2022-01-01", NULL },
        { "85", "1999-01-01", "electrical goods" },
        { "8", "2022-01-01", NULL },
        { "", "2022-01-01", NULL },
        { "8517.13", "2022-01-01", NULL },
        { "86", "2022-01-01", NULL },
        { "8517130", "2022-01-01", NULL },
        { "8517130000100", "2022-01-01", NULL },
        { "00", "2022-01-01", NULL },
        { "999999999999", "2022-01-01", NULL },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct nomenclature_line *line =
            nomenclature_find(&n, span_of(rows[i].code), day(rows[i].on));
        if (rows[i].label == NULL) assert_null(line);
        else assert_span(line->label, rows[i].label);
    }
}

static void test_the_nearest_code_begins_the_one_asked_for(void **state)
{
    (void)state;
    struct nomenclature n = read(phones);
    static const struct { const char *code, *on, *nearest; } rows[] = {
        { "851713001099", "2023-06-01", "8517130010" },
        { "851713001099", "2025-06-01", "851713" },
        { "8517130010010", "2023-06-01", "851713001001" }, // more digits than any code has
        { "8517.13", "2023-06-01", "8517" },
        { "851712", "2023-06-01", "8517" },
        { "8599", "2023-06-01", "85" },
        { "86", "2023-06-01", "" },
        { "8", "2023-06-01", "" },
        { "", "2023-06-01", "" },
        { "phone", "2023-06-01", "" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_span(code_of(nomenclature_nearest(&n, span_of(rows[i].code), day(rows[i].on))),
                    rows[i].nearest);
}

static void test_a_path_leads_from_the_section_to_the_line(void **state)
{
    (void)state;
    struct nomenclature n = read(phones);
    const struct nomenclature_line *path[NOMENCLATURE_DEPTH_MAX];
    uint32_t count = nomenclature_path(&n, SPAN("851713001001"), day("2023-06-01"), path);
    static const char *const steps[] = { "85", "8517", "851713", "8517130010", "851713001001" };
    assert_int_equal(count, 5);
    for (uint32_t i = 0; i < count; i++) assert_span(path[i]->code, steps[i]);
    assert_span(nomenclature_section(&n, path[4])->number, "XVI");
    assert_span(nomenclature_section(&n, path[4])->label, "machines, electrical goods");
    assert_int_equal(nomenclature_path(&n, SPAN("44"), day("2023-06-01"), path), 0);
    assert_int_equal(nomenclature_path(&n, SPAN("87"), day("2023-06-01"), path), 1);
    assert_span(nomenclature_section(&n, path[0])->number, "XVII");
    n = read("code,label\n01,animals\n");
    assert_null(nomenclature_section(&n, nomenclature_find(&n, SPAN("01"), day("2023-06-01"))));
}

static void test_units_and_labels_come_from_above_where_a_line_has_none(void **state)
{
    (void)state;
    struct nomenclature n = read(phones);
    struct date then = day("2020-06-01"), now = day("2023-06-01");
    const struct nomenclature_line *line = nomenclature_find(&n, SPAN("8517130010"), now);
    assert_span(nomenclature_unit(&n, line, now), "NAR KGM");
    assert_span(nomenclature_label(&n, line, now), "smartphones with a pen");
    line = nomenclature_find(&n, SPAN("851713"), now);
    assert_span(nomenclature_label(&n, line, now), "smartphones, telephones and \"base stations\"");
    line = nomenclature_find(&n, SPAN("85171200"), then);
    assert_span(nomenclature_unit(&n, line, then), "NAR");
    line = nomenclature_find(&n, SPAN("8517"), then);
    assert_span(nomenclature_unit(&n, line, then), "KGM");
    line = nomenclature_find(&n, SPAN("87"), then);
    assert_span(nomenclature_unit(&n, line, then), "");
}

static void assert_walk(struct nomenclature_walk walk, const char *expected)
{
    char text[200] = "";
    size_t len = 0;
    for (const struct nomenclature_line *line; (line = nomenclature_next(&walk)) != NULL;) {
        assert_true(len < sizeof(text));
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s" SPAN_FMT, len > 0 ? " " : "",
                                SPAN_ARG(line->code));
    }
    assert_string_equal(text, expected);
    assert_null(nomenclature_next(&walk));
}

static void test_children_stand_in_order_and_only_those_in_force(void **state)
{
    (void)state;
    struct nomenclature n = read(phones);
    struct date then = day("2020-06-01"), now = day("2023-06-01");
    const struct nomenclature_line *heading = nomenclature_find(&n, SPAN("8517"), then);
    assert_walk(nomenclature_children(&n, NULL, now), "84 85 87");
    assert_walk(nomenclature_children(&n, heading, then), "851712");
    assert_walk(nomenclature_children(&n, heading, now), "851713");
    assert_walk(nomenclature_all(&n, heading, now), "851713 8517130010 851713001001");
    assert_walk(nomenclature_all(&n, NULL, day("2016-01-01")), "84 8471 85 87");
    assert_walk(nomenclature_children(&n, nomenclature_find(&n, SPAN("87"), now), now), "");
}

static void test_a_code_that_ends_leaves_what_it_begins_to_the_one_above(void **state)
{
    (void)state;
    struct nomenclature n = read("code,from,to,unit,label\n"
                                 "85,,,,\n"
                                 "8517,,2021-12-31,,heading\n"
                                 "851713,,2021-12-31,,ended\n"
                                 "85171300,,2021-12-31,,ended too\n"
                                 "851714,,2020-12-31,,ended before\n"
                                 "8518,,,,\n");
    struct date then = day("2021-06-01"), now = day("2022-06-01");
    const struct nomenclature_line *chapter = nomenclature_find(&n, SPAN("85"), now);
    assert_walk(nomenclature_all(&n, chapter, then), "8517 851713 85171300 8518");
    assert_walk(nomenclature_all(&n, chapter, now), "8518");
    n = read("code,from,to,unit,label\n"
             "85,,,,\n"
             "8517,,2021-12-31,,heading\n"
             "851713,,,,lives as long as its chapter\n");
    chapter = nomenclature_find(&n, SPAN("85"), now);
    assert_walk(nomenclature_children(&n, chapter, then), "8517");
    assert_walk(nomenclature_children(&n, chapter, now), "851713");
    assert_span(code_of(nomenclature_above(&n, nomenclature_find(&n, SPAN("851713"), now), now)),
                "85");
}

static void assert_search(const struct nomenclature *n, const char *words, const char *on,
                          uint32_t max, const char *expected)
{
    const struct nomenclature_line *found[8] = { NULL };
    char text[200] = "";
    size_t len = 0;
    assert_true(max <= 8);
    uint32_t count = nomenclature_search(n, span_of(words), day(on), found, max);
    for (uint32_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s" SPAN_FMT, len > 0 ? " " : "",
                                SPAN_ARG(found[i]->code));
    assert_string_equal(text, expected);
    for (uint32_t i = max; i < 8; i++) assert_null(found[i]);
}

static void test_words_are_found_by_their_beginnings(void **state)
{
    (void)state;
    struct nomenclature n = read(phones);
    assert_search(&n, "smart", "2023-06-01", 8, "8517 8517130010");
    assert_search(&n, "PEN smart", "2023-06-01", 8, "8517130010");
    assert_search(&n, "pen", "2023-06-01", 8, "8517130010 851713001001");
    assert_search(&n, "pen", "2023-06-01", 1, "8517130010");
    assert_search(&n, "pen", "2023-06-01", 0, "");
    assert_search(&n, "pen", "2025-06-01", 8, "");
    assert_search(&n, "tele", "2021-06-01", 8, "8517");
    assert_search(&n, "router", "2021-06-01", 8, "8517");
    assert_search(&n, "router", "2022-06-01", 8, "");
    assert_search(&n, "and", "2022-06-01", 8, "8517 87");
    assert_search(&n, "computers", "2022-06-01", 8, "8471");
    assert_search(&n, "computersx", "2022-06-01", 8, "");
    assert_search(&n, "phones", "2022-06-01", 8, ""); // not the middle of a word
    assert_search(&n, " ,;", "2022-06-01", 8, "");
    assert_search(&n, "", "2022-06-01", 8, "");
    n = read("code,label\n01,bœufs à cornes\n02,boeufs\n");
    assert_search(&n, "bœ", "2022-06-01", 8, "01");
    assert_search(&n, "à cor", "2022-06-01", 8, "01");
}

#define HEADER "code,from,to,unit,label\n"
static void test_mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned line, column; const char *what; } rows[] = {
        { HEADER "1,,,,\n", 2, 1, "'1'" },
        { HEADER "01.01,,,,\n", 2, 1, "01.01" },
        { HEADER "0101010101010,,,,\n", 2, 1, "neither a code" },
        { HEADER "IIII,,,,\n", 2, 1, "IIII" },
        { HEADER "C,,,,\n", 2, 1, "section" },
        { HEADER ",,,,\n", 2, 1, "neither a code" },
        { HEADER "I,,,,one\nI,,,,one\n", 3, 1, "no chapters" },
        { HEADER "I,,,,one\n01,,,,\nI,,,,one\n", 4, 1, "count upwards" },
        { HEADER "II,,,,two\n01,,,,\nI,,,,one\n", 4, 1, "count upwards" },
        { HEADER "I,,,KGM,one\n01,,,,\n", 2, 5, "unit" },
        { HEADER "I,2020-01-01,,,one\n01,,,,\n", 2, 3, "days" },
        { HEADER "I,,,,one\n01,,,,\nII,,,,two\n0102,,,,\n", 5, 1, "in front of 0102" },
        { HEADER "I,,,,one\n01,,,,\nII,,,,two\n01,,,,\n", 5, 1, "behind 01" },
        { HEADER "01,,,,\nI,,,,one\n", 3, 0, "last section" },
        { HEADER "02,,,,\n01,,,,\n", 3, 1, "behind 02" },
        { HEADER "01,,,,\n0102,,,,\n010190,,,,\n", 4, 1, "behind 0102" },
        { HEADER "01,,,,\n01,,,,\n", 3, 1, "two rows" },
        { HEADER "01,,2020-12-31,,\n01,2020-12-31,,,\n", 3, 1, "two rows" },
        { HEADER "01,2021-01-01,,,\n01,,2020-12-31,,\n", 3, 1, "two rows" },
        { HEADER "01,,2020-12-31,,\n01,2021-01-02,,,\n", 3, 4, "nothing is said" },
        { HEADER "0101,,,,\n", 2, 1, "no code above" },
        { HEADER "01,,,,\n0201,,,,\n", 3, 1, "no code above 0201" },
        { HEADER "01,2020-01-01,,,\n0101,,,,\n", 3, 1, "in force as long" },
        { HEADER "01,,2020-01-01,,\n0101,,2020-01-02,,\n", 3, 1, "in force as long" },
        { HEADER "01,,2020-01-01,,\n0101,,,,\n", 3, 1, "in force as long" },
        { HEADER "01,2020-01-02,2020-01-01,,\n", 2, 15, "before the first" },
        { HEADER "01,2020-13-01,,,\n", 2, 4, "2020-13-01" },
        { HEADER "01,,,KGX,\n", 2, 6, "KGX" },
        { HEADER "01,,,KGM  NAR,\n", 2, 6, "no unit" },
        { HEADER "01,,,\n", 2, 1, "4 fields" },
        { "code,label,colour\n", 1, 0, "3 columns" },
        { "code,lable\n", 1, 0, "label" },
        { "", 1, 0, "header" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct nomenclature nomenclature;
        struct error err = { 0 };
        if (try_read(rows[i].text, &nomenclature, &err)) fail_msg("row %zu is taken", i);
        if (err.line != rows[i].line || (rows[i].column > 0 && err.column != rows[i].column))
            fail_msg("row %zu: %u:%u %s", i, err.line, err.column, err.text);
        assert_non_null(strstr(err.text, "nomenclature.csv"));
        if (strstr(err.text, rows[i].what) == NULL) fail_msg("row %zu: %s", i, err.text);
        assert_true(err.hint[0] != '\0');
    }
}

static void test_a_full_arena_is_reported(void **state)
{
    (void)state;
    unsigned full = 0;
    for (size_t size = 64; size < 16000; size += 16) {
        struct arena arena = arena_over(memory, size);
        struct nomenclature nomenclature;
        struct error err = { 0 };
        if (nomenclature_read(span_of(phones), &arena, &nomenclature, &err)) continue;
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
        full++;
    }
    assert_true(full > 0 && full < (16000 - 64) / 16);
}

static void test_too_many_rows_are_refused(void **state)
{
    (void)state;
    const struct span header = SPAN("code,label");
    size_t len = NOMENCLATURE_LINES_MAX + 16;
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, '\n', len);
    memcpy(text, header.at, header.len);
    struct arena arena = arena_over(memory, sizeof(memory));
    struct nomenclature nomenclature;
    struct error err = { 0 };
    assert_false(nomenclature_read((struct span){ text, len }, &arena, &nomenclature, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_non_null(strstr(err.text, "1000000"));
    free(text);
}

// --- What comes with the program ---

static struct span load(const char *name)
{
    static char text[1 << 18];
    char path[512];
    assert_non_null(getenv("TIDEWAITER_ROOT"));
    snprintf(path, sizeof(path), "%s/data/nomenclature/%s", getenv("TIDEWAITER_ROOT"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof(text), file);
    assert_int_equal(fclose(file), 0);
    assert_true(len > 0 && len < sizeof(text));
    return (struct span){ text, len };
}

static void test_the_harmonized_system_of_2022_can_be_read(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct nomenclature n;
    struct error err = { 0 };
    if (!nomenclature_read(load("hs2022.csv"), &arena, &n, &err))
        fail_msg("%u: %s", err.line, err.text);
    assert_int_equal(n.sections_count, 21);
    uint32_t of_length[NOMENCLATURE_DIGITS_MAX + 1] = { 0 };
    struct date now = day("2026-11-23");
    struct nomenclature_walk walk = nomenclature_all(&n, NULL, now);
    for (const struct nomenclature_line *line; (line = nomenclature_next(&walk)) != NULL;) {
        of_length[line->code.len]++;
        assert_true(nomenclature_label(&n, line, now).len > 0);
        assert_non_null(nomenclature_section(&n, line));
        assert_ptr_equal(nomenclature_find(&n, line->code, now), line);
        const struct nomenclature_line *path[NOMENCLATURE_DEPTH_MAX];
        assert_int_equal(nomenclature_path(&n, line->code, now, path), line->code.len / 2);
    }
    assert_int_equal(of_length[2], 97);
    assert_int_equal(of_length[4], 1228);
    assert_int_equal(of_length[6], 5612);
    assert_int_equal(n.lines_count, 97 + 1228 + 5612);

    assert_search(&n, "3D printers", "2026-11-23", 8, "8485");
    assert_search(&n, "drones aircraft", "2026-11-23", 8, "88 8806 8807");
    assert_span(code_of(nomenclature_nearest(&n, SPAN("8517130000"), now)), "851713");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_code_is_found_on_the_days_of_its_rows),
        cmocka_unit_test(test_the_nearest_code_begins_the_one_asked_for),
        cmocka_unit_test(test_a_path_leads_from_the_section_to_the_line),
        cmocka_unit_test(test_units_and_labels_come_from_above_where_a_line_has_none),
        cmocka_unit_test(test_children_stand_in_order_and_only_those_in_force),
        cmocka_unit_test(test_a_code_that_ends_leaves_what_it_begins_to_the_one_above),
        cmocka_unit_test(test_words_are_found_by_their_beginnings),
        cmocka_unit_test(test_mistakes_are_named_with_their_place),
        cmocka_unit_test(test_a_full_arena_is_reported),
        cmocka_unit_test(test_too_many_rows_are_refused),
        cmocka_unit_test(test_the_harmonized_system_of_2022_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
