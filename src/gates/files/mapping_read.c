#include <assert.h>

#include "gates/files/mapping.h"

// --- One right-hand side ---

static bool column_error(const struct error *why, const char *at, const char **where,
                         struct error *err)
{
    *where = at;
    *err = *why;
    return false;
}

static bool do_verbs(const struct piece *piece, struct span value, struct arena *arena,
                     struct span *done, struct error *err)
{
    for (uint32_t i = 0; i < piece->verbs_count && value.len > 0; i++)
        if (!verb_do(&piece->verbs[i], value, arena, &value, err)) return false;
    *done = value;
    return true;
}

bool mapping_fill(const struct mapping_row *row, const struct csv_row *fields, struct arena *arena,
                  struct span *value, const char **at, struct error *err)
{
    struct span parts[MAPPING_PIECES_MAX];
    bool has_columns = false, has_text = false;
    size_t len = 0;
    assert(row->pieces_count > 0 && row->pieces_count <= MAPPING_PIECES_MAX);
    *at = NULL;
    parts[0] = SPAN("");
    for (uint32_t i = 0; i < row->pieces_count; i++) {
        const struct piece *piece = &row->pieces[i];
        parts[i] = piece->text;
        if (piece->column != PIECE_TEXT) {
            struct span field = span_trim(fields->fields[piece->column]);
            struct error why;
            has_columns = true;
            has_text = has_text || field.len > 0;
            if (*at == NULL) *at = field.at;
            if (!do_verbs(piece, field, arena, &parts[i], &why))
                return column_error(&why, field.at, at, err);
        }
        len += parts[i].len;
    }
    *value = parts[0];
    if (has_columns && !has_text) *value = SPAN("");
    else if (row->pieces_count > 1) {
        struct text text = text_in(arena, len + 1);
        for (uint32_t i = 0; i < row->pieces_count; i++) text_add(&text, parts[i]);
        if (text.full) return error_set(err, ERROR_TOO_LARGE, "the row does not fit into memory");
        *value = text_span(&text);
    }
    return true;
}

// --- One row ---

// What the rows of one declaration share.
struct reading {
    const struct mapping *mapping;
    struct span text;
    struct arena *arena;
    struct declaration *declaration;
    struct error *err;
    struct csv csv;
    uint32_t item;
    struct span *first; // of each mapping row: what the first row of the file said
    struct span group;
};

static bool lies_within(struct span text, const char *at)
{
    return at != NULL && at >= text.at && at < text.at + text.len;
}

// Line and column in the text where they are known, else of the row; and which field it is about.
static bool fail(const struct reading *reading, const struct mapping_row *row, const char *at,
                 const struct error *why)
{
    struct error *err = reading->err;
    *err = *why;
    err->line = reading->csv.line;
    err->column = 1;
    if (lies_within(reading->text, at)) {
        error_at(err, reading->text, at, "%s", why->text);
        error_hint(err, "%s", why->hint);
        err->kind = why->kind;
    }
    if (!row->of_item) return error_field(err, SPAN_FMT, SPAN_ARG(row->field));
    return error_field(err, "items[%u]" SPAN_FMT, reading->item, (int)row->field.len - 5,
                       row->field.at + 5);
}

// A later row of the declaration may say again what the first one said, and nothing else.
static bool same_as_first(const struct reading *reading, uint32_t i, struct span value,
                          const char *at)
{
    struct error why;
    if (value.len == 0 || span_equal(value, reading->first[i])) return true;
    error_set(&why, ERROR_SYNTAX,
              "'" SPAN_FMT "', and the declaration's first row says '" SPAN_FMT "'",
              SPAN_ARG(value), SPAN_ARG(reading->first[i]));
    error_hint(&why, "It is of the whole declaration: say it once, or the same in each row.");
    return fail(reading, &reading->mapping->rows[i], at, &why);
}

static bool set_field(const struct reading *reading, uint32_t i, const struct csv_row *fields)
{
    const struct mapping_row *row = &reading->mapping->rows[i];
    struct span value;
    const char *at;
    struct error why;
    if (!mapping_fill(row, fields, reading->arena, &value, &at, &why))
        return fail(reading, row, at, &why);
    if (!row->of_item && reading->item > 0) return same_as_first(reading, i, value, at);
    if (!row->of_item) reading->first[i] = value;
    if (value.len == 0) return true;

    struct field_path path = row->path;
    if (row->of_item) path.index[0] = (uint16_t)reading->item;
    return field_set(&path, reading->declaration, value, reading->arena, &why) ||
           fail(reading, row, at, &why);
}

// All rows of a message are of one group: the cutter saw to that, and its row must be readable.
static bool check_group(struct reading *reading, const struct csv_row *fields)
{
    const struct mapping_row *row = &reading->mapping->group;
    struct span group;
    const char *at;
    struct error why;
    if (row->pieces_count == 0) return true;
    row = &(struct mapping_row){ .field = SPAN("group"),
                                 .pieces = row->pieces,
                                 .pieces_count = row->pieces_count };
    if (!mapping_fill(row, fields, reading->arena, &group, &at, &why))
        return fail(reading, row, at, &why);
    if (reading->item == 0) reading->group = group;
    if (span_equal(reading->group, group)) return true;
    error_set(&why, ERROR_SYNTAX, "a row of another group");
    return fail(reading, row, at, &why);
}

static bool read_row(struct reading *reading, const struct csv_row *fields)
{
    if (reading->item == DECLARATION_ITEMS_MAX)
        return error_set(reading->err, ERROR_TOO_LARGE, "more than %d items",
                         DECLARATION_ITEMS_MAX);
    if (!check_group(reading, fields)) return false;
    for (uint32_t i = 0; i < reading->mapping->rows_count; i++)
        if (!set_field(reading, i, fields)) return false;
    return true;
}

bool mapping_read_message(const void *how, struct span text, struct arena *arena,
                          struct declaration *declaration, struct dropped *dropped,
                          struct error *err)
{
    const struct mapping *mapping = how;
    struct reading reading = { .mapping = mapping,
                               .text = text,
                               .arena = arena,
                               .err = err,
                               .declaration = declaration,
                               .csv = mapping->header };
    reading.csv.rest = text;
    reading.csv.line = reading.csv.line_next = 1;
    *declaration = (struct declaration){ 0 };
    *dropped =
        (struct dropped){ 0 }; // columns without a row in the mapping are left out on purpose
    void *first;
    if (!arena_need(arena, mapping->rows_count, sizeof(struct span), &first, "the row", err))
        return false;
    reading.first = first;
    for (;; reading.item++) {
        struct csv_row fields;
        bool found;
        if (!csv_next(&reading.csv, arena, &fields, &found, err)) return false;
        if (!found) return reading.item > 0 || error_set(err, ERROR_SYNTAX, "an empty row");
        if (!read_row(&reading, &fields)) return false;
    }
}
