#include "gates/command/serve.h"

#include <stdio.h>

#include "gates/command/serving.h"
#include "gates/http/invite.h"

static bool read_settings(const struct command_line *line, struct server_settings *settings)
{
    uint64_t threads, each;
    const char *listen = option_value(line, "--listen");
    if (!option_number(line, "--threads", 2, 64, &threads) ||
        !option_number(line, "--per-address", 0, 1000000, &each))
        return false;
    *settings = (struct server_settings){
        .listen = listen != NULL ? listen : "127.0.0.1:8080",
        .behind_tls = option_value(line, "--behind-tls") != NULL,
        .threads = (unsigned)threads,
        .connections_per_address = (unsigned)each,
        .store = line->store,
    };
    return true;
}

static bool invite_first(struct serving *serving, struct error *err)
{
    struct invitation first = { SPAN("admin"), SPAN("Administrator"), SPAN(""), SPAN("en"),
                                ROLE_ADMINISTRATOR };
    struct span link;
    if (people_count(door_people(serving->door)) > 0) return true;
    if (!invite(serving->door, &first, "office:first", &serving->desk.arena, &link, err))
        return false;
    printf("the first administrator comes in by this link, once, within %d days:\n" SPAN_FMT "\n",
           INVITE_DAYS, SPAN_ARG(link));
    fflush(stdout);
    return true;
}

int serve_run(const struct command_line *line, caller_finder find_caller, void *context)
{
    struct error err;
    struct serving serving = { 0 };
    struct server_settings settings;
    struct desk_wants wants = { .simulated = option_value(line, "--simulated") != NULL };
    int signal_number;
    if (!read_settings(line, &settings)) return EXIT_USAGE;
    settings.find_caller = find_caller;
    settings.find_caller_context = context;
    serving.webhooks_to = option_value(line, "--webhooks-to");
    sigset_t signals = serving_begin();
    if (!serving_open_desk(&serving, line, &wants, &err))
        return serving_close(&serving, command_failed("the desk", &err));
    if (!serving_open_door(&serving, settings.behind_tls, &err) ||
        !serving_listen(&serving, settings, option_value(line, "--pages"),
                        option_value(line, "--origin"), &err))
        return serving_close(&serving, command_failed("the server", &err));
    printf("listening on http://%s\n", server_address(serving.server));
    fflush(stdout);
    if (!invite_first(&serving, &err))
        return serving_close(&serving, command_failed("the first administrator", &err));
    sigwait(&signals, &signal_number);
    return serving_close(&serving, EXIT_DONE);
}

int serve_command(const struct command_line *line) { return serve_run(line, NULL, NULL); }
