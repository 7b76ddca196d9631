// The grammar of JSON as examples, rule by rule: what must be read, and what must be refused and at
// which place. It has every case that the well-known JSONTestSuite has, in bytes of our own; where
// RFC 8259 leaves a choice, the rule says which one was taken.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/limits.h"

#include <stdlib.h>

#define Y(text)                                                                                    \
    {                                                                                              \
        SPAN_INIT(text), 0, 0                                                                      \
    }
#define N(line, column, text)                                                                      \
    {                                                                                              \
        SPAN_INIT(text), line, column                                                              \
    }

// The place of the error; zeros for what is read.
struct example {
    struct span text;
    unsigned line, column;
};

struct rule {
    const char *sentence;
    bool read;
    struct example examples[40]; // ends with a text of no bytes, and none is before
};

// clang-format off
static const struct rule rules[] = {
    { "arrays hold any number of values of any kinds",
      true, {
        Y("[]"), Y("[ ]"), Y("[\n]"), Y("[\"\"]"), Y("[[],[]]"), Y("[[]   ]"),
        Y("[null, 7, \"seven\", {}]"), Y("[null,null,null,8]"), Y("[6\n]"), Y(" [9]"), Y("[4] "),
        Y("[false]"), Y("[true]"), Y("[null]"), Y("[\"UCR-1\"]"), Y("[1,[2,[3,[4]]]]"),
    } },
    { "any value may stand alone",
      true, {
        Y("null"), Y("true"), Y("false"), Y("17"), Y("-3"), Y("0"), Y("-0.25"), Y("\"quay\""),
        Y("\"\""), Y("{}"), Y(" [] "), Y("\"a\" "), Y(" \"a\""), Y("4.5e1 "),
    } },
    { "blanks are space, tab, line feed and carriage return",
      true, {
        Y("\t1"), Y("\r\n1"), Y("1\n"), Y(" \t\r\n{ \t\r\n} \t\r\n"), Y("[1 , 2]"),
        Y("{\"a\" : 1}"), Y("{\"a\":1,\n\"b\":2}"), Y("[\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n1]"),
        Y("                                        1"),
    } },
    { "numbers have an optional minus, a whole part, perhaps a fraction, perhaps an exponent",
      true, {
        Y("-0"), Y("-0.0"), Y("[0e1]"), Y("[0e+1]"), Y("[0E-7]"), Y("[8]"), Y("[-8]"), Y("[20]"),
        Y("[321]"), Y("[321.75]"), Y("[21e3]"), Y("[21E3]"), Y("[2E+4]"), Y("[2e-4]"), Y("[6E-12]"),
        Y("[30.5e7]"), Y("[40.125e-9]"), Y("[0.5]"), Y("[-5]"), Y("[-0]"), Y("[-60]"), Y("[ 5]"),
        Y("[0.10]"),
    } },
    { "numbers may be longer than any machine's: they are kept as text",
      true, {
        Y("[98765432109876543210987654321]"), Y("[-98765432109876543210987654321]"),
        Y("[-0.00000000000000000000000000000000000000000000000000000000000000000000004]"),
        Y("[0.999999999999999999999999999999999999999999999999999999999999]"), Y("[7e99999]"),
        Y("[-7E+99999]"), Y("[7e-99999]"),
        Y("[0.3e00888888888888888888888888888888888888888888888888888888888888]"),
        Y("[1.25e+40000]"), Y("[-321321E100000]"), Y("[5e-10000000]"), Y("[765.25e-987]"),
    } },
    { "objects hold keys and values; the empty key is a key",
      true, {
        Y("{\"\":7}"), Y("{\"port\":\"Mombasa\"}"), Y("{\"port\":\"Mombasa\",\"berth\":\"9\"}"),
        Y("{\"port\":[]}"), Y("{\"a\":{\"b\":{\"c\":null}}}"),
        Y("{\"min\":-1.0e+28,\"max\":1.0e+28}"),
        Y("{\"a\":[{\"k\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}"
          "],\"k\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}"),
        Y("{\n\"a\": \"b\"\n}"), Y("{\"gate\\u0000seal\":42}"),
        Y("{\"title\":\"\\u041a\\u043e\\u0444\\u0435\"}"), Y("{\"a\":1,\"A\":2,\"aa\":3,\"a \":4}"),
    } },
    { "the nine escapes of strings",
      true, {
        Y("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"]"), Y("[\"\\\"\"]"), Y("[\"\\\\n\"]"),
        Y("[\"\\\\\"]"), Y("[\"\\/\"]"), Y("[\"\\b\"]"), Y("[\"\\f\"]"), Y("[\"\\n\"]"),
        Y("[\"\\r\"]"), Y("[\"\\t\"]"), Y("[\"\\u0012\"]"), Y("[\"\\u0000\"]"),
        Y("[\"x\\u002Cy\"]"), Y("[\"\\u0022\"]"), Y("[\"\\u005C\"]"),
        Y("[\"\\u0060\\u012a\\u12AB\"]"), Y("[\"\\uabcd\\uABCD\"]"), Y("[\"\\uA67D\"]"),
        Y("[\"\\uFFFF\"]"), Y("[\"\\uFDD1\"]"), Y("[\"\\uFFFE\"]"), Y("[\"\\u00A0\"]"),
        Y("[\"\\u2028\\u2029\"]"), Y("[\"\\u200B\"]"), Y("[\"\\u2063\"]"),
        Y("[\"\\u05D0caf\\u05D1\"]"), Y("[\"/* not a comment */\"]"), Y("[\"// nor this\"]"),
        Y("[\"0123456789abcde\\n\"]"), Y("[\"0123456789abcdef\\\"0123456789abcdef\"]"),
    } },
    { "a character above U+FFFF is an escaped pair of surrogates",
      true, {
        Y("[\"\\uD83D\\uDEA2\"]"), Y("[\"\\ud83d\\udea2\"]"), Y("[\"\\uD800\\uDC00\"]"),
        Y("[\"\\uDBFF\\uDFFF\"]"), Y("[\"\\uD83F\\uDFFE\"]"),
        Y("[\"\\uD83D\\uDEA2\\uD83D\\uDEA2\"]"), Y("[\"\\uD834\\uDD1E ashore\"]"),
    } },
    { "UTF-8 stands for itself, from one byte to four",
      true, {
        Y("[\"\x7F\"]"), Y("[\"a\x7F" "b\"]"), Y("[\"\xC2\x80\"]"), Y("[\"\xC2\xA0\"]"),
        Y("[\"\xDF\xBF\"]"), Y("[\"\xE0\xA0\x80\"]"), Y("[\"\xCF\x80\"]"),
        Y("[\"\xE2\x82\xAC 12\"]"), Y("[\"\xE2\x80\xA8\"]"), Y("[\"\xE2\x80\xA9\"]"),
        Y("[\"\xED\x9F\xBF\"]"), Y("[\"\xEE\x80\x80\"]"), Y("[\"\xEF\xBF\xBF\"]"),
        Y("[\"\xF0\x90\x80\x80\"]"), Y("[\"\xF0\x9F\x9A\xA2\"]"), Y("[\"\xF0\x9B\xBF\xBF\"]"),
        Y("[\"\xF4\x8F\xBF\xBF\"]"),
        Y("[\"\xE6\xB8\xAF\xE5\x8F\xA3\xE6\xB8\xAF\xE5\x8F\xA3\xE6\xB8\xAF\xE5\x8F\xA3\"]"),
        Y("{\"\xC3\xA9tat\":\"\xC3\xB4\"}"), Y("[\"\xEF\xBB\xBF\"]"),
    } },
    { "there must be a value",
      false, {
        N(1, 2, " "), N(2, 3, "\n\t "),
    } },
    { "nothing may stand behind the value",
      false, {
        N(1, 2, "1]"), N(1, 4, "[1]x"), N(1, 4, "[1]]"), N(1, 6, "[\"a\"]]"), N(1, 5, "[\"\"],"),
        N(1, 3, "[][]"), N(1, 3, "{}}"), N(1, 9, "{\"a\":1} \"b\""), N(1, 2, "2@"),
        N(1, 3, "\"\"x"), N(1, 10, "{\"a\":\"b\"}#"), N(1, 10, "{\"a\":\"b\"}#{}"),
        N(1, 6, "true false"), N(1, 3, "1 2"), N(1, 4, "123\x00"), N(1, 3, "[]\x00"),
        N(1, 5, "nullnull"), N(1, 8, "{\"a\":1}{\"b\":2}"),
    } },
    { "values in an array are parted by one comma",
      false, {
        N(1, 4, "[5 true]"), N(1, 3, "[5[6]]"), N(1, 6, "[\"a\" \"b\"]"), N(1, 3, "[5:6]"),
        N(1, 4, "[\"\": 5]"), N(1, 7, "[\"a\", truth]"), N(1, 3, "[1;2]"), N(1, 4, "[{}{}]"),
    } },
    { "a comma stands only between two values",
      false, {
        N(1, 4, "[5,]"), N(1, 4, "[5,,]"), N(1, 6, "[\"a\",]"), N(1, 6, "[\"a\",,]"),
        N(1, 4, "[5,,6]"), N(1, 2, "[,5]"), N(1, 2, "[,]"), N(1, 5, "[   , \"\"]"), N(1, 2, "[,"),
        N(2, 1, "[5 ,\n]"),
    } },
    { "a comma stands only between two members",
      false, {
        N(1, 9, "{\"id\":7,}"), N(1, 9, "{\"id\":7,,,,,}"), N(1, 10, "{\"a\":\"b\",,\"c\":\"d\"}"),
        N(1, 2, "{,"), N(1, 2, "{,\"a\":1}"), N(1, 11, "{\"x\":true,"), N(1, 10, "{\"a\":1 , }"),
    } },
    { "an array ends",
      false, {
        N(1, 2, "["), N(1, 4, "[\"\""), N(1, 5, "[\"a\""), N(1, 3, "[5"), N(1, 4, "[5,"),
        N(1, 4, "[{}"), N(3, 4, "[\"a\",\n5\n,6,"), N(3, 3, "[5,\n6\n,7"), N(1, 4, "[[["),
        N(1, 6, "[\"a\","), N(1, 3, "[ "),
    } },
    { "an object ends",
      false, {
        N(1, 2, "{"), N(1, 3, "{ "), N(1, 5, "{\"a\""), N(1, 6, "{\"a\":"), N(1, 7, "{\"a\":1"),
        N(1, 9, "{\"a\":\"b\""), N(1, 5, "{\"\":"), N(1, 3, "[{"), N(1, 9, "{\"a\":[1]"),
        N(1, 2, "{["), N(1, 7, "{\"a\": "),
    } },
    { "arrays and objects close with their own bracket",
      false, {
        N(1, 2, "[}"), N(1, 2, "{]"), N(1, 3, "[1}"), N(1, 7, "{\"a\":1]"), N(1, 8, "[{\"a\":1]]"),
        N(1, 8, "{\"a\":[1}}"), N(1, 1, "]"), N(1, 1, "}"),
    } },
    { "a member is a key, a colon and a value",
      false, {
        N(1, 5, "{\"x\", null}"), N(1, 6, "{\"x\"::\"b\"}"), N(1, 6, "{\"a\" b}"),
        N(1, 6, "{\"a\" \"b\"}"), N(1, 2, "{:\"b\"}"), N(1, 5, "{\"a\"}"),
        N(1, 17, "{\"foo\":\"bar\",\"a\"}"), N(1, 10, "{\"a\":\"a\" 123}"), N(1, 6, "{\"a\":}"),
        N(1, 5, "{\"a\"=1}"), N(1, 7, "{\"a\":1:2}"), N(1, 6, "{\"a\" 1}"),
    } },
    { "a key is a string",
      false, {
        N(1, 2, "{7:7}"), N(1, 2, "{9999E9999:1}"), N(1, 2, "{null:null,null:null}"),
        N(1, 2, "{a: \"b\"}"), N(1, 2, "{key: 'value'}"), N(1, 2, "{'a':0}"), N(1, 2, "{'a'"),
        N(1, 2, "{[: \"x\"}\n"), N(1, 2, "{{}:1}"), N(1, 2, "{\xF0\x9F\x9A\xA2}"),
        N(1, 2, "{true:1}"), N(1, 8, "{\"a\":1,b:2}"),
    } },
    { "a key stands once in an object, however it is spelled",
      false, {
        N(1, 8, "{\"a\":1,\"a\":2}"), N(1, 8, "{\"a\":1,\"a\":1}"), N(1, 7, "{\"\":1,\"\":2}"),
        N(1, 15, "{\"a\":1,\"b\":{},\"a\":[]}"), N(1, 8, "{\"a\":1,\"\\u0061\":2}"),
        N(1, 13, "{\"\\u0061\":1,\"a\":2}"), N(1, 9, "{\"\\/\":1,\"/\":2}"),
        N(1, 35, "[{\"b\":{\"long long key, over 16\":1,\"long long key, over 16\":2}}]"),
        N(1, 19, "{\"\\ud83d\\udea2\":1,\"\xF0\x9F\x9A\xA2\":2}"),
    } },
    { "there are no comments",
      false, {
        N(1, 6, "{\"a\":/*why*/\"b\"}"), N(1, 10, "{\"a\":\"b\"}/**/"),
        N(1, 10, "{\"a\":\"b\"}/**//"), N(1, 10, "{\"a\":\"b\"}//"), N(1, 10, "{\"a\":\"b\"}/"),
        N(1, 1, "// a\n1"), N(1, 1, "/**/1"), N(1, 4, "[1 /* one */]"), N(1, 1, "# a\n1"),
    } },
    { "the only words are true, false and null, in small letters",
      false, {
        N(1, 2, "[nul]"), N(1, 2, "[tru]"), N(1, 2, "[fals]"), N(1, 2, "[True]"), N(1, 2, "[TRUE]"),
        N(1, 2, "[NULL]"), N(1, 2, "[None]"), N(1, 2, "[truE]"), N(1, 1, "abc"), N(1, 2, "[x"),
        N(1, 10, "[ false, nul"), N(1, 9, "[ true, fals"), N(1, 10, "[ false, tru"), N(1, 1, "t"),
        N(1, 1, "undefined"), N(1, 1, "a\xC3\xA5"), N(1, 1, "\xC3\xA5"), N(1, 5, "nulll"),
        N(1, 5, "truefalse"),
    } },
    { "infinities and not-a-number are no numbers",
      false, {
        N(1, 2, "[NaN]"), N(1, 3, "[-NaN]"), N(1, 2, "[Inf]"), N(1, 2, "[+Inf]"),
        N(1, 2, "[Infinity]"), N(1, 3, "[-Infinity]"), N(1, 1, "nan"),
    } },
    { "a number begins with a digit or a minus",
      false, {
        N(1, 2, "[+1]"), N(1, 2, "[++77]"), N(1, 2, "[.5]"), N(1, 2, "[.2e-3]"), N(1, 2, "[.-1]"),
        N(1, 2, "[\xEF\xBC\x91]"), N(1, 1, "+0"),
    } },
    { "a digit follows the minus",
      false, {
        N(1, 3, "[-]"), N(1, 2, "-"), N(1, 3, "[- 1]"), N(1, 3, "[-.5]"), N(1, 3, "[-foo]"),
        N(1, 3, "[--1]"), N(1, 3, "[-e1]"),
    } },
    { "a number has no leading zero",
      false, {
        N(1, 2, "[012]"), N(1, 3, "[-01]"), N(1, 3, "[-012]"), N(1, 1, "00"), N(1, 2, "[000.5]"),
        N(1, 1, "01"),
    } },
    { "a digit stands on both sides of the point",
      false, {
        N(1, 4, "[1.]"), N(1, 5, "[-2.]"), N(1, 4, "[2.e3]"), N(1, 4, "[2.e+3]"),
        N(1, 4, "[2.e-3]"), N(1, 4, "[0.e1]"), N(1, 4, "[9.e+]"), N(1, 3, "1."), N(1, 5, "[-2.,3]"),
    } },
    { "an exponent has a digit, and at most one sign in front",
      false, {
        N(1, 4, "[0e]"), N(1, 4, "[0E]"), N(1, 5, "[0e+]"), N(1, 5, "[0E+]"), N(1, 6, "[0.3e]"),
        N(1, 7, "[0.3e+]"), N(1, 6, "[1.0e]"), N(1, 7, "[1.0e-]"), N(1, 7, "[1.0e+]"),
        N(1, 4, "[1eE2]"), N(1, 5, "[0e+-1]"), N(1, 4, "[1ea]"), N(1, 3, "5e"), N(1, 4, "5e-"),
        N(1, 4, "[1e 5]"), N(1, 5, "[1e1.5]"),
    } },
    { "a number ends where its grammar ends",
      false, {
        N(1, 4, "[1 000.0]"), N(1, 3, "[1+2]"), N(1, 3, "[0x1]"), N(1, 3, "[0x42]"),
        N(1, 5, "[0.1.2]"), N(1, 6, "[-1.0.]"), N(1, 8, "[-123.5foo]"), N(1, 4, "[-1x]"),
        N(1, 5, "[1.2a-3]"), N(1, 5, "[1.8H-308]"), N(1, 3, "[1_000]"), N(1, 6, "[1,5]x"),
        N(1, 3, "[5f]"), N(1, 3, "[0b1]"), N(1, 3, "[5-]"), N(1, 5, "[1e5e5]"),
        N(1, 9, "[1.5,2.5.]"),
    } },
    { "a string ends with a quote",
      false, {
        N(1, 1, "\""), N(1, 2, "[\"a"), N(1, 2, "[\"asd]"), N(1, 5, "[\"\","), N(1, 2, "{\"a"),
        N(1, 6, "{\"a\":\"a"), N(1, 2, "[\"\\\"]"), N(1, 3, "[\"\\"), N(1, 2, "[\"\\\\\\\"]"),
        N(1, 1, "\"0123456789abcdef0123456789abcdef"), N(1, 2, "[\"a\\\"]"),
    } },
    { "strings stand in double quotes",
      false, {
        N(1, 2, "['quay']"), N(1, 2, "['"), N(1, 1, "'a'"), N(1, 2, "[`a`]"),
        N(1, 2, "[\xE2\x80\x9C" "a\xE2\x80\x9D]"), N(1, 2, "[*]"), N(1, 1, "*"),
        N(1, 2, "[\xC3\xA9]"), N(1, 2, "[abc\"]"), N(1, 1, "<.>"), N(1, 2, "[<null>]"),
    } },
    { "a control character in a string is escaped",
      false, {
        N(1, 4, "[\"a\x00" "a\"]"), N(1, 6, "[\"new\nline\"]"), N(1, 3, "[\"\t\"]"),
        N(1, 3, "[\"\x1F\"]"), N(1, 3, "[\"\r\"]"), N(1, 4, "{\"a\nb\":1}"), N(1, 3, "[\"\x0B\"]"),
        N(1, 21, "[\"0123456789abcdef01\x01\"]"), N(1, 3, "[\"\x00\"]"),
    } },
    { "only nine escapes are known",
      false, {
        N(1, 3, "[\"\\x00\"]"), N(1, 3, "[\"\\a\"]"), N(1, 3, "[\"\\\x00\"]"),
        N(1, 3, "[\"\\\t\"]"), N(1, 3, "[\"\\\xF0\x9F\x9A\xA2\"]"), N(1, 3, "[\"\\'\"]"),
        N(1, 3, "[\"\\0\"]"), N(1, 3, "[\"\\v\"]"), N(1, 2, "\"\\UA66D\""),
        N(1, 3, "[\"\\ u0041\"]"), N(1, 3, "[\"\\\n\"]"), N(1, 3, "[\"\\{[\"\\{[\"\\{"),
    } },
    { "\\u has four hexadecimal digits",
      false, {
        N(1, 3, "[\"\\u\"]"), N(1, 3, "[\"\\u0\"]"), N(1, 3, "[\"\\u00\"]"),
        N(1, 3, "[\"\\u00A\"]"), N(1, 3, "[\"\\uqqqq\"]"), N(1, 3, "[\"\\u00G0\"]"),
        N(1, 3, "[\"\\u+041\"]"), N(1, 3, "[\"\\u 041\"]"), N(1, 3, "[\"\\u{41}\"]"),
        N(1, 3, "[\"\\u00"), N(1, 3, "[\"\\u-001\"]"),
    } },
    { "half of a surrogate pair is no character",
      false, {
        N(1, 3, "[\"\\ud801\"]"), N(1, 3, "[\"\\uDC01\"]"), N(1, 3, "[\"\\ud801abc\"]"),
        N(1, 3, "[\"\\uD801\\n\"]"), N(1, 3, "[\"\\uD801\\\"]"), N(1, 3, "[\"\\uD801\\u\"]"),
        N(1, 3, "[\"\\uD801\\u1\"]"), N(1, 3, "[\"\\uD801\\u1x\"]"), N(1, 3, "[\"\\uD834\\uDd\"]"),
        N(1, 3, "[\"\\uD801\\uD801\\x\"]"), N(1, 3, "[\"\\uD801\\uD801\\n\"]"),
        N(1, 3, "[\"\\uD888\\u1234\"]"), N(1, 3, "[\"\\uDd1e\\uD834\"]"), N(1, 3, "[\"\\uDd2ea\"]"),
        N(1, 3, "{\"\\uDFAB\":0}"), N(1, 3, "[\"\\uDBFF\\uE000\"]"), N(1, 3, "[\"\\ud801"),
        N(1, 3, "[\"\\uD83D\xF0\x9F\x9A\xA2\"]"),
    } },
    { "escapes stand only in strings",
      false, {
        N(1, 2, "[\\u0020\"abc\"]"), N(1, 2, "[\\n]"), N(1, 2, "[\\u000A\"\"]"),
        N(1, 3, "[\"\x0B" "a\"\\f]"), N(1, 1, "\\\"a\\\""),
    } },
    { "only four blanks are known",
      false, {
        N(1, 2, "[\x0C]"), N(1, 2, "[\x0B]"), N(1, 2, "[\xC2\xA0]"), N(1, 2, "[\xE2\x81\xA0]"),
        N(1, 2, "[\xE3\x80\x80 1]"), N(1, 2, "[\x00]"), N(1, 3, "[1\x0C]"), N(1, 1, "\x0C" "1"),
        N(1, 1, "\xC2\x85" "1"), N(1, 2, "[\xE2\x80\xA8" "1]"), N(1, 2, "{\x0B}"),
        N(1, 5, "{\"a\"\xC2\xA0:1}"),
    } },
    { "a byte order mark is no blank",
      false, {
        N(1, 1, "\xEF\xBB\xBF"), N(1, 1, "\xEF\xBB\xBF{}"), N(1, 3, "{}\xEF\xBB\xBF"),
    } },
    { "every byte is part of UTF-8",
      false, {
        N(1, 1, "\xE9"), N(1, 2, "[\xFF]"), N(1, 3, "[a\xE5]"), N(1, 3, "[\"\xFF\"]"),
        N(1, 3, "[\"\x81\"]"), N(1, 3, "[\"\xE9\"]"), N(1, 3, "[0\xE5]\n"), N(1, 5, "[123\xE5]"),
        N(1, 5, "[1e1\xE5]"), N(1, 4, "[1e\xE5]"), N(1, 5, "[\"\\u\xE5\"]"),
        N(1, 4, "[\"\\\xE5\"]"), N(1, 3, "{\"\xB9\":\"0\",}"), N(1, 1, "\xE5"),
        N(1, 1, "\xEF\xBB{}"), N(1, 3, "[\"\xC3\"]"), N(1, 3, "[\"\xC3"), N(1, 3, "[\"\xE2\x82\"]"),
        N(1, 3, "[\"\xF0\x9F\x9A\"]"), N(1, 3, "[\"\xE0\xFF\"]"),
        N(1, 8, "[\"\xE6\x97\xA5\xD1\x88\xFA\"]"),
        N(1, 35, "[\"0123456789abcdef0123456789abcdef\x80\"]"),
    } },
    { "UTF-8 has no overlong forms",
      false, {
        N(1, 3, "[\"\xC0\xAF\"]"), N(1, 3, "[\"\xC1\xBF\"]"), N(1, 3, "[\"\xE0\x80\xAF\"]"),
        N(1, 3, "[\"\xE0\x9F\xBF\"]"), N(1, 3, "[\"\xF0\x80\x80\xAF\"]"),
        N(1, 3, "[\"\xF0\x8F\xBF\xBF\"]"), N(1, 3, "[\"\xFC\x83\xBF\xBF\xBF\xBF\"]"),
        N(1, 3, "[\"\xFC\x80\x80\x80\x80\x80\"]"), N(1, 3, "[\"\xF8\x88\x80\x80\x80\"]"),
    } },
    { "UTF-8 has no surrogates, and ends with U+10FFFF",
      false, {
        N(1, 3, "[\"\xED\xA0\x80\"]"), N(1, 3, "[\"\xED\xBF\xBF\"]"),
        N(1, 3, "[\"\xED\xA0\xBD\xED\xBA\xA2\"]"), N(1, 3, "[\"\xF4\x90\x80\x80\"]"),
        N(1, 3, "[\"\xF4\xBF\xBF\xBF\"]"), N(1, 3, "[\"\xF5\x80\x80\x80\"]"),
    } },
    { "UTF-16 and UTF-32 are not read",
      false, {
        N(1, 1, "\xFF\xFE[\x00]\x00"), N(1, 1, "\xFE\xFF\x00[\x00]"),
        N(1, 5, "[\x00\"\x00\xE9\x00\"\x00]\x00"), N(1, 6, "\x00[\x00\"\x00\xE9\x00\"\x00]"),
        N(1, 2, "[\x00]\x00"), N(1, 1, "\x00\x00\x00[\x00\x00\x00]"),
    } },
};
// clang-format on

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    struct error err;
    return arena_open(&arena, (size_t)64 * MIB, &err) ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

// Reads a copy of exactly the text's size, so that a sanitizer sees a byte too far.
static bool reads(struct span text, struct error *err)
{
    char *copy = malloc(text.len > 0 ? text.len : 1);
    assert_non_null(copy);
    memcpy(copy, text.at, text.len);
    struct json json;
    bool read = json_read((struct span){ copy, text.len }, &arena, &json, err);
    if (read) assert_int_equal(json.nodes[0].next, json.count);
    else assert_int_equal(arena.used, 0);
    arena_reset(&arena, 0);
    free(copy);
    return read;
}

static void check_example(const struct rule *rule, const struct example *example)
{
    struct error err = { 0 };
    bool read = reads(example->text, &err);
    if (read != rule->read || err.line != example->line || err.column != example->column)
        fail_msg("%s: '" SPAN_FMT "' was %s, %u:%u %s", rule->sentence, SPAN_ARG(example->text),
                 read ? "read" : "refused", err.line, err.column, err.text);
    assert_int_equal(err.kind, read ? ERROR_NONE : ERROR_SYNTAX);
    assert_int_equal(err.text[0] == '\0', read);
}

static void every_example_is_read_or_refused_as_its_rule_says(void **state)
{
    (void)state;
    size_t read = 0, refused = 0;
    for (size_t r = 0; r < sizeof(rules) / sizeof(rules[0]); r++) {
        const struct example *example = rules[r].examples;
        for (; example->text.len > 0; example++) {
            check_example(&rules[r], example);
            if (rules[r].read) read++;
            else refused++;
        }
    }
    assert_true(read >= 140); // the table was not lost
    assert_true(refused >= 340);
}

static void an_empty_message_is_refused(void **state)
{
    (void)state;
    struct error err = { 0 };
    assert_false(reads(SPAN(""), &err));
    assert_string_equal(err.text, "found the end, expected a value");
    assert_string_equal(err.hint, "The message is empty.");
}

// What is read stays read with blanks around it, and refused when a byte is missing at its end,
// unless that leaves a shorter number.
static void examples_that_are_read_bear_blanks_around_them_but_no_cut(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof(rules) / sizeof(rules[0]); r++) {
        for (const struct example *e = rules[r].examples; rules[r].read && e->text.len > 0; e++) {
            char wider[512];
            assert_true(e->text.len + 4 <= sizeof(wider));
            wider[0] = ' ';
            wider[1] = '\n';
            memcpy(wider + 2, e->text.at, e->text.len);
            wider[2 + e->text.len] = '\t';
            wider[3 + e->text.len] = '\r';
            struct error err = { 0 };
            assert_true(reads((struct span){ wider, e->text.len + 4 }, &err));

            struct span text = span_trim(e->text);
            text.len--;
            bool number = text.at[0] == '-' || (text.at[0] >= '0' && text.at[0] <= '9');
            if (!number) assert_false(reads(text, &err));
        }
    }
}

static void nesting_is_read_to_the_limit_and_refused_beyond_it(void **state)
{
    (void)state;
    enum { DEEP = 100000 };
    char *text = malloc((size_t)6 * DEEP);
    assert_non_null(text);
    struct error err = { 0 };

    for (size_t levels = 1; levels <= JSON_DEPTH_MAX + 1; levels++) {
        memset(text, '[', levels);
        memset(text + levels, ']', levels);
        assert_int_equal(reads((struct span){ text, 2 * levels }, &err), levels <= JSON_DEPTH_MAX);
    }
    assert_int_equal(err.column, JSON_DEPTH_MAX + 1);

    memset(text, '[', DEEP);
    assert_false(reads((struct span){ text, DEEP }, &err));
    const struct span level = SPAN("[{\"\": ");
    for (size_t i = 0; i < DEEP; i++) memcpy(text + level.len * i, level.at, level.len);
    assert_false(reads((struct span){ text, level.len * DEEP }, &err));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_read_or_refused_as_its_rule_says),
        cmocka_unit_test(an_empty_message_is_refused),
        cmocka_unit_test(examples_that_are_read_bear_blanks_around_them_but_no_cut),
        cmocka_unit_test(nesting_is_read_to_the_limit_and_refused_beyond_it),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
