// routes: everything that can be asked, as one table: method, path, who may, sentence, function.
//
// The rows stand with their area (declarations.c, ledger.c, operation.c ...), the list of areas in
// routes.c: add a file, add a line. From the table come dispatch, the OpenAPI document
// (openapi.h), the figures of /metrics and the tests that walk it.
#ifndef TW_GATES_HTTP_ROUTES_H
#define TW_GATES_HTTP_ROUTES_H

#include "base/schema.h"
#include "gates/http/request.h"

enum { ROUTES_MAX = 128, ROUTE_ANSWERS_MAX = 8, ROUTE_ASKED_MAX = 8, ROUTE_TYPES_MAX = 4 };

// Everybody, also who has not signed in.
#define ROLES_ANYBODY ((1u << ROLE_COUNT) - 1)
// Everybody who has.
#define ROLES_SIGNED_IN (ROLES_ANYBODY & ~role_bit(ROLE_NOBODY))
// Who sees declarations that are not his own.
#define ROLES_OFFICIAL                                                                          \
    (role_bit(ROLE_OFFICER) | role_bit(ROLE_SUPERVISOR) | role_bit(ROLE_ANALYST) |              \
     role_bit(ROLE_AUDITOR))

enum route_way {
    ROUTE_WAITS = 1,             // its function may wait: a clerk calls it (request.h)
};

// A header or a member of the query that a route looks at; in: "header" or "query"; name: "text",
// or with what it is (base/schema.h): "limit: whole".
struct route_asked { const char *in, *name, *sentence; };

// One of its answers. `schema`: what its body is made of, as base/schema.h says it; a line of it,
// or what stands in an event, for types that have many. NULL for what is not JSON. What any row may
// be answered (openapi.c) need not be said.
struct route_answer { unsigned status; const char *type, *schema, *sentence; };

// For routes that take their body in pieces while it comes. `begin` is called in place of the
// route's function, when the headers are there; a reply ends it. `take` may take less than all, or
// nothing, and calls request_wait then. The route's function is called when the body is whole.
struct route_pieces {
    void (*begin)(struct request *request);
    size_t (*take)(struct request *request, struct span piece);
};

struct route {
    const char *method, *path;   // "/api/v1/declarations/{ucr}/status"
    unsigned roles;              // bits of who may
    unsigned scope;              // what a token needs, of enum token_scope; 0: nothing
    const char *name;            // operationId: "lodgeDeclaration"
    const char *sentence;        // what it does
    const char *takes;           // schema of its body where that is JSON, or NULL
    const char *takes_types[ROUTE_TYPES_MAX];  // media types of it: others are 415
    struct route_asked asked[ROUTE_ASKED_MAX];
    struct route_answer answers[ROUTE_ANSWERS_MAX];
    void (*answer)(struct request *request);
    unsigned ways;               // of enum route_way
    size_t body_max;             // 0: HTTP_BODY_MAX where it takes one, else nothing
    const struct route_pieces *pieces;
};

struct route_area {
    const char *name, *sentence;
    const struct route *routes;
    uint32_t count;
    struct schemas schemas;      // what its rows alone send and take
};

#define ROUTE_AREA_WITH(area_name, area_sentence, rows, schemas) \
    { area_name, area_sentence, rows, sizeof(rows) / sizeof((rows)[0]), SCHEMAS(schemas) }
#define ROUTE_AREA(area_name, area_sentence, rows) \
    { area_name, area_sentence, rows, sizeof(rows) / sizeof((rows)[0]), { NULL, 0 } }

// All rows in order; NULL behind the last.
const struct route *route_at(uint32_t number);
uint32_t route_number(const struct route *route);
const struct route_area *route_area_at(uint32_t number);

// The row that a request is for; sets its parameters. Replies, and gives NULL, when there is none:
// 404, or 405 with Allow.
const struct route *route_find(struct request *request);

// May there be such a member in the body that a route takes? True where its schema says nothing of
// members.
bool route_takes(const struct route *route, struct span member);

// May the caller? Notes in the diary and replies when he may not: 401, or 403.
MUST_CHECK bool route_allows(const struct route *route, struct request *request);

extern const struct route_area declarations_area, desk_area, ledger_area, sign_in_area,
    lists_area, figures_area, files_area, officer_area, trader_area, notices_area, events_area,
    rules_area, users_area, own_account_area, webhooks_area, operation_area, pages_area;

#endif
