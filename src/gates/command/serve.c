#include "gates/command/serve.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "gates/command/desk.h"
#include "gates/command/progress.h"
#include "gates/http/door.h"
#include "gates/http/hooks.h"
#include "gates/http/invite.h"
#include "gates/http/news.h"
#include "gates/http/server.h"

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void chance(void *bytes, size_t size) { randombytes_buf(bytes, size); }

// As many open files as the system lets us have: each connection is one.
static void raise_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

// Blocks the signals that end us, in all threads to come; sigwait takes them.
static sigset_t block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signals;
}

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
        .simulated = option_value(line, "--simulated") != NULL,
        .now_ms = wall_ms,
        .ticks_ns = steady_ns,
        .random = chance,
    };
    return true;
}

// What serves beside the office.
struct serving {
    struct desk desk;
    struct news *news;
    struct hooks *hooks;
    struct door *door;
    struct server *server;
    char pages[3100];
};

static int64_t clock_ms(void *clock)
{
    (void)clock;
    return wall_ms();
}

static void hear(void *context, const struct view_row *row, uint64_t size, enum fact_kind kind)
{
    struct serving *serving = context;
    news_hear(serving->news, row, size, kind);
    hooks_wake(serving->hooks);
}

static bool begin_hooks(struct serving *serving, const struct command_line *line,
                        struct error *err)
{
    struct hooks_settings settings = {
        .office = serving->desk.office,
        .store = line->store,
        .insiders = option_value(line, "--webhooks-to"),
        .now_ms = wall_ms,
        .ticks_ns = steady_ns,
        .random = chance,
    };
    return hooks_begin(serving->hooks, &settings, err);
}

static bool begin_news(struct serving *serving, struct error *err)
{
    struct store_seal seal;
    if (!office_seal(serving->desk.office, &serving->desk.arena, &seal, err)) return false;
    news_begin(serving->news, seal.tree_size);
    return true;
}

static bool open_door(struct serving *serving, const struct command_line *line, struct error *err)
{
    struct door_settings settings = {
        .office = serving->desk.office,
        .secure = option_value(line, "--behind-tls") != NULL,
        .now_ms = clock_ms,
        .random = chance,
    };
    return door_open(&serving->door, &settings, err);
}

// The pages that were built beside the program, where nobody named others.
static const char *pages_folder(const struct command_line *line, char *folder, size_t size)
{
    const char *given = option_value(line, "--pages");
    char program[3000];
    if (given != NULL) return given;
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    program[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash != NULL) *slash = '\0';
    snprintf(folder, size, "%s/../web/dist", program);
    return access(folder, R_OK) == 0 ? folder : NULL;
}

static bool open_server(struct serving *serving, const struct command_line *line,
                        struct server_settings *settings, struct error *err)
{
    settings->office = serving->desk.office;
    settings->door = serving->door;
    settings->news = serving->news;
    settings->hooks = serving->hooks;
    settings->pages = pages_folder(line, serving->pages, sizeof(serving->pages));
    if (settings->find_caller == NULL) {
        settings->find_caller = door_find_caller;
        settings->find_caller_context = serving->door;
    }
    return server_open(&serving->server, settings, err);
}

// Browsers take passkeys for names, not for addresses: this machine is called localhost.
static bool name_door(struct serving *serving, const struct command_line *line, struct error *err)
{
    char origin[128];
    const char *given = option_value(line, "--origin");
    const char *port = strrchr(server_address(serving->server), ':');
    snprintf(origin, sizeof(origin), "http://localhost%s", port != NULL ? port : "");
    return door_name(serving->door, given != NULL ? given : origin, err);
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

static int close_all(struct serving *serving, int status)
{
    news_end(serving->news);
    server_close(serving->server);
    hooks_end(serving->hooks);
    door_close(serving->door);
    status = desk_close(&serving->desk, status);
    news_close(serving->news); // which the office tells to its end
    hooks_close(serving->hooks);
    return status;
}

int serve_run(const struct command_line *line, caller_finder find_caller, void *context)
{
    struct error err;
    struct serving serving = { 0 };
    struct server_settings settings;
    int signal_number;
    if (!read_settings(line, &settings)) return EXIT_USAGE;
    settings.find_caller = find_caller;
    settings.find_caller_context = context;
    raise_files();
    sigset_t signals = block_signals();
    if (!news_open(&serving.news, &err) || !hooks_open(&serving.hooks, &err) ||
        !desk_open_listening(&serving.desk, line, hear, &serving, &err)) {
        news_close(serving.news);
        hooks_close(serving.hooks);
        return command_failed("the desk", &err);
    }
    if (!begin_news(&serving, &err) || !begin_hooks(&serving, line, &err) ||
        !open_door(&serving, line, &err) || !open_server(&serving, line, &settings, &err) ||
        !name_door(&serving, line, &err))
        return close_all(&serving, command_failed("the server", &err));
    printf("listening on http://%s\n", server_address(serving.server));
    fflush(stdout);
    if (!invite_first(&serving, &err))
        return close_all(&serving, command_failed("the first administrator", &err));
    sigwait(&signals, &signal_number);
    return close_all(&serving, EXIT_DONE);
}

int serve_command(const struct command_line *line) { return serve_run(line, NULL, NULL); }
