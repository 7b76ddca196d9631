// The canonical form of RFC 8785. Its numbers and its order of keys are facts of that text: the
// table of its appendix B, the keys of its section 3.2.3.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/limits.h"

#include <stdlib.h>

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

static bool make_canonical(struct span text, struct span *canonical, struct error *err)
{
    struct json json;
    assert_true(json_read(text, &arena, &json, err));
    return json_canonical(&json, &arena, canonical, err);
}

static void check_becomes(struct span text, struct span wanted)
{
    struct span canonical, again;
    struct error err = { 0 };
    if (!make_canonical(text, &canonical, &err))
        fail_msg("'" SPAN_FMT "': %s", SPAN_ARG(text), err.text);
    if (!span_equal(canonical, wanted))
        fail_msg("'" SPAN_FMT "' became '" SPAN_FMT "'", SPAN_ARG(text), SPAN_ARG(canonical));
    assert_true(make_canonical(canonical, &again, &err));
    assert_true(span_equal(canonical, again));
}

static void check_refused(struct span text, unsigned column)
{
    struct span canonical;
    struct error err = { 0 };
    if (make_canonical(text, &canonical, &err))
        fail_msg("'" SPAN_FMT "' became '" SPAN_FMT "'", SPAN_ARG(text), SPAN_ARG(canonical));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_string_equal(err.text, "a number that its canonical form would change");
    assert_string_equal(err.hint, "Write it as a string.");
    assert_int_equal(err.column, column);
}

static void the_numbers_of_the_standard_are_written_as_it_says(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits; // of the double
        const char *canonical;
    } numbers[] = {
        { 0x0000000000000000, "0" },
        { 0x0000000000000001, "5e-324" },
        { 0x8000000000000001, "-5e-324" },
        { 0x7fefffffffffffff, "1.7976931348623157e+308" },
        { 0xffefffffffffffff, "-1.7976931348623157e+308" },
        { 0x4340000000000000, "9007199254740992" },
        { 0xc340000000000000, "-9007199254740992" },
        { 0x4430000000000000, "295147905179352830000" },
        { 0x44b52d02c7e14af5, "9.999999999999997e+22" },
        { 0x44b52d02c7e14af6, "1e+23" },
        { 0x44b52d02c7e14af7, "1.0000000000000001e+23" },
        { 0x444b1ae4d6e2ef4e, "999999999999999700000" },
        { 0x444b1ae4d6e2ef4f, "999999999999999900000" },
        { 0x444b1ae4d6e2ef50, "1e+21" },
        { 0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7" },
        { 0x3eb0c6f7a0b5ed8d, "0.000001" },
        { 0x41b3de4355555553, "333333333.3333332" },
        { 0x41b3de4355555554, "333333333.33333325" },
        { 0x41b3de4355555555, "333333333.3333333" },
        { 0x41b3de4355555556, "333333333.3333334" },
        { 0x41b3de4355555557, "333333333.33333343" },
        { 0xbecbf647612f3696, "-0.0000033333333333333333" },
        { 0x43143ff3c1cb0959, "1424953923781206.2" },
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        check_becomes(span_of(numbers[i].canonical), span_of(numbers[i].canonical));
        double value = strtod(numbers[i].canonical, NULL);
        assert_memory_equal(&value, &numbers[i].bits, sizeof(value)); // the table is as printed
    }
}

static void one_number_has_one_form_however_it_was_written(void **state)
{
    (void)state;
    static const struct {
        const char *written, *canonical;
    } numbers[] = {
        { "-0", "0" },
        { "0.000", "0" },
        { "-0e99999999999", "0" },
        { "1.0", "1" },
        { "1e2", "100" },
        { "1E+2", "100" },
        { "100e-2", "1" },
        { "12.50", "12.5" },
        { "4.50", "4.5" },
        { "2e-3", "0.002" },
        { "1E30", "1e+30" },
        { "1000000000000000000000", "1e+21" },
        { "0.0000001", "1e-7" },
        { "0.000000000000000000000000001", "1e-27" },
        { "0.00001", "0.00001" },
        { "-1234.5678e4", "-12345678" },
        { "0.1", "0.1" },
        { "129.0495", "129.0495" },
        { "123456789012345", "123456789012345" },
        { "-999999999999999", "-999999999999999" },
        { "1234567890123456", "1234567890123456" },
        { "9007199254740991", "9007199254740991" },
        { "9007199254740994", "9007199254740994" },
        { "100000000000000000000", "100000000000000000000" },
        { "10.000000000000000000000000000000", "10" },
        { "0.00000000000000000000000000000000000012e37", "1.2" },
        { "1e308", "1e+308" },
        { "5.684341886080802e-14", "5.684341886080802e-14" }, // 2^-44: its nearest is not its own
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        check_becomes(span_of(numbers[i].written), span_of(numbers[i].canonical));
    }
}

static void a_number_that_a_double_would_change_is_refused(void **state)
{
    (void)state;
    check_refused(SPAN("9007199254740993"), 1);
    check_refused(SPAN("-9007199254740993"), 1);
    check_refused(SPAN("[1, 12345678901234567890]"), 5);
    check_refused(SPAN("333333333.33333329"), 1); // names 333333333.3333333
    check_refused(SPAN("0.12345678901234567"), 1);
    check_refused(SPAN("3.141592653589793238"), 1);
    check_refused(SPAN("123456789012345678e3"), 1);
    check_refused(SPAN("4.9e-324"), 1); // names 5e-324
    check_refused(SPAN("1e309"), 1);
    check_refused(SPAN("-1e99999999999999999999"), 1);
    check_refused(SPAN("1e-400"), 1);
    check_refused(SPAN("1e-99999999999999999999"), 1);
    check_refused(SPAN("1234567890123456789"), 1);
}

static void keys_are_sorted_by_their_utf16_code_units(void **state)
{
    (void)state;
    // U+FB33 is below U+1F600 as a character, but above its surrogates.
    check_becomes(SPAN("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,"
                       "\"\\u0080\":6,\"\\u00f6\":7}"),
                  SPAN("{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"\xC3\xB6\":7,\"\xE2\x82\xAC\":1,"
                       "\"\xF0\x9F\x98\x80\":5,\"\xEF\xAC\xB3\":3}"));
    // The same in UTF-8 as it comes; and what is no surrogate stays below them.
    check_becomes(SPAN("{\"\xEF\xAC\xB3\":1,\"\xF0\x9F\x98\x80\":2,\"\xED\x9F\xBF\":3,"
                       "\"\xEE\x80\x80\":4}"),
                  SPAN("{\"\xED\x9F\xBF\":3,\"\xF0\x9F\x98\x80\":2,\"\xEE\x80\x80\":4,"
                       "\"\xEF\xAC\xB3\":1}"));
    check_becomes(SPAN("{\"b\":1,\"a\":2,\"\":3,\"ab\":4,\"B\":5,\"a\\u0000\":6,\"a\\\"\":7}"),
                  SPAN("{\"\":3,\"B\":5,\"a\":2,\"a\\u0000\":6,\"a\\\"\":7,\"ab\":4,\"b\":1}"));
}

static void objects_within_objects_are_sorted_each_for_itself(void **state)
{
    (void)state;
    check_becomes(SPAN(" { \"z\" : [ { \"b\" : { \"y\" : 1 , \"x\" : 2 } , \"a\" : [ ] } , { } ] ,"
                       " \"a\" : { \"d\" : null , \"c\" : true , \"b\" : false } } "),
                  SPAN("{\"a\":{\"b\":false,\"c\":true,\"d\":null},"
                       "\"z\":[{\"a\":[],\"b\":{\"x\":2,\"y\":1}},{}]}"));
}

static void many_keys_are_sorted(void **state)
{
    (void)state;
    struct text text = text_in(&arena, 64);
    text_add_char(&text, '{');
    for (unsigned i = 0; i < 1000; i++) // each of 0 to 999 once, not in order
        text_add_format(&text, "%s\"%03u\":%u", i > 0 ? "," : "", i * 337 % 1000, i);
    text_add_char(&text, '}');
    struct span canonical;
    struct error err;
    assert_true(make_canonical(text_span(&text), &canonical, &err));
    struct json json;
    assert_true(json_read(canonical, &arena, &json, &err));
    assert_int_equal(json.nodes[0].count, 1000);
    for (uint32_t i = 3; i < json.count; i += 2)
        assert_true(span_compare(json_raw(&json, i - 2), json_raw(&json, i)) < 0);
}

static void escapes_are_as_few_as_can_be(void **state)
{
    (void)state;
    check_becomes(SPAN("\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\""),
                  SPAN("\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""));
    check_becomes(SPAN("\"\\u0000\\u0008\\u0009\\u000A\\u000b\\u000C\\u000D\\u001F\\u007f\""),
                  SPAN("\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\x7F\""));
    check_becomes(SPAN("\"\\ud83d\\udea2 \\u2028 \xF0\x9F\x9A\xA2\""),
                  SPAN("\"\xF0\x9F\x9A\xA2 \xE2\x80\xA8 \xF0\x9F\x9A\xA2\""));
}

static void a_canonical_form_that_does_not_fit_is_too_large(void **state)
{
    (void)state;
    struct json json;
    struct span canonical;
    struct error err = { 0 };
    assert_true(json_read(SPAN("[1e20,1e20,1e20,1e20,1e20,1e20,1e20,1e20]"), &arena, &json, &err));
    bool fitted = false;
    _Alignas(16) static char memory[1024];
    for (size_t size = 0; size <= sizeof(memory); size += 16) {
        struct arena small = arena_over(memory, size);
        fitted = json_canonical(&json, &small, &canonical, &err);
        if (!fitted) assert_int_equal(err.kind, ERROR_TOO_LARGE);
        arena_reset(&small, 0);
    }
    assert_true(fitted);
}

#define fresh(test) cmocka_unit_test_setup(test, empty_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        fresh(the_numbers_of_the_standard_are_written_as_it_says),
        fresh(one_number_has_one_form_however_it_was_written),
        fresh(a_number_that_a_double_would_change_is_refused),
        fresh(keys_are_sorted_by_their_utf16_code_units),
        fresh(objects_within_objects_are_sorted_each_for_itself),
        fresh(many_keys_are_sorted),
        fresh(escapes_are_as_few_as_can_be),
        fresh(a_canonical_form_that_does_not_fit_is_too_large),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
