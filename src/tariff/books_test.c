// The books that come with the program can be read, and cover what they say they cover.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tariff/books_read.h"

static _Alignas(64) char memory[4 << 20];

static struct span load(const char *name)
{
    static char texts[8][1 << 19];
    static unsigned used;
    char path[512];
    assert_true(used < 8);
    assert_non_null(getenv("TIDEWAITER_ROOT"));
    snprintf(path, sizeof(path), "%s/data/books/%s", getenv("TIDEWAITER_ROOT"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(texts[used], 1, sizeof(texts[used]), file);
    fclose(file);
    assert_true(len > 0 && len < sizeof(texts[used]));
    return (struct span){ texts[used++], len };
}

static void test_the_books_of_meridia_can_be_read(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct books_texts texts = { load("settings.csv"), load("rates.csv"), load("schedule.csv"),
                                 load("groups.csv") };
    struct books books;
    struct error err = { 0 };
    if (!books_read(&texts, &arena, &books, &err)) fail_msg("%u: %s", err.line, err.text);
    assert_string_equal(books.country, "XM");
    assert_string_equal(books.currency, "EUR");
    assert_int_equal(books.random_per_million, 5000);
    assert_int_equal(books.worth_floor_minor, 10000);
    assert_int_equal(books.examine_score, 250);
    assert_null(books.risk_rules);

    struct date day;
    assert_true(date_read(SPAN("2015-01-01"), &day, &err));
    static const char *const currencies[] = { "KRW", "USD", "GBP", "CNY", "JPY", "CHF", "TRY" };
    for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++)
        assert_non_null(rates_find(books.rates, span_of(currencies[i]), day));

    for (unsigned chapter = 1; chapter <= 97; chapter++) {
        if (chapter == 77) continue; // the Harmonized System keeps it free
        char code[3];
        snprintf(code, sizeof(code), "%02u", chapter);
        struct schedule_question question = { span_of(code), SPAN("CN"), SPAN(""), day };
        const struct schedule_line *found[SCHEDULE_TYPES_MAX];
        assert_true(schedule_find(books.schedule, &question, found) >= 2);
        assert_true(span_equal(found[0]->type, SPAN("A00")));
    }
}

static void test_settings_are_all_known_and_all_set(void **state)
{
    (void)state;
    static const struct { const char *settings; unsigned line; const char *what; } rows[] = {
        { "name,value\ncountry,XM\ncurrency,EUR\nrandom_per_million,5\n", 0, "worth_floor_minor" },
        { "name,value\ncolour,blue\n", 2, "colour" },
        { "name,value\ncountry,XM\ncountry,XM\n", 3, "twice" },
        { "name,value\ncountry,xm\n", 2, "xm" },
        { "name,value\ncurrency,EURO\n", 2, "EURO" },
        { "name,value\nrandom_per_million,1000001\n", 2, "random share" },
        { "name,value\nworth_floor_minor,-5\n", 2, "floor" },
        { "name,value\nexamine_score,0\n", 2, "score to examine" },
        { "name,value\nexamine_score,1001\n", 2, "score to examine" },
        { "name,value\nduty_rounding,up\n", 2, "neither 'half-up' nor 'down'" },
        { "name,value\ncharges,\n", 2, "neither 'by-terms' nor 'as-declared'" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct books_texts texts = { .settings = span_of(rows[i].settings) };
        struct books books;
        struct error err = { 0 };
        assert_false(books_read(&texts, &arena, &books, &err));
        assert_int_equal(err.line, rows[i].line);
        assert_non_null(strstr(err.text, rows[i].what));
        assert_true(err.hint[0] != '\0');
    }
}

static void test_how_is_rounded_and_what_charges_count_may_be_left_out(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct books books;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct books_texts texts = { load("settings.csv"), load("rates.csv"), load("schedule.csv"),
                                 load("groups.csv") };
    assert_true(books_read(&texts, &arena, &books, &err));
    assert_false(books.duty_rounded_down || books.charges_as_declared);

    static const struct span set = SPAN_INIT(
        "name,value\nduty_rounding,down\ncharges,as-declared\ncountry,XM\ncurrency,EUR\n"
        "random_per_million,5\nworth_floor_minor,5\nexamine_score,5\n");
    texts.settings = set;
    arena_reset(&arena, 0);
    assert_true(books_read(&texts, &arena, &books, &err));
    assert_true(books.duty_rounded_down && books.charges_as_declared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_books_of_meridia_can_be_read),
        cmocka_unit_test(test_settings_are_all_known_and_all_set),
        cmocka_unit_test(test_how_is_rounded_and_what_charges_count_may_be_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
