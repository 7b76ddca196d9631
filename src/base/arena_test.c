#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdalign.h>

#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#ifdef WATCHED
#include <sanitizer/asan_interface.h>
#endif

enum { SIZE = 4096 };

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
    arena_close(*state); // closing twice is allowed
    return 0;
}

static void what_is_taken_is_zeroed_and_aligned_for_any_type(void **state)
{
    struct arena *arena = *state;
    for (size_t size = 1; size < 20; size++) {
        unsigned char *piece = arena_take(arena, 3, size);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
        for (size_t i = 0; i < 3 * size; i++) assert_int_equal(piece[i], 0);
        memset(piece, 0xAA, 3 * size);
    }
    arena_reset(arena, 0);
    unsigned char *again = arena_take(arena, SIZE / 2, 1);
    for (size_t i = 0; i < SIZE / 2; i++) assert_int_equal(again[i], 0);
}

static void a_full_arena_gives_nothing_and_stays_as_it_was(void **state)
{
    struct arena *arena = *state;
    assert_non_null(arena_take(arena, 1, SIZE / 2));
    size_t used = arena->used;
    assert_null(arena_take(arena, 1, SIZE));
    assert_null(arena_take(arena, SIZE_MAX, SIZE_MAX));
    assert_null(arena_take(arena, SIZE_MAX / 2, 4));
    assert_null(arena_take_raw(arena, 2, SIZE_MAX / 2 + 1));
    assert_int_equal(arena->used, used);
    assert_non_null(arena_take(arena, 1, SIZE / 4));
}

static void what_does_not_fit_is_named(void **state)
{
    struct arena *arena = *state;
    struct error err = { 0 };
    void *memory = NULL;
    assert_true(arena_need(arena, 1, 16, &memory, "a file", &err));
    assert_non_null(memory);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_false(arena_need(arena, 1, SIZE + 1, &memory, "a declaration", &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_string_equal(err.text, "a declaration does not fit into 4096 bytes of working memory");
}

static void a_reset_gives_back_what_was_taken_since(void **state)
{
    struct arena *arena = *state;
    char *kept = arena_take(arena, 1, 10);
    size_t mark = arena->used;
    char *given_back = arena_take(arena, 1, 10);
    arena_reset(arena, mark);
    assert_ptr_equal(arena_take(arena, 1, 10), given_back);
    kept[9] = 'x';
}

static void scratch_vanishes_with_its_arena(void **state)
{
    struct arena *arena = *state;
    struct arena scratch = *arena; // by value, as a callee gets it
    assert_non_null(arena_take(&scratch, 1, 100));
    assert_int_equal(arena->used, 0);
}

static void only_the_piece_taken_last_can_grow_and_it_keeps_its_place(void **state)
{
    struct arena *arena = *state;
    char *first = arena_take_raw(arena, 10, 1);
    assert_true(arena_grow(arena, first, 10, 100));
    memset(first, 'x', 100);
    assert_false(arena_grow(arena, first, 100, SIZE + 1));
    char *second = arena_take_raw(arena, 10, 1);
    assert_true(second >= first + 100);
    assert_false(arena_grow(arena, first, 100, 200));
    assert_true(arena_grow(arena, second, 10, 10));
}

static void a_copy_is_equal_and_apart_and_ends_in_a_nul(void **state)
{
    struct arena *arena = *state;
    char bytes[] = "abc";
    struct span copy;
    assert_true(arena_copy(arena, (struct span){ bytes, 3 }, &copy));
    bytes[0] = 'X';
    assert_true(span_equal(copy, SPAN("abc")));
    assert_int_equal(copy.at[3], '\0');
    assert_true(arena_copy(arena, (struct span){ 0 }, &copy));
    assert_int_equal(copy.len, 0);

    char large[SIZE] = { 0 };
    assert_false(arena_copy(arena, (struct span){ large, SIZE }, &copy));
}

static void under_the_sanitizer_old_and_untaken_memory_is_poisoned(void **state)
{
#ifdef WATCHED
    struct arena *arena = *state;
    char *first = arena_take(arena, 1, 16);
    char *second = arena_take(arena, 1, 16);
    assert_false(__asan_address_is_poisoned(first + 15));
    assert_true(__asan_address_is_poisoned(first + 16)); // the gap
    assert_true(__asan_address_is_poisoned(second + 16));
    arena_reset(arena, 0);
    assert_true(__asan_address_is_poisoned(first));
    first = arena_take(arena, 1, 16);
    assert_true(arena_grow(arena, first, 16, 64));
    assert_false(__asan_address_is_poisoned(first + 63));
    assert_true(__asan_address_is_poisoned(first + 64));
#else
    (void)state;
    print_message("skipped: this build has no address sanitizer\n");
    skip();
#endif
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(what_is_taken_is_zeroed_and_aligned_for_any_type),
        TEST(a_full_arena_gives_nothing_and_stays_as_it_was),
        TEST(what_does_not_fit_is_named),
        TEST(a_reset_gives_back_what_was_taken_since),
        TEST(scratch_vanishes_with_its_arena),
        TEST(only_the_piece_taken_last_can_grow_and_it_keeps_its_place),
        TEST(a_copy_is_equal_and_apart_and_ends_in_a_nul),
        TEST(under_the_sanitizer_old_and_untaken_memory_is_poisoned),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
