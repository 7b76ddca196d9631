#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tariff/correlation.h"

static _Alignas(64) char memory[4 << 20];

static bool try_read(struct span text, struct correlation *table, struct error *err)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    return correlation_read(text, &arena, table, err);
}

static struct correlation read(const char *text)
{
    struct correlation table;
    struct error err = { 0 };
    if (!try_read(span_of(text), &table, &err)) fail_msg("%u: %s", err.line, err.text);
    return table;
}

// "newer kind, newer kind": the other side of each pair.
static void assert_pairs(struct correlation_pairs pairs, bool forward, const char *expected)
{
    char text[200] = "";
    size_t len = 0;
    for (uint32_t i = 0; i < pairs.count && len < sizeof(text); i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s" SPAN_FMT " %s",
                                i > 0 ? ", " : "",
                                SPAN_ARG(forward ? pairs.at[i].newer : pairs.at[i].older),
                                correlation_kind_name(pairs.at[i].kind));
    assert_string_equal(text, expected);
}

// Invented: 0101 stays, 0102 is split, 0103 and 0104 are merged, 0105 gives a part to what 0106
// became.
static const char table[] = "Between,,\r\n"
                            "HS2030, HS2020,Relationship\r\n"
                            "0101,0101,1:1\r\n"
                            "0121,0102,n:1\r\n"
                            "0122,0102,n:1\r\n"
                            "0130,0104,1:n\r\n"
                            "0130,0103,1:n\r\n"
                            "0105,0105,n:n\r\n"
                            "0160,0105,n:n\r\n"
                            "0160,0106,n:n\r\n"
                            "0105,0107,n:n\r\n"
                            "0161,0107,n:n\r\n"
                            "0161,0106,n:n\r\n";

static void test_what_a_code_became_and_where_it_came_from(void **state)
{
    (void)state;
    struct correlation t = read(table);
    assert_true(span_equal(t.older, SPAN("HS2020")) && span_equal(t.newer, SPAN("HS2030")));
    assert_int_equal(t.count, 11);
    assert_pairs(correlation_successors(&t, SPAN("0101")), true, "0101 same");
    assert_pairs(correlation_successors(&t, SPAN("0102")), true, "0121 split, 0122 split");
    assert_pairs(correlation_successors(&t, SPAN("0103")), true, "0130 merged");
    assert_pairs(correlation_successors(&t, SPAN("0105")), true, "0105 mixed, 0160 mixed");
    assert_pairs(correlation_successors(&t, SPAN("0130")), true, "");
    assert_pairs(correlation_successors(&t, SPAN("01")), true, "");
    assert_pairs(correlation_successors(&t, SPAN("")), true, "");
    assert_pairs(correlation_sources(&t, SPAN("0101")), false, "0101 same");
    assert_pairs(correlation_sources(&t, SPAN("0122")), false, "0102 split");
    assert_pairs(correlation_sources(&t, SPAN("0130")), false, "0103 merged, 0104 merged");
    assert_pairs(correlation_sources(&t, SPAN("0161")), false, "0106 mixed, 0107 mixed");
    assert_pairs(correlation_sources(&t, SPAN("0104")), false, "");
    assert_pairs(correlation_sources(&t, SPAN("999999999999")), false, "");
    assert_int_equal(correlation_sources(&t, SPAN("0122")).at[0].line, 5);
}

static void test_the_newer_edition_may_stand_in_either_column(void **state)
{
    (void)state;
    struct correlation t = read("# invented\nHS2020;HS2030;Relationship\n"
                                "0102;0121;1:n\n0102;0122;1:n\n0103;0130;n:1\n0104;0130;n:1\n");
    assert_true(span_equal(t.newer, SPAN("HS2030")));
    assert_pairs(correlation_successors(&t, SPAN("0102")), true, "0121 split, 0122 split");
    assert_pairs(correlation_sources(&t, SPAN("0130")), false, "0103 merged, 0104 merged");
}

static void test_without_relationships_the_rows_say_the_kind(void **state)
{
    (void)state;
    struct correlation t = read("From HS2030,To HS2020\n\"0101\",0101\n0121,0102\n0122,0102\n");
    assert_true(span_equal(t.newer, SPAN("HS2030")) && span_equal(t.older, SPAN("HS2020")));
    assert_false(t.stated);
    assert_pairs(correlation_successors(&t, SPAN("0102")), true, "0121 split, 0122 split");
    assert_pairs(correlation_successors(&t, SPAN("0101")), true, "0101 same");
    t = read("From HS2030,To HS2020\n");
    assert_pairs(correlation_successors(&t, SPAN("0101")), true, "");
}

#define HEADER "Between,,\nHS2030,HS2020,Relationship\n"
static void test_mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned line, column; const char *what; } rows[] = {
        { HEADER "0101,0101,1:1\n1,0102,1:1\n", 4, 1, "'1' is no code" },
        { HEADER "0101,01.01,1:1\n", 3, 6, "01.01" },
        { HEADER "0101,,1:1\n", 3, 6, "no code" },
        { HEADER "0101,\"01\"\"01\",1:1\n", 3, 0, "no code" },
        { HEADER "0101,0101010101010,1:1\n", 3, 6, "no code" },
        { HEADER "0101,0101,1:2\n", 3, 11, "1:2" },
        { HEADER "0101,0101,\n", 3, 11, "no relationship" },
        { HEADER "0101,0101\n", 3, 1, "2 fields" },
        { HEADER "0102,0102,1:1\n0101,0101,1:1\n0102,0102,1:1\n", 5, 0, "twice" },
        { HEADER "0101,0101,n:1\n", 3, 0, "bear out" },
        { HEADER "0101,0101,1:1\n0102,0101,1:1\n", 3, 0, "bear out" },
        { HEADER "0101,0102,n:1\n0101,0103,1:n\n", 3, 0, "bear out" },
        { "HS2030,H62030,Relationship\n", 1, 0, "newer" },
        { "HS,HS2030,Relationship\n", 1, 0, "newer" },
        { "new,old\n", 1, 0, "newer" },
        { "#\nHS2030,HS2020,Relation\n", 2, 0, "Relationship" },
        { "HS2030\n", 1, 0, "two editions" },
        { "HS2030,HS2020,Relationship,more\n", 1, 0, "two editions" },
        { "Between,,\n,,\n", 2, 0, "" },
        { "", 1, 0, "header" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct correlation t;
        struct error err = { 0 };
        if (try_read(span_of(rows[i].text), &t, &err)) fail_msg("row %zu is taken", i);
        if (err.line != rows[i].line || err.column != rows[i].column)
            if (rows[i].column > 0 || err.line != rows[i].line)
                fail_msg("row %zu: %u:%u %s", i, err.line, err.column, err.text);
        assert_non_null(strstr(err.text, "correlation table"));
        if (strstr(err.text, rows[i].what) == NULL) fail_msg("row %zu: %s", i, err.text);
        assert_true(err.hint[0] != '\0');
    }
}

static void test_a_full_arena_is_reported(void **state)
{
    (void)state;
    unsigned full = 0;
    for (size_t size = 64; size < 8000; size += 16) {
        struct arena arena = arena_over(memory, size);
        struct correlation t;
        struct error err = { 0 };
        if (correlation_read(span_of(table), &arena, &t, &err)) continue;
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
        full++;
    }
    assert_true(full > 0 && full < (8000 - 64) / 16);
}

static void test_too_many_rows_are_refused(void **state)
{
    (void)state;
    size_t len = CORRELATION_ROWS_MAX + 16;
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, '\n', len);
    struct correlation t;
    struct error err = { 0 };
    assert_false(try_read((struct span){ text, len }, &t, &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    free(text);
}

// --- What the United Nations published, where it is at hand ---

static bool load(const char *name, struct span *text)
{
    static char bytes[1 << 19];
    char path[512];
    const char *root = getenv("TIDEWAITER_ROOT");
    snprintf(path, sizeof(path), "%s/../shared/data/hs/%s", root ? root : ".", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        print_message("skipped: there is no %s\n", path);
        return false;
    }
    *text = (struct span){ bytes, fread(bytes, 1, sizeof(bytes), file) };
    assert_int_equal(fclose(file), 0);
    assert_true(text->len < sizeof(bytes));
    return true;
}

static void test_the_published_correlation_can_be_asked(void **state)
{
    (void)state;
    struct span text = { 0 };
    struct correlation t;
    struct error err = { 0 };
    if (!load("HS2022_HS2017_Correlations.csv", &text)) skip();
    if (!try_read(text, &t, &err)) fail_msg("%u: %s", err.line, err.text);
    assert_int_equal(t.count, 15657);
    uint32_t of_kind[CORRELATION_MIXED + 1] = { 0 };
    for (uint32_t i = 0; i < t.count; i++) of_kind[t.forward[i].kind]++;
    assert_int_equal(of_kind[CORRELATION_SAME], 4097);
    assert_int_equal(of_kind[CORRELATION_SPLIT], 1392);
    assert_int_equal(of_kind[CORRELATION_MERGED], 54);
    assert_int_equal(of_kind[CORRELATION_MIXED], 10114);
    assert_pairs(correlation_sources(&t, SPAN("851713")), false, "851712 split");
    assert_int_equal(correlation_successors(&t, SPAN("851712")).count, 17);
    assert_pairs(correlation_sources(&t, SPAN("240411")), false, "240391 mixed, 240399 mixed");
    assert_pairs(correlation_successors(&t, SPAN("970600")), true, "970610 split, 970690 split");
    assert_pairs(correlation_successors(&t, SPAN("851713")), true, "");
}

static void test_the_published_conversion_has_one_source_for_each_code(void **state)
{
    (void)state;
    struct span text = { 0 };
    struct correlation t;
    struct error err = { 0 };
    if (!load("HS2022_HS2017_Conversions.csv", &text)) skip();
    if (!try_read(text, &t, &err)) fail_msg("%u: %s", err.line, err.text);
    assert_int_equal(t.count, 5613);
    for (uint32_t i = 0; i < t.count; i++) {
        assert_int_equal(correlation_sources(&t, t.back[i].newer).count, 1);
        assert_true(t.back[i].kind == CORRELATION_SAME || t.back[i].kind == CORRELATION_SPLIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_code_became_and_where_it_came_from),
        cmocka_unit_test(test_the_newer_edition_may_stand_in_either_column),
        cmocka_unit_test(test_without_relationships_the_rows_say_the_kind),
        cmocka_unit_test(test_mistakes_are_named_with_their_place),
        cmocka_unit_test(test_a_full_arena_is_reported),
        cmocka_unit_test(test_too_many_rows_are_refused),
        cmocka_unit_test(test_the_published_correlation_can_be_asked),
        cmocka_unit_test(test_the_published_conversion_has_one_source_for_each_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
