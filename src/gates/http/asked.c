#include "gates/http/asked.h"

#include <stdio.h>

#include "account/base64url.h"
#include "gates/http/routes.h"

// What is not looked at must not be taken for said.
static bool has_no_other(const struct asked *asked, struct error *err)
{
    const struct json *json = &asked->json;
    const struct route *route = asked->request->route;
    if (route->takes == NULL) return true;
    for (uint32_t at = 1; at < json->nodes[0].next; at = json->nodes[at + 1].next) {
        struct span key = json_raw(json, at);
        if (route_takes(route, key)) continue;
        json_error(json, at, err, "there is no member '" SPAN_FMT "'", SPAN_ARG(key));
        return error_field(err, SPAN_FMT, SPAN_ARG(key));
    }
    return true;
}

bool asked_read(struct asked *asked, struct request *request, struct error *err)
{
    struct span body = request->body.len > 0 ? request->body : SPAN("{}");
    asked->request = request;
    if (!json_read(body, request->arena, &asked->json, err)) return false;
    if (asked->json.nodes[0].kind == JSON_OBJECT) return has_no_other(asked, err);
    return json_error(&asked->json, 0, err, "an object is expected, not %s",
                      json_kind_name((enum json_kind)asked->json.nodes[0].kind));
}

static bool wrong(const struct asked *asked, uint32_t node, const char *key, const char *expected,
                  struct error *err)
{
    json_error(&asked->json, node, err, "%s is expected", expected);
    return error_field(err, "%s", key);
}

static bool is_kind(const struct asked *asked, uint32_t node, enum json_kind kind)
{
    return node != 0 && asked->json.nodes[node].kind == kind;
}

static bool text_up_to(const struct asked *asked, const char *key, bool needed, size_t len_max,
                       struct span *text, struct error *err)
{
    char expected[64];
    *text = SPAN("");
    uint32_t node = json_member(&asked->json, 0, span_of(key));
    if (node == 0 && !needed) return true;
    if (!is_kind(asked, node, JSON_STRING)) return wrong(asked, node, key, "a text", err);
    if (!json_string(&asked->json, node, asked->request->arena, text, err)) return false;
    if (needed && text->len == 0)
        return wrong(asked, node, key, "a text that says something", err);
    snprintf(expected, sizeof(expected), "a text of at most %zu bytes", len_max);
    return text->len <= len_max || wrong(asked, node, key, expected, err);
}

bool asked_text(const struct asked *asked, const char *key, bool needed, struct span *text,
                struct error *err)
{
    return text_up_to(asked, key, needed, ASKED_TEXT_MAX, text, err);
}

bool asked_long_text(const struct asked *asked, const char *key, size_t len_max,
                     struct span *text, struct error *err)
{
    return text_up_to(asked, key, true, len_max, text, err);
}

bool asked_number(const struct asked *asked, const char *key, uint32_t otherwise,
                  uint32_t *number, struct error *err)
{
    uint64_t value;
    *number = otherwise;
    uint32_t node = json_member(&asked->json, 0, span_of(key));
    if (node == 0) return true;
    if (!is_kind(asked, node, JSON_NUMBER) ||
        !span_to_u64(json_raw(&asked->json, node), &value) || value >= UINT32_MAX)
        return wrong(asked, node, key, "a whole number", err);
    *number = (uint32_t)value;
    return true;
}

bool asked_truth(const struct asked *asked, const char *key, bool *truth, struct error *err)
{
    uint32_t node = json_member(&asked->json, 0, span_of(key));
    *truth = is_kind(asked, node, JSON_TRUE);
    return node == 0 || *truth || is_kind(asked, node, JSON_FALSE) ||
           wrong(asked, node, key, "true or false", err);
}

bool asked_bytes(const struct asked *asked, const char *key, size_t size_max, struct span *bytes,
                 struct error *err)
{
    struct span text;
    size_t size;
    uint32_t node = json_member(&asked->json, 0, span_of(key));
    if (!is_kind(asked, node, JSON_STRING)) return wrong(asked, node, key, "a text", err);
    if (!json_string(&asked->json, node, asked->request->arena, &text, err)) return false;
    char *room = arena_take_raw(asked->request->arena, size_max + 1, 1);
    if (room == NULL) return error_set(err, ERROR_TOO_LARGE, "the request is too large");
    if (!base64url_read(text, *asked->request->arena, room, size_max, &size))
        return wrong(asked, node, key, "bytes in base64url", err);
    *bytes = (struct span){ room, size };
    return true;
}

bool asked_texts(const struct asked *asked, const char *key, struct span *texts,
                 uint32_t texts_max, uint32_t *count, struct error *err)
{
    const struct json *json = &asked->json;
    uint32_t list = json_member(json, 0, span_of(key));
    *count = 0;
    if (list == 0) return true;
    bool fits = is_kind(asked, list, JSON_ARRAY) && json->nodes[list].count <= texts_max;
    for (uint32_t node = list + 1; fits && *count < json->nodes[list].count;
         node = json->nodes[node].next)
        fits = is_kind(asked, node, JSON_STRING) &&
               json_string(json, node, asked->request->arena, &texts[(*count)++], err);
    return fits || wrong(asked, list, key, "a short list of texts", err);
}

bool asked_money(const struct asked *asked, const char *key, struct money *money,
                 struct error *err)
{
    const struct json *json = &asked->json;
    uint32_t object = json_member(json, 0, span_of(key)), value = 0, currency = 0;
    struct span digits, code;
    struct decimal number;
    struct error why;
    *money = (struct money){ 0 };
    if (object == 0) return true;
    if (is_kind(asked, object, JSON_OBJECT)) {
        value = json_member(json, object, SPAN("value"));
        currency = json_member(json, object, SPAN("currency"));
    }
    if (is_kind(asked, value, JSON_STRING) && is_kind(asked, currency, JSON_STRING) &&
        json_string(json, value, asked->request->arena, &digits, &why) &&
        json_string(json, currency, asked->request->arena, &code, &why) &&
        decimal_read(digits, &number, &why) &&
        money_from_decimal_half_up(number, code, money, &why) && money->minor >= 0)
        return true;
    return wrong(asked, object, key, "{\"currency\":\"EUR\",\"value\":\"70.00\"}", err);
}
