#include "tariff/form.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/money.h"

bool form_error(const struct form *m, uint32_t node, const struct error *inner,
                  struct error *err)
{
    if (inner->kind != ERROR_SYNTAX) {
        error_set(err, inner->kind, "%s", inner->text);
        return error_hint(err, "%s", inner->hint);
    }
    json_error(m->json, node, err, "%s", inner->text);
    return error_hint(err, "%s", inner->hint);
}

static bool wanted(const struct form *m, uint32_t node, struct error *err, const char *what)
{
    return json_error(m->json, node, err, "%s is expected here, not %s", what,
                      json_kind_name((enum json_kind)m->json->nodes[node].kind));
}

struct form_place form_place_of(const struct form *m, uint32_t node)
{
    uint32_t at = m->json->nodes[node].at;
    struct form_place *place = m->place;
    if (at < place->at || place->line == 0) *place = (struct form_place){ .line = 1 };
    for (; place->at < at; place->at++) {
        if (m->json->text.at[place->at] != '\n') continue;
        place->line++;
        place->line_at = place->at + 1;
    }
    place->column = at - place->line_at + 1;
    return *place;
}

// --- Objects and arrays ---

static const struct form_row *find(const struct form_row *table, uint32_t count, struct span name)
{
    for (uint32_t i = 0; i < count; i++)
        if (span_equal(span_of(table[i].name), name)) return &table[i];
    return NULL;
}

static bool unknown(const struct form *m, uint32_t key, const struct form_row *table,
                    uint32_t count, struct error *err)
{
    char names[150];
    size_t len = 0;
    names[0] = '\0';
    for (uint32_t i = 0; i < count && len + 30 < sizeof(names); i++)
        len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s", i > 0 ? ", " : "",
                                table[i].name);
    json_error(m->json, key, err, "there is no member '" SPAN_FMT "' here",
               SPAN_ARG(json_raw(m->json, key)));
    return error_hint(err, "Members are: %s.", names);
}

static bool all_there(const struct form *m, uint32_t object, const struct form_row *table,
                      uint32_t count, struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!table[i].needed) continue;
        uint32_t node = json_member(m->json, object, span_of(table[i].name));
        if (node == 0 || m->json->nodes[node].kind == JSON_NULL)
            return json_error(m->json, object, err, "member '%s' is missing", table[i].name);
    }
    return true;
}

bool form_read(const struct form *m, uint32_t object, const struct form_row *table,
                  uint32_t count, void *into, struct error *err)
{
    const struct json_node *nodes = m->json->nodes;
    if (nodes[object].kind != JSON_OBJECT) return wanted(m, object, err, "an object");
    for (uint32_t key = object + 1; key < nodes[object].next; key = nodes[key + 1].next) {
        struct span name = json_raw(m->json, key);
        const struct form_row *row = find(table, count, name);
        if (row == NULL && span_equal(name, SPAN("remark"))) continue;
        if (row == NULL) return unknown(m, key, table, count, err);
        if (nodes[key + 1].kind == JSON_NULL) continue;
        if (!row->read(m, key + 1, (char *)into + row->offset, err)) {
            if (err != NULL && err->field[0] == '\0') (void)error_field(err, "%s", row->name);
            return false;
        }
    }
    return all_there(m, object, table, count, err);
}

static bool list_room(const struct form *m, uint32_t array, size_t size, uint32_t max,
                      struct form_list *list, struct error *err)
{
    const struct json_node *node = &m->json->nodes[array];
    if (node->kind != JSON_ARRAY) return wanted(m, array, err, "an array");
    if (node->count > max) {
        json_error(m->json, array, err, "a list of %u; %u is the limit", (unsigned)node->count,
                   max);
        if (err != NULL) err->kind = ERROR_TOO_LARGE;
        return false;
    }
    list->count = node->count;
    return arena_need(m->arena, node->count, size, &list->items, "a list", err);
}

bool form_list_read(const struct form *m, uint32_t array, const struct form_row *table,
                  uint32_t count, size_t size, uint32_t max, struct form_list *list,
                  struct error *err)
{
    if (!list_room(m, array, size, max, list, err)) return false;
    char *item = list->items;
    uint32_t node = array + 1;
    for (uint32_t i = 0; i < list->count; i++, item += size, node = m->json->nodes[node].next)
        if (!form_read(m, node, table, count, item, err)) return false;
    return true;
}

// --- Values ---

bool form_text(const struct form *m, uint32_t node, void *span, struct error *err)
{
    struct span *s = span;
    if (m->json->nodes[node].kind != JSON_STRING) return wanted(m, node, err, "a text");
    if (!json_string(m->json, node, m->arena, s, err)) return false;
    *s = span_trim(*s);
    if (s->len <= ORIGIN_WORDS_MAX) return true;
    return json_error(m->json, node, err, "a text of more than %d bytes", ORIGIN_WORDS_MAX);
}

bool form_texts(const struct form *m, uint32_t node, void *list, struct error *err)
{
    struct form_list *texts = list;
    if (!list_room(m, node, sizeof(struct span), ORIGIN_COUNTRIES_MAX, texts, err)) return false;
    struct span *s = texts->items;
    uint32_t at = node + 1;
    for (uint32_t i = 0; i < texts->count; i++, at = m->json->nodes[at].next)
        if (!form_text(m, at, &s[i], err)) return false;
    return true;
}

bool form_date(const struct form *m, uint32_t node, void *date, struct error *err)
{
    struct span s = { 0 };
    struct error inner = { 0 };
    if (!form_text(m, node, &s, err)) return false;
    return date_read(s, date, &inner) || form_error(m, node, &inner, err);
}

bool form_decimal(const struct form *m, uint32_t node, void *decimal, struct error *err)
{
    struct span s = json_raw(m->json, node);
    struct error inner = { 0 };
    enum json_kind kind = (enum json_kind)m->json->nodes[node].kind;
    if (kind != JSON_NUMBER && kind != JSON_STRING) return wanted(m, node, err, "a number");
    return decimal_read(s, decimal, &inner) || form_error(m, node, &inner, err);
}

bool form_bool(const struct form *m, uint32_t node, void *boolean, struct error *err)
{
    enum json_kind kind = (enum json_kind)m->json->nodes[node].kind;
    if (kind != JSON_TRUE && kind != JSON_FALSE) return wanted(m, node, err, "true or false");
    *(bool *)boolean = kind == JSON_TRUE;
    return true;
}

bool form_answer_read(const struct form *m, uint32_t node, void *answer, struct error *err)
{
    enum form_answer *to = answer;
    struct span s = json_raw(m->json, node);
    if (span_equal(s, SPAN("true")) || span_equal(s, SPAN("yes"))) *to = FORM_YES;
    else if (span_equal(s, SPAN("false")) || span_equal(s, SPAN("no"))) *to = FORM_NO;
    else if (span_equal(s, SPAN("unknown"))) *to = FORM_UNKNOWN;
    else return json_error(m->json, node, err, "yes, no or unknown is expected here");
    return true;
}

bool form_currency(const struct form *m, uint32_t node, void *four_chars, struct error *err)
{
    struct span s = { 0 };
    unsigned exponent;
    if (!form_text(m, node, &s, err)) return false;
    if (s.at == NULL || !currency_exponent(s, &exponent)) {
        json_error(m->json, node, err, "unrecognised currency '" SPAN_FMT "'", SPAN_ARG(s));
        return error_hint(err, "Use a code of ISO 4217 in capital letters, like EUR.");
    }
    memcpy(four_chars, s.at, 3);
    ((char *)four_chars)[3] = '\0';
    return true;
}
