#include <assert.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "consignment/model.h"
#include "consignment/model_inside.h"

// --- Names ---

const struct field *field_find(const struct shape *shape, struct span name, uint32_t *next)
{
    enum { NEAR = 8 }; // further ones are found by halves
    const struct field *fields = shape->fields;
    uint32_t count = shape->fields_count, low = 0, high = count;
    for (uint32_t i = *next; i < count && i < *next + NEAR; i++)
        if (span_equal(fields[i].name, name)) {
            *next = i + 1;
            return &fields[i];
        }
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = span_compare(fields[middle].name, name);
        if (order == 0) {
            *next = middle + 1;
            return &fields[middle];
        }
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// Levenshtein 1966.
uint32_t name_edits(struct span a, struct span b, uint32_t most)
{
    enum { LONGEST = 40 };
    uint32_t row[LONGEST + 1];
    if (a.len > LONGEST || b.len > LONGEST) return most;
    for (uint32_t j = 0; j <= b.len; j++) row[j] = j;
    for (uint32_t i = 1; i <= a.len; i++) {
        uint32_t diagonal = row[0];
        row[0] = i;
        for (uint32_t j = 1; j <= b.len; j++) {
            uint32_t replaced = diagonal + (lower(a.at[i - 1]) != lower(b.at[j - 1]));
            uint32_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
            diagonal = row[j];
            row[j] = replaced < shorter + 1 ? replaced : shorter + 1;
        }
    }
    return row[b.len] < most ? row[b.len] : most;
}

const struct field *field_closest(const struct shape *shape, struct span name)
{
    const struct field *closest = NULL;
    // More than about one edit in three letters, or than three edits, is another word.
    uint32_t fewest = name.len < 8 ? 1 + (uint32_t)(name.len + 2) / 3 : 4;
    for (uint32_t i = 0; i < shape->fields_count; i++) {
        uint32_t count = name_edits(shape->fields[i].name, name, fewest);
        if (count < fewest) {
            fewest = count;
            closest = &shape->fields[i];
        }
    }
    return closest;
}

// --- Setting one field ---

// Are all bytes in `lowest` .. 0x7E? Eight at a time: nearly every text and code is.
static bool is_plain(struct span text, unsigned char lowest)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    uint64_t wrong = 0;
    size_t i = 0;
    for (; text.len - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, text.at + i, 8);
        uint64_t above = word + ones; // 0x7F carries into the top bit, as 0x80 and up have it set
        wrong |= (word | above | ((word - ones * lowest) & ~word)) & tops;
    }
    for (; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        wrong |= c < lowest || c > 0x7E;
    }
    return wrong == 0;
}

// A byte of a text may also be of a character beyond ASCII, a line end or a tab.
static bool may_stand(const struct field *field, unsigned char c)
{
    if (field->kind == FIELD_CODE) return c > 0x20 && c < 0x7F;
    return (c >= 0x20 && c != 0x7F) || c == '\n' || c == '\r' || c == '\t';
}

static bool put_text(const struct field *field, struct span *place, struct span text,
                     struct error *err)
{
    size_t wrong_at;
    bool code = field->kind == FIELD_CODE;
    if (text.len > field->max)
        return error_set(err, ERROR_TOO_LARGE, "%zu bytes, and at most %u are taken", text.len,
                         field->max);
    if (is_plain(text, code ? '!' : ' ')) {
        *place = text;
        return true;
    }
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (may_stand(field, c)) continue;
        error_set(err, ERROR_SYNTAX, "byte 0x%02X is not allowed in %s", c,
                  code ? "a code" : "a text");
        return error_hint(err, code ? "Codes are letters, digits and marks without blanks."
                                    : "Leave control characters out.");
    }
    if (!utf8_check(text, &wrong_at))
        return error_set(err, ERROR_SYNTAX, "byte 0x%02X is not UTF-8 here",
                         (unsigned char)text.at[wrong_at]);
    *place = text;
    return true;
}

static bool put_number(struct number *place, struct span text, struct error *err)
{
    enum { SHOWN_MAX = 40 };
    uint64_t value;
    // Some senders write counts as decimals: 5.0 or 5.000.
    struct span_pair parts = span_cut(text, '.');
    bool whole = !parts.found || parts.tail.len > 0;
    for (size_t i = 0; i < parts.tail.len; i++) whole = whole && parts.tail.at[i] == '0';
    if (whole && span_to_u64(parts.head, &value) && value <= UINT32_MAX) {
        *place = (struct number){ (uint32_t)value, true };
        return true;
    }
    if (text.len <= SHOWN_MAX && is_plain(text, ' '))
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' where a whole number is expected",
                  SPAN_ARG(text));
    else error_set(err, ERROR_SYNTAX, "a text where a whole number is expected");
    return error_hint(err, "Whole numbers from 0 to 4294967295 are taken.");
}

bool field_put(const struct field *field, int part, void *base, struct span text,
               struct error *err)
{
    static const struct field code = { .kind = FIELD_CODE, .max = UNIT_CODE_MAX };
    char *at = (char *)base + field->offset;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_CODE: return put_text(field, (struct span *)(void *)at, text, err);
    case FIELD_NUMBER: return put_number((struct number *)(void *)at, text, err);
    case FIELD_DECIMAL: return decimal_read(text, (struct decimal *)(void *)at, err);
    case FIELD_MOMENT: {
        struct moment *moment = (void *)at;
        return moment->given = moment_read(text, &moment->at_ms, err);
    }
    case FIELD_AMOUNT: {
        struct amount *amount = (void *)at;
        if (part == FIELD_UNIT) return put_text(&code, &amount->currency, text, err);
        return decimal_read(text, &amount->value, err);
    }
    case FIELD_QUANTITY: {
        struct quantity *quantity = (void *)at;
        if (part == FIELD_UNIT) return put_text(&code, &quantity->unit, text, err);
        return decimal_read(text, &quantity->value, err);
    }
    default: return error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' holds other fields",
                              SPAN_ARG(field->name));
    }
}

// --- Paths ---

// "items[2]": the name, and the index or FIELD_EVERY.
static bool read_step(struct span step, struct span *name, uint16_t *index)
{
    struct span_pair parts = span_cut(step, '[');
    *name = parts.head;
    *index = FIELD_EVERY;
    if (!parts.found) return true;
    uint64_t value;
    if (!span_ends_with(parts.tail, SPAN("]"))) return false;
    parts.tail.len--;
    if (!span_to_u64(parts.tail, &value) || value >= DECLARATION_LIST_MAX) return false;
    *index = (uint16_t)value;
    return true;
}

static bool read_part(const struct field *field, struct span step, struct field_path *found)
{
    struct span other = field->kind == FIELD_AMOUNT ? SPAN("currency") : SPAN("unit");
    if (field->kind != FIELD_AMOUNT && field->kind != FIELD_QUANTITY) return false;
    if (span_equal(step, SPAN("value"))) found->part = FIELD_VALUE;
    else if (span_equal(step, other)) found->part = FIELD_UNIT;
    else return false;
    return true;
}

static bool no_field(struct span name, const struct shape *shape, struct error *err)
{
    error_set(err, ERROR_SYNTAX, "there is no field '" SPAN_FMT "' in %s", SPAN_ARG(name),
              shape->name);
    const struct field *close = field_closest(shape, name);
    return close == NULL ? error_hint(err, "Fields are listed in docs/declaration.schema.json.")
                         : error_hint(err, "Did you mean '" SPAN_FMT "'?", SPAN_ARG(close->name));
}

bool field_path_read(struct span path, const struct shape *root, struct field_path *found,
                     struct error *err)
{
    const struct shape *shape = root;
    *found = (struct field_path){ .part = FIELD_WHOLE };
    struct span_pair rest = { .tail = path, .found = true };
    while (rest.found) {
        rest = span_cut(rest.tail, '.');
        struct span name;
        uint16_t index;
        if (!read_step(rest.head, &name, &index))
            return error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is not a step of a path",
                             SPAN_ARG(rest.head));
        if (shape == NULL) { // behind a scalar only a part of an amount or quantity may come
            const struct field *last = found->steps[found->count - 1];
            if (!rest.found && found->part == FIELD_WHOLE && read_part(last, rest.head, found))
                return true;
            return error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' has no field '" SPAN_FMT "'",
                             SPAN_ARG(last->name), SPAN_ARG(rest.head));
        }
        uint32_t first = 0;
        const struct field *field = field_find(shape, name, &first);
        if (field == NULL) return no_field(name, shape, err);
        if (found->count == sizeof(found->steps) / sizeof(found->steps[0]))
            return error_set(err, ERROR_TOO_LARGE, "a path of too many steps");
        if (index != FIELD_EVERY && field->kind != FIELD_LIST)
            return error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' is not a list", SPAN_ARG(name));
        found->steps[found->count] = field;
        found->index[found->count++] = index;
        shape = field->shape;
    }
    return true;
}

static char *list_reach(const struct field *field, struct list *list, uint32_t index,
                        struct arena *arena, struct error *err)
{
    size_t size = field->shape->size;
    if (index >= field->max) {
        error_set(err, ERROR_TOO_LARGE, "more than %u of them", field->max);
        return NULL;
    }
    if (index >= list->count) {
        if (list_room(index + 1) > list_room(list->count)) {
            void *larger;
            if (!arena_need(arena, list_room(index + 1), size, &larger, "the declaration", err))
                return NULL;
            if (list->count > 0) memcpy(larger, list->at, list->count * size);
            list->at = larger;
        }
        list->count = index + 1;
    }
    return (char *)list->at + index * size;
}

bool field_set(const struct field_path *path, void *root, struct span text, struct arena *arena,
               struct error *err)
{
    assert(path->count > 0);
    char *base = root;
    for (uint32_t i = 0; i + 1 < path->count; i++) {
        const struct field *field = path->steps[i];
        if (field->kind == FIELD_LIST) {
            uint32_t index = path->index[i] == FIELD_EVERY ? 0 : path->index[i];
            void *list = base + field->offset;
            base = list_reach(field, list, index, arena, err);
            if (base == NULL) return false;
        } else {
            base += field->offset;
        }
    }
    return field_put(path->steps[path->count - 1], (int)path->part, base, text, err);
}

const void *field_get(const struct field_path *path, const void *root)
{
    assert(path->count > 0);
    const char *base = root;
    for (uint32_t i = 0; i + 1 < path->count; i++) {
        const struct field *field = path->steps[i];
        base += field->offset;
        if (field->kind != FIELD_LIST) continue;
        const struct list *list = (const void *)base;
        uint32_t index = path->index[i] == FIELD_EVERY ? 0 : path->index[i];
        if (index >= list->count) return NULL;
        base = (const char *)list->at + (size_t)index * field->shape->size;
    }
    return base + path->steps[path->count - 1]->offset;
}
