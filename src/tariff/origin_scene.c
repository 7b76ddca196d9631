#include "tariff/origin_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct arena scene_arena(void)
{
    static _Alignas(64) char memory[16 << 20];
    return arena_over(memory, sizeof(memory));
}

bool scene_try(struct scene *scene, const char *extra, const char *rule, const char *product,
                      const char *more, const char *materials, struct error *err)
{
    scene->arena = scene_arena();
    struct text rules = text_in(&scene->arena, 4000), sheet = text_in(&scene->arena, 4000);
    text_add_format(&rules, "{\"format\":\"origin-rules-1\",\"schemes\":"
                            "[{\"code\":\"s\",%s\"rules\":[", extra);
    text_add_format(&rules, "{\"codes\":\"01-97\",\"rule\":\"%s\"}]}]}", rule);
    text_add_format(&sheet, "{\"format\":\"origin-worksheet-1\",\"scheme\":\"s\","
                            "\"country\":\"XM\","
                            "\"currency\":\"EUR\",\"product\":{%s},%s\"materials\":[%s]}",
                    product, more, materials);
    *err = (struct error){ 0 };
    return origin_book_open(&scene->book, &scene->arena, err) &&
           origin_read(text_span(&rules), &scene->arena, &scene->book, err) &&
           origin_sheet_read(text_span(&sheet), &scene->arena, &scene->sheet, err) &&
           origin_weigh(&scene->book, &scene->sheet, &scene->arena, &scene->result, err);
}

void scene_weigh(struct scene *scene, const char *extra, const char *rule, const char *product,
                  const char *more, const char *materials)
{
    struct error err;
    if (!scene_try(scene, extra, rule, product, more, materials, &err))
        fail_msg("%u:%u: %s: %s", err.line, err.column, err.field, err.text);
}

const struct origin_finding *scene_finding(const struct scene *scene, uint32_t condition)
{
    assert_int_equal(scene->result.rules_count, 1);
    return &scene->result.rules[0].alternatives[0].findings[condition];
}

const char *scene_told(struct scene *scene, uint32_t condition)
{
    struct text text = text_in(&scene->arena, 500);
    const struct origin_finding *found = scene_finding(scene, condition);
    text_add_format(&text, "%s: ", origin_verdict_words(found->verdict));
    origin_tell_finding(&text, &scene->sheet, found);
    text_add(&text, SPAN(" | "));
    origin_tell_remedy(&text, &scene->sheet, found);
    return text_span(&text).at;
}
