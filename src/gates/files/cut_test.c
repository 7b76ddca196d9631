#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "gates/files/cut.h"

typedef struct cut (*cut_function)(struct cutter *cutter, struct span window, bool ended);

enum { OUT_SIZE = 4096 };

static void put(char *out, const char *format, struct span s)
{
    size_t len = strlen(out);
    int more = snprintf(out + len, OUT_SIZE - len, format, SPAN_ARG(s));
    assert_true(more >= 0 && (size_t)more < OUT_SIZE - len);
}

// Cuts all of the text, read in pieces of that size. Each message stands in brackets, what is
// broken behind a '!'.
static void cut_all(cut_function cut_next, struct span text, size_t piece, char *out)
{
    struct cutter cutter = { 0 };
    size_t begin = 0, end = piece < text.len ? piece : text.len;
    out[0] = '\0';
    for (int steps = 0;; steps++) {
        assert_true(steps < 10000);
        struct span window = { text.at + begin, end - begin };
        bool ended = end == text.len;
        struct cut cut = cut_next(&cutter, window, ended);
        if (cut.kind == CUT_END) break;
        if (cut.kind == CUT_MORE) {
            assert_false(ended);
            end += piece < text.len - end ? piece : text.len - end;
            continue;
        }
        assert_true(cut.begin <= cut.end && cut.end <= window.len);
        assert_true(cut.next <= window.len);
        if (cut.kind == CUT_BROKEN) put(out, "!" SPAN_FMT "\n", span_of(cutter.err.text));
        else
            put(out, "[" SPAN_FMT "]\n",
                (struct span){ window.at + cut.begin, cut.end - cut.begin });
        begin += cut.next;
        cutter_pass(&cutter, cut.next);
    }
}

// However the text comes in pieces, the same messages are in it.
static void gives(cut_function cut_next, const char *text, const char *expected)
{
    static const size_t pieces[] = { OUT_SIZE, 1, 2, 3, 7, 16 };
    char out[OUT_SIZE];
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        cut_all(cut_next, span_of(text), pieces[i], out);
        assert_string_equal(out, expected);
    }
}

// --- Lines ---

static void a_line_is_a_message_and_the_last_one_needs_no_end(void **state)
{
    (void)state;
    gives(cut_line, "{1}\n{2}\r\n{3}", "[{1}]\n[{2}\r]\n[{3}]\n");
    gives(cut_line, "one", "[one]\n");
    gives(cut_line, "", "");
}

static void blank_lines_are_no_messages(void **state)
{
    (void)state;
    gives(cut_line, "\n\n  \t\r\n", "");
    gives(cut_line, "\n {1}\n\n\r\n{2}\n\n", "[{1}]\n[{2}]\n");
}

// --- JSON ---

static void an_array_and_values_behind_each_other_are_cut_alike(void **state)
{
    (void)state;
    gives(cut_json, "[{\"a\":1},{\"b\":[2,{}]}]", "[{\"a\":1}]\n[{\"b\":[2,{}]}]\n");
    gives(cut_json, "{\"a\":1}{\"b\":2}\n{\"c\":3}", "[{\"a\":1}]\n[{\"b\":2}]\n[{\"c\":3}]\n");
    gives(cut_json, " [ ] ", "");
    gives(cut_json, "[{}] [{}]\n{}", "[{}]\n[{}]\n[{}]\n");
}

static void brackets_in_strings_do_not_count(void **state)
{
    (void)state;
    gives(cut_json, "[{\"a}]\":\"{[\\\"]\\\\\"},{}]", "[{\"a}]\":\"{[\\\"]\\\\\"}]\n[{}]\n");
}

static void what_is_no_object_is_cut_out_for_its_reader_to_refuse(void **state)
{
    (void)state;
    gives(cut_json, "[1, \"two\",null , [3]]", "[1]\n[\"two\"]\n[null]\n[[3]]\n");
    gives(cut_json, "{} nonsense {}", "[{}]\n[nonsense]\n[{}]\n");
    gives(cut_json, "{}}{}", "[{}]\n[}]\n[{}]\n");
    gives(cut_json, "{},{}", "[{}]\n[,]\n[{}]\n");
}

static void commas_between_declarations_are_asked_for(void **state)
{
    (void)state;
    gives(cut_json, "[{} {}]", "[{}]\n!a comma is expected before this declaration\n[{}]\n");
    gives(cut_json, "[,{}]", "!a comma where a declaration is expected\n[{}]\n");
    gives(cut_json, "[{},,{}]", "[{}]\n!a comma where a declaration is expected\n[{}]\n");
    gives(cut_json, "[{},]", "[{}]\n!the array ends where a declaration is expected\n");
}

static void an_array_without_an_end_is_told(void **state)
{
    (void)state;
    gives(cut_json, "[{},", "[{}]\n!the array of declarations has no end\n");
    gives(cut_json, "[{}, {\"a\":[", "[{}]\n[{\"a\":[]\n!the array of declarations has no end\n");
    gives(cut_json, "[", "!the array of declarations has no end\n");
}

static void an_end_bracket_closes_what_was_left_open_inside(void **state)
{
    (void)state;
    gives(cut_json, "[{\"a\":[1,{\"x\":2},{\"b\":2}},{\"c\":3}]",
          "[{\"a\":[1,{\"x\":2},{\"b\":2}}]\n[{\"c\":3}]\n");
    gives(cut_json, "[{\"a\":{\"b\":1]", "[{\"a\":{\"b\":1]\n");
    gives(cut_json, "[{\"a\":[1}},{\"c\":3}]",
          "[{\"a\":[1}]\n!a comma is expected before this declaration\n[}]\n[{\"c\":3}]\n");
}

static void an_object_that_is_not_closed_ends_where_the_next_one_begins(void **state)
{
    (void)state;
    gives(cut_json, "[{\"a\":1,\n{\"b\":2},\n{\"c\":3}]",
          "[{\"a\":1,\n]\n[{\"b\":2}]\n[{\"c\":3}]\n");
    gives(cut_json, "{\"a\":1\n{\"b\":2}", "[{\"a\":1\n]\n[{\"b\":2}]\n");
}

static void a_string_that_is_not_closed_ends_with_its_line(void **state)
{
    (void)state;
    gives(cut_json, "[{\"a\":\"x},\n{\"b\":2}]", "[{\"a\":\"x},\n]\n[{\"b\":2}]\n");
}

static void brackets_may_be_deeper_than_anybody_needs(void **state)
{
    char text[700] = "[";
    (void)state;
    for (int i = 0; i < 100; i++) strncat(text, "{\"a\":", sizeof(text) - strlen(text) - 1);
    for (int i = 0; i < 100; i++) strncat(text, "}", sizeof(text) - strlen(text) - 1);
    strncat(text, ",{}]", sizeof(text) - strlen(text) - 1);
    char expected[800];
    snprintf(expected, sizeof(expected), "[%.*s]\n[{}]\n", 600, text + 1);
    gives(cut_json, text, expected);
}

// --- XML ---

#define NO_END "!the file ends inside of a tag or a comment\n"

static void messages_are_found_behind_each_other_and_in_wrappers(void **state)
{
    (void)state;
    gives(cut_xml, "<?xml version='1.0'?>\n<Declaration><a/></Declaration>\n",
          "[<Declaration><a/></Declaration>]\n");
    gives(cut_xml, "<a:MetaData><Declaration/></a:MetaData> <b:MetaData x='1'></b:MetaData>",
          "[<a:MetaData><Declaration/></a:MetaData>]\n[<b:MetaData x='1'></b:MetaData>]\n");
    gives(cut_xml, "<all><head>text</head><Declaration/><more><Declaration/></more></all>",
          "[<Declaration/>]\n[<Declaration/>]\n");
}

static void comments_sections_and_attributes_hide_tags(void **state)
{
    (void)state;
    gives(cut_xml, "<!-- <Declaration> --><Declaration><!-- </Declaration> --></Declaration>",
          "[<Declaration><!-- </Declaration> --></Declaration>]\n");
    gives(cut_xml, "<Declaration><![CDATA[</Declaration>]]></Declaration>",
          "[<Declaration><![CDATA[</Declaration>]]></Declaration>]\n");
    gives(cut_xml, "<Declaration a=\"/>\" b='>'>x</Declaration>",
          "[<Declaration a=\"/>\" b='>'>x</Declaration>]\n");
    gives(cut_xml, "<Declaration><?pi </Declaration>?></Declaration>",
          "[<Declaration><?pi </Declaration>?></Declaration>]\n");
}

static void a_message_that_is_not_closed_ends_where_the_next_one_begins(void **state)
{
    (void)state;
    gives(cut_xml, "<MetaData><Declaration></MetaDat><MetaData></MetaData>",
          "[<MetaData><Declaration></MetaDat>]\n[<MetaData></MetaData>]\n");
    gives(cut_xml, "<Declaration><a><Declaration/>", "[<Declaration><a>]\n[<Declaration/>]\n");
    gives(cut_xml, "<Declaration><a b=\"></Declaration><Declaration/>",
          "[<Declaration><a b=\"></Declaration>]\n[<Declaration/>]\n");
}

static void what_is_cut_short_is_told(void **state)
{
    (void)state;
    gives(cut_xml, "<Declaration><a>", "[<Declaration><a>]\n");
    gives(cut_xml, "<Declaration/><Declara", "[<Declaration/>]\n" NO_END);
    gives(cut_xml, "<Declaration/><!-- a", "[<Declaration/>]\n" NO_END);
    gives(cut_xml, "<all><Declaration/>",
          "[<Declaration/>]\n!the element 'all' around the messages has no end\n");
}

static void text_and_end_tags_between_messages_are_told(void **state)
{
    (void)state;
    gives(cut_xml, "<Declaration/></Declaration><Declaration/>",
          "[<Declaration/>]\n!an end tag 'Declaration' without its start\n[<Declaration/>]\n");
    char out[OUT_SIZE];
    cut_all(cut_xml, SPAN("<Declaration/>text<Declaration/>"), OUT_SIZE, out);
    assert_string_equal(out, "[<Declaration/>]\n!text that belongs to no message\n"
                             "[<Declaration/>]\n");
    cut_all(cut_xml, SPAN("<Declaration/>text<Declaration/>"), 1, out); // told once, not per piece
    assert_string_equal(out, "[<Declaration/>]\n!text that belongs to no message\n"
                             "[<Declaration/>]\n");
}

static void document_types_and_other_encodings_end_the_file(void **state)
{
    (void)state;
    gives(cut_xml, "<!DOCTYPE a [<!ENTITY b \"c\">]><Declaration/>",
          "!a document type declaration\n");
    gives(cut_xml, "<?xml version=\"1.0\" encoding='ISO-8859-1'?><Declaration/>",
          "!encoding 'ISO-8859-1'\n");
    gives(cut_xml, "<?xml version=\"1.0\" encoding=\"utf-8\"?><Declaration/>",
          "[<Declaration/>]\n");
}

static void a_file_without_declarations_says_what_it_is(void **state)
{
    (void)state;
    gives(cut_xml, "<x:arrival><a/></x:arrival>",
          "!there is no declaration in it: it is 'arrival'\n");
    gives(cut_xml, "<StatusResponse><Declaration/></StatusResponse>",
          "!'StatusResponse' is not a declaration\n");
    gives(cut_xml, "<!-- nothing -->", "!there is no declaration in it: it is ''\n");
}

// --- Too long ---

// What input.c does when a message is longer than its window: it passes what was looked at.
static void passes_over(cut_function cut_next, const char *text, const char *behind)
{
    struct cutter cutter = { 0 };
    struct span all = span_of(text);
    size_t begin = 0;
    for (size_t end = 1; end < all.len; end++) {
        struct span window = { all.at + begin, end - begin };
        struct cut cut = cut_next(&cutter, window, false);
        if (cut.kind == CUT_MORE) {
            begin += cutter.seen;
            cutter_pass(&cutter, cutter.seen);
            continue;
        }
        assert_int_equal(cut.kind, CUT_MESSAGE);
        assert_true(window.len < 16); // however long the message was
        assert_string_equal(window.at + cut.next, behind);
        return;
    }
    fail_msg("no end was found");
}

static void a_message_longer_than_the_window_is_passed_over_to_its_end(void **state)
{
    (void)state;
    passes_over(cut_line, "{\"a\":\"a long line of text\"}\n{}", "{}");
    passes_over(cut_json, "{\"a\":[\"}\\\"}\",{\"b\":[1,2,3]}],\"c\":{}} {}", " {}");
    passes_over(cut_xml,
                "<Declaration a='>'><b>long</b><!-- </Declaration> --><c/></Declaration ><d/>",
                "<d/>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_a_message_and_the_last_one_needs_no_end),
        cmocka_unit_test(blank_lines_are_no_messages),
        cmocka_unit_test(an_array_and_values_behind_each_other_are_cut_alike),
        cmocka_unit_test(brackets_in_strings_do_not_count),
        cmocka_unit_test(what_is_no_object_is_cut_out_for_its_reader_to_refuse),
        cmocka_unit_test(commas_between_declarations_are_asked_for),
        cmocka_unit_test(an_array_without_an_end_is_told),
        cmocka_unit_test(an_end_bracket_closes_what_was_left_open_inside),
        cmocka_unit_test(an_object_that_is_not_closed_ends_where_the_next_one_begins),
        cmocka_unit_test(a_string_that_is_not_closed_ends_with_its_line),
        cmocka_unit_test(brackets_may_be_deeper_than_anybody_needs),
        cmocka_unit_test(messages_are_found_behind_each_other_and_in_wrappers),
        cmocka_unit_test(comments_sections_and_attributes_hide_tags),
        cmocka_unit_test(a_message_that_is_not_closed_ends_where_the_next_one_begins),
        cmocka_unit_test(what_is_cut_short_is_told),
        cmocka_unit_test(text_and_end_tags_between_messages_are_told),
        cmocka_unit_test(document_types_and_other_encodings_end_the_file),
        cmocka_unit_test(a_file_without_declarations_says_what_it_is),
        cmocka_unit_test(a_message_longer_than_the_window_is_passed_over_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
