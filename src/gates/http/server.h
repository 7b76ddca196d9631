// server: HTTP/1.1 on libmicrohttpd: event loops, limits, and an orderly end.
//
// What is held, whatever comes in:
//   - the loops (`threads` of them, epoll) never wait: what takes time is suspended (request.h);
//   - head, path and body have limits (limits.h), so have the connections, the bodies of all
//     requests together, and the time that each may take (watch.h);
//   - a request whose length can be read in two ways (Content-Length twice, or beside
//     Transfer-Encoding, or a coding other than "chunked") gets 400 and its connection ends:
//     nothing is smuggled behind it;
//   - without TLS it listens on this machine alone, unless somebody declares that TLS stands in
//     front (`behind_tls`).
//
// Closing drains: no new connections, requests that come on old ones get 503, those under way are
// answered, within DRAIN_MS.
#ifndef TW_GATES_HTTP_SERVER_H
#define TW_GATES_HTTP_SERVER_H

#include "gates/http/gate.h"
#include "gates/http/caller.h"

enum { SERVER_DRAIN_MS = 30 * 1000 };

struct server_settings {
    const char *listen;            // "127.0.0.1:8080", "[::1]:0"; port 0: any that is free
    bool behind_tls;
    unsigned threads;              // of event loops; 0: 2
    unsigned connections_max;      // 0: HTTP_CONNECTIONS_MAX
    unsigned connections_per_address; // 0: no limit; behind a proxy all come from one address
    struct office *office;         // outlives the server
    const char *store, *pages;     // as in struct gate
    struct door *door;             // these two outlive the server
    struct news *news;
    struct hooks *hooks;           // as in struct gate; outlives the server
    caller_finder find_caller;     // NULL: everybody is nobody
    void *find_caller_context;
    int64_t (*now_ms)(void);       // the wall clock
    uint64_t (*ticks_ns)(void);    // a steady one
    void (*random)(void *bytes, size_t size);
};

struct server;

MUST_CHECK bool server_open(struct server **server, const struct server_settings *settings,
                            struct error *err);
void server_close(struct server *server); // also takes NULL

// "127.0.0.1:43210", good until it is closed.
const char *server_address(const struct server *server);

#endif
