#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "store/disk_memory.h"
#include "store/papers.h"

struct desk {
    struct disk_memory *memory;
    struct disk disk;
    struct papers *papers;
    struct arena arena;
};

static int begin(void **state)
{
    static struct desk desk;
    desk = (struct desk){ .memory = disk_memory_open() };
    desk.disk = disk_memory_disk(desk.memory);
    assert_true(papers_open(&desk.papers, &desk.disk, "papers", NULL));
    assert_true(arena_open(&desk.arena, (size_t)64 * MIB, NULL));
    *state = &desk;
    return 0;
}

static int end(void **state)
{
    struct desk *desk = *state;
    papers_close(desk->papers);
    disk_memory_close(desk->memory);
    arena_close(&desk->arena);
    return 0;
}

static bool get(struct desk *desk, struct sha256 sha256, struct span *bytes, struct error *err)
{
    arena_reset(&desk->arena, 0);
    return papers_get(desk->papers, sha256, &desk->arena, bytes, err);
}

static void a_paper_comes_back_by_its_hash(void **state)
{
    struct desk *desk = *state;
    static const struct span papers[] = { SPAN_INIT(""), SPAN_INIT("a"), SPAN_INIT("b\0\xFFz") };
    for (size_t i = 0; i < sizeof(papers) / sizeof(papers[0]); i++) {
        struct sha256 sha256;
        struct span back;
        struct error err = { 0 };
        if (!papers_put(desk->papers, papers[i], &sha256, &err)) fail_msg("%s", err.text);
        assert_true(sha256_equal(sha256, sha256_of(papers[i])));
        if (!get(desk, sha256, &back, &err)) fail_msg("%s", err.text);
        assert_true(span_equal(back, papers[i]));
    }
}

static void the_largest_paper_comes_back_and_a_larger_one_is_refused(void **state)
{
    struct desk *desk = *state;
    struct arena bytes;
    struct sha256 sha256;
    struct span back;
    struct error err = { 0 };
    assert_true(arena_open(&bytes, (size_t)20 * MIB, NULL));
    char *at = arena_take(&bytes, PAPER_SIZE_MAX + 1, 1);
    for (size_t i = 0; i <= PAPER_SIZE_MAX; i++) at[i] = (char)(i % 251);
    assert_false(papers_put(desk->papers, (struct span){ at, PAPER_SIZE_MAX + 1 }, &sha256, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_true(papers_put(desk->papers, (struct span){ at, PAPER_SIZE_MAX }, &sha256, &err));
    assert_true(get(desk, sha256, &back, &err));
    assert_true(span_equal(back, (struct span){ at, PAPER_SIZE_MAX }));
    arena_close(&bytes);
}

static void the_same_paper_is_kept_once(void **state)
{
    struct desk *desk = *state;
    struct sha256 sha256;
    uint64_t size;
    assert_true(papers_put(desk->papers, SPAN("invoice"), &sha256, NULL));
    assert_true(papers_put(desk->papers, SPAN("invoice"), &sha256, NULL));
    assert_non_null(disk_memory_name(desk->memory, 0, &size));
    assert_int_equal(size, 7);
    assert_null(disk_memory_name(desk->memory, 1, &size));
}

static void a_paper_that_nobody_handed_in_is_not_found(void **state)
{
    struct desk *desk = *state;
    struct span back;
    struct error err = { 0 };
    assert_false(get(desk, sha256_of(SPAN("nothing")), &back, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void a_bit_that_turned_is_damage(void **state)
{
    struct desk *desk = *state;
    struct sha256 sha256;
    struct span back;
    struct error err = { 0 };
    uint64_t size;
    assert_true(papers_put(desk->papers, SPAN("invoice"), &sha256, NULL));
    const char *name = disk_memory_name(desk->memory, 0, &size);
    disk_memory_alter(desk->memory, name, 3, "o", 1);
    assert_true(get(desk, sha256, &back, &err)); // as it was
    disk_memory_alter(desk->memory, name, 3, "n", 1);
    assert_false(get(desk, sha256, &back, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_true(papers_put(desk->papers, SPAN("invoice"), &sha256, NULL)); // handed in again
    assert_true(get(desk, sha256, &back, &err));
}

// For every call of two puts, and several outcomes of a power loss there: what was answered is
// kept, and what was not can be put again.
static void what_was_kept_survives_the_loss_of_power_anywhere(void **state)
{
    struct desk *desk = *state;
    uint32_t lost = 0, kept = 0;
    for (uint64_t call = 0; call < 12; call++)
        for (uint64_t seed = 0; seed < 8; seed++) {
            struct sha256 one, two;
            struct span back;
            struct error err = { 0 };
            end(state);
            begin(state);
            disk_memory_trouble(desk->memory, DISK_POWER_LOST, call, seed);
            bool first = papers_put(desk->papers, SPAN("the first"), &one, NULL);
            bool second = papers_put(desk->papers, SPAN("the second"), &two, NULL);
            disk_memory_power_back(desk->memory, seed);
            first ? kept++ : lost++;
            if (first) assert_true(get(desk, one, &back, &err));
            if (second) assert_true(get(desk, two, &back, &err));
            if (!papers_put(desk->papers, SPAN("the first"), &one, &err)) fail_msg("%s", err.text);
            if (!get(desk, one, &back, &err)) fail_msg("call %lu: %s", call, err.text);
            assert_true(span_equal(back, SPAN("the first")));
        }
    assert_true(kept > 20);
    assert_true(lost > 20);
}

static void a_full_disk_is_said_to_be(void **state)
{
    struct desk *desk = *state;
    struct sha256 sha256;
    struct error err = { 0 };
    disk_memory_trouble(desk->memory, DISK_FULL, 0, 1);
    assert_false(papers_put(desk->papers, SPAN("invoice"), &sha256, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(a_paper_comes_back_by_its_hash),
        TEST(the_largest_paper_comes_back_and_a_larger_one_is_refused),
        TEST(the_same_paper_is_kept_once),
        TEST(a_paper_that_nobody_handed_in_is_not_found),
        TEST(a_bit_that_turned_is_damage),
        TEST(what_was_kept_survives_the_loss_of_power_anywhere),
        TEST(a_full_disk_is_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
