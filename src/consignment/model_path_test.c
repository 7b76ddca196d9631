#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "consignment/model.h"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    struct error err;
    return arena_open(&arena, (size_t)64 * MIB, &err) ? 0 : -1;
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

#define assert_says(span, literal) assert_true(span_equal((span), SPAN(literal)))
#define COUNT(row) (sizeof(row) / sizeof((row)[0]))

static struct field_path path_of(const char *text, const struct shape *root)
{
    struct field_path path;
    struct error err = { 0 };
    if (!field_path_read(span_of(text), root, &path, &err)) fail_msg("%s: %s", text, err.text);
    assert_int_equal(err.kind, ERROR_NONE);
    return path;
}

static void set(struct declaration *declaration, const char *path_text, const char *text)
{
    struct error err = { 0 };
    struct field_path path = path_of(path_text, &declaration_shape);
    if (!field_set(&path, declaration, span_of(text), &arena, &err))
        fail_msg("%s: %s", path_text, err.text);
    assert_int_equal(err.kind, ERROR_NONE);
}

static const void *get(const struct declaration *declaration, const char *path_text)
{
    struct field_path path = path_of(path_text, &declaration_shape);
    return field_get(&path, declaration);
}

static struct span write_it(const struct declaration *declaration)
{
    struct span text;
    struct error err = { 0 };
    struct json_writer w = json_writer_in(&arena, KIB);
    declaration_write_json(&w, declaration);
    if (!json_written(&w, &text, &err)) fail_msg("%s", err.text);
    return text;
}

static struct declaration read_it(const char *text)
{
    struct json json;
    struct declaration declaration = { 0 };
    struct error err = { 0 };
    if (!json_read(span_of(text), &arena, &json, &err) ||
        !declaration_read_json(&json, 0, &arena, &declaration, &err))
        fail_msg("%s", err.text);
    return declaration;
}

// --- Every scalar of the table ---

static const char *const values[FIELD_LIST + 1] = {
    [FIELD_TEXT] = "A text",   [FIELD_CODE] = "A", [FIELD_NUMBER] = "7", [FIELD_DECIMAL] = "-1.50",
    [FIELD_AMOUNT] = "-1.50", [FIELD_QUANTITY] = "-1.50",
    [FIELD_MOMENT] = "2026-11-23T20:07:22.000Z",
};

// Sets one field by its path; the JSON is the way to it and nothing else.
static void assert_set(const char *path, const char *json, const char *value, bool quoted)
{
    struct text wanted = text_in(&arena, 256);
    text_add_format(&wanted, quoted ? "%s\"%s\"" : "%s%s", json, value);
    for (const char *c = json + strlen(json); c-- > json;)
        if (*c == '{') text_add_char(&wanted, '}');
        else if (*c == '[') text_add_char(&wanted, ']');
    struct declaration *declaration = arena_take(&arena, 1, sizeof(*declaration));
    assert_non_null(declaration);
    set(declaration, path, value);
    assert_string_equal(write_it(declaration).at, text_span(&wanted).at);

    struct field_path read = path_of(path, &declaration_shape);
    const char *place = field_get(&read, declaration);
    assert_non_null(place);
    struct declaration again = read_it(text_span(&wanted).at);
    assert_string_equal(write_it(&again).at, text_span(&wanted).at);
}

static void set_each(const struct shape *shape, const char *path, const char *json, uint32_t depth,
                     uint32_t *count)
{
    for (uint32_t f = 0; f < shape->fields_count; f++) {
        const struct field *field = &shape->fields[f];
        char inner[128], inner_json[256];
        size_t mark = arena.used;
        bool list = field->kind == FIELD_LIST, pair = field->kind == FIELD_AMOUNT ||
                                                      field->kind == FIELD_QUANTITY;
        snprintf(inner, sizeof(inner), "%s%s%s", path, field->name.at,
                 list ? "[0]." : field->shape != NULL ? "." : "");
        snprintf(inner_json, sizeof(inner_json), "%s\"%s\":%s", json, field->name.at,
                 list ? "[{" : field->shape != NULL ? "{" : "");
        if (field->shape != NULL) {
            assert_true(depth < 8);
            set_each(field->shape, inner, inner_json, depth + 1, count);
            continue;
        }
        ++*count;
        assert_non_null(values[field->kind]);
        if (pair) {
            bool amount = field->kind == FIELD_AMOUNT;
            char part[160], part_json[320];
            snprintf(part_json, sizeof(part_json), "%s{\"value\":", inner_json);
            assert_set(inner, part_json, values[field->kind], true); // the whole is its value
            snprintf(part, sizeof(part), "%s.value", inner);
            assert_set(part, part_json, values[field->kind], true);
            snprintf(part, sizeof(part), "%s.%s", inner, amount ? "currency" : "unit");
            snprintf(part_json, sizeof(part_json), "%s{\"%s\":", inner_json,
                     amount ? "currency" : "unit");
            assert_set(part, part_json, "KGM", true);
        } else {
            assert_set(inner, inner_json, values[field->kind], field->kind != FIELD_NUMBER);
        }
        arena_reset(&arena, mark);
    }
}

static void every_scalar_is_set_by_its_path_and_by_nothing_else(void **state)
{
    (void)state;
    uint32_t count = 0;
    set_each(&declaration_shape, "", "{", 0, &count);
    assert_true(count > 300);
}

// --- Lists ---

static void lists_grow_to_the_index_and_keep_what_they_had(void **state)
{
    (void)state;
    struct declaration d = { 0 };
    set(&d, "items[0].sequence", "1");
    set(&d, "items[2].sequence", "3");
    set(&d, "items[8].documents[1].id", "INV-1");
    set(&d, "items[1].sequence", "2");
    assert_int_equal(d.items.count, 9);
    for (uint32_t i = 0; i < 3; i++) assert_int_equal(d.items.at[i].sequence.value, i + 1);
    assert_false(d.items.at[8].sequence.given);
    assert_int_equal(d.items.at[8].documents.count, 2);
    assert_says(d.items.at[8].documents.at[1].id, "INV-1");
    assert_int_equal(d.items.at[8].documents.at[0].id.len, 0);
}

// A list that was read has no more room than it needs, or as much as a list that grows expects.
static void a_list_that_was_read_can_grow(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 9; count++) {
        struct text text = text_in(&arena, KIB);
        for (uint32_t i = 0; i < count; i++)
            text_add_format(&text, "%s{\"id\":\"C%u\"}", i == 0 ? "{\"containers\":[" : ",", i);
        text_add(&text, SPAN("],\"ucr\":\"X\"}"));
        struct declaration d = read_it(text_span(&text).at);
        char *behind = arena_take(&arena, 64, 1), path[40];
        assert_non_null(behind);
        memset(behind, 'b', 64);
        snprintf(path, sizeof(path), "containers[%u].id", count);
        set(&d, path, "last");
        assert_int_equal(d.containers.count, count + 1);
        assert_says(d.containers.at[0].id, "C0");
        assert_says(d.containers.at[count].id, "last");
        for (size_t i = 0; i < 64; i++) assert_int_equal(behind[i], 'b');
    }
}

static void a_list_grows_up_to_its_limit(void **state)
{
    (void)state;
    struct declaration d = { 0 };
    struct error err = { 0 };
    set(&d, "guarantees[8].id", "last");
    assert_int_equal(d.guarantees.count, 9);
    struct field_path path = path_of("guarantees[9].id", &declaration_shape);
    assert_false(field_set(&path, &d, SPAN("beyond"), &arena, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_string_equal(err.text, "more than 9 of them");
    assert_int_equal(d.guarantees.count, 9);

    struct arena full = arena;
    full.size = arena.used + 16;
    struct field_path items = path_of("items[998].ucr", &declaration_shape);
    assert_false(field_set(&items, &d, SPAN("x"), &full, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_int_equal(d.items.count, 0);
    assert_true(field_set(&items, &d, SPAN("x"), &arena, &err));
    assert_int_equal(d.items.count, 999);
}

static void what_is_beyond_the_end_of_a_list_is_nowhere(void **state)
{
    (void)state;
    struct declaration d =
        read_it("{\"items\":[{\"ucr\":\"U0\"},{\"origins\":[{\"typeCode\":\"2\"}]}]}");
    assert_null(get(&d, "items[2].ucr"));
    assert_null(get(&d, "items[0].origins[0].countryCode"));
    assert_null(get(&d, "containers.id"));
    assert_says(*(const struct span *)get(&d, "items[1].origins[0].typeCode"), "2");
    // Without an index: the first. Of a path that ends at a list: the list.
    assert_ptr_equal(get(&d, "items.ucr"), &d.items.at[0].ucr);
    assert_ptr_equal(get(&d, "items"), &d.items);
    assert_ptr_equal(get(&d, "importer"), &d.importer);
    assert_ptr_equal(get(&d, "importer.address.cityName"), &d.importer.address.city_name);
}

static void a_path_may_begin_at_an_item(void **state)
{
    (void)state;
    struct declaration d = read_it("{\"items\":[{},{\"price\":{\"currency\":\"USD\"}}]}");
    struct field_path path = path_of("price.currency", &item_shape);
    assert_int_equal(path.part, FIELD_UNIT);
    assert_ptr_equal(field_get(&path, &d.items.at[1]), &d.items.at[1].price);
}

// --- Paths that lead nowhere ---

struct refusal { const char *path, *says, *hint; };

static const struct refusal refusals[] = {
    { "", "there is no field '' in declaration",
      "Fields are listed in docs/declaration.schema.json." },
    { "importers.id", "there is no field 'importers' in declaration", "Did you mean 'importer'?" },
    { "importer.nmae", "there is no field 'nmae' in party", "Did you mean 'name'?" },
    { "importer.ID", "there is no field 'ID' in party", "Did you mean 'id'?" },
    { "importer.", "there is no field '' in party",
      "Fields are listed in docs/declaration.schema.json." },
    { ".ucr", "there is no field '' in declaration",
      "Fields are listed in docs/declaration.schema.json." },
    { "ucr.", "'ucr' has no field ''", "" },
    { "ucr.value", "'ucr' has no field 'value'", "" },
    { "freight.unit", "'freight' has no field 'unit'", "" },
    { "freight.value.value", "'freight' has no field 'value'", "" },
    { "items[0].supplementaryUnits.currency", "'supplementaryUnits' has no field 'currency'", "" },
    { "ucr[0]", "'ucr' is not a list", "" },
    { "importer[0].id", "'importer' is not a list", "" },
    { "items[]", "'items[]' is not a step of a path", "" },
    { "items[0", "'items[0' is not a step of a path", "" },
    { "items[0]x", "'items[0]x' is not a step of a path", "" },
    { "items[-1]", "'items[-1]' is not a step of a path", "" },
    { "items[01]", "'items[01]' is not a step of a path", "" },
    { "items[999]", "'items[999]' is not a step of a path", "" },
    { "items[99999999999999999999]", "'items[99999999999999999999]' is not a step of a path", "" },
    { "items[1][2]", "'items[1][2]' is not a step of a path", "" },
};

static void a_path_that_leads_nowhere_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct field_path path;
        struct error err = { 0 };
        if (field_path_read(span_of(refusals[i].path), &declaration_shape, &path, &err))
            fail_msg("%s is taken", refusals[i].path);
        assert_string_equal(err.text, refusals[i].says);
        assert_string_equal(err.hint, refusals[i].hint);
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_false(field_path_read(span_of(refusals[i].path), &declaration_shape, &path, NULL));
    }
}

struct wrong_value { const char *path, *text, *says; enum error_kind kind; };

// The texts of CSV and XML, which no JSON reader looked at before.
static const struct wrong_value wrong_values[] = {
    { "importer", "x", "'importer' holds other fields", ERROR_SYNTAX },
    { "items", "x", "'items' holds other fields", ERROR_SYNTAX },
    { "typeCode", "IM A", "byte 0x20 is not allowed in a code", ERROR_SYNTAX },
    { "typeCode", "IMPORTS", "7 bytes, and at most 6 are taken", ERROR_TOO_LARGE },
    { "ucr", "a\x01", "byte 0x01 is not allowed in a text", ERROR_SYNTAX },
    { "ucr", "12345678\x1F", "byte 0x1F is not allowed in a text", ERROR_SYNTAX },
    { "ucr", "1234567\x7F", "byte 0x7F is not allowed in a text", ERROR_SYNTAX },
    { "ucr", "a\xFF", "byte 0xFF is not UTF-8 here", ERROR_SYNTAX },
    { "ucr", "12345678 \xC3", "byte 0xC3 is not UTF-8 here", ERROR_SYNTAX },
    { "goodsItemCount", "two", "'two' where a whole number is expected", ERROR_SYNTAX },
    { "goodsItemCount", "2\n", "a text where a whole number is expected", ERROR_SYNTAX },
    { "goodsItemCount", "20260101202601012026010120260101202601010",
      "a text where a whole number is expected", ERROR_SYNTAX },
    { "totalGrossMass", "", "a number begins with a digit", ERROR_SYNTAX },
    { "freight.currency", "EUR EUR", "7 bytes, and at most 6 are taken", ERROR_TOO_LARGE },
    { "freight.currency", "E\xC3\xA9", "byte 0xC3 is not allowed in a code", ERROR_SYNTAX },
    { "issuedAt", "today", "the year is four digits from 1900 to 2999", ERROR_SYNTAX },
};

static void a_text_that_does_not_fit_is_told_and_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(wrong_values); i++) {
        struct declaration d = { .ucr = SPAN("as it was") }, before = d;
        struct error err = { 0 };
        struct field_path path = path_of(wrong_values[i].path, &declaration_shape);
        if (field_set(&path, &d, span_of(wrong_values[i].text), &arena, &err))
            fail_msg("%s: '%s' is taken", wrong_values[i].path, wrong_values[i].text);
        assert_string_equal(err.text, wrong_values[i].says);
        assert_int_equal(err.kind, wrong_values[i].kind);
        assert_memory_equal(&d, &before, sizeof(d));
    }
}

// Whatever stands at whatever place of a text of whatever length.
static void each_byte_is_allowed_or_not_wherever_it_stands(void **state)
{
    (void)state;
    struct field_path text_path = path_of("importer.name", &declaration_shape);
    struct field_path code_path = path_of("id", &declaration_shape);
    for (size_t len = 1; len <= 20; len++)
        for (size_t at = 0; at < len; at++)
            for (unsigned byte = 0; byte < 256; byte++) {
                struct declaration d = { 0 };
                struct error err = { 0 };
                char bytes[20];
                memset(bytes, 'x', sizeof(bytes));
                bytes[at] = (char)byte;
                struct span text = { bytes, len };
                bool in_text = (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\r' ||
                               byte == '\t';
                bool in_code = byte > 0x20 && byte < 0x7F;
                assert_int_equal(field_set(&text_path, &d, text, &arena, &err), in_text);
                assert_int_equal(field_set(&code_path, &d, text, &arena, &err), in_code);
            }
}

// --- Names that are near ---

static void edits_are_counted_up_to_the_most(void **state)
{
    (void)state;
    assert_int_equal(name_edits(SPAN("price"), SPAN("price"), 9), 0);
    assert_int_equal(name_edits(SPAN("price"), SPAN("PRICE"), 9), 0);
    assert_int_equal(name_edits(SPAN("price"), SPAN("prices"), 9), 1);
    assert_int_equal(name_edits(SPAN("kitten"), SPAN("sitting"), 9), 3);
    assert_int_equal(name_edits(SPAN("kitten"), SPAN("sitting"), 2), 2);
    assert_int_equal(name_edits(SPAN(""), SPAN("abc"), 9), 3);
    assert_int_equal(name_edits(SPAN(""), SPAN(""), 9), 0);
    char longest[41];
    memset(longest, 'a', sizeof(longest));
    struct span forty = { longest, 40 }, more = { longest, 41 };
    assert_int_equal(name_edits(forty, forty, 9), 0);
    assert_int_equal(name_edits(forty, more, 9), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(every_scalar_is_set_by_its_path_and_by_nothing_else),
        TEST(lists_grow_to_the_index_and_keep_what_they_had),
        TEST(a_list_that_was_read_can_grow),
        TEST(a_list_grows_up_to_its_limit),
        TEST(what_is_beyond_the_end_of_a_list_is_nowhere),
        TEST(a_path_may_begin_at_an_item),
        TEST(a_path_that_leads_nowhere_is_told),
        TEST(a_text_that_does_not_fit_is_told_and_changes_nothing),
        TEST(each_byte_is_allowed_or_not_wherever_it_stands),
        TEST(edits_are_counted_up_to_the_most),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
