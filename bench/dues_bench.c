// dues_bench: how long a book takes to open, and what is owed on an item to work out.
//
// Without a BOOK one is made: a tenth of all codes that eight digits have have a duty, each with a
// preference, an anti-dumping duty, an excise and value added tax: five measures an item.
//
// usage: dues_bench [BOOK]
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gates/books/library.h"
#include "tariff/book_write.h"
#include "tariff/dues.h"

enum { ROUNDS = 9, ITEMS = 20000, CODES = 36000 };

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void need(bool done, const struct error *err)
{
    if (done) return;
    fprintf(stderr, "dues_bench: %s\n", err->text);
    exit(1);
}

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static double median(double values[ROUNDS])
{
    qsort(values, ROUNDS, sizeof(values[0]), compare);
    return values[ROUNDS / 2];
}

// --- A book ---

static void code_of(uint32_t number, char code[11])
{
    snprintf(code, 11, "%02u%02u%04u", 1 + number / 400 % 97, 1 + number / 20 % 20,
             1000 + number % 20 * 100);
}

static void add(struct book_writer *writer, const char *code, enum measure_kind kind,
                const char *type, const char *origin, const char *regime, const char *rate)
{
    struct error err = { 0 };
    enum rate_read read;
    enum expression_obstacle obstacle;
    struct measure_row row = { .code = span_of(code), .kind = kind, .type = span_of(type),
                               .origin = span_of(origin), .regime = span_of(regime),
                               .rate = span_of(rate), .law = SPAN("an act"),
                               .words = SPAN("a measure") };
    need(book_add_measure(writer, &row, &read, &obstacle, &err), &err);
}

static struct span make(void)
{
    static const char *const duties[] = { "3 %", "12.5 %", "35 EUR/100 kg", "Free",
                                          "8 % + 20 EUR/100 kg MAX 25 %" };
    struct book_writer *writer;
    struct error err = { 0 };
    struct span bytes;
    struct book_settings settings = { .country = SPAN("XM"), .currency = SPAN("EUR"),
                                      .as_of = { 20454, true }, .languages = { "en" } };
    need(book_writer_open(&writer, &settings, &err), &err);
    need(book_add_type(writer, SPAN("A00"), MEASURE_BASE_VALUE, SPAN(""), &err) &&
         book_add_type(writer, SPAN("A30"), MEASURE_BASE_VALUE, SPAN(""), &err) &&
         book_add_type(writer, SPAN("X10"), MEASURE_BASE_DUTIES, SPAN(""), &err) &&
         book_add_type(writer, SPAN("B00"), MEASURE_BASE_ALL, SPAN(""), &err) &&
         book_add_member(writer, SPAN("PARTNERS"), SPAN(""), SPAN("KR"), &err), &err);
    add(writer, "", MEASURE_VAT, "B00", "*", "", "20 %");
    for (uint32_t i = 0; i < CODES; i++) {
        char code[11], label[64];
        code_of(i, code);
        snprintf(label, sizeof(label), "invented goods of the kind number %u", i);
        struct line_row line = { .code = span_of(code), .label = { span_of(label) } };
        need(book_add_line(writer, &line, &err), &err);
        add(writer, code, MEASURE_DUTY, "A00", "*", "", duties[i % 5]);
        add(writer, code, MEASURE_PREFERENCE, "A00", "PARTNERS", "3", "1.5 %");
        if (i % 20 != 0) continue;
        code[4] = '\0';
        add(writer, code, MEASURE_ANTI_DUMPING, "A30", "KR", "", "9 %");
        add(writer, code, MEASURE_EXCISE, "X10", "*", "", "2 EUR/100 kg");
    }
    need(book_finish(writer, &bytes, &err), &err);
    return bytes; // the writer lives as long as the program
}

// --- Measuring ---

static double opening_ms(struct span bytes, struct book *book)
{
    double took[ROUNDS];
    struct error err = { 0 };
    for (int r = 0; r < ROUNDS; r++) {
        double began = now_us();
        need(book_open(book, bytes, &err), &err);
        took[r] = (now_us() - began) / 1000;
    }
    return median(took);
}

// Every so many lines of the book, from Korea, a preference claimed.
static double item_us(const struct book *book, double *measures)
{
    static _Alignas(64) char memory[1 << 20];
    static const struct expression_quantity none;
    double took[ROUNDS];
    struct expression_quantity mass = none;
    mass.unit = unit_find(SPAN("KGM"));
    mass.amount = decimal_of(1250, 0);
    uint64_t count = 0;
    for (int r = 0; r < ROUNDS; r++) {
        double began = now_us();
        for (uint32_t i = 0; i < ITEMS; i++) {
            char room[BOOK_CODE_DIGITS_MAX];
            const struct book_line *line = &book->lines[(i * 7919u) % book->lines_count];
            struct arena arena = arena_over(memory, sizeof(memory));
            struct goods goods = { .code = book_code(line->key, line->digits, room),
                                   .origin = SPAN("KR"), .day = { 20500, true },
                                   .value = { 480000, "" }, .inland = { 0, "" },
                                   .regime = SPAN("300"), .quantities = &mass,
                                   .quantities_count = 1 };
            memcpy(goods.value.currency, book->head->currency, 4);
            memcpy(goods.inland.currency, book->head->currency, 4);
            struct dues dues;
            struct error err = { 0 };
            need(dues_work_out(book, &goods, &arena, &dues, &err), &err);
            count += dues.count;
        }
        took[r] = (now_us() - began) / ITEMS;
    }
    *measures = (double)count / ROUNDS / ITEMS;
    return median(took);
}

int main(int argc, char **argv)
{
    struct opened_book opened = { 0 };
    struct book book;
    struct error err = { 0 };
    struct span bytes;
    if (argc > 1) {
        need(library_open_file(argv[1], &opened, &err), &err);
        bytes = (struct span){ opened.map, opened.size };
    } else {
        bytes = make();
    }
    double opens = opening_ms(bytes, &book), measures;
    double item = item_us(&book, &measures);
    printf("| what | measured | wanted |\n| --- | --- | --- |\n");
    printf("| a book of %u lines, %u measures, %.1f MB opens in | %.2f ms | < 5 ms |\n",
           book.lines_count, book.measures_count, (double)bytes.len / 1e6, opens);
    printf("| duty of an item, %.1f measures | %.2f us, %.0f items/s | < 2 us, > 500,000/s |\n",
           measures, item, 1e6 / item);
    library_close(&opened);
    return 0;
}
