// version: the name of a book: the first 16 hex digits of the SHA-256 of its text.
//
// The same text is the same version on every machine, so an answer that names the versions it was
// worked out by can be worked out again.
#ifndef TW_TARIFF_VERSION_H
#define TW_TARIFF_VERSION_H

#include "base/hash.h"

enum { VERSION_SIZE = 16 };

struct version { char digits[VERSION_SIZE]; };

struct version version_of_sum(struct sha256 sum); // its first half, as digits
struct version version_of(struct span text);
struct version version_of_two(struct span first, struct span second); // of their concatenation

static inline struct span version_span(const struct version *version)
{
    return (struct span){ version->digits, VERSION_SIZE };
}

#endif
