#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

#define assert_says(span, literal) assert_true(span_equal((span), SPAN(literal)))

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

static struct json read_it(struct span text)
{
    struct json json;
    struct error err = { 0 };
    if (!json_read(text, &arena, &json, &err)) fail_msg("%u:%u %s", err.line, err.column, err.text);
    return json;
}

static struct error refuse_it(struct span text)
{
    struct json json;
    struct error err = { 0 };
    size_t used = arena.used;
    assert_false(json_read(text, &arena, &json, &err));
    assert_int_equal(arena.used, used);
    return err;
}

static struct span string_of(struct json json, uint32_t node)
{
    struct span s;
    assert_true(json_string(&json, node, &arena, &s, NULL));
    return s;
}

// --- Nodes ---

static void nodes_stand_in_the_order_of_the_text_and_know_what_follows_them(void **state)
{
    (void)state;
    struct json json = read_it(SPAN(" {\"a\": [1, \"x\\n\", {}], \"b\": null } "));
    static const struct {
        enum json_kind kind;
        const char *raw;
        uint32_t next, count;
    } wanted[] = {
        { JSON_OBJECT, "{\"a\": [1, \"x\\n\", {}], \"b\": null }", 8, 2 },
        { JSON_STRING, "a", 2, 0 },
        { JSON_ARRAY, "[1, \"x\\n\", {}]", 6, 3 },
        { JSON_NUMBER, "1", 4, 0 },
        { JSON_STRING, "x\\n", 5, 0 },
        { JSON_OBJECT, "{}", 6, 0 },
        { JSON_STRING, "b", 7, 0 },
        { JSON_NULL, "null", 8, 0 },
    };
    assert_int_equal(json.count, sizeof(wanted) / sizeof(wanted[0]));
    for (uint32_t i = 0; i < json.count; i++) {
        assert_int_equal(json.nodes[i].kind, wanted[i].kind);
        assert_true(span_equal(json_raw(&json, i), span_of(wanted[i].raw)));
        assert_int_equal(json.nodes[i].next, wanted[i].next);
        assert_int_equal(json.nodes[i].count, wanted[i].count);
        assert_int_equal(json.nodes[i].escaped, i == 4);
    }
}

static void reading_takes_no_more_of_the_arena_than_its_nodes(void **state)
{
    (void)state;
    struct json json =
        read_it(SPAN("[1, 2, 3, \"a rather long text to make room for many more\"]"));
    assert_ptr_equal(arena.start + arena.used, (const char *)(json.nodes + json.count));
}

static void an_arena_that_is_too_small_is_said_so(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct json json;
    struct span text =
        SPAN("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]");
    bool fitted = false;
    _Alignas(16) static char memory[1024];
    for (size_t size = 0; size <= sizeof(memory); size += 16) {
        struct arena small = arena_over(memory, size);
        bool fits = json_read(text, &small, &json, &err);
        assert_true(fits || !fitted); // never less in more
        assert_int_equal(fits ? ERROR_TOO_LARGE : err.kind, ERROR_TOO_LARGE);
        fitted = fits;
        arena_reset(&small, 0);
    }
    assert_true(fitted);
}

static void a_message_above_the_limit_is_too_large(void **state)
{
    (void)state;
    size_t len = (size_t)JSON_TEXT_MAX + 1;
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, ' ', len);
    text[0] = '7';
    assert_int_equal(refuse_it((struct span){ text, len }).kind, ERROR_TOO_LARGE);
    read_it((struct span){ text, len - 1 });
    free(text);
}

// --- Strings and members ---

static void a_string_without_escapes_is_a_view_into_the_message(void **state)
{
    (void)state;
    struct span text = SPAN("\"Mombasa\"");
    struct span s = string_of(read_it(text), 0);
    assert_ptr_equal(s.at, text.at + 1);
    assert_int_equal(s.len, 7);
}

static void escapes_are_decoded_into_the_arena(void **state)
{
    (void)state;
    struct json json =
        read_it(SPAN("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"a\\u0000b\",\"\\u00e9\\u20AC\","
                     "\"\\ud83d\\udea2 \xF0\x9F\x9A\xA2\",\"x\\u0041y\\u0042z\","
                     "\"\\uDBFF\\uDFFF\\uFFFF\"]"));
    assert_says(string_of(json, 1), "\"\\/\b\f\n\r\t");
    assert_says(string_of(json, 2), "a\0b");
    assert_says(string_of(json, 3), "\xC3\xA9\xE2\x82\xAC");
    assert_says(string_of(json, 4), "\xF0\x9F\x9A\xA2 \xF0\x9F\x9A\xA2");
    assert_says(string_of(json, 5), "xAyBz");
    assert_says(string_of(json, 6), "\xF4\x8F\xBF\xBF\xEF\xBF\xBF");
}

static void a_string_that_does_not_fit_is_too_large(void **state)
{
    (void)state;
    struct json json = read_it(SPAN("\"0123456789012345678901234567890123456789\\n\""));
    _Alignas(16) static char memory[32];
    struct arena small = arena_over(memory, sizeof(memory));
    struct span s;
    struct error err = { 0 };
    assert_false(json_string(&json, 0, &small, &s, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

static void a_member_is_found_by_what_its_key_says(void **state)
{
    (void)state;
    struct json json =
        read_it(SPAN("{\"ab\":1,\"a\":[{\"c\":2}],\"\":3,\"p\\u006frt\":4,\"\\n\":5}"));
    assert_says(json_raw(&json, json_member(&json, 0, SPAN("ab"))), "1");
    assert_says(json_raw(&json, json_member(&json, 0, SPAN("a"))), "[{\"c\":2}]");
    assert_says(json_raw(&json, json_member(&json, 0, SPAN(""))), "3");
    assert_says(json_raw(&json, json_member(&json, 0, SPAN("port"))), "4");
    assert_says(json_raw(&json, json_member(&json, 0, SPAN("\n"))), "5");
    assert_int_equal(json_member(&json, 0, SPAN("c")), 0); // it is a member of a member
    assert_int_equal(json_member(&json, 0, SPAN("b")), 0);
    assert_int_equal(json_member(&json, 0, SPAN("por")), 0);
    assert_int_equal(json_member(&json, 0, SPAN("ports")), 0);
    assert_int_equal(json_member(&json, 0, SPAN("abc")), 0);
    assert_int_equal(json_member(&json, 0, SPAN("p\\u006frt")), 0);
}

// --- Keys that stand twice ---

// An object of these keys; what is at `twice` (if it is below `count`) stands at the end again.
static struct span object_of(struct span *keys, size_t count, size_t twice)
{
    struct json_writer w = json_writer_in(&arena, 64);
    json_open_object(&w);
    for (size_t i = 0; i < count; i++) {
        json_key(&w, keys[i]);
        json_write_i64(&w, (int64_t)i);
    }
    if (twice < count) {
        json_key(&w, keys[twice]);
        json_write_raw(&w, SPAN("[]"));
    }
    json_close_object(&w);
    struct span text;
    assert_true(json_written(&w, &text, NULL));
    return text;
}

static void check_repetitions(struct span *keys, size_t count)
{
    read_it(object_of(keys, count, count));
    size_t step = count / 7 + 1;
    for (size_t twice = 0; twice < count; twice += step) {
        struct span text = object_of(keys, count, twice);
        struct error err = refuse_it(text);
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_int_equal(err.column, text.len - keys[twice].len - 5); // the second one's quote
        char wanted[100];
        snprintf(wanted, sizeof(wanted), "key '" SPAN_FMT "' stands here again",
                 SPAN_ARG(keys[twice]));
        assert_string_equal(err.text, wanted);
    }
}

static struct span numbered_key(const char *before, size_t number)
{
    struct text text = text_in(&arena, 32);
    text_add_format(&text, "%s%zu", before, number);
    return text_span(&text);
}

static void a_key_that_stands_twice_is_found_among_few_and_among_many(void **state)
{
    (void)state;
    static const size_t counts[] = { 1, 2, 3, 9, 31, 32, 33, 34, 64, 65, 300, 5000 };
    static const char *const befores[] = { "", "k", "declarant", "the same sixteen and more " };
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
        for (size_t b = 0; b < sizeof(befores) / sizeof(befores[0]); b++) {
            arena_reset(&arena, 0);
            struct span *keys = arena_take(&arena, counts[c], sizeof(*keys));
            for (size_t i = 0; i < counts[c]; i++) keys[i] = numbered_key(befores[b], i);
            check_repetitions(keys, counts[c]);
        }
}

static void a_key_that_stands_twice_is_found_among_keys_that_were_made_to_collide(void **state)
{
    (void)state;
    enum { COUNT = 60, SLOTS = 128 }; // the reader's table for 33 to 64 keys
    struct span keys[COUNT];
    for (size_t found = 0, number = 0; found < COUNT; number++) {
        struct span key = numbered_key("k", number);
        if (key_of(key) % SLOTS == 5) keys[found++] = key;
    }
    check_repetitions(keys, COUNT);
}

static void a_key_that_stands_twice_is_found_however_it_is_spelled(void **state)
{
    (void)state;
    struct json_writer w = json_writer_in(&arena, 64);
    json_open_object(&w);
    for (size_t i = 0; i < 100; i++) {
        json_key(&w, numbered_key("k", i));
        json_write_bool(&w, true);
    }
    size_t place = w.text.len + 2;
    json_write_raw(&w, SPAN("\"k\\u00377\":1"));
    json_close_object(&w);
    struct span text;
    assert_true(json_written(&w, &text, NULL));
    assert_int_equal(refuse_it(text).column, place);
    assert_string_equal(refuse_it(SPAN("{\"\\u00e9\":1,\"\xC3\xA9\":2}")).text,
                        "key '\xC3\xA9' stands here again");
}

static void objects_apart_may_have_the_same_keys(void **state)
{
    (void)state;
    read_it(SPAN("[{\"a\":{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}},\"b\":1},{\"b\":1,\"a\":1}]"));
}

// --- Messages ---

static void an_error_names_the_place_what_was_found_and_what_was_expected(void **state)
{
    (void)state;
    static const struct {
        struct span text;
        unsigned line, column;
        const char *says, *hint;
    } cases[] = {
        { SPAN_INIT("{\n  \"a\": 1,\n  \"b\" 2\n}"), 3, 7, "found '2', expected ':' behind the key",
          "" },
        { SPAN_INIT("[1,\r\n2,\r\n]"), 3, 1, "found ']', expected a value",
          "A comma stands only between two values." },
        { SPAN_INIT("{\"a\":}"), 1, 6, "found '}', expected a value",
          "A value stands behind each colon." },
        { SPAN_INIT("{\"a\":1,}"), 1, 8, "found '}', expected a key",
          "A comma stands only between two members." },
        { SPAN_INIT("[1 2]"), 1, 4, "found '2', expected ',' or ']'", "" },
        { SPAN_INIT("{\"a\":1"), 1, 7, "found the end, expected ',' or '}'",
          "The message is cut short." },
        { SPAN_INIT("[01]"), 1, 2, "a number with a leading zero",
          "Write the number without it, or as a string." },
        { SPAN_INIT("\"a\nb\""), 1, 3, "a control character in a string",
          "Write it as an escape: \\n, \\t or \\u and four digits." },
        { SPAN_INIT("['a']"), 1, 2, "found \"'\", expected a value",
          "Strings and keys stand in double quotes." },
        { SPAN_INIT("[\xC2\xA0"
                    "1]"),
          1, 2, "found '\xC2\xA0' (U+00A0), expected a value", "" },
        { SPAN_INIT("[\xF0\x9F\x9A\xA2]"), 1, 2,
          "found '\xF0\x9F\x9A\xA2' (U+1F6A2), expected a value", "" },
        { SPAN_INIT("\xEF\xBB\xBF{}"), 1, 1, "found '\xEF\xBB\xBF' (U+FEFF), expected a value",
          "Save the message as UTF-8 without a byte order mark." },
        { SPAN_INIT("[1]\x01"), 1, 4, "found byte 0x01, expected nothing behind the value", "" },
        { SPAN_INIT("{\"place\": \"caf\xC3\"}"), 1, 15, "byte 0xC3 at offset 14 is not UTF-8 here",
          "Send the message as UTF-8." },
        { SPAN_INIT("\xFF\xFE[\0]\0"), 1, 1, "byte 0xFF at offset 0 is not UTF-8 here",
          "This looks like UTF-16; send UTF-8." },
        { SPAN_INIT("[[[[[[[[[[[[[[[[[1"), 1, 17, "more than 16 levels of arrays and objects",
          "Nest less deeply." },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = refuse_it(cases[i].text);
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_string_equal(err.text, cases[i].says);
        assert_string_equal(err.hint, cases[i].hint);
        assert_int_equal(err.line, cases[i].line);
        assert_int_equal(err.column, cases[i].column);
    }
}

static void an_error_about_a_node_names_its_place_and_its_field(void **state)
{
    (void)state;
    struct json json =
        read_it(SPAN("{\"ucr\":\"x\",\n \"items\":[{},{\"origin\":\"QQ\",\"n\":[7]}]}"));
    struct error err;
    uint32_t items = json_member(&json, 0, SPAN("items"));
    uint32_t item = json.nodes[items + 1].next;
    uint32_t origin = json_member(&json, item, SPAN("origin"));
    assert_false(json_error(&json, origin, &err, "unknown country '%s'", "QQ"));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_string_equal(err.text, "unknown country 'QQ'");
    assert_string_equal(err.field, "items[1].origin");
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 24);

    json_error(&json, origin - 1, &err, "an unknown member"); // of a key: the member's field
    assert_string_equal(err.field, "items[1].origin");
    assert_int_equal(err.column, 15);
    json_error(&json, json_member(&json, item, SPAN("n")) + 1, &err, "too few");
    assert_string_equal(err.field, "items[1].n[0]");
    json_error(&json, items, &err, "too few");
    assert_string_equal(err.field, "items");
    json_error(&json, 0, &err, "too few");
    assert_string_equal(err.field, "");
    assert_int_equal(err.column, 1);
    assert_false(json_error(&json, 0, NULL, "nobody asks"));
}

static void a_field_too_long_for_an_error_is_cut(void **state)
{
    (void)state;
    struct span key = numbered_key("a key of many letters, as nobody should give it to a field of "
                                   "his, yet somebody will, for want of a better one ",
                                   1);
    struct span text = object_of(&key, 1, 1);
    struct json json = read_it(text);
    struct error err;
    json_error(&json, 2, &err, "too long");
    assert_int_equal(strlen(err.field), sizeof(err.field) - 1);
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(json_kind_name(JSON_NULL), "null");
    assert_string_equal(json_kind_name(JSON_ARRAY), "array");
    assert_string_equal(json_kind_name(JSON_OBJECT), "object");
}

// --- Writing ---

static void the_writer_puts_in_commas_and_escapes(void **state)
{
    (void)state;
    struct json_writer w = json_writer_in(&arena, 1);
    json_open_object(&w);
    json_key(&w, SPAN("a"));
    json_open_array(&w);
    json_write_i64(&w, INT64_MIN);
    json_write_i64(&w, 0);
    json_write_bool(&w, false);
    json_open_array(&w);
    json_close_array(&w);
    json_open_object(&w);
    json_close_object(&w);
    json_write_raw(&w, SPAN("1.50"));
    json_close_array(&w);
    json_key(&w, SPAN("b"));
    json_write_string(&w, SPAN("\"\\/\b\f\n\r\t\x01\x1F\x7F\xC3\xA9\0"));
    json_key(&w, SPAN(""));
    json_write_string(&w, SPAN(""));
    json_key(&w, SPAN("c"));
    json_write_string(&w, SPAN("plain"));
    json_close_object(&w);

    struct span s;
    assert_true(json_written(&w, &s, NULL));
    assert_says(s, "{\"a\":[-9223372036854775808,0,false,[],{},1.50],"
                   "\"b\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\xC3\xA9\\u0000\","
                   "\"\":\"\",\"c\":\"plain\"}");
}

static void whatever_string_is_written_reads_as_itself(void **state)
{
    (void)state;
    for (size_t len = 0; len < 70; len++) {
        for (int special = 0; special < 0x80; special += len % 7 == 0 ? 1 : 31) {
            arena_reset(&arena, 0);
            char bytes[70];
            for (size_t i = 0; i < len; i++) bytes[i] = (char)('a' + i % 26);
            if (len > 0) bytes[(size_t)special * 7 % len] = (char)special;
            struct json_writer w = json_writer_in(&arena, 8);
            json_write_string(&w, (struct span){ bytes, len });
            struct span written;
            assert_true(json_written(&w, &written, NULL));
            struct span again = string_of(read_it(written), 0);
            assert_true(span_equal(again, (struct span){ bytes, len }));
        }
    }
}

static void a_writer_whose_arena_is_full_says_so_at_the_end(void **state)
{
    (void)state;
    _Alignas(16) static char memory[256];
    struct arena small = arena_over(memory, sizeof(memory));
    struct json_writer w = json_writer_in(&small, 16);
    json_open_array(&w);
    for (int i = 0; i < 100; i++) {
        json_open_object(&w);
        json_key(&w, SPAN("key"));
        json_write_string(&w, SPAN("tab\tand text"));
        json_key(&w, SPAN("number"));
        json_write_i64(&w, i);
        json_close_object(&w);
    }
    json_close_array(&w);
    struct span s;
    struct error err = { 0 };
    assert_false(json_written(&w, &s, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

#define fresh(test) cmocka_unit_test_setup(test, empty_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        fresh(nodes_stand_in_the_order_of_the_text_and_know_what_follows_them),
        fresh(reading_takes_no_more_of_the_arena_than_its_nodes),
        fresh(an_arena_that_is_too_small_is_said_so),
        fresh(a_message_above_the_limit_is_too_large),
        fresh(a_string_without_escapes_is_a_view_into_the_message),
        fresh(escapes_are_decoded_into_the_arena),
        fresh(a_string_that_does_not_fit_is_too_large),
        fresh(a_member_is_found_by_what_its_key_says),
        fresh(a_key_that_stands_twice_is_found_among_few_and_among_many),
        fresh(a_key_that_stands_twice_is_found_among_keys_that_were_made_to_collide),
        fresh(a_key_that_stands_twice_is_found_however_it_is_spelled),
        fresh(objects_apart_may_have_the_same_keys),
        fresh(an_error_names_the_place_what_was_found_and_what_was_expected),
        fresh(an_error_about_a_node_names_its_place_and_its_field),
        fresh(a_field_too_long_for_an_error_is_cut),
        fresh(every_kind_has_a_name),
        fresh(the_writer_puts_in_commas_and_escapes),
        fresh(whatever_string_is_written_reads_as_itself),
        fresh(a_writer_whose_arena_is_full_says_so_at_the_end),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
