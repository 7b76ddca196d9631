// declarations: lodge, amend, withdraw and read declarations over HTTP.
//
// A trader speaks for his organisation alone: he lodges as its declarant, and the files of others
// are not there for him. Officials see all; what a role may not see of a file is left out here, not
// in the browser (shown.h).
#ifndef TW_GATES_HTTP_DECLARATIONS_H
#define TW_GATES_HTTP_DECLARATIONS_H

#include "gates/http/request.h"
#include "office/office.h"

// Reads one message by its content, JSON or WCO XML: a message_reader; `how` is the xml_map.
bool declaration_reader(const void *how, struct span text, struct arena *arena,
                        struct declaration *declaration, struct dropped *dropped,
                        struct error *err);

// Whom the caller may speak for: his organisation for a trader, empty (anybody) for others.
struct span speaks_for(const struct caller *caller);

// What the caller calls what he sends; empty when it has no name. False: it is too long.
MUST_CHECK bool idempotency_key(const struct request *request, struct span *key,
                                struct error *err);

// What became of one message, as members of a JSON object that is open: answer, decision, facts,
// file, state and link, those that are known. `findings` of a refused one: an array.
void write_answer_members(struct json_writer *w, const struct answer *answer,
                          struct arena scratch);
struct span answer_findings(const struct answer *answer, struct arena *arena);

// "/api/v1/declarations/UCR" and what follows; NULL when the arena is full.
const char *declaration_link(struct span file, const char *behind, struct arena *arena);

// The functions of the rows.
void lodge_one(struct request *request);
void amend_one(struct request *request);
void withdraw_one(struct request *request);
void estimate_one(struct request *request);
void show_file(struct request *request);
void show_status(struct request *request);

#endif
