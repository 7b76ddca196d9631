#include "gates/books/origin_words.h"

#include <strings.h>

#include "gates/books/clause.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

// --- A clause after the other ---

static struct span behind(struct span s, size_t len)
{
    return (struct span){ s.at + len, s.len - len };
}

static bool is_one_of(char c, const char *marks) { return c != '\0' && strchr(marks, c) != NULL; }

// What may stand between two phrases and says no more than "all of them".
static struct span skip_between(struct span s)
{
    static const char *const words[] = { "and in which ", "and ", "in which ", "where ", "where, ",
                                         "provided that ", "manufacture ", "manufacture:",
                                         "production ", "production:", "manufacturing ",
                                         "in which:", "other operations ", "however, " };
    for (;;) {
        size_t len = 0;
        if (s.len > 0 && is_one_of(s.at[0], " ,.;:-")) len = 1;
        for (size_t i = 0; len == 0 && i < COUNT(words); i++) {
            size_t size = strlen(words[i]);
            if (s.len >= size && strncasecmp(s.at, words[i], size) == 0) len = size;
        }
        if (len == 0) return s;
        s = behind(s, len);
    }
}

// Takes phrases until the text is over. False where one is not understood.
static bool read_phrases(struct clause *clause, struct span text)
{
    size_t taken;
    for (text = skip_between(text); text.len > 0; text = skip_between(text)) {
        if (!clause_take(clause, text, &taken)) return false;
        text = behind(text, taken);
    }
    return clause->count > 0;
}

// --- Operations ---

static bool is_doing(struct span word)
{
    return span_ends_with(word, SPAN("ing")) || span_ends_with(word, SPAN("tion")) ||
           span_ends_with(word, SPAN("sion")) || span_ends_with(word, SPAN("ing-up"));
}

// "Weaving", "Yarn dyeing", "Production from": how a text begins that names what is to be done.
static bool begins_operation(struct span text)
{
    static const char *const openings[] = {
        "manufacture from ", "manufacture by ", "production from ", "production by ",
        "manufacture from: ", "operations of ", "specific process", "the operation of ",
        "removal of ", "electrolytic, thermal or chemical separation",
    };
    for (size_t i = 0; i < COUNT(openings); i++) {
        size_t size = strlen(openings[i]);
        if (text.len >= size && strncasecmp(text.at, openings[i], size) == 0) return true;
    }
    for (int word = 0; word < 3 && text.len > 0; word++) {
        size_t len = 0;
        while (len < text.len && !is_one_of(text.at[len], " ,.;")) len++;
        if (is_doing((struct span){ text.at, len })) return true;
        text = behind(text, len < text.len ? len + 1 : len);
    }
    return false;
}

static bool has_figures(struct span text)
{
    return text.len > 0 && memchr(text.at, '%', text.len) != NULL;
}

static bool says(struct span text, const char *words)
{
    return memmem(text.at, text.len, words, strlen(words)) != NULL;
}

// An operation alone: no rule on headings goes with it.
static bool is_bare_operation(struct span text)
{
    return begins_operation(text) && !has_figures(text) && !says(text, " - ") &&
           !says(text, "However") && !says(text, "any heading");
}

static bool is_operation(struct span text)
{
    return begins_operation(text) && !has_figures(text);
}

// "Printing ..., provided that the value of the unprinted fabric used does not exceed 47.5% ...":
// an operation, and figures behind it.
static bool read_operation_and_figures(struct clause *clause, struct span text)
{
    static const char *const joints[] = { ", provided that ", " provided that ", " in which ",
                                          ", in which ", " where " };
    clause->count = 0;
    for (size_t i = 0; i < COUNT(joints); i++) {
        const char *at = memmem(text.at, text.len, joints[i], strlen(joints[i]));
        if (at == NULL) continue;
        struct span head = { text.at, (size_t)(at - text.at) };
        struct span tail = behind(text, head.len + strlen(joints[i]));
        if (!is_bare_operation(head)) continue;
        clause->count = 0;
        struct origin_condition done = { .kind = ORIGIN_PROCESS, .words = head };
        if (clause_keep(clause, done) && read_phrases(clause, tail)) return true;
    }
    return false;
}

static void read_clause(struct clause *clause, struct span text)
{
    clause->count = 0;
    clause->twice = CLAUSE_ONCE;
    if (read_phrases(clause, text) || read_operation_and_figures(clause, text)) return;
    clause->twice = CLAUSE_ONCE;
    clause->conditions[0] = (struct origin_condition){
        .kind = is_operation(text) ? ORIGIN_PROCESS : ORIGIN_MANUAL, .words = text };
    clause->count = 1;
}

// --- Alternatives in one text ---

// The place behind the next " or " that a new rule follows; the end when there is none.
static struct span_pair cut_alternative(struct span text)
{
    for (size_t i = 0; i + 5 < text.len; i++) {
        if (memcmp(text.at + i, " or ", 4) != 0) continue;
        struct span rest = behind(text, i + 4);
        bool capital = rest.at[0] >= 'A' && rest.at[0] <= 'Z';
        bool opens = begins_operation(rest) || strncmp(rest.at, "Manufacture", 11) == 0 ||
                     strncmp(rest.at, "Production", 10) == 0 ||
                     strncmp(rest.at, "Other operations", 16) == 0;
        if (capital && rest.len > 16 && opens)
            return (struct span_pair){ { text.at, i }, rest, true };
    }
    return (struct span_pair){ text, { text.at, 0 }, false };
}

static bool keep_alternative(struct clause *clause, struct span words,
                             struct origin_reading *reading, struct error *err)
{
    void *memory;
    size_t size = sizeof(clause->conditions[0]);
    if (reading->count == ORIGIN_ALTERNATIVES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "more than %d alternatives",
                         ORIGIN_ALTERNATIVES_MAX);
    if (!arena_need(clause->arena, clause->count, size, &memory, "the rules of origin", err))
        return false;
    memcpy(memory, clause->conditions, clause->count * size);
    reading->alternatives[reading->count++] =
        (struct origin_alternative){ .conditions = memory, .count = clause->count, .words = words };
    return true;
}

// The other base or method that the rule leaves open.
static void turn(struct clause *clause)
{
    for (uint32_t i = 0; i < clause->count; i++) {
        struct origin_condition *condition = &clause->conditions[i];
        bool figure = condition->kind == ORIGIN_SHARE_MAX || condition->kind == ORIGIN_CONTENT_MIN;
        if (!figure) continue;
        if (clause->twice == CLAUSE_ALSO_FOB) condition->base = ORIGIN_FOB;
        else condition->method = ORIGIN_BUILD_UP;
    }
}

bool origin_words_read(struct span words, struct arena *arena, struct origin_reading *reading,
                       struct error *err)
{
    struct clause clause = { .arena = arena };
    struct span_pair cut = { .tail = words, .found = true };
    reading->count = 0;
    while (cut.found) {
        cut = cut_alternative(cut.tail);
        struct span text = span_trim(cut.head);
        if (text.len == 0) continue;
        read_clause(&clause, text);
        if (!keep_alternative(&clause, text, reading, err)) return false;
        if (clause.twice == CLAUSE_ONCE) continue;
        turn(&clause);
        if (!keep_alternative(&clause, text, reading, err)) return false;
    }
    return true;
}

enum origin_grasp origin_grasp_of(const struct origin_alternative *alternative)
{
    uint32_t operations = 0, described = 0;
    for (uint32_t i = 0; i < alternative->count; i++) {
        const struct origin_condition *condition = &alternative->conditions[i];
        if (condition->kind == ORIGIN_MANUAL) return ORIGIN_GRASP_NONE;
        if (condition->kind == ORIGIN_PROCESS) operations++;
        else if (condition->words.len > 0 || condition->scope.words.len > 0) described++;
    }
    if (operations == alternative->count) return ORIGIN_GRASP_CLAIMS;
    return operations + described > 0 ? ORIGIN_GRASP_PARTLY : ORIGIN_GRASP_FIGURES;
}

// --- Cleaning ---

// How many bytes of layout stand here, and what stands for them.
static size_t layout(struct span s, const char **instead)
{
    static const struct { const char *bytes, *instead; } marks[] = {
        { "&nbsp;", " " },        { "&amp;", "&" },         { "\xC2\xA0", " " },
        { "\xE2\x80\x90", "-" },  { "\xE2\x80\x91", "-" },  { "\xE2\x80\x93", "-" },
        { "\xE2\x80\x98", "'" },  { "\xE2\x80\x99", "'" },  { "*", "" },
        { "{", "(" },             { "}", ")" },             { "[", "" },
        { "\n", " " },            { "\r", " " },            { "\t", " " },
    };
    for (size_t i = 0; i < COUNT(marks); i++) {
        size_t len = strlen(marks[i].bytes);
        if (s.len < len || memcmp(s.at, marks[i].bytes, len) != 0) continue;
        *instead = marks[i].instead;
        return len;
    }
    const char *end = NULL;
    *instead = "";
    if (s.at[0] == '<') end = memchr(s.at, '>', s.len);
    if (s.at[0] == '<' && s.len > 2 && s.at[1] == 'b' && s.at[2] == 'r') *instead = " ";
    if (s.at[0] == ']' && s.len > 1 && s.at[1] == '(') end = memchr(s.at, ')', s.len);
    if (end != NULL) return (size_t)(end - s.at) + 1;
    return s.at[0] == ']' ? 1 : 0;
}

bool origin_words_clean(struct span raw, struct arena *arena, struct span *words,
                        struct error *err)
{
    if (raw.len > ORIGIN_WORDS_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a rule of more than %d bytes", ORIGIN_WORDS_MAX);
    struct text text = text_in(arena, raw.len);
    while (raw.len > 0) {
        const char *instead = raw.at;
        size_t len = layout(raw, &instead);
        struct span piece = len > 0 ? span_of(instead) : (struct span){ raw.at, 1 };
        bool blank = piece.len == 1 && piece.at[0] == ' ';
        bool doubled = blank && text.len > 0 && text.at[text.len - 1] == ' ';
        if (!doubled) text_add(&text, piece);
        raw = behind(raw, len > 0 ? len : 1);
    }
    *words = span_trim(text_span(&text));
    return !text.full || error_set(err, ERROR_TOO_LARGE, "the rules of origin do not fit");
}
