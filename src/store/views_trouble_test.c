#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "store/views_fixture.h"

// The views when their file is damaged or cannot be written.

static const struct views_settings tight = { .volume_rows = 10, .sheaf_rows = 4 };

static void change_bytes(const struct fixture *f, off_t at, const char *bytes, size_t size)
{
    int file = open(f->path, O_RDWR);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, bytes, size, at), size);
    assert_int_equal(close(file), 0);
}

static void no_more_a_database(const struct fixture *f)
{
    change_bytes(f, 0, "Once upon a time", 16);
}

static void a_torn_page(const struct fixture *f)
{
    static const char garbage[100];
    change_bytes(f, 100, garbage, sizeof(garbage)); // the root of the schema
}

static void a_tail_cut_off(const struct fixture *f)
{
    assert_int_equal(truncate(f->path, (off_t)8192 * 3), 0);
}

static void all_but_a_byte_cut_off(const struct fixture *f)
{
    assert_int_equal(truncate(f->path, 1), 0);
}

static const struct {
    const char *sql;
    void (*change)(const struct fixture *f);
} damages[] = {
    { "PRAGMA user_version = 99", NULL },             // another version's
    { "PRAGMA user_version = 0", NULL },
    { "PRAGMA application_id = 1234", NULL },         // another program's
    { "DROP TABLE growing", NULL },
    { "DROP TABLE totals", NULL },
    { "DELETE FROM totals", NULL },
    { "DELETE FROM state_names WHERE state = 3", NULL },
    { "DELETE FROM volumes WHERE volume = 2", NULL },
    { "DELETE FROM volumes WHERE volume = 4", NULL },
    { "INSERT INTO volumes(volume) VALUES (5)", NULL },
    { "UPDATE volumes SET filters_sum = filters_sum + 1 WHERE volume = 1", NULL },
    { "UPDATE volumes SET keys_filter = x'00' WHERE volume = 1", NULL },
    { "UPDATE volumes SET references_filter = NULL WHERE volume = 1", NULL },
    { "UPDATE growing SET keys_sum = keys_sum + 1", NULL },
    { "UPDATE growing SET rows = rows + 1", NULL },
    { "UPDATE growing SET reference_rows = 3000000000", NULL },
    { "UPDATE growing SET keys = x''", NULL },
    { "DELETE FROM growing WHERE sheaf = (SELECT max(sheaf) FROM growing)", NULL },
    { "UPDATE marks SET sum = sum + 1 WHERE block = (SELECT max(block) FROM marks)", NULL },
    { "UPDATE marks SET marks = x'00'", NULL },
    { "DELETE FROM marks WHERE block = (SELECT min(block) FROM marks)", NULL },
    { "INSERT INTO marks SELECT block + 1, marks, sum FROM marks WHERE block ="
      " (SELECT max(block) FROM marks)", NULL },
    { "DELETE FROM figures", NULL },
    { "UPDATE figures SET sum = sum + 1", NULL },
    { "UPDATE figures SET lodged = lodged + 1", NULL },
    { "DELETE FROM names", NULL },
    { "UPDATE names SET place = 1 WHERE place = 0", NULL },
    { "UPDATE names SET name = 'NL' || name", NULL },
    { "UPDATE totals SET rows = rows - 1", NULL },
    { "UPDATE totals SET position = position - 1", NULL },
    { "UPDATE totals SET waiting = waiting + 1", NULL },
    { "UPDATE state_names SET files = files + 1 WHERE state = 3", NULL },
    { "UPDATE totals SET rows = 4000000000", NULL },
    { "UPDATE totals SET reference_rows = reference_rows + 1", NULL },
    { "DELETE FROM volume_0004_rows WHERE number = (SELECT max(number) FROM volume_0004_rows)",
      NULL },
    { NULL, no_more_a_database },
    { NULL, a_torn_page },
    { NULL, a_tail_cut_off },
    { NULL, all_but_a_byte_cut_off },
};

static void a_damaged_file_is_dropped_and_made_anew(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        struct fixture f;
        fixture_begin(&f, tight);
        tell_numbered(&f, 0, 35);
        fixture_close(&f);
        if (damages[i].sql != NULL) fixture_sql(&f, damages[i].sql);
        else damages[i].change(&f);
        fixture_open(&f);
        if (views_position(f.views) != 0)
            fail_msg("%s was not seen", damages[i].sql ? damages[i].sql : "a changed byte");
        assert_empty(&f);
        tell_numbered(&f, 0, 35);
        fixture_reopen(&f);
        assert_numbered(&f, 0, 35);
        fixture_end(&f);
    }
}

static void an_empty_file_becomes_views(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, tight);
    fixture_close(&f);
    assert_int_equal(truncate(f.path, 0), 0);
    fixture_open(&f);
    tell_numbered(&f, 0, 5);
    fixture_reopen(&f);
    assert_numbered(&f, 0, 5);
    fixture_end(&f);
}

// Found while reading: it is told, and the next opening begins anew.
static void a_row_that_is_not_what_its_key_says_is_damage(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "UPDATE volume_0004_rows SET file = 'another' WHERE file = '26NL000000000033'",
        "DELETE FROM volume_0004_rows WHERE file = '26NL000000000033'",
        "UPDATE volume_0004_rows SET state = 200 WHERE file = '26NL000000000033'",
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct fixture f;
        struct error err;
        struct view_row row;
        bool found;
        fixture_begin(&f, tight);
        tell_numbered(&f, 0, 35);
        fixture_flush(&f);
        fixture_sql(&f, changes[i]);
        assert_false(views_find(f.views, SPAN("26NL000000000033"), &f.arena, &row, &found, &err));
        assert_int_equal(err.kind, ERROR_DAMAGED);
        assert_true(err.hint[0] != '\0');
        assert_numbered(&f, 0, 33); // the others are still there
        fixture_reopen(&f);
        assert_empty(&f);
        fixture_end(&f);
    }
}

static void telling_on_damage_is_refused_until_the_views_are_dropped(void **state)
{
    (void)state;
    struct fixture f;
    struct error err;
    fixture_begin(&f, tight);
    tell_numbered(&f, 0, 35);
    fixture_flush(&f);
    fixture_sql(&f, "DELETE FROM volume_0004_rows WHERE file = '26NL000000000033'");
    struct view_row row = row_of(SPAN("26NL000000000033"));
    assert_false(views_tell(f.views, &row, 1, f.position + 100, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_false(views_tell(f.views, NULL, 0, f.position + 200, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_false(views_flush(f.views, &err));
    assert_int_equal(err.kind, ERROR_DAMAGED);
    assert_int_equal(views_position(f.views), 3500);
    must(views_drop(f.views, &err), &err);
    assert_empty(&f);
    f.position = 0;
    tell_numbered(&f, 0, 35);
    fixture_flush(&f);
    assert_numbered(&f, 0, 35);
    fixture_end(&f);
}

// --- a full disk --------------------------------------------------------------------------------

// Tells until it is refused; returns how many were taken before.
static uint32_t tell_until_full(struct fixture *f, struct error *err)
{
    for (uint32_t n = 0; n < 100000; n++) {
        char name[24];
        struct view_row row = row_of(numbered_name(n, &name));
        row.score = n;
        row.reference_key = n + 1;
        row.waits = n < 10;
        row.worth.minor = -(int64_t)n;
        if (!views_tell(f->views, &row, 1, (n + 1) * UINT64_C(100), err)) return n;
    }
    fail_msg("the disk was never full");
    return 0;
}

static void on_a_full_disk_reading_goes_on(void **state)
{
    (void)state;
    struct fixture f;
    struct error err;
    struct view_row row;
    char name[24];
    fixture_begin(&f, (struct views_settings){ .volume_rows = 200, .sheaf_rows = 20,
                                               .pages_max = 100 });
    uint32_t taken = tell_until_full(&f, &err);
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_non_null(strstr(err.text, "no room on the disk"));
    assert_true(taken > 100);
    assert_numbered(&f, 0, taken);
    assert_queue(&f, 3, "26NL000000000000 26NL000000000001 26NL000000000002 ", 10);
    assert_false(views_flush(f.views, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_int_equal(views_position(f.views), taken * UINT64_C(100));

    // While the tail has room rows are still seen, though it is told that they will be lost.
    row = row_of(numbered_name(3, &name));
    row.score = 900;
    if (!views_tell(f.views, &row, 1, (taken + 9) * UINT64_C(100), &err))
        assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    fixture_close(&f);

    f.settings.pages_max = 0;
    fixture_open(&f);
    uint32_t kept = (uint32_t)(views_position(f.views) / 100);
    assert_in_range(kept, 1, taken);
    assert_numbered(&f, 0, kept);
    f.position = kept * UINT64_C(100);
    tell_numbered(&f, kept, taken - kept + 200);
    fixture_reopen(&f);
    assert_numbered(&f, 0, taken + 200);
    fixture_end(&f);
}

static void what_is_told_after_the_disk_was_full_is_seen_while_there_is_room(void **state)
{
    (void)state;
    struct fixture f;
    struct error err;
    struct view_row row;
    fixture_begin(&f, (struct views_settings){ .volume_rows = 200, .sheaf_rows = 20,
                                               .pages_max = 100 });
    uint32_t taken = tell_until_full(&f, &err);
    must(views_drop(f.views, &err), &err);
    f.position = 0;
    tell_numbered(&f, 0, 2);
    fixture_flush(&f);
    assert_numbered(&f, 0, 2);
    assert_true(taken > 2);
    char *text = calloc(1, MIB); // more than the disk has
    assert_non_null(text);
    memset(text, 'x', MIB);
    row = row_of(SPAN("LARGE"));
    row.exporter = (struct span){ text, MIB };
    fixture_tell(&f, &row, 1);
    assert_false(views_flush(f.views, &err));
    struct view_row late = row_of(SPAN("LATE"));
    assert_false(views_tell(f.views, &late, 1, f.position + 100, &err));
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_true(fixture_find(&f, SPAN("LATE"), &row));
    assert_rows_equal(&row, &late);
    assert_true(fixture_find(&f, SPAN("LARGE"), &row));
    assert_int_equal(row.exporter.len, MIB);
    fixture_end(&f);
    free(text);
}

// A limit to the size of files stands for a disk that has room again later.
static void when_the_disk_has_room_again_the_views_go_on(void **state)
{
    (void)state;
    struct fixture f;
    struct error err;
    struct rlimit unlimited, little;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
    little = (struct rlimit){ .rlim_cur = (rlim_t)256 * KIB, .rlim_max = unlimited.rlim_max };
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN); // writing says EFBIG
    fixture_begin(&f, (struct views_settings){ .volume_rows = 200, .sheaf_rows = 20 });
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    uint32_t taken = tell_until_full(&f, &err);
    bool flushed = views_flush(f.views, NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    signal(SIGXFSZ, before);
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_false(flushed);
    assert_numbered(&f, 0, taken);

    uint32_t reached = (uint32_t)(views_position(f.views) / 100);
    assert_in_range(reached, 1, taken);
    f.position = reached * UINT64_C(100);
    tell_numbered(&f, reached, taken - reached + 200);
    fixture_flush(&f);
    assert_numbered(&f, 0, taken + 200);
    fixture_reopen(&f);
    assert_int_equal(views_position(f.views), (taken + 200) * UINT64_C(100));
    assert_numbered(&f, 0, taken + 200);
    assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM declarations"), taken + 200);
    fixture_end(&f);
}

// The first half of a batch is in the file, the second did not fit: the batch does not count as
// reached, and telling it again changes nothing but what is missing.
static void a_batch_that_is_half_written_is_told_again(void **state)
{
    (void)state;
    enum { ROWS = 7 };
    struct fixture f;
    struct error err;
    struct view_row rows[ROWS];
    char names[ROWS][24];
    char *text = calloc(1, MIB);
    assert_non_null(text);
    memset(text, 'x', MIB);
    for (uint32_t n = 0; n < ROWS; n++) {
        rows[n] = row_of(numbered_name(n, &names[n]));
        rows[n].score = n;
    }
    rows[6].exporter = (struct span){ text, MIB }; // does not fit the disk
    fixture_begin(&f, (struct views_settings){ .volume_rows = 10, .sheaf_rows = 4,
                                               .pages_max = 100 });
    fixture_tell(&f, rows, 2);
    fixture_flush(&f);
    if (views_tell(f.views, rows + 2, 5, 200, &err)) assert_false(views_flush(f.views, &err));
    fixture_close(&f);

    assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM declarations"), 6);
    f.settings.pages_max = 0;
    fixture_open(&f);
    assert_int_equal(views_position(f.views), 100);
    f.position = 100;
    fixture_tell(&f, rows + 2, 5);
    fixture_reopen(&f);
    assert_int_equal(views_position(f.views), 200);
    assert_numbered(&f, 0, ROWS);
    assert_int_equal(fixture_ask(&f, "SELECT count(*) FROM declarations"), ROWS);
    assert_int_equal(fixture_ask(&f, "SELECT files FROM state_names WHERE name = 'released'"),
                     ROWS);
    fixture_end(&f);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_file_is_dropped_and_made_anew),
        cmocka_unit_test(an_empty_file_becomes_views),
        cmocka_unit_test(a_row_that_is_not_what_its_key_says_is_damage),
        cmocka_unit_test(telling_on_damage_is_refused_until_the_views_are_dropped),
        cmocka_unit_test(on_a_full_disk_reading_goes_on),
        cmocka_unit_test(what_is_told_after_the_disk_was_full_is_seen_while_there_is_room),
        cmocka_unit_test(when_the_disk_has_room_again_the_views_go_on),
        cmocka_unit_test(a_batch_that_is_half_written_is_told_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
