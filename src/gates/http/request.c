#include "gates/http/request.h"

#include <assert.h>
#include <stdio.h>

unsigned error_status(enum error_kind kind)
{
    static const unsigned statuses[] = {
        [ERROR_NONE] = 200,      [ERROR_SYNTAX] = 400,      [ERROR_TOO_LARGE] = 413,
        [ERROR_NOT_FOUND] = 404, [ERROR_CONFLICT] = 409,    [ERROR_UNAVAILABLE] = 503,
        [ERROR_DAMAGED] = 500,
    };
    return statuses[kind];
}

static const char *error_title(enum error_kind kind)
{
    static const char *const titles[] = {
        [ERROR_NONE] = "done",
        [ERROR_SYNTAX] = "the message must be changed",
        [ERROR_TOO_LARGE] = "the message is too large",
        [ERROR_NOT_FOUND] = "there is no such thing",
        [ERROR_CONFLICT] = "it does not fit what is there",
        [ERROR_UNAVAILABLE] = "it could not be done now",
        [ERROR_DAMAGED] = "something is broken here",
    };
    return titles[kind];
}

void reply_header(struct request *request, const char *name, const char *value)
{
    struct reply *reply = &request->reply;
    assert(reply->headers_count < REPLY_HEADERS_MAX);
    reply->headers[reply->headers_count++] = (struct reply_header){ name, value };
    if (strcmp(name, "Cache-Control") == 0) reply->cached = true;
}

void reply_text(struct request *request, unsigned status, const char *type, struct span body)
{
    struct reply *reply = &request->reply;
    assert(reply->status == 0); // answered once
    reply->status = status;
    reply->type = type;
    reply->body = body;
}

static void reply_full(struct request *request)
{
    reply_text(request, 500, "application/problem+json",
               SPAN("{\"detail\":\"the answer does not fit into memory\",\"status\":500,"
                    "\"title\":\"something is broken here\","
                    "\"type\":\"tag:tidewaiter.org,2026:problem:full\"}"));
}

void reply_json(struct request *request, unsigned status, const struct json_writer *w)
{
    struct span text;
    struct error err;
    if (!json_written(w, &text, &err)) reply_full(request);
    else reply_text(request, status, "application/json", text);
}

static void member(struct json_writer *w, const char *key, struct span value)
{
    if (value.len == 0) return;
    json_key(w, span_of(key));
    json_write_string(w, value);
}

static void place(struct json_writer *w, const char *key, unsigned value)
{
    if (value == 0) return;
    json_key(w, span_of(key));
    json_write_i64(w, value);
}

void write_error_members(struct json_writer *w, const struct error *err)
{
    place(w, "column", err->column);
    member(w, "detail", span_of(err->text));
    member(w, "field", span_of(err->field));
    member(w, "hint", span_of(err->hint));
    place(w, "line", err->line);
}

struct json_writer problem_open(struct request *request, const struct problem *problem,
                                const struct error *err)
{
    struct json_writer w = json_writer_in(request->arena, 512);
    char type[80];
    snprintf(type, sizeof(type), "tag:tidewaiter.org,2026:problem:%s", problem->name);
    json_open_object(&w);
    if (err != NULL) write_error_members(&w, err);
    member(&w, "instance", request->target.path);
    json_key(&w, SPAN("status"));
    json_write_i64(&w, problem->status);
    member(&w, "title", span_of(problem->title));
    member(&w, "type", span_of(type));
    return w;
}

void problem_close(struct request *request, const struct problem *problem, struct json_writer *w)
{
    struct span text;
    struct error err;
    json_close_object(w);
    if (!json_written(w, &text, &err)) {
        reply_full(request);
        return;
    }
    if (problem->status == 503) reply_header(request, "Retry-After", "1");
    reply_text(request, problem->status, "application/problem+json", text);
}

void reply_problem(struct request *request, const struct problem *problem, const struct error *err)
{
    struct json_writer w = problem_open(request, problem, err);
    problem_close(request, problem, &w);
}

void reply_error(struct request *request, const struct error *err)
{
    struct problem problem = { error_status(err->kind), error_kind_name(err->kind),
                               error_title(err->kind) };
    reply_problem(request, &problem, err);
}
