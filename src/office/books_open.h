// books_open: an administration's books with the officers' rules, from the texts of a folder.
//
// tariff/books_read.h reads all but the rules, which stand a floor above it.
#ifndef TW_OFFICE_BOOKS_OPEN_H
#define TW_OFFICE_BOOKS_OPEN_H

#include "tariff/books_read.h"

// The texts must be kept as long as the books. Errors name the file, the line and what to do.
MUST_CHECK bool books_open(const struct books_texts *texts, struct span rules, struct arena *arena,
                           struct books *books, struct error *err);

#endif
