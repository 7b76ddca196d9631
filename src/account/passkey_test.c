#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "account/passkey_sample.h"
#include "base/limits.h"

// --- Good ones ---

static void a_key_of_each_algorithm_registers_and_signs_in(void **state)
{
    (void)state;
    for (int key = 0; key < KEYS; key++) {
        struct scene scene = good(key);
        assert_int_equal(registered(&scene), PASSKEY_GOOD);
        assert_int_equal(seen.count, 5);
        assert_true(seen.user_verified);
        assert_int_equal(asserted(&scene), PASSKEY_GOOD);
        assert_int_equal(seen.count, 5);
        assert_false(seen.count_fell);
        assert_true(seen.user_verified);
        assert_false(seen.backed_up);
    }
}

static void each_origin_of_the_list_is_taken_and_false_is_no_other(void **state)
{
    (void)state;
    struct scene scene = good(ES256);
    scene.origin = "http://localhost:8080";
    scene.more = ",\"crossOrigin\":false,\"other_keys_can_be_added_here\":\"do not compare\"";
    assert_int_equal(asserted(&scene), PASSKEY_GOOD);
    assert_int_equal(registered(&scene), PASSKEY_GOOD);
}

static void extensions_and_backup_are_told(void **state)
{
    (void)state;
    struct scene scene = good(EDDSA);
    scene.flags = 0x9d; // present, verified, may be and is backed up, extensions
    scene.add = 1;
    assert_int_equal(asserted(&scene), PASSKEY_GOOD);
    assert_true(seen.backed_up);
}

static void who_was_not_verified_is_told_when_that_is_not_asked_for(void **state)
{
    (void)state;
    struct scene scene = good(ES256);
    scene.flags = 0x01;
    scene.asked.user_verified = false;
    assert_int_equal(asserted(&scene), PASSKEY_GOOD);
    assert_false(seen.user_verified);
}

// --- A counter ---

static bool fell(uint32_t before, uint32_t now)
{
    struct scene scene = good(ES256);
    scene.count = now;
    struct passkey passkey = kept(ES256);
    struct passkey_assertion assertion = assertion_of(&scene);
    assert_int_equal(passkey_check_assertion(&scene.asked, &passkey, before, &assertion, arena,
                                             &seen), PASSKEY_GOOD);
    assert_int_equal(seen.count, now);
    return seen.count_fell;
}

static void a_counter_that_does_not_grow_is_reported(void **state)
{
    (void)state;
    assert_false(fell(0, 0)); // it has none
    assert_false(fell(0, 1));
    assert_false(fell(7, 8));
    assert_true(fell(7, 7));
    assert_true(fell(7, 6));
    assert_true(fell(7, 0));
    assert_false(fell(0x7fffffff, 0x80000000));
}

// --- One thing wrong ---

#define WRONG_IN(where, change, verdict)                                                          \
    do {                                                                                          \
        for (int key = 0; key < KEYS; key++) {                                                    \
            struct scene scene = good(key);                                                       \
            change;                                                                               \
            enum passkey_verdict said = where(&scene);                                            \
            if (said != (verdict)) fail_msg(#change ": %s", passkey_verdict_sentence(said));      \
        }                                                                                         \
    } while (0)
#define WRONG(change, verdict)                                                                    \
    do {                                                                                          \
        WRONG_IN(registered, change, verdict);                                                    \
        WRONG_IN(asserted, change, verdict);                                                      \
    } while (0)

static void what_the_browser_says_must_be_json(void **state)
{
    (void)state;
    WRONG(scene.client_data = "", PASSKEY_CLIENT_DATA);
    WRONG(scene.client_data = "[]", PASSKEY_CLIENT_DATA);
    WRONG(scene.client_data = "{\"type\":\"webauthn.get\"", PASSKEY_CLIENT_DATA);
    WRONG(scene.more = ",\"type\":\"webauthn.get\"", PASSKEY_CLIENT_DATA);
    char longer[PASSKEY_TEXT_MAX + 1];
    memset(longer, ' ', sizeof(longer) - 1);
    longer[0] = ',';
    longer[sizeof(longer) - 1] = '\0';
    WRONG(scene.more = longer, PASSKEY_CLIENT_DATA);
}

static void it_must_have_done_what_it_was_asked_for(void **state)
{
    (void)state;
    WRONG_IN(registered, scene.type = "webauthn.get", PASSKEY_TYPE);
    WRONG_IN(asserted, scene.type = "webauthn.create", PASSKEY_TYPE);
    WRONG(scene.type = "payment.get", PASSKEY_TYPE);
    WRONG(scene.client_data = "{}", PASSKEY_TYPE);
    WRONG(scene.client_data = "{\"type\":[\"webauthn.get\"]}", PASSKEY_TYPE);
}

static void it_must_answer_this_challenge(void **state)
{
    (void)state;
    WRONG(scene.challenge = "", PASSKEY_CHALLENGE);
    WRONG(scene.challenge = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNk", PASSKEY_CHALLENGE);
    // The same bytes with padding, and in the other alphabet.
    WRONG(scene.challenge = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNk__4=", PASSKEY_CHALLENGE);
    WRONG(scene.challenge = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNk//4", PASSKEY_CHALLENGE);
    WRONG(scene.asked.challenge.len = 31, PASSKEY_CHALLENGE);
}

static void it_must_be_of_this_origin_exactly(void **state)
{
    (void)state;
    WRONG(scene.origin = "https://desk.example.net", PASSKEY_ORIGIN);
    WRONG(scene.origin = "http://desk.example", PASSKEY_ORIGIN);
    WRONG(scene.origin = "https://desk.example:8443", PASSKEY_ORIGIN);
    WRONG(scene.origin = "https://desk.example/", PASSKEY_ORIGIN);
    WRONG(scene.origin = "https://DESK.example", PASSKEY_ORIGIN);
    WRONG(scene.origin = "", PASSKEY_ORIGIN);
    WRONG((scene.origin = "http://localhost:8080", scene.asked.origins_count = 1), PASSKEY_ORIGIN);
}

static void it_must_not_come_from_within_another_page(void **state)
{
    (void)state;
    WRONG(scene.more = ",\"crossOrigin\":true", PASSKEY_CROSS_ORIGIN);
    WRONG(scene.more = ",\"crossOrigin\":null", PASSKEY_CROSS_ORIGIN);
    WRONG(scene.more = ",\"crossOrigin\":false,\"topOrigin\":\"https://desk.example\"",
          PASSKEY_CROSS_ORIGIN);
}

static void the_authenticators_data_must_be_whole(void **state)
{
    (void)state;
    WRONG_IN(asserted, scene.cut = 1, PASSKEY_AUTHENTICATOR_DATA);
    WRONG_IN(asserted, scene.cut = 37, PASSKEY_AUTHENTICATOR_DATA);
    WRONG_IN(asserted, scene.add = 1, PASSKEY_AUTHENTICATOR_DATA);   // no flag says what
    WRONG_IN(asserted, scene.flags = 0x85, PASSKEY_AUTHENTICATOR_DATA); // a flag, and nothing
    WRONG_IN(registered, scene.flags = 0x05, PASSKEY_AUTHENTICATOR_DATA);
    WRONG_IN(registered, scene.flags = 0x85, PASSKEY_AUTHENTICATOR_DATA); // extensions alone
    for (size_t cut = 3; cut <= 62; cut++)
        WRONG_IN(registered, scene.cut = cut, PASSKEY_AUTHENTICATOR_DATA);
    WRONG_IN(registered, scene.id_len = 7, PASSKEY_AUTHENTICATOR_DATA); // no room for a key
    WRONG_IN(registered, scene.id_len = 0xffff, PASSKEY_AUTHENTICATOR_DATA);
    WRONG_IN(registered, (scene.id_len = 1024, scene.add = 2000), PASSKEY_AUTHENTICATOR_DATA);
    WRONG(scene.flags |= 0x55, PASSKEY_AUTHENTICATOR_DATA); // backed up, and may not be
    WRONG((scene.flags = 0xc5, scene.add = PASSKEY_TEXT_MAX), PASSKEY_AUTHENTICATOR_DATA);
}

static void the_passkey_must_be_for_this_site(void **state)
{
    (void)state;
    WRONG(scene.party = "example", PASSKEY_RELYING_PARTY);
    WRONG(scene.asked.relying_party = SPAN("www.desk.example"), PASSKEY_RELYING_PARTY);
}

static void somebody_must_be_there_and_be_known(void **state)
{
    (void)state;
    WRONG_IN(asserted, scene.flags = 0x04, PASSKEY_USER_ABSENT);
    WRONG_IN(asserted, scene.flags = 0x01, PASSKEY_USER_NOT_VERIFIED);
    WRONG_IN(registered, scene.flags = 0x44, PASSKEY_USER_ABSENT);
    WRONG_IN(registered, scene.flags = 0x41, PASSKEY_USER_NOT_VERIFIED);
}

static void the_credential_must_be_the_one_that_the_authenticator_names(void **state)
{
    (void)state;
    WRONG_IN(registered, scene.id_len = 3, PASSKEY_CREDENTIAL);
    WRONG_IN(registered, scene.id_len = 5, PASSKEY_CREDENTIAL);
}

static void each_verdict_and_algorithm_has_its_name(void **state)
{
    (void)state;
    enum passkey_algorithm algorithm;
    for (int i = 0; i < PASSKEY_VERDICT_COUNT; i++)
        assert_true(strlen(passkey_verdict_sentence((enum passkey_verdict)i)) > 10);
    for (int i = PASSKEY_ALGORITHM_NONE + 1; i < PASSKEY_ALGORITHM_COUNT; i++) {
        const char *name = passkey_algorithm_name((enum passkey_algorithm)i);
        assert_true(passkey_algorithm_read(span_of(name), &algorithm));
        assert_int_equal(algorithm, i);
        int number = passkey_algorithm_number((enum passkey_algorithm)i);
        assert_int_equal(passkey_algorithm_of(number), i);
    }
    assert_int_equal(passkey_algorithm_of(-7), PASSKEY_ES256);
    assert_int_equal(passkey_algorithm_of(-8), PASSKEY_EDDSA);
    assert_int_equal(passkey_algorithm_of(0), PASSKEY_ALGORITHM_NONE);
    assert_false(passkey_algorithm_read(SPAN("none"), &algorithm));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(a_key_of_each_algorithm_registers_and_signs_in),
        TEST(each_origin_of_the_list_is_taken_and_false_is_no_other),
        TEST(extensions_and_backup_are_told),
        TEST(who_was_not_verified_is_told_when_that_is_not_asked_for),
        TEST(a_counter_that_does_not_grow_is_reported),
        TEST(what_the_browser_says_must_be_json),
        TEST(it_must_have_done_what_it_was_asked_for),
        TEST(it_must_answer_this_challenge),
        TEST(it_must_be_of_this_origin_exactly),
        TEST(it_must_not_come_from_within_another_page),
        TEST(the_authenticators_data_must_be_whole),
        TEST(the_passkey_must_be_for_this_site),
        TEST(somebody_must_be_there_and_be_known),
        TEST(the_credential_must_be_the_one_that_the_authenticator_names),
        TEST(each_verdict_and_algorithm_has_its_name),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
