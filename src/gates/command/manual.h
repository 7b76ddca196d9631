// manual: the manual page (troff, man macros), made from the table of commands.
//
// docs/tidewaiter.1 is what 'tidewaiter manual' prints; a test says when it is stale.
#ifndef TW_GATES_COMMAND_MANUAL_H
#define TW_GATES_COMMAND_MANUAL_H

#include <stdio.h>

#include "gates/command/command.h"

void manual_print(FILE *out, const struct command *commands, int count);

#endif
