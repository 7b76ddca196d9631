#include "consignment/fact.h"

#include <assert.h>

#include "base/limits.h"
#include "base/utf8.h"

static const struct span kind_names[FACT_KIND_COUNT] = {
    [FACT_DECLARED] = SPAN_INIT("declared"),   [FACT_AMENDED] = SPAN_INIT("amended"),
    [FACT_WITHDRAWN] = SPAN_INIT("withdrawn"), [FACT_CHECKED] = SPAN_INIT("checked"),
    [FACT_VALUED] = SPAN_INIT("valued"),       [FACT_ASSESSED] = SPAN_INIT("assessed"),
    [FACT_SCORED] = SPAN_INIT("scored"),       [FACT_DECIDED] = SPAN_INIT("decided"),
    [FACT_SETTLED] = SPAN_INIT("settled"),
    [FACT_CLAIMED] = SPAN_INIT("claimed"),     [FACT_UNCLAIMED] = SPAN_INIT("unclaimed"),
    [FACT_REQUESTED] = SPAN_INIT("requested"), [FACT_SUPPLIED] = SPAN_INIT("supplied"),
    [FACT_INSPECTED] = SPAN_INIT("inspected"),
    [FACT_INVITED] = SPAN_INIT("invited"),
    [FACT_PASSWORD_SET] = SPAN_INIT("password-set"),
    [FACT_PASSKEY_ADDED] = SPAN_INIT("passkey-added"),
    [FACT_PASSKEY_REMOVED] = SPAN_INIT("passkey-removed"),
    [FACT_TOKEN_MADE] = SPAN_INIT("token-made"),
    [FACT_TOKEN_ENDED] = SPAN_INIT("token-ended"),
    [FACT_ROLE_GIVEN] = SPAN_INIT("role-given"),
    [FACT_STOPPED] = SPAN_INIT("stopped"),     [FACT_STARTED] = SPAN_INIT("started"),
    [FACT_LISTED] = SPAN_INIT("listed"),
    [FACT_HOOK_SET_UP] = SPAN_INIT("hook-set-up"),
    [FACT_HOOK_STOPPED] = SPAN_INIT("hook-stopped"),
    [FACT_HOOK_STARTED] = SPAN_INIT("hook-started"),
    [FACT_HOOK_ENDED] = SPAN_INIT("hook-ended"),
    [FACT_RULES_READ] = SPAN_INIT("rules-read"),
    [FACT_RULE_WRITTEN] = SPAN_INIT("rule-written"),
    [FACT_RULE_ON] = SPAN_INIT("rule-on"),     [FACT_RULE_OFF] = SPAN_INIT("rule-off"),
    [FACT_SIGNED_IN] = SPAN_INIT("signed-in"), [FACT_SIGNED_OUT] = SPAN_INIT("signed-out"),
    [FACT_TURNED_AWAY] = SPAN_INIT("turned-away"), [FACT_LOOKED] = SPAN_INIT("looked"),
};
_Static_assert(FACT_KIND_COUNT == 36, "a new fact needs a name");

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

    // What could not be read again is not sealed.
    size_t wrong_at;
    if (!json_written(&w, json, err)) return false;
    if (json->len > FACT_JSON_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a fact of %zu bytes, and at most %d are kept",
                         json->len, FACT_JSON_MAX);
    return utf8_check(*json, &wrong_at) ||
           error_set(err, ERROR_SYNTAX, "byte 0x%02X in a text of the fact is not UTF-8",
                     (unsigned char)json->at[wrong_at]);
}

// --- Reading ---

static bool damaged(struct error *err)
{
    return error_set(err, ERROR_DAMAGED, "a fact that is kept is not in its canonical form");
}

// A lack of memory is not the fact's fault.
static bool unreadable(const struct error *why, struct error *err)
{
    return why->kind == ERROR_TOO_LARGE ? error_set(err, why->kind, "%s", why->text) : damaged(err);
}

// Are the escapes of a string those that RFC 8785 asks for? Each is whole: json_read let it pass.
static bool escapes_are_canonical(struct span raw)
{
    const char *at = raw.at, *end = raw.at + raw.len;
    while ((at = memchr(at, '\\', (size_t)(end - at))) != NULL) {
        if (strchr("\"\\bfnrt", at[1]) != NULL) {
            at += 2;
            continue;
        }
        // \u0000 to \u001f in small letters, but for those that have a letter of their own.
        if (memcmp(at + 1, "u00", 3) != 0 || (at[4] != '0' && at[4] != '1')) return false;
        if (strchr("0123456789abcdef", at[5]) == NULL) return false;
        if (at[4] == '0' && strchr("89acd", at[5]) != NULL) return false;
        at += 6;
    }
    return true;
}

// Do the keys of an object stand in byte order, without escapes?
static bool keys_are_canonical(const struct json *json, uint32_t object)
{
    uint32_t end = json->nodes[object].next;
    for (uint32_t key = object + 1, last = 0; key < end; key = json->nodes[key + 1].next) {
        if (json->nodes[key].escaped) return false;
        if (last != 0 && span_compare(json_raw(json, last), json_raw(json, key)) >= 0) return false;
        last = key;
    }
    return true;
}

// How many bytes a node takes by itself, without its children, in the canonical form of a fact, in
// which numbers are whole. 0 when it is not in it.
static size_t canonical_size(const struct json *json, uint32_t node)
{
    const struct json_node *n = &json->nodes[node];
    size_t commas = n->count > 0 ? n->count - 1u : 0;
    uint64_t whole;
    switch ((enum json_kind)n->kind) {
    case JSON_STRING:
        return n->escaped && !escapes_are_canonical(json_raw(json, node)) ? 0 : n->len + 2u;
    case JSON_NUMBER:
        return span_to_u64(json_raw(json, node), &whole) && whole >> 53 == 0 ? n->len : 0;
    case JSON_ARRAY: return 2 + commas;
    case JSON_OBJECT: return keys_are_canonical(json, node) ? 2 + commas + n->count : 0;
    default: return n->len;
    }
}

// When every node is canonical and they fill the text to the last byte, there is no blank in it.
static bool is_canonical(const struct json *json)
{
    size_t sum = 0;
    for (uint32_t node = 0; node < json->count; node++) {
        size_t size = canonical_size(json, node);
        if (size == 0) return false;
        sum += size;
    }
    return sum == json->text.len;
}

// A moment, written in the one form that moment_write gives it.
static bool read_at(struct span text, struct arena scratch, int64_t *at_ms)
{
    struct text again = text_in(&scratch, text.len);
    struct error why;
    if (!moment_read(text, at_ms, &why)) return false;
    moment_write(&again, *at_ms);
    return span_equal(text_span(&again), text);
}

bool fact_read(struct span text, struct arena *arena, struct fact *fact, struct error *err)
{
    enum { AT, BODY, FILE_NAME, KIND, SEQ, WHO, KEYS };
    static const struct { struct span key; enum json_kind kind; } members[KEYS] = {
        [AT] = { SPAN_INIT("at"), JSON_STRING },     [BODY] = { SPAN_INIT("body"), JSON_OBJECT },
        [FILE_NAME] = { SPAN_INIT("file"), JSON_STRING },
        [KIND] = { SPAN_INIT("kind"), JSON_STRING }, [SEQ] = { SPAN_INIT("seq"), JSON_NUMBER },
        [WHO] = { SPAN_INIT("who"), JSON_STRING },
    };
    struct json json;
    struct error why;
    uint32_t values[KEYS], node = 1;
    if (!json_read(text, arena, &json, &why)) return unreadable(&why, err);
    if (json.nodes[0].kind != JSON_OBJECT || json.nodes[0].count != KEYS) return damaged(err);
    for (int i = 0; i < KEYS; i++, node = json.nodes[node + 1].next) {
        values[i] = node + 1;
        if (!span_equal(json_raw(&json, node), members[i].key) ||
            json.nodes[node + 1].kind != members[i].kind)
            return damaged(err);
    }
    uint64_t seq;
    *fact = (struct fact){ .body = json_raw(&json, values[BODY]) };
    if (!is_canonical(&json) || !read_at(json_raw(&json, values[AT]), *arena, &fact->at_ms) ||
        !fact_kind_read(json_raw(&json, values[KIND]), &fact->kind) ||
        !span_to_u64(json_raw(&json, values[SEQ]), &seq) || seq == 0 || seq > FILE_FACTS_MAX)
        return damaged(err);
    fact->seq = (uint32_t)seq;
    if (!json_string(&json, values[FILE_NAME], arena, &fact->file, &why) ||
        !json_string(&json, values[WHO], arena, &fact->who, &why))
        return unreadable(&why, err);
    return true;
}

struct sha256 fact_commitment(const uint8_t salt[SALT_SIZE], struct span json)
{
    return sha256_of_two((struct span){ (const char *)salt, SALT_SIZE }, json);
}
