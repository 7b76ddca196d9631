// Server-sent events: what changes, as it changes. A page that lost its connection says with
// Last-Event-ID where it was; the browser does that by itself.
#include <stdlib.h>

#include "gates/http/gate.h"
#include "gates/http/news.h"
#include "gates/http/routes.h"

static void listen_to_news(struct request *request);

static const struct route rows[] = {
    { "GET", "/api/v1/events", ROLES_OFFICIAL | role_bit(ROLE_TRADER), SCOPE_READ, "readEvents",
      "what changes, as it changes: of all that the caller may see, of what waits, of one file",
      NULL, { 0 },
      { { "query", "topic", "\"queue\": only what waits for an officer, or just did" },
        { "query", "file", "only of this consignment" },
        { "header", "Last-Event-ID", "go on behind this event" } },
      { { 200, "text/event-stream", "Event | Reset",
          "\"file\": one changed; \"reset\": too much did, look at everything anew." } },
      listen_to_news, .ways = 0 },
};

static const struct schema schemas[] = {
    { "Event", "A file changed: by a fact of that kind, to that state; waits: for an officer.",
      .members = "changedAt: moment, decision: Decision | 'none', factsCount: whole, file: text, "
                 "kind: FactKind, office?: text, state: State, waits: truth" },
    { "Reset", "Nothing more is told of what was missed.", .members = "" },
};

const struct route_area events_area =
    ROUTE_AREA_WITH("events", "What changes, as it changes", rows, schemas);

static void wake(struct news_listener *listener)
{
    request_go_on(listener->owner, NULL);
}

static void leave(struct request *request)
{
    struct news_listener *listener = request->own;
    news_leave(request->gate->news, listener);
}

static long next_events(struct request *request, char *into, size_t size)
{
    struct news_listener *listener = request->own;
    if (size < NEWS_EVENT_MAX) return 0;
    long got = news_read(request->gate->news, listener, into, size);
    // It may be woken before it waits: going on before waiting is not to wait.
    if (got == 0) request_wait(request);
    return got;
}

static bool read_filter(struct request *request, struct news_filter *filter, struct error *err)
{
    struct span topic;
    bool found, has_topic;
    struct span query = request->target.query;
    *filter = (struct news_filter){ .role = request->caller.role };
    if (!query_find(query, SPAN("topic"), request->arena, &topic, &has_topic, err) ||
        !query_find(query, SPAN("file"), request->arena, &filter->file, &found, err))
        return false;
    if (!found) filter->file = SPAN("");
    filter->waiting_only = has_topic && span_equal(topic, SPAN("queue"));
    return arena_copy(request->arena, request->caller.organisation, &filter->organisation) ||
           error_set(err, ERROR_TOO_LARGE, "the request is too large");
}

static void listen_to_news(struct request *request)
{
    struct error err;
    uint64_t after = 0;
    struct news_listener *listener = arena_take(request->arena, 1, sizeof(*listener));
    struct span last = request_header(request, "Last-Event-ID");
    if (listener == NULL || !read_filter(request, &listener->filter, &err)) {
        if (listener == NULL) error_set(&err, ERROR_TOO_LARGE, "the request is too large");
        reply_error(request, &err);
        return;
    }
    if (last.len > 0 && !span_to_u64(last, &after)) after = 0;
    listener->owner = request;
    listener->wake = wake;
    request->own = listener;
    request->end = leave;
    news_listen(request->gate->news, listener, after);
    reply_text(request, 200, "text/event-stream", SPAN(""));
    request->reply.next = next_events;
}
