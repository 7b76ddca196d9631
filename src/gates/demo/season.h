// season: the simulated season of a store: lodged up to now, and then going on.
//
// A season begins some days before the store is made. Its history is lodged at once, under a clock
// that runs from then to now: each fact has the time at which it would have happened. From there on
// the clock is the wall's, and the season goes on `speed` times as busy as its days were: as many
// times more declarations, handled in as many times less. While the program does not run, nothing
// happens in Meridia.
//
// Nothing but the season's beginning is kept beside the store ("<store>/season"): how far it is,
// the store says. It can be broken off at any moment and goes on there.
#ifndef TW_GATES_DEMO_SEASON_H
#define TW_GATES_DEMO_SEASON_H

#include "base/time.h"
#include "office/office.h"

enum { SEASON_BACKLOG = 30 };    // so many are left in the queue for people to work on

struct season;

// How a season is begun; 0: the usual. A store's season stays as it was begun.
struct season_beginning { uint64_t seed, per_day, days; };

// Before the office is opened, which needs the season's clock.
MUST_CHECK bool season_new(struct season **season, struct error *err);
int64_t season_now_ms(void *season);                     // office_surroundings.now_ms
void season_hear(void *season, const struct view_row *row); // of each change, from its news

// Reads how the store's season began, or begins it. ERROR_CONFLICT when it began otherwise than is
// asked for.
MUST_CHECK bool season_open(struct season *season, struct office *office, const char *store,
                            const struct season_beginning *beginning, struct error *err);

// Lodges what is missing of the history. `told` is called after each declaration, and ends it by
// returning false.
MUST_CHECK bool season_catch_up(struct season *season,
                                bool (*told)(void *context, uint64_t done, uint64_t all),
                                void *context, struct error *err);

// Goes on, in a thread of its own, until season_close.
MUST_CHECK bool season_go_on(struct season *season, uint32_t speed, struct error *err);

// Before the office is closed. Also takes NULL.
void season_stop(struct season *season);
void season_free(struct season *season); // when the office is closed

#endif
