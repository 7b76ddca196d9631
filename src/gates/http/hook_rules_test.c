#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "gates/http/hook_rules.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    return arena_open(&arena, (size_t)1 * MIB, NULL) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

// --- Signing -------------------------------------------------------------------------------------

static struct span signed_as(struct span secret, struct span id, int64_t at_s, struct span body)
{
    struct text text = text_in(&arena, 64);
    hook_sign(&text, secret, id, at_s, body);
    assert_false(text.full);
    return text_span(&text);
}

// The example by which the libraries of Standard Webhooks are tested, with a secret of 24 bytes.
static void a_signature_is_that_of_standard_webhooks(void **state)
{
    (void)state;
    char secret[64];
    size_t size;
    assert_true(base64_read(SPAN("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), secret, sizeof(secret),
                            &size));
    struct span key = { secret, size };
    struct span got = signed_as(key, SPAN("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
                                SPAN("{\"test\": 2432232314}"));
    assert_true(span_equal(got, SPAN("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
}

static void anything_else_has_another_signature(void **state)
{
    (void)state;
    struct span secret = SPAN("0123456789abcdef0123456789abcdef");
    struct span one = signed_as(secret, SPAN("7"), 1700000000, SPAN("{}"));
    assert_false(span_equal(one, signed_as(secret, SPAN("8"), 1700000000, SPAN("{}"))));
    assert_false(span_equal(one, signed_as(secret, SPAN("7"), 1700000001, SPAN("{}"))));
    assert_false(span_equal(one, signed_as(secret, SPAN("7"), 1700000000, SPAN("{ }"))));
    assert_false(span_equal(one, signed_as(SPAN("another"), SPAN("7"), 1700000000, SPAN("{}"))));
    assert_true(span_equal(one, signed_as(secret, SPAN("7"), 1700000000, SPAN("{}"))));
}

static void each_hook_has_a_secret_of_its_own(void **state)
{
    (void)state;
    struct sha256 one = hook_secret(SPAN("the store's"), SPAN("0123456789abcdef"));
    struct sha256 other = hook_secret(SPAN("the store's"), SPAN("0123456789abcdee"));
    struct sha256 elsewhere = hook_secret(SPAN("another's"), SPAN("0123456789abcdef"));
    assert_false(sha256_equal(one, other));
    assert_false(sha256_equal(one, elsewhere));
    struct text text = text_in(&arena, 64);
    hook_secret_write(&text, one);
    assert_true(span_starts_with(text_span(&text), SPAN("whsec_")));
    assert_int_equal(text.len, 6 + 44);
}

// --- Trying again --------------------------------------------------------------------------------

static void the_first_tries_are_soon_and_the_last_are_half_a_day_apart(void **state)
{
    (void)state;
    assert_int_equal(hook_delay_ms(1, 0), HOOK_DELAY_FIRST_MS / 2);
    assert_int_equal(hook_delay_ms(1, HOOK_DELAY_FIRST_MS / 2), HOOK_DELAY_FIRST_MS);
    assert_int_equal(hook_delay_ms(2, 0), 3 * HOOK_DELAY_FIRST_MS / 2);
    assert_int_equal(hook_delay_ms(1000000, 0), HOOK_DELAY_MAX_MS / 2);
    assert_int_equal(hook_delay_ms(UINT32_MAX, HOOK_DELAY_MAX_MS / 2), HOOK_DELAY_MAX_MS);
    for (uint32_t failures = 1; failures < 20; failures++)
        for (uint64_t chance = 0; chance < 100; chance++) {
            int64_t delay = hook_delay_ms(failures, chance * UINT64_C(184467440737095516));
            assert_true(delay >= HOOK_DELAY_FIRST_MS / 2 && delay <= HOOK_DELAY_MAX_MS);
            assert_true(delay >= hook_delay_ms(failures, 0));
        }
}

// With the least chance and with the most: some dozen tries, over three days and half a day more.
static void tries_go_on_for_about_three_days(void **state)
{
    (void)state;
    for (int most = 0; most < 2; most++) {
        int64_t at_ms = 0;
        uint32_t failures = 1;
        for (; at_ms < HOOK_GIVE_UP_MS; failures++)
            at_ms += hook_delay_ms(failures, most ? HOOK_DELAY_MAX_MS / 2 : 0);
        assert_true(failures >= 8 && failures <= 24);
        assert_true(at_ms < HOOK_GIVE_UP_MS + HOOK_DELAY_MAX_MS);
    }
}

// --- Addresses -----------------------------------------------------------------------------------

static bool is_public(const char *text)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return hook_address_is_public((const struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return hook_address_is_public((const struct sockaddr *)&v6);
}

static void nothing_is_sent_to_addresses_that_are_not_of_the_world(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
        "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1",
        "64:ff9b::8.8.8.8", "100::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
        "2001::1", "2001:10::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
        "4000::1", "1fff::1",
    };
    static const char *const taken[] = {
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "2000::1", "2001:200::1", "2001:4860:4860::8888",
        "2606:4700:4700::1111", "2a00:1450::1", "3ffe::1",
    };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (is_public(refused[i])) fail_msg("%s", refused[i]);
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (!is_public(taken[i])) fail_msg("%s", taken[i]);
    assert_false(hook_address_is_public(&(struct sockaddr){ .sa_family = AF_UNIX }));
}

// --- URLs ----------------------------------------------------------------------------------------

static void a_url_is_https_to_the_world_or_that_of_an_insider(void **state)
{
    (void)state;
    static const struct { const char *url; bool fits, inside; } cases[] = {
        { "https://example.com/hook", true, false },
        { "https://example.com:8443/hook?of=us", true, false },
        { "https://8.8.8.8/", true, false },
        { "https://[2606:4700:4700::1111]/", true, false },
        { "http://127.0.0.1:9000/hook", true, true },
        { "https://127.0.0.1:9000/hook", true, true },
        { "http://ERP.example:80/", true, true },
        { "http://erp.example/", true, true }, // 80 is what http has
        { "http://[::1]:9001/", true, true },
        { "http://127.0.0.1:9001/hook", false, false },
        { "http://127.0.0.1/", false, false },
        { "http://example.com/", false, false },
        { "https://erp.example.com:80/", true, false },
        { "https://127.0.0.1/", false, false },
        { "https://2130706433/", false, false },
        { "https://0x7f000001/", false, false },
        { "https://0177.1/", false, false },
        { "https://[::1]/", false, false },
        { "https://[::ffff:127.0.0.1]/", false, false },
        { "https://[fe80::1%25eth0]/", false, false },
        { "https://ann:secret@example.com/", false, false },
        { "https://example.com/#there", false, false },
        { "ftp://example.com/", false, false },
        { "file:///etc/passwd", false, false },
        { "gopher://127.0.0.1:9000/", false, false },
        { "example.com", false, false },
        { "https://", false, false },
        { "https://exa mple.com/", false, false },
        { "https://example.com/\r\nHost: x", false, false },
        { "https://ex\xC3\xA4mple.com/", false, false },
        { "https://example.com:99999/", false, false },
        { "", false, false },
    };
    struct hook_insiders insiders;
    struct error err;
    assert_true(hook_insiders_read("127.0.0.1:9000, [::1]:9001,Erp.Example:80", &insiders, &err));
    assert_int_equal(insiders.count, 3);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool inside = false;
        bool fits = hook_url_fits(span_of(cases[i].url), &insiders, &inside, &err);
        if (fits != cases[i].fits || (fits && inside != cases[i].inside))
            fail_msg("%s", cases[i].url);
        if (!fits) assert_int_equal(err.kind, ERROR_SYNTAX);
    }
    char longest[HOOK_URL_MAX + 2] = "https://example.com/";
    bool inside;
    memset(longest + 20, 'a', sizeof(longest) - 21);
    assert_false(hook_url_fits(span_of(longest), &insiders, &inside, &err));
    longest[HOOK_URL_MAX] = '\0';
    assert_true(hook_url_fits(span_of(longest), &insiders, &inside, &err));
}

static void insiders_are_hosts_with_ports(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "example", "example:", ":80", "example:0", "example:65536", "example:80x", "a:1,,b:2",
        "http://example:80", "a b:80",
    };
    struct hook_insiders insiders;
    struct error err;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (hook_insiders_read(wrong[i], &insiders, &err)) fail_msg("%s", wrong[i]);
        assert_int_equal(err.kind, ERROR_SYNTAX);
    }
    assert_true(hook_insiders_read(NULL, &insiders, &err));
    assert_int_equal(insiders.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_that_of_standard_webhooks),
        cmocka_unit_test(anything_else_has_another_signature),
        cmocka_unit_test(each_hook_has_a_secret_of_its_own),
        cmocka_unit_test(the_first_tries_are_soon_and_the_last_are_half_a_day_apart),
        cmocka_unit_test(tries_go_on_for_about_three_days),
        cmocka_unit_test(nothing_is_sent_to_addresses_that_are_not_of_the_world),
        cmocka_unit_test(a_url_is_https_to_the_world_or_that_of_an_insider),
        cmocka_unit_test(insiders_are_hosts_with_ports),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
