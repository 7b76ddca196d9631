// hash: SHA-256 (FIPS 180-4, by OpenSSL, SHA-NI where there is one), HMAC over it (RFC 2104), and
// CRC32C (RFC 3720 B.4).
#ifndef TW_BASE_HASH_H
#define TW_BASE_HASH_H

#include "base/text.h"

enum { SHA256_SIZE = 32 };

struct sha256 { uint8_t bytes[SHA256_SIZE]; };

struct sha256 sha256_of(struct span s);
struct sha256 sha256_of_two(struct span a, struct span b); // of their concatenation
struct sha256 sha256_of_three(struct span a, struct span b, struct span c);

struct sha256 hmac_sha256_of(struct span key, struct span s); // a key of any length

static inline bool sha256_equal(struct sha256 a, struct sha256 b)
{
    return memcmp(a.bytes, b.bytes, SHA256_SIZE) == 0;
}

static inline struct span sha256_span(const struct sha256 *hash)
{
    return (struct span){ (const char *)hash->bytes, SHA256_SIZE };
}

// Going on from `crc` (0 at first).
uint32_t crc32c(uint32_t crc, const void *bytes, size_t size);

// The same without the processor's instruction, for machines that have none.
uint32_t crc32c_by_table(uint32_t crc, const void *bytes, size_t size);

// A quick, well mixed 64-bit key for tables in memory and views. Not for proofs. The same on every
// machine and in every version: it is kept in files.
uint64_t key_of(struct span s);

// Lower-case hex, and RFC 4648 section 4 base64 with padding. Reading is strict (canonical only):
// false for anything that writing would not have produced; `into` must hold `size` bytes exactly.
void hex_write(struct text *text, const void *bytes, size_t size);
MUST_CHECK bool hex_read(struct span s, void *into, size_t size);
void base64_write(struct text *text, const void *bytes, size_t size);
MUST_CHECK bool base64_read(struct span s, void *into, size_t size_max, size_t *size);
MUST_CHECK bool base64_check(struct span s); // would be read, whatever its length

#endif
