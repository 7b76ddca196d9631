#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "gates/command/lodge.h"
#include "gates/command/progress.h"

static void print_figures(const struct figures *f, double seconds, bool json)
{
    double rate = seconds > 0 ? (double)f->read / seconds : 0;
    printf("%" PRIu64 " read: %" PRIu64 " accepted, %" PRIu64 " refused, %" PRIu64 " repeated, %"
           PRIu64 " unreadable", f->read, f->accepted, f->refused, f->repeated, f->unreadable);
    if (f->unavailable > 0) printf(", %" PRIu64 " not taken", f->unavailable);
    printf("; %.2f s, %.0f/s\n", seconds, rate);
    if (f->dropped > 0)
        printf("%" PRIu64 " elements have no place in the model; they are listed in the files\n",
               f->dropped);
    if (json)
        printf("{\"read\":%" PRIu64 ",\"accepted\":%" PRIu64 ",\"refused\":%" PRIu64
               ",\"repeated\":%" PRIu64 ",\"unreadable\":%" PRIu64 ",\"unavailable\":%" PRIu64
               ",\"dropped\":%" PRIu64 ",\"seconds\":%.3f,\"per_second\":%.1f}\n",
               f->read, f->accepted, f->refused, f->repeated, f->unreadable, f->unavailable,
               f->dropped, seconds, rate);
}

static void print_timings(struct office *office, double seconds)
{
    uint64_t took[STAGE_COUNT];
    office_timings(office, took);
    printf("where the time went, in seconds over all threads (%.2f s on the clock):\n", seconds);
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        printf("  %-8s %8.3f\n", stage_names[stage], (double)took[stage] / 1e9);
}

static bool read_options(const struct command_line *line, struct desk *desk,
                         struct input_options *options, struct error *err)
{
    options->schemas = option_value(line, "--strict");
    options->mapping_name = option_value(line, "--mapping");
    return options->mapping_name == NULL ||
           desk_read_text(options->mapping_name, MIB, &desk->arena, &options->mapping, err);
}

// What comes in files is real, unless somebody says that it is not.
static bool takes_it(const struct desk *desk, const struct command_line *line, bool simulated,
                     struct error *err)
{
    if (simulated || !office_is_simulated(desk->office)) return true;
    error_set(err, ERROR_CONFLICT, "the store '%s' is simulated: nothing in it is real",
              line->store);
    return error_hint(err, "Name another folder with --store for real data, or say --simulated of "
                           "files that 'simulate' wrote.");
}

int declare_command(const struct command_line *line)
{
    struct error err;
    struct desk desk;
    struct input_options options = { 0 };
    char who[80];
    bool timings = option_value(line, "--timings") != NULL;
    struct desk_wants wants = { .timings = timings,
                                .simulated = option_value(line, "--simulated") != NULL };
    if (!desk_open_as(&desk, line, &wants, &err)) return command_failed("the desk", &err);
    if (!takes_it(&desk, line, wants.simulated, &err))
        return desk_close(&desk, command_failed("the desk", &err));
    if (!read_options(line, &desk, &options, &err))
        return desk_close(&desk, command_failed(options.mapping_name, &err));

    lodge_stop_on_signals();
    struct figures figures = { 0 };
    uint64_t begin = steady_ns();
    bool failed = false;
    option_who(line, "trader", who, sizeof(who));
    for (int i = 0; i < line->arguments_count && !lodge_stopped(); i++)
        if (!lodge_file(desk.office, line->arguments[i], &options, who, false, &figures, &err)) {
            command_failed(line->arguments[i], &err);
            failed = true;
        }
    double seconds = (double)(steady_ns() - begin) / 1e9;
    if (lodge_stopped())
        fprintf(stderr, "stopped: what was read is lodged; run it again to go on\n");
    else if (figures.unavailable > 0)
        fprintf(stderr, "what was taken is lodged; run it again to go on\n");
    if (timings) print_timings(desk.office, seconds);
    failed = failed || lodge_stopped() || figures.unavailable > 0;
    uint64_t rejected = figures.refused + figures.unreadable;
    int status = desk_close(&desk, failed ? EXIT_FAILED
                                          : rejected > 0 ? EXIT_SOME_REFUSED : EXIT_DONE);
    print_figures(&figures, seconds, line->json);
    return status;
}
