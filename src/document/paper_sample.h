// paper_sample: the proof of a small file, for tests: four facts among ten entries of a ledger.
//
// The same bytes every time: key, salts and times are fixed. Any failure ends the test.
#ifndef TW_DOCUMENT_PAPER_SAMPLE_H
#define TW_DOCUMENT_PAPER_SAMPLE_H

#include <assert.h>

#include "consignment/fact_body.h"
#include "document/paper.h"
#include "ledger/key.h"
#include "ledger/tree.h"

#define PAPER_SAMPLE_FILE "26TW-SAMPLE-1"
enum { PAPER_SAMPLE_FACTS = 4, PAPER_SAMPLE_ENTRIES = 10 };

struct paper_sample {
    struct arena *arena;
    struct log_key log;
    struct span vkey, note;
    struct paper_fact facts[PAPER_SAMPLE_FACTS];
    struct sha256 leaves[PAPER_SAMPLE_ENTRIES];
    struct sha256 damage;      // zeros, or what is wrong with every hash of the source
};

static inline bool paper_sample_read(void *state, unsigned level, uint64_t index,
                                     struct sha256 *hash, struct error *err)
{
    (void)err;
    const struct paper_sample *sample = state;
    struct tree tree = { 0 };
    assert((index + 1) << level <= PAPER_SAMPLE_ENTRIES);
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        tree_add(&tree, sample->leaves[i]);
    *hash = tree_root(&tree);
    for (int i = 0; i < SHA256_SIZE; i++) hash->bytes[i] ^= sample->damage.bytes[i];
    return true;
}

static inline struct hash_source paper_sample_source(struct paper_sample *sample)
{
    return (struct hash_source){ paper_sample_read, sample };
}

// The fact that is the n-th of its file, at leaf 2n of the ledger.
static inline void paper_sample_fact(struct paper_sample *sample, uint32_t n,
                                     enum fact_kind kind, struct span body)
{
    struct fact fact = { .kind = kind, .seq = n + 1, .at_ms = INT64_C(1779840000000) + n,
                         .file = SPAN(PAPER_SAMPLE_FILE), .who = SPAN("desk"), .body = body };
    struct paper_fact *paper_fact = &sample->facts[n];
    bool written = fact_write(&fact, sample->arena, &paper_fact->json, NULL);
    assert(written);
    (void)written;
    memset(paper_fact->salt, (int)n + 0xA0, SALT_SIZE);
    paper_fact->leaf = 2 * n;
    struct sha256 entry = fact_commitment(paper_fact->salt, paper_fact->json);
    sample->leaves[2 * n] = tree_leaf(sha256_span(&entry));
}

// A checkpoint of the first `size` entries, signed by `key`.
static inline struct span paper_sample_note(struct paper_sample *sample, uint64_t size,
                                            const struct log_key *key)
{
    struct tree tree = { 0 };
    for (uint64_t i = 0; i < size; i++) tree_add(&tree, sample->leaves[i]);
    struct checkpoint checkpoint = { span_of(sample->log.name), size, tree_root(&tree) };
    struct text body = text_in(sample->arena, 512), note = text_in(sample->arena, 1024);
    checkpoint_write(&body, &checkpoint);
    note_sign(&note, text_span(&body), span_of(key->name), key->id, key->secret_key);
    return text_span(&note);
}

static inline void paper_sample_make(struct paper_sample *sample, struct arena *arena)
{
    *sample = (struct paper_sample){ .arena = arena };
    uint8_t seed[32] = { 7 };
    bool made = log_key_make(&sample->log, SPAN("customs.example/ledger"), seed, NULL);
    sample->vkey = log_key_vkey(&sample->log);
    for (uint32_t i = 0; i < PAPER_SAMPLE_ENTRIES; i++) {
        struct sha256 other = sha256_of((struct span){ (const char *)&i, sizeof(i) });
        sample->leaves[i] = tree_leaf(sha256_span(&other));
    }
    const struct span reason = SPAN("the goods may go");
    struct span decided;
    made = made && body_decided(DECISION_RELEASE, false, &reason, 1, arena, &decided, NULL);
    assert(made);
    (void)made;
    paper_sample_fact(sample, 0, FACT_DECLARED, SPAN("{\"declaration\":{\"n\":1}}"));
    paper_sample_fact(sample, 1, FACT_CHECKED, SPAN("{\"errors\":0,\"findings\":[]}"));
    paper_sample_fact(sample, 2, FACT_SCORED, SPAN("{\"score\":12}"));
    paper_sample_fact(sample, 3, FACT_DECIDED, decided);
    sample->note = paper_sample_note(sample, PAPER_SAMPLE_ENTRIES, &sample->log);
}

static inline struct span paper_sample_paper(struct paper_sample *sample, uint32_t count)
{
    struct span paper;
    struct hash_source source = paper_sample_source(sample);
    bool written = paper_write(SPAN(PAPER_SAMPLE_FILE), sample->facts, count, &source,
                               PAPER_SAMPLE_ENTRIES, sample->note, sample->vkey, sample->arena,
                               &paper, NULL);
    assert(written);
    (void)written;
    return paper;
}

// The same without the facts of `withheld`: bits, 1 << n.
static inline struct span paper_sample_extract(struct paper_sample *sample, uint32_t count,
                                               unsigned withheld)
{
    for (uint32_t n = 0; n < count; n++) sample->facts[n].withheld = (withheld >> n & 1) != 0;
    struct span paper = paper_sample_paper(sample, count);
    for (uint32_t n = 0; n < count; n++) sample->facts[n].withheld = false;
    return paper;
}

#endif
