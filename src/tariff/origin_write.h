// origin_write: rules of origin as JSON of our own form, which origin_read reads as the same book.
#ifndef TW_TARIFF_ORIGIN_WRITE_H
#define TW_TARIFF_ORIGIN_WRITE_H

#include "base/json.h"
#include "tariff/origin.h"

// All schemes of the book. ERROR_TOO_LARGE when they do not fit the arena.
MUST_CHECK bool origin_write(const struct origin_book *book, struct arena *arena,
                             struct span *written, struct error *err);

#endif
