#include "base/hash.h"

#include <assert.h>
#include <openssl/sha.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#define HAS_CRC_INSTRUCTION 1
#endif

// OpenSSL 3 deprecates these three calls in favour of EVP, and keeps them. Its one-shot SHA256()
// looks its algorithm up anew at each call: 2.9 million short hashes a second against 10 million of
// these, on a machine with SHA-NI; both reach the same speed on long texts. A ledger's tree is made
// of nothing but short hashes.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct sha256 sha256_of_three(struct span a, struct span b, struct span c)
{
    SHA256_CTX context;
    struct sha256 hash;
    int done = SHA256_Init(&context);
    if (a.len > 0) done &= SHA256_Update(&context, a.at, a.len);
    if (b.len > 0) done &= SHA256_Update(&context, b.at, b.len);
    if (c.len > 0) done &= SHA256_Update(&context, c.at, c.len);
    done &= SHA256_Final(hash.bytes, &context);
    assert(done == 1); // they have no way to fail
    (void)done;
    return hash;
}

#pragma GCC diagnostic pop

struct sha256 sha256_of(struct span s)
{
    return sha256_of_three(s, (struct span){ 0 }, (struct span){ 0 });
}

struct sha256 sha256_of_two(struct span a, struct span b)
{
    return sha256_of_three(a, b, (struct span){ 0 });
}

struct sha256 hmac_sha256_of(struct span key, struct span s)
{
    enum { BLOCK = 64 };
    char inner[BLOCK] = { 0 }, outer[BLOCK];
    struct sha256 hash;
    if (key.len > BLOCK) {
        hash = sha256_of(key);
        memcpy(inner, hash.bytes, SHA256_SIZE);
    } else if (key.len > 0) {
        memcpy(inner, key.at, key.len);
    }
    for (int i = 0; i < BLOCK; i++) {
        outer[i] = (char)(inner[i] ^ 0x5c);
        inner[i] = (char)(inner[i] ^ 0x36);
    }
    hash = sha256_of_two((struct span){ inner, BLOCK }, s);
    return sha256_of_two((struct span){ outer, BLOCK }, sha256_span(&hash));
}

// The machine's word from eight bytes in little-endian order, whatever the machine's own order is.
static uint64_t word_at(const unsigned char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

// At 16 n + v: what the value v in the n-th half byte of a 64-bit word becomes when the word
// has passed through the reversed polynomial 82F63B78 (tested bit by bit).
static const uint32_t crc_rows[16 * 16] = {
    0x00000000, 0x493C7D27, 0x9278FA4E, 0xDB448769, 0x211D826D, 0x6821FF4A, 0xB3657823, 0xFA590504,
    0x423B04DA, 0x0B0779FD, 0xD043FE94, 0x997F83B3, 0x632686B7, 0x2A1AFB90, 0xF15E7CF9, 0xB86201DE,
    0x00000000, 0x847609B4, 0x0D006599, 0x89766C2D, 0x1A00CB32, 0x9E76C286, 0x1700AEAB, 0x9376A71F,
    0x34019664, 0xB0779FD0, 0x3901F3FD, 0xBD77FA49, 0x2E015D56, 0xAA7754E2, 0x230138CF, 0xA777317B,
    0x00000000, 0x68032CC8, 0xD0065990, 0xB8057558, 0xA5E0C5D1, 0xCDE3E919, 0x75E69C41, 0x1DE5B089,
    0x4E2DFD53, 0x262ED19B, 0x9E2BA4C3, 0xF628880B, 0xEBCD3882, 0x83CE144A, 0x3BCB6112, 0x53C84DDA,
    0x00000000, 0x9C5BFAA6, 0x3D5B83BD, 0xA100791B, 0x7AB7077A, 0xE6ECFDDC, 0x47EC84C7, 0xDBB77E61,
    0xF56E0EF4, 0x6935F452, 0xC8358D49, 0x546E77EF, 0x8FD9098E, 0x1382F328, 0xB2828A33, 0x2ED97095,
    0x00000000, 0xEF306B19, 0xDB8CA0C3, 0x34BCCBDA, 0xB2F53777, 0x5DC55C6E, 0x697997B4, 0x8649FCAD,
    0x6006181F, 0x8F367306, 0xBB8AB8DC, 0x54BAD3C5, 0xD2F32F68, 0x3DC34471, 0x097F8FAB, 0xE64FE4B2,
    0x00000000, 0xC00C303E, 0x85F4168D, 0x45F826B3, 0x0E045BEB, 0xCE086BD5, 0x8BF04D66, 0x4BFC7D58,
    0x1C08B7D6, 0xDC0487E8, 0x99FCA15B, 0x59F09165, 0x120CEC3D, 0xD200DC03, 0x97F8FAB0, 0x57F4CA8E,
    0x00000000, 0x38116FAC, 0x7022DF58, 0x4833B0F4, 0xE045BEB0, 0xD854D11C, 0x906761E8, 0xA8760E44,
    0xC5670B91, 0xFD76643D, 0xB545D4C9, 0x8D54BB65, 0x2522B521, 0x1D33DA8D, 0x55006A79, 0x6D1105D5,
    0x00000000, 0x8F2261D3, 0x1BA8B557, 0x948AD484, 0x37516AAE, 0xB8730B7D, 0x2CF9DFF9, 0xA3DBBE2A,
    0x6EA2D55C, 0xE180B48F, 0x750A600B, 0xFA2801D8, 0x59F3BFF2, 0xD6D1DE21, 0x425B0AA5, 0xCD796B76,
    0x00000000, 0xDD45AAB8, 0xBF672381, 0x62228939, 0x7B2231F3, 0xA6679B4B, 0xC4451272, 0x1900B8CA,
    0xF64463E6, 0x2B01C95E, 0x49234067, 0x9466EADF, 0x8D665215, 0x5023F8AD, 0x32017194, 0xEF44DB2C,
    0x00000000, 0xE964B13D, 0xD725148B, 0x3E41A5B6, 0xABA65FE7, 0x42C2EEDA, 0x7C834B6C, 0x95E7FA51,
    0x52A0C93F, 0xBBC47802, 0x8585DDB4, 0x6CE16C89, 0xF90696D8, 0x106227E5, 0x2E238253, 0xC747336E,
    0x00000000, 0xA541927E, 0x4F6F520D, 0xEA2EC073, 0x9EDEA41A, 0x3B9F3664, 0xD1B1F617, 0x74F06469,
    0x38513EC5, 0x9D10ACBB, 0x773E6CC8, 0xD27FFEB6, 0xA68F9ADF, 0x03CE08A1, 0xE9E0C8D2, 0x4CA15AAC,
    0x00000000, 0x70A27D8A, 0xE144FB14, 0x91E6869E, 0xC76580D9, 0xB7C7FD53, 0x26217BCD, 0x56830647,
    0x8B277743, 0xFB850AC9, 0x6A638C57, 0x1AC1F1DD, 0x4C42F79A, 0x3CE08A10, 0xAD060C8E, 0xDDA47104,
    0x00000000, 0x13A29877, 0x274530EE, 0x34E7A899, 0x4E8A61DC, 0x5D28F9AB, 0x69CF5132, 0x7A6DC945,
    0x9D14C3B8, 0x8EB65BCF, 0xBA51F356, 0xA9F36B21, 0xD39EA264, 0xC03C3A13, 0xF4DB928A, 0xE7790AFD,
    0x00000000, 0x3FC5F181, 0x7F8BE302, 0x404E1283, 0xFF17C604, 0xC0D23785, 0x809C2506, 0xBF59D487,
    0xFBC3FAF9, 0xC4060B78, 0x844819FB, 0xBB8DE87A, 0x04D43CFD, 0x3B11CD7C, 0x7B5FDFFF, 0x449A2E7E,
    0x00000000, 0xF26B8303, 0xE13B70F7, 0x1350F3F4, 0xC79A971F, 0x35F1141C, 0x26A1E7E8, 0xD4CA64EB,
    0x8AD958CF, 0x78B2DBCC, 0x6BE22838, 0x9989AB3B, 0x4D43CFD0, 0xBF284CD3, 0xAC78BF27, 0x5E133C24,
    0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
    0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9, 0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
};

uint32_t crc32c_by_table(uint32_t crc, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    crc = ~crc;
    for (; size >= 8; size -= 8, at += 8) {
        uint64_t word = word_at(at) ^ crc;
        crc = 0;
        for (unsigned row = 0; row < 256; row += 16, word >>= 4) crc ^= crc_rows[row + (word & 15)];
    }
    for (; size > 0; size--, at++) {
        unsigned byte = (crc ^ *at) & 255;
        crc = (crc >> 8) ^ crc_rows[224 + (byte & 15)] ^ crc_rows[240 + (byte >> 4)];
    }
    return ~crc;
}

#ifdef HAS_CRC_INSTRUCTION
__attribute__((target("sse4.2")))
static uint32_t crc32c_by_instruction(uint32_t crc, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t wide = ~crc;
    for (; size >= 8; size -= 8, at += 8) wide = _mm_crc32_u64(wide, word_at(at));
    crc = (uint32_t)wide;
    for (; size > 0; size--, at++) crc = _mm_crc32_u8(crc, *at);
    return ~crc;
}
#endif

uint32_t crc32c(uint32_t crc, const void *bytes, size_t size)
{
    assert(bytes != NULL || size == 0);
#ifdef HAS_CRC_INSTRUCTION
    if (__builtin_cpu_supports("sse4.2")) return crc32c_by_instruction(crc, bytes, size);
#endif
    return crc32c_by_table(crc, bytes, size);
}

// Each step multiplies into 128 bits and folds the halves together, so that every bit of a word
// reaches every bit of the key. The constants are the fractional parts of the square roots of 2, 3
// and 5, made odd.
__extension__ typedef unsigned __int128 uint128;

static uint64_t key_step(uint64_t key, uint64_t word)
{
    uint128 product = (uint128)(key ^ word) * 0xBB67AE8584CAA73BU;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t key_of(struct span s)
{
    const unsigned char *at = (const unsigned char *)s.at;
    uint64_t key = 0x6A09E667F3BCC909U + s.len;
    size_t left = s.len;
    for (; left >= 8; left -= 8, at += 8) key = key_step(key, word_at(at));

    uint64_t last = 0;
    for (size_t i = 0; i < left; i++) last |= (uint64_t)at[i] << (8 * i);
    key = key_step(key, last);
    return key_step(key, 0x3C6EF372FE94F82BU);
}

void hex_write(struct text *text, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    assert(size <= SIZE_MAX / 2);
    char *room = text_room(text, 2 * size);
    if (room == NULL) return;

    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++) {
        room[2 * i] = digits[at[i] >> 4];
        room[2 * i + 1] = digits[at[i] & 15];
    }
    text_grew(text, 2 * size);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool hex_read(struct span s, void *into, size_t size)
{
    if (s.len % 2 != 0 || s.len / 2 != size) return false;
    unsigned char *to = into;
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(s.at[2 * i]), low = hex_value(s.at[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        to[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(struct text *text, const void *bytes, size_t size)
{
    assert(size <= SIZE_MAX / 2);
    size_t len = (size + 2) / 3 * 4;
    char *to = text_room(text, len);
    if (to == NULL) return;

    const unsigned char *at = bytes;
    for (; size >= 3; size -= 3, at += 3, to += 4) {
        uint32_t bits = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        to[0] = base64_letters[bits >> 18];
        to[1] = base64_letters[bits >> 12 & 63];
        to[2] = base64_letters[bits >> 6 & 63];
        to[3] = base64_letters[bits & 63];
    }
    if (size > 0) {
        uint32_t bits = (uint32_t)at[0] << 16 | (size == 2 ? (uint32_t)at[1] << 8 : 0);
        to[0] = base64_letters[bits >> 18];
        to[1] = base64_letters[bits >> 12 & 63];
        to[2] = size == 2 ? base64_letters[bits >> 6 & 63] : '=';
        to[3] = '=';
    }
    text_grew(text, len);
}

// 64 and the value of a letter of the alphabet; zero for all other bytes.
static const uint8_t base64_values[256] = {
    ['A'] = 0x40, ['B'] = 0x41, ['C'] = 0x42, ['D'] = 0x43, ['E'] = 0x44, ['F'] = 0x45,
    ['G'] = 0x46, ['H'] = 0x47, ['I'] = 0x48, ['J'] = 0x49, ['K'] = 0x4A, ['L'] = 0x4B,
    ['M'] = 0x4C, ['N'] = 0x4D, ['O'] = 0x4E, ['P'] = 0x4F, ['Q'] = 0x50, ['R'] = 0x51,
    ['S'] = 0x52, ['T'] = 0x53, ['U'] = 0x54, ['V'] = 0x55, ['W'] = 0x56, ['X'] = 0x57,
    ['Y'] = 0x58, ['Z'] = 0x59, ['a'] = 0x5A, ['b'] = 0x5B, ['c'] = 0x5C, ['d'] = 0x5D,
    ['e'] = 0x5E, ['f'] = 0x5F, ['g'] = 0x60, ['h'] = 0x61, ['i'] = 0x62, ['j'] = 0x63,
    ['k'] = 0x64, ['l'] = 0x65, ['m'] = 0x66, ['n'] = 0x67, ['o'] = 0x68, ['p'] = 0x69,
    ['q'] = 0x6A, ['r'] = 0x6B, ['s'] = 0x6C, ['t'] = 0x6D, ['u'] = 0x6E, ['v'] = 0x6F,
    ['w'] = 0x70, ['x'] = 0x71, ['y'] = 0x72, ['z'] = 0x73, ['0'] = 0x74, ['1'] = 0x75,
    ['2'] = 0x76, ['3'] = 0x77, ['4'] = 0x78, ['5'] = 0x79, ['6'] = 0x7A, ['7'] = 0x7B,
    ['8'] = 0x7C, ['9'] = 0x7D, ['+'] = 0x7E, ['/'] = 0x7F,
};

// Four letters as 24 bits; false when one is not of the alphabet.
static bool base64_bits(const unsigned char *at, uint32_t *bits)
{
    uint32_t a = base64_values[at[0]], b = base64_values[at[1]];
    uint32_t c = base64_values[at[2]], d = base64_values[at[3]];
    *bits = (a & 63) << 18 | (b & 63) << 12 | (c & 63) << 6 | (d & 63);
    return (a & b & c & d) != 0;
}

bool base64_read(struct span s, void *into, size_t size_max, size_t *size)
{
    if (s.len % 4 != 0) return false;
    size_t padding = 0;
    if (s.len > 0 && s.at[s.len - 1] == '=') padding = s.at[s.len - 2] == '=' ? 2 : 1;
    size_t wanted = s.len / 4 * 3 - padding;
    if (wanted > size_max) return false;

    const unsigned char *at = (const unsigned char *)s.at;
    unsigned char *to = into;
    uint32_t bits;
    for (size_t whole = wanted / 3; whole > 0; whole--, at += 4, to += 3) {
        if (!base64_bits(at, &bits)) return false;
        to[0] = (unsigned char)(bits >> 16);
        to[1] = (unsigned char)(bits >> 8);
        to[2] = (unsigned char)bits;
    }
    if (padding > 0) {
        unsigned char last[4] = { at[0], at[1], padding == 2 ? 'A' : at[2], 'A' };
        if (!base64_bits(last, &bits)) return false;
        if ((bits & (padding == 2 ? 0xFFFF : 0xFF)) != 0) return false; // bits that nobody wrote
        to[0] = (unsigned char)(bits >> 16);
        if (padding == 1) to[1] = (unsigned char)(bits >> 8);
    }
    *size = wanted;
    return true;
}

bool base64_check(struct span s)
{
    unsigned char bytes[48];
    size_t size;
    for (; s.len > 64; s = (struct span){ s.at + 64, s.len - 64 }) {
        if (!base64_read((struct span){ s.at, 64 }, bytes, sizeof(bytes), &size)) return false;
        if (size != sizeof(bytes)) return false; // padding belongs at the end
    }
    return base64_read(s, bytes, sizeof(bytes), &size);
}
