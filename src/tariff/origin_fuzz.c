// Rules of origin and a worksheet, parted by a form feed.
//
// Properties: an error says what is wrong; a book that was read is written and read again as the
// same text; what is found can be told, in JSON that can be read; and a verdict that is certain
// stays so when what was unknown becomes known, whether it originates or not.
#include <assert.h>
#include <stdlib.h>

#include "tariff/origin_read.h"
#include "tariff/origin_tell.h"
#include "tariff/origin_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const struct origin_book *book, struct arena arena)
{
    struct origin_book again;
    struct span once, twice;
    struct error err = { 0 };
    if (!origin_write(book, &arena, &once, &err)) {
        assert(err.kind == ERROR_TOO_LARGE);
        return;
    }
    if (!origin_book_open(&again, &arena, &err) || !origin_read(once, &arena, &again, &err) ||
        !origin_write(&again, &arena, &twice, &err)) {
        assert(err.kind == ERROR_TOO_LARGE);
        return;
    }
    assert(span_equal(once, twice));
}

static void tell(const struct origin_result *result, struct arena arena)
{
    struct json json;
    struct span written;
    struct error err = { 0 };
    struct text text = text_in(&arena, 4096);
    struct json_writer w = json_writer_in(&arena, 4096);
    origin_tell(&text, result);
    origin_tell_json(&w, result);
    if (json_written(&w, &written, &err) && !json_read(written, &arena, &json, &err))
        assert(err.kind == ERROR_TOO_LARGE);
}

// Every material whose status or country is not known is from there, and originates or does not.
static bool resolve(const struct origin_sheet *sheet, struct span country,
                    enum origin_status status, struct arena *arena, struct origin_sheet *resolved)
{
    size_t size = sizeof(struct origin_material);
    struct origin_material *rows = arena_take(arena, sheet->materials_count, size);
    if (rows == NULL) return false;
    for (uint32_t i = 0; i < sheet->materials_count; i++) {
        rows[i] = sheet->materials[i];
        bool open = rows[i].status == ORIGIN_UNKNOWN || rows[i].country.len == 0;
        if (!open || rows[i].status == ORIGIN_NO) continue;
        if (rows[i].status == ORIGIN_UNKNOWN) rows[i].status = status;
        if (rows[i].country.len == 0 || status != ORIGIN_NO) rows[i].country = country;
    }
    *resolved = *sheet;
    resolved->materials = rows;
    return true;
}

static void check_certain(const struct origin_book *book, const struct origin_result *result,
                          struct span country, enum origin_status status, struct arena arena)
{
    struct origin_sheet sheet;
    struct origin_result known;
    struct error err = { 0 };
    if (!result->scheme->preferential) return; // there the country is what counts
    if (!resolve(result->sheet, country, status, &arena, &sheet)) return;
    if (!origin_weigh(book, &sheet, &arena, &known, &err)) {
        assert(err.kind == ERROR_TOO_LARGE);
        return;
    }
    for (uint32_t i = 0; i < result->rules_count; i++)
        for (uint32_t k = 0; k < result->rules[i].rule->count; k++) {
            enum origin_verdict was = result->rules[i].alternatives[k].verdict;
            enum origin_verdict is = known.rules[i].alternatives[k].verdict;
            assert(was == ORIGIN_CANNOT_TELL || was == is);
        }
    assert(result->origin == ORIGIN_CANNOT_TELL || result->origin == known.origin);
}

static void weigh(const struct origin_book *book, struct span text, struct arena arena)
{
    struct origin_sheet sheet;
    struct origin_result result;
    struct error err = { 0 };
    if (!origin_sheet_read(text, &arena, &sheet, &err) ||
        !origin_weigh(book, &sheet, &arena, &result, &err)) {
        assert(err.kind != ERROR_NONE && err.text[0] != '\0');
        return;
    }
    tell(&result, arena);
    check_certain(book, &result, sheet.country, ORIGIN_WHOLLY, arena);
    check_certain(book, &result, SPAN("QQ"), ORIGIN_NO, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(64) char memory[16 << 20];
    char *copy = malloc(size + 1); // so that reading behind it shows
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);
    struct span_pair texts = span_cut((struct span){ copy, size }, '\f');

    struct arena arena = arena_over(memory, sizeof(memory));
    struct origin_book book;
    struct error err = { 0 };
    if (!origin_book_open(&book, &arena, &err)) abort();
    if (!origin_read(texts.head, &arena, &book, &err)) {
        assert(err.kind != ERROR_NONE && err.text[0] != '\0');
    } else {
        write_again(&book, arena);
        weigh(&book, texts.tail, arena);
    }
    free(copy);
    return 0;
}
