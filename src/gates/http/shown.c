#include "gates/http/shown.h"

#include <assert.h>
#include <stdio.h>

#include "consignment/fact_body.h"
#include "consignment/reason.h"

// --- Members -------------------------------------------------------------------------------------

void shown_moment(struct json_writer *w, const char *key, int64_t at_ms)
{
    json_key(w, span_of(key));
    text_add_char(&w->text, '"');
    moment_write(&w->text, at_ms);
    text_add_char(&w->text, '"');
    w->comma = true;
}

// --- Who sees what -------------------------------------------------------------------------------

static bool is_official(enum role role)
{
    return role == ROLE_OFFICER || role == ROLE_SUPERVISOR || role == ROLE_ANALYST ||
           role == ROLE_AUDITOR;
}

bool shown_fact(enum role role, enum fact_kind kind)
{
    if (is_official(role)) return true;
    switch (kind) {
    case FACT_SCORED:
    case FACT_CLAIMED:
    case FACT_UNCLAIMED: return false;
    default: return role == ROLE_TRADER;
    }
}

// The desk's reasons to look at the goods tell how it chooses.
static bool shows_reason(enum role role, const struct decided *decided, struct span reason)
{
    return is_official(role) || decided->by_officer || reason_is_open(reason);
}

static bool is_own(const struct fact *fact)
{
    return span_starts_with(fact->who, SPAN("step:")) || fact->kind == FACT_DECLARED ||
           fact->kind == FACT_AMENDED || fact->kind == FACT_WITHDRAWN ||
           fact->kind == FACT_SUPPLIED;
}

bool shown_whole(enum role role, const struct fact *fact, struct arena scratch)
{
    struct decided decided;
    struct error err;
    if (is_official(role)) return true;
    if (!shown_fact(role, fact->kind) || !is_own(fact)) return false;
    if (fact->kind != FACT_DECIDED) return true;
    if (!body_read_decided(fact->body, &scratch, &decided, &err)) return false;
    for (uint32_t i = 0; i < decided.reasons.count; i++)
        if (!shows_reason(role, &decided, decided.reasons.at[i])) return false;
    return true;
}

// --- The decision that stands --------------------------------------------------------------------

static void write_reasons(struct json_writer *w, const struct decided *decided, enum role role)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < decided->reasons.count; i++)
        shown += shows_reason(role, decided, decided->reasons.at[i]);
    if (shown == 0 && decided->reasons.count > 0) return;
    json_key(w, SPAN("reasons"));
    json_open_array(w);
    for (uint32_t i = 0; i < decided->reasons.count; i++)
        if (shows_reason(role, decided, decided->reasons.at[i]))
            json_write_string(w, decided->reasons.at[i]);
    json_close_array(w);
}

// A request for papers is a decision too: what is asked is its reason.
static bool read_decision(const struct fact *fact, struct arena *arena, struct decided *decided,
                          struct error *err)
{
    if (fact->kind == FACT_DECIDED) return body_read_decided(fact->body, arena, decided, err);
    assert(fact->kind == FACT_REQUESTED);
    struct requested requested;
    if (!body_read_requested(fact->body, arena, &requested, err)) return false;
    struct span *reason = arena_take(arena, 1, sizeof(*reason));
    if (reason == NULL) return error_set(err, ERROR_TOO_LARGE, "the file does not fit");
    *reason = requested.text;
    *decided = (struct decided){ DECISION_DOCUMENTS, true, 0, { reason, 1 } };
    return true;
}

static bool write_decision(struct json_writer *w, const struct file *file, struct viewer viewer,
                           struct arena *arena, struct error *err)
{
    struct decided decided = { 0 };
    if (file->decided_seq == 0) return true;
    const struct fact *fact = &file->facts[file->decided_seq - 1];
    if (!read_decision(fact, arena, &decided, err)) return false;
    json_key(w, SPAN("decision"));
    json_open_object(w);
    shown_moment(w, "at", fact->at_ms);
    body_put_text(w, "by", decided.by_officer ? SPAN("officer") : SPAN("desk"));
    body_put_text(w, "decision", span_of(decision_name(decided.decision)));
    body_put_whole(w, "fact", fact->seq);
    write_reasons(w, &decided, viewer.role);
    if (is_official(viewer.role)) body_put_text(w, "who", fact->who);
    json_close_object(w);
    return true;
}

static bool write_requests(struct json_writer *w, const struct file *file, struct arena *arena,
                           struct error *err)
{
    json_key(w, SPAN("requests"));
    json_open_array(w);
    for (uint32_t i = 0; i < file->requests_count; i++) {
        struct requested requested;
        uint32_t seq = file->requests[i];
        if (!body_read_requested(file->facts[seq - 1].body, arena, &requested, err)) return false;
        json_open_object(w);
        body_put_text(w, "code", requested.code);
        body_put_whole(w, "fact", seq);
        body_put_truth(w, "open", (file->requests_answered >> i & 1) == 0);
        body_put_text(w, "text", requested.text);
        body_put_text(w, "until", requested.until);
        json_close_object(w);
    }
    json_close_array(w);
    return true;
}

// --- What may be done now ------------------------------------------------------------------------

#define DECIDES(decision) "decide:" decision, "overrule:" decision

static const char *const acts[] = {
    "amend",
    "withdraw",
    "supply",
    "claim",
    "unclaim",
    "request",
    "inspect",
    "settle",
    DECIDES("refuse"),
    DECIDES("documents"),
    DECIDES("release"),
    DECIDES("examine"),
    DECIDES("hold"),
    NULL,
};
enum { ACTS_COUNT = sizeof(acts) / sizeof(acts[0]) };

const char *shown_act(uint32_t number)
{
    assert(number < ACTS_COUNT);
    return acts[number];
}

static bool is_act(const char *name)
{
    uint32_t number = 0;
    while (acts[number] != NULL && strcmp(acts[number], name) != 0) number++;
    return acts[number] != NULL;
}

static void may(struct json_writer *w, bool can, const char *name)
{
    assert(is_act(name));
    if (can) json_write_string(w, span_of(name));
}

static void trader_may(struct json_writer *w, const struct file *file)
{
    may(w, file_may(file, FACT_AMENDED, DECISION_NONE), "amend");
    may(w, file_may(file, FACT_WITHDRAWN, DECISION_NONE), "withdraw");
    may(w, file_may(file, FACT_SUPPLIED, DECISION_NONE), "supply");
}

// A decision that would replace another officer's overrules it.
static void may_decide(struct json_writer *w, const struct file *file, struct viewer viewer)
{
    bool supervises = viewer.role == ROLE_SUPERVISOR;
    bool overrules = supervises && file->by_officer &&
                     !span_equal(file->decided_by, span_of(viewer.who));
    if (file->state == FILE_REFUSED && !supervises) return;
    for (int i = DECISION_REFUSE; i < DECISION_COUNT; i++) {
        char name[32];
        snprintf(name, sizeof(name), "%s:%s", overrules ? "overrule" : "decide",
                 decision_name((enum decision)i));
        may(w, file_may(file, FACT_DECIDED, (enum decision)i), name);
    }
}

// What is in another officer's hands only a supervisor changes.
static void officer_may(struct json_writer *w, const struct file *file, struct viewer viewer)
{
    bool supervises = viewer.role == ROLE_SUPERVISOR;
    bool mine = span_equal(file->claimed_by, span_of(viewer.who));
    bool free = file->claimed_by.len == 0;
    bool hands = free || mine || supervises;
    bool claims = file_may(file, FACT_CLAIMED, DECISION_NONE);
    may(w, claims && !mine && hands, "claim");
    may(w, claims && !free && (mine || supervises), "unclaim");
    may(w, hands && file_may(file, FACT_REQUESTED, DECISION_NONE), "request");
    may(w, hands && file_may(file, FACT_INSPECTED, DECISION_NONE), "inspect");
    if (hands) may_decide(w, file, viewer);
    may(w, hands && file_may(file, FACT_SETTLED, DECISION_NONE), "settle");
}

static void write_may(struct json_writer *w, const struct file *file, struct viewer viewer)
{
    json_key(w, SPAN("may"));
    json_open_array(w);
    if (viewer.role == ROLE_TRADER) trader_may(w, file);
    if (viewer.role == ROLE_OFFICER || viewer.role == ROLE_SUPERVISOR)
        officer_may(w, file, viewer);
    json_close_array(w);
}

// --- Facts ---------------------------------------------------------------------------------------

// A decision without the reasons that are not to be seen.
static bool write_decided(struct json_writer *w, const struct fact *fact, enum role role,
                          struct arena *arena, struct error *err)
{
    struct decided decided;
    if (!body_read_decided(fact->body, arena, &decided, err)) return false;
    json_open_object(w);
    body_put_text(w, "by", decided.by_officer ? SPAN("officer") : SPAN("desk"));
    body_put_text(w, "decision", span_of(decision_name(decided.decision)));
    write_reasons(w, &decided, role);
    json_close_object(w);
    return true;
}

// What was found and what it costs, without the officer's remarks and how long he took.
static bool write_inspected(struct json_writer *w, const struct fact *fact, struct arena *arena,
                            struct error *err)
{
    struct inspected inspected;
    if (!body_read_inspected(fact->body, arena, &inspected, err)) return false;
    json_open_object(w);
    body_put_truth(w, "conforms", inspected.conforms);
    if (!inspected.conforms)
        body_put_texts(w, "found", inspected.found.at, inspected.found.count);
    body_put_money(w, "recovered", inspected.recovered);
    json_close_object(w);
    return true;
}

static bool write_body(struct json_writer *w, const struct fact *fact, struct viewer viewer,
                       struct arena *arena, struct error *err)
{
    bool all = is_official(viewer.role);
    json_key(w, SPAN("body"));
    if (!all && fact->kind == FACT_DECIDED)
        return write_decided(w, fact, viewer.role, arena, err);
    if (!all && fact->kind == FACT_INSPECTED) return write_inspected(w, fact, arena, err);
    json_write_raw(w, fact->body);
    return true;
}

static bool write_fact(struct json_writer *w, const struct fact *fact, uint64_t leaf,
                       struct viewer viewer, struct arena *arena, struct error *err)
{
    json_open_object(w);
    shown_moment(w, "at", fact->at_ms);
    if (!write_body(w, fact, viewer, arena, err)) return false;
    body_put_text(w, "kind", span_of(fact_kind_name(fact->kind)));
    body_put_whole(w, "leaf", leaf);
    body_put_whole(w, "seq", fact->seq);
    if (is_official(viewer.role) || is_own(fact)) body_put_text(w, "who", fact->who);
    json_close_object(w);
    return true;
}

static bool write_facts(struct json_writer *w, const struct file *file,
                        const struct store_append *appends, uint32_t appends_count,
                        struct viewer viewer, struct arena *arena, struct error *err)
{
    json_key(w, SPAN("facts"));
    json_open_array(w);
    for (uint32_t a = 0; a < appends_count; a++)
        for (uint32_t f = 0; f < appends[a].facts_count; f++) {
            const struct fact *fact = &file->facts[appends[a].first_seq - 1 + f];
            if (!shown_fact(viewer.role, fact->kind)) continue;
            if (!write_fact(w, fact, appends[a].first_leaf + f, viewer, arena, err)) return false;
        }
    json_close_array(w);
    return true;
}

bool shown_write(struct json_writer *w, const struct file *file,
                 const struct store_append *appends, uint32_t appends_count, struct viewer viewer,
                 struct arena *arena, struct error *err)
{
    bool official = is_official(viewer.role);
    assert(file->facts_count > 0);
    json_open_object(w);
    body_put_text(w, "file", file->name);
    body_put_text(w, "state", span_of(file_state_name(file->state)));
    body_put_whole(w, "version", file->version);
    shown_moment(w, "lodgedAt", file->facts[0].at_ms);
    shown_moment(w, "changedAt", file->facts[file->facts_count - 1].at_ms);
    body_put_whole(w, "factsCount", file->facts_count);
    if (!write_decision(w, file, viewer, arena, err)) return false;
    if (official) body_put_text(w, "claimedBy", file->claimed_by);
    if (!write_requests(w, file, arena, err)) return false;
    body_put_money(w, "customsValue", file->customs_value);
    body_put_money(w, "owed", file->duty_total);
    if (official) {
        body_put_whole(w, "score", file->score);
        body_put_truth(w, "random", file->random);
        body_put_money(w, "worth", file->worth);
        body_put_money(w, "recovered", file->recovered);
    }
    write_may(w, file, viewer);
    json_key(w, SPAN("declaration"));
    struct json_writer declaration = json_writer_in(arena, 4096);
    struct span text;
    declaration_write_json(&declaration, &file->declaration);
    if (!json_written(&declaration, &text, err)) return false;
    json_write_raw(w, text);
    if (!write_facts(w, file, appends, appends_count, viewer, arena, err)) return false;
    json_close_object(w);
    return true;
}

void shown_row(struct json_writer *w, const struct view_row *row, enum role role)
{
    json_open_object(w);
    body_put_text(w, "file", row->file);
    body_put_text(w, "state", span_of(file_state_name((enum file_state)row->state)));
    body_put_text(w, "decision", span_of(decision_name((enum decision)row->decision)));
    shown_moment(w, "lodgedAt", row->lodged_ms);
    shown_moment(w, "changedAt", row->changed_ms);
    body_put_whole(w, "factsCount", row->facts_count);
    body_put_whole(w, "version", row->version);
    body_put_whole(w, "items", row->items_count);
    body_put_text(w, "reference", row->functional_reference);
    body_put_text(w, "office", row->office);
    body_put_text(w, "type", row->type_code);
    body_put_text(w, "declarant", row->declarant);
    body_put_text(w, "importer", row->importer);
    body_put_text(w, "exporter", row->exporter);
    body_put_text(w, "commodity", row->commodity);
    body_put_text(w, "origin", row->origin);
    body_put_money(w, "customsValue", row->customs_value);
    body_put_money(w, "owed", row->duty_total);
    if (row->requests_open > 0) body_put_whole(w, "requestsOpen", row->requests_open);
    if (is_official(role)) {
        body_put_text(w, "claimedBy", row->claimed_by);
        body_put_whole(w, "score", row->score);
        body_put_truth(w, "random", row->random);
        body_put_money(w, "worth", row->worth);
    }
    json_close_object(w);
}
