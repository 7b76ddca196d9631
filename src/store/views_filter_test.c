#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/views_filter.h"

enum { KEYS = 20000 };

// Keys of a sequence that the filter's own stirring does not know.
static uint64_t key(uint32_t n)
{
    return (n + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ (UINT64_C(0x5851f42d4c957f2d) >> n % 7);
}

static struct filter filled(uint32_t count)
{
    struct filter filter;
    assert_true(filter_open(&filter, count, NULL));
    for (uint32_t i = 0; i < count; i++) filter_add(&filter, key(i));
    return filter;
}

static void a_key_that_was_added_is_never_denied(void **state)
{
    (void)state;
    struct filter filter = filled(KEYS);
    for (uint32_t i = 0; i < KEYS; i++) assert_true(filter_may_hold(&filter, key(i)));
    filter_close(&filter);
}

static void an_empty_filter_denies_all(void **state)
{
    (void)state;
    struct filter filter;
    assert_true(filter_open(&filter, 0, NULL));
    for (uint32_t i = 0; i < KEYS; i++) assert_false(filter_may_hold(&filter, key(i)));
    filter_close(&filter);
}

static void one_in_two_hundred_keys_that_are_not_there_is_called_perhaps(void **state)
{
    (void)state;
    struct filter filter = filled(KEYS);
    uint32_t perhaps = 0, asked = 10 * KEYS;
    for (uint32_t i = 0; i < asked; i++) perhaps += filter_may_hold(&filter, key(KEYS + i));
    assert_in_range(perhaps, 1, asked / 150);
    filter_close(&filter);
}

static void keys_that_differ_in_one_bit_are_told_apart(void **state)
{
    (void)state;
    struct filter filter;
    assert_true(filter_open(&filter, 1000, NULL));
    filter_add(&filter, key(0));
    for (unsigned bit = 0; bit < 64; bit++)
        assert_false(filter_may_hold(&filter, key(0) ^ UINT64_C(1) << bit));
    filter_close(&filter);
}

static void a_filter_made_of_its_bytes_says_the_same(void **state)
{
    (void)state;
    struct filter filter = filled(KEYS), copy;
    struct span bytes = filter_bytes(&filter);
    assert_int_equal(bytes.len % FILTER_LINE_SIZE, 0);
    assert_true(bytes.len * 8 >= (size_t)KEYS * FILTER_KEY_BITS);
    assert_true(filter_room(&copy, bytes.len, NULL));
    memcpy(copy.lines, bytes.at, bytes.len);
    for (uint32_t i = 0; i < 4 * KEYS; i++)
        assert_int_equal(filter_may_hold(&copy, key(i)), filter_may_hold(&filter, key(i)));
    filter_close(&filter);
    filter_close(&copy);
    filter_close(&copy); // closing twice is allowed
}

static void a_size_that_cannot_be_a_filter_s_is_damage(void **state)
{
    (void)state;
    static const size_t sizes[] = { 0, 1, FILTER_LINE_SIZE - 1, FILTER_LINE_SIZE + 1,
                                    (size_t)FILTER_LINE_SIZE << 32 };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct filter filter;
        struct error err;
        assert_false(filter_room(&filter, sizes[i], &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_was_added_is_never_denied),
        cmocka_unit_test(an_empty_filter_denies_all),
        cmocka_unit_test(one_in_two_hundred_keys_that_are_not_there_is_called_perhaps),
        cmocka_unit_test(keys_that_differ_in_one_bit_are_told_apart),
        cmocka_unit_test(a_filter_made_of_its_bytes_says_the_same),
        cmocka_unit_test(a_size_that_cannot_be_a_filter_s_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
