// What this desk is: real or simulated; and, where nothing is real, the way in for anybody.
#include "gates/http/asked.h"
#include "gates/http/gate.h"
#include "gates/http/guests.h"
#include "gates/http/routes.h"
#include "gates/http/sign_in.h"

static void show_desk(struct request *request);
static void sign_in_as_guest(struct request *request);

static const struct route rows[] = {
    { "GET", "/api/v1/desk", ROLES_ANYBODY, 0, "readDesk",
      "whether anything here is real, and as whom anybody may come in where nothing is", NULL,
      { 0 }, { { 0 } }, { { 200, "application/json", "Desk", "What this desk is." } }, show_desk,
      .ways = 0 },
    { "POST", "/api/v1/session/demo", ROLES_ANYBODY, 0, "signInAsGuest",
      "comes into a simulated desk as one of its invented people", "GuestName",
      { "application/json" }, { { 0 } },
      { { 200, "application/json", "Session", "Come in." },
        { 404, "application/problem+json", "Problem", "The desk is real, or has no such guest." } },
      sign_in_as_guest, .ways = ROUTE_WAITS },
};

static const struct schema schemas[] = {
    { "Desk", "What this desk is; people: as whom anybody may come in, where nothing is real.",
      .members = "people?: [Guest], simulated: truth" },
    { "Guest", "One of the invented people of a simulated desk.",
      .members = "displayName: text, name: text, organisation: text, role: Role" },
    { "GuestName", "As whom somebody comes in.", .members = "name: text" },
};

const struct route_area desk_area =
    ROUTE_AREA_WITH("desk", "What this desk is", rows, schemas);

static void write_person(struct json_writer *w, const struct account *account)
{
    json_open_object(w);
    json_key(w, SPAN("name"));
    json_write_string(w, account->name);
    json_key(w, SPAN("displayName"));
    json_write_string(w, account->display);
    json_key(w, SPAN("role"));
    json_write_string(w, span_of(role_name(account->role)));
    json_key(w, SPAN("organisation"));
    json_write_string(w, account->organisation);
    json_close_object(w);
}

// The guest's account, held; NULL when there is none who may come in.
static struct person *find_guest(struct people *people, struct span name)
{
    struct person *person = guest_is(name) ? people_find(people, name) : NULL;
    if (person == NULL || person->account.state == ACCOUNT_ACTIVE) return person;
    people_let_go(people, person);
    return NULL;
}

static void show_desk(struct request *request)
{
    struct people *people = door_people(request->gate->door);
    struct json_writer w = json_writer_in(request->arena, 1024);
    json_open_object(&w);
    json_key(&w, SPAN("simulated"));
    json_write_bool(&w, request->gate->simulated);
    if (request->gate->simulated) {
        json_key(&w, SPAN("people"));
        json_open_array(&w);
        for (uint32_t i = 0; i < guests_count; i++) {
            struct person *person = find_guest(people, guests[i].name);
            if (person != NULL) write_person(&w, &person->account);
            people_let_go(people, person);
        }
        json_close_array(&w);
    }
    json_close_object(&w);
    reply_json(request, 200, &w);
}

// His coming in is taken for the proof that a passkey gives elsewhere, so that anybody can try what
// deciding is like.
static void sign_in_as_guest(struct request *request)
{
    struct people *people = door_people(request->gate->door);
    struct asked asked;
    struct span name;
    struct error err;
    if (!asked_read(&asked, request, &err) || !asked_text(&asked, "name", true, &name, &err)) {
        reply_error(request, &err);
        return;
    }
    struct person *person = request->gate->simulated ? find_guest(people, name) : NULL;
    if (person == NULL) {
        error_set(&err, ERROR_NOT_FOUND, "nobody comes in so");
        error_hint(&err, "Sign in by a passkey.");
        reply_error(request, &err);
        return;
    }
    sign_in_let(request, &person->account, true, "demo");
    people_let_go(people, person);
}
