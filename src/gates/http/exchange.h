// exchange: one request and its answer on a connection of libmicrohttpd, from the first line on.
//
//   LINE --headers--> BODY --whole--> ANSWERING --reply--> SENT
//     |                 |                 |  ^
//     +---- a reply ----+---> (early)     v  | request_go_on
//                                       WAITING
//
// Memory comes from a pool of requests, each with an arena of HTTP_REQUEST_ARENA bytes reserved.
#ifndef TW_GATES_HTTP_EXCHANGE_H
#define TW_GATES_HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "gates/http/clerks.h"
#include "gates/http/gate.h"
#include "gates/http/request.h"
#include "gates/http/watch.h"

struct exchanges;

struct exchange_surroundings {
    struct gate *gate;
    struct clerks *clerks;
    caller_finder find_caller;
    void *find_caller_context;
    uint64_t (*ticks_ns)(void);
    uint64_t chance;               // for the ids of requests
};

MUST_CHECK bool exchanges_open(struct exchanges **exchanges,
                               const struct exchange_surroundings *surroundings,
                               struct error *err);
void exchanges_close(struct exchanges *exchanges); // none is under way; also takes NULL

// libmicrohttpd's callbacks; `cls` is the struct exchanges.
void *exchange_line(void *cls, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result exchange_more(void *cls, struct MHD_Connection *mhd, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **own);
void exchange_over(void *cls, struct MHD_Connection *mhd, void **own,
                   enum MHD_RequestTerminationCode why);

#endif
