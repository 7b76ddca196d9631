#include "clearance/check/check.h"

#include <assert.h>

#include "base/text.h"
#include "clearance/check/view.h"

// In order of the numbers.
static const struct rule_group *const groups[] = {
    &presence_rules, // R-1xx: what has to be said at all
    &list_rules,     // R-2xx: codes are in their lists
    &number_rules,   // R-3xx: numbers have their shape, check digits fit
    &sum_rules,      // R-4xx: numbers agree with each other
    &date_rules,     // R-5xx: dates are in an order that can be
    &combination_rules, // R-6xx: one thing fits another, nothing is said twice
    &amendment_rules,   // R-7xx: what is said about earlier declarations
};

enum { GROUPS_COUNT = sizeof(groups) / sizeof(groups[0]) };

uint32_t rule_count(void)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < GROUPS_COUNT; i++) count += groups[i]->count;
    return count;
}

const struct rule *rule_at(uint32_t index)
{
    assert(index < rule_count());
    uint32_t group = 0;
    while (index >= groups[group]->count) index -= groups[group++]->count;
    return &groups[group]->rules[index];
}

const struct rule *rule_find(struct span number)
{
    for (uint32_t i = 0; i < rule_count(); i++)
        if (span_equal(span_of(rule_at(i)->number), number)) return rule_at(i);
    return NULL;
}

struct finding rule_finding(const struct rule *rule)
{
    assert(rule != NULL);
    assert(strpbrk(rule->place, "[*") == NULL);
    return (struct finding){
        .rule = span_of(rule->number),
        .severity = rule->severity,
        .field = span_of(rule->place),
        .text = span_of(rule->text),
        .hint = span_of(rule->hint),
    };
}

// Findings are rare and their number is not known beforehand: a chain, then a row.
struct link {
    struct finding finding;
    struct link *next;
};

struct chain {
    struct arena *arena;
    struct link *first, **last;
    uint32_t count;
};

// The rule's place with its [] and * filled in: items[2].origins[0].countryCode.
static bool place_write(const struct rule *rule, uint32_t item, const struct spot *spot,
                        struct arena *arena, struct span *place, struct error *err)
{
    if (strpbrk(rule->place, "[*") == NULL) {
        *place = span_of(rule->place);
        return true;
    }
    struct text text = text_in(arena, 64);
    bool item_written = rule->about == ABOUT_WHOLE;
    for (const char *c = rule->place; *c != '\0'; c++) {
        if (*c == '*') {
            assert(spot->name != NULL);
            text_add(&text, span_of(spot->name));
            continue;
        }
        text_add_char(&text, *c);
        if (c[0] != '[' || c[1] != ']') continue;
        text_add_u64(&text, item_written ? spot->index : item);
        item_written = true;
    }
    if (text.full)
        return error_set(err, ERROR_TOO_LARGE, "there is no room for the findings of the check");
    *place = text_span(&text);
    return true;
}

static bool chain_add(struct chain *chain, const struct rule *rule, uint32_t item,
                      const struct spot *spot, struct error *err)
{
    void *memory;
    if (!arena_need(chain->arena, 1, sizeof(struct link), &memory, "findings of the check", err))
        return false;
    struct link *link = memory;
    link->finding = (struct finding){
        .rule = span_of(rule->number),
        .severity = rule->severity,
        .text = span_of(rule->text),
        .hint = span_of(rule->hint),
    };
    if (!place_write(rule, item, spot, chain->arena, &link->finding.field, err)) return false;
    *chain->last = link;
    chain->last = &link->next;
    chain->count++;
    return true;
}

// Asks one rule about one thing until it holds. `places` counts what was found of this rule.
static bool rule_ask(const struct rule *rule, const struct view *view, uint32_t item,
                     uint32_t *places, struct chain *chain, struct error *err)
{
    struct spot spot = { 0 };
    while (*places < CHECK_PLACES_MAX && !rule->holds(view, &spot)) {
        ++*places;
        if (!chain_add(chain, rule, item, &spot, err)) return false;
        if (spot.next == 0) return true; // a rule about one thing
    }
    return true;
}

static bool rule_run(const struct rule *rule, struct view *view, struct chain *chain,
                     struct error *err)
{
    uint32_t places = 0;
    if (rule->holds == NULL) return true;
    if (rule->about == ABOUT_WHOLE) return rule_ask(rule, view, 0, &places, chain, err);

    bool done = true;
    for (uint32_t i = 0; done && i < view->declaration->items.count; i++) {
        view->item = &view->declaration->items.at[i];
        done = rule_ask(rule, view, i, &places, chain, err);
    }
    view->item = NULL;
    return done;
}

bool check_declaration(const struct declaration *declaration, uint32_t version, int64_t now_ms,
                       struct arena *arena, struct findings *findings, struct error *err)
{
    assert(version >= 1);
    assert(findings != NULL);

    struct view view = view_of(declaration, version, now_ms);
    struct chain chain = { .arena = arena };
    chain.last = &chain.first;
    for (uint32_t group = 0; group < GROUPS_COUNT; group++)
        for (uint32_t i = 0; i < groups[group]->count; i++)
            if (!rule_run(&groups[group]->rules[i], &view, &chain, err)) return false;

    *findings = (struct findings){ 0 };
    if (chain.count == 0) return true;
    void *memory;
    if (!arena_need(arena, chain.count, sizeof(struct finding), &memory, "findings of the check",
                    err))
        return false;
    findings->at = memory;
    for (const struct link *link = chain.first; link != NULL; link = link->next)
        findings->at[findings->count++] = link->finding;
    assert(findings->count == chain.count);
    return true;
}
