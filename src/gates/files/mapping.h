// mapping: which column of a CSV file is which field of a declaration.
//
// A mapping is text, one row a field:
//
//   # Korean open data: one row, one declaration, one item
//   ucr                              = 0KR{Declaration ID}
//   items.classifications[0].id      = {HS6 Code|pad 6}
//   borderMeans.modeCode             = {Mode of Transport|10 is 1, 40 is 4, else 9}
//   items.price.currency             = KRW
//   group                            = {Declaration ID}
//
// Left is a field path of the model (docs/declaration.schema.json), right is text with columns in
// braces. `items` without a number is the item of this row. After a bar comes what to do with the
// column's text: "pad N" puts zeros in front, "A is B, C is D, else E" replaces it (without an else:
// other texts are errors), "cut N" keeps the first N bytes, "plain" drops an exponent or a ".0" that a
// spreadsheet left. A row of which every column is empty sets nothing.
//
// Rows that follow one another with the same `group` are items of one declaration; without a group
// each row is one. Without a mapping the columns' names are the field paths.
#ifndef TW_GATES_FILES_MAPPING_H
#define TW_GATES_FILES_MAPPING_H

#include "base/csv.h"
#include "consignment/model.h"
#include "gates/files/cut.h"

enum { MAPPING_ROWS_MAX = 256, MAPPING_PIECES_MAX = 8 };

struct piece {                    // of a right-hand side
    struct span text;             // as it stands, or what to do with the column
    uint32_t column;              // PIECE_TEXT: `text` as it stands
};
#define PIECE_TEXT UINT32_MAX

struct mapping_row {
    struct field_path path;
    struct span field;            // the path as written, for messages
    bool of_item;                 // its first step is `items` without a number
    uint32_t pieces_count;
    struct piece pieces[MAPPING_PIECES_MAX];
};

struct mapping {
    struct csv header;            // mark and column names
    uint32_t rows_count;
    struct mapping_row *rows;
    struct mapping_row group;     // pieces_count 0: none
};

// `header` is the CSV file's first row. Everything is kept in `arena`, and the spans given too.
MUST_CHECK bool mapping_open(struct mapping *mapping, struct span header, struct span text,
                             const char *name, struct arena *arena, struct error *err);

// The rows of one declaration.
struct cut mapping_cut(const struct mapping *mapping, struct span window, bool ended);

// A message_reader (office.h): `how` is the mapping.
bool mapping_read_message(const void *how, struct span text, struct arena *arena,
                          struct declaration *declaration, struct dropped *dropped,
                          struct error *err);

#endif
