#include "tariff/origin_read.h"

#include <stdio.h>

#include "base/limits.h"
#include "tariff/form.h"
#include "tariff/origin_formula.h"

#define COUNT(rows) ((uint32_t)(sizeof(rows) / sizeof((rows)[0])))

static const char *const cumulations[] = { "bilateral", "diagonal", "extended", "full" };
static const char *const makers[] = { "anyone", "authorised", "importer", "office", "waived" };

const char *origin_cumulation_name(enum origin_cumulation_kind kind) { return cumulations[kind]; }
const char *origin_maker_name(enum origin_maker maker) { return makers[maker]; }

// The index of a word in a list of words; the error names them all.
static bool read_word(const struct form *m, uint32_t node, const char *const *words,
                      uint32_t count, uint32_t *index, struct error *err)
{
    struct span s = json_raw(m->json, node);
    char all[100];
    size_t len = 0;
    for (*index = 0; *index < count; (*index)++)
        if (span_equal(s, span_of(words[*index]))) return true;
    for (uint32_t i = 0; i < count; i++)
        len += (size_t)snprintf(all + len, sizeof(all) - len, "%s%s", i > 0 ? ", " : "", words[i]);
    return json_error(m->json, node, err, "one of %s is expected here", all);
}

static bool read_cumulation_kind(const struct form *m, uint32_t node, void *place,
                                 struct error *err)
{
    uint32_t index;
    if (!read_word(m, node, cumulations, COUNT(cumulations), &index, err)) return false;
    *(enum origin_cumulation_kind *)place = (enum origin_cumulation_kind)index;
    return true;
}

static bool read_maker(const struct form *m, uint32_t node, void *place, struct error *err)
{
    uint32_t index;
    if (!read_word(m, node, makers, COUNT(makers), &index, err)) return false;
    *(enum origin_maker *)place = (enum origin_maker)index;
    return true;
}

static bool read_base(const struct form *m, uint32_t node, void *place, struct error *err)
{
    if (origin_base_read(json_raw(m->json, node), place)) return true;
    return json_error(m->json, node, err, "one of EXW, FOB, NC, WEIGHT is expected here");
}

static bool read_percent(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct error inner = { 0 };
    return origin_percent_read(json_raw(m->json, node), place, &inner) ||
           form_error(m, node, &inner, err);
}

// "8528", "8501-8504".
static bool read_codes(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct origin_range first, last;
    struct span_pair cut = span_cut(json_raw(m->json, node), '-');
    bool read = origin_code_read(span_trim(cut.head), &first);
    last = first;
    if (read && cut.found) read = origin_code_read(span_trim(cut.tail), &last);
    if (!read || last.to < first.from) {
        json_error(m->json, node, err, "'" SPAN_FMT "' is no range of codes",
                   SPAN_ARG(json_raw(m->json, node)));
        return error_hint(err, "Write 2, 4, 6, 8 or 10 digits, or two of them like 8501-8504.");
    }
    *(struct origin_range *)place = (struct origin_range){ first.from, last.to };
    return true;
}

// --- Rules ---

// What is written for all alternatives of a rule, or for some of them.
struct choice_row {
    struct origin_formula formula;
    struct span words;
    unsigned line, column;
};

struct rule_row {
    struct origin_range goods;
    struct span part, heading;
    struct choice_row choice;
    struct form_list choices;
    bool partial;
};

static bool read_formula(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct choice_row *row = place;
    struct span s;
    struct error inner = { 0 };
    struct form_place place_of_rule = form_place_of(m, node);
    row->line = place_of_rule.line;
    row->column = place_of_rule.column;
    if (m->json->nodes[node].kind != JSON_STRING)
        return json_error(m->json, node, err, "a text is expected here");
    if (!json_string(m->json, node, m->arena, &s, err)) return false;
    if (origin_formula_read(s, m->arena, &row->formula, &inner)) return true;
    form_error(m, node, &inner, err);
    // Inside a text without escapes the column of the formula is known, too.
    if (err != NULL && inner.line == 1 && s.at == json_raw(m->json, node).at)
        err->column += inner.column;
    return false;
}

static const struct form_row choice_members[] = {
    { "rule", read_formula, 0, true },
    { "words", form_text, offsetof(struct choice_row, words), false },
};

static bool read_choices(const struct form *m, uint32_t node, void *place, struct error *err)
{
    return form_list_read(m, node, choice_members, COUNT(choice_members), sizeof(struct choice_row),
                        ORIGIN_ALTERNATIVES_MAX, place, err);
}

static const struct form_row rule_members[] = {
    { "codes", read_codes, offsetof(struct rule_row, goods), true },
    { "heading", form_text, offsetof(struct rule_row, heading), false },
    { "part", form_text, offsetof(struct rule_row, part), false },
    { "partial", form_bool, offsetof(struct rule_row, partial), false },
    { "rule", read_formula, offsetof(struct rule_row, choice), false },
    { "words", form_text, offsetof(struct rule_row, choice.words), false },
    { "alternatives", read_choices, offsetof(struct rule_row, choices), false },
};

static bool write_heading(const struct form *m, struct rule_row *row, struct error *err)
{
    struct text text = text_in(m->arena, 32);
    if (row->heading.len > 0) return true;
    origin_range_write(&text, row->goods);
    row->heading = text_span(&text);
    return !text.full || error_set(err, ERROR_TOO_LARGE, "the rules of origin do not fit");
}

static void add_choice(const struct choice_row *row, struct origin_alternative *to)
{
    for (uint32_t i = 0; i < row->formula.count; i++) {
        to[i] = row->formula.alternatives[i];
        to[i].words = row->words;
        to[i].line = row->line;
        to[i].column = row->column;
    }
}

static bool make_rule(const struct form *m, uint32_t node, struct rule_row *row,
                      struct origin_rule *rule, struct error *err)
{
    void *memory;
    struct choice_row *choices = row->choices.items;
    uint32_t count = row->choice.formula.count, total = 0;
    if ((count == 0) == (row->choices.count == 0))
        return json_error(m->json, node, err, "a rule has a member 'rule' or 'alternatives'");
    for (uint32_t i = 0; i < row->choices.count; i++) count += choices[i].formula.count;
    if (count > ORIGIN_ALTERNATIVES_MAX)
        return json_error(m->json, node, err, "more than %d alternatives", ORIGIN_ALTERNATIVES_MAX);
    if (!write_heading(m, row, err) ||
        !arena_need(m->arena, count, sizeof(struct origin_alternative), &memory, "a rule", err))
        return false;
    struct origin_alternative *to = memory;
    add_choice(&row->choice, to);
    for (uint32_t i = 0; i < row->choices.count; total += choices[i++].formula.count)
        add_choice(&choices[i], to + total);
    *rule = (struct origin_rule){ row->goods.from, row->goods.to, row->heading, row->part,
                                  !row->partial, to, count };
    return true;
}

static bool read_rules(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct form_list rows, *rules = place;
    void *memory;
    if (!form_list_read(m, node, rule_members, COUNT(rule_members), sizeof(struct rule_row),
                      ORIGIN_RULES_MAX, &rows, err) ||
        !arena_need(m->arena, rows.count, sizeof(struct origin_rule), &memory, "the rules", err))
        return false;
    *rules = (struct form_list){ memory, rows.count };
    struct rule_row *row = rows.items;
    struct origin_rule *rule = memory;
    uint32_t at = node + 1;
    for (uint32_t i = 0; i < rows.count; i++, at = m->json->nodes[at].next)
        if (!make_rule(m, at, &row[i], &rule[i], err)) return false;
    return true;
}

// --- Schemes ---

struct cumulation_row {
    struct origin_cumulation cumulation;
    struct form_list countries;
};

static const struct form_row cumulation_members[] = {
    { "kind", read_cumulation_kind, offsetof(struct cumulation_row, cumulation.kind), true },
    { "countries", form_texts, offsetof(struct cumulation_row, countries), true },
    { "words", form_text, offsetof(struct cumulation_row, cumulation.words), false },
};

static bool read_cumulations(const struct form *m, uint32_t node, void *place,
                             struct error *err)
{
    struct form_list rows, *list = place;
    void *memory;
    if (!form_list_read(m, node, cumulation_members, COUNT(cumulation_members),
                      sizeof(struct cumulation_row), ORIGIN_LIST_MAX, &rows, err) ||
        !arena_need(m->arena, rows.count, sizeof(struct origin_cumulation), &memory,
                    "the cumulations", err))
        return false;
    const struct cumulation_row *row = rows.items;
    struct origin_cumulation *to = memory;
    for (uint32_t i = 0; i < rows.count; i++) {
        to[i] = row[i].cumulation;
        to[i].countries = row[i].countries.items;
        to[i].count = row[i].countries.count;
    }
    *list = (struct form_list){ memory, rows.count };
    return true;
}

static const struct form_row tolerance_members[] = {
    { "goods", read_codes, offsetof(struct origin_tolerance, goods), true },
    { "percent", read_percent, offsetof(struct origin_tolerance, percent), false },
    { "base", read_base, offsetof(struct origin_tolerance, base), false },
    { "words", form_text, offsetof(struct origin_tolerance, words), false },
};

static bool read_tolerances(const struct form *m, uint32_t node, void *place, struct error *err)
{
    return form_list_read(m, node, tolerance_members, COUNT(tolerance_members),
                        sizeof(struct origin_tolerance), ORIGIN_LIST_MAX, place, err);
}

static const struct form_row proof_members[] = {
    { "document", form_text, offsetof(struct origin_proof, document), true },
    { "by", read_maker, offsetof(struct origin_proof, maker), true },
    { "value_max", form_decimal, offsetof(struct origin_proof, value_max), false },
    { "currency", form_currency, offsetof(struct origin_proof, currency), false },
    { "words", form_text, offsetof(struct origin_proof, words), false },
};

static bool read_proofs(const struct form *m, uint32_t node, void *place, struct error *err)
{
    struct form_list *list = place;
    if (!form_list_read(m, node, proof_members, COUNT(proof_members), sizeof(struct origin_proof),
                      ORIGIN_LIST_MAX, list, err))
        return false;
    const struct origin_proof *proof = list->items;
    for (uint32_t i = 0; i < list->count; i++)
        if (proof[i].value_max.given != (proof[i].currency[0] != '\0'))
            return json_error(m->json, node, err, "a proof has a value and its currency, or "
                                                  "neither");
    return true;
}

struct scheme_row {
    struct origin_scheme scheme;
    struct form_list countries, cumulations, tolerances, proofs, rules;
};

#define SCHEME(member) offsetof(struct scheme_row, scheme.member)
static const struct form_row scheme_members[] = {
    { "code", form_text, SCHEME(code), true },
    { "name", form_text, SCHEME(name), false },
    { "source", form_text, SCHEME(source), false },
    { "preferential", form_bool, SCHEME(preferential), false },
    { "from", form_date, SCHEME(from), false },
    { "to", form_date, SCHEME(to), false },
    { "countries", form_texts, offsetof(struct scheme_row, countries), false },
    { "cumulation", read_cumulations, offsetof(struct scheme_row, cumulations), false },
    { "tolerances", read_tolerances, offsetof(struct scheme_row, tolerances), false },
    { "transport", form_text, SCHEME(transport), false },
    { "minimal", form_text, SCHEME(minimal), false },
    { "proofs", read_proofs, offsetof(struct scheme_row, proofs), false },
    { "rules", read_rules, offsetof(struct scheme_row, rules), false },
};

static bool read_scheme(const struct form *m, uint32_t node, struct origin_book *book,
                        struct error *err)
{
    struct scheme_row row = { .scheme.preferential = true };
    if (!form_read(m, node, scheme_members, COUNT(scheme_members), &row, err)) return false;
    struct origin_scheme *scheme = &row.scheme;
    if (scheme->code.len == 0) return json_error(m->json, node, err, "a scheme without a code");
    if (scheme->from.given && scheme->to.given && scheme->to.days < scheme->from.days)
        return json_error(m->json, node, err, "the last day is before the first");
    scheme->tolerances_known =
        json_member(m->json, node, SPAN("tolerances")) != 0;
    scheme->countries = row.countries.items, scheme->countries_count = row.countries.count;
    scheme->cumulations = row.cumulations.items, scheme->cumulations_count = row.cumulations.count;
    scheme->tolerances = row.tolerances.items, scheme->tolerances_count = row.tolerances.count;
    scheme->proofs = row.proofs.items, scheme->proofs_count = row.proofs.count;
    scheme->rules = row.rules.items, scheme->rules_count = row.rules.count;
    return origin_scheme_add(book, scheme, err);
}

static bool read_format(const struct form *m, struct error *err)
{
    uint32_t node = json_member(m->json, 0, SPAN("format"));
    if (node != 0 && span_equal(json_raw(m->json, node), SPAN(ORIGIN_FORMAT))) return true;
    json_error(m->json, node, err, "these are no rules of origin that can be read");
    return error_hint(err, "The member \"format\" must be \"" ORIGIN_FORMAT "\".");
}

static bool read_schemes(const struct form *m, struct origin_book *book, struct error *err)
{
    const struct json_node *nodes = m->json->nodes;
    for (uint32_t key = 1; key < nodes[0].next; key = nodes[key + 1].next) {
        struct span name = json_raw(m->json, key);
        if (span_equal(name, SPAN("format")) || span_equal(name, SPAN("remark"))) continue;
        if (!span_equal(name, SPAN("schemes")))
            return json_error(m->json, key, err, "there is no member '" SPAN_FMT "' here",
                              SPAN_ARG(name));
        if (nodes[key + 1].kind != JSON_ARRAY)
            return json_error(m->json, key + 1, err, "an array is expected here");
        for (uint32_t at = key + 2; at < nodes[key + 1].next; at = nodes[at].next)
            if (!read_scheme(m, at, book, err)) return false;
    }
    return true;
}

bool origin_read(struct span text, struct arena *arena, struct origin_book *book,
                 struct error *err)
{
    struct json json;
    if (text.len > ORIGIN_TEXT_MAX)
        return error_set(err, ERROR_TOO_LARGE, "rules of origin of more than %d bytes",
                         ORIGIN_TEXT_MAX);
    if (!json_read(text, arena, &json, err)) return false;
    struct form_place place = { 0 };
    struct form m = { &json, arena, &place };
    if (json.nodes[0].kind != JSON_OBJECT)
        return json_error(&json, 0, err, "an object is expected here");
    if (!read_format(&m, err)) return false;

    struct origin_scheme before[ORIGIN_SCHEMES_MAX];
    uint32_t count = book->count;
    memcpy(before, book->schemes, count * sizeof(before[0]));
    if (read_schemes(&m, book, err)) return true;
    memcpy(book->schemes, before, count * sizeof(before[0]));
    book->count = count;
    return false;
}
