// risk_bench: how many nanoseconds the risk step takes for one declaration, and where they go.
//
// The declarations are those of the simulated port as they are lodged, of one and more items,
// valued and assessed by the books that the program ships (data/books, or the folder named). "The
// rules" is all of them asked of a declaration; the step adds the lot, the worth and the fact with
// its reasons. Time is the processor's. Prints a table; with --json one line of JSON.
#include "clearance/clearance.h"
#include "clearance/risk/risk.h"
#include "clearance/risk/rules.h"
#include "consignment/fact_body.h"
#include "port/port.h"
#include "tariff/books_read.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DECLARATIONS = 500, ROUNDS = 101, BOOK_SIZE = 1 << 20, BUDGET_NS = 20000 };

// A file that waits for its risk to be looked at.
struct assessed_file {
    struct file file;
    struct money *item_values;
};

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "risk_bench: %u:%u: %s\n", err->line, err->column, err->text);
    exit(1);
}

static struct span load(const char *folder, const char *name, struct arena *arena)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    char *text = arena_take_raw(arena, 1, BOOK_SIZE);
    if (file == NULL || text == NULL) {
        fprintf(stderr, "risk_bench: could not read %s: name the folder of the books\n", path);
        exit(1);
    }
    size_t len = fread(text, 1, BOOK_SIZE, file);
    fclose(file);
    return (struct span){ text, len };
}

static void read_books(const char *folder, struct arena *arena, struct books *books)
{
    struct error err = { 0 };
    struct books_texts texts = { load(folder, "settings.csv", arena),
                                 load(folder, "rates.csv", arena),
                                 load(folder, "schedule.csv", arena),
                                 load(folder, "groups.csv", arena) };
    need(books_read(&texts, arena, books, &err), &err);
    need(risk_rules_read(load(folder, "risk.rules", arena), arena, &books->risk_rules, &err), &err);
}

// Runs the steps in front of the risk. False for a declaration that is refused.
static bool assess(const struct declaration *declaration, const struct books *books,
                   struct arena *arena, struct assessed_file *made)
{
    struct error err = { 0 };
    struct span canonical, body;
    struct file *file = &made->file;
    need(file_open(file, declaration->ucr, arena, &err), &err);
    struct json_writer w = json_writer_in(arena, 4096);
    declaration_write_json(&w, declaration);
    need(json_written(&w, &canonical, &err), &err);
    need(body_declared(canonical, sha256_of(canonical), NULL, arena, &body, &err), &err);
    struct fact fact = { .kind = FACT_DECLARED, .seq = 1, .file = file->name, .who = SPAN("bench"),
                         .at_ms = declaration->accepted_at.at_ms, .body = body };
    need(file_add(file, &fact, declaration, arena, &err), &err);
    struct clearance clearance = { .file = file, .books = books, .arena = arena,
                                   .now_ms = declaration->accepted_at.at_ms };
    for (uint32_t i = 0; clearance_steps[i].run != risk_step; i++) {
        if (file->errors_count > 0) return false;
        need(clearance_steps[i].run(&clearance, &err), &err);
    }
    made->item_values = clearance.item_values;
    return true;
}

static void fill(struct assessed_file *all, const struct books *books, struct arena *arena)
{
    struct port port = { .seed = 7, .per_day = 20000, .first_day = { 20454, true } };
    uint32_t count = 0;
    for (uint64_t n = 0; count < DECLARATIONS; n++) {
        struct error err = { 0 };
        struct declaration declaration;
        need(port_declaration(&port, n, arena, &declaration, &err), &err);
        count += assess(&declaration, books, arena, &all[count]);
    }
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct clearance clearance_of(struct file *file, const struct assessed_file *of,
                                     const struct books *books, struct arena *arena)
{
    return (struct clearance){ .file = file, .books = books, .arena = arena,
                               .item_values = of->item_values, .now_ms = INT64_C(1767225600000) };
}

static uint64_t ask_rules(struct assessed_file *all, const struct books *books, uint32_t *hits)
{
    const struct risk_rules *rules = books->risk_rules;
    uint64_t begin = now_ns();
    for (uint32_t i = 0; i < DECLARATIONS; i++) {
        struct clearance clearance = clearance_of(&all[i].file, &all[i], books, NULL);
        for (uint32_t r = 0; r < rules->count; r++)
            *hits += risk_rule_hits(rules, &rules->rules[r], &clearance);
    }
    return (now_ns() - begin) / DECLARATIONS;
}

static uint64_t run_step(struct assessed_file *all, const struct books *books, struct arena *arena)
{
    uint64_t begin = now_ns();
    for (uint32_t i = 0; i < DECLARATIONS; i++) {
        struct error err = { 0 };
        struct file file = all[i].file; // each round begins where the steps before it ended
        struct clearance clearance = clearance_of(&file, &all[i], books, arena);
        arena_reset(arena, 0);
        need(risk_step(&clearance, &err), &err);
    }
    return (now_ns() - begin) / DECLARATIONS;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
    const char *folder = argc > 1 + json ? argv[1 + json] : "data/books";
    static struct assessed_file all[DECLARATIONS];
    struct arena kept, scratch;
    struct books books;
    struct error err = { 0 };
    need(arena_open(&kept, 512 << 20, &err) && arena_open(&scratch, 1 << 20, &err), &err);
    read_books(folder, &kept, &books);
    fill(all, &books, &kept);

    uint64_t rules_ns[ROUNDS], step_ns[ROUNDS];
    uint32_t hits = 0, count = books.risk_rules->count;
    for (uint32_t r = 0; r < ROUNDS; r++) {
        hits = 0;
        rules_ns[r] = ask_rules(all, &books, &hits);
        step_ns[r] = run_step(all, &books, &scratch);
    }
    qsort(rules_ns, ROUNDS, sizeof(uint64_t), by_size);
    qsort(step_ns, ROUNDS, sizeof(uint64_t), by_size);
    uint64_t rules = rules_ns[ROUNDS / 2], step = step_ns[ROUNDS / 2];
    assert(count > 0);
    if (json) {
        printf("{\"rules\":%u,\"hits\":%u,\"rules_ns\":%lu,\"step_ns\":%lu}\n", count, hits, rules,
               step);
    } else {
        printf("%u rules, one declaration          ns\n", count);
        printf("the rules                     %8lu   %lu each; %.2f hit\n", rules, rules / count,
               (double)hits / DECLARATIONS);
        printf("the step, with its fact       %8lu   at most %d\n", step, BUDGET_NS);
    }
    arena_close(&kept);
    arena_close(&scratch);
    return 0;
}
