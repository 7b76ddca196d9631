#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "consignment/amend.h"

enum { ARENA = 8 << 20 };

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
static struct declaration declaration_of(const char *json)
{
    struct error err = { 0 };
    struct json read;
    struct declaration declaration = { 0 };
    struct text text = text_in(&arena, 1024);
    for (const char *at = json; *at != '\0'; at++) text_add_char(&text, *at == '\'' ? '"' : *at);
    if (!json_read(text_span(&text), &arena, &read, &err) ||
        !declaration_read_json(&read, 0, &arena, &declaration, &err))
        fail_msg("%s %s", err.field, err.text);
    return declaration;
}

static void amends(const char *first, const char *change, const char *expected)
{
    struct error err = { 0 };
    struct declaration amended, before = declaration_of(first), changes = declaration_of(change);
    if (!declaration_amend(&before, &changes, &arena, &amended, &err)) fail_msg("%s", err.text);
    struct json_writer w = json_writer_in(&arena, 1024), again = json_writer_in(&arena, 1024);
    struct declaration wanted = declaration_of(expected);
    struct span is = { 0 }, wants = { 0 };
    declaration_write_json(&w, &amended);
    declaration_write_json(&again, &wanted);
    assert_true(json_written(&w, &is, NULL) && json_written(&again, &wants, NULL));
    if (!span_equal(is, wants))
        fail_msg("\n" SPAN_FMT "\n" SPAN_FMT, SPAN_ARG(is), SPAN_ARG(wants));

    // What was amended is as it was.
    struct declaration untouched = declaration_of(first);
    struct json_writer one = json_writer_in(&arena, 1024), other = json_writer_in(&arena, 1024);
    declaration_write_json(&one, &before);
    declaration_write_json(&other, &untouched);
    assert_true(json_written(&one, &is, NULL) && json_written(&other, &wants, NULL));
    assert_true(span_equal(is, wants));
}

static void what_is_given_takes_the_place_of_what_was_there(void **state)
{
    (void)state;
    amends("{'functionCode':'9','typeCode':'IMA','functionalReferenceId':'A','officeId':'X1',"
           "'items':[{'sequence':1,'price':{'currency':'GBP','value':'1000'},'grossMass':'5'}]}",
           "{'functionCode':'13','typeCode':'COR','functionalReferenceId':'B','id':'M',"
           "'invoiceAmount':{'currency':'GBP','value':'998'},"
           "'items':[{'sequence':1,'price':{'currency':'GBP','value':'998'}}]}",
           "{'functionCode':'9','typeCode':'IMA','functionalReferenceId':'A','officeId':'X1',"
           "'invoiceAmount':{'currency':'GBP','value':'998'},"
           "'items':[{'sequence':1,'price':{'currency':'GBP','value':'998'},'grossMass':'5'}]}");
}

static void elements_of_lists_go_by_their_place_and_new_ones_come_behind(void **state)
{
    (void)state;
    amends("{'items':[{'sequence':1,'dutyTaxFees':[{'typeCode':'A00','regimeCode':'100'},"
           "{'typeCode':'B00'}]}]}",
           "{'items':[{'sequence':1,'dutyTaxFees':[{'paymentMethodCode':'E'},"
           "{'paymentMethodCode':'R'},{'typeCode':'C00'}]}]}",
           "{'items':[{'sequence':1,'dutyTaxFees':[{'typeCode':'A00','regimeCode':'100',"
           "'paymentMethodCode':'E'},{'typeCode':'B00','paymentMethodCode':'R'},"
           "{'typeCode':'C00'}]}]}");
}

#define POINTERS "'pointers':[{'sectionCode':'42A','sequence':1},{'sectionCode':'67A'},"

static void items_go_by_their_numbers(void **state)
{
    (void)state;
    amends("{'items':[{'ucr':'a'},{'ucr':'b'},{'ucr':'c'}]}",
           "{'items':[{'sequence':3,'ucr':'C'},{'sequence':7,'ucr':'g'}]}",
           "{'items':[{'sequence':1,'ucr':'a'},{'sequence':2,'ucr':'b'},"
           "{'sequence':3,'ucr':'C'},{'sequence':7,'ucr':'g'}]}");
}

static void an_item_that_is_only_pointed_at_is_taken_out(void **state)
{
    (void)state;
    amends("{'items':[{'ucr':'a'},{'ucr':'b'},{'ucr':'c'}]}",
           "{'goodsItemCount':2,'amendments':[{'changeReasonCode':'30'," POINTERS
           "{'sectionCode':'68A','sequence':2}]}]}",
           "{'goodsItemCount':2,'items':[{'sequence':1,'ucr':'a'},{'sequence':3,'ucr':'c'}]}");
    // One that the message holds is changed, and a pointer to something in it takes nothing out.
    amends("{'items':[{'ucr':'a'},{'ucr':'b'}]}",
           "{'items':[{'sequence':2,'ucr':'B'}],'amendments':[{" POINTERS
           "{'sectionCode':'68A','sequence':2}]},{" POINTERS
           "{'sectionCode':'68A','sequence':1,'tagId':'103'}]},{" POINTERS
           "{'sectionCode':'68A','sequence':1},{'sectionCode':'23A'}]},{'changeReasonCode':'1'}]}",
           "{'items':[{'sequence':1,'ucr':'a'},{'sequence':2,'ucr':'B'}]}");
}

static void a_list_takes_no_more_than_its_limit(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct text text = text_in(&arena, 1024);
    text_add(&text, SPAN("{'procedures':["));
    for (unsigned i = 0; i < 99; i++) text_add(&text, i == 0 ? SPAN("{}") : SPAN(",{}"));
    text_add(&text, SPAN("]}"));
    struct text whole = text_in(&arena, 1024);
    text_add_format(&whole, "{'items':[%s]}", text_span(&text).at);
    struct declaration before = declaration_of(text_span(&whole).at), changes = before, amended;
    assert_true(declaration_amend(&before, &changes, &arena, &amended, &err));
    assert_int_equal(amended.items.at[0].procedures.count, 99);

    struct item item = *before.items.at;
    static struct procedure hundred[100];
    item.procedures.at = hundred;
    item.procedures.count = 100;
    changes.items.at = &item;
    assert_false(declaration_amend(&before, &changes, &arena, &amended, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_takes_the_place_of_what_was_there),
        cmocka_unit_test(elements_of_lists_go_by_their_place_and_new_ones_come_behind),
        cmocka_unit_test(items_go_by_their_numbers),
        cmocka_unit_test(an_item_that_is_only_pointed_at_is_taken_out),
        cmocka_unit_test(a_list_takes_no_more_than_its_limit),
    };
    return cmocka_run_group_tests_name("amend", tests, make, end);
}
