#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/utf8.h"

static void an_error_says_what_where_and_what_to_do(void **state)
{
    (void)state;
    struct error err = { .line = 9, .column = 9, .field = "x", .hint = "y" };
    assert_false(error_set(&err, ERROR_NOT_FOUND, "no file '%s'", "26TW1"));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_string_equal(err.text, "no file '26TW1'");
    assert_string_equal(err.hint, "");
    assert_string_equal(err.field, "");
    assert_int_equal(err.line, 0);

    assert_false(error_hint(&err, "Look for %d.", 1));
    assert_false(error_field(&err, "items[%d].origin", 2));
    assert_string_equal(err.hint, "Look for 1.");
    assert_string_equal(err.field, "items[2].origin");
    assert_string_equal(err.text, "no file '26TW1'");
}

static void a_place_is_counted_in_lines_and_bytes_from_one(void **state)
{
    (void)state;
    struct span text = SPAN("ab\n\ncd");
    static const unsigned places[][2] = { { 1, 1 }, { 1, 2 }, { 1, 3 }, { 2, 1 },
                                          { 3, 1 }, { 3, 2 }, { 3, 3 } };
    for (size_t i = 0; i <= text.len; i++) {
        struct error err = { 0 };
        assert_false(error_at(&err, text, text.at + i, "here"));
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_int_equal(err.line, places[i][0]);
        assert_int_equal(err.column, places[i][1]);
    }
}

static void a_text_that_does_not_fit_is_cut_between_characters(void **state)
{
    (void)state;
    const char *const characters[] = { "x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x9A\xA2" };
    for (size_t wide = 0; wide < 4; wide++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char long_text[1024] = { 0 };
            size_t len = 0;
            for (; len < shift; len++) long_text[len] = 'a';
            for (; len < 900; len += wide + 1) memcpy(long_text + len, characters[wide], wide + 1);

            struct error err = { 0 };
            error_set(&err, ERROR_SYNTAX, "%s", long_text);
            error_hint(&err, "%s", long_text);
            error_field(&err, "%s", long_text);
            size_t text = strlen(err.text), hint = strlen(err.hint), field = strlen(err.field);
            assert_true(utf8_check((struct span){ err.text, text }, NULL));
            assert_true(utf8_check((struct span){ err.hint, hint }, NULL));
            assert_true(utf8_check((struct span){ err.field, field }, NULL));
            assert_in_range(text, sizeof(err.text) - 5, sizeof(err.text) - 1);
            assert_in_range(hint, sizeof(err.hint) - 5, sizeof(err.hint) - 1);
            assert_in_range(field, sizeof(err.field) - 5, sizeof(err.field) - 1);
        }
    }
}

static void nobody_needs_to_ask_for_the_reason(void **state)
{
    (void)state;
    assert_false(error_set(NULL, ERROR_DAMAGED, "x"));
    struct span text = SPAN("x");
    assert_false(error_at(NULL, text, text.at, "x"));
    assert_false(error_hint(NULL, "x"));
    assert_false(error_field(NULL, "x"));
}

static void each_kind_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (int kind = ERROR_NONE; kind <= ERROR_DAMAGED; kind++) {
        const char *name = error_kind_name((enum error_kind)kind);
        assert_non_null(name);
        assert_true(name[0] != '\0');
        for (int other = ERROR_NONE; other < kind; other++)
            assert_string_not_equal(name, error_kind_name((enum error_kind)other));
    }
    assert_string_equal(error_kind_name(ERROR_TOO_LARGE), "too-large");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_says_what_where_and_what_to_do),
        cmocka_unit_test(a_place_is_counted_in_lines_and_bytes_from_one),
        cmocka_unit_test(a_text_that_does_not_fit_is_cut_between_characters),
        cmocka_unit_test(nobody_needs_to_ask_for_the_reason),
        cmocka_unit_test(each_kind_has_a_word_of_its_own),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
