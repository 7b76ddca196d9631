#include "gates/command/serving.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "gates/command/progress.h"

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t clock_ms(void *clock)
{
    (void)clock;
    return wall_ms();
}

static void chance(void *bytes, size_t size) { randombytes_buf(bytes, size); }

static void raise_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

sigset_t serving_begin(void)
{
    sigset_t signals;
    raise_files();
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signals;
}

// --- The parts -----------------------------------------------------------------------------------

static void hear(void *context, const struct view_row *row, uint64_t size, enum fact_kind kind)
{
    struct serving *serving = context;
    news_hear(serving->news, row, size, kind);
    hooks_wake(serving->hooks);
    if (serving->hear != NULL) serving->hear(serving->hear_context, row);
}

bool serving_open_desk(struct serving *serving, const struct command_line *line,
                       const struct desk_wants *wants, struct error *err)
{
    struct desk_wants all = *wants;
    struct store_seal seal;
    all.news = hear;
    all.news_context = serving;
    if (!news_open(&serving->news, err) || !hooks_open(&serving->hooks, err) ||
        !desk_open_as(&serving->desk, line, &all, err) ||
        !office_seal(serving->desk.office, &serving->desk.arena, &seal, err))
        return false;
    news_begin(serving->news, seal.tree_size);
    struct hooks_settings settings = { .office = serving->desk.office, .store = line->store,
                                       .insiders = serving->webhooks_to, .now_ms = wall_ms,
                                       .ticks_ns = steady_ns, .random = chance };
    return hooks_begin(serving->hooks, &settings, err);
}

bool serving_open_door(struct serving *serving, bool secure, struct error *err)
{
    struct door_settings settings = { .office = serving->desk.office, .secure = secure,
                                      .now_ms = clock_ms, .random = chance };
    return door_open(&serving->door, &settings, err);
}

// The pages that were built beside the program.
static const char *built_pages(char *folder, size_t size)
{
    char program[3000];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    program[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash != NULL) *slash = '\0';
    snprintf(folder, size, "%s/../web/dist", program);
    return access(folder, R_OK) == 0 ? folder : NULL;
}

// Browsers take passkeys for names, not for addresses: this machine is called localhost.
static bool name_door(struct serving *serving, const char *given, struct error *err)
{
    char origin[128];
    const char *port = strrchr(server_address(serving->server), ':');
    snprintf(origin, sizeof(origin), "http://localhost%s", port != NULL ? port : "");
    return door_name(serving->door, given != NULL ? given : origin, err);
}

bool serving_listen(struct serving *serving, struct server_settings settings, const char *pages,
                    const char *origin, struct error *err)
{
    settings.office = serving->desk.office;
    settings.door = serving->door;
    settings.news = serving->news;
    settings.hooks = serving->hooks;
    settings.pages = pages != NULL ? pages : built_pages(serving->pages, sizeof(serving->pages));
    settings.now_ms = wall_ms;
    settings.ticks_ns = steady_ns;
    settings.random = chance;
    if (settings.find_caller == NULL) {
        settings.find_caller = door_find_caller;
        settings.find_caller_context = serving->door;
    }
    return server_open(&serving->server, &settings, err) && name_door(serving, origin, err);
}

int serving_close(struct serving *serving, int status)
{
    news_end(serving->news);
    server_close(serving->server);
    hooks_end(serving->hooks);
    door_close(serving->door);
    if (serving->desk.office != NULL) status = desk_close(&serving->desk, status);
    news_close(serving->news); // which the office tells to its end
    hooks_close(serving->hooks);
    return status;
}
