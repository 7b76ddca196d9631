#include <assert.h>

#include "consignment/model.h"
#include "consignment/model_inside.h"

// Patterns are written in what ECMA-262 and most other regular expressions share. What JSON Schema
// cannot say is said in words: it counts characters where the model counts bytes.

struct kind_row { const char *name, *pattern, *description; };

static const struct kind_row texts[] = {
    [FIELD_TEXT] = { "text", "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$",
                     "UTF-8 without control characters; maxLength counts bytes." },
    [FIELD_CODE] = { "code", "^[!-~]*$", "Letters, digits and marks of ASCII without blanks." },
    [FIELD_MOMENT] = { "moment",
                       "^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"
                       "|[0-9]{14})(Z|[+-][0-9]{2}(:[0-9]{2})?)$",
                       "RFC 3339, or UN/CEFACT format 304; kept in UTC to the millisecond." },
};

enum { SHAPES_MAX = 64 };

struct shapes {
    const struct shape *at[SHAPES_MAX];
    uint32_t count;
};

// All shapes below one, each once, by name.
static void collect(struct shapes *shapes, const struct shape *shape)
{
    for (uint32_t f = 0; f < shape->fields_count; f++) {
        const struct shape *inner = shape->fields[f].shape;
        uint32_t place = 0;
        if (inner == NULL) continue;
        while (place < shapes->count && strcmp(shapes->at[place]->name, inner->name) < 0) place++;
        if (place < shapes->count && shapes->at[place] == inner) continue;
        assert(shapes->count < SHAPES_MAX);
        memmove(shapes->at + place + 1, shapes->at + place,
                (shapes->count++ - place) * sizeof(const struct shape *));
        shapes->at[place] = inner;
        collect(shapes, inner);
    }
}

static void member(struct json_writer *w, const char *key, const char *value)
{
    json_key(w, span_of(key));
    json_write_string(w, span_of(value));
}

static void limit(struct json_writer *w, const char *key, int64_t value)
{
    json_key(w, span_of(key));
    json_write_i64(w, value);
}

static void refer(struct json_writer *w, const char *name)
{
    struct span parts[] = { SPAN("\"#/$defs/"), span_of(name), SPAN("\"") };
    json_key(w, SPAN("$ref"));
    for (size_t i = 0; i < 3; i++) text_add(&w->text, parts[i]);
    w->comma = true;
}

static void write_field(struct json_writer *w, const struct field *field)
{
    json_key(w, field->name);
    json_open_object(w);
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_CODE:
        refer(w, texts[field->kind].name);
        limit(w, "maxLength", field->max);
        break;
    case FIELD_NUMBER: refer(w, "number"); break;
    case FIELD_DECIMAL: refer(w, "decimal"); break;
    case FIELD_MOMENT: refer(w, texts[FIELD_MOMENT].name); break;
    case FIELD_AMOUNT: refer(w, "amount"); break;
    case FIELD_QUANTITY: refer(w, "quantity"); break;
    case FIELD_OBJECT: refer(w, field->shape->name); break;
    case FIELD_LIST:
        member(w, "type", "array");
        json_key(w, SPAN("items"));
        json_open_object(w);
        refer(w, field->shape->name);
        json_close_object(w);
        limit(w, "maxItems", field->max);
        break;
    }
    member(w, "title", field->title);
    if (field->element != NULL) member(w, "$comment", field->element);
    json_close_object(w);
}

static void write_shape(struct json_writer *w, const struct shape *shape)
{
    member(w, "type", "object");
    json_key(w, SPAN("properties"));
    json_open_object(w);
    for (uint32_t i = 0; i < shape->fields_count; i++) write_field(w, &shape->fields[i]);
    json_close_object(w);
    json_key(w, SPAN("additionalProperties"));
    json_write_bool(w, false);
}

static void open_kind(struct json_writer *w, const char *name)
{
    json_key(w, span_of(name));
    json_open_object(w);
}

static void write_number_kinds(struct json_writer *w)
{
    open_kind(w, "number");
    json_key(w, SPAN("type"));
    json_write_raw(w, SPAN("[\"integer\",\"string\"]"));
    limit(w, "minimum", 0);
    limit(w, "maximum", UINT32_MAX);
    member(w, "pattern", "^(0|[1-9][0-9]{0,9})(\\.0+)?$");
    member(w, "description", "A whole number from 0 to 4294967295.");
    json_close_object(w);

    open_kind(w, "decimal");
    json_key(w, SPAN("type"));
    json_write_raw(w, SPAN("[\"string\",\"number\"]"));
    member(w, "pattern", "^-?(?=(\\.?[0-9]){1,18}$)(0|[1-9][0-9]*)(\\.[0-9]{1,12})?$");
    member(w, "description",
           "At most 18 digits, up to 12 of them behind the point, no exponent. Kept as it is"
           " written; many programs can do so only with a string.");
    json_close_object(w);
}

// {"currency":"EUR","value":"12.50"} and {"unit":"KGM","value":"3"}.
static void write_pair(struct json_writer *w, const char *name, const char *other,
                       const char *title)
{
    open_kind(w, name);
    member(w, "type", "object");
    json_key(w, SPAN("properties"));
    json_open_object(w);
    open_kind(w, other);
    refer(w, texts[FIELD_CODE].name);
    limit(w, "maxLength", UNIT_CODE_MAX);
    member(w, "title", title);
    json_close_object(w);
    open_kind(w, "value");
    refer(w, "decimal");
    json_close_object(w);
    json_close_object(w);
    json_key(w, SPAN("additionalProperties"));
    json_write_bool(w, false);
    json_close_object(w);
}

void model_write_schema(struct json_writer *w)
{
    struct shapes shapes = { .count = 0 };
    collect(&shapes, &declaration_shape);

    json_open_object(w);
    member(w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    member(w, "title", "A customs declaration as Tidewaiter reads and writes it");
    member(w, "description",
           "Every member may be left out; which ones a declaration needs, the rules of the check"
           " say. The reader takes null for a member that is left out. Comments name the element of"
           " a WCO Data Model 3.6 message, below that of the object.");
    write_shape(w, &declaration_shape);
    json_key(w, SPAN("$defs"));
    json_open_object(w);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].name == NULL) continue;
        open_kind(w, texts[i].name);
        member(w, "type", "string");
        member(w, "pattern", texts[i].pattern);
        member(w, "description", texts[i].description);
        json_close_object(w);
    }
    write_number_kinds(w);
    write_pair(w, "amount", "currency", "ISO 4217");
    write_pair(w, "quantity", "unit", "UN/ECE Rec 20");
    for (uint32_t i = 0; i < shapes.count; i++) {
        open_kind(w, shapes.at[i]->name);
        write_shape(w, shapes.at[i]);
        json_close_object(w);
    }
    json_close_object(w);
    json_close_object(w);
}
