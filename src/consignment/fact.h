// fact: one thing that happened to a file: who said what about which file, and when.
//
// A fact is kept and sealed as canonical JSON (RFC 8785):
//   {"at":"2026-11-23T20:07:22.123Z","body":{...},"file":"UCR...","kind":"declared","seq":1,
//    "who":"..."}
// (in one line). The body depends on the kind: fact_body.h describes those of consignments,
// account/account_body.h those of people, clearance/risk/rulebook.h those of officers' rules.
#ifndef TW_CONSIGNMENT_FACT_H
#define TW_CONSIGNMENT_FACT_H

#include "base/hash.h"
#include "base/json.h"
#include "base/money.h"
#include "base/time.h"

enum fact_kind {
    FACT_DECLARED,  // a declaration, as it was lodged
    FACT_AMENDED,   // another version of it
    FACT_WITHDRAWN, // by the declarant
    FACT_CHECKED,   // which rules it breaks
    FACT_VALUED,    // what the goods are worth to customs
    FACT_ASSESSED,  // what is owed on them
    FACT_SCORED,    // whether someone should look
    FACT_DECIDED,   // by the desk or an officer
    FACT_SETTLED,   // what was owed is paid or secured
    FACT_CLAIMED,   // an officer has it in hand
    FACT_UNCLAIMED, // and has put it back
    FACT_REQUESTED, // an officer asks the trader for a document or an answer
    FACT_SUPPLIED,  // by the trader
    FACT_INSPECTED, // what an officer found
    FACT_CONSIGNMENT_COUNT, // those before are facts of consignments

    // Of a person who may come in: "~user/NAME".
    FACT_INVITED = FACT_CONSIGNMENT_COUNT,
    FACT_PASSWORD_SET,
    FACT_PASSKEY_ADDED,
    FACT_PASSKEY_REMOVED,
    FACT_TOKEN_MADE, // for a program of his
    FACT_TOKEN_ENDED,
    FACT_ROLE_GIVEN,
    FACT_STOPPED,   // may not come in any more
    FACT_STARTED,   // may again

    // Of the roster: "~people".
    FACT_LISTED,    // there is, or will be, an account of that name

    // Of the webhooks: "~hooks".
    FACT_HOOK_SET_UP,
    FACT_HOOK_STOPPED, // by the office: nobody takes what is sent
    FACT_HOOK_STARTED, // again
    FACT_HOOK_ENDED,

    // Of the officers' rules that are written at the desk: "~rules".
    FACT_RULES_READ, // the books' rules, when others were read than before
    FACT_RULE_WRITTEN,
    FACT_RULE_ON,
    FACT_RULE_OFF,

    // Of a day at the desk: "~diary/DATE".
    FACT_SIGNED_IN,
    FACT_SIGNED_OUT,
    FACT_TURNED_AWAY, // was refused to come in, or to do something
    FACT_LOOKED,    // at a file
    FACT_KIND_COUNT,
};

// Files of the office itself have names that begin so; consignments have not.
#define FILE_OF_OFFICE '~'

enum decision {
    DECISION_NONE,
    DECISION_REFUSE,    // the declaration breaks a rule: correct it and lodge it again
    DECISION_DOCUMENTS, // papers are awaited
    DECISION_RELEASE,   // the goods may go
    DECISION_EXAMINE,   // an officer looks at the papers or the goods
    DECISION_HOLD,      // nothing moves
    DECISION_COUNT,
};

struct fact {
    enum fact_kind kind;
    uint32_t seq;      // 1, 2, 3 ... in its file
    int64_t at_ms;     // UTC, from the clock that was handed in
    struct span file;  // the file's name
    struct span who;   // user, device or step that says so
    struct span body;  // canonical JSON object
};

const char *fact_kind_name(enum fact_kind kind); // "declared"
MUST_CHECK bool fact_kind_read(struct span name, enum fact_kind *kind);
const char *decision_name(enum decision decision); // "release"
MUST_CHECK bool decision_read(struct span name, enum decision *decision);

// The canonical JSON of a fact, and back. What could not be read again is not written: ERROR_SYNTAX
// for texts that are not UTF-8, ERROR_TOO_LARGE beyond FACT_JSON_MAX. Reading is strict: what
// writing would not have made is ERROR_DAMAGED; spans point into `text`, or into the arena where
// there are escapes.
MUST_CHECK bool fact_write(const struct fact *fact, struct arena *arena, struct span *json,
                           struct error *err);
MUST_CHECK bool fact_read(struct span text, struct arena *arena, struct fact *fact,
                          struct error *err);

// The leaf of the ledger: SHA-256 over the salt and the fact's canonical JSON.
enum { SALT_SIZE = 32 };
struct sha256 fact_commitment(const uint8_t salt[SALT_SIZE], struct span json);

#endif
