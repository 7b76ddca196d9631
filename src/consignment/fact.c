#include "consignment/fact.h"

#include <assert.h>

#include "base/limits.h"

static const struct span kind_names[FACT_KIND_COUNT] = {
    [FACT_DECLARED] = SPAN_INIT("declared"),   [FACT_AMENDED] = SPAN_INIT("amended"),
    [FACT_WITHDRAWN] = SPAN_INIT("withdrawn"), [FACT_CHECKED] = SPAN_INIT("checked"),
    [FACT_VALUED] = SPAN_INIT("valued"),       [FACT_ASSESSED] = SPAN_INIT("assessed"),
    [FACT_SCORED] = SPAN_INIT("scored"),       [FACT_DECIDED] = SPAN_INIT("decided"),
    [FACT_SETTLED] = SPAN_INIT("settled"),
};
_Static_assert(FACT_KIND_COUNT == 9, "a new fact needs a name, and a row in file.c's table");

static const struct span decision_names[DECISION_COUNT] = {
    [DECISION_NONE] = SPAN_INIT("none"),           [DECISION_REFUSE] = SPAN_INIT("refuse"),
    [DECISION_DOCUMENTS] = SPAN_INIT("documents"), [DECISION_RELEASE] = SPAN_INIT("release"),
    [DECISION_EXAMINE] = SPAN_INIT("examine"),     [DECISION_HOLD] = SPAN_INIT("hold"),
};
_Static_assert(DECISION_COUNT == 6, "a new decision needs a name");

const char *fact_kind_name(enum fact_kind kind)
{
    assert(kind < FACT_KIND_COUNT);
    return kind_names[kind].at;
}

bool fact_kind_read(struct span name, enum fact_kind *kind)
{
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        if (!span_equal(kind_names[i], name)) continue;
        *kind = (enum fact_kind)i;
        return true;
    }
    return false;
}

const char *decision_name(enum decision decision)
{
    assert(decision < DECISION_COUNT);
    return decision_names[decision].at;
}

bool decision_read(struct span name, enum decision *decision)
{
    for (int i = DECISION_NONE + 1; i < DECISION_COUNT; i++) {
        if (!span_equal(decision_names[i], name)) continue;
        *decision = (enum decision)i;
        return true;
    }
    return false;
}

bool fact_write(const struct fact *fact, struct arena *arena, struct span *json, struct error *err)
{
    assert(fact->kind < FACT_KIND_COUNT);
    assert(fact->seq > 0);
    struct json_writer w = json_writer_in(arena, fact->body.len + 256);
    struct text *text = &w.text;
    text_add(text, SPAN("{\"at\":\""));
    moment_write(text, fact->at_ms);
    text_add(text, SPAN("\",\"body\":"));
    text_add(text, fact->body);
    text_add(text, SPAN(",\"file\":"));
    json_write_string(&w, fact->file);
    text_add(text, SPAN(",\"kind\":\""));
    text_add(text, kind_names[fact->kind]);
    text_add(text, SPAN("\",\"seq\":"));
    text_add_u64(text, fact->seq);
    text_add(text, SPAN(",\"who\":"));
    w.comma = false;
    json_write_string(&w, fact->who);
    text_add(text, SPAN("}"));
    return json_written(&w, json, err);
}

static bool damaged(struct error *err)
{
    return error_set(err, ERROR_DAMAGED, "a fact that is kept is not in its canonical form");
}

bool fact_read(struct span text, struct arena *arena, struct fact *fact, struct error *err)
{
    static const struct span keys[] = { SPAN_INIT("at"),   SPAN_INIT("body"), SPAN_INIT("file"),
                                        SPAN_INIT("kind"), SPAN_INIT("seq"),  SPAN_INIT("who") };
    enum { AT, BODY, FILE_NAME, KIND, SEQ, WHO, KEYS };
    struct json json;
    struct error why;
    uint32_t values[KEYS];
    if (!json_read(text, arena, &json, &why) || json.nodes[0].kind != JSON_OBJECT ||
        json.nodes[0].count != KEYS)
        return damaged(err);
    uint32_t node = 1;
    for (int i = 0; i < KEYS; i++) {
        if (!span_equal(json_raw(&json, node), keys[i])) return damaged(err);
        values[i] = node + 1;
        node = json.nodes[node + 1].next;
    }
    uint64_t seq;
    if (json.nodes[values[BODY]].kind != JSON_OBJECT) return damaged(err);
    *fact = (struct fact){ .body = json_raw(&json, values[BODY]) };
    if (!moment_read(json_raw(&json, values[AT]), &fact->at_ms, &why) ||
        !fact_kind_read(json_raw(&json, values[KIND]), &fact->kind) ||
        !span_to_u64(json_raw(&json, values[SEQ]), &seq) || seq == 0 || seq > FILE_FACTS_MAX ||
        !json_string(&json, values[FILE_NAME], arena, &fact->file, &why) ||
        !json_string(&json, values[WHO], arena, &fact->who, &why))
        return damaged(err);
    fact->seq = (uint32_t)seq;

    // What writing would not have made (blanks, other escapes) is not ours.
    struct span again;
    if (!fact_write(fact, arena, &again, &why)) return damaged(err);
    return span_equal(again, text) || damaged(err);
}

struct sha256 fact_commitment(const uint8_t salt[SALT_SIZE], struct span json)
{
    return sha256_of_two((struct span){ (const char *)salt, SALT_SIZE }, json);
}
