// Rows of a book, "code,origin,rate" a line, and behind a form feed what is changed in its bytes
// before it is opened: "offset:value" with blanks between. Its check is made to fit again, so that
// what stands behind it is reached.
//
// Properties: rows that were taken make a book that opens, or troubles; an error of opening says
// that it is damaged; what was opened answers every question inside its bytes, by measures that
// begin the code and are in force.
#include <assert.h>
#include <stdlib.h>

#include "tariff/book_inside.h"
#include "tariff/book_write.h"
#include "tariff/dues.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct book *book, struct span code, struct span origin, struct date day)
{
    const struct book_measure *found[BOOK_FOUND_MAX];
    char room[BOOK_CODE_DIGITS_MAX];
    struct book_question question = { code, origin, day };
    uint32_t count = book_measures(book, &question, found);
    assert(count <= BOOK_FOUND_MAX);
    for (uint32_t i = 0; i < count; i++) {
        assert(span_starts_with(code, book_code(found[i]->key, found[i]->digits, room)));
        assert(found[i]->from <= day.days && found[i]->to >= day.days);
        assert(i == 0 || found[i - 1]->type <= found[i]->type);
        assert(book_text(book, found[i]->law).len <= UINT16_MAX);
    }
    const struct book_line *line = book_line_of(book, code, day);
    assert(line == NULL || (line->from <= day.days && line->to >= day.days));
}

static void work_out(const struct book *book)
{
    static _Alignas(64) char memory[4 << 20];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct dues dues;
    struct error err = { 0 };
    struct goods goods = { .code = SPAN("8517130000"), .origin = SPAN("KR"),
                           .day = { 20500, true }, .value = { 100000, "" } };
    memcpy(goods.value.currency, book->head->currency, sizeof(goods.value.currency));
    goods.inland.minor = 0;
    memcpy(goods.inland.currency, book->head->currency, sizeof(goods.inland.currency));
    if (!dues_work_out(book, &goods, &arena, &dues, &err)) assert(err.kind != ERROR_NONE);
}

static void try_bytes(struct span bytes, bool sound)
{
    struct book book;
    struct error err = { 0 };
    if (!book_open(&book, bytes, &err)) {
        assert(!sound && err.kind == ERROR_DAMAGED && err.text[0] != '\0');
        return;
    }
    struct date day = { 20500, true };
    for (uint32_t i = 0; i < book.measures_count && i < 100; i++) {
        char room[BOOK_CODE_DIGITS_MAX];
        ask(&book, book_code(book.measures[i].key, book.measures[i].digits, room), SPAN("KR"), day);
    }
    ask(&book, SPAN("8517130000"), SPAN(""), day);
    work_out(&book);
}

static struct book_writer *write_rows(struct span rows)
{
    struct book_writer *writer;
    struct error err = { 0 };
    struct book_settings settings = { .country = SPAN("XM"), .currency = SPAN("EUR"),
                                      .as_of = { 20454, true }, .languages = { "en" } };
    if (!book_writer_open(&writer, &settings, &err) ||
        !book_add_type(writer, SPAN("A00"), MEASURE_BASE_VALUE, SPAN("duty"), &err) ||
        !book_add_member(writer, SPAN("PARTNERS"), SPAN(""), SPAN("KR"), &err))
        abort();
    for (unsigned line = 1; rows.len > 0; line++) {
        enum rate_read rate;
        enum expression_obstacle obstacle;
        struct span_pair row = span_cut(rows, '\n'), code = span_cut(row.head, ',');
        struct span_pair origin = span_cut(code.tail, ',');
        struct measure_row measure = { .code = code.head, .type = SPAN("A00"),
                                       .origin = origin.head, .rate = origin.tail,
                                       .excluded = SPAN("PARTNERS"), .line = line };
        struct line_row named = { .code = code.head, .label = { origin.tail }, .line = line };
        if (!book_add_measure(writer, &measure, &rate, &obstacle, &err) ||
            !book_add_line(writer, &named, &err))
            assert(err.kind != ERROR_NONE && err.text[0] != '\0');
        rows = row.tail;
    }
    return writer;
}

static void change(struct span changes, char *bytes, size_t size)
{
    while (changes.len > 0) {
        struct span_pair cut = span_cut(changes, ' '), pair = span_cut(cut.head, ':');
        uint64_t offset, value;
        if (span_to_u64(pair.head, &offset) && span_to_u64(pair.tail, &value))
            bytes[offset % size] = (char)value;
        changes = cut.tail;
    }
    struct book_head *head = (struct book_head *)(void *)bytes;
    head->check = book_check(head, (struct span){ bytes + sizeof(*head), size - sizeof(*head) });
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes, text = { (const char *)data, size };
    struct span_pair parts = span_cut(text, '\f');
    struct error err = { 0 };
    struct book_writer *writer = write_rows(parts.head);
    if (!book_finish(writer, &bytes, &err)) {
        assert(book_troubles_of(writer)->count > 0);
    } else {
        try_bytes(bytes, true);
        char *copy = malloc(bytes.len); // so that reading behind it shows
        if (copy == NULL) abort();
        memcpy(copy, bytes.at, bytes.len);
        change(parts.tail, copy, bytes.len);
        try_bytes((struct span){ copy, bytes.len }, false);
        free(copy);
    }
    book_writer_close(writer);
    return 0;
}
