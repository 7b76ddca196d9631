#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/schema.h"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    struct error err;
    return arena_open(&arena, MIB, &err) ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

static void assert_writes(struct schema schema, struct span expected)
{
    struct json_writer w = json_writer_in(&arena, 64);
    struct span text;
    struct json json;
    struct error err;
    schema_write(&w, &schema);
    assert_true(json_written(&w, &text, &err));
    if (!span_equal(text, expected)) fail_msg("it is " SPAN_FMT, SPAN_ARG(text));
    assert_true(json_read(text, &arena, &json, &err));
}

static void a_member_is_needed_unless_it_is_asked_whether(void **state)
{
    (void)state;
    assert_writes((struct schema){ "Row", "One.", .members = "file: text, score?: whole" },
                  SPAN("{\"description\":\"One.\",\"type\":\"object\",\"required\":[\"file\"],"
                       "\"properties\":{\"file\":{\"type\":\"string\"},\"score\":"
                       "{\"type\":\"integer\",\"minimum\":0}},\"additionalProperties\":false}"));
    assert_writes((struct schema){ "Act", "None.", .members = "after?: truth" },
                  SPAN("{\"description\":\"None.\",\"type\":\"object\",\"properties\":{\"after\":"
                       "{\"type\":\"boolean\"}},\"additionalProperties\":false}"));
}

static void lists_words_and_others_are_types(void **state)
{
    (void)state;
    assert_writes((struct schema){ "X", "", .type = "[Row]" },
                  SPAN("{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Row\"}}"));
    assert_writes((struct schema){ "X", "", .type = "Row | 'none'" },
                  SPAN("{\"anyOf\":[{\"$ref\":\"#/components/schemas/Row\"},"
                       "{\"const\":\"none\"}]}"));
    assert_writes((struct schema){ "X", "", .type = "[text | whole]" },
                  SPAN("{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":\"string\"},"
                       "{\"type\":\"integer\",\"minimum\":0}]}}"));
    assert_writes((struct schema){ "X", "", .type = "anything" }, SPAN("{}"));
}

static const char *colour(uint32_t number)
{
    static const char *const names[] = { "green", "red", NULL };
    return names[number];
}

static void words_come_from_where_they_are_kept(void **state)
{
    (void)state;
    assert_writes((struct schema){ "Colour", "Two.", .word = colour },
                  SPAN("{\"description\":\"Two.\",\"type\":\"string\","
                       "\"enum\":[\"green\",\"red\"]}"));
}

static void names_that_are_mentioned_are_found(void **state)
{
    (void)state;
    struct span rest = SPAN("file: text, rows: [Row | 'None'], by?: Officer"), name;
    assert_true(schema_mentions(&rest, &name));
    assert_true(span_equal(name, SPAN("Row")));
    assert_true(schema_mentions(&rest, &name));
    assert_true(span_equal(name, SPAN("Officer")));
    assert_false(schema_mentions(&rest, &name));
}

static void members_are_known_by_name(void **state)
{
    (void)state;
    struct span members = SPAN("file: text, score?: whole");
    assert_true(schema_has(members, SPAN("score")));
    assert_false(schema_has(members, SPAN("text")));
    assert_false(schema_has(SPAN(""), SPAN("file")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_needed_unless_it_is_asked_whether),
        cmocka_unit_test(lists_words_and_others_are_types),
        cmocka_unit_test(words_come_from_where_they_are_kept),
        cmocka_unit_test(names_that_are_mentioned_are_found),
        cmocka_unit_test(members_are_known_by_name),
    };
    return cmocka_run_group_tests_name("schema", tests, open_arena, close_arena);
}
