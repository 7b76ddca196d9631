// hooks: tells traders' own servers what became of their files, by webhooks.
//
//   journal --walk--> a short queue of each hook --send--> POST, signed (hook_rules.h)
//
// What is sent is {"type":"file.changed","timestamp","data":{"id","file","kind","state",
// ["decision"],["reference"]}}: what the trader's own lists say of it, and nothing else; `state`
// and `decision` are those of when it is sent. An event is what one commit added to one file; its
// id is the ledger's size with it, the same as in /api/v1/events. Facts that a trader does not see
// (shown.h) are no events.
//
// Each hook hears its organisation's events one after the other, in the order of the ledger; the
// next is sent when the one before was taken (any 2xx). So a receiver that fails or dawdles holds
// up itself alone. It is tried again as hook_rules.h says; after that the hook is stopped, and 410
// stops it at once. A replay begins again behind the event that is named, also where the hook was
// stopped.
//
// The source is the journal itself, so nothing is lost by a restart: how far each hook is, is kept
// in "<store>/hooks/ID" now and then. After a kill some events are sent once more, with the id that
// they had: at least once. One thread does all of it; without hooks it sleeps.
#ifndef TW_GATES_HTTP_HOOKS_H
#define TW_GATES_HTTP_HOOKS_H

#include "gates/http/hook_rules.h"
#include "office/hook_book.h"

struct hooks;

struct hooks_settings {
    struct office *office;               // outlives hooks_end
    const char *store;                   // its folder; the key is "<store>/hooks.key"
    const char *insiders;                // hook_insiders_read
    int64_t (*now_ms)(void);             // the wall clock
    uint64_t (*ticks_ns)(void);          // a steady one
    void (*random)(void *bytes, size_t size);
};

// Before the office is open, so that it can wake them: hooks_open; then hooks_begin. hooks_end
// waits a little for what is under way, and sends nothing more; hooks_close when the office is
// closed.
MUST_CHECK bool hooks_open(struct hooks **hooks, struct error *err);
// ERROR_DAMAGED when there are hooks and their key is missing.
MUST_CHECK bool hooks_begin(struct hooks *hooks, const struct hooks_settings *settings,
                            struct error *err);
void hooks_end(struct hooks *hooks);     // also takes NULL, as does hooks_close
void hooks_close(struct hooks *hooks);

// Something was kept. Quick; from any thread.
void hooks_wake(struct hooks *hooks);

// --- For the routes; all wait for the office ---

// `id` is NUL-ended; the secret is written into `secret`. ERROR_SYNTAX for a URL that does not do,
// ERROR_CONFLICT when there are as many as there may be.
MUST_CHECK bool hooks_set_up(struct hooks *hooks, struct span organisation, struct span url,
                             struct span who, char id[HOOK_ID_LEN + 1], struct text *secret,
                             struct error *err);

// ERROR_NOT_FOUND when the organisation has none of that id.
MUST_CHECK bool hooks_remove(struct hooks *hooks, struct span organisation, struct span id,
                             struct span who, struct error *err);

// Begins again behind the event `after`; 0: with the very first. ERROR_SYNTAX for one that there
// is not yet.
MUST_CHECK bool hooks_replay(struct hooks *hooks, struct span organisation, struct span id,
                             uint64_t after, struct span who, struct error *err);

enum hook_state { HOOK_WORKING, HOOK_FAILING, HOOK_STOPPED };
const char *hook_state_name(enum hook_state state); // "working"

struct hook_shown {
    struct span id, url;
    int64_t made_ms, last_ms;            // 0: nothing was sent yet
    enum hook_state state;
    long last_status;                    // 0: there was no answer
    struct span trouble;                 // of the last try, or why it is stopped; empty: none
    uint64_t waiting;                    // events
};

// The organisation's, in the order in which they were set up. Spans are good during the call.
void hooks_each(struct hooks *hooks, struct span organisation,
                void (*each)(void *context, const struct hook_shown *shown), void *context);

// Of all: since the start, and now.
struct hooks_figures { uint64_t delivered, failed, waiting; uint32_t count; };
void hooks_figures(struct hooks *hooks, struct hooks_figures *figures);

#endif
