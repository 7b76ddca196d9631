#include <inttypes.h>
#include <stdio.h>

#include "gates/command/desk.h"

static void print_row(const struct view_row *row, struct arena scratch)
{
    struct text worth = text_in(&scratch, 32);
    if (row->worth.currency[0] != '\0') money_write(&worth, row->worth);
    struct text since = text_in(&scratch, 32);
    moment_write(&since, row->lodged_ms);
    printf("%-36.*s %-18s %5u %16.*s  %-10.*s %.16s%s\n", SPAN_ARG(row->file),
           file_state_name((enum file_state)row->state), row->score, SPAN_ARG(text_span(&worth)),
           SPAN_ARG(row->commodity), text_span(&since).at, row->random ? "  by lot" : "");
}

static int show_queue(const struct command_line *line, struct desk *desk, uint32_t limit)
{
    struct error err;
    struct views_waiting any = { 0 };
    struct views_page page;
    uint64_t waiting;
    if (!views_queue(office_views(desk->office), &any, SPAN(""), limit, &desk->arena, &page,
                     &waiting, &err))
        return command_failed("the queue", &err);

    if (page.count > 0)
        printf("%-36s %-18s %5s %16s  %-10s %-16s\n", "consignment", "state", "score", "worth",
               "commodity", "lodged (UTC)");
    for (uint32_t i = 0; i < page.count; i++) print_row(&page.rows[i], desk->arena);
    printf("%" PRIu64 " waiting for an officer", waiting);
    if (page.count < waiting) printf("; %u shown, most worth first", page.count);
    printf("\n");
    if (line->json) printf("{\"waiting\":%" PRIu64 ",\"shown\":%u}\n", waiting, page.count);
    return EXIT_DONE;
}

int queue_command(const struct command_line *line)
{
    struct error err;
    struct desk desk;
    uint64_t limit;
    if (!option_number(line, "--limit", 20, 100000, &limit)) return EXIT_USAGE;
    if (!desk_open(&desk, line, false, &err)) return command_failed("the desk", &err);
    return desk_close(&desk, show_queue(line, &desk, (uint32_t)limit));
}
