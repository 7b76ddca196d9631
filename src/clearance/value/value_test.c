#include "clearance/value/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "clearance/scene.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// One item of 1000 USD, and what stands in front of it in the declaration.
#define ITEM "'items':[{'price':{'currency':'USD','value':'1000.00'}}]"
#define EUR(value) "{'currency':'EUR','value':'" value "'}"

static struct valued run_by(struct scene *scene, bool as_declared, const char *json)
{
    struct error err = { 0 };
    struct valued valued;
    scene_begin(scene);
    scene_accept(scene, json);
    scene->books.charges_as_declared = as_declared;
    if (!value_step(&scene->clearance, &err)) fail_msg("%s", err.text);
    struct span body = scene_last(scene, FACT_VALUED, "step:value");
    if (!body_read_valued(body, &scene->arena, &valued, &err)) fail_msg("%s", err.text);
    assert_int_equal(valued.items_count, scene->file.declaration.items.count);
    assert_int_equal(scene->file.missing_count, valued.missing.count);
    for (uint32_t i = 0; i < valued.items_count; i++)
        assert_string_equal(scene_money(scene, scene->clearance.item_values[i]),
                            scene_money(scene, valued.items[i].value));
    return valued;
}

static struct valued run(struct scene *scene, const char *json)
{
    return run_by(scene, false, json);
}

static void assert_money(struct scene *scene, struct money amount, const char *expected)
{
    assert_string_equal(scene_money(scene, amount), expected);
}

static void assert_span(struct span s, const char *expected)
{
    if (span_equal(s, span_of(expected))) return;
    fail_msg("'" SPAN_FMT "' instead of '%s'", SPAN_ARG(s), expected);
}

static void assert_line(struct scene *scene, const struct valued_item *item, uint32_t index,
                        const char *amount, const char *text, const char *note)
{
    assert_true(index < item->lines_count);
    assert_money(scene, item->lines[index].amount, amount);
    assert_span(item->lines[index].text, text);
    assert_span(item->lines[index].note, note);
}

static void assert_missing(const struct valued *valued, uint32_t index, const char *text)
{
    assert_true(index < valued->missing.count);
    assert_span(valued->missing.at[index], text);
}

// --- The price and its rate ---

static void the_price_counts_at_the_rate_of_the_day(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{" ITEM "}");
    assert_money(s, valued.total, "855.00 EUR");
    assert_line(s, &valued.items[0], 0, "855.00 EUR",
                "price 1000.00 USD at 0.8550 EUR (2026-03-01)", "rounded half up");
    assert_int_equal(decimal_compare(valued.items[0].lines[0].rate, decimal_of(855, 3)), 0);
    assert_int_equal(valued.items[0].lines_count, 1);
    assert_int_equal(valued.items[0].sequence, 1);
    assert_true(span_equal(valued.rates, version_span(&s->books.rates->version)));
    assert_money(s, s->file.customs_value, "855.00 EUR");
}

static void the_day_is_that_of_acceptance_when_there_is_one(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'acceptedAt':'2026-02-28T23:59:59Z'," ITEM "}");
    assert_money(s, valued.total, "920.00 EUR");
    valued = run(s, "{'acceptedAt':'2026-03-01T00:00:00Z'," ITEM "}");
    assert_money(s, valued.total, "855.00 EUR");
}

static void a_price_in_the_books_currency_stays_as_it_is(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'items':[{'sequence':7,'price':" EUR("12.5") "}]}");
    assert_line(s, &valued.items[0], 0, "12.50 EUR", "price 12.5 EUR", "");
    assert_false(valued.items[0].lines[0].rate.given);
    assert_int_equal(valued.items[0].sequence, 7);
}

static void halves_are_rounded_up_once(void **state)
{
    static const struct { const char *currency, *value, *expected; } rows[] = {
        { "EUR", "12.345", "12.35 EUR" },  { "EUR", "12.3449", "12.34 EUR" },
        { "JPY", "1000", "6.14 EUR" },     { "JPY", "815", "5.00 EUR" },  // 5.000025
        { "KWD", "0.123", "0.37 EUR" },    { "USD", "0.01", "0.01 EUR" }, // 0.00855
        { "USD", "0.005", "0.00 EUR" },    { "USD", "10.00", "8.55 EUR" },
        { "GBP", "99999.99", "115369.99 EUR" },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[200];
        snprintf(json, sizeof(json), "{'items':[{'price':{'currency':'%s','value':'%s'}}]}",
                 rows[i].currency, rows[i].value);
        struct valued valued = run(s, json);
        assert_money(s, valued.total, rows[i].expected);
    }
    struct valued valued = run(s, "{'items':[{'price':" EUR("12.345") "}]}");
    assert_span(valued.items[0].lines[0].note, "rounded half up");
}

static void a_declared_rate_does_not_count_and_that_is_said(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'exchangeRate':'0.50','invoiceAmount':{'currency':'USD',"
                                  "'value':'1000.00'}," ITEM "}");
    assert_line(s, &valued.items[0], 0, "855.00 EUR",
                "price 1000.00 USD at 0.8550 EUR (2026-03-01)",
                "rounded half up; the declared rate 0.50 does not count");
    valued = run(s, "{'exchangeRate':'0.855','invoiceAmount':{'currency':'USD',"
                    "'value':'1000.00'}," ITEM "}");
    assert_span(valued.items[0].lines[0].note, "rounded half up");
}

// --- Freight, insurance and the terms ---

static void freight_and_insurance_are_added_unless_the_price_has_them(void **state)
{
    static const struct { const char *terms, *expected; } rows[] = {
        { "EXW", "965.00 EUR" }, { "FCA", "965.00 EUR" }, { "FAS", "965.00 EUR" },
        { "FOB", "965.00 EUR" }, { "CFR", "865.00 EUR" }, { "CPT", "865.00 EUR" },
        { "CIF", "855.00 EUR" }, { "CIP", "855.00 EUR" }, { "DAP", "855.00 EUR" },
        { "DPU", "855.00 EUR" }, { "DDP", "855.00 EUR" }, { "DAT", "855.00 EUR" },
        { "DAF", "855.00 EUR" }, { "DES", "855.00 EUR" }, { "DEQ", "855.00 EUR" },
        { "DDU", "855.00 EUR" }, { "XXX", "965.00 EUR" }, { "", "965.00 EUR" },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[300];
        snprintf(json, sizeof(json), "{'typeCode':'IMA','tradeTerms':{'conditionCode':'%s'},"
                 "'freight':" EUR("100.00") ",'insurance':" EUR("10.00") "," ITEM "}",
                 rows[i].terms);
        struct valued valued = run(s, json);
        assert_money(s, valued.total, rows[i].expected);
        assert_int_equal(valued.items[0].lines_count, 3);
        assert_int_equal(valued.missing.count, 0);
    }
}

static void what_is_not_added_is_a_line_that_says_why(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'tradeTerms':{'conditionCode':'CIF'},'freight':" EUR("100.00")
                                  "," ITEM "}");
    assert_line(s, &valued.items[0], 1, "0.00 EUR", "freight 100.00 EUR",
                "not added: the price has it in it");
    valued = run(s, "{'tradeTerms':{'conditionCode':'FOB'},'freight':{'currency':'USD',"
                    "'value':'100'}," ITEM "}");
    assert_line(s, &valued.items[0], 1, "85.50 EUR", "freight 100 USD at 0.8550 EUR (2026-03-01)",
                "rounded half up");
}

static void an_items_own_freight_counts_like_that_of_the_whole(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'tradeTerms':{'conditionCode':'FOB'},'items':[{'price':"
                                  EUR("50.00") ",'freight':" EUR("7.00") "}]}");
    assert_money(s, valued.total, "57.00 EUR");
    valued = run(s, "{'tradeTerms':{'conditionCode':'CPT'},'items':[{'price':"
                    EUR("50.00") ",'freight':" EUR("7.00") "}]}");
    assert_money(s, valued.total, "50.00 EUR");
}

// --- Additions and deductions ---

static void each_code_is_an_addition_or_a_deduction(void **state)
{
    // Of 100.00 with a charge of 8.00: under FOB, under CFR, under CIF, under DAP.
    static const struct { const char *codes, *values[4]; } rows[] = {
        { "AB AD AE AF AG AH AI AJ AL AN", { "108.00", "108.00", "108.00", "108.00" } },
        { "AK", { "108.00", "108.00", "100.00", "100.00" } },
        { "BB BC BD BE BF BG", { "92.00", "92.00", "92.00", "92.00" } },
        { "BA", { "100.00", "92.00", "92.00", "92.00" } },
    };
    static const char *const terms[] = { "FOB", "CFR", "CIF", "DAP" };
    struct scene *s = *state;
    for (size_t r = 0; r < COUNT(rows); r++)
        for (const char *code = rows[r].codes;; code += 3) {
            for (size_t t = 0; t < COUNT(terms); t++) {
                char json[400], expected[16];
                snprintf(expected, sizeof(expected), "%s EUR", rows[r].values[t]);
                snprintf(json, sizeof(json), "{'tradeTerms':{'conditionCode':'%s'},'items':[{"
                         "'price':" EUR("100.00") ",'charges':[{'typeCode':'%.2s','amount':"
                         EUR("8.00") "}]}]}", terms[t], code);
                struct valued valued = run(s, json);
                assert_money(s, valued.total, expected);
                snprintf(json, sizeof(json), "{'tradeTerms':{'conditionCode':'%s'},'charges':[{"
                         "'typeCode':'%.2s','amount':" EUR("8.00") "}],'items':[{"
                         "'price':" EUR("100.00") "}]}", terms[t], code);
                valued = run(s, json);
                assert_money(s, valued.total, expected);
                assert_int_equal(valued.missing.count, 0);
            }
            if (code[2] == '\0') break;
        }
}

static void where_the_books_say_so_codes_count_as_declared(void **state)
{
    static const struct { const char *code, *value; } rows[] = {
        { "AK", "108.00 EUR" }, { "AR", "108.00 EUR" }, { "AB", "108.00 EUR" },
        { "BA", "92.00 EUR" }, { "BT", "92.00 EUR" },
    };
    static const char *const terms[] = { "FOB", "CFR", "CIF", "DDP" };
    struct scene *s = *state;
    for (size_t r = 0; r < COUNT(rows); r++)
        for (size_t t = 0; t < COUNT(terms); t++) {
            char json[400];
            snprintf(json, sizeof(json), "{'tradeTerms':{'conditionCode':'%s'},'items':[{"
                     "'price':" EUR("100.00") ",'charges':[{'typeCode':'%s','amount':"
                     EUR("8.00") "}]}]}", terms[t], rows[r].code);
            struct valued valued = run_by(s, true, json);
            assert_money(s, valued.total, rows[r].value);
            assert_int_equal(valued.missing.count, 0);
        }
    assert_money(s, s->clearance.item_inland[0], "0.00 EUR"); // only BA is the way inside
    struct valued valued = run_by(s, true, "{'charges':[{'typeCode':'ZZ','amount':" EUR("8.00")
                                           "}]," ITEM "}");
    assert_missing(&valued, 0, "a charge (ZZ): not a code for additions or deductions");
}

static void charges_are_told_in_words(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'tradeTerms':{'conditionCode':'CFR'},'items':[{'price':"
                                  EUR("100.00") ",'charges':[{'typeCode':'AI','amount':{'currency':"
                                  "'USD','value':'10.00'}},{'typeCode':'AK','amount':" EUR("2.00")
                                  "},{'typeCode':'BF','amount':" EUR("3.00") "}]}]}");
    assert_line(s, &valued.items[0], 1, "8.55 EUR",
                "royalties and licence fees (AI) 10.00 USD at 0.8550 EUR (2026-03-01)",
                "rounded half up");
    assert_line(s, &valued.items[0], 2, "2.00 EUR",
                "carriage and insurance to the place of entry (AK) 2.00 EUR",
                "added: the price has the freight in it, but no insurance");
    assert_line(s, &valued.items[0], 3, "-3.00 EUR", "buying commissions (BF) 3.00 EUR", "");
}

static void a_code_that_is_none_is_not_guessed(void **state)
{
    struct scene *s = *state;
    struct valued valued =
        run(s, "{'items':[{'price':" EUR("100.00") ",'charges':[{'typeCode':'AR',"
                                                   "'amount':" EUR("8.00") "}]}]}");
    assert_money(s, valued.total, "100.00 EUR");
    assert_line(s, &valued.items[0], 1, "0.00 EUR", "a charge (AR) 8.00 EUR",
                "not counted: not a code for additions or deductions");
    assert_int_equal(valued.missing.count, 1);
    assert_missing(&valued, 0, "item 1: a charge (AR): not a code for additions or deductions");
    valued = run(s, "{'charges':[{'typeCode':'BT','amount':" EUR("8.00") "}]," ITEM "}");
    assert_missing(&valued, 0, "a charge (BT): not a code for additions or deductions");
}

static void the_way_inside_is_kept_apart_for_the_taxes(void **state)
{
    struct scene *s = *state;
    run(s, "{'tradeTerms':{'conditionCode':'DAP'},'items':[{'price':" EUR("100.00")
           ",'charges':[{'typeCode':'BA','amount':" EUR("8.00") "}]},{'price':" EUR("50.00") "}]}");
    assert_money(s, s->clearance.item_values[0], "92.00 EUR");
    assert_money(s, s->clearance.item_inland[0], "8.00 EUR");
    assert_money(s, s->clearance.item_inland[1], "0.00 EUR");
    run(s, "{'tradeTerms':{'conditionCode':'FOB'},'charges':[{'typeCode':'BA','amount':"
           EUR("8.00") "}]," ITEM "}");
    assert_money(s, s->clearance.item_values[0], "855.00 EUR");
    assert_money(s, s->clearance.item_inland[0], "8.00 EUR");
}

// --- Sharing out ---

static void shares_of_the_whole_add_up_to_the_cent(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'tradeTerms':{'conditionCode':'FOB'},'freight':" EUR("100.00")
                                  ",'items':[{'price':" EUR("10.00") "},{'price':" EUR("10.00")
                                  "},{'price':" EUR("10.00") "}]}");
    assert_line(s, &valued.items[0], 1, "33.33 EUR", "a share of freight, 100.00 EUR",
                "shared out by price");
    assert_line(s, &valued.items[1], 1, "33.34 EUR", "a share of freight, 100.00 EUR",
                "shared out by price");
    assert_line(s, &valued.items[2], 1, "33.33 EUR", "a share of freight, 100.00 EUR",
                "shared out by price");
    assert_money(s, valued.total, "130.00 EUR");
}

static void shares_go_by_the_prices(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'tradeTerms':{'conditionCode':'FOB'},'insurance':" EUR("4.00")
                                  ",'items':[{'price':" EUR("300.00") "},{'price':" EUR("0.00")
                                  "},{'price':" EUR("100.00") "}]}");
    assert_money(s, valued.items[0].value, "303.00 EUR");
    assert_money(s, valued.items[1].value, "0.00 EUR");
    assert_money(s, valued.items[2].value, "101.00 EUR");
}

static void without_prices_shares_are_even(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'tradeTerms':{'conditionCode':'FOB'},'freight':" EUR("5.00")
                                  ",'items':[{'price':" EUR("0") "},{'price':" EUR("0") "}]}");
    assert_money(s, valued.items[0].value, "2.50 EUR");
    assert_money(s, valued.items[1].value, "2.50 EUR");
}

static void items_without_a_price_share_what_the_invoice_leaves_by_mass(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'invoiceAmount':{'currency':'USD','value':'1000.00'},'items':["
                                  "{'price':{'currency':'USD','value':'400.00'},'netMass':'1'},"
                                  "{'netMass':'1.5','grossMass':'9'},{'netMass':'0.5'}]}");
    assert_money(s, valued.items[0].value, "342.00 EUR");
    assert_line(s, &valued.items[1], 0, "384.75 EUR",
                "a share of the invoice, 600.00 USD at 0.8550 EUR (2026-03-01)",
                "the item has no price: shared out by net mass");
    assert_money(s, valued.items[2].value, "128.25 EUR");
    assert_money(s, valued.total, "855.00 EUR");

    valued = run(s, "{'invoiceAmount':" EUR("100.00") ",'items':[{'netMass':'1','grossMass':'3'},"
                    "{'grossMass':'1'}]}");
    assert_line(s, &valued.items[0], 0, "75.00 EUR", "a share of the invoice, 100.00 EUR",
                "the item has no price: shared out by gross mass");
    valued = run(s, "{'invoiceAmount':" EUR("100.00") ",'items':[{}]}");
    assert_line(s, &valued.items[0], 0, "100.00 EUR", "a share of the invoice, 100.00 EUR",
                "the item has no price: it is what the invoice leaves");
}

static void an_invoice_that_cannot_be_shared_out_is_missed(void **state)
{
    static const struct { const char *json, *missing;
    } rows[] = {
        { "{'items':[{}]}",
          "item 1: no price: the invoice leaves nothing that could be shared out" },
        { "{'invoiceAmount':" EUR("9") ",'items':[{'price':" EUR("9") "},{'netMass':'1'}]}",
          "item 2: no price: the invoice leaves nothing that could be shared out" },
        { "{'invoiceAmount':" EUR("9") ",'items':[{'price':" EUR("9.01") "},{'netMass':'1'}]}",
          "item 2: no price: the invoice leaves nothing that could be shared out" },
        { "{'invoiceAmount':{'currency':'USD','value':'9'},'items':[{'price':" EUR(
              "1") "},{'netMass':'1'}]}",
          "item 2: no price: the invoice leaves nothing that could be shared out" },
        { "{'invoiceAmount':" EUR("9") ",'items':[{'netMass':'1'},{}]}",
          "item 1: no price: no masses to share the invoice out by" },
        { "{'invoiceAmount':" EUR("9") ",'items':[{'customsValue':" EUR("1") "},{'netMass':'1'}]}",
          "item 2: no price: the invoice leaves nothing that could be shared out" },
        { "{'invoiceAmount':{'currency':'CLP','value':'9'},'items':[{}]}",
          "invoice: there is no exchange rate for CLP on that day" },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct valued valued = run(s, rows[i].json);
        assert_missing(&valued, 0, rows[i].missing);
        assert_int_equal(valued.items[valued.items_count - 1].lines_count, 0);
        assert_money(s, valued.items[valued.items_count - 1].value, "nothing");
    }
}

static void a_value_that_nobody_asks_for_is_not_missed(void **state)
{
    static const struct { const char *type, *procedure; uint32_t missing; } rows[] = {
        { "IMA", "40", 1 }, { "IMD", "61", 1 }, { "IMZ", "07", 1 }, { "IM", "42", 1 },
        { "COR", "40", 1 }, { "IMA", "", 1 },   { "", "", 1 },      { "IMA", "71", 0 },
        { "IMA", "78", 0 }, { "IMA", "51", 0 }, { "EXA", "10", 0 }, { "EXA", "", 0 },
        { "IMC", "40", 0 }, { "IMF", "40", 0 }, { "IMJ", "40", 0 }, { "EXK", "10", 0 },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[120];
        snprintf(json, sizeof(json),
                 "{'typeCode':'%s','items':[{'procedures':[{'currentCode':'%s'}]}]}",
                 rows[i].type, rows[i].procedure);
        struct valued valued = run(s, json);
        assert_int_equal(valued.missing.count, rows[i].missing);
        assert_money(s, valued.total, "nothing");
    }
}

// --- Declared values and exports ---

static void another_method_than_the_price_takes_the_declared_value(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'freight':" EUR("5.00") ",'items':[{'price':" EUR("10.00")
                                  ",'customsValue':" EUR("70.00") ",'valuationMethodCode':'4'}]}");
    assert_line(s, &valued.items[0], 0, "70.00 EUR", "customs value 70.00 EUR",
                "as declared: by another method than the price");
    assert_line(s, &valued.items[0], 1, "0.00 EUR", "freight 5.00 EUR",
                "not counted: the declared value is whole");
    valued = run(s, "{'items':[{'customsValue':" EUR("70.00") ",'valuationMethodCode':'1'}]}");
    assert_line(s, &valued.items[0], 0, "70.00 EUR", "customs value 70.00 EUR",
                "as declared: there is no price");
    valued = run(s, "{'items':[{'price':" EUR("10.00") ",'customsValue':" EUR("70.00") "}]}");
    assert_money(s, valued.total, "10.00 EUR");
    valued = run(s, "{'items':[{'price':" EUR("10.00") ",'valuationMethodCode':'6'}]}");
    assert_line(s, &valued.items[0], 0, "10.00 EUR", "price 10.00 EUR",
                "another method is declared, but no value by it");
}

static void an_export_is_valued_at_the_border(void **state)
{
    static const struct { const char *terms, *expected; } rows[] = {
        { "FOB", "100.00 EUR" }, { "EXW", "100.00 EUR" }, { "CFR", "93.00 EUR" },
        { "CIF", "92.00 EUR" },  { "DDP", "92.00 EUR" },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[400];
        snprintf(json, sizeof(json),
                 "{'typeCode':'EXA','tradeTerms':{'conditionCode':'%s'},"
                 "'freight':" EUR("7.00") ",'insurance':" EUR(
                     "1.00") ",'charges':[{'typeCode':'AI',"
                             "'amount':" EUR("9.00") "}],'items':[{'price':" EUR("100.00") "}]}",
                 rows[i].terms);
        struct valued valued = run(s, json);
        assert_money(s, valued.total, rows[i].expected);
        assert_line(s, &valued.items[0], 3, "0.00 EUR", "royalties and licence fees (AI) 9.00 EUR",
                    "not counted: an export is valued at the border");
    }
    struct valued valued = run(s, "{'typeCode':'EXA','freight':" EUR("7.00") ",'tradeTerms':{"
                                  "'conditionCode':'CIF'},'items':[{'price':" EUR("100.00")
                                  ",'statisticalValue':" EUR("88.00") "}]}");
    assert_line(s, &valued.items[0], 0, "88.00 EUR", "statistical value 88.00 EUR",
                "as declared: the value at the border");
    assert_money(s, valued.total, "88.00 EUR");
}

static void the_procedure_says_whether_an_item_leaves(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'typeCode':'COA','items':[{'procedures':[{'currentCode':'10'}],"
                                  "'price':" EUR("5.00") ",'statisticalValue':" EUR("6.00") "},{"
                                  "'procedures':[{'currentCode':'40'}],'price':" EUR("5.00")
                                  ",'statisticalValue':" EUR("6.00") "}]}");
    assert_money(s, valued.items[0].value, "6.00 EUR");
    assert_money(s, valued.items[1].value, "5.00 EUR");
}

// --- What cannot be worked out ---

static void an_item_without_a_rate_is_missed_and_the_others_count(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'tradeTerms':{'conditionCode':'FOB'},'freight':" EUR("3.00")
                                  ",'items':[{'price':{'currency':'CLP','value':'5'}},{'price':"
                                  EUR("8.00") "}]}");
    assert_int_equal(valued.missing.count, 1);
    assert_missing(&valued, 0, "item 1: price: there is no exchange rate for CLP on that day");
    assert_money(s, valued.items[0].value, "nothing");
    assert_money(s, valued.items[1].value, "11.00 EUR");
    assert_money(s, valued.total, "11.00 EUR");
}

static void there_is_no_total_of_nothing(void **state)
{
    struct scene *s = *state;
    struct valued valued = run(s, "{'items':[{'price':{'currency':'EUR','value':'-5'}}]}");
    assert_missing(&valued, 0, "item 1: price: it is below zero");
    assert_money(s, valued.total, "nothing");
    assert_money(s, s->file.customs_value, "nothing");
    valued = run(s, "{}");
    assert_money(s, valued.total, "nothing");
    assert_int_equal(valued.missing.count, 0);
}

static void what_is_missing_is_named(void **state)
{
    static const struct { const char *json, *missing; } rows[] = {
        { "{'items':[{'price':{'currency':'EUR','value':'1000000000000.01'}}]}",
          "item 1: price: it is too large" },
        { "{'items':[{'price':{'currency':'EUR','value':'999999999999999999'}}]}",
          "item 1: price: the amount does not fit 63 bits of minor units" },
        { "{'items':[{'price':" EUR("1") ",'charges':[{'typeCode':'BF','amount':" EUR("2") "}]}]}",
          "item 1: value: more is taken off than there is" },
        { "{'items':[{'price':" EUR("999999999999") ",'charges':[{'typeCode':'AB','amount':"
          EUR("999999999999") "}]}]}",
          "item 1: value: it is too large" },
        { "{'items':[{'price':" EUR("1") ",'charges':[{'typeCode':'AB','amount':" EUR("-2")
          "}]}]}",
          "item 1: commissions and brokerage (AB): it is below zero" },
        { "{'freight':{'currency':'CLP','value':'1'},'items':[{'price':" EUR("1") "}]}",
          "freight: there is no exchange rate for CLP on that day" },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct valued valued = run(s, rows[i].json);
        assert_int_equal(valued.missing.count, 1);
        assert_missing(&valued, 0, rows[i].missing);
    }
}

static void a_full_arena_is_an_error_at_every_size(void **state)
{
    struct scene *s = *state;
    const char *json = "{'freight':" EUR("3.00") ",'charges':[{'typeCode':'AI','amount':" EUR(
        "9.00") "}],'invoiceAmount':" EUR("10.00") ",'items':[{'price':" EUR("4.00") "},{'netMass':"
                                                                                     "'1'},{'"
                                                                                     "netMass':'2'}"
                                                                                     "]}";
    size_t size = 0;
    for (bool done = false; !done; size += 16) {
        static _Alignas(64) char memory[64 << 10];
        struct error err = { 0 };
        scene_begin(s);
        scene_accept(s, json);
        struct arena small = arena_over(memory, size);
        s->clearance.arena = &small;
        done = value_step(&s->clearance, &err);
        assert_true(done || err.kind == ERROR_TOO_LARGE || err.kind == ERROR_DAMAGED);
        assert_true(size + 16 < sizeof(memory));
    }
    assert_true(size > 1024);
}

static int begin(void **state)
{
    static struct scene scene;
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    scene_end(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_price_counts_at_the_rate_of_the_day),
        cmocka_unit_test(the_day_is_that_of_acceptance_when_there_is_one),
        cmocka_unit_test(a_price_in_the_books_currency_stays_as_it_is),
        cmocka_unit_test(halves_are_rounded_up_once),
        cmocka_unit_test(a_declared_rate_does_not_count_and_that_is_said),
        cmocka_unit_test(freight_and_insurance_are_added_unless_the_price_has_them),
        cmocka_unit_test(what_is_not_added_is_a_line_that_says_why),
        cmocka_unit_test(an_items_own_freight_counts_like_that_of_the_whole),
        cmocka_unit_test(each_code_is_an_addition_or_a_deduction),
        cmocka_unit_test(where_the_books_say_so_codes_count_as_declared),
        cmocka_unit_test(charges_are_told_in_words),
        cmocka_unit_test(a_code_that_is_none_is_not_guessed),
        cmocka_unit_test(the_way_inside_is_kept_apart_for_the_taxes),
        cmocka_unit_test(shares_of_the_whole_add_up_to_the_cent),
        cmocka_unit_test(shares_go_by_the_prices),
        cmocka_unit_test(without_prices_shares_are_even),
        cmocka_unit_test(items_without_a_price_share_what_the_invoice_leaves_by_mass),
        cmocka_unit_test(an_invoice_that_cannot_be_shared_out_is_missed),
        cmocka_unit_test(a_value_that_nobody_asks_for_is_not_missed),
        cmocka_unit_test(another_method_than_the_price_takes_the_declared_value),
        cmocka_unit_test(an_export_is_valued_at_the_border),
        cmocka_unit_test(the_procedure_says_whether_an_item_leaves),
        cmocka_unit_test(an_item_without_a_rate_is_missed_and_the_others_count),
        cmocka_unit_test(there_is_no_total_of_nothing),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(a_full_arena_is_an_error_at_every_size),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
