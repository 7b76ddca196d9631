// Sends what is in the queues: one event of a hook at a time, so many hooks at once, by libcurl.
//
// Where it goes is looked at when the connection is opened, by the address that the name has then:
// to be asked for one address and answered with another helps nobody. No redirect is followed, no
// proxy asked, and of the answer only its status and Retry-After are looked at.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "consignment/fact.h"
#include "gates/http/hooks_inside.h"
#include "gates/http/shown.h"

enum {
    CONNECT_MS = 5 * 1000,
    WHOLE_MS = 15 * 1000,        // of a try: Standard Webhooks asks for 15 to 30 seconds
    ANSWER_MAX = 64 * KIB,       // head and body each; beyond that we hang up
    BODY_ROOM = 4 * KIB,
};

#define MS_NS UINT64_C(1000000)

struct delivery {
    struct hook *hook;
    CURL *easy;
    struct curl_slist *headers;
    uint32_t replays;            // of the hook when it began
    size_t head_size, body_size; // of the answer
    bool cut;                    // we hung up: it said too much
    bool refused_address;
    char error[CURL_ERROR_SIZE];
};

// --- What is sent --------------------------------------------------------------------------------

struct event { struct view_row row; struct fact fact; bool seen; };

// The first of the append's facts that a trader sees; `seen` false when there is none, or when the
// file has another declarant by now.
static bool read_event(struct hooks *hooks, const struct hook *hook, uint64_t position,
                       struct event *event, struct error *err)
{
    struct office *office = hooks->settings.office;
    struct store_append append;
    bool found;
    *event = (struct event){ 0 };
    if (!office_append(office, position, &hooks->arena, &append, err) ||
        !views_find(office_views(office), append.file, &hooks->arena, &event->row, &found, err))
        return false;
    if (!found || !span_equal(event->row.declarant, hook->organisation)) return true;
    for (uint32_t i = 0; i < append.facts_count && !event->seen; i++) {
        if (append.facts[i].json.len == 0) continue; // erased
        if (!fact_read(append.facts[i].json, &hooks->arena, &event->fact, err)) return false;
        event->seen = shown_fact(ROLE_TRADER, event->fact.kind);
    }
    return true;
}

static bool write_event(struct hooks *hooks, const struct event *event, struct span id,
                        struct span *body, struct error *err)
{
    struct json_writer w = json_writer_in(&hooks->arena, BODY_ROOM);
    const struct view_row *row = &event->row;
    json_open_object(&w);
    body_put_text(&w, "type", SPAN("file.changed"));
    shown_moment(&w, "timestamp", event->fact.at_ms);
    json_key(&w, SPAN("data"));
    json_open_object(&w);
    body_put_text(&w, "id", id);
    body_put_text(&w, "file", row->file);
    body_put_text(&w, "kind", span_of(fact_kind_name(event->fact.kind)));
    body_put_text(&w, "state", span_of(file_state_name((enum file_state)row->state)));
    if (row->decision != DECISION_NONE)
        body_put_text(&w, "decision", span_of(decision_name((enum decision)row->decision)));
    body_put_text(&w, "reference", row->functional_reference);
    json_close_object(&w);
    json_close_object(&w);
    return json_written(&w, body, err);
}

// --- Where it may go -----------------------------------------------------------------------------

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct delivery *delivery = context;
    (void)purpose;
    if (!delivery->hook->inside && !hook_address_is_public(&address->addr)) {
        delivery->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_head(char *bytes, size_t size, size_t count, void *context)
{
    struct delivery *delivery = context;
    (void)bytes;
    delivery->head_size += size * count;
    delivery->cut = delivery->cut || delivery->head_size > ANSWER_MAX;
    return delivery->cut ? 0 : size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct delivery *delivery = context;
    (void)bytes;
    delivery->body_size += size * count;
    delivery->cut = delivery->cut || delivery->body_size > ANSWER_MAX;
    return delivery->cut ? 0 : size * count;
}

// --- A delivery ----------------------------------------------------------------------------------

static bool add_header(struct delivery *delivery, const char *name, struct span value)
{
    char line[256];
    int len = snprintf(line, sizeof(line), "%s: " SPAN_FMT, name, SPAN_ARG(value));
    assert(len > 0 && (size_t)len < sizeof(line));
    struct curl_slist *list = curl_slist_append(delivery->headers, line);
    if (list != NULL) delivery->headers = list;
    return list != NULL;
}

static bool add_headers(struct hooks *hooks, struct delivery *delivery, struct span id,
                        struct span body)
{
    int64_t now_s = hooks->settings.now_ms() / 1000;
    struct sha256 secret = hook_secret((struct span){ (const char *)hooks->key, HOOKS_KEY_SIZE },
                                       span_of(delivery->hook->id));
    struct text seconds = text_in(&hooks->arena, 32), signature = text_in(&hooks->arena, 64);
    text_add_i64(&seconds, now_s);
    hook_sign(&signature, sha256_span(&secret), id, now_s, body);
    return !seconds.full && !signature.full &&
           add_header(delivery, "Content-Type", SPAN("application/json")) &&
           add_header(delivery, "Expect", SPAN("")) &&
           add_header(delivery, "webhook-id", id) &&
           add_header(delivery, "webhook-timestamp", text_span(&seconds)) &&
           add_header(delivery, "webhook-signature", text_span(&signature));
}

static bool prepare(struct delivery *delivery, struct span body)
{
    CURL *easy = delivery->easy;
    const char *protocols = delivery->hook->inside ? "http,https" : "https";
    bool done = true;
#define SET(option, value) done = done && curl_easy_setopt(easy, option, value) == CURLE_OK
    SET(CURLOPT_URL, delivery->hook->url);
    SET(CURLOPT_PROTOCOLS_STR, protocols);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); // a name that is not found in time is not waited for
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_USERAGENT, "tidewaiter");
    SET(CURLOPT_HTTPHEADER, delivery->headers);
    SET(CURLOPT_POSTFIELDSIZE, (long)body.len);
    SET(CURLOPT_COPYPOSTFIELDS, body.at);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, delivery);
    SET(CURLOPT_HEADERFUNCTION, take_head);
    SET(CURLOPT_HEADERDATA, delivery);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, delivery);
    SET(CURLOPT_ERRORBUFFER, delivery->error);
    SET(CURLOPT_PRIVATE, delivery);
#undef SET
    return done;
}

static void delivery_close(struct delivery *delivery)
{
    if (delivery == NULL) return;
    if (delivery->easy != NULL) curl_easy_cleanup(delivery->easy);
    curl_slist_free_all(delivery->headers);
    free(delivery);
}

static bool begin(struct hooks *hooks, struct delivery *delivery, struct span id, struct span body)
{
    delivery->easy = curl_easy_init();
    return delivery->easy != NULL && add_headers(hooks, delivery, id, body) &&
           prepare(delivery, body) &&
           curl_multi_add_handle(hooks->multi, delivery->easy) == CURLM_OK;
}

// --- Whose turn it is ----------------------------------------------------------------------------

static bool is_due(const struct hook *hook, uint64_t now_ns)
{
    return !hook->stopped && !hook->ended && !hook->refused && hook->delivery == NULL &&
           hook->count > 0 && hook->next_ns <= now_ns;
}

struct turn { struct hook *hook; struct hook_event event; uint32_t replays; };

// Of those that are due, the one whose turn is longest ago.
static bool next_turn(struct hooks *hooks, uint64_t now_ns, struct turn *turn)
{
    struct hook *found = NULL;
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count; i++) {
        struct hook *hook = hooks->list[i];
        if (is_due(hook, now_ns) && (found == NULL || hook->sent_ns < found->sent_ns))
            found = hook;
    }
    if (found != NULL) {
        *turn = (struct turn){ found, found->queue[found->first], found->replays };
        found->sent_ns = now_ns;
    }
    pthread_mutex_unlock(&hooks->lock);
    return found != NULL;
}

uint64_t hooks_next_ns(struct hooks *hooks)
{
    uint64_t next = UINT64_MAX;
    if (hooks->under_way == HOOKS_AT_ONCE_MAX) return next; // what ends wakes us
    pthread_mutex_lock(&hooks->lock);
    for (uint32_t i = 0; i < hooks->count; i++) {
        const struct hook *hook = hooks->list[i];
        if (is_due(hook, UINT64_MAX) && hook->next_ns < next) next = hook->next_ns;
    }
    pthread_mutex_unlock(&hooks->lock);
    return next;
}

// An event was delivered, or is none; the lock is held.
static void pass(struct hook *hook)
{
    assert(hook->count > 0);
    hook->first = (hook->first + 1) % HOOK_QUEUE_MAX;
    hook->count--;
    hook->unsaved = true;
}

// --- What came of it -----------------------------------------------------------------------------

static void took(struct hooks *hooks, struct hook *hook)
{
    pass(hook);
    hook->failures = 0;
    hook->failing_since_ms = 0;
    hook->next_ns = 0;
    hook_say(hook, SPAN(""));
    hooks->delivered++;
}

// True: enough is enough.
static bool failed(struct hooks *hooks, struct hook *hook, int64_t retry_after_s)
{
    uint64_t chance;
    int64_t now_ms = hooks->settings.now_ms();
    hooks->settings.random(&chance, sizeof(chance));
    if (hook->failing_since_ms == 0) hook->failing_since_ms = now_ms;
    hook->failures++;
    hook->unsaved = true;
    int64_t wait_ms = hook_delay_ms(hook->failures, chance);
    if (retry_after_s > HOOK_DELAY_MAX_MS / 1000) retry_after_s = HOOK_DELAY_MAX_MS / 1000;
    if (wait_ms < retry_after_s * 1000) wait_ms = retry_after_s * 1000;
    hook->next_ns = hooks->settings.ticks_ns() + (uint64_t)wait_ms * MS_NS;
    hooks->failed++;
    return hook->last_status == 410 || now_ms - hook->failing_since_ms >= HOOK_GIVE_UP_MS;
}

static void explain(struct hook *hook, const struct delivery *delivery, CURLcode result)
{
    if (hook->last_status == 410) hook_say(hook, SPAN("the receiver says that it is gone"));
    else if (delivery->refused_address)
        hook_say(hook, SPAN("its address is not one of the public internet"));
    else if (hook->last_status != 0) hook_say(hook, SPAN("the answer was no 2xx"));
    else if (delivery->error[0] != '\0') hook_say(hook, span_of(delivery->error));
    else hook_say(hook, span_of(curl_easy_strerror(result)));
}

// The fact first, then the state. Where it cannot be kept now, the next failure tries again.
static void stop(struct hooks *hooks, struct hook *hook)
{
    struct error err;
    char why[HOOK_TROUBLE_MAX];
    memcpy(why, hook->trouble, sizeof(why)); // nobody else writes it
    if (!hook_book_stop(hooks->settings.office, span_of(hook->id), span_of(why),
                        SPAN("office:hooks"), &err))
        return;
    pthread_mutex_lock(&hooks->lock);
    hooks->live -= !hook->ended && !hook->stopped;
    hook->stopped = true;
    pthread_mutex_unlock(&hooks->lock);
}

static void finish(struct hooks *hooks, struct delivery *delivery, CURLcode result)
{
    struct hook *hook = delivery->hook;
    long status = 0;
    curl_off_t retry_after = 0;
    bool enough = false;
    curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(delivery->easy, CURLINFO_RETRY_AFTER, &retry_after);
    bool taken = (result == CURLE_OK || delivery->cut) && status >= 200 && status <= 299;
    pthread_mutex_lock(&hooks->lock);
    hook->delivery = NULL;
    hook->last_ms = hooks->settings.now_ms();
    hook->last_status = result == CURLE_OK || delivery->cut ? status : 0;
    if (hook->replays == delivery->replays) { // else it begins anew, whatever came of this
        if (taken) took(hooks, hook);
        else enough = failed(hooks, hook, retry_after);
        if (!taken) explain(hook, delivery, result);
    }
    pthread_mutex_unlock(&hooks->lock);
    if (enough && !hook->ended) stop(hooks, hook);
}

static void let_go(struct hooks *hooks, struct delivery *delivery)
{
    curl_multi_remove_handle(hooks->multi, delivery->easy);
    delivery_close(delivery);
    hooks->under_way--;
}

void hooks_take(struct hooks *hooks)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(hooks->multi, &left)) != NULL;) {
        char *own = NULL;
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &own);
        struct delivery *delivery = (struct delivery *)(void *)own;
        finish(hooks, delivery, result);
        let_go(hooks, delivery);
    }
}

void hooks_drop(struct hooks *hooks)
{
    for (uint32_t i = 0; i < hooks->count; i++) {
        struct hook *hook = hooks->list[i];
        if (hook->delivery == NULL) continue;
        let_go(hooks, hook->delivery);
        hook->delivery = NULL;
    }
}

// --- Starting ------------------------------------------------------------------------------------

// What could not even be begun counts as a failure: it comes again.
static void put_off(struct hooks *hooks, struct hook *hook, const char *what)
{
    pthread_mutex_lock(&hooks->lock);
    hook->last_ms = hooks->settings.now_ms();
    hook->last_status = 0;
    (void)failed(hooks, hook, 0);
    hook_say(hook, span_of(what));
    pthread_mutex_unlock(&hooks->lock);
}

static void pass_over(struct hooks *hooks, const struct turn *turn)
{
    pthread_mutex_lock(&hooks->lock);
    if (turn->hook->replays == turn->replays) pass(turn->hook);
    pthread_mutex_unlock(&hooks->lock);
}

static bool send_event(struct hooks *hooks, const struct turn *turn, const struct event *event,
                       struct error *err)
{
    struct span body;
    struct text id = text_in(&hooks->arena, 32);
    struct delivery *delivery = calloc(1, sizeof(*delivery));
    if (delivery == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to send it");
    *delivery = (struct delivery){ .hook = turn->hook, .replays = turn->replays };
    text_add_u64(&id, turn->event.size);
    if (!write_event(hooks, event, text_span(&id), &body, err)) {
        delivery_close(delivery);
        return false;
    }
    if (!begin(hooks, delivery, text_span(&id), body)) {
        delivery_close(delivery);
        return error_set(err, ERROR_UNAVAILABLE, "no memory to send it");
    }
    turn->hook->delivery = delivery;
    hooks->under_way++;
    return true;
}

static void start(struct hooks *hooks, const struct turn *turn)
{
    struct error err;
    struct event event;
    arena_reset(&hooks->arena, 0);
    bool read = read_event(hooks, turn->hook, turn->event.position, &event, &err);
    if (read && !event.seen) pass_over(hooks, turn);
    else if (!read || !send_event(hooks, turn, &event, &err))
        put_off(hooks, turn->hook, err.text);
}

void hooks_send(struct hooks *hooks)
{
    struct turn turn;
    uint64_t now_ns = hooks->settings.ticks_ns();
    while (hooks->under_way < HOOKS_AT_ONCE_MAX && next_turn(hooks, now_ns, &turn))
        start(hooks, &turn);
}
