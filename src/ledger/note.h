// note: signed notes (C2SP signed-note v1.0.0): a text with signatures, as transparency logs use.
//
//   <text, which ends in a line end>
//   <empty line>
//   — <key name> <base64 of key id (4 bytes) and signature>          one line each, at least one
//
// A signature by an unknown key is ignored, whatever its kind; one by a known key that does not
// fit makes the note forged. The text has at most CHECKPOINT_MAX bytes, the note NOTE_MAX
// (limits.h). Key types: 0x01 Ed25519 over the text; 0x04 Ed25519 cosignature (C2SP
// tlog-cosignature v1): 8 bytes of time, then a signature over "cosignature/v1\ntime <decimal>\n"
// and the text.
//
// Ed25519 by libsodium: stricter than RFC 8032 asks. Public keys and first halves of a signature
// that are of low order or not canonical are refused, and so is a residue of low order (no
// cofactor); Go and OpenSSL accept some keys of low order. Nobody who makes keys by the book ever
// meets the difference.
#ifndef TW_LEDGER_NOTE_H
#define TW_LEDGER_NOTE_H

#include "base/error.h"
#include "base/hash.h"

enum note_key_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };
enum { NOTE_SIGNATURES_MAX = 64, NOTE_KEY_NAME_MAX = 255, NOTE_VKEY_MAX = 384 };

// A public key: "<name>+<8 hex digits of the id>+<base64 of type and key>".
struct note_key {
    struct span name;
    uint32_t id;
    uint8_t type;              // enum note_key_type
    uint8_t public_key[32];
};

MUST_CHECK bool note_key_read(struct span vkey, struct note_key *key, struct error *err);
void note_key_write(struct text *text, const struct note_key *key);
uint32_t note_key_id(struct span name, uint8_t type, const uint8_t public_key[32]);

// `base64`: of the key's id (4 bytes) and the signature; well formed.
struct note_signature { struct span name, base64; uint32_t id; };

struct note {
    struct span text;          // with its last line end
    struct note_signature signatures[NOTE_SIGNATURES_MAX];
    uint32_t signatures_count;
};

MUST_CHECK bool note_read(struct span text, struct note *note, struct error *err);

enum note_verdict {
    NOTE_CANNOT_TELL = 0,      // no signature by that key
    NOTE_SIGNED,
    NOTE_FORGED,               // a signature that says it is by that key and is not
};

// `time_s` (may be NULL): of a cosignature that fits, the newest one; else untouched.
enum note_verdict note_verify(const struct note *note, const struct note_key *key,
                              uint64_t *time_s);

// Writes the note of `body` (which ends in a line end) with one Ed25519 signature.
void note_sign(struct text *text, struct span body, struct span name, uint32_t id,
               const uint8_t secret_key[64]);

// The signature line of a cosignature made at `time_s`.
void note_cosign(struct text *text, struct span body, struct span name, uint32_t id,
                 const uint8_t secret_key[64], uint64_t time_s);

#endif
