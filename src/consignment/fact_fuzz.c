// Facts, one a line, as a store that cannot be trusted gives them back: what is read as a fact is
// written as the same text; its body fits its kind or is damage; the file that it is folded into
// keeps its invariants, and is untouched by what may not follow.
#include <stdio.h>
#include <stdlib.h>

#include "consignment/fact_body.h"
#include "consignment/file.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "fact_fuzz: %s\n", what);
    abort();
}

static void told(bool done, const struct error *err)
{
    must(done == (err->kind == ERROR_NONE), "an error is filled exactly when there is one");
    must(done || err->kind == ERROR_DAMAGED || err->kind == ERROR_TOO_LARGE, "what it is: damage");
    must(done || err->text[0] != '\0', "an error says why");
}

// Every reader takes every body: none trusts the kind.
static void check_bodies(struct span body, struct arena arena)
{
    struct declared declared;
    struct span reason;
    struct checked checked;
    struct valued valued;
    struct assessed assessed;
    struct scored scored;
    struct decided decided;
    struct settled settled;
    struct sha256 digest;
    struct error err = { 0 };
    bool read = body_read_declared(body, &arena, &declared, &err);
    told(read, &err);
    if (read)
        must(body_digest(body, &digest, &err) && sha256_equal(digest, declared.digest),
             "a digest is found alone");
    err = (struct error){ 0 };
    told(body_read_withdrawn(body, &arena, &reason, &err), &err);
    err = (struct error){ 0 };
    told(body_read_checked(body, &arena, &checked, &err), &err);
    err = (struct error){ 0 };
    told(body_read_valued(body, &arena, &valued, &err), &err);
    err = (struct error){ 0 };
    told(body_read_assessed(body, &arena, &assessed, &err), &err);
    err = (struct error){ 0 };
    told(body_read_scored(body, &arena, &scored, &err), &err);
    err = (struct error){ 0 };
    told(body_read_decided(body, &arena, &decided, &err), &err);
    err = (struct error){ 0 };
    told(body_read_settled(body, &arena, &settled, &err), &err);
}

static void check_fact(struct span line, const struct fact *fact, struct arena arena)
{
    struct span again, canonical;
    struct json json;
    must(fact_write(fact, &arena, &again, NULL), "what was read can be written");
    must(span_equal(again, line), "as the same text");
    must(json_read(line, &arena, &json, NULL), "a fact is JSON");
    must(json_canonical(&json, &arena, &canonical, NULL), "it has a canonical form");
    must(span_equal(canonical, line), "which is itself");
}

static bool is_as_it_was(const struct file *file, const struct file *before)
{
    return memcmp((const char *)file, (const char *)before, sizeof(*file)) == 0; // to the byte
}

// False when the file cannot go on.
static bool fold_line(struct file *file, struct span line, struct arena *arena)
{
    struct fact fact;
    struct error err = { 0 };
    bool read = fact_read(line, arena, &fact, &err);
    told(read, &err);
    if (!read) {
        check_bodies(line, *arena);
        return true;
    }
    check_fact(line, &fact, *arena);
    check_bodies(fact.body, *arena);
    if (file->name.len == 0 && !file_open(file, fact.file, arena, &err)) return false;

    struct file before = *file;
    err = (struct error){ 0 };
    bool added = file_add(file, &fact, NULL, arena, &err);
    if (err.kind != ERROR_CONFLICT) told(added, &err);
    must(added || is_as_it_was(file, &before), "a refused fact changes nothing");
    must(!added || file->facts_count == before.facts_count + 1, "an added fact is one more");
    file_invariants(file);
    return true;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct arena arena; // opened once: to open it is slower than most facts
    struct file file = { 0 };
    struct span_pair rest = { .tail = { (const char *)data, size }, .found = true };
    if (size > 1 << 20) return 0;
    if (arena.start == NULL && !arena_open(&arena, (size_t)256 << 20, NULL)) abort();
    for (int lines = 0; rest.found && lines < 100; lines++) {
        rest = span_cut(rest.tail, '\n');
        if (!fold_line(&file, rest.head, &arena)) break;
    }
    arena_reset(&arena, 0);
    return 0;
}
