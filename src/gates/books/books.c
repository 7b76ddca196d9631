#include "gates/books/books.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "gates/books/inside.h"

#define NO_DIALECT { .decimal_comma = false }

const struct books_format books_formats[] = {
    // clang-format off
    { "us-hts", "Harmonized Tariff Schedule of the United States, CSV", "US", "USD",
      { .currency = "USD" }, "en", "HTS Number,Indent,Description,Unit of Quantity",
      books_read_us },
    { "uk-global", "UK Global Tariff beside the EU's common tariff, CSV; --country GB or EU", NULL,
      NULL, NO_DIALECT, "en", "commodity,description,cet_duty_rate,ukgt_duty_rate",
      books_read_uk },
    { "eaeu-ett", "common customs tariff of the Eurasian Economic Union, JSON", NULL, "EUR",
      { .decimal_comma = true, .bare_percent = true }, NULL, "{\"revision\":\"ett:",
      books_read_eaeu },
    { "eu-cn", "Combined Nomenclature of the EU, CSV, one language a file", NULL,
      NULL, NO_DIALECT, "en", "goods_code,hier_pos,language,description", books_read_cn },
    { "hs-list", "Harmonized System list, CSV: section, code, description, parent, level", NULL,
      NULL, NO_DIALECT, "en", "section,hscode,description,parent,level", books_read_hs_list },
    { "vat-rates", "value added tax by territory, CSV; that of --country is taken", NULL,
      NULL, NO_DIALECT, NULL, "start_date,stop_date,territory_codes,currency_code,rate,rate_type",
      books_read_vat },
    { "monthly", "monthly exchange rates by country, CSV: units for one US dollar", NULL,
      NULL, NO_DIALECT, NULL, "Date,Country,Exchange rate", books_read_monthly },
    { "rates", "exchange rates, plain CSV (docs/books.md)", NULL, NULL, NO_DIALECT, NULL,
      "date_from,currency,rate", books_read_rates },
    { "measures", "measures, plain CSV (docs/books.md)", NULL, NULL,
      { .bare_percent = true }, NULL,
      "commodity,origin,regime,type,rate,from,to,law,text", books_read_plain },
    { "groups", "groups of countries, plain CSV (docs/books.md)", NULL, NULL, NO_DIALECT, NULL,
      "group,country", books_read_plain_groups },
    { "lines", "a nomenclature, plain CSV (docs/books.md)", NULL, NULL, NO_DIALECT, "en",
      "code,from,to,units,label", books_read_plain_lines },
    // clang-format on
};
const uint32_t books_formats_count = sizeof(books_formats) / sizeof(books_formats[0]);

// --- The report ----------------------------------------------------------------------------------

bool books_report_open(struct books_report *report, struct error *err)
{
    void *flaws;
    *report = (struct books_report){ 0 };
    if (!arena_open(&report->arena, (size_t)2 * MIB, err)) return false;
    if (!arena_need(&report->arena, BOOKS_FLAWS_KEPT, sizeof(struct books_flaw), &flaws,
                    "the report", err))
        return false;
    report->flaws = flaws;
    return true;
}

void books_report_close(struct books_report *report)
{
    arena_close(&report->arena);
}

struct books_column *report_column(struct books_report *report, const char *name)
{
    uint32_t i = 0;
    while (i < report->columns_count && strcmp(report->columns[i].name, name) != 0) i++;
    if (i == BOOKS_COLUMNS_MAX) return &report->columns[i - 1];
    if (i == report->columns_count) report->columns[report->columns_count++].name = name;
    return &report->columns[i];
}

void note_flaw(struct books_reading *reading, unsigned line, const char *column,
              const char *format, ...)
{
    struct books_report *report = reading->report;
    char words[300];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    if (report->flaws_count++ >= BOOKS_FLAWS_KEPT) return;
    struct span text = { words, len < (int)sizeof(words) ? (size_t)len : sizeof(words) - 1 };
    struct books_flaw *flaw = &report->flaws[report->flaws_count - 1];
    *flaw = (struct books_flaw){ line, column, SPAN("(no room for the words)") };
    struct span kept;
    if (arena_copy(&report->arena, text, &kept)) flaw->text = kept;
}

// --- Rows ----------------------------------------------------------------------------------------

void take_line(struct books_reading *reading, const struct line_row *row)
{
    struct error err;
    if (book_add_line(reading->writer, row, &err)) reading->report->taken++;
    else note_flaw(reading, row->line, NULL, "%s", err.text);
}

void take_measure(struct books_reading *reading, const char *column, const struct measure_row *row)
{
    struct error err;
    enum rate_read rate;
    enum expression_obstacle obstacle;
    struct books_column *counted = report_column(reading->report, column);
    counted->cells++;
    if (!book_add_measure(reading->writer, row, &rate, &obstacle, &err)) {
        counted->unreadable++;
        note_flaw(reading, row->line, column, "%s", err.text);
    } else if (rate == RATE_MANUAL) {
        counted->manual++;
        counted->obstacles[obstacle]++;
    } else {
        counted->evaluable++;
    }
}

// --- Tables --------------------------------------------------------------------------------------

bool table_open(struct table *table, struct books_reading *reading, const char *const *names,
                uint32_t count, struct error *err)
{
    *table = (struct table){ .names = names };
    if (!csv_open(&table->csv, reading->text, ',', reading->arena, err)) return false;
    for (uint32_t i = 0; i < count; i++) {
        bool optional = names[i][0] == '?';
        struct span name = span_of(names[i] + (optional ? 1 : 0));
        uint32_t at = 0;
        while (at < table->csv.columns && !span_equal(table->csv.names[at], name)) at++;
        table->place[i] = at;
        if (at == table->csv.columns && !optional)
            return error_set(err, ERROR_SYNTAX, "there is no column '%s'", names[i]);
    }
    table->mark = reading->arena->used;
    return true;
}

bool table_next(struct table *table, struct books_reading *reading)
{
    for (;;) {
        struct error err;
        bool found;
        arena_reset(reading->arena, table->mark);
        if (csv_next(&table->csv, reading->arena, &table->row, &found, &err)) {
            if (found) reading->report->rows++;
            return found;
        }
        reading->report->rows++;
        note_flaw(reading, err.line, NULL, "%s", err.text);
    }
}

struct span table_field(const struct table *table, uint32_t column)
{
    uint32_t at = table->place[column];
    return at < table->row.count ? span_trim(table->row.fields[at]) : SPAN("");
}

bool table_date(const struct table *table, struct books_reading *reading, uint32_t column,
                struct date *date)
{
    struct error err;
    struct span field = table_field(table, column);
    *date = (struct date){ 0 };
    if (field.len == 0 || date_read(field, date, &err)) return true;
    note_flaw(reading, table->csv.line, table->names[column], "%s", err.text);
    return false;
}

// --- Formats -------------------------------------------------------------------------------------

// Blanks do not count: some write JSON with them.
static bool begins(struct span text, struct span with)
{
    for (size_t i = 0; i < with.len; i++) {
        while (text.len > 0 && with.at[0] == '{' && (*text.at == ' ' || *text.at == '\n'))
            text.at++, text.len--;
        if (text.len == 0 || *text.at != with.at[i]) return false;
        text.at++, text.len--;
    }
    return true;
}

const struct books_format *books_format_of(struct span text)
{
    if (span_starts_with(text, SPAN("\xEF\xBB\xBF"))) text.at += 3, text.len -= 3;
    for (uint32_t i = 0; i < books_formats_count; i++)
        if (begins(text, span_of(books_formats[i].begins))) return &books_formats[i];
    return NULL;
}

bool books_read_text(struct books_reading *reading, struct error *err)
{
    reading->report->format = reading->format->name;
    return reading->format->read(reading, err);
}
