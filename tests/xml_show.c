// xml_show: prints what each message in some files is read as, one JSON line a message:
// {"file":..,"line":..,"column":..,"declaration":{..},"dropped":[..]} or {.., "error":{..}}.
//
// For tests that compare with another reader. Takes every format that input.h does. With --as-xml
// it prints each declaration as the message that we write of it. usage: xml_show [--strict SCHEMAS
// | --as-xml] FILE...
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "gates/files/input.h"
#include "gates/files/xml_write.h"

// What is printed, and for whom.
struct showing {
    struct input_options options;
    struct xml_map *as_xml; // NULL: as JSON
    struct arena arena;
};

enum { MESSAGES = 64, SHOW_ARENA = 64 * MIB, BATCH = 2 * DECLARATION_TEXT_MAX };

static void write_string(struct json_writer *w, const char *key, struct span value)
{
    json_key(w, span_of(key));
    json_write_string(w, value);
}

static void write_number(struct json_writer *w, const char *key, int64_t value)
{
    json_key(w, span_of(key));
    json_write_i64(w, value);
}

static void write_error(struct json_writer *w, const struct error *err)
{
    json_key(w, SPAN("error"));
    json_open_object(w);
    write_number(w, "column", err->column);
    write_string(w, "field", span_of(err->field));
    write_string(w, "hint", span_of(err->hint));
    write_string(w, "kind", span_of(error_kind_name(err->kind)));
    write_number(w, "line", err->line);
    write_string(w, "text", span_of(err->text));
    json_close_object(w);
}

static void write_declaration(struct json_writer *w, const struct declaration *declaration,
                              const struct dropped *dropped)
{
    json_key(w, SPAN("declaration"));
    declaration_write_json(w, declaration);
    json_key(w, SPAN("dropped"));
    json_open_array(w);
    for (uint32_t i = 0; i < dropped->count && i < dropped->count_max; i++)
        json_write_string(w, dropped->paths[i]);
    json_close_array(w);
    write_number(w, "droppedCount", dropped->count);
}

static void show_json(const char *path, const struct input_message *message,
                      const struct declaration *declaration, const struct dropped *dropped,
                      const struct error *err, struct arena *arena)
{
    struct json_writer w = json_writer_in(arena, 4096);
    struct span line;
    json_open_object(&w);
    write_string(&w, "file", span_of(path));
    if (message != NULL) write_number(&w, "line", message->line);
    if (message != NULL) write_number(&w, "column", message->column);
    if (dropped != NULL && err->kind == ERROR_NONE) write_declaration(&w, declaration, dropped);
    else write_error(&w, err);
    json_close_object(&w);
    if (!json_written(&w, &line, NULL)) abort();
    printf(SPAN_FMT "\n", SPAN_ARG(line));
}

static void show(const struct showing *showing, const char *path, const struct input *input,
                 const struct input_message *message)
{
    const void *how;
    message_reader read = input_reader(input, &how);
    struct arena scratch = showing->arena;
    struct declaration declaration;
    struct dropped dropped;
    struct span line;
    struct error err = message->err;
    bool readable = err.kind == ERROR_NONE;
    readable = readable && read(how, message->text, &scratch, &declaration, &dropped, &err);
    if (!readable) input_place(message->line, message->column, &err);
    if (!readable || showing->as_xml == NULL) {
        if (readable) err.kind = ERROR_NONE;
        show_json(path, message, &declaration, &dropped, &err, &scratch);
        return;
    }
    if (!xml_write_declaration(showing->as_xml, &declaration, &scratch, &line, &err)) abort();
    printf(SPAN_FMT "\n", SPAN_ARG(line));
}

static bool show_all(struct showing *showing, const char *path, struct input *input,
                     struct error *err)
{
    static struct input_message messages[MESSAGES];
    for (uint32_t count = 1; count > 0;) {
        arena_reset(&showing->arena, 0);
        bool read = input_next(input, &showing->arena, BATCH, messages, MESSAGES, &count, err);
        for (uint32_t i = 0; i < count; i++) show(showing, path, input, &messages[i]);
        if (!read) return false;
    }
    return true;
}

static void show_file(struct showing *showing, const char *path)
{
    struct input *input = NULL;
    struct error err;
    if (!input_open(&input, path, &showing->options, &err) ||
        !show_all(showing, path, input, &err)) {
        arena_reset(&showing->arena, 0);
        show_json(path, NULL, NULL, NULL, &err, &showing->arena);
    }
    input_close(input);
}

int main(int argc, char **argv)
{
    struct showing showing = { 0 };
    int i = 1;
    if (!arena_open(&showing.arena, SHOW_ARENA, NULL)) return 1;
    if (argc > 1 && strcmp(argv[1], "--as-xml") == 0) {
        if (!xml_map_open(&showing.as_xml, NULL, NULL)) return 1;
        i = 2;
    } else if (argc > 2 && strcmp(argv[1], "--strict") == 0) {
        showing.options.schemas = argv[2];
        i = 3;
    }
    for (; i < argc; i++) show_file(&showing, argv[i]);
    xml_map_close(showing.as_xml);
    arena_close(&showing.arena);
    return 0;
}
