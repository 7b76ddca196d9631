#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

enum { SIZE = 64 * 1024 };

static int make(void **state)
{
    static struct arena arena;
    if (!arena_open(&arena, SIZE, NULL)) return -1;
    *state = &arena;
    return 0;
}

static int end(void **state)
{
    arena_close(*state);
    return 0;
}

static void a_text_grows_and_ends_in_a_nul(void **state)
{
    struct text text = text_in(*state, 0);
    assert_true(span_equal(text_span(&text), SPAN("")));
    for (int i = 0; i < 1000; i++) {
        text_add(&text, SPAN("ab"));
        text_add_char(&text, 'c');
        text_add(&text, (struct span){ 0 });
    }
    struct span s = text_span(&text);
    assert_false(text.full);
    assert_int_equal(s.len, 3000);
    assert_int_equal(s.at[3000], '\0');
    for (size_t i = 0; i < s.len; i++) assert_int_equal(s.at[i], "abc"[i % 3]);
}

static void the_piece_taken_last_grows_where_it_stands(void **state)
{
    struct text text = text_in(*state, 8);
    const char *at = text.at;
    for (int i = 0; i < 5000; i++) text_add_char(&text, 'x');
    assert_ptr_equal(text.at, at);
    assert_int_equal(text_span(&text).len, 5000);
}

static void with_another_piece_behind_it_the_text_moves_and_keeps_its_words(void **state)
{
    struct arena *arena = *state;
    struct text text = text_in(arena, 100);
    text_add(&text, SPAN("word"));
    char *other = arena_take(arena, 1, 16);
    memset(text_room(&text, 96), ' ', 96);
    text_grew(&text, 96);
    text_add_char(&text, '.'); // one byte too many doubles it
    assert_true(text.size >= 200);
    text.len = 4;
    text_add(&text, SPAN(" by word"));
    memset(other, 'x', 16);
    assert_true(span_equal(text_span(&text), SPAN("word by word")));
}

static void a_full_text_stays_full_and_keeps_what_it_has(void **state)
{
    struct text text = text_in(*state, 4);
    char large[SIZE] = { 0 };
    text_add(&text, SPAN("kept"));
    text_add(&text, (struct span){ large, SIZE });
    assert_true(text.full);
    text_add_char(&text, 'x');
    text_add_u64(&text, 1);
    text_add_format(&text, "%d", 1);
    assert_null(text_room(&text, 0));
    assert_true(span_equal(text_span(&text), SPAN("kept")));

    struct text none = text_in(*state, SIZE);
    assert_true(none.full);
    text_add_char(&none, 'x');
    assert_int_equal(text_span(&none).len, 0);
    assert_true(text_in(*state, SIZE_MAX).full);
}

static void a_text_can_fill_its_arena_to_the_last_byte(void **state)
{
    struct arena *arena = *state;
    struct text text = text_in(arena, 4);
    size_t most = arena->size - (size_t)(text.at - arena->start) - 1;
    for (size_t i = 0; i < most; i++) text_add_char(&text, 'x');
    assert_false(text.full);
    assert_int_equal(text_span(&text).len, most);
    text_add_char(&text, 'x');
    assert_true(text.full);
}

static void huge_requests_do_not_overflow(void **state)
{
    const size_t huge[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2, SIZE_MAX / 4 };
    for (size_t i = 0; i < 4; i++) {
        struct text text = text_in(*state, 10);
        text_add_char(&text, 'x');
        assert_null(text_room(&text, huge[i]));
        assert_true(text.full);
    }
}

static void same_as_printf(struct arena *arena, uint64_t value)
{
    char expected[64];
    arena_reset(arena, 0);
    struct text text = text_in(arena, 8);
    text_add_u64(&text, value);
    text_add_char(&text, ' ');
    text_add_i64(&text, (int64_t)value);
    snprintf(expected, sizeof(expected), "%" PRIu64 " %" PRId64, value, (int64_t)value);
    assert_string_equal(text_span(&text).at, expected);
}

static void whole_numbers_are_written_as_printf_writes_them(void **state)
{
    uint64_t power = 1;
    for (int i = 0; i < 20; i++, power *= 10) {
        for (uint64_t near = 0; near < 3; near++) {
            same_as_printf(*state, power - 1 + near);
            same_as_printf(*state, 0 - (power - 1 + near));
        }
    }
    uint64_t seed = 1;
    for (unsigned i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        same_as_printf(*state, seed >> (i % 64));
    }
    same_as_printf(*state, UINT64_MAX);
    same_as_printf(*state, (uint64_t)INT64_MIN);
    for (uint64_t i = 0; i < 11000; i++) same_as_printf(*state, i);
}

static void formats_are_written_whether_they_fit_at_once_or_not(void **state)
{
    for (int width = 0; width < 40; width++) {
        struct text text = text_in(*state, 10);
        text_add_format(&text, "%*d|", width, 7);
        text_add_format(&text, "%s", "behind");
        char expected[64];
        snprintf(expected, sizeof(expected), "%*d|behind", width, 7);
        assert_string_equal(text_span(&text).at, expected);
    }
}

static void room_is_counted_only_when_it_is_used(void **state)
{
    struct text text = text_in(*state, 2);
    char *room = text_room(&text, 100);
    assert_non_null(room);
    memset(room, 'x', 100);
    text_grew(&text, 60);
    assert_int_equal(text_span(&text).len, 60);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(a_text_grows_and_ends_in_a_nul),
        TEST(the_piece_taken_last_grows_where_it_stands),
        TEST(with_another_piece_behind_it_the_text_moves_and_keeps_its_words),
        TEST(a_full_text_stays_full_and_keeps_what_it_has),
        TEST(a_text_can_fill_its_arena_to_the_last_byte),
        TEST(huge_requests_do_not_overflow),
        TEST(whole_numbers_are_written_as_printf_writes_them),
        TEST(formats_are_written_whether_they_fit_at_once_or_not),
        TEST(room_is_counted_only_when_it_is_used),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
