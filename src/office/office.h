// office: receives, clears, seals, keeps, tells: the order of things, and no knowledge of them.
//
// There is one way in: a *batch* of messages is submitted, and comes back answered, in the order of
// submission. Between the two:
//
//   submit -> queue -> workers: read, clear, write facts, salt, hash, pack     (pure, many threads)
//                  -> committer: order, seal, keep, publish, tell the views    (one thread)
//                  -> done(batch)
//
// Promises, each with a test that tries to break it:
//   1. an answer of ANSWER_LODGED or _REFUSED is given only after the facts are durable;
//   2. the same message sent again has no second effect, and is answered as the first was
//      (ANSWER_REPEATED, with the file's state and decision);
//   3. no checkpoint leaves the house unless it extends the last one that did: the last sealed size
//      and root are also kept apart (store/apart.h), and a store that is behind them does not sign;
//   4. queues are bounded: office_submit waits for room, and nothing acknowledged is ever dropped;
//   5. office_close answers all that was submitted, and leaves views and tiles complete;
//   6. a store is simulated, or it is not, for ever: its ledger's origin says so, and with it every
//      checkpoint and proof. A declaration that says that it is simulated (consignment/simulated.h)
//      gets into no other store; one that does not gets into a simulated store from its own desk
//      alone: ANSWER_CONFLICT.
//
// When the store fails in mid-commit nobody knows what was kept: the office opens it again, looks,
// and either goes on (it was kept) or commits the batch once more (it was not).
#ifndef TW_OFFICE_OFFICE_H
#define TW_OFFICE_OFFICE_H

#include "clearance/clearance.h"
#include "consignment/fact_body.h"
#include "consignment/file.h"
#include "consignment/model.h"
#include "ledger/key.h"
#include "store/papers.h"
#include "store/store.h"
#include "store/views.h"

struct office;

#define LOG_NAME_SIMULATED "/simulated"

// Where the office gets what it does not make itself. All of it outlives the office.
struct office_surroundings {
    const struct disk *disk;             // the journal's file layer; NULL: the real one
    // Opens the keeper in the store's folder; NULL: the journal (store/store.h). Called again after
    // a commit failed, when the keeper that failed was closed.
    bool (*open_store)(void *context, struct store *store, const char *directory,
                       struct error *err);
    void *open_store_context;
    const struct books *books;           // their lot_key is made here (office/lot.h)
    int64_t (*now_ms)(void *clock);      // the wall clock, UTC
    uint64_t (*ticks_ns)(void);          // a steady clock, for timings and publishing now and then
    void *clock;
    void (*random)(void *bytes, size_t size); // cryptographic: keys and salts
    void (*log)(void *log_context, const char *event, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
    void *log_context;
    // News of each file that a commit changed, once it is durable and in the views, and before the
    // answers go out; by the committing thread, so it must be quick. NULL: nobody listens. `size`
    // is that of the ledger with its facts, and so grows from one to the next, for ever; `kind` is
    // of the first of them.
    void (*news)(void *news_context, const struct view_row *row, uint64_t size,
                 enum fact_kind kind);
    void *news_context;
};

struct office_settings {
    const char *directory;               // of the store, made when missing: "var"
    const char *apart;                   // of the record kept apart; NULL: "<directory>.apart"
    const char *log_name;                // the ledger's origin; used when its key is made. One that
                                         // ends in LOG_NAME_SIMULATED makes a simulated store
    const char *boot;                    // names this boot of the machine: what was not synced when
                                         // another was running may be lost. NULL: not known
    uint32_t workers;                    // 0: as many as the machine has processors
    bool timings;                        // measure each stage (bench)
};

// --- What goes in ---

enum message_kind {
    MESSAGE_DECLARATION,                 // `text` is read by `read`
    MESSAGE_DECISION,                    // an officer decides
    MESSAGE_SETTLED,                     // what was owed is paid or secured
    MESSAGE_FACT,                        // people at the desk and traders add `records` to a file
    MESSAGE_OWN,                         // the same to a file of the office's own ("~diary/..."):
                                         // kept as they are, nothing is folded
};

// A fact that is handed in as it will be kept.
struct record {
    enum fact_kind kind;
    struct span who;                     // who says so: "officer:anna"
    struct span body;                    // canonical JSON: consignment/fact_body.h, account/
};

#define ANY_FACTS UINT32_MAX

// What a sender says that a declaration is: one that is something else is not taken.
enum message_purpose {
    PURPOSE_ANY,                         // whatever its function code says
    PURPOSE_AMEND,
    PURPOSE_WITHDRAW,
};

struct dropped;

// Reads one message: made by gates, called by workers at the same time. Pure.
typedef bool (*message_reader)(const void *how, struct span text, struct arena *arena,
                               struct declaration *declaration, struct dropped *dropped,
                               struct error *err);

enum answer_kind {
    ANSWER_NONE,
    ANSWER_LODGED,                       // kept and sealed, not refused
    ANSWER_REFUSED,                      // kept and sealed as refused: it breaks rules
    ANSWER_REPEATED,                     // was lodged before, the same to the byte of its meaning
    ANSWER_UNREADABLE,                   // not kept: `err` says where and why
    ANSWER_CONFLICT,                     // not kept: the file does not take it now; `err` says why
    ANSWER_UNAVAILABLE,                  // not kept, or not known to be; try again: `err`
};

struct answer {
    enum answer_kind kind;
    struct span file;                    // its name, once known
    enum file_state state;
    enum decision decision;
    struct money owed;                   // of no currency: not worked out
    uint32_t facts_count;
    struct error err;
    struct span findings;                // of a refused one: the CHECKED fact's body, JSON
    struct dropped dropped;              // what the model has no place for
};

struct message {
    // Given by the sender:
    enum message_kind kind;
    struct span text;                    // good until the batch is done
    unsigned line, column;               // where it began in its file, 0 unknown
    const char *who;                     // who sends it: "user:name", "gate:files"
    struct span file;                    // of a decision; of a declaration: the one that it must be
                                         // about, empty: any
    // Of a declaration: who must be its declarant, and that of the file that it changes, for
    // senders who may speak for one trader alone. Empty: anybody. To others a file is not there.
    struct span declarant;
    enum message_purpose purpose;        // of a declaration
    enum decision decision;
    struct span reason;
    const struct record *records;        // MESSAGE_FACT and _OWN: kept together, or none is
    uint32_t records_count;
    bool at_desk; // of a declaration: from people, or programs of theirs, at this very desk
    uint32_t after; // the facts that the sender saw in the file: ANSWER_CONFLICT
                    // when it has others by now; ANY_FACTS: never mind
    // Given back:
    struct answer answer;
};

// --- Batches ---

// A batch belongs to whoever took it, from office_batch until office_submit, and from done() until
// office_release. Its arena holds messages' texts, and everything the workers make.
struct batch {
    struct message *messages;            // room for BATCH_COUNT_MAX
    uint32_t messages_count;
    message_reader read;
    const void *how;
    struct arena arena;                  // for the sender: texts
    void *sender;                        // the sender's own
    void (*done)(struct batch *batch);   // called by the committer, in order of submission
    struct batch_inside *inside;         // the office's own
};

// An empty batch; waits while all are in use. There are OFFICE_BATCHES of them (batch.h).
struct batch *office_batch(struct office *office);
struct message *batch_add(struct batch *batch);      // one more message, zeroed
void office_submit(struct office *office, struct batch *batch);
void office_release(struct office *office, struct batch *batch);
void office_drain(struct office *office);            // waits until all that was submitted is done

// One message on its own, waited for: the short way for commands. The answer's spans are in
// `arena`.
MUST_CHECK bool office_send(struct office *office, const struct message *message,
                            message_reader read, const void *how, struct arena *arena,
                            struct answer *answer, struct error *err);

// --- Opening and closing ---

MUST_CHECK bool office_open(struct office **office, const struct office_settings *settings,
                            const struct office_surroundings *surroundings, struct error *err);

// Waits for what was submitted, publishes, flushes, closes. Also takes NULL. False (with `err`)
// when something acknowledged could not be published or flushed: it is in the journal all the same,
// and the next start does it.
bool office_close(struct office *office, struct error *err);

// --- Reading ---

// A consignment's file with all its facts. The office's own files are none. ERROR_NOT_FOUND with a
// hint when there is none.
MUST_CHECK bool office_file(struct office *office, struct span name, struct arena *arena,
                            struct file *file, struct store_append **appends,
                            uint32_t *appends_count, struct error *err);

// A consignment's file as it was with the append at that position of the journal.
MUST_CHECK bool office_file_at(struct office *office, uint64_t position, struct arena *arena,
                               struct file *file, struct store_append **appends,
                               uint32_t *appends_count, struct error *err);

// The facts of one of the office's own files; none when there is no such file.
MUST_CHECK bool office_own(struct office *office, struct span name, struct arena *arena,
                           struct fact **facts, uint32_t *count, struct error *err);

// Calls `each` for the appends from journal position `from` on (0: all), in order, up to the newest
// seal that may be shown and that the views know; `next` is the position behind the append, from
// where a later walk goes on. Facts come as commitments, without what they say (office_append).
// `each` returns false to end it; it must not ask the office for facts, and be quick: a store that
// failed is opened again only when nobody walks.
MUST_CHECK bool office_walk(struct office *office, uint64_t from, struct arena *scratch,
                            bool (*each)(void *context, const struct store_append *append,
                                         uint64_t next),
                            void *context, struct error *err);

// The append at a position, with its facts.
MUST_CHECK bool office_append(struct office *office, uint64_t position, struct arena *arena,
                              struct store_append *append, struct error *err);

struct views *office_views(struct office *office);
struct store *office_store(struct office *office);
struct papers *office_papers(struct office *office); // "<store>/papers"
struct rule_sets *office_rules(struct office *office); // the officers' rules: rule_sets.h
struct span office_log_key(struct office *office);   // the ledger's public key (vkey)
bool office_is_simulated(const struct office *office);
const struct books *office_books(struct office *office); // those that are cleared by
int64_t office_now(struct office *office);           // by its clock
const char *office_tiles(struct office *office);     // folder of the published ledger

// Publishes a checkpoint of everything committed, now.
MUST_CHECK bool office_publish(struct office *office, struct error *err);

// The newest checkpoint that may be shown, signed, and what it is of; copied into the arena. Batch
// 0: nothing was ever sealed. The edge stays with the office.
MUST_CHECK bool office_seal(struct office *office, struct arena *arena, struct store_seal *seal,
                            struct error *err);

// Drops every view and builds it again from the facts. `told` is called now and then with the
// journal position reached and its end. Only while nothing is submitted.
MUST_CHECK bool office_rebuild(struct office *office,
                               void (*told)(void *context, uint64_t position, uint64_t end),
                               void *context, uint64_t *files, struct error *err);

// Reads every fact in the journal and compares it with its commitment, every batch with the chain,
// and all commitments with the root of the last seal. Nothing is committed meanwhile.
MUST_CHECK bool office_check(struct office *office, struct error *err);

// --- Figures ---

enum stage {
    STAGE_PARSE, STAGE_CHECK, STAGE_VALUE, STAGE_DUTY, STAGE_RISK, STAGE_DECIDE, STAGE_FACTS,
    STAGE_SEAL, STAGE_PACK, STAGE_STORE, STAGE_VIEWS, STAGE_PUBLISH, STAGE_COUNT,
};
extern const char *const stage_names[STAGE_COUNT];

// CPU or waiting time of each stage since opening, over all threads; zeros without `timings`.
void office_timings(struct office *office, uint64_t took_ns[STAGE_COUNT]);

#endif
