// Coming in and going out: by passkey first, by password, by the link of an invitation.
#include "account/password.h"
#include "gates/http/asked.h"
#include "gates/http/door.h"
#include "gates/http/gate.h"
#include "gates/http/new_passkey.h"
#include "gates/http/routes.h"
#include "gates/http/sign_in.h"

#define TYPES_JSON { "application/json" }

static void show_session(struct request *request);
static void sign_in(struct request *request);
static void sign_out(struct request *request);
static void challenge(struct request *request);
static void sign_in_by_passkey(struct request *request);
static void link_challenge(struct request *request);
static void sign_in_by_link(struct request *request);

static const struct route rows[] = {
    { "GET", "/api/v1/session", ROLES_ANYBODY, 0, "readSession", "who is signed in", NULL, { 0 },
      { { 0 } },
      { { 200, "application/json", "Session", "Who it is, and the CSRF token." },
        { 401, "application/problem+json", "Problem", "Nobody is." } },
      show_session, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/session", ROLES_ANYBODY, 0, "signIn", "comes in by a password", "SignIn",
      TYPES_JSON, { { 0 } },
      { { 200, "application/json", "Session", "Come in." },
        { 401, "application/problem+json", "Problem", "Name and password do not fit." },
        { 429, "application/problem+json", "Problem", "Too many were tried." } },
      sign_in, .ways = ROUTE_WAITS },
    { "DELETE", "/api/v1/session", ROLES_ANYBODY, 0, "signOut", "goes out", NULL, { 0 }, { { 0 } },
      { { 204, NULL, NULL, "Gone." } }, sign_out, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/session/passkey/challenge", ROLES_ANYBODY, 0, "askPasskey",
      "what a passkey is to answer", "object", TYPES_JSON, { { 0 } },
      { { 200, "application/json", "PasskeyChallenge", "Good once, for five minutes." } },
      challenge, .ways = 0, .body_max = 64 },
    { "POST", "/api/v1/session/passkey", ROLES_ANYBODY, 0, "signInByPasskey",
      "comes in by a passkey, or shows again that it is himself", "PasskeyAnswer", TYPES_JSON,
      { { 0 } },
      { { 200, "application/json", "Session", "Come in." },
        { 401, "application/problem+json", "Problem", "The answer does not fit." } },
      sign_in_by_passkey, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/session/link/challenge", ROLES_ANYBODY, 0, "askPasskeyByLink",
      "what a new passkey is to be made for", "Link", TYPES_JSON, { { 0 } },
      { { 200, "application/json", "PasskeyCreation", "Good once, for five minutes." },
        { 401, "application/problem+json", "Problem", "The link is used or too old." } },
      link_challenge, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/session/link", ROLES_ANYBODY, 0, "signInByLink",
      "comes in by an invitation's link, with a new passkey or a new password",
      "LinkWithPasskey | LinkWithPassword", TYPES_JSON, { { 0 } },
      { { 200, "application/json", "Session", "Come in." },
        { 401, "application/problem+json", "Problem", "The link is used or too old." } },
      sign_in_by_link, .ways = ROUTE_WAITS },
};

static const char *algorithm_word(uint32_t number)
{
    uint32_t algorithm = PASSKEY_ALGORITHM_NONE + 1 + number;
    return algorithm < PASSKEY_ALGORITHM_COUNT
               ? passkey_algorithm_name((enum passkey_algorithm)algorithm)
               : NULL;
}

static const struct schema schemas[] = {
    { "Algorithm", "What a passkey signs by.", .word = algorithm_word },
    { "Link", "What stands in a link of an invitation: NAME~SECRET.", .members = "link: text" },
    { "LinkWithPasskey", "A new passkey, as a browser's getPublicKey and others tell it.",
      .members = "algorithm: Algorithm, authenticatorData: base64url, clientData: base64url, "
                 "credential: base64url, label: text, link: text, publicKey: base64url" },
    { "LinkWithPassword", "A new password.", .members = "link: text, password: text" },
    { "PasskeyAnswer", "What a passkey signed.",
      .members = "authenticatorData: base64url, clientData: base64url, credential: base64url, "
                 "signature: base64url" },
    { "PasskeyChallenge", "What a passkey is to sign.",
      .members = "challenge: base64url, credentials: [base64url], rpId: text" },
    { "PasskeyCreation", "What a passkey is to be made for.",
      .members = "challenge: base64url, displayName: text, name: text, rpId: text, "
                 "user: base64url" },
    { "Session",
      "Who is signed in; verified: by a passkey; simulated: nothing in the store is real.",
      .members = "csrf: text, displayName: text, language: text, name: text, "
                 "organisation: text, role: Role, simulated: truth, verified: truth" },
    { "SignIn", "Name and password.", .members = "name: text, password: text" },
};

const struct route_area sign_in_area =
    ROUTE_AREA_WITH("sign-in", "Coming in and going out", rows, schemas);

// --- Answers -------------------------------------------------------------------------------------

static void reply_session(struct request *request, const struct account *account,
                          const struct session *session)
{
    struct json_writer w = json_writer_in(request->arena, 512);
    int64_t since_ms = door_now(request->gate->door) - session->user_verified_ms;
    bool verified = session->user_verified_ms > 0 && since_ms < DOOR_VERIFIED_MS;
    json_open_object(&w);
    json_key(&w, SPAN("name"));
    json_write_string(&w, account->name);
    json_key(&w, SPAN("displayName"));
    json_write_string(&w, account->display);
    json_key(&w, SPAN("organisation"));
    json_write_string(&w, account->organisation);
    json_key(&w, SPAN("role"));
    json_write_string(&w, span_of(role_name(account->role)));
    json_key(&w, SPAN("language"));
    json_write_string(&w, account->language);
    json_key(&w, SPAN("csrf"));
    json_write_string(&w, span_of(session->csrf));
    json_key(&w, SPAN("verified"));
    json_write_bool(&w, verified);
    json_key(&w, SPAN("simulated"));
    json_write_bool(&w, request->gate->simulated);
    json_close_object(&w);
    reply_json(request, 200, &w);
}

static void refuse(struct request *request, const struct error *err)
{
    static const struct problem refused = { 401, "credentials", "you cannot come in so" };
    reply_problem(request, &refused, err);
}

// One answer for everything that did not fit, so that it does not tell who has an account.
static void does_not_fit(struct request *request, struct span name, const char *what)
{
    struct error err;
    error_set(&err, ERROR_CONFLICT, "name and password do not fit");
    error_hint(&err, "Try again, or come in by a passkey.");
    door_turn_away(request->gate->door, request, name, what, &err);
    refuse(request, &err);
}

void sign_in_let(struct request *request, const struct account *account, bool verified,
                 const char *method)
{
    struct session session;
    struct error err;
    if (!door_let_in(request->gate->door, request, account, verified, method, &session, &err)) {
        reply_error(request, &err);
        return;
    }
    throttle_signed_in(door_throttle(request->gate->door), account->name,
                       span_of(request->address), !verified, door_now(request->gate->door));
    reply_session(request, account, &session);
}

static void show_session(struct request *request)
{
    struct session session;
    struct error err;
    struct person *person = people_find(door_people(request->gate->door), request->caller.name);
    if (person != NULL && request->caller.session &&
        door_session(request->gate->door, request, &session)) {
        reply_session(request, &person->account, &session);
    } else {
        error_set(&err, ERROR_NOT_FOUND, "nobody is signed in");
        refuse(request, &err);
    }
    people_let_go(door_people(request->gate->door), person);
}

static void sign_out(struct request *request)
{
    struct error err;
    if (!door_let_out(request->gate->door, request, &err)) reply_error(request, &err);
    else reply_text(request, 204, NULL, SPAN(""));
}

// --- By password ---------------------------------------------------------------------------------

static bool may_try(struct request *request, struct span name)
{
    static const struct problem often = { 429, "too-often", "too many were tried" };
    struct door *door = request->gate->door;
    struct throttle_answer answer = throttle_sign_in(door_throttle(door), name,
                                                     span_of(request->address), door_now(door));
    struct error err;
    if (answer.verdict == THROTTLE_DELAYED) door_sleep(door, answer.wait_ms);
    if (answer.verdict != THROTTLE_REFUSED) return true;
    error_set(&err, ERROR_UNAVAILABLE, "%s", throttle_verdict_sentence(answer.verdict));
    error_hint(&err, "Wait a while, or come in by a passkey.");
    door_turn_away(door, request, name, "sign-in", &err);
    struct text seconds = text_in(request->arena, 16);
    text_add_u64(&seconds, (uint64_t)(answer.wait_ms / 1000 + 1));
    if (!seconds.full) reply_header(request, "Retry-After", text_span(&seconds).at);
    reply_problem(request, &often, &err);
    return false;
}

static void sign_in(struct request *request)
{
    struct door *door = request->gate->door;
    struct asked asked;
    struct span name, password;
    struct error err;
    if (!asked_read(&asked, request, &err) || !asked_text(&asked, "name", true, &name, &err) ||
        !asked_text(&asked, "password", true, &password, &err)) {
        reply_error(request, &err);
        return;
    }
    if (!may_try(request, name)) return;
    struct person *person = people_find(door_people(door), name);
    struct span kept = person != NULL ? person->account.password : SPAN("");
    door_hash_begin(door);
    enum password_verdict verdict = password_check(kept, password);
    door_hash_end(door);
    if (verdict == PASSWORD_RIGHT && person != NULL && person->account.state == ACCOUNT_ACTIVE)
        sign_in_let(request, &person->account, false, "password");
    else does_not_fit(request, name, "password");
    people_let_go(door_people(door), person);
}

// --- By passkey ----------------------------------------------------------------------------------

// No list of credentials: a passkey knows who it is for, and so nobody is told who has which.
static void challenge(struct request *request)
{
    struct json_writer w = json_writer_in(request->arena, 256);
    json_open_object(&w);
    w.text.full = !challenge_write(request, &w) || w.text.full;
    json_key(&w, SPAN("credentials"));
    json_open_array(&w);
    json_close_array(&w);
    json_close_object(&w);
    reply_json(request, 200, &w);
}

static enum passkey_verdict check_assertion(struct request *request, const struct account *account,
                                            struct span credential,
                                            const struct passkey_assertion *assertion)
{
    struct passkey_asked asks;
    struct passkey_seen seen;
    const struct passkey *key = account_passkey(account, credential);
    if (key == NULL) return PASSKEY_CREDENTIAL;
    if (!challenge_use(request, assertion->client_data, &asks)) return PASSKEY_CHALLENGE;
    enum passkey_verdict verdict = passkey_check_assertion(&asks, key, key->count, assertion,
                                                           *request->arena, &seen);
    if (verdict == PASSKEY_GOOD &&
        !door_count_passkey(request->gate->door, credential, key->count, seen.count))
        verdict = PASSKEY_COUNTER;
    return verdict;
}

static void sign_in_by_passkey(struct request *request)
{
    struct door *door = request->gate->door;
    struct asked asked;
    struct span credential;
    struct passkey_assertion assertion;
    struct error err;
    if (!asked_read(&asked, request, &err) ||
        !asked_bytes(&asked, "credential", CREDENTIAL_MAX, &credential, &err) ||
        !asked_bytes(&asked, "clientData", PASSKEY_TEXT_MAX, &assertion.client_data, &err) ||
        !asked_bytes(&asked, "authenticatorData", PASSKEY_TEXT_MAX,
                     &assertion.authenticator_data, &err) ||
        !asked_bytes(&asked, "signature", PASSKEY_TEXT_MAX, &assertion.signature, &err)) {
        reply_error(request, &err);
        return;
    }
    struct person *person = people_of_passkey(door_people(door), credential);
    enum passkey_verdict verdict = PASSKEY_CREDENTIAL;
    if (person != NULL && person->account.state == ACCOUNT_ACTIVE)
        verdict = check_assertion(request, &person->account, credential, &assertion);
    if (verdict == PASSKEY_GOOD) {
        sign_in_let(request, &person->account, true, "passkey");
    } else {
        error_set(&err, ERROR_CONFLICT, "%s", passkey_verdict_sentence(verdict));
        if (verdict == PASSKEY_COUNTER)
            error_hint(&err, "Come in another way, remove the passkey, and tell an administrator.");
        door_turn_away(door, request, person != NULL ? person->account.name : SPAN(""), "passkey",
                       &err);
        refuse(request, &err);
    }
    people_let_go(door_people(door), person);
}

// --- By the link of an invitation ----------------------------------------------------------------

// A link says "NAME~SECRET". NULL, and replied, when it does not open anything.
static struct person *by_link(struct request *request, struct span link)
{
    struct door *door = request->gate->door;
    struct span_pair parts = span_cut(link, '~');
    struct person *person = people_find(door_people(door), parts.head);
    enum link_verdict verdict = LINK_WRONG;
    struct error err;
    if (person != NULL)
        verdict = account_check_link(&person->account, parts.tail, door_now(door));
    if (verdict == LINK_GOOD) return person;
    people_let_go(door_people(door), person);
    error_set(&err, ERROR_CONFLICT, "%s", link_verdict_sentence(verdict));
    error_hint(&err, "Ask an administrator for a new link.");
    door_turn_away(door, request, parts.head, "link", &err);
    refuse(request, &err);
    return NULL;
}

static void link_challenge(struct request *request)
{
    struct asked asked;
    struct span link;
    struct error err;
    if (!asked_read(&asked, request, &err) || !asked_text(&asked, "link", true, &link, &err)) {
        reply_error(request, &err);
        return;
    }
    struct person *person = by_link(request, link);
    if (person == NULL) return;
    reply_creation(request, &person->account);
    people_let_go(door_people(request->gate->door), person);
}

static bool make_password(const struct asked *asked, struct span name, struct record *record,
                          struct error *err)
{
    struct door *door = asked->request->gate->door;
    struct span password;
    char kept[PASSWORD_KEPT_SIZE];
    if (!asked_text(asked, "password", true, &password, err)) return false;
    if (!password_fit(password, name, err)) return error_field(err, "password");
    door_hash_begin(door);
    bool done = password_keep(password, kept, err);
    door_hash_end(door);
    record->kind = FACT_PASSWORD_SET;
    return done && body_password_set(span_of(kept), asked->request->arena, &record->body, err);
}

static void sign_in_by_link(struct request *request)
{
    struct door *door = request->gate->door;
    struct asked asked;
    struct span link, name = { 0 };
    struct error err;
    if (!asked_read(&asked, request, &err) || !asked_text(&asked, "link", true, &link, &err)) {
        reply_error(request, &err);
        return;
    }
    struct person *person = by_link(request, link);
    if (person == NULL) return;
    bool by_passkey = json_member(&asked.json, 0, SPAN("credential")) != 0;
    struct record record = { 0 };
    bool done = arena_copy(request->arena, person->account.name, &name) &&
                (by_passkey ? asked_passkey(&asked, &record, &err)
                            : make_password(&asked, name, &record, &err));
    people_let_go(door_people(door), person);
    if (done) {
        struct text who = text_in(request->arena, 64);
        text_add(&who, SPAN("user:"));
        text_add(&who, name);
        record.who = text_span(&who);
        done = people_change(door_people(door), name, &record, 1, &err);
    }
    if (!done) {
        reply_error(request, &err);
        return;
    }
    person = people_find(door_people(door), name);
    sign_in_let(request, &person->account, by_passkey, by_passkey ? "passkey" : "password");
    people_let_go(door_people(door), person);
}
