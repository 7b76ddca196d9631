#include "clearance/duty/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "consignment/model.h"

enum { ARENA = 16 << 20, LINES = 16 };

static struct arena arena;

static int make(void **state)
{
    (void)state;
    return arena_open(&arena, ARENA, NULL) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

// JSON with ' in place of ".
static struct declaration *declaration_of(const char *json)
{
    struct error err = { 0 };
    struct json read;
    struct declaration *declaration = arena_take(&arena, 1, sizeof(*declaration));
    struct text text = text_in(&arena, 1024);
    for (const char *at = json; *at != '\0'; at++) text_add_char(&text, *at == '\'' ? '"' : *at);
    if (!json_read(text_span(&text), &arena, &read, &err) ||
        !declaration_read_json(&read, 0, &arena, declaration, &err))
        fail_msg("%s %s", err.field, err.text);
    return declaration;
}

// "-" is nothing.
static void put_amount(struct amount *amount, struct span word)
{
    struct error err;
    if (span_equal(word, SPAN("-"))) return;
    if (!decimal_read(word, &amount->value, &err)) fail_msg("%s", err.text);
    amount->currency = SPAN("GBP");
}

// A row a line: type, base, rate, amount, what is payable. A base of 10000*LTR is a quantity.
static struct stated_charge charge_of(const char *row)
{
    struct stated_charge charge = { .regime_code = SPAN("100") };
    struct amount rate = { 0 };
    struct span words[5];
    struct span_pair rest = { .tail = span_of(row) };
    for (size_t i = 0; i < 5; i++) {
        rest = span_cut(rest.tail, ' ');
        words[i] = rest.head;
    }
    charge.type_code = words[0];
    struct span_pair base = span_cut(words[1], '*');
    if (base.tail.len == 0) put_amount(&charge.base, words[1]);
    else if (!decimal_read(base.head, &charge.specific_base.value, NULL)) fail();
    charge.specific_base.unit = base.tail;
    put_amount(&rate, words[2]);
    put_amount(&charge.assessed, words[3]);
    put_amount(&charge.payable, words[4]);
    charge.rate = rate.value;
    return charge;
}

struct setting {
    struct declaration *declaration;
    int64_t value, inland;           // in pence, of the only item; -1: not known
    bool other_references, changed, round_half_up;
    const char *deducted;            // from the first line
};

static struct verified verify(const struct setting *setting, const char *const *rows)
{
    static struct stated_charge charges[LINES];
    static struct stated_item item = { .sequence = { 1, true } };
    static struct notification notification;
    struct verified verified;
    struct error err = { 0 };
    item.charges.at = charges;
    item.charges.count = 0;
    for (; rows[item.charges.count] != NULL; item.charges.count++)
        charges[item.charges.count] = charge_of(rows[item.charges.count]);
    if (setting->deducted != NULL) put_amount(&charges[0].deducted, span_of(setting->deducted));
    notification.items.at = &item;
    notification.items.count = 1;
    struct money value = { setting->value, "GBP" }, inland = { setting->inland, "GBP" };
    if (setting->value < 0) value = (struct money){ 0 };
    struct verify_question question = {
        .notification = &notification, .declaration = setting->declaration,
        .values = &value, .inland = &inland, .other_references = setting->other_references,
        .changed = setting->changed, .round_half_up = setting->round_half_up,
    };
    if (!verify_notification(&question, &arena, &verified, &err)) fail_msg("%s", err.text);
    assert_int_equal(verified.count, item.charges.count);
    return verified;
}

#define ROWS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define HOME_USE "'procedures':[{'currentCode':'40','previousCode':'00'}]"
#define PLAIN "{'items':[{'sequence':1," HOME_USE "}]}"

static void is(const struct verified *verified, uint32_t index, enum verify_source source,
               enum verify_result result, const char *amount)
{
    const struct verified_line *line = &verified->lines[index];
    struct text text = text_in(&arena, 32);
    if (line->amount.currency[0] == '\0') text_add_char(&text, '-');
    else money_write_value(&text, line->amount);
    if (line->source != source || line->result != result ||
        strcmp(text_span(&text).at, amount) != 0)
        fail_msg("line %u: %s, %s, %s: " SPAN_FMT, index, verify_source_name(line->source),
                 verify_result_name(line->result), text_span(&text).at, SPAN_ARG(line->text));
}

static bool says(const struct verified *verified, uint32_t index, enum verify_reason reason)
{
    return (verified->lines[index].reasons >> reason & 1) != 0;
}

#define FROM_IT VERIFY_FROM_DECLARATION, VERIFY_EQUAL

static void duty_is_on_the_value_and_tax_on_both_rounded_down(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(PLAIN), .value = 123457 };
    // 1234.57 x 3.7 % = 45.67909; (1234.57 + 45.67) x 20 % = 256.048
    struct verified v = verify(&s, ROWS("A00 1234.57 3.70 45.67 45.67",
                                        "B00 1280.24 20.00 256.04 256.04"));
    is(&v, 0, FROM_IT, "45.67");
    is(&v, 1, FROM_IT, "256.04");
    assert_true(says(&v, 0, VERIFY_ROUNDED_DOWN) && says(&v, 1, VERIFY_ROUNDED_DOWN));
    v = verify(&s, ROWS("A00 1234.57 0.10 1.23 1.23"));
    assert_false(says(&v, 0, VERIFY_ROUNDED_DOWN)); // half up it is the same

    // Half up it is another amount, and so is the base behind it; each difference is told once.
    s.round_half_up = true;
    v = verify(&s, ROWS("A00 1234.57 3.70 45.67 45.67", "B00 1280.24 20.00 256.04 256.04"));
    is(&v, 0, VERIFY_FROM_DECLARATION, VERIFY_DIFFERS, "45.68");
    is(&v, 1, VERIFY_FROM_STATED_AMOUNTS, VERIFY_DIFFERS, "256.05");
}

static void a_difference_is_told_once(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(PLAIN), .value = 100000 };
    struct verified v = verify(&s, ROWS("B00 1031.00 20.00 206.20 206.20",
                                        "A00 1000.00 3.00 31.00 31.00"));
    is(&v, 1, VERIFY_FROM_DECLARATION, VERIFY_DIFFERS, "30.00");
    assert_true(says(&v, 1, VERIFY_OTHER_AMOUNT));
    is(&v, 0, VERIFY_FROM_STATED_AMOUNTS, VERIFY_FITS, "206.20");

    // A base that the declaration does not give differs, also where the amount is the same.
    v = verify(&s, ROWS("A00 999.99 0.00 0.00 0.00"));
    is(&v, 0, VERIFY_FROM_DECLARATION, VERIFY_DIFFERS, "0.00");
    assert_true(says(&v, 0, VERIFY_OTHER_BASE));
    v = verify(&s, ROWS("A00 1000.00 3.00 30.00 29.99"));
    is(&v, 0, VERIFY_FROM_DECLARATION, VERIFY_DIFFERS, "30.00");
    assert_true(says(&v, 0, VERIFY_OTHER_PAYABLE));
}

static void the_way_inside_counts_for_value_added_tax(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(PLAIN), .value = 100000,
                         .inland = 5000 };
    struct verified v = verify(&s, ROWS("A00 1000.00 10.00 100.00 100.00",
                                        "B00 1150.00 20.00 230.00 230.00"));
    is(&v, 0, FROM_IT, "100.00");
    is(&v, 1, FROM_IT, "230.00");
}

static void an_amount_without_a_rate_cannot_be_told_and_still_counts(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(PLAIN), .value = 200000 };
    struct verified v = verify(&s, ROWS("633 - - 325.53 325.53", "A00 2000.00 2.00 40.00 40.00",
                                        "B00 2365.53 20.00 473.10 473.10"));
    is(&v, 0, VERIFY_NOT_COMPUTABLE, VERIFY_CANNOT_TELL, "-");
    assert_true(says(&v, 0, VERIFY_NO_RATE));
    is(&v, 1, FROM_IT, "40.00");
    is(&v, 2, VERIFY_FROM_STATED_AMOUNTS, VERIFY_FITS, "473.10");
    assert_true(says(&v, 2, VERIFY_COUNTS_STATED) && says(&v, 2, VERIFY_ROUNDED_DOWN));
}

static void duties_of_the_union_have_a_tax_of_their_own(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(PLAIN), .value = 1000000 };
    struct verified v = verify(&s, ROWS("A50 10000.00 2.20 220.00 220.00",
                                        "A80 10000.00 10.00 1000.00 1000.00",
                                        "B05 1220.00 20.00 244.00 244.00",
                                        "522 10000.00 1.00 100.00 100.00",
                                        "B00 10100.00 20.00 2020.00 2020.00"));
    for (uint32_t i = 0; i < v.count; i++)
        assert_int_equal(v.lines[i].result, VERIFY_EQUAL);
    assert_int_equal(v.lines[4].source, VERIFY_FROM_DECLARATION);

    // What is secured for them counts, too.
    v = verify(&s, ROWS("A50 10000.00 2.20 220.00 220.00", "CSD - - 80.00 -",
                        "B05 300.00 20.00 60.00 60.00"));
    is(&v, 1, VERIFY_NOT_COMPUTABLE, VERIFY_CANNOT_TELL, "-");
    is(&v, 2, VERIFY_FROM_STATED_AMOUNTS, VERIFY_FITS, "60.00");
}

#define UNDER(procedure) \
    "{'items':[{'sequence':1,'procedures':[{'currentCode':'" procedure "','previousCode':'00'}]}]}"

static void an_excise_is_on_value_and_duty_or_on_what_is_declared_for_it(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(PLAIN), .value = 100000 };
    const char *const *rows = ROWS("311 1100.00 10.00 110.00 110.00",
                                   "A00 1000.00 10.00 100.00 100.00",
                                   "B00 1210.00 20.00 242.00 242.00");
    struct verified v = verify(&s, rows);
    for (uint32_t i = 0; i < v.count; i++) assert_int_equal(v.lines[i].result, VERIFY_EQUAL);
    static const char *const declared[] = { // a retail price
        "'specificBase':{'unit':'GBP','value':'5000'}",
        "'taxBase':{'currency':'GBP','value':'5000'}",
    };
    for (size_t i = 0; i < 2; i++) {
        char json[300];
        snprintf(json, sizeof(json), "{'items':[{'sequence':1," HOME_USE ",'dutyTaxFees':["
                 "{'typeCode':'A00','specificBase':{'unit':'GBP','value':'7'}},"
                 "{'typeCode':'611',%s}]}]}", declared[i]);
        s.declaration = declaration_of(json);
        v = verify(&s, ROWS("A00 1000.00 10.00 100.00 100.00", "611 5000.00 16.50 825.00 825.00"));
        is(&v, 0, FROM_IT, "100.00");
        is(&v, 1, FROM_IT, "825.00");
    }
}

static void a_quantity_at_a_stated_price_is_held_against_the_declared_one(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(
        "{'items':[{'sequence':1,'netMass':'250.0'," HOME_USE ",'dutyTaxFees':[{'typeCode':'522',"
        "'specificBase':{'unit':'LTR','value':'10000'}}]}]}"), .value = 1590000 };
    struct verified v = verify(&s, ROWS("522 10000.000*LTR 0.5295 5295.00 5295.00",
                                        "A00 250*KGM 0.3333 83.32 83.32",
                                        "B00 21278.32 20.00 4255.66 4255.66"));
    is(&v, 0, FROM_IT, "5295.00");
    is(&v, 1, FROM_IT, "83.32"); // 83.325
    is(&v, 2, FROM_IT, "4255.66");
    v = verify(&s, ROWS("522 9999*LTR 0.5295 5294.47 5294.47", "523 10000*LTR 1 10000.00 10000.00",
                        "522 10000*LTR 0.5295 5295.01 5295.01"));
    is(&v, 0, VERIFY_FROM_STATED_BASE, VERIFY_FITS, "5294.47");
    assert_true(says(&v, 0, VERIFY_NO_QUANTITY) && says(&v, 1, VERIFY_NO_QUANTITY));
    is(&v, 2, VERIFY_FROM_DECLARATION, VERIFY_DIFFERS, "5295.00");
    // In the currency it is a value like any other.
    v = verify(&s, ROWS("A00 15900*GBP 10.00 1590.00 1590.00"));
    is(&v, 0, FROM_IT, "1590.00");
}

static void goods_at_published_unit_prices_have_another_base(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(
        "{'items':[{'sequence':1,'procedures':[{'currentCode':'40','previousCode':'00'},"
        "{'currentCode':'E01'}]}]}"), .value = 100000 };
    struct verified v = verify(&s, ROWS("A00 1234.00 10.00 123.40 123.40"));
    is(&v, 0, VERIFY_FROM_STATED_BASE, VERIFY_FITS, "123.40");
    assert_true(says(&v, 0, VERIFY_UNIT_PRICE));
    v = verify(&s, ROWS("A00 1000.00 10.00 100.00 100.00"));
    is(&v, 0, FROM_IT, "100.00");
}

static void a_suspended_charge_is_worked_out_and_not_payable(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(UNDER("51")),
                         .value = 250000 };
    struct verified v = verify(&s, ROWS("A50 2500.00 8.00 200.00 0.00", "B05 200.00 0.00 0.00 0.00",
                                        "B00 2300.00 0.00 0.00 0.00"));
    is(&v, 0, FROM_IT, "200.00");
    assert_true(says(&v, 0, VERIFY_SUSPENDED));
    assert_true(v.lines[0].payable.minor == 0);
    is(&v, 1, FROM_IT, "0.00");
    is(&v, 2, FROM_IT, "0.00");
    // Paid all the same: that is not what the procedure says.
    v = verify(&s, ROWS("A50 2500.00 8.00 200.00 200.00"));
    assert_true(says(&v, 0, VERIFY_OTHER_PAYABLE));

    // A duty of the country's own that is suspended does not count.
    v = verify(&s, ROWS("A00 2500.00 8.00 200.00 0.00", "B00 2500.00 20.00 500.00 0.00"));
    is(&v, 1, FROM_IT, "500.00");

    // What is secured counts as if it were due, and each security is one of the amounts.
    s.declaration = declaration_of(UNDER("53"));
    v = verify(&s, ROWS("A50 2500.00 8.00 200.00 0.00", "B05 200.00 20.00 40.00 0.00",
                        "B00 2500.00 20.00 500.00 0.00", "T24 - - 500.00 -", "T24 - - 200.00 -",
                        "T24 - - 41.00 -", "T24 - - 7.00 -"));
    is(&v, 2, FROM_IT, "500.00");
    is(&v, 3, FROM_IT, "500.00");
    is(&v, 4, FROM_IT, "200.00");
    is(&v, 5, VERIFY_FROM_DECLARATION, VERIFY_DIFFERS, "40.00");
    is(&v, 6, VERIFY_NOT_COMPUTABLE, VERIFY_CANNOT_TELL, "-");
}

static void a_relief_frees_from_duty(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(
        "{'items':[{'sequence':1,'procedures':[{'currentCode':'40','previousCode':'00'},"
        "{'currentCode':'C28'}]}]}"), .value = 100000, .deducted = "160.00" };
    struct verified v = verify(&s, ROWS("A00 1000.00 16.00 0.00 0.00",
                                        "B00 1000.00 20.00 200.00 200.00", "MDC - - 160.00 -"));
    is(&v, 0, FROM_IT, "0.00");
    is(&v, 1, FROM_IT, "200.00");
    is(&v, 2, FROM_IT, "160.00");
    // A code that we do not know leaves the stated deduction, and that is said.
    s.declaration = declaration_of(PLAIN);
    v = verify(&s, ROWS("A00 1000.00 16.00 0.00 0.00", "MDC - - 160.00 -"));
    is(&v, 0, VERIFY_FROM_STATED_AMOUNTS, VERIFY_FITS, "0.00");
    assert_true(says(&v, 0, VERIFY_TAKES_STATED));
    is(&v, 1, VERIFY_NOT_COMPUTABLE, VERIFY_CANNOT_TELL, "-");

    s = (struct setting){ .declaration = declaration_of(
        "{'items':[{'sequence':1,'procedures':[{'currentCode':'40','previousCode':'00'},"
        "{'currentCode':'1DP'},{'currentCode':'CXX'}]}]}"), .value = 100000 };
    v = verify(&s, ROWS("A00 1000.00 16.00 0.00 0.00", "B10 1000.00 1.00 10.00 10.00"));
    is(&v, 0, FROM_IT, "0.00");
    is(&v, 1, VERIFY_NOT_COMPUTABLE, VERIFY_CANNOT_TELL, "-"); // interest, not a tax

    // From one part of the country to another, and not at risk: none of the Union's duties.
    struct setting inside = { .declaration = declaration_of(
        "{'statements':[{'code':'NIREM'}],'items':[{'sequence':1," HOME_USE
        ",'statements':[{'code':'NIDOM'}]}]}"), .value = 100000 };
    v = verify(&inside, ROWS("A50 1000.00 7.00 0.00 0.00"));
    is(&v, 0, FROM_IT, "0.00");
    v = verify(&inside, ROWS("A00 1000.00 7.00 70.00 70.00"));
    is(&v, 0, FROM_IT, "70.00");
    inside.declaration->statements.count = 0; // at risk
    v = verify(&inside, ROWS("A50 1000.00 7.00 70.00 70.00"));
    is(&v, 0, FROM_IT, "70.00");
}

static void tax_that_goes_into_a_return_is_not_payable(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(
        "{'taxParties':[{'id':'GB123456789000','roleCode':'FR1'}],'items':[{'sequence':1,"
        HOME_USE "}]}"), .value = 100000 };
    struct verified v = verify(&s, ROWS("A00 1000.00 2.00 20.00 20.00",
                                        "B00 1020.00 20.00 204.00 0.00"));
    is(&v, 0, FROM_IT, "20.00");
    is(&v, 1, FROM_IT, "204.00");
    assert_true(says(&v, 1, VERIFY_POSTPONED));
    // Or the method of payment says so, of that tax.
    s.declaration = declaration_of("{'items':[{'sequence':1," HOME_USE ",'dutyTaxFees':["
                                   "{'typeCode':'B00','paymentMethodCode':'G'}]}]}");
    v = verify(&s, ROWS("A00 1000.00 2.00 20.00 20.00", "B00 1020.00 20.00 204.00 0.00"));
    is(&v, 0, FROM_IT, "20.00");
    is(&v, 1, FROM_IT, "204.00");
}

static void what_the_declarant_worked_out_stands_in_place_of_a_rate(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(
        "{'items':[{'sequence':1," HOME_USE ",'dutyTaxFees':["
        "{'typeCode':'A00','paymentMethodCode':'R','payment':{'currency':'GBP','value':'22.33'}},"
        "{'typeCode':'A00','paymentMethodCode':'E','assessed':{'currency':'GBP','value':'11.22'},"
        "'payment':{'currency':'GBP','value':'11.33'}}]}]}"), .value = 100000 };
    struct verified v = verify(&s, ROWS("A00 - - 11.33 11.33", "MOD - - 22.33 -",
                                        "B00 - - 5.00 5.00"));
    is(&v, 0, FROM_IT, "11.33");
    assert_true(says(&v, 0, VERIFY_DECLARED));
    is(&v, 1, FROM_IT, "22.33");
    is(&v, 2, VERIFY_NOT_COMPUTABLE, VERIFY_CANNOT_TELL, "-");
}

static void a_rate_with_too_few_decimals_is_told(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(PLAIN), .value = 1000000 };
    struct verified v = verify(&s, ROWS("A70 10000.00 0.16 16.40 16.40",
                                        "B05 16.40 20.00 3.28 3.28"));
    is(&v, 0, VERIFY_FROM_DECLARATION, VERIFY_DIFFERS, "16.00");
    assert_true(says(&v, 0, VERIFY_RATE_CUT) && says(&v, 0, VERIFY_OTHER_AMOUNT));
    is(&v, 1, VERIFY_FROM_STATED_AMOUNTS, VERIFY_FITS, "3.28");
    v = verify(&s, ROWS("A70 10000.00 0.16 16.51 16.51"));
    assert_true(says(&v, 0, VERIFY_OTHER_AMOUNT) && !says(&v, 0, VERIFY_RATE_CUT));
}

static void without_its_declaration_only_base_times_rate_is_told(void **state)
{
    (void)state;
    struct setting s = { 0 };
    const char *const *rows = ROWS("A00 2000.00 5.00 100.00 100.00",
                                   "B00 2100.00 20.00 420.00 0.00");
    struct verified v = verify(&s, rows);
    is(&v, 0, VERIFY_FROM_STATED_BASE, VERIFY_FITS, "100.00");
    is(&v, 1, VERIFY_FROM_STATED_BASE, VERIFY_FITS, "420.00");
    assert_true(says(&v, 0, VERIFY_NO_DECLARATION));
    v = verify(&s, ROWS("A50 100.00 5.00 5.00 5.00", "B05 4.00 20.00 0.80 0.80"));
    is(&v, 1, VERIFY_FROM_STATED_BASE, VERIFY_DIFFERS, "1.00"); // not of its own figures
    v = verify(&s, ROWS("A00 2000.00 5.00 100.01 100.01"));
    is(&v, 0, VERIFY_FROM_STATED_BASE, VERIFY_DIFFERS, "100.00");

    // Nor where another one is there, or it was changed since, and its figures do not fit.
    s = (struct setting){ .declaration = declaration_of(PLAIN), .value = 300000 };
    s.other_references = true;
    v = verify(&s, rows);
    is(&v, 0, VERIFY_FROM_STATED_BASE, VERIFY_FITS, "100.00");
    assert_true(says(&v, 0, VERIFY_OTHER_DECLARATION));
    s.other_references = false;
    s.changed = true;
    v = verify(&s, rows);
    assert_true(says(&v, 0, VERIFY_CHANGED));
    s.value = 200000;
    v = verify(&s, ROWS("A00 2000.00 5.00 100.00 100.00"));
    is(&v, 0, FROM_IT, "100.00");

    // Or it has no such item, or no value.
    s = (struct setting){ .declaration = declaration_of("{'items':[{'sequence':2}]}"),
                          .value = 200000 };
    v = verify(&s, rows);
    assert_true(says(&v, 0, VERIFY_NO_ITEM));
    s.declaration = declaration_of(PLAIN);
    s.value = -1;
    v = verify(&s, rows);
    is(&v, 0, VERIFY_FROM_STATED_BASE, VERIFY_FITS, "100.00");
    assert_true(says(&v, 0, VERIFY_NO_VALUE));
}

static void an_amount_that_is_none_is_not_compared(void **state)
{
    (void)state;
    struct setting s = { .declaration = declaration_of(PLAIN), .value = 100000 };
    struct verified v = verify(&s, ROWS("A00 1000.00 5.00 - -", "B00 1000.00 20.00 200.00 200.00",
                                        "A00 1000.00 5.00 50.005 50.00"));
    assert_true(says(&v, 0, VERIFY_NO_AMOUNT) && says(&v, 2, VERIFY_NO_AMOUNT));
    is(&v, 1, FROM_IT, "200.00");
    v = verify(&s, ROWS("A00 1000.00 99999999999999.00 50.00 50.00"));
    assert_int_equal(v.lines[0].result, VERIFY_DIFFERS);
}

static void every_reason_has_words(void **state)
{
    (void)state;
    for (int r = 0; r < VERIFY_REASONS; r++) {
        assert_true(strlen(verify_reason_name((enum verify_reason)r)) > 3);
        assert_true(strlen(verify_reason_sentence((enum verify_reason)r)) > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duty_is_on_the_value_and_tax_on_both_rounded_down),
        cmocka_unit_test(a_difference_is_told_once),
        cmocka_unit_test(the_way_inside_counts_for_value_added_tax),
        cmocka_unit_test(an_amount_without_a_rate_cannot_be_told_and_still_counts),
        cmocka_unit_test(duties_of_the_union_have_a_tax_of_their_own),
        cmocka_unit_test(an_excise_is_on_value_and_duty_or_on_what_is_declared_for_it),
        cmocka_unit_test(a_quantity_at_a_stated_price_is_held_against_the_declared_one),
        cmocka_unit_test(goods_at_published_unit_prices_have_another_base),
        cmocka_unit_test(a_suspended_charge_is_worked_out_and_not_payable),
        cmocka_unit_test(a_relief_frees_from_duty),
        cmocka_unit_test(tax_that_goes_into_a_return_is_not_payable),
        cmocka_unit_test(what_the_declarant_worked_out_stands_in_place_of_a_rate),
        cmocka_unit_test(a_rate_with_too_few_decimals_is_told),
        cmocka_unit_test(without_its_declaration_only_base_times_rate_is_told),
        cmocka_unit_test(an_amount_that_is_none_is_not_compared),
        cmocka_unit_test(every_reason_has_words),
    };
    return cmocka_run_group_tests_name("verify", tests, make, end);
}
