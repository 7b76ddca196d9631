#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "store/views_fixture.h"

// The views held to a plain array: the same rows go into both, in an order drawn from a seed, and
// both are asked the same.

enum {
    FILES = 200,          // names that rows are drawn from
    STEPS = 2500,
    ROW_TEXT = 96,
};

// A file as the plain array knows it.
struct known {
    bool told;
    uint32_t place;       // as they were told first
    struct view_row row;
    char name[24], text[ROW_TEXT];
};

struct reference { uint64_t key; uint32_t file; };

struct told_of { uint64_t audience, position; };

struct model {
    struct told_of notices[STEPS * 24];     // as they were told
    uint32_t notices_count;
    struct known files[FILES];
    struct reference references[STEPS * 8]; // as they were taken, the newest last
    uint32_t references_count, told_count;
    uint64_t position;
};

struct modelled {
    struct fixture f;
    struct model *model;
    uint64_t seed;
};

static uint32_t draw(struct modelled *m, uint32_t below)
{
    m->seed = m->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((m->seed >> 33) % below);
}

static void begin(struct modelled *m, uint64_t seed, struct views_settings settings)
{
    *m = (struct modelled){ .seed = seed };
    m->model = calloc(1, sizeof(*m->model));
    assert_non_null(m->model);
    for (uint32_t i = 0; i < FILES; i++)
        snprintf(m->model->files[i].name, sizeof(m->model->files[i].name), "26XX%08u", i * 7919);
    fixture_begin(&m->f, settings);
}

static void end(struct modelled *m)
{
    fixture_end(&m->f);
    free(m->model);
}

// --- both are told -------------------------------------------------------------------------------

static const struct span codes[] = { SPAN_INIT("85176200"), SPAN_INIT("85176290"),
                                     SPAN_INIT("8517"), SPAN_INIT("6109100010"), SPAN_INIT("") };
static const struct span offices[] = { SPAN_INIT("NL000396"), SPAN_INIT("NL000510"),
                                       SPAN_INIT("") };
static const struct span countries[] = { SPAN_INIT("CN"), SPAN_INIT("KR"), SPAN_INIT("") };
static const struct span people[] = { SPAN_INIT("ada"), SPAN_INIT("bob"), SPAN_INIT("NL1"),
                                      SPAN_INIT("") };
static const struct span rules[] = { SPAN_INIT("K-01"), SPAN_INIT("K-01 K-07"), SPAN_INIT("check"),
                                     SPAN_INIT("check K-07 K-1"), SPAN_INIT("") };

static void change(struct modelled *m, uint32_t file)
{
    struct known *known = &m->model->files[file];
    uint64_t had = known->told ? known->row.reference_key : 0;
    int size = snprintf(known->text, sizeof(known->text), "text %u of %u", draw(m, 1000000),
                        file);
    struct span text = { known->text, (size_t)size };
    known->row = (struct view_row){
        .file = span_of(known->name), .position = m->model->position + draw(m, 50),
        .facts_count = draw(m, 9) + 1, .lodged_ms = draw(m, 20) * INT64_C(40000000),
        .changed_ms = draw(m, 1000000),
        .state = (uint8_t)draw(m, FILE_STATE_COUNT), .decision = (uint8_t)draw(m, 3),
        .random = draw(m, 2) == 0, .version = draw(m, 5),
        .items_count = draw(m, 999), .findings_count = draw(m, 40), .score = draw(m, 1001),
        .reference_key = draw(m, 4) == 0 ? 0 : draw(m, 2) == 0 && had ? had : draw(m, 60) + 1,
        .functional_reference = text, .office = offices[draw(m, 3)],
        .type_code = draw(m, 2) ? SPAN("IM") : SPAN("EX"),
        .declarant = { text.at, text.len / 2 }, .exporter = { text.at + 4, text.len - 4 },
        .commodity = codes[draw(m, 5)], .origin = countries[draw(m, 3)],
        .importer = people[draw(m, 4)], .claimed_by = people[draw(m, 4)],
        .rules = rules[draw(m, 5)],
        .requests_open = draw(m, 3), .channel = (uint8_t)draw(m, DECISION_COUNT),
        .released_ms = draw(m, 2) == 0 ? 0 : draw(m, 2000000000), .inspected = draw(m, 3) == 0,
        .found = draw(m, 3) == 0,
        .customs_value = { draw(m, 100000), "EUR" }, .duty_total = { draw(m, 1000), "EUR" },
        .worth = { draw(m, 12), "EUR" },
    };
    known->row.waits = known->row.state != FILE_EMPTY && draw(m, 3) == 0;
    if (draw(m, 2) == 0)
        known->row.recovered = (struct money){ draw(m, 500), "" };
    if (known->row.recovered.minor > 0)
        memcpy(known->row.recovered.currency, draw(m, 3) ? "EUR" : "JPY", 4);
    memset(known->row.digest, (int)draw(m, 256), sizeof(known->row.digest));
    if (!known->told) known->place = ++m->model->told_count;
    known->told = true;
    uint64_t key = known->row.reference_key;
    if (key == 0 || key == had) return;
    assert_true(m->model->references_count < STEPS * 8);
    m->model->references[m->model->references_count++] = (struct reference){ key, file };
}

static void tell(struct modelled *m)
{
    struct error err;
    struct view_row rows[7];
    uint64_t audiences[7][2];
    uint32_t count = draw(m, 7) + 1, files_max = draw(m, FILES) + 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t file = draw(m, files_max);
        for (uint32_t j = 0; j < i; j++) // the text of a row must not change before it is told
            if (rows[j].file.at == m->model->files[file].name) count = i;
        if (count == i) break;
        change(m, file);
        rows[i] = m->model->files[file].row;
        rows[i].audiences = audiences[i];
        rows[i].audiences_count = draw(m, 3) == 0 ? draw(m, 3) : 0;
        for (uint32_t j = 0; j < rows[i].audiences_count; j++) {
            audiences[i][j] = draw(m, 5) + UINT64_MAX / 2;
            assert_true(m->model->notices_count < STEPS * 24);
            m->model->notices[m->model->notices_count++] =
                (struct told_of){ audiences[i][j], rows[i].position };
        }
    }
    m->model->position += draw(m, 100) + 50;
    must(views_tell(m->f.views, rows, count, m->model->position, &err), &err);
}

// --- both are asked ------------------------------------------------------------------------------

static void ask_file(struct modelled *m)
{
    struct error err;
    struct view_row row;
    bool found;
    const struct known *known = &m->model->files[draw(m, FILES)];
    arena_reset(&m->f.arena, 0);
    must(views_find(m->f.views, span_of(known->name), &m->f.arena, &row, &found, &err), &err);
    assert_int_equal(found, known->told);
    if (found) assert_rows_equal(&row, &known->row);
}

static void ask_reference(struct modelled *m)
{
    struct error err;
    struct span file;
    bool found;
    uint64_t key = draw(m, 60) + 1;
    const char *expected = NULL;
    for (uint32_t i = 0; i < m->model->references_count; i++)
        if (m->model->references[i].key == key)
            expected = m->model->files[m->model->references[i].file].name;
    arena_reset(&m->f.arena, 0);
    must(views_find_reference(m->f.views, key, &m->f.arena, &file, &found, &err), &err);
    assert_int_equal(found, expected != NULL);
    if (found) assert_true(span_equal(file, span_of(expected)));
}

static void ask_counts(struct modelled *m)
{
    struct error err;
    uint64_t counts[FILE_STATE_COUNT], expected[FILE_STATE_COUNT] = { 0 };
    for (uint32_t i = 0; i < FILES; i++)
        if (m->model->files[i].told) expected[m->model->files[i].row.state]++;
    must(views_count(m->f.views, counts, FILE_STATE_COUNT, &err), &err);
    assert_memory_equal(counts, expected, sizeof(counts));
}

static bool goes_before(const struct known *a, const struct known *b)
{
    if (a->row.worth.minor != b->row.worth.minor)
        return a->row.worth.minor > b->row.worth.minor;
    if (a->row.lodged_ms != b->row.lodged_ms) return a->row.lodged_ms < b->row.lodged_ms;
    return a->place < b->place;
}

static struct span maybe(struct modelled *m, struct span text)
{
    return draw(m, 3) == 0 ? text : SPAN("");
}

static bool is(struct span text, struct span wanted)
{
    return wanted.len == 0 || span_equal(text, wanted);
}

static bool is_asked(const struct known *known, const struct views_waiting *asked)
{
    const struct view_row *row = &known->row;
    if (!known->told || !row->waits) return false;
    if (asked->hand == HAND_NOBODY && row->claimed_by.len > 0) return false;
    if (asked->hand == HAND_OF && !span_equal(row->claimed_by, asked->who)) return false;
    return is(row->office, asked->office) && is(row->type_code, asked->type_code);
}

// The one that goes before all others behind that one; NULL: before all.
static const struct known *next_asked(const struct modelled *m, const struct views_waiting *asked,
                                      const struct known *behind)
{
    const struct known *best = NULL;
    for (uint32_t i = 0; i < FILES; i++) {
        const struct known *known = &m->model->files[i];
        if (is_asked(known, asked) && (behind == NULL || goes_before(behind, known)) &&
            (best == NULL || goes_before(known, best)))
            best = known;
    }
    return best;
}

static struct views_waiting draw_asked(struct modelled *m)
{
    struct views_waiting asked = { .office = maybe(m, offices[draw(m, 3)]),
                                   .type_code = maybe(m, SPAN("IM")) };
    if (draw(m, 2)) return asked;
    asked.who = people[draw(m, 3)];
    asked.hand = draw(m, 2) ? HAND_OF : HAND_NOBODY;
    return asked;
}

static void ask_queue(struct modelled *m)
{
    struct views_waiting asked = draw_asked(m);
    struct views_page page = { 0 };
    const struct known *last = NULL;
    uint64_t waiting, expected = 0;
    for (uint32_t i = 0; i < FILES; i++)
        expected += m->model->files[i].told && m->model->files[i].row.waits;
    do {
        struct error err;
        char cursor[VIEWS_CURSOR_SIZE];
        memcpy(cursor, page.next, sizeof(cursor));
        uint32_t limit = draw(m, 4) == 0 ? FILES + 1 : draw(m, 30) + 1;
        arena_reset(&m->f.arena, 0);
        must(views_queue(m->f.views, &asked, span_of(cursor), limit, &m->f.arena, &page, &waiting,
                         &err), &err);
        assert_int_equal(waiting, expected);
        assert_true(page.count <= limit);
        assert_int_equal(page.more, page.next[0] != '\0');
        for (uint32_t i = 0; i < page.count; i++) {
            last = next_asked(m, &asked, last);
            assert_non_null(last);
            assert_rows_equal(&page.rows[i], &last->row);
        }
    } while (page.more);
    assert_null(next_asked(m, &asked, last));
}

// --- a search -----------------------------------------------------------------------------------

// Mostly what some file has, so that something is found.
static struct views_query draw_query(struct modelled *m)
{
    const struct view_row *like = &m->model->files[draw(m, FILES)].row;
    struct views_query query = { 0 };
    switch (draw(m, 8)) {
    case 6: query.anyone = people[draw(m, 4)]; break;
    case 7: query.anyone = draw(m, 2) ? like->exporter : like->functional_reference; break;
    case 0: query.declarant = like->declarant; break;
    case 1: query.exporter = like->exporter; break;
    case 2: query.functional_reference = like->functional_reference; break;
    case 3: query.file = span_of(m->model->files[draw(m, FILES)].name); break;
    default: query.importer = maybe(m, people[draw(m, 4)]); break;
    }
    query.origin = maybe(m, countries[draw(m, 3)]);
    query.office = maybe(m, offices[draw(m, 3)]);
    query.commodity = maybe(m, codes[draw(m, 5)]);
    size_t digits = 2 + draw(m, 3) * 2;
    if (draw(m, 2) && digits < query.commodity.len) query.commodity.len = digits;
    if (draw(m, 3) == 0) query.states = draw(m, 1u << FILE_STATE_COUNT);
    if (draw(m, 3) == 0) query.lodged_from_ms = draw(m, 20) * INT64_C(40000000) - draw(m, 2);
    if (draw(m, 3) == 0) query.lodged_to_ms = draw(m, 20) * INT64_C(40000000) + draw(m, 2);
    query.random_only = draw(m, 4) == 0;
    query.waiting_only = draw(m, 4) == 0;
    query.mine_only = draw(m, 6) == 0;
    query.mine = maybe(m, like->declarant);
    return query;
}

static bool is_sought(const struct known *known, const struct views_query *q)
{
    const struct view_row *row = &known->row;
    if (!known->told || row->state == FILE_EMPTY) return false;
    if (q->mine_only && (q->mine.len == 0 || !span_equal(row->declarant, q->mine))) return false;
    if (q->states != 0 && !(q->states & 1u << row->state)) return false;
    if (q->random_only && !row->random) return false;
    if (q->waiting_only && !row->waits) return false;
    if (row->lodged_ms < q->lodged_from_ms) return false;
    if (q->lodged_to_ms != 0 && row->lodged_ms >= q->lodged_to_ms) return false;
    if (q->anyone.len > 0 && !span_equal(row->declarant, q->anyone) &&
        !span_equal(row->importer, q->anyone) && !span_equal(row->exporter, q->anyone) &&
        !span_equal(row->functional_reference, q->anyone))
        return false;
    return is(row->file, q->file) && is(row->declarant, q->declarant) &&
           is(row->importer, q->importer) && is(row->exporter, q->exporter) &&
           is(row->functional_reference, q->functional_reference) && is(row->origin, q->origin) &&
           is(row->office, q->office) && span_starts_with(row->commodity, q->commodity);
}

// The newest below that place.
static const struct known *next_sought(const struct modelled *m, const struct views_query *query,
                                       uint32_t below)
{
    const struct known *best = NULL;
    for (uint32_t i = 0; i < FILES; i++) {
        const struct known *known = &m->model->files[i];
        if (is_sought(known, query) && known->place < below &&
            (best == NULL || known->place > best->place))
            best = known;
    }
    return best;
}

static void ask_search(struct modelled *m)
{
    struct views_query query = draw_query(m);
    struct views_page page = { 0 };
    uint32_t below = UINT32_MAX;
    do {
        struct error err;
        char cursor[VIEWS_CURSOR_SIZE];
        memcpy(cursor, page.next, sizeof(cursor));
        uint32_t limit = draw(m, 3) ? draw(m, 5) + 1 : 200;
        arena_reset(&m->f.arena, 0);
        must(views_search(m->f.views, &query, span_of(cursor), limit, &m->f.arena, &page, &err),
             &err);
        assert_true(page.count <= limit);
        assert_int_equal(page.more, page.next[0] != '\0');
        for (uint32_t i = 0; i < page.count; i++) {
            const struct known *known = next_sought(m, &query, below);
            assert_non_null(known);
            assert_rows_equal(&page.rows[i], &known->row);
            below = known->place;
        }
    } while (page.more);
    assert_null(next_sought(m, &query, below));
}

// --- figures ------------------------------------------------------------------------------------

// The end of each step, in seconds, as the desk shows it.
static const int64_t ends_s[] = { 1, 10, 60, 600, 3600, 14400, 86400, 259200 };

static void recount_file(const struct view_row *row, struct span currency,
                         struct views_figures *figures)
{
    static const int places[DECISION_COUNT] = {
        [DECISION_REFUSE] = COUNT_REFUSED, [DECISION_DOCUMENTS] = COUNT_DOCUMENTS,
        [DECISION_RELEASE] = COUNT_RELEASED, [DECISION_EXAMINE] = COUNT_EXAMINED,
        [DECISION_HOLD] = COUNT_HELD,
    };
    figures->counts[COUNT_LODGED]++;
    if (row->channel != DECISION_NONE) figures->counts[places[row->channel]]++;
    figures->counts[COUNT_INSPECTED] += row->inspected;
    figures->counts[COUNT_FOUND] += row->found;
    int step = 0;
    while (step < 8 && row->released_ms > row->lodged_ms + ends_s[step] * 1000) step++;
    if (row->released_ms != 0) figures->counts[COUNT_CLEARED + step]++;
    if (span_equal(currency, span_of(row->duty_total.currency)))
        figures->owed += row->duty_total.minor;
    if (span_equal(currency, span_of(row->recovered.currency)))
        figures->recovered += row->recovered.minor;
}

static int32_t day_of(const struct view_row *row)
{
    return (int32_t)(row->lodged_ms / 86400000);
}

static void assert_figures_equal(const struct views_figures *given,
                                 const struct views_figures *counted)
{
    assert_memory_equal(given->counts, counted->counts, sizeof(given->counts));
    assert_int_equal(given->owed, counted->owed);
    assert_int_equal(given->recovered, counted->recovered);
}

// Those of one day and office; and how many files are of these days in all.
static int64_t recount_day(const struct modelled *m, const struct views_figures *of, int32_t from,
                           int32_t to, struct span currency, struct views_figures *figures)
{
    int64_t files = 0;
    *figures = (struct views_figures){ 0 };
    for (uint32_t i = 0; i < FILES; i++) {
        const struct view_row *row = &m->model->files[i].row;
        if (!m->model->files[i].told || row->state == FILE_EMPTY) continue;
        files += day_of(row) >= from && day_of(row) <= to;
        if (day_of(row) == of->day && span_equal(row->office, of->name))
            recount_file(row, currency, figures);
    }
    return files;
}

static struct span draw_currency(struct modelled *m)
{
    return draw(m, 3) ? SPAN("EUR") : SPAN("JPY");
}

static void ask_days(struct modelled *m)
{
    struct error err;
    struct views_figures *given, counted;
    uint32_t count;
    struct span currency = draw_currency(m);
    int32_t from = (int32_t)draw(m, 10), to = from + (int32_t)draw(m, 10);
    int64_t files = 0, expected = 0;
    arena_reset(&m->f.arena, 0);
    must(views_days(m->f.views, from, to, currency, &m->f.arena, &given, &count, &err), &err);
    expected = recount_day(m, &(struct views_figures){ 0 }, from, to, currency, &counted);
    for (uint32_t i = 0; i < count; i++) {
        recount_day(m, &given[i], from, to, currency, &counted);
        assert_figures_equal(&given[i], &counted);
        assert_in_range(given[i].day, from, to);
        files += given[i].counts[COUNT_LODGED];
        if (i > 0 && given[i].day == given[i - 1].day)
            assert_true(span_compare(given[i - 1].name, given[i].name) < 0);
        else if (i > 0) assert_true(given[i - 1].day < given[i].day);
    }
    assert_int_equal(files, expected);
}

static void ask_rules(struct modelled *m)
{
    static const struct { const char *name; unsigned sets; } known[] = {
        { "K-01", 1u << 0 | 1u << 1 }, { "K-07", 1u << 1 | 1u << 3 }, { "K-1", 1u << 3 },
        { "check", 1u << 2 | 1u << 3 },
    };
    struct error err;
    struct views_figures *given;
    uint32_t count, at = 0;
    struct span currency = draw_currency(m);
    arena_reset(&m->f.arena, 0);
    must(views_rules(m->f.views, currency, &m->f.arena, &given, &count, &err), &err);
    for (uint32_t k = 0; k < 4; k++) {
        struct views_figures counted = { 0 };
        for (uint32_t i = 0; i < FILES; i++) {
            const struct view_row *row = &m->model->files[i].row;
            bool hit = false;
            for (uint32_t r = 0; r < 5; r++)
                hit = hit || ((known[k].sets >> r & 1) && span_equal(row->rules, rules[r]));
            if (m->model->files[i].told && row->state != FILE_EMPTY && hit)
                recount_file(row, currency, &counted);
        }
        if (counted.counts[COUNT_LODGED] == 0) continue;
        assert_true(at < count);
        assert_true(span_equal(given[at].name, span_of(known[k].name)));
        assert_figures_equal(&given[at++], &counted);
    }
    assert_int_equal(at, count);
}

// --- notices ------------------------------------------------------------------------------------

static int falling(const void *one, const void *other)
{
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a < b) - (a > b);
}

static void ask_notices(struct modelled *m)
{
    struct error err;
    static uint64_t expected[STEPS * 24];
    uint64_t *positions, audience = draw(m, 5) + UINT64_MAX / 2;
    uint64_t before = draw(m, 3) ? UINT64_MAX : m->model->position * draw(m, 100) / 100;
    uint32_t count, wanted = 0, limit = draw(m, 20) + 1;
    for (uint32_t i = 0; i < m->model->notices_count; i++) {
        const struct told_of *told = &m->model->notices[i];
        if (told->audience == audience && told->position < before)
            expected[wanted++] = told->position;
    }
    qsort(expected, wanted, sizeof(*expected), falling);
    uint32_t all = wanted;
    wanted = 0;
    for (uint32_t i = 0; i < all; i++) // an append that was told twice is told of once
        if (i == 0 || expected[i] != expected[i - 1]) expected[wanted++] = expected[i];
    arena_reset(&m->f.arena, 0);
    must(views_notices(m->f.views, audience, before, limit, &m->f.arena, &positions, &count, &err),
         &err);
    assert_int_equal(count, wanted < limit ? wanted : limit);
    for (uint32_t i = 0; i < count; i++) assert_int_equal(positions[i], expected[i]);
}

static void ask_position(struct modelled *m)
{
    assert_int_equal(views_position(m->f.views), m->model->position);
}

// --- both go on ----------------------------------------------------------------------------------

static void flush(struct modelled *m)
{
    fixture_flush(&m->f);
}

static void reopen(struct modelled *m)
{
    fixture_close(&m->f);
    if (draw(m, 4) == 0) m->f.settings.volume_rows = draw(m, 90) + 10;
    fixture_open(&m->f);
}

static void drop(struct modelled *m)
{
    struct error err;
    if (draw(m, 8) != 0) return; // seldom, so that there is something to drop
    must(views_drop(m->f.views, &err), &err);
    for (uint32_t i = 0; i < FILES; i++) m->model->files[i].told = false;
    m->model->references_count = m->model->told_count = m->model->notices_count = 0;
    m->model->position = 0;
}

static void run(uint64_t seed, struct views_settings settings)
{
    static const struct { uint32_t weight; void (*step)(struct modelled *m); } steps[] = {
        { 500, tell },      { 250, ask_file },     { 100, ask_reference }, { 40, ask_counts },
        { 60, ask_queue },  { 20, ask_position },  { 8, flush },           { 3, reopen },
        { 1, drop },         { 60, ask_search },
        { 40, ask_notices },   { 30, ask_days },        { 30, ask_rules },
    };
    struct modelled m;
    begin(&m, seed, settings);
    for (uint32_t i = 0; i < STEPS; i++) {
        uint32_t at = 0;
        for (uint32_t chosen = draw(&m, 1142); chosen >= steps[at].weight; at++)
            chosen -= steps[at].weight;
        steps[at].step(&m);
    }
    flush(&m);
    ask_counts(&m);
    ask_queue(&m);
    ask_days(&m);
    ask_rules(&m);
    end(&m);
}

static void views_say_what_a_plain_array_says(void **state)
{
    (void)state;
    run(1, (struct views_settings){ .volume_rows = 50, .sheaf_rows = 8, .looks_max = 7 });
    run(2, (struct views_settings){ .volume_rows = 37, .sheaf_rows = 37 });
}

static void views_of_one_row_a_sheaf_and_few_a_volume_say_it_too(void **state)
{
    (void)state;
    run(3, (struct views_settings){ .volume_rows = 10, .sheaf_rows = 1 });
}

static void views_whose_volume_never_fills_say_it_too(void **state)
{
    (void)state;
    run(4, (struct views_settings){ .volume_rows = 5000, .sheaf_rows = 64 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_say_what_a_plain_array_says),
        cmocka_unit_test(views_of_one_row_a_sheaf_and_few_a_volume_say_it_too),
        cmocka_unit_test(views_whose_volume_never_fills_say_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
