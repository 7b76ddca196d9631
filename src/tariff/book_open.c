// Opening a book: its sum and every reference in it.
#include <assert.h>

#include "tariff/book_inside.h"

_Static_assert(sizeof(struct book_line) == 40, "the layout is a promise");
_Static_assert(sizeof(struct book_measure) == 72, "the layout is a promise");
_Static_assert(sizeof(struct book_node) == 24, "the layout is a promise");

static bool damaged(struct error *err, const char *what)
{
    error_set(err, ERROR_DAMAGED, "the book is damaged: %s", what);
    return error_hint(err, "Import its source again.");
}

struct sha256 book_sum(const struct book_head *head, struct span behind)
{
    struct book_head plain = *head;
    memset(plain.sum, 0, sizeof(plain.sum));
    plain.check = 0;
    return sha256_of_two((struct span){ (const char *)&plain, sizeof(plain) }, behind);
}

uint32_t book_check(const struct book_head *head, struct span behind)
{
    struct book_head plain = *head;
    plain.check = 0;
    return crc32c(crc32c(0, &plain, sizeof(plain)), behind.at, behind.len);
}

static struct span behind_head(struct span bytes)
{
    return (struct span){ bytes.at + sizeof(struct book_head),
                          bytes.len - sizeof(struct book_head) };
}

bool book_is_whole(struct span bytes)
{
    const struct book_head *head = (const struct book_head *)(const void *)bytes.at;
    struct sha256 sum = book_sum(head, behind_head(bytes));
    return memcmp(sum.bytes, head->sum, sizeof(sum.bytes)) == 0;
}

static const size_t sizes[BOOK_SECTIONS] = {
    [BOOK_LINES] = sizeof(struct book_line), [BOOK_MEASURES] = sizeof(struct book_measure),
    [BOOK_NODES] = sizeof(struct book_node), [BOOK_TYPES] = sizeof(struct book_type),
    [BOOK_GROUPS] = sizeof(struct book_group), [BOOK_RATES] = sizeof(struct book_rate),
    [BOOK_TEXTS] = 1,
};

// Where a section is, and how many things it has.
static bool section(const struct book *book, struct span bytes, enum book_section which,
                    const void **at, uint32_t *count)
{
    uint64_t offset = book->head->sections[which].offset, size = book->head->sections[which].size;
    if (offset % 8 != 0 || offset > bytes.len || size > bytes.len - offset ||
        size % sizes[which] != 0 || size / sizes[which] > UINT32_MAX)
        return false;
    *at = bytes.at + offset;
    *count = (uint32_t)(size / sizes[which]);
    return true;
}

static bool open_sections(struct book *book, struct span bytes)
{
    const void *at;
    uint32_t count;
    if (!section(book, bytes, BOOK_LINES, &at, &book->lines_count)) return false;
    book->lines = at;
    if (!section(book, bytes, BOOK_MEASURES, &at, &book->measures_count)) return false;
    book->measures = at;
    if (!section(book, bytes, BOOK_NODES, &at, &book->nodes_count)) return false;
    book->nodes = at;
    if (!section(book, bytes, BOOK_TYPES, &at, &book->types_count)) return false;
    book->types = at;
    if (!section(book, bytes, BOOK_GROUPS, &at, &book->groups_count)) return false;
    book->groups = at;
    if (!section(book, bytes, BOOK_RATES, &at, &book->rates_count)) return false;
    book->rates = at;
    if (!section(book, bytes, BOOK_TEXTS, &at, &count)) return false;
    book->texts = (struct span){ at, count };
    return true;
}

// --- References ----------------------------------------------------------------------------------

static bool is_code(uint64_t key, uint8_t digits)
{
    return key < UINT64_C(1000000000000) && digits <= BOOK_CODE_DIGITS_MAX &&
           book_begins(key, digits, key, BOOK_CODE_DIGITS_MAX);
}

static bool lines_hold(const struct book *book)
{
    for (uint32_t i = 0; i < book->lines_count; i++)
        if (!is_code(book->lines[i].key, book->lines[i].digits)) return false;
    return true;
}

static bool origin_holds(const struct book *book, uint16_t origin)
{
    return (origin & BOOK_ORIGIN_GROUP) != 0 ? (origin & ~BOOK_ORIGIN_GROUP) < book->groups_count
                                             : origin <= BOOK_PAIRS;
}

static bool measures_hold(const struct book *book)
{
    for (uint32_t i = 0; i < book->measures_count; i++) {
        const struct book_measure *m = &book->measures[i];
        if (!is_code(m->key, m->digits) || m->type >= book->types_count ||
            m->kind >= MEASURE_KINDS ||
            !origin_holds(book, m->origin) || m->regime[3] != '\0')
            return false;
    }
    return true;
}

// In order, and each above one that is before it, so that going up comes to an end.
static bool nodes_hold(const struct book *book)
{
    for (uint32_t i = 0; i < book->nodes_count; i++) {
        const struct book_node *node = &book->nodes[i];
        if (!is_code(node->key, node->digits) || node->first > book->measures_count ||
            node->count > book->measures_count - node->first || node->above > i ||
            (i > 0 && node[-1].key > node->key))
            return false;
    }
    return true;
}

static void find_headings(struct book *book)
{
    uint32_t node = 0;
    for (uint32_t heading = 0; heading <= BOOK_HEADINGS; heading++) {
        while (node < book->nodes_count && book_heading(book->nodes[node].key) < heading) node++;
        book->headings[heading] = node;
    }
}

static bool rates_hold(const struct book *book)
{
    for (uint32_t i = 0; i < book->rates_count; i++) {
        const struct book_rate *rate = &book->rates[i];
        if (rate->currency[3] != '\0' || rate->digits <= 0 || rate->scale > DECIMAL_SCALE_MAX ||
            rate->digits > INT64_C(999999999999999999))
            return false;
    }
    return true;
}

static bool rest_holds(const struct book *book)
{
    if (book->types_count > BOOK_TYPES_MAX || book->groups_count >= BOOK_ORIGIN_GROUP ||
        book->head->country[3] != '\0' || book->head->currency[3] != '\0' ||
        book->head->languages > BOOK_LANGUAGES_MAX)
        return false;
    for (uint32_t i = 0; i < book->types_count; i++) {
        const struct book_type *type = &book->types[i];
        if (type->base > MEASURE_BASE_ALL) return false;
    }
    for (uint32_t i = 0; i < book->head->languages; i++)
        if (book->head->language[i][3] != '\0') return false;
    return true;
}

bool book_open(struct book *book, struct span bytes, struct error *err)
{
    *book = (struct book){ 0 };
    assert((uintptr_t)bytes.at % 8 == 0);
    if (bytes.len < sizeof(struct book_head)) return damaged(err, "it is too short");
    book->head = (const struct book_head *)(const void *)bytes.at;
    if (memcmp(book->head->magic, BOOK_MAGIC, sizeof(book->head->magic)) != 0)
        return damaged(err, "it does not begin as a book does");
    if (book->head->order != BOOK_ORDER)
        return damaged(err, "it was written on a machine with another order of bytes");
    if (book_check(book->head, behind_head(bytes)) != book->head->check)
        return damaged(err, "its check is not that of its bytes");
    if (!open_sections(book, bytes)) return damaged(err, "a section is not inside it");
    if (!rest_holds(book) || !lines_hold(book) || !measures_hold(book) || !nodes_hold(book) ||
        !rates_hold(book))
        return damaged(err, "something in it points to nothing");
    struct sha256 sum;
    memcpy(sum.bytes, book->head->sum, sizeof(sum.bytes));
    book->version = version_of_sum(sum);
    find_headings(book);
    return true;
}
