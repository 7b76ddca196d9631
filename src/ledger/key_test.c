#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "ledger/key.h"

enum { SIZE = 64 * KIB };

static int make(void **state)
{
    static struct arena arena;
    if (!arena_open(&arena, SIZE, NULL)) return -1;
    *state = &arena;
    return 0;
}

static int end(void **state)
{
    arena_close(*state);
    return 0;
}

// The pair in the documentation of Go's golang.org/x/mod/sumdb/note.
#define GO_PRIVATE "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
#define GO_PUBLIC "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

static void a_key_of_gos_documentation_has_the_public_half_that_it_says(void **state)
{
    struct log_key key;
    assert_true(log_key_read(SPAN(GO_PRIVATE), &key, NULL));
    assert_string_equal(key.name, "PeterNeumann");
    assert_string_equal(key.vkey, GO_PUBLIC);
    assert_true(span_equal(log_key_vkey(&key), SPAN(GO_PUBLIC)));
    assert_int_equal(key.id, 0xc74f20a3);
    struct text text = text_in(*state, 128);
    log_key_write(&text, &key);
    assert_true(span_equal(text_span(&text), SPAN(GO_PRIVATE "\n")));
}

// RFC 8032, section 7.1, test 1.
static void the_public_half_is_that_of_rfc_8032(void **state)
{
    (void)state;
    uint8_t seed[32], public_key[32];
    struct log_key key;
    struct note_key public;
    assert_true(hex_read(SPAN("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
                         seed, sizeof(seed)));
    assert_true(hex_read(SPAN("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
                         public_key, sizeof(public_key)));
    assert_true(log_key_make(&key, SPAN("customs.example/ledger"), seed, NULL));
    assert_true(note_key_read(log_key_vkey(&key), &public, NULL));
    assert_memory_equal(public.public_key, public_key, sizeof(public_key));
    assert_memory_equal(key.secret_key + 32, public_key, sizeof(public_key));
    assert_int_equal(public.id, key.id);
}

static void a_key_comes_back_from_its_text_and_signs_as_before(void **state)
{
    static const uint8_t seed[32] = { 5, 4, 3 };
    char longest[NOTE_KEY_NAME_MAX];
    memset(longest, 'n', sizeof(longest));
    const struct span names[] = { SPAN("x"), SPAN("customs.example/f\xC3\xBCr"),
                                  { longest, sizeof(longest) } };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct log_key key, back;
        struct text text = text_in(*state, 64);
        assert_true(log_key_make(&key, names[i], seed, NULL));
        log_key_write(&text, &key);
        assert_true(log_key_read(text_span(&text), &back, NULL));
        assert_memory_equal(&key, &back, sizeof(key));

        struct text note = text_in(*state, 512);
        struct note read;
        struct note_key public;
        note_sign(&note, SPAN("text\n"), span_of(back.name), back.id, back.secret_key);
        assert_true(note_read(text_span(&note), &read, NULL));
        assert_true(note_key_read(log_key_vkey(&key), &public, NULL));
        assert_int_equal(note_verify(&read, &public, NULL), NOTE_SIGNED);
    }
}

static void names_that_no_key_can_have_are_refused(void **state)
{
    (void)state;
    static const uint8_t seed[32] = { 1 };
    char too_long[NOTE_KEY_NAME_MAX + 1];
    memset(too_long, 'n', sizeof(too_long));
    const struct span names[] = { SPAN(""), SPAN("a b"), SPAN("a+b"), SPAN("a\n"), SPAN("a\0b"),
                                  SPAN("\xFF"), SPAN("\xE3\x80\x80"),
                                  { too_long, sizeof(too_long) } };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct log_key key;
        struct error err = { 0 };
        assert_false(log_key_make(&key, names[i], seed, &err));
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_non_null(strstr(err.text, "name"));
    }
}

static void a_private_key_with_any_letter_changed_is_refused(void **state)
{
    (void)state;
    char text[] = GO_PRIVATE;
    size_t len = sizeof(text) - 1;
    for (size_t at = 0; at < len; at++)
        for (int c = 0; c < 256; c++) {
            struct log_key key;
            struct error err = { 0 };
            if ((char)c == GO_PRIVATE[at]) continue;
            text[at] = (char)c;
            assert_false(log_key_read((struct span){ text, len }, &key, &err));
            assert_int_equal(err.kind, ERROR_DAMAGED);
            text[at] = GO_PRIVATE[at];
        }
    for (size_t shorter = 0; shorter < len; shorter++) {
        struct log_key key;
        assert_false(log_key_read((struct span){ text, shorter }, &key, NULL));
    }
}

static void blanks_around_a_private_key_are_passed_over(void **state)
{
    (void)state;
    struct log_key key;
    assert_true(log_key_read(SPAN(" \t" GO_PRIVATE "\r\n\n"), &key, NULL));
    assert_false(log_key_read(SPAN(GO_PRIVATE " " GO_PRIVATE), &key, NULL));
    assert_false(log_key_read(SPAN(GO_PUBLIC), &key, NULL));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(a_key_of_gos_documentation_has_the_public_half_that_it_says),
        TEST(the_public_half_is_that_of_rfc_8032),
        TEST(a_key_comes_back_from_its_text_and_signs_as_before),
        TEST(names_that_no_key_can_have_are_refused),
        TEST(a_private_key_with_any_letter_changed_is_refused),
        TEST(blanks_around_a_private_key_are_passed_over),
    };
    return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
