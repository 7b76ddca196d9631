// hook_book: the webhooks that traders have set up, folded from the facts of "~hooks".
//
//   hook-set-up    after (the last event that it does not hear of), id, organisation, url
//   hook-stopped   id, why: the office gave up, or was told to
//   hook-started   id: tried again
//   hook-ended     id
// Who it was, and when, stands in the fact. A hook is its organisation's, whoever set it up. No
// secret is in here: each is worked out from a key of the store's (gates/http/hook_rules.h).
#ifndef TW_OFFICE_HOOK_BOOK_H
#define TW_OFFICE_HOOK_BOOK_H

#include "office/office.h"

enum { HOOK_ID_LEN = 16 };               // hex digits of chance

struct hook_entry {
    struct span id, organisation, url;
    uint64_t after;                      // the ledger's size when it was set up
    int64_t made_ms;
    struct span stopped;                 // why; empty: it is not
};

// Those that have not ended, in the order in which they were set up; in the arena.
MUST_CHECK bool hook_book_read(struct office *office, struct arena *arena,
                               struct hook_entry **entries, uint32_t *count, struct error *err);

// Adds one of these facts; durable when it returns. `who` says so: "user:ann". ERROR_SYNTAX for a
// text that is no UTF-8.
MUST_CHECK bool hook_book_set_up(struct office *office, const struct hook_entry *entry,
                                 struct span who, struct error *err);
MUST_CHECK bool hook_book_stop(struct office *office, struct span id, struct span why,
                               struct span who, struct error *err);
MUST_CHECK bool hook_book_start(struct office *office, struct span id, struct span who,
                                struct error *err);
MUST_CHECK bool hook_book_end(struct office *office, struct span id, struct span who,
                              struct error *err);

#endif
