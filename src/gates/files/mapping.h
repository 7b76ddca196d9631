// mapping: which column of a CSV file is which field of a declaration.
//
// A mapping is text, one row a field:
//
//   # Korean open data: one row, one declaration, one item
//   ucr                              = 0KR{Declaration ID}
//   issuedAt                         = {Date}T00:00:00+09:00
//   items.classifications[0].id      = {HS6 Code|pad 6}
//   borderMeans.modeCode             = {Mode of Transport|10 is 1, 40 is 4, else 9}
//   items.price.value                = {Item Price|plain|round 0}
//   items.price.currency             = KRW
//   group                            = {Declaration ID}
//
// Left is a field path of the model (docs/declaration.schema.json), right is text with columns in
// braces. `items` without a number is the item of this row. Behind bars stands what to do with the
// column's text, one after the other (verb.h). A row of which every column is empty sets nothing;
// columns that no row names are left out on purpose.
//
// Rows that follow one another with the same `group` are items of one declaration; without a group
// each row is one. What is not of an item is said by the declaration's first row; a later row may
// leave it empty or say the same, anything else is an error. A broken row spoils the declaration
// that it may belong to: both, where it stands between two.
//
// Without a mapping the columns' names are the field paths.
#ifndef TW_GATES_FILES_MAPPING_H
#define TW_GATES_FILES_MAPPING_H

#include "base/csv.h"
#include "base/limits.h"
#include "consignment/model.h"
#include "gates/files/cut.h"
#include "gates/files/verb.h"

struct piece {                    // of a right-hand side
    struct span text;             // PIECE_TEXT: as it stands
    uint32_t column;
    uint32_t verbs_count;
    struct verb verbs[MAPPING_VERBS_MAX];
};
#define PIECE_TEXT UINT32_MAX

struct mapping_row {
    struct field_path path;
    struct span field;            // the path as written, for messages
    bool of_item;                 // its first step is `items` without a number
    uint32_t pieces_count;
    struct piece *pieces;
};

struct mapping {
    struct csv header;            // mark and column names
    uint32_t rows_count;
    struct mapping_row *rows;
    struct mapping_row group;     // pieces_count 0: none
};

// `header` is the CSV file's first row. Everything is kept in `arena`, and the spans given too.
// `name` NULL: there is no mapping, and `text` is not looked at.
MUST_CHECK bool mapping_open(struct mapping *mapping, struct span header, struct span text,
                             const char *name, struct arena *arena, struct error *err);

// The rows of one declaration; working memory is taken from `scratch`.
struct cut mapping_cut(const struct mapping *mapping, struct cutter *cutter, struct arena scratch,
                       struct span window, bool ended);

// A message_reader (office.h): `how` is the mapping.
bool mapping_read_message(const void *how, struct span text, struct arena *arena,
                          struct declaration *declaration, struct dropped *dropped,
                          struct error *err);

// The text of a right-hand side for one row; empty when all its columns are. A view of the row
// where it can be. `*at` is the first column's text, NULL when there is none.
MUST_CHECK bool mapping_fill(const struct mapping_row *row, const struct csv_row *fields,
                             struct arena *arena, struct span *value, const char **at,
                             struct error *err);

#endif
