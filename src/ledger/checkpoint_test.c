#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "ledger/log_sample.h"

enum { SIZE = 256 * KIB };

static int make(void **state)
{
    static struct arena arena;
    if (!arena_open(&arena, SIZE, NULL)) return -1;
    *state = &arena;
    return 0;
}

static int end(void **state)
{
    arena_close(*state);
    return 0;
}

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static void the_example_of_the_specification_is_read_and_written(void **state)
{
    struct span example = SPAN("example.com/behind-the-sofa\n20852163\n" ROOT);
    struct checkpoint checkpoint;
    uint8_t root[SHA256_SIZE];
    size_t size;
    assert_true(checkpoint_read(example, &checkpoint, NULL));
    assert_true(span_equal(checkpoint.origin, SPAN("example.com/behind-the-sofa")));
    assert_int_equal(checkpoint.size, 20852163);
    assert_true(base64_read(SPAN("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="), root, 32, &size));
    assert_memory_equal(checkpoint.root.bytes, root, SHA256_SIZE);
    struct text text = text_in(*state, 128);
    checkpoint_write(&text, &checkpoint);
    assert_true(span_equal(text_span(&text), example));
}

static void checkpoints_are_read_strictly(void **state)
{
    (void)state;
    static const struct { struct span text; bool good; unsigned line; } rows[] = {
        { SPAN_INIT("o\n0\n" ROOT), true, 0 },
        { SPAN_INIT("o\n9223372036854775807\n" ROOT), true, 0 },
        { SPAN_INIT("an origin with blanks + signs\n1\n" ROOT), true, 0 },
        { SPAN_INIT("o\n1\n" ROOT "extension\n"), true, 0 },
        { SPAN_INIT("o\n1\n" ROOT "one\ntwo\n"), true, 0 },
        { SPAN_INIT(""), false, 1 },
        { SPAN_INIT("o\n"), false, 1 },
        { SPAN_INIT("o\n1\n"), false, 1 },
        { SPAN_INIT("\n1\n" ROOT), false, 1 },
        { SPAN_INIT("o\n\n" ROOT), false, 2 },
        { SPAN_INIT("o\n01\n" ROOT), false, 2 },
        { SPAN_INIT("o\n00\n" ROOT), false, 2 },
        { SPAN_INIT("o\n+1\n" ROOT), false, 2 },
        { SPAN_INIT("o\n-1\n" ROOT), false, 2 },
        { SPAN_INIT("o\n 1\n" ROOT), false, 2 },
        { SPAN_INIT("o\n1 \n" ROOT), false, 2 },
        { SPAN_INIT("o\n0x1\n" ROOT), false, 2 },
        { SPAN_INIT("o\n9223372036854775808\n" ROOT), false, 2 },
        { SPAN_INIT("o\n18446744073709551616\n" ROOT), false, 2 },
        { SPAN_INIT("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="), false, 1 },
        { SPAN_INIT("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n"), false, 3 },
        { SPAN_INIT("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"), false, 3 },
        { SPAN_INIT("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n"), false, 3 },
        { SPAN_INIT("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2Kr\n"), false, 3 },
        { SPAN_INIT("o\n1\n\n"), false, 3 },
        { SPAN_INIT("o\n1\n" ROOT "\n"), false, 4 },
        { SPAN_INIT("o\n1\n" ROOT "one\n\ntwo\n"), false, 5 },
        { SPAN_INIT("o\n1\n" ROOT "no end"), false, 4 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct checkpoint checkpoint;
        struct error err = { 0 };
        assert_int_equal(checkpoint_read(rows[i].text, &checkpoint, &err), rows[i].good);
        assert_int_equal(err.kind, rows[i].good ? ERROR_NONE : ERROR_SYNTAX);
        assert_int_equal(err.line, rows[i].line);
    }
}

static void assert_verdict(struct span note, const struct note_key *key, enum verdict verdict)
{
    struct checkpoint checkpoint = { .size = 77 };
    struct error err = { 0 };
    assert_int_equal(checkpoint_verify(note, key, &checkpoint, &err), verdict);
    assert_int_equal(err.kind == ERROR_NONE, verdict == VERDICT_TRUE);
    assert_int_equal(checkpoint.size, verdict == VERDICT_MALFORMED ? 77 : 5);
}

static struct tree five(void)
{
    struct tree tree = { 0 };
    for (uint64_t i = 0; i < 5; i++) tree_add(&tree, sample_leaf(i));
    return tree;
}

static void the_verdict_says_whose_word_a_checkpoint_is(void **state)
{
    struct tree tree = five();
    struct log_key ours = sample_key(1), others = sample_key(2);
    struct note_key key = sample_public(&ours), other = sample_public(&others);
    struct span note = sample_note(&tree, &ours, *state);
    assert_verdict(note, &key, VERDICT_TRUE);
    assert_verdict(note, NULL, VERDICT_CANNOT_TELL);
    assert_verdict(note, &other, VERDICT_CANNOT_TELL);
    assert_verdict((struct span){ note.at, note.len - 1 }, &key, VERDICT_MALFORMED);
    assert_verdict(SPAN("o\n1\nonly\n\n\xE2\x80\x94 x AAAAAQI=\n"), &key, VERDICT_MALFORMED);

    char *mine = (char *)(uintptr_t)note.at;
    mine[note.len - 10] ^= 1; // in the signature, and still base64
    assert_verdict(note, &key, VERDICT_FORGED);
    assert_verdict(note, NULL, VERDICT_CANNOT_TELL);
}

// A key that signs honestly for a log of another name.
static void a_logs_key_speaks_for_its_own_origin_only(void **state)
{
    struct tree tree = five();
    struct log_key ours = sample_key(1);
    struct note_key key = sample_public(&ours);
    struct checkpoint checkpoint = { SPAN("another.example/log"), 5, tree_root(&tree) };
    struct text body = text_in(*state, 256), note = text_in(*state, 512);
    checkpoint_write(&body, &checkpoint);
    note_sign(&note, text_span(&body), key.name, key.id, ours.secret_key);
    assert_verdict(text_span(&note), &key, VERDICT_CANNOT_TELL);
}

static void a_witness_speaks_for_any_origin(void **state)
{
    struct tree tree = five();
    struct log_key ours = sample_key(1), seen = sample_key(3);
    struct note_key witness = sample_public(&seen);
    witness.name = SPAN("witness.example");
    witness.type = NOTE_COSIGNATURE;
    witness.id = note_key_id(witness.name, witness.type, witness.public_key);
    struct span note = sample_note(&tree, &ours, *state);
    struct text cosigned = text_in(*state, 1024);
    struct note read;
    assert_true(note_read(note, &read, NULL));
    assert_verdict(note, &witness, VERDICT_CANNOT_TELL);
    text_add(&cosigned, note);
    note_cosign(&cosigned, read.text, witness.name, witness.id, seen.secret_key, 1);
    assert_verdict(text_span(&cosigned), &witness, VERDICT_TRUE);
    struct note_key key = sample_public(&ours);
    assert_verdict(text_span(&cosigned), &key, VERDICT_TRUE);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(the_example_of_the_specification_is_read_and_written),
        TEST(checkpoints_are_read_strictly),
        TEST(the_verdict_says_whose_word_a_checkpoint_is),
        TEST(a_logs_key_speaks_for_its_own_origin_only),
        TEST(a_witness_speaks_for_any_origin),
    };
    return cmocka_run_group_tests_name("checkpoint", tests, NULL, NULL);
}
