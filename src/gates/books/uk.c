// The UK Global Tariff of 2021 beside the common tariff of the EU that it followed: which of the
// two columns is read is the country's.
#include "gates/books/inside.h"

enum { COMMODITY, DESCRIPTION, EU_RATE, UK_RATE, COLUMNS };
static const char *const names[COLUMNS] = { "commodity", "description", "cet_duty_rate",
                                            "ukgt_duty_rate" };

// One of the two tariffs; when only counted, the second one has a type of its own, so that they do
// not contradict each other.
static void add_rate(struct books_reading *reading, const struct table *table, uint32_t column,
                     struct span type)
{
    struct measure_row row = {
        .code = table_field(table, COMMODITY), .kind = MEASURE_DUTY, .type = type,
        .origin = SPAN("*"), .rate = table_field(table, column),
        .law = column == EU_RATE ? SPAN("Common Customs Tariff of the European Union")
                                 : SPAN("UK Global Tariff"),
        .words = table_field(table, DESCRIPTION), .line = table->csv.line,
    };
    if (row.rate.len > 0) take_measure(reading, names[column], &row);
}

bool books_read_uk(struct books_reading *reading, struct error *err)
{
    struct table table;
    bool all = reading->country.len == 0;
    bool eu = span_equal(reading->country, SPAN("EU"));
    bool uk = span_equal(reading->country, SPAN("GB"));
    if (!all && !eu && !uk) {
        error_set(err, ERROR_SYNTAX, "this file has rates of GB and of the EU");
        return error_hint(err, "Say --country GB or --country EU.");
    }
    if (!book_add_type(reading->writer, SPAN("A00"), MEASURE_BASE_VALUE, SPAN("customs duty"),
                       err) ||
        !book_add_type(reading->writer, SPAN("A01"), MEASURE_BASE_VALUE, SPAN("customs duty"),
                       err) ||
        !table_open(&table, reading, names, COLUMNS, err))
        return false;
    while (table_next(&table, reading)) {
        struct line_row line = { .code = table_field(&table, COMMODITY),
                                 .label = { table_field(&table, DESCRIPTION) },
                                 .line = table.csv.line };
        take_line(reading, &line);
        if (uk || all) add_rate(reading, &table, UK_RATE, SPAN("A00"));
        if (eu || all) add_rate(reading, &table, EU_RATE, all ? SPAN("A01") : SPAN("A00"));
    }
    return true;
}
