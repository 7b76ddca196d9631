#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "ledger/bundle.h"
#include "ledger/log_sample.h"

enum { SIZE = 1024 * KIB, ENTRIES = 21, INDEX = 5 };

// A log of 21 entries in memory, and the proof that the sixth is in it.
struct sample {
    struct arena arena;
    struct log_key log;
    struct note_key key;
    struct tree tree;
    struct span note, text;
    struct bundle bundle;
    char entry_bytes[64];
    struct span entry;
};

static bool read_sample(void *state, unsigned level, uint64_t index, struct sha256 *hash,
                        struct error *err)
{
    (void)state, (void)err;
    struct tree tree = { 0 };
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        tree_add(&tree, sample_leaf(i));
    *hash = tree_root(&tree);
    return true;
}

static struct span written(struct sample *s, const struct bundle *bundle)
{
    struct text text = text_in(&s->arena, (size_t)2 * KIB);
    bundle_write(&text, bundle);
    assert_false(text.full);
    return text_span(&text);
}

static int make(void **state)
{
    static struct sample s;
    struct hash_source source = { read_sample, NULL };
    s = (struct sample){ .log = sample_key(1) };
    if (!arena_open(&s.arena, SIZE, NULL)) return -1;
    s.key = sample_public(&s.log);
    for (uint64_t i = 0; i < ENTRIES; i++) tree_add(&s.tree, sample_leaf(i));
    s.note = sample_note(&s.tree, &s.log, &s.arena);
    s.bundle = (struct bundle){ .index = INDEX, .checkpoint = s.note };
    if (!proof_make_inclusion(&source, INDEX, ENTRIES, &s.bundle.proof, NULL)) return -1;
    s.text = written(&s, &s.bundle);
    s.entry = sample_entry(INDEX, s.entry_bytes);
    *state = &s;
    return 0;
}

static int end(void **state)
{
    struct sample *s = *state;
    arena_close(&s->arena);
    return 0;
}

static enum verdict verdict_of(struct span text, struct span entry, const struct note_key *key)
{
    struct error err = { 0 };
    enum verdict verdict = bundle_verify(text, entry, key, NULL, &err);
    assert_int_equal(err.kind == ERROR_NONE, verdict == VERDICT_TRUE);
    if (verdict != VERDICT_TRUE) assert_true(err.text[0] != '\0');
    return verdict;
}

static void a_bundle_is_the_text_that_the_specification_shows(void **state)
{
    struct sample *s = *state;
    struct span_pair line = span_cut(s->text, '\n');
    assert_true(span_equal(line.head, SPAN("c2sp.org/tlog-proof@v1")));
    line = span_cut(line.tail, '\n');
    assert_true(span_equal(line.head, SPAN("index 5")));
    for (uint32_t i = 0; i < s->bundle.proof.count; i++) {
        struct sha256 hash = { 0 };
        size_t size;
        line = span_cut(line.tail, '\n');
        assert_true(base64_read(line.head, hash.bytes, SHA256_SIZE, &size));
        assert_true(sha256_equal(hash, s->bundle.proof.hashes[i]));
    }
    line = span_cut(line.tail, '\n');
    assert_int_equal(line.head.len, 0);
    assert_true(span_equal(line.tail, s->note));
}

static void a_bundle_is_read_as_it_was_written(void **state)
{
    struct sample *s = *state;
    struct bundle bundles[] = { s->bundle, s->bundle, s->bundle, s->bundle };
    bundles[1].extra = SPAN("YWdl");
    bundles[2].proof.count = 0;
    bundles[3].proof.count = PROOF_HASHES_MAX;
    bundles[3].index = INT64_MAX;
    for (int i = 0; i < 4; i++) {
        struct bundle back;
        struct span text = written(s, &bundles[i]);
        assert_true(bundle_read(text, &back, NULL));
        assert_true(back.index == bundles[i].index);
        assert_true(span_equal(back.extra, bundles[i].extra));
        assert_true(span_equal(back.checkpoint, s->note));
        assert_int_equal(back.proof.count, bundles[i].proof.count);
        assert_true(span_equal(written(s, &back), text));
    }
}

static void the_verdict_depends_on_entry_and_key(void **state)
{
    struct sample *s = *state;
    struct log_key others = sample_key(2);
    struct note_key other = sample_public(&others);
    struct checkpoint checkpoint = { 0 };
    assert_int_equal(bundle_verify(s->text, s->entry, &s->key, &checkpoint, NULL), VERDICT_TRUE);
    assert_int_equal(checkpoint.size, ENTRIES);
    assert_true(span_equal(checkpoint.origin, SPAN(SAMPLE_ORIGIN)));
    assert_int_equal(verdict_of(s->text, s->entry, NULL), VERDICT_CANNOT_TELL);
    assert_int_equal(verdict_of(s->text, s->entry, &other), VERDICT_CANNOT_TELL);
    for (uint64_t i = 0; i < ENTRIES; i++) {
        char bytes[64];
        if (i == INDEX) continue;
        struct span entry = sample_entry(i, bytes);
        assert_int_equal(verdict_of(s->text, entry, &s->key), VERDICT_NOT_SEALED);
        assert_int_equal(verdict_of(s->text, entry, NULL), VERDICT_NOT_SEALED);
        assert_int_equal(verdict_of(s->text, entry, &other), VERDICT_NOT_SEALED);
    }
}

static void each_kind_of_tampering_has_its_verdict(void **state)
{
    struct sample *s = *state;
    struct bundle b = s->bundle;
    b.index = INDEX + 1;
    assert_int_equal(verdict_of(written(s, &b), s->entry, &s->key), VERDICT_NOT_SEALED);
    b.index = ENTRIES;
    assert_int_equal(verdict_of(written(s, &b), s->entry, &s->key), VERDICT_NOT_SEALED);
    b = s->bundle;
    b.proof.count--;
    assert_int_equal(verdict_of(written(s, &b), s->entry, &s->key), VERDICT_NOT_SEALED);
    b = s->bundle;
    b.proof.hashes[b.proof.count++] = b.proof.hashes[0];
    assert_int_equal(verdict_of(written(s, &b), s->entry, &s->key), VERDICT_NOT_SEALED);
    b = s->bundle;
    b.proof.hashes[1].bytes[31] ^= 0x80;
    assert_int_equal(verdict_of(written(s, &b), s->entry, &s->key), VERDICT_NOT_SEALED);

    // A root that fits another entry, with the signature of the true one.
    struct tree false_tree = { 0 };
    for (uint64_t i = 0; i < ENTRIES; i++) tree_add(&false_tree, sample_leaf(i == INDEX ? 0 : i));
    struct log_key others = sample_key(2);
    struct span false_note = sample_note(&false_tree, &others, &s->arena);
    struct note mine, theirs;
    assert_true(note_read(s->note, &mine, NULL));
    assert_true(note_read(false_note, &theirs, NULL));
    struct text note = text_in(&s->arena, KIB);
    text_add(&note, theirs.text);
    text_add(&note, (struct span){ s->note.at + mine.text.len, s->note.len - mine.text.len });
    b = s->bundle;
    b.checkpoint = text_span(&note);
    char bytes[64];
    struct span other_entry = sample_entry(0, bytes);
    assert_int_equal(verdict_of(written(s, &b), other_entry, &s->key), VERDICT_FORGED);
    assert_int_equal(verdict_of(written(s, &b), s->entry, &s->key), VERDICT_FORGED);
    // The same tree signed with the forger's own key: nobody that we asked about.
    b.checkpoint = false_note;
    assert_int_equal(verdict_of(written(s, &b), other_entry, &s->key), VERDICT_CANNOT_TELL);
}

static void no_changed_byte_leaves_the_verdict_true(void **state)
{
    struct sample *s = *state;
    char *text = (char *)(uintptr_t)s->text.at;
    for (size_t at = 0; at < s->text.len; at++) {
        char was = text[at];
        for (int c = 0; c < 256; c++) {
            text[at] = (char)c;
            if (text[at] == was) continue;
            assert_int_not_equal(verdict_of(s->text, s->entry, &s->key), VERDICT_TRUE);
        }
        text[at] = was;
    }
    for (size_t len = 0; len < s->text.len; len++)
        assert_int_not_equal(verdict_of((struct span){ text, len }, s->entry, &s->key),
                             VERDICT_TRUE);
    assert_int_equal(verdict_of(s->text, s->entry, &s->key), VERDICT_TRUE);
}

static void what_is_no_bundle_is_refused_with_its_place(void **state)
{
    (void)state;
#define HEAD "c2sp.org/tlog-proof@v1\n"
#define BARE_HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
#define HASH BARE_HASH "\n"
#define SHORT_HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw=="
    static const struct { struct span text; unsigned line; const char *why; } rows[] = {
        { SPAN_INIT(""), 1, "first line" },
        { SPAN_INIT("c2sp.org/tlog-proof@v1"), 1, "first line" },
        { SPAN_INIT("c2sp.org/tlog-proof@v2\nindex 0\n\nnote"), 1, "first line" },
        { SPAN_INIT(" " HEAD "index 0\n\nnote"), 1, "first line" },
        { SPAN_INIT(HEAD), 2, "index" },
        { SPAN_INIT(HEAD "index"), 2, "index" },
        { SPAN_INIT(HEAD "index 0"), 2, "index" },
        { SPAN_INIT(HEAD "index \n\nnote"), 2, "index" },
        { SPAN_INIT(HEAD "index 01\n\nnote"), 2, "index" },
        { SPAN_INIT(HEAD "index -1\n\nnote"), 2, "index" },
        { SPAN_INIT(HEAD "index 1 \n\nnote"), 2, "index" },
        { SPAN_INIT(HEAD "Index 1\n\nnote"), 2, "index" },
        { SPAN_INIT(HEAD "index 99999999999999999999\n\nnote"), 2, "index" },
        { SPAN_INIT(HEAD "extra YWdl"), 2, "index" },
        { SPAN_INIT(HEAD "extra YWdl\n"), 3, "index" },
        { SPAN_INIT(HEAD "extra YWdl\nextra YWdl\nindex 0\n\nnote"), 3, "index" },
        { SPAN_INIT(HEAD "index 0\nextra YWdl\n\nnote"), 3, "hash" },
        { SPAN_INIT(HEAD "extra \nindex 0\n\nnote"), 2, "extra" },
        { SPAN_INIT(HEAD "extra YW=l\nindex 0\n\nnote"), 2, "extra" },
        { SPAN_INIT(HEAD "extra YWdl \nindex 0\n\nnote"), 2, "extra" },
        { SPAN_INIT(HEAD "index 0\n"), 3, "checkpoint" },
        { SPAN_INIT(HEAD "index 0\n\n"), 3, "checkpoint" },
        { SPAN_INIT(HEAD "index 0\n" HASH), 4, "checkpoint" },
        { SPAN_INIT(HEAD "index 0\n" HASH BARE_HASH), 4, "hash" },
        { SPAN_INIT(HEAD "index 0\n" SHORT_HASH "\n\nnote"), 3, "hash" },
        { SPAN_INIT(HEAD "index 0\nnote\n"), 3, "hash" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bundle bundle;
        struct error err = { 0 };
        assert_false(bundle_read(rows[i].text, &bundle, &err));
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_int_equal(err.line, rows[i].line);
        assert_non_null(strstr(err.text, rows[i].why));
        assert_int_equal(verdict_of(rows[i].text, SPAN("x"), NULL), VERDICT_MALFORMED);
    }
}

static void a_path_longer_than_any_tree_is_high_is_refused(void **state)
{
    struct sample *s = *state;
    struct text text = text_in(&s->arena, (size_t)8 * KIB);
    struct bundle bundle;
    struct error err = { 0 };
    text_add(&text, SPAN(HEAD "index 0\n"));
    for (int i = 0; i <= PROOF_HASHES_MAX; i++) text_add(&text, SPAN(HASH));
    text_add(&text, SPAN("\nnote\n"));
    assert_false(bundle_read(text_span(&text), &bundle, &err));
    assert_int_equal(err.line, 3 + PROOF_HASHES_MAX);
}

static void a_bundle_has_its_limit(void **state)
{
    struct sample *s = *state;
    struct text text = text_in(&s->arena, PROOF_TEXT_MAX + KIB);
    struct bundle bundle;
    struct error err = { 0 };
    text_add(&text, SPAN(HEAD "index 0\n\n"));
    while (text.len < PROOF_TEXT_MAX) text_add_char(&text, 'x');
    assert_true(bundle_read(text_span(&text), &bundle, NULL)); // the note is looked at later
    text_add_char(&text, 'x');
    assert_false(bundle_read(text_span(&text), &bundle, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

static void extra_data_changes_no_verdict(void **state)
{
    struct sample *s = *state;
    struct bundle with_extra = s->bundle;
    with_extra.extra = SPAN("YWdlLXYx");
    assert_int_equal(verdict_of(written(s, &with_extra), s->entry, &s->key), VERDICT_TRUE);
}

// A witness that cosigned the log of somebody else.
static void a_witness_alone_does_not_say_whose_log_it_is(void **state)
{
    struct sample *s = *state;
    struct log_key seen = sample_key(3);
    struct note_key witness = sample_public(&seen);
    struct note note;
    assert_true(note_read(s->note, &note, NULL));
    static const struct { struct span name; enum verdict verdict; } rows[] = {
        { SPAN_INIT("witness.example"), VERDICT_CANNOT_TELL },
        { SPAN_INIT(SAMPLE_ORIGIN), VERDICT_TRUE }, // the log's own cosignature
    };
    for (int i = 0; i < 2; i++) {
        struct text cosigned = text_in(&s->arena, (size_t)2 * KIB);
        struct bundle bundle = s->bundle;
        char bytes[64];
        witness.name = rows[i].name;
        witness.type = NOTE_COSIGNATURE;
        witness.id = note_key_id(witness.name, witness.type, witness.public_key);
        text_add(&cosigned, s->note);
        note_cosign(&cosigned, note.text, witness.name, witness.id, seen.secret_key, 5);
        bundle.checkpoint = text_span(&cosigned);
        struct span text = written(s, &bundle);
        assert_int_equal(verdict_of(text, s->entry, &witness), rows[i].verdict);
        assert_int_equal(verdict_of(text, s->entry, &s->key), VERDICT_TRUE);
        assert_int_equal(verdict_of(text, sample_entry(0, bytes), &witness), VERDICT_NOT_SEALED);
    }
}

static void verdicts_have_their_words(void **state)
{
    (void)state;
    static const char *const words[VERDICT_COUNT] = { "cannot-tell", "true", "not-sealed", "forged",
                                                      "malformed" };
    for (int i = 0; i < VERDICT_COUNT; i++)
        assert_string_equal(verdict_name((enum verdict)i), words[i]);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(a_bundle_is_the_text_that_the_specification_shows),
        TEST(a_bundle_is_read_as_it_was_written),
        TEST(the_verdict_depends_on_entry_and_key),
        TEST(each_kind_of_tampering_has_its_verdict),
        TEST(no_changed_byte_leaves_the_verdict_true),
        TEST(what_is_no_bundle_is_refused_with_its_place),
        TEST(a_path_longer_than_any_tree_is_high_is_refused),
        TEST(a_bundle_has_its_limit),
        TEST(extra_data_changes_no_verdict),
        TEST(a_witness_alone_does_not_say_whose_log_it_is),
        TEST(verdicts_have_their_words),
    };
    return cmocka_run_group_tests_name("bundle", tests, NULL, NULL);
}
