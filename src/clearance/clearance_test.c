#include "clearance/clearance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "clearance/item.h"
#include "clearance/risk/rules.h"
#include "clearance/scene.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char rules_text[] =
    "rule T-01 \"cheap electronics\" score 300 when\n"
    "    any item (commodity starts with \"85\" and value < 100)\n"
    "rule T-02 \"tobacco\" score 10 hold when any item (commodity starts with \"24\")\n"
    "rule T-03 \"medicines\" score 20 documents when any item (commodity starts with \"30\")\n";

static void need(bool done, const struct error *err)
{
    if (!done) fail_msg("%s: %s", err->field, err->text);
}

static void begin_with_rules(struct scene *scene)
{
    struct error err = { 0 };
    scene_begin(scene);
    need(risk_rules_read(span_of(rules_text), &scene->arena, &scene->books.risk_rules, &err),
         &err);
}

static void clear(struct scene *scene)
{
    struct error err = { 0 };
    scene->clearance.item_values = scene->clearance.item_inland = NULL; // a new run
    need(clearance_run(&scene->clearance, &err), &err);
    file_invariants(&scene->file);
}

// A declaration that keeps all rules, with the items' commodity, price and procedure.
#define PARTIES                                                                                   \
    "'declarant':{'id':'DE1234567'},'importer':{'id':'DE1234567'},'exporter':{'name':'Han'},"
#define SOUND(items)                                                                              \
    "{'functionCode':'9','typeCode':'IMA','functionalReferenceId':'S-1',"                         \
    "'destinationCountry':'DE','exportCountry':'KR'," PARTIES                                     \
    "'tradeTerms':{'conditionCode':'CIF'},'items':[" items "]}"
#define ITEM(commodity, price, currency)                                                          \
    "{'description':'goods','classifications':[{'id':'" commodity "','typeCode':'TSP'}],"         \
    "'origins':[{'countryCode':'KR','typeCode':'1'}],'procedures':[{'currentCode':'40',"          \
    "'previousCode':'00'}],'valuationMethodCode':'1','price':{'currency':'" currency "',"         \
    "'value':'" price "'},'grossMass':'2','netMass':'1'}"

static void assert_facts(const struct file *file, const char *expected)
{
    char told[512] = "";
    size_t len = 0;
    for (uint32_t i = 0; i < file->facts_count; i++)
        len += (size_t)snprintf(told + len, sizeof(told) - len, "%s ",
                                fact_kind_name(file->facts[i].kind));
    assert_string_equal(told, expected);
}

// --- The list ---

static void the_list_is_in_the_order_of_the_story(void **state)
{
    (void)state;
    static const char *const names[] = { "check", "value", "duty", "risk", "decide" };
    assert_int_equal(clearance_steps_count, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++)
        assert_string_equal(clearance_steps[i].name, names[i]);
}

static void an_estimate_works_out_the_same_and_decides_nothing(void **state)
{
    struct scene *s = *state;
    struct error err = { 0 };
    begin_with_rules(s);
    scene_declare(s, SOUND(ITEM("85171300", "99", "USD")));
    need(clearance_estimate(&s->clearance, &err), &err);
    assert_facts(&s->file, "declared checked valued assessed ");
    struct money owed = s->file.duty_total, value = s->file.customs_value;
    assert_true(owed.minor > 0);
    begin_with_rules(s);
    scene_declare(s, SOUND(ITEM("85171300", "99", "USD")));
    clear(s);
    assert_int_equal(s->file.duty_total.minor, owed.minor);
    assert_int_equal(s->file.customs_value.minor, value.minor);
    begin_with_rules(s);
    scene_declare(s, "{}");
    need(clearance_estimate(&s->clearance, &err), &err);
    assert_facts(&s->file, "declared checked ");
}

static void sound_goods_are_released_with_all_that_led_to_it(void **state)
{
    struct scene *s = *state;
    begin_with_rules(s);
    scene_declare(s, SOUND(ITEM("85423100", "1000.00", "USD")));
    clear(s);
    assert_facts(&s->file, "declared checked valued assessed scored decided ");
    assert_int_equal(s->file.state, FILE_RELEASED);
    assert_string_equal(scene_money(s, s->file.customs_value), "855.00 EUR");
    assert_string_equal(scene_money(s, s->file.duty_total), "217.18 EUR"); // 38.48 and 178.70
    for (uint32_t i = 0; i < clearance_steps_count; i++) {
        char who[32];
        snprintf(who, sizeof(who), "step:%s", clearance_steps[i].name);
        assert_true(span_equal(s->file.facts[1 + i].who, span_of(who)));
        assert_int_equal(s->file.facts[1 + i].at_ms, SCENE_NOW);
    }
}

static void what_breaks_a_rule_is_refused_and_neither_valued_nor_scored(void **state)
{
    struct scene *s = *state;
    begin_with_rules(s);
    scene_declare(s, "{'typeCode':'IMA','items':[" ITEM("85423100", "1.00", "USD") "]}");
    clear(s);
    assert_facts(&s->file, "declared checked decided ");
    assert_int_equal(s->file.state, FILE_REFUSED);
    assert_string_equal(scene_money(s, s->file.customs_value), "nothing");
    assert_null(s->clearance.item_values);
}

static void doubts_go_to_an_officer(void **state)
{
    static const struct { const char *json; enum file_state state; } rows[] = {
        { SOUND(ITEM("85423100", "10.00", "USD")), FILE_UNDER_CONTROL },      // T-01
        { SOUND(ITEM("24022000", "10.00", "USD")), FILE_HELD },
        { SOUND(ITEM("30049000", "10.00", "USD")), FILE_AWAITING_DOCUMENTS },
        { SOUND(ITEM("61091000", "10.00", "CLP")), FILE_AWAITING_DOCUMENTS }, // no rate
        { SOUND(ITEM("61091000", "10.00", "USD")), FILE_RELEASED },
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        begin_with_rules(s);
        scene_declare(s, rows[i].json);
        clear(s);
        assert_int_equal(s->file.state, rows[i].state);
    }
    begin_with_rules(s);
    s->books.random_per_million = 1000000;
    scene_declare(s, SOUND(ITEM("61091000", "10.00", "USD")));
    clear(s);
    assert_int_equal(s->file.state, FILE_UNDER_CONTROL);
    assert_true(s->file.random);
}

static void a_rule_sees_the_value_of_each_item(void **state)
{
    struct scene *s = *state;
    begin_with_rules(s);
    scene_declare(s, SOUND(ITEM("61091000", "5.00", "EUR") "," ITEM("85423100", "100.00", "EUR")));
    clear(s);
    uint32_t doubts = s->file.score; // of the check; the cheap item is no electronics
    assert_true(doubts < 250);
    begin_with_rules(s);
    scene_declare(s, SOUND(ITEM("61091000", "500.00", "EUR") "," ITEM("85423100", "99.99", "EUR")));
    clear(s);
    assert_int_equal(s->file.score, doubts + 300);
}

// --- Versions ---

static void an_amendment_is_cleared_anew(void **state)
{
    struct scene *s = *state;
    begin_with_rules(s);
    scene_declare(s, SOUND(ITEM("85423100", "10.00", "USD")));
    clear(s);
    assert_int_equal(s->file.state, FILE_UNDER_CONTROL);
    scene_declare(s, SOUND(ITEM("85423100", "1000.00", "USD")));
    assert_int_equal(s->file.state, FILE_AMENDED);
    clear(s);
    assert_int_equal(s->file.state, FILE_RELEASED);
    assert_int_equal(s->file.version, 2);
    assert_true(s->file.score < 250);
    assert_facts(&s->file, "declared checked valued assessed scored decided "
                           "amended checked valued assessed scored decided ");
}

static void a_refused_declaration_is_corrected(void **state)
{
    struct scene *s = *state;
    begin_with_rules(s);
    scene_declare(s, "{'typeCode':'IMA','items':[" ITEM("85423100", "1.00", "USD") "]}");
    clear(s);
    assert_int_equal(s->file.state, FILE_REFUSED);
    scene_declare(s, SOUND(ITEM("85423100", "1000.00", "USD")));
    clear(s);
    assert_int_equal(s->file.state, FILE_RELEASED);
    scene_begin(s);
}

static void an_amendment_for_the_worse_is_refused_and_forgets_what_was(void **state)
{
    struct scene *s = *state;
    begin_with_rules(s);
    scene_declare(s, SOUND(ITEM("24022000", "10.00", "CLP")));
    clear(s);
    assert_int_equal(s->file.state, FILE_HELD);
    assert_int_equal(s->file.missing_count, 1);
    assert_int_equal(s->file.wants, DECISION_HOLD);
    scene_declare(s, "{'typeCode':'IMA'}");
    clear(s);
    assert_int_equal(s->file.state, FILE_REFUSED);
    assert_int_equal(s->file.missing_count, 0);
    assert_int_equal(s->file.wants, DECISION_NONE);
}

// --- Time taken ---

static uint64_t ticks;
static uint64_t clock_of_tens(void) { return ticks += 10; }

static void the_time_of_each_step_is_added_up_when_asked_for(void **state)
{
    struct scene *s = *state;
    uint64_t took[8] = { 0 };
    for (int run = 1; run <= 2; run++) {
        begin_with_rules(s);
        s->clearance.took_ns = took;
        s->clearance.clock_ns = clock_of_tens;
        scene_declare(s, SOUND(ITEM("85423100", "10.00", "USD")));
        clear(s);
        for (uint32_t i = 0; i < 8; i++)
            assert_int_equal(took[i], i < clearance_steps_count ? 10 * run : 0);
    }
    begin_with_rules(s);
    s->clearance.took_ns = took;
    s->clearance.clock_ns = clock_of_tens;
    scene_declare(s, "{'typeCode':'IMA'}");
    clear(s);
    assert_int_equal(took[0], 30); // what is refused at once takes no time elsewhere
    assert_int_equal(took[1], 20);
    assert_int_equal(took[4], 30);
}

// --- Whatever is declared ---

struct chance { uint64_t state; };

static uint32_t below(struct chance *chance, uint32_t limit)
{
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((chance->state >> 33) % limit);
}

#define PICK(chance, words) ((words)[below(chance, COUNT(words))])

static void make_amount(struct chance *chance, struct text *text, const char *name)
{
    static const char *const currencies[] = {
        "EUR", "EUR", "USD", "JPY", "KWD", "GBP", "CLP", "QQQ"
    };
    static const uint32_t most[] = { 100, 100000, 4000000000u };
    if (below(chance, 8) == 0) return;
    text_add_format(text, "'%s':{'currency':'%s','value':'%s%u.%u'},", name,
                    currencies[below(chance, below(chance, 9) == 0 ? 8 : 6)],
                    below(chance, 60) == 0 ? "-" : "", below(chance, PICK(chance, most)),
                    below(chance, 10000));
}

static void make_charges(struct chance *chance, struct text *text)
{
    static const char *const codes[] = {
        "AB", "AD", "AI", "AK", "AK", "BA", "BB", "BC", "BF", "ZZ"
    };
    text_add(text, SPAN("'charges':["));
    for (uint32_t i = below(chance, 3); i > 0; i--) {
        text_add(text, SPAN("{"));
        make_amount(chance, text, "amount");
        text_add_format(text, "'typeCode':'%s'}%s", PICK(chance, codes), i > 1 ? "," : "");
    }
    text_add(text, SPAN("],"));
}

static void make_item(struct chance *chance, struct text *text)
{
    static const char *const procedures[] = { "40", "40", "40", "42", "51",
                                              "53", "61", "71", "10", "76" };
    static const char *const commodities[] = { "85423100", "24022000", "99010000", "30049000",
                                               "610910" };
    static const char *const countries[] = { "KR", "CN", "CH", "US" };
    text_add_format(text, "{'classifications':[{'id':'%s','typeCode':'TSP'}],",
                    PICK(chance, commodities));
    text_add_format(text, "'origins':[{'countryCode':'%s','typeCode':'%u'}],",
                    PICK(chance, countries), 1 + below(chance, 2));
    text_add_format(text, "'procedures':[{'currentCode':'%s'}],", PICK(chance, procedures));
    text_add_format(text, "'dutyTaxFees':[{'regimeCode':'%s'}],",
                    below(chance, 3) == 0 ? "300" : "100");
    make_amount(chance, text, "price");
    if (below(chance, 4) == 0) make_amount(chance, text, "customsValue");
    if (below(chance, 4) == 0) make_amount(chance, text, "statisticalValue");
    if (below(chance, 4) == 0) make_amount(chance, text, "freight");
    make_charges(chance, text);
    text_add_format(text, "'valuationMethodCode':'%u',", below(chance, 6) == 0 ? 4u : 1u);
    text_add_format(text, "'grossMass':'%u.5','netMass':'%u'}", 1 + below(chance, 900), 1u);
}

static const char *make(struct chance *chance, struct arena *arena)
{
    static const char *const terms[] = { "EXW", "FOB", "CFR", "CIF", "DAP", "DDP", "XXX" };
    static const char *const types[] = { "IMA", "IMA", "IMA", "EXA", "COA", "IMZ", "IMC" };
    struct text text = text_in(arena, 8000);
    text_add_format(&text,
                    "{'typeCode':'%s','functionalReferenceId':'S-1','destinationCountry':'DE',"
                    "'exportCountry':'KR'," PARTIES "'acceptedAt':'2026-0%u-11T00:00:00Z',",
                    PICK(chance, types), 1 + below(chance, 5));
    text_add_format(&text, "'tradeTerms':{'conditionCode':'%s'},", PICK(chance, terms));
    make_amount(chance, &text, "freight");
    make_amount(chance, &text, "insurance");
    if (below(chance, 4) == 0) make_amount(chance, &text, "invoiceAmount");
    make_charges(chance, &text);
    text_add(&text, SPAN("'items':["));
    for (uint32_t i = 1 + below(chance, 5); i > 0; i--) {
        make_item(chance, &text);
        if (i > 1) text_add_char(&text, ',');
    }
    text_add(&text, SPAN("]}"));
    assert_false(text.full);
    for (size_t at = 0; at + 1 < text.len; at++) // what make_amount left behind its last member
        if (text.at[at] == ',' && text.at[at + 1] == '}') text.at[at] = ' ';
    return text_span(&text).at;
}

static void assert_value_adds_up(struct scene *s, struct span body)
{
    struct error err = { 0 };
    struct valued valued;
    const struct declaration *d = &s->file.declaration;
    int64_t total = 0;
    need(body_read_valued(body, &s->arena, &valued, &err), &err);
    for (uint32_t i = 0; i < valued.items_count; i++) {
        const struct valued_item *item = &valued.items[i];
        int64_t sum = 0;
        for (uint32_t l = 0; l < item->lines_count; l++) sum += item->lines[l].amount.minor;
        total += item->value.minor;
        if (item->value.currency[0] != '\0') assert_int_equal(sum, item->value.minor);
        else assert_true(valued.missing.count > 0 || !item_needs_value(d, &d->items.at[i]));
    }
    assert_int_equal(valued.total.minor, total);
}

static void assert_duty_adds_up(struct scene *s, struct span body)
{
    struct error err = { 0 };
    struct assessed assessed;
    int64_t total = 0;
    need(body_read_assessed(body, &s->arena, &assessed, &err), &err);
    for (uint32_t i = 0; i < assessed.lines_count; i++) {
        const struct duty_line *line = &assessed.lines[i];
        assert_true(line->amount.minor >= 0);
        assert_true(line->text.len > 0);
        if (line->rate.given) assert_true(line->law.len > 0);
        if (!line->suspended) total += line->amount.minor;
    }
    assert_int_equal(assessed.total.minor, total);
}

static void what_comes_out_adds_up_and_no_fact_is_out_of_place(void **state)
{
    struct scene *s = *state;
    uint32_t states[FILE_STATE_COUNT] = { 0 };
    for (uint64_t seed = 1; seed <= 4000; seed++) {
        struct chance chance = { seed };
        begin_with_rules(s);
        scene_declare(s, make(&chance, &s->arena));
        clear(s);
        states[s->file.state]++;
        for (uint32_t i = 0; i < s->file.facts_count; i++) {
            const struct fact *fact = &s->file.facts[i];
            if (fact->kind == FACT_VALUED) assert_value_adds_up(s, fact->body);
            if (fact->kind == FACT_ASSESSED) assert_duty_adds_up(s, fact->body);
        }
    }
    assert_true(states[FILE_REFUSED] > 100); // the seeds reach all that can become of them
    assert_true(states[FILE_RELEASED] > 100);
    assert_true(states[FILE_UNDER_CONTROL] > 20);
    assert_true(states[FILE_HELD] > 100);
    assert_true(states[FILE_AWAITING_DOCUMENTS] > 100);
}

static struct span all_facts(struct scene *s)
{
    struct error err = { 0 };
    struct text all = text_in(&s->arena, 8192);
    for (uint32_t i = 0; i < s->file.facts_count; i++) {
        struct span json;
        need(fact_write(&s->file.facts[i], &s->arena, &json, &err), &err);
        text_add(&all, json);
    }
    assert_false(all.full);
    return text_span(&all);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    struct scene *s = *state;
    static char first[64 << 10];
    for (uint64_t seed = 1; seed <= 300; seed++) {
        size_t len = 0;
        for (int run = 0; run < 2; run++) {
            struct chance chance = { seed };
            begin_with_rules(s);
            if (run == 1)
                memset(arena_take_raw(&s->arena, 1, 999), 0xA5, 999); // elsewhere in memory
            scene_declare(s, make(&chance, &s->arena));
            clear(s);
            struct span facts = all_facts(s);
            assert_true(facts.len < sizeof(first));
            if (run == 1) assert_int_equal(facts.len, len);
            if (run == 1) assert_memory_equal(facts.at, first, len);
            memcpy(first, facts.at, facts.len);
            len = facts.len;
        }
    }
}

static void the_facts_alone_give_the_file_back(void **state)
{
    struct scene *s = *state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct chance chance = { seed };
        struct error err = { 0 };
        struct file again;
        begin_with_rules(s);
        scene_declare(s, make(&chance, &s->arena));
        clear(s);
        need(file_open(&again, s->file.name, &s->arena, &err), &err);
        for (uint32_t i = 0; i < s->file.facts_count; i++) {
            struct span json;
            struct fact fact;
            need(fact_write(&s->file.facts[i], &s->arena, &json, &err), &err);
            need(fact_read(json, &s->arena, &fact, &err), &err);
            need(file_add(&again, &fact, NULL, &s->arena, &err), &err);
        }
        assert_int_equal(again.state, s->file.state);
        assert_int_equal(again.score, s->file.score);
        assert_int_equal(again.missing_count, s->file.missing_count);
        assert_int_equal(again.wants, s->file.wants);
        assert_string_equal(scene_money(s, again.customs_value),
                            scene_money(s, s->file.customs_value));
        assert_string_equal(scene_money(s, again.duty_total), scene_money(s, s->file.duty_total));
    }
}

static void the_largest_declaration_is_cleared(void **state)
{
    struct scene *s = *state;
    begin_with_rules(s);
    struct text text = text_in(&s->arena, 1 << 20);
    text_add(&text, SPAN("{'functionCode':'9','typeCode':'IMA','destinationCountry':'DE',"
                         "'exportCountry':'KR'," PARTIES "'freight':{'currency':'EUR','value':"
                         "'1000.01'},'tradeTerms':{'conditionCode':'FOB'},'items':["));
    for (uint32_t i = 0; i < 999; i++) {
        if (i > 0) text_add_char(&text, ',');
        text_add(&text, SPAN(ITEM("61091000", "333.33", "USD")));
    }
    text_add(&text, SPAN("]}"));
    scene_declare(s, text_span(&text).at);
    clear(s);
    assert_int_equal(s->file.state, FILE_RELEASED);
    assert_int_equal(s->file.customs_value.minor, 999 * 28500 + 100001);
}

static void a_full_arena_is_an_error_at_every_size(void **state)
{
    struct scene *s = *state;
    size_t size = 0;
    for (bool done = false; !done; size += 64) {
        static _Alignas(64) char memory[128 << 10];
        struct error err = { 0 };
        begin_with_rules(s);
        scene_declare(s, SOUND(ITEM("24022000", "10.00", "USD")));
        struct arena small = arena_over(memory, size);
        s->clearance.arena = &small;
        done = clearance_run(&s->clearance, &err);
        assert_true(done || err.kind == ERROR_TOO_LARGE || err.kind == ERROR_DAMAGED);
        file_invariants(&s->file);
        assert_true(size + 64 < sizeof(memory));
    }
    assert_true(size > 4096);
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
        cmocka_unit_test(the_list_is_in_the_order_of_the_story),
        cmocka_unit_test(an_estimate_works_out_the_same_and_decides_nothing),
        cmocka_unit_test(sound_goods_are_released_with_all_that_led_to_it),
        cmocka_unit_test(what_breaks_a_rule_is_refused_and_neither_valued_nor_scored),
        cmocka_unit_test(doubts_go_to_an_officer),
        cmocka_unit_test(a_rule_sees_the_value_of_each_item),
        cmocka_unit_test(an_amendment_is_cleared_anew),
        cmocka_unit_test(a_refused_declaration_is_corrected),
        cmocka_unit_test(an_amendment_for_the_worse_is_refused_and_forgets_what_was),
        cmocka_unit_test(the_time_of_each_step_is_added_up_when_asked_for),
        cmocka_unit_test(what_comes_out_adds_up_and_no_fact_is_out_of_place),
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
        cmocka_unit_test(the_facts_alone_give_the_file_back),
        cmocka_unit_test(the_largest_declaration_is_cleared),
        cmocka_unit_test(a_full_arena_is_an_error_at_every_size),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
