// time: dates and moments. A moment is milliseconds since 1970-01-01T00:00:00Z, a date is days.
//
// No function here asks the clock: the time is an argument (STYLE 19).
#ifndef TW_BASE_TIME_H
#define TW_BASE_TIME_H

#include "base/text.h"

// Days since 1970-01-01 in the Gregorian calendar; years 1900 to 2999.
struct date {
    int32_t days;
    bool given;
};

// Reads YYYY-MM-DD or YYYYMMDD; a day that the calendar does not have is refused.
MUST_CHECK bool date_read(struct span s, struct date *date, struct error *err);
void date_write(struct text *text, struct date date); // 2026-11-23

// Reads RFC 3339 (2026-11-23T20:07:22[.123](Z|+hh:mm)), or UN/CEFACT 304: 20260311102030(Z|+hh).
MUST_CHECK bool moment_read(struct span s, int64_t *at_ms, struct error *err);
void moment_write(struct text *text, int64_t at_ms); // 2026-11-23T20:07:22.123Z, always 24 bytes
struct date moment_date(int64_t at_ms);              // the UTC day

#endif
