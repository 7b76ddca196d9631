#include "consignment/body.h"

// --- Writing ---

void body_put_text(struct json_writer *w, const char *key, struct span value)
{
    if (value.len == 0) return;
    json_key(w, span_of(key));
    json_write_string(w, value);
}

void body_put_whole(struct json_writer *w, const char *key, uint64_t value)
{
    json_key(w, span_of(key));
    json_write_i64(w, (int64_t)value);
}

void body_put_truth(struct json_writer *w, const char *key, bool value)
{
    json_key(w, span_of(key));
    json_write_bool(w, value);
}

// A string that needs no escapes is written in place: open, write into w->text, close.
void body_open_string(struct json_writer *w, const char *key)
{
    json_key(w, span_of(key));
    text_add_char(&w->text, '"');
}

void body_close_string(struct json_writer *w)
{
    text_add_char(&w->text, '"');
    w->comma = true;
}

void body_put_money(struct json_writer *w, const char *key, struct money amount)
{
    if (amount.currency[0] == '\0') return;
    json_key(w, span_of(key));
    json_open_object(w);
    body_put_text(w, "currency", span_of(amount.currency));
    body_open_string(w, "value");
    money_write_value(&w->text, amount);
    body_close_string(w);
    json_close_object(w);
}

void body_put_decimal(struct json_writer *w, const char *key, struct decimal value)
{
    if (!value.given) return;
    body_open_string(w, key);
    decimal_write(&w->text, value);
    body_close_string(w);
}

void body_put_texts(struct json_writer *w, const char *key, const struct span *at, uint32_t count)
{
    json_key(w, span_of(key));
    json_open_array(w);
    for (uint32_t i = 0; i < count; i++) json_write_string(w, at[i]);
    json_close_array(w);
}

bool body_close(struct json_writer *w, struct span *body, struct error *err)
{
    json_close_object(w);
    return json_written(w, body, err);
}

struct json_writer body_open(struct arena *arena, size_t size)
{
    struct json_writer w = json_writer_in(arena, size);
    json_open_object(&w);
    return w;
}

// --- Reading ---

void members_wrong(struct members *r, const char *key)
{
    if (r->wrong == NULL) r->wrong = key;
}

bool members_open(struct members *r, struct span body, struct arena *arena,
                         struct error *err)
{
    struct error why = { 0 };
    *r = (struct members){ .arena = arena };
    if (json_read(body, arena, &r->json, &why) && r->json.nodes[0].kind == JSON_OBJECT) return true;
    if (why.kind == ERROR_TOO_LARGE) return error_set(err, why.kind, "%s", why.text);
    return error_set(err, ERROR_DAMAGED, "the body of a fact is not a JSON object");
}

bool members_ok(const struct members *r, struct error *err)
{
    if (r->full)
        return error_set(err, ERROR_TOO_LARGE, "the body of a fact does not fit into memory");
    if (r->wrong == NULL) return true;
    return error_set(err, ERROR_DAMAGED, "member '%s' of a fact's body does not fit its kind",
                     r->wrong);
}

uint32_t members_value(struct members *r, uint32_t object, const char *key, enum json_kind kind,
                         enum need need)
{
    uint32_t value = json_member(&r->json, object, span_of(key));
    if (value != 0 && r->json.nodes[value].kind == kind) return value;
    if (value != 0 || need == NEEDED) members_wrong(r, key);
    return 0;
}

static struct span text_at(struct members *r, uint32_t node, const char *key)
{
    struct span text = { 0 };
    struct error why;
    if (r->json.nodes[node].kind != JSON_STRING) members_wrong(r, key);
    else if (!json_string(&r->json, node, r->arena, &text, &why)) r->full = true;
    return text;
}

struct span members_text(struct members *r, uint32_t object, const char *key, enum need need)
{
    struct span absent = { 0 };
    uint32_t value = members_value(r, object, key, JSON_STRING, need);
    return value == 0 ? absent : text_at(r, value, key);
}

uint32_t members_whole(struct members *r, uint32_t object, const char *key)
{
    uint64_t number = 0;
    uint32_t value = members_value(r, object, key, JSON_NUMBER, NEEDED);
    if (value == 0) return 0;
    if (!span_to_u64(json_raw(&r->json, value), &number) || number > UINT32_MAX)
        members_wrong(r, key);
    return (uint32_t)number;
}

bool members_truth(struct members *r, uint32_t object, const char *key, enum need need)
{
    uint32_t value = json_member(&r->json, object, span_of(key));
    if (value == 0 && need == OPTIONAL) return false;
    enum json_kind kind = (enum json_kind)r->json.nodes[value].kind; // of the object when absent
    if (kind != JSON_TRUE && kind != JSON_FALSE) members_wrong(r, key);
    return kind == JSON_TRUE;
}

struct decimal members_decimal(struct members *r, uint32_t object, const char *key,
                                        enum need need)
{
    struct decimal number = { 0 };
    struct error why;
    uint32_t value = members_value(r, object, key, JSON_STRING, need);
    if (value != 0 && !decimal_read(text_at(r, value, key), &number, &why))
        members_wrong(r, key);
    return number;
}

// Money is written to its currency's minor unit: nothing is rounded here.
struct money members_money(struct members *r, uint32_t object, const char *key)
{
    struct money amount = { 0 };
    struct error why;
    unsigned exponent;
    uint32_t value = members_value(r, object, key, JSON_OBJECT, OPTIONAL);
    if (value == 0) return amount;
    struct decimal number = members_decimal(r, value, "value", NEEDED);
    struct span currency = members_text(r, value, "currency", NEEDED);
    if (!number.given || !currency_exponent(currency, &exponent) || number.scale != exponent ||
        !money_from_decimal_half_up(number, currency, &amount, &why))
        members_wrong(r, key);
    return amount;
}

static void *list_of(struct members *r, uint32_t object, const char *key, enum json_kind kind,
                     size_t size, uint32_t *count, uint32_t *first)
{
    // Only texts may be left out: the writer leaves out those that are empty.
    uint32_t value =
        members_value(r, object, key, JSON_ARRAY, kind == JSON_STRING ? OPTIONAL : NEEDED);
    *count = value == 0 ? 0 : r->json.nodes[value].count;
    *first = value + 1;
    for (uint32_t i = 0, node = *first; i < *count; i++, node = r->json.nodes[node].next) {
        if (r->json.nodes[node].kind == kind) continue;
        members_wrong(r, key);
        *count = 0;
    }
    void *room = arena_take(r->arena, *count + 1, size);
    if (room == NULL) {
        r->full = true;
        *count = 0;
    }
    return room;
}

void *members_objects(struct members *r, uint32_t object, const char *key, size_t size,
                        uint32_t *count, uint32_t *first)
{
    return list_of(r, object, key, JSON_OBJECT, size, count, first);
}

struct text_list members_texts(struct members *r, uint32_t object, const char *key)
{
    uint32_t count, node;
    struct span *list =
        list_of(r, object, key, JSON_STRING, sizeof(struct span), &count, &node);
    for (uint32_t i = 0; i < count; i++, node = r->json.nodes[node].next)
        list[i] = text_at(r, node, key);
    return (struct text_list){ list, count };
}
