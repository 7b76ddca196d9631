// origin_read: rules of origin from JSON of our own form (docs/origin.md describes each member).
//
//   { "format": "origin-rules-1", "schemes": [ { "code": "...", "rules": [
//       { "codes": "8528", "rule": "CTH and MAXNOM 50 % EXW", "words": "..." } ] } ] }
//
// All or nothing: a rule that cannot be read, or a member that is unknown, is an error with its
// line and column, and the book stays as it was.
#ifndef TW_TARIFF_ORIGIN_READ_H
#define TW_TARIFF_ORIGIN_READ_H

#include "base/json.h"
#include "tariff/origin.h"

#define ORIGIN_FORMAT "origin-rules-1"

// `text` (at most ORIGIN_TEXT_MAX bytes) must be kept as long as the book.
MUST_CHECK bool origin_read(struct span text, struct arena *arena, struct origin_book *book,
                            struct error *err);

const char *origin_cumulation_name(enum origin_cumulation_kind kind);
const char *origin_maker_name(enum origin_maker maker);

#endif
