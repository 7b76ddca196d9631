// clerks: a few threads that call the functions of routes which may wait (ROUTE_WAITS).
#ifndef TW_GATES_HTTP_CLERKS_H
#define TW_GATES_HTTP_CLERKS_H

#include "gates/http/request.h"

enum { CLERKS = 4 };

struct clerks;

MUST_CHECK bool clerks_open(struct clerks **clerks, struct error *err);
void clerks_close(struct clerks *clerks); // after what was given is done; also takes NULL

// The request waits (request_wait was called); its route's function is called by a clerk, and it
// goes on with its reply.
void clerks_give(struct clerks *clerks, struct request *request);

#endif
