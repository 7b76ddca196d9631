// risk: should someone look? The officers' rules, what the check step doubted, and the lot.
//
// The score is the sum of the points of the rules that hit, and WARNING_POINTS for each warning of
// the check step up to WARNINGS_POINTS_MAX, at most 1000. Notes of the check count nothing.
//
// The lot chooses books->random_per_million of all declarations by a hash under the books' lot key
// over the file's name and version: nobody without the key can tell which, and the same file is
// chosen or not however often it is asked.
//
// What a check is expected to bring (worth) is score / 1000 of what is at stake: the duty that was
// worked out, and the books' floor where that is less. Integer arithmetic, rounded half up.
#ifndef TW_CLEARANCE_RISK_RISK_H
#define TW_CLEARANCE_RISK_RISK_H

#include "clearance/clearance.h"

enum { WARNING_POINTS = 15, WARNINGS_POINTS_MAX = 90 };
_Static_assert(WARNINGS_POINTS_MAX % WARNING_POINTS == 0, "a whole number of warnings");

MUST_CHECK bool risk_step(struct clearance *clearance, struct error *err);

#endif
