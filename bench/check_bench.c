// check_bench: how many microseconds all rules of the check take for one declaration.
//
// The declarations are invented, each another one: one item, with and without faults, and 999.
// Prints a table; with --json one line of JSON.
#include "clearance/check/check.h"
#include "consignment/model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DECLARATIONS = 512, ROUNDS = 9, REPEATS = 40, ARENA_SIZE = 64 << 20 };

#define NOW INT64_C(1779840000000) // 2026-05-27

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "check_bench: %s %s\n", err->field, err->text);
    exit(1);
}

static void add_item(struct text *t, uint32_t number, uint32_t seed)
{
    static const char *const origins[] = { "CN", "BD", "DE", "BR", "VN", "TR" };
    text_add_format(t,
        "%s{\"sequence\":%u,\"description\":\"hand tools of steel\",\"grossMass\":\"%u.5\","
        "\"netMass\":\"%u\",\"price\":{\"currency\":\"EUR\",\"value\":\"%u.25\"},"
        "\"valuationMethodCode\":\"1\",\"classifications\":[{\"id\":\"8205%06u\","
        "\"typeCode\":\"TSP\"}],\"dutyTaxFees\":[{\"regimeCode\":\"100\",\"typeCode\":\"A00\"}],"
        "\"origins\":[{\"countryCode\":\"%s\",\"typeCode\":\"1\"}],"
        "\"packages\":[{\"quantity\":%u,\"typeCode\":\"BX\"}],"
        "\"procedures\":[{\"currentCode\":\"40\",\"previousCode\":\"00\"},"
        "{\"currentCode\":\"000\"}],\"documents\":[{\"categoryCode\":\"N\",\"typeCode\":\"935\","
        "\"id\":\"INVOICE-%u\"}]}",
        number > 1 ? "," : "", number, 20 + seed % 900, 10 + seed % 900, 1 + seed % 5000,
        seed % 1000000, origins[seed % 6], 1 + seed % 40, seed);
}

static struct declaration *make(struct arena *arena, uint32_t seed, uint32_t items, bool faulty)
{
    struct text t = text_in(arena, 4096);
    text_add_format(&t,
        "{\"functionCode\":\"9\",\"typeCode\":\"IMA\",\"functionalReferenceId\":\"TIDE-%u\","
        "\"declarant\":{\"id\":\"DE%09u\"},\"importer\":{\"id\":\"DE%09u\"},"
        "\"exporter\":{\"name\":\"Han River Tools\",\"address\":{\"countryCode\":\"%s\"}},"
        "\"exportCountry\":\"KR\",\"destinationCountry\":\"DE\",\"goodsItemCount\":%u,"
        "\"borderMeans\":{\"modeCode\":\"1\",\"idTypeCode\":\"11\",\"id\":\"Ebb Tide\"},"
        "\"containerCode\":\"1\",\"containers\":[{\"id\":\"CSQU305438%u\"}],"
        "\"goodsLocation\":{\"id\":\"DEBRV0001\"},\"tradeTerms\":{\"conditionCode\":\"CIF\"},"
        "\"previousDocuments\":[{\"categoryCode\":\"Z\",\"typeCode\":\"355\",\"id\":\"%u\"}],"
        "\"items\":[",
        seed, seed, seed + 1, faulty ? "UK" : "KR", items + faulty, faulty ? 4u : 3u, seed);
    for (uint32_t i = 1; i <= items; i++) add_item(&t, i, seed + i);
    text_add(&t, SPAN("]}"));

    struct error err = { 0 };
    struct json json;
    struct declaration *declaration = arena_take(arena, 1, sizeof(*declaration));
    need(declaration != NULL && !t.full, &err);
    need(json_read(text_span(&t), arena, &json, &err), &err);
    need(declaration_read_json(&json, 0, arena, declaration, &err), &err);
    return declaration;
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

// The median over the rounds, in nanoseconds a declaration; counts the findings of one round.
static uint64_t measure(struct declaration **all, uint32_t count, struct arena *arena,
                        uint32_t *findings_count)
{
    assert(count > 0 && count <= DECLARATIONS);
    uint64_t rounds[ROUNDS];
    struct error err = { 0 };
    uint32_t asked = count * (count == 1 ? REPEATS : REPEATS * 4);
    assert(asked > 0);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        *findings_count = 0;
        uint64_t begin = now_ns();
        for (uint32_t i = 0; i < asked; i++) {
            struct findings findings;
            arena_reset(arena, 0);
            need(check_declaration(all[i % count], 1, NOW, arena, &findings, &err), &err);
            if (i < count) *findings_count += findings.count;
        }
        rounds[round] = (now_ns() - begin) / asked;
    }
    qsort(rounds, ROUNDS, sizeof(rounds[0]), by_size);
    return rounds[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
    struct arena made, found;
    struct error err = { 0 };
    need(arena_open(&made, ARENA_SIZE, &err) && arena_open(&found, ARENA_SIZE, &err), &err);

    struct declaration *good[DECLARATIONS], *faulty[DECLARATIONS], *large[1];
    for (uint32_t i = 0; i < DECLARATIONS; i++) {
        good[i] = make(&made, 1000 + i * 7919, 1, false);
        faulty[i] = make(&made, 1000 + i * 7919, 1, true);
    }
    large[0] = make(&made, 77, 999, false);

    uint32_t good_count, faulty_count, large_count;
    uint64_t good_ns = measure(good, DECLARATIONS, &found, &good_count);
    uint64_t faulty_ns = measure(faulty, DECLARATIONS, &found, &faulty_count);
    uint64_t large_ns = measure(large, 1, &found, &large_count);
    if (json) {
        printf("{\"rules\":%u,\"good_ns\":%lu,\"faulty_ns\":%lu,\"items_999_ns\":%lu}\n",
               rule_count(), good_ns, faulty_ns, large_ns);
    } else {
        printf("%u rules over one declaration             us   findings each\n", rule_count());
        printf("one item, nothing wrong            %8.2f   %8.2f\n", (double)good_ns / 1e3,
               (double)good_count / DECLARATIONS);
        printf("one item, three things wrong       %8.2f   %8.2f\n", (double)faulty_ns / 1e3,
               (double)faulty_count / DECLARATIONS);
        printf("999 items                          %8.2f   %8.2f\n", (double)large_ns / 1e3,
               (double)large_count);
    }
    arena_close(&made);
    arena_close(&found);
    return 0;
}
