#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tariff/book_write.h"
#include "tariff/dues.h"

struct row {
    const char *code;
    enum measure_kind kind;
    const char *type, *origin, *regime, *rate, *document, *additional, *quota;
};

// Spirits of a country that taxes them in every way.
static const struct row rows[] = {
    { "2208", MEASURE_DUTY, "A00", "*", "", "10 %", "", "", "" },
    { "2208", MEASURE_PREFERENCE, "A00", "PARTNERS", "3", "4 %", "", "", "" },
    { "220830", MEASURE_SUSPENSION, "A00", "*", "", "6 %", "N990", "", "" },
    { "2208", MEASURE_QUOTA, "A00", "*", "1", "1 %", "", "", "09.0001" },
    { "220830", MEASURE_ANTI_DUMPING, "A30", "CN", "", "30 %", "", "", "" },
    { "220830", MEASURE_ANTI_DUMPING, "A30", "CN", "", "12.5 %", "", "C123", "" },
    { "2208", MEASURE_EXCISE, "X10", "*", "", "28 EUR/l of pure alcohol", "", "", "" },
    { "", MEASURE_VAT, "B00", "*", "", "20 %", "", "", "" },
    { "2208", MEASURE_LICENCE, "L00", "KR", "", "", "Y111", "", "" },
};

static struct book_writer *writer;
static struct book book;
static _Alignas(64) char memory[4 << 20];

static int make_book(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct span bytes;
    struct book_settings settings = { .country = SPAN("XM"), .currency = SPAN("EUR"),
                                      .as_of = { 20454, true }, .source = SPAN("a test") };
    assert_true(book_writer_open(&writer, &settings, &err));
    static const struct { const char *type; enum measure_base base; } types[] = {
        { "A00", MEASURE_BASE_VALUE }, { "A30", MEASURE_BASE_VALUE },
        { "X10", MEASURE_BASE_DUTIES }, { "L00", MEASURE_BASE_DUTIES },
        { "B00", MEASURE_BASE_ALL },
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        assert_true(book_add_type(writer, span_of(types[i].type), types[i].base, SPAN(""), &err));
    assert_true(book_add_member(writer, SPAN("PARTNERS"), SPAN(""), SPAN("KR"), &err));
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *r = &rows[i];
        enum rate_read rate;
        enum expression_obstacle obstacle;
        struct measure_row row = {
            .code = span_of(r->code), .kind = r->kind, .type = span_of(r->type),
            .origin = span_of(r->origin), .regime = span_of(r->regime), .rate = span_of(r->rate),
            .document = span_of(r->document), .additional = span_of(r->additional),
            .quota = span_of(r->quota), .law = SPAN("L"), .words = SPAN("W"), .line = i + 1,
        };
        if (!book_add_measure(writer, &row, &rate, &obstacle, &err)) fail_msg("%s", err.text);
        assert_int_not_equal(rate, RATE_MANUAL);
    }
    if (!book_finish(writer, &bytes, &err) || !book_open(&book, bytes, &err))
        fail_msg("%s", err.text);
    return 0;
}

static int drop_book(void **state)
{
    (void)state;
    book_writer_close(writer);
    return 0;
}

static struct money eur(int64_t minor) { return (struct money){ minor, "EUR" }; }

// 1000 EUR of whisky, of which the way inside costs 50.
static struct goods whisky(const char *origin)
{
    return (struct goods){ .code = SPAN("2208300000"), .origin = span_of(origin),
                           .day = { 20500, true }, .value = eur(100000), .inland = eur(5000) };
}

static struct dues work_out(const struct goods *goods)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct dues dues;
    struct error err = { 0 };
    if (!dues_work_out(&book, goods, &arena, &dues, &err)) fail_msg("%s", err.text);
    return dues;
}

// What is owed of a type; -1: it is not known; -2: nothing of it is owed.
static int64_t owed(const struct dues *dues, const char *type)
{
    for (uint32_t i = 0; i < dues->count; i++) {
        const struct due *due = &dues->at[i];
        if (!span_equal(book_type_code(due->type), span_of(type))) continue;
        if (due->standing != DUE_OWED) continue;
        return due->result->verdict == VERDICT_OWED ? due->result->total.minor : -1;
    }
    return -2;
}

static enum due_standing standing(const struct dues *dues, enum measure_kind kind)
{
    for (uint32_t i = 0; i < dues->count; i++)
        if (dues->at[i].measure->kind == kind) return dues->at[i].standing;
    fail_msg("there is no %s", measure_kind_name(kind));
    return DUE_OWED;
}

static void test_taxes_are_counted_on_the_duties_before_them(void **state)
{
    (void)state;
    struct goods goods = whisky("US");
    struct expression_quantity alcohol = { unit_find(SPAN("LPA")), SUBJECT_NONE,
                                           decimal_of(10, 0) };
    goods.quantities = &alcohol;
    goods.quantities_count = 1;
    struct dues dues = work_out(&goods);
    assert_true(dues.known);
    assert_int_equal(owed(&dues, "A00"), 10000);
    assert_int_equal(owed(&dues, "A30"), -2);
    assert_int_equal(owed(&dues, "X10"), 28000);
    // 1000 + 100 + 280 + 50 = 1430
    assert_int_equal(owed(&dues, "B00"), 28600);
    assert_int_equal(dues.total.minor, 10000 + 28000 + 28600);
}

static void test_what_is_missing_is_asked_and_no_total_is_made_up(void **state)
{
    (void)state;
    struct goods goods = whisky("US");
    struct dues dues = work_out(&goods);
    assert_false(dues.known);
    assert_int_equal(owed(&dues, "X10"), -1);
    for (uint32_t i = 0; i < dues.count; i++)
        if (dues.at[i].measure->kind == MEASURE_EXCISE)
            assert_int_equal(dues.at[i].result->missing_count, 1);
}

static void test_the_lowest_rate_that_the_goods_may_have_is_owed(void **state)
{
    (void)state;
    struct goods goods = whisky("KR");
    struct span document = SPAN("N990");
    struct dues dues = work_out(&goods);
    assert_int_equal(owed(&dues, "A00"), 10000);
    assert_int_equal(standing(&dues, MEASURE_PREFERENCE), DUE_UNCLAIMED);
    assert_int_equal(standing(&dues, MEASURE_SUSPENSION), DUE_UNDOCUMENTED);
    assert_int_equal(standing(&dues, MEASURE_QUOTA), DUE_UNCLAIMED);
    goods.regime = SPAN("300");
    dues = work_out(&goods);
    assert_int_equal(owed(&dues, "A00"), 4000);
    assert_int_equal(standing(&dues, MEASURE_DUTY), DUE_HIGHER);
    goods.regime = SPAN("");
    goods.documents = &document;
    goods.documents_count = 1;
    dues = work_out(&goods);
    assert_int_equal(owed(&dues, "A00"), 6000);
    goods.quota = SPAN("09.0001");
    dues = work_out(&goods);
    assert_int_equal(owed(&dues, "A00"), 1000);
}

static void test_a_company_has_its_own_anti_dumping_duty(void **state)
{
    (void)state;
    struct goods goods = whisky("CN");
    struct dues dues = work_out(&goods);
    assert_int_equal(owed(&dues, "A30"), 30000);
    goods.additional = SPAN("C123");
    dues = work_out(&goods);
    assert_int_equal(owed(&dues, "A30"), 12500);
}

static void test_a_licence_forbids_until_its_document_is_shown(void **state)
{
    (void)state;
    struct goods goods = whisky("KR");
    struct span document = SPAN("Y111");
    struct dues dues = work_out(&goods);
    assert_true(dues.forbidden);
    goods.documents = &document;
    goods.documents_count = 1;
    dues = work_out(&goods);
    assert_false(dues.forbidden);
    assert_int_equal(standing(&dues, MEASURE_LICENCE), DUE_SATISFIED);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taxes_are_counted_on_the_duties_before_them),
        cmocka_unit_test(test_what_is_missing_is_asked_and_no_total_is_made_up),
        cmocka_unit_test(test_the_lowest_rate_that_the_goods_may_have_is_owed),
        cmocka_unit_test(test_a_company_has_its_own_anti_dumping_duty),
        cmocka_unit_test(test_a_licence_forbids_until_its_document_is_shown),
    };
    return cmocka_run_group_tests(tests, make_book, drop_book);
}
