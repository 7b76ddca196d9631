#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "gates/files/xml_read.h"
#include "gates/files/xml_write.h"

enum { ARENA = 64 * MIB };

static struct span json_of(struct arena *arena, const struct declaration *declaration)
{
    struct json_writer w = json_writer_in(arena, 4096);
    struct span json;
    declaration_write_json(&w, declaration);
    if (!json_written(&w, &json, NULL)) abort();
    return json;
}

// What was read is a declaration like any other: its JSON reads back, and its own message does.
static void comes_back(const struct xml_map *map, const struct declaration *declaration,
                       struct arena *arena)
{
    struct declaration back;
    struct dropped dropped;
    struct span message, text = json_of(arena, declaration);
    struct json json;
    if (!json_read(text, arena, &json, NULL)) abort();
    if (!declaration_read_json(&json, 0, arena, &back, NULL)) abort();
    assert(span_equal(text, json_of(arena, &back)));

    if (!xml_write_declaration(map, declaration, arena, &message, NULL)) abort();
    struct error err = { 0 };
    if (!xml_read_message(map, message, arena, &back, &dropped, &err)) abort();
    assert(dropped.count == 0);
    assert(span_equal(text, json_of(arena, &back)));
}

static void check_dropped(const struct dropped *dropped)
{
    assert(dropped->count_max == XML_DROPPED_MAX);
    for (uint32_t i = 0; i < dropped->count && i < dropped->count_max; i++) {
        assert(dropped->paths[i].len > 0);
        for (uint32_t j = 0; j < i; j++) assert(!span_equal(dropped->paths[i], dropped->paths[j]));
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct xml_map *map;
    static struct arena arena;
    if (map == NULL && (!xml_map_open(&map, NULL, NULL) || !arena_open(&arena, ARENA, NULL)))
        abort();
    struct span text = { (const char *)data, size };
    struct declaration declaration;
    struct dropped dropped;
    struct error err = { 0 };
    if (xml_read_message(map, text, &arena, &declaration, &dropped, &err)) {
        assert(err.kind == ERROR_NONE);
        check_dropped(&dropped);
        comes_back(map, &declaration, &arena);
    } else {
        assert(err.kind == ERROR_SYNTAX || err.kind == ERROR_TOO_LARGE);
        assert(err.text[0] != '\0');
        assert(err.line >= 1 && err.column >= 1);
    }
    arena_reset(&arena, 0);
    return 0;
}
