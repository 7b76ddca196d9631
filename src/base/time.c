#include "base/time.h"

#include <assert.h>

enum {
    YEAR_MIN = 1900,
    YEAR_MAX = 2999,
    DAYS_MIN = -25567, // 1900-01-01
    DAYS_MAX = 376199, // 2999-12-31
    SECOND_MS = 1000,
    MINUTE_MS = 60 * SECOND_MS,
    HOUR_MS = 60 * MINUTE_MS,
    DAY_MS = 24 * HOUR_MS,
    MOMENT_LEN = 24,
    DATE_LEN = 10,
};

struct calendar { int32_t year, month, day; };

static bool is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int32_t month_days(int32_t year, int32_t month)
{
    static const uint8_t days[] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    assert(month >= 1 && month <= 12);
    return days[month] + (month == 2 && is_leap(year));
}

// Days from 1970-01-01 to January the first of a year; the leap days up to 1969 are 477.
static int32_t year_days(int32_t year)
{
    int32_t before = year - 1;
    return 365 * (year - 1970) + before / 4 - before / 100 + before / 400 - 477;
}

static int32_t days_of(struct calendar when)
{
    int32_t days = year_days(when.year) + when.day - 1;
    for (int32_t month = 1; month < when.month; month++) days += month_days(when.year, month);
    assert(days >= DAYS_MIN && days <= DAYS_MAX);
    return days;
}

static struct calendar calendar_of(int32_t days)
{
    assert(days >= DAYS_MIN && days <= DAYS_MAX);
    struct calendar when = { .year = YEAR_MIN + (days - DAYS_MIN) / 366, .month = 1 };
    while (days >= year_days(when.year + 1)) when.year++; // at most twice
    int32_t left = days - year_days(when.year);
    for (; left >= month_days(when.year, when.month); when.month++)
        left -= month_days(when.year, when.month);
    when.day = left + 1;
    return when;
}

// What is being read, and how far.
struct reading {
    struct span text;
    size_t done;
};

static bool is_next(const struct reading *reading, char c)
{
    return reading->done < reading->text.len && reading->text.at[reading->done] == c;
}

static bool skip(struct reading *reading, char c)
{
    bool found = is_next(reading, c);
    reading->done += found;
    return found;
}

static bool refuse(const struct reading *reading, const char *what, struct error *err)
{
    const char *at = reading->text.len == 0 ? reading->text.at : reading->text.at + reading->done;
    return error_at(err, reading->text, at, "%s", what);
}

static bool expect(struct reading *reading, char c, const char *what, struct error *err)
{
    return skip(reading, c) || refuse(reading, what, err);
}

struct range {
    const char *complaint;
    int32_t digits, lowest, highest;
};

static const struct range years = { "the year is four digits from 1900 to 2999", 4, 1900, 2999 };
static const struct range months = { "the month is two digits from 01 to 12", 2, 1, 12 };
static const struct range days = { "the day is two digits from 01 to 31", 2, 1, 31 };
static const struct range hours = { "the hour is two digits from 00 to 23", 2, 0, 23 };
static const struct range minutes = { "the minute is two digits from 00 to 59", 2, 0, 59 };
static const struct range seconds = { "the second is two digits from 00 to 59", 2, 0, 60 };

static bool number(struct reading *reading, const struct range *range, int32_t *value,
                   struct error *err)
{
    int32_t sum = 0;
    for (size_t i = 0; i < (size_t)range->digits; i++) {
        bool there = reading->done + i < reading->text.len;
        char c = there ? reading->text.at[reading->done + i] : ' ';
        if (c < '0' || c > '9') return refuse(reading, range->complaint, err);
        sum = sum * 10 + (c - '0');
    }
    if (sum < range->lowest || sum > range->highest) return refuse(reading, range->complaint, err);
    reading->done += (size_t)range->digits;
    *value = sum;
    return true;
}

// YYYY-MM-DD or YYYYMMDD; *dashes says which.
static bool date_part(struct reading *reading, int32_t *value, bool *dashes, struct error *err)
{
    struct calendar when = { 0 };
    if (!number(reading, &years, &when.year, err)) return false;
    *dashes = skip(reading, '-');
    if (!number(reading, &months, &when.month, err)) return false;
    if (*dashes && !expect(reading, '-', "a '-' stands between month and day", err)) return false;

    struct reading day = *reading;
    if (!number(reading, &days, &when.day, err)) return false;
    int32_t longest = month_days(when.year, when.month);
    if (when.day > longest)
        return error_at(err, day.text, day.text.at + day.done, "%04d-%02d has %d days, not %d",
                        when.year, when.month, longest, when.day);
    *value = days_of(when);
    return true;
}

bool date_read(struct span s, struct date *date, struct error *err)
{
    struct reading reading = { .text = s };
    int32_t value;
    bool dashes;
    bool read = date_part(&reading, &value, &dashes, err);
    if (read && reading.done < s.len) read = refuse(&reading, "nothing stands behind a date", err);
    if (!read) return error_hint(err, "Dates are written like 2026-11-23 or 20261123.");
    *date = (struct date){ value, true };
    return true;
}

// Up to three digits count; more are cut.
static bool fraction_part(struct reading *reading, int32_t *milliseconds, struct error *err)
{
    static const struct range digit = { "a digit stands behind the point", 1, 0, 9 };
    int32_t value;
    if (!number(reading, &digit, &value, err)) return false;
    *milliseconds = value * 100;
    for (int32_t unit = 10; reading->done < reading->text.len; unit /= 10) {
        char c = reading->text.at[reading->done];
        if (c < '0' || c > '9') break;
        *milliseconds += (c - '0') * unit;
        reading->done++;
    }
    return true;
}

// hh:mm:ss[.fraction] or hhmmss, in milliseconds.
static bool clock_part(struct reading *reading, bool colons, int32_t *value, struct error *err)
{
    static const char colon[] = "a ':' stands between hour, minute and second";
    int32_t hour, minute, second, milliseconds = 0;
    if (!number(reading, &hours, &hour, err)) return false;
    if (colons && !expect(reading, ':', colon, err)) return false;
    if (!number(reading, &minutes, &minute, err)) return false;
    if (colons && !expect(reading, ':', colon, err)) return false;

    struct reading at_second = *reading;
    if (!number(reading, &seconds, &second, err)) return false;
    if (second == 60) {
        refuse(&at_second, "the second is 60, a leap second", err);
        return error_hint(err, "Leap seconds are not kept: write 59, or 00 of the next minute.");
    }
    if (colons && skip(reading, '.') && !fraction_part(reading, &milliseconds, err)) return false;
    *value = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + milliseconds;
    return true;
}

// Z, +hh or +hh:mm, in milliseconds ahead of UTC.
static bool zone_part(struct reading *reading, int32_t *value, struct error *err)
{
    *value = 0;
    if (skip(reading, 'Z')) return true;
    bool west = is_next(reading, '-');
    if (!west && !is_next(reading, '+'))
        return refuse(reading, "the time zone is Z, +hh:mm or -hh:mm", err);
    reading->done++;

    int32_t hour, minute = 0;
    if (!number(reading, &hours, &hour, err)) return false;
    if (skip(reading, ':') && !number(reading, &minutes, &minute, err)) return false;
    *value = hour * HOUR_MS + minute * MINUTE_MS;
    if (west) *value = -*value;
    return true;
}

static bool moment_parts(struct reading *reading, int64_t *at_ms, struct error *err)
{
    int32_t day = 0, clock = 0, ahead = 0;
    bool dashes;
    if (!date_part(reading, &day, &dashes, err)) return false;
    if (dashes && !expect(reading, 'T', "a 'T' stands between date and time", err)) return false;
    if (!clock_part(reading, dashes, &clock, err)) return false;
    if (!zone_part(reading, &ahead, err)) return false;
    if (reading->done < reading->text.len)
        return refuse(reading, "nothing stands behind the time zone", err);

    int64_t sum = (int64_t)day * DAY_MS + clock - ahead;
    if (sum < (int64_t)DAYS_MIN * DAY_MS || sum >= (int64_t)(DAYS_MAX + 1) * DAY_MS) {
        reading->done = 0;
        return refuse(reading, "the moment is not in the years 1900 to 2999 of UTC", err);
    }
    *at_ms = sum;
    return true;
}

bool moment_read(struct span s, int64_t *at_ms, struct error *err)
{
    struct reading reading = { .text = s };
    if (moment_parts(&reading, at_ms, err)) return true;
    if (err != NULL && err->hint[0] != '\0') return false; // it has better advice
    return error_hint(err, "Times are written like 2026-11-23T20:07:22Z, 2026-11-23T21:07:22+01:00"
                           " or 20261123200722Z.");
}

static void put_digits(char *end, uint32_t value, unsigned digits)
{
    for (; digits > 0; digits--, value /= 10) *--end = (char)('0' + value % 10);
    assert(value == 0);
}

static void put_date(char *at, int32_t value)
{
    struct calendar when = calendar_of(value);
    put_digits(at + 4, (uint32_t)when.year, 4);
    at[4] = '-';
    put_digits(at + 7, (uint32_t)when.month, 2);
    at[7] = '-';
    put_digits(at + 10, (uint32_t)when.day, 2);
}

void date_write(struct text *text, struct date date)
{
    if (!date.given) return;
    char *room = text_room(text, DATE_LEN);
    if (room == NULL) return;
    put_date(room, date.days);
    text_grew(text, DATE_LEN);
}

struct date moment_date(int64_t at_ms)
{
    int64_t day = at_ms / DAY_MS - (at_ms % DAY_MS < 0); // downwards, also before 1970
    assert(day >= DAYS_MIN && day <= DAYS_MAX);
    return (struct date){ (int32_t)day, true };
}

void moment_write(struct text *text, int64_t at_ms)
{
    struct date date = moment_date(at_ms);
    uint32_t clock = (uint32_t)(at_ms - (int64_t)date.days * DAY_MS);
    assert(clock < DAY_MS);
    char *room = text_room(text, MOMENT_LEN);
    if (room == NULL) return;

    memcpy(room, "YYYY-MM-DDThh:mm:ss.mmmZ", MOMENT_LEN);
    put_date(room, date.days);
    put_digits(room + 13, clock / HOUR_MS, 2);
    put_digits(room + 16, clock / MINUTE_MS % 60, 2);
    put_digits(room + 19, clock / SECOND_MS % 60, 2);
    put_digits(room + 23, clock % SECOND_MS, 3);
    text_grew(text, MOMENT_LEN);
}
