// The common customs tariff of the Eurasian Economic Union, as a list of codes and rates in JSON:
// {"effective_from": DATE, "rates": [{"hs_code", "duty_rate", ...}]}.
#include "base/json.h"
#include "base/limits.h"
#include "gates/books/inside.h"

// The line of the file that a node stands on: asked in order, so that counting goes on from before.
struct place { const char *at; unsigned line; };

static unsigned line_of(const struct json *json, uint32_t node, struct place *place)
{
    const char *to = json->text.at + json->nodes[node].at;
    for (; place->at < to; place->at++) place->line += *place->at == '\n';
    return place->line;
}

static bool text_of(const struct books_reading *reading, const struct json *json, uint32_t object,
                    struct span key, struct span *text)
{
    struct error err;
    uint32_t node = json_member(json, object, key);
    return node != 0 && json->nodes[node].kind == JSON_STRING &&
           json_string(json, node, reading->arena, text, &err);
}

static void read_rate(struct books_reading *reading, const struct json *json, uint32_t object,
                      struct date from, struct place *place)
{
    struct span code, rate;
    unsigned line = line_of(json, object, place);
    reading->report->rows++;
    if (json->nodes[object].kind != JSON_OBJECT ||
        !text_of(reading, json, object, SPAN("hs_code"), &code) ||
        !text_of(reading, json, object, SPAN("duty_rate"), &rate)) {
        note_flaw(reading, line, NULL, "this is no object with the texts hs_code and duty_rate");
        return;
    }
    struct line_row row = { .code = code, .line = line, .indent = (unsigned)code.len / 2 };
    take_line(reading, &row);
    struct measure_row measure = {
        .code = code, .kind = MEASURE_DUTY, .type = SPAN("A00"), .origin = SPAN("*"), .rate = rate,
        .from = from, .law = SPAN("Common Customs Tariff of the Eurasian Economic Union"),
        .words = SPAN("customs duty"), .line = line,
    };
    take_measure(reading, "duty_rate", &measure);
}

bool books_read_eaeu(struct books_reading *reading, struct error *err)
{
    struct json json;
    struct span text;
    struct date from = { 0 };
    if (!json_read(reading->text, reading->arena, &json, err) ||
        !book_add_type(reading->writer, SPAN("A00"), MEASURE_BASE_VALUE, SPAN("customs duty"),
                       err))
        return false;
    if (text_of(reading, &json, 0, SPAN("effective_from"), &text) && !date_read(text, &from, err))
        return false;
    uint32_t rates = json_member(&json, 0, SPAN("rates"));
    if (rates == 0 || json.nodes[rates].kind != JSON_ARRAY)
        return error_set(err, ERROR_SYNTAX, "there is no list of rates");
    struct place place = { json.text.at, 1 };
    size_t mark = reading->arena->used;
    for (uint32_t at = rates + 1; at < json.nodes[rates].next; at = json.nodes[at].next) {
        arena_reset(reading->arena, mark);
        read_rate(reading, &json, at, from, &place);
    }
    return true;
}
