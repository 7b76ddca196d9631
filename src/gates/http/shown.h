// shown: what of a consignment's file a role may see, as JSON. What it may not see is not written.
//
//   {"file", "state", "version", "lodgedAt", "changedAt",
//    ["decision" {"at", "by", "decision", "fact", "reasons", ["who"]}],
//    ["claimedBy"], "requests" [{"code", "fact", "open", "text", "until"}],
//    ["customsValue"], ["owed"], ["score", "random", "worth"], "may" [name],
//    "declaration", "facts" [{"at", "body", "kind", "leaf", "seq", "who"}]}
//
// A trader does not see how risky he is thought to be (facts of kind scored, the score, what a
// check is worth, the desk's reasons to look: reason.h), nor which officer has the file in hand or
// decided: he sees the desk. Of an inspection he sees what was found and recovered. Everything else
// that concerns him he sees, so that he can answer it. Who may see files at all says the table of
// routes.
//
// `may` lists what the role can do to the file now: amend, withdraw, supply; claim, unclaim,
// request, inspect, settle, and "decide:" or "overrule:" with each decision that may follow:
// "decide:release". Who decides need not say which of the two it is.
#ifndef TW_GATES_HTTP_SHOWN_H
#define TW_GATES_HTTP_SHOWN_H

#include "account/role.h"
#include "office/office.h"

struct viewer { enum role role; const char *who; }; // "user:anna"

// May the fact be seen by that role at all?
bool shown_fact(enum role role, enum fact_kind kind);

// Is all of the fact shown to that role, so that it may be handed out as it was sealed?
MUST_CHECK bool shown_whole(enum role role, const struct fact *fact, struct arena scratch);

// Writes the object. ERROR_DAMAGED when a fact does not fit its kind.
MUST_CHECK bool shown_write(struct json_writer *w, const struct file *file,
                            const struct store_append *appends, uint32_t appends_count,
                            struct viewer viewer, struct arena *arena, struct error *err);

// A row of the views, for lists: {"file", "state", "decision", "lodgedAt", ...}; a trader's without
// score, worth, and who has it in hand.
void shown_row(struct json_writer *w, const struct view_row *row, enum role role);

// The names that `may` lists are these: 0, 1, 2 ...; NULL behind the last.
const char *shown_act(uint32_t number);

void shown_moment(struct json_writer *w, const char *key, int64_t at_ms);

#endif
