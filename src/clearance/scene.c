#include "clearance/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tariff/books_read.h"

enum { SCENE_ARENA_SIZE = 256 << 20 };

static void need(bool done, const struct error *err)
{
    if (!done) fail_msg("%s %u:%u %s", err->field, err->line, err->column, err->text);
}

void scene_begin(struct scene *scene)
{
    struct error err = { 0 };
    struct arena arena = scene->arena;
    if (arena.size == 0) need(arena_open(&arena, SCENE_ARENA_SIZE, &err), &err);
    arena_reset(&arena, 0);
    *scene = (struct scene){ .arena = arena };

    static const struct books_texts texts = {
        SPAN_INIT(SCENE_SETTINGS), SPAN_INIT(SCENE_RATES), SPAN_INIT(SCENE_SCHEDULE),
        SPAN_INIT(SCENE_GROUPS),
    };
    need(books_read(&texts, &scene->arena, &scene->books, &err), &err);
    need(file_open(&scene->file, SPAN("6XM00000001-SCENE"), &scene->arena, &err), &err);
    scene->clearance = (struct clearance){ .file = &scene->file, .books = &scene->books,
                                           .now_ms = SCENE_NOW, .arena = &scene->arena };
}

void scene_end(struct scene *scene)
{
    arena_close(&scene->arena);
}

void scene_add(struct scene *scene, enum fact_kind kind, const char *who, struct span body)
{
    struct error err = { 0 };
    struct fact fact = { .kind = kind, .seq = scene->file.facts_count + 1, .at_ms = SCENE_NOW,
                         .file = scene->file.name, .who = span_of(who), .body = body };
    need(file_add(&scene->file, &fact, NULL, &scene->arena, &err), &err);
}

void scene_declare(struct scene *scene, const char *json)
{
    struct error err = { 0 };
    struct span canonical, body;
    struct json read;
    struct declaration declaration;
    struct text text = text_in(&scene->arena, 1024);
    for (const char *at = json; *at != '\0'; at++) text_add_char(&text, *at == '\'' ? '"' : *at);
    assert_false(text.full);
    need(json_read(text_span(&text), &scene->arena, &read, &err), &err);
    need(declaration_read_json(&read, 0, &scene->arena, &declaration, &err), &err);

    struct json_writer w = json_writer_in(&scene->arena, text.len);
    declaration_write_json(&w, &declaration);
    need(json_written(&w, &canonical, &err), &err);
    struct sha256 digest = sha256_of(canonical);
    bool first = scene->file.facts_count == 0;
    need(first ? body_declared(canonical, digest, NULL, &scene->arena, &body, &err)
               : body_amended(canonical, digest, scene->file.version + 1, SPAN(""), NULL,
                              &scene->arena, &body, &err),
         &err);
    scene_add(scene, first ? FACT_DECLARED : FACT_AMENDED, "trader", body);
}

void scene_accept(struct scene *scene, const char *json)
{
    struct error err = { 0 };
    struct span body;
    struct checked checked = { .rules = SPAN("none") };
    scene_declare(scene, json);
    need(body_checked(&checked, &scene->arena, &body, &err), &err);
    scene_add(scene, FACT_CHECKED, "step:check", body);
}

struct span scene_last(const struct scene *scene, enum fact_kind kind, const char *who)
{
    assert_true(scene->file.facts_count > 0);
    const struct fact *last = &scene->file.facts[scene->file.facts_count - 1];
    assert_int_equal(last->kind, kind);
    assert_int_equal(last->at_ms, SCENE_NOW);
    assert_true(span_equal(last->who, span_of(who)));
    return last->body;
}

const char *scene_money(struct scene *scene, struct money amount)
{
    if (amount.currency[0] == '\0') return "nothing";
    struct text text = text_in(&scene->arena, 32);
    money_write(&text, amount);
    assert_false(text.full);
    return text_span(&text).at; // texts end in a NUL
}
