#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/limits.h"
#include "gates/http/keys.h"

static int begin(void **state)
{
    struct error err;
    struct keys *keys = NULL;
    if (!keys_open(&keys, &err)) return -1;
    *state = keys;
    return 0;
}

static int end(void **state)
{
    keys_close(*state);
    return 0;
}

static struct sha256 id_of(struct span caller, unsigned number)
{
    char key[16];
    snprintf(key, sizeof(key), "%u", number);
    return keys_id(caller, span_of(key));
}

static enum key_found find(struct keys *keys, struct span caller, unsigned number,
                           struct span body, struct key_answer *answer)
{
    return keys_find(keys, caller, id_of(caller, number), sha256_of(body), answer);
}

static void answer(struct keys *keys, struct span caller, unsigned number)
{
    struct key_answer given = { .status = 201, .body = "kept", .body_len = 4 };
    keys_keep(keys, id_of(caller, number), &given);
}

static void a_key_is_new_then_under_way_then_answered(void **state)
{
    struct key_answer found = { 0 };
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("a"), &found), KEY_NEW);
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("a"), &found), KEY_UNDER_WAY);
    answer(*state, SPAN("ann"), 1);
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("a"), &found), KEY_ANSWERED);
    assert_int_equal(found.status, 201);
    assert_memory_equal(found.body, "kept", 4);
}

static void another_body_is_told_whether_answered_or_not(void **state)
{
    struct key_answer found;
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("a"), &found), KEY_NEW);
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("b"), &found), KEY_OF_ANOTHER);
    answer(*state, SPAN("ann"), 1);
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("b"), &found), KEY_OF_ANOTHER);
}

static void a_key_of_another_caller_is_another_key(void **state)
{
    struct key_answer found;
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("a"), &found), KEY_NEW);
    assert_int_equal(find(*state, SPAN("bo"), 1, SPAN("b"), &found), KEY_NEW);
}

static void a_forgotten_key_is_new_and_an_answered_one_is_not_forgotten(void **state)
{
    struct key_answer found;
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("a"), &found), KEY_NEW);
    keys_forget(*state, id_of(SPAN("ann"), 1));
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("b"), &found), KEY_NEW);
    answer(*state, SPAN("ann"), 1);
    keys_forget(*state, id_of(SPAN("ann"), 1));
    assert_int_equal(find(*state, SPAN("ann"), 1, SPAN("b"), &found), KEY_ANSWERED);
}

static void one_caller_does_not_push_out_the_keys_of_others(void **state)
{
    struct key_answer found;
    assert_int_equal(find(*state, SPAN("bo"), 1, SPAN("a"), &found), KEY_NEW);
    answer(*state, SPAN("bo"), 1);
    for (unsigned n = 0; n < 3 * HTTP_KEYS_EACH_MAX; n++) {
        assert_int_equal(find(*state, SPAN("ann"), n, SPAN("a"), &found), KEY_NEW);
        answer(*state, SPAN("ann"), n);
    }
    assert_int_equal(find(*state, SPAN("bo"), 1, SPAN("a"), &found), KEY_ANSWERED);
    assert_int_equal(find(*state, SPAN("ann"), 3 * HTTP_KEYS_EACH_MAX - 1, SPAN("a"), &found),
                     KEY_ANSWERED);
    assert_int_equal(find(*state, SPAN("ann"), 0, SPAN("a"), &found), KEY_NEW); // the oldest
}

static void more_callers_than_there_is_room_for_push_out_the_oldest(void **state)
{
    struct key_answer found;
    char name[16];
    for (unsigned n = 0; n <= HTTP_KEYS_MAX; n++) {
        snprintf(name, sizeof(name), "user%u", n);
        assert_int_equal(find(*state, span_of(name), 1, SPAN("a"), &found), KEY_NEW);
        answer(*state, span_of(name), 1);
    }
    assert_int_equal(find(*state, span_of(name), 1, SPAN("a"), &found), KEY_ANSWERED);
    assert_int_equal(find(*state, SPAN("user0"), 1, SPAN("a"), &found), KEY_NEW);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_new_then_under_way_then_answered),
        TEST(another_body_is_told_whether_answered_or_not),
        TEST(a_key_of_another_caller_is_another_key),
        TEST(a_forgotten_key_is_new_and_an_answered_one_is_not_forgotten),
        TEST(one_caller_does_not_push_out_the_keys_of_others),
        TEST(more_callers_than_there_is_room_for_push_out_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
