// consignment_bench: how many microseconds a declaration takes on its way into its file.
//
// The declarations are the simulated port's, each another one, of one item. Each row is the median
// of some rounds, in processor time. Prints a table; with --json one line of JSON.
#include "base/limits.h"
#include "consignment/fact_body.h"
#include "consignment/file.h"
#include "port/port.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DECLARATIONS = 512, ROUNDS = 9, PASSES = 20, ARENA_SIZE = 64 * MIB };

// One declaration in each of the forms that it takes on its way.
struct sample {
    struct span text, canonical, body, fact_json;
    struct declaration declaration;
    struct json json;
    struct sha256 digest, commitment;
    struct fact fact;
};

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "consignment_bench: %s %s\n", err->field, err->text);
    exit(1);
}

// --- What is measured: each does one step for one sample ---

static bool run_tokens(struct sample *s, struct arena *arena, struct error *err)
{
    struct json json;
    return json_read(s->text, arena, &json, err);
}

static bool run_read(struct sample *s, struct arena *arena, struct error *err)
{
    struct json json;
    struct declaration declaration;
    return json_read(s->text, arena, &json, err) &&
           declaration_read_json(&json, 0, arena, &declaration, err);
}

// What is written has just been read, and so is at hand.
static bool run_write(struct sample *s, struct arena *arena, struct error *err)
{
    struct json json;
    struct span canonical;
    struct declaration declaration;
    if (!json_read(s->text, arena, &json, err) ||
        !declaration_read_json(&json, 0, arena, &declaration, err))
        return false;
    struct json_writer w = json_writer_in(arena, (size_t)4 * KIB);
    declaration_write_json(&w, &declaration);
    return json_written(&w, &canonical, err);
}

static bool run_digest(struct sample *s, struct arena *arena, struct error *err)
{
    (void)arena, (void)err;
    return sha256_equal(sha256_of(s->canonical), s->digest);
}

static bool run_body(struct sample *s, struct arena *arena, struct error *err)
{
    struct span body;
    return body_declared(s->canonical, s->digest, NULL, arena, &body, err);
}

static bool run_add(struct sample *s, struct arena *arena, struct error *err)
{
    struct file file;
    return file_open(&file, s->fact.file, arena, err) &&
           file_add(&file, &s->fact, &s->declaration, arena, err);
}

static bool run_fact_write(struct sample *s, struct arena *arena, struct error *err)
{
    struct span json;
    return fact_write(&s->fact, arena, &json, err);
}

static bool run_commitment(struct sample *s, struct arena *arena, struct error *err)
{
    static const uint8_t salt[SALT_SIZE] = { 1 };
    (void)arena, (void)err;
    s->commitment = fact_commitment(salt, s->fact_json);
    return true;
}

static bool run_fact_read(struct sample *s, struct arena *arena, struct error *err)
{
    struct fact fact;
    return fact_read(s->fact_json, arena, &fact, err);
}

static bool run_load(struct sample *s, struct arena *arena, struct error *err)
{
    struct fact fact;
    struct file file;
    return fact_read(s->fact_json, arena, &fact, err) &&
           file_open(&file, fact.file, arena, err) && file_add(&file, &fact, NULL, arena, err);
}

struct job {
    const char *name, *says;
    bool (*run)(struct sample *s, struct arena *arena, struct error *err);
};

static const struct job jobs[] = {
    { "tokens", "json_read", run_tokens },
    { "read", "the same, declaration_read_json", run_read },
    { "write", "the same, declaration_write_json", run_write },
    { "digest", "SHA-256 of it", run_digest },
    { "body", "body_declared", run_body },
    { "add", "file_open, file_add", run_add },
    { "fact_write", "fact_write", run_fact_write },
    { "commitment", "fact_commitment", run_commitment },
    { "fact_read", "fact_read", run_fact_read },
    { "load", "fact_read, file_add of a kept fact", run_load },
};
enum { JOBS = sizeof(jobs) / sizeof(jobs[0]) };

static uint64_t spent_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); // of this process: others disturb it less
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

// The median over the rounds, in nanoseconds a declaration.
static uint64_t measure(const struct job *job, struct sample *samples, struct arena *arena)
{
    uint64_t rounds[ROUNDS];
    struct error err = { 0 };
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint64_t begin = spent_ns();
        for (uint32_t pass = 0; pass < PASSES; pass++)
            for (uint32_t i = 0; i < DECLARATIONS; i++) {
                arena_reset(arena, 0);
                need(job->run(&samples[i], arena, &err), &err);
            }
        rounds[round] = (spent_ns() - begin) / ((uint64_t)PASSES * DECLARATIONS);
    }
    qsort(rounds, ROUNDS, sizeof(rounds[0]), by_size);
    return rounds[ROUNDS / 2];
}

// The next of the port's declarations that has one item.
static void make_sample(const struct port *port, uint64_t *n, struct arena *arena, struct sample *s)
{
    struct error err = { 0 };
    struct declaration made;
    do need(port_declaration(port, (*n)++, arena, &made, &err), &err);
    while (made.items.count != 1);

    struct json_writer w = json_writer_in(arena, (size_t)4 * KIB);
    declaration_write_json(&w, &made);
    need(json_written(&w, &s->text, &err), &err);
    need(json_read(s->text, arena, &s->json, &err), &err);
    need(declaration_read_json(&s->json, 0, arena, &s->declaration, &err), &err);
    s->canonical = s->text;
    s->digest = sha256_of(s->canonical);
    need(body_declared(s->canonical, s->digest, NULL, arena, &s->body, &err), &err);
    s->fact = (struct fact){ .kind = FACT_DECLARED, .seq = 1, .at_ms = INT64_C(1779840000000),
                             .file = made.ucr, .who = SPAN("trader"), .body = s->body };
    need(fact_write(&s->fact, arena, &s->fact_json, &err), &err);
}

int main(int argc, char **argv)
{
    bool as_json = argc > 1 && strcmp(argv[1], "--json") == 0;
    struct port port = { .seed = 1, .per_day = 1000, .first_day = { 20454, true } };
    struct arena made, scratch;
    struct error err = { 0 };
    need(arena_open(&made, ARENA_SIZE, &err) && arena_open(&scratch, ARENA_SIZE, &err), &err);

    struct sample *samples = arena_take(&made, DECLARATIONS, sizeof(*samples));
    assert(samples != NULL);
    uint64_t n = 0, bytes = 0;
    for (uint32_t i = 0; i < DECLARATIONS; i++) {
        make_sample(&port, &n, &made, &samples[i]);
        bytes += samples[i].text.len;
    }
    if (as_json) printf("{\"bench\":\"consignment\",\"bytes\":%lu", bytes / DECLARATIONS);
    else printf("declarations of one item, %lu bytes            us\n", bytes / DECLARATIONS);
    for (size_t i = 0; i < JOBS; i++) {
        uint64_t ns = measure(&jobs[i], samples, &scratch);
        if (as_json) printf(",\"%s_ns\":%lu", jobs[i].name, ns);
        else printf("%-40s %8.2f\n", jobs[i].says, (double)ns / 1e3);
    }
    if (as_json) puts("}");
    arena_close(&scratch);
    arena_close(&made);
    return 0;
}
