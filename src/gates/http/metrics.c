#include "gates/http/metrics.h"

#include <stdlib.h>

#include "gates/http/gate.h"
#include "gates/http/hooks.h"
#include "gates/http/routes.h"

enum { CLASSES = 6, BOUNDS = 12 };

static const uint32_t bounds_us[BOUNDS] = { 500,    1000,   2500,   5000,   10000,   25000,
                                            50000, 100000, 250000, 500000, 1000000, 5000000 };

struct row {
    _Atomic uint64_t by_class[CLASSES]; // 1xx .. 5xx; [0]: never answered
    _Atomic uint64_t by_bound[BOUNDS + 1];
    _Atomic uint64_t sum_us;
};

struct metrics {
    _Atomic uint32_t under_way;
    struct row rows[ROUTES_MAX];
};

bool metrics_open(struct metrics **opened, struct error *err)
{
    *opened = calloc(1, sizeof(struct metrics));
    return *opened != NULL || error_set(err, ERROR_UNAVAILABLE, "no memory for the figures");
}

void metrics_close(struct metrics *metrics) { free(metrics); }

void metrics_began(struct metrics *metrics) { metrics->under_way++; }

uint32_t metrics_under_way(const struct metrics *metrics) { return metrics->under_way; }

void metrics_ended(struct metrics *metrics, uint32_t route, unsigned status, uint64_t took_ns)
{
    struct row *row = &metrics->rows[route < ROUTES_MAX ? route : ROUTES_MAX - 1];
    uint64_t took_us = took_ns / 1000;
    int bound = 0;
    while (bound < BOUNDS && took_us > bounds_us[bound]) bound++;
    row->by_class[status / 100 < CLASSES ? status / 100 : 0]++;
    row->by_bound[bound]++;
    row->sum_us += took_us;
    metrics->under_way--;
}

// --- Writing ---

static void head(struct text *text, const char *name, const char *kind, const char *help)
{
    text_add_format(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void labels(struct text *text, const struct route *route)
{
    if (route == NULL) text_add(text, SPAN("method=\"\",route=\"none\""));
    else text_add_format(text, "method=\"%s\",route=\"%s\"", route->method, route->path);
}

static void write_requests(const struct metrics *metrics, uint32_t rows, struct text *text)
{
    static const char *const classes[CLASSES] = { "none", "1xx", "2xx", "3xx", "4xx", "5xx" };
    head(text, "tidewaiter_http_requests_total", "counter", "Requests by route and status.");
    for (uint32_t n = 0; n < rows; n++)
        for (int c = 0; c < CLASSES; c++) {
            uint64_t count = metrics->rows[n].by_class[c];
            if (count == 0) continue;
            text_add(text, SPAN("tidewaiter_http_requests_total{"));
            labels(text, route_at(n));
            text_add_format(text, ",status=\"%s\"} %llu\n", classes[c],
                            (unsigned long long)count);
        }
}

static void write_times(const struct metrics *metrics, uint32_t rows, struct text *text)
{
    head(text, "tidewaiter_http_request_seconds", "histogram", "How long requests took.");
    for (uint32_t n = 0; n < rows; n++) {
        const struct row *row = &metrics->rows[n];
        uint64_t count = 0;
        for (int b = 0; b <= BOUNDS; b++) count += row->by_bound[b];
        if (count == 0) continue;
        count = 0;
        for (int b = 0; b <= BOUNDS; b++) {
            count += row->by_bound[b];
            text_add(text, SPAN("tidewaiter_http_request_seconds_bucket{"));
            labels(text, route_at(n));
            if (b < BOUNDS)
                text_add_format(text, ",le=\"%u.%06u\"", bounds_us[b] / 1000000,
                                bounds_us[b] % 1000000);
            else text_add(text, SPAN(",le=\"+Inf\""));
            text_add_format(text, "} %llu\n", (unsigned long long)count);
        }
        uint64_t sum_us = row->sum_us;
        text_add(text, SPAN("tidewaiter_http_request_seconds_sum{"));
        labels(text, route_at(n));
        text_add_format(text, "} %llu.%06llu\n", (unsigned long long)(sum_us / 1000000),
                        (unsigned long long)(sum_us % 1000000));
        text_add(text, SPAN("tidewaiter_http_request_seconds_count{"));
        labels(text, route_at(n));
        text_add_format(text, "} %llu\n", (unsigned long long)count);
    }
}

static void write_office(const struct gate *gate, struct text *text)
{
    struct error err;
    uint64_t counts[FILE_STATE_COUNT];
    head(text, "tidewaiter_joiner_waiting", "gauge", "Declarations that wait for a batch.");
    text_add_format(text, "tidewaiter_joiner_waiting %u\n", joiner_waiting(gate->joiner));
    if (!views_count(office_views(gate->office), counts, FILE_STATE_COUNT, &err)) return;
    head(text, "tidewaiter_files", "gauge", "Consignments by state.");
    for (int s = FILE_LODGED; s < FILE_STATE_COUNT; s++)
        text_add_format(text, "tidewaiter_files{state=\"%s\"} %llu\n",
                        file_state_name((enum file_state)s), (unsigned long long)counts[s]);
}

static void write_ledger(const struct gate *gate, struct text *text)
{
    struct error err;
    struct store_seal seal;
    struct arena *scratch = text->arena;
    if (!office_seal(gate->office, scratch, &seal, &err)) return;
    head(text, "tidewaiter_ledger_facts", "gauge", "Facts under the newest checkpoint.");
    text_add_format(text, "tidewaiter_ledger_facts %llu\n", (unsigned long long)seal.tree_size);
}

static void write_hooks(const struct gate *gate, struct text *text)
{
    struct hooks_figures figures;
    hooks_figures(gate->hooks, &figures);
    head(text, "tidewaiter_webhooks", "gauge", "Webhooks that are set up.");
    text_add_format(text, "tidewaiter_webhooks %u\n", figures.count);
    head(text, "tidewaiter_webhooks_waiting", "gauge", "Events that were not delivered yet.");
    text_add_format(text, "tidewaiter_webhooks_waiting %llu\n",
                    (unsigned long long)figures.waiting);
    head(text, "tidewaiter_webhook_tries_total", "counter", "Tries to deliver an event.");
    text_add_format(text, "tidewaiter_webhook_tries_total{result=\"delivered\"} %llu\n"
                          "tidewaiter_webhook_tries_total{result=\"failed\"} %llu\n",
                    (unsigned long long)figures.delivered, (unsigned long long)figures.failed);
}

void metrics_write(const struct gate *gate, struct text *text)
{
    const struct metrics *metrics = gate->metrics;
    uint32_t rows = 0;
    while (route_at(rows) != NULL) rows++;
    rows++; // and of none
    head(text, "tidewaiter_http_under_way", "gauge", "Requests that are under way.");
    text_add_format(text, "tidewaiter_http_under_way %u\n", metrics->under_way);
    write_requests(metrics, rows, text);
    write_times(metrics, rows, text);
    write_office(gate, text);
    write_ledger(gate, text);
    write_hooks(gate, text);
}
