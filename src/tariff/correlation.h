// correlation: what became of a code from one edition of a nomenclature to another.
//
// The text is CSV as the United Nations' Statistics Division publishes it for the Harmonized
// System. In front may stand remarks, and a line that begins with "Between". The header names two
// editions, each ending in its year ("HS2022", "From HS2022"), and perhaps a third column,
// Relationship. A row is a code of the one and a code of the other, 2 to 12 digits each, and how
// many of the first column stand against how many of the second: 1:1, 1:n, n:1, n:n. The newer
// edition may be in either column. The order of rows is free; no pair stands twice.
//
// What is read is what somebody laid down: a pair says that some goods went that way, not how many.
// Where the column Relationship is there it must agree with the rows, or else rows are missing.
// Once read, a correlation never changes and may be shared by threads.
#ifndef TW_TARIFF_CORRELATION_H
#define TW_TARIFF_CORRELATION_H

#include "base/arena.h"
#include "tariff/version.h"

enum correlation_kind { // of a pair, from the older edition to the newer
    CORRELATION_UNKNOWN,
    CORRELATION_SAME,   // 1:1 both codes stand in no other pair
    CORRELATION_SPLIT,  // the older code became several; the newer has no other source
    CORRELATION_MERGED, // the older code became one, which has other sources
    CORRELATION_MIXED,  // the older code became several, and the newer has other sources
};

struct correlation_pair {
    struct span older, newer;   // codes
    enum correlation_kind kind; // by the rows
    uint32_t line;              // of the text
};

struct correlation {
    struct span older, newer;         // the editions' names: "HS2017", "HS2022"
    struct correlation_pair *forward; // by older code, then newer
    struct correlation_pair *back;    // by newer code, then older
    uint32_t count;
    bool stated;                      // the text has the column Relationship
    struct version version;
};

// The text must be kept as long as the correlation. At most CORRELATION_ROWS_MAX rows. Errors name
// line and column.
MUST_CHECK bool correlation_read(struct span text, struct arena *arena,
                                 struct correlation *correlation, struct error *err);

struct correlation_pairs {
    const struct correlation_pair *at;
    uint32_t count;
};

// What a code of the older edition became, in order; where one of the newer came from. None when
// the table does not have the code. A search: some hundred nanoseconds.
struct correlation_pairs correlation_successors(const struct correlation *correlation,
                                                struct span older);
struct correlation_pairs correlation_sources(const struct correlation *correlation,
                                             struct span newer);

// "same", "split", "merged", "mixed"; "unknown".
const char *correlation_kind_name(enum correlation_kind kind);

#endif
