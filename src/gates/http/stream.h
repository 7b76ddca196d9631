// stream: many declarations in one request: NDJSON in, an answer line for each out, in order.
//
// Lines are cut as they come and go to the office in blocks of up to LOAD_COUNT_MAX lines or
// STREAM_BLOCK_BYTES; a stream has STREAM_BLOCKS of them and, while all are under way, takes
// nothing more from the network: memory is bounded whatever is sent. Answer lines are written when
// their declaration is durable, to a file without a name in the store's folder, and sent from
// there.
//
// They are sent when the body has ended, then as they come. HTTP/1.1 clients do not read while they
// send, and one that is answered meanwhile stands still as soon as the network's buffers are full;
// who wants answers early sends less at once. Whoever breaks off in the middle sends all of it
// again: what was kept is answered "repeated".
#ifndef TW_GATES_HTTP_STREAM_H
#define TW_GATES_HTTP_STREAM_H

#include "gates/http/routes.h"

enum {
    STREAM_BLOCKS = 4,
    STREAM_BLOCK_BYTES = 1024 * 1024, // a line that begins below may end above
};

extern const struct route_pieces stream_pieces;

void stream_answer(struct request *request);

#endif
