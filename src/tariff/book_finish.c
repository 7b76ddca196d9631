// The end of writing a book: rows in order, held against each other, as bytes.
#include <assert.h>
#include <stdlib.h>

#include "tariff/book_write_inside.h"

static struct book_measure *measures_of(const struct book_writer *writer)
{
    return (struct book_measure *)(void *)writer->measures.at;
}

static struct line_kept *lines_of(const struct book_writer *writer)
{
    return (struct line_kept *)(void *)writer->lines.at;
}

// --- Types: what must be worked out first comes first --------------------------------------------

static int type_compare(const void *a, const void *b)
{
    const struct book_type *first = a, *second = b;
    if (first->base != second->base) return first->base < second->base ? -1 : 1;
    return memcmp(first->code, second->code, sizeof(first->code));
}

static void order_types(struct book_writer *writer)
{
    struct book_type before[BOOK_TYPES_MAX];
    uint8_t place[BOOK_TYPES_MAX];
    memcpy(before, writer->types, sizeof(before));
    qsort(writer->types, writer->types_count, sizeof(struct book_type), type_compare);
    for (uint32_t i = 0; i < writer->types_count; i++)
        for (uint32_t j = 0; j < writer->types_count; j++)
            if (memcmp(before[i].code, writer->types[j].code, sizeof(before[i].code)) == 0)
                place[i] = (uint8_t)j;
    for (uint32_t i = 0; i < writer->measures_count; i++)
        measures_of(writer)[i].type = place[measures_of(writer)[i].type];
}

// --- Lines ---------------------------------------------------------------------------------------

static int line_compare(const void *a, const void *b)
{
    const struct line_kept *first = a, *second = b;
    if (first->line.key != second->line.key) return first->line.key < second->line.key ? -1 : 1;
    if (first->line.digits != second->line.digits) return first->line.digits - second->line.digits;
    if (first->line.from != second->line.from) return first->line.from < second->line.from ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

// A row that is left out has more digits than there are.
enum { LEFT_OUT = 255 };

static void check_lines(struct book_writer *writer)
{
    struct line_kept *lines = lines_of(writer);
    uint32_t last = 0;           // that is not left out
    for (uint32_t i = 1; i < writer->lines_count; i++) {
        const struct line_kept *a = &lines[last];
        struct line_kept *b = &lines[i];
        last = i;
        char room[BOOK_CODE_DIGITS_MAX];
        if (a->line.key != b->line.key || a->line.digits != b->line.digits) continue;
        struct span code = book_code(b->line.key, b->line.digits, room);
        if (a->line.to >= b->line.from) {
            book_add_trouble(writer, b->number, "code " SPAN_FMT " is there already, in line %u, "
                             "on the same days", SPAN_ARG(code), a->number);
            last = (uint32_t)(a - lines);
            if (writer->leave_out) b->line.digits = LEFT_OUT;
        } else if (a->line.to + 1 < b->line.from)
            book_add_trouble(writer, b->number, "code " SPAN_FMT " has a gap: line %u ends %d days "
                             "before this one begins", SPAN_ARG(code), a->number,
                             b->line.from - a->line.to - 1);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < writer->lines_count; i++)
        if (lines[i].line.digits != LEFT_OUT) lines[kept++] = lines[i];
    writer->lines_count = kept;
}

static bool begins_line(const struct book_line *line, const struct line_kept *other)
{
    return book_begins(line->key, line->digits, other->line.key, other->line.digits);
}

// Is there a line that this code begins, or one without lines below it that begins this code?
static bool has_line(const struct book_writer *writer, const struct book_measure *m)
{
    const struct line_kept *lines = lines_of(writer);
    const struct book_line code = { .key = m->key, .digits = m->digits };
    uint32_t low = 0, high = writer->lines_count; // the first line behind the code
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct book_line *line = &lines[middle].line;
        if (line->key < m->key || (line->key == m->key && line->digits < m->digits))
            low = middle + 1;
        else high = middle;
    }
    if (low < writer->lines_count && begins_line(&code, &lines[low])) return true;
    if (low == 0) return false;
    const struct book_line *above = &lines[low - 1].line;
    bool ends = low == writer->lines_count || !begins_line(above, &lines[low]);
    return ends && book_begins(above->key, above->digits, m->key, m->digits);
}

// --- Measures ------------------------------------------------------------------------------------

static int origin_rank(uint16_t origin)
{
    return origin == BOOK_ORIGIN_ANY ? 0 : (origin & BOOK_ORIGIN_GROUP) != 0 ? 1 : 2;
}

static int compare_u32(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

// What makes two measures the same but for their days and rates.
static int measure_compare_same(const struct book_measure *a, const struct book_measure *b)
{
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    if (a->digits != b->digits) return a->digits - b->digits;
    if (a->type != b->type) return a->type - b->type;
    if (a->kind != b->kind) return a->kind - b->kind;
    int order = origin_rank(b->origin) - origin_rank(a->origin);
    if (order == 0) order = (int)strlen(b->regime) - (int)strlen(a->regime);
    if (order == 0) order = a->origin - b->origin;
    if (order == 0) order = strcmp(a->regime, b->regime);
    if (order == 0) order = compare_u32(a->additional, b->additional);
    if (order == 0) order = compare_u32(a->document, b->document);
    if (order == 0) order = compare_u32(a->quota, b->quota);
    return order != 0 ? order : compare_u32(a->excluded, b->excluded);
}

static int measure_compare(const void *a, const void *b)
{
    const struct book_measure *first = a, *second = b;
    int order = measure_compare_same(first, second);
    if (order != 0) return order;
    if (first->from != second->from) return first->from < second->from ? -1 : 1;
    return compare_u32(first->line, second->line);
}

// A duty for everybody is in force without a day between; others may be for a time.
static bool wants_no_gap(const struct book_measure *m)
{
    return m->kind == MEASURE_DUTY && m->origin == BOOK_ORIGIN_ANY &&
           m->regime[0] == '\0' && m->additional == 0 && m->document == 0 && m->quota == 0;
}

// False: they contradict each other.
static bool check_pair(struct book_writer *writer, const struct book_measure *a,
                       const struct book_measure *b)
{
    char room[BOOK_CODE_DIGITS_MAX];
    if (measure_compare_same(a, b) != 0) return true;
    struct span code = book_code(b->key, b->digits, room);
    if (a->to >= b->from) {
        if (a->formula == b->formula && a->rate == b->rate) {
            if (a->line == b->line) return true; // said twice in one row
            book_add_trouble(writer, b->line, "commodity " SPAN_FMT " has this measure in line %u, "
                             "too", SPAN_ARG(code), a->line);
            return true;
        }
        struct span first = book_written_text(writer, a->rate);
        struct span second = book_written_text(writer, b->rate);
        book_add_trouble(writer, b->line, "commodity " SPAN_FMT ": '" SPAN_FMT "' here and '"
                         SPAN_FMT "' in line %u are in force on the same day", SPAN_ARG(code),
                         SPAN_ARG(second), SPAN_ARG(first), a->line);
        return false;
    }
    if (a->to + 1 < b->from && wants_no_gap(b))
        book_add_trouble(writer, b->line, "commodity " SPAN_FMT " has a gap: the duty of line %u "
                         "ends %d days before this one begins", SPAN_ARG(code), a->line,
                         b->from - a->to - 1);
    return true;
}

// True: it stays in the book.
static bool check_code(struct book_writer *writer, const struct book_measure *m)
{
    char room[BOOK_CODE_DIGITS_MAX];
    if (m->digits == 0 || writer->lines_count == 0 || has_line(writer, m)) return true;
    struct span code = book_code(m->key, m->digits, room);
    book_add_trouble(writer, m->line, "commodity " SPAN_FMT " is not in the nomenclature",
                     SPAN_ARG(code));
    return false;
}

static void check_measures(struct book_writer *writer)
{
    struct book_measure *measures = measures_of(writer);
    uint32_t kept = 0;
    bool fits = true;            // with the one before
    for (uint32_t i = 0; i < writer->measures_count; i++) {
        bool at_odds = !fits, last = i + 1 == writer->measures_count;
        fits = last || check_pair(writer, &measures[i], &measures[i + 1]);
        bool stays = check_code(writer, &measures[i]) && !at_odds && fits;
        // What is written here was looked at before.
        if (stays || !writer->leave_out) measures[kept++] = measures[i];
    }
    writer->measures_count = kept;
}

// --- Exchange rates ------------------------------------------------------------------------------

static int rate_compare(const void *a, const void *b)
{
    const struct book_rate *first = a, *second = b;
    int order = memcmp(first->currency, second->currency, sizeof(first->currency));
    if (order != 0) return order;
    if (first->from != second->from) return first->from < second->from ? -1 : 1;
    return compare_u32(first->zero, second->zero);
}

static void order_rates(struct book_writer *writer)
{
    struct book_rate *rates = (struct book_rate *)(void *)writer->rates.at;
    if (writer->rates_count > 0)
        qsort(rates, writer->rates_count, sizeof(struct book_rate), rate_compare);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < writer->rates_count; i++) {
        bool twice = kept > 0 && rates[kept - 1].from == rates[i].from &&
                     memcmp(rates[kept - 1].currency, rates[i].currency,
                            sizeof(rates[i].currency)) == 0;
        if (twice)
            book_add_trouble(writer, rates[i].zero, "%s has a rate from that day already",
                             rates[i].currency);
        if (twice && writer->leave_out) continue;
        rates[kept] = rates[i];
        rates[kept++].zero = 0;
    }
    writer->rates_count = kept;
    writer->rates.used = kept * sizeof(struct book_rate);
}

// --- Bytes ---------------------------------------------------------------------------------------

static void *add_section(struct book_writer *writer, enum book_section which, size_t size)
{
    static const char zeros[8];
    size_t rest = (8 - writer->book.used % 8) % 8;
    if (rest > 0) {
        char *into = pile_add(&writer->book, rest);
        if (into == NULL) return NULL;
        memcpy(into, zeros, rest);
    }
    writer->head.sections[which].offset = writer->book.used;
    writer->head.sections[which].size = size;
    return size == 0 ? writer->book.at : pile_add(&writer->book, size);
}

static bool add_bytes(struct book_writer *writer, enum book_section which, const void *bytes,
                      size_t size)
{
    void *into = add_section(writer, which, size);
    if (into != NULL && size > 0) memcpy(into, bytes, size);
    return into != NULL;
}

static bool add_lines(struct book_writer *writer)
{
    struct book_line *into =
        add_section(writer, BOOK_LINES, writer->lines_count * sizeof(struct book_line));
    for (uint32_t i = 0; into != NULL && i < writer->lines_count; i++)
        into[i] = lines_of(writer)[i].line;
    return into != NULL;
}

// A node for each prefix that has measures, with the longest one that begins it.
static uint32_t make_nodes(const struct book_writer *writer, struct book_node *nodes)
{
    const struct book_measure *measures = measures_of(writer);
    uint32_t count = 0;
    for (uint32_t i = 0; i < writer->measures_count; i++) {
        const struct book_measure *m = &measures[i];
        if (count > 0 && nodes[count - 1].key == m->key && nodes[count - 1].digits == m->digits) {
            nodes[count - 1].count++;
            continue;
        }
        uint32_t above = count;
        while (above > 0 && !book_begins(nodes[above - 1].key, nodes[above - 1].digits, m->key,
                                         m->digits))
            above = nodes[above - 1].above;
        nodes[count] = (struct book_node){ .key = m->key, .first = i, .count = 1, .above = above,
                                           .digits = m->digits };
        count++;
    }
    return count;
}

static bool add_nodes(struct book_writer *writer)
{
    size_t size = writer->measures_count * sizeof(struct book_node);
    struct book_node *nodes = malloc(size + 1);
    if (nodes == NULL) return false;
    uint32_t count = make_nodes(writer, nodes);
    bool added = add_bytes(writer, BOOK_NODES, nodes, count * sizeof(struct book_node));
    free(nodes);
    return added;
}

static bool write_book(struct book_writer *writer, struct span *bytes, struct error *err)
{
    size_t size = sizeof(struct book_head) + writer->texts.used + sizeof(writer->types) +
                  writer->groups_count * sizeof(struct book_group) + writer->rates.used +
                  writer->lines_count * sizeof(struct book_line) +
                  writer->measures_count *
                      (sizeof(struct book_measure) + sizeof(struct book_node)) +
                  (size_t)KIB;
    if (!pile_open(&writer->book, size, err)) return false;
    char *head = pile_add(&writer->book, sizeof(struct book_head));
    if (head == NULL || !add_lines(writer) ||
        !add_bytes(writer, BOOK_MEASURES, writer->measures.at,
                   writer->measures_count * sizeof(struct book_measure)) ||
        !add_nodes(writer) ||
        !add_bytes(writer, BOOK_TYPES, writer->types,
                   writer->types_count * sizeof(struct book_type)) ||
        !add_bytes(writer, BOOK_GROUPS, writer->groups,
                   writer->groups_count * sizeof(struct book_group)) ||
        !add_bytes(writer, BOOK_RATES, writer->rates.at, writer->rates.used) ||
        !add_bytes(writer, BOOK_TEXTS, writer->texts.at, writer->texts.used))
        return error_set(err, ERROR_UNAVAILABLE, "no memory for the book");
    *bytes = (struct span){ writer->book.at, writer->book.used };
    struct span behind = { head + sizeof(struct book_head), bytes->len - sizeof(struct book_head) };
    struct sha256 sum = book_sum(&writer->head, behind);
    memcpy(writer->head.sum, sum.bytes, sizeof(writer->head.sum));
    writer->head.check = book_check(&writer->head, behind);
    memcpy(head, &writer->head, sizeof(struct book_head));
    return true;
}

bool book_finish(struct book_writer *writer, struct span *bytes, struct error *err)
{
    assert(writer->book.at == NULL); // once
    order_types(writer);
    if (writer->lines_count > 0)
        qsort(writer->lines.at, writer->lines_count, sizeof(struct line_kept), line_compare);
    if (writer->measures_count > 0)
        qsort(writer->measures.at, writer->measures_count, sizeof(struct book_measure),
              measure_compare);
    order_rates(writer);
    check_lines(writer);
    check_measures(writer);
    uint64_t troubles = writer->troubles.count;
    if (troubles == 0 || writer->leave_out) return write_book(writer, bytes, err);
    error_set(err, ERROR_SYNTAX, "the book has %llu troubles; nothing was written",
              (unsigned long long)troubles);
    return error_hint(err, "Correct the lines that are named, and import it again.");
}
