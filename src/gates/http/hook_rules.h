// hook_rules: how a webhook is signed, when it is tried again, and where it may go. Pure.
//
// Signed as Standard Webhooks 1.0.0 says (standardwebhooks.com, spec/standard-webhooks.md,
// "Signature scheme"): HMAC-SHA256 by the hook's secret over "ID.SECONDS.BODY", and sent as
//   webhook-id         the event's: the same each time that it is tried
//   webhook-timestamp  seconds since 1970, of this try
//   webhook-signature  "v1," and the HMAC in base64
// A secret is 32 bytes, shown as "whsec_" and its base64. It is kept nowhere: it is the HMAC of the
// hook's id by a key of the store's.
#ifndef TW_GATES_HTTP_HOOK_RULES_H
#define TW_GATES_HTTP_HOOK_RULES_H

#include <sys/socket.h>

#include "base/hash.h"
#include "base/limits.h"

// --- Signing ---

struct sha256 hook_secret(struct span store_key, struct span hook_id);
void hook_secret_write(struct text *text, struct sha256 secret);

// "v1,..." by a secret of any length. There must be no '.' in the id.
void hook_sign(struct text *text, struct span secret, struct span id, int64_t at_s,
               struct span body);

// --- Trying again ---

// 5 seconds, three times as much each time, at most 12 hours; of that between the half and all of
// it, by chance, so that those who failed together do not come back together.
enum {
    HOOK_DELAY_FIRST_MS = 5 * 1000,
    HOOK_DELAY_MAX_MS = 12 * 60 * 60 * 1000,
    HOOK_GIVE_UP_MS = 3 * 24 * 60 * 60 * 1000, // of nothing but failures: then it is stopped
};

// Until the next try, after so many failures in a row (from 1).
int64_t hook_delay_ms(uint32_t failures, uint64_t chance);

// --- Where it may go ---

// May it be sent to? Only an address of the public internet, by the IANA's registries of those for
// special purposes (RFC 6890; iana-ipv4- and iana-ipv6-special-registry): not loopback, private,
// shared, link-local, multicast, documentation, nor one that stands for another (v4-mapped, NAT64,
// 6to4, Teredo).
bool hook_address_is_public(const struct sockaddr *address);

// Receivers inside, which the operator named: "127.0.0.1:9000,[::1]:9001,erp.example:80".
enum { HOOK_INSIDERS_MAX = 32, HOOK_HOST_MAX = 255 };

struct hook_insider { char host[HOOK_HOST_MAX + 1]; unsigned port; };
struct hook_insiders { struct hook_insider at[HOOK_INSIDERS_MAX]; uint32_t count; };

// NULL: none. ERROR_SYNTAX.
MUST_CHECK bool hook_insiders_read(const char *list, struct hook_insiders *insiders,
                                   struct error *err);

// May a hook have this URL? https to a host outside, whose address is looked at when we connect;
// http or https, at whatever address, to one of the insiders. ERROR_SYNTAX says why not.
MUST_CHECK bool hook_url_fits(struct span url, const struct hook_insiders *insiders, bool *inside,
                              struct error *err);

#endif
