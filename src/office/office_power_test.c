#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "office/scene.h"
#include "store/disk_memory.h"

// Power loss with the whole office on top. The journal and the record apart stand on a disk that
// keeps only what was synced (store/disk_memory.h) and loses power at each of its calls in turn;
// what was not synced is kept, lost or torn as a seed says. Opened again, the office has all that
// was acknowledged, and goes on from every checkpoint that was seen.
//
// Keys, views and the published ledger stand on the real file system, which loses nothing here. So
// that they, too, are behind after a power loss, views and ledger are put back to what they were
// some commits ago. What this leaves out: files of theirs that are torn. SQLite says of its own
// files that they survive that; tiles and small files are written anew from the journal when they
// do not add up (office_flip_test).

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { EVERY = 3, FEWER = 12 }; // a sample of the calls, another in each run of a walk
#else
enum { EVERY = 1, FEWER = 4 };
#endif

enum { BATCHES = 7, EACH = 3, NUMBERS = BATCHES * EACH, SEGMENT = 12 * 1024, TRIES_MAX = 10 };

struct powered {
    struct scene scene;
    struct disk_memory *memory;
    struct disk disk;
    bool acknowledged[NUMBERS];
    char older[176];           // a copy of the store's real folder, some commits ago
};

static struct sha256 expected[NUMBERS]; // facts of each file in a run without trouble
static uint64_t calls_of_a_run, size_of_a_run;

static bool is_long(void)
{
    const char *word = getenv("TIDEWAITER_LONG");
    return word != NULL && strcmp(word, "yes") == 0;
}

static bool is_answered(enum answer_kind kind)
{
    return kind == ANSWER_LODGED || kind == ANSWER_REFUSED || kind == ANSWER_REPEATED;
}

static struct powered *power_up(void)
{
    static struct powered powered;
    powered = (struct powered){ .memory = disk_memory_open() };
    scene_begin(&powered.scene);
    powered.disk = disk_memory_disk(powered.memory);
    powered.scene.disk = &powered.disk;
    powered.scene.segment_size = SEGMENT;
    snprintf(powered.older, sizeof(powered.older), "%s/older", powered.scene.folder);
    assert_int_equal(mkdir(powered.scene.store, 0777), 0); // for keys, views and tiles
    return &powered;
}

static void power_down(struct powered *p)
{
    scene_end(&p->scene);
    disk_memory_close(p->memory);
}

static void look(struct powered *p)
{
    struct error err;
    char ledger[256];
    snprintf(ledger, sizeof(ledger), "%s/ledger", p->scene.store);
    if (!witness_look(&p->scene.witness, ledger, &err) && err.kind != ERROR_NOT_FOUND)
        fail_msg("published: %s", err.text);
}

static struct told told_of(uint32_t number)
{
    return (struct told){ .number = number + 1, .gold = number % 5 == 1,
                          .broken = number % 5 == 3 };
}

// One try of one batch; what of it was answered.
static bool send_batch(struct powered *p, uint32_t batch)
{
    struct told told[EACH];
    enum answer_kind kinds[EACH] = { 0 };
    for (uint32_t i = 0; i < EACH; i++) told[i] = told_of(batch * EACH + i);
    scene_submit(&p->scene, told, EACH, kinds);
    office_drain(p->scene.office);
    bool all = true;
    for (uint32_t i = 0; i < EACH; i++) {
        if (p->acknowledged[batch * EACH + i] && is_answered(kinds[i]))
            assert_int_equal(kinds[i], ANSWER_REPEATED);
        if (is_answered(kinds[i])) p->acknowledged[batch * EACH + i] = true;
        else all = false;
    }
    struct error err;
    bool published = office_publish(p->scene.office, &err);
    if (published) look(p);
    return all;
}

static void send_until_trouble(struct powered *p, uint32_t copied_at)
{
    for (uint32_t batch = 0; batch < BATCHES; batch++) {
        if (!send_batch(p, batch)) return;
        if (batch == copied_at) scene_copy_folder(p->scene.store, p->older);
    }
}

static void assert_all_there(struct powered *p)
{
    for (uint32_t i = 0; i < NUMBERS; i++) {
        size_t mark = p->scene.arena.used;
        if (!p->acknowledged[i]) continue;
        struct sha256 facts = scene_facts(&p->scene, scene_name(i + 1, &p->scene.arena));
        if (!sha256_equal(facts, expected[i])) fail_msg("file %u is not what it was", i + 1);
        arena_reset(&p->scene.arena, mark);
    }
}

// Everything is sent again, and then it is as if nothing had been.
static void go_on_to_the_end(struct powered *p)
{
    scene_check(&p->scene);
    assert_all_there(p);
    for (uint32_t batch = 0; batch < BATCHES; batch++) {
        int tries = 0;
        while (!send_batch(p, batch))
            if (++tries == TRIES_MAX) fail_msg("batch %u is not taken: %s", batch, scene_said());
    }
    assert_all_there(p);
    assert_int_equal(scene_check(&p->scene), size_of_a_run);
}

// Views and ledger as they were some commits ago; the keys stay, which were synced.
static void put_back(struct powered *p)
{
    static const char *const kept[] = { "log.key", "lot.key" };
    char from[320], to[320], all[256];
    struct stat stat_unused;
    if (stat(p->older, &stat_unused) != 0) return;
    snprintf(all, sizeof(all), "%.200s/now", p->scene.folder);
    assert_int_equal(rename(p->scene.store, all), 0);
    assert_int_equal(rename(p->older, p->scene.store), 0);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        snprintf(from, sizeof(from), "%s/%s", all, kept[i]);
        snprintf(to, sizeof(to), "%s/%s", p->scene.store, kept[i]);
        assert_int_equal(rename(from, to), 0);
    }
    scene_remove_folder(all);
}

static void lose_power(struct powered *p, uint64_t seed, bool with_views)
{
    struct error err;
    bool closed = office_close(p->scene.office, &err); // what it says now nobody hears
    (void)closed;
    p->scene.office = NULL;
    look(p);
    if (with_views) put_back(p);
    disk_memory_power_back(p->memory, seed);
    p->scene.settings.boot = "another";
}

// --- Walks ---------------------------------------------------------------------------------------

static int begin(void **state)
{
    struct powered *p = power_up();
    (void)state;
    disk_memory_trouble(p->memory, DISK_WELL, 0, 0);
    scene_open(&p->scene);
    send_until_trouble(p, BATCHES);
    calls_of_a_run = disk_memory_calls(p->memory);
    for (uint32_t i = 0; i < NUMBERS; i++)
        expected[i] = scene_facts(&p->scene, scene_name(i + 1, &p->scene.arena));
    size_of_a_run = scene_check(&p->scene);
    power_down(p);
    return 0;
}

static void run_with_power_loss(uint64_t call, uint64_t seed)
{
    struct powered *p = power_up();
    struct error err;
    uint32_t copied_at = (uint32_t)(seed % BATCHES);
    disk_memory_trouble(p->memory, DISK_POWER_LOST, call, seed);
    if (scene_try_open(&p->scene, &err)) send_until_trouble(p, copied_at);
    lose_power(p, seed, seed % 2 == 0);
    scene_open(&p->scene);
    go_on_to_the_end(p);
    power_down(p);
}

static void power_lost_at_any_call_loses_nothing_acknowledged(void **state)
{
    (void)state;
    uint64_t seeds = is_long() ? 12 : 2;
    assert_true(calls_of_a_run > (uint64_t)4 * BATCHES);
    for (uint64_t seed = 0; seed < seeds; seed++)
        for (uint64_t call = seed % EVERY; call < calls_of_a_run; call += is_long() ? 1 : EVERY)
            run_with_power_loss(call, 1 + seed * 7919 + call);
}

// Lost again while it recovers from the first loss.
static void power_lost_twice_loses_nothing_acknowledged(void **state)
{
    (void)state;
    const uint64_t step = is_long() ? 1 : FEWER;
    for (uint64_t second = 0; second < 8; second++)
        for (uint64_t call = 7 + second % step; call < calls_of_a_run; call += step) {
            struct powered *p = power_up();
            struct error err;
            uint64_t seed = call * 31 + second;
            disk_memory_trouble(p->memory, DISK_POWER_LOST, call, seed);
            if (scene_try_open(&p->scene, &err)) send_until_trouble(p, BATCHES);
            lose_power(p, seed, false);
            disk_memory_trouble(p->memory, DISK_POWER_LOST, second, seed + 1);
            if (scene_try_open(&p->scene, &err)) send_until_trouble(p, BATCHES);
            lose_power(p, seed + 1, false);
            scene_open(&p->scene);
            go_on_to_the_end(p);
            power_down(p);
        }
}

// One call fails, and does some of its work or none. The senders try again, the office finds out
// what was kept; what it says then also survives the power.
static void a_call_that_fails_is_made_up_for(void **state)
{
    (void)state;
    for (uint64_t call = 0; call < calls_of_a_run; call += is_long() ? 1 : EVERY) {
        struct powered *p = power_up();
        struct error err;
        disk_memory_trouble(p->memory, DISK_FAILS, call, call * 17);
        if (!scene_try_open(&p->scene, &err)) scene_open(&p->scene);
        for (uint32_t batch = 0; batch < BATCHES; batch++)
            for (int tries = 0; !send_batch(p, batch); tries++)
                if (tries == TRIES_MAX) fail_msg("call %llu: batch %u is not taken: %s",
                                                 (unsigned long long)call, batch, scene_said());
        go_on_to_the_end(p);
        lose_power(p, call, true);
        scene_open(&p->scene);
        go_on_to_the_end(p);
        power_down(p);
    }
}

static void a_disk_that_is_full_is_gone_on_with_when_it_is_not(void **state)
{
    (void)state;
    for (uint64_t call = 0; call < calls_of_a_run; call += is_long() ? 1 : FEWER) {
        struct powered *p = power_up();
        struct error err;
        disk_memory_trouble(p->memory, DISK_FULL, call, 0);
        if (scene_try_open(&p->scene, &err)) send_until_trouble(p, BATCHES);
        disk_memory_trouble(p->memory, DISK_WELL, 0, 0);
        if (p->scene.office == NULL) scene_open(&p->scene);
        go_on_to_the_end(p);
        power_down(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_lost_at_any_call_loses_nothing_acknowledged),
        cmocka_unit_test(power_lost_twice_loses_nothing_acknowledged),
        cmocka_unit_test(a_call_that_fails_is_made_up_for),
        cmocka_unit_test(a_disk_that_is_full_is_gone_on_with_when_it_is_not),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
