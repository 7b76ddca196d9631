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
// Keeps what was noted first. Nobody adds any more. Also takes NULL.
void diary_close(struct diary *diary);

// The record's spans need to live only until it returns. False when it could not be kept; what was
// to be told in the diary must then not happen.
MUST_CHECK bool diary_add(struct diary *diary, const struct record *record, struct error *err);

// The same without waiting, for who must not: what is noted is copied, and kept soon. False when
// DIARY_NOTES_MAX wait already: ERROR_UNAVAILABLE, and who notes should ask less of us.
enum { DIARY_NOTES_MAX = 4096 };
MUST_CHECK bool diary_note(struct diary *diary, const struct record *record, struct error *err);

#endif
