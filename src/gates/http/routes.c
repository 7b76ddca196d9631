#include "gates/http/routes.h"

#include "gates/http/door.h"
#include "gates/http/gate.h"

// To know what can be asked over HTTP, read the tables of these areas from top to bottom.
static const struct route_area *const areas[] = {
    &declarations_area, // lodge, amend, withdraw, read
    &ledger_area,       // the public log, and what verifies
    &sign_in_area,      // coming in and going out
    &desk_area,         // is anything here real
    &lists_area,        // what waits, what is found, what a trader has
    &figures_area,      // what is counted
    &files_area,        // one of them
    &officer_area,      // claim, ask, inspect, decide
    &trader_area,       // answers and documents
    &notices_area,      // what concerns the caller
    &events_area,       // what changes, as it changes
    &rules_area,        // officers' rules: written, tried, switched
    &own_account_area,  // one's own passkeys and tokens
    &webhooks_area,     // what is told to traders' own servers
    &users_area,        // who may come in, and their tokens
    &operation_area,    // is it well, what does it do, what can it be asked
    &pages_area,        // the web desk
};
enum { AREAS_COUNT = sizeof(areas) / sizeof(areas[0]) };

const struct route_area *route_area_at(uint32_t number)
{
    return number < AREAS_COUNT ? areas[number] : NULL;
}

const struct route *route_at(uint32_t number)
{
    for (uint32_t a = 0; a < AREAS_COUNT; a++) {
        if (number < areas[a]->count) return &areas[a]->routes[number];
        number -= areas[a]->count;
    }
    return NULL;
}

uint32_t route_number(const struct route *route)
{
    uint32_t before = 0;
    for (uint32_t a = 0; a < AREAS_COUNT; a++) {
        const struct route *rows = areas[a]->routes;
        if (route >= rows && route < rows + areas[a]->count)
            return before + (uint32_t)(route - rows);
        before += areas[a]->count;
    }
    return before; // of none
}

static void no_such_method(struct request *request)
{
    static const struct problem problem = { 405, "method", "this cannot be done to it" };
    struct error err;
    struct text allow = text_in(request->arena, 64);
    for (uint32_t n = 0; route_at(n) != NULL; n++) {
        struct span parameters[PARAMETERS_MAX];
        if (!target_fits(&request->target, route_at(n)->path, parameters)) continue;
        struct span method = span_of(route_at(n)->method);
        if (header_has(text_span(&allow), method)) continue;
        if (allow.len > 0) text_add(&allow, SPAN(", "));
        text_add(&allow, method);
        if (span_equal(method, SPAN("GET"))) text_add(&allow, SPAN(", HEAD"));
    }
    error_set(&err, ERROR_SYNTAX, "the method is '" SPAN_FMT "'", SPAN_ARG(request->method));
    error_hint(&err, "What can be done: " SPAN_FMT ".", SPAN_ARG(text_span(&allow)));
    if (!allow.full) reply_header(request, "Allow", text_span(&allow).at);
    reply_problem(request, &problem, &err);
}

const struct route *route_find(struct request *request)
{
    bool fits = false;
    struct error err;
    for (uint32_t n = 0; route_at(n) != NULL; n++) {
        const struct route *route = route_at(n);
        struct span parameters[PARAMETERS_MAX] = { 0 };
        if (!target_fits(&request->target, route->path, parameters)) continue;
        if (span_equal(request->method, span_of(route->method))) {
            memcpy(request->parameters, parameters, sizeof(parameters));
            return route;
        }
        fits = true;
    }
    if (fits) {
        no_such_method(request);
        return NULL;
    }
    error_set(&err, ERROR_NOT_FOUND, "there is nothing at this path");
    error_hint(&err, "What there is, says /api/v1/openapi.json.");
    reply_error(request, &err);
    return NULL;
}

static bool turn_away(struct request *request, const struct problem *problem, struct error *err)
{
    door_turn_away(request->gate->door, request, request->caller.name, door_what(request), err);
    reply_problem(request, problem, err);
    return false;
}

bool route_allows(const struct route *route, struct request *request)
{
    static const struct problem unknown = { 401, "not-signed-in", "sign in first" };
    static const struct problem forbidden = { 403, "not-allowed", "you may not do this" };
    const struct caller *caller = &request->caller;
    struct error err;
    if (route->roles & role_bit(ROLE_NOBODY)) return true;
    if (caller->role == ROLE_NOBODY) {
        error_set(&err, ERROR_SYNTAX, "nobody has signed in");
        error_hint(&err, "Sign in at the desk, or send a token: Authorization: Bearer TOKEN.");
        reply_header(request, "WWW-Authenticate", "Bearer realm=\"tidewaiter\"");
        return turn_away(request, &unknown, &err);
    }
    if ((route->roles & role_bit(caller->role)) == 0) {
        error_set(&err, ERROR_SYNTAX, "the role '%s' may not do this", role_name(caller->role));
        error_hint(&err, "An administrator gives roles.");
    } else if (caller->role == ROLE_TRADER && caller->organisation.len == 0) {
        // What is a trader's own is his organisation's: without one nothing is.
        error_set(&err, ERROR_SYNTAX, "a trader acts for an organisation, and yours is not known");
        error_hint(&err, "An administrator gives organisations.");
    } else if (route->scope != 0 && !token_covers(caller->scopes, (enum token_scope)route->scope)) {
        error_set(&err, ERROR_SYNTAX, "the token may not be used for this");
        error_hint(&err, "Make a token with the scope that is needed.");
    } else {
        return true;
    }
    return turn_away(request, &forbidden, &err);
}

// --- Schemas -------------------------------------------------------------------------------------

// The schema of an area's by that name; NULL when there is none.
static const struct schema *schema_named(struct span name)
{
    for (uint32_t a = 0; a < AREAS_COUNT; a++)
        for (uint32_t i = 0; i < areas[a]->schemas.count; i++)
            if (span_equal(span_of(areas[a]->schemas.at[i].name), name))
                return &areas[a]->schemas.at[i];
    return NULL;
}

bool route_takes(const struct route *route, struct span member)
{
    struct span rest = span_of(route->takes), name;
    bool any = false;
    while (schema_mentions(&rest, &name)) {
        const struct schema *schema = schema_named(name);
        if (schema == NULL || schema->members == NULL) return true;
        if (schema_has(span_of(schema->members), member)) return true;
        any = true;
    }
    return !any;
}
