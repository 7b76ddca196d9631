// hooks_inside: what hooks.c, hooks_walk.c and hooks_send.c share.
//
// The thread takes hooks out of the list and frees them; others add, and mark. `lock` is held for
// all that is below it, and never while anything is waited for.
#ifndef TW_GATES_HTTP_HOOKS_INSIDE_H
#define TW_GATES_HTTP_HOOKS_INSIDE_H

#include <curl/curl.h>
#include <pthread.h>

#include "gates/http/hooks.h"

enum { HOOK_TROUBLE_MAX = 100, HOOKS_KEY_SIZE = 32 };

// A place in the journal: everything up to that size of the ledger is behind it. The position is
// where to go on reading, at or before it.
struct hook_place { uint64_t size, position; };

// An event of a hook's: the ledger's size before its append and with it, and where that is.
struct hook_event { uint64_t leaf, size, position; };

struct hook {
    char id[HOOK_ID_LEN + 1];
    struct span organisation;            // in the hook's own memory, behind it
    char url[HOOK_URL_MAX + 1];
    int64_t made_ms;
    bool inside;                         // its receiver is one of the insiders
    bool refused;                        // its URL does not do any more: the operator named others
    // Below the lock:
    bool stopped, ended;
    struct hook_place taken;             // events up to here are in the queue, or were
    struct hook_place counted;           // and up to here are counted; not before `taken`
    uint64_t beyond;                     // events between the two
    struct hook_event queue[HOOK_QUEUE_MAX];
    uint32_t first, count;
    bool behind;                         // was full in this walk: what comes after has to wait
    uint32_t failures;                   // in a row
    int64_t failing_since_ms;            // 0: it is not
    uint64_t next_ns;                    // not to be tried before
    int64_t last_ms;
    long last_status;
    char trouble[HOOK_TROUBLE_MAX];
    uint32_t replays;                    // what was sent before one does not count
    struct delivery *delivery;           // under way; the thread's own
    uint64_t sent_ns;                    // when it was last its turn
    bool unsaved;
    uint64_t saved_size;                 // how far it was when that was kept
};

struct hooks {
    struct hooks_settings settings;
    struct hook_insiders insiders;
    uint8_t key[HOOKS_KEY_SIZE];
    CURLM *multi;
    pthread_t thread;
    bool running;
    _Atomic bool ending, woken;
    _Atomic uint32_t live;               // hooks that are not stopped: none, nothing to do
    struct arena scratch, arena;         // the thread's, of walks and of what is sent
    uint32_t under_way;                  // deliveries; the thread's
    uint64_t walked_ns, saved_ns;
    pthread_mutex_t setting_up;          // held while one more is kept
    pthread_mutex_t lock;
    struct hook *list[HOOKS_MAX];        // in the order in which they were set up
    uint32_t count;
    uint64_t delivered, failed;
};

// --- Walking (hooks_walk.c) ---

// Reads on in the journal for those who have room for what they passed over, and when something new
// was kept also for the others. True: there may be more to read.
bool hooks_walk(struct hooks *hooks, bool news);

// --- Sending (hooks_send.c) ---

void hooks_send(struct hooks *hooks);    // starts what is due
void hooks_take(struct hooks *hooks);    // takes what came of what is under way
void hooks_drop(struct hooks *hooks);    // ends what is under way
uint64_t hooks_next_ns(struct hooks *hooks); // when something is due next; UINT64_MAX: never

// What went wrong, for whoever looks at the hook; as much of it as there is room for.
void hook_say(struct hook *hook, struct span trouble);

#endif
