#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "store/batch_story.h"
#include "store/disk.h"
#include "store/journal_inside.h"

// The journal as tools/journal_show.c reads it from docs/journal-format.md alone.

enum { SEGMENT_SIZE = 32 * KIB, BATCHES = 30, OUTPUT_MAX = MIB, ERASED = 7 };

static const char *reader; // the program's path

struct desk {
    struct story story;
    struct arena arena;
    struct store store;
    struct error err;
    char folder[64];
    uint64_t position; // of the first append of batch ERASED
};

static int begin(void **state)
{
    static struct desk desk;
    desk = (struct desk){ .folder = "/tmp/tidewaiter-show-XXXXXX" };
    story_open(&desk.story);
    if (mkdtemp(desk.folder) == NULL || !arena_open(&desk.arena, 4 * (size_t)MIB, &desk.err) ||
        !journal_open_sized(&desk.store, disk_real(), desk.folder, SEGMENT_SIZE, &desk.err))
        return -1;
    for (uint64_t number = 1; number <= BATCHES; number++) {
        uint32_t count;
        bool before_anything;
        struct store_seal seal;
        struct store_append *appends = story_batch(&desk.story, number, &count, &seal);
        if (!store_commit(&desk.store, appends, count, &seal, &before_anything, &desk.err))
            return -1;
        if (number == ERASED) desk.position = appends[0].position;
    }
    store_close(&desk.store);
    *state = &desk;
    return 0;
}

static int end(void **state)
{
    struct desk *desk = *state;
    char command[128];
    story_close(&desk->story);
    arena_close(&desk->arena);
    snprintf(command, sizeof(command), "rm -r %s", desk->folder);
    return system(command); // NOLINT(bugprone-command-processor): its own folder
}

// What the reader prints, and how it ends.
static struct span show(struct desk *desk, int *ended)
{
    char command[256];
    arena_reset(&desk->arena, 0);
    struct text text = text_in(&desk->arena, OUTPUT_MAX);
    snprintf(command, sizeof(command), "%s %s 2>&1", reader, desk->folder);
    FILE *pipe = popen(command, "r"); // NOLINT(bugprone-command-processor): our own program
    assert_non_null(pipe);
    for (size_t got = 1; got > 0;) {
        char *room = text_room(&text, 4096);
        assert_non_null(room);
        got = fread(room, 1, 4096, pipe);
        text_grew(&text, got);
    }
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    *ended = WEXITSTATUS(status);
    return text_span(&text);
}

static void tell_append(struct text *text, const struct store_append *append, uint64_t batch,
                        bool erased)
{
    static const uint8_t zeros[STORE_SALT_SIZE];
    for (uint32_t i = 0; i < append->facts_count; i++) {
        const struct store_fact *fact = &append->facts[i];
        text_add_format(text, "{\"batch\":%llu,\"leaf\":%llu,\"file\":\"" SPAN_FMT "\",\"seq\":%u",
                        (unsigned long long)batch, (unsigned long long)append->first_leaf + i,
                        SPAN_ARG(append->file), append->first_seq + i);
        text_add(text, SPAN(",\"commitment\":\""));
        hex_write(text, fact->commitment.bytes, SHA256_SIZE);
        text_add(text, SPAN("\",\"salt\":\""));
        hex_write(text, erased ? zeros : fact->salt, STORE_SALT_SIZE);
        text_add(text, SPAN("\",\"fact\":"));
        text_add(text, erased ? SPAN("null") : fact->json);
        text_add(text, SPAN("}\n"));
    }
}

static struct span told(struct desk *desk, bool erased)
{
    struct text text = text_in(&desk->arena, OUTPUT_MAX);
    for (uint64_t number = 1; number <= BATCHES; number++) {
        uint32_t count;
        struct store_seal seal;
        struct store_append *appends = story_batch(&desk->story, number, &count, &seal);
        for (uint32_t i = 0; i < count; i++)
            tell_append(&text, &appends[i], number, erased && number == ERASED && i == 0);
        text_add_format(&text, "{\"batch\":%llu,\"tree_size\":%llu,\"root\":\"",
                        (unsigned long long)number, (unsigned long long)seal.tree_size);
        hex_write(&text, seal.root.bytes, SHA256_SIZE);
        text_add_format(&text, "\",\"checkpoint\":\"checkpoint %llu\\u000a\"}\n",
                        (unsigned long long)number);
    }
    text_add_format(&text, "{\"batches\":%d,\"facts\":%llu,\"sound\":true}\n", BATCHES,
                    (unsigned long long)story_facts(BATCHES));
    assert_false(text.full);
    return text_span(&text);
}

static FILE *segment_of(struct desk *desk, uint64_t position)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/journal/%08llu.seg", desk->folder,
             (unsigned long long)(position / SEGMENT_SIZE) + 1);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, (long)(position % SEGMENT_SIZE), SEEK_SET), 0);
    return file;
}

static void it_tells_what_was_committed(void **state)
{
    struct desk *desk = *state;
    int ended;
    struct span shown = show(desk, &ended), wanted = told(desk, false);
    assert_int_equal(ended, 0);
    assert_int_equal(shown.len, wanted.len);
    assert_memory_equal(shown.at, wanted.at, wanted.len);
}

// Overwrites salts and payload with zeros and writes the flag and the sums anew.
static void erase(struct desk *desk)
{
    struct append_header header;
    char record[SEGMENT_SIZE];
    FILE *file = segment_of(desk, desk->position);
    assert_int_equal(fread(&header, sizeof(header), 1, file), 1);
    rewind(file);
    assert_int_equal(fseek(file, (long)(desk->position % SEGMENT_SIZE), SEEK_SET), 0);
    assert_int_equal(fread(record, header.length, 1, file), 1);
    size_t sealed = sizeof(header) + aligned(header.name_len) + header.facts_count * 32ul;
    size_t salted = header.facts_count * 32ul + header.payload_len;
    memset(record + sealed, 0, salted);
    header.flags = RECORD_ERASED;
    header.payload_crc = header.sealed_crc = 0;
    memcpy(record, &header, sizeof(header));
    header.sealed_crc = crc32c(0, record, sealed);
    header.payload_crc = crc32c(0, record + sealed, salted);
    memcpy(record, &header, sizeof(header));
    assert_int_equal(fseek(file, (long)(desk->position % SEGMENT_SIZE), SEEK_SET), 0);
    assert_int_equal(fwrite(record, header.length, 1, file), 1);
    assert_int_equal(fclose(file), 0);
}

static void an_erased_fact_is_null_and_all_sums_still_fit(void **state)
{
    struct desk *desk = *state;
    struct store_append append;
    int ended;
    erase(desk);
    struct span shown = show(desk, &ended), wanted = told(desk, true);
    assert_int_equal(ended, 0);
    assert_int_equal(shown.len, wanted.len);
    assert_memory_equal(shown.at, wanted.at, wanted.len);

    // The keeper reads it too.
    assert_true(journal_open_sized(&desk->store, disk_real(), desk->folder, SEGMENT_SIZE,
                                   &desk->err));
    arena_reset(&desk->arena, 0);
    assert_true(store_read(&desk->store, desk->position, &desk->arena, &append, &desk->err));
    assert_int_equal(append.facts[0].json.len, 0);
    if (!store_check(&desk->store, &desk->arena, &desk->err)) fail_msg("%s", desk->err.text);
    store_close(&desk->store);
}

static void what_does_not_add_up_is_named(void **state)
{
    static const struct { size_t at; const char *says; } places[] = {
        { 8, "an append of another batch" },
        { 36, "lengths that do not fit" },
        { 70, "header, name and commitments that do not add up" },
        { 200, "salts and payload that do not add up" },
        { 2, "what is not a record" },
    };
    struct desk *desk = *state;
    char place[80], byte;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        int ended;
        FILE *file = segment_of(desk, desk->position + places[i].at);
        assert_int_equal(fread(&byte, 1, 1, file), 1);
        fclose(file);
        file = segment_of(desk, desk->position + places[i].at);
        fputc(byte ^ 1, file);
        fclose(file);
        struct span shown = show(desk, &ended);
        assert_int_equal(ended, 1);
        snprintf(place, sizeof(place), "segment %llu at byte %llu: %s\n",
                 (unsigned long long)(desk->position / SEGMENT_SIZE) + 1,
                 (unsigned long long)(desk->position % SEGMENT_SIZE), places[i].says);
        if (strstr(shown.at, place) == NULL) fail_msg("not said: %s", place);
        file = segment_of(desk, desk->position + places[i].at);
        fputc(byte, file);
        fclose(file);
    }
    int ended;
    (void)show(desk, &ended);
    assert_int_equal(ended, 0);
}

int main(int argc, char **argv)
{
    if (argc != 2) return fprintf(stderr, "usage: %s JOURNAL-SHOW\n", argv[0]), 2;
    reader = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_tells_what_was_committed, begin, end),
        cmocka_unit_test_setup_teardown(an_erased_fact_is_null_and_all_sums_still_fit, begin, end),
        cmocka_unit_test_setup_teardown(what_does_not_add_up_is_named, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
