#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"

enum { SIZE = 64 * 1024 };

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

static struct span hex_of(struct arena *arena, const void *bytes, size_t size)
{
    struct text text = text_in(arena, 2 * size);
    hex_write(&text, bytes, size);
    assert_false(text.full);
    return text_span(&text);
}

// Reproducible bytes.
static void fill(unsigned char *bytes, size_t size, uint64_t seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        bytes[i] = (unsigned char)(seed >> 56);
    }
}

static void sha256_gives_the_answers_of_the_standard(void **state)
{
    static const struct { struct span text; const char *hash; } rows[] = {
        { SPAN_INIT(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { SPAN_INIT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { SPAN_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sha256 hash = sha256_of(rows[i].text);
        assert_string_equal(hex_of(*state, hash.bytes, SHA256_SIZE).at, rows[i].hash);
        assert_int_equal(sha256_span(&hash).len, SHA256_SIZE);
    }
}

static void hashing_pieces_is_hashing_their_concatenation(void **state)
{
    (void)state;
    unsigned char bytes[200];
    fill(bytes, sizeof(bytes), 1);
    const char *at = (const char *)bytes;
    struct sha256 whole = sha256_of((struct span){ at, 200 });
    for (size_t first = 0; first <= 200; first += 7) {
        struct sha256 two = sha256_of_two((struct span){ at, first },
                                          (struct span){ at + first, 200 - first });
        assert_true(sha256_equal(whole, two));
        for (size_t second = first; second <= 200; second += 13) {
            struct sha256 three = sha256_of_three((struct span){ at, first },
                                                  (struct span){ at + first, second - first },
                                                  (struct span){ at + second, 200 - second });
            assert_true(sha256_equal(whole, three));
        }
    }
    struct sha256 other = sha256_of((struct span){ at, 199 });
    assert_false(sha256_equal(whole, other));
    struct span none = { 0 };
    assert_true(sha256_equal(sha256_of(none), sha256_of_three(none, none, none)));
}

static void crc32c_gives_the_answers_of_rfc_3720(void **state)
{
    (void)state;
    unsigned char zeros[32] = { 0 }, ones[32], rising[32], falling[32];
    memset(ones, 0xFF, 32);
    for (unsigned char i = 0; i < 32; i++) rising[i] = i, falling[i] = (unsigned char)(31 - i);
    unsigned char read_command[48] = { 0x01, 0xC0 };
    read_command[16] = 0x14, read_command[22] = 0x04, read_command[27] = 0x14;
    read_command[31] = 0x18, read_command[32] = 0x28, read_command[40] = 0x02;

    const struct { const void *bytes; size_t size; uint32_t crc; } rows[] = {
        { zeros, 32, 0x8A9136AA },   { ones, 32, 0x62A8AB43 },
        { rising, 32, 0x46DD794E },  { falling, 32, 0x113FDB5C },
        { read_command, 48, 0xD9963A56 },
        { "123456789", 9, 0xE3069283 }, { "", 0, 0 }, { NULL, 0, 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(crc32c(0, rows[i].bytes, rows[i].size), rows[i].crc);
        assert_int_equal(crc32c_by_table(0, rows[i].bytes, rows[i].size), rows[i].crc);
    }
}

static uint32_t crc32c_bit_by_bit(uint32_t crc, const unsigned char *at, size_t size)
{
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
    }
    return ~crc;
}

static void instruction_table_and_definition_agree_at_every_length_and_place(void **state)
{
    (void)state;
    unsigned char bytes[160];
    fill(bytes, sizeof(bytes), 2);
    for (size_t from = 0; from < 16; from++) {
        for (size_t size = 0; from + size <= sizeof(bytes); size++) {
            uint32_t before = (uint32_t)(size * 0x9E3779B9U);
            uint32_t crc = crc32c_bit_by_bit(before, bytes + from, size);
            assert_int_equal(crc32c(before, bytes + from, size), crc);
            assert_int_equal(crc32c_by_table(before, bytes + from, size), crc);
            assert_int_equal(crc32c(crc32c(before, bytes + from, size / 3),
                                    bytes + from + size / 3, size - size / 3), crc);
        }
    }
}

static void keys_are_the_same_in_every_version(void **state)
{
    (void)state;
    static const struct { struct span text; uint64_t key; } rows[] = {
        { SPAN_INIT(""), 0x4CF24C5F750E3F81 },
        { SPAN_INIT("a"), 0x038A48E1172C1B3F },
        { SPAN_INIT("26TW0000000001"), 0xCC5DE6F6317C8862 },
        { SPAN_INIT("MSKU6011"), 0x39440A2AE3D04FCA },
        { SPAN_INIT("The quick brown fox jumps over the lazy dog"), 0x6487B66C6823D2BD },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_true(key_of(rows[i].text) == rows[i].key);
    assert_true(key_of((struct span){ 0 }) == rows[0].key);
}

static void one_bit_of_a_text_changes_about_half_the_bits_of_its_key(void **state)
{
    (void)state;
    unsigned char bytes[40];
    uint64_t changed = 0, count = 0, by_bit[64] = { 0 };
    for (size_t size = 1; size <= sizeof(bytes); size++) {
        fill(bytes, size, size);
        struct span s = { (const char *)bytes, size };
        uint64_t key = key_of(s);
        for (size_t bit = 0; bit < 8 * size; bit++, count++) {
            bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
            uint64_t difference = key ^ key_of(s);
            bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
            int bits = __builtin_popcountll(difference);
            assert_in_range(bits, 8, 56);
            changed += (uint64_t)bits;
            for (int i = 0; i < 64; i++) by_bit[i] += difference >> i & 1;
        }
    }
    assert_in_range(changed * 100 / count, 3150, 3250); // 32 of 64
    for (int i = 0; i < 64; i++) assert_in_range(by_bit[i] * 100 / count, 46, 54);
}

static void keys_of_numbered_names_fill_their_table_evenly(void **state)
{
    (void)state;
    enum { NAMES = 65536, BUCKETS = 65536 };
    static unsigned char low[BUCKETS], high[BUCKETS];
    char name[15] = "26TW0000000000";
    unsigned empty_low = 0, empty_high = 0, most = 0;
    memset(low, 0, sizeof(low)), memset(high, 0, sizeof(high));
    for (unsigned i = 0; i < NAMES; i++) {
        unsigned left = i;
        for (int digit = 13; digit > 3; digit--, left /= 10) name[digit] = (char)('0' + left % 10);
        uint64_t key = key_of((struct span){ name, 14 });
        low[key % BUCKETS]++, high[key >> 48]++;
    }
    for (int i = 0; i < BUCKETS; i++) {
        empty_low += low[i] == 0, empty_high += high[i] == 0;
        if (low[i] > most) most = low[i];
    }
    assert_in_range(empty_low * 1000L / BUCKETS, 360, 376); // 1/e = 0.368 of them by chance
    assert_in_range(empty_high * 1000L / BUCKETS, 360, 376);
    assert_in_range(most, 5, 13);
}

static void zeros_of_each_length_have_a_key_of_their_own(void **state)
{
    (void)state;
    static const char zeros[64];
    for (size_t a = 0; a <= 64; a++) {
        for (size_t b = 0; b < a; b++)
            assert_true(key_of((struct span){ zeros, a }) != key_of((struct span){ zeros, b }));
    }
}

static void hex_comes_back_and_only_what_we_would_write_is_read(void **state)
{
    unsigned char bytes[256], back[256] = { 0 };
    for (int i = 0; i < 256; i++) bytes[i] = (unsigned char)i;
    struct span text = hex_of(*state, bytes, 256);
    assert_int_equal(text.len, 512);
    assert_true(hex_read(text, back, 256));
    assert_memory_equal(bytes, back, 256);
    assert_string_equal(hex_of(*state, "\x00\x9A\xFF", 3).at, "009aff");
    assert_true(hex_read(SPAN(""), back, 0));

    for (int c = 0; c < 256; c++) {
        char pair[2] = { '0', (char)c };
        bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        assert_int_equal(hex_read((struct span){ pair, 2 }, back, 1), digit);
        char riap[2] = { (char)c, '0' };
        assert_int_equal(hex_read((struct span){ riap, 2 }, back, 1), digit);
    }
    assert_false(hex_read(SPAN("00"), back, 2));
    assert_false(hex_read(SPAN("0000"), back, 1));
    assert_false(hex_read(SPAN("000"), back, 1));
}

static void base64_gives_the_answers_of_rfc_4648(void **state)
{
    static const struct { struct span bytes; const char *text; } rows[] = {
        { SPAN_INIT(""), "" },          { SPAN_INIT("f"), "Zg==" },
        { SPAN_INIT("fo"), "Zm8=" },    { SPAN_INIT("foo"), "Zm9v" },
        { SPAN_INIT("foob"), "Zm9vYg==" }, { SPAN_INIT("fooba"), "Zm9vYmE=" },
        { SPAN_INIT("foobar"), "Zm9vYmFy" },
        { SPAN_INIT("\xFB\xFF\xBF"), "+/+/" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct text text = text_in(*state, 1);
        base64_write(&text, rows[i].bytes.at, rows[i].bytes.len);
        assert_string_equal(text_span(&text).at, rows[i].text);
        char back[6];
        size_t size;
        assert_true(base64_read(text_span(&text), back, 6, &size));
        assert_true(span_equal((struct span){ back, size }, rows[i].bytes));
    }
}

static void base64_of_every_length_comes_back_and_needs_its_room(void **state)
{
    unsigned char bytes[100], back[100];
    fill(bytes, sizeof(bytes), 3);
    for (size_t size = 0; size <= sizeof(bytes); size++) {
        arena_reset(*state, 0);
        struct text text = text_in(*state, 1);
        base64_write(&text, bytes, size);
        size_t found = 1000;
        memset(back, 0, sizeof(back));
        assert_true(base64_read(text_span(&text), back, size, &found));
        assert_int_equal(found, size);
        assert_memory_equal(back, bytes, size);
        if (size > 0) assert_false(base64_read(text_span(&text), back, size - 1, &found));
    }
}

static void base64_is_known_at_any_length_and_has_padding_only_at_its_end(void **state)
{
    unsigned char bytes[200];
    fill(bytes, sizeof(bytes), 4);
    for (size_t size = 0; size <= sizeof(bytes); size++) {
        arena_reset(*state, 0);
        struct text text = text_in(*state, 1);
        base64_write(&text, bytes, size);
        assert_true(base64_check(text_span(&text)));
        if (text.len > 0) assert_false(base64_check((struct span){ text.at, text.len - 1 }));
        for (size_t at = 0; at < text.len; at++) {
            char was = text.at[at];
            text.at[at] = '-';
            assert_false(base64_check(text_span(&text)));
            text.at[at] = '=';
            if (at + 2 < text.len) assert_false(base64_check(text_span(&text)));
            text.at[at] = was;
        }
    }
}

static void whatever_base64_is_read_is_what_we_would_have_written(void **state)
{
    static const char letters[] = "AQgwBfZ/+9=-_ \n\0"; // both alphabets, blanks and a NUL
    unsigned count = sizeof(letters) - 1, read = 0;
    for (unsigned i = 0; i < count * count * count * count; i++) {
        char quartet[8] = "AAAA";
        for (unsigned left = i, at = 4; at < 8; left /= count, at++)
            quartet[at] = letters[left % count];
        for (size_t from = 0; from <= 4; from += 4) {
            unsigned char bytes[6];
            size_t size;
            struct span s = { quartet + from, 8 - from };
            if (!base64_read(s, bytes, sizeof(bytes), &size)) continue;
            arena_reset(*state, 0);
            struct text text = text_in(*state, 16);
            base64_write(&text, bytes, size);
            assert_true(span_equal(text_span(&text), s));
            read++;
        }
    }
    // Ten of the letters are base64's; only A, Q, g and w may stand in front of padding.
    assert_int_equal(read, 2 * (10 * 10 * 10 * 10 + 10 * 10 * 4 + 10 * 4));

    unsigned char bytes[8];
    size_t size;
    const struct span refused[] = { SPAN_INIT("Z"), SPAN_INIT("Zg"), SPAN_INIT("Zg="),
                                    SPAN_INIT("===="), SPAN_INIT("Z==="), SPAN_INIT("Zg==Zg=="),
                                    SPAN_INIT("Zh=="), SPAN_INIT("Zm9="), SPAN_INIT("Zm=v"),
                                    SPAN_INIT("=m9v"), SPAN_INIT("Zm9v\n"), SPAN_INIT("Zg=A") };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(base64_read(refused[i], bytes, sizeof(bytes), &size));
}

// RFC 4231: a short key, a text longer than the key, a key longer than a block.
static void hmacs_are_those_of_rfc_4231(void **state)
{
    struct arena *arena = *state;
    char key[131];
    struct sha256 hash = hmac_sha256_of(SPAN("Jefe"), SPAN("what do ya want for nothing?"));
    assert_true(span_equal(hex_of(arena, hash.bytes, SHA256_SIZE), SPAN(
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));
    memset(key, 0x0b, 20);
    hash = hmac_sha256_of((struct span){ key, 20 }, SPAN("Hi There"));
    assert_true(span_equal(hex_of(arena, hash.bytes, SHA256_SIZE), SPAN(
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")));
    memset(key, 0xaa, 131);
    hash = hmac_sha256_of((struct span){ key, 131 },
                          SPAN("Test Using Larger Than Block-Size Key - Hash Key First"));
    assert_true(span_equal(hex_of(arena, hash.bytes, SHA256_SIZE), SPAN(
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(sha256_gives_the_answers_of_the_standard),
        TEST(hashing_pieces_is_hashing_their_concatenation),
        TEST(crc32c_gives_the_answers_of_rfc_3720),
        TEST(instruction_table_and_definition_agree_at_every_length_and_place),
        TEST(keys_are_the_same_in_every_version),
        TEST(one_bit_of_a_text_changes_about_half_the_bits_of_its_key),
        TEST(keys_of_numbered_names_fill_their_table_evenly),
        TEST(zeros_of_each_length_have_a_key_of_their_own),
        TEST(hmacs_are_those_of_rfc_4231),
        TEST(hex_comes_back_and_only_what_we_would_write_is_read),
        TEST(base64_gives_the_answers_of_rfc_4648),
        TEST(base64_of_every_length_comes_back_and_needs_its_room),
        TEST(base64_is_known_at_any_length_and_has_padding_only_at_its_end),
        TEST(whatever_base64_is_read_is_what_we_would_have_written),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
