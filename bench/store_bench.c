// store_bench: how fast the journal commits, reads and opens.
//
//     store_bench [MEGABYTES [FOLDER]]     512 MB in a new folder in /tmp, removed at the end
//
// Facts of 500 bytes, one an append, packed ahead of the commit as the office's workers do it. The
// first rows fill half of the megabytes in batches of 256, the others in batches of 1,024. Opening
// is measured with what is then there, in the system's cache.
#include "base/limits.h"
#include "store/disk.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FACT_SIZE = 500, POOL = 1024, COMMITS_MAX = 1 << 20, READS = 100000, OPENINGS = 5 };

struct bench {
    struct store store;
    struct arena arena, scratch;
    struct store_append pool[POOL], batch[POOL];
    uint64_t positions_count, *positions, *took_ns;
    uint64_t facts;
};

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "store_bench: %s\n", err->text);
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static double processor_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

// Half of a fact is text that all share, half is its own.
static struct store_append make_append(struct bench *bench, struct store_packer *packer, uint64_t n)
{
    struct error err;
    struct text name = text_in(&bench->arena, 32), json = text_in(&bench->arena, FACT_SIZE + 64);
    struct store_fact *fact = arena_take(&bench->arena, 1, sizeof(*fact));
    need(fact != NULL, &err);
    text_add_format(&name, "26BENCH%012llu", (unsigned long long)n);
    text_add_format(&json, "{\"at\":\"2026-01-01T00:00:00.000Z\",\"body\":{\"declaration\":{"
                    "\"acceptedAt\":\"2026-01-01T00:00:00.000Z\",\"declarant\":{\"id\":\"\"},"
                    "\"goodsItemCount\":1,\"typeCode\":\"IMA\"}},\"file\":\"%.*s\",\"text\":\"",
                    (int)name.len, name.at);
    for (uint64_t i = 0; json.len < FACT_SIZE - 2; i++) {
        uint64_t word = key_of((struct span){ (const char *)&(uint64_t[]){ n, i }, 16 });
        text_add_format(&json, "%016llx", (unsigned long long)word);
    }
    json.len = FACT_SIZE - 2;
    text_add(&json, SPAN("\"}"));
    fact->json = text_span(&json);
    struct span salt = { (const char *)fact->salt, STORE_SALT_SIZE };
    fact->commitment = sha256_of_two(salt, fact->json);
    struct store_append append = { .file = text_span(&name), .first_seq = 1, .facts_count = 1,
                                   .facts = fact, .previous = STORE_NOWHERE };
    need(store_pack(packer, &append, &bench->arena, &err), &err);
    return append;
}

static void make_pool(struct bench *bench)
{
    struct error err;
    struct store_packer *packer;
    need(store_packer_open(&packer, &err), &err);
    for (uint64_t i = 0; i < POOL; i++) bench->pool[i] = make_append(bench, packer, i);
    uint64_t begin = now_ns();
    for (uint64_t i = 0; i < POOL; i++) {
        struct store_append again = bench->pool[i];
        again.packed = (struct span){ 0 };
        arena_reset(&bench->scratch, 0);
        need(store_pack(packer, &again, &bench->scratch, &err), &err);
    }
    printf("packing, one core       %9.0f facts/s, %zu bytes to %zu\n",
           POOL * 1e9 / (double)(now_ns() - begin), (size_t)FACT_SIZE, bench->pool[0].packed.len);
    store_packer_close(packer);
}

static void commit_one(struct bench *bench, uint32_t count)
{
    static const char edge[20 * SHA256_SIZE], checkpoint[300];
    struct error err;
    bool before_anything;
    memcpy(bench->batch, bench->pool, count * sizeof(bench->batch[0]));
    for (uint32_t i = 0; i < count; i++) bench->batch[i].first_leaf = bench->facts + i;
    struct store_seal seal = { .tree_size = bench->facts + count, .edge = { edge, sizeof(edge) },
                               .checkpoint = { checkpoint, sizeof(checkpoint) } };
    need(store_commit(&bench->store, bench->batch, count, &seal, &before_anything, &err), &err);
    bench->facts += count;
    bench->positions[bench->positions_count++ % COMMITS_MAX] = bench->batch[count / 2].position;
}

static void measure_commits(struct bench *bench, uint32_t count, uint64_t bytes)
{
    struct store_seal seal;
    store_seal(&bench->store, &seal);
    uint64_t from = seal.end, begin = now_ns(), commits = 0;
    double busy = processor_seconds();
    while (seal.end - from < bytes && commits < COMMITS_MAX) {
        uint64_t since = now_ns();
        commit_one(bench, count);
        bench->took_ns[commits++] = now_ns() - since;
        store_seal(&bench->store, &seal);
    }
    double seconds = (double)(now_ns() - begin) / 1e9, facts = (double)(commits * count);
    busy = processor_seconds() - busy;
    qsort(bench->took_ns, commits, sizeof(bench->took_ns[0]), by_size);
    printf("batches of %5u        %9.0f facts/s, %6.0f commits/s, %4.0f MB/s, %.2f us of processor "
           "a fact\n", count, facts / seconds, (double)commits / seconds,
           (double)(seal.end - from) / seconds / 1e6, busy * 1e6 / facts);
    uint64_t median_ns = bench->took_ns[commits / 2], p99_ns = bench->took_ns[commits * 99 / 100];
    printf("    a commit takes            %6.2f ms, p99 %.2f, at most %.2f\n",
           (double)median_ns / 1e6, (double)p99_ns / 1e6,
           (double)bench->took_ns[commits - 1] / 1e6);
}

static bool count_one(void *context, const struct store_append *append, uint64_t next,
                      struct error *err)
{
    uint64_t *facts = context;
    (void)next, (void)err;
    *facts += append->facts_count;
    return true;
}

static void measure_reads(struct bench *bench)
{
    struct error err;
    struct store_append append;
    uint64_t begin = now_ns(), facts = 0;
    for (uint64_t i = 0; i < READS; i++) {
        uint64_t which = key_of((struct span){ (const char *)&i, sizeof(i) });
        arena_reset(&bench->scratch, 0);
        need(store_read(&bench->store, bench->positions[which % bench->positions_count],
                        &bench->scratch, &append, &err), &err);
    }
    printf("reads here and there    %9.0f/s, one thread\n",
           READS * 1e9 / (double)(now_ns() - begin));

    static const char *const names[] = { "scan of commitments    ", "scan of everything     " };
    for (int wanted = STORE_COMMITMENTS; wanted <= STORE_ALL; wanted++, facts = 0) {
        begin = now_ns();
        need(store_scan(&bench->store, 0, wanted, &bench->scratch, count_one, &facts, &err), &err);
        printf("%s %9.0f facts/s\n", names[wanted],
               (double)facts * 1e9 / (double)(now_ns() - begin));
    }
    begin = now_ns();
    need(store_check(&bench->store, &bench->scratch, &err), &err);
    printf("check of everything     %9.0f facts/s\n",
           (double)bench->facts * 1e9 / (double)(now_ns() - begin));
}

static void measure_opening(struct bench *bench, const char *folder)
{
    struct error err;
    struct store_seal seal;
    store_seal(&bench->store, &seal);
    uint64_t took_ns[OPENINGS];
    for (int i = 0; i < OPENINGS; i++) {
        store_close(&bench->store);
        uint64_t begin = now_ns();
        need(store_open_journal(&bench->store, disk_real(), folder, &err), &err);
        took_ns[i] = now_ns() - begin;
    }
    qsort(took_ns, OPENINGS, sizeof(took_ns[0]), by_size);
    uint64_t median_ns = took_ns[OPENINGS / 2];
    printf("opening %6.0f MB       %9.3f s with %llu facts\n", (double)seal.end / 1e6,
           (double)median_ns / 1e9, (unsigned long long)bench->facts);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct error err;
    char folder[512] = "/tmp/tidewaiter-store-bench-XXXXXX", command[600];
    uint64_t megabytes = 512;
    if (argc > 1 && (!span_to_u64(span_of(argv[1]), &megabytes) || megabytes < 2)) {
        fprintf(stderr, "usage: store_bench [MEGABYTES [FOLDER]]\n");
        return 2;
    }
    if (argc > 2) snprintf(folder, sizeof(folder), "%s/store-bench-XXXXXX", argv[2]);
    if (mkdtemp(folder) == NULL) return perror(folder), 1;
    bench.positions = calloc(COMMITS_MAX, sizeof(uint64_t));
    bench.took_ns = calloc(COMMITS_MAX, sizeof(uint64_t));
    if (bench.positions == NULL || bench.took_ns == NULL) return perror("store_bench"), 1;
    need(arena_open(&bench.arena, (size_t)64 * MIB, &err), &err);
    need(arena_open(&bench.scratch, (size_t)64 * MIB, &err), &err);
    need(store_open_journal(&bench.store, disk_real(), folder, &err), &err);

    make_pool(&bench);
    measure_commits(&bench, 256, megabytes * MIB / 2);
    measure_commits(&bench, 1024, megabytes * MIB / 2);
    measure_reads(&bench);
    measure_opening(&bench, folder);

    store_close(&bench.store);
    arena_close(&bench.arena);
    arena_close(&bench.scratch);
    free(bench.positions);
    free(bench.took_ns);
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    return system(command); // NOLINT(bugprone-command-processor): its own folder
}
