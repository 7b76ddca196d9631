// desk: the office as commands open it: the real disk, clock and chance, and the books of a folder.
#ifndef TW_GATES_COMMAND_DESK_H
#define TW_GATES_COMMAND_DESK_H

#include "gates/command/command.h"
#include "office/office.h"

struct desk {
    struct office *office;
    struct arena arena;          // of the books, and for what a command shows
    struct books books;
};

// The store of `line->store`; the books of --books, else of the store ("<store>/books"), else those
// that come with the program (data/books, beside the folder of the executable).
MUST_CHECK bool desk_open(struct desk *desk, const struct command_line *line, bool timings,
                          struct error *err);

// The same, as somebody wants it.
struct desk_wants {
    bool timings;
    bool simulated;              // the store must be, and a new one is made so (office.h). Without
                                 // it a new one is of real data, and any other is what it is
    void (*news)(void *news_context, const struct view_row *row, uint64_t size,
                 enum fact_kind kind);
    void *news_context;
    int64_t (*now_ms)(void *clock); // NULL: the wall clock
    void *clock;
};
MUST_CHECK bool desk_open_as(struct desk *desk, const struct command_line *line,
                             const struct desk_wants *wants, struct error *err);

// Only the books, as desk_open finds them; their texts are in the arena.
MUST_CHECK bool desk_books(const struct command_line *line, struct arena *arena,
                           struct books *books, struct error *err);

// Returns the exit status: `status`, or EXIT_FAILED (said on standard error) when closing failed.
int desk_close(struct desk *desk, int status);

// A whole small file. ERROR_TOO_LARGE beyond `size_max`.
MUST_CHECK bool desk_read_text(const char *path, size_t size_max, struct arena *arena,
                               struct span *text, struct error *err);

// The value of an option of the command, NULL when it was not given.
const char *option_value(const struct command_line *line, const char *name);

// A whole number from an option, `otherwise` when it was not given; false (said) when it is none.
bool option_number(const struct command_line *line, const char *name, uint64_t otherwise,
                   uint64_t max, uint64_t *value);

// The key of --key: the text itself, or that of a file of this name. Empty when it was not given.
MUST_CHECK bool option_key(const struct command_line *line, struct arena *arena, struct span *vkey,
                           struct error *err);

// Who gives the command: "officer:NAME"; NAME from --who, else the user's name.
const char *option_who(const struct command_line *line, const char *role, char *buffer,
                       size_t size);

#endif
