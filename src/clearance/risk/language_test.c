// docs/rule-language.md says what the program does: its examples, tables, errors and grammar.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "clearance/risk/names.h"
#include "clearance/risk/rules.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct page {
    struct arena arena;
    struct span manual;
};

static struct span load(struct page *page, const char *name)
{
    char path[512];
    assert_non_null(getenv("TIDEWAITER_ROOT"));
    snprintf(path, sizeof(path), "%s/%s", getenv("TIDEWAITER_ROOT"), name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("could not read %s", path);
    char *text = arena_take_raw(&page->arena, 1 << 18, 1);
    assert_non_null(text);
    size_t len = fread(text, 1, 1 << 18, file);
    fclose(file);
    assert_true(len > 0 && len < 1 << 18);
    return (struct span){ text, len };
}

static int page_open(void **state)
{
    struct page *page = calloc(1, sizeof(*page));
    if (page == NULL || !arena_open(&page->arena, 64 << 20, NULL)) return -1;
    page->manual = load(page, "docs/rule-language.md");
    *state = page;
    return 0;
}

static int page_close(void **state)
{
    struct page *page = *state;
    arena_close(&page->arena);
    free(page);
    return 0;
}

// The next fenced block of that kind from `*rest` on; false when there is none.
static bool next_block(struct span *rest, const char *kind, struct span *block)
{
    char fence[32];
    snprintf(fence, sizeof(fence), "\n```%s\n", kind);
    const char *begin = memmem(rest->at, rest->len, fence, strlen(fence));
    if (begin == NULL) return false;
    const char *end = rest->at + rest->len;
    begin += strlen(fence);
    const char *close = memmem(begin, (size_t)(end - begin), "\n```\n", 5);
    assert_non_null(close);
    *block = (struct span){ begin, (size_t)(close - begin) + 1 };
    *rest = (struct span){ close + 1, (size_t)(end - close) - 1 };
    return true;
}

static struct span only_block(const struct page *page, const char *kind)
{
    struct span rest = page->manual, block = { 0 }, another;
    assert_true(next_block(&rest, kind, &block));
    assert_false(next_block(&rest, kind, &another));
    return block;
}

static void the_rules_that_it_shows_can_be_read(void **state)
{
    struct page *page = *state;
    struct span rest = page->manual, block = { 0 };
    const struct risk_rules *rules;
    struct error err = { 0 };
    uint32_t count = 0;
    while (next_block(&rest, "rules", &block)) {
        if (!risk_rules_read(block, &page->arena, &rules, &err))
            fail_msg("%u:%u: %s", err.line, err.column, err.text);
        count += rules->count;
    }
    assert_true(count >= 2);
}

// --- Conditions ---

static bool hits(struct page *page, const struct clearance *clearance, struct span condition,
                 const char *not)
{
    char text[512];
    const struct risk_rules *rules;
    struct error err = { 0 };
    snprintf(text, sizeof(text), "rule A \"a\" score 1 when %s (" SPAN_FMT ")", not,
             SPAN_ARG(condition));
    size_t mark = page->arena.used;
    if (!risk_rules_read(span_of(text), &page->arena, &rules, &err))
        fail_msg("%s: %u: %s", text, err.column, err.text);
    bool is = risk_rule_hits(rules, &rules->rules[0], clearance);
    arena_reset(&page->arena, mark);
    return is;
}

static void its_conditions_are_true_false_or_unknown_as_it_says(void **state)
{
    struct page *page = *state;
    struct file file = { .customs_value = { 240000, "EUR" }, .duty_total = { 6000, "EUR" },
                         .warnings_count = 1 };
    struct money values[] = { { 200000, "EUR" }, { 40000, "EUR" } };
    struct clearance clearance = { .file = &file, .item_values = values };
    struct json json;
    assert_true(json_read(only_block(page, "json"), &page->arena, &json, NULL));
    assert_true(declaration_read_json(&json, 0, &page->arena, &file.declaration, NULL));

    struct span_pair lines = { .tail = only_block(page, "conditions"), .found = true };
    uint32_t count = 0;
    for (lines = span_cut(lines.tail, '\n'); lines.found; lines = span_cut(lines.tail, '\n')) {
        struct span_pair parts = span_cut(lines.head, ' ');
        struct span condition = span_trim(parts.tail);
        bool is = hits(page, &clearance, condition, "");
        bool is_not = hits(page, &clearance, condition, "not");
        const char *answer = is ? "yes" : is_not ? "no" : "unknown";
        if (!span_equal(parts.head, span_of(answer)))
            fail_msg("'" SPAN_FMT "' is %s", SPAN_ARG(lines.head), answer);
        count++;
    }
    assert_true(count > 20);
}

// --- Tables ---

// The cell of a table's row, without blanks and backticks: | 0 | 1 | 2 |
static struct span cell(struct span line, uint32_t number)
{
    struct span_pair parts = span_cut(line, '|');
    for (uint32_t i = 0; i <= number; i++) parts = span_cut(parts.tail, '|');
    struct span text = span_trim(parts.head);
    bool quoted = text.len >= 2 && text.at[0] == '`';
    return quoted ? (struct span){ text.at + 1, text.len - 2 } : text;
}

// The table's first row behind its head, or the line behind its last.
static struct span table(const struct page *page, const char *head)
{
    const char *found = memmem(page->manual.at, page->manual.len, head, strlen(head));
    if (found == NULL) fail_msg("there is no table %s", head);
    struct span rest = { found, (size_t)(page->manual.at + page->manual.len - found) };
    return span_cut(span_cut(rest, '\n').tail, '\n').tail;
}

static void its_names_are_those_of_the_program(void **state)
{
    struct span rest = table(*state, "| name | in an item | elsewhere | meaning |");
    for (uint32_t i = 0; i < short_rows_count; i++) {
        const struct short_row *row = &short_rows[i];
        struct span_pair line = span_cut(rest, '\n');
        bool same = span_equal(cell(line.head, 0), span_of(row->word)) &&
                    span_equal(cell(line.head, 1), span_of(row->item_path)) &&
                    span_equal(cell(line.head, 2), span_of(row->path));
        if (!same) fail_msg("'" SPAN_FMT "' is not the row of %s", SPAN_ARG(line.head), row->word);
        assert_true(cell(line.head, 3).len > 0);
        rest = line.tail;
    }
    assert_int_equal(span_cut(rest, '\n').head.len, 0);
}

static void its_limits_are_those_of_the_program(void **state)
{
    static const struct { const char *name; uint64_t limit; } limits[] = {
        { "bytes of the file", RISK_TEXT_MAX },
        { "rules", RISK_RULES_MAX },
        { "names, values and operators of a rule", RISK_RULE_NODES_MAX },
        { "different fields that all rules name", RISK_FIELDS_MAX - 1 },
        { "brackets within brackets", RISK_DEPTH_MAX },
        { "lists within lists", RISK_LISTS_MAX },
        { "bytes of a name", RISK_NAME_MAX },
        { "bytes of a sentence", RISK_SENTENCE_MAX },
    };
    struct span rest = table(*state, "| limit | |");
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct span_pair line = span_cut(rest, '\n');
        uint64_t limit;
        assert_true(span_equal(cell(line.head, 0), span_of(limits[i].name)));
        assert_true(span_to_u64(cell(line.head, 1), &limit));
        assert_int_equal(limit, limits[i].limit);
        rest = line.tail;
    }
}

// --- Errors ---

// The last two lines are the message and the hint, the others the rules.
static void its_errors_are_told_as_it_says(void **state)
{
    struct page *page = *state;
    struct span rest = page->manual, block = { 0 };
    uint32_t count = 0;
    while (next_block(&rest, "error", &block)) {
        struct error err = { 0 };
        const struct risk_rules *rules;
        char message[256];
        block.len--; // the last line's end
        struct span_pair hint = span_cut_last(block, '\n');
        struct span_pair text = span_cut_last(hint.head, '\n');
        if (risk_rules_read(text.head, &page->arena, &rules, &err))
            fail_msg("read: " SPAN_FMT, SPAN_ARG(text.head));
        snprintf(message, sizeof(message), "%u:%u: %s", err.line, err.column, err.text);
        if (!span_equal(text.tail, span_of(message)) || !span_equal(hint.tail, span_of(err.hint)))
            fail_msg(SPAN_FMT "\n%s\n%s", SPAN_ARG(block), message, err.hint);
        count++;
    }
    assert_true(count >= 6);
}

// --- Grammar ---

static void its_grammar_is_that_of_the_parser(void **state)
{
    struct page *page = *state;
    struct span code = load(page, "src/clearance/risk/rules.c");
    struct text expected = text_in(&page->arena, 2048);
    struct span_pair lines = { .tail = only_block(page, "grammar"), .found = true };
    for (lines = span_cut(lines.tail, '\n'); lines.found; lines = span_cut(lines.tail, '\n')) {
        text_add(&expected, SPAN("// "));
        text_add(&expected, lines.head);
        text_add_char(&expected, '\n');
    }
    assert_false(expected.full);
    assert_true(expected.len > 500);
    assert_non_null(memmem(code.at, code.len, expected.at, expected.len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rules_that_it_shows_can_be_read),
        cmocka_unit_test(its_conditions_are_true_false_or_unknown_as_it_says),
        cmocka_unit_test(its_names_are_those_of_the_program),
        cmocka_unit_test(its_limits_are_those_of_the_program),
        cmocka_unit_test(its_errors_are_told_as_it_says),
        cmocka_unit_test(its_grammar_is_that_of_the_parser),
    };
    return cmocka_run_group_tests(tests, page_open, page_close);
}
