// book_write: rows of a tariff, checked and compiled into one file that book.h maps.
//
// Rows come in any order. What a single row has wrong (no code, a type that was not named) is told
// when it is added; what rows have wrong together, when the book is finished: the same line twice,
// two measures that contradict each other, a gap in the days of a duty for everybody. All troubles
// are told, each with the line of the source, and then nothing is written; unless the settings say
// that such rows are left out: of a line that comes twice the second, of measures that contradict
// each other all, since nobody knows which is right.
//
// A rate is read as it is added (expression.h). One that cannot be worked out goes in with its
// words, as manual; one that cannot even be read is a trouble.
#ifndef TW_TARIFF_BOOK_WRITE_H
#define TW_TARIFF_BOOK_WRITE_H

#include "tariff/book.h"
#include "tariff/expression.h"

// --- Troubles ---

enum { BOOK_TROUBLES_KEPT = 1000 };

struct book_trouble {
    unsigned line, other;        // of the source; 0: none
    struct span text;            // what is wrong
};

struct book_troubles {
    struct book_trouble *at;     // the first BOOK_TROUBLES_KEPT
    uint32_t kept;
    uint64_t count;
};

// --- Writing ---

struct book_writer;

struct book_settings {
    struct span country, currency;   // of the administration
    struct date as_of;               // the day that the source speaks of
    struct span source;              // where it comes from, for people
    const char *languages[BOOK_LANGUAGES_MAX]; // of labels; NULL behind the last
    bool leave_out;                  // rows that do not add up
};

MUST_CHECK bool book_writer_open(struct book_writer **writer,
                                 const struct book_settings *settings, struct error *err);
void book_writer_close(struct book_writer *writer); // also takes NULL

// What rates that are added from here on leave unsaid.
void book_writer_dialect(struct book_writer *writer, const struct expression_dialect *dialect);

// Types must be named before the measures that have them. At most BOOK_TYPES_MAX.
MUST_CHECK bool book_add_type(struct book_writer *writer, struct span code,
                              enum measure_base base, struct span name, struct error *err);
// A group, when it is not there yet; and a country of it. One without countries has no goods.
MUST_CHECK bool book_add_group(struct book_writer *writer, struct span code, struct span name,
                               struct error *err);
MUST_CHECK bool book_add_member(struct book_writer *writer, struct span group, struct span name,
                                struct span country, struct error *err);

// The countries of several groups together: a rate is often for a row of programmes. Groups that
// are not there have no countries.
MUST_CHECK bool book_add_union(struct book_writer *writer, struct span code, struct span name,
                               const struct span *groups, uint32_t count, struct error *err);

struct line_row {
    struct span code;            // 2 to BOOK_CODE_DIGITS_MAX digits; points and blanks between are
                                 // passed over
    struct span label[BOOK_LANGUAGES_MAX];
    struct span units;
    unsigned indent;
    struct date from, to;        // not given: open
    unsigned line;               // of the source
};
MUST_CHECK bool book_add_line(struct book_writer *writer, const struct line_row *row,
                              struct error *err);

// An exchange rate: so many units of the book's currency for one of this, above zero.
MUST_CHECK bool book_add_rate(struct book_writer *writer, struct span currency, struct date from,
                              struct decimal value, unsigned line, struct error *err);

struct measure_row {
    struct span code;            // as a line's; empty: all goods
    enum measure_kind kind;
    struct span type, origin;    // "A00"; a country, a group, or "*"
    struct span rate;            // as it is written; empty: none (a licence)
    struct span law, publication, words, excluded, document, additional, quota, regime;
    struct date from, to;
    unsigned line;
};
// What became of the rate.
enum rate_read { RATE_NONE, RATE_EVALUABLE, RATE_MANUAL };
MUST_CHECK bool book_add_measure(struct book_writer *writer, const struct measure_row *row,
                                 enum rate_read *rate, enum expression_obstacle *obstacle,
                                 struct error *err);

// --- Finishing ---

// A trouble that the reader of the source found by itself.
void book_add_trouble(struct book_writer *writer, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

const struct book_troubles *book_troubles_of(const struct book_writer *writer);

// Looks for what rows have wrong together, and writes the book's bytes into memory of the
// writer's, aligned to 8, good until it is closed. False with ERROR_SYNTAX when there are troubles
// and rows are not to be left out.
MUST_CHECK bool book_finish(struct book_writer *writer, struct span *bytes, struct error *err);

uint32_t book_lines_added(const struct book_writer *writer);
uint32_t book_measures_added(const struct book_writer *writer);

#endif
