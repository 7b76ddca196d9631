#include "gates/command/manual.h"

#include <stdio.h>
#include <string.h>

// Text for troff: a backslash, and a point or quote at the start of a line, mean something to it.
static void print_text(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'') fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '\\') fputs("\\e", out);
        else if (*text == '-') fputs("\\-", out);
        else fputc(*text, out);
    }
}

static void print_option(FILE *out, const struct option_row *option)
{
    fputs(".TP\n.B ", out);
    print_text(out, option->name);
    if (option->value != NULL) fprintf(out, " \\fI%s\\fR", option->value);
    fputc('\n', out);
    print_text(out, option->sentence);
    fputc('\n', out);
}

static void print_command(FILE *out, const struct command *command)
{
    fprintf(out, ".SS %s ", command->name);
    print_text(out, command->arguments);
    fputc('\n', out);
    print_text(out, command->sentence);
    fputs(".\n", out);
    for (int i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++)
        print_option(out, &command->options[i]);
    fputs(".IP\n.EX\n", out);
    print_text(out, command->example);
    fputs("\n.EE\n", out);
}

static const char head[] =
    ".TH TIDEWAITER 1 \"\" \"Tidewaiter\" \"User commands\"\n"
    ".SH NAME\n"
    "tidewaiter \\- an open customs desk\n"
    ".SH SYNOPSIS\n"
    ".B tidewaiter\n"
    ".I COMMAND\n"
    "[\\fIOPTION\\fR ...] [\\fIARGUMENT\\fR ...]\n"
    ".SH DESCRIPTION\n"
    "Declarations go in; sealed and explained decisions come out. Everything that happens to a\n"
    "consignment is a fact of its file; facts are only ever added, kept in a journal and sealed in "
    "a\n"
    "transparency log, so that anybody can verify them later without trusting the machine.\n"
    "Without a command the demonstration runs.\n"
    ".SH COMMANDS\n";

static const char tail[] =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\ndone\n"
    ".TP\n.B 1\ndone, but some of it was refused or found wrong\n"
    ".TP\n.B 2\nthe command line was not understood\n"
    ".TP\n.B 3\ncould not be done; standard error says why and what to do\n"
    ".SH FILES\n"
    ".TP\n.I STORE/journal\nthe facts, append\\-only: the truth\n"
    ".TP\n.I STORE/views.sqlite\nfor finding and counting; may be deleted and is made anew\n"
    ".TP\n.I STORE/ledger\nthe public transparency log: tiles, checkpoint, and its key in\n.I "
    "vkey\n"
    ".TP\n.I STORE/log.key\nthe private key that signs; keep it secret, and keep a copy\n"
    ".TP\n.I STORE.apart\nwhat was signed last; keep it on another disk if you can\n"
    ".TP\n.I FILE.rejected.ndjson\nwhat was refused or could not be read of FILE, with the "
    "reasons\n"
    ".SH STANDARDS\n"
    "WCO Data Model 3.6; RFC 8259 and 8785 (JSON); RFC 4180 (CSV); RFC 6962 and C2SP "
    "tlog\\-tiles,\n"
    "signed\\-note, tlog\\-checkpoint and tlog\\-proof (the ledger).\n";

void manual_print(FILE *out, const struct command *commands, int count)
{
    fputs(head, out);
    for (int i = 0; i < count; i++) print_command(out, &commands[i]);
    fputs(".SH OPTIONS OF EVERY COMMAND\n", out);
    for (int i = 0; common_options[i].name != NULL; i++) print_option(out, &common_options[i]);
    fputs(tail, out);
}
