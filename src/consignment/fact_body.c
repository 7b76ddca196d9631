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

// A string that needs no escapes is written in place: open, write into w->text, close.
static void open_string(struct json_writer *w, const char *key)
{
    json_key(w, span_of(key));
    text_add_char(&w->text, '"');
}

static void close_string(struct json_writer *w)
{
    text_add_char(&w->text, '"');
    w->comma = true;
}

static void money(struct json_writer *w, const char *key, struct money amount)
{
    if (amount.currency[0] == '\0') return;
    json_key(w, span_of(key));
    json_open_object(w);
    member(w, "currency", span_of(amount.currency));
    open_string(w, "value");
    money_write_value(&w->text, amount);
    close_string(w);
    json_close_object(w);
}

static void decimal(struct json_writer *w, const char *key, struct decimal value)
{
    if (!value.given) return;
    open_string(w, key);
    decimal_write(&w->text, value);
    close_string(w);
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
    open_string(w, "digest");
    hex_write(&w->text, digest.bytes, SHA256_SIZE);
    close_string(w);
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

// A body under its reader. The first thing that does not fit is kept in `wrong`; what is read after
// it does not matter, so that one question at the end is enough.
struct reading {
    struct json json;
    struct arena *arena;
    const char *wrong;
    bool full; // of memory, which is not the body's fault
};

static void does_not_fit(struct reading *r, const char *key)
{
    if (r->wrong == NULL) r->wrong = key;
}

static bool reading_open(struct reading *r, struct span body, struct arena *arena,
                         struct error *err)
{
    struct error why = { 0 };
    *r = (struct reading){ .arena = arena };
    if (json_read(body, arena, &r->json, &why) && r->json.nodes[0].kind == JSON_OBJECT) return true;
    if (why.kind == ERROR_TOO_LARGE) return error_set(err, why.kind, "%s", why.text);
    return error_set(err, ERROR_DAMAGED, "the body of a fact is not a JSON object");
}

static bool reading_ok(const struct reading *r, struct error *err)
{
    if (r->full)
        return error_set(err, ERROR_TOO_LARGE, "the body of a fact does not fit into memory");
    if (r->wrong == NULL) return true;
    return error_set(err, ERROR_DAMAGED, "member '%s' of a fact's body does not fit its kind",
                     r->wrong);
}

enum need { NEEDED, OPTIONAL };

// The value of a member if it is of that kind; 0 when it is not, or absent.
static uint32_t value_of(struct reading *r, uint32_t object, const char *key, enum json_kind kind,
                         enum need need)
{
    uint32_t value = json_member(&r->json, object, span_of(key));
    if (value != 0 && r->json.nodes[value].kind == kind) return value;
    if (value != 0 || need == NEEDED) does_not_fit(r, key);
    return 0;
}

static struct span text_at(struct reading *r, uint32_t node, const char *key)
{
    struct span text = { 0 };
    struct error why;
    if (r->json.nodes[node].kind != JSON_STRING) does_not_fit(r, key);
    else if (!json_string(&r->json, node, r->arena, &text, &why)) r->full = true;
    return text;
}

static struct span text_of(struct reading *r, uint32_t object, const char *key, enum need need)
{
    struct span absent = { 0 };
    uint32_t value = value_of(r, object, key, JSON_STRING, need);
    return value == 0 ? absent : text_at(r, value, key);
}

static uint32_t whole_of(struct reading *r, uint32_t object, const char *key)
{
    uint64_t number = 0;
    uint32_t value = value_of(r, object, key, JSON_NUMBER, NEEDED);
    if (value == 0) return 0;
    if (!span_to_u64(json_raw(&r->json, value), &number) || number > UINT32_MAX)
        does_not_fit(r, key);
    return (uint32_t)number;
}

static bool truth_of(struct reading *r, uint32_t object, const char *key, enum need need)
{
    uint32_t value = json_member(&r->json, object, span_of(key));
    if (value == 0 && need == OPTIONAL) return false;
    enum json_kind kind = (enum json_kind)r->json.nodes[value].kind; // of the object when absent
    if (kind != JSON_TRUE && kind != JSON_FALSE) does_not_fit(r, key);
    return kind == JSON_TRUE;
}

static struct decimal decimal_of_member(struct reading *r, uint32_t object, const char *key,
                                        enum need need)
{
    struct decimal number = { 0 };
    struct error why;
    uint32_t value = value_of(r, object, key, JSON_STRING, need);
    if (value != 0 && !decimal_read(text_at(r, value, key), &number, &why)) does_not_fit(r, key);
    return number;
}

// Money is written to its currency's minor unit: nothing is rounded here.
static struct money money_of(struct reading *r, uint32_t object, const char *key)
{
    struct money amount = { 0 };
    struct error why;
    unsigned exponent;
    uint32_t value = value_of(r, object, key, JSON_OBJECT, OPTIONAL);
    if (value == 0) return amount;
    struct decimal number = decimal_of_member(r, value, "value", NEEDED);
    struct span currency = text_of(r, value, "currency", NEEDED);
    if (!number.given || !currency_exponent(currency, &exponent) || number.scale != exponent ||
        !money_from_decimal_half_up(number, currency, &amount, &why))
        does_not_fit(r, key);
    return amount;
}

// An array's length, its first element, and room for what is read from it.
static void *list_of(struct reading *r, uint32_t object, const char *key, enum json_kind kind,
                     size_t size, uint32_t *count, uint32_t *first)
{
    // Only texts may be left out: the writer leaves out those that are empty.
    uint32_t value = value_of(r, object, key, JSON_ARRAY, kind == JSON_STRING ? OPTIONAL : NEEDED);
    *count = value == 0 ? 0 : r->json.nodes[value].count;
    *first = value + 1;
    for (uint32_t i = 0, node = *first; i < *count; i++, node = r->json.nodes[node].next) {
        if (r->json.nodes[node].kind == kind) continue;
        does_not_fit(r, key);
        *count = 0;
    }
    void *room = arena_take(r->arena, *count + 1, size);
    if (room == NULL) {
        r->full = true;
        *count = 0;
    }
    return room;
}

static void *objects_of(struct reading *r, uint32_t object, const char *key, size_t size,
                        uint32_t *count, uint32_t *first)
{
    return list_of(r, object, key, JSON_OBJECT, size, count, first);
}

static struct text_list texts_of(struct reading *r, uint32_t object, const char *key)
{
    uint32_t count, node;
    struct span *list = list_of(r, object, key, JSON_STRING, sizeof(struct span), &count, &node);
    for (uint32_t i = 0; i < count; i++, node = r->json.nodes[node].next)
        list[i] = text_at(r, node, key);
    return (struct text_list){ list, count };
}

// The digest stands behind the declaration, and only there a key of that name can be: the model has
// none, and quotes within texts are escaped. So it is found without reading the declaration again.
bool body_digest(struct span body, struct sha256 *digest, struct error *err)
{
    static const struct span key = SPAN_INIT(",\"digest\":\"");
    enum { HEX = 2 * SHA256_SIZE };
    const char *end = body.at + body.len;
    const char *at = body.len == 0 ? NULL : memmem(body.at, body.len, key.at, key.len);
    if (at != NULL && (size_t)(end - at) > key.len + HEX && at[key.len + HEX] == '"' &&
        hex_read((struct span){ at + key.len, HEX }, digest->bytes, SHA256_SIZE))
        return true;
    return error_set(err, ERROR_DAMAGED, "member 'digest' of a fact's body does not fit its kind");
}

bool body_read_declared(struct span body, struct arena *arena, struct declared *declared,
                        struct error *err)
{
    struct reading r;
    struct error why;
    if (!reading_open(&r, body, arena, err)) return false;
    *declared = (struct declared){ .dropped = texts_of(&r, 0, "dropped"),
                                   .reason = text_of(&r, 0, "reason", OPTIONAL) };
    if (json_member(&r.json, 0, SPAN("version")) != 0)
        declared->version = whole_of(&r, 0, "version");
    if (!hex_read(text_of(&r, 0, "digest", NEEDED), declared->digest.bytes, SHA256_SIZE))
        does_not_fit(&r, "digest");
    uint32_t value = value_of(&r, 0, "declaration", JSON_OBJECT, NEEDED);
    if (value == 0) return reading_ok(&r, err);
    if (!sha256_equal(sha256_of(json_raw(&r.json, value)), declared->digest))
        does_not_fit(&r, "digest");
    else if (!declaration_read_json(&r.json, value, arena, &declared->declaration, &why)) {
        r.full = why.kind == ERROR_TOO_LARGE;
        does_not_fit(&r, "declaration");
    }
    return reading_ok(&r, err);
}

bool body_read_withdrawn(struct span body, struct arena *arena, struct span *reason,
                         struct error *err)
{
    struct reading r;
    if (!reading_open(&r, body, arena, err)) return false;
    *reason = text_of(&r, 0, "reason", OPTIONAL);
    return reading_ok(&r, err);
}

bool body_read_checked(struct span body, struct arena *arena, struct checked *checked,
                       struct error *err)
{
    struct reading r;
    uint32_t node;
    if (!reading_open(&r, body, arena, err)) return false;
    *checked = (struct checked){ .errors_count = whole_of(&r, 0, "errors"),
                                 .rules = text_of(&r, 0, "rules", OPTIONAL) };
    struct finding *findings = objects_of(&r, 0, "findings", sizeof(*findings),
                                          &checked->findings_count, &node);
    checked->findings = findings;
    if (checked->errors_count > checked->findings_count) does_not_fit(&r, "errors");
    for (uint32_t i = 0; i < checked->findings_count; i++, node = r.json.nodes[node].next) {
        struct span severity = text_of(&r, node, "severity", NEEDED);
        findings[i] = (struct finding){ .rule = text_of(&r, node, "rule", OPTIONAL),
            .field = text_of(&r, node, "field", OPTIONAL),
            .text = text_of(&r, node, "text", OPTIONAL),
            .hint = text_of(&r, node, "hint", OPTIONAL) };
        int level = SEVERITY_NOTE;
        while (level <= SEVERITY_ERROR && !span_equal(severity, span_of(severity_names[level])))
            level++;
        if (level > SEVERITY_ERROR) does_not_fit(&r, "severity");
        findings[i].severity = (enum severity)level;
    }
    return reading_ok(&r, err);
}

static void read_value_lines(struct reading *r, uint32_t node, struct valued_item *item)
{
    uint32_t line;
    struct value_line *lines =
        objects_of(r, node, "lines", sizeof(*lines), &item->lines_count, &line);
    item->lines = lines;
    for (uint32_t i = 0; i < item->lines_count; i++, line = r->json.nodes[line].next)
        lines[i] = (struct value_line){ .text = text_of(r, line, "text", OPTIONAL),
            .amount = money_of(r, line, "amount"),
            .rate = decimal_of_member(r, line, "rate", OPTIONAL),
            .note = text_of(r, line, "note", OPTIONAL) };
}

bool body_read_valued(struct span body, struct arena *arena, struct valued *valued,
                      struct error *err)
{
    struct reading r;
    uint32_t node;
    if (!reading_open(&r, body, arena, err)) return false;
    *valued = (struct valued){ .missing = texts_of(&r, 0, "missing"),
                               .total = money_of(&r, 0, "total"),
                               .rates = text_of(&r, 0, "rates", OPTIONAL) };
    struct valued_item *items =
        objects_of(&r, 0, "items", sizeof(*items), &valued->items_count, &node);
    valued->items = items;
    for (uint32_t i = 0; i < valued->items_count; i++, node = r.json.nodes[node].next) {
        items[i].sequence = whole_of(&r, node, "sequence");
        items[i].value = money_of(&r, node, "value");
        read_value_lines(&r, node, &items[i]);
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
                                   .schedule = text_of(&r, 0, "schedule", OPTIONAL) };
    struct duty_line *lines =
        objects_of(&r, 0, "lines", sizeof(*lines), &assessed->lines_count, &node);
    assessed->lines = lines;
    for (uint32_t i = 0; i < assessed->lines_count; i++, node = r.json.nodes[node].next)
        lines[i] = (struct duty_line){ .sequence = whole_of(&r, node, "sequence"),
            .type = text_of(&r, node, "type", OPTIONAL), .base = money_of(&r, node, "base"),
            .amount = money_of(&r, node, "amount"),
            .rate = decimal_of_member(&r, node, "rate", OPTIONAL),
            .law = text_of(&r, node, "law", OPTIONAL),
            .rounding = text_of(&r, node, "rounding", OPTIONAL),
            .text = text_of(&r, node, "text", OPTIONAL),
            .suspended = truth_of(&r, node, "suspended", OPTIONAL) };
    return reading_ok(&r, err);
}

bool body_read_scored(struct span body, struct arena *arena, struct scored *scored,
                      struct error *err)
{
    struct reading r;
    uint32_t node;
    if (!reading_open(&r, body, arena, err)) return false;
    *scored = (struct scored){ .score = whole_of(&r, 0, "score"),
                               .random = truth_of(&r, 0, "random", NEEDED),
                               .worth = money_of(&r, 0, "worth"),
                               .rules = text_of(&r, 0, "rules", OPTIONAL) };
    if (scored->score > 1000) does_not_fit(&r, "score");
    struct span wants = text_of(&r, 0, "wants", OPTIONAL);
    if (wants.len > 0 && !decision_read(wants, &scored->wants)) does_not_fit(&r, "wants");
    struct risk_reason *reasons = objects_of(&r, 0, "reasons", sizeof(*reasons),
                                             &scored->reasons_count, &node);
    scored->reasons = reasons;
    for (uint32_t i = 0; i < scored->reasons_count; i++, node = r.json.nodes[node].next)
        reasons[i] = (struct risk_reason){ .rule = text_of(&r, node, "rule", OPTIONAL),
            .text = text_of(&r, node, "text", OPTIONAL), .points = whole_of(&r, node, "points") };
    return reading_ok(&r, err);
}

bool body_read_decided(struct span body, struct arena *arena, struct decided *decided,
                       struct error *err)
{
    struct reading r;
    if (!reading_open(&r, body, arena, err)) return false;
    struct span by = text_of(&r, 0, "by", NEEDED);
    *decided = (struct decided){ .by_officer = span_equal(by, SPAN("officer")),
                                 .reasons = texts_of(&r, 0, "reasons") };
    if (!decided->by_officer && !span_equal(by, SPAN("desk"))) does_not_fit(&r, "by");
    if (!decision_read(text_of(&r, 0, "decision", NEEDED), &decided->decision))
        does_not_fit(&r, "decision");
    return reading_ok(&r, err);
}

bool body_read_settled(struct span body, struct arena *arena, struct settled *settled,
                       struct error *err)
{
    struct reading r;
    if (!reading_open(&r, body, arena, err)) return false;
    *settled = (struct settled){ .amount = money_of(&r, 0, "amount"),
                                 .reference = text_of(&r, 0, "reference", OPTIONAL) };
    return reading_ok(&r, err);
}
