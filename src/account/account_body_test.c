#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "account/account_body.h"
#include "account/account_sample.h"
#include "base/json.h"
#include "base/limits.h"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    return arena_open(&arena, (size_t)16 * MIB, NULL) ? 0 : -1;
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
#define COUNT(row) (sizeof(row) / sizeof((row)[0]))

// Reads a body of one kind and writes what was read.
typedef bool again_function(struct span body, struct span *again, struct error *err);

#define AGAIN(name, type)                                                                         \
    static bool again_##name(struct span body, struct span *again, struct error *err)             \
    {                                                                                             \
        type thing;                                                                               \
        return body_read_##name(body, &arena, &thing, err) &&                                     \
               body_##name(&thing, &arena, again, err);                                           \
    }
#define AGAIN_SPAN(name)                                                                          \
    static bool again_##name(struct span body, struct span *again, struct error *err)             \
    {                                                                                             \
        struct span thing;                                                                        \
        return body_read_##name(body, &arena, &thing, err) &&                                     \
               body_##name(thing, &arena, again, err);                                            \
    }
AGAIN(invited, struct invited)
AGAIN_SPAN(password_set)
AGAIN(passkey_added, struct passkey)
AGAIN_SPAN(passkey_removed)
AGAIN(token_made, struct token)
AGAIN(role_given, struct role_given)
AGAIN_SPAN(stopped)
AGAIN(signed_in, struct signed_in)
AGAIN(turned_away, struct turned_away)
AGAIN(looked, struct looked)

static bool again_token_ended(struct span body, struct span *again, struct error *err)
{
    char id[TOKEN_ID_LEN + 1];
    return body_read_token_ended(body, &arena, id, err) && body_token_ended(id, &arena, again, err);
}

static bool again_signed_out(struct span body, struct span *again, struct error *err)
{
    return body_read_signed_out(body, &arena, err) && body_signed_out(&arena, again, err);
}

static const struct sample { const char *body; again_function *again; } samples[] = {
    { INVITED, again_invited },
    { PASSWORD_SET, again_password_set },
    { PASSKEY_ADDED, again_passkey_added },
    { PASSKEY_OTHER, again_passkey_added },
    { PASSKEY_REMOVED, again_passkey_removed },
    { TOKEN_MADE, again_token_made },
    { TOKEN_ENDED_BODY, again_token_ended },
    { ROLE_GIVEN, again_role_given },
    { "{\"role\":\"auditor\"}", again_role_given },
    { STOPPED, again_stopped },
    { "{}", again_stopped },
    { "{\"address\":\"192.0.2.1\",\"method\":\"passkey\"}", again_signed_in },
    { "{}", again_signed_out },
    { "{\"address\":\"2001:db8::1\",\"what\":\"sign-in\",\"why\":\"another password\"}",
      again_turned_away },
    { "{\"file\":\"6XM10000000-A1\",\"what\":\"evidence\"}", again_looked },
};

static void each_body_is_canonical_and_comes_back_to_the_letter(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        struct span body = span_of(samples[i].body), again, canonical;
        struct error err = { 0 };
        struct json json;
        if (!samples[i].again(body, &again, &err)) fail_msg("%s: %s", samples[i].body, err.text);
        if (!span_equal(again, body)) fail_msg("%s\n" SPAN_FMT, samples[i].body, SPAN_ARG(again));
        assert_true(json_read(again, &arena, &json, &err));
        assert_true(json_canonical(&json, &arena, &canonical, &err));
        assert_true(span_equal(canonical, body));
    }
}

static void an_invitation_says_who_and_until_when(void **state)
{
    (void)state;
    struct invited invited;
    assert_true(body_read_invited(SPAN(INVITED), &arena, &invited, NULL));
    assert_says(invited.display, "Ada Moreau");
    assert_says(invited.organisation, "NORTH");
    assert_says(invited.language, "fr");
    assert_int_equal(invited.role, ROLE_OFFICER);
    assert_int_equal(invited.ends_ms, 2000);
    assert_int_equal(invited.link.bytes[1], 0x11);
}

static void a_passkey_and_a_token_come_back_whole(void **state)
{
    (void)state;
    struct passkey passkey;
    struct token token;
    assert_true(body_read_passkey_added(SPAN(PASSKEY_ADDED), &arena, &passkey, NULL));
    assert_says(passkey.credential, "\1\2\3");
    assert_int_equal(passkey.public_key.len, PASSKEY_KEY_MAX);
    assert_int_equal(passkey.algorithm, PASSKEY_ES256);
    assert_int_equal(passkey.count, 7);
    assert_says(passkey.label, "the blue key");
    assert_true(body_read_token_made(SPAN(TOKEN_MADE), &arena, &token, NULL));
    assert_string_equal(token.id, "0123456789abcdef");
    assert_int_equal(token.scope, SCOPE_LODGE | SCOPE_READ);
    assert_int_equal(token.ends_ms, 9000);
    assert_int_equal(token.secret.bytes[31], 0xff);
}

static void what_is_not_known_is_not_looked_at(void **state)
{
    (void)state;
    struct span reason;
    assert_true(body_read_stopped(SPAN("{\"by\":[1],\"reason\":\"left\"}"), &arena, &reason, NULL));
    assert_says(reason, "left");
}

// One member of a body, changed.
static const struct broken { const char *body; again_function *again; const char *member; }
broken[] = {
    { "{\"ends_ms\":1}", again_invited, "display" },
    { INVITED_AS("nobody", "NORTH"), again_invited, "role" },
    { INVITED_AS("trader", ""), again_invited, "organisation" },
    { INVITED_AS("agency", ""), again_invited, "organisation" },
    { INVITED_AS("officer", "a\\u0000b"), again_invited, "organisation" },
    { INVITED_AS("officer", "a\\u007fb"), again_invited, "organisation" },
    { "{\"display\":\"A\",\"ends_ms\":9007199254740992}", again_invited, "ends_ms" },
    { "{\"display\":\"A\",\"ends_ms\":-1}", again_invited, "ends_ms" },
    { "{\"display\":\"A\",\"ends_ms\":1,\"language\":\"fr_FR\"}", again_invited, "language" },
    { "{\"display\":\"A\",\"ends_ms\":1,\"language\":\"-fr\"}", again_invited, "language" },
    { "{\"display\":\"A\",\"ends_ms\":1,\"language\":\"fr\",\"link\":\"00\"}", again_invited,
      "link" },
    { "{\"display\":\"\"}", again_invited, "display" },
    { "{\"display\":7}", again_invited, "display" },
    { "{\"hash\":\"$2b$12$of another kind\"}", again_password_set, "hash" },
    { "{\"hash\":\"$argon2id$v=19$\"}", again_password_set, "hash" },
    { "{\"algorithm\":\"RS256\"}", again_passkey_added, "algorithm" },
    { "{\"algorithm\":\"none\"}", again_passkey_added, "algorithm" },
    { "{\"algorithm\":\"EdDSA\",\"count\":4294967296}", again_passkey_added, "count" },
    { "{\"algorithm\":\"EdDSA\",\"count\":0,\"credential\":\"BA\"}", again_passkey_added,
      "credential" },
    { "{\"algorithm\":\"EdDSA\",\"count\":0,\"credential\":\"BAUG\",\"key\":\"" KEY_P256
      "\",\"label\":\"a\"}", again_passkey_added, "key" },
    { "{\"credential\":\"\"}", again_passkey_removed, "credential" },
    { "{\"id\":\"0123456789ABCDEF\"}", again_token_ended, "id" },
    { "{\"id\":\"0123456789abcde\"}", again_token_ended, "id" },
    { "{\"role\":\"king\"}", again_role_given, "role" },
    { "{\"role\":\"trader\"}", again_role_given, "organisation" },
    { "{\"reason\":null}", again_stopped, "reason" },
    { "{\"address\":\"192.0.2.1\"}", again_signed_in, "method" },
    { "{\"address\":\"192.0.2.1\",\"what\":\"sign-in\",\"why\":\"\"}", again_turned_away, "why" },
    { "{\"file\":\"\"}", again_looked, "file" },
    { "[]", again_signed_out, "JSON object" },
    { "{", again_signed_out, "JSON object" },
};

static void what_does_not_fit_its_kind_is_damage_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        struct span again;
        struct error err = { 0 };
        if (broken[i].again(span_of(broken[i].body), &again, &err))
            fail_msg("%s was taken", broken[i].body);
        assert_int_equal(err.kind, ERROR_DAMAGED);
        if (strstr(err.text, broken[i].member) == NULL)
            fail_msg("%s: %s", broken[i].body, err.text);
    }
}

static bool scopes_are(const char *scopes)
{
    char body[256];
    struct span again;
    snprintf(body, sizeof(body),
             "{\"ends_ms\":9000,\"hash\":\"" HASH_OF_64
             "\",\"id\":\"0123456789abcdef\",\"label\":\"a\",\"scope\":%s}", scopes);
    return again_token_made(span_of(body), &again, NULL);
}

static void scopes_are_named_once_and_in_order(void **state)
{
    (void)state;
    assert_true(scopes_are("[\"lodge\",\"read\",\"decide\",\"all\"]"));
    assert_true(scopes_are("[\"all\"]"));
    assert_false(scopes_are("[]"));
    assert_false(scopes_are("[\"read\",\"lodge\"]"));
    assert_false(scopes_are("[\"read\",\"read\"]"));
    assert_false(scopes_are("[\"rule\"]"));
    assert_false(scopes_are("[7]"));
    assert_false(scopes_are("\"read\""));
}

static void what_could_not_be_read_again_is_not_written(void **state)
{
    (void)state;
    char longer[ACCOUNT_TEXT_MAX + 1];
    memset(longer, 'a', sizeof(longer));
    struct span body, at_most = { longer, ACCOUNT_TEXT_MAX }, too_long = { longer, sizeof(longer) };
    struct error err = { 0 };
    assert_true(body_stopped(at_most, &arena, &body, &err));
    assert_false(body_stopped(too_long, &arena, &body, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    assert_string_equal(err.field, "reason");
    assert_false(body_stopped(SPAN("\xff"), &arena, &body, &err));
    assert_false(body_stopped(SPAN("two\nlines"), &arena, &body, &err));

    struct invited invited;
    assert_true(body_read_invited(SPAN(INVITED), &arena, &invited, &err));
    invited.role = ROLE_TRADER;
    invited.organisation = SPAN("");
    err = (struct error){ 0 };
    assert_false(body_invited(&invited, &arena, &body, &err));
    assert_string_equal(err.field, "organisation");
    invited.role = ROLE_NOBODY;
    assert_false(body_invited(&invited, &arena, &body, &err));

    struct passkey passkey;
    assert_true(body_read_passkey_added(SPAN(PASSKEY_ADDED), &arena, &passkey, &err));
    passkey.algorithm = PASSKEY_EDDSA;
    err = (struct error){ 0 };
    assert_false(body_passkey_added(&passkey, &arena, &body, &err));
    assert_string_equal(err.field, "key");

    struct token token;
    assert_true(body_read_token_made(SPAN(TOKEN_MADE), &arena, &token, &err));
    token.scope = 0;
    assert_false(body_token_made(&token, &arena, &body, &err));
    token.scope = SCOPES + 1;
    assert_false(body_token_made(&token, &arena, &body, &err));
}

static void a_body_that_is_cut_is_damage(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        for (size_t len = 0; len < strlen(samples[i].body); len++) {
            struct span again;
            struct error err = { 0 };
            assert_false(samples[i].again((struct span){ samples[i].body, len }, &again, &err));
            assert_int_equal(err.kind, ERROR_DAMAGED);
            arena_reset(&arena, 0);
        }
    }
}

static void a_full_arena_is_not_damage(void **state)
{
    (void)state;
    struct arena whole = arena;
    for (size_t i = 0; i < COUNT(samples); i++) {
        for (size_t size = 16;; size += 16) {
            struct span again;
            struct error err = { 0 };
            void *memory = arena_take(&whole, size, 1);
            assert_non_null(memory);
            arena = arena_over(memory, size);
            bool done = samples[i].again(span_of(samples[i].body), &again, &err);
            arena = whole;
            arena_reset(&arena, 0);
            whole = arena;
            if (done) break;
            if (err.kind != ERROR_TOO_LARGE) fail_msg("with %zu bytes: %s", size, err.text);
            assert_true(size < (size_t)64 * KIB);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
        TEST(each_body_is_canonical_and_comes_back_to_the_letter),
        TEST(an_invitation_says_who_and_until_when),
        TEST(a_passkey_and_a_token_come_back_whole),
        TEST(what_is_not_known_is_not_looked_at),
        TEST(what_does_not_fit_its_kind_is_damage_and_named),
        TEST(scopes_are_named_once_and_in_order),
        TEST(what_could_not_be_read_again_is_not_written),
        TEST(a_body_that_is_cut_is_damage),
        TEST(a_full_arena_is_not_damage),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
