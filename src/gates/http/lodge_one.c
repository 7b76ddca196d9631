#include <stdio.h>
#include <stdlib.h>

#include "gates/http/declarations.h"
#include "gates/http/gate.h"
#include "gates/http/own.h"

// One declaration on its way through a batch: its request waits meanwhile. Who prefers not to wait
// is answered when the declaration was read, and his request does not live that long: what is then
// under way has memory of its own.

enum { ASYNC_MAX = 1024 }; // such declarations at once, of at most HTTP_BODY_MAX bytes each

struct lodging {
    struct load load;
    struct span text;
    struct joiner *joiner;
    struct sha256 key;           // of Idempotency-Key
    bool keyed;
    bool held;                   // answers that must be released
};

static const struct problem refused = { 422, "refused", "the declaration breaks rules" };
static const struct problem conflict = { 409, "conflict", "it does not fit what is there" };

// --- Idempotency-Key ---

static void keep_answer(struct request *request, const struct lodging *lodging)
{
    const struct reply *reply = &request->reply;
    struct key_answer kept = { .status = reply->status, .body_len = (uint32_t)reply->body.len };
    bool final = reply->status == 200 || reply->status == 201 || reply->status == 422;
    if (!lodging->keyed) return;
    if (!final || reply->body.len > sizeof(kept.body)) {
        keys_forget(request->gate->keys, lodging->key);
        return;
    }
    memcpy(kept.body, reply->body.at, reply->body.len);
    snprintf(kept.type, sizeof(kept.type), "%s", reply->type);
    for (uint32_t i = 0; i < reply->headers_count; i++)
        if (strcmp(reply->headers[i].name, "Location") == 0)
            snprintf(kept.location, sizeof(kept.location), "%s", reply->headers[i].value);
    keys_keep(request->gate->keys, lodging->key, &kept);
}

static void answer_again(struct request *request, const struct key_answer *kept)
{
    struct span body;
    char *location = arena_take(request->arena, sizeof(kept->location), 1);
    char *type = arena_take(request->arena, sizeof(kept->type), 1);
    struct error err;
    if (location == NULL || type == NULL ||
        !arena_copy(request->arena, (struct span){ kept->body, kept->body_len }, &body)) {
        error_set(&err, ERROR_UNAVAILABLE, "no memory for the answer");
        reply_error(request, &err);
        return;
    }
    memcpy(location, kept->location, sizeof(kept->location));
    memcpy(type, kept->type, sizeof(kept->type));
    if (location[0] != '\0') reply_header(request, "Location", location);
    reply_header(request, "Idempotent-Replayed", "true");
    reply_text(request, kept->status, type, body);
}

// True: go on. False: replied.
static bool look_at_key(struct request *request, struct lodging *lodging)
{
    static const struct problem mistaken = { 422, "key-of-another", "the key has another body" };
    struct span key;
    struct key_answer *kept;
    struct error err;
    if (!idempotency_key(request, &key, &err)) {
        reply_error(request, &err);
        return false;
    }
    if (key.len == 0) return true;
    kept = arena_take(request->arena, 1, sizeof(*kept));
    if (kept == NULL) return true;
    lodging->key = keys_id(request->caller.name, key);
    struct sha256 body = sha256_of_three(request->target.path, SPAN("\n"), request->body);
    switch (keys_find(request->gate->keys, request->caller.name, lodging->key, body, kept)) {
    case KEY_NEW: lodging->keyed = true; return true;
    case KEY_ANSWERED: answer_again(request, kept); return false;
    case KEY_UNDER_WAY:
        error_set(&err, ERROR_CONFLICT, "the first request with this key is still under way");
        error_hint(&err, "Ask again in a moment.");
        reply_error(request, &err);
        return false;
    default:
        error_set(&err, ERROR_SYNTAX, "this Idempotency-Key was used for another message");
        error_hint(&err, "Give each message a key of its own.");
        reply_problem(request, &mistaken, &err);
        return false;
    }
}

// --- The answer ---

static void reply_kept(struct request *request, const struct answer *answer)
{
    struct json_writer w = json_writer_in(request->arena, 512);
    json_open_object(&w);
    write_answer_members(&w, answer, *request->arena);
    json_close_object(&w);
    reply_json(request, answer->kind == ANSWER_LODGED ? 201 : 200, &w);
}

static void reply_refused(struct request *request, const struct answer *answer)
{
    struct error err;
    struct span findings = answer_findings(answer, request->arena);
    error_set(&err, ERROR_SYNTAX, "the declaration is kept as refused");
    error_hint(&err, "Correct what the findings say and lodge it again.");
    struct json_writer w = problem_open(request, &refused, &err);
    write_answer_members(&w, answer, *request->arena);
    if (findings.len > 0) {
        json_key(&w, SPAN("findings"));
        json_write_raw(&w, findings);
    }
    problem_close(request, &refused, &w);
}

// Who wanted to change a file that is not there, or is another's: the office says both alike, and
// the diary keeps which. The answer is the same.
static void reply_not_there(struct request *request, const struct answer *answer)
{
    struct error err;
    struct view_row row;
    bool found = false;
    if (answer->file.len > 0 && answer->file.at[0] != FILE_OF_OFFICE &&
        views_find(office_views(request->gate->office), answer->file, request->arena, &row, &found,
                   &err) && found)
        own_hides(request, row.declarant);
    reply_error(request, &answer->err);
}

static void reply_answer(struct request *request, const struct answer *answer)
{
    const char *link = NULL;
    if (answer->file.len > 0) link = declaration_link(answer->file, "", request->arena);
    request->gate->troubled =
        answer->kind == ANSWER_UNAVAILABLE && answer->err.kind == ERROR_UNAVAILABLE;
    switch (answer->kind) {
    case ANSWER_LODGED:
        if (link != NULL) reply_header(request, "Location", link);
        reply_kept(request, answer);
        return;
    case ANSWER_REPEATED: reply_kept(request, answer); return;
    case ANSWER_REFUSED:
        if (link != NULL) reply_header(request, "Location", link);
        reply_refused(request, answer);
        return;
    case ANSWER_CONFLICT:
        if (answer->err.kind == ERROR_NOT_FOUND) reply_not_there(request, answer);
        else reply_problem(request, &conflict, &answer->err);
        return;
    default: reply_error(request, &answer->err); return;
    }
}

static void release(struct request *request)
{
    struct lodging *lodging = request->own;
    if (lodging->held) load_release(lodging->joiner, &lodging->load);
    lodging->held = false;
    // Nobody waits for the answer any more; what it was says the office when it is sent again.
    if (lodging->keyed) keys_forget(request->gate->keys, lodging->key);
}

static void go_on(struct request *request)
{
    struct lodging *lodging = request->own;
    reply_answer(request, &lodging->load.messages[0].answer);
    keep_answer(request, lodging);
    lodging->keyed = false;
    load_release(lodging->joiner, &lodging->load);
    lodging->held = false;
}

static void told(struct load *load)
{
    struct request *request = load->owner;
    struct lodging *lodging = request->own;
    lodging->held = true;
    request_go_on(request, go_on);
}

// --- Who does not wait ---

static _Atomic uint32_t under_way; // of those that nobody waits for

static void told_to_nobody(struct load *load)
{
    struct lodging *lodging = load->owner;
    load_release(lodging->joiner, load);
    free(lodging);
    under_way--;
}

// The lodging with its texts, in memory of its own.
static struct lodging *detach(const struct lodging *from, struct span who)
{
    const struct load *load = &from->load;
    size_t size = sizeof(*from) + from->text.len + load->declarant.len + load->file.len + who.len;
    struct lodging *own = malloc(size + 1);
    if (own == NULL) return NULL;
    char *at = (char *)(own + 1);
    *own = *from;
    struct span *spans[] = { &own->text, &own->load.declarant, &own->load.file };
    for (int i = 0; i < 3; i++) {
        if (spans[i]->len > 0) memcpy(at, spans[i]->at, spans[i]->len);
        spans[i]->at = at;
        at += spans[i]->len;
    }
    memcpy(at, who.at, who.len);
    at[who.len] = '\0';
    own->load.who = at;
    own->load.texts = &own->text;
    own->load.owner = own;
    own->load.told = told_to_nobody;
    return own;
}

static bool read_name(struct request *request, struct span *name, struct error *err)
{
    struct declaration *declaration = arena_take(request->arena, 1, sizeof(*declaration));
    struct dropped dropped;
    if (declaration == NULL) return error_set(err, ERROR_TOO_LARGE, "it is too large");
    return declaration_reader(request->gate->xml, request->body, request->arena, declaration,
                              &dropped, err) &&
           file_name_of(declaration, request->arena, name, err);
}

static void lodge_later(struct request *request, const struct lodging *lodging)
{
    struct error err;
    struct span name = { 0 };
    struct lodging *own = NULL;
    if (!read_name(request, &name, &err)) {
        reply_error(request, &err);
        return;
    }
    const char *link = declaration_link(name, "/status", request->arena);
    if (++under_way <= ASYNC_MAX) own = detach(lodging, span_of(lodging->load.who));
    if (own == NULL || link == NULL) {
        error_set(&err, ERROR_UNAVAILABLE, "too many declarations wait");
    } else if (joiner_add(own->joiner, &own->load, &err)) {
        struct json_writer w = json_writer_in(request->arena, 256);
        json_open_object(&w);
        json_key(&w, SPAN("file"));
        json_write_string(&w, name);
        json_key(&w, SPAN("status"));
        json_write_string(&w, span_of(link));
        json_close_object(&w);
        reply_header(request, "Location", link);
        reply_header(request, "Preference-Applied", "respond-async");
        reply_json(request, 202, &w);
        return;
    }
    free(own);
    under_way--;
    reply_error(request, &err);
}

// --- The way in ---

static void lodge(struct request *request, enum message_purpose purpose)
{
    struct error err;
    struct lodging *lodging = arena_take(request->arena, 1, sizeof(*lodging));
    if (lodging == NULL) {
        error_set(&err, ERROR_TOO_LARGE, "the declaration is too large");
        reply_error(request, &err);
        return;
    }
    *lodging = (struct lodging){ .text = request->body, .joiner = request->gate->joiner };
    lodging->load = (struct load){ .texts = &lodging->text, .count = 1,
        .bytes = request->body.len, .who = request->caller.who, .purpose = purpose,
        .declarant = speaks_for(&request->caller), .owner = request, .told = told };
    if (purpose != PURPOSE_ANY) lodging->load.file = request->parameters[0];
    if (header_has(request_header(request, "Prefer"), SPAN("respond-async"))) {
        lodge_later(request, lodging);
        return;
    }
    if (!look_at_key(request, lodging)) return;
    request->own = lodging;
    request->end = release;
    request_wait(request);
    if (joiner_add(lodging->joiner, &lodging->load, &err)) return;
    reply_error(request, &err);
    request_go_on(request, NULL);
}

void lodge_one(struct request *request) { lodge(request, PURPOSE_ANY); }
void amend_one(struct request *request) { lodge(request, PURPOSE_AMEND); }
void withdraw_one(struct request *request) { lodge(request, PURPOSE_WITHDRAW); }
