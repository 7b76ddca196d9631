// simulated: how a declaration says that nothing in it is real.
//
// A simulated port (port/port.h) puts a statement of this code into every declaration. What bears
// it never gets into a store of real ones, nor anything else into a simulated store but what people
// at its desk make up (office/office.h).
#ifndef TW_CONSIGNMENT_SIMULATED_H
#define TW_CONSIGNMENT_SIMULATED_H

#include "consignment/declaration.h"

#define SIMULATED_CODE "SIM00"

bool declaration_is_simulated(const struct declaration *declaration);

#endif
