// The words of a schedule made plain, and numbers as schedules write them.
#include <assert.h>

#include "tariff/exact.h"
#include "tariff/expression_reading.h"

struct making {
    struct plain *plain;
    size_t from;
    bool cased;
};

static void put(struct making *making, char c)
{
    making->plain->from[making->plain->len] = (uint16_t)making->from;
    making->plain->at[making->plain->len++] = c;
}

static void put_all(struct making *making, const char *words)
{
    for (; *words != '\0'; words++) put(making, *words);
}

static void put_character(struct making *making, uint32_t c)
{
    if (c < 0x80) {
        put(making, (char)c);
    } else if (c < 0x800) {
        put(making, (char)(0xC0 | c >> 6));
        put(making, (char)(0x80 | (c & 63)));
    } else if (c < 0x10000) {
        put(making, (char)(0xE0 | c >> 12));
        put(making, (char)(0x80 | (c >> 6 & 63)));
        put(making, (char)(0x80 | (c & 63)));
    } else {
        put(making, '?'); // nothing that schedules write
    }
}

// What stands for others. An empty one stands for nothing.
static const struct {
    uint32_t character;
    const char *plain;
} plain_forms[] = {
    { 0x00A0, " " },        { 0x202F, " " },    { 0x3000, " " },
    { 0x00AD, "" },         { 0xFEFF, "" },     { 0x2060, "" },
    { 0x2212, "-" },        { 0x00B2, "2" },    { 0x00B3, "3" },
    { 0x00BC, " 1/4" },     { 0x00BD, " 1/2" }, { 0x00BE, " 3/4" },
    { 0x2153, " 1/3" },     { 0x2154, " 2/3" }, { 0x215B, " 1/8" },
    { 0x215C, " 3/8" },     { 0x215D, " 5/8" }, { 0x215E, " 7/8" },
    { 0x2018, "'" },        { 0x2019, "'" },    { 0x2044, "/" },
    { 0xFF05, "%" },        { 0xFF0F, "/" },    { 0x0451, "\xD0\xB5" }, // Cyrillic io as ie
    { 0x0401, "\xD0\xB5" },
};

static const char *plain_form(uint32_t c)
{
    if (c >= 0x2000 && c <= 0x200A) return " ";
    if (c >= 0x200B && c <= 0x200D) return "";
    if (c >= 0x2010 && c <= 0x2015) return "-";
    for (size_t i = 0; i < sizeof(plain_forms) / sizeof(plain_forms[0]); i++)
        if (plain_forms[i].character == c) return plain_forms[i].plain;
    return NULL;
}

static uint32_t lower(uint32_t c)
{
    if (c >= 'A' && c <= 'Z') return c + 32;
    return c >= 0x0410 && c <= 0x042F ? c + 32 : c; // Cyrillic
}

static uint32_t blank(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' ? ' ' : c;
}

// One character of UTF-8 that was checked.
static uint32_t character(struct span words, size_t at, size_t *length)
{
    unsigned char first = (unsigned char)words.at[at];
    *length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    assert(*length <= words.len - at);
    uint32_t c = *length == 1 ? first : first & (0x7Fu >> *length);
    for (size_t i = 1; i < *length; i++) c = c << 6 | ((unsigned char)words.at[at + i] & 63);
    return c;
}

// "&#160;": some schedules come out of web pages.
static uint32_t reference(struct span words, size_t at, size_t *length)
{
    struct span rest = { words.at + at, words.len - at };
    struct span_pair digits = span_cut((struct span){ rest.at + 2, rest.len - 2 }, ';');
    uint64_t c;
    if (!digits.found || digits.head.len > 5 || !span_to_u64(digits.head, &c) || c < 32 ||
        c > 0xFFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *length = digits.head.len + 3;
    return (uint32_t)c;
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

// "sub- chapter": a word that was broken at a line's end. Returns what to pass over, or 0.
static size_t broken_word(struct span words, size_t at)
{
    if (at == 0 || !is_small(words.at[at - 1])) return 0;
    size_t next = at + 1;
    while (next < words.len && (words.at[next] == ' ' || words.at[next] == '\n')) next++;
    return next > at + 1 && next < words.len && is_small(words.at[next]) ? next - at : 0;
}

static void make(struct making *making, struct span words)
{
    size_t length;
    for (size_t at = 0; at < words.len; at += length) {
        making->from = at;
        length = words.at[at] == '-' ? broken_word(words, at) : 0;
        if (length > 0) continue;
        uint32_t c = character(words, at, &length);
        if (c == '&' && words.len - at > 3 && words.at[at + 1] == '#') {
            uint32_t meant = reference(words, at, &length);
            if (meant != 0) c = meant;
        }
        const char *form = plain_form(c);
        if (form != NULL) put_all(making, form);
        else put_character(making, making->cased ? blank(c) : lower(blank(c)));
    }
    making->plain->from[making->plain->len] = (uint16_t)words.len;
}

bool plain_make(struct span words, bool cased, struct arena *arena, struct plain *plain)
{
    assert(words.len <= EXPRESSION_TEXT_MAX);
    size_t size = 2 * words.len + 1; // a fraction of two bytes becomes four
    plain->at = arena_take_raw(arena, size, 1);
    plain->from = arena_take_raw(arena, size, sizeof(plain->from[0]));
    plain->len = 0;
    if (plain->at == NULL || plain->from == NULL) return false;
    struct making making = { plain, 0, cased };
    make(&making, words);
    assert(plain->len < size);
    return true;
}

// --- Numbers ---

static bool is_digit(struct span s, size_t at)
{
    return at < s.len && s.at[at] >= '0' && s.at[at] <= '9';
}

static size_t blanks(struct span s, size_t at)
{
    while (at < s.len && s.at[at] == ' ') at++;
    return at;
}

// Three digits and no fourth.
static bool is_group(struct span s, size_t at)
{
    return is_digit(s, at) && is_digit(s, at + 1) && is_digit(s, at + 2) && !is_digit(s, at + 3);
}

struct digits {
    uint64_t value;
    unsigned count, scale;
};

static bool take_digit(struct digits *digits, char c)
{
    if (digits->count > 0 || c != '0') digits->count++;
    digits->value = digits->count <= DECIMAL_DIGITS_MAX ? 10 * digits->value + (uint64_t)(c - '0')
                                                        : digits->value;
    return digits->count <= DECIMAL_DIGITS_MAX;
}

// A blank parts thousands only in front of three zeros or decimals: in "1 100 kg" it does not.
static bool parts_thousands(struct span s, size_t at, bool decimal_comma)
{
    if (at >= s.len || !is_group(s, at + 1)) return false;
    if (s.at[at] == ',') return !decimal_comma;
    if (s.at[at] != ' ') return false;
    bool decimals =
        at + 5 < s.len && (s.at[at + 4] == '.' || s.at[at + 4] == ',') && is_digit(s, at + 5);
    return decimals || memcmp(s.at + at + 1, "000", 3) == 0;
}

static bool take_whole(struct span s, bool decimal_comma, struct digits *digits, size_t *at)
{
    size_t start = *at;
    for (; is_digit(s, *at); ++*at)
        if (!take_digit(digits, s.at[*at])) return false;
    if (*at - start > 3 || digits->value == 0) return true;
    while (parts_thousands(s, *at, decimal_comma))
        for (size_t end = *at + 4; ++*at < end;)
            if (!take_digit(digits, s.at[*at])) return false;
    return true;
}

static bool take_decimals(struct span s, bool decimal_comma, struct digits *digits, size_t *at)
{
    if (*at >= s.len || !is_digit(s, *at + 1)) return true;
    bool point = s.at[*at] == '.', comma = s.at[*at] == ',';
    bool thousands = is_group(s, *at + 1) && digits->value > 0; // nobody writes 0,125 for 125
    if (!point && !(comma && (decimal_comma || !thousands))) return true;
    for (++*at; is_digit(s, *at); ++*at) {
        if (!take_digit(digits, s.at[*at])) return false;
        digits->scale++;
    }
    return true;
}

// "1/3" at a place; both parts of at most nine digits. `spaced`: blanks may be in it.
static bool take_fraction(struct span s, bool spaced, size_t *at, uint64_t *above, uint64_t *below)
{
    size_t here = *at;
    struct digits first = { 0 }, second = { 0 };
    for (; is_digit(s, here) && first.count < 10; here++)
        if (!take_digit(&first, s.at[here])) return false;
    if (here == *at) return false;
    if (spaced) here = blanks(s, here);
    if (here >= s.len || s.at[here] != '/') return false;
    here = spaced ? blanks(s, here + 1) : here + 1;
    size_t second_at = here;
    for (; is_digit(s, here) && second.count < 10; here++)
        if (!take_digit(&second, s.at[here])) return false;
    if (here == second_at || second.value == 0 || first.count > 9 || second.count > 9) return false;
    *above = first.value;
    *below = second.value;
    *at = here;
    return true;
}

bool plain_currency(struct span rest, char code[4])
{
    unsigned letters = 0, exponent;
    while (letters < rest.len && is_small(rest.at[letters])) letters++;
    if (letters != 3) return false;
    for (unsigned i = 0; i < 3; i++) code[i] = (char)(rest.at[i] - 32);
    code[3] = '\0';
    return currency_exponent((struct span){ code, 3 }, &exponent);
}

static bool rate_follows(struct span s, size_t at)
{
    size_t length;
    char code[4];
    struct span rest = { s.at + blanks(s, at), s.len - blanks(s, at) };
    return plain_currency(rest, code) || phrase_find(rest, PHRASE_PERCENT, &length) != NULL ||
           phrase_find(rest, PHRASE_CENTS, &length) != NULL ||
           phrase_find(rest, PHRASE_CURRENCY, &length) != NULL;
}

// What follows a whole number in "33 1/3", "1-3/8" and, where a rate follows, "33 1 / 3".
static bool take_mixed(struct span rest, size_t *at, uint64_t *above, uint64_t *below)
{
    uint64_t first, second;
    size_t behind = blanks(rest, *at);
    bool dash = behind == *at && behind < rest.len && rest.at[behind] == '-';
    if (dash) behind++;
    if (behind == *at) return false;
    if (!take_fraction(rest, false, &behind, &first, &second) &&
        (dash || !take_fraction(rest, true, &behind, &first, &second) ||
         !rate_follows(rest, behind)))
        return false;
    *at = behind;
    *above = first;
    *below = second;
    return true;
}

bool plain_number(struct span rest, bool decimal_comma, enum plain_fraction fraction,
                  struct expression_number *number, size_t *length)
{
    *length = 0;
    if (!is_digit(rest, 0)) return true;
    size_t at = 0;
    uint64_t above = 0, below = 1;
    if (fraction != FRACTION_NOT && take_fraction(rest, false, &at, &above, &below) &&
        (fraction == FRACTION_ANYWHERE || rate_follows(rest, at))) {
        *length = at;
        return number_reduce(above, 0, below, number);
    }
    at = 0;
    struct digits digits = { 0 };
    if (!take_whole(rest, decimal_comma, &digits, &at)) return false;
    if (!take_decimals(rest, decimal_comma, &digits, &at)) return false;
    below = 1;
    if (digits.scale == 0 && take_mixed(rest, &at, &above, &below) &&
        (__builtin_mul_overflow(digits.value, below, &digits.value) ||
         __builtin_add_overflow(digits.value, above, &digits.value)))
        return false;
    *length = at;
    return number_reduce(digits.value, digits.scale, below, number);
}
