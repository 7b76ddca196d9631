#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "account/base64url.h"
#include "account/passkey.h"
#include "base/hash.h"
#include "base/limits.h"

// --- An authenticator and its browser, of our own ---

enum { ES256, EDDSA, KEYS };

static EVP_PKEY *private_keys[KEYS];
static char public_keys[KEYS][PASSKEY_KEY_MAX];
static const enum passkey_algorithm algorithms[KEYS] = { PASSKEY_ES256, PASSKEY_EDDSA };
static const size_t key_sizes[KEYS] = { 91, 44 };

static struct arena arena;

static const char challenge[33] = "0123456789abcdef0123456789abcd\xff\xfe";
static const struct span origins[] = { SPAN_INIT("https://desk.example"),
                                       SPAN_INIT("http://localhost:8080") };

// What a test may have wrong; zeros are as it should be.
struct scene {
    int key;
    const char *client_data;     // the whole of it, instead of the following
    const char *type, *challenge, *origin, *more, *party;
    int flags;                   // instead of what is usual, when not 0
    uint32_t count;
    size_t cut;                  // bytes off the end of the authenticator's data
    size_t add;                  // bytes to it
    int id_len;                  // said, when not 0
    struct passkey_asked asked;
};

static const struct span credential = SPAN_INIT("\x01\x02\x03\x04");

static struct passkey_asked asked(void)
{
    return (struct passkey_asked){ .challenge = { challenge, 32 },
        .relying_party = SPAN("desk.example"), .origins = origins, .origins_count = 2,
        .user_verified = true };
}

static struct scene good(int key)
{
    return (struct scene){ .key = key, .origin = "https://desk.example", .more = "",
                           .party = "desk.example", .count = 5, .asked = asked() };
}

static struct span client_data(const struct scene *scene, const char *type)
{
    struct text text = text_in(&arena, 256), answer = text_in(&arena, 64);
    if (scene->client_data != NULL) return span_of(scene->client_data);
    base64url_write(&answer, challenge, 32);
    text_add_format(&text,
                    "{\"type\":\"%s\",\"challenge\":\"" SPAN_FMT "\",\"origin\":\"%s\"%s}",
                    scene->type != NULL ? scene->type : type,
                    SPAN_ARG(scene->challenge != NULL ? span_of(scene->challenge)
                                                      : text_span(&answer)),
                    scene->origin, scene->more);
    assert_false(text.full);
    return text_span(&text);
}

static struct span authenticator_data(const struct scene *scene, bool registers)
{
    struct text text = text_in(&arena, 512);
    struct sha256 hash = sha256_of(span_of(scene->party));
    int flags = scene->flags != 0 ? scene->flags : registers ? 0x45 : 0x05;
    text_add(&text, sha256_span(&hash));
    text_add_char(&text, (char)flags);
    for (int shift = 24; shift >= 0; shift -= 8) text_add_char(&text, (char)(scene->count >> shift));
    if (registers) {
        int len = scene->id_len != 0 ? scene->id_len : (int)credential.len;
        text_add(&text, SPAN("sixteen bytes of"));
        text_add_char(&text, (char)(len >> 8));
        text_add_char(&text, (char)len);
        text_add(&text, credential);
        text_add(&text, SPAN("\xa5\x01\x02")); // where the key in COSE begins
    }
    for (size_t i = 0; i < scene->add; i++) text_add_char(&text, '\xa0');
    assert_false(text.full);
    struct span data = text_span(&text);
    data.len -= scene->cut;
    return data;
}

static struct span sign(int key, struct span data, struct span client)
{
    struct sha256 hash = sha256_of(client);
    struct text text = text_in(&arena, 512);
    unsigned char *signature = arena_take(&arena, 128, 1);
    size_t len = 128;
    text_add(&text, data);
    text_add(&text, sha256_span(&hash));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(context, NULL, key == ES256 ? EVP_sha256() : NULL, NULL,
                                        private_keys[key]), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &len, (const unsigned char *)text.at,
                                    text.len), 1);
    EVP_MD_CTX_free(context);
    return (struct span){ (const char *)signature, len };
}

static struct passkey kept(int key)
{
    return (struct passkey){ .credential = credential, .algorithm = algorithms[key],
        .public_key = { public_keys[key], key_sizes[key] } };
}

static struct passkey_seen seen;

static enum passkey_verdict registered(const struct scene *scene)
{
    struct passkey_registration registration = {
        .client_data = client_data(scene, "webauthn.create"),
        .authenticator_data = authenticator_data(scene, true),
        .credential = credential, .algorithm = algorithms[scene->key],
        .public_key = { public_keys[scene->key], key_sizes[scene->key] },
    };
    return passkey_check_registration(&scene->asked, &registration, arena, &seen);
}

static struct passkey_assertion assertion_of(const struct scene *scene)
{
    struct passkey_assertion assertion = { .client_data = client_data(scene, "webauthn.get"),
                                           .authenticator_data = authenticator_data(scene, false) };
    assertion.signature = sign(scene->key, assertion.authenticator_data, assertion.client_data);
    return assertion;
}

static enum passkey_verdict asserted(const struct scene *scene)
{
    struct passkey passkey = kept(scene->key);
    struct passkey_assertion assertion = assertion_of(scene);
    return passkey_check_assertion(&scene->asked, &passkey, 4, &assertion, arena, &seen);
}

static int open_all(void **state)
{
    (void)state;
    private_keys[ES256] = EVP_EC_gen("P-256");
    private_keys[EDDSA] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    for (int i = 0; i < KEYS; i++) {
        unsigned char *at = (unsigned char *)public_keys[i];
        if (i2d_PUBKEY(private_keys[i], NULL) != (int)key_sizes[i]) return -1;
        if (i2d_PUBKEY(private_keys[i], &at) != (int)key_sizes[i]) return -1;
    }
    return arena_open(&arena, (size_t)4 * MIB, NULL) ? 0 : -1;
}

static int empty_arena(void **state)
{
    (void)state;
    arena_reset(&arena, 0);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    for (int i = 0; i < KEYS; i++) EVP_PKEY_free(private_keys[i]);
    arena_close(&arena);
    return 0;
}

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

// --- Keys ---

static void a_public_key_has_one_form(void **state)
{
    (void)state;
    for (int key = 0; key < KEYS; key++) {
        char other[PASSKEY_KEY_MAX + 1] = { 0 };
        memcpy(other, public_keys[key], key_sizes[key]);
        assert_true(passkey_key_fits((struct span){ other, key_sizes[key] }, algorithms[key]));
        assert_false(passkey_key_fits((struct span){ other, key_sizes[key] + 1 }, algorithms[key]));
        for (size_t len = 0; len < key_sizes[key]; len++)
            assert_false(passkey_key_fits((struct span){ other, len }, algorithms[key]));
        // Each byte of its head is needed as it is.
        for (size_t i = 0; i < (key == ES256 ? 27 : 12); i++) {
            other[i] ^= 1;
            assert_false(passkey_key_fits((struct span){ other, key_sizes[key] }, algorithms[key]));
            other[i] ^= 1;
        }
        struct span whole = { other, key_sizes[key] };
        assert_false(passkey_key_fits(whole, algorithms[1 - key]));
        assert_false(passkey_key_fits(whole, PASSKEY_ALGORITHM_NONE));
    }
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
    struct passkey_registration registration = {
        .client_data = client_data(&scene, "webauthn.create"),
        .authenticator_data = authenticator_data(&scene, true), .credential = credential,
        .algorithm = PASSKEY_ES256, .public_key = { (char *)bytes, (size_t)len },
    };
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
        TEST(a_public_key_has_one_form),
        TEST(a_point_that_is_not_on_the_curve_is_no_key),
        TEST(a_key_of_another_curve_is_none),
        TEST(each_bit_of_what_was_signed_counts),
        TEST(a_signature_by_another_key_or_of_another_length_is_wrong),
        TEST(what_is_kept_and_damaged_is_no_key),
        TEST(without_memory_nothing_can_be_told),
        TEST(each_verdict_and_algorithm_has_its_name),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
