#include "base/utf8.h"

#include <assert.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// How many bytes in front are ASCII, found in whole steps: the answer may be too small, never too
// large. Nearly all text that comes in is ASCII from end to end.
static size_t ascii_length(const unsigned char *at, size_t len)
{
    size_t done = 0;
#ifdef __SSE2__
    for (; len - done >= 32; done += 32) {
        __m128i low = _mm_loadu_si128((const __m128i *)(const void *)(at + done));
        __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(at + done + 16));
        if (_mm_movemask_epi8(_mm_or_si128(low, high)) != 0) break;
    }
#endif
    for (; len - done >= 8; done += 8) {
        uint64_t word;
        memcpy(&word, at + done, sizeof(word));
        if ((word & 0x8080808080808080U) != 0) break;
    }
    return done;
}

// The length of the character in front, 0 when it is not one. The second byte's range depends on
// the first (RFC 3629 section 4); all further bytes are 80 to BF.
static size_t character_length(const unsigned char *at, size_t len)
{
    assert(len > 0);
    unsigned char lead = at[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;

    size_t wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (len < wanted) return 0;

    unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < lowest || at[1] > highest) return 0;
    for (size_t i = 2; i < wanted; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
    }
    return wanted;
}

bool utf8_check(struct span s, size_t *bad_at)
{
    const unsigned char *at = (const unsigned char *)s.at;
    size_t done = 0;
    while (done < s.len) {
        done += ascii_length(at + done, s.len - done);
        // Then one character at a time, until there are a few of ASCII in a row again.
        for (unsigned ascii = 0; done < s.len && ascii < 8;) {
            size_t length = character_length(at + done, s.len - done);
            if (length == 0) {
                if (bad_at != NULL) *bad_at = done;
                return false;
            }
            ascii = length == 1 ? ascii + 1 : 0;
            done += length;
        }
    }
    assert(done == s.len);
    return true;
}
