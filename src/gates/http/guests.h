// guests: the people of a simulated store, as whom anybody may come in at one click.
//
// They are accounts like others, made by guests_make, with a password that nobody knows. Only the
// names of this table come in without a key, and only where nothing is real.
#ifndef TW_GATES_HTTP_GUESTS_H
#define TW_GATES_HTTP_GUESTS_H

#include "gates/http/door.h"

struct guest {
    struct span name, display;
    enum role role;
    uint32_t trader;             // of the simulated port (port/trader.h), where he acts for one
};

extern const struct guest guests[];
extern const uint32_t guests_count;

bool guest_is(struct span name);

// Makes those who are not there yet. `store` must be simulated (asserted).
MUST_CHECK bool guests_make(struct door *door, struct office *store, struct error *err);

#endif
