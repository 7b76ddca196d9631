// http_serve: the server with callers that a test makes up, for stories and loads.
//
// "Authorization: Bearer ROLE:ORGANISATION:NAME", for example "trader:XM13135924:ann", is taken at
// its word. Never a part of the program.
#include <stdio.h>

#include "gates/command/serve.h"
#include "gates/http/request.h"

static bool find_caller(void *context, struct request *request, struct caller *caller,
                        struct error *err)
{
    struct span given = request_header(request, "Authorization");
    (void)context;
    if (given.len == 0) return true;
    if (!span_starts_with(given, SPAN("Bearer ")))
        return error_set(err, ERROR_SYNTAX, "this is no bearer's token");
    struct span_pair role = span_cut((struct span){ given.at + 7, given.len - 7 }, ':');
    struct span_pair names = span_cut(role.tail, ':');
    struct text who = text_in(request->arena, 64);
    if (!names.found || !role_read(role.head, &caller->role))
        return error_set(err, ERROR_SYNTAX, "this token is nobody's");
    caller->organisation = names.head;
    caller->name = names.tail;
    caller->scopes = SCOPE_ALL;
    text_add(&who, SPAN("user:"));
    text_add(&who, caller->name);
    caller->who = text_span(&who).at;
    return true;
}

static int serve_with_callers(const struct command_line *line)
{
    return serve_run(line, find_caller, NULL);
}

int main(int argc, char **argv)
{
    static const struct command command = {
        "serve", "", "serve with made-up callers", "http_serve serve", 0, 0, SERVE_OPTIONS,
        serve_with_callers
    };
    return command_main(&command, 1, argc, argv);
}
