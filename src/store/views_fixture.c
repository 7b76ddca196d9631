#include "store/views_fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FIXTURE_ARENA_SIZE = 8 * MIB };

void must(bool done, const struct error *err)
{
    if (!done) fail_msg("%s: %s", error_kind_name(err->kind), err->text);
}

void fixture_begin(struct fixture *f, struct views_settings settings)
{
    struct error err;
    *f = (struct fixture){ .settings = settings };
    snprintf(f->folder, sizeof(f->folder), "/tmp/views_test_XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof(f->path), "%s/views.sqlite", f->folder);
    must(arena_open(&f->arena, FIXTURE_ARENA_SIZE, &err), &err);
    fixture_open(f);
}

void fixture_end(struct fixture *f)
{
    if (f->views != NULL) fixture_close(f);
    arena_close(&f->arena);
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char name[104];
        snprintf(name, sizeof(name), "%s%s", f->path, ends[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(f->folder), 0);
}

void fixture_open(struct fixture *f)
{
    struct error err;
    assert_null(f->views);
    must(views_open_with(&f->views, f->path, f->settings, &err), &err);
    f->position = views_position(f->views);
}

void fixture_close(struct fixture *f)
{
    views_close(f->views);
    f->views = NULL;
}

struct view_row row_of(struct span file)
{
    struct view_row row = {
        .file = file, .position = 7, .facts_count = 5, .lodged_ms = 1000, .changed_ms = 2000,
        .state = FILE_RELEASED, .decision = DECISION_RELEASE, .version = 1, .items_count = 3,
        .findings_count = 2, .score = 111, .digest = { 1, 2, 3, 0, 255 },
        .functional_reference = file, .office = SPAN("NL000396"), .type_code = SPAN("IMA"),
        .declarant = SPAN("NL123456789"), .exporter = SPAN("Han River Tools"),
        .commodity = SPAN("8205400000"), .origin = SPAN("KR"), .rules = SPAN("K-01"),
        .customs_value = { 100025, "EUR" }, .duty_total = { 3701, "EUR" }, .worth = { 12, "EUR" },
    };
    return row;
}

void fixture_tell(struct fixture *f, const struct view_row *rows, uint32_t count)
{
    struct error err;
    f->position += 100;
    must(views_tell(f->views, rows, count, f->position, &err), &err);
}

void fixture_flush(struct fixture *f)
{
    struct error err;
    must(views_flush(f->views, &err), &err);
}

bool fixture_find(struct fixture *f, struct span file, struct view_row *row)
{
    struct error err;
    bool found;
    arena_reset(&f->arena, 0);
    must(views_find(f->views, file, &f->arena, row, &found, &err), &err);
    return found;
}

static void assert_money_equal(struct money one, struct money other)
{
    assert_int_equal(one.minor, other.minor);
    assert_memory_equal(one.currency, other.currency, sizeof(one.currency));
}

void assert_rows_equal(const struct view_row *one, const struct view_row *other)
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
    assert_money_equal(one->customs_value, other->customs_value);
    assert_money_equal(one->duty_total, other->duty_total);
    assert_money_equal(one->worth, other->worth);
    assert_true(span_equal(one->claimed_by, other->claimed_by));
    assert_true(span_equal(one->rules, other->rules));
    assert_int_equal(one->requests_open, other->requests_open);
    assert_int_equal(one->channel, other->channel);
    assert_int_equal(one->released_ms, other->released_ms);
    assert_int_equal(one->inspected, other->inspected);
    assert_int_equal(one->found, other->found);
    assert_money_equal(one->recovered, other->recovered);
}

void fixture_sql(const struct fixture *f, const char *sql)
{
    struct error err;
    sqlite3 *db = NULL;
    must(sql_open(&db, f->path, &err), &err);
    must(sql_run(db, sql, &err), &err);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int64_t fixture_ask(const struct fixture *f, const char *sql)
{
    struct error err;
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    bool found;
    must(sql_open(&db, f->path, &err), &err);
    must(sql_prepare(db, &statement, &err, "%s", sql), &err);
    must(sql_step(db, statement, &found, &err), &err);
    assert_true(found);
    int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return answer;
}

void fixture_reopen(struct fixture *f)
{
    fixture_close(f);
    fixture_open(f);
}

struct span numbered_name(uint32_t n, char (*name)[24])
{
    int size = snprintf(*name, sizeof(*name), "26NL%012u", n);
    return (struct span){ *name, (size_t)size };
}

void tell_numbered(struct fixture *f, uint32_t first, uint32_t count)
{
    for (uint32_t n = first; n < first + count; n++) {
        char name[24];
        struct view_row row = row_of(numbered_name(n, &name));
        row.reference_key = n + 1;
        row.score = n;
        fixture_tell(f, &row, 1);
    }
}

void assert_numbered(struct fixture *f, uint32_t first, uint32_t count)
{
    for (uint32_t n = first; n < first + count; n++) {
        char name[24];
        struct view_row row;
        assert_true(fixture_find(f, numbered_name(n, &name), &row));
        assert_int_equal(row.score, n);
    }
}

void assert_queue(struct fixture *f, uint32_t limit, const char *names, uint64_t expected)
{
    struct error err;
    struct views_waiting any = { 0 };
    struct views_page page;
    uint64_t waiting;
    char all[256] = "";
    arena_reset(&f->arena, 0);
    must(views_queue(f->views, &any, SPAN(""), limit, &f->arena, &page, &waiting, &err), &err);
    size_t size = 0;
    for (uint32_t i = 0; i < page.count; i++) {
        assert_true(page.rows[i].waits);
        size += (size_t)snprintf(all + size, sizeof(all) - size, SPAN_FMT " ",
                                 SPAN_ARG(page.rows[i].file));
    }
    assert_string_equal(all, names);
    assert_int_equal(waiting, expected);
}

void assert_empty(struct fixture *f)
{
    struct error err;
    struct view_row row;
    struct span file;
    bool found;
    uint64_t counts[FILE_STATE_COUNT];
    char name[24];
    assert_int_equal(views_position(f->views), 0);
    assert_false(fixture_find(f, numbered_name(0, &name), &row));
    must(views_find_reference(f->views, 1, &f->arena, &file, &found, &err), &err);
    assert_false(found);
    assert_queue(f, 10, "", 0);
    must(views_count(f->views, counts, FILE_STATE_COUNT, &err), &err);
    for (int i = 0; i < FILE_STATE_COUNT; i++) assert_int_equal(counts[i], 0);
}
