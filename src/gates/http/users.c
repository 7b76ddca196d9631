// Who may come in: for administrators. And everybody's own tokens.
#include "gates/http/asked.h"
#include "gates/http/door.h"
#include "gates/http/gate.h"
#include "gates/http/invite.h"
#include "gates/http/routes.h"
#include "gates/http/shown.h"

enum { TOKEN_DAYS_MAX = 366, TOKEN_DAYS_USUAL = 90, DAY_MS = 24 * 60 * 60 * 1000 };

static void list_users(struct request *request);
static void invite_user(struct request *request);
static void change_user(struct request *request);
static void make_token(struct request *request);
static void end_token(struct request *request);

#define PROBLEM "application/problem+json", "Problem"
#define JSON_BODY { "application/json" }
#define ADMINISTRATOR role_bit(ROLE_ADMINISTRATOR)

static const struct route rows[] = {
    { "GET", "/api/v1/users", ADMINISTRATOR, SCOPE_ALL, "readUsers", "who may come in", NULL,
      { 0 }, { { 0 } }, { { 200, "application/json", "Users", "All accounts, by name." } },
      list_users, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/users", ADMINISTRATOR, SCOPE_ALL, "inviteUser",
      "invites somebody, or somebody who lost his keys anew", "Invitation", JSON_BODY, { { 0 } },
      { { 201, "application/json", "Link", "A link that works once, for three days." },
        { 409, PROBLEM, "It does not fit the account." } },
      invite_user, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/users/{name}", ADMINISTRATOR, SCOPE_ALL, "changeUser",
      "gives another role, stops somebody, or lets him in again", "UserChange", JSON_BODY,
      { { 0 } },
      { { 204, NULL, NULL, "Done; his sessions have ended." },
        { 409, PROBLEM, "It does not fit the account." } },
      change_user, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/tokens", ROLES_SIGNED_IN, SCOPE_ALL, "makeToken",
      "makes a token for a program of the caller's; it is shown this once", "TokenAsked",
      JSON_BODY, { { 0 } }, { { 201, "application/json", "Token", "Keep it." } }, make_token,
      .ways = ROUTE_WAITS },
    { "DELETE", "/api/v1/tokens/{id}", ROLES_SIGNED_IN, SCOPE_ALL, "endToken",
      "ends a token of the caller's", NULL, { 0 }, { { 0 } },
      { { 204, NULL, NULL, "It is not good any more." }, { 409, PROBLEM, "There is none." } },
      end_token, .ways = ROUTE_WAITS },
};

static const char *state_word(uint32_t number)
{
    uint32_t state = ACCOUNT_EMPTY + 1 + number;
    return state < ACCOUNT_STATE_COUNT ? account_state_name((enum account_state)state) : NULL;
}

static const struct schema schemas[] = {
    { "AccountState", "Whether somebody may come in.", .word = state_word },
    { "Invitation", "Who is invited; organisation: a trader's TIN, an agency's code.",
      .members = "displayName: text, language?: text, name: text, organisation?: text, "
                 "role: Role" },
    { "Token", "A token, shown this once.", .members = "endsAt: moment, id: text, token: text" },
    { "TokenAsked", "What a token is for; without scope: read; days: 90, at most 366.",
      .members = "days?: whole, label: text, scope?: [Scope]" },
    { "User", "An account.",
      .members = "displayName: text, name: text, organisation?: text, passkeys: whole, "
                 "role: Role, state: AccountState, tokens: whole" },
    { "UserChange", "What becomes of an account: another role, or whether it may come in.",
      .members = "organisation?: text, role?: Role, stopped?: truth" },
    { "Users", "All accounts, by name.", .members = "users: [User]" },
};

const struct route_area users_area =
    ROUTE_AREA_WITH("users", "Who may come in", rows, schemas);

// --- Looking -------------------------------------------------------------------------------------

static bool write_user(void *context, const struct account *account)
{
    struct json_writer *w = context;
    json_open_object(w);
    body_put_text(w, "name", account->name);
    body_put_text(w, "displayName", account->display);
    body_put_text(w, "organisation", account->organisation);
    body_put_text(w, "role", span_of(role_name(account->role)));
    body_put_text(w, "state", span_of(account_state_name(account->state)));
    json_key(w, SPAN("passkeys"));
    json_write_i64(w, account->passkeys_count);
    json_key(w, SPAN("tokens"));
    json_write_i64(w, account->tokens_count);
    json_close_object(w);
    return !w->text.full;
}

static void list_users(struct request *request)
{
    struct json_writer w = json_writer_in(request->arena, (size_t)16 * KIB);
    json_open_object(&w);
    json_key(&w, SPAN("users"));
    json_open_array(&w);
    people_each(door_people(request->gate->door), write_user, &w);
    json_close_array(&w);
    json_close_object(&w);
    reply_json(request, 200, &w);
}

// --- Inviting and changing -----------------------------------------------------------------------

static bool read_role(const struct asked *asked, enum role *role, struct error *err)
{
    struct span name;
    if (!asked_text(asked, "role", true, &name, err)) return false;
    if (role_read(name, role)) return true;
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no role", SPAN_ARG(name));
    return error_field(err, "role");
}

static void invite_user(struct request *request)
{
    struct asked asked;
    struct error err;
    struct invitation invitation = { .language = SPAN("en") };
    struct span language, link;
    bool done = asked_read(&asked, request, &err) &&
                asked_text(&asked, "name", true, &invitation.name, &err) &&
                asked_text(&asked, "displayName", true, &invitation.display, &err) &&
                asked_text(&asked, "organisation", false, &invitation.organisation, &err) &&
                asked_text(&asked, "language", false, &language, &err) &&
                read_role(&asked, &invitation.role, &err);
    if (done && language.len > 0) invitation.language = language;
    if (!done || !invite(request->gate->door, &invitation, request->caller.who, request->arena,
                         &link, &err)) {
        reply_error(request, &err);
        return;
    }
    struct json_writer w = json_writer_in(request->arena, 256);
    json_open_object(&w);
    json_key(&w, SPAN("link"));
    json_write_string(&w, link);
    json_close_object(&w);
    reply_json(request, 201, &w);
}

// What a change asks for, as facts: another role, and stopped or not.
static bool read_change(const struct asked *asked, const struct account *account,
                        struct record records[2], uint32_t *count, struct error *err)
{
    struct arena *arena = asked->request->arena;
    struct role_given given = { .organisation = account->organisation };
    struct span organisation;
    bool stop;
    *count = 0;
    if (!asked_truth(asked, "stopped", &stop, err) ||
        !asked_text(asked, "organisation", false, &organisation, err))
        return false;
    if (organisation.len > 0) given.organisation = organisation;
    if (json_member(&asked->json, 0, SPAN("role")) != 0) {
        struct record *record = &records[(*count)++];
        record->kind = FACT_ROLE_GIVEN;
        if (!read_role(asked, &given.role, err) ||
            !body_role_given(&given, arena, &record->body, err))
            return false;
    }
    if (json_member(&asked->json, 0, SPAN("stopped")) != 0) {
        struct record *record = &records[(*count)++];
        record->kind = stop ? FACT_STOPPED : FACT_STARTED;
        if (!body_stopped(SPAN(""), arena, &record->body, err)) return false;
    }
    if (*count > 0) return true;
    return error_set(err, ERROR_SYNTAX, "neither a role nor stopped is given");
}

static void change_user(struct request *request)
{
    struct people *people = door_people(request->gate->door);
    struct asked asked;
    struct error err;
    struct record records[2] = { 0 };
    uint32_t count = 0;
    struct span name = request->parameters[0];
    struct person *person = people_find(people, name);
    bool done = person != NULL ? asked_read(&asked, request, &err) &&
                                     read_change(&asked, &person->account, records, &count, &err)
                               : error_set(&err, ERROR_NOT_FOUND, "there is no such account");
    people_let_go(people, person);
    for (uint32_t i = 0; i < count; i++) records[i].who = span_of(request->caller.who);
    done = done && people_change(people, name, records, count, &err);
    if (!done) {
        reply_error(request, &err);
        return;
    }
    session_end_all(door_sessions(request->gate->door), name);
    reply_text(request, 204, NULL, SPAN(""));
}

// --- Tokens --------------------------------------------------------------------------------------

static bool read_scope(const struct asked *asked, unsigned *scope, struct error *err)
{
    struct span names[8];
    uint32_t count;
    *scope = 0;
    if (!asked_texts(asked, "scope", names, 8, &count, err)) return false;
    for (uint32_t i = 0; i < count; i++) {
        enum token_scope one;
        if (!token_scope_read(names[i], &one)) {
            error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no scope", SPAN_ARG(names[i]));
            error_hint(err, "Ask for lodge, read, decide or all.");
            return error_field(err, "scope");
        }
        *scope |= one;
    }
    if (*scope == 0) *scope = SCOPE_READ;
    return true;
}

static void make_token(struct request *request)
{
    struct door *door = request->gate->door;
    struct asked asked;
    struct error err;
    struct token token;
    uint8_t chance[TOKEN_CHANCE];
    char text[TOKEN_LEN + 1];
    struct record record = { FACT_TOKEN_MADE, span_of(request->caller.who), { 0 } };
    uint32_t days;
    door_random(door, chance, sizeof(chance));
    token_make(chance, text, &token);
    bool done = asked_read(&asked, request, &err) &&
                asked_text(&asked, "label", true, &token.label, &err) &&
                asked_number(&asked, "days", TOKEN_DAYS_USUAL, &days, &err) &&
                read_scope(&asked, &token.scope, &err);
    if (done && (days == 0 || days > TOKEN_DAYS_MAX)) {
        error_set(&err, ERROR_SYNTAX, "a token for %u days", days);
        done = error_field(&err, "days");
    }
    if (done) token.ends_ms = door_now(door) + (int64_t)days * DAY_MS;
    done = done && body_token_made(&token, request->arena, &record.body, &err) &&
           people_change(door_people(door), request->caller.name, &record, 1, &err);
    if (!done) {
        reply_error(request, &err);
        return;
    }
    struct json_writer w = json_writer_in(request->arena, 256);
    json_open_object(&w);
    body_put_text(&w, "id", span_of(token.id));
    shown_moment(&w, "endsAt", token.ends_ms);
    body_put_text(&w, "token", span_of(text));
    json_close_object(&w);
    reply_json(request, 201, &w);
}

static void end_token(struct request *request)
{
    struct error err;
    struct record record = { FACT_TOKEN_ENDED, span_of(request->caller.who), { 0 } };
    struct span id = request->parameters[0];
    char text[TOKEN_ID_LEN + 1] = { 0 };
    bool done = id.len == TOKEN_ID_LEN;
    if (done) memcpy(text, id.at, TOKEN_ID_LEN);
    else error_set(&err, ERROR_CONFLICT, "there is no such token");
    done = done && body_token_ended(text, request->arena, &record.body, &err) &&
           people_change(door_people(request->gate->door), request->caller.name, &record, 1, &err);
    if (done) reply_text(request, 204, NULL, SPAN(""));
    else reply_error(request, &err);
}
