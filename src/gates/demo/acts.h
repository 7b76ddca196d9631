// acts: what simulated officers and traders do to a file, as facts, through the office's door.
//
// What comes next follows from the file's facts, the season's seed and the declaration's number; an
// inspection finds what is wrong with it (port_flaw), most of the time.
#ifndef TW_GATES_DEMO_ACTS_H
#define TW_GATES_DEMO_ACTS_H

#include "gates/demo/cases.h"
#include "office/office.h"
#include "port/port.h"

struct actors {
    struct office *office;
    const struct port *port;
    struct arena arena;          // for one act
};

// An officer takes the file in hand.
MUST_CHECK bool act_claim(struct actors *actors, const struct one_case *one, struct error *err);

// Whoever's turn it is does what comes next. False as well when the file is not as it was thought:
// ERROR_CONFLICT, and nothing happened; its news will say how it is.
MUST_CHECK bool act_next(struct actors *actors, const struct one_case *one, struct error *err);

#endif
