// Texts of officers' rules.
//
// Properties: an error has a place in the text, says what is wrong, and leaves no rules behind.
// What is read hits or not without a crash, alike each time; read again it has the same version and
// says the same. A rule and its opposite never both hit: the condition is put behind "not".
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "clearance/risk/rules.h"

enum { ARENA_SIZE = 24 * MIB, TEXT_MAX = 16 * KIB };

static const char declaration_text[] =
    "{\"acceptedAt\":\"2026-03-10T12:00:00.000Z\",\"borderMeans\":{\"modeCode\":\"1\"},"
    "\"containers\":[{\"id\":\"CSQU3054383\",\"seals\":[{\"id\":\"TIDE-1\"}]}],"
    "\"documents\":[{\"id\":\"L-9\",\"typeCode\":\"L100\"}],\"exportCountry\":\"HK\","
    "\"importer\":{\"id\":\"XM10000001\"},"
    "\"invoiceAmount\":{\"currency\":\"USD\",\"value\":\"999999999999999999\"},"
    "\"items\":[{\"classifications\":[{\"id\":\"85183000\",\"typeCode\":\"TSP\"}],"
    "\"description\":\"wireless earphones\",\"documents\":[{\"id\":\"C-7\"}],"
    "\"grossMass\":\"0.000000000001\",\"netMass\":\"0\",\"origins\":[{\"countryCode\":\"VN\"}],"
    "\"price\":{\"currency\":\"USD\",\"value\":\"-1000.50\"},\"sequence\":1,"
    "\"statements\":[{\"code\":\"X\",\"pointers\":[{\"tagId\":\"1\"}]}]},"
    "{\"netMass\":\"999999999999999999\",\"sequence\":4294967295}],\"typeCode\":\"IMA\"}";

static void clearance_open(struct clearance *clearance, struct file *file, struct money *values,
                           struct arena *arena)
{
    struct json json;
    *file = (struct file){ .customs_value = { INT64_MAX, "EUR" }, .warnings_count = 3 };
    if (!json_read(span_of(declaration_text), arena, &json, NULL) ||
        !declaration_read_json(&json, 0, arena, &file->declaration, NULL))
        abort();
    values[0] = (struct money){ INT64_MAX, "EUR" };
    values[1] = (struct money){ 0 };
    *clearance = (struct clearance){ .file = file, .item_values = values, .now_ms = INT64_MAX };
}

static void check_error(struct span text, const struct error *err)
{
    assert(err->kind == ERROR_SYNTAX || err->kind == ERROR_TOO_LARGE);
    assert(err->text[0] != '\0');
    assert(err->line >= 1 && err->column >= 1);
    struct span_pair line = { .tail = text, .found = true };
    for (unsigned i = 0; i < err->line; i++) {
        assert(line.found);
        line = span_cut(line.tail, '\n');
    }
    assert(err->column <= line.head.len + 1);
}

static void check_same(const struct risk_rule *a, const struct risk_rule *b)
{
    assert(span_equal(a->name, b->name) && span_equal(a->text, b->text));
    assert(a->score == b->score && a->wants == b->wants && a->root == b->root);
}

// The text from the first "when" on, as the opposite of what it was, if that can still be read.
static void check_opposite(struct span text, bool hits, const struct clearance *clearance,
                           struct arena *arena)
{
    const struct risk_rules *rules;
    const char *when = memmem(text.at, text.len, "when", 4);
    if (when == NULL) return;
    struct text opposite = text_in(arena, text.len + 64);
    text_add(&opposite, SPAN("rule A \"opposite\" hold when not ("));
    text_add(&opposite, (struct span){ when + 4, (size_t)(text.at + text.len - when) - 4 });
    text_add(&opposite, SPAN("\n)"));
    assert(!opposite.full);
    if (!risk_rules_read(text_span(&opposite), arena, &rules, NULL) || rules->count != 1) return;
    assert(!hits || !risk_rule_hits(rules, &rules->rules[0], clearance));
}

static void check_rules(struct span text, const struct risk_rules *rules, struct arena *arena)
{
    const struct risk_rules *again;
    struct clearance clearance;
    struct file file;
    struct money values[2];
    if (!risk_rules_read(text, arena, &again, NULL)) abort();
    clearance_open(&clearance, &file, values, arena);
    assert(rules->count <= RISK_RULES_MAX && again->count == rules->count);
    assert(strcmp(again->version, rules->version) == 0);
    for (uint32_t i = 0; i < rules->count; i++) {
        const struct risk_rule *rule = &rules->rules[i];
        assert(rule->name.len > 0 && rule->name.len <= RISK_NAME_MAX);
        assert(rule->text.len > 0 && rule->text.len <= RISK_SENTENCE_MAX);
        assert(rule->score <= 1000);
        check_same(rule, &again->rules[i]);
        bool hits = risk_rule_hits(rules, rule, &clearance);
        assert(hits == risk_rule_hits(again, &again->rules[i], &clearance));
        if (rules->count == 1) check_opposite(text, hits, &clearance, arena);
    }
    file.declaration = (struct declaration){ 0 }; // and where nothing is known
    file.customs_value = (struct money){ 0 };
    clearance.item_values = NULL;
    for (uint32_t i = 0; i < rules->count; i++)
        (void)risk_rule_hits(rules, &rules->rules[i], &clearance);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(64) char memory[ARENA_SIZE];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct error err = { 0 };
    const struct risk_rules *rules = NULL;
    if (size > TEXT_MAX) return 0;
    char *copy = malloc(size + 1); // its own piece, so that reading behind it shows
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);
    struct span text = { copy, size };
    if (risk_rules_read(text, &arena, &rules, &err)) {
        assert(err.kind == ERROR_NONE);
        check_rules(text, rules, &arena);
    } else {
        assert(rules == NULL);
        check_error(text, &err);
    }
    free(copy);
    return 0;
}
