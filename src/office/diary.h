// diary: what happens at the desk's door, kept as facts on a file of each day ("~diary/DATE").
//
// Who looks at somebody else's file, signs in or is turned away is in the diary before the answer
// goes out: diary_add returns when the fact is durable. Facts of some milliseconds share one
// append: while one is under way, those that come wait, and one of them then takes all along.
#ifndef TW_OFFICE_DIARY_H
#define TW_OFFICE_DIARY_H

#include "office/office.h"

struct diary;

// `now_ms` tells the day. The office outlives the diary.
MUST_CHECK bool diary_open(struct diary **diary, struct office *office,
                           int64_t (*now_ms)(void *clock), void *clock, struct error *err);
void diary_close(struct diary *diary); // nobody adds any more; also takes NULL

// The record's spans need to live only until it returns. False when it could not be kept; what was
// to be told in the diary must then not happen.
MUST_CHECK bool diary_add(struct diary *diary, const struct record *record, struct error *err);

#endif
