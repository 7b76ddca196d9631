#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "gates/files/mapping.h"

enum { ARENA = 64 * MIB };

// Three texts with a line of "---" between them: a mapping (none: columns are named as the fields),
// the header row, the rows.

static struct span take_text(struct span *rest)
{
    const char *mark = rest->len == 0 ? NULL : memmem(rest->at, rest->len, "---\n", 4);
    struct span head = { rest->at, mark == NULL ? rest->len : (size_t)(mark - rest->at) };
    size_t passed = mark == NULL ? rest->len : head.len + 4;
    *rest = (struct span){ rest->at + passed, rest->len - passed };
    return head;
}

static void check_error(const struct error *err)
{
    assert(err->kind == ERROR_SYNTAX || err->kind == ERROR_TOO_LARGE);
    assert(err->text[0] != '\0');
}

// What was read is a declaration like any other.
static void comes_back(const struct declaration *declaration, struct arena arena)
{
    struct json_writer w = json_writer_in(&arena, 1024), again = json_writer_in(&arena, 1024);
    struct declaration back;
    struct json json;
    struct span text, same;
    declaration_write_json(&w, declaration);
    if (!json_written(&w, &text, NULL)) return; // it does not fit
    if (!json_read(text, &arena, &json, NULL)) abort();
    if (!declaration_read_json(&json, 0, &arena, &back, NULL)) abort();
    declaration_write_json(&again, &back);
    if (json_written(&again, &same, NULL)) assert(span_equal(text, same));
}

static void read_message(const struct mapping *mapping, struct span text, struct arena arena)
{
    struct declaration declaration;
    struct dropped dropped;
    struct error err = { 0 };
    if (!mapping_read_message(mapping, text, &arena, &declaration, &dropped, &err)) {
        check_error(&err);
        return;
    }
    assert(err.kind == ERROR_NONE && dropped.count == 0);
    comes_back(&declaration, arena);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct arena arena;
    if (arena.start == NULL && !arena_open(&arena, ARENA, NULL)) abort();
    struct span rest = { (const char *)data, size };
    struct span text = take_text(&rest), header = take_text(&rest);
    struct mapping mapping;
    struct error err = { 0 };
    arena_reset(&arena, 0);
    if (!mapping_open(&mapping, header, text, text.len == 0 ? NULL : "m", &arena, &err)) {
        check_error(&err);
        return 0;
    }
    struct cutter cutter = { 0 };
    for (;;) {
        struct cut cut = mapping_cut(&mapping, &cutter, arena, rest, true);
        if (cut.kind == CUT_END) return 0;
        assert(cut.kind == CUT_MESSAGE && cut.begin < cut.end && cut.end <= rest.len);
        assert(cut.next > cut.begin);
        read_message(&mapping, (struct span){ rest.at + cut.begin, cut.end - cut.begin }, arena);
        rest = (struct span){ rest.at + cut.next, rest.len - cut.next };
        cutter_pass(&cutter, cut.next);
    }
}
