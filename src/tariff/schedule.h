// schedule: ad valorem duty and tax rates by commodity code, origin, preference and date.
//
// Two CSV texts. Lines: commodity, origin, regime, type, rate, from, to, law, text:
//   commodity  the first digits of a code, 2 to 10 of them; empty: every code
//   origin     a country of ISO 3166-1, the name of a group, or *
//   regime     the first digits of a preference code (2, 3, 300 ...), or *
//   type       A.. a customs duty, on the customs value; B.. a value added tax, on the customs
//              value with all other charges and the way inside; any other: a tax on the value and
//              the duties
//   rate       per cent
//   from, to   first and last day in force; empty: since ever, until further notice
//   law, text  where it is laid down, and what it is in words
// Groups: group, country: one country of a group a row. A group's name has three letters or more.
//
// Of the lines of one type that fit on the day, one applies: that with the longest commodity
// prefix, among those the most particular origin (country, group, *), then the longest regime.
//
// A look-up takes well under a microsecond and no memory. A tariff with specific and mixed duties,
// quotas and measures will stand behind the same question.
#ifndef TW_TARIFF_SCHEDULE_H
#define TW_TARIFF_SCHEDULE_H

#include "base/decimal.h"
#include "base/time.h"
#include "tariff/version.h"

enum { SCHEDULE_TYPES_MAX = 8, COMMODITY_DIGITS_MAX = 10 };

enum schedule_base {
    SCHEDULE_BASE_VALUE,   // the customs value
    SCHEDULE_BASE_DUTIES,  // and the customs duties
    SCHEDULE_BASE_ALL,     // and all other charges, and the way inside
};

struct schedule_line {
    struct span commodity, origin, regime, type, law, text; // in the schedule's text
    struct decimal rate;   // per cent
    struct date from, to;
    enum schedule_base base;
    uint8_t type_index;    // among the schedule's types, which stand in order of their bases
    uint16_t group;        // 1 + index of the group, 0 for a country or *
};

struct schedule {
    struct schedule_line *lines; // by commodity prefix
    struct schedule_node *nodes; // the prefixes, each with the longest one that begins it
    struct schedule_group *groups;
    struct span types[SCHEDULE_TYPES_MAX];
    uint32_t lines_count, nodes_count, groups_count, types_count;
    struct version version;      // of both texts
};

// The texts must be kept as long as the schedule. At most SCHEDULE_LINES_MAX lines.
MUST_CHECK bool schedule_read(struct span lines, struct span groups, struct arena *arena,
                              struct schedule *schedule, struct error *err);

struct schedule_question {
    struct span commodity; // as many digits as are known
    struct span origin;    // ISO 3166-1, or empty
    struct span regime;    // preference code; empty is 100: none is claimed
    struct date day;
};

// The lines that apply, at most one of a type, in the order in which they must be worked out.
// Returns how many.
uint32_t schedule_find(const struct schedule *schedule, const struct schedule_question *question,
                       const struct schedule_line *found[SCHEDULE_TYPES_MAX]);

#endif
