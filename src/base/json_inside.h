// json_inside: what the files of json share with each other, and nobody else needs.
#ifndef TW_BASE_JSON_INSIDE_H
#define TW_BASE_JSON_INSIDE_H

#include "base/json.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// --- Scanning. `at` may be `end`; no byte from `end` on is read. ---

static inline bool json_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// A byte that cannot stand for itself in a string: a quote, a backslash, a control character.
static inline bool json_is_special(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

// The first byte that is not a blank, or `end`. Mostly there is no blank, or one.
static inline const char *json_behind_blanks(const char *at, const char *end)
{
    if (at == end || !json_is_blank(*at)) return at;
    if (at + 1 == end || !json_is_blank(at[1])) return at + 1;
#if defined(__SSE2__)
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i blank = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))),
                                     _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')),
                                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'))));
        unsigned others = (unsigned)_mm_movemask_epi8(blank) ^ 0xFFFF;
        if (others != 0) return at + __builtin_ctz(others);
    }
#endif
    while (at < end && json_is_blank(*at)) at++;
    return at;
}

// The first special byte, or `end`.
static inline const char *json_plain_end(const char *at, const char *end)
{
#if defined(__SSE2__)
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i last_control = _mm_set1_epi8(0x1F);
        __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control);
        __m128i mark = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
        unsigned special = (unsigned)_mm_movemask_epi8(_mm_or_si128(control, mark));
        if (special != 0) return at + __builtin_ctz(special);
    }
#endif
    while (at < end && !json_is_special(*at)) at++;
    return at;
}

// --- Escapes. ---

// Four hexadecimal digits, or -1; `at` has at least four bytes.
int32_t json_hex4(const char *at);

// Decodes the escape whose backslash is `at`, in a string that json_read let pass. Returns the
// bytes it takes in the message; what it says goes into `utf8`, `len` bytes of it.
size_t json_escape_read(const char *at, char utf8[4], size_t *len);

// What stands between a string's quotes: specials escaped as RFC 8785 asks, all else as it is.
void json_escape_write(struct text *text, struct span s);

// --- Keys, compared by what they say: "a" and "\u0061" are one key. ---

// Below, at or above zero, in the order of their UTF-16 code units. Both are string nodes.
int json_key_compare(const struct json *json, uint32_t a, uint32_t b);

// Sorts key nodes by that order, in place and never slower than n log n.
void json_keys_sort(const struct json *json, uint32_t *keys, size_t count);

// The index of the key behind this one in its object; the object's `next` behind the last.
static inline uint32_t json_key_next(const struct json *json, uint32_t key)
{
    return json->nodes[key + 1].next;
}

#endif
