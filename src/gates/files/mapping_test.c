#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "gates/files/mapping.h"

enum { SIZE = 32 * MIB, PART = 2 * MIB };

static int make(void **state)
{
    static struct arena arena;
    if (!arena_open(&arena, SIZE, NULL)) return -1;
    *state = &arena;
    return 0;
}

static int end(void **state)
{
    arena_close(*state);
    return 0;
}

// --- Verbs ---

static void verbs_do_what_their_rows_say(void **state)
{
    static const struct {
        const char *verb, *value, *done;
    } rows[] = {
        { "pad 6", "10129", "010129" },
        { "pad 3", "1234", "1234" },
        { "cut 1", "40", "4" },
        { "cut 9", "40", "40" },
        { "cut 2", "a\xC3\xA9", "a" },
        { "cut 0", "x", "" },
        { "plain", "30520.0", "30520" },
        { "plain", "12.50", "12.50" },
        { "plain", "1.2E+3", "1200" },
        { "plain", "1.25e-2", "0.0125" },
        { "plain", "-0.0", "0" },
        { "plain", "007", "7" },
        { "plain", "0.10", "0.10" },
        { "plain", "5e0", "5" },
        { "round 2", "1070.1999999999998", "1070.20" },
        { "round 0", "0.5", "1" },
        { "round 0", "0.4999999", "0" },
        { "round 1", "9.96", "10.0" },
        { "round 2", "0.005", "0.01" },
        { "round 2", "0.0049", "0.00" },
        { "round 2", "-1.005", "-1.01" },
        { "round 3", "1.5", "1.5" },
        { "round 0", "99999999999999999999.5", "100000000000000000000" },
        { "round 1", "0.96", "1.0" },
        { "round 0", "0.00005", "0" },
        { "round 2", "-0.001", "0.00" },
        { "comma", "1.234,50", "1234.50" },
        { "comma", "12", "12" },
        { "comma", "1 000 000,5", "1000000.5" },
        { "10 is 1, 40 is 4, else 9", "40", "4" },
        { "10 is 1, 40 is 4, else 9", "77", "9" },
        { "a b is c d", "a b", "c d" },
        { "else all", "x", "all" },
    };
    struct arena *arena = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct verb verb;
        struct span done;
        struct error err;
        arena_reset(arena, 0);
        assert_true(verb_read(span_of(rows[i].verb), &verb, &err));
        assert_true(verb_do(&verb, span_of(rows[i].value), arena, &done, &err));
        if (!span_equal(done, span_of(rows[i].done)))
            fail_msg("%s of %s is " SPAN_FMT, rows[i].verb, rows[i].value, SPAN_ARG(done));
    }
}

static void what_is_no_verb_is_refused_when_the_mapping_is_read(void **state)
{
    static const char *const texts[] = {
        "Pad 6", "pad",  "pad x", "pad 65",  "pad -1",         "cut 1.5", "upper",
        "",      "A is", "is B",  "A is B,", "else X, A is B", "round",   "A is B, C",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct verb verb;
        struct error err;
        if (verb_read(span_of(texts[i]), &verb, &err)) fail_msg("'%s' was taken", texts[i]);
        assert_non_null(strstr(err.text, "is nothing that can be done with a column"));
    }
}

static void numbers_that_are_none_are_refused(void **state)
{
    static const char *const values[] = { "x",
                                          "-",
                                          ".",
                                          "1.2.3",
                                          "1e",
                                          "1e+",
                                          "1e99",
                                          "1,5",
                                          "+5",
                                          "1e5x",
                                          "1234567890123456789012345678901234567890123456789" };
    struct verb verb = { .kind = VERB_PLAIN };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct span done;
        struct error err;
        if (verb_do(&verb, span_of(values[i]), *state, &done, &err)) fail_msg("%s", values[i]);
        assert_non_null(strstr(err.text, "where a number is expected"));
    }
}

// --- Mappings that cannot be ---

static const char header[] = "Ref,Item No,Code,Mass,Price,Who\n";

static void a_mapping_says_where_it_is_wrong(void **state)
{
    static const struct {
        const char *mapping, *error;
    } rows[] = {
        { "ucr = {Reff}", "1:8 mapping 'm': there is no column 'Reff'" },
        { "# remark\n\nucr {Ref}", "3:1 mapping 'm': a row without '='" },
        { "ucr = {Ref", "1:7 mapping 'm': a column's name that does not end with '}'" },
        { "ucr =", "1:6 mapping 'm': nothing stands behind '='" },
        { "ucr = {Ref|pad}", "1:12 mapping 'm': 'pad' is nothing that can be done with a column" },
        { "ucr = {Ref}\nucr = {Who}", "2:1 mapping 'm': 'ucr' is set twice" },
        { "items.classifications.id = {Code}\nitems.classifications[0].id = {Code}",
          "2:1 mapping 'm': 'items.classifications[0].id' is set twice" },
        { "group = {Ref}\ngroup = {Who}", "2:1 mapping 'm': a second group" },
        { "importer = {Who}", "1:1 mapping 'm': 'importer' holds other fields" },
        { "items.price = {Price}", "1:1 mapping 'm': 'items.price' holds other fields" },
        { "items = {Price}", "1:1 mapping 'm': 'items' holds other fields" },
        { "importer.idd = {Who}", "1:1 mapping 'm': there is no field 'idd' in party" },
        { "items.[0].id = {Who}", "1:1 mapping 'm': there is no field '' in item" },
        { "ucr = {Ref}{Ref}{Ref}{Ref}{Ref}{Ref}{Ref}{Ref}{Ref}",
          "1:47 mapping 'm': more than 8 pieces" },
        { "ucr = {Ref|plain|plain|plain|plain|plain}",
          "1:36 mapping 'm': more than 4 things to do with a column" },
        { "# nothing\n", "0:0 mapping 'm': the mapping has no rows" },
    };
    struct arena *arena = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mapping mapping;
        struct error err;
        char said[300];
        arena_reset(arena, 0);
        if (mapping_open(&mapping, span_of(header), span_of(rows[i].mapping), "m", arena, &err))
            fail_msg("'%s' was taken", rows[i].mapping);
        snprintf(said, sizeof(said), "%u:%u %s", err.line, err.column, err.text);
        assert_string_equal(said, rows[i].error);
        if (strstr(err.text, "there is no column") != NULL) assert_true(err.hint[0] != '\0');
    }
}

static void without_a_mapping_columns_are_named_as_the_fields(void **state)
{
    struct mapping mapping;
    struct error err;
    assert_true(mapping_open(&mapping, SPAN("ucr,items.netMass\n"), SPAN(""), NULL, *state, &err));
    assert_int_equal(mapping.rows_count, 2);
    assert_false(mapping_open(&mapping, SPAN("ucr,Net mass\n"), SPAN(""), NULL, *state, &err));
    assert_string_equal(err.text, "column 'Net mass': there is no field 'Net mass' in declaration");
    assert_non_null(strstr(err.hint, "--mapping"));
}

// --- Declarations ---

// The JSON of the declaration that the rows are, or "line:column field: error".
static const char *read_as(struct arena *arena, const char *columns, const char *map,
                           const char *rows)
{
    static char said[4096];
    struct mapping mapping;
    struct declaration declaration;
    struct dropped dropped;
    struct error err;
    struct span json;
    arena_reset(arena, 0);
    if (!mapping_open(&mapping, span_of(columns), span_of(map), map == NULL ? NULL : "m", arena,
                      &err))
        fail_msg("%s", err.text);
    if (mapping_read_message(&mapping, span_of(rows), arena, &declaration, &dropped, &err)) {
        struct json_writer w = json_writer_in(arena, 4096);
        declaration_write_json(&w, &declaration);
        assert_true(json_written(&w, &json, &err));
        snprintf(said, sizeof(said), SPAN_FMT, SPAN_ARG(json));
        return said;
    }
    snprintf(said, sizeof(said), "%u:%u %s: %s", err.line, err.column, err.field, err.text);
    return said;
}

static const char map[] = "ucr = 0KR{Ref}\n"
                          "importer.id = {Who}\n"
                          "borderMeans.modeCode = 1\n"
                          "items.sequence = {Item No}\n"
                          "items.classifications[0].id = {Code|pad 6}\n"
                          "items.netMass = {Mass|plain}\n"
                          "items.price.value = {Price|comma|round 2}\n"
                          "items.price.currency = KRW\n"
                          "group = {Ref}\n";

static void rows_become_the_items_of_one_declaration(void **state)
{
    assert_string_equal(
        read_as(*state, header, map, "77,1,10129,1.50,\"1.000,555\",A7\n77,2,851712,30.0,\"2\",\n"),
        "{\"borderMeans\":{\"modeCode\":\"1\"},\"importer\":{\"id\":\"A7\"},\"items\":["
        "{\"classifications\":[{\"id\":\"010129\"}],\"netMass\":\"1.50\","
        "\"price\":{\"currency\":\"KRW\",\"value\":\"1000.56\"},\"sequence\":1},"
        "{\"classifications\":[{\"id\":\"851712\"}],\"netMass\":\"30\","
        "\"price\":{\"currency\":\"KRW\",\"value\":\"2\"},\"sequence\":2}],\"ucr\":\"0KR77\"}");
}

static void empty_columns_set_nothing(void **state)
{
    assert_string_equal(
        read_as(*state, header, "ucr = 0KR{Ref}\nitems.netMass = {Mass}\n", ",1,,2,,\n"),
        "{\"items\":[{\"netMass\":\"2\"}]}");
}

static void what_is_wrong_is_told_with_place_field_and_value(void **state)
{
    static const struct {
        const char *rows, *error;
    } rows[] = {
        { "77,1,10129,heavy,2,A7\n", "1:12 items[0].netMass: 'heavy' where a number is expected" },
        { "77,1,10129,1,2,A7\n77,x,1,1,2,\n",
          "2:4 items[1].sequence: 'x' where a whole number is expected" },
        { "77,1,1,1234567890123456789,2,A\n",
          "1:8 items[0].netMass: a number has at most 18 digits" },
        { "77,1,1,1\n", "1:1 : the row has 4 fields, the header row 6" },
        { "77,1,\"1,1,2,A\n", "1:6 : a quoted field is not closed" },
        { "77,1,1,1,2,A7\n77,2,1,1,2,B8\n",
          "2:12 importer.id: 'B8', and the declaration's first row says 'A7'" },
        { "77,1,1,1,2,A7\n78,2,1,1,2,\n", "2:1 group: a row of another group" },
        { "77,1,1,1,2,\xFF\n", "1:12 : byte 0xFF does not fit UTF-8" },
        { "\n", "0:0 : an empty row" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *said = read_as(*state, header, map, rows[i].rows);
        assert_string_equal(said, rows[i].error);
    }
}

static void texts_without_a_replacement_are_errors(void **state)
{
    const char *said = read_as(
        *state, header, "ucr = {Ref}\nborderMeans.modeCode = {Code|10 is 1}\n", "77,1,40,,,\n");
    assert_string_equal(said, "1:6 borderMeans.modeCode: '40' has no replacement in the mapping");
}

// --- Mappings that the project ships ---

static void the_korean_mapping_makes_a_declaration_of_a_row(void **state)
{
    static char text[16 * KIB];
    char path[512];
    const char *root = getenv("TIDEWAITER_ROOT");
    if (root == NULL) fail_msg("TIDEWAITER_ROOT is not set");
    snprintf(path, sizeof(path), "%s/data/mappings/korea.mapping", root);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_msg("%s", path);
        return;
    }
    size_t len = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[len] = '\0';
    assert_string_equal(
        read_as(*state,
                "Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,"
                "Mode of Transport,Declarant ID,Importer ID,Seller ID,Courier ID,HS6 Code,"
                "Country of Departure,Country of Origin,Tax Rate,Tax Type,"
                "Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud\n",
                text,
                "12345678,2020-03-01,40,B,11,21,11,10,DEC0001,IMP0001,,,10129,CN,VN,8.0,A,E,30.0,"
                "1070.5000000000002,1,2\n"),
        "{\"acceptedAt\":\"2020-02-29T15:00:00.000Z\",\"borderMeans\":{\"modeCode\":\"1\"},"
        "\"declarant\":{\"id\":\"DEC0001\"},\"destinationCountry\":\"KR\","
        "\"exportCountry\":\"CN\",\"functionCode\":\"9\","
        "\"functionalReferenceId\":\"12345678\",\"goodsItemCount\":1,"
        "\"importer\":{\"id\":\"IMP0001\"},\"issuedAt\":\"2020-02-29T15:00:00.000Z\","
        "\"items\":[{\"classifications\":[{\"id\":\"010129\",\"typeCode\":\"TSP\"}],"
        "\"dutyTaxFees\":[{\"rate\":\"8\",\"typeCode\":\"A00\"}],\"netMass\":\"30\","
        "\"origins\":[{\"countryCode\":\"VN\",\"typeCode\":\"1\"}],"
        "\"price\":{\"currency\":\"KRW\",\"value\":\"1071\"},"
        "\"procedures\":[{\"currentCode\":\"40\",\"previousCode\":\"00\"}],\"sequence\":1,"
        "\"statements\":[{\"code\":\"KR-PROCESS\",\"description\":\"B\"},"
        "{\"code\":\"KR-IMPORT-TYPE\",\"description\":\"11\"},"
        "{\"code\":\"KR-IMPORT-USE\",\"description\":\"21\"},"
        "{\"code\":\"KR-PAYMENT\",\"description\":\"11\"},"
        "{\"code\":\"KR-TAX-TYPE\",\"description\":\"A\"},"
        "{\"code\":\"KR-ORIGIN-MARK\",\"description\":\"E\"}]}],"
        "\"officeId\":\"KR000040\",\"typeCode\":\"IMA\",\"ucr\":\"KR-12345678\"}");
}

// --- Cutting ---

// All messages of the rows, read in pieces of that size, in brackets.
static void cut_all(const struct mapping *mapping, struct arena *arena, const char *rows,
                    size_t piece, char *out, size_t size)
{
    struct cutter cutter = { 0 };
    struct span text = span_of(rows);
    size_t begin = 0, stop = piece < text.len ? piece : text.len;
    out[0] = '\0';
    for (;;) {
        struct span window = { text.at + begin, stop - begin };
        struct cut cut = mapping_cut(mapping, &cutter, *arena, window, stop == text.len);
        if (cut.kind == CUT_END) return;
        if (cut.kind == CUT_MORE) {
            assert_true(stop < text.len);
            stop += piece < text.len - stop ? piece : text.len - stop;
            continue;
        }
        assert_int_equal(cut.kind, CUT_MESSAGE);
        assert_true(cut.next > cut.begin && cut.begin < cut.end);
        size_t len = strlen(out);
        snprintf(out + len, size - len, "[%.*s]", (int)(cut.end - cut.begin),
                 window.at + cut.begin);
        begin += cut.next;
        cutter_pass(&cutter, cut.next);
    }
}

static void cuts_as(struct arena *arena, const char *mapping_text, const char *rows,
                    const char *expected)
{
    struct mapping mapping;
    struct error err;
    arena_reset(arena, 0);
    assert_true(mapping_open(&mapping, SPAN("g,v\n"), span_of(mapping_text), "m", arena, &err));
    static const size_t pieces[] = { 10000, 1, 2, 5 };
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        char out[1024];
        cut_all(&mapping, arena, rows, pieces[i], out, sizeof(out));
        assert_string_equal(out, expected);
    }
}

static void without_a_group_each_row_is_a_declaration(void **state)
{
    cuts_as(*state, "ucr = {g}", "a,1\na,2\r\n\n\"b\n\",3", "[a,1\n][a,2\r\n][\"b\n\",3]");
    cuts_as(*state, "ucr = {g}", "", "");
    cuts_as(*state, "ucr = {g}", "\r\n\n", "");
}

static void rows_of_one_group_are_cut_together(void **state)
{
    cuts_as(*state, "ucr = {g}\ngroup = {g}", "a,1\na,2\nb,1\na,3\n", "[a,1\na,2\n][b,1\n][a,3\n]");
    cuts_as(*state, "ucr = {g}\ngroup = {g}", "a,1\n\na,2", "[a,1\n\na,2]");
    cuts_as(*state, "ucr = {v}\ngroup = {g}", ",1\n,2\n", "[,1\n][,2\n]"); // no group is no group
    cuts_as(*state, "ucr = {g}\ngroup = {g}-{v}", "a,1\na,1\na,2\n", "[a,1\na,1\n][a,2\n]");
}

static void a_broken_row_spoils_the_declarations_on_both_its_sides(void **state)
{
    const char *by_group = "ucr = {g}\ngroup = {g}";
    cuts_as(*state, by_group, "a,1\nBROKEN\na,2\nb,1\n", "[a,1\nBROKEN\na,2\n][b,1\n]");
    cuts_as(*state, by_group, "a,1\nBROKEN\nb,1\nc,1\n", "[a,1\nBROKEN\n][BROKEN\nb,1\n][c,1\n]");
    cuts_as(*state, by_group, "BROKEN\na,1\n", "[BROKEN\na,1\n]");
    cuts_as(*state, by_group, "a,1\nBROKEN", "[a,1\nBROKEN]");
    cuts_as(*state, by_group, "a,1\nBROKEN\nBAD\nb,1", "[a,1\nBROKEN\nBAD\n][BROKEN\nBAD\nb,1]");
}

static void a_quote_that_is_never_closed_spoils_its_line_only(void **state)
{
    cuts_as(*state, "ucr = {g}", "\"a,1\nb,2\nc,3\n", "[\"a,1\n][b,2\n][c,3\n]");
}

static void a_row_longer_than_any_ends_with_its_line(void **state)
{
    static char rows[3 * MIB];
    struct arena *arena = *state;
    struct mapping mapping;
    struct error err;
    struct cutter cutter = { 0 };
    arena_reset(arena, 0);
    assert_true(
        mapping_open(&mapping, SPAN("g,v\n"), SPAN("ucr={g}\ngroup={g}"), "m", arena, &err));
    memset(rows, 'x', sizeof(rows));
    struct span first = SPAN("a,1\n"), last = SPAN("\nb,1\nc,2\n");
    memcpy(rows, first.at, first.len);
    memcpy(rows + sizeof(rows) - 12, last.at, last.len);
    size_t len = sizeof(rows) - 12 + 9;

    struct cut cut = mapping_cut(&mapping, &cutter, *arena, (struct span){ rows, PART }, false);
    assert_int_equal(cut.kind, CUT_MORE);
    cut = mapping_cut(&mapping, &cutter, *arena, (struct span){ rows, len }, true);
    assert_int_equal(cut.kind, CUT_MESSAGE);
    assert_int_equal(cut.end, len - 8); // a's rows and the long one
    assert_int_equal(cut.next, 4);      // which may be b's: it spoils that as well
    cutter_pass(&cutter, cut.next);
    cut = mapping_cut(&mapping, &cutter, *arena, (struct span){ rows + 4, len - 4 }, true);
    assert_int_equal(cut.kind, CUT_MESSAGE);
    assert_int_equal(cut.begin, 0);
    assert_int_equal(cut.end, len - 4 - 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs_do_what_their_rows_say),
        cmocka_unit_test(what_is_no_verb_is_refused_when_the_mapping_is_read),
        cmocka_unit_test(numbers_that_are_none_are_refused),
        cmocka_unit_test(a_mapping_says_where_it_is_wrong),
        cmocka_unit_test(without_a_mapping_columns_are_named_as_the_fields),
        cmocka_unit_test(rows_become_the_items_of_one_declaration),
        cmocka_unit_test(empty_columns_set_nothing),
        cmocka_unit_test(what_is_wrong_is_told_with_place_field_and_value),
        cmocka_unit_test(texts_without_a_replacement_are_errors),
        cmocka_unit_test(the_korean_mapping_makes_a_declaration_of_a_row),
        cmocka_unit_test(without_a_group_each_row_is_a_declaration),
        cmocka_unit_test(rows_of_one_group_are_cut_together),
        cmocka_unit_test(a_broken_row_spoils_the_declarations_on_both_its_sides),
        cmocka_unit_test(a_quote_that_is_never_closed_spoils_its_line_only),
        cmocka_unit_test(a_row_longer_than_any_ends_with_its_line),
    };
    return cmocka_run_group_tests(tests, make, end);
}
