// lodge: a whole file's way into the office: batches in, answers counted, rejections written.
//
// What is refused or cannot be read is written to "<file>.rejected.ndjson" beside the file, one
// line each with its reasons; the rest goes on. When the office takes no more (the disk is full)
// lodging stops, and says why: the same file can be lodged again, and what was taken is not taken
// twice.
#ifndef TW_GATES_COMMAND_LODGE_H
#define TW_GATES_COMMAND_LODGE_H

#include "gates/command/desk.h"
#include "gates/files/input.h"

struct figures {
    uint64_t read, accepted, refused, repeated, unreadable, unavailable, dropped;
};

// Adds what became of the file's declarations to `sum`. False when the file could not be read or
// lodged to its end; figures->unavailable of what was read was not taken, the rest is lodged. Says
// where the rejections are, unless `quiet`.
MUST_CHECK bool lodge_file(struct office *office, const char *path,
                           const struct input_options *options, const char *who, bool quiet,
                           struct figures *sum, struct error *err);

// After SIGTERM or SIGINT lodging stops behind the batch that is being read.
void lodge_stop_on_signals(void);
bool lodge_stopped(void);

#endif
