#include "tariff/book_write.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/money.h"
#include "tariff/book_write_inside.h"

enum { KNOWN_SLOTS = 1 << 21, TEXTS_MAX = 256 * MIB };

// --- Piles ---------------------------------------------------------------------------------------

bool pile_open(struct pile *pile, size_t size, struct error *err)
{
    return arena_open(&pile->arena, size, err);
}

void *pile_add(struct pile *pile, size_t size)
{
    if (pile->at == NULL) pile->at = arena_take_raw(&pile->arena, size, 1);
    else if (!arena_grow(&pile->arena, pile->at, pile->used, pile->used + size)) return NULL;
    if (pile->at == NULL) return NULL;
    pile->used += size;
    return pile->at + pile->used - size;
}

// --- Texts ---------------------------------------------------------------------------------------

struct span book_written_text(const struct book_writer *writer, book_text_at at)
{
    uint16_t len;
    memcpy(&len, writer->texts.at + at, sizeof(len));
    return (struct span){ writer->texts.at + at + sizeof(len), len };
}

// Where it is known, or would be.
static uint32_t slot_of(const struct book_writer *writer, struct span text)
{
    uint32_t slot = (uint32_t)(key_of(text) % KNOWN_SLOTS);
    while (writer->known[slot] != 0 &&
           !span_equal(book_written_text(writer, writer->known[slot] - 1), text))
        slot = (slot + 1) % KNOWN_SLOTS;
    return slot;
}

static bool find_text(const struct book_writer *writer, struct span text, book_text_at *at)
{
    uint32_t known = writer->known[slot_of(writer, text)];
    *at = known == 0 ? 0 : known - 1;
    return known != 0;
}

// Each text is kept once.
static bool keep_text(struct book_writer *writer, struct span text, book_text_at *at,
                      struct error *err)
{
    if (text.len > UINT16_MAX)
        return error_set(err, ERROR_TOO_LARGE, "a text has more than %d bytes", UINT16_MAX);
    if (text.len == 0) *at = 0;
    if (text.len == 0 || find_text(writer, text, at)) return true;
    uint16_t len = (uint16_t)text.len;
    size_t offset = writer->texts.used;
    char *into = writer->known_count == KNOWN_SLOTS / 2
                     ? NULL : pile_add(&writer->texts, sizeof(len) + text.len);
    if (into == NULL) return error_set(err, ERROR_TOO_LARGE, "the book has too many texts");
    memcpy(into, &len, sizeof(len));
    memcpy(into + sizeof(len), text.at, text.len);
    *at = (book_text_at)offset;
    writer->known[slot_of(writer, text)] = *at + 1;
    writer->known_count++;
    return true;
}

// --- Opening and closing -------------------------------------------------------------------------

static bool code_of_three(struct span code, char into[4], const char *what, struct error *err)
{
    if (code.len == 0 || code.len > 3)
        return error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no %s", SPAN_ARG(code), what);
    memcpy(into, code.at, code.len);
    return true;
}

static bool begin(struct book_writer *writer, const struct book_settings *settings,
                  struct error *err)
{
    struct book_head *head = &writer->head;
    unsigned exponent;
    uint16_t pair;
    memcpy(head->magic, BOOK_MAGIC, sizeof(head->magic));
    head->order = BOOK_ORDER;
    writer->leave_out = settings->leave_out;
    head->as_of = settings->as_of.days;
    if (!settings->as_of.given) return error_set(err, ERROR_SYNTAX, "a book is of a day");
    if (!book_pair(settings->country, &pair) ||
        !code_of_three(settings->country, head->country, "country", err)) {
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no country", SPAN_ARG(settings->country));
        return error_hint(err, "Use two capital letters of ISO 3166-1, or EU.");
    }
    if (!currency_exponent(settings->currency, &exponent) ||
        !code_of_three(settings->currency, head->currency, "currency", err))
        return error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no currency",
                         SPAN_ARG(settings->currency));
    for (int i = 0; i < BOOK_LANGUAGES_MAX && settings->languages[i] != NULL; i++) {
        if (!code_of_three(span_of(settings->languages[i]), head->language[i], "language", err))
            return false;
        head->languages++;
    }
    char *empty = pile_add(&writer->texts, 2); // the empty text is at 0
    if (empty == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for a book");
    memset(empty, 0, 2);
    return keep_text(writer, settings->source, &head->source, err);
}

bool book_writer_open(struct book_writer **opened, const struct book_settings *settings,
                      struct error *err)
{
    struct book_writer *writer = calloc(1, sizeof(*writer));
    *opened = NULL;
    if (writer == NULL) return error_set(err, ERROR_UNAVAILABLE, "no memory for a book");
    writer->known = calloc(KNOWN_SLOTS, sizeof(*writer->known));
    if (writer->known == NULL) error_set(err, ERROR_UNAVAILABLE, "no memory for a book");
    size_t rows = BOOK_ROWS_MAX;
    if (writer->known != NULL && pile_open(&writer->texts, TEXTS_MAX, err) &&
        pile_open(&writer->lines, rows * sizeof(struct line_kept), err) &&
        pile_open(&writer->measures, rows * sizeof(struct book_measure), err) &&
        pile_open(&writer->rates, (size_t)RATES_MAX * sizeof(struct book_rate), err) &&
        arena_open(&writer->memory, (size_t)4 * MIB, err) && begin(writer, settings, err)) {
        void *troubles;
        if (arena_need(&writer->memory, BOOK_TROUBLES_KEPT, sizeof(struct book_trouble), &troubles,
                       "the troubles", err)) {
            writer->troubles.at = troubles;
            *opened = writer;
            return true;
        }
    }
    book_writer_close(writer);
    return false;
}

void book_writer_close(struct book_writer *writer)
{
    if (writer == NULL) return;
    arena_close(&writer->texts.arena);
    arena_close(&writer->lines.arena);
    arena_close(&writer->measures.arena);
    arena_close(&writer->rates.arena);
    arena_close(&writer->book.arena);
    arena_close(&writer->memory);
    free(writer->known);
    free(writer);
}

void book_writer_dialect(struct book_writer *writer, const struct expression_dialect *dialect)
{
    writer->dialect = *dialect;
}

// --- Troubles ------------------------------------------------------------------------------------

static struct book_trouble *next_trouble(struct book_writer *writer)
{
    struct book_troubles *troubles = &writer->troubles;
    troubles->count++;
    return troubles->kept < BOOK_TROUBLES_KEPT ? &troubles->at[troubles->kept++] : NULL;
}

void book_add_trouble(struct book_writer *writer, unsigned line, const char *format, ...)
{
    char words[300];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    struct book_trouble *trouble = next_trouble(writer);
    if (trouble == NULL) return;
    *trouble = (struct book_trouble){ .line = line, .text = SPAN("(no room for the words)") };
    struct span text = { words, len < (int)sizeof(words) ? (size_t)len : sizeof(words) - 1 }, kept;
    if (arena_copy(&writer->memory, text, &kept)) trouble->text = kept;
}

const struct book_troubles *book_troubles_of(const struct book_writer *writer)
{
    return &writer->troubles;
}

// --- Types and groups ----------------------------------------------------------------------------

static uint32_t type_find(const struct book_writer *writer, struct span code)
{
    uint32_t i = 0;
    while (i < writer->types_count && !span_equal(book_type_code(&writer->types[i]), code)) i++;
    return i;
}

bool book_add_type(struct book_writer *writer, struct span code, enum measure_base base,
                   struct span name, struct error *err)
{
    uint32_t at = type_find(writer, code);
    if (code.len < 1 || code.len > 4)
        return error_set(err, ERROR_SYNTAX, "a type has 1 to 4 characters");
    if (at < writer->types_count) return true;
    if (at == BOOK_TYPES_MAX)
        return error_set(err, ERROR_TOO_LARGE, "more than %d types", BOOK_TYPES_MAX);
    struct book_type *type = &writer->types[writer->types_count++];
    *type = (struct book_type){ .base = base };
    memcpy(type->code, code.at, code.len);
    return keep_text(writer, name, &type->name, err);
}

// Texts are kept once, so that two that are the same stand at the same place.
static uint32_t group_find(const struct book_writer *writer, struct span code)
{
    book_text_at at;
    uint32_t i = 0;
    if (!find_text(writer, code, &at)) return writer->groups_count;
    while (i < writer->groups_count && writer->groups[i].code != at) i++;
    return i;
}

bool book_add_group(struct book_writer *writer, struct span code, struct span name,
                    struct error *err)
{
    if (code.len < 3) {
        error_set(err, ERROR_SYNTAX, "a group's name has three letters or more");
        return error_hint(err, "Two letters would be taken for a country.");
    }
    uint32_t at = group_find(writer, code);
    if (at < writer->groups_count) return true;
    if (at == BOOK_GROUPS_MAX)
        return error_set(err, ERROR_TOO_LARGE, "more than %d groups", BOOK_GROUPS_MAX);
    struct book_group *group = &writer->groups[at];
    *group = (struct book_group){ 0 };
    if (!keep_text(writer, code, &group->code, err) || !keep_text(writer, name, &group->name, err))
        return false;
    writer->groups_count++;
    return true;
}

bool book_add_union(struct book_writer *writer, struct span code, struct span name,
                    const struct span *groups, uint32_t count, struct error *err)
{
    if (!book_add_group(writer, code, name, err)) return false;
    struct book_group *whole = &writer->groups[group_find(writer, code)];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = group_find(writer, groups[i]);
        for (int w = 0; at < writer->groups_count && w < BOOK_GROUP_WORDS; w++)
            whole->members[w] |= writer->groups[at].members[w];
    }
    return true;
}

bool book_add_member(struct book_writer *writer, struct span code, struct span name,
                     struct span country, struct error *err)
{
    uint16_t pair;
    if (!book_add_group(writer, code, name, err)) return false;
    if (!book_pair(country, &pair)) {
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is not a country", SPAN_ARG(country));
        return error_hint(err, "Use two capital letters of ISO 3166-1.");
    }
    struct book_group *group = &writer->groups[group_find(writer, code)];
    group->members[pair / 64] |= UINT64_C(1) << (pair % 64);
    return true;
}

// --- Rows ----------------------------------------------------------------------------------------

// "0101.21.00 10" and "0101210010" are the same.
static bool read_code(struct span code, uint8_t digits_min, uint64_t *key, uint8_t *digits,
                      struct error *err)
{
    char room[BOOK_CODE_DIGITS_MAX];
    size_t len = 0;
    bool fits = true;
    for (size_t i = 0; i < code.len && fits; i++) {
        if (code.at[i] == '.' || code.at[i] == ' ') continue;
        fits = len < sizeof(room) && code.at[i] >= '0' && code.at[i] <= '9';
        if (fits) room[len++] = code.at[i];
    }
    if (fits && len >= digits_min && len != 1) {
        *key = book_key((struct span){ room, len });
        *digits = (uint8_t)len;
        return true;
    }
    error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no commodity code", SPAN_ARG(code));
    return error_hint(err, "A code has 2 to %d digits.", BOOK_CODE_DIGITS_MAX);
}

static bool read_days(struct date from, struct date to, int32_t *first, int32_t *last,
                      struct error *err)
{
    *first = from.given ? from.days : INT32_MIN;
    *last = to.given ? to.days : INT32_MAX;
    if (*first <= *last) return true;
    error_set(err, ERROR_SYNTAX, "the last day is before the first");
    return error_hint(err, "Leave the last day empty while it stays in force.");
}

bool book_add_line(struct book_writer *writer, const struct line_row *row, struct error *err)
{
    struct book_line line = { .indent = (uint8_t)(row->indent < 255 ? row->indent : 255) };
    if (!read_code(row->code, 2, &line.key, &line.digits, err) ||
        !read_days(row->from, row->to, &line.from, &line.to, err) ||
        !keep_text(writer, row->units, &line.units, err))
        return false;
    for (uint32_t i = 0; i < writer->head.languages; i++)
        if (!keep_text(writer, row->label[i], &line.label[i], err)) return false;
    struct line_kept *kept = pile_add(&writer->lines, sizeof(*kept));
    if (kept == NULL)
        return error_set(err, ERROR_TOO_LARGE, "more than %d lines", BOOK_ROWS_MAX);
    *kept = (struct line_kept){ line, row->line };
    writer->lines_count++;
    return true;
}

static bool read_origin(const struct book_writer *writer, struct span origin, uint16_t *number,
                        struct error *err)
{
    uint16_t pair;
    *number = BOOK_ORIGIN_ANY;
    if (span_equal(origin, SPAN("*"))) return true;
    if (book_pair(origin, &pair)) {
        *number = pair + 1;
        return true;
    }
    uint32_t group = group_find(writer, origin);
    *number = (uint16_t)(BOOK_ORIGIN_GROUP | group);
    if (group < writer->groups_count) return true;
    error_set(err, ERROR_SYNTAX, "there is no group '" SPAN_FMT "'", SPAN_ARG(origin));
    return error_hint(err, "Use two capital letters, a group that has countries, or * for all.");
}

static bool read_regime(struct span regime, char into[4], struct error *err)
{
    bool fits = regime.len <= 3;
    for (size_t i = 0; i < regime.len && fits; i++)
        fits = regime.at[i] >= '0' && regime.at[i] <= '9';
    if (!fits) {
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' does not begin a preference code",
                  SPAN_ARG(regime));
        return error_hint(err, "Give 1 to 3 digits, or nothing for every preference.");
    }
    if (regime.len > 0) memcpy(into, regime.at, regime.len);
    return true;
}

static bool read_rate(struct book_writer *writer, struct span rate, struct book_measure *m,
                      enum rate_read *read, enum expression_obstacle *obstacle, struct error *err)
{
    struct expression expression;
    struct arena scratch = writer->memory; // by value: what is taken vanishes
    *read = RATE_NONE;
    *obstacle = OBSTACLE_NONE;
    if (rate.len == 0) return true;
    if (!expression_read(rate, &writer->dialect, &scratch, &expression, err)) return false;
    *read = expression.kind == EXPRESSION_MANUAL ? RATE_MANUAL : RATE_EVALUABLE;
    *obstacle = expression.obstacle;
    return keep_text(writer, expression.words, &m->rate, err) &&
           keep_text(writer, expression.formula, &m->formula, err);
}

bool book_add_measure(struct book_writer *writer, const struct measure_row *row,
                      enum rate_read *rate, enum expression_obstacle *obstacle, struct error *err)
{
    struct book_measure m = { .line = row->line };
    uint32_t type = type_find(writer, row->type);
    if (type == writer->types_count) {
        error_set(err, ERROR_SYNTAX, "there is no type '" SPAN_FMT "'", SPAN_ARG(row->type));
        return error_hint(err, "Name the types before the measures.");
    }
    m.type = (uint8_t)type;
    m.kind = (uint8_t)row->kind;
    if (!read_code(row->code, 0, &m.key, &m.digits, err) ||
        !read_days(row->from, row->to, &m.from, &m.to, err) ||
        !read_origin(writer, row->origin, &m.origin, err) ||
        !read_regime(row->regime, m.regime, err) ||
        !read_rate(writer, row->rate, &m, rate, obstacle, err) ||
        !keep_text(writer, row->law, &m.law, err) ||
        !keep_text(writer, row->publication, &m.publication, err) ||
        !keep_text(writer, row->words, &m.words, err) ||
        !keep_text(writer, row->excluded, &m.excluded, err) ||
        !keep_text(writer, row->document, &m.document, err) ||
        !keep_text(writer, row->additional, &m.additional, err) ||
        !keep_text(writer, row->quota, &m.quota, err))
        return false;
    struct book_measure *kept = pile_add(&writer->measures, sizeof(m));
    if (kept == NULL)
        return error_set(err, ERROR_TOO_LARGE, "more than %d measures", BOOK_ROWS_MAX);
    *kept = m;
    writer->measures_count++;
    return true;
}

bool book_add_rate(struct book_writer *writer, struct span currency, struct date from,
                   struct decimal value, unsigned line, struct error *err)
{
    unsigned exponent;
    struct book_rate rate = { .from = from.days, .digits = value.digits, .scale = value.scale,
                              .zero = line }; // until the end
    if (!currency_exponent(currency, &exponent))
        return error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is no currency", SPAN_ARG(currency));
    if (!from.given || !value.given || value.digits <= 0)
        return error_set(err, ERROR_SYNTAX, "a rate has a first day, and is above zero");
    memcpy(rate.currency, currency.at, 3);
    struct book_rate *kept = pile_add(&writer->rates, sizeof(rate));
    if (kept == NULL) return error_set(err, ERROR_TOO_LARGE, "more than %d rates", RATES_MAX);
    *kept = rate;
    writer->rates_count++;
    return true;
}

uint32_t book_lines_added(const struct book_writer *writer) { return writer->lines_count; }
uint32_t book_measures_added(const struct book_writer *writer) { return writer->measures_count; }
