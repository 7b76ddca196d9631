#include "account/password.h"

#include <sodium.h>

#include "base/limits.h"
#include "base/utf8.h"

// What libsodium calls interactive: two passes over 64 MiB. Above RFC 9106's least for a machine
// that has little memory, and far above what OWASP asks for (19 MiB, two passes).
enum { PASSES = 2 };
_Static_assert(PASSWORD_KEPT_SIZE == crypto_pwhash_STRBYTES, "libsodium's text fits");
_Static_assert(PASSWORD_MEMORY >= 19 * MIB, "not below what is recommended");

// A well-formed text that no password gives (one in 2^256).
#define SALT_OF_NONE "AAAAAAAAAAAAAAAAAAAAAA"
#define HASH_OF_NONE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
static const struct span nobodys =
    SPAN_INIT("$argon2id$v=19$m=65536,t=2,p=1$" SALT_OF_NONE "$" HASH_OF_NONE);
_Static_assert(PASSWORD_MEMORY == 65536 * KIB && PASSES == 2, "nobody's costs as much as all");

// Of twelve characters and more, what lists of leaked passwords begin with.
static const struct span tried_first[] = {
    SPAN_INIT("password1234"), SPAN_INIT("password12345"), SPAN_INIT("passwordpassword"),
    SPAN_INIT("qwertyuiop12"), SPAN_INIT("qwertyuiop123"), SPAN_INIT("qwertyuiopasdfghjkl"),
    SPAN_INIT("1qaz2wsx3edc"), SPAN_INIT("1q2w3e4r5t6y"),  SPAN_INIT("administrator"),
    SPAN_INIT("administrator1"), SPAN_INIT("letmein12345"), SPAN_INIT("correcthorsebatterystaple"),
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_letters(struct span a, struct span b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i])) return false;
    return true;
}

static size_t characters_in(struct span utf8)
{
    size_t count = 0;
    for (size_t i = 0; i < utf8.len; i++) count += (utf8.at[i] & 0xC0) != 0x80;
    return count;
}

// The first character, over and over.
static bool is_one_character(struct span utf8)
{
    size_t first = 1;
    while (first < utf8.len && (utf8.at[first] & 0xC0) == 0x80) first++;
    for (size_t i = first; i < utf8.len; i++)
        if (utf8.at[i] != utf8.at[i - first]) return false;
    return true;
}

// 123456789012 and abcdefghijkl, up and down, round the end.
static bool is_a_row(struct span utf8)
{
    static const struct span rows[] = {
        SPAN_INIT("01234567890123456789"), SPAN_INIT("98765432109876543210"),
        SPAN_INIT("abcdefghijklmnopqrstuvwxyz"), SPAN_INIT("zyxwvutsrqponmlkjihgfedcba"),
    };
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
        for (size_t at = 0; at + utf8.len <= rows[r].len; at++)
            if (same_letters((struct span){ rows[r].at + at, utf8.len }, utf8)) return true;
    return false;
}

static bool is_easily_guessed(struct span password, struct span name)
{
    if (same_letters(password, name) || is_one_character(password) || is_a_row(password))
        return true;
    for (size_t i = 0; i < sizeof(tried_first) / sizeof(tried_first[0]); i++)
        if (same_letters(password, tried_first[i])) return true;
    return false;
}

bool password_fit(struct span password, struct span name, struct error *err)
{
    if (password.len > PASSWORD_BYTES_MAX) {
        error_set(err, ERROR_SYNTAX, "the password has more than %d bytes", PASSWORD_BYTES_MAX);
        return error_hint(err, "Choose one that is not as long.");
    }
    if (!utf8_check(password, NULL))
        return error_set(err, ERROR_SYNTAX, "the password is not UTF-8 text");
    if (characters_in(password) < PASSWORD_CHARACTERS_MIN) {
        error_set(err, ERROR_SYNTAX, "the password has fewer than %d characters",
                  PASSWORD_CHARACTERS_MIN);
        return error_hint(err, "Four words that do not belong together make a good one.");
    }
    if (is_easily_guessed(password, name)) {
        error_set(err, ERROR_SYNTAX, "the password is one of those that are guessed first");
        return error_hint(err, "Four words that do not belong together make a good one.");
    }
    return true;
}

bool password_keep(struct span password, char kept[PASSWORD_KEPT_SIZE], struct error *err)
{
    if (crypto_pwhash_str(kept, password.at, password.len, PASSES, PASSWORD_MEMORY) == 0)
        return true;
    return error_set(err, ERROR_UNAVAILABLE, "could not take %d MiB to hash the password",
                     PASSWORD_MEMORY / MIB);
}

// libsodium reads texts that end in a NUL, of a fixed room.
static bool copy_kept(struct span kept, char room[PASSWORD_KEPT_SIZE])
{
    memset(room, 0, PASSWORD_KEPT_SIZE);
    if (kept.len == 0 || kept.len >= PASSWORD_KEPT_SIZE ||
        memchr(kept.at, '\0', kept.len) != NULL)
        return false;
    memcpy(room, kept.at, kept.len);
    return true;
}

bool password_kept_fits(struct span kept)
{
    char room[PASSWORD_KEPT_SIZE];
    return span_starts_with(kept, SPAN(crypto_pwhash_STRPREFIX)) && copy_kept(kept, room) &&
           crypto_pwhash_str_needs_rehash(room, PASSES, PASSWORD_MEMORY) >= 0;
}

bool password_is_old(struct span kept)
{
    char room[PASSWORD_KEPT_SIZE];
    return !copy_kept(kept, room) ||
           crypto_pwhash_str_needs_rehash(room, PASSES, PASSWORD_MEMORY) != 0;
}

enum password_verdict password_check(struct span kept, struct span password)
{
    char room[PASSWORD_KEPT_SIZE];
    bool none = kept.len == 0;
    if (none) kept = nobodys;
    if (!password_kept_fits(kept) || !copy_kept(kept, room)) return PASSWORD_UNTOLD;

    bool too_long = password.len > PASSWORD_BYTES_MAX;
    if (too_long) password = SPAN("");
    bool right = crypto_pwhash_str_verify(room, password.at, password.len) == 0;
    return right && !none && !too_long ? PASSWORD_RIGHT : PASSWORD_WRONG;
}
