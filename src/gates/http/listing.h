// listing: what lists of files have in common: the query's members, and rows in pages.
//
// A page has up to `limit` rows. Where it ends before the list does, it says "next": a text that,
// sent as `cursor`, asks for what comes behind. A page may have fewer rows, even none, and a next:
// a request takes bounded time, however few files fit.
#ifndef TW_GATES_HTTP_LISTING_H
#define TW_GATES_HTTP_LISTING_H

#include "base/time.h"
#include "gates/http/gate.h"
#include "gates/http/request.h"

enum { LIST_MAX = VIEWS_PAGE_MAX, LIST_USUAL = 50 };

// As a row's `asked` has them.
#define LIST_ASKED                                                                              \
    { "query", "cursor", "what the page before said as its next" },                              \
    { "query", "limit: whole", "how many rows, 1 to 200 (50)" }

// A member of the query, trimmed; empty when it is absent.
MUST_CHECK bool listing_text(struct request *request, const char *name, struct span *text,
                             struct error *err);
MUST_CHECK bool listing_limit(struct request *request, uint32_t *limit, struct error *err);
MUST_CHECK bool listing_date(struct request *request, const char *name, struct date *date,
                             struct error *err);
// The bit of a file's state; 0 when it is absent.
MUST_CHECK bool listing_state(struct request *request, uint32_t *states, struct error *err);

// "rows" and, where there is more, "next", with `before` in front of the views' cursor.
void listing_rows(struct json_writer *w, const struct views_page *page, const char *before,
                  enum role role);

// "names": [...]
void listing_names(struct json_writer *w, const char *key, const struct span *names,
                   uint32_t count);

#endif
