#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include <stdio.h>

#include "base/limits.h"
#include "consignment/fact.h"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    struct error err;
    return arena_open(&arena, (size_t)64 * MIB, &err) ? 0 : -1;
}

static int empty_arena(void **state)
{
    (void)state;
    arena_reset(&arena, 0);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

#define assert_says(span, literal) assert_true(span_equal((span), SPAN(literal)))

static struct span write_it(const struct fact *fact)
{
    struct span json = { 0 };
    struct error err = { 0 };
    if (!fact_write(fact, &arena, &json, &err)) fail_msg("%s", err.text);
    return json;
}

static struct fact read_it(struct span json)
{
    struct fact fact = { 0 };
    struct error err = { 0 };
    if (!fact_read(json, &arena, &fact, &err)) fail_msg("%s: " SPAN_FMT, err.text, SPAN_ARG(json));
    assert_int_equal(err.kind, ERROR_NONE);
    return fact;
}

static const struct fact some_fact = {
    .kind = FACT_WITHDRAWN,
    .seq = 1,
    .at_ms = INT64_C(1795464442123),
    .file = SPAN_INIT("6XM1-A"),
    .who = SPAN_INIT("officer:lee"),
    .body = SPAN_INIT("{\"reason\":\"x\"}"),
};
#define SOME_JSON \
    "{\"at\":\"2026-11-23T20:07:22.123Z\",\"body\":{\"reason\":\"x\"},\"file\":\"6XM1-A\"," \
    "\"kind\":\"withdrawn\",\"seq\":1,\"who\":\"officer:lee\"}"

static void a_fact_is_written_as_its_header_says(void **state)
{
    (void)state;
    assert_says(write_it(&some_fact), SOME_JSON);
}

static void assert_comes_back(const struct fact *fact)
{
    struct span json = write_it(fact), canonical;
    struct fact again = read_it(json);
    assert_int_equal(again.kind, fact->kind);
    assert_int_equal(again.seq, fact->seq);
    assert_int_equal(again.at_ms, fact->at_ms);
    assert_true(span_equal(again.file, fact->file));
    assert_true(span_equal(again.who, fact->who));
    assert_true(span_equal(again.body, fact->body));
    assert_true(again.body.at >= json.at && again.body.at < json.at + json.len); // a view

    struct json read;
    struct error err = { 0 };
    assert_true(json_read(json, &arena, &read, &err));
    assert_true(json_canonical(&read, &arena, &canonical, &err));
    assert_true(span_equal(canonical, json));
}

static void a_fact_comes_back_from_its_json(void **state)
{
    (void)state;
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        struct fact fact = some_fact;
        fact.kind = (enum fact_kind)kind;
        fact.seq = kind == 0 ? FILE_FACTS_MAX : (uint32_t)kind;
        fact.at_ms = kind == 1 ? -1 : INT64_C(1795464442123) * kind / 4;
        assert_comes_back(&fact);
    }
    static const struct span texts[] = {
        SPAN_INIT(""), SPAN_INIT("a \"quoted\" name"), SPAN_INIT("M\xC3\xBCller \xF0\x9F\x9A\xA2"),
        SPAN_INIT("\\ / \b\f\n\r\t"), SPAN_INIT("\x00\x01\x0F\x10\x1F \x7F"),
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fact fact = some_fact;
        fact.file = fact.who = texts[i];
        assert_comes_back(&fact);
    }
    static const struct span bodies[] = {
        SPAN_INIT("{}"),
        SPAN_INIT("{\"\":{},\"a\":[],\"b\":[{},[],null,true,false,0,9007199254740991]}"),
        SPAN_INIT("{\"a\":\"\\u0000\\u001f\\b\\n\\\\\\\"\\r\\t\\f/\"}"),
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct fact fact = some_fact;
        fact.body = bodies[i];
        assert_comes_back(&fact);
    }
}

// --- What writing would not have made ---

static void assert_damaged(struct span json)
{
    struct fact fact;
    struct error err = { 0 };
    if (fact_read(json, &arena, &fact, &err)) fail_msg("taken: " SPAN_FMT, SPAN_ARG(json));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_string_equal(err.text, "a fact that is kept is not in its canonical form");
    assert_false(fact_read(json, &arena, &fact, NULL));
}

#define FACT(at, body, file, kind, seq, who)                                                       \
    "{\"at\":" at ",\"body\":" body ",\"file\":" file ",\"kind\":" kind ",\"seq\":" seq            \
    ",\"who\":" who "}"
#define AT "\"2026-11-23T20:07:22.123Z\""
#define KIND "\"checked\""

static const char *const others[] = {
    // The whole
    "",
    "{",
    "{}",
    "[]",
    "null",
    "5",
    "\"\"",
    SOME_JSON " ",
    " " SOME_JSON,
    SOME_JSON "{}",
    "[" SOME_JSON "]",
    // Members: another, one more, one less, in another order, twice
    "{\"body\":{},\"at\":" AT ",\"file\":\"F\",\"kind\":" KIND ",\"seq\":1,\"who\":\"w\"}",
    "{\"at\":" AT ",\"body\":{},\"file\":\"F\",\"kind\":" KIND ",\"seq\":1}",
    "{\"at\":" AT ",\"body\":{},\"file\":\"F\",\"kind\":" KIND
    ",\"seq\":1,\"who\":\"w\",\"x\":1}",
    "{\"at\":" AT ",\"body\":{},\"file\":\"F\",\"kind\":" KIND ",\"seq\":1,\"whom\":\"w\"}",
    "{\"at\":" AT ",\"body\":{},\"file\":\"F\",\"kind\":" KIND ",\"seq\":1,\"seq\":1}",
    "{\"a\\u0074\":" AT ",\"body\":{},\"file\":\"F\",\"kind\":" KIND
    ",\"seq\":1,\"who\":\"w\"}",
    // Blanks
    FACT(AT, "{ }", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{\"a\": 1}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{\"a\":[1, 2]}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT " ", "{}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{}", "\"F\"\n", KIND, "1", "\"w\""),
    // Moments of another form
    FACT("\"2026-11-23T20:07:22Z\"", "{}", "\"F\"", KIND, "1", "\"w\""),
    FACT("\"2026-11-23T21:07:22.123+01:00\"", "{}", "\"F\"", KIND, "1", "\"w\""),
    FACT("\"20261123200722Z\"", "{}", "\"F\"", KIND, "1", "\"w\""),
    FACT("\"2026-02-30T20:07:22.123Z\"", "{}", "\"F\"", KIND, "1", "\"w\""),
    FACT("\"\"", "{}", "\"F\"", KIND, "1", "\"w\""),
    // Kinds and numbers
    FACT(AT, "{}", "\"F\"", "\"none\"", "1", "\"w\""),
    FACT(AT, "{}", "\"F\"", "\"\"", "1", "\"w\""),
    FACT(AT, "{}", "\"F\"", "\"Checked\"", "1", "\"w\""),
    FACT(AT, "{}", "\"F\"", "\"c\\u0068ecked\"", "1", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "0", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "-1", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "1.0", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "1e0", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "4097", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "99999999999999999999", "\"w\""),
    // Values of another kind
    FACT("1", "{}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "[]", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "null", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{}", "5", KIND, "1", "\"w\""),
    FACT(AT, "{}", "\"F\"", "true", "1", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "\"1\"", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "{}"),
    FACT(AT, "{}", "null", KIND, "1", "\"w\""),
    // Escapes that are not needed, or in another form
    FACT(AT, "{}", "\"\\u0046\"", KIND, "1", "\"w\""),
    FACT(AT, "{}", "\"\\/\"", KIND, "1", "\"w\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u001F\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u000a\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u0020\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u0022\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u0008\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u0009\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u000c\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u000d\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\u00e9\""),
    FACT(AT, "{}", "\"F\"", KIND, "1", "\"\\ud83d\\udea2\""),
    FACT(AT, "{\"a\":\"\\u0041\"}", "\"F\"", KIND, "1", "\"w\""),
    // Bodies out of order, and numbers that are not whole
    FACT(AT, "{\"b\":1,\"a\":1}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{\"a\":{\"ab\":1,\"a\":2}}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{\"\\u0061\":1}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{\"a\":1.5}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{\"a\":-1}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{\"a\":1e3}", "\"F\"", KIND, "1", "\"w\""),
    FACT(AT, "{\"a\":9007199254740992}", "\"F\"", KIND, "1", "\"w\""),
};

static void what_writing_would_not_have_made_is_damage(void **state)
{
    (void)state;
    read_it(SPAN(FACT(AT, "{}", "\"F\"", KIND, "1", "\"w\"")));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_damaged(span_of(others[i]));
    assert_damaged(SPAN("{\"at\":" AT ",\"body\":{},\"file\":\"\xFF\",\"kind\":" KIND
                        ",\"seq\":1,\"who\":\"\"}"));
}

// No byte of a fact can be changed, left out or put in so that another text reads as the same fact.
static void another_text_is_another_fact_or_none(void **state)
{
    (void)state;
    struct fact fact = some_fact, found;
    fact.who = SPAN("a \"\\\n\x01\xC3\xA9");
    fact.body = SPAN("{\"a\":[1,{\"b\":\"\\t\"}],\"c\":true}");
    struct span json = write_it(&fact);
    static const char bytes[] = " \"\\{}[],:0123456789abntrueAZ\n\x7F";
    char *changed = arena_take(&arena, json.len + 1, 1);
    assert_non_null(changed);
    size_t mark = arena.used;
    for (size_t at = 0; at < json.len; at++)
        for (size_t b = 0; b < sizeof(bytes) - 1; b++)
            for (int how = 0; how < 3; how++) { // in place of, in front of, and left out
                size_t tail = how == 1 ? at : at + 1, len = at;
                memcpy(changed, json.at, at);
                if (how < 2) changed[len++] = bytes[b];
                memcpy(changed + len, json.at + tail, json.len - tail);
                len += json.len - tail;
                struct span text = { changed, len };
                struct error err = { 0 };
                arena_reset(&arena, mark);
                if (span_equal(text, json) || !fact_read(text, &arena, &found, &err)) continue;
                assert_true(span_equal(write_it(&found), text));
            }
}

// --- What is not sealed ---

static void put(char *at, struct span text)
{
    memcpy(at, text.at, text.len);
}

static void what_could_not_be_read_again_is_not_written(void **state)
{
    (void)state;
    struct fact fact = some_fact;
    struct span json;
    struct error err = { 0 };
    fact.who = SPAN("officer:\xFF");
    assert_false(fact_write(&fact, &arena, &json, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_string_equal(err.text, "byte 0xFF in a text of the fact is not UTF-8");

    fact = some_fact;
    fact.body = SPAN("{\"a\":\"\xC3\"}");
    assert_false(fact_write(&fact, &arena, &json, &err));

    // A body of letters without end.
    char *letters = arena_take(&arena, FACT_JSON_MAX, 1);
    assert_non_null(letters);
    memset(letters, 'x', FACT_JSON_MAX);
    put(letters, SPAN("{\"a\":\""));
    put(letters + FACT_JSON_MAX - 2, SPAN("\"}"));
    fact.body = (struct span){ letters, FACT_JSON_MAX };
    assert_false(fact_write(&fact, &arena, &json, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);

    size_t around = strlen(SOME_JSON) - some_fact.body.len;
    put(letters + FACT_JSON_MAX - around - 2, SPAN("\"}"));
    fact.body.len = FACT_JSON_MAX - around;
    assert_int_equal(write_it(&fact).len, FACT_JSON_MAX);
}

static void a_full_arena_is_not_damage(void **state)
{
    (void)state;
    struct fact fact = some_fact;
    struct error err = { 0 };
    fact.who = SPAN("a \"name\"");
    struct span json = write_it(&fact);
    for (size_t size = 0;; size += 8) {
        struct arena less = arena;
        less.size = arena.used + size;
        if (fact_read(json, &less, &fact, &err)) break;
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
        assert_true(size < 4096);
    }
    struct arena none = arena;
    none.size = arena.used + 64;
    assert_false(fact_write(&some_fact, &none, &json, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

// --- Commitments ---

// By another library than the one that makes them.
static void a_commitment_is_the_sha_256_of_salt_and_canonical_json(void **state)
{
    (void)state;
    uint8_t salt[SALT_SIZE], both[4096], expected[crypto_hash_sha256_BYTES];
    struct fact fact = some_fact;
    for (uint32_t seq = 1; seq <= 100; seq++) {
        fact.seq = seq;
        for (size_t i = 0; i < SALT_SIZE; i++) salt[i] = (uint8_t)(seq + i * 13);
        struct span json = write_it(&fact);
        memcpy(both, salt, SALT_SIZE);
        memcpy(both + SALT_SIZE, json.at, json.len);
        crypto_hash_sha256(expected, both, SALT_SIZE + json.len);
        struct sha256 found = fact_commitment(salt, json);
        assert_memory_equal(found.bytes, expected, sizeof(expected));
    }
}

static void one_known_commitment(void **state)
{
    (void)state;
    uint8_t salt[SALT_SIZE];
    for (size_t i = 0; i < SALT_SIZE; i++) salt[i] = (uint8_t)i;
    struct sha256 found = fact_commitment(salt, SPAN(SOME_JSON));
    struct text hex = text_in(&arena, 64);
    hex_write(&hex, found.bytes, SHA256_SIZE);
    assert_string_equal(text_span(&hex).at,
                        "d1bffee4a69a93cedda9e2dfa2c2b3a45a77a7d4eaf16d51fcbe4f4869daa558");
}

// --- Names ---

static void names_of_kinds_and_decisions_read_as_themselves(void **state)
{
    (void)state;
    enum fact_kind kind;
    enum decision decision;
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        assert_true(fact_kind_read(span_of(fact_kind_name((enum fact_kind)i)), &kind));
        assert_int_equal(kind, i);
    }
    for (int i = DECISION_NONE + 1; i < DECISION_COUNT; i++) {
        assert_true(decision_read(span_of(decision_name((enum decision)i)), &decision));
        assert_int_equal(decision, i);
    }
    assert_false(fact_kind_read(SPAN("Declared"), &kind));
    assert_false(fact_kind_read(SPAN(""), &kind));
    assert_false(decision_read(SPAN("none"), &decision)); // nobody decides nothing
    assert_false(decision_read(SPAN("releas"), &decision));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(a_fact_is_written_as_its_header_says),
        TEST(a_fact_comes_back_from_its_json),
        TEST(what_writing_would_not_have_made_is_damage),
        TEST(another_text_is_another_fact_or_none),
        TEST(what_could_not_be_read_again_is_not_written),
        TEST(a_full_arena_is_not_damage),
        TEST(a_commitment_is_the_sha_256_of_salt_and_canonical_json),
        TEST(one_known_commitment),
        TEST(names_of_kinds_and_decisions_read_as_themselves),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
