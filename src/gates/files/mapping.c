#include "gates/files/mapping.h"

#include <assert.h>

// --- Right-hand sides ---

static bool find_column(const struct csv *header, struct span name, uint32_t *column)
{
    for (*column = 0; *column < header->columns; (*column)++)
        if (span_equal(header->names[*column], name)) return true;
    return false;
}

static bool read_verbs(struct span text, struct span inside, struct piece *piece, struct error *err)
{
    while (inside.len > 0) {
        struct span_pair parts = span_cut(inside, '|');
        struct error why;
        if (piece->verbs_count == MAPPING_VERBS_MAX)
            return error_at(err, text, parts.head.at, "more than %d things to do with a column",
                            MAPPING_VERBS_MAX);
        if (!verb_read(parts.head, &piece->verbs[piece->verbs_count++], &why)) {
            error_at(err, text, parts.head.at, "%s", why.text);
            return error_hint(err, "%s", why.hint);
        }
        inside = parts.tail;
    }
    return true;
}

static bool read_column(const struct mapping *mapping, struct span text, struct span inside,
                        struct piece *piece, struct error *err)
{
    struct span_pair parts = span_cut(inside, '|');
    struct span name = span_trim(parts.head);
    if (find_column(&mapping->header, name, &piece->column))
        return read_verbs(text, parts.tail, piece, err);
    error_at(err, text, inside.at, "there is no column '" SPAN_FMT "'", SPAN_ARG(name));
    struct span first = mapping->header.names[0];
    return error_hint(err, "The file's first column is '" SPAN_FMT "'.", SPAN_ARG(first));
}

static bool read_pieces(const struct mapping *mapping, struct span text, struct span value,
                        struct arena *arena, struct mapping_row *row, struct error *err)
{
    void *pieces;
    if (value.len == 0) {
        error_at(err, text, value.at, "nothing stands behind '='");
        return error_hint(err, "Write: field = text with {columns}.");
    }
    if (!arena_need(arena, MAPPING_PIECES_MAX, sizeof(struct piece), &pieces, "the mapping", err))
        return false;
    row->pieces = pieces;
    while (value.len > 0) {
        if (row->pieces_count == MAPPING_PIECES_MAX)
            return error_at(err, text, value.at, "more than %d pieces", MAPPING_PIECES_MAX);
        struct piece *piece = &row->pieces[row->pieces_count++];
        struct span_pair before = span_cut(value, '{');
        if (!before.found || before.head.len > 0) {
            *piece = (struct piece){ .text = before.head, .column = PIECE_TEXT };
            value.at += before.head.len;
            value.len -= before.head.len;
            continue;
        }
        struct span_pair column = span_cut(before.tail, '}');
        if (!column.found)
            return error_at(err, text, value.at, "a column's name that does not end with '}'");
        if (!read_column(mapping, text, column.head, piece, err)) return false;
        value = column.tail;
    }
    return true;
}

// --- Left-hand sides ---

static bool same_place(const struct field_path *a, const struct field_path *b)
{
    if (a->count != b->count || a->part != b->part) return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->steps[i] != b->steps[i] || a->index[i] != b->index[i]) return false;
    return true;
}

// A path that ends at a text or number, and where no other row goes.
static bool check_path(const struct mapping *mapping, const struct mapping_row *row,
                       struct error *why)
{
    const struct field *last = row->path.steps[row->path.count - 1];
    bool has_parts = last->kind == FIELD_AMOUNT || last->kind == FIELD_QUANTITY;
    if (last->shape != NULL || (has_parts && row->path.part == FIELD_WHOLE)) {
        error_set(why, ERROR_SYNTAX, "'" SPAN_FMT "' holds other fields", SPAN_ARG(row->field));
        return error_hint(why, "Name one of them, like " SPAN_FMT "." SPAN_FMT ".",
                          SPAN_ARG(row->field),
                          SPAN_ARG(has_parts ? SPAN("value") : last->shape->fields[0].name));
    }
    for (const struct mapping_row *other = mapping->rows; other < row; other++)
        if (same_place(&other->path, &row->path))
            return error_set(why, ERROR_SYNTAX, "'" SPAN_FMT "' is set twice",
                             SPAN_ARG(row->field));
    return true;
}

static bool read_field(struct mapping *mapping, struct span field, struct mapping_row **added,
                       struct error *why)
{
    if (mapping->rows_count == MAPPING_ROWS_MAX)
        return error_set(why, ERROR_TOO_LARGE, "more than %d rows", MAPPING_ROWS_MAX);
    struct mapping_row *row = *added = &mapping->rows[mapping->rows_count++];
    row->field = field;
    row->of_item = span_starts_with(field, SPAN("items."));
    if (!field_path_read(field, &declaration_shape, &row->path, why)) return false;
    for (uint32_t i = row->of_item; i < row->path.count; i++)
        if (row->path.index[i] == FIELD_EVERY) row->path.index[i] = 0;
    return check_path(mapping, row, why);
}

static bool add_row(struct mapping *mapping, struct span text, struct span field, struct span value,
                    struct arena *arena, struct error *err)
{
    struct mapping_row *row = &mapping->group;
    struct error why;
    if (span_equal(field, SPAN("group"))) {
        if (row->pieces_count > 0) return error_at(err, text, field.at, "a second group");
    } else if (!read_field(mapping, field, &row, &why)) {
        error_at(err, text, field.at, "%s", why.text);
        return error_hint(err, "%s", why.hint);
    }
    return read_pieces(mapping, text, value, arena, row, err);
}

static bool read_mapping(struct mapping *mapping, struct span text, struct arena *arena,
                         struct error *err)
{
    for (struct span left = text; left.len > 0;) {
        struct span_pair line = span_cut(left, '\n');
        left = line.tail;
        struct span row = span_trim(line.head);
        if (row.len == 0 || row.at[0] == '#') continue;
        struct span_pair sides = span_cut(row, '=');
        if (!sides.found) {
            error_at(err, text, row.at, "a row without '='");
            return error_hint(err, "Write: field = text with {columns}.");
        }
        if (!add_row(mapping, text, span_trim(sides.head), span_trim(sides.tail), arena, err))
            return false;
    }
    if (mapping->rows_count > 0) return true;
    error_set(err, ERROR_SYNTAX, "the mapping has no rows");
    return error_hint(err, "Write a row for each field: field = text with {columns}.");
}

// Without a mapping each column is named by its field.
static bool map_by_name(struct mapping *mapping, struct span header, struct arena *arena,
                        struct error *err)
{
    for (uint32_t i = 0; i < mapping->header.columns; i++) {
        struct span name = mapping->header.names[i];
        struct mapping_row *row = NULL;
        struct error why;
        void *piece;
        if (!read_field(mapping, name, &row, &why)) {
            error_at(err, header, header.at, "column '" SPAN_FMT "': %s", SPAN_ARG(name), why.text);
            return error_hint(err, "If this is a CSV file, say with --mapping FILE which column is "
                                   "which field.");
        }
        assert(row != NULL);
        if (!arena_need(arena, 1, sizeof(struct piece), &piece, "the mapping", err)) return false;
        row->pieces = piece;
        row->pieces[0] = (struct piece){ .column = i };
        row->pieces_count = 1;
    }
    return true;
}

bool mapping_open(struct mapping *mapping, struct span header, struct span text, const char *name,
                  struct arena *arena, struct error *err)
{
    *mapping = (struct mapping){ 0 };
    void *rows;
    if (!csv_open(&mapping->header, header, 0, arena, err)) return false;
    if (!arena_need(arena, MAPPING_ROWS_MAX, sizeof(struct mapping_row), &rows, "the mapping", err))
        return false;
    mapping->rows = rows;
    if (name == NULL) return map_by_name(mapping, header, arena, err);
    struct error why;
    if (read_mapping(mapping, text, arena, &why)) return true;
    *err = why; // its line is one of the mapping, not of the file
    error_set(err, why.kind, "mapping '%s': %s", name, why.text);
    err->line = why.line;
    err->column = why.column;
    return error_hint(err, "%s", why.hint);
}
