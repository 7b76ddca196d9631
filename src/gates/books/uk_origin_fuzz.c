// A file of the United Kingdom's rules of origin, or the words of one rule.
//
// Properties: an error says what is wrong; each alternative is of conditions that can be written as
// a formula and read again; a book that was made of such a file can be written in our own form and
// read.
#include <assert.h>
#include <stdlib.h>

#include "gates/books/uk_origin.h"
#include "tariff/origin_formula.h"
#include "tariff/origin_read.h"
#include "tariff/origin_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refused(const struct error *err)
{
    assert(err->kind != ERROR_NONE && err->text[0] != '\0');
}

static void check_formula(const struct origin_alternative *alternative, struct arena arena)
{
    struct origin_formula read;
    struct error err = { 0 };
    struct text once = text_in(&arena, 200), twice = text_in(&arena, 200);
    origin_alternative_write(&once, alternative);
    if (once.full) return;
    if (!origin_formula_read(text_span(&once), &arena, &read, &err)) {
        assert(err.kind == ERROR_TOO_LARGE);
        return;
    }
    assert(read.count == 1);
    origin_alternative_write(&twice, &read.alternatives[0]);
    assert(twice.full || span_equal(text_span(&once), text_span(&twice)));
}

static void read_words(struct span text, struct arena arena)
{
    static struct origin_reading reading;
    struct span words;
    struct error err = { 0 };
    if (!origin_words_clean(text, &arena, &words, &err) ||
        !origin_words_read(words, &arena, &reading, &err)) {
        check_refused(&err);
        return;
    }
    assert(reading.count > 0 || words.len == 0);
    for (uint32_t i = 0; i < reading.count; i++) check_formula(&reading.alternatives[i], arena);
}

static void write_again(const struct origin_book *book, struct arena arena)
{
    struct span written;
    struct origin_book again;
    struct error err = { 0 };
    if (!origin_write(book, &arena, &written, &err) || !origin_book_open(&again, &arena, &err) ||
        !origin_read(written, &arena, &again, &err)) {
        assert(err.kind == ERROR_TOO_LARGE);
        return;
    }
    assert(again.count == book->count);
    for (uint32_t i = 0; i < book->count; i++)
        assert(again.schemes[i].rules_count == book->schemes[i].rules_count);
}

static void read_file(struct span text, struct arena arena)
{
    static struct origin_report report;
    struct origin_book book;
    enum uk_origin_file file;
    struct error err = { 0 };
    if (!uk_origin_recognise(text, arena, &file, &err) || file == UK_ORIGIN_NEITHER) return;
    if (!origin_book_open(&book, &arena, &err)) abort();
    report = (struct origin_report){ 0 };
    bool read = file == UK_ORIGIN_RULES
                    ? uk_origin_rules(text, SPAN("s"), &arena, &book, &report, &err)
                    : uk_origin_schemes(text, &arena, &book, &report, &err);
    if (read) write_again(&book, arena);
    else check_refused(&err);
    for (uint32_t i = 0; i < report.refused && i < ORIGIN_REFUSALS_MAX; i++)
        assert(report.refusals[i].line > 0 && report.refusals[i].what[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(64) char memory[16 << 20];
    char *copy = malloc(size + 1); // so that reading behind it shows
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);
    struct arena arena = arena_over(memory, sizeof(memory));
    struct span text = { copy, size };
    if (size > 0 && copy[0] == '{') read_file(text, arena);
    else read_words(text, arena);
    free(copy);
    return 0;
}
