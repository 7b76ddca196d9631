#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "account/account.h"
#include "account/account_sample.h"

static struct arena arena;
static struct account ada;

static int open_arena(void **state)
{
    (void)state;
    return arena_open(&arena, (size_t)16 * MIB, NULL) ? 0 : -1;
}

static int open_ada(void **state)
{
    (void)state;
    arena_reset(&arena, 0);
    return account_open(&ada, SPAN("ada"), &arena, NULL) ? 0 : -1;
}

static int look_at_ada(void **state)
{
    (void)state;
    account_invariants(&ada);
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

static bool add(enum fact_kind kind, const char *body, struct error *err)
{
    // A copy that is gone afterwards: the account keeps its own.
    static char copy[2048];
    size_t len = strlen(body);
    assert_true(len < sizeof(copy));
    memcpy(copy, body, len + 1);
    struct fact fact = { .kind = kind, .seq = ada.facts_count + 1, .at_ms = 500,
                         .file = SPAN("~user/ada"), .who = SPAN("root"), .body = { copy, len } };
    bool added = account_add(&ada, &fact, &arena, err);
    memset(copy, '#', sizeof(copy));
    return added;
}

static void must_add(enum fact_kind kind, const char *body)
{
    struct error err = { 0 };
    if (!add(kind, body, &err)) fail_msg("%s: %s", fact_kind_name(kind), err.text);
}

static void must_refuse(enum fact_kind kind, const char *body, enum error_kind why)
{
    struct account before = ada;
    struct error err = { 0 };
    if (add(kind, body, &err)) fail_msg("%s was taken", fact_kind_name(kind));
    if (err.kind != why) fail_msg("%s: %s", fact_kind_name(kind), err.text);
    assert_memory_equal(&ada, &before, sizeof(ada));
}

static void an_invited_person_signs_in_once_he_has_a_password(void **state)
{
    (void)state;
    must_add(FACT_INVITED, INVITED);
    assert_int_equal(ada.state, ACCOUNT_INVITED);
    assert_says(ada.display, "Ada Moreau");
    assert_says(ada.organisation, "NORTH");
    assert_says(ada.language, "fr");
    assert_int_equal(ada.role, ROLE_OFFICER);
    assert_true(ada.link_waits);

    must_add(FACT_PASSWORD_SET, PASSWORD_SET);
    assert_int_equal(ada.state, ACCOUNT_ACTIVE);
    assert_says(ada.password, PASSWORD_KEPT);
    assert_false(ada.link_waits);
}

static void or_a_passkey(void **state)
{
    (void)state;
    must_add(FACT_INVITED, INVITED);
    must_add(FACT_PASSKEY_ADDED, PASSKEY_ADDED);
    assert_int_equal(ada.state, ACCOUNT_ACTIVE);
    const struct passkey *passkey = account_passkey(&ada, SPAN("\1\2\3"));
    assert_non_null(passkey);
    assert_says(passkey->label, "the blue key");
    assert_int_equal(passkey->added_ms, 500);
    assert_int_equal(passkey->count, 7);
    assert_true(passkey_key_fits(passkey->public_key, PASSKEY_ES256));
    assert_null(account_passkey(&ada, SPAN("\1\2\4")));
}

// --- Which fact may follow: each state and each kind ---

static const struct { enum fact_kind kind; const char *body; } facts[] = {
    { FACT_INVITED, INVITED },
    { FACT_PASSWORD_SET, PASSWORD_SET },
    { FACT_PASSKEY_ADDED, PASSKEY_OTHER },
    { FACT_PASSKEY_REMOVED, PASSKEY_REMOVED },
    { FACT_TOKEN_MADE, TOKEN_MADE },
    { FACT_TOKEN_ENDED, TOKEN_ENDED_BODY },
    { FACT_ROLE_GIVEN, ROLE_GIVEN },
    { FACT_STOPPED, STOPPED },
    { FACT_STARTED, STOPPED },
    { FACT_SIGNED_IN, "{\"address\":\"192.0.2.1\",\"method\":\"passkey\"}" },
    { FACT_DECLARED, "{}" },
};

// In the order of the facts above: i(nvited), a(ctive), s(topped) is the state after it; '-' is
// refused.
static const struct walk { const char *before; const char *after; } walks[] = {
    { "", "i----------" },
    { "I", "iaa---is---" },       // a token is ended only where there is one
    { "IPKT", "aaaa-aas---" },    // the id of the token is taken
    { "IPK", "aaaaa-as---" },
    { "IPKTS", "---s-ss-a--" },
    { "IK", "aaa-a-as---" },      // the last way in is not removed
    { "IKS", "---s--s-a--" },     // but of one that is stopped
    { "IS", "------s-i--" },
};

static void walk_to(const char *before)
{
    assert_int_equal(open_ada(NULL), 0);
    for (const char *at = before; *at != '\0'; at++) {
        if (*at == 'I') must_add(FACT_INVITED, INVITED);
        if (*at == 'P') must_add(FACT_PASSWORD_SET, PASSWORD_SET);
        if (*at == 'K') must_add(FACT_PASSKEY_ADDED, PASSKEY_ADDED);
        if (*at == 'T') must_add(FACT_TOKEN_MADE, TOKEN_MADE);
        if (*at == 'S') must_add(FACT_STOPPED, STOPPED);
    }
}

static void each_fact_follows_where_it_may_and_nowhere_else(void **state)
{
    (void)state;
    static const char letters[ACCOUNT_STATE_COUNT + 1] = "eias";
    for (size_t w = 0; w < COUNT(walks); w++) {
        for (size_t i = 0; i < COUNT(facts); i++) {
            walk_to(walks[w].before);
            char wanted = walks[w].after[i];
            struct error err = { 0 };
            if (wanted == '-') must_refuse(facts[i].kind, facts[i].body, ERROR_CONFLICT);
            else if (!add(facts[i].kind, facts[i].body, &err))
                fail_msg("after %s: %s", walks[w].before, err.text);
            else if (letters[ada.state] != wanted)
                fail_msg("%s after %s: %s", fact_kind_name(facts[i].kind), walks[w].before,
                         account_state_name(ada.state));
        }
    }
}

static void who_was_stopped_without_a_way_in_left_waits_for_an_invitation(void **state)
{
    (void)state;
    walk_to("IKS");
    must_add(FACT_PASSKEY_REMOVED, PASSKEY_REMOVED);
    must_add(FACT_STARTED, "{}");
    assert_int_equal(ada.state, ACCOUNT_INVITED);
    assert_false(ada.link_waits);
    must_add(FACT_INVITED, INVITED);
    must_add(FACT_PASSKEY_ADDED, PASSKEY_OTHER);
    assert_int_equal(ada.state, ACCOUNT_ACTIVE);
}

// --- Links ---

static void link_of(const char *secret, int64_t ends_ms)
{
    struct invited invited = { .display = SPAN("Ada"), .organisation = SPAN("NORTH"),
        .language = SPAN("en"), .role = ROLE_OFFICER, .link = link_hash(span_of(secret)),
        .ends_ms = ends_ms };
    struct span body;
    char copy[512];
    assert_true(body_invited(&invited, &arena, &body, NULL));
    snprintf(copy, sizeof(copy), SPAN_FMT, SPAN_ARG(body));
    must_add(FACT_INVITED, copy);
}

static void a_link_is_good_until_its_end(void **state)
{
    (void)state;
    assert_int_equal(account_check_link(&ada, SPAN("secret"), 0), LINK_WRONG);
    link_of("secret", 1000);
    assert_int_equal(account_check_link(&ada, SPAN("secret"), 999), LINK_GOOD);
    assert_int_equal(account_check_link(&ada, SPAN("secret"), 1000), LINK_ENDED);
    assert_int_equal(account_check_link(&ada, SPAN("secreT"), 0), LINK_WRONG);
    assert_int_equal(account_check_link(&ada, SPAN(""), 0), LINK_WRONG);
}

static void a_link_is_good_once(void **state)
{
    (void)state;
    link_of("secret", 1000);
    must_add(FACT_PASSWORD_SET, PASSWORD_SET);
    assert_int_equal(account_check_link(&ada, SPAN("secret"), 0), LINK_WRONG);
    link_of("another", 1000); // for one who lost his password
    assert_int_equal(ada.state, ACCOUNT_ACTIVE);
    assert_int_equal(account_check_link(&ada, SPAN("another"), 0), LINK_GOOD);
    must_add(FACT_PASSKEY_ADDED, PASSKEY_ADDED);
    assert_int_equal(account_check_link(&ada, SPAN("another"), 0), LINK_WRONG);
}

static void a_later_link_replaces_the_one_before(void **state)
{
    (void)state;
    link_of("secret", 1000);
    link_of("another", 1000);
    assert_int_equal(account_check_link(&ada, SPAN("secret"), 0), LINK_WRONG);
    assert_int_equal(account_check_link(&ada, SPAN("another"), 0), LINK_GOOD);
}

static void no_link_opens_what_is_stopped(void **state)
{
    (void)state;
    link_of("secret", 1000);
    must_add(FACT_STOPPED, STOPPED);
    assert_int_equal(account_check_link(&ada, SPAN("secret"), 0), LINK_WRONG);
    must_add(FACT_STARTED, STOPPED);
    assert_int_equal(account_check_link(&ada, SPAN("secret"), 0), LINK_WRONG);
}

static void a_second_invitation_changes_no_role(void **state)
{
    (void)state;
    must_add(FACT_INVITED, INVITED);
    must_refuse(FACT_INVITED, INVITED_AS("administrator", "NORTH"), ERROR_CONFLICT);
    must_refuse(FACT_INVITED, INVITED_AS("officer", "SOUTH"), ERROR_CONFLICT);
    must_add(FACT_ROLE_GIVEN, ROLE_GIVEN);
    assert_int_equal(ada.role, ROLE_SUPERVISOR);
    assert_says(ada.organisation, "SOUTH");
    must_add(FACT_INVITED, INVITED_AS("supervisor", "SOUTH"));
}

static void each_verdict_on_a_link_has_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < LINK_VERDICT_COUNT; i++)
        assert_true(strlen(link_verdict_sentence((enum link_verdict)i)) > 10);
}

// --- Passkeys and tokens ---

static void make_passkey(int number, char body[512])
{
    snprintf(body, 512, "{\"algorithm\":\"ES256\",\"count\":0,\"credential\":\"A%c%cD\",\"key\":\""
             KEY_P256 "\",\"label\":\"one of many\"}", 'A' + number / 16, 'A' + number % 16);
}

static void passkeys_are_bounded_and_none_is_there_twice(void **state)
{
    (void)state;
    char body[512];
    must_add(FACT_INVITED, INVITED);
    for (int i = 0; i < ACCOUNT_PASSKEYS_MAX; i++) {
        make_passkey(i, body);
        must_add(FACT_PASSKEY_ADDED, body);
        if (i + 1 < ACCOUNT_PASSKEYS_MAX) must_refuse(FACT_PASSKEY_ADDED, body, ERROR_CONFLICT);
    }
    must_refuse(FACT_PASSKEY_ADDED, PASSKEY_ADDED, ERROR_CONFLICT);
}

static void a_passkey_that_is_removed_is_gone_and_the_others_stay(void **state)
{
    (void)state;
    must_add(FACT_INVITED, INVITED);
    must_add(FACT_PASSKEY_ADDED, PASSKEY_ADDED);
    must_add(FACT_PASSKEY_ADDED, PASSKEY_OTHER);
    must_add(FACT_PASSKEY_REMOVED, PASSKEY_REMOVED);
    assert_null(account_passkey(&ada, SPAN("\1\2\3")));
    const struct passkey *other = account_passkey(&ada, SPAN("\4\5\6"));
    assert_non_null(other);
    assert_int_equal(other->algorithm, PASSKEY_EDDSA);
    assert_says(other->label, "telephone");
    must_refuse(FACT_PASSKEY_REMOVED, PASSKEY_REMOVED, ERROR_CONFLICT);
}

static void make_token(int number, char body[512])
{
    snprintf(body, 512, "{\"ends_ms\":9000,\"hash\":\"" HASH_OF_64
             "\",\"id\":\"%016x\",\"label\":\"a\",\"scope\":[\"all\"]}", (unsigned)number);
}

static void tokens_are_bounded_and_an_ended_one_makes_room(void **state)
{
    (void)state;
    char body[512];
    walk_to("IPT");
    assert_says(account_token(&ada, "0123456789abcdef")->label, "the nightly import");
    for (int i = 1; i < ACCOUNT_TOKENS_MAX; i++) {
        make_token(i, body);
        must_add(FACT_TOKEN_MADE, body);
    }
    make_token(ACCOUNT_TOKENS_MAX, body);
    must_refuse(FACT_TOKEN_MADE, body, ERROR_CONFLICT);
    must_add(FACT_TOKEN_ENDED, TOKEN_ENDED_BODY);
    assert_null(account_token(&ada, "0123456789abcdef"));
    assert_non_null(account_token(&ada, "0000000000000001"));
    must_add(FACT_TOKEN_MADE, body);
}

// --- What does not add up ---

static void a_fact_out_of_turn_or_of_another_is_damage(void **state)
{
    (void)state;
    struct fact fact = { .kind = FACT_INVITED, .seq = 1, .file = SPAN("~user/ada"),
                         .body = SPAN(INVITED) };
    struct fact later = fact, other = fact, no_user = fact;
    struct error err = { 0 };
    later.seq = 2;
    assert_false(account_add(&ada, &later, &arena, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    other.file = SPAN("~user/eve");
    err = (struct error){ 0 };
    assert_false(account_add(&ada, &other, &arena, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    no_user.file = SPAN("ada");
    assert_false(account_add(&ada, &no_user, &arena, &err));
    assert_true(account_add(&ada, &fact, &arena, &err));
}

static void a_body_of_another_kind_is_damage_and_changes_nothing(void **state)
{
    (void)state;
    walk_to("IPKT");
    for (int kind = FACT_INVITED; kind <= FACT_STARTED; kind++)
        if (account_may(&ada, (enum fact_kind)kind) && kind != FACT_STOPPED)
            must_refuse((enum fact_kind)kind, "{\"reason\":1}", ERROR_DAMAGED);
    must_refuse(FACT_STOPPED, "{\"reason\":1}", ERROR_DAMAGED);
}

// --- Names ---

static void a_sign_in_name_is_plain_and_short(void **state)
{
    (void)state;
    static const char *const names[] = { "a", "7", "ada.moreau", "ada_1-2.b" };
    static const char *const others[] = { "", "Ada", ".ada", "-ada", "_ada", "ada moreau", "..",
                                          "ada/../eve", "ad\xc3\xa9", "ada~", "ada@desk" };
    char longer[ACCOUNT_NAME_MAX + 1];
    memset(longer, 'a', sizeof(longer));
    for (size_t i = 0; i < COUNT(names); i++) assert_true(account_name_fits(span_of(names[i])));
    for (size_t i = 0; i < COUNT(others); i++)
        if (account_name_fits(span_of(others[i]))) fail_msg("%s was taken", others[i]);
    assert_true(account_name_fits((struct span){ longer, ACCOUNT_NAME_MAX }));
    assert_false(account_name_fits((struct span){ longer, sizeof(longer) }));
    struct error err = { 0 };
    assert_false(account_open(&ada, SPAN("Ada"), &arena, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
}

static void a_name_becomes_a_file_and_back(void **state)
{
    (void)state;
    struct span file, name;
    struct error err = { 0 };
    assert_true(account_file_name(SPAN("ada"), &arena, &file, &err));
    assert_says(file, "~user/ada");
    assert_true(account_name_of(file, &name));
    assert_says(name, "ada");
    assert_false(account_file_name(SPAN("../ada"), &arena, &file, &err));
    assert_false(account_name_of(SPAN("~user/"), &name));
    assert_false(account_name_of(SPAN("~user/Ada"), &name));
    assert_false(account_name_of(SPAN("~diary/2026-11-24"), &name));
}

static void a_day_has_a_diary(void **state)
{
    (void)state;
    struct span file;
    assert_true(diary_file_name(1795564799999, &arena, &file, NULL));
    assert_says(file, "~diary/2026-11-24");
    assert_true(diary_file_name(1795564800000, &arena, &file, NULL));
    assert_says(file, "~diary/2026-11-25");
}

static void a_full_arena_changes_nothing(void **state)
{
    (void)state;
    static char memory[64 * KIB];
    static const struct { enum fact_kind kind; const char *body; } story[] = {
        { FACT_INVITED, INVITED }, { FACT_PASSWORD_SET, PASSWORD_SET },
        { FACT_PASSKEY_ADDED, PASSKEY_ADDED }, { FACT_TOKEN_MADE, TOKEN_MADE },
        { FACT_ROLE_GIVEN, ROLE_GIVEN },
    };
    struct arena whole = arena;
    size_t size = 64, told = 0;
    for (;; size += 64) {
        arena = arena_over(memory, size);
        struct error err = { 0 };
        assert_true(account_open(&ada, SPAN("ada"), &arena, &err));
        struct account before = ada;
        size_t i = 0;
        while (i < COUNT(story) && add(story[i].kind, story[i].body, &err)) before = ada, i++;
        assert_memory_equal(&ada, &before, sizeof(ada));
        if (i == COUNT(story)) break;
        if (err.kind != ERROR_TOO_LARGE) fail_msg("with %zu bytes: %s", size, err.text);
        told++;
        assert_true(size < sizeof(memory));
    }
    arena = whole;
    assert_true(told > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_ada, look_at_ada)
        TEST(an_invited_person_signs_in_once_he_has_a_password),
        TEST(or_a_passkey),
        TEST(each_fact_follows_where_it_may_and_nowhere_else),
        TEST(who_was_stopped_without_a_way_in_left_waits_for_an_invitation),
        TEST(a_link_is_good_until_its_end),
        TEST(a_link_is_good_once),
        TEST(a_later_link_replaces_the_one_before),
        TEST(no_link_opens_what_is_stopped),
        TEST(a_second_invitation_changes_no_role),
        TEST(each_verdict_on_a_link_has_a_sentence),
        TEST(passkeys_are_bounded_and_none_is_there_twice),
        TEST(a_passkey_that_is_removed_is_gone_and_the_others_stay),
        TEST(tokens_are_bounded_and_an_ended_one_makes_room),
        TEST(a_fact_out_of_turn_or_of_another_is_damage),
        TEST(a_body_of_another_kind_is_damage_and_changes_nothing),
        TEST(a_sign_in_name_is_plain_and_short),
        TEST(a_name_becomes_a_file_and_back),
        TEST(a_day_has_a_diary),
        TEST(a_full_arena_changes_nothing),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
