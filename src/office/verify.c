#include "office/verify.h"

#include "clearance/value/value.h"
#include "consignment/codes.h"

// The rate that the declaration states, as a book of its own, in force ever since.
static bool rates_of_declaration(const struct declaration *declaration, struct arena *arena,
                                 struct rates *rates, struct error *err)
{
    struct text text = text_in(arena, 96);
    text_add(&text, SPAN("date_from,currency,rate\n"));
    if (declaration->exchange_rate.given && decimal_sign(declaration->exchange_rate) > 0 &&
        currency_known(declaration->invoice_amount.currency)) {
        text_add(&text, SPAN("1900-01-01,"));
        text_add(&text, declaration->invoice_amount.currency);
        text_add_char(&text, ',');
        decimal_write(&text, declaration->exchange_rate);
        text_add_char(&text, '\n');
    }
    if (text.full) return error_set(err, ERROR_TOO_LARGE, "the rates do not fit into memory");
    return rates_read(text_span(&text), arena, rates, err);
}

// Books in that currency: its rates, or the declaration's.
static bool find_books(const struct verify_asked *asked, struct span currency, struct arena *arena,
                       struct books *books, struct rates *rates, struct error *err)
{
    *books = (struct books){ .rates = rates, .charges_as_declared = true };
    memcpy(books->currency, currency.at, 3);
    if (!rates_of_declaration(asked->declaration, arena, rates, err)) return false;
    if (rates->count == 0 && asked->books != NULL &&
        span_equal(span_of(asked->books->currency), currency))
        books->rates = asked->books->rates;
    return true;
}

bool office_verify(const struct verify_asked *asked, struct arena *arena,
                   struct verified *verified, struct error *err)
{
    struct books books;
    struct rates rates = { 0 };
    struct span currency = notification_currency(asked->notification);
    struct verify_question question = {
        .notification = asked->notification,
        .other_references = asked->other_references,
        .changed = asked->changed,
        .round_half_up = asked->round_half_up,
    };
    if (asked->declaration != NULL && currency_known(currency)) {
        struct clearance clearance = { .books = &books, .arena = arena,
                                       .now_ms = asked->notification->issued_at.at_ms };
        if (!find_books(asked, currency, arena, &books, &rates, err) ||
            !value_items(&clearance, asked->declaration, err))
            return false;
        question.declaration = asked->declaration;
        question.values = clearance.item_values;
        question.inland = clearance.item_inland;
    }
    return verify_notification(&question, arena, verified, err);
}
