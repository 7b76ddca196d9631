#include "gates/http/gate.h"
#include "gates/http/openapi.h"
#include "gates/http/routes.h"

static void show_health(struct request *request);
static void show_readiness(struct request *request);
static void show_metrics(struct request *request);
static void show_openapi(struct request *request);

static const struct route rows[] = {
    { "GET", "/healthz", ROLES_ANYBODY, 0, "readHealth", "does the program run", NULL, { 0 },
      { { 0 } }, { { 200, "text/plain", NULL, "It does." } }, show_health, .ways = 0 },
    { "GET", "/readyz", ROLES_ANYBODY, 0, "readReadiness", "does the office take messages", NULL,
      { 0 }, { { 0 } },
      { { 200, "text/plain", NULL, "It does." },
        { 503, "application/problem+json", "Problem", "It does not." } },
      show_readiness, .ways = 0 },
    { "GET", "/metrics", ROLES_ANYBODY, 0, "readMetrics", "figures, as Prometheus reads them",
      NULL, { 0 }, { { 0 } }, { { 200, "text/plain", NULL, "The figures." } }, show_metrics,
      .ways = ROUTE_WAITS },
    { "GET", "/api/v1/openapi.json", ROLES_ANYBODY, 0, "readOpenapi",
      "what can be asked: this document", NULL, { 0 }, { { 0 } },
      { { 200, "application/json", "object", "OpenAPI 3.1." } }, show_openapi, .ways = 0 },
};

const struct route_area operation_area = ROUTE_AREA("operation", "Is it well, what it does", rows);

static void show_health(struct request *request)
{
    reply_text(request, 200, "text/plain; charset=utf-8", SPAN("well\n"));
}

// The last message that was sent tells; so the next one that is taken makes it ready again.
static void show_readiness(struct request *request)
{
    struct error err;
    if (!request->gate->troubled && !request->gate->draining) {
        reply_text(request, 200, "text/plain; charset=utf-8", SPAN("ready\n"));
        return;
    }
    error_set(&err, ERROR_UNAVAILABLE, "the office does not take messages now");
    reply_error(request, &err);
}

static void show_metrics(struct request *request)
{
    struct text text = text_in(request->arena, (size_t)16 * KIB);
    metrics_write(request->gate, &text);
    reply_text(request, 200, "text/plain; version=0.0.4; charset=utf-8", text_span(&text));
}

static void show_openapi(struct request *request)
{
    struct json_writer w = json_writer_in(request->arena, (size_t)256 * KIB);
    struct error err;
    if (!openapi_write(&w, request->arena, &err)) {
        reply_error(request, &err);
        return;
    }
    reply_header(request, "Cache-Control", "no-cache");
    reply_json(request, 200, &w);
}
