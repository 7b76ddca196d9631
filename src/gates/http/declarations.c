#include "gates/http/declarations.h"

#include <assert.h>

#include "consignment/fact_body.h"
#include "gates/files/xml_read.h"
#include "gates/http/gate.h"
#include "gates/http/routes.h"
#include "gates/http/stream.h"

// --- The rows ---

#define JSON "application/json"
#define PROBLEM "application/problem+json"
#define LODGE_TYPES { JSON, "application/xml", "text/xml" }
#define LODGE_ASKED                                                                             \
    { { "header", "Idempotency-Key", "The same key and body get the same answer." },            \
      { "header", "Prefer", "respond-async: answered 202 when it is read, before it is kept." } }
#define LODGE_ANSWERS                                                                           \
    { { 201, JSON, "Answer", "It is kept and sealed; Location names the file." },               \
      { 200, JSON, "Answer", "It was lodged before, the same; this is how it stands." },        \
      { 202, JSON, "Accepted", "It is read and will be lodged; Location names its status." },   \
      { 400, PROBLEM, "Problem", "It cannot be read; where and why." },                         \
      { 404, PROBLEM, "Problem", "There is no such file." },                                    \
      { 409, PROBLEM, "Problem", "The file does not take it now." },                            \
      { 422, PROBLEM, "Refused | Problem", "It breaks rules; it is kept and sealed as refused. " \
                                           "Or the key is of another body." },              \
      { 503, PROBLEM, "Problem", "Not now; Retry-After says when." } }
#define LODGERS role_bit(ROLE_TRADER)
#define ESTIMATERS                                                                              \
    (role_bit(ROLE_TRADER) | role_bit(ROLE_OFFICER) | role_bit(ROLE_SUPERVISOR) |               \
     role_bit(ROLE_ANALYST))
#define READERS (role_bit(ROLE_TRADER) | ROLES_OFFICIAL)

static const struct route rows[] = {
    { "POST", "/api/v1/declarations", LODGERS, SCOPE_LODGE, "lodgeDeclaration",
      "lodge one declaration: JSON, or a WCO Data Model XML message", "Declaration", LODGE_TYPES,
      LODGE_ASKED, LODGE_ANSWERS, lodge_one, .ways = 0 },
    { "POST", "/api/v1/declarations/stream", LODGERS, SCOPE_LODGE, "lodgeMany",
      "lodge many: a declaration a line, an answer a line, in order", "Declaration",
      { "application/x-ndjson" },
      { { "header", "Idempotency-Key", "The stream's name, by which it can be read." } },
      { { 200, "application/x-ndjson", "Line", "An answer for each line." },
        { 503, PROBLEM, "Problem", "Too many streams at once." } },
      stream_answer, .body_max = HTTP_STREAM_BODY_MAX, .pieces = &stream_pieces },
    { "GET", "/api/v1/streams/{key}", LODGERS, SCOPE_LODGE, "readStream",
      "read the answers of a stream of one's own as they become durable, while it is being sent",
      NULL, { 0 }, { { 0 } },
      { { 200, "application/x-ndjson", "Line", "An answer for each line, as they come." },
        { 404, PROBLEM, "Problem", "No stream with this key is known, or not yet." } },
      read_stream, .ways = 0 },
    { "GET", "/api/v1/declarations/{ucr}", READERS, SCOPE_READ, "readDeclaration",
      "read a file: state, declaration and facts, as far as the role may see them", NULL, { 0 },
      { { 0 } },
      { { 200, JSON, "File", "The file." },
        { 404, PROBLEM, "Problem", "There is no such file." } },
      show_file, .ways = ROUTE_WAITS },
    { "GET", "/api/v1/declarations/{ucr}/status", READERS, SCOPE_READ, "readStatus",
      "say where a declaration stands, in a few words", NULL, { 0 }, { { 0 } },
      { { 200, JSON, "Row", "How it stands." },
        { 404, PROBLEM, "Problem", "There is no such file, or not yet." } },
      show_status, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/declarations/{ucr}/amend", LODGERS, SCOPE_LODGE, "amendDeclaration",
      "lodge another version: a whole declaration with function code 13", "Declaration",
      LODGE_TYPES, LODGE_ASKED, LODGE_ANSWERS, amend_one, .ways = 0 },
    { "POST", "/api/v1/declarations/{ucr}/withdraw", LODGERS, SCOPE_LODGE,
      "withdrawDeclaration", "withdraw a declaration: function code 1", "Declaration",
      LODGE_TYPES, LODGE_ASKED, LODGE_ANSWERS, withdraw_one, .ways = 0 },
    { "POST", "/api/v1/estimate", ESTIMATERS, SCOPE_READ, "estimate",
      "say what a declaration would be told and cost if it were lodged now; nothing is kept",
      "Declaration", LODGE_TYPES, { { 0 } },
      { { 200, JSON, "Estimate", "Findings, and what is worked out of a sound one." },
        { 400, PROBLEM, "Problem", "It cannot be read; where and why." } },
      estimate_one, .ways = ROUTE_WAITS },
};

static const char *answer_name(enum answer_kind kind);

static const char *answer_word(uint32_t number)
{
    uint32_t kind = ANSWER_NONE + 1 + number;
    return kind <= ANSWER_UNAVAILABLE ? answer_name((enum answer_kind)kind) : NULL;
}

#define ANSWER_MEMBERS                                                                          \
    "answer: AnswerKind, decision?: Decision | 'none', dropped?: [text], facts?: whole, "       \
    "file?: text, link?: text, owed?: Money, state?: State"
#define TROUBLE_MEMBERS                                                                         \
    "column?: whole, detail?: text, field?: text, hint?: text, status: whole"

static const struct schema schemas[] = {
    { "Accepted", "It is on its way; status is where to look.",
      .members = "file: text, status: text" },
    { "Answer", "What became of a declaration, and how its file stands.",
      .members = ANSWER_MEMBERS },
    { "AnswerKind", "What became of a declaration.", .word = answer_word },
    { "Estimate", "What lodging would say; valued and assessed are as in those facts.",
      .members = "assessed?: Assessed, customsValue?: Money, findings: [Finding], owed?: Money, "
                 "valued?: Valued" },
    { "Line", "The answer for a line; line says for which.",
      .members = ANSWER_MEMBERS ", findings?: [Finding], line: whole, problem?: Trouble" },
    { "Refused", "A problem, and the rules that the declaration breaks.",
      .members = ANSWER_MEMBERS ", " TROUBLE_MEMBERS
                 ", findings?: [Finding], instance?: text, line?: whole, title: text, type: text" },
    { "Trouble", "What went wrong with a line, and where in it.",
      .members = TROUBLE_MEMBERS ", line?: whole" },
};

const struct route_area declarations_area =
    ROUTE_AREA_WITH("declarations", "Lodge, amend, withdraw, read", rows, schemas);

// --- What all of them share ---

bool declaration_reader(const void *how, struct span text, struct arena *arena,
                        struct declaration *declaration, struct dropped *dropped,
                        struct error *err)
{
    struct span seen = span_trim(text);
    if (seen.len > 0 && seen.at[0] == '<')
        return xml_read_message(how, text, arena, declaration, dropped, err);
    *dropped = (struct dropped){ 0 }; // the reader refuses what the model does not have
    struct json json;
    return json_read(text, arena, &json, err) &&
           declaration_read_json(&json, 0, arena, declaration, err);
}

struct span speaks_for(const struct caller *caller)
{
    assert(caller->role != ROLE_TRADER || caller->organisation.len > 0); // route_allows
    return caller->role == ROLE_TRADER ? caller->organisation : SPAN("");
}

bool idempotency_key(const struct request *request, struct span *key, struct error *err)
{
    *key = request_header(request, "Idempotency-Key");
    return key->len <= HTTP_KEY_LEN_MAX ||
           error_set(err, ERROR_SYNTAX, "the Idempotency-Key has more than %d bytes",
                     HTTP_KEY_LEN_MAX);
}

const char *declaration_link(struct span file, const char *behind, struct arena *arena)
{
    struct text link = text_in(arena, 96);
    text_add(&link, SPAN("/api/v1/declarations/"));
    percent_write(&link, file);
    text_add(&link, span_of(behind));
    return link.full ? NULL : text_span(&link).at;
}

static const char *answer_name(enum answer_kind kind)
{
    static const char *const names[] = {
        [ANSWER_NONE] = "none",             [ANSWER_LODGED] = "lodged",
        [ANSWER_REFUSED] = "refused",       [ANSWER_REPEATED] = "repeated",
        [ANSWER_UNREADABLE] = "unreadable", [ANSWER_CONFLICT] = "conflict",
        [ANSWER_UNAVAILABLE] = "unavailable",
    };
    return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "done";
}

static void word(struct json_writer *w, struct span key, const char *value)
{
    json_key(w, key);
    json_write_string(w, span_of(value));
}

void write_answer_members(struct json_writer *w, const struct answer *answer,
                          struct arena scratch)
{
    bool kept = answer->kind == ANSWER_LODGED || answer->kind == ANSWER_REFUSED ||
                answer->kind == ANSWER_REPEATED;
    word(w, SPAN("answer"), answer_name(answer->kind));
    if (kept) {
        word(w, SPAN("decision"), decision_name(answer->decision));
        json_key(w, SPAN("facts"));
        json_write_i64(w, answer->facts_count);
    }
    if (answer->dropped.count_max > 0) {
        json_key(w, SPAN("dropped"));
        json_open_array(w);
        for (uint32_t i = 0; i < answer->dropped.count_max; i++)
            json_write_string(w, answer->dropped.paths[i]);
        json_close_array(w);
    }
    if (answer->file.len > 0) {
        const char *link = declaration_link(answer->file, "", &scratch);
        json_key(w, SPAN("file"));
        json_write_string(w, answer->file);
        if (kept && link != NULL) word(w, SPAN("link"), link);
    }
    if (kept) body_put_money(w, "owed", answer->owed);
    if (kept) word(w, SPAN("state"), file_state_name(answer->state));
}

struct span answer_findings(const struct answer *answer, struct arena *arena)
{
    struct json json;
    struct error err;
    if (answer->findings.len == 0 || !json_read(answer->findings, arena, &json, &err))
        return SPAN("");
    uint32_t list = json_member(&json, 0, SPAN("findings"));
    return list == 0 ? SPAN("") : json_raw(&json, list);
}
