// valuing: one run of the value step, shared by the files of this folder.
//
// value.c opens it and makes the fact of it, basis.c finds what each item's value starts from,
// counting.c adds and takes off charges. Nothing here fails one by one: a full arena is remembered
// in `full` and asked for once, what cannot be worked out goes to `missing`.
#ifndef TW_CLEARANCE_VALUE_VALUING_H
#define TW_CLEARANCE_VALUE_VALUING_H

#include "clearance/clearance.h"
#include "clearance/item.h"
#include "clearance/value/terms.h"
#include "consignment/fact_body.h"

enum basis {
    BASIS_NONE,
    BASIS_PRICE,
    BASIS_DECLARED,              // a value that is whole as it was declared: nothing is added
};

// One item on its way to its value.
struct part {
    const struct item *item;
    uint32_t number;
    enum direction direction;
    enum basis basis;
    bool waits;                  // for a share of the invoice
    int64_t weight;              // in it
    int64_t price_minor;         // the first line: what charges are shared out by
    int64_t value_minor, inland_minor;
    struct value_line *lines;
    uint32_t lines_count, lines_max;
};

struct valuing {
    struct clearance *clearance;
    const struct declaration *declaration;
    const struct books *books;
    struct span currency;        // the books'
    struct date day;             // of the exchange rates
    struct terms terms;
    struct part *parts;          // one of each item
    uint32_t parts_count;
    struct span *missing;
    uint32_t missing_count, missing_max;
    bool full;                   // the arena: asked once, at the end
};

// The basis of each item, as its first line (basis.c).
void find_bases(struct valuing *v);

// Freight, insurance and charges, of the items and of the whole, as further lines (counting.c).
void count_charges(struct valuing *v);

// --- What these two say and count with (valuing.c) ---

// A text that will be a line's, a note's or what is missing.
struct text text_begin(const struct valuing *v);
struct span text_end(struct valuing *v, const struct text *text);

// " 1000.00 USD at 0.92 EUR (2026-01-01)"; without the rate when there is none.
void text_add_amount(const struct valuing *v, struct text *text, struct decimal value,
                     struct span currency, const struct rate *rate);

// "item 2: what: why"; about the whole consignment without a part.
void miss(struct valuing *v, const struct part *part, struct span what, struct span why);

// Into the books' currency; false when that cannot be done, which is then missing.
MUST_CHECK bool convert(struct valuing *v, const struct part *part, struct span what,
                        const struct amount *amount, struct conversion *conversion);

struct money money_here(const struct valuing *v, int64_t minor);

// "rounded half up", or nothing where the amount stayed what it was.
struct span rounding_of(const struct amount *amount, const struct conversion *conversion);

// The share between two points of a scale from 0 to `whole`: shares of neighbours add up.
int64_t share_between(const struct valuing *v, int64_t minor, int64_t from, int64_t to,
                      int64_t whole);

void add_line(const struct valuing *v, struct part *part, int64_t minor, const struct rate *rate,
              struct span text, struct span note);

#endif
