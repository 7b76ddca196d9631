#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "account/throttle.h"
#include "base/limits.h"

static struct arena arena;
static struct throttle throttle;
static const uint8_t chance[THROTTLE_CHANCE] = "sixteen of them";

static const struct throttle_rules rules = {
    .pair = { 3, 60 * 1000000LL },
    .network = { 10, 10 * 1000000LL },
    .account = { 20, 5 * 1000000LL },
    .network_requests = { 4, 250000 },
    .account_requests = { 6, 1000000 },
};

static int open_all(void **state)
{
    (void)state;
    return arena_open(&arena, (size_t)16 * MIB, NULL) ? 0 : -1;
}

static int open_throttle(void **state)
{
    (void)state;
    arena_reset(&arena, 0);
    return throttle_open(&throttle, &rules, chance, &arena, NULL) ? 0 : -1;
}

static int close_throttle(void **state)
{
    (void)state;
    throttle_close(&throttle);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

static int64_t waited_ms; // what the last answer said

static enum throttle_verdict try_at(const char *account, const char *address, int64_t now_ms)
{
    struct throttle_answer answer =
        throttle_sign_in(&throttle, span_of(account), span_of(address), now_ms);
    waited_ms = answer.wait_ms;
    assert_true((answer.verdict == THROTTLE_GO) == (answer.wait_ms == 0));
    return answer.verdict;
}

static void right_at(const char *account, const char *address, int64_t now_ms)
{
    throttle_signed_in(&throttle, span_of(account), span_of(address), true, now_ms);
}

// Tries until it is refused, and says how often it was not.
static int tries(const char *account, const char *address, int64_t now_ms)
{
    int count = 0;
    while (count < 1000 && try_at(account, address, now_ms) != THROTTLE_REFUSED) count++;
    return count;
}

static void one_account_is_tried_a_few_times_from_one_network(void **state)
{
    (void)state;
    assert_int_equal(tries("ada", "192.0.2.1", 1000), 3);
    assert_int_equal(waited_ms, 60000);
    assert_int_equal(tries("ada", "192.0.2.1", 60999), 0);
    assert_int_equal(waited_ms, 1);
    assert_int_equal(tries("ada", "192.0.2.1", 61000), 1); // one has come back
    assert_int_equal(tries("ada", "192.0.2.1", 61000 + 600000), 3); // and no more than three
}

static void others_go_on_from_the_same_network_and_the_owner_from_another(void **state)
{
    (void)state;
    assert_int_equal(tries("ada", "192.0.2.1", 0), 3);
    assert_int_equal(try_at("eve", "192.0.2.1", 0), THROTTLE_GO);
    assert_int_equal(try_at("ada", "192.0.2.2", 0), THROTTLE_GO);
}

static void one_network_tries_many_accounts_a_bounded_number_of_times(void **state)
{
    (void)state;
    int count = 0;
    for (int i = 0; i < 100; i++) {
        char account[16];
        snprintf(account, sizeof(account), "user%d", i);
        count += try_at(account, "192.0.2.1", 0) == THROTTLE_GO;
    }
    assert_int_equal(count, 10);
    assert_int_equal(waited_ms, 10000);
    assert_int_equal(try_at("ada", "192.0.2.2", 0), THROTTLE_GO);
    assert_int_equal(try_at("ada", "192.0.2.1", 10000), THROTTLE_GO);
}

static const char *address_of(int number)
{
    static char address[32];
    snprintf(address, sizeof(address), "198.51.%d.%d", number / 256, number % 256);
    return address;
}

static void an_account_tried_from_everywhere_is_delayed_and_never_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) assert_int_equal(try_at("ada", address_of(i), 0), THROTTLE_GO);
    for (int i = 20; i < 500; i++) {
        assert_int_equal(try_at("ada", address_of(i), 0), THROTTLE_DELAYED);
        assert_true(waited_ms >= 5000);
        assert_true(waited_ms <= THROTTLE_DELAY_MAX_MS);
    }
    assert_int_equal(try_at("eve", address_of(600), 0), THROTTLE_GO);
    // When the guessing stops, what was tried in vain is soon forgotten.
    assert_int_equal(try_at("ada", address_of(600), 20000), THROTTLE_GO);
}

static void who_signed_in_from_there_before_is_not_delayed(void **state)
{
    (void)state;
    assert_int_equal(try_at("ada", "192.0.2.1", 0), THROTTLE_GO);
    right_at("ada", "192.0.2.1", 0);
    for (int i = 0; i < 500; i++) (void)try_at("ada", address_of(i), 1000);
    assert_int_equal(try_at("ada", "192.0.2.2", 1000), THROTTLE_DELAYED);
    assert_int_equal(try_at("ada", "192.0.2.1", 1000), THROTTLE_GO);
    for (int i = 0; i < 500; i++) (void)try_at("eve", address_of(i), 1000);
    assert_int_equal(try_at("eve", "192.0.2.1", 1000), THROTTLE_DELAYED); // known of ada only

    int64_t later_ms = THROTTLE_KNOWN_MS;
    for (int i = 0; i < 500; i++) (void)try_at("ada", address_of(i), later_ms);
    assert_int_equal(try_at("ada", "192.0.2.1", later_ms), THROTTLE_DELAYED);
}

static void who_came_by_a_passkey_is_known_and_gets_nothing_back(void **state)
{
    (void)state;
    assert_int_equal(tries("ada", "192.0.2.1", 0), 3);
    throttle_signed_in(&throttle, SPAN("ada"), SPAN("192.0.2.1"), false, 0);
    assert_int_equal(try_at("ada", "192.0.2.1", 0), THROTTLE_REFUSED);
    for (int i = 0; i < 500; i++) (void)try_at("ada", address_of(i), 120000);
    assert_int_equal(try_at("ada", "192.0.2.1", 120000), THROTTLE_GO);
}

static void a_right_password_costs_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(try_at("ada", "192.0.2.1", 0), THROTTLE_GO);
        right_at("ada", "192.0.2.1", 0);
    }
    assert_int_equal(tries("ada", "192.0.2.1", 0), 3);
}

static void attempts_at_once_are_counted_before_they_are_checked(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) assert_int_equal(try_at("ada", "192.0.2.1", 0), THROTTLE_GO);
    assert_int_equal(try_at("ada", "192.0.2.1", 0), THROTTLE_REFUSED);
    right_at("ada", "192.0.2.1", 0); // one of the three
    assert_int_equal(tries("ada", "192.0.2.1", 0), 1);
}

static void a_network_of_ipv6_is_its_first_half(void **state)
{
    (void)state;
    assert_int_equal(tries("ada", "2001:db8:0:1::1", 0), 3);
    assert_int_equal(try_at("ada", "2001:db8:0:1:ffff::2", 0), THROTTLE_REFUSED);
    assert_int_equal(try_at("ada", "2001:db8:0:2::1", 0), THROTTLE_GO);
    assert_int_equal(tries("eve", "192.0.2.1", 0), 3);
    assert_int_equal(try_at("eve", "::ffff:192.0.2.1", 0), THROTTLE_REFUSED);
    assert_int_equal(try_at("eve", "::ffff:192.0.2.2", 0), THROTTLE_GO);
}

static void what_is_no_address_is_a_network_of_its_own_name(void **state)
{
    (void)state;
    char longer[1000];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_int_equal(tries("ada", "", 0), 3);
    assert_int_equal(tries("ada", longer, 0), 3);
    assert_int_equal(tries("ada", "unix", 0), 3);
    assert_int_equal(try_at(longer, "192.0.2.1", 0), THROTTLE_GO);
    assert_int_equal(try_at("", "192.0.2.1", 0), THROTTLE_GO);
}

// --- Requests ---

static enum throttle_verdict ask(const char *account, const char *address, int64_t now_ms)
{
    struct throttle_answer answer =
        throttle_request(&throttle, span_of(account), span_of(address), now_ms);
    waited_ms = answer.wait_ms;
    return answer.verdict;
}

static void requests_are_bounded_by_network(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) assert_int_equal(ask("", "192.0.2.1", 0), THROTTLE_GO);
    assert_int_equal(ask("", "192.0.2.1", 0), THROTTLE_REFUSED);
    assert_int_equal(waited_ms, 250);
    assert_int_equal(ask("", "192.0.2.1", 249), THROTTLE_REFUSED);
    assert_int_equal(ask("", "192.0.2.1", 250), THROTTLE_GO);
    assert_int_equal(ask("", "192.0.2.2", 0), THROTTLE_GO);
    assert_int_equal(ask("ada", "192.0.2.1", 250), THROTTLE_REFUSED);
}

static void and_by_account_wherever_it_comes_from(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) assert_int_equal(ask("ada", address_of(i), 0), THROTTLE_GO);
    assert_int_equal(ask("ada", address_of(7), 0), THROTTLE_REFUSED);
    assert_int_equal(waited_ms, 1000);
    assert_int_equal(ask("", address_of(7), 0), THROTTLE_GO);
    assert_int_equal(ask("eve", address_of(7), 0), THROTTLE_GO);
    assert_int_equal(try_at("ada", address_of(7), 0), THROTTLE_GO); // to sign in is another matter
}

// --- Bounds ---

static void a_flood_of_networks_does_not_forget_who_is_guessed_at_most(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) (void)try_at("ada", address_of(i), 0);
    for (uint32_t i = 0; i < 4 * THROTTLE_SLOTS; i++) {
        char address[40];
        snprintf(address, sizeof(address), "2001:db8:%x:%x::1", i >> 16, i & 0xffff);
        (void)throttle_request(&throttle, (struct span){ 0 }, span_of(address), 0);
    }
    assert_int_equal(try_at("ada", "192.0.2.1", 0), THROTTLE_DELAYED);
    assert_int_equal(ask("", "2001:db8:3:ffff::1", 0), THROTTLE_GO);
}

static void a_clock_that_goes_back_shuts_nobody_out(void **state)
{
    (void)state;
    assert_int_equal(try_at("ada", "192.0.2.1", 1000000), THROTTLE_GO);
    enum throttle_verdict verdict = try_at("ada", "192.0.2.1", 999000);
    assert_int_equal(verdict, THROTTLE_GO);
}

struct worker { pthread_t thread; int passed; };

static void *work(void *at)
{
    struct worker *worker = at;
    for (int i = 0; i < 1000; i++)
        worker->passed += throttle_sign_in(&throttle, SPAN("ada"), SPAN("192.0.2.1"), 0).verdict ==
                          THROTTLE_GO;
    return NULL;
}

static void many_threads_have_no_more_tries_than_one(void **state)
{
    (void)state;
    struct worker workers[3] = { 0 };
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    int passed = 0;
    for (int i = 0; i < 3; i++) {
        pthread_join(workers[i].thread, NULL);
        passed += workers[i].passed;
    }
    assert_int_equal(passed, 3);
}

static void the_usual_rules_are_those_of_the_manual(void **state)
{
    (void)state;
    throttle_close(&throttle);
    arena_reset(&arena, 0);
    assert_true(throttle_open(&throttle, &throttle_usual, chance, &arena, NULL));
    assert_int_equal(tries("ada", "192.0.2.1", 0), 5);
    assert_int_equal(waited_ms, 60000);
    int passed = 0;
    while (ask("", "192.0.2.1", 0) == THROTTLE_GO) passed++;
    assert_int_equal(passed, 2000);
}

static void a_table_that_does_not_fit_is_said(void **state)
{
    (void)state;
    char memory[1024];
    struct arena small = arena_over(memory, sizeof(memory));
    struct throttle other;
    struct error err = { 0 };
    assert_false(throttle_open(&other, &rules, chance, &small, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

static void each_verdict_has_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < THROTTLE_VERDICT_COUNT; i++)
        assert_true(strlen(throttle_verdict_sentence((enum throttle_verdict)i)) > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_throttle, close_throttle)
        TEST(one_account_is_tried_a_few_times_from_one_network),
        TEST(others_go_on_from_the_same_network_and_the_owner_from_another),
        TEST(one_network_tries_many_accounts_a_bounded_number_of_times),
        TEST(an_account_tried_from_everywhere_is_delayed_and_never_refused),
        TEST(who_signed_in_from_there_before_is_not_delayed),
        TEST(who_came_by_a_passkey_is_known_and_gets_nothing_back),
        TEST(a_right_password_costs_nothing),
        TEST(attempts_at_once_are_counted_before_they_are_checked),
        TEST(a_network_of_ipv6_is_its_first_half),
        TEST(what_is_no_address_is_a_network_of_its_own_name),
        TEST(requests_are_bounded_by_network),
        TEST(and_by_account_wherever_it_comes_from),
        TEST(a_flood_of_networks_does_not_forget_who_is_guessed_at_most),
        TEST(a_clock_that_goes_back_shuts_nobody_out),
        TEST(many_threads_have_no_more_tries_than_one),
        TEST(the_usual_rules_are_those_of_the_manual),
        TEST(a_table_that_does_not_fit_is_said),
        TEST(each_verdict_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
