#include <assert.h>
#include <stdio.h>

#include "base/limits.h"
#include "consignment/model.h"
#include "consignment/model_inside.h"

// --- Where we are, for messages ---

struct place {
    const struct place *parent;
    const struct field *field;
    uint32_t index;                 // in a list; FIELD_EVERY for no list
};

static size_t place_write(const struct place *place, char *into, size_t size)
{
    if (place == NULL || place->field == NULL) return 0;
    size_t len = place_write(place->parent, into, size);
    int more = snprintf(into + len, size - len, "%s" SPAN_FMT, len > 0 ? "." : "",
                        SPAN_ARG(place->field->name));
    len = more < 0 || (size_t)more >= size - len ? size - 1 : len + (size_t)more;
    if (place->index == FIELD_EVERY) return len;
    more = snprintf(into + len, size - len, "[%u]", place->index);
    return more < 0 || (size_t)more >= size - len ? size - 1 : len + (size_t)more;
}

struct reading {
    const struct json *json;
    struct arena *arena;
    struct error *err;
};

// Puts place and position to what the error says.
static bool fail(const struct reading *r, const struct place *place, uint32_t node,
                 const struct error *why)
{
    if (r->err == NULL) return false;
    char path[sizeof(why->field)] = "";
    place_write(place, path, sizeof(path));
    json_error(r->json, node, r->err, "%s", why->text);
    r->err->kind = why->kind;
    memcpy(r->err->hint, why->hint, sizeof(why->hint));
    return error_field(r->err, "%s", path);
}

static bool wrong_kind(const struct reading *r, const struct place *place, uint32_t node,
                       const char *wanted)
{
    struct error why;
    error_set(&why, ERROR_SYNTAX, "%s where %s is expected",
              json_kind_name((enum json_kind)r->json->nodes[node].kind), wanted);
    return fail(r, place, node, &why);
}

static bool read_object(const struct reading *r, const struct place *place, uint32_t node,
                        const struct shape *shape, char *base);

// --- Scalars ---

static bool read_text(const struct reading *r, const struct place *place, uint32_t node,
                      struct span *text)
{
    const struct json_node *n = &r->json->nodes[node];
    if (n->kind != JSON_STRING) return wrong_kind(r, place, node, "a string");
    if (!n->escaped) {
        *text = json_raw(r->json, node);
        return true;
    }
    struct error why;
    return json_string(r->json, node, r->arena, text, &why) || fail(r, place, node, &why);
}

// A number may come as a JSON number or as a string; either way it is read from its text.
static bool read_digits(const struct reading *r, const struct place *place, uint32_t node,
                        struct span *digits)
{
    if (r->json->nodes[node].kind == JSON_NUMBER) {
        *digits = json_raw(r->json, node);
        return true;
    }
    if (r->json->nodes[node].kind != JSON_STRING) return wrong_kind(r, place, node, "a number");
    return read_text(r, place, node, digits);
}

// What a key says: mostly it is written without escapes.
static bool read_key(const struct reading *r, const struct place *place, uint32_t key,
                     struct span *name)
{
    *name = json_raw(r->json, key);
    return !r->json->nodes[key].escaped || read_text(r, place, key, name);
}

// {"currency":"EUR","value":"12.50"} and {"unit":"KGM","value":"3"}.
static bool read_pair(const struct reading *r, const struct place *place, uint32_t node, char *base)
{
    struct span other = place->field->kind == FIELD_AMOUNT ? SPAN("currency") : SPAN("unit");
    if (r->json->nodes[node].kind != JSON_OBJECT) return wrong_kind(r, place, node, "an object");
    uint32_t end = r->json->nodes[node].next;
    for (uint32_t key = node + 1; key < end; key = r->json->nodes[key + 1].next) {
        struct span name, text;
        struct error why;
        if (!read_key(r, place, key, &name)) return false;
        bool value = span_equal(name, SPAN("value"));
        if (!value && !span_equal(name, other)) {
            error_set(&why, ERROR_SYNTAX, "there is no member '" SPAN_FMT "' here",
                      SPAN_ARG(json_raw(r->json, key)));
            error_hint(&why, "Members are value and " SPAN_FMT ".", SPAN_ARG(other));
            return fail(r, place, key, &why);
        }
        if (r->json->nodes[key + 1].kind == JSON_NULL) continue;
        if (!(value ? read_digits(r, place, key + 1, &text) : read_text(r, place, key + 1, &text)))
            return false;
        if (!field_put(place->field, value ? FIELD_VALUE : FIELD_UNIT, base, text, &why))
            return fail(r, place, key + 1, &why);
    }
    return true;
}

static bool read_list(const struct reading *r, const struct place *place, uint32_t node,
                      struct list *list)
{
    const struct field *field = place->field;
    uint32_t count = r->json->nodes[node].count;
    struct error why;
    if (r->json->nodes[node].kind != JSON_ARRAY) return wrong_kind(r, place, node, "an array");
    if (count > field->max) {
        error_set(&why, ERROR_TOO_LARGE, "%u of them, and at most %u are taken", count, field->max);
        return fail(r, place, node, &why);
    }
    if (count == 0) return true;
    if (!arena_need(r->arena, list_room(count), field->shape->size, &list->at, "the declaration",
                    &why))
        return fail(r, place, node, &why);
    uint32_t element = node + 1;
    for (list->count = 0; list->count < count; list->count++) {
        struct place inner = { place->parent, field, list->count };
        char *base = (char *)list->at + (size_t)list->count * field->shape->size;
        if (!read_object(r, &inner, element, field->shape, base)) return false;
        element = r->json->nodes[element].next;
    }
    return true;
}

static bool read_field(const struct reading *r, const struct place *place, uint32_t node,
                       char *base)
{
    const struct field *field = place->field;
    struct span text = { 0 };
    struct error why;
    if (r->json->nodes[node].kind == JSON_NULL) return true;
    switch (field->kind) {
    case FIELD_OBJECT: return read_object(r, place, node, field->shape, base + field->offset);
    case FIELD_LIST: return read_list(r, place, node, (struct list *)(base + field->offset));
    case FIELD_AMOUNT:
    case FIELD_QUANTITY: return read_pair(r, place, node, base);
    case FIELD_NUMBER:
    case FIELD_DECIMAL:
        if (!read_digits(r, place, node, &text)) return false;
        break;
    default:
        if (!read_text(r, place, node, &text)) return false;
    }
    return field_put(field, FIELD_WHOLE, base, text, &why) || fail(r, place, node, &why);
}

// --- Objects ---

static bool no_such_field(const struct reading *r, const struct place *place, uint32_t node,
                          const struct shape *shape)
{
    struct error why;
    struct span name = json_raw(r->json, node);
    error_set(&why, ERROR_SYNTAX, "there is no field '" SPAN_FMT "' in %s", SPAN_ARG(name),
              shape->name);
    const struct field *close = field_closest(shape, name);
    if (close != NULL) error_hint(&why, "Did you mean '" SPAN_FMT "'?", SPAN_ARG(close->name));
    else error_hint(&why, "Fields are listed in docs/declaration.schema.json.");
    return fail(r, place, node, &why);
}

static bool read_object(const struct reading *r, const struct place *place, uint32_t node,
                        const struct shape *shape, char *base)
{
    const struct json_node *object = &r->json->nodes[node];
    if (object->kind != JSON_OBJECT) return wrong_kind(r, place, node, "an object");
    uint32_t next_field = 0;
    for (uint32_t key = node + 1; key < object->next; key = r->json->nodes[key + 1].next) {
        struct span name;
        if (!read_key(r, place, key, &name)) return false;
        const struct field *field = field_find(shape, name, &next_field);
        if (field == NULL) return no_such_field(r, place, key, shape);
        struct place inner = { place, field, FIELD_EVERY };
        if (!read_field(r, &inner, key + 1, base)) return false;
    }
    return true;
}

bool declaration_read_json(const struct json *json, uint32_t node, struct arena *arena,
                           struct declaration *declaration, struct error *err)
{
    struct reading r = { json, arena, err };
    *declaration = (struct declaration){ 0 };
    struct place top = { 0 };
    return read_object(&r, &top, node, &declaration_shape, (char *)declaration);
}

// --- Writing ---

// The names of fields are letters (a test says so): this looks for no escapes, as json_key does.
static void write_key(struct json_writer *w, struct span name)
{
    char *at = text_room(&w->text, name.len + 4);
    if (at == NULL) return;
    size_t len = 0;
    if (w->comma) at[len++] = ',';
    at[len++] = '"';
    memcpy(at + len, name.at, name.len);
    len += name.len;
    at[len++] = '"';
    at[len++] = ':';
    text_grew(&w->text, len);
    w->comma = false;
}

static void write_decimal(struct json_writer *w, struct decimal value)
{
    text_add_char(&w->text, '"');
    decimal_write(&w->text, value);
    text_add_char(&w->text, '"');
    w->comma = true;
}

static void write_moment(struct json_writer *w, struct moment moment)
{
    text_add_char(&w->text, '"');
    moment_write(&w->text, moment.at_ms);
    text_add_char(&w->text, '"');
    w->comma = true;
}

static void write_pair(struct json_writer *w, struct span other_name, struct span other,
                       struct decimal value)
{
    json_open_object(w);
    if (other.len > 0) {
        write_key(w, other_name);
        json_write_string(w, other);
    }
    if (value.given) {
        write_key(w, SPAN("value"));
        write_decimal(w, value);
    }
    json_close_object(w);
}

_Static_assert(sizeof(struct number) == 8, "a count is one word");
_Static_assert(sizeof(struct span) == 16 && sizeof(struct list) == 16, "texts and lists are two");
_Static_assert(sizeof(struct decimal) == 16 && sizeof(struct moment) == 16, "so are these");
_Static_assert(sizeof(struct amount) == 32 && sizeof(struct quantity) == 32, "these are four");

static inline uint64_t word_at(const char *at, size_t index)
{
    uint64_t word;
    memcpy(&word, at + index * sizeof(word), sizeof(word));
    return word;
}

// A field of nothing but zeros is absent, and most of a declaration is. (The other way round does
// not hold: an empty text may point somewhere.) All words are looked at: which one ends the search
// could not be foretold, and that costs more.
static inline bool is_zero(const struct field *field, const char *at)
{
    uint64_t sum = word_at(at, 0);
    if (field->kind == FIELD_NUMBER) return sum == 0;
    sum |= word_at(at, 1);
    if (field->kind == FIELD_AMOUNT || field->kind == FIELD_QUANTITY)
        sum |= word_at(at, 2) | word_at(at, 3);
    if (field->kind == FIELD_OBJECT)
        for (size_t i = 2; i < field->shape->size / sizeof(sum); i++) sum |= word_at(at, i);
    return sum == 0;
}

static bool is_given(const struct field *field, const char *at)
{
    const struct amount *amount = (const void *)at;
    const struct quantity *quantity = (const void *)at;
    const struct shape *shape = field->shape;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_CODE: return ((const struct span *)(const void *)at)->len > 0;
    case FIELD_NUMBER: return ((const struct number *)(const void *)at)->given;
    case FIELD_DECIMAL: return ((const struct decimal *)(const void *)at)->given;
    case FIELD_MOMENT: return ((const struct moment *)(const void *)at)->given;
    case FIELD_AMOUNT: return amount->value.given || amount->currency.len > 0;
    case FIELD_QUANTITY: return quantity->value.given || quantity->unit.len > 0;
    case FIELD_LIST: return ((const struct list *)(const void *)at)->count > 0;
    case FIELD_OBJECT:
        for (uint32_t i = 0; i < shape->fields_count; i++)
            if (is_given(&shape->fields[i], at + shape->fields[i].offset)) return true;
        return false;
    }
    assert(false);
    return false;
}

static void write_object(struct json_writer *w, const struct shape *shape, const char *base);

static void write_field(struct json_writer *w, const struct field *field, const char *at)
{
    const struct list *list = (const void *)at;
    const struct amount *amount = (const void *)at;
    const struct quantity *quantity = (const void *)at;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_CODE: json_write_string(w, *(const struct span *)(const void *)at); return;
    case FIELD_NUMBER: json_write_i64(w, ((const struct number *)(const void *)at)->value); return;
    case FIELD_DECIMAL: write_decimal(w, *(const struct decimal *)(const void *)at); return;
    case FIELD_MOMENT: write_moment(w, *(const struct moment *)(const void *)at); return;
    case FIELD_AMOUNT: write_pair(w, SPAN("currency"), amount->currency, amount->value); return;
    case FIELD_QUANTITY: write_pair(w, SPAN("unit"), quantity->unit, quantity->value); return;
    case FIELD_OBJECT: write_object(w, field->shape, at); return;
    case FIELD_LIST:
        json_open_array(w);
        for (uint32_t i = 0; i < list->count; i++)
            write_object(w, field->shape, (const char *)list->at + (size_t)i * field->shape->size);
        json_close_array(w);
        return;
    }
}

static void write_object(struct json_writer *w, const struct shape *shape, const char *base)
{
    json_open_object(w);
    for (uint32_t i = 0; i < shape->fields_count; i++) {
        const struct field *field = &shape->fields[i];
        const char *at = base + field->offset;
        if (is_zero(field, at) || !is_given(field, at)) continue;
        write_key(w, field->name);
        write_field(w, field, at);
    }
    json_close_object(w);
}

void declaration_write_json(struct json_writer *w, const struct declaration *declaration)
{
    write_object(w, &declaration_shape, (const char *)declaration);
}
