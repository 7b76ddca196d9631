// joiner: single declarations join a batch, so that one sync keeps many of them.
//
// A load is one declaration, or a block of many lines of one stream. One thread, the joiner's own,
// takes batches from the office and fills them from what waits: it may wait for a free batch, the
// event loop never does. Single ones go when none is under way, when JOIN_COUNT wait, or when the
// first of them has waited JOIN_WAIT_US; a block goes when fewer than JOIN_BLOCKS are under way. So
// a lone declaration waits for nothing but its own commit, and under load a commit takes whatever
// came during the one before.
//
// A load's texts must be good until it is told, its answers are good until it is released: the
// batch goes back to the office when all its loads are.
#ifndef TW_GATES_HTTP_JOINER_H
#define TW_GATES_HTTP_JOINER_H

#include "office/office.h"

enum {
    JOIN_COUNT = 32,             // half of 64 connections
    JOIN_WAIT_US = 2000,
    JOIN_SINGLES = 2,            // batches of single declarations under way
    JOIN_BLOCKS = 6,             // blocks under way; OFFICE_BATCHES has room for others
    LOAD_COUNT_MAX = 512,        // lines of a block
};

struct joined;

struct load {
    const struct span *texts;
    const unsigned *lines;       // in their file, or NULL
    uint32_t count;
    bool many;                   // a block of a stream, else a single declaration
    size_t bytes;                // of all texts
    const char *who;
    struct span file, declarant; // of struct message
    enum message_purpose purpose;
    void *owner;
    // Called by the committing thread; must be quick.
    void (*told)(struct load *load);
    const struct message *messages; // `count` of them, answered
    // The joiner's own:
    struct joined *joined;
    struct load *next;
    uint64_t since_ns;
};

struct joiner;

// `reader` and `how` read every text. All outlive the joiner.
MUST_CHECK bool joiner_open(struct joiner **joiner, struct office *office, message_reader reader,
                            const void *how, uint64_t (*ticks_ns)(void), struct error *err);
// Waits until all that was added is told. Also takes NULL.
void joiner_close(struct joiner *joiner);

// False when HTTP_JOINERS_MAX single declarations wait already: ERROR_UNAVAILABLE.
MUST_CHECK bool joiner_add(struct joiner *joiner, struct load *load, struct error *err);
void load_release(struct joiner *joiner, struct load *load);

// How many declarations and blocks wait now.
uint32_t joiner_waiting(struct joiner *joiner);

#endif
