// decide: refuse, release, or ask an officer; with the reasons in words.
//
//   refuse     the declaration breaks a rule of the trade: correct it and send it again
//   hold       an officers' rule wants nothing to move
//   documents  an officers' rule wants papers
//   examine    an officers' rule wants a look, the risk score is at or over the books'
//              examine_score, or the lot chose it
//   documents  something is missing for the customs value: the declarant can still put it right
//   release    nothing of that
//
// The first that applies is the decision; the reasons of those behind it are told as well. A human
// decides against a person: only rules that anybody can read refuse, and no step fines or seizes.
#ifndef TW_CLEARANCE_DECIDE_DECIDE_H
#define TW_CLEARANCE_DECIDE_DECIDE_H

#include "clearance/clearance.h"

// Adds one DECIDED fact. False only when the arena is full.
MUST_CHECK bool decide_step(struct clearance *clearance, struct error *err);

// Adds one DECIDED fact: what was asked for has come, an officer looks at it.
MUST_CHECK bool decide_supplied(struct clearance *clearance, struct error *err);

#endif
