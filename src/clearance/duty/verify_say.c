#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "clearance/duty/verify_inside.h"

static const char *const source_names[VERIFY_SOURCES] = {
    "not computable", "from the stated base", "from stated amounts", "from the declaration",
};

static const struct { const char *name, *sentence; } reasons[VERIFY_REASONS] = {
    [VERIFY_NO_DECLARATION] = { "no-declaration", "there is no declaration to work it out from" },
    [VERIFY_OTHER_DECLARATION] = { "other-declaration",
                                   "the notification is about another declaration" },
    [VERIFY_CHANGED] = { "changed", "the declaration was amended since, by what is not here" },
    [VERIFY_NO_ITEM] = { "no-item", "the declaration has no such item" },
    [VERIFY_NO_VALUE] = { "no-value", "the declaration's figures give no value of the item" },
    [VERIFY_UNIT_PRICE] = { "unit-price", "the item is valued by published unit prices" },
    [VERIFY_NO_QUANTITY] = { "no-quantity", "the declaration has no such quantity" },
    [VERIFY_NO_RATE] = { "no-rate", "an amount is stated without base or rate" },
    [VERIFY_NO_AMOUNT] = { "no-amount", "no amount is stated that could be compared" },
    [VERIFY_RECORDED] = { "recorded", "the line records an amount that no other line explains" },
    [VERIFY_COUNTS_STATED] = { "counts-stated", "the base counts amounts that are only stated" },
    [VERIFY_TAKES_STATED] = { "takes-stated", "a stated deduction is taken off" },
    [VERIFY_OTHER_BASE] = { "other-base", "the stated base is another" },
    [VERIFY_OTHER_AMOUNT] = { "other-amount", "the stated amount is another" },
    [VERIFY_RATE_CUT] = { "rate-cut", "it may be by a rate of more decimals than is stated" },
    [VERIFY_OTHER_PAYABLE] = { "other-payable", "what is to be paid of it is another amount" },
    [VERIFY_ROUNDED_DOWN] = { "rounded-down", "rounded down" },
    [VERIFY_RELIEVED] = { "relieved", "relieved" },
    [VERIFY_SUSPENDED] = { "suspended", "worked out and not payable" },
    [VERIFY_POSTPONED] = { "postponed", "not payable now: it goes into the importer's return" },
    [VERIFY_DECLARED] = { "declared", "the declarant worked it out himself" },
};

const char *verify_source_name(enum verify_source source)
{
    return source_names[source];
}

const char *verify_result_name(enum verify_result result)
{
    static const char *const names[] = { "cannot tell", "differs", "fits", "equal" };
    return names[result];
}

const char *verify_reason_name(enum verify_reason reason)
{
    return reasons[reason].name;
}

const char *verify_reason_sentence(enum verify_reason reason)
{
    return reasons[reason].sentence;
}

void verify_say(struct verifying *v, struct checking *check, enum verify_reason reason,
                const char *format, ...)
{
    char figures[256] = "";
    va_list args;
    if (format != NULL) {
        va_start(args, format);
        vsnprintf(figures, sizeof(figures), format, args);
        va_end(args);
    }
    struct text text = text_in(v->arena, 96);
    text_add(&text, check->line.text);
    if (check->line.text.len > 0) text_add(&text, SPAN("; "));
    text_add(&text, span_of(reasons[reason].sentence));
    if (figures[0] != '\0') text_add(&text, SPAN(": "));
    text_add(&text, span_of(figures));
    v->full = v->full || text.full;
    check->line.text = text_span(&text);
    check->line.reasons |= 1U << reason;
}

const char *verify_words(struct verifying *v, struct money amount)
{
    struct text text = text_in(v->arena, 32);
    money_write(&text, amount);
    v->full = v->full || text.full;
    return text.full ? "" : text_span(&text).at; // texts end in a NUL
}
