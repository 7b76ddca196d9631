// limits: every limit of the program, with its reason, on one page.
#ifndef TW_BASE_LIMITS_H
#define TW_BASE_LIMITS_H

enum { KIB = 1024, MIB = 1024 * 1024 };

enum {
    // Text that comes in.
    JSON_DEPTH_MAX = 16,           // a declaration needs 6
    JSON_TEXT_MAX = 16 * MIB,      // a node's position is kept in 32 bits; far below that
    DECLARATION_TEXT_MAX = 4 * MIB, // 999 items of 4 KB each
    CSV_COLUMNS_MAX = 256,
    CSV_ROW_MAX = 1 * MIB,

    // Files that come in.
    MAPPING_ROWS_MAX = 256,        // fields of a declaration that a CSV file can fill
    MAPPING_PIECES_MAX = 8,        // columns and texts of one field
    MAPPING_VERBS_MAX = 4,         // things to do with one column
    XML_DEPTH_MAX = 32,            // a WCO message needs 12
    XML_DROPPED_MAX = 64,          // paths that are named; the others are counted

    SCENARIO_FILES_MAX = 20000,    // messages below the folders that are verified
    SCENARIO_DEPTH_MAX = 16,       // folders in folders

    // A declaration, from the WCO Data Model's cardinalities.
    DECLARATION_ITEMS_MAX = 999,   // three digits in the item number
    DECLARATION_LIST_MAX = 999,    // of any other list in a declaration
    DECLARATION_TEXT_FIELD_MAX = 512, // the longest text field, a goods description
    STATED_CHARGES_MAX = 99,       // duties and taxes of an item in a notification; ten are many

    // A file and its facts.
    FILE_NAME_MAX = 70,            // a UCR is at most 35 characters, and prefixes
    FILE_FACTS_MAX = 4096,         // a hundred amendments and the steps after each
    FILE_REQUESTS_MAX = 64,        // times that a trader is asked for something
    FILE_RULES_MAX = 64,           // officers' rules that a file counts for; those before others
    FACT_JSON_MAX = 4 * MIB,       // a whole declaration of 999 items

    // The books.
    BOOK_TEXT_MAX = 64 * MIB,      // the whole tariff of a union has some ten thousand lines
    RATES_MAX = 1000000,           // 45 currencies, every day for sixty years
    SCHEDULE_LINES_MAX = 1000000,
    SCHEDULE_GROUPS_MAX = 256,
    NOMENCLATURE_LINES_MAX = 1000000, // a union has some thirty thousand, and their past
    NOMENCLATURE_SECTIONS_MAX = 99, // the Harmonized System has 21
    CORRELATION_ROWS_MAX = 200000, // of HS 2022 and 2017 the UN list some 16,000
    BOOK_ROWS_MAX = 1000000,       // lines, and measures, of one book; the largest have 200,000
    BOOK_GROUPS_MAX = 2048,        // of countries: the US name 460 sets of programmes
    EXPRESSION_TEXT_MAX = 4 * KIB, // what is to be paid, in words: the longest seen has 600 bytes
    EXPRESSION_FORMULA_MAX = 512,  // the same as a formula: most have 10 bytes

    // Rules of origin.
    ORIGIN_TEXT_MAX = 8 * MIB,     // a file of them; the largest agreement has 2 MB
    ORIGIN_SCHEMES_MAX = 256,      // a country has some forty
    ORIGIN_COUNTRIES_MAX = 400,    // of a list: all there are
    ORIGIN_LIST_MAX = 64,          // cumulations, tolerances, proofs of a scheme
    ORIGIN_RULES_MAX = 20000,      // of a scheme: one for each subheading, and parts
    ORIGIN_ALTERNATIVES_MAX = 32,  // of a rule
    ORIGIN_CONDITIONS_MAX = 16,    // of an alternative
    ORIGIN_RANGES_MAX = 64,        // of headings that a condition names
    ORIGIN_WORDS_MAX = 8 * KIB,    // of a rule as it was laid down
    ORIGIN_REFUSALS_MAX = 100,     // rows not read that are named; the others are counted
    ORIGIN_SHEET_TEXT_MAX = 4 * MIB,
    ORIGIN_MATERIALS_MAX = 2000,   // rows of a bill of materials: a car has as many bought parts
    ORIGIN_CLAIMS_MAX = 64,

    // Officers' rules.
    RISK_TEXT_MAX = 2 * MIB,       // a thousand rules of 2 KB each
    RISK_RULES_MAX = 1000,         // a tenth of a micro-second each
    RISK_RULE_NODES_MAX = 1024,    // names, values and operators of a rule: a list of 500 codes
    RISK_FIELDS_MAX = 1024,        // different fields that all rules name; the model has some 400
    RISK_DEPTH_MAX = 16,           // brackets in brackets
    RISK_LISTS_MAX = 3,            // lists within lists: items, their statements, their pointers
    RISK_NAME_MAX = 32,            // K-01: stands in the facts of each file that it hits
    RISK_SENTENCE_MAX = 200,       // so does the sentence
    RISK_RULE_TEXT_MAX = 16 * KIB, // of one that is written at the desk: a list of 500 codes
    RISK_REASON_MAX = 500,         // why it was written, or switched
    RISK_WRITTEN_MAX = 2000,       // at the desk, in force or not: ten years of four a week
    RISK_TRIED_MAX = 20000,        // declarations that one is tried on
    RISK_TRIED_ROWS_MAX = 50,      // of its hits, that are shown
    RISK_TRIED_MS_MAX = 10000,     // and no longer than that, however many there are

    // The ledger.
    LEDGER_ENTRY_MAX = 65535,      // a two-byte length in the entry bundles (C2SP tlog-tiles)
    CHECKPOINT_MAX = 16 * KIB,     // what a note's signatures are over: three lines
    NOTE_MAX = 128 * KIB,          // that, and 16 signatures of the longest kind (ML-DSA-87, 6 KB)
    PROOF_TEXT_MAX = 192 * KIB,    // 64 hashes, a note, and what an application adds

    PAPER_SIZE_MAX = 16 * MIB,     // a document that is handed in: some hundred scanned pages

    VIEWS_TAIL_MAX = 65536,        // rows told and not yet written: about 50 MB
    VIEWS_PAGE_MAX = 200,          // rows that one search answers
    VIEWS_LOOKS_MAX = 8 * MIB,     // marks that it looks at before it says "go on from here": 20 ms
    VIEWS_MISSES_MAX = 1000,       // rows that it reads in vain before
    VIEWS_QUEUE_LOOKS_MAX = 20000, // of the queue, likewise
    VIEWS_NAMES_MAX = 256,         // offices that are counted apart; the others are counted as one

    // The HTTP gate.
    HTTP_TARGET_MAX = 4 * KIB,     // path and query
    HTTP_SEGMENTS_MAX = 16,        // of a path; the deepest of ours has 8
    HTTP_HEAD_MAX = 20 * KIB,      // request line and headers, and what is read of a body at once
    HTTP_BODY_MAX = DECLARATION_TEXT_MAX, // unless a route says otherwise
    HTTP_BODIES_MAX = 256 * MIB,   // of all requests together; beyond that they are put off
    HTTP_REQUEST_ARENA = 192 * MIB, // a file of 999 items as it is read back; reserved, not touched
    HTTP_CONNECTIONS_MAX = 4096,   // 2,000 that listen, and as many that ask
    HTTP_STREAM_BODY_MAX = 1024 * MIB, // a million declarations
    HTTP_STREAMS_MAX = 8,          // at once, 4 blocks of 5 MiB each
    HTTP_JOINERS_MAX = 8192,       // single declarations that wait for a batch
    HTTP_KEYS_MAX = 16384,         // answers kept for their Idempotency-Key, of all callers
    HTTP_KEYS_EACH_MAX = 4096,     // of one caller
    HTTP_KEY_LEN_MAX = 128,        // of such a key

    // The office.
    BATCH_COUNT_MAX = 1024,        // declarations in one commit
    BATCH_BYTES_MAX = 8 * MIB,     // of messages in one commit

    // The desk: people and their keys.
    ACCOUNT_NAME_MAX = 40,         // "~user/" and it are a file's name
    ACCOUNT_TEXT_MAX = 200,        // bytes of a display name, an organisation, a label, a reason
    ACCOUNT_PASSKEYS_MAX = 16,     // a telephone, a laptop, two keys on a ring, and some lost ones
    ACCOUNT_TOKENS_MAX = 32,       // that have not been ended
    PASSWORD_CHARACTERS_MIN = 12,
    PASSWORD_BYTES_MAX = 256,      // a sentence; hashing more would only cost time
    PASSWORD_MEMORY = 64 * MIB,    // of one Argon2id: a few at a time, or the machine is full
    CREDENTIAL_MAX = 1023,         // bytes of a passkey's id (WebAuthn Level 3)
    PASSKEY_TEXT_MAX = 4 * KIB,    // client data and authenticator data: some 200 bytes each
    SESSIONS_MAX = 20000,          // some 190 bytes each
    SESSIONS_OF_ONE_MAX = 32,      // of one account: nobody pushes all others out
    HOOKS_MAX = 1000,              // webhooks, of all traders
    HOOKS_OF_ONE_MAX = 8,          // of one organisation: its systems, and one that is tried out
    HOOK_URL_MAX = 500,
    HOOKS_AT_ONCE_MAX = 32,        // connections on which something is sent, of all together
    HOOK_QUEUE_MAX = 64,           // events read ahead for each; the others wait in the journal
    THROTTLE_SLOTS = 65536,        // 16 bytes each, twice
};

_Static_assert(DECLARATION_TEXT_MAX <= JSON_TEXT_MAX, "a declaration's text can be read");
_Static_assert(FACT_JSON_MAX >= DECLARATION_TEXT_MAX, "a declaration fits its fact");
_Static_assert(NOTE_MAX >= CHECKPOINT_MAX + 16 * 6500, "at least 16 signatures of any kind");
_Static_assert(PROOF_TEXT_MAX >= NOTE_MAX + 64 * 45 + 64, "a path of 64 hashes and a note");
_Static_assert(FILE_NAME_MAX >= ACCOUNT_NAME_MAX + 6, "a sign-in name fits the name of its file");

#endif
