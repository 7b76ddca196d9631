#include "account/passkey.h"

#include <assert.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "account/base64url.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"

static const struct { const char *name; int number; size_t key_size; }
algorithms[PASSKEY_ALGORITHM_COUNT] = {
    [PASSKEY_ALGORITHM_NONE] = { "none", 0, 0 },
    [PASSKEY_ES256] = { "ES256", -7, PASSKEY_KEY_MAX },
    [PASSKEY_EDDSA] = { "EdDSA", -8, 44 },
};

const char *passkey_algorithm_name(enum passkey_algorithm algorithm)
{
    assert(algorithm < PASSKEY_ALGORITHM_COUNT);
    return algorithms[algorithm].name;
}

bool passkey_algorithm_read(struct span name, enum passkey_algorithm *algorithm)
{
    for (int i = PASSKEY_ALGORITHM_NONE + 1; i < PASSKEY_ALGORITHM_COUNT; i++) {
        if (!span_equal(span_of(algorithms[i].name), name)) continue;
        *algorithm = (enum passkey_algorithm)i;
        return true;
    }
    return false;
}

int passkey_algorithm_number(enum passkey_algorithm algorithm)
{
    assert(algorithm > PASSKEY_ALGORITHM_NONE);
    assert(algorithm < PASSKEY_ALGORITHM_COUNT);
    return algorithms[algorithm].number;
}

enum passkey_algorithm passkey_algorithm_of(int64_t number)
{
    for (int i = PASSKEY_ALGORITHM_NONE + 1; i < PASSKEY_ALGORITHM_COUNT; i++)
        if (algorithms[i].number == number) return (enum passkey_algorithm)i;
    return PASSKEY_ALGORITHM_NONE;
}

const char *passkey_verdict_sentence(enum passkey_verdict verdict)
{
    static const char *const sentences[PASSKEY_VERDICT_COUNT] = {
        [PASSKEY_UNTOLD] = "there was no memory to check the passkey",
        [PASSKEY_GOOD] = "the passkey is good",
        [PASSKEY_CLIENT_DATA] = "what the browser says it did cannot be read",
        [PASSKEY_TYPE] = "the browser did something else than it was asked for",
        [PASSKEY_CHALLENGE] = "it answers another challenge",
        [PASSKEY_ORIGIN] = "it was asked for by another site",
        [PASSKEY_CROSS_ORIGIN] = "it was asked for from within a page of another site",
        [PASSKEY_AUTHENTICATOR_DATA] = "what the authenticator says cannot be read",
        [PASSKEY_RELYING_PARTY] = "the passkey is for another site",
        [PASSKEY_USER_ABSENT] = "nobody touched the authenticator",
        [PASSKEY_USER_NOT_VERIFIED] = "the authenticator did not ask who it is",
        [PASSKEY_CREDENTIAL] = "the passkey's id is not the one that the authenticator names",
        [PASSKEY_KEY] = "the public key is not one of P-256 (ES256) or Ed25519 (EdDSA)",
        [PASSKEY_SIGNATURE] = "the signature is not by this passkey",
        [PASSKEY_COUNTER] = "the passkey counts backwards: somebody may have a copy of it",
    };
    assert(verdict < PASSKEY_VERDICT_COUNT);
    return sentences[verdict];
}

// --- What the browser says: JSON ---

// A member that is a text; empty when it is not.
static struct span text_of(const struct json *json, const char *key, struct arena *arena)
{
    struct span text = { 0 };
    uint32_t node = json_member(json, 0, span_of(key));
    if (node == 0 || json->nodes[node].kind != JSON_STRING) return text;
    if (!json_string(json, node, arena, &text, NULL)) return (struct span){ 0 };
    return text;
}

static bool is_known_origin(const struct passkey_asked *asked, struct span origin)
{
    for (uint32_t i = 0; i < asked->origins_count; i++)
        if (span_equal(asked->origins[i], origin)) return true;
    return false;
}

// Said and false, or not said at all: older browsers do not.
static bool is_of_one_origin(const struct json *json)
{
    uint32_t cross = json_member(json, 0, SPAN("crossOrigin"));
    if (cross != 0 && json->nodes[cross].kind != JSON_FALSE) return false;
    return json_member(json, 0, SPAN("topOrigin")) == 0;
}

static enum passkey_verdict check_client_data(const struct passkey_asked *asked, struct span type,
                                              struct span client_data, struct arena scratch)
{
    struct json json;
    struct error why = { 0 };
    if (client_data.len > PASSKEY_TEXT_MAX) return PASSKEY_CLIENT_DATA;
    if (!json_read(client_data, &scratch, &json, &why))
        return why.kind == ERROR_TOO_LARGE ? PASSKEY_UNTOLD : PASSKEY_CLIENT_DATA;
    if (json.nodes[0].kind != JSON_OBJECT) return PASSKEY_CLIENT_DATA;

    struct text challenge = text_in(&scratch, 64);
    base64url_write(&challenge, asked->challenge.at, asked->challenge.len);
    if (challenge.full) return PASSKEY_UNTOLD;

    if (!span_equal(text_of(&json, "type", &scratch), type)) return PASSKEY_TYPE;
    if (!span_equal(text_of(&json, "challenge", &scratch), text_span(&challenge)))
        return PASSKEY_CHALLENGE;
    if (!is_known_origin(asked, text_of(&json, "origin", &scratch))) return PASSKEY_ORIGIN;
    return is_of_one_origin(&json) ? PASSKEY_GOOD : PASSKEY_CROSS_ORIGIN;
}

// --- What the authenticator says: bytes ---

//   0  SHA-256 of the relying party's name
//  32  flags
//  33  counter, the high byte first
//  37  of a new credential: 16 bytes of the maker's, 2 of the id's length, the id, its key in COSE
//      and then extensions, if any
enum { FLAGS_AT = 32, COUNT_AT = 33, PLAIN_SIZE = 37, ID_LEN_AT = PLAIN_SIZE + 16,
       ID_AT = ID_LEN_AT + 2 };
enum flag {
    FLAG_PRESENT = 0x01,
    FLAG_VERIFIED = 0x04,
    FLAG_MAY_BE_BACKED_UP = 0x08,
    FLAG_BACKED_UP = 0x10,
    FLAG_CREDENTIAL = 0x40,
    FLAG_EXTENSIONS = 0x80,
};

static unsigned byte_at(struct span s, size_t at)
{
    assert(at < s.len);
    return (unsigned char)s.at[at];
}

static bool is_well_made(struct span data)
{
    if (data.len < PLAIN_SIZE || data.len > PASSKEY_TEXT_MAX) return false;
    unsigned flags = byte_at(data, FLAGS_AT);
    if ((flags & FLAG_BACKED_UP) && !(flags & FLAG_MAY_BE_BACKED_UP)) return false;
    bool more = (flags & (FLAG_CREDENTIAL | FLAG_EXTENSIONS)) != 0;
    return more == (data.len > PLAIN_SIZE);
}

static enum passkey_verdict check_authenticator_data(const struct passkey_asked *asked,
                                                     struct span data)
{
    if (!is_well_made(data)) return PASSKEY_AUTHENTICATOR_DATA;
    struct sha256 hash = sha256_of(asked->relying_party);
    if (memcmp(data.at, hash.bytes, SHA256_SIZE) != 0) return PASSKEY_RELYING_PARTY;
    unsigned flags = byte_at(data, FLAGS_AT);
    if (!(flags & FLAG_PRESENT)) return PASSKEY_USER_ABSENT;
    if (asked->user_verified && !(flags & FLAG_VERIFIED)) return PASSKEY_USER_NOT_VERIFIED;
    return PASSKEY_GOOD;
}

static struct passkey_seen seen_in(struct span data, uint32_t count_before)
{
    unsigned flags = byte_at(data, FLAGS_AT);
    uint32_t count = 0;
    for (size_t i = COUNT_AT; i < COUNT_AT + 4; i++) count = count << 8 | byte_at(data, i);
    return (struct passkey_seen){ .count = count,
        .count_fell = (count > 0 || count_before > 0) && count <= count_before,
        .user_verified = (flags & FLAG_VERIFIED) != 0,
        .backed_up = (flags & FLAG_BACKED_UP) != 0 };
}

// The id of the new credential, with at least a byte of its key behind it.
static enum passkey_verdict check_credential(struct span data, struct span credential)
{
    if (!(byte_at(data, FLAGS_AT) & FLAG_CREDENTIAL) || data.len < ID_AT)
        return PASSKEY_AUTHENTICATOR_DATA;
    size_t len = byte_at(data, ID_LEN_AT) << 8 | byte_at(data, ID_LEN_AT + 1);
    if (len == 0 || len > CREDENTIAL_MAX || len >= data.len - ID_AT)
        return PASSKEY_AUTHENTICATOR_DATA;
    struct span id = { data.at + ID_AT, len };
    return span_equal(id, credential) ? PASSKEY_GOOD : PASSKEY_CREDENTIAL;
}

// --- Keys and signatures: OpenSSL ---

static bool is_of_p256(EVP_PKEY *key)
{
    char group[32];
    size_t len;
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, group, sizeof(group), &len) == 1 &&
           span_equal((struct span){ group, len }, SPAN("prime256v1"));
}

// Not one of the few points that all signatures can be made to fit.
static bool is_of_ed25519(EVP_PKEY *key)
{
    unsigned char point[crypto_core_ed25519_BYTES];
    size_t len = sizeof(point);
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 &&
           EVP_PKEY_get_raw_public_key(key, point, &len) == 1 && len == sizeof(point) &&
           crypto_core_ed25519_is_valid_point(point) == 1;
}

// The same bytes again when written: no other form of the same key.
static bool is_written_so(EVP_PKEY *key, struct span public_key)
{
    unsigned char again[PASSKEY_KEY_MAX], *at = again;
    if (i2d_PUBKEY(key, NULL) != (int)public_key.len) return false;
    return i2d_PUBKEY(key, &at) == (int)public_key.len &&
           memcmp(again, public_key.at, public_key.len) == 0;
}

// NULL when it is not one. OpenSSL's list of errors is left empty.
static EVP_PKEY *key_open(struct span public_key, enum passkey_algorithm algorithm)
{
    if (algorithm <= PASSKEY_ALGORITHM_NONE || algorithm >= PASSKEY_ALGORITHM_COUNT) return NULL;
    if (public_key.len != algorithms[algorithm].key_size) return NULL;
    const unsigned char *at = (const unsigned char *)public_key.at;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)public_key.len);
    bool right = key != NULL && is_written_so(key, public_key) &&
                 (algorithm == PASSKEY_ES256 ? is_of_p256(key) : is_of_ed25519(key));
    ERR_clear_error();
    if (right) return key;
    EVP_PKEY_free(key);
    return NULL;
}

bool passkey_key_fits(struct span public_key, enum passkey_algorithm algorithm)
{
    EVP_PKEY *key = key_open(public_key, algorithm);
    EVP_PKEY_free(key);
    return key != NULL;
}

// Over the authenticator's data and the hash of the client data.
static enum passkey_verdict check_signature(const struct passkey *kept,
                                            const struct passkey_assertion *assertion,
                                            struct arena scratch)
{
    struct sha256 hash = sha256_of(assertion->client_data);
    struct text signed_text = text_in(&scratch, assertion->authenticator_data.len + SHA256_SIZE);
    text_add(&signed_text, assertion->authenticator_data);
    text_add(&signed_text, sha256_span(&hash));
    if (signed_text.full) return PASSKEY_UNTOLD;

    EVP_PKEY *key = key_open(kept->public_key, kept->algorithm);
    if (key == NULL) return PASSKEY_KEY;
    const EVP_MD *digest = kept->algorithm == PASSKEY_ES256 ? EVP_sha256() : NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    enum passkey_verdict verdict = PASSKEY_UNTOLD;
    if (context != NULL && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1) {
        int right = EVP_DigestVerify(context, (const unsigned char *)assertion->signature.at,
                                     assertion->signature.len,
                                     (const unsigned char *)signed_text.at, signed_text.len);
        verdict = right == 1 ? PASSKEY_GOOD : PASSKEY_SIGNATURE; // below 0: it is no signature
    }
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return verdict;
}

// --- The two questions ---

static void assert_asked(const struct passkey_asked *asked)
{
    assert(asked->challenge.len >= 16);
    assert(asked->relying_party.len > 0);
    assert(asked->origins_count > 0);
}

enum passkey_verdict passkey_check_registration(const struct passkey_asked *asked,
                                                const struct passkey_registration *registration,
                                                struct arena scratch, struct passkey_seen *seen)
{
    assert_asked(asked);
    struct span data = registration->authenticator_data;
    enum passkey_verdict verdict =
        check_client_data(asked, SPAN("webauthn.create"), registration->client_data, scratch);
    if (verdict == PASSKEY_GOOD) verdict = check_authenticator_data(asked, data);
    if (verdict == PASSKEY_GOOD) verdict = check_credential(data, registration->credential);
    if (verdict != PASSKEY_GOOD) return verdict;
    if (!passkey_key_fits(registration->public_key, registration->algorithm)) return PASSKEY_KEY;
    *seen = seen_in(data, 0);
    seen->count_fell = false; // there was none before
    return PASSKEY_GOOD;
}

enum passkey_verdict passkey_check_assertion(const struct passkey_asked *asked,
                                             const struct passkey *key, uint32_t count_before,
                                             const struct passkey_assertion *assertion,
                                             struct arena scratch, struct passkey_seen *seen)
{
    assert_asked(asked);
    enum passkey_verdict verdict =
        check_client_data(asked, SPAN("webauthn.get"), assertion->client_data, scratch);
    if (verdict == PASSKEY_GOOD)
        verdict = check_authenticator_data(asked, assertion->authenticator_data);
    if (verdict == PASSKEY_GOOD) verdict = check_signature(key, assertion, scratch);
    if (verdict != PASSKEY_GOOD) return verdict;
    *seen = seen_in(assertion->authenticator_data, count_before);
    return PASSKEY_GOOD;
}
