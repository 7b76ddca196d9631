// The Harmonized Tariff Schedule of the United States as the Trade Commission exports it.
//
// A row is a line with a number of 4 to 10 digits, or a heading without one. "General" is for
// everybody, "Special" has rates with the programmes they are for in brackets behind them (General
// Note 3(c) of the schedule), "Column 2" is for the countries of General Note 3(b).
#include <stdio.h>
#include <stdlib.h>

#include "gates/books/inside.h"
#include "tariff/programme.h"

enum { NUMBER, INDENT, DESCRIPTION, STATISTICAL, GENERAL, SPECIAL, COLUMN_2, ADDITIONAL, COLUMNS };
static const char *const names[COLUMNS] = {
    "HTS Number", "Indent", "Description", "Unit of Quantity", "General Rate of Duty",
    "Special Rate of Duty", "Column 2 Rate of Duty", "Additional Duties",
};

#define LAW SPAN("Harmonized Tariff Schedule of the United States")

// --- Special: "Free (A,AU,BH) 4.2% (KR)" ---------------------------------------------------------

// Programmes are groups "US:AU"; a rate's origin is the set of them as it is printed, "A,AU,BH".
static bool name_origin(struct books_reading *reading, const struct programme_rate *rate,
                        struct measure_row *row, struct error *err)
{
    struct span groups[PROGRAMME_SYMBOLS_MAX];
    struct text code = text_in(reading->arena, 64);
    text_add(&code, SPAN("US:"));
    for (uint32_t i = 0; i < rate->symbols_count; i++) {
        struct text group = text_in(reading->arena, 16);
        text_add(&group, SPAN("US:"));
        text_add(&group, rate->symbols[i]);
        groups[i] = text_span(&group);
        if (i > 0) text_add_char(&code, ',');
        text_add(&code, rate->symbols[i]);
    }
    row->origin = rate->symbols_count == 0 ? SPAN("*") : text_span(&code);
    return rate->symbols_count == 0 ||
           book_add_union(reading->writer, row->origin, SPAN(""), groups, rate->symbols_count, err);
}

static void add_special(struct books_reading *reading, struct measure_row *row, struct span cell)
{
    struct error err;
    struct programme_rates rates;
    row->kind = MEASURE_PREFERENCE;
    row->regime = SPAN("3");
    if (cell.len == 0) return;
    if (!programme_read(cell, &reading->format->dialect, reading->arena, &rates, &err)) {
        struct books_column *column = report_column(reading->report, names[SPECIAL]);
        column->cells++, column->unreadable++;
        note_flaw(reading, row->line, names[SPECIAL], "%s", err.text);
        return;
    }
    for (uint32_t i = 0; i < rates.count; i++) {
        row->rate = rates.at[i].expression.words;
        if (name_origin(reading, &rates.at[i], row, &err))
            take_measure(reading, names[SPECIAL], row);
        else note_flaw(reading, row->line, names[SPECIAL], "%s", err.text);
    }
}

// --- Rows ----------------------------------------------------------------------------------------

// ["doz.","kg"] is doz.,kg.
static struct span units_of(struct books_reading *reading, struct span field)
{
    struct text units = text_in(reading->arena, 32);
    for (size_t i = 0; i < field.len; i++)
        if (field.at[i] != '[' && field.at[i] != ']' && field.at[i] != '"')
            text_add_char(&units, field.at[i]);
    return text_span(&units);
}

// A rate that stands in a column of its own; `row` has the rest.
static void add_rate(struct books_reading *reading, const struct table *table, uint32_t column,
                     struct measure_row row)
{
    row.rate = table_field(table, column);
    if (row.rate.len > 0) take_measure(reading, names[column], &row);
}

static void add_rates(struct books_reading *reading, const struct table *table,
                      struct measure_row row)
{
    struct measure_row two = row, more = row;
    two.origin = SPAN("US:COLUMN-2");
    more.kind = MEASURE_ADDITIONAL;
    more.type = SPAN("A20");
    add_rate(reading, table, GENERAL, row);
    add_rate(reading, table, COLUMN_2, two);
    add_rate(reading, table, ADDITIONAL, more);
    add_special(reading, &row, table_field(table, SPECIAL));
}

static void read_row(struct books_reading *reading, const struct table *table)
{
    struct span number = table_field(table, NUMBER);
    char indent[8];
    snprintf(indent, sizeof(indent), SPAN_FMT, SPAN_ARG(table_field(table, INDENT)));
    if (number.len == 0) {
        reading->report->taken++; // a heading between lines
        return;
    }
    struct line_row line = { .code = number, .label = { table_field(table, DESCRIPTION) },
                             .units = units_of(reading, table_field(table, STATISTICAL)),
                             .indent = (unsigned)strtoul(indent, NULL, 10),
                             .line = table->csv.line };
    take_line(reading, &line);
    struct measure_row row = { .code = number, .kind = MEASURE_DUTY, .type = SPAN("A00"),
                               .origin = SPAN("*"), .law = LAW, .words = line.label[0],
                               .line = line.line };
    add_rates(reading, table, row);
}

bool books_read_us(struct books_reading *reading, struct error *err)
{
    struct table table;
    if (!book_add_type(reading->writer, SPAN("A00"), MEASURE_BASE_VALUE, SPAN("customs duty"),
                       err) ||
        !book_add_type(reading->writer, SPAN("A20"), MEASURE_BASE_VALUE,
                       SPAN("additional duty"), err) ||
        !book_add_group(reading->writer, SPAN("US:COLUMN-2"), SPAN("General Note 3(b)"), err) ||
        !table_open(&table, reading, names, COLUMNS, err))
        return false;
    // General Note 3(b) of the schedule.
    static const char *const column_2[] = { "BY", "CU", "KP", "RU" };
    for (size_t i = 0; i < sizeof(column_2) / sizeof(column_2[0]); i++)
        if (!book_add_member(reading->writer, SPAN("US:COLUMN-2"), SPAN(""),
                             span_of(column_2[i]), err))
            return false;
    while (table_next(&table, reading)) read_row(reading, &table);
    return true;
}
