// Nomenclatures: codes and what they are called.
#include <stdio.h>
#include <stdlib.h>

#include "gates/books/inside.h"

// --- The EU's Combined Nomenclature --------------------------------------------------------------

// A code is ten digits, filled up with zeros; hier_pos says how many count.
bool books_read_cn(struct books_reading *reading, struct error *err)
{
    enum { CODE, DIGITS, DESCRIPTION, COLUMNS };
    static const char *const names[COLUMNS] = { "goods_code", "hier_pos", "description" };
    struct table table;
    if (!table_open(&table, reading, names, COLUMNS, err)) return false;
    while (table_next(&table, reading)) {
        struct span code = table_field(&table, CODE), digits = table_field(&table, DIGITS);
        uint64_t count;
        if (!span_to_u64(digits, &count) || count > code.len) {
            note_flaw(reading, table.csv.line, names[DIGITS], "'" SPAN_FMT "' counts no digits",
                      SPAN_ARG(digits));
            continue;
        }
        struct line_row line = { .code = { code.at, (size_t)count },
                                 .label = { table_field(&table, DESCRIPTION) },
                                 .indent = (unsigned)count / 2, .line = table.csv.line };
        take_line(reading, &line);
    }
    return true;
}

// --- The Harmonized System's list ----------------------------------------------------------------

bool books_read_hs_list(struct books_reading *reading, struct error *err)
{
    enum { CODE, DESCRIPTION, COLUMNS };
    static const char *const names[COLUMNS] = { "hscode", "description" };
    struct table table;
    if (!table_open(&table, reading, names, COLUMNS, err)) return false;
    while (table_next(&table, reading)) {
        struct line_row line = { .code = table_field(&table, CODE),
                                 .label = { table_field(&table, DESCRIPTION) },
                                 .line = table.csv.line };
        line.indent = (unsigned)line.code.len / 2;
        take_line(reading, &line);
    }
    return true;
}

// --- Our own -------------------------------------------------------------------------------------

bool books_read_plain_lines(struct books_reading *reading, struct error *err)
{
    enum { CODE, FROM, TO, STATISTICAL, LABEL, COLUMNS };
    static const char *const names[COLUMNS] = { "code", "from", "to", "units", "label" };
    struct table table;
    if (!table_open(&table, reading, names, COLUMNS, err)) return false;
    while (table_next(&table, reading)) {
        struct line_row line = { .code = table_field(&table, CODE),
                                 .label = { table_field(&table, LABEL) },
                                 .units = table_field(&table, STATISTICAL),
                                 .line = table.csv.line };
        line.indent = (unsigned)line.code.len / 2;
        if (table_date(&table, reading, FROM, &line.from) &&
            table_date(&table, reading, TO, &line.to))
            take_line(reading, &line);
    }
    return true;
}
