#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>

#include "account/account_sample.h"
#include "account/password.h"
#include "base/limits.h"

static const struct span good = SPAN_INIT("four words that fit");
static char kept[PASSWORD_KEPT_SIZE]; // of the good one: a hash takes long

static int keep_good(void **state)
{
    (void)state;
    return sodium_init() >= 0 && password_keep(good, kept, NULL) ? 0 : -1;
}

static void the_password_itself_is_right_and_another_is_wrong(void **state)
{
    (void)state;
    assert_int_equal(password_check(span_of(kept), good), PASSWORD_RIGHT);
    assert_int_equal(password_check(span_of(kept), SPAN("four words that Fit")), PASSWORD_WRONG);
    assert_int_equal(password_check(span_of(kept), SPAN("")), PASSWORD_WRONG);
}

static void two_hashes_of_one_password_differ(void **state)
{
    (void)state;
    char other[PASSWORD_KEPT_SIZE];
    assert_true(password_keep(good, other, NULL));
    assert_string_not_equal(other, kept);
    assert_true(password_kept_fits(span_of(other)));
    assert_null(strstr(other, "words"));
}

static void where_none_is_kept_all_are_wrong(void **state)
{
    (void)state;
    assert_int_equal(password_check(SPAN(""), good), PASSWORD_WRONG);
    assert_int_equal(password_check((struct span){ 0 }, SPAN("")), PASSWORD_WRONG);
}

static void of_what_is_no_hash_nothing_can_be_told(void **state)
{
    (void)state;
    assert_int_equal(password_check(SPAN("$argon2id$v=19$"), good), PASSWORD_UNTOLD);
    assert_int_equal(password_check(SPAN("plain text"), good), PASSWORD_UNTOLD);
    char longer[PASSWORD_KEPT_SIZE] = "$argon2id$";
    memset(longer + 10, 'A', sizeof(longer) - 10);
    assert_int_equal(password_check((struct span){ longer, sizeof(longer) }, good),
                     PASSWORD_UNTOLD);
}

static void a_hash_of_another_cost_is_old(void **state)
{
    (void)state;
    char cheap[PASSWORD_KEPT_SIZE];
    assert_int_equal(crypto_pwhash_str(cheap, good.at, good.len, 1, crypto_pwhash_MEMLIMIT_MIN), 0);
    assert_false(password_is_old(span_of(kept)));
    assert_true(password_is_old(span_of(cheap)));
    assert_true(password_is_old(SPAN("")));
    assert_int_equal(password_check(span_of(cheap), good), PASSWORD_RIGHT);
}

static void a_password_that_is_too_long_is_wrong_without_being_hashed(void **state)
{
    (void)state;
    char longer[PASSWORD_BYTES_MAX + 1], own[PASSWORD_KEPT_SIZE];
    memset(longer, 'x', sizeof(longer));
    assert_int_equal(crypto_pwhash_str(own, longer, sizeof(longer), 1, crypto_pwhash_MEMLIMIT_MIN),
                     0);
    struct span too_long = { longer, sizeof(longer) };
    assert_int_equal(password_check(span_of(own), too_long), PASSWORD_WRONG);
    assert_int_equal(crypto_pwhash_str(own, "", 0, 1, crypto_pwhash_MEMLIMIT_MIN), 0);
    assert_int_equal(password_check(span_of(own), too_long), PASSWORD_WRONG);
}

static bool fits(struct span password)
{
    struct error err = { 0 };
    bool fit = password_fit(password, SPAN("ada.moreau-1815"), &err);
    assert_true(fit == (err.kind == ERROR_NONE));
    assert_true(fit || err.kind == ERROR_SYNTAX);
    return fit;
}

static void a_password_has_twelve_characters_at_least(void **state)
{
    (void)state;
    assert_true(fits(SPAN("a1b2c3d4e5f6")));
    assert_false(fits(SPAN("a1b2c3d4e5f")));
    assert_false(fits(SPAN("")));
    // Eleven letters with accents have 22 bytes, and are eleven.
    assert_false(fits(SPAN("àéèùçâêîôûë")));
    assert_true(fits(SPAN("àéèùçâêîôûëï")));
}

static void a_password_has_256_bytes_at_most(void **state)
{
    (void)state;
    char longer[PASSWORD_BYTES_MAX + 1];
    for (size_t i = 0; i < sizeof(longer); i++) longer[i] = (char)('a' + i * i % 26);
    assert_true(fits((struct span){ longer, PASSWORD_BYTES_MAX }));
    assert_false(fits((struct span){ longer, sizeof(longer) }));
}

static void what_is_guessed_first_is_not_taken(void **state)
{
    (void)state;
    static const char *const trivial[] = {
        "ada.moreau-1815", "ADA.moreau-1815", "aaaaaaaaaaaa", "            ", "éééééééééééé",
        "123456789012", "012345678901", "987654321098", "abcdefghijkl", "ZYXWVUTSRQPO",
        "password1234", "Administrator", "correcthorsebatterystaple",
    };
    for (size_t i = 0; i < sizeof(trivial) / sizeof(trivial[0]); i++)
        if (fits(span_of(trivial[i]))) fail_msg("%s was taken", trivial[i]);
    assert_true(fits(SPAN("aaaaaaaaaaab")));
    assert_true(fits(SPAN("ada.moreau-1816")));
    assert_true(fits(SPAN("1234567890123!")));
}

static void a_password_is_utf8(void **state)
{
    (void)state;
    assert_false(fits(SPAN("four words \xff that fit")));
}

static void the_sample_of_other_tests_is_well_formed(void **state)
{
    (void)state;
    assert_true(password_kept_fits(SPAN(PASSWORD_KEPT)));
    assert_false(password_is_old(SPAN(PASSWORD_KEPT)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_password_itself_is_right_and_another_is_wrong),
        cmocka_unit_test(two_hashes_of_one_password_differ),
        cmocka_unit_test(where_none_is_kept_all_are_wrong),
        cmocka_unit_test(of_what_is_no_hash_nothing_can_be_told),
        cmocka_unit_test(a_hash_of_another_cost_is_old),
        cmocka_unit_test(a_password_that_is_too_long_is_wrong_without_being_hashed),
        cmocka_unit_test(a_password_has_twelve_characters_at_least),
        cmocka_unit_test(a_password_has_256_bytes_at_most),
        cmocka_unit_test(what_is_guessed_first_is_not_taken),
        cmocka_unit_test(a_password_is_utf8),
        cmocka_unit_test(the_sample_of_other_tests_is_well_formed),
    };
    return cmocka_run_group_tests(tests, keep_good, NULL);
}
