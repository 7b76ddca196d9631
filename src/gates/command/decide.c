#include <stdio.h>
#include <string.h>

#include "gates/command/desk.h"

static bool read_decision(const char *word, struct message *message)
{
    if (strcmp(word, "settle") == 0) {
        message->kind = MESSAGE_SETTLED;
        return true;
    }
    message->kind = MESSAGE_DECISION;
    return decision_read(span_of(word), &message->decision);
}

static int tell_answer(const struct command_line *line, const struct answer *answer)
{
    if (answer->kind == ANSWER_CONFLICT || answer->kind == ANSWER_UNAVAILABLE ||
        answer->kind == ANSWER_UNREADABLE)
        return command_failed(line->arguments[0], &answer->err);

    printf("%s: %s%s\n", line->arguments[0], file_state_name(answer->state),
           answer->kind == ANSWER_REPEATED ? " (was decided so before; nothing was added)" : "");
    if (line->json)
        printf("{\"state\":\"%s\",\"facts\":%u,\"repeated\":%s}\n", file_state_name(answer->state),
               answer->facts_count, answer->kind == ANSWER_REPEATED ? "true" : "false");
    return EXIT_DONE;
}

int decide_command(const struct command_line *line)
{
    struct error err;
    struct desk desk;
    char who[80];
    const char *reason = option_value(line, "--reason");
    struct message message = { .file = span_of(line->arguments[0]),
                               .reason = span_of(reason),
                               .who = option_who(line, "officer", who, sizeof(who)) };
    if (!read_decision(line->arguments[1], &message)) {
        fprintf(stderr, "tidewaiter decide: there is no decision '%s'\n"
                "  Decisions are release, examine, hold, documents, refuse and settle.\n",
                line->arguments[1]);
        return EXIT_USAGE;
    }
    if (reason == NULL || reason[0] == '\0') {
        fprintf(stderr, "tidewaiter decide: a decision needs a reason\n"
                "  Say it with --reason \"...\"; it is sealed with the decision.\n");
        return EXIT_USAGE;
    }
    if (!desk_open(&desk, line, false, &err)) return command_failed("the desk", &err);

    struct answer answer;
    int status = office_send(desk.office, &message, NULL, NULL, &desk.arena, &answer, &err)
                     ? tell_answer(line, &answer)
                     : command_failed("the decision", &err);
    return desk_close(&desk, status);
}
