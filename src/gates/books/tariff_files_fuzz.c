// A file of a tariff, of any format that is read.
//
// Properties: what cannot be read is told with a place; the counts of a column add up; a book that
// is finished opens, and one that is not has troubles.
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "gates/books/books.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct book_writer *writer_open(const struct books_format *format)
{
    struct book_writer *writer;
    struct error err = { 0 };
    struct book_settings settings = {
        .country = SPAN("GB"), .currency = SPAN("GBP"), .as_of = { 20454, true },
        .languages = { format->language },
    };
    if (!book_writer_open(&writer, &settings, &err)) abort();
    book_writer_dialect(writer, &format->dialect);
    return writer;
}

static void hold_report(const struct books_report *report)
{
    for (uint32_t i = 0; i < report->columns_count; i++) {
        const struct books_column *c = &report->columns[i];
        assert(c->cells == c->evaluable + c->manual + c->unreadable);
        uint32_t obstacles = 0;
        for (int o = 0; o <= OBSTACLE_WORDS; o++) obstacles += c->obstacles[o];
        assert(obstacles == c->manual);
    }
    for (uint64_t i = 0; i < report->flaws_count && i < BOOKS_FLAWS_KEPT; i++)
        assert(report->flaws[i].line > 0 && report->flaws[i].text.len > 0);
}

static void hold_book(struct book_writer *writer)
{
    struct book book;
    struct span bytes;
    struct error err = { 0 };
    if (!book_finish(writer, &bytes, &err)) assert(book_troubles_of(writer)->count > 0);
    else assert(book_open(&book, bytes, &err) && book_is_whole(bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(64) char memory[8 << 20];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct books_report report;
    struct error err = { 0 };
    char *copy = malloc(size + 1); // so that reading behind it shows
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);
    const struct books_format *format = books_format_of((struct span){ copy, size });
    if (format != NULL && books_report_open(&report, &err)) {
        struct books_reading reading = {
            .format = format, .text = { copy, size }, .writer = writer_open(format),
            .report = &report, .country = SPAN("GB"), .currency = SPAN("GBP"), .arena = &arena,
        };
        if (books_read_text(&reading, &err)) hold_book(reading.writer);
        else assert(err.kind != ERROR_NONE && err.text[0] != '\0');
        hold_report(&report);
        book_writer_close(reading.writer);
        books_report_close(&report);
    }
    free(copy);
    return 0;
}
