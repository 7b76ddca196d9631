#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "store/journal_format.h"
#include "store/unpack.h"

enum { FACTS = 5 };

struct desk {
    struct store_packer *packer;
    struct unpackers *unpackers;
    struct arena arena, large;
    struct error err;
};

static const struct span facts_json[FACTS] = {
    SPAN_INIT("{}"),
    SPAN_INIT("{\"at\":\"2026-01-01T00:00:00.000Z\",\"kind\":\"checked\",\"who\":\"step:check\"}"),
    SPAN_INIT("{\"body\":{\"errors\":0,\"findings\":[]},\"kind\":\"checked\"}"),
    SPAN_INIT("{\"zeros\":\"\\u0000\"}"),
    SPAN_INIT("{\"text\":\"a word that no dictionary has: xqzvj\"}"),
};

static int begin(void **state)
{
    static struct desk desk;
    bool opened = store_packer_open(&desk.packer, &desk.err) &&
                  unpackers_open(&desk.unpackers, &desk.err) &&
                  arena_open(&desk.arena, 16 * (size_t)MIB, &desk.err) &&
                  arena_open(&desk.large, 256 * (size_t)MIB, &desk.err);
    *state = &desk;
    return opened ? 0 : -1;
}

static int end(void **state)
{
    struct desk *desk = *state;
    store_packer_close(desk->packer);
    unpackers_close(desk->unpackers);
    arena_close(&desk->arena);
    arena_close(&desk->large);
    return 0;
}

static struct store_append append_of(struct store_fact *facts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) facts[i] = (struct store_fact){ .json = facts_json[i] };
    return (struct store_append){ .facts = facts, .facts_count = count };
}

static void what_was_packed_comes_back(void **state)
{
    struct desk *desk = *state;
    for (uint32_t count = 1; count <= FACTS; count++) {
        struct store_fact facts[FACTS], back[FACTS] = { 0 };
        struct store_append append = append_of(facts, count);
        const char *fault;
        arena_reset(&desk->arena, 0);
        assert_true(store_pack(desk->packer, &append, &desk->arena, &desk->err));
        assert_true(unpack(desk->unpackers, append.packed, back, count, &desk->arena, &fault));
        for (uint32_t i = 0; i < count; i++)
            assert_true(span_equal(back[i].json, facts[i].json));
    }
}

static void the_dictionary_makes_small_facts_smaller(void **state)
{
    struct desk *desk = *state;
    struct store_fact facts[FACTS];
    struct store_append append = append_of(facts, 3);
    size_t raw = facts_json[0].len + facts_json[1].len + facts_json[2].len;
    arena_reset(&desk->arena, 0);
    assert_true(store_pack(desk->packer, &append, &desk->arena, &desk->err));
    assert_true(append.packed.len < raw / 2 + 3 * sizeof(uint32_t));
    assert_true(desk->arena.used < append.packed.len + 64); // what was not needed is given back
}

static void facts_that_do_not_fit_are_refused_and_the_packer_goes_on(void **state)
{
    struct desk *desk = *state;
    struct store_fact fact = { 0 };
    struct store_append append = { .facts = &fact, .facts_count = 1 };
    arena_reset(&desk->large, 0);
    fact.json = (struct span){ arena_take(&desk->large, PACK_RAW_MAX + 1, 1), PACK_RAW_MAX + 1 };
    assert_non_null(fact.json.at);
    assert_false(store_pack(desk->packer, &append, &desk->large, &desk->err));
    assert_int_equal(desk->err.kind, ERROR_TOO_LARGE);
    assert_int_equal(append.packed.len, 0);

    static _Alignas(16) char small[64];
    struct arena tight = arena_over(small, sizeof(small));
    fact.json = facts_json[1];
    assert_false(store_pack(desk->packer, &append, &tight, &desk->err));
    assert_int_equal(desk->err.kind, ERROR_TOO_LARGE);
    what_was_packed_comes_back(state);
}

static void a_payload_that_is_not_one_is_named(void **state)
{
    struct desk *desk = *state;
    struct store_fact facts[FACTS], back[FACTS] = { 0 };
    struct store_append append = append_of(facts, FACTS);
    const char *fault;
    arena_reset(&desk->arena, 0);
    assert_true(store_pack(desk->packer, &append, &desk->arena, &desk->err));
    char bytes[1024];
    assert_true(append.packed.len <= sizeof(bytes));
    struct span packed = { bytes, append.packed.len };

    memcpy(bytes, append.packed.at, packed.len);
    packed.len = FACTS * sizeof(uint32_t) - 1;
    assert_false(unpack(desk->unpackers, packed, back, FACTS, &desk->arena, &fault));
    assert_string_equal(fault, "a payload that is too short");

    packed.len = append.packed.len;
    bytes[3] = 0x7F; // two billion bytes
    assert_false(unpack(desk->unpackers, packed, back, FACTS, &desk->arena, &fault));
    assert_string_equal(fault, "facts of an impossible length");

    for (int more = -1; more <= 1; more += 2) { // the lengths do not add up to what is in it
        memcpy(bytes, append.packed.at, packed.len);
        bytes[4] = (char)(bytes[4] + more);
        assert_false(unpack(desk->unpackers, packed, back, FACTS, &desk->arena, &fault));
        assert_string_equal(fault, "a payload that cannot be unpacked");
    }
    for (size_t cut = FACTS * sizeof(uint32_t); cut < append.packed.len; cut++) {
        memcpy(bytes, append.packed.at, packed.len);
        packed.len = cut;
        assert_false(unpack(desk->unpackers, packed, back, FACTS, &desk->arena, &fault));
        assert_string_equal(fault, "a payload that cannot be unpacked");
        packed.len = append.packed.len;
    }
    static _Alignas(16) char small[64];
    struct arena tight = arena_over(small, sizeof(small));
    assert_false(unpack(desk->unpackers, append.packed, back, FACTS, &tight, &fault));
    assert_null(fault); // nothing is wrong with it
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_back),
        cmocka_unit_test(the_dictionary_makes_small_facts_smaller),
        cmocka_unit_test(facts_that_do_not_fit_are_refused_and_the_packer_goes_on),
        cmocka_unit_test(a_payload_that_is_not_one_is_named),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
