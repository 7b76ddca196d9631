#include "store/batch_story.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"

enum { ARENA_SIZE = 4 * MIB, LARGE_EVERY = 7, LARGE_SIZE = 5000, SMALL_SIZE = 300 };

static uint64_t mixed(uint64_t batch, uint64_t append, uint64_t fact)
{
    uint64_t numbers[] = { batch, append, fact };
    return key_of((struct span){ (const char *)numbers, sizeof(numbers) });
}

void story_open(struct story *story)
{
    struct error err;
    *story = (struct story){ 0 };
    bool opened = arena_open(&story->arena, ARENA_SIZE, &err) &&
                  arena_open(&story->telling, ARENA_SIZE, &err) &&
                  arena_open(&story->scanning, ARENA_SIZE, &err) &&
                  arena_open(&story->reading, ARENA_SIZE, &err) &&
                  store_packer_open(&story->packer, &err);
    assert(opened);
}

void story_close(struct story *story)
{
    arena_close(&story->arena);
    arena_close(&story->telling);
    arena_close(&story->scanning);
    arena_close(&story->reading);
    store_packer_close(story->packer);
}

static uint32_t appends_of(uint64_t batch)
{
    return 1 + (uint32_t)(batch % 4);
}

static uint32_t facts_of(uint64_t batch, uint32_t append)
{
    return 1 + (uint32_t)((batch + append) % 3);
}

uint64_t story_facts(uint64_t batches)
{
    uint64_t facts = 0;
    for (uint64_t batch = 1; batch <= batches; batch++)
        for (uint32_t i = 0; i < appends_of(batch); i++) facts += facts_of(batch, i);
    return facts;
}

static struct span text_of(struct arena *arena, uint64_t random, size_t size)
{
    struct text text = text_in(arena, size + 64);
    text_add_format(&text, "{\"seed\":%llu,\"text\":\"", (unsigned long long)(random % 1000000));
    while (text.len < size) {
        struct sha256 hash = sha256_of((struct span){ (const char *)&random, sizeof(random) });
        hex_write(&text, hash.bytes, sizeof(hash.bytes));
        memcpy(&random, hash.bytes, sizeof(random));
    }
    text_add(&text, SPAN("\"}"));
    assert(!text.full);
    return text_span(&text);
}

static struct store_fact fact_of(struct arena *arena, uint64_t batch, uint32_t append, uint32_t i)
{
    uint64_t random = mixed(batch, append, i);
    size_t size = batch % LARGE_EVERY == 0 ? LARGE_SIZE : 20 + random % SMALL_SIZE;
    struct store_fact fact = { .json = text_of(arena, random, size) };
    struct sha256 salt = sha256_of_two(SPAN("salt"), fact.json);
    memcpy(fact.salt, salt.bytes, sizeof(fact.salt));
    fact.commitment = sha256_of_two(sha256_span(&salt), fact.json);
    return fact;
}

static struct store_seal seal_of(struct arena *arena, uint64_t batch)
{
    struct text checkpoint = text_in(arena, 64), edge = text_in(arena, 256);
    text_add_format(&checkpoint, "checkpoint %llu\n", (unsigned long long)batch);
    struct sha256 root = sha256_of(text_span(&checkpoint));
    for (uint64_t i = 0; i < batch % 5; i++) text_add(&edge, sha256_span(&root));
    return (struct store_seal){ .tree_size = story_facts(batch), .root = root,
                                .edge = text_span(&edge), .checkpoint = text_span(&checkpoint) };
}

static struct store_append *make_batch(struct arena *arena, uint64_t number, uint32_t *count,
                                       struct store_seal *seal)
{
    assert(number > 0);
    arena_reset(arena, 0);
    *count = appends_of(number);
    struct store_append *appends = arena_take(arena, *count, sizeof(*appends));
    assert(appends != NULL);
    uint64_t leaf = story_facts(number - 1);
    for (uint32_t i = 0; i < *count; i++) {
        struct text name = text_in(arena, 64);
        uint32_t facts_count = facts_of(number, i);
        struct store_fact *facts = arena_take(arena, facts_count, sizeof(*facts));
        assert(facts != NULL);
        for (uint32_t f = 0; f < facts_count; f++) facts[f] = fact_of(arena, number, i, f);
        text_add_format(&name, "file-%llu-%u", (unsigned long long)number, i);
        appends[i] = (struct store_append){ .file = text_span(&name),
            .first_seq = 1 + (uint32_t)number % 9, .facts_count = facts_count, .facts = facts,
            .previous = number % 3 == 0 ? number : STORE_NOWHERE, .first_leaf = leaf };
        leaf += facts_count;
    }
    *seal = seal_of(arena, number);
    return appends;
}

struct store_append *story_batch(struct story *story, uint64_t number, uint32_t *count,
                                 struct store_seal *seal)
{
    return make_batch(&story->arena, number, count, seal);
}

static void recall(struct story *story, uint64_t batch)
{
    if (story->told_batch == batch) return;
    story->told = make_batch(&story->telling, batch, &story->told_count, &story->told_seal);
    story->told_batch = batch;
}

bool story_commit(struct story *story, struct store *store, uint64_t number, bool *before_anything,
                  struct error *err)
{
    uint32_t count;
    struct store_seal seal;
    struct store_append *appends = story_batch(story, number, &count, &seal);
    for (uint32_t i = 0; i < count; i++) {
        bool packed = store_pack(story->packer, &appends[i], &story->arena, err);
        assert(packed);
    }
    return store_commit(store, appends, count, &seal, before_anything, err);
}

static bool facts_are(const struct store_append *append, const struct store_append *told,
                      bool whole)
{
    for (uint32_t i = 0; i < told->facts_count; i++) {
        const struct store_fact *fact = &append->facts[i], *wanted = &told->facts[i];
        if (!sha256_equal(fact->commitment, wanted->commitment)) return false;
        if (whole ? !span_equal(fact->json, wanted->json) ||
                        memcmp(fact->salt, wanted->salt, sizeof(fact->salt)) != 0
                  : fact->json.len != 0)
            return false;
    }
    return true;
}

bool story_append_is(struct story *story, const struct store_append *append, uint64_t number,
                     uint32_t index, bool whole)
{
    recall(story, number);
    if (index >= story->told_count) return false;
    const struct store_append *told = &story->told[index];
    return span_equal(append->file, told->file) && append->first_seq == told->first_seq &&
           append->facts_count == told->facts_count && append->previous == told->previous &&
           append->first_leaf == told->first_leaf && facts_are(append, told, whole);
}

struct telling {
    struct story *story;
    struct store *store;
    uint64_t batch;
    uint32_t index;
    bool differs;
};

// Each append of the scan is the next one, and is read again by its position.
static bool told_append(void *context, const struct store_append *append, uint64_t next,
                        struct error *err)
{
    struct telling *telling = context;
    struct story *story = telling->story;
    struct store_append again;
    if (telling->index == appends_of(telling->batch)) {
        telling->batch++;
        telling->index = 0;
    }
    telling->differs = !story_append_is(story, append, telling->batch, telling->index, true) ||
                       next <= append->position;
    if (telling->differs) return error_set(err, ERROR_DAMAGED, "another append than was kept");
    arena_reset(&story->reading, 0);
    if (!store_read(telling->store, append->position, &story->reading, &again, err)) return false;
    telling->differs = !story_append_is(story, &again, telling->batch, telling->index, true);
    if (telling->differs) return error_set(err, ERROR_DAMAGED, "another append than was kept");
    telling->index++;
    return true;
}

static bool seal_is(struct story *story, const struct store_seal *seal)
{
    if (seal->batch == 0) return seal->tree_size == 0;
    if (seal->batch > STORY_BATCHES_MAX) return false;
    recall(story, seal->batch);
    const struct store_seal *told = &story->told_seal;
    return seal->tree_size == told->tree_size && sha256_equal(seal->root, told->root) &&
           span_equal(seal->edge, told->edge) && span_equal(seal->checkpoint, told->checkpoint);
}

enum story_told story_is_told(struct story *story, struct store *store, struct error *err)
{
    struct store_seal seal;
    struct telling telling = { .story = story, .store = store, .batch = 1 };
    store_seal(store, &seal);
    if (!seal_is(story, &seal)) return STORY_DIFFERS;
    if (!store_scan(store, 0, STORE_ALL, &story->scanning, told_append, &telling, err))
        return telling.differs ? STORY_DIFFERS : STORY_REPORTED;
    if (seal.batch == 0) return telling.index == 0 ? STORY_TOLD : STORY_DIFFERS;
    bool all = telling.batch == seal.batch && telling.index == appends_of(seal.batch);
    return all ? STORY_TOLD : STORY_DIFFERS;
}
