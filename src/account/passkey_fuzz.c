// What a browser sends about a passkey, one a line: client data, then in hex the authenticator's
// data, the credential, the public key and the signature. Whatever it is, the verdict is one of the
// list and not "cannot tell"; what is good says so itself; and no good signature survives a change.
#include <stdio.h>
#include <stdlib.h>

#include "account/passkey.h"
#include "base/hash.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "passkey_fuzz: %s\n", what);
    abort();
}

static const struct span origins[] = { SPAN_INIT("https://desk.example") };

static struct passkey_asked asked(bool user_verified)
{
    return (struct passkey_asked){ .challenge = SPAN("a challenge of 32 bytes of chance"),
        .relying_party = SPAN("desk.example"), .origins = origins, .origins_count = 1,
        .user_verified = user_verified };
}

static void told(enum passkey_verdict verdict)
{
    must(verdict > PASSKEY_UNTOLD && verdict < PASSKEY_VERDICT_COUNT, "a verdict is of the list");
    must(passkey_verdict_sentence(verdict)[0] != '\0', "it has a sentence");
}

static void good_says_so(struct span data, const struct passkey_seen *seen)
{
    struct sha256 hash = sha256_of(SPAN("desk.example"));
    must(data.len >= 37, "the authenticator's data is whole");
    must(memcmp(data.at, hash.bytes, SHA256_SIZE) == 0, "it is for this site");
    must((data.at[32] & 1) != 0, "somebody was there");
    must(seen->user_verified == ((data.at[32] & 4) != 0), "who was verified is told");
}

static bool check_registration(const struct passkey_registration *registration, struct arena arena)
{
    struct passkey_seen seen;
    struct passkey_asked strict = asked(true), lax = asked(false);
    enum passkey_verdict verdict =
        passkey_check_registration(&strict, registration, arena, &seen);
    told(verdict);
    struct passkey_seen again;
    enum passkey_verdict other = passkey_check_registration(&lax, registration, arena, &again);
    told(other);
    must(other == verdict || verdict == PASSKEY_USER_NOT_VERIFIED, "only that is asked less of");
    if (verdict != PASSKEY_GOOD) return false;
    struct span data = registration->authenticator_data;
    good_says_so(data, &seen);
    must(seen.user_verified, "and verified, where that was asked for");
    must(!seen.count_fell, "no counter was before");
    must(data.len > 55 + registration->credential.len, "the credential is within, and a key");
    struct span within = { data.at + 55, registration->credential.len };
    must(span_equal(within, registration->credential), "it is the one");
    must(passkey_key_fits(registration->public_key, registration->algorithm), "the key is one");
    return true;
}

// A copy in which one byte is another.
static struct span changed(struct span text, size_t at, struct arena *arena)
{
    char *copy = arena_take(arena, text.len, 1);
    must(copy != NULL, "the arena is large enough");
    memcpy(copy, text.at, text.len);
    copy[at] = (char)(copy[at] ^ 1);
    return (struct span){ copy, text.len };
}

static bool check_assertion(const struct passkey *key, const struct passkey_assertion *assertion,
                            struct arena arena)
{
    struct passkey_seen seen;
    struct passkey_asked lax = asked(false);
    enum passkey_verdict verdict = passkey_check_assertion(&lax, key, 9, assertion, arena, &seen);
    told(verdict);
    if (verdict != PASSKEY_GOOD) return false;
    good_says_so(assertion->authenticator_data, &seen);
    must(seen.count_fell == (seen.count <= 9), "a counter that fell is told");
    struct span *parts[3];
    struct passkey_assertion other;
    parts[0] = &other.client_data;
    parts[1] = &other.authenticator_data;
    parts[2] = &other.signature;
    for (int part = 0; part < 3; part++) {
        other = *assertion;
        size_t len = parts[part]->len, steps = len / 16 + 1;
        for (size_t at = 0; at < len; at += steps) {
            struct arena scratch = arena;
            other = *assertion;
            *parts[part] = changed(*parts[part], at, &scratch);
            must(passkey_check_assertion(&lax, key, 9, &other, scratch, &seen) != PASSKEY_GOOD,
                 "no change is good");
        }
    }
    return true;
}

static struct span bytes_of(struct span hex, struct arena *arena)
{
    struct span bytes = { "", 0 };
    char *room = arena_take(arena, hex.len / 2 + 1, 1);
    must(room != NULL, "the arena is large enough");
    if (hex_read(hex, room, hex.len / 2)) bytes = (struct span){ room, hex.len / 2 };
    return bytes;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct arena arena;
    if (size > (size_t)64 * KIB) return 0;
    if (arena.start == NULL && !arena_open(&arena, (size_t)4 * MIB, NULL)) abort();
    enum { CLIENT, AUTHENTICATOR, CREDENTIAL, KEY, SIGNATURE, LINES };
    struct span lines[LINES] = { 0 };
    struct span_pair rest = { .tail = { (const char *)data, size }, .found = true };
    for (int i = 0; i < LINES && rest.found; i++) {
        rest = span_cut(rest.tail, '\n');
        lines[i] = i == CLIENT ? rest.head : bytes_of(rest.head, &arena);
    }
    for (int i = PASSKEY_ALGORITHM_NONE; i < PASSKEY_ALGORITHM_COUNT; i++) {
        struct passkey_registration registration = { .client_data = lines[CLIENT],
            .authenticator_data = lines[AUTHENTICATOR], .credential = lines[CREDENTIAL],
            .public_key = lines[KEY], .algorithm = (enum passkey_algorithm)i };
        struct passkey key = { .public_key = lines[KEY], .algorithm = (enum passkey_algorithm)i };
        struct passkey_assertion assertion = { .client_data = lines[CLIENT],
            .authenticator_data = lines[AUTHENTICATOR], .signature = lines[SIGNATURE] };
        bool registered = check_registration(&registration, arena);
        bool asserted = check_assertion(&key, &assertion, arena);
        must(!registered || !asserted, "nothing is both");
    }
    arena_reset(&arena, 0);
    return 0;
}
