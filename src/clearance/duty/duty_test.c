#include "clearance/duty/duty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "clearance/scene.h"

__extension__ typedef __int128 int128;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NO_VALUE INT64_MIN

static bool rounded_down; // what the books say

// The step with the items' values as the value step would leave them, in cents.
static struct assessed run_with(struct scene *scene, const char *json, uint32_t count,
                                const int64_t *values, const int64_t *inland)
{
    struct error err = { 0 };
    struct assessed assessed;
    static struct money value_of[16], inland_of[16];
    scene_begin(scene);
    scene_accept(scene, json);
    assert_int_equal(count, scene->file.declaration.items.count);
    assert_true(count <= COUNT(value_of));
    for (uint32_t i = 0; i < count; i++) {
        bool known = values[i] != NO_VALUE;
        value_of[i] = known ? (struct money){ values[i], "EUR" } : (struct money){ 0 };
        inland_of[i] = (struct money){ inland == NULL ? 0 : inland[i], "EUR" };
    }
    scene->clearance.item_values = value_of;
    scene->clearance.item_inland = inland_of;
    scene->books.duty_rounded_down = rounded_down;
    if (!duty_step(&scene->clearance, &err)) fail_msg("%s", err.text);
    struct span body = scene_last(scene, FACT_ASSESSED, "step:duty");
    if (!body_read_assessed(body, &scene->arena, &assessed, &err)) fail_msg("%s", err.text);
    assert_int_equal(scene->file.state, FILE_ASSESSED);
    return assessed;
}

static struct assessed run(struct scene *scene, const char *json, int64_t value)
{
    return run_with(scene, json, 1, &value, NULL);
}

static void assert_span(struct span s, const char *expected)
{
    if (span_equal(s, span_of(expected))) return;
    fail_msg("'" SPAN_FMT "' instead of '%s'", SPAN_ARG(s), expected);
}

static void assert_money(struct scene *scene, struct money amount, const char *expected)
{
    assert_string_equal(scene_money(scene, amount), expected);
}

#define GOODS(commodity) "'classifications':[{'id':'" commodity "','typeCode':'TSP'}]"
#define HOME_USE "'procedures':[{'currentCode':'40','previousCode':'00'}]"

// --- Lines ---

static void each_line_says_all_that_it_was_worked_out_by(void **state)
{
    struct scene *s = *state;
    struct assessed a = run(s, "{'items':[{'sequence':3," GOODS("85423100") "," HOME_USE "}]}",
                            100000);
    assert_int_equal(a.lines_count, 2);
    assert_int_equal(a.lines[0].sequence, 3);
    assert_span(a.lines[0].type, "A00");
    assert_money(s, a.lines[0].base, "1000.00 EUR");
    assert_money(s, a.lines[0].amount, "45.00 EUR");
    assert_int_equal(decimal_compare(a.lines[0].rate, decimal_of(45, 1)), 0);
    assert_span(a.lines[0].law, "Tariff, chapter 85");
    assert_span(a.lines[0].rounding, "half up to 0.01 EUR");
    assert_span(a.lines[0].text, "duty on electronics: 4.5 % of 1000.00 EUR");
    assert_false(a.lines[0].suspended);
    assert_span(a.lines[1].type, "B00");
    assert_span(a.lines[1].text, "value added tax: 20 % of 1045.00 EUR");
    assert_money(s, a.lines[1].amount, "209.00 EUR");
    assert_money(s, a.total, "254.00 EUR");
    assert_money(s, s->file.duty_total, "254.00 EUR");
    assert_true(span_equal(a.schedule, version_span(&s->books.schedule->version)));
}

static void halves_are_rounded_up_at_every_line(void **state)
{
    struct scene *s = *state;
    struct assessed a = run(s, "{'items':[{" GOODS("85423100") "," HOME_USE "}]}", 1100); // 0.495
    assert_money(s, a.lines[0].amount, "0.50 EUR");
    assert_money(s, a.lines[1].amount, "2.30 EUR"); // 20 % of 11.50
    a = run(s, "{'items':[{" GOODS("85423100") "," HOME_USE "}]}", 1099); // 0.49455
    assert_money(s, a.lines[0].amount, "0.49 EUR");
}

static void where_the_books_say_so_what_is_left_of_a_cent_is_disregarded(void **state)
{
    struct scene *s = *state;
    rounded_down = true;
    struct assessed a = run(s, "{'items':[{" GOODS("85423100") "," HOME_USE "}]}", 1133);
    rounded_down = false;
    assert_money(s, a.lines[0].amount, "0.50 EUR"); // 0.50985
    assert_span(a.lines[0].rounding, "down to 0.01 EUR");
    assert_money(s, a.lines[1].base, "11.83 EUR");
    assert_money(s, a.lines[1].amount, "2.36 EUR"); // 2.366
    assert_money(s, a.total, "2.86 EUR");
}

static void each_base_counts_what_stands_before_it(void **state)
{
    struct scene *s = *state;
    int64_t value = 10000, inland = 500;
    struct assessed a = run_with(s, "{'items':[{" GOODS("24022090") "," HOME_USE "}]}", 1,
                                 &value, &inland);
    static const struct { const char *type, *base, *amount; } rows[] = {
        { "A00", "100.00 EUR", "57.60 EUR" },
        { "A30", "100.00 EUR", "10.00 EUR" },  // customs duties go by the value alone
        { "X10", "167.60 EUR", "55.81 EUR" },  // 33.3 % of value and duties: 55.8108
        { "B00", "228.41 EUR", "45.68 EUR" },  // 20 % of all and the way inside: 45.682
    };
    assert_int_equal(a.lines_count, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_span(a.lines[i].type, rows[i].type);
        assert_money(s, a.lines[i].base, rows[i].base);
        assert_money(s, a.lines[i].amount, rows[i].amount);
    }
    assert_money(s, a.total, "169.09 EUR");
}

// --- The question to the schedule ---

static void the_rate_is_that_of_the_day_of_acceptance(void **state)
{
    struct scene *s = *state;
    struct assessed a = run(s, "{'acceptedAt':'2026-02-28T12:00:00Z','items':[{"
                               GOODS("85423100") "}]}", 100000);
    assert_money(s, a.lines[0].amount, "37.00 EUR");
    a = run(s, "{'acceptedAt':'2026-03-01T12:00:00Z','items':[{" GOODS("85423100") "}]}", 100000);
    assert_money(s, a.lines[0].amount, "45.00 EUR");
}

static void a_preference_counts_with_its_origin(void **state)
{
    static const struct { const char *item, *amount; } rows[] = {
        { "'origins':[{'countryCode':'KR','typeCode':'2'}],'dutyTaxFees':[{'regimeCode':'300'}]",
          "12.50 EUR" },
        { "'origins':[{'countryCode':'KR','typeCode':'2'}],'dutyTaxFees':[{'regimeCode':'100'}]",
          "45.00 EUR" },
        { "'origins':[{'countryCode':'KR','typeCode':'2'}]", "45.00 EUR" },
        { "'origins':[{'countryCode':'US','typeCode':'2'}],'dutyTaxFees':[{'regimeCode':'300'}]",
          "45.00 EUR" },
        { "'origins':[{'countryCode':'CN','typeCode':'1'},{'countryCode':'KR','typeCode':'2'}],"
          "'dutyTaxFees':[{'typeCode':'A00'},{'regimeCode':'320'}]", "12.50 EUR" },
        { "'origins':[{'countryCode':'KR','typeCode':'1'},{'countryCode':'CN','typeCode':'2'}],"
          "'dutyTaxFees':[{'regimeCode':'300'}]", "45.00 EUR" },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[400];
        snprintf(json, sizeof(json), "{'items':[{" GOODS("85423100") ",%s}]}", rows[i].item);
        struct assessed a = run(s, json, 100000);
        assert_money(s, a.lines[0].amount, rows[i].amount);
    }
}

static void the_code_of_the_tariff_is_put_together(void **state)
{
    struct scene *s = *state;
    struct assessed a = run(s,
                            "{'items':[{'classifications':[{'id':'1234','typeCode':'GN'},"
                            "{'id':'85171300','typeCode':'TSP'},{'id':'00','typeCode':'TRC'}]}]}",
                            100000);
    assert_span(a.lines[0].text, "no duty on telephones: 0 % of 1000.00 EUR");
    a = run(s, "{'items':[{'classifications':[{'id':'85171300','typeCode':'TSP'}]}]}", 100000);
    assert_money(s, a.lines[0].amount, "45.00 EUR");
    a = run(s, "{'items':[{'classifications':[{'id':'8517130000'}]}]}", 100000);
    assert_money(s, a.lines[0].amount, "0.00 EUR");
}

static void no_duty_in_the_schedule_is_said(void **state)
{
    struct scene *s = *state;
    struct assessed a = run(s, "{'items':[{" GOODS("99010000") "}]}", 100000);
    assert_int_equal(a.lines_count, 2);
    assert_span(a.lines[0].type, "A00");
    assert_span(a.lines[0].text, "the schedule has no customs duty for commodity 99010000");
    assert_money(s, a.lines[0].amount, "0.00 EUR");
    assert_false(a.lines[0].rate.given);
    assert_span(a.lines[1].law, "Tax Act, section 9");
    assert_money(s, a.total, "0.00 EUR");
}

// --- What is not owed ---

static void procedures_suspend_duties_or_taxes(void **state)
{
    static const struct { const char *procedure; bool duty, tax; } rows[] = {
        { "01", false, false }, { "40", false, false }, { "44", false, false },
        { "46", false, false }, { "48", false, false }, { "61", false, false },
        { "07", false, true },  { "42", false, true },  { "45", false, true },
        { "63", false, true },  { "68", false, true },  { "51", true, true },
        { "53", true, true },   { "54", true, true },   { "71", true, true },
        { "76", true, true },   { "77", true, true },   { "78", true, true },
        { "91", true, true },   { "92", true, true },   { "95", true, true },
        { "96", true, true },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[200];
        snprintf(json, sizeof(json), "{'typeCode':'IMA','items':[{" GOODS("85423100")
                 ",'procedures':[{'currentCode':'%s'}]}]}", rows[i].procedure);
        struct assessed a = run(s, json, 100000);
        assert_int_equal(a.lines_count, 2);
        assert_int_equal(a.lines[0].suspended, rows[i].duty);
        assert_int_equal(a.lines[1].suspended, rows[i].tax);
        assert_money(s, a.lines[1].amount, "209.00 EUR");
        assert_money(s, a.total,
                     rows[i].duty  ? "0.00 EUR"
                     : rows[i].tax ? "45.00 EUR"
                                   : "254.00 EUR");
    }
}

static void a_suspended_line_says_why(void **state)
{
    struct scene *s = *state;
    struct assessed a =
        run(s, "{'items':[{" GOODS("85423100") ",'procedures':[{'currentCode':'71'}]}]}", 100000);
    assert_span(a.lines[0].text, "duty on electronics: 4.5 % of 1000.00 EUR; "
                                 "suspended: a customs warehouse (71)");
}

static void nothing_is_owed_on_what_leaves(void **state)
{
    static const char *const declarations[] = {
        "{'typeCode':'EXA','items':[{" GOODS("85423100") "}]}",
        "{'typeCode':'COA','items':[{" GOODS("85423100") ",'procedures':[{'currentCode':'10'}]}]}",
        "{'typeCode':'EXA','items':[{" GOODS("85423100") ",'procedures':[{'currentCode':'31'}]}]}",
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(declarations); i++) {
        struct assessed a = run(s, declarations[i], 100000);
        assert_int_equal(a.lines_count, 0);
        assert_money(s, a.total, "0.00 EUR");
    }
}

static void an_item_without_a_value_has_no_lines(void **state)
{
    struct scene *s = *state;
    int64_t values[] = { NO_VALUE, 100000 };
    struct assessed a = run_with(s, "{'items':[{" GOODS("85423100") "},{" GOODS("85423100") "}]}",
                                 2, values, NULL);
    assert_int_equal(a.lines_count, 2);
    assert_int_equal(a.lines[0].sequence, 2);
    assert_money(s, a.total, "254.00 EUR");
    a = run(s, "{'items':[{" GOODS("85423100") "}]}", NO_VALUE);
    assert_int_equal(a.lines_count, 0);
    assert_money(s, a.total, "nothing"); // nothing is known, which is not the same as 0.00
    assert_money(s, s->file.duty_total, "nothing");
}

// --- Limits ---

static void an_amount_beyond_63_bits_is_an_error(void **state)
{
    struct scene *s = *state;
    struct error err = { 0 };
    struct money value = { INT64_MAX / 2, "EUR" }, inland = { 0, "EUR" };
    scene_begin(s);
    scene_accept(s, "{'items':[{" GOODS("24022090") "}]}");
    s->clearance.item_values = &value;
    s->clearance.item_inland = &inland;
    assert_false(duty_step(&s->clearance, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_int_equal(s->file.state, FILE_ACCEPTED);
}

static void a_full_arena_is_an_error_at_every_size(void **state)
{
    struct scene *s = *state;
    size_t size = 0;
    for (bool done = false; !done; size += 16) {
        static _Alignas(64) char memory[64 << 10];
        struct error err = { 0 };
        struct money value = { 10000, "EUR" }, inland = { 0, "EUR" };
        scene_begin(s);
        scene_accept(s, "{'items':[{" GOODS("24022090") "}]}");
        struct arena small = arena_over(memory, size);
        s->clearance.arena = &small;
        s->clearance.item_values = &value;
        s->clearance.item_inland = &inland;
        done = duty_step(&s->clearance, &err);
        assert_true(done || err.kind == ERROR_TOO_LARGE || err.kind == ERROR_DAMAGED);
        assert_true(size + 16 < sizeof(memory));
    }
    assert_true(size > 1024);
}

// --- Against arithmetic as it is taught at school ---

// amount x rate, where the rate is in thousandths of a per cent, halves up.
static int64_t percent(int64_t amount, int64_t thousandths)
{
    int128 twice = (int128)amount * thousandths * 2 / 100000;
    return (int64_t)((twice + 1) / 2);
}

static void tobacco(int64_t value, int64_t inland, int64_t lines[4])
{
    lines[0] = percent(value, 57600);
    lines[1] = percent(value, 10000);
    lines[2] = percent(value + lines[0] + lines[1], 33300);
    lines[3] = percent(value + lines[0] + lines[1] + lines[2] + inland, 20000);
}

static void duties_are_those_of_school_arithmetic(void **state)
{
    struct scene *s = *state;
    uint64_t chance = 7;
    for (int round = 0; round < 3000; round++) {
        int64_t values[3], inland[3], total = 0;
        for (int i = 0; i < 3; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            values[i] = (int64_t)((chance >> 20) % 1000000000);
            inland[i] = (int64_t)((chance >> 50) % 10000);
        }
        struct assessed a = run_with(s, "{'items':[{" GOODS("24022090") "},{" GOODS("85423100")
                                        ",'procedures':[{'currentCode':'42'}]},{"
                                        GOODS("24022090") ",'procedures':[{'currentCode':'71'}]}]}",
                                     3, values, inland);
        int64_t expected[10];
        tobacco(values[0], inland[0], &expected[0]);
        expected[4] = percent(values[1], 4500);
        expected[5] = percent(values[1] + expected[4] + inland[1], 20000);
        tobacco(values[2], inland[2], &expected[6]);
        assert_int_equal(a.lines_count, COUNT(expected));
        for (size_t i = 0; i < COUNT(expected); i++)
            assert_int_equal(a.lines[i].amount.minor, expected[i]);
        for (size_t i = 0; i < 5; i++) total += expected[i]; // the tax of 42 and all of 71 wait
        assert_int_equal(a.total.minor, total);
    }
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
        cmocka_unit_test(each_line_says_all_that_it_was_worked_out_by),
        cmocka_unit_test(halves_are_rounded_up_at_every_line),
        cmocka_unit_test(where_the_books_say_so_what_is_left_of_a_cent_is_disregarded),
        cmocka_unit_test(each_base_counts_what_stands_before_it),
        cmocka_unit_test(the_rate_is_that_of_the_day_of_acceptance),
        cmocka_unit_test(a_preference_counts_with_its_origin),
        cmocka_unit_test(the_code_of_the_tariff_is_put_together),
        cmocka_unit_test(no_duty_in_the_schedule_is_said),
        cmocka_unit_test(procedures_suspend_duties_or_taxes),
        cmocka_unit_test(a_suspended_line_says_why),
        cmocka_unit_test(nothing_is_owed_on_what_leaves),
        cmocka_unit_test(an_item_without_a_value_has_no_lines),
        cmocka_unit_test(an_amount_beyond_63_bits_is_an_error),
        cmocka_unit_test(a_full_arena_is_an_error_at_every_size),
        cmocka_unit_test(duties_are_those_of_school_arithmetic),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
