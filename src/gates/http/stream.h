// stream: many declarations in one request: NDJSON in, an answer line for each out, in order.
//
// Lines are cut as they come and go to the office in blocks of up to LOAD_COUNT_MAX lines or
// STREAM_BLOCK_BYTES, sooner when none is under way; a stream has STREAM_BLOCKS of them and, while
// all are under way, takes nothing more from the network: memory is bounded whatever is sent.
// Answer lines are written when their declaration is durable (answers.h).
//
// The request that sends is answered when its body has ended: HTTP/1.1 clients do not read while
// they send, and one that is answered meanwhile stands still as soon as the network's buffers are
// full. Who gives the stream an Idempotency-Key reads the answers while it is being sent, by
// another request (answers.h). Whoever breaks off in the middle reads there what was kept, or sends
// all of it again and is answered "repeated".
#ifndef TW_GATES_HTTP_STREAM_H
#define TW_GATES_HTTP_STREAM_H

#include "gates/http/routes.h"

enum {
    STREAM_BLOCKS = 4,
    STREAM_BLOCK_BYTES = 1024 * 1024, // a line that begins below may end above
};

extern const struct route_pieces stream_pieces;

// The functions of the rows: the stream's own answer, and that of reading it by its key.
void stream_answer(struct request *request);
void read_stream(struct request *request);

#endif
