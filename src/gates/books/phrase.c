#include "gates/books/phrase.h"

#include <assert.h>

#include "tariff/origin_formula.h"

struct matching {
    struct phrase *phrase;
    const char *end;
};

static const char *match(struct matching *m, const char *pattern, const char *at);

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c & 0x80) != 0; }

static const char *blanks(const struct matching *m, const char *at)
{
    while (at < m->end && *at == ' ') at++;
    return at;
}

// `len` letters of a pattern, without gaps.
static const char *literal(const struct matching *m, const char *pattern, size_t len,
                           const char *at)
{
    for (size_t i = 0; i < len; i++) {
        if (pattern[i] == ' ') {
            at = blanks(m, at);
            continue;
        }
        if (at == m->end || lower(*at) != lower(pattern[i])) return NULL;
        at++;
        if (pattern[i] == '-') at = blanks(m, at); // "ex- works", as lines were broken
    }
    return at;
}

static const char *literal_of(const struct matching *m, const char *word, const char *at)
{
    return literal(m, word, strlen(word), at);
}

// --- Percentages ---

static const char *percent(struct matching *m, const char *at)
{
    const char *begin = at = blanks(m, at);
    while (at < m->end && (is_digit(*at) || *at == '.')) at++;
    struct span number = { begin, (size_t)(at - begin) };
    struct decimal value;
    if (number.len == 0 || !origin_percent_read(number, &value, NULL)) return NULL;
    at = blanks(m, at);
    if (at == m->end || *at != '%') return NULL;
    m->phrase->percent = value;
    return at + 1;
}

// --- Codes ---

static const char *const kinds[] = { "subheadings", "subheading", "headings", "heading",
                                     "chapters", "chapter" };
static const uint8_t kind_digits[] = { 6, 6, 4, 4, 2, 2 };

// "heading 8501"; or "8501" behind a heading. *digits: of the kind named last.
static const char *code(struct matching *m, const char *at, uint8_t *digits,
                        struct origin_range *range)
{
    at = blanks(m, at);
    for (size_t i = 0; i < sizeof(kind_digits); i++) {
        const char *behind = literal_of(m, kinds[i], at);
        if (behind == NULL) continue;
        *digits = kind_digits[i];
        at = blanks(m, behind);
        break;
    }
    char text[ORIGIN_CODE_DIGITS + 1];
    size_t len = 0;
    const char *begin = at;
    while (at < m->end && is_digit(*at)) at++;
    size_t count = (size_t)(at - begin);
    if (*digits == 0 || count == 0 || count > ORIGIN_CODE_DIGITS) return NULL;
    if (count == 1 && *digits == 2) text[len++] = '0'; // chapter 4
    memcpy(text + len, begin, count);
    bool read = origin_code_read((struct span){ text, len + count }, range);
    bool as_named = *digits == 6 ? len + count >= 6 : len + count == *digits;
    return read && as_named ? at : NULL;
}

// What stands between two codes; `to` is set for a range.
static const char *between(struct matching *m, const char *at, bool *to)
{
    static const char *const marks[] = { " to ", " through ", ", and ", ", or ", " and ", " or ",
                                         ", " };
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        const char *behind = literal_of(m, marks[i], at);
        if (behind == NULL) continue;
        *to = i < 2;
        return behind;
    }
    return NULL;
}

static const char *codes(struct matching *m, const char *at)
{
    struct phrase *phrase = m->phrase;
    struct origin_range range;
    uint8_t digits = 0;
    bool to = false;
    phrase->ranges_count = 0;
    const char *end = NULL;
    for (at = code(m, at, &digits, &range); at != NULL; at = code(m, at, &digits, &range)) {
        if (to && range.to < phrase->ranges[phrase->ranges_count - 1].from) return NULL;
        if (to) phrase->ranges[phrase->ranges_count - 1].to = range.to;
        else if (phrase->ranges_count == ORIGIN_RANGES_MAX) return NULL;
        else phrase->ranges[phrase->ranges_count++] = range;
        end = at;
        at = between(m, at, &to);
        if (at == NULL) break;
    }
    return end;
}

// --- Gaps ---

static const char *choice(struct matching *m, const char *pattern, const char *at)
{
    const char *close = strchr(pattern, '>');
    assert(close != NULL);
    for (const char *from = pattern + 1; from <= close;) {
        const char *bar = from + strcspn(from, "|>");
        const char *behind = literal(m, from, (size_t)(bar - from), at);
        const char *end = behind == NULL ? NULL : match(m, close + 1, behind);
        if (end != NULL) return end;
        from = bar + 1;
    }
    return NULL;
}

static bool ends_sentence(const struct matching *m, const char *at)
{
    return *at == ';' || *at == '%' || (*at == '.' && (at + 1 == m->end || at[1] == ' '));
}

static const char *words(struct matching *m, const char *pattern, const char *at)
{
    const char *begin = at = blanks(m, at);
    for (; at < m->end && !ends_sentence(m, at); at++) {
        bool border = at > begin && (!is_letter(*at) || *at == ' ');
        if (!border) continue;
        const char *end = match(m, pattern, at);
        if (end == NULL) continue;
        m->phrase->words = span_trim((struct span){ begin, (size_t)(at - begin) });
        return end;
    }
    return NULL;
}

static const char *digits(struct matching *m, const char *at)
{
    const char *begin = at;
    while (at < m->end && is_digit(*at)) at++;
    return at == begin ? NULL : at;
}

static const char *group(struct matching *m, const char *at)
{
    static const struct { const char *name; uint8_t digits; } names[] = {
        { "ctsh", 6 }, { "cth", 4 }, { "cc", 2 }, { "subheading", 6 }, { "sub-heading", 6 },
        { "heading", 4 }, { "chapter", 2 },
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *behind = literal_of(m, names[i].name, at);
        if (behind == NULL) continue;
        m->phrase->group = names[i].digits;
        return behind;
    }
    return NULL;
}

static const char *gap(struct matching *m, const char *pattern, const char *at)
{
    const char *behind = NULL;
    switch (pattern[1]) {
    case 'p': behind = percent(m, at); break;
    case 's': behind = codes(m, at); break;
    case 'S':
        behind = codes(m, at);
        m->phrase->ranges_count = 0;
        break;
    case 'g': behind = group(m, at); break;
    case 'd': behind = digits(m, at); break;
    default: assert(pattern[1] == 'w'); return words(m, pattern + 2, at);
    }
    return behind == NULL ? NULL : match(m, pattern + 2, behind);
}

static const char *match(struct matching *m, const char *pattern, const char *at)
{
    if (pattern[0] == '\0') return at == m->end || !is_letter(*at) ? at : NULL;
    if (pattern[0] == '<') return choice(m, pattern, at);
    if (pattern[0] == '%') return gap(m, pattern, at);
    size_t len = strcspn(pattern, "<%");
    const char *behind = literal(m, pattern, len, at);
    return behind == NULL ? NULL : match(m, pattern + len, behind);
}

bool phrase_match(const char *pattern, struct span text, struct phrase *phrase)
{
    struct matching m = { phrase, text.len == 0 ? text.at : text.at + text.len };
    phrase->ranges_count = 0;
    phrase->group = 0;
    phrase->percent = (struct decimal){ 0 };
    phrase->words = (struct span){ 0 };
    phrase->end = text.len == 0 ? NULL : match(&m, pattern, text.at);
    return phrase->end != NULL;
}
