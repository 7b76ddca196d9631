#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "office/scene.h"

// The kill test: a child lodges as fast as it can and says which messages were acknowledged; the
// parent kills it at a random moment, again and again on the same store. Whatever was acknowledged
// is there, once; the ledger checks; each checkpoint extends all that were seen before.

enum {
    EACH = 16,                 // messages in a batch
    NUMBERS_OF_A_ROUND = 20000,
    ACKNOWLEDGED_MAX = 1 << 17,
    KILLS = 50, KILLS_LONG = 200,
};

// What the child says through the pipe. A message of an older round amends.
struct acknowledged { uint32_t number, euros; };

struct killing {
    struct scene scene;
    uint64_t chance;
    struct acknowledged *all;  // of all rounds
    uint32_t count, checked;   // up to `checked` each was looked at
};

static uint32_t draw(struct killing *k, uint32_t below)
{
    k->chance = k->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((k->chance >> 33) % below);
}

// --- The child -----------------------------------------------------------------------------------

static int pipe_end;

// Everything happens forty times as often as the office would have it: publishing and syncing.
static uint64_t fast_ticks_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 40 * ((uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec);
}

static struct told told_of(struct acknowledged a, uint32_t round)
{
    bool amends = a.number / NUMBERS_OF_A_ROUND != round + 1;
    return (struct told){ .number = a.number, .euros = a.euros, .silver = a.number % 8 == 3,
                          .broken = a.number % 8 == 5, .function = amends ? "13" : "9" };
}

// One write of less than PIPE_BUF bytes is whole or not there.
static void tell_parent(struct batch *batch)
{
    struct acknowledged said[EACH];
    const struct acknowledged *sent = batch->sender;
    size_t count = 0;
    for (uint32_t i = 0; i < batch->messages_count; i++) {
        enum answer_kind kind = batch->messages[i].answer.kind;
        if (kind == ANSWER_LODGED || kind == ANSWER_REFUSED || kind == ANSWER_REPEATED)
            said[count++] = sent[i];
    }
    if (write(pipe_end, said, count * sizeof(said[0])) < 0) _exit(4);
    office_release((struct office *)(uintptr_t)batch->how, batch);
}

static bool read_text(const void *how, struct span text, struct arena *arena,
                      struct declaration *declaration, struct dropped *dropped, struct error *err)
{
    (void)how; // the office, for tell_parent
    return scene_read(NULL, text, arena, declaration, dropped, err);
}

static void submit(struct killing *k, uint32_t round, uint32_t *next)
{
    struct batch *batch = office_batch(k->scene.office);
    struct acknowledged *sent = arena_take(&batch->arena, EACH, sizeof(*sent));
    if (sent == NULL) _exit(5);
    for (uint32_t i = 0; i < EACH; i++) {
        sent[i] = (struct acknowledged){ (*next)++, 1000 };
        // Now and then something about what an earlier round got acknowledged: silver, which
        // waits.
        uint32_t old = k->count > 0 ? draw(k, k->count) : 0;
        if (i == 7 && k->count > 0 && k->all[old].number % 8 == 3)
            sent[i] = (struct acknowledged){ k->all[old].number, 2000 + *next };
        struct message *message = batch_add(batch);
        message->text = scene_text(told_of(sent[i], round), &batch->arena);
        message->who = "trader:test";
    }
    batch->read = read_text;
    batch->how = k->scene.office;
    batch->sender = sent;
    batch->done = tell_parent;
    office_submit(k->scene.office, batch);
}

static void lodge_until_killed(struct killing *k, uint32_t round)
{
    struct error err;
    uint32_t next = (round + 1) * NUMBERS_OF_A_ROUND;
    k->scene.surroundings.ticks_ns = fast_ticks_ns;
    if (!scene_try_open(&k->scene, &err)) {
        fprintf(stderr, "the child could not open the office: %s\n", err.text);
        _exit(3);
    }
    while (next < (round + 2) * NUMBERS_OF_A_ROUND - EACH) submit(k, round, &next);
    for (;;) pause();
}

// --- The parent ----------------------------------------------------------------------------------

static void hear(struct killing *k, int from, uint32_t wanted)
{
    struct acknowledged said[EACH];
    ssize_t got = 1;
    for (uint32_t heard = 0; heard < wanted && got > 0; heard += (uint32_t)got) {
        got = read(from, said, sizeof(said));
        assert_true(got >= 0);
        got /= (ssize_t)sizeof(said[0]);
        for (ssize_t i = 0; i < got; i++) {
            assert_true(k->count < ACKNOWLEDGED_MAX);
            k->all[k->count++] = said[i];
        }
    }
}

static void wait_a_little(uint32_t micros)
{
    struct timespec time = { 0, (long)micros * 1000 };
    nanosleep(&time, NULL);
}

static void kill_one(struct killing *k, uint32_t round)
{
    int ends[2], status;
    bool early = draw(k, 5) == 0; // while it opens
    uint32_t wanted = early ? 0 : draw(k, 120), micros = draw(k, early ? 60000 : 4000);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        pipe_end = ends[1];
        lodge_until_killed(k, round);
    }
    close(ends[1]);
    hear(k, ends[0], wanted);
    wait_a_little(micros);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status)) fail_msg("the child ended by itself: %d", WEXITSTATUS(status));
    hear(k, ends[0], UINT32_MAX); // what was said before it died
    close(ends[0]);
}

// An outsider reads the published ledger while nobody runs.
static void look_from_outside(struct killing *k)
{
    char ledger[256];
    struct error err;
    snprintf(ledger, sizeof(ledger), "%s/ledger", k->scene.store);
    if (!witness_look(&k->scene.witness, ledger, &err) && err.kind != ERROR_NOT_FOUND)
        fail_msg("published: %s", err.text);
}

// The file must hold the message once: a version with its price.
static void assert_kept_once(struct killing *k, struct acknowledged a)
{
    struct file file;
    struct scene *scene = &k->scene;
    uint32_t found = 0;
    size_t mark = scene->arena.used;
    if (!scene_file(scene, a.number, &file)) fail_msg("%u was acknowledged and is gone", a.number);
    char amount[80];
    int len = snprintf(amount, sizeof(amount),
                       "\"invoiceAmount\":{\"currency\":\"EUR\",\"value\":\"%u.00\"}", a.euros);
    for (uint32_t i = 0; i < file.facts_count; i++)
        found += memmem(file.facts[i].body.at, file.facts[i].body.len, amount, (size_t)len) != NULL;
    if (found != 1) fail_msg("%u for %u euros is there %u times", a.number, a.euros, found);
    assert_true(file.state == FILE_RELEASED || file.state == FILE_REFUSED ||
                file.state == FILE_AWAITING_DOCUMENTS);
    arena_reset(&scene->arena, mark);
}

// Everything acknowledged since the last time, and some of what was before; all at the end.
static void look_inside(struct killing *k, bool at_all)
{
    scene_open(&k->scene);
    uint32_t before = k->checked;
    for (uint32_t i = at_all ? 0 : before; i < k->count; i++) assert_kept_once(k, k->all[i]);
    for (int i = 0; i < 20 && before > 0; i++) assert_kept_once(k, k->all[draw(k, before)]);
    k->checked = k->count;
    scene_check(&k->scene);
    scene_close(&k->scene);
}

// Sent once more, what was acknowledged has no second effect.
static void send_again(struct killing *k)
{
    struct scene *scene = &k->scene;
    scene_open(scene);
    uint64_t size = scene_check(scene);
    for (int i = 0; i < 50; i++) {
        struct acknowledged a = k->all[draw(k, k->count)];
        // What was first said with 1000 euros opened the file; all else amended it.
        uint32_t round = a.euros == 1000 ? a.number / NUMBERS_OF_A_ROUND - 1 : UINT32_MAX - 1;
        assert_int_equal(scene_send(scene, told_of(a, round)).kind, ANSWER_REPEATED);
        arena_reset(&scene->arena, 0);
    }
    assert_int_equal(scene_check(scene), size);
    scene_close(scene);
}

static void what_was_acknowledged_survives_any_kill(void **state)
{
    static struct killing k;
    const char *is_long = getenv("TIDEWAITER_LONG");
    int kills = is_long != NULL && strcmp(is_long, "yes") == 0 ? KILLS_LONG : KILLS;
    (void)state;
    k.chance = 20260105;
    k.all = calloc(ACKNOWLEDGED_MAX, sizeof(*k.all));
    assert_non_null(k.all);
    scene_begin_in(&k.scene, "/tmp");
    for (int round = 0; round < kills; round++) {
        kill_one(&k, (uint32_t)round);
        look_from_outside(&k);
        if (draw(&k, 3) > 0) look_inside(&k, false); // else it is killed again before anybody looks
    }
    look_inside(&k, true);
    send_again(&k);
    print_message("%d kills, %u acknowledged, %u checkpoints seen\n", kills, k.count,
                  k.scene.witness.seen_count);
    scene_end(&k.scene);
    free(k.all);
}

// A store of which nothing is there yet: killed while it is made.
static void a_store_that_was_killed_while_it_was_made_is_made(void **state)
{
    static struct killing k;
    (void)state;
    k.chance = 7;
    k.all = calloc(ACKNOWLEDGED_MAX, sizeof(*k.all));
    assert_non_null(k.all);
    for (int i = 0; i < 12; i++) {
        scene_begin_in(&k.scene, "/tmp");
        for (uint32_t again = 0; again < 2; again++) {
            int status;
            pid_t child = fork();
            assert_true(child >= 0);
            if (child == 0) {
                pipe_end = STDERR_FILENO;
                struct error err;
                _exit(scene_try_open(&k.scene, &err) ? 0 : 3);
            }
            wait_a_little(draw(&k, 20000));
            kill(child, SIGKILL);
            assert_int_equal(waitpid(child, &status, 0), child);
            assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        }
        scene_open(&k.scene);
        assert_int_equal(scene_send(&k.scene, (struct told){ .number = 1 }).kind, ANSWER_LODGED);
        assert_int_equal(scene_check(&k.scene), 6);
        scene_end(&k.scene);
    }
    free(k.all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_any_kill),
        cmocka_unit_test(a_store_that_was_killed_while_it_was_made_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
