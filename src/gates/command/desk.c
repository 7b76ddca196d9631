#include "gates/command/desk.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "gates/command/progress.h"
#include "office/books_open.h"

#define SIMULATED_LOG "tidewaiter.example" LOG_NAME_SIMULATED

enum { DESK_ARENA_SIZE = 1024 * MIB, BOOK_MAX = 32 * MIB };

// --- The surroundings ---

static int64_t wall_ms(void *clock_unused)
{
    struct timespec now;
    (void)clock_unused;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void chance(void *bytes, size_t size)
{
    randombytes_buf(bytes, size);
}

// One line of JSON for each thing worth telling whoever runs the program.
static void log_line(void *context, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void log_line(void *context, const char *event, const char *format, ...)
{
    _Alignas(16) char memory[4096];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct error ignored;
    struct span line;
    char message[512];
    va_list args;
    (void)context;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    struct text at = text_in(&arena, 32);
    moment_write(&at, wall_ms(NULL));
    struct json_writer w = json_writer_in(&arena, 1024);
    json_open_object(&w);
    json_key(&w, SPAN("at"));
    json_write_string(&w, text_span(&at));
    json_key(&w, SPAN("event"));
    json_write_string(&w, span_of(event));
    json_key(&w, SPAN("text"));
    json_write_string(&w, span_of(message));
    json_close_object(&w);
    if (json_written(&w, &line, &ignored)) fprintf(stderr, SPAN_FMT "\n", SPAN_ARG(line));
}

// --- Texts ---

bool desk_read_text(const char *path, size_t size_max, struct arena *arena, struct span *text,
                    struct error *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_UNAVAILABLE,
                  "could not open '%s': %s", path, strerror(errno));
        return error_hint(err, "Look at the path and at who may read it.");
    }
    struct text whole = text_in(arena, 4096);
    char piece[16 * KIB];
    size_t got;
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0 && whole.len <= size_max)
        text_add(&whole, (struct span){ piece, got });
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return error_set(err, ERROR_UNAVAILABLE, "could not read '%s': %s", path, strerror(errno));
    if (whole.full || whole.len > size_max)
        return error_set(err, ERROR_TOO_LARGE, "'%s' is larger than %zu bytes", path, size_max);
    *text = text_span(&whole);
    return true;
}

// --- Books ---

// The books that come with the program stand beside its folder, or where it was built from.
static bool find_books(const struct command_line *line, char *folder, size_t size)
{
    char program[3000];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    program[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash != NULL) *slash = '\0';
    if (line->books != NULL) {
        snprintf(folder, size, "%s", line->books);
        return true;
    }
    snprintf(folder, size, "%s/books", line->store);
    if (access(folder, R_OK) == 0) return true;
    snprintf(folder, size, "%s/../data/books", program);
    if (access(folder, R_OK) == 0) return true;
    snprintf(folder, size, "%s/../share/tidewaiter/books", program);
    return access(folder, R_OK) == 0;
}

static bool read_book(const char *folder, const char *name, struct arena *arena, struct span *text,
                      struct error *err)
{
    char path[4200];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return desk_read_text(path, BOOK_MAX, arena, text, err);
}

bool desk_books(const struct command_line *line, struct arena *arena, struct books *books,
                struct error *err)
{
    char folder[4096];
    struct books_texts texts = { 0 };
    struct span rules = { 0 };
    if (!find_books(line, folder, sizeof(folder))) {
        error_set(err, ERROR_NOT_FOUND, "there are no books: rates, schedule and rules");
        return error_hint(err, "Name their folder with --books, or put them into '%s/books'.",
                          line->store);
    }
    return read_book(folder, "settings.csv", arena, &texts.settings, err) &&
           read_book(folder, "rates.csv", arena, &texts.rates, err) &&
           read_book(folder, "schedule.csv", arena, &texts.schedule, err) &&
           read_book(folder, "groups.csv", arena, &texts.groups, err) &&
           read_book(folder, "risk.rules", arena, &rules, err) &&
           books_open(&texts, rules, arena, books, err);
}

// --- The desk ---

static void read_boot(char *boot, size_t size)
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (file == NULL || fgets(boot, (int)size, file) == NULL) boot[0] = '\0';
    boot[strcspn(boot, "\n")] = '\0';
    if (file != NULL) fclose(file);
}

// A store keeps what it was made for.
static bool is_as_wanted(const struct desk *desk, const struct command_line *line,
                         const struct desk_wants *wants, struct error *err)
{
    if (!wants->simulated || office_is_simulated(desk->office)) return true;
    error_set(err, ERROR_CONFLICT, "the store '%s' is one of real data", line->store);
    return error_hint(err, "Name another folder with --store for what is simulated.");
}

bool desk_open_as(struct desk *desk, const struct command_line *line,
                  const struct desk_wants *wants, struct error *err)
{
    char boot[64];
    *desk = (struct desk){ 0 };
    if (sodium_init() < 0) return error_set(err, ERROR_UNAVAILABLE, "could not start libsodium");
    if (!arena_open(&desk->arena, DESK_ARENA_SIZE, err)) return false;
    read_boot(boot, sizeof(boot));
    struct office_surroundings surroundings = { .books = &desk->books,
        .now_ms = wants->now_ms != NULL ? wants->now_ms : wall_ms, .clock = wants->clock,
        .ticks_ns = steady_ns, .random = chance, .log = log_line,
        .news = wants->news, .news_context = wants->news_context };
    const char *real = "tidewaiter.example/log";
    struct office_settings settings = { .directory = line->store,
                                        .log_name = wants->simulated ? SIMULATED_LOG : real,
                                        .boot = boot,
                                        .timings = wants->timings };
    if (desk_books(line, &desk->arena, &desk->books, err) &&
        office_open(&desk->office, &settings, &surroundings, err)) {
        if (is_as_wanted(desk, line, wants, err)) return true;
        struct error ignored; // the first error is the one to tell
        bool closed = office_close(desk->office, &ignored);
        (void)closed;
        desk->office = NULL;
    }
    arena_close(&desk->arena);
    return false;
}

bool desk_open(struct desk *desk, const struct command_line *line, bool timings, struct error *err)
{
    return desk_open_as(desk, line, &(struct desk_wants){ .timings = timings }, err);
}

int desk_close(struct desk *desk, int status)
{
    struct error err;
    if (!office_close(desk->office, &err)) {
        command_failed("closing the office", &err);
        status = EXIT_FAILED;
    }
    arena_close(&desk->arena);
    return status;
}

// --- Options ---

const char *option_value(const struct command_line *line, const char *name)
{
    for (int i = 0; i < OPTIONS_MAX && line->command->options[i].name != NULL; i++)
        if (strcmp(line->command->options[i].name, name) == 0) return line->values[i];
    assert(false); // the command does not have such an option
    return NULL;
}

bool option_number(const struct command_line *line, const char *name, uint64_t otherwise,
                   uint64_t max, uint64_t *value)
{
    const char *given = option_value(line, name);
    *value = otherwise;
    if (given == NULL) return true;
    if (span_to_u64(span_of(given), value) && *value <= max) return true;
    fprintf(stderr, "tidewaiter %s: %s takes a whole number up to %" PRIu64 ", not '%s'\n",
            line->command->name, name, max, given);
    return false;
}

const char *option_who(const struct command_line *line, const char *role, char *buffer, size_t size)
{
    const char *given = option_value(line, "--who");
    const struct passwd *user = given == NULL ? getpwuid(getuid()) : NULL;
    if (given == NULL) given = user != NULL ? user->pw_name : "unknown";
    snprintf(buffer, size, "%s:%s", role, given);
    return buffer;
}
