#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "gates/files/xml_read.h"

static struct arena arena;
static struct xml_map *map;

static int make(void **state)
{
    (void)state;
    bool made =
        arena_open(&arena, (size_t)16 * MIB, NULL) && xml_map_open_notifications(&map, NULL);
    return made ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    xml_map_close(map);
    arena_close(&arena);
    return 0;
}

static bool reads(const char *text, struct notification *notification, struct error *err)
{
    struct dropped dropped;
    *err = (struct error){ 0 };
    return xml_read_notification(map, span_of(text), &arena, notification, &dropped, err);
}

static void refuses(const char *text, enum error_kind kind, const char *words)
{
    struct notification notification;
    struct error err;
    assert_false(reads(text, &notification, &err));
    if (err.kind != kind || strstr(err.text, words) == NULL)
        fail_msg("%s: %s", error_kind_name(err.kind), err.text);
    assert_true(err.line >= 1 && err.column >= 1);
}

#define SPANS(span, expected) assert_true(span_equal(span, SPAN(expected)))

static void each_item_has_its_charges(void **state)
{
    (void)state;
    struct notification n;
    struct error err;
    bool read = reads(
        "<m:MetaData xmlns:m='urn:x'><m:WCOTypeName>RES</m:WCOTypeName><Response xmlns='urn:y'>"
        "<FunctionCode>13</FunctionCode><Status><NameCode>67</NameCode></Status><Declaration>"
        "<FunctionalReferenceID>OURS</FunctionalReferenceID><ID>26XM1</ID><VersionID>2</VersionID>"
        "<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric>"
        "</GovernmentAgencyGoodsItem><GovernmentAgencyGoodsItem><SequenceNumeric>7"
        "</SequenceNumeric><Commodity><DutyTaxFee><TypeCode>B00</TypeCode></DutyTaxFee><DutyTaxFee>"
        "<AdValoremTaxBaseAmount currencyID='GBP'>1280.24</AdValoremTaxBaseAmount>"
        "<DeductAmount currencyID='GBP'>1.00</DeductAmount><DutyRegimeCode>300</DutyRegimeCode>"
        "<TaxRateNumeric>20.00</TaxRateNumeric><TypeCode>A00</TypeCode><Payment>"
        "<TaxAssessedAmount currencyID='GBP'>256.04</TaxAssessedAmount>"
        "<PaymentAmount currencyID='GBP'>0.00</PaymentAmount></Payment></DutyTaxFee></Commodity>"
        "</GovernmentAgencyGoodsItem></GoodsShipment></Declaration></Response></m:MetaData>",
        &n, &err);
    if (!read) fail_msg("%s", err.text);
    SPANS(n.function_code, "13");
    SPANS(n.status_code, "67");
    SPANS(n.functional_reference_id, "OURS");
    SPANS(n.id, "26XM1");
    assert_int_equal(n.version.value, 2);
    assert_int_equal(n.items.count, 2);
    assert_int_equal(n.items.at[0].charges.count, 0);
    assert_int_equal(n.items.at[1].sequence.value, 7);
    assert_int_equal(n.items.at[1].charges.count, 2);
    assert_false(n.items.at[1].charges.at[0].assessed.value.given);

    const struct stated_charge *charge = &n.items.at[1].charges.at[1];
    SPANS(charge->type_code, "A00");
    SPANS(charge->regime_code, "300");
    SPANS(charge->base.currency, "GBP");
    assert_true(charge->base.value.digits == 128024 && charge->base.value.scale == 2);
    assert_true(charge->rate.digits == 2000 && charge->deducted.value.digits == 100);
    assert_true(charge->assessed.value.digits == 25604 && charge->payable.value.digits == 0);
}

static void other_messages_are_told_apart(void **state)
{
    (void)state;
    refuses("<MetaData><Declaration/></MetaData>", ERROR_CONFLICT, "'Declaration' is not a");
    refuses("<StatusResponse><Declaration/></StatusResponse>", ERROR_NOT_FOUND, "StatusResponse");
    refuses("<movement/>", ERROR_NOT_FOUND, "no Response");
    refuses("<Response><FunctionCode>13", ERROR_SYNTAX, "");
    refuses("<MetaData><Response/><Response/></MetaData>", ERROR_SYNTAX, "a second Response");
    refuses("<!DOCTYPE r [<!ENTITY a '13'>]><Response><FunctionCode>&a;</FunctionCode></Response>",
            ERROR_SYNTAX, "document type");
}

static void a_hundred_charges_are_too_many(void **state)
{
    (void)state;
    struct notification n;
    struct error err;
    struct text text = text_in(&arena, 4096);
    text_add(&text, SPAN("<Response><Declaration><GoodsShipment><GovernmentAgencyGoodsItem>"
                         "<Commodity>"));
    for (unsigned i = 0; i < STATED_CHARGES_MAX; i++) text_add(&text, SPAN("<DutyTaxFee/>"));
    struct text more = text_in(&arena, 8192);
    text_add(&more, text_span(&text));
    text_add(&more, SPAN("<DutyTaxFee/>"));
    static const struct span tail = SPAN_INIT("</Commodity></GovernmentAgencyGoodsItem>"
                                              "</GoodsShipment></Declaration></Response>");
    text_add(&text, tail);
    text_add(&more, tail);
    assert_true(reads(text_span(&text).at, &n, &err));
    assert_int_equal(n.items.at[0].charges.count, STATED_CHARGES_MAX);
    refuses(text_span(&more).at, ERROR_TOO_LARGE, "more than 99");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_has_its_charges),
        cmocka_unit_test(other_messages_are_told_apart),
        cmocka_unit_test(a_hundred_charges_are_too_many),
    };
    return cmocka_run_group_tests_name("notification", tests, make, end);
}
