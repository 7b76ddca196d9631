#include "gates/command/duty.h"

#include <stdio.h>
#include <string.h>

static const struct task {
    const char *word;
    const char *arguments;
    int arguments_min;           // with the word
    int (*run)(const struct command_line *line);
} tasks[] = {
    { "verify", "PATH...", 2, duty_verify },
};

int duty_command(const struct command_line *line)
{
    char first = line->arguments[0][0];
    if (first >= '0' && first <= '9') return duty_ask(line);
    for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
        const struct task *task = &tasks[i];
        if (strcmp(line->arguments[0], task->word) != 0) continue;
        if (line->arguments_count >= task->arguments_min) return task->run(line);
        fprintf(stderr, "tidewaiter duty %s: it needs %s\n", task->word, task->arguments);
        return EXIT_USAGE;
    }
    fprintf(stderr,
            "tidewaiter duty: there is no task and no code '%s'\n"
            "'tidewaiter duty --help' says more.\n", line->arguments[0]);
    return EXIT_USAGE;
}
