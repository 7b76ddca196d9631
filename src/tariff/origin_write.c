#include "tariff/origin_write.h"

#include "tariff/origin_formula.h"
#include "tariff/origin_read.h"

// A member with a text, when there is one.
static void write_text(struct json_writer *w, const char *key, struct span s)
{
    if (s.len == 0) return;
    json_key(w, span_of(key));
    json_write_string(w, s);
}

// What a function writes, as a JSON text.
static struct text begin(const struct json_writer *w) { return text_in(w->text.arena, 64); }

static void finish(struct json_writer *w, const char *key, const struct text *text)
{
    w->text.full = w->text.full || text->full;
    write_text(w, key, text_span(text));
}

static void write_decimal(struct json_writer *w, const char *key, struct decimal value)
{
    struct text text = begin(w);
    decimal_write(&text, value);
    finish(w, key, &text);
}

static void write_date(struct json_writer *w, const char *key, struct date date)
{
    struct text text = begin(w);
    if (date.given) date_write(&text, date);
    finish(w, key, &text);
}

static void write_range(struct json_writer *w, const char *key, struct origin_range range)
{
    struct text text = begin(w);
    origin_range_write(&text, range);
    finish(w, key, &text);
}

static void write_countries(struct json_writer *w, const struct span *countries, uint32_t count)
{
    json_key(w, SPAN("countries"));
    json_open_array(w);
    for (uint32_t i = 0; i < count; i++) json_write_string(w, countries[i]);
    json_close_array(w);
}

static void write_cumulations(struct json_writer *w, const struct origin_scheme *scheme)
{
    if (scheme->cumulations_count == 0) return;
    json_key(w, SPAN("cumulation"));
    json_open_array(w);
    for (uint32_t i = 0; i < scheme->cumulations_count; i++) {
        const struct origin_cumulation *row = &scheme->cumulations[i];
        json_open_object(w);
        write_text(w, "kind", span_of(origin_cumulation_name(row->kind)));
        write_countries(w, row->countries, row->count);
        write_text(w, "words", row->words);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_tolerances(struct json_writer *w, const struct origin_scheme *scheme)
{
    if (!scheme->tolerances_known) return;
    json_key(w, SPAN("tolerances"));
    json_open_array(w);
    for (uint32_t i = 0; i < scheme->tolerances_count; i++) {
        const struct origin_tolerance *row = &scheme->tolerances[i];
        json_open_object(w);
        write_range(w, "goods", row->goods);
        write_decimal(w, "percent", row->percent);
        if (row->percent.given) write_text(w, "base", span_of(origin_base_name(row->base)));
        write_text(w, "words", row->words);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_proofs(struct json_writer *w, const struct origin_scheme *scheme)
{
    if (scheme->proofs_count == 0) return;
    json_key(w, SPAN("proofs"));
    json_open_array(w);
    for (uint32_t i = 0; i < scheme->proofs_count; i++) {
        const struct origin_proof *row = &scheme->proofs[i];
        json_open_object(w);
        write_text(w, "document", row->document);
        write_text(w, "by", span_of(origin_maker_name(row->maker)));
        write_decimal(w, "value_max", row->value_max);
        write_text(w, "currency", span_of(row->currency));
        write_text(w, "words", row->words);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_alternative(struct json_writer *w, const struct origin_alternative *alternative)
{
    struct text text = begin(w);
    json_open_object(w);
    origin_alternative_write(&text, alternative);
    finish(w, "rule", &text);
    write_text(w, "words", alternative->words);
    json_close_object(w);
}

static void write_rule(struct json_writer *w, const struct origin_rule *rule)
{
    json_open_object(w);
    write_range(w, "codes", (struct origin_range){ rule->from, rule->to });
    write_text(w, "heading", rule->heading);
    write_text(w, "part", rule->part);
    if (!rule->whole) {
        json_key(w, SPAN("partial"));
        json_write_bool(w, true);
    }
    json_key(w, SPAN("alternatives"));
    json_open_array(w);
    for (uint32_t i = 0; i < rule->count; i++) write_alternative(w, &rule->alternatives[i]);
    json_close_array(w);
    json_close_object(w);
}

static void write_scheme(struct json_writer *w, const struct origin_scheme *scheme)
{
    json_open_object(w);
    write_text(w, "code", scheme->code);
    write_text(w, "name", scheme->name);
    write_text(w, "source", scheme->source);
    json_key(w, SPAN("preferential"));
    json_write_bool(w, scheme->preferential);
    write_date(w, "from", scheme->from);
    write_date(w, "to", scheme->to);
    write_countries(w, scheme->countries, scheme->countries_count);
    write_cumulations(w, scheme);
    write_tolerances(w, scheme);
    write_text(w, "transport", scheme->transport);
    write_text(w, "minimal", scheme->minimal);
    write_proofs(w, scheme);
    json_key(w, SPAN("rules"));
    json_open_array(w);
    for (uint32_t i = 0; i < scheme->rules_count; i++) write_rule(w, &scheme->rules[i]);
    json_close_array(w);
    json_close_object(w);
}

bool origin_write(const struct origin_book *book, struct arena *arena, struct span *written,
                  struct error *err)
{
    struct json_writer w = json_writer_in(arena, 4096);
    json_open_object(&w);
    write_text(&w, "format", SPAN(ORIGIN_FORMAT));
    json_key(&w, SPAN("schemes"));
    json_open_array(&w);
    for (uint32_t i = 0; i < book->count; i++) write_scheme(&w, &book->schemes[i]);
    json_close_array(&w);
    json_close_object(&w);
    return json_written(&w, written, err);
}
