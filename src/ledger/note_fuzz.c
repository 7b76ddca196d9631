// Whatever the bytes: a note that is read is its text and its lines and nothing else, a checkpoint
// in it is what writing gives, and only what the keys signed is signed.
#include "base/limits.h"
#include "base/utf8.h"
#include "ledger/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

// The specification's example, and a witness whose seed is 32 bytes of three.
static const struct span example_key =
    SPAN_INIT("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
static const struct span witness_key =
    SPAN_INIT("witness.example/w1+d9ed62c5+BO1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR");
static const struct span example_text = SPAN_INIT("This is an example message.\n");
static const struct span witness_text = SPAN_INIT(
    "customs.example/ledger\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");

// Not assert: the properties hold in every build.
static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "note_fuzz: %s\n", what);
    abort();
}

static void check_refusal(struct span text, const struct error *err)
{
    must(err->kind == ERROR_SYNTAX || err->kind == ERROR_TOO_LARGE, "a refusal has its kind");
    must(err->text[0] != '\0', "a refusal says why");
    if (err->kind != ERROR_SYNTAX) return;
    must(err->line >= 1 && err->column >= 1, "a refusal has its place");
    must(err->line + err->column <= text.len + 2, "its place is in the note");
}

static bool is_inside(struct span part, struct span whole)
{
    return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

static void check_note(struct span text, const struct note *note, struct arena *arena)
{
    must(is_inside(note->text, text) && note->text.at == text.at, "the text is the note's begin");
    must(span_ends_with(note->text, SPAN("\n")), "a text ends in a line end");
    must(note->signatures_count > 0, "a note has signatures");
    must(note->signatures_count <= NOTE_SIGNATURES_MAX, "and not too many");
    struct text again = text_in(arena, text.len + 1);
    text_add(&again, note->text);
    text_add_char(&again, '\n');
    for (uint32_t i = 0; i < note->signatures_count; i++) {
        const struct note_signature *signature = &note->signatures[i];
        must(is_inside(signature->name, text) && signature->name.len > 0, "a name is in the note");
        text_add(&again, SPAN("\xE2\x80\x94 "));
        text_add(&again, signature->name);
        text_add_char(&again, ' ');
        text_add(&again, signature->base64);
        text_add_char(&again, '\n');
    }
    must(!again.full, "a note fits where it came from");
    must(span_equal(text_span(&again), text), "a note is its text and its lines");
}

static void check_checkpoint(struct span text, struct arena *arena)
{
    struct checkpoint checkpoint;
    struct error err = { 0 };
    if (!checkpoint_read(text, &checkpoint, &err)) {
        check_refusal(text, &err);
        return;
    }
    must(err.kind == ERROR_NONE, "an error is untouched on true");
    struct text again = text_in(arena, text.len + 1);
    checkpoint_write(&again, &checkpoint);
    must(span_starts_with(text, text_span(&again)), "a checkpoint begins as we would write it");
}

static void check_verdicts(struct span text, const struct note *note)
{
    static const struct { const struct span *key, *text; } rows[] = {
        { &example_key, &example_text }, { &witness_key, &witness_text },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct note_key key;
        struct checkpoint checkpoint;
        struct error err = { 0 };
        uint64_t time_s = UINT64_MAX;
        must(note_key_read(*rows[i].key, &key, NULL), "the key is one");
        enum note_verdict verdict = note_verify(note, &key, &time_s);
        if (verdict == NOTE_SIGNED)
            must(span_equal(note->text, *rows[i].text), "only what was signed is signed");
        must((time_s != UINT64_MAX) == (verdict == NOTE_SIGNED && key.type == NOTE_COSIGNATURE),
             "only a cosignature that fits has a time");
        enum verdict whole = checkpoint_verify(text, &key, &checkpoint, &err);
        must((whole == VERDICT_TRUE) == (err.kind == ERROR_NONE), "a verdict but true says why");
        if (verdict != NOTE_SIGNED) must(whole != VERDICT_TRUE, "what is not signed is not true");
    }
}

static void check_key(struct span line, struct arena *arena)
{
    struct note_key key;
    struct error err = { 0 };
    if (!note_key_read(line, &key, &err)) {
        must(err.kind == ERROR_SYNTAX && err.text[0] != '\0', "a key is refused with a reason");
        return;
    }
    struct text again = text_in(arena, line.len + 1);
    note_key_write(&again, &key);
    must(span_equal(text_span(&again), line), "a key is written as it was read");
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct note note;
    struct span text = { (const char *)data, size };
    struct arena arena;
    struct error err = { 0 };
    if (size > (size_t)2 * NOTE_MAX) return 0;
    if (!arena_open(&arena, 8 * size + (size_t)64 * KIB, &err)) return 0;
    check_key(span_cut(text, '\n').head, &arena);
    if (note_read(text, &note, &err)) {
        must(err.kind == ERROR_NONE, "an error is untouched on true");
        must(utf8_check(text, NULL), "a note is UTF-8");
        check_note(text, &note, &arena);
        check_checkpoint(note.text, &arena);
        check_verdicts(text, &note);
    } else {
        check_refusal(text, &err);
    }
    arena_close(&arena);
    return 0;
}
