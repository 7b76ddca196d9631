// verify_inside: what the files of the verification share: one item on its way.
#ifndef TW_CLEARANCE_DUTY_VERIFY_INSIDE_H
#define TW_CLEARANCE_DUTY_VERIFY_INSIDE_H

#include "clearance/duty/levy.h"
#include "clearance/duty/verify.h"

// A line, and what others ask about it.
struct checking {
    struct verified_line line;
    enum levy levy;
    struct money counted;        // in later bases
    struct money relieved;       // what a relief took off, where that is recorded
    bool suspended;
};

// A sum of lines, and how far it could be worked out: as far as the least of them.
struct base_sum {
    struct money amount;
    enum verify_source source;
    struct text stated;          // the types of lines that are only stated: "633, A50"
};

struct verifying {
    const struct verify_question *question;
    struct arena *arena;
    struct span currency;
    struct number sequence;
    const struct item *item;     // NULL: not in the declaration
    struct money value, inland;  // without a currency: not known
    enum verify_reason why;      // the value is not known
    struct checking *checks;
    uint32_t count;
    bool full;                   // the arena: asked once, at the end
};

// The result of a line whose figures are the same.
static inline enum verify_result verify_found_equal(enum verify_source source)
{
    return source == VERIFY_FROM_DECLARATION ? VERIFY_EQUAL : VERIFY_FITS;
}

// --- What is said of a line (verify_say.c) ---

// Adds a reason; `format` says its figures, NULL for none.
void verify_say(struct verifying *v, struct checking *check, enum verify_reason reason,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
static inline bool verify_says(const struct checking *check, enum verify_reason reason)
{
    return (check->line.reasons >> reason & 1) != 0;
}

// "1234.50 GBP", in the arena.
const char *verify_words(struct verifying *v, struct money amount);

// --- Lines that record what others say (verify_record.c) ---

void verify_records(struct verifying *v);

#endif
