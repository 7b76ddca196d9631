// Whatever the bytes: what is read is well formed in memory, what is refused says why, and the
// canonical form is one that reads as itself.
#include "base/json.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "json_fuzz: %s\n", what);
    abort();
}

static void check_refusal(struct span text, const struct error *err)
{
    must(err->kind == ERROR_SYNTAX || err->kind == ERROR_TOO_LARGE, "a refusal has its kind");
    must(err->text[0] != '\0', "a refusal says why");
    must(utf8_check(span_of(err->text), NULL), "a refusal is said in UTF-8");
    if (err->kind != ERROR_SYNTAX) return;
    must(err->line >= 1 && err->column >= 1, "a refusal has its place");
    must(err->line + err->column <= text.len + 2, "its place is in the message");
}

static void check_string(const struct json *json, uint32_t i, struct arena arena)
{
    struct span s, raw = json_raw(json, i);
    must(json_string(json, i, &arena, &s, NULL), "a string fits where its message fits");
    must(utf8_check(s, NULL), "a string is UTF-8");
    must(s.len <= raw.len, "an escape is longer than what it says");
    must(json->nodes[i].escaped || s.at == raw.at, "a string without escapes is a view");
    must(raw.at[-1] == '"' && raw.at[raw.len] == '"', "a string stands between quotes");
}

// The children of a container fill it, lie inside it, and are as many as it says.
static void check_container(const struct json *json, uint32_t i, struct arena arena)
{
    const struct json_node *node = &json->nodes[i];
    bool object = node->kind == JSON_OBJECT;
    uint32_t count = 0, child = i + 1;
    for (; child < node->next; child = json->nodes[child].next, count++) {
        if (object) {
            must(json->nodes[child].kind == JSON_STRING, "a key is a string");
            struct span key;
            must(json_string(json, child, &arena, &key, NULL), "a key fits");
            if (count < 64) must(json_member(json, i, key) == child + 1, "a member is found");
            child++;
        }
        const struct json_node *value = &json->nodes[child];
        must(value->at > node->at, "a child begins inside its parent");
        must(value->at + value->len < node->at + node->len, "and ends inside it");
    }
    must(child == node->next, "children end where their parent ends");
    must(count == node->count, "children are counted");
}

static void check_nodes(const struct json *json, struct arena arena)
{
    must(json->count > 0 && json->nodes[0].next == json->count, "the first node holds all");
    for (uint32_t i = 0; i < json->count; i++) {
        const struct json_node *node = &json->nodes[i];
        must(node->at + node->len <= json->text.len, "a node lies inside the text");
        must(i == 0 || node->at > json->nodes[i - 1].at, "nodes stand in the order of the text");
        if (node->kind == JSON_STRING) check_string(json, i, arena);
        if (node->kind >= JSON_ARRAY) check_container(json, i, arena);
        else must(node->next == i + 1, "what is no container has no children");
    }
}

static void check_canonical(const struct json *json, struct arena *arena)
{
    struct error err = { 0 };
    struct span canonical, twice;
    struct json again;
    if (!json_canonical(json, arena, &canonical, &err)) {
        check_refusal(json->text, &err);
        return;
    }
    must(err.kind == ERROR_NONE, "an error is untouched on true");
    must(json_read(canonical, arena, &again, &err), "the canonical form can be read");
    must(again.count == json->count, "and has as many nodes");
    must(json_canonical(&again, arena, &twice, &err), "and has a canonical form");
    must(span_equal(canonical, twice), "which is itself");
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct span text = { (const char *)data, size };
    struct arena arena;
    struct error err = { 0 };
    struct json json;
    if (size > 1 << 20 || !arena_open(&arena, (size_t)64 << 20, &err)) return 0;
    if (json_read(text, &arena, &json, &err)) {
        must(err.kind == ERROR_NONE, "an error is untouched on true");
        check_nodes(&json, arena);
        check_canonical(&json, &arena);
    } else {
        must(arena.used == 0, "a refusal gives its memory back");
        check_refusal(text, &err);
    }
    arena_close(&arena);
    return 0;
}
