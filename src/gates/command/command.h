// command: what the program can be told on its command line: a row a subcommand, in main.c.
#ifndef TW_GATES_COMMAND_COMMAND_H
#define TW_GATES_COMMAND_COMMAND_H

#include "base/error.h"

enum { OPTIONS_MAX = 16, ARGUMENTS_MAX = 4096 };

// Exit statuses: 0 done; 1 done, but some of it was refused or found wrong; 2 the command line was
// not understood; 3 could not be done.
enum { EXIT_DONE = 0, EXIT_SOME_REFUSED = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

struct option_row {
    const char *name;     // "--mapping"
    const char *value;    // "FILE"; "AMOUNT CURRENCY" may be two words; NULL for a switch
    const char *sentence;
};

extern const struct option_row common_options[]; // of every command; ends with a row without name

struct command_line {
    const struct command *command;
    const char *values[OPTIONS_MAX]; // by row of the command's options; "" for a switch that is set
    const char *arguments[ARGUMENTS_MAX];
    int arguments_count;
    const char *store;               // --store, "var" by default
    bool store_given;
    const char *books;               // --books
    bool json;                       // --json
};

struct command {
    const char *name;
    const char *arguments;           // "FILE..."
    const char *sentence;            // what it does, in the list of commands
    const char *example;             // one whole command line
    int arguments_min, arguments_max;
    struct option_row options[OPTIONS_MAX];
    int (*run)(const struct command_line *line);
};

// Reads the command line and runs the command of that name; prints help and usage errors itself.
int command_main(const struct command *commands, int count, int argc, char **argv);

// Prints an error as every command does: what, where, and what to do. Returns EXIT_FAILED.
int command_failed(const char *what, const struct error *err);

int declare_command(const struct command_line *line);
int file_command(const struct command_line *line);
int queue_command(const struct command_line *line);
int decide_command(const struct command_line *line);
int prove_command(const struct command_line *line);
int verify_command(const struct command_line *line);
int ledger_command(const struct command_line *line);
int rebuild_command(const struct command_line *line);
int simulate_command(const struct command_line *line);
int demo_command(const struct command_line *line);
int serve_command(const struct command_line *line);
int duty_command(const struct command_line *line);
int openapi_command(const struct command_line *line);
int books_command(const struct command_line *line);
int origin_command(const struct command_line *line);

#endif
