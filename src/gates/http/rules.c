// Officers' rules: what there is, and those that are written, tried and switched at the desk.
//
// Who wrote a rule does not switch it on himself while another supervisor may: a rule decides about
// people who are not asked. Where there is no other he does, or an office of one could not work;
// the facts then show his name twice.
#include <stdatomic.h>
#include <stdlib.h>

#include "base/limits.h"
#include "gates/http/asked.h"
#include "gates/http/door.h"
#include "gates/http/gate.h"
#include "gates/http/routes.h"
#include "gates/http/shown.h"
#include "office/rule_sets.h"
#include "office/trial.h"

enum { TRIED_USUAL = 1000, RULE_BODY_MAX = 2 * RISK_RULE_TEXT_MAX + 4 * KIB };

static void list_rules(struct request *request);
static void write_rule(struct request *request);
static void try_rule(struct request *request);
static void switch_on(struct request *request);
static void switch_off(struct request *request);

#define PROBLEM "application/problem+json", "Problem"
#define JSON_BODY { "application/json" }
#define WRITERS (role_bit(ROLE_ANALYST) | role_bit(ROLE_SUPERVISOR))
#define SWITCHING                                                                                 \
    { { 200, "application/json", "Rule", "The rule as it is now." },                              \
      { 409, PROBLEM, "The rule does not take it now, or another person must." } }

static const struct route rows[] = {
    { "GET", "/api/v1/rules", ROLES_OFFICIAL, SCOPE_READ, "readRules",
      "the officers' rules: those of the books and those of the desk", NULL, { 0 }, { { 0 } },
      { { 200, "application/json", "Rules", "All rules, whether they are on or not." } },
      list_rules, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/rules", WRITERS, SCOPE_DECIDE, "writeRule",
      "writes a rule, which is off until somebody switches it on", "RuleWritten", JSON_BODY,
      { { 0 } },
      { { 201, "application/json", "Rule", "The rule." },
        { 400, PROBLEM, "It cannot be read: line and column are those in its text." },
        { 409, PROBLEM, "There is one of this name." } },
      write_rule, .ways = ROUTE_WAITS, .body_max = RULE_BODY_MAX },
    { "POST", "/api/v1/rules/try", WRITERS, SCOPE_READ, "tryRule",
      "tries a rule on the last declarations; nothing is kept", "RuleTried", JSON_BODY, { { 0 } },
      { { 200, "application/json", "RuleTrial", "What it would have hit, and what came of it." },
        { 400, PROBLEM, "It cannot be read: line and column are those in its text." },
        { 503, PROBLEM, "Another rule is being tried." } },
      try_rule, .ways = ROUTE_WAITS, .body_max = RULE_BODY_MAX },
    { "POST", "/api/v1/rules/{name}/on", role_bit(ROLE_SUPERVISOR), SCOPE_DECIDE, "switchRuleOn",
      "switches a rule on, to the end of a day or for good", "RuleSwitch", JSON_BODY, { { 0 } },
      SWITCHING, switch_on, .ways = ROUTE_WAITS },
    { "POST", "/api/v1/rules/{name}/off", role_bit(ROLE_SUPERVISOR), SCOPE_DECIDE,
      "switchRuleOff", "switches a rule off", "RuleSwitch", JSON_BODY, { { 0 } }, SWITCHING,
      switch_off, .ways = ROUTE_WAITS },
};

static const struct schema schemas[] = {
    { "Rule", "An officers' rule, and what came of the files that it hit; owner, changedAt and "
              "reason: of the desk's alone; until: the last day; may: what the caller may do.",
      .members = "changedAt?: moment, found: whole, from: 'books' | 'desk', hits: whole, "
                 "inspected: whole, may?: ['on' | 'off'], name: text, on: truth, owner?: text, "
                 "reason?: text, recovered: Money, score: whole, sentence: text, text: text, "
                 "until?: date, wants?: Decision" },
    { "RuleSwitch", "Why a rule is switched; until: its last day, when it is switched on.",
      .members = "reason: text, until?: text" },
    { "RuleTrial", "What a rule would have hit; rows: the newest hits; endedEarly: time ran out; "
                   "alreadyStopped: hits that were not released at once as it was.",
      .members = "alreadyStopped: whole, endedEarly: truth, found: whole, hits: whole, "
                 "inspected: whole, name: text, recovered: Money, rows: [Row], tried: whole" },
    { "RuleTried", "A rule, and on how many of the last declarations: 1000, at most 20000.",
      .members = "last?: whole, text: text" },
    { "RuleWritten", "A rule, and why it is wanted.", .members = "reason: text, text: text" },
    { "Rules", "All rules, and the version of those in force, as SCORED facts name it.",
      .members = "may: ['write'], rows: [Rule], version: text" },
};

const struct route_area rules_area = ROUTE_AREA_WITH("rules", "Officers' rules", rows, schemas);

// --- Who may -------------------------------------------------------------------------------------

struct others { struct span name; uint32_t count; };

static bool count_supervisor(void *context, const struct account *account)
{
    struct others *others = context;
    others->count += account->role == ROLE_SUPERVISOR && account->state == ACCOUNT_ACTIVE &&
                     !span_equal(account->name, others->name);
    return true;
}

// Is there another person who may switch rules on?
static bool is_alone(struct request *request)
{
    struct others others = { .name = request->caller.name };
    people_each(door_people(request->gate->door), count_supervisor, &others);
    return others.count == 0;
}

static bool may_switch_on(struct request *request, const struct desk_rule *rule)
{
    return !span_equal(rule->owner, span_of(request->caller.who)) || is_alone(request);
}

static bool supervises(const struct request *request)
{
    return request->caller.role == ROLE_SUPERVISOR;
}

static struct rule_sets *sets_of(struct request *request)
{
    return office_rules(request->gate->office);
}

// --- Looking -------------------------------------------------------------------------------------

// What came of the files that each rule hit.
struct hits { struct views_figures *figures; uint32_t count; struct money none; };

static bool read_hits(struct request *request, const struct rule_set *set, struct hits *hits,
                      struct error *err)
{
    hits->none = (struct money){ 0 };
    memcpy(hits->none.currency, set->books.currency, sizeof(hits->none.currency));
    return views_rules(office_views(request->gate->office), span_of(set->books.currency),
                       request->arena, &hits->figures, &hits->count, err);
}

static int compare_figures(const void *name, const void *figures)
{
    return span_compare(*(const struct span *)name, ((const struct views_figures *)figures)->name);
}

static void put_hits(struct json_writer *w, const struct hits *hits, struct span name)
{
    static const struct views_figures never = { 0 };
    const struct views_figures *found = hits->count == 0 ? NULL :
        bsearch(&name, hits->figures, hits->count, sizeof(*found), compare_figures);
    if (found == NULL) found = &never;
    struct money recovered = hits->none;
    recovered.minor = found->recovered;
    body_put_whole(w, "hits", (uint64_t)found->counts[COUNT_LODGED]);
    body_put_whole(w, "inspected", (uint64_t)found->counts[COUNT_INSPECTED]);
    body_put_whole(w, "found", (uint64_t)found->counts[COUNT_FOUND]);
    body_put_money(w, "recovered", recovered);
}

static void put_may(struct json_writer *w, const char *what, bool may)
{
    json_key(w, SPAN("may"));
    json_open_array(w);
    if (may) json_write_string(w, span_of(what));
    json_close_array(w);
}

static void put_effects(struct json_writer *w, uint32_t score, enum decision wants)
{
    body_put_whole(w, "score", score);
    if (wants != DECISION_NONE) body_put_text(w, "wants", span_of(decision_name(wants)));
}

static void put_desk_rule(struct json_writer *w, struct request *request,
                          const struct hits *hits, const struct desk_rule *rule, int64_t now_ms)
{
    bool on = desk_rule_is_on(rule, now_ms);
    json_open_object(w);
    body_put_text(w, "name", rule->name);
    body_put_text(w, "sentence", rule->sentence);
    body_put_text(w, "text", rule->text);
    put_effects(w, rule->score, rule->wants);
    body_put_text(w, "from", SPAN("desk"));
    body_put_text(w, "owner", rule->owner);
    body_put_truth(w, "on", on);
    shown_moment(w, "changedAt", rule->changed_ms);
    body_put_text(w, "until", rule->until);
    body_put_text(w, "reason", rule->reason);
    put_hits(w, hits, rule->name);
    put_may(w, on ? "off" : "on", supervises(request) && (on || may_switch_on(request, rule)));
    json_close_object(w);
}

static void put_book_rule(struct json_writer *w, const struct hits *hits,
                          const struct risk_rule *rule)
{
    json_open_object(w);
    body_put_text(w, "name", rule->name);
    body_put_text(w, "sentence", rule->text);
    body_put_text(w, "text", rule->source);
    put_effects(w, rule->score, rule->wants);
    body_put_text(w, "from", SPAN("books"));
    body_put_truth(w, "on", true);
    put_hits(w, hits, rule->name);
    json_close_object(w);
}

// The newest first, as they are what people work on; the books' behind them.
static void put_rules(struct json_writer *w, struct request *request, const struct hits *hits,
                      const struct rule_set *set)
{
    int64_t now_ms = request->gate->now_ms();
    const struct risk_rules *in_force = set->books.risk_rules;
    for (uint32_t i = set->book->count; i > 0; i--)
        put_desk_rule(w, request, hits, &set->book->rules[i - 1], now_ms);
    for (uint32_t i = 0; in_force != NULL && i < in_force->count; i++) {
        const struct desk_rule *rule = rulebook_rule(set->book, in_force->rules[i].name);
        if (rule == NULL || !rule->on) put_book_rule(w, hits, &in_force->rules[i]);
    }
}

static bool show_all(struct request *request, const struct rule_set *set, struct error *err)
{
    struct hits hits;
    const struct risk_rules *in_force = set->books.risk_rules;
    if (!read_hits(request, set, &hits, err)) return false;
    struct json_writer w = json_writer_in(request->arena, (size_t)64 * KIB);
    json_open_object(&w);
    body_put_text(&w, "version", in_force != NULL ? span_of(in_force->version) : SPAN("none"));
    put_may(&w, "write", (WRITERS & role_bit(request->caller.role)) != 0);
    json_key(&w, SPAN("rows"));
    json_open_array(&w);
    put_rules(&w, request, &hits, set);
    json_close_array(&w);
    json_close_object(&w);
    reply_json(request, 200, &w);
    return true;
}

static void list_rules(struct request *request)
{
    struct error err;
    struct rule_set *set = rule_sets_take(sets_of(request));
    if (!show_all(request, set, &err)) reply_error(request, &err);
    rule_sets_let_go(sets_of(request), set);
}

static bool show_one(struct request *request, const struct rule_set *set, unsigned status,
                     struct span name, struct error *err)
{
    struct hits hits;
    const struct desk_rule *rule = rulebook_rule(set->book, name);
    if (rule == NULL)
        return error_set(err, ERROR_NOT_FOUND, "there is no rule '" SPAN_FMT "'", SPAN_ARG(name));
    if (!read_hits(request, set, &hits, err)) return false;
    struct json_writer w = json_writer_in(request->arena, (size_t)4 * KIB);
    put_desk_rule(&w, request, &hits, rule, request->gate->now_ms());
    reply_json(request, status, &w);
    return true;
}

static void show_rule(struct request *request, unsigned status, struct span name)
{
    struct error err;
    struct rule_set *set = rule_sets_take(sets_of(request));
    if (!show_one(request, set, status, name, &err)) reply_error(request, &err);
    rule_sets_let_go(sets_of(request), set);
}

// --- Writing and switching -----------------------------------------------------------------------

// What has a place has it in the rule's text, not in the request's body.
static bool refused(struct error *err)
{
    return err->line > 0 && error_field(err, "text");
}

// What is read here was read once: the office took it.
static struct span name_in(struct span text, struct arena *arena)
{
    struct error ignored;
    const struct risk_rules *rules;
    return desk_rule_read(text, arena, &rules, &ignored) ? rules->rules[0].name : SPAN("");
}

static void write_rule(struct request *request)
{
    struct asked asked;
    struct error err = { 0 };
    struct rule_written written;
    struct span who = span_of(request->caller.who);
    bool done = asked_read(&asked, request, &err) &&
                asked_long_text(&asked, "text", RISK_RULE_TEXT_MAX, &written.text, &err) &&
                asked_text(&asked, "reason", true, &written.reason, &err) &&
                (rule_sets_write(sets_of(request), who, &written, &err) || refused(&err));
    if (done) show_rule(request, 201, name_in(written.text, request->arena));
    else reply_error(request, &err);
}

static bool read_switch(struct request *request, struct rule_switched *switched,
                        struct error *err)
{
    struct asked asked;
    *switched = (struct rule_switched){ .name = request->parameters[0] };
    return asked_read(&asked, request, err) &&
           asked_text(&asked, "reason", true, &switched->reason, err) &&
           asked_text(&asked, "until", false, &switched->until, err) &&
           door_is_verified(request->gate->door, request, err);
}

static bool is_by_another(struct request *request, struct span name, struct error *err)
{
    struct rule_sets *sets = sets_of(request);
    struct rule_set *set = rule_sets_take(sets);
    const struct desk_rule *rule = rulebook_rule(set->book, name);
    bool may = rule == NULL || may_switch_on(request, rule);
    rule_sets_let_go(sets, set);
    if (may) return true;
    error_set(err, ERROR_CONFLICT, "who wrote a rule does not switch it on");
    return error_hint(err, "Ask another supervisor to look at it.");
}

static void switch_on(struct request *request)
{
    struct error err = { 0 };
    struct rule_switched switched = { 0 };
    struct span who = span_of(request->caller.who);
    if (read_switch(request, &switched, &err) && is_by_another(request, switched.name, &err) &&
        rule_sets_switch_on(sets_of(request), who, &switched, &err))
        show_rule(request, 200, switched.name);
    else reply_error(request, &err);
}

static void switch_off(struct request *request)
{
    struct error err = { 0 };
    struct rule_switched switched = { 0 };
    bool read = read_switch(request, &switched, &err);
    switched.until = SPAN(""); // what is off has no end
    if (read && rule_sets_switch_off(sets_of(request), span_of(request->caller.who), &switched,
                                     &err))
        show_rule(request, 200, switched.name);
    else reply_error(request, &err);
}

// --- Trying --------------------------------------------------------------------------------------

struct patience { struct gate *gate; int64_t until_ms; };

static bool goes_on(void *context)
{
    const struct patience *patience = context;
    return patience->gate->now_ms() < patience->until_ms && !patience->gate->draining;
}

static void reply_trial(struct request *request, const struct trial *trial)
{
    struct json_writer w = json_writer_in(request->arena, (size_t)32 * KIB);
    json_open_object(&w);
    body_put_text(&w, "name", trial->name);
    body_put_whole(&w, "tried", trial->tried);
    body_put_truth(&w, "endedEarly", trial->ended_early);
    body_put_whole(&w, "hits", trial->hits);
    body_put_whole(&w, "alreadyStopped", trial->stopped);
    body_put_whole(&w, "inspected", trial->inspected);
    body_put_whole(&w, "found", trial->found);
    body_put_money(&w, "recovered", trial->recovered);
    json_key(&w, SPAN("rows"));
    json_open_array(&w);
    for (uint32_t i = 0; i < trial->rows_count; i++)
        shown_row(&w, &trial->rows[i], request->caller.role);
    json_close_array(&w);
    json_close_object(&w);
    reply_json(request, 200, &w);
}

static bool read_trial(struct request *request, struct trial_asked *asked, struct error *err)
{
    struct asked body;
    if (!asked_read(&body, request, err) ||
        !asked_long_text(&body, "text", RISK_RULE_TEXT_MAX, &asked->text, err) ||
        !asked_number(&body, "last", TRIED_USUAL, &asked->last, err))
        return false;
    if (asked->last > 0 && asked->last <= RISK_TRIED_MAX) return true;
    error_set(err, ERROR_SYNTAX, "a rule tried on %u declarations", asked->last);
    error_hint(err, "Try it on the last 1 to %d.", RISK_TRIED_MAX);
    return error_field(err, "last");
}

// One at a time: each takes a clerk, and there are few.
static bool try_alone(struct request *request, const struct trial_asked *asked,
                      struct trial *trial, struct error *err)
{
    struct gate *gate = request->gate;
    if (atomic_exchange(&gate->trying, true)) {
        error_set(err, ERROR_UNAVAILABLE, "another rule is being tried");
        return error_hint(err, "Try again in some seconds.");
    }
    bool tried = office_try(gate->office, asked, request->arena, trial, err);
    gate->trying = false;
    return tried || refused(err);
}

static void try_rule(struct request *request)
{
    struct error err = { 0 };
    struct trial trial = { 0 };
    struct patience patience = { request->gate, request->gate->now_ms() + RISK_TRIED_MS_MAX };
    struct trial_asked asked = { .go_on = goes_on, .context = &patience };
    if (read_trial(request, &asked, &err) && try_alone(request, &asked, &trial, &err))
        reply_trial(request, &trial);
    else reply_error(request, &err);
}
