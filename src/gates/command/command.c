#include "gates/command/command.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "gates/command/manual.h"

const struct option_row common_options[] = {
    { "--store", "PATH", "the store's folder (var; of the demonstration var/meridia)" },
    { "--books", "PATH", "folder of the books: rates, schedule, rules" },
    { "--json", NULL, "print figures as one JSON object on the last line" },
    { "--help", NULL, "this help" },
    { NULL, NULL, NULL },
};
enum { COMMON_COUNT = sizeof(common_options) / sizeof(common_options[0]) - 1 };

static void print_option(FILE *out, const struct option_row *row)
{
    char name[40];
    snprintf(name, sizeof(name), "%s %s", row->name, row->value == NULL ? "" : row->value);
    fprintf(out, "  %-22s %s\n", name, row->sentence);
}

static void print_help(FILE *out, const struct command *command)
{
    fprintf(out, "tidewaiter %s %s\n\n%s\n\noptions:\n", command->name, command->arguments,
            command->sentence);
    for (int i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++)
        print_option(out, &command->options[i]);
    for (int i = 0; i < COMMON_COUNT; i++) print_option(out, &common_options[i]);
    fprintf(out, "\nexample:\n  %s\n", command->example);
}

static void print_commands(FILE *out, const struct command *commands, int count)
{
    fprintf(out, "tidewaiter: an open customs desk\n\nusage: tidewaiter COMMAND [OPTION ...]\n\n");
    for (int i = 0; i < count; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].sentence);
    fprintf(out, "\n'tidewaiter COMMAND --help' says more, with an example; "
                 "'tidewaiter manual | man -l -' all.\n"
                 "Exit status: 0 done; 1 some of it was refused or found wrong; 2 usage; "
                 "3 could not be done.\n");
}

static int usage(const struct command *command, const char *format, const char *what)
{
    fprintf(stderr, "tidewaiter %s: ", command->name);
    fprintf(stderr, format, what);
    fprintf(stderr, "\nusage: tidewaiter %s %s\n'tidewaiter %s --help' says more.\n",
            command->name, command->arguments, command->name);
    return EXIT_USAGE;
}

// Where the value of an option goes; NULL for an option that the command does not have.
static const char **option_place(struct command_line *line, const char *name, size_t name_len,
                                 const struct option_row **row, const char **common)
{
    for (int i = 0; i < OPTIONS_MAX && line->command->options[i].name != NULL; i++) {
        *row = &line->command->options[i];
        if (strlen((*row)->name) == name_len && strncmp((*row)->name, name, name_len) == 0)
            return &line->values[i];
    }
    for (int i = 0; i < COMMON_COUNT; i++) {
        *row = &common_options[i];
        if (strlen((*row)->name) == name_len && strncmp((*row)->name, name, name_len) == 0)
            return &common[i];
    }
    return NULL;
}

static bool is_currency(const char *word)
{
    return strlen(word) == 3 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

// "1200 USD" in two words is one value, where the option takes an amount.
static const char *join_words(const char *first, const char *second)
{
    static char joined[OPTIONS_MAX][64];
    static int count;
    if (count == OPTIONS_MAX) return first;
    snprintf(joined[count], sizeof(joined[count]), "%s %s", first, second);
    return joined[count++];
}

// Takes "--name value", "--name=value", "--switch" and arguments; "--" ends the options.
static int line_read(struct command_line *line, int argc, char **argv)
{
    const struct command *command = line->command;
    const char *common[COMMON_COUNT] = { 0 };
    bool options_over = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (options_over || word[0] != '-' || word[1] == '\0') {
            if (line->arguments_count == ARGUMENTS_MAX)
                return usage(command, "%s", "too many files");
            line->arguments[line->arguments_count++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            options_over = true;
            continue;
        }
        if (strcmp(word, "-h") == 0) word = "--help";
        const char *equals = strchr(word, '=');
        size_t name_len = equals == NULL ? strlen(word) : (size_t)(equals - word);
        const struct option_row *row;
        const char **place = option_place(line, word, name_len, &row, common);
        if (place == NULL) return usage(command, "there is no option '%s'", word);
        if (row->value == NULL) {
            if (equals != NULL) return usage(command, "option '%s' takes no value", row->name);
            *place = "";
        } else {
            if (equals == NULL && i + 1 == argc)
                return usage(command, "option '%s' needs a value", row->name);
            *place = equals != NULL ? equals + 1 : argv[++i];
            bool amount = strchr(row->value, ' ') != NULL;
            if (amount && i + 1 < argc && is_currency(argv[i + 1]))
                *place = join_words(*place, argv[++i]);
        }
    }
    line->store_given = common[0] != NULL;
    if (line->store_given) line->store = common[0];
    line->books = common[1];
    line->json = common[2] != NULL;
    if (common[3] != NULL) {
        print_help(stdout, command);
        return -1;
    }
    if (line->arguments_count < command->arguments_min)
        return usage(command, "it needs %s", command->arguments);
    if (line->arguments_count > command->arguments_max)
        return usage(command, "'%s' is one argument too many",
                     line->arguments[command->arguments_max]);
    return EXIT_DONE;
}

int command_main(const struct command *commands, int count, int argc, char **argv)
{
    // A limit on the size of files is then an error that can be told, like a full disk.
    signal(SIGXFSZ, SIG_IGN);
    const char *name = argc > 1 ? argv[1] : "demo";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_commands(stdout, commands, count);
        return EXIT_DONE;
    }
    if (strcmp(name, "manual") == 0) {
        manual_print(stdout, commands, count);
        return EXIT_DONE;
    }
    for (int i = 0; i < count; i++) {
        if (strcmp(commands[i].name, name) != 0) continue;

        static struct command_line line; // 32 KB of pointers, once per process
        line = (struct command_line){ .command = &commands[i], .store = "var" };
        int status = line_read(&line, argc > 2 ? argc - 2 : 0, argv + 2);
        if (status == -1) return EXIT_DONE;
        return status != EXIT_DONE ? status : commands[i].run(&line);
    }
    fprintf(stderr, "tidewaiter: there is no command '%s'\n\n", name);
    print_commands(stderr, commands, count);
    return EXIT_USAGE;
}

int command_failed(const char *what, const struct error *err)
{
    assert(err->kind != ERROR_NONE);
    fprintf(stderr, "tidewaiter: %s: ", what);
    if (err->line > 0) fprintf(stderr, "%u:%u: ", err->line, err->column);
    if (err->field[0] != '\0') fprintf(stderr, "%s: ", err->field);
    fprintf(stderr, "%s\n", err->text);
    if (err->hint[0] != '\0') fprintf(stderr, "  %s\n", err->hint);
    return EXIT_FAILED;
}
