// One's own account: who one is, and the passkeys and tokens that one comes in by.
//
// A session that was left open, or stolen, must not make itself a way in that stays. So who has a
// passkey shows it again before he adds or removes one, who has none has just signed in by his
// password, and programs change nothing here. When a passkey is removed, all other sessions of the
// account end: what was signed in by it is out.
#include "account/base64url.h"
#include "gates/http/asked.h"
#include "gates/http/door.h"
#include "gates/http/gate.h"
#include "gates/http/new_passkey.h"
#include "gates/http/routes.h"
#include "gates/http/shown.h"

static void show_account(struct request *request);
static void passkey_challenge(struct request *request);
static void add_passkey(struct request *request);
static void remove_passkey(struct request *request);

#define PROBLEM "application/problem+json", "Problem"
#define JSON_BODY { "application/json" }

static const struct route rows[] = {
    { "GET", "/api/v1/account", ROLES_SIGNED_IN, SCOPE_READ, "readAccount",
      "the caller's own account: passkeys and tokens", NULL, { 0 }, { { 0 } },
      { { 200, "application/json", "Account", "As it stands." } }, show_account,
      .ways = ROUTE_WAITS },
    { "POST", "/api/v1/account/passkeys/challenge", ROLES_SIGNED_IN, SCOPE_ALL, "askNewPasskey",
      "what another passkey of the caller's is to be made for", "object", JSON_BODY, { { 0 } },
      { { 200, "application/json", "PasskeyCreation", "Good once, for five minutes." },
        { 409, PROBLEM, "Show first that it is you." } },
      passkey_challenge, .ways = ROUTE_WAITS, .body_max = 64 },
    { "POST", "/api/v1/account/passkeys", ROLES_SIGNED_IN, SCOPE_ALL, "addPasskey",
      "adds a passkey to the caller's account", "NewPasskey", JSON_BODY, { { 0 } },
      { { 201, "application/json", "Account", "The account with it." },
        { 409, PROBLEM, "It does not fit, or show first that it is you." } },
      add_passkey, .ways = ROUTE_WAITS },
    { "DELETE", "/api/v1/account/passkeys/{credential}", ROLES_SIGNED_IN, SCOPE_ALL,
      "removePasskey", "removes a passkey of the caller's, and ends his other sessions", NULL,
      { 0 }, { { 0 } },
      { { 204, NULL, NULL, "Nobody comes in by it any more." },
        { 409, PROBLEM, "There is none, it is the only way in, or show first that it is you." } },
      remove_passkey, .ways = ROUTE_WAITS },
};

static const struct schema schemas[] = {
    { "Account", "The caller's own account; password: whether it has one.",
      .members = "displayName: text, name: text, organisation?: text, "
                 "passkeys: [AccountPasskey], password: truth, role: Role, "
                 "tokens: [AccountToken]" },
    { "AccountPasskey", "A passkey that comes in.",
      .members = "addedAt: moment, credential: base64url, label: text" },
    { "AccountToken", "A token, without what it is shown by; also one that is past its end.",
      .members = "endsAt: moment, id: text, label: text, scope: [Scope]" },
    { "NewPasskey", "A passkey, as a browser's getPublicKey and others tell it.",
      .members = "algorithm: Algorithm, authenticatorData: base64url, clientData: base64url, "
                 "credential: base64url, label: text, publicKey: base64url" },
};

const struct route_area own_account_area =
    ROUTE_AREA_WITH("account", "One's own account", rows, schemas);

// --- Looking -------------------------------------------------------------------------------------

static void write_passkeys(struct json_writer *w, const struct account *account,
                           struct arena *arena)
{
    json_key(w, SPAN("passkeys"));
    json_open_array(w);
    for (uint32_t i = 0; i < account->passkeys_count; i++) {
        const struct passkey *passkey = &account->passkeys[i];
        struct text credential = text_in(arena, 64);
        base64url_write(&credential, passkey->credential.at, passkey->credential.len);
        w->text.full = w->text.full || credential.full;
        json_open_object(w);
        shown_moment(w, "addedAt", passkey->added_ms);
        body_put_text(w, "credential", text_span(&credential));
        body_put_text(w, "label", passkey->label);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_scope(struct json_writer *w, unsigned scope)
{
    json_key(w, SPAN("scope"));
    json_open_array(w);
    for (unsigned bit = 1; bit <= SCOPES; bit <<= 1)
        if (scope & bit) json_write_string(w, span_of(token_scope_name((enum token_scope)bit)));
    json_close_array(w);
}

static void write_tokens(struct json_writer *w, const struct account *account)
{
    json_key(w, SPAN("tokens"));
    json_open_array(w);
    for (uint32_t i = 0; i < account->tokens_count; i++) {
        const struct token *token = &account->tokens[i];
        json_open_object(w);
        shown_moment(w, "endsAt", token->ends_ms);
        body_put_text(w, "id", span_of(token->id));
        body_put_text(w, "label", token->label);
        write_scope(w, token->scope);
        json_close_object(w);
    }
    json_close_array(w);
}

static void reply_account(struct request *request, unsigned status, const struct account *account)
{
    struct json_writer w = json_writer_in(request->arena, 4096);
    json_open_object(&w);
    body_put_text(&w, "displayName", account->display);
    body_put_text(&w, "name", account->name);
    body_put_text(&w, "organisation", account->organisation);
    body_put_truth(&w, "password", account->password.len > 0);
    write_passkeys(&w, account, request->arena);
    body_put_text(&w, "role", span_of(role_name(account->role)));
    write_tokens(&w, account);
    json_close_object(&w);
    reply_json(request, status, &w);
}

// NULL, and replied, when the caller has no account (tests bring callers of their own).
static struct person *own(struct request *request)
{
    struct error err;
    struct person *person = people_find(door_people(request->gate->door), request->caller.name);
    if (person != NULL) return person;
    error_set(&err, ERROR_NOT_FOUND, "there is no such account");
    reply_error(request, &err);
    return NULL;
}

static void show_account(struct request *request)
{
    struct person *person = own(request);
    if (person == NULL) return;
    reply_account(request, 200, &person->account);
    people_let_go(door_people(request->gate->door), person);
}

// --- Changing ------------------------------------------------------------------------------------

// Is it the person himself, now? Replies when not: 409, or 401 where signing in again helps.
static bool is_himself(struct request *request, const struct account *account)
{
    static const struct problem again = { 401, "credentials", "sign in again" };
    struct door *door = request->gate->door;
    struct session session;
    struct error err;
    if (!request->caller.session) {
        error_set(&err, ERROR_CONFLICT, "a program does not change how somebody comes in");
        error_hint(&err, "Sign in at the desk and do it there.");
    } else if (account->passkeys_count > 0) {
        if (door_is_verified(door, request, &err)) return true;
    } else {
        if (door_session(door, request, &session) &&
            door_now(door) - session.began_ms < DOOR_VERIFIED_MS)
            return true;
        error_set(&err, ERROR_CONFLICT, "the sign-in is too long ago to change how you come in");
        reply_problem(request, &again, &err);
        return false;
    }
    reply_error(request, &err);
    return false;
}

// The caller's account, when it is he himself who asks. NULL, and replied, when not.
static struct person *himself(struct request *request)
{
    struct person *person = own(request);
    if (person == NULL || is_himself(request, &person->account)) return person;
    people_let_go(door_people(request->gate->door), person);
    return NULL;
}

static void passkey_challenge(struct request *request)
{
    struct person *person = himself(request);
    if (person == NULL) return;
    reply_creation(request, &person->account);
    people_let_go(door_people(request->gate->door), person);
}

static void add_passkey(struct request *request)
{
    struct people *people = door_people(request->gate->door);
    struct asked asked;
    struct error err;
    struct record record = { .who = span_of(request->caller.who) };
    struct person *person = himself(request);
    if (person == NULL) return;
    people_let_go(people, person);
    if (!asked_read(&asked, request, &err) || !asked_passkey(&asked, &record, &err) ||
        !people_change(people, request->caller.name, &record, 1, &err)) {
        reply_error(request, &err);
        return;
    }
    person = own(request);
    if (person == NULL) return;
    reply_account(request, 201, &person->account);
    people_let_go(people, person);
}

static bool read_credential(struct request *request, struct span *credential, struct error *err)
{
    size_t size;
    char *bytes = arena_take(request->arena, CREDENTIAL_MAX, 1);
    if (bytes == NULL) return error_set(err, ERROR_TOO_LARGE, "the request does not fit");
    if (!base64url_read(request->parameters[0], *request->arena, bytes, CREDENTIAL_MAX, &size))
        return error_set(err, ERROR_CONFLICT, "the account has no such passkey");
    *credential = (struct span){ bytes, size };
    return true;
}

static void remove_passkey(struct request *request)
{
    struct people *people = door_people(request->gate->door);
    struct error err;
    struct span credential = { 0 };
    struct record record = { FACT_PASSKEY_REMOVED, span_of(request->caller.who), { 0 } };
    struct person *person = himself(request);
    if (person == NULL) return;
    people_let_go(people, person);
    if (!read_credential(request, &credential, &err) ||
        !body_passkey_removed(credential, request->arena, &record.body, &err) ||
        !people_change(people, request->caller.name, &record, 1, &err)) {
        reply_error(request, &err);
        return;
    }
    door_end_others(request->gate->door, request);
    reply_text(request, 204, NULL, SPAN(""));
}
