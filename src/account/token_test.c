#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "account/base64url.h"
#include "account/token.h"

static const uint8_t chance[TOKEN_CHANCE] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 1 };

static char text[TOKEN_LEN + 1];
static struct token token;

static int make(void **state)
{
    (void)state;
    token_make(chance, text, &token);
    token.scope = SCOPE_READ;
    token.ends_ms = 1000;
    return 0;
}

static enum token_verdict check(const char *at, int64_t now_ms)
{
    struct token_shown shown;
    if (!token_read(span_of(at), &shown)) return TOKEN_UNTOLD;
    return token_check(&token, &shown, now_ms);
}

static void a_token_is_good_until_its_end(void **state)
{
    (void)state;
    assert_int_equal(strlen(text), TOKEN_LEN);
    assert_true(span_starts_with(span_of(text), SPAN("tw_0123456789abcdef_01")));
    assert_string_equal(token.id, "0123456789abcdef");
    assert_int_equal(check(text, 999), TOKEN_GOOD);
    assert_int_equal(check(text, 1000), TOKEN_ENDED);
}

static void only_the_hash_of_the_secret_is_kept(void **state)
{
    (void)state;
    struct sha256 hash = sha256_of(span_of(text + 20));
    assert_true(sha256_equal(hash, token.secret));
}

static void another_id_or_secret_is_wrong(void **state)
{
    (void)state;
    char other[TOKEN_LEN + 1];
    for (size_t i = 3; i < TOKEN_LEN; i++) {
        memcpy(other, text, sizeof(other));
        if (other[i] == '_') continue;
        other[i] = other[i] == '7' ? '8' : '7';
        assert_int_equal(check(other, 0), TOKEN_WRONG);
    }
}

static void what_was_not_made_here_is_not_read(void **state)
{
    (void)state;
    struct token_shown shown;
    char other[TOKEN_LEN + 1];
    for (size_t i = 0; i < TOKEN_LEN; i++) {
        memcpy(other, text, sizeof(other));
        other[i] = 'A';
        assert_false(token_read(span_of(other), &shown));
    }
    for (size_t len = 0; len < TOKEN_LEN; len++)
        assert_false(token_read((struct span){ text, len }, &shown));
    assert_false(token_read((struct span){ text, TOKEN_LEN + 1 }, &shown));
}

static void a_scope_covers_what_it_names_and_all_covers_everything(void **state)
{
    (void)state;
    assert_true(token_covers(SCOPE_READ | SCOPE_LODGE, SCOPE_LODGE));
    assert_false(token_covers(SCOPE_READ | SCOPE_LODGE, SCOPE_DECIDE));
    assert_false(token_covers(SCOPE_READ | SCOPE_LODGE | SCOPE_DECIDE, SCOPE_ALL));
    for (unsigned bit = 1; bit <= SCOPES; bit <<= 1)
        assert_true(token_covers(SCOPE_ALL, (enum token_scope)bit));
}

static void each_scope_has_a_name_that_is_read_again(void **state)
{
    (void)state;
    enum token_scope scope;
    for (unsigned bit = 1; bit <= SCOPES; bit <<= 1) {
        assert_true(token_scope_read(span_of(token_scope_name((enum token_scope)bit)), &scope));
        assert_int_equal(scope, bit);
    }
    assert_false(token_scope_read(SPAN("everything"), &scope));
}

static void each_verdict_has_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < TOKEN_VERDICT_COUNT; i++)
        assert_true(strlen(token_verdict_sentence((enum token_verdict)i)) > 10);
}

// RFC 4648 section 10, without padding, and the two letters that differ.
static const struct { struct span bytes, letters; } base64url_samples[] = {
    { SPAN_INIT(""), SPAN_INIT("") },
    { SPAN_INIT("f"), SPAN_INIT("Zg") },
    { SPAN_INIT("fo"), SPAN_INIT("Zm8") },
    { SPAN_INIT("foo"), SPAN_INIT("Zm9v") },
    { SPAN_INIT("foob"), SPAN_INIT("Zm9vYg") },
    { SPAN_INIT("\xfb\xff\xfe"), SPAN_INIT("-__-") },
};

static void base64url_is_written_and_read_again(void **state)
{
    (void)state;
    char memory[1024], bytes[8];
    for (size_t i = 0; i < sizeof(base64url_samples) / sizeof(base64url_samples[0]); i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct span letters = base64url_samples[i].letters, wanted = base64url_samples[i].bytes;
        struct text written = text_in(&arena, 64);
        size_t size;
        base64url_write(&written, wanted.at, wanted.len);
        assert_true(span_equal(text_span(&written), letters));
        assert_true(base64url_read(letters, arena, bytes, sizeof(bytes), &size));
        assert_true(span_equal((struct span){ bytes, size }, wanted));
    }
}

static void base64url_of_another_form_is_not_read(void **state)
{
    (void)state;
    static const char *const others[] = { "Zg==", "Zg=", "Z", "Zh", "+//+", "Zm9vZ", "Zm 9" };
    char memory[1024], bytes[8];
    size_t size;
    struct arena arena = arena_over(memory, sizeof(memory));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (base64url_read(span_of(others[i]), arena, bytes, sizeof(bytes), &size))
            fail_msg("%s was read", others[i]);
    assert_false(base64url_read(SPAN("Zm9vYmFyYmF6"), arena, bytes, sizeof(bytes), &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, make)
        TEST(a_token_is_good_until_its_end),
        TEST(only_the_hash_of_the_secret_is_kept),
        TEST(another_id_or_secret_is_wrong),
        TEST(what_was_not_made_here_is_not_read),
        TEST(a_scope_covers_what_it_names_and_all_covers_everything),
        TEST(each_scope_has_a_name_that_is_read_again),
        TEST(each_verdict_has_a_sentence),
        TEST(base64url_is_written_and_read_again),
        TEST(base64url_of_another_form_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
