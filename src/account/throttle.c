#include "account/throttle.h"

#include <arpa/inet.h>
#include <assert.h>
#include <sodium.h>

#include "base/limits.h"

// A bucket is one number: the time at which it is full again. Each try moves it on by `back_us`;
// it is empty when that time is `burst` tries ahead. One that is full again says nothing, and its
// slot is free. That an account came in from a network is kept in the same way (until when it is
// known), in a table of its own, so that it pushes out no bucket.
//
// A key has its place in one of ROWS rows of WAYS slots.
enum { WAYS = 8, ROWS = THROTTLE_SLOTS / WAYS };
_Static_assert((ROWS & (ROWS - 1)) == 0, "a row is found by some bits of a key");
_Static_assert(sizeof(struct throttle_slot) == 16, "as limits.h says");

enum bucket { PAIR, NETWORK, ACCOUNT, NETWORK_REQUESTS, ACCOUNT_REQUESTS, KNOWN };

const struct throttle_rules throttle_usual = {
    .pair = { 5, 60 * 1000000LL },
    .network = { 50, 10 * 1000000LL },
    .account = { 100, 36 * 1000000LL },
    .network_requests = { 2000, 5000 },
    .account_requests = { 2000, 5000 },
};

const char *throttle_verdict_sentence(enum throttle_verdict verdict)
{
    static const char *const sentences[THROTTLE_VERDICT_COUNT] = {
        [THROTTLE_UNTOLD] = "nothing is known of how often this was tried",
        [THROTTLE_GO] = "go on",
        [THROTTLE_DELAYED] = "go on, in a while",
        [THROTTLE_REFUSED] = "this was tried too often: try again later",
    };
    assert(verdict < THROTTLE_VERDICT_COUNT);
    return sentences[verdict];
}

static bool rule_fits(struct throttle_rule rule)
{
    return rule.burst > 0 && rule.back_us > 0;
}

bool throttle_open(struct throttle *throttle, const struct throttle_rules *rules,
                   const uint8_t chance[THROTTLE_CHANCE], struct arena *arena, struct error *err)
{
    assert(rule_fits(rules->pair));
    assert(rule_fits(rules->network));
    assert(rule_fits(rules->account));
    assert(rule_fits(rules->network_requests));
    assert(rule_fits(rules->account_requests));
    void *buckets, *known;
    *throttle = (struct throttle){ .rules = *rules };
    memcpy(throttle->chance, chance, THROTTLE_CHANCE);
    size_t size = sizeof(struct throttle_slot);
    if (!arena_need(arena, THROTTLE_SLOTS, size, &buckets, "the throttle", err) ||
        !arena_need(arena, THROTTLE_SLOTS, size, &known, "the throttle", err))
        return false;
    if (pthread_mutex_init(&throttle->lock, NULL) != 0)
        return error_set(err, ERROR_UNAVAILABLE, "could not make a lock for the throttle");
    throttle->buckets = buckets;
    throttle->known = known;
    return true;
}

void throttle_close(struct throttle *throttle)
{
    if (throttle->buckets == NULL) return;
    pthread_mutex_destroy(&throttle->lock);
    *throttle = (struct throttle){ 0 };
}

// --- Keys ---

struct network { uint8_t bytes[1 + 8]; };

// A family and at most 64 bits of it; of what is no address a hash.
static struct network network_of(const struct throttle *throttle, struct span address)
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    struct network network = { .bytes = { 0 } };
    uint8_t whole[16];
    char text[INET6_ADDRSTRLEN] = "";
    if (address.len < sizeof(text)) memcpy(text, address.at, address.len);
    if (inet_pton(AF_INET, text, whole) == 1) {
        network.bytes[0] = 4;
        memcpy(network.bytes + 1, whole, 4);
    } else if (inet_pton(AF_INET6, text, whole) == 1) {
        bool is_mapped = memcmp(whole, mapped, sizeof(mapped)) == 0;
        network.bytes[0] = is_mapped ? 4 : 6;
        memcpy(network.bytes + 1, is_mapped ? whole + 12 : whole, is_mapped ? 4 : 8);
    } else {
        crypto_shorthash(network.bytes + 1, (const uint8_t *)address.at, address.len,
                         throttle->chance);
    }
    return network;
}

static uint64_t key_of_bucket(const struct throttle *throttle, enum bucket bucket,
                              const struct network *network, struct span account)
{
    _Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a key is one hash");
    _Static_assert(crypto_shorthash_KEYBYTES == THROTTLE_CHANCE, "its key is the chance given");
    uint8_t text[1 + sizeof(*network) + 8] = { (uint8_t)bucket };
    uint64_t key;
    if (network != NULL) memcpy(text + 1, network->bytes, sizeof(*network));
    // Names that come in may be of any length.
    if (account.len > 0)
        crypto_shorthash(text + 1 + sizeof(*network), (const uint8_t *)account.at, account.len,
                         throttle->chance);
    crypto_shorthash((uint8_t *)&key, text, sizeof(text), throttle->chance);
    return key == 0 ? 1 : key; // 0 is a slot that was never used
}

// --- Buckets; the lock is held ---

// The slot of a key, or NULL.
static struct throttle_slot *slot_of(struct throttle_slot *table, uint64_t key)
{
    struct throttle_slot *row = &table[key % ROWS * WAYS];
    for (int i = 0; i < WAYS; i++)
        if (row[i].key == key) return &row[i];
    return NULL;
}

// The same, or the one of its row that says least: never used, or soonest full again.
static struct throttle_slot *slot_for(struct throttle_slot *table, uint64_t key)
{
    struct throttle_slot *slot = slot_of(table, key);
    if (slot != NULL) return slot;
    struct throttle_slot *row = &table[key % ROWS * WAYS];
    slot = &row[0];
    for (int i = 1; i < WAYS; i++)
        if (row[i].due_us < slot->due_us) slot = &row[i];
    *slot = (struct throttle_slot){ .key = key };
    return slot;
}

// How long until there is a try in the bucket; 0 when there is one.
static int64_t wait_us(struct throttle *throttle, uint64_t key, struct throttle_rule rule,
                       int64_t now_us)
{
    struct throttle_slot *slot = slot_of(throttle->buckets, key);
    if (slot == NULL) return 0;
    int64_t wait = slot->due_us - now_us - (int64_t)(rule.burst - 1) * rule.back_us;
    return wait > 0 ? wait : 0;
}

static void take(struct throttle *throttle, uint64_t key, struct throttle_rule rule, int64_t now_us)
{
    struct throttle_slot *slot = slot_for(throttle->buckets, key);
    if (slot->due_us < now_us) slot->due_us = now_us;
    // However often it is delayed, it is no deeper than empty and the longest delay.
    int64_t most = now_us + (int64_t)rule.burst * rule.back_us + THROTTLE_DELAY_MAX_MS * 1000LL;
    slot->due_us += rule.back_us;
    if (slot->due_us > most) slot->due_us = most;
}

static void give_back(struct throttle *throttle, uint64_t key, struct throttle_rule rule)
{
    struct throttle_slot *slot = slot_of(throttle->buckets, key);
    if (slot != NULL) slot->due_us -= rule.back_us;
}

static int64_t milliseconds(int64_t us)
{
    return (us + 999) / 1000;
}

// --- What may be asked ---

struct throttle_answer throttle_sign_in(struct throttle *throttle, struct span account,
                                        struct span address, int64_t now_ms)
{
    const struct throttle_rules *rules = &throttle->rules;
    const struct span nobody = { 0 };
    struct network network = network_of(throttle, address);
    uint64_t pair = key_of_bucket(throttle, PAIR, &network, account);
    uint64_t from = key_of_bucket(throttle, NETWORK, &network, nobody);
    uint64_t of = key_of_bucket(throttle, ACCOUNT, NULL, account);
    uint64_t known = key_of_bucket(throttle, KNOWN, &network, account);
    int64_t now_us = now_ms * 1000;
    struct throttle_answer answer = { THROTTLE_GO, 0 };

    pthread_mutex_lock(&throttle->lock);
    int64_t wait = wait_us(throttle, pair, rules->pair, now_us);
    int64_t wait_network = wait_us(throttle, from, rules->network, now_us);
    if (wait_network > wait) wait = wait_network;
    if (wait > 0) {
        answer = (struct throttle_answer){ THROTTLE_REFUSED, milliseconds(wait) };
    } else {
        struct throttle_slot *before = slot_of(throttle->known, known);
        bool is_known = before != NULL && before->due_us > now_us;
        int64_t delay_ms = milliseconds(wait_us(throttle, of, rules->account, now_us));
        if (delay_ms > THROTTLE_DELAY_MAX_MS) delay_ms = THROTTLE_DELAY_MAX_MS;
        if (delay_ms > 0 && !is_known)
            answer = (struct throttle_answer){ THROTTLE_DELAYED, delay_ms };
        take(throttle, pair, rules->pair, now_us);
        take(throttle, from, rules->network, now_us);
        take(throttle, of, rules->account, now_us);
    }
    pthread_mutex_unlock(&throttle->lock);
    return answer;
}

void throttle_signed_in(struct throttle *throttle, struct span account, struct span address,
                        bool counted, int64_t now_ms)
{
    const struct throttle_rules *rules = &throttle->rules;
    const struct span nobody = { 0 };
    struct network network = network_of(throttle, address);
    uint64_t known = key_of_bucket(throttle, KNOWN, &network, account);
    pthread_mutex_lock(&throttle->lock);
    if (counted) {
        give_back(throttle, key_of_bucket(throttle, PAIR, &network, account), rules->pair);
        give_back(throttle, key_of_bucket(throttle, NETWORK, &network, nobody), rules->network);
        give_back(throttle, key_of_bucket(throttle, ACCOUNT, NULL, account), rules->account);
    }
    slot_for(throttle->known, known)->due_us = (now_ms + THROTTLE_KNOWN_MS) * 1000;
    pthread_mutex_unlock(&throttle->lock);
}

struct throttle_answer throttle_request(struct throttle *throttle, struct span account,
                                        struct span address, int64_t now_ms)
{
    const struct throttle_rules *rules = &throttle->rules;
    const struct span nobody = { 0 };
    struct network network = network_of(throttle, address);
    uint64_t from = key_of_bucket(throttle, NETWORK_REQUESTS, &network, nobody);
    uint64_t of = key_of_bucket(throttle, ACCOUNT_REQUESTS, NULL, account);
    int64_t now_us = now_ms * 1000;
    struct throttle_answer answer = { THROTTLE_GO, 0 };

    pthread_mutex_lock(&throttle->lock);
    int64_t wait = wait_us(throttle, from, rules->network_requests, now_us);
    if (account.len > 0) {
        int64_t wait_account = wait_us(throttle, of, rules->account_requests, now_us);
        if (wait_account > wait) wait = wait_account;
    }
    if (wait > 0) {
        answer = (struct throttle_answer){ THROTTLE_REFUSED, milliseconds(wait) };
    } else {
        take(throttle, from, rules->network_requests, now_us);
        if (account.len > 0) take(throttle, of, rules->account_requests, now_us);
    }
    pthread_mutex_unlock(&throttle->lock);
    return answer;
}
