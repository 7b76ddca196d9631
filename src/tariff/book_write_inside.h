// book_write_inside: a book while it is written: rows come in (book_write.c), and are put in order,
// held against each other and written as bytes (book_finish.c).
#ifndef TW_TARIFF_BOOK_WRITE_INSIDE_H
#define TW_TARIFF_BOOK_WRITE_INSIDE_H

#include "base/limits.h"
#include "tariff/book_inside.h"
#include "tariff/book_write.h"

// Things of one kind, one behind the other, in an arena that has nothing else.
struct pile {
    struct arena arena;
    char *at;
    size_t used;
};

MUST_CHECK bool pile_open(struct pile *pile, size_t size, struct error *err);
void *pile_add(struct pile *pile, size_t size); // NULL: it is full

// Where a line came from is needed until the end, and is not in the book.
struct line_kept {
    struct book_line line;
    unsigned number;
};

struct book_writer {
    struct book_head head;
    struct expression_dialect dialect;
    bool leave_out;
    struct pile lines, measures; // struct line_kept, struct book_measure
    struct pile rates, texts;    // struct book_rate, bytes
    struct pile book;            // the bytes of the whole
    struct arena memory;         // troubles and their texts; formulas while they are read
    struct book_type types[BOOK_TYPES_MAX];
    struct book_group groups[BOOK_GROUPS_MAX];
    uint32_t lines_count, measures_count, types_count, groups_count, rates_count;
    uint32_t *known;             // texts by their key: 1 + offset
    uint32_t known_count;
    struct book_troubles troubles;
};

struct span book_written_text(const struct book_writer *writer, book_text_at at);

#endif
