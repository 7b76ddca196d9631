// request: what was asked, as the functions of routes see it, and what is answered.
//
// A request lives from its first line until its answer is sent; its arena is reset then. A
// function of a route looks at the request and fills its reply, once. Where that takes waiting it
// must not wait in the event loop; there are two ways out of it:
//   - the row says ROUTE_WAITS (routes.h): the function is called by a clerk's thread and may take
//     its time: read files, send to the office, hash a password;
//   - the function calls request_wait, hands the request to somebody, and returns without a reply;
//     whoever has the answer calls request_go_on, from any thread; `then` is called in the loop.
//
// Problems are answered as RFC 9457 says, application/problem+json:
//   {"detail", ["column", "field", "hint", "line"], "instance", "status", "title", "type"} and what
// a route adds. `type` is "tag:tidewaiter.org,2026:problem:NAME".
#ifndef TW_GATES_HTTP_REQUEST_H
#define TW_GATES_HTTP_REQUEST_H

#include "base/json.h"
#include "gates/http/caller.h"
#include "gates/http/target.h"

enum { REPLY_HEADERS_MAX = 8 };

enum {
    REPLY_ENDS = -1,             // that was all
    REPLY_BREAKS = -2,           // there is more, and it is lost: the connection breaks off
};

struct reply_header { const char *name, *value; };

struct reply {
    unsigned status;             // 0: not answered yet
    const char *type;            // media type of the body
    struct span body;            // in the request's arena, or static
    struct reply_header headers[REPLY_HEADERS_MAX]; // beside those that every reply has
    uint32_t headers_count;
    bool cached;                 // has a Cache-Control of its own; else "no-store" is sent
    int file;                    // sent in place of the body when `file_size` is given; closed then
    uint64_t file_size;
    bool has_file;
    // A body that is made while it is sent: up to `size` bytes into `into`; 0: nothing now, and
    // request_wait was called; or one of the two below. Called in the loop.
    long (*next)(struct request *request, char *into, size_t size);
};

struct gate;
struct route;

struct request {
    struct gate *gate;           // what routes work with (gate.h)
    const struct route *route;   // NULL while none is found
    struct span method;          // "GET", also where HEAD was asked
    struct target target;
    struct span parameters[PARAMETERS_MAX]; // of the path
    struct span body;            // whole; empty for routes that take it in pieces
    struct arena *arena;
    struct caller caller;
    char id[24];                 // of this request, for logs and problems
    char address[48];            // whose; "127.0.0.1"
    struct reply reply;
    void *own;                   // the route's own, freed by `end`
    void (*end)(struct request *request); // called once the answer is sent, or will never be
    void (*then)(struct request *request);
    struct request *next;        // in whatever line it waits
    struct connection *connection; // the server's
};

// The value of a header, trimmed; empty when there is none. Headers that came more than once: the
// first.
struct span request_header(const struct request *request, const char *name);

// --- Waiting ---

void request_wait(struct request *request);      // in the loop, before it is handed to anybody
void request_go_on(struct request *request, void (*then)(struct request *request));

// --- Answering: each fills the reply; what does not fit the arena becomes a plain 500 ---

void reply_header(struct request *request, const char *name, const char *value);
void reply_json(struct request *request, unsigned status, const struct json_writer *w);
void reply_text(struct request *request, unsigned status, const char *type, struct span body);

// By the error's kind, as base/error.h says.
void reply_error(struct request *request, const struct error *err);

// A problem in pieces, for those that add members: problem_open writes all but what comes after,
// problem_close replies. `name` ends the type: "refused".
struct problem { unsigned status; const char *name, *title; };
struct json_writer problem_open(struct request *request, const struct problem *problem,
                                const struct error *err);
void problem_close(struct request *request, const struct problem *problem, struct json_writer *w);
void reply_problem(struct request *request, const struct problem *problem,
                   const struct error *err);
unsigned error_status(enum error_kind kind);

// The members of an error, for answers that carry one inside.
void write_error_members(struct json_writer *w, const struct error *err);

#endif
