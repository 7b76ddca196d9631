#include "gates/http/openapi.h"

#include <stdio.h>

#include "consignment/model.h"
#include "gates/http/routes.h"

// --- Schemas of answers ---

#define TEXT "{\"type\":\"string\"}"
#define WHOLE "{\"type\":\"integer\",\"minimum\":0}"
#define TRUTH "{\"type\":\"boolean\"}"
#define TEXTS "{\"type\":\"array\",\"items\":" TEXT "}"
#define MONEY "{\"$ref\":\"#/components/schemas/Money\"}"
#define FINDINGS "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Finding\"}}"
#define OBJECT(required, properties)                                                            \
    "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"
#define STATE                                                                                   \
    "{\"type\":\"string\",\"enum\":[\"empty\",\"lodged\",\"amended\",\"refused\",\"accepted\"," \
    "\"assessed\",\"awaiting-documents\",\"under-control\",\"held\",\"released\",\"cleared\","  \
    "\"withdrawn\"]}"
#define DECISION                                                                                \
    "{\"type\":\"string\",\"enum\":[\"none\",\"refuse\",\"documents\",\"release\",\"examine\"," \
    "\"hold\"]}"
#define ANSWER_PROPERTIES                                                                       \
    "\"answer\":" TEXT ",\"decision\":" DECISION ",\"dropped\":{\"type\":\"array\",\"items\":"  \
    TEXT "},\"facts\":" WHOLE ",\"file\":" TEXT ",\"link\":" TEXT ",\"owed\":" MONEY      \
    ",\"state\":" STATE
#define ERROR_PROPERTIES                                                                        \
    "\"column\":" WHOLE ",\"detail\":" TEXT ",\"field\":" TEXT ",\"hint\":" TEXT                \
    ",\"line\":" WHOLE ",\"status\":" WHOLE
#define PROBLEM_PROPERTIES                                                                      \
    ERROR_PROPERTIES ",\"instance\":" TEXT ",\"title\":" TEXT ",\"type\":" TEXT

static const struct { const char *name, *schema; } schemas[] = {
    { "Accepted", OBJECT("\"file\",\"status\"", "\"file\":" TEXT ",\"status\":" TEXT) },
    { "Act", OBJECT("", "\"after\":" WHOLE) },
    { "Answer", OBJECT("\"answer\"", ANSWER_PROPERTIES) },
    { "Deciding", OBJECT("\"decision\",\"reason\"",
                         "\"after\":" WHOLE ",\"decision\":" TEXT ",\"reason\":" TEXT) },
    { "Document", OBJECT("\"sha256\",\"size\",\"type\"",
                         "\"sha256\":" TEXT ",\"size\":" WHOLE ",\"type\":" TEXT) },
    { "Fact", OBJECT("\"at\",\"body\",\"kind\",\"seq\"",
                     "\"at\":" TEXT ",\"body\":{\"type\":\"object\"},\"kind\":" TEXT
                     ",\"leaf\":" WHOLE
                     ",\"seq\":" WHOLE ",\"who\":" TEXT) },
    { "Decision", OBJECT("\"at\",\"by\",\"decision\"",
                         "\"at\":" TEXT ",\"by\":" TEXT ",\"decision\":" DECISION
                         ",\"fact\":" WHOLE ",\"reasons\":" TEXTS ",\"who\":" TEXT) },
    { "File", OBJECT("\"declaration\",\"facts\",\"file\",\"may\",\"state\",\"version\"",
                     "\"changedAt\":" TEXT ",\"claimedBy\":" TEXT ",\"customsValue\":" MONEY
                     ",\"decision\":{\"$ref\":\"#/components/schemas/Decision\"}"
                     ",\"factsCount\":" WHOLE
                     ",\"declaration\":{\"$ref\":\"#/components/schemas/Declaration\"}"
                     ",\"facts\":{\"type\":\"array\",\"items\":"
                     "{\"$ref\":\"#/components/schemas/Fact\"}},\"file\":" TEXT
                     ",\"lodgedAt\":" TEXT ",\"may\":" TEXTS ",\"owed\":" MONEY
                     ",\"random\":" TRUTH ",\"requests\":{\"type\":\"array\",\"items\":"
                     "{\"type\":\"object\"}},\"score\":" WHOLE ",\"state\":" STATE
                     ",\"version\":" WHOLE ",\"worth\":" MONEY) },
    { "Finding", OBJECT("\"rule\",\"severity\",\"text\"",
                        "\"field\":" TEXT ",\"hint\":" TEXT ",\"rule\":" TEXT
                        ",\"severity\":" TEXT ",\"text\":" TEXT) },
    { "Inspection", OBJECT("", "\"after\":" WHOLE ",\"found\":" TEXTS ",\"minutes\":" WHOLE
                               ",\"recovered\":" MONEY ",\"text\":" TEXT) },
    { "Invitation", OBJECT("\"displayName\",\"name\",\"role\"",
                           "\"displayName\":" TEXT ",\"language\":" TEXT ",\"name\":" TEXT
                           ",\"organisation\":" TEXT ",\"role\":" TEXT) },
    { "Line", OBJECT("\"answer\",\"line\"",
                     ANSWER_PROPERTIES ",\"findings\":" FINDINGS ",\"line\":" WHOLE
                     ",\"problem\":" OBJECT("\"detail\",\"status\"", ERROR_PROPERTIES)) },
    { "Link", OBJECT("\"link\"", "\"link\":" TEXT) },
    { "Money", OBJECT("\"currency\",\"value\"", "\"currency\":" TEXT ",\"value\":" TEXT) },
    { "PasskeyAnswer", OBJECT("\"authenticatorData\",\"clientData\",\"credential\",\"signature\"",
                              "\"authenticatorData\":" TEXT ",\"clientData\":" TEXT
                              ",\"credential\":" TEXT ",\"signature\":" TEXT) },
    { "PasskeyChallenge", OBJECT("\"challenge\",\"credentials\",\"rpId\"",
                                 "\"challenge\":" TEXT ",\"credentials\":" TEXTS
                                 ",\"rpId\":" TEXT) },
    { "PasskeyCreation", OBJECT("\"challenge\",\"displayName\",\"name\",\"rpId\",\"user\"",
                                "\"challenge\":" TEXT ",\"displayName\":" TEXT ",\"name\":" TEXT
                                ",\"rpId\":" TEXT ",\"user\":" TEXT) },
    { "Problem", OBJECT("\"status\",\"title\",\"type\"", PROBLEM_PROPERTIES) },
    { "Proof", "{\"type\":\"object\",\"description\":\"A proof bundle, as it was given out.\"}" },
    { "Queue", OBJECT("\"rows\",\"waiting\"", "\"rows\":{\"type\":\"array\",\"items\":"
                      "{\"$ref\":\"#/components/schemas/Row\"}},\"waiting\":" WHOLE) },
    { "Refused", OBJECT("\"answer\",\"status\",\"title\",\"type\"",
                        ANSWER_PROPERTIES "," PROBLEM_PROPERTIES ",\"findings\":" FINDINGS) },
    { "Request", OBJECT("\"text\"", "\"after\":" WHOLE ",\"text\":" TEXT ",\"type\":" TEXT
                        ",\"until\":" TEXT) },
    { "Row", OBJECT("\"decision\",\"file\",\"lodgedAt\",\"state\"",
                    "\"changedAt\":" TEXT ",\"commodity\":" TEXT ",\"customsValue\":" MONEY
                    ",\"declarant\":" TEXT ",\"decision\":" DECISION ",\"exporter\":" TEXT
                    ",\"factsCount\":" WHOLE ",\"file\":" TEXT ",\"importer\":" TEXT
                    ",\"items\":" WHOLE ",\"lodgedAt\":" TEXT ",\"office\":" TEXT
                    ",\"origin\":" TEXT ",\"owed\":" MONEY ",\"random\":" TRUTH
                    ",\"reference\":" TEXT ",\"score\":" WHOLE ",\"state\":" STATE
                    ",\"type\":" TEXT ",\"version\":" WHOLE ",\"worth\":" MONEY) },
    { "Session", OBJECT("\"csrf\",\"name\",\"role\",\"verified\"",
                        "\"csrf\":" TEXT ",\"displayName\":" TEXT ",\"language\":" TEXT
                        ",\"name\":" TEXT ",\"organisation\":" TEXT ",\"role\":" TEXT
                        ",\"simulated\":" TRUTH ",\"verified\":" TRUTH) },
    { "SignIn", OBJECT("\"name\",\"password\"", "\"name\":" TEXT ",\"password\":" TEXT) },
    { "SignInByLink", OBJECT("\"link\"",
                             "\"algorithm\":" TEXT ",\"authenticatorData\":" TEXT
                             ",\"clientData\":" TEXT ",\"credential\":" TEXT ",\"label\":" TEXT
                             ",\"link\":" TEXT ",\"password\":" TEXT ",\"publicKey\":" TEXT) },
    { "Status", OBJECT("\"decision\",\"file\",\"state\"",
                       "\"changedAt\":" TEXT ",\"commodity\":" TEXT ",\"customsValue\":" MONEY
                       ",\"decision\":" DECISION ",\"declarant\":" TEXT ",\"exporter\":" TEXT
                       ",\"factsCount\":" WHOLE ",\"file\":" TEXT ",\"importer\":" TEXT
                       ",\"items\":" WHOLE ",\"lodgedAt\":" TEXT ",\"office\":" TEXT
                       ",\"origin\":" TEXT ",\"owed\":" MONEY ",\"random\":" TRUTH
                       ",\"reference\":" TEXT ",\"score\":" WHOLE ",\"state\":" STATE
                       ",\"type\":" TEXT ",\"version\":" WHOLE ",\"worth\":" MONEY) },
    { "Supply", OBJECT("", "\"after\":" WHOLE ",\"attachments\":{\"type\":\"array\",\"items\":"
                           OBJECT("\"name\",\"sha256\"", "\"name\":" TEXT ",\"sha256\":" TEXT
                                  ",\"type\":" TEXT) "},\"request\":" WHOLE ",\"text\":" TEXT) },
    { "Token", OBJECT("\"endsAt\",\"id\",\"token\"",
                      "\"endsAt\":" TEXT ",\"id\":" TEXT ",\"token\":" TEXT) },
    { "TokenAsked", OBJECT("\"label\"",
                           "\"days\":" WHOLE ",\"label\":" TEXT ",\"scope\":" TEXTS) },
    { "UserChange", OBJECT("", "\"organisation\":" TEXT ",\"role\":" TEXT
                               ",\"stopped\":" TRUTH) },
    { "Users", OBJECT("\"users\"", "\"users\":{\"type\":\"array\",\"items\":"
                      OBJECT("\"name\",\"role\",\"state\"",
                             "\"displayName\":" TEXT ",\"name\":" TEXT ",\"organisation\":" TEXT
                             ",\"passkeys\":" WHOLE ",\"role\":" TEXT ",\"state\":" TEXT
                             ",\"tokens\":" WHOLE) "}") },
    { "Verdict", OBJECT("\"facts\",\"sentence\",\"verdict\"",
                        "\"decision\":" TEXT ",\"facts\":" WHOLE ",\"file\":" TEXT
                        ",\"key\":" TEXT ",\"sentence\":" TEXT ",\"verdict\":" TEXT) },
};

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
        char path[80];
        snprintf(path, sizeof(path), "#/components/schemas/%s", schema);
        json_key(w, SPAN("schema"));
        json_open_object(w);
        word(w, "$ref", path);
        json_close_object(w);
    }
    json_close_object(w);
}

static void write_parameter(struct json_writer *w, const char *in, struct span name,
                            const char *sentence)
{
    json_open_object(w);
    word(w, "in", in);
    json_key(w, SPAN("name"));
    json_write_string(w, name);
    if (sentence != NULL) word(w, "description", sentence);
    json_key(w, SPAN("required"));
    json_write_bool(w, strcmp(in, "path") == 0);
    json_key(w, SPAN("schema"));
    json_write_raw(w, SPAN(TEXT));
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

static void write_body(struct json_writer *w, const struct route *route)
{
    json_key(w, SPAN("requestBody"));
    json_open_object(w);
    json_key(w, SPAN("content"));
    json_open_object(w);
    for (int i = 0; i < 3 && route->takes_types[i] != NULL; i++) {
        bool is_json = strcmp(route->takes_types[i], "application/json") == 0;
        write_content(w, route->takes_types[i], is_json ? route->takes : NULL);
    }
    json_close_object(w);
    json_key(w, SPAN("required"));
    json_write_bool(w, true);
    json_close_object(w);
}

static void write_answers(struct json_writer *w, const struct route *route)
{
    json_key(w, SPAN("responses"));
    json_open_object(w);
    for (int i = 0; i < ROUTE_ANSWERS_MAX && route->answers[i].status != 0; i++) {
        const struct route_answer *answer = &route->answers[i];
        char status[12];
        snprintf(status, sizeof(status), "%u", answer->status);
        json_key(w, span_of(status));
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
    json_key(w, SPAN("default"));
    json_write_raw(w, SPAN("{\"description\":\"A problem.\",\"content\":{"
                           "\"application/problem+json\":{\"schema\":"
                           "{\"$ref\":\"#/components/schemas/Problem\"}}}}"));
    json_close_object(w);
}

static void write_roles(struct json_writer *w, const struct route *route)
{
    json_key(w, SPAN("x-roles"));
    json_open_array(w);
    for (int role = 0; role < ROLE_COUNT; role++)
        if (route->roles & role_bit(role))
            json_write_string(w, span_of(role_name((enum role)role)));
    json_close_array(w);
    if ((route->roles & role_bit(ROLE_NOBODY)) == 0) return;
    json_key(w, SPAN("security"));
    json_write_raw(w, SPAN("[]"));
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
    if (route->takes != NULL) write_body(w, route);
    write_answers(w, route);
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

bool openapi_write(struct json_writer *w, struct arena *scratch, struct error *err)
{
    json_open_object(w);
    word(w, "openapi", "3.1.0");
    json_key(w, SPAN("info"));
    json_write_raw(w, SPAN("{\"title\":\"Tidewaiter\",\"version\":\"1\",\"description\":"
                           "\"An open customs desk. Problems are answered as RFC 9457 says.\"}"));
    write_paths(w);
    json_key(w, SPAN("components"));
    json_open_object(w);
    json_key(w, SPAN("securitySchemes"));
    json_write_raw(w, SPAN("{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}"));
    json_key(w, SPAN("schemas"));
    json_open_object(w);
    for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
        json_key(w, span_of(schemas[i].name));
        json_write_raw(w, span_of(schemas[i].schema));
    }
    if (!write_declaration(w, scratch, err)) return false;
    json_close_object(w);
    json_close_object(w);
    json_key(w, SPAN("security"));
    json_write_raw(w, SPAN("[{\"token\":[]}]"));
    json_close_object(w);
    return true;
}
