#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/limits.h"
#include "store/batch_story.h"
#include "store/disk_memory.h"
#include "store/journal_inside.h"

// Trouble at every call of the disk in a run of commits. The walk is longer when TIDEWAITER_LONG is
// "yes": more ways of losing power at each call, and more failing ones.

enum { SEGMENT_SIZE = 32 * KIB, BATCHES = 30, GO_ON = 5 };

// One for all runs: making its arenas costs more than a run.
static struct story story;

struct run {
    struct disk_memory *memory;
    struct disk disk;
    struct store store;
    struct error err;
    uint64_t acknowledged;
};

static uint64_t times(uint64_t usual, uint64_t long_walk)
{
    const char *word = getenv("TIDEWAITER_LONG");
    return word != NULL && strcmp(word, "yes") == 0 ? long_walk : usual;
}

static void set_disk(struct run *run, struct disk_memory *memory)
{
    run->memory = memory;
    run->disk = disk_memory_disk(memory);
}

static bool open_store(struct run *run)
{
    return journal_open_sized(&run->store, &run->disk, "store", SEGMENT_SIZE, &run->err);
}

// Commits until the last batch or the first trouble; remembers what was acknowledged.
static bool commit_until(struct run *run, uint64_t last)
{
    struct store_seal seal;
    bool before_anything;
    store_seal(&run->store, &seal);
    for (uint64_t number = seal.batch + 1; number <= last; number++) {
        if (!story_commit(&story, &run->store, number, &before_anything, &run->err))
            return false;
        run->acknowledged = number;
    }
    return true;
}

static void sound(struct run *run, const char *when)
{
    struct store_seal seal;
    store_seal(&run->store, &seal);
    bool told = story_is_told(&story, &run->store, &run->err) == STORY_TOLD;
    if (!told || !store_check(&run->store, &story.scanning, &run->err))
        fail_msg("%s: %s", when, run->err.text);
    if (seal.batch < run->acknowledged || seal.batch > run->acknowledged + 1)
        fail_msg("%s: %llu batches are kept, %llu were acknowledged", when,
                 (unsigned long long)seal.batch, (unsigned long long)run->acknowledged);
    assert_true(journal_check_chain(run->store.state, &run->err));
}

static void open_or_fail(struct run *run, const char *when)
{
    if (!open_store(run)) fail_msg("%s: %s", when, run->err.text);
}

// After the power came back: all that was acknowledged is there, and what is seen stays when the
// power goes once more. Then it goes on.
static void recover(struct run *run, uint64_t seed)
{
    struct store_seal seal;
    disk_memory_power_back(run->memory, seed);
    open_or_fail(run, "when the power is back");
    sound(run, "when the power is back");
    store_seal(&run->store, &seal);
    run->acknowledged = seal.batch;
    store_close(&run->store);

    disk_memory_power_back(run->memory, seed + 1);
    open_or_fail(run, "when the power went again");
    store_seal(&run->store, &seal);
    assert_int_equal(seal.batch, run->acknowledged);
    if (!commit_until(run, run->acknowledged + GO_ON)) fail_msg("going on: %s", run->err.text);
    store_close(&run->store);

    disk_memory_power_back(run->memory, seed + 2);
    open_or_fail(run, "after going on");
    sound(run, "after going on");
    store_seal(&run->store, &seal);
    assert_int_equal(seal.batch, run->acknowledged);
    store_close(&run->store);
}

static void begin(struct run *run)
{
    *run = (struct run){ 0 };
    set_disk(run, disk_memory_open());
}

static void end(struct run *run)
{
    disk_memory_close(run->memory);
}

// How many calls the whole run makes.
static uint64_t calls_of_run(void)
{
    struct run run;
    begin(&run);
    open_or_fail(&run, "at first");
    assert_true(commit_until(&run, BATCHES));
    uint64_t size, calls = disk_memory_calls(run.memory);
    uint32_t files = 0;
    while (disk_memory_name(run.memory, files, &size) != NULL) files++;
    assert_in_range(files, 4, 20); // several segments
    store_close(&run.store);
    end(&run);
    return calls;
}

static void power_may_go_at_any_call_and_what_was_acknowledged_is_there(void **state)
{
    (void)state;
    uint64_t calls = calls_of_run(), seeds = times(4, 30);
    assert_in_range(calls, 2 * BATCHES, 1000);
    for (uint64_t call = 0; call < calls; call++) {
        struct run run;
        begin(&run);
        disk_memory_trouble(run.memory, DISK_POWER_LOST, call, 0);
        if (open_store(&run)) {
            assert_false(commit_until(&run, BATCHES));
            store_close(&run.store);
        }
        struct disk_memory *dark = run.memory;
        uint64_t acknowledged = run.acknowledged;
        for (uint64_t seed = 1; seed <= seeds; seed++) {
            set_disk(&run, disk_memory_copy(dark));
            run.acknowledged = acknowledged;
            recover(&run, seed * 1000 + call);
            disk_memory_close(run.memory);
        }
        set_disk(&run, dark);
        end(&run);
    }
}

// The process dies, the machine stays up; then the power goes while the store is opened again.
static void power_may_go_at_any_call_of_opening_a_store_whose_process_died(void **state)
{
    (void)state;
    uint64_t calls = calls_of_run(), step = times(3, 1);
    for (uint64_t died = 0; died < calls; died += step) {
        bool lost = true;
        for (uint64_t call = 0; lost; call++) {
            struct run run;
            begin(&run);
            disk_memory_trouble(run.memory, DISK_FAILS, died, died);
            if (open_store(&run)) {
                (void)commit_until(&run, BATCHES);
                store_close(&run.store);
            }
            disk_memory_trouble(run.memory, DISK_POWER_LOST, call, 0);
            lost = !open_store(&run);
            if (!lost) { // it goes on, and then the power goes
                disk_memory_trouble(run.memory, DISK_WELL, 0, 0);
                assert_true(commit_until(&run, run.acknowledged + GO_ON));
                store_close(&run.store);
            }
            recover(&run, died * 1000 + call);
            end(&run);
        }
    }
}

// What an office does: not kept and told so before anything: again. Not known: open and look.
static void go_through(struct run *run)
{
    struct store_seal seal = { 0 };
    while (seal.batch < BATCHES) {
        bool before_anything = false;
        while (run->store.keeper == NULL) (void)open_store(run);
        store_seal(&run->store, &seal);
        if (seal.batch == BATCHES) break;
        bool kept = story_commit(&story, &run->store, seal.batch + 1, &before_anything,
                                 &run->err);
        if (!kept && !before_anything) store_close(&run->store);
    }
    run->acknowledged = BATCHES;
}

static void any_call_may_fail_in_any_way_and_the_end_is_the_same(void **state)
{
    (void)state;
    uint64_t calls = calls_of_run(), seeds = times(4, 20);
    for (uint64_t call = 0; call < calls; call++) {
        for (uint64_t seed = 1; seed <= seeds; seed++) {
            struct run run;
            begin(&run);
            disk_memory_trouble(run.memory, DISK_FAILS, call, seed * 7919 + call);
            go_through(&run);
            sound(&run, "after a call that failed");
            store_close(&run.store);
            recover(&run, seed * 1000 + call);
            end(&run);
        }
    }
}

static void the_disk_may_be_full_at_any_call_and_the_store_goes_on_when_there_is_room(void **state)
{
    (void)state;
    uint64_t calls = calls_of_run();
    for (uint64_t call = 0; call < calls; call++) {
        struct run run;
        bool before_anything = true;
        begin(&run);
        disk_memory_trouble(run.memory, DISK_FULL, call, 0);
        if (!open_store(&run)) {
            assert_int_equal(run.err.kind, ERROR_UNAVAILABLE);
            disk_memory_trouble(run.memory, DISK_WELL, 0, 0);
            open_or_fail(&run, "when there is room");
        }
        if (!commit_until(&run, BATCHES)) {
            assert_false(story_commit(&story, &run.store, run.acknowledged + 1,
                                      &before_anything, &run.err));
            assert_int_equal(run.err.kind, ERROR_UNAVAILABLE);
            assert_true(before_anything);
            sound(&run, "on a full disk");
            disk_memory_trouble(run.memory, DISK_WELL, 0, 0);
        }
        assert_true(commit_until(&run, BATCHES));
        sound(&run, "when there is room");
        store_close(&run.store);
        recover(&run, call);
        end(&run);
    }
}

static int open_story(void **state)
{
    (void)state;
    story_open(&story);
    return 0;
}

static int close_story(void **state)
{
    (void)state;
    story_close(&story);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_may_go_at_any_call_and_what_was_acknowledged_is_there),
        cmocka_unit_test(power_may_go_at_any_call_of_opening_a_store_whose_process_died),
        cmocka_unit_test(any_call_may_fail_in_any_way_and_the_end_is_the_same),
        cmocka_unit_test(the_disk_may_be_full_at_any_call_and_the_store_goes_on_when_there_is_room),
    };
    return cmocka_run_group_tests(tests, open_story, close_story);
}
