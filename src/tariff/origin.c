#include "tariff/origin.h"

#include <assert.h>

#include "base/limits.h"

bool origin_book_open(struct origin_book *book, struct arena *arena, struct error *err)
{
    void *memory;
    if (!arena_need(arena, ORIGIN_SCHEMES_MAX, sizeof(struct origin_scheme), &memory,
                    "the rules of origin", err))
        return false;
    *book = (struct origin_book){ memory, 0 };
    return true;
}

struct origin_scheme *origin_scheme_find(const struct origin_book *book, struct span code)
{
    for (uint32_t i = 0; i < book->count; i++)
        if (span_equal(book->schemes[i].code, code)) return &book->schemes[i];
    return NULL;
}

// The member states of the European Union since 1 February 2020.
static const char union_members[] = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU "
                                    "IE IT LT LU LV MT NL PL PT RO SE SI SK ";

static bool is_in_union(struct span country)
{
    for (const char *at = union_members; *at != '\0' && country.len == 2; at += 3)
        if (memcmp(at, country.at, 2) == 0) return true;
    return false;
}

bool origin_countries_have(const struct span *countries, uint32_t count, struct span country)
{
    for (uint32_t i = 0; i < count; i++) {
        if (span_equal(countries[i], country)) return true;
        if (span_equal(countries[i], SPAN("EU")) && is_in_union(country)) return true;
    }
    return false;
}

// --- Adding ---

static bool twice(const struct origin_scheme *scheme, const char *what, struct error *err)
{
    error_set(err, ERROR_CONFLICT, "the %s of scheme '" SPAN_FMT "' come from two files", what,
              SPAN_ARG(scheme->code));
    return error_hint(err, "Give each of them once.");
}

static void fill_text(struct span *old, struct span more)
{
    if (old->len == 0) *old = more;
}

static void fill_date(struct date *old, struct date more)
{
    if (!old->given) *old = more;
}

// A list that both say is a conflict.
#define FILL_LIST(old, more, list, what, err)                                                      \
    do {                                                                                           \
        if ((more)->list##_count == 0) break;                                                      \
        if ((old)->list##_count > 0) return twice((old), (what), (err));                           \
        (old)->list = (more)->list;                                                                \
        (old)->list##_count = (more)->list##_count;                                                \
    } while (0)

static bool fill(struct origin_scheme *old, const struct origin_scheme *more, struct error *err)
{
    FILL_LIST(old, more, countries, "countries", err);
    FILL_LIST(old, more, cumulations, "cumulations", err);
    FILL_LIST(old, more, tolerances, "tolerances", err);
    FILL_LIST(old, more, proofs, "proofs", err);
    FILL_LIST(old, more, rules, "rules", err);
    old->tolerances_known = old->tolerances_known || more->tolerances_known;
    old->preferential = old->preferential && more->preferential;
    fill_text(&old->name, more->name);
    fill_text(&old->source, more->source);
    fill_text(&old->transport, more->transport);
    fill_text(&old->minimal, more->minimal);
    fill_date(&old->from, more->from);
    fill_date(&old->to, more->to);
    return true;
}

bool origin_scheme_add(struct origin_book *book, const struct origin_scheme *scheme,
                       struct error *err)
{
    struct origin_scheme *old = origin_scheme_find(book, scheme->code);
    if (old != NULL) {
        struct origin_scheme filled = *old;
        if (!fill(&filled, scheme, err)) return false;
        *old = filled;
        return true;
    }
    if (book->count == ORIGIN_SCHEMES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "more than %d schemes of origin",
                         ORIGIN_SCHEMES_MAX);
    book->schemes[book->count++] = *scheme;
    return true;
}

// --- Which rule? ---

static bool touches(const struct origin_rule *rule, struct origin_range code)
{
    return rule->from <= code.to && rule->to >= code.from;
}

static uint64_t width(const struct origin_rule *rule) { return rule->to - rule->from; }

// Whether all goods of the code stand under the rule.
static bool is_for_all(const struct origin_rule *rule, struct origin_range code)
{
    return rule->whole && rule->from <= code.from && rule->to >= code.to;
}

// Narrower ones first; of one range parts before the whole.
static bool goes_before(const struct origin_rule *a, const struct origin_rule *b)
{
    if (width(a) != width(b)) return width(a) < width(b);
    return !a->whole && b->whole;
}

// Keeps the list in order; what is alike stays in the order of its file.
static void candidate_add(struct origin_candidates *found, const struct origin_rule *rule)
{
    uint32_t at = found->count;
    while (at > 0 && goes_before(rule, found->rules[at - 1])) at--;
    if (found->count == ORIGIN_CANDIDATES_MAX) {
        found->more = true;
        if (at == found->count) return;
        found->count--;
    }
    for (uint32_t i = found->count; i > at; i--) found->rules[i] = found->rules[i - 1];
    found->rules[at] = rule;
    found->count++;
}

void origin_rules_find(const struct origin_scheme *scheme, struct origin_range code,
                       struct origin_candidates *found)
{
    const struct origin_rule *last = NULL; // the narrowest for all goods of the code
    *found = (struct origin_candidates){ 0 };
    for (uint32_t i = 0; i < scheme->rules_count; i++) {
        const struct origin_rule *rule = &scheme->rules[i];
        if (!touches(rule, code) || !is_for_all(rule, code)) continue;
        if (last == NULL || width(rule) < width(last)) last = rule;
    }
    for (uint32_t i = 0; i < scheme->rules_count; i++) {
        const struct origin_rule *rule = &scheme->rules[i];
        bool behind = last != NULL && rule != last && !goes_before(rule, last);
        if (touches(rule, code) && !behind) candidate_add(found, rule);
    }
}

// --- Codes ---

static const uint64_t tens[ORIGIN_CODE_DIGITS + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
};

bool origin_code_read(struct span s, struct origin_range *range)
{
    uint64_t digits = 0;
    unsigned count = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool between = i > 0 && i + 1 < s.len;
        if ((c == '.' || c == ' ') && between) continue;
        if (c < '0' || c > '9' || count == ORIGIN_CODE_DIGITS) return false;
        digits = digits * 10 + (uint64_t)(c - '0');
        count++;
    }
    if (count < 2 || count % 2 != 0) return false;
    uint64_t unit = tens[ORIGIN_CODE_DIGITS - count];
    *range = (struct origin_range){ digits * unit, digits * unit + unit - 1 };
    return true;
}

void origin_range_write(struct text *text, struct origin_range range)
{
    assert(range.from <= range.to && range.to < tens[ORIGIN_CODE_DIGITS]);
    unsigned count = 2;
    while (count < ORIGIN_CODE_DIGITS) {
        uint64_t unit = tens[ORIGIN_CODE_DIGITS - count];
        if (range.from % unit == 0 && (range.to + 1) % unit == 0) break;
        count += 2;
    }
    uint64_t unit = tens[ORIGIN_CODE_DIGITS - count];
    text_add_format(text, "%0*llu", (int)count, (unsigned long long)(range.from / unit));
    if (range.from / unit == range.to / unit) return;
    text_add_format(text, "-%0*llu", (int)count, (unsigned long long)(range.to / unit));
}
