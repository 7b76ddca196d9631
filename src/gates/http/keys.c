#include "gates/http/keys.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"

// A ring of entries, oldest first out, and a table of chains into it by the id's first bytes.
// Callers are counted by a hash of their name; two that share one share their room, no more.
enum { CHAINS = 2 * HTTP_KEYS_MAX, CALLERS = 4096, NOWHERE = -1 };

struct entry {
    struct sha256 id, body;
    uint32_t caller;             // slot in `counts`
    int32_t next;                // in its chain
    bool used, answered;
    struct key_answer *answer;   // of its own memory
};

struct keys {
    pthread_mutex_t lock;
    struct entry entries[HTTP_KEYS_MAX];
    int32_t chains[CHAINS];
    uint32_t counts[CALLERS];
    uint32_t next;               // entry that is taken next
};

static int32_t *chain_of(struct keys *keys, const struct sha256 *id)
{
    uint32_t hash;
    memcpy(&hash, id->bytes, sizeof(hash));
    return &keys->chains[hash % CHAINS];
}

static struct entry *entry_of(struct keys *keys, const struct sha256 *id)
{
    int32_t at = *chain_of(keys, id);
    while (at != NOWHERE && !sha256_equal(keys->entries[at].id, *id)) at = keys->entries[at].next;
    return at == NOWHERE ? NULL : &keys->entries[at];
}

static void drop(struct keys *keys, struct entry *entry)
{
    if (!entry->used) return;
    int32_t *link = chain_of(keys, &entry->id), at = (int32_t)(entry - keys->entries);
    while (*link != at) link = &keys->entries[*link].next;
    *link = entry->next;
    keys->counts[entry->caller]--;
    free(entry->answer);
    *entry = (struct entry){ 0 };
}

// Room for one more of that caller: his own oldest goes when he has enough, else the oldest of all.
static struct entry *take_room(struct keys *keys, uint32_t caller)
{
    if (keys->counts[caller] >= HTTP_KEYS_EACH_MAX)
        for (uint32_t i = 0; i < HTTP_KEYS_MAX; i++) {
            struct entry *entry = &keys->entries[(keys->next + i) % HTTP_KEYS_MAX];
            if (!entry->used || entry->caller != caller) continue;
            drop(keys, entry);
            return entry;
        }
    struct entry *entry = &keys->entries[keys->next];
    keys->next = (keys->next + 1) % HTTP_KEYS_MAX;
    drop(keys, entry);
    return entry;
}

struct sha256 keys_id(struct span caller, struct span key)
{
    struct sha256 who = sha256_of(caller);
    return sha256_of_two(sha256_span(&who), key);
}

enum key_found keys_find(struct keys *keys, struct span caller, struct sha256 id,
                         struct sha256 body, struct key_answer *answer)
{
    enum key_found found = KEY_NEW;
    pthread_mutex_lock(&keys->lock);
    struct entry *entry = entry_of(keys, &id);
    if (entry == NULL) {
        uint32_t slot = (uint32_t)(key_of(caller) % CALLERS);
        entry = take_room(keys, slot);
        int32_t *chain = chain_of(keys, &id);
        *entry = (struct entry){ .id = id, .body = body, .caller = slot, .next = *chain,
                                 .used = true };
        *chain = (int32_t)(entry - keys->entries);
        keys->counts[slot]++;
    } else if (!sha256_equal(entry->body, body)) {
        found = KEY_OF_ANOTHER;
    } else if (!entry->answered) {
        found = KEY_UNDER_WAY;
    } else {
        found = KEY_ANSWERED;
        *answer = *entry->answer;
    }
    pthread_mutex_unlock(&keys->lock);
    return found;
}

void keys_keep(struct keys *keys, struct sha256 id, const struct key_answer *answer)
{
    assert(answer->body_len <= KEY_ANSWER_MAX);
    struct key_answer *kept = malloc(sizeof(*kept));
    pthread_mutex_lock(&keys->lock);
    struct entry *entry = entry_of(keys, &id); // gone when many came since
    if (entry != NULL && kept != NULL && !entry->answered) {
        *kept = *answer;
        entry->answer = kept;
        entry->answered = true;
        kept = NULL;
    } else if (entry != NULL && !entry->answered) {
        drop(keys, entry);
    }
    pthread_mutex_unlock(&keys->lock);
    free(kept);
}

void keys_forget(struct keys *keys, struct sha256 id)
{
    pthread_mutex_lock(&keys->lock);
    struct entry *entry = entry_of(keys, &id);
    if (entry != NULL && !entry->answered) drop(keys, entry);
    pthread_mutex_unlock(&keys->lock);
}

bool keys_open(struct keys **opened, struct error *err)
{
    struct keys *keys = calloc(1, sizeof(*keys));
    if (keys == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for the keys");
    for (int i = 0; i < CHAINS; i++) keys->chains[i] = NOWHERE;
    pthread_mutex_init(&keys->lock, NULL);
    *opened = keys;
    return true;
}

void keys_close(struct keys *keys)
{
    if (keys == NULL) return;
    for (uint32_t i = 0; i < HTTP_KEYS_MAX; i++) free(keys->entries[i].answer);
    pthread_mutex_destroy(&keys->lock);
    free(keys);
}
