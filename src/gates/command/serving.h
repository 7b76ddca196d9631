// serving: the parts of a served desk: office, news, webhooks, door, server; opened in this order.
//
// What went wrong is in `err`; serving_close takes what was opened by then.
#ifndef TW_GATES_COMMAND_SERVING_H
#define TW_GATES_COMMAND_SERVING_H

#include <signal.h>

#include "gates/command/desk.h"
#include "gates/http/door.h"
#include "gates/http/hooks.h"
#include "gates/http/news.h"
#include "gates/http/server.h"

struct serving {
    struct desk desk;
    struct news *news;
    struct hooks *hooks;
    struct door *door;
    struct server *server;
    char pages[3100];
    const char *webhooks_to;     // receivers inside (hooks.h); may be NULL
    // Hears of every change, too (office.h): set before the desk is opened; may be NULL.
    void (*hear)(void *hear_context, const struct view_row *row);
    void *hear_context;
};

// Blocks the signals that end us, in all threads to come; sigwait takes them. Raises the number of
// open files as far as the system lets us: each connection is one.
sigset_t serving_begin(void);

// `wants`: all but its news.
MUST_CHECK bool serving_open_desk(struct serving *serving, const struct command_line *line,
                                  const struct desk_wants *wants, struct error *err);
// `secure`: TLS stands in front.
MUST_CHECK bool serving_open_door(struct serving *serving, bool secure, struct error *err);
// Takes `settings` as they are but for what is served and how time and chance are had. `pages`
// NULL: those that were built beside the program. `origin` NULL: this machine is called localhost.
MUST_CHECK bool serving_listen(struct serving *serving, struct server_settings settings,
                               const char *pages, const char *origin, struct error *err);

// Answers what is under way and closes. Returns the exit status.
int serving_close(struct serving *serving, int status);

#endif
