// exchange_inside: what exchange.c and arrival.c share: a request's place on its connection.
#ifndef TW_GATES_HTTP_EXCHANGE_INSIDE_H
#define TW_GATES_HTTP_EXCHANGE_INSIDE_H

#include <pthread.h>

#include "gates/http/exchange.h"

enum { SWALLOW_MAX = 64 * KIB }; // of a refused body is read, so that the connection can go on

enum place { AT_LINE, AT_BODY, AT_ANSWER, AT_SENT };

// What the server keeps of a request beside what routes see.
struct connection {
    struct request request;      // first: a request is its connection
    struct exchanges *exchanges;
    struct MHD_Connection *mhd;
    struct watched *watched;
    struct arena arena;
    enum place place;
    bool head;                   // HEAD: the body is not sent
    bool last;                   // the connection ends with it
    bool waiting;
    char *body;
    size_t body_size, body_max;  // room, limit
    size_t charged;              // of HTTP_BODIES_MAX
    size_t moved;                // bytes since the watch was set
    uint64_t began_ns;
};

struct exchanges {
    struct exchange_surroundings around;
    pthread_mutex_t lock;
    struct connection *spare;    // by request.next
    uint32_t spare_count;
    _Atomic uint64_t number;
    _Atomic size_t bodies;       // bytes of all requests' bodies
};

// Everything that can be said from the headers alone. False: replied.
MUST_CHECK bool arrival_begin(struct connection *connection, const char *method);

// How much of a piece of the body was taken: all, unless the request waits.
size_t arrival_take(struct connection *connection, struct span piece);

#endif
