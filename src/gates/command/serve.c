#include "gates/command/serve.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "gates/command/desk.h"
#include "gates/command/progress.h"
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
        .pages = option_value(line, "--pages"),
        .now_ms = wall_ms,
        .ticks_ns = steady_ns,
        .random = chance,
    };
    return true;
}

int serve_run(const struct command_line *line, caller_finder find_caller, void *context)
{
    struct error err;
    struct desk desk;
    struct server *server;
    struct server_settings settings;
    int signal_number;
    if (!read_settings(line, &settings)) return EXIT_USAGE;
    raise_files();
    sigset_t signals = block_signals();
    if (!desk_open(&desk, line, false, &err)) return command_failed("the desk", &err);
    settings.office = desk.office;
    settings.find_caller = find_caller;
    settings.find_caller_context = context;
    if (!server_open(&server, &settings, &err))
        return desk_close(&desk, command_failed("the server", &err));
    printf("listening on http://%s\n", server_address(server));
    fflush(stdout);
    sigwait(&signals, &signal_number);
    server_close(server);
    return desk_close(&desk, EXIT_DONE);
}

int serve_command(const struct command_line *line) { return serve_run(line, NULL, NULL); }
