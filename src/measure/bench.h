// bench: the figures that shape the design, measured on this machine and printed as a table.
#ifndef TW_MEASURE_BENCH_H
#define TW_MEASURE_BENCH_H

#include "gates/command/command.h"

int bench_command(const struct command_line *line);

#endif
