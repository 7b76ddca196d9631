// Our own plain tables of measures and groups (docs/books.md).
#include "gates/books/inside.h"

enum {
    COMMODITY, ORIGIN, REGIME, TYPE, RATE, FROM, TO, LAW, TEXT,
    KIND, PUBLICATION, EXCLUDED, DOCUMENT, ADDITIONAL, QUOTA, COLUMNS
};
static const char *const names[COLUMNS] = {
    "commodity", "origin", "regime", "type", "rate", "from", "to", "law", "text",
    "?kind", "?publication", "?excluded", "?document", "?additional", "?quota",
};

// Types of customs duty begin with A, of value added tax with B, all others are counted on both.
static enum measure_base base_of(struct span type)
{
    char first = type.len == 0 ? '\0' : type.at[0];
    return first == 'A' ? MEASURE_BASE_VALUE : first == 'B' ? MEASURE_BASE_ALL
                                                            : MEASURE_BASE_DUTIES;
}

// What nobody says: a duty that must be claimed is a preference.
static enum measure_kind kind_of(struct span type, struct span regime)
{
    switch (base_of(type)) {
    case MEASURE_BASE_ALL: return MEASURE_VAT;
    case MEASURE_BASE_DUTIES: return MEASURE_EXCISE;
    case MEASURE_BASE_VALUE: break;
    }
    return regime.len > 0 && regime.at[0] != '1' ? MEASURE_PREFERENCE : MEASURE_DUTY;
}

static bool read_kind(struct books_reading *reading, const struct table *table,
                      struct measure_row *row)
{
    struct span given = table_field(table, KIND);
    row->kind = kind_of(row->type, row->regime);
    if (given.len == 0 || measure_kind_read(given, &row->kind)) return true;
    note_flaw(reading, table->csv.line, "kind", "'" SPAN_FMT "' is no kind of measure",
             SPAN_ARG(given));
    return false;
}

static void read_row(struct books_reading *reading, const struct table *table)
{
    struct error err;
    struct measure_row row = {
        .code = table_field(table, COMMODITY), .origin = table_field(table, ORIGIN),
        .regime = table_field(table, REGIME), .type = table_field(table, TYPE),
        .rate = table_field(table, RATE), .law = table_field(table, LAW),
        .words = table_field(table, TEXT), .publication = table_field(table, PUBLICATION),
        .excluded = table_field(table, EXCLUDED), .document = table_field(table, DOCUMENT),
        .additional = table_field(table, ADDITIONAL), .quota = table_field(table, QUOTA),
        .line = table->csv.line,
    };
    if (span_equal(row.regime, SPAN("*"))) row.regime = SPAN("");
    if (row.law.len == 0 || row.words.len == 0) {
        note_flaw(reading, row.line, row.law.len == 0 ? "law" : "text", "nothing is said");
        return;
    }
    if (!read_kind(reading, table, &row) || !table_date(table, reading, FROM, &row.from) ||
        !table_date(table, reading, TO, &row.to))
        return;
    if (book_add_type(reading->writer, row.type, base_of(row.type), SPAN(""), &err)) {
        take_measure(reading, names[RATE], &row);
        reading->report->taken++;
    } else {
        note_flaw(reading, row.line, names[TYPE], "%s", err.text);
    }
}

bool books_read_plain(struct books_reading *reading, struct error *err)
{
    struct table table;
    if (!table_open(&table, reading, names, COLUMNS, err)) return false;
    while (table_next(&table, reading)) read_row(reading, &table);
    return true;
}

bool books_read_plain_groups(struct books_reading *reading, struct error *err)
{
    static const char *const columns[] = { "group", "country", "?name" };
    struct table table;
    if (!table_open(&table, reading, columns, 3, err)) return false;
    while (table_next(&table, reading)) {
        struct error wrong;
        if (book_add_member(reading->writer, table_field(&table, 0), table_field(&table, 2),
                            table_field(&table, 1), &wrong))
            reading->report->taken++;
        else note_flaw(reading, table.csv.line, columns[1], "%s", wrong.text);
    }
    return true;
}
