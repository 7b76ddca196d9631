// xml_show: prints what each message in some files is read as, one JSON line a message:
// {"file":..,"line":..,"column":..,"declaration":{..},"dropped":[..]} or {.., "error":{..}}.
//
// For tests that compare with another reader. Takes every format that input.h does.
// usage: xml_show [--strict SCHEMAS] FILE...
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "gates/files/input.h"

enum { MESSAGES = 64, SHOW_ARENA = 64 * MIB };

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

static void show(const char *path, const struct input *input, struct input_message *message,
                 struct arena scratch)
{
    const void *how;
    message_reader read = input_reader(input, &how);
    struct declaration declaration;
    struct dropped dropped;
    struct error err = message->err;
    bool readable = err.kind == ERROR_NONE &&
                    read(how, message->text, &scratch, &declaration, &dropped, &err);
    input_place(message->line, message->column, &err);

    struct json_writer w = json_writer_in(&scratch, 4096);
    struct span line;
    json_open_object(&w);
    write_string(&w, "file", span_of(path));
    write_number(&w, "line", message->line);
    write_number(&w, "column", message->column);
    if (readable) write_declaration(&w, &declaration, &dropped);
    else write_error(&w, &err);
    json_close_object(&w);
    if (!json_written(&w, &line, &err)) abort();
    printf(SPAN_FMT "\n", SPAN_ARG(line));
}

static bool show_all(const char *path, struct input *input, struct arena *arena, struct error *err)
{
    static struct input_message messages[MESSAGES];
    for (uint32_t count = 1; count > 0;) {
        arena_reset(arena, 0);
        bool read = input_next(input, arena, 2 * DECLARATION_TEXT_MAX, messages, MESSAGES, &count, err);
        for (uint32_t i = 0; i < count; i++) show(path, input, &messages[i], *arena);
        if (!read) return false;
    }
    return true;
}

static void show_file(const char *path, const struct input_options *options, struct arena *arena)
{
    struct input *input = NULL;
    struct error err;
    if (!input_open(&input, path, options, &err) || !show_all(path, input, arena, &err)) {
        arena_reset(arena, 0);
        struct json_writer w = json_writer_in(arena, 4096);
        struct span line;
        json_open_object(&w);
        write_string(&w, "file", span_of(path));
        write_error(&w, &err);
        json_close_object(&w);
        if (!json_written(&w, &line, &err)) abort();
        printf(SPAN_FMT "\n", SPAN_ARG(line));
    }
    input_close(input);
}

int main(int argc, char **argv)
{
    struct input_options options = { 0 };
    struct arena arena;
    if (!arena_open(&arena, SHOW_ARENA, NULL)) return 1;
    int i = 1;
    if (argc > 2 && strcmp(argv[1], "--strict") == 0) options.schemas = argv[2], i = 3;
    for (; i < argc; i++) show_file(argv[i], &options, &arena);
    arena_close(&arena);
    return 0;
}
