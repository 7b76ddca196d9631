// Consignments: what waits, one of them, what is found. And its proof.
#include "gates/http/door.h"
#include "gates/http/gate.h"
#include "gates/http/own.h"
#include "gates/http/routes.h"
#include "gates/http/shown.h"
#include "office/proving.h"

enum { LIST_MAX = 200, LIST_USUAL = 50 };

static void show_queue(struct request *request);
static void show_file(struct request *request);
static void show_proof(struct request *request);

#define PROBLEM "application/problem+json", "Problem"
#define SEES (ROLES_OFFICIAL | role_bit(ROLE_TRADER))

static const struct route rows[] = {
    { "GET", "/api/v1/queue", ROLES_OFFICIAL, SCOPE_READ, "readQueue",
      "what waits for an officer, most worth first", NULL, { 0 },
      { { "query", "limit: whole", "how many rows, 1 to 200 (50)" } },
      { { 200, "application/json", "Queue", "The rows, and how many wait in all." } }, show_queue,
      .ways = ROUTE_WAITS },
    { "GET", "/api/v1/files/{ucr}", SEES, SCOPE_READ, "readFile",
      "a consignment's file, as far as the caller may see it", NULL, { 0 }, { { 0 } },
      { { 200, "application/json", "File", "The file." },
        { 404, PROBLEM, "There is none, or it is another trader's." } },
      show_file, .ways = ROUTE_WAITS },
    { "GET", "/api/v1/files/{ucr}/proof", SEES, SCOPE_READ, "readProof",
      "a proof of the file, to be verified anywhere; what the caller may not see is withheld", NULL,
      { 0 }, { { 0 } },
      { { 200, "application/json", "Proof", "A proof bundle." },
        { 404, PROBLEM, "There is none, or it is another trader's." } },
      show_proof, .ways = ROUTE_WAITS },
};

static const struct schema schemas[] = {
    { "Proof", "A proof of a file, to be verified anywhere (docs/).",
      .members = "checkpoint: text, facts: [ProvenFact | WithheldFact], file: text, format: text, "
                 "key: text" },
    { "ProvenFact", "A fact as it is sealed, the salt of its commitment, and the way to the root.",
      .members = "fact: object, proof: text, salt: hash" },
    { "Queue", "What waits for an officer, and how many in all.",
      .members = "rows: [Row], waiting: whole" },
    { "WithheldFact", "The seal of a fact that the caller may not see.",
      .members = "commitment: hash, proof: text" },
};

const struct route_area files_area =
    ROUTE_AREA_WITH("files", "Consignments, for people", rows, schemas);

// --- One -----------------------------------------------------------------------------------------

struct found { struct file file; struct store_append *appends; uint32_t appends_count; };

// A trader finds his own. Others' looks are in the diary before anything is shown.
static bool find(struct request *request, const char *what, struct found *found, struct error *err)
{
    if (!own_file(request, &found->file, &found->appends, &found->appends_count, err)) return false;
    return request->caller.role == ROLE_TRADER ||
           door_look(request->gate->door, request, request->parameters[0], what, err);
}

static void show_file(struct request *request)
{
    struct error err;
    struct found found;
    struct viewer viewer = { request->caller.role, request->caller.who };
    struct json_writer w = json_writer_in(request->arena, (size_t)16 * KIB);
    if (find(request, "file", &found, &err) &&
        shown_write(&w, &found.file, found.appends, found.appends_count, viewer, request->arena,
                    &err))
        reply_json(request, 200, &w);
    else reply_error(request, &err);
}

static bool is_shown(const void *caller, const struct fact *fact, struct arena scratch)
{
    return shown_whole(((const struct caller *)caller)->role, fact, scratch);
}

static void show_proof(struct request *request)
{
    struct error err;
    struct found found;
    struct span paper;
    if (find(request, "proof", &found, &err) &&
        office_prove(request->gate->office, request->parameters[0], is_shown, &request->caller,
                     request->arena, &paper, &err))
        reply_text(request, 200, "application/json", paper);
    else reply_error(request, &err);
}

// --- What waits ----------------------------------------------------------------------------------

static bool read_limit(struct request *request, uint32_t *limit, struct error *err)
{
    struct span text;
    bool found;
    uint64_t number = LIST_USUAL;
    if (!query_find(request->target.query, SPAN("limit"), request->arena, &text, &found, err))
        return false;
    if (found && (!span_to_u64(text, &number) || number == 0 || number > LIST_MAX)) {
        error_set(err, ERROR_SYNTAX, "a limit of '" SPAN_FMT "'", SPAN_ARG(text));
        error_hint(err, "Ask for 1 to %d rows.", LIST_MAX);
        return error_field(err, "limit");
    }
    *limit = (uint32_t)number;
    return true;
}

static void show_queue(struct request *request)
{
    struct error err;
    struct view_row *found;
    uint32_t limit = 0, count;
    uint64_t waiting;
    if (!read_limit(request, &limit, &err) ||
        !views_queue(office_views(request->gate->office), limit, request->arena, &found, &count,
                     &waiting, &err)) {
        reply_error(request, &err);
        return;
    }
    struct json_writer w = json_writer_in(request->arena, (size_t)64 * KIB);
    json_open_object(&w);
    json_key(&w, SPAN("waiting"));
    json_write_i64(&w, (int64_t)waiting);
    json_key(&w, SPAN("rows"));
    json_open_array(&w);
    for (uint32_t i = 0; i < count; i++) shown_row(&w, &found[i], request->caller.role);
    json_close_array(&w);
    json_close_object(&w);
    reply_json(request, 200, &w);
}
