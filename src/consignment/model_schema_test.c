#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

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

static const char *path_of(const char *folder, const char *name)
{
    const char *root = getenv("TIDEWAITER_ROOT");
    struct text path = text_in(&arena, 256);
    text_add_format(&path, "%s/%s%s", root ? root : ".", folder, name);
    return text_span(&path).at;
}

static struct span file_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("there is no %s", path);
    char *text = arena_take(&arena, MIB, 1);
    assert_non_null(text);
    size_t len = fread(text, 1, MIB, file);
    assert_int_equal(fclose(file), 0);
    assert_true(len < MIB);
    return (struct span){ text, len };
}

// --- The page ---

static struct json schema_json(void)
{
    struct json json;
    struct span text;
    struct error err = { 0 };
    struct json_writer w = json_writer_in(&arena, (size_t)64 * KIB);
    model_write_schema(&w);
    if (!json_written(&w, &text, &err)) fail_msg("%s", err.text);
    if (!json_read(text, &arena, &json, &err)) fail_msg("%u: %s", err.column, err.text);
    return json;
}

// As people read it: a member a line, but what is short stands in one.
static void lay_out(struct text *text, const struct json *json, uint32_t node, int depth)
{
    enum { ONE_LINE_MAX = 90 };
    const struct json_node *n = &json->nodes[node];
    bool object = n->kind == JSON_OBJECT, holds = object || n->kind == JSON_ARRAY;
    bool one_line = !holds || n->count == 0 || (depth > 1 && n->len <= ONE_LINE_MAX);
    if (n->kind == JSON_STRING) {
        text_add_format(text, "\"" SPAN_FMT "\"", SPAN_ARG(json_raw(json, node)));
        return;
    }
    if (!holds) {
        text_add(text, json_raw(json, node));
        return;
    }
    text_add_char(text, object ? '{' : '[');
    for (uint32_t i = node + 1; i < n->next; i = json->nodes[i].next) {
        if (i > node + 1) text_add(text, one_line ? SPAN(", ") : SPAN(","));
        if (!one_line) text_add_format(text, "\n%*s", 2 * (depth + 1), "");
        if (object) text_add_format(text, "\"" SPAN_FMT "\": ", SPAN_ARG(json_raw(json, i)));
        if (object) i++;
        lay_out(text, json, i, depth + 1);
    }
    if (!one_line) text_add_format(text, "\n%*s", 2 * depth, "");
    text_add_char(text, object ? '}' : ']');
}

static void the_schema_in_docs_is_that_of_the_model(void **state)
{
    (void)state;
    const char *path = path_of("docs/", "declaration.schema.json");
    struct json json = schema_json();
    struct text expected = text_in(&arena, (size_t)64 * KIB);
    lay_out(&expected, &json, 0, 0);
    text_add_char(&expected, '\n');
    assert_false(expected.full);
    if (getenv("TIDEWAITER_WRITE_DOCS") != NULL) {
        FILE *page = fopen(path, "w");
        assert_non_null(page);
        assert_int_equal(fwrite(expected.at, 1, expected.len, page), expected.len);
        assert_int_equal(fclose(page), 0);
    }
    if (!span_equal(file_text(path), text_span(&expected)))
        fail_msg("%s is not that of the model; set TIDEWAITER_WRITE_DOCS to write it", path);
}

// --- What refers to something ---

static uint32_t need_member(const struct json *json, uint32_t object, struct span key)
{
    uint32_t value = json_member(json, object, key);
    if (value == 0) fail_msg("there is no '" SPAN_FMT "' in the schema", SPAN_ARG(key));
    return value;
}

static void each_reference_of_the_schema_has_its_definition(void **state)
{
    (void)state;
    static const struct span before = SPAN_INIT("#/$defs/");
    struct json json = schema_json();
    uint32_t definitions = need_member(&json, 0, SPAN("$defs")), count = 0;
    for (uint32_t node = 0; node < json.count; node++) {
        uint32_t reference = json.nodes[node].kind != JSON_OBJECT
                                 ? 0 : json_member(&json, node, SPAN("$ref"));
        if (reference == 0) continue;
        struct span to = json_raw(&json, reference);
        assert_true(span_starts_with(to, before));
        need_member(&json, definitions,
                    (struct span){ to.at + before.len, to.len - before.len });
        count++;
    }
    assert_true(count > 150);
}

static void the_schema_has_every_field_of_the_model(void **state)
{
    (void)state;
    struct json json = schema_json();
    uint32_t definitions = need_member(&json, 0, SPAN("$defs"));
    const struct shape *shapes[] = { &declaration_shape, &item_shape, &party_shape };
    for (size_t s = 0; s < 3; s++) {
        uint32_t object = s == 0 ? 0 : need_member(&json, definitions, span_of(shapes[s]->name));
        uint32_t properties = need_member(&json, object, SPAN("properties"));
        assert_int_equal(json.nodes[properties].count, shapes[s]->fields_count);
        for (uint32_t f = 0; f < shapes[s]->fields_count; f++)
            need_member(&json, properties, shapes[s]->fields[f].name);
    }
}

// --- The captures ---

// Files named accepted-... and lenient-... are taken, refused-... and strict-... are not. What the
// schema says of the same files is told by tests/schema_peer.py.
static void each_capture_is_taken_or_refused_as_its_name_says(void **state)
{
    (void)state;
    const char *folder = path_of("src/consignment/captures/declaration", "");
    DIR *captures = opendir(folder);
    assert_non_null(captures);
    uint32_t taken_count = 0, refused_count = 0;
    size_t mark = arena.used;
    for (struct dirent *entry; (entry = readdir(captures)) != NULL; arena_reset(&arena, mark)) {
        if (entry->d_name[0] == '.') continue;
        struct span name = span_of(entry->d_name);
        bool wanted = span_starts_with(name, SPAN("accepted-")) ||
                      span_starts_with(name, SPAN("lenient-"));
        if (!wanted && !span_starts_with(name, SPAN("refused-")) &&
            !span_starts_with(name, SPAN("strict-")))
            fail_msg("%s: the name says nothing", entry->d_name);
        struct json json;
        struct declaration declaration;
        struct error err = { 0 };
        struct span text =
            file_text(path_of("src/consignment/captures/declaration/", entry->d_name));
        if (!json_read(text, &arena, &json, &err)) fail_msg("%s: %s", entry->d_name, err.text);
        bool taken = declaration_read_json(&json, 0, &arena, &declaration, &err);
        if (taken != wanted) fail_msg("%s: %s", entry->d_name, taken ? "taken" : err.text);
        taken ? taken_count++ : refused_count++;
    }
    assert_int_equal(closedir(captures), 0);
    assert_true(taken_count >= 10);
    assert_true(refused_count >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(the_schema_in_docs_is_that_of_the_model),
        TEST(each_reference_of_the_schema_has_its_definition),
        TEST(the_schema_has_every_field_of_the_model),
        TEST(each_capture_is_taken_or_refused_as_its_name_says),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
