#include "ledger/note.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/utf8.h"

static const struct span dash = SPAN_INIT("\xE2\x80\x94 "); // an em dash and a blank

static uint32_t big_endian_32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

uint32_t note_key_id(struct span name, uint8_t type, const uint8_t public_key[32])
{
    char typed[34] = { '\n', (char)type };
    memcpy(typed + 2, public_key, 32);
    struct sha256 hash = sha256_of_two(name, (struct span){ typed, sizeof(typed) });
    return big_endian_32(hash.bytes);
}

// Key names: UTF-8, not empty, no plus sign, nothing that Unicode calls white space.
static bool is_name(struct span name)
{
    static const struct span wide[] = {
        SPAN_INIT("\xC2\x85"),     SPAN_INIT("\xC2\xA0"),     SPAN_INIT("\xE1\x9A\x80"),
        SPAN_INIT("\xE2\x80\xA8"), SPAN_INIT("\xE2\x80\xA9"), SPAN_INIT("\xE2\x80\xAF"),
        SPAN_INIT("\xE2\x81\x9F"), SPAN_INIT("\xE3\x80\x80"),
    };
    if (name.len == 0 || !utf8_check(name, NULL)) return false;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.at[i] <= 0x20 || name.at[i] == '+') return false;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        if (memmem(name.at, name.len, wide[i].at, wide[i].len) != NULL) return false;
    for (size_t i = 0; i + 2 < name.len; i++) // U+2000 to U+200A
        if (memcmp(name.at + i, "\xE2\x80", 2) == 0 && (unsigned char)name.at[i + 2] <= 0x8A)
            return false;
    return true;
}

bool note_key_read(struct span vkey, struct note_key *key, struct error *err)
{
    struct span_pair name = span_cut(vkey, '+'), id = span_cut(name.tail, '+');
    uint8_t id_bytes[4], bytes[33];
    size_t size;
    if (!name.found || !id.found || !is_name(name.head) || name.head.len > NOTE_KEY_NAME_MAX ||
        !hex_read(id.head, id_bytes, sizeof(id_bytes)) ||
        !base64_read(id.tail, bytes, sizeof(bytes), &size) || size != sizeof(bytes)) {
        error_set(err, ERROR_SYNTAX, "this is not a verifier key");
        return error_hint(err, "A key looks like name+1a2b3c4d+AbCd...: name, id, key in base64.");
    }
    if (bytes[0] != NOTE_ED25519 && bytes[0] != NOTE_COSIGNATURE) {
        error_set(err, ERROR_SYNTAX, "a key of type 0x%02X", bytes[0]);
        return error_hint(err, "Ed25519 log keys (0x01) and cosignature keys (0x04) are known.");
    }
    *key = (struct note_key){ .name = name.head, .id = big_endian_32(id_bytes), .type = bytes[0] };
    memcpy(key->public_key, bytes + 1, 32);
    if (note_key_id(key->name, key->type, key->public_key) != key->id)
        return error_set(err, ERROR_SYNTAX, "the key does not fit its id");
    return true;
}

void note_key_write(struct text *text, const struct note_key *key)
{
    uint8_t typed[33] = { key->type };
    memcpy(typed + 1, key->public_key, 32);
    text_add(text, key->name);
    text_add_format(text, "+%08x+", key->id);
    base64_write(text, typed, sizeof(typed));
}

static bool read_signature(struct span text, struct span line, struct note_signature *signature,
                           struct error *err)
{
    if (!span_starts_with(line, dash))
        return error_at(err, text, line.at, "a signature line that does not begin with a dash");
    struct span rest = { line.at + dash.len, line.len - dash.len };
    struct span_pair parts = span_cut(rest, ' ');
    if (!parts.found || !is_name(parts.head))
        return error_at(err, text, line.at, "a signature line without a key's name");
    if (!base64_check(parts.tail)) // of any length: some signatures have thousands of bytes
        return error_at(err, text, parts.tail.at, "a signature that is not base64");

    uint8_t begin[6];
    size_t size = 0;
    struct span first = { parts.tail.at, parts.tail.len < 8 ? parts.tail.len : 8 };
    if (!base64_read(first, begin, sizeof(begin), &size) || size < 5)
        return error_at(err, text, parts.tail.at, "a signature that is too short");
    *signature = (struct note_signature){ parts.head, parts.tail, big_endian_32(begin) };
    return true;
}

bool note_read(struct span text, struct note *note, struct error *err)
{
    size_t wrong_at;
    if (text.len > NOTE_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a note of %zu bytes", text.len);
    if (!utf8_check(text, &wrong_at))
        return error_at(err, text, text.at + wrong_at, "a byte that is not UTF-8");
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < 0x20 && text.at[i] != '\n')
            return error_at(err, text, text.at + i, "a control character");
    if (!span_ends_with(text, SPAN("\n")))
        return error_at(err, text, text.at + text.len, "a note that does not end in a line end");

    // The split is at the last empty line.
    const char *split = NULL;
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.at[i] == '\n' && text.at[i + 1] == '\n') split = text.at + i;
    if (split == NULL) return error_at(err, text, text.at, "a note without signatures");

    note->text = (struct span){ text.at, (size_t)(split - text.at) + 1 };
    note->signatures_count = 0;
    if (note->text.len > CHECKPOINT_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a note whose text has %zu bytes", note->text.len);
    struct span lines = { split + 2, (size_t)(text.at + text.len - split) - 2 };
    if (lines.len == 0) return error_at(err, text, split, "a note without signatures");
    while (lines.len > 0) {
        struct span_pair line = span_cut(lines, '\n');
        lines = line.tail;
        if (note->signatures_count == NOTE_SIGNATURES_MAX)
            return error_set(err, ERROR_TOO_LARGE, "more than %d signatures", NOTE_SIGNATURES_MAX);
        if (!read_signature(text, line.head, &note->signatures[note->signatures_count++], err))
            return false;
    }
    return true;
}

// What a cosignature signs is not the text alone. Returns the message's length.
enum { COSIGNED_MAX = CHECKPOINT_MAX + 64 };

static size_t cosigned(char into[COSIGNED_MAX], struct span body, uint64_t time_s)
{
    assert(body.len <= CHECKPOINT_MAX);
    int len = snprintf(into, 64, "cosignature/v1\ntime %llu\n", (unsigned long long)time_s);
    memcpy(into + len, body.at, body.len);
    return (size_t)len + body.len;
}

static bool fits(const uint8_t *signature, struct span message, const struct note_key *key)
{
    return crypto_sign_verify_detached(signature, (const uint8_t *)message.at, message.len,
                                       key->public_key) == 0;
}

static bool signature_fits(const struct note *note, const struct note_signature *signature,
                           const struct note_key *key, uint64_t *time_s)
{
    uint8_t bytes[4 + 8 + 64]; // the key's id, a cosignature's time, the signature
    size_t size;
    if (!base64_read(signature->base64, bytes, sizeof(bytes), &size)) return false; // too long
    if (key->type == NOTE_ED25519) return size == 4 + 64 && fits(bytes + 4, note->text, key);

    char message[COSIGNED_MAX];
    if (size != sizeof(bytes)) return false;
    *time_s = (uint64_t)big_endian_32(bytes + 4) << 32 | big_endian_32(bytes + 8);
    size_t len = cosigned(message, note->text, *time_s);
    return *time_s <= INT64_MAX && fits(bytes + 12, (struct span){ message, len }, key);
}

enum note_verdict note_verify(const struct note *note, const struct note_key *key,
                              uint64_t *time_s)
{
    enum note_verdict verdict = NOTE_CANNOT_TELL;
    uint64_t newest = 0;
    for (uint32_t i = 0; i < note->signatures_count; i++) {
        const struct note_signature *signature = &note->signatures[i];
        if (signature->id != key->id || !span_equal(signature->name, key->name)) continue;
        uint64_t time = 0;
        if (!signature_fits(note, signature, key, &time)) return NOTE_FORGED;
        if (time > newest) newest = time;
        verdict = NOTE_SIGNED;
    }
    if (verdict == NOTE_SIGNED && key->type == NOTE_COSIGNATURE && time_s != NULL) *time_s = newest;
    return verdict;
}

static void signature_line(struct text *text, struct span name, uint32_t id, const uint8_t *bytes,
                           size_t size)
{
    uint8_t all[4 + 72] = { (uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8),
                            (uint8_t)id };
    assert(size <= sizeof(all) - 4);
    memcpy(all + 4, bytes, size);
    text_add(text, dash);
    text_add(text, name);
    text_add_char(text, ' ');
    base64_write(text, all, size + 4);
    text_add_char(text, '\n');
}

void note_sign(struct text *text, struct span body, struct span name, uint32_t id,
               const uint8_t secret_key[64])
{
    assert(span_ends_with(body, SPAN("\n")));
    uint8_t signature[64];
    crypto_sign_detached(signature, NULL, (const uint8_t *)body.at, body.len, secret_key);
    text_add(text, body);
    text_add_char(text, '\n');
    signature_line(text, name, id, signature, sizeof(signature));
}

void note_cosign(struct text *text, struct span body, struct span name, uint32_t id,
                 const uint8_t secret_key[64], uint64_t time_s)
{
    assert(span_ends_with(body, SPAN("\n")));
    assert(time_s <= INT64_MAX);
    char message[COSIGNED_MAX];
    uint8_t signature[8 + 64];
    size_t len = cosigned(message, body, time_s);
    for (int i = 0; i < 8; i++) signature[i] = (uint8_t)(time_s >> (56 - 8 * i));
    crypto_sign_detached(signature + 8, NULL, (const uint8_t *)message, len, secret_key);
    signature_line(text, name, id, signature, sizeof(signature));
}
