// data/books/risk.rules: each rule hits the declaration made for it, and not its neighbour.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "clearance/risk/rules.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

// A shipment of one item. What is not said is as in nothing_special.
struct shipment {
    const char *commodity, *description, *origin, *dispatch, *regime, *mode, *package, *paper;
    const char *expires;           // of a paper of the whole
    const char *price, *freight, *units;
    uint32_t net, gross, packages, containers;
    int64_t value_cents, duty_cents;
    uint32_t warnings;
    bool no_seal;
};

static const struct shipment nothing_special = {
    .commodity = "39023000", .description = "propylene in granules", .origin = "SA",
    .dispatch = "SA", .regime = "100", .mode = "1", .package = "BG", .paper = "935",
    .expires = "2027-01-01", .price = "1300", .freight = "120", .units = "40", .net = 1000,
    .gross = 1010, .packages = 40, .containers = 1, .value_cents = 130000, .duty_cents = 8000,
};

struct row {
    const char *rule;
    struct shipment hit, neighbour;
};

static const struct row rows[] = {
    { "P-01", { .commodity = "85171300", .net = 10, .value_cents = 459999 },
      { .commodity = "85171300", .net = 10, .value_cents = 460000 } },
    { "P-01", { .commodity = "84713000", .net = 10, .value_cents = 150000 },
      { .commodity = "84715000", .net = 10, .value_cents = 150000 } },
    { "P-02", { .commodity = "85183000", .net = 10, .value_cents = 99900 },
      { .commodity = "85182900", .net = 10, .value_cents = 99900 } },
    { "P-02", { .commodity = "85076000", .value_cents = 1999900 },
      { .commodity = "85076000", .value_cents = 2000000 } },
    { "P-02", { .commodity = "85285200", .value_cents = 1390000 },
      { .commodity = "85285200", .value_cents = 1410000 } },
    { "P-03", { .commodity = "61091000", .value_cents = 599000 },
      { .commodity = "61091000", .value_cents = 600000 } },
    { "P-03", { .commodity = "62034200", .value_cents = 500000 },
      { .commodity = "63090000", .value_cents = 500000 } },
    { "P-04", { .commodity = "64041900", .value_cents = 890000 },
      { .commodity = "64069000", .value_cents = 890000 } },
    { "P-05", { .commodity = "42022100", .value_cents = 6400000 },
      { .commodity = "42050000", .value_cents = 6400000 } },
    { "P-05", { .commodity = "90041010", .value_cents = 2390000 },
      { .commodity = "90041010", .value_cents = 2410000 } },
    { "P-06", { .commodity = "33030010", .value_cents = 3200000 },
      { .commodity = "33049900", .value_cents = 3200000 } },
    { "P-06", { .commodity = "33049900", .value_cents = 1190000 },
      { .commodity = "33049900", .value_cents = 1210000 } },
    { "P-07", { .commodity = "71131900", .net = 1, .value_cents = 2300000 },
      { .commodity = "71171900", .net = 1, .value_cents = 2300000 } },
    { "P-07", { .commodity = "91021100", .net = 1, .value_cents = 40000 },
      { .commodity = "91021100", .net = 1, .value_cents = 42000 } },
    { "P-08", { .commodity = "85167100", .value_cents = 450000 },
      { .commodity = "85167100", .value_cents = 470000 } },
    { "P-08", { .commodity = "84151010", .value_cents = 280000 },
      { .commodity = "84151010", .value_cents = 300000 } },
    { "P-08", { .commodity = "94054200", .value_cents = 520000 },
      { .commodity = "94016100", .value_cents = 520000 } },
    { "P-08", { .commodity = "95030049", .value_cents = 590000 },
      { .commodity = "95030049", .value_cents = 610000 } },
    { "P-09", { .commodity = "87032319", .units = "3", .value_cents = 1049900 },
      { .commodity = "87032319", .units = "3", .value_cents = 1050000 } },
    { "P-10", { .commodity = "40111000", .value_cents = 180000 },
      { .commodity = "40111000", .value_cents = 200000 } },
    { "P-10", { .commodity = "84818000", .value_cents = 750000 },
      { .commodity = "84818000", .value_cents = 770000 } },
    { "P-10", { .commodity = "87083010", .value_cents = 420000 },
      { .commodity = "87083010", .value_cents = 440000 } },
    { "P-11", { .commodity = "15091000", .value_cents = 270000 },
      { .commodity = "15091000", .value_cents = 290000 } },
    { "P-11", { .commodity = "22042100", .value_cents = 280000 },
      { .commodity = "22042100", .value_cents = 300000 } },
    { "P-11", { .commodity = "09011100", .value_cents = 230000 },
      { .commodity = "09011100", .value_cents = 250000 } },
    { "H-01", { .description = "Goods, VARIOUS" }, { .description = "goods" } },
    { "H-01", { .description = "shirts and trousers, assorted" },
      { .description = "shirts and trousers" } },
    { "H-01", { .description = "parts and accessories" }, { .description = "saddles" } },
    { "H-01", { .description = "spare parts" }, { .description = "brake pads" } },
    { "H-01", { .description = "household articles and parts" }, { .description = "lamps" } },
    { "H-02", { .commodity = "63079000", .value_cents = 710000 },
      { .commodity = "63079000", .value_cents = 700000 } },
    { "H-03", { .commodity = "85177900", .net = 10, .value_cents = 150100 },
      { .commodity = "85177900", .net = 10, .value_cents = 150000 } },
    { "H-04", { .commodity = "39269090", .description = "telephone sets" },
      { .commodity = "85171300", .description = "telephone sets" } },
    { "H-04", { .commodity = "42050000", .description = "sports shoes" },
      { .commodity = "64041900", .description = "sports shoes" } },
    { "H-04", { .commodity = "48239000", .description = "cigarettes" },
      { .commodity = "24022000", .description = "cigarettes" } },
    { "O-01", { .regime = "300", .origin = "KR", .dispatch = "CN" },
      { .regime = "300", .origin = "KR", .dispatch = "SG" } },
    { "O-01", { .regime = "300", .origin = "KR", .dispatch = "VN" },
      { .regime = "100", .origin = "KR", .dispatch = "VN" } },
    { "O-02", { .regime = "200", .origin = "BD", .dispatch = "AE" },
      { .regime = "200", .origin = "BD", .dispatch = "BD" } },
    { "O-03", { .commodity = "69072100", .origin = "VN", .dispatch = "CN" },
      { .commodity = "69072100", .origin = "CN", .dispatch = "CN" } },
    { "O-03", { .commodity = "87120030", .origin = "KH", .dispatch = "HK" },
      { .commodity = "87120030", .origin = "KH", .dispatch = "KH" } },
    { "D-01", { .commodity = "30049000" }, { .commodity = "30049000", .paper = "H01" } },
    { "D-02", { .commodity = "08051020" }, { .commodity = "08051020", .paper = "851" } },
    { "D-02", { .commodity = "10063098" }, { .commodity = "10089000" } },
    { "D-03", { .expires = "2026-03-09" }, { .expires = "2026-03-11" } },
    { "X-01", { .commodity = "24022000" }, { .commodity = "24039900" } },
    { "X-02", { .commodity = "71131900", .value_cents = 10000001 },
      { .commodity = "71131900", .value_cents = 10000000 } },
    { "S-01", { .mode = "4", .net = 500, .gross = 501 },
      { .mode = "4", .net = 400, .gross = 500 } },
    { "S-02", { .freight = "1301" }, { .freight = "1300" } },
    { "S-03", { .package = "CT", .packages = 16, .gross = 1010 },
      { .package = "CT", .packages = 17, .gross = 1010 } },
    { "S-04", { .no_seal = true }, { .no_seal = false } },
    { "S-05", { .gross = 56001, .containers = 2 }, { .gross = 56000, .containers = 2 } },
    { "S-06", { .duty_cents = 2500001 }, { .duty_cents = 2500000 } },
    { "S-07", { .warnings = 3 }, { .warnings = 2 } },
    { "S-08", { .package = "BG", .net = 1000, .gross = 1201 },
      { .package = "BG", .net = 1000, .gross = 1200 } },
    { "S-08", { .package = "DR", .net = 1000, .gross = 1500 },
      { .package = "CT", .net = 1000, .gross = 1500 } },
    { "S-09", { .value_cents = 14999 }, { .value_cents = 15000 } },
    { "S-09", { .value_cents = 12501 }, { .value_cents = 12500 } },
};

struct scene {
    struct arena arena;
    const struct risk_rules *rules;
};

static void load(struct scene *s)
{
    char path[512];
    assert_non_null(getenv("TIDEWAITER_ROOT"));
    snprintf(path, sizeof(path), "%s/data/books/risk.rules", getenv("TIDEWAITER_ROOT"));
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("could not read %s", path);
    char *text = arena_take_raw(&s->arena, 1 << 16, 1);
    assert_non_null(text);
    size_t len = fread(text, 1, 1 << 16, file);
    fclose(file);
    struct error err = { 0 };
    if (!risk_rules_read((struct span){ text, len }, &s->arena, &s->rules, &err))
        fail_msg("risk.rules:%u:%u: %s", err.line, err.column, err.text);
}

#define OTHERWISE(member) (of->member != 0 ? of->member : nothing_special.member)

static const char *json_of(const struct shipment *of, struct arena *arena)
{
    struct text t = text_in(arena, 2048);
    text_add(&t, SPAN("{\"acceptedAt\":\"2026-03-10T12:00:00.000Z\",\"containers\":["));
    for (uint32_t i = 0; i < OTHERWISE(containers); i++)
        text_add_format(&t, "%s{\"id\":\"XMTU000000%u\"%s}", i > 0 ? "," : "", i,
                        of->no_seal ? "" : ",\"seals\":[{\"id\":\"TIDE\"}]");
    text_add_format(&t,
        "],\"borderMeans\":{\"modeCode\":\"%s\"},\"documents\":[{\"expiresAt\":"
        "\"%sT00:00:00.000Z\",\"id\":\"B-1\",\"typeCode\":\"705\"}],\"exportCountry\":\"%s\","
        "\"freight\":{\"currency\":\"USD\",\"value\":\"%s\"},\"invoiceAmount\":{\"currency\":"
        "\"USD\",\"value\":\"%s\"},\"totalGrossMass\":\"%u\",",
        OTHERWISE(mode), OTHERWISE(expires), OTHERWISE(dispatch), OTHERWISE(freight),
        OTHERWISE(price), OTHERWISE(gross));
    text_add_format(&t,
        "\"items\":[{\"classifications\":[{\"id\":\"%s\"}],\"description\":\"%s\","
        "\"documents\":[{\"id\":\"D-1\",\"typeCode\":\"%s\"}],"
        "\"dutyTaxFees\":[{\"regimeCode\":\"%s\"}],\"grossMass\":\"%u\",\"netMass\":\"%u\","
        "\"origins\":[{\"countryCode\":\"%s\"}],"
        "\"packages\":[{\"quantity\":%u,\"typeCode\":\"%s\"}],\"price\":{\"currency\":\"USD\","
        "\"value\":\"%s\"},\"supplementaryUnits\":{\"unit\":\"NAR\",\"value\":\"%s\"}}]}",
        OTHERWISE(commodity), OTHERWISE(description), OTHERWISE(paper), OTHERWISE(regime),
        OTHERWISE(gross), OTHERWISE(net), OTHERWISE(origin), OTHERWISE(packages),
        OTHERWISE(package), OTHERWISE(price), OTHERWISE(units));
    assert_false(t.full);
    return text_span(&t).at;
}

static const struct risk_rule *rule_named(const struct risk_rules *rules, const char *name)
{
    for (uint32_t i = 0; i < rules->count; i++)
        if (span_equal(rules->rules[i].name, span_of(name))) return &rules->rules[i];
    fail_msg("there is no rule %s", name);
    return NULL;
}

static bool hits(struct scene *s, const struct risk_rule *rule, const struct shipment *of)
{
    struct json json;
    struct error err = { 0 };
    size_t mark = s->arena.used;
    struct file file = { .customs_value = { OTHERWISE(value_cents), "EUR" },
                         .duty_total = { OTHERWISE(duty_cents), "EUR" },
                         .warnings_count = of->warnings };
    struct clearance clearance = { .file = &file };
    if (!json_read(span_of(json_of(of, &s->arena)), &s->arena, &json, &err) ||
        !declaration_read_json(&json, 0, &s->arena, &file.declaration, &err))
        fail_msg("%u: %s %s", err.column, err.field, err.text);
    bool is = risk_rule_hits(s->rules, rule, &clearance);
    arena_reset(&s->arena, mark);
    return is;
}

static void each_rule_hits_what_is_made_for_it_and_not_its_neighbour(void **state)
{
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct risk_rule *rule = rule_named(s->rules, rows[i].rule);
        if (!hits(s, rule, &rows[i].hit)) fail_msg("row %zu: %s does not hit", i, rows[i].rule);
        if (hits(s, rule, &rows[i].neighbour))
            fail_msg("row %zu: %s hits the neighbour", i, rows[i].rule);
    }
}

static void every_rule_has_a_row(void **state)
{
    struct scene *s = *state;
    for (uint32_t i = 0; i < s->rules->count; i++) {
        bool found = false;
        for (size_t j = 0; j < COUNT_OF(rows); j++)
            found = found || span_equal(s->rules->rules[i].name, span_of(rows[j].rule));
        if (!found) fail_msg("no row for " SPAN_FMT, SPAN_ARG(s->rules->rules[i].name));
    }
}

static void no_rule_hits_what_is_nothing_special(void **state)
{
    struct scene *s = *state;
    static const struct shipment plain = { 0 };
    for (uint32_t i = 0; i < s->rules->count; i++)
        if (hits(s, &s->rules->rules[i], &plain))
            fail_msg(SPAN_FMT " hits", SPAN_ARG(s->rules->rules[i].name));
}

static void no_rule_hits_a_declaration_that_says_nothing(void **state)
{
    struct scene *s = *state;
    struct file file = { 0 };
    struct clearance clearance = { .file = &file };
    for (uint32_t i = 0; i < s->rules->count; i++)
        assert_false(risk_rule_hits(s->rules, &s->rules->rules[i], &clearance));
}

static void its_sentences_are_lower_case_without_a_full_stop(void **state)
{
    struct scene *s = *state;
    for (uint32_t i = 0; i < s->rules->count; i++) {
        struct span text = s->rules->rules[i].text;
        assert_true(text.at[0] >= 'a' && text.at[0] <= 'z');
        assert_false(span_ends_with(text, SPAN(".")));
    }
}

static int scene_open(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    if (s == NULL || !arena_open(&s->arena, 16 << 20, NULL)) return -1;
    load(s);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_hits_what_is_made_for_it_and_not_its_neighbour),
        cmocka_unit_test(every_rule_has_a_row),
        cmocka_unit_test(no_rule_hits_what_is_nothing_special),
        cmocka_unit_test(no_rule_hits_a_declaration_that_says_nothing),
        cmocka_unit_test(its_sentences_are_lower_case_without_a_full_stop),
    };
    return cmocka_run_group_tests(tests, scene_open, scene_close);
}
