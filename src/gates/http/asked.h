// asked: the members of a request's JSON body. Each reader says with field, line and column what it
// expected: ERROR_SYNTAX.
#ifndef TW_GATES_HTTP_ASKED_H
#define TW_GATES_HTTP_ASKED_H

#include "base/money.h"
#include "gates/http/request.h"

enum { ASKED_TEXT_MAX = 2000 };

struct asked { struct request *request; struct json json; };

// The body is an object, with members that the route's schema has and no others; one that is empty
// is an object without members.
MUST_CHECK bool asked_read(struct asked *asked, struct request *request, struct error *err);

// At most ASKED_TEXT_MAX bytes; empty when it is absent and not needed.
MUST_CHECK bool asked_text(const struct asked *asked, const char *key, bool needed,
                           struct span *text, struct error *err);
// Needed, and of at most `len_max` bytes.
MUST_CHECK bool asked_long_text(const struct asked *asked, const char *key, size_t len_max,
                                struct span *text, struct error *err);
MUST_CHECK bool asked_number(const struct asked *asked, const char *key, uint32_t otherwise,
                             uint32_t *number, struct error *err);
MUST_CHECK bool asked_truth(const struct asked *asked, const char *key, bool *truth,
                            struct error *err); // false when it is absent
// Bytes in base64url, at most `size_max`; needed.
MUST_CHECK bool asked_bytes(const struct asked *asked, const char *key, size_t size_max,
                            struct span *bytes, struct error *err);
// A list of texts; none when it is absent.
MUST_CHECK bool asked_texts(const struct asked *asked, const char *key, struct span *texts,
                            uint32_t texts_max, uint32_t *count, struct error *err);
// {"currency":"EUR","value":"70.00"}, not negative; of no currency when it is absent.
MUST_CHECK bool asked_money(const struct asked *asked, const char *key, struct money *money,
                            struct error *err);

#endif
