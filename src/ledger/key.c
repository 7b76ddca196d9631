#include "ledger/key.h"

#include <assert.h>
#include <sodium.h>

bool log_key_make(struct log_key *key, struct span name, const uint8_t seed[32], struct error *err)
{
    *key = (struct log_key){ 0 };
    if (name.len == 0 || name.len > NOTE_KEY_NAME_MAX)
        return error_set(err, ERROR_SYNTAX, "a log's name of %zu bytes", name.len);
    memcpy(key->name, name.at, name.len);
    memcpy(key->seed, seed, 32);

    struct note_key public = { .name = { key->name, name.len }, .type = NOTE_ED25519 }, again;
    crypto_sign_seed_keypair(public.public_key, key->secret_key, seed);
    public.id = key->id = note_key_id(public.name, public.type, public.public_key);

    _Alignas(16) char memory[2 * NOTE_VKEY_MAX];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text text = text_in(&arena, NOTE_VKEY_MAX);
    note_key_write(&text, &public);
    assert(!text.full);
    assert(text.len < sizeof(key->vkey));
    memcpy(key->vkey, text.at, text.len);
    if (note_key_read(span_of(key->vkey), &again, NULL)) return true;
    error_set(err, ERROR_SYNTAX, "this cannot be a log's name");
    return error_hint(err, "A name has no blanks and no plus sign, like customs.example/ledger.");
}

bool log_key_read(struct span text, struct log_key *key, struct error *err)
{
    struct span mark = SPAN("PRIVATE+KEY+"), trimmed = span_trim(text);
    uint8_t typed[33], id_bytes[4];
    size_t size;
    struct span_pair name = { 0 }, id = { 0 };
    if (span_starts_with(trimmed, mark)) {
        name = span_cut((struct span){ trimmed.at + mark.len, trimmed.len - mark.len }, '+');
        id = span_cut(name.tail, '+');
    }
    if (!id.found || !hex_read(id.head, id_bytes, sizeof(id_bytes)) ||
        !base64_read(id.tail, typed, sizeof(typed), &size) || size != sizeof(typed) ||
        typed[0] != NOTE_ED25519)
        return error_set(err, ERROR_DAMAGED, "this is not a log's private key");
    if (!log_key_make(key, name.head, typed + 1, NULL))
        return error_set(err, ERROR_DAMAGED, "the private key's name is none");
    uint32_t said = (uint32_t)id_bytes[0] << 24 | (uint32_t)id_bytes[1] << 16 |
                    (uint32_t)id_bytes[2] << 8 | id_bytes[3];
    return said == key->id || error_set(err, ERROR_DAMAGED, "the private key does not fit its id");
}

void log_key_write(struct text *text, const struct log_key *key)
{
    uint8_t typed[33] = { NOTE_ED25519 };
    memcpy(typed + 1, key->seed, 32);
    text_add_format(text, "PRIVATE+KEY+%s+%08x+", key->name, key->id);
    base64_write(text, typed, sizeof(typed));
    text_add_char(text, '\n');
}

struct span log_key_vkey(const struct log_key *key)
{
    return span_of(key->vkey);
}
