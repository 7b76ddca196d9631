// books_read: the books of an administration from the texts of a folder (data/books/).
//
//   settings.csv   name, value: country, currency, random_per_million, worth_floor_minor,
//                  examine_score; and if they are not as here: duty_rounding (half-up; or down),
//                  charges (by-terms; or as-declared)
//   rates.csv      tariff/rates.h
//   schedule.csv   tariff/schedule.h
//   groups.csv     tariff/schedule.h
//   risk.rules     read by risk_rules_read (clearance/risk/rules.h), which stands above this floor
//
// Nothing is read from a disk here. The texts must be kept as long as the books. Errors name the
// file, the line and the column, and what to do.
#ifndef TW_TARIFF_BOOKS_READ_H
#define TW_TARIFF_BOOKS_READ_H

#include "tariff/books.h"

struct books_texts { struct span settings, rates, schedule, groups; };

// Sets all but `risk_rules` and `lot_key`, which are NULL and zero: the key is a secret of the
// office and stands in no book.
MUST_CHECK bool books_read(const struct books_texts *texts, struct arena *arena,
                           struct books *books, struct error *err);

#endif
