// Value added tax by territory: the standard rate of the book's country, as a measure on all goods.
//
// Reduced rates are for goods that the file does not name: they are left to a table of measures.
#include "gates/books/inside.h"

enum { FROM, BEFORE, TERRITORIES, RATE, KIND, COLUMNS };
static const char *const names[COLUMNS] = { "start_date", "stop_date", "territory_codes", "rate",
                                            "rate_type" };

static bool is_of(struct span territories, struct span country)
{
    while (territories.len > 0) {
        struct span_pair cut = span_cut(territories, '\n');
        if (span_equal(span_trim(cut.head), country)) return true;
        territories = cut.tail;
    }
    return false;
}

// 0.2 is 20 %.
static bool per_cent(struct span share, struct arena *arena, struct span *rate, struct error *err)
{
    struct decimal value;
    struct text text = text_in(arena, 32);
    if (!decimal_read(share, &value, err)) return false;
    for (; value.scale < 2; value.scale++)
        if (__builtin_mul_overflow(value.digits, INT64_C(10), &value.digits))
            return error_set(err, ERROR_TOO_LARGE, "the rate is too large");
    decimal_write(&text, decimal_of(value.digits, (uint8_t)(value.scale - 2)));
    text_add(&text, SPAN(" %"));
    *rate = text_span(&text);
    return true;
}

static void read_row(struct books_reading *reading, const struct table *table)
{
    struct error err;
    struct date from = { 0 }, before = { 0 };
    struct span ends = table_field(table, BEFORE);
    struct measure_row row = { .kind = MEASURE_VAT, .type = SPAN("B00"), .origin = SPAN("*"),
                               .law = SPAN("Value added tax"), .words = SPAN("value added tax"),
                               .line = table->csv.line };
    if (!date_read(table_field(table, FROM), &from, &err) ||
        (ends.len > 0 && !date_read(ends, &before, &err)) ||
        !per_cent(table_field(table, RATE), reading->arena, &row.rate, &err)) {
        note_flaw(reading, row.line, NULL, "%s", err.text);
        return;
    }
    row.from = from;
    row.to = (struct date){ before.days - 1, before.given };
    take_measure(reading, names[RATE], &row);
    reading->report->taken++;
}

bool books_read_vat(struct books_reading *reading, struct error *err)
{
    struct table table;
    if (!book_add_type(reading->writer, SPAN("B00"), MEASURE_BASE_ALL, SPAN("value added tax"),
                       err) ||
        !table_open(&table, reading, names, COLUMNS, err))
        return false;
    while (table_next(&table, reading))
        if (is_of(table_field(&table, TERRITORIES), reading->country) &&
            span_equal(table_field(&table, KIND), SPAN("standard")))
            read_row(reading, &table);
    return true;
}
