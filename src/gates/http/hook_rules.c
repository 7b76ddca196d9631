#include "gates/http/hook_rules.h"

#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>
#include <netinet/in.h>

// --- Signing -------------------------------------------------------------------------------------

struct sha256 hook_secret(struct span store_key, struct span hook_id)
{
    return hmac_sha256_of(store_key, hook_id);
}

void hook_secret_write(struct text *text, struct sha256 secret)
{
    text_add(text, SPAN("whsec_"));
    base64_write(text, secret.bytes, SHA256_SIZE);
}

void hook_sign(struct text *text, struct span secret, struct span id, int64_t at_s,
               struct span body)
{
    struct text content = text_in(text->arena, id.len + body.len + 32);
    text_add(&content, id);
    text_add_char(&content, '.');
    text_add_i64(&content, at_s);
    text_add_char(&content, '.');
    text_add(&content, body);
    struct sha256 hash = hmac_sha256_of(secret, text_span(&content));
    text->full = text->full || content.full;
    text_add(text, SPAN("v1,"));
    base64_write(text, hash.bytes, SHA256_SIZE);
}

// --- Trying again --------------------------------------------------------------------------------

int64_t hook_delay_ms(uint32_t failures, uint64_t chance)
{
    int64_t whole = HOOK_DELAY_FIRST_MS;
    assert(failures > 0);
    for (uint32_t i = 1; i < failures && whole < HOOK_DELAY_MAX_MS; i++) whole *= 3;
    if (whole > HOOK_DELAY_MAX_MS) whole = HOOK_DELAY_MAX_MS;
    return whole / 2 + (int64_t)(chance % (uint64_t)(whole / 2 + 1));
}

// --- Addresses -----------------------------------------------------------------------------------

struct block { uint8_t bytes[16]; uint8_t bits; };

// What is not to be sent to; in the order of the numbers.
static const struct block not_public_4[] = {
    { { 0 }, 8 },              // this network
    { { 10 }, 8 },             // private
    { { 100, 64 }, 10 },       // shared, behind a carrier's NAT
    { { 127 }, 8 },            // loopback
    { { 169, 254 }, 16 },      // link-local; clouds tell their machines' secrets there
    { { 172, 16 }, 12 },       // private
    { { 192, 0, 0 }, 24 },     // protocols
    { { 192, 0, 2 }, 24 },     // documentation
    { { 192, 88, 99 }, 24 },   // 6to4 relays that were
    { { 192, 168 }, 16 },      // private
    { { 198, 18 }, 15 },       // benchmarks
    { { 198, 51, 100 }, 24 },  // documentation
    { { 203, 0, 113 }, 24 },   // documentation
    { { 224 }, 3 },            // multicast, reserved, broadcast
};

// Of IPv6 only 2000::/3 is given out to the world; and of that not:
static const struct block public_6 = { { 0x20 }, 3 };
static const struct block not_public_6[] = {
    { { 0x20, 0x01, 0x00 }, 23 },       // protocols, Teredo, ORCHID
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, // documentation
    { { 0x20, 0x02 }, 16 },             // 6to4: any IPv4 address
    { { 0x3f, 0xff, 0x00 }, 20 },       // documentation
};

static bool is_in(const uint8_t *address, const struct block *block)
{
    unsigned whole = block->bits / 8, rest = block->bits % 8;
    uint8_t mask = (uint8_t)(0xFF00 >> rest);
    return memcmp(address, block->bytes, whole) == 0 &&
           (rest == 0 || (address[whole] & mask) == (block->bytes[whole] & mask));
}

static bool is_in_one(const uint8_t *address, const struct block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_in(address, &blocks[i])) return true;
    return false;
}

#define COUNT(blocks) (sizeof(blocks) / sizeof((blocks)[0]))

bool hook_address_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return !is_in_one((const uint8_t *)&v4.sin_addr, not_public_4, COUNT(not_public_4));
    }
    if (address->sa_family != AF_INET6) return false;
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof(v6));
    return is_in(v6.sin6_addr.s6_addr, &public_6) &&
           !is_in_one(v6.sin6_addr.s6_addr, not_public_6, COUNT(not_public_6));
}

// --- Insiders ------------------------------------------------------------------------------------

static bool read_insider(struct span text, struct hook_insider *insider)
{
    uint64_t port;
    struct span_pair cut = span_cut_last(text, ':');
    if (!cut.found || cut.head.len == 0 || cut.head.len > HOOK_HOST_MAX ||
        !span_to_u64(cut.tail, &port) || port == 0 || port > 65535)
        return false;
    *insider = (struct hook_insider){ .port = (unsigned)port };
    for (size_t i = 0; i < cut.head.len; i++) {
        char c = cut.head.at[i];
        if (c <= ' ' || c >= 0x7F || c == '/' || c == '@') return false;
        insider->host[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return true;
}

bool hook_insiders_read(const char *list, struct hook_insiders *insiders, struct error *err)
{
    struct span rest = span_of(list);
    *insiders = (struct hook_insiders){ 0 };
    while (rest.len > 0) {
        struct span_pair cut = span_cut(rest, ',');
        struct span one = span_trim(cut.head);
        if (insiders->count == HOOK_INSIDERS_MAX)
            return error_set(err, ERROR_SYNTAX, "more than %d receivers inside",
                             HOOK_INSIDERS_MAX);
        if (!read_insider(one, &insiders->at[insiders->count++])) {
            error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no receiver inside", SPAN_ARG(one));
            return error_hint(err, "Write HOST:PORT, several with commas between them.");
        }
        rest = cut.tail;
    }
    return true;
}

static bool is_insider(const struct hook_insiders *insiders, struct span host, unsigned port)
{
    for (uint32_t i = 0; i < insiders->count; i++)
        if (insiders->at[i].port == port && span_equal(span_of(insiders->at[i].host), host))
            return true;
    return false;
}

// --- URLs ----------------------------------------------------------------------------------------

struct parts { char *scheme, *host, *port, *user, *fragment; };

static bool is_plain(struct span url, char text[HOOK_URL_MAX + 1])
{
    if (url.len == 0 || url.len > HOOK_URL_MAX) return false;
    for (size_t i = 0; i < url.len; i++)
        if (url.at[i] <= ' ' || url.at[i] >= 0x7F) return false;
    memcpy(text, url.at, url.len);
    text[url.len] = '\0';
    return true;
}

static bool take_apart(CURLU *handle, const char *url, struct parts *parts)
{
    if (curl_url_set(handle, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_get(handle, CURLUPART_SCHEME, &parts->scheme, 0) != CURLUE_OK ||
        curl_url_get(handle, CURLUPART_HOST, &parts->host, 0) != CURLUE_OK ||
        curl_url_get(handle, CURLUPART_PORT, &parts->port, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return false;
    curl_url_get(handle, CURLUPART_USER, &parts->user, 0); // these two may be absent
    curl_url_get(handle, CURLUPART_FRAGMENT, &parts->fragment, 0);
    for (char *c = parts->host; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    return true;
}

// A host that is an address itself is looked at now; a name when we connect.
static bool names_an_address_inside(const char *host)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    char six[INET6_ADDRSTRLEN + 1];
    struct span name = span_of(host);
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1)
        return !hook_address_is_public((const struct sockaddr *)&v4);
    if (name.len < 3 || name.at[0] != '[') return false;
    if (name.len - 2 >= sizeof(six)) return true; // with a zone: of this link
    memcpy(six, name.at + 1, name.len - 2);
    six[name.len - 2] = '\0';
    return inet_pton(AF_INET6, six, &v6.sin6_addr) != 1 ||
           !hook_address_is_public((const struct sockaddr *)&v6);
}

static bool judge(const struct parts *parts, const struct hook_insiders *insiders, bool *inside,
                  struct error *err)
{
    uint64_t port;
    bool secure = strcmp(parts->scheme, "https") == 0;
    if (!secure && strcmp(parts->scheme, "http") != 0)
        return error_set(err, ERROR_SYNTAX, "webhooks are sent by https, not '%s'", parts->scheme);
    if (parts->user != NULL || parts->fragment != NULL)
        return error_set(err, ERROR_SYNTAX, "the URL has a user or a fragment");
    if (!span_to_u64(span_of(parts->port), &port) || port > 65535)
        return error_set(err, ERROR_SYNTAX, "the URL's port is none");
    *inside = is_insider(insiders, span_of(parts->host), (unsigned)port);
    if (*inside) return true;
    if (!secure) {
        error_set(err, ERROR_SYNTAX, "webhooks are sent by https alone");
        return error_hint(err, "For a receiver inside, the operator says --webhooks-to HOST:PORT.");
    }
    if (!names_an_address_inside(parts->host)) return true;
    error_set(err, ERROR_SYNTAX, "the URL's address is not one of the public internet");
    return error_hint(err, "For a receiver inside, the operator says --webhooks-to HOST:PORT.");
}

bool hook_url_fits(struct span url, const struct hook_insiders *insiders, bool *inside,
                   struct error *err)
{
    char text[HOOK_URL_MAX + 1];
    struct parts parts = { 0 };
    CURLU *handle = curl_url();
    if (handle == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory to read a URL");
    bool fits = is_plain(url, text) && take_apart(handle, text, &parts);
    if (fits) fits = judge(&parts, insiders, inside, err);
    else error_set(err, ERROR_SYNTAX, "this is no URL of at most %d plain letters", HOOK_URL_MAX);
    curl_free(parts.scheme);
    curl_free(parts.host);
    curl_free(parts.port);
    curl_free(parts.user);
    curl_free(parts.fragment);
    curl_url_cleanup(handle);
    return fits;
}
