// ledger_bench: entries that the ledger takes a second, and proofs that it makes and checks.
//
// Entries are invented texts of 300 bytes; nothing waits for the disk, and tiles go into a folder
// under /tmp that is removed. What is durable is measured by `tidewaiter bench`.
// Prints a table; with --json one line of JSON.
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "ledger/bundle.h"
#include "ledger/key.h"
#include "ledger/tiles.h"

enum { ENTRY_SIZE = 300, LOG_SIZE = 1 << 19, PROOFS = 1 << 14, ROUNDS = 5 };

struct bench {
    char folder[64];
    struct arena arena;
    struct log_key key;
    struct note_key public;
    struct sha256 *leaves;
    struct tile_reader *reader;    // of the log that add_to_tiles wrote
    struct sha256 root;
    struct proof *proofs;
    struct span *bundles;
    uint64_t *indexes;
};

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "ledger_bench: %s\n", err->text);
    exit(1);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int remove_entry(const char *path, const struct stat *stat, int flag, struct FTW *walk)
{
    (void)stat, (void)flag, (void)walk;
    return remove(path);
}

static struct span entry_of(uint32_t index, char bytes[ENTRY_SIZE])
{
    memset(bytes, (int)('a' + index % 26), ENTRY_SIZE);
    memcpy(bytes, &index, sizeof(index));
    return (struct span){ bytes, ENTRY_SIZE };
}

// --- Jobs: each does its work once and returns how many times ---

static uint32_t add_to_tree(struct bench *b)
{
    struct tree tree = { 0 };
    char bytes[ENTRY_SIZE];
    for (uint32_t i = 0; i < LOG_SIZE; i++) {
        b->leaves[i] = tree_leaf(entry_of(i, bytes));
        tree_add(&tree, b->leaves[i]);
    }
    b->root = tree_root(&tree);
    return LOG_SIZE;
}

static struct span note_of(struct bench *b, const struct tree *tree)
{
    struct checkpoint checkpoint = { span_of(b->key.name), tree->size, tree_root(tree) };
    struct text body = text_in(&b->arena, 512), note = text_in(&b->arena, 1024);
    checkpoint_write(&body, &checkpoint);
    note_sign(&note, text_span(&body), span_of(b->key.name), b->key.id, b->key.secret_key);
    return text_span(&note);
}

// A fresh log each time; the last one is read from then on.
static uint32_t add_to_tiles(struct bench *b)
{
    static char folder[128];
    static int number;
    struct error err;
    struct tiles *tiles;
    struct tree empty = { 0 };
    char bytes[ENTRY_SIZE];
    snprintf(folder, sizeof(folder), "%s/log-%d", b->folder, number++);
    need(tiles_open(&tiles, folder, &empty, &err), &err);
    for (uint32_t i = 0; i < LOG_SIZE; i++) {
        struct span entry = entry_of(i, bytes);
        need(tiles_add(tiles, entry, tree_leaf(entry), &err), &err);
    }
    need(tiles_publish(tiles, note_of(b, tiles_tree(tiles)), &err), &err);
    tiles_close(tiles);
    tile_reader_close(b->reader);
    b->reader = tile_reader_open(folder, LOG_SIZE, &err);
    need(b->reader != NULL, &err);
    return LOG_SIZE;
}

static uint32_t make_proofs(struct bench *b)
{
    struct error err;
    struct hash_source source = tile_source(b->reader);
    for (uint32_t i = 0; i < PROOFS; i++)
        need(proof_make_inclusion(&source, b->indexes[i], LOG_SIZE, &b->proofs[i], &err), &err);
    return PROOFS;
}

static uint32_t check_paths(struct bench *b)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < PROOFS; i++)
        held += proof_inclusion_holds(&b->proofs[i], b->indexes[i], LOG_SIZE,
                                      b->leaves[b->indexes[i]], b->root);
    return held == PROOFS ? PROOFS : 0;
}

// As bundle.h says to check many entries under one checkpoint: text, entry and path.
static uint32_t check_bundles(struct bench *b)
{
    uint32_t held = 0;
    char bytes[ENTRY_SIZE];
    for (uint32_t i = 0; i < PROOFS; i++) {
        struct bundle bundle;
        struct error err;
        need(bundle_read(b->bundles[i], &bundle, &err), &err);
        struct span entry = entry_of((uint32_t)bundle.index, bytes);
        held += proof_inclusion_holds(&bundle.proof, bundle.index, LOG_SIZE, tree_leaf(entry),
                                      b->root);
    }
    return held == PROOFS ? PROOFS : 0;
}

// The same with the checkpoint's signature each time.
static uint32_t check_bundles_alone(struct bench *b)
{
    uint32_t held = 0;
    char bytes[ENTRY_SIZE];
    for (uint32_t i = 0; i < PROOFS; i++) {
        struct error err;
        struct span entry = entry_of((uint32_t)b->indexes[i], bytes);
        held += bundle_verify(b->bundles[i], entry, &b->public, NULL, &err) == VERDICT_TRUE;
    }
    return held == PROOFS ? PROOFS : 0;
}

static uint32_t write_bundles(struct bench *b)
{
    struct tree tree = { 0 };
    for (uint32_t i = 0; i < LOG_SIZE; i++) tree_add(&tree, b->leaves[i]);
    struct span checkpoint = note_of(b, &tree);
    for (uint32_t i = 0; i < PROOFS; i++) {
        struct bundle bundle = { .index = b->indexes[i], .proof = b->proofs[i],
                                 .checkpoint = checkpoint };
        struct text text = text_in(&b->arena, 2048);
        bundle_write(&text, &bundle);
        b->bundles[i] = text_span(&text);
    }
    return PROOFS;
}

static const struct job {
    const char *name;
    uint32_t (*run)(struct bench *b);
    bool once;                         // prepares the jobs after it
} jobs[] = {
    { "entries into the tree", add_to_tree, false },
    { "entries into tiles, not durable", add_to_tiles, false },
    { "inclusion proofs made from tiles", make_proofs, false },
    { "paths checked", check_paths, false },
    { "bundles written", write_bundles, true },
    { "bundles checked, checkpoint checked before", check_bundles, false },
    { "bundles checked with their checkpoint", check_bundles_alone, false },
};

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The median of some rounds, a second; 0 when the work was not done.
static double measure(struct bench *b, const struct job *job)
{
    double rates[ROUNDS] = { 0 };
    const int rounds = job->once ? 1 : ROUNDS;
    for (int round = 0; round < rounds; round++) {
        double begin = seconds();
        uint32_t done = job->run(b);
        if (done == 0) return 0;
        rates[round] = done / (seconds() - begin);
    }
    qsort(rates, (size_t)rounds, sizeof(rates[0]), compare_doubles);
    return rates[rounds / 2];
}

static void open_bench(struct bench *b)
{
    struct error err;
    static const uint8_t seed[32] = { 1 };
    snprintf(b->folder, sizeof(b->folder), "/tmp/tidewaiter-bench-XXXXXX");
    if (mkdtemp(b->folder) == NULL) {
        fputs("ledger_bench: could not make a folder in /tmp\n", stderr);
        exit(1);
    }
    need(arena_open(&b->arena, (size_t)256 * MIB, &err), &err);
    need(log_key_make(&b->key, SPAN("bench.example/log"), seed, &err), &err);
    need(note_key_read(log_key_vkey(&b->key), &b->public, &err), &err);
    b->leaves = arena_take(&b->arena, LOG_SIZE, sizeof(*b->leaves));
    b->proofs = arena_take(&b->arena, PROOFS, sizeof(*b->proofs));
    b->bundles = arena_take(&b->arena, PROOFS, sizeof(*b->bundles));
    b->indexes = arena_take(&b->arena, PROOFS, sizeof(*b->indexes));
    if (b->leaves == NULL || b->proofs == NULL || b->bundles == NULL || b->indexes == NULL) exit(1);
    uint64_t chance = 1;
    for (uint32_t i = 0; i < PROOFS; i++) {
        chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        b->indexes[i] = (chance >> 33) % LOG_SIZE;
    }
}

int main(int count, char **words)
{
    static struct bench bench;
    bool as_json = count > 1 && strcmp(words[1], "--json") == 0, all = true;
    if (sodium_init() < 0) return 1;
    open_bench(&bench);
    if (as_json) printf("{\"entry_bytes\":%d,\"log_entries\":%d", ENTRY_SIZE, LOG_SIZE);
    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        double rate = measure(&bench, &jobs[i]);
        all = all && rate > 0;
        if (as_json) printf(",\"%s\":%.0f", jobs[i].name, rate);
        else printf("%-44s %12.0f a second\n", jobs[i].name, rate);
    }
    if (as_json) printf("}\n");
    tile_reader_close(bench.reader);
    nftw(bench.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    arena_close(&bench.arena);
    return all ? 0 : 1;
}
