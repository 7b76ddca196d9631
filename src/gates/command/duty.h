// duty: what is owed: the tasks of the command 'duty', each in a file of its own.
#ifndef TW_GATES_COMMAND_DUTY_H
#define TW_GATES_COMMAND_DUTY_H

#include "gates/command/command.h"

// 'duty CODE ...': what some goods would cost, from a book, line by line.
int duty_ask(const struct command_line *line);

// 'duty verify PATH...': notifications of customs held against declarations. The exit status says
// whether some differ, or could not be read.
int duty_verify(const struct command_line *line);

#endif
