// error: why one thing could not be done, where in the text, and what to do about it.
//
// A fallible function returns bool and takes `struct error *err` last: untouched on true, filled
// exactly once on false, passed up untouched. The kind says what the caller can do.
// (A *finding* is something else: which rule a declaration breaks; see clearance/finding.h.)
#ifndef TW_BASE_ERROR_H
#define TW_BASE_ERROR_H

#include "base/span.h"

enum error_kind {      // what the caller can do about it
    ERROR_NONE,
    ERROR_SYNTAX,      // the sender must change the message     -> HTTP 400
    ERROR_TOO_LARGE,   // the sender must send less              -> HTTP 413
    ERROR_NOT_FOUND,   // the sender asked for a thing we lack   -> HTTP 404
    ERROR_CONFLICT,    // the sender must reread and try again   -> HTTP 409
    ERROR_UNAVAILABLE, // we may manage later                    -> HTTP 503
    ERROR_DAMAGED,     // what we keep does not add up           -> HTTP 500
};

struct error {
    enum error_kind kind;
    unsigned line, column; // 1-based; column counts bytes; 0 when the trouble has no place
    char field[96];        // path of the field, like items[2].origin; empty when unknown
    char text[200];        // what happened: lower case, no full stop
    char hint[200];        // what to do: a whole sentence. Empty when unknown.
};

// These always return false, so that one line both says why and leaves. A NULL `err` is allowed.
// Text that does not fit is cut at a character's border.
bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// ERROR_SYNTAX at the place of `at` in `text`: line and column are worked out here.
bool error_at(struct error *err, struct span text, const char *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Adds what to do. Returns false.
bool error_hint(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Says which field an error set before is about. Returns false.
bool error_field(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

// The word for a kind: "syntax", "too-large", "not-found", ...
const char *error_kind_name(enum error_kind kind);

#endif
