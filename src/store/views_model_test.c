#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/views_inside.h"

// The views held to a plain array: the same rows go into both, in an order drawn from a seed, and
// both are asked the same.

enum {
    FILES = 200,          // names that rows are drawn from
    STEPS = 2500,
    ROW_TEXT = 96,
    ARENA_SIZE = 8 * MIB,
};

// A file as the plain array knows it.
struct known {
    bool told;
    struct view_row row;
    char name[24], text[ROW_TEXT];
};

struct reference { uint64_t key; uint32_t file; };

struct model {
    struct known files[FILES];
    struct reference references[STEPS * 8]; // as they were taken, the newest last
    uint32_t references_count;
    uint64_t position;
};

struct fixture {
    char folder[64], path[96];
    struct arena arena;
    struct views *views;
    struct views_settings settings;
    struct model *model;
    uint64_t seed;
};

static uint32_t draw(struct fixture *f, uint32_t below)
{
    f->seed = f->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((f->seed >> 33) % below);
}

static void must(bool done, const struct error *err)
{
    if (!done) fail_msg("%s", err->text);
}

static void open_views(struct fixture *f)
{
    struct error err;
    must(views_open_with(&f->views, f->path, f->settings, &err), &err);
}

static void begin(struct fixture *f, uint64_t seed, struct views_settings settings)
{
    struct error err;
    *f = (struct fixture){ .seed = seed, .settings = settings };
    snprintf(f->folder, sizeof(f->folder), "/tmp/views_model_XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof(f->path), "%s/views.sqlite", f->folder);
    must(arena_open(&f->arena, ARENA_SIZE, &err), &err);
    f->model = calloc(1, sizeof(*f->model));
    assert_non_null(f->model);
    for (uint32_t i = 0; i < FILES; i++)
        snprintf(f->model->files[i].name, sizeof(f->model->files[i].name), "26XX%08u", i * 7919);
    open_views(f);
}

static void end(struct fixture *f)
{
    views_close(f->views);
    arena_close(&f->arena);
    free(f->model);
    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(rmdir(f->folder), 0);
}

// --- both are told -------------------------------------------------------------------------------

static void change(struct fixture *f, uint32_t file)
{
    struct known *known = &f->model->files[file];
    uint64_t had = known->told ? known->row.reference_key : 0;
    int size = snprintf(known->text, sizeof(known->text), "text %u of %u", draw(f, 1000000),
                        file);
    struct span text = { known->text, (size_t)size };
    known->row = (struct view_row){
        .file = span_of(known->name), .position = f->model->position + draw(f, 50),
        .facts_count = draw(f, 9) + 1, .lodged_ms = draw(f, 20), .changed_ms = draw(f, 1000000),
        .state = (uint8_t)draw(f, FILE_STATE_COUNT), .decision = (uint8_t)draw(f, 3),
        .waits = draw(f, 3) == 0, .random = draw(f, 2) == 0, .version = draw(f, 5),
        .items_count = draw(f, 999), .findings_count = draw(f, 40), .score = draw(f, 1001),
        .reference_key = draw(f, 4) == 0 ? 0 : draw(f, 2) == 0 && had ? had : draw(f, 60) + 1,
        .functional_reference = text, .office = SPAN("NL000396"), .type_code = SPAN("IM"),
        .declarant = { text.at, text.len / 2 }, .exporter = { text.at + 4, text.len - 4 },
        .commodity = SPAN("85176200"), .origin = SPAN("CN"),
        .customs_value = { draw(f, 100000), "EUR" }, .duty_total = { draw(f, 1000), "EUR" },
        .worth = { draw(f, 12), "EUR" },
    };
    memset(known->row.digest, (int)draw(f, 256), sizeof(known->row.digest));
    known->told = true;
    uint64_t key = known->row.reference_key;
    if (key == 0 || key == had) return;
    assert_true(f->model->references_count < STEPS * 8);
    f->model->references[f->model->references_count++] = (struct reference){ key, file };
}

static void tell(struct fixture *f)
{
    struct error err;
    struct view_row rows[7];
    uint32_t count = draw(f, 7) + 1, files_max = draw(f, FILES) + 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t file = draw(f, files_max);
        for (uint32_t j = 0; j < i; j++) // the text of a row must not change before it is told
            if (rows[j].file.at == f->model->files[file].name) count = i;
        if (count == i) break;
        change(f, file);
        rows[i] = f->model->files[file].row;
    }
    f->model->position += draw(f, 100) + 50;
    must(views_tell(f->views, rows, count, f->model->position, &err), &err);
}

// --- both are asked ------------------------------------------------------------------------------

static void assert_rows_equal(const struct view_row *one, const struct view_row *other)
{
    assert_true(span_equal(one->file, other->file));
    assert_int_equal(one->position, other->position);
    assert_int_equal(one->facts_count, other->facts_count);
    assert_int_equal(one->lodged_ms, other->lodged_ms);
    assert_int_equal(one->changed_ms, other->changed_ms);
    assert_int_equal(one->state, other->state);
    assert_int_equal(one->decision, other->decision);
    assert_int_equal(one->waits, other->waits);
    assert_int_equal(one->random, other->random);
    assert_int_equal(one->version, other->version);
    assert_int_equal(one->items_count, other->items_count);
    assert_int_equal(one->findings_count, other->findings_count);
    assert_int_equal(one->score, other->score);
    assert_memory_equal(one->digest, other->digest, sizeof(one->digest));
    assert_int_equal(one->reference_key, other->reference_key);
    assert_true(span_equal(one->functional_reference, other->functional_reference));
    assert_true(span_equal(one->office, other->office));
    assert_true(span_equal(one->type_code, other->type_code));
    assert_true(span_equal(one->declarant, other->declarant));
    assert_true(span_equal(one->importer, other->importer));
    assert_true(span_equal(one->exporter, other->exporter));
    assert_true(span_equal(one->commodity, other->commodity));
    assert_true(span_equal(one->origin, other->origin));
    assert_memory_equal(&one->customs_value, &other->customs_value, sizeof(struct money));
    assert_memory_equal(&one->duty_total, &other->duty_total, sizeof(struct money));
    assert_memory_equal(&one->worth, &other->worth, sizeof(struct money));
}

static void ask_file(struct fixture *f)
{
    struct error err;
    struct view_row row;
    bool found;
    const struct known *known = &f->model->files[draw(f, FILES)];
    arena_reset(&f->arena, 0);
    must(views_find(f->views, span_of(known->name), &f->arena, &row, &found, &err), &err);
    assert_int_equal(found, known->told);
    if (found) assert_rows_equal(&row, &known->row);
}

static void ask_reference(struct fixture *f)
{
    struct error err;
    struct span file;
    bool found;
    uint64_t key = draw(f, 60) + 1;
    const char *expected = NULL;
    for (uint32_t i = 0; i < f->model->references_count; i++)
        if (f->model->references[i].key == key)
            expected = f->model->files[f->model->references[i].file].name;
    arena_reset(&f->arena, 0);
    must(views_find_reference(f->views, key, &f->arena, &file, &found, &err), &err);
    assert_int_equal(found, expected != NULL);
    if (found) assert_true(span_equal(file, span_of(expected)));
}

static void ask_counts(struct fixture *f)
{
    struct error err;
    uint64_t counts[FILE_STATE_COUNT], expected[FILE_STATE_COUNT] = { 0 };
    for (uint32_t i = 0; i < FILES; i++)
        if (f->model->files[i].told) expected[f->model->files[i].row.state]++;
    must(views_count(f->views, counts, FILE_STATE_COUNT, &err), &err);
    assert_memory_equal(counts, expected, sizeof(counts));
}

// Where rows are alike in worth and time their order is that of their first telling, which the
// array does not know: what stands there must be alike, and nothing twice.
static bool goes_before(const struct view_row *a, const struct view_row *b)
{
    if (a->worth.minor != b->worth.minor) return a->worth.minor > b->worth.minor;
    return a->lodged_ms < b->lodged_ms;
}

static const struct known *known_of(const struct fixture *f, struct span file)
{
    for (uint32_t i = 0; i < FILES; i++)
        if (span_equal(span_of(f->model->files[i].name), file)) return &f->model->files[i];
    fail_msg("unknown file");
    return NULL;
}

static void ask_queue(struct fixture *f)
{
    struct error err;
    struct view_row *rows;
    uint32_t count, limit = draw(f, 4) == 0 ? FILES + 1 : draw(f, 30), expected = 0;
    uint64_t waiting;
    arena_reset(&f->arena, 0);
    must(views_queue(f->views, limit, &f->arena, &rows, &count, &waiting, &err), &err);
    for (uint32_t i = 0; i < FILES; i++)
        expected += f->model->files[i].told && f->model->files[i].row.waits;
    assert_int_equal(waiting, expected);
    assert_int_equal(count, expected < limit ? expected : limit);

    bool stands[FILES] = { 0 };
    for (uint32_t i = 0; i < count; i++) {
        const struct known *known = known_of(f, rows[i].file);
        assert_rows_equal(&rows[i], &known->row);
        assert_true(rows[i].waits);
        assert_false(stands[known - f->model->files]);
        stands[known - f->model->files] = true;
        if (i > 0) assert_false(goes_before(&rows[i], &rows[i - 1]));
    }
    for (uint32_t i = 0; count > 0 && i < FILES; i++) {
        const struct known *known = &f->model->files[i];
        if (known->told && known->row.waits && !stands[i])
            assert_false(goes_before(&known->row, &rows[count - 1]));
    }
}

static void ask_position(struct fixture *f)
{
    assert_int_equal(views_position(f->views), f->model->position);
}

// --- both go on ----------------------------------------------------------------------------------

static void flush(struct fixture *f)
{
    struct error err;
    must(views_flush(f->views, &err), &err);
}

static void reopen(struct fixture *f)
{
    views_close(f->views);
    if (draw(f, 4) == 0) f->settings.volume_rows = draw(f, 90) + 10;
    open_views(f);
}

static void drop(struct fixture *f)
{
    struct error err;
    if (draw(f, 8) != 0) return; // seldom, so that there is something to drop
    must(views_drop(f->views, &err), &err);
    for (uint32_t i = 0; i < FILES; i++) f->model->files[i].told = false;
    f->model->references_count = 0;
    f->model->position = 0;
}

static void run(uint64_t seed, struct views_settings settings)
{
    static const struct { uint32_t weight; void (*step)(struct fixture *f); } steps[] = {
        { 500, tell },      { 250, ask_file },     { 100, ask_reference }, { 40, ask_counts },
        { 60, ask_queue },  { 20, ask_position },  { 8, flush },           { 3, reopen },
        { 1, drop },
    };
    struct fixture f;
    begin(&f, seed, settings);
    for (uint32_t i = 0; i < STEPS; i++) {
        uint32_t at = 0;
        for (uint32_t chosen = draw(&f, 982); chosen >= steps[at].weight; at++)
            chosen -= steps[at].weight;
        steps[at].step(&f);
    }
    flush(&f);
    ask_counts(&f);
    ask_queue(&f);
    end(&f);
}

static void views_say_what_a_plain_array_says(void **state)
{
    (void)state;
    run(1, (struct views_settings){ .volume_rows = 50, .sheaf_rows = 8 });
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
