#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "ledger/note.h"

enum { SIZE = 1024 * KIB };

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

// The example of the specification.
static const struct span foo_vkey =
    SPAN_INIT("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
#define FOO_TEXT "This is an example message.\n"
#define FOO_LINE                                                                   \
    "\xE2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlT" \
    "gK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
#define OTHER_LINE "\xE2\x80\x94 other.example AAAAAQI=\n"

static struct note_key foo(void)
{
    struct note_key key;
    assert_true(note_key_read(foo_vkey, &key, NULL));
    return key;
}

static enum note_verdict verdict_of(struct span text, const struct note_key *key)
{
    static struct note note;
    return note_read(text, &note, NULL) ? note_verify(&note, key, NULL) : NOTE_FORGED;
}

// A key of ours: its secret is made of one byte of seed.
struct pair { struct note_key key; uint8_t secret[64]; };

static struct pair pair_of(struct span name, uint8_t type, uint8_t seed_byte)
{
    struct pair pair = { .key = { .name = name, .type = type } };
    uint8_t seed[32] = { seed_byte };
    crypto_sign_seed_keypair(pair.key.public_key, pair.secret, seed);
    pair.key.id = note_key_id(name, type, pair.key.public_key);
    return pair;
}

static void the_example_of_the_specification_is_signed(void **state)
{
    (void)state;
    struct note note;
    struct note_key key = foo();
    assert_true(span_equal(key.name, SPAN("example.com/foo")));
    assert_int_equal(key.id, 0x530d903a);
    assert_int_equal(key.type, NOTE_ED25519);
    assert_true(note_read(SPAN(FOO_TEXT "\n" FOO_LINE), &note, NULL));
    assert_true(span_equal(note.text, SPAN(FOO_TEXT)));
    assert_int_equal(note.signatures_count, 1);
    assert_true(span_equal(note.signatures[0].name, key.name));
    assert_int_equal(note.signatures[0].id, key.id);
    uint64_t time_s = 77;
    assert_int_equal(note_verify(&note, &key, &time_s), NOTE_SIGNED);
    assert_int_equal(time_s, 77); // no cosignature has no time
}

static void keys_are_written_as_they_were_read(void **state)
{
    struct note_key key = foo();
    struct text text = text_in(*state, 128);
    note_key_write(&text, &key);
    assert_true(span_equal(text_span(&text), foo_vkey));
}

static void a_key_with_any_letter_changed_is_refused(void **state)
{
    (void)state;
    char vkey[128];
    memcpy(vkey, foo_vkey.at, foo_vkey.len);
    for (size_t at = 0; at < foo_vkey.len; at++)
        for (int c = 0; c < 256; c++) {
            struct note_key key;
            struct error err = { 0 };
            if ((char)c == foo_vkey.at[at]) continue;
            vkey[at] = (char)c;
            assert_false(note_key_read((struct span){ vkey, foo_vkey.len }, &key, &err));
            assert_int_equal(err.kind, ERROR_SYNTAX);
            vkey[at] = foo_vkey.at[at];
        }
    for (size_t len = 0; len < foo_vkey.len; len++) {
        struct note_key key;
        assert_false(note_key_read((struct span){ vkey, len }, &key, NULL));
    }
}

static void only_keys_of_a_known_type_and_length_are_read(void **state)
{
    for (unsigned type = 0; type < 256; type++)
        for (size_t size = 31; size <= 33; size++) {
            arena_reset(*state, 0);
            uint8_t typed[34] = { (uint8_t)type };
            struct note_key key;
            struct span material = { (const char *)typed, size + 1 };
            struct sha256 id = sha256_of_two(SPAN("log\n"), material);
            struct text text = text_in(*state, 128);
            text_add(&text, SPAN("log+"));
            hex_write(&text, id.bytes, 4);
            text_add_char(&text, '+');
            base64_write(&text, typed, size + 1);
            bool known = size == 32 && (type == NOTE_ED25519 || type == NOTE_COSIGNATURE);
            assert_int_equal(note_key_read(text_span(&text), &key, NULL), known);
        }
}

static void names_have_no_white_space_and_no_plus_sign(void **state)
{
    static const struct { struct span name; bool good; } rows[] = {
        { SPAN_INIT("a"), true },
        { SPAN_INIT("customs.example/ledger"), true },
        { SPAN_INIT("zoll.example/f\xC3\xBC" "r-immer"), true },
        { SPAN_INIT("\xE2\x80\x94"), true },                       // a dash is no blank
        { SPAN_INIT("\xE2\x80\x8B"), true },                       // nor is U+200B, says Unicode
        { SPAN_INIT("\xE2\x81\xA0"), true },                       // nor U+2060
        { SPAN_INIT("\x7F"), true },
        { SPAN_INIT(""), false },
        { SPAN_INIT("a+b"), false },
        { SPAN_INIT("a b"), false },
        { SPAN_INIT("a\t"), false },
        { SPAN_INIT("\xC2\x85"), false },                          // U+0085 next line
        { SPAN_INIT("a\xC2\xA0" "b"), false },                     // U+00A0 no-break space
        { SPAN_INIT("\xE1\x9A\x80"), false },                      // U+1680 ogham space
        { SPAN_INIT("\xE2\x80\x80"), false },                      // U+2000 en quad
        { SPAN_INIT("a\xE2\x80\x85"), false },                     // U+2005
        { SPAN_INIT("\xE2\x80\x8A" "b"), false },                  // U+200A hair space
        { SPAN_INIT("\xE2\x80\xA8"), false },                      // U+2028 line separator
        { SPAN_INIT("\xE2\x80\xA9"), false },                      // U+2029 paragraph separator
        { SPAN_INIT("\xE2\x80\xAF"), false },                      // U+202F narrow no-break space
        { SPAN_INIT("\xE2\x81\x9F"), false },                      // U+205F mathematical space
        { SPAN_INIT("\xE3\x80\x80"), false },                      // U+3000 ideographic space
        { SPAN_INIT("\xFF"), false },
        { SPAN_INIT("\xE2\x80"), false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        arena_reset(*state, 0);
        struct pair pair = pair_of(rows[i].name, NOTE_ED25519, 1);
        struct text vkey = text_in(*state, 128), line = text_in(*state, 128);
        struct note_key key;
        struct note note;
        note_key_write(&vkey, &pair.key);
        assert_int_equal(note_key_read(text_span(&vkey), &key, NULL), rows[i].good);
        text_add_format(&line, "text\n\n\xE2\x80\x94 %s AAAAAQI=\n", rows[i].name.at);
        assert_int_equal(note_read(text_span(&line), &note, NULL), rows[i].good);
    }
}

static void a_name_of_a_key_is_at_most_255_bytes_and_others_may_be_longer(void **state)
{
    char name[NOTE_KEY_NAME_MAX + 1];
    memset(name, 'n', sizeof(name));
    for (size_t len = sizeof(name) - 1; len <= sizeof(name); len++) {
        struct pair pair = pair_of((struct span){ name, len }, NOTE_ED25519, 1);
        struct text vkey = text_in(*state, NOTE_VKEY_MAX), line = text_in(*state, 512);
        struct note_key key;
        struct note note;
        note_key_write(&vkey, &pair.key);
        assert_int_equal(note_key_read(text_span(&vkey), &key, NULL), len <= NOTE_KEY_NAME_MAX);
        note_sign(&line, SPAN("text\n"), pair.key.name, pair.key.id, pair.secret);
        assert_true(note_read(text_span(&line), &note, NULL));
    }
}

static void what_we_sign_is_signed_by_us_and_nobody_else(void **state)
{
    struct pair ours = pair_of(SPAN("customs.example/ledger"), NOTE_ED25519, 1);
    struct pair other = pair_of(SPAN("customs.example/ledger"), NOTE_ED25519, 2);
    struct pair renamed = pair_of(SPAN("customs.example/other"), NOTE_ED25519, 1);
    static const struct span bodies[] = {
        SPAN_INIT("\n"), SPAN_INIT("one line\n"), SPAN_INIT("a\n\nb\n"), SPAN_INIT("\n\n\n"),
        SPAN_INIT("\xE2\x80\x94 a line that looks like a signature AAAAAQI=\n"),
        SPAN_INIT("f\xC3\xBCr\n"),
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct text text = text_in(*state, 256);
        struct note note;
        note_sign(&text, bodies[i], ours.key.name, ours.key.id, ours.secret);
        assert_true(note_read(text_span(&text), &note, NULL));
        assert_true(span_equal(note.text, bodies[i]));
        assert_int_equal(note_verify(&note, &ours.key, NULL), NOTE_SIGNED);
        assert_int_equal(note_verify(&note, &other.key, NULL), NOTE_CANNOT_TELL);
        assert_int_equal(note_verify(&note, &renamed.key, NULL), NOTE_CANNOT_TELL);
    }
}

static void unknown_signatures_are_passed_over_wherever_they_stand(void **state)
{
    struct note_key key = foo();
    assert_int_equal(verdict_of(SPAN(FOO_TEXT "\n" OTHER_LINE FOO_LINE), &key), NOTE_SIGNED);
    assert_int_equal(verdict_of(SPAN(FOO_TEXT "\n" FOO_LINE OTHER_LINE), &key), NOTE_SIGNED);
    assert_int_equal(verdict_of(SPAN(FOO_TEXT "\n" OTHER_LINE), &key), NOTE_CANNOT_TELL);
    // The same name with another id, and the same id with another name, are other keys.
    assert_int_equal(verdict_of(SPAN(FOO_TEXT "\n\xE2\x80\x94 example.com/foo AAAAAQI=\n"), &key),
                     NOTE_CANNOT_TELL);
    assert_int_equal(verdict_of(SPAN(FOO_TEXT "\n\xE2\x80\x94 example.com/bar Uw2QOgA=\n"), &key),
                     NOTE_CANNOT_TELL);
    (void)state;
}

static void sixteen_signatures_of_the_longest_kind_are_accepted(void **state)
{
    uint8_t longest[4 + 4627]; // ML-DSA-87
    memset(longest, 0x5A, sizeof(longest));
    struct note_key key = foo();
    struct text text = text_in(*state, NOTE_MAX);
    text_add(&text, SPAN(FOO_TEXT "\n"));
    for (int i = 0; i < 15; i++) {
        text_add_format(&text, "\xE2\x80\x94 witness-%d.example ", i);
        base64_write(&text, longest, sizeof(longest));
        text_add_char(&text, '\n');
    }
    text_add(&text, SPAN(FOO_LINE));
    assert_int_equal(verdict_of(text_span(&text), &key), NOTE_SIGNED);
}

static void signatures_text_and_note_have_their_limits(void **state)
{
    struct note_key key = foo();
    struct note note;
    struct error err = { 0 };
    struct text text = text_in(*state, (size_t)4 * KIB);
    text_add(&text, SPAN(FOO_TEXT "\n" FOO_LINE));
    for (int i = 1; i < NOTE_SIGNATURES_MAX; i++) text_add(&text, SPAN(OTHER_LINE));
    assert_int_equal(verdict_of(text_span(&text), &key), NOTE_SIGNED);
    text_add(&text, SPAN(OTHER_LINE));
    assert_false(note_read(text_span(&text), &note, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);

    for (size_t len = CHECKPOINT_MAX; len <= CHECKPOINT_MAX + 1; len++) {
        struct text longer = text_in(*state, len + 64);
        for (size_t i = 1; i < len; i++) text_add_char(&longer, 'x');
        text_add(&longer, SPAN("\n\n" OTHER_LINE));
        assert_int_equal(note_read(text_span(&longer), &note, &err), len <= CHECKPOINT_MAX);
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
    }
    struct text longest = text_in(*state, NOTE_MAX + 64);
    text_add(&longest, SPAN("text\n\n\xE2\x80\x94 x "));
    while (longest.len < NOTE_MAX) text_add(&longest, SPAN("AAAA"));
    text_add_char(&longest, '\n');
    assert_false(note_read(text_span(&longest), &note, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

static void a_note_with_any_byte_changed_is_never_signed(void **state)
{
    (void)state;
    static char text[] = FOO_TEXT "\n" OTHER_LINE FOO_LINE;
    struct note_key key = foo();
    struct span span = { text, sizeof(text) - 1 };
    const char *other = strstr(text, OTHER_LINE);
    unsigned forged = 0;
    assert_int_equal(verdict_of(span, &key), NOTE_SIGNED);
    for (size_t at = 0; at < span.len; at++) {
        bool vouched_for = text + at < other || text + at >= other + strlen(OTHER_LINE);
        if (!vouched_for) continue;
        char was = text[at];
        for (int c = 0; c < 256; c++) {
            text[at] = (char)c;
            enum note_verdict verdict = verdict_of(span, &key);
            if (text[at] != was) assert_int_not_equal(verdict, NOTE_SIGNED);
            forged += verdict == NOTE_FORGED;
        }
        text[at] = was;
    }
    assert_true(forged > 10000);
    for (size_t len = 0; len < span.len; len++)
        assert_int_not_equal(verdict_of((struct span){ text, len }, &key), NOTE_SIGNED);
}

// A known key's line that does not fit makes the whole note forged, wherever a good one stands.
static void a_bad_signature_beside_a_good_one_makes_the_note_forged(void **state)
{
    (void)state;
    struct note_key key = foo();
#define BAD_LINE "\xE2\x80\x94 example.com/foo Uw2QOgECAwQ=\n"
    assert_int_equal(verdict_of(SPAN(FOO_TEXT "\n" FOO_LINE BAD_LINE), &key), NOTE_FORGED);
    assert_int_equal(verdict_of(SPAN(FOO_TEXT "\n" BAD_LINE FOO_LINE), &key), NOTE_FORGED);
    assert_int_equal(verdict_of(SPAN(FOO_TEXT "\n" FOO_LINE FOO_LINE), &key), NOTE_SIGNED);
}

static void signatures_of_a_known_key_have_their_length(void **state)
{
    struct pair pair = pair_of(SPAN("log"), NOTE_ED25519, 1);
    for (size_t size = 1; size < 200; size++) {
        arena_reset(*state, 0);
        struct text text = text_in(*state, 512);
        uint8_t bytes[4 + 200] = { (uint8_t)(pair.key.id >> 24), (uint8_t)(pair.key.id >> 16),
                                   (uint8_t)(pair.key.id >> 8), (uint8_t)pair.key.id };
        crypto_sign_detached(bytes + 4, NULL, (const uint8_t *)"text\n", 5, pair.secret);
        text_add(&text, SPAN("text\n\n\xE2\x80\x94 log "));
        base64_write(&text, bytes, 4 + size);
        text_add_char(&text, '\n');
        assert_int_equal(verdict_of(text_span(&text), &pair.key),
                         size == 64 ? NOTE_SIGNED : NOTE_FORGED);
    }
}

static void what_is_no_note_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct { struct span text; unsigned line, column; const char *why; } rows[] = {
        { SPAN_INIT(""), 1, 1, "line end" },
        { SPAN_INIT("\n"), 1, 1, "without signatures" },
        { SPAN_INIT("text"), 1, 5, "line end" },
        { SPAN_INIT("text\n"), 1, 1, "without signatures" },
        { SPAN_INIT("text\n\n"), 1, 5, "without signatures" },
        { SPAN_INIT("text\n" OTHER_LINE), 1, 1, "without signatures" },
        { SPAN_INIT("text\n\n" OTHER_LINE "\n"), 3, 27, "without signatures" },
        { SPAN_INIT("text\n\n" "\xE2\x80\x94 other.example AAAAAQI="), 3, 27, "line end" },
        { SPAN_INIT("text\n\n- other.example AAAAAQI=\n"), 3, 1, "dash" },
        { SPAN_INIT("text\n\n" OTHER_LINE "x\n"), 4, 1, "dash" },
        { SPAN_INIT("text\n\n\xE2\x80\x94other.example AAAAAQI=\n"), 3, 1, "dash" },
        { SPAN_INIT("text\n\n\xE2\x80\x94 AAAAAQI=\n"), 3, 1, "name" },
        { SPAN_INIT("text\n\n\xE2\x80\x94  AAAAAQI=\n"), 3, 1, "name" },
        { SPAN_INIT("text\n\n\xE2\x80\x94 a+b AAAAAQI=\n"), 3, 1, "name" },
        { SPAN_INIT("text\n\n\xE2\x80\x94 x  AAAAAQI=\n"), 3, 7, "base64" },
        { SPAN_INIT("text\n\n\xE2\x80\x94 x AAAAAQI= \n"), 3, 7, "base64" },
        { SPAN_INIT("text\n\n\xE2\x80\x94 x AAAAAQI\n"), 3, 7, "base64" },
        { SPAN_INIT("text\n\n\xE2\x80\x94 x AAAAAQJ=\n"), 3, 7, "base64" }, // bits nobody wrote
        { SPAN_INIT("text\n\n\xE2\x80\x94 x AAAA-QI=\n"), 3, 7, "base64" },
        { SPAN_INIT("text\n\n\xE2\x80\x94 x \n"), 3, 7, "too short" },
        { SPAN_INIT("text\n\n\xE2\x80\x94 x AAAAAQ==\n"), 3, 7, "too short" },
        { SPAN_INIT("te\rxt\n\n" OTHER_LINE), 1, 3, "control" },
        { SPAN_INIT("text\r\n\r\n" OTHER_LINE), 1, 5, "control" },
        { SPAN_INIT("te\0xt\n\n" OTHER_LINE), 1, 3, "control" },
        { SPAN_INIT("te\txt\n\n" OTHER_LINE), 1, 3, "control" },
        { SPAN_INIT("te\xFFxt\n\n" OTHER_LINE), 1, 3, "UTF-8" },
        { SPAN_INIT("te\xED\xA0\x80xt\n\n" OTHER_LINE), 1, 3, "UTF-8" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct note note;
        struct error err = { 0 };
        assert_false(note_read(rows[i].text, &note, &err));
        assert_int_equal(err.kind, ERROR_SYNTAX);
        assert_non_null(strstr(err.text, rows[i].why));
        assert_int_equal(err.line, rows[i].line);
        assert_int_equal(err.column, rows[i].column);
    }
}

static void no_control_character_but_the_line_end_stands_in_a_note(void **state)
{
    (void)state;
    char text[] = "te?xt\n\n" OTHER_LINE;
    for (int c = 1; c < 0x80; c++) {
        struct note note;
        text[2] = (char)c;
        assert_int_equal(note_read(span_of(text), &note, NULL), c >= 0x20 || c == '\n');
    }
}

#define CHECKPOINT_TEXT "customs.example/ledger\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

// Line for line what tlog-cosignature says is signed.
static void a_cosignature_is_over_its_header_its_time_and_the_text(void **state)
{
    struct pair witness = pair_of(SPAN("witness.example/w1"), NOTE_COSIGNATURE, 3);
    struct text text = text_in(*state, 512);
    struct note note;
    uint64_t time_s = 0;
    text_add(&text, SPAN(CHECKPOINT_TEXT "\n" OTHER_LINE));
    note_cosign(&text, SPAN(CHECKPOINT_TEXT), witness.key.name, witness.key.id, witness.secret,
                1679315147);
    assert_true(note_read(text_span(&text), &note, NULL));
    assert_int_equal(note.signatures_count, 2);
    assert_int_equal(note_verify(&note, &witness.key, &time_s), NOTE_SIGNED);
    assert_int_equal(time_s, 1679315147);

    uint8_t bytes[76];
    size_t size;
    static const char message[] = "cosignature/v1\ntime 1679315147\n" CHECKPOINT_TEXT;
    assert_true(base64_read(note.signatures[1].base64, bytes, sizeof(bytes), &size));
    assert_int_equal(size, 76);
    static const uint8_t time_bytes[8] = { 0, 0, 0, 0, 0x64, 0x18, 0x50, 0xCB };
    assert_memory_equal(bytes + 4, time_bytes, sizeof(time_bytes));
    assert_int_equal(crypto_sign_verify_detached(bytes + 12, (const uint8_t *)message,
                                                 sizeof(message) - 1, witness.key.public_key), 0);
}

static void a_cosignature_with_any_byte_changed_is_never_signed(void **state)
{
    struct pair witness = pair_of(SPAN("w"), NOTE_COSIGNATURE, 3);
    struct text text = text_in(*state, 512);
    text_add(&text, SPAN(CHECKPOINT_TEXT "\n"));
    note_cosign(&text, SPAN(CHECKPOINT_TEXT), witness.key.name, witness.key.id, witness.secret, 9);
    for (size_t at = 0; at < text.len; at++)
        for (int bit = 0; bit < 8; bit++) {
            text.at[at] ^= (char)(1 << bit);
            assert_int_not_equal(verdict_of(text_span(&text), &witness.key), NOTE_SIGNED);
            text.at[at] ^= (char)(1 << bit);
        }
    assert_int_equal(verdict_of(text_span(&text), &witness.key), NOTE_SIGNED);
}

// The times that are told are those of signatures that fit, and of them the newest.
static void the_newest_time_of_several_cosignatures_is_told(void **state)
{
    struct pair witness = pair_of(SPAN("w"), NOTE_COSIGNATURE, 3);
    struct text text = text_in(*state, 1024);
    struct note note;
    uint64_t time_s = 0;
    static const uint64_t times[] = { 5, 7, 6 };
    text_add(&text, SPAN(CHECKPOINT_TEXT "\n"));
    for (int i = 0; i < 3; i++)
        note_cosign(&text, SPAN(CHECKPOINT_TEXT), witness.key.name, witness.key.id, witness.secret,
                    times[i]);
    assert_true(note_read(text_span(&text), &note, NULL));
    assert_int_equal(note_verify(&note, &witness.key, &time_s), NOTE_SIGNED);
    assert_int_equal(time_s, 7);

    note_cosign(&text, SPAN("another\n"), witness.key.name, witness.key.id, witness.secret, 99);
    assert_true(note_read(text_span(&text), &note, NULL));
    assert_int_equal(note_verify(&note, &witness.key, &time_s), NOTE_FORGED);
    assert_int_equal(time_s, 7);
}

// A time beyond 2^63 - 1 is none, however well it is signed.
static void cosignatures_from_the_end_of_time_are_refused(void **state)
{
    struct pair witness = pair_of(SPAN("w"), NOTE_COSIGNATURE, 3);
    for (int beyond = 0; beyond < 2; beyond++) {
        uint64_t time_s = (uint64_t)INT64_MAX + (uint64_t)beyond;
        char message[256];
        uint8_t bytes[76] = { (uint8_t)(witness.key.id >> 24), (uint8_t)(witness.key.id >> 16),
                              (uint8_t)(witness.key.id >> 8), (uint8_t)witness.key.id };
        for (int i = 0; i < 8; i++) bytes[4 + i] = (uint8_t)(time_s >> (56 - 8 * i));
        int len = snprintf(message, sizeof(message), "cosignature/v1\ntime %llu\n" CHECKPOINT_TEXT,
                           (unsigned long long)time_s);
        crypto_sign_detached(bytes + 12, NULL, (const uint8_t *)message, (unsigned)len,
                             witness.secret);
        struct text text = text_in(*state, 512);
        text_add(&text, SPAN(CHECKPOINT_TEXT "\n\xE2\x80\x94 w "));
        base64_write(&text, bytes, sizeof(bytes));
        text_add_char(&text, '\n');
        assert_int_equal(verdict_of(text_span(&text), &witness.key),
                         beyond ? NOTE_FORGED : NOTE_SIGNED);
    }
}

// The same key pair as a log's and as a witness's has two ids, and neither signs for the other.
static void a_log_and_a_witness_with_one_key_pair_are_two(void **state)
{
    struct pair log = pair_of(SPAN("one.example"), NOTE_ED25519, 4);
    struct pair witness = pair_of(SPAN("one.example"), NOTE_COSIGNATURE, 4);
    assert_memory_equal(log.key.public_key, witness.key.public_key, 32);
    assert_int_not_equal(log.key.id, witness.key.id);
    struct text text = text_in(*state, 512), forged = text_in(*state, 512);
    note_sign(&text, SPAN(CHECKPOINT_TEXT), log.key.name, log.key.id, log.secret);
    assert_int_equal(verdict_of(text_span(&text), &witness.key), NOTE_CANNOT_TELL);
    note_cosign(&text, SPAN(CHECKPOINT_TEXT), log.key.name, witness.key.id, witness.secret, 1);
    assert_int_equal(verdict_of(text_span(&text), &log.key), NOTE_SIGNED);
    assert_int_equal(verdict_of(text_span(&text), &witness.key), NOTE_SIGNED);
    note_sign(&forged, SPAN(CHECKPOINT_TEXT), log.key.name, witness.key.id, log.secret);
    assert_int_equal(verdict_of(text_span(&forged), &witness.key), NOTE_FORGED);
}

// --- Which of Ed25519's edges are accepted ---

static struct span member(const struct json *json, uint32_t node, const char *name)
{
    return json_raw(json, json_member(json, node, span_of(name)));
}

static bool has_flag(const struct json *json, uint32_t node, const char *flag)
{
    uint32_t flags = json_member(json, node, SPAN("flags"));
    for (uint32_t i = flags + 1; flags != 0 && i < json->nodes[flags].next; i++)
        if (span_equal(json_raw(json, i), span_of(flag))) return true;
    return false;
}

static bool edge_is_accepted(const struct json *json, uint32_t node)
{
    uint8_t public_key[32], signature[64];
    struct span message = member(json, node, "msg");
    assert_true(hex_read(member(json, node, "key"), public_key, sizeof(public_key)));
    assert_true(hex_read(member(json, node, "sig"), signature, sizeof(signature)));
    return crypto_sign_verify_detached(signature, (const uint8_t *)message.at, message.len,
                                       public_key) == 0;
}

static bool read_edges(struct arena *arena, struct json *json)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/../shared/data/tlog/cctv/ed25519_ed25519vectors.json",
             getenv("TIDEWAITER_ROOT"));
    FILE *file = fopen(path, "rb");
    if (file == NULL) return false;
    size_t size = (size_t)512 * KIB;
    char *text = arena_take_raw(arena, size, 1);
    assert_non_null(text);
    size_t len = fread(text, 1, size, file);
    fclose(file);
    assert_in_range(len, 1, size - 1);
    assert_true(json_read((struct span){ text, len }, arena, json, NULL));
    return true;
}

// What note.h says of them.
static void of_the_edges_of_ed25519_only_mixed_points_without_a_residue_are_accepted(void **state)
{
    struct arena arena;
    struct json json = { 0 };
    (void)state;
    assert_true(arena_open(&arena, (size_t)16 * MIB, NULL));
    if (!read_edges(&arena, &json)) {
        arena_close(&arena);
        print_message("the vectors of ed25519's edges are not here\n");
        skip();
        return;
    }
    unsigned accepted = 0, count = 0;
    for (uint32_t node = 1; node < json.count; node = json.nodes[node].next, count++) {
        static const char *const flags[] = {
            "low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R",
            "low_order_residue", "reencoded_k",
        };
        bool refused = false;
        for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
            refused = refused || has_flag(&json, node, flags[i]);
        assert_int_equal(edge_is_accepted(&json, node), !refused);
        accepted += !refused;
    }
    assert_int_equal(count, json.nodes[0].count);
    assert_true(accepted > 0);
    print_message("%u of %u edges are accepted\n", accepted, count);
    arena_close(&arena);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make, end)
    const struct CMUnitTest tests[] = {
        TEST(the_example_of_the_specification_is_signed),
        TEST(keys_are_written_as_they_were_read),
        TEST(a_key_with_any_letter_changed_is_refused),
        TEST(only_keys_of_a_known_type_and_length_are_read),
        TEST(names_have_no_white_space_and_no_plus_sign),
        TEST(a_name_of_a_key_is_at_most_255_bytes_and_others_may_be_longer),
        TEST(what_we_sign_is_signed_by_us_and_nobody_else),
        TEST(unknown_signatures_are_passed_over_wherever_they_stand),
        TEST(sixteen_signatures_of_the_longest_kind_are_accepted),
        TEST(signatures_text_and_note_have_their_limits),
        TEST(a_note_with_any_byte_changed_is_never_signed),
        TEST(a_bad_signature_beside_a_good_one_makes_the_note_forged),
        TEST(signatures_of_a_known_key_have_their_length),
        TEST(what_is_no_note_is_refused_with_its_place),
        TEST(no_control_character_but_the_line_end_stands_in_a_note),
        TEST(a_cosignature_is_over_its_header_its_time_and_the_text),
        TEST(a_cosignature_with_any_byte_changed_is_never_signed),
        TEST(the_newest_time_of_several_cosignatures_is_told),
        TEST(cosignatures_from_the_end_of_time_are_refused),
        TEST(a_log_and_a_witness_with_one_key_pair_are_two),
        TEST(of_the_edges_of_ed25519_only_mixed_points_without_a_residue_are_accepted),
    };
    return sodium_init() < 0 || cmocka_run_group_tests_name("note", tests, NULL, NULL);
}
