// books: official files of a tariff, as rows of a book: one reader a format.
//
// A format is recognised by what a file begins with. Several files may make one book: a
// nomenclature and the rates to it. Every reader counts the lines it was given, those it took, and
// what became of each column of rates; what it cannot read it names, by line, and goes on.
// `books_formats` is the list: a new format is a row and a function.
#ifndef TW_GATES_BOOKS_BOOKS_H
#define TW_GATES_BOOKS_BOOKS_H

#include "tariff/book_write.h"

enum { BOOKS_COLUMNS_MAX = 8, BOOKS_FLAWS_KEPT = 1000 };

// What became of one column of rates.
struct books_column {
    const char *name;
    uint32_t cells, evaluable, manual, unreadable;
    uint32_t obstacles[OBSTACLE_WORDS + 1]; // of those that are manual
};

// A row, or a cell of it, that cannot be read.
struct books_flaw {
    unsigned line;
    const char *column;          // NULL: the row
    struct span text;            // why
};

struct books_report {
    const char *format;
    uint64_t rows, taken;
    struct books_column columns[BOOKS_COLUMNS_MAX];
    uint32_t columns_count;
    struct books_flaw *flaws;    // the first BOOKS_FLAWS_KEPT
    uint64_t flaws_count;
    struct arena arena;          // of the report's texts
};

MUST_CHECK bool books_report_open(struct books_report *report, struct error *err);
void books_report_close(struct books_report *report);

struct books_format;

// What reading works with.
struct books_reading {
    const struct books_format *format;
    struct span text;
    struct book_writer *writer;
    struct books_report *report;
    struct span country;         // whose column of several is wanted; empty: all, for counting
    struct span currency;        // of the book
    struct arena *arena;         // scratch
};

struct books_format {
    const char *name, *sentence;
    const char *country, *currency; // of its rates, when nobody says otherwise; NULL: must be said
    struct expression_dialect dialect;
    const char *language;        // of its labels; NULL: it has none
    const char *begins;          // with these bytes, after a byte order mark
    bool (*read)(struct books_reading *reading, struct error *err);
};

extern const struct books_format books_formats[];
extern const uint32_t books_formats_count;

// The format that the text begins as, or NULL.
const struct books_format *books_format_of(struct span text);

// Reads the whole text. False when nothing of it can be read, or the book is full.
MUST_CHECK bool books_read_text(struct books_reading *reading, struct error *err);

#endif
