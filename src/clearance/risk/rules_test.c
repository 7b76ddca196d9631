#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "clearance/risk/rules.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

// Two items of an import: the first says everything, the second little.
static const char declaration_text[] =
    "{\"acceptedAt\":\"2026-03-10T12:00:00.000Z\",\"borderMeans\":{\"modeCode\":\"1\"},"
    "\"charges\":[{\"amount\":{\"currency\":\"USD\",\"value\":\"40\"},\"typeCode\":\"AB\"}],"
    "\"containers\":[{\"id\":\"CSQU3054383\",\"seals\":[{\"id\":\"TIDE-1\"},{\"id\":\"TIDE-2\"}]},"
    "{\"id\":\"TDWU2048619\"}],"
    "\"destinationCountry\":\"XM\",\"documents\":[{\"id\":\"L-9\",\"typeCode\":\"L100\"}],"
    "\"exportCountry\":\"HK\",\"exporter\":{\"name\":\"Harbour Works\"},\"goodsItemCount\":2,"
    "\"importer\":{\"id\":\"XM10000001\",\"name\":\"Z\xC3\xBCrich Wares\"},"
    "\"invoiceAmount\":{\"currency\":\"USD\",\"value\":\"1300.50\"},"
    "\"items\":[{\"classifications\":[{\"id\":\"85183000\",\"typeCode\":\"TSP\"}],"
    "\"description\":\"Wireless Earphones, 40 hours\","
    "\"documents\":[{\"expiresAt\":\"2026-03-01T00:00:00.000Z\",\"id\":\"C-7\","
    "\"typeCode\":\"C400\"},{\"id\":\"INV-5\",\"typeCode\":\"935\"}],"
    "\"dutyTaxFees\":[{\"regimeCode\":\"300\",\"typeCode\":\"A00\"}],\"exportCountry\":\"CN\","
    "\"grossMass\":\"12.5\",\"netMass\":\"10\",\"origins\":[{\"countryCode\":\"VN\"}],"
    "\"packages\":[{\"quantity\":4,\"typeCode\":\"CT\"},{\"quantity\":6,\"typeCode\":\"BX\"}],"
    "\"price\":{\"currency\":\"USD\",\"value\":\"1000.50\"},"
    "\"procedures\":[{\"currentCode\":\"40\",\"previousCode\":\"00\"}],\"sequence\":1,"
    "\"supplementaryUnits\":{\"unit\":\"NAR\",\"value\":\"160\"}},"
    "{\"classifications\":[{\"id\":\"85444290\",\"typeCode\":\"TSP\"}],\"description\":\"cables\","
    "\"netMass\":\"0\",\"origins\":[{\"countryCode\":\"CN\"}],"
    "\"price\":{\"currency\":\"USD\",\"value\":\"300\"},\"sequence\":2}],"
    "\"officeId\":\"XM000004\",\"totalGrossMass\":\"14.25\","
    "\"tradeTerms\":{\"conditionCode\":\"CIF\"},\"typeCode\":\"IMA\"}";

struct scene {
    struct arena arena;
    struct file file;
    struct clearance clearance;
    struct money values[2];
};

static int scene_open(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    struct json json;
    if (s == NULL || !arena_open(&s->arena, 64 << 20, NULL) ||
        !json_read(span_of(declaration_text), &s->arena, &json, NULL) ||
        !declaration_read_json(&json, 0, &s->arena, &s->file.declaration, NULL))
        return -1;
    s->values[0] = (struct money){ 150000, "EUR" };
    s->values[1] = (struct money){ 50000, "EUR" };
    s->file.customs_value = (struct money){ 200000, "EUR" };
    s->file.duty_total = (struct money){ 7410, "EUR" };
    s->file.findings_count = 5;
    s->file.warnings_count = 2;
    s->clearance = (struct clearance){ .file = &s->file, .item_values = s->values,
                                       .now_ms = INT64_C(1773187200000) }; // 2026-03-11, midnight
    *state = s;
    return 0;
}

static int scene_close(void **state)
{
    struct scene *s = *state;
    arena_close(&s->arena);
    free(s);
    return 0;
}

static const struct risk_rules *rules_of(struct scene *s, const char *text)
{
    struct error err = { 0 };
    const struct risk_rules *rules = NULL;
    if (!risk_rules_read(span_of(text), &s->arena, &rules, &err))
        fail_msg("%s\n%u:%u: %s %s", text, err.line, err.column, err.text, err.hint);
    assert_int_equal(err.kind, ERROR_NONE);
    return rules;
}

// --- What hits ---

enum answer { UNKNOWN, NO, YES };

// A condition is unknown when neither it nor its opposite hits.
static enum answer answer_of(struct scene *s, const char *condition)
{
    char text[2048];
    size_t mark = s->arena.used;
    int len = snprintf(text, sizeof(text),
                       "rule A \"is\" score 1 when %s rule B \"is not\" score 1 when not (%s)",
                       condition, condition);
    assert_true(len > 0 && (size_t)len < sizeof(text));
    const struct risk_rules *rules = rules_of(s, text);
    bool is = risk_rule_hits(rules, &rules->rules[0], &s->clearance);
    bool is_not = risk_rule_hits(rules, &rules->rules[1], &s->clearance);
    if (is && is_not) fail_msg("both hit: %s", condition);
    arena_reset(&s->arena, mark);
    return is ? YES : is_not ? NO : UNKNOWN;
}

struct condition {
    enum answer answer;
    const char *text;
};

static void assert_answers(struct scene *s, const struct condition *conditions, size_t count)
{
    static const char *const names[] = { "unknown", "no", "yes" };
    for (size_t i = 0; i < count; i++) {
        enum answer answer = answer_of(s, conditions[i].text);
        if (answer != conditions[i].answer)
            fail_msg("'%s' is %s where %s is expected", conditions[i].text, names[answer],
                     names[conditions[i].answer]);
    }
}

#define ASSERT_ANSWERS(s, conditions) assert_answers(s, conditions, COUNT_OF(conditions))

static void numbers_are_compared(void **state)
{
    static const struct condition conditions[] = {
        { YES, "1 = 1" },           { NO, "1 = 2" },            { YES, "1.50 = 1.5" },
        { NO, "1 != 1" },           { YES, "1 != 2" },          { YES, "1 < 2" },
        { NO, "2 < 2" },            { YES, "2 <= 2" },          { NO, "3 <= 2" },
        { YES, "3 > 2" },           { NO, "2 > 2" },            { YES, "2 >= 2" },
        { NO, "1 >= 2" },           { YES, "-1 < 0" },          { YES, "-0.5 > -0.6" },
        { YES, "0.000001 > 0" },    { YES, "0.000001 < 0.000002" },
        { YES, "999999999999999999 > 999999999999999998" },
        { YES, "invoiceAmount.value = 1300.5" },                { YES, "invoiceAmount = 1300.5" },
        { YES, "goodsItemCount = 2" },
        { YES, "items[0].supplementaryUnits > 159.999999" },
        { YES, "items[1].price.value = 300" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void numbers_are_added_multiplied_and_divided_from_left_to_right(void **state)
{
    static const struct condition conditions[] = {
        { YES, "1 + 2 = 3" },           { YES, "1 - 2 = -1" },       { YES, "3 * 4 = 12" },
        { YES, "1 / 3 = 0.333333" },    { YES, "-1 / 3 = -0.333333" },
        { YES, "10 - 4 - 3 = 3" },      { YES, "10 - (4 - 3) = 9" }, { YES, "16 / 4 / 2 = 2" },
        { YES, "2 + 3 * 4 = 14" },      { YES, "(2 + 3) * 4 = 20" }, { YES, "2 * 3 + 4 = 10" },
        { YES, "6 - -2 = 8" },          { YES, "6 -2 = 4" },         { YES, "0.5 * 0.5 = 0.25" },
        { YES, "0.001 * 0.0001 = 0" },
        { YES, "1 < 1 + 1" },           { YES, "price * 2 = 2601" },
        { YES, "price / goodsItemCount = 650.25" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void what_is_divided_by_zero_or_too_large_is_unknown(void **state)
{
    static const struct condition conditions[] = {
        { UNKNOWN, "1 / 0 = 1" },
        { UNKNOWN, "1 / 0 != 1" },
        { UNKNOWN, "0 / 0 = 0" },
        { UNKNOWN, "1 / (1 - 1) > 0" },
        { YES, "(1 / 0) is missing" },
        { YES, "999999999 * 999999999 = 999999998000000001" },
        { YES, "100000000000000000 * 100000000 > 0" },
        { UNKNOWN, "100000000000000000 * 100000000000 * 100000000000 > 0" },
        { UNKNOWN, "-100000000000000000 * 100000000000 * 100000000000 < 0" },
        { UNKNOWN, "100000000000000000 * 100000000000000 / 0.000001 > 0" },
        { UNKNOWN, "100000000000000000 * 100000000000000 * 10 + 100000000000000000 * "
                   "100000000000000 * 9 > 0" },
        { UNKNOWN, "0 - 100000000000000000 * 100000000000000 * 10 - 100000000000000000 * "
                   "100000000000000 * 9 < 0" },
        { UNKNOWN, "sum item (100000000000000000 * 100000000000000 * 10) > 0" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void texts_are_compared_to_the_letter_and_searched_in_any_case(void **state)
{
    static const struct condition conditions[] = {
        { YES, "incoterm = \"CIF\"" },
        { NO, "incoterm = \"cif\"" },
        { NO, "incoterm = \"CI\"" },
        { YES, "incoterm != \"FOB\"" },
        { NO, "incoterm != \"CIF\"" },
        { YES, "\"CIF\" = incoterm" },
        { YES, "items[0].origins[0].countryCode != items[1].origins[0].countryCode" },
        { YES, "commodity starts with \"8518\"" },
        { NO, "commodity starts with \"518\"" },
        { NO, "commodity starts with \"851830001\"" },
        { NO, "items[0].description starts with \"wireless\"" },
        { YES, "items[0].description contains \"EARPHONES\"" },
        { YES, "items[0].description contains \"Wireless\"" },
        { YES, "items[0].description contains \"hours\"" },
        { NO, "items[0].description contains \"headphones\"" },
        { NO, "incoterm contains \"CIF and more\"" },
        { YES, "importer.name contains \"z\xC3\xBCrich\"" },
        { YES, "commodity not starts with \"84\"" },
        { YES, "items[0].description not contains \"cable\"" },
        { NO, "items[0].description not contains \"phones\"" },
        { YES, "invoiceAmount.currency = \"USD\"" },
        { YES, "items[0].supplementaryUnits.unit = \"NAR\"" },
        { YES, "incoterm = \"CIF\" # and this is a comment, \"with\" marks < >\n" },
        { NO, "incoterm = \"#CIF\"" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void lists_hold_texts_or_numbers_and_may_hold_names(void **state)
{
    static const struct condition conditions[] = {
        { YES, "dispatch in (\"CN\", \"HK\", \"MO\")" },
        { YES, "dispatch in (\"HK\")" },
        { NO, "dispatch in (\"CN\", \"MO\")" },
        { YES, "dispatch not in (\"CN\", \"MO\")" },
        { NO, "dispatch not in (\"CN\", \"HK\")" },
        { NO, "dispatch in (\"HKX\", \"H\")" },
        { YES, "goodsItemCount in (1, 2)" },
        { NO, "goodsItemCount in (1, 3)" },
        { YES, "goodsItemCount in (1, 1 + 1)" },
        { YES, "destination in (origin, \"XM\")" },
        { UNKNOWN, "agent.id in (\"XM1\")" },
        { YES, "destination in (agent.id, \"XM\")" },
        { UNKNOWN, "destination in (agent.id, \"DE\")" },
        { UNKNOWN, "destination not in (agent.id, \"DE\")" },
        { UNKNOWN, "goodsItemCount in (1 / 0, 3)" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void what_is_missing_can_be_asked_for_and_makes_the_rest_unknown(void **state)
{
    static const struct condition conditions[] = {
        { YES, "agent.id is missing" },          { NO, "agent.id is not missing" },
        { NO, "importer.id is missing" },        { YES, "importer.id is not missing" },
        { YES, "items[1].grossMass is missing" }, { NO, "items[0].grossMass is missing" },
        { NO, "items[1].netMass is missing" },   { YES, "items[2].netMass is missing" },
        { YES, "items[998].origins[8].countryCode is missing" },
        { YES, "documents[1].id is missing" },   { NO, "documents[0].id is missing" },
        { YES, "freight is missing" },           { YES, "freight.currency is missing" },
        { YES, "issuedAt is missing" },          { NO, "acceptedAt is missing" },
        { UNKNOWN, "agent.id = \"XM1\"" },       { UNKNOWN, "agent.id != \"XM1\"" },
        { UNKNOWN, "agent.id contains \"X\"" },  { UNKNOWN, "\"X\" starts with agent.id" },
        { UNKNOWN, "freight > 0" },              { UNKNOWN, "freight + 1 > 0" },
        { UNKNOWN, "1 < freight" },              { YES, "price - freight is missing" },
        { UNKNOWN, "not agent.id = \"XM1\"" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void conditions_are_joined_in_three_values(void **state)
{
    // Yes, no and unknown with each other: Kleene's tables.
    static const char *const values[] = { "agent.id = \"X\"", "1 = 2", "1 = 1" };
    static const enum answer both[3][3] = {
        { UNKNOWN, NO, UNKNOWN }, { NO, NO, NO }, { UNKNOWN, NO, YES } };
    static const enum answer either[3][3] = {
        { UNKNOWN, UNKNOWN, YES }, { UNKNOWN, NO, YES }, { YES, YES, YES } };
    static const enum answer opposite[3] = { UNKNOWN, YES, NO };
    char text[128];
    for (int a = 0; a < 3; a++) {
        snprintf(text, sizeof(text), "not %s", values[a]);
        assert_int_equal(answer_of(*state, text), opposite[a]);
        snprintf(text, sizeof(text), "not not %s", values[a]);
        assert_int_equal(answer_of(*state, text), a);
        for (int b = 0; b < 3; b++) {
            snprintf(text, sizeof(text), "%s and %s", values[a], values[b]);
            assert_int_equal(answer_of(*state, text), both[a][b]);
            snprintf(text, sizeof(text), "%s or %s", values[a], values[b]);
            assert_int_equal(answer_of(*state, text), either[a][b]);
        }
    }
}

static void not_binds_closer_than_and_and_and_closer_than_or(void **state)
{
    static const struct condition conditions[] = {
        { YES, "1 = 1 or 1 = 1 and 1 = 2" },
        { NO, "(1 = 1 or 1 = 1) and 1 = 2" },
        { YES, "1 = 2 and 1 = 2 or 1 = 1" },
        { YES, "not 1 = 2 and 1 = 1" },
        { NO, "not (1 = 1 or 1 = 2)" },
        { YES, "not 1 = 2 or 1 = 1" },
        { YES, "((((1 = 1))))" },
        { YES, "1 = 1 and 2 = 2 and 3 = 3" },
        { NO, "1 = 1 and 2 = 2 and 3 = 4" },
        { YES, "1 = 2 or 2 = 3 or 3 = 3" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void any_item_and_all_items_look_at_one_after_the_other(void **state)
{
    static const struct condition conditions[] = {
        { YES, "any item (origin = \"CN\")" },
        { YES, "any items (origin = \"CN\")" },
        { NO, "any item (origin = \"DE\")" },
        { NO, "any item (origin = \"VN\" and commodity starts with \"8544\")" },
        { YES, "any item (origin = \"VN\") and any item (commodity starts with \"8544\")" },
        { YES, "all items (commodity starts with \"85\")" },
        { NO, "all items (origin = \"CN\")" },
        { YES, "not all items (origin = \"CN\")" },
        { YES, "any item (grossMass > 10)" },
        { UNKNOWN, "any item (grossMass > 20)" },  // the second may be heavier
        { UNKNOWN, "not any item (grossMass > 20)" },
        { UNKNOWN, "all items (grossMass > 10)" },
        { NO, "all items (grossMass > 20)" },
        { YES, "any item (grossMass is missing)" },
        { YES, "any item (origin = \"VN\") or any item (origin = \"DE\")" },
        { YES, "any item (sequence = 2 and price = 300)" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void items_are_counted_and_summed_up(void **state)
{
    static const struct condition conditions[] = {
        { YES, "sum item (price) = 1300.5" },
        { YES, "sum item (price) = invoiceAmount" },
        { YES, "sum item (price.value * 2) = 2601" },
        { YES, "sum items (sequence) = 3" },
        { UNKNOWN, "sum item (grossMass) > 0" },
        { YES, "sum item (grossMass) is missing" },
        { YES, "count item (origin = \"CN\") = 1" },
        { YES, "count item (commodity starts with \"85\") = items" },
        { YES, "count item (grossMass > 0) = 1" },
        { YES, "count items (origin = \"DE\") = 0" },
        { YES, "sum item (price) / items > 650" },
        { YES, "sum item (net_mass) + 1 = 11" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void other_lists_are_gone_through_like_items(void **state)
{
    static const struct condition conditions[] = {
        { YES, "any document (typeCode = \"L100\")" },
        { NO, "any document (typeCode = \"C400\")" },
        { YES, "count documents (id starts with \"L\") = 1" },
        { YES, "any container (any seal (id = \"TIDE-2\"))" },
        { NO, "all containers (any seal (id = \"TIDE-2\"))" },
        { YES, "any container (count seal (id is not missing) = 0)" },
        { YES, "any container (id = \"TDWU2048619\" and not any seal (id is not missing))" },
        { YES, "any item (any document (typeCode = \"C400\" and expiresAt < acceptedAt))" },
        { YES, "sum item (sum package (quantity)) = 10" },
        { YES, "any item (all packages (typeCode in (\"CT\", \"BX\")))" },
        { YES, "any item (count document (id is not missing) = 2)" },
        // An item without papers of its own has those of the whole; costs stay with the whole.
        { YES, "all items (any document (typeCode in (\"C400\", \"L100\")))" },
        { YES, "any item (sequence = 2 and any document (typeCode = \"L100\"))" },
        { NO, "any item (sequence = 1 and any document (typeCode = \"L100\"))" },
        { YES, "any item (sum charge (amount) = 0)" },
        { YES, "sum charge (amount) = 40" },
        { NO, "any statement (code is missing)" },
        { NO, "all statements (code is missing)" },  // of none
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void names_are_those_of_the_item_then_of_the_declaration(void **state)
{
    static const struct condition conditions[] = {
        { YES, "any item (importer.id = \"XM10000001\")" },
        { YES, "any item (dispatch = \"CN\")" },
        { YES, "any item (sequence = 2 and dispatch = \"HK\")" },
        { YES, "any item (sequence = 2 and exportCountry = \"HK\")" },
        { NO, "any item (dispatch = \"HK\" and sequence = 1)" },
        { YES, "dispatch = \"HK\"" },
        { YES, "all items (exporter.name = \"Harbour Works\")" },
        { YES, "any item (sequence = 2 and documents[0].id = \"L-9\")" },
        { YES, "any item (sequence = 1 and documents[0].id = \"C-7\")" },
        { YES, "any item (incoterm = \"CIF\" and type = \"IMA\" and mode = \"1\")" },
        { YES, "any item (any document (id = \"INV-5\" and origin = \"VN\"))" },
        { YES, "any item (any document (id = \"C-7\" and value = 1500) and value = 1500)" },
        { YES, "any item (any document (id = \"C-7\")) and value = 2000" },
        { YES, "any item (goodsItemCount = 2)" },
        { UNKNOWN, "any item (sequence = 1 and agent.id = \"X\")" },
        { YES, "any item (items[1].price.value = 300)" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void short_names_say_what_the_manual_says(void **state)
{
    static const struct condition conditions[] = {
        { YES, "value = 2000" },
        { YES, "any item (value = 1500)" },
        { YES, "any item (value = 500)" },
        { YES, "sum item (value) = value" },
        { YES, "value_per_kilo = 200" },
        { YES, "any item (value_per_kilo = 150)" },
        { UNKNOWN, "any item (sequence = 2 and value_per_kilo > 0)" }, // of no mass
        { YES, "duty = 74.1" },
        { YES, "any item (duty = 74.10)" },
        { YES, "warnings = 2" },
        { YES, "items = 2" },
        { YES, "any item (items = 2)" },
        { YES, "gross_mass = 14.25" },
        { YES, "any item (gross_mass = 12.5)" },
        { YES, "net_mass = 10" },
        { YES, "any item (net_mass = 0)" },
        { YES, "price = 1300.50" },
        { YES, "any item (price = 1000.50)" },
        { YES, "price_per_kilo = 130.05" },
        { YES, "any item (price_per_kilo = 100.05)" },
        { YES, "currency = \"USD\" and any item (currency = \"USD\")" },
        { YES, "any item (packages = 4)" },
        { UNKNOWN, "packages = 4" }, // nobody said how many there are in all
        { YES, "commodity = \"85183000\" and any item (commodity = \"85444290\")" },
        { YES, "origin = \"VN\" and any item (origin = \"CN\")" },
        { YES, "procedure = \"40\" and any item (procedure = \"40\")" },
        { YES, "regime = \"300\" and any item (regime = \"300\")" },
        { YES, "destination = \"XM\" and any item (destination = \"XM\")" },
        { YES, "incoterm = \"CIF\"" },
        { YES, "mode = \"1\"" },
        { YES, "office = \"XM000004\"" },
        { YES, "type = \"IMA\"" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void moments_are_days(void **state)
{
    static const struct condition conditions[] = {
        { YES, "acceptedAt > date \"2026-03-10\"" },
        { YES, "acceptedAt < date \"2026-03-11\"" },
        { YES, "acceptedAt = date \"2026-03-10\" + 0.5" },
        { YES, "now = date \"20260311\"" },
        { YES, "now - acceptedAt = 0.5" },
        { YES, "items[0].documents[0].expiresAt < now" },
        { YES, "date \"1970-01-02\" = 1" },
        { YES, "date \"1969-12-31\" = -1" },
        { UNKNOWN, "issuedAt < now" },
    };
    ASSERT_ANSWERS(*state, conditions);
}

static void an_items_value_is_unknown_when_the_goods_were_valued_in_another_run(void **state)
{
    struct scene *s = *state;
    s->clearance.item_values = NULL;
    assert_int_equal(answer_of(s, "any item (value > 0)"), UNKNOWN);
    assert_int_equal(answer_of(s, "value = 2000"), YES);
    s->file.declaration.items.count = 1; // then it is that of the whole
    assert_int_equal(answer_of(s, "any item (value = 2000)"), YES);
    s->file.declaration.items.count = 2;
    s->file.customs_value = (struct money){ 0 };
    assert_int_equal(answer_of(s, "value > 0"), UNKNOWN);
    s->file.customs_value = (struct money){ 200000, "EUR" };
    s->clearance.item_values = s->values;
}

static void masses_of_the_whole_are_those_of_the_items_when_it_says_none(void **state)
{
    struct scene *s = *state;
    struct declaration *d = &s->file.declaration;
    struct decimal total = d->total_gross_mass;
    d->total_gross_mass = (struct decimal){ 0 };
    assert_int_equal(answer_of(s, "gross_mass > 0"), UNKNOWN);
    d->items.count = 1;
    assert_int_equal(answer_of(s, "gross_mass = 12.5"), YES);
    d->items.count = 0;
    static const struct condition conditions[] = {
        { UNKNOWN, "gross_mass = 0" }, { UNKNOWN, "net_mass = 0" }, { NO, "any item (price > 0)" },
        { NO, "all items (price > 0)" }, { YES, "sum item (price) = 0" },
        { YES, "count item (price > 0) = 0" }, { YES, "commodity is missing" },
    };
    ASSERT_ANSWERS(s, conditions);
    d->items.count = 2;
    d->total_gross_mass = total;
}

static void numbers_finer_than_a_millionth_are_cut_there(void **state)
{
    struct scene *s = *state;
    struct decimal before = s->file.declaration.total_gross_mass;
    s->file.declaration.total_gross_mass = decimal_of(1234567899999, 12);
    assert_int_equal(answer_of(s, "gross_mass = 1.234567"), YES);
    s->file.declaration.total_gross_mass = decimal_of(-1234567899999, 12);
    assert_int_equal(answer_of(s, "gross_mass = -1.234567"), YES);
    s->file.declaration.total_gross_mass = decimal_of(999999999999999999, 0);
    assert_int_equal(answer_of(s, "gross_mass = 999999999999999999"), YES);
    s->file.declaration.total_gross_mass = before;
}

// --- What is read ---

static void rules_say_their_name_sentence_points_and_action(void **state)
{
    static const char text[] = "# a comment\n"
                               "rule K-01 \"first\" score 300 examine when 1 = 1\n"
                               "rule second.rule_2 \"second, with # in it\" hold when 1 = 2\r\n"
                               "rule 3 \"third\" documents score 0\n\twhen 1 = 1 # and no more";
    const struct risk_rules *rules = rules_of(*state, text);
    static const struct risk_rule expected[] = {
        { SPAN_INIT("K-01"), SPAN_INIT("first"), 300, DECISION_EXAMINE, 0,
          SPAN_INIT("rule K-01 \"first\" score 300 examine when 1 = 1") },
        { SPAN_INIT("second.rule_2"), SPAN_INIT("second, with # in it"), 0, DECISION_HOLD, 0,
          SPAN_INIT("rule second.rule_2 \"second, with # in it\" hold when 1 = 2") },
        { SPAN_INIT("3"), SPAN_INIT("third"), 0, DECISION_DOCUMENTS, 0,
          SPAN_INIT("rule 3 \"third\" documents score 0\n\twhen 1 = 1") },
    };
    assert_int_equal(rules->count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(span_equal(rules->rules[i].name, expected[i].name));
        assert_true(span_equal(rules->rules[i].text, expected[i].text));
        assert_int_equal(rules->rules[i].score, expected[i].score);
        assert_int_equal(rules->rules[i].wants, expected[i].wants);
        assert_true(span_equal(rules->rules[i].source, expected[i].source));
    }
}

static void no_rules_are_rules_too(void **state)
{
    assert_int_equal(rules_of(*state, "")->count, 0);
    assert_int_equal(rules_of(*state, "# nothing yet")->count, 0);
    struct scene *s = *state;
    const struct risk_rules *rules;
    assert_true(risk_rules_read((struct span){ 0 }, &s->arena, &rules, NULL));
}

static void the_version_is_that_of_the_text(void **state)
{
    struct scene *s = *state;
    const struct risk_rules *a = rules_of(s, "rule A \"a\" hold when 1 = 1");
    const struct risk_rules *b = rules_of(s, "rule A \"a\" hold when 1 = 1 ");
    const struct risk_rules *c = rules_of(s, "rule A \"a\" hold when 1 = 1");
    assert_int_equal(strlen(a->version), 16);
    assert_string_equal(a->version, c->version);
    assert_string_not_equal(a->version, b->version);
    // printf '' | sha256sum
    assert_string_equal(rules_of(s, "")->version, "e3b0c44298fc1c14");
}

// --- What is wrong ---

struct wrong {
    const char *text, *place, *message, *hint;
};

static void assert_wrong(struct scene *s, const char *text, const struct wrong *wrong)
{
    struct error err = { 0 };
    const struct risk_rules *rules = NULL;
    char place[32];
    size_t mark = s->arena.used;
    if (risk_rules_read(span_of(text), &s->arena, &rules, &err)) fail_msg("read: %s", text);
    snprintf(place, sizeof(place), "%u:%u", err.line, err.column);
    if (strcmp(place, wrong->place) != 0 || strcmp(err.text, wrong->message) != 0 ||
        strcmp(err.hint, wrong->hint) != 0)
        fail_msg("%s\n%s: %s | %s\nis expected, not\n%s: %s | %s", text, wrong->place,
                 wrong->message, wrong->hint, place, err.text, err.hint);
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_null(rules);
    arena_reset(&s->arena, mark);
}

#define MANUAL "docs/rule-language.md shows how rules are written."
#define NUMBERS "Quantities, amounts and counts are numbers; codes and words are texts."
#define TEXTS "Texts and codes stand in quotes, like \"8517\"."
#define NUMBER "a number is expected here, and this is "
#define TEXT "a text is expected here, and this is "
#define CONDITION "a condition is expected here, and this is "
#define COMPARE "Compare it with something: price > 100, origin = \"CN\", netMass is missing."

// Columns are those of the condition, which stands in a line of its own.
static const struct wrong wrong_conditions[] = {
    // clang-format off
    { "", "2:1", "a name or a value is expected, not the end", MANUAL },
    { "1 =", "2:4", "a name or a value is expected, not the end", MANUAL },
    { "1 = = 1", "2:5", "a name or a value is expected, not '='", MANUAL },
    { "and 1 = 1", "2:1", "a name or a value is expected, not 'and'", MANUAL },
    { "1 = 1 and", "2:10", "a name or a value is expected, not the end", MANUAL },
    { "(1 = 1", "2:7", "')' is expected, not the end", MANUAL },
    { "1 = 1)", "2:6", "and, or or the next rule is expected, not ')'", MANUAL },
    { "1 < 2 < 3", "2:7", "and, or or the next rule is expected, not '<'", MANUAL },
    { "1 = 1 1", "2:7", "and, or or the next rule is expected, not '1'", MANUAL },
    { "1 = 1 \"x\"", "2:7", "and, or or the next rule is expected, not a text", MANUAL },
    // Signs of other languages
    { "type == \"IMA\"", "2:6", "an operator is expected, not '=='",
      "Equality is written with one sign: =." },
    { "type <> \"IMA\"", "2:6", "an operator is expected, not '<>'",
      "Write != for unequal." },
    { "1 = 1 && 2 = 2", "2:7", "and, or or the next rule is expected, not '&&'",
      "Write the word: and." },
    { "1 = 1 || 2 = 2", "2:7", "and, or or the next rule is expected, not '||'",
      "Write the word: or." },
    { "!(1 = 1)", "2:1", "a name or a value is expected, not '!'", "Write the word: not." },
    { "type = 'IMA'", "2:8", "a name or a value is expected, not '''",
      "Texts stand in double quotes." },
    { "type = \xE2\x80\x9CIMA\xE2\x80\x9D", "2:8",
      "a name or a value is expected, not '\xE2\x80\x9C'",
      "Texts stand in straight double quotes." },
    { "price \xE2\x89\xA5 1", "2:7", "an operator is expected, not '\xE2\x89\xA5'",
      "Write >= for at least." },
    { "price \xE2\x89\xA4 1", "2:7", "an operator is expected, not '\xE2\x89\xA4'",
      "Write <= for at most." },
    { "price \xE2\x89\xA0 1", "2:7", "an operator is expected, not '\xE2\x89\xA0'",
      "Write != for unequal." },
    // Texts and numbers
    { "type = \"IMA", "2:8", "a text that does not end on its line", "Close it with a quote." },
    { "type = \"IM\nA\"", "2:8", "a text that does not end on its line",
      "Close it with a quote." },
    { "type = \"I\tM\"", "2:10", "a control character in a text",
      "Texts are one line of plain text." },
    { "type = \"\"", "2:8", "an empty text, which no field ever holds",
      "Ask whether the field is missing." },
    { "price > 1.2.3", "2:9",
      "a number with at most six digits behind the point is expected, not '1.2.3'",
      "Write 1250 or 0.25; codes and dates stand in quotes." },
    { "price > 0.1234567", "2:9",
      "a number with at most six digits behind the point is expected, not '0.1234567'",
      "Write 1250 or 0.25; codes and dates stand in quotes." },
    { "price > 1234567890123456789", "2:9",
      "a number with at most six digits behind the point is expected, not "
      "'1234567890123456789'", "Write 1250 or 0.25; codes and dates stand in quotes." },
    { "price > 20kg", "2:9",
      "a number with at most six digits behind the point is expected, not '20kg'",
      "Write 1250 or 0.25; codes and dates stand in quotes." },
    { "price > -price", "2:10", "a number is expected, not 'price'", MANUAL },
    { "now > date 2026", "2:12", "a day in quotes is expected, not '2026'",
      "Write date \"2026-03-01\"." },
    { "now > date \"2026-02-30\"", "2:12", "2026-02 has 28 days, not 30",
      "Write date \"2026-03-01\"." },
    // What cannot be meant
    { "5", "2:1", CONDITION "a number", COMPARE },
    { "incoterm", "2:1", CONDITION "a text", COMPARE },
    { "1 = 1 and price", "2:11", CONDITION "a number", COMPARE },
    { "price or 1 = 1", "2:1", CONDITION "a number", COMPARE },
    { "not price", "2:5", CONDITION "a number", COMPARE },
    { "commodity = 8517", "2:13", TEXT "a number", TEXTS },
    { "price = \"5\"", "2:9", NUMBER "a text", NUMBERS },
    { "commodity < \"85\"", "2:1", NUMBER "a text", NUMBERS },
    { "price < \"85\"", "2:9", NUMBER "a text", NUMBERS },
    { "price + origin > 5", "2:9", NUMBER "a text", NUMBERS },
    { "origin * 2 > 5", "2:1", NUMBER "a text", NUMBERS },
    { "(1 = 1) + 1 = 2", "2:1", NUMBER "a condition", NUMBERS },
    { "(1 = 1) = (2 = 2)", "2:1", "a condition cannot be compared",
      "Join conditions by and, or, not." },
    { "1 = (2 = 2)", "2:5", "a condition cannot be compared",
      "Join conditions by and, or, not." },
    { "(1 = 1) is missing", "2:1", "a condition cannot be compared",
      "Join conditions by and, or, not." },
    { "(1 = 1) in (1)", "2:1", "a condition cannot be compared",
      "Join conditions by and, or, not." },
    { "price contains \"5\"", "2:1", TEXT "a number", TEXTS },
    { "origin contains 5", "2:17", TEXT "a number", TEXTS },
    { "commodity starts with 85", "2:23", TEXT "a number", TEXTS },
    { "commodity starts \"85\"", "2:18", "'with' is expected, not a text", MANUAL },
    { "origin in \"CN\"", "2:11", "'(' is expected, not a text", MANUAL },
    { "origin in ()", "2:12", "a name or a value is expected, not ')'", MANUAL },
    { "origin in (\"CN\" \"HK\")", "2:17", "')' is expected, not a text", MANUAL },
    { "origin in (\"CN\", 5)", "2:18", TEXT "a number", TEXTS },
    { "price in (\"CN\")", "2:11", NUMBER "a text", NUMBERS },
    { "origin is \"CN\"", "2:11", "'missing' is expected, not a text", MANUAL },
    { "origin not \"CN\"", "2:12",
      "in, starts with or contains is expected, not a text", MANUAL },
    // Lists
    { "any item", "2:9", "'(' is expected, not the end", MANUAL },
    { "any (1 = 1)", "2:5", "a list is expected, not '('",
      "Write any item (...), or sum item (...)." },
    { "any item (price)", "2:11", CONDITION "a number", COMPARE },
    { "sum item (price > 5) > 1", "2:17", "')' is expected, not '>'", MANUAL },
    { "sum item (origin) > 1", "2:11", NUMBER "a text", NUMBERS },
    { "sum item (price)", "2:1", CONDITION "a number", COMPARE },
    { "any item (any item (1 = 1))", "2:15", "items within items",
      "Rules see one item at a time." },
    { "any itme (1 = 1)", "2:5", "there is no list 'itme'", "Did you mean 'item'?" },
    { "any documnet (1 = 1)", "2:5", "there is no list 'documnet'",
      "Did you mean 'documents'?" },
    { "any price (1 = 1)", "2:5", "there is no list 'price'",
      "Lists are item, document, container and others of the model." },
    { "any seal (1 = 1)", "2:5", "there is no list 'seal'",
      "Lists are item, document, container and others of the model." },
    // Names
    { "comodity = \"85\"", "2:1", "there is no name 'comodity'", "Did you mean 'commodity'?" },
    { "any item (netMas > 1)", "2:11", "there is no name 'netMas'", "Did you mean 'netMass'?" },
    { "any item (pricee > 1)", "2:11", "there is no name 'pricee'", "Did you mean 'price'?" },
    { "any item (any document (typecode = \"1\"))", "2:25", "there is no name 'typecode'",
      "Did you mean 'typeCode'?" },
    { "netMass > 1", "2:1", "there is no name 'netMass'",
      "It is a field of items: write any item (...) around it." },
    { "grossmass > 1", "2:1", "there is no name 'grossmass'", "Did you mean 'gross_mass'?" },
    { "xyzzy > 1", "2:1", "there is no name 'xyzzy'",
      "See docs/rule-language.md and docs/declaration.schema.json." },
    { "importer.idd = \"1\"", "2:1", "there is no field 'idd' in party", "Did you mean 'id'?" },
    { "any item (importer.nmae = \"1\")", "2:11", "there is no field 'nmae' in party",
      "Did you mean 'name'?" },
    { "importer = \"1\"", "2:1", "'importer' holds other fields and cannot be compared",
      "Name one of the fields in it, like importer.id." },
    { "documents is missing", "2:1", "'documents' holds other fields and cannot be compared",
      "Name one, like documents[0].id, or use any document (...)." },
    { "typeCode[0] = \"1\"", "2:1", "'typeCode' is not a list", "" },
    { "items[x].price.value = 1", "2:1", "'items[x]' is not a step of a path", "" },
    { "invoiceAmount.unit = \"1\"", "2:1", "'invoiceAmount' has no field 'unit'", "" },
    // clang-format on
};

static void conditions_that_mean_nothing_are_told_where_and_what_to_do(void **state)
{
    char text[512];
    for (size_t i = 0; i < COUNT_OF(wrong_conditions); i++) {
        snprintf(text, sizeof(text), "rule A \"a\" score 1 when\n%s", wrong_conditions[i].text);
        assert_wrong(*state, text, &wrong_conditions[i]);
    }
}

static void rules_that_are_none_are_told_where_and_what_to_do(void **state)
{
    static const char points[] = "Write: score 300.";
    static const char example[] = "Write: rule K-01 \"sentence\" score 300 when ...";
    static const char reason[] = "It is what officers read as a reason.";
    static const char name[] = "Names look like K-01: up to 32 letters, digits and hyphens.";
    static const struct wrong wrongs[] = {
        { "regel A", "1:1", "'rule' is expected, not 'regel'", MANUAL },
        { "rule", "1:5", "a rule's name is expected here", name },
        { "rule \"a\"", "1:6", "a rule's name is expected here", name },
        { "rule [1] \"a\"", "1:6", "a rule's name is expected here", name },
        { "rule -A \"a\"", "1:6", "a rule's name is expected here", name },
        { "rule A-234567890123456789012345678901-3 \"a\"", "1:6", "a rule's name is expected here",
          name },
        { "rule A score 1", "1:8",
          "the rule's sentence in quotes is expected, not 'score'", reason },
        { "rule A \"\" score 1", "1:8", "a sentence has 1 to 200 bytes", reason },
        { "rule A \"a\"", "1:11",
          "score, examine, documents, hold or when is expected, not the end", example },
        { "rule A \"a\" scroe 1", "1:12",
          "score, examine, documents, hold or when is expected, not 'scroe'", example },
        { "rule A \"a\" when 1 = 1", "1:12", "the rule does nothing",
          "Give it a score, or let it ask for examine, documents or hold." },
        { "rule A \"a\" score when 1 = 1", "1:18",
          "a whole number from 0 to 1000 is expected, not 'when'", points },
        { "rule A \"a\" score 1001 when 1 = 1", "1:18",
          "a whole number from 0 to 1000 is expected, not '1001'", points },
        { "rule A \"a\" score 1.5 when 1 = 1", "1:18",
          "a whole number from 0 to 1000 is expected, not '1.5'", points },
        { "rule A \"a\" score -1 when 1 = 1", "1:18",
          "a whole number from 0 to 1000 is expected, not '-'", points },
        { "rule A \"a\" score \"1\" when 1 = 1", "1:18",
          "a whole number from 0 to 1000 is expected, not a text", points },
        { "rule A \"a\" score 1 score 2 when 1 = 1", "1:20", "a rule has one score",
          "Leave one of them out." },
        { "rule A \"a\" hold examine when 1 = 1", "1:17", "a rule asks for one action",
          "Leave the weaker one out." },
        { "rule A \"a\" hold when 1 = 1\nrule B \"b\" hold when 1 = 1\n rule A \"c\" hold when",
          "3:7", "two rules have this name", "Give each rule a name of its own." },
        { "rule A \"a\" hold when 1 = 1 B", "1:28",
          "and, or or the next rule is expected, not 'B'", MANUAL },
        { "rule A \"a\" hold when\nrule B \"b\" hold when 1 = 1", "2:1",
          "a name or a value is expected, not 'rule'", MANUAL },
        { "rule A \"\xC3\" hold when 1 = 1", "1:9", "byte 0xC3 is not UTF-8 here",
          "Save the file as UTF-8." },
        { "# \xFF", "1:3", "byte 0xFF is not UTF-8 here", "Save the file as UTF-8." },
    };
    for (size_t i = 0; i < COUNT_OF(wrongs); i++)
        assert_wrong(*state, wrongs[i].text, &wrongs[i]);
}

// --- Limits ---

static char *repeated(struct scene *s, const char *begin, const char *what, uint32_t count,
                      const char *end)
{
    struct text text = text_in(&s->arena, 4096);
    text_add(&text, span_of(begin));
    for (uint32_t i = 0; i < count; i++) text_add(&text, span_of(what));
    text_add(&text, span_of(end));
    assert_false(text.full);
    return text.at;
}

static void assert_limit(struct scene *s, const char *fits, const char *exceeds,
                         const char *message)
{
    struct error err = { 0 };
    const struct risk_rules *rules = rules_of(s, fits);
    for (uint32_t i = 0; i < rules->count; i++)
        assert_true(risk_rule_hits(rules, &rules->rules[i], &s->clearance));
    if (risk_rules_read(span_of(exceeds), &s->arena, &rules, &err)) fail_msg("read: %s", exceeds);
    assert_string_equal(err.text, message);
}

static void brackets_go_sixteen_deep_and_no_deeper(void **state)
{
    struct scene *s = *state;
    static const char head[] = "rule A \"a\" hold when ";
    char *fits = repeated(s, repeated(s, head, "(", RISK_DEPTH_MAX - 1, "1 = 1"), ")",
                          RISK_DEPTH_MAX - 1, "");
    char *exceeds = repeated(s, repeated(s, head, "(", RISK_DEPTH_MAX, "1 = 1"), ")",
                             RISK_DEPTH_MAX, "");
    assert_limit(s, fits, exceeds, "too many brackets within brackets");
    // A word that opens nothing may be said as often as one likes.
    const struct risk_rules *rules = rules_of(s, repeated(s, head, "not ", 10000, "1 = 1"));
    assert_true(risk_rule_hits(rules, &rules->rules[0], &s->clearance));
}

static void lists_within_lists_go_three_deep(void **state)
{
    struct scene *s = *state;
    assert_limit(s, "rule A \"a\" hold when not any item (any statement (any pointer (1 = 1)))",
                 "rule A \"a\" hold when any container (any item (any statement (any pointer "
                 "(1 = 1))))",
                 "too many lists within lists");
}

static void a_rule_has_a_thousand_nodes_at_most(void **state)
{
    struct scene *s = *state;
    static const char head[] = "rule A \"a\" hold when 1 = 1";
    // Each " and 1 = 1" makes four nodes, the head three.
    assert_limit(s, repeated(s, head, " and 1 = 1", (RISK_RULE_NODES_MAX - 3) / 4, ""),
                 repeated(s, head, " and 1 = 1", RISK_RULE_NODES_MAX / 4, ""),
                 "the rule is too long");
    assert_limit(s, repeated(s, "rule A \"a\" hold when 1", " + 1", 500, " > 500"),
                 repeated(s, "rule A \"a\" hold when 1", " + 1", 100000, " > 500"),
                 "the rule is too long");
    assert_limit(s, repeated(s, "rule A \"a\" hold when \"x\" in (\"x\"", ", \"y\"", 500, ")"),
                 repeated(s, "rule A \"a\" hold when \"x\" in (\"x\"", ", \"y\"", 512, ")"),
                 "the rule is too long");
}

static char *many_rules(struct scene *s, uint32_t count)
{
    struct text text = text_in(&s->arena, 65536);
    for (uint32_t i = 0; i < count; i++)
        text_add_format(&text, "rule K-%u \"many\" score 1 when 1 = 1\n", i);
    assert_false(text.full);
    return text.at;
}

static void there_are_a_thousand_rules_at_most(void **state)
{
    struct scene *s = *state;
    assert_limit(s, many_rules(s, RISK_RULES_MAX), many_rules(s, RISK_RULES_MAX + 1),
                 "too many rules");
}

static char *many_fields(struct scene *s, uint32_t count)
{
    struct text text = text_in(&s->arena, 1 << 16);
    for (uint32_t i = 0; i < count; i++) {
        if (i % 20 == 0) text_add_format(&text, "\nrule K-%u \"many\" score 1 when 1 = 1", i);
        text_add_format(&text, " or items[%u].%s = 1 or items[%u].%s = 2", i / 2,
                        i % 2 == 0 ? "netMass" : "grossMass", i / 2,
                        i % 2 == 0 ? "netMass" : "grossMass");
    }
    assert_false(text.full);
    return text.at;
}

static void all_rules_together_name_a_thousand_different_fields_at_most(void **state)
{
    struct scene *s = *state; // the first field is none
    assert_limit(s, many_fields(s, RISK_FIELDS_MAX - 1), many_fields(s, RISK_FIELDS_MAX),
                 "too many different fields");
}

static void rules_of_more_than_two_megabytes_are_too_large(void **state)
{
    struct scene *s = *state;
    struct error err = { 0 };
    const struct risk_rules *rules;
    char *text = malloc(RISK_TEXT_MAX + 1);
    assert_non_null(text);
    memset(text, '\n', RISK_TEXT_MAX + 1);
    struct span fits = { text, RISK_TEXT_MAX }, exceeds = { text, RISK_TEXT_MAX + 1 };
    assert_true(risk_rules_read(fits, &s->arena, &rules, &err));
    assert_false(risk_rules_read(exceeds, &s->arena, &rules, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    free(text);
}

static void a_full_arena_is_told(void **state)
{
    (void)state;
    static _Alignas(64) char memory[65536];
    const struct risk_rules *rules;
    for (size_t size = 1024; size <= 65536; size *= 2) {
        struct error err = { 0 };
        struct arena arena = arena_over(memory, size);
        if (risk_rules_read(SPAN("rule A \"a\" hold when 1 = 1"), &arena, &rules, &err)) continue;
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_compared),
        cmocka_unit_test(numbers_are_added_multiplied_and_divided_from_left_to_right),
        cmocka_unit_test(what_is_divided_by_zero_or_too_large_is_unknown),
        cmocka_unit_test(texts_are_compared_to_the_letter_and_searched_in_any_case),
        cmocka_unit_test(lists_hold_texts_or_numbers_and_may_hold_names),
        cmocka_unit_test(what_is_missing_can_be_asked_for_and_makes_the_rest_unknown),
        cmocka_unit_test(conditions_are_joined_in_three_values),
        cmocka_unit_test(not_binds_closer_than_and_and_and_closer_than_or),
        cmocka_unit_test(any_item_and_all_items_look_at_one_after_the_other),
        cmocka_unit_test(items_are_counted_and_summed_up),
        cmocka_unit_test(other_lists_are_gone_through_like_items),
        cmocka_unit_test(names_are_those_of_the_item_then_of_the_declaration),
        cmocka_unit_test(short_names_say_what_the_manual_says),
        cmocka_unit_test(moments_are_days),
        cmocka_unit_test(an_items_value_is_unknown_when_the_goods_were_valued_in_another_run),
        cmocka_unit_test(masses_of_the_whole_are_those_of_the_items_when_it_says_none),
        cmocka_unit_test(numbers_finer_than_a_millionth_are_cut_there),
        cmocka_unit_test(rules_say_their_name_sentence_points_and_action),
        cmocka_unit_test(no_rules_are_rules_too),
        cmocka_unit_test(the_version_is_that_of_the_text),
        cmocka_unit_test(conditions_that_mean_nothing_are_told_where_and_what_to_do),
        cmocka_unit_test(rules_that_are_none_are_told_where_and_what_to_do),
        cmocka_unit_test(brackets_go_sixteen_deep_and_no_deeper),
        cmocka_unit_test(lists_within_lists_go_three_deep),
        cmocka_unit_test(a_rule_has_a_thousand_nodes_at_most),
        cmocka_unit_test(there_are_a_thousand_rules_at_most),
        cmocka_unit_test(all_rules_together_name_a_thousand_different_fields_at_most),
        cmocka_unit_test(rules_of_more_than_two_megabytes_are_too_large),
        cmocka_unit_test(a_full_arena_is_told),
    };
    return cmocka_run_group_tests(tests, scene_open, scene_close);
}
