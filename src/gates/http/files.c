// Consignments: one of them, and its proof.
#include "gates/http/door.h"
#include "gates/http/gate.h"
#include "gates/http/own.h"
#include "gates/http/routes.h"
#include "gates/http/shown.h"
#include "office/proving.h"

static void show_file(struct request *request);
static void show_proof(struct request *request);

#define PROBLEM "application/problem+json", "Problem"
#define SEES (ROLES_OFFICIAL | role_bit(ROLE_TRADER))

static const struct route rows[] = {
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
