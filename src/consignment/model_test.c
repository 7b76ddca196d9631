#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "consignment/model.h"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    struct error err;
    return arena_open(&arena, (size_t)256 * MIB, &err) ? 0 : -1;
}

static int empty_arena(void **state)
{
    (void)state;
    arena_reset(&arena, 0);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

static void *take(size_t count, size_t size)
{
    void *memory = arena_take(&arena, count, size);
    assert_non_null(memory);
    return memory;
}

static bool try_read(struct span text, struct declaration *declaration, struct error *err)
{
    struct json json;
    return json_read(text, &arena, &json, err) &&
           declaration_read_json(&json, 0, &arena, declaration, err);
}

static struct declaration *read_it(struct span text)
{
    struct error err = { 0 };
    struct declaration *declaration = take(1, sizeof(*declaration));
    if (!try_read(text, declaration, &err))
        fail_msg("%u:%u %s: %s", err.line, err.column, err.field, err.text);
    assert_int_equal(err.kind, ERROR_NONE);
    return declaration;
}

static struct span write_it(const struct declaration *declaration)
{
    struct span text;
    struct error err = { 0 };
    struct json_writer w = json_writer_in(&arena, (size_t)4 * KIB);
    declaration_write_json(&w, declaration);
    if (!json_written(&w, &text, &err)) fail_msg("%s", err.text);
    return text;
}

#define assert_says(span, literal) assert_true(span_equal((span), SPAN(literal)))
#define assert_becomes(text, canonical) assert_says(write_it(read_it(SPAN(text))), canonical)

// --- The table ---

enum { SHAPES_MAX = 64, STRUCT_MAX = 8192 };

struct shapes { const struct shape *at[SHAPES_MAX]; uint32_t count; };

static void collect(struct shapes *shapes, const struct shape *shape)
{
    for (uint32_t i = 0; i < shapes->count; i++)
        if (shapes->at[i] == shape) return;
    assert_true(shapes->count < SHAPES_MAX);
    shapes->at[shapes->count++] = shape;
    for (uint32_t i = 0; i < shape->fields_count; i++)
        if (shape->fields[i].shape != NULL) collect(shapes, shape->fields[i].shape);
}

static struct shapes all_shapes(void)
{
    struct shapes shapes = { .count = 0 };
    collect(&shapes, &declaration_shape);
    return shapes;
}

static size_t field_size(const struct field *field)
{
    static const size_t sizes[] = {
        [FIELD_TEXT] = sizeof(struct span),         [FIELD_CODE] = sizeof(struct span),
        [FIELD_NUMBER] = sizeof(struct number),     [FIELD_DECIMAL] = sizeof(struct decimal),
        [FIELD_MOMENT] = sizeof(struct moment),     [FIELD_AMOUNT] = sizeof(struct amount),
        [FIELD_QUANTITY] = sizeof(struct quantity), [FIELD_LIST] = sizeof(LIST_OF(item)),
    };
    return field->kind == FIELD_OBJECT ? field->shape->size : sizes[field->kind];
}

// No struct has a hole: all its members are made of words.
static void each_byte_of_each_struct_belongs_to_exactly_one_field(void **state)
{
    (void)state;
    struct shapes shapes = all_shapes();
    for (uint32_t s = 0; s < shapes.count; s++) {
        const struct shape *shape = shapes.at[s];
        uint8_t owners[STRUCT_MAX] = { 0 };
        assert_true(shape->size <= STRUCT_MAX);
        for (uint32_t f = 0; f < shape->fields_count; f++) {
            const struct field *field = &shape->fields[f];
            assert_true(field->offset + field_size(field) <= shape->size);
            for (size_t b = 0; b < field_size(field); b++) owners[field->offset + b]++;
        }
        for (uint32_t b = 0; b < shape->size; b++)
            if (owners[b] != 1)
                fail_msg("byte %u of struct %s is in %u fields of the table", b, shape->name,
                         owners[b]);
    }
    assert_int_equal(declaration_shape.size, sizeof(struct declaration));
    assert_int_equal(item_shape.size, sizeof(struct item));
    assert_int_equal(party_shape.size, sizeof(struct party));
}

static void fields_stand_in_byte_order_of_their_names(void **state)
{
    (void)state;
    struct shapes shapes = all_shapes();
    for (uint32_t s = 0; s < shapes.count; s++)
        for (uint32_t f = 1; f < shapes.at[s]->fields_count; f++) {
            const struct field *fields = shapes.at[s]->fields;
            if (span_compare(fields[f - 1].name, fields[f].name) >= 0)
                fail_msg("%s of %s stands behind %s", fields[f - 1].name.at, shapes.at[s]->name,
                         fields[f].name.at);
        }
}

static bool is_json_name(struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        bool letter = (name.at[i] >= 'a' && name.at[i] <= 'z') ||
                      (i > 0 && name.at[i] >= 'A' && name.at[i] <= 'Z');
        if (!letter) return false;
    }
    return name.len > 0 && name.len <= 40;
}

static void each_field_has_a_name_a_limit_and_a_title(void **state)
{
    (void)state;
    struct shapes shapes = all_shapes();
    for (uint32_t s = 0; s < shapes.count; s++)
        for (uint32_t f = 0; f < shapes.at[s]->fields_count; f++) {
            const struct field *field = &shapes.at[s]->fields[f];
            bool text = field->kind == FIELD_TEXT || field->kind == FIELD_CODE;
            bool holds = field->kind == FIELD_OBJECT || field->kind == FIELD_LIST;
            assert_true(is_json_name(field->name));
            assert_true(field->title != NULL && field->title[0] != '\0');
            assert_int_equal(field->shape != NULL, holds);
            assert_int_equal(field->max > 0, text || field->kind == FIELD_LIST);
            if (text) assert_true(field->max <= DECLARATION_TEXT_FIELD_MAX);
            if (field->kind == FIELD_LIST) assert_true(field->max <= DECLARATION_LIST_MAX);
        }
}

// Two fields at one place of a WCO message could not both be read from it.
static void no_two_fields_of_a_struct_share_an_element(void **state)
{
    (void)state;
    struct shapes shapes = all_shapes();
    for (uint32_t s = 0; s < shapes.count; s++)
        for (uint32_t f = 0; f < shapes.at[s]->fields_count; f++)
            for (uint32_t g = 0; g < f; g++) {
                const struct field *a = &shapes.at[s]->fields[f], *b = &shapes.at[s]->fields[g];
                if (a->element == NULL || b->element == NULL) continue;
                assert_string_not_equal(a->element, b->element);
            }
}

// --- A declaration with everything in it ---

// Fills each field by its name and its place, so that no two are the same by chance.
static void fill(const struct shape *shape, char *base, uint32_t *number);

static struct span some_text(const struct field *field, uint32_t number)
{
    char text[80];
    snprintf(text, sizeof(text), field->kind == FIELD_CODE ? "%s-%u" : "%s \"%u\"\\\n\xC3\xA9",
             field->name.at, number);
    struct span kept, whole = span_of(text);
    if (whole.len > field->max) {
        snprintf(text, sizeof(text), "%0*u", field->max, number);
        whole = (struct span){ text + strlen(text) - field->max, field->max };
    }
    assert_true(arena_copy(&arena, whole, &kept));
    return kept;
}

static struct decimal some_decimal(uint32_t number)
{
    static const uint8_t scales[] = { 0, 2, 12 };
    return decimal_of(number % 4 == 0 ? -(int64_t)number : number * INT64_C(1000003),
                      scales[number % 3]);
}

static void fill_list(const struct field *field, void *place, uint32_t *number)
{
    enum { LENGTH = 2 };
    LIST_OF(item) list = { .at = take(LENGTH, field->shape->size), .count = LENGTH };
    for (uint32_t i = 0; i < LENGTH; i++)
        fill(field->shape, (char *)list.at + (size_t)i * field->shape->size, number);
    memcpy(place, &list, sizeof(list));
}

static void fill(const struct shape *shape, char *base, uint32_t *number)
{
    for (uint32_t f = 0; f < shape->fields_count; f++) {
        const struct field *field = &shape->fields[f];
        static const struct field unit = { .name = SPAN_INIT("U"), .kind = FIELD_CODE, .max = 6 };
        void *place = base + field->offset;
        uint32_t n = ++*number;
        switch (field->kind) {
        case FIELD_TEXT:
        case FIELD_CODE: *(struct span *)place = some_text(field, n); break;
        case FIELD_NUMBER: *(struct number *)place = (struct number){ UINT32_MAX - n, true }; break;
        case FIELD_DECIMAL: *(struct decimal *)place = some_decimal(n); break;
        case FIELD_MOMENT: *(struct moment *)place = (struct moment){ 86400123 * (int64_t)n, true };
            break;
        case FIELD_AMOUNT:
            *(struct amount *)place = (struct amount){ some_decimal(n), some_text(&unit, n) };
            break;
        case FIELD_QUANTITY:
            *(struct quantity *)place = (struct quantity){ some_decimal(n), some_text(&unit, n) };
            break;
        case FIELD_OBJECT: fill(field->shape, place, number); break;
        case FIELD_LIST: fill_list(field, place, number); break;
        }
    }
}

static struct declaration *everything(void)
{
    uint32_t number = 0;
    struct declaration *declaration = take(1, sizeof(*declaration));
    fill(&declaration_shape, (char *)declaration, &number);
    assert_true(number > 500);
    return declaration;
}

static void assert_same(const struct shape *shape, const char *a, const char *b);

static void assert_same_field(const struct field *field, const void *a, const void *b)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_CODE:
        assert_true(span_equal(*(const struct span *)a, *(const struct span *)b));
        return;
    case FIELD_NUMBER:
        assert_int_equal(((const struct number *)a)->value, ((const struct number *)b)->value);
        assert_int_equal(((const struct number *)a)->given, ((const struct number *)b)->given);
        return;
    case FIELD_MOMENT:
        assert_int_equal(((const struct moment *)a)->at_ms, ((const struct moment *)b)->at_ms);
        assert_int_equal(((const struct moment *)a)->given, ((const struct moment *)b)->given);
        return;
    case FIELD_AMOUNT: // an amount and a quantity are a decimal and a span both
    case FIELD_QUANTITY:
        assert_true(span_equal(((const struct amount *)a)->currency,
                               ((const struct amount *)b)->currency));
        // fall through
    case FIELD_DECIMAL: {
        const struct decimal *x = a, *y = b;
        assert_int_equal(x->digits, y->digits);
        assert_int_equal(x->scale, y->scale);
        assert_int_equal(x->given, y->given);
        return;
    }
    case FIELD_OBJECT: assert_same(field->shape, a, b); return;
    case FIELD_LIST: {
        LIST_OF(item) x, y;
        memcpy(&x, a, sizeof(x));
        memcpy(&y, b, sizeof(y));
        assert_int_equal(x.count, y.count);
        for (uint32_t i = 0; i < x.count; i++)
            assert_same(field->shape, (char *)x.at + (size_t)i * field->shape->size,
                        (char *)y.at + (size_t)i * field->shape->size);
    }
    }
}

static void assert_same(const struct shape *shape, const char *a, const char *b)
{
    for (uint32_t f = 0; f < shape->fields_count; f++)
        assert_same_field(&shape->fields[f], a + shape->fields[f].offset,
                          b + shape->fields[f].offset);
}

static void a_declaration_with_everything_comes_back_from_its_json(void **state)
{
    (void)state;
    struct declaration *all = everything();
    struct span text = write_it(all);
    struct declaration *again = read_it(text);
    assert_same(&declaration_shape, (char *)all, (char *)again);
    assert_true(span_equal(write_it(again), text));
}

static void its_json_is_canonical(void **state)
{
    (void)state;
    struct json json;
    struct error err = { 0 };
    struct span canonical, text = write_it(everything());
    assert_true(json_read(text, &arena, &json, &err));
    assert_true(json_canonical(&json, &arena, &canonical, &err));
    assert_true(span_equal(canonical, text));
}

// The fuzzer and the schema see every field, too: those who add one get it into the captures.
static void the_capture_with_everything_in_it_has_every_field(void **state)
{
    (void)state;
    char path[512];
    const char *root = getenv("TIDEWAITER_ROOT");
    snprintf(path, sizeof(path), "%s/src/consignment/captures/declaration/accepted-everything.json",
             root ? root : ".");
    struct span text = write_it(everything());
    if (getenv("TIDEWAITER_WRITE_DOCS") != NULL) {
        FILE *capture = fopen(path, "w");
        assert_non_null(capture);
        assert_int_equal(fwrite(text.at, 1, text.len, capture), text.len);
        assert_int_equal(fclose(capture), 0);
    }
    FILE *capture = fopen(path, "r");
    if (capture == NULL) fail_msg("there is no %s", path);
    char *found = take(text.len + 1, 1);
    size_t len = fread(found, 1, text.len + 1, capture);
    assert_int_equal(fclose(capture), 0);
    if (!span_equal((struct span){ found, len }, text))
        fail_msg("%s lacks a field; set TIDEWAITER_WRITE_DOCS to write it", path);
}

static void members_may_come_in_any_order_and_with_blanks(void **state)
{
    (void)state;
    struct json json;
    struct error err = { 0 };
    struct span text = write_it(everything());
    assert_true(json_read(text, &arena, &json, &err));

    // The same, with the members of the whole back to front.
    uint32_t keys[64], count = 0;
    for (uint32_t key = 1; key < json.nodes[0].next; key = json.nodes[key + 1].next)
        keys[count++] = key;
    assert_int_equal(count, declaration_shape.fields_count);
    struct text turned = text_in(&arena, 2 * text.len);
    while (count-- > 0) {
        uint32_t value = keys[count] + 1;
        bool quoted = json.nodes[value].kind == JSON_STRING;
        text_add_format(&turned, "%s \"" SPAN_FMT "\" :\n %s", turned.len == 0 ? "{" : ",",
                        SPAN_ARG(json_raw(&json, keys[count])), quoted ? "\"" : "");
        text_add(&turned, json_raw(&json, value));
        text_add(&turned, quoted ? SPAN("\"") : SPAN(""));
    }
    text_add(&turned, SPAN("\n}"));
    assert_true(span_equal(write_it(read_it(text_span(&turned))), text));
}

// --- What is the same declaration ---

static void what_is_absent_is_left_out(void **state)
{
    (void)state;
    assert_becomes("{}", "{}");
    assert_becomes("{\"ucr\":\"\",\"typeCode\":null,\"importer\":{},\"items\":[],\"freight\":{}}",
                   "{}");
    assert_becomes("{\"importer\":{\"name\":\"\",\"address\":{\"line\":null}}}", "{}");
    assert_becomes("{\"insurance\":null,\"warehouse\":null,\"seller\":null}", "{}");
    assert_becomes("{\"items\":[{},{\"sequence\":2}]}", "{\"items\":[{},{\"sequence\":2}]}");
    assert_becomes("{\"freight\":{\"currency\":\"EUR\"}}", "{\"freight\":{\"currency\":\"EUR\"}}");
    assert_becomes("{\"freight\":{\"value\":\"0\"}}", "{\"freight\":{\"value\":\"0\"}}");
}

static void numbers_may_be_numbers_or_texts_and_keep_their_digits(void **state)
{
    (void)state;
    assert_becomes("{\"exchangeRate\":1.50}", "{\"exchangeRate\":\"1.50\"}");
    assert_becomes("{\"exchangeRate\":\"1.50\"}", "{\"exchangeRate\":\"1.50\"}");
    assert_becomes("{\"exchangeRate\":-0.000000000001}", "{\"exchangeRate\":\"-0.000000000001\"}");
    assert_becomes("{\"exchangeRate\":999999999999999999}",
                   "{\"exchangeRate\":\"999999999999999999\"}");
    assert_becomes("{\"exchangeRate\":-0}", "{\"exchangeRate\":\"0\"}");
    assert_becomes("{\"goodsItemCount\":\"3\"}", "{\"goodsItemCount\":3}");
    assert_becomes("{\"goodsItemCount\":3.000}", "{\"goodsItemCount\":3}");
    assert_becomes("{\"goodsItemCount\":4294967295}", "{\"goodsItemCount\":4294967295}");
    assert_becomes("{\"goodsItemCount\":0}", "{\"goodsItemCount\":0}");
}

static void moments_are_kept_in_utc(void **state)
{
    (void)state;
    assert_becomes("{\"issuedAt\":\"2026-11-23T21:07:22.5+01:00\"}",
                   "{\"issuedAt\":\"2026-11-23T20:07:22.500Z\"}");
    assert_becomes("{\"issuedAt\":\"20261123200722Z\"}",
                   "{\"issuedAt\":\"2026-11-23T20:07:22.000Z\"}");
    assert_becomes("{\"issuedAt\":\"1970-01-01T00:00:00Z\"}",
                   "{\"issuedAt\":\"1970-01-01T00:00:00.000Z\"}");
}

static void escapes_say_what_they_say(void **state)
{
    (void)state;
    assert_becomes("{\"importer\":{\"name\":\"M\\u00fcller \\ud83d\\udea2 \\/\\n\\u0041\"}}",
                   "{\"importer\":{\"name\":\"M\xC3\xBCller \xF0\x9F\x9A\xA2 /\\nA\"}}");
    assert_becomes("{\"\\u0075cr\":\"X\",\"freight\":{\"valu\\u0065\":1}}",
                   "{\"freight\":{\"value\":\"1\"},\"ucr\":\"X\"}");
}

// --- What is refused ---

struct refusal {
    const char *text;
    unsigned line, column;
    const char *field, *says, *hint;
};

static const struct refusal refusals[] = {
    // Names
    { "{\"functionCode\":\"9\",\n \"orign\":1}", 2, 2, "",
      "there is no field 'orign' in declaration",
      "Fields are listed in docs/declaration.schema.json." },
    { "{\"items\":[{},{\"orign\":1}]}", 1, 15, "items[1]", "there is no field 'orign' in item",
      "Did you mean 'origins'?" },
    { "{\"TypeCode\":\"IMA\"}", 1, 2, "", "there is no field 'TypeCode' in declaration",
      "Did you mean 'typeCode'?" },
    { "{\"zz\":1}", 1, 2, "", "there is no field 'zz' in declaration",
      "Fields are listed in docs/declaration.schema.json." },
    { "{\"\":1}", 1, 2, "", "there is no field '' in declaration",
      "Fields are listed in docs/declaration.schema.json." },
    { "{\"importer\":{\"address\":{\"postCode\":\"1\"}}}", 1, 25, "importer.address",
      "there is no field 'postCode' in address", "Did you mean 'postcode'?" },
    { "{\"freight\":{\"amount\":1}}", 1, 13, "freight", "there is no member 'amount' here",
      "Members are value and currency." },
    { "{\"items\":[{\"supplementaryUnits\":{\"currency\":\"EUR\"}}]}", 1, 34,
      "items[0].supplementaryUnits", "there is no member 'currency' here",
      "Members are value and unit." },
    // Kinds
    { "[]", 1, 1, "", "array where an object is expected", "" },
    { "null", 1, 1, "", "null where an object is expected", "" },
    { "{\"ucr\":5}", 1, 8, "ucr", "number where a string is expected", "" },
    { "{\"typeCode\":true}", 1, 13, "typeCode", "true where a string is expected", "" },
    { "{\"issuedAt\":20261123200722}", 1, 13, "issuedAt", "number where a string is expected", "" },
    { "{\"importer\":\"DE1\"}", 1, 13, "importer", "string where an object is expected", "" },
    { "{\"items\":{}}", 1, 10, "items", "object where an array is expected", "" },
    { "{\"items\":[null]}", 1, 11, "items[0]", "null where an object is expected", "" },
    { "{\"items\":[{\"origins\":[{},\"DE\"]}]}", 1, 26, "items[0].origins[1]",
      "string where an object is expected", "" },
    { "{\"freight\":12}", 1, 12, "freight", "number where an object is expected", "" },
    { "{\"freight\":{\"value\":[]}}", 1, 21, "freight", "array where a number is expected", "" },
    { "{\"freight\":{\"currency\":1}}", 1, 24, "freight", "number where a string is expected", "" },
    { "{\"goodsItemCount\":false}", 1, 19, "goodsItemCount", "false where a number is expected",
      "" },
    // Numbers
    { "{\"goodsItemCount\":-1}", 1, 19, "goodsItemCount", "'-1' where a whole number is expected",
      "Whole numbers from 0 to 4294967295 are taken." },
    { "{\"goodsItemCount\":1.5}", 1, 19, "goodsItemCount", "'1.5' where a whole number is expected",
      "Whole numbers from 0 to 4294967295 are taken." },
    { "{\"goodsItemCount\":\"5.\"}", 1, 19, "goodsItemCount",
      "'5.' where a whole number is expected", "Whole numbers from 0 to 4294967295 are taken." },
    { "{\"goodsItemCount\":4294967296}", 1, 19, "goodsItemCount",
      "'4294967296' where a whole number is expected",
      "Whole numbers from 0 to 4294967295 are taken." },
    { "{\"goodsItemCount\":1e3}", 1, 19, "goodsItemCount", "'1e3' where a whole number is expected",
      "Whole numbers from 0 to 4294967295 are taken." },
    { "{\"goodsItemCount\":\"\\u001b[2J\"}", 1, 19, "goodsItemCount",
      "a text where a whole number is expected", "Whole numbers from 0 to 4294967295 are taken." },
    { "{\"goodsItemCount\":\"\"}", 1, 19, "goodsItemCount", "'' where a whole number is expected",
      "Whole numbers from 0 to 4294967295 are taken." },
    { "{\"totalGrossMass\":1234567890123456789}", 1, 19, "totalGrossMass",
      "a number has at most 18 digits", "Write fewer digits, or use a larger unit." },
    { "{\"totalGrossMass\":0.1234567890123}", 1, 19, "totalGrossMass",
      "a number has at most 12 digits behind the point", "" },
    { "{\"totalGrossMass\":\"1,5\"}", 1, 19, "totalGrossMass",
      "a number holds only digits and one point",
      "Numbers are written like 12, -3 or 0.75: with a point, and without thousands marks, exponent"
      " or unit." },
    { "{\"totalGrossMass\":1e3}", 1, 19, "totalGrossMass",
      "a number holds only digits and one point",
      "Numbers are written like 12, -3 or 0.75: with a point, and without thousands marks, exponent"
      " or unit." },
    { "{\"totalGrossMass\":\"\"}", 1, 19, "totalGrossMass", "a number begins with a digit",
      "Numbers are written like 12, -3 or 0.75." },
    { "{\"items\":[{\"price\":{\"value\":\"12 EUR\"}}]}", 1, 29, "items[0].price",
      "a number holds only digits and one point",
      "Numbers are written like 12, -3 or 0.75: with a point, and without thousands marks, exponent"
      " or unit." },
    // Moments
    { "{\"acceptedAt\":\"2026-02-30T00:00:00Z\"}", 1, 15, "acceptedAt",
      "2026-02 has 28 days, not 30",
      "Times are written like 2026-11-23T20:07:22Z, 2026-11-23T21:07:22+01:00 or "
      "20261123200722Z." },
    { "{\"acceptedAt\":\"2026-11-23\"}", 1, 15, "acceptedAt", "a 'T' stands between date and time",
      "Times are written like 2026-11-23T20:07:22Z, 2026-11-23T21:07:22+01:00 or "
      "20261123200722Z." },
    // Texts and codes
    { "{\"typeCode\":\"IM A\"}", 1, 13, "typeCode", "byte 0x20 is not allowed in a code",
      "Codes are letters, digits and marks without blanks." },
    { "{\"typeCode\":\"IM\xC3\x84\"}", 1, 13, "typeCode", "byte 0xC3 is not allowed in a code",
      "Codes are letters, digits and marks without blanks." },
    { "{\"typeCode\":\"IM\\n\"}", 1, 13, "typeCode", "byte 0x0A is not allowed in a code",
      "Codes are letters, digits and marks without blanks." },
    { "{\"freight\":{\"currency\":\"E R\"}}", 1, 24, "freight",
      "byte 0x20 is not allowed in a code", "Codes are letters, digits and marks without blanks." },
    { "{\"ucr\":\"a\\u0000b\"}", 1, 8, "ucr", "byte 0x00 is not allowed in a text",
      "Leave control characters out." },
    { "{\"ucr\":\"a\\u001bb, and eight more\"}", 1, 8, "ucr", "byte 0x1B is not allowed in a text",
      "Leave control characters out." },
    { "{\"ucr\":\"a\x7F\"}", 1, 8, "ucr", "byte 0x7F is not allowed in a text",
      "Leave control characters out." },
};

static void assert_refused(const struct refusal *row)
{
    struct error err = { 0 };
    struct declaration declaration;
    if (try_read(span_of(row->text), &declaration, &err)) fail_msg("%s is taken", row->text);
    if (err.line != row->line || err.column != row->column)
        fail_msg("%s: at %u:%u", row->text, err.line, err.column);
    assert_string_equal(err.field, row->field);
    assert_string_equal(err.text, row->says);
    assert_string_equal(err.hint, row->hint);
    assert_int_equal(err.kind, ERROR_SYNTAX);
}

static void what_is_wrong_is_told_with_its_place_its_field_and_what_to_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        assert_refused(&refusals[i]);
        struct declaration declaration;
        assert_false(try_read(span_of(refusals[i].text), &declaration, NULL));
    }
}

static void a_long_path_and_a_long_name_are_cut_and_nothing_else(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct declaration declaration;
    struct text text = text_in(&arena, KIB);
    text_add(&text, SPAN("{\"items\":[{\"statements\":[{\"pointers\":[{\""));
    for (int i = 0; i < 400; i++) text_add(&text, SPAN("\xC3\xA4"));
    text_add(&text, SPAN("\":1}]}]}]}"));
    assert_false(try_read(text_span(&text), &declaration, &err));
    assert_string_equal(err.field, "items[0].statements[0].pointers[0]");
    assert_true(utf8_check(span_of(err.text), NULL));
    assert_true(strlen(err.text) < sizeof(err.text));
    assert_int_equal(err.line, 1);
}

// --- Limits, of every field in the table ---

// {"items":[{"documents":[{ ... one member ... }]}]}, around a shape's own object.
struct way_to { const struct shape *shape; const char *before, *path; };

static struct way_to ways[SHAPES_MAX];
static uint32_t ways_count;

// The first way down to each shape.
static void find_ways(const struct shape *shape, const char *before, const char *path)
{
    for (uint32_t i = 0; i < ways_count; i++)
        if (ways[i].shape == shape) return;
    ways[ways_count++] = (struct way_to){ shape, before, path };
    for (uint32_t f = 0; f < shape->fields_count; f++) {
        const struct field *field = &shape->fields[f];
        if (field->shape == NULL) continue;
        bool list = field->kind == FIELD_LIST;
        struct text inner = text_in(&arena, 128), inner_path = text_in(&arena, 128);
        text_add_format(&inner, "%s\"%s\":%s", before, field->name.at, list ? "[{" : "{");
        text_add_format(&inner_path, "%s%s%s.", path, field->name.at, list ? "[0]" : "");
        find_ways(field->shape, text_span(&inner).at, text_span(&inner_path).at);
    }
}

static void find_all_ways(void)
{
    ways_count = 0;
    find_ways(&declaration_shape, "{", "");
    assert_int_equal(ways_count, all_shapes().count);
}

// A message that has this one member in it.
static struct span around(const struct way_to *way, const struct field *field, const char *value)
{
    struct text text = text_in(&arena, KIB);
    text_add_format(&text, "%s\"%s\":%s", way->before, field->name.at, value);
    for (const char *c = way->before + strlen(way->before); c-- > way->before;)
        if (*c == '{') text_add_char(&text, '}');
        else if (*c == '[') text_add_char(&text, ']');
    assert_false(text.full);
    return text_span(&text);
}

static struct span text_of_bytes(uint32_t count, bool code)
{
    struct text text = text_in(&arena, KIB);
    text_add_char(&text, '"');
    for (uint32_t i = 0; i < count; i++) text_add_char(&text, code ? '-' : ' ');
    text_add_char(&text, '"');
    return text_span(&text);
}

static struct span list_of_empties(uint32_t count)
{
    struct text text = text_in(&arena, KIB);
    text_add_char(&text, '[');
    for (uint32_t i = 0; i < count; i++) text_add(&text, i == 0 ? SPAN("{}") : SPAN(",{}"));
    text_add_char(&text, ']');
    return text_span(&text);
}

static void assert_limit(const struct way_to *way, const struct field *field, struct span fits,
                         struct span is_beyond, const char *says)
{
    struct error err = { 0 };
    struct declaration declaration;
    char path[256];
    snprintf(path, sizeof(path), "%s%s", way->path, field->name.at);
    read_it(around(way, field, fits.at));
    if (try_read(around(way, field, is_beyond.at), &declaration, &err))
        fail_msg("%s has no limit", path);
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_string_equal(err.field, path);
    assert_string_equal(err.text, says);
    assert_int_equal(err.line, 1);
    assert_true(err.column > 1);
}

static void every_text_and_list_is_taken_up_to_its_limit_and_no_further(void **state)
{
    (void)state;
    find_all_ways();
    char says[100];
    size_t mark = arena.used;
    for (uint32_t w = 0; w < ways_count; w++)
        for (uint32_t f = 0; f < ways[w].shape->fields_count; f++) {
            const struct field *field = &ways[w].shape->fields[f];
            uint32_t max = field->max;
            bool code = field->kind == FIELD_CODE;
            arena_reset(&arena, mark);
            if (field->kind == FIELD_LIST) {
                snprintf(says, sizeof(says), "%u of them, and at most %u are taken", max + 1, max);
                assert_limit(&ways[w], field, list_of_empties(max), list_of_empties(max + 1), says);
            }
            if (field->kind != FIELD_TEXT && !code) continue;
            snprintf(says, sizeof(says), "%u bytes, and at most %u are taken", max + 1, max);
            assert_limit(&ways[w], field, text_of_bytes(max, code), text_of_bytes(max + 1, code),
                         says);
        }
}

static void every_field_refuses_every_other_kind_of_value(void **state)
{
    (void)state;
    static const char *const values[] = { "true", "false", "5", "\"x\"", "[]", "{}", "[[]]" };
    static const char *const takes[] = {
        [FIELD_TEXT] = "\"",    [FIELD_CODE] = "\"",  [FIELD_NUMBER] = "5",
        [FIELD_DECIMAL] = "5",  [FIELD_MOMENT] = "",  [FIELD_AMOUNT] = "{",
        [FIELD_QUANTITY] = "{", [FIELD_OBJECT] = "{", [FIELD_LIST] = "[",
    };
    find_all_ways();
    size_t mark = arena.used;
    for (uint32_t w = 0; w < ways_count; w++)
        for (uint32_t f = 0; f < ways[w].shape->fields_count; f++)
            for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
                const struct field *field = &ways[w].shape->fields[f];
                struct declaration declaration;
                struct error err = { 0 };
                arena_reset(&arena, mark);
                bool taken = try_read(around(&ways[w], field, values[v]), &declaration, &err);
                bool fits = takes[field->kind][0] == values[v][0] && strcmp(values[v], "[[]]") != 0;
                if (taken != fits)
                    fail_msg("%s%s: %s is %s", ways[w].path, field->name.at, values[v],
                             taken ? "taken" : err.text);
            }
}

// --- Memory ---

static void a_full_arena_is_a_message_that_is_too_large(void **state)
{
    (void)state;
    struct span text = write_it(everything());
    struct json json;
    struct error err = { 0 };
    struct declaration declaration;
    assert_true(json_read(text, &arena, &json, &err));
    struct arena need = arena;
    assert_true(declaration_read_json(&json, 0, &need, &declaration, &err));
    // Each byte of memory less in some steps: always an error, and never a crash.
    for (size_t size = arena.used; size < need.used; size += 4999) {
        struct arena less = arena;
        less.size = size;
        err = (struct error){ 0 };
        if (declaration_read_json(&json, 0, &less, &declaration, &err)) fail_msg("%zu do", size);
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
        assert_true(err.field[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(each_byte_of_each_struct_belongs_to_exactly_one_field),
        TEST(fields_stand_in_byte_order_of_their_names),
        TEST(each_field_has_a_name_a_limit_and_a_title),
        TEST(no_two_fields_of_a_struct_share_an_element),
        TEST(a_declaration_with_everything_comes_back_from_its_json),
        TEST(its_json_is_canonical),
        TEST(the_capture_with_everything_in_it_has_every_field),
        TEST(members_may_come_in_any_order_and_with_blanks),
        TEST(what_is_absent_is_left_out),
        TEST(numbers_may_be_numbers_or_texts_and_keep_their_digits),
        TEST(moments_are_kept_in_utc),
        TEST(escapes_say_what_they_say),
        TEST(what_is_wrong_is_told_with_its_place_its_field_and_what_to_do),
        TEST(a_long_path_and_a_long_name_are_cut_and_nothing_else),
        TEST(every_text_and_list_is_taken_up_to_its_limit_and_no_further),
        TEST(every_field_refuses_every_other_kind_of_value),
        TEST(a_full_arena_is_a_message_that_is_too_large),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
