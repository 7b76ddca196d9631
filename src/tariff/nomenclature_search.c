#include <assert.h>
#include <stdlib.h>

#include "tariff/nomenclature_inside.h"

// Letters, digits, and whatever is not ASCII; small letters for capitals.
static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word(char c)
{
    char small = folded(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool word_next(struct span *rest, struct span *word)
{
    while (rest->len > 0 && !is_word(rest->at[0])) rest->at++, rest->len--;
    *word = (struct span){ rest->at, 0 };
    while (rest->len > 0 && is_word(rest->at[0])) rest->at++, rest->len--, word->len++;
    return word->len > 0;
}

// Below, at or above zero; as far as `len` bytes of each.
static int compare_words(struct span a, struct span b, size_t len)
{
    for (size_t i = 0; i < len && (i < a.len || i < b.len); i++) {
        if (i == a.len || i == b.len) return i == a.len ? -1 : 1;
        unsigned char first = (unsigned char)folded(a.at[i]);
        unsigned char second = (unsigned char)folded(b.at[i]);
        if (first != second) return first < second ? -1 : 1;
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct nomenclature_word *first = a, *second = b;
    int order = compare_words(first->text, second->text, SIZE_MAX);
    return order != 0 ? order : (first->line > second->line) - (first->line < second->line);
}

bool nomenclature_index(struct nomenclature *nomenclature, struct arena *arena, struct error *err)
{
    struct span rest, word;
    size_t count = 0;
    void *memory;
    for (uint32_t i = 0; i < nomenclature->lines_count; i++)
        for (rest = nomenclature->lines[i].label; word_next(&rest, &word);) count++;
    assert(count <= UINT32_MAX); // a book's text is shorter
    if (!arena_need(arena, count + 1, sizeof(struct nomenclature_word), &memory,
                    "the words of the nomenclature", err))
        return false;
    nomenclature->words = memory;
    for (uint32_t i = 0; i < nomenclature->lines_count; i++)
        for (rest = nomenclature->lines[i].label; word_next(&rest, &word);)
            nomenclature->words[nomenclature->words_count++] =
                (struct nomenclature_word){ word, i };
    qsort(nomenclature->words, count, sizeof(struct nomenclature_word), compare);
    return true;
}

struct range { uint32_t first, behind; };

// The words that begin with `start`.
static struct range range_of(const struct nomenclature *nomenclature, struct span start)
{
    uint32_t ends[2];
    for (int end = 0; end < 2; end++) { // the first that does not come before; that comes behind
        uint32_t low = 0, high = nomenclature->words_count;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (compare_words(nomenclature->words[middle].text, start, start.len) < end)
                low = middle + 1;
            else high = middle;
        }
        ends[end] = low;
    }
    return (struct range){ ends[0], ends[1] };
}

// That of the word which the fewest labels have; empty when there are no words.
static struct range rarest(const struct nomenclature *nomenclature, struct span words)
{
    struct span word;
    if (!word_next(&words, &word)) return (struct range){ 0, 0 };
    struct range best = range_of(nomenclature, word);
    while (word_next(&words, &word)) {
        struct range range = range_of(nomenclature, word);
        if (range.behind - range.first < best.behind - best.first) best = range;
    }
    return best;
}

static bool has_all(struct span label, struct span words)
{
    struct span word, own;
    while (word_next(&words, &word)) {
        struct span rest = label;
        bool found = false;
        while (!found && word_next(&rest, &own)) found = compare_words(own, word, word.len) == 0;
        if (!found) return false;
    }
    return true;
}

static bool in_force(const struct nomenclature *nomenclature, const struct nomenclature_line *line,
                     struct date day)
{
    return nomenclature_in_force(nomenclature, &nomenclature->nodes[line->node], day) == line;
}

// Puts a line in its place among those found, once; the last one gives way when there is no room.
static uint32_t keep(const struct nomenclature_line *line, const struct nomenclature_line **found,
                     uint32_t count, uint32_t max)
{
    uint32_t at = count;
    while (at > 0 && found[at - 1] > line) at--;
    if (at == max || (at > 0 && found[at - 1] == line)) return count;
    if (count < max) count++;
    for (uint32_t i = count - 1; i > at; i--) found[i] = found[i - 1];
    found[at] = line;
    return count;
}

uint32_t nomenclature_search(const struct nomenclature *nomenclature, struct span words,
                             struct date day, const struct nomenclature_line **found, uint32_t max)
{
    assert(day.given);
    uint32_t count = 0;
    struct range range = rarest(nomenclature, words);
    for (uint32_t i = range.first; i < range.behind; i++) {
        const struct nomenclature_line *line = &nomenclature->lines[nomenclature->words[i].line];
        if (count == max && (max == 0 || found[max - 1] <= line)) continue; // no room for it
        if (in_force(nomenclature, line, day) && has_all(line->label, words))
            count = keep(line, found, count, max);
    }
    return count;
}
