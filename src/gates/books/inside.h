// inside: what the readers of official files share.
#ifndef TW_GATES_BOOKS_INSIDE_H
#define TW_GATES_BOOKS_INSIDE_H

#include "base/csv.h"
#include "gates/books/books.h"

// --- Tables: CSV of which some columns are wanted ---

enum { TABLE_COLUMNS_MAX = 16 };

struct table {
    struct csv csv;
    struct csv_row row;
    const char *const *names;
    uint32_t place[TABLE_COLUMNS_MAX];
    size_t mark;
};

// Finds the named columns, `count` of them, whose list must outlive the table; others are passed
// over. ERROR_SYNTAX when one is not there, but for those whose name begins with '?': their fields
// are empty then.
MUST_CHECK bool table_open(struct table *table, struct books_reading *reading,
                           const char *const *names, uint32_t count, struct error *err);

// The next row that can be read; those that cannot are flaws of the report. Counts rows.
bool table_next(struct table *table, struct books_reading *reading);
struct span table_field(const struct table *table, uint32_t column); // without blanks around it

// A field as a date, not given when it is empty; false (a flaw) when it is none.
bool table_date(const struct table *table, struct books_reading *reading, uint32_t column,
                struct date *date);

// --- Rows of the book ---

// The column of the report of that name, made when it is new.
struct books_column *report_column(struct books_report *report, const char *name);

void note_flaw(struct books_reading *reading, unsigned line, const char *column,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

// Adds it, and counts; what is wrong with it becomes a flaw.
void take_line(struct books_reading *reading, const struct line_row *row);
void take_measure(struct books_reading *reading, const char *column,
                 const struct measure_row *row);

// The readers.
bool books_read_us(struct books_reading *reading, struct error *err);
bool books_read_uk(struct books_reading *reading, struct error *err);
bool books_read_eaeu(struct books_reading *reading, struct error *err);
bool books_read_cn(struct books_reading *reading, struct error *err);
bool books_read_hs_list(struct books_reading *reading, struct error *err);
bool books_read_vat(struct books_reading *reading, struct error *err);
bool books_read_monthly(struct books_reading *reading, struct error *err);
bool books_read_rates(struct books_reading *reading, struct error *err);
bool books_read_plain(struct books_reading *reading, struct error *err);
bool books_read_plain_groups(struct books_reading *reading, struct error *err);
bool books_read_plain_lines(struct books_reading *reading, struct error *err);

#endif
