#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gates/books/uk_origin.h"
#include "tariff/origin_formula.h"

static struct arena arena; // of one test
static struct origin_report report;

static int set_up(void **state)
{
    struct error err;
    (void)state;
    report = (struct origin_report){ 0 };
    return arena_open(&arena, (size_t)1 << 30, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

// --- Words ---

static struct span formula_of(const char *raw)
{
    struct span words;
    static struct origin_reading reading;
    struct error err;
    struct text text = text_in(&arena, 200);
    assert_true(origin_words_clean(span_of(raw), &arena, &words, &err));
    assert_true(origin_words_read(words, &arena, &reading, &err));
    for (uint32_t i = 0; i < reading.count; i++) {
        if (i > 0) text_add(&text, SPAN(" or "));
        origin_alternative_write(&text, &reading.alternatives[i]);
    }
    return text_span(&text);
}

static void test_words_are_read_as_formulas(void **state)
{
    (void)state;
    static const struct { const char *words, *formula; } rows[] = {
        { "Manufacture from materials of any heading, except that of the product.", "CTH" },
        { "Production from materials of any sub-heading, except that of the good", "CTSH" },
        { "Manufacture from materials of any heading, except that of the product and heading 2207",
          "CTH except 2207" },
        { "Manufacture from materials of any heading, except those of [heading&nbsp;8503]"
          "(/headings/8503) and [heading&nbsp;8504](/headings/8504).", "ANY except 8503, 8504" },
        { "<abbr title='Change of chapter'>CC</abbr>: All non-originating materials used in the "
          "production of the good have undergone a change in tariff classification at the 2-digit "
          "level (chapter) except from heading 0901.", "CC except 0901" },
        { "A change to a good of heading 0101 to heading 0106 from any other chapter.", "CC" },
        { "Manufacture in which the value of all the materials used does not exceed **47.5%** of "
          "the "
          "ex\xE2\x80\x90works price of the product.", "MAXNOM 47.5 % EXW" },
        { "Manufacture:\n\n- from materials of any heading, except that of the product, "
          "*and*\n\n- in "
          "which the value of all the materials of heading 1701 to heading 1702 used must not "
          "exceed "
          "30 % of the ex- works price of the product", "CTH and MAXNOM 30 % EXW of 1701-1702" },
        { "Manufacture from materials of any heading, except that of the product. However, "
          "materials "
          "of the same heading as the product may be used, provided that their total value does "
          "not "
          "exceed 20% of the ex-works price of the product.", "CTH tolerance 20 % EXW" },
        { "Manufacture from materials of any heading, except that of the product. However, nibs "
          "may be "
          "used.", "CTH unless {nibs}" },
        { "Manufacture from materials of any heading, except that of the product. However, waste "
          "and "
          "scrap of heading 7204 may not be used.", "CTH and ANY except 7204 {waste and scrap}" },
        { "Production in which all the materials of chapter 4 used are wholly obtained and the "
          "weight "
          "of non-originating materials of heading 1701 used does not exceed 20% of the weight "
          "of the "
          "product.", "WO of 04 and MAXNOM 20 % WEIGHT of 1701" },
        { "Manufacture in which the value of all the materials used, except natural rubber, does "
          "not "
          "exceed 40% of the ex-works price of the product.",
          "MAXNOM 40 % EXW of {all materials but natural rubber}" },
        { "Manufacture in which the value of all the non-originating materials used does not "
          "exceed "
          "the value of all the originating materials used.", "BALANCE" },
        { "Your goods contain a Regional Value Content (RVC) of at least 55% of the Free on Board "
          "(FOB) cost of the goods.", "RVC 55 % FOB build-down" },
        { "The good has a Regional Value Content (RVC) as calculated under Article 5 of the Origin "
          "Reference Document of not less than 40%, whether using the build-up method or "
          "build-down "
          "method (RVC40).", "RVC 40 % FOB build-down or RVC 40 % FOB build-up" },
        { "A change from any other heading or Manufacture from yarn.",
          "CTH or PROCESS {Manufacture from yarn.}" },
        { "Printing, provided that the value of the unprinted fabric used does not exceed 47.5% "
          "of the "
          "ex-works price of the product.",
          "PROCESS {Printing} and MAXNOM 47.5 % EXW of {unprinted fabric}" },
        { "Manufacture in which: - all the milk used is originating, and - all the materials of "
          "chapter 10 used are wholly obtained.", "ORIGINATING of {milk} and WO of 10" },
        { "Manufacture in which all the milk and, if any, honey used are fresh, and all the "
          "materials "
          "of chapter 10 used are wholly obtained.",
          "MANUAL {Manufacture in which all the milk and, if any, honey used are fresh, and all "
          "the "
          "materials of chapter 10 used are wholly obtained.}" },
        { "Operations of refining or Other operations in which all the materials used are "
          "classified "
          "within a heading other than that of the product.",
          "PROCESS {Operations of refining} or CTH" },
        { "Weaving combined with dyeing.", "PROCESS {Weaving combined with dyeing.}" },
        // What is not understood to the last word stays as it is.
        { "Manufacture in which the value of all the materials used does not exceed 40% of the "
          "ex-works price of the product on Tuesdays.",
          "MANUAL {Manufacture in which the value of all the materials used does not exceed 40% of "
          "the ex-works price of the product on Tuesdays.}" },
        { "Manufacture in which the value of all the materials used does not exceed 140% of the "
          "ex-works price of the product.",
          "MANUAL {Manufacture in which the value of all the materials used does not exceed 140% "
          "of "
          "the ex-works price of the product.}" },
        { "Weaving where 30% {by weight} is kept.",
          "MANUAL {Weaving where 30% (by weight) is kept.}" },
        { "Process Rule.", "MANUAL {Process Rule.}" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span formula = formula_of(rows[i].words);
        if (!span_equal(formula, span_of(rows[i].formula)))
            fail_msg("row %zu: " SPAN_FMT, i, SPAN_ARG(formula));
        struct origin_formula read;
        struct error err = { 0 };
        assert_true(origin_formula_read(formula, &arena, &read, &err));
    }
}

// --- Files ---

#define ROW(head) "{\"heading\":\"h\",\"min\":\"8528000000\",\"max\":\"8528999999\"," head "}"

static void test_rows_that_cannot_be_read_are_refused_with_their_place(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct origin_book book;
    static const struct span text = SPAN_INIT("{\"rule_sets\":[\n"
        ROW("\"rules\":[{\"rule\":\"A change from any other heading.\"}]") ",\n"
        ROW("\"rules\":[]") ",\n"
        "7,\n"
        "{\"min\":\"85\",\"max\":\"8528999999\",\"rules\":[{\"rule\":\"x\"}]},\n"
        ROW("\"valid\":false,\"rules\":[{\"rule\":\"x\"}]") ",\n"
        ROW("\"rules\":[{\"rule\":\"\"},{\"rule\":\"Weaving.\",\"quota\":true}]") "]}");
    static const struct { unsigned line; const char *what; } refused[] = {
        { 3, "cannot be read" }, { 4, "without rules" }, { 5, "range" }, { 6, "not valid" },
        { 7, "without words" },
    };
    assert_true(origin_book_open(&book, &arena, &err));
    assert_true(uk_origin_rules(text, SPAN("s"), &arena, &book, &report, &err));
    assert_int_equal(report.rules, 2);
    assert_int_equal(report.alternatives, 2);
    assert_int_equal(report.refused, 5);
    for (size_t i = 0; i < 5; i++) {
        if (report.refusals[i].line != refused[i].line ||
            strstr(report.refusals[i].what, refused[i].what) == NULL)
            fail_msg("%zu: %u: %s", i, report.refusals[i].line, report.refusals[i].what);
    }
    // Two rows of one range divide it; a quota is never met by the goods alone.
    const struct origin_rule *rules = book.schemes[0].rules;
    assert_false(rules[0].whole || rules[1].whole);
    assert_int_equal(rules[1].alternatives[0].conditions[1].kind, ORIGIN_MANUAL);
    assert_int_equal(report.grasp[ORIGIN_GRASP_FIGURES], 1);
    assert_int_equal(report.grasp[ORIGIN_GRASP_NONE], 1);
}

static void test_a_list_that_was_cut_into_rules_is_put_together(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct origin_book book;
    static const struct span text = SPAN_INIT("{\"rule_sets\":[" ROW(
        "\"rules\":[{\"rule\":\"No change in tariff classification required for a good of "
        "heading 8528, "
        "provided there is a regional value content of not less than: - a) 30% under the build-up "
        "method.\"},{\"rule\":\"- b) 40% under the build-down method.\"},"
        "{\"rule\":\"- c) 50% under the focused value method taking into account only the "
        "non-originating materials of heading 8529.\"}]") "]}");
    static const char *const formulas[] = { "ANY and RVC 30 % FOB build-up",
                                            "ANY and RVC 40 % FOB build-down",
                                            "ANY and RVC 50 % FOB build-down of 8529" };
    assert_true(origin_book_open(&book, &arena, &err));
    assert_true(uk_origin_rules(text, SPAN("s"), &arena, &book, &report, &err));
    assert_int_equal(report.alternatives, 3);
    for (uint32_t i = 0; i < 3; i++) {
        struct text formula = text_in(&arena, 100);
        origin_alternative_write(&formula, &book.schemes[0].rules[0].alternatives[i]);
        assert_string_equal(text_span(&formula).at, formulas[i]);
    }
}

static void test_schemes_tell_who_makes_out_which_proof(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct origin_book book;
    static const struct span text = SPAN_INIT(
        "{\"schemes\":[{\"scheme_code\":\"s\",\"title\":\"T\","
        "\"validity_start_date\":\"2021-01-01\","
        "\"validity_end_date\":null,\"countries\":[\"XO\"],\"cumulation_methods\":{\"bilateral\":"
        "{\"countries\":[\"XM\",\"XO\"]},\"diagonal\":{\"countries\":[]}},\"proofs\":["
        "{\"proof_class\":\"eur1\",\"summary\":\"EUR.1\"},{\"proof_class\":\"origin-declaration\","
        "\"subtext\":\"for consignments with a value over \xC2\xA3"
        "5500 / 6000 euros\"},{\"proof_class\":\"importers-knowledge\"}]},"
        "{\"scheme_code\":\"t\",\"validity_start_date\":\"soon\"}]}");
    assert_true(origin_book_open(&book, &arena, &err));
    assert_true(uk_origin_schemes(text, &arena, &book, &report, &err));
    assert_int_equal(report.schemes, 1);
    assert_int_equal(report.refused, 1);
    const struct origin_scheme *scheme = &book.schemes[0];
    assert_int_equal(scheme->cumulations_count, 1);
    assert_int_equal(scheme->proofs_count, 5);
    assert_int_equal(scheme->proofs[0].maker, ORIGIN_BY_OFFICE);
    assert_int_equal(scheme->proofs[1].value_max.digits, 5500);
    assert_string_equal(scheme->proofs[1].currency, "GBP");
    assert_int_equal(scheme->proofs[2].value_max.digits, 6000);
    assert_string_equal(scheme->proofs[2].currency, "EUR");
    assert_int_equal(scheme->proofs[3].maker, ORIGIN_BY_AUTHORISED);
    assert_int_equal(scheme->proofs[4].maker, ORIGIN_BY_IMPORTER);
    assert_false(scheme->tolerances_known);
}

static void test_files_are_recognised_by_their_content(void **state)
{
    (void)state;
    static const struct { const char *text; enum uk_origin_file file; } rows[] = {
        { "{\"rule_sets\":[]}", UK_ORIGIN_RULES },
        { "{\"schemes\":[]}", UK_ORIGIN_SCHEMES },
        { "{\"format\":\"origin-rules-1\",\"schemes\":[]}", UK_ORIGIN_NEITHER },
        { "[]", UK_ORIGIN_NEITHER },
    };
    struct error err = { 0 };
    enum uk_origin_file file;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(uk_origin_recognise(span_of(rows[i].text), arena, &file, &err));
        assert_int_equal(file, rows[i].file);
    }
    assert_false(uk_origin_recognise(SPAN("{"), arena, &file, &err));
}

// --- The whole set, where it is ---

static struct span read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s", path);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *at = arena_take_raw(&arena, size, 1);
    assert_true(at != NULL && fread(at, 1, size, file) == size);
    fclose(file);
    return (struct span){ at, size };
}

static void read_rules(const char *folder, struct origin_book *book)
{
    struct dirent *entry;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL) {
        char path[1000];
        struct error err = { 0 };
        struct span name = span_of(entry->d_name), code;
        if (!span_ends_with(name, SPAN(".json"))) continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        assert_true(arena_copy(&arena, span_cut(name, '.').head, &code));
        if (!uk_origin_rules(read_whole(path), code, &arena, book, &report, &err))
            fail_msg("%s: %u:%u: %s", path, err.line, err.column, err.text);
    }
    closedir(directory);
}

// Each formula that was made from words is one that can be written down and read again.
static void check_formula(const struct origin_alternative *alternative)
{
    static char memory[64 * 1024];
    struct arena scratch = arena_over(memory, sizeof(memory));
    struct error err = { 0 };
    struct origin_formula read;
    struct text once = text_in(&scratch, 500), twice = text_in(&scratch, 500);
    origin_alternative_write(&once, alternative);
    if (!origin_formula_read(text_span(&once), &scratch, &read, &err))
        fail_msg(SPAN_FMT ": %s", SPAN_ARG(text_span(&once)), err.text);
    assert_int_equal(read.count, 1);
    origin_alternative_write(&twice, &read.alternatives[0]);
    assert_true(!twice.full && span_equal(text_span(&once), text_span(&twice)));
}

static void check_formulas(const struct origin_book *book)
{
    for (uint32_t i = 0; i < book->count; i++)
        for (uint32_t k = 0; k < book->schemes[i].rules_count; k++)
            for (uint32_t n = 0; n < book->schemes[i].rules[k].count; n++)
                check_formula(&book->schemes[i].rules[k].alternatives[n]);
}

static void test_the_united_kingdoms_set_is_read_whole(void **state)
{
    (void)state;
    char path[500];
    struct error err = { 0 };
    struct origin_book book;
    snprintf(path, sizeof(path), "%s/../shared/data/ref/roo/roo_schemes_uk.json",
             getenv("TIDEWAITER_ROOT"));
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        print_message("no %s: not tested\n", path);
        skip();
    }
    fclose(file);
    assert_true(origin_book_open(&book, &arena, &err));
    if (!uk_origin_schemes(read_whole(path), &arena, &book, &report, &err))
        fail_msg("%u:%u: %s", err.line, err.column, err.text);
    assert_int_equal(report.schemes, 44);
    snprintf(path, sizeof(path), "%s/../shared/data/ref/roo/rule_sets", getenv("TIDEWAITER_ROOT"));
    read_rules(path, &book);
    assert_int_equal(book.count, 44);
    assert_int_equal(report.rules, 28535);
    // 41,255 texts, of which one is empty; texts with "or" in them are several alternatives.
    assert_int_equal(report.refused, 1);
    assert_true(report.alternatives >= 41254);
    check_formulas(&book);
    const uint32_t *grasp = report.grasp;
    uint32_t all = report.alternatives;
    print_message("%u alternatives: by figures %u (%.1f %%), partly %u (%.1f %%), by claims %u "
                  "(%.1f %%), manual %u (%.1f %%)\n", all, grasp[0], 100.0 * grasp[0] / all,
                  grasp[1],
                  100.0 * grasp[1] / all, grasp[2], 100.0 * grasp[2] / all, grasp[3],
                  100.0 * grasp[3] / all);
    assert_true(grasp[ORIGIN_GRASP_FIGURES] * 10 >= all * 7); // as it was when this was written
    assert_true(grasp[ORIGIN_GRASP_NONE] * 100 <= all * 7);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_words_are_read_as_formulas),
        TEST(test_rows_that_cannot_be_read_are_refused_with_their_place),
        TEST(test_a_list_that_was_cut_into_rules_is_put_together),
        TEST(test_schemes_tell_who_makes_out_which_proof),
        TEST(test_files_are_recognised_by_their_content),
        TEST(test_the_united_kingdoms_set_is_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
