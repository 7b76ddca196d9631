// The UK Global Tariff of 2021 beside the common tariff of the EU that it followed: which of the
// two columns is read is the country's.
#include "gates/books/inside.h"

enum { COMMODITY, DESCRIPTION, EU_RATE, UK_RATE, COLUMNS };
static const char *const names[COLUMNS] = { "commodity", "description", "cet_duty_rate",
                                            "ukgt_duty_rate" };

bool books_read_uk(struct books_reading *reading, struct error *err)
{
    struct table table;
    bool eu = span_equal(reading->country, SPAN("EU"));
    if (!eu && !span_equal(reading->country, SPAN("GB"))) {
        error_set(err, ERROR_SYNTAX, "this file has rates of GB and of the EU");
        return error_hint(err, "Say --country GB or --country EU.");
    }
    if (!book_add_type(reading->writer, SPAN("A00"), MEASURE_BASE_VALUE, SPAN("customs duty"),
                       err) ||
        !table_open(&table, reading, names, COLUMNS, err))
        return false;
    while (table_next(&table, reading)) {
        struct line_row line = { .code = table_field(&table, COMMODITY),
                                 .label = { table_field(&table, DESCRIPTION) },
                                 .line = table.csv.line };
        take_line(reading, &line);
        struct measure_row row = {
            .code = line.code, .kind = MEASURE_DUTY, .type = SPAN("A00"), .origin = SPAN("*"),
            .rate = table_field(&table, eu ? EU_RATE : UK_RATE), .words = line.label[0],
            .law = eu ? SPAN("Common Customs Tariff of the European Union")
                      : SPAN("UK Global Tariff"),
            .line = line.line,
        };
        if (row.rate.len > 0) take_measure(reading, names[eu ? EU_RATE : UK_RATE], &row);
    }
    return true;
}
