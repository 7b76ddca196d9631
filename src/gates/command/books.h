// books: the parts of "tidewaiter books".
#ifndef TW_GATES_COMMAND_BOOKS_H
#define TW_GATES_COMMAND_BOOKS_H

#include "gates/books/library.h"
#include "gates/command/command.h"

// The folder of the books: --into, else that of the store.
const char *books_folder(const struct command_line *line, char room[LIBRARY_PATH_MAX]);

int books_diff(const struct command_line *line);

#endif
