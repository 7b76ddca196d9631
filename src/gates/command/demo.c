#include <stdio.h>
#include <string.h>

#include "gates/command/desk.h"

enum { DEMO_DAYS = 2, DEMO_PER_DAY = 1000 };

// Runs one of the other commands as if it had been typed.
static int run(const struct command_line *line, int (*command)(const struct command_line *),
               const struct command *row, const char *argument)
{
    static struct command_line inner;
    inner = (struct command_line){ .command = row, .store = line->store, .books = line->books,
                                   .json = line->json };
    if (argument != NULL) inner.arguments[inner.arguments_count++] = argument;
    int status = command(&inner);
    inner = (struct command_line){ 0 };
    return status;
}

int demo_command(const struct command_line *line)
{
    static const struct command declare = { .name = "declare",
        .options = { { "--mapping", "", "" }, { "--strict", "", "" }, { "--who", "", "" },
                     { "--timings", NULL, "" } } };
    static const struct command queue = { .name = "queue", .options = { { "--limit", "", "" } } };
    struct error err;
    struct desk desk;
    char path[4096];
    // Opening the desk makes the store, and its folder for what is simulated.
    if (!desk_open(&desk, line, false, &err)) return command_failed("the desk", &err);
    int status = desk_close(&desk, EXIT_DONE);
    if (status != EXIT_DONE) return status;

    snprintf(path, sizeof(path), "%s/demo.ndjson", line->store);
    printf("simulating %d days of Meridia, an invented port, into %s\n", DEMO_DAYS, path);
    status = simulate_to(path, DEMO_DAYS, DEMO_PER_DAY, 1);
    if (status != EXIT_DONE) return status;
    printf("lodging them\n");
    status = run(line, declare_command, &declare, path);
    if (status == EXIT_FAILED) return status;
    printf("\nthe officers' queue (nothing in it is real)\n");
    status = run(line, queue_command, &queue, NULL);
    printf("\nnext: tidewaiter file UCR   shows one of them, and why\n");
    return status;
}
