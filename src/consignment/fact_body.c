#include "consignment/fact_body.h"

#include <assert.h>

#include "base/limits.h"

// --- Writing ---

static void digest_member(struct json_writer *w, struct sha256 digest)
{
    body_open_string(w, "digest");
    hex_write(&w->text, digest.bytes, SHA256_SIZE);
    body_close_string(w);
}

static void declaration_members(struct json_writer *w, struct span canonical, struct sha256 digest,
                                const struct dropped *dropped)
{
    json_key(w, SPAN("declaration"));
    json_write_raw(w, canonical);
    digest_member(w, digest);
    if (dropped == NULL || dropped->count == 0) return;
    uint32_t kept = dropped->count < dropped->count_max ? dropped->count : dropped->count_max;
    body_put_texts(w, "dropped", dropped->paths, kept);
}

bool body_declared(struct span canonical, struct sha256 digest, const struct dropped *dropped,
                   struct arena *arena, struct span *body, struct error *err)
{
    struct json_writer w = body_open(arena, canonical.len + 256);
    declaration_members(&w, canonical, digest, dropped);
    return body_close(&w, body, err);
}

bool body_amended(struct span canonical, struct sha256 digest, uint32_t version, struct span reason,
                  const struct dropped *dropped, struct arena *arena, struct span *body,
                  struct error *err)
{
    struct json_writer w = body_open(arena, canonical.len + 256);
    declaration_members(&w, canonical, digest, dropped);
    body_put_text(&w, "reason", reason);
    body_put_whole(&w, "version", version);
    return body_close(&w, body, err);
}

bool body_withdrawn(struct span reason, struct arena *arena, struct span *body, struct error *err)
{
    struct json_writer w = body_open(arena, 256);
    body_put_text(&w, "reason", reason);
    return body_close(&w, body, err);
}

static const char *const severity_names[] = { "note", "warning", "error" };

const char *severity_name(enum severity severity)
{
    assert(severity <= SEVERITY_ERROR);
    return severity_names[severity];
}

bool body_checked(const struct checked *checked, struct arena *arena, struct span *body,
                  struct error *err)
{
    struct json_writer w = body_open(arena, 256 + 256 * (size_t)checked->findings_count);
    body_put_whole(&w, "errors", checked->errors_count);
    json_key(&w, SPAN("findings"));
    json_open_array(&w);
    for (uint32_t i = 0; i < checked->findings_count; i++) {
        const struct finding *finding = &checked->findings[i];
        json_open_object(&w);
        body_put_text(&w, "field", finding->field);
        body_put_text(&w, "hint", finding->hint);
        body_put_text(&w, "rule", finding->rule);
        body_put_text(&w, "severity", span_of(severity_name(finding->severity)));
        body_put_text(&w, "text", finding->text);
        json_close_object(&w);
    }
    json_close_array(&w);
    body_put_text(&w, "rules", checked->rules);
    return body_close(&w, body, err);
}

static void value_lines(struct json_writer *w, const struct valued_item *item)
{
    json_key(w, SPAN("lines"));
    json_open_array(w);
    for (uint32_t i = 0; i < item->lines_count; i++) {
        json_open_object(w);
        body_put_money(w, "amount", item->lines[i].amount);
        body_put_text(w, "note", item->lines[i].note);
        body_put_decimal(w, "rate", item->lines[i].rate);
        body_put_text(w, "text", item->lines[i].text);
        json_close_object(w);
    }
    json_close_array(w);
}

bool body_valued(const struct valued *valued, struct arena *arena, struct span *body,
                 struct error *err)
{
    struct json_writer w = body_open(arena, 256 + 512 * (size_t)valued->items_count);
    json_key(&w, SPAN("items"));
    json_open_array(&w);
    for (uint32_t i = 0; i < valued->items_count; i++) {
        json_open_object(&w);
        value_lines(&w, &valued->items[i]);
        body_put_whole(&w, "sequence", valued->items[i].sequence);
        body_put_money(&w, "value", valued->items[i].value);
        json_close_object(&w);
    }
    json_close_array(&w);
    if (valued->missing.count > 0)
        body_put_texts(&w, "missing", valued->missing.at, valued->missing.count);
    body_put_text(&w, "rates", valued->rates);
    body_put_money(&w, "total", valued->total);
    return body_close(&w, body, err);
}

bool body_assessed(const struct assessed *assessed, struct arena *arena, struct span *body,
                   struct error *err)
{
    struct json_writer w = body_open(arena, 256 + 512 * (size_t)assessed->lines_count);
    json_key(&w, SPAN("lines"));
    json_open_array(&w);
    for (uint32_t i = 0; i < assessed->lines_count; i++) {
        const struct duty_line *line = &assessed->lines[i];
        json_open_object(&w);
        body_put_money(&w, "amount", line->amount);
        body_put_money(&w, "base", line->base);
        body_put_text(&w, "law", line->law);
        body_put_decimal(&w, "rate", line->rate);
        body_put_text(&w, "rounding", line->rounding);
        body_put_whole(&w, "sequence", line->sequence);
        if (line->suspended) body_put_truth(&w, "suspended", true);
        body_put_text(&w, "text", line->text);
        body_put_text(&w, "type", line->type);
        json_close_object(&w);
    }
    json_close_array(&w);
    body_put_text(&w, "schedule", assessed->schedule);
    body_put_money(&w, "total", assessed->total);
    return body_close(&w, body, err);
}

bool body_scored(const struct scored *scored, struct arena *arena, struct span *body,
                 struct error *err)
{
    struct json_writer w = body_open(arena, 256 + 128 * (size_t)scored->reasons_count);
    assert(scored->score <= 1000);
    body_put_truth(&w, "random", scored->random);
    json_key(&w, SPAN("reasons"));
    json_open_array(&w);
    for (uint32_t i = 0; i < scored->reasons_count; i++) {
        json_open_object(&w);
        body_put_whole(&w, "points", scored->reasons[i].points);
        body_put_text(&w, "rule", scored->reasons[i].rule);
        body_put_text(&w, "text", scored->reasons[i].text);
        json_close_object(&w);
    }
    json_close_array(&w);
    body_put_text(&w, "rules", scored->rules);
    body_put_whole(&w, "score", scored->score);
    if (scored->wants != DECISION_NONE)
        body_put_text(&w, "wants", span_of(decision_name(scored->wants)));
    body_put_money(&w, "worth", scored->worth);
    return body_close(&w, body, err);
}

bool body_decided(enum decision decision, bool by_officer, const struct span *reasons,
                  uint32_t reasons_count, struct arena *arena, struct span *body, struct error *err)
{
    assert(decision != DECISION_NONE);
    struct json_writer w = body_open(arena, 512);
    body_put_text(&w, "by", by_officer ? SPAN("officer") : SPAN("desk"));
    body_put_text(&w, "decision", span_of(decision_name(decision)));
    body_put_texts(&w, "reasons", reasons, reasons_count);
    return body_close(&w, body, err);
}

bool body_overruled(enum decision decision, uint32_t overrules, struct span reason,
                    struct arena *arena, struct span *body, struct error *err)
{
    assert(decision != DECISION_NONE);
    assert(overrules > 0);
    struct json_writer w = body_open(arena, 512);
    body_put_text(&w, "by", SPAN("officer"));
    body_put_text(&w, "decision", span_of(decision_name(decision)));
    body_put_whole(&w, "overrules", overrules);
    body_put_texts(&w, "reasons", &reason, 1);
    return body_close(&w, body, err);
}

bool body_settled(struct money amount, struct span reference, struct arena *arena,
                  struct span *body, struct error *err)
{
    struct json_writer w = body_open(arena, 256);
    body_put_money(&w, "amount", amount);
    body_put_text(&w, "reference", reference);
    return body_close(&w, body, err);
}

// --- Reading ---

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
    struct members r;
    struct error why;
    if (!members_open(&r, body, arena, err)) return false;
    *declared = (struct declared){ .dropped = members_texts(&r, 0, "dropped"),
                                   .reason = members_text(&r, 0, "reason", OPTIONAL) };
    if (json_member(&r.json, 0, SPAN("version")) != 0)
        declared->version = members_whole(&r, 0, "version");
    if (!hex_read(members_text(&r, 0, "digest", NEEDED), declared->digest.bytes, SHA256_SIZE))
        members_wrong(&r, "digest");
    uint32_t value = members_value(&r, 0, "declaration", JSON_OBJECT, NEEDED);
    if (value == 0) return members_ok(&r, err);
    if (!sha256_equal(sha256_of(json_raw(&r.json, value)), declared->digest))
        members_wrong(&r, "digest");
    else if (!declaration_read_json(&r.json, value, arena, &declared->declaration, &why)) {
        r.full = why.kind == ERROR_TOO_LARGE;
        members_wrong(&r, "declaration");
    }
    return members_ok(&r, err);
}

bool body_read_withdrawn(struct span body, struct arena *arena, struct span *reason,
                         struct error *err)
{
    struct members r;
    if (!members_open(&r, body, arena, err)) return false;
    *reason = members_text(&r, 0, "reason", OPTIONAL);
    return members_ok(&r, err);
}

bool body_read_checked(struct span body, struct arena *arena, struct checked *checked,
                       struct error *err)
{
    struct members r;
    uint32_t node;
    if (!members_open(&r, body, arena, err)) return false;
    *checked = (struct checked){ .errors_count = members_whole(&r, 0, "errors"),
                                 .rules = members_text(&r, 0, "rules", OPTIONAL) };
    struct finding *findings = members_objects(&r, 0, "findings", sizeof(*findings),
                                          &checked->findings_count, &node);
    checked->findings = findings;
    if (checked->errors_count > checked->findings_count) members_wrong(&r, "errors");
    for (uint32_t i = 0; i < checked->findings_count; i++, node = r.json.nodes[node].next) {
        struct span severity = members_text(&r, node, "severity", NEEDED);
        findings[i] = (struct finding){ .rule = members_text(&r, node, "rule", OPTIONAL),
            .field = members_text(&r, node, "field", OPTIONAL),
            .text = members_text(&r, node, "text", OPTIONAL),
            .hint = members_text(&r, node, "hint", OPTIONAL) };
        int level = SEVERITY_NOTE;
        while (level <= SEVERITY_ERROR && !span_equal(severity, span_of(severity_names[level])))
            level++;
        if (level > SEVERITY_ERROR) members_wrong(&r, "severity");
        findings[i].severity = (enum severity)level;
    }
    return members_ok(&r, err);
}

static void read_value_lines(struct members *r, uint32_t node, struct valued_item *item)
{
    uint32_t line;
    struct value_line *lines =
        members_objects(r, node, "lines", sizeof(*lines), &item->lines_count, &line);
    item->lines = lines;
    for (uint32_t i = 0; i < item->lines_count; i++, line = r->json.nodes[line].next)
        lines[i] = (struct value_line){ .text = members_text(r, line, "text", OPTIONAL),
            .amount = members_money(r, line, "amount"),
            .rate = members_decimal(r, line, "rate", OPTIONAL),
            .note = members_text(r, line, "note", OPTIONAL) };
}

bool body_read_valued(struct span body, struct arena *arena, struct valued *valued,
                      struct error *err)
{
    struct members r;
    uint32_t node;
    if (!members_open(&r, body, arena, err)) return false;
    *valued = (struct valued){ .missing = members_texts(&r, 0, "missing"),
                               .total = members_money(&r, 0, "total"),
                               .rates = members_text(&r, 0, "rates", OPTIONAL) };
    struct valued_item *items =
        members_objects(&r, 0, "items", sizeof(*items), &valued->items_count, &node);
    valued->items = items;
    for (uint32_t i = 0; i < valued->items_count; i++, node = r.json.nodes[node].next) {
        items[i].sequence = members_whole(&r, node, "sequence");
        items[i].value = members_money(&r, node, "value");
        read_value_lines(&r, node, &items[i]);
    }
    return members_ok(&r, err);
}

bool body_read_assessed(struct span body, struct arena *arena, struct assessed *assessed,
                        struct error *err)
{
    struct members r;
    uint32_t node;
    if (!members_open(&r, body, arena, err)) return false;
    *assessed = (struct assessed){ .total = members_money(&r, 0, "total"),
                                   .schedule = members_text(&r, 0, "schedule", OPTIONAL) };
    struct duty_line *lines =
        members_objects(&r, 0, "lines", sizeof(*lines), &assessed->lines_count, &node);
    assessed->lines = lines;
    for (uint32_t i = 0; i < assessed->lines_count; i++, node = r.json.nodes[node].next)
        lines[i] =
            (struct duty_line){ .sequence = members_whole(&r, node, "sequence"),
                                .type = members_text(&r, node, "type", OPTIONAL),
                                .base = members_money(&r, node, "base"),
                                .amount = members_money(&r, node, "amount"),
                                .rate = members_decimal(&r, node, "rate", OPTIONAL),
                                .law = members_text(&r, node, "law", OPTIONAL),
                                .rounding = members_text(&r, node, "rounding", OPTIONAL),
                                .text = members_text(&r, node, "text", OPTIONAL),
                                .suspended = members_truth(&r, node, "suspended", OPTIONAL) };
    return members_ok(&r, err);
}

bool body_read_scored(struct span body, struct arena *arena, struct scored *scored,
                      struct error *err)
{
    struct members r;
    uint32_t node;
    if (!members_open(&r, body, arena, err)) return false;
    *scored = (struct scored){ .score = members_whole(&r, 0, "score"),
                               .random = members_truth(&r, 0, "random", NEEDED),
                               .worth = members_money(&r, 0, "worth"),
                               .rules = members_text(&r, 0, "rules", OPTIONAL) };
    if (scored->score > 1000) members_wrong(&r, "score");
    struct span wants = members_text(&r, 0, "wants", OPTIONAL);
    if (wants.len > 0 && !decision_read(wants, &scored->wants)) members_wrong(&r, "wants");
    struct risk_reason *reasons = members_objects(&r, 0, "reasons", sizeof(*reasons),
                                             &scored->reasons_count, &node);
    scored->reasons = reasons;
    for (uint32_t i = 0; i < scored->reasons_count; i++, node = r.json.nodes[node].next)
        reasons[i] = (struct risk_reason){ .rule = members_text(&r, node, "rule", OPTIONAL),
                                           .text = members_text(&r, node, "text", OPTIONAL),
                                           .points = members_whole(&r, node, "points") };
    return members_ok(&r, err);
}

bool body_read_decided(struct span body, struct arena *arena, struct decided *decided,
                       struct error *err)
{
    struct members r;
    if (!members_open(&r, body, arena, err)) return false;
    struct span by = members_text(&r, 0, "by", NEEDED);
    *decided = (struct decided){ .by_officer = span_equal(by, SPAN("officer")),
                                 .reasons = members_texts(&r, 0, "reasons") };
    if (!decided->by_officer && !span_equal(by, SPAN("desk"))) members_wrong(&r, "by");
    if (!decision_read(members_text(&r, 0, "decision", NEEDED), &decided->decision))
        members_wrong(&r, "decision");
    if (json_member(&r.json, 0, SPAN("overrules")) != 0)
        decided->overrules = members_whole(&r, 0, "overrules");
    if (decided->overrules > 0 && !decided->by_officer) members_wrong(&r, "overrules");
    return members_ok(&r, err);
}

bool body_read_settled(struct span body, struct arena *arena, struct settled *settled,
                       struct error *err)
{
    struct members r;
    if (!members_open(&r, body, arena, err)) return false;
    *settled = (struct settled){ .amount = members_money(&r, 0, "amount"),
                                 .reference = members_text(&r, 0, "reference", OPTIONAL) };
    return members_ok(&r, err);
}
