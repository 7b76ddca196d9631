// sheet: a book's CSV text: remarks on top, columns by name, errors that say where.
//
// Lines that begin with '#' before the header row are remarks for people. All columns asked for
// must be there, in any order, and no others: a misspelt column must not be passed over in silence.
// Only one whose name is asked for with a '?' in front may be missing; its fields are empty then.
// Between two rows the caller takes nothing from the arena: a row that only points into the text
// gives its memory back when the next one is read. Fields are good as long as the text and the
// arena.
#ifndef TW_TARIFF_SHEET_H
#define TW_TARIFF_SHEET_H

#include "base/csv.h"
#include "base/decimal.h"
#include "base/time.h"

enum { SHEET_COLUMNS_MAX = 16, SHEET_COLUMN_MISSING = 255 };

struct sheet {
    const char *name;    // "rates.csv", for messages
    struct span text;
    unsigned remarks;    // lines
    const char *const *columns;
    uint32_t columns_count;
    uint8_t place[SHEET_COLUMNS_MAX]; // of each column in a row, or SHEET_COLUMN_MISSING
    struct csv csv;
    struct csv_row row;
    struct arena *arena;
    size_t mark;         // of the arena in front of the row
};

MUST_CHECK bool sheet_open(struct sheet *sheet, const char *name, struct span text,
                           const char *const *columns, uint32_t columns_count, struct arena *arena,
                           struct error *err);
MUST_CHECK bool sheet_next(struct sheet *sheet, bool *found, struct error *err);

// At most as many rows as the text has line ends.
size_t sheet_rows_max(struct span text);

// A field of the row, without blanks around it; and read as a date, a number, a code of capital
// letters. An empty date is not given.
struct span sheet_field(const struct sheet *sheet, uint32_t column);
MUST_CHECK bool sheet_date(const struct sheet *sheet, uint32_t column, struct date *date,
                           struct error *err);
MUST_CHECK bool sheet_decimal(const struct sheet *sheet, uint32_t column, struct decimal *value,
                              struct error *err);

// Returns false; the place is that of the field.
bool sheet_error(const struct sheet *sheet, uint32_t column, struct error *err, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));

#endif
