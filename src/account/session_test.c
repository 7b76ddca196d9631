#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "account/session.h"

static struct arena arena;
static struct session_table table;
static struct session seen;
static uint32_t made; // so that each has chance of its own

static int open_table_of(uint32_t count_max)
{
    arena_reset(&arena, 0);
    return session_table_open(&table, count_max, &arena, NULL) ? 0 : -1;
}

static int open_all(void **state)
{
    (void)state;
    return arena_open(&arena, (size_t)16 * MIB, NULL) ? 0 : -1;
}

static int open_table(void **state)
{
    (void)state;
    return open_table_of(100);
}

static int close_table(void **state)
{
    (void)state;
    session_table_invariants(&table);
    session_table_close(&table);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

struct value { char at[SESSION_VALUE_LEN + 1]; };

static void chance_of(uint32_t number, uint8_t chance[SESSION_CHANCE])
{
    struct sha256 value = sha256_of((struct span){ (const char *)&number, sizeof(number) });
    struct sha256 csrf = sha256_of(sha256_span(&value));
    memcpy(chance, value.bytes, SHA256_SIZE);
    memcpy(chance + SHA256_SIZE, csrf.bytes, SHA256_SIZE);
}

static struct value begin(const char *account, int64_t now_ms)
{
    uint8_t chance[SESSION_CHANCE];
    struct value value;
    chance_of(++made, chance);
    session_begin(&table, span_of(account), false, now_ms, chance, value.at, &seen);
    return value;
}

static enum session_verdict find(struct value value, enum session_use use, int64_t now_ms)
{
    return session_find(&table, span_of(value.at), use, now_ms, &seen);
}

static enum session_verdict renew(struct value *value, bool user_verified, int64_t now_ms)
{
    uint8_t chance[SESSION_CHANCE];
    chance_of(++made, chance);
    struct value before = *value;
    return session_renew(&table, span_of(before.at), user_verified, now_ms, chance, value->at,
                         &seen);
}

static void who_has_signed_in_is_known_by_the_value(void **state)
{
    (void)state;
    struct value ada = begin("ada", 1000), eve = begin("eve", 1000);
    assert_int_equal(strlen(ada.at), SESSION_VALUE_LEN);
    assert_string_not_equal(ada.at, eve.at);
    assert_int_equal(find(ada, SESSION_ACTS, 1500), SESSION_GOOD);
    assert_string_equal(seen.account, "ada");
    assert_int_equal(seen.began_ms, 1000);
    assert_int_equal(seen.seen_ms, 1500);
    assert_int_equal(seen.user_verified_ms, 0);
    assert_int_equal(find(eve, SESSION_ACTS, 1500), SESSION_GOOD);
    assert_string_equal(seen.account, "eve");
    assert_int_equal(session_count(&table, 1500), 2);
}

static void another_value_is_nobody(void **state)
{
    (void)state;
    struct value ada = begin("ada", 0);
    for (size_t i = 0; i < SESSION_VALUE_LEN; i++) {
        struct value other = ada;
        other.at[i] = other.at[i] == '0' ? '1' : '0';
        assert_int_equal(find(other, SESSION_ACTS, 0), SESSION_UNKNOWN);
        other = ada;
        other.at[i] = '\0';
        assert_int_equal(find(other, SESSION_ACTS, 0), SESSION_UNKNOWN);
        assert_false(session_end(&table, span_of(other.at)));
    }
    assert_int_equal(session_find(&table, SPAN(""), SESSION_ACTS, 0, &seen), SESSION_UNKNOWN);
}

static void the_value_itself_is_not_kept(void **state)
{
    (void)state;
    static char memory[64 * KIB];
    struct arena own = arena_over(memory, sizeof(memory));
    session_table_close(&table);
    assert_true(session_table_open(&table, 100, &own, NULL));
    struct value ada = begin("ada", 0);
    assert_null(memmem(memory, sizeof(memory), ada.at, 16));
    assert_non_null(memmem(memory, sizeof(memory), "ada", 3));
}

static void who_does_nothing_is_signed_out(void **state)
{
    (void)state;
    struct value ada = begin("ada", 0);
    assert_int_equal(find(ada, SESSION_ACTS, SESSION_IDLE_MS - 1), SESSION_GOOD);
    assert_int_equal(find(ada, SESSION_ACTS, 2 * SESSION_IDLE_MS - 2), SESSION_GOOD);
    assert_int_equal(find(ada, SESSION_ACTS, 3 * SESSION_IDLE_MS - 2), SESSION_IDLE);
    assert_int_equal(find(ada, SESSION_ACTS, 3 * SESSION_IDLE_MS - 2), SESSION_UNKNOWN);
    assert_int_equal(session_count(&table, 0), 0);
}

static void a_page_that_asks_by_itself_keeps_nobody_signed_in(void **state)
{
    (void)state;
    struct value ada = begin("ada", 0);
    assert_int_equal(find(ada, SESSION_LOOKS, SESSION_IDLE_MS - 1), SESSION_GOOD);
    assert_int_equal(seen.seen_ms, 0);
    assert_int_equal(session_count(&table, SESSION_IDLE_MS), 0);
    assert_int_equal(find(ada, SESSION_LOOKS, SESSION_IDLE_MS), SESSION_IDLE);
}

static void after_twelve_hours_all_is_over(void **state)
{
    (void)state;
    struct value ada = begin("ada", 7);
    int64_t at_ms = 7;
    while (at_ms + SESSION_IDLE_MS / 2 < 7 + SESSION_WHOLE_MS) {
        at_ms += SESSION_IDLE_MS / 2;
        assert_int_equal(renew(&ada, true, at_ms), SESSION_GOOD);
    }
    assert_int_equal(find(ada, SESSION_ACTS, 7 + SESSION_WHOLE_MS - 1), SESSION_GOOD);
    assert_int_equal(find(ada, SESSION_ACTS, 7 + SESSION_WHOLE_MS), SESSION_OVER);
    assert_int_equal(find(ada, SESSION_ACTS, 7), SESSION_UNKNOWN);
}

static void a_clock_that_goes_back_ends_nothing(void **state)
{
    (void)state;
    struct value ada = begin("ada", 1000000);
    assert_int_equal(find(ada, SESSION_ACTS, 0), SESSION_GOOD);
    assert_int_equal(seen.seen_ms, 1000000);
}

static void a_renewed_session_goes_on_under_another_value(void **state)
{
    (void)state;
    struct value ada = begin("ada", 1000), before = ada;
    struct session first = seen;
    assert_int_equal(renew(&ada, false, 2000), SESSION_GOOD);
    assert_string_not_equal(ada.at, before.at);
    assert_string_not_equal(seen.csrf, first.csrf);
    assert_int_equal(find(before, SESSION_ACTS, 2000), SESSION_UNKNOWN);
    assert_int_equal(find(ada, SESSION_ACTS, 2000), SESSION_GOOD);
    assert_string_equal(seen.account, "ada");
    assert_int_equal(seen.began_ms, 1000);
    assert_int_equal(seen.user_verified_ms, 0);
    assert_int_equal(renew(&before, true, 2000), SESSION_UNKNOWN);
    assert_int_equal(session_count(&table, 2000), 1);
}

static void who_was_verified_and_when_is_kept(void **state)
{
    (void)state;
    struct value ada = begin("ada", 1000);
    assert_int_equal(renew(&ada, true, 2000), SESSION_GOOD);
    assert_int_equal(seen.user_verified_ms, 2000);
    assert_int_equal(renew(&ada, false, 3000), SESSION_GOOD);
    assert_int_equal(find(ada, SESSION_ACTS, 4000), SESSION_GOOD);
    assert_int_equal(seen.user_verified_ms, 2000);

    uint8_t chance[SESSION_CHANCE];
    chance_of(++made, chance);
    session_begin(&table, SPAN("eve"), true, 5000, chance, ada.at, &seen);
    assert_int_equal(seen.user_verified_ms, 5000);
}

static void who_signs_out_is_gone_and_others_are_not(void **state)
{
    (void)state;
    struct value ada = begin("ada", 0), eve = begin("eve", 0);
    assert_true(session_end(&table, span_of(ada.at)));
    assert_false(session_end(&table, span_of(ada.at)));
    assert_int_equal(find(ada, SESSION_ACTS, 0), SESSION_UNKNOWN);
    assert_int_equal(find(eve, SESSION_ACTS, 0), SESSION_GOOD);
}

static void all_sessions_of_one_account_end_together(void **state)
{
    (void)state;
    struct value first = begin("ada", 0), second = begin("ada", 0), eve = begin("eve", 0);
    struct value adam = begin("adam", 0);
    assert_int_equal(session_end_all(&table, SPAN("ada")), 2);
    assert_int_equal(find(first, SESSION_ACTS, 0), SESSION_UNKNOWN);
    assert_int_equal(find(second, SESSION_ACTS, 0), SESSION_UNKNOWN);
    assert_int_equal(find(eve, SESSION_ACTS, 0), SESSION_GOOD);
    assert_int_equal(find(adam, SESSION_ACTS, 0), SESSION_GOOD);
    assert_int_equal(session_end_all(&table, SPAN("ada")), 0);
}

static void all_other_sessions_of_an_account_end_and_this_one_stays(void **state)
{
    (void)state;
    struct value first = begin("ada", 0), second = begin("ada", 0), eve = begin("eve", 0);
    assert_int_equal(session_end_others(&table, SPAN("ada"), span_of(second.at)), 1);
    assert_int_equal(find(first, SESSION_ACTS, 0), SESSION_UNKNOWN);
    assert_int_equal(find(second, SESSION_ACTS, 0), SESSION_GOOD);
    assert_int_equal(find(eve, SESSION_ACTS, 0), SESSION_GOOD);
}

static void a_csrf_token_fits_its_own_session_only(void **state)
{
    (void)state;
    begin("ada", 0);
    struct session ada = seen;
    begin("ada", 0);
    assert_int_equal(strlen(ada.csrf), SESSION_VALUE_LEN);
    assert_true(session_csrf_fits(&ada, span_of(ada.csrf)));
    assert_false(session_csrf_fits(&ada, span_of(seen.csrf)));
    assert_false(session_csrf_fits(&ada, SPAN("")));
    assert_false(session_csrf_fits(&ada, (struct span){ ada.csrf, SESSION_VALUE_LEN - 1 }));
}

// --- A full table ---

static struct value begin_of(int number, int64_t now_ms)
{
    char name[16];
    snprintf(name, sizeof(name), "user%d", number);
    return begin(name, now_ms);
}

static void a_full_table_lets_the_longest_idle_go(void **state)
{
    (void)state;
    struct value values[100];
    for (int i = 0; i < 100; i++) values[i] = begin_of(i, 1000 + i);
    assert_int_equal(find(values[0], SESSION_ACTS, 2000), SESSION_GOOD);
    struct value ada = begin("ada", 2001);
    assert_int_equal(find(values[1], SESSION_LOOKS, 2001), SESSION_UNKNOWN);
    assert_int_equal(find(values[0], SESSION_LOOKS, 2001), SESSION_GOOD);
    for (int i = 2; i < 100; i++)
        assert_int_equal(find(values[i], SESSION_LOOKS, 2001), SESSION_GOOD);
    assert_int_equal(find(ada, SESSION_LOOKS, 2001), SESSION_GOOD);
}

static void those_that_have_ended_go_first(void **state)
{
    (void)state;
    struct value values[100];
    // The first is as old as a session gets, and was seen last of all.
    values[0] = begin_of(0, 0);
    int64_t end_ms = SESSION_WHOLE_MS;
    for (int64_t at_ms = 0; at_ms < end_ms; at_ms += SESSION_IDLE_MS - 1)
        assert_int_equal(find(values[0], SESSION_ACTS, at_ms), SESSION_GOOD);
    for (int i = 1; i < 100; i++) values[i] = begin_of(i, end_ms - 1000);
    assert_int_equal(find(values[0], SESSION_ACTS, end_ms - 1), SESSION_GOOD);
    begin("ada", end_ms);
    for (int i = 1; i < 100; i++)
        assert_int_equal(find(values[i], SESSION_LOOKS, end_ms), SESSION_GOOD);
    assert_int_equal(find(values[0], SESSION_LOOKS, end_ms - 1), SESSION_UNKNOWN);
}

static void one_account_pushes_out_its_own_only(void **state)
{
    (void)state;
    struct value eve = begin("eve", 0), first = begin("ada", 1), last = first;
    for (int i = 0; i < 200; i++) last = begin("ada", 2 + i);
    assert_int_equal(session_count(&table, 300), SESSIONS_OF_ONE_MAX + 1);
    assert_int_equal(find(eve, SESSION_ACTS, 300), SESSION_GOOD);
    assert_int_equal(find(last, SESSION_ACTS, 300), SESSION_GOOD);
    assert_int_equal(find(first, SESSION_ACTS, 300), SESSION_UNKNOWN);
}

static void a_table_of_one_works(void **state)
{
    (void)state;
    session_table_close(&table);
    assert_int_equal(open_table_of(1), 0);
    struct value ada = begin("ada", 0), eve = begin("eve", 0);
    assert_int_equal(find(ada, SESSION_ACTS, 0), SESSION_UNKNOWN);
    assert_int_equal(find(eve, SESSION_ACTS, 0), SESSION_GOOD);
}

static void the_largest_table_fits_and_finds_each(void **state)
{
    (void)state;
    session_table_close(&table);
    assert_int_equal(open_table_of(SESSIONS_MAX), 0);
    uint32_t first = made + 1;
    for (int i = 0; i < 1000; i++) begin_of(i, i);
    for (int i = 0; i < 1000; i++) {
        uint8_t chance[SESSION_CHANCE];
        struct value value;
        struct arena scratch = arena;
        struct text text = text_in(&scratch, 128);
        chance_of(first + (uint32_t)i, chance);
        hex_write(&text, chance, SHA256_SIZE);
        memcpy(value.at, text.at, sizeof(value.at) - 1);
        value.at[SESSION_VALUE_LEN] = '\0';
        assert_int_equal(find(value, SESSION_ACTS, 1000), SESSION_GOOD);
    }
}

static void a_table_that_does_not_fit_is_said(void **state)
{
    (void)state;
    char memory[1024];
    struct arena small = arena_over(memory, sizeof(memory));
    struct session_table other;
    struct error err = { 0 };
    assert_false(session_table_open(&other, SESSIONS_MAX, &small, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

// --- Many threads ---

struct worker { pthread_t thread; uint32_t number; bool right; };

static void *work(void *at)
{
    struct worker *worker = at;
    char account[16];
    worker->right = true;
    snprintf(account, sizeof(account), "worker%u", worker->number);
    for (uint32_t i = 0; i < 500; i++) {
        uint8_t chance[SESSION_CHANCE];
        struct value value, other;
        struct session session;
        chance_of(1000000 * (worker->number + 1) + 2 * i, chance);
        session_begin(&table, span_of(account), false, i, chance, value.at, &session);
        chance_of(1000000 * (worker->number + 1) + 2 * i + 1, chance);
        worker->right &= session_renew(&table, span_of(value.at), false, i, chance, other.at,
                                       &session) == SESSION_GOOD;
        worker->right &= session_find(&table, span_of(value.at), SESSION_ACTS, i, &session) ==
                         SESSION_UNKNOWN;
        worker->right &= strcmp(session.account, account) == 0;
        if (i % 2 == 0) worker->right &= session_end(&table, span_of(other.at));
    }
    return NULL;
}

static void many_threads_find_each_their_own(void **state)
{
    (void)state;
    struct worker workers[3] = { 0 };
    session_table_close(&table);
    assert_int_equal(open_table_of(1000), 0);
    for (uint32_t i = 0; i < 3; i++) {
        workers[i].number = i;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (uint32_t i = 0; i < 3; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_true(workers[i].right);
    }
    session_table_invariants(&table);
    assert_int_equal(session_count(&table, 500), 3 * SESSIONS_OF_ONE_MAX);
}

static void each_verdict_has_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < SESSION_VERDICT_COUNT; i++)
        assert_true(strlen(session_verdict_sentence((enum session_verdict)i)) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_table, close_table)
        TEST(who_has_signed_in_is_known_by_the_value),
        TEST(another_value_is_nobody),
        TEST(the_value_itself_is_not_kept),
        TEST(who_does_nothing_is_signed_out),
        TEST(a_page_that_asks_by_itself_keeps_nobody_signed_in),
        TEST(after_twelve_hours_all_is_over),
        TEST(a_clock_that_goes_back_ends_nothing),
        TEST(a_renewed_session_goes_on_under_another_value),
        TEST(who_was_verified_and_when_is_kept),
        TEST(who_signs_out_is_gone_and_others_are_not),
        TEST(all_sessions_of_one_account_end_together),
        TEST(all_other_sessions_of_an_account_end_and_this_one_stays),
        TEST(a_csrf_token_fits_its_own_session_only),
        TEST(a_full_table_lets_the_longest_idle_go),
        TEST(those_that_have_ended_go_first),
        TEST(one_account_pushes_out_its_own_only),
        TEST(a_table_of_one_works),
        TEST(the_largest_table_fits_and_finds_each),
        TEST(a_table_that_does_not_fit_is_said),
        TEST(many_threads_find_each_their_own),
        TEST(each_verdict_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
