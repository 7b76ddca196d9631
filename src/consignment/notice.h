// notice: who is told of what happened to a file. Read from its facts; nothing is kept of it.
//
// A trader is told what others did to his file: requests, officers' decisions, inspections,
// settlements. What the desk decided at once the answer to his lodging said.
// An officer is told what others did to a file that he has in hand or asked about in this version:
// what was supplied, amended or withdrawn; and wherever it is, that it was taken from his hands,
// decided over his head, or that a decision of his was overruled. Nobody is told what he did
// himself.
#ifndef TW_CONSIGNMENT_NOTICE_H
#define TW_CONSIGNMENT_NOTICE_H

#include "consignment/file.h"

enum { NOTICE_AUDIENCES_MAX = 8 }; // told of one append; who came to the file first is, of more

struct audience {
    bool is_trader;
    struct span name;            // the organisation's; an officer's as facts have it: "user:anna"
};

// Is it told of the fact of that number? Scratch takes the bodies of a few facts.
bool notice_concerns(const struct file *file, uint32_t seq, struct audience audience,
                     struct arena scratch);

// By which an audience is found again; two may share one.
uint64_t notice_key(struct audience audience);

// The keys of who is told of any fact from that number to the end of the file.
void notice_keys(const struct file *file, uint32_t first_seq, struct arena scratch,
                 uint64_t keys[NOTICE_AUDIENCES_MAX], uint32_t *count);

#endif
