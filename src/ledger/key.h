// key: the log's own key pair, as signed notes write it.
//
// The private key is text: "PRIVATE+KEY+<name>+<8 hex digits of the id>+<base64 of type and
// seed>", the form that golang.org/x/mod/sumdb/note reads too. Who holds it can sign for the log.
#ifndef TW_LEDGER_KEY_H
#define TW_LEDGER_KEY_H

#include "ledger/note.h"

struct log_key {
    char name[NOTE_KEY_NAME_MAX + 1];
    char vkey[NOTE_VKEY_MAX];          // the public key as text, NUL-ended
    uint32_t id;
    uint8_t seed[32], secret_key[64];
};

// From 32 bytes of chance. ERROR_SYNTAX for a name that note keys cannot have.
MUST_CHECK bool log_key_make(struct log_key *key, struct span name, const uint8_t seed[32],
                             struct error *err);
// ERROR_DAMAGED for what log_key_write would not have written; blanks around it are passed over.
MUST_CHECK bool log_key_read(struct span text, struct log_key *key, struct error *err);
void log_key_write(struct text *text, const struct log_key *key);

struct span log_key_vkey(const struct log_key *key);

#endif
