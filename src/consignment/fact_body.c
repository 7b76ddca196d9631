#include "consignment/fact_body.h"

#include <assert.h>

#include "base/limits.h"

// --- Writing ---

static void member(struct json_writer *w, const char *key, struct span value)
{
    if (value.len == 0) return;
    json_key(w, span_of(key));
    json_write_string(w, value);
}

static void whole(struct json_writer *w, const char *key, uint64_t value)
{
    json_key(w, span_of(key));
    json_write_i64(w, (int64_t)value);
}

static void truth(struct json_writer *w, const char *key, bool value)
{
    json_key(w, span_of(key));
    json_write_bool(w, value);
}

// Small texts that are written on the way, in memory of the caller's stack.
struct note {
    _Alignas(16) char memory[192];
    struct arena arena;
    struct text text;
};

static struct text *note_open(struct note *note)
{
    note->arena = arena_over(note->memory, sizeof(note->memory));
    note->text = text_in(&note->arena, 64);
    return &note->text;
}

static void money(struct json_writer *w, const char *key, struct money amount)
{
    struct note note;
    if (amount.currency[0] == '\0') return;
    json_key(w, span_of(key));
    json_open_object(w);
    member(w, "currency", span_of(amount.currency));
    money_write_value(note_open(&note), amount);
    member(w, "value", text_span(&note.text));
    json_close_object(w);
}

static void decimal(struct json_writer *w, const char *key, struct decimal value)
{
    struct note note;
    if (!value.given) return;
    decimal_write(note_open(&note), value);
    member(w, key, text_span(&note.text));
}

static void texts(struct json_writer *w, const char *key, const struct span *at, uint32_t count)
{
    json_key(w, span_of(key));
    json_open_array(w);
    for (uint32_t i = 0; i < count; i++) json_write_string(w, at[i]);
    json_close_array(w);
}

static void digest_member(struct json_writer *w, struct sha256 digest)
{
    struct note note;
    hex_write(note_open(&note), digest.bytes, SHA256_SIZE);
    member(w, "digest", text_span(&note.text));
}

static void declaration_members(struct json_writer *w, struct span canonical, struct sha256 digest,
                                const struct dropped *dropped)
{
    json_key(w, SPAN("declaration"));
    json_write_raw(w, canonical);
    digest_member(w, digest);
    if (dropped == NULL || dropped->count == 0) return;
    uint32_t kept = dropped->count < dropped->count_max ? dropped->count : dropped->count_max;
    texts(w, "dropped", dropped->paths, kept);
}

static bool close_body(struct json_writer *w, struct span *body, struct error *err)
{
    json_close_object(w);
    return json_written(w, body, err);
}

static struct json_writer open_body(struct arena *arena, size_t size)
{
    struct json_writer w = json_writer_in(arena, size);
    json_open_object(&w);
    return w;
}

bool body_declared(struct span canonical, struct sha256 digest, const struct dropped *dropped,
                   struct arena *arena, struct span *body, struct error *err)
{
    struct json_writer w = open_body(arena, canonical.len + 256);
    declaration_members(&w, canonical, digest, dropped);
    return close_body(&w, body, err);
}

bool body_amended(struct span canonical, struct sha256 digest, uint32_t version, struct span reason,
                  const struct dropped *dropped, struct arena *arena, struct span *body,
                  struct error *err)
{
    struct json_writer w = open_body(arena, canonical.len + 256);
    declaration_members(&w, canonical, digest, dropped);
    member(&w, "reason", reason);
    whole(&w, "version", version);
    return close_body(&w, body, err);
}

bool body_withdrawn(struct span reason, struct arena *arena, struct span *body, struct error *err)
{
    struct json_writer w = open_body(arena, 256);
    member(&w, "reason", reason);
    return close_body(&w, body, err);
}

static const char *const severity_names[] = { "note", "warning", "error" };

bool body_checked(const struct checked *checked, struct arena *arena, struct span *body,
                  struct error *err)
{
    struct json_writer w = open_body(arena, 256 + 256 * (size_t)checked->findings_count);
    whole(&w, "errors", checked->errors_count);
    json_key(&w, SPAN("findings"));
    json_open_array(&w);
    for (uint32_t i = 0; i < checked->findings_count; i++) {
        const struct finding *finding = &checked->findings[i];
        assert(finding->severity <= SEVERITY_ERROR);
        json_open_object(&w);
        member(&w, "field", finding->field);
        member(&w, "hint", finding->hint);
        member(&w, "rule", finding->rule);
        member(&w, "severity", span_of(severity_names[finding->severity]));
        member(&w, "text", finding->text);
        json_close_object(&w);
    }
    json_close_array(&w);
    member(&w, "rules", checked->rules);
    return close_body(&w, body, err);
}

static void value_lines(struct json_writer *w, const struct valued_item *item)
{
    json_key(w, SPAN("lines"));
    json_open_array(w);
    for (uint32_t i = 0; i < item->lines_count; i++) {
        json_open_object(w);
        money(w, "amount", item->lines[i].amount);
        member(w, "note", item->lines[i].note);
        decimal(w, "rate", item->lines[i].rate);
        member(w, "text", item->lines[i].text);
        json_close_object(w);
    }
    json_close_array(w);
}

bool body_valued(const struct valued *valued, struct arena *arena, struct span *body,
                 struct error *err)
{
    struct json_writer w = open_body(arena, 256 + 512 * (size_t)valued->items_count);
    json_key(&w, SPAN("items"));
    json_open_array(&w);
    for (uint32_t i = 0; i < valued->items_count; i++) {
        json_open_object(&w);
        value_lines(&w, &valued->items[i]);
        whole(&w, "sequence", valued->items[i].sequence);
        money(&w, "value", valued->items[i].value);
        json_close_object(&w);
    }
    json_close_array(&w);
    if (valued->missing.count > 0) texts(&w, "missing", valued->missing.at, valued->missing.count);
    member(&w, "rates", valued->rates);
    money(&w, "total", valued->total);
    return close_body(&w, body, err);
}

bool body_assessed(const struct assessed *assessed, struct arena *arena, struct span *body,
                   struct error *err)
{
    struct json_writer w = open_body(arena, 256 + 512 * (size_t)assessed->lines_count);
    json_key(&w, SPAN("lines"));
    json_open_array(&w);
    for (uint32_t i = 0; i < assessed->lines_count; i++) {
        const struct duty_line *line = &assessed->lines[i];
        json_open_object(&w);
        money(&w, "amount", line->amount);
        money(&w, "base", line->base);
        member(&w, "law", line->law);
        decimal(&w, "rate", line->rate);
        member(&w, "rounding", line->rounding);
        whole(&w, "sequence", line->sequence);
        if (line->suspended) truth(&w, "suspended", true);
        member(&w, "text", line->text);
        member(&w, "type", line->type);
        json_close_object(&w);
    }
    json_close_array(&w);
    member(&w, "schedule", assessed->schedule);
    money(&w, "total", assessed->total);
    return close_body(&w, body, err);
}

bool body_scored(const struct scored *scored, struct arena *arena, struct span *body,
                 struct error *err)
{
    struct json_writer w = open_body(arena, 256 + 128 * (size_t)scored->reasons_count);
    assert(scored->score <= 1000);
    truth(&w, "random", scored->random);
    json_key(&w, SPAN("reasons"));
    json_open_array(&w);
    for (uint32_t i = 0; i < scored->reasons_count; i++) {
        json_open_object(&w);
        whole(&w, "points", scored->reasons[i].points);
        member(&w, "rule", scored->reasons[i].rule);
        member(&w, "text", scored->reasons[i].text);
        json_close_object(&w);
    }
    json_close_array(&w);
    member(&w, "rules", scored->rules);
    whole(&w, "score", scored->score);
    if (scored->wants != DECISION_NONE) member(&w, "wants", span_of(decision_name(scored->wants)));
    money(&w, "worth", scored->worth);
    return close_body(&w, body, err);
}

bool body_decided(enum decision decision, bool by_officer, const struct span *reasons,
                  uint32_t reasons_count, struct arena *arena, struct span *body, struct error *err)
{
    assert(decision != DECISION_NONE);
    struct json_writer w = open_body(arena, 512);
    member(&w, "by", by_officer ? SPAN("officer") : SPAN("desk"));
    member(&w, "decision", span_of(decision_name(decision)));
    texts(&w, "reasons", reasons, reasons_count);
    return close_body(&w, body, err);
}

bool body_settled(struct money amount, struct span reference, struct arena *arena,
                  struct span *body, struct error *err)
{
    struct json_writer w = open_body(arena, 256);
    money(&w, "amount", amount);
    member(&w, "reference", reference);
    return close_body(&w, body, err);
}

// --- Reading ---

// A body under its reader. The first thing that does not fit is kept in `wrong`; what is read after it
// does not matter, so that one question at the end is enough.
struct reading {
    struct json json;
    struct arena *arena;
    const char *wrong;
};

static bool reading_open(struct reading *r, struct span body, struct arena *arena, struct error *err)
{
    struct error why;
    *r = (struct reading){ .arena = arena };
    if (json_read(body, arena, &r->json, &why) && r->json.nodes[0].kind == JSON_OBJECT) return true;
    return error_set(err, ERROR_DAMAGED, "the body of a fact is not a JSON object");
}

static bool reading_ok(const struct reading *r, struct error *err)
{
    if (r->wrong == NULL) return true;
    return error_set(err, ERROR_DAMAGED, "member '%s' of a fact's body does not fit its kind",
                     r->wrong);
}

// The value of a member if it is of that kind; 0 when it is absent.
static uint32_t value_of(struct reading *r, uint32_t object, const char *key, enum json_kind kind)
{
    uint32_t value = json_member(&r->json, object, span_of(key));
    if (value == 0 || r->json.nodes[value].kind == kind) return value;
    r->wrong = key;
    return 0;
}

static struct span text_of(struct reading *r, uint32_t object, const char *key)
{
    struct span text = { 0 };
    struct error why;
    uint32_t value = value_of(r, object, key, JSON_STRING);
    if (value != 0 && !json_string(&r->json, value, r->arena, &text, &why)) r->wrong = key;
    return text;
}

static uint32_t whole_of(struct reading *r, uint32_t object, const char *key)
{
    uint64_t number = 0;
    uint32_t value = value_of(r, object, key, JSON_NUMBER);
    if (value == 0) return 0;
    if (!span_to_u64(json_raw(&r->json, value), &number) || number > UINT32_MAX) r->wrong = key;
    return (uint32_t)number;
}

static bool truth_of(struct reading *r, uint32_t object, const char *key)
{
    uint32_t value = json_member(&r->json, object, span_of(key));
    if (value == 0) return false;
    enum json_kind kind = (enum json_kind)r->json.nodes[value].kind;
    if (kind != JSON_TRUE && kind != JSON_FALSE) r->wrong = key;
    return kind == JSON_TRUE;
}

static struct decimal decimal_of_member(struct reading *r, uint32_t object, const char *key)
{
    struct decimal number = { 0 };
    struct error why;
    struct span text = text_of(r, object, key);
    if (text.len > 0 && !decimal_read(text, &number, &why)) r->wrong = key;
    return number;
}

static struct money money_of(struct reading *r, uint32_t object, const char *key)
{
    struct money amount = { 0 };
    struct error why;
    uint32_t value = value_of(r, object, key, JSON_OBJECT);
    if (value == 0) return amount;
    struct decimal number = decimal_of_member(r, value, "value");
    if (!number.given || !money_from_decimal_half_up(number, text_of(r, value, "currency"), &amount,
                                                     &why))
        r->wrong = key;
    return amount;
}

// An array's length, its first element, and room for what is read from it.
static void *list_of(struct reading *r, uint32_t object, const char *key, size_t size,
                     uint32_t *count, uint32_t *first)
{
    uint32_t value = value_of(r, object, key, JSON_ARRAY);
    *count = value == 0 ? 0 : r->json.nodes[value].count;
    *first = value + 1;
    void *room = arena_take(r->arena, *count + 1, size);
    if (room == NULL) {
        r->wrong = key;
        *count = 0;
    }
    return room;
}

static struct text_list texts_of(struct reading *r, uint32_t object, const char *key)
{
    uint32_t count, node;
    struct error why;
    struct span *list = list_of(r, object, key, sizeof(struct span), &count, &node);
    for (uint32_t i = 0; i < count; i++, node = r->json.nodes[node].next)
        if (r->json.nodes[node].kind != JSON_STRING ||
            !json_string(&r->json, node, r->arena, &list[i], &why))
            r->wrong = key;
    return (struct text_list){ list, count };
}

bool body_digest(struct span body, struct arena *arena, struct sha256 *digest, struct error *err)
{
    struct reading r;
    if (!reading_open(&r, body, arena, err)) return false;
    if (!hex_read(text_of(&r, 0, "digest"), digest->bytes, SHA256_SIZE)) r.wrong = "digest";
    return reading_ok(&r, err);
}

bool body_declaration(struct span body, struct arena *arena, struct declaration *declaration,
                      struct sha256 *digest, struct error *err)
{
    struct reading r;
    struct error why;
    if (!reading_open(&r, body, arena, err)) return false;
    if (!hex_read(text_of(&r, 0, "digest"), digest->bytes, SHA256_SIZE)) r.wrong = "digest";
    uint32_t value = value_of(&r, 0, "declaration", JSON_OBJECT);
    if (value == 0 || !declaration_read_json(&r.json, value, arena, declaration, &why))
        r.wrong = "declaration";
    else if (!sha256_equal(sha256_of(json_raw(&r.json, value)), *digest)) r.wrong = "digest";
    return reading_ok(&r, err);
}

bool body_read_checked(struct span body, struct arena *arena, struct checked *checked,
                       struct error *err)
{
    struct reading r;
    uint32_t node;
    if (!reading_open(&r, body, arena, err)) return false;
    *checked = (struct checked){ .errors_count = whole_of(&r, 0, "errors"),
                                 .rules = text_of(&r, 0, "rules") };
    struct finding *findings = list_of(&r, 0, "findings", sizeof(*findings),
                                       &checked->findings_count, &node);
    checked->findings = findings;
    for (uint32_t i = 0; i < checked->findings_count; i++, node = r.json.nodes[node].next) {
        struct span severity = text_of(&r, node, "severity");
        findings[i] = (struct finding){ .rule = text_of(&r, node, "rule"),
            .field = text_of(&r, node, "field"), .text = text_of(&r, node, "text"),
            .hint = text_of(&r, node, "hint") };
        int level = SEVERITY_NOTE;
        while (level <= SEVERITY_ERROR && !span_equal(severity, span_of(severity_names[level])))
            level++;
        if (level > SEVERITY_ERROR) r.wrong = "severity";
        findings[i].severity = (enum severity)level;
    }
    return reading_ok(&r, err);
}

bool body_read_valued(struct span body, struct arena *arena, struct valued *valued,
                      struct error *err)
{
    struct reading r;
    uint32_t node, line_node;
    if (!reading_open(&r, body, arena, err)) return false;
    *valued = (struct valued){ .missing = texts_of(&r, 0, "missing"),
                               .total = money_of(&r, 0, "total"),
                               .rates = text_of(&r, 0, "rates") };
    struct valued_item *items = list_of(&r, 0, "items", sizeof(*items), &valued->items_count, &node);
    valued->items = items;
    for (uint32_t i = 0; i < valued->items_count; i++, node = r.json.nodes[node].next) {
        items[i].sequence = whole_of(&r, node, "sequence");
        items[i].value = money_of(&r, node, "value");
        struct value_line *lines = list_of(&r, node, "lines", sizeof(*lines),
                                           &items[i].lines_count, &line_node);
        items[i].lines = lines;
        for (uint32_t l = 0; l < items[i].lines_count; l++) {
            lines[l] = (struct value_line){ .text = text_of(&r, line_node, "text"),
                .amount = money_of(&r, line_node, "amount"),
                .rate = decimal_of_member(&r, line_node, "rate"),
                .note = text_of(&r, line_node, "note") };
            line_node = r.json.nodes[line_node].next;
        }
    }
    return reading_ok(&r, err);
}

bool body_read_assessed(struct span body, struct arena *arena, struct assessed *assessed,
                        struct error *err)
{
    struct reading r;
    uint32_t node;
    if (!reading_open(&r, body, arena, err)) return false;
    *assessed = (struct assessed){ .total = money_of(&r, 0, "total"),
                                   .schedule = text_of(&r, 0, "schedule") };
    struct duty_line *lines = list_of(&r, 0, "lines", sizeof(*lines), &assessed->lines_count, &node);
    assessed->lines = lines;
    for (uint32_t i = 0; i < assessed->lines_count; i++, node = r.json.nodes[node].next)
        lines[i] = (struct duty_line){ .sequence = whole_of(&r, node, "sequence"),
            .type = text_of(&r, node, "type"), .base = money_of(&r, node, "base"),
            .amount = money_of(&r, node, "amount"), .rate = decimal_of_member(&r, node, "rate"),
            .law = text_of(&r, node, "law"), .rounding = text_of(&r, node, "rounding"),
            .text = text_of(&r, node, "text"), .suspended = truth_of(&r, node, "suspended") };
    return reading_ok(&r, err);
}

bool body_read_scored(struct span body, struct arena *arena, struct scored *scored,
                      struct error *err)
{
    struct reading r;
    uint32_t node;
    if (!reading_open(&r, body, arena, err)) return false;
    *scored = (struct scored){ .score = whole_of(&r, 0, "score"), .random = truth_of(&r, 0, "random"),
                               .worth = money_of(&r, 0, "worth"), .rules = text_of(&r, 0, "rules") };
    if (scored->score > 1000) r.wrong = "score";
    struct span wants = text_of(&r, 0, "wants");
    if (wants.len > 0 && !decision_read(wants, &scored->wants)) r.wrong = "wants";
    struct risk_reason *reasons = list_of(&r, 0, "reasons", sizeof(*reasons),
                                          &scored->reasons_count, &node);
    scored->reasons = reasons;
    for (uint32_t i = 0; i < scored->reasons_count; i++, node = r.json.nodes[node].next)
        reasons[i] = (struct risk_reason){ .rule = text_of(&r, node, "rule"),
            .text = text_of(&r, node, "text"), .points = whole_of(&r, node, "points") };
    return reading_ok(&r, err);
}

bool body_read_decided(struct span body, struct arena *arena, struct decided *decided,
                       struct error *err)
{
    struct reading r;
    if (!reading_open(&r, body, arena, err)) return false;
    *decided = (struct decided){ .by_officer = span_equal(text_of(&r, 0, "by"), SPAN("officer")),
                                 .reasons = texts_of(&r, 0, "reasons") };
    if (!decision_read(text_of(&r, 0, "decision"), &decided->decision)) r.wrong = "decision";
    return reading_ok(&r, err);
}
