#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/money.h"

enum { SIZE = 64 * 1024 };

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

static struct decimal of(const char *text)
{
    struct decimal value;
    if (!decimal_read(span_of(text), &value, NULL)) fail_msg("'%s' is no number", text);
    return value;
}

static struct money money(const char *text, const char *currency)
{
    struct money amount;
    assert_true(money_from_decimal_half_up(of(text), span_of(currency), &amount, NULL));
    return amount;
}

static void is(struct arena *arena, struct money amount, const char *expected)
{
    struct text text = text_in(arena, 32);
    money_write(&text, amount);
    assert_string_equal(text_span(&text).at, expected);
}

// --- currencies

static bool listed(const char *list, const char *code)
{
    return strstr(list, code) != NULL;
}

static void the_currencies_are_those_of_iso_4217(void **state)
{
    (void)state;
    FILE *file = fopen("/usr/share/iso-codes/json/iso_4217.json", "r");
    if (file == NULL) {
        print_message("skipped: Debian's iso-codes is not installed\n");
        skip();
        return;
    }
    static bool current[26 * 26 * 26];
    static const char no_unit[] = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX";
    static const char younger[] = "XCG ZWG"; // than this edition of iso-codes
    char line[512];
    unsigned codes = 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        char code[4];
        if (sscanf(line, " \"alpha_3\": \"%3[A-Z]\"", code) != 1) continue;
        current[((code[0] - 'A') * 26 + code[1] - 'A') * 26 + code[2] - 'A'] = true;
        codes++;
    }
    fclose(file);
    assert_in_range(codes, 150, 250);

    for (int i = 0; i < 26 * 26 * 26; i++) {
        char code[4] = { (char)('A' + i / 676), (char)('A' + i / 26 % 26), (char)('A' + i % 26) };
        unsigned exponent;
        bool expected = (current[i] && !listed(no_unit, code)) || listed(younger, code);
        if (currency_exponent((struct span){ code, 3 }, &exponent) != expected)
            fail_msg("%s is %scurrent", code, expected ? "" : "not ");
    }
}

static void each_currency_has_its_digits_behind_the_point(void **state)
{
    (void)state;
    static const struct { const char *code; unsigned exponent; } rows[] = {
        { "EUR", 2 }, { "USD", 2 }, { "CNY", 2 }, { "HUF", 2 }, { "XCD", 2 }, { "ZWG", 2 },
        { "JPY", 0 }, { "KRW", 0 }, { "VND", 0 }, { "CLP", 0 }, { "ISK", 0 }, { "UGX", 0 },
        { "RWF", 0 }, { "XAF", 0 }, { "XOF", 0 }, { "XPF", 0 }, { "BIF", 0 }, { "DJF", 0 },
        { "GNF", 0 }, { "KMF", 0 }, { "PYG", 0 }, { "VUV", 0 }, { "UYI", 0 }, { "BHD", 3 },
        { "IQD", 3 }, { "JOD", 3 }, { "KWD", 3 }, { "LYD", 3 }, { "OMR", 3 }, { "TND", 3 },
        { "CLF", 4 }, { "UYW", 4 },
    };
    unsigned exponent;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(currency_exponent(span_of(rows[i].code), &exponent));
        if (exponent != rows[i].exponent) fail_msg("%s has %u", rows[i].code, exponent);
    }
    const char *const refused[] = { "", "EU", "EURO", "eur", "Eur", "EU ", "XAU", "XXX", "XTS",
                                    "XDR", "ZZZ", "AAA", "E\xC3\x9C", "123", "[[[", "@@@" };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(currency_exponent(span_of(refused[i]), &exponent));
    assert_false(currency_exponent((struct span){ 0 }, &exponent));
}

static void an_unknown_currency_is_named(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct money amount = { .minor = 42 };
    assert_false(money_from_decimal_half_up(of("1"), SPAN("EUX"), &amount, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_string_equal(err.text, "unrecognised currency 'EUX'");
    assert_string_equal(err.hint, "Use a code of ISO 4217 in capital letters, like EUR.");
    assert_false(money_from_decimal_half_up(of("1"), SPAN("EURO"), &amount, &err));
    assert_string_equal(err.text, "a currency has three letters, not 4 bytes");
    assert_int_equal(amount.minor, 42);

    struct money euro = money("1", "EUR");
    assert_false(money_convert_half_up(euro, of("1"), SPAN("XXX"), &amount, &err));
    assert_string_equal(err.text, "unrecognised currency 'XXX'");
    assert_false(money_convert_half_up((struct money){ 1, "" }, of("1"), SPAN("EUR"), &amount,
                                       NULL));
}

// --- rounding

static void an_amount_is_rounded_to_its_minor_unit(void **state)
{
    static const struct { const char *text, *currency, *money; } rows[] = {
        { "1234.5", "EUR", "1234.50 EUR" },    { "0", "EUR", "0.00 EUR" },
        { "1.004", "EUR", "1.00 EUR" },        { "1.005", "EUR", "1.01 EUR" },
        { "1.00499999", "EUR", "1.00 EUR" },   { "-1.005", "EUR", "-1.01 EUR" },
        { "-1.004", "EUR", "-1.00 EUR" },      { "-0.004", "EUR", "0.00 EUR" },
        { "-0.05", "EUR", "-0.05 EUR" },       { "0.5", "JPY", "1 JPY" },
        { "0.49", "JPY", "0 JPY" },            { "-0.5", "JPY", "-1 JPY" },
        { "1.0005", "KWD", "1.001 KWD" },      { "2.5", "CLF", "2.5000 CLF" },
        { "999999999999999999", "JPY", "999999999999999999 JPY" },
        { "9999999999999999.99", "EUR", "9999999999999999.99 EUR" },
        { "-92233720368547758", "EUR", "-92233720368547758.00 EUR" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        is(*state, money(rows[i].text, rows[i].currency), rows[i].money);
}

static void a_duty_a_quarter_of_a_cent_off_is_rounded_down_and_a_half_away_from_zero(void **state)
{
    struct money result;
    assert_true(money_percent_half_up(money("40.02", "EUR"), of("12.50"), &result, NULL));
    is(*state, result, "5.00 EUR"); // 5.0025
    assert_true(money_percent_half_up(money("40.04", "EUR"), of("12.5"), &result, NULL));
    is(*state, result, "5.01 EUR"); // 5.005
    assert_true(money_percent_half_up(money("-40.04", "EUR"), of("12.5"), &result, NULL));
    is(*state, result, "-5.01 EUR");
    assert_true(money_percent_half_up(money("40.04", "EUR"), of("-12.5"), &result, NULL));
    is(*state, result, "-5.01 EUR");
    assert_true(money_times_half_up(money("40.02", "EUR"), of("0.125"), &result, NULL));
    is(*state, result, "5.00 EUR");
    assert_true(money_times_half_up(money("1", "JPY"), of("0.5"), &result, NULL));
    is(*state, result, "1 JPY");
    assert_true(money_times_half_up(money("1", "JPY"), of("0.499999999999"), &result, NULL));
    is(*state, result, "0 JPY");
}

static void a_percentage_that_is_rounded_down_disregards_what_is_left_of_a_cent(void **state)
{
    struct money result, most = { INT64_MAX, "GBP" };
    assert_true(money_percent_down(money("2365.53", "GBP"), of("20.00"), &result, NULL));
    is(*state, result, "473.10 GBP");
    assert_true(money_percent_half_up(money("2365.53", "GBP"), of("20.00"), &result, NULL));
    is(*state, result, "473.11 GBP");
    assert_true(money_percent_down(money("-2365.53", "GBP"), of("20.00"), &result, NULL));
    is(*state, result, "-473.10 GBP");
    assert_true(money_percent_down(money("1000", "JPY"), of("0.199"), &result, NULL));
    is(*state, result, "1 JPY");
    assert_true(money_percent_down(money("0.99", "GBP"), of("99.999999999999"), &result, NULL));
    is(*state, result, "0.98 GBP");
    assert_true(money_percent_down(most, of("100"), &result, NULL));
    assert_true(result.minor == INT64_MAX);
    assert_false(money_percent_down(most, of("100.01"), &result, NULL));
}

static void a_quantity_at_a_price_is_rounded_as_the_name_says(void **state)
{
    struct money result;
    static const struct { const char *quantity, *rate, *currency, *down, *half_up; } rows[] = {
        { "10000", "0.5295", "GBP", "5295.00 GBP", "5295.00 GBP" },
        { "5.1", "9.999", "GBP", "50.99 GBP", "50.99 GBP" },   // 50.9949
        { "5.1", "9.9999", "GBP", "50.99 GBP", "51.00 GBP" },  // 50.99949
        { "-5.1", "9.9999", "GBP", "-50.99 GBP", "-51.00 GBP" },
        { "0.000000000001", "0.000000000001", "EUR", "0.00 EUR", "0.00 EUR" },
        { "3", "0.5", "JPY", "1 JPY", "2 JPY" },
        { "3", "7", "KWD", "21.000 KWD", "21.000 KWD" },
        { "999999999999999999", "9.223372036854", "JPY", "9223372036853999990 JPY",
          "9223372036853999991 JPY" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(money_of_quantity_down(of(rows[i].quantity), of(rows[i].rate),
                                           span_of(rows[i].currency), &result, NULL));
        is(*state, result, rows[i].down);
        assert_true(money_of_quantity_half_up(of(rows[i].quantity), of(rows[i].rate),
                                              span_of(rows[i].currency), &result, NULL));
        is(*state, result, rows[i].half_up);
    }
    assert_false(money_of_quantity_down(of("999999999999999999"), of("10"), SPAN("JPY"), &result,
                                        NULL));
    assert_false(money_of_quantity_down(of("999999999999999999"), of("999999999999999999"),
                                        SPAN("KWD"), &result, NULL));
    assert_false(money_of_quantity_down(of("1"), of("1"), SPAN("XYZ"), &result, NULL));
}

static void converting_uses_the_digits_of_both_currencies(void **state)
{
    static const struct { const char *text, *from, *rate, *to, *money; } rows[] = {
        { "100.00", "EUR", "1.0850", "USD", "108.50 USD" },
        { "100.00", "EUR", "162.345", "JPY", "16235 JPY" }, // 16234.5
        { "-100.00", "EUR", "162.345", "JPY", "-16235 JPY" },
        { "1000", "JPY", "0.00615", "EUR", "6.15 EUR" },
        { "1000", "JPY", "0.0018905", "KWD", "1.891 KWD" }, // 1.8905
        { "1.0001", "CLF", "38000", "CLP", "38004 CLP" }, // 38003.8
        { "38004", "CLP", "0.0000263", "CLF", "0.9995 CLF" }, // 0.9995052
        { "5.00", "EUR", "1", "EUR", "5.00 EUR" },
        { "1", "JPY", "1", "CLF", "1.0000 CLF" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct money result;
        assert_true(money_convert_half_up(money(rows[i].text, rows[i].from), of(rows[i].rate),
                                          span_of(rows[i].to), &result, NULL));
        is(*state, result, rows[i].money);
    }
}

static void shares_are_rounded_and_take_huge_weights(void **state)
{
    struct money result;
    assert_true(money_share_half_up(money("100.00", "EUR"), 1, 3, &result, NULL));
    is(*state, result, "33.33 EUR");
    assert_true(money_share_half_up(money("100.00", "EUR"), 2, 3, &result, NULL));
    is(*state, result, "66.67 EUR");
    assert_true(money_share_half_up(money("0.05", "EUR"), 1, 2, &result, NULL));
    is(*state, result, "0.03 EUR");
    assert_true(money_share_half_up(money("-0.05", "EUR"), 1, 2, &result, NULL));
    is(*state, result, "-0.03 EUR");

    struct money most = { INT64_MAX, "EUR" };
    assert_true(money_share_half_up(most, INT64_MAX, INT64_MAX, &result, NULL));
    assert_true(result.minor == INT64_MAX);
    assert_true(money_share_half_up(most, INT64_MAX - 1, INT64_MAX, &result, NULL));
    assert_true(result.minor == INT64_MAX - 1);
    assert_true(money_share_half_up(most, -INT64_MAX, INT64_MAX, &result, NULL));
    assert_true(result.minor == -INT64_MAX);
}

static void sums_keep_their_currency_and_none_counts_as_any(void **state)
{
    struct money none = { 0 }, sum;
    assert_true(money_add(none, money("1.50", "EUR"), &sum, NULL));
    assert_true(money_add(sum, none, &sum, NULL));
    assert_true(money_add(sum, money("-2.25", "EUR"), &sum, NULL));
    is(*state, sum, "-0.75 EUR");
    assert_true(money_add(none, none, &sum, NULL));
    is(*state, sum, "0");

    struct text text = text_in(*state, 8);
    money_write_value(&text, money("1234.5", "EUR"));
    assert_string_equal(text_span(&text).at, "1234.50");
}

static void what_does_not_fit_is_reported_and_never_wrapped(void **state)
{
    (void)state;
    struct money most = { INT64_MAX, "EUR" }, least = { -INT64_MAX, "EUR" }, result = { 42, "JPY" };
    struct money cent = { 1, "EUR" }, yen = { INT64_MAX, "JPY" };
    struct decimal huge = of("999999999999999999");
    struct error err = { 0 };
    assert_false(money_add(most, cent, &result, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_string_equal(err.text, "the amount does not fit 63 bits of minor units");
    assert_true(err.hint[0] != '\0');

    assert_false(money_add(least, (struct money){ -1, "EUR" }, &result, NULL));
    assert_false(money_times_half_up(most, of("1.000000000001"), &result, NULL));
    assert_false(money_times_half_up(least, of("1.000000000001"), &result, NULL));
    assert_false(money_times_half_up(most, huge, &result, NULL));
    assert_false(money_times_half_up((struct money){ INT64_MIN, "EUR" }, huge, &result, NULL));
    assert_false(money_percent_half_up(most, of("100.01"), &result, NULL));
    assert_false(money_convert_half_up(yen, of("1"), SPAN("EUR"), &result, NULL));
    assert_false(money_convert_half_up(yen, huge, SPAN("CLF"), &result, NULL));
    assert_false(money_share_half_up(most, INT64_MAX, 1, &result, NULL));
    assert_false(money_share_half_up(most, 3, 2, &result, NULL));
    assert_false(money_from_decimal_half_up(huge, SPAN("EUR"), &result, NULL));
    assert_false(money_from_decimal_half_up(of("92233720368547759"), SPAN("EUR"), &result, NULL));
    assert_int_equal(result.minor, 42);
    assert_string_equal(result.currency, "JPY");

    assert_true(money_times_half_up(most, of("1.000000000000"), &result, NULL));
    assert_true(result.minor == INT64_MAX);
    assert_true(money_percent_half_up(most, of("100"), &result, NULL));
    assert_true(result.minor == INT64_MAX);
}

// --- the same by hand: numbers as strings of digits, as taught in school, lowest digit first

struct digits { unsigned char at[96]; };

static struct digits digits_of(uint64_t value)
{
    struct digits digits = { { 0 } };
    for (int i = 0; value > 0; i++, value /= 10) digits.at[i] = (unsigned char)(value % 10);
    return digits;
}

static struct digits multiply(struct digits a, struct digits b)
{
    struct digits product = { { 0 } };
    for (int i = 0; i < 48; i++) {
        unsigned carry = 0;
        for (int j = 0; j < 48; j++) {
            unsigned sum = product.at[i + j] + (unsigned)a.at[i] * b.at[j] + carry;
            product.at[i + j] = (unsigned char)(sum % 10);
            carry = sum / 10;
        }
    }
    return product;
}

static void increment(struct digits *digits)
{
    int i = 0;
    for (; digits->at[i] == 9; i++) digits->at[i] = 0;
    digits->at[i]++;
}

// Moves the point; the digit that falls off last says whether to round.
static struct digits shift(struct digits digits, int power)
{
    struct digits moved = { { 0 } };
    for (int i = 0; i < 96; i++) {
        if (i + power >= 0 && i + power < 96) moved.at[i + power] = digits.at[i];
    }
    if (power < 0 && digits.at[-power - 1] >= 5) increment(&moved);
    return moved;
}

// Divides digit by digit from the highest, by taking away as often as it goes.
static struct digits divide(struct digits digits, uint64_t divisor)
{
    struct digits result = { { 0 } };
    __extension__ unsigned __int128 left = 0;
    for (int i = 95; i >= 0; i--) {
        left = left * 10 + digits.at[i];
        for (; left >= divisor; left -= divisor) result.at[i]++;
    }
    if (left + left >= divisor) increment(&result);
    return result;
}

// False when it is above INT64_MAX.
static bool value_of(struct digits digits, int64_t *value)
{
    struct digits most = digits_of(INT64_MAX);
    int top = 95;
    while (top > 0 && digits.at[top] == most.at[top]) top--;
    if (digits.at[top] > most.at[top]) return false;
    *value = 0;
    for (int i = 18; i >= 0; i--) *value = *value * 10 + digits.at[i];
    return true;
}

static uint64_t next(uint64_t *seed)
{
    uint64_t mixed = *seed += 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBU;
    return mixed ^ mixed >> 31;
}

// Numbers of all lengths, some of them ending in fives and zeros, where halves lie.
static int64_t some_number(uint64_t *seed, int64_t below)
{
    int64_t value = (int64_t)(next(seed) >> (1 + next(seed) % 63)) % below;
    if (next(seed) % 3 == 0) value = value / 1000 * 1000 + 500;
    if (next(seed) % 4 == 0) value = value / 100 * 100 + 25;
    if (value >= below) value = below - 1;
    return next(seed) % 2 == 0 ? value : -value;
}

static struct digits size_of(int64_t value)
{
    return digits_of((uint64_t)llabs(value));
}

static void agrees(bool fits, struct money result, struct digits by_hand, bool negative)
{
    int64_t expected = 0;
    bool should_fit = value_of(by_hand, &expected);
    assert_int_equal(fits, should_fit);
    if (fits) assert_true(result.minor == (negative ? -expected : expected));
}

static void products_are_what_they_are_by_hand(void **state)
{
    (void)state;
    static const char *const codes[] = { "JPY", "EUR", "KWD", "CLF" };
    static const int exponents[] = { 0, 2, 3, 4 };
    uint64_t seed = 20261123;
    unsigned fitting = 0, count = 20000;
    for (unsigned i = 0; i < count; i++) {
        unsigned from = next(&seed) % 4, to = next(&seed) % 4;
        struct money amount = { some_number(&seed, INT64_MAX), "" }, result;
        memcpy(amount.currency, codes[from], 3);
        struct decimal rate = decimal_of(some_number(&seed, 999999999999999999),
                                         (uint8_t)(next(&seed) % 13));
        struct digits product = multiply(size_of(amount.minor), size_of(rate.digits));
        bool negative = (amount.minor < 0) != (rate.digits < 0);

        bool fits = money_times_half_up(amount, rate, &result, NULL);
        agrees(fits, result, shift(product, -rate.scale), negative);
        fitting += fits;
        fits = money_percent_half_up(amount, rate, &result, NULL);
        agrees(fits, result, shift(product, -rate.scale - 2), negative);
        fits = money_convert_half_up(amount, rate, span_of(codes[to]), &result, NULL);
        agrees(fits, result, shift(product, exponents[to] - exponents[from] - rate.scale),
               negative);
        fits = money_from_decimal_half_up(rate, span_of(codes[to]), &result, NULL);
        agrees(fits, result, shift(size_of(rate.digits), exponents[to] - rate.scale),
               rate.digits < 0);
    }
    assert_in_range(fitting, count / 4, count - count / 20); // both ways are trodden
}

static void shares_are_what_they_are_by_hand(void **state)
{
    (void)state;
    uint64_t seed = 7;
    unsigned fitting = 0, count = 20000;
    for (unsigned i = 0; i < count; i++) {
        struct money amount = { some_number(&seed, INT64_MAX), "EUR" }, result;
        int64_t part = some_number(&seed, INT64_MAX);
        int64_t whole = llabs(some_number(&seed, INT64_MAX)) + 1;
        bool fits = money_share_half_up(amount, part, whole, &result, NULL);
        agrees(fits, result, divide(multiply(size_of(amount.minor), size_of(part)),
                                    (uint64_t)whole), (amount.minor < 0) != (part < 0));
        fitting += fits;
    }
    assert_in_range(fitting, count / 4, count - count / 20);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(the_currencies_are_those_of_iso_4217),
        TEST(each_currency_has_its_digits_behind_the_point),
        TEST(an_unknown_currency_is_named),
        TEST(an_amount_is_rounded_to_its_minor_unit),
        TEST(a_duty_a_quarter_of_a_cent_off_is_rounded_down_and_a_half_away_from_zero),
        TEST(a_percentage_that_is_rounded_down_disregards_what_is_left_of_a_cent),
        TEST(a_quantity_at_a_price_is_rounded_as_the_name_says),
        TEST(converting_uses_the_digits_of_both_currencies),
        TEST(shares_are_rounded_and_take_huge_weights),
        TEST(sums_keep_their_currency_and_none_counts_as_any),
        TEST(what_does_not_fit_is_reported_and_never_wrapped),
        TEST(products_are_what_they_are_by_hand),
        TEST(shares_are_what_they_are_by_hand),
    };
    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
