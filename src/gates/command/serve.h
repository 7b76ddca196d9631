// serve: the server's command, for the program itself and for tests that bring their own callers.
#ifndef TW_GATES_COMMAND_SERVE_H
#define TW_GATES_COMMAND_SERVE_H

#include "gates/command/command.h"
#include "gates/http/caller.h"

#define SERVE_OPTIONS                                                                           \
    { { "--listen", "ADDRESS:PORT", "where to listen; port 0: any (127.0.0.1:8080)" },          \
      { "--behind-tls", NULL, "TLS stands in front: may listen for other machines" },           \
      { "--threads", "N", "event loops (2)" },                                                  \
      { "--per-address", "N", "connections of one address at most; 0: no limit (0)" },          \
      { "--origin", "URL", "what browsers call it (http://localhost:PORT)" },                   \
      { "--simulated", NULL, "a store in which nothing is real: a new one is made so" },           \
      { "--pages", "FOLDER", "the built pages of the web desk (web/dist)" },                    \
      { "--webhooks-to", "HOST:PORT,...", "receivers of webhooks inside, also without TLS" } }

// Opens the office, listens, prints "listening on http://ADDRESS" as one line, and serves until
// SIGTERM or SIGINT; then answers what is under way and closes. Returns the exit status. Where
// nobody may come in yet it invites an administrator, and prints his link as another line.
// `find_caller` NULL: the door (gates/http/door.h) knows who comes.
int serve_run(const struct command_line *line, caller_finder find_caller, void *context);

#endif
