#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "store/views_fixture.h"

// Large enough for each test's few rows to stay in one sheaf and one volume.
static const struct views_settings roomy = { .volume_rows = 1000, .sheaf_rows = 100 };
static const struct views_settings tight = { .volume_rows = 10, .sheaf_rows = 4 };

// What is true of the tail must be true of the file: a test runs once for each.
static void nothing(struct fixture *f)
{
    (void)f;
}

static void (*const ways[])(struct fixture *f) = { nothing, fixture_flush, fixture_reopen };
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

// --- finding ------------------------------------------------------------------------------------

static void a_row_is_found_as_it_was_told(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        struct view_row row, told = row_of(SPAN("26NL0001"));
        told.random = told.waits = true;
        told.reference_key = UINT64_MAX;
        told.worth = (struct money){ INT64_MIN, "JPY" };
        told.importer = SPAN("Caf\xC3\xA9 'n\" \xE6\xB5\xB7\xE5\x85\xB3");
        fixture_begin(&f, roomy);
        fixture_tell(&f, &told, 1);
        ways[way](&f);
        assert_true(fixture_find(&f, told.file, &row));
        assert_rows_equal(&row, &told);
        fixture_end(&f);
    }
}

static void a_row_told_again_replaces_the_one_before(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS * WAYS; way++) {
        struct fixture f;
        struct view_row row, told = row_of(SPAN("26NL0001")), other = row_of(SPAN("26NL0002"));
        fixture_begin(&f, roomy);
        fixture_tell(&f, &told, 1);
        fixture_tell(&f, &other, 1);
        ways[way / WAYS](&f);
        told.facts_count = 9;
        told.state = FILE_CLEARED;
        told.commodity = SPAN("a longer text than the one that stood there before");
        fixture_tell(&f, &told, 1);
        ways[way % WAYS](&f);
        assert_true(fixture_find(&f, told.file, &row));
        assert_rows_equal(&row, &told);
        assert_true(fixture_find(&f, other.file, &row));
        assert_rows_equal(&row, &other);
        fixture_flush(&f);
        assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM declarations"), 2);
        fixture_end(&f);
    }
}

static void the_last_of_a_batch_stands_when_it_has_a_file_twice(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        struct view_row row, rows[] = { row_of(SPAN("26NL0001")), row_of(SPAN("26NL0001")) };
        rows[1].score = 999;
        fixture_begin(&f, roomy);
        fixture_tell(&f, rows, 2);
        ways[way](&f);
        assert_true(fixture_find(&f, rows[0].file, &row));
        assert_int_equal(row.score, 999);
        fixture_end(&f);
    }
}

static void a_file_that_was_never_told_is_not_found(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        struct view_row row;
        fixture_begin(&f, tight);
        assert_false(fixture_find(&f, SPAN("26NL0001"), &row));
        tell_numbered(&f, 0, 35);
        ways[way](&f);
        for (uint32_t n = 35; n < 1000; n++) {
            char name[24];
            assert_false(fixture_find(&f, numbered_name(n, &name), &row));
        }
        fixture_end(&f);
    }
}

static void the_file_that_took_a_reference_last_is_found(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS * WAYS; way++) {
        struct fixture f;
        struct error err;
        struct span file;
        bool found;
        struct view_row one = row_of(SPAN("26NL0001")), other = row_of(SPAN("26NL0002"));
        one.reference_key = other.reference_key = 77;
        fixture_begin(&f, roomy);
        must(views_find_reference(f.views, 77, &f.arena, &file, &found, &err), &err);
        assert_false(found);
        fixture_tell(&f, &other, 1);
        fixture_tell(&f, &one, 1);
        fixture_tell(&f, &other, 1); // it has the reference already: nothing is taken
        ways[way / WAYS](&f);
        must(views_find_reference(f.views, 77, &f.arena, &file, &found, &err), &err);
        assert_true(found);
        assert_true(span_equal(file, one.file));
        other.reference_key = 78;
        fixture_tell(&f, &other, 1);
        other.reference_key = 77;
        fixture_tell(&f, &other, 1);
        ways[way % WAYS](&f);
        must(views_find_reference(f.views, 77, &f.arena, &file, &found, &err), &err);
        assert_true(found);
        assert_true(span_equal(file, other.file));
        fixture_end(&f);
    }
}

static void references_are_found_in_all_volumes(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        fixture_begin(&f, tight);
        tell_numbered(&f, 0, 55);
        ways[way](&f);
        for (uint32_t n = 0; n < 80; n++) {
            struct error err;
            struct span file;
            bool found;
            char name[24];
            must(views_find_reference(f.views, n + 1, &f.arena, &file, &found, &err), &err);
            assert_int_equal(found, n < 55);
            if (found) assert_true(span_equal(file, numbered_name(n, &name)));
        }
        fixture_end(&f);
    }
}

// More references than a volume has rows come when files that are there take others.
static void a_volume_fills_by_references_alone_too(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, tight);
    for (uint32_t n = 0; n < 100; n++) {
        struct view_row row = row_of(n % 2 ? SPAN("26NL0001") : SPAN("26NL0002"));
        row.reference_key = 1000 + n;
        fixture_tell(&f, &row, 1);
        if (n % 3 == 0) fixture_flush(&f);
    }
    for (int again = 0; again < 2; again++) {
        for (uint32_t n = 0; n < 100; n++) {
            struct error err;
            struct span file;
            bool found;
            must(views_find_reference(f.views, 1000 + n, &f.arena, &file, &found, &err), &err);
            assert_true(found);
            assert_true(span_equal(file, n % 2 ? SPAN("26NL0001") : SPAN("26NL0002")));
        }
        fixture_reopen(&f);
    }
    assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM declarations"), 2);
    fixture_end(&f);
}

static void rows_of_many_volumes_are_found_and_replaced(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        fixture_begin(&f, tight);
        tell_numbered(&f, 0, 95);
        ways[way](&f);
        assert_numbered(&f, 0, 95);
        for (uint32_t n = 0; n < 95; n += 3) {
            char name[24];
            struct view_row row = row_of(numbered_name(n, &name));
            row.score = n;
            row.facts_count = 50;
            fixture_tell(&f, &row, 1);
        }
        ways[way](&f);
        assert_numbered(&f, 0, 95);
        fixture_flush(&f);
        assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM volumes"), 10);
        assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM declarations"), 95);
        assert_int_equal(fixture_ask(&f, "SELECT sum(facts_count = 50) FROM declarations"), 32);
        fixture_end(&f);
    }
}

// key_of multiplies: a second word that is the key of the first makes the product zero, whatever
// the first was. So many names have one key.
static struct span equal_key_name(uint32_t n, char (*name)[16])
{
    char first[9];
    snprintf(first, sizeof(first), "FILE%04u", n);
    __extension__ typedef unsigned __int128 uint128;
    uint64_t word;
    memcpy(&word, first, sizeof(word));
    uint128 product = (uint128)((UINT64_C(0x6A09E667F3BCC909) + 16) ^ word) *
                      UINT64_C(0xBB67AE8584CAA73B);
    uint64_t second = (uint64_t)product ^ (uint64_t)(product >> 64);
    memcpy(*name, first, sizeof(word));
    memcpy(*name + 8, &second, sizeof(second));
    return (struct span){ *name, sizeof(*name) };
}

static void files_of_equal_keys_are_told_apart(void **state)
{
    (void)state;
    enum { FILES = 45 };
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        struct view_row row;
        char name[16], other[16];
        assert_int_equal(key_of(equal_key_name(0, &name)), key_of(equal_key_name(1, &other)));
        fixture_begin(&f, (struct views_settings){ .volume_rows = 30, .sheaf_rows = 20 });
        for (uint32_t n = 0; n < FILES; n++) {
            row = row_of(equal_key_name(n, &name));
            row.score = n;
            fixture_tell(&f, &row, 1);
            ways[way](&f);
            assert_false(fixture_find(&f, equal_key_name(n + 1, &name), &row));
        }
        for (uint32_t n = 0; n < FILES; n++) {
            assert_true(fixture_find(&f, equal_key_name(n, &name), &row));
            assert_int_equal(row.score, n);
        }
        assert_false(fixture_find(&f, equal_key_name(FILES, &name), &row));
        fixture_end(&f);
    }
}

static void a_row_that_does_not_fit_the_arena_is_too_large(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        struct error err;
        struct view_row row, told = row_of(SPAN("26NL0001"));
        struct views_waiting any = { 0 };
        struct views_page page;
        struct span file;
        uint64_t waiting;
        bool found;
        _Alignas(max_align_t) char small[8];
        struct arena arena = arena_over(small, sizeof(small));
        told.reference_key = 5;
        told.waits = true;
        fixture_begin(&f, roomy);
        fixture_tell(&f, &told, 1);
        ways[way](&f);
        assert_false(views_find(f.views, told.file, &arena, &row, &found, &err));
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
        assert_false(views_find_reference(f.views, 5, &arena, &file, &found, &err));
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
        assert_false(views_queue(f.views, &any, SPAN(""), 10, &arena, &page, &waiting, &err));
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
        assert_true(fixture_find(&f, told.file, &row)); // and it goes on
        fixture_end(&f);
    }
}

// --- the queue and the counts -------------------------------------------------------------------

static void tell_waiting(struct fixture *f, const char *name, int64_t worth, int64_t lodged_ms)
{
    struct view_row row = row_of(span_of(name));
    row.state = FILE_UNDER_CONTROL;
    row.waits = true;
    row.worth.minor = worth;
    row.lodged_ms = lodged_ms;
    fixture_tell(f, &row, 1);
}

static void tell_decided(struct fixture *f, const char *name)
{
    struct view_row row = row_of(span_of(name));
    fixture_tell(f, &row, 1);
}

static void the_queue_gives_most_worth_first_then_oldest_then_first_told(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        fixture_begin(&f, tight);
        assert_queue(&f, 10, "", 0);
        tell_waiting(&f, "E", 5, 2);
        tell_waiting(&f, "A", 9, 3);
        tell_waiting(&f, "C", 5, 1);
        ways[way](&f); // what follows stands in the tail: both are merged
        tell_waiting(&f, "B", 7, 9);
        tell_waiting(&f, "D", 5, 1);
        tell_waiting(&f, "F", -5, 0);
        assert_queue(&f, 10, "A B C D E F ", 6);
        assert_queue(&f, 4, "A B C D ", 6);
        assert_queue(&f, 1, "A ", 6);
        assert_queue(&f, 0, "", 6);
        ways[way](&f);
        assert_queue(&f, 10, "A B C D E F ", 6);
        fixture_end(&f);
    }
}

static void the_queue_follows_what_is_told_of_its_files(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS * WAYS; way++) {
        struct fixture f;
        fixture_begin(&f, tight);
        tell_waiting(&f, "A", 9, 1);
        tell_waiting(&f, "B", 8, 1);
        tell_waiting(&f, "C", 7, 1);
        tell_decided(&f, "D");
        ways[way / WAYS](&f);
        tell_decided(&f, "A");
        tell_waiting(&f, "B", 1, 1);
        tell_waiting(&f, "D", 6, 1);
        ways[way % WAYS](&f);
        assert_queue(&f, 10, "C D B ", 3);
        tell_decided(&f, "C");
        tell_waiting(&f, "C", 7, 2);
        tell_decided(&f, "D");
        assert_queue(&f, 10, "C B ", 2);
        ways[way % WAYS](&f);
        assert_queue(&f, 10, "C B ", 2);
        fixture_end(&f);
    }
}

static void files_are_counted_in_their_present_state(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        struct error err;
        uint64_t counts[FILE_STATE_COUNT];
        fixture_begin(&f, tight);
        tell_numbered(&f, 0, 25);
        ways[way](&f);
        tell_waiting(&f, "A", 9, 1);
        tell_waiting(&f, "26NL000000000003", 9, 1);
        tell_waiting(&f, "26NL000000000003", 8, 1);
        ways[way](&f);
        must(views_count(f.views, counts, FILE_STATE_COUNT, &err), &err);
        for (int i = 0; i < FILE_STATE_COUNT; i++)
            assert_int_equal(counts[i], i == FILE_RELEASED ? 24 : i == FILE_UNDER_CONTROL ? 2 : 0);
        fixture_end(&f);
    }
}

static void analysts_see_all_volumes_as_one_table_with_names(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, tight);
    tell_waiting(&f, "B", 5, 1);
    tell_numbered(&f, 0, 24);
    tell_waiting(&f, "26NL000000000003", 3, 1);
    tell_waiting(&f, "A", 9, 1);
    tell_numbered(&f, 24, 2);
    fixture_flush(&f);
    assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM declarations "
                                     "WHERE state = 'released' AND decision = 'release'"), 25);
    assert_int_equal(fixture_ask(&f, "SELECT count(DISTINCT file) FROM declarations"), 28);
    assert_int_equal(fixture_ask(&f, "SELECT group_concat(file, ' ') = 'A B 26NL000000000003' "
                                     "FROM (SELECT file FROM waiting)"), 1);
    assert_int_equal(fixture_ask(&f, "SELECT files FROM state_names WHERE name = 'released'"), 25);
    fixture_end(&f);
}

// --- positions, opening, dropping ---------------------------------------------------------------

static void the_position_is_that_of_the_last_batch(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        struct error err;
        fixture_begin(&f, tight);
        assert_int_equal(views_position(f.views), 0);
        tell_numbered(&f, 0, 3);
        ways[way](&f);
        assert_int_equal(views_position(f.views), 300);
        must(views_tell(f.views, NULL, 0, 5000, &err), &err); // nothing for the views in it
        ways[way](&f);
        assert_int_equal(views_position(f.views), 5000);
        fixture_end(&f);
    }
}

static void closing_writes_the_tail(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, tight);
    tell_numbered(&f, 0, 27);
    fixture_close(&f);
    assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM declarations"), 27);
    assert_int_equal(fixture_ask(&f, "SELECT position FROM totals"), 2700);
    fixture_open(&f);
    assert_numbered(&f, 0, 27);
    tell_numbered(&f, 27, 30); // and goes on where it was
    fixture_reopen(&f);
    assert_numbered(&f, 0, 57);
    fixture_end(&f);
}

static void a_file_opens_with_volumes_of_another_size(void **state)
{
    (void)state;
    static const uint32_t sizes[] = { 7, 30, 1, 12 };
    struct fixture f;
    fixture_begin(&f, roomy);
    tell_numbered(&f, 0, 20);
    for (uint32_t i = 0; i < 4; i++) {
        fixture_close(&f);
        f.settings = (struct views_settings){ .volume_rows = sizes[i], .sheaf_rows = 1 + i };
        fixture_open(&f);
        assert_numbered(&f, 0, 20 + 5 * i);
        tell_numbered(&f, 20 + 5 * i, 5);
        assert_numbered(&f, 0, 25 + 5 * i);
    }
    fixture_end(&f);
}

static void a_drop_leaves_nothing_and_begins_again(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct fixture f;
        struct error err;
        fixture_begin(&f, tight);
        must(views_drop(f.views, &err), &err); // nothing is fine, too
        tell_numbered(&f, 0, 33);
        tell_waiting(&f, "A", 9, 1);
        ways[way](&f);
        must(views_drop(f.views, &err), &err);
        assert_empty(&f);
        f.position = 0;
        tell_numbered(&f, 0, 33);
        ways[way](&f);
        assert_numbered(&f, 0, 33);
        assert_int_equal(views_position(f.views), 3300);
        fixture_end(&f);
    }
}

static void a_file_in_no_folder_is_not_opened(void **state)
{
    (void)state;
    struct error err;
    struct views *views = NULL;
    assert_false(views_open(&views, "/tmp/views_test_no_such_folder/views.sqlite", &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_null(views);
}

static void views_open_with_what_is_usual(void **state)
{
    (void)state;
    struct fixture f;
    struct error err;
    fixture_begin(&f, roomy);
    tell_numbered(&f, 0, 5);
    fixture_close(&f);
    must(views_open(&f.views, f.path, &err), &err);
    assert_numbered(&f, 0, 5);
    fixture_end(&f);
}

static void nobody_elses_names_are_seen_but_those_that_were_told(void **state)
{
    (void)state;
    struct fixture f;
    struct error err;
    struct views_seen seen;
    fixture_begin(&f, tight);
    struct view_row rows[] = { row_of(SPAN("A")), row_of(SPAN("B")), row_of(SPAN("~diary/1")) };
    rows[1].office = SPAN("NL000510");
    rows[1].type_code = SPAN("EXA");
    rows[2].office = SPAN("none");
    rows[2].state = FILE_EMPTY;
    fixture_tell(&f, rows, 3);
    for (int i = 0; i < 2; i++) {
        must(views_seen(f.views, &f.arena, &seen, &err), &err);
        assert_int_equal(seen.offices_count, 2);
        assert_true(span_equal(seen.offices[0], SPAN("NL000396")));
        assert_true(span_equal(seen.offices[1], SPAN("NL000510")));
        assert_int_equal(seen.types_count, 2);
        assert_true(span_equal(seen.types[1], SPAN("EXA")));
        fixture_reopen(&f);
    }
    fixture_end(&f);
}

// A page that looked at enough ends, though nothing was found, and says where to go on.
static void a_page_of_the_queue_without_rows_says_where_to_go_on(void **state)
{
    (void)state;
    struct fixture f;
    struct error err;
    struct views_waiting asked = { .office = SPAN("NL000510") };
    struct views_page page = { 0 };
    uint64_t waiting;
    fixture_begin(&f, (struct views_settings){ .volume_rows = 100, .sheaf_rows = 20,
                                               .looks_max = 10 });
    for (uint32_t n = 0; n < 35; n++) {
        char name[24];
        numbered_name(n, &name);
        tell_waiting(&f, name, 100 - (int64_t)n, 0);
    }
    struct view_row row = row_of(SPAN("LAST"));
    row.state = FILE_HELD;
    row.waits = true;
    row.office = SPAN("NL000510");
    fixture_tell(&f, &row, 1);
    fixture_flush(&f);
    for (int pages = 0; pages < 4; pages++) {
        char cursor[VIEWS_CURSOR_SIZE];
        memcpy(cursor, page.next, sizeof(cursor));
        arena_reset(&f.arena, 0);
        must(views_queue(f.views, &asked, span_of(cursor), 5, &f.arena, &page, &waiting, &err),
             &err);
        assert_int_equal(page.count, pages == 3);
        assert_int_equal(page.more, pages < 3);
        assert_int_equal(waiting, 36);
    }
    assert_true(span_equal(page.rows[0].file, SPAN("LAST")));
    assert_false(views_queue(f.views, &asked, SPAN("s0000000000000000"), 5, &f.arena, &page,
                             &waiting, &err));
    assert_int_equal(err.kind, ERROR_SYNTAX);
    fixture_end(&f);
}

// --- figures ------------------------------------------------------------------------------------

static struct views_figures *days_of(struct fixture *f, uint32_t *count)
{
    struct error err;
    struct views_figures *figures;
    arena_reset(&f->arena, 0);
    must(views_days(f->views, -100, 100, SPAN("EUR"), &f->arena, &figures, count, &err), &err);
    return figures;
}

static void a_day_counts_its_files_in_the_tail_and_in_the_file(void **state)
{
    (void)state;
    struct fixture f;
    uint32_t count;
    fixture_begin(&f, tight);
    struct view_row row = row_of(SPAN("A"));
    row.channel = DECISION_EXAMINE;
    fixture_tell(&f, &row, 1);
    for (int i = 0; i < 2; i++) {
        const struct views_figures *figures = days_of(&f, &count);
        assert_int_equal(count, 1);
        assert_true(span_equal(figures->name, SPAN("NL000396")));
        assert_int_equal(figures->day, 0);
        assert_int_equal(figures->counts[COUNT_LODGED], 1);
        assert_int_equal(figures->counts[COUNT_EXAMINED], 1);
        assert_int_equal(figures->counts[COUNT_CLEARED], 0);
        assert_int_equal(figures->owed, 3701);
        fixture_flush(&f);
    }
    fixture_end(&f);
}

static void a_row_that_takes_anothers_place_takes_its_share_out(void **state)
{
    (void)state;
    struct fixture f;
    uint32_t count;
    fixture_begin(&f, tight);
    struct view_row row = row_of(SPAN("A"));
    fixture_tell(&f, &row, 1);
    fixture_flush(&f);
    row.office = SPAN("NL000510");
    row.lodged_ms = INT64_C(-1);
    row.released_ms = 10000;
    row.duty_total.minor = 5;
    fixture_tell(&f, &row, 1);
    fixture_reopen(&f);
    const struct views_figures *figures = days_of(&f, &count);
    assert_int_equal(count, 1);
    assert_true(span_equal(figures->name, SPAN("NL000510")));
    assert_int_equal(figures->day, -1);
    assert_int_equal(figures->counts[COUNT_CLEARED + 2], 1);
    assert_int_equal(figures->owed, 5);
    fixture_end(&f);
}

static void a_clearance_of_just_a_second_is_one_within_a_second(void **state)
{
    (void)state;
    struct fixture f;
    uint32_t count;
    fixture_begin(&f, tight);
    struct view_row rows[] = { row_of(SPAN("A")), row_of(SPAN("B")), row_of(SPAN("C")) };
    rows[0].released_ms = rows[0].lodged_ms + 1000;
    rows[1].released_ms = rows[1].lodged_ms + 1001;
    rows[2].released_ms = rows[2].lodged_ms + INT64_C(3) * 86400000 + 1;
    fixture_tell(&f, rows, 3);
    const struct views_figures *figures = days_of(&f, &count);
    assert_int_equal(figures->counts[COUNT_CLEARED], 1);
    assert_int_equal(figures->counts[COUNT_CLEARED + 1], 1);
    assert_int_equal(figures->counts[COUNT_CLEARED + CLEARANCE_STEPS - 1], 1);
    fixture_end(&f);
}

static void offices_beyond_those_that_are_counted_apart_are_counted_as_one(void **state)
{
    (void)state;
    enum { OFFICES = VIEWS_NAMES_MAX + 10 };
    struct fixture f;
    uint32_t count;
    fixture_begin(&f, (struct views_settings){ .volume_rows = 400, .sheaf_rows = 50 });
    for (int told = 0; told < 2; told++) {
        for (uint32_t n = 0; n < OFFICES; n++) {
            char name[24];
            struct view_row row = row_of(numbered_name(n, &name));
            row.office = row.file;
            fixture_tell(&f, &row, 1);
        }
        const struct views_figures *figures = days_of(&f, &count);
        assert_int_equal(count, VIEWS_NAMES_MAX + 1);
        assert_int_equal(figures[0].name.len, 0);
        assert_int_equal(figures[0].counts[COUNT_LODGED], 10);
        for (uint32_t i = 1; i < count; i++)
            assert_int_equal(figures[i].counts[COUNT_LODGED], 1);
        fixture_reopen(&f);
    }
    fixture_end(&f);
}

static void a_rule_counts_what_it_hit_and_what_was_found(void **state)
{
    (void)state;
    struct fixture f;
    struct error err;
    struct views_figures *figures;
    uint32_t count;
    fixture_begin(&f, tight);
    struct view_row rows[] = { row_of(SPAN("A")), row_of(SPAN("B")) };
    rows[0].rules = SPAN("K-07 K-01");
    rows[0].inspected = rows[0].found = true;
    rows[0].recovered = (struct money){ 81250, "EUR" };
    fixture_tell(&f, rows, 2);
    must(views_rules(f.views, SPAN("EUR"), &f.arena, &figures, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_true(span_equal(figures[0].name, SPAN("K-01")));
    assert_int_equal(figures[0].counts[COUNT_LODGED], 2);
    assert_int_equal(figures[0].counts[COUNT_FOUND], 1);
    assert_true(span_equal(figures[1].name, SPAN("K-07")));
    assert_int_equal(figures[1].counts[COUNT_INSPECTED], 1);
    assert_int_equal(figures[1].recovered, 81250);
    must(views_rules(f.views, SPAN("JPY"), &f.arena, &figures, &count, &err), &err);
    assert_int_equal(figures[1].recovered, 0);
    fixture_end(&f);
}

// A row has up to FILE_RULES_MAX rules, each with sums of its own: few such rows fill a sheaf.
static void rows_that_many_rules_hit_fill_sheaves_sooner(void **state)
{
    (void)state;
    enum { ROWS = 40 };
    struct fixture f;
    struct error err;
    struct views_figures *figures;
    uint32_t count;
    fixture_begin(&f, (struct views_settings){ .volume_rows = 400, .sheaf_rows = 200 });
    for (uint32_t n = 0; n < ROWS; n++) {
        char name[24], rules[FILE_RULES_MAX * 12];
        int size = 0;
        struct view_row row = row_of(numbered_name(n, &name));
        for (uint32_t r = 0; r < FILE_RULES_MAX; r++)
            size += snprintf(rules + size, sizeof(rules) - (size_t)size, "%sR%u-%u",
                             r > 0 ? " " : "", n, r);
        row.rules = (struct span){ rules, (size_t)size };
        fixture_tell(&f, &row, 1);
    }
    must(views_rules(f.views, SPAN("EUR"), &f.arena, &figures, &count, &err), &err);
    assert_int_equal(count, ROWS * FILE_RULES_MAX);
    for (uint32_t i = 0; i < count; i++) assert_int_equal(figures[i].counts[COUNT_LODGED], 1);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_found_as_it_was_told),
        cmocka_unit_test(a_row_told_again_replaces_the_one_before),
        cmocka_unit_test(the_last_of_a_batch_stands_when_it_has_a_file_twice),
        cmocka_unit_test(a_file_that_was_never_told_is_not_found),
        cmocka_unit_test(the_file_that_took_a_reference_last_is_found),
        cmocka_unit_test(references_are_found_in_all_volumes),
        cmocka_unit_test(a_volume_fills_by_references_alone_too),
        cmocka_unit_test(rows_of_many_volumes_are_found_and_replaced),
        cmocka_unit_test(files_of_equal_keys_are_told_apart),
        cmocka_unit_test(a_row_that_does_not_fit_the_arena_is_too_large),
        cmocka_unit_test(the_queue_gives_most_worth_first_then_oldest_then_first_told),
        cmocka_unit_test(the_queue_follows_what_is_told_of_its_files),
        cmocka_unit_test(files_are_counted_in_their_present_state),
        cmocka_unit_test(analysts_see_all_volumes_as_one_table_with_names),
        cmocka_unit_test(the_position_is_that_of_the_last_batch),
        cmocka_unit_test(closing_writes_the_tail),
        cmocka_unit_test(a_file_opens_with_volumes_of_another_size),
        cmocka_unit_test(a_drop_leaves_nothing_and_begins_again),
        cmocka_unit_test(a_file_in_no_folder_is_not_opened),
        cmocka_unit_test(views_open_with_what_is_usual),
        cmocka_unit_test(nobody_elses_names_are_seen_but_those_that_were_told),
        cmocka_unit_test(a_page_of_the_queue_without_rows_says_where_to_go_on),
        cmocka_unit_test(a_day_counts_its_files_in_the_tail_and_in_the_file),
        cmocka_unit_test(a_row_that_takes_anothers_place_takes_its_share_out),
        cmocka_unit_test(a_clearance_of_just_a_second_is_one_within_a_second),
        cmocka_unit_test(offices_beyond_those_that_are_counted_apart_are_counted_as_one),
        cmocka_unit_test(a_rule_counts_what_it_hit_and_what_was_found),
        cmocka_unit_test(rows_that_many_rules_hit_fill_sheaves_sooner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
