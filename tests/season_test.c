// A season of the simulated port, cleared by the books that the program ships.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "clearance/check/check.h"
#include "clearance/clearance.h"
#include "clearance/risk/rules.h"
#include "consignment/fact_body.h"
#include "port/goods.h"
#include "port/port.h"
#include "tariff/books_read.h"

enum { SEASON = 3000, SEEDS = 3, BOOK_SIZE = 1 << 20 };

struct season {
    struct arena kept, scratch;
    struct books books;
    struct span groups;
    uint32_t states[FILE_STATE_COUNT];
    uint32_t frauds, frauds_found, sound, sound_stopped;
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
    season.groups = texts.groups;
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
        enum port_flaw flaw = port_flaw(&port, n);
        season->frauds += flaw >= PORT_LOW_PRICE;
        season->frauds_found += flaw >= PORT_LOW_PRICE && file_waits_for_officer(&file);
        season->sound += flaw == PORT_SOUND;
        season->sound_stopped += flaw == PORT_SOUND && file_waits_for_officer(&file);
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
    // The rules are worth their while, and are no oracle: a third of the frauds shows only in many
    // declarations, and rules see one.
    assert_true(season->frauds > 100);
    assert_in_range(season->frauds_found * 100 / season->frauds, 40, 80);
    assert_true(season->sound_stopped * 100 < season->sound * 5);
}

// --- What the port makes, held against the check and the books ---

static void each_mistake_breaks_its_rule_and_nothing_else_breaks_any(void **state)
{
    static const char *const rules[PORT_FLAW_COUNT] = {
        [PORT_WRONG_SUM] = "R-403", [PORT_WRONG_COUNT] = "R-401", [PORT_WRONG_MASS] = "R-421",
        [PORT_WRONG_DIGIT] = "R-301", [PORT_NO_PROOF] = "R-639",
    };
    struct season *season = *state;
    struct port port = { .seed = 4, .per_day = 1000, .first_day = { 20454, true } };
    uint32_t mistakes = 0;
    for (uint64_t n = 0; n < UINT64_C(2) * SEASON; n++) {
        struct error err = { 0 };
        struct declaration d;
        struct findings findings;
        arena_reset(&season->scratch, 0);
        need(port_declaration(&port, n, &season->scratch, &d, &err), &err);
        need(check_declaration(&d, 1, d.issued_at.at_ms, &season->scratch, &findings, &err), &err);
        enum port_flaw flaw = port_flaw(&port, n);
        if ((rules[flaw] != NULL) != (findings.count > 0))
            fail_msg("declaration %u, %s: %u findings", (unsigned)n, port_flaw_name(flaw),
                     findings.count);
        mistakes += rules[flaw] != NULL;
        for (uint32_t i = 0; i < findings.count; i++)
            assert_true(span_equal(findings.at[i].rule, span_of(rules[flaw])));
    }
    assert_true(mistakes > 2 * SEASON / 100);
}

// Per cent of the value in all, without preference; taxes on top of others count by themselves.
static struct decimal burden(struct season *season, const char *commodity, struct span origin)
{
    const struct schedule_line *found[SCHEDULE_TYPES_MAX];
    struct date day = { 20454, true };
    struct schedule_question question = { span_of(commodity), origin, SPAN("100"), day };
    uint32_t count = schedule_find(season->books.schedule, &question, found);
    struct decimal sum = decimal_of(0, 0);
    for (uint32_t i = 0; i < count; i++) assert_true(decimal_add(sum, found[i]->rate, &sum));
    return sum;
}

static void tempting_headings_bear_less_than_those_where_the_goods_belong(void **state)
{
    for (uint32_t i = 0; i < goods_count; i++) {
        const struct goods *goods = &goods_table[i];
        struct span origin = { goods->origins, 2 };
        if (goods->tempting[0] == '\0') continue;
        if (decimal_compare(burden(*state, goods->tempting, origin),
                            burden(*state, goods->commodity, origin)) >= 0)
            fail_msg("%s is no temptation for %s", goods->tempting, goods->commodity);
    }
}

static void preferences_are_claimed_for_countries_that_have_them(void **state)
{
    struct season *season = *state;
    struct port port = { .seed = 5, .per_day = 1000, .first_day = { 20454, true } };
    uint32_t claims = 0;
    for (uint64_t n = 0; n < SEASON; n++) {
        struct error err = { 0 };
        struct declaration d;
        char row[32];
        arena_reset(&season->scratch, 0);
        need(port_declaration(&port, n, &season->scratch, &d, &err), &err);
        if (d.items.at[0].duty_tax_fees.count == 0) continue; // an export
        char regime = d.items.at[0].duty_tax_fees.at[0].regime_code.at[0];
        if (regime == '1') continue;
        claims++;
        snprintf(row, sizeof(row), "%s,%.*s\n", regime == '3' ? "PARTNERS" : "DEVELOPING",
                 SPAN_ARG(d.items.at[0].origins.at[0].country_code));
        assert_non_null(memmem(season->groups.at, season->groups.len, row, strlen(row)));
    }
    assert_true(claims > SEASON / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_of_a_season_is_released_and_a_little_of_it_looked_at),
        cmocka_unit_test(each_mistake_breaks_its_rule_and_nothing_else_breaks_any),
        cmocka_unit_test(tempting_headings_bear_less_than_those_where_the_goods_belong),
        cmocka_unit_test(preferences_are_claimed_for_countries_that_have_them),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
