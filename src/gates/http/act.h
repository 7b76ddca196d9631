// act: what the routes that add facts to a consignment's file have in common.
//
// Somebody looks at a file and then does something to it; between the two another may have done
// something else. So each of these messages may carry "after": how many facts the file had when it
// was looked at ("factsCount" of the answer). With it, a file that has others by now is 409;
// without it, the file is taken as it is found.
#ifndef TW_GATES_HTTP_ACT_H
#define TW_GATES_HTTP_ACT_H

#include "gates/http/asked.h"
#include "gates/http/gate.h"

enum { ACT_RECORDS_MAX = 2 };

struct act {
    struct request *request;
    struct asked asked;                  // the body
    struct file file;                    // as it was found
    struct record records[ACT_RECORDS_MAX]; // what is to be added; `who` is filled in
    uint32_t records_count;
};

// Finds the file of the path's first parameter (404 for a trader when it is not his), has `make`
// say what is to be added, adds it, and answers 200 with the file as it is then (shown.h). `make`
// returns false with the reason; it is called by a clerk's thread.
void act(struct request *request, bool (*make)(struct act *act, struct error *err));

// Adds a record of that kind to what is to be kept.
void act_add(struct act *act, enum fact_kind kind, struct span body);

#endif
