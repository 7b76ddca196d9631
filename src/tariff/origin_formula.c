#include "tariff/origin_formula.h"

#include <assert.h>

#include "base/limits.h"

enum { PERCENT_SCALE_MAX = 4, PERCENT_MAX = 100 };

static const char *const base_names[] = { "EXW", "FOB", "NC", "WEIGHT" };
static const char *const method_names[] = { "build-down", "build-up", "build-up-costs" };
enum { BASES = sizeof(base_names) / sizeof(base_names[0]) };
enum { METHODS = sizeof(method_names) / sizeof(method_names[0]) };

static const struct { const char *name; enum origin_kind kind; uint8_t level; } heads[] = {
    { "CC", ORIGIN_CHANGE, 2 },          { "CTH", ORIGIN_CHANGE, 4 },
    { "CTSH", ORIGIN_CHANGE, 6 },        { "ANY", ORIGIN_CHANGE, 0 },
    { "WO", ORIGIN_OBTAINED, 0 },        { "ORIGINATING", ORIGIN_ORIGINATING, 0 },
    { "FROM", ORIGIN_ONLY_FROM, 0 },     { "BALANCE", ORIGIN_BALANCE, 0 },
    { "MAXNOM", ORIGIN_SHARE_MAX, 0 },   { "RVC", ORIGIN_CONTENT_MIN, 0 },
    { "PROCESS", ORIGIN_PROCESS, 0 },    { "MANUAL", ORIGIN_MANUAL, 0 },
};
enum { HEADS = sizeof(heads) / sizeof(heads[0]) };

static const struct { const char *name; uint8_t digits; } groups[] = {
    { "chapter", 2 }, { "heading", 4 }, { "subheading", 6 },
};
enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

// --- Scanning ---

struct scan {
    struct span whole;
    const char *at, *end;
    struct arena *arena;
    struct error *err;
};

static bool wrong(const struct scan *scan, const char *at, const char *wanted)
{
    error_at(scan->err, scan->whole, at, "a rule of origin: %s is expected here", wanted);
    return error_hint(scan->err, "Write it like 'CTH except 8529 and MAXNOM 50 %% EXW or RVC 45 %% "
                                 "FOB'.");
}

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t')) scan->at++;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// The word that comes next, without moving.
static struct span peek_word(struct scan *scan)
{
    skip_blanks(scan);
    const char *end = scan->at;
    while (end < scan->end && is_word_char(*end)) end++;
    return (struct span){ scan->at, (size_t)(end - scan->at) };
}

static bool same_word(struct span word, const char *name)
{
    if (word.len != strlen(name)) return false;
    for (size_t i = 0; i < word.len; i++)
        if (lower(word.at[i]) != lower(name[i])) return false;
    return true;
}

static bool take_word(struct scan *scan, const char *name)
{
    struct span word = peek_word(scan);
    if (!same_word(word, name)) return false;
    scan->at += word.len;
    return true;
}

static bool take_char(struct scan *scan, char c)
{
    skip_blanks(scan);
    if (scan->at == scan->end || *scan->at != c) return false;
    scan->at++;
    return true;
}

// --- Parts of a condition ---

static bool read_words(struct scan *scan, struct span *words)
{
    if (!take_char(scan, '{')) return wrong(scan, scan->at, "'{' and words");
    const char *begin = scan->at;
    while (scan->at < scan->end && *scan->at != '}' && *scan->at != '{') scan->at++;
    if (scan->at == scan->end || *scan->at != '}') return wrong(scan, scan->at, "'}'");
    *words = span_trim((struct span){ begin, (size_t)(scan->at - begin) });
    scan->at++;
    if (words->len == 0) return wrong(scan, begin, "a text between the braces");
    if (words->len <= ORIGIN_WORDS_MAX) return true;
    return error_set(scan->err, ERROR_TOO_LARGE, "words of more than %d bytes", ORIGIN_WORDS_MAX);
}

bool origin_percent_read(struct span s, struct decimal *percent, struct error *err)
{
    if (!decimal_read(s, percent, err)) return false;
    bool fits = decimal_sign(*percent) >= 0 &&
                decimal_compare(*percent, decimal_of(PERCENT_MAX, 0)) <= 0;
    if (fits && percent->scale <= PERCENT_SCALE_MAX) return true;
    error_at(err, s, s.at, "a percentage of %d to %d with at most %d decimals, not " SPAN_FMT, 0,
             PERCENT_MAX, PERCENT_SCALE_MAX, SPAN_ARG(s));
    return error_hint(err, "Write the share of the whole, like 50 or 12.5.");
}

// Digits and points from here on.
static struct span take_number(struct scan *scan)
{
    skip_blanks(scan);
    const char *begin = scan->at;
    while (scan->at < scan->end && ((*scan->at >= '0' && *scan->at <= '9') || *scan->at == '.'))
        scan->at++;
    return (struct span){ begin, (size_t)(scan->at - begin) };
}

static bool read_percent(struct scan *scan, struct decimal *percent)
{
    struct span number = take_number(scan);
    struct error inner = { 0 };
    if (number.len == 0) return wrong(scan, number.at, "a percentage");
    if (!origin_percent_read(number, percent, &inner)) {
        error_at(scan->err, scan->whole, number.at, "%s", inner.text);
        return error_hint(scan->err, "%s", inner.hint);
    }
    (void)take_char(scan, '%');
    return true;
}

bool origin_base_read(struct span s, enum origin_base *base)
{
    for (uint32_t i = 0; i < BASES; i++) {
        if (!same_word(s, base_names[i])) continue;
        *base = (enum origin_base)i;
        return true;
    }
    return false;
}

static bool read_share(struct scan *scan, struct origin_condition *condition)
{
    if (!read_percent(scan, &condition->percent)) return false;
    bool bracket = take_char(scan, '(');
    struct span word = peek_word(scan);
    if (!origin_base_read(word, &condition->base))
        return wrong(scan, scan->at, "EXW, FOB, NC or WEIGHT");
    scan->at += word.len;
    if (bracket && !take_char(scan, ')')) return wrong(scan, scan->at, "')'");
    return true;
}

static bool read_code(struct scan *scan, struct origin_range *range)
{
    struct span digits = take_number(scan);
    if (origin_code_read(digits, range)) return true;
    return wrong(scan, digits.at, "a code of 2, 4, 6, 8 or 10 digits");
}

static bool read_item(struct scan *scan, struct origin_scope *scope, struct origin_range *ranges)
{
    if (take_word(scan, "own")) {
        for (uint32_t i = 0; i < GROUPS; i++) {
            if (!take_word(scan, groups[i].name)) continue;
            if (scope->own != 0) return wrong(scan, scan->at, "one group of the good's own");
            scope->own = groups[i].digits;
            return true;
        }
        return wrong(scan, scan->at, "chapter, heading or subheading");
    }
    if (scope->count == ORIGIN_RANGES_MAX)
        return error_set(scan->err, ERROR_TOO_LARGE, "a condition that names more than %d headings",
                         ORIGIN_RANGES_MAX);
    struct origin_range first, last;
    skip_blanks(scan);
    const char *begin = scan->at;
    if (!read_code(scan, &first)) return false;
    last = first;
    if (take_char(scan, '-') && !read_code(scan, &last)) return false;
    if (last.to < first.from) return wrong(scan, begin, "a range from a lower to a higher code");
    ranges[scope->count++] = (struct origin_range){ first.from, last.to };
    return true;
}

static bool keep_ranges(struct scan *scan, const struct origin_range *ranges,
                        struct origin_scope *scope)
{
    void *memory;
    if (!arena_need(scan->arena, scope->count, sizeof(*ranges), &memory, "a rule of origin",
                    scan->err))
        return false;
    if (scope->count > 0) memcpy(memory, ranges, scope->count * sizeof(*ranges));
    scope->ranges = memory;
    return true;
}

static bool read_scope(struct scan *scan, struct origin_scope *scope)
{
    struct origin_range ranges[ORIGIN_RANGES_MAX];
    skip_blanks(scan);
    if (scan->at < scan->end && *scan->at == '{') return read_words(scan, &scope->words);
    do
        if (!read_item(scan, scope, ranges)) return false;
    while (take_char(scan, ','));
    if (!keep_ranges(scan, ranges, scope)) return false;
    skip_blanks(scan);
    if (scan->at < scan->end && *scan->at == '{') return read_words(scan, &scope->words);
    return true;
}

// --- Conditions ---

static bool read_change(struct scan *scan, struct origin_condition *condition)
{
    if (take_word(scan, "except") && !read_scope(scan, &condition->scope)) return false;
    if (condition->level == 0) return true;
    if (take_word(scan, "tolerance") && !read_share(scan, condition)) return false;
    if (take_word(scan, "unless") && !read_words(scan, &condition->words)) return false;
    return true;
}

static bool read_content(struct scan *scan, struct origin_condition *condition)
{
    if (!read_share(scan, condition)) return false;
    for (uint32_t i = 0; i < METHODS; i++)
        if (take_word(scan, method_names[i])) condition->method = (enum origin_method)i;
    return true;
}

static bool read_tail(struct scan *scan, struct origin_condition *condition)
{
    switch (condition->kind) {
    case ORIGIN_CHANGE: return read_change(scan, condition);
    case ORIGIN_BALANCE: return true;
    case ORIGIN_PROCESS:
    case ORIGIN_MANUAL: return read_words(scan, &condition->words);
    case ORIGIN_ONLY_FROM: return read_scope(scan, &condition->scope);
    case ORIGIN_SHARE_MAX:
        if (!read_share(scan, condition)) return false;
        break;
    case ORIGIN_CONTENT_MIN:
        if (!read_content(scan, condition)) return false;
        break;
    case ORIGIN_ORIGINATING:
    case ORIGIN_OBTAINED: break;
    }
    return !take_word(scan, "of") || read_scope(scan, &condition->scope);
}

static bool read_condition(struct scan *scan, struct origin_condition *condition)
{
    struct span word = peek_word(scan);
    for (uint32_t i = 0; i < HEADS; i++) {
        if (!same_word(word, heads[i].name)) continue;
        scan->at += word.len;
        *condition = (struct origin_condition){ .kind = heads[i].kind, .level = heads[i].level };
        return read_tail(scan, condition);
    }
    return wrong(scan, scan->at, "a condition (CC, CTH, CTSH, ANY, WO, MAXNOM, RVC ...)");
}

static bool read_alternative(struct scan *scan, struct origin_alternative *alternative)
{
    struct origin_condition conditions[ORIGIN_CONDITIONS_MAX];
    uint32_t count = 0;
    void *memory;
    do {
        if (count == ORIGIN_CONDITIONS_MAX)
            return error_set(scan->err, ERROR_TOO_LARGE, "more than %d conditions joined by 'and'",
                             ORIGIN_CONDITIONS_MAX);
        if (!read_condition(scan, &conditions[count++])) return false;
    } while (take_word(scan, "and"));
    if (!arena_need(scan->arena, count, sizeof(conditions[0]), &memory, "a rule of origin",
                    scan->err))
        return false;
    memcpy(memory, conditions, count * sizeof(conditions[0]));
    *alternative = (struct origin_alternative){ .conditions = memory, .count = count };
    return true;
}

bool origin_formula_read(struct span s, struct arena *arena, struct origin_formula *formula,
                         struct error *err)
{
    struct scan scan = { s, s.at, s.len == 0 ? s.at : s.at + s.len, arena, err };
    struct origin_alternative read[ORIGIN_ALTERNATIVES_MAX];
    uint32_t count = 0;
    void *memory;
    do {
        if (count == ORIGIN_ALTERNATIVES_MAX)
            return error_set(err, ERROR_TOO_LARGE, "more than %d alternatives joined by 'or'",
                             ORIGIN_ALTERNATIVES_MAX);
        if (!read_alternative(&scan, &read[count++])) return false;
    } while (take_word(&scan, "or"));
    skip_blanks(&scan);
    if (scan.at < scan.end) return wrong(&scan, scan.at, "'and', 'or' or the end");
    if (!arena_need(arena, count, sizeof(read[0]), &memory, "a rule of origin", err)) return false;
    memcpy(memory, read, count * sizeof(read[0]));
    *formula = (struct origin_formula){ memory, count };
    return true;
}

// --- Writing ---

const char *origin_base_name(enum origin_base base) { return base_names[base]; }

static void write_words(struct text *text, struct span words)
{
    text_add(text, SPAN(" {"));
    text_add(text, words);
    text_add_char(text, '}');
}

static void write_scope(struct text *text, const char *in_front, const struct origin_scope *scope)
{
    if (scope->count == 0 && scope->own == 0 && scope->words.len == 0) return;
    text_add(text, span_of(in_front));
    for (uint32_t i = 0; i < scope->count; i++) {
        text_add(text, i > 0 ? SPAN(", ") : SPAN(" "));
        origin_range_write(text, scope->ranges[i]);
    }
    for (uint32_t i = 0; i < GROUPS; i++)
        if (groups[i].digits == scope->own)
            text_add_format(text, "%s own %s", scope->count > 0 ? "," : "", groups[i].name);
    if (scope->words.len > 0) write_words(text, scope->words);
}

static void write_share(struct text *text, const struct origin_condition *condition)
{
    text_add_char(text, ' ');
    decimal_write(text, condition->percent);
    text_add_format(text, " %% %s", base_names[condition->base]);
}

static void write_change(struct text *text, const struct origin_condition *condition)
{
    write_scope(text, " except", &condition->scope);
    if (condition->percent.given) {
        text_add(text, SPAN(" tolerance"));
        write_share(text, condition);
    }
    if (condition->words.len > 0) {
        text_add(text, SPAN(" unless"));
        write_words(text, condition->words);
    }
}

void origin_condition_write(struct text *text, const struct origin_condition *condition)
{
    uint32_t head = 0;
    while (heads[head].kind != condition->kind || heads[head].level != condition->level) {
        head++;
        assert(head < HEADS);
    }
    text_add(text, span_of(heads[head].name));
    switch (condition->kind) {
    case ORIGIN_CHANGE: write_change(text, condition); return;
    case ORIGIN_PROCESS:
    case ORIGIN_MANUAL: write_words(text, condition->words); return;
    case ORIGIN_ONLY_FROM: write_scope(text, "", &condition->scope); return;
    case ORIGIN_CONTENT_MIN:
        write_share(text, condition);
        text_add_format(text, " %s", method_names[condition->method]);
        break;
    case ORIGIN_SHARE_MAX: write_share(text, condition); break;
    case ORIGIN_OBTAINED:
    case ORIGIN_ORIGINATING:
    case ORIGIN_BALANCE: break;
    }
    write_scope(text, " of", &condition->scope);
}

void origin_alternative_write(struct text *text, const struct origin_alternative *alternative)
{
    for (uint32_t i = 0; i < alternative->count; i++) {
        if (i > 0) text_add(text, SPAN(" and "));
        origin_condition_write(text, &alternative->conditions[i]);
    }
}
