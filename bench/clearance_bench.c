// clearance_bench: how many microseconds each step of the clearance takes for one declaration.
//
// The declarations are those of the simulated port that have one item, the books those that the
// program ships (data/books, or the folder named). Time includes what a step asks of the file: its
// fact is written as JSON and folded in. Prints a table; with --json one line of JSON.
#include "clearance/clearance.h"
#include "clearance/risk/rules.h"
#include "consignment/fact_body.h"
#include "port/port.h"
#include "tariff/books_read.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DECLARATIONS = 2000, ROUNDS = 15, STEPS_MAX = 8, BOOK_SIZE = 1 << 20 };

// What DESIGN allows each step, in nanoseconds; value and duty share theirs.
static const struct { const char *name; uint64_t budget_ns; } budgets[] = {
    { "check", 5000 }, { "value", 0 }, { "duty", 10000 }, { "risk", 20000 }, { "decide", 0 },
};

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "clearance_bench: %s %s\n", err->field, err->text);
    exit(1);
}

static struct span load(const char *folder, const char *name, struct arena *arena)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    char *text = arena_take_raw(arena, 1, BOOK_SIZE);
    if (file == NULL || text == NULL) {
        fprintf(stderr, "clearance_bench: could not read %s: name the folder of the books\n", path);
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

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// The port's declarations of one item, from its first day on.
static void fill(struct declaration *all, struct arena *arena)
{
    struct port port = { .seed = 7, .per_day = 20000, .first_day = { 20454, true } };
    uint64_t n = 0;
    for (uint32_t i = 0; i < DECLARATIONS; i++)
        do {
            struct error err = { 0 };
            need(port_declaration(&port, n++, arena, &all[i], &err), &err);
        } while (all[i].items.count != 1);
}

static void lodge(const struct declaration *declaration, struct arena *arena, struct file *file)
{
    struct error err = { 0 };
    struct span canonical, body;
    need(file_open(file, declaration->ucr, arena, &err), &err);
    struct json_writer w = json_writer_in(arena, 4096);
    declaration_write_json(&w, declaration);
    need(json_written(&w, &canonical, &err), &err);
    need(body_declared(canonical, sha256_of(canonical), NULL, arena, &body, &err), &err);
    struct fact fact = { .kind = FACT_DECLARED, .seq = 1, .file = file->name, .who = SPAN("bench"),
                         .at_ms = declaration->accepted_at.at_ms, .body = body };
    need(file_add(file, &fact, declaration, arena, &err), &err);
}

// One round over all of them; `scored` counts those that all steps ran on.
static void measure(const struct declaration *all, const struct books *books, struct arena *arena,
                    uint64_t took_ns[STEPS_MAX], uint32_t *scored)
{
    *scored = 0;
    for (uint32_t i = 0; i < DECLARATIONS; i++) {
        struct error err = { 0 };
        struct file file;
        arena_reset(arena, 0);
        lodge(&all[i], arena, &file);
        struct clearance clearance = { .file = &file, .books = books, .arena = arena,
                                       .now_ms = all[i].accepted_at.at_ms, .took_ns = took_ns,
                                       .clock_ns = now_ns };
        need(clearance_run(&clearance, &err), &err);
        *scored += file.errors_count == 0;
    }
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
    static struct declaration all[DECLARATIONS];
    struct arena kept, scratch;
    struct books books;
    struct error err = { 0 };
    need(arena_open(&kept, 256 << 20, &err) && arena_open(&scratch, 64 << 20, &err), &err);
    read_books(folder, &kept, &books);
    fill(all, &kept);

    uint64_t rounds[STEPS_MAX][ROUNDS] = { 0 }, median[STEPS_MAX] = { 0 }, sum = 0;
    uint32_t scored = 0;
    assert(clearance_steps_count <= STEPS_MAX);
    for (uint32_t r = 0; r < ROUNDS; r++) {
        uint64_t took[STEPS_MAX] = { 0 };
        measure(all, &books, &scratch, took, &scored);
        for (uint32_t i = 0; i < clearance_steps_count; i++)
            rounds[i][r] = took[i] / (i == 0 ? DECLARATIONS : scored);
    }
    for (uint32_t i = 0; i < clearance_steps_count; i++) {
        qsort(rounds[i], ROUNDS, sizeof(uint64_t), by_size);
        sum += median[i] = rounds[i][ROUNDS / 2];
    }
    if (json) {
        printf("{\"declarations\":%d", DECLARATIONS);
        for (uint32_t i = 0; i < clearance_steps_count; i++)
            printf(",\"%s_ns\":%lu", clearance_steps[i].name, median[i]);
        printf(",\"all_ns\":%lu}\n", sum);
    } else {
        printf("one declaration of one item      us   at most\n");
        for (uint32_t i = 0; i < clearance_steps_count; i++) {
            printf("%-28s %7.2f", clearance_steps[i].name, (double)median[i] / 1e3);
            assert(strcmp(budgets[i].name, clearance_steps[i].name) == 0);
            if (strcmp(budgets[i].name, "duty") == 0)
                printf("   %7.2f with value %.2f", (double)budgets[i].budget_ns / 1e3,
                       (double)(median[i] + median[i - 1]) / 1e3);
            else if (budgets[i].budget_ns > 0)
                printf("   %7.2f", (double)budgets[i].budget_ns / 1e3);
            printf("\n");
        }
        printf("%-28s %7.2f\n", "all", (double)sum / 1e3);
    }
    arena_close(&kept);
    arena_close(&scratch);
    return 0;
}
