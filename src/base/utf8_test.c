#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"

static bool well_formed(const unsigned char *bytes, size_t len)
{
    return utf8_check((struct span){ (const char *)bytes, len }, NULL);
}

// Writes the form of `length` bytes, whether or not it is the shortest.
static void put(unsigned char *at, uint32_t point, unsigned length)
{
    static const unsigned char marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    if (length == 1) {
        at[0] = (unsigned char)point;
        return;
    }
    for (unsigned i = length - 1; i > 0; i--, point >>= 6)
        at[i] = (unsigned char)(0x80 | (point & 0x3F));
    at[0] = (unsigned char)(marks[length] | point);
}

static void every_code_point_but_the_surrogates_is_well_formed_in_its_shortest_form(void **state)
{
    (void)state;
    unsigned char form[4];
    for (uint32_t point = 0; point < 0x200000; point++) {
        unsigned shortest = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        bool exists = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        for (unsigned length = shortest; length <= 4; length++) {
            put(form, point, length);
            if (well_formed(form, length) != (exists && length == shortest))
                fail_msg("U+%04X in %u bytes", point, length);
            if (length > 1 && well_formed(form, length - 1)) fail_msg("U+%04X cut off", point);
        }
    }
}

static void a_broken_byte_is_found_wherever_it_stands(void **state)
{
    (void)state;
    char text[150];
    for (size_t len = 1; len <= sizeof(text); len++) {
        for (size_t bad = 0; bad < len; bad++) {
            memset(text, 'x', sizeof(text));
            assert_true(utf8_check((struct span){ text, len }, NULL));
            text[bad] = (char)0xFF;
            size_t found = 1000;
            assert_false(utf8_check((struct span){ text, len }, &found));
            assert_int_equal(found, bad);
        }
    }
}

static void the_place_is_where_the_broken_character_begins(void **state)
{
    (void)state;
    size_t found = 1000;
    assert_false(utf8_check(SPAN("a\xC3\xA9" "b\xE2\x82"), &found));
    assert_int_equal(found, 4);
    assert_false(utf8_check(SPAN("\x80"), &found));
    assert_int_equal(found, 0);
    found = 1000;
    assert_true(utf8_check(
        SPAN("Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x9A\xA2 \xE4\xB8\x8A\xE6\xB5\xB7"), &found));
    assert_true(utf8_check(SPAN(""), &found));
    assert_true(utf8_check((struct span){ NULL, 0 }, &found));
    assert_int_equal(found, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_but_the_surrogates_is_well_formed_in_its_shortest_form),
        cmocka_unit_test(a_broken_byte_is_found_wherever_it_stands),
        cmocka_unit_test(the_place_is_where_the_broken_character_begins),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
