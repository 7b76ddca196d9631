// passkey: a way to sign in that cannot be told to the wrong one (WebAuthn Level 3, the checks of a
// relying party).
//
// The browser hands over bytes, in base64url or not, and this says what they are worth. It follows
// sections 7.1 (registration) and 7.2 (assertion) of the standard, with these choices:
//   - Algorithms: ES256 (COSE -7, P-256) and EdDSA (COSE -8, Ed25519).
//   - No attestation: we do not ask who made the authenticator.
//   - No CBOR. The public key is what getPublicKey() gives (SPKI, DER). The same key stands in the
//     authenticator's data in COSE form, and is not compared: without attestation nobody signs for
//     either form, both come from the browser, and one who lies about his own key gains a key that
//     is his own, or one that he cannot use. The id of the credential is compared.
//   - Pages within pages of another origin are refused (crossOrigin, topOrigin).
//   - Extensions in the authenticator's data are passed over.
// A counter that does not grow is reported, not refused: most passkeys have none (always 0), and a
// copied key and a lost message look the same. Who asks decides (gates/http/door.h).
//
// Nothing here has been said before it is checked: the caller makes the challenge, of 16 or more
// bytes of chance, keeps it with the one who was asked, and takes each once.
#ifndef TW_ACCOUNT_PASSKEY_H
#define TW_ACCOUNT_PASSKEY_H

#include "base/arena.h"

enum passkey_algorithm {
    PASSKEY_ALGORITHM_NONE,
    PASSKEY_ES256,
    PASSKEY_EDDSA,
    PASSKEY_ALGORITHM_COUNT,
};

// What is kept of one.
struct passkey {
    struct span credential;      // its id: 1 .. CREDENTIAL_MAX bytes (limits.h)
    struct span public_key;      // SPKI, DER
    enum passkey_algorithm algorithm;
    uint32_t count;              // its counter when it was added
    struct span label;           // "the blue key"
    int64_t added_ms;
};

enum { PASSKEY_KEY_MAX = 91 };   // bytes of a public key of P-256; one of Ed25519 has 44

const char *passkey_algorithm_name(enum passkey_algorithm algorithm); // "ES256"
MUST_CHECK bool passkey_algorithm_read(struct span name, enum passkey_algorithm *algorithm);
int passkey_algorithm_number(enum passkey_algorithm algorithm); // of COSE: -7
// By its number of COSE; PASSKEY_ALGORITHM_NONE for those that we do not take.
enum passkey_algorithm passkey_algorithm_of(int64_t number);

// In the order in which it is checked: the first that does not hold is the verdict.
enum passkey_verdict {
    PASSKEY_UNTOLD,              // no memory to check it
    PASSKEY_GOOD,
    PASSKEY_CLIENT_DATA,
    PASSKEY_TYPE,
    PASSKEY_CHALLENGE,
    PASSKEY_ORIGIN,
    PASSKEY_CROSS_ORIGIN,
    PASSKEY_AUTHENTICATOR_DATA,
    PASSKEY_RELYING_PARTY,
    PASSKEY_USER_ABSENT,
    PASSKEY_USER_NOT_VERIFIED,
    PASSKEY_CREDENTIAL,
    PASSKEY_KEY,
    PASSKEY_SIGNATURE,
    PASSKEY_COUNTER,             // by those who keep it: passkey_seen.count_fell
    PASSKEY_VERDICT_COUNT,
};

const char *passkey_verdict_sentence(enum passkey_verdict verdict);

// What the caller asked for.
struct passkey_asked {
    struct span challenge;       // its bytes
    struct span relying_party;   // "desk.example": the name that the key is for
    const struct span *origins;  // "https://desk.example": exact, scheme and port too
    uint32_t origins_count;
    bool user_verified;          // by PIN, finger or face: decisions need it
};

// What came, as bytes.
struct passkey_registration {
    struct span client_data, authenticator_data;
    struct span credential, public_key;
    enum passkey_algorithm algorithm;
};

struct passkey_assertion { struct span client_data, authenticator_data, signature; };

// What a good one says besides.
struct passkey_seen {
    uint32_t count;              // the authenticator's counter, 0 when it has none
    bool count_fell;             // it is in use and not above the one before: copied, perhaps
    bool user_verified;
    bool backed_up;              // a key that lives in more than one place
};

// `seen` is filled of those that are good only. Scratch: 4 times PASSKEY_TEXT_MAX is enough.
enum passkey_verdict passkey_check_registration(const struct passkey_asked *asked,
                                                const struct passkey_registration *registration,
                                                struct arena scratch, struct passkey_seen *seen);

// `count_before` is the counter last seen of this key.
enum passkey_verdict passkey_check_assertion(const struct passkey_asked *asked,
                                             const struct passkey *key, uint32_t count_before,
                                             const struct passkey_assertion *assertion,
                                             struct arena scratch, struct passkey_seen *seen);

// Is it a public key of that algorithm, in the one form that it has?
bool passkey_key_fits(struct span public_key, enum passkey_algorithm algorithm);

#endif
