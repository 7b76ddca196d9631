#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gates/command/progress.h"
#include "gates/command/serving.h"
#include "gates/demo/season.h"
#include "gates/http/guests.h"

enum { FIRST_PORT = 8080, PORTS_TRIED = 20, USUAL_SPEED = 120 };

struct demo {
    struct serving serving;
    struct season *season;
    struct season_beginning beginning;
    struct progress progress;
    uint64_t speed;
    sigset_t signals;
};

static bool read_options(const struct command_line *line, struct demo *demo)
{
    return option_number(line, "--seed", 0, UINT64_MAX / 4, &demo->beginning.seed) &&
           option_number(line, "--per-day", 0, 100000, &demo->beginning.per_day) &&
           option_number(line, "--days", 0, 3650, &demo->beginning.days) &&
           option_number(line, "--speed", USUAL_SPEED, 100000, &demo->speed);
}

// --- The history ---------------------------------------------------------------------------------

static bool told(void *context, uint64_t done, uint64_t all)
{
    struct demo *demo = context;
    sigset_t pending;
    progress_show(&demo->progress, done, done, all);
    sigpending(&pending);
    return sigismember(&pending, SIGINT) == 0 && sigismember(&pending, SIGTERM) == 0;
}

static bool lodge_history(struct demo *demo, struct error *err)
{
    demo->progress = progress_begin("declarations of Meridia's last weeks");
    bool done = season_catch_up(demo->season, told, demo, err);
    progress_end(&demo->progress);
    return done;
}

// --- Serving -------------------------------------------------------------------------------------

// Where it was told to, or on the first port that is free.
static bool listen_somewhere(struct demo *demo, const struct command_line *line, struct error *err)
{
    const char *given = option_value(line, "--listen"), *pages = option_value(line, "--pages");
    struct server_settings settings = { .listen = given, .store = line->store };
    if (given != NULL) return serving_listen(&demo->serving, settings, pages, NULL, err);
    for (int port = FIRST_PORT; port <= FIRST_PORT + PORTS_TRIED; port++) {
        char address[32];
        bool last = port == FIRST_PORT + PORTS_TRIED;
        snprintf(address, sizeof(address), "127.0.0.1:%d", last ? 0 : port);
        settings.listen = address;
        if (serving_listen(&demo->serving, settings, pages, NULL, err)) return true;
        if (err->kind != ERROR_UNAVAILABLE) return false;
    }
    return false;
}

static void say_where(const struct demo *demo)
{
    const char *port = strrchr(server_address(demo->serving.server), ':');
    if (strcmp(port, ":8080") != 0)
        printf("another program has port 8080, or another was asked for\n");
    printf("the port of Meridia, an invented country, is open; nothing in it is real:\n"
           "http://localhost%s/\n", port);
    fflush(stdout);
}

static int close_all(struct demo *demo, int status)
{
    season_stop(demo->season);
    status = serving_close(&demo->serving, status);
    season_free(demo->season);
    return status;
}

static bool open_office(struct demo *demo, const struct command_line *line, struct error *err)
{
    if (!season_new(&demo->season, err)) return false;
    struct desk_wants wants = { .simulated = true, .now_ms = season_now_ms,
                                .clock = demo->season };
    demo->serving.hear = season_hear;
    demo->serving.hear_context = demo->season;
    return serving_open_desk(&demo->serving, line, &wants, err) &&
           season_open(demo->season, demo->serving.desk.office, line->store, &demo->beginning, err);
}

static bool open_desk(struct demo *demo, const struct command_line *line, struct error *err)
{
    return serving_open_door(&demo->serving, false, err) &&
           guests_make(demo->serving.door, demo->serving.desk.office, err) &&
           listen_somewhere(demo, line, err);
}

// What is simulated has a folder of its own.
static const struct command_line *with_store(const struct command_line *line)
{
    static struct command_line own;
    own = *line;
    if (!line->store_given) own.store = "var/meridia";
    return &own;
}

int demo_command(const struct command_line *given)
{
    static struct demo demo;
    const struct command_line *line = with_store(given);
    struct error err;
    int signal_number;
    demo = (struct demo){ 0 };
    if (!read_options(line, &demo)) return EXIT_USAGE;
    demo.signals = serving_begin();
    if (!open_office(&demo, line, &err) || !lodge_history(&demo, &err))
        return close_all(&demo, command_failed("the demonstration", &err));
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGINT) == 0 && sigismember(&pending, SIGTERM) == 0) {
        if (!open_desk(&demo, line, &err) ||
            (demo.speed > 0 && !season_go_on(demo.season, (uint32_t)demo.speed, &err)))
            return close_all(&demo, command_failed("the demonstration", &err));
        say_where(&demo);
    }
    sigwait(&demo.signals, &signal_number);
    return close_all(&demo, EXIT_DONE);
}
