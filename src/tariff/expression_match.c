// Which phrase of the tables a text begins with.
#include <assert.h>

#include "tariff/expression_reading.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Latin and Cyrillic. A byte behind the first of a character is told by the first.
static bool is_letter(struct span s, size_t at)
{
    while (at > 0 && ((unsigned char)s.at[at] & 0xC0) == 0x80) at--;
    unsigned char c = (unsigned char)s.at[at];
    return (c >= 'a' && c <= 'z') || (c >= 0xC3 && c <= 0xD3);
}

// Does a word go on behind what was matched?
static bool goes_on(struct span s, size_t at)
{
    if (at == 0 || at >= s.len) return false;
    return (is_letter(s, at - 1) && is_letter(s, at)) ||
           (is_digit(s.at[at - 1]) && is_digit(s.at[at]));
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

// The length of `rest` that the pattern matches, or 0.
static size_t match(struct span rest, const char *pattern)
{
    size_t at = 0;
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == ' ') {
            while (at < rest.len && rest.at[at] == ' ') at++;
            continue;
        }
        if (*pattern == '.' && (at == rest.len || rest.at[at] != '.')) continue;
        if (at == rest.len || rest.at[at++] != small(*pattern)) return 0;
    }
    return goes_on(rest, at) ? 0 : at;
}

bool phrase_is_in(struct span text, const char *pattern)
{
    for (size_t at = 0; at < text.len; at++)
        if ((at == 0 || !is_letter(text, at - 1)) &&
            match((struct span){ text.at + at, text.len - at }, pattern) > 0)
            return true;
    return false;
}

struct search {
    struct span rest;
    const struct phrase *found;
    size_t length;
};

static void look(struct search *search, const struct phrase *phrases, size_t count,
                 enum phrase_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        if (phrases[i].kind != kind) continue;
        size_t length = match(search->rest, phrases[i].words);
        if (length <= search->length) continue;
        search->found = &phrases[i];
        search->length = length;
    }
}

const struct phrase *phrase_find(struct span rest, enum phrase_kind kind, size_t *length)
{
    struct search search = { .rest = rest };
    if (kind == PHRASE_UNIT || kind == PHRASE_STRENGTH || kind == PHRASE_SUBJECT ||
        kind == PHRASE_PART)
        look(&search, expression_unit_phrases, expression_unit_phrases_count, kind);
    else look(&search, expression_phrases, expression_phrases_count, kind);
    *length = search.length;
    return search.found;
}

uint8_t phrase_unit_sign(struct span rest, bool strength, size_t *length)
{
    uint8_t found = UNIT_NONE;
    for (unsigned i = UNIT_NONE + 1; i < UNITS; i++) {
        const struct unit *unit = unit_row((uint8_t)i);
        if (unit->sign == NULL) continue;
        if (strength ? !unit_is_strength((uint8_t)i) : unit->dimension == DIMENSION_STRENGTH)
            continue;
        size_t matched = match(rest, unit->sign);
        if (matched <= *length) continue;
        *length = matched;
        found = (uint8_t)i;
    }
    return found;
}

uint8_t phrase_subject_sign(struct span rest, size_t *length)
{
    uint8_t found = SUBJECT_NONE;
    for (unsigned i = SUBJECT_NONE + 1; i < SUBJECTS; i++) {
        size_t matched = match(rest, subject_row((uint8_t)i)->sign);
        if (matched <= *length) continue;
        *length = matched;
        found = (uint8_t)i;
    }
    return found;
}
