#include "base/schema.h"

#include <assert.h>

static const struct { struct span name, schema; } kinds[] = {
    { SPAN_INIT("text"), SPAN_INIT("\"type\":\"string\"") },
    { SPAN_INIT("whole"), SPAN_INIT("\"type\":\"integer\",\"minimum\":0") },
    { SPAN_INIT("truth"), SPAN_INIT("\"type\":\"boolean\"") },
    { SPAN_INIT("moment"), SPAN_INIT("\"type\":\"string\",\"format\":\"date-time\"") },
    { SPAN_INIT("date"), SPAN_INIT("\"type\":\"string\",\"format\":\"date\"") },
    { SPAN_INIT("decimal"),
      SPAN_INIT("\"type\":\"string\",\"pattern\":\"^-?[0-9]+(\\\\.[0-9]+)?$\"") },
    { SPAN_INIT("hash"), SPAN_INIT("\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"") },
    { SPAN_INIT("base64url"), SPAN_INIT("\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]*$\"") },
    { SPAN_INIT("object"), SPAN_INIT("\"type\":\"object\"") },
    { SPAN_INIT("anything"), SPAN_INIT("") },
};
enum { KINDS_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

// --- Reading a line ---

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_name(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter(s.at[i])) return false;
    return s.len > 0 && s.at[0] >= 'A' && s.at[0] <= 'Z';
}

static bool is_between(struct span s, char first, char last)
{
    return s.len > 2 && s.at[0] == first && s.at[s.len - 1] == last;
}

static struct span inside(struct span s) { return (struct span){ s.at + 1, s.len - 2 }; }

// A member of a line, cut off its front: "score?: whole". False behind the last.
struct member { struct span name, type; bool optional; };

static bool next_member(struct span *line, struct member *member)
{
    if (line->len == 0) return false;
    struct span_pair cut = span_cut(*line, ','), parts = span_cut(cut.head, ':');
    *line = cut.tail;
    member->name = span_trim(parts.head);
    member->type = span_trim(parts.tail);
    member->optional = span_ends_with(member->name, SPAN("?"));
    if (member->optional) member->name.len--;
    assert(parts.found && member->name.len > 0 && member->type.len > 0);
    return true;
}

bool schema_mentions(struct span *rest, struct span *name)
{
    while (rest->len > 0) {
        size_t len = 0;
        while (len < rest->len && is_letter(rest->at[len])) len++;
        struct span word = { rest->at, len };
        struct span behind = { rest->at + len, rest->len - len };
        bool quoted = len == 0 && rest->at[0] == '\'';
        if (quoted) behind = span_cut((struct span){ rest->at + 1, rest->len - 1 }, '\'').tail;
        else if (len == 0) behind.at++, behind.len--;
        *rest = behind;
        *name = word;
        if (is_name(word)) return true;
    }
    return false;
}

bool schema_has(struct span members, struct span name)
{
    struct member member;
    while (next_member(&members, &member))
        if (span_equal(member.name, name)) return true;
    return false;
}

// --- Writing ---

static void write_word(struct json_writer *w, const char *key, struct span value)
{
    json_key(w, span_of(key));
    json_write_string(w, value);
}

static void write_one(struct json_writer *w, struct span type)
{
    if (is_between(type, '[', ']')) {
        write_word(w, "type", SPAN("array"));
        json_key(w, SPAN("items"));
        schema_write_type(w, inside(type));
        return;
    }
    if (is_between(type, '\'', '\'')) {
        write_word(w, "const", inside(type));
        return;
    }
    for (uint32_t i = 0; i < KINDS_COUNT; i++) {
        if (!span_equal(type, kinds[i].name)) continue;
        text_add(&w->text, kinds[i].schema);
        w->comma = kinds[i].schema.len > 0;
        return;
    }
    assert(is_name(type)); // or a kind that there is not
    json_key(w, SPAN("$ref"));
    json_write_raw(w, SPAN("\"#/components/schemas/"));
    text_add(&w->text, type);
    text_add_char(&w->text, '"');
}

void schema_write_type(struct json_writer *w, struct span type)
{
    struct span_pair cut = span_cut(type, '|');
    json_open_object(w);
    if (cut.found && !is_between(type, '[', ']')) {
        json_key(w, SPAN("anyOf"));
        json_open_array(w);
        for (struct span rest = type; rest.len > 0; rest = cut.tail) {
            cut = span_cut(rest, '|');
            schema_write_type(w, span_trim(cut.head));
        }
        json_close_array(w);
    } else {
        write_one(w, type);
    }
    json_close_object(w);
}

static void write_required(struct json_writer *w, struct span members)
{
    struct member member;
    bool any = false;
    while (next_member(&members, &member)) {
        if (member.optional) continue;
        if (!any) {
            json_key(w, SPAN("required"));
            json_open_array(w);
        }
        any = true;
        json_write_string(w, member.name);
    }
    if (any) json_close_array(w);
}

static void write_members(struct json_writer *w, struct span members)
{
    struct member member;
    write_word(w, "type", SPAN("object"));
    write_required(w, members);
    json_key(w, SPAN("properties"));
    json_open_object(w);
    while (next_member(&members, &member)) {
        json_key(w, member.name);
        schema_write_type(w, member.type);
    }
    json_close_object(w);
    json_key(w, SPAN("additionalProperties"));
    json_write_bool(w, false);
}

static void write_words(struct json_writer *w, const char *(*word)(uint32_t number))
{
    write_word(w, "type", SPAN("string"));
    json_key(w, SPAN("enum"));
    json_open_array(w);
    for (uint32_t i = 0; word(i) != NULL; i++) json_write_string(w, span_of(word(i)));
    json_close_array(w);
}

void schema_write(struct json_writer *w, const struct schema *schema)
{
    assert((schema->members != NULL) + (schema->type != NULL) + (schema->word != NULL) == 1);
    if (schema->type != NULL) {
        schema_write_type(w, span_of(schema->type));
        return;
    }
    json_open_object(w);
    write_word(w, "description", span_of(schema->sentence));
    if (schema->word != NULL) write_words(w, schema->word);
    else write_members(w, span_of(schema->members));
    json_close_object(w);
}
