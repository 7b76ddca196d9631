// What happened that concerns the caller. What he has read, his browser remembers.
#include "gates/http/gate.h"
#include "gates/http/listing.h"
#include "gates/http/routes.h"
#include "gates/http/shown.h"
#include "office/notices.h"

static void show_notices(struct request *request);

static const struct route rows[] = {
    { "GET", "/api/v1/notices", ROLES_OFFICIAL | role_bit(ROLE_TRADER), SCOPE_READ, "readNotices",
      "what happened that concerns the caller, the newest first", NULL, { 0 },
      { LIST_ASKED },
      { { 200, "application/json", "Notices", "The notices." } }, show_notices,
      .ways = ROUTE_WAITS },
};

static const struct schema schemas[] = {
    { "Notice", "What happened to a file; state is how it stands now.",
      .members = "at: moment, decision?: Decision, fact: whole, file: text, kind: FactKind, "
                 "reference?: text, state: State, text?: text" },
    { "Notices", "What concerns the caller; next is there when there may be more.",
      .members = "next?: text, rows: [Notice]" },
};

const struct route_area notices_area =
    ROUTE_AREA_WITH("notices", "What concerns the caller", rows, schemas);

// The place in the journal before which to look.
static bool read_cursor(struct request *request, uint64_t *before, struct error *err)
{
    struct span text;
    *before = UINT64_MAX;
    if (!listing_text(request, "cursor", &text, err)) return false;
    if (text.len == 0 || (span_to_u64(text, before) && *before > 0 && *before <= INT64_MAX))
        return true;
    error_set(err, ERROR_SYNTAX, "a cursor of '" SPAN_FMT "'", SPAN_ARG(text));
    error_hint(err, "Leave it out, or hand on what a page said.");
    return error_field(err, "cursor");
}

static void write_notice(struct json_writer *w, const struct office_notice *notice)
{
    json_open_object(w);
    shown_moment(w, "at", notice->at_ms);
    if (notice->decision != DECISION_NONE)
        body_put_text(w, "decision", span_of(decision_name(notice->decision)));
    body_put_whole(w, "fact", notice->fact);
    body_put_text(w, "file", notice->file);
    body_put_text(w, "kind", span_of(fact_kind_name(notice->kind)));
    body_put_text(w, "reference", notice->reference);
    body_put_text(w, "state", span_of(file_state_name(notice->state)));
    body_put_text(w, "text", notice->text);
    json_close_object(w);
}

static void show_notices(struct request *request)
{
    struct error err;
    struct office_notice *notices;
    const struct caller *caller = &request->caller;
    uint32_t count, limit;
    uint64_t before, next;
    bool is_trader = caller->role == ROLE_TRADER;
    struct audience audience = { is_trader,
                                 is_trader ? caller->organisation : span_of(caller->who) };
    if (!read_cursor(request, &before, &err) || !listing_limit(request, &limit, &err) ||
        !office_notices(request->gate->office, audience, before, limit, request->arena, &notices,
                        &count, &next, &err)) {
        reply_error(request, &err);
        return;
    }
    struct json_writer w = json_writer_in(request->arena, (size_t)16 * KIB);
    json_open_object(&w);
    if (next > 0) {
        struct text text = text_in(request->arena, 24);
        text_add_u64(&text, next);
        body_put_text(&w, "next", text_span(&text));
    }
    json_key(&w, SPAN("rows"));
    json_open_array(&w);
    for (uint32_t i = 0; i < count; i++) write_notice(&w, &notices[i]);
    json_close_array(&w);
    json_close_object(&w);
    reply_json(request, 200, &w);
}
