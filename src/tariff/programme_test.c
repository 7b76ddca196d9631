#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tariff/programme.h"

static _Alignas(64) char memory[1 << 18];
static const struct expression_dialect dollars = { .currency = "USD" };

static struct programme_rates read(struct arena *arena, const char *words)
{
    struct programme_rates rates;
    struct error err = { 0 };
    *arena = arena_over(memory, sizeof(memory));
    if (!programme_read(span_of(words), &dollars, arena, &rates, &err)) fail_msg("%s", err.text);
    return rates;
}

// "A,AU: Free; from 2018-07-01 CA: manual"
static void is_told(const char *words, const char *wanted)
{
    struct arena arena;
    struct programme_rates rates = read(&arena, words);
    struct text text = text_in(&arena, 256);
    for (uint32_t i = 0; i < rates.count; i++) {
        const struct programme_rate *rate = &rates.at[i];
        if (i > 0) text_add(&text, SPAN("; "));
        if (rate->from.given) text_add(&text, SPAN("from "));
        if (rate->from.given) date_write(&text, rate->from);
        if (rate->from.given) text_add(&text, SPAN(" "));
        for (uint32_t j = 0; j < rate->symbols_count; j++) {
            if (j > 0) text_add(&text, SPAN(","));
            text_add(&text, rate->symbols[j]);
        }
        text_add(&text, SPAN(": "));
        if (rate->expression.kind == EXPRESSION_MANUAL) text_add(&text, rate->expression.words);
        else expression_write(&text, rate->expression.formula);
    }
    assert_string_equal(text_span(&text).at, wanted);
}

static void test_symbols_in_brackets_stand_behind_their_rate(void **state)
{
    (void)state;
    is_told("Free", ": Free");
    is_told("17.1% (AU)", "AU: 17.1 %");
    is_told("Free (A+,AU, BH,\nS,)3.2%(JP)", "A+,AU,BH,S: Free; JP: 3.2 %");
    is_told("Free (BH,S+) See 9822.05.20 (P+)", "BH,S+: Free; P+: See 9822.05.20");
    is_told("No change (A*,D) Free", "A*,D: LINE; : Free");
    is_told("1.9¢/liter + 13.9¢/pf. liter (JO)", "JO: 0.019 USD/l + 0.139 USD/proof litre");
}

static void test_symbols_in_front_begin_a_rate(void **state)
{
    (void)state;
    is_told("5% DCS4% CAFree DCT;5%", ": 5 %; DCS: 4 %; CA: Free; DCT: 5 %");
    is_told("5% CA\xE2\x80\x8B"
            "Free\xE2\x80\x8B",
            ": 5 %; CA: Free");
    is_told("$1.22/kg DC$1.22/kg, less 5%", ": 1.22 USD/kg; DC: 1.22 USD/kg - 5 %");
    is_told("5%, and $2/L of alcohol NZ/PG /LDC $2/L of alcohol",
            ": 5 % + 2 USD/l pure alcohol; NZ,PG,LDC: 2 USD/l pure alcohol");
}

static void test_a_day_begins_rates_of_its_own(void **state)
{
    (void)state;
    is_told("From 31 May 2023&#58; 4%", "from 2023-05-31 : 4 %");
    is_told("5% CAFree From1July20182.5% CA Free From 1 July 2019 Free",
            ": 5 %; CA: Free; from 2018-07-01 : 2.5 %; from 2018-07-01 CA: Free;"
            " from 2019-07-01 : Free");
}

static void test_seasons_and_clamps_are_one_rate(void **state)
{
    (void)state;
    is_told("5% (1 JAN-30 JUN), 8% (1 JUL-31 DEC)", ": 5 % (1 JAN-30 JUN), 8 % (1 JUL-31 DEC)");
    is_told("5% MIN 3 EUR/kg MAX 8%", ": 5 % MIN 3 EUR/kg MAX 8 %");
}

static void test_what_cannot_be_told_apart_stays_whole(void **state)
{
    (void)state;
    is_told("5% DCS nothing", ": 5% DCS nothing");
    is_told("From 30 February 2018: 5%", ": From 30 February 2018: 5%");
    is_told("From 1 Febuary 2018: 5%", ": From 1 Febuary 2018: 5%");
    is_told("5% DCS4% CA a wish", ": 5% DCS4% CA a wish");
    is_told("Free (See note 4)", ": Free (See note 4)");
    is_told("", ": ");
}

static void test_too_many_rates_are_an_error(void **state)
{
    (void)state;
    static _Alignas(64) char room[1 << 16];
    struct arena other = arena_over(room, sizeof(room)), arena = arena_over(memory, sizeof(memory));
    struct text text = text_in(&other, 1024);
    for (int i = 0; i <= PROGRAMME_RATES_MAX; i++) text_add(&text, SPAN("1% (A) "));
    struct programme_rates rates;
    struct error err = { 0 };
    assert_false(programme_read(text_span(&text), &dollars, &arena, &rates, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_false(programme_read(SPAN("5\xFF"), &dollars, &arena, &rates, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbols_in_brackets_stand_behind_their_rate),
        cmocka_unit_test(test_symbols_in_front_begin_a_rate),
        cmocka_unit_test(test_a_day_begins_rates_of_its_own),
        cmocka_unit_test(test_seasons_and_clamps_are_one_rate),
        cmocka_unit_test(test_what_cannot_be_told_apart_stays_whole),
        cmocka_unit_test(test_too_many_rates_are_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
