// csv: RFC 4180 rows from a text, with a header row that names the columns.
//
// The mark between fields (comma, semicolon, tab, bar) is told or found from the header row. Quoted
// fields may hold marks, line ends and doubled quotes; CRLF and LF both end a row; a UTF-8 byte
// order mark in front is passed over; text must be UTF-8. Fields are views into the text, but for
// those with doubled quotes. A row is at most CSV_ROW_MAX bytes and CSV_COLUMNS_MAX fields.
#ifndef TW_BASE_CSV_H
#define TW_BASE_CSV_H

#include "base/arena.h"

struct csv {
    struct span rest;  // what has not been read
    char mark;
    unsigned line;     // of the row read last, 1-based, in the whole file
    uint32_t columns;  // of the header; every row must have as many
    struct span *names; // of the header, in the arena given to csv_open
    unsigned line_next; // where `rest` begins
};

struct csv_row {
    struct span *fields;
    uint32_t count;
};

// Reads the header. mark 0: find out; else one of the four. Column names must be non-empty and
// different.
MUST_CHECK bool csv_open(struct csv *csv, struct span text, char mark, struct arena *arena,
                         struct error *err);

// The next row, in the arena; `*found` false at the end. Blank lines are passed over. After an
// error (line, column, what) the reader stands behind the broken row and can go on; behind a quote
// that is never closed it goes on with the next line.
MUST_CHECK bool csv_next(struct csv *csv, struct arena *arena, struct csv_row *row, bool *found,
                         struct error *err);

// The length of the first whole row in `text` including its line end (quotes are respected), 0 when
// it holds none: for cutting a large file into pieces.
size_t csv_row_length(struct span text);

// The same of a text that nothing follows, as csv_next reads it: the last row needs no line end,
// and where a quote is never closed the row is the one line it begins on, so that the rows behind
// it can still be read.
size_t csv_row_extent(struct span text);

#endif
