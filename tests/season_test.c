// A season of the simulated port, cleared by the books that the program ships.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "clearance/clearance.h"
#include "clearance/risk/rules.h"
#include "consignment/fact_body.h"
#include "port/port.h"
#include "tariff/books_read.h"

enum { SEASON = 3000, SEEDS = 3, BOOK_SIZE = 1 << 20 };

struct season {
    struct arena kept, scratch;
    struct books books;
    uint32_t states[FILE_STATE_COUNT];
};

static void need(bool done, const struct error *err)
{
    if (!done) fail_msg("%s %s", err->field, err->text);
}

static struct span load(struct season *season, const char *name)
{
    char path[512];
    assert_non_null(getenv("TIDEWAITER_ROOT"));
    snprintf(path, sizeof(path), "%s/data/books/%s", getenv("TIDEWAITER_ROOT"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = arena_take_raw(&season->kept, 1, BOOK_SIZE);
    assert_non_null(text);
    size_t len = fread(text, 1, BOOK_SIZE, file);
    fclose(file);
    assert_true(len > 0 && len < BOOK_SIZE);
    return (struct span){ text, len };
}

static int begin(void **state)
{
    static struct season season;
    struct error err = { 0 };
    need(arena_open(&season.kept, 64 << 20, &err), &err);
    need(arena_open(&season.scratch, 16 << 20, &err), &err);
    struct books_texts texts = { load(&season, "settings.csv"), load(&season, "rates.csv"),
                                 load(&season, "schedule.csv"), load(&season, "groups.csv") };
    need(books_read(&texts, &season.kept, &season.books, &err), &err);
    need(risk_rules_read(load(&season, "risk.rules"), &season.kept, &season.books.risk_rules, &err),
         &err);
    *state = &season;
    return 0;
}

static int end(void **state)
{
    struct season *season = *state;
    arena_close(&season->kept);
    arena_close(&season->scratch);
    return 0;
}

static void lodge(struct season *season, const struct declaration *declaration, struct file *file)
{
    struct error err = { 0 };
    struct arena *arena = &season->scratch;
    struct span canonical, body, name;
    need(file_name_of(declaration, arena, &name, &err), &err);
    need(file_open(file, name, arena, &err), &err);
    struct json_writer w = json_writer_in(arena, 4096);
    declaration_write_json(&w, declaration);
    need(json_written(&w, &canonical, &err), &err);
    need(body_declared(canonical, sha256_of(canonical), NULL, arena, &body, &err), &err);
    struct fact fact = { .kind = FACT_DECLARED, .seq = 1, .file = name, .who = SPAN("trader"),
                         .at_ms = declaration->accepted_at.at_ms, .body = body };
    need(file_add(file, &fact, declaration, arena, &err), &err);
}

static void clear_season(struct season *season, uint64_t seed)
{
    struct port port = { .seed = seed, .per_day = 1000, .first_day = { 20454, true } };
    for (uint64_t n = 0; n < SEASON; n++) {
        struct error err = { 0 };
        struct declaration declaration;
        struct file file;
        arena_reset(&season->scratch, 0);
        need(port_declaration(&port, n, &season->scratch, &declaration, &err), &err);
        lodge(season, &declaration, &file);
        struct clearance clearance = { .file = &file, .books = &season->books,
                                       .now_ms = declaration.accepted_at.at_ms,
                                       .arena = &season->scratch };
        need(clearance_run(&clearance, &err), &err);
        file_invariants(&file);
        assert_int_equal(file.missing_count, 0); // the books have a rate for all that is traded
        if (file.errors_count == 0) assert_true(file.customs_value.minor > 0);
        season->states[file.state]++;
    }
}

static void most_of_a_season_is_released_and_a_little_of_it_looked_at(void **state)
{
    struct season *season = *state;
    memset(season->states, 0, sizeof(season->states));
    for (uint64_t seed = 1; seed <= SEEDS; seed++) clear_season(season, seed);

    uint32_t all = SEEDS * SEASON, thousandth = all / 1000;
    assert_true(season->states[FILE_RELEASED] > 900 * thousandth);
    assert_true(season->states[FILE_REFUSED] > 5 * thousandth);     // honest mistakes
    assert_true(season->states[FILE_REFUSED] < 30 * thousandth);
    assert_true(season->states[FILE_UNDER_CONTROL] > 10 * thousandth);
    assert_true(season->states[FILE_UNDER_CONTROL] < 70 * thousandth);
    assert_int_equal(all, season->states[FILE_RELEASED] + season->states[FILE_REFUSED] +
                              season->states[FILE_UNDER_CONTROL] + season->states[FILE_HELD] +
                              season->states[FILE_AWAITING_DOCUMENTS]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_of_a_season_is_released_and_a_little_of_it_looked_at),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
