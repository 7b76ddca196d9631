#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/x509.h>

#include "account/passkey_sample.h"
#include "base/limits.h"

// --- Keys ---

static void a_public_key_has_one_form(void **state)
{
    (void)state;
    for (int key = 0; key < KEYS; key++) {
        char other[PASSKEY_KEY_MAX + 1] = { 0 };
        memcpy(other, public_keys[key], key_sizes[key]);
        struct span whole = { other, key_sizes[key] }, longer = { other, key_sizes[key] + 1 };
        assert_true(passkey_key_fits(whole, key_algorithms[key]));
        assert_false(passkey_key_fits(longer, key_algorithms[key]));
        for (size_t len = 0; len < key_sizes[key]; len++)
            assert_false(passkey_key_fits((struct span){ other, len }, key_algorithms[key]));
        // Each byte of its head is needed as it is.
        for (size_t i = 0; i < (key == ES256 ? 27 : 12); i++) {
            other[i] ^= 1;
            assert_false(passkey_key_fits(whole, key_algorithms[key]));
            other[i] ^= 1;
        }
        assert_false(passkey_key_fits(whole, key_algorithms[1 - key]));
        assert_false(passkey_key_fits(whole, PASSKEY_ALGORITHM_NONE));
    }
}

static void a_key_of_p256_has_both_coordinates(void **state)
{
    (void)state;
    // The shorter form: one coordinate, and the other's last bit.
    char other[59];
    memcpy(other, public_keys[ES256], sizeof(other));
    other[1] = 57;
    other[24] = 34;
    other[26] = (char)(2 | (public_keys[ES256][90] & 1));
    assert_false(passkey_key_fits((struct span){ other, sizeof(other) }, PASSKEY_ES256));
}

static void a_point_that_is_not_on_the_curve_is_no_key(void **state)
{
    (void)state;
    char other[PASSKEY_KEY_MAX];
    memcpy(other, public_keys[ES256], sizeof(other));
    other[90] ^= 1;
    assert_false(passkey_key_fits((struct span){ other, 91 }, PASSKEY_ES256));
    memcpy(other, public_keys[EDDSA], 44);
    memset(other + 12, 0, 32); // a point of small order
    assert_false(passkey_key_fits((struct span){ other, 44 }, PASSKEY_EDDSA));
}

static void a_key_of_another_curve_is_none(void **state)
{
    (void)state;
    EVP_PKEY *key = EVP_EC_gen("secp256k1"); // its points are as long
    unsigned char bytes[128], *at = bytes;
    int len = i2d_PUBKEY(key, &at);
    EVP_PKEY_free(key);
    assert_true(len > 0);
    assert_false(passkey_key_fits((struct span){ (char *)bytes, (size_t)len }, PASSKEY_ES256));
    struct scene scene = good(ES256);
    struct passkey_registration registration = registration_of(&scene);
    registration.public_key = (struct span){ (char *)bytes, (size_t)len };
    assert_int_equal(passkey_check_registration(&scene.asked, &registration, arena, &seen),
                     PASSKEY_KEY);
    registration.algorithm = passkey_algorithm_of(-257); // RS256
    assert_int_equal(passkey_check_registration(&scene.asked, &registration, arena, &seen),
                     PASSKEY_KEY);
}

// --- Signatures ---

static void each_bit_of_what_was_signed_counts(void **state)
{
    (void)state;
    for (int key = 0; key < KEYS; key++) {
        struct scene scene = good(key);
        struct passkey passkey = kept(key);
        const struct passkey_assertion whole = assertion_of(&scene);
        const struct span *parts[] = { &whole.client_data, &whole.authenticator_data,
                                       &whole.signature };
        for (size_t part = 0; part < 3; part++) {
            for (size_t bit = 0; bit < 8 * parts[part]->len; bit++) {
                char *at = (char *)(uintptr_t)&parts[part]->at[bit / 8];
                *at = (char)(*at ^ 1 << bit % 8);
                assert_int_not_equal(passkey_check_assertion(&scene.asked, &passkey, 0, &whole,
                                                             arena, &seen), PASSKEY_GOOD);
                *at = (char)(*at ^ 1 << bit % 8);
            }
        }
        assert_int_equal(passkey_check_assertion(&scene.asked, &passkey, 0, &whole, arena, &seen),
                         PASSKEY_GOOD);
    }
}

static void a_signature_by_another_key_or_of_another_length_is_wrong(void **state)
{
    (void)state;
    for (int key = 0; key < KEYS; key++) {
        struct scene scene = good(key);
        struct passkey passkey = kept(key), other = kept(1 - key);
        struct passkey_assertion assertion = assertion_of(&scene);
        assert_int_equal(passkey_check_assertion(&scene.asked, &other, 0, &assertion, arena, &seen),
                         PASSKEY_SIGNATURE);
        struct span whole = assertion.signature;
        for (size_t len = 0; len < whole.len; len++) {
            assertion.signature.len = len;
            assert_int_equal(passkey_check_assertion(&scene.asked, &passkey, 0, &assertion, arena,
                                                     &seen), PASSKEY_SIGNATURE);
        }
        assertion.signature = (struct span){ whole.at, whole.len + 1 };
        assert_int_equal(passkey_check_assertion(&scene.asked, &passkey, 0, &assertion, arena,
                                                 &seen), PASSKEY_SIGNATURE);
    }
}

static void what_is_kept_and_damaged_is_no_key(void **state)
{
    (void)state;
    struct scene scene = good(EDDSA);
    struct passkey passkey = kept(EDDSA);
    passkey.public_key.len--;
    struct passkey_assertion assertion = assertion_of(&scene);
    assert_int_equal(passkey_check_assertion(&scene.asked, &passkey, 0, &assertion, arena, &seen),
                     PASSKEY_KEY);
}

static void without_memory_nothing_can_be_told(void **state)
{
    (void)state;
    static char memory[4 * PASSKEY_TEXT_MAX];
    struct scene scene = good(ES256);
    struct passkey passkey = kept(ES256);
    struct passkey_assertion assertion = assertion_of(&scene);
    size_t size = 0;
    for (;; size += 16) {
        enum passkey_verdict verdict =
            passkey_check_assertion(&scene.asked, &passkey, 0, &assertion,
                                    arena_over(memory, size), &seen);
        if (verdict == PASSKEY_GOOD) break;
        assert_int_equal(verdict, PASSKEY_UNTOLD);
        assert_true(size < sizeof(memory));
    }
    assert_true(size > 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(a_public_key_has_one_form),
        TEST(a_key_of_p256_has_both_coordinates),
        TEST(a_point_that_is_not_on_the_curve_is_no_key),
        TEST(a_key_of_another_curve_is_none),
        TEST(each_bit_of_what_was_signed_counts),
        TEST(a_signature_by_another_key_or_of_another_length_is_wrong),
        TEST(what_is_kept_and_damaged_is_no_key),
        TEST(without_memory_nothing_can_be_told),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
