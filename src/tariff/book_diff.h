// book_diff: what changed from one book to another.
//
// Two measures are the same when code, type, kind, origin (a group by its name), preference,
// exclusions, document, additional code and quota are; what they then say, rate and days, may have
// changed. Where one book has several of the same for different days they are held against each
// other in order of their days.
#ifndef TW_TARIFF_BOOK_DIFF_H
#define TW_TARIFF_BOOK_DIFF_H

#include "tariff/book.h"

enum book_change { BOOK_ADDED, BOOK_REMOVED, BOOK_CHANGED };

struct book_difference {
    enum book_change change;
    const struct book_line *line_before, *line_after;          // of a line; or
    const struct book_measure *measure_before, *measure_after; // of a measure
};

// Calls `tell` for each difference, lines first, in order of codes. Memory for both books' keys is
// taken from the arena while it works: some 100 bytes for each line and measure; `tell` may take
// from it, too.
MUST_CHECK bool book_diff(const struct book *before, const struct book *after, struct arena *arena,
                          void (*tell)(void *context, const struct book_difference *difference),
                          void *context, struct error *err);

#endif
