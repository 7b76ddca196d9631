// journal_show: prints a journal as NDJSON and checks every sum in it: journal_show STORE-FOLDER
//
// A reader of docs/journal-format.md that shares no line with the program that writes. A line a
// fact and a line a seal, of whole batches only; ends with 1 when a sum does not fit.
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { HEADER = 4096, APPEND = 64, COMMIT = 136, HASH = 32, FACTS_MAX = 4096 };
static struct { unsigned number; uint8_t *at, *end; } segment;
static struct { uint8_t chain[HASH]; unsigned long long batch, facts; } done;

static uint64_t number_at(const uint8_t *at, int size)
{
    uint64_t number = 0;
    while (size-- > 0) number = number << 8 | at[size];
    return number;
}

static uint32_t u32(const uint8_t *at) { return (uint32_t)number_at(at, 4); }
static unsigned long long u64(const uint8_t *at) { return number_at(at, 8); }
static uint64_t padded(uint64_t size) { return (size + 7) / 8 * 8; }

static uint32_t crc32c(const uint8_t *at, size_t size)
{
    static uint32_t table[256];
    uint32_t crc = UINT32_MAX;
    for (uint32_t i = 0, one = 0; table[255] == 0 && i < 256; table[i++] = one) {
        one = i;
        for (int bit = 0; bit < 8; bit++) one = one >> 1 ^ ((one & 1) != 0 ? 0x82F63B78 : 0);
    }
    for (; size > 0; size--, at++) crc = crc >> 8 ^ table[(crc ^ *at) & 255];
    return ~crc;
}

// Of 32 bytes and what follows them.
static void sha256(uint8_t hash[HASH], const uint8_t *first, const uint8_t *at, size_t size)
{
    static EVP_MD_CTX *sha;
    if (sha == NULL) sha = EVP_MD_CTX_new();
    EVP_DigestInit_ex(sha, EVP_sha256(), NULL);
    EVP_DigestUpdate(sha, first, HASH);
    EVP_DigestUpdate(sha, at, size);
    EVP_DigestFinal_ex(sha, hash, NULL);
}

static bool wrong(const uint8_t *at, const char *what)
{
    fprintf(stderr, "segment %u at byte %td: %s\n", segment.number, at - segment.at, what);
    return false;
}

static void print_hex(const char *name, const uint8_t *bytes)
{
    printf(",\"%s\":\"", name);
    for (int i = 0; i < HASH; i++) printf("%02x", bytes[i]);
    putchar('"');
}

static void print_text(const char *name, const uint8_t *at, size_t len)
{
    printf(",\"%s\":\"", name);
    for (; len > 0; len--, at++)
        printf(*at < ' ' ? "\\u%04x" : *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    putchar('"');
}

// The chain goes on over an append whose two sums fit.
static bool check_append(uint8_t *at, uint8_t chain[HASH])
{
    uint64_t facts = u32(at + 36), sealed = padded(u32(at + 40)) + facts * HASH;
    uint32_t payload_crc = u32(at + 52), sealed_crc = u32(at + 56);
    if (facts == 0 || facts > FACTS_MAX || u32(at + 48) < facts * 4 ||
        padded(APPEND + sealed + facts * HASH + u32(at + 48)) != u32(at + 4))
        return wrong(at, "lengths that do not fit");
    if (u64(at + 8) != done.batch + 1) return wrong(at, "an append of another batch");
    memset(at + 52, 0, 8);
    if (crc32c(at, APPEND + sealed) != sealed_crc)
        return wrong(at, "header, name and commitments that do not add up");
    if (crc32c(at + APPEND + sealed, facts * HASH + u32(at + 48)) != payload_crc)
        return wrong(at, "salts and payload that do not add up");
    uint8_t flags = at[44];
    at[44] = 0;
    sha256(chain, chain, at, APPEND + sealed);
    at[44] = flags;
    return true;
}

static bool print_append(const uint8_t *at)
{
    static ZSTD_DCtx *unpacker;
    if (unpacker == NULL) unpacker = ZSTD_createDCtx();
    size_t facts = u32(at + 36), erased = at[44] & 1;
    const uint8_t *commitment = at + APPEND + padded(u32(at + 40));
    const uint8_t *salt = commitment + facts * HASH, *lengths = salt + facts * HASH;
    size_t whole = 0, packed = u32(at + 48) - facts * 4, got = 0;
    for (size_t i = 0; i < facts; i++) whole += u32(lengths + i * 4);
    uint8_t *all = malloc(whole + 1), *json = all, hash[HASH];
    if (json != NULL && !erased)
        got = ZSTD_decompress_usingDict(unpacker, json, whole, lengths + facts * 4, packed,
                                        segment.at + 48, u32(segment.at + 40));
    bool sound = (json != NULL && got == whole) || wrong(at, "a payload that cannot be unpacked");
    for (size_t i = 0; i < facts && sound; i++, commitment += HASH, salt += HASH) {
        size_t len = u32(lengths + i * 4);
        sha256(hash, salt, json, len);
        if (!erased && memcmp(hash, commitment, HASH) != 0)
            sound = wrong(at, "a fact that is not what was committed to");
        printf("{\"batch\":%llu,\"leaf\":%llu", u64(at + 8), u64(at + 16) + i);
        print_text("file", at + APPEND, u32(at + 40));
        printf(",\"seq\":%zu", u32(at + 32) + i);
        print_hex("commitment", commitment);
        print_hex("salt", salt);
        printf(",\"fact\":%.*s}\n", erased ? 4 : (int)len, erased ? "null" : (char *)json);
        json += len, done.facts++;
    }
    free(all);
    return sound;
}

static bool check_commit(uint8_t *at, uint32_t appends, const uint8_t chain[HASH])
{
    uint32_t crc = u32(at + 132), edge = u32(at + 124), note = u32(at + 128);
    if (padded(COMMIT + (uint64_t)edge + note) != u32(at + 4))
        return wrong(at, "lengths that do not fit");
    memset(at + 132, 0, 4);
    return (crc32c(at, u32(at + 4)) == crc && u64(at + 8) == done.batch + 1 &&
            u32(at + 120) == appends && memcmp(at + 56, done.chain, HASH) == 0 &&
            memcmp(at + 88, chain, HASH) == 0) ||
           wrong(at, "a commit that does not close its batch");
}

// All sums of the batch that begins at `at`; `chain` goes on to its end.
static bool check_batch(uint8_t *at, uint8_t **commit, uint8_t chain[HASH])
{
    for (uint32_t appends = 0;; appends++, at += u32(at + 4)) {
        bool fits = segment.end - at >= APPEND && u32(at + 4) >= APPEND &&
                    u32(at + 4) <= segment.end - at && u32(at + 4) % 8 == 0;
        *commit = at;
        if (fits && memcmp(at, "TWCM", 4) == 0) return check_commit(at, appends, chain);
        if (!fits || memcmp(at, "TWAP", 4) != 0) return wrong(at, "what is not a record");
        if (!check_append(at, chain)) return false;
    }
}

static bool show_batches(void)
{
    uint8_t *at = segment.at + HEADER, *commit, chain[HASH];
    for (; segment.end - at >= APPEND && u64(at) != 0; at = commit + u32(commit + 4)) {
        memcpy(chain, done.chain, HASH);
        if (!check_batch(at, &commit, chain)) return false;
        for (; at < commit; at += u32(at + 4))
            if (!print_append(at)) return false;
        printf("{\"batch\":%llu,\"tree_size\":%llu", u64(at + 8), u64(at + 16));
        print_hex("root", at + 24);
        print_text("checkpoint", at + COMMIT + u32(at + 124), u32(at + 128));
        puts("}");
        memcpy(done.chain, chain, HASH);
        done.batch++;
    }
    return true;
}

static bool read_segment(FILE *file)
{
    static uint8_t header[HEADER];
    bool read = fread(header, HEADER, 1, file) == 1;
    size_t size = u64(header + 16), dictionary = u32(header + 40);
    if (!read || memcmp(header, "TWJOURNL", 8) != 0 || u32(header + 8) != 1)
        return wrong(segment.at, "a header that is not a journal's of version 1");
    if (dictionary > HEADER - 52 || u32(header + 12) != segment.number ||
        crc32c(header, 48 + dictionary) != u32(header + 48 + dictionary) || size < HEADER)
        return wrong(segment.at, "a header that does not add up");
    free(segment.at);
    segment.at = calloc(1, size + COMMIT); // so that a short commit can be looked at
    if (segment.at == NULL) return perror("journal_show"), false;
    segment.end = segment.at + size;
    rewind(file);
    return fread(segment.at, size, 1, file) == 1 || wrong(segment.at, "a file that is cut short");
}

int main(int argc, char **argv)
{
    if (argc != 2) return fprintf(stderr, "usage: journal_show STORE-FOLDER\n"), 2;
    bool sound = true;
    for (segment.number = 1; sound; segment.number++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/journal/%08u.seg", argv[1], segment.number);
        FILE *file = fopen(path, "rb");
        if (file == NULL) break;
        sound = read_segment(file) && show_batches();
        fclose(file);
    }
    printf("{\"batches\":%llu,\"facts\":%llu,\"sound\":%s}\n", done.batch, done.facts,
           sound ? "true" : "false");
    return sound && segment.number > 1 ? 0 : 1;
}
