// watch: nobody holds a connection by being slow.
//
// libmicrohttpd ends connections on which nothing moves; who sends a byte now and then is not
// ended by that. Here each connection has a moment by which it must have come further: headers
// whole, body whole at WATCH_BYTES_PER_S, answer taken. Past it the socket is shut down, and the
// library sees it end. A connection that waits for us has no such moment.
//
// An end of the other side that came along with its last bytes is not seen by the library (0.9.75
// with epoll) until its own time-out; here it is, in a second, while bytes are expected.
#ifndef TW_GATES_HTTP_WATCH_H
#define TW_GATES_HTTP_WATCH_H

#include "base/error.h"

enum {
    WATCH_HEAD_MS = 15 * 1000,       // from the connection to its first request's headers
    WATCH_IDLE_MS = 75 * 1000,       // from an answer to the next request's headers
    WATCH_BODY_MS = 20 * 1000,       // to begin with, for body and answer
    WATCH_BYTES_PER_S = 16 * 1024,
};

struct watch;

struct watched {
    int socket;
    _Atomic int64_t until_ms;        // of the steady clock; 0: it waits for us
    _Atomic bool hears;              // bytes are expected from the other side
    bool ended;                      // its end was seen once
    struct watched *before, *after;
};

MUST_CHECK bool watch_open(struct watch **watch, struct error *err);
void watch_close(struct watch *watch); // also takes NULL

struct watched *watch_add(struct watch *watch, int socket); // NULL: no memory
void watch_remove(struct watch *watch, struct watched *watched); // before the socket is closed
void watch_for(struct watched *watched, int64_t ms);  // from now on
void watch_pause(struct watched *watched);
void watch_hears(struct watched *watched, bool hears); // true at first

// Shuts down all that are there.
void watch_end_all(struct watch *watch);

#endif
