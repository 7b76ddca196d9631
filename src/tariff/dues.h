// dues: what is owed on goods by a book: which measures apply, which were set aside and what they
// would need, in the order in which taxes are worked out.
//
// Of the measures for this code, origin and day (book_measures) one stands for each type and kind:
// that of the longest digits, among those of a country before those of a group before those for
// all, then that of the longest preference. Of the kinds that lay down the rate itself (duty,
// preference, quota, suspension) the lowest that the goods may have is owed; what is claimed, and
// which documents are shown, decides what they may have. All others come on top. A licence or a
// prohibition owes nothing: it is listed, with the document that satisfies it.
//
// Each line is rounded half up to the minor unit; later bases count rounded amounts: customs duties
// on the customs value, excises on that and the customs duties, value added tax on all of it and
// the way inside (for the order see Council Directive 2006/112/EC, articles 85 and 86).
#ifndef TW_TARIFF_DUE_H
#define TW_TARIFF_DUE_H

#include "tariff/book.h"
#include "tariff/expression.h"

enum { DUES_MAX = 64 };

struct goods {
    struct span code, origin;
    struct date day;
    struct money value;                 // customs value, in the book's currency
    struct money inland;                // the way inside, on which value added tax is counted, too
    struct span regime;                 // preference that is claimed; empty is 100: none
    struct span additional;             // code: whose goods they are, or what is special; or empty
    struct span quota;                  // order number that is claimed; or empty
    const struct span *documents;       // codes of what is shown
    uint32_t documents_count;
    const struct expression_quantity *quantities;
    const struct expression_part *parts;
    const struct expression_parameter *parameters;
    uint32_t quantities_count, parts_count, parameters_count;
    const struct rates *rates;
};

enum due_standing {
    DUE_OWED,                 // it counts
    DUE_HIGHER,               // another of the same type is lower, and is owed
    DUE_UNCLAIMED,            // a preference or quota that nobody claims
    DUE_UNDOCUMENTED,         // its document is not shown
    DUE_OTHERS,               // of goods with another additional code
    DUE_SATISFIED,            // a licence whose document is shown
    DUE_FORBIDS,              // a prohibition, or a licence whose document is not shown
};

const char *due_standing_name(enum due_standing standing);

struct due {
    const struct book_measure *measure;
    const struct book_type *type;
    enum due_standing standing;
    struct money base;                 // on which it is counted
    struct expression_result *result;  // verdict, total, lines, what is missing; NULL: no rate
};

struct dues {
    struct due *at;              // by type; of a type what is owed first
    uint32_t count;
    struct money total;          // of what is owed, as far as it is known
    bool known;                  // false: something that is owed cannot be worked out
    bool has_duty;               // false: no duty for everybody is laid down for this code; nothing
                                 // in a book is not the same as a rate of nothing: not known
    bool forbidden;              // something forbids it
};

// In the arena. ERROR_TOO_LARGE for amounts beyond 63 bits.
MUST_CHECK bool dues_work_out(const struct book *book, const struct goods *goods,
                              struct arena *arena, struct dues *dues, struct error *err);

#endif
