#include "tariff/book.h"

#include <assert.h>

#include "tariff/book_inside.h"

static const char *const kind_names[MEASURE_KINDS] = {
    [MEASURE_DUTY] = "duty", [MEASURE_PREFERENCE] = "preference", [MEASURE_QUOTA] = "quota",
    [MEASURE_SUSPENSION] = "suspension", [MEASURE_ANTI_DUMPING] = "anti-dumping",
    [MEASURE_COUNTERVAILING] = "countervailing", [MEASURE_SAFEGUARD] = "safeguard",
    [MEASURE_ADDITIONAL] = "additional", [MEASURE_EXCISE] = "excise", [MEASURE_VAT] = "vat",
    [MEASURE_FEE] = "fee", [MEASURE_LICENCE] = "licence", [MEASURE_PROHIBITION] = "prohibition",
};

const char *measure_kind_name(enum measure_kind kind)
{
    return kind < MEASURE_KINDS ? kind_names[kind] : NULL;
}

bool measure_kind_read(struct span name, enum measure_kind *kind)
{
    for (int i = 0; i < MEASURE_KINDS; i++) {
        if (!span_equal(name, span_of(kind_names[i]))) continue;
        *kind = (enum measure_kind)i;
        return true;
    }
    return false;
}

// --- Codes and countries -------------------------------------------------------------------------

uint64_t book_key(struct span digits)
{
    uint64_t key = 0;
    for (size_t i = 0; i < BOOK_CODE_DIGITS_MAX; i++)
        key = key * 10 + (i < digits.len ? (uint64_t)(digits.at[i] - '0') : 0);
    return key;
}

// How many digits a text begins with, at most BOOK_CODE_DIGITS_MAX.
static uint8_t digits_of(struct span code)
{
    uint8_t digits = 0;
    while (digits < code.len && digits < BOOK_CODE_DIGITS_MAX && code.at[digits] >= '0' &&
           code.at[digits] <= '9')
        digits++;
    return digits;
}

uint32_t book_heading(uint64_t key)
{
    return (uint32_t)(key / 100000000) % BOOK_HEADINGS;
}

// What a key is divided by to leave so many digits.
static uint64_t unit_of(uint8_t digits)
{
    uint64_t unit = 1;
    for (int i = digits; i < BOOK_CODE_DIGITS_MAX; i++) unit *= 10;
    return unit;
}

bool book_begins(uint64_t key, uint8_t digits, uint64_t whole, uint8_t whole_digits)
{
    return digits <= whole_digits && key == whole - whole % unit_of(digits);
}

struct span book_code(uint64_t key, uint8_t digits, char room[BOOK_CODE_DIGITS_MAX])
{
    for (int i = BOOK_CODE_DIGITS_MAX - 1; i >= 0; i--, key /= 10)
        room[i] = (char)('0' + key % 10);
    return (struct span){ room, digits };
}

struct span book_type_code(const struct book_type *type)
{
    return (struct span){ type->code, strnlen(type->code, sizeof(type->code)) };
}

bool book_pair(struct span country, uint16_t *pair)
{
    if (country.len != 2) return false;
    for (size_t i = 0; i < 2; i++)
        if (country.at[i] < 'A' || country.at[i] > 'Z') return false;
    *pair = (uint16_t)((country.at[0] - 'A') * 26 + (country.at[1] - 'A'));
    return true;
}

struct span book_origin(const struct book *book, uint16_t origin, char room[2])
{
    if (origin == BOOK_ORIGIN_ANY) return SPAN("*");
    if ((origin & BOOK_ORIGIN_GROUP) != 0)
        return book_text(book, book->groups[origin & ~BOOK_ORIGIN_GROUP].code);
    room[0] = (char)('A' + (origin - 1) / 26);
    room[1] = (char)('A' + (origin - 1) % 26);
    return (struct span){ room, 2 };
}

static bool origin_has(const struct book *book, uint16_t origin, struct span country)
{
    uint16_t pair;
    if (origin == BOOK_ORIGIN_ANY) return true;
    if (!book_pair(country, &pair)) return false;
    if ((origin & BOOK_ORIGIN_GROUP) == 0) return origin == pair + 1;
    const struct book_group *group = &book->groups[origin & ~BOOK_ORIGIN_GROUP];
    return (group->members[pair / 64] >> (pair % 64) & 1) != 0;
}

// --- Asking --------------------------------------------------------------------------------------

struct span book_text(const struct book *book, book_text_at at)
{
    uint16_t len;
    if (at > book->texts.len || book->texts.len - at < sizeof(len)) return SPAN("");
    memcpy(&len, book->texts.at + at, sizeof(len));
    if (len > book->texts.len - at - sizeof(len)) return SPAN("");
    return (struct span){ book->texts.at + at + sizeof(len), len };
}

static struct span next_of_list(struct span *list)
{
    struct span_pair cut = span_cut(*list, ',');
    *list = cut.tail;
    return cut.head;
}

static bool is_excluded(const struct book *book, const struct book_measure *m, struct span origin)
{
    struct span list = book_text(book, m->excluded);
    while (list.len > 0) {
        struct span one = next_of_list(&list);
        if (one.len == 2 ? span_equal(one, origin) : false) return true;
        for (uint32_t i = 0; one.len > 2 && i < book->groups_count; i++)
            if (span_equal(book_text(book, book->groups[i].code), one) &&
                origin_has(book, (uint16_t)(BOOK_ORIGIN_GROUP | i), origin))
                return true;
    }
    return false;
}

static bool applies(const struct book *book, const struct book_measure *m,
                    const struct book_question *question)
{
    return m->from <= question->day.days && m->to >= question->day.days &&
           origin_has(book, m->origin, question->origin) &&
           (m->excluded == 0 || !is_excluded(book, m, question->origin));
}

// 1 + the last node that is not behind the code; 0: none.
static uint32_t node_before(const struct book *book, uint64_t key, uint8_t digits)
{
    uint32_t heading = book_heading(key);
    uint32_t low = book->headings[heading], high = book->headings[heading + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct book_node *node = &book->nodes[middle];
        if (node->key < key || (node->key == key && node->digits <= digits)) low = middle + 1;
        else high = middle;
    }
    return low;
}

// Each node's measures are in order already: what comes in by a shorter prefix goes behind those of
// the same type.
static void put(const struct book_measure *found[], uint32_t *count, const struct book_measure *m)
{
    if (*count == BOOK_FOUND_MAX) return;
    uint32_t at = (*count)++;
    for (; at > 0 && found[at - 1]->type > m->type; at--) found[at] = found[at - 1];
    found[at] = m;
}

uint32_t book_measures(const struct book *book, const struct book_question *question,
                       const struct book_measure *found[BOOK_FOUND_MAX])
{
    assert(question->day.given);
    uint32_t count = 0;
    uint8_t digits = digits_of(question->code);
    uint64_t key = book_key((struct span){ question->code.at, digits });
    uint32_t at = node_before(book, key, digits);
    for (; at > 0; at = book->nodes[at - 1].above) {
        const struct book_node *node = &book->nodes[at - 1];
        if (!book_begins(node->key, node->digits, key, digits)) continue;
        for (uint32_t i = 0; i < node->count; i++) {
            const struct book_measure *m = &book->measures[node->first + i];
            if (applies(book, m, question)) put(found, &count, m);
        }
    }
    return count;
}

bool book_rates(const struct book *book, struct arena *arena, struct rates *rates,
                struct error *err)
{
    void *room;
    if (!arena_need(arena, book->rates_count + (size_t)1, sizeof(struct rate), &room,
                    "the exchange rates", err))
        return false;
    *rates = (struct rates){ .at = room, .count = book->rates_count, .version = book->version };
    for (uint32_t i = 0; i < book->rates_count; i++) {
        const struct book_rate *rate = &book->rates[i];
        rates->at[i] = (struct rate){ .from = { rate->from, true },
                                      .value = decimal_of(rate->digits, (uint8_t)rate->scale) };
        memcpy(rates->at[i].currency, rate->currency, sizeof(rate->currency));
    }
    return true;
}

static uint32_t line_before(const struct book *book, uint64_t key, uint8_t digits)
{
    uint32_t low = 0, high = book->lines_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct book_line *line = &book->lines[middle];
        if (line->key < key || (line->key == key && line->digits <= digits)) low = middle + 1;
        else high = middle;
    }
    return low;
}

const struct book_line *book_lines_below(const struct book *book, struct span code,
                                         uint32_t *count)
{
    uint8_t digits = digits_of(code);
    uint64_t key = book_key((struct span){ code.at, digits });
    uint32_t first = line_before(book, key, digits), end = first;
    while (end < book->lines_count &&
           book_begins(key, digits, book->lines[end].key, book->lines[end].digits))
        end++;
    *count = end - first;
    return book->lines + first;
}

const struct book_line *book_line_of(const struct book *book, struct span code, struct date day)
{
    for (uint8_t digits = digits_of(code); digits >= 2; digits--) {
        uint64_t key = book_key((struct span){ code.at, digits });
        for (uint32_t at = line_before(book, key, digits); at > 0; at--) {
            const struct book_line *line = &book->lines[at - 1];
            if (line->key != key || line->digits != digits) break;
            if (line->from <= day.days && line->to >= day.days) return line;
        }
    }
    return NULL;
}
