#include "gates/http/door.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gates/http/gate.h"
#include "gates/http/guests.h"

#define COOKIE "tidewaiter"

struct counter { uint64_t credential; uint32_t count; }; // its hash; 0: none
struct challenge { uint8_t bytes[DOOR_CHALLENGE_SIZE]; int64_t ends_ms; };

struct door {
    struct door_settings settings;
    char origin_text[256], host[256];
    struct span origin;
    struct people *people;
    struct diary *diary;
    struct arena arena;                  // of the tables
    struct session_table sessions;
    struct throttle throttle;
    bool tables;                         // both are open
    pthread_mutex_t lock;                // of what is below
    pthread_cond_t hashed;
    uint32_t hashing, sleeping;
    struct challenge challenges[DOOR_CHALLENGES_MAX];
    uint32_t challenges_next;            // the oldest
    struct counter counters[DOOR_COUNTERS];
};

// --- Opening -------------------------------------------------------------------------------------

static bool open_parts(struct door *door, struct error *err)
{
    const struct door_settings *s = &door->settings;
    uint8_t chance[THROTTLE_CHANCE];
    if (!arena_open(&door->arena, (size_t)64 * MIB, err)) return false;
    if (!people_open(&door->people, s->office, s->now_ms, s->clock, err)) return false;
    if (!diary_open(&door->diary, s->office, s->now_ms, s->clock, err)) return false;
    if (!session_table_open(&door->sessions, SESSIONS_MAX, &door->arena, err)) return false;
    s->random(chance, sizeof(chance));
    const struct throttle_rules *rules = s->rules != NULL ? s->rules : &throttle_usual;
    if (!throttle_open(&door->throttle, rules, chance, &door->arena, err)) {
        session_table_close(&door->sessions);
        return false;
    }
    door->tables = true;
    return true;
}

bool door_open(struct door **opened, const struct door_settings *settings, struct error *err)
{
    struct door *door = calloc(1, sizeof(*door));
    if (door == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the door");
    door->settings = *settings;
    pthread_mutex_init(&door->lock, NULL);
    pthread_cond_init(&door->hashed, NULL);
    *opened = door;
    if (open_parts(door, err)) return true;
    door_close(door);
    return false;
}

void door_close(struct door *door)
{
    if (door == NULL) return;
    if (door->tables) {
        session_table_close(&door->sessions);
        throttle_close(&door->throttle);
    }
    diary_close(door->diary);
    people_close(door->people);
    arena_close(&door->arena);
    pthread_mutex_destroy(&door->lock);
    pthread_cond_destroy(&door->hashed);
    free(door);
}

bool door_name(struct door *door, const char *origin, struct error *err)
{
    struct span whole = span_of(origin), host = whole;
    if (span_starts_with(whole, SPAN("https://"))) host.at += 8, host.len -= 8;
    else if (span_starts_with(whole, SPAN("http://"))) host.at += 7, host.len -= 7;
    struct span name = span_cut(host, ':').head;
    if (host.len == whole.len || name.len == 0 || whole.len >= sizeof(door->origin_text) ||
        memchr(host.at, '/', host.len) != NULL) {
        error_set(err, ERROR_SYNTAX, "'%s' is no origin", origin);
        return error_hint(err, "Give scheme and host, as in https://desk.example.");
    }
    snprintf(door->origin_text, sizeof(door->origin_text), "%s", origin);
    snprintf(door->host, sizeof(door->host), SPAN_FMT, SPAN_ARG(name));
    door->origin = span_of(door->origin_text);
    return true;
}

struct people *door_people(struct door *door) { return door->people; }
struct session_table *door_sessions(struct door *door) { return &door->sessions; }
struct throttle *door_throttle(struct door *door) { return &door->throttle; }
int64_t door_now(const struct door *door) { return door->settings.now_ms(door->settings.clock); }

void door_random(const struct door *door, void *bytes, size_t size)
{
    door->settings.random(bytes, size);
}

bool door_count_passkey(struct door *door, struct span credential, uint32_t registered,
                        uint32_t count)
{
    struct sha256 hash = sha256_of(credential);
    uint64_t name;
    memcpy(&name, hash.bytes, sizeof(name));
    pthread_mutex_lock(&door->lock);
    struct counter *counter = &door->counters[name % DOOR_COUNTERS];
    uint32_t before = counter->credential == name ? counter->count : registered;
    bool grew = count > before || (count == 0 && before == 0);
    if (grew) *counter = (struct counter){ name, count };
    pthread_mutex_unlock(&door->lock);
    return grew;
}

struct passkey_asked door_asks(const struct door *door)
{
    return (struct passkey_asked){ .relying_party = span_of(door->host),
                                   .origins = &door->origin, .origins_count = 1,
                                   .user_verified = true };
}

// --- Challenges ----------------------------------------------------------------------------------

void door_challenge(struct door *door, uint8_t challenge[DOOR_CHALLENGE_SIZE])
{
    door_random(door, challenge, DOOR_CHALLENGE_SIZE);
    pthread_mutex_lock(&door->lock);
    struct challenge *place = &door->challenges[door->challenges_next];
    door->challenges_next = (door->challenges_next + 1) % DOOR_CHALLENGES_MAX;
    memcpy(place->bytes, challenge, DOOR_CHALLENGE_SIZE);
    place->ends_ms = door_now(door) + DOOR_CHALLENGE_MS;
    pthread_mutex_unlock(&door->lock);
}

bool door_use_challenge(struct door *door, const uint8_t challenge[DOOR_CHALLENGE_SIZE])
{
    bool good = false;
    int64_t now = door_now(door);
    pthread_mutex_lock(&door->lock);
    for (uint32_t i = 0; i < DOOR_CHALLENGES_MAX && !good; i++) {
        struct challenge *place = &door->challenges[i];
        if (place->ends_ms <= now ||
            memcmp(place->bytes, challenge, DOOR_CHALLENGE_SIZE) != 0)
            continue;
        good = true;
        place->ends_ms = 0; // used
    }
    pthread_mutex_unlock(&door->lock);
    return good;
}

void door_sleep(struct door *door, int64_t ms)
{
    pthread_mutex_lock(&door->lock);
    bool room = door->sleeping < DOOR_SLEEPERS_MAX;
    if (room) door->sleeping++;
    pthread_mutex_unlock(&door->lock);
    if (!room) return;
    struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    nanosleep(&time, NULL);
    pthread_mutex_lock(&door->lock);
    door->sleeping--;
    pthread_mutex_unlock(&door->lock);
}

void door_hash_begin(struct door *door)
{
    pthread_mutex_lock(&door->lock);
    while (door->hashing == DOOR_HASHES_MAX) pthread_cond_wait(&door->hashed, &door->lock);
    door->hashing++;
    pthread_mutex_unlock(&door->lock);
}

void door_hash_end(struct door *door)
{
    pthread_mutex_lock(&door->lock);
    door->hashing--;
    pthread_cond_signal(&door->hashed);
    pthread_mutex_unlock(&door->lock);
}

// --- The diary -----------------------------------------------------------------------------------

static bool who_of(struct span name, struct arena *arena, struct span *who)
{
    struct text text = text_in(arena, name.len + 8);
    text_add(&text, name.len > 0 ? SPAN("user:") : SPAN("nobody"));
    text_add(&text, name);
    *who = text_span(&text);
    return !text.full;
}

static bool write_diary(struct door *door, const struct request *request, struct span name,
                        enum fact_kind kind, struct span body, struct error *err)
{
    struct record record = { .kind = kind, .body = body };
    if (!who_of(name, request->arena, &record.who))
        return error_set(err, ERROR_TOO_LARGE, "the diary's entry does not fit into memory");
    return diary_add(door->diary, &record, err);
}

// Without waiting: who is turned away from the event loop must not hold it up.
static bool note(struct door *door, const struct request *request, struct span name,
                 enum fact_kind kind, struct span body, struct error *err)
{
    struct record record = { .kind = kind, .body = body };
    if (!who_of(name, request->arena, &record.who))
        return error_set(err, ERROR_TOO_LARGE, "the diary's entry does not fit into memory");
    return diary_note(door->diary, &record, err);
}

void door_turn_away(struct door *door, const struct request *request, struct span name,
                    const char *what, struct error *err)
{
    struct error trouble;
    struct span body;
    struct turned_away turned = { .address = span_of(request->address), .what = span_of(what),
                                  .why = span_of(err->text) };
    if (!account_name_fits(name)) name = SPAN(""); // what was typed may be a password
    if (!body_turned_away(&turned, request->arena, &body, &trouble) ||
        !note(door, request, name, FACT_TURNED_AWAY, body, &trouble))
        *err = trouble;
}

const char *door_what(const struct request *request)
{
    struct text text = text_in(request->arena, ACCOUNT_TEXT_MAX + 1);
    struct span path = request->target.path;
    size_t room = ACCOUNT_TEXT_MAX - request->method.len - 1;
    text_add(&text, request->method);
    text_add_char(&text, ' ');
    text_add(&text, (struct span){ path.at, path.len < room ? path.len : room });
    return text.full ? "a request" : text_span(&text).at;
}

bool door_look(struct door *door, const struct request *request, struct span file,
               const char *what, struct error *err)
{
    struct span body;
    struct looked looked = { .file = file, .what = span_of(what) };
    return body_looked(&looked, request->arena, &body, err) &&
           write_diary(door, request, request->caller.name, FACT_LOOKED, body, err);
}

// --- Sessions ------------------------------------------------------------------------------------

static struct span cookie_of(const struct request *request)
{
    struct span rest = request_header(request, "Cookie");
    while (rest.len > 0) {
        struct span_pair parts = span_cut(rest, ';');
        struct span one = span_trim(parts.head);
        if (span_starts_with(one, SPAN(COOKIE "=")))
            return (struct span){ one.at + sizeof(COOKIE), one.len - sizeof(COOKIE) };
        rest = parts.found ? parts.tail : SPAN("");
    }
    return SPAN("");
}

static bool set_cookie(const struct door *door, struct request *request, const char *value,
                       struct error *err)
{
    struct text text = text_in(request->arena, 256);
    text_add_format(&text, COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s%s", value,
                    door->settings.secure ? "; Secure" : "",
                    value[0] == '\0' ? "; Max-Age=0" : "");
    if (text.full) return error_set(err, ERROR_TOO_LARGE, "the cookie does not fit into memory");
    reply_header(request, "Set-Cookie", text_span(&text).at);
    return true;
}

bool door_let_in(struct door *door, struct request *request, const struct account *account,
                 bool verified, const char *method, struct session *session, struct error *err)
{
    uint8_t chance[SESSION_CHANCE];
    char value[SESSION_VALUE_LEN + 1];
    struct span body;
    struct signed_in signed_in = { .address = span_of(request->address),
                                   .method = span_of(method) };
    if (!body_signed_in(&signed_in, request->arena, &body, err) ||
        !write_diary(door, request, account->name, FACT_SIGNED_IN, body, err))
        return false;
    struct span before = cookie_of(request);
    if (before.len > 0) session_end(&door->sessions, before);
    door_random(door, chance, sizeof(chance));
    session_begin(&door->sessions, account->name, verified, door_now(door), chance, value, session);
    return set_cookie(door, request, value, err);
}

bool door_let_out(struct door *door, struct request *request, struct error *err)
{
    struct span body, value = cookie_of(request);
    if (session_end(&door->sessions, value) &&
        (!body_signed_out(request->arena, &body, err) ||
         !write_diary(door, request, request->caller.name, FACT_SIGNED_OUT, body, err)))
        return false;
    return set_cookie(door, request, "", err);
}

void door_end_others(struct door *door, const struct request *request)
{
    session_end_others(&door->sessions, request->caller.name, cookie_of(request));
}

bool door_session(struct door *door, const struct request *request, struct session *session)
{
    return session_find(&door->sessions, cookie_of(request), SESSION_LOOKS, door_now(door),
                        session) == SESSION_GOOD;
}

bool door_is_verified(struct door *door, const struct request *request, struct error *err)
{
    struct session session;
    if (!request->caller.session) return true; // a token's scope says that it decides
    if (request->gate->simulated && guest_is(request->caller.name)) return true;
    if (door_session(door, request, &session) && session.user_verified_ms > 0 &&
        door_now(door) - session.user_verified_ms < DOOR_VERIFIED_MS)
        return true;
    error_set(err, ERROR_CONFLICT, "who does this must show by a passkey that it is himself");
    return error_hint(err, "Verify with your passkey, then do it again.");
}

// --- Who is it -----------------------------------------------------------------------------------

static bool fill(struct request *request, const struct account *account, unsigned scopes,
                 bool session, struct caller *caller, struct error *err)
{
    struct span who;
    *caller = (struct caller){ .role = account->role, .scopes = scopes, .session = session };
    if (arena_copy(request->arena, account->name, &caller->name) &&
        arena_copy(request->arena, account->organisation, &caller->organisation) &&
        who_of(account->name, request->arena, &who)) {
        caller->who = who.at;
        return true;
    }
    return error_set(err, ERROR_TOO_LARGE, "the request does not fit into memory");
}

static bool fill_active(struct door *door, struct request *request, struct person *person,
                        unsigned scopes, bool session, struct caller *caller, struct error *err)
{
    bool active = person != NULL && person->account.state == ACCOUNT_ACTIVE;
    bool filled = active ? fill(request, &person->account, scopes, session, caller, err)
                         : error_set(err, ERROR_CONFLICT, "the account is stopped");
    people_let_go(door->people, person);
    return filled;
}

static bool by_token(struct door *door, struct request *request, struct span given,
                     struct caller *caller, struct error *err)
{
    struct token_shown shown;
    struct person *person = NULL;
    enum token_verdict verdict = TOKEN_WRONG;
    const struct token *token = NULL;
    if (token_read(given, &shown)) person = people_of_token(door->people, shown.id);
    if (person != NULL) token = account_token(&person->account, shown.id);
    if (token != NULL) verdict = token_check(token, &shown, door_now(door));
    if (verdict == TOKEN_GOOD)
        return fill_active(door, request, person, token->scope, false, caller, err);
    people_let_go(door->people, person);
    error_set(err, ERROR_CONFLICT, "%s", token_verdict_sentence(verdict));
    door_turn_away(door, request, SPAN(""), "token", err);
    return false;
}

static bool changes_something(const struct request *request)
{
    return !span_equal(request->method, SPAN("GET"));
}

static bool by_cookie(struct door *door, struct request *request, struct span value,
                      struct caller *caller, struct error *err)
{
    struct session session;
    bool acts = changes_something(request);
    enum session_verdict verdict = session_find(&door->sessions, value,
                                                acts ? SESSION_ACTS : SESSION_LOOKS,
                                                door_now(door), &session);
    if (verdict != SESSION_GOOD) return true; // nobody: he signs in again
    if (acts && !session_csrf_fits(&session, request_header(request, "X-CSRF-Token"))) {
        error_set(err, ERROR_CONFLICT, "the request does not come from a page of this desk");
        error_hint(err, "Load the page again.");
        door_turn_away(door, request, span_of(session.account), "csrf", err);
        return false;
    }
    struct person *person = people_find(door->people, span_of(session.account));
    return fill_active(door, request, person, SCOPE_ALL, true, caller, err);
}

bool door_find_caller(void *context, struct request *request, struct caller *caller,
                      struct error *err)
{
    struct door *door = context;
    struct span authorization = request_header(request, "Authorization");
    struct span value = cookie_of(request);
    *caller = (struct caller){ .who = "nobody" };
    if (authorization.len > 0 && value.len > 0)
        return error_set(err, ERROR_SYNTAX, "a token and a cookie came together");
    if (authorization.len > 0) {
        struct span bearer = SPAN("Bearer ");
        if (!span_starts_with(authorization, bearer))
            return error_set(err, ERROR_SYNTAX, "only bearer tokens are taken");
        struct span token = { authorization.at + bearer.len, authorization.len - bearer.len };
        return by_token(door, request, span_trim(token), caller, err);
    }
    return value.len == 0 || by_cookie(door, request, value, caller, err);
}
