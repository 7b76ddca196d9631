#include "account/passkey_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "account/base64url.h"
#include "base/hash.h"
#include "base/limits.h"

static EVP_PKEY *private_keys[KEYS];
char public_keys[KEYS][PASSKEY_KEY_MAX];
const enum passkey_algorithm key_algorithms[KEYS] = { PASSKEY_ES256, PASSKEY_EDDSA };
const size_t key_sizes[KEYS] = { 91, 44 };

struct arena arena;

static const char challenge[33] = "0123456789abcdef0123456789abcd\xff\xfe";
static const struct span origins[] = { SPAN_INIT("https://desk.example"),
                                       SPAN_INIT("http://localhost:8080") };

static const struct span credential = SPAN_INIT("\x01\x02\x03\x04");

static struct passkey_asked asked(void)
{
    return (struct passkey_asked){ .challenge = { challenge, 32 },
        .relying_party = SPAN("desk.example"), .origins = origins, .origins_count = 2,
        .user_verified = true };
}

struct scene good(int key)
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
    for (int shift = 24; shift >= 0; shift -= 8)
        text_add_char(&text, (char)(scene->count >> shift));
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

struct passkey kept(int key)
{
    return (struct passkey){ .credential = credential, .algorithm = key_algorithms[key],
        .public_key = { public_keys[key], key_sizes[key] } };
}

struct passkey_seen seen;

struct passkey_registration registration_of(const struct scene *scene)
{
    return (struct passkey_registration){
        .client_data = client_data(scene, "webauthn.create"),
        .authenticator_data = authenticator_data(scene, true), .credential = credential,
        .algorithm = key_algorithms[scene->key],
        .public_key = { public_keys[scene->key], key_sizes[scene->key] },
    };
}

enum passkey_verdict registered(const struct scene *scene)
{
    struct passkey_registration registration = registration_of(scene);
    return passkey_check_registration(&scene->asked, &registration, arena, &seen);
}

struct passkey_assertion assertion_of(const struct scene *scene)
{
    struct passkey_assertion assertion = { .client_data = client_data(scene, "webauthn.get"),
                                           .authenticator_data = authenticator_data(scene, false) };
    assertion.signature = sign(scene->key, assertion.authenticator_data, assertion.client_data);
    return assertion;
}

enum passkey_verdict asserted(const struct scene *scene)
{
    struct passkey passkey = kept(scene->key);
    struct passkey_assertion assertion = assertion_of(scene);
    return passkey_check_assertion(&scene->asked, &passkey, 4, &assertion, arena, &seen);
}

int open_all(void **state)
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

int empty_arena(void **state)
{
    (void)state;
    arena_reset(&arena, 0);
    return 0;
}

int close_all(void **state)
{
    (void)state;
    for (int i = 0; i < KEYS; i++) EVP_PKEY_free(private_keys[i]);
    arena_close(&arena);
    return 0;
}
