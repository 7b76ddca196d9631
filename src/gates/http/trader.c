// What a trader adds to a file of his beside declarations: answers, and documents.
//
// A document is sent first, alone, and kept by its hash; the answer then names it. It is what the
// trader says it is: we look at what kind of file it is and how large, and at nothing inside.
#include "base/utf8.h"
#include "consignment/fact_body.h"
#include "gates/http/act.h"
#include "gates/http/door.h"
#include "gates/http/own.h"
#include "gates/http/routes.h"

enum { ATTACHMENTS_MAX = 20, NAME_MAX_BYTES = 200 };

static void send_document(struct request *request);
static void read_document(struct request *request);
static void supply(struct request *request);

#define PROBLEM "application/problem+json", "Problem"

static const struct route rows[] = {
    { "POST", "/api/v1/documents", role_bit(ROLE_TRADER), SCOPE_LODGE, "sendDocument",
      "hands a document in; an answer then names it by its hash", NULL,
      { "application/pdf", "image/jpeg", "image/png", "text/plain" }, { { 0 } },
      { { 201, "application/json", "Paper", "Kept; its hash, type and size." },
        { 413, PROBLEM, "It is larger than 16 MiB." },
        { 415, PROBLEM, "It is no PDF, JPEG, PNG or plain text." } },
      send_document, .ways = ROUTE_WAITS, .body_max = PAPER_SIZE_MAX },
    { "GET", "/api/v1/files/{ucr}/documents/{sha256}", ROLES_OFFICIAL | role_bit(ROLE_TRADER),
      SCOPE_READ, "readDocument", "a document that was supplied to the file", NULL, { 0 },
      { { 0 } },
      { { 200, "application/octet-stream", NULL, "As it was handed in." },
        { 404, PROBLEM, "The file has no such document." } },
      read_document, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/files/{ucr}/supply", role_bit(ROLE_TRADER), SCOPE_LODGE, "supply",
      "answers what an officer asked, with or without documents", "Supply",
      { "application/json" }, { { 0 } },
      { { 200, "application/json", "File", "The file as it is now." },
        { 409, PROBLEM, "Nothing of that kind is asked any more." } },
      supply, .ways = ROUTE_WAITS },
};

static const struct schema schemas[] = {
    { "Enclosure", "A document that was handed in before; type: of the document (N380 ...).",
      .members = "name: text, sha256: hash, type?: text" },
    { "Paper", "A document that is kept, by the hash of its bytes.",
      .members = "sha256: hash, size: whole, type: text" },
    { "Supply", "An answer; request: the fact that asked.",
      .members = "after?: whole, attachments?: [Enclosure], request?: whole, text?: text" },
};

const struct route_area trader_area =
    ROUTE_AREA_WITH("trader", "What a trader adds to his files", rows, schemas);

// --- Documents -----------------------------------------------------------------------------------

// By what it begins with, whatever the sender calls it. Empty: none that is taken.
static struct span type_of(struct span bytes)
{
    size_t bad_at;
    if (span_starts_with(bytes, SPAN("%PDF-"))) return SPAN("application/pdf");
    if (span_starts_with(bytes, SPAN("\xFF\xD8\xFF"))) return SPAN("image/jpeg");
    if (span_starts_with(bytes, SPAN("\x89PNG\r\n\x1A\n"))) return SPAN("image/png");
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        if (c < ' ' && c != '\n' && c != '\r' && c != '\t') return SPAN("");
    }
    return bytes.len > 0 && utf8_check(bytes, &bad_at) ? SPAN("text/plain") : SPAN("");
}

static void send_document(struct request *request)
{
    static const struct problem unknown = { 415, "type", "such a document is not taken" };
    struct error err;
    struct sha256 sha256;
    struct span type = type_of(request->body);
    if (type.len == 0) {
        error_set(&err, ERROR_SYNTAX, "the document is no PDF, JPEG, PNG or plain text");
        error_hint(&err, "Save it as PDF and send that.");
        reply_problem(request, &unknown, &err);
        return;
    }
    if (!papers_put(office_papers(request->gate->office), request->body, &sha256, &err)) {
        reply_error(request, &err);
        return;
    }
    struct json_writer w = json_writer_in(request->arena, 256);
    json_open_object(&w);
    json_key(&w, SPAN("sha256"));
    text_add_char(&w.text, '"');
    hex_write(&w.text, sha256.bytes, SHA256_SIZE);
    text_add_char(&w.text, '"');
    w.comma = true;
    json_key(&w, SPAN("size"));
    json_write_i64(&w, (int64_t)request->body.len);
    json_key(&w, SPAN("type"));
    json_write_string(&w, type);
    json_close_object(&w);
    reply_json(request, 201, &w);
}

// The attachment of that hash in a fact of the file.
static bool is_supplied(const struct file *file, struct sha256 sha256, struct arena *arena,
                        struct attachment *attachment)
{
    for (uint32_t i = 0; i < file->facts_count; i++) {
        struct supplied supplied;
        struct error err;
        if (file->facts[i].kind != FACT_SUPPLIED) continue;
        if (!body_read_supplied(file->facts[i].body, arena, &supplied, &err)) continue;
        for (uint32_t a = 0; a < supplied.attachments_count; a++) {
            *attachment = supplied.attachments[a];
            if (sha256_equal(attachment->sha256, sha256)) return true;
        }
    }
    return false;
}

static bool find_document(struct request *request, struct span *bytes, struct attachment *found,
                          struct error *err)
{
    struct file file;
    struct store_append *appends;
    uint32_t count;
    struct sha256 sha256;
    const struct caller *caller = &request->caller;
    struct span name = request->parameters[0], hex = request->parameters[1];
    if (!own_file(request, &file, &appends, &count, err)) return false;
    if (hex.len != (size_t)2 * SHA256_SIZE ||
        !hex_read(hex, sha256.bytes, SHA256_SIZE) ||
        !is_supplied(&file, sha256, request->arena, found))
        return error_set(err, ERROR_NOT_FOUND, "the file has no such document");
    if (caller->role != ROLE_TRADER &&
        !door_look(request->gate->door, request, name, "document", err))
        return false;
    return papers_get(office_papers(request->gate->office), sha256, request->arena, bytes, err);
}

// Shown by nobody's browser within the desk: it is saved, whatever is in it.
static void read_document(struct request *request)
{
    struct error err;
    struct span bytes = { 0 };
    struct attachment found;
    if (!find_document(request, &bytes, &found, &err)) {
        reply_error(request, &err);
        return;
    }
    reply_header(request, "Content-Disposition", "attachment");
    reply_header(request, "Content-Security-Policy", "sandbox; default-src 'none'");
    reply_text(request, 200, "application/octet-stream", bytes);
}

// --- Answers -------------------------------------------------------------------------------------

static bool read_attachment(const struct asked *asked, uint32_t node, struct attachment *attachment,
                            struct error *err)
{
    const struct json *json = &asked->json;
    struct request *request = asked->request;
    struct span hex = { 0 }, bytes;
    uint32_t sha256 = 0, name = 0, code = 0;
    *attachment = (struct attachment){ 0 };
    if (json->nodes[node].kind == JSON_OBJECT) {
        sha256 = json_member(json, node, SPAN("sha256"));
        name = json_member(json, node, SPAN("name"));
        code = json_member(json, node, SPAN("type"));
    }
    bool fits = sha256 != 0 && name != 0 && json->nodes[sha256].kind == JSON_STRING &&
                json->nodes[name].kind == JSON_STRING &&
                (code == 0 || json->nodes[code].kind == JSON_STRING) &&
                json_string(json, sha256, request->arena, &hex, err) &&
                json_string(json, name, request->arena, &attachment->name, err) &&
                (code == 0 || json_string(json, code, request->arena, &attachment->code, err)) &&
                hex.len == (size_t)2 * SHA256_SIZE && attachment->name.len > 0 &&
                attachment->name.len <= NAME_MAX_BYTES &&
                hex_read(hex, attachment->sha256.bytes, SHA256_SIZE);
    if (!fits) {
        json_error(json, node, err, "{\"name\", \"sha256\", \"type\"} of a document is expected");
        return error_field(err, "attachments");
    }
    size_t mark = request->arena->used;
    if (!papers_get(office_papers(request->gate->office), attachment->sha256, request->arena,
                    &bytes, err))
        return error_field(err, "attachments");
    attachment->size = (uint32_t)bytes.len;
    attachment->type = type_of(bytes);
    arena_reset(request->arena, mark);
    return true;
}

static bool read_attachments(const struct asked *asked, struct attachment *attachments,
                             uint32_t *count, struct error *err)
{
    const struct json *json = &asked->json;
    uint32_t list = json_member(json, 0, SPAN("attachments"));
    *count = 0;
    if (list == 0) return true;
    if (json->nodes[list].kind != JSON_ARRAY || json->nodes[list].count > ATTACHMENTS_MAX) {
        json_error(json, list, err, "a list of at most %d documents is expected", ATTACHMENTS_MAX);
        return error_field(err, "attachments");
    }
    uint32_t node = list + 1;
    for (; *count < json->nodes[list].count; (*count)++, node = json->nodes[node].next)
        if (!read_attachment(asked, node, &attachments[*count], err)) return false;
    return true;
}

static bool make_supply(struct act *act, struct error *err)
{
    struct attachment attachments[ATTACHMENTS_MAX];
    struct supplied supplied = { .attachments = attachments };
    struct span body;
    if (!asked_number(&act->asked, "request", 0, &supplied.request, err) ||
        !asked_text(&act->asked, "text", false, &supplied.text, err) ||
        !read_attachments(&act->asked, attachments, &supplied.attachments_count, err))
        return false;
    if (supplied.text.len == 0 && supplied.attachments_count == 0) {
        error_set(err, ERROR_SYNTAX, "there is neither a text nor a document");
        return error_field(err, "text");
    }
    if (!body_supplied(&supplied, act->request->arena, &body, err)) return false;
    act_add(act, FACT_SUPPLIED, body);
    return true;
}

static void supply(struct request *request) { act(request, make_supply); }
