// Webhooks of a trader's organisation: set up, looked at, begun again, removed.
#include "gates/http/asked.h"
#include "gates/http/gate.h"
#include "gates/http/hooks.h"
#include "gates/http/routes.h"
#include "gates/http/shown.h"

static void list_hooks(struct request *request);
static void set_up_hook(struct request *request);
static void remove_hook(struct request *request);
static void replay_hook(struct request *request);

#define PROBLEM "application/problem+json", "Problem"
#define JSON_BODY { "application/json" }
#define TRADER role_bit(ROLE_TRADER)

static const struct route rows[] = {
    { "GET", "/api/v1/webhooks", TRADER, SCOPE_READ, "readWebhooks",
      "the webhooks of the caller's organisation, and how they do", NULL, { 0 }, { { 0 } },
      { { 200, "application/json", "Webhooks", "In the order in which they were set up." } },
      list_hooks, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/webhooks", TRADER, SCOPE_ALL, "setUpWebhook",
      "has changes of the organisation's files sent to a URL from now on", "WebhookAsked",
      JSON_BODY, { { 0 } },
      { { 201, "application/json", "WebhookMade", "Its secret is shown this once." },
        { 400, PROBLEM, "Nothing is sent to such a URL." },
        { 409, PROBLEM, "There are as many as there may be." } },
      set_up_hook, .ways = ROUTE_WAITS },
    { "DELETE", "/api/v1/webhooks/{id}", TRADER, SCOPE_ALL, "removeWebhook", "ends a webhook",
      NULL, { 0 }, { { 0 } },
      { { 204, NULL, NULL, "Nothing more is sent to it." }, { 404, PROBLEM, "There is none." } },
      remove_hook, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/webhooks/{id}/replay", TRADER, SCOPE_ALL, "replayWebhook",
      "sends everything behind an event once more, also where the webhook was stopped",
      "WebhookReplay", JSON_BODY, { { 0 } },
      { { 202, NULL, NULL, "It is under way." }, { 404, PROBLEM, "There is none." } },
      replay_hook, .ways = ROUTE_WAITS },
};

static const char *state_word(uint32_t number)
{
    return number <= HOOK_STOPPED ? hook_state_name((enum hook_state)number) : NULL;
}

static const struct schema schemas[] = {
    { "Webhook",
      "A webhook; waiting: events that were not taken yet; trouble: of the last try, or why it is "
      "stopped.",
      .members = "id: text, lastAt?: moment, lastStatus?: whole, madeAt: moment, "
                 "state: WebhookState, trouble?: text, url: text, waiting: whole" },
    { "WebhookAsked", "Where to send to: https, or a receiver that the operator named.",
      .members = "url: text" },
    { "WebhookMade", "What is sent is signed by the secret, which is shown this once.",
      .members = "id: text, secret: text" },
    { "WebhookReplay", "Everything behind this event is sent again; 0: from the first.",
      .members = "after: whole | text" },
    { "WebhookState", "Whether what is sent is taken.", .word = state_word },
    { "Webhooks", "In the order in which they were set up.", .members = "rows: [Webhook]" },
};

const struct route_area webhooks_area =
    ROUTE_AREA_WITH("webhooks", "What is told to a trader's own servers", rows, schemas);

static void write_hook(void *context, const struct hook_shown *shown)
{
    struct json_writer *w = context;
    json_open_object(w);
    body_put_text(w, "id", shown->id);
    if (shown->last_ms != 0) shown_moment(w, "lastAt", shown->last_ms);
    if (shown->last_status != 0) body_put_whole(w, "lastStatus", (uint64_t)shown->last_status);
    shown_moment(w, "madeAt", shown->made_ms);
    body_put_text(w, "state", span_of(hook_state_name(shown->state)));
    body_put_text(w, "trouble", shown->trouble);
    body_put_text(w, "url", shown->url);
    body_put_whole(w, "waiting", shown->waiting);
    json_close_object(w);
}

static void list_hooks(struct request *request)
{
    struct json_writer w = json_writer_in(request->arena, 4096);
    json_open_object(&w);
    json_key(&w, SPAN("rows"));
    json_open_array(&w);
    hooks_each(request->gate->hooks, request->caller.organisation, write_hook, &w);
    json_close_array(&w);
    json_close_object(&w);
    reply_json(request, 200, &w);
}

static void set_up_hook(struct request *request)
{
    struct asked asked;
    struct error err;
    struct span url;
    char id[HOOK_ID_LEN + 1];
    struct text secret = text_in(request->arena, 64);
    if (!asked_read(&asked, request, &err) || !asked_text(&asked, "url", true, &url, &err) ||
        !hooks_set_up(request->gate->hooks, request->caller.organisation, url,
                      span_of(request->caller.who), id, &secret, &err)) {
        reply_error(request, &err);
        return;
    }
    struct json_writer w = json_writer_in(request->arena, 256);
    json_open_object(&w);
    body_put_text(&w, "id", span_of(id));
    body_put_text(&w, "secret", text_span(&secret));
    json_close_object(&w);
    w.text.full = w.text.full || secret.full;
    reply_json(request, 201, &w);
}

static void remove_hook(struct request *request)
{
    struct error err;
    if (hooks_remove(request->gate->hooks, request->caller.organisation, request->parameters[0],
                     span_of(request->caller.who), &err))
        reply_text(request, 204, NULL, SPAN(""));
    else reply_error(request, &err);
}

static bool read_after(struct request *request, uint64_t *after, struct error *err)
{
    struct asked asked;
    struct span text;
    if (!asked_read(&asked, request, err)) return false;
    uint32_t node = json_member(&asked.json, 0, SPAN("after"));
    if (node != 0 && asked.json.nodes[node].kind == JSON_NUMBER)
        text = json_raw(&asked.json, node);
    else if (!asked_text(&asked, "after", true, &text, err)) return false;
    if (span_to_u64(text, after)) return true;
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no event's id", SPAN_ARG(text));
    return error_field(err, "after");
}

static void replay_hook(struct request *request)
{
    struct error err;
    uint64_t after;
    if (read_after(request, &after, &err) &&
        hooks_replay(request->gate->hooks, request->caller.organisation, request->parameters[0],
                     after, span_of(request->caller.who), &err))
        reply_text(request, 202, NULL, SPAN(""));
    else reply_error(request, &err);
}
