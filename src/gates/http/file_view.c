#include "gates/http/file_view.h"

#include "consignment/fact_body.h"
#include "consignment/model.h"

bool role_sees_risk(enum role role) { return role != ROLE_TRADER && role != ROLE_NOBODY; }

static void word(struct json_writer *w, struct span key, struct span value)
{
    if (value.len == 0) return;
    json_key(w, key);
    json_write_string(w, value);
}

static void number(struct json_writer *w, struct span key, int64_t value)
{
    json_key(w, key);
    json_write_i64(w, value);
}

static void moment(struct json_writer *w, struct span key, int64_t at_ms)
{
    _Alignas(16) char memory[64];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text text = text_in(&arena, 32);
    moment_write(&text, at_ms);
    word(w, key, text_span(&text));
}

static void sum(struct json_writer *w, struct span key, struct money money)
{
    _Alignas(16) char memory[128];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text text = text_in(&arena, 64);
    if (money.currency[0] == '\0') return;
    money_write_value(&text, money);
    json_key(w, key);
    json_open_object(w);
    word(w, SPAN("currency"), span_of(money.currency));
    word(w, SPAN("value"), text_span(&text));
    json_close_object(w);
}

// The desk's own reasons to look at goods are no trader's business; those to refuse are.
static bool hides_reasons(const struct fact *fact, struct arena scratch)
{
    struct decided decided;
    struct error err;
    return !body_read_decided(fact->body, &scratch, &decided, &err) ||
           (!decided.by_officer && decided.decision != DECISION_REFUSE);
}

static void write_decision(struct json_writer *w, const struct fact *fact, struct arena scratch)
{
    struct decided decided;
    struct error err;
    json_key(w, SPAN("body"));
    if (!hides_reasons(fact, scratch)) {
        json_write_raw(w, fact->body);
        return;
    }
    json_open_object(w);
    if (body_read_decided(fact->body, &scratch, &decided, &err)) {
        word(w, SPAN("by"), decided.by_officer ? SPAN("officer") : SPAN("desk"));
        word(w, SPAN("decision"), span_of(decision_name(decided.decision)));
    }
    json_close_object(w);
}

static void write_fact(struct json_writer *w, const struct fact *fact, enum role role,
                       struct arena scratch)
{
    bool all = role_sees_risk(role);
    json_open_object(w);
    moment(w, SPAN("at"), fact->at_ms);
    if (!all && fact->kind == FACT_DECIDED) {
        write_decision(w, fact, scratch);
    } else {
        json_key(w, SPAN("body"));
        json_write_raw(w, fact->body);
    }
    word(w, SPAN("kind"), span_of(fact_kind_name(fact->kind)));
    number(w, SPAN("seq"), fact->seq);
    if (all) word(w, SPAN("who"), fact->who);
    json_close_object(w);
}

void file_view_write(struct json_writer *w, const struct file *file, enum role role)
{
    bool all = role_sees_risk(role);
    json_open_object(w);
    sum(w, SPAN("customsValue"), file->customs_value);
    word(w, SPAN("decision"), span_of(decision_name(file->decision)));
    json_key(w, SPAN("declaration"));
    declaration_write_json(w, &file->declaration);
    json_key(w, SPAN("facts"));
    json_open_array(w);
    for (uint32_t i = 0; i < file->facts_count; i++) {
        if (!all && file->facts[i].kind == FACT_SCORED) continue;
        // What is read meanwhile lies behind what is written, and is gone after.
        write_fact(w, &file->facts[i], role, *w->text.arena);
    }
    json_close_array(w);
    word(w, SPAN("file"), file->name);
    sum(w, SPAN("owed"), file->duty_total);
    if (all) number(w, SPAN("score"), file->score);
    word(w, SPAN("state"), span_of(file_state_name(file->state)));
    number(w, SPAN("version"), file->version);
    if (all) sum(w, SPAN("worth"), file->worth);
    json_close_object(w);
}

void status_view_write(struct json_writer *w, const struct view_row *row, enum role role)
{
    json_open_object(w);
    moment(w, SPAN("changed"), row->changed_ms);
    sum(w, SPAN("customsValue"), row->customs_value);
    word(w, SPAN("decision"), span_of(decision_name((enum decision)row->decision)));
    number(w, SPAN("facts"), row->facts_count);
    word(w, SPAN("file"), row->file);
    number(w, SPAN("findings"), row->findings_count);
    moment(w, SPAN("lodged"), row->lodged_ms);
    sum(w, SPAN("owed"), row->duty_total);
    if (role_sees_risk(role)) number(w, SPAN("score"), row->score);
    word(w, SPAN("state"), span_of(file_state_name((enum file_state)row->state)));
    number(w, SPAN("version"), row->version);
    json_close_object(w);
}
