#include "gates/books/uk_origin.h"

#include <stdio.h>

#include "tariff/form.h"

struct uk {
    struct form m;
    struct arena *arena;
    struct origin_report *report;
};

// --- What was not read ---

static void refuse(const struct uk *uk, uint32_t node, const char *what)
{
    struct origin_report *report = uk->report;
    if (report->refused++ >= ORIGIN_REFUSALS_MAX) return;
    struct form_place place = form_place_of(&uk->m, node);
    struct origin_refusal *to = &report->refusals[report->refused - 1];
    to->line = place.line;
    to->column = place.column;
    snprintf(to->what, sizeof(to->what), "%s", what);
}

void origin_report_rule(struct origin_report *report, const struct origin_rule *rule)
{
    report->rules++;
    report->alternatives += rule->count;
    for (uint32_t i = 0; i < rule->count; i++)
        report->grasp[origin_grasp_of(&rule->alternatives[i])]++;
}

// --- Members ---

static uint32_t member(const struct uk *uk, uint32_t object, const char *name)
{
    if (uk->m.json->nodes[object].kind != JSON_OBJECT) return 0;
    return json_member(uk->m.json, object, span_of(name));
}

static bool is(const struct uk *uk, uint32_t node, enum json_kind kind)
{
    return node != 0 && uk->m.json->nodes[node].kind == kind;
}

// A text member, cleaned; empty when it is not there or no text.
static bool clean_member(const struct uk *uk, uint32_t object, const char *name, struct span *to,
                         struct error *err)
{
    uint32_t node = member(uk, object, name);
    struct span raw;
    *to = (struct span){ 0 };
    if (!is(uk, node, JSON_STRING)) return true;
    return json_string(uk->m.json, node, uk->arena, &raw, err) &&
           origin_words_clean(raw, uk->arena, to, err);
}

static bool flag(const struct uk *uk, uint32_t object, const char *name, bool otherwise)
{
    uint32_t node = member(uk, object, name);
    if (is(uk, node, JSON_TRUE)) return true;
    return is(uk, node, JSON_FALSE) ? false : otherwise;
}

static bool open_file(struct uk *uk, struct json *json, struct span text, struct error *err)
{
    if (text.len <= ORIGIN_TEXT_MAX) return json_read(text, uk->arena, json, err);
    error_set(err, ERROR_TOO_LARGE, "rules of origin of more than %d bytes", ORIGIN_TEXT_MAX);
    return false;
}

bool uk_origin_recognise(struct span text, struct arena arena, enum uk_origin_file *file,
                         struct error *err)
{
    struct json json;
    *file = UK_ORIGIN_NEITHER;
    if (!json_read(text, &arena, &json, err)) return false;
    if (json.nodes[0].kind != JSON_OBJECT || json_member(&json, 0, SPAN("format")) != 0)
        return true;
    if (json_member(&json, 0, SPAN("rule_sets")) != 0) *file = UK_ORIGIN_RULES;
    else if (json_member(&json, 0, SPAN("schemes")) != 0) *file = UK_ORIGIN_SCHEMES;
    return true;
}

// --- Rules ---

// "- b) 40% ..." goes on with what stood in front of "- a)" in the text that began the list.
static bool join_list(const struct uk *uk, struct span *head, struct span *words,
                      struct error *err)
{
    if (!span_starts_with(*words, SPAN("- "))) {
        const char *first = memmem(words->at, words->len, "- a)", 4);
        *head = (struct span){ words->at, 0 };
        if (first != NULL) head->len = (size_t)(first - words->at);
        *head = span_trim(*head);
        return true;
    }
    bool joins = head->len > 0 && head->len + words->len < ORIGIN_WORDS_MAX;
    if (!joins) return true;
    struct text text = text_in(uk->arena, head->len + words->len + 1);
    text_add(&text, *head);
    text_add_char(&text, ' ');
    text_add(&text, *words);
    *words = text_span(&text);
    return !text.full || error_set(err, ERROR_TOO_LARGE, "the rules of origin do not fit");
}

// What holds within a quota, or one way only, is never met by the goods alone.
static bool add_quota(const struct uk *uk, struct origin_alternative *alternative,
                      struct error *err)
{
    void *memory;
    size_t size = sizeof(struct origin_condition);
    if (alternative->count == ORIGIN_CONDITIONS_MAX) alternative->count--; // it is not met anyway
    if (!arena_need(uk->arena, alternative->count + 1, size, &memory, "the rules of origin", err))
        return false;
    struct origin_condition *conditions = memory;
    memcpy(conditions, alternative->conditions, alternative->count * size);
    conditions[alternative->count] = (struct origin_condition){
        .kind = ORIGIN_MANUAL, .words = SPAN("within a quota, or in one direction of trade only") };
    alternative->conditions = conditions;
    alternative->count++;
    return true;
}

struct alternatives {
    struct origin_alternative at[ORIGIN_ALTERNATIVES_MAX];
    uint32_t count;
};

static bool read_rule(const struct uk *uk, uint32_t node, struct span *head,
                      struct alternatives *to, struct error *err)
{
    struct span words;
    static const char many[] = "more alternatives than a rule may have";
    struct origin_reading reading;
    if (!clean_member(uk, node, "rule", &words, err)) return false;
    if (words.len == 0) {
        refuse(uk, node, "a rule without words");
        return true;
    }
    if (!join_list(uk, head, &words, err) ||
        !origin_words_read(words, uk->arena, &reading, err))
        return false;
    if (to->count + reading.count > ORIGIN_ALTERNATIVES_MAX) {
        refuse(uk, node, many);
        return true;
    }
    bool always = !flag(uk, node, "quota", false) && flag(uk, node, "import", true) &&
                  flag(uk, node, "export", true);
    struct form_place place = form_place_of(&uk->m, member(uk, node, "rule"));
    for (uint32_t i = 0; i < reading.count; i++) {
        struct origin_alternative *alternative = &to->at[to->count++];
        *alternative = reading.alternatives[i];
        alternative->line = place.line;
        alternative->column = place.column;
        if (!always && !add_quota(uk, alternative, err)) return false;
    }
    return true;
}

static bool read_range(const struct uk *uk, uint32_t node, struct origin_range *range)
{
    struct origin_range from, to;
    uint32_t min = member(uk, node, "min"), max = member(uk, node, "max");
    if (!is(uk, min, JSON_STRING) || !is(uk, max, JSON_STRING)) return false;
    struct span low = json_raw(uk->m.json, min), high = json_raw(uk->m.json, max);
    if (low.len != ORIGIN_CODE_DIGITS || high.len != ORIGIN_CODE_DIGITS) return false;
    if (!origin_code_read(low, &from) || !origin_code_read(high, &to)) return false;
    *range = (struct origin_range){ from.from, to.to };
    return range->from <= range->to;
}

// Takes a row of rule_sets, or refuses it. `rule->count` stays 0 when it was refused.
static bool read_row(const struct uk *uk, uint32_t node, struct origin_rule *rule,
                     struct error *err)
{
    struct origin_range range;
    struct alternatives read = { .count = 0 };
    struct span head = { 0 };
    void *memory;
    uint32_t rules = member(uk, node, "rules");
    if (!is(uk, node, JSON_OBJECT) || !is(uk, rules, JSON_ARRAY)) {
        refuse(uk, node, "a row without rules");
        return true;
    }
    if (!flag(uk, node, "valid", true)) {
        refuse(uk, node, "a row that says of itself that it is not valid");
        return true;
    }
    if (!read_range(uk, node, &range)) {
        refuse(uk, node, "a row without a range of two codes of ten digits");
        return true;
    }
    const struct json_node *nodes = uk->m.json->nodes;
    for (uint32_t at = rules + 1; at < nodes[rules].next; at = nodes[at].next)
        if (!read_rule(uk, at, &head, &read, err)) return false;
    if (read.count == 0) {
        refuse(uk, node, "a row whose rules cannot be read");
        return true;
    }
    size_t size = sizeof(struct origin_alternative);
    if (!arena_need(uk->arena, read.count, size, &memory, "the rules of origin", err))
        return false;
    memcpy(memory, read.at, read.count * size);
    *rule = (struct origin_rule){ .from = range.from, .to = range.to, .whole = true,
                                  .alternatives = memory, .count = read.count };
    return clean_member(uk, node, "heading", &rule->heading, err) &&
           clean_member(uk, node, "subdivision", &rule->part, err);
}

// "ex 3916" is a part of its heading; "ex Chapter 39" is what the other rows leave of the chapter.
static bool is_part(struct span heading)
{
    return heading.len > 3 && span_starts_with(heading, SPAN("ex ")) && heading.at[3] >= '0' &&
           heading.at[3] <= '9';
}

static void tell_parts(struct origin_rule *rules, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (is_part(rules[i].heading)) rules[i].whole = false;
        for (uint32_t j = i + 1; j < count; j++) {
            if (rules[i].from != rules[j].from || rules[i].to != rules[j].to) continue;
            rules[i].whole = rules[j].whole = false;
        }
    }
}

static bool read_rows(const struct uk *uk, uint32_t array, struct origin_scheme *scheme,
                      struct error *err)
{
    const struct json_node *nodes = uk->m.json->nodes;
    uint32_t count = 0;
    void *memory;
    if (nodes[array].count > ORIGIN_RULES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "%u rules of origin; %d is the limit",
                         (unsigned)nodes[array].count, ORIGIN_RULES_MAX);
    if (!arena_need(uk->arena, nodes[array].count, sizeof(struct origin_rule), &memory,
                    "the rules of origin", err))
        return false;
    struct origin_rule *rules = memory;
    for (uint32_t at = array + 1; at < nodes[array].next; at = nodes[at].next) {
        if (!read_row(uk, at, &rules[count], err)) return false;
        if (rules[count].count == 0) continue;
        origin_report_rule(uk->report, &rules[count++]);
    }
    tell_parts(rules, count);
    scheme->rules = rules;
    scheme->rules_count = count;
    return true;
}

bool uk_origin_rules(struct span text, struct span code, struct arena *arena,
                     struct origin_book *book, struct origin_report *report, struct error *err)
{
    struct json json;
    struct form_place place = { 0 };
    struct uk uk = { { &json, arena, &place }, arena, report };
    struct origin_scheme scheme = { .code = code, .preferential = true };
    if (!open_file(&uk, &json, text, err)) return false;
    uint32_t array = member(&uk, 0, "rule_sets");
    if (!is(&uk, array, JSON_ARRAY))
        return json_error(&json, 0, err, "an object with a list 'rule_sets' is expected here");
    return read_rows(&uk, array, &scheme, err) && origin_scheme_add(book, &scheme, err);
}

// --- Schemes ---

// One proof of the file may be three of ours: up to a value in two currencies, and beyond.
enum { PROOF_ROWS = 3 };

// A list of texts; what is no text is left out.
static bool read_countries(const struct uk *uk, uint32_t array, const struct span **countries,
                           uint32_t *count, struct error *err)
{
    const struct json_node *nodes = uk->m.json->nodes;
    void *memory;
    *count = 0;
    if (!is(uk, array, JSON_ARRAY)) return true;
    if (nodes[array].count > ORIGIN_COUNTRIES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a list of %u countries",
                         (unsigned)nodes[array].count);
    if (!arena_need(uk->arena, nodes[array].count, sizeof(struct span), &memory, "the countries",
                    err))
        return false;
    struct span *to = memory;
    for (uint32_t at = array + 1; at < nodes[array].next; at = nodes[at].next) {
        bool plain = is(uk, at, JSON_STRING) && !nodes[at].escaped;
        if (plain) to[(*count)++] = json_raw(uk->m.json, at);
    }
    *countries = to;
    return true;
}

static bool read_cumulations(const struct uk *uk, uint32_t node, struct origin_scheme *scheme,
                             struct error *err)
{
    static const struct { const char *name; enum origin_cumulation_kind kind; } kinds[] = {
        { "bilateral", ORIGIN_BILATERAL }, { "diagonal", ORIGIN_DIAGONAL },
        { "extended", ORIGIN_EXTENDED },   { "full", ORIGIN_FULL },
    };
    void *memory;
    uint32_t methods = member(uk, node, "cumulation_methods"), count = 0;
    if (!is(uk, methods, JSON_OBJECT)) return true;
    if (!arena_need(uk->arena, 4, sizeof(struct origin_cumulation), &memory, "the rules of origin",
                    err))
        return false;
    struct origin_cumulation *to = memory;
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t method = member(uk, methods, kinds[i].name);
        if (method == 0) continue;
        to[count].kind = kinds[i].kind;
        if (!read_countries(uk, member(uk, method, "countries"), &to[count].countries,
                            &to[count].count, err))
            return false;
        if (to[count].count > 0) count++;
    }
    scheme->cumulations = to;
    scheme->cumulations_count = count;
    return true;
}

static enum origin_maker maker_of(struct span document)
{
    if (span_equal(document, SPAN("importers-knowledge"))) return ORIGIN_BY_IMPORTER;
    bool own = span_equal(document, SPAN("origin-declaration")) ||
               span_equal(document, SPAN("invoice-declaration"));
    return own ? ORIGIN_BY_ANYONE : ORIGIN_BY_OFFICE;
}

// The whole number in front of or behind a mark: "£5500", "6000 euros".
static bool number_at(struct span words, const char *at, struct decimal *value)
{
    const char *end = words.at + words.len, *begin = at;
    while (begin < end && *begin == ' ') begin++;
    const char *last = begin;
    while (last < end && *last >= '0' && *last <= '9') last++;
    struct span digits = { begin, (size_t)(last - begin) };
    return digits.len > 0 && decimal_read(digits, value, NULL);
}

// "... Approved Exporter number for consignments with a value over £5500 / 6000 euros": up to there
// any exporter makes the proof out, beyond only an approved one.
static uint32_t thresholds(struct span words, struct origin_proof *proofs)
{
    static const char over[] = "value over ", pound[] = "\xC2\xA3", euros[] = " euros";
    struct origin_proof proof = *proofs;
    uint32_t count = 0;
    if (proof.maker != ORIGIN_BY_ANYONE || words.len == 0) return 1;
    const char *end = words.at + words.len;
    const char *at = memmem(words.at, words.len, over, sizeof(over) - 1);
    if (at == NULL) return 1;
    const char *pounds = memmem(at, (size_t)(end - at), pound, sizeof(pound) - 1);
    const char *euro = memmem(at, (size_t)(end - at), euros, sizeof(euros) - 1);
    if (pounds != NULL && number_at(words, pounds + sizeof(pound) - 1, &proof.value_max)) {
        memcpy(proof.currency, "GBP", 4);
        proofs[count++] = proof;
    }
    while (euro != NULL && euro > at && euro[-1] >= '0' && euro[-1] <= '9') euro--;
    if (euro != NULL && number_at(words, euro, &proof.value_max)) {
        memcpy(proof.currency, "EUR", 4);
        proofs[count++] = proof;
    }
    if (count == 0) return 1;
    proofs[count] = proof;
    proofs[count].maker = ORIGIN_BY_AUTHORISED;
    proofs[count].value_max = (struct decimal){ 0 };
    proofs[count].currency[0] = '\0';
    return count + 1;
}

static bool read_proof(const struct uk *uk, uint32_t node, struct origin_proof *proofs,
                       uint32_t *count, struct error *err)
{
    struct span summary, more;
    struct origin_proof *proof = &proofs[*count];
    if (!clean_member(uk, node, "proof_class", &proof->document, err) ||
        !clean_member(uk, node, "summary", &summary, err) ||
        !clean_member(uk, node, "subtext", &more, err))
        return false;
    if (proof->document.len == 0) {
        refuse(uk, node, "a proof without a class");
        return true;
    }
    struct text words = text_in(uk->arena, summary.len + more.len + 1);
    text_add(&words, summary);
    if (more.len > 0) text_add_char(&words, ' ');
    text_add(&words, more);
    if (words.full) return error_set(err, ERROR_TOO_LARGE, "the rules of origin do not fit");
    proof->words = text_span(&words);
    proof->maker = maker_of(proof->document);
    *count += thresholds(proof->words, proof);
    return true;
}

static bool read_proofs(const struct uk *uk, uint32_t node, struct origin_scheme *scheme,
                        struct error *err)
{
    const struct json_node *nodes = uk->m.json->nodes;
    uint32_t array = member(uk, node, "proofs"), count = 0;
    void *memory;
    if (!is(uk, array, JSON_ARRAY)) return true;
    if (nodes[array].count > ORIGIN_LIST_MAX / PROOF_ROWS)
        return error_set(err, ERROR_TOO_LARGE, "a scheme with %u proofs",
                         (unsigned)nodes[array].count);
    size_t rows = (size_t)nodes[array].count * PROOF_ROWS;
    if (!arena_need(uk->arena, rows, sizeof(struct origin_proof), &memory, "the rules of origin",
                    err))
        return false;
    for (uint32_t at = array + 1; at < nodes[array].next; at = nodes[at].next)
        if (!read_proof(uk, at, memory, &count, err)) return false;
    scheme->proofs = memory;
    scheme->proofs_count = count;
    return true;
}

static bool read_day(const struct uk *uk, uint32_t node, const char *name, struct date *date)
{
    uint32_t day = member(uk, node, name);
    if (!is(uk, day, JSON_STRING)) return day == 0 || is(uk, day, JSON_NULL);
    return date_read(json_raw(uk->m.json, day), date, NULL);
}

static bool read_scheme(const struct uk *uk, uint32_t node, struct origin_book *book,
                        struct error *err)
{
    struct origin_scheme scheme = { .preferential = true };
    if (!clean_member(uk, node, "scheme_code", &scheme.code, err)) return false;
    if (scheme.code.len == 0) {
        refuse(uk, node, "a scheme without a code");
        return true;
    }
    if (!read_day(uk, node, "validity_start_date", &scheme.from) ||
        !read_day(uk, node, "validity_end_date", &scheme.to)) {
        refuse(uk, node, "a scheme whose days cannot be read");
        return true;
    }
    uk->report->schemes++;
    uint32_t law = member(uk, node, "ord"); // origin reference document
    if (law != 0 && !clean_member(uk, law, "ord_title", &scheme.source, err)) return false;
    return clean_member(uk, node, "title", &scheme.name, err) &&
           read_countries(uk, member(uk, node, "countries"), &scheme.countries,
                          &scheme.countries_count, err) &&
           read_cumulations(uk, node, &scheme, err) && read_proofs(uk, node, &scheme, err) &&
           origin_scheme_add(book, &scheme, err);
}

bool uk_origin_schemes(struct span text, struct arena *arena, struct origin_book *book,
                       struct origin_report *report, struct error *err)
{
    struct json json;
    struct form_place place = { 0 };
    struct uk uk = { { &json, arena, &place }, arena, report };
    if (!open_file(&uk, &json, text, err)) return false;
    uint32_t array = member(&uk, 0, "schemes");
    if (!is(&uk, array, JSON_ARRAY))
        return json_error(&json, 0, err, "an object with a list 'schemes' is expected here");
    for (uint32_t at = array + 1; at < json.nodes[array].next; at = json.nodes[at].next)
        if (!read_scheme(&uk, at, book, err)) return false;
    return true;
}
