// views_marks: what memory keeps of each row, so that only rows that may fit are read.
//
// A mark says the state, the second of lodging, and short hashes of the texts that one looks for.
// A million is looked through in a few milliseconds. An index of each text was dropped: it has ten
// keys a row to write and to sort, and is no help with a text that half of the rows have.
//
// A hash says "surely not" or "perhaps": who finds a mark compares the row. The file keeps the
// marks in blocks as memory has them, so their meaning is part of its version.
#ifndef TW_STORE_VIEWS_MARKS_H
#define TW_STORE_VIEWS_MARKS_H

#include <sqlite3.h>

#include "store/views.h"

enum {
    MARK_STATE = 0x0f,       // of `state`: the file's
    MARK_RANDOM = 0x10,
    MARK_WAITS = 0x20,
    BLOCK_BITS = 8,
    BLOCK_MARKS = 1 << BLOCK_BITS, // fit one page of the file
};

struct mark {
    uint16_t declarant, importer, exporter, functional_reference; // 0: no text
    uint16_t office, type_code, origin, claimed_by;
    uint8_t commodity[3];    // of its first 2, 4 and 6 characters
    uint8_t state;
    uint32_t lodged_s;
};
_Static_assert(sizeof(struct mark) == 24, "three words without a gap");

struct mark mark_of(const struct view_row *row);

// What marks are wanted: alike where the mask has bits, in one of the states, lodged from .. to.
struct pattern {
    struct mark wanted, mask;
    uint64_t anyone;         // one of the first four is that; 0: whatever they are
    uint32_t states;         // bits
    uint32_t from_s, to_s;   // both belong to it
};

// Fits every mark but those of the office's own files.
struct pattern pattern_of_all(void);
// An empty text asks for nothing.
void pattern_text(struct pattern *pattern, size_t offset, struct span text); // offsetof struct mark
void pattern_anyone(struct pattern *pattern, struct span text); // in one of the first four texts
void pattern_commodity(struct pattern *pattern, struct span code);
void pattern_flag(struct pattern *pattern, uint8_t flag);
void pattern_lodged(struct pattern *pattern, int64_t from_ms, int64_t to_ms); // to_ms: not in it
bool pattern_fits(const struct pattern *pattern, const struct mark *mark);

// The marks of one volume, by the place of their rows. The projector changes them, under the
// views' lock; `changed` is its alone.
struct volume_marks {
    struct mark *at;         // owned
    uint64_t *changed;       // owned; a bit for each block that the file has not as it is here
    uint32_t rows, rows_max; // the last place there is a row at
};

MUST_CHECK bool marks_open(struct volume_marks *marks, uint32_t rows_max, struct error *err);
void marks_close(struct volume_marks *marks); // also takes zeroed ones
void marks_put(struct volume_marks *marks, uint32_t place, const struct mark *mark);

// Goes down from the place `*at`, which is then the next to look at; 0: none is left. Stops when
// `places_max` that fit are found or `*looks`, which counts down, is 0.
uint32_t marks_find(const struct volume_marks *marks, const struct pattern *pattern, uint32_t *at,
                    uint32_t *looks, uint32_t *places, uint32_t places_max);

// Within a transaction of the caller's; `volume` << NUMBER_BITS >> BLOCK_BITS is the first block.
// After the commit marks_written.
MUST_CHECK bool marks_write(sqlite3 *db, sqlite3_stmt *statement, struct volume_marks *marks,
                            uint32_t first_block, struct error *err);
void marks_written(struct volume_marks *marks);

// Reads a volume's from a statement that stands on its first block and is left behind its last.
MUST_CHECK bool marks_read(sqlite3 *db, sqlite3_stmt *statement, struct volume_marks *marks,
                           uint32_t first_block, uint32_t rows, struct error *err);

#endif
