#include "tariff/version.h"

struct version version_of_sum(struct sha256 hash)
{
    static const char digits[] = "0123456789abcdef";
    struct version version;
    for (size_t i = 0; i < VERSION_SIZE; i++)
        version.digits[i] = digits[hash.bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    return version;
}

struct version version_of(struct span text)
{
    return version_of_sum(sha256_of(text));
}

struct version version_of_two(struct span first, struct span second)
{
    return version_of_sum(sha256_of_two(first, second));
}
