// What officers and supervisors do to a consignment's file. Each is a fact; the fold says where it
// may follow (consignment/file.c).
#include "consignment/fact_body.h"
#include "gates/http/act.h"
#include "gates/http/door.h"
#include "gates/http/routes.h"

enum { FOUND_MAX = 16, MINUTES_MAX = 100000 };

static void claim(struct request *request);
static void unclaim(struct request *request);
static void ask(struct request *request);
static void decide(struct request *request);
static void inspect(struct request *request);

#define OFFICERS (role_bit(ROLE_OFFICER) | role_bit(ROLE_SUPERVISOR))
#define JSON_BODY { "application/json" }
#define ANSWERS                                                                                   \
    { { 200, "application/json", "File", "The file as it is now." },                              \
      { 404, "application/problem+json", "Problem", "There is none." },                           \
      { 409, "application/problem+json", "Problem", "The file does not take it now." } }

static const struct route rows[] = {
    { "POST", "/api/v1/files/{ucr}/claim", OFFICERS, SCOPE_DECIDE, "claimFile",
      "takes a file in hand; a supervisor also from another officer", "Seen", JSON_BODY, { { 0 } },
      ANSWERS, claim, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/files/{ucr}/unclaim", OFFICERS, SCOPE_DECIDE, "unclaimFile",
      "puts a file back", "Seen", JSON_BODY, { { 0 } }, ANSWERS, unclaim, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/files/{ucr}/request", OFFICERS, SCOPE_DECIDE, "requestDocument",
      "asks the trader for a document or an answer", "Request", JSON_BODY, { { 0 } }, ANSWERS, ask,
      .ways = ROUTE_WAITS },
    { "POST", "/api/v1/files/{ucr}/inspect", OFFICERS, SCOPE_DECIDE, "recordInspection",
      "records what an inspection found and what it recovered", "Inspection", JSON_BODY,
      { { 0 } }, ANSWERS, inspect, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/files/{ucr}/decide", OFFICERS, SCOPE_DECIDE, "decideFile",
      "decides, with a reason; a supervisor overrules so what another officer decided",
      "Deciding", JSON_BODY, { { 0 } }, ANSWERS, decide, .ways = ROUTE_WAITS },
};

static const struct schema schemas[] = {
    { "Deciding", "What is decided, and why.",
      .members = "after?: whole, decision: Decision | 'settle', reason: text" },
    { "Inspection", "What an inspection found: kinds of what is not as declared, or nothing.",
      .members = "after?: whole, found?: [text], minutes?: whole, recovered?: Money, "
                 "text?: text" },
    { "Request", "What is asked of the trader; type: of the document (N380, C644 ...).",
      .members = "after?: whole, text: text, type?: text, until?: date" },
    { "Seen", "after: how many facts the file had when it was looked at. With more by now, 409.",
      .members = "after?: whole" },
};

const struct route_area officer_area =
    ROUTE_AREA_WITH("officer", "What officers do to a file", rows, schemas);

static bool supervises(const struct act *act)
{
    return act->request->caller.role == ROLE_SUPERVISOR;
}

static bool is_mine(const struct act *act)
{
    return span_equal(act->file.claimed_by, span_of(act->request->caller.who));
}

// What another officer has in hand only a supervisor changes.
static bool in_hand(const struct act *act, struct error *err)
{
    if (act->file.claimed_by.len == 0 || is_mine(act) || supervises(act)) return true;
    error_set(err, ERROR_CONFLICT, "the file is in the hands of " SPAN_FMT,
              SPAN_ARG(act->file.claimed_by));
    return error_hint(err, "Take another one, or let a supervisor take it over.");
}

// Who takes over says from whom.
static struct span from(const struct act *act)
{
    return is_mine(act) ? SPAN("") : act->file.claimed_by;
}

static bool make_claim(struct act *act, struct error *err)
{
    struct span body;
    if (!in_hand(act, err)) return false;
    if (!body_claimed(from(act), act->request->arena, &body, err)) return false;
    act_add(act, FACT_CLAIMED, body);
    return true;
}

static bool make_unclaim(struct act *act, struct error *err)
{
    struct span body;
    if (!in_hand(act, err)) return false;
    if (!body_claimed(from(act), act->request->arena, &body, err)) return false;
    act_add(act, FACT_UNCLAIMED, body);
    return true;
}

static bool make_request(struct act *act, struct error *err)
{
    struct requested requested;
    struct span body;
    struct date until;
    if (!in_hand(act, err) || !asked_text(&act->asked, "text", true, &requested.text, err) ||
        !asked_text(&act->asked, "type", false, &requested.code, err) ||
        !asked_text(&act->asked, "until", false, &requested.until, err))
        return false;
    if (requested.until.len > 0 && !date_read(requested.until, &until, err))
        return error_field(err, "until");
    if (!body_requested(&requested, act->request->arena, &body, err)) return false;
    act_add(act, FACT_REQUESTED, body);
    return true;
}

// --- Decisions -----------------------------------------------------------------------------------

static bool make_settlement(struct act *act, struct span reference, struct error *err)
{
    struct span body;
    if (!body_settled(act->file.duty_total, reference, act->request->arena, &body, err))
        return false;
    act_add(act, FACT_SETTLED, body);
    return true;
}

// A supervisor who decides where another officer has decided overrules him, and says so.
static bool overrules(const struct act *act)
{
    return supervises(act) && act->file.by_officer &&
           !span_equal(act->file.decided_by, span_of(act->request->caller.who));
}

static bool make_decision(struct act *act, struct error *err)
{
    enum decision decision;
    struct span name, reason, body;
    struct arena *arena = act->request->arena;
    if (!in_hand(act, err) || !asked_text(&act->asked, "decision", true, &name, err) ||
        !asked_text(&act->asked, "reason", true, &reason, err) ||
        !door_is_verified(act->request->gate->door, act->request, err))
        return false;
    if (span_equal(name, SPAN("settle"))) return make_settlement(act, reason, err);
    if (!decision_read(name, &decision)) {
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no decision", SPAN_ARG(name));
        error_hint(err, "Decide release, examine, hold, documents, refuse or settle.");
        return error_field(err, "decision");
    }
    if (!(overrules(act)
              ? body_overruled(decision, act->file.decided_seq, reason, arena, &body, err)
              : body_decided(decision, true, &reason, 1, arena, &body, err)))
        return false;
    act_add(act, FACT_DECIDED, body);
    return true;
}

// --- Inspections ---------------------------------------------------------------------------------

static bool make_inspection(struct act *act, struct error *err)
{
    struct span found[FOUND_MAX], body;
    struct inspected inspected = { 0 };
    uint32_t count;
    if (!in_hand(act, err) || !asked_texts(&act->asked, "found", found, FOUND_MAX, &count, err) ||
        !asked_money(&act->asked, "recovered", &inspected.recovered, err) ||
        !asked_number(&act->asked, "minutes", 0, &inspected.minutes, err) ||
        !asked_text(&act->asked, "text", false, &inspected.text, err))
        return false;
    if (inspected.minutes > MINUTES_MAX) {
        error_set(err, ERROR_SYNTAX, "an inspection of %u minutes", inspected.minutes);
        return error_field(err, "minutes");
    }
    inspected.conforms = count == 0;
    inspected.found = (struct text_list){ found, count };
    if (!body_inspected(&inspected, act->request->arena, &body, err)) return false;
    act_add(act, FACT_INSPECTED, body);
    return true;
}

static void claim(struct request *request) { act(request, make_claim); }
static void unclaim(struct request *request) { act(request, make_unclaim); }
static void ask(struct request *request) { act(request, make_request); }
static void decide(struct request *request) { act(request, make_decision); }
static void inspect(struct request *request) { act(request, make_inspection); }
