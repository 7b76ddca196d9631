// Whatever the JSON: what is read as a declaration is written as canonical JSON that is read as the
// same declaration, and what is refused says why, where, and in which field. Amended by itself it
// is a declaration, and amending it again changes nothing.
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "consignment/amend.h"
#include "consignment/file.h"
#include "consignment/model.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "declaration_fuzz: %s\n", what);
    abort();
}

static void check_refusal(const struct json *json, const struct error *err)
{
    struct field_path path;
    struct span field = span_of(err->field);
    must(err->kind == ERROR_SYNTAX || err->kind == ERROR_TOO_LARGE, "a refusal has its kind");
    must(err->text[0] != '\0', "a refusal says why");
    must(utf8_check(span_of(err->text), NULL), "a refusal is said in UTF-8");
    must(err->line >= 1 && err->column >= 1, "a refusal has its place");
    must(err->line + err->column <= json->text.len + 2, "its place is in the message");
    must(field.len == 0 || field_path_read(field, &declaration_shape, &path, NULL),
         "its field is one of the model");
}

static struct span write_it(const struct declaration *declaration, struct arena *arena)
{
    struct span text = { 0 };
    struct json_writer w = json_writer_in(arena, 4096);
    declaration_write_json(&w, declaration);
    must(json_written(&w, &text, NULL), "what was read fits when it is written");
    return text;
}

static void check_reading(const struct declaration *declaration, struct arena *arena)
{
    struct json json;
    struct declaration again;
    struct error err = { 0 };
    struct span canonical, text = write_it(declaration, arena), name;
    must(json_read(text, arena, &json, &err), "what is written is JSON");
    must(json_canonical(&json, arena, &canonical, &err), "it has a canonical form");
    must(span_equal(canonical, text), "which is itself");
    must(declaration_read_json(&json, 0, arena, &again, &err), "it is a declaration");
    must(err.kind == ERROR_NONE, "an error is untouched on true");
    struct span twice = write_it(&again, arena);
    must(span_equal(twice, text), "the same one");
    must(sha256_equal(sha256_of(twice), sha256_of(text)), "with the same digest");
    if (!file_name_of(declaration, arena, &name, &err)) return;
    struct file file;
    must(file_open(&file, name, arena, &err), "what it is named is a file's name");
}

static void check_amending(const struct declaration *declaration, struct arena *arena)
{
    struct declaration once, twice;
    struct error err = { 0 };
    struct span before = write_it(declaration, arena);
    must(declaration_amend(declaration, declaration, arena, &once, &err), "it can be amended");
    must(span_equal(before, write_it(declaration, arena)), "what was amended is untouched");
    check_reading(&once, arena);
    must(declaration_amend(&once, declaration, arena, &twice, &err), "and once more");
    must(span_equal(write_it(&once, arena), write_it(&twice, arena)), "which changes nothing");
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct arena arena; // opened once: to open it is slower than most messages
    struct json json;
    struct declaration declaration;
    struct error err = { 0 };
    struct span text = { (const char *)data, size };
    if (size > 1 << 20) return 0;
    if (arena.start == NULL && !arena_open(&arena, (size_t)256 << 20, NULL)) abort();
    if (json_read(text, &arena, &json, NULL)) {
        if (declaration_read_json(&json, 0, &arena, &declaration, &err)) {
            must(err.kind == ERROR_NONE, "an error is untouched on true");
            check_reading(&declaration, &arena);
            check_amending(&declaration, &arena);
        } else {
            check_refusal(&json, &err);
        }
    }
    arena_reset(&arena, 0);
    return 0;
}
