// Whatever the bytes: a bundle that is read is written as it was, and only the proof that was made
// for the entry is true.
#include "base/limits.h"
#include "ledger/bundle.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

// The log of verifier_test.c: "one", "two", "three".
static const struct span vkey =
    SPAN_INIT("verifier.example/log+accad282+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4");
static const struct span signed_text = SPAN_INIT(
    "verifier.example/log\n3\nWqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=\n");

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "bundle_fuzz: %s\n", what);
    abort();
}

static void check_read(struct span text, struct arena *arena)
{
    static struct bundle bundle;
    struct error err = { 0 };
    if (!bundle_read(text, &bundle, &err)) {
        must(err.kind == ERROR_SYNTAX || err.kind == ERROR_TOO_LARGE, "a refusal has its kind");
        must(err.text[0] != '\0', "a refusal says why");
        if (err.kind == ERROR_SYNTAX)
            must(err.line >= 1 && err.line + err.column <= text.len + 2, "and where");
        return;
    }
    must(err.kind == ERROR_NONE, "an error is untouched on true");
    must(bundle.proof.count <= PROOF_HASHES_MAX, "a path is no longer than any tree is high");
    struct text again = text_in(arena, text.len + 1);
    bundle_write(&again, &bundle);
    must(!again.full && span_equal(text_span(&again), text), "a bundle is written as it was read");
}

static void check_verdict(struct span text, const struct note_key *key, struct span entry,
                          uint64_t index)
{
    static struct bundle bundle;
    static struct note note;
    struct checkpoint checkpoint;
    struct error err = { 0 };
    enum verdict verdict = bundle_verify(text, entry, key, &checkpoint, &err);
    must((verdict == VERDICT_TRUE) == (err.kind == ERROR_NONE), "a verdict but true says why");
    if (key == NULL) must(verdict != VERDICT_TRUE, "without a key nothing is true");
    if (verdict != VERDICT_TRUE) return;
    must(bundle_read(text, &bundle, &err) && note_read(bundle.checkpoint, &note, &err),
         "what is true can be read");
    must(span_equal(note.text, signed_text), "only what was signed is true");
    must(bundle.index == index, "only the entry's own place is true");
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct span text = { (const char *)data, size };
    struct arena arena;
    struct note_key key;
    if (size > (size_t)2 * PROOF_TEXT_MAX) return 0;
    if (!arena_open(&arena, 2 * size + (size_t)4 * KIB, NULL)) return 0;
    must(note_key_read(vkey, &key, NULL), "the key is one");
    check_read(text, &arena);
    check_verdict(text, &key, SPAN("one"), 0);
    check_verdict(text, &key, SPAN("two"), 1);
    check_verdict(text, &key, SPAN("three"), 2);
    check_verdict(text, NULL, SPAN("two"), 1);
    arena_close(&arena);
    return 0;
}
