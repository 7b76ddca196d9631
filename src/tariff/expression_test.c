#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tariff/expression_reading.h"

static _Alignas(64) char memory[1 << 18];
static const struct expression_dialect us = { .currency = "USD" };
static const struct expression_dialect plain = { 0 };
static const struct expression_dialect percents = { .currency = "EUR", .bare_percent = true };
static const struct expression_dialect rupees = { .currency = "PKR" };
static const struct expression_dialect commas = { .currency = "EUR", .decimal_comma = true };

static struct expression read(struct arena *arena, struct span text,
                              const struct expression_dialect *dialect)
{
    struct expression expression;
    struct error err = { 0 };
    if (!expression_read(text, dialect, arena, &expression, &err))
        fail_msg("%s: " SPAN_FMT, err.text, SPAN_ARG(text));
    enum expression_obstacle obstacle;
    assert_true(expression_check(expression.formula, &obstacle, &err));
    assert_int_equal(obstacle, expression.obstacle);
    return expression;
}

// What is read is written so, and read again is the same bytes.
static void is_read_as(const char *words, const struct expression_dialect *dialect,
                       const char *canonical)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct expression first = read(&arena, span_of(words), dialect);
    if (first.kind != EXPRESSION_FORMULA)
        fail_msg("'%s' is manual: %s, at %zu", words, expression_obstacle_name(first.obstacle),
                 first.stopped_at);
    struct text text = text_in(&arena, 256);
    expression_write(&text, first.formula);
    assert_string_equal(text_span(&text).at, canonical);
    struct expression again = read(&arena, text_span(&text), &plain);
    assert_int_equal(again.kind, EXPRESSION_FORMULA);
    assert_true(span_equal(first.formula, again.formula));
}

struct row {
    const char *words, *canonical;
};

static void are_read(const struct row *rows, size_t count, const struct expression_dialect *dialect)
{
    for (size_t i = 0; i < count; i++) is_read_as(rows[i].words, dialect, rows[i].canonical);
}
#define ARE_READ(rows, dialect) are_read(rows, sizeof(rows) / sizeof((rows)[0]), dialect)

static void test_american_spellings(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "Free", "Free" },
        { " FREE. ", "Free" },
        { "6.80%", "6.8 %" },
        { "33 1/3%", "33 1/3 %" },
        { "1/3¢/kg", "1/300 USD/kg" },
        { "1 3/8¢ per lb.", "0.01375 USD/lb" },
        { "12½%", "12.5 %" },
        { "33 1/ 3 percent", "33 1/3 %" },
        { "$1,250.75/t", "1250.75 USD/t" },
        { "1 cent per kilogram", "0.01 USD/kg" },
        { "7.4¢/kg on drained weight+45%", "0.074 USD/kg net drained + 45 %" },
        { "3¢/liter+2.2¢/pf.liter", "0.03 USD/l + 0.022 USD/proof litre" },
        { "10¢/ liter  +  5 per cent ad valorem", "0.1 USD/l + 5 %" },
        { "20¢/gross of immediate containers", "0.2 USD/gross immediate containers" },
        { "90¢/pr. +20%", "0.9 USD/pair + 20 %" },
        { "$2/doz. prs.", "2 USD/dozen pairs" },
        { "$5/1000", "5 USD/1000 item" },
        { "$5 1/2 each", "5.5 USD/item" },
        { "2¢/thou- sand", "0.02 USD/1000 item" },
        { "0.2¢/line/ gross + 3%", "0.002 USD/gross for each line + 3 %" },
        { "40¢ each + 3¢/jewel over 7 + 5% on the case", "0.4 USD/item + 0.03 USD/item for each"
                                                         " jewel over 7 + 5 % on the case" },
        { "3% on the movement and case+ 2% on thebattery",
          "3 % on the movement and case + 2 % on the battery" },
        { "5% on the value of the rifle + 20% on the value of the telescopic sight, if any",
          "5 % on the rifle + 20 % on the telescopic sight" },
        { "2¢/kg less 0.03¢/kg for each degree under 100 degrees (and fractions of a degree in"
          " proportion) but not less than 1.5¢/kg",
          "0.02 USD/kg - 0.0003 USD/kg for each degree under 100 MIN 0.015 USD/kg" },
        { "The duty provided in the appli- cable subheading + 25%", "LINE + 25 %" },
        { "No change", "LINE" },
        { "7 percent of the fair retail value", "7 % on the fair retail value" },
    };
    ARE_READ(rows, &us);
}

static void test_european_spellings(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "10.20% + 93.10 EUR / 100 kg", "10.2 % + 93.1 EUR/100 kg" },
        { "10.2 % + 93.1 EUR DTN", "10.2 % + 93.1 EUR/100 kg" },
        { "4.00% + 7.80 GBP/100kg eda", "4 % + 7.8 GBP/100 kg net drained" },
        { "9.40 €/100 kg/net drained wt", "9.4 EUR/100 kg net drained" },
        { "12.00% MIN 2€/100kg/br", "12 % MIN 2 EUR/100 kg gross" },
        { "9.00% +  EA MAX 18.70%  + ADSZ", "9 % + EA MAX 18.7 % + ADSZ" },
        { "1.75 EUR / % vol / hl + 6 EUR/hl", "1.75 EUR/hl for each % vol + 6 EUR/hl" },
        { "0.40 EUR / 100 kg / net/% sacchar.", "0.4 EUR/100 kg net for each % sucrose" },
        { "1.19 EUR / kg / lactic matter", "1.19 EUR/kg lactic matter" },
        { "43.00 GBP/1,000 items", "43 GBP/1000 item" },
        { "0.50 EUR / item MIN 2.70% MAX 4.60%", "0.5 EUR/item MIN 2.7 % MAX 4.6 %" },
        { "Entry Price", "EP" },
        { "7.2 MIN 0.36 EUR/100 kg", "7.2 % MIN 0.36 EUR/100 kg" },
        { "5% (01 JAN-31 MAR, 1-31 DEC), 8% (01 APR - 30 NOV)",
          "5 % (1 JAN-31 MAR, 1 DEC-31 DEC), 8 % (1 APR-30 NOV)" },
        { "9.60% MIN 1.1 €/100 kg/net (01 JAN-31 APR), 13.60%",
          "9.6 % MIN 1.1 EUR/100 kg net (1 JAN-30 APR), 13.6 %" },
        { "12,000 EUR/t", "12000 EUR/t" },
        { "2,5 %", "2.5 %" },
        { "0,125 EUR/kg", "0.125 EUR/kg" },
    };
    ARE_READ(rows, &percents);
    is_read_as("2,125 %", &commas, "2.125 %");
    is_read_as("2,125 EUR/t", &percents, "2125 EUR/t");
}

static void test_russian_spellings(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "0", "0 %" },
        { "15", "15 %" },
        { "50%, но не менее 1 EUR за 1 кг", "50 % MIN 1 EUR/kg" },
        { "20, но не менее 0,4 евро за 1 л", "20 % MIN 0.4 EUR/l" },
        { "17%, но не менее 1.7 EUR за 1 1000 шт", "17 % MIN 1.7 EUR/1000 item" },
        { "2 евро за 1 000 шт", "2 EUR/1000 item" },
        { "4.5% плюс 0.02 EUR за 1 кг", "4.5 % + 0.02 EUR/kg" },
        { "5 % или 0,2 евро за 1 кг, в зависимости от того, что больше", "5 % MIN 0.2 EUR/kg" },
        { "250 долларов США за 1000 кг", "250 USD/1000 kg" },
        { "1 EUR ЗА 1 ПАРУ", "1 EUR/pair" },
        { "3 евро за 1 см3 объема двигателя", "3 EUR/cm3 engine capacity" },
        { "5 процентов, но не более 2 евро за 1 м²", "5 % MAX 2 EUR/m2" },
    };
    ARE_READ(rows, &percents);
}

static void test_other_spellings(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "5%, and $107.99\t/L of alcohol", "5 % + 107.99 USD/l pure alcohol" },
        { "$10.57/L of alcohol, calculated on that alcohol content by which the percentage by "
          "volume"
          " of alcohol of the goods exceeds 1.15",
          "0.1057 USD/l for each % vol over 1.15" },
        { "4%, or, if lower, $0.45/kg TSS", "4 % MAX 0.45 USD/kg soluble solids" },
        { "$1.220/kg, less 5%", "1.22 USD/kg - 5 %" },
        { "&#49;0%", "10 %" },
        { "10% or INR 50 per kg, whichever is higher", "10 % MIN 50 INR/kg" },
        { "20% or 397 yen/kg, whichever is the less", "20 % MAX 397 JPY/kg" },
        { "2¢/kg but not less than 12.5% or more than 17%", "0.02 USD/kg MIN 12.5 % MAX 17 %" },
        { "CHF 25.00 per 100 kg gross", "25 CHF/100 kg gross" },
        { "US$ 3.50 per bbl", "3.5 USD/bbl" },
        { "15¢ per litre of absolute ethyl alcohol", "0.15 USD/l pure alcohol" },
        { "1.75 EUR ASV/HLT + 0.4 EUR DTN Z",
          "1.75 EUR/hl for each % vol + 0.4 EUR/100 kg for each % sucrose" },
        { "8% (from Nov. 1 to 30 April), Free", "8 % (1 NOV-30 APR), Free" },
        { "5% from 1 May to 30 April, 8%", "5 % (1 MAY-30 APR), 8 %" },
        { "the higher of 5% or $2 each, but not more than 9%", "5 % MIN 2 USD/item MAX 9 %" },
        { "the lesser of 5% or $2 each", "5 % MAX 2 USD/item" },
        { "1-3/8¢ per lb.", "0.01375 USD/lb" },
        { "1% - 3/8%", "1 % - 0.375 %" },
        { "45.5c per kg", "0.455 USD/kg" },
        { "9 % + EA (1) MAX 24.2 % + AD S/Z (1)", "9 % + EA MAX 24.2 % + ADSZ" },
    };
    ARE_READ(rows, &us);
    is_read_as("10% or Rs. 50 per kg, whichever is higher", &rupees, "10 % MIN 50 PKR/kg");
}

static void test_what_is_not_understood_is_manual_and_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        enum expression_obstacle obstacle;
    } rows[] = {
        { "", OBSTACLE_EMPTY },
        { "\xE2\x80\x8B", OBSTACLE_EMPTY },
        { "See 9822.04.25", OBSTACLE_REFERENCE },
        { "The rate applicable to the natural juice in heading 2009", OBSTACLE_REFERENCE },
        { "See additional U.S. note 3", OBSTACLE_NOTE },
        { "Free, under bond", OBSTACLE_CONDITION },
        { "5% if imported before noon", OBSTACLE_CONDITION },
        { "5% on the moonbeams", OBSTACLE_BASE },
        { "5 EUR", OBSTACLE_UNIT },
        { "5 EUR/parsec", OBSTACLE_UNIT },
        { "5 EUR/0.5 kg", OBSTACLE_UNIT },
        { "5 EUR/0 kg", OBSTACLE_UNIT },
        { "5", OBSTACLE_CURRENCY },
        { "$5/kg", OBSTACLE_CURRENCY },
        { "5¢/kg", OBSTACLE_CURRENCY },
        { "5% (1 JAN-30 JUN), 8% (30 JUN-31 DEC)", OBSTACLE_SEASON },
        { "5% (32 JAN-30 JUN)", OBSTACLE_SEASON },
        { "5% (30 FEB-30 JUN)", OBSTACLE_WORDS },
        { "5%, 8%", OBSTACLE_WORDS },
        { "5% + ", OBSTACLE_WORDS },
        { "5% + Free", OBSTACLE_WORDS },
        { "5% or 8%", OBSTACLE_WORDS },
        { "5 EUR/kg/kg", OBSTACLE_WORDS },
        { "5 EUR/kg of net of gross", OBSTACLE_WORDS },
        { "5%5%", OBSTACLE_WORDS },
        { "Freedom", OBSTACLE_WORDS },
        { "5 EUR/ton", OBSTACLE_UNIT }, // which one?
        { "1% MIN 2% MIN 3% MIN 4% MIN 5%", OBSTACLE_SIZE },
        { "1% on the case and case", OBSTACLE_WORDS },
        { "5 EUR/4000000000 kg", OBSTACLE_UNIT },
    };
    struct arena arena = arena_over(memory, sizeof(memory));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct expression expression = read(&arena, span_of(rows[i].words), &plain);
        if (expression.kind != EXPRESSION_MANUAL || expression.obstacle != rows[i].obstacle)
            fail_msg("'%s': %s", rows[i].words, expression_obstacle_name(expression.obstacle));
        assert_true(span_equal(expression.words, span_trim(span_of(rows[i].words))));
        assert_true(expression.stopped_at <= expression.words.len);
        assert_true(expression_obstacle_words(expression.obstacle)[0] != '\0');
    }
    assert_int_equal(read(&arena, SPAN(" 5% + what"), &plain).stopped_at, 4);
    // a sign that is no sign of the country's currency
    assert_int_equal(read(&arena, SPAN("$5/kg"), &percents).obstacle, OBSTACLE_CURRENCY);
    assert_int_equal(read(&arena, SPAN("5¢/kg"), &rupees).obstacle, OBSTACLE_CURRENCY);
    assert_int_equal(read(&arena, SPAN("Rs. 5/kg"), &us).obstacle, OBSTACLE_CURRENCY);
}

static void test_a_sum_of_more_terms_than_are_kept_is_manual(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text text = text_in(&arena, 512);
    for (int i = 0; i < EXPRESSION_TERMS_MAX; i++) text_add(&text, SPAN("1% + "));
    struct span many = text_span(&text);
    many.len -= 3;
    assert_int_equal(read(&arena, many, &plain).kind, EXPRESSION_FORMULA);
    text_add(&text, SPAN("1%"));
    struct expression expression = read(&arena, text_span(&text), &plain);
    assert_int_equal(expression.obstacle, OBSTACLE_SIZE);

    text = text_in(&arena, 512); // 22 x 24 bytes do not fit a formula
    for (int i = 0; i < 24; i++)
        text_add(&text, SPAN("123456789.123456789 EUR/1000 kg net for each % vol over"
                             " 123456789.123456789 + "));
    many = text_span(&text);
    many.len -= 3;
    expression = read(&arena, many, &plain);
    assert_int_equal(expression.obstacle, OBSTACLE_SIZE);
    assert_int_equal(expression.kind, EXPRESSION_MANUAL);
}

static void test_broken_input_is_an_error(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        enum error_kind kind;
        unsigned column;
    } rows[] = {
        { "5\xFF%", ERROR_SYNTAX, 2 },
        { "1234567890123456789%", ERROR_SYNTAX, 1 },
        { "5% + 0.1234567890123%", ERROR_SYNTAX, 6 },
        { "1/999999998%", ERROR_SYNTAX, 1 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct expression expression;
        struct error err = { 0 };
        assert_false(expression_read(span_of(rows[i].words), &us, &arena, &expression, &err));
        assert_int_equal(err.kind, rows[i].kind);
        assert_int_equal(err.column, rows[i].column);
        assert_true(err.hint[0] != '\0');
    }
    static char large[EXPRESSION_TEXT_MAX + 1];
    memset(large, '5', sizeof(large));
    struct arena arena = arena_over(memory, sizeof(memory));
    struct expression expression;
    struct error err = { 0 };
    assert_false(
        expression_read((struct span){ large, sizeof(large) }, &us, &arena, &expression, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    arena = arena_over(memory, 64);
    assert_false(
        expression_read(SPAN("5% + 3 EUR/kg and what else"), &us, &arena, &expression, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

// Every row of the tables of phrases is reached: none stands behind another that says the same.
static void test_every_phrase_is_found(void **state)
{
    (void)state;
    static const struct {
        const struct phrase *rows;
        const size_t *count;
    } tables[] = {
        { expression_phrases, &expression_phrases_count },
        { expression_unit_phrases, &expression_unit_phrases_count },
    };
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; i < *tables[t].count; i++) {
            size_t length;
            const struct phrase *row = &tables[t].rows[i];
            const struct phrase *found = phrase_find(span_of(row->words), row->kind, &length);
            if (found != row) fail_msg("'%s' is never found", row->words);
            assert_int_equal(length, strlen(row->words));
        }
    }
}

static void test_bytes_that_are_no_formula_are_damaged(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[24];
        size_t len;
    } rows[] = {
        { { 1 }, 0 },
        { { 1 }, 1 },
        { { 2, 2, 0, 16 }, 4 }, // another version
        { { 1, 1, 0 }, 3 },     // manual, and no reason
        { { 1, 1, 200 }, 3 },
        { { 1, 1, 1, 0 }, 4 },
        { { 1, 2, 0 }, 3 },                    // no sum
        { { 1, 2, 0, 16, 3 }, 5 },             // nothing behind MIN
        { { 1, 2, 0, 144 }, 4 },               // taken off nothing
        { { 1, 2, 0, 16, 16 }, 5 },            // Free + Free
        { { 1, 2, 0, 17, 10, 1, 0 }, 7 },      // 1.0 is written 1
        { { 1, 2, 0, 17, 0x85, 0, 0, 0 }, 8 }, // a byte in vain
        { { 1, 2, 0, 17, 5, 0, 1, 0 }, 8 },    // a part that is none
        { { 1, 2, 0, 17, 5, 0, 2, 52, 52 }, 9 },
        { { 1, 2, 0, 17, 5, 13, 0 }, 7 }, // thirteen places
        { { 1, 2, 0, 17, 5, 128, 1, 0 }, 8 },
        { { 1, 2, 0, 17, 5, 128, 2, 0 }, 8 }, // halves are decimals
        { { 1, 2, 0, 18, 5, 0, 'e', 'u', 'r', 1, 1, 0, 0 }, 13 },
        { { 1, 2, 0, 18, 5, 0, 'E', 'U', 'R', 0, 1, 0, 0 }, 13 },
        { { 1, 2, 0, 18, 5, 0, 'E', 'U', 'R', 1, 5, 0, 0 }, 13 }, // rates are not by DTN
        { { 1, 2, 0, 18, 5, 0, 'E', 'U', 'R', 1, 1, 0, 1, 0, 0 }, 15 },
        { { 1, 2, 0, 19, 0 }, 5 },
        { { 1, 2, 1, 13, 1, 1, 1, 16 }, 8 },
        { { 1, 2, 1, 2, 30, 3, 1, 16 }, 8 },
        { { 1, 2, 0, 16, 2, 0, 16 }, 7 }, // any other day, twice
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err = { 0 };
        enum expression_obstacle obstacle;
        struct span bytes = { (const char *)rows[i].bytes, rows[i].len };
        if (expression_check(bytes, &obstacle, &err)) fail_msg("row %zu is a formula", i);
        assert_int_equal(err.kind, ERROR_DAMAGED);
    }
    static const uint8_t good[] = { 1, 2, 0, 18, 5, 0, 'E', 'U', 'R', 1, 1, 0, 0 };
    struct error err = { 0 };
    enum expression_obstacle obstacle = OBSTACLE_WORDS;
    assert_true(
        expression_check((struct span){ (const char *)good, sizeof(good) }, &obstacle, &err));
    assert_int_equal(obstacle, OBSTACLE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_american_spellings),
        cmocka_unit_test(test_european_spellings),
        cmocka_unit_test(test_russian_spellings),
        cmocka_unit_test(test_other_spellings),
        cmocka_unit_test(test_what_is_not_understood_is_manual_and_says_why),
        cmocka_unit_test(test_a_sum_of_more_terms_than_are_kept_is_manual),
        cmocka_unit_test(test_broken_input_is_an_error),
        cmocka_unit_test(test_every_phrase_is_found),
        cmocka_unit_test(test_bytes_that_are_no_formula_are_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
