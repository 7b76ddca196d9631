#include "tariff/origin_tell.h"

#include "tariff/origin_formula.h"
#include "tariff/origin_read.h"

static void add(struct text *text, const char *words) { text_add(text, span_of(words)); }

// "name: verdict (what to say)\n"
static void line(struct text *text, const char *name, enum origin_verdict verdict,
                 const char *unknown)
{
    text_add_format(text, "  %-28s %s", name, origin_verdict_words(verdict));
    if (verdict == ORIGIN_CANNOT_TELL && unknown[0] != '\0')
        text_add_format(text, " (%s)", unknown);
    add(text, "\n");
}

// --- The parts of the table ---

static void tell_head(struct text *text, const struct origin_result *result)
{
    const struct origin_sheet *sheet = result->sheet;
    const struct origin_scheme *scheme = result->scheme;
    if (sheet->remark.len > 0) text_add_format(text, SPAN_FMT "\n\n", SPAN_ARG(sheet->remark));
    text_add_format(text, "product  " SPAN_FMT "  " SPAN_FMT "\n", SPAN_ARG(sheet->code_text),
                    SPAN_ARG(sheet->name));
    text_add_format(text, "made in  " SPAN_FMT "\nscheme   " SPAN_FMT "  " SPAN_FMT "\n",
                    SPAN_ARG(sheet->country), SPAN_ARG(scheme->code), SPAN_ARG(scheme->name));
}

static void tell_materials(struct text *text, const struct origin_result *result)
{
    const struct origin_sheet *sheet = result->sheet;
    add(text, "\nmaterials\n");
    for (uint32_t i = 0; i < sheet->materials_count; i++) {
        const struct origin_material *row = &sheet->materials[i];
        text_add_format(text, "  %3u  %-10.*s ", (unsigned)i + 1, SPAN_ARG(row->code_text));
        struct text value = text_in(text->arena, 40);
        decimal_write(&value, row->value);
        text_add_format(text, "%14.*s %s  %-2.*s  ", SPAN_ARG(text_span(&value)), sheet->currency,
                        SPAN_ARG(row->country));
        origin_tell_count(text, result, i);
        if (row->name.len > 0) text_add_format(text, "  (" SPAN_FMT ")", SPAN_ARG(row->name));
        add(text, "\n");
    }
}

static void tell_condition(struct text *text, const struct origin_sheet *sheet,
                           const struct origin_finding *finding)
{
    text_add_format(text, "    %-14s ", origin_verdict_words(finding->verdict));
    origin_tell_condition(text, finding->condition);
    add(text, "\n                   ");
    origin_tell_finding(text, sheet, finding);
    size_t before = text->len;
    add(text, "\n                   would do: ");
    size_t begun = text->len;
    origin_tell_remedy(text, sheet, finding);
    if (text->len == begun && !text->full) text->len = before; // nothing is known that would
    add(text, "\n");
}

static void tell_alternative(struct text *text, const struct origin_sheet *sheet,
                             const struct origin_alternative_found *found, unsigned number)
{
    text_add_format(text, "  alternative %u: %s", number, origin_verdict_words(found->verdict));
    if (found->claimed) add(text, ", by what the maker claims");
    if (found->alone != found->verdict)
        text_add_format(text, ", with cumulation (without: %s)",
                        origin_verdict_words(found->alone));
    if (found->shared_tolerance) add(text, ": two conditions need the one tolerance");
    add(text, "\n");
    for (uint32_t i = 0; i < found->alternative->count; i++)
        tell_condition(text, sheet, &found->findings[i]);
}

static void tell_rules(struct text *text, const struct origin_result *result)
{
    if (result->rules_count == 0) add(text, "\nthe rules read have none for this code\n");
    if (result->rules_count > 1)
        add(text, "\nseveral rules may apply; the worksheet's product.part says which, in the "
                  "words of one\n");
    for (uint32_t i = 0; i < result->rules_count; i++) {
        const struct origin_rule_found *found = &result->rules[i];
        text_add_format(text, "\nrule " SPAN_FMT ": %s\n", SPAN_ARG(found->rule->heading),
                        origin_verdict_words(found->verdict));
        if (found->rule->part.len > 0)
            text_add_format(text, "  for: " SPAN_FMT "\n", SPAN_ARG(found->rule->part));
        for (uint32_t k = 0; k < found->rule->count; k++)
            tell_alternative(text, result->sheet, &found->alternatives[k], k + 1);
    }
}

static void tell_words(struct text *text, const char *what, struct span words)
{
    if (words.len > 0) text_add_format(text, "    %s: " SPAN_FMT "\n", what, SPAN_ARG(words));
}

static void tell_product(struct text *text, const struct origin_result *result)
{
    add(text, "\nthe product\n");
    line(text, "wholly obtained", result->obtained, "product.wholly_obtained says");
    line(text, "of originating materials", result->alone, "");
    line(text, "by a rule", result->by_rule, "");
    line(text, "origin", result->origin, "");
    if (result->minimal_asked) {
        line(text, "more than minimal working", result->minimal, "product.more_than_minimal says");
        tell_words(text, "never enough", result->scheme->minimal);
    }
    if (result->transport_asked) {
        line(text, "carried direct or unaltered", result->transport, "consignment.direct says");
        tell_words(text, "asked", result->scheme->transport);
    }
    line(text, "qualifies", result->qualifies, "");
    if (result->major_share.given) {
        text_add_format(text, "  most of the materials' value is from " SPAN_FMT ": ",
                        SPAN_ARG(result->major_country));
        decimal_write(text, result->major_share);
        add(text, " %\n");
    }
}

static const char *certificate_words(const struct origin_result *result)
{
    if (result->proofs_count == 0) return "the rules read do not tell which proof is asked";
    if (result->proof_waived) return "no proof is asked for this consignment";
    if (result->certificate == ORIGIN_NOT_MET) return "no certificate of an authority is needed";
    if (result->certificate == ORIGIN_MET) return "a certificate of an authority is required";
    return "whether a certificate is required cannot be told: give the value of the consignment in "
           "the scheme's currency, and whether the exporter is authorised";
}

static void tell_proofs(struct text *text, const struct origin_result *result)
{
    text_add_format(text, "\nproof: %s\n", certificate_words(result));
    for (uint32_t i = 0; i < result->proofs_count; i++) {
        const struct origin_proof *proof = result->proofs[i].proof;
        enum origin_verdict usable = result->proofs[i].usable;
        text_add_format(text, "  %-13s " SPAN_FMT " (%s)",
                        usable == ORIGIN_MET       ? "may be used"
                        : usable == ORIGIN_NOT_MET ? "may not"
                                                   : "perhaps",
                        SPAN_ARG(proof->document), origin_maker_name(proof->maker));
        if (proof->value_max.given) {
            add(text, ", up to ");
            decimal_write(text, proof->value_max);
            text_add_format(text, " %s", proof->currency);
        }
        add(text, "\n");
        tell_words(text, "it is", proof->words);
    }
}

void origin_tell(struct text *text, const struct origin_result *result)
{
    tell_head(text, result);
    tell_materials(text, result);
    tell_rules(text, result);
    tell_product(text, result);
    tell_proofs(text, result);
}

// --- JSON ---

static void member_span(struct json_writer *w, const char *key, struct span s)
{
    json_key(w, span_of(key));
    json_write_string(w, s);
}

static void member_verdict(struct json_writer *w, const char *key, enum origin_verdict verdict)
{
    member_span(w, key, span_of(origin_verdict_name(verdict)));
}

static void member_words(struct json_writer *w, const char *key, const struct text *text)
{
    w->text.full = w->text.full || text->full;
    if (text->len > 0) member_span(w, key, text_span(text));
}

static void member_number(struct json_writer *w, const char *key, struct decimal value)
{
    struct text text = text_in(w->text.arena, 40);
    decimal_write(&text, value);
    member_words(w, key, &text);
}

static void member_rows(struct json_writer *w, const char *key, const struct origin_rows *rows)
{
    if (rows->count == 0) return;
    json_key(w, span_of(key));
    json_open_array(w);
    for (uint32_t i = 0; i < rows->count && i < ORIGIN_ROWS_MAX; i++)
        json_write_i64(w, (int64_t)rows->at[i] + 1);
    json_close_array(w);
}

static void json_finding(struct json_writer *w, const struct origin_sheet *sheet,
                         const struct origin_finding *finding)
{
    struct text formula = text_in(w->text.arena, 120), asks = text_in(w->text.arena, 200);
    struct text found = text_in(w->text.arena, 200), remedy = text_in(w->text.arena, 200);
    origin_condition_write(&formula, finding->condition);
    origin_tell_condition(&asks, finding->condition);
    origin_tell_finding(&found, sheet, finding);
    origin_tell_remedy(&remedy, sheet, finding);
    json_open_object(w);
    member_words(w, "formula", &formula);
    member_verdict(w, "verdict", finding->verdict);
    member_words(w, "asks", &asks);
    member_words(w, "found", &found);
    member_words(w, "would_do", &remedy);
    if (finding->has_figures) {
        member_number(w, "percent_low", finding->low);
        member_number(w, "percent_high", finding->high);
        member_number(w, "percent_limit", finding->limit);
    }
    member_number(w, "amount", finding->amount);
    member_number(w, "of", finding->whole);
    member_number(w, "excess", finding->excess);
    member_number(w, "base_wanted", finding->base_wanted);
    member_rows(w, "against", &finding->against);
    member_rows(w, "doubtful", &finding->doubtful);
    member_rows(w, "replace", &finding->replace);
    json_close_object(w);
}

static void json_alternative(struct json_writer *w, const struct origin_sheet *sheet,
                             const struct origin_alternative_found *found)
{
    json_open_object(w);
    member_verdict(w, "verdict", found->verdict);
    member_verdict(w, "without_cumulation", found->alone);
    json_key(w, SPAN("claimed"));
    json_write_bool(w, found->claimed);
    if (found->alternative->words.len > 0) member_span(w, "words", found->alternative->words);
    json_key(w, SPAN("conditions"));
    json_open_array(w);
    for (uint32_t i = 0; i < found->alternative->count; i++)
        json_finding(w, sheet, &found->findings[i]);
    json_close_array(w);
    json_close_object(w);
}

static void json_rules(struct json_writer *w, const struct origin_result *result)
{
    json_key(w, SPAN("rules"));
    json_open_array(w);
    for (uint32_t i = 0; i < result->rules_count; i++) {
        const struct origin_rule_found *found = &result->rules[i];
        json_open_object(w);
        member_span(w, "heading", found->rule->heading);
        if (found->rule->part.len > 0) member_span(w, "part", found->rule->part);
        member_verdict(w, "verdict", found->verdict);
        json_key(w, SPAN("alternatives"));
        json_open_array(w);
        for (uint32_t k = 0; k < found->rule->count; k++)
            json_alternative(w, result->sheet, &found->alternatives[k]);
        json_close_array(w);
        json_close_object(w);
    }
    json_close_array(w);
}

static void json_materials(struct json_writer *w, const struct origin_result *result)
{
    static const char *const counted[] = { "unknown", "not_originating", "originating",
                                           "wholly_obtained" };
    json_key(w, SPAN("materials"));
    json_open_array(w);
    for (uint32_t i = 0; i < result->sheet->materials_count; i++) {
        struct text why = text_in(w->text.arena, 80);
        origin_tell_count(&why, result, i);
        json_open_object(w);
        member_span(w, "counts", span_of(counted[result->counts[i].counted]));
        member_words(w, "why", &why);
        json_close_object(w);
    }
    json_close_array(w);
}

static void json_proofs(struct json_writer *w, const struct origin_result *result)
{
    member_span(w, "proof", span_of(certificate_words(result)));
    member_verdict(w, "certificate_required", result->certificate);
    json_key(w, SPAN("proofs"));
    json_open_array(w);
    for (uint32_t i = 0; i < result->proofs_count; i++) {
        json_open_object(w);
        member_span(w, "document", result->proofs[i].proof->document);
        member_span(w, "by", span_of(origin_maker_name(result->proofs[i].proof->maker)));
        member_verdict(w, "usable", result->proofs[i].usable);
        json_close_object(w);
    }
    json_close_array(w);
}

void origin_tell_json(struct json_writer *w, const struct origin_result *result)
{
    json_open_object(w);
    member_span(w, "scheme", result->scheme->code);
    member_span(w, "code", result->sheet->code_text);
    json_materials(w, result);
    json_rules(w, result);
    member_verdict(w, "wholly_obtained", result->obtained);
    member_verdict(w, "originating_materials", result->alone);
    member_verdict(w, "by_rule", result->by_rule);
    member_verdict(w, "origin", result->origin);
    if (result->minimal_asked) member_verdict(w, "more_than_minimal", result->minimal);
    if (result->transport_asked) member_verdict(w, "direct", result->transport);
    member_verdict(w, "qualifies", result->qualifies);
    if (result->major_share.given) {
        member_span(w, "major_country", result->major_country);
        member_number(w, "major_percent", result->major_share);
    }
    json_proofs(w, result);
    json_close_object(w);
}
