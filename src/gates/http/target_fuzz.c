#include <assert.h>
#include <stdlib.h>

#include "gates/http/target.h"

// Of any bytes as a request's target: what is taken cannot leave the path that it names, fits at
// most what its segments say, and a segment written again is the same segment.

static void assert_plain(struct span s)
{
    for (size_t i = 0; i < s.len; i++) assert((unsigned char)s.at[i] >= 0x20 && s.at[i] != 0x7f);
}

static void segments_come_back(const struct target *target, struct arena *arena)
{
    struct text again = text_in(arena, 64);
    for (uint32_t i = 0; i < target->count; i++) {
        assert(target->segments[i].len > 0);
        assert(!span_equal(target->segments[i], SPAN("..")));
        assert_plain(target->segments[i]);
        text_add_char(&again, '/');
        percent_write(&again, target->segments[i]);
    }
    struct target second;
    struct error err = { 0 };
    if (target->count == 0 || again.len > HTTP_TARGET_MAX) return;
    assert(target_read(text_span(&again), arena, &second, &err));
    assert(second.count == target->count && second.query.len == 0 && !second.ends_in_slash);
    for (uint32_t i = 0; i < target->count; i++)
        assert(span_equal(second.segments[i], target->segments[i]));
}

static void patterns_fit_what_they_say(const struct target *target)
{
    struct span parameters[PARAMETERS_MAX];
    if (target_fits(target, "/api/{a}/{b}", parameters)) {
        assert(target->count == 3 && span_equal(target->segments[0], SPAN("api")));
        assert(span_equal(parameters[1], target->segments[2]));
    }
    if (target_fits(target, "/ledger/tile/{rest...}", parameters)) {
        assert(target->count >= 3 && parameters[0].len > 0);
        assert(parameters[0].at + parameters[0].len == target->path.at + target->path.len);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena arena;
    struct error err = { 0 };
    struct target target;
    struct span_pair cut = span_cut((struct span){ (const char *)data, size }, '\n');
    if (!arena_open(&arena, MIB, &err)) abort();
    if (target_read(cut.head, &arena, &target, &err)) {
        struct span value;
        bool found;
        assert(err.kind == ERROR_NONE);
        segments_come_back(&target, &arena);
        patterns_fit_what_they_say(&target);
        if (query_find(target.query, SPAN("after"), &arena, &value, &found, &err) && found)
            assert_plain(value);
    } else {
        assert(err.kind != ERROR_NONE && err.text[0] != '\0');
    }
    struct span type = media_type(cut.tail);
    assert(type.len <= cut.tail.len);
    if (header_has(cut.tail, SPAN("respond-async"))) assert(cut.tail.len >= 13);
    arena_close(&arena);
    return 0;
}
