#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/views_index.h"

enum { KEYS = 5000, VALUES_MAX = 8 };

static uint64_t key(uint32_t n)
{
    return n * UINT64_C(0xd1342543de82ef95);
}

static void a_key_is_found_with_its_value(void **state)
{
    (void)state;
    struct index index;
    assert_true(index_open(&index, KEYS, NULL));
    for (uint32_t i = 0; i < KEYS; i++) index_add(&index, key(i), 3 * i);
    for (uint32_t i = 0; i < KEYS; i++) {
        uint32_t values[VALUES_MAX];
        assert_int_equal(index_find(&index, key(i), 0, values, VALUES_MAX), 1);
        assert_int_equal(values[0], 3 * i);
    }
    assert_int_equal(index_find(&index, key(KEYS), 0, NULL, 0), 0);
    index_close(&index);
    index_close(&index); // closing twice is allowed
}

static void keys_in_a_row_are_spread_as_well(void **state)
{
    (void)state;
    struct index index;
    assert_true(index_open(&index, KEYS, NULL));
    for (unsigned shift = 0; shift <= 48; shift += 8) {
        index.count = 0;
        memset(index.heads, 0, (index.heads_mask + (size_t)1) * sizeof(*index.heads));
        for (uint32_t i = 0; i < KEYS; i++) index_add(&index, (uint64_t)i << shift, i);
        uint32_t used = 0;
        for (uint32_t i = 0; i <= index.heads_mask; i++) used += index.heads[i] != 0;
        assert_true(used > index.heads_mask / 4);
    }
    index_close(&index);
}

static void nothing_is_found_where_nothing_was_added(void **state)
{
    (void)state;
    struct index index = { 0 };
    uint32_t value;
    assert_int_equal(index_find(&index, 1, 0, &value, 1), 0);
    assert_true(index_open(&index, 1, NULL));
    assert_int_equal(index_find(&index, 1, 0, &value, 1), 0);
    index_close(&index);
}

static void equal_keys_are_found_last_added_first_and_can_be_skipped(void **state)
{
    (void)state;
    struct index index;
    uint32_t values[VALUES_MAX];
    assert_true(index_open(&index, 40, NULL));
    for (uint32_t i = 0; i < 20; i++) {
        index_add(&index, 77, i);
        index_add(&index, key(i), 1000 + i); // others between them
    }
    assert_int_equal(index_find(&index, 77, 0, values, VALUES_MAX), VALUES_MAX);
    for (uint32_t i = 0; i < VALUES_MAX; i++) assert_int_equal(values[i], 19 - i);
    assert_int_equal(index_find(&index, 77, 16, values, VALUES_MAX), 4);
    for (uint32_t i = 0; i < 4; i++) assert_int_equal(values[i], 3 - i);
    assert_int_equal(index_find(&index, 77, 20, values, VALUES_MAX), 0);
    index_close(&index);
}

static void what_is_taken_in_one_go_is_found_like_what_is_added(void **state)
{
    (void)state;
    struct index index;
    assert_true(index_open(&index, KEYS, NULL));
    index_expect(&index, KEYS);
    index_add(&index, key(1), 1000000);
    for (uint32_t i = 1; i < KEYS; i++) {
        index.keys[i] = key(i);
        index.values[i] = i;
    }
    index_take(&index, 0);
    index_take(&index, 3);
    index_take(&index, KEYS - 4);
    assert_int_equal(index.count, KEYS);
    for (uint32_t i = 1; i < KEYS; i++) {
        uint32_t values[VALUES_MAX];
        assert_int_equal(index_find(&index, key(i), 0, values, VALUES_MAX), i == 1 ? 2 : 1);
        assert_int_equal(values[0], i);
    }
    index_close(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_found_with_its_value),
        cmocka_unit_test(keys_in_a_row_are_spread_as_well),
        cmocka_unit_test(nothing_is_found_where_nothing_was_added),
        cmocka_unit_test(equal_keys_are_found_last_added_first_and_can_be_skipped),
        cmocka_unit_test(what_is_taken_in_one_go_is_found_like_what_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
