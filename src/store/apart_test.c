#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/apart.h"
#include "store/disk_memory.h"

enum { SLOT = 4096 };

struct desk {
    struct disk_memory *memory;
    struct disk disk;
    struct apart *apart;
    struct apart_record record;
    struct error err;
};

static const char path[] = "var/store.apart";

static int begin(void **state)
{
    static struct desk desk;
    desk = (struct desk){ .memory = disk_memory_open() };
    desk.disk = disk_memory_disk(desk.memory);
    *state = &desk;
    return apart_open(&desk.apart, &desk.disk, path, &desk.record, &desk.err) ? 0 : -1;
}

static int end(void **state)
{
    struct desk *desk = *state;
    apart_close(desk->apart);
    disk_memory_close(desk->memory);
    return 0;
}

static struct apart_record record_of(uint64_t batch, uint64_t log_key)
{
    struct apart_record record = { .batch = batch, .tree_size = 3 * batch, .log_key = log_key };
    memset(record.root.bytes, (int)batch, sizeof(record.root.bytes));
    return record;
}

static bool write_one(struct desk *desk, uint64_t batch)
{
    struct apart_record record = record_of(batch, 42);
    return apart_write(desk->apart, &record, &desk->err);
}

static void is_record_of(const struct apart_record *record, uint64_t batch, uint64_t log_key)
{
    struct apart_record wanted = record_of(batch, log_key);
    assert_int_equal(record->batch, wanted.batch);
    assert_int_equal(record->tree_size, wanted.tree_size);
    assert_int_equal(record->log_key, wanted.log_key);
    assert_true(sha256_equal(record->root, wanted.root));
}

static void close_it(struct desk *desk)
{
    apart_close(desk->apart);
    desk->apart = NULL;
}

static void open_again(struct desk *desk)
{
    close_it(desk);
    if (!apart_open(&desk->apart, &desk->disk, path, &desk->record, &desk->err))
        fail_msg("%s", desk->err.text);
}

static void nothing_was_ever_recorded_in_a_new_one(void **state)
{
    struct desk *desk = *state;
    assert_int_equal(desk->record.batch, 0);
    open_again(desk);
    assert_int_equal(desk->record.batch, 0);
    assert_int_equal(desk->record.tree_size, 0);
}

static void the_newest_record_is_told(void **state)
{
    struct desk *desk = *state;
    for (uint64_t batch = 1; batch <= 5; batch++) {
        assert_true(write_one(desk, batch));
        open_again(desk);
        is_record_of(&desk->record, batch, 42);
    }
}

static void a_record_may_skip_batches_and_be_of_the_same_slot(void **state)
{
    struct desk *desk = *state;
    assert_true(write_one(desk, 2) && write_one(desk, 4) && write_one(desk, 10));
    open_again(desk);
    is_record_of(&desk->record, 10, 42);
}

static void whose_record_it_is_is_told_by_the_log_key(void **state)
{
    struct desk *desk = *state;
    struct apart_record theirs = record_of(3, 4711);
    assert_true(apart_write(desk->apart, &theirs, &desk->err));
    open_again(desk);
    is_record_of(&desk->record, 3, 4711);
}

// In a run of opening and five records, from making the file on.
static void power_may_go_at_any_call_and_what_was_recorded_is_told(void **state)
{
    struct desk *desk = *state;
    bool lost = true;
    for (uint64_t call = 0; lost; call++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            uint64_t recorded = 0;
            end(state);
            desk->memory = disk_memory_open();
            desk->disk = disk_memory_disk(desk->memory);
            desk->apart = NULL;
            disk_memory_trouble(desk->memory, DISK_POWER_LOST, call, 0);
            lost = !apart_open(&desk->apart, &desk->disk, path, &desk->record, &desk->err);
            for (uint64_t batch = 1; batch <= 5 && !lost; batch++) {
                lost = !write_one(desk, batch);
                if (!lost) recorded = batch;
            }
            close_it(desk);
            disk_memory_power_back(desk->memory, seed);
            open_again(desk);
            assert_in_range(desk->record.batch, recorded, recorded + 1);
            if (desk->record.batch > 0) is_record_of(&desk->record, desk->record.batch, 42);
            assert_true(write_one(desk, 6) && write_one(desk, 7)); // and it goes on
            close_it(desk);
            disk_memory_power_back(desk->memory, seed);
            open_again(desk);
            is_record_of(&desk->record, 7, 42);
        }
    }
}

static void after_a_write_that_failed_the_record_before_is_told_or_the_new_one(void **state)
{
    struct desk *desk = *state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        end(state);
        begin(state);
        assert_true(write_one(desk, 1) && write_one(desk, 2));
        disk_memory_trouble(desk->memory, DISK_FAILS, seed % 2, seed);
        assert_false(write_one(desk, 3));
        assert_int_equal(desk->err.kind, ERROR_UNAVAILABLE);
        close_it(desk);
        disk_memory_power_back(desk->memory, seed);
        open_again(desk);
        assert_in_range(desk->record.batch, 2, 3);
        is_record_of(&desk->record, desk->record.batch, 42);
    }
}

static void a_slot_that_changed_is_passed_over_and_two_are_damage(void **state)
{
    struct desk *desk = *state;
    assert_true(write_one(desk, 8) && write_one(desk, 9));
    close_it(desk);
    disk_memory_alter(desk->memory, path, SLOT + 20, "X", 1);
    open_again(desk);
    is_record_of(&desk->record, 8, 42);
    close_it(desk);
    disk_memory_alter(desk->memory, path, 20, "X", 1);
    assert_false(apart_open(&desk->apart, &desk->disk, path, &desk->record, &desk->err));
    assert_int_equal(desk->err.kind, ERROR_DAMAGED);
    assert_non_null(strstr(desk->err.text, path));
    assert_true(desk->err.hint[0] != '\0');
    desk->apart = NULL;
}

static void a_disk_that_is_full_says_so(void **state)
{
    struct desk *desk = *state;
    struct apart *apart;
    disk_memory_trouble(desk->memory, DISK_FULL, 0, 0);
    assert_false(apart_open(&apart, &desk->disk, "var/other.apart", &desk->record, &desk->err));
    assert_int_equal(desk->err.kind, ERROR_UNAVAILABLE);
    assert_true(write_one(desk, 1)); // this one has its place
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_was_ever_recorded_in_a_new_one, begin, end),
        cmocka_unit_test_setup_teardown(the_newest_record_is_told, begin, end),
        cmocka_unit_test_setup_teardown(a_record_may_skip_batches_and_be_of_the_same_slot, begin,
                                        end),
        cmocka_unit_test_setup_teardown(whose_record_it_is_is_told_by_the_log_key, begin, end),
        cmocka_unit_test_setup_teardown(power_may_go_at_any_call_and_what_was_recorded_is_told,
                                        begin, end),
        cmocka_unit_test_setup_teardown(
            after_a_write_that_failed_the_record_before_is_told_or_the_new_one, begin, end),
        cmocka_unit_test_setup_teardown(a_slot_that_changed_is_passed_over_and_two_are_damage,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_disk_that_is_full_says_so, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
