#include "gates/http/openapi.h"

#include <stdio.h>

#include "consignment/fact_schema.h"
#include "consignment/model.h"
#include "gates/http/routes.h"
#include "gates/http/shapes.h"

// --- What any row may be answered ---

static bool of_all(const struct route *route) { return route != NULL; }
static bool of_bodies(const struct route *route) { return route->takes_types[0] != NULL; }

static bool of_some_callers(const struct route *route)
{
    return (route->roles & role_bit(ROLE_NOBODY)) == 0;
}

static bool of_things(const struct route *route) { return strchr(route->path, '{') != NULL; }

// What the row itself says of a status stands in its place.
static const struct common {
    unsigned status;
    const char *name, *sentence;
    bool (*of)(const struct route *route);
} common[] = {
    { 400, "Malformed", "The request cannot be read; where and why.", of_all },
    { 401, "NotSignedIn", "Nobody has signed in, or the credentials are not good.", of_all },
    { 403, "NotAllowed", "The role, or the token's scope, is not one that may.", of_some_callers },
    { 404, "NotThere", "There is none, or it is none of the caller's business.", of_things },
    { 405, "NoSuchMethod", "It cannot be done to what is at this path; Allow says what can.",
      NULL },
    { 413, "TooLarge", "It has more bytes than are taken.", of_all },
    { 415, "OtherType", "Such a body is not taken.", of_bodies },
    { 429, "TooOften", "Too many were tried; Retry-After says when to try again.", NULL },
    { 500, "Broken", "Something is broken here.", of_all },
    { 503, "NotNow", "It could not be done now; Retry-After says when to try again.", of_all },
};
enum { COMMON_COUNT = sizeof(common) / sizeof(common[0]) };

// --- The declaration's schema ---

// Its definitions stand among the others here: "#/$defs/x" becomes "#/components/schemas/x".
static struct span moved(struct span schema, struct arena *scratch)
{
    static const struct span from = SPAN_INIT("\"#/$defs/");
    struct text text = text_in(scratch, 2 * schema.len);
    for (size_t i = 0; i < schema.len;) {
        struct span left = { schema.at + i, schema.len - i };
        if (span_starts_with(left, from)) {
            text_add(&text, SPAN("\"#/components/schemas/"));
            i += from.len;
        } else {
            text_add_char(&text, schema.at[i++]);
        }
    }
    return text_span(&text);
}

static void write_members(struct json_writer *w, const struct json *json, uint32_t object)
{
    for (uint32_t at = object + 1; at < json->nodes[object].next;
         at = json->nodes[at + 1].next) {
        struct span name = json_raw(json, at);
        if (name.at[0] == '$') continue; // the schema's own head, and its definitions
        json_key(w, name);
        struct span value = json_raw(json, at + 1);
        if (json->nodes[at + 1].kind == JSON_STRING)
            value = (struct span){ value.at - 1, value.len + 2 };
        json_write_raw(w, value);
    }
}

static bool write_declaration(struct json_writer *w, struct arena *scratch, struct error *err)
{
    struct json json;
    struct span schema;
    struct json_writer model = json_writer_in(scratch, (size_t)128 * KIB);
    model_write_schema(&model);
    if (!json_written(&model, &schema, err)) return false;
    if (!json_read(moved(schema, scratch), scratch, &json, err)) return false;
    json_key(w, SPAN("Declaration"));
    json_open_object(w);
    write_members(w, &json, 0);
    json_close_object(w);
    uint32_t definitions = json_member(&json, 0, SPAN("$defs"));
    if (definitions != 0) write_members(w, &json, definitions);
    return true;
}

// --- Paths ---

static void word(struct json_writer *w, const char *key, const char *value)
{
    json_key(w, span_of(key));
    json_write_string(w, span_of(value));
}

static void write_content(struct json_writer *w, const char *type, const char *schema)
{
    json_key(w, span_of(type));
    json_open_object(w);
    if (schema != NULL) {
        json_key(w, SPAN("schema"));
        schema_write_type(w, span_of(schema));
    }
    json_close_object(w);
}

// "limit: whole", or "text" for what is a text.
static void write_parameter(struct json_writer *w, const char *in, struct span asked,
                            const char *sentence)
{
    struct span_pair parts = span_cut(asked, ':');
    json_open_object(w);
    word(w, "in", in);
    json_key(w, SPAN("name"));
    json_write_string(w, parts.head);
    if (sentence != NULL) word(w, "description", sentence);
    json_key(w, SPAN("required"));
    json_write_bool(w, strcmp(in, "path") == 0);
    json_key(w, SPAN("schema"));
    schema_write_type(w, parts.found ? span_trim(parts.tail) : SPAN("text"));
    json_close_object(w);
}

static struct span parameter_name(struct span braced)
{
    struct span name = { braced.at + 1, braced.len - 2 };
    if (span_ends_with(name, SPAN("..."))) name.len -= 3;
    return name;
}

static void write_parameters(struct json_writer *w, const struct route *route)
{
    json_key(w, SPAN("parameters"));
    json_open_array(w);
    struct span left = span_of(route->path);
    while (left.len > 0) {
        struct span_pair cut = span_cut(left, '/');
        if (cut.head.len > 2 && cut.head.at[0] == '{')
            write_parameter(w, "path", parameter_name(cut.head), NULL);
        left = cut.tail;
    }
    for (int i = 0; i < ROUTE_ASKED_MAX && route->asked[i].name != NULL; i++)
        write_parameter(w, route->asked[i].in, span_of(route->asked[i].name),
                        route->asked[i].sentence);
    json_close_array(w);
}

static bool is_json(const char *type)
{
    return strcmp(type, "application/json") == 0 || strcmp(type, "application/x-ndjson") == 0;
}

static void write_body(struct json_writer *w, const struct route *route)
{
    json_key(w, SPAN("requestBody"));
    json_open_object(w);
    json_key(w, SPAN("content"));
    json_open_object(w);
    for (int i = 0; i < ROUTE_TYPES_MAX && route->takes_types[i] != NULL; i++) {
        const char *type = route->takes_types[i];
        write_content(w, type, is_json(type) ? route->takes : NULL);
    }
    json_close_object(w);
    json_close_object(w);
}

static void write_answer(struct json_writer *w, const struct route_answer *answer)
{
    json_open_object(w);
    word(w, "description", answer->sentence);
    if (answer->type != NULL) {
        json_key(w, SPAN("content"));
        json_open_object(w);
        write_content(w, answer->type, answer->schema);
        json_close_object(w);
    }
    json_close_object(w);
}

static void write_status(struct json_writer *w, unsigned number)
{
    char status[12];
    snprintf(status, sizeof(status), "%u", number);
    json_key(w, span_of(status));
}

static bool answers_itself(const struct route *route, unsigned status)
{
    for (int i = 0; i < ROUTE_ANSWERS_MAX && route->answers[i].status != 0; i++)
        if (route->answers[i].status == status) return true;
    return false;
}

static void write_answers(struct json_writer *w, const struct route *route)
{
    json_key(w, SPAN("responses"));
    json_open_object(w);
    for (int i = 0; i < ROUTE_ANSWERS_MAX && route->answers[i].status != 0; i++) {
        write_status(w, route->answers[i].status);
        write_answer(w, &route->answers[i]);
    }
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        if (common[i].of == NULL || !common[i].of(route)) continue;
        if (answers_itself(route, common[i].status)) continue;
        char path[64];
        snprintf(path, sizeof(path), "#/components/responses/%s", common[i].name);
        write_status(w, common[i].status);
        json_open_object(w);
        word(w, "$ref", path);
        json_close_object(w);
    }
    json_close_object(w);
}

static void write_common(struct json_writer *w)
{
    json_key(w, SPAN("responses"));
    json_open_object(w);
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        struct route_answer answer = { common[i].status, "application/problem+json", "Problem",
                                       common[i].sentence };
        json_key(w, span_of(common[i].name));
        write_answer(w, &answer);
    }
    json_close_object(w);
}

// Who may: a token of the scope, or a session, whose page shows its CSRF token where something is
// changed.
static void write_security(struct json_writer *w, const struct route *route)
{
    bool acts = strcmp(route->method, "GET") != 0;
    json_key(w, SPAN("security"));
    json_open_array(w);
    if ((route->roles & role_bit(ROLE_NOBODY)) == 0) {
        json_open_object(w);
        json_key(w, SPAN("token"));
        json_open_array(w);
        if (route->scope != 0)
            json_write_string(w, span_of(token_scope_name((enum token_scope)route->scope)));
        json_close_array(w);
        json_close_object(w);
        json_write_raw(w, acts ? SPAN("{\"session\":[],\"csrf\":[]}") : SPAN("{\"session\":[]}"));
    }
    json_close_array(w);
}

static void write_roles(struct json_writer *w, const struct route *route)
{
    json_key(w, SPAN("x-roles"));
    json_open_array(w);
    for (int role = 0; role < ROLE_COUNT; role++)
        if (route->roles & role_bit(role))
            json_write_string(w, span_of(role_name((enum role)role)));
    json_close_array(w);
}

static void write_operation(struct json_writer *w, const struct route *route,
                            const struct route_area *area)
{
    char lower[16] = { 0 };
    for (size_t i = 0; i + 1 < sizeof(lower) && route->method[i] != '\0'; i++)
        lower[i] = (char)(route->method[i] - 'A' + 'a');
    json_key(w, span_of(lower));
    json_open_object(w);
    word(w, "operationId", route->name);
    word(w, "summary", route->sentence);
    json_key(w, SPAN("tags"));
    json_open_array(w);
    json_write_string(w, span_of(area->name));
    json_close_array(w);
    write_parameters(w, route);
    if (route->takes_types[0] != NULL) write_body(w, route);
    write_answers(w, route);
    write_security(w, route);
    write_roles(w, route);
    json_close_object(w);
}

// "{path...}" is "{path}" there.
static void write_path_key(struct json_writer *w, const char *path)
{
    char key[160];
    struct span_pair cut = span_cut(span_of(path), '.');
    bool rest = strstr(path, "...}") != NULL;
    if (rest) snprintf(key, sizeof(key), SPAN_FMT "}", SPAN_ARG(cut.head));
    else snprintf(key, sizeof(key), "%s", path);
    json_key(w, span_of(key));
}

// Is it the first row of its path? All methods of a path stand together in the document.
static bool is_first_of_path(uint32_t number)
{
    for (uint32_t n = 0; n < number; n++)
        if (strcmp(route_at(n)->path, route_at(number)->path) == 0) return false;
    return true;
}

static const struct route_area *area_of(uint32_t number)
{
    uint32_t a = 0;
    while (number >= route_area_at(a)->count) number -= route_area_at(a++)->count;
    return route_area_at(a);
}

static void write_paths(struct json_writer *w)
{
    json_key(w, SPAN("paths"));
    json_open_object(w);
    for (uint32_t n = 0; route_at(n) != NULL; n++) {
        if (!is_first_of_path(n)) continue;
        write_path_key(w, route_at(n)->path);
        json_open_object(w);
        for (uint32_t m = n; route_at(m) != NULL; m++)
            if (strcmp(route_at(m)->path, route_at(n)->path) == 0)
                write_operation(w, route_at(m), area_of(m));
        json_close_object(w);
    }
    json_close_object(w);
}

// --- The whole ---

static void write_schemas(struct json_writer *w, const struct schemas *schemas)
{
    for (uint32_t i = 0; i < schemas->count; i++) {
        json_key(w, span_of(schemas->at[i].name));
        schema_write(w, &schemas->at[i]);
    }
}

static bool write_components(struct json_writer *w, struct arena *scratch, struct error *err)
{
    json_key(w, SPAN("components"));
    json_open_object(w);
    json_key(w, SPAN("securitySchemes"));
    json_write_raw(w, SPAN("{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
                           "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\","
                           "\"name\":\"tidewaiter\"},"
                           "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\","
                           "\"name\":\"X-CSRF-Token\"}}"));
    write_common(w);
    json_key(w, SPAN("schemas"));
    json_open_object(w);
    write_schemas(w, &shapes);
    write_schemas(w, &fact_schemas);
    for (uint32_t a = 0; route_area_at(a) != NULL; a++)
        write_schemas(w, &route_area_at(a)->schemas);
    if (!write_declaration(w, scratch, err)) return false;
    json_close_object(w);
    json_close_object(w);
    return true;
}

static void write_tags(struct json_writer *w)
{
    json_key(w, SPAN("tags"));
    json_open_array(w);
    for (uint32_t a = 0; route_area_at(a) != NULL; a++) {
        json_open_object(w);
        word(w, "name", route_area_at(a)->name);
        word(w, "description", route_area_at(a)->sentence);
        json_close_object(w);
    }
    json_close_array(w);
}

bool openapi_write(struct json_writer *w, struct arena *scratch, struct error *err)
{
    json_open_object(w);
    word(w, "openapi", "3.1.0");
    json_key(w, SPAN("info"));
    json_write_raw(w, SPAN("{\"title\":\"Tidewaiter\",\"version\":\"1\",\"description\":"
                           "\"An open customs desk. What went wrong is told as RFC 9457 says, at "
                           "paths and of methods that are not here, too. x-roles: who may; "
                           "nobody: also who has not signed in. Bodies of application/x-ndjson "
                           "and text/event-stream are described line by line, event by event.\","
                           "\"license\":{\"name\":\"Apache-2.0\",\"identifier\":"
                           "\"Apache-2.0\"}}"));
    json_key(w, SPAN("servers"));
    json_write_raw(w, SPAN("[{\"url\":\"/\"}]"));
    write_tags(w);
    write_paths(w);
    if (!write_components(w, scratch, err)) return false;
    json_close_object(w);
    return true;
}
