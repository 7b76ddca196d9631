#include "gates/files/mapping.h"

#include <assert.h>

#include "base/limits.h"

// --- Reading a mapping ---

static bool find_column(const struct csv *header, struct span name, uint32_t *column)
{
    for (*column = 0; *column < header->columns; (*column)++)
        if (span_equal(header->names[*column], name)) return true;
    return false;
}

static bool read_column(const struct mapping *mapping, struct span text, struct span inside,
                        struct piece *piece, struct error *err)
{
    struct span_pair parts = span_cut(inside, '|');
    piece->text = span_trim(parts.tail);
    if (find_column(&mapping->header, span_trim(parts.head), &piece->column)) return true;
    error_at(err, text, inside.at, "there is no column '" SPAN_FMT "'", SPAN_ARG(parts.head));
    struct span first = mapping->header.names[0];
    return error_hint(err, "The file's first column is '" SPAN_FMT "'.", SPAN_ARG(first));
}

static bool read_pieces(const struct mapping *mapping, struct span text, struct span value,
                        struct mapping_row *row, struct error *err)
{
    while (value.len > 0) {
        if (row->pieces_count == MAPPING_PIECES_MAX)
            return error_at(err, text, value.at, "more than %d pieces", MAPPING_PIECES_MAX);
        struct piece *piece = &row->pieces[row->pieces_count++];
        struct span_pair before = span_cut(value, '{');
        if (!before.found || before.head.len > 0) {
            *piece = (struct piece){ before.head, PIECE_TEXT };
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

static bool add_row(struct mapping *mapping, struct span text, struct span field, struct span value,
                    struct error *err)
{
    if (span_equal(field, SPAN("group")))
        return read_pieces(mapping, text, value, &mapping->group, err);
    if (mapping->rows_count == MAPPING_ROWS_MAX)
        return error_at(err, text, field.at, "more than %d rows", MAPPING_ROWS_MAX);

    struct mapping_row *row = &mapping->rows[mapping->rows_count++];
    struct error why;
    row->field = field;
    row->of_item = span_starts_with(field, SPAN("items."));
    if (!field_path_read(field, &declaration_shape, &row->path, &why)) {
        error_at(err, text, field.at, "%s", why.text);
        return error_hint(err, "%s", why.hint[0] != '\0' ? why.hint
                          : "Fields are listed in docs/declaration.schema.json.");
    }
    return read_pieces(mapping, text, value, row, err);
}

static bool read_mapping(struct mapping *mapping, struct span text, struct error *err)
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
        if (!add_row(mapping, text, span_trim(sides.head), span_trim(sides.tail), err))
            return false;
    }
    return true;
}

// Without a mapping each column is named by its field.
static bool map_by_name(struct mapping *mapping, struct span header, struct error *err)
{
    for (uint32_t i = 0; i < mapping->header.columns; i++) {
        struct mapping_row *row = &mapping->rows[mapping->rows_count++];
        struct span name = mapping->header.names[i];
        *row = (struct mapping_row){ .field = name, .pieces_count = 1,
                                     .of_item = span_starts_with(name, SPAN("items.")) };
        row->pieces[0].column = i;
        struct error why;
        if (field_path_read(name, &declaration_shape, &row->path, &why)) continue;
        error_at(err, header, header.at, "column '" SPAN_FMT "': %s", SPAN_ARG(name), why.text);
        return error_hint(err, "Say with --mapping FILE which column is which field.");
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
    if (name == NULL) return map_by_name(mapping, header, err);
    return read_mapping(mapping, text, err);
}

// --- Filling in ---

static bool replace(struct span table, struct span value, struct span *found)
{
    for (struct span left = table; left.len > 0;) {
        struct span_pair row = span_cut(left, ',');
        left = row.tail;
        struct span entry = span_trim(row.head);
        if (span_starts_with(entry, SPAN("else "))) {
            *found = span_trim((struct span){ entry.at + 5, entry.len - 5 });
            return true;
        }
        const char *is = memmem(entry.at, entry.len, " is ", 4);
        if (is == NULL) continue;
        if (!span_equal(span_trim((struct span){ entry.at, (size_t)(is - entry.at) }), value))
            continue;
        *found = span_trim((struct span){ is + 4, (size_t)(entry.at + entry.len - is - 4) });
        return true;
    }
    return false;
}

// The number behind "pad " or "cut ", 0 when the text is something else.
static uint64_t amount_of(struct span text, struct span verb)
{
    uint64_t amount = 0;
    if (!span_starts_with(text, verb)) return 0;
    struct span rest = { text.at + verb.len, text.len - verb.len };
    return span_to_u64(span_trim(rest), &amount) && amount <= 64 ? amount : 0;
}

static bool add_column(const struct piece *piece, struct span value, struct text *into,
                       struct error *err)
{
    struct span what = piece->text;
    uint64_t pad = amount_of(what, SPAN("pad ")), cut = amount_of(what, SPAN("cut "));
    if (pad > 0) {
        for (size_t i = value.len; i < pad; i++) text_add_char(into, '0');
    } else if (cut > 0) {
        if (value.len > cut) value.len = cut;
    } else if (span_equal(what, SPAN("plain"))) {
        if (span_ends_with(value, SPAN(".0"))) value.len -= 2;
    } else if (what.len > 0 && !replace(what, value, &value)) {
        error_set(err, ERROR_SYNTAX, "'" SPAN_FMT "' has no replacement in the mapping",
                  SPAN_ARG(value));
        return error_hint(err, "Add it, or an else, to the mapping's row for this field.");
    }
    text_add(into, value);
    return true;
}

// The text of a right-hand side for one row; empty when all its columns are.
static bool fill_in(const struct mapping_row *row, const struct csv_row *fields, struct arena *arena,
                    struct span *value, struct error *err)
{
    bool has_columns = false, has_text = false;
    struct text text = text_in(arena, 64);
    for (uint32_t i = 0; i < row->pieces_count; i++) {
        const struct piece *piece = &row->pieces[i];
        if (piece->column == PIECE_TEXT) {
            text_add(&text, piece->text);
            continue;
        }
        has_columns = true;
        struct span field = span_trim(fields->fields[piece->column]);
        has_text = has_text || field.len > 0;
        if (field.len > 0 && !add_column(piece, field, &text, err)) return false;
    }
    if (text.full) return error_set(err, ERROR_TOO_LARGE, "the row does not fit into memory");
    *value = has_columns && !has_text ? SPAN("") : text_span(&text);
    return true;
}

// The last row's column of an error's text is worth naming.
static bool set_field(const struct mapping_row *row, const struct csv_row *fields, uint32_t item,
                      unsigned line, struct declaration *declaration, struct arena *arena,
                      struct error *err)
{
    struct span value;
    struct field_path path = row->path;
    if (row->of_item) path.index[0] = (uint16_t)item;
    if (fill_in(row, fields, arena, &value, err)) {
        if (value.len == 0) return true;
        if (field_set(&path, declaration, value, arena, err)) return true;
    }
    err->line = line;
    err->column = 1;
    if (err->field[0] == '\0') error_field(err, SPAN_FMT, SPAN_ARG(row->field));
    return false;
}

bool mapping_read_message(const void *how, struct span text, struct arena *arena,
                          struct declaration *declaration, struct dropped *dropped,
                          struct error *err)
{
    const struct mapping *mapping = how;
    struct csv csv = mapping->header;
    csv.rest = text;
    csv.line = 0;
    (void)dropped; // columns without a row in the mapping are left out on purpose
    *declaration = (struct declaration){ 0 };
    for (uint32_t item = 0;; item++) {
        struct csv_row fields;
        bool found;
        if (!csv_next(&csv, arena, &fields, &found, err)) return false;
        if (!found) return item > 0 || error_set(err, ERROR_SYNTAX, "an empty row");
        if (item == DECLARATION_ITEMS_MAX)
            return error_set(err, ERROR_TOO_LARGE, "more than %d items", DECLARATION_ITEMS_MAX);
        for (uint32_t i = 0; i < mapping->rows_count; i++) {
            if (item > 0 && !mapping->rows[i].of_item) continue; // the head is that of the first row
            if (!set_field(&mapping->rows[i], &fields, item, csv.line, declaration, arena, err))
                return false;
        }
    }
}

// --- Cutting ---

// A row's group, read on the way: rows are short, and a scratch on the stack is enough for keys.
static bool group_of(const struct mapping *mapping, struct span row, char *memory, size_t size,
                     struct span *group)
{
    struct arena arena = arena_over(memory, size);
    struct csv csv = mapping->header;
    struct csv_row fields;
    bool found;
    struct error err;
    csv.rest = row;
    return csv_next(&csv, &arena, &fields, &found, &err) && found &&
           fill_in(&mapping->group, &fields, &arena, group, &err);
}

struct cut mapping_cut(const struct mapping *mapping, struct span window, bool ended)
{
    size_t begin = 0;
    while (begin < window.len && (window.at[begin] == '\n' || window.at[begin] == '\r')) begin++;
    struct span rest = { window.at + begin, window.len - begin };
    if (rest.len == 0) return (struct cut){ .kind = ended ? CUT_END : CUT_MORE };

    size_t end = csv_row_length(rest);
    if (end == 0) end = ended ? rest.len : 0;
    if (end == 0) return (struct cut){ .kind = CUT_MORE };
    if (mapping->group.pieces_count == 0)
        return (struct cut){ .kind = CUT_MESSAGE, .begin = begin, .end = begin + end };

    _Alignas(16) char first[8192], other[8192];
    struct span group, next_group;
    bool grouped = group_of(mapping, (struct span){ rest.at, end }, first, sizeof(first), &group);
    while (grouped && end < rest.len) {
        struct span next = { rest.at + end, rest.len - end };
        size_t len = csv_row_length(next);
        if (len == 0 && !ended) return (struct cut){ .kind = CUT_MORE };
        if (len == 0) len = next.len;
        if (!group_of(mapping, (struct span){ next.at, len }, other, sizeof(other), &next_group) ||
            !span_equal(group, next_group))
            return (struct cut){ .kind = CUT_MESSAGE, .begin = begin, .end = begin + end };
        end += len;
    }
    if (end == rest.len && !ended) return (struct cut){ .kind = CUT_MORE };
    return (struct cut){ .kind = CUT_MESSAGE, .begin = begin, .end = begin + end };
}
